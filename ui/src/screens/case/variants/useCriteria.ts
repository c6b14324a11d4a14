import { useState } from 'react';
import type { OperationName } from '../../../api/client';
import { useAction } from '../../../api/hooks';
import type { CriterionView, EvidenceEntry, VariantView } from '../../../api/types';
import { useToasts } from '../../../components';
import { useWords } from '../../../words';
import type { Choice } from './criteria';

const CHANGED: readonly OperationName[] = ['variant', 'variants', 'case', 'cases', 'reports', 'history'];

/** Setting criteria, entering evidence, and taking both back. `after` runs when the host has answered. */
export function useCriteria(caseId: string, after: () => void) {
  const w = useWords();
  const toasts = useToasts();
  const [asked, setAsked] = useState<{ variant: VariantView; criterion: CriterionView } | null>(null);
  const [entering, setEntering] = useState<VariantView | null>(null);
  const set = useAction('set_criterion', { invalidates: CHANGED });
  const withdraw = useAction('withdraw_criterion', { invalidates: CHANGED });
  const enter = useAction('enter_evidence', { invalidates: CHANGED });
  const remove = useAction('withdraw_evidence', { invalidates: CHANGED });
  const c = w.criteria;
  const failed = (error: { message: string }) =>
    toasts.show({ text: error.message || w.common.unknownTitle, tone: 'fail' });

  const takeBack = (variant: VariantView, code: string, decision: string) =>
    withdraw.mutate(
      { case: caseId, variant: variant.row.id, decision },
      {
        onSuccess: () => {
          toasts.show({ text: c.withdrawnToast(code) });
          after();
        },
        onError: failed,
      },
    );
  const send = (variant: VariantView, criterion: CriterionView, choice: Choice, quiet: boolean) => {
    if (choice.setting === null) return;
    set.mutate(
      {
        case: caseId,
        variant: variant.row.id,
        code: criterion.code,
        setting: choice.setting,
        strength: choice.setting === 'met' ? choice.strength : null,
        reason: choice.reason.trim(),
      },
      {
        onSuccess: (view) => {
          setAsked(null);
          const row = view.classification?.criteria.find((one) => one.code === criterion.code);
          const decision = row?.decision;
          toasts.show({
            text: c.setToast(row?.label ?? criterion.code, w.common.criterion[row?.state ?? 'not_evaluated']),
            undo: decision ? () => takeBack(view, criterion.code, decision.id) : undefined,
          });
          after();
        },
        onError: quiet ? failed : undefined,
      },
    );
  };

  return {
    asked,
    entering,
    isPending: set.isPending || withdraw.isPending || enter.isPending || remove.isPending,
    setError: set.error,
    enterError: enter.error,
    /** Opens the dialog; nothing is set before it is confirmed. */
    ask: (variant: VariantView, criterion: CriterionView) => {
      set.reset();
      setAsked({ variant, criterion });
    },
    /** Opens the form of evidence. */
    askEvidence: (variant: VariantView) => {
      enter.reset();
      setEntering(variant);
    },
    close: () => {
      setAsked(null);
      setEntering(null);
    },
    set: (choice: Choice) => {
      if (asked) send(asked.variant, asked.criterion, choice, false);
    },
    /** Takes over what the evidence proposes. */
    confirm: (variant: VariantView, criterion: CriterionView) =>
      send(
        variant,
        criterion,
        { setting: 'met', strength: criterion.proposal?.strength ?? null, reason: '' },
        true,
      ),
    withdraw: takeBack,
    enter: (entry: EvidenceEntry) => {
      if (!entering) return;
      enter.mutate(
        { case: caseId, variant: entering.row.id, entry },
        {
          onSuccess: () => {
            setEntering(null);
            toasts.show({ text: c.enteredToast });
            after();
          },
        },
      );
    },
    removeEvidence: (variant: VariantView, evidence: string) =>
      remove.mutate(
        { case: caseId, variant: variant.row.id, evidence },
        {
          onSuccess: () => {
            toasts.show({ text: c.removedToast });
            after();
          },
          onError: failed,
        },
      ),
  };
}

/** What {@link useCriteria} gives. */
export type Criteria = ReturnType<typeof useCriteria>;
