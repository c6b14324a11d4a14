import type { ReactNode } from 'react';
import { Button as AriaButton, Link as AriaLink } from 'react-aria-components';
import { type ActionId, actions, ariaShortcuts, useSingleKeys } from '../keys';
import { classes } from './classes';
import { Kbd } from './Kbd';

type Look = 'plain' | 'primary' | 'quiet' | 'danger';

/** A button; `keys` names the action whose key it teaches. */
export type ButtonProps = {
  children: ReactNode;
  onPress?: () => void;
  variant?: Look;
  isDisabled?: boolean;
  isPending?: boolean;
  type?: 'button' | 'submit';
  keys?: ActionId;
  /** Accessible name, where the visible text is not enough. */
  label?: string;
  autoFocus?: boolean;
};

/** A button. One primary per screen. */
export function Button({ children, variant = 'plain', keys, label, type = 'button', ...rest }: ButtonProps) {
  const singles = useSingleKeys();
  const action = keys && actions[keys];
  const shortcut = action && ariaShortcuts(action, singles);
  return (
    <AriaButton
      {...rest}
      type={type}
      className={classes('button', `button-${variant}`)}
      {...(label ? { 'aria-label': label } : {})}
      {...(shortcut ? { 'aria-keyshortcuts': shortcut } : {})}
    >
      <span className="button-text">{children}</span>
      {action?.keys[0] && (singles || shortcut) ? <Kbd keys={action.keys[0]} /> : null}
    </AriaButton>
  );
}

/** A link that looks like a button. */
export function LinkButton({
  href,
  children,
  variant = 'plain',
}: {
  href: string;
  children: ReactNode;
  variant?: Look;
}) {
  return (
    <AriaLink href={href} className={classes('button', `button-${variant}`)}>
      <span className="button-text">{children}</span>
    </AriaLink>
  );
}
