//! The records of a VCF or gVCF, as polygenic scoring reads them.

use std::path::Path;

use clinotype_genome::{Fault, Reference, Result};
use clinotype_interpret::prs::{Block, Call, Site, contig_number};

use crate::vcf_lines::VcfLines;

/// The first columns of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    pub(super) contig: &'a str,
    pub(super) position: u32,
    pub(super) reference: &'a str,
    pub(super) alternates: &'a str,
    /// From QUAL on.
    pub(super) rest: &'a str,
}

impl<'a> Head<'a> {
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (contig, rest) = line.split_once('\t')?;
        let (position, rest) = rest.split_once('\t')?;
        let (_, rest) = rest.split_once('\t')?;
        let (reference, rest) = rest.split_once('\t')?;
        let (alternates, rest) = rest.split_once('\t')?;
        Some(Self {
            contig,
            position: position.parse().ok()?,
            reference,
            alternates,
            rest,
        })
    }

    /// Whether no alternate is written as an allele: a reference block or a plain reference record.
    pub(super) fn is_reference(&self) -> bool {
        matches!(self.alternates, "<NON_REF>" | "<*>" | "." | "<NON_REF>,<*>")
    }

    /// QUAL and on: FILTER, INFO, FORMAT, samples.
    fn columns(&self) -> std::result::Result<Columns<'a>, String> {
        let mut columns = self.rest.splitn(5, '\t');
        let (Some(_), Some(filter), Some(info), Some(format), Some(samples)) = (
            columns.next(),
            columns.next(),
            columns.next(),
            columns.next(),
            columns.next(),
        ) else {
            return Err("the record has no FORMAT and sample columns".to_owned());
        };
        Ok(Columns {
            filtered: !matches!(filter, "." | "PASS" | ""),
            info,
            format,
            samples,
        })
    }
}

struct Columns<'a> {
    filtered: bool,
    info: &'a str,
    format: &'a str,
    samples: &'a str,
}

fn place_of(format: &str, key: &str) -> Option<usize> {
    format.split(':').position(|k| k == key)
}

/// A record as a site. `samples`: how many columns there must be.
pub(super) fn site(head: &Head<'_>, contig: u8, samples: usize) -> std::result::Result<Site, String> {
    let columns = head.columns()?;
    let keys = ["GT", "DS", "PS"].map(|key| place_of(columns.format, key));
    if keys[0].is_none() && keys[1].is_none() {
        return Err("the record has neither genotypes (GT) nor dosages (DS)".to_owned());
    }
    let calls: Vec<Call> = columns
        .samples
        .split('\t')
        .map(|column| Call::parse(column, keys))
        .collect();
    if calls.len() != samples {
        return Err(format!(
            "the record has {} sample columns; the header has {samples}",
            calls.len()
        ));
    }
    let mut alternates: Vec<String> = head.alternates.split(',').map(str::to_ascii_uppercase).collect();
    while alternates
        .last()
        .is_some_and(|a| matches!(a.as_str(), "<NON_REF>" | "<*>" | "."))
    {
        alternates.pop();
    }
    Ok(Site {
        contig,
        position: head.position,
        reference: head.reference.to_ascii_uppercase(),
        alternates,
        filtered: columns.filtered,
        calls,
    })
}

/// A record without alternates as a block of the reference. `least`: GQ from which it fills.
pub(super) fn block(head: &Head<'_>, contig: u8, least: u32) -> std::result::Result<Block, String> {
    let columns = head.columns()?;
    let end = match columns.info.split(';').find_map(|f| f.strip_prefix("END=")) {
        Some(end) => end
            .parse::<u32>()
            .ok()
            .filter(|end| *end >= head.position)
            .ok_or("END is no position behind POS")?,
        None => head.position + (head.reference.len() as u32).max(1) - 1,
    };
    let value = |key: &str| columns.samples.split(':').nth(place_of(columns.format, key)?);
    let genotype = value("GT").unwrap_or(".");
    let quality = value("GQ").or_else(|| value("RGQ")).and_then(|q| q.parse::<f64>().ok());
    let reference = matches!(genotype, "0/0" | "0|0" | "0");
    Ok(Block {
        contig,
        start: head.position,
        end,
        certain: reference && !columns.filtered && quality.is_some_and(|q| q >= f64::from(least)),
        ploidy: if genotype == "0" { 1 } else { 2 },
    })
}

/// The bases of the reference genome, by contig number.
pub(super) struct Bases<'a> {
    reference: Option<&'a Reference>,
    /// Name of each contig in the FASTA.
    names: Vec<Option<String>>,
}

impl<'a> Bases<'a> {
    pub(super) fn new(reference: Option<&'a Reference>) -> Self {
        let mut names = vec![None; 26];
        if let Some(reference) = reference {
            for contig in reference.contigs() {
                if let Some(number) = contig_number(&contig.name) {
                    names[usize::from(number)].get_or_insert_with(|| contig.name.clone());
                }
            }
        }
        Self { reference, names }
    }

    /// Bases from a 1-based position on; `None` where there is no FASTA or it ends.
    pub(super) fn at(&self, contig: u8, position: u32, length: u32) -> Result<Option<String>> {
        let (Some(reference), Some(Some(name))) = (self.reference, self.names.get(usize::from(contig))) else {
            return Ok(None);
        };
        let bases = reference.fetch(name, position - 1, position - 1 + length)?;
        Ok((bases.len() == length as usize).then(|| String::from_utf8_lossy(&bases).into_owned()))
    }
}

/// Keeps a VCF's records in order: positions rise on a contig, and each contig stands in one piece.
#[derive(Debug, Default)]
pub(super) struct Order {
    contig: String,
    number: Option<u8>,
    position: u32,
    seen: [bool; 32],
}

impl Order {
    /// The contig's number, or `None` outside the chromosomes.
    pub(super) fn step(&mut self, head: &Head<'_>) -> std::result::Result<Option<u8>, &'static str> {
        const UNSORTED: &str = "the records are not sorted by position";
        if head.contig != self.contig {
            head.contig.clone_into(&mut self.contig);
            self.number = contig_number(head.contig);
            self.position = 0;
            if let Some(number) = self.number
                && std::mem::replace(&mut self.seen[usize::from(number)], true)
            {
                return Err(UNSORTED);
            }
        }
        if head.position < self.position {
            return Err(UNSORTED);
        }
        self.position = head.position;
        Ok(self.number)
    }
}

/// Opens a target. A file without samples is a fault, and so is a gVCF of several.
pub(super) fn open(path: &Path, gvcf: bool) -> Result<VcfLines> {
    let file = VcfLines::open(path)?;
    if file.samples.is_empty() {
        return Err(Fault::input("has no sample column: there are no genotypes to score")
            .at(path)
            .hint("give a VCF with genotypes (GT) or dosages (DS)"));
    }
    if gvcf && file.samples.len() != 1 {
        return Err(
            Fault::input(format!("holds {} samples; a gVCF holds one", file.samples.len()))
                .at(path)
                .hint("give a joint VCF by --vcf, or each sample's gVCF by --gvcf"),
        );
    }
    Ok(file)
}
