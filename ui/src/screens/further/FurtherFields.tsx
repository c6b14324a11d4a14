import { type ReactNode, useState } from 'react';
import { type ApiError, inShell, toApiError } from '../../api/client';
import { chooseFiles, chooseFolder } from '../../api/dialog';
import type { FurtherInputs } from '../../api/types';
import { Button, ErrorState, TextField } from '../../components';
import { useWords } from '../../words';
import { type FurtherText, furtherFields, takesSeveral } from './further';

/** Evidence, family, outside calls, HPO folder and scores of a run: typed, or chosen in the desktop's dialog. */
export function FurtherFields({
  value,
  onChange,
  errorOf,
  around,
}: {
  value: FurtherText;
  onChange: (part: Partial<FurtherText>) => void;
  errorOf: (field: keyof FurtherInputs) => string | undefined;
  /** What stands around each field, so that a list of problems can lead to it. */
  around: (field: keyof FurtherInputs, control: ReactNode) => ReactNode;
}) {
  const w = useWords();
  const t = w.further;
  const [error, setError] = useState<ApiError | null>(null);

  const choose = async (field: keyof FurtherInputs) => {
    setError(null);
    try {
      if (field === 'hpo') {
        const folder = await chooseFolder(t.fields.hpo.label);
        if (folder !== null) onChange({ hpo: folder });
        return;
      }
      const several = takesSeveral(field);
      const chosen = await chooseFiles({ title: t.fields[field].label, multiple: several });
      if (chosen.length === 0) return;
      const before = several && value[field].trim() !== '' ? `${value[field].trimEnd()}\n` : '';
      onChange({ [field]: before + chosen.join('\n') });
    } catch (cause) {
      setError(toApiError(cause));
    }
  };

  return (
    <>
      {error ? <ErrorState error={error} title={t.dialogFailed} /> : null}
      {furtherFields.map((field) => {
        const words = t.fields[field];
        return around(
          field,
          <div className="further-field">
            <TextField
              label={words.label}
              value={value[field]}
              onChange={(text) => onChange({ [field]: text })}
              description={words.note}
              error={errorOf(field)}
              multiline={takesSeveral(field) ? 2 : undefined}
              mono
            />
            {inShell() ? (
              <Button onPress={() => void choose(field)} label={t.chooseOf(words.label)}>
                {t.choose}
              </Button>
            ) : null}
          </div>,
        );
      })}
    </>
  );
}
