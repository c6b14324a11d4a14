//! The spliced sequence of a transcript and its protein, read from the reference.

use clinotype_genome::{Result, Strand, sequence::reverse_complement};

use crate::{bases::Bases, code::is_near_cognate, transcripts::Transcript};

/// Sequence of a transcript in its own orientation.
#[derive(Debug)]
pub(crate) struct Spliced {
    /// All exons.
    pub(crate) bases: Vec<u8>,
    /// Translation of the coding sequence up to and with its first stop; empty for a non-coding transcript.
    ///
    /// A coding sequence without its 5' end is padded with N to whole codons, which read as X.
    pub(crate) protein: Vec<u8>,
}

impl Spliced {
    pub(crate) fn read(transcript: &Transcript, bases: &dyn Bases) -> Result<Self> {
        let mut sequence = Vec::with_capacity(transcript.length() as usize);
        for exon in &transcript.exons {
            let plus = bases.fetch(&transcript.contig, exon.start, exon.end)?;
            match transcript.strand {
                Strand::Forward => sequence.extend_from_slice(&plus),
                Strand::Reverse => sequence.extend(reverse_complement(&plus)),
            }
        }
        let protein = transcript
            .coding
            .and_then(|coding| sequence.get(coding.start as usize..coding.end as usize))
            .map(|coding| translate(transcript, coding, |codon| codon))
            .unwrap_or_default();
        Ok(Self {
            bases: sequence,
            protein,
        })
    }

    /// Whether the translation stops before the annotated end: the genome differs from the transcript, or the frame
    /// is not read straight through.
    pub(crate) fn stops_early(&self, transcript: &Transcript) -> bool {
        let codons = (transcript.coding_length() + transcript.padding()) / 3;
        self.protein.last() == Some(&b'*') && (self.protein.len() as u32) < codons
    }
}

/// Translates a coding sequence to its first stop.
///
/// `origin` gives for a codon of this sequence the codon of the reference it came from (both 0-based), so that
/// selenocysteines are found again in an edited sequence.
pub(crate) fn translate(transcript: &Transcript, coding: &[u8], origin: impl Fn(u32) -> u32) -> Vec<u8> {
    let padding = transcript.padding() as usize;
    let mut protein = Vec::with_capacity(coding.len() / 3 + 1);
    let mut rest = coding;
    if padding > 0 && coding.len() + padding >= 3 {
        protein.push(b'X');
        rest = &coding[3 - padding..];
    }
    let initiator = |codon: &[u8]| transcript.code.is_start(codon) || is_near_cognate(codon);
    for codon in rest.chunks_exact(3) {
        let is_initiator = protein.is_empty() && initiator(codon);
        let mut amino_acid = transcript.code.amino_acid(codon);
        // The initiator reads as Met whatever its codon.
        if transcript.has_start && is_initiator {
            amino_acid = b'M';
        }
        if amino_acid == b'*'
            && !transcript.selenocysteine.is_empty()
            && codon == b"TGA"
            && transcript.selenocysteine.contains(&origin(protein.len() as u32))
        {
            amino_acid = b'U';
        }
        protein.push(amino_acid);
        if amino_acid == b'*' {
            return protein;
        }
    }
    // A mitochondrial stop codon whose end is the messenger's tail: T or TA (Ojala 1981, Nature 290:470).
    let left = rest.len() % 3;
    if transcript.tail_stop && left > 0 {
        let mut codon = rest[rest.len() - left..].to_vec();
        codon.resize(3, b'A');
        if transcript.code.amino_acid(&codon) == b'*' {
            protein.push(b'*');
        }
    }
    protein
}
