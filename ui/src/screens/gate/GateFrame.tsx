import type { ReactNode } from 'react';
import { useWords } from '../../words';
import './gate.css';

/** The page before the store is open: the name of the program, one column, nothing of any patient. */
export function GateFrame({
  title,
  wide = false,
  children,
}: {
  title: string;
  wide?: boolean;
  children: ReactNode;
}) {
  const w = useWords();
  return (
    <div className={wide ? 'gate-column gate-wide' : 'gate-column'}>
      <p className="gate-brand">
        {w.common.productParts.first}
        <b>{w.common.productParts.second}</b>
      </p>
      <h1 className="gate-title">{title}</h1>
      {children}
    </div>
  );
}
