import type { PDFDocumentLoadingTask, PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import { Button, ErrorState, LoadingState } from '../components';
import { useKey } from '../keys';
import { useWords } from '../words';
import { readAll, sha256 } from './bytes';
import { loadPdf } from './load';
import { stepZoom } from './zoom';
import './pdf.css';

/** CSS pixels of a PDF point at 100 %. */
const UNITS = 96 / 72;
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** What became of the bytes against the SHA-256 that the store keeps. */
export type Check = 'checking' | 'same' | 'different' | 'unknown';

type Opened = { document: PDFDocumentProxy; check: Check };

/** A PDF of the store, the very bytes, page under page with their text for readers. */
export function PdfView({
  url,
  expected,
  label,
  onOpened,
}: {
  url: string;
  /** SHA-256 that the store keeps; other bytes are not shown. */
  expected: string;
  label: string;
  onOpened: (pages: number | null, check: Check) => void;
}) {
  const w = useWords();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failed, setFailed] = useState(false);
  const [zoom, setZoom] = useState<number | 'fit'>('fit');
  const [page, setPage] = useState(1);
  const [width, setWidth] = useState(0);
  const [pageWidth, setPageWidth] = useState(595);
  const scroll = useRef<HTMLElement>(null);
  const tell = useRef(onOpened);
  useEffect(() => {
    tell.current = onOpened;
  });

  useEffect(() => {
    let over = false;
    let task: PDFDocumentLoadingTask | undefined;
    setOpened(null);
    setFailed(false);
    setPage(1);
    tell.current(null, 'checking');
    (async () => {
      const [pdf, bytes] = await Promise.all([loadPdf(), readAll(url)]);
      const found = await sha256(bytes);
      if (over) return;
      const check: Check = found === null ? 'unknown' : found === expected ? 'same' : 'different';
      if (check === 'different') {
        tell.current(null, check);
        setFailed(true);
        return;
      }
      task = pdf.getDocument({
        data: bytes,
        // Nothing from outside and nothing compiled at run time: the report's own fonts are embedded.
        useWasm: false,
        useSystemFonts: false,
        enableXfa: false,
        disableAutoFetch: true,
        stopAtErrors: true,
      });
      const document = await task.promise;
      const first = await document.getPage(1);
      if (over) return;
      setPageWidth(first.getViewport({ scale: 1 }).width);
      setOpened({ document, check });
      tell.current(document.numPages, check);
    })().catch(() => {
      if (!over) setFailed(true);
    });
    return () => {
      over = true;
      void task?.destroy();
    };
  }, [url, expected]);

  useEffect(() => {
    const element = scroll.current;
    if (!element || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const fit = Math.max(0.4, Math.min(2, (width - 24) / (pageWidth * UNITS)));
  const scale = zoom === 'fit' ? fit : zoom;
  const pages = opened?.document.numPages ?? 0;
  const turn = (to: number) => {
    const next = Math.max(1, Math.min(pages, to));
    scroll.current?.querySelector(`[data-page="${next}"]`)?.scrollIntoView({ block: 'start' });
    setPage(next);
  };
  useKey('report.nextPage', () => turn(page + 1), { enabled: page < pages });
  useKey('report.previousPage', () => turn(page - 1), { enabled: page > 1 });
  const onScroll = () => {
    const box = scroll.current;
    if (!box) return;
    const line = box.scrollTop + box.clientHeight / 3;
    const shown = [...box.querySelectorAll<HTMLElement>('[data-page]')].findLast(
      (one) => one.offsetTop <= line,
    );
    if (shown) setPage(Number(shown.dataset.page));
  };
  return (
    <div className="pdf">
      <div className="pdf-bar" role="toolbar" aria-label={w.report.toolbar}>
        <Button isDisabled={page <= 1} onPress={() => turn(page - 1)} keys="report.previousPage">
          {w.report.previous}
        </Button>
        <span className="pdf-page" role="status">
          {pages > 0 ? w.report.page(page, pages) : ''}
        </span>
        <Button isDisabled={page >= pages} onPress={() => turn(page + 1)} keys="report.nextPage">
          {w.report.next}
        </Button>
        <span className="pdf-gap" />
        <Button isDisabled={!opened} onPress={() => setZoom(stepZoom(scale, -1))}>
          {w.report.zoomOut}
        </Button>
        <span className="pdf-zoom">{opened ? w.report.zoom(Math.round(scale * 100)) : ''}</span>
        <Button isDisabled={!opened} onPress={() => setZoom(stepZoom(scale, 1))}>
          {w.report.zoomIn}
        </Button>
        <Button isDisabled={!opened || zoom === 'fit'} onPress={() => setZoom('fit')}>
          {w.report.fit}
        </Button>
      </div>
      <section
        className="pdf-pages"
        aria-label={label}
        ref={scroll}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {failed ? (
          <ErrorState
            title={w.report.failed}
            error={{ code: 'damaged', message: w.report.failed, place: null, hint: w.report.failedHint }}
          />
        ) : null}
        {!opened && !failed ? <LoadingState label={w.report.loading} rows={10} /> : null}
        {opened
          ? numbers(pages).map((one) => (
              <Page
                key={`${opened.document.fingerprints[0]}-${one}`}
                document={opened.document}
                number={one}
                scale={scale * UNITS}
                onFailed={() => setFailed(true)}
              />
            ))
          : null}
      </section>
    </div>
  );
}

/** One page: drawn in device pixels, its text laid over it for selection and readers. */
function Page({
  document,
  number,
  scale,
  onFailed,
}: {
  document: PDFDocumentProxy;
  number: number;
  scale: number;
  onFailed: () => void;
}) {
  const w = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const fail = useRef(onFailed);

  useEffect(() => {
    let over = false;
    let drawing: RenderTask | undefined;
    (async () => {
      const [pdf, page] = await Promise.all([loadPdf(), document.getPage(number)]);
      const viewport = page.getViewport({ scale });
      if (over || !canvas.current || !text.current) return;
      setSize({ width: viewport.width, height: viewport.height });
      const dense = Math.min(3, window.devicePixelRatio || 1);
      const target = canvas.current;
      target.width = Math.floor(viewport.width * dense);
      target.height = Math.floor(viewport.height * dense);
      drawing = page.render({
        canvas: target,
        viewport,
        transform: dense === 1 ? undefined : [dense, 0, 0, dense, 0, 0],
      });
      await drawing.promise;
      if (over || !text.current) return;
      text.current.replaceChildren();
      const layer = new pdf.TextLayer({
        textContentSource: page.streamTextContent(),
        container: text.current,
        viewport,
      });
      await layer.render();
    })().catch((cause: unknown) => {
      const cancelled = cause instanceof Error && /Cancel/.test(cause.name);
      if (!over && !cancelled) fail.current();
    });
    return () => {
      over = true;
      drawing?.cancel();
    };
  }, [document, number, scale]);

  return (
    <article
      className="pdf-sheet"
      data-page={number}
      aria-label={w.report.pageLabel(number)}
      style={size ? { width: size.width, height: size.height } : undefined}
    >
      <canvas ref={canvas} className="pdf-canvas" style={size ?? undefined} />
      <div ref={text} className="pdf-text" style={{ '--total-scale-factor': scale } as React.CSSProperties} />
    </article>
  );
}
