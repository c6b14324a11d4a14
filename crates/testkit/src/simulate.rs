//! A seeded simulator of Illumina-like paired-end reads.
//!
//! Fragments are drawn evenly from a donor's two haplotypes, with normal lengths; some are sequenced twice, as PCR
//! duplicates are; each mate reads inwards from one end of its fragment. Base qualities fall along the read and are
//! binned as current instruments bin them; a base is wrong as often as its quality says. The same inputs give the same
//! bytes on every machine. Read names hold no truth.

mod donor;
mod draw;
mod mate;
mod slip;
mod vcf;

use std::{borrow::Cow, io::Write, path::Path};

use clinotype_genome::{Fault, Interval, Result, fs, sequence};
use flate2::{Compression, GzBuilder, write::GzEncoder};

use crate::dice::Dice;
pub use donor::{Donor, PhasedAllele};
pub use draw::draw_alleles;
pub use vcf::{read_alleles, write_alleles};

/// What is simulated. Every fraction is of 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Seed of the random stream.
    pub seed: u64,
    /// Mean depth of distinct fragments' reads away from the ends of an interval, both haplotypes together, before
    /// duplicates are added.
    pub depth: f64,
    /// Bases of each mate.
    pub read_length: u32,
    /// Mean of the fragment's length, in bases.
    pub fragment_mean: f64,
    /// Standard deviation of the fragment's length, in bases. No fragment is shorter than a read.
    pub fragment_sd: f64,
    /// Fraction of the pairs that are PCR duplicates of another.
    pub duplicate_fraction: f64,
    /// Probability, at each base, that the read gains or loses a base there (half each); it grows with the length of a
    /// homopolymer above three, as sequencing errors do.
    pub indel_error: f64,
    /// Probability that a base is not called (`N`, quality 2).
    pub no_call: f64,
    /// How much of the depth is lost in fragments of 80 % G and C or more; the loss begins at 60 %. Zero is none.
    pub gc_dropout: f64,
    /// How often, on average, a polymerase copied the line of molecules that ends in a fragment: each time, repeats slip
    /// (see `slip`, after Shinde 2003). A PCR of n cycles copies n / 2 times; a library without PCR never.
    pub copies: f64,
}

impl Default for Simulation {
    /// 2 x 150 bases at depth 40, fragments of 400 +- 80, 4 % duplicates, 0.01 % indel errors, no loss by GC, no slippage.
    fn default() -> Self {
        Self {
            seed: 1,
            depth: 40.0,
            read_length: 150,
            fragment_mean: 400.0,
            fragment_sd: 80.0,
            duplicate_fraction: 0.04,
            indel_error: 1e-4,
            no_call: 1e-4,
            gc_dropout: 0.0,
            copies: 0.0,
        }
    }
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Pairs, duplicates among them.
    pub pairs: u64,
    /// Pairs that repeat the fragment of another.
    pub duplicates: u64,
}

/// One fragment to sequence: where on which haplotype, and which end the first mate reads.
#[derive(Clone, Copy)]
struct Fragment {
    stretch: u32,
    haplotype: u8,
    start: u32,
    length: u32,
    reverse: bool,
}

impl Simulation {
    fn check(&self) -> Result<()> {
        let fraction = |x: f64| (0.0..1.0).contains(&x);
        let wrong = |what| Err(Fault::usage(format!("simulation: {what}")));
        if !(self.depth > 0.0 && self.depth.is_finite()) {
            return wrong("the depth must be above zero");
        }
        if !(1..=10_000).contains(&self.read_length) {
            return wrong("the read length must be from 1 to 10,000");
        }
        if !(self.fragment_mean >= f64::from(self.read_length) && self.fragment_sd >= 0.0)
            || self.fragment_mean + 6.0 * self.fragment_sd > 1e6
        {
            return wrong("the fragment must be as long as a read or longer, and below a million bases");
        }
        if !(0.0..=30.0).contains(&self.copies) {
            return wrong("the copies must be from 0 to 30");
        }
        if ![self.duplicate_fraction, self.indel_error, self.no_call]
            .into_iter()
            .all(fraction)
            || !(0.0..=1.0).contains(&self.gc_dropout)
        {
            return wrong("a fraction lies outside 0 to 1");
        }
        Ok(())
    }

    /// The fragments of one stretch, in the order they are drawn.
    fn fragments(&self, dice: &mut Dice, stretch: u32, haplotypes: &[Vec<u8>; 2], to: &mut Vec<Fragment>) -> u64 {
        let mean_length = (haplotypes[0].len() + haplotypes[1].len()) as f64 / 2.0;
        // Starts per base that give the depth in the middle, times the bases that can hold a start.
        let room = (mean_length - self.fragment_mean + 1.0).max(mean_length * 0.25);
        let expected = self.depth * room / (2.0 * f64::from(self.read_length));
        let count = expected as u32 + u32::from(dice.chance(expected.fract()));
        let again = self.duplicate_fraction / (1.0 - self.duplicate_fraction);
        let mut duplicates = 0;
        for _ in 0..count {
            let haplotype = dice.below(2) as u8;
            let bases = &haplotypes[usize::from(haplotype)];
            let held = bases.len() as u32;
            if held < self.read_length {
                continue;
            }
            let drawn = dice.normal(self.fragment_mean, self.fragment_sd).max(0.0) as u32;
            let length = drawn.clamp(self.read_length, held);
            let start = dice.below(held - length + 1);
            let fragment = Fragment {
                stretch,
                haplotype,
                start,
                length,
                reverse: dice.below(2) == 1,
            };
            if self.is_lost(dice, &bases[start as usize..(start + length) as usize]) {
                continue;
            }
            to.push(fragment);
            if dice.chance(again) {
                to.push(fragment);
                duplicates += 1;
            }
        }
        duplicates
    }

    /// Whether the polymerase loses this fragment for its G and C.
    fn is_lost(&self, dice: &mut Dice, bases: &[u8]) -> bool {
        if self.gc_dropout <= 0.0 {
            return false;
        }
        let gc = bases.iter().filter(|b| matches!(b, b'G' | b'C')).count() as f64 / bases.len() as f64;
        dice.chance(self.gc_dropout * ((gc - 0.60) / 0.20).clamp(0.0, 1.0))
    }
}

/// Writes the pairs as two gzip FASTQ files, which appear together under their names once both are whole.
///
/// `intervals` must be intervals of the donor. Pairs come in random order. Names are those of an instrument:
/// `SIM:1:FC:1:tile:x:y`, with ` 1:N:0:1` and ` 2:N:0:1` as comments.
pub fn write_fastq(
    simulation: &Simulation,
    donor: &Donor,
    intervals: &[Interval],
    r1: &Path,
    r2: &Path,
) -> Result<Written> {
    simulation.check()?;
    if r1 == r2 {
        return Err(Fault::usage("the two mates need two files").at(r1));
    }
    let mut dice = Dice::new(simulation.seed);
    let mut fragments = Vec::new();
    let mut written = Written::default();
    for interval in intervals {
        let Some((stretch, haplotypes)) = donor.find(interval) else {
            return Err(Fault::usage(format!("the donor has no interval {interval}")));
        };
        written.duplicates += simulation.fragments(&mut dice, stretch, haplotypes, &mut fragments);
    }
    dice.shuffle(&mut fragments);
    written.pairs = fragments.len() as u64;
    let mut files = [Fastq::create(r1)?, Fastq::create(r2)?];
    for (number, fragment) in fragments.iter().enumerate() {
        let bases = &donor.haplotypes(fragment.stretch)[usize::from(fragment.haplotype)];
        let whole = &bases[fragment.start as usize..(fragment.start + fragment.length) as usize];
        let forward = if simulation.copies > 0.0 {
            Cow::Owned(slip::copied(whole, simulation.copies, &mut dice))
        } else {
            Cow::Borrowed(whole)
        };
        let backward = sequence::reverse_complement(&forward);
        let (first, second) = if fragment.reverse {
            (&backward[..], &forward[..])
        } else {
            (&forward[..], &backward[..])
        };
        let name = name(&mut dice, number as u32);
        for (file, (template, end)) in files.iter_mut().zip([(first, 1), (second, 2)]) {
            file.write(&name, end, &mate::read(simulation, &mut dice, template, end == 2))?;
        }
    }
    let [first, second] = files;
    let (first, second) = (first.finish()?, second.finish()?);
    first.commit()?;
    second.commit()?;
    Ok(written)
}

/// A name on the flow cell. The row is the pair's number, so that no two share a name; the column is noise.
fn name(dice: &mut Dice, number: u32) -> String {
    const ROWS: u32 = 20_000;
    let tile = 1101 + number / ROWS;
    format!(
        "SIM:1:FC:1:{tile}:{}:{}",
        1000 + dice.below(30_000),
        1000 + number % ROWS
    )
}

/// A gzip FASTQ file on its way.
struct Fastq {
    gzip: GzEncoder<fs::AtomicFile>,
    path: std::path::PathBuf,
}

impl Fastq {
    fn create(path: &Path) -> Result<Self> {
        // No time and no name in the header: the bytes depend on the content only.
        let gzip = GzBuilder::new().write(fs::AtomicFile::create(path)?, Compression::new(4));
        Ok(Self {
            gzip,
            path: path.to_owned(),
        })
    }

    fn write(&mut self, name: &str, end: u8, read: &mate::Mate) -> Result<()> {
        let mut record = format!("@{name} {end}:N:0:1\n").into_bytes();
        record.extend(&read.bases);
        record.extend(b"\n+\n");
        record.extend(read.qualities.iter().map(|q| q + 33));
        record.push(b'\n');
        self.gzip
            .write_all(&record)
            .map_err(|e| Fault::io("write", &self.path, e))
    }

    fn finish(self) -> Result<fs::AtomicFile> {
        let Self { gzip, path } = self;
        gzip.finish().map_err(|e| Fault::io("write", &path, e))
    }
}

#[cfg(test)]
mod tests;
