//! Taking a run's variants in: all or nothing.

use std::collections::HashMap;

use clinotype_genome::{Fault, Progress};
use rusqlite::{OptionalExtension, Transaction, params};
use uuid::Uuid;

use super::{
    VariantRow,
    columns::{self, BLOCK, COLUMNS, Column, float_key, name_hash},
    facets::{Cell, ClassFacet, FrequencyState},
    row::mane_number,
};
use crate::{Act, Result, Store, StoreError, StoredFinding, audit::Entry, runs, tx::Id};

/// What was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Variants.
    pub variants: u64,
    /// Combinations of facets among them.
    pub cells: u32,
}

/// Words seen in this import, so that the dictionary is asked once for each.
#[derive(Default)]
struct Words(HashMap<String, u32>);

impl Words {
    fn number(&mut self, transaction: &Transaction<'_>, text: &str) -> Result<u32> {
        if let Some(number) = self.0.get(text) {
            return Ok(*number);
        }
        let found: Option<u32> = transaction
            .prepare_cached("SELECT id FROM dictionary WHERE text = ?")?
            .query_row([text], |row| row.get(0))
            .optional()?;
        let number = if let Some(number) = found {
            number
        } else {
            transaction
                .prepare_cached("INSERT INTO dictionary (text) VALUES (?)")?
                .execute([text])?;
            u32::try_from(transaction.last_insert_rowid())
                .map_err(|_| StoreError::internal("the dictionary is full"))?
        };
        self.0.insert(text.to_owned(), number);
        Ok(number)
    }
    fn option(&mut self, transaction: &Transaction<'_>, text: Option<&str>) -> Result<Option<u32>> {
        text.map(|text| self.number(transaction, text)).transpose()
    }
}

/// An import under way.
struct Import {
    run_no: i64,
    words: Words,
    cells: HashMap<Cell, u32>,
    counts: Vec<u64>,
    seen: u64,
    columns: [Vec<u32>; COLUMNS.len()],
    /// Findings that were saved before, by position.
    findings: HashMap<u32, Vec<StoredFinding>>,
    /// Which variant each of them is.
    found: Vec<(String, u32)>,
}

/// Sort key of a frequency: not evaluated 0 (missing), absent 1, then by value.
fn frequency_key(frequency: FrequencyState) -> u32 {
    match frequency {
        FrequencyState::Found(f) if f.is_finite() => float_key(f as f32),
        FrequencyState::Absent => 1,
        FrequencyState::NotEvaluated | FrequencyState::Found(_) => 0,
    }
}

impl Import {
    fn add(&mut self, transaction: &Transaction<'_>, row: &VariantRow) -> Result<()> {
        let ordinal = u32::try_from(self.seen).map_err(|_| StoreError::input("a run holds too many variants"))?;
        let words = &mut self.words;
        let contig = words.number(transaction, &row.key.contig)?;
        let gene = words.option(transaction, row.gene.as_deref())?;
        let term = words.option(transaction, row.term.as_deref())?;
        let genotype = words.number(transaction, &row.genotype)?;
        let filters = (!row.filters.is_empty()).then(|| row.filters.join(";"));
        let filters = words.option(transaction, filters.as_deref())?;
        let transcript = words.option(transaction, row.transcript.as_deref())?;
        let significance = words.option(transaction, row.clinvar.significance.as_deref())?;
        let next = self.counts.len() as u32;
        let mut facets = row.cell(term);
        for finding in self.findings.get(&row.key.position.get()).into_iter().flatten() {
            if finding.key == row.key {
                facets.class = ClassFacet::from(Some(finding.class));
                self.found.push((finding.finding.clone(), ordinal));
            }
        }
        let cell = *self.cells.entry(facets).or_insert(next);
        if cell == next {
            self.counts.push(0);
        }
        self.counts[cell as usize] += 1;
        let frequency = match row.frequency {
            FrequencyState::Found(f) if f.is_finite() => Some(f),
            _ => None,
        };
        transaction
            .prepare_cached("INSERT INTO variants VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?
            .execute(params![
                self.run_no << 32 | i64::from(ordinal),
                contig,
                row.key.position.get(),
                row.key.reference,
                row.key.alternate,
                cell,
                genotype,
                filters,
                row.qual,
                row.depth,
                row.alternate_depth,
                row.genotype_quality,
                gene,
                transcript,
                row.hgvs_c,
                row.hgvs_p,
                mane_number(row.mane),
                significance,
                row.clinvar.stars,
                row.clinvar.variation_id.map(|id| id as i64),
                frequency
            ])?;
        let values = [
            cell,
            contig,
            row.key.position.get(),
            gene.unwrap_or(0),
            frequency_key(row.frequency),
            row.depth.map_or(0, |d| d.saturating_add(1)),
            row.qual.map_or(0, float_key),
            row.hgvs_c.as_deref().map_or(0, name_hash),
            row.hgvs_p.as_deref().map_or(0, name_hash),
        ];
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
        self.seen += 1;
        Ok(())
    }

    fn write_block(&mut self, transaction: &Transaction<'_>, block: usize) -> Result<()> {
        for (column, values) in COLUMNS.iter().zip(&mut self.columns) {
            if !values.is_empty() {
                columns::write_block(transaction, self.run_no, *column, block, values)?;
                values.clear();
            }
        }
        Ok(())
    }

    fn write_cells(&self, transaction: &Transaction<'_>) -> Result<()> {
        for (cell, number) in &self.cells {
            insert_cell(transaction, self.run_no, *number, cell, self.counts[*number as usize])?;
        }
        Ok(())
    }
}

pub(super) fn insert_cell(transaction: &Transaction<'_>, run_no: i64, number: u32, cell: &Cell, n: u64) -> Result<()> {
    transaction
        .prepare_cached("INSERT INTO variant_cells VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)")?
        .execute(params![
            run_no,
            number,
            cell.quality as u8,
            cell.region as u8,
            cell.effect as u8,
            cell.term,
            cell.frequency as u8,
            cell.clinvar as u8,
            cell.zygosity,
            cell.kind as u8,
            cell.class as u8,
            cell.reviewed,
            n as i64
        ])?;
    Ok(())
}

impl Store {
    /// Takes a run's variants in, in the order given. A failure, a cancel or a kill leaves none of them. Work is cut
    /// into transactions of 65,536 rows, so that other writers wait only shortly.
    ///
    /// `expected` rows are for the progress; 0 where unknown. Errors: the run has variants already; an error of `rows`.
    pub fn import_variants(
        &self,
        act: &Act,
        run: Uuid,
        rows: &mut dyn Iterator<Item = Result<VariantRow, Fault>>,
        expected: u64,
        progress: &dyn Progress,
    ) -> Result<Imported> {
        let found = self.write(act, |tx| {
            let found = runs::key(tx, run)?;
            let free = tx.execute(
                "UPDATE runs SET variant_state = 'importing' WHERE no = ? AND variant_state IS NULL",
                [found.no],
            )?;
            if free == 0 {
                return Err(StoreError::not_allowed("the run's variants are in the store already"));
            }
            Ok(found)
        })?;
        let mut import = Import {
            run_no: found.no,
            words: Words::default(),
            cells: HashMap::new(),
            counts: Vec::new(),
            seen: 0,
            columns: std::array::from_fn(|_| Vec::with_capacity(BLOCK)),
            findings: HashMap::new(),
            found: Vec::new(),
        };
        for finding in self.findings(run)? {
            import
                .findings
                .entry(finding.key.position.get())
                .or_default()
                .push(finding);
        }
        let done = self
            .take_rows(act, &mut import, rows, expected, progress)
            .and_then(|()| {
                self.write(act, |tx| {
                    import.write_cells(tx)?;
                    for (finding, ordinal) in &import.found {
                        tx.execute(
                            "UPDATE findings SET variant = ? WHERE run_no = ? AND finding = ?",
                            params![ordinal, found.no, finding],
                        )?;
                    }
                    tx.execute(
                        "UPDATE runs SET variant_state = 'imported', variants = ?, variant_version = variant_version + 1 WHERE no = ?",
                        params![import.seen as i64, found.no],
                    )?;
                    tx.log(&Entry {
                        kind: "run",
                        object: &run.to_string(),
                        case: Some(found.case),
                        action: "import variants",
                        field: "variants",
                        new: Some(&import.seen.to_string()),
                        ..Entry::default()
                    })
                })
            });
        if let Err(error) = done {
            // Where this fails too, the next opening does it.
            let _ = self.drop_variants(run);
            return Err(error);
        }
        Ok(Imported {
            variants: import.seen,
            cells: import.counts.len() as u32,
        })
    }

    fn take_rows(
        &self,
        act: &Act,
        import: &mut Import,
        rows: &mut dyn Iterator<Item = Result<VariantRow, Fault>>,
        expected: u64,
        progress: &dyn Progress,
    ) -> Result<()> {
        let mut rows = rows.peekable();
        for block in 0.. {
            progress.check()?;
            progress.advance(import.seen, expected);
            if rows.peek().is_none() {
                break;
            }
            // Rows are gathered before the transaction: making them may take longer than writing them.
            let taken = rows.by_ref().take(BLOCK).collect::<Result<Vec<_>, Fault>>()?;
            self.write(act, |tx| {
                for row in &taken {
                    import.add(tx, row)?;
                }
                import.write_block(tx, block)
            })?;
        }
        Ok(())
    }

    /// Removes a run's variants in steps; the run has none from the first step on.
    pub(crate) fn drop_variants(&self, run: Uuid) -> Result<()> {
        let no = {
            let writer = self.db.writer();
            let no = runs::key(&writer, run)?.no;
            writer.execute(
                "UPDATE runs SET variant_state = 'importing', variants = NULL WHERE no = ?",
                [no],
            )?;
            no
        };
        self.forget_index(run);
        loop {
            // The lock is given back between steps.
            let gone = self.db.writer().execute(
                "DELETE FROM variants WHERE id IN (SELECT id FROM variants WHERE id BETWEEN ?1 AND ?2 LIMIT 65536)",
                params![no << 32, no << 32 | 0xffff_ffff],
            )?;
            if gone == 0 {
                break;
            }
        }
        let mut writer = self.db.writer();
        let transaction = writer.transaction()?;
        transaction.execute("DELETE FROM variant_columns WHERE run_no = ?", [no])?;
        transaction.execute("DELETE FROM variant_cells WHERE run_no = ?", [no])?;
        transaction.execute("UPDATE runs SET variant_state = NULL WHERE no = ?", [no])?;
        transaction.commit()?;
        Ok(())
    }

    /// Removes a run's variants. Errors: somebody asserted a class for one of them.
    pub fn remove_variants(&self, act: &Act, run: Uuid) -> Result<()> {
        self.write(act, |tx| {
            let found = runs::key(tx, run)?;
            let asserted: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM assertions WHERE run_id = ?)",
                [Id(run)],
                |row| row.get(0),
            )?;
            if asserted {
                return Err(StoreError::not_allowed(
                    "a class was asserted for variants of this run: they are kept",
                ));
            }
            tx.execute(
                "UPDATE runs SET variant_state = 'importing', variants = NULL WHERE no = ?",
                [found.no],
            )?;
            tx.log(&Entry {
                kind: "run",
                object: &run.to_string(),
                case: Some(found.case),
                action: "remove variants",
                ..Entry::default()
            })
        })?;
        self.drop_variants(run)
    }
}

/// Moves one variant of a run to another cell: its row, its column and the counts, in one transaction.
pub(crate) fn change_cell(
    transaction: &Transaction<'_>,
    run_no: i64,
    ordinal: u32,
    change: impl FnOnce(&mut Cell),
) -> Result<()> {
    let id = run_no << 32 | i64::from(ordinal);
    let old: u32 = transaction
        .query_row("SELECT cell FROM variants WHERE id = ?", [id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::not_found("variant"))?;
    let cells = super::index::read_cells(transaction, run_no)?;
    let mut cell = cells
        .iter()
        .find(|c| c.number == old)
        .ok_or_else(StoreError::damaged)?
        .cell;
    change(&mut cell);
    let new = if let Some(found) = cells.iter().find(|c| c.cell == cell) {
        found.number
    } else {
        let number = cells.len() as u32;
        insert_cell(transaction, run_no, number, &cell, 0)?;
        number
    };
    if new == old {
        return Ok(());
    }
    for (number, by) in [(old, -1), (new, 1)] {
        transaction.execute(
            "UPDATE variant_cells SET n = n + ? WHERE run_no = ? AND cell = ?",
            params![by, run_no, number],
        )?;
    }
    transaction.execute(
        "UPDATE runs SET variant_version = variant_version + 1 WHERE no = ?",
        [run_no],
    )?;
    transaction.execute("UPDATE variants SET cell = ? WHERE id = ?", params![new, id])?;
    let block = ordinal as usize / BLOCK;
    let mut values = columns::read_block(transaction, run_no, Column::Cell, block)?;
    *values
        .get_mut(ordinal as usize % BLOCK)
        .ok_or_else(StoreError::damaged)? = new;
    columns::write_block(transaction, run_no, Column::Cell, block, &values)
}
