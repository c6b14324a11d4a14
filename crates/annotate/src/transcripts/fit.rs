//! Do the transcripts fit the reference? Start codons and splice sites of another build do not.

use std::path::Path;

use clinotype_genome::{Build, ContigKey, Fault, Result, Strand, sequence::reverse_complement};
use rayon::prelude::*;

use super::model::{Span, Transcript};
use crate::{bases::Bases, code::is_near_cognate, spliced::Spliced};

/// Share of sites that must fit. On the right build about 99 % do; on the wrong one a few per cent.
const ENOUGH: f64 = 0.9;
/// Sites that are too few to refuse a file of transcript records by.
const FEW: u64 = 3;
/// Transcripts looked at; more would not change the answer.
const SAMPLE: usize = 20_000;

/// Genes of the human selenoproteins (HGNC gene group 890, 2024): an in-frame TGA before the end of their coding
/// sequence is read as selenocysteine. RefSeq states each position; other providers do not.
const SELENOPROTEINS: [&str; 26] = [
    "DIO1", "DIO2", "DIO3", "GPX1", "GPX2", "GPX3", "GPX4", "GPX6", "MSRB1", "SELENOF", "SELENOH", "SELENOI",
    "SELENOK", "SELENOM", "SELENON", "SEPN1", "SELENOO", "SELENOP", "SELENOS", "SELENOT", "SELENOV", "SELENOW",
    "SEPHS2", "TXNRD1", "TXNRD2", "TXNRD3",
];

/// Finds the selenocysteines of a transcript of such a gene.
fn selenocysteines(t: &Transcript, bases: &dyn Bases) -> Result<Vec<u32>> {
    let Some(coding) = t
        .coding
        .filter(|_| SELENOPROTEINS.contains(&t.gene.as_str()) && t.selenocysteine.is_empty())
    else {
        return Ok(t.selenocysteine.clone());
    };
    let spliced = Spliced::read(t, bases)?;
    let sequence = &spliced.bases[coding.start as usize..coding.end as usize];
    let skip = t.phase as usize;
    let codons = sequence.len().saturating_sub(skip) / 3;
    let first = t.padding().div_ceil(3);
    Ok(sequence[skip.min(sequence.len())..]
        .chunks_exact(3)
        .take(codons.saturating_sub(1))
        .zip(first..)
        .filter(|(codon, _)| codon == b"TGA")
        .map(|(_, number)| number)
        .collect())
}

#[derive(Clone, Default)]
struct Count {
    fit: u64,
    seen: u64,
    start_fits: Option<bool>,
    selenocysteine: Vec<u32>,
}

/// Checks a sample spread over all transcripts and gives the proof in words; `None` where every base under them is N.
///
/// A coding sequence that does not begin with a start codon is marked, so that no start loss is claimed for it. Where the
/// caller has asserted the build, transcripts that do not fit are no fault, but they prove nothing (`None`).
pub(super) fn check(
    path: &Path,
    transcripts: &mut [Transcript],
    bases: &dyn Bases,
    build: Build,
    asserted: bool,
) -> Result<Option<String>> {
    let step = transcripts.len().div_ceil(SAMPLE).max(1);
    let counts: Vec<Count> = transcripts
        .par_iter()
        .enumerate()
        .map(|(i, t)| sites(t, bases, i % step == 0))
        .collect::<Result<_>>()?;
    let (mut fit, mut seen) = (0, 0);
    let mut first_misfit = None;
    for (count, transcript) in counts.iter().zip(transcripts.iter_mut()) {
        transcript.selenocysteine.clone_from(&count.selenocysteine);
        fit += count.fit;
        seen += count.seen;
        if count.fit < count.seen && first_misfit.is_none() {
            first_misfit = Some((
                transcript.contig.clone(),
                transcript.span().start,
                transcript.accession.clone(),
            ));
        }
        if transcript.coding.is_some() && count.start_fits == Some(false) && transcript.has_start {
            transcript.has_start = false;
            transcript.warnings.push(format!(
                "the coding sequence of {} does not begin with a start codon in this reference",
                transcript.accession
            ));
        }
    }
    // A record of one transcript has a start codon and no intron; one that is not ATG proves nothing against it.
    let on_records = transcripts.iter().all(|t| ContigKey::of(&t.contig).is_none());
    if seen == 0 || on_records && seen < FEW && fit < seen {
        return Ok(None);
    }
    if (fit as f64) < ENOUGH * seen as f64 {
        if asserted {
            return Ok(None);
        }
        let (contig, position, accession) = first_misfit.unwrap_or_default();
        return Err(Fault::input(format!(
            "the transcripts do not fit the reference: {} of {seen} start codons and splice sites are not there, the \
             first in {accession}",
            seen - fit
        ))
        .at(path)
        .locus(contig, u64::from(position) + 1)
        .hint(format!(
            "give the transcript file (GFF3) of {build}, from the same assembly as the reference"
        )));
    }
    Ok(Some(format!(
        "{fit} of {seen} start codons and splice sites fit the reference"
    )))
}

/// Start codon and introns of one transcript; sites that hold N are not counted.
fn sites(t: &Transcript, bases: &dyn Bases, splice: bool) -> Result<Count> {
    let mut count = Count {
        selenocysteine: selenocysteines(t, bases)?,
        ..Count::default()
    };
    let read = |span: Span| -> Result<Vec<u8>> {
        let plus = bases.fetch(&t.contig, span.start, span.end)?;
        Ok(match t.strand {
            Strand::Forward => plus,
            Strand::Reverse => reverse_complement(&plus),
        })
    };
    if let Some(coding) = t.coding
        && t.has_start
        && coding.len() >= 3
    {
        let mut codon = Vec::with_capacity(3);
        let first = t.exon_of_offset(coding.start);
        for (exon, offset) in t.exons.iter().zip(&t.offsets).skip(first) {
            let (from, to) = (coding.start.max(*offset), (coding.start + 3).min(offset + exon.len()));
            if from >= to {
                break;
            }
            let (a, b) = (from - offset, to - offset);
            codon.extend(read(match t.strand {
                Strand::Forward => Span {
                    start: exon.start + a,
                    end: exon.start + b,
                },
                Strand::Reverse => Span {
                    start: exon.end - b,
                    end: exon.end - a,
                },
            })?);
        }
        if !codon.contains(&b'N') {
            let fits = t.code.is_start(&codon);
            count.seen += 1;
            count.fit += u64::from(fits);
            // Translation also starts at other codons; an annotated start behind a 5' UTR is believed there.
            let near = is_near_cognate(&codon) && coding.start > 0;
            count.start_fits = Some(fits || near);
        }
    }
    if splice {
        for index in 0..t.exons.len().saturating_sub(1) {
            let Some(intron) = t.intron(index).filter(|i| i.len() >= 13) else {
                continue;
            };
            let (low, high) = (
                Span {
                    start: intron.start,
                    end: intron.start + 2,
                },
                Span {
                    start: intron.end - 2,
                    end: intron.end,
                },
            );
            let (donor, acceptor) = if t.strand == Strand::Forward {
                (low, high)
            } else {
                (high, low)
            };
            let (donor, acceptor) = (read(donor)?, read(acceptor)?);
            if donor.contains(&b'N') || acceptor.contains(&b'N') {
                continue;
            }
            count.seen += 1;
            // GT-AG, GC-AG and the U12 type AT-AC.
            let fits = matches!((&*donor, &*acceptor), (b"GT" | b"GC", b"AG") | (b"AT", b"AC"));
            count.fit += u64::from(fits);
        }
    }
    Ok(count)
}
