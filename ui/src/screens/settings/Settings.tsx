import { useState } from 'react';
import { useAction, useOperation } from '../../api/hooks';
import type { Theme, Settings as Values } from '../../api/types';
import {
  Await,
  Button,
  Checkbox,
  ErrorState,
  FactList,
  Mono,
  Notice,
  Screen,
  Section,
  Select,
  TextField,
  useToasts,
} from '../../components';
import { useKey } from '../../keys';
import { navigate } from '../../router';
import { useWords } from '../../words';
import { AuditCheck } from './AuditCheck';
import { DataReleases } from './DataReleases';
import { type NumberProblem, numberProblems, numbersOf, withNumbers } from './form';
import { PassphraseDialog } from './PassphraseDialog';
import { ReferenceSetsList } from './ReferenceSetsList';
import './settings.css';

const themes: readonly Theme[] = ['system', 'light', 'dark', 'contrast'];

/** Window, runs, passphrase, reference sets, audit trail, about. */
export default function Settings() {
  const w = useWords();
  useKey('screen.back', () => navigate({ screen: 'worklist' }));
  const settings = useOperation('settings', {});
  const status = useOperation('status', {});
  return (
    <Screen title={w.settings.title}>
      <div className="settings">
        {status.data && status.data.warnings.length > 0 ? (
          <Notice tone="warn" title={w.settings.warnings}>
            <ul>
              {status.data.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </Notice>
        ) : null}
        <Await query={settings}>{(values) => <Fields key={JSON.stringify(values)} values={values} />}</Await>
        <PassphraseDialog user={status.data?.user ?? null} />
        <ReferenceSetsList />
        {status.data ? <DataReleases mayChange={status.data.user?.role === 'admin'} /> : null}
        <AuditCheck />
        <About />
      </div>
    </Screen>
  );
}

function Fields({ values }: { values: Values }) {
  const w = useWords();
  const t = w.settings;
  const toasts = useToasts();
  const save = useAction('set_settings', { invalidates: ['settings', 'status'] });
  const [numbers, setNumbers] = useState(() => numbersOf(values));
  const [tried, setTried] = useState(false);

  /** Saves at once; the toast takes it back. */
  const change = (next: Values, text: string) =>
    save.mutate(next, {
      onSuccess: () => toasts.show({ text, undo: () => save.mutate(values) }),
    });

  const problems = tried ? numberProblems(numbers) : new Set<NumberProblem>();
  const changed = JSON.stringify(numbers) !== JSON.stringify(numbersOf(values));
  const saveNumbers = () => {
    setTried(true);
    if (numberProblems(numbers).size === 0) change(withNumbers(values, numbers), t.saved);
  };

  return (
    <form
      className="settings-form"
      aria-label={t.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        saveNumbers();
      }}
    >
      {save.error ? <ErrorState error={save.error} title={t.notSaved} /> : null}
      <Section title={t.window}>
        <div className="settings-fields">
          <Select
            label={t.theme}
            options={themes.map((id) => ({ id, name: t.themes[id] }))}
            value={values.theme}
            onChange={(id) => {
              const theme = themes.find((name) => name === id);
              if (theme && theme !== values.theme) change({ ...values, theme }, t.themeNow(t.themes[theme]));
            }}
          />
          <TextField
            label={t.lockMinutes}
            value={numbers.lockMinutes}
            onChange={(lockMinutes) => setNumbers({ ...numbers, lockMinutes })}
            description={t.lockMinutesHint}
            error={problems.has('lockMinutes') ? t.lockMinutesWrong : undefined}
          />
        </div>
        <Checkbox
          isSelected={values.single_keys}
          onChange={(on) => change({ ...values, single_keys: on }, on ? t.singleKeysOn : t.singleKeysOff)}
          description={t.singleKeysNote}
        >
          {t.singleKeys}
        </Checkbox>
      </Section>
      <Section title={t.runs}>
        <div className="settings-fields">
          <TextField
            label={t.threads}
            value={numbers.threads}
            onChange={(threads) => setNumbers({ ...numbers, threads })}
            description={t.threadsHint}
            error={problems.has('threads') ? t.threadsWrong : undefined}
          />
          <TextField
            label={t.memory}
            value={numbers.memory}
            onChange={(memory) => setNumbers({ ...numbers, memory })}
            description={t.memoryHint}
            error={problems.has('memory') ? t.memoryWrong : undefined}
          />
        </div>
      </Section>
      <div className="settings-row">
        <Button type="submit" variant="primary" isDisabled={!changed} isPending={save.isPending}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

function About() {
  const w = useWords();
  const t = w.settings;
  const status = useOperation('status', {});
  return (
    <Section title={t.about}>
      {status.data ? (
        <FactList
          facts={[
            { term: t.version, value: <Mono>{status.data.version}</Mono> },
            { term: t.store, value: <Mono>{status.data.store}</Mono> },
            ...(status.data.user
              ? [{ term: t.person, value: `${status.data.user.name}, ${t.roles[status.data.user.role]}` }]
              : []),
          ]}
        />
      ) : null}
      <h3 className="settings-sub">{t.limitsTitle}</h3>
      <ul className="settings-limits">
        {t.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
      <h3 className="settings-sub">{t.licences}</h3>
      <FactList facts={Object.values(t.licence).map(({ term, text }) => ({ term, value: text }))} />
    </Section>
  );
}
