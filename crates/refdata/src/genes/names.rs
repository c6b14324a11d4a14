//! From any name of a gene to the gene.

use clinotype_genome::{Fault, Result};
use rusqlite::{Connection, params};

use super::{GeneFacts, schema};

/// By what a gene was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// Its HGNC id.
    Id,
    /// Its approved symbol.
    Symbol,
    /// A symbol that it had before.
    Previous,
    /// Another name of it.
    Alias,
}

impl Known {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Id => "HGNC id",
            Self::Symbol => "approved symbol",
            Self::Previous => "previous symbol",
            Self::Alias => "alias",
        }
    }
}

/// A name that was resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// HGNC id, for example `HGNC:1100`.
    pub hgnc_id: String,
    /// Approved symbol.
    pub symbol: String,
    /// By what it was known.
    pub known: Known,
    /// Other genes that had this name or have it as an alias; an approved symbol goes before them.
    pub also: Vec<String>,
}

/// Names are compared without regard to case: `C9ORF72` is `C9orf72`.
pub(super) fn key(name: &str) -> String {
    name.trim().to_uppercase()
}

/// Why a name is not one gene.
pub(super) enum Unresolved {
    Unknown,
    Ambiguous(Vec<(Known, String)>),
}

/// The gene of a name.
pub(super) fn resolve(
    connection: &Connection,
    name: &str,
) -> rusqlite::Result<std::result::Result<Resolved, Unresolved>> {
    let name = name.trim();
    if name.starts_with("HGNC:") {
        let mut statement = connection.prepare_cached("SELECT symbol FROM gene WHERE hgnc_id = ?1")?;
        let symbol = statement.query_map([name], |row| row.get(0))?.next().transpose()?;
        return Ok(symbol
            .map(|symbol| Resolved {
                hgnc_id: name.to_owned(),
                symbol,
                known: Known::Id,
                also: Vec::new(),
            })
            .ok_or(Unresolved::Unknown));
    }
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT n.kind, g.hgnc_id, g.symbol FROM name n JOIN gene g USING (hgnc_id) WHERE n.key = ?1
         ORDER BY g.symbol",
    )?;
    let found = statement
        .query_map(params![key(name)], |row| {
            let kind: String = row.get(0)?;
            let known = match kind.as_str() {
                "symbol" => Known::Symbol,
                "previous" => Known::Previous,
                _ => Known::Alias,
            };
            Ok((known, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let approved = found.iter().find(|f| f.0 == Known::Symbol);
    let mut ids: Vec<&str> = found.iter().map(|f| f.1.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    // One gene may have a name as previous symbol and alias both; the stronger word counts.
    let chosen = match (approved, ids.len()) {
        (Some(approved), _) => Some(approved),
        (None, 1) => found.iter().min_by_key(|f| f.0),
        _ => None,
    };
    Ok(match chosen {
        Some((known, id, symbol)) => {
            let mut also: Vec<String> = found.iter().filter(|f| f.1 != *id).map(|f| f.2.clone()).collect();
            also.dedup();
            Ok(Resolved {
                hgnc_id: id.clone(),
                symbol: symbol.clone(),
                known: *known,
                also,
            })
        }
        None if found.is_empty() => Err(Unresolved::Unknown),
        None => Err(Unresolved::Ambiguous(found.into_iter().map(|f| (f.0, f.2)).collect())),
    })
}

impl GeneFacts {
    /// The gene of a symbol, previous symbol, alias or HGNC id. A name of two genes is a fault that names both, unless
    /// it is the approved symbol of one; so is a name of none.
    pub fn resolve(&self, name: &str) -> Result<Resolved> {
        let found = resolve(&self.connection, name).map_err(|e| schema::fault(&self.path, e))?;
        found.map_err(|why| {
            let short: String = name.chars().take(40).collect();
            match why {
                Unresolved::Unknown => Fault::input(format!(
                    "{short:?} is no symbol, previous symbol or alias of a gene in HGNC"
                ))
                .at(&self.path)
                .hint("check the spelling, or give the HGNC id"),
                Unresolved::Ambiguous(candidates) => {
                    let named: Vec<String> = candidates
                        .iter()
                        .map(|(known, symbol)| format!("{symbol} ({})", known.words()))
                        .collect();
                    Fault::input(format!("{short:?} may be {}", named.join(" or ")))
                        .at(&self.path)
                        .hint("give the approved symbol or the HGNC id of the one that is meant")
                }
            }
        })
    }
}
