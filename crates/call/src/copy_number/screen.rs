//! Targets that are set aside before anything is learnt.

use super::{Reason, SampleCounts, Target, expected, numbers::median};
use crate::Sex;

/// G and C beyond which XHMM leaves targets out (Fromer 2012).
const GC: (f64, f64) = (0.1, 0.9);
/// Share of fragments of low mapping quality from which a target is not assessed: what CLAMMS asks of mappability
/// (Packer 2016, 0.75) the other way round.
const MOST_LOW_MAPPING_QUALITY: f64 = 0.25;
/// Targets that are set aside before anything is learnt.
pub(super) struct Screen {
    pub(super) reasons: Vec<Option<Reason>>,
    pub(super) expected: Vec<u8>,
    /// Autosomal and not set aside.
    pub(super) learn: Vec<bool>,
    female: Vec<u8>,
    male: Vec<u8>,
    unknown: Vec<u8>,
}

impl Screen {
    pub(super) fn new(sample: &SampleCounts, normals: &[&SampleCounts]) -> Self {
        let copies = |sex| {
            let told = |t: &Target| expected::copies(sample.build, sex, &t.interval).unwrap_or(0);
            sample.targets.iter().map(told).collect::<Vec<u8>>()
        };
        let reasons: Vec<Option<Reason>> = (0..sample.targets.len())
            .map(|t| {
                let target = &sample.targets[t];
                if let Err(reason) = expected::copies(sample.build, sample.sex, &target.interval) {
                    return Some(reason);
                }
                if !target.gc.is_some_and(|gc| (GC.0..=GC.1).contains(&gc)) {
                    return Some(Reason::GcExtreme);
                }
                let share = |c: &SampleCounts| {
                    let (low, good) = (f64::from(c.low_mapping_quality[t]), f64::from(c.fragments[t]));
                    (low + good > 0.0).then(|| low / (low + good))
                };
                let mut shares: Vec<f64> = normals.iter().filter_map(|n| share(n)).collect();
                let unclear = |share: Option<f64>| share.is_some_and(|s| s > MOST_LOW_MAPPING_QUALITY);
                unclear(median(&mut shares)).then_some(Reason::LowMappability)
            })
            .collect();
        Self {
            expected: copies(sample.sex),
            learn: reasons
                .iter()
                .zip(&sample.targets)
                .map(|(reason, t)| reason.is_none() && expected::is_autosomal(&t.interval))
                .collect(),
            reasons,
            female: copies(Sex::Female),
            male: copies(Sex::Male),
            unknown: copies(Sex::Unknown),
        }
    }

    pub(super) fn copies_of(&self, sex: Sex) -> &[u8] {
        match sex {
            Sex::Female => &self.female,
            Sex::Male => &self.male,
            Sex::Unknown => &self.unknown,
        }
    }
}
