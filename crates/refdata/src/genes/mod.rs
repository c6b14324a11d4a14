//! Facts of genes in SQLite: names (HGNC), gene-disease validity (GenCC, ClinGen), dosage (ClinGen), inheritance,
//! constraint (gnomAD), panels (PanelApp and plain lists).
//!
//! Every gene is its HGNC id; whatever a table calls it is resolved when the table is imported, and what cannot be
//! resolved is left out and counted. A database holds one release of each table, and any number of versions of a panel.

mod delimited;
mod import;
mod lookup;
mod names;
mod panels;
mod published;
mod schema;

use std::path::{Path, PathBuf};

use clinotype_genome::Result;
use rusqlite::Connection;

pub use import::{Imported, Release, Table};
pub use lookup::{Constraint, Dosage, Gene, Inheritance, Source, Validity};
pub use names::{Known, Resolved};
pub use panels::{Change, Panel, PanelDiff, PanelGene};

/// A database of gene facts, open.
#[derive(Debug)]
pub struct GeneFacts {
    connection: Connection,
    path: PathBuf,
}

impl GeneFacts {
    /// Makes an empty database, and opens it for imports.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        schema::create(path.as_ref())?;
        Self::open_for_import(path)
    }

    /// Opens a database for look-ups. Faults (input): not one of ours, another version, damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Ok(Self {
            connection: schema::open(path, false)?,
            path: path.to_owned(),
        })
    }

    /// Opens a database for imports, each of which is one transaction.
    pub fn open_for_import(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Ok(Self {
            connection: schema::open(path, true)?,
            path: path.to_owned(),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests;
