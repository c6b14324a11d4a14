//! The transcripts of a run: read from GFF3 or from a compiled file, checked against the reference, found by place, by
//! gene and by accession.

mod assemble;
mod build;
mod compiled;
mod differ;
mod fit;
pub(crate) mod gff3;
mod load;
mod map;
pub(crate) mod model;
mod record;
mod rows;

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use crate::facts::Mane;

use self::compiled::Compiled;
pub use self::{
    compiled::Source,
    load::{Cache, Files},
    model::{Difference, Span, Transcript},
};

/// The transcripts of one or several files that lie on contigs of the reference.
///
/// Those of a compiled file are made when they are first asked for.
#[derive(Clone, Debug)]
pub struct TranscriptSet {
    paths: Vec<PathBuf>,
    sources: Vec<Source>,
    slots: Vec<OnceLock<Box<Transcript>>>,
    compiled: Option<Arc<Compiled>>,
    contigs: HashMap<String, ContigIndex>,
    genes: OnceLock<BTreeMap<String, Vec<usize>>>,
    accessions: OnceLock<HashMap<String, Vec<usize>>>,
    release: Option<String>,
    warnings: Vec<String>,
    proof: Option<String>,
}

/// Transcripts of one contig by start, with the highest end among all before and at each (to stop a walk early).
#[derive(Clone, Debug, Default)]
struct ContigIndex {
    by_start: Vec<(u32, u32, usize)>,
    highest_end: Vec<u32>,
}

impl ContigIndex {
    fn finish(&mut self) {
        self.by_start.sort_unstable();
        let mut highest = 0;
        self.highest_end = self
            .by_start
            .iter()
            .map(|(_, end, _)| {
                highest = highest.max(*end);
                highest
            })
            .collect();
    }
}

impl TranscriptSet {
    /// The first file.
    pub fn path(&self) -> &Path {
        self.paths.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// All files as they were given.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The GFF3 files that the transcripts come from, also where a compiled file was read.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    fn by_gene(&self) -> &BTreeMap<String, Vec<usize>> {
        self.genes.get_or_init(|| {
            let mut genes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for number in 0..self.len() {
                let gene = &self.get(number).gene;
                if let Some(numbers) = genes.get_mut(gene) {
                    numbers.push(number);
                } else {
                    genes.insert(gene.clone(), vec![number]);
                }
            }
            for numbers in genes.values_mut() {
                numbers.sort_by(|a, b| compare(self.get(*a), self.get(*b)));
            }
            genes
        })
    }

    /// Symbols of all genes (the gene's id where the file states no symbol).
    pub fn genes(&self) -> BTreeSet<String> {
        self.by_gene().keys().cloned().collect()
    }

    /// The transcript that a report shows for a gene: MANE Select, MANE Plus Clinical, the provider's canonical one,
    /// coding, the longest coding sequence, the longest transcript; ties by accession.
    pub fn pick(&self, gene: &str) -> Option<&Transcript> {
        self.by_gene().get(gene)?.first().map(|n| self.get(*n))
    }

    /// The transcripts of an accession with version: one, or one per place where an accession has several (the
    /// pseudo-autosomal regions), in the order of the reference.
    pub fn with_accession(&self, accession: &str) -> impl Iterator<Item = &Transcript> {
        let accessions = self.accessions.get_or_init(|| {
            let mut accessions: HashMap<String, Vec<usize>> = HashMap::new();
            for number in 0..self.len() {
                accessions
                    .entry(self.get(number).accession.clone())
                    .or_default()
                    .push(number);
            }
            accessions
        });
        let numbers = accessions.get(accession).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().map(|n| self.get(*n))
    }

    /// All transcripts, in the order of the reference.
    pub fn iter(&self) -> Transcripts<'_> {
        Transcripts {
            set: self,
            numbers: 0..self.len(),
        }
    }

    /// How many transcripts there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none; never so of a set that was read.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The release that the files state, if any; several are joined by `; `.
    pub fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// What was left out, and what a reader must know.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// How the file proved its build; `None` where it could not (the bases under all transcripts are unknown).
    pub fn proof(&self) -> Option<&str> {
        self.proof.as_deref()
    }

    pub(crate) fn get(&self, number: usize) -> &Transcript {
        self.slots[number].get_or_init(|| {
            let transcript = self.compiled.as_ref().and_then(|compiled| compiled.transcript(number));
            Box::new(transcript.expect("every record of a compiled file is checked when it is opened"))
        })
    }

    /// The first start of a transcript at or after a position (0-based) of a contig.
    pub(crate) fn next_start(&self, contig: &str, position: u32) -> Option<u32> {
        let index = self.contigs.get(contig)?;
        let at = index.by_start.partition_point(|(start, _, _)| *start < position);
        index.by_start.get(at).map(|(start, _, _)| *start)
    }

    /// Numbers of the transcripts that share a base with `start..end` (0-based, half-open).
    pub(crate) fn overlapping(&self, contig: &str, start: u32, end: u32) -> Vec<usize> {
        let Some(index) = self.contigs.get(contig) else {
            return Vec::new();
        };
        let last = index.by_start.partition_point(|(s, _, _)| *s < end);
        let mut found: Vec<usize> = (0..last)
            .rev()
            .take_while(|i| index.highest_end[*i] > start)
            .filter(|i| index.by_start[*i].1 > start)
            .map(|i| index.by_start[i].2)
            .collect();
        found.sort_unstable();
        found
    }
}

/// The transcripts of a set, in the order of the reference.
#[derive(Clone, Debug)]
pub struct Transcripts<'a> {
    set: &'a TranscriptSet,
    numbers: std::ops::Range<usize>,
}

impl<'a> Iterator for Transcripts<'a> {
    type Item = &'a Transcript;
    fn next(&mut self) -> Option<Self::Item> {
        self.numbers.next().map(|n| self.set.get(n))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}

impl DoubleEndedIterator for Transcripts<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.numbers.next_back().map(|n| self.set.get(n))
    }
}

impl ExactSizeIterator for Transcripts<'_> {}

impl<'a> IntoIterator for &'a TranscriptSet {
    type Item = &'a Transcript;
    type IntoIter = Transcripts<'a>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Order of preference: the first is shown. MANE Select, MANE Plus Clinical, the provider's canonical one, coding, the
/// biotype `protein_coding`, the longest coding sequence, the longest transcript; ties by accession.
pub(crate) fn compare(a: &Transcript, b: &Transcript) -> Ordering {
    let key = |t: &Transcript| {
        let mane = match t.mane {
            Mane::Select => 0_u8,
            Mane::PlusClinical => 1,
            Mane::None => 2,
        };
        (
            mane,
            !t.canonical,
            t.coding.is_none(),
            t.biotype != "protein_coding",
            Reverse(t.coding_length()),
            Reverse(t.length()),
        )
    };
    key(a).cmp(&key(b)).then_with(|| a.accession.cmp(&b.accession))
}
