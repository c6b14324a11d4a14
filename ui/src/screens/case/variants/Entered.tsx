import type { VariantView } from '../../../api/types';
import { Button } from '../../../components';
import { dateTime, useWords } from '../../../words';
import type { Criteria } from './useCriteria';

/** The evidence that was entered on a variant, newest first, and the way to enter more. */
export function Entered({
  variant,
  mayDecide,
  criteria,
}: {
  variant: VariantView;
  mayDecide: boolean;
  criteria: Criteria;
}) {
  const w = useWords();
  const e = w.criteria.evidence;
  const v = w.variants;
  if (variant.classification === null) return null;
  return (
    <section className="variants-entered">
      <div className="variants-decision-head">
        <h3>{e.heading}</h3>
        {mayDecide ? (
          <Button
            variant="quiet"
            isPending={criteria.isPending}
            onPress={() => criteria.askEvidence(variant)}
          >
            {e.ask}
          </Button>
        ) : null}
      </div>
      {variant.file_evidence.length > 0 ? (
        <ul className="variants-decisions" aria-label={e.fromFiles}>
          {variant.file_evidence.map((one) => (
            <li key={`${one.kind} ${one.source} ${one.facts.map((fact) => fact.value).join()}`}>
              <strong>{e.kinds[one.kind] ?? one.kind}</strong>
              <p>
                {v.source(
                  one.facts.map((fact) =>
                    v.compared(e.fields[fact.name.replaceAll(' ', '_')] ?? fact.name, fact.value),
                  ),
                )}
              </p>
              <p className="variants-faint">{v.source([one.source, e.fromFiles])}</p>
            </li>
          ))}
        </ul>
      ) : null}
      {variant.evidence.length === 0 && variant.file_evidence.length === 0 ? (
        <p className="variants-faint">{e.none}</p>
      ) : null}
      <ul className="variants-decisions">
        {variant.evidence.map((one) => (
          <li key={one.id} className={one.withdrawn === null ? undefined : 'variants-faint'}>
            <div className="variants-decision-head">
              <strong>{e.kinds[one.kind] ?? one.kind}</strong>
              {one.withdrawn === null && mayDecide ? (
                <Button
                  variant="quiet"
                  label={e.removeLabel(e.kinds[one.kind] ?? one.kind)}
                  isPending={criteria.isPending}
                  onPress={() => criteria.removeEvidence(variant, one.id)}
                >
                  {v.decisions.withdrawConfirm}
                </Button>
              ) : null}
            </div>
            <p>
              {v.source(
                one.facts.map((fact) =>
                  v.compared(e.fields[fact.name.replaceAll(' ', '_')] ?? fact.name, fact.value),
                ),
              )}
            </p>
            <p className="variants-faint">
              {v.source([
                one.source,
                v.decisions.by(one.by, v.decisions.roles[one.role], dateTime(one.at)),
                ...(one.withdrawn === null ? [] : [one.withdrawn]),
              ])}
            </p>
          </li>
        ))}
      </ul>
      {variant.former_criteria.length > 0 ? (
        <details className="variants-folded">
          <summary>{w.criteria.former}</summary>
          <ul className="variants-decisions">
            {variant.former_criteria.map((one) => (
              <li key={one.id}>
                <p>{v.compared(one.words, one.reason)}</p>
                <p className="variants-faint">
                  {v.source([
                    v.decisions.by(one.by, v.decisions.roles[one.role], dateTime(one.at)),
                    one.withdrawn ?? v.decisions.replaced,
                  ])}
                </p>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
