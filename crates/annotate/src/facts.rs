//! What annotation states of a transcript's consequence. `case::evidence` has the same words on the other side of the
//! annotated VCF; the two crates share the file, not the types.

/// VEP's impact ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mane {
    /// MANE Select.
    Select,
    /// MANE Plus Clinical.
    PlusClinical,
    /// Neither, or the version differs.
    None,
}

/// The facts that PVS1 needs (Abou Tayoun 2018, figure 1), from the transcript model.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// For +-1,2 splice: every GT (donor) or AG (acceptor) within 20 nt that could take over; `None` where it was not
    /// looked for.
    pub cryptic_sites: Option<Vec<CrypticSite>>,
}

/// A site beside a broken splice site, and what the transcript becomes if it is used. Which one is used is not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrypticSite {
    /// Genome position (1-based) of the exon's last base (donor) or first base (acceptor) if it is used.
    pub position: u32,
    /// Bases by which the exon grows (positive) or shrinks.
    pub distance: i32,
    /// Whether the reading frame is kept and no stop is read; `None` where the start or the stop codon is at stake.
    pub keeps_frame: Option<bool>,
    /// Decay by the 50-nucleotide rule.
    pub nmd: Option<bool>,
    /// Codon number (1-based) of a new stop.
    pub new_stop_codon: Option<u32>,
    /// Share of the protein that is removed or replaced, 0 to 1.
    pub lost_fraction: Option<f64>,
}
