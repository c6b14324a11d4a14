//! The demonstration sample: a synthetic person whose files look like any laboratory's.
//!
//! Shipped are stretches of GRCh38 around the exons of fifteen genes, their transcripts, and facts about a few alleles
//! (`data/demo/sources.md` names every origin). From these, [`build`] writes ordinary files into a cache: a BGZF FASTA
//! with the true names and lengths of four chromosomes, a RefSeq-like GFF3, ClinVar and frequency VCFs, targets, an
//! order, and simulated reads. Nothing that reads them can know that it is a demonstration; whoever prints them shall
//! print [`NOTICE`].

mod files;
mod shipped;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use clinotype_genome::{Fault, Progress, Reference, Result, fs};

use crate::simulate::{self, Donor, Simulation};
use shipped::Shipped;

/// The accession of the demonstration sample.
pub const SAMPLE: &str = "DEMO-01";

/// What must stand wherever the demonstration's results are shown.
pub const NOTICE: &str = "SYNTHETIC: the demonstration sample is a made-up person. Reads are simulated, population \
                          frequencies are invented, and the ClinVar file is a small excerpt. Not for clinical use.";

/// Changes with any change to what this module writes that the shipped data does not show.
const FORM: &str = "1";

/// The files of the demonstration, all in one folder of the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFiles {
    /// BGZF FASTA, GRCh38 chr7, chr13, chr17 and chr19 in true length; N outside the shipped stretches. Its `.fai` and
    /// `.gzi` lie beside it.
    pub reference: PathBuf,
    /// GFF3 in the dialect of RefSeq, BGZF.
    pub transcripts: PathBuf,
    /// VCF in the form of ClinVar's own, BGZF; contigs without `chr`.
    pub clinvar: PathBuf,
    /// VCF with gnomAD's field names and invented numbers, BGZF.
    pub frequencies: PathBuf,
    /// BED: coding exons with 20 bases on either side.
    pub targets: PathBuf,
    /// The order.
    pub order: PathBuf,
    /// First mates, gzip FASTQ.
    pub r1: PathBuf,
    /// Second mates, gzip FASTQ.
    pub r2: PathBuf,
    /// VCF of every allele of the person, phased.
    pub truth: PathBuf,
    /// Table of the alleles that matter, with names and consequences typed from the cited sources.
    pub expected: PathBuf,
}

impl DemoFiles {
    fn within(folder: &Path) -> Self {
        let file = |name: &str| folder.join(name);
        Self {
            reference: file("GRCh38.demo.fa.gz"),
            transcripts: file("transcripts.gff3.gz"),
            clinvar: file("clinvar_20260226.excerpt.vcf.gz"),
            frequencies: file("frequencies.synthetic.vcf.gz"),
            targets: file("targets.bed"),
            order: file("order.json"),
            r1: file("DEMO-01_R1.fastq.gz"),
            r2: file("DEMO-01_R2.fastq.gz"),
            truth: file("truth.vcf"),
            expected: file("expected.tsv"),
        }
    }

    fn all(&self) -> [&PathBuf; 10] {
        [
            &self.reference,
            &self.transcripts,
            &self.clinvar,
            &self.frequencies,
            &self.targets,
            &self.order,
            &self.r1,
            &self.r2,
            &self.truth,
            &self.expected,
        ]
    }
}

/// How the reads of the demonstration are made. GC-rich first exons lose depth, as they do in a laboratory; the seed is
/// one that draws the alleles that matter evenly.
pub fn simulation() -> Simulation {
    Simulation {
        seed: 20_260_227,
        gc_dropout: 0.6,
        ..Simulation::default()
    }
}

/// Makes the files of the demonstration in a folder of `cache`, or finds those made before.
///
/// The folder's name holds a digest of the shipped data, so a changed crate makes its own. It appears whole, by rename;
/// a build that was killed leaves only a hidden folder ending in `.partial`. Threads of one process build one after the
/// other; of two processes, the first to finish wins and the other takes its files. `progress` counts the files.
pub fn build(cache: &Path, progress: &dyn Progress) -> Result<DemoFiles> {
    let simulation = simulation();
    let name = format!(
        "demo-{}",
        &shipped::digest(&format!("{} {FORM} {simulation:?}", env!("CARGO_PKG_VERSION")))[..12]
    );
    let folder = cache.join(&name);
    let files = DemoFiles::within(&folder);
    let is_whole = || files.all().iter().all(|f| f.is_file());
    if is_whole() {
        return Ok(files);
    }
    // Within a process the partial folder has one name.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    if is_whole() {
        return Ok(files);
    }
    let partial = cache.join(format!(".{name}.{}.partial", std::process::id()));
    let removed = |folder: &Path| match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Fault::io("remove", folder, e)),
        _ => Ok(()),
    };
    removed(&partial)?;
    fs::create_dir_all(&partial)?;
    let result = write(&DemoFiles::within(&partial), &simulation, progress).and_then(|()| {
        // A folder that lacks a file is in the way; a whole one is another process's, made just now.
        if !is_whole() {
            removed(&folder)?;
        }
        match std::fs::rename(&partial, &folder) {
            Err(_) if is_whole() => Ok(()),
            other => other.map_err(|e| Fault::io("make", &folder, e)),
        }
    });
    removed(&partial)?;
    result.map(|()| files)
}

/// What writes one of the files, given its path.
type Step<'a> = &'a dyn Fn(&Path) -> Result<()>;

fn write(files: &DemoFiles, simulation: &Simulation, progress: &dyn Progress) -> Result<()> {
    let shipped = Shipped::read()?;
    let steps: [(&Path, Step); 9] = [
        (&files.reference, &|path| files::reference(path, &shipped)),
        (&files.transcripts, &|path| files::transcripts(path, &shipped)),
        (&files.clinvar, &|path| files::clinvar(path, &shipped)),
        (&files.frequencies, &|path| files::frequencies(path, &shipped)),
        (&files.targets, &|path| files::targets(path, &shipped)),
        (&files.order, &|path| fs::write_atomic(path, shipped::ORDER.as_bytes())),
        (&files.truth, &|path| files::truth(path, &shipped)),
        (&files.expected, &|path| {
            fs::write_atomic(path, shipped::EXPECTED.as_bytes())
        }),
        (&files.r1, &|r1| {
            let reference = Reference::open(&files.reference)?;
            let donor = Donor::new(&reference, &shipped.intervals(), &shipped.alleles())?;
            simulate::write_fastq(simulation, &donor, &shipped.intervals(), r1, &files.r2)?;
            Ok(())
        }),
    ];
    for (done, (path, step)) in steps.iter().enumerate() {
        progress.check()?;
        progress.advance(done as u64, steps.len() as u64);
        step(path)?;
    }
    progress.advance(steps.len() as u64, steps.len() as u64);
    Ok(())
}

#[cfg(test)]
mod tests;
