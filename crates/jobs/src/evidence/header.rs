//! The header of an annotated VCF: samples, build, data releases, CSQ fields.

use std::collections::HashMap;

use clinotype_genome::{Build, DataRelease};

use super::csq::CsqColumns;

/// What the header of an annotated VCF states.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// Sample names.
    pub samples: Vec<String>,
    /// Genome build with its proof.
    pub build: Option<(Build, String)>,
    /// Data releases that annotation used.
    pub data: Vec<DataRelease>,
    /// Whether the calls are those of a tumour without its normal (`clinotype somatic`).
    pub is_tumour_only: bool,
    /// Names of the CSQ fields.
    pub(super) csq: Vec<String>,
    /// Place of each CSQ field that is read.
    pub(super) csq_at: CsqColumns,
}

impl Header {
    pub(super) fn meta(&mut self, meta: &str) {
        if meta.starts_with("INFO=<ID=CSQ,") {
            if let Some((_, format)) = meta.split_once("Format: ") {
                self.csq = format
                    .trim_end_matches(['"', '>'])
                    .split('|')
                    .map(str::to_owned)
                    .collect();
                self.csq_at = CsqColumns::of(&self.csq);
            }
        } else if let Some(fields) = meta.strip_prefix("clinotype_build=") {
            let fields = structured(fields);
            if let (Some(Ok(build)), Some(proof)) = (fields.get("ID").map(|b| b.parse()), fields.get("Proof")) {
                self.build = Some((build, proof.clone()));
            }
        } else if let Some(fields) = meta.strip_prefix("clinotype_data=") {
            let fields = structured(fields);
            let get = |name: &str| fields.get(name).filter(|v| !v.is_empty()).cloned();
            if let (Some(name), Some(file), Some(sha256)) = (get("ID"), get("File"), get("Sha256")) {
                self.data.push(DataRelease {
                    name,
                    release: get("Release"),
                    file,
                    sha256,
                    licence: get("Licence"),
                    note: get("Note"),
                });
            }
        }
    }
}

/// `<ID=x,Name="a, b">` as a map (VCF 4.3, section 1.2).
fn structured(text: &str) -> HashMap<String, String> {
    let mut fields = HashMap::new();
    let mut rest = text.trim_start_matches('<').trim_end_matches('>');
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = if let Some(quoted) = after.strip_prefix('"') {
            let (mut value, mut escaped, mut end) = (String::new(), false, quoted.len());
            for (at, c) in quoted.char_indices() {
                match c {
                    _ if escaped => {
                        value.push(c);
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    '"' => {
                        end = at + 1;
                        break;
                    }
                    _ => value.push(c),
                }
            }
            (value, quoted.get(end..).unwrap_or("").trim_start_matches(','))
        } else {
            let (value, next) = after.split_once(',').unwrap_or((after, ""));
            (value.to_owned(), next)
        };
        fields.insert(name.to_owned(), value);
        rest = next;
    }
    fields
}
