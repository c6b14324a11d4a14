import { useEffect, useState } from 'react';
import { useOperation } from '../../api/hooks';
import {
  Button,
  Checkbox,
  ErrorState,
  Mono,
  RadioGroup,
  Section,
  TextField,
  TokenField,
} from '../../components';
import { useWords } from '../../words';
import { genesOf, hpoOf } from './draft';
import { At, OrderText } from './Fields';
import { useForm } from './form';

/** The question, and the findings as HPO terms. */
export function IndicationSection() {
  const t = useWords().newCase.indication;
  const { draft, change, changeOrder, errorOf } = useForm();
  const [wrong, setWrong] = useState<string[]>([]);
  const hpo = draft.order.hpo;
  const add = () => {
    const found = hpoOf(draft.hpoText);
    setWrong(found.wrong);
    changeOrder({ hpo: [...new Set([...hpo, ...found.terms])] });
    // What could not be read stays in the field, to be mended there.
    change({ hpoText: found.wrong.join(', ') });
  };
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <OrderText field="indication" label={t.text} isRequired multiline={3} wide />
      </div>
      <At field="hpo" wide>
        <TokenField
          label={t.hpo}
          tokens={hpo.map((term) => ({ id: term, name: term }))}
          onRemove={(term) => changeOrder({ hpo: hpo.filter((other) => other !== term) })}
        >
          <div className="new-pick">
            <TextField
              label={hpo.length === 0 ? t.hpo : t.hpoAdd}
              value={draft.hpoText}
              onChange={(hpoText) => {
                change({ hpoText });
                setWrong([]);
              }}
              onSubmit={add}
              description={t.hpoHint}
              error={wrong.length > 0 ? t.hpoWrong(wrong.join(', ')) : errorOf('hpo')}
              mono
            />
            <span className="new-pick-button">
              <Button onPress={add} isDisabled={draft.hpoText.trim() === ''} label={t.addLabel}>
                {t.add}
              </Button>
            </span>
          </div>
        </TokenField>
      </At>
    </Section>
  );
}

const pause = 500;

/** The gene list as pasted, checked against the transcripts of the reference set. */
export function GenesSection() {
  const t = useWords().newCase.genes;
  const { draft, change, errorOf } = useForm();
  const [asked, setAsked] = useState(draft.geneText);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(draft.geneText), pause);
    return () => clearTimeout(timer);
  }, [draft.geneText]);
  const empty = genesOf(asked).length === 0;
  const check = useOperation(
    'genes',
    { reference_set: draft.referenceSet ?? '', text: asked },
    { enabled: !empty && draft.referenceSet !== null, keepPrevious: true },
  );
  const seen = empty || draft.referenceSet === null ? undefined : check.data;
  const current = asked === draft.geneText && !check.isPlaceholderData;
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <At field="genes" wide>
          <TextField
            label={t.label}
            value={draft.geneText}
            onChange={(geneText) => change({ geneText })}
            description={t.hint}
            error={errorOf('genes')}
            multiline={3}
            mono
          />
        </At>
      </div>
      <div className="new-genes" aria-live="polite">
        {genesOf(draft.geneText).length === 0 ? <p className="new-text">{t.all}</p> : null}
        {!empty && draft.referenceSet === null ? <p className="new-text">{t.notChecked}</p> : null}
        {!empty && draft.referenceSet !== null && !current && !check.error ? (
          <p className="new-text">{t.checking}</p>
        ) : null}
        {check.error && !empty ? (
          <ErrorState error={check.error} title={t.failed} onRetry={() => void check.refetch()} />
        ) : null}
        {seen && current ? (
          <>
            <p className="new-text">
              <strong>{t.known(seen.known.length)}</strong> <Mono size="s">{seen.known.join(' ')}</Mono>
            </p>
            {seen.unknown.length > 0 ? (
              <p className="new-warn">
                <strong>{t.unknown(seen.unknown.length)}</strong>{' '}
                <Mono size="s">{seen.unknown.join(' ')}</Mono> <span>{t.unknownNote}</span>
              </p>
            ) : null}
          </>
        ) : null}
      </div>
    </Section>
  );
}

/** Current medicines, for the alerts of pharmacogenomics. */
export function MedicinesSection() {
  const t = useWords().newCase.medicines;
  const { draft, change, errorOf } = useForm();
  const none = draft.medicineText.trim() === '' && draft.order.medications?.length === 0;
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <At field="medications" wide>
          <TextField
            label={t.label}
            value={draft.medicineText}
            onChange={(medicineText) => change({ medicineText })}
            description={none ? t.none : t.hint}
            error={errorOf('medications')}
            multiline={3}
          />
        </At>
      </div>
    </Section>
  );
}

/** What the patient agreed to and what the laboratory prints. */
export function ConsentSection() {
  const t = useWords().newCase.consent;
  const { draft, changeOrder, errorOf } = useForm();
  const consent = draft.order.secondary_findings;
  return (
    <Section title={t.title}>
      <At field="secondary_findings" wide>
        <RadioGroup
          label={t.secondary}
          options={[
            { id: 'yes', name: t.yes, note: t.yesNote },
            { id: 'no', name: t.no, note: t.noNote },
            { id: 'not_asked', name: t.notAsked, note: t.notAskedNote },
          ]}
          value={consent === null ? 'not_asked' : consent ? 'yes' : 'no'}
          onChange={(id) => changeOrder({ secondary_findings: id === 'not_asked' ? null : id === 'yes' })}
          error={errorOf('secondary_findings')}
        />
      </At>
      <At field="list_vus" wide>
        <Checkbox
          isSelected={draft.order.list_vus}
          onChange={(list_vus) => changeOrder({ list_vus })}
          description={t.vusNote}
        >
          {t.vus}
        </Checkbox>
      </At>
      <div className="new-fields">
        <OrderText field="policy" label={t.policy} description={t.policyHint} />
      </div>
    </Section>
  );
}
