//! Further values of alleles from stores (REVEL, CADD, SpliceAI, a laboratory's own), carried to INFO as they are.

use std::{
    collections::HashSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Result, VariantKey};
use clinotype_refdata::alleles::{Field, Kind, Store, is_store};

use super::{Collect, Joined, Request, entry::Entry};
use crate::tables::Type;
use crate::vcf::{line::encode, output::is_ours};

/// One store of values, joined to the input.
#[derive(Debug)]
pub(crate) struct Scores {
    pub(crate) path: PathBuf,
    /// Name of the store.
    pub(crate) name: String,
    /// INFO key of each field, with the field.
    keys: Vec<(String, Field)>,
    /// INFO key of whether the store has the allele.
    state: String,
    licence: Option<String>,
    /// Places that the source assessed.
    assessed: HashSet<(usize, u32)>,
    pub(crate) joined: Joined<Vec<Option<String>>>,
}

struct Values<'a> {
    fields: &'a [Field],
    assessed: HashSet<(usize, u32)>,
}

impl Collect for Values<'_> {
    type Value = Vec<Option<String>>;

    fn wants(&self, _field: &str) -> bool {
        true
    }
    fn assessed(&mut self, contig: usize, position: u32, _alleles: u64) {
        self.assessed.insert((contig, position));
    }
    fn allele(&mut self, entry: &dyn Entry) -> Option<Self::Value> {
        let value = |field: &Field| entry.whole(&field.name).map(std::borrow::Cow::into_owned);
        Some(self.fields.iter().map(value).collect())
    }
    fn replaces(&self, _old: &Self::Value, _new: &Self::Value) -> bool {
        false
    }
}

/// A word that VCF takes as a key.
fn key(text: &str) -> String {
    let mut key: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' })
        .collect();
    if !key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        key.insert(0, '_');
    }
    key
}

impl Scores {
    /// Joins a store. Faults: it is none; its keys are those of another store (`taken`) or of the annotation.
    pub(crate) fn join(request: &Request<'_>, taken: &[Self], progress: &dyn Progress) -> Result<Self> {
        if !is_store(request.path)? {
            return Err(Fault::input("is not a store of alleles")
                .at(request.path)
                .hint("make one from a VCF or a table: clinotype data build"));
        }
        let meta = Store::open(request.path)?.meta().clone();
        let prefix = key(&meta.name);
        // ID and FILTER are of the record, not of the allele; a flag has no value to carry.
        let fields: Vec<Field> = meta
            .fields
            .iter()
            .filter(|f| !matches!(f.name.as_str(), "ID" | "FILTER") && f.kind != Kind::Flag)
            .cloned()
            .collect();
        let keys: Vec<(String, Field)> = fields
            .iter()
            .map(|field| {
                let name = key(&field.name);
                let name = if name.eq_ignore_ascii_case(&prefix) {
                    prefix.clone()
                } else {
                    format!("{prefix}_{name}")
                };
                (name, field.clone())
            })
            .collect();
        let state = format!("{prefix}_STATE");
        let all: Vec<String> = keys.iter().map(|(k, _)| k.clone()).chain([state.clone()]).collect();
        for (number, name) in all.iter().enumerate() {
            if is_ours(name) || taken.iter().any(|t| t.has_key(name)) || all[..number].contains(name) {
                return Err(Fault::usage(format!("the INFO key {name} would be written twice"))
                    .at(request.path)
                    .hint("give the store another name when it is built: --name"));
            }
        }
        let mut values = Values {
            fields: &fields,
            assessed: HashSet::new(),
        };
        let joined = super::join(
            &Request {
                role: &meta.name,
                ..*request
            },
            &mut values,
            progress,
        )?;
        let assessed = values.assessed;
        Ok(Self {
            path: request.path.to_owned(),
            name: meta.name,
            keys,
            state,
            licence: meta.licence,
            assessed,
            joined,
        })
    }

    /// Whether an INFO key is of this store.
    pub(crate) fn has_key(&self, name: &str) -> bool {
        self.state == name || self.keys.iter().any(|(k, _)| k == name)
    }

    /// Its INFO fields as columns of a table: state, then the store's fields.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (String, Type)> {
        let fields = self.keys.iter().map(|(key, field)| {
            let kind = match field.kind {
                Kind::Integer if !field.list => Type::Integer,
                Kind::Float if !field.list => Type::Number,
                _ => Type::Text,
            };
            (key.clone(), kind)
        });
        std::iter::once((self.state.clone(), Type::Text)).chain(fields)
    }

    /// Header lines of its INFO fields.
    pub(crate) fn header(&self) -> Vec<String> {
        let clean = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let release = self.joined.release.as_deref().unwrap_or("not stated");
        let licence = self.licence.as_deref().unwrap_or("not stated");
        let mut lines = vec![format!(
            "##INFO=<ID={},Number=A,Type=String,Description=\"found, absent (in a region that {} assessed) or \
             not_evaluated\">",
            self.state,
            clean(&self.name)
        )];
        for (key, field) in &self.keys {
            let kind = match field.kind {
                Kind::Integer if !field.list => "Integer",
                Kind::Float if !field.list => "Float",
                _ => "String",
            };
            lines.push(format!(
                "##INFO=<ID={key},Number=A,Type={kind},Description=\"{} of {}, release {}, licence {}. {}\">",
                clean(&field.name),
                clean(&self.name),
                clean(release),
                clean(licence),
                clean(&field.description)
            ));
        }
        lines
    }

    /// Appends the Number=A fields of a record; `None` stands for an allele without annotation.
    pub(crate) fn info(&self, out: &mut String, contig: usize, alleles: &[Option<VariantKey>]) {
        let found: Vec<Option<&Vec<Option<String>>>> = alleles
            .iter()
            .map(|key| self.joined.get(contig, key.as_ref()?))
            .collect();
        let semicolon = |out: &mut String| {
            if !out.is_empty() {
                out.push(';');
            }
        };
        semicolon(out);
        out.push_str(&self.state);
        for (number, (key, values)) in alleles.iter().zip(&found).enumerate() {
            out.push(if number == 0 { '=' } else { ',' });
            out.push_str(match (key, values) {
                (None, _) => ".",
                (Some(_), Some(_)) => "found",
                (Some(key), None) if self.assessed.contains(&(contig, key.position.get())) => "absent",
                (Some(_), None) => "not_evaluated",
            });
        }
        for (field, (name, _)) in self.keys.iter().enumerate() {
            if !found.iter().flatten().any(|values| values[field].is_some()) {
                continue;
            }
            let _ = write!(out, ";{name}");
            for (number, values) in found.iter().enumerate() {
                out.push(if number == 0 { '=' } else { ',' });
                match values.and_then(|values| values[field].as_deref()) {
                    Some(value) => encode(out, value, b""),
                    None => out.push('.'),
                }
            }
        }
    }
}

/// Joins every store of scores.
pub(crate) fn join_all(paths: &[PathBuf], request: &Request<'_>, progress: &dyn Progress) -> Result<Vec<Scores>> {
    let mut all: Vec<Scores> = Vec::with_capacity(paths.len());
    for path in paths {
        let path: &Path = path;
        let one = Scores::join(&Request { path, ..*request }, &all, progress)?;
        all.push(one);
    }
    Ok(all)
}
