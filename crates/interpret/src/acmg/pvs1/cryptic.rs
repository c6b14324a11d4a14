//! Whether a site near the broken one takes over from it (Abou Tayoun 2018: within 20 nt), told by the sequence, which
//! `annotate` has looked through for GT and AG, and by a splice predictor's gain at such a place (Jaganathan 2019).
//!
//! A gain of at least `cryptic_gain` says that the site may be used: its outcome and that of skipping the exon are both
//! looked at, and the weaker counts. From `cryptic_alone` on the site alone decides.

use clinotype_case::{
    criterion::Strength,
    evidence::{CrypticSite, LossOfFunction, SpliceGain},
};
use clinotype_genome::Strand;

use super::{Leaf, critical::Lost, panel, truncation::without_decay};
use crate::{
    acmg::Question,
    rules::{CodingPlace, Pvs1Gene, RULES},
};

/// How far from the broken site, in bases of exon.
const WINDOW: i64 = 20;

/// What is known of sites near the broken one.
pub(super) enum Cryptic<'a> {
    /// One is predicted to be used.
    Used(CrypticSite, &'a SpliceGain),
    /// None is, or it was not told; in words.
    Not(String),
}

/// The sites of the broken donor or acceptor.
pub(super) fn of<'a>(question: &Question<'a>, facts: &LossOfFunction) -> Cryptic<'a> {
    let Some(donor) = broken_donor(question) else {
        return Cryptic::Not(
            "Cryptic splice sites were not evaluated: both ends of the intron are changed.".to_owned(),
        );
    };
    let (kind, bases) = words(donor);
    let scored = question.variant.splice_delta.found().is_some();
    let gains: Vec<&SpliceGain> = gains(question, donor);
    let far = match gains.first() {
        None => String::new(),
        Some(gain) => match place(question, facts, gain, donor) {
            Place::Near(site) => return Cryptic::Used(site, gain),
            Place::Far => format!(
                " A new {kind} further away is predicted (gain {} at position {}): RNA must show which one is used.",
                gain.delta,
                gain.position.unwrap_or_default()
            ),
            Place::Unknown => format!(
                " A new {kind} is predicted (gain {}), but the input does not state where: RNA must show what is used.",
                gain.delta
            ),
        },
    };
    let said = match (&facts.cryptic_sites, scored) {
        (Some(sites), _) if sites.is_empty() => {
            format!(
                "No {bases} stands within {WINDOW} nt of the broken {kind}, so no cryptic site there can take over."
            )
        }
        (_, true) => format!(
            "No cryptic {kind} within {WINDOW} nt is predicted to take over (gain below {}).",
            RULES.limit("cryptic_gain")
        ),
        (Some(sites), false) => format!(
            "{} within {WINDOW} nt of the broken {kind}; whether a cryptic site there takes over was not evaluated: no \
             splice prediction is given.",
            match sites.len() {
                1 => format!("One {bases} stands"),
                n => format!("{n} {bases} stand"),
            }
        ),
        (None, false) => "Cryptic splice sites were not evaluated: no splice prediction is given.".to_owned(),
    };
    Cryptic::Not(said + &far)
}

/// For the trail of the criterion.
pub(super) fn compared(question: &Question<'_>, facts: &LossOfFunction) -> Option<String> {
    let donor = broken_donor(question)?;
    let (kind, bases) = words(donor);
    Some(match of(question, facts) {
        Cryptic::Used(site, gain) => format!(
            "{kind} at position {}, {:+} bases of exon, gain {}",
            site.position, site.distance, gain.delta
        ),
        Cryptic::Not(_) => match &facts.cryptic_sites {
            Some(sites) => format!("{} {bases} within {WINDOW} nt, none predicted to be used", sites.len()),
            None => "not evaluated".to_owned(),
        },
    })
}

const fn words(donor: bool) -> (&'static str, &'static str) {
    if donor { ("donor", "GT") } else { ("acceptor", "AG") }
}

fn broken_donor(question: &Question<'_>) -> Option<bool> {
    let donor = question.has_term(&["splice_donor_variant"]);
    (donor != question.has_term(&["splice_acceptor_variant"])).then_some(donor)
}

/// Gains of that kind that are high enough, the highest first; those for the shown gene where the tool's table has it.
fn gains<'a>(question: &Question<'a>, donor: bool) -> Vec<&'a SpliceGain> {
    let all = || question.variant.splice_gains.iter();
    let symbol = question.shown.symbol.as_deref();
    let named = all().any(|gain| gain.symbol.as_deref() == symbol);
    let mut gains: Vec<&SpliceGain> = all()
        .filter(|gain| gain.donor == donor && gain.delta >= RULES.limit("cryptic_gain"))
        .filter(|gain| !named || gain.symbol.as_deref() == symbol)
        .collect();
    gains.sort_by(|a, b| b.delta.total_cmp(&a.delta));
    gains
}

enum Place {
    Near(CrypticSite),
    Far,
    Unknown,
}

/// Where a gain lies: at a site that the sequence shows, else by its distance, which only a change of one base tells.
fn place(question: &Question<'_>, facts: &LossOfFunction, gain: &SpliceGain, donor: bool) -> Place {
    let Some(position) = gain.position else {
        return Place::Unknown;
    };
    let known = facts
        .cryptic_sites
        .iter()
        .flatten()
        .find(|site| site.position == position);
    if let Some(site) = known {
        return Place::Near(site.clone());
    }
    let offset = question.shown.splice.as_ref().and_then(|splice| splice.intron_offset);
    let (Some(offset), true) = (offset, question.variant.key.is_snv()) else {
        return Place::Far;
    };
    let along = i64::from(position) - i64::from(question.variant.key.position.get());
    let direction = if question.shown.strand == Strand::Reverse {
        -1
    } else {
        1
    };
    // From the exon's end as it is to the end as it would be, in the transcript's direction.
    let moved = along * direction + i64::from(offset);
    let distance = if donor { moved } else { -moved };
    if distance == 0 || distance.abs() > WINDOW {
        return Place::Far;
    }
    Place::Near(CrypticSite {
        position,
        distance: distance as i32,
        keeps_frame: Some(distance % 3 == 0),
        ..CrypticSite::default()
    })
}

/// The leaf if the site is used.
pub(super) fn used(
    question: &Question<'_>,
    facts: &LossOfFunction,
    special: Option<&Pvs1Gene>,
    site: &CrypticSite,
    gain: &SpliceGain,
) -> Leaf {
    let (kind, _) = words(gain.donor);
    let bases = site.distance.unsigned_abs();
    let plural = if bases == 1 { "base" } else { "bases" };
    let what = format!(
        "A cryptic {kind} is predicted to take over (gain {} at position {}), by which the exon {} {bases} {plural}",
        gain.delta,
        site.position,
        if site.distance < 0 { "loses" } else { "gains" }
    );
    let as_if = LossOfFunction {
        nmd: site.nmd,
        nmd_reason: None,
        new_stop_codon: site.new_stop_codon,
        lost_fraction: site.lost_fraction,
        skip_keeps_frame: site.keeps_frame,
        ..facts.clone()
    };
    if site.keeps_frame == Some(true) && site.lost_fraction == Some(0.0) && site.nmd.is_none() {
        return Leaf::NotApplicable("B", format!("{what}; no coding base changes."));
    }
    let laid = special.and_then(|special| {
        special
            .laid("cryptic_in_frame")
            .filter(|_| site.keeps_frame == Some(true))
            .or_else(|| super::splice::by_frame(&as_if, special))
    });
    let frame = match site.keeps_frame {
        Some(true) => "the frame is kept",
        Some(false) => "the frame is lost",
        None => "what that does to the frame is not known",
    };
    if let Some(laid) = laid {
        return panel(question, "B-panel", laid, &format!("{what}; {frame}"));
    }
    match (site.keeps_frame, site.nmd) {
        (None, _) => Leaf::NotEvaluated(
            "B",
            format!("PVS1 was not evaluated: {}; {frame}.", super::lower(&what)),
        ),
        (Some(false), Some(true)) => Leaf::Met(
            "B1",
            Strength::VeryStrong,
            format!("{what}; {frame}, and nonsense-mediated decay follows."),
        ),
        (Some(false), nmd) => {
            let decay = if nmd.is_some() {
                "no decay is predicted"
            } else {
                "whether decay follows cannot be told"
            };
            let why = format!("{what}; {frame}, {decay}");
            super::splice::rename(without_decay(
                question,
                &as_if,
                special,
                &why,
                Lost::ToTheEnd(residue(question)),
            ))
        }
        (Some(true), _) => {
            let why = format!("{what}; {frame}");
            without_decay(question, &as_if, special, &why, changed(question, site, gain.donor))
        }
    }
}

/// The residue at the broken site.
fn residue(question: &Question<'_>) -> Option<u32> {
    let place = CodingPlace::of(question.shown.hgvs_c.as_deref()?)?;
    Some(u32::try_from(place.base).ok()?.div_ceil(3))
}

/// The residues that a site in frame removes, or those beside what it inserts.
fn changed(question: &Question<'_>, site: &CrypticSite, donor: bool) -> Lost {
    let Some(at) = residue(question) else {
        return Lost::Unknown;
    };
    let removed = if site.distance < 0 {
        site.distance.unsigned_abs() / 3
    } else {
        0
    };
    if donor {
        Lost::Residues(at.saturating_sub(removed), at + 1)
    } else {
        Lost::Residues(at.saturating_sub(1), at + removed)
    }
}

/// Of two outcomes the one that counts less, with both told.
pub(super) fn weaker_of(cryptic: Leaf, skipped: Leaf) -> Leaf {
    let weight = |leaf: &Leaf| match leaf {
        Leaf::Met(_, strength, _) => Some(*strength),
        Leaf::NotApplicable(..) | Leaf::NotEvaluated(..) => None,
    };
    let also = |leaf: Leaf, other: &str| {
        let more = format!(
            " The gain lies below {}, so both outcomes were looked at and the weaker counts; the other: {other}",
            RULES.limit("cryptic_alone")
        );
        match leaf {
            Leaf::Met(rule, strength, words) => Leaf::Met(rule, strength, words + &more),
            Leaf::NotApplicable(rule, words) => Leaf::NotApplicable(rule, words + &more),
            Leaf::NotEvaluated(rule, words) => Leaf::NotEvaluated(rule, words + &more),
        }
    };
    let told = |leaf: &Leaf| match leaf {
        Leaf::Met(_, _, words) | Leaf::NotApplicable(_, words) | Leaf::NotEvaluated(_, words) => words.clone(),
    };
    if weight(&cryptic) <= weight(&skipped) {
        let other = told(&skipped);
        also(cryptic, &other)
    } else {
        let other = told(&cryptic);
        also(skipped, &other)
    }
}
