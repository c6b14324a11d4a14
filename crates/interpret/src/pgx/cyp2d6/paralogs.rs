//! Hybrids of CYP2D6 and CYP2D7 and their copies, from reads alone: which gene each read is of, at the bases where the
//! two differ.
//!
//! After the paper of Chen 2021 (Pharmacogenomics J 21:251): the copies of both genes together are told by depth, which
//! does not care which of the two a read was mapped to; the share of CYP2D6 among them by reads that carry the bases of
//! one gene. Here every read votes once in the part where it lies, by the words of [`WORD`] bases that only one of the
//! genes has. A hybrid is a change of the copies of CYP2D6 along the gene: less at its 3' end (exon 9 of CYP2D7: *36 and
//! others), less behind exon 1 (*68), or less at its 5' end (*13).
//!
//! What is called is the most likely arrangement of all parts, and only where its probability is at least 95 %; else there
//! is no call. Which star allele a hybrid is, depth does not tell: the name is that of the kind.
//!
//! On reads simulated from the two genes (`crates/jobs/tests/cyp2d6.rs`: two to four copies, *5, *36 alone and beside *10,
//! *68 beside *4, *13) 8 of 9 arrangements are called at 40x, 7 at 25x, 4 at 15x, none wrongly; *36 alone, which is one
//! part of one gene in four, is no call at any of them. HG00436 (*2x2/*71 by GeT-RM, 22x) has its three whole copies.

use std::collections::HashMap;

use clinotype_case::pgx::{Cyp2d6Structure, ParalogPart};
use clinotype_genome::Build;

/// Length of a word.
const WORD: usize = 21;
/// Fewest words that make a read's vote.
const FEWEST_WORDS: usize = 3;
/// Share of a read's words that must be of one gene.
const OF_ONE: f64 = 0.8;
/// Votes of a part from which it is used.
const FEWEST_VOTES: u32 = 15;
/// Share of votes for the wrong gene.
const ERROR: f64 = 0.01;
/// How far shares scatter beyond chance, as the weight of a beta distribution: about 6 % at a half, as in real reads
/// (HG00436). A part is short, and depth is uneven where the two genes lie.
const WEIGHT: f64 = 70.0;
/// Probability from which an arrangement is called.
const CERTAIN: f64 = 0.95;
/// Prior of 0 to 5 copies of CYP2D6, for arrangements without a hybrid.
const COPIES: [f64; 6] = [0.005, 0.06, 0.85, 0.07, 0.012, 0.003];
/// Prior of 1 to 4 copies of CYP2D7.
const PARALOGS: [(u32, f64); 4] = [(1, 0.02), (2, 0.95), (3, 0.025), (4, 0.005)];
/// Prior of a hybrid of any kind. High for most populations, so that none is denied without proof: *36 beside *10 is
/// carried by about a third of persons of East Asian ancestry, *68 beside *4 by some five per cent of European (PharmVar,
/// Gaedigk 2019).
const HYBRID: f64 = 0.15;
/// Share of the kinds of hybrids among them.
const KINDS: [(Kind, f64); 4] = [
    (Kind::Exon9, 0.6),
    (Kind::Early, 0.22),
    (Kind::Reverse, 0.1),
    (Kind::Middle, 0.08),
];
/// Prior of 0 to 4 whole copies of CYP2D6 beside a hybrid: most stand in tandem with a whole gene.
const BESIDE: [f64; 5] = [0.01, 0.13, 0.8, 0.05, 0.01];
/// The same for hybrids that begin as CYP2D7, which most often take the place of both genes.
const BESIDE_REVERSE: [f64; 5] = [0.05, 0.6, 0.3, 0.04, 0.01];

/// A part of the two genes.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name.
    pub name: String,
    /// CYP2D6, forward strand.
    cyp2d6: Vec<u8>,
    /// CYP2D7.
    cyp2d7: Vec<u8>,
}

impl Part {
    pub(in crate::pgx) fn of(row: &[&str]) -> Self {
        Self {
            name: row[0].to_owned(),
            cyp2d6: row[3].as_bytes().to_vec(),
            cyp2d7: row[4].as_bytes().to_vec(),
        }
    }
}

/// First and last base of the stretches of [`Part`]s on chromosome 22, 1-based: CYP2D6, then CYP2D7.
pub const fn windows(build: Build) -> [(u32, u32); 2] {
    match build {
        Build::Grch38 => [(42_126_190, 42_131_991), (42_139_905, 42_145_705)],
        Build::Grch37 => [(42_522_188, 42_527_989), (42_535_907, 42_541_707)],
    }
}

/// Which gene a word is of, and in which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word {
    part: usize,
    of_paralog: bool,
}

/// The words that only one of the genes has.
#[derive(Debug)]
pub struct Words(HashMap<[u8; WORD], Word>);

impl Words {
    /// The words of the table's stretches, on both strands.
    pub fn of(parts: &[Part]) -> Self {
        let mut found: HashMap<[u8; WORD], Option<Word>> = HashMap::new();
        for (part, stretch) in parts.iter().enumerate() {
            for (bases, of_paralog) in [(&stretch.cyp2d6, false), (&stretch.cyp2d7, true)] {
                for window in bases.windows(WORD) {
                    let mut word = [0; WORD];
                    word.copy_from_slice(window);
                    if word.contains(&b'N') {
                        continue;
                    }
                    let here = Word { part, of_paralog };
                    for word in [word, complement(&word)] {
                        // A word of both genes, or of two parts, tells nothing.
                        found
                            .entry(word)
                            .and_modify(|there| *there = there.filter(|w| *w == here))
                            .or_insert(Some(here));
                    }
                }
            }
        }
        Self(found.into_iter().filter_map(|(word, of)| Some((word, of?))).collect())
    }

    /// How many words there are, on both strands.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn complement(word: &[u8; WORD]) -> [u8; WORD] {
    let mut other = *word;
    other.reverse();
    for base in &mut other {
        *base = match *base {
            b'A' => b'T',
            b'C' => b'G',
            b'G' => b'C',
            b'T' => b'A',
            n => n,
        };
    }
    other
}

/// Reads that voted, by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// CYP2D6, CYP2D7, neither alone.
    parts: Vec<[u32; 3]>,
    /// Reads that start in one of the windows.
    pub starts: u64,
}

impl Votes {
    /// No votes yet.
    pub fn none(parts: &[Part]) -> Self {
        Self {
            parts: vec![[0; 3]; parts.len()],
            starts: 0,
        }
    }

    /// One read, in letters, on either strand.
    pub fn read(&mut self, words: &Words, bases: &[u8]) {
        let mut hits: Vec<Word> = Vec::new();
        for window in bases.windows(WORD) {
            let word: &[u8; WORD] = window.try_into().expect("windows of this length");
            hits.extend(words.0.get(word));
        }
        if hits.len() < FEWEST_WORDS {
            return;
        }
        let all = hits.len() as f64;
        let paralog = hits.iter().filter(|w| w.of_paralog).count() as f64 / all;
        let vote = if paralog >= OF_ONE {
            1
        } else if paralog <= 1.0 - OF_ONE {
            0
        } else {
            2
        };
        hits.sort_by_key(|w| w.part);
        self.parts[hits[hits.len() / 2].part][vote] += 1;
    }
}

/// What the depth beside the genes says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth {
    /// Reads per base of two copies.
    pub(super) rate: f64,
    /// Scatter of windows of 1,000 bases beyond chance.
    pub(super) scatter: f64,
    /// Reads of the control windows.
    pub(super) control_reads: f64,
}

/// An arrangement: copies of CYP2D6 at the 5' end and at the 3' end, and how many parts the 5' end has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Arrangement {
    /// Copies of both genes together.
    total: u32,
    five: u32,
    three: u32,
    /// Parts from the 5' end on with `five` copies; all where there is no hybrid.
    switch: usize,
    prior: f64,
}

/// Copies and hybrids from the votes. The parts stand from the 3' end to the 5' end of CYP2D6.
pub(super) fn structure(parts: &[Part], build: Build, votes: &Votes, depth: Depth) -> Cyp2d6Structure {
    let count = parts.len();
    let length: u32 = windows(build).iter().map(|(first, last)| last - first + 1).sum();
    let one = depth.rate * f64::from(length) / 4.0;
    let scatter = (depth.scatter * (2_000.0 / f64::from(length)).sqrt()).max(super::LEAST_SCATTER);
    let reads = votes.starts as f64;
    let of_total = |total: u32| {
        let expected = one * f64::from(total);
        let variance = expected + (expected * scatter).powi(2) + expected.powi(2) / depth.control_reads;
        -0.5 * variance.ln() - (reads - expected).powi(2) / (2.0 * variance)
    };
    // From the 5' end on.
    let of_part = |from_five: usize| votes.parts[count - 1 - from_five];
    let weighed: Vec<(Arrangement, f64)> = arrangements(count)
        .into_iter()
        .map(|a| {
            let mut weight = a.prior.ln() + of_total(a.total);
            for part in 0..count {
                let [own, other, _] = of_part(part);
                if own + other >= FEWEST_VOTES {
                    let copies = if part < a.switch { a.five } else { a.three };
                    weight += beta_binomial(own, own + other, f64::from(copies) / f64::from(a.total));
                }
            }
            (a, weight)
        })
        .collect();
    let top = weighed.iter().map(|(_, w)| *w).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = weighed.iter().map(|(_, w)| (w - top).exp()).sum();
    let probability = |holds: &dyn Fn(&Arrangement) -> bool| -> f64 {
        let of = weighed.iter().filter(|(a, _)| holds(a));
        of.map(|(_, w)| (w - top).exp()).sum::<f64>() / sum
    };
    let best = weighed
        .iter()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or_else(|| arrangements(count)[0], |(a, _)| *a);
    // The place of a switch is told apart from its kind: neighbouring places count together.
    let kind = kind_of(&best, count);
    let same = |a: &Arrangement| {
        (a.total, a.five, a.three) == (best.total, best.five, best.three) && kind_of(a, count) == kind
    };
    let certainty = probability(&same);
    let used = (0..count)
        .filter(|p| of_part(*p)[..2].iter().sum::<u32>() >= FEWEST_VOTES)
        .count();
    let enough = used * 4 >= count * 3 && one >= super::FEWEST_READS / 2.0;
    let called = certainty >= CERTAIN && enough;
    let listed = parts
        .iter()
        .zip(&votes.parts)
        .enumerate()
        .map(|(at, (part, [own, other, mixed]))| ParalogPart {
            name: part.name.clone(),
            cyp2d6: *own,
            cyp2d7: *other,
            mixed: *mixed,
            copies: called.then_some(if count - 1 - at < best.switch {
                best.five
            } else {
                best.three
            }),
        })
        .collect();
    Cyp2d6Structure {
        total: called.then_some(best.total),
        ratio: reads / one,
        hybrid: called && best.five != best.three,
        copies: (called && best.five == best.three).then_some(best.five),
        probability: certainty,
        parts: listed,
        text: text(&best, kind, called, enough),
    }
}

/// Every arrangement that is weighed.
fn arrangements(parts: usize) -> Vec<Arrangement> {
    let mut all = Vec::new();
    for (copies, prior) in COPIES.iter().enumerate() {
        for (paralogs, other) in PARALOGS {
            let copies = copies as u32;
            all.push(Arrangement {
                total: copies + paralogs,
                five: copies,
                three: copies,
                switch: parts,
                prior: (1.0 - HYBRID) * prior * other,
            });
        }
    }
    for whole in 0..5_u32 {
        for (more, several) in [(1, 0.85), (2, 0.15)] {
            for (paralogs, other) in PARALOGS {
                for (reverse, beside) in [(false, BESIDE), (true, BESIDE_REVERSE)] {
                    let (low, high) = (whole, whole + more);
                    let (five, three) = if reverse { (low, high) } else { (high, low) };
                    for switch in 1..parts {
                        let mut one = Arrangement {
                            total: high + paralogs,
                            five,
                            three,
                            switch,
                            prior: 0.0,
                        };
                        let kind = kind_of(&one, parts);
                        // Where a hybrid took the place of both genes, there is one CYP2D7 less.
                        let other = if reverse && paralogs == 1 && whole <= 1 {
                            0.5
                        } else {
                            other
                        };
                        let places = (1..parts).filter(|s| kind_of(&Arrangement { switch: *s, ..one }, parts) == kind);
                        let share = KINDS.iter().find(|(k, _)| *k == kind).map_or(0.0, |(_, share)| *share);
                        one.prior = HYBRID * share * beside[whole as usize] * several * other / places.count() as f64;
                        all.push(one);
                    }
                }
            }
        }
    }
    all
}

/// The kinds of hybrids that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// No hybrid.
    Whole,
    /// Exon 9 of CYP2D7.
    Exon9,
    /// CYP2D7 from intron 1 or exon 2 on.
    Early,
    /// CYP2D7 from another place on.
    Middle,
    /// CYP2D7 up to some place, then CYP2D6.
    Reverse,
}

fn kind_of(a: &Arrangement, parts: usize) -> Kind {
    if a.five == a.three {
        Kind::Whole
    } else if a.five < a.three {
        Kind::Reverse
    } else if a.switch == parts - 1 {
        Kind::Exon9
    } else if a.switch <= 3 {
        Kind::Early
    } else {
        Kind::Middle
    }
}

fn text(best: &Arrangement, kind: Kind, called: bool, enough: bool) -> String {
    if !enough {
        return "not assessed: too few reads tell CYP2D6 from CYP2D7".to_owned();
    }
    if !called {
        return "the reads do not tell copies and hybrids of CYP2D6 and CYP2D7 with certainty: no call".to_owned();
    }
    let Arrangement { total, five, three, .. } = *best;
    let more = five.abs_diff(three);
    let hybrid = if more == 1 {
        "a hybrid gene".to_owned()
    } else {
        format!("{more} hybrid genes")
    };
    let counts = format!("{total} copies of CYP2D6 and CYP2D7 together");
    match kind {
        Kind::Whole => format!(
            "{five} whole {} of CYP2D6, {} of CYP2D7, no hybrid",
            if five == 1 { "copy" } else { "copies" },
            total - five
        ),
        Kind::Exon9 => format!(
            "{hybrid} of CYP2D6 with exon 9 of CYP2D7 (as *36 and others), beside {three} whole of CYP2D6; {counts}"
        ),
        Kind::Early => format!(
            "{hybrid} of CYP2D6 up to exon 1 and CYP2D7 behind it (as *68), beside {three} whole of CYP2D6; {counts}"
        ),
        Kind::Middle => {
            format!("{hybrid} that begins as CYP2D6 and ends as CYP2D7, beside {three} whole of CYP2D6; {counts}")
        }
        Kind::Reverse => format!(
            "{hybrid} that begins as CYP2D7 and ends as CYP2D6 (as *13), beside {five} whole of CYP2D6; {counts}"
        ),
    }
}

/// Logarithm of the probability of `own` of `all` votes at an expected share, with [`WEIGHT`].
fn beta_binomial(own: u32, all: u32, share: f64) -> f64 {
    let share = share * (1.0 - 2.0 * ERROR) + ERROR;
    let (alpha, beta) = (share * WEIGHT, (1.0 - share) * WEIGHT);
    let (own, all) = (f64::from(own), f64::from(all));
    // The binomial coefficient is the same for every arrangement.
    ln_beta(own + alpha, all - own + beta) - ln_beta(alpha, beta)
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Logarithm of the gamma function for x > 0 by Stirling's series (DLMF 5.11.1) after steps up to 10: exact to 1e-10.
fn ln_gamma(x: f64) -> f64 {
    let mut x = x;
    let mut shift = 0.0;
    while x < 10.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1_260.0 - square / 1_680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgx::TABLES;

    const DEEP: Depth = Depth {
        rate: 0.2,
        scatter: 0.03,
        control_reads: 8_000.0,
    };

    /// Votes of copies of CYP2D6 by part, from the 3' end, among `total` genes at 100 votes per copy.
    fn votes(total: u32, copies: [u32; 8]) -> Votes {
        let [six, seven] = windows(Build::Grch38).map(|(first, last)| f64::from(last - first + 1));
        Votes {
            parts: copies.iter().map(|c| [c * 25, (total - c) * 25, 1]).collect(),
            starts: (DEEP.rate * (six + seven) / 4.0 * f64::from(total)) as u64,
        }
    }

    fn of(total: u32, copies: [u32; 8]) -> Cyp2d6Structure {
        structure(&TABLES.paralogs, Build::Grch38, &votes(total, copies), DEEP)
    }

    #[test]
    fn arrangements_are_told_apart() {
        for (total, copies, words) in [
            (4, [2; 8], "2 whole copies of CYP2D6, 2 of CYP2D7, no hybrid"),
            (3, [1; 8], "1 whole copy of CYP2D6, 2 of CYP2D7, no hybrid"),
            (2, [0; 8], "0 whole copies"),
            (5, [3; 8], "3 whole copies"),
            (5, [2, 3, 3, 3, 3, 3, 3, 3], "exon 9 of CYP2D7 (as *36"),
            (5, [2, 2, 2, 2, 2, 2, 3, 3], "behind it (as *68)"),
            (3, [2, 2, 2, 1, 1, 1, 1, 1], "(as *13), beside 1 whole"),
            (5, [2, 2, 2, 3, 3, 3, 3, 3], "begins as CYP2D6 and ends as CYP2D7"),
        ] {
            let found = of(total, copies);
            assert!(found.text.contains(words), "{words}: {found:?}");
            assert_eq!(found.total, Some(total));
            assert_eq!(found.hybrid, copies.iter().any(|c| *c != copies[0]));
        }
    }

    #[test]
    fn doubt_is_no_call() {
        // A share between two arrangements, and depth between two numbers.
        let mut between = votes(4, [2; 8]);
        between.starts = between.starts * 9 / 8;
        for part in &mut between.parts {
            *part = [56, 44, 3];
        }
        let found = structure(&TABLES.paralogs, Build::Grch38, &between, DEEP);
        assert!(found.total.is_none() && found.text.ends_with("no call"), "{found:?}");
        // Exon 9 alone of one gene: one part in eight, and no further gene that depth would show.
        let found = of(4, [1, 2, 2, 2, 2, 2, 2, 2]);
        assert!(found.total.is_none() && found.text.ends_with("no call"), "{found:?}");
        // Hardly any reads.
        let few = Votes {
            parts: vec![[3, 3, 0]; 8],
            starts: 40,
        };
        let found = structure(&TABLES.paralogs, Build::Grch38, &few, DEEP);
        assert!(
            found.total.is_none() && found.text.starts_with("not assessed"),
            "{found:?}"
        );
    }

    #[test]
    fn a_read_votes_once_for_its_gene() {
        let words = Words::of(&TABLES.paralogs);
        assert!(words.len() > 3_000, "{}", words.len());
        let part = TABLES.paralogs.iter().position(|p| p.name == "exon 2").unwrap();
        let stretch = &TABLES.paralogs[part];
        for (bases, vote) in [(&stretch.cyp2d6, 0), (&stretch.cyp2d7, 1)] {
            let read = &bases[200..350];
            let mut reversed = read.to_vec();
            reversed.reverse();
            for base in &mut reversed {
                *base = b"TGACN"[b"ACTGN".iter().position(|b| b == base).unwrap()];
            }
            for read in [read, &reversed] {
                let mut votes = Votes::none(&TABLES.paralogs);
                votes.read(&words, read);
                let mut expected = [0; 3];
                expected[vote] = 1;
                assert_eq!(votes.parts[part], expected);
            }
        }
        // A read of neither.
        let mut votes = Votes::none(&TABLES.paralogs);
        votes.read(&words, &[b'A'; 150]);
        votes.read(&words, b"ACGT");
        assert_eq!(votes, Votes::none(&TABLES.paralogs));
    }

    #[test]
    fn the_gamma_function() {
        for (x, value) in [
            (1.0, 0.0),
            (5.0, 24.0_f64.ln()),
            (0.5, std::f64::consts::PI.sqrt().ln()),
            (50.0, 144.565_743_946_344_9),
        ] {
            assert!((ln_gamma(x) - value).abs() < 1e-9, "{x}");
        }
    }
}
