import type { CriterionView, VariantView } from '../../../api/types';
import {
  Button,
  Criterion,
  CriterionList,
  FactList,
  Mono,
  Notice,
  PointsRail,
  Tag,
} from '../../../components';
import { dateTime, number, percent, useWords } from '../../../words';
import { Entered } from './Entered';
import { grouped, railItems, strengthOf } from './evidence';
import type { Criteria } from './useCriteria';

function Source({ criterion }: { criterion: CriterionView }) {
  const w = useWords();
  return (
    <>
      {w.variants.source([criterion.source, w.variants.rule(criterion.rule, criterion.rule_version)])}
      {criterion.compared.length > 0 ? (
        <span className="variants-compared">
          {criterion.compared.map((one) => (
            <span key={one.name}>{w.variants.compared(one.name, one.value)}</span>
          ))}
        </span>
      ) : null}
    </>
  );
}

/** What the rules say of a set criterion, and what entered evidence proposes. */
function Beside({ criterion }: { criterion: CriterionView }) {
  const w = useWords();
  const c = w.criteria;
  const { decision, automatic, proposal } = criterion;
  const ofFile = criterion.file_decision;
  if (decision === null && proposal === null && ofFile === null) return null;
  return (
    <>
      {ofFile && automatic ? (
        <p className="variants-beside">
          <Tag tone="accent">{c.setByFile}</Tag>{' '}
          {w.variants.source([
            ofFile.by,
            ...(ofFile.at === null ? [] : [dateTime(ofFile.at)]),
            ofFile.reason,
            c.byRulesShort(automatic.label, w.common.criterion[automatic.state]),
          ])}
        </p>
      ) : null}
      {decision && automatic ? (
        <p className="variants-beside">
          <Tag tone="accent">{c.setTag}</Tag>{' '}
          {w.variants.source([
            dateTime(decision.at),
            c.byRulesShort(automatic.label, w.common.criterion[automatic.state]),
            ...(decision.rules_then === null ? [] : [c.rulesThen(decision.rules_then)]),
          ])}
        </p>
      ) : null}
      {proposal ? (
        <p className="variants-beside variants-proposed">
          {c.proposed(proposal.label, proposal.sentence)}{' '}
          <span className="variants-faint">
            {w.variants.source(proposal.compared.map((one) => w.variants.compared(one.name, one.value)))}
          </span>
        </p>
      ) : null}
    </>
  );
}

/** What a person may do with a criterion. */
function Actions({ criterion, act }: { criterion: CriterionView; act: Acting }) {
  const w = useWords();
  const c = w.criteria;
  if (!act.mayDecide) return null;
  const { decision, proposal } = criterion;
  const { criteria, variant } = act;
  return (
    <>
      {proposal?.label && !proposal.confirmed ? (
        <Button isPending={criteria.isPending} onPress={() => criteria.confirm(variant, criterion)}>
          {c.confirm(proposal.label)}
        </Button>
      ) : null}
      <Button
        variant="quiet"
        label={c.askLabel(criterion.code)}
        isPending={criteria.isPending}
        onPress={() => criteria.ask(variant, criterion)}
      >
        {c.ask}
      </Button>
      {decision ? (
        <Button
          variant="quiet"
          label={c.withdrawLabel(criterion.code)}
          isPending={criteria.isPending}
          onPress={() => criteria.withdraw(variant, criterion.code, decision.id)}
        >
          {c.withdraw}
        </Button>
      ) : null}
    </>
  );
}

/** Who acts on which variant. */
type Acting = { variant: VariantView; mayDecide: boolean; criteria: Criteria };

function Items({ criteria, act }: { criteria: readonly CriterionView[]; act: Acting }) {
  return (
    <CriterionList>
      {criteria.map((one) => (
        <Criterion
          key={one.label}
          code={one.code}
          strength={strengthOf(one)}
          points={one.points}
          why={one.sentence}
          source={<Source criterion={one} />}
          state={one.state}
          beside={one.decision || one.proposal || one.file_decision ? <Beside criterion={one} /> : undefined}
          actions={act.mayDecide ? <Actions criterion={one} act={act} /> : undefined}
        />
      ))}
    </CriterionList>
  );
}

function Folded({
  title,
  criteria,
  act,
}: {
  title: string;
  criteria: readonly CriterionView[];
  act: Acting;
}) {
  const w = useWords();
  if (criteria.length === 0) return null;
  const told = criteria.filter((one) => one.decision || one.proposal).length;
  return (
    <details className="variants-folded" open={told > 0}>
      <summary>
        {title}
        <span className="variants-faint">{w.variants.folded(criteria.map((one) => one.code))}</span>
      </summary>
      <Items criteria={criteria} act={act} />
    </details>
  );
}

/** How the evidence adds up, criterion by criterion; what was not met or not evaluated is folded, and said. */
export function Evidence({
  variant,
  mayDecide,
  criteria,
}: {
  variant: VariantView;
  mayDecide: boolean;
  criteria: Criteria;
}) {
  const w = useWords();
  const v = w.variants;
  const classified = variant.classification;
  const act = { variant, mayDecide, criteria };
  const groups = grouped(classified?.criteria ?? []);
  return (
    <div className="variants-part-body">
      {classified ? (
        <>
          <PointsRail items={railItems(classified.criteria)} />
          {groups.met.length > 0 ? (
            <Items criteria={groups.met} act={act} />
          ) : (
            <p className="variants-soft">{v.criteriaNone}</p>
          )}
          {groups.proposed.length > 0 ? (
            <section className="variants-entered">
              <h3>{w.criteria.proposals(groups.proposed.length)}</h3>
              <Items criteria={groups.proposed} act={act} />
            </section>
          ) : null}
          <div>
            <Folded
              title={v.notEvaluated(groups.notEvaluated.length)}
              criteria={groups.notEvaluated}
              act={act}
            />
            <Folded title={v.notMet(groups.notMet.length)} criteria={groups.notMet} act={act} />
            <Folded
              title={v.notApplicable(groups.notApplicable.length)}
              criteria={groups.notApplicable}
              act={act}
            />
          </div>
        </>
      ) : (
        <Notice tone="plain" title={v.whyNot}>
          {variant.why_not ?? v.whyNotUnknown}
        </Notice>
      )}
      <Entered variant={variant} mayDecide={mayDecide} criteria={criteria} />
      <FactList facts={[...summaryFacts(variant, w), ...callFacts(variant, w)]} />
      {variant.sentences.length > 0 ? (
        <div className="variants-sentences">
          <h3>{v.sentences}</h3>
          {variant.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function summaryFacts(variant: VariantView, w: ReturnType<typeof useWords>) {
  const v = w.variants;
  const classified = variant.classification;
  const gene = variant.gene;
  const clinvar = variant.clinvar;
  const listed = clinvar.step !== 'not_evaluated' && clinvar.step !== 'not_listed';
  const facts = [
    {
      term: v.clinvar.title,
      value: (
        <>
          {listed
            ? v.source(
                [
                  clinvar.significance ?? v.clinvarSteps[clinvar.step] ?? clinvar.step,
                  clinvar.stars === null ? '' : v.clinvar.stars(clinvar.stars),
                  clinvar.release ?? '',
                ].filter(Boolean),
              )
            : v.source(
                [v.clinvarSteps[clinvar.step] ?? clinvar.step, clinvar.reason ?? ''].filter(Boolean),
              )}{' '}
          <span className="variants-faint">{v.clinvar.neverScored}</span>
        </>
      ),
    },
  ];
  if (classified) {
    facts.push({ term: v.class2015, value: <>{v.classes[classified.class_2015]}</> });
    facts.push({ term: v.posterior, value: <>{percent(classified.posterior, 1)}</> });
    if (classified.flags.length > 0) {
      facts.push({ term: v.flagsTerm, value: <>{classified.flags.join('; ')}</> });
    }
  }
  if (gene) {
    facts.push({
      term: v.gene,
      value: (
        <>
          {v.source([gene.disease, gene.inheritance ?? v.unknown])}{' '}
          <span className="variants-faint">
            {v.source([
              `${v.lossOfFunction}: ${lof(gene.loss_of_function, v)}`,
              gene.validity ?? v.unknown,
              gene.source,
            ])}
          </span>
        </>
      ),
    });
  }
  return facts;
}

function lof(value: boolean | null, v: ReturnType<typeof useWords>['variants']): string {
  if (value === null) return v.unknown;
  return value ? v.lofYes : v.lofNo;
}

function callFacts(variant: VariantView, w: ReturnType<typeof useWords>) {
  const v = w.variants;
  const row = variant.row;
  const count = (value: number | null) => (value === null ? v.countMissing : number(value));
  return [
    {
      term: v.readsTerm,
      value: v.readsFact(count(row.alternate_depth), count(variant.reference_depth), count(row.depth)),
    },
    {
      term: v.genotype,
      value: (
        <>
          <Mono>{variant.genotype}</Mono> {v.source([row.zygosity, v.gq(variant.genotype_quality)])}
        </>
      ),
    },
    {
      term: v.filterTerm,
      value: v.source(
        [
          row.failed === null
            ? v.filtersNotApplied
            : row.failed.length === 0
              ? v.passedFilters
              : v.failedFilters(row.failed),
          row.quality === null ? '' : `${v.qual} ${number(row.quality)}`,
        ].filter(Boolean),
      ),
    },
    ...(variant.hgvs_g === null ? [] : [{ term: v.genomic, value: <Mono>{variant.hgvs_g}</Mono> }]),
  ];
}
