import { type Ref, useId } from 'react';
import { useWords } from '../../words';
import type { Field } from './draft';

/** Every problem in one list, each a way to its field. */
export function ProblemSummary({
  problems,
  others,
  onGo,
  ref,
}: {
  problems: readonly { field: Field; label: string; words: string }[];
  others: readonly { place: string; words: string }[];
  onGo: (field: Field) => void;
  ref: Ref<HTMLElement>;
}) {
  const t = useWords().newCase;
  const id = useId();
  if (problems.length + others.length === 0) return null;
  return (
    <section className="new-summary" aria-labelledby={id} tabIndex={-1} ref={ref}>
      <h2 id={id}>{t.problems(problems.length + others.length)}</h2>
      <ul className="new-list">
        {problems.map(({ field, label, words }) => (
          <li key={field}>
            <a
              href={`#${field}`}
              onClick={(event) => {
                event.preventDefault();
                onGo(field);
              }}
            >
              {label}
            </a>{' '}
            {words}
          </li>
        ))}
        {others.map(({ place, words }) => (
          <li key={`${place} ${words}`}>
            {place} {words}
          </li>
        ))}
      </ul>
    </section>
  );
}
