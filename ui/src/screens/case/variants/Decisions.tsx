import { useState } from 'react';
import type { DecisionView, VariantView } from '../../../api/types';
import { Button, ClassMark, ConfirmDialog, EmptyState, Tag } from '../../../components';
import { dateTime, useWords } from '../../../words';

/** Every decision on the variant, newest first, withdrawn ones too. */
export function Decisions({
  variant,
  mayDecide,
  isPending,
  onWithdraw,
}: {
  variant: VariantView;
  mayDecide: boolean;
  isPending: boolean;
  onWithdraw: (decision: DecisionView) => void;
}) {
  const w = useWords();
  const d = w.variants.decisions;
  const [asked, setAsked] = useState<DecisionView | null>(null);
  if (variant.decisions.length === 0) return <EmptyState title={d.title} text={d.none} />;
  return (
    <>
      <ol className="variants-decisions">
        {variant.decisions.map((one) => {
          const inEffect = one.id === variant.decision?.id;
          return (
            <li key={one.id} className={one.withdrawn === null ? undefined : 'variants-withdrawn'}>
              <div className="variants-decision-head">
                <ClassMark value={one.class} />
                {inEffect ? <Tag tone="accent">{d.inEffect}</Tag> : null}
                {inEffect && mayDecide ? (
                  <Button variant="quiet" isPending={isPending} onPress={() => setAsked(one)}>
                    {d.withdraw}
                  </Button>
                ) : null}
              </div>
              <p>{one.reason.trim() === '' ? d.noReason : one.reason}</p>
              <p className="variants-faint">
                {w.variants.source([
                  d.by(one.by, d.roles[one.role], dateTime(one.at)),
                  d.proposedThen(w.variants.classes[one.proposed] ?? one.proposed),
                  ...(one.withdrawn === null ? (inEffect ? [] : [d.replaced]) : [d.withdrawn(one.withdrawn)]),
                ])}
              </p>
            </li>
          );
        })}
      </ol>
      <ConfirmDialog
        title={d.withdrawTitle}
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        confirm={d.withdrawConfirm}
        variant="danger"
        isPending={isPending}
        onConfirm={() => {
          if (asked) onWithdraw(asked);
          setAsked(null);
        }}
      >
        <p>{d.withdrawText}</p>
      </ConfirmDialog>
    </>
  );
}
