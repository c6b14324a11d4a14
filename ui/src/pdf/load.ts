import type * as PdfJs from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

let loaded: Promise<typeof PdfJs> | undefined;

/** pdf.js, loaded when the first preview opens; its worker comes from our own bundle. */
export function loadPdf(): Promise<typeof PdfJs> {
  loaded ??= import('pdfjs-dist/legacy/build/pdf.mjs').then((module) => {
    const pdf = module as unknown as typeof PdfJs;
    pdf.GlobalWorkerOptions.workerSrc = workerUrl;
    return pdf;
  });
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}
