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
    /// Parts of it come from elsewhere.
    pub(super) trans_spliced: bool,
    /// Its coding sequence begins before it does.
    pub(super) start_missing: bool,
}

/// The rows under one transcript on one contig.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) line: u64,
    pub(super) contig: String,
    pub(super) strand: Option<Strand>,
    pub(super) exons: Vec<(Span, u64)>,
    pub(super) coding: Vec<(Span, Option<u8>, u64)>,
    pub(super) protein_id: Option<String>,
    pub(super) table: Option<u8>,
    pub(super) selenocysteine: Vec<u32>,
    pub(super) start_missing: bool,
    /// The stop codon is completed by the tail of adenines.
    pub(super) tail_stop: bool,
}

/// One row of an alignment of a transcript to the genome.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) contig: String,
    pub(super) span: Span,
    pub(super) strand: Option<Strand>,
    /// 0-based, half-open, on the transcript.
    pub(super) target: Span,
    /// (operation, bases) in the transcript's direction; one M where the row states none.
    pub(super) gap: Vec<(u8, u32)>,
}

impl Match {
    /// `Target=NM_1.2 11 60 +;Gap=M30 I1 M19` (GFF3 specification, "The Gap Attribute"); `None` for another alignment.
    pub(super) fn of(row: &Row<'_>) -> Option<(String, Self)> {
        let target = row.get("Target")?;
        let mut words = target.split(' ');
        let (accession, start, end) = (words.next()?, words.next()?, words.next()?);
        let (start, end): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
        let span = Span {
            start: row.start - 1,
            end: row.end,
        };
        let gap = match row.get("Gap") {
            None => vec![(b'M', span.len())],
            Some(text) => text
                .split_whitespace()
                .map(|word| Some((*word.as_bytes().first()?, word.get(1..)?.parse().ok()?)))
                .collect::<Option<_>>()?,
        };
        Some((
            accession.to_owned(),
            Self {
                contig: row.contig.clone().into_owned(),
                span,
                strand: row.strand,
                target: Span {
                    start: start.checked_sub(1)?,
                    end: end.max(start),
                },
                gap,
            },
        ))
    }
}

/// Ensembl and GENCODE mark what lies in the pseudo-autosomal regions of Y by an ending; RefSeq does not. The sequence
/// is that of X, and so is the accession.
fn without_par(accession: &str) -> &str {
    accession.strip_suffix("_PAR_Y").unwrap_or(accession)
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
            .map(|t| with_version(without_par(&t), version.as_deref()))
            .or_else(|| (!is_gene).then(|| with_version(without_par(without_prefix(&id)), version.as_deref())));
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
                .map(|id| without_par(&id).to_owned())
                .or_else(|| is_gene.then(|| without_par(without_prefix(&id)).to_owned())),
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
            trans_spliced: row.get("exception").is_some_and(|e| e.contains("trans-splicing")),
            start_missing: row.list("tag").any(|t| t == "cds_start_NF" || t == "mRNA_start_NF"),
        }
    }
}

impl Parts {
    pub(super) fn new(contig: &str, line: u64) -> Self {
        Self {
            line,
            contig: contig.to_owned(),
            strand: None,
            exons: Vec::new(),
            coding: Vec::new(),
            protein_id: None,
            table: None,
            selenocysteine: Vec::new(),
            start_missing: false,
            tail_stop: false,
        }
    }

    pub(super) fn add(&mut self, row: &Row<'_>, line: u64) {
        let span = Span {
            start: row.start - 1,
            end: row.end,
        };
        self.strand = self.strand.or(row.strand);
        if row.kind == "exon" {
            self.exons.push((span, line));
            return;
        }
        if row.kind != "CDS" {
            // The codon's lowest base, as in `transl_except`.
            if !self.selenocysteine.contains(&row.start) {
                self.selenocysteine.push(row.start);
            }
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
            self.tail_stop |= text.contains("aa:TERM");
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
