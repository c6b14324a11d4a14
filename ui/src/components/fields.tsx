import { type CalendarDate, parseDate } from '@internationalized/date';
import type { ReactNode, Ref } from 'react';
import {
  DateField as AriaDateField,
  Select as AriaSelect,
  TextField as AriaTextField,
  Button,
  DateInput,
  DateSegment,
  FieldError,
  I18nProvider,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
  TextArea,
} from 'react-aria-components';
import { useWords } from '../words';
import { classes } from './classes';

/** What every field takes. */
export type FieldProps = {
  label: string;
  labelHidden?: boolean;
  description?: string;
  error?: string | null;
  isRequired?: boolean;
  isDisabled?: boolean;
};

/** One choice of a list. */
export type Option<Id extends string = string> = { id: Id; name: string; note?: string };

/** Label, then the control, then what helps or went wrong. */
export function FieldFrame({
  label,
  labelHidden,
  isRequired,
  description,
  error,
  children,
}: FieldProps & { children: ReactNode }) {
  const w = useWords();
  return (
    <>
      <Label className={classes('field-label', labelHidden && 'reader-only')}>
        {label}
        {isRequired ? <span className="field-required"> {w.common.required}</span> : null}
      </Label>
      {children}
      {description ? (
        <Text slot="description" className="field-note">
          {description}
        </Text>
      ) : null}
      <FieldError className="field-error">{error ?? undefined}</FieldError>
    </>
  );
}

/** One or more lines of text. */
export type TextFieldProps = FieldProps & {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'search' | 'number';
  mono?: boolean;
  /** Number of rows; absent: one line. */
  multiline?: number;
  placeholder?: string;
  autoFocus?: boolean;
  autoComplete?: string;
  inputRef?: Ref<HTMLInputElement>;
  onBlur?: () => void;
  onSubmit?: () => void;
};

/** A text field. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, type = 'text', mono, multiline, placeholder, autoFocus, autoComplete } = props;
  const look = classes('input', mono && 'mono');
  return (
    <AriaTextField
      className="field"
      value={value}
      onChange={onChange}
      type={type === 'number' ? 'text' : type}
      inputMode={type === 'number' ? 'decimal' : undefined}
      isRequired={props.isRequired}
      isDisabled={props.isDisabled}
      isInvalid={Boolean(props.error)}
      validationBehavior="aria"
      autoFocus={autoFocus}
      autoComplete={autoComplete ?? 'off'}
      onBlur={props.onBlur}
      spellCheck="false"
    >
      <FieldFrame {...props}>
        {multiline ? (
          <TextArea className={look} rows={multiline} placeholder={placeholder} />
        ) : (
          <Input
            className={look}
            placeholder={placeholder}
            ref={props.inputRef}
            onKeyDown={(event) => {
              if (event.key === 'Enter') props.onSubmit?.();
            }}
          />
        )}
      </FieldFrame>
    </AriaTextField>
  );
}

/** The rows of a list of choices. */
export function OptionList({ options, empty }: { options: readonly Option[]; empty?: string }) {
  return (
    <ListBox className="list" items={options} renderEmptyState={() => <p className="list-empty">{empty}</p>}>
      {(option) => (
        <ListBoxItem id={option.id} textValue={option.name} className="list-item">
          <Text slot="label">{option.name}</Text>
          {option.note ? (
            <Text slot="description" className="list-note">
              {option.note}
            </Text>
          ) : null}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

/** A choice of one from a short list. */
export function Select<Id extends string>(
  props: FieldProps & {
    options: readonly Option<Id>[];
    value: Id | null;
    onChange: (value: Id) => void;
    placeholder?: string;
  },
) {
  const w = useWords();
  return (
    <AriaSelect
      className="field"
      value={props.value}
      onChange={(key) => {
        const option = props.options.find((candidate) => candidate.id === key);
        if (option) props.onChange(option.id);
      }}
      isRequired={props.isRequired}
      isDisabled={props.isDisabled}
      isInvalid={Boolean(props.error)}
      validationBehavior="aria"
      placeholder={props.placeholder ?? w.common.choose}
    >
      <FieldFrame {...props}>
        <Button className="input select">
          <SelectValue className="select-value">
            {({ isPlaceholder, defaultChildren }) =>
              isPlaceholder
                ? defaultChildren
                : props.options.find((option) => option.id === props.value)?.name
            }
          </SelectValue>
          <Chevron />
        </Button>
        <Popover className="popover">
          <OptionList options={props.options} />
        </Popover>
      </FieldFrame>
    </AriaSelect>
  );
}

/** The mark of a control that opens a list. */
export function Chevron() {
  return (
    <svg width="8" height="6" viewBox="0 0 8 6" aria-hidden="true">
      <path d="M1 1l3 3.5L7 1" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </svg>
  );
}

function readDate(value: string | null): CalendarDate | null {
  if (!value) return null;
  try {
    return parseDate(value);
  } catch {
    return null;
  }
}

/** A date, year first, typed in parts. Gives `YYYY-MM-DD`, or null while it is not whole. */
export function DateField(
  props: FieldProps & { value: string | null; onChange: (value: string | null) => void },
) {
  return (
    <I18nProvider locale="en-CA">
      <AriaDateField
        className="field"
        value={readDate(props.value)}
        onChange={(value) => props.onChange(value ? value.toString() : null)}
        isRequired={props.isRequired}
        isDisabled={props.isDisabled}
        isInvalid={Boolean(props.error)}
        validationBehavior="aria"
        shouldForceLeadingZeros
      >
        <FieldFrame {...props}>
          {/* Year, month, day: the one order that nobody can misread. */}
          <DateInput className="input date">
            {(segment) => <DateSegment segment={segment} className="date-part" />}
          </DateInput>
        </FieldFrame>
      </AriaDateField>
    </I18nProvider>
  );
}
