//! Slippage of the polymerase in repeats, before the fragment is sequenced.
//!
//! Rates per repeat unit beyond a threshold and per copying, and the share of contractions, are those that Shinde 2003
//! (Nucleic Acids Res 31:974, abstract) measured for Taq polymerase: (A)n 1.5e-2 beyond eight units, contractions five
//! times as frequent as expansions; (CA)n 3.6e-3 beyond four units, contractions fourteen times. Units of three and
//! four bases were not measured: they take the rate of two beyond the eight bases that the paper gives as threshold
//! for both. A slip changes one unit.

use crate::dice::Dice;

/// The least repeat that slips, in bases, and the longest unit looked for.
const THRESHOLD: usize = 8;
const LONGEST_UNIT: usize = 4;

/// Rate per unit beyond the threshold and per copying, and the probability that a slip is a contraction.
fn rate(unit: usize) -> (f64, f64) {
    if unit == 1 {
        (1.5e-2, 5.0 / 6.0)
    } else {
        (3.6e-3, 14.0 / 15.0)
    }
}

/// A repeat that can slip: its bases `start..end`, of units of so many bases.
struct Tract {
    start: usize,
    end: usize,
    unit: usize,
}

/// The repeats longer than the threshold; where two overlap, the one that begins first.
fn tracts(bases: &[u8]) -> Vec<Tract> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + THRESHOLD < bases.len() {
        let longest = (1..=LONGEST_UNIT)
            .map(|unit| {
                let same = bases[at + unit..].iter().zip(&bases[at..]).take_while(|(a, b)| a == b);
                let whole = (same.count() + unit) / unit * unit;
                Tract {
                    start: at,
                    end: at + whole,
                    unit,
                }
            })
            // A run of one base is a repeat of one, not of two.
            .find(|t| t.end - t.start > THRESHOLD && bases[at] != b'N');
        match longest {
            Some(tract) => {
                at = tract.end;
                found.push(tract);
            }
            None => at += 1,
        }
    }
    found
}

/// The fragment as it stands after its line of molecules was copied `copies` times, on average.
pub(super) fn copied(bases: &[u8], copies: f64, dice: &mut Dice) -> Vec<u8> {
    let mut made = Vec::with_capacity(bases.len() + LONGEST_UNIT);
    let mut next = 0;
    for tract in tracts(bases) {
        let (per_unit, contraction) = rate(tract.unit);
        let beyond = (tract.end - tract.start - THRESHOLD) as f64 / tract.unit as f64;
        if !dice.chance((per_unit * beyond * copies).min(0.5)) {
            continue;
        }
        if dice.chance(contraction) {
            made.extend(&bases[next..tract.end - tract.unit]);
        } else {
            made.extend(&bases[next..tract.end]);
            made.extend(&bases[tract.start..tract.start + tract.unit]);
        }
        next = tract.end;
    }
    made.extend(&bases[next..]);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rates_are_those_of_the_paper() {
        // Bases, unit, expected slips per copying, contractions of them.
        let table: [(&[u8], usize, f64, f64); 4] = [
            (b"GCTAAAAAAAAAAAAGCT", 1, 0.06, 5.0 / 6.0),
            (b"GCTCACACACACACACACAGGT", 2, 0.0144, 14.0 / 15.0),
            (b"GCTAAAAAAAAGCT", 1, 0.0, 0.0),
            (b"GATCGGACTTAGCATTCAGG", 1, 0.0, 0.0),
        ];
        for (bases, unit, expected, contractions) in table {
            let mut dice = Dice::new(5);
            let lengths: Vec<usize> = (0..40_000).map(|_| copied(bases, 1.0, &mut dice).len()).collect();
            let shorter = lengths.iter().filter(|l| **l + unit == bases.len()).count() as f64;
            let longer = lengths.iter().filter(|l| **l == bases.len() + unit).count() as f64;
            let same = lengths.iter().filter(|l| **l == bases.len()).count() as f64;
            assert!((shorter + longer + same - 40_000.0).abs() < 0.5);
            assert!(
                ((shorter + longer) / 40_000.0 - expected).abs() < 0.004,
                "{shorter} {longer}"
            );
            if expected > 0.0 {
                assert!((shorter / (shorter + longer) - contractions).abs() < 0.04);
            }
        }
    }

    #[test]
    fn nothing_slips_without_copying() {
        let bases = b"GCTAAAAAAAAAAAAAAAAAAAAAAAAGCT";
        assert_eq!(copied(bases, 0.0, &mut Dice::new(1)), bases);
    }
}
