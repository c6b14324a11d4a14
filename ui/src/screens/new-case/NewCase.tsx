import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { type ApiError, call, toApiError } from '../../api/client';
import { useAction } from '../../api/hooks';
import type { OrderForm } from '../../api/types';
import { Button, Dialog, ErrorState, Notice, Screen, useToasts } from '../../components';
import { useKey } from '../../keys';
import { navigate } from '../../router';
import { useWords } from '../../words';
import { forget, keep, useKept } from '../gate/kept';
import { againOf, lastGiven } from './again';
import {
  byField,
  type Draft,
  emptyDraft,
  type Field,
  isTouched,
  localProblems,
  orderOf,
  toNewCase,
} from './draft';
import { FilesSection } from './FilesSection';
import { type Form, FormContext } from './form';
import { ConsentSection, GenesSection, IndicationSection, MedicinesSection } from './IndicationSections';
import { fieldLabels, fieldOrder } from './labels';
import {
  ClinicianSection,
  IdentitySection,
  LaboratorySection,
  PatientSection,
  RequestSection,
  SpecimenSection,
} from './OrderSections';
import { ProblemSummary } from './ProblemSummary';
import { FurtherSection, SampleSection } from './SampleSection';
import { useOrderCheck } from './useOrderCheck';
import './new-case.css';

const name = 'new-case';

/** The host's words, as `is needed`, begin a line of their own beside a field. */
function sentence(words: string | undefined): string | undefined {
  return words === undefined ? undefined : words.charAt(0).toUpperCase() + words.slice(1);
}

/** A new case: files, accession, reference set, order. */
export default function NewCase() {
  const w = useWords();
  const t = w.newCase;
  const client = useQueryClient();
  const toasts = useToasts();
  const [draft, setDraft] = useKept<Draft>(name, emptyDraft());
  const [wasKept] = useState(() => isTouched(draft));
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set());
  const [tried, setTried] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [checking, setChecking] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const page = useRef<HTMLDivElement>(null);
  const summary = useRef<HTMLElement>(null);

  const change = useCallback<Form['change']>(
    (part) => setDraft((before) => (typeof part === 'function' ? part(before) : { ...before, ...part })),
    [setDraft],
  );
  const changeOrder = useCallback(
    (part: Partial<OrderForm>) => setDraft((before) => ({ ...before, order: { ...before.order, ...part } })),
    [setDraft],
  );
  const leave = useCallback(
    (field: Field) => setLeft((before) => (before.has(field) ? before : new Set([...before, field]))),
    [],
  );

  const save = useAction('new_case', { invalidates: ['cases', 'queue'] });
  const check = useOrderCheck(draft.identified ? orderOf(draft) : null);

  const problems = useMemo(() => {
    const words = {
      files: t.files.missing,
      mixed: t.files.mixed,
      pathsLeft: t.files.pathsLeft,
      hpoLeft: t.indication.hpoLeft,
      accessionMissing: t.sample.accessionMissing,
      accessionWrong: t.sample.accessionWrong,
      setMissing: t.sample.setMissing,
    };
    const local = Object.fromEntries(
      Object.entries(localProblems(draft)).map(([field, problem]) => [field, words[problem]]),
    ) as Partial<Record<Field, string>>;
    const host = byField(draft.identified ? check.problems : []);
    const refused =
      failure?.code === 'invalid_input' && failure.place
        ? byField([{ place: failure.place, words: failure.message }])
        : { fields: {}, others: [] };
    return { fields: { ...refused.fields, ...host.fields, ...local }, others: host.others };
  }, [draft, check.problems, failure, t]);

  const errorOf = useCallback(
    (field: Field) => (tried || left.has(field) ? sentence(problems.fields[field]) : undefined),
    [tried, left, problems],
  );

  const form = useMemo<Form>(
    () => ({ draft, change, changeOrder, errorOf, leave }),
    [draft, change, changeOrder, errorOf, leave],
  );

  const go = (field: Field) => {
    const place = page.current?.querySelector<HTMLElement>(`[data-field="${field}"]`);
    const control = place?.querySelector<HTMLElement>(
      'input, textarea, button, [role="spinbutton"], [tabindex="0"]',
    );
    place?.scrollIntoView({ block: 'center' });
    control?.focus({ preventScroll: true });
  };

  const submit = async (start: boolean) => {
    if (save.isPending || checking) return;
    setTried(true);
    setFailure(null);
    setChecking(true);
    const verdict = await check.now();
    setChecking(false);
    if (Object.keys(localProblems(draft)).length > 0 || verdict.problems.length > 0 || verdict.error) {
      // Drawn first: the list appears with this press.
      requestAnimationFrame(() => summary.current?.focus());
      return;
    }
    try {
      const input = toNewCase(draft, start);
      if (input.order && input.order.genes.length > 0) {
        // Sent in the spelling that the page has shown: `brca1` would be ordered and not found.
        const { known, unknown } = await call('genes', {
          reference_set: input.reference_set,
          text: draft.geneText,
        });
        input.order.genes = [...known, ...unknown];
      }
      const made = await save.mutateAsync(input);
      if (input.order) keep(client, lastGiven, againOf(input.order));
      forget(client, name);
      toasts.show({ text: start ? t.savedAndQueued(input.sample) : t.saved(input.sample) });
      navigate(start ? { screen: 'queue' } : { screen: 'case', caseId: made.case, tab: 'overview' });
    } catch (cause) {
      setFailure(toApiError(cause));
      requestAnimationFrame(() => summary.current?.focus());
    }
  };

  const back = () => navigate({ screen: 'worklist' });
  const discard = () => {
    setDraft({ ...emptyDraft(), referenceSet: draft.referenceSet });
    setTried(false);
    setLeft(new Set());
    setFailure(null);
  };
  const touched = isTouched(draft);
  useKey('screen.back', () => (touched ? setLeaving(true) : back()));
  useKey('newCase.save', () => void submit(false));
  useKey('newCase.saveAndRun', () => void submit(true));

  const labels = fieldLabels(w);
  const listed = fieldOrder.flatMap((field) => {
    const words = problems.fields[field];
    return words === undefined ? [] : [{ field, label: labels[field], words }];
  });

  const buttons = (
    <>
      <Button onPress={() => void submit(false)} isDisabled={save.isPending || checking} keys="newCase.save">
        {t.save}
      </Button>
      <Button
        variant="primary"
        onPress={() => void submit(true)}
        isPending={save.isPending || checking}
        keys="newCase.saveAndRun"
      >
        {save.isPending ? t.saving : t.saveAndRun}
      </Button>
    </>
  );

  return (
    <Screen title={t.title} actions={buttons}>
      <FormContext value={form}>
        <div className="new" ref={page}>
          {wasKept && touched ? (
            <Notice tone="plain" title={t.kept} action={<Button onPress={discard}>{t.clear}</Button>} />
          ) : null}
          {failure ? <ErrorState error={failure} title={t.notSaved} /> : null}
          {tried ? (
            <ProblemSummary problems={listed} others={problems.others} onGo={go} ref={summary} />
          ) : null}
          <FilesSection />
          <SampleSection />
          <FurtherSection />
          <IdentitySection />
          {draft.identified ? (
            <>
              {check.error ? <ErrorState error={check.error} /> : null}
              <PatientSection />
              <SpecimenSection />
              <RequestSection />
              <ClinicianSection />
              <LaboratorySection />
              <IndicationSection />
              <GenesSection />
              <MedicinesSection />
              <ConsentSection />
            </>
          ) : (
            <Notice tone="warn" title={t.identity.unidentifiedTitle}>
              <p>{t.identity.unidentifiedNote}</p>
              <p>{t.identity.unidentifiedKept}</p>
            </Notice>
          )}
        </div>
      </FormContext>
      <Dialog
        title={t.leave.title}
        isOpen={leaving}
        onClose={() => setLeaving(false)}
        actions={
          <>
            <Button onPress={() => setLeaving(false)} autoFocus>
              {t.leave.stay}
            </Button>
            <Button
              variant="danger"
              onPress={() => {
                forget(client, name);
                back();
              }}
            >
              {t.leave.discard}
            </Button>
            <Button variant="primary" onPress={back}>
              {t.leave.keep}
            </Button>
          </>
        }
      >
        <p>{t.leave.text}</p>
      </Dialog>
    </Screen>
  );
}
