//! The whole run: plan, learn, call, write.

use std::{collections::BTreeMap, path::Path};

use clinotype_genome::{Contig, Fault, Progress, Reference, Result, vcf_file::VcfWriter};
use rayon::prelude::*;

use crate::{
    CallOptions, CallSummary,
    alignments::{Alignments, Tally},
    checkpoint::{Checkpoint, Finished, Keep},
    gvcf::Block,
    header, options,
    plan::{self, Shard},
    shard::Task,
    slippage::{Observed, Slippage},
};

/// About what one window takes in memory, with its reads, at most.
const SHARD_MEMORY: u64 = 128 << 20;
/// Windows whose results may wait for the writer.
const MOST_WAITING: usize = 64;
/// Windows from which the slippage of the sample is learnt.
const LEARN_FROM: usize = 24;

/// A VCF with its header written.
fn writer(path: &Path, header: &str) -> Result<VcfWriter> {
    let mut writer = VcfWriter::create(path)?;
    writer.header(header)?;
    Ok(writer)
}

/// Calls small variants. See [`CallOptions`]; the caller chooses the threads by the rayon pool it runs this in.
pub fn call(options: &CallOptions<'_>, progress: &dyn Progress) -> Result<CallSummary> {
    call_resumable(options, None, progress)
}

/// As [`call`], keeping every finished window, and taking over those that an earlier run kept under the same key. The
/// files are the same bytes as those of a run that nobody stopped.
pub fn call_resumable(
    options: &CallOptions<'_>,
    keep: Option<&Keep<'_>>,
    progress: &dyn Progress,
) -> Result<CallSummary> {
    progress.check()?;
    let contigs: Vec<Contig> = options.reference.contigs().iter().cloned().collect();
    let alignments = Alignments::open(options.bam, options.reference.contigs())?;
    let at_once = at_once(options.memory)?;
    let spans = plan::spans(&contigs, options.targets, options.padding)?;
    let shards = plan::shards(&contigs, &spans, &alignments)?;
    let prior = Slippage::default();
    let mut task = Task {
        alignments: &alignments,
        reference: options.reference,
        contigs: &contigs,
        sex: options.sex,
        build: options.build,
        slippage: &prior,
        gvcf: options.gvcf.is_some(),
        progress,
    };
    let slippage = learn(&task, &shards, at_once)?;
    task.slippage = &slippage;
    let checkpoint = keep
        .map(|keep| Checkpoint::open(keep, options, &slippage))
        .transpose()?;
    let mut output = Output::create(options, &contigs)?;
    let total = shards.len() as u64;
    let batch = batch(at_once);
    for (number, batch_of) in shards.chunks(batch).enumerate() {
        progress.check()?;
        let called: Vec<Result<(Finished, bool)>> = batch_of
            .par_iter()
            .enumerate()
            .map(|(at, shard)| finish(&task, number * batch + at, shard, checkpoint.as_ref()))
            .collect();
        for (shard, called) in batch_of.iter().zip(called) {
            let (finished, taken_over) = called?;
            output.summary.windows += u64::from(shard.has_reads);
            output.summary.windows_taken_over += u64::from(taken_over);
            output.take(shard, finished)?;
        }
        progress.advance((((number + 1) * batch) as u64).min(total), total);
    }
    output.finish(&slippage)
}

/// A window, and whether an earlier run had called it. Those without reads are made at once and never kept.
fn finish(task: &Task<'_>, number: usize, shard: &Shard, checkpoint: Option<&Checkpoint>) -> Result<(Finished, bool)> {
    task.progress.check()?;
    let checkpoint = checkpoint.filter(|_| shard.has_reads);
    if let Some(kept) = checkpoint.and_then(|c| c.take(number, shard)) {
        return Ok((kept, true));
    }
    let finished = Finished::of(task.call(shard)?, &task.contigs[shard.contig].name, task.gvcf);
    if let Some(checkpoint) = checkpoint {
        checkpoint.put(number, shard, &finished)?;
    }
    Ok((finished, false))
}

/// How many windows may be in work at once.
pub(crate) fn at_once(memory: u64) -> Result<usize> {
    if memory < SHARD_MEMORY {
        return Err(Fault::resource(format!(
            "calling needs at least {} MB of memory; {} MB are allowed",
            SHARD_MEMORY >> 20,
            memory >> 20
        ))
        .hint("allow more memory"));
    }
    let threads = rayon::current_num_threads() as u64;
    Ok((memory / SHARD_MEMORY).min(threads).max(1) as usize)
}

/// How many windows go to the threads together: where memory allows fewer windows than there are threads, what may be
/// in work at once.
pub(crate) fn batch(at_once: usize) -> usize {
    if at_once < rayon::current_num_threads() {
        at_once
    } else {
        MOST_WAITING
    }
}

/// Windows spread evenly over those with reads, to learn from.
pub(crate) fn sampled(shards: &[Shard]) -> Vec<&Shard> {
    let with_reads: Vec<&Shard> = shards.iter().filter(|s| s.has_reads).collect();
    let step = with_reads.len().div_ceil(LEARN_FROM).max(1);
    with_reads.into_iter().step_by(step).collect()
}

/// Slippage from windows spread evenly over those with reads.
pub(crate) fn learn(task: &Task<'_>, shards: &[Shard], at_once: usize) -> Result<Slippage> {
    let mut observed = Vec::new();
    for some in sampled(shards).chunks(at_once) {
        let seen: Vec<Result<Vec<Observed>>> = some.par_iter().map(|shard| task.observe(shard)).collect();
        for part in seen {
            observed.extend(part?);
        }
    }
    Ok(Slippage::learn(&observed))
}

/// Puts the windows' results together in order.
struct Output<'a> {
    contigs: &'a [Contig],
    reference: &'a Reference,
    vcf: VcfWriter,
    gvcf: Option<VcfWriter>,
    /// The block that the next one may join.
    open: Option<(usize, Block)>,
    /// 0-based base after the last record's REF, on the contig of this number.
    covered: (usize, u32),
    tally: Tally,
    summary: CallSummary,
}

impl<'a> Output<'a> {
    fn create(options: &CallOptions<'a>, contigs: &'a [Contig]) -> Result<Self> {
        let gvcf = match options.gvcf {
            Some(path) => Some(writer(path, &header::text(options, true)?)?),
            None => None,
        };
        Ok(Self {
            contigs,
            reference: options.reference,
            vcf: writer(options.vcf, &header::text(options, false)?)?,
            gvcf,
            open: None,
            covered: (0, 0),
            tally: Tally::default(),
            summary: CallSummary::default(),
        })
    }

    fn take(&mut self, shard: &Shard, called: Finished) -> Result<()> {
        self.tally.add(&called.tally);
        self.summary.active_regions += called.active;
        let contig = shard.contig;
        if self.covered.0 != contig {
            self.covered = (contig, 0);
        }
        let mut blocks = called.blocks.into_iter().peekable();
        for record in called.lines {
            while let Some(block) = blocks.next_if(|b| b.start < record.position) {
                self.block(contig, block)?;
            }
            self.close()?;
            self.summary.records += 1;
            if record.indel {
                self.summary.indels += 1;
            } else {
                self.summary.snvs += 1;
            }
            self.summary.filtered += u64::from(record.filtered);
            let name = &self.contigs[contig].name;
            self.vcf.record(&record.vcf, name, record.position + 1, record.end)?;
            if let (Some(writer), Some(text)) = (&mut self.gvcf, &record.gvcf) {
                writer.record(text, name, record.position + 1, record.end)?;
            }
            self.covered.1 = self.covered.1.max(record.end);
        }
        for block in blocks {
            self.block(contig, block)?;
        }
        Ok(())
    }

    /// A block, less what a deletion of the window before covers.
    fn block(&mut self, contig: usize, block: Block) -> Result<()> {
        let Some(block) = block.begin_at(self.covered.1) else {
            return Ok(());
        };
        if let Some((of, open)) = &mut self.open
            && *of == contig
            && open.join(&block)
        {
            return Ok(());
        }
        self.close()?;
        self.open = Some((contig, block));
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let (Some((contig, block)), Some(writer)) = (self.open.take(), &mut self.gvcf) else {
            return Ok(());
        };
        let name = &self.contigs[contig].name;
        // Bytes of a window are at hand; a stretch without reads, of which there are few, asks the file.
        let base = match block.base {
            Some(base) => base,
            None => *self
                .reference
                .fetch(name, block.start, block.start + 1)?
                .first()
                .unwrap_or(&b'N'),
        };
        let mut text = String::new();
        block.write(&mut text, name, char::from(base));
        writer.record(&text, name, block.start + 1, block.end)
    }

    fn finish(mut self, slippage: &Slippage) -> Result<CallSummary> {
        self.close()?;
        self.vcf.commit()?;
        if let Some(writer) = self.gvcf {
            writer.commit()?;
        }
        self.summary.parameters = parameters(slippage, &self.tally);
        Ok(self.summary)
    }
}

fn parameters(slippage: &Slippage, tally: &Tally) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    let mut put = |name: &str, value: String| named.insert(name.to_owned(), value);
    put("min_mapping_quality", options::MIN_MAPQ.to_string());
    put("min_base_quality", options::MIN_BASE_QUALITY.to_string());
    put("max_reads_per_start", options::MAX_READS_PER_START.to_string());
    put("max_depth", options::MAX_DEPTH.to_string());
    put("prior_snv", options::SNV_PRIOR.to_string());
    put("prior_indel", options::INDEL_PRIOR.to_string());
    put("mismapping_cap_phred", options::MISMAPPING_PHRED.to_string());
    put("max_haplotypes", options::MAX_HAPLOTYPES.to_string());
    put("min_qual_written", options::MIN_QUAL.to_string());
    put("homopolymer_errors_1_to_20", slippage.describe());
    put("reads_used", tally.used.to_string());
    put("reads_flagged", tally.flagged.to_string());
    put("reads_low_mapping_quality", tally.low_mapq.to_string());
    put("reads_without_alignment", tally.empty.to_string());
    put("reads_beyond_depth", tally.too_deep.to_string());
    named
}
