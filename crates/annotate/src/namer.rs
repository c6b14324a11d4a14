//! From a name, or an allele of the genome, to all its names: read, checked against the sequences, normalised, and
//! projected between genome, transcript and protein.
//!
//! [`Sequences`] opens the FASTA, [`Namer`] holds it with the transcripts, [`Namer::name`] answers. A record of the
//! FASTA whose name is an accession (`NG_012337.1`, `NM_003002.2`) can be named on directly; where it is that of a
//! transcript with a place on another record, the two are aligned, and what differs between them is allowed for.

mod aligned;
mod allele;
mod answer;
mod compose;
mod genomic;
mod make;
mod prepare;
mod residues;
mod sequences;
mod target;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex},
};

use clinotype_genome::{Build, ContigKey, Result};

use self::prepare::Prepared;
pub use self::{
    aligned::AlignedTranscript,
    answer::{Answer, OtherTranscript, VcfAllele},
    sequences::Sequences,
};
use crate::{
    bases::Bases,
    transcripts::{Transcript, TranscriptSet},
};

/// Where a transcript is kept: (set, number), or a number among those that came with their alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Entry {
    Set(usize, usize),
    Aligned(usize),
}

/// Sequences and transcripts, ready to answer. May be used from many threads.
pub struct Namer<'a> {
    bases: &'a dyn Bases,
    lengths: HashMap<String, u32>,
    build: Option<Build>,
    sets: Vec<&'a TranscriptSet>,
    aligned: Vec<AlignedTranscript>,
    /// Accession to entries.
    accessions: HashMap<String, Vec<Entry>>,
    /// Accession without version to the accessions that are here.
    stems: BTreeMap<String, Vec<String>>,
    genes: HashMap<String, Vec<Entry>>,
    proteins: HashMap<String, Entry>,
    prepared: Mutex<HashMap<(Entry, bool), Arc<Prepared<'a>>>>,
}

impl<'a> Namer<'a> {
    /// `build`: stated, or `None` to take the one that the contigs' lengths prove (g. names on `chr17` need one).
    pub fn new(bases: &'a dyn Bases, sets: Vec<&'a TranscriptSet>, build: Option<Build>) -> Self {
        let lengths: HashMap<String, u32> = bases.contigs().iter().map(|c| (c.name.clone(), c.length)).collect();
        let proven = Build::of_contigs(
            bases
                .contigs()
                .iter()
                .map(|c| (c.name.as_str(), c.length))
                .collect::<Vec<_>>(),
        );
        let mut namer = Self {
            bases,
            lengths,
            build: build.or(proven),
            sets,
            aligned: Vec::new(),
            accessions: HashMap::new(),
            stems: BTreeMap::new(),
            genes: HashMap::new(),
            proteins: HashMap::new(),
            prepared: Mutex::default(),
        };
        for set in 0..namer.sets.len() {
            let transcripts: &'a TranscriptSet = namer.sets[set];
            for (number, transcript) in transcripts.iter().enumerate() {
                let entry = Entry::Set(set, number);
                let own = is_transcript(&transcript.contig) && tiles(transcript);
                if !transcript.has_accession && !own {
                    continue;
                }
                let accession = if own {
                    transcript.contig.clone()
                } else {
                    transcript.accession.clone()
                };
                let gene = transcript.gene.clone();
                let lrg = Some(&transcript.gene_id).filter(|id| is_transcript(id)).cloned();
                let protein = transcript.protein_id.clone();
                namer.register(entry, accession, gene, protein);
                if let Some(lrg) = lrg {
                    namer.accessions.entry(lrg).or_default().push(entry);
                }
            }
        }
        namer
    }

    /// Adds transcripts that come with their alignment.
    #[must_use]
    pub fn with_aligned(mut self, transcripts: Vec<AlignedTranscript>) -> Self {
        for transcript in transcripts {
            let entry = Entry::Aligned(self.aligned.len());
            self.register(
                entry,
                transcript.accession.clone(),
                transcript.gene.clone(),
                transcript.protein_id.clone(),
            );
            self.aligned.push(transcript);
        }
        self
    }

    fn register(&mut self, entry: Entry, accession: String, gene: String, protein: Option<String>) {
        let stem = stem(&accession).to_owned();
        let versions = self.stems.entry(stem).or_default();
        if !versions.contains(&accession) {
            versions.push(accession.clone());
        }
        self.accessions.entry(accession).or_default().push(entry);
        self.genes.entry(gene).or_default().push(entry);
        if let Some(protein) = protein {
            self.proteins.entry(protein).or_insert(entry);
        }
    }

    /// The build in use.
    pub fn build(&self) -> Option<Build> {
        self.build
    }

    fn contig_of(&self, entry: Entry) -> &str {
        match entry {
            Entry::Set(set, number) => &self.sets[set].get(number).contig,
            Entry::Aligned(number) => &self.aligned[number].contig,
        }
    }

    fn accession_of(&self, entry: Entry) -> &str {
        match entry {
            Entry::Set(set, number) => {
                let t = self.sets[set].get(number);
                if is_transcript(&t.contig) && tiles(t) {
                    &t.contig
                } else {
                    &t.accession
                }
            }
            Entry::Aligned(number) => &self.aligned[number].accession,
        }
    }

    /// Accession that g. names on a contig are written with; `None` where it is not known.
    fn genomic_accession(&self, contig: &str) -> Option<String> {
        match ContigKey::of(contig) {
            Some(key) => {
                if contig.starts_with("NC_") {
                    return Some(contig.to_owned());
                }
                let build = self.build?;
                // hg19's chrM is not the rCRS: it has no m. name.
                let length = self.lengths.get(contig).copied();
                if key.as_str() == "MT" && build.length(&key) != length {
                    return None;
                }
                build.accession(&key)
            }
            None => Some(contig.to_owned()),
        }
    }

    /// Whether m. is the letter of this contig.
    fn is_mitochondrial(contig: &str) -> bool {
        ContigKey::of(contig).is_some_and(|key| key.as_str() == "MT")
    }
}

/// Reads transcripts for a namer: GFF3 of Ensembl, RefSeq and MANE, checked against the sequences.
///
/// `build`: stated, or `None` to take the one that the contigs prove, else GRCh38 (it only matters for chromosomes).
pub fn read_transcripts(gff3: &Path, bases: &dyn Bases, build: Option<Build>) -> Result<TranscriptSet> {
    let contigs: Vec<(&str, u32)> = bases.contigs().iter().map(|c| (c.name.as_str(), c.length)).collect();
    let build = build.or_else(|| Build::of_contigs(contigs)).unwrap_or(Build::Grch38);
    TranscriptSet::read_with(gff3, bases, build)
}

/// An accession without its version.
fn stem(accession: &str) -> &str {
    match accession.rsplit_once('.') {
        Some((stem, version)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => accession,
    }
}

/// Whether an accession is that of a transcript: RefSeq, Ensembl, LRG, UCSC known gene.
fn is_transcript(accession: &str) -> bool {
    let lrg = |rest: &str| rest.contains('t') && rest.bytes().all(|b| b.is_ascii_digit() || b == b't');
    ["NM_", "NR_", "XM_", "XR_", "ENST", "uc0"]
        .iter()
        .any(|p| accession.starts_with(p))
        || accession.strip_prefix("LRG_").is_some_and(lrg)
}

/// Whether the exons leave no gap, as those of a transcript described on itself.
fn tiles(transcript: &Transcript) -> bool {
    let span = transcript.span();
    transcript.length() == span.end - span.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accessions() {
        assert_eq!(stem("NM_000077.4"), "NM_000077");
        assert_eq!(stem("LRG_199t1"), "LRG_199t1");
        assert!(is_transcript("LRG_199t1") && is_transcript("ENST00000375549.8") && is_transcript("XR_1.1"));
        assert!(!is_transcript("LRG_199") && !is_transcript("NG_012337.1") && !is_transcript("chr1"));
    }
}
