//! A made-up genome of human shape, and read pairs from it: contigs of human lengths, about half of it repeats.
//!
//! Random sequence alone would flatter an aligner: nothing in it occurs twice. So a share is copied: short and long
//! interspersed repeats from families of a common ancestor, in the proportions of the human genome (Lander 2001,
//! Nature 409:860, table 11: SINE 13 %, LINE 20 %), and segmental duplications, 5 % (Bailey 2002, Science 297:1003),
//! each copy with differences of its own. Runs of N stand for telomeres and centromeres.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Result;

/// Contigs of GRCh38, 1 to 22, X and Y, in bases.
const LENGTHS: [usize; 24] = [
    248_956_422,
    242_193_529,
    198_295_559,
    190_214_555,
    181_538_259,
    170_805_979,
    159_345_973,
    145_138_636,
    138_394_717,
    133_797_422,
    135_086_622,
    133_275_309,
    114_364_328,
    107_043_718,
    101_991_189,
    90_338_345,
    83_257_441,
    80_373_285,
    58_617_616,
    64_444_167,
    46_709_983,
    50_818_468,
    156_040_895,
    57_227_415,
];
const LINE: usize = 60;
/// Bases of a mate, and of the fragment: mean and spread.
const READ: usize = 150;
const FRAGMENT: (f64, f64) = (420.0, 80.0);
/// Share of bases that the sequencer reads wrongly.
const ERRORS: f64 = 0.003;

/// SplitMix64 (Steele 2014, OOPSLA): fast enough for billions of bases.
struct Mix(u64);

impl Mix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The sum of twelve shares: near enough to a normal distribution for lengths of fragments.
    fn normal(&mut self, (mean, spread): (f64, f64)) -> f64 {
        mean + spread * ((0..12).map(|_| self.share()).sum::<f64>() - 6.0)
    }

    fn random(&mut self, n: usize, out: &mut Vec<u8>) {
        let end = out.len() + n;
        while out.len() < end {
            let mut bits = self.next();
            for _ in 0..32.min(end - out.len()) {
                out.push(b"ACGT"[(bits & 3) as usize]);
                bits >>= 2;
            }
        }
    }

    /// Appends a copy in which this share of bases differs.
    fn copy(&mut self, from: &[u8], differing: f64, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(from);
        let mut at = self.gap(differing);
        while at < from.len() {
            out[start + at] = b"ACGT"[(self.next() & 3) as usize];
            at += 1 + self.gap(differing);
        }
    }

    /// Bases up to the next difference.
    fn gap(&mut self, share: f64) -> usize {
        ((1.0 - self.share()).ln() / (1.0 - share).ln()) as usize
    }
}

/// Writes `genome.fa`, `R1.fastq` and `R2.fastq` with `pairs` pairs in all; `scale` 1 gives human lengths.
pub(super) fn write(folder: &Path, pairs: u64, scale: f64) -> Result<u64> {
    let mut mix = Mix(2026);
    let families = |mix: &mut Mix, count: usize, length: usize| -> Vec<Vec<u8>> {
        let mut ancestor = Vec::new();
        mix.random(length, &mut ancestor);
        (0..count)
            .map(|_| {
                let mut family = Vec::new();
                mix.copy(&ancestor, 0.08, &mut family);
                family
            })
            .collect()
    };
    let (short, long) = (families(&mut mix, 30, 300), families(&mut mix, 60, 6_000));
    let file = |name: &str| -> Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?))
    };
    let (mut fasta, mut r1, mut r2) = (file("genome.fa")?, file("R1.fastq")?, file("R2.fastq")?);
    let lengths = LENGTHS.map(|n| (n as f64 * scale) as usize);
    let total: usize = lengths.iter().sum();
    let (mut before, mut written) = (0_usize, 0_u64);
    for (number, length) in lengths.into_iter().enumerate() {
        let name = match number {
            22 => "chrX".to_owned(),
            23 => "chrY".to_owned(),
            n => format!("chr{}", n + 1),
        };
        let bases = contig(&mut mix, length, &short, &long);
        writeln!(fasta, ">{name}")?;
        for line in bases.chunks(LINE) {
            fasta.write_all(line)?;
            fasta.write_all(b"\n")?;
        }
        before += length;
        let until = (u128::from(pairs) * before as u128 / total as u128) as u64;
        while written < until {
            let fragment = (mix.normal(FRAGMENT) as usize).clamp(READ, bases.len());
            let start = mix.below(bases.len() - fragment + 1);
            let template = &bases[start..start + fragment];
            if template.contains(&b'N') {
                continue;
            }
            let mates = [&template[..READ], &template[fragment - READ..]];
            let mut reads = mates.map(|mate| {
                let mut read = Vec::with_capacity(READ);
                mix.copy(mate, ERRORS, &mut read);
                read
            });
            reads[1].reverse();
            for base in &mut reads[1] {
                *base = match *base {
                    b'A' => b'T',
                    b'C' => b'G',
                    b'G' => b'C',
                    _ => b'A',
                };
            }
            let turned = mix.next() & 1 == 1;
            for (out, mate) in [(&mut r1, usize::from(turned)), (&mut r2, usize::from(!turned))] {
                writeln!(out, "@M:1:FLOW:1:{}:{written}:0", number + 1)?;
                out.write_all(&reads[mate])?;
                out.write_all(b"\n+\n")?;
                // Good at the start, worse towards the end.
                let qualities: Vec<u8> = (0..READ).map(|i| b'F' - (i / 25) as u8 - mix.below(3) as u8).collect();
                out.write_all(&qualities)?;
                out.write_all(b"\n")?;
            }
            written += 1;
        }
    }
    for mut out in [fasta, r1, r2] {
        out.flush()?;
    }
    Ok(total as u64)
}

fn contig(mix: &mut Mix, length: usize, short: &[Vec<u8>], long: &[Vec<u8>]) -> Vec<u8> {
    let mut bases = Vec::with_capacity(length + 60_000);
    let (telomere, centromere) = (length / 5_000, length / 25);
    bases.resize(telomere, b'N');
    let mut open = true;
    while bases.len() < length {
        if open && bases.len() > length * 2 / 5 {
            open = false;
            bases.resize(bases.len() + centromere, b'N');
        }
        // Pieces are drawn by number, not by length: the shares follow from the mean lengths.
        let piece = mix.share();
        if piece < 0.47 {
            let family = &short[mix.below(short.len())];
            let differing = 0.03 + 0.12 * mix.share();
            mix.copy(family, differing, &mut bases);
        } else if piece < 0.615 {
            // Most copies of a long element lack its beginning.
            let family = &long[mix.below(long.len())];
            let from = family.len() - 200 - (mix.share().powi(3) * (family.len() - 200) as f64) as usize;
            let differing = 0.03 + 0.15 * mix.share();
            mix.copy(&family[from..], differing, &mut bases);
        } else if piece < 0.6173 && bases.len() > 2 * telomere + 200_000 {
            let size = 5_000 + mix.below(40_000);
            let from = telomere + mix.below(bases.len() - telomere - size);
            let source = bases[from..from + size].to_vec();
            let differing = 0.005 + 0.05 * mix.share();
            // A difference is drawn among four bases, so that an N copied from the centromere stays one nearly always.
            mix.copy(&source, differing, &mut bases);
        } else {
            let size = 200 + mix.below(3_000);
            mix.random(size, &mut bases);
        }
    }
    bases.truncate(length - telomere);
    bases.resize(length, b'N');
    bases
}
