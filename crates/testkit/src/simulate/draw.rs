//! Random alleles for a made-up person: about as many, and of about the kinds, as a genome has.
//!
//! Single bases: one in 1,000 bases, three in five heterozygous, two transitions to a transversion. Insertions and
//! deletions: one in 8,000, half as many with each further base up to 50; two thirds of them add or take whole units of
//! a homopolymer or short tandem repeat where one is near, as most indels of a genome do (Montgomery 2013, Genome Res
//! 23:749). One allele in twelve has a neighbour within 20 bases on either haplotype.

use clinotype_genome::{Interval, Pos, Reference, Result, VariantKey};

use super::PhasedAllele;
use crate::Dice;

const SNV: f64 = 1e-3;
const INDEL: f64 = 1.25e-4;
const NEIGHBOUR: f64 = 1.0 / 12.0;
const HETEROZYGOUS: f64 = 0.6;
const IN_REPEAT: f64 = 2.0 / 3.0;
const LONGEST: usize = 50;
/// Bases without an allele at the ends of an interval, where reads are few.
const MARGIN: usize = 300;

/// Draws alleles for the intervals; none touches another, so that every haplotype can be made.
pub fn draw_alleles(reference: &Reference, intervals: &[Interval], seed: u64) -> Result<Vec<PhasedAllele>> {
    let mut dice = Dice::new(seed);
    let mut alleles = Vec::new();
    for interval in intervals {
        let bases = reference.fetch(&interval.contig, interval.start, interval.end)?;
        let mut next = MARGIN;
        let mut near = 0.0;
        while next + MARGIN < bases.len() {
            let at = next;
            next += 1;
            let kind = f64::from(dice.below(1 << 30)) / f64::from(1 << 30);
            let (snv, indel) = (SNV + near, INDEL + near / 8.0);
            if kind >= snv + indel {
                near *= 0.9;
                continue;
            }
            let drawn = if kind < snv {
                single(&bases, at, &mut dice)
            } else {
                indel_at(&bases, at, &mut dice)
            };
            let Some((start, taken, put)) = drawn else {
                continue;
            };
            if start < at || start + taken + MARGIN > bases.len() {
                continue;
            }
            let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
            let carried = if dice.chance(HETEROZYGOUS) {
                let first = dice.below(2) == 0;
                [first, !first]
            } else {
                [true, true]
            };
            alleles.push(PhasedAllele {
                key: VariantKey::new(
                    interval.contig.clone(),
                    Pos::from_zero_based(interval.start + start as u32),
                    &text(&bases[start..start + taken]),
                    &text(&put),
                ),
                carried,
            });
            next = start + taken + 2;
            near = if dice.chance(NEIGHBOUR) { 0.1 } else { 0.0 };
        }
    }
    Ok(alleles)
}

fn is_base(base: u8) -> bool {
    matches!(base, b'A' | b'C' | b'G' | b'T')
}

/// Offset, bases taken, bases put there.
type Drawn = (usize, usize, Vec<u8>);

fn single(bases: &[u8], at: usize, dice: &mut Dice) -> Option<Drawn> {
    let base = bases[at];
    if !is_base(base) {
        return None;
    }
    let transition = match base {
        b'A' => b'G',
        b'G' => b'A',
        b'C' => b'T',
        _ => b'C',
    };
    let put = if dice.chance(2.0 / 3.0) {
        transition
    } else {
        loop {
            let other = dice.other_base(base);
            if other != transition {
                break other;
            }
        }
    };
    Some((at, 1, vec![put]))
}

fn indel_at(bases: &[u8], at: usize, dice: &mut Dice) -> Option<Drawn> {
    if dice.chance(IN_REPEAT)
        && let Some((start, unit, copies)) = tract(bases, at)
    {
        let units = if dice.chance(0.8) { 1 } else { 2 };
        // The anchor stands before the tract, as a left-aligned record has it.
        let anchor = start
            .checked_sub(1)
            .filter(|a| *a >= at.saturating_sub(60) && is_base(bases[*a]))?;
        let changed = unit * units;
        if dice.below(2) == 0 && copies > units {
            return Some((anchor, 1 + changed, vec![bases[anchor]]));
        }
        let mut put = vec![bases[anchor]];
        put.extend(&bases[start..start + unit].repeat(units));
        return Some((anchor, 1, put));
    }
    let mut length = 1;
    while length < LONGEST && dice.chance(0.7) {
        length += 1;
    }
    if !bases.get(at..at + length + 1)?.iter().all(|b| is_base(*b)) {
        return None;
    }
    if dice.below(2) == 0 {
        return Some((at, 1 + length, vec![bases[at]]));
    }
    let mut put = vec![bases[at]];
    put.extend((0..length).map(|_| dice.base()));
    Some((at, 1, put))
}

/// The first tract of a unit of 1 to 4 bases that begins within 40 bases: offset, unit, copies.
fn tract(bases: &[u8], from: usize) -> Option<(usize, usize, usize)> {
    for start in from + 1..(from + 40).min(bases.len()) {
        for unit in 1..=4 {
            let least = if unit == 1 { 5 } else { 3 };
            if start + unit * least > bases.len() || !bases[start..start + unit].iter().all(|b| is_base(*b)) {
                continue;
            }
            let first = &bases[start..start + unit];
            let copies = bases[start..].chunks_exact(unit).take_while(|c| *c == first).count();
            let begins = start < unit || bases[start - unit..start] != bases[start..start + unit];
            if copies >= least && begins && bases[start - 1] != bases[start + unit - 1] {
                return Some((start, unit, copies));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use clinotype_genome::fs;

    use super::*;
    use crate::simulate::Donor;

    #[test]
    fn the_alleles_fit_together_and_are_as_many_as_a_genome_has() {
        let folder = tempfile::tempdir().unwrap();
        let mut dice = Dice::new(3);
        let mut bases: Vec<u8> = (0..400_000).map(|_| dice.base()).collect();
        for start in (1_000..390_000).step_by(700) {
            bases[start..start + 12].copy_from_slice(b"CACACACACACA");
        }
        let path = folder.path().join("r.fa");
        fs::write_atomic(&path, &[b">chr1\n", &bases[..], b"\n"].concat()).unwrap();
        let reference = Reference::open(&path).unwrap();
        let interval = Interval::new("chr1", 0, 400_000);
        let alleles = draw_alleles(&reference, std::slice::from_ref(&interval), 7).unwrap();
        assert_eq!(
            alleles,
            draw_alleles(&reference, std::slice::from_ref(&interval), 7).unwrap()
        );
        // REF is checked, and overlaps are refused.
        Donor::new(&reference, std::slice::from_ref(&interval), &alleles).unwrap();
        let indels = alleles.iter().filter(|a| a.key.is_indel()).count();
        let snvs = alleles.len() - indels;
        assert!((350..700).contains(&snvs), "{snvs}");
        assert!((25..110).contains(&indels), "{indels}");
        let longest = alleles
            .iter()
            .map(|a| a.key.reference.len().abs_diff(a.key.alternate.len()))
            .max();
        assert!(longest > Some(5), "{longest:?}");
        assert!(
            alleles
                .windows(2)
                .any(|w| w[1].key.position.get() - w[0].key.position.get() < 20),
            "clusters"
        );
    }
}
