import type { ClinvarView, FrequencyView, VariantView } from '../../../api/types';
import { FactList, Mono, Section, SmallTable } from '../../../components';
import { frequency, number, useWords } from '../../../words';

/** Population frequencies and ClinVar with their releases. Both are shown as the sources give them. */
export function Population({ variant }: { variant: VariantView }) {
  const w = useWords();
  return (
    <div className="variants-part-body">
      <Section title={w.variants.population.title}>
        <Frequency view={variant.frequency} />
      </Section>
      <Section title={w.variants.clinvar.title} note={w.variants.clinvar.neverScored}>
        <Clinvar view={variant.clinvar} />
      </Section>
      {variant.releases.length > 0 ? (
        <Section title={w.variants.releases}>
          <SmallTable
            caption={w.variants.releases}
            captionHidden
            columns={[
              { id: 'name', title: w.overview.name, isRowHeader: true },
              { id: 'release', title: w.overview.release },
            ]}
            rows={variant.releases.map((one) => ({
              id: one.name,
              cells: { name: one.name, release: one.release },
            }))}
          />
        </Section>
      ) : null}
    </div>
  );
}

function Frequency({ view }: { view: FrequencyView }) {
  const p = useWords().variants.population;
  const value = (one: number | null, how: (value: number) => string) => (one === null ? p.missing : how(one));
  if (view.step === 'not_evaluated') {
    return (
      <FactList
        facts={[
          { term: p.frequency, value: <strong>{p.notEvaluated}</strong> },
          { term: p.reason, value: view.reason ?? p.missing },
          { term: p.release, value: view.release ?? p.releaseNone },
        ]}
      />
    );
  }
  return (
    <FactList
      facts={[
        {
          term: p.frequency,
          value:
            view.step === 'absent' ? p.absent : <Mono>{value(view.frequency, (one) => frequency(one))}</Mono>,
        },
        {
          term: p.counts,
          value: p.countsValue(
            value(view.allele_count, (one) => number(one)),
            value(view.allele_number, (one) => number(one)),
          ),
        },
        { term: p.homozygotes, value: value(view.homozygotes, (one) => number(one)) },
        {
          term: p.filtering,
          value: p.filteringValue(
            value(view.filtering_frequency, (one) => frequency(one)),
            view.filtering_frequency === null ? null : view.group,
          ),
        },
        {
          term: p.filters,
          value:
            view.filters.length > 0
              ? view.filters.join(', ')
              : view.allele_number === null
                ? p.missing
                : p.filtersNone,
        },
        { term: p.release, value: view.release ?? p.missing },
      ]}
    />
  );
}

function Clinvar({ view }: { view: ClinvarView }) {
  const { clinvar: c, population } = useWords().variants;
  if (view.step === 'not_evaluated' || view.step === 'not_listed') {
    return (
      <FactList
        facts={[
          {
            term: c.significance,
            value: <strong>{view.step === 'not_evaluated' ? c.notEvaluated : c.notListed}</strong>,
          },
          ...(view.reason ? [{ term: population.reason, value: view.reason }] : []),
          { term: c.release, value: view.release ?? c.releaseNone },
        ]}
      />
    );
  }
  return (
    <FactList
      facts={[
        { term: c.significance, value: view.significance ?? c.missing },
        {
          term: c.review,
          value: [
            view.review_status ?? c.missing,
            ...(view.stars === null ? [] : [c.stars(view.stars)]),
          ].join(' · '),
        },
        { term: c.conditions, value: view.conditions.length === 0 ? c.missing : view.conditions.join('; ') },
        ...(view.conflicts === null ? [] : [{ term: c.conflicts, value: view.conflicts }]),
        { term: c.variation, value: <Mono>{view.variation_id ?? c.missing}</Mono> },
        { term: c.release, value: view.release ?? c.missing },
      ]}
    />
  );
}
