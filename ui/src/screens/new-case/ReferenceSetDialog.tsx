import { useState } from 'react';
import { type ApiError, inShell, toApiError } from '../../api/client';
import { chooseFiles } from '../../api/dialog';
import { useAction, useOperation } from '../../api/hooks';
import type { ReferenceSet } from '../../api/types';
import { Button, Dialog, ErrorState, Select, TextField, useToasts } from '../../components';
import { useWords } from '../../words';
import { isAbsolute } from './draft';

/** The files of a set as typed; empty: none. */
type Paths = Record<
  | 'reference'
  | 'transcripts'
  | 'clinvar'
  | 'frequencies'
  | 'targets'
  | 'thresholds'
  | 'comparators'
  | 'scores'
  | 'moreScores',
  string
>;

const builds = ['GRCh37', 'GRCh38'] as const;
const proved = 'proved';
const noTool = 'none';

/** Makes or changes a reference set: a name and its files. */
export function ReferenceSetDialog({
  set,
  onClose,
  onSaved,
}: {
  set: ReferenceSet | null;
  onClose: () => void;
  onSaved?: (id: string) => void;
}) {
  const w = useWords();
  const t = w.newCase.set;
  const toasts = useToasts();
  const [name, setName] = useState(set?.name ?? '');
  const [build, setBuild] = useState<string>(set?.build ?? proved);
  const [paths, setPaths] = useState<Paths>({
    reference: set?.reference ?? '',
    transcripts: set?.transcripts ?? '',
    clinvar: set?.clinvar ?? '',
    frequencies: set?.frequencies ?? '',
    targets: set?.targets ?? '',
    thresholds: set?.thresholds ?? '',
    comparators: set?.comparators ?? '',
    scores: set?.scores[0] ?? '',
    moreScores: set?.scores[1] ?? '',
  });
  const [tool, setTool] = useState<string>(set?.missense_tool ?? noTool);
  const known = useOperation('reference_sets', {});
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const save = useAction('save_reference_set', {
    invalidates: ['reference_sets'],
    onSuccess: (view) => {
      toasts.show({
        text: view.problems.length === 0 ? t.saved(view.set.name) : t.savedProblems(view.set.name),
      });
      if (view.set.id !== null) onSaved?.(view.set.id);
      onClose();
    },
  });

  const fields = [
    { id: 'reference', label: t.reference, hint: t.referenceHint, missing: t.referenceMissing },
    { id: 'transcripts', label: t.transcripts, hint: undefined, missing: t.transcriptsMissing },
    { id: 'clinvar', label: t.clinvar, hint: t.without.clinvar, missing: null },
    { id: 'frequencies', label: t.frequencies, hint: t.without.frequencies, missing: null },
    { id: 'targets', label: t.targets, hint: t.without.targets, missing: null },
    { id: 'thresholds', label: t.thresholds, hint: t.without.thresholds, missing: null },
    { id: 'comparators', label: t.comparators, hint: t.without.comparators, missing: null },
    { id: 'scores', label: t.scores, hint: t.without.scores, missing: null },
    { id: 'moreScores', label: t.moreScores, hint: t.without.moreScores, missing: null },
  ] as const;

  const wrong = (field: (typeof fields)[number]): string | undefined => {
    const path = paths[field.id].trim();
    if (path === '') return field.missing ?? undefined;
    return isAbsolute(path) ? undefined : t.pathWrong;
  };

  const submit = () => {
    setTried(true);
    if (name.trim() === '' || fields.some((field) => wrong(field) !== undefined)) return;
    const optional = (path: string) => path.trim() || null;
    save.mutate({
      id: set?.id ?? null,
      name: name.trim(),
      reference: paths.reference.trim(),
      transcripts: paths.transcripts.trim(),
      clinvar: optional(paths.clinvar),
      frequencies: optional(paths.frequencies),
      targets: optional(paths.targets),
      thresholds: optional(paths.thresholds),
      comparators: optional(paths.comparators),
      scores: [paths.scores, paths.moreScores, ...(set?.scores.slice(2) ?? [])]
        .map((path) => path.trim())
        .filter((path) => path !== ''),
      missense_tool: tool === noTool ? null : tool,
      build: build === proved ? null : build,
      synthetic: set?.synthetic ?? false,
    });
  };

  const choose = async (field: keyof Paths, label: string) => {
    setFailure(null);
    try {
      const [path] = await chooseFiles({ title: label, multiple: false });
      if (path !== undefined) setPaths((before) => ({ ...before, [field]: path }));
    } catch (cause) {
      setFailure(toApiError(cause));
    }
  };

  return (
    <Dialog
      title={set === null ? t.titleNew : t.titleEdit}
      isOpen
      onClose={onClose}
      width="l"
      actions={
        <>
          <Button onPress={onClose}>{w.common.cancel}</Button>
          <Button variant="primary" onPress={submit} isPending={save.isPending}>
            {t.save}
          </Button>
        </>
      }
    >
      <div className="new-dialog">
        <TextField
          label={t.name}
          value={name}
          onChange={setName}
          description={t.nameHint}
          error={tried && name.trim() === '' ? t.nameMissing : undefined}
          isRequired
          autoFocus
          onSubmit={submit}
        />
        {fields.map((field) => (
          <div key={field.id} className="new-pick">
            <TextField
              label={field.label}
              value={paths[field.id]}
              onChange={(path) => setPaths((before) => ({ ...before, [field.id]: path }))}
              description={field.hint}
              error={tried ? wrong(field) : undefined}
              isRequired={field.missing !== null}
              mono
              onSubmit={submit}
            />
            {inShell() ? (
              <span className="new-pick-button">
                <Button onPress={() => choose(field.id, field.label)} label={t.chooseOf(field.label)}>
                  {t.choose}
                </Button>
              </span>
            ) : null}
          </div>
        ))}
        <Select
          label={t.missenseTool}
          description={t.missenseToolHint}
          options={[
            { id: noTool, name: t.missenseToolNone },
            ...(known.data?.missense_tools ?? []).map((id) => ({ id, name: id })),
          ]}
          value={tool}
          onChange={setTool}
        />
        <Select
          label={t.build}
          options={[{ id: proved, name: t.buildNone }, ...builds.map((id) => ({ id, name: id }))]}
          value={build}
          onChange={setBuild}
        />
        {save.error ? <ErrorState error={save.error} title={t.notSaved} /> : null}
        {failure ? <ErrorState error={failure} title={w.newCase.files.chooseFailed} /> : null}
      </div>
    </Dialog>
  );
}
