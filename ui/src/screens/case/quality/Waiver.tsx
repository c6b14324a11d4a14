import { useState } from 'react';
import type { OperationName } from '../../../api/client';
import { useAction } from '../../../api/hooks';
import type { CheckView } from '../../../api/types';
import { Button, ConfirmDialog, TextField, useToasts } from '../../../components';
import { dateTime, useWords } from '../../../words';

const CHANGED: readonly OperationName[] = ['quality', 'reports', 'case', 'history'];

/** What stands of a failed check of identity: who waived it and why, or the way to do so. */
export function Waiver({ caseId, check }: { caseId: string; check: CheckView }) {
  const w = useWords();
  const q = w.quality;
  const toasts = useToasts();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const waive = useAction('waive', { invalidates: CHANGED });
  const withdraw = useAction('withdraw_waiver', { invalidates: CHANGED });
  const { waiver } = check;
  if (waiver === null && !check.withholds) return null;
  const close = () => {
    setOpen(false);
    setReason('');
    setTried(false);
    waive.reset();
    withdraw.reset();
  };
  const confirm = () => {
    setTried(true);
    const why = reason.trim();
    if (why === '') return;
    const done = (text: string) => ({
      onSuccess: () => {
        toasts.show({ text });
        close();
      },
    });
    if (waiver === null) {
      waive.mutate({ case: caseId, check: check.name, reason: why }, done(q.waivedToast(check.name)));
    } else {
      withdraw.mutate({ case: caseId, waiver: waiver.id, reason: why }, done(q.unwaivedToast(check.name)));
    }
  };
  return (
    <span className="quality-waiver">
      {waiver === null ? null : (
        <>
          <strong>{q.waived(waiver.by, dateTime(waiver.at))}</strong> <span>{waiver.reason}</span>
        </>
      )}
      <Button onPress={() => setOpen(true)}>{waiver === null ? q.waive(check.name) : q.unwaive}</Button>
      {open ? (
        <ConfirmDialog
          title={waiver === null ? q.waiveTitle(check.name) : q.unwaiveTitle(check.name)}
          isOpen
          onClose={close}
          confirm={waiver === null ? q.waiveConfirm : q.unwaiveConfirm}
          isPending={waive.isPending || withdraw.isPending}
          error={waive.error ?? withdraw.error}
          onConfirm={confirm}
        >
          <div className="quality-waive">
            <p>{waiver === null ? check.reason : q.unwaiveText}</p>
            <TextField
              label={waiver === null ? q.waiveReason : q.reason}
              value={reason}
              onChange={setReason}
              multiline={3}
              isRequired
              description={waiver === null ? q.waiveReasonHint : undefined}
              error={tried && reason.trim() === '' ? q.waiveReasonMissing : null}
            />
          </div>
        </ConfirmDialog>
      ) : null}
    </span>
  );
}
