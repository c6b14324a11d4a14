import { useState } from 'react';
import { useAction, useOperation } from '../../api/hooks';
import type { DataSource, DataTask, InstalledRelease, ReleasesView } from '../../api/types';
import {
  Await,
  Button,
  ConfirmDialog,
  ErrorState,
  Mono,
  Notice,
  ProgressBar,
  Section,
  SmallTable,
  Tag,
} from '../../components';
import { bytes, date, useWords } from '../../words';
import { InstallDialog } from './InstallDialog';

const POLL_MS = 500;

/** The data releases of the workstation: what is installed, and the work on them with its progress. */
export function DataReleases({ mayChange }: { mayChange: boolean }) {
  const t = useWords().releases;
  const view = useOperation(
    'data_releases',
    {},
    { pollMs: (data) => (data?.task?.state === 'working' ? POLL_MS : false) },
  );
  return (
    <Section title={t.title} note={t.note}>
      <Await query={view}>{(data) => <Body view={data} mayChange={mayChange} />}</Await>
    </Section>
  );
}

function Body({ view, mayChange }: { view: ReleasesView; mayChange: boolean }) {
  const t = useWords().releases;
  const after = { invalidates: ['data_releases'] } as const;
  const verify = useAction('verify_releases', after);
  const check = useAction('check_for_newer', after);
  const remove = useAction('remove_release', after);
  const stop = useAction('stop_data_task', after);
  const [installing, setInstalling] = useState<DataSource | null>(null);
  const [removing, setRemoving] = useState<{ source: DataSource; release: string } | null>(null);
  const working = view.task?.state === 'working';
  const anything = view.sources.some((source) => source.installed.length > 0);
  const error = verify.error ?? check.error ?? remove.error ?? stop.error;
  return (
    <div className="settings-stack">
      {mayChange ? (
        <div className="settings-row">
          <Button
            isDisabled={working || !anything}
            isPending={verify.isPending}
            onPress={() => verify.mutate({ source: null, release: null })}
          >
            {t.verify}
          </Button>
          <Button
            isDisabled={working || !anything}
            isPending={check.isPending}
            onPress={() => check.mutate({})}
          >
            {t.check}
          </Button>
          <span className="settings-none">{t.checkNote}</span>
        </div>
      ) : null}
      {view.task ? <Task task={view.task} onStop={mayChange ? () => stop.mutate({}) : null} /> : null}
      {error ? <ErrorState error={error} title={t.notDone} /> : null}
      <SmallTable
        caption={t.title}
        captionHidden
        columns={[
          { id: 'source', title: t.column.source, isRowHeader: true },
          { id: 'installed', title: t.column.installed },
          { id: 'licence', title: t.column.licence },
          ...(mayChange ? [{ id: 'actions', title: t.column.actions }] : []),
        ]}
        rows={view.sources.map((source) => ({
          id: source.id,
          cells: {
            source: (
              <div>
                {source.name}
                {source.build ? ` (${source.build})` : null}
                <div className="settings-none">{source.what}</div>
              </div>
            ),
            installed:
              source.installed.length === 0 ? (
                <span className="settings-none">{source.fetched ? t.none : `${t.none}; ${t.own}`}</span>
              ) : (
                <ul className="settings-releases">
                  {source.installed.map((release, index) => (
                    <li key={release.release}>
                      <Release
                        release={release}
                        newest={index === 0 && source.newest !== release.release ? source.newest : null}
                      />
                      {mayChange && release.cases === 0 ? (
                        <Button
                          variant="quiet"
                          isDisabled={working}
                          label={t.removeOf(source.name, release.release)}
                          onPress={() => setRemoving({ source, release: release.release })}
                        >
                          {t.remove}
                        </Button>
                      ) : null}
                    </li>
                  ))}
                </ul>
              ),
            licence: source.licence,
            actions: (
              <Button
                isDisabled={working}
                label={t.installOf(source.name)}
                onPress={() => setInstalling(source)}
              >
                {t.install}
              </Button>
            ),
          },
        }))}
      />
      <p className="settings-none">{t.folder(view.folder)}</p>
      {installing ? <InstallDialog source={installing} onClose={() => setInstalling(null)} /> : null}
      <ConfirmDialog
        title={removing ? t.removeTitle(removing.source.name, removing.release) : ''}
        isOpen={removing !== null}
        onClose={() => setRemoving(null)}
        confirm={t.removeConfirm}
        variant="danger"
        isPending={remove.isPending}
        onConfirm={() => {
          if (removing) remove.mutate({ source: removing.source.id, release: removing.release });
          setRemoving(null);
        }}
      >
        <p>{t.removeText}</p>
      </ConfirmDialog>
    </div>
  );
}

function Release({ release, newest }: { release: InstalledRelease; newest: string | null }) {
  const t = useWords().releases;
  const size = release.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div>
      <span className="settings-row">
        <Mono>{release.release}</Mono>
        {release.released && release.released !== release.release ? (
          <span>{t.released(date(release.released))}</span>
        ) : null}
        {newest ? <Tag tone="warn">{t.outdated(newest)}</Tag> : null}
        {release.damaged ? <Tag tone="fail">{t.damaged}</Tag> : null}
      </span>
      <div className="settings-none">
        {release.damaged ?? `${t.files(release.files.length, bytes(size))} · ${t.cases(release.cases)}`}
      </div>
    </div>
  );
}

/** The work on the data folder: its progress while it goes on, then what came of it. */
function Task({ task, onStop }: { task: DataTask; onStop: (() => void) | null }) {
  const t = useWords().releases;
  if (task.state === 'working') {
    return (
      <div className="settings-task">
        <ProgressBar label={task.words} value={task.percent === null ? null : task.percent / 100} />
        {onStop ? <Button onPress={onStop}>{t.stop}</Button> : null}
      </div>
    );
  }
  if (task.error) return <ErrorState error={task.error} title={`${task.words}: ${t.states.failed}`} />;
  const bad = task.lines.some((line) => !line.good);
  return (
    <Notice
      tone={task.state === 'stopped' || bad ? 'warn' : 'pass'}
      title={`${task.words}: ${t.states[task.state]}`}
    >
      {task.state === 'stopped' ? <p>{t.stoppedNote}</p> : null}
      {task.lines.length > 0 ? (
        <ul className="settings-lines">
          {task.lines.map((line) => (
            <li key={line.words}>{line.words}</li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}
