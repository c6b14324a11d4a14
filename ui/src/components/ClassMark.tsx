import { useWords } from '../words';
import { classes } from './classes';
import { type ClassStep, markSteps } from './classification';

/** A class: position on five steps, the word, then colour. */
export function ClassMark({
  value,
  size = 's',
  short,
  note,
}: {
  value: ClassStep;
  size?: 's' | 'l';
  short?: boolean;
  note?: string;
}) {
  const w = useWords();
  const name = w.common.class[value];
  const shown = short ? w.common.classShort[value] : name;
  return (
    <span className={classes('class', `class-${value}`, size === 'l' && 'class-large')}>
      <svg width="46" height="10" viewBox="0 0 46 10" aria-hidden="true">
        {markSteps(value).map((step) => (
          <rect
            key={step.x}
            x={step.x}
            y={step.y}
            width={step.width}
            height={step.height}
            rx="1"
            className={step.on ? 'class-on' : 'class-off'}
          />
        ))}
      </svg>
      {shown === name ? (
        <span>{name}</span>
      ) : (
        <>
          <abbr className="class-word" title={name} aria-hidden="true">
            {shown}
          </abbr>
          <span className="reader-only">{name}</span>
        </>
      )}
      {note ? <span className="class-note">{note}</span> : null}
    </span>
  );
}
