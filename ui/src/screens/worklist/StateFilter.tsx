import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { CaseState, StateCount } from '../../api/types';
import { number, useWords } from '../../words';
import { allStates, countAll, countOf } from './query';

/** States as switches with the number of cases in each; none chosen: all. */
export function StateFilter({
  chosen,
  counts,
  onChange,
}: {
  chosen: readonly CaseState[];
  counts: readonly StateCount[];
  onChange: (states: CaseState[]) => void;
}) {
  const w = useWords();
  const t = w.worklist;
  const all = 'all';
  const keys = chosen.length === 0 ? [all] : chosen;
  return (
    <ToggleButtonGroup
      className="worklist-states"
      aria-label={t.states}
      selectionMode="multiple"
      selectedKeys={keys}
      onSelectionChange={(next) => {
        const picked = allStates.filter((name) => next.has(name));
        const wasAll = chosen.length === 0;
        onChange(next.has(all) && !wasAll ? [] : picked);
      }}
    >
      <ToggleButton id={all} className="worklist-state">
        {t.allStates} <span className="worklist-count">{number(countAll(counts))}</span>
      </ToggleButton>
      {allStates.map((name) => (
        <ToggleButton key={name} id={name} className="worklist-state">
          {t.state[name]} <span className="worklist-count">{number(countOf(counts, name))}</span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
