import type { VariantView } from '../../../api/types';
import { Button, ClassMark, Mono, Tabs, Tag } from '../../../components';
import { ReadView } from '../../../igv/ReadView';
import { dateTime, useWords } from '../../../words';
import { Decisions } from './Decisions';
import { canAccept, proposedOf } from './decision';
import { Evidence } from './Evidence';
import { Population } from './Population';
import { Transcripts } from './Transcripts';
import type { Criteria } from './useCriteria';

/** The parts of a variant's detail. */
export const PARTS = ['evidence', 'transcripts', 'reads', 'population', 'decisions'] as const;
/** A part of a variant's detail. */
export type Part = (typeof PARTS)[number];

/** The head of a variant: what it is, its class, and how that came. HGVS wraps and is never cut. */
function Head({ variant }: { variant: VariantView }) {
  const w = useWords();
  const v = w.variants;
  const row = variant.row;
  const shown = variant.transcripts.find((one) => one.shown);
  const context = [shown?.transcript, shown?.mane, shown?.place].filter((one): one is string => Boolean(one));
  const proposed = proposedOf(variant);
  const decision = variant.decision;
  const set = variant.classification?.criteria.filter((one) => one.decision !== null).length ?? 0;
  return (
    <header className="variants-head">
      {context.length > 0 ? <p className="variants-faint">{v.source(context)}</p> : null}
      <h2>
        {row.gene ?? v.noGene} <Mono size="l">{row.hgvs_c ?? v.none}</Mono>
      </h2>
      <p className="variants-soft">
        <Mono>
          {v.source([
            ...(row.hgvs_p ? [row.hgvs_p] : []),
            `${row.contig}:${row.position} ${row.reference}>${row.alternate}`,
          ])}
        </Mono>
      </p>
      <div className="variants-verdict">
        <ClassMark value={row.class} size="l" />
        {decision ? <Tag tone="accent">{v.decided}</Tag> : null}
        <span className="variants-verdict-points">
          {variant.classification
            ? set > 0
              ? v.source([w.common.points(variant.classification.points), w.criteria.byCriteria(set)])
              : v.pointsProposed(w.common.points(variant.classification.points))
            : v.pointsNone}
        </span>
      </div>
      {decision ? (
        <p className="variants-faint">
          {v.source([
            v.decidedBy(decision.by, dateTime(decision.at)),
            ...(proposed === decision.class ? [] : [v.proposedNow(v.classes[proposed] ?? proposed)]),
          ])}
        </p>
      ) : null}
    </header>
  );
}

/** One variant: head, parts, and what a person may decide. */
export function Detail({
  caseId,
  variant,
  part,
  mayDecide,
  teachKeys,
  isPending,
  criteria,
  onPart,
  onAccept,
  onChange,
  onWithdraw,
}: {
  caseId: string;
  variant: VariantView;
  part: Part;
  mayDecide: boolean;
  /** Whether the keys act here: not in a drawer. */
  teachKeys: boolean;
  isPending: boolean;
  criteria: Criteria;
  onPart: (part: Part) => void;
  onAccept: () => void;
  onChange: () => void;
  onWithdraw: (decision: string) => void;
}) {
  const w = useWords();
  const v = w.variants;
  const accept = canAccept(variant);
  const why = !mayDecide
    ? v.mayNot
    : accept
      ? null
      : proposedOf(variant) === 'not_classified'
        ? v.acceptNone
        : v.acceptDone;
  return (
    <div className="variants-detail">
      <Head variant={variant} />
      <div className="variants-tabs">
        <Tabs
          label={v.tabs.label}
          selected={part}
          onSelect={(id) => {
            const next = PARTS.find((one) => one === id);
            if (next) onPart(next);
          }}
          tabs={[
            {
              id: 'evidence',
              title: v.tabs.evidence,
              content: <Evidence variant={variant} mayDecide={mayDecide} criteria={criteria} />,
            },
            { id: 'transcripts', title: v.tabs.transcripts, content: <Transcripts variant={variant} /> },
            { id: 'reads', title: v.tabs.reads, content: <ReadView caseId={caseId} row={variant.row} /> },
            { id: 'population', title: v.tabs.population, content: <Population variant={variant} /> },
            {
              id: 'decisions',
              title: v.tabs.decisions,
              note: variant.decisions.length > 0 ? String(variant.decisions.length) : undefined,
              content: (
                <Decisions
                  variant={variant}
                  mayDecide={mayDecide}
                  isPending={isPending}
                  onWithdraw={(decision) => onWithdraw(decision.id)}
                />
              ),
            },
          ]}
        />
      </div>
      <div className="variants-act">
        {why ? <p className="variants-faint">{why}</p> : null}
        <div className="variants-act-row">
          <Button
            variant="primary"
            keys={teachKeys ? 'variants.accept' : undefined}
            isDisabled={!mayDecide || !accept}
            isPending={isPending}
            onPress={onAccept}
          >
            {v.accept}
          </Button>
          <Button isDisabled={!mayDecide} isPending={isPending} onPress={onChange}>
            {v.change}
          </Button>
          {part === 'reads' ? null : <Button onPress={() => onPart('reads')}>{v.openReads}</Button>}
        </div>
      </div>
    </div>
  );
}
