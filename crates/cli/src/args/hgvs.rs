//! Names of variants.

use std::path::PathBuf;

use clinotype_genome::Build;

const ANSWER: &str = "\
One JSON line is printed for each name, in order:
  input        as given
  normalized   the name in its one correct form (HGVS 21.1): minimal, most 3', dup before ins
  g, c, n, r, p, transcript
               the same change on genome, transcript and protein; r and p are predicted
  vcf          {chrom, pos, ref, alt} on the reference: 1-based, left-aligned, with an anchor base
  others       the further transcripts of an input on the genome
  errors       what is wrong with the name: a wrong reference base, a position outside, an unknown
               transcript or version (with those that are here), or where it cannot be read
  notes        what a reader must know although the name could be used
What cannot be told is null. A name with errors does not end the run: the exit code is 0 when every
line was answered. With --strict it is 3 if any line has errors.

Records of the FASTA whose names are accessions (NG_..., NM_...) can be named on directly. The record
of a transcript that GFF3 places on the genome is aligned with its exons, and where the two differ
names follow the transcript's own bases.";

#[derive(Debug, clap::Args)]
#[command(after_help = ANSWER)]
pub(crate) struct Hgvs {
    /// Reference sequences, FASTA, plain or BGZF (.gz): a genome, RefSeqGene or transcript records, or all of them.
    /// Records named chr17:43024295-43217981 are pieces of a chromosome. May be given again: a genome, and its transcripts
    #[arg(long, required = true, value_name = "FASTA")]
    pub(crate) reference: Vec<PathBuf>,
    /// Transcripts, GFF3; may be given again: several files stand side by side
    #[arg(long, value_name = "GFF3")]
    pub(crate) transcripts: Vec<PathBuf>,
    /// State the genome build where the reference does not prove it
    #[arg(long, value_name = "BUILD")]
    pub(crate) build: Option<Build>,
    /// Read names from this file, one a line ('-' is the standard input); empty lines and lines that begin with # are
    /// passed over
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// End with exit code 3 if any name has errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// HGVS names, or alleles as chr17-43057062-C-T or chr17:43057062:C:T
    #[arg(value_name = "NAME", required_unless_present = "input")]
    pub(crate) names: Vec<String>,
}
