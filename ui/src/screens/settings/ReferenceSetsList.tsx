import { useState } from 'react';
import { useOperation } from '../../api/hooks';
import type { ReferenceSet } from '../../api/types';
import { Await, Button, Mono, Section, SmallTable, Tag } from '../../components';
import { useWords } from '../../words';
import { fileName } from '../new-case/draft';
import { ReferenceSetDialog } from '../new-case/ReferenceSetDialog';

/** The reference sets of the workstation with what is wrong with them now. */
export function ReferenceSetsList() {
  const w = useWords();
  const t = w.settings;
  const sets = useOperation('reference_sets', {});
  const [edited, setEdited] = useState<ReferenceSet | 'new' | null>(null);
  return (
    <Section
      title={t.sets}
      note={t.setsNote}
      actions={<Button onPress={() => setEdited('new')}>{t.newSet}</Button>}
    >
      <Await query={sets}>
        {(data) =>
          data.sets.length === 0 ? (
            <p className="settings-none">{t.setsEmpty}</p>
          ) : (
            <SmallTable
              caption={t.sets}
              captionHidden
              columns={[
                { id: 'name', title: t.setColumn.name, isRowHeader: true },
                { id: 'build', title: t.setColumn.build },
                { id: 'files', title: t.setColumn.files },
                { id: 'state', title: t.setColumn.state },
                { id: 'actions', title: t.setColumn.actions },
              ]}
              rows={data.sets.map(({ set, build, problems }) => ({
                id: set.id ?? set.name,
                cells: {
                  name: (
                    <span className="settings-row">
                      {set.name}
                      {set.synthetic ? <Tag tone="warn">{w.worklist.synthetic}</Tag> : null}
                    </span>
                  ),
                  build: build ?? set.build ?? t.buildUnproved,
                  files: (
                    <Mono size="s">
                      {[
                        set.reference,
                        set.transcripts,
                        set.clinvar,
                        set.frequencies,
                        set.targets,
                        set.thresholds,
                        set.comparators,
                        ...set.scores,
                      ]
                        .filter((path) => path !== null && path !== '')
                        .map((path) => fileName(path ?? ''))
                        .join(', ')}
                    </Mono>
                  ),
                  state:
                    problems.length === 0 ? (
                      t.setUsable
                    ) : (
                      <div className="settings-problems">
                        <strong>{t.setProblems(problems.length)}</strong>
                        <ul>
                          {problems.map((problem) => (
                            <li key={problem}>{problem}</li>
                          ))}
                        </ul>
                      </div>
                    ),
                  actions: (
                    <Button onPress={() => setEdited(set)} label={t.editSetOf(set.name)}>
                      {t.editSet}
                    </Button>
                  ),
                },
              }))}
            />
          )
        }
      </Await>
      {edited !== null ? (
        <ReferenceSetDialog set={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      ) : null}
    </Section>
  );
}
