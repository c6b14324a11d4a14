import type { ConclusionView } from '../../../api/types';
import { EmptyState, Section, Tag } from '../../../components';
import { useWords } from '../../../words';

/** What the interpretation concludes, in words, from the top. */
export function Conclusion({ conclusion }: { conclusion: ConclusionView | null }) {
  const w = useWords();
  const o = w.overview;
  if (conclusion === null) {
    return (
      <Section title={o.conclusion}>
        <EmptyState title={o.noConclusion} text={o.noConclusionText} />
      </Section>
    );
  }
  return (
    <Section
      title={o.conclusion}
      note={<Tag tone="warn">{o.outcomeDraft(o.outcomes[conclusion.outcome] ?? conclusion.outcome)}</Tag>}
    >
      <div className="case-prose">
        <p className="case-headline">{conclusion.headline}</p>
        {conclusion.interpretation.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className={conclusion.not_reviewed > 0 ? 'case-open' : 'case-soft'}>
          {conclusion.not_reviewed > 0 ? o.notReviewed(conclusion.not_reviewed) : o.allReviewed}
        </p>
        <Sentences title={o.recommendations} sentences={conclusion.recommendations} />
        <Sentences title={o.limits} sentences={conclusion.limits} />
      </div>
    </Section>
  );
}

function Sentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="case-list">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}
