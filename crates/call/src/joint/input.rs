//! One gVCF being read, record by record in the order of the reference.

use std::{
    collections::HashMap,
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_genome::{Contig, Fault, Reference, Result, fs, vcf_file};
use noodles::vcf;

use super::{InputCounts, entry::Entry};

/// Bases of the reference that are held to check REF against.
const HELD: u32 = 1 << 16;

/// A gVCF of one sample.
pub(super) struct Input {
    path: PathBuf,
    reader: vcf::io::Reader<Box<dyn BufRead + Send>>,
    record: vcf::Record,
    /// Numbers of the reference's contigs by name.
    numbers: HashMap<String, usize>,
    /// Records read.
    read: u64,
    /// Contig number and entry that comes next.
    next: Option<(usize, Entry)>,
    /// Bases of the reference: contig number, 0-based start.
    bases: (usize, u32, Vec<u8>),
    pub(super) counts: InputCounts,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// Opens a gVCF, plain, gzip or BGZF, and checks its header against the reference's contigs.
    pub(super) fn open(path: &Path, contigs: &[Contig]) -> Result<Self> {
        vcf_file::check_whole(path)?;
        let mut reader = vcf::io::Reader::new(fs::open_text(path)? as Box<dyn BufRead + Send>);
        let header = reader
            .read_header()
            .map_err(|e| Fault::input(format!("has no header of a VCF file: {e}")).at(path))?;
        let samples: Vec<&String> = header.sample_names().iter().collect();
        let &[sample] = &samples[..] else {
            return Err(Fault::input(format!("holds {} samples; a gVCF has one", samples.len()))
                .at(path)
                .hint("give the gVCF of each sample, as `clinotype call --gvcf` writes it"));
        };
        for (name, map) in header.contigs() {
            let Some(contig) = contigs.iter().find(|c| c.name == *name) else {
                continue;
            };
            if map.length().is_some_and(|length| length != contig.length as usize) {
                return Err(
                    Fault::input(format!("contig {name} has another length than in the reference"))
                        .at(path)
                        .hint("give the reference that the sample was called on"),
                );
            }
        }
        Ok(Self {
            path: path.to_owned(),
            reader,
            record: vcf::Record::default(),
            numbers: contigs.iter().enumerate().map(|(i, c)| (c.name.clone(), i)).collect(),
            read: 0,
            next: None,
            bases: (usize::MAX, 0, Vec::new()),
            counts: InputCounts {
                sample: sample.clone(),
                ..InputCounts::default()
            },
        })
    }

    /// The sample's name.
    pub(super) fn sample(&self) -> &str {
        &self.counts.sample
    }

    /// 0-based start of the next entry, if it lies on this contig.
    pub(super) fn peek(&self, contig: usize) -> Option<u32> {
        self.next.as_ref().filter(|n| n.0 == contig).map(|n| n.1.start)
    }

    /// Gives the next entry and reads the one after it. The first call gives nothing.
    pub(super) fn advance(&mut self, reference: &Reference, contigs: &[Contig]) -> Result<Option<Entry>> {
        let taken = self.next.take();
        let last = taken.as_ref().map(|t| (t.0, t.1.start));
        self.read += 1;
        let got = self
            .reader
            .read_record(&mut self.record)
            .map_err(|e| Fault::io("read", &self.path, e).record(self.read))?;
        if got > 0 {
            let name = self.record.reference_sequence_name();
            let at = |fault: Fault| fault.at(&self.path).record(self.read);
            let Some(&contig) = self.numbers.get(name) else {
                return Err(at(Fault::input(format!(
                    "lies on contig {name}, which the reference does not have"
                )))
                .hint("give the reference that the sample was called on"));
            };
            let entry = Entry::parse(&self.record).map_err(at)?;
            let fault = |what: &str| at(Fault::input(what)).locus(name, u64::from(entry.start) + 1);
            if entry.end > contigs[contig].length {
                return Err(fault("lies beyond the end of its contig"));
            }
            if last.is_some_and(|last| (contig, entry.start) < last) {
                return Err(fault("the records are not in the order of the reference")
                    .hint("sort the gVCF, for example with `bcftools sort`"));
            }
            self.check_reference(contig, &entry, reference, contigs)?;
            if entry.block {
                self.counts.blocks += 1;
            } else {
                self.counts.records += 1;
            }
            self.next = Some((contig, entry));
        }
        Ok(taken.map(|t| t.1))
    }

    /// REF must be the reference's bases: it proves that all samples were called on one genome.
    fn check_reference(
        &mut self,
        contig: usize,
        entry: &Entry,
        reference: &Reference,
        contigs: &[Contig],
    ) -> Result<()> {
        let given = self.record.reference_bases().as_bytes();
        let end = entry.start + given.len() as u32;
        let (held, from, bases) = &self.bases;
        if *held != contig || entry.start < *from || end > from + bases.len() as u32 {
            let to = entry.start.saturating_add(HELD.max(given.len() as u32));
            let fetched = reference.fetch(&contigs[contig].name, entry.start, to)?;
            self.bases = (contig, entry.start, fetched);
        }
        let offset = (entry.start - self.bases.1) as usize;
        let bases = self.bases.2.get(offset..offset + given.len()).unwrap_or_default();
        if given.eq_ignore_ascii_case(bases) {
            return Ok(());
        }
        Err(Fault::input("REF is not the base of the reference")
            .at(&self.path)
            .record(self.read)
            .locus(&contigs[contig].name, u64::from(entry.start) + 1)
            .hint("give the reference that the sample was called on"))
    }

    /// Counts what became of a variant record.
    pub(super) fn account(&mut self, entry: &Entry) {
        if entry.block {
            return;
        }
        let changes = entry.changes().count() as u32;
        let reason = if changes == 0 {
            "no alternate of its own: only a spanning deletion"
        } else if entry.taken.get() < changes {
            "another record of the sample says what is there"
        } else {
            self.counts.merged += 1;
            return;
        };
        *self.counts.dropped.entry(reason).or_default() += 1;
    }
}
