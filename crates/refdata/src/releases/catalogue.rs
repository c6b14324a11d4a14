//! The sources that are known, as a table of our own that ships with the program.

use std::collections::BTreeSet;

use clinotype_genome::{Build, Fault, Result};
use serde::{Deserialize, Serialize};
use url::Url;

use super::names;

/// The shipped table.
const SHIPPED: &str = include_str!("catalogue.json");
/// Its format.
const SCHEMA: &str = "clinotype/catalogue/1";

/// A table of sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Format of the table.
    pub schema: String,
    /// The table's own version, a date.
    pub version: String,
    /// In the order in which they are listed.
    pub sources: Vec<Source>,
}

/// A source of data releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short name, also the name of its folder: `clinvar`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What it holds.
    pub what: String,
    /// Genome build of its coordinates; `None` where it has none, or where its files come in either.
    #[serde(default)]
    pub build: Option<Build>,
    /// Terms of use.
    pub licence: Licence,
    /// Whether the default set has it.
    #[serde(default)]
    pub default: bool,
    /// Where its paths begin; ends in a slash. `None`: the laboratory gets the files itself, under their licence, and
    /// installs them from a folder.
    #[serde(default)]
    pub base: Option<String>,
    /// How a release is told.
    pub release: Announcement,
    /// Files of a release; none where the laboratory brings them.
    #[serde(default)]
    pub files: Vec<SourceFile>,
}

/// Terms of use of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Name, or what it asks in a few words.
    pub name: String,
    /// Where it stands.
    pub url: String,
    /// What must be said with results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

/// How a source tells its newest release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Announcement {
    /// There is only this one.
    Fixed {
        /// Its name.
        release: String,
        /// `YYYY-MM-DD`.
        date: Option<String>,
    },
    /// A page, listing or file names it.
    Text {
        /// Below the source's base.
        path: String,
        /// What stands around the name, which is written `{release}`. The newest of those found counts.
        template: String,
        /// Shape of the name, each digit written `0`, where the template finds other things, too.
        #[serde(default)]
        like: Option<String>,
    },
    /// It has no name: the date of the first file, as its server states it, is the release.
    Modified,
    /// The laboratory states it.
    Stated,
}

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Below the source's base; `{release}` stands for the release.
    pub path: String,
    /// Its name here; the last part of the path if not stated.
    #[serde(default)]
    pub name: Option<String>,
    /// Where its MD5 stands, below the source's base: a file of lines `digest  name`.
    #[serde(default)]
    pub md5: Option<String>,
    /// Its SHA-256, where a fixed release has been checked once.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Whether it is gzip that is unpacked here. Digests of the source are those of the packed file.
    #[serde(default)]
    pub unpack: bool,
}

impl SourceFile {
    /// The last part of its path in a release.
    pub(super) fn upstream_name(&self, release: &str) -> String {
        let path = names::fill(&self.path, release);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// Its name in a release that is installed.
    pub(super) fn local_name(&self, release: &str) -> String {
        match &self.name {
            Some(name) => names::fill(name, release),
            None => self.upstream_name(release),
        }
    }
}

impl Source {
    /// The address that a path of this source stands for, below `base`.
    ///
    /// A path is put behind the base as it is, so that a base may itself have a path, as mirrors do.
    pub(super) fn address(base: &str, path: &str) -> Result<Url> {
        let slash = if base.ends_with('/') { "" } else { "/" };
        Url::parse(&format!("{base}{slash}{path}")).map_err(|e| {
            Fault::usage(format!("{base:?} is not an address: {e}"))
                .hint("an address begins with https:// and names a host")
        })
    }
}

impl Catalogue {
    /// The table that ships with the program.
    pub fn shipped() -> Result<Self> {
        Self::parse(SHIPPED).map_err(|fault| Fault::internal(fault.what().to_owned()))
    }

    /// Reads a table: its format, and that every name in it can be the name of a folder or file.
    pub fn parse(text: &str) -> Result<Self> {
        let table: Self =
            serde_json::from_str(text).map_err(|e| Fault::input(format!("is not a table of sources: {e}")))?;
        if table.schema != SCHEMA {
            return Err(Fault::input(format!(
                "has the format {:?}; this version reads {SCHEMA:?}",
                table.schema
            )));
        }
        let mut ids = BTreeSet::new();
        for source in &table.sources {
            let wrong = |what: &str| Fault::input(format!("source {:?}: {what}", source.id));
            if !names::is_name(&source.id) || !ids.insert(&source.id) {
                return Err(wrong("the id is no name, or stands twice"));
            }
            let brings = source.release == Announcement::Stated;
            if brings != source.base.is_none() || brings != source.files.is_empty() {
                return Err(wrong("files and base belong together, a stated release has neither"));
            }
            let mut locals = BTreeSet::new();
            for file in &source.files {
                let local = file.local_name("1");
                if !names::is_name(&local) || !locals.insert(local) {
                    return Err(wrong("a file's name is no name, or stands twice"));
                }
            }
        }
        Ok(table)
    }

    /// A source by its id; the fault names those there are.
    pub fn source(&self, id: &str) -> Result<&Source> {
        self.sources.iter().find(|s| s.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.sources.iter().map(|s| &*s.id).collect();
            Fault::usage(format!("there is no source {id:?}")).hint(format!("the sources are {}", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole() {
        let table = Catalogue::shipped().unwrap();
        for needed in [
            "grch38",
            "mane",
            "refseq",
            "clinvar",
            "gnomad-constraint",
            "gencc",
            "clingen-validity",
            "clingen-dosage",
            "hpo",
            "cpic",
        ] {
            let source = table.source(needed).unwrap();
            assert!(source.default, "{needed}");
            for file in &source.files {
                let address = Source::address(source.base.as_deref().unwrap(), &names::fill(&file.path, "1")).unwrap();
                assert_eq!(address.scheme(), "https");
            }
        }
        assert!(
            table
                .source("nothing")
                .unwrap_err()
                .advice()
                .unwrap()
                .contains("clinvar")
        );
        assert!(table.sources.iter().all(|s| !s.licence.name.is_empty()));
    }

    #[test]
    fn a_broken_table_is_refused() {
        let good: serde_json::Value = serde_json::from_str(SHIPPED).unwrap();
        let with = |pointer: &str, value: serde_json::Value| {
            let mut table = good.clone();
            *table.pointer_mut(pointer).unwrap() = value;
            Catalogue::parse(&table.to_string()).unwrap_err().to_string()
        };
        assert!(with("/schema", "x".into()).contains("format"));
        assert!(with("/sources/0/id", "../x".into()).contains("the id"));
        assert!(with("/sources/0/id", "mane".into()).contains("twice"));
        assert!(with("/sources/0/files/0/name", "a/b".into()).contains("name"));
        assert!(with("/sources/0/base", serde_json::Value::Null).contains("belong together"));
        assert!(with("/sources/0/files/0/unpack", 3.into()).contains("is not a table"));
    }

    #[test]
    fn a_path_of_a_source() {
        let file = SourceFile {
            path: "a/{release}/x_{release}.gz?select=1".to_owned(),
            name: None,
            md5: None,
            sha256: None,
            unpack: false,
        };
        assert_eq!(file.local_name("7"), "x_7.gz");
        let address = Source::address("https://mirror.example/ncbi", "a/b.gz").unwrap();
        assert_eq!(address.as_str(), "https://mirror.example/ncbi/a/b.gz");
        assert!(Source::address("mirror", "a").is_err());
    }
}
