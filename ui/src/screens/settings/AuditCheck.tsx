import { useAction } from '../../api/hooks';
import { announce, Button, ErrorState, Notice, Section } from '../../components';
import { useWords } from '../../words';

/** Reads the whole audit trail and says whether it is whole. */
export function AuditCheck() {
  const t = useWords().settings;
  const verify = useAction('verify_audit', {
    invalidates: [],
    onSuccess: (verdict) => announce(verdict.intact ? t.intact : t.broken),
  });
  const verdict = verify.data;
  return (
    <Section title={t.audit} note={t.auditNote}>
      <div className="settings-stack">
        <div className="settings-row">
          <Button onPress={() => verify.mutate({})} isPending={verify.isPending}>
            {verify.isPending ? t.verifying : t.verify}
          </Button>
        </div>
        {verify.error ? <ErrorState error={verify.error} title={t.verifyFailed} /> : null}
        {verdict && !verify.isPending ? (
          <Notice tone={verdict.intact ? 'pass' : 'fail'} title={verdict.intact ? t.intact : t.broken}>
            <p>{verdict.words}</p>
            <p>
              {t.rows(verdict.rows)}
              {verdict.first_bad !== null ? ` · ${t.firstBad(verdict.first_bad)}` : null}
            </p>
            {verdict.intact ? null : <p>{t.brokenHint}</p>}
          </Notice>
        ) : null}
      </div>
    </Section>
  );
}
