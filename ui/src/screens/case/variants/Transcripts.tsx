import type { VariantView } from '../../../api/types';
import { EmptyState, FactList, Mono, Tag } from '../../../components';
import { useWords } from '../../../words';

/** What the variant does in every transcript, the shown one first. */
export function Transcripts({ variant }: { variant: VariantView }) {
  const w = useWords();
  const t = w.variants.transcripts;
  if (variant.transcripts.length === 0) return <EmptyState title={t.caption} text={t.none} />;
  return (
    <ol className="variants-transcripts">
      {variant.transcripts.map((one) => (
        <li key={`${one.transcript}-${one.hgvs_c ?? ''}`}>
          <h3>
            <Mono>{one.transcript}</Mono>
            {one.gene ? <span className="variants-gene">{one.gene}</span> : null}
            {one.mane ? <Tag tone="accent">{one.mane}</Tag> : null}
            {one.shown ? <Tag>{t.used}</Tag> : null}
          </h3>
          <FactList
            facts={[
              {
                term: t.name,
                value: (
                  <>
                    <Mono>{one.hgvs_c ?? w.variants.none}</Mono> <Mono>{one.hgvs_p ?? ''}</Mono>
                  </>
                ),
              },
              {
                term: t.consequence,
                value: w.variants.source([one.consequences.join(', '), one.impact.toLowerCase()]),
              },
              ...(one.place ? [{ term: t.place, value: one.place }] : []),
              ...(one.biotype ? [{ term: t.biotype, value: one.biotype }] : []),
              ...(one.protein ? [{ term: t.protein, value: <Mono>{one.protein}</Mono> }] : []),
              ...(one.warnings.length > 0 ? [{ term: t.warnings, value: one.warnings.join('; ') }] : []),
            ]}
          />
        </li>
      ))}
    </ol>
  );
}
