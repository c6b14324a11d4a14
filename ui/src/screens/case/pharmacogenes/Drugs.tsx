import { useState } from 'react';
import type { DrugView } from '../../../api/types';
import { Tag, TextField } from '../../../components';
import { useWords } from '../../../words';
import { found, genesOf, toneOf } from './view';

/** Drugs, the most urgent first, found by name or gene. */
export function Drugs({ drugs }: { drugs: readonly DrugView[] }) {
  const p = useWords().pharmacogenes;
  const [text, setText] = useState('');
  const shown = found(drugs, text);
  return (
    <>
      <div className="pgx-find">
        <TextField label={p.find} value={text} onChange={setText} />
        <p className="case-soft" aria-live="polite">
          {shown.length === 0 ? p.nothingFound : p.found(shown.length)}
        </p>
      </div>
      <ul className="pgx-list">
        {shown.map((drug) => (
          <li key={drug.drug}>
            <Drug drug={drug} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Drug({ drug }: { drug: DrugView }) {
  const p = useWords().pharmacogenes;
  return (
    <details className="pgx-item">
      <summary>
        <strong className="pgx-name">{drug.drug}</strong>
        <Tag tone={toneOf(drug.level)}>{drug.words}</Tag>
        <span className="case-soft">{genesOf(drug).join(', ')}</span>
      </summary>
      <div className="pgx-body">
        {drug.guidelines.map((guideline) => (
          <section
            key={`${guideline.source} ${guideline.name}`}
            className="pgx-guideline"
            aria-label={p.guideline(guideline.source, guideline.name, guideline.date)}
          >
            <h3>{p.guideline(guideline.source, guideline.name, guideline.date)}</h3>
            {guideline.open.length > 0 && guideline.recommendations.length > 0 ? (
              <p className="case-open">{p.open(guideline.open.join(', '))}</p>
            ) : null}
            {guideline.why_none ? <p>{guideline.why_none}</p> : null}
            {guideline.recommendations.map((advice) => (
              <div key={`${advice.population} ${advice.strength} ${advice.text}`} className="pgx-advice">
                <p>
                  <strong>{p.strength(advice.strength, advice.population)}</strong>
                </p>
                <p>{advice.text}</p>
                {advice.implications.map((implication) => (
                  <p key={implication} className="case-soft">
                    {implication}
                  </p>
                ))}
              </div>
            ))}
            <p className="case-soft">
              {p.publications} {guideline.references.join(', ')}
            </p>
          </section>
        ))}
        {drug.notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
    </details>
  );
}
