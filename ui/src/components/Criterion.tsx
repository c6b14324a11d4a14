import type { ReactNode } from 'react';
import { useWords } from '../words';
import { classes } from './classes';
import { signed } from './classification';

/** State of a criterion. */
export type CriterionState = 'met' | 'not_met' | 'not_applicable' | 'not_evaluated';

/** The criteria of a variant. */
export function CriterionList({ children }: { children: ReactNode }) {
  return <ul className="criteria">{children}</ul>;
}

/** A criterion with its points, its sentence and its source; one that was not met says so. */
export function Criterion({
  code,
  strength,
  points,
  why,
  source,
  state,
  beside,
  actions,
}: {
  code: string;
  strength?: string;
  points: number | null;
  why: ReactNode;
  source?: ReactNode;
  state: CriterionState;
  /** What stands beside it: what rules say, what is proposed. */
  beside?: ReactNode;
  /** What a person may do with it. */
  actions?: ReactNode;
}) {
  const w = useWords();
  const met = state === 'met';
  return (
    <li className={classes('criterion', !met && 'criterion-off')}>
      <span className="criterion-code">
        {code}
        {strength ? ` ${strength}` : ''}
      </span>
      <span className="criterion-points">
        {met && points !== null ? (
          signed(points)
        ) : (
          <>
            <span aria-hidden="true">–</span>
            <span className="reader-only">{w.common.criterion.noPoints}</span>
          </>
        )}
      </span>
      <span className="criterion-why">
        {state === 'met' ? null : <strong>{`${w.common.criterion[state]}: `}</strong>}
        {why}
        {source ? <span className="criterion-source"> {source}</span> : null}
      </span>
      {beside ? <div className="criterion-beside">{beside}</div> : null}
      {actions ? <div className="criterion-actions">{actions}</div> : null}
    </li>
  );
}
