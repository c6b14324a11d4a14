import { type FormEvent, useRef, useState } from 'react';
import { type ApiError, call, toApiError } from '../../api/client';
import { useOperation } from '../../api/hooks';
import type { SetUpOutput } from '../../api/types';
import { Button, Checkbox, ErrorState, FactList, Mono, Section, TextField } from '../../components';
import { useWords } from '../../words';
import { GateFrame } from './GateFrame';
import { lengthOf, type SetUpForm, type SetUpProblem, setUpProblems } from './passphrase';
import { RecoveryKey } from './RecoveryKey';

/** First run: makes the encrypted store and shows its recovery key once. */
export default function Setup({ onDone }: { onDone: () => void }) {
  const w = useWords();
  const t = w.gate.setUp;
  const status = useOperation('status', {});
  const [form, setForm] = useState<SetUpForm>({ user: '', name: '', passphrase: '', again: '' });
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [made, setMade] = useState<SetUpOutput | null>(null);
  const fields = useRef<HTMLFormElement>(null);

  const problems = new Set<SetUpProblem>(tried ? setUpProblems(form) : []);
  const change = (part: Partial<SetUpForm>) => setForm((before) => ({ ...before, ...part }));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setError(null);
    const wrong = setUpProblems(form)[0];
    if (wrong) {
      fields.current?.querySelector<HTMLInputElement>(`[data-field="${wrong}"] input`)?.focus();
      return;
    }
    setPending(true);
    try {
      // Not through the query client: the key must stay in this component until the person goes on.
      setMade(
        await call('set_up', { user: form.user.trim(), name: form.name.trim(), passphrase: form.passphrase }),
      );
      setForm({ user: '', name: '', passphrase: '', again: '' });
    } catch (failure) {
      setError(toApiError(failure));
    } finally {
      setPending(false);
    }
  };

  if (made) return <RecoveryKey recoveryKey={made.recovery_key} store={made.status.store} onDone={onDone} />;

  const type = shown ? 'text' : 'password';
  return (
    <GateFrame title={t.title} wide>
      <p className="gate-intro">{t.intro}</p>
      <form ref={fields} className="gate-form" onSubmit={submit} noValidate aria-label={t.title}>
        <Section title={t.you} note={t.youNote}>
          <div className="gate-two">
            <div data-field="userWrong">
              <TextField
                label={t.user}
                value={form.user}
                onChange={(user) => change({ user })}
                description={t.userHint}
                error={problems.has('userWrong') ? t.userWrong : undefined}
                isRequired
                mono
                autoComplete="username"
                autoFocus
              />
            </div>
            <div data-field="nameMissing">
              <TextField
                label={t.name}
                value={form.name}
                onChange={(name) => change({ name })}
                description={t.nameHint}
                error={problems.has('nameMissing') ? t.nameMissing : undefined}
                isRequired
                autoComplete="name"
              />
            </div>
          </div>
        </Section>
        <Section title={t.passphraseSection}>
          <div className="gate-two">
            <div data-field="passphraseShort">
              <TextField
                label={t.passphrase}
                type={type}
                value={form.passphrase}
                onChange={(passphrase) => change({ passphrase })}
                description={t.passphraseHint}
                error={
                  problems.has('passphraseShort') ? t.passphraseShort(lengthOf(form.passphrase)) : undefined
                }
                isRequired
                autoComplete="new-password"
              />
            </div>
            <div data-field="againWrong">
              <TextField
                label={t.again}
                type={type}
                value={form.again}
                onChange={(again) => change({ again })}
                error={problems.has('againWrong') ? t.againWrong : undefined}
                isRequired
                autoComplete="new-password"
              />
            </div>
          </div>
          <Checkbox isSelected={shown} onChange={setShown}>
            {t.show}
          </Checkbox>
        </Section>
        <Section title={t.encrypted}>
          <FactList facts={t.encryptedFacts.map((fact) => ({ term: fact.term, value: fact.text }))} />
        </Section>
        {status.data ? (
          <FactList facts={[{ term: t.store, value: <Mono>{status.data.store}</Mono> }]} />
        ) : null}
        {error ? <ErrorState error={error} title={t.failed} /> : null}
        <div className="gate-actions">
          <Button type="submit" variant="primary" isPending={pending}>
            {pending ? t.making : t.make}
          </Button>
        </div>
      </form>
    </GateFrame>
  );
}
