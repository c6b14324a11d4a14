import { type ReactNode, useId } from 'react';
import {
  Dialog as AriaDialog,
  Tabs as AriaTabs,
  Tooltip as AriaTooltip,
  Heading,
  Modal,
  ModalOverlay,
  Tab,
  TabList,
  TabPanel,
  TooltipTrigger,
} from 'react-aria-components';
import type { ShownError } from '../api/client';
import { useWords } from '../words';
import { Button } from './Button';
import { classes } from './classes';
import { ErrorState } from './states';

/** A dialog in front of everything; Escape and Close end it. */
export type DialogProps = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
};

/** A dialog. `l` is wide, for tables. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  actions,
  width = 'm',
  role = 'dialog',
}: DialogProps & { width?: 'm' | 'l'; role?: 'dialog' | 'alertdialog' }) {
  const w = useWords();
  return (
    <ModalOverlay
      className="overlay"
      data-modal=""
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === 'dialog'}
    >
      <Modal className={classes('dialog', `dialog-${width}`)}>
        <AriaDialog role={role} className="dialog-body">
          <Heading slot="title" level={2} className="dialog-title">
            {title}
          </Heading>
          <div className="dialog-content">{children}</div>
          <div className="dialog-actions">
            {actions ?? <Button onPress={onClose}>{w.common.close}</Button>}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before something that is not undone by one key. The focus starts on Cancel. */
export function ConfirmDialog({
  onConfirm,
  confirm,
  variant = 'primary',
  isPending,
  isDisabled,
  error,
  children,
  ...rest
}: Omit<DialogProps, 'actions'> & {
  onConfirm: () => void;
  confirm: string;
  variant?: 'primary' | 'danger';
  isPending?: boolean;
  isDisabled?: boolean;
  error?: ShownError | null;
}) {
  const w = useWords();
  return (
    <Dialog
      {...rest}
      role="alertdialog"
      actions={
        <>
          <Button onPress={rest.onClose} autoFocus>
            {w.common.cancel}
          </Button>
          <Button variant={variant} onPress={onConfirm} isPending={isPending} isDisabled={isDisabled}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      {error ? <ErrorState error={error} /> : null}
    </Dialog>
  );
}

/** A sheet over the right side of the screen. */
export function Drawer({ title, isOpen, onClose, children, actions }: DialogProps) {
  const w = useWords();
  return (
    <ModalOverlay
      className="overlay overlay-right"
      data-modal=""
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
    >
      <Modal className="drawer">
        <AriaDialog className="dialog-body">
          <div className="drawer-head">
            <Heading slot="title" level={2} className="dialog-title">
              {title}
            </Heading>
            <Button variant="quiet" onPress={onClose}>
              {w.common.close}
            </Button>
          </div>
          <div className="dialog-content">{children}</div>
          {actions ? <div className="dialog-actions">{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Pages of one thing, one in sight. */
export function Tabs({
  label,
  tabs,
  selected,
  onSelect,
}: {
  label: string;
  tabs: readonly { id: string; title: string; note?: string; content: ReactNode }[];
  selected: string;
  onSelect: (id: string) => void;
}) {
  return (
    <AriaTabs
      className="tabs"
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(String(key))}
      keyboardActivation="manual"
    >
      <TabList className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.title}
            {tab.note ? <span className="tab-note"> {tab.note}</span> : null}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

/** A hint beside a control that can hold the focus. Never the only place of a fact. */
export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500}>
      {children}
      <AriaTooltip className="tooltip" offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}

/** A group of facts or fields under a heading; a line, no box. */
export function Section({
  title,
  note,
  actions,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        {note ? <span className="section-note">{note}</span> : null}
        {actions ? <div className="section-actions">{actions}</div> : null}
      </div>
      {children}
    </section>
  );
}
