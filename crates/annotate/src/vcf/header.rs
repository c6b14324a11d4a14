//! The header of a VCF: contigs with lengths, sample columns, release facts.

use std::path::Path;

use clinotype_genome::{Fault, Result};

/// What the header states.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    /// `##` lines as they are.
    pub(crate) lines: Vec<String>,
    /// (name, length) of `##contig` lines; length where stated.
    pub(crate) contigs: Vec<(String, Option<u32>)>,
    /// Sample columns.
    pub(crate) samples: Vec<String>,
    /// Columns of the `#CHROM` line.
    pub(crate) columns: usize,
    /// Number of header lines, the `#CHROM` line included.
    pub(crate) count: u64,
}

/// Value of a key in `##contig=<ID=chr1,length=5>`, quotes removed.
pub(crate) fn field<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let inner = line.split_once("=<")?.1.strip_suffix('>')?;
    let mut rest = inner;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (value, next) = if let Some(quoted) = after.strip_prefix('"') {
            let mut end = 0;
            let bytes = quoted.as_bytes();
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let end = end.min(bytes.len());
            (
                quoted.get(..end)?,
                quoted.get(end..)?.trim_start_matches('"').trim_start_matches(','),
            )
        } else {
            after.split_once(',').unwrap_or((after, ""))
        };
        if name == key {
            return Some(value);
        }
        rest = next;
    }
    None
}

impl Header {
    /// Adds a `##` line.
    pub(crate) fn add(&mut self, line: &str) {
        if line.starts_with("##contig=<")
            && let Some(name) = field(line, "ID")
        {
            self.contigs
                .push((name.to_owned(), field(line, "length").and_then(|n| n.parse().ok())));
        }
        self.lines.push(line.to_owned());
    }

    /// Reads the `#CHROM` line.
    pub(crate) fn finish(&mut self, line: &str, path: &Path) -> Result<()> {
        let columns: Vec<&str> = line.split('\t').collect();
        let fixed = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
        if columns.len() < 8 || columns[..8] != fixed || columns.len() > 8 && columns[8] != "FORMAT" {
            return Err(Fault::input(
                "the column line is not that of a VCF (#CHROM POS ID REF ALT QUAL FILTER INFO ...)",
            )
            .at(path)
            .line(self.count));
        }
        self.columns = columns.len();
        self.samples = columns.iter().skip(9).map(|s| (*s).to_owned()).collect();
        Ok(())
    }

    /// Whether the file calls itself synthetic.
    pub(crate) fn is_synthetic(&self) -> bool {
        self.lines.iter().any(|line| {
            line.starts_with("##synthetic")
                || line
                    .strip_prefix("##source=")
                    .is_some_and(|s| s.to_ascii_lowercase().contains("synthetic"))
        })
    }

    /// The release of a data file: `##fileDate`, else what a `##source`/`##VERSION` line states.
    pub(crate) fn release(&self) -> Option<String> {
        [
            "##fileDate=",
            "##clinotype_release=",
            "##release=",
            "##VERSION=",
            "##dbSNP_BUILD_ID=",
            "##gnomad_version=",
        ]
        .iter()
        .find_map(|key| self.lines.iter().find_map(|l| l.strip_prefix(key)))
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_columns() {
        let line = r#"##contig=<ID=chr1,assembly="a,b\"c",length=248956422>"#;
        assert_eq!(field(line, "length"), Some("248956422"));
        assert_eq!(field(line, "ID"), Some("chr1"));
        assert_eq!(field(line, "md5"), None);
        let mut header = Header::default();
        header.add("##fileDate=2026-02-26");
        header.add(line);
        header
            .finish(
                "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb",
                Path::new("x"),
            )
            .unwrap();
        assert_eq!(header.samples, ["a", "b"]);
        assert_eq!(header.contigs, [("chr1".to_owned(), Some(248_956_422))]);
        assert_eq!(header.release().as_deref(), Some("2026-02-26"));
        assert!(Header::default().finish("#CHROM\tPOS", Path::new("x")).is_err());
    }
}
