//! Transcripts that come with their alignment to a genomic sequence.

use clinotype_genome::{Fault, Result, Strand};

use crate::project::{Step, Stretch};

/// A transcript with its alignment, exon by exon.
#[derive(Clone, Debug)]
pub struct AlignedTranscript {
    /// Accession with version.
    pub accession: String,
    /// Gene symbol.
    pub gene: String,
    /// Protein accession with version.
    pub protein_id: Option<String>,
    /// Genomic sequence, as the FASTA names it.
    pub contig: String,
    /// Strand.
    pub strand: Strand,
    /// Exons in transcript order: first base (0-based) and base after the last on the plus strand, and the alignment
    /// as CIGAR in transcript order: `=`, `X` and `M` bases of both, `D` of the transcript only, `I` of the genome only.
    pub exons: Vec<(u32, u32, String)>,
    /// Coding sequence as 0-based, half-open transcript offsets, stop codon included.
    pub coding: Option<(u32, u32)>,
}

impl AlignedTranscript {
    /// The exons as the projection wants them.
    pub(super) fn stretches(&self, contig_length: u32) -> Result<Vec<Stretch>> {
        let wrong = |what: String| Fault::input(format!("the alignment of {} {what}", self.accession));
        self.exons
            .iter()
            .map(|(start, end, cigar)| {
                if start >= end || *end > contig_length {
                    return Err(wrong(format!("lies outside {}", self.contig)));
                }
                let steps = steps(cigar).ok_or_else(|| wrong(format!("has a CIGAR that cannot be read: {cigar:?}")))?;
                let covered: u32 = steps
                    .iter()
                    .map(|s| match s {
                        Step::Both(n) | Step::GenomeOnly(n) => *n,
                        Step::TranscriptOnly(_) => 0,
                    })
                    .sum();
                if covered != end - start {
                    return Err(wrong(format!(
                        "covers {covered} of the {} bases of an exon",
                        end - start
                    )));
                }
                Ok(Stretch {
                    genome: match self.strand {
                        Strand::Forward => *start,
                        Strand::Reverse => contig_length - end,
                    },
                    steps,
                })
            })
            .collect()
    }
}

fn steps(cigar: &str) -> Option<Vec<Step>> {
    let mut out: Vec<Step> = Vec::new();
    let mut number = String::new();
    for letter in cigar.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let n: u32 = if number.is_empty() { 1 } else { number.parse().ok()? };
        number.clear();
        let step = match letter {
            '=' | 'X' | 'M' => Step::Both(n),
            'D' => Step::TranscriptOnly(n),
            'I' => Step::GenomeOnly(n),
            _ => return None,
        };
        match (out.last_mut(), step) {
            (Some(Step::Both(before)), Step::Both(n)) => *before += n,
            _ => out.push(step),
        }
    }
    number.is_empty().then_some(out)
}
