//! The whole tumour-only run: plan, learn, look, ask the population, write.

use std::{collections::BTreeMap, path::Path};

use clinotype_genome::{
    Build, Contig, ContigKey, Fault, Interval, Pos, Progress, Reference, Result, VariantKey, vcf_file::VcfWriter,
};
use rayon::prelude::*;

use super::{
    depth::{self, Depth, Place},
    evidence::{self, Allele, Surroundings},
    filter, header,
    origin::{Frequency, Population},
    output::Told,
    power::{self, Power},
    summary::{Sensitivity, SomaticSummary},
};
use crate::{
    Sex,
    aim::Aim,
    alignments::{Alignments, Limits, Tally},
    fraction,
    options::{self, MIN_BASE_QUALITY},
    pairhmm::PairHmm,
    phred,
    pileup::Pileup,
    plan::{self, Shard},
    region, repeats,
    run::{at_once, batch, learn, sampled},
    shard::{REACH, Task},
    slippage::Slippage,
};

/// Reads of one start are not limited apart from the depth: those of an amplicon all have the same.
const LIMITS: Limits = Limits {
    per_start: 2000,
    depth: 2000,
};
/// What to call, from what, and where to.
#[derive(Clone, Copy)]
pub struct SomaticOptions<'a> {
    /// The alignments: coordinate sorted, indexed, duplicates marked.
    pub bam: &'a Path,
    /// The genome the reads were aligned to.
    pub reference: &'a Reference,
    /// Where to call: sorted in the order of the reference and merged. `None` is everywhere.
    pub targets: Option<&'a [Interval]>,
    /// How many bases around each target are called too.
    pub padding: u32,
    /// The sample column of the VCF.
    pub sample: &'a str,
    /// The genome build, if proven.
    pub build: Option<Build>,
    /// Population frequencies; without them nothing is said of germline origin.
    pub frequencies: Option<&'a dyn Population>,
    /// Share of another person's DNA (0 to 1), if known.
    pub contamination: Option<f64>,
    /// Where the calls go: BGZF; the tabix index gets the same name and `.tbi`.
    pub vcf: &'a Path,
    /// Bytes of memory that the run may use.
    pub memory: u64,
    /// The text of `##source`.
    pub source: &'a str,
    /// More header lines, each beginning with `##`.
    pub header: &'a [String],
}

impl std::fmt::Debug for SomaticOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SomaticOptions")
            .field("bam", &self.bam)
            .field("vcf", &self.vcf)
            .field("contamination", &self.contamination)
            .finish_non_exhaustive()
    }
}

/// What a window showed.
#[derive(Default)]
struct Seen {
    alleles: Vec<Allele>,
    tally: Tally,
    active: u64,
    /// By the number of the place.
    depths: Vec<(usize, Depth)>,
}

/// What all windows share.
struct Search<'a> {
    task: Task<'a>,
    power: &'a Power,
    contamination: Option<f64>,
    /// In the order of the reference.
    places: &'a [Place],
}

/// Calls the small variants of a tumour sample. The caller chooses the threads by the rayon pool it runs this in.
pub fn call(options: &SomaticOptions<'_>, progress: &dyn Progress) -> Result<SomaticSummary> {
    progress.check()?;
    if let Some(share) = options.contamination
        && !(share > 0.0 && share < 0.5)
    {
        return Err(Fault::usage(format!("a contamination of {share} is not possible"))
            .hint("give the other person's share of the DNA, above 0 and below 0.5"));
    }
    let contigs: Vec<Contig> = options.reference.contigs().iter().cloned().collect();
    let alignments = Alignments::open(options.bam, options.reference.contigs())?.with_limits(LIMITS);
    let at_once = at_once(options.memory)?;
    let spans = plan::spans(&contigs, options.targets, options.padding)?;
    let shards = plan::shards(&contigs, &spans, &alignments)?;
    let places = depth::places(&contigs, options.targets);
    let prior = Slippage::default();
    let mut task = Task {
        alignments: &alignments,
        reference: options.reference,
        contigs: &contigs,
        sex: Sex::Unknown,
        build: options.build,
        slippage: &prior,
        gvcf: false,
        progress,
    };
    let slippage = learn(&task, &shards, at_once)?;
    task.slippage = &slippage;
    let told = told_by_bases(&task, &shards, at_once)?;
    let power = Power::new(told, filter::LEAST_SNV, LIMITS.depth as u32);
    let head = header::text(options, &power)?;
    let search = Search {
        task,
        power: &power,
        contamination: options.contamination,
        places: &places,
    };
    let mut found: Vec<(usize, Vec<Allele>)> = Vec::new();
    let mut depths = vec![Depth::default(); places.len()];
    let (mut tally, mut active) = (Tally::default(), 0);
    let (total, batch) = (shards.len() as u64, batch(at_once));
    for (number, batch_of) in shards.chunks(batch).enumerate() {
        progress.check()?;
        let seen: Vec<Result<Seen>> = batch_of.par_iter().map(|shard| search.look(shard)).collect();
        for (shard, seen) in batch_of.iter().zip(seen) {
            let seen = seen?;
            tally.add(&seen.tally);
            active += seen.active;
            for (place, depth) in seen.depths {
                depths[place].add(&depth);
            }
            match found.last_mut() {
                Some((contig, alleles)) if *contig == shard.contig => alleles.extend(seen.alleles),
                _ => found.push((shard.contig, seen.alleles)),
            }
        }
        progress.advance((((number + 1) * batch) as u64).min(total), total);
    }
    let mut summary = write(options, &head, &contigs, found, &power, progress)?;
    summary.active_regions = active;
    summary.sensitivity = depth::sensitivity(&contigs, &places, &depths, &power);
    summary.parameters = parameters(&slippage, &tally, told);
    Ok(summary)
}

/// What a base of this sample tells on average (log10).
fn told_by_bases(task: &Task<'_>, shards: &[Shard], at_once: usize) -> Result<f64> {
    let mut counts = [0u64; 256];
    for some in sampled(shards).chunks(at_once) {
        let seen: Vec<Result<[u64; 256]>> = some
            .par_iter()
            .map(|shard| {
                task.progress.check()?;
                let mut counts = [0u64; 256];
                if let (Some(first), Some(last)) = (shard.spans.first(), shard.spans.last()) {
                    let name = &task.contigs[shard.contig].name;
                    let (reads, _) = task.alignments.read(shard.contig, name, first.0, last.1)?;
                    for &quality in &reads.once {
                        counts[usize::from(quality)] += 1;
                    }
                }
                Ok(counts)
            })
            .collect();
        for part in seen {
            for (count, more) in counts.iter_mut().zip(part?) {
                *count += more;
            }
        }
    }
    let usable = || counts.iter().enumerate().skip(usize::from(MIN_BASE_QUALITY));
    let bases: u64 = usable().map(|(_, n)| *n).sum();
    let sum: f64 = usable()
        .map(|(quality, n)| fraction::told(phred::error(quality as u8)) * *n as f64)
        .sum();
    Ok(if bases == 0 { 0.0 } else { sum / bases as f64 })
}

impl Search<'_> {
    fn look(&self, shard: &Shard) -> Result<Seen> {
        let task = &self.task;
        task.progress.check()?;
        let contig = &task.contigs[shard.contig];
        let mut seen = Seen::default();
        let (Some(first), Some(last)) = (shard.spans.first(), shard.spans.last()) else {
            return Ok(seen);
        };
        let (start, end) = (
            first.0.saturating_sub(REACH),
            last.1.saturating_add(REACH).min(contig.length),
        );
        if !shard.has_reads {
            seen.depths = depth::of_window(self.places, shard, None, self.power.sufficient);
            return Ok(seen);
        }
        let (reads, tally) = task.alignments.read(shard.contig, &contig.name, start, end)?;
        seen.tally = tally;
        let reference = task.reference.fetch(&contig.name, start, end)?;
        let pileup = Pileup::of(&reads, start, &reference);
        seen.depths = depth::of_window(self.places, shard, Some(&pileup), self.power.sufficient);
        let tracts = repeats::tracts(&reference);
        let mut hmm = PairHmm::default();
        let around = Surroundings {
            reads: &reads,
            start,
            tracts: &tracts,
            slippage: task.slippage,
            contamination: self.contamination,
        };
        for region in region::active(&pileup, &reference, &tracts, Aim::Fractions) {
            if !shard.spans.iter().any(|s| region.start < s.1 && s.0 < region.end) {
                continue;
            }
            task.progress.check()?;
            seen.active += 1;
            for site in task.sites(&region, &pileup, &reference, &reads, &mut hmm, Aim::Fractions) {
                // Another window owns what begins outside.
                if shard.spans.iter().any(|s| (s.0..s.1).contains(&site.position)) {
                    seen.alleles.extend(evidence::of_site(&site, &around));
                }
            }
        }
        seen.alleles
            .sort_by(|a, b| (a.position, &a.reference, &a.alternate).cmp(&(b.position, &b.reference, &b.alternate)));
        Ok(seen)
    }
}

/// Asks the population, filters and writes.
fn write(
    options: &SomaticOptions<'_>,
    head: &str,
    contigs: &[Contig],
    found: Vec<(usize, Vec<Allele>)>,
    power: &Power,
    progress: &dyn Progress,
) -> Result<SomaticSummary> {
    let mut frequencies = match options.frequencies {
        None => Vec::new(),
        Some(population) => {
            let keys: Vec<VariantKey> = found
                .iter()
                .flat_map(|(contig, alleles)| alleles.iter().map(|a| key(&contigs[*contig].name, a)))
                .collect::<Result<_>>()?;
            population.frequencies(&keys, progress)?
        }
    }
    .into_iter();
    let mut summary = empty(options);
    let mut writer = VcfWriter::create(options.vcf)?;
    writer.header(head)?;
    for (contig, alleles) in found {
        progress.check()?;
        let name = &contigs[contig].name;
        // Nothing of the nuclear germline's frequencies holds for the many copies of the mitochondrial genome.
        let mitochondrial = ContigKey::of(name).is_some_and(|k| k.as_str() == "MT");
        let told: Vec<(Frequency, Option<super::origin::Origin>)> = alleles
            .iter()
            .map(|allele| {
                let frequency = frequencies.next().unwrap_or(Frequency::NotEvaluated);
                let origin = allele.origins.weigh(frequency, allele.is_snv());
                (frequency, origin.filter(|_| !mitochondrial))
            })
            .collect();
        let mut marked: Vec<(Allele, Vec<&'static str>)> = alleles
            .into_iter()
            .zip(&told)
            .map(|(allele, (_, origin))| {
                let filters = filter::failed(&allele, *origin);
                (allele, filters)
            })
            .collect();
        filter::mark_clusters(&mut marked);
        for ((allele, filters), (frequency, origin)) in marked.iter().zip(told) {
            let told = Told {
                allele,
                filters,
                frequency,
                origin,
                least_fraction: power.least_fraction(allele.depth),
            };
            writer.record(&told.line(name), name, allele.position + 1, allele.end())?;
            summary.records += 1;
            *if allele.is_snv() {
                &mut summary.snvs
            } else {
                &mut summary.indels
            } += 1;
            summary.passed += u64::from(filters.is_empty());
            for filter in filters {
                *summary.filtered.entry((*filter).to_owned()).or_default() += 1;
            }
            *summary.germline.entry(told.germline().to_owned()).or_default() += 1;
        }
    }
    writer.commit()?;
    Ok(summary)
}

fn key(contig: &str, allele: &Allele) -> Result<VariantKey> {
    let position =
        Pos::new(allele.position + 1).ok_or_else(|| Fault::internal("an allele begins before its contig"))?;
    Ok(VariantKey::new(
        contig,
        position,
        &String::from_utf8_lossy(&allele.reference),
        &String::from_utf8_lossy(&allele.alternate),
    ))
}

fn empty(options: &SomaticOptions<'_>) -> SomaticSummary {
    SomaticSummary {
        schema: "clinotype-tumor-only/1".to_owned(),
        statement: header::STATEMENT.to_owned(),
        records: 0,
        snvs: 0,
        indels: 0,
        passed: 0,
        filtered: BTreeMap::new(),
        germline: BTreeMap::new(),
        contamination: match (options.contamination, options.frequencies) {
            (Some(share), Some(_)) => share.to_string(),
            (Some(_), None) => "not_evaluated: no population frequencies were given".to_owned(),
            (None, _) => "not_evaluated".to_owned(),
        },
        sensitivity: Sensitivity {
            statement: String::new(),
            fraction: power::ASKED,
            power: power::ENOUGH,
            sufficient_depth: None,
            bases: 0,
            bases_sufficient: 0,
            by_depth: Vec::new(),
            targets: Vec::new(),
        },
        active_regions: 0,
        parameters: BTreeMap::new(),
    }
}

fn parameters(slippage: &Slippage, tally: &Tally, told: f64) -> BTreeMap<String, String> {
    [
        ("min_mapping_quality", options::MIN_MAPQ.to_string()),
        ("min_base_quality", MIN_BASE_QUALITY.to_string()),
        ("max_depth", LIMITS.depth.to_string()),
        ("min_tlod_written", evidence::LEAST_TOLD.to_string()),
        ("min_tlod_snv", filter::LEAST_SNV.to_string()),
        ("min_tlod_indel", filter::LEAST_INDEL.to_string()),
        ("mismapping_cap_phred", options::MISMAPPING_PHRED.to_string()),
        ("mean_log10_told_by_a_base", format!("{told:.3}")),
        ("homopolymer_errors_1_to_20", slippage.describe()),
        ("reads_used", tally.used.to_string()),
        ("reads_flagged", tally.flagged.to_string()),
        ("reads_low_mapping_quality", tally.low_mapq.to_string()),
        ("reads_without_alignment", tally.empty.to_string()),
        ("reads_beyond_depth", tally.too_deep.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
