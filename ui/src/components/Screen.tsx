import { type ReactNode, useId } from 'react';
import { classes } from './classes';

/** One page of the application: a heading, its actions, its content. `fill` gives the content the rest of the height. */
export function Screen({
  title,
  titleHidden,
  note,
  actions,
  fill,
  children,
}: {
  title: string;
  titleHidden?: boolean;
  note?: ReactNode;
  actions?: ReactNode;
  fill?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  const bare = titleHidden && !note && !actions;
  return (
    <section className={classes('screen', fill && 'screen-fill')} aria-labelledby={id}>
      <div className={classes('screen-head', bare && 'screen-head-bare')}>
        <h1 id={id} className={classes(titleHidden && 'reader-only')}>
          {title}
        </h1>
        {note ? <div className="screen-note">{note}</div> : null}
        {actions ? <div className="screen-actions">{actions}</div> : null}
      </div>
      <div className="screen-content">{children}</div>
    </section>
  );
}
