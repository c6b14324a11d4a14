//! Pharmacogenomics: files in, one result per sample out.

mod callable;
mod depth;

use std::{
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_case::{
    finding::RuleSet,
    pgx::{Cyp2d6Copies, Evidence, GeneResult, LIMITS, Pharmacogenomics, SCHEMA},
};
use clinotype_genome::{Build, ContigKey, DataRelease, Fault, Result, digest, fs, liftover};
use clinotype_interpret::pgx::{
    self, Definitions, Guidance, OutsideCall, Sample, TABLES,
    definitions::{Gene, Position},
    medications, vcf,
};

pub use clinotype_interpret::pgx::{Options, vcf::Thresholds};

/// What is read once for all samples.
#[derive(Debug, Default)]
pub struct Resources<'a> {
    /// Folder of own allele definitions (JSON files of PharmCAT's layout); each takes the place of its gene's.
    pub definitions: Option<&'a Path>,
    /// Folder of further guidelines (JSON files as ClinPGx writes them).
    pub guidelines: Option<&'a Path>,
    /// UCSC chain file between GRCh37 and GRCh38, for VCFs of GRCh37.
    pub chain: Option<&'a Path>,
    /// BED file of callable regions; positions inside without a record are taken as reference.
    pub callable: Option<&'a Path>,
    /// Believe reference blocks of a gVCF from these thresholds on.
    pub blocks: Option<Thresholds>,
    /// How genes are called.
    pub options: Options,
}

/// What belongs to one sample.
#[derive(Debug, Default)]
pub struct Input<'a> {
    /// VCF or gVCF, plain or compressed; without one only outside calls are used.
    pub vcf: Option<&'a Path>,
    /// The sample, where the VCF has several.
    pub sample: Option<&'a str>,
    /// Asserted build.
    pub build: Option<Build>,
    /// Sorted, indexed BAM of the sample, for the copies of CYP2D6.
    pub bam: Option<&'a Path>,
    /// Files of outside calls; several calls for a gene stand side by side.
    pub outside: &'a [PathBuf],
    /// Medicines that the person takes.
    pub medications: Option<&'a [String]>,
}

/// Everything that is ready for any number of samples.
pub struct Pgx {
    definitions: Definitions,
    native: vcf::Places,
    lifted: Option<Lifted>,
    guidance: Guidance,
    callable: Option<callable::Regions>,
    blocks: Option<Thresholds>,
    options: Options,
    rules: Vec<RuleSet>,
    data: Vec<DataRelease>,
}

/// The positions on GRCh37.
struct Lifted {
    places: vcf::Places,
    all: usize,
}

impl Pgx {
    /// Reads what all samples share.
    pub fn prepare(resources: &Resources<'_>) -> Result<Self> {
        let mut definitions = TABLES.definitions.clone();
        let mut rules: Vec<RuleSet> = definitions.sets.iter().chain(&TABLES.sets).cloned().collect();
        let mut data = Vec::new();
        if let Some(folder) = resources.definitions {
            for path in json_files(folder, |name| name.ends_with("_translation.json"))? {
                let text = fs::read_to_string(&path)?;
                let (gene, version) = pgx::json::definition(&text, &mut definitions).map_err(|f| f.at(&path))?;
                rules.push(RuleSet {
                    name: format!("PGx allele definition of {gene}, supplied"),
                    version: version.clone().unwrap_or_else(|| "not stated".to_owned()),
                    source: file_name(&path),
                });
                data.push(release("allele definition", &path, version)?);
            }
        }
        let mut guidance = Guidance::default();
        if let Some(folder) = resources.guidelines {
            for path in json_files(folder, |name| {
                Path::new(name)
                    .extension()
                    .is_some_and(|e| e.eq_ignore_ascii_case("json"))
            })? {
                let text = fs::read_to_string(&path)?;
                let guideline = pgx::json::guideline(&text).map_err(|f| f.at(&path))?;
                data.push(release("guideline", &path, Some(guideline.date.clone()))?);
                guidance.guidelines.push(guideline);
            }
        }
        let callable = resources.callable.map(callable::Regions::read).transpose()?;
        if let Some(path) = resources.callable {
            data.push(release("callable regions", path, None)?);
        }
        let lifted = resources.chain.map(|path| lift(path, &definitions)).transpose()?;
        if let Some(path) = resources.chain {
            data.push(release("chain file", path, None)?);
        }
        Ok(Self {
            native: vcf::Places::native(&definitions),
            definitions,
            lifted,
            guidance,
            callable,
            blocks: resources.blocks,
            options: resources.options,
            rules,
            data,
        })
    }

    /// The result of one sample.
    pub fn sample(&self, input: &Input<'_>) -> Result<Pharmacogenomics> {
        let mut data = self.data.clone();
        let mut limits: Vec<String> = LIMITS.iter().map(|l| (*l).to_owned()).collect();
        let reads = input.bam.map(depth::reads).transpose()?;
        let (sample, build, build_proof) = match (input.vcf, &reads) {
            (Some(path), _) => self.genotypes(path, input, &mut limits)?,
            (None, Some(reads)) => (Sample::none(), reads.build, "contig lengths of the BAM".to_owned()),
            (None, None) => (Sample::none(), Build::Grch38, "no genotypes were given".to_owned()),
        };
        if let (Some(bam), Some(reads)) = (input.bam, &reads)
            && reads.build != build
        {
            return Err(
                Fault::input(format!("the BAM is of {}, the VCF of {build}", reads.build))
                    .at(bam)
                    .hint("give both of one build"),
            );
        }
        let mut outside: Vec<OutsideCall> = Vec::new();
        for path in input.outside {
            data.push(release("outside calls", path, None)?);
            let text = fs::read_to_string(path)?;
            let calls = pgx::outside::parse(&text, &self.definitions, &TABLES.phenotypes);
            outside.extend(calls.map_err(|f| f.at(path))?);
        }
        let mut genes = pgx::interpret(&self.definitions, &sample, &outside, &self.options);
        let cyp2d6 = reads.map(|reads| self.copies(&reads, &sample, &mut genes));
        let drugs = pgx::recommend(&genes, &self.guidance);
        let medications = input.medications.map(|list| medications::alerts(list, &drugs));
        Ok(Pharmacogenomics {
            schema: SCHEMA.to_owned(),
            software: crate::software(),
            sample: sample.name.clone(),
            build,
            build_proof,
            rules: self.rules.clone(),
            data,
            records: sample.records,
            genes,
            drugs,
            cyp2d6,
            medications,
            limits,
        })
    }

    /// Copies of CYP2D6 by depth; they stand beside the gene's result, whose call they never change.
    fn copies(&self, reads: &depth::Reads, sample: &Sample, genes: &mut [GeneResult]) -> Cyp2d6Copies {
        let mut copies = pgx::cyp2d6::both(
            &TABLES.segments,
            &reads.counts,
            &TABLES.paralogs,
            &reads.votes,
            reads.build,
        );
        copies.proposed = pgx::cyp2d6::propose(&self.definitions, sample, &copies);
        if let Some(gene) = genes.iter_mut().find(|g| g.gene == "CYP2D6") {
            gene.cautions
                .push(format!("by read depth (research, to be confirmed): {}", copies.text));
        }
        copies
    }

    fn genotypes(&self, path: &Path, input: &Input<'_>, limits: &mut Vec<String>) -> Result<(Sample, Build, String)> {
        let reading = vcf::Reading {
            sample: input.sample.map(str::to_owned),
            combinations: self.options.combinations,
            blocks: self.blocks,
        };
        let first = self.read(path, &self.native, &reading)?;
        let mut read = (first, &self.native);
        let known = match vcf::prove_build(&read.0, input.build) {
            Ok(known) => known,
            // REF bases of another build: with a chain file they may be those of GRCh37.
            Err(fault) => match (&self.lifted, input.build) {
                (Some(_), None) => (
                    Build::Grch37,
                    "REF bases are not those of GRCh38; read by the chain file".to_owned(),
                ),
                _ => return Err(fault.at(path)),
            },
        };
        if known.0 == Build::Grch37 {
            let Some(lifted) = &self.lifted else {
                return Err(Fault::input(format!("the VCF is of GRCh37 ({})", known.1))
                    .at(path)
                    .hint("the definitions are on GRCh38: give a chain file between the builds with --chain"));
            };
            read = (self.read(path, &lifted.places, &reading)?, &lifted.places);
            let evidence = &read.0.build;
            if evidence.differing > 3 && evidence.differing * 10 > evidence.agreeing {
                return Err(Fault::input(format!(
                    "{} of {} REF bases do not agree after the liftover",
                    evidence.differing,
                    evidence.agreeing + evidence.differing
                ))
                .at(path)
                .hint("the chain file or the build of the VCF is another one"));
            }
            limits.push(format!(
                "The VCF is of GRCh37: {} of {} positions were found by the chain file; the others are missing.",
                lifted.places.len(),
                lifted.all
            ));
        }
        let (mut sample, places) = read;
        if let Some(regions) = &self.callable {
            sample.fill(&self.definitions, Evidence::CallableRegion, |gene, index, bases| {
                let (contig, position) = places.place(&gene.symbol, index)?;
                regions.covering(contig, *position, bases)
            });
        }
        if sample.records.filled > 0 {
            limits.push(format!(
                "{} positions without a record were taken as reference, because {} cover them; each is marked.",
                sample.records.filled,
                if self.callable.is_some() {
                    "callable regions"
                } else {
                    "reference blocks of the gVCF"
                }
            ));
        }
        Ok((sample, known.0, known.1))
    }

    fn read(&self, path: &Path, places: &vcf::Places, reading: &vcf::Reading) -> Result<Sample> {
        clinotype_genome::vcf_file::check_whole(path)?;
        let mut reader = vcf::Reader::new(&self.definitions, places, reading);
        let mut text = fs::open_text(path)?;
        let mut line = String::new();
        let mut number = 0;
        loop {
            line.clear();
            number += 1;
            let read = text
                .read_line(&mut line)
                .map_err(|e| Fault::io("read", path, e).line(number))?;
            if read == 0 {
                break;
            }
            reader
                .line(number, line.trim_end_matches('\n'))
                .map_err(|f| f.at(path))?;
        }
        reader.finish().map_err(|f| f.at(path))
    }
}

/// The positions on GRCh37 by a chain file in either direction. A position is found only where one chain carries all
/// bases of REF without a gap, on the same strand and the same chromosome, and nothing else leads there.
fn lift(path: &Path, definitions: &Definitions) -> Result<Lifted> {
    let chains = liftover::read_chains(path)?;
    let from = |chains: &liftover::Chains| {
        let contigs: Vec<(String, u32)> = chains.contigs().map(|c| (c.name.clone(), c.length)).collect();
        Build::of_contigs(contigs.iter().map(|(n, l)| (n.as_str(), *l)))
    };
    let chains = match from(&chains) {
        Some(Build::Grch38) => chains,
        Some(Build::Grch37) => chains.inverted(),
        None => {
            return Err(Fault::input("the chain file is not one between GRCh37 and GRCh38").at(path));
        }
    };
    let place = |gene: &Gene, position: &Position| -> Option<(ContigKey, u32)> {
        let start = position.position - 1;
        let mapped = chains
            .map(&gene.contig, start, start + position.reference.len() as u32)
            .ok()?;
        let key = ContigKey::of(&mapped.contig)?;
        (!mapped.reverse && Some(&key) == ContigKey::of(&gene.contig).as_ref()).then_some((key, mapped.start + 1))
    };
    let places = vcf::Places::lifted(definitions, place);
    if places.is_empty() {
        return Err(
            Fault::input("no position of the allele definitions has a place in the chain file")
                .at(path)
                .hint("give the chain file between GRCh37 (hg19) and GRCh38 (hg38)"),
        );
    }
    Ok(Lifted {
        places,
        all: vcf::Places::native(definitions).len(),
    })
}

/// Whether a file holds outside calls that can be used.
///
/// # Errors
/// What the calls themselves would be refused for.
pub fn check_outside(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let calls = pgx::outside::parse(&text, &TABLES.definitions, &TABLES.phenotypes);
    calls.map(|_| ()).map_err(|fault| fault.at(path))
}

/// Whether a file is a chain file between GRCh37 and GRCh38.
///
/// # Errors
/// What a run would refuse it for.
pub fn check_chain(path: &Path) -> Result<()> {
    lift(path, &TABLES.definitions).map(|_| ())
}

/// The JSON files of a folder by name; a folder without one is an input fault.
fn json_files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Fault::io("read the folder", folder, e))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Fault::io("read the folder", folder, e))?.path();
        if wanted(&file_name(&path)) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Fault::input("the folder has no file that can be used")
            .at(folder)
            .hint("definitions are named GENE_translation.json, guidelines end in .json"));
    }
    Ok(files)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

fn release(name: &str, path: &Path, version: Option<String>) -> Result<DataRelease> {
    Ok(DataRelease {
        name: name.to_owned(),
        release: version,
        file: file_name(path),
        sha256: digest::sha256_file(path)?,
        licence: None,
        note: Some("supplied by the laboratory".to_owned()),
    })
}
