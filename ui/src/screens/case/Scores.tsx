import { useOperation } from '../../api/hooks';
import type { RankedGeneView, RankView, ScoresView, ScoreView } from '../../api/types';
import { Await, EmptyState, FactList, Notice, Screen, Section, SmallTable } from '../../components';
import { useWords } from '../../words';
import './case.css';

/** What the newest run made beside the interpretation: genes ranked by phenotype, polygenic scores. */
export default function Scores({ caseId }: { caseId: string }) {
  const t = useWords().scores;
  const query = useOperation('beside', { case: caseId });
  const none = query.error?.code === 'wrong_state' || query.error?.code === 'not_found';
  return (
    <Screen title={t.title}>
      {none ? (
        <EmptyState title={t.noRun} text={query.error?.message || t.noRunText} />
      ) : (
        <Await query={query} rows={10}>
          {(data) => (
            <div className="case-page">
              <Section title={t.rank}>
                {data.rank ? <Rank rank={data.rank} /> : <Not what={t.rankNot} how={t.rankHow} />}
              </Section>
              <Section title={t.scores}>
                {data.scores ? <Sums view={data.scores} /> : <Not what={t.scoresNot} how={t.scoresHow} />}
              </Section>
            </div>
          )}
        </Await>
      )}
    </Screen>
  );
}

function Not({ what, how }: { what: string; how: string }) {
  return (
    <>
      <p className="case-open">{what}</p>
      <p className="case-soft">{how}</p>
    </>
  );
}

function Rank({ rank }: { rank: RankView }) {
  const t = useWords().scores;
  const facts = [
    { term: t.terms, value: rank.terms.join('; ') || t.none },
    ...(rank.excluded.length > 0 ? [{ term: t.excluded, value: rank.excluded.join('; ') }] : []),
    ...(rank.not_used.length > 0 ? [{ term: t.notUsed, value: rank.not_used.join('; ') }] : []),
    { term: t.ontology, value: rank.ontology ?? t.notStated },
    { term: t.annotations, value: rank.annotations ?? t.notStated },
  ];
  return (
    <>
      <Notice tone="plain" title={t.rankLead} />
      <FactList facts={facts} />
      {rank.genes.length === 0 ? (
        <p className="case-soft">{t.rankNone}</p>
      ) : (
        <SmallTable
          caption={t.rank}
          captionHidden
          columns={[
            { id: 'rank', title: t.column.rank, align: 'end' },
            { id: 'gene', title: t.column.gene, isRowHeader: true },
            { id: 'score', title: t.column.score, align: 'end' },
            { id: 'disease', title: t.column.disease },
            { id: 'why', title: t.column.why },
          ]}
          rows={rank.genes.map((gene) => ({ id: gene.gene, cells: cells(gene, t) }))}
        />
      )}
      {rank.more > 0 ? <p className="case-soft">{t.more(rank.more)}</p> : null}
      <Limits limits={rank.limits} />
    </>
  );
}

function cells(gene: RankedGeneView, t: ReturnType<typeof useWords>['scores']) {
  return {
    rank: gene.rank,
    gene: gene.gene,
    score: (
      <>
        {gene.score.toFixed(3)}
        <span className="case-soft case-line">
          {t.parts(gene.phenotype?.toFixed(3) ?? null, gene.variant.toFixed(3))}
        </span>
      </>
    ),
    disease: (
      <span className="case-value">
        {gene.disease ?? t.noDisease}
        {gene.matches.map((match) => (
          <span key={match} className="case-soft case-line">
            {match}
          </span>
        ))}
      </span>
    ),
    why: (
      <span className="case-value">
        {gene.sentence}
        {gene.alleles.map((allele) => (
          <span key={allele} className="case-soft case-line">
            {allele}
          </span>
        ))}
      </span>
    ),
  };
}

function Sums({ view }: { view: ScoresView }) {
  const t = useWords().scores;
  const sources = view.scores.map((score) =>
    [score.id, score.citation ?? t.notStated, t.termsOfUse(score.licence ?? t.notStated)].join(' · '),
  );
  return (
    <>
      <Notice tone="warn" title={t.scoresLead} />
      <SmallTable
        caption={t.scores}
        captionHidden
        columns={[
          { id: 'name', title: t.column.name, isRowHeader: true },
          { id: 'trait', title: t.column.trait },
          { id: 'coverage', title: t.column.coverage },
          { id: 'sum', title: t.column.sum },
          { id: 'percentile', title: t.column.percentile },
        ]}
        rows={view.scores.map((score, at) => ({ id: `${at} ${score.id}`, cells: sums(score, t) }))}
      />
      <Limits limits={[...view.limits, ...sources]} />
    </>
  );
}

function sums(score: ScoreView, t: ReturnType<typeof useWords>['scores']) {
  return {
    name: score.name ? `${score.id} (${score.name})` : score.id,
    trait: score.trait_reported ?? t.notStated,
    coverage: <span className="case-value">{score.coverage}</span>,
    sum:
      score.sum === null ? (
        <span className="case-value">
          {t.notEvaluated}
          <span className="case-soft case-line">{score.refused ?? t.notStated}</span>
        </span>
      ) : (
        score.sum.toFixed(6)
      ),
    percentile: (
      <span className="case-value">
        {score.percentile === null ? score.standing : score.percentile.toFixed(1)}
        {score.percentile === null ? null : <span className="case-soft case-line">{score.standing}</span>}
      </span>
    ),
  };
}

function Limits({ limits }: { limits: readonly string[] }) {
  const t = useWords().scores;
  if (limits.length === 0) return null;
  return (
    <details className="case-older">
      <summary>{t.limits}</summary>
      <ul className="case-list">
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </details>
  );
}
