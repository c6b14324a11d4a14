//! A transcript laid out 5' to 3': 5' flank, exons and introns, 3' flank, one after the other.
//!
//! Places on it ("frame" coordinates) are 0-based. Exons hold the transcript's own bases (from its own record where
//! there is one, else from the genome), introns and flanks the genome's. So one rule moves a change 3' everywhere: from
//! an exon's end into the intron where the bases allow it, never over a junction into the next exon.

mod genome;

use clinotype_genome::{Fault, Result, Strand, sequence::reverse_complement};

use crate::{
    bases::Bases,
    hgvs::{
        describe::{Strip, StripEdit},
        name::{Anchor, Offset, Position, System},
    },
};

/// One step of an exon's alignment, in transcript order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Bases that both have, equal or not.
    Both(u32),
    /// Bases that only the transcript has.
    TranscriptOnly(u32),
    /// Bases that only the genome has.
    GenomeOnly(u32),
}

/// One exon: where it begins on the genome, in the transcript's orientation, and its alignment.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    /// Oriented genome coordinate of the first base: the 0-based position for the plus strand, counted from the
    /// contig's end for the minus strand.
    pub(crate) genome: u32,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    frame: u32,
    length: u32,
    /// Oriented genome coordinate of the first base.
    genome: Option<u32>,
    /// Transcript offset of the first base.
    transcript: Option<u32>,
}

impl Block {
    const fn end(&self) -> u32 {
        self.frame + self.length
    }
}

/// Where a frame place lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// 0-based transcript offset.
    Exon(u32),
    /// Transcript offset of the nearest exon base, and the signed distance.
    Intron(u32, i64),
    /// So many bases before the transcript.
    Before(u32),
    /// So many bases after it.
    After(u32),
}

/// See the module text.
pub(crate) struct Locus<'a> {
    bases: &'a dyn Bases,
    /// Contig, its length and the strand; `None` for a transcript without a place on a genome.
    genome: Option<(String, u32, Strand)>,
    /// Name of the record that holds the transcript's own bases.
    own: Option<String>,
    blocks: Vec<Block>,
    /// Introns and flanks are left out: only the spliced transcript is laid out.
    spliced_only: bool,
    /// First offset of every exon.
    exons: Vec<u32>,
    /// Bases of the transcript.
    pub(crate) transcript_length: u32,
    /// Coding stretch as transcript offsets, stop codon included.
    pub(crate) coding: Option<(u32, u32)>,
}

impl<'a> Locus<'a> {
    /// On a genome. `own`: the record with the transcript's bases, needed where the stretches have bases of its own.
    pub(crate) fn on_genome(
        bases: &'a dyn Bases,
        (contig, length, strand): (&str, u32, Strand),
        own: Option<String>,
        stretches: &[Stretch],
    ) -> Self {
        let mut locus = Self {
            bases,
            genome: Some((contig.to_owned(), length, strand)),
            own,
            blocks: Vec::new(),
            spliced_only: false,
            exons: Vec::new(),
            transcript_length: 0,
            coding: None,
        };
        let (mut genome, mut transcript) = (0_u32, 0_u32);
        for stretch in stretches {
            // The 5' flank before the first exon, an intron before every other.
            locus.push(stretch.genome.saturating_sub(genome), Some(genome), None);
            genome = stretch.genome;
            locus.exons.push(transcript);
            for step in &stretch.steps {
                match *step {
                    Step::Both(n) => {
                        locus.push(n, Some(genome), Some(transcript));
                        genome += n;
                        transcript += n;
                    }
                    Step::TranscriptOnly(n) => {
                        locus.push(n, None, Some(transcript));
                        transcript += n;
                    }
                    Step::GenomeOnly(n) => genome += n,
                }
            }
        }
        locus.push(length.saturating_sub(genome), Some(genome), None);
        locus.transcript_length = transcript;
        locus
    }

    /// A transcript that only its own record is known of. `exons`: first offset of every exon.
    pub(crate) fn alone(bases: &'a dyn Bases, record: &str, length: u32, exons: Vec<u32>) -> Self {
        Self {
            bases,
            genome: None,
            own: Some(record.to_owned()),
            blocks: vec![Block {
                frame: 0,
                length,
                genome: None,
                transcript: Some(0),
            }],
            spliced_only: false,
            exons,
            transcript_length: length,
            coding: None,
        }
    }

    /// The same transcript without introns and flanks: for changes right at a junction of exons, whose place on the
    /// genome is not known.
    pub(crate) fn without_introns(&self) -> Self {
        let mut frame = 0;
        let blocks = self
            .blocks
            .iter()
            .filter(|b| b.transcript.is_some())
            .map(|b| {
                let block = Block { frame, ..*b };
                frame += b.length;
                block
            })
            .collect();
        Self {
            bases: self.bases,
            genome: self.genome.clone(),
            own: self.own.clone(),
            blocks,
            spliced_only: true,
            exons: self.exons.clone(),
            transcript_length: self.transcript_length,
            coding: self.coding,
        }
    }

    fn push(&mut self, length: u32, genome: Option<u32>, transcript: Option<u32>) {
        if length == 0 {
            return;
        }
        let frame = self.length();
        self.blocks.push(Block {
            frame,
            length,
            genome,
            transcript,
        });
    }

    /// Whether introns and flanks are there.
    pub(crate) fn has_genome(&self) -> bool {
        self.genome.is_some() && !self.spliced_only
    }

    /// Contig, its length and the strand.
    pub(crate) fn genome(&self) -> Option<(&str, u32, Strand)> {
        let genome = self.genome.as_ref().filter(|_| !self.spliced_only);
        genome.map(|(c, l, s)| (c.as_str(), *l, *s))
    }

    fn index(&self, frame: u32) -> usize {
        self.blocks.partition_point(|b| b.frame <= frame).saturating_sub(1)
    }

    /// Frame place of a transcript offset.
    pub(crate) fn frame_of(&self, offset: u32) -> Option<u32> {
        self.blocks.iter().find_map(|b| {
            let first = b.transcript?;
            (first <= offset && offset < first + b.length).then(|| b.frame + offset - first)
        })
    }

    /// First frame place of the transcript, and the place after its last.
    pub(crate) fn span(&self) -> (u32, u32) {
        let first = self.frame_of(0).unwrap_or(0);
        let last = self.frame_of(self.transcript_length.saturating_sub(1)).unwrap_or(0);
        (first, last + 1)
    }

    /// Bounds within which a change of this frame stretch is moved: the transcript for changes inside it; the exon
    /// where no introns are known; the whole frame for changes outside.
    pub(crate) fn bounds(&self, start: u32, end: u32) -> (u32, u32) {
        if !self.has_genome() {
            let exon = self.exon_of(start.min(self.transcript_length.saturating_sub(1)));
            let before = self.exons.get(exon).copied().unwrap_or(0);
            // An insertion between two exons belongs to the one before.
            let exon = if start == end && start == before && exon > 0 {
                exon - 1
            } else {
                exon
            };
            let low = self.exons.get(exon).copied().unwrap_or(0);
            let high = self.exons.get(exon + 1).copied().unwrap_or(self.transcript_length);
            return if end <= high {
                (low, high)
            } else {
                (low, self.exon_end(end))
            };
        }
        let (first, last) = self.span();
        if first <= start && end <= last {
            (first, last)
        } else {
            (0, self.length())
        }
    }

    /// End of the exon that holds the base before a place.
    fn exon_end(&self, end: u32) -> u32 {
        let exon = self.exon_of(end.saturating_sub(1));
        self.exons.get(exon + 1).copied().unwrap_or(self.transcript_length)
    }

    fn exon_of(&self, offset: u32) -> usize {
        self.exons.partition_point(|e| *e <= offset).saturating_sub(1)
    }

    /// Where a frame place lies.
    pub(crate) fn place(&self, frame: u32) -> Place {
        let index = self.index(frame);
        let Some(block) = self.blocks.get(index) else {
            return Place::Before(0);
        };
        if let Some(first) = block.transcript {
            return Place::Exon(first + frame - block.frame);
        }
        let before = self.blocks[..index]
            .iter()
            .rev()
            .find_map(|b| Some(b.transcript? + b.length - 1));
        let after = self.blocks[index + 1..].iter().find_map(|b| b.transcript);
        let (from_start, to_end) = (frame - block.frame + 1, block.end() - frame);
        match (before, after) {
            (Some(last), Some(_)) if from_start <= to_end => Place::Intron(last, i64::from(from_start)),
            (_, Some(first)) if before.is_some() => Place::Intron(first, -i64::from(to_end)),
            (None, _) => Place::Before(to_end),
            (Some(_), _) => Place::After(from_start),
        }
    }

    /// The position of a frame place in a numbering; `None` where that numbering does not reach it.
    pub(crate) fn position(&self, frame: u32, system: System) -> Option<Position> {
        let (anchor, offset) = match self.place(frame) {
            Place::Exon(offset) => (i64::from(offset), Offset::None),
            Place::Intron(anchor, distance) => (
                i64::from(anchor),
                if distance > 0 {
                    Offset::Plus(distance as u32)
                } else {
                    Offset::Minus(distance.unsigned_abs() as u32)
                },
            ),
            Place::Before(n) => (-i64::from(n), Offset::None),
            Place::After(n) => (i64::from(self.transcript_length) + i64::from(n) - 1, Offset::None),
        };
        let anchor = match (system, self.coding) {
            (System::Coding | System::Rna, Some((start, end))) => {
                if anchor < i64::from(start) {
                    Anchor::Base(anchor - i64::from(start))
                } else if anchor >= i64::from(end) {
                    Anchor::Star((anchor - i64::from(end) + 1) as u32)
                } else {
                    Anchor::Base(anchor - i64::from(start) + 1)
                }
            }
            _ if anchor < 0 || anchor >= i64::from(self.transcript_length) => return None,
            _ => Anchor::Base(anchor + 1),
        };
        Some(Position { anchor, offset })
    }

    /// The transcript offset that a position counts from, which may lie outside the transcript; the error says why
    /// there is none.
    fn offset_of(&self, position: Position, system: System) -> Result<i64, String> {
        Ok(match (position.anchor, system, self.coding) {
            (Anchor::Unknown, ..) => return Err(format!("position {position} is not known")),
            (Anchor::Pter, ..) => i64::MIN,
            (Anchor::Qter, ..) => i64::MAX,
            (Anchor::Base(n), System::Coding | System::Rna, Some((start, _))) => {
                i64::from(start) + if n > 0 { n - 1 } else { n }
            }
            (Anchor::Star(n), System::Coding | System::Rna, Some((_, end))) => i64::from(end) + i64::from(n) - 1,
            (Anchor::Base(n), ..) if n > 0 => n - 1,
            _ => {
                return Err(format!(
                    "position {position} counts from a coding sequence, and this transcript has none"
                ));
            }
        })
    }

    /// The frame place of a position; the error says what is wrong with it.
    pub(crate) fn find(&self, position: Position, system: System) -> Result<u32, String> {
        let anchor = self.offset_of(position, system)?;
        if anchor == i64::MIN || anchor == i64::MAX {
            let (first, last) = if self.has_genome() {
                (0, self.length())
            } else {
                self.span()
            };
            return Ok(if anchor == i64::MIN {
                first
            } else {
                last.saturating_sub(1)
            });
        }
        let length = i64::from(self.transcript_length);
        let inside = (0..length).contains(&anchor);
        let signed = match position.offset {
            Offset::None => None,
            Offset::Plus(n) => Some(i64::from(n)),
            Offset::Minus(n) => Some(-i64::from(n)),
            Offset::PlusUnknown | Offset::MinusUnknown => {
                return Err(format!("position {position} is not known"));
            }
        };
        if !inside {
            if signed.is_some() {
                return Err(format!(
                    "{position} counts from a base that the transcript does not have"
                ));
            }
            if !self.has_genome() {
                return Err(format!(
                    "position {position} lies outside the transcript, which has {length} bases{}",
                    self.ends(system)
                ));
            }
            let (first, last) = self.span();
            let frame = if anchor < 0 {
                i64::from(first) + anchor
            } else {
                i64::from(last) + anchor - length
            };
            return u32::try_from(frame)
                .ok()
                .filter(|f| *f < self.length())
                .ok_or_else(|| format!("position {position} lies outside the reference sequence"));
        }
        let offset = anchor as u32;
        let frame = self
            .frame_of(offset)
            .ok_or_else(|| format!("position {position} has no place on the transcript"))?;
        let Some(distance) = signed else { return Ok(frame) };
        if !self.has_genome() {
            return Err(format!(
                "position {position} lies in an intron, which this reference sequence does not have: name it on a \
                 genomic reference"
            ));
        }
        let index = self.index(frame);
        let block = self.blocks[index];
        let at_edge = if distance > 0 {
            frame + 1 == block.end()
        } else {
            frame == block.frame
        };
        let neighbour = if distance > 0 { index + 1 } else { index.wrapping_sub(1) };
        let intron = self
            .blocks
            .get(neighbour)
            .filter(|b| at_edge && b.transcript.is_none())
            .ok_or_else(|| {
                let (side, what) = if distance > 0 { ("last", "+") } else { ("first", "-") };
                format!(
                    "{position}: its base is not the {side} of an exon of this transcript, so no '{what}' can be \
                     counted from it"
                )
            })?;
        if neighbour == 0 || neighbour + 1 == self.blocks.len() {
            return Err(format!("{position}: no intron lies there, it is the transcript's end"));
        }
        let reach = distance.unsigned_abs();
        if reach > u64::from(intron.length) {
            return Err(format!(
                "{position} lies beyond the intron, which has {} bases",
                intron.length
            ));
        }
        Ok(if distance > 0 {
            intron.frame + reach as u32 - 1
        } else {
            intron.end() - reach as u32
        })
    }

    /// First and last position of the transcript, in words.
    fn ends(&self, system: System) -> String {
        let (first, last) = self.span();
        match (
            self.position(first, system),
            self.position(last.saturating_sub(1), system),
        ) {
            (Some(first), Some(last)) => format!(" ({system}{first} to {system}{last})"),
            _ => String::new(),
        }
    }

    /// A plus-strand genome stretch as oriented coordinates, or back.
    fn orient(&self, start: u32, end: u32) -> (u32, u32) {
        match &self.genome {
            Some((_, length, Strand::Reverse)) => (length - end, length - start),
            _ => (start, end),
        }
    }

    fn oriented_bases(&self, start: u32, end: u32) -> Result<Vec<u8>> {
        let Some((contig, _, strand)) = &self.genome else {
            return Err(Fault::internal(
                "a transcript without a place was asked for genome bases",
            ));
        };
        let (from, to) = self.orient(start, end);
        let plus = self.bases.fetch(contig, from, to)?;
        Ok(match strand {
            Strand::Forward => plus,
            Strand::Reverse => reverse_complement(&plus),
        })
    }

    /// Genome coordinate of a frame base.
    fn genome_at(&self, frame: u32) -> Option<u32> {
        let block = self.blocks.get(self.index(frame))?;
        (frame < block.end()).then_some(())?;
        Some(block.genome? + frame - block.frame)
    }

    /// A frame edit as an edit of the spliced transcript; `None` unless both its ends lie in exons.
    pub(crate) fn to_transcript(&self, edit: &StripEdit) -> Option<StripEdit> {
        let exon = |frame: u32| match self.place(frame) {
            Place::Exon(offset) if frame < self.length() => Some(offset),
            _ => None,
        };
        let (start, end) = if edit.start == edit.end {
            let before = edit.start.checked_sub(1).and_then(exon).map(|o| o + 1);
            let at = exon(edit.start);
            let offset = before.or(at)?;
            (offset, offset)
        } else {
            (exon(edit.start)?, exon(edit.end - 1)? + 1)
        };
        Some(StripEdit {
            start,
            end,
            inserted: edit.inserted.clone(),
        })
    }

    /// Whether a frame stretch lies in the coding sequence, with no intronic base.
    pub(crate) fn is_coding(&self, start: u32, end: u32) -> bool {
        let Some((from, to)) = self.coding else { return false };
        let inside = |frame: u32| matches!(self.place(frame), Place::Exon(o) if from <= o && o < to);
        start < end && inside(start) && inside(end - 1)
    }

    /// The spliced transcript.
    pub(crate) fn spliced(&self) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(self.transcript_length as usize);
        for block in self.blocks.iter().filter(|b| b.transcript.is_some()) {
            out.extend(self.fetch(block.frame, block.end())?);
        }
        Ok(out)
    }
}

impl Strip for Locus<'_> {
    fn fetch(&self, from: u32, to: u32) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity((to.saturating_sub(from)) as usize);
        for block in &self.blocks[self.index(from).min(self.blocks.len())..] {
            let (start, end) = (from.max(block.frame), to.min(block.end()));
            if start >= end {
                break;
            }
            let within = start - block.frame;
            let length = end - start;
            match (block.transcript, &self.own, block.genome) {
                (Some(first), Some(own), _) => {
                    out.extend(self.bases.fetch(own, first + within, first + within + length)?);
                }
                (_, _, Some(genome)) => {
                    out.extend(self.oriented_bases(genome + within, genome + within + length)?);
                }
                _ => out.extend(std::iter::repeat_n(b'N', length as usize)),
            }
        }
        Ok(out)
    }

    fn length(&self) -> u32 {
        self.blocks.last().map_or(0, Block::end)
    }
}
