//! Importing the published tables.

use std::{collections::BTreeMap, path::Path};

use clinotype_genome::{Fault, Result, digest};
use rusqlite::{Connection, Transaction, params};

use super::{
    GeneFacts,
    names::{self, Unresolved},
    panels, published, schema,
};

/// A table that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// HGNC's complete set (TSV). It comes first: the others name genes by it.
    Hgnc,
    /// GenCC's submissions (TSV or CSV).
    Gencc,
    /// ClinGen's gene-disease validity (CSV).
    ClingenValidity,
    /// ClinGen's dosage sensitivity (gene curation list, TSV).
    ClingenDosage,
    /// gnomAD's constraint metrics (TSV; v2.1.1 and v4).
    GnomadConstraint,
    /// A panel of PanelApp, as its API gives it (JSON).
    PanelApp,
    /// A list of genes, one per line.
    PanelList,
}

impl Table {
    /// All, in the order in which they are to be imported.
    pub const ALL: [Self; 7] = [
        Self::Hgnc,
        Self::Gencc,
        Self::ClingenValidity,
        Self::ClingenDosage,
        Self::GnomadConstraint,
        Self::PanelApp,
        Self::PanelList,
    ];

    /// As the command line and the database name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hgnc => "hgnc",
            Self::Gencc => "gencc",
            Self::ClingenValidity => "clingen-validity",
            Self::ClingenDosage => "clingen-dosage",
            Self::GnomadConstraint => "gnomad-constraint",
            Self::PanelApp => "panelapp",
            Self::PanelList => "panel-list",
        }
    }
}

impl std::str::FromStr for Table {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|t| t.name() == text).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|t| t.name()).collect();
            format!("unknown table {text:?}: there are {}", all.join(", "))
        })
    }
}

/// What is known of a table beside its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// Release; by default what the file states.
    pub release: Option<String>,
    /// Date of the release; by default what the file states.
    pub date: Option<String>,
    /// Licence or terms of use.
    pub licence: Option<String>,
    /// Of a list of genes: what the panel is called.
    pub panel: Option<String>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records read.
    pub records: u64,
    /// Records in the database.
    pub kept: u64,
    /// Records left out, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Release and date as the file states them.
    pub release: Option<String>,
    /// Date.
    pub date: Option<String>,
}

impl Imported {
    pub(super) fn drop_one(&mut self, reason: &str) {
        *self.dropped.entry(reason.to_owned()).or_default() += 1;
    }
}

const UNKNOWN: &str = "the gene is not in HGNC";
const AMBIGUOUS: &str = "the name belongs to several genes";
pub(super) const AGAIN: &str = "the gene stands in the table already";

/// The id of a gene by an HGNC id or, where a table has none, a name; the error is the reason for leaving it out.
pub(super) fn linked(
    connection: &Connection,
    id: Option<&str>,
    name: Option<&str>,
) -> rusqlite::Result<std::result::Result<String, &'static str>> {
    let id = id.filter(|id| id.starts_with("HGNC:"));
    let Some(wanted) = id.or(name) else {
        return Ok(Err(UNKNOWN));
    };
    Ok(match names::resolve(connection, wanted)? {
        Ok(found) => Ok(found.hgnc_id),
        Err(Unresolved::Unknown) => Err(UNKNOWN),
        Err(Unresolved::Ambiguous(_)) => Err(AMBIGUOUS),
    })
}

impl GeneFacts {
    /// Imports a table in one transaction; an earlier release of it is replaced, other versions of a panel stay.
    ///
    /// Faults (input): not the table it is said to be; a damaged row; HGNC is not there yet; a panel that names an
    /// ambiguous gene or none.
    pub fn import(&mut self, table: Table, file: &Path, release: &Release) -> Result<Imported> {
        let sha256 = digest::sha256_file(file)?;
        let path = self.path.clone();
        let failed = |e| schema::fault(&path, e);
        let known: i64 = self
            .connection
            .query_row("SELECT count(*) FROM gene", [], |row| row.get(0))
            .map_err(failed)?;
        if known == 0 && table != Table::Hgnc {
            return Err(Fault::usage("the genes of HGNC are not there yet")
                .at(&path)
                .hint("import the complete set of HGNC first"));
        }
        let transaction = self.connection.transaction().map_err(failed)?;
        let is_panel = matches!(table, Table::PanelApp | Table::PanelList);
        if !is_panel {
            clear(&transaction, table).map_err(failed)?;
        }
        transaction
            .execute(
                "INSERT INTO source (kind, file, sha256, records, kept, dropped) VALUES (?1, ?2, ?3, 0, 0, '{}')",
                params![
                    table.name(),
                    file.file_name()
                        .map(|n| n.to_string_lossy().into_owned())
                        .unwrap_or_default(),
                    sha256
                ],
            )
            .map_err(failed)?;
        let source = transaction.last_insert_rowid();
        let run = Run {
            transaction: &transaction,
            path: &path,
            source,
        };
        let made = match table {
            Table::Hgnc => published::hgnc(&run, file)?,
            Table::Gencc => published::gencc(&run, file)?,
            Table::ClingenValidity => published::clingen_validity(&run, file)?,
            Table::ClingenDosage => published::clingen_dosage(&run, file)?,
            Table::GnomadConstraint => published::constraint(&run, file)?,
            Table::PanelApp => panels::panelapp(&run, file)?,
            Table::PanelList => panels::list(&run, file, release)?,
        };
        if made.kept == 0 {
            return Err(Fault::input("holds no record that can be used").at(file));
        }
        let dropped = serde_json::to_string(&made.dropped)
            .map_err(|e| Fault::internal("counts cannot be written").caused_by(e))?;
        transaction
            .execute(
                "UPDATE source SET release = ?2, date = ?3, licence = ?4, records = ?5, kept = ?6, dropped = ?7
                 WHERE id = ?1",
                params![
                    source,
                    release.release.as_ref().or(made.release.as_ref()),
                    release.date.as_ref().or(made.date.as_ref()),
                    release.licence,
                    made.records as i64,
                    made.kept as i64,
                    dropped
                ],
            )
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(made)
    }
}

/// An import under way.
pub(super) struct Run<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    /// The database.
    pub(super) path: &'a Path,
    pub(super) source: i64,
}

impl Run<'_> {
    pub(super) fn failed(&self, error: rusqlite::Error) -> Fault {
        schema::fault(self.path, error)
    }

    pub(super) fn execute(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<usize> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(values))
            .map_err(|e| self.failed(e))
    }

    pub(super) fn linked(&self, id: Option<&str>, name: Option<&str>) -> Result<Result<String, &'static str>> {
        linked(self.transaction, id, name).map_err(|e| self.failed(e))
    }
}

fn clear(transaction: &Transaction<'_>, table: Table) -> rusqlite::Result<()> {
    let tables: &[&str] = match table {
        // Facts keep their genes' ids, which HGNC never gives to another gene.
        Table::Hgnc => &["gene", "name"],
        Table::Gencc | Table::ClingenValidity => &["validity"],
        Table::ClingenDosage => &["dosage"],
        Table::GnomadConstraint => &["constraint_of"],
        Table::PanelApp | Table::PanelList => &[],
    };
    let of_source = matches!(
        table,
        Table::Gencc | Table::ClingenValidity | Table::ClingenDosage | Table::GnomadConstraint
    );
    for name in tables {
        let which = if of_source {
            " WHERE source IN (SELECT id FROM source WHERE kind = ?1)"
        } else {
            " WHERE ?1 IS NOT NULL"
        };
        transaction.execute(&format!("DELETE FROM {name}{which}"), [table.name()])?;
    }
    transaction.execute("DELETE FROM source WHERE kind = ?1", [table.name()])?;
    Ok(())
}
