//! From edits to names: merging, normalising, writing.

use clinotype_genome::{Pos, Result, VariantKey, normalise::normalise_with};

use super::{Namer, answer::VcfAllele, prepare::Prepared, target::Record};
use crate::{
    hgvs::{
        describe::{Shape, Strip, StripEdit},
        name::{Bound, Change, Edit, Location, Name, Nucleic, Phase, Piece, Position, ReferenceId, Stated, System},
    },
    project::{Place, ProteinChange},
};

/// Edits of one molecule in order, those that touch taken together; the error names an overlap.
///
/// `join`: whether two edits with unchanged bases between them are one change (two that affect one amino acid).
pub(super) fn merged(
    mut edits: Vec<StripEdit>,
    strip: &dyn Strip,
    join: impl Fn(&StripEdit, &StripEdit) -> bool,
) -> Result<Result<Vec<StripEdit>, String>> {
    edits.sort_by_key(|e| (e.start, e.end));
    let mut out: Vec<StripEdit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let Some(last) = out.last_mut() else {
            out.push(edit);
            continue;
        };
        let insertions = last.start == last.end && edit.start == edit.end;
        if edit.start < last.end || insertions && edit.start == last.start {
            return Ok(Err("two changes of the allele overlap".to_owned()));
        }
        if edit.start == last.end {
            last.end = edit.end;
            last.inserted.extend(edit.inserted);
        } else if join(last, &edit) {
            let between = strip.fetch(last.end, edit.start)?;
            last.inserted.extend(between);
            last.inserted.extend(edit.inserted);
            last.end = edit.end;
        } else {
            out.push(edit);
        }
    }
    Ok(Ok(out))
}

fn text(bases: &[u8]) -> String {
    String::from_utf8_lossy(bases).into_owned()
}

/// The change of a shape, given how its places are written; `None` where one cannot be.
fn change(shape: &Shape, position: impl Fn(u32) -> Option<Position>) -> Option<Change> {
    let range = |start: u32, end: u32| -> Option<Location> {
        let first = Bound::Exact(position(start)?);
        let last = Bound::Exact(position(end.checked_sub(1)?)?);
        Some(Location {
            first,
            last: (end - start > 1).then_some(last),
            uncertain: false,
        })
    };
    let (location, edit) = match shape {
        Shape::Identity(start, end) => (range(*start, *end)?, Edit::Identity(Stated::Nothing)),
        Shape::Substitution(at, reference, alternate) => (
            range(*at, at + 1)?,
            Edit::Substitution {
                reference: text(&[*reference]),
                alternate: text(&[*alternate]),
            },
        ),
        Shape::Deletion(start, end) => (range(*start, *end)?, Edit::Deletion(Stated::Nothing)),
        Shape::Inversion(start, end) => (range(*start, *end)?, Edit::Inversion(Stated::Nothing)),
        Shape::Duplication(start, end) => (range(*start, *end)?, Edit::Duplication(Stated::Nothing)),
        Shape::Insertion(at, bases) => (
            range(at.checked_sub(1)?, at + 1)?,
            Edit::Insertion(vec![Piece::Bases(text(bases), None)]),
        ),
        Shape::DeletionInsertion(start, end, bases) => (
            range(*start, *end)?,
            Edit::DeletionInsertion(Stated::Nothing, vec![Piece::Bases(text(bases), None)]),
        ),
        Shape::Repeat(start, end, unit, count) => (
            range(*start, *end)?,
            Edit::Repeat(vec![(text(unit), crate::hgvs::name::Count::Exact(*count))]),
        ),
    };
    Some(Change {
        location: Some(location),
        edit,
        uncertain: false,
    })
}

/// A name from changes of one molecule or several.
pub(super) fn write(
    reference: ReferenceId,
    system: System,
    groups: Vec<Vec<Change>>,
    phase: Phase,
    predicted: bool,
) -> String {
    Name {
        reference: Some(reference),
        description: crate::hgvs::name::Description::Nucleic(Nucleic {
            system: Some(system),
            predicted,
            groups,
            phase,
        }),
    }
    .to_string()
}

/// A reference without selector.
pub(super) fn plain(accession: &str) -> ReferenceId {
    ReferenceId {
        accession: accession.to_owned(),
        selector: None,
    }
}

/// The name that says that nothing is changed.
pub(super) fn unchanged() -> Change {
    Change {
        location: None,
        edit: Edit::Identity(Stated::Nothing),
        uncertain: false,
    }
}

impl Record<'_> {
    /// Changes of edits on this record.
    pub(super) fn changes(&self, edits: &[StripEdit]) -> Result<Option<Vec<Change>>> {
        let mut out = Vec::with_capacity(edits.len());
        for (i, edit) in edits.iter().enumerate() {
            let high = edits.get(i + 1).map_or(self.length, |next| next.start);
            let shape = shape_of(&normal(edit, self, high)?, self, 0, |_, _| false)?;
            let position = |at: u32| (at < self.length).then(|| Position::base(i64::from(at) + 1));
            let Some(change) = change(&shape, position) else {
                return Ok(None);
            };
            out.push(change);
        }
        Ok(Some(out))
    }
}

/// An edit made minimal; one that states an unchanged stretch keeps it.
fn normal(edit: &StripEdit, strip: &dyn Strip, high: u32) -> Result<StripEdit> {
    let made = edit.normalised(strip, high)?;
    if made.start == made.end && made.inserted.is_empty() && edit.start < edit.end {
        return Ok(edit.clone());
    }
    Ok(made)
}

/// The shape of an edit that changes nothing is its stretch.
fn shape_of(edit: &StripEdit, strip: &dyn Strip, low: u32, coding: impl Fn(u32, u32) -> bool) -> Result<Shape> {
    if edit.start < edit.end
        && edit.inserted.len() as u32 == edit.end - edit.start
        && strip.fetch(edit.start, edit.end)? == edit.inserted
    {
        return Ok(Shape::Identity(edit.start, edit.end));
    }
    edit.shape(strip, low, coding)
}

impl Prepared<'_> {
    /// Edits normalised on the transcript, within the bounds of each.
    pub(super) fn normalised(&self, edits: &[StripEdit]) -> Result<Vec<StripEdit>> {
        edits
            .iter()
            .enumerate()
            .map(|(i, edit)| {
                let (_, high) = self.locus.bounds(edit.start, edit.end);
                let high = edits.get(i + 1).map_or(high, |next| high.min(next.start));
                let made = normal(edit, &self.locus, high)?;
                // After the transcript's last base only a copy of what stands before can be named on it.
                let behind = self.locus.has_genome() && made.start == made.end && made.start == self.locus.span().1;
                if behind && edit.start < made.start {
                    let (low, _) = self.locus.bounds(edit.start, edit.end);
                    if matches!(made.shape(&self.locus, low, |_, _| false)?, Shape::Insertion(..)) {
                        return normal(edit, &self.locus, made.start - 1);
                    }
                }
                Ok(made)
            })
            .collect()
    }

    /// Changes of normalised edits in a system; `None` where a place has no number in it.
    pub(super) fn changes(&self, edits: &[StripEdit], system: System) -> Result<Option<Vec<Change>>> {
        let mut out = Vec::with_capacity(edits.len());
        for edit in edits {
            let (low, _) = self.locus.bounds(edit.start, edit.end);
            let coding = |from, to| matches!(system, System::Coding | System::Rna) && self.locus.is_coding(from, to);
            let shape = shape_of(edit, &self.locus, low, coding)?;
            let position = |at: u32| {
                (at < self.locus.length())
                    .then(|| self.locus.position(at, system))
                    .flatten()
            };
            let Some(change) = change(&shape, position) else {
                return Ok(None);
            };
            out.push(change);
        }
        Ok(Some(out))
    }

    /// The predicted r. name; `None` where introns or flanks are touched and the transcript's bases are not.
    pub(super) fn rna(&self, edits: &[StripEdit]) -> Result<Option<String>> {
        let splice = |what: &str| Some(format!("{}:r.{what}", self.accession));
        if edits.iter().all(|e| self.locus.to_transcript(e).is_some()) {
            let Some(changes) = self.changes(edits, System::Rna)? else {
                return Ok(None);
            };
            return Ok(Some(write(
                plain(&self.accession),
                System::Rna,
                vec![changes],
                Phase::Cis,
                true,
            )));
        }
        Ok(if edits.iter().any(|e| self.is_at_splice_site(e)) {
            splice("(spl?)")
        } else {
            None
        })
    }

    /// Whether an edit changes one of the two bases of an intron next to an exon, or reaches from an exon into an intron.
    pub(super) fn is_at_splice_site(&self, edit: &StripEdit) -> bool {
        if self.locus.to_transcript(edit).is_some() {
            return false;
        }
        let near = |frame: u32| matches!(self.locus.place(frame), Place::Intron(_, d) if d.abs() <= 2);
        let exonic = |frame: u32| matches!(self.locus.place(frame), Place::Exon(_));
        if edit.start == edit.end {
            // Between +1 and +2, or -2 and -1: both neighbours are splice site bases.
            return edit.start > 0 && near(edit.start - 1) && near(edit.start);
        }
        let (first, last) = (edit.start, edit.end - 1);
        near(first) || near(last) || exonic(first) || exonic(last)
    }

    /// The predicted p. name with the protein's accession; `None` for a non-coding transcript, and for changes that
    /// touch neither exon nor splice site.
    pub(super) fn protein(&self, edits: &[StripEdit]) -> Result<Option<String>> {
        let Some(coding) = self.coding() else { return Ok(None) };
        let named = |what: &str| match &self.transcript.protein_id {
            Some(id) => format!("{id}:{what}"),
            None => what.to_owned(),
        };
        let mut inside = Vec::with_capacity(edits.len());
        for edit in edits {
            match self.locus.to_transcript(edit) {
                Some(inner) => inside.push(inner),
                None if self.is_at_splice_site(edit) => return Ok(Some(named("p.?"))),
                None => {}
            }
        }
        if inside.is_empty() {
            return Ok(None);
        }
        Ok(Some(match coding.change(self.spliced()?, &inside) {
            ProteinChange::Named(name) => named(&name),
            ProteinChange::Unknown => named("p.?"),
        }))
    }
}

impl Namer<'_> {
    /// The g. or m. name of edits on a record.
    pub(super) fn genomic(&self, record: &Record<'_>, edits: &[StripEdit]) -> Result<Option<String>> {
        let Some(accession) = self.genomic_accession(&record.contig) else {
            return Ok(None);
        };
        let system = if Self::is_mitochondrial(&record.contig) {
            System::Mitochondrial
        } else {
            System::Genomic
        };
        let Some(changes) = record.changes(edits)? else {
            return Ok(None);
        };
        Ok(Some(write(plain(&accession), system, vec![changes], Phase::Cis, false)))
    }

    /// A single edit as VCF; `None` where it changes nothing or its bases are not known.
    pub(super) fn vcf(&self, record: &Record<'_>, edit: &StripEdit) -> Result<Option<VcfAllele>> {
        if edit.end - edit.start > 10_000_000 {
            return Ok(None);
        }
        let reference = record.fetch(edit.start, edit.end)?;
        if reference == edit.inserted || reference.contains(&b'N') || edit.inserted.contains(&b'N') {
            return Ok(None);
        }
        let (start, reference, alternate) = if let Some(before) = edit.start.checked_sub(1) {
            let anchor = record.fetch(before, edit.start)?;
            (
                before,
                [&anchor[..], &reference].concat(),
                [&anchor[..], &edit.inserted].concat(),
            )
        } else {
            let anchor = record.fetch(edit.end, edit.end + 1)?;
            (
                0,
                [&reference[..], &anchor].concat(),
                [&edit.inserted[..], &anchor].concat(),
            )
        };
        let key = VariantKey::new(
            record.contig.clone(),
            Pos::from_zero_based(start),
            &text(&reference),
            &text(&alternate),
        );
        let key = normalise_with(&key, |contig, from, to| self.bases.fetch(contig, from, to))?;
        if key.reference.contains('N') || key.alternate.contains('N') {
            return Ok(None);
        }
        Ok(Some(VcfAllele {
            chrom: key.contig,
            pos: key.position.get(),
            reference: key.reference,
            alternate: key.alternate,
        }))
    }
}
