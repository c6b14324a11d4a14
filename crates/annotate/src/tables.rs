//! The annotation as a table, JSON lines, TSV or Parquet: one row per ALT and transcript, also for an ALT without
//! annotation.
//!
//! A row holds what the annotated VCF holds, with the VCF's percent-encoding undone. Columns, in order: `chrom`, `pos`
//! (1-based), `id`, `ref`, `alt`, `qual`, `filter` of the record as it came in; then every per-ALT field and every
//! sub-field of CSQ under its name in the VCF's header in lower case (`hgvsg`, `normalised`, `clinvar_state`, ...,
//! `allele`, `consequence`, `impact`, `symbol`, ...); `csq_haplotype`, the combined readings of the allele, each with
//! its sub-fields joined by `|` as in the VCF; then the fields of each store under their keys. The names are stable: new
//! columns come at the end of their part.
//!
//! What the VCF leaves empty is empty in TSV and null in JSON and Parquet. In JSON and Parquet numbers are numbers and
//! 0/1 marks are booleans. In JSON `consequence`, `filter`, `warnings` and `csq_haplotype` are lists; elsewhere lists
//! are joined as in the VCF, by `&` (`filter`: `;`, `csq_haplotype`: `,`).

#[cfg(feature = "parquet")]
pub(crate) mod parquet;

use std::{borrow::Cow, path::Path, sync::Arc};

use clinotype_genome::{Fault, Result};

use crate::{
    sources::scores::Scores,
    vcf::{
        line::Line,
        output::{CSQ_FORMAT, HAPLOTYPE, HAPLOTYPE_FORMAT, PER_ALLELE},
    },
};

/// The kinds of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    JsonLines,
    Tsv,
    #[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "refused where it is asked for"))]
    Parquet,
}

/// How a column's values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Integer,
    Number,
    Mark,
    /// Joined by this in the VCF.
    List(char),
}

/// A column of the table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Type,
}

/// Type of a column by the name of its field in the VCF.
fn kind_of(name: &str) -> Type {
    match name {
        "POS" | "FREQ_AC" | "FREQ_AN" | "FREQ_HOM" | "FREQ_GROUP_AN" | "STRAND" | "NEW_STOP" | "SKIPPED_EXON"
        | "NEXT_MET" | "INTRON_OFFSET" | "FROM_EXON_START" | "FROM_EXON_END" | "ALLELE_NUM" => Type::Integer,
        "QUAL" | "FREQ_AF" | "FREQ_FAF95" | "LOST_FRACTION" => Type::Number,
        "PICK" | "NMD" | "SKIP_KEEPS_FRAME" => Type::Mark,
        "FILTER" => Type::List(';'),
        "Consequence" | "WARNINGS" | "FREQ_FILTER" | "CRYPTIC_SITES" => Type::List('&'),
        _ => Type::Text,
    }
}

const RECORD: [&str; 7] = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER"];

/// A kind of table with its columns.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    columns: Arc<[Column]>,
    /// INFO keys of the stores, in the order of their columns.
    stored: Arc<[String]>,
    /// Place of the allele's number in an entry of CSQ, and in a combined reading.
    numbers: (usize, usize),
}

impl Kind {
    /// By the ending of a path, a `.gz` behind it left aside; `None` for a VCF.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let plain = name
            .strip_suffix(".gz")
            .or_else(|| name.strip_suffix(".bgz"))
            .unwrap_or(&name);
        match Path::new(plain).extension()?.to_str()? {
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "tsv" => Some(Self::Tsv),
            // It is compressed within: packed once more it could not be read.
            "parquet" if plain == name => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The same for a path that must be a table.
    pub(crate) fn asked(path: &Path) -> Result<Self> {
        Self::of(path).ok_or_else(|| {
            Fault::usage("the ending does not say which table this is to be")
                .at(path)
                .hint("end the name in .jsonl, .tsv (each with or without .gz) or .parquet")
        })
    }
}

impl Table {
    /// The table of this kind with the fields of these stores.
    pub(crate) fn new(kind: Kind, scores: &[Scores]) -> Self {
        let stored: Vec<(String, Type)> = scores.iter().flat_map(Scores::columns).collect();
        let column = |name: &str, kind| Column {
            name: name.to_ascii_lowercase(),
            kind,
        };
        let columns = RECORD
            .into_iter()
            .chain(PER_ALLELE.iter().map(|(key, _, _)| *key))
            .chain(CSQ_FORMAT.split('|'))
            .map(|name| column(name, kind_of(name)))
            .chain([column(HAPLOTYPE, Type::List(','))])
            .chain(stored.iter().map(|(name, kind)| column(name, *kind)));
        let number = |format: &str| format.split('|').position(|name| name == "ALLELE_NUM");
        Self {
            kind,
            columns: columns.collect(),
            stored: stored.into_iter().map(|(name, _)| name).collect(),
            numbers: (
                number(CSQ_FORMAT).expect("CSQ numbers its alleles"),
                number(HAPLOTYPE_FORMAT).expect("combined readings number their alleles"),
            ),
        }
    }

    /// The columns, in order.
    #[cfg(feature = "parquet")]
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What stands before the rows.
    pub(crate) fn header(&self) -> String {
        match self.kind {
            Kind::JsonLines | Kind::Parquet => String::new(),
            Kind::Tsv => {
                let names: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
                names.join("\t") + "\n"
            }
        }
    }

    /// Appends the rows of an annotated record. Those of a Parquet file are rows of TSV until they are written.
    pub(crate) fn rows(&self, out: &mut String, annotated: &str) -> Result<()> {
        let line = Line::parse(annotated.trim_end_matches('\n'))
            .map_err(|what| Fault::internal(format!("an annotated line cannot be read: {what}")))?;
        let head: Vec<&str> = line.head.split('\t').collect();
        let missing = |text: &str| if text == "." { String::new() } else { text.to_owned() };
        let entries = line.info_value("CSQ").unwrap_or_default();
        let together = line.info_value(HAPLOTYPE).unwrap_or_default();
        let per_allele: Vec<Option<&str>> = PER_ALLELE.iter().map(|(key, _, _)| line.info_value(key)).collect();
        let stored: Vec<Option<&str>> = self.stored.iter().map(|key| line.info_value(key)).collect();
        for (index, alternate) in line.alternates.split(',').enumerate() {
            let mut values: Vec<Cow<'_, str>> = Vec::with_capacity(self.columns.len());
            values.extend([0, 1, 2, 3].map(|n| Cow::Owned(missing(head[n]))));
            values.push(Cow::Owned(missing(alternate)));
            values.extend([5, 6].map(|n| Cow::Owned(missing(head[n]))));
            let of_allele = |field: Option<&str>| {
                let value = field.and_then(|f| f.split(',').nth(index)).filter(|v| *v != ".");
                decoded(value.unwrap_or_default()).into_owned()
            };
            values.extend(per_allele.iter().map(|f| Cow::Owned(of_allele(*f))));
            let number = (index + 1).to_string();
            let is_of = |entry: &&str, place: usize| entry.split('|').nth(place) == Some(&number);
            let readings: Vec<&str> = together.split(',').filter(|e| is_of(e, self.numbers.1)).collect();
            let behind = |values: &mut Vec<Cow<'_, str>>| {
                // Not decoded: what is encoded in it would be taken for its separators.
                values.push(Cow::Owned(readings.join(",")));
                values.extend(stored.iter().map(|f| Cow::Owned(of_allele(*f))));
            };
            let shared = values.len();
            let mut any = false;
            for entry in entries.split(',').filter(|e| is_of(e, self.numbers.0)) {
                any = true;
                values.truncate(shared);
                values.extend(entry.split('|').map(decoded));
                behind(&mut values);
                self.row(out, &values);
            }
            if !any {
                values.resize(self.columns.len() - 1 - self.stored.len(), Cow::Borrowed(""));
                behind(&mut values);
                self.row(out, &values);
            }
        }
        Ok(())
    }

    fn row(&self, out: &mut String, values: &[Cow<'_, str>]) {
        match self.kind {
            Kind::Tsv | Kind::Parquet => {
                for (n, value) in values.iter().enumerate() {
                    if n > 0 {
                        out.push('\t');
                    }
                    // A decoded value may hold what would end a column or a row.
                    for c in value.chars() {
                        out.push(if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c });
                    }
                }
            }
            Kind::JsonLines => {
                for (n, (value, column)) in values.iter().zip(self.columns.iter()).enumerate() {
                    out.push(if n == 0 { '{' } else { ',' });
                    string(out, &column.name);
                    out.push(':');
                    json(out, value, column.kind);
                }
                out.push('}');
            }
        }
        out.push('\n');
    }
}

fn string(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

fn json(out: &mut String, value: &str, kind: Type) {
    match kind {
        _ if value.is_empty() => out.push_str("null"),
        Type::Integer | Type::Number if value.parse::<f64>().is_ok_and(f64::is_finite) => {
            // As written where JSON writes it so, too; `+5`, `.5` and `5.` are numbers that JSON does not know.
            if serde_json::from_str::<serde_json::Number>(value).is_ok() {
                out.push_str(value);
            } else {
                out.push_str(&value.parse::<f64>().map(|n| n.to_string()).unwrap_or_default());
            }
        }
        Type::Mark if value == "1" => out.push_str("true"),
        Type::Mark if value == "0" => out.push_str("false"),
        Type::List(separator) => {
            for (n, part) in value.split(separator).enumerate() {
                out.push(if n == 0 { '[' } else { ',' });
                string(out, part);
            }
            out.push(']');
        }
        Type::Text | Type::Integer | Type::Number | Type::Mark => string(out, value),
    }
}

/// Percent-encoding undone.
fn decoded(text: &str) -> Cow<'_, str> {
    crate::transcripts::gff3::decode(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(values: &[(&str, &str)]) -> String {
        CSQ_FORMAT
            .split('|')
            .map(|name| values.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| *v))
            .collect::<Vec<_>>()
            .join("|")
    }

    fn record() -> String {
        let one = entry(&[
            ("Allele", "C"),
            ("Consequence", "missense_variant&splice_region_variant"),
            ("HGVSp", "NP_1.1:p.(Leu5%3D)"),
            ("PICK", "1"),
            ("NMD", "0"),
            ("ALLELE_NUM", "1"),
            ("INTRON_OFFSET", "-3"),
            ("LOST_FRACTION", "0.2500"),
        ]);
        let two = entry(&[
            ("Allele", "C"),
            ("Consequence", "intron_variant"),
            ("ALLELE_NUM", "1"),
            ("WARNINGS", "a%20b&c"),
        ]);
        format!(
            "chr1\t7\trs1\tA\tC,*\t.\tq10;s50\tDP=3;CSQ={one},{two};CSQ_HAPLOTYPE=1|chr1-7-A-C&chr1-8-G-T|2|missense_variant;HGVSG=NC_000001.11:g.7A>C,.;FREQ_AF=1e-4,.;FREQ_AC=4,.\tGT\t0/1\n"
        )
    }

    #[test]
    fn json_lines_have_one_row_per_allele_and_transcript() {
        let mut out = String::new();
        Table::new(Kind::JsonLines, &[]).rows(&mut out, &record()).unwrap();
        let rows: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(rows.len(), 3);
        assert!(
            rows.iter()
                .all(|r| r.as_object().unwrap().len() == Table::new(Kind::Tsv, &[]).columns.len())
        );
        let first = &rows[0];
        assert_eq!(
            (first["chrom"].as_str(), first["pos"].as_u64()),
            (Some("chr1"), Some(7))
        );
        assert_eq!(first["filter"], serde_json::json!(["q10", "s50"]));
        assert_eq!(
            first["consequence"],
            serde_json::json!(["missense_variant", "splice_region_variant"])
        );
        assert_eq!(first["hgvsp"], "NP_1.1:p.(Leu5=)");
        assert_eq!((&first["pick"], &first["nmd"]), (&true.into(), &false.into()));
        assert_eq!(
            first["csq_haplotype"],
            serde_json::json!(["1|chr1-7-A-C&chr1-8-G-T|2|missense_variant"])
        );
        assert_eq!(first["intron_offset"], -3);
        assert_eq!(
            (first["freq_af"].as_f64(), first["freq_ac"].as_u64()),
            (Some(1e-4), Some(4))
        );
        assert!(first["qual"].is_null() && first["clinvar_id"].is_null());
        assert_eq!(rows[1]["warnings"], serde_json::json!(["a b", "c"]));
        // The allele without annotation has its row.
        assert_eq!(rows[2]["alt"], "*");
        assert!(rows[2]["consequence"].is_null() && rows[2]["hgvsg"].is_null() && rows[2]["csq_haplotype"].is_null());
    }

    #[test]
    fn tsv_has_the_same_columns() {
        let header = Table::new(Kind::Tsv, &[]).header();
        let names: Vec<&str> = header.trim_end().split('\t').collect();
        assert_eq!(
            names[..9],
            [
                "chrom",
                "pos",
                "id",
                "ref",
                "alt",
                "qual",
                "filter",
                "hgvsg",
                "normalised"
            ]
        );
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len(), "column names are distinct");
        let mut out = String::new();
        Table::new(Kind::Tsv, &[]).rows(&mut out, &record()).unwrap();
        assert_eq!(out.lines().count(), 3);
        for line in out.lines() {
            assert_eq!(line.split('\t').count(), names.len());
        }
        assert!(out.contains("missense_variant&splice_region_variant") && out.contains("p.(Leu5=)"));
    }

    #[test]
    fn endings() {
        for (name, expected) in [
            ("a.jsonl", Some(Kind::JsonLines)),
            ("a.JSONL.gz", Some(Kind::JsonLines)),
            ("a.tsv.gz", Some(Kind::Tsv)),
            ("a.parquet", Some(Kind::Parquet)),
            ("a.parquet.gz", None),
            ("a.vcf.gz", None),
            ("tsv", None),
        ] {
            assert_eq!(Kind::of(Path::new(name)), expected, "{name}");
        }
        assert!(
            Kind::asked(Path::new("a.csv"))
                .unwrap_err()
                .to_string()
                .contains("ending")
        );
    }
}
