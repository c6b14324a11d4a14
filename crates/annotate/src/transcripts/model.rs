//! One transcript: its exons on the genome and the ways between genome, transcript and coding coordinates.

use crate::facts::Mane;
use clinotype_genome::{Interval, Strand};

use crate::{code::GeneticCode, stretches::decimal};

/// A stretch of the transcript's contig, 0-based, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// First base.
    pub start: u32,
    /// Base after the last.
    pub end: u32,
}

impl Span {
    /// Number of bases.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }
    /// Whether it holds no base.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A place where the transcript's own sequence is not the genome's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// 0-based offset among the bases of the exons, as the genome has them.
    pub offset: u32,
    /// Bases of the genome that the transcript has not.
    pub genome: u32,
    /// Bases of the transcript that stand in their place.
    pub length: u32,
    /// These bases in the transcript's orientation; `None` where only an alignment was given, not the sequence.
    pub transcript: Option<String>,
}

/// A transcript as the GFF3 file states it.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// Accession with version, for example `NM_007294.4`.
    pub accession: String,
    /// Gene symbol; where the file has none, the gene's id.
    pub gene: String,
    /// `HGNC:1100`.
    pub hgnc_id: Option<String>,
    /// The file's id of the gene, without its `gene:` or `gene-` prefix.
    pub gene_id: String,
    /// Biotype, for example `protein_coding`.
    pub biotype: String,
    /// Strand.
    pub strand: Strand,
    /// Contig as the reference names it.
    pub contig: String,
    /// Exons on the genome in transcript order: the first is the 5' one.
    pub exons: Vec<Span>,
    /// From the lowest to the highest coding base on the genome, stop codon included; `None` for a non-coding one.
    pub cds: Option<Span>,
    /// Protein accession with version.
    pub protein_id: Option<String>,
    /// MANE state: accession and version both match the MANE release.
    pub mane: Mane,
    /// Whether the file marks it `Ensembl_canonical` or `RefSeq Select`.
    pub canonical: bool,
    /// What a reader must know of this transcript.
    pub warnings: Vec<String>,
    /// Where its own sequence differs from the genome's, by offset; empty where they agree or nothing is known of it.
    pub differences: Vec<Difference>,
    /// Transcript offset of each exon's first base (0-based).
    pub(crate) offsets: Vec<u32>,
    /// Coding stretch as transcript offsets (0-based, half-open), stop codon included.
    pub(crate) coding: Option<Span>,
    /// Bases of the first CDS row that belong to a codon before it (GFF3 phase), for CDS without their start.
    pub(crate) phase: u8,
    /// The coding sequence begins with its start codon.
    pub(crate) has_start: bool,
    /// Whether the file names a transcript: RefSeq's mitochondrial genes carry their coding sequence themselves, and no
    /// c. name can be made for them.
    pub(crate) has_accession: bool,
    /// Genetic code.
    pub(crate) code: GeneticCode,
    /// The stop codon is completed by the tail of adenines (mitochondrial genes; RefSeq's `transl_except` to TERM).
    pub(crate) tail_stop: bool,
    /// Codons (0-based index) that are read as selenocysteine.
    pub(crate) selenocysteine: Vec<u32>,
}

/// Where a genome position lies on a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TranscriptPlace {
    /// 0-based transcript offset.
    Exonic(u32),
    /// In the intron after exon `intron` (1-based): transcript offset of the nearest exon base and the signed distance.
    Intronic { intron: u32, anchor: u32, offset: i32 },
    /// Before the first or after the last exon.
    Outside,
}

impl Transcript {
    /// Lowest and highest base on the genome.
    pub fn span(&self) -> Span {
        let (first, last) = (self.exons[0], self.exons[self.exons.len() - 1]);
        Span {
            start: first.start.min(last.start),
            end: first.end.max(last.end),
        }
    }

    /// Length of the spliced transcript.
    pub fn length(&self) -> u32 {
        self.exons.iter().map(|e| e.len()).sum()
    }

    /// Length of the coding sequence, stop codon included; 0 for a non-coding transcript.
    pub fn coding_length(&self) -> u32 {
        self.coding.map_or(0, Span::len)
    }

    /// Coding part of every exon that has one, with the exon's 1-based number, in transcript order.
    pub fn coding_exons(&self) -> Vec<(u32, Interval)> {
        let Some(cds) = self.cds else { return Vec::new() };
        self.exons
            .iter()
            .zip(1_u32..)
            .filter_map(|(exon, number)| {
                let (start, end) = (exon.start.max(cds.start), exon.end.min(cds.end));
                (start < end).then(|| (number, Interval::new(self.contig.clone(), start, end)))
            })
            .collect()
    }

    /// Index of the exon that holds the genome position, or of the exon before the intron that does (in transcript
    /// order); `None` outside.
    pub(crate) fn exon_at_or_before(&self, position: u32) -> Option<usize> {
        let span = self.span();
        if position < span.start || position >= span.end {
            return None;
        }
        Some(match self.strand {
            Strand::Forward => self.exons.partition_point(|e| e.start <= position) - 1,
            Strand::Reverse => self.exons.partition_point(|e| e.end > position) - 1,
        })
    }

    /// Where a 0-based genome position lies.
    pub(crate) fn place(&self, position: u32) -> TranscriptPlace {
        let Some(index) = self.exon_at_or_before(position) else {
            return TranscriptPlace::Outside;
        };
        let exon = self.exons[index];
        if exon.start <= position && position < exon.end {
            return TranscriptPlace::Exonic(self.offsets[index] + self.within(exon, position));
        }
        let next = self.exons[index + 1];
        let (after, before) = match self.strand {
            Strand::Forward => (position - exon.end + 1, next.start - position),
            Strand::Reverse => (exon.start - position, position - next.end + 1),
        };
        let intron = index as u32 + 1;
        if after <= before {
            TranscriptPlace::Intronic {
                intron,
                anchor: self.offsets[index] + exon.len() - 1,
                offset: after as i32,
            }
        } else {
            TranscriptPlace::Intronic {
                intron,
                anchor: self.offsets[index + 1],
                offset: -(before as i32),
            }
        }
    }

    /// Offset of a genome position within its exon, from the exon's 5' end.
    fn within(&self, exon: Span, position: u32) -> u32 {
        match self.strand {
            Strand::Forward => position - exon.start,
            Strand::Reverse => exon.end - 1 - position,
        }
    }

    /// Index of the exon that holds a transcript offset.
    pub(crate) fn exon_of_offset(&self, offset: u32) -> usize {
        self.offsets.partition_point(|o| *o <= offset).saturating_sub(1)
    }

    /// The 0-based genome position of a transcript offset; `None` beyond the last exon.
    pub(crate) fn genome_position(&self, offset: u32) -> Option<u32> {
        let index = self.exon_of_offset(offset);
        let exon = self.exons[index];
        let within = offset.checked_sub(self.offsets[index]).filter(|w| *w < exon.len())?;
        Some(match self.strand {
            Strand::Forward => exon.start + within,
            Strand::Reverse => exon.end - 1 - within,
        })
    }

    /// Introns in transcript order, as genome spans.
    pub(crate) fn intron(&self, index: usize) -> Option<Span> {
        let (a, b) = (self.exons.get(index)?, self.exons.get(index + 1)?);
        Some(match self.strand {
            Strand::Forward => Span {
                start: a.end,
                end: b.start,
            },
            Strand::Reverse => Span {
                start: b.end,
                end: a.start,
            },
        })
    }

    /// `c.`/`n.` coordinate of a place, without the prefix; `None` outside.
    pub(crate) fn hgvs_position(&self, place: TranscriptPlace) -> Option<String> {
        let mut out = String::with_capacity(12);
        self.write_hgvs_position(&mut out, place).then_some(out)
    }

    /// Appends the `c.`/`n.` coordinate of a place; false, and nothing, outside.
    pub(crate) fn write_hgvs_position(&self, out: &mut String, place: TranscriptPlace) -> bool {
        let (anchor, offset) = match place {
            TranscriptPlace::Exonic(offset) => (offset, 0),
            TranscriptPlace::Intronic { anchor, offset, .. } => (anchor, offset),
            TranscriptPlace::Outside => return false,
        };
        let number = match self.coding {
            Some(coding) if anchor < coding.start => {
                out.push('-');
                coding.start - anchor
            }
            Some(coding) if anchor >= coding.end => {
                out.push('*');
                anchor - coding.end + 1
            }
            Some(coding) => anchor - coding.start + 1,
            None => anchor + 1,
        };
        decimal(out, number);
        if offset != 0 {
            out.push(if offset > 0 { '+' } else { '-' });
            decimal(out, offset.unsigned_abs());
        }
        true
    }

    /// Bases that stand before the first coding base so that codons line up (incomplete 5' end).
    pub(crate) const fn padding(&self) -> u32 {
        (3 - self.phase as u32 % 3) % 3
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A transcript from exons in genome order and a coding span on the genome.
    pub(crate) fn model(strand: Strand, exons: &[(u32, u32)], cds: Option<(u32, u32)>) -> Transcript {
        let mut exons: Vec<Span> = exons.iter().map(|&(start, end)| Span { start, end }).collect();
        if strand == Strand::Reverse {
            exons.reverse();
        }
        let mut transcript = Transcript {
            accession: "NM_1.1".into(),
            gene: "G".into(),
            hgnc_id: None,
            gene_id: "G".into(),
            biotype: "protein_coding".into(),
            strand,
            contig: "chr1".into(),
            exons,
            cds: cds.map(|(start, end)| Span { start, end }),
            protein_id: Some("NP_1.1".into()),
            mane: Mane::None,
            canonical: false,
            warnings: Vec::new(),
            offsets: Vec::new(),
            coding: None,
            phase: 0,
            has_start: true,
            has_accession: true,
            code: GeneticCode::Standard,
            differences: Vec::new(),
            tail_stop: false,
            selenocysteine: Vec::new(),
        };
        super::super::assemble::finish(&mut transcript).unwrap();
        transcript
    }

    #[test]
    fn coordinates_on_both_strands() {
        // Exons 10..20, 30..40, 50..60; coding 15..55.
        let forward = model(Strand::Forward, &[(10, 20), (30, 40), (50, 60)], Some((15, 55)));
        let reverse = model(Strand::Reverse, &[(10, 20), (30, 40), (50, 60)], Some((15, 55)));
        for (position, plus, minus) in [
            (10, "-5", "*5"),
            (15, "1", "20"),
            (19, "5", "16"),
            (20, "5+1", "16-1"),
            (24, "5+5", "16-5"),
            (25, "6-5", "15+5"),
            (29, "6-1", "15+1"),
            (39, "15", "6"),
            (59, "*5", "-5"),
        ] {
            assert_eq!(
                forward.hgvs_position(forward.place(position)).unwrap(),
                plus,
                "{position} +"
            );
            assert_eq!(
                reverse.hgvs_position(reverse.place(position)).unwrap(),
                minus,
                "{position} -"
            );
        }
        assert_eq!(forward.place(9), TranscriptPlace::Outside);
        for t in [&forward, &reverse] {
            for offset in 0..30 {
                let position = t.genome_position(offset).unwrap();
                assert_eq!(t.place(position), TranscriptPlace::Exonic(offset));
            }
            assert_eq!(t.genome_position(30), None);
        }
        assert_eq!(forward.coding_length(), 20);
        let numbers: Vec<_> = reverse
            .coding_exons()
            .iter()
            .map(|(n, i)| (*n, i.start, i.end))
            .collect();
        assert_eq!(numbers, [(1, 50, 55), (2, 30, 40), (3, 15, 20)]);
    }
}
