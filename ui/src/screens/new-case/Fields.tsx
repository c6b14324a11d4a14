import type { ReactNode } from 'react';
import type { OrderForm } from '../../api/types';
import { DateField, TextField } from '../../components';
import type { Field, Unshown } from './draft';
import { useForm } from './form';

type TextKey = Exclude<
  { [K in keyof OrderForm]-?: OrderForm[K] extends string ? K : never }[keyof OrderForm],
  Unshown
>;

/** Marks where a field stands, so that the list of problems can lead to it. */
export function At({ field, wide = false, children }: { field: Field; wide?: boolean; children: ReactNode }) {
  const { leave } = useForm();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the focus left; it is no control
    <div
      className={wide ? 'new-at new-at-wide' : 'new-at'}
      data-field={field}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) leave(field);
      }}
    >
      {children}
    </div>
  );
}

/** A text of the order with its problem beside it. */
export function OrderText({
  field,
  label,
  description,
  isRequired,
  wide,
  multiline,
  placeholder,
}: {
  field: TextKey;
  label: string;
  description?: string;
  isRequired?: boolean;
  wide?: boolean;
  multiline?: number;
  placeholder?: string;
}) {
  const { draft, changeOrder, errorOf } = useForm();
  return (
    <At field={field} wide={wide}>
      <TextField
        label={label}
        value={draft.order[field]}
        onChange={(text) => changeOrder({ [field]: text })}
        description={description}
        isRequired={isRequired}
        multiline={multiline}
        placeholder={placeholder}
        error={errorOf(field)}
      />
    </At>
  );
}

/** A date of the order with its problem beside it. */
export function OrderDate({
  field,
  label,
  isRequired,
}: {
  field: TextKey;
  label: string;
  isRequired?: boolean;
}) {
  const { draft, changeOrder, errorOf } = useForm();
  const value = draft.order[field];
  return (
    <At field={field}>
      <DateField
        label={label}
        value={value === '' ? null : value}
        onChange={(date) => changeOrder({ [field]: date ?? '' })}
        isRequired={isRequired}
        error={errorOf(field)}
      />
    </At>
  );
}
