//! FASTQ pairs to a sorted, duplicate-marked BAM.

mod groups;
mod index;
mod minimap;
mod placing;
mod records;
#[cfg(test)]
mod resume_tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Reference, Result};
use rayon::prelude::*;

use groups::ReadGroup;

use crate::{
    FastqPair, Figures,
    duplicates::Template,
    fastq::{self, PairReader, ReadPair},
    milestone::{Keep, Milestone},
    raw::Raw,
    scratch::Scratch,
    store::{Ending, Store},
    write::BAI_LIMIT,
};

/// What to align, and where the result goes.
#[derive(Clone, Copy, Debug)]
pub struct AlignOptions<'a> {
    /// Pairs of files, one per lane.
    pub pairs: &'a [FastqPair],
    /// The reference.
    pub reference: &'a Reference,
    /// The sample's name: `SM` of the read groups.
    pub sample: &'a str,
    /// The BAM; its index is written beside it as `OUT.bai`.
    pub out: &'a Path,
    /// Bytes that the whole step may use.
    pub memory: u64,
    /// Folder for spill files, made here and removed at the end.
    pub scratch: &'a Path,
    /// Names of the libraries, `LB`: none (the sample's name), one for all pairs, or one for each pair. Duplicates are
    /// told within a library, across its lanes.
    pub libraries: &'a [String],
    /// Folders where the aligner's index is looked for; it is made in the first that can be written, and in memory
    /// where there is none.
    pub index_folders: &'a [PathBuf],
    /// Version of the program for `@PG VN`.
    pub program: &'a str,
    /// Command line for `@PG CL`.
    pub command_line: &'a str,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct AlignSummary {
    /// Pairs read, all of which are in the BAM.
    pub pairs: u64,
    /// Those of them that an earlier run of the same key had aligned.
    pub pairs_taken_over: u64,
    /// Figures over the BAM.
    pub figures: Figures,
    /// Aligner with version.
    pub aligner: String,
    /// Its parameters, and the insert sizes taken for proper in each read group.
    pub parameters: BTreeMap<String, String>,
}

/// Aligns pairs of short reads. Implemented by minimap2; a trait, so that the choice of the aligner stays a
/// measurement.
pub trait Aligner: Sync {
    /// Working memory of one thread.
    type Workspace;
    /// Name with version.
    fn name(&self) -> String;
    /// Parameters, for the provenance.
    fn parameters(&self) -> BTreeMap<String, String>;
    /// New working memory.
    fn workspace(&self) -> Self::Workspace;
    /// Hits of both reads. At most one hit of each read is primary. The same input gives the same hits on any thread.
    fn map(&self, workspace: &mut Self::Workspace, name: &[u8], reads: [&[u8]; 2]) -> Result<[Vec<Hit>; 2]>;
}

/// Whether a hit stands for the read or for a further part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// The best hit.
    Primary,
    /// Another part of the read, elsewhere.
    Supplementary,
}

/// An alignment of one read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of the contig in the reference.
    pub contig: u32,
    /// 0-based, half-open.
    pub start: u32,
    /// See `start`.
    pub end: u32,
    /// Whether the read lies on the reverse strand.
    pub reverse: bool,
    /// Bases of the read before and after the alignment, in the direction of the reference.
    pub clips: (u32, u32),
    /// Phred.
    pub mapping_quality: u8,
    /// Alignment score.
    pub score: i32,
    /// NM.
    pub edits: u32,
    /// (length, BAM operation), without clips.
    pub cigar: Vec<(u32, u8)>,
    /// MD.
    pub md: String,
    /// Primary or supplementary.
    pub kind: HitKind,
}

/// Pairs aligned at once. Fixed: the batch decides which pairs the insert sizes are estimated from.
const BATCH: usize = 1 << 14;
/// Pairs that one task aligns.
const TASK: usize = 256;
/// Reads of a batch, their lines and minimap2's buffers per thread.
const BATCH_MEMORY: u64 = 96 << 20;
const THREAD_MEMORY: u64 = 48 << 20;
/// Pairs after which there is a milestone at the latest: some minutes of work.
const MILESTONE: u64 = 1 << 24;
/// Least memory for sorting.
const SORT_MEMORY: u64 = 48 << 20;

/// Aligns, sorts, marks duplicates, and writes BAM and BAI, which appear only when everything is done.
///
/// Faults are of kind input for reads that cannot be used (see [`fastq`]), resource where `memory` does not hold the
/// aligner's index, io where a file cannot be written.
pub fn align(options: &AlignOptions<'_>, progress: &dyn Progress) -> Result<AlignSummary> {
    align_resumable(options, None, progress)
}

/// As [`align`], with milestones on the way, going on from the last one that an earlier run left under the same key. The
/// files are the same bytes as those of a run that nobody stopped.
pub fn align_resumable(
    options: &AlignOptions<'_>,
    keep: Option<&Keep<'_>>,
    progress: &dyn Progress,
) -> Result<AlignSummary> {
    align_within(options, keep, MILESTONE, None, progress)
}

/// [`align_resumable`] with a milestone after so many pairs at most, and with this much memory for sorting.
fn align_within(
    options: &AlignOptions<'_>,
    keep: Option<&Keep<'_>>,
    every: u64,
    sorting: Option<u64>,
    progress: &dyn Progress,
) -> Result<AlignSummary> {
    let reference = options.reference;
    check_names(options.sample)?;
    check_contigs(reference)?;
    check_libraries(options)?;
    fastq::check(options.pairs)?;
    // Before hours of work, not after: whether the result can be written.
    drop(clinotype_genome::fs::AtomicFile::create(options.out)?);
    let measured = index::measure(reference, options.index_folders, progress)?;
    let (building, loaded) = index::memory(reference, measured.bases);
    let working = BATCH_MEMORY + THREAD_MEMORY * rayon::current_num_threads() as u64;
    let holds = |needed: u64, what: &str| {
        if options.memory >= needed {
            return Ok(());
        }
        Err(Fault::resource(format!(
            "{what} this reference with {} thread(s) needs {} of memory, the limit is {}",
            rayon::current_num_threads(),
            size(needed.next_multiple_of(1_000_000)),
            size(options.memory)
        ))
        .at(reference.path())
        .hint("raise the memory limit, or use a machine with more memory"))
    };
    holds(loaded + working + SORT_MEMORY, "aligning to")?;
    // Only the first sample of a reference pays for building.
    let may_build = || holds(building, "indexing");
    let index = index::get(reference, &measured, options.index_folders, &may_build, progress)?;
    progress.check()?;
    let aligner = minimap::Minimap::new(index)?;
    let groups = groups::of(options)?;
    let keep = keep.map(|keep| {
        let what = format!("{} {} {:?} {BATCH}", keep.key, aligner.name(), aligner.parameters());
        (keep.folder, clinotype_genome::digest::sha256(what.as_bytes()))
    });
    let found = keep.as_ref().and_then(|(folder, key)| Milestone::load(folder, key));
    let from = found.unwrap_or_else(|| Milestone {
        parameters: aligner.parameters(),
        ..Milestone::default()
    });
    let folder = keep.as_ref().map_or(options.scratch, |(folder, _)| folder);
    let (lines, ends) = (
        Milestone::paths(folder, &from.lines),
        Milestone::paths(folder, &from.ends),
    );
    let scratch = Scratch::create_keeping(folder, &[&lines[..], &ends[..]].concat())?;
    let mut store = Store::new(&scratch, sorting.unwrap_or(options.memory - loaded - working));
    store.count = from.count;
    store.lines.restore(lines);
    store.marker.sorter.restore(ends);
    let taken_over = from.pairs;
    let mut run = Run {
        aligner: &aligner,
        contigs: reference.contigs().iter().map(|c| c.name.clone()).collect(),
        store,
        bytes: 0,
        scratch: &scratch,
        keep,
        every,
        since: 0,
        at: from,
    };
    let sizes = options
        .pairs
        .iter()
        .map(|pair| clinotype_genome::fs::size(&pair.r1))
        .collect::<Result<Vec<_>>>()?;
    let total: u64 = sizes.iter().sum();
    for (number, ((pair, group), size)) in options.pairs.iter().zip(&groups).zip(sizes).enumerate() {
        if number >= run.at.file {
            run.files(number, pair, group, progress, total)?;
        }
        run.bytes += size;
    }
    let header = header(reference, &groups, options, &aligner.name());
    let contigs: Vec<(String, u32)> = reference.contigs().iter().map(|c| (c.name.clone(), c.length)).collect();
    let Run { store, at, .. } = run;
    let (pairs, parameters) = (at.pairs, at.parameters);
    let name = aligner.name();
    // The index is not needed for merging; its memory is given back before.
    drop(aligner);
    let written = store.write(
        options.out,
        &header,
        &contigs,
        &Ending {
            mark: true,
            drop_repeats: false,
            reads: 2 * pairs,
        },
        progress,
    )?;
    Ok(AlignSummary {
        pairs,
        pairs_taken_over: taken_over,
        figures: written.figures,
        aligner: name,
        parameters,
    })
}

/// Bytes in words.
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 10_000_000_000 {
        format!("{} MB", bytes / 1_000_000)
    } else {
        format!("{:.1} GB", bytes as f64 / 1e9)
    }
}

/// What stands in a header line must not break it.
pub(crate) fn check_names(sample: &str) -> Result<()> {
    if sample.is_empty() || sample.chars().any(char::is_control) {
        return Err(Fault::usage(
            "a sample name must not be empty or hold tabs or line breaks",
        ));
    }
    Ok(())
}

fn check_libraries(options: &AlignOptions<'_>) -> Result<()> {
    let (given, pairs) = (options.libraries.len(), options.pairs.len());
    if given > 1 && given != pairs {
        return Err(
            Fault::usage(format!("{given} libraries are named for {pairs} pair(s) of files"))
                .hint("name one library for all, or one for each pair, in their order"),
        );
    }
    if options
        .libraries
        .iter()
        .any(|l| l.is_empty() || l.chars().any(char::is_control))
    {
        return Err(Fault::usage(
            "a library name must not be empty or hold tabs or line breaks",
        ));
    }
    Ok(())
}

/// BAI indexes hold contigs up to 512 Mb.
pub(crate) fn check_contigs(reference: &Reference) -> Result<()> {
    match reference.contigs().iter().find(|c| c.length > BAI_LIMIT) {
        Some(contig) => Err(Fault::input(format!(
            "contig {} has {} bases; a BAM index (BAI) holds at most {BAI_LIMIT}",
            contig.name, contig.length
        ))
        .at(reference.path())),
        None => Ok(()),
    }
}

/// Everything of one run that the batches share.
struct Run<'a, 's, A: Aligner> {
    aligner: &'a A,
    contigs: Vec<String>,
    store: Store<'s>,
    /// Size of the first files done so far, for progress.
    bytes: u64,
    scratch: &'s Scratch,
    /// Where milestones are kept, and their key.
    keep: Option<(&'a Path, String)>,
    /// Pairs after which there is a milestone, and those since the last one.
    every: u64,
    since: u64,
    /// Where the run is.
    at: Milestone,
}

impl<A: Aligner> Run<'_, '_, A> {
    fn files(
        &mut self,
        number: usize,
        pair: &FastqPair,
        group: &ReadGroup,
        progress: &dyn Progress,
        total: u64,
    ) -> Result<()> {
        let mut reader = PairReader::open(pair)?;
        if number > self.at.file {
            (self.at.file, self.at.pairs_of_file, self.at.inserts) = (number, 0, None);
        }
        let mut done = 0;
        while done < self.at.pairs_of_file {
            progress.check()?;
            let next = (self.at.pairs_of_file - done).min(BATCH as u64);
            if reader.batch(next as usize)?.len() as u64 != next {
                return Err(Fault::input("has fewer reads than before the run was stopped").at(&pair.r1));
            }
            done += next;
            progress.advance((self.bytes + reader.position()).min(total), total);
        }
        let mut batch = reader.batch(BATCH)?;
        let mut inserts = self.at.inserts.map(|(least, most)| Inserts { least, most });
        let mut lines = Vec::new();
        while !batch.is_empty() {
            progress.check()?;
            let known = inserts;
            let contigs = &self.contigs;
            let aligner = self.aligner;
            // The next batch is read while this one is aligned.
            let (done, next) = rayon::join(
                || -> Result<(Inserts, Vec<records::Lines>)> {
                    let hits = map(aligner, &batch)?;
                    let inserts = known.unwrap_or_else(|| Inserts::estimate(hits.iter().flatten()));
                    let shared = records::Shared {
                        contigs,
                        group: &group.id,
                        inserts,
                    };
                    let lines = batch
                        .par_chunks(TASK)
                        .zip(&hits)
                        .map(|(pairs, hits)| {
                            let mut lines = records::Lines::default();
                            for (pair, hits) in pairs.iter().zip(hits) {
                                records::assemble(pair, hits, &shared, &mut lines);
                            }
                            lines
                        })
                        .collect();
                    Ok((inserts, lines))
                },
                || reader.batch(BATCH),
            );
            let (estimated, assembled) = done?;
            if inserts.is_none() {
                self.at
                    .parameters
                    .insert(format!("proper_insert.{}", group.id), estimated.to_string());
            }
            inserts = Some(estimated);
            let before = self.store.lines.held().0;
            for part in &assembled {
                self.add(part, group.library, &mut lines)?;
            }
            self.at.inserts = Some((estimated.least, estimated.most));
            self.at.pairs += batch.len() as u64;
            self.at.pairs_of_file += batch.len() as u64;
            self.since += batch.len() as u64;
            self.milestone(before)?;
            progress.advance((self.bytes + reader.position()).min(total), total);
            batch = next?;
        }
        Ok(())
    }

    /// A milestone where the memory is nearly full, so that the lines would go to the disk soon anyhow, or where enough
    /// pairs were aligned since the last one. `before`: bytes held before the batch.
    fn milestone(&mut self, before: usize) -> Result<()> {
        let Some((folder, key)) = &self.keep else { return Ok(()) };
        let (held, limit) = self.store.lines.held();
        let spilled = held < before;
        if !spilled && held + (held - before) <= limit && self.since < self.every {
            return Ok(());
        }
        self.store.lines.flush()?;
        self.store.marker.sorter.flush()?;
        Milestone::add(&mut self.at.lines, self.store.lines.runs())?;
        Milestone::add(&mut self.at.ends, self.store.marker.sorter.runs())?;
        self.at.count = self.store.count;
        self.at.save(folder, key)?;
        self.scratch.keep(self.store.lines.runs().iter().cloned());
        self.scratch.keep(self.store.marker.sorter.runs().iter().cloned());
        self.since = 0;
        Ok(())
    }

    fn add(&mut self, part: &records::Lines, library: u16, ordinals: &mut Vec<u64>) -> Result<()> {
        let mut at = 0;
        for (count, ends) in &part.templates {
            ordinals.clear();
            let mut name = &[][..];
            for _ in 0..*count {
                let mut length = [0; 4];
                length.copy_from_slice(&part.bytes[at..at + 4]);
                let line = &part.bytes[at + 4..][..u32::from_le_bytes(length) as usize];
                at += 4 + line.len();
                let ordinal = self.store.push(line)?;
                let raw = Raw::trusted(line);
                name = raw.name();
                if !raw.has(crate::raw::flag::UNMAPPED) {
                    ordinals.push(ordinal);
                }
            }
            self.store.marker.add(&Template {
                library,
                name,
                ends: *ends,
                mate_elsewhere: false,
                lines: ordinals,
            })?;
        }
        Ok(())
    }
}

/// Hits of a batch in order, in groups of [`TASK`] pairs.
fn map<A: Aligner>(aligner: &A, batch: &[ReadPair]) -> Result<Vec<Vec<[Vec<Hit>; 2]>>> {
    batch
        .par_chunks(TASK)
        .map(|pairs| {
            let mut workspace = aligner.workspace();
            pairs
                .iter()
                .map(|[first, last]| aligner.map(&mut workspace, &first.name, [&first.bases, &last.bases]))
                .collect()
        })
        .collect()
}

/// Which inserts make a pair proper, in bases, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inserts {
    least: u32,
    most: u32,
}

impl std::fmt::Display for Inserts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.least, self.most)
    }
}

impl Inserts {
    /// Taken where a batch has too few good pairs to estimate from: minimap2's own limit of a fragment.
    const DEFAULT: Self = Self { least: 1, most: 800 };
    /// Pairs needed for an estimate.
    const ENOUGH: usize = 25;
    /// Mapping quality of both mates of a pair that counts.
    const GOOD: u8 = 20;
    /// Longer inserts are not of one fragment.
    const LONGEST: u32 = 10_000;

    /// From pairs that face each other: three interquartile ranges beyond the quartiles, or four standard deviations
    /// about the mean where that is wider, as BWA-MEM does (Li 2013, arXiv:1303.3997).
    fn estimate<'h>(hits: impl Iterator<Item = &'h [Vec<Hit>; 2]>) -> Self {
        let mut sizes: Vec<u32> = hits
            .filter_map(|pair| {
                let (a, b) = (records::primary(&pair[0])?, records::primary(&pair[1])?);
                let good = a.mapping_quality >= Self::GOOD && b.mapping_quality >= Self::GOOD;
                records::facing_insert(a, b).filter(|n| good && *n <= Self::LONGEST)
            })
            .collect();
        if sizes.len() < Self::ENOUGH {
            return Self::DEFAULT;
        }
        sizes.sort_unstable();
        let at = |share: f64| f64::from(sizes[((sizes.len() - 1) as f64 * share).round() as usize]);
        let (low, high) = (at(0.25), at(0.75));
        let range = high - low;
        // Mean and deviation without outliers.
        let inner: Vec<f64> = sizes
            .iter()
            .map(|n| f64::from(*n))
            .filter(|n| (low - 2.0 * range..=high + 2.0 * range).contains(n))
            .collect();
        let mean = inner.iter().sum::<f64>() / inner.len() as f64;
        let deviation = (inner.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / inner.len() as f64).sqrt();
        Self {
            least: (low - 3.0 * range).min(mean - 4.0 * deviation).max(1.0) as u32,
            most: (high + 3.0 * range).max(mean + 4.0 * deviation).ceil() as u32,
        }
    }

    fn contains(self, insert: u32) -> bool {
        (self.least..=self.most).contains(&insert)
    }
}

/// Tabs and line breaks would break a header line.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn header(reference: &Reference, groups: &[ReadGroup], options: &AlignOptions<'_>, aligner: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("@HD\tVN:1.6\tSO:coordinate\n");
    for contig in reference.contigs() {
        let _ = writeln!(text, "@SQ\tSN:{}\tLN:{}", contig.name, contig.length);
    }
    for group in groups {
        let _ = write!(
            text,
            "@RG\tID:{}\tSM:{}\tLB:{}\tPL:ILLUMINA",
            group.id, options.sample, group.library_name
        );
        if let Some(unit) = &group.unit {
            let _ = write!(text, "\tPU:{unit}");
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "@PG\tID:clinotype\tPN:clinotype\tVN:{}\tCL:{}\tDS:aligned with {aligner}, preset sr; sorted; duplicates marked",
        one_line(options.program),
        one_line(options.command_line)
    );
    text
}
