//! One mate: qualities by cycle, errors by quality.

use super::Simulation;
use crate::dice::Dice;

/// Bases and their phred qualities, of equal number.
pub(super) struct Mate {
    pub(super) bases: Vec<u8>,
    pub(super) qualities: Vec<u8>,
}

/// Quality bins of current two-colour instruments (2 marks a base that was not called), and the error probability
/// 10^(-q/10) of each, written out because `powf` differs between mathematics libraries.
const GOOD: (u8, f64) = (37, 1.995_262_3e-4);
const FAIR: (u8, f64) = (25, 3.162_277_7e-3);
const POOR: (u8, f64) = (11, 7.943_282_3e-2);
const NOT_CALLED: u8 = 2;

/// Reads one end of a fragment: `template` begins at that end, on the strand that is read.
pub(super) fn read(simulation: &Simulation, dice: &mut Dice, template: &[u8], second: bool) -> Mate {
    let length = simulation.read_length as usize;
    let mut mate = Mate {
        bases: Vec::with_capacity(length),
        qualities: Vec::with_capacity(length),
    };
    // A read is good or bad as a whole: clusters differ.
    let spoiled = if dice.chance(0.06) { 6.0 } else { 1.0 };
    let (mut at, mut run) = (0, 0);
    while mate.bases.len() < length {
        let cycle = mate.bases.len();
        let (quality, wrong) = quality(dice, cycle, length, second, spoiled);
        let Some(&true_base) = template.get(at) else {
            break;
        };
        run = if at > 0 && template[at - 1] == true_base {
            run + 1
        } else {
            1
        };
        let slip = simulation.indel_error * f64::from(if run > 3 { run - 2 } else { 1 });
        if dice.chance(slip) {
            let spare = template.len() - at > length - cycle;
            if dice.below(2) == 0 && spare {
                at += 1;
                continue;
            }
            mate.bases.push(if run > 3 { true_base } else { dice.base() });
            mate.qualities.push(quality);
            continue;
        }
        at += 1;
        if true_base == b'N' || dice.chance(simulation.no_call) {
            mate.bases.push(b'N');
            mate.qualities.push(NOT_CALLED);
        } else {
            mate.bases.push(if dice.chance(wrong) {
                dice.other_base(true_base)
            } else {
                true_base
            });
            mate.qualities.push(quality);
        }
    }
    mate
}

/// A quality and its error probability: the share of low bins grows with the square of the cycle, and is larger in the
/// second mate.
fn quality(dice: &mut Dice, cycle: usize, length: usize, second: bool, spoiled: f64) -> (u8, f64) {
    let along = cycle as f64 / length as f64;
    let worse = if second { 1.5 } else { 1.0 };
    let low = (0.02 + 0.08 * along * along) * worse * spoiled;
    if !dice.chance(low) {
        GOOD
    } else if dice.chance(0.7) {
        FAIR
    } else {
        POOR
    }
}
