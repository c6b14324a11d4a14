//! Transcripts laid out for names.

use std::sync::{Arc, OnceLock};

use clinotype_genome::{Result, Strand};

use super::{Entry, Namer, is_transcript, tiles};
use crate::{
    code::{GeneticCode, is_near_cognate},
    facts::Mane,
    hgvs::name::System,
    project::{Coding, Locus, Step, Stretch, align},
    spliced::Spliced,
    transcripts::{Span, Transcript},
};

/// A transcript ready for names.
pub(super) struct Prepared<'a> {
    pub(super) accession: String,
    pub(super) transcript: Transcript,
    pub(super) locus: Locus<'a>,
    spliced: OnceLock<Vec<u8>>,
    /// What a reader must know.
    pub(super) notes: Vec<String>,
}

fn prepared(accession: String, transcript: Transcript, locus: Locus<'_>, notes: Vec<String>) -> Prepared<'_> {
    Prepared {
        accession,
        transcript,
        locus,
        spliced: OnceLock::new(),
        notes,
    }
}

impl<'a> Prepared<'a> {
    /// The transcript without introns, for a change right at a junction.
    pub(super) fn without_introns(&self) -> Prepared<'a> {
        let mut notes = self.notes.clone();
        notes.push(
            "the insertion lies between two exons: on the genome an intron lies there, and its place is not known"
                .to_owned(),
        );
        prepared(
            self.accession.clone(),
            self.transcript.clone(),
            self.locus.without_introns(),
            notes,
        )
    }

    /// The spliced sequence.
    pub(super) fn spliced(&self) -> Result<&[u8]> {
        if let Some(spliced) = self.spliced.get() {
            return Ok(spliced);
        }
        let spliced = self.locus.spliced()?;
        Ok(self.spliced.get_or_init(|| spliced))
    }

    /// The coding sequence; `None` for a non-coding transcript.
    pub(super) fn coding(&self) -> Option<Coding<'_>> {
        self.locus.coding.map(|(start, end)| Coding {
            transcript: &self.transcript,
            start,
            end,
        })
    }

    /// c. or n.
    pub(super) fn system(&self) -> System {
        if self.locus.coding.is_some() {
            System::Coding
        } else {
            System::NonCoding
        }
    }
}

impl<'a> Namer<'a> {
    /// A transcript of which only the record is here: n. names can be made on it.
    pub(super) fn alone(&self, accession: &str) -> Result<Arc<Prepared<'a>>, String> {
        let length = self.lengths.get(accession).copied().unwrap_or(0);
        if length == 0 {
            return Err(format!("{accession} is empty"));
        }
        Ok(Arc::new(prepared(
            accession.to_owned(),
            bare(accession, accession, length),
            Locus::alone(self.bases, accession, length, vec![0]),
            Vec::new(),
        )))
    }

    /// Lays a transcript out; the answer is kept.
    /// `on_parent`: the name gives the genomic sequence, whose bases then count.
    pub(super) fn prepare(&self, entry: Entry, on_parent: bool) -> Result<Arc<Prepared<'a>>, String> {
        let key = (entry, on_parent);
        if let Ok(kept) = self.prepared.lock()
            && let Some(found) = kept.get(&key)
        {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(
            match entry {
                Entry::Set(set, number) => self.placed(self.sets[set].get(number), on_parent),
                Entry::Aligned(number) => self.with_cigar(number),
            }
            .map_err(|fault| fault.to_string())?,
        );
        if let Ok(mut kept) = self.prepared.lock() {
            // Long lists name one gene after another: what is kept need not be all.
            if kept.len() >= 2000 {
                kept.clear();
            }
            kept.insert(key, Arc::clone(&made));
        }
        Ok(made)
    }

    fn placed(&self, source: &Transcript, on_parent: bool) -> Result<Prepared<'a>> {
        let length = self.lengths.get(&source.contig).copied().unwrap_or(0);
        let mut transcript = source.clone();
        let mut notes = Vec::new();
        if is_transcript(&source.contig) && tiles(source) {
            return Ok(self.on_itself(source, length));
        }
        let spliced = Spliced::read(source, self.bases)?.bases;
        let stretches: Vec<Stretch> = source
            .exons
            .iter()
            .map(|exon| Stretch {
                genome: oriented(*exon, length, source.strand),
                steps: vec![Step::Both(exon.len())],
            })
            .collect();
        let place = (source.contig.as_str(), length, source.strand);
        let mut coding = source.coding.map(|c| (c.start, c.end));
        let own = self
            .lengths
            .get(&source.accession)
            .filter(|_| source.accession != source.contig);
        let mut locus = Locus::on_genome(self.bases, place, None, &stretches);
        if let Some(own_length) = own {
            let record = self.bases.fetch(&source.accession, 0, *own_length)?;
            if record != spliced {
                let lengths: Vec<u32> = source.exons.iter().map(|e| e.len()).collect();
                if let Some(steps) = align(&spliced, &record, &lengths) {
                    if on_parent && !has_gaps(&steps) {
                        // The numbering is the same; the bases are those of the genomic sequence that the name gives.
                        locus.coding = coding;
                        return Ok(prepared(source.accession.clone(), transcript, locus, notes));
                    }
                    coding = coding.and_then(|(a, b)| Some((own_offset(&steps, a)?, own_offset(&steps, b - 1)? + 1)));
                    let stretches: Vec<Stretch> = stretches
                        .iter()
                        .zip(steps)
                        .map(|(s, steps)| Stretch {
                            genome: s.genome,
                            steps,
                        })
                        .collect();
                    locus = Locus::on_genome(self.bases, place, Some(source.accession.clone()), &stretches);
                    if let Some((start, _)) = coding
                        && source.phase == 0
                        && let Some(codon) = record.get(start as usize..start as usize + 3)
                    {
                        transcript.has_start = source.code.is_start(codon) || is_near_cognate(codon);
                    }
                } else {
                    notes.push(format!(
                        "the sequence {} differs too much from its exons to be aligned: names are made on the genome",
                        source.accession
                    ));
                }
            }
        }
        locus.coding = coding;
        Ok(prepared(source.accession.clone(), transcript, locus, notes))
    }

    /// A transcript that its GFF3 describes on its own record.
    fn on_itself(&self, source: &Transcript, length: u32) -> Prepared<'a> {
        let mut transcript = source.clone();
        let first = source.exons.first().map_or(0, |e| e.start);
        let covers = first == 0 && source.span().end == length;
        if source.phase == 0
            && let Some(cds) = source.cds
            && let Ok(codon) = self.bases.fetch(&source.contig, cds.start, cds.start + 3)
        {
            transcript.has_start = source.code.is_start(&codon) || is_near_cognate(&codon);
        }
        let exons = if covers {
            source.exons.iter().map(|e| e.start).collect()
        } else {
            vec![0]
        };
        let mut locus = Locus::alone(self.bases, &source.contig, length, exons);
        locus.coding = source.cds.map(|c| (c.start, c.end));
        transcript.coding = source.cds;
        prepared(source.contig.clone(), transcript, locus, Vec::new())
    }

    fn with_cigar(&self, number: usize) -> Result<Prepared<'a>> {
        let source = &self.aligned[number];
        let length = self.lengths.get(&source.contig).copied().unwrap_or(0);
        let stretches = source.stretches(length)?;
        let own = self
            .lengths
            .contains_key(&source.accession)
            .then(|| source.accession.clone());
        let mut locus = Locus::on_genome(self.bases, (&source.contig, length, source.strand), own, &stretches);
        locus.coding = source.coding;
        let mut transcript = bare(&source.accession, &source.contig, length);
        transcript.gene.clone_from(&source.gene);
        transcript.protein_id.clone_from(&source.protein_id);
        transcript.has_start = true;
        if Self::is_mitochondrial(&source.contig) {
            transcript.code = GeneticCode::Mitochondrial;
        }
        Ok(prepared(source.accession.clone(), transcript, locus, Vec::new()))
    }
}
/// Whether bases are missing on either side inside the exons; a tail of the record alone is none.
fn has_gaps(exons: &[Vec<Step>]) -> bool {
    let all: Vec<&Step> = exons.iter().flatten().collect();
    all.iter().enumerate().any(|(i, step)| match step {
        Step::Both(_) => false,
        Step::GenomeOnly(_) => true,
        Step::TranscriptOnly(_) => i + 1 < all.len(),
    })
}

/// Oriented coordinate of an exon's 5' end.
const fn oriented(exon: Span, length: u32, strand: Strand) -> u32 {
    match strand {
        Strand::Forward => exon.start,
        Strand::Reverse => length - exon.end,
    }
}

/// The record's offset of a base that the exons hold at `offset`.
fn own_offset(exons: &[Vec<Step>], offset: u32) -> Option<u32> {
    let (mut genome, mut own) = (0, 0);
    for step in exons.iter().flatten() {
        match *step {
            Step::Both(n) => {
                if offset < genome + n {
                    return Some(own + offset - genome);
                }
                genome += n;
                own += n;
            }
            Step::GenomeOnly(n) => {
                if offset < genome + n {
                    return Some(own);
                }
                genome += n;
            }
            Step::TranscriptOnly(n) => own += n,
        }
    }
    None
}

/// A transcript of which no more is known than where it lies.
fn bare(accession: &str, contig: &str, length: u32) -> Transcript {
    Transcript {
        accession: accession.to_owned(),
        gene: String::new(),
        hgnc_id: None,
        gene_id: String::new(),
        biotype: String::new(),
        strand: Strand::Forward,
        contig: contig.to_owned(),
        exons: vec![Span { start: 0, end: length }],
        cds: None,
        protein_id: None,
        mane: Mane::None,
        canonical: false,
        warnings: Vec::new(),
        offsets: vec![0],
        coding: None,
        phase: 0,
        has_start: false,
        has_accession: true,
        code: GeneticCode::Standard,
        selenocysteine: Vec::new(),
        differences: Vec::new(),
        tail_stop: false,
    }
}
