import type {
  CaseView,
  FurtherInputs,
  InputFile,
  OrderForm,
  ReleaseView,
  StoredFile,
} from '../../../api/types';
import { FactList, Mono, Notice, Section, SmallTable } from '../../../components';
import { bytes, date, useWords } from '../../../words';
import { furtherFields, furtherText } from '../../further/further';

/** The order as it was given; what is missing says so. */
export function Order({ view }: { view: CaseView }) {
  const w = useWords();
  const o = w.overview;
  const given = (value: string) =>
    value.trim() === '' ? <span className="case-missing">{o.notGiven}</span> : value;
  const order = view.order;
  const genome = [
    { term: o.build, value: view.build ?? o.buildUnknown },
    {
      term: o.referenceSet,
      value: view.reference_name ?? <span className="case-missing">{o.notGiven}</span>,
    },
  ];
  return (
    <Section title={o.order}>
      {order === null ? (
        <>
          <Notice tone="warn" title={o.unidentified}>
            {o.unidentifiedText}
          </Notice>
          <FactList facts={genome} />
        </>
      ) : (
        <FactList
          facts={[
            { term: o.patient, value: given([order.family, order.given].filter(Boolean).join(', ')) },
            { term: o.birthDate, value: given(order.birth_date) },
            { term: o.sex, value: given(o.sexes[order.sex] ?? order.sex) },
            ...order.identifiers.map((one) => ({
              term: o.identifier(one.label),
              value: <Mono>{one.value}</Mono>,
            })),
            { term: o.test, value: given([order.test, order.code].filter(Boolean).join(' · ')) },
            { term: o.indication, value: given(order.indication) },
            { term: o.hpo, value: given(order.hpo.join(', ')) },
            { term: o.genes, value: order.genes.length === 0 ? o.allGenes : order.genes.join(', ') },
            {
              term: o.orderNumber,
              value: given(
                [order.order_id, order.order_date && date(order.order_date)].filter(Boolean).join(' · '),
              ),
            },
            { term: o.clinician, value: given(clinician(order)) },
            {
              term: o.specimen,
              value: given([order.specimen_id, order.specimen_type].filter(Boolean).join(' · ')),
            },
            { term: o.collected, value: given(order.collected) },
            { term: o.received, value: given(order.received) },
            { term: o.condition, value: given(order.condition) },
            {
              term: o.secondary,
              value:
                order.secondary_findings === null
                  ? o.secondaryUnasked
                  : order.secondary_findings
                    ? o.secondaryYes
                    : o.secondaryNo,
            },
            { term: o.vus, value: order.list_vus ? o.vusListed : o.vusUnlisted },
            { term: o.laboratory, value: given(order.laboratory_name) },
            ...genome,
          ]}
        />
      )}
    </Section>
  );
}

function clinician(order: OrderForm): string {
  const name = [order.clinician_given, order.clinician_family].filter(Boolean).join(' ');
  return [name, order.organization].filter(Boolean).join(', ');
}

/** Input files of the case. */
export function Inputs({ files }: { files: readonly InputFile[] }) {
  const w = useWords();
  const o = w.overview;
  return (
    <Section title={o.inputs}>
      {files.length === 0 ? (
        <p className="case-soft">{o.noInputs}</p>
      ) : (
        <SmallTable
          caption={o.inputs}
          captionHidden
          columns={[
            { id: 'path', title: o.path, mono: true, isRowHeader: true },
            { id: 'kind', title: o.kind },
            { id: 'size', title: o.size, align: 'end' },
          ]}
          rows={files.map((file) => ({
            id: file.path,
            cells: {
              path: <span className="case-path">{file.path}</span>,
              kind: file.mate === null ? o.kinds[file.kind] : `${o.kinds[file.kind]} R${file.mate}`,
              size: file.bytes === null ? o.notGiven : bytes(file.bytes),
            },
          }))}
        />
      )}
    </Section>
  );
}

/** What the next run uses besides, where anything. */
export function Further({ further }: { further: FurtherInputs }) {
  const w = useWords();
  const named = furtherFields.flatMap((field) => {
    const paths = furtherText(further)[field];
    return paths === '' ? [] : paths.split('\n').map((path) => ({ field, path }));
  });
  if (named.length === 0) return null;
  return (
    <Section title={w.overview.usesBesides}>
      <SmallTable
        caption={w.overview.usesBesides}
        captionHidden
        columns={[
          { id: 'path', title: w.overview.path, mono: true, isRowHeader: true },
          { id: 'kind', title: w.overview.kind },
        ]}
        rows={named.map(({ field, path }) => ({
          id: `${field} ${path}`,
          cells: {
            path: <span className="case-path">{path}</span>,
            kind: w.further.fields[field].label,
          },
        }))}
      />
    </Section>
  );
}

/** Data releases, rules and software of the newest run. */
export function Releases({ releases }: { releases: readonly ReleaseView[] }) {
  const w = useWords();
  const o = w.overview;
  if (releases.length === 0) return <p className="case-soft">{o.noReleases}</p>;
  return (
    <SmallTable
      caption={o.releases}
      captionHidden
      columns={[
        { id: 'name', title: o.name, isRowHeader: true },
        { id: 'release', title: o.release },
        { id: 'sha', title: o.sha256, mono: true },
      ]}
      rows={releases.map((one) => ({
        id: one.name,
        cells: {
          name: one.name,
          release: one.release,
          sha:
            one.sha256 === null ? (
              <span className="case-missing">{o.noSha}</span>
            ) : (
              <Sha value={one.sha256} />
            ),
        },
      }))}
    />
  );
}

/** Files that the store keeps. */
export function Files({ files }: { files: readonly StoredFile[] }) {
  const w = useWords();
  const o = w.overview;
  return (
    <Section title={o.files}>
      {files.length === 0 ? (
        <p className="case-soft">{o.noFiles}</p>
      ) : (
        <SmallTable
          caption={o.files}
          captionHidden
          columns={[
            { id: 'role', title: o.role, isRowHeader: true },
            { id: 'size', title: o.size, align: 'end' },
            { id: 'sha', title: o.sha256, mono: true },
          ]}
          rows={files.map((file) => ({
            id: file.id,
            cells: {
              role: o.roles[file.role] ?? file.role,
              size: bytes(file.bytes),
              sha: <Sha value={file.sha256} />,
            },
          }))}
        />
      )}
    </Section>
  );
}

/** A checksum, whole: it may break anywhere and is never cut. */
export function Sha({ value }: { value: string }) {
  return <span className="case-sha">{value}</span>;
}
