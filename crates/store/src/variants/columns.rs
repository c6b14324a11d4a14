//! Columns of all variants of a run, for sorting and searching without touching their rows.
//!
//! Each is an array of 32-bit numbers in blocks of 65,536, byte planes apart and compressed: 5 million variants take a
//! few MB and are read in a few hundredths of a second, where their rows would take seconds.

use rusqlite::{Connection, params};

use crate::{Result, StoreError};

/// Rows in a block.
pub(crate) const BLOCK: usize = 1 << 16;

/// A column. The number is the one in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Column {
    /// Number of the combination of facets.
    Cell = 0,
    /// Dictionary number of the contig.
    Contig = 1,
    /// 1-based position.
    Position = 2,
    /// Dictionary number of the gene; 0 is none.
    Gene = 3,
    /// Sort key of the frequency.
    Frequency = 4,
    /// Depth + 1; 0 is none.
    Depth = 5,
    /// Sort key of QUAL; 0 is none.
    Quality = 6,
    /// Hash of the c. name; 0 is none.
    Coding = 7,
    /// Hash of the p. name; 0 is none.
    Protein = 8,
}

pub(crate) const COLUMNS: [Column; 9] = [
    Column::Cell,
    Column::Contig,
    Column::Position,
    Column::Gene,
    Column::Frequency,
    Column::Depth,
    Column::Quality,
    Column::Coding,
    Column::Protein,
];

pub(crate) fn pack(values: &[u32]) -> Result<Vec<u8>> {
    let mut planes = vec![0; values.len() * 4];
    for plane in 0..4 {
        for (to, value) in planes[plane * values.len()..].iter_mut().zip(values) {
            *to = value.to_le_bytes()[plane];
        }
    }
    zstd::bulk::compress(&planes, 1).map_err(|e| StoreError::internal(format!("a column could not be packed: {e}")))
}

pub(crate) fn unpack(data: &[u8], into: &mut Vec<u32>) -> Result<()> {
    let planes = zstd::bulk::decompress(data, BLOCK * 4).map_err(|_| StoreError::damaged())?;
    let n = planes.len() / 4;
    let (a, rest) = planes.split_at(n);
    let (b, rest) = rest.split_at(n);
    let (c, d) = rest.split_at(n);
    into.extend(
        a.iter()
            .zip(b)
            .zip(c.iter().zip(d))
            .map(|((a, b), (c, d))| u32::from_le_bytes([*a, *b, *c, *d])),
    );
    Ok(())
}

pub(crate) fn write_block(
    connection: &Connection,
    run_no: i64,
    column: Column,
    block: usize,
    values: &[u32],
) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO variant_columns VALUES (?, ?, ?, ?)")?
        .execute(params![run_no, column as u8, block as i64, pack(values)?])?;
    Ok(())
}

pub(crate) fn read_block(connection: &Connection, run_no: i64, column: Column, block: usize) -> Result<Vec<u32>> {
    let data: Vec<u8> = connection
        .prepare_cached("SELECT data FROM variant_columns WHERE run_no = ? AND col = ? AND block = ?")?
        .query_row(params![run_no, column as u8, block as i64], |row| row.get(0))?;
    let mut out = Vec::with_capacity(BLOCK);
    unpack(&data, &mut out)?;
    Ok(out)
}

/// A whole column of `expected` rows.
pub(crate) fn read(connection: &Connection, run_no: i64, column: Column, expected: usize) -> Result<Vec<u32>> {
    let mut out = Vec::with_capacity(expected);
    let mut statement =
        connection.prepare_cached("SELECT data FROM variant_columns WHERE run_no = ? AND col = ? ORDER BY block")?;
    let mut rows = statement.query(params![run_no, column as u8])?;
    while let Some(row) = rows.next()? {
        let data = row.get_ref(0)?.as_blob().map_err(|_| StoreError::damaged())?;
        unpack(data, &mut out)?;
    }
    if out.len() != expected {
        return Err(StoreError::damaged());
    }
    Ok(out)
}

/// A key of a number of 0 or more that sorts as the number does; 0 is kept for what is missing.
pub(crate) fn float_key(value: f32) -> u32 {
    // Bits of floats that are not negative sort as the floats do.
    if value > 0.0 {
        value.to_bits().saturating_add(2)
    } else {
        2
    }
}

/// Hash of an HGVS name for finding it again; brackets and case do not matter. Never 0.
pub(crate) fn name_hash(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.bytes().filter(|b| !matches!(b, b'(' | b')' | b' ')) {
        hash = (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193);
    }
    hash.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_block_goes_both_ways(values in proptest::collection::vec(any::<u32>(), 0..3000)) {
            let mut out = Vec::new();
            unpack(&pack(&values).unwrap(), &mut out).unwrap();
            prop_assert_eq!(out, values);
        }
        #[test]
        fn keys_sort_as_numbers(a in 0f32..1e9, b in 0f32..1e9) {
            prop_assert_eq!(float_key(a).cmp(&float_key(b)), a.total_cmp(&b));
        }
    }

    #[test]
    fn brackets_and_case_do_not_matter() {
        assert_eq!(name_hash("p.(Glu23ValfsTer17)"), name_hash("p.glu23valfster17"));
        assert_ne!(name_hash("c.68_69del"), name_hash("c.68_70del"));
    }
}
