import { useState } from 'react';
import { useOperation } from '../../api/hooks';
import type { CheckWord, CoverageView, QualityView } from '../../api/types';
import {
  Await,
  Badge,
  ComboBox,
  EmptyState,
  FactList,
  Notice,
  Screen,
  Section,
  SmallTable,
} from '../../components';
import { number, percent, useWords } from '../../words';
import { coordinates, gapsOf, leastCovered } from './quality/coverage';
import { Distributions } from './quality/Distributions';
import { Genes } from './quality/Genes';
import { Profile } from './quality/Profile';
import { Targets } from './quality/Targets';
import { Waiver } from './quality/Waiver';
import './case.css';

const GAPS = 200;
/** Worst first: a reader must not scroll to the warning. */
const ORDER: readonly CheckWord[] = ['fail', 'warn', 'not_assessed', 'pass'];

/** Quality of the newest run: verdict, checks with reasons, figures, coverage by gene. */
export default function Quality({ caseId }: { caseId: string }) {
  const w = useWords();
  const query = useOperation('quality', { case: caseId });
  const none = query.error?.code === 'wrong_state' || query.error?.code === 'not_found';
  return (
    <Screen
      title={w.quality.title}
      note={
        query.data ? (
          <Badge status={query.data.verdict}>{w.quality.verdicts[query.data.verdict]}</Badge>
        ) : null
      }
    >
      {none ? (
        <EmptyState title={w.quality.noRun} text={query.error?.message || w.quality.noRunText} />
      ) : (
        <Await query={query} rows={10}>
          {(data) => <Body caseId={caseId} quality={data} />}
        </Await>
      )}
    </Screen>
  );
}

function Body({ caseId, quality }: { caseId: string; quality: QualityView }) {
  const w = useWords();
  const q = w.quality;
  const checks = [...quality.checks].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  const groups = [...new Set(quality.figures.map((figure) => figure.group))];
  return (
    <div className="case-page">
      {quality.withheld ? (
        <Notice tone="fail" title={q.withheldTitle}>
          {q.withheldText}
        </Notice>
      ) : null}
      <div className="case-columns">
        <Section title={q.checks}>
          {checks.length === 0 ? (
            <p className="case-soft">{q.noChecks}</p>
          ) : (
            <ul className="quality-checks">
              {checks.map((check) => (
                <li key={check.name}>
                  <Badge status={check.result} />
                  <strong>{check.name}</strong>
                  <span>
                    {check.reason}
                    <Waiver caseId={caseId} check={check} />
                  </span>
                </li>
              ))}
            </ul>
          )}
          <p className="case-soft">
            {q.limits(quality.limits)}{' '}
            {quality.limits_sha256 === null ? null : q.limitsFile(quality.limits_sha256)}
          </p>
        </Section>
        <Section title={q.figures}>
          {groups.map((group) => (
            <div key={group} className="quality-group">
              <h3>{q.groups[group] ?? group}</h3>
              <FactList
                facts={quality.figures
                  .filter((figure) => figure.group === group)
                  .map((figure) => ({
                    term: figure.name,
                    value: figure.value ?? <span className="case-missing">{q.notMeasured}</span>,
                  }))}
              />
            </div>
          ))}
        </Section>
      </div>
      {quality.coverage === null ? (
        <Section title={q.coverage}>
          <Notice tone="warn" title={q.notAssessed}>
            <Badge status="not_assessed">{quality.coverage_reason ?? q.notMeasured}</Badge>
          </Notice>
        </Section>
      ) : (
        <Coverage caseId={caseId} coverage={quality.coverage} />
      )}
      {quality.targets === null ? null : <Targets targets={quality.targets} />}
      <Distributions quality={quality} />
    </div>
  );
}

function Coverage({ caseId, coverage }: { caseId: string; coverage: CoverageView }) {
  const w = useWords();
  const q = w.quality;
  const genes = leastCovered(coverage.genes);
  const [chosen, setChosen] = useState<string | null>(
    (genes.find((one) => one.gaps.length > 0) ?? genes[0])?.gene ?? null,
  );
  const gene = genes.find((one) => one.gene === chosen) ?? null;
  const gaps = gapsOf(genes);
  const share = (value: number | null) => (value === null ? q.notMeasured : percent(value, 1));
  return (
    <>
      <Section title={q.coverage} note={q.coverageOver(coverage.over, coverage.threshold)}>
        <FactList
          columns={2}
          facts={[
            { term: q.bases, value: number(coverage.bases) },
            {
              term: q.mean,
              value: coverage.mean_depth === null ? q.notMeasured : `${number(coverage.mean_depth, 1)}×`,
            },
            { term: q.atLeast(10), value: share(coverage.at_least_10) },
            { term: q.atLeast(20), value: share(coverage.at_least_20) },
            { term: q.atLeast(30), value: share(coverage.at_least_30) },
            { term: q.gaps, value: number(gaps.length) },
          ]}
        />
        <Genes coverage={coverage} />
      </Section>
      {gene ? (
        <Section title={q.profile(gene.gene)}>
          <div className="quality-choose">
            <ComboBox
              label={q.chooseGene}
              value={chosen}
              onChange={(id) => {
                if (id !== null) setChosen(id);
              }}
              placeholder={q.chooseGenePlaceholder}
              options={genes.map((one) => ({
                id: one.gene,
                name: one.gene,
                note: [share(one.at_least_20), one.gaps.length > 0 ? q.gapCount(one.gaps.length) : '']
                  .filter(Boolean)
                  .join(' · '),
              }))}
            />
          </div>
          <Profile key={gene.gene} caseId={caseId} gene={gene} />
          {gene.gaps.length === 0 ? <p className="case-soft">{q.noGapsOf(gene.gene)}</p> : null}
        </Section>
      ) : null}
      <Section title={q.allGaps}>
        {gaps.length === 0 ? (
          <p className="case-soft">{q.noGaps}</p>
        ) : (
          <>
            <SmallTable
              caption={q.allGaps}
              captionHidden
              columns={[
                { id: 'gene', title: q.gene, isRowHeader: true },
                { id: 'exon', title: q.exon, align: 'end' },
                { id: 'where', title: q.where, mono: true },
                { id: 'length', title: q.length, align: 'end' },
                { id: 'lowest', title: q.lowest, align: 'end' },
                { id: 'mean', title: q.meanDepth, align: 'end' },
                { id: 'reason', title: q.reason },
              ]}
              rows={gaps.slice(0, GAPS).map(({ gene: name, gap }) => ({
                id: `${name}-${gap.exon}-${coordinates(gap)}`,
                cells: {
                  gene: name,
                  exon: number(gap.exon),
                  where: coordinates(gap),
                  length: number(gap.end - gap.start + 1),
                  lowest: number(gap.lowest),
                  mean: number(gap.mean, 1),
                  reason: gap.reason,
                },
              }))}
            />
            {gaps.length > GAPS ? <p className="case-soft">{q.gapsCut(GAPS, gaps.length)}</p> : null}
          </>
        )}
      </Section>
    </>
  );
}
