import { createContext, useContext } from 'react';
import type { OrderForm } from '../../api/types';
import type { Draft, Field } from './draft';

/** The unfinished form, how to change it, and the problem beside each field. */
export type Form = {
  draft: Draft;
  /** Changes parts of the form; a function is given the form as it is by then. */
  change: (part: Partial<Draft> | ((draft: Draft) => Draft)) => void;
  /** Changes parts of the order. */
  changeOrder: (part: Partial<OrderForm>) => void;
  /** The problem to show beside a field now. */
  errorOf: (field: Field) => string | undefined;
  /** The person has left the field: its problem may be shown. */
  leave: (field: Field) => void;
};

/** The form of the screen. */
export const FormContext = createContext<Form | null>(null);

/** The form; only inside the screen. */
export function useForm(): Form {
  const form = useContext(FormContext);
  if (form === null) throw new Error('no form around this field');
  return form;
}
