//! Whether the lost part of the protein is a critical region, by ClinVar's other records there (the rule of autopvs1,
//! Xiang 2020): many missense changes that cause disease, none or few that are harmless.

use crate::{
    acmg::{Question, cite},
    comparators::{Kind, Record},
    rules::{CodingPlace, Laid, Pvs1Gene, RULES},
};

/// The part of the protein that is lost.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lost {
    /// From a residue (1-based) to the end; `None`: from where is not known.
    ToTheEnd(Option<u32>),
    /// One exon, by its number.
    Exon(u32),
    /// A few residues, first and last, 1-based.
    Residues(u32, u32),
    /// From an exon, by its number, to the end.
    FromExon(u32),
    /// Not known.
    Unknown,
}

/// What is known of that part.
pub(super) enum Role {
    /// Its loss matters, in words.
    Critical(String),
    /// ClinVar's records there do not say so.
    NotShown(String),
    /// No records to look at.
    NotEvaluated,
}

impl Role {
    /// For the end of a sentence on the loss.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Critical(words) | Self::NotShown(words) => words.clone(),
            Self::NotEvaluated => "the role of the lost region was not evaluated".to_owned(),
        }
    }
}

/// The region that the gene's panel names for PVS1 and that lies in the lost part; the strongest of several.
pub(super) fn laid_down(question: &Question<'_>, special: &Pvs1Gene, lost: Lost) -> Option<Laid> {
    let shift = special.shift(&question.shown.transcript, question.shown.mane)?;
    // Of a skipped exon only the residue beside the broken site is known for certain.
    let beside = || {
        let place = CodingPlace::of(question.shown.hgvs_c.as_deref()?)?;
        Some(u32::try_from(place.base).ok()?.div_ceil(3))
    };
    let (from, to) = match lost {
        Lost::ToTheEnd(from) => (from?, u32::MAX),
        Lost::FromExon(_) => (beside()?, u32::MAX),
        Lost::Exon(_) => (beside()?, beside()?),
        Lost::Residues(from, to) => (from, to),
        Lost::Unknown => return None,
    };
    special
        .bands("critical")
        .filter(|region| region.from + shift <= to && region.to.saturating_add(shift) >= from)
        .max_by_key(|region| region.strength)
}

/// Whether ClinVar lists a (likely) pathogenic variant behind the change.
pub(super) fn pathogenic_behind(question: &Question<'_>) -> bool {
    let (Ok(mut others), Some(residue)) = (question.others(), question.residue()) else {
        return false;
    };
    others.any(|r| r.significance.is_pathogenic() && r.stars >= 1 && r.codon.is_some_and(|codon| codon > residue))
}

pub(super) fn of(question: &Question<'_>, lost: Lost) -> Role {
    let inside = |record: &Record| match lost {
        Lost::ToTheEnd(Some(from)) => record.codon.is_some_and(|codon| codon >= from),
        Lost::Exon(exon) => record.exon.map(u32::from) == Some(exon),
        Lost::Residues(from, to) => record.codon.is_some_and(|codon| (from..=to).contains(&codon)),
        Lost::FromExon(exon) => record.exon.is_some_and(|number| u32::from(number) >= exon),
        Lost::ToTheEnd(None) | Lost::Unknown => false,
    };
    if let Some(words) = named_by_panel(question, lost) {
        return Role::Critical(words);
    }
    let Ok(others) = question.others() else {
        return Role::NotEvaluated;
    };
    if matches!(lost, Lost::ToTheEnd(None) | Lost::Unknown) {
        return Role::NotEvaluated;
    }
    let starred = RULES.limit("comparator_stars") as u8;
    let missense: Vec<&Record> = others
        .filter(|r| r.kind == Kind::Missense && r.stars >= starred && inside(r))
        .collect();
    let pathogenic: Vec<&Record> = missense
        .iter()
        .copied()
        .filter(|r| r.significance.is_pathogenic())
        .collect();
    let benign = missense.iter().filter(|r| r.significance.is_benign()).count();
    let (bad, good) = (pathogenic.len() as f64, benign as f64);
    let critical = if benign == 0 {
        bad >= RULES.limit("critical_pathogenic")
    } else {
        bad >= RULES.limit("critical_ratio") * good
    };
    if critical {
        Role::Critical(format!(
            "{} missense changes in the lost part are (likely) pathogenic and {benign} (likely) benign, so it is \
             critical: {}",
            pathogenic.len(),
            cite(pathogenic)
        ))
    } else {
        Role::NotShown(format!(
            "{} missense changes there are (likely) pathogenic and {benign} (likely) benign, which does not show a \
             critical region",
            pathogenic.len()
        ))
    }
}

/// A region that the gene's panel names as critical for PM1 (moderate or strong) lies in the lost part. Where an exon
/// lies in the protein is told by the residues of ClinVar's records in it.
fn named_by_panel(question: &Question<'_>, lost: Lost) -> Option<String> {
    let panel = question.specification()?;
    if panel.text("residues_on").is_some() {
        // The panel counts residues on another transcript; its regions are not compared with a range here.
        return None;
    }
    let (from, to) = match lost {
        Lost::ToTheEnd(from) => (from?, u32::MAX),
        Lost::Exon(exon) => residues_of(question, |number| number == exon)?,
        Lost::Residues(from, to) => (from, to),
        Lost::FromExon(exon) => (residues_of(question, |number| number >= exon)?.0, u32::MAX),
        Lost::Unknown => return None,
    };
    let inside = ["pm1_strong_in", "pm1_moderate_in"]
        .iter()
        .filter_map(|rule| panel.ranges(rule))
        .flatten()
        .find(|(first, last)| *first <= to && *last >= from)?;
    Some(format!(
        "residues {} to {}, which {} names as critical, lie in the lost part",
        inside.0,
        inside.1,
        panel.cited()
    ))
}

fn residues_of(question: &Question<'_>, is_lost: impl Fn(u32) -> bool) -> Option<(u32, u32)> {
    let codons = question
        .others()
        .ok()?
        .filter(|r| r.exon.is_some_and(|number| is_lost(u32::from(number))))
        .filter_map(|r| r.codon);
    codons.fold(None, |range, codon| {
        let (from, to) = range.unwrap_or((codon, codon));
        Some((from.min(codon), to.max(codon)))
    })
}
