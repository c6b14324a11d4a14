//! `g.`, `m.`, `c.` and `n.` names.
//!
//! Order of kinds as the recommendations give it: substitution, deletion, inversion, duplication, insertion,
//! deletion-insertion. The 3' rule is applied on the genome in the orientation of the name, so a change near an
//! exon-exon junction stays on its exon (the rule's exception), and one at an exon's end moves into the intron only
//! where the genome's own bases allow it.

use clinotype_genome::{Build, ContigKey, Result, Strand, sequence::reverse_complement};

use crate::{
    bases::Bases,
    edit::{Allele, Edit},
    transcripts::Transcript,
};

/// What a shifted edit is called, with the bases it is described by (0-based, half-open on the genome).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Substitution,
    Deletion,
    Inversion,
    /// The copied stretch.
    Duplication(u32, u32),
    Insertion,
    DeletionInsertion,
}

fn kind(edit: &Edit, bases: &dyn Bases, contig: &str, strand: Strand) -> Result<Kind> {
    let (deleted, inserted) = (&edit.deleted, &edit.inserted);
    if inserted.is_empty() {
        return Ok(Kind::Deletion);
    }
    if deleted.is_empty() {
        let n = inserted.len() as u32;
        let (from, to) = match strand {
            Strand::Forward => (edit.start.checked_sub(n), edit.start),
            Strand::Reverse => (Some(edit.start), edit.start.saturating_add(n)),
        };
        if let Some(from) = from
            && bases.fetch(contig, from, to)? == *inserted
        {
            return Ok(Kind::Duplication(from, to));
        }
        return Ok(Kind::Insertion);
    }
    if deleted.len() == 1 && inserted.len() == 1 {
        return Ok(Kind::Substitution);
    }
    if deleted.len() == inserted.len() && reverse_complement(deleted) == *inserted {
        return Ok(Kind::Inversion);
    }
    Ok(Kind::DeletionInsertion)
}

/// The name of a shifted edit, given how a 0-based genome position is written; `None` where a position cannot be.
fn name(
    edit: &Edit,
    bases: &dyn Bases,
    contig: &str,
    strand: Strand,
    position: impl Fn(u32) -> Option<String>,
) -> Result<Option<String>> {
    let range = |from: u32, to: u32| -> Option<String> {
        let (first, last) = match strand {
            Strand::Forward => (from, to.checked_sub(1)?),
            Strand::Reverse => (to.checked_sub(1)?, from),
        };
        let (first_text, last_text) = (position(first)?, position(last)?);
        Some(if first == last {
            first_text
        } else {
            format!("{first_text}_{last_text}")
        })
    };
    let (deleted, inserted) = edit.oriented(strand);
    let text = |bases: &[u8]| String::from_utf8_lossy(bases).into_owned();
    let flanked = || -> Option<String> {
        let between = range(edit.start.checked_sub(1)?, edit.start + 1)?;
        Some(format!("{between}ins{}", text(&inserted)))
    };
    Ok(match kind(edit, bases, contig, strand)? {
        Kind::Substitution => {
            range(edit.start, edit.end).map(|at| format!("{at}{}>{}", text(&deleted), text(&inserted)))
        }
        Kind::Deletion => range(edit.start, edit.end).map(|at| format!("{at}del")),
        Kind::Inversion => range(edit.start, edit.end).map(|at| format!("{at}inv")),
        Kind::Duplication(from, to) => range(from, to).map(|at| format!("{at}dup")).or_else(flanked),
        Kind::Insertion => flanked(),
        Kind::DeletionInsertion => range(edit.start, edit.end).map(|at| format!("{at}delins{}", text(&inserted))),
    })
}

/// `NC_000017.11:g.43124028_43124029del`; `None` for a contig without an accession.
///
/// `length` is the contig's. A mitochondrial contig of another length than the rCRS has no name here: hg19's chrM is
/// NC_001807.4.
pub(crate) fn genomic(
    allele: &Allele,
    bases: &dyn Bases,
    contig: &str,
    length: u32,
    build: Build,
) -> Result<Option<String>> {
    let Some(key) = ContigKey::of(contig).filter(|key| build.length(key) == Some(length)) else {
        return Ok(None);
    };
    let Some(accession) = build.accession(&key) else {
        return Ok(None);
    };
    let prefix = if key.as_str() == "MT" { 'm' } else { 'g' };
    let named = name(&allele.right, bases, contig, Strand::Forward, |p| {
        Some((p + 1).to_string())
    })?;
    Ok(named.map(|n| format!("{accession}:{prefix}.{n}")))
}

/// `NM_007294.3:c.68_69del`, or `n.` on a non-coding transcript; `None` where the change reaches outside it.
pub(crate) fn transcript(allele: &Allele, bases: &dyn Bases, t: &Transcript) -> Result<Option<String>> {
    if !t.has_accession {
        return Ok(None);
    }
    let span = t.span();
    let Some(step) = allele.named_step(t.strand, span.start, span.end) else {
        return Ok(None);
    };
    let prefix = if t.coding.is_some() { 'c' } else { 'n' };
    let named = name(&allele.at(step), bases, &t.contig, t.strand, |p| {
        t.hgvs_position(t.place(p))
    })?;
    Ok(named.map(|n| format!("{}:{prefix}.{n}", t.accession)))
}
