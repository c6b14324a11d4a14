//! Classes of criteria that people set.

use std::path::PathBuf;

const ADDED: &str = "\
The table has a header and a column codes_met, for example `PVS1, PM2_Supporting`; every other column is passed
through. These columns are added (an input column of such a name is called input_ and its name):
  class        by points (Tavtigian 2020): P, LP, VUS, LB or B
  points       their sum
  class_2015   by the combining rules of Richards 2015
  posterior    probability of pathogenicity at a prior of 0.10
  tier         of a VUS: hot (4-5 points), warm (2-3), cold; for sorting only
  notes        what a person must look at: conflicting evidence, a difference of the two classes ...";

#[derive(Debug, clap::Args)]
#[command(after_help = ADDED)]
pub(crate) struct Classify {
    /// Table of tab-separated values with a column codes_met
    #[arg(long, value_name = "FILE.tsv")]
    pub(crate) codes: PathBuf,
    /// Highest sum of points that is Likely benign: -1 as published, -2 to let no single supporting criterion decide
    #[arg(long, value_name = "-1|-2", default_value_t = -1, allow_hyphen_values = true,
          value_parser = clap::value_parser!(i32).range(-2..=-1))]
    pub(crate) lb_min_points: i32,
    /// Table to write; without it the standard output
    #[arg(long, value_name = "FILE.tsv")]
    pub(crate) out: Option<PathBuf>,
}
