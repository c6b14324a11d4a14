//! Figures of the allele store: `cargo run --release -p clinotype-refdata --example allele_figures [RECORDS] [FOLDER]`.
//!
//! Makes frequency records (AC, AN, AF, nhomalt; nine of ten an SNV) on one contig of chr1's length, the same at every
//! run, as a VCF; builds a store from it through everything that `clinotype data build` does; prints the CPU time of
//! the build, bytes per variant, sorted look-ups per second of CPU and the time of a random one. CPU time is that of
//! this process by Linux's /proc, so that a busy machine does not change the figures much.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    time::Instant,
};

use clinotype_genome::{Build, Fault, Reference, Result, Silent, fs};
use clinotype_refdata::alleles::{
    Store,
    build::{BuildOptions, Columns, Inputs, MISMATCHES, build},
};

const LENGTH: u32 = 248_956_422;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Seconds of CPU that this process has used.
fn cpu() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit_once(')').map_or("", |t| t.1);
    let ticks = |n: usize| after.split_whitespace().nth(n).and_then(|t| t.parse::<f64>().ok());
    (ticks(11).unwrap_or_default() + ticks(12).unwrap_or_default()) / 100.0
}

fn genome(path: &Path) -> Result<Vec<u8>> {
    let mut dice = Dice(1);
    let mut bases = Vec::with_capacity(LENGTH as usize);
    while bases.len() < LENGTH as usize {
        let mut bits = dice.next();
        for _ in 0..32 {
            bases.push(b"ACGT"[(bits & 3) as usize]);
            bits >>= 2;
        }
    }
    bases.truncate(LENGTH as usize);
    let failed = |e| Fault::io("write", path, e);
    let mut file = fs::AtomicFile::create(path)?;
    file.write_all(b">chr1\n").map_err(failed)?;
    for line in bases.chunks(100) {
        file.write_all(line)
            .and_then(|()| file.write_all(b"\n"))
            .map_err(failed)?;
    }
    file.commit()?;
    Ok(bases)
}

/// Writes the VCF; gives position, REF and ALT of the SNVs, sorted.
fn records(path: &Path, bases: &[u8], count: u64) -> Result<Vec<(u32, u8, u8)>> {
    let failed = |e| Fault::io("write", path, e);
    let mut file = fs::AtomicFile::create(path)?;
    let info = |id: &str, number: &str, kind: &str| {
        format!("##INFO=<ID={id},Number={number},Type={kind},Description=\"{id}\">\n")
    };
    let head = format!(
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,length={LENGTH}>\n##synthetic\n{}{}{}{}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
        info("AC", "A", "Integer"),
        info("AN", "1", "Integer"),
        info("AF", "A", "Float"),
        info("nhomalt", "A", "Integer"),
    );
    file.write_all(head.as_bytes()).map_err(failed)?;
    let mut dice = Dice(2);
    let step = u64::from(LENGTH - 1000) / count.max(1);
    let mut snvs = Vec::new();
    let mut position = 500_u32;
    for number in 0..count {
        // One in eight stands at the place of the one before it, with another ALT.
        if !number.is_multiple_of(8) || number == 0 {
            position += 1 + dice.below((2 * step).max(2) * 8 / 7 - 1) as u32;
        }
        let at = position as usize - 1;
        let Some(&base) = bases.get(at) else { break };
        // Half are singletons, the rest fall off as 1/AC; AN is near that of gnomAD's genomes.
        let count = match dice.below(100) {
            0..50 => 1,
            50..94 => 1 + dice.below(40) * dice.below(40) / 40,
            _ => 1 + dice.below(150_000) * dice.below(150_000) / 150_000,
        };
        let missing =
            dice.below(300) * dice.below(300) / 300 + if dice.below(20) == 0 { dice.below(20_000) } else { 0 };
        let alleles = 152_312 - 2 * missing.min(38_000);
        let copies = count.min(alleles);
        let share = copies as f64 / alleles as f64;
        let homozygotes = (share * share * alleles as f64 / 2.0) as u64;
        let text = format!("{share:.5e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let sign = if exponent < 0 { '-' } else { '+' };
        let others: [u8; 3] = match base {
            b'A' => *b"GCT",
            b'G' => *b"ATC",
            b'C' => *b"TAG",
            _ => *b"CGA",
        };
        // Transitions are twice as frequent; the next record at this place takes the next base.
        let turn = usize::from(number.is_multiple_of(8));
        let alternate = others[(turn + usize::from(dice.below(3) == 2)) % 3];
        let (mut r, mut a) = (vec![base], vec![alternate]);
        match dice.below(20) {
            0 => {
                r = bases[at..(at + 2 + dice.below(4) as usize).min(bases.len())].to_vec();
                a = vec![base];
            }
            1 => {
                a = vec![base];
                for _ in 0..=dice.below(4) {
                    a.push(b"ACGT"[dice.below(4) as usize]);
                }
            }
            _ => snvs.push((position, base, alternate)),
        }
        writeln!(
            file,
            "chr1\t{position}\t.\t{}\t{}\t.\tPASS\tAC={copies};AN={alleles};AF={digits}e{sign}{:02};nhomalt={homozygotes}",
            String::from_utf8_lossy(&r),
            String::from_utf8_lossy(&a),
            exponent.abs()
        )
        .map_err(failed)?;
    }
    file.commit()?;
    snvs.sort_unstable();
    snvs.dedup();
    Ok(snvs)
}

fn run(count: u64, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let (fasta, vcf, out) = (
        folder.join("chr1.fa"),
        folder.join("frequencies.vcf"),
        folder.join("store.cta"),
    );
    let bases = genome(&fasta)?;
    let snvs = records(&vcf, &bases, count)?;
    drop(bases);
    let reference = Reference::open(&fasta)?;
    println!("input: {count} records, {} MB of VCF text", fs::size(&vcf)? >> 20);
    let (started, before) = (Instant::now(), cpu());
    let meta = build(
        &BuildOptions {
            inputs: &[vcf],
            kind: Inputs::Values,
            reference: &reference,
            build: Build::Grch38,
            assert_build: false,
            name: None,
            release: None,
            date: None,
            licence: None,
            fields: &[],
            columns: &Columns::default(),
            duplicates: None,
            assessed: None,
            assessed_alleles: None,
            mismatches: MISMATCHES,
            out: &out,
            scratch: &folder.join("scratch"),
            memory: 1 << 30,
            made_by: "allele_figures",
        },
        &Silent,
    )?;
    println!(
        "build: {:.1} s CPU, {:.1} s by the clock; {:?}",
        cpu() - before,
        started.elapsed().as_secs_f64(),
        meta.counts
    );
    let size = fs::size(&out)?;
    let kept = meta.counts.kept as f64;
    println!(
        "size: {size} bytes, {:.2} bytes per variant (index and facts included)",
        size as f64 / kept
    );

    let store = Store::open(&out)?;
    let fields = ["AC", "AN", "nhomalt"];
    let numbers: Vec<usize> = fields.iter().filter_map(|f| store.meta().field(f)).collect();
    for (what, every) in [("every SNV of the store", 1), ("every fourth", 4), ("every 200th", 200)] {
        let asked: Vec<_> = snvs.iter().step_by(every).collect();
        let mut cursor = store.cursor(&fields)?;
        let (started, before) = (Instant::now(), cpu());
        let (mut found, mut sum) = (0_u64, 0_i64);
        for (position, r, a) in &asked {
            if let Some(hit) = cursor.find(0, *position, &[*r], &[*a])? {
                found += 1;
                for number in &numbers {
                    sum = sum.wrapping_add(hit.integer(*number).unwrap_or_default());
                }
            }
        }
        let seconds = cpu() - before;
        println!(
            "sorted, {what}: {} look-ups of AC, AN, nhomalt, {found} found, {:.2} s CPU ({:.2} by the clock), {:.1} M/s (sum {sum})",
            asked.len(),
            seconds,
            started.elapsed().as_secs_f64(),
            asked.len() as f64 / seconds.max(0.01) / 1e6
        );
    }
    let mut dice = Dice(3);
    let mut cursor = store.cursor(&["AC", "AN", "AF", "nhomalt"])?;
    let af = store.meta().field("AF").unwrap_or_default();
    let (before, times) = (cpu(), 20_000_u64);
    let mut found = 0;
    for _ in 0..times {
        let (position, r, a) = snvs[dice.below(snvs.len() as u64) as usize];
        if let Some(hit) = cursor.find(0, position, &[r], &[a])? {
            found += u64::from(hit.float(af).is_some());
        }
    }
    println!(
        "random: {times} look-ups of all fields, {found} found, {:.0} us CPU each",
        (cpu() - before) / times as f64 * 1e6
    );
    Ok(())
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(20_000_000);
    let folder = arguments
        .next()
        .map_or_else(|| std::env::temp_dir().join("allele_figures"), PathBuf::from);
    if let Err(fault) = run(count, &folder) {
        println!("{fault}");
        std::process::exit(1);
    }
}
