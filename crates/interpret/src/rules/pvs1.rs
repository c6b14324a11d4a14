//! What is special for PVS1 in one gene (pvs1.tsv, pvs1_sites.tsv).

use std::collections::BTreeMap;

use clinotype_case::{criterion::Strength, evidence::Mane};

/// One gene's rules of PVS1. What they do not state follows the general tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pvs1Gene {
    rules: BTreeMap<&'static str, (&'static str, &'static str)>,
    sites: Vec<Sites>,
}

/// Splice sites that count alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sites {
    strength: Option<Strength>,
    places: &'static str,
    source: &'static str,
}

/// A strength that a panel lays down; without a strength the panel does not apply PVS1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The strength, `None` where PVS1 is not applied.
    pub strength: Option<Strength>,
    /// First codon or coding base of the band.
    pub from: u32,
    /// The last one.
    pub to: u32,
    /// The specification.
    pub source: &'static str,
}

/// A place beside an exon, or an exon's last base, in the coding numbers of HGVS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodingPlace {
    /// Coding base, negative before the start codon.
    pub base: i32,
    /// Offset into the intron, 0 within the exon.
    pub offset: i32,
}

impl CodingPlace {
    /// The first place of `NM_1.1:c.100+1G>A`, `c.-19-2del` or `c.99_100+2del` that lies at offset 1 or 2 of an intron,
    /// else the first place; `None` behind the stop codon and in names that are none.
    pub fn of(hgvs_c: &str) -> Option<Self> {
        let name = hgvs_c.rsplit_once("c.").map(|(_, name)| name)?;
        let end = name
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '_' | '*' | '?'))
            .unwrap_or(name.len());
        let places: Vec<Self> = name[..end].split('_').filter_map(Self::one).collect();
        places
            .iter()
            .find(|place| (1..=2).contains(&place.offset.abs()))
            .or_else(|| places.first())
            .copied()
    }

    fn one(text: &str) -> Option<Self> {
        let sign = usize::from(text.starts_with('-'));
        let cut = text[sign..].find(['+', '-']).map_or(text.len(), |at| at + sign);
        Some(Self {
            base: text[..cut].parse().ok()?,
            offset: if cut == text.len() {
                0
            } else {
                text[cut..].parse().ok()?
            },
        })
    }
}

impl Pvs1Gene {
    pub(super) fn put(&mut self, rule: &'static str, value: &'static str, source: &'static str) {
        self.rules.insert(rule, (value, source));
    }
    pub(super) fn put_sites(&mut self, strength: &str, sites: &'static str, source: &'static str) {
        let strength = crate::acmg::codes::strength(strength);
        self.sites.push(Sites {
            strength,
            places: sites,
            source,
        });
    }

    /// What the residue numbers of a transcript are higher by than the panel's; `None` where the panel does not count
    /// on it.
    pub fn shift(&self, transcript: &str, mane: Mane) -> Option<u32> {
        let accession = transcript.split('.').next()?;
        let named = |wanted: &str| {
            self.rules.get("codons_on")?.0.split(';').find_map(|entry| {
                let (name, shift) = entry.split_once('+').unwrap_or((entry, "0"));
                (name == wanted).then(|| shift.parse().ok()).flatten()
            })
        };
        named(accession).or_else(|| named("MANE").filter(|_| mane == Mane::Select))
    }
    /// A rule that is yes or no, with its specification.
    pub fn says(&self, rule: &str) -> Option<&'static str> {
        let (value, source) = self.rules.get(rule)?;
        (*value == "yes").then_some(*source)
    }
    /// A rule that is one strength.
    pub fn laid(&self, rule: &str) -> Option<Laid> {
        let (value, source) = self.rules.get(rule)?;
        Some(Laid {
            strength: crate::acmg::codes::strength(value),
            from: 0,
            to: u32::MAX,
            source,
        })
    }
    /// The bands of a rule.
    pub fn bands(&self, rule: &str) -> impl Iterator<Item = Laid> {
        let (value, source) = self.rules.get(rule).copied().unwrap_or_default();
        value
            .split(';')
            .filter_map(|band| band.rsplit_once(':'))
            .filter_map(move |(range, strength)| {
                let (from, to) = range.split_once('-')?;
                Some(Laid {
                    strength: crate::acmg::codes::strength(strength),
                    from: from.parse().ok()?,
                    to: if to.is_empty() { u32::MAX } else { to.parse().ok()? },
                    source,
                })
            })
    }
    /// The band that holds a codon, in the panel's numbers.
    pub fn band(&self, rule: &str, codon: u32) -> Option<Laid> {
        self.bands(rule).find(|band| (band.from..=band.to).contains(&codon))
    }
    /// What the panel lays down for a change at a splice site or at the last base of an exon. `base`: the new base on
    /// the coding strand where one base replaces another. `shift`: coding bases that the place's number is higher by.
    pub fn site(&self, place: CodingPlace, base: Option<char>, shift: i32) -> Option<Laid> {
        let made = |sites: &Sites| Laid {
            strength: sites.strength,
            from: 0,
            to: u32::MAX,
            source: sites.source,
        };
        let wanted = CodingPlace {
            base: place.base - shift,
            offset: place.offset,
        };
        let named = self.sites.iter().find(|sites| {
            sites.places.split(' ').any(|site| {
                let (site, bases) = site.split_once('>').unwrap_or((site, ""));
                CodingPlace::one(site) == Some(wanted) && (bases.is_empty() || base.is_some_and(|b| bases.contains(b)))
            })
        });
        let canonical = (1..=2).contains(&place.offset.abs());
        named
            .or_else(|| {
                let other = self.sites.iter().find(|sites| sites.places == "other")?;
                (canonical && base.is_some()).then_some(other)
            })
            .map(made)
    }
    /// Whether a G at this coding base, the last of its exon, is one that the panel's rule speaks of.
    pub fn last_base_counts(&self, base: i32) -> bool {
        self.rules
            .get("last_base_at")
            .is_none_or(|(list, _)| list.split(';').any(|b| b.parse() == Ok(base)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    const STRENGTHS: [&str; 5] = ["none", "Supporting", "Moderate", "Strong", "VeryStrong"];

    #[test]
    fn every_rule_can_be_read() {
        for (gene, special) in &RULES.pvs1 {
            let on_transcript = special.rules.contains_key("codons_on");
            for (rule, (value, source)) in &special.rules {
                assert!(source.starts_with("GN"), "{gene} {rule}");
                let whole = match *rule {
                    "codons_on" => value
                        .split(';')
                        .all(|name| name.starts_with("NM_") || name.starts_with("MANE")),
                    "stop_at" | "nonsense_at" | "frameshift_at" | "critical" | "skip_exon" => {
                        let bands: Vec<Laid> = special.bands(rule).collect();
                        let apart = |a: &Laid| bands.iter().filter(|b| a.from <= b.to && b.from <= a.to).count() == 1;
                        on_transcript
                            && bands.len() == value.split(';').count()
                            && bands.iter().all(|band| band.from <= band.to && apart(band))
                            && value.split(';').all(|band| {
                                band.rsplit_once(':')
                                    .is_some_and(|(_, strength)| STRENGTHS.contains(&strength))
                            })
                    }
                    "readthrough" | "escape" | "splice" | "splice_in_frame" | "splice_no_decay"
                    | "cryptic_in_frame" | "start_lost" | "last_base" => STRENGTHS.contains(value),
                    "last_base_at" => on_transcript && value.split(';').all(|base| base.parse::<u32>().is_ok()),
                    "single_exon_as_nmd" | "large_loss_needs_pathogenic" => *value == "yes",
                    _ => false,
                };
                assert!(whole, "{gene} {rule} {value}");
            }
            for sites in &special.sites {
                assert!(on_transcript && sites.source.starts_with("GN"), "{gene}");
                for site in sites.places.split(' ').filter(|site| *site != "other") {
                    let place = site.split('>').next().and_then(CodingPlace::one);
                    assert!(place.is_some_and(|p| p.offset.abs() <= 2), "{gene} {site}");
                }
            }
            assert!(RULES.specifications.contains_key(gene), "{gene}");
        }
    }

    #[test]
    fn places_of_coding_names() {
        for (name, expected) in [
            ("NM_1.1:c.100+1G>A", Some((100, 1))),
            ("c.-19-2del", Some((-19, -2))),
            ("c.99_100+2del", Some((100, 2))),
            ("c.5407-25_5407-1del", Some((5407, -1))),
            ("c.835G>C", Some((835, 0))),
            ("c.*3A>G", None),
            ("p.(Arg1Leu)", None),
        ] {
            let place = CodingPlace::of(name).map(|place| (place.base, place.offset));
            assert_eq!(place, expected, "{name}");
        }
    }

    #[test]
    fn sites_count_as_their_panel_says() {
        let of = |gene: &str, name: &str, base| {
            let place = CodingPlace::of(name).unwrap();
            RULES.pvs1[gene].site(place, base, 0).map(|laid| laid.strength)
        };
        assert_eq!(of("ATM", "c.332-1G>A", Some('A')), Some(Some(Strength::Strong)));
        assert_eq!(of("ATM", "c.2467-1G>A", Some('A')), Some(Some(Strength::VeryStrong)));
        assert_eq!(of("ATM", "c.2467-1G>C", Some('C')), Some(Some(Strength::Supporting)));
        assert_eq!(of("ATM", "c.8987+2T>C", Some('C')), Some(None));
        assert_eq!(of("ATM", "c.8987+2_8987+3del", None), None);
        assert_eq!(of("BRCA2", "c.67+1G>A", Some('A')), Some(None));
        assert_eq!(of("APC", "c.933G>A", Some('A')), Some(Some(Strength::Supporting)));
        assert_eq!(of("APC", "c.934G>A", Some('A')), None);
        let mecp2 = &RULES.pvs1["MECP2"];
        assert_eq!(mecp2.shift("NM_004992.4", Mane::PlusClinical), Some(0));
        assert_eq!(mecp2.shift("NM_001110792.2", Mane::Select), Some(12));
        assert_eq!(mecp2.shift("ENST00000453960.7", Mane::Select), Some(12));
        assert_eq!(mecp2.shift("NM_001386137.1", Mane::None), None);
        assert_eq!(
            mecp2.band("nonsense_at", 473).unwrap().strength,
            Some(Strength::Moderate)
        );
        assert!(RULES.pvs1["MSH2"].last_base_counts(645) && !RULES.pvs1["MSH2"].last_base_counts(2210));
    }
}
