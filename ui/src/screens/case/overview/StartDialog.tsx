import { useState } from 'react';
import { useAction } from '../../../api/hooks';
import type { CaseView, FurtherInputs, RunWith } from '../../../api/types';
import { Checkbox, ConfirmDialog, ErrorState, RadioGroup } from '../../../components';
import { useWords } from '../../../words';
import { FurtherFields } from '../../further/FurtherFields';
import { furtherOf, furtherText, hasFurther } from '../../further/further';

/** Asks what a run uses, and starts it. It stays open where the host refuses, and says at which field. */
export function StartDialog({
  view,
  isFirst,
  onClose,
}: {
  view: CaseView;
  isFirst: boolean;
  onClose: () => void;
}) {
  const w = useWords();
  const o = w.overview;
  const start = useAction('start_run');
  const [data, setData] = useState<RunWith>('same');
  const [pharmacogenes, setPharmacogenes] = useState(view.pharmacogenes);
  const [further, setFurther] = useState(() => furtherText(view.further));
  // As it begins: a field that is emptied must not close on the person.
  const [opens] = useState(() => isFirst || hasFurther(furtherText(view.further)));
  const place = start.error?.place ?? '';
  const errorOf = (field: keyof FurtherInputs) =>
    place === `further.${field}` ? sentence(start.error?.message ?? '') : undefined;
  return (
    <ConfirmDialog
      title={isFirst ? o.startTitle : o.againTitle}
      isOpen
      onClose={onClose}
      confirm={isFirst ? o.start : o.againConfirm}
      isPending={start.isPending}
      onConfirm={() =>
        start.mutate(
          { case: view.row.id, with: data, pharmacogenes, further: furtherOf(further) },
          { onSuccess: onClose },
        )
      }
    >
      <p>{isFirst ? o.startText : o.againText}</p>
      {start.error ? <ErrorState error={start.error} title={w.further.refused} /> : null}
      {view.done_runs > 0 ? (
        <RadioGroup
          label={w.releases.with}
          options={[
            { id: 'same', name: w.releases.same, note: w.releases.sameNote },
            { id: 'newest', name: w.releases.newest, note: w.releases.newestNote },
          ]}
          value={data}
          onChange={setData}
        />
      ) : null}
      <Checkbox
        isSelected={pharmacogenes}
        onChange={setPharmacogenes}
        description={w.newCase.sample.pharmacogenesNote}
      >
        {w.newCase.sample.pharmacogenes}
      </Checkbox>
      <details className="case-older" open={opens}>
        <summary>{o.usesBesides}</summary>
        <div className="case-further">
          <FurtherFields
            value={further}
            onChange={(part) => setFurther((now) => ({ ...now, ...part }))}
            errorOf={errorOf}
            around={(field, control) => <div key={field}>{control}</div>}
          />
        </div>
      </details>
    </ConfirmDialog>
  );
}

/** Words of the host as a sentence of their own. */
function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
