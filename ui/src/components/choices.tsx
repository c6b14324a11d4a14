import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  ComboBox as AriaComboBox,
  Menu as AriaMenu,
  RadioGroup as AriaRadioGroup,
  Tag as AriaTag,
  Button,
  Input,
  Label,
  MenuItem,
  MenuTrigger,
  Popover,
  Radio,
  TagGroup,
  TagList,
} from 'react-aria-components';
import { useWords } from '../words';
import { classes } from './classes';
import { Chevron, FieldFrame, type FieldProps, type Option, OptionList } from './fields';

/** A text field with a list of matches. Give `inputValue` and `onInputChange` when the host searches. */
export function ComboBox(
  props: FieldProps & {
    options: readonly Option[];
    value: string | null;
    onChange: (value: string | null) => void;
    inputValue?: string;
    onInputChange?: (text: string) => void;
    isLoading?: boolean;
    placeholder?: string;
  },
) {
  const w = useWords();
  const hostSearches = props.onInputChange !== undefined;
  return (
    <AriaComboBox
      className="field"
      items={hostSearches ? props.options : undefined}
      defaultItems={hostSearches ? undefined : props.options}
      value={props.value}
      onChange={(key) => props.onChange(key === null ? null : String(key))}
      {...(props.inputValue === undefined ? {} : { inputValue: props.inputValue })}
      onInputChange={props.onInputChange}
      isRequired={props.isRequired}
      isDisabled={props.isDisabled}
      isInvalid={Boolean(props.error)}
      validationBehavior="aria"
      allowsEmptyCollection
      menuTrigger="focus"
    >
      <FieldFrame {...props}>
        <div className="combo">
          <Input className="input" placeholder={props.placeholder} />
          <Button className="combo-button" aria-label={w.common.showOptions}>
            <Chevron />
          </Button>
        </div>
        <Popover className="popover">
          <OptionList
            options={props.options}
            empty={props.isLoading ? w.common.searching : w.common.noMatch}
          />
        </Popover>
      </FieldFrame>
    </AriaComboBox>
  );
}

/** What was picked, as removable words, above the field that adds more. */
export function TokenField({
  label,
  tokens,
  onRemove,
  children,
}: {
  label: string;
  tokens: readonly { id: string; name: string }[];
  onRemove: (id: string) => void;
  children: ReactNode;
}) {
  const w = useWords();
  return (
    <div className="tokens">
      {tokens.length > 0 ? (
        <TagGroup
          aria-label={label}
          onRemove={(keys) => {
            for (const key of keys) onRemove(String(key));
          }}
        >
          <TagList className="token-list" items={tokens}>
            {(token) => (
              <AriaTag id={token.id} textValue={token.name} className="token">
                {token.name}
                <Button slot="remove" className="token-remove" aria-label={w.common.remove(token.name)}>
                  <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
                    <path d="M1 1l6 6M7 1l-6 6" stroke="currentColor" strokeWidth="1.3" />
                  </svg>
                </Button>
              </AriaTag>
            )}
          </TagList>
        </TagGroup>
      ) : null}
      {children}
    </div>
  );
}

/** A yes or no. */
export function Checkbox({
  children,
  isSelected,
  onChange,
  isDisabled,
  isIndeterminate,
  description,
}: {
  children: ReactNode;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  isDisabled?: boolean;
  isIndeterminate?: boolean;
  description?: string;
}) {
  return (
    <AriaCheckbox
      className="check"
      isSelected={isSelected}
      onChange={onChange}
      isDisabled={isDisabled}
      isIndeterminate={isIndeterminate}
    >
      {(state) => (
        <>
          <span className="check-box">
            <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
              {state.isIndeterminate ? (
                <path d="M2.5 6h7" />
              ) : state.isSelected ? (
                <path d="M2 6.3l2.7 2.7L10 3.2" />
              ) : null}
            </svg>
          </span>
          <span>
            {children}
            {description ? <span className="field-note check-note">{description}</span> : null}
          </span>
        </>
      )}
    </AriaCheckbox>
  );
}

/** One of a few, all in sight. */
export function RadioGroup<Id extends string>(
  props: FieldProps & {
    options: readonly Option<Id>[];
    value: Id | null;
    onChange: (value: Id) => void;
    orientation?: 'horizontal' | 'vertical';
  },
) {
  return (
    <AriaRadioGroup
      className="field"
      value={props.value}
      onChange={(value) => props.onChange(value as Id)}
      orientation={props.orientation ?? 'vertical'}
      isRequired={props.isRequired}
      isDisabled={props.isDisabled}
      isInvalid={Boolean(props.error)}
      validationBehavior="aria"
    >
      <FieldFrame {...props}>
        <div className={classes('radios', props.orientation === 'horizontal' && 'radios-row')}>
          {props.options.map((option) => (
            <Radio key={option.id} value={option.id} className="check">
              <span className="check-box check-round" />
              <span>
                {option.name}
                {option.note ? <span className="field-note check-note">{option.note}</span> : null}
              </span>
            </Radio>
          ))}
        </div>
      </FieldFrame>
    </AriaRadioGroup>
  );
}

/** A button that opens a short list of actions. */
export function Menu({
  label,
  items,
  onAction,
}: {
  label: string;
  items: readonly { id: string; name: string; danger?: boolean; isDisabled?: boolean }[];
  onAction: (id: string) => void;
}) {
  return (
    <MenuTrigger>
      <Button className="button button-plain">
        <span className="button-text">{label}</span>
        <Chevron />
      </Button>
      <Popover className="popover">
        <AriaMenu
          className="list"
          items={items}
          disabledKeys={items.filter((item) => item.isDisabled).map((item) => item.id)}
          onAction={(key) => onAction(String(key))}
        >
          {(item) => (
            <MenuItem id={item.id} className={classes('list-item', item.danger && 'list-danger')}>
              <Label elementType="span">{item.name}</Label>
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
