//! DPYD HapB3: an exonic variant (rs56038477) that marks it, and an intronic one (rs75017182, c.1129-5923C>G) that is
//! thought to cause the decreased function. The intronic one decides where it is known; without the exonic one beside
//! it the allele is c.1129-5923C>G. The exonic one alone is used, with a message, where the intronic one is missing.

use std::collections::BTreeSet;

use super::{
    combinations::Strand,
    copies::{Copies, score},
    definitions::Gene,
};

const HAPB3: &str = "c.1129-5923C>G, c.1236G>A (HapB3)";
const INTRONIC: &str = "c.1129-5923C>G";
const EXON_ID: &str = "rs56038477";
const INTRON_ID: &str = "rs75017182";
const MISMATCH: &str = "pcat-dpyd-hapB3-intronic-mismatch-exonic";
const EXON_ONLY: &str = "pcat-dpyd-hapB3-exonic-only";
const ONE_ALLELE: &str = "warn.alleleCount";

/// Where HapB3 lies in a definition.
#[derive(Debug)]
pub(super) struct HapB3 {
    exon: usize,
    intron: usize,
}

/// What a copy shows at one of the two positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Reference,
    Variant,
    Missing,
}

impl HapB3 {
    /// The gene's HapB3, if it is DPYD with both positions and alleles.
    pub(super) fn of(gene: &Gene) -> Option<Self> {
        if gene.symbol != "DPYD" || !gene.knows(HAPB3) || !gene.knows(INTRONIC) {
            return None;
        }
        let at = |id: &str| gene.positions.iter().position(|p| p.rsid.as_deref() == Some(id));
        Some(Self {
            exon: at(EXON_ID)?,
            intron: at(INTRON_ID)?,
        })
    }

    /// Its two alleles.
    pub(super) const ALLELES: [&'static str; 2] = [HAPB3, INTRONIC];

    pub(super) fn positions(&self) -> Vec<usize> {
        vec![self.exon, self.intron]
    }

    /// Whether one of the two genotypes is anything but REF.
    pub(super) fn varies(&self, copies: &Copies<'_>) -> bool {
        [self.exon, self.intron]
            .iter()
            .any(|i| copies.seat(*i).is_some_and(|s| s.site.variant))
    }

    /// Adds what a sequence carries to its reading.
    pub(super) fn add(
        &self,
        copies: &Copies<'_>,
        orientation: u64,
        strand: Strand,
        messages: &mut BTreeSet<&'static str>,
    ) -> Strand {
        let seen = |index: usize| match copies.seat(index).map(|seat| copies.base(seat, orientation)) {
            None | Some(None) => Seen::Missing,
            Some(Some(base)) if base == copies.gene.positions[index].reference => Seen::Reference,
            Some(Some(_)) => Seen::Variant,
        };
        let add = |strand: Strand, name: &str| {
            let index = copies.gene.alleles.iter().position(|a| a.name == name);
            strand.with(name, index.map_or(0, |i| score(copies, i)))
        };
        match (seen(self.intron), seen(self.exon)) {
            (Seen::Variant, Seen::Variant) => add(strand, HAPB3),
            (Seen::Variant, _) => add(strand, INTRONIC),
            (Seen::Reference, Seen::Variant) => {
                messages.insert(MISMATCH);
                strand
            }
            (Seen::Missing, Seen::Variant) => {
                messages.insert(EXON_ONLY);
                add(strand, HAPB3)
            }
            _ => strand,
        }
    }

    /// The alleles of HapB3 in unphased genotypes, with their scores.
    pub(super) fn unphased(&self, copies: &Copies<'_>, messages: &mut BTreeSet<&'static str>) -> Vec<(String, u32)> {
        let mut read = |index: usize| -> Option<Vec<Seen>> {
            let seat = copies.seat(index)?;
            let variant = &copies.gene.positions[index];
            let mut all = Vec::new();
            for base in &seat.site.read {
                all.push(match base.as_deref() {
                    None => Seen::Missing,
                    Some(b) if variant.alternates.iter().any(|a| a == b) => Seen::Variant,
                    Some(_) => Seen::Reference,
                });
            }
            if all.contains(&Seen::Missing) {
                messages.insert(ONE_ALLELE);
            }
            Some(all)
        };
        let (intron, exon) = (read(self.intron), read(self.exon));
        let count = |seen: &[Seen]| seen.iter().filter(|s| **s == Seen::Variant).count();
        let (mut whole, mut intronic) = (0, 0);
        match (intron, exon) {
            (None, None) => {}
            (None, Some(exon)) => {
                whole = count(&exon);
                if !exon.contains(&Seen::Missing) {
                    messages.insert(EXON_ONLY);
                }
            }
            (Some(intron), None) => intronic = count(&intron),
            (Some(intron), Some(exon)) => {
                let ordered = copies.effectively_phased()
                    || copies
                        .phase_set(self.exon)
                        .is_some_and(|set| copies.phase_set(self.intron) == Some(set));
                if ordered {
                    for (i, e) in intron.iter().zip(&exon) {
                        match (i, e) {
                            (Seen::Variant, Seen::Variant) => whole += 1,
                            (Seen::Variant, _) => intronic += 1,
                            (Seen::Reference, Seen::Variant) => {
                                messages.insert(MISMATCH);
                            }
                            _ => {}
                        }
                    }
                } else {
                    let (i, e) = (count(&intron), count(&exon));
                    // The intronic variant decides: an exonic one without it is not HapB3.
                    whole = i.min(e);
                    intronic = i - whole;
                    if e > i {
                        messages.insert(MISMATCH);
                    }
                }
            }
        }
        let score_of = |name: &str| {
            let index = copies.gene.alleles.iter().position(|a| a.name == name);
            index.map_or(0, |i| score(copies, i))
        };
        let mut all = vec![(HAPB3.to_owned(), score_of(HAPB3)); whole];
        all.extend(vec![(INTRONIC.to_owned(), score_of(INTRONIC)); intronic]);
        all
    }
}
