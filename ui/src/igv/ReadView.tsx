import type { Browser, IGV } from 'igv';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { fileUrl } from '../api/client';
import { useOperation } from '../api/hooks';
import type { ReadsView, VariantRow } from '../api/types';
import { Button, EmptyState, ErrorState, LoadingState, Notice } from '../components';
import { number, useWords } from '../words';
import { around, configOf, locusOf, moved, stretchOf } from './config';
import { loadIgv } from './load';
import './igv.css';

/** What igv takes besides the height of the alignments: ruler, sequence, calls, coverage. */
const OTHER_TRACKS = 165;

/** igv listens to F and B on the whole document; the page has its own keys. */
function deafen(browser: Browser): void {
  const { keyUpHandler } = browser as { keyUpHandler?: EventListener };
  if (keyUpHandler) document.removeEventListener('keyup', keyUpHandler);
}

/** Removes the view; igv puts its listener back as it goes, and would act on tracks that are no more. */
function close(igv: IGV, browser: Browser): void {
  igv.removeBrowser(browser);
  deafen(browser);
}

/** The sample's own reads at a variant, on the case's own reference. */
export function ReadView({ caseId, row }: { caseId: string; row: VariantRow }) {
  const w = useWords();
  const v = w.variants.view;
  const reads = useOperation('reads', { case: caseId });
  const [view, setView] = useState<ReadsView | null>(null);
  // Tokens of this opening, and then kept: igv must not start anew whenever something is asked again.
  if (view === null && reads.data && !reads.isFetching) setView(reads.data);
  if (view === null) {
    return reads.error ? (
      <ErrorState error={reads.error} onRetry={() => void reads.refetch()} />
    ) : (
      <LoadingState label={v.loading} rows={3} />
    );
  }
  if (view.bam === null && view.vcf === null)
    return <EmptyState title={w.variants.tabs.reads} text={v.nothing} />;
  if (!view.contigs.includes(row.contig)) {
    return <EmptyState title={w.variants.tabs.reads} text={v.missingContig(row.contig)} />;
  }
  return (
    <div className="reads">
      {view.bam === null ? <Notice tone="plain" title={v.noAlignments} /> : null}
      <Igv view={view} row={row} />
    </div>
  );
}

function Igv({ view, row }: { view: ReadsView; row: VariantRow }) {
  const w = useWords();
  const v = w.variants.view;
  const host = useRef<HTMLDivElement>(null);
  const browser = useRef<Browser | null>(null);
  const start = useRef(row);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [locus, setLocus] = useState(() => locusOf(around(row)));
  const words = useRef({ alignments: v.alignments, calls: v.calls });

  useEffect(() => {
    start.current = row;
  });

  // One igv per case; the variant only moves it.
  useEffect(() => {
    const div = host.current;
    if (!div) return;
    let over = false;
    let igv: IGV | undefined;
    let made: Browser | undefined;
    setState('loading');
    loadIgv()
      .then(async (module) => {
        if (over) return;
        igv = module;
        const height = Math.max(180, Math.min(700, div.clientHeight - OTHER_TRACKS));
        const browserMade = await module.createBrowser(
          div,
          configOf(view, start.current, words.current, fileUrl, height),
        );
        deafen(browserMade);
        if (over) {
          close(module, browserMade);
          return;
        }
        made = browserMade;
        browser.current = browserMade;
        browserMade.on('locuschange', () => {
          const now = [browserMade.currentLoci()].flat()[0];
          if (now) setLocus(now);
        });
        setState('ready');
      })
      .catch(() => {
        if (!over) setState('failed');
      });
    return () => {
      over = true;
      browser.current = null;
      if (igv && made) close(igv, made);
    };
  }, [view]);

  const home = locusOf(around(row));
  useEffect(() => {
    if (state === 'ready') browser.current?.search(home);
  }, [home, state]);

  const move = (share: number) => {
    const now = stretchOf([browser.current?.currentLoci() ?? []].flat()[0] ?? '');
    if (now) browser.current?.search(locusOf(moved(now, share)));
  };
  const act = (key: string): boolean => {
    if (key === 'ArrowLeft') move(-0.25);
    else if (key === 'ArrowRight') move(0.25);
    else if (key === '+' || key === '=') browser.current?.zoomIn();
    else if (key === '-') browser.current?.zoomOut();
    else if (key === '0') browser.current?.search(home);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || state !== 'ready' || !act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const counted =
    row.alternate_depth === null || row.depth === null
      ? w.variants.countMissing
      : v.described(number(row.alternate_depth), number(row.depth));
  const off = state !== 'ready';
  return (
    <>
      <div className="reads-bar" role="toolbar" aria-label={v.toolbar}>
        <Button isDisabled={off} onPress={() => move(-0.25)}>
          {v.left}
        </Button>
        <Button isDisabled={off} onPress={() => move(0.25)}>
          {v.right}
        </Button>
        <Button isDisabled={off} onPress={() => browser.current?.zoomIn()}>
          {v.zoomIn}
        </Button>
        <Button isDisabled={off} onPress={() => browser.current?.zoomOut()}>
          {v.zoomOut}
        </Button>
        <Button isDisabled={off} onPress={() => browser.current?.search(home)}>
          {v.home}
        </Button>
        <span className="reads-locus mono" role="status">
          {locus}
        </span>
      </div>
      {state === 'failed' ? (
        <ErrorState
          title={v.failed}
          error={{ code: 'io', message: v.failed, place: home, hint: v.failedHint }}
        />
      ) : null}
      {state === 'loading' ? <LoadingState label={v.loading} rows={3} /> : null}
      <div
        className="reads-view"
        role="application"
        aria-label={v.region(locus)}
        aria-description={v.hint}
        data-state={state}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys act on it
        tabIndex={0}
        ref={host}
        onKeyDown={onKeyDown}
      />
      <p className="reads-note">{counted}</p>
      <p className="reads-note">{v.hint}</p>
    </>
  );
}
