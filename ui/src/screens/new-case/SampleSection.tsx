import { useEffect, useState } from 'react';
import { useOperation } from '../../api/hooks';
import { Await, Button, Checkbox, Notice, Section, Select, TextField } from '../../components';
import { useWords } from '../../words';
import { FurtherFields } from '../further/FurtherFields';
import { At } from './Fields';
import { useForm } from './form';
import { ReferenceSetDialog } from './ReferenceSetDialog';

/** No sample of a file can be called so: names hold no tab. */
const same = '\tsame';

/** Accession, name of the sample in the files, reference set. */
export function SampleSection() {
  const w = useWords();
  const t = w.newCase.sample;
  const { draft, change, errorOf } = useForm();
  const [making, setMaking] = useState(false);
  const sets = useOperation('reference_sets', {});
  const usable = sets.data?.sets.filter((view) => view.problems.length === 0 && view.set.id !== null) ?? [];
  const only = usable.length === 1 ? (usable[0]?.set.id ?? null) : null;

  // With one usable set there is nothing to choose.
  useEffect(() => {
    if (draft.referenceSet === null && only !== null) change({ referenceSet: only });
  }, [draft.referenceSet, only, change]);

  const chosen = sets.data?.sets.find((view) => view.set.id === draft.referenceSet);
  return (
    <Section title={t.title}>
      <div className="new-fields">
        <At field="sample">
          <TextField
            label={t.accession}
            value={draft.accession}
            onChange={(accession) => change({ accession, accessionProposed: false })}
            description={draft.accessionProposed ? `${t.proposed} ${t.accessionHint}` : t.accessionHint}
            error={errorOf('sample')}
            isRequired
            mono
          />
        </At>
        {draft.samples.length > 0 ? (
          <At field="input_sample">
            <Select
              label={t.input}
              options={[
                { id: same, name: t.inputSame },
                ...draft.samples.map((name) => ({ id: name, name })),
              ]}
              value={draft.inputSample ?? same}
              onChange={(name) => change({ inputSample: name === same ? null : name })}
              description={t.inputHint}
              error={errorOf('input_sample')}
            />
          </At>
        ) : null}
        <At field="reference_set">
          <Await query={sets} rows={1}>
            {(data) => (
              <div className="new-set">
                {data.sets.length === 0 ? (
                  <p className="new-text">{t.setNone}</p>
                ) : (
                  <Select
                    label={t.set}
                    options={data.sets
                      .filter((view) => view.set.id !== null)
                      .map(({ set, build }) => ({
                        id: set.id ?? '',
                        name: set.name,
                        note: build ? t.setNote(build) : set.build ? t.setNote(set.build) : t.setUnproved,
                      }))}
                    value={draft.referenceSet}
                    onChange={(referenceSet) => change({ referenceSet })}
                    description={t.setHint}
                    error={errorOf('reference_set')}
                    isRequired
                  />
                )}
                {data.sets.length === 0 && errorOf('reference_set') ? (
                  <p className="new-error">{errorOf('reference_set')}</p>
                ) : null}
                <Button onPress={() => setMaking(true)}>{t.setNew}</Button>
              </div>
            )}
          </Await>
        </At>
        <Checkbox
          isSelected={draft.pharmacogenes}
          onChange={(pharmacogenes) => change({ pharmacogenes })}
          description={t.pharmacogenesNote}
        >
          {t.pharmacogenes}
        </Checkbox>
      </div>
      {chosen && chosen.problems.length > 0 ? (
        <Notice tone="fail" title={t.setBroken}>
          <ul className="new-list">
            {chosen.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {making ? (
        <ReferenceSetDialog
          set={null}
          onClose={() => setMaking(false)}
          onSaved={(id) => change({ referenceSet: id })}
        />
      ) : null}
    </Section>
  );
}

/** What the runs of the case use besides its own files. */
export function FurtherSection() {
  const w = useWords();
  const { draft, change, errorOf } = useForm();
  return (
    <Section title={w.further.title} note={w.further.note}>
      <div className="new-fields">
        <FurtherFields
          value={draft.further}
          onChange={(part) => change((now) => ({ ...now, further: { ...now.further, ...part } }))}
          errorOf={(field) => errorOf(`further.${field}`)}
          around={(field, control) => (
            <At key={field} field={`further.${field}`}>
              {control}
            </At>
          )}
        />
      </div>
    </Section>
  );
}
