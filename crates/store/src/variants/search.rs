//! What a person types to find variants.

use rusqlite::{Connection, params};

use super::{
    columns::{Column, name_hash},
    index::{RunIndex, number},
};
use crate::Result;

/// A search, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// Beginning of a gene symbol.
    pub(crate) gene: Option<String>,
    /// Contig and 1-based first and last position.
    pub(crate) interval: Option<(String, u32, u32)>,
    /// A c. or p. name without accession.
    pub(crate) coding: Option<String>,
    pub(crate) protein: Option<String>,
}

fn interval(text: &str) -> Option<(String, u32, u32)> {
    let (contig, range) = text.rsplit_once(':')?;
    let digits = range.replace([',', ' '], "");
    let (first, last) = digits.split_once('-').unwrap_or((&digits, &digits));
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    (!contig.is_empty() && first >= 1 && first <= last).then(|| (contig.to_owned(), first, last))
}

/// Reads what was typed. Words are separated by blanks; all of them must hold.
pub(crate) fn parse(text: &str) -> Search {
    let mut search = Search::default();
    if let Some(found) = interval(text.trim()) {
        search.interval = Some(found);
        return search;
    }
    for word in text.split_whitespace() {
        if let Some(found) = interval(word) {
            search.interval = Some(found);
            continue;
        }
        // NM_007294.4:c.68_69del, NM_007294.4(BRCA1):c.68_69del
        let name = word.rsplit_once(':').map_or(word, |(_, name)| name);
        match name.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("c." | "n.") => search.coding = Some(name.to_owned()),
            Some("p.") => search.protein = Some(name.to_owned()),
            _ => search.gene = Some(word.to_owned()),
        }
    }
    search
}

/// Which variants match; one bit each.
#[derive(Debug)]
pub(crate) struct Matches(Vec<u64>);

impl Matches {
    pub(crate) fn has(&self, ordinal: usize) -> bool {
        self.0[ordinal / 64] >> (ordinal % 64) & 1 == 1
    }

    fn keep(&mut self, values: &[u32], fits: impl Fn(u32) -> bool) {
        for (word, values) in self.0.iter_mut().zip(values.chunks(64)) {
            let bits = values
                .iter()
                .enumerate()
                .fold(0u64, |bits, (bit, value)| bits | u64::from(fits(*value)) << bit);
            *word &= bits;
        }
    }
}

/// Genes whose symbol begins with `prefix`.
fn genes(connection: &Connection, prefix: &str) -> Result<Vec<u32>> {
    let pattern: String = prefix
        .chars()
        .flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]))
        .chain(['%'])
        .collect();
    let mut statement = connection.prepare_cached("SELECT id FROM dictionary WHERE text LIKE ? ESCAPE '\\'")?;
    let mut ids: Vec<u32> = statement
        .query_map([pattern], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    ids.sort_unstable();
    Ok(ids)
}

/// `chr17` and `17` are the same to a person.
fn contigs(connection: &Connection, name: &str) -> Result<Vec<u32>> {
    let bare = name.strip_prefix("chr").unwrap_or(name);
    let mut out = Vec::new();
    for spelling in [name.to_owned(), bare.to_owned(), format!("chr{bare}")] {
        out.extend(number(connection, &spelling)?);
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// The variants that match; `None` where nothing was asked.
pub(crate) fn matches(connection: &Connection, index: &RunIndex, search: &Search) -> Result<Option<Matches>> {
    if *search == Search::default() {
        return Ok(None);
    }
    let mut found = Matches(vec![u64::MAX; index.cells.len().div_ceil(64)]);
    if let Some(prefix) = &search.gene {
        let genes = genes(connection, prefix)?;
        let values = index.column(connection, Column::Gene)?;
        // Runs of one gene are long: the last answer mostly holds.
        let last = std::cell::Cell::new((0, false));
        found.keep(&values, |gene| {
            if last.get().0 != gene {
                last.set((gene, genes.binary_search(&gene).is_ok()));
            }
            last.get().1
        });
    }
    if let Some((contig, first, end)) = &search.interval {
        let contigs = contigs(connection, contig)?;
        let values = index.column(connection, Column::Contig)?;
        found.keep(&values, |contig| contigs.contains(&contig));
        let values = index.column(connection, Column::Position)?;
        found.keep(&values, |position| (*first..=*end).contains(&position));
    }
    for (name, column, sql) in [
        (
            &search.coding,
            Column::Coding,
            "SELECT hgvs_c FROM variants WHERE id = ?",
        ),
        (
            &search.protein,
            Column::Protein,
            "SELECT hgvs_p FROM variants WHERE id = ?",
        ),
    ] {
        let Some(name) = name else { continue };
        let hash = name_hash(name);
        let values = index.column(connection, column)?;
        found.keep(&values, |value| value == hash);
        // Equal hashes are few; the names themselves decide.
        let mut statement = connection.prepare_cached(sql)?;
        for place in 0..found.0.len() {
            let mut bits = found.0[place];
            while bits != 0 {
                let bit = bits.trailing_zeros();
                bits &= bits - 1;
                let ordinal = place * 64 + bit as usize;
                if ordinal >= index.cells.len() {
                    break;
                }
                let stored: Option<String> =
                    statement.query_row(params![index.run_no << 32 | ordinal as i64], |row| row.get(0))?;
                if stored.is_none_or(|s| plain(&s) != plain(name)) {
                    found.0[place] &= !(1 << bit);
                }
            }
        }
    }
    Ok(Some(found))
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '(' | ')' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_what_people_type() {
        let at = |c: &str, a, b| Search {
            interval: Some((c.to_owned(), a, b)),
            ..Search::default()
        };
        let table = [
            ("", Search::default()),
            ("chr17:43124027", at("chr17", 43_124_027, 43_124_027)),
            ("17:43,124,000 - 43,125,000", at("17", 43_124_000, 43_125_000)),
            (
                "BRCA",
                Search {
                    gene: Some("BRCA".into()),
                    ..Search::default()
                },
            ),
            (
                "brca1 c.68_69del",
                Search {
                    gene: Some("brca1".into()),
                    coding: Some("c.68_69del".into()),
                    ..Search::default()
                },
            ),
            (
                "NM_007294.4:c.68_69del",
                Search {
                    coding: Some("c.68_69del".into()),
                    ..Search::default()
                },
            ),
            (
                "NP_009225.1:p.(Glu23ValfsTer17)",
                Search {
                    protein: Some("p.(Glu23ValfsTer17)".into()),
                    ..Search::default()
                },
            ),
            (
                "HLA-A",
                Search {
                    gene: Some("HLA-A".into()),
                    ..Search::default()
                },
            ),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
