//! The wording of the section on pharmacogenomics.

/// Heading of the section.
pub const HEADING: &str = "Pharmacogenomics";
/// What stands first.
pub const LEAD: &str = "What the genotypes say about the handling of medicines. Results stand by gene, what the guidelines \
     say to them by medicine. No medicine may be started, changed or stopped on this section alone.";
/// Current medicines.
pub const CURRENT: &str = "Current medicines";
/// Nobody stated medicines.
pub const CURRENT_NOT_STATED: &str = "Not stated: the order names no medicines that the patient takes, so that none was \
     checked.";
/// The order says that there are none.
pub const CURRENT_NONE: &str = "None, as stated with the order.";
/// Genes with a result.
pub const GENES: &str = "Results by gene";
/// Genes without one.
pub const NOT_CALLED: &str = "Genes without a result";
/// What stands before the list of genes without a result.
pub const NOT_CALLED_LEAD: &str = "Nothing is known about these genes from this test; it must not be read as a usual \
     result.";
/// Every gene has a result.
pub const ALL_CALLED: &str = "None.";
/// No gene has a result.
pub const NONE_CALLED: &str = "No gene has a result.";
/// Medicines whose guidance asks for something.
pub const CHANGED: &str = "Medicines with advice for these genotypes";
/// Medicines whose guidance asks for nothing else than the standard.
pub const UNCHANGED: &str = "Medicines without a change for these genotypes";
/// Medicines whose guidance says nothing to these genotypes.
pub const SILENT: &str = "Medicines whose guideline makes no recommendation for these genotypes";
/// Medicines of genes that were not called.
pub const NOT_EVALUATED: &str = "Medicines not evaluated";
/// Nothing stands under a heading.
pub const NONE: &str = "None.";
/// How recommendations are printed.
pub const GUIDANCE_LEAD: &str = "Strength and population are those of the guideline; its date and publications stand in \
     the table of guidelines. Medicines to which a guideline says the same stand together.";
/// Notes on single genes.
pub const NOTES: &str = "Notes on single genes";
/// Guidelines.
pub const GUIDELINES: &str = "Guidelines";
/// Limits.
pub const LIMITS: &str = "Limits of pharmacogenomics";
/// Copies of CYP2D6.
pub const COPIES: &str = "CYP2D6 by read depth (research, to be confirmed by a method that resolves the locus): ";
/// A gene without a result, where a recommendation rests on several genes.
pub const GENE_OPEN: &str = "not called";
/// The most positions of a gene that are named.
pub const POSITIONS_NAMED: usize = 6;
/// A gene without a table of phenotypes.
pub const NO_PHENOTYPE: &str = "no phenotype defined";
