//! `clinotype data`.

use clinotype_genome::Result;

use super::data_build;
use crate::args::Data;

pub(crate) fn run(call: Data) -> Result<()> {
    match call {
        Data::Build(call) => data_build::build(&call),
        Data::Genes(call) => data_build::genes(call),
    }
}
