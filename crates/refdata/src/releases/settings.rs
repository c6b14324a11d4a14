//! What a laboratory sets once: mirrors and the proxy, in `sources.json` of the data folder.

use std::{collections::BTreeMap, io::ErrorKind, path::Path};

use clinotype_genome::{Fault, Result, fs};
use serde::{Deserialize, Serialize};

use super::Source;

/// Name of the file.
const FILE: &str = "sources.json";

/// Settings of a data folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Base address by source id, in place of the catalogue's.
    pub bases: BTreeMap<String, String>,
    /// Proxy for every connection, `http://host:port`; the environment decides if not stated.
    pub proxy: Option<String>,
    /// Whether addresses that begin with `http://` are allowed, for a mirror inside the hospital's own network.
    pub allow_http: bool,
}

impl Settings {
    /// Reads the settings of a data folder; the default ones where it has none.
    pub fn read(data: &Path) -> Result<Self> {
        let path = data.join(FILE);
        match path.symlink_metadata() {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            _ => {}
        }
        serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|e| Fault::input(format!("is not a file of settings: {e}")).at(&path))
    }

    /// Where the paths of a source begin.
    pub fn base<'a>(&'a self, source: &'a Source) -> Result<&'a str> {
        self.bases
            .get(&source.id)
            .or(source.base.as_ref())
            .map(String::as_str)
            .ok_or_else(|| {
                Fault::usage(format!(
                    "{} is not fetched by Clinotype: {}",
                    source.name, source.licence.name
                ))
                .hint("get its files yourself and install them with --from FOLDER --release NAME")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::Catalogue;

    #[test]
    fn a_mirror_replaces_the_base() {
        let folder = tempfile::tempdir().unwrap();
        let table = Catalogue::shipped().unwrap();
        let (clinvar, revel) = (table.source("clinvar").unwrap(), table.source("revel").unwrap());
        let settings = Settings::read(folder.path()).unwrap();
        assert_eq!(settings, Settings::default());
        assert!(settings.base(clinvar).unwrap().contains("ncbi"));
        assert!(settings.base(revel).is_err());
        let path = folder.path().join(FILE);
        fs::write_atomic(&path, br#"{"bases": {"clinvar": "https://mirror.example/c/"}}"#).unwrap();
        assert_eq!(
            Settings::read(folder.path()).unwrap().base(clinvar).unwrap(),
            "https://mirror.example/c/"
        );
        fs::write_atomic(&path, br#"{"base": {}}"#).unwrap();
        assert!(
            Settings::read(folder.path())
                .unwrap_err()
                .to_string()
                .contains("sources.json")
        );
    }
}
