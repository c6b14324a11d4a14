//! A run's variants in memory: which combination of facets each has, and its place in each order.
//!
//! Filtering looks at combinations (some thousands), not at variants; a window of any filter, in any order, at any
//! depth, is found by one pass over an array of numbers. Rows are read from the database only for the window.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::{
    columns::{self, Column},
    facets::{Cell, ClassFacet, ClinvarBucket, Effect, FrequencyStep, Kind, Quality, Region},
    query::VariantSort,
};
use crate::{Result, Store, StoreError, tx::Id};

/// A combination of facets and how many variants have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) number: u32,
    pub(crate) cell: Cell,
    pub(crate) n: u64,
}

/// Runs whose index is kept; an index of 5 million variants takes 20 MB, and 40 MB for each order in use.
const KEPT: usize = 2;
/// Orders kept of a run: all there are.
const KEPT_ORDERS: usize = 7;

/// The variants in one order.
#[derive(Debug)]
pub(crate) struct Order {
    /// Ordinals; `None` where they stand as they came.
    pub(crate) ordinals: Option<Vec<u32>>,
    /// The cell of each, in this order.
    pub(crate) cells: Vec<u32>,
    /// Rows from here on have no value to sort by; they stay last when the order is turned round.
    pub(crate) missing_from: usize,
}

/// See the module text.
#[derive(Debug)]
pub(crate) struct RunIndex {
    pub(crate) run_no: i64,
    version: i64,
    pub(crate) cells: Arc<Vec<u32>>,
    pub(crate) counted: Vec<Counted>,
    /// Text of the terms that occur.
    pub(crate) terms: HashMap<u32, String>,
    orders: Mutex<Vec<(VariantSort, Arc<Order>)>>,
    columns: Mutex<HashMap<u8, Arc<Vec<u32>>>>,
}

fn nth<T: Copy>(all: &[T], number: u8) -> Result<T> {
    all.get(usize::from(number)).copied().ok_or_else(StoreError::damaged)
}

/// The combinations of a run.
pub(crate) fn read_cells(connection: &Connection, run_no: i64) -> Result<Vec<Counted>> {
    let mut statement = connection.prepare_cached(
        "SELECT cell, n, quality, region, effect, term, frequency, clinvar, zygosity, kind, class, reviewed \
         FROM variant_cells WHERE run_no = ? ORDER BY cell",
    )?;
    let mut rows = statement.query([run_no])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(Counted {
            number: row.get(0)?,
            n: row.get::<_, i64>(1)? as u64,
            cell: Cell {
                quality: nth(Quality::ALL, row.get(2)?)?,
                region: nth(Region::ALL, row.get(3)?)?,
                effect: nth(Effect::ALL, row.get(4)?)?,
                term: row.get(5)?,
                frequency: nth(FrequencyStep::ALL, row.get(6)?)?,
                clinvar: nth(ClinvarBucket::ALL, row.get(7)?)?,
                zygosity: row.get(8)?,
                kind: nth(Kind::ALL, row.get(9)?)?,
                class: nth(ClassFacet::ALL, row.get(10)?)?,
                reviewed: row.get(11)?,
            },
        });
    }
    // Numbers are dense, so that a cell's number is its place.
    if out.iter().enumerate().any(|(place, c)| c.number as usize != place) {
        return Err(StoreError::damaged());
    }
    Ok(out)
}

/// One stable pass of a radix sort over 16 bits.
fn pass(keys: &[u32], from: impl Iterator<Item = u32>, shift: u32) -> Vec<u32> {
    let mut starts = vec![0u32; 65_537];
    for key in keys {
        starts[(key >> shift & 0xffff) as usize + 1] += 1;
    }
    for place in 0..65_536 {
        starts[place + 1] += starts[place];
    }
    let mut out = vec![0u32; keys.len()];
    for ordinal in from {
        let start = &mut starts[(keys[ordinal as usize] >> shift & 0xffff) as usize];
        out[*start as usize] = ordinal;
        *start += 1;
    }
    out
}

/// Stable order by keys.
fn sorted(keys: &[u32]) -> Vec<u32> {
    let low = pass(keys, 0..keys.len() as u32, 0);
    if keys.iter().all(|k| *k < 1 << 16) {
        return low;
    }
    pass(keys, low.into_iter(), 16)
}

impl RunIndex {
    fn load(connection: &Connection, run_no: i64, version: i64, variants: usize) -> Result<Self> {
        let cells = columns::read(connection, run_no, Column::Cell, variants)?;
        let counted = read_cells(connection, run_no)?;
        if cells.iter().any(|c| *c as usize >= counted.len()) {
            return Err(StoreError::damaged());
        }
        let mut terms = HashMap::new();
        for term in counted.iter().filter_map(|c| c.cell.term) {
            if let std::collections::hash_map::Entry::Vacant(free) = terms.entry(term) {
                free.insert(word(connection, term)?);
            }
        }
        Ok(Self {
            run_no,
            version,
            cells: Arc::new(cells),
            counted,
            terms,
            orders: Mutex::default(),
            columns: Mutex::default(),
        })
    }

    /// A column, kept once read.
    pub(crate) fn column(&self, connection: &Connection, column: Column) -> Result<Arc<Vec<u32>>> {
        if column == Column::Cell {
            return Ok(Arc::clone(&self.cells));
        }
        let kept = self
            .columns
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(column as u8))
            .cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let read = Arc::new(columns::read(connection, self.run_no, column, self.cells.len())?);
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        // Columns that only make an order are cheap to read again.
        if matches!(column, Column::Gene | Column::Contig | Column::Position) {
            columns.insert(column as u8, Arc::clone(&read));
        }
        Ok(read)
    }

    /// The variants in an order, smallest key first, missing values last.
    pub(crate) fn order(&self, connection: &Connection, sort: VariantSort) -> Result<Arc<Order>> {
        {
            let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = orders.iter().position(|(s, _)| *s == sort) {
                // The one in use moves to the end; the first is given up when there are too many.
                let kept = orders.remove(place);
                let order = Arc::clone(&kept.1);
                orders.push(kept);
                return Ok(order);
            }
        }
        let order = Arc::new(self.make_order(connection, sort)?);
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if orders.len() >= KEPT_ORDERS {
            orders.remove(0);
        }
        orders.push((sort, Arc::clone(&order)));
        Ok(order)
    }

    fn make_order(&self, connection: &Connection, sort: VariantSort) -> Result<Order> {
        let n = self.cells.len();
        let (ordinals, missing) = match sort {
            VariantSort::Position => return self.by_position(connection),
            VariantSort::Priority => {
                let keys: Vec<u32> = self.counted.iter().map(|c| c.cell.priority()).collect();
                (sorted(&self.per_cell(&ranks(&keys))), 0)
            }
            VariantSort::Class => {
                let keys: Vec<u32> = self.counted.iter().map(|c| c.cell.class as u32).collect();
                let keys = self.per_cell(&keys);
                let none = ClassFacet::NotClassified as u32;
                let missing = keys.iter().filter(|k| **k == none).count();
                (sorted(&keys), missing)
            }
            VariantSort::Gene => {
                let genes = self.column(connection, Column::Gene)?;
                let most = genes.iter().copied().max().unwrap_or(0) as usize;
                let mut present = vec![false; most + 1];
                for gene in genes.iter() {
                    present[*gene as usize] = true;
                }
                let mut words = (1..=most as u32)
                    .filter(|g| present[*g as usize])
                    .map(|g| Ok((word(connection, g)?, g)))
                    .collect::<Result<Vec<_>>>()?;
                words.sort();
                // No gene sorts last.
                let mut ranks = vec![words.len() as u32; most + 1];
                for (rank, (_, gene)) in words.iter().enumerate() {
                    ranks[*gene as usize] = rank as u32;
                }
                let missing = genes.iter().filter(|g| **g == 0).count();
                let keys: Vec<u32> = genes.iter().map(|g| ranks[*g as usize]).collect();
                (sorted(&keys), missing)
            }
            VariantSort::Frequency | VariantSort::Depth | VariantSort::Quality => {
                let column = match sort {
                    VariantSort::Frequency => Column::Frequency,
                    VariantSort::Depth => Column::Depth,
                    _ => Column::Quality,
                };
                let values = self.column(connection, column)?;
                missing_last(values.iter().map(|v| v.checked_sub(1)))
            }
        };
        let cells = ordinals.iter().map(|o| self.cells[*o as usize]).collect();
        Ok(Order {
            ordinals: Some(ordinals),
            cells,
            missing_from: n - missing,
        })
    }

    fn per_cell(&self, keys: &[u32]) -> Vec<u32> {
        self.cells.iter().map(|c| keys[*c as usize]).collect()
    }

    /// Contigs stand in the order of their first variant, positions in each ascending. Normalised alleles of one file
    /// are nearly sorted, and often wholly.
    fn by_position(&self, connection: &Connection) -> Result<Order> {
        let contigs = self.column(connection, Column::Contig)?;
        let positions = self.column(connection, Column::Position)?;
        let mut ranks: HashMap<u32, u64> = HashMap::new();
        let mut last = (0, 0);
        let keys: Vec<u64> = contigs
            .iter()
            .zip(positions.iter())
            .map(|(contig, position)| {
                if last.0 != *contig || ranks.is_empty() {
                    let next = ranks.len() as u64;
                    last = (*contig, *ranks.entry(*contig).or_insert(next));
                }
                last.1 << 32 | u64::from(*position)
            })
            .collect();
        let (ordinals, cells) = if keys.is_sorted() {
            (None, self.cells.to_vec())
        } else {
            let mut ordinals: Vec<u32> = (0..keys.len() as u32).collect();
            ordinals.sort_by_key(|o| keys[*o as usize]);
            let cells = ordinals.iter().map(|o| self.cells[*o as usize]).collect();
            (Some(ordinals), cells)
        };
        Ok(Order {
            ordinals,
            cells,
            missing_from: keys.len(),
        })
    }
}

/// Dense ranks of keys, equal where the keys are.
fn ranks(keys: &[u32]) -> Vec<u32> {
    let mut all = keys.to_vec();
    all.sort_unstable();
    all.dedup();
    keys.iter().map(|k| all.partition_point(|a| a < k) as u32).collect()
}

fn missing_last(keys: impl Iterator<Item = Option<u32>>) -> (Vec<u32>, usize) {
    let mut missing = 0;
    let keys: Vec<u32> = keys
        .map(|key| {
            missing += usize::from(key.is_none());
            key.unwrap_or(u32::MAX)
        })
        .collect();
    (sorted(&keys), missing)
}

/// A word of the dictionary.
pub(crate) fn word(connection: &Connection, number: u32) -> Result<String> {
    connection
        .prepare_cached("SELECT text FROM dictionary WHERE id = ?")?
        .query_row([number], |row| row.get(0))
        .optional()?
        .ok_or_else(StoreError::damaged)
}

/// The number of a word.
pub(crate) fn number(connection: &Connection, text: &str) -> Result<Option<u32>> {
    Ok(connection
        .prepare_cached("SELECT id FROM dictionary WHERE text = ?")?
        .query_row([text], |row| row.get(0))
        .optional()?)
}

impl Store {
    /// The run's index as of what `connection` sees, loaded where the one kept is of another time.
    pub(crate) fn index(&self, connection: &Connection, run: Uuid) -> Result<Arc<RunIndex>> {
        let (no, state, variants, version): (i64, Option<String>, Option<i64>, i64) = connection
            .prepare_cached("SELECT no, variant_state, variants, variant_version FROM runs WHERE id = ?")?
            .query_row([Id(run)], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?
            .ok_or_else(|| StoreError::not_found("run"))?;
        let variants = match (state.as_deref(), variants) {
            (Some("imported"), Some(variants)) => variants as usize,
            _ => return Err(StoreError::not_found("variants: the run's are not imported")),
        };
        let kept = self
            .indexes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&run)
            .cloned();
        if let Some(kept) = kept.filter(|k| k.version == version) {
            return Ok(kept);
        }
        let index = Arc::new(RunIndex::load(connection, no, version, variants)?);
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if indexes.len() >= KEPT
            && !indexes.contains_key(&run)
            && let Some(other) = indexes.keys().next().copied()
        {
            indexes.remove(&other);
        }
        indexes.insert(run, Arc::clone(&index));
        Ok(index)
    }

    /// After a change of cells.
    pub(crate) fn forget_index(&self, run: Uuid) {
        self.indexes.lock().unwrap_or_else(PoisonError::into_inner).remove(&run);
    }

    /// Loads the run's index and its default order ahead of the first query.
    pub fn warm_variants(&self, run: Uuid) -> Result<()> {
        self.db.read(|connection| {
            self.index(connection, run)?
                .order(connection, VariantSort::Priority)
                .map(drop)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_like_the_standard_library(keys in proptest::collection::vec(prop_oneof![0u32..9, any::<u32>(), Just(u32::MAX)], 0..500)) {
            let mut expected: Vec<u32> = (0..keys.len() as u32).collect();
            expected.sort_by_key(|o| keys[*o as usize]);
            prop_assert_eq!(sorted(&keys), expected);
        }
    }
}
