//! Evidence from families: new in the child, in trans with another allele, segregating with the disease.

use clinotype_case::{
    criterion::{Class, Code, Proposal, Strength},
    entered::{Fit, ParentCall, Parentage, Trans},
};

use super::{proposal, reached};

/// One proband in whom the variant is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeNovo {
    /// The phenotype's fit.
    pub fit: Fit,
    /// Parentage.
    pub parentage: Parentage,
}

impl DeNovo {
    /// Points of this proband.
    pub const fn points(self) -> f64 {
        let confirmed = match self.fit {
            Fit::HighlySpecific => 2.0,
            Fit::Consistent => 1.0,
            Fit::Heterogeneous => 0.5,
            Fit::NotConsistent => 0.0,
        };
        match self.parentage {
            Parentage::Confirmed => confirmed,
            Parentage::Assumed => confirmed / 2.0,
        }
    }
}

/// PS2 where parentage is confirmed in a proband, else PM6: the sum over unrelated probands.
pub fn de_novo(probands: &[DeNovo]) -> Proposal {
    let sum: f64 = probands.iter().map(|p| p.points()).sum();
    let confirmed = probands.iter().any(|p| p.parentage == Parentage::Confirmed);
    let code = if confirmed { Code::PS2 } else { Code::PM6 };
    let parentage = if confirmed { "confirmed" } else { "assumed" };
    proposal(
        code,
        reached("de_novo", sum),
        format!(
            "New in {} proband(s), parentage {parentage}: {sum} points.",
            probands.len()
        ),
    )
    .compared("probands", probands.len())
    .compared("points", sum)
}

/// A trio at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trio {
    /// Whether the child is heterozygous (or hemizygous).
    pub child_carries: bool,
    /// Mother.
    pub mother: ParentCall,
    /// Father.
    pub father: ParentCall,
    /// Whether kinship of both parents was shown by genotypes.
    pub kinship_confirmed: bool,
}

/// Whether the genotypes show a new variant, and with which parentage.
///
/// # Errors
/// The reason in words why they do not: a parent carries it, or is covered too thinly to say.
pub fn trio(trio: &Trio) -> Result<Parentage, String> {
    if !trio.child_carries {
        return Err("the child does not carry the variant".to_owned());
    }
    for (who, call) in [("mother", trio.mother), ("father", trio.father)] {
        match call.copies {
            None => return Err(format!("the {who} is not called here")),
            Some(0) => {}
            Some(_) => return Err(format!("the {who} carries the variant")),
        }
        if call.depth.is_none_or(|depth| depth < 15) {
            return Err(format!(
                "the {who} has fewer than 15 reads here, or their number is not stated"
            ));
        }
        if call.quality.is_none_or(|quality| quality < 20) {
            return Err(format!("the genotype of the {who} has a quality below 20, or none"));
        }
        match call.alternate_reads {
            None => return Err(format!("the reads of the {who} are not stated by allele")),
            Some(2..) => return Err(format!("reads of the {who} show the variant: mosaicism is possible")),
            Some(_) => {}
        }
    }
    Ok(if trio.kinship_confirmed {
        Parentage::Confirmed
    } else {
        Parentage::Assumed
    })
}

/// One affected proband with a second allele (SVI PM3 v1.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondAllele {
    /// Class of the other allele; for a homozygote it is not looked at.
    pub class: Class,
    /// How the two lie.
    pub phase: Trans,
}

impl SecondAllele {
    /// Points of this proband.
    pub const fn points(self) -> f64 {
        match (self.phase, self.class) {
            (Trans::Homozygous, _) | (Trans::Unknown, Class::Pathogenic) => 0.5,
            (Trans::Confirmed, Class::Pathogenic | Class::LikelyPathogenic) => 1.0,
            (Trans::Unknown, Class::LikelyPathogenic) | (Trans::Confirmed, Class::Uncertain) => 0.25,
            _ => 0.0,
        }
    }
}

/// PM3: affected probands with a second allele. `rare`: whether PM2 holds, without which PM3 does not. Homozygotes count
/// 1 point at most, alleles of uncertain significance 0.5.
pub fn in_trans(probands: &[SecondAllele], rare: bool) -> Proposal {
    let sum_of =
        |wanted: fn(&SecondAllele) -> bool| -> f64 { probands.iter().filter(|p| wanted(p)).map(|p| p.points()).sum() };
    let homozygous = sum_of(|p| p.phase == Trans::Homozygous).min(1.0);
    let uncertain = sum_of(|p| p.phase != Trans::Homozygous && p.class == Class::Uncertain).min(0.5);
    let others = sum_of(|p| p.phase != Trans::Homozygous && p.class != Class::Uncertain);
    let sum = homozygous + uncertain + others;
    let sentence = if rare {
        format!(
            "{} affected proband(s) with a second allele: {sum} points.",
            probands.len()
        )
    } else {
        "The variant is not rare enough (PM2), so second alleles in affected people say nothing.".to_owned()
    };
    proposal(Code::PM3, rare.then(|| reached("in_trans", sum)).flatten(), sentence)
        .compared("probands", probands.len())
        .compared("points", sum)
}

/// Families in which the variant goes with the disease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoSegregation {
    /// Informative meioses in all families together.
    pub meioses: u32,
    /// Families.
    pub families: u32,
}

/// PP1 by the chance that the variant goes with the disease by accident, one half per meiosis (Jarvik & Browning 2016).
pub fn segregation(found: CoSegregation) -> Proposal {
    let table = if found.families > 1 {
        "segregation_families"
    } else {
        "segregation"
    };
    proposal(
        Code::PP1,
        (found.families > 0)
            .then(|| reached(table, f64::from(found.meioses)))
            .flatten(),
        format!(
            "{} informative meioses in {} famil{}: a chance of 1 in 2^{}.",
            found.meioses,
            found.families,
            if found.families == 1 { "y" } else { "ies" },
            found.meioses
        ),
    )
    .compared("meioses", found.meioses)
    .compared("families", found.families)
}

/// BS4: affected relatives without the variant (phenocopies put aside by a person).
pub fn non_segregation(affected_without: u32) -> Proposal {
    proposal(
        Code::BS4,
        (affected_without > 0).then_some(Strength::Strong),
        format!("{affected_without} affected relative(s) do not carry the variant."),
    )
    .compared("affected without the variant", affected_without)
}

/// BP2: in trans with a pathogenic allele of a fully penetrant dominant gene, or in cis with a pathogenic allele.
/// `in_trans`: shown to lie in trans, else in cis.
pub fn allele_in_cis_or_trans(in_trans: bool, dominant_fully_penetrant: bool) -> Proposal {
    let (counts, sentence) = match (in_trans, dominant_fully_penetrant) {
        (false, _) => (true, "It lies in cis with a pathogenic allele."),
        (true, true) => (
            true,
            "It lies in trans with a pathogenic allele of a fully penetrant dominant gene.",
        ),
        (true, false) => (
            false,
            "It lies in trans with a pathogenic allele, which for this gene says nothing benign.",
        ),
    };
    proposal(Code::BP2, counts.then_some(Strength::Supporting), sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn proband(fit: Fit, parentage: Parentage) -> DeNovo {
        DeNovo { fit, parentage }
    }

    /// SVI PS2/PM6 v1.1, tables 1 and 2.
    #[test]
    fn new_variants_by_points() {
        use Fit::{Consistent, Heterogeneous, HighlySpecific, NotConsistent};
        use Parentage::{Assumed, Confirmed};
        for (probands, code, strength) in [
            (
                vec![proband(HighlySpecific, Confirmed)],
                Code::PS2,
                Some(Strength::Strong),
            ),
            (
                vec![proband(HighlySpecific, Confirmed); 2],
                Code::PS2,
                Some(Strength::VeryStrong),
            ),
            (
                vec![proband(Consistent, Confirmed)],
                Code::PS2,
                Some(Strength::Moderate),
            ),
            (
                vec![proband(Heterogeneous, Confirmed)],
                Code::PS2,
                Some(Strength::Supporting),
            ),
            (vec![proband(NotConsistent, Confirmed); 9], Code::PS2, None),
            (
                vec![proband(HighlySpecific, Assumed)],
                Code::PM6,
                Some(Strength::Moderate),
            ),
            (
                vec![proband(Consistent, Assumed)],
                Code::PM6,
                Some(Strength::Supporting),
            ),
            (vec![proband(Heterogeneous, Assumed)], Code::PM6, None),
            (
                vec![proband(Heterogeneous, Assumed); 2],
                Code::PM6,
                Some(Strength::Supporting),
            ),
            (vec![], Code::PM6, None),
        ] {
            let made = de_novo(&probands);
            assert_eq!((made.code, made.strength), (code, strength), "{probands:?}");
        }
    }

    #[test]
    fn a_trio_shows_a_new_variant_or_says_why_not() {
        let clean = ParentCall {
            copies: Some(0),
            depth: Some(15),
            alternate_reads: Some(1),
            quality: Some(20),
        };
        let good = Trio {
            child_carries: true,
            mother: clean,
            father: clean,
            kinship_confirmed: true,
        };
        assert_eq!(trio(&good), Ok(Parentage::Confirmed));
        let assumed = Trio {
            kinship_confirmed: false,
            ..good
        };
        assert_eq!(trio(&assumed), Ok(Parentage::Assumed));
        for (father, words) in [
            (
                ParentCall {
                    copies: Some(1),
                    ..clean
                },
                "father carries",
            ),
            (ParentCall { copies: None, ..clean }, "father is not called"),
            (
                ParentCall {
                    depth: Some(14),
                    ..clean
                },
                "fewer than 15 reads",
            ),
            (ParentCall { depth: None, ..clean }, "fewer than 15 reads"),
            (
                ParentCall {
                    quality: Some(19),
                    ..clean
                },
                "quality below 20",
            ),
            (
                ParentCall {
                    alternate_reads: Some(2),
                    ..clean
                },
                "mosaicism",
            ),
            (
                ParentCall {
                    alternate_reads: None,
                    ..clean
                },
                "not stated by allele",
            ),
        ] {
            let reason = trio(&Trio { father, ..good }).unwrap_err();
            assert!(reason.contains(words), "{reason}");
        }
    }

    /// SVI PM3 v1.0.
    #[test]
    fn second_alleles_by_points() {
        let one = |class, phase| SecondAllele { class, phase };
        use Class::{LikelyPathogenic, Pathogenic, Uncertain};
        for (probands, strength) in [
            (vec![one(Pathogenic, Trans::Confirmed)], Some(Strength::Moderate)),
            (vec![one(Pathogenic, Trans::Confirmed); 2], Some(Strength::Strong)),
            (
                vec![one(LikelyPathogenic, Trans::Confirmed); 4],
                Some(Strength::VeryStrong),
            ),
            (vec![one(Pathogenic, Trans::Unknown)], Some(Strength::Supporting)),
            (vec![one(LikelyPathogenic, Trans::Unknown)], None),
            (vec![one(Uncertain, Trans::Confirmed); 2], Some(Strength::Supporting)),
            (vec![one(Uncertain, Trans::Confirmed); 9], Some(Strength::Supporting)),
            (vec![one(Pathogenic, Trans::Homozygous)], Some(Strength::Supporting)),
            (vec![one(Pathogenic, Trans::Homozygous); 9], Some(Strength::Moderate)),
            (vec![one(Class::Benign, Trans::Confirmed); 9], None),
        ] {
            assert_eq!(in_trans(&probands, true).strength, strength, "{probands:?}");
            assert_eq!(in_trans(&probands, false).strength, None, "{probands:?}");
        }
    }

    #[test]
    fn segregation_by_meioses() {
        for (meioses, families, strength) in [
            (2, 1, None),
            (3, 1, Some(Strength::Supporting)),
            (4, 1, Some(Strength::Moderate)),
            (5, 1, Some(Strength::Strong)),
            (1, 2, None),
            (2, 2, Some(Strength::Supporting)),
            (3, 2, Some(Strength::Moderate)),
            (4, 3, Some(Strength::Strong)),
            (9, 0, None),
        ] {
            let made = segregation(CoSegregation { meioses, families });
            assert_eq!(made.strength, strength, "{meioses} in {families}");
        }
        assert_eq!(non_segregation(0).strength, None);
        assert_eq!(non_segregation(1).strength, Some(Strength::Strong));
        assert_eq!(allele_in_cis_or_trans(true, false).strength, None);
        assert_eq!(
            allele_in_cis_or_trans(false, false).strength,
            Some(Strength::Supporting)
        );
    }
}
