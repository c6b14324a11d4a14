//! Which records to distrust: the hard filters of GATK's germline documentation ("Hard-filtering germline short
//! variants"), and a floor for QUAL. Two changes. The strand odds ratio counts only where Fisher's test finds the same
//! table significant: the ratio of a few reads, or of a homozygous site that only one strand covers, passes 3 without
//! any bias of the allele against the reference. And MQ is told but filters nothing:
//! reads below mapping quality 20 are not used, and above it the quality bounds what each read may say (`weigh`), so that
//! it is in QUAL once already. A filter at 40 lost true variants in near-identical copies that the reads do tell apart.

use crate::bias::Bias;

/// Records below this QUAL are marked.
pub(crate) const LOW_QUAL: f64 = 20.0;

/// FS of p = 1e-6: of the four million variants of a person, four are to be lost by chance, not four thousand.
const SIGNIFICANT_FS: f64 = 60.0;

/// The filters with their header text.
pub(crate) const ALL: [(&str, &str); 6] = [
    ("LowQual", "QUAL below 20"),
    ("QD2", "QUAL by depth below 2"),
    (
        "FS",
        "Phred-scaled strand bias FS above 60 (single bases) or 200 (indels)",
    ),
    (
        "SOR",
        "Strand odds ratio SOR above 3 (single bases) or 10 (indels), and FS above 60",
    ),
    ("MQRankSum", "MQRankSum below -12.5 (single bases only)"),
    (
        "ReadPosRankSum",
        "ReadPosRankSum below -8 (single bases) or -20 (indels)",
    ),
];

/// The filters that a record fails, in the order of [`ALL`].
pub(crate) fn failed(qual: f64, quality_by_depth: Option<f64>, bias: &Bias, indel: bool) -> Vec<&'static str> {
    let above = |value: Option<f64>, limit: f64| value.is_some_and(|v| v > limit);
    let below = |value: Option<f64>, limit: f64| value.is_some_and(|v| v < limit);
    let verdicts = [
        qual < LOW_QUAL,
        below(quality_by_depth, 2.0),
        above(bias.fs, if indel { 200.0 } else { 60.0 }),
        above(bias.sor, if indel { 10.0 } else { 3.0 }) && above(bias.fs, SIGNIFICANT_FS),
        !indel && below(bias.mq_rank_sum, -12.5),
        below(bias.read_pos_rank_sum, if indel { -20.0 } else { -8.0 }),
    ];
    ALL.iter()
        .zip(verdicts)
        .filter(|(_, failed)| *failed)
        .map(|(filter, _)| filter.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_alone() {
        let fine = Bias {
            mq: Some(60.0),
            fs: Some(1.0),
            sor: Some(0.7),
            mq_rank_sum: Some(0.0),
            read_pos_rank_sum: Some(0.0),
        };
        assert!(failed(100.0, Some(10.0), &fine, false).is_empty());
        assert!(failed(100.0, None, &Bias::default(), false).is_empty());
        assert_eq!(failed(15.0, Some(1.0), &fine, true), ["LowQual", "QD2"]);
        let odd = Bias {
            mq: Some(25.0),
            fs: Some(70.0),
            sor: Some(4.0),
            mq_rank_sum: Some(-13.0),
            read_pos_rank_sum: Some(-9.0),
        };
        assert_eq!(
            failed(99.0, Some(9.0), &odd, false),
            ["FS", "SOR", "MQRankSum", "ReadPosRankSum"]
        );
        assert!(failed(99.0, Some(9.0), &odd, true).is_empty());
        let few = Bias {
            sor: Some(4.0),
            fs: Some(0.0),
            ..fine
        };
        assert!(failed(99.0, Some(9.0), &few, false).is_empty());
    }
}
