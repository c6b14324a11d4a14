//! What a run of the caller is asked, what it answers, and the constants of the model.

use std::{collections::BTreeMap, path::Path};

use clinotype_genome::{Build, Interval, Reference};

/// The sex by which the ploidy of X and Y is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sex {
    /// X is diploid, Y is called as diploid too: its reads are misplaced, and the filters say so.
    Female,
    /// X and Y are haploid outside the pseudo-autosomal regions, where the build is known.
    Male,
    /// All of the nucleus is diploid.
    #[default]
    Unknown,
}

/// What to call, from what, and where to.
#[derive(Clone, Copy, Debug)]
pub struct CallOptions<'a> {
    /// The alignments: coordinate sorted, indexed (`.bai` or `.csi` beside it), duplicates marked.
    pub bam: &'a Path,
    /// The genome the reads were aligned to.
    pub reference: &'a Reference,
    /// Where to call: sorted in the order of the reference and merged. `None` is everywhere.
    pub targets: Option<&'a [Interval]>,
    /// How many bases around each target are called too (100 is usual).
    pub padding: u32,
    /// The sample column of the VCF.
    pub sample: &'a str,
    /// Chooses the ploidy of X and Y.
    pub sex: Sex,
    /// The genome build, if proven; without it there is no pseudo-autosomal region and no haploid call.
    pub build: Option<Build>,
    /// Where the calls go: BGZF; the tabix index gets the same name and `.tbi`.
    pub vcf: &'a Path,
    /// Where the gVCF goes, if wanted.
    pub gvcf: Option<&'a Path>,
    /// Bytes of memory that the run may use; bounds how many windows are in work at once.
    pub memory: u64,
    /// The text of `##source`.
    pub source: &'a str,
    /// More header lines, each beginning with `##`.
    pub header: &'a [String],
}

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSummary {
    /// Records in the VCF.
    pub records: u64,
    /// Records whose alleles are all single bases.
    pub snvs: u64,
    /// The other records.
    pub indels: u64,
    /// Regions that were looked at closely.
    pub active_regions: u64,
    /// Records with a filter other than PASS.
    pub filtered: u64,
    /// Windows with reads, and those of them that an earlier run of the same key had called.
    pub windows: u64,
    /// See `windows`.
    pub windows_taken_over: u64,
    /// Every number that shaped the calls, by name: thresholds, priors, the slippage table, reads used and dropped.
    pub parameters: BTreeMap<String, String>,
}

/// Reads below this mapping quality are not used (GATK's HaplotypeCaller: 20).
pub(crate) const MIN_MAPQ: u8 = 20;
/// Bases below this quality do not enter the assembly graph nor the pileup.
pub(crate) const MIN_BASE_QUALITY: u8 = 10;
/// At most so many reads with one start (GATK's HaplotypeCaller: 50).
pub(crate) const MAX_READS_PER_START: usize = 50;
/// At most about so many reads over one base.
pub(crate) const MAX_DEPTH: usize = 1000;
/// Quality given to the bases of a read that comes without base qualities.
pub(crate) const ABSENT_QUALITY: u8 = 20;
/// Prior of a heterozygous single-base variant at one site.
pub(crate) const SNV_PRIOR: f64 = 1e-3;
/// Prior of a heterozygous indel at one site outside repeats.
pub(crate) const INDEL_PRIOR: f64 = 1e-4;
/// Longest active region; longer stretches are cut.
pub(crate) const MAX_REGION: u32 = 300;
/// Bases added on both sides of an active region for assembly.
pub(crate) const REGION_PADDING: u32 = 100;
/// Most haplotypes of one region.
pub(crate) const MAX_HAPLOTYPES: usize = 128;
/// Records below this QUAL are not written.
pub(crate) const MIN_QUAL: f64 = 10.0;
/// A read is taken to be misplaced with at least this probability (phred).
pub(crate) const MISMAPPING_PHRED: f64 = 45.0;
