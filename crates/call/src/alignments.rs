//! The alignment file: opened, checked against the reference, and read window by window.

use std::{
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::Mutex,
};

use clinotype_genome::{Contigs, Fault, Result, fs};
use noodles::{
    bam, bgzf,
    core::{Position, Region, region::Interval},
    csi::{self, BinningIndex},
    sam::{
        self,
        alignment::record::{Flags, cigar::op::Kind},
        header::record::value::map::header::tag::SORT_ORDER,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    hash, mates,
    options::{ABSENT_QUALITY, MAX_DEPTH, MAX_READS_PER_START, MIN_MAPQ},
    reads::{Op, Read, Reads},
};

type Reader = bam::io::Reader<bgzf::io::Reader<fs::Source>>;
type Index = Box<dyn BinningIndex + Send + Sync>;

/// How many reads of a window were used, and why the others were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// In the pileup.
    pub(crate) used: u64,
    /// Unmapped, secondary, supplementary, failing the machine's check, or duplicates.
    pub(crate) flagged: u64,
    /// Mapping quality below the limit, or absent.
    pub(crate) low_mapq: u64,
    /// Without bases or without an aligned base.
    pub(crate) empty: u64,
    /// Beyond the limits of depth.
    pub(crate) too_deep: u64,
}

impl Tally {
    /// Adds another window.
    pub(crate) fn add(&mut self, other: &Self) {
        self.used += other.used;
        self.flagged += other.flagged;
        self.low_mapq += other.low_mapq;
        self.empty += other.empty;
        self.too_deep += other.too_deep;
    }
}

/// An indexed alignment file.
pub(crate) struct Alignments {
    path: PathBuf,
    header: sam::Header,
    index: Index,
    /// By the order of the reference: the contig's number in the file.
    ids: Vec<Option<usize>>,
    idle: Mutex<Vec<Reader>>,
    limits: Limits,
}

/// How many reads of a deep pileup are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// With one start.
    pub(crate) per_start: usize,
    /// About so many over one base.
    pub(crate) depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_start: MAX_READS_PER_START,
            depth: MAX_DEPTH,
        }
    }
}

impl Alignments {
    /// Opens `path`, reads its index, and checks sort order and contigs.
    pub(crate) fn open(path: &Path, contigs: &Contigs) -> Result<Self> {
        let mut reader = bam::io::Reader::new(fs::open(path)?);
        let header = reader.read_header().map_err(|e| {
            Fault::input(format!("is not a BAM file: {e}"))
                .at(path)
                .hint("give a coordinate-sorted, indexed BAM file")
        })?;
        ends_whole(path)?;
        let order = header.header().and_then(|h| h.other_fields().get(&SORT_ORDER));
        if let Some(order) = order.filter(|o| *o == "unsorted" || *o == "queryname") {
            return Err(Fault::input(format!("is sorted by \"{order}\", not by coordinate"))
                .at(path)
                .hint("sort and index it: samtools sort, then samtools index"));
        }
        let index = open_index(path)?;
        let (told, known) = (index.reference_sequences().count(), header.reference_sequences().len());
        if told != known {
            return Err(Fault::input(format!(
                "has {known} contigs, but its index has {told}: the index is that of another file"
            ))
            .at(path)
            .hint("make it again: samtools index"));
        }
        let mut ids = vec![None; contigs.len()];
        for (id, (name, map)) in header.reference_sequences().iter().enumerate() {
            let name = String::from_utf8_lossy(name.as_ref()).into_owned();
            let length = map.length().get();
            match contigs.index_of(&name) {
                Some(at) => {
                    let known = contigs.get(&name).map_or(0, |c| c.length as usize);
                    if known != length {
                        return Err(Fault::input(format!(
                            "contig {name} has {length} bases here and {known} in the reference"
                        ))
                        .at(path)
                        .hint("use the reference that the reads were aligned to"));
                    }
                    ids[at] = Some(id);
                }
                // A contig of the header that no read lies on does no harm.
                None if has_reads(&*index, id) => {
                    return Err(
                        Fault::input(format!("has reads on contig {name}, which the reference does not have"))
                            .at(path)
                            .hint("use the reference that the reads were aligned to"),
                    );
                }
                None => {}
            }
        }
        Ok(Self {
            path: path.to_owned(),
            header,
            index,
            ids,
            idle: Mutex::default(),
            limits: Limits::default(),
        })
    }

    /// The same file with other limits.
    pub(crate) fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// About how many compressed bytes hold the reads of `start..end` on the contig with this number in the
    /// reference; 0 where there are none.
    pub(crate) fn bytes(&self, contig: usize, start: u32, end: u32) -> Result<u64> {
        let Some(id) = self.ids.get(contig).copied().flatten() else {
            return Ok(0);
        };
        let chunks = self
            .index
            .query(id, interval(start, end)?)
            .map_err(|e| Fault::io("use the index of", &self.path, e))?;
        Ok(chunks
            .iter()
            .map(|c| c.end().compressed().saturating_sub(c.start().compressed()) + (1 << 14))
            .sum())
    }

    /// The usable reads that overlap `start..end` of a contig, mates resolved.
    pub(crate) fn read(&self, contig: usize, name: &str, start: u32, end: u32) -> Result<(Reads, Tally)> {
        let mut reads = Reads::default();
        let mut tally = Tally::default();
        if self.ids.get(contig).copied().flatten().is_none() || start >= end {
            return Ok((reads, tally));
        }
        let wrong = |e: std::io::Error| {
            Fault::input(format!("has a damaged record: {e}"))
                .at(&self.path)
                .locus(name, u64::from(start) + 1)
                .hint("the file may be cut short, or its index may be that of another file: copy it again and index it")
        };
        let taken = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut reader = match taken {
            Some(reader) => reader,
            None => bam::io::Reader::new(fs::open(&self.path)?),
        };
        let region = Region::new(name, interval(start, end)?);
        let mut query = reader
            .query(&self.header, &self.index, &region)
            .map_err(|e| Fault::io("read", &self.path, e).locus(name, u64::from(start) + 1))?;
        let mut record = bam::Record::default();
        let mut start_of_last = 0;
        let limits = self.limits;
        let mut depth = Depth::default();
        while query.read_record(&mut record).map_err(wrong)? != 0 {
            let flags = record.flags();
            let unwanted =
                Flags::UNMAPPED | Flags::SECONDARY | Flags::SUPPLEMENTARY | Flags::QC_FAIL | Flags::DUPLICATE;
            let at = match record.alignment_start() {
                Some(at) => at.map_err(wrong)?.get() as u32 - 1,
                None => 0,
            };
            if at < start_of_last {
                return Err(Fault::input("is not sorted by coordinate")
                    .at(&self.path)
                    .locus(name, u64::from(at) + 1)
                    .hint("sort and index it: samtools sort, then samtools index"));
            }
            start_of_last = at;
            if flags.intersects(unwanted) {
                tally.flagged += 1;
                continue;
            }
            let mapq = record.mapping_quality().map_or(255, u8::from);
            if mapq == 255 || mapq < MIN_MAPQ {
                tally.low_mapq += 1;
                continue;
            }
            if reads.items.last().is_some_and(|last| last.start != at) {
                tally.too_deep += depth.settle(&mut reads, limits);
            }
            if !push(&mut reads, &record, at, mapq, flags).map_err(wrong)? {
                tally.empty += 1;
            }
            // A pile of copies of one start must not fill the memory before it is thinned.
            if reads.items.len() - depth.settled > 8 * limits.per_start {
                tally.too_deep += depth.thin(&mut reads, limits.per_start);
            }
        }
        tally.too_deep += depth.settle(&mut reads, limits);
        tally.used = reads.items.len() as u64;
        drop(query);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(reader);
        }
        reads.once.clone_from(&reads.qualities);
        mates::resolve(&mut reads);
        Ok((reads, tally))
    }
}

/// Keeps the depth within its limits. The reads kept are those with the smallest hash of their name: the same at
/// every run, and both mates of a fragment tend to stay.
#[derive(Default)]
struct Depth {
    /// Reads before this one have been thinned.
    settled: usize,
    /// Ends of settled reads that may reach the next start, smallest first.
    ends: std::collections::BinaryHeap<std::cmp::Reverse<u32>>,
}

impl Depth {
    /// Thins the reads of the last start and makes them final. Gives the number dropped.
    fn settle(&mut self, reads: &mut Reads, limits: Limits) -> u64 {
        let Some(start) = reads.items.last().map(|r| r.start) else {
            return 0;
        };
        if self.settled >= reads.items.len() {
            return 0;
        }
        while self.ends.peek().is_some_and(|end| end.0 <= start) {
            self.ends.pop();
        }
        let room = limits.depth.saturating_sub(self.ends.len()).max(1);
        let dropped = self.thin(reads, room.min(limits.per_start));
        for read in &reads.items[self.settled..] {
            self.ends.push(std::cmp::Reverse(read.end));
        }
        self.settled = reads.items.len();
        dropped
    }

    /// Keeps at most `most` of the reads that are not yet settled.
    fn thin(&mut self, reads: &mut Reads, most: usize) -> u64 {
        let fresh = reads.items.len() - self.settled;
        if fresh <= most {
            return 0;
        }
        let mut order: Vec<usize> = (self.settled..reads.items.len()).collect();
        order.sort_by_key(|&i| (reads.items[i].fragment, i));
        let mut keep: Vec<usize> = order[..most].to_vec();
        keep.sort_unstable();
        let mut kept = Vec::with_capacity(most);
        let (mut bases, mut qualities, mut ops) = (Vec::new(), Vec::new(), Vec::new());
        let first = &reads.items[self.settled];
        let (base_floor, op_floor) = (first.bases.start, first.ops.start);
        for index in keep {
            let mut read = reads.items[index].clone();
            let from = base_floor + bases.len();
            bases.extend_from_slice(&reads.bases[read.bases.clone()]);
            qualities.extend_from_slice(&reads.qualities[read.bases.clone()]);
            read.bases = from..base_floor + bases.len();
            let from = op_floor + ops.len();
            ops.extend_from_slice(&reads.ops[read.ops.clone()]);
            read.ops = from..op_floor + ops.len();
            kept.push(read);
        }
        reads.bases.truncate(base_floor);
        reads.bases.extend(bases);
        reads.qualities.truncate(base_floor);
        reads.qualities.extend(qualities);
        reads.ops.truncate(op_floor);
        reads.ops.extend(ops);
        reads.items.truncate(self.settled);
        reads.items.extend(kept);
        (fresh - most) as u64
    }
}

/// Adds a record. False where it has nothing to say.
fn push(reads: &mut Reads, record: &bam::Record, start: u32, mapq: u8, flags: Flags) -> std::io::Result<bool> {
    let bad = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
    let sequence = record.sequence();
    if sequence.is_empty() {
        return Ok(false);
    }
    let first_op = reads.ops.len();
    let (mut end, mut length, mut aligned) = (start, 0u32, 0u32);
    for op in record.cigar().iter() {
        let op = op?;
        let n = u32::try_from(op.len()).map_err(|_| bad("a CIGAR operation is too long"))?;
        let kind = match op.kind() {
            Kind::Match | Kind::SequenceMatch | Kind::SequenceMismatch => Op::Match,
            Kind::Insertion => Op::Insert,
            Kind::Deletion => Op::Delete,
            Kind::Skip => Op::Skip,
            Kind::SoftClip => Op::Clip,
            Kind::HardClip | Kind::Pad => continue,
        };
        if matches!(kind, Op::Match | Op::Delete | Op::Skip) {
            end = end
                .checked_add(n)
                .filter(|e| i32::try_from(*e).is_ok())
                .ok_or_else(|| bad("an alignment is too long"))?;
        }
        if matches!(kind, Op::Match | Op::Insert | Op::Clip) {
            length = length.checked_add(n).ok_or_else(|| bad("a read is too long"))?;
        }
        if kind == Op::Match {
            aligned += n;
        }
        match reads.ops[first_op..].last_mut() {
            Some(last) if last.0 == kind => last.1 += n,
            _ if n > 0 => reads.ops.push((kind, n)),
            _ => {}
        }
    }
    if aligned == 0 {
        reads.ops.truncate(first_op);
        return Ok(false);
    }
    if length as usize != sequence.len() {
        return Err(bad("a CIGAR does not fit its sequence"));
    }
    let from = reads.bases.len();
    reads.bases.extend(sequence.iter());
    let scores = record.quality_scores();
    let scores = scores.as_bytes();
    if scores.len() == sequence.len() && scores[0] != 255 {
        reads.qualities.extend(scores.iter().map(|&q| q.min(mapq)));
    } else {
        reads
            .qualities
            .extend((0..sequence.len()).map(|_| ABSENT_QUALITY.min(mapq)));
    }
    for (base, quality) in reads.bases[from..].iter_mut().zip(&mut reads.qualities[from..]) {
        if !matches!(base, b'A' | b'C' | b'G' | b'T') {
            *base = b'N';
            *quality = 0;
        }
    }
    let ops = first_op..reads.ops.len();
    let clip = |op: Option<&(Op, u32)>| op.filter(|o| o.0 == Op::Clip).map_or(0, |o| o.1);
    let (mut clip_left, mut clip_right) = (
        clip(reads.ops[ops.clone()].first()),
        clip(reads.ops[ops.clone()].last()),
    );
    let reverse = flags.is_reverse_complemented();
    // A fragment shorter than the read: what stands beyond its end is adapter, not genome.
    let insert = record.template_length().unsigned_abs();
    if flags.is_segmented()
        && !flags.is_mate_unmapped()
        && reverse != flags.is_mate_reverse_complemented()
        && insert > 0
        && insert <= length
    {
        if reverse {
            clip_left = 0;
        } else {
            clip_right = 0;
        }
    }
    reads.longest = reads.longest.max(end - start);
    reads.items.push(Read {
        start,
        end,
        mapq,
        reverse,
        first_forward: flags.is_segmented().then(|| flags.is_first_segment() != reverse),
        fragment: hash::of(record.name().map(AsRef::<[u8]>::as_ref).unwrap_or_default()),
        clip_left,
        clip_right,
        bases: from..reads.bases.len(),
        ops,
    });
    Ok(true)
}

fn interval(start: u32, end: u32) -> Result<Interval> {
    let position =
        |n: u32| Position::try_from(n as usize).map_err(|_| Fault::internal("a window begins before its contig"));
    Ok(Interval::from(position(start + 1)?..=position(end)?))
}

/// The empty block that ends every BGZF file (SAM specification, section 4.1.2).
const END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// A file cut between two blocks reads well to its end: only the missing last block tells that reads are lost.
fn ends_whole(path: &Path) -> Result<()> {
    let wrong = |e| Fault::io("read", path, e);
    let mut file = fs::open(path)?;
    let mut last = [0; END.len()];
    let from = -(END.len() as i64);
    file.seek(SeekFrom::End(from))
        .and_then(|_| file.read_exact(&mut last))
        .map_err(wrong)?;
    if last == END {
        return Ok(());
    }
    Err(Fault::input("is cut short: its last block is missing")
        .at(path)
        .hint("copy the file again, and compare the sizes"))
}

fn has_reads(index: &(dyn BinningIndex + Send + Sync), id: usize) -> bool {
    index
        .query(id, Interval::from(..))
        .is_ok_and(|chunks| !chunks.is_empty())
}

fn open_index(path: &Path) -> Result<Index> {
    let with = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    for (candidate, is_csi) in [
        (with(".bai"), false),
        (path.with_extension("bai"), false),
        (with(".csi"), true),
    ] {
        if !candidate.is_file() {
            continue;
        }
        let file = std::io::BufReader::new(fs::open(&candidate)?);
        let wrong = |e| Fault::io("read the index", &candidate, e).hint("make it again: samtools index");
        return Ok(if is_csi {
            Box::new(csi::io::Reader::new(file).read_index().map_err(wrong)?)
        } else {
            Box::new(bam::bai::io::Reader::new(file).read_index().map_err(wrong)?)
        });
    }
    Err(Fault::input("has no index beside it (.bai or .csi)")
        .at(path)
        .hint("make one: samtools index"))
}
