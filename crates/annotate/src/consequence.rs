//! The consequence of one allele on one transcript: terms, names, positions and the facts of a loss of function.
//!
//! Every Sequence Ontology term that Ensembl VEP gives to a small variant on a transcript is assigned. Left out are the
//! regulatory ones (`regulatory_region_*`, `TF_binding_site_variant`, `TFBS_*`), for which no features are read, and
//! those of copy-number and structural variants (`transcript_amplification`, `feature_elongation`, `feature_truncation`).

pub(crate) mod coding;
pub(crate) mod cryptic;
mod haplotype;
mod lof;
mod placement;
pub(crate) mod splice;
pub(crate) mod terms;

use crate::facts::LossOfFunction;
use clinotype_genome::{Result, Strand};

pub(crate) use self::haplotype::{Part, combined};
use self::{
    coding::{CodingEffect, TranscriptEdit},
    terms::{Term, Terms},
};
use crate::{
    bases::Bases,
    edit::{Allele, Edit},
    hgvs,
    spliced::Spliced,
    transcripts::{Span, Transcript, model::TranscriptPlace},
};

/// How far upstream and downstream terms reach, in bases (VEP's default).
pub(crate) const NEARBY: u32 = 5000;

/// Biotype of a mature microRNA, as [`crate::transcripts`] sets it where the file has it as a feature of its own
/// (RefSeq's `miRNA` rows under a `primary_transcript`).
pub(crate) const MATURE_MIRNA: &str = "mature_miRNA";

/// Everything about one allele on one transcript.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effect {
    pub(crate) terms: Terms,
    pub(crate) exon: Option<String>,
    pub(crate) intron: Option<String>,
    pub(crate) hgvs_c: Option<String>,
    pub(crate) hgvs_p: Option<String>,
    pub(crate) cdna_position: Option<String>,
    pub(crate) cds_position: Option<String>,
    pub(crate) protein_position: Option<String>,
    pub(crate) amino_acids: Option<String>,
    pub(crate) codons: Option<String>,
    pub(crate) loss_of_function: Option<LossOfFunction>,
    pub(crate) intron_offset: Option<i32>,
    pub(crate) from_exon_start: Option<u32>,
    pub(crate) from_exon_end: Option<u32>,
    pub(crate) warnings: Vec<String>,
}

/// The effect of an allele. `spliced` is asked for only where the change lies in an exon or a splice site.
pub(crate) fn effect<'s>(
    allele: &Allele,
    t: &Transcript,
    bases: &dyn Bases,
    spliced: impl Fn() -> Result<&'s Spliced>,
) -> Result<Effect> {
    let mut out = Effect::default();
    let span = t.span();
    let placement = placement::choose(allele, t);
    let edit = &placement.edit;
    let insertion = edit.is_insertion();
    let before = edit.end <= span.start;
    let after = edit.start >= span.end;
    if before || after {
        out.terms.add(match (before, t.strand) {
            (true, Strand::Forward) | (false, Strand::Reverse) => Term::Upstream,
            _ => Term::Downstream,
        });
        return Ok(out);
    }
    if !insertion && edit.inserted.is_empty() && edit.start <= span.start && edit.end >= span.end {
        out.terms.add(Term::TranscriptAblation);
        return Ok(out);
    }
    let splice = splice::pass(placement.copied.as_ref().unwrap_or(edit), t);
    out.terms = splice.terms;
    let intronic = placement.copied.is_some();
    let exonic = if intronic { None } else { touched_exons(edit, t) };
    if let Some((first, last)) = exonic {
        out.exon = Some(numbered(first, last, t.exons.len()));
    }
    if let (Some(first), Some(last)) = (splice.first_intron, splice.last_intron) {
        out.intron = Some(numbered(first as usize - 1, last as usize - 1, t.exons.len() - 1));
    }
    let change = if intronic { None } else { TranscriptEdit::of(edit, t) };
    let mut coding_effect: Option<CodingEffect> = None;
    if t.coding.is_some() {
        if let Some(change) = &change {
            let found = coding::effect(change, t, spliced()?);
            out.take(&found, t);
            coding_effect = Some(found);
        } else if exonic.is_some() {
            across_junction(edit, t, &mut out.terms);
        }
        if coding_effect.is_some() && spliced()?.stops_early(t) {
            out.warnings
                .push(format!("{} is not read to its end in this genome", t.accession));
        }
    } else {
        let mature = t.biotype == MATURE_MIRNA;
        out.terms.add_if(exonic.is_some() && mature, Term::MatureMirna);
        out.terms
            .add_if(exonic.is_some() && !mature, Term::NonCodingTranscriptExon);
        out.terms.add_if(exonic.is_none(), Term::NonCodingTranscript);
    }
    out.terms
        .add_if(t.biotype == "nonsense_mediated_decay", Term::NmdTranscript);
    if out.terms.is_empty() {
        out.terms.add(Term::CodingTranscript);
    }
    match &change {
        Some(change) => positions_of_change(&mut out, t, change),
        None => positions(&mut out, edit, t),
    }
    distances(&mut out, edit, t);
    out.hgvs_c = hgvs::dna::transcript(allele, bases, t)?;
    if t.coding.is_some() && may_lose(out.terms) {
        let spliced = spliced()?;
        out.loss_of_function = lof::facts(out.terms, t, spliced, coding_effect.as_ref(), splice.exon_at_risk);
        if let (Some(exon), Some(donor), Some(facts)) =
            (splice.exon_at_risk, splice.broken_donor(), &mut out.loss_of_function)
        {
            facts.cryptic_sites = cryptic::sites(edit, t, bases, spliced, exon, donor)?;
        }
    }
    if placement.spared {
        out.warnings
            .push("named within a splice site whose two bases the resulting sequence still has".to_owned());
    }
    out.warnings.extend(t.warnings.iter().cloned());
    Ok(out)
}

impl Effect {
    /// Takes over what the coding sequence says.
    fn take(&mut self, found: &CodingEffect, t: &Transcript) {
        for term in found.terms.iter() {
            self.terms.add(term);
        }
        self.hgvs_p = found
            .hgvs_p
            .as_ref()
            .and_then(|p| t.protein_id.as_ref().map(|id| format!("{id}:{p}")));
        self.amino_acids.clone_from(&found.amino_acids);
        self.codons.clone_from(&found.codons);
    }
}

/// Whether the terms may mean a loss of function (Abou Tayoun 2018, Hum Mutat 39:1517).
fn may_lose(terms: Terms) -> bool {
    [
        Term::SpliceAcceptor,
        Term::SpliceDonor,
        Term::StopGained,
        Term::Frameshift,
        Term::StartLost,
    ]
    .iter()
    .any(|term| terms.has(*term))
}

fn numbered(first: usize, last: usize, total: usize) -> String {
    if first == last {
        format!("{}/{total}", first + 1)
    } else {
        format!("{}-{}/{total}", first + 1, last + 1)
    }
}

/// Indexes of the first and last exon (transcript order) that the change touches; an insertion touches the exon it
/// lies in or borders.
fn touched_exons(edit: &Edit, t: &Transcript) -> Option<(usize, usize)> {
    let touches = |e: &Span| {
        if edit.is_insertion() {
            e.start <= edit.start && edit.start <= e.end
        } else {
            e.start < edit.end && edit.start < e.end
        }
    };
    let near = match t.strand {
        Strand::Forward => t.exon_at_or_before(edit.start),
        Strand::Reverse => t.exon_at_or_before(edit.end.saturating_sub(1)),
    };
    let from = near.unwrap_or(0).saturating_sub(1);
    let mut found = None;
    for (i, exon) in t.exons.iter().enumerate().skip(from) {
        if touches(exon) {
            found = Some(found.map_or((i, i), |(first, _)| (first, i)));
        } else if found.is_some() || i > from + 3 && !edit.is_insertion() && passed(edit, *exon, t.strand) {
            break;
        }
    }
    found
}

/// Whether an exon lies behind the change in the transcript's direction.
fn passed(edit: &Edit, exon: Span, strand: Strand) -> bool {
    match strand {
        Strand::Forward => exon.start >= edit.end,
        Strand::Reverse => exon.end <= edit.start,
    }
}

/// Terms of a change that takes exon and intron bases together: which parts it touches is known, the protein is not.
fn across_junction(edit: &Edit, t: &Transcript, terms: &mut Terms) {
    let Some(cds) = t.cds else { return };
    let (low, high) = (edit.start, edit.end.max(edit.start + 1));
    let meets = |from: u32, to: u32| {
        t.exons
            .iter()
            .any(|e| e.start.max(from).max(low) < e.end.min(to).min(high))
    };
    let (left, right) = match t.strand {
        Strand::Forward => (Term::FivePrimeUtr, Term::ThreePrimeUtr),
        Strand::Reverse => (Term::ThreePrimeUtr, Term::FivePrimeUtr),
    };
    terms.add_if(meets(0, cds.start), left);
    terms.add_if(meets(cds.end, u32::MAX), right);
    if meets(cds.start, cds.end) {
        terms.add(Term::CodingSequence);
        // Offsets of the first and last codon; either may be split by an intron.
        let coding = t.coding.unwrap_or(Span { start: 0, end: 0 });
        let takes = |from: u32, to: u32| {
            (from..to).any(|offset| t.genome_position(offset).is_some_and(|p| low <= p && p < high))
        };
        terms.add_if(
            t.has_start && takes(coding.start, (coding.start + 3).min(coding.end)),
            Term::StartLost,
        );
        terms.add_if(
            (coding.len() + t.padding()).is_multiple_of(3) && takes(coding.end.saturating_sub(3), coding.end),
            Term::StopLost,
        );
    }
}

fn join(first: Option<u32>, last: Option<u32>) -> Option<String> {
    match (first, last) {
        (None, None) => None,
        (Some(a), Some(b)) if a == b => Some(a.to_string()),
        (a, b) => {
            let text = |n: Option<u32>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
            Some(format!("{}-{}", text(a), text(b)))
        }
    }
}

/// cDNA, CDS and protein positions, 1-based, as VEP prints them: an insertion by the bases beside it.
fn positions_of_change(out: &mut Effect, t: &Transcript, change: &TranscriptEdit) {
    let insertion = change.start == change.end;
    let (first, last) = if insertion {
        (Some(change.start), Some(change.start + 1))
    } else {
        (Some(change.start + 1), Some(change.end))
    };
    write_positions(out, t, first, last, insertion);
}

/// The same of a change that does not lie in one exon: the ends that do.
fn positions(out: &mut Effect, edit: &Edit, t: &Transcript) {
    let exonic = |p: u32| match t.place(p) {
        TranscriptPlace::Exonic(offset) => Some(offset + 1),
        _ => None,
    };
    let (low, high) = (exonic(edit.start), edit.end.checked_sub(1).and_then(exonic));
    let (first, last) = match t.strand {
        Strand::Forward => (low, high),
        Strand::Reverse => (high, low),
    };
    write_positions(out, t, first, last, false);
}

fn write_positions(out: &mut Effect, t: &Transcript, first: Option<u32>, last: Option<u32>, insertion: bool) {
    out.cdna_position = join(first, last);
    let Some(coding) = t.coding else { return };
    let in_cds = |n: Option<u32>| {
        n.filter(|n| coding.start < *n && *n <= coding.end)
            .map(|n| n - coding.start)
    };
    let (cds_first, cds_last) = (in_cds(first), in_cds(last));
    if insertion && (cds_first.is_none() || cds_last.is_none()) {
        return;
    }
    out.cds_position = join(cds_first, cds_last);
    let codon = |n: Option<u32>| n.map(|n| (n + t.padding()).div_ceil(3));
    out.protein_position = join(codon(cds_first), codon(cds_last));
}

/// Distances to splice sites.
fn distances(out: &mut Effect, edit: &Edit, t: &Transcript) {
    let last = if edit.is_insertion() { edit.start } else { edit.end - 1 };
    let first = if edit.is_insertion() {
        edit.start.saturating_sub(1)
    } else {
        edit.start
    };
    for position in [first, last] {
        match t.place(position) {
            TranscriptPlace::Intronic { offset, .. } => {
                if out.intron_offset.is_none_or(|o| offset.abs() < o.abs()) {
                    out.intron_offset = Some(offset);
                }
            }
            TranscriptPlace::Exonic(offset) => {
                let exon = t.exon_of_offset(offset);
                let from_start = offset - t.offsets[exon] + 1;
                let from_end = t.exons[exon].len() - (offset - t.offsets[exon]);
                // The transcript's own ends are no splice sites.
                if exon > 0 {
                    out.from_exon_start = Some(out.from_exon_start.map_or(from_start, |n| n.min(from_start)));
                }
                if exon + 1 < t.exons.len() {
                    out.from_exon_end = Some(out.from_exon_end.map_or(from_end, |n| n.min(from_end)));
                }
            }
            TranscriptPlace::Outside => {}
        }
    }
}
