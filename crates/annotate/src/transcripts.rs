//! The transcripts of a run: read from GFF3, checked against the reference, found by place and by gene.

mod assemble;
mod build;
mod fit;
pub(crate) mod gff3;
pub(crate) mod model;
mod rows;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use crate::facts::Mane;
use clinotype_genome::{Build, Reference, Result};

pub use self::model::{Span, Transcript};
use crate::bases::{Bases, Cached};

/// All transcripts of a GFF3 file that lie on contigs of the reference.
#[derive(Clone, Debug)]
pub struct TranscriptSet {
    path: PathBuf,
    transcripts: Vec<Transcript>,
    contigs: HashMap<String, ContigIndex>,
    genes: BTreeMap<String, Vec<usize>>,
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

impl TranscriptSet {
    /// Reads transcripts and checks that they belong to the reference: contigs, exon bounds, start codons and splice
    /// sites. GFF3 of Ensembl, RefSeq and MANE, plain or compressed.
    pub fn read(gff3: &Path, reference: &Reference, build: Build) -> Result<Self> {
        Self::read_with(gff3, reference, build)
    }

    /// The same where the caller vouches for the build: start codons and splice sites that do not fit are no fault, and
    /// such a set has no proof. For references of a handful of genes, where one odd start is a large share.
    #[doc(hidden)]
    pub fn read_asserted(gff3: &Path, reference: &Reference, build: Build) -> Result<Self> {
        Self::load(gff3, reference, build, true)
    }

    pub(crate) fn read_with(gff3: &Path, bases: &dyn Bases, build: Build) -> Result<Self> {
        Self::load(gff3, bases, build, false)
    }

    pub(crate) fn load(gff3: &Path, bases: &dyn Bases, build: Build, asserted: bool) -> Result<Self> {
        let loaded = build::load(gff3, bases.contigs(), build)?;
        let mut transcripts = loaded.transcripts;
        transcripts.sort_by(|a, b| {
            let key = |t: &Transcript| (bases.contigs().index_of(&t.contig), t.span().start, t.span().end);
            key(a).cmp(&key(b)).then_with(|| a.accession.cmp(&b.accession))
        });
        let cached = Cached::new(bases);
        let proof = fit::check(gff3, &mut transcripts, &cached, build, asserted)?.or(loaded.proven_by);
        let mut set = Self {
            path: gff3.to_owned(),
            contigs: HashMap::new(),
            genes: BTreeMap::new(),
            release: loaded.release,
            warnings: loaded.warnings,
            proof,
            transcripts,
        };
        set.index();
        Ok(set)
    }

    fn index(&mut self) {
        for (number, transcript) in self.transcripts.iter().enumerate() {
            let span = transcript.span();
            let index = self.contigs.entry(transcript.contig.clone()).or_default();
            index.by_start.push((span.start, span.end, number));
            self.genes.entry(transcript.gene.clone()).or_default().push(number);
        }
        for index in self.contigs.values_mut() {
            index.by_start.sort_unstable();
            let mut highest = 0;
            index.highest_end = index
                .by_start
                .iter()
                .map(|(_, end, _)| {
                    highest = highest.max(*end);
                    highest
                })
                .collect();
        }
        for numbers in self.genes.values_mut() {
            numbers.sort_by_key(|n| rank(&self.transcripts[*n]));
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Symbols of all genes (the gene's id where the file states no symbol).
    pub fn genes(&self) -> BTreeSet<String> {
        self.genes.keys().cloned().collect()
    }

    /// The transcript that a report shows for a gene: MANE Select, MANE Plus Clinical, the provider's canonical one,
    /// coding, the longest coding sequence, the longest transcript; ties by accession.
    pub fn pick(&self, gene: &str) -> Option<&Transcript> {
        self.genes.get(gene)?.first().map(|n| &self.transcripts[*n])
    }

    /// All transcripts, in the order of the reference.
    pub fn iter(&self) -> std::slice::Iter<'_, Transcript> {
        self.transcripts.iter()
    }

    /// The release that the file states, if any.
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
        &self.transcripts[number]
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

impl<'a> IntoIterator for &'a TranscriptSet {
    type Item = &'a Transcript;
    type IntoIter = std::slice::Iter<'a, Transcript>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Order of preference: the smallest is shown.
pub(crate) fn rank(t: &Transcript) -> impl Ord + use<> {
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
        t.accession.clone(),
    )
}
