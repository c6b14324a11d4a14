import type { StageView } from '../../api/types';
import { ProgressBar } from '../../components';
import { duration, list, useWords, type Words } from '../../words';

const marks: Record<StageView['state'], string> = {
  waiting: '○',
  working: '◐',
  done: '●',
  resumed: '●',
  skipped: '–',
  failed: '✕',
};

/** What is known of a stage: state, percent, time left or time taken. */
export function stageWords(stage: StageView, w: Words): string {
  const t = w.queue;
  const said = [t.stageState[stage.state]];
  if (stage.state === 'working') {
    if (stage.percent !== null) said.push(t.percent(Math.floor(stage.percent)));
    said.push(stage.seconds_left === null ? t.leftUnknown : t.left(duration(stage.seconds_left)));
  } else if (stage.state === 'done' && stage.seconds !== null) {
    said.push(t.took(duration(stage.seconds)));
  }
  return said.join(', ');
}

/** The stages of a run in their order, each with its state in a word and a shape. */
export function Stages({ label, stages }: { label: string; stages: readonly StageView[] }) {
  const w = useWords();
  return (
    <ol className="queue-stages" aria-label={label}>
      {stages.map((stage) => (
        <li
          key={stage.name}
          className={`queue-stage queue-stage-${stage.state}`}
          aria-current={stage.state === 'working' ? 'step' : undefined}
        >
          <span className="queue-mark" aria-hidden="true">
            {marks[stage.state]}
          </span>
          <span className="queue-stage-name">{stage.words}</span>
          <span className="queue-stage-state">{stageWords(stage, w)}</span>
          {stage.state === 'working' ? (
            <span className="queue-bar">
              <ProgressBar
                label={list([stage.words])}
                labelHidden
                value={stage.percent === null ? null : stage.percent / 100}
              />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
