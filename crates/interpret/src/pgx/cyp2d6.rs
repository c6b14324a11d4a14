//! Copies of CYP2D6 by read depth: deletions (*5), duplications (xN), and hybrids with CYP2D7 as a change of the number of
//! copies within the gene.
//!
//! The reads that start in a part of the gene are compared with those of unique sequence beside it in the same sample.
//! The number of copies `c` of a part of length `l` has the expected count `rate * l * c / 2`; its variance is that of
//! chance, of the control and of the scatter that the control windows show beyond chance (GC, mapping), which evens out
//! over length. A number is stated where its probability is at least 95 %; that of the gene is stated from all its parts
//! together, unless one of them says otherwise. Depth alone does not say which allele a copy carries; the reads of the
//! alleles in the VCF may.
//!
//! Research only: the result stands beside the call and is never one.

pub mod paralogs;

use clinotype_case::pgx::{Cyp2d6Copies, SegmentCopies};
use clinotype_genome::Build;

use super::{
    copies::Copies,
    definitions::{Definitions, Gene},
    diplotypes, names,
    sample::Sample,
};

/// Probability from which a number of copies is stated.
const CERTAIN: f64 = 0.95;
/// Fewest reads that two copies of a part must be expected to have.
const FEWEST_READS: f64 = 60.0;
/// Fewest control windows with reads.
const FEWEST_CONTROLS: usize = 8;
/// Largest share of reads that may belong to CYP2D7 as well.
const MOST_AMBIGUOUS: f64 = 0.3;
/// Scatter beyond chance that is assumed at least.
const LEAST_SCATTER: f64 = 0.03;
/// Scatter beyond chance above which nothing is said.
const MOST_SCATTER: f64 = 0.2;
/// Prior probability of 0 to 6 copies: about those of published cohorts, so that two copies need no proof.
const PRIOR: [f64; 7] = [0.005, 0.06, 0.85, 0.065, 0.015, 0.0025, 0.0025];

/// The name of the parts of the gene together.
const WHOLE: &str = "whole gene";
/// The name of CYP2D7.
const PARALOG: &str = "CYP2D7";

/// What a window is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unique sequence beside the genes.
    Control,
    /// A part of CYP2D6.
    Gene,
    /// CYP2D7.
    Paralog,
}

/// A window of chromosome 22.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Name.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    grch38: (u32, u32),
    grch37: (u32, u32),
}

impl Segment {
    pub(super) fn of(row: &[&str]) -> Self {
        let number = |at: usize| row[at].parse().expect("a number, a test reads it");
        Self {
            name: row[0].to_owned(),
            kind: match row[1] {
                "control" => Kind::Control,
                "gene" => Kind::Gene,
                _ => Kind::Paralog,
            },
            grch38: (number(2), number(3)),
            grch37: (number(4), number(5)),
        }
    }

    /// First and last base, 1-based, on chromosome 22 of a build.
    pub fn bases(&self, build: Build) -> (u32, u32) {
        match build {
            Build::Grch37 => self.grch37,
            Build::Grch38 => self.grch38,
        }
    }

    fn length(&self) -> f64 {
        f64::from(self.grch38.1 - self.grch38.0 + 1)
    }
}

/// Reads that start in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Primary alignments that are no duplicates.
    pub reads: u64,
    /// Those with a mapping quality below 10.
    pub ambiguous: u64,
}

/// The copies of CYP2D6 from the counts of every segment, in their order, and its hybrids from the reads that tell it from
/// CYP2D7. The two ways do not overrule each other: where they differ in the number of copies, none is stated.
pub fn both(
    segments: &[Segment],
    counts: &[Counted],
    parts: &[paralogs::Part],
    votes: &paralogs::Votes,
    build: Build,
) -> Cyp2d6Copies {
    let (mut result, depth) = by_depth(segments, counts);
    let Some(depth) = depth else {
        return result;
    };
    let found = paralogs::structure(parts, build, votes, depth);
    if found.hybrid {
        result.hybrid_possible = true;
        result.copies = None;
    } else if let (Some(by_depth), Some(by_bases)) = (result.copies, found.copies)
        && by_depth != by_bases
    {
        result.copies = None;
        result.text = format!(
            "the depth of CYP2D6 gives {by_depth} copies, the bases that tell it from CYP2D7 give {by_bases}: no call"
        );
    }
    if found.total.is_none() || !result.text.ends_with("no call") {
        result.text = format!("{}; by the bases that tell it from CYP2D7: {}", result.text, found.text);
    }
    result.structure = Some(found);
    result
}

/// The copies of CYP2D6 from the counts of every segment, in their order.
pub fn copies(segments: &[Segment], counts: &[Counted]) -> Cyp2d6Copies {
    by_depth(segments, counts).0
}

/// [`copies`], and the depth beside the gene where it can be used.
fn by_depth(segments: &[Segment], counts: &[Counted]) -> (Cyp2d6Copies, Option<paralogs::Depth>) {
    let pairs: Vec<(&Segment, &Counted)> = segments.iter().zip(counts).collect();
    let controls: Vec<f64> = pairs
        .iter()
        .filter(|(s, c)| s.kind == Kind::Control && c.reads > 0)
        .map(|(s, c)| c.reads as f64 / s.length())
        .collect();
    let mut result = Cyp2d6Copies {
        copies: None,
        hybrid_possible: false,
        segments: Vec::new(),
        controls: controls.len() as u32,
        scatter: 0.0,
        proposed: None,
        structure: None,
        text: String::new(),
    };
    if controls.len() < FEWEST_CONTROLS {
        result.text = format!(
            "not assessed: only {} of the control windows beside the gene have reads, {FEWEST_CONTROLS} are needed",
            controls.len()
        );
        return (result, None);
    }
    let rate = median(&controls);
    let deviations: Vec<f64> = controls.iter().map(|r| (r - rate).abs()).collect();
    let window = 1_000.0;
    let relative = 1.4826 * median(&deviations) / rate;
    result.scatter = (relative.powi(2) - 1.0 / (rate * window)).max(0.0).sqrt();
    if result.scatter > MOST_SCATTER {
        "not assessed: the depth beside the gene is too uneven".clone_into(&mut result.text);
        return (result, None);
    }
    let control_reads = rate * window * controls.len() as f64;
    let scatter = result.scatter;
    for (segment, counted) in pairs.iter().filter(|(s, _)| s.kind != Kind::Control) {
        result.segments.push(one(
            &segment.name,
            segment.length(),
            **counted,
            rate,
            scatter,
            control_reads,
        ));
    }
    let parts: Vec<(&Segment, &Counted)> = pairs.iter().copied().filter(|(s, _)| s.kind == Kind::Gene).collect();
    let length = parts.iter().map(|(s, _)| s.length()).sum();
    let sum = parts.iter().fold(Counted::default(), |sum, (_, c)| Counted {
        reads: sum.reads + c.reads,
        ambiguous: sum.ambiguous + c.ambiguous,
    });
    let whole = one(WHOLE, length, sum, rate, scatter, control_reads);
    let gene: Vec<&SegmentCopies> = result.segments.iter().filter(|s| s.name != PARALOG).collect();
    let known: Vec<u32> = gene.iter().filter_map(|s| s.copies).collect();
    let same = known.windows(2).all(|w| w[0] == w[1]) && known.iter().all(|n| whole.copies.is_none_or(|w| w == *n));
    result.hybrid_possible = !same;
    result.copies = whole.copies.filter(|_| same);
    result.text = match result.copies {
        Some(0) => "no copy of CYP2D6: *5/*5".to_owned(),
        Some(1) => "one copy of CYP2D6: a deletion (*5) on the other chromosome".to_owned(),
        Some(2) => "two copies of CYP2D6; a deletion beside a duplication, and a hybrid in a short part, cannot be \
                    excluded"
            .to_owned(),
        Some(n) => format!("{n} copies of CYP2D6: a duplication; a hybrid in a short part cannot be excluded"),
        None if !same => {
            let list: Vec<String> = gene
                .iter()
                .filter_map(|s| Some(format!("{} {}", s.name, s.copies?)))
                .collect();
            format!(
                "the number of copies changes within the gene ({}): a hybrid with CYP2D7 is possible",
                list.join(", ")
            )
        }
        None => "the depth does not tell the number of copies".to_owned(),
    };
    result.segments.push(whole);
    let depth = paralogs::Depth {
        rate,
        scatter,
        control_reads,
    };
    (result, Some(depth))
}

fn one(name: &str, length: f64, counted: Counted, rate: f64, scatter: f64, control_reads: f64) -> SegmentCopies {
    let two = rate * length;
    // The scatter is that of windows of 1,000 bases.
    let scatter = (scatter * (1_000.0 / length).sqrt()).max(LEAST_SCATTER);
    let reads = counted.reads as f64;
    let ambiguous = if counted.reads == 0 {
        0.0
    } else {
        counted.ambiguous as f64 / reads
    };
    let weights: Vec<f64> = PRIOR
        .iter()
        .enumerate()
        .map(|(copies, prior)| {
            // Even without a copy some reads of CYP2D7 stray into the gene.
            let expected = (two * copies as f64 / 2.0).max(two * 0.01);
            let variance = expected + (expected * scatter).powi(2) + expected.powi(2) / control_reads;
            prior.ln() - 0.5 * variance.ln() - (reads - expected).powi(2) / (2.0 * variance)
        })
        .collect();
    let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = weights.iter().map(|w| (w - top).exp()).sum();
    let best = weights
        .iter()
        .position(|w| (w - top).abs() < f64::EPSILON)
        .unwrap_or_default();
    let probability = 1.0 / sum;
    let told = probability >= CERTAIN && two >= FEWEST_READS && ambiguous <= MOST_AMBIGUOUS;
    SegmentCopies {
        name: name.to_owned(),
        reads: counted.reads,
        ambiguous,
        ratio: 2.0 * reads / two,
        copies: told.then_some(best as u32),
        probability,
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) && middle > 0 {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted.get(middle).copied().unwrap_or_default()
    }
}

/// The diplotype with copies that the genotypes of the VCF suggest beside the depth: the one pair of star alleles with
/// the highest score, and for three copies and more the allele with the larger share of the reads (AD). `None` where
/// the genotypes do not give one pair, the reads do not tell, or a hybrid is possible.
pub fn propose(definitions: &Definitions, sample: &Sample, found: &Cyp2d6Copies) -> Option<String> {
    let gene = definitions.genes.get("CYP2D6")?;
    let total = found.copies?;
    if total == 0 {
        return Some("*5/*5".to_owned());
    }
    let copies = Copies::of(gene, sample);
    if copies.seats.is_empty() || copies.partial() || copies.groups > super::copies::MOST_GROUPS {
        return None;
    }
    let fits = diplotypes::best(&diplotypes::fits(&copies));
    let [fit] = &fits[..] else { return None };
    let [first, second] = &fit.alleles[..] else { return None };
    let times = |name: &str, n: u32| if n == 1 { name.to_owned() } else { format!("{name}x{n}") };
    match total {
        1 => (first == second).then(|| names::pair(first, "*5")),
        2 => Some(names::pair(first, second)),
        n if first == second => Some(names::pair(first, &times(first, n - 1))),
        n => {
            let share = share_of(gene, &copies, first, second)?;
            let mine = (1..n).find(|k| (share - f64::from(*k) / f64::from(n)).abs() < 0.3 / f64::from(n))?;
            Some(names::pair(&times(first, mine), &times(second, n - mine)))
        }
    }
}

/// The share of the reads with the bases of `first`, over the positions where the two alleles differ.
fn share_of(gene: &Gene, copies: &Copies<'_>, first: &str, second: &str) -> Option<f64> {
    let allele = |name: &str| gene.alleles.iter().find(|a| a.shown() == name);
    let (first, second) = (allele(first)?, allele(second)?);
    let (mut mine, mut all) = (0_u32, 0_u32);
    for seat in &copies.seats {
        let (a, b) = (gene.full_base(first, seat.index), gene.full_base(second, seat.index));
        let Some(reads) = seat.site.reads.filter(|_| a != b) else {
            continue;
        };
        let Some(copy) = seat.site.read.iter().position(|base| base.as_deref() == Some(a)) else {
            continue;
        };
        if seat.site.read[1 - copy].as_deref() == Some(b) {
            mine += reads[copy];
            all += reads[0] + reads[1];
        }
    }
    (all >= 20).then(|| f64::from(mine) / f64::from(all))
}
