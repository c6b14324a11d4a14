//! One line of a gVCF: a variant record or a reference block.

use std::cell::Cell;

use clinotype_genome::{Fault, Result};
use noodles::vcf;

use crate::{allele::SPANNING, record::NON_REF};

/// One change of an allele: a substitution, an insertion, a deletion, or a replacement of unequal lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Primitive {
    /// 0-based position of the first base of `reference`.
    pub(super) position: u32,
    /// Reference bases; an insertion or deletion has one base before it.
    pub(super) reference: Vec<u8>,
    /// The bases in their place.
    pub(super) alternate: Vec<u8>,
}

impl Primitive {
    /// 0-based base after the reference bases.
    pub(super) fn end(&self) -> u32 {
        self.position + self.reference.len() as u32
    }
}

/// What an allele of a record is at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Image<'a> {
    /// The reference base.
    Reference,
    /// A change that begins here.
    Change(&'a Primitive),
    /// A deletion that began before.
    Spanning,
}

/// See the module text.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// 0-based first base.
    pub(super) start: u32,
    /// 0-based base after the last.
    pub(super) end: u32,
    /// For each allele its changes: none for REF. A block has REF alone. `<NON_REF>` is left out; its number is the
    /// number of alleles.
    pub(super) alleles: Vec<Vec<Primitive>>,
    /// The number of the allele `*`, if it is there.
    pub(super) spanning: Option<usize>,
    /// Whether it is a reference block.
    pub(super) block: bool,
    /// Allele numbers as written, one per chromosome; `None` is missing.
    pub(super) genotype: Vec<Option<usize>>,
    /// Whether the order of the genotype tells the chromosomes apart.
    pub(super) phased: bool,
    /// Phred-scaled likelihoods over the alleles and `<NON_REF>`; empty where none is given.
    pub(super) pl: Vec<u32>,
    /// Genotype quality.
    pub(super) gq: Option<u32>,
    /// Fragments over the site.
    pub(super) dp: Option<u32>,
    /// Fragments for each allele and `<NON_REF>`; empty where none is given.
    pub(super) ad: Vec<u32>,
    /// Fractions of the alternates and `<NON_REF>`, as written; empty outside mitochondria.
    pub(super) fractions: Vec<String>,
    /// Phase set.
    pub(super) phase_set: Option<u32>,
    /// FILTER, without PASS.
    pub(super) filters: Vec<String>,
    /// QUAL.
    pub(super) qual: Option<f64>,
    /// Alternates that the output took.
    pub(super) taken: Cell<u32>,
}

impl Entry {
    /// Chromosomes.
    pub(super) fn ploidy(&self) -> usize {
        let alleles = self.alleles.len() + 1;
        if self.pl.len() == alleles {
            1
        } else if self.pl.is_empty() {
            self.genotype.len()
        } else {
            2
        }
    }

    /// What the allele of this number is at a 0-based position.
    pub(super) fn image(&self, allele: usize, position: u32) -> Image<'_> {
        if self.spanning == Some(allele) {
            return if self.start == position {
                Image::Spanning
            } else {
                Image::Reference
            };
        }
        let changes = self.alleles.get(allele).map_or(&[][..], Vec::as_slice);
        if let Some(change) = changes.iter().find(|c| c.position == position) {
            Image::Change(change)
        } else if changes.iter().any(|c| c.position < position && position < c.end()) {
            Image::Spanning
        } else {
            Image::Reference
        }
    }

    /// Whether one of its alleles begins to change something at a 0-based position.
    pub(super) fn changes_at(&self, position: u32) -> bool {
        self.changes().any(|c| c.position == position)
    }

    /// Every change of every allele.
    pub(super) fn changes(&self) -> impl Iterator<Item = &Primitive> {
        self.alleles.iter().flatten()
    }

    /// Reads a record. `Err` says what is wrong with it.
    pub(super) fn parse(record: &vcf::Record) -> Result<Self> {
        let position = match record.variant_start() {
            Some(Ok(position)) => u32::try_from(position.get()).ok().filter(|p| *p < i32::MAX as u32),
            _ => None,
        };
        let Some(position) = position else {
            return Err(wrong("POS is not a position"));
        };
        let start = position - 1;
        let reference = record.reference_bases().to_ascii_uppercase().into_bytes();
        if !reference.iter().all(|b| b"ACGTN".contains(b)) {
            return Err(wrong("REF has a letter that is not A, C, G, T or N"));
        }
        let alternates = record.alternate_bases();
        let mut named: Vec<&str> = alternates.as_ref().split(',').collect();
        if named.pop() != Some(NON_REF) {
            return Err(
                wrong("the last alternate is not <NON_REF>").hint("give gVCFs, as `clinotype call --gvcf` writes them")
            );
        }
        let mut alleles = vec![Vec::new()];
        let mut spanning = None;
        for alternate in &named {
            let bases = alternate.to_ascii_uppercase().into_bytes();
            if bases == SPANNING {
                spanning = Some(alleles.len());
                alleles.push(Vec::new());
            } else if bases.iter().all(|b| b"ACGTN".contains(b)) && bases != reference {
                alleles.push(primitives(start, &reference, &bases));
            } else {
                return Err(wrong("an alternate is neither bases, `*` nor <NON_REF>"));
            }
        }
        let block = named.is_empty();
        let end = if block {
            let info = record.info();
            let end = match info.as_ref().split(';').find_map(|field| field.strip_prefix("END=")) {
                Some(end) => end
                    .parse()
                    .ok()
                    .filter(|end| *end >= position)
                    .ok_or_else(|| wrong("END is not a position at or after POS"))?,
                None => position,
            };
            end.max(start + reference.len() as u32)
        } else {
            start + reference.len() as u32
        };
        let filters = record.filters();
        let mut entry = Self {
            start,
            end,
            alleles,
            spanning,
            block,
            genotype: Vec::new(),
            phased: false,
            pl: Vec::new(),
            gq: None,
            dp: None,
            ad: Vec::new(),
            fractions: Vec::new(),
            phase_set: None,
            filters: match filters.as_ref() {
                "" | "." | "PASS" => Vec::new(),
                text => text.split(';').map(str::to_owned).collect(),
            },
            qual: match record.quality_score() {
                None => None,
                Some(Ok(qual)) => Some(f64::from(qual)),
                Some(Err(_)) => return Err(wrong("QUAL is not a number")),
            },
            taken: Cell::new(0),
        };
        let samples = record.samples();
        let (keys, values) = (samples.keys(), samples.get_index(0));
        let values = values.as_ref().map_or("", |sample| sample.as_ref());
        for (key, value) in keys.iter().zip(values.split(':')) {
            entry.field(key, value)?;
        }
        entry.check()?;
        Ok(entry)
    }

    fn field(&mut self, key: &str, value: &str) -> Result<()> {
        if value == "." && key != "GT" {
            return Ok(());
        }
        let number = || {
            value
                .parse::<u32>()
                .map_err(|_| wrong(&format!("{key} is not a number")))
        };
        let numbers = || {
            value
                .split(',')
                .map(str::parse)
                .collect::<Result<Vec<u32>, _>>()
                .map_err(|_| wrong(&format!("{key} is not a list of numbers")))
        };
        match key {
            "GT" => {
                self.phased = value.contains('|');
                self.genotype = value
                    .split(['/', '|'])
                    .map(|allele| match allele {
                        "." => Ok(None),
                        number => number.parse().map(Some).map_err(|_| wrong("GT is not a genotype")),
                    })
                    .collect::<Result<_>>()?;
            }
            // A quality may be written with decimals by other programs.
            "GQ" => {
                let quality: f64 = value.parse().map_err(|_| wrong("GQ is not a number"))?;
                self.gq = Some(quality.clamp(0.0, 1e6) as u32);
            }
            "DP" => self.dp = Some(number()?),
            "PS" => self.phase_set = Some(number()?),
            "AD" => self.ad = numbers()?,
            "PL" => self.pl = numbers()?,
            "HF" => self.fractions = value.split(',').map(str::to_owned).collect(),
            _ => {}
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let alleles = self.alleles.len() + 1;
        if self.genotype.is_empty() {
            return Err(wrong("has no GT"));
        }
        if self.genotype.iter().flatten().any(|a| *a >= alleles) {
            return Err(wrong("GT names an allele that is not there"));
        }
        if !self.ad.is_empty() && self.ad.len() != alleles {
            return Err(wrong("AD does not have a number for each allele"));
        }
        if !self.fractions.is_empty() && self.fractions.len() + 1 != alleles {
            return Err(wrong("HF does not have a number for each alternate"));
        }
        let expected = match self.genotype.len() {
            1 => alleles,
            2 => alleles * (alleles + 1) / 2,
            // A mitochondrial site may list more than two alleles; it has no likelihoods.
            _ => 0,
        };
        if !self.pl.is_empty() && self.pl.len() != expected {
            return Err(wrong("PL does not have a number for each genotype"));
        }
        Ok(())
    }
}

fn wrong(what: &str) -> Fault {
    Fault::input(what)
}

/// The changes that make `alternate` from `reference`: each differing base of equal lengths; else one change, with
/// shared bases cut off its end and then its beginning, one base kept (Tan 2015, Bioinformatics 31:2202).
pub(super) fn primitives(start: u32, reference: &[u8], alternate: &[u8]) -> Vec<Primitive> {
    if reference.len() == alternate.len() {
        return reference
            .iter()
            .zip(alternate)
            .enumerate()
            .filter(|(_, (r, a))| r != a)
            .map(|(offset, (r, a))| Primitive {
                position: start + offset as u32,
                reference: vec![*r],
                alternate: vec![*a],
            })
            .collect();
    }
    let (mut reference, mut alternate, mut position) = (reference, alternate, start);
    while reference.len() > 1 && alternate.len() > 1 && reference.last() == alternate.last() {
        reference = &reference[..reference.len() - 1];
        alternate = &alternate[..alternate.len() - 1];
    }
    while reference.len() > 1 && alternate.len() > 1 && reference[0] == alternate[0] {
        reference = &reference[1..];
        alternate = &alternate[1..];
        position += 1;
    }
    vec![Primitive {
        position,
        reference: reference.to_vec(),
        alternate: alternate.to_vec(),
    }]
}
