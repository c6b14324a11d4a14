//! The data that is shipped, in our own plain formats: tab-separated tables whose first lines begin with `#`, and bases
//! of two bits each.

use clinotype_genome::{Fault, Interval, Pos, Result, Strand, VariantKey, digest as checksum};

use crate::simulate::PhasedAllele;

const INTERVALS: &str = include_str!("../../data/demo/intervals.tsv");
const SEQUENCE: &[u8] = include_bytes!("../../data/demo/sequence.bin");
const TRANSCRIPTS: &str = include_str!("../../data/demo/transcripts.tsv");
const PATIENT: &str = include_str!("../../data/demo/patient.tsv");
const CLINVAR: &str = include_str!("../../data/demo/clinvar.tsv");
const FREQUENCIES: &str = include_str!("../../data/demo/frequencies.tsv");
pub(super) const EXPECTED: &str = include_str!("../../data/demo/expected.tsv");
pub(super) const ORDER: &str = include_str!("../../data/demo/order.json");

/// The contigs of the demonstration, in the order of its reference.
pub(super) const CONTIGS: [&str; 4] = ["chr7", "chr13", "chr17", "chr19"];

/// SHA-256 over everything shipped and over `form`.
pub(super) fn digest(form: &str) -> String {
    let parts = [
        form,
        INTERVALS,
        TRANSCRIPTS,
        PATIENT,
        CLINVAR,
        FREQUENCIES,
        EXPECTED,
        ORDER,
    ]
    .map(|text| checksum::sha256(text.as_bytes()));
    checksum::sha256(format!("{}{}", parts.concat(), checksum::sha256(SEQUENCE)).as_bytes())
}

/// Everything shipped, read.
pub(super) struct Shipped {
    /// Stretches of the reference in its order, each with its bases.
    pub(super) stretches: Vec<(Interval, Vec<u8>)>,
    /// Transcripts in the order of the reference; those of one gene stand together.
    pub(super) transcripts: Vec<Transcript>,
    /// The person's alleles.
    pub(super) patient: Vec<PhasedAllele>,
    /// Rows of the ClinVar excerpt.
    pub(super) clinvar: Vec<Row>,
    /// Rows of the invented frequencies.
    pub(super) frequencies: Vec<Row>,
}

/// A transcript; coordinates 0-based, half-open.
pub(super) struct Transcript {
    pub(super) gene: &'static str,
    pub(super) hgnc: &'static str,
    pub(super) ncbi_gene: &'static str,
    pub(super) accession: &'static str,
    pub(super) protein: &'static str,
    pub(super) lrg: &'static str,
    pub(super) contig: &'static str,
    pub(super) strand: Strand,
    /// First and after-last base of the coding sequence, stop codon included.
    pub(super) cds: (u32, u32),
    /// In the order of the contig.
    pub(super) exons: Vec<(u32, u32)>,
}

impl Transcript {
    /// The coding part of each exon, in the order of the contig.
    pub(super) fn coding(&self) -> Vec<(u32, u32)> {
        self.exons
            .iter()
            .map(|&(start, end)| (start.max(self.cds.0), end.min(self.cds.1)))
            .filter(|(start, end)| start < end)
            .collect()
    }
}

/// A row that belongs to an allele: the allele, and the columns by name.
pub(super) struct Row {
    pub(super) key: VariantKey,
    columns: &'static str,
    fields: Vec<&'static str>,
}

impl Row {
    /// A column's value; `None` for `.`.
    pub(super) fn get(&self, column: &str) -> Option<&'static str> {
        let index = self.columns.split('\t').position(|c| c == column)?;
        self.fields.get(index).copied().filter(|v| *v != ".")
    }
}

fn broken(table: &str, line: usize) -> Fault {
    Fault::internal(format!("the shipped table {table} is broken at line {}", line + 1))
}

/// The column names (the last line that begins with `#`) and the rows with their line numbers.
fn table(text: &'static str) -> (&'static str, Vec<(usize, Vec<&'static str>)>) {
    let columns = text.lines().take_while(|l| l.starts_with('#')).last().unwrap_or("#");
    let rows = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.starts_with('#'))
        .map(|(n, l)| (n, l.split('\t').collect()))
        .collect();
    (&columns[1..], rows)
}

fn rows(name: &str, text: &'static str) -> Result<Vec<Row>> {
    let (columns, rows) = table(text);
    rows.into_iter()
        .map(|(n, fields)| {
            let value = |column: &str| {
                let index = columns.split('\t').position(|c| c == column)?;
                fields.get(index).copied()
            };
            let key = || {
                let position = Pos::new(value("position")?.parse().ok()?)?;
                Some(VariantKey::new(
                    value("contig")?,
                    position,
                    value("ref")?,
                    value("alt")?,
                ))
            };
            Ok(Row {
                key: key().ok_or_else(|| broken(name, n))?,
                columns,
                fields,
            })
        })
        .collect()
}

fn transcript(fields: &[&'static str]) -> Option<Transcript> {
    let [
        gene,
        hgnc,
        ncbi_gene,
        accession,
        protein,
        lrg,
        contig,
        strand,
        cds_start,
        cds_end,
        exons,
    ] = *fields
    else {
        return None;
    };
    Some(Transcript {
        gene,
        hgnc,
        ncbi_gene,
        accession,
        protein,
        lrg,
        contig,
        strand: match strand {
            "+" => Strand::Forward,
            "-" => Strand::Reverse,
            _ => return None,
        },
        cds: (cds_start.parse().ok()?, cds_end.parse().ok()?),
        exons: exons
            .split(';')
            .map(|exon| {
                let (start, end) = exon.split_once('-')?;
                Some((start.parse().ok()?, end.parse().ok()?))
            })
            .collect::<Option<_>>()?,
    })
}

impl Shipped {
    /// Reads the shipped data. A failure is a defect of this crate.
    pub(super) fn read() -> Result<Self> {
        let mut packed = SEQUENCE.iter();
        let mut stretches = Vec::new();
        for (n, fields) in table(INTERVALS).1 {
            let interval = || {
                let [contig, start, end, _gene] = *fields.as_slice() else {
                    return None;
                };
                Some(Interval::new(contig, start.parse().ok()?, end.parse().ok()?))
            };
            let interval = interval().ok_or_else(|| broken("intervals", n))?;
            let length = interval.len() as usize;
            // Four bases a byte, the first in the highest bits; a stretch begins with a byte of its own.
            let mut bases: Vec<u8> = packed
                .by_ref()
                .take(length.div_ceil(4))
                .flat_map(|byte| [6, 4, 2, 0].map(|shift| b"ACGT"[usize::from(byte >> shift & 3)]))
                .collect();
            if bases.len() < length {
                return Err(broken("sequence", n));
            }
            bases.truncate(length);
            stretches.push((interval, bases));
        }
        let patient = rows("patient", PATIENT)?
            .into_iter()
            .map(|row| {
                let carried = match row.get("genotype") {
                    Some("0|1") => [false, true],
                    Some("1|0") => [true, false],
                    Some("1|1") => [true, true],
                    _ => {
                        return Err(Fault::internal(format!(
                            "the shipped genotype of {} is broken",
                            row.key
                        )));
                    }
                };
                Ok(PhasedAllele { key: row.key, carried })
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            stretches,
            transcripts: table(TRANSCRIPTS)
                .1
                .iter()
                .map(|(n, fields)| transcript(fields).ok_or_else(|| broken("transcripts", *n)))
                .collect::<Result<_>>()?,
            patient,
            clinvar: rows("clinvar", CLINVAR)?,
            frequencies: rows("frequencies", FREQUENCIES)?,
        })
    }

    /// The stretches without their bases.
    pub(super) fn intervals(&self) -> Vec<Interval> {
        self.stretches.iter().map(|(interval, _)| interval.clone()).collect()
    }

    /// The person's alleles.
    pub(super) fn alleles(&self) -> Vec<PhasedAllele> {
        self.patient.clone()
    }
}
