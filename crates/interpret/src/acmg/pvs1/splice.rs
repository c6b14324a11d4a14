//! Branch B of the tree: a broken splice site (Walker 2023), and the last base of an exon where a panel counts it.

use clinotype_case::{
    criterion::{Criterion, Strength},
    evidence::LossOfFunction,
};
use clinotype_genome::Strand;

use super::{
    Leaf, add,
    critical::Lost,
    cryptic::{self, Cryptic},
    panel, start,
    truncation::without_decay,
};
use crate::{
    acmg::{Question, Row},
    rules::{CodingPlace, Laid, Pvs1Gene, RULES},
};

pub(super) fn splice(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>) -> Leaf {
    let exon = facts
        .skipped_exon
        .map_or("the exon".to_owned(), |n| format!("exon {n}"));
    if let Some(laid) = special.and_then(|special| laid_for_site(question, special)) {
        return warned(question, panel(question, "B-panel", laid, "A splice site is broken"));
    }
    if facts.lost_fraction == Some(0.0) {
        return Leaf::NotApplicable("B", format!("Skipping {exon} removes no coding base."));
    }
    let from_gc = offset(question) == Some(2) && base_of(question, &question.variant.key.reference) == Some('C');
    if from_gc && base_of(question, &question.variant.key.alternate) == Some('T') {
        let words = "The change turns a donor that starts with GC into GT, the better site.";
        return Leaf::NotApplicable("B", words.to_owned());
    }
    let leaf = match cryptic::of(question, facts) {
        Cryptic::Used(site, gain) => {
            let used = cryptic::used(question, facts, special, &site, gain);
            if gain.delta >= RULES.limit("cryptic_alone") {
                used
            } else {
                cryptic::weaker_of(used, skipping(question, facts, special, &exon, from_gc))
            }
        }
        Cryptic::Not(words) => add(skipping(question, facts, special, &exon, from_gc), &words),
    };
    warned(question, leaf)
}

/// The leaf if the exon is skipped.
fn skipping(
    question: &Question<'_>,
    facts: &LossOfFunction,
    special: Option<&Pvs1Gene>,
    exon: &str,
    from_gc: bool,
) -> Leaf {
    if let Some(laid) = special.and_then(|special| laid_for_exon(question, special)) {
        let what = format!("Skipping {exon} is predicted");
        return panel(question, "B-panel", laid, &what);
    }
    if let Some(leaf) = numbered_exon(question, facts, exon) {
        return leaf;
    }
    if from_gc {
        return Leaf::NotApplicable(
            "B",
            "The intron starts with GC; the tree speaks of sites with GT and AG.".to_owned(),
        );
    }
    if let Some(laid) = special.and_then(|special| by_frame(facts, special)) {
        let what = match keeps_frame(facts) {
            Some(true) => format!("Skipping {exon} is predicted to keep the frame"),
            Some(false) => format!("Skipping {exon} is predicted to shift the frame"),
            None => format!("A splice site of {exon} is broken"),
        };
        return panel(question, "B-panel", laid, &what);
    }
    let lost = facts.skipped_exon.map_or(Lost::Unknown, Lost::Exon);
    match (keeps_frame(facts), facts.nmd) {
        (None, _) => at_an_end(question, facts, special, exon),
        (Some(false), Some(true)) => Leaf::Met(
            "B1",
            Strength::VeryStrong,
            format!("Skipping {exon} is predicted to shift the frame and to lead to nonsense-mediated decay."),
        ),
        (Some(false), nmd) => {
            let decay = if nmd.is_some() {
                "no decay is predicted"
            } else {
                "whether decay follows cannot be told"
            };
            let why = format!("Skipping {exon} is predicted to shift the frame, {decay}");
            rename(without_decay(question, facts, special, &why, to_the_end(facts)))
        }
        (Some(true), _) => {
            let why = format!("Skipping {exon} is predicted to keep the frame");
            without_decay(question, facts, special, &why, lost)
        }
    }
}

/// Whether the frame is kept to the normal end: with a stop created at the new junction it is not.
fn keeps_frame(facts: &LossOfFunction) -> Option<bool> {
    let stopped = facts.new_stop_codon.is_some() && facts.nmd.is_some();
    facts.skip_keeps_frame.map(|keeps| keeps && !stopped)
}

/// A change of the last base of an exon where the gene's panel counts it.
pub(super) fn last_base(question: &Question<'_>, special: Option<&Pvs1Gene>, row: &Row) -> Option<Criterion> {
    let special = special?;
    let place = question.shown.splice.as_ref()?;
    let concerned = place.from_exon_end == Some(1)
        && place.from_exon_start.is_some_and(|n| n > 1)
        && question.site().is_some_and(|site| site.donor)
        && base_of(question, &question.variant.key.reference) == Some('G')
        && question.variant.key.is_snv();
    if !concerned {
        return None;
    }
    let laid = laid_for_site(question, special).or_else(|| {
        let shift = shift(question, special)?;
        let base = CodingPlace::of(question.shown.hgvs_c.as_deref()?)?.base - shift;
        special.laid("last_base").filter(|_| special.last_base_counts(base))
    })?;
    Some(row.clone().rule("clinotype.pvs1.last-base").met(
        laid.strength?,
        format!(
            "The last base of the exon, a G, is changed; {} counts that as {}.",
            laid.source,
            laid.strength?.suffix().to_lowercase()
        ),
    ))
}

/// What the numbers of coding bases on the shown transcript are higher by than the panel's.
fn shift(question: &Question<'_>, special: &Pvs1Gene) -> Option<i32> {
    let residues = special.shift(&question.shown.transcript, question.shown.mane)?;
    i32::try_from(residues * 3).ok()
}

/// One base in the direction of the transcript.
fn base_of(question: &Question<'_>, base: &str) -> Option<char> {
    let mut bases = base.chars();
    let (Some(base), None) = (bases.next(), bases.next()) else {
        return None;
    };
    Some(match (question.shown.strand, base) {
        (Strand::Reverse, 'A') => 'T',
        (Strand::Reverse, 'C') => 'G',
        (Strand::Reverse, 'G') => 'C',
        (Strand::Reverse, 'T') => 'A',
        (_, base) => base,
    })
}

fn offset(question: &Question<'_>) -> Option<i32> {
    question.shown.splice.as_ref()?.intron_offset
}

fn laid_for_site(question: &Question<'_>, special: &Pvs1Gene) -> Option<Laid> {
    let shift = shift(question, special)?;
    let place = CodingPlace::of(question.shown.hgvs_c.as_deref()?)?;
    let base = question
        .variant
        .key
        .is_snv()
        .then(|| base_of(question, &question.variant.key.alternate))
        .flatten();
    special.site(place, base, shift)
}

/// The panel names the exon at risk by its coding bases.
fn laid_for_exon(question: &Question<'_>, special: &Pvs1Gene) -> Option<Laid> {
    let shift = shift(question, special)?;
    let place = CodingPlace::of(question.shown.hgvs_c.as_deref()?)?;
    // The exon with the start codon begins before the first coding base.
    let base = u32::try_from((place.base - shift).max(1)).ok()?;
    special.bands("skip_exon").find(|exon| match place.offset {
        1.. => exon.to == base,
        ..0 => exon.from == base,
        0 => false,
    })
}

/// The panel names the exon at risk by its number.
fn numbered_exon(question: &Question<'_>, facts: &LossOfFunction, exon: &str) -> Option<Leaf> {
    let specification = question.specification()?;
    let strength = specification.strength(&format!("pvs1_skip_exon_{}", facts.skipped_exon?))?;
    Some(Leaf::Met(
        "B-panel",
        strength,
        format!("Skipping {exon} counts so by {}.", specification.cited()),
    ))
}

pub(super) fn by_frame(facts: &LossOfFunction, special: &Pvs1Gene) -> Option<Laid> {
    let kept = keeps_frame(facts);
    special
        .laid("splice")
        .or_else(|| special.laid("splice_in_frame").filter(|_| kept == Some(true)))
        .or_else(|| {
            special
                .laid("splice_no_decay")
                .filter(|_| kept == Some(false) && facts.nmd == Some(false))
        })
}

fn to_the_end(facts: &LossOfFunction) -> Lost {
    facts.skipped_exon.map_or(Lost::Unknown, Lost::FromExon)
}

/// The exon at risk holds the stop codon (its loss ends the protein there) or the start codon, which the tree does not
/// speak of.
fn at_an_end(question: &Question<'_>, facts: &LossOfFunction, special: Option<&Pvs1Gene>, exon: &str) -> Leaf {
    let says = |words: [&str; 2]| {
        facts
            .nmd_reason
            .as_deref()
            .is_some_and(|why| words.iter().any(|word| why.contains(word)))
    };
    let loses = facts.lost_fraction.is_some_and(|lost| lost > 0.0);
    if says(["last one", "holds the stop codon"]) && loses {
        if let Some(laid) = special.and_then(|special| special.laid("escape")) {
            return panel(question, "B-panel", laid, &format!("The coding end in {exon} is lost"));
        }
        let why = format!("The coding end in {exon} is lost; no decay is predicted");
        return rename(without_decay(question, facts, special, &why, to_the_end(facts)));
    }
    if says(["first one", "holds the start codon"]) && loses {
        // The tree has no branch for it. Without its exon the start codon is lost, so that branch is the least.
        let leaf = start::start(question, facts, special);
        return add(
            leaf,
            &format!("A broken splice site of {exon}, which holds the start codon, was read as its loss."),
        );
    }
    Leaf::NotEvaluated(
        "B",
        format!("PVS1 was not evaluated: what skipping {exon} does to the reading frame is not known."),
    )
}

/// A donor GT that becomes GC can stay in use (Walker 2023).
fn warned(question: &Question<'_>, leaf: Leaf) -> Leaf {
    let key = &question.variant.key;
    let to_gc = base_of(question, &key.reference) == Some('T')
        && base_of(question, &key.alternate) == Some('C')
        && key.is_snv();
    if offset(question) == Some(2) && to_gc {
        add(
            leaf,
            "WARNING: a donor GC can stay in use; RNA must show that it does not.",
        )
    } else {
        leaf
    }
}

/// Branch B2 ends in the leaves of A3 to A6.
pub(super) fn rename(leaf: Leaf) -> Leaf {
    match leaf {
        Leaf::Met("A3" | "A-panel", strength, words) => Leaf::Met("B2-A3", strength, words),
        Leaf::Met("A5", strength, words) => Leaf::Met("B2-A5", strength, words),
        Leaf::Met("A6", strength, words) => Leaf::Met("B2-A6", strength, words),
        leaf => leaf,
    }
}
