//! What speaks against an allele of a tumour-only run. Every limit comes from a paper or a documented default of the
//! field; none was fitted to a sample.

use super::{
    evidence::{Allele, against},
    origin::Origin,
};
use crate::bias;

/// log10 evidence for a single base: a somatic rate of 10^-6 and odds of two to one (Cibulskis 2013, Nat Biotechnol
/// 31:213, equation 4 and "theta T").
pub(crate) const LEAST_SNV: f64 = 6.3;
/// For an indel: ten times rarer (the priors of Benjamin 2019, bioRxiv 861054).
pub(crate) const LEAST_INDEL: f64 = 7.3;
/// Phred of p = 0.001, as for the germline's strand filter: of thousands of true alleles few are lost by chance.
const SIGNIFICANT: f64 = 30.0;
/// Strand odds ratio from which an imbalance is large (GATK's germline documentation); at great depth the least
/// imbalance is significant.
const LARGE: f64 = 3.0;
/// Default of GATK FilterMutectCalls' `--min-median-base-quality`.
const LEAST_BASE_QUALITY: u32 = 20;
/// Default of its `--min-median-mapping-quality`.
const LEAST_MAPPING_QUALITY: u32 = 30;
/// The clustered position filter of Cibulskis 2013: median distance from the read's end, and its deviation.
const NEAR_END: u32 = 10;
const SAME_PLACE: u32 = 3;
/// Repeats of one unit and length slip severalfold more or less than their mean (Willems 2017, Nat Methods 14:590).
const SLIP_SPREAD: f64 = 3.0;
/// Bases within which, and
const CLUSTER: u32 = 100;
/// alleles from which on events are clustered: two, the default of FilterMutectCalls' `--max-events-in-region`, may be
/// one complex event.
const CLUSTERED: usize = 3;
/// An allele whose interval reaches this may be germline, and germline alleles do stand close together.
const BELOW_GERMLINE: f64 = 0.4;

const CLUSTERED_EVENTS: &str = "clustered_events";

/// The filters with their header text.
pub(crate) const ALL: [(&str, &str); 10] = [
    ("weak_evidence", "TLOD below 6.3 (single bases) or 7.3 (indels)"),
    (
        "strand_bias",
        "Strands of the alternate reads differ from those of all other reads: p of Fisher's exact test below 0.001 and strand odds ratio above 3",
    ),
    (
        "orientation",
        "The same test on F1R2 and F2R1, single bases: damage of one strand before amplification, as oxidation of G or deamination of C in fixed tissue",
    ),
    ("base_qual", "Median base quality of the alternate reads below 20"),
    ("map_qual", "Median mapping quality of the alternate reads below 30"),
    (
        "position",
        "Alternate bases stand at one place near the ends of their reads (median distance at most 10, median absolute deviation at most 3) and reference bases do not",
    ),
    (
        "slippage",
        "Indel of whole units of a repeat whose fraction is not above three times the sample's own rate of slippage",
    ),
    (
        CLUSTERED_EVENTS,
        "Three or more alleles of fractions below those of germline alleles within 100 bases",
    ),
    (
        "germline",
        "The allele is known in the population, and its frequency and fraction make it rather germline than somatic",
    ),
    (
        "contamination",
        "The stated contamination with an allele of this population frequency explains it better than a somatic allele",
    ),
];

/// The filters that an allele fails by itself, in the order of [`ALL`].
pub(crate) fn failed(allele: &Allele, origin: Option<Origin>) -> Vec<&'static str> {
    let below = |value: Option<u32>, limit: u32| value.is_some_and(|v| v < limit);
    let least = if allele.is_snv() { LEAST_SNV } else { LEAST_INDEL };
    let one_place = |which: usize| {
        allele.distances[which].is_some_and(|d| d <= NEAR_END)
            && allele.deviations[which].is_some_and(|d| d <= SAME_PLACE)
    };
    let verdicts = [
        allele.fraction.tlod < least,
        is_biased(against(allele.shown.strands)),
        allele.is_snv() && is_biased(against(allele.shown.pairs)),
        below(allele.base_qualities[1], LEAST_BASE_QUALITY),
        below(allele.mapping_qualities[1], LEAST_MAPPING_QUALITY),
        one_place(1) && !one_place(0),
        allele
            .slip
            .is_some_and(|slip| allele.fraction.low <= SLIP_SPREAD * slip),
        false,
        origin.is_some_and(Origin::is_germline),
        origin.is_some_and(Origin::is_contamination),
    ];
    ALL.iter()
        .zip(verdicts)
        .filter(|(_, failed)| *failed)
        .map(|(filter, _)| filter.0)
        .collect()
}

fn is_biased(table: [u32; 4]) -> bool {
    bias::exact_phred(table) >= SIGNIFICANT && bias::strand_odds_ratio(table) > LARGE
}

/// Marks alleles that crowd together. `alleles` are those of one contig, sorted by position, with their filters.
pub(crate) fn mark_clusters(alleles: &mut [(Allele, Vec<&'static str>)]) {
    let low: Vec<usize> = (0..alleles.len())
        .filter(|&i| alleles[i].1.is_empty() && alleles[i].0.fraction.high < BELOW_GERMLINE)
        .collect();
    for window in low.windows(CLUSTERED) {
        let (Some(&first), Some(&last)) = (window.first(), window.last()) else {
            continue;
        };
        if alleles[last].0.position - alleles[first].0.position > CLUSTER {
            continue;
        }
        for &at in window {
            if alleles[at].1.is_empty() {
                alleles[at].1.push(CLUSTERED_EVENTS);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::somatic::{evidence::build::snv, origin::Frequency};

    #[test]
    fn each_filter_alone() {
        type Change = fn(&mut Allele);
        let cases: [(&[&str], Change); 12] = [
            (&[], |_| {}),
            (&["weak_evidence"], |a| *a = snv(197, 3)),
            (&["strand_bias"], |a| a.shown.strands = [[90, 90], [20, 0], [90, 90]]),
            (&["orientation"], |a| a.shown.pairs = [[90, 90], [0, 20], [90, 90]]),
            // Significant at this depth, but not large.
            (&[], |a| a.shown.strands = [[9000, 9000], [600, 1000], [9000, 9000]]),
            // No reference reads to compare with, but another allele's.
            (&["strand_bias"], |a| a.shown.strands = [[1, 1], [285, 10], [230, 600]]),
            // All on one strand by chance.
            (&[], |a| a.shown.strands = [[90, 90], [5, 0], [90, 90]]),
            (&["base_qual"], |a| a.base_qualities[1] = Some(19)),
            (&["map_qual"], |a| a.mapping_qualities[1] = Some(29)),
            (&["position"], |a| {
                (a.distances[1], a.deviations[1]) = (Some(8), Some(2));
            }),
            (&["slippage"], |a| {
                a.alternate = b"GA".to_vec();
                a.slip = Some(0.03);
            }),
            (&[], |a| {
                a.distances = [Some(8); 2];
                a.deviations = [Some(2); 2];
                a.slip = Some(0.01);
            }),
        ];
        for (expected, change) in cases {
            let mut allele = snv(180, 20);
            change(&mut allele);
            assert_eq!(failed(&allele, None), expected, "{allele:?}");
        }
        let common = snv(100, 100);
        let origin = common.origins.weigh(Frequency::Found(0.2), true);
        assert_eq!(failed(&common, origin), ["germline"]);
    }

    #[test]
    fn clusters() {
        let mark = |places: &[(u32, u32)]| -> Vec<bool> {
            let mut alleles: Vec<_> = places
                .iter()
                .map(|&(position, alternate)| {
                    let mut allele = snv(200 - alternate, alternate);
                    allele.position = position;
                    (allele, Vec::new())
                })
                .collect();
            mark_clusters(&mut alleles);
            alleles.into_iter().map(|(_, filters)| !filters.is_empty()).collect()
        };
        assert_eq!(
            mark(&[(10, 20), (60, 20), (110, 20), (400, 20)]),
            [true, true, true, false]
        );
        assert_eq!(mark(&[(10, 20), (60, 20), (111, 20)]), [false; 3]);
        // Two at a fraction that germline alleles have do not count.
        assert_eq!(mark(&[(10, 20), (60, 100), (70, 100), (80, 20)]), [false; 4]);
    }
}
