import { useState } from 'react';
import { useAction } from '../../api/hooks';
import type { UserView } from '../../api/types';
import { Button, Dialog, ErrorState, Section, TextField, useToasts } from '../../components';
import { useWords } from '../../words';
import { type ChangeProblem, changeProblems } from '../gate/passphrase';

const nothing = { old: '', fresh: '', again: '' };

/** Change of the own passphrase. */
export function PassphraseDialog({ user }: { user: UserView | null }) {
  const w = useWords();
  const t = w.settings;
  const toasts = useToasts();
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState(nothing);
  const [tried, setTried] = useState(false);
  const close = () => {
    setOpen(false);
    setForm(nothing);
    setTried(false);
    change.reset();
  };
  const change = useAction('change_passphrase', {
    invalidates: [],
    onSuccess: () => {
      toasts.show({ text: t.changed });
      setOpen(false);
      setForm(nothing);
      setTried(false);
    },
  });
  const problems = new Set<ChangeProblem>(tried ? changeProblems(form) : []);
  const submit = () => {
    setTried(true);
    if (changeProblems(form).length === 0) change.mutate({ old: form.old, new: form.fresh });
  };
  const wrong = change.error?.code === 'wrong_passphrase';
  return (
    <Section title={t.passphrase} note={user ? t.passphraseText(user.name) : undefined}>
      <div className="settings-row">
        <Button onPress={() => setOpen(true)}>{t.changePassphrase}</Button>
      </div>
      <Dialog
        title={t.changeTitle}
        isOpen={open}
        onClose={close}
        actions={
          <>
            <Button onPress={close}>{w.common.cancel}</Button>
            <Button variant="primary" onPress={submit} isPending={change.isPending}>
              {t.change}
            </Button>
          </>
        }
      >
        <div className="settings-stack">
          <TextField
            label={t.oldPassphrase}
            type="password"
            value={form.old}
            onChange={(old) => {
              setForm({ ...form, old });
              if (wrong) change.reset();
            }}
            description={t.oldHint}
            error={problems.has('oldMissing') ? t.oldMissing : wrong ? t.oldWrong : undefined}
            isRequired
            autoFocus
            autoComplete="current-password"
            onSubmit={submit}
          />
          <TextField
            label={t.newPassphrase}
            type="password"
            value={form.fresh}
            onChange={(fresh) => setForm({ ...form, fresh })}
            description={t.newHint}
            error={problems.has('newShort') ? t.newShort : problems.has('newSame') ? t.newSame : undefined}
            isRequired
            autoComplete="new-password"
            onSubmit={submit}
          />
          <TextField
            label={t.again}
            type="password"
            value={form.again}
            onChange={(again) => setForm({ ...form, again })}
            error={problems.has('againWrong') ? t.againWrong : undefined}
            isRequired
            autoComplete="new-password"
            onSubmit={submit}
          />
          {change.error && !wrong ? <ErrorState error={change.error} /> : null}
        </div>
      </Dialog>
    </Section>
  );
}
