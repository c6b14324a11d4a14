import { type ReactNode, useRef } from 'react';
import { number, useWords } from '../words';
import { classes } from './classes';

/** A step of the filter: what it kept, and what it dropped and why. */
export type FunnelStep = {
  id: string;
  label: string;
  kept: number;
  /** Said instead of the dropped count, for the first step. */
  note?: string;
  dropped?: number;
  reasons?: readonly { id: string; text: string; count: number }[];
};

/** Every variant accounted for, step by step. With `onSelect` each step that dropped something is a button. */
export function Funnel({
  steps,
  selected,
  onSelect,
  preset,
}: {
  steps: readonly FunnelStep[];
  selected?: string | null;
  onSelect?: (id: string) => void;
  preset?: { name: string; note: ReactNode };
}) {
  const w = useWords();
  const list = useRef<HTMLOListElement>(null);
  const body = (step: FunnelStep) => {
    const reasons = (step.reasons ?? []).filter((reason) => reason.count > 0);
    const only = reasons.length === 1 ? reasons[0] : undefined;
    const why = only
      ? w.common.funnel.reason(only.count, only.text)
      : step.dropped
        ? [
            w.common.funnel.dropped(step.dropped),
            reasons.map((reason) => w.common.funnel.reason(reason.count, reason.text)).join(', '),
          ]
            .filter(Boolean)
            .join(': ')
        : (step.note ?? w.common.funnel.none);
    return (
      <>
        <span className="funnel-label">{step.label}</span>
        <span className="funnel-kept">{number(step.kept)}</span>
        <span className="funnel-why">{why}</span>
      </>
    );
  };
  return (
    <section className="funnel" aria-label={w.common.funnel.label}>
      <ol className="funnel-steps" ref={list}>
        {steps.map((step) => (
          <li key={step.id} className={classes('funnel-step', selected === step.id && 'funnel-on')}>
            {onSelect && step.dropped ? (
              <button
                type="button"
                className="funnel-button"
                aria-pressed={selected === step.id}
                onClick={() => onSelect(step.id)}
              >
                {body(step)}
              </button>
            ) : (
              <div className="funnel-button">{body(step)}</div>
            )}
          </li>
        ))}
      </ol>
      {preset ? (
        <div className="funnel-preset">
          <strong>{preset.name}</strong>
          <span>{preset.note}</span>
        </div>
      ) : null}
    </section>
  );
}
