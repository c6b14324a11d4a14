import { useState } from 'react';
import type { ApiError } from '../../../api/client';
import type { CriterionSetting, CriterionView, StrengthStep } from '../../../api/types';
import { ConfirmDialog, RadioGroup, Select, TextField } from '../../../components';
import { useWords } from '../../../words';
import { type Choice, initial, isProposed, refusal, strengthsOf } from './criteria';

/** Asks how a criterion is set, and why, and waits for a confirmation. */
export function CriterionDialog({
  criterion,
  name,
  isPending,
  error,
  onSet,
  onClose,
}: {
  criterion: CriterionView;
  /** Of the variant. */
  name: string;
  isPending: boolean;
  error: ApiError | null;
  onSet: (choice: Choice) => void;
  onClose: () => void;
}) {
  const w = useWords();
  const c = w.criteria;
  const [choice, setChoice] = useState<Choice>(() => initial(criterion));
  const [tried, setTried] = useState(false);
  const why = refusal(criterion, choice);
  const byRules = criterion.automatic ?? criterion;
  const proposed = isProposed(criterion, choice);
  return (
    <ConfirmDialog
      title={c.title(criterion.code, name)}
      isOpen
      onClose={onClose}
      confirm={c.set}
      isPending={isPending}
      error={error}
      onConfirm={() => {
        setTried(true);
        if (why === null) onSet(choice);
      }}
    >
      <div className="variants-decide">
        <p className="variants-soft">{c.byRules(w.common.criterion[byRules.state], byRules.sentence)}</p>
        {criterion.proposal ? (
          <p className="variants-soft">{c.proposed(criterion.proposal.label, criterion.proposal.sentence)}</p>
        ) : null}
        <RadioGroup<CriterionSetting>
          label={c.setting}
          value={choice.setting}
          onChange={(setting) => setChoice({ ...choice, setting })}
          options={(['met', 'not_met', 'not_applicable'] as const).map((id) => ({
            id,
            name: w.common.criterion[id],
          }))}
          error={tried && why === 'no_setting' ? c.refusals.no_setting : null}
        />
        {choice.setting === 'met' ? (
          <Select<StrengthStep>
            label={c.strength}
            value={choice.strength}
            onChange={(strength) => setChoice({ ...choice, strength })}
            options={strengthsOf(criterion.code).map((id) => ({ id, name: c.strengths[id] }))}
            isRequired
            error={tried && why === 'no_strength' ? c.refusals.no_strength : null}
          />
        ) : null}
        <TextField
          label={c.reason}
          value={choice.reason}
          onChange={(reason) => setChoice({ ...choice, reason })}
          multiline={3}
          isRequired={!proposed}
          description={proposed ? c.reasonProposed : c.reasonNeeded}
          error={tried && why === 'reason_missing' ? c.refusals.reason_missing : null}
        />
        {tried && why === 'unchanged' ? (
          <p className="variants-refusal" role="alert">
            {c.refusals.unchanged}
          </p>
        ) : null}
        <p className="variants-faint">{c.stays}</p>
      </div>
    </ConfirmDialog>
  );
}
