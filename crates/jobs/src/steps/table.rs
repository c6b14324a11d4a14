//! The table of every allele in scope beside an interpretation.

use std::{io::Write as _, path::Path};

use clinotype_genome::{Fault, Result, fs};
use clinotype_interpret::every;

/// The table of every allele in scope, written as the alleles go by.
pub(super) struct Table(fs::AtomicFile);

impl Table {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let mut table = Self(fs::AtomicFile::create(path)?);
        table.line(&every::COLUMNS.join("\t"))?;
        Ok(table)
    }

    pub(super) fn line(&mut self, row: &str) -> Result<()> {
        writeln!(self.0, "{row}").map_err(|e| Fault::io("write", self.0.target(), e))
    }

    pub(super) fn finish(self) -> Result<()> {
        self.0.commit()
    }
}
