import { useState } from 'react';
import { inShell, toApiError } from '../../../api/client';
import { chooseNewFile } from '../../../api/dialog';
import { useAction } from '../../../api/hooks';
import type { ExportKind, ExportOutput } from '../../../api/types';
import {
  Button,
  Dialog,
  ErrorState,
  FactList,
  Mono,
  Notice,
  RadioGroup,
  TextField,
  useToasts,
} from '../../../components';
import { bytes, useWords } from '../../../words';
import { type ExportForm, problems, proposedName } from './export';

const KINDS: readonly ExportKind[] = ['pdf', 'html', 'fhir', 'vcf'];

/** The one way that patient data leaves the store: to whom, what for, where to. */
export function ExportDialog({
  caseId,
  sample,
  version,
  outdated,
  onClose,
}: {
  caseId: string;
  sample: string;
  /** Version of the report; null: there is none, and only the VCF can be exported. */
  version: number | null;
  outdated: boolean;
  onClose: () => void;
}) {
  const w = useWords();
  const r = w.report;
  const toasts = useToasts();
  const [form, setForm] = useState<ExportForm>({
    kind: version === null ? 'vcf' : 'pdf',
    recipient: '',
    purpose: '',
    path: '',
  });
  const [tried, setTried] = useState(false);
  const [written, setWritten] = useState<ExportOutput | null>(null);
  const act = useAction('export', { invalidates: ['exports', 'history', 'case'], onSuccess: setWritten });
  const wrong = tried ? problems(form) : [];
  const kinds = version === null ? KINDS.filter((kind) => kind === 'vcf') : KINDS;
  const name = proposedName(sample, form.kind, version);
  const browse = async () => {
    try {
      const path = await chooseNewFile({ title: r.exportTitle, defaultPath: form.path || name });
      if (path !== null) setForm((now) => ({ ...now, path }));
    } catch (cause) {
      toasts.show({ text: toApiError(cause).message || w.common.unknownTitle, tone: 'fail' });
    }
  };
  const send = () => {
    setTried(true);
    if (problems(form).length > 0) return;
    act.mutate({
      case: caseId,
      version: form.kind === 'vcf' ? null : version,
      kind: form.kind,
      path: form.path.trim(),
      recipient: form.recipient.trim(),
      purpose: form.purpose.trim(),
    });
  };
  if (written) {
    return (
      <Dialog
        title={r.exported}
        isOpen
        onClose={onClose}
        actions={
          <>
            <Button
              onPress={() => {
                setWritten(null);
                setTried(false);
                setForm((now) => ({ ...now, path: '' }));
                act.reset();
              }}
            >
              {r.another}
            </Button>
            <Button variant="primary" onPress={onClose} autoFocus>
              {r.done}
            </Button>
          </>
        }
      >
        <Notice tone="pass" title={r.written(bytes(written.bytes), written.path)} />
        <FactList
          facts={[
            { term: r.shaShort, value: <Mono>{written.sha256}</Mono> },
            { term: r.recipient, value: form.recipient },
            { term: r.purpose, value: form.purpose },
          ]}
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={version === null ? r.exportTitle : `${r.exportTitle} · ${r.version(version)} · ${r.draft}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{w.common.cancel}</Button>
          <Button variant="primary" isPending={act.isPending} onPress={send}>
            {r.export}
          </Button>
        </>
      }
    >
      <div className="report-export">
        <p className="case-soft">{r.exportText}</p>
        {outdated && form.kind !== 'vcf' ? (
          <Notice tone="warn" title={r.outdatedTitle}>
            {r.outdatedText}
          </Notice>
        ) : null}
        <RadioGroup<ExportKind>
          label={r.kind}
          orientation="horizontal"
          value={form.kind}
          onChange={(kind) => setForm((now) => ({ ...now, kind }))}
          options={kinds.map((id) => ({ id, name: r.kinds[id].name, note: r.kinds[id].note }))}
        />
        <TextField
          label={r.recipient}
          description={r.recipientNote}
          isRequired
          autoFocus
          value={form.recipient}
          onChange={(recipient) => setForm((now) => ({ ...now, recipient }))}
          error={wrong.includes('recipient') ? r.needed.recipient : null}
        />
        <TextField
          label={r.purpose}
          description={r.purposeNote}
          isRequired
          value={form.purpose}
          onChange={(purpose) => setForm((now) => ({ ...now, purpose }))}
          error={wrong.includes('purpose') ? r.needed.purpose : null}
        />
        <TextField
          label={r.path}
          description={r.pathNote}
          isRequired
          mono
          value={form.path}
          placeholder={`/…/${name}`}
          onChange={(path) => setForm((now) => ({ ...now, path }))}
          error={
            wrong.includes('path') ? r.needed.path : wrong.includes('absolute') ? r.needed.absolute : null
          }
        />
        {inShell() ? <Button onPress={() => void browse()}>{r.browse}</Button> : null}
        <p className="case-soft">{form.kind === 'vcf' ? r.vcfExport : r.draftExport}</p>
        {act.error ? <ErrorState error={act.error} /> : null}
      </div>
    </Dialog>
  );
}
