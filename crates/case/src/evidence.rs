//! What is known about one variant in one sample before anything is concluded from it.
//!
//! Built by `jobs` from the annotated VCF, one value per alternate allele.

use clinotype_genome::{Strand, VariantKey};
use serde::{Deserialize, Serialize};

/// One alternate allele of the sample with everything that annotation found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnotatedVariant {
    /// Normalised: left-aligned and trimmed, contig as the reference names it.
    pub key: VariantKey,
    /// FILTER entries other than PASS; empty means PASS. `None`: the VCF states `.` (no filter was applied).
    pub filters: Option<Vec<String>>,
    /// QUAL, phred.
    pub quality: Option<f64>,
    /// The sample's genotype.
    pub genotype: Genotype,
    /// `NC_000017.11:g.43124028_43124029del`; `None` where the contig has no accession.
    pub hgvs_g: Option<String>,
    /// One per transcript it touches, the one to show first in each gene marked [`TranscriptConsequence::picked`].
    pub consequences: Vec<TranscriptConsequence>,
    /// ClinVar's record of this very allele. Shown, never scored.
    pub clinvar: Lookup<ClinvarRecord>,
    /// Population frequency.
    pub frequency: Lookup<Frequency>,
    /// Highest splice delta score of the allele, 0 to 1 (SpliceAI or alike), where the input carries one.
    pub splice_delta: Lookup<f64>,
    /// The gains behind it, those of at least [`LEAST_GAIN`]; empty beside a delta means that none is so high.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub splice_gains: Vec<SpliceGain>,
    /// phyloP100way at the changed base, where the input carries one.
    pub phylop: Lookup<f64>,
    /// Further scores that the input carries for the allele, by INFO key (REVEL and alike), sorted. Values of tools, not
    /// yet judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<(String, f64)>,
}

/// Gains of splice sites below it are not kept.
pub const LEAST_GAIN: f64 = 0.1;

impl AnnotatedVariant {
    /// The score under one of these INFO keys, the first that is there.
    pub fn score<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Option<f64> {
        keys.into_iter()
            .find_map(|key| self.scores.iter().find(|(name, _)| name == key))
            .map(|(_, value)| *value)
    }
}

/// The answer of a data source. The three cases are never mixed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum Lookup<T> {
    /// The source was not given, does not cover this place, or its record cannot be used; the text says which.
    NotEvaluated(String),
    /// The source covers this place and does not list the allele.
    Absent,
    /// The source's record.
    Found(T),
}

impl<T> Lookup<T> {
    /// The record, if there is one.
    pub const fn found(&self) -> Option<&T> {
        match self {
            Self::Found(value) => Some(value),
            _ => None,
        }
    }
}

/// The genotype of one alternate allele.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Genotype {
    /// GT as the VCF states it, for example `0/1` or `1|2`.
    pub text: String,
    /// Copies of this allele; `None` where GT is missing in part.
    pub copies: Option<u8>,
    /// Number of alleles in GT: 1 haploid, 2 diploid; 0 where GT is missing.
    pub ploidy: u8,
    /// Whether GT is phased.
    pub phased: bool,
    /// PS.
    pub phase_set: Option<u32>,
    /// DP of the sample.
    pub depth: Option<u32>,
    /// AD of REF.
    pub reference_depth: Option<u32>,
    /// AD of this allele.
    pub alternate_depth: Option<u32>,
    /// GQ, phred.
    pub quality: Option<u32>,
}

/// How many copies, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zygosity {
    /// One of two alleles.
    Heterozygous,
    /// Both of two alleles.
    Homozygous,
    /// The only allele of a haploid contig.
    Hemizygous,
    /// All mitochondrial copies called.
    Homoplasmic,
    /// Some mitochondrial copies.
    Heteroplasmic,
    /// No copy of this allele in the sample.
    Absent,
    /// GT is missing.
    NotCalled,
}

impl Genotype {
    /// Zygosity outside the mitochondrion.
    pub const fn zygosity(&self) -> Zygosity {
        match (self.copies, self.ploidy) {
            (None, _) | (_, 0) => Zygosity::NotCalled,
            (Some(0), _) => Zygosity::Absent,
            (Some(_), 1) => Zygosity::Hemizygous,
            (Some(1), _) => Zygosity::Heterozygous,
            (Some(_), _) => Zygosity::Homozygous,
        }
    }
    /// Allele fraction from AD; `None` without reads or without AD.
    pub fn allele_fraction(&self) -> Option<f64> {
        let (reference, alternate) = (self.reference_depth?, self.alternate_depth?);
        let total = reference + alternate;
        (total > 0).then(|| f64::from(alternate) / f64::from(total))
    }
}

impl Zygosity {
    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Heterozygous => "heterozygous",
            Self::Homozygous => "homozygous",
            Self::Hemizygous => "hemizygous",
            Self::Homoplasmic => "homoplasmic",
            Self::Heteroplasmic => "heteroplasmic",
            Self::Absent => "not present",
            Self::NotCalled => "genotype not called",
        }
    }
}

/// VEP's impact ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Impact {
    /// Intergenic, intronic, UTR ...
    Modifier,
    /// Synonymous, splice region ...
    Low,
    /// Missense, in-frame ...
    Moderate,
    /// Loss of function.
    High,
}

/// Whether a transcript is a MANE transcript. Claimed only where accession and version both match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mane {
    /// MANE Select.
    Select,
    /// MANE Plus Clinical.
    PlusClinical,
    /// Neither, or the version differs.
    None,
}

/// What the variant does to one transcript. Terms are those of the Sequence Ontology as VEP prints them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TranscriptConsequence {
    /// HGNC symbol.
    pub symbol: Option<String>,
    /// `HGNC:1100`.
    pub hgnc_id: Option<String>,
    /// The annotation's gene id.
    pub gene_id: Option<String>,
    /// Accession with version, as printed on the report.
    pub transcript: String,
    /// Accession with version of the protein.
    pub protein_id: Option<String>,
    /// SO biotype, for example `protein_coding`.
    pub biotype: Option<String>,
    /// SO terms, most severe first.
    pub terms: Vec<String>,
    /// VEP's impact of the most severe term.
    pub impact: Impact,
    /// Strand of the transcript.
    pub strand: Strand,
    /// MANE state.
    pub mane: Mane,
    /// Whether this is the transcript to show for its gene.
    pub picked: bool,
    /// `2/23`.
    pub exon: Option<String>,
    /// `2/22`.
    pub intron: Option<String>,
    /// `NM_007294.4:c.68_69del`.
    pub hgvs_c: Option<String>,
    /// `NP_009225.1:p.(Glu23ValfsTer17)`.
    pub hgvs_p: Option<String>,
    /// 1-based protein position as VEP prints it, for example `23` or `23-24`.
    pub protein_position: Option<String>,
    /// `E/K`, as VEP prints it.
    pub amino_acids: Option<String>,
    /// What a loss of function would do; present for stop gained, frameshift, +-1,2 splice and start lost.
    pub loss_of_function: Option<LossOfFunction>,
    /// Where the variant lies to the nearest splice site.
    pub splice: Option<SplicePlace>,
    /// What a reader must know, for example that transcript and genome differ here.
    pub warnings: Vec<String>,
}

/// The facts that PVS1 needs (Abou Tayoun 2018, figure 1), from the transcript model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LossOfFunction {
    /// Whether the new stop leads to nonsense-mediated decay by the 50-nucleotide rule; `None` where no new stop is
    /// predicted or it cannot be told.
    pub nmd: Option<bool>,
    /// Why, in words: `new stop in exon 2 of 23`, `in the last exon`, `within 50 nt of the last junction`.
    pub nmd_reason: Option<String>,
    /// Codon number (1-based) of the new stop.
    pub new_stop_codon: Option<u32>,
    /// Share of the protein that is removed or replaced, 0 to 1.
    pub lost_fraction: Option<f64>,
    /// For +-1,2 splice: number of the exon that skipping would remove.
    pub skipped_exon: Option<u32>,
    /// For +-1,2 splice: whether skipping that exon keeps the reading frame.
    pub skip_keeps_frame: Option<bool>,
    /// For start lost: codon number of the next in-frame Met.
    pub next_met_codon: Option<u32>,
    /// For +-1,2 splice: every GT (donor) or AG (acceptor) within 20 nt of the broken site; `None` where it was not
    /// looked for, which an empty list does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cryptic_sites: Option<Vec<CrypticSite>>,
}

/// A GT or AG beside a broken splice site, and what the transcript becomes if it is used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrypticSite {
    /// Genome position (1-based) of the exon's last base (donor) or first base (acceptor) if it is used.
    pub position: u32,
    /// Bases by which the exon grows (positive) or shrinks.
    pub distance: i32,
    /// Whether the reading frame is kept and no stop is read; `None` where it cannot be told.
    pub keeps_frame: Option<bool>,
    /// Decay by the 50-nucleotide rule.
    pub nmd: Option<bool>,
    /// Codon number (1-based) of a new stop.
    pub new_stop_codon: Option<u32>,
    /// Share of the protein that is removed or replaced, 0 to 1.
    pub lost_fraction: Option<f64>,
}

/// A new splice site that a predictor of SpliceAI's kind scores for an allele.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpliceGain {
    /// The gene that the score is for.
    pub symbol: Option<String>,
    /// A donor, else an acceptor.
    pub donor: bool,
    /// Delta score, 0 to 1.
    pub delta: f64,
    /// Genome position (1-based) of the exon's last base (donor) or first base (acceptor); `None` where the input states
    /// a score without a place.
    pub position: Option<u32>,
}

/// Distance to splice sites, in bases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplicePlace {
    /// Intronic: offset as in HGVS, `+7` after an exon, `-21` before one. The one closest to an exon.
    pub intron_offset: Option<i32>,
    /// Exonic: 1 is the first base of the exon.
    pub from_exon_start: Option<u32>,
    /// Exonic: 1 is the last base of the exon.
    pub from_exon_end: Option<u32>,
}

/// A ClinVar record, as its VCF states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinvarRecord {
    /// Variation ID; `VCV` accession is `VCV` + nine digits.
    pub variation_id: String,
    /// CLNSIG, underscores as spaces.
    pub significance: String,
    /// CLNREVSTAT, underscores as spaces.
    pub review_status: String,
    /// Stars of the review status; `None` where the words are unknown to us.
    pub stars: Option<u8>,
    /// CLNSIGCONF.
    pub conflicts: Option<String>,
    /// CLNDN.
    pub conditions: Vec<String>,
}

impl ClinvarRecord {
    /// Whether the aggregate says pathogenic or likely pathogenic (also with a qualifier such as low penetrance),
    /// without a conflict.
    pub fn is_pathogenic(&self) -> bool {
        let words = self.significance.to_ascii_lowercase();
        !words.contains("conflicting") && words.contains("pathogenic") && !words.starts_with("benign")
    }
}

/// A population frequency record of this allele.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frequency {
    /// AC.
    pub allele_count: Option<u64>,
    /// AN.
    pub allele_number: Option<u64>,
    /// AF as stated, else AC/AN.
    pub frequency: Option<f64>,
    /// Homozygotes.
    pub homozygotes: Option<u64>,
    /// Filtering allele frequency, 95 %, of the group with the highest one.
    pub filtering_frequency: Option<f64>,
    /// That group.
    pub group: Option<String>,
    /// AN of that group.
    pub group_allele_number: Option<u64>,
    /// FILTER entries other than PASS.
    pub filters: Vec<String>,
}
