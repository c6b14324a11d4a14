//! A record of the target as scoring sees it.

/// The number of a chromosome: 1 to 22, X 23, Y 24, MT 25; with or without `chr`, also as PLINK writes them (23 to 26,
/// XY for the pseudo-autosomal regions). `None` for everything else.
pub fn contig_number(name: &str) -> Option<u8> {
    let bare = name.strip_prefix("chr").unwrap_or(name);
    match bare {
        "X" | "XY" | "PAR1" | "PAR2" => Some(23),
        "Y" => Some(24),
        "M" | "MT" => Some(25),
        _ => match bare.parse::<u8>().ok()? {
            number @ 1..=24 => Some(number),
            25 => Some(23),
            26 => Some(25),
            _ => None,
        },
    }
}

/// The name of a chromosome number.
pub(crate) fn contig_name(number: u8) -> String {
    match number {
        23 => "X".to_owned(),
        24 => "Y".to_owned(),
        25 => "MT".to_owned(),
        _ => number.to_string(),
    }
}

/// No allele called.
pub(crate) const NO_ALLELE: u8 = u8::MAX;

/// The genotype of one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// Allele numbers; `u8::MAX` where missing. The second is unused where haploid.
    pub alleles: [u8; 2],
    /// 1 or 2; 0 where the genotype is missing.
    pub ploidy: u8,
    /// Whether phased.
    pub phased: bool,
    /// PS.
    pub phase_set: Option<u32>,
    /// DS: dosage of the one alternate.
    pub dosage: Option<f64>,
}

impl Call {
    /// No genotype.
    pub const MISSING: Self = Self {
        alleles: [NO_ALLELE; 2],
        ploidy: 0,
        phased: false,
        phase_set: None,
        dosage: None,
    };

    /// Homozygous reference, two copies.
    pub const REFERENCE: Self = Self {
        alleles: [0, 0],
        ploidy: 2,
        phased: false,
        phase_set: None,
        dosage: None,
    };

    /// Reads a sample column. `keys` are places of GT, DS and PS in FORMAT. A genotype that is missing in part is missing;
    /// more than two alleles are none that scores are defined for.
    pub fn parse(column: &str, keys: [Option<usize>; 3]) -> Self {
        let mut found = [None; 3];
        for (place, value) in column.split(':').enumerate() {
            for (slot, key) in found.iter_mut().zip(keys) {
                if key == Some(place) {
                    *slot = Some(value);
                }
            }
        }
        let dosage = found[1]
            .and_then(|v| v.parse::<f64>().ok())
            .filter(|d| (0.0..=2.0).contains(d));
        let mut call = Self {
            dosage,
            ..Self::MISSING
        };
        call.phase_set = found[2].and_then(|v| v.parse().ok());
        let Some(text) = found[0] else { return call };
        call.phased = text.contains('|');
        let mut count = 0_usize;
        for allele in text.split(['/', '|']) {
            let Some(slot) = call.alleles.get_mut(count) else {
                return Self {
                    dosage,
                    ..Self::MISSING
                };
            };
            match allele.parse::<u8>() {
                Ok(number) if number != NO_ALLELE => *slot = number,
                _ => {
                    return Self {
                        dosage,
                        ..Self::MISSING
                    };
                }
            }
            count += 1;
        }
        call.ploidy = count as u8;
        call
    }

    /// Whether neither genotype nor dosage is there.
    pub(crate) fn is_missing(&self) -> bool {
        self.ploidy == 0 && self.dosage.is_none()
    }

    /// Dosage of an allele (0 the reference). DS goes before GT, where the record has one alternate.
    pub(crate) fn dosage_of(&self, allele: u8, alternates: usize) -> Option<f64> {
        if alternates == 1
            && let Some(dosage) = self.dosage
        {
            let total = if self.ploidy == 1 { 1.0 } else { 2.0 };
            return Some(if allele == 0 { total - dosage } else { dosage });
        }
        self.copies_of(allele).map(f64::from)
    }

    /// Copies of an allele by GT.
    pub(crate) fn copies_of(&self, allele: u8) -> Option<u8> {
        match self.ploidy {
            0 => None,
            ploidy => Some(
                self.alleles[..usize::from(ploidy)]
                    .iter()
                    .map(|a| u8::from(*a == allele))
                    .sum(),
            ),
        }
    }
}

/// A record of the target at one position.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Chromosome number.
    pub contig: u8,
    /// 1-based position.
    pub position: u32,
    /// REF, upper case.
    pub reference: String,
    /// ALT as bases, upper case, in the numbers of GT; `<NON_REF>`, `<*>` and `.` at the end are left out.
    pub alternates: Vec<String>,
    /// Whether the record failed a filter.
    pub filtered: bool,
    /// One per sample.
    pub calls: Vec<Call>,
}

/// A reference block of a gVCF of one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Chromosome number.
    pub contig: u8,
    /// First position, 1-based.
    pub start: u32,
    /// Last position.
    pub end: u32,
    /// Whether its genotype is 0/0 of the quality that fills, and no filter failed.
    pub certain: bool,
    /// Copies: 1 where the genotype is haploid.
    pub ploidy: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls() {
        let keys = [Some(0), Some(1), None];
        for (column, allele, expected) in [
            ("0/1", 1, Some(1.0)),
            ("1|1", 1, Some(2.0)),
            ("1", 1, Some(1.0)),
            ("1", 0, Some(0.0)),
            ("./1", 1, None),
            (".", 1, None),
            ("0/1:1.25", 1, Some(1.25)),
            ("./.:1.25", 0, Some(0.75)),
            ("0/1:7", 1, Some(1.0)),
            ("0/1/1", 1, None),
        ] {
            assert_eq!(Call::parse(column, keys).dosage_of(allele, 1), expected, "{column}");
        }
        assert_eq!(Call::parse("1/2:1.0", keys).dosage_of(2, 2), Some(1.0));
    }

    #[test]
    fn contigs() {
        for (name, number) in [
            ("chr1", Some(1)),
            ("22", Some(22)),
            ("chrX", Some(23)),
            ("26", Some(25)),
            ("6_alt", None),
        ] {
            assert_eq!(contig_number(name), number, "{name}");
        }
    }
}
