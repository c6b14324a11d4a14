import { useQueryClient } from '@tanstack/react-query';
import { Button, RadioGroup, Section, Select, TextField } from '../../components';
import { useWords } from '../../words';
import { readKept } from '../gate/kept';
import { type Again, againName, lastGiven } from './again';
import { emptyIdentifier } from './draft';
import { At, OrderDate, OrderText } from './Fields';
import { useForm } from './form';

const sexes = ['female', 'male', 'unknown'] as const;

/** Whether there is an order: the way without one is said, never the default. */
export function IdentitySection() {
  const t = useWords().newCase.identity;
  const { draft, change } = useForm();
  return (
    <Section title={t.title}>
      <RadioGroup
        label={t.label}
        labelHidden
        options={[
          { id: 'given', name: t.given, note: t.givenNote },
          { id: 'unidentified', name: t.unidentified, note: t.unidentifiedNote },
        ]}
        value={draft.identified ? 'given' : 'unidentified'}
        onChange={(id) => change({ identified: id === 'given' })}
      />
    </Section>
  );
}

/** Name, birth date, sex, identifiers. */
export function PatientSection() {
  const w = useWords();
  const t = w.newCase.patient;
  const { draft, changeOrder, errorOf } = useForm();
  const identifiers = draft.order.identifiers;
  const changeIdentifier = (at: number, part: Partial<(typeof identifiers)[number]>) =>
    changeOrder({ identifiers: identifiers.map((old, index) => (index === at ? { ...old, ...part } : old)) });
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <OrderText field="family" label={t.family} isRequired />
        <OrderText field="given" label={t.given} />
        <OrderDate field="birth_date" label={t.birthDate} isRequired />
        <At field="sex">
          <Select
            label={t.sex}
            options={sexes.map((id) => ({ id, name: t.sexes[id] }))}
            value={sexes.find((id) => id === draft.order.sex) ?? null}
            onChange={(sex) => changeOrder({ sex })}
            description={t.sexHint}
            error={errorOf('sex')}
            isRequired
          />
        </At>
      </div>
      <At field="identifiers" wide>
        <fieldset className="new-group">
          <legend>
            {t.identifiers} <span className="new-note">{t.identifiersNote}</span>
          </legend>
          {identifiers.map((identifier, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <div key={at} className="new-identifier">
              <TextField
                label={t.label(at + 1)}
                labelHidden
                value={identifier.label}
                onChange={(label) => changeIdentifier(at, { label })}
                placeholder={t.kindShort}
              />
              <TextField
                label={t.value(at + 1)}
                labelHidden
                value={identifier.value}
                onChange={(value) => changeIdentifier(at, { value })}
                placeholder={t.valueShort}
                mono
              />
              <TextField
                label={t.system(at + 1)}
                labelHidden
                value={identifier.system}
                onChange={(system) => changeIdentifier(at, { system })}
                placeholder={t.systemShort}
              />
              {identifiers.length > 2 ? (
                <Button
                  variant="quiet"
                  label={t.removeOf(at + 1)}
                  onPress={() => changeOrder({ identifiers: identifiers.filter((_, index) => index !== at) })}
                >
                  {w.newCase.files.remove}
                </Button>
              ) : null}
            </div>
          ))}
          {errorOf('identifiers') ? <p className="new-error">{errorOf('identifiers')}</p> : null}
          <div className="new-row">
            <Button onPress={() => changeOrder({ identifiers: [...identifiers, emptyIdentifier('')] })}>
              {t.add}
            </Button>
          </div>
        </fieldset>
      </At>
    </Section>
  );
}

/** The material. */
export function SpecimenSection() {
  const t = useWords().newCase.specimen;
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <OrderText field="specimen_id" label={t.id} isRequired />
        <OrderText field="specimen_type" label={t.type} description={t.typeHint} isRequired />
        <OrderText field="condition" label={t.condition} description={t.conditionHint} />
        <OrderDate field="collected" label={t.collected} />
        <OrderDate field="received" label={t.received} />
      </div>
    </Section>
  );
}

/** What was ordered. */
export function RequestSection() {
  const t = useWords().newCase.request;
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <OrderText field="order_id" label={t.id} isRequired />
        <OrderText field="test" label={t.test} isRequired />
        <OrderText field="code" label={t.code} />
        <OrderDate field="order_date" label={t.date} />
      </div>
    </Section>
  );
}

/** Who ordered; the clinician of the last case is offered. */
export function ClinicianSection() {
  const t = useWords().newCase.clinician;
  const { changeOrder, draft } = useForm();
  const last = readKept<Again>(useQueryClient(), lastGiven)?.clinician;
  const name = last && againName(last.clinician_family, last.clinician_given);
  const offered = last && name && draft.order.clinician_family === '';
  return (
    <Section
      title={t.title}
      actions={offered ? <Button onPress={() => changeOrder(last)}>{t.again(name)}</Button> : undefined}
    >
      <div className="new-fields">
        <OrderText field="clinician_family" label={t.family} isRequired />
        <OrderText field="clinician_given" label={t.given} />
        <OrderText field="clinician_identifier" label={t.identifier} />
        <OrderText field="organization" label={t.organization} />
      </div>
    </Section>
  );
}

/** Who tests; the laboratory of the last case is offered. */
export function LaboratorySection() {
  const t = useWords().newCase.laboratory;
  const { changeOrder, draft } = useForm();
  const last = readKept<Again>(useQueryClient(), lastGiven)?.laboratory;
  const offered = last && last.laboratory_name !== '' && draft.order.laboratory_name === '';
  return (
    <Section
      title={t.title}
      actions={
        offered ? (
          <Button onPress={() => changeOrder(last)}>{t.again(last.laboratory_name)}</Button>
        ) : undefined
      }
    >
      <div className="new-fields">
        <OrderText field="laboratory_name" label={t.name} isRequired />
        <OrderText field="laboratory_address" label={t.address} isRequired />
        <OrderText field="laboratory_contact" label={t.contact} />
        <OrderText field="laboratory_accreditation" label={t.accreditation} />
      </div>
    </Section>
  );
}
