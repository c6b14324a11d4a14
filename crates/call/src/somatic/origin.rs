//! Where an allele may come from: the person's own germline, another person's DNA, or the tumour.
//!
//! Germline: heterozygous with `2p(1-p)`, homozygous with `p^2`, where `p` is the allele's population frequency. A
//! heterozygous allele has a fraction about one half (0.4 to 0.6: capture and alignment favour the reference), or,
//! where the tumour has lost or gained the place, anything from 0.2 to 0.8 (one of two copies lost in three quarters of
//! the cells leaves 0.2): a typical tumour has a third of its genome so (Beroukhim 2010, Nature 463:899). An allele that
//! the population is shown not to have is a new germline variant with 3e-6 per base: a person carries 8,579 such
//! variants (Telenti 2016, PNAS 113:11901). Somatic: 1e-6 per base for single bases and 1e-7 for indels, at any
//! fraction (Benjamin 2019, bioRxiv 861054). Contamination: where its share `c` is given, the other person is
//! heterozygous (fraction c/2) or homozygous (c) with the same chances. Whether there is an allele at all is not asked
//! here.

use clinotype_genome::{Progress, Result, VariantKey};

use crate::{fraction::Ratios, phred::log10_sum};

/// What a population says of an allele.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Frequency {
    /// Seen, with this frequency (0 to 1).
    Found(f64),
    /// Shown not to be there.
    Absent,
    /// The file does not say.
    NotEvaluated,
}

/// Population frequencies, asked once for all alleles of a run.
pub trait Population: Sync {
    /// One answer per allele, in the order of the question. Keys are normalised.
    fn frequencies(&self, alleles: &[VariantKey], progress: &dyn Progress) -> Result<Vec<Frequency>>;
}

const SOMATIC_SNV: f64 = 1e-6;
const SOMATIC_INDEL: f64 = 1e-7;
const NEW_GERMLINE: f64 = 3e-6;
/// Share of a tumour's genome with another copy number.
const ALTERED: f64 = 1.0 / 3.0;
/// A germline or somatic origin is called likely from here on.
const LIKELY: f64 = 0.9;

/// log10 likelihoods of the reads under each origin, against no allele at all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Origins {
    heterozygous: f64,
    altered: f64,
    homozygous: f64,
    somatic: f64,
    /// From a heterozygous and a homozygous contaminant.
    contamination: Option<(f64, f64)>,
}

/// What is said of an allele's origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Origin {
    /// Chance that it is the person's own germline.
    pub(crate) germline: f64,
    /// Chance that it is another person's; `None` where no contamination is given.
    pub(crate) contamination: Option<f64>,
    /// Whether the population has it.
    known: bool,
}

impl Origins {
    /// `contamination` is the share of another person's DNA.
    pub(crate) fn new(ratios: &Ratios, contamination: Option<f64>) -> Self {
        let at = |f: f64| ratios.ln(f) / std::f64::consts::LN_10;
        Self {
            heterozygous: ratios.log10_mean(0.4, 0.6),
            altered: ratios.log10_mean(0.2, 0.8),
            homozygous: ratios.log10_mean(0.98, 1.0),
            somatic: ratios.log10_mean(0.0, 1.0),
            contamination: contamination.map(|c| (at(c / 2.0), at(c))),
        }
    }

    /// The posterior of each origin; `None` where the population says nothing.
    pub(crate) fn weigh(&self, frequency: Frequency, is_snv: bool) -> Option<Origin> {
        let (het, hom, known) = match frequency {
            Frequency::Found(p) => {
                let p = p.clamp(1e-9, 1.0 - 1e-9);
                (2.0 * p * (1.0 - p), p * p, true)
            }
            Frequency::Absent => (NEW_GERMLINE, NEW_GERMLINE * NEW_GERMLINE, false),
            Frequency::NotEvaluated => return None,
        };
        let germline = log10_sum(&[
            (het * (1.0 - ALTERED)).log10() + self.heterozygous,
            (het * ALTERED).log10() + self.altered,
            hom.log10() + self.homozygous,
        ]);
        let rate = if is_snv { SOMATIC_SNV } else { SOMATIC_INDEL };
        let somatic = rate.log10() + self.somatic;
        let other = self
            .contamination
            .filter(|_| known)
            .map(|(one, two)| log10_sum(&[het.log10() + one, hom.log10() + two]));
        let all = log10_sum(&[germline, somatic, other.unwrap_or(f64::NEG_INFINITY)]);
        Some(Origin {
            germline: 10f64.powf(germline - all),
            contamination: other.map(|o| 10f64.powf(o - all)),
            known,
        })
    }
}

impl Origin {
    /// The word of INFO/GERM. An allele that no population has is never called germline by its fraction alone: a
    /// somatic one of a pure tumour looks the same.
    pub(crate) fn word(self) -> &'static str {
        if self.known && self.germline >= LIKELY {
            "likely_germline"
        } else if self.germline <= 1.0 - LIKELY && self.contamination.unwrap_or(0.0) <= 1.0 - LIKELY {
            "likely_somatic"
        } else {
            "undetermined"
        }
    }

    /// Rather germline than not, by frequency and fraction together.
    pub(crate) fn is_germline(self) -> bool {
        self.known && self.germline > 0.5
    }

    /// Rather another person's than not.
    pub(crate) fn is_contamination(self) -> bool {
        self.contamination.is_some_and(|c| c > 0.5)
    }

    /// Phred-scaled chance that it is germline.
    pub(crate) fn germq(self) -> u32 {
        (-10.0 * self.germline.max(1e-30).log10()).clamp(0.0, 99.0).round() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fraction::told;

    #[test]
    fn frequency_and_fraction_together() {
        use Frequency::{Absent, Found, NotEvaluated};
        let of = |alternate: u32, depth: u32, contamination| {
            Origins::new(
                &Ratios::of_counts(depth - alternate, alternate, told(1e-3)),
                contamination,
            )
        };
        for (alternate, frequency, word, filtered) in [
            (100, Found(0.2), "likely_germline", true),
            (198, Found(0.3), "likely_germline", true),
            // A common allele off one half, where the tumour has another copy number.
            (50, Found(0.1), "likely_germline", true),
            // A known allele at a fraction that no germline allele has.
            (10, Found(1e-4), "likely_somatic", false),
            (10, Absent, "likely_somatic", false),
            (100, Absent, "undetermined", false),
            (50, Absent, "undetermined", false),
        ] {
            let origin = of(alternate, 200, None).weigh(frequency, true).unwrap();
            assert_eq!(
                (origin.word(), origin.is_germline()),
                (word, filtered),
                "{alternate} {frequency:?} {origin:?}"
            );
            assert_eq!(origin.germq() < 3, origin.germline > 0.5);
        }
        assert_eq!(of(100, 200, None).weigh(NotEvaluated, true), None);
        // 4 % of another person: a common allele at 2 % is theirs, a rare one is not.
        let common = of(10, 500, Some(0.04)).weigh(Found(0.3), true).unwrap();
        assert!(
            common.is_contamination() && common.word() == "undetermined",
            "{common:?}"
        );
        let rare = of(40, 500, Some(0.04)).weigh(Found(1e-3), true).unwrap();
        assert!(!rare.is_contamination() && rare.word() == "likely_somatic", "{rare:?}");
    }
}
