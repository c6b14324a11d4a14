import { useState } from 'react';
import type { ApiError } from '../../../api/client';
import type { VariantView } from '../../../api/types';
import { ConfirmDialog, RadioGroup, TextField, type VariantClass } from '../../../components';
import { useWords } from '../../../words';
import { nameOf } from './columns';
import { needOf, proposedOf, refusal } from './decision';
import { CLASSES } from './filter';

/** Asks for class and reason and waits for a confirmation: a class never changes by one key. */
export function DecisionDialog({
  variant,
  initial,
  isPending,
  error,
  onDecide,
  onClose,
}: {
  variant: VariantView;
  /** The class that is chosen when the dialog opens. */
  initial: VariantClass | null;
  isPending: boolean;
  error: ApiError | null;
  onDecide: (chosen: VariantClass, reason: string) => void;
  onClose: () => void;
}) {
  const w = useWords();
  const d = w.variants.dialog;
  const [chosen, setChosen] = useState<VariantClass | null>(initial);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const proposed = proposedOf(variant);
  const need = chosen === null ? 'nothing' : needOf(variant, chosen);
  const why = refusal(variant, chosen, reason);
  const wanted =
    need === 'reason'
      ? d.reasonNeeded
      : need === 'reason_unclassified'
        ? d.reasonUnclassified
        : d.reasonOptional;
  return (
    <ConfirmDialog
      title={d.title(nameOf(variant.row))}
      isOpen
      onClose={onClose}
      confirm={chosen === null ? d.confirmNone : d.confirm(w.variants.classes[chosen] ?? chosen)}
      isPending={isPending}
      error={error}
      onConfirm={() => {
        setTried(true);
        if (chosen !== null && why === null) onDecide(chosen, reason.trim());
      }}
    >
      <div className="variants-decide">
        <RadioGroup<VariantClass>
          label={d.class}
          value={chosen}
          onChange={setChosen}
          options={CLASSES.flatMap((id) =>
            id === 'not_classified'
              ? []
              : [
                  {
                    id,
                    name: w.variants.classes[id] ?? id,
                    note:
                      [
                        ...(id === proposed ? [d.proposed] : []),
                        ...(id === variant.decision?.class ? [d.inEffect] : []),
                      ].join(' · ') || undefined,
                  },
                ],
          )}
          error={tried && why === 'no_class' ? d.refusals.no_class : null}
        />
        <TextField
          label={d.reason}
          value={reason}
          onChange={setReason}
          multiline={3}
          isRequired={need !== 'nothing'}
          description={wanted}
          error={tried && why === 'reason_missing' ? d.refusals.reason_missing : null}
        />
        {tried && why === 'unchanged' ? (
          <p className="variants-refusal" role="alert">
            {d.refusals.unchanged}
          </p>
        ) : null}
        <p className="variants-faint">{d.draft}</p>
      </div>
    </ConfirmDialog>
  );
}
