//! The consequence of several alleles of one copy, read as one change of the transcript.

use clinotype_genome::{Pos, Result, Strand, VariantKey};

use super::{
    Effect,
    coding::{self, TranscriptEdit},
    lof, may_lose, positions_of_change, splice,
};
use crate::{
    bases::Bases,
    edit::{Allele, Edit},
    hgvs,
    sources::normalised,
    spliced::Spliced,
    transcripts::Transcript,
};

/// One of the alleles.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Where its record places it.
    pub(crate) edit: Edit,
    /// The allele with all its placements, for its own name.
    pub(crate) allele: Allele,
    /// The same as `edit`, on the transcript.
    pub(crate) change: TranscriptEdit,
}

/// The combined reading: terms of the edited coding sequence, and the splice terms of every part. `parts` are in
/// transcript order and apart, each inside one exon.
pub(crate) fn combined(parts: &[Part], t: &Transcript, bases: &dyn Bases, spliced: &Spliced) -> Result<Effect> {
    let changes: Vec<&TranscriptEdit> = parts.iter().map(|p| &p.change).collect();
    let merged = TranscriptEdit::merged(&changes, &spliced.bases);
    let mut out = Effect::default();
    for part in parts {
        for term in splice::pass(&part.edit, t).terms.iter() {
            out.terms.add(term);
        }
    }
    let found = coding::effect(&merged, t, spliced);
    out.take(&found, t);
    positions_of_change(&mut out, t, &merged);
    if may_lose(found.terms) {
        out.loss_of_function = lof::facts(found.terms, t, spliced, Some(&found), None);
    }
    out.hgvs_c = name(parts, &merged, t, bases)?;
    Ok(out)
}

/// One name where the parts lie side by side or change one codon within one exon (HGVS, DNA deletion-insertion: "two
/// variants separated by one nucleotide, together affecting one amino acid, should be described as a delins"), else
/// the list of their names in brackets (HGVS, alleles: variants in cis).
fn name(parts: &[Part], merged: &TranscriptEdit, t: &Transcript, bases: &dyn Bases) -> Result<Option<String>> {
    let touching = parts.windows(2).all(|p| p[0].change.end == p[1].change.start);
    let codon = |offset: u32| (offset + t.padding()).saturating_sub(t.coding.map_or(0, |c| c.start)) / 3;
    let one_codon = merged.start < merged.end && codon(merged.start) == codon(merged.end - 1);
    let same_exon = t.exon_of_offset(merged.start) == t.exon_of_offset(merged.end.saturating_sub(1).max(merged.start));
    if (touching || one_codon)
        && same_exon
        && let Some(allele) = as_one(parts, t, bases)?
    {
        return hgvs::dna::transcript(&allele, bases, t);
    }
    let mut names = Vec::with_capacity(parts.len());
    for part in parts {
        let Some(name) = hgvs::dna::transcript(&part.allele, bases, t)? else {
            return Ok(None);
        };
        let Some((_, name)) = name.split_once(":c.") else {
            return Ok(None);
        };
        names.push(name.to_owned());
    }
    Ok(Some(format!("{}:c.[{}]", t.accession, names.join(";"))))
}

/// The parts as one allele of the genome, normalised; `None` where together they change nothing.
fn as_one(parts: &[Part], t: &Transcript, bases: &dyn Bases) -> Result<Option<Allele>> {
    let mut edits: Vec<&Edit> = parts.iter().map(|p| &p.edit).collect();
    if t.strand == Strand::Reverse {
        edits.reverse();
    }
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else {
        return Ok(None);
    };
    // A base before the change anchors it, as VCF writes a deletion.
    let Some(start) = first.start.checked_sub(1) else {
        return Ok(None);
    };
    let reference = bases.fetch(&t.contig, start, last.end)?;
    let mut alternate = Vec::with_capacity(reference.len());
    let mut at = start;
    for edit in edits {
        alternate.extend_from_slice(&reference[(at - start) as usize..(edit.start - start) as usize]);
        alternate.extend_from_slice(&edit.inserted);
        at = edit.end;
    }
    if reference == alternate {
        return Ok(None);
    }
    let text = |bases: &[u8]| String::from_utf8_lossy(bases).into_owned();
    let key = VariantKey::new(
        &t.contig,
        Pos::from_zero_based(start),
        &text(&reference),
        &text(&alternate),
    );
    let length = bases.contigs().get(&t.contig).map_or(u32::MAX, |c| c.length);
    Allele::of(&normalised(&key, bases)?, bases, length).map(Some)
}
