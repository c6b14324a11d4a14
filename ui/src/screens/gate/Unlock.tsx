import { type FormEvent, useRef, useState } from 'react';
import { type ApiError, call, toApiError } from '../../api/client';
import { useOperation } from '../../api/hooks';
import type { Status } from '../../api/types';
import {
  Await,
  Button,
  Checkbox,
  ErrorState,
  FactList,
  Mono,
  Notice,
  Select,
  TextField,
} from '../../components';
import { useWords } from '../../words';
import { GateFrame } from './GateFrame';

/** The store is locked: who, and the passphrase or the recovery key. */
export default function Unlock({ onDone }: { onDone: () => void }) {
  const w = useWords();
  const status = useOperation('status', {});
  return (
    <GateFrame title={w.gate.unlock.title}>
      <Await query={status}>{(data) => <UnlockForm status={data} onDone={onDone} />}</Await>
    </GateFrame>
  );
}

function UnlockForm({ status, onDone }: { status: Status; onDone: () => void }) {
  const w = useWords();
  const t = w.gate.unlock;
  const people = status.people;
  const [user, setUser] = useState<string | null>(people[0]?.id ?? null);
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState(false);
  const [pending, setPending] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const input = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    if (passphrase === '' || user === null) {
      setWrong(t.missing);
      input.current?.focus();
      return;
    }
    setPending(true);
    try {
      await call('unlock', { user, passphrase });
      setPassphrase('');
      onDone();
    } catch (failure) {
      const problem = toApiError(failure);
      if (problem.code === 'wrong_passphrase') setWrong(t.wrong);
      else setError(problem);
      setPending(false);
      // After the field is enabled again: the person types the next attempt over this one.
      requestAnimationFrame(() => {
        input.current?.focus();
        input.current?.select();
      });
    }
  };

  const why =
    status.locked_by === 'idle'
      ? t.idle(status.lock_minutes)
      : status.locked_by === 'asked'
        ? t.asked
        : t.started;
  return (
    <form className="gate-form" onSubmit={submit} noValidate aria-label={t.title}>
      <p className="gate-intro">
        {why} {status.locked_by ? t.runsGoOn : null}
      </p>
      {status.warnings.length > 0 ? (
        <Notice tone="warn" title={t.warnings}>
          <ul className="gate-list">
            {status.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <Select
        label={t.person}
        options={people.map((person) => ({ id: person.id, name: person.name, note: person.id }))}
        value={user}
        onChange={setUser}
        isRequired
      />
      <TextField
        label={t.passphrase}
        type={shown ? 'text' : 'password'}
        value={passphrase}
        onChange={(text) => {
          setPassphrase(text);
          setWrong(null);
        }}
        error={wrong ?? undefined}
        isRequired
        autoFocus
        autoComplete="current-password"
        inputRef={input}
      />
      <Checkbox isSelected={shown} onChange={setShown}>
        {t.show}
      </Checkbox>
      {error ? <ErrorState error={error} title={t.failed} /> : null}
      <div className="gate-actions">
        <Button type="submit" variant="primary" isPending={pending}>
          {pending ? t.unlocking : t.unlock}
        </Button>
      </div>
      <FactList
        facts={[
          { term: t.forgotten, value: t.forgottenText },
          { term: t.store, value: <Mono>{status.store}</Mono> },
        ]}
      />
    </form>
  );
}
