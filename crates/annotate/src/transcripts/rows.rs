//! What one GFF3 file says of a transcript before its rows are put together, in the dialects of Ensembl, RefSeq (NCBI),
//! MANE/GENCODE and our panel.

use crate::facts::Mane;
use clinotype_genome::Strand;

use super::{gff3::Row, model::Span};

/// A transcript row, or a gene row that may turn out to carry a coding sequence itself (RefSeq's mitochondrion).
#[derive(Debug)]
pub(super) struct Parent {
    pub(super) line: u64,
    pub(super) kind: String,
    pub(super) contig: String,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) strand: Option<Strand>,
    pub(super) under: Option<String>,
    pub(super) symbol: Option<String>,
    pub(super) hgnc: Option<String>,
    pub(super) gene_id: Option<String>,
    pub(super) biotype: Option<String>,
    pub(super) accession: Option<String>,
    pub(super) select: Option<Mane>,
    pub(super) canonical: bool,
    pub(super) differs: bool,
}

#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) line: u64,
    pub(super) exons: Vec<(Span, u64)>,
    pub(super) coding: Vec<(Span, Option<u8>, u64)>,
    pub(super) protein_id: Option<String>,
    pub(super) table: Option<u8>,
    pub(super) selenocysteine: Vec<u32>,
    pub(super) start_missing: bool,
    pub(super) child: Option<(String, Option<Strand>)>,
}

pub(super) fn without_prefix(id: &str) -> &str {
    ["gene:", "transcript:", "CDS:", "gene-", "rna-", "cds-"]
        .iter()
        .find_map(|p| id.strip_prefix(p))
        .unwrap_or(id)
}

pub(super) fn with_version(id: &str, version: Option<&str>) -> String {
    match version {
        Some(version) if !id.contains('.') => format!("{id}.{version}"),
        _ => id.to_owned(),
    }
}

pub(super) fn hgnc(row: &Row<'_>) -> Option<String> {
    if let Some(id) = row.get("hgnc_id") {
        return Some(if id.starts_with("HGNC:") {
            id.into_owned()
        } else {
            format!("HGNC:{id}")
        });
    }
    for reference in row.list("Dbxref") {
        if let Some(number) = reference
            .strip_prefix("HGNC:HGNC:")
            .or_else(|| reference.strip_prefix("HGNC:"))
        {
            return Some(format!("HGNC:{number}"));
        }
    }
    // Ensembl: `description=BRCA1 DNA repair associated [Source:HGNC Symbol;Acc:HGNC:1100]`.
    let description = row.get("description")?;
    let (_, id) = description.split_once("Acc:HGNC:")?;
    Some(format!("HGNC:{}", id.trim_end_matches(']')))
}

/// Whether a row's type is that of a gene: `gene`, `ncRNA_gene`, `pseudogene` ... A `V_gene_segment` is a transcript.
pub(super) fn is_gene(kind: &str) -> bool {
    kind.contains("gene") && !kind.ends_with("gene_segment")
}

impl Parent {
    pub(super) fn of(row: &Row<'_>, line: u64) -> Self {
        let is_gene = is_gene(row.kind);
        let id = row.get("ID").unwrap_or_default();
        let version = row.get("version");
        let accession = row
            .get("transcript_id")
            .map(|t| with_version(&t, version.as_deref()))
            .or_else(|| (!is_gene).then(|| with_version(without_prefix(&id), version.as_deref())));
        let mut select = None;
        let mut canonical = false;
        for tag in row.list("tag") {
            match tag.as_ref() {
                "MANE_Select" | "MANE Select" => select = Some(Mane::Select),
                "MANE_Plus_Clinical" | "MANE Plus Clinical" => select = select.or(Some(Mane::PlusClinical)),
                "Ensembl_canonical" | "RefSeq Select" => canonical = true,
                _ => {}
            }
        }
        let symbol = row
            .get("gene")
            .or_else(|| row.get("gene_name"))
            .or_else(|| is_gene.then(|| row.get("Name")).flatten());
        Self {
            line,
            kind: row.kind.to_owned(),
            contig: row.contig.clone().into_owned(),
            start: row.start - 1,
            end: row.end,
            strand: row.strand,
            under: row.list("Parent").next().map(std::borrow::Cow::into_owned),
            symbol: symbol.map(std::borrow::Cow::into_owned),
            hgnc: hgnc(row),
            gene_id: row
                .get("gene_id")
                .map(std::borrow::Cow::into_owned)
                .or_else(|| is_gene.then(|| without_prefix(&id).to_owned())),
            biotype: [
                "biotype",
                "transcript_biotype",
                "gene_biotype",
                "transcript_type",
                "gene_type",
            ]
            .iter()
            .find_map(|k| row.get(k))
            .map(std::borrow::Cow::into_owned),
            accession,
            select,
            canonical,
            differs: row.get("exception").is_some()
                || row
                    .get("Note")
                    .is_some_and(|n| n.contains("compared to this genomic sequence")),
        }
    }
}

impl Parts {
    pub(super) fn add(&mut self, row: &Row<'_>, line: u64) {
        let span = Span {
            start: row.start - 1,
            end: row.end,
        };
        if self.line == 0 {
            self.line = line;
        }
        if self.child.is_none() {
            self.child = Some((row.contig.clone().into_owned(), row.strand));
        }
        if row.kind == "exon" {
            self.exons.push((span, line));
            return;
        }
        self.coding.push((span, row.phase, line));
        if self.protein_id.is_none() {
            self.protein_id = row
                .get("protein_id")
                .map(|id| with_version(&id, row.get("version").as_deref()))
                .or_else(|| row.get("ID").map(|id| without_prefix(&id).to_owned()));
        }
        self.table = self
            .table
            .or_else(|| row.get("transl_table").and_then(|t| t.parse().ok()));
        self.start_missing |= row.list("tag").any(|t| t == "cds_start_NF" || t == "mRNA_start_NF")
            || row.get("start_range").is_some() && row.strand == Some(Strand::Forward)
            || row.get("end_range").is_some() && row.strand == Some(Strand::Reverse);
        // RefSeq: `transl_except=(pos:complement(100..102)%2Caa:Sec)`.
        if let Some(text) = row.get("transl_except") {
            for part in text.split("(pos:").skip(1).filter(|p| p.contains("aa:Sec")) {
                let digits: String = part
                    .trim_start_matches("complement(")
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                if let Ok(position) = digits.parse::<u32>()
                    && !self.selenocysteine.contains(&position)
                {
                    self.selenocysteine.push(position);
                }
            }
        }
    }
}
