import { useState } from 'react';
import type { OperationName } from '../../../api/client';
import { useAction } from '../../../api/hooks';
import type { ClassStep, VariantView } from '../../../api/types';
import { useToasts, type VariantClass } from '../../../components';
import { useWords } from '../../../words';
import { nameOf } from './columns';

const CHANGED: readonly OperationName[] = ['variant', 'variants', 'case', 'cases', 'reports', 'history'];

/** Deciding on a class and taking it back. `after` runs when the host has answered. */
export function useDecisions(caseId: string, after: () => void) {
  const w = useWords();
  const toasts = useToasts();
  const [asked, setAsked] = useState<{ variant: VariantView; initial: VariantClass | null } | null>(null);
  const decide = useAction('decide', { invalidates: CHANGED });
  const withdraw = useAction('withdraw', { invalidates: CHANGED });

  const takeBack = (variant: VariantView, decision: string) =>
    withdraw.mutate(
      { case: caseId, decision },
      {
        onSuccess: () => {
          toasts.show({ text: w.variants.undone(nameOf(variant.row)) });
          after();
        },
        onError: (error) => toasts.show({ text: error.message || w.common.unknownTitle, tone: 'fail' }),
      },
    );

  return {
    asked,
    isPending: decide.isPending || withdraw.isPending,
    error: decide.error,
    /** Opens the dialog; nothing is decided before it is confirmed. */
    ask: (variant: VariantView, chosen: ClassStep | null) => {
      decide.reset();
      setAsked({ variant, initial: chosen === 'not_classified' ? null : chosen });
    },
    close: () => setAsked(null),
    decide: (chosen: VariantClass, reason: string) => {
      if (!asked) return;
      decide.mutate(
        { case: caseId, variant: asked.variant.row.id, class: chosen, reason },
        {
          onSuccess: (view) => {
            const decision = view.decision;
            setAsked(null);
            toasts.show({
              text: w.variants.decidedToast(w.variants.classes[chosen] ?? chosen, nameOf(view.row)),
              undo: decision ? () => takeBack(view, decision.id) : undefined,
            });
            after();
          },
        },
      );
    },
    withdraw: takeBack,
  };
}
