import { useState } from 'react';
import { type ApiError, inShell, toApiError } from '../../api/client';
import { chooseFolder } from '../../api/dialog';
import { useAction } from '../../api/hooks';
import type { DataSource } from '../../api/types';
import { Button, Dialog, ErrorState, RadioGroup, TextField } from '../../components';
import { useWords } from '../../words';
import { isAbsolute } from '../new-case/draft';

/** Installs a release: from its source, or from a folder for sites without a network. */
export function InstallDialog({ source, onClose }: { source: DataSource; onClose: () => void }) {
  const w = useWords();
  const t = w.releases;
  const [from, setFrom] = useState<'network' | 'disk'>(source.fetched ? 'network' : 'disk');
  const [path, setPath] = useState('');
  const [release, setRelease] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const install = useAction('install_release', { invalidates: ['data_releases'], onSuccess: onClose });
  const pathWrong = from === 'disk' && !isAbsolute(path.trim());
  const releaseWrong = !source.fetched && release.trim() === '';
  const submit = () => {
    setTried(true);
    if (pathWrong || releaseWrong) return;
    install.mutate({
      source: source.id,
      release: release.trim() || null,
      from: from === 'disk' ? path.trim() : null,
    });
  };
  const choose = async () => {
    setFailure(null);
    try {
      const chosen = await chooseFolder(t.path);
      if (chosen !== null) setPath(chosen);
    } catch (cause) {
      setFailure(toApiError(cause));
    }
  };
  return (
    <Dialog
      title={t.installTitle(source.name)}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{w.common.cancel}</Button>
          <Button variant="primary" onPress={submit} isPending={install.isPending}>
            {t.start}
          </Button>
        </>
      }
    >
      <div className="settings-stack">
        {source.fetched ? (
          <RadioGroup
            label={t.from}
            options={[
              { id: 'network', name: t.network, note: t.networkNote },
              { id: 'disk', name: t.disk, note: t.diskNote },
            ]}
            value={from}
            onChange={setFrom}
          />
        ) : (
          <p>{t.ownNote}</p>
        )}
        {from === 'disk' ? (
          <div className="settings-pick">
            <TextField
              label={t.path}
              value={path}
              onChange={setPath}
              error={tried && pathWrong ? t.pathMissing : undefined}
              isRequired
              mono
              onSubmit={submit}
            />
            {inShell() ? <Button onPress={choose}>{t.choose}</Button> : null}
          </div>
        ) : null}
        <TextField
          label={t.release}
          value={release}
          onChange={setRelease}
          description={source.fetched ? t.releaseHint : undefined}
          error={tried && releaseWrong ? t.releaseMissing : undefined}
          isRequired={!source.fetched}
          onSubmit={submit}
        />
        <p className="settings-none">
          {source.licence} ({source.licence_url})
        </p>
        {install.error ? <ErrorState error={install.error} title={t.notDone} /> : null}
        {failure ? <ErrorState error={failure} title={w.newCase.files.chooseFailed} /> : null}
      </div>
    </Dialog>
  );
}
