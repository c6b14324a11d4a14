//! The table of every allele in scope beside an interpretation.

use std::{io::Write as _, path::Path};

use clinotype_case::evidence::AnnotatedVariant;
use clinotype_genome::{Fault, Result, fs};
use clinotype_interpret::every;

/// The table of every allele in scope, written as the alleles go by.
pub(super) struct Table<'a> {
    file: fs::AtomicFile,
    every: every::Every<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn create(path: &Path, context: &'a clinotype_interpret::Context<'a>) -> Result<Self> {
        let mut table = Self {
            file: fs::AtomicFile::create(path)?,
            every: every::Every::new(context),
        };
        table.line(&every::COLUMNS.join("\t"))?;
        Ok(table)
    }

    pub(super) fn take(&mut self, allele: &AnnotatedVariant) -> Result<()> {
        match self.every.row(allele) {
            Some(row) => self.line(&row),
            None => Ok(()),
        }
    }

    fn line(&mut self, row: &str) -> Result<()> {
        writeln!(self.file, "{row}").map_err(|e| Fault::io("write", self.file.target(), e))
    }

    pub(super) fn finish(self) -> Result<()> {
        self.file.commit()
    }
}
