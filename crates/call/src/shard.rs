//! One window: reads in, records and reference blocks out.

use clinotype_genome::{Build, Contig, ContigKey, Progress, Reference, Result};

use crate::{
    Sex,
    aim::Aim,
    alignments::{Alignments, Tally},
    allele::{self, SPANNING, Site},
    assembly::{self, Window},
    genotype::{self, Genotype},
    gvcf::{self, Block},
    options::{INDEL_PRIOR, MIN_QUAL, REGION_PADDING},
    pairhmm::PairHmm,
    phase,
    pileup::Pileup,
    plan::Shard,
    reads::{Op, Reads},
    record::Record,
    region::{self, Region},
    repeats::{self, Tract},
    slippage::{self, Observed, Slippage},
    weigh,
};

/// Bases read on both sides of a window, so that regions at its edges see what their neighbours see.
pub(crate) const REACH: u32 = 600;

/// What a window needs to know of the run.
pub(crate) struct Task<'a> {
    /// The reads.
    pub(crate) alignments: &'a Alignments,
    /// The genome.
    pub(crate) reference: &'a Reference,
    /// Its contigs.
    pub(crate) contigs: &'a [Contig],
    /// Sex of the sample.
    pub(crate) sex: Sex,
    /// Build, if proven.
    pub(crate) build: Option<Build>,
    /// The sample's slippage.
    pub(crate) slippage: &'a Slippage,
    /// Whether a gVCF is written.
    pub(crate) gvcf: bool,
    /// Asked for cancellation.
    pub(crate) progress: &'a dyn Progress,
}

/// What a window gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Called {
    /// Sorted by position.
    pub(crate) records: Vec<Record>,
    /// Sorted; empty where no gVCF is written.
    pub(crate) blocks: Vec<Block>,
    /// Reads used and not used.
    pub(crate) tally: Tally,
    /// Regions looked at.
    pub(crate) active: u64,
}

impl Task<'_> {
    /// Number of chromosomes at a 0-based position.
    fn ploidy(&self, key: Option<&ContigKey>, position: u32) -> usize {
        let (Some(key), Some(build)) = (key, self.build) else {
            return 2;
        };
        let sexual = key.as_str() == "X" || key.as_str() == "Y";
        let shared = build
            .pseudoautosomal(key)
            .iter()
            .any(|(start, end)| (*start..*end).contains(&position));
        if self.sex == Sex::Male && sexual && !shared {
            1
        } else {
            2
        }
    }

    /// Calls a window.
    pub(crate) fn call(&self, shard: &Shard) -> Result<Called> {
        self.progress.check()?;
        let contig = &self.contigs[shard.contig];
        let key = ContigKey::of(&contig.name);
        let mitochondrial = key.as_ref().is_some_and(|k| k.as_str() == "MT");
        let ploidy = |position: u32| {
            if mitochondrial {
                1
            } else {
                self.ploidy(key.as_ref(), position)
            }
        };
        let mut called = Called::default();
        let nothing = |called: &mut Called| {
            if self.gvcf {
                called.blocks = shard
                    .spans
                    .iter()
                    .flat_map(|s| unread(*s, key.as_ref(), self.build, ploidy))
                    .collect();
            }
        };
        let (Some(first), Some(last)) = (shard.spans.first(), shard.spans.last()) else {
            return Ok(called);
        };
        if !shard.has_reads {
            nothing(&mut called);
            return Ok(called);
        }
        let (start, end) = (
            first.0.saturating_sub(REACH),
            last.1.saturating_add(REACH).min(contig.length),
        );
        let (reads, tally) = self.alignments.read(shard.contig, &contig.name, start, end)?;
        called.tally = tally;
        if reads.items.is_empty() {
            nothing(&mut called);
            return Ok(called);
        }
        let reference = self.reference.fetch(&contig.name, start, end)?;
        let pileup = Pileup::of(&reads, start, &reference);
        let tracts = repeats::tracts(&reference);
        let mut hmm = PairHmm::default();
        let aim = if mitochondrial { Aim::Fractions } else { Aim::Genotypes };
        let mut records: Vec<Record> = Vec::new();
        let mut sites: Vec<(Site, Genotype)> = Vec::new();
        for region in region::active(&pileup, &reference, &tracts, aim) {
            if !shard.spans.iter().any(|s| region.start < s.1 && s.0 < region.end) {
                continue;
            }
            self.progress.check()?;
            called.active += 1;
            for site in self.sites(&region, &pileup, &reference, &reads, &mut hmm, aim) {
                if mitochondrial {
                    records.extend(crate::mitochondria::call(&site).filter(|r| r.qual >= MIN_QUAL));
                } else {
                    sites.extend(nuclear(&site, ploidy(site.position), indel_rate(&site, start, &tracts)));
                }
            }
        }
        sites.sort_by(|a, b| (a.0.position, &a.0.alleles).cmp(&(b.0.position, &b.0.alleles)));
        // Another window owns what begins outside.
        let mine = |position: u32| shard.spans.iter().any(|s| (s.0..s.1).contains(&position));
        let mut sites = merge_spanned(sites);
        sites.retain(|(site, _)| mine(site.position));
        records.retain(|r| mine(r.position));
        let phases = phase::phase(&sites);
        records.extend(sites.into_iter().zip(phases).map(|((site, genotype), phase)| {
            Record::nuclear(&site, genotype, phase, ploidy(site.position), self.gvcf)
        }));
        records.sort_by(|a, b| (a.position, &a.alleles).cmp(&(b.position, &b.alleles)));
        if self.gvcf {
            called.blocks = shard
                .spans
                .iter()
                .flat_map(|span| gvcf::blocks(&pileup, &reference, *span, &records, ploidy))
                .collect();
        }
        called.records = records;
        Ok(called)
    }

    /// The sites of a region: from the pileup where it is clean, else from assembled haplotypes.
    pub(crate) fn sites(
        &self,
        region: &Region,
        pileup: &Pileup,
        reference: &[u8],
        reads: &Reads,
        hmm: &mut PairHmm,
        aim: Aim,
    ) -> Vec<Site> {
        if let Some(clean) = &region.clean {
            return clean
                .iter()
                .filter_map(|&position| {
                    let column = pileup.at(position)?;
                    allele::of_column(
                        reads,
                        position,
                        reference[(position - pileup.start) as usize],
                        column,
                        aim,
                    )
                })
                .collect();
        }
        let window_end = pileup.start + reference.len() as u32;
        let from = region.start.saturating_sub(REGION_PADDING).max(pileup.start);
        let to = (region.end + REGION_PADDING).min(window_end);
        let bases = &reference[(from - pileup.start) as usize..(to - pileup.start) as usize];
        // The graph and the model know no other letter; what lies beyond an N is another region's.
        let (from, bases) = without_unknown(from, bases, region);
        if bases.is_empty() {
            return Vec::new();
        }
        let over: Vec<usize> = reads.overlapping(from, from + bases.len() as u32).collect();
        let window = Window {
            start: from,
            reference: bases,
            reads,
            over: &over,
        };
        let depth = (region.start..region.end)
            .filter_map(|p| pileup.at(p))
            .map(|c| u32::from(c.depth))
            .max()
            .unwrap_or(0);
        let haplotypes = assembly::haplotypes(&window, region, depth, aim);
        if haplotypes.iter().all(|h| h.events.is_empty()) {
            return Vec::new();
        }
        let weights = weigh::weigh(&window, region, &haplotypes, self.slippage, hmm);
        allele::of_haplotypes(&window, region, &haplotypes, &weights)
    }

    /// What the repeats of a window show, for [`Slippage::learn`].
    pub(crate) fn observe(&self, shard: &Shard) -> Result<Vec<Observed>> {
        self.progress.check()?;
        let contig = &self.contigs[shard.contig];
        let (Some(first), Some(last)) = (shard.spans.first(), shard.spans.last()) else {
            return Ok(Vec::new());
        };
        let (start, end) = (first.0, last.1);
        let (reads, _) = self.alignments.read(shard.contig, &contig.name, start, end)?;
        if reads.items.is_empty() {
            return Ok(Vec::new());
        }
        let reference = self.reference.fetch(&contig.name, start, end)?;
        Ok(observe(&reads, start, &repeats::tracts(&reference)))
    }
}

/// Bases that a read must show on both sides of a repeat to count as spanning it: with fewer, an aligner clips the read
/// rather than open a gap.
const ANCHOR: u32 = 8;

fn observe(reads: &Reads, start: u32, tracts: &[Tract]) -> Vec<Observed> {
    // Shorter ones are as good as no repeat, and there are too many of them.
    let tracts: Vec<&Tract> = tracts.iter().filter(|t| t.len() >= 4).collect();
    let mut counts = vec![(0u32, 0u32, 0u32); tracts.len()];
    for read in &reads.items {
        let first = tracts.partition_point(|t| start + t.start < read.start + ANCHOR);
        for (tract, count) in tracts[first..].iter().zip(&mut counts[first..]) {
            let (from, to) = (start + tract.start, start + tract.end);
            if from >= read.end {
                break;
            }
            if to + ANCHOR > read.end {
                continue;
            }
            count.0 += 1;
            let net: i64 = reads
                .steps(read)
                .filter(|s| s.length % tract.unit == 0 && s.position >= from && s.position <= to)
                .map(|s| match s.op {
                    Op::Insert => i64::from(s.length),
                    Op::Delete => -i64::from(s.length),
                    _ => 0,
                })
                .sum();
            count.1 += u32::from(net < 0);
            count.2 += u32::from(net > 0);
        }
    }
    tracts
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| count.0 > 0)
        .map(|(tract, (spanning, shorter, longer))| Observed::new(tract, spanning, shorter, longer))
        .collect()
}

/// Blocks without reads, cut where the ploidy changes.
fn unread(
    (start, end): (u32, u32),
    key: Option<&ContigKey>,
    build: Option<Build>,
    ploidy: impl Fn(u32) -> usize,
) -> Vec<Block> {
    let mut cuts = vec![start, end];
    if let (Some(key), Some(build)) = (key, build) {
        cuts.extend(build.pseudoautosomal(key).iter().flat_map(|(a, b)| [*a, *b]));
    }
    cuts.retain(|c| (start..=end).contains(c));
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|w| Block::empty(w[0], w[1], ploidy(w[0])))
        .collect()
}

/// The stretch of known bases around a region.
fn without_unknown<'a>(from: u32, bases: &'a [u8], region: &Region) -> (u32, &'a [u8]) {
    let inside = ((region.start.max(from) - from) as usize).min(bases.len());
    let until = ((region.end.max(from) - from) as usize).min(bases.len());
    let first = bases[..inside].iter().rposition(|b| *b == b'N').map_or(0, |i| i + 1);
    let last = bases[until..]
        .iter()
        .position(|b| *b == b'N')
        .map_or(bases.len(), |i| until + i);
    (from + first as u32, &bases[first..last])
}

/// Rate of heterozygous indels at a site: that of the repeat it stands in.
fn indel_rate(site: &Site, start: u32, tracts: &[Tract]) -> f64 {
    let from = site.position - start;
    let to = from + site.alleles[0].len() as u32 + 1;
    tracts
        .iter()
        .filter(|t| t.start < to && from < t.end)
        .map(|t| slippage::indel_prior(t.len(), t.unit))
        .fold(INDEL_PRIOR, f64::max)
}

/// A nuclear site with its genotype, holding only the alleles that are called. `None` without a variant.
fn nuclear(site: &Site, ploidy: usize, indel: f64) -> Option<(Site, Genotype)> {
    let called = genotype::call(site, ploidy, indel);
    let real = |a: &usize| *a > 0 && site.alleles[*a] != SPANNING;
    if called.qual < MIN_QUAL || !called.alleles.iter().any(real) {
        return None;
    }
    let mut kept: Vec<usize> = called.alleles.clone();
    kept.push(0);
    kept.sort_unstable();
    kept.dedup();
    let small = site.subset(&kept);
    let mut again = genotype::call(&small, ploidy, indel);
    // QUAL and GQ weigh all the alleles that were seen, not only those that are told.
    again.qual = called.qual;
    again.gq = called.gq;
    again.alleles = called
        .alleles
        .iter()
        .filter_map(|a| kept.iter().position(|k| k == a))
        .collect();
    Some((small, again))
}

/// Puts called sites with `*` into the deletion that spans them, where one chromosome has it and the other has the
/// site's alternate. Sorted by position before and after.
fn merge_spanned(sites: Vec<(Site, Genotype)>) -> Vec<(Site, Genotype)> {
    let mut merged: Vec<(Site, Genotype)> = Vec::with_capacity(sites.len());
    for (site, genotype) in sites {
        let spanned = site.alleles.iter().any(|a| a == SPANNING) && genotype.alleles == [1, 2];
        let host = merged.iter().rposition(|(before, called)| {
            spanned
                && called.alleles == [0, 1]
                && before.alleles.len() == 2
                && before.alleles[1].len() < before.alleles[0].len()
                && before.position < site.position
                && before.position + before.alleles[0].len() as u32 > site.position
        });
        let whole = host.and_then(|at| Some((at, allele::merge(&merged[at].0, &site)?)));
        let Some((at, whole)) = whole else {
            merged.push((site, genotype));
            continue;
        };
        let mut called = genotype::call(&whole, 2, INDEL_PRIOR);
        called.alleles = vec![1, 2];
        called.qual = merged[at].1.qual.max(genotype.qual);
        called.gq = merged[at].1.gq.min(genotype.gq);
        merged[at] = (whole, called);
    }
    merged
}
