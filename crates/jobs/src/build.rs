//! The genome build of a run, and how it is known.

use clinotype_genome::{Build, Fault, Reference, Result};

/// A build with its proof, as the report prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBuild {
    /// The build.
    pub build: Build,
    /// How it is known.
    pub proof: String,
    /// Whether the user asserted it, so that files need not prove it themselves.
    pub asserted: bool,
}

/// The build that the reference's contig lengths prove, or the one asserted by `--build`. Lengths that contradict
/// the assertion are an input fault, and so is a reference that proves nothing without an assertion.
pub fn of_reference(reference: &Reference, asserted: Option<Build>) -> Result<KnownBuild> {
    let contigs = reference.contigs().iter().map(|c| (c.name.as_str(), c.length));
    match (Build::of_contigs(contigs), asserted) {
        (Some(proven), Some(asserted)) if proven != asserted => Err(Fault::input(format!(
            "the contig lengths are those of {proven}, but --build says {asserted}"
        ))
        .at(reference.path())
        .hint("leave out --build, or give the reference of that build")),
        (Some(build), asserted) => {
            Ok(KnownBuild { build, proof: "contig lengths of the reference".to_owned(), asserted: asserted.is_some() })
        }
        (None, Some(build)) => Ok(KnownBuild {
            build,
            proof: "asserted by --build; the contig lengths of the reference do not prove it".to_owned(),
            asserted: true,
        }),
        (None, None) => Err(Fault::input("the contig lengths prove neither GRCh37 nor GRCh38")
            .at(reference.path())
            .hint("if you know the build of this reference, state it with --build; the report will print that it was asserted")),
    }
}
