//! Copies of CYP2D6 by depth, on counts that are made up.

use std::fmt::Write as _;

use clinotype_case::pgx::Cyp2d6Copies;
use clinotype_interpret::pgx::{
    TABLES,
    cyp2d6::{Counted, Kind, copies, propose},
    vcf,
};
use proptest::prelude::*;

/// Counts at `depth` (reads of 150 bases over two copies) with `of` copies of each part; the control wavers by chance.
fn counts(depth: f64, of: impl Fn(&str) -> f64, noise: impl Fn(usize) -> f64) -> Vec<Counted> {
    TABLES
        .segments
        .iter()
        .enumerate()
        .map(|(index, segment)| {
            let (start, end) = segment.bases(clinotype_genome::Build::Grch38);
            let factor = if segment.kind == Kind::Gene {
                of(&segment.name) / 2.0
            } else {
                1.0
            };
            let mean = depth / 150.0 * f64::from(end - start + 1) * factor;
            Counted {
                reads: (mean + noise(index) * mean.sqrt()).max(0.0).round() as u64,
                ambiguous: 0,
            }
        })
        .collect()
}

fn found(depth: f64, of: impl Fn(&str) -> f64) -> Cyp2d6Copies {
    copies(
        &TABLES.segments,
        &counts(depth, of, |i| [0.6, -0.4, 1.1, -1.0, 0.1][i % 5]),
    )
}

#[test]
fn copies_are_counted_and_hybrids_seen() {
    for n in 0..=4 {
        let result = found(36.0, |_| f64::from(n));
        assert_eq!(result.copies, Some(n), "{}", result.text);
        assert!(!result.hybrid_possible);
    }
    let hybrid = found(36.0, |part| if part == "exon 9" { 2.0 } else { 3.0 });
    assert_eq!((hybrid.copies, hybrid.hybrid_possible), (None, true), "{}", hybrid.text);
    assert!(hybrid.text.contains("exon 9 2") && hybrid.proposed.is_none());
}

#[test]
fn little_or_uneven_depth_is_not_assessed() {
    assert_eq!(found(1.5, |_| 3.0).copies, None);
    let mut none = counts(36.0, |_| 2.0, |_| 0.0);
    for (segment, counted) in TABLES.segments.iter().zip(&mut none) {
        if segment.kind == Kind::Control {
            counted.reads = 0;
        }
    }
    assert!(copies(&TABLES.segments, &none).text.starts_with("not assessed: only 0"));
    let uneven = counts(36.0, |_| 2.0, |i| if i % 2 == 0 { 9.0 } else { -9.0 });
    assert!(copies(&TABLES.segments, &uneven).text.contains("too uneven"));
    let mut doubtful = counts(36.0, |_| 3.0, |_| 0.0);
    for counted in &mut doubtful {
        counted.ambiguous = counted.reads / 2;
    }
    assert_eq!(
        copies(&TABLES.segments, &doubtful).copies,
        None,
        "reads that may be CYP2D7's do not count copies"
    );
}

#[test]
fn the_reads_of_the_alleles_tell_which_one_is_doubled() {
    let gene = &TABLES.definitions.genes["CYP2D6"];
    let carried = |name: &str| gene.alleles.iter().find(|a| a.name == name).unwrap();
    let propose_with = |other: &str, depths: &str, genotype: &str, n: f64| {
        let mut text = String::from("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n");
        for (index, place) in gene.positions.iter().enumerate() {
            let base = carried(other)
                .base(index)
                .filter(|b| place.alternates.iter().any(|a| a == b));
            let row = base.map_or_else(|| "0/0:30,0".to_owned(), |_| format!("{genotype}:{depths}"));
            let alt = base.unwrap_or(&place.alternates[0]);
            let _ = writeln!(
                text,
                "chr22\t{}\t.\t{}\t{alt}\t.\tPASS\t.\tGT:AD\t{row}",
                place.position, place.reference
            );
        }
        let sample = super::pgx::read(&text, &vcf::Reading::default()).unwrap();
        propose(&TABLES.definitions, &sample, &found(36.0, |_| n))
    };
    assert_eq!(propose_with("*3", "30,15", "0/1", 3.0).as_deref(), Some("*1x2/*3"));
    assert_eq!(propose_with("*3", "15,30", "0/1", 3.0).as_deref(), Some("*1/*3x2"));
    assert_eq!(
        propose_with("*3", "20,20", "0/1", 3.0),
        None,
        "one in two is neither one in three nor two"
    );
    assert_eq!(propose_with("*3", "20,20", "0/1", 2.0).as_deref(), Some("*1/*3"));
    assert_eq!(propose_with("*3", "0,20", "1/1", 1.0).as_deref(), Some("*3/*5"));
    assert_eq!(
        propose_with("*3", "20,20", "0/1", 1.0),
        None,
        "one copy cannot be heterozygous"
    );
    assert_eq!(propose_with("*3", "0,20", "1/1", 3.0).as_deref(), Some("*3/*3x2"));
    assert_eq!(propose_with("*3", "0,20", "1/1", 0.0).as_deref(), Some("*5/*5"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    /// Whatever chance does to each part (within two standard deviations), a number that is stated is the right one at a
    /// genome's depth. At less, one in twenty may be wrong, as the certainty that is asked for says.
    #[test]
    fn a_stated_number_is_right(n in 0_u32..=4, depth in 20.0_f64..80.0, noise in prop::collection::vec(-2.0_f64..2.0, 64)) {
        let result = copies(&TABLES.segments, &counts(depth, |_| f64::from(n), |i| noise[i % noise.len()]));
        prop_assert!(result.copies.is_none_or(|found| found == n), "{n} at {depth}: {}", result.text);
    }
}
