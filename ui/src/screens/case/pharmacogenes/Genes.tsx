import type { PharmacogeneView } from '../../../api/types';
import { FactList, Mono, SmallTable, Tag } from '../../../components';
import { number, useWords } from '../../../words';
import { ordered } from './view';

/** Genes, those with a result first; each opens to what it rests on. */
export function Genes({ genes }: { genes: readonly PharmacogeneView[] }) {
  return (
    <ul className="pgx-list">
      {ordered(genes).map((gene) => (
        <li key={gene.gene}>
          <Gene gene={gene} />
        </li>
      ))}
    </ul>
  );
}

function Gene({ gene }: { gene: PharmacogeneView }) {
  const p = useWords().pharmacogenes;
  const meaning = [...gene.phenotypes, ...gene.activity_scores.map(p.score)].join(', ');
  return (
    <details className="pgx-item">
      <summary>
        <strong className="pgx-name">{gene.gene}</strong>
        {gene.called ? (
          <>
            <Mono>{gene.diplotypes.join(' or ')}</Mono>
            <span>{meaning === '' ? p.noPhenotype : meaning}</span>
            <span className={gene.missing.length > 0 ? 'case-open' : 'case-soft'}>
              {p.missing(gene.missing.length, gene.positions)}
            </span>
          </>
        ) : (
          <Tag tone="warn">{p.noResult}</Tag>
        )}
      </summary>
      <div className="pgx-body">
        <FactList facts={[{ term: gene.called ? p.how : p.why, value: gene.how }]} />
        {gene.looked_up.join() === gene.diplotypes.join() ? null : (
          <p>{p.lookedUp(gene.looked_up.join(' or '))}</p>
        )}
        {gene.missing.length > 0 ? (
          <SmallTable
            caption={p.missingTitle(gene.gene)}
            columns={[
              { id: 'position', title: p.column.position, mono: true, isRowHeader: true },
              { id: 'alleles', title: p.column.alleles },
              { id: 'reason', title: p.column.reason },
            ]}
            rows={gene.missing.map((position) => ({
              id: `${position.name} ${position.position}`,
              cells: {
                position: (
                  <>
                    {position.name} {number(position.position)}{' '}
                    {position.tier1 ? <Tag tone="warn">{p.tier1}</Tag> : null}
                  </>
                ),
                alleles: position.alleles.join(', '),
                reason: position.reason,
              },
            }))}
          />
        ) : null}
        {gene.uncallable.length > 0 ? (
          <FactList facts={[{ term: p.uncallable, value: gene.uncallable.join(', ') }]} />
        ) : null}
        {gene.alternatives.length > 0 ? (
          <SmallTable
            caption={p.alternatives(gene.gene)}
            columns={[
              { id: 'diplotype', title: p.column.diplotype, mono: true, isRowHeader: true },
              { id: 'difference', title: p.column.difference },
            ]}
            rows={gene.alternatives.map((other) => ({
              id: other.label,
              cells: {
                diplotype: other.label,
                difference: other.changes ? <strong>{other.difference}</strong> : other.difference,
              },
            }))}
          />
        ) : gene.called ? (
          <p className="case-soft">{p.noAlternative}</p>
        ) : null}
        {gene.notes.length > 0 ? (
          <>
            <h3>{p.notes}</h3>
            <ul className="case-list">
              {gene.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </>
        ) : null}
        {gene.drugs.length > 0 ? (
          <FactList facts={[{ term: p.drugs, value: gene.drugs.join(', ') }]} />
        ) : null}
      </div>
    </details>
  );
}
