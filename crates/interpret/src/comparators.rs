//! What ClinVar says of other variants of a gene: the comparators of PS1, PM5, PM1, PP2, BP1 and of parts of PVS1 and
//! BP7.
//!
//! The table is made once per ClinVar release by annotating ClinVar's own alleles with the transcripts in use (`jobs`),
//! and read as text ([`Comparators::parse`]). It holds classified alleles that change a protein or lie at a splice
//! site; an allele with conflicting classifications is in it for nobody's sake and left out. ClinVar's record of the
//! variant that is asked about is never a comparator ([`GeneRecords::others`]).

mod text;

use std::collections::{BTreeMap, BTreeSet};

use clinotype_genome::{ContigKey, DataRelease, VariantKey};

/// ClinVar's aggregate classification of one allele, as far as it can serve as a comparator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Significance {
    /// Benign.
    Benign,
    /// Likely benign, also `Benign/Likely benign`.
    LikelyBenign,
    /// Uncertain significance.
    Uncertain,
    /// Likely pathogenic, also `Pathogenic/Likely pathogenic`: submitters do not agree on more.
    LikelyPathogenic,
    /// Pathogenic.
    Pathogenic,
}

impl Significance {
    /// From CLNSIG with underscores or spaces; `None` for conflicts, low penetrance, risk alleles, drug response and
    /// whatever else says nothing of a Mendelian disease.
    pub fn of_clinvar(words: &str) -> Option<Self> {
        let words = words.split('|').next()?.replace('_', " ").to_ascii_lowercase();
        match words.trim() {
            "pathogenic" => Some(Self::Pathogenic),
            "likely pathogenic" | "pathogenic/likely pathogenic" => Some(Self::LikelyPathogenic),
            "uncertain significance" => Some(Self::Uncertain),
            "likely benign" | "benign/likely benign" => Some(Self::LikelyBenign),
            "benign" => Some(Self::Benign),
            _ => None,
        }
    }
    /// Pathogenic or likely so.
    pub const fn is_pathogenic(self) -> bool {
        matches!(self, Self::Pathogenic | Self::LikelyPathogenic)
    }
    /// Benign or likely so.
    pub const fn is_benign(self) -> bool {
        matches!(self, Self::Benign | Self::LikelyBenign)
    }
    /// As tables write it.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Benign => "B",
            Self::LikelyBenign => "LB",
            Self::Uncertain => "VUS",
            Self::LikelyPathogenic => "LP",
            Self::Pathogenic => "P",
        }
    }
}

/// What a change does, as far as comparisons need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One residue for another.
    Missense,
    /// None.
    Synonymous,
    /// Stop gained or frameshift.
    Truncating,
    /// +-1,2 of a splice site.
    Splice,
    /// The start codon is lost.
    StartLost,
    /// The stop codon is lost.
    StopLost,
    /// Residues inserted or deleted in frame.
    InFrame,
    /// Anything else; kept only near splice sites.
    Other,
}

impl Kind {
    /// From SO terms, the most severe first.
    pub fn of(terms: &[impl AsRef<str>]) -> Self {
        let has = |names: &[&str]| terms.iter().any(|term| names.contains(&term.as_ref()));
        // The order in which PVS1 looks: a lost start first, a broken splice site next.
        if has(&["start_lost"]) {
            Self::StartLost
        } else if has(&["splice_donor_variant", "splice_acceptor_variant"]) {
            Self::Splice
        } else if has(&["stop_gained", "frameshift_variant"]) {
            Self::Truncating
        } else if has(&["stop_lost"]) {
            Self::StopLost
        } else if has(&["inframe_insertion", "inframe_deletion", "protein_altering_variant"]) {
            Self::InFrame
        } else if has(&["missense_variant"]) {
            Self::Missense
        } else if has(&["synonymous_variant", "stop_retained_variant", "start_retained_variant"]) {
            Self::Synonymous
        } else {
            Self::Other
        }
    }
    /// Whether the change is expected to end the protein's function without more knowledge.
    pub const fn is_null(self) -> bool {
        matches!(self, Self::Truncating | Self::Splice)
    }
}

/// A splice site of a transcript: its intron (1-based) and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// Number of the intron.
    pub intron: u16,
    /// The donor, at the intron's start; else the acceptor.
    pub donor: bool,
}

/// One classified allele of ClinVar on one transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// 1-based position of REF's first base, left-aligned.
    pub position: u32,
    /// REF.
    pub reference: Box<str>,
    /// ALT.
    pub alternate: Box<str>,
    /// ClinVar Variation ID.
    pub variation_id: u64,
    /// Classification.
    pub significance: Significance,
    /// Stars of the review status.
    pub stars: u8,
    /// What it does.
    pub kind: Kind,
    /// First residue that it changes, 1-based.
    pub codon: Option<u32>,
    /// For missense: the residue before and after, one-letter codes.
    pub residues: Option<(char, char)>,
    /// Exon, 1-based.
    pub exon: Option<u16>,
    /// The splice site whose motif it touches: last 3 bases of the exon to +6, or -20 to the first base.
    pub site: Option<Site>,
    /// Intronic: offset from the exon as in HGVS.
    pub offset: Option<i32>,
}

impl Record {
    /// `VCV000012345 Arg175Leu P (2 stars)`, for the trail of a criterion.
    pub fn cited(&self) -> String {
        let change = match (self.residues, self.codon) {
            (Some((from, to)), Some(codon)) => format!(" {from}{codon}{to}"),
            _ => String::new(),
        };
        let stars = if self.stars == 1 { "star" } else { "stars" };
        format!(
            "VCV{:09}{change} {} ({} {stars})",
            self.variation_id,
            self.significance.short(),
            self.stars
        )
    }
    fn is(&self, key: &VariantKey) -> bool {
        self.position == key.position.get() && *self.reference == *key.reference && *self.alternate == *key.alternate
    }
}

/// The records of one gene on one transcript.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeneRecords {
    /// Contig as the source of the table names it.
    pub contig: String,
    /// Accession with version.
    pub transcript: String,
    /// By codon, then by place.
    pub records: Vec<Record>,
    /// Loss-of-function alleles of the population, the most common first; only where the table was made with
    /// frequencies ([`Comparators::population`]).
    pub common: Vec<Common>,
}

/// One name for a contig, however a file writes it.
pub fn contig_name(name: &str) -> String {
    ContigKey::of(name).map_or_else(|| name.to_owned(), |key| key.to_string())
}

/// A loss-of-function allele that is not rare in the population (Abou Tayoun 2018: common ones show that the exon can
/// be missed).
#[derive(Clone, Debug, PartialEq)]
pub struct Common {
    /// Exon that it lies in, or that it takes from the transcript; 1-based.
    pub exon: u16,
    /// 1-based position of REF's first base, left-aligned.
    pub position: u32,
    /// REF.
    pub reference: Box<str>,
    /// ALT.
    pub alternate: Box<str>,
    /// Frequency: the filtering frequency of the group with the highest one, where the source states one.
    pub frequency: f64,
    /// HGVS c. name, or the place where there is none.
    pub name: String,
}

impl Common {
    /// Whether it is the allele itself, on whatever contig the gene lies.
    pub fn is(&self, key: &VariantKey) -> bool {
        self.position == key.position.get() && *self.reference == *key.reference && *self.alternate == *key.alternate
    }
}

impl GeneRecords {
    /// Every record but that of the variant itself, told by allele or by Variation ID.
    pub fn others<'a>(&'a self, key: &'a VariantKey, own_id: Option<u64>) -> impl Iterator<Item = &'a Record> + Clone {
        let same_contig = match (ContigKey::of(&self.contig), ContigKey::of(&key.contig)) {
            (Some(a), Some(b)) => a == b,
            _ => self.contig == key.contig,
        };
        self.records
            .iter()
            .filter(move |r| !(same_contig && r.is(key)) && Some(r.variation_id) != own_id)
    }
}

/// The table of one ClinVar release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparators {
    /// Release of ClinVar as its file states it.
    pub release: Option<String>,
    /// ClinVar's file, without folder.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// SHA-256 of the transcripts that named the changes.
    pub transcripts_sha256: String,
    /// The source of population frequencies that was looked through for loss-of-function alleles, as a report prints it;
    /// `None`: none was.
    pub population: Option<String>,
    /// Contigs on which that source has a record, as [`contig_name`] writes them: of the others it says nothing.
    pub population_contigs: BTreeSet<String>,
    /// Symbol to records; one transcript per gene, the one that the annotation picks.
    pub genes: BTreeMap<String, GeneRecords>,
}

impl Comparators {
    /// The source as a report prints it.
    pub fn source(&self) -> String {
        let release = self
            .release
            .as_deref()
            .map_or("release not stated".to_owned(), |r| format!("release {r}"));
        format!("ClinVar by residue, {release} ({})", self.file)
    }
    /// The release as a conclusion carries it.
    pub fn data_release(&self) -> DataRelease {
        DataRelease {
            name: "ClinVar by residue".to_owned(),
            release: self.release.clone(),
            file: self.file.clone(),
            sha256: self.sha256.clone(),
            licence: None,
            note: None,
        }
    }
    /// Puts every gene's records in their order; the same records in any order give the same table.
    pub fn sort(&mut self) {
        for gene in self.genes.values_mut() {
            gene.records.sort_by(|a, b| {
                let key = |r: &Record| (r.codon.unwrap_or(u32::MAX), r.position, r.variation_id);
                key(a)
                    .cmp(&key(b))
                    .then_with(|| (&a.reference, &a.alternate).cmp(&(&b.reference, &b.alternate)))
            });
            gene.records.dedup();
            gene.common.sort_by(|a, b| {
                let key = |c: &Common| (c.exon, c.position);
                b.frequency
                    .total_cmp(&a.frequency)
                    .then_with(|| key(a).cmp(&key(b)))
                    .then_with(|| (&a.reference, &a.alternate).cmp(&(&b.reference, &b.alternate)))
            });
            gene.common.dedup();
        }
    }
    /// Number of records.
    pub fn len(&self) -> usize {
        self.genes.values().map(|g| g.records.len()).sum()
    }
    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.genes.values().all(|g| g.records.is_empty())
    }
}

/// The splice site that a place touches, from HGVS offset or distance to the exon's ends (1 is the end itself), with
/// the exon's and intron's `number/total`. The motif is the last three bases of an exon to +6 of the intron, and -20 to
/// the first base of an exon (Walker 2023).
pub fn site_of(
    exon: Option<&str>,
    intron: Option<&str>,
    offset: Option<i32>,
    from_start: Option<u32>,
    from_end: Option<u32>,
) -> Option<Site> {
    let numbers = |text: Option<&str>| -> Option<(u16, u16)> {
        let (number, total) = text?.split_once('/')?;
        // A change over several exons names a range; its first one counts.
        Some((number.split('-').next()?.parse().ok()?, total.parse().ok()?))
    };
    if let (Some((intron, _)), Some(offset)) = (numbers(intron), offset) {
        return match offset {
            1..=6 => Some(Site { intron, donor: true }),
            -20..=-1 => Some(Site { intron, donor: false }),
            _ => None,
        };
    }
    let (exon, total) = numbers(exon)?;
    if from_end.is_some_and(|n| n <= 3) && exon < total {
        Some(Site {
            intron: exon,
            donor: true,
        })
    } else if from_start == Some(1) && exon > 1 {
        Some(Site {
            intron: exon - 1,
            donor: false,
        })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significance_of_clinvar() {
        for (words, expected) in [
            ("Pathogenic", Some(Significance::Pathogenic)),
            ("Pathogenic/Likely_pathogenic", Some(Significance::LikelyPathogenic)),
            ("Pathogenic|drug_response", Some(Significance::Pathogenic)),
            ("Benign/Likely_benign", Some(Significance::LikelyBenign)),
            ("Pathogenic,_low_penetrance", None),
            ("Conflicting_classifications_of_pathogenicity", None),
            ("Likely_risk_allele", None),
            ("not_provided", None),
        ] {
            assert_eq!(Significance::of_clinvar(words), expected, "{words}");
        }
    }

    #[test]
    fn sites_by_place() {
        let site = |intron, donor| Some(Site { intron, donor });
        for (exon, intron, offset, start, end, expected) in [
            (None, Some("2/22"), Some(1), None, None, site(2, true)),
            (None, Some("2/22"), Some(7), None, None, None),
            (None, Some("2/22"), Some(-20), None, None, site(2, false)),
            (Some("2/23"), None, None, Some(1), Some(80), site(1, false)),
            (Some("2/23"), None, None, Some(78), Some(3), site(2, true)),
            (Some("2/23"), None, None, Some(77), Some(4), None),
            (Some("23/23"), None, None, Some(77), Some(1), None),
            (Some("1/23"), None, None, Some(1), Some(90), None),
            (None, None, None, None, None, None),
        ] {
            assert_eq!(
                site_of(exon, intron, offset, start, end),
                expected,
                "{exon:?} {intron:?} {offset:?}"
            );
        }
    }
}
