import { useCallback, useEffect, useState } from 'react';
import { type ApiError, call, inShell, onFilesDragged, toApiError } from '../../api/client';
import { chooseFiles } from '../../api/dialog';
import type { OrderForm } from '../../api/types';
import { announce, Button, ErrorState, Mono, Notice, Section, SmallTable, TextField } from '../../components';
import { bytes, useWords } from '../../words';
import { fileName, isAbsolute, orderIsEmpty, pathsOf, withInspection, withOrder } from './draft';
import { At } from './Fields';
import { useForm } from './form';

/** The files of the sample: dropped, chosen or typed; what they are and what cannot be used. */
export function FilesSection() {
  const w = useWords();
  const t = w.newCase.files;
  const { draft, change, errorOf } = useForm();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [over, setOver] = useState(false);
  const [pathWrong, setPathWrong] = useState(false);
  const [found, setFound] = useState<OrderForm | null>(null);
  const [read, setRead] = useState(false);
  const files = draft.files;

  const add = useCallback(
    async (paths: readonly string[], fromField: boolean) => {
      if (paths.length === 0 || busy) return;
      setBusy(true);
      setError(null);
      try {
        // All files are looked at together: pairs are told by their names, and a file twice is one file.
        const all = [...new Set([...files.map((file) => file.path), ...paths])];
        const seen = await call('inspect', { paths: all });
        // The person may have typed on meanwhile: the form of now is changed, not the one of before.
        change((now) => {
          const next = { ...withInspection(now, seen), paths: fromField ? '' : now.paths };
          return seen.order && orderIsEmpty(now) ? withOrder(next, seen.order) : next;
        });
        if (seen.order) {
          if (orderIsEmpty(draft)) setRead(true);
          else setFound(seen.order);
        }
        announce(t.total(seen.files.length, bytes(sum(seen.files))));
      } catch (failure) {
        setError(toApiError(failure));
      } finally {
        setBusy(false);
      }
    },
    [busy, change, draft, files, t],
  );

  useEffect(
    () =>
      onFilesDragged((drag) => {
        setOver(drag.kind === 'over');
        if (drag.kind === 'dropped') void add(drag.paths, false);
      }),
    [add],
  );

  const addTyped = () => {
    const paths = pathsOf(draft.paths);
    const wrong = paths.some((path) => !isAbsolute(path));
    setPathWrong(wrong);
    if (!wrong) void add(paths, true);
  };

  const choose = async () => {
    try {
      await add(await chooseFiles({ title: t.chooseTitle, multiple: true }), false);
    } catch (failure) {
      setError(toApiError(failure));
    }
  };

  const remove = (path: string) => {
    const left = files.filter((file) => file.path !== path);
    change({ files: left, ...(left.length === 0 ? { samples: [], inputSample: null } : {}) });
  };

  return (
    <Section title={t.title} note={t.note}>
      <div className="new-stack">
        <At field="files" wide>
          <div className={over ? 'new-drop new-drop-over' : 'new-drop'}>
            <p className="new-text">{inShell() ? t.drop : t.dropNoShell}</p>
            <div className="new-paths">
              <TextField
                label={t.paths}
                value={draft.paths}
                onChange={(paths) => {
                  change({ paths });
                  setPathWrong(false);
                }}
                description={t.pathsHint}
                error={pathWrong ? t.pathWrong : errorOf('files')}
                multiline={2}
                mono
              />
              <div className="new-row new-beside">
                <Button
                  onPress={addTyped}
                  isPending={busy}
                  isDisabled={draft.paths.trim() === ''}
                  label={busy ? undefined : t.addLabel}
                >
                  {busy ? t.adding : t.add}
                </Button>
                {inShell() ? <Button onPress={choose}>{t.choose}</Button> : null}
              </div>
            </div>
          </div>
        </At>
        {error ? <ErrorState error={error} title={t.failed} /> : null}
        {draft.fileProblems.length > 0 ? (
          <Notice tone="warn" title={t.problems}>
            <ul className="new-list">
              {draft.fileProblems.map((problem) => (
                <li key={`${problem.place} ${problem.words}`}>
                  <Mono>{problem.place}</Mono> {problem.words}
                </li>
              ))}
            </ul>
          </Notice>
        ) : null}
        {files.length > 0 ? (
          <>
            <SmallTable
              caption={t.list}
              captionHidden
              columns={[
                { id: 'file', title: t.column.file, mono: true, isRowHeader: true },
                { id: 'kind', title: t.column.kind },
                { id: 'pair', title: t.column.pair },
                { id: 'size', title: t.column.size, align: 'end' },
                { id: 'actions', title: t.column.actions },
              ]}
              rows={files.map((file) => ({
                id: file.path,
                cells: {
                  file: file.path,
                  kind: t.kind[file.kind],
                  pair:
                    file.pair === null
                      ? t.noPair
                      : file.mate === null
                        ? t.pairOnly(file.pair)
                        : t.pair(file.pair, file.mate),
                  size: file.bytes === null ? t.noSize : bytes(file.bytes),
                  actions: (
                    <Button
                      variant="quiet"
                      onPress={() => remove(file.path)}
                      label={t.removeOf(fileName(file.path))}
                    >
                      {t.remove}
                    </Button>
                  ),
                },
              }))}
            />
            <p className="new-text">{t.total(files.length, bytes(sum(files)))}</p>
          </>
        ) : (
          <p className="new-text">{t.none}</p>
        )}
        {read ? <Notice tone="plain" title={t.orderRead} /> : null}
        {found ? (
          <Notice
            tone="warn"
            title={t.orderReplace}
            action={
              <Button
                onPress={() => {
                  change((now) => withOrder(now, found));
                  setFound(null);
                  setRead(true);
                }}
              >
                {t.orderUse}
              </Button>
            }
          />
        ) : null}
      </div>
    </Section>
  );
}

function sum(files: readonly { bytes: number | null }[]): number {
  return files.reduce((total, file) => total + (file.bytes ?? 0), 0);
}
