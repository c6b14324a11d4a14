//! Panels of genes, in versions.

use std::{collections::BTreeMap, io::BufRead as _, path::Path};

use clinotype_genome::{Fault, Result, fs};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{
    GeneFacts,
    import::{AGAIN, Imported, Release, Run},
    names::{self, Unresolved},
    schema,
};

/// A version of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Panel {
    /// `PanelApp` or `list`.
    pub origin: String,
    /// Identifier at its origin; of a list its name.
    pub identifier: String,
    /// Name.
    pub name: String,
    /// Version, as its origin states it.
    pub version: String,
    /// Date of the version.
    pub date: Option<String>,
    /// Its genes by symbol.
    pub genes: Vec<PanelGene>,
}

/// A gene of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PanelGene {
    /// HGNC id.
    pub hgnc_id: String,
    /// Approved symbol today; the panel's own word where HGNC no longer has the gene.
    pub symbol: String,
    /// Confidence as the panel states it (PanelApp: 3 green, 2 amber, 1 red).
    pub confidence: Option<String>,
    /// Mode of inheritance as the panel states it.
    pub inheritance: Option<String>,
    /// Phenotypes as the panel states them, joined by `; `.
    pub phenotypes: Option<String>,
}

/// A fact of a gene that two versions state differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Symbol.
    pub symbol: String,
    /// `confidence`, `inheritance` or `phenotypes`.
    pub what: &'static str,
    /// In the earlier version.
    pub before: Option<String>,
    /// In the later one.
    pub after: Option<String>,
}

/// What changed between two versions of a panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PanelDiff {
    /// Symbols that came.
    pub added: Vec<String>,
    /// Symbols that went.
    pub removed: Vec<String>,
    /// Facts that changed.
    pub changed: Vec<Change>,
}

#[derive(Deserialize)]
struct AppPanel {
    id: serde_json::Value,
    name: String,
    version: String,
    version_created: Option<String>,
    genes: Vec<AppGene>,
    #[serde(default)]
    strs: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    regions: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct AppGene {
    entity_name: String,
    gene_data: Option<AppData>,
    confidence_level: Option<serde_json::Value>,
    mode_of_inheritance: Option<String>,
    #[serde(default)]
    phenotypes: Vec<String>,
}

#[derive(Deserialize)]
struct AppData {
    hgnc_id: Option<String>,
}

/// A text or a number, as text.
fn words(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Makes the row of a panel's version; the same version again is a fault, because a case may name it.
fn put(run: &Run<'_>, origin: &str, identifier: &str, name: &str, version: &str, date: Option<&str>) -> Result<i64> {
    let inserted = run.execute(
        "INSERT OR IGNORE INTO panel (source, origin, identifier, name, version, date) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[&run.source, &origin, &identifier, &name, &version, &date],
    )?;
    if inserted == 0 {
        return Err(
            Fault::input(format!("version {version} of the panel {name} is there already"))
                .at(run.path)
                .hint("a version that cases may have used is never replaced: state another version"),
        );
    }
    Ok(run.transaction.last_insert_rowid())
}

const PUT_GENE: &str = "INSERT OR IGNORE INTO panel_gene VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Imports a panel of PanelApp.
pub(super) fn panelapp(run: &Run<'_>, file: &Path) -> Result<Imported> {
    let panel: AppPanel = serde_json::from_slice(&fs::read(file)?).map_err(|e| {
        Fault::input(format!("is not a panel of PanelApp: {e}"))
            .at(file)
            .hint("give the JSON of one panel, as its API (/panels/ID/) gives it")
    })?;
    let identifier =
        words(&panel.id).ok_or_else(|| Fault::input("is not a panel of PanelApp: it has no id").at(file))?;
    let date = panel.version_created.as_deref();
    let id = put(run, "PanelApp", &identifier, &panel.name, &panel.version, date)?;
    let others = (panel.strs.len() + panel.regions.len()) as u64;
    let mut made = Imported {
        records: panel.genes.len() as u64 + others,
        release: Some(panel.version.clone()),
        date: panel.version_created.clone(),
        ..Imported::default()
    };
    if others > 0 {
        made.dropped
            .insert("repeats and regions, which are no genes".to_owned(), others);
    }
    for gene in panel.genes {
        let stated = gene.gene_data.and_then(|d| d.hgnc_id);
        match run.linked(stated.as_deref(), Some(&gene.entity_name))? {
            Err(reason) => made.drop_one(reason),
            Ok(hgnc_id) => {
                let phenotypes = (!gene.phenotypes.is_empty()).then(|| gene.phenotypes.join("; "));
                let confidence = gene.confidence_level.as_ref().and_then(words);
                let inheritance = gene.mode_of_inheritance.filter(|m| !m.is_empty());
                let inserted = run.execute(
                    PUT_GENE,
                    &[&id, &hgnc_id, &gene.entity_name, &confidence, &inheritance, &phenotypes],
                )?;
                if inserted == 0 {
                    made.drop_one(AGAIN);
                } else {
                    made.kept += 1;
                }
            }
        }
    }
    Ok(made)
}

/// Imports a list: one gene per line, `#` begins a comment. A laboratory's own list is short and binding, so a name that
/// is not one gene is a fault, not a count.
pub(super) fn list(run: &Run<'_>, file: &Path, release: &Release) -> Result<Imported> {
    let (Some(name), Some(version)) = (&release.panel, &release.release) else {
        return Err(Fault::usage("a list of genes needs a name and a version")
            .at(file)
            .hint("state --panel NAME and --release VERSION"));
    };
    let id = put(run, "list", name, name, version, release.date.as_deref())?;
    let mut made = Imported::default();
    for (number, line) in fs::open_text(file)?.lines().enumerate() {
        let number = number as u64 + 1;
        let line = line.map_err(|e| Fault::io("read", file, e).line(number))?;
        let written = line.split('#').next().unwrap_or_default();
        let written = written.trim_start_matches('\u{feff}').trim();
        if written.is_empty() {
            continue;
        }
        made.records += 1;
        let short: String = written.chars().take(40).collect();
        let gene = match names::resolve(run.transaction, written).map_err(|e| run.failed(e))? {
            Ok(gene) => gene,
            Err(why) => {
                let what = match why {
                    Unresolved::Unknown => format!("{short:?} is no gene of HGNC"),
                    Unresolved::Ambiguous(candidates) => {
                        let named: Vec<String> = candidates.into_iter().map(|c| c.1).collect();
                        format!("{short:?} may be {}", named.join(" or "))
                    }
                };
                return Err(Fault::input(what)
                    .at(file)
                    .line(number)
                    .hint("write the approved symbol or the HGNC id, one gene per line"));
            }
        };
        let none: Option<String> = None;
        let inserted = run.execute(PUT_GENE, &[&id, &gene.hgnc_id, &written, &none, &none, &none])?;
        if inserted == 0 {
            made.drop_one(AGAIN);
        } else {
            made.kept += 1;
        }
    }
    Ok(made)
}

impl GeneFacts {
    /// Every version of every panel, without genes.
    pub fn panels(&self) -> Result<Vec<Panel>> {
        let read = || -> rusqlite::Result<Vec<Panel>> {
            self.connection
                .prepare_cached("SELECT origin, identifier, name, version, date FROM panel ORDER BY name, id")?
                .query_map([], |row| {
                    Ok(Panel {
                        origin: row.get(0)?,
                        identifier: row.get(1)?,
                        name: row.get(2)?,
                        version: row.get(3)?,
                        date: row.get(4)?,
                        genes: Vec::new(),
                    })
                })?
                .collect()
        };
        read().map_err(|e| schema::fault(&self.path, e))
    }

    /// A panel by name or identifier; without a version the one that was imported last. A fault where there is none, or
    /// the name belongs to several panels.
    pub fn panel(&self, name: &str, version: Option<&str>) -> Result<Panel> {
        let found: Vec<Panel> = self
            .panels()?
            .into_iter()
            .filter(|p| p.name == name || p.identifier == name)
            .collect();
        let mut identities: Vec<(&str, &str)> = found
            .iter()
            .map(|p| (p.origin.as_str(), p.identifier.as_str()))
            .collect();
        identities.dedup();
        if identities.len() > 1 {
            let named: Vec<String> = identities.iter().map(|(o, i)| format!("{i} of {o}")).collect();
            return Err(Fault::input(format!("{name:?} may be the panel {}", named.join(" or "))).at(&self.path));
        }
        let versions: Vec<String> = found.iter().map(|p| p.version.clone()).collect();
        let chosen = found.into_iter().rev().find(|p| version.is_none_or(|v| p.version == v));
        let Some(mut panel) = chosen else {
            let what = match version {
                Some(version) if !versions.is_empty() => {
                    format!(
                        "the panel {name:?} has no version {version}, but {}",
                        versions.join(", ")
                    )
                }
                _ => format!("there is no panel {name:?}"),
            };
            return Err(Fault::input(what).at(&self.path));
        };
        let read = |panel: &Panel| -> rusqlite::Result<Vec<PanelGene>> {
            self.connection
                .prepare_cached(
                    "SELECT p.hgnc_id, coalesce(g.symbol, p.written), p.confidence, p.inheritance, p.phenotypes
                     FROM panel_gene p LEFT JOIN gene g USING (hgnc_id)
                     WHERE p.panel = (SELECT id FROM panel WHERE origin = ?1 AND identifier = ?2 AND version = ?3)
                     ORDER BY 2, 1",
                )?
                .query_map(params![panel.origin, panel.identifier, panel.version], |row| {
                    Ok(PanelGene {
                        hgnc_id: row.get(0)?,
                        symbol: row.get(1)?,
                        confidence: row.get(2)?,
                        inheritance: row.get(3)?,
                        phenotypes: row.get(4)?,
                    })
                })?
                .collect()
        };
        panel.genes = read(&panel).map_err(|e| schema::fault(&self.path, e))?;
        Ok(panel)
    }

    /// What changed from one version of a panel to another.
    pub fn panel_diff(&self, name: &str, before: &str, after: &str) -> Result<PanelDiff> {
        let by_id = |panel: Panel| -> BTreeMap<String, PanelGene> {
            panel.genes.into_iter().map(|g| (g.hgnc_id.clone(), g)).collect()
        };
        let before = by_id(self.panel(name, Some(before))?);
        let after = by_id(self.panel(name, Some(after))?);
        let mut diff = PanelDiff::default();
        for (id, gene) in &before {
            let Some(now) = after.get(id) else {
                diff.removed.push(gene.symbol.clone());
                continue;
            };
            for (what, was, is) in [
                ("confidence", &gene.confidence, &now.confidence),
                ("inheritance", &gene.inheritance, &now.inheritance),
                ("phenotypes", &gene.phenotypes, &now.phenotypes),
            ] {
                if was != is {
                    diff.changed.push(Change {
                        symbol: now.symbol.clone(),
                        what,
                        before: was.clone(),
                        after: is.clone(),
                    });
                }
            }
        }
        diff.added = after
            .iter()
            .filter(|(id, _)| !before.contains_key(*id))
            .map(|(_, g)| g.symbol.clone())
            .collect();
        diff.added.sort();
        diff.removed.sort();
        diff.changed
            .sort_by(|a, b| (&a.symbol, a.what).cmp(&(&b.symbol, b.what)));
        Ok(diff)
    }
}
