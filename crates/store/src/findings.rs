//! What interpretation found in a run.

use clinotype_case::criterion::Class;
use clinotype_genome::{Pos, VariantKey};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::{
    Act, Result, Store, StoreError,
    assertions::set_class,
    audit::Entry,
    runs,
    tx::Tx,
    variants::{class_code, class_from, query::ordinal_of},
};

/// A finding to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFinding {
    /// `V1`.
    pub finding: String,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol.
    pub gene: Option<String>,
    /// Where it stands on the report.
    pub section: String,
    /// Proposed class.
    pub class: Class,
    /// Points.
    pub points: i32,
    /// The whole finding, JSON.
    pub json: String,
}

/// A finding of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredFinding {
    /// The run.
    pub run: Uuid,
    /// `V1`.
    pub finding: String,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol.
    pub gene: Option<String>,
    /// Where it stands on the report.
    pub section: String,
    /// Class by the criteria that people set, else as proposed.
    pub class: Class,
    /// Points, likewise.
    pub points: i32,
    /// The whole finding as the rules made it, JSON.
    pub json: String,
    /// Its variant among the run's; `None` where those are not imported or do not hold it.
    pub variant: Option<u32>,
}

/// A class column.
pub(crate) fn class_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Class> {
    let code: String = row.get(column)?;
    class_from(&code).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, "no such class".into())
    })
}

/// An allele from four columns.
pub(crate) fn key_at(row: &Row<'_>, column: usize) -> rusqlite::Result<VariantKey> {
    let position = row.get(column + 1)?;
    Ok(VariantKey {
        contig: row.get(column)?,
        position: Pos::new(position).ok_or(rusqlite::Error::IntegralValueOutOfRange(
            column + 1,
            i64::from(position),
        ))?,
        reference: row.get(column + 2)?,
        alternate: row.get(column + 3)?,
    })
}

fn read(connection: &Connection, run: Uuid, run_no: i64) -> Result<Vec<StoredFinding>> {
    let mut statement = connection.prepare_cached(
        "SELECT contig, pos, ref, alt, finding, gene, section, coalesce(class_set, class), \
         coalesce(points_set, points), content, variant FROM findings \
         WHERE run_no = ? ORDER BY length(finding), finding",
    )?;
    let findings = statement
        .query_map([run_no], |row| {
            Ok(StoredFinding {
                run,
                key: key_at(row, 0)?,
                finding: row.get(4)?,
                gene: row.get(5)?,
                section: row.get(6)?,
                class: class_at(row, 7)?,
                points: row.get(8)?,
                json: row.get(9)?,
                variant: row.get(10)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(findings)
}

impl Store {
    /// Keeps a run's findings in place of those it had. Variants, imported before or after, get the proposed class;
    /// a class that a person asserted stays.
    pub fn save_findings(&self, act: &Act, run: Uuid, findings: &[NewFinding]) -> Result<()> {
        let done = self.write(act, |tx| {
            let found = runs::key(tx, run)?;
            let imported: bool = tx.query_row(
                "SELECT variant_state IS 'imported' FROM runs WHERE no = ?",
                [found.no],
                |row| row.get(0),
            )?;
            for old in read(tx, run, found.no)? {
                if let Some(ordinal) = old.variant.filter(|_| imported) {
                    set_class(tx, run, found.no, ordinal, None)?;
                }
            }
            tx.execute("DELETE FROM findings WHERE run_no = ?", [found.no])?;
            for finding in findings {
                let ordinal = if imported {
                    ordinal_of(tx, &*self.index(tx, run)?, &finding.key)?
                } else {
                    None
                };
                insert(tx, found.no, finding, ordinal)?;
                if let Some(ordinal) = ordinal {
                    set_class(tx, run, found.no, ordinal, Some(finding.class))?;
                }
            }
            tx.execute("UPDATE runs SET findings_saved = 1 WHERE no = ?", [found.no])?;
            let told: Vec<String> = findings
                .iter()
                .map(|f| {
                    format!(
                        "{} {} {}",
                        f.finding,
                        f.gene.as_deref().unwrap_or("-"),
                        class_code(f.class)
                    )
                })
                .collect();
            tx.log(&Entry {
                kind: "run",
                object: &run.to_string(),
                case: Some(found.case),
                action: "findings",
                field: "findings",
                new: Some(&told.join("; ")),
                ..Entry::default()
            })
        });
        // Also after a failure: an index that was loaded inside the transaction may have seen its changes.
        self.forget_index(run);
        done
    }

    /// The findings of a run in the order of the report.
    pub fn findings(&self, run: Uuid) -> Result<Vec<StoredFinding>> {
        self.db.read(|connection| {
            let found = runs::key(connection, run)?;
            read(connection, run, found.no)
        })
    }
}

fn insert(tx: &Tx<'_>, run_no: i64, finding: &NewFinding, ordinal: Option<u32>) -> Result<()> {
    serde_json::from_str::<serde::de::IgnoredAny>(&finding.json)
        .map_err(|_| StoreError::input("a finding is not JSON"))?;
    tx.prepare_cached(
        "INSERT INTO findings (run_no, finding, contig, pos, ref, alt, gene, section, class, points, content, variant) \
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    )?
    .execute(params![
        run_no,
        finding.finding,
        finding.key.contig,
        finding.key.position.get(),
        finding.key.reference,
        finding.key.alternate,
        finding.gene,
        finding.section,
        class_code(finding.class),
        finding.points,
        finding.json,
        ordinal
    ])?;
    Ok(())
}
