//! `cargo xtask soak genome`: the shape of a whole genome. Indexes a made-up human-sized reference, maps pairs against
//! it, calls; measures processor time and peak memory of each step, and requires the limits of a workstation and the
//! same bytes at 1, 2 and N threads.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use clinotype_genome::digest;

use super::human;
use crate::shell;

const USAGE: &str =
    "usage: cargo xtask soak genome [FOLDER] [--pairs N] [--scale SHARE] [--program CLINOTYPE] [--keep]";

/// Memory that is allowed for indexing and for mapping, in bytes.
const INDEXING: u64 = 20 << 30;
const MAPPING: u64 = 14_000_000_000;
const CALLING: u64 = 4 << 30;
/// Pairs of the run that tells what a start costs.
const FEW: usize = 1_000;

struct Options {
    folder: PathBuf,
    pairs: u64,
    scale: f64,
    program: Option<PathBuf>,
    keep: bool,
}

fn options(args: &[String]) -> Result<Options> {
    let mut options = Options {
        folder: shell::target().join("soak-genome"),
        pairs: 1_000_000,
        scale: 1.0,
        program: None,
        keep: false,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().context(USAGE);
        match arg.as_str() {
            "--pairs" => options.pairs = value()?.parse().context("--pairs takes a number")?,
            "--scale" => options.scale = value()?.parse().context("--scale takes a share, for example 0.1")?,
            "--program" => options.program = Some(value()?.into()),
            "--keep" => options.keep = true,
            folder if !folder.starts_with('-') => options.folder = folder.into(),
            _ => bail!(USAGE),
        }
    }
    ensure!(
        options.scale > 0.0 && options.scale <= 1.0,
        "--scale takes a share of 1"
    );
    Ok(options)
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = options(args)?;
    let program = if let Some(program) = &options.program {
        program.clone()
    } else {
        shell::run(
            "Build clinotype (release)",
            shell::cargo().args(["build", "--release", "-p", "clinotype-cli"]),
        )?;
        shell::target().join("release/clinotype")
    };
    let folder = options.folder.join("clinotype-soak-genome");
    ensure!(!folder.exists(), "{} is there: remove it", folder.display());
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let result = measure(&options, &program, &folder);
    if !options.keep {
        std::fs::remove_dir_all(&folder)?;
    }
    result
}

fn measure(options: &Options, program: &Path, folder: &Path) -> Result<()> {
    let scaled = |bytes: u64| ((bytes as f64 * options.scale) as u64).max(1 << 30);
    let free = available_memory()?;
    ensure!(
        free > scaled(INDEXING) + (1 << 30),
        "indexing needs {:.1} GB of free memory, {:.1} are free",
        gb(scaled(INDEXING) + (1 << 30)),
        gb(free)
    );
    let start = Instant::now();
    let bases = human::write(folder, options.pairs, options.scale)?;
    shell::say(&format!(
        "==> {bases} bases and {} pairs written in {:.0} s",
        options.pairs,
        start.elapsed().as_secs_f64()
    ));
    for mate in ["R1", "R2"] {
        let text = std::fs::read_to_string(folder.join(format!("{mate}.fastq")))?;
        let few: String = text.split_inclusive('\n').take(4 * FEW).collect();
        std::fs::write(folder.join(format!("few.{mate}.fastq")), few)?;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let align = |reads: &str, out: &str, threads: usize, memory: u64| {
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .args([
                "align",
                "--quiet",
                "--sample",
                "S",
                "--reference",
                "genome.fa",
                "--reads",
            ])
            .args([format!("{reads}R1.fastq"), format!("{reads}R2.fastq")])
            .args([
                "--out",
                out,
                "--threads",
                &threads.to_string(),
                "--memory",
                &memory.to_string(),
            ]);
        command
    };
    let first = child(
        "first start: index, and few pairs",
        align("few.", "few.bam", cores, scaled(INDEXING)),
    )?;
    first.within(scaled(INDEXING))?;
    let second = child(
        "second start: few pairs",
        align("few.", "again.bam", cores, scaled(MAPPING)),
    )?;
    second.within(scaled(MAPPING))?;
    same(folder, "few.bam", "again.bam")?;
    let threads = [2, 1, cores.max(3)];
    for n in threads {
        let out = format!("t{n}.bam");
        let used = child(&format!("map, {n} thread(s)"), align("", &out, n, scaled(MAPPING)))?;
        used.within(scaled(MAPPING))?;
        shell::say(&format!(
            "    without the start: {:.1} CPU-s for 1,000,000 pairs",
            (used.cpu - second.cpu).max(0.0) * 1e6 / options.pairs as f64
        ));
        same(folder, "t2.bam", &out)?;
        if n != 2 {
            std::fs::remove_file(folder.join(out))?;
        }
    }
    for n in threads {
        let out = format!("t{n}.vcf.gz");
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .args([
                "call",
                "--quiet",
                "--bam",
                "t2.bam",
                "--reference",
                "genome.fa",
                "--out",
                &out,
            ])
            .args(["--threads", &n.to_string(), "--memory", &scaled(CALLING).to_string()]);
        child(&format!("call, {n} thread(s)"), command)?.within(scaled(CALLING))?;
        same(folder, "t2.vcf.gz", &out)?;
    }
    shell::say("    the same bytes at every number of threads");
    Ok(())
}

fn same(folder: &Path, a: &str, b: &str) -> Result<()> {
    ensure!(
        digest::sha256_file(folder.join(a))? == digest::sha256_file(folder.join(b))?,
        "{a} and {b} differ"
    );
    Ok(())
}

fn gb(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

/// What a process used.
struct Used {
    what: String,
    /// Seconds, user and system.
    cpu: f64,
    /// Peak resident set, bytes.
    memory: u64,
}

impl Used {
    fn within(&self, limit: u64) -> Result<()> {
        ensure!(
            self.memory <= limit,
            "{}: {:.2} GB were used, {:.2} GB allowed",
            self.what,
            gb(self.memory),
            gb(limit)
        );
        Ok(())
    }
}

/// Runs a command to its end and looks at its use of the machine ten times a second: both figures only grow.
fn child(what: &str, mut command: Command) -> Result<Used> {
    shell::say(&format!("==> {what}"));
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .context("clinotype does not start")?;
    let (mut cpu, mut memory) = (0.0, 0);
    let status = loop {
        if let Some(used) = look(child.id()) {
            (cpu, memory) = used;
        }
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    ensure!(status.success(), "{what}: failed ({status})");
    ensure!(memory > 0, "the use of memory cannot be seen: this task needs Linux");
    shell::say(&format!(
        "    {:.1} s, {cpu:.1} CPU-s, peak {:.2} GB",
        start.elapsed().as_secs_f64(),
        gb(memory)
    ));
    Ok(Used {
        what: what.to_owned(),
        cpu,
        memory,
    })
}

/// Processor time in seconds and peak memory in bytes of a living process (proc(5)).
fn look(process: u32) -> Option<(f64, u64)> {
    /// `_SC_CLK_TCK` of every Linux.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold blanks; utime and stime are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    Some((ticks as f64 / TICKS, kilobytes(&status, "VmHWM:")?))
}

fn available_memory() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").context("this task needs Linux")?;
    kilobytes(&text, "MemAvailable:").context("/proc/meminfo does not say MemAvailable")
}

fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|l| l.strip_prefix(key))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb << 10)
}
