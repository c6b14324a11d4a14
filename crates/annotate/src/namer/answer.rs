//! What is said of one input.

/// An allele as VCF writes it: left-aligned, trimmed, with an anchor base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VcfAllele {
    /// Contig as the reference names it.
    pub chrom: String,
    /// 1-based position of the first base of `reference`.
    pub pos: u32,
    /// REF.
    pub reference: String,
    /// ALT.
    pub alternate: String,
}

/// A further transcript that an allele of the genome lies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherTranscript {
    /// Accession with version.
    pub transcript: String,
    /// c. or n. name, with accession.
    pub name: Option<String>,
    /// p. name.
    pub p: Option<String>,
}

/// All names of one input. `None` where a name is not determinable; `errors` and `notes` say why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// As it came in.
    pub input: String,
    /// The input's own name, normalised on the sequence it refers to.
    pub normalized: Option<String>,
    /// g. or m. name.
    pub g: Option<String>,
    /// c. name.
    pub c: Option<String>,
    /// n. name: of a non-coding transcript, or along a coding one from its first base.
    pub n: Option<String>,
    /// Predicted r. name.
    pub r: Option<String>,
    /// Predicted p. name.
    pub p: Option<String>,
    /// The transcript of the names above.
    pub transcript: Option<String>,
    /// The allele on the genomic record.
    pub vcf: Option<VcfAllele>,
    /// Further transcripts, for inputs on the genome.
    pub others: Vec<OtherTranscript>,
    /// What is wrong: the input does not fit its sequence, or cannot be read.
    pub errors: Vec<String>,
    /// What a reader must know although the input could be read.
    pub notes: Vec<String>,
}
