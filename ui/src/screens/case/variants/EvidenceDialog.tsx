import { useState } from 'react';
import type { ApiError } from '../../../api/client';
import type { EvidenceEntry } from '../../../api/types';
import { Checkbox, ConfirmDialog, Select, TextField } from '../../../components';
import { useWords } from '../../../words';
import { type Draft, entryOf, FIELDS, type Field, KINDS, type Kind, missing } from './criteria';

/** The form of one piece of evidence. What it proposes is shown afterwards and counts nothing until confirmed. */
export function EvidenceDialog({
  name,
  isPending,
  error,
  onEnter,
  onClose,
}: {
  /** Of the variant. */
  name: string;
  isPending: boolean;
  error: ApiError | null;
  onEnter: (entry: EvidenceEntry) => void;
  onClose: () => void;
}) {
  const w = useWords();
  const e = w.criteria.evidence;
  const [kind, setKind] = useState<Kind | null>(null);
  const [draft, setDraft] = useState<Draft>({});
  const [tried, setTried] = useState(false);
  const wrong = kind === null ? [] : missing(kind, draft);
  const put = (field: string) => (value: string | boolean) => setDraft({ ...draft, [field]: value });
  return (
    <ConfirmDialog
      title={e.title(name)}
      isOpen
      onClose={onClose}
      confirm={e.enter}
      isPending={isPending}
      error={error}
      onConfirm={() => {
        setTried(true);
        const entry = kind === null ? null : entryOf(kind, draft);
        if (entry !== null) onEnter(entry);
      }}
    >
      <div className="variants-decide">
        <Select<Kind>
          label={e.kind}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setDraft({ source: draft.source ?? '' });
            setTried(false);
          }}
          options={KINDS.map((id) => ({ id, name: e.kinds[id] ?? id }))}
          isRequired
          error={tried && kind === null ? e.kindMissing : null}
        />
        {kind === null
          ? null
          : FIELDS[kind].map((field) => (
              <Control
                key={`${kind}-${field.name}`}
                field={field}
                value={draft[field.name]}
                error={tried && wrong.includes(field.name) ? e.missing : null}
                onChange={put(field.name)}
              />
            ))}
        <TextField
          label={e.source}
          value={typeof draft.source === 'string' ? draft.source : ''}
          onChange={put('source')}
          isRequired
          description={e.sourceNote}
          error={tried && wrong.includes('source') ? e.missing : null}
        />
        <p className="variants-faint">{e.countsNothing}</p>
      </div>
    </ConfirmDialog>
  );
}

function Control({
  field,
  value,
  error,
  onChange,
}: {
  field: Field;
  value: string | boolean | undefined;
  error: string | null;
  onChange: (value: string | boolean) => void;
}) {
  const w = useWords();
  const e = w.criteria.evidence;
  const label = e.fields[field.name] ?? field.name;
  const given = typeof value === 'string' ? value : '';
  switch (field.type) {
    case 'yes':
      return (
        <Checkbox isSelected={value === true} onChange={onChange}>
          {label}
        </Checkbox>
      );
    case 'choice':
      return (
        <Select
          label={label}
          value={given === '' ? null : given}
          onChange={onChange}
          options={field.choices.map((id) => ({ id, name: e.choices[id] ?? id }))}
          isRequired
          error={error}
        />
      );
    case 'text':
      return (
        <TextField
          label={label}
          value={given}
          onChange={onChange}
          isRequired={field.isRequired}
          error={error}
        />
      );
    default:
      return (
        <TextField label={label} value={given} onChange={onChange} type="number" isRequired error={error} />
      );
  }
}
