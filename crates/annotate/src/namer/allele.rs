//! The way of one input to its answer.

use std::sync::Arc;

use clinotype_genome::{Fault, Result};

use super::{
    Namer,
    answer::Answer,
    compose::{merged, plain, unchanged, write},
    make::{Made, at_junction},
    prepare::Prepared,
    target::{Record, Target},
};
use crate::hgvs::{
    self,
    describe::StripEdit,
    name::{Bound, Change, Description, Edit, Location, Name, Nucleic, Phase, Position, ReferenceId, System},
};

/// Why an input has no answer, in words.
pub(super) enum Stop {
    Said(String),
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<String> for Stop {
    fn from(what: String) -> Self {
        Self::Said(what)
    }
}

impl<'a> Namer<'a> {
    /// Reads, checks, normalises and projects one name, or an allele as `chr17-43057062-C-T` or `chr17:43057062:C:T`
    /// (1-based, bases as VCF has them). What is wrong with it stands in [`Answer::errors`]; a fault of the files is
    /// the error.
    pub fn name(&self, input: &str) -> Result<Answer> {
        let mut answer = Answer {
            input: input.to_owned(),
            ..Answer::default()
        };
        let text = input.trim();
        let done = match vcf_like(text) {
            Some((chrom, position, reference, alternate)) => {
                self.allele(chrom, position, reference, alternate, &mut answer)
            }
            None => match hgvs::parse(text) {
                Ok(name) => self.answer(&name, &mut answer),
                Err(error) => Err(Stop::Said(error.to_string())),
            },
        };
        match done {
            Ok(()) => {}
            Err(Stop::Said(what)) => answer.errors.push(what),
            Err(Stop::Fault(fault)) => return Err(fault),
        }
        Ok(answer)
    }

    fn answer(&self, name: &Name, answer: &mut Answer) -> Result<(), Stop> {
        let Some(reference) = &name.reference else {
            return Err(Stop::Said(
                "the name has no reference sequence: write it as NM_000077.4:c.9_32dup".to_owned(),
            ));
        };
        match &name.description {
            Description::Nucleic(nucleic) => self.nucleic(name, reference, nucleic, answer),
            Description::Protein(protein) => self.protein_name(name, reference, protein, answer),
        }
    }

    fn nucleic(
        &self,
        name: &Name,
        reference: &ReferenceId,
        nucleic: &Nucleic,
        answer: &mut Answer,
    ) -> Result<(), Stop> {
        let mut target = self.target(reference, nucleic.system, &mut answer.notes)?;
        let system = system(nucleic.system, &target, reference)?;
        if let Target::Transcript(prepared, None) = &target
            && nucleic
                .groups
                .iter()
                .flatten()
                .any(|c| at_junction(c, prepared, system))
        {
            target = Target::Transcript(Arc::new(prepared.without_introns()), None);
        }
        if nucleic.system.is_none() {
            answer.notes.push(format!(
                "the name has no letter before its positions; {system} is taken"
            ));
        }
        if let Target::Transcript(prepared, _) = &target {
            answer.transcript = Some(prepared.accession.clone());
            answer.notes.extend(prepared.notes.iter().cloned());
            beyond_stop(prepared, system, nucleic, answer);
        }
        let mut groups: Vec<Vec<StripEdit>> = Vec::new();
        let mut places: Vec<Vec<(u32, u32)>> = Vec::new();
        let mut whole = false;
        for group in &nucleic.groups {
            let (mut edits, mut named) = (Vec::new(), Vec::new());
            for change in group {
                match self.make(change, &target, system) {
                    Ok(Made::Edit(edit)) => edits.push(edit),
                    Ok(Made::Place(start, end)) => named.push((start, end)),
                    Ok(Made::Whole) => whole = true,
                    Err(what) => {
                        // What cannot be made an allele of is still read: its name is given back in its canonical form.
                        if is_inexact(change) {
                            answer.normalized = Some(name.to_string());
                        }
                        return Err(Stop::Said(what));
                    }
                }
            }
            groups.push(edits);
            places.push(named);
        }
        for edits in &mut groups {
            // Unchanged stretches beside changes say nothing more.
            let changes = |e: &StripEdit| -> Result<bool> { Ok(target.strip().fetch(e.start, e.end)? != e.inserted) };
            if edits.len() > 1 {
                let mut kept = Vec::with_capacity(edits.len());
                for edit in edits.drain(..) {
                    if edit.end - edit.start > 1_000_000 || changes(&edit)? {
                        kept.push(edit);
                    }
                }
                whole |= kept.is_empty();
                *edits = kept;
            }
            *edits = match &target {
                Target::Record(record, _) => merged(std::mem::take(edits), record, |_, _| false)?,
                Target::Transcript(prepared, _) => merged(std::mem::take(edits), &prepared.locus, |a, b| {
                    prepared.one_residue(a, b)
                })?,
            }?;
        }
        let empty = groups.iter().all(Vec::is_empty) && places.iter().all(Vec::is_empty);
        match &target {
            Target::Record(record, system) => {
                let accession = self
                    .genomic_accession(&record.contig)
                    .unwrap_or_else(|| reference.accession.clone());
                if empty && whole {
                    answer.normalized = Some(write(
                        plain(&accession),
                        *system,
                        vec![vec![unchanged()]],
                        Phase::Cis,
                        false,
                    ));
                    answer.g.clone_from(&answer.normalized);
                    return Ok(());
                }
                let written = record_groups(record, *system, &groups, &places, nucleic.phase, &accession)?;
                answer.g.clone_from(&written);
                answer.normalized = written;
                if let [edits] = groups.as_slice()
                    && places.iter().all(Vec::is_empty)
                {
                    if let [edit] = edits.as_slice() {
                        answer.vcf = self.vcf(record, edit)?;
                    }
                    self.on_transcripts(record, edits, answer)?;
                }
            }
            Target::Transcript(prepared, parent) => {
                let shown = shown(reference, prepared, parent.as_deref());
                let written = if system == System::Rna {
                    System::Rna
                } else {
                    prepared.system()
                };
                if empty && whole {
                    let name = |r: ReferenceId| write(r, written, vec![vec![unchanged()]], Phase::Cis, false);
                    answer.normalized = Some(name(shown));
                    if written == System::Coding {
                        answer.c = Some(name(plain(&prepared.accession)));
                    }
                    return Ok(());
                }
                self.transcript_groups(prepared, &shown, written, &groups, &places, nucleic, answer)?;
            }
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn transcript_groups(
        &self,
        prepared: &Prepared<'a>,
        shown: &ReferenceId,
        system: System,
        groups: &[Vec<StripEdit>],
        places: &[Vec<(u32, u32)>],
        nucleic: &Nucleic,
        answer: &mut Answer,
    ) -> Result<(), Stop> {
        let mut normal: Vec<Vec<StripEdit>> = Vec::with_capacity(groups.len());
        for edits in groups {
            normal.push(prepared.normalised(edits)?);
        }
        let name = |system: System, reference: ReferenceId, predicted: bool| -> Result<Option<String>, Stop> {
            let mut written = Vec::new();
            for (edits, named) in normal.iter().zip(places) {
                let Some(changes) = prepared.changes(edits, system)? else {
                    return Ok(None);
                };
                written.push(with_places(changes, named, |at| prepared.locus.position(at, system)));
            }
            Ok(Some(write(reference, system, written, nucleic.phase, predicted)))
        };
        answer.normalized = name(system, shown.clone(), nucleic.predicted)?;
        if answer.normalized.is_none() {
            answer.errors.push(format!(
                "the change reaches beyond {}: {system} positions end there",
                prepared.accession
            ));
        }
        if prepared.system() == System::Coding {
            answer.c = name(System::Coding, plain(&prepared.accession), false)?;
        }
        answer.n = name(System::NonCoding, plain(&prepared.accession), false)?;
        if places.iter().any(|p| !p.is_empty()) {
            return Ok(());
        }
        if let [edits] = normal.as_slice() {
            answer.r = prepared.rna(edits)?;
            answer.p = prepared.protein(edits)?;
        }
        let Some((contig, _, _)) = prepared.locus.genome() else {
            return Ok(());
        };
        let record = self.record(contig.to_owned());
        let (span_start, span_end) = prepared.locus.span();
        if normal
            .iter()
            .flatten()
            .any(|e| e.start < span_start || e.end > span_end)
        {
            let what = format!(
                "the change lies outside {}, where HGVS names it on the genomic sequence only",
                prepared.accession
            );
            // A name that gives the genomic sequence refers to bases that are there.
            if shown.selector.is_some() {
                answer.notes.push(what);
            } else {
                answer.errors.push(what);
            }
        }
        let mut genomic = Vec::new();
        for edits in &normal {
            let mut made = Vec::new();
            for edit in edits {
                match prepared.locus.to_genome(edit)? {
                    Some(edit) => made.push(edit),
                    None => return Ok(()),
                }
            }
            match merged(made, &record, |_, _| false)? {
                Ok(made) => genomic.push(made),
                Err(_) => return Ok(()),
            }
        }
        if let Some(accession) = self.genomic_accession(contig) {
            let letter = if Self::is_mitochondrial(contig) {
                System::Mitochondrial
            } else {
                System::Genomic
            };
            let empty = vec![Vec::new(); genomic.len()];
            answer.g = record_groups(&record, letter, &genomic, &empty, nucleic.phase, &accession)?;
        }
        if let [edits] = genomic.as_slice()
            && let [edit] = edits.as_slice()
        {
            answer.vcf = self.vcf(&record, edit)?;
            if answer.vcf.is_none() && record_has(&record, edit)? && !edits_unchanged(prepared, &normal)? {
                answer.notes.push(format!(
                    "the reference sequence {contig} already has what this name changes {} to",
                    prepared.accession
                ));
            }
        }
        Ok(())
    }
}

/// A note where a position counts on past the stop codon instead of from it.
fn beyond_stop(prepared: &Prepared<'_>, system: System, nucleic: &Nucleic, answer: &mut Answer) {
    let Some((start, end)) = prepared
        .locus
        .coding
        .filter(|_| matches!(system, System::Coding | System::Rna))
    else {
        return;
    };
    let coding = i64::from(end - start);
    let beyond = nucleic
        .groups
        .iter()
        .flatten()
        .filter_map(|c| c.location)
        .find_map(|l| {
            let bounds = [Some(l.first), l.last];
            bounds.into_iter().flatten().find_map(|b| match b {
                Bound::Exact(p) => match p.anchor {
                    crate::hgvs::name::Anchor::Base(n) if n > coding => Some(n),
                    _ => None,
                },
                Bound::Between(..) => None,
            })
        });
    if let Some(n) = beyond {
        answer.notes.push(format!(
            "{system}{n} lies after the stop codon, which ends at {system}{coding}: it is written {system}*{}",
            n - coding
        ));
    }
}

/// The reference that a transcript's name is written with.
fn shown(reference: &ReferenceId, prepared: &Prepared<'_>, parent: Option<&str>) -> ReferenceId {
    match parent {
        Some(parent) => ReferenceId {
            accession: parent.to_owned(),
            selector: Some(prepared.accession.clone()),
        },
        // An LRG name of the same transcript stays what it is.
        None if reference.accession.starts_with("LRG_") => plain(&reference.accession),
        None => plain(&prepared.accession),
    }
}

fn record_groups(
    record: &Record<'_>,
    system: System,
    groups: &[Vec<StripEdit>],
    places: &[Vec<(u32, u32)>],
    phase: Phase,
    accession: &str,
) -> Result<Option<String>, Stop> {
    let position = |at: u32| Some(Position::base(i64::from(at) + 1));
    let mut written = Vec::new();
    for (edits, named) in groups.iter().zip(places) {
        let Some(changes) = record.changes(edits)? else {
            return Err(Stop::Said(
                "the change lies before the first or after the last base of the sequence: it has no name there"
                    .to_owned(),
            ));
        };
        written.push(with_places(changes, named, position));
    }
    Ok(Some(write(plain(accession), system, written, phase, false)))
}

/// The letter of a name, from its sequence where it is missing; n. on a coding transcript is read along it.
fn system(stated: Option<System>, target: &Target<'_>, reference: &ReferenceId) -> Result<System, Stop> {
    let implied = match target {
        Target::Record(_, system) => *system,
        Target::Transcript(prepared, _) => prepared.system(),
    };
    match stated {
        Some(System::Coding) if implied == System::NonCoding => Err(Stop::Said(format!(
            "{reference} has no coding sequence here: c. does not belong to it"
        ))),
        Some(system) => Ok(system),
        None => Ok(implied),
    }
}

/// Whether a change is one that HGVS can write but that is no single allele.
fn is_inexact(change: &Change) -> bool {
    let unknown = |p: &Position| {
        matches!(p.anchor, crate::hgvs::name::Anchor::Unknown)
            || matches!(
                p.offset,
                crate::hgvs::name::Offset::PlusUnknown | crate::hgvs::name::Offset::MinusUnknown
            )
    };
    let bound = |b: &Bound| match b {
        Bound::Exact(p) => unknown(p),
        Bound::Between(..) => true,
    };
    change.uncertain
        || change
            .location
            .is_none_or(|l| l.uncertain || bound(&l.first) || l.last.as_ref().is_some_and(bound))
        || matches!(change.edit, Edit::Unknown | Edit::Absent | Edit::Splice(_))
        || change.edit.is_inexact()
}

/// Changes with the bare positions of the name put between them in order.
fn with_places(changes: Vec<Change>, places: &[(u32, u32)], position: impl Fn(u32) -> Option<Position>) -> Vec<Change> {
    let named = places.iter().filter_map(|(start, end)| {
        let last = (end - start > 1).then(|| position(end - 1)).flatten().map(Bound::Exact);
        Some(Change {
            location: Some(Location {
                first: Bound::Exact(position(*start)?),
                last,
                uncertain: false,
            }),
            edit: Edit::None,
            uncertain: false,
        })
    });
    named.chain(changes).collect()
}

fn record_has(record: &Record<'_>, edit: &StripEdit) -> Result<bool> {
    Ok(crate::bases::Bases::fetch(record.bases, &record.contig, edit.start, edit.end)? == edit.inserted)
}

/// Whether the edits leave the transcript as it is.
fn edits_unchanged(prepared: &Prepared<'_>, groups: &[Vec<StripEdit>]) -> Result<bool> {
    use crate::hgvs::describe::Strip;
    for edit in groups.iter().flatten() {
        if prepared.locus.fetch(edit.start, edit.end)? != edit.inserted {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The parts of `chrom-pos-ref-alt` or `chrom:pos:ref:alt`.
fn vcf_like(text: &str) -> Option<(&str, &str, &str, &str)> {
    let separator = if text.matches(':').count() == 3 { ':' } else { '-' };
    let mut parts = text.rsplitn(4, separator);
    let (alternate, reference, position, chrom) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let bases = |t: &str| {
        !t.is_empty()
            && t.bytes()
                .all(|b| matches!(b, b'A' | b'C' | b'G' | b'T' | b'N' | b'a' | b'c' | b'g' | b't' | b'n'))
    };
    (bases(reference) && bases(alternate) && !position.is_empty() && position.bytes().all(|b| b.is_ascii_digit()))
        .then_some((chrom, position, reference, alternate))
}

impl Prepared<'_> {
    /// Whether two changes with one unchanged base between them affect one amino acid.
    fn one_residue(&self, a: &StripEdit, b: &StripEdit) -> bool {
        let (Some((start, end)), Some(x), Some(y)) = (
            self.locus.coding,
            self.locus.to_transcript(a),
            self.locus.to_transcript(b),
        ) else {
            return false;
        };
        let substitutions = |e: &StripEdit| e.end > e.start && e.inserted.len() as u32 == e.end - e.start;
        substitutions(&x)
            && substitutions(&y)
            && y.start == x.end + 1
            && x.start >= start
            && y.end <= end
            && (x.end - 1 - start) / 3 == (y.start - start) / 3
    }
}
