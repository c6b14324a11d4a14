//! How sure the place of a pair is.
//!
//! minimap2 asks for three mismatches more at the second best place before it calls a short read's place sure, and
//! lends a mate no more certainty than the other mate has alone. Here the places of both mates are weighed together, as
//! BWA-MEM does (Li 2013, arXiv:1303.3997, section 2.3): a pair lies at two places with a chance that falls by
//! [`PER_SCORE`] with each point of score, and by [`APART`] where the two do not face each other within a fragment. The
//! mapping quality of a mate is the phred-scaled chance that its place is another one than the one told.

/// Phred lost with each point of minimap2's score. A mismatch costs ten points, so twenty: bases of near-identical
/// copies are misread, changed by a variant, or carried over by gene conversion at about one place in a hundred.
const PER_SCORE: f64 = 2.0;
/// Phred lost where the mates do not make one fragment: about one pair in a thousand is chimeric.
const APART: f64 = 30.0;
/// The greatest quality that is told.
const HIGHEST: f64 = 60.0;
/// Seeds that a sure place has (as minimap2 asks for).
const SEEDS: f64 = 10.0;

/// One place of one mate, on the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Index of the contig.
    pub(super) contig: u32,
    /// 0-based, half-open.
    pub(super) start: u32,
    /// See `start`.
    pub(super) end: u32,
    /// On the reverse strand.
    pub(super) reverse: bool,
    /// Alignment score.
    pub(super) score: i32,
    /// Seeds of the chain.
    pub(super) seeds: u32,
    /// Whether it is the place told.
    pub(super) told: bool,
}

/// Whether two mates face each other within a fragment of at most `longest` bases.
fn together(a: &Place, b: &Place, longest: u32) -> bool {
    let (forward, reverse) = if a.reverse { (b, a) } else { (a, b) };
    a.contig == b.contig
        && a.reverse != b.reverse
        && forward.start <= reverse.start
        && forward.end <= reverse.end
        && reverse.end - forward.start <= longest
}

/// The mapping qualities of both mates' told places. `unique` is the share of the pair's bases whose seeds are not too
/// frequent to be looked up: places that only the others could show are not in the lists. `None` where a mate has no
/// place.
pub(super) fn qualities(places: [&[Place]; 2], longest: u32, unique: f64) -> Option<[u8; 2]> {
    let told = [0, 1].map(|i| places[i].iter().find(|p| p.told));
    let [Some(first), Some(second)] = told else {
        return None;
    };
    // In phred below the best pair; the sums stay far from the limits of f64.
    let cost = |a: &Place, b: &Place| {
        let lost = f64::from(-a.score - b.score) * PER_SCORE;
        if together(a, b, longest) { lost } else { lost + APART }
    };
    let mut least = f64::INFINITY;
    for a in places[0] {
        for b in places[1] {
            least = least.min(cost(a, b));
        }
    }
    let (mut all, mut elsewhere) = (0.0, [0.0; 2]);
    for a in places[0] {
        for b in places[1] {
            let chance = 10f64.powf((least - cost(a, b)) / 10.0);
            all += chance;
            for (sum, mate) in elsewhere.iter_mut().zip([a, b]) {
                if !mate.told {
                    *sum += chance;
                }
            }
        }
    }
    let quality = |elsewhere: f64, place: &Place| {
        let sure = (-10.0 * (elsewhere / all).log10()).min(HIGHEST);
        let quality = sure * unique.clamp(0.0, 1.0) * (f64::from(place.seeds) / SEEDS).min(1.0);
        quality.round().max(0.0) as u8
    };
    Some([quality(elsewhere[0], first), quality(elsewhere[1], second)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(start: u32, reverse: bool, score: i32, told: bool) -> Place {
        Place {
            contig: 0,
            start,
            end: start + 150,
            reverse,
            score,
            seeds: 20,
            told,
        }
    }

    #[test]
    fn table() {
        let (a, b) = (place(1_000, false, 300, true), place(1_250, true, 300, true));
        // Copies of both mates elsewhere, so many points worse; expected qualities.
        let copies = |first: i32, second: i32| {
            (
                [a, place(50_000, false, 300 - first, false)],
                [b, place(50_250, true, 300 - second, false)],
            )
        };
        for (first, second, expected) in [
            // As good elsewhere: nothing is known. One mismatch, in either mate, tells both.
            (0, 0, [3, 3]),
            (10, 0, [20, 20]),
            (0, 10, [20, 20]),
            (10, 10, [40, 40]),
            (30, 30, [60, 60]),
        ] {
            let (x, y) = copies(first, second);
            let got = qualities([&x, &y], 800, 1.0).unwrap();
            assert_eq!(got, expected, "{first} {second}");
        }
        assert_eq!(qualities([&[a], &[b]], 800, 1.0), Some([60, 60]));
        // A mate with one place only holds the other, which alone could lie anywhere.
        let repeat = [b, place(70_000, true, 300, false), place(90_000, true, 300, false)];
        let held = qualities([&[a], &repeat], 800, 1.0).unwrap();
        assert!(held[0] == 60 && (25..=30).contains(&held[1]), "{held:?}");
        // Frequent seeds and few seeds make less sure; no place, no quality.
        assert_eq!(qualities([&[a], &[b]], 800, 0.5), Some([30, 30]));
        assert_eq!(qualities([&[Place { seeds: 2, ..a }], &[b]], 800, 1.0), Some([12, 60]));
        assert_eq!(qualities([&[], &[b]], 800, 1.0), None);
    }

    #[test]
    fn a_better_place_elsewhere_takes_the_certainty_away() {
        let told = place(1_000, false, 280, true);
        let mate = place(1_250, true, 300, true);
        let better = place(60_000, false, 300, false);
        let got = qualities([&[told, better], &[mate]], 800, 1.0).unwrap();
        assert!(got[0] < 5, "{got:?}");
    }
}
