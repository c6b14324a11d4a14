//! From files to a set: GFF3 read and checked, or a compiled file opened; several files side by side; the cache.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use clinotype_genome::{Build, Contig, Contigs, Fault, Reference, Result, digest, fs};
use flate2::Crc;

use super::{
    ContigIndex, TranscriptSet, build,
    compiled::{self, Compiled, Facts, Source},
    differ, fit,
    model::Transcript,
};
use crate::{
    bases::{Bases, Cached},
    facts::Mane,
};

/// Files smaller than this are read as fast as a compiled copy is opened, and get none.
const WORTH_COMPILING: u64 = 4 << 20;
/// Transcripts whose bases make the fingerprint of a reference.
const FINGERPRINT: usize = 256;

/// Where compiled copies of GFF3 files are kept, each named by the digest of what it was made from.
#[derive(Clone, Copy, Debug, Default)]
pub enum Cache<'a> {
    /// Nowhere: the file is read every time.
    #[default]
    None,
    /// Beside the GFF3 file, where that folder can be written; files under 4 MB get none.
    Beside,
    /// In this folder, files of any size.
    Folder(&'a Path),
}

/// Files to read transcripts from.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// GFF3 files of Ensembl, RefSeq or MANE, plain or compressed, or compiled ones. Where two hold one transcript, the
    /// first file counts.
    pub transcripts: &'a [&'a Path],
    /// Sequences of transcripts, FASTA named by accession with version: where they are not the genome's, the
    /// transcript knows its differences.
    pub sequences: Option<&'a Path>,
    /// Where compiled copies are kept.
    pub cache: Cache<'a>,
}

impl TranscriptSet {
    /// Reads one file, GFF3 or compiled, and checks that it belongs to the reference: contigs, exon bounds, start codons
    /// and splice sites.
    pub fn read(file: &Path, reference: &Reference, build: Build) -> Result<Self> {
        Self::read_with(file, reference, build)
    }

    /// The same of one GFF3 file where the caller vouches for the build: start codons and splice sites that do not fit
    /// are no fault, and such a set has no proof. For references of a handful of genes, where one odd start is a large
    /// share.
    #[doc(hidden)]
    pub fn read_asserted(file: &Path, reference: &Reference, build: Build) -> Result<Self> {
        Self::load(file, reference, build, true)
    }

    pub(crate) fn load(file: &Path, bases: &dyn Bases, build: Build, asserted: bool) -> Result<Self> {
        let files = Files {
            transcripts: &[file],
            sequences: None,
            cache: Cache::None,
        };
        if asserted {
            return Self::make(&files, bases, build, &mut BTreeMap::new(), true);
        }
        Self::read_files(&files, bases, build)
    }

    pub(crate) fn read_with(file: &Path, bases: &dyn Bases, build: Build) -> Result<Self> {
        Self::load(file, bases, build, false)
    }

    /// Reads several files side by side; see [`Files`].
    pub fn read_all(files: &Files<'_>, reference: &Reference, build: Build) -> Result<Self> {
        Self::read_files(files, reference, build)
    }

    pub(crate) fn read_files(files: &Files<'_>, bases: &dyn Bases, build: Build) -> Result<Self> {
        match files.transcripts {
            [] => Err(Fault::usage("no transcript file was given")),
            [one] if compiled::is_compiled(one)? => Self::open(one, bases, build),
            _ => match cached(files, bases.contigs(), build)? {
                None => Self::make(files, bases, build, &mut BTreeMap::new(), false),
                Some((cache, digests)) => Self::through(&cache, files, bases, build, digests),
            },
        }
    }

    /// Compiles files into one, which later runs open at once. The file appears by rename.
    pub fn compile(files: &Files<'_>, reference: &Reference, build: Build, out: &Path) -> Result<Self> {
        let set = Self::make(files, reference, build, &mut BTreeMap::new(), false)?;
        set.write(out, reference, build)?;
        Ok(set)
    }

    /// By way of a cached copy, made where there is none or where it does not serve.
    fn through(
        cache: &Path,
        files: &Files<'_>,
        bases: &dyn Bases,
        build: Build,
        mut digests: BTreeMap<PathBuf, String>,
    ) -> Result<Self> {
        if cache.exists()
            && let Ok(mut set) = Self::open(cache, bases, build)
        {
            set.paths = files.transcripts.iter().map(|p| (*p).to_owned()).collect();
            return Ok(set);
        }
        let set = Self::make(files, bases, build, &mut digests, false)?;
        // A folder that cannot be written is no fault: the set is there.
        let _ = set.write(cache, bases, build);
        Ok(set)
    }

    fn write(&self, out: &Path, bases: &dyn Bases, build: Build) -> Result<()> {
        let mut contigs: Vec<Contig> = Vec::new();
        for contig in bases.contigs() {
            if self.contigs.contains_key(&contig.name) {
                contigs.push(contig.clone());
            }
        }
        let facts = Facts {
            build,
            contigs,
            sources: self.sources.clone(),
            proof: self.proof.clone(),
            warnings: self.warnings.clone(),
            fingerprint: self.fingerprint(bases)?,
        };
        compiled::write(out, &facts, self.iter())
    }

    /// Of the bases at the start of transcripts spread over the set.
    fn fingerprint(&self, bases: &dyn Bases) -> Result<u32> {
        let mut crc = Crc::new();
        for n in (0..self.len()).step_by(self.len().div_ceil(FINGERPRINT).max(1)) {
            let t = self.get(n);
            let exon = t.exons[0];
            crc.update(&bases.fetch(&t.contig, exon.start, exon.end.min(exon.start.saturating_add(32)))?);
        }
        Ok(crc.sum())
    }

    /// Opens a compiled file; another build, another reference, another format, or damage is a fault.
    fn open(path: &Path, bases: &dyn Bases, build: Build) -> Result<Self> {
        let compiled = Compiled::open(path)?;
        let other = |what: String| {
            Fault::input(what)
                .at(path)
                .hint("compile the transcripts for this reference, or give their GFF3 file")
        };
        if compiled.facts.build != build {
            return Err(other(format!(
                "holds transcripts of {}; the run is on {build}",
                compiled.facts.build
            )));
        }
        compiled.fits(bases.contigs()).map_err(other)?;
        let mut contigs: HashMap<String, ContigIndex> = HashMap::new();
        for number in 0..compiled.len() {
            let (contig, span) = compiled
                .span(number)
                .ok_or_else(|| Fault::internal("a checked record has no span").at(path))?;
            let name = &compiled.facts.contigs[contig].name;
            let index = match contigs.get_mut(name) {
                Some(index) => index,
                None => contigs.entry(name.clone()).or_default(),
            };
            index.by_start.push((span.start, span.end, number));
        }
        contigs.values_mut().for_each(ContigIndex::finish);
        let facts = compiled.facts.clone();
        let set = Self {
            paths: vec![path.to_owned()],
            release: releases(&facts.sources),
            sources: facts.sources,
            slots: (0..compiled.len()).map(|_| OnceLock::new()).collect(),
            compiled: Some(Arc::new(compiled)),
            contigs,
            genes: OnceLock::new(),
            accessions: OnceLock::new(),
            warnings: facts.warnings,
            proof: facts.proof,
        };
        if set.fingerprint(bases)? != facts.fingerprint {
            return Err(other(
                "was compiled for another reference: the bases under its transcripts are not these".to_owned(),
            ));
        }
        Ok(set)
    }

    /// Reads every file, checks each against the reference, and puts them together.
    fn make(
        files: &Files<'_>,
        bases: &dyn Bases,
        build: Build,
        digests: &mut BTreeMap<PathBuf, String>,
        asserted: bool,
    ) -> Result<Self> {
        let cached = Cached::new(bases);
        let (mut all, mut sources, mut warnings, mut proofs): (Vec<Transcript>, Vec<Source>, _, Vec<String>) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for path in files.transcripts {
            if compiled::is_compiled(path)? {
                let set = Self::open(path, bases, build)?;
                all.extend(set.iter().cloned());
                sources.extend(set.sources.iter().cloned());
                warnings.extend(set.warnings.iter().cloned());
                proofs.extend(set.proof.clone());
                continue;
            }
            let mut loaded = build::load(path, bases.contigs(), build)?;
            if let Some(sequences) = files.sequences {
                differ::find(sequences, &mut loaded.transcripts, &cached)?;
            }
            let proof = fit::check(path, &mut loaded.transcripts, &cached, build, asserted)?.or(loaded.proven_by);
            let sha256 = match digests.remove(*path) {
                Some(digest) => digest,
                None => digest::sha256_file(path)?,
            };
            sources.push(Source {
                file: path
                    .file_name()
                    .map(|n| n.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                sha256,
                release: loaded.release,
            });
            all.append(&mut loaded.transcripts);
            warnings.extend(loaded.warnings);
            proofs.extend(proof);
        }
        warnings.extend(join(&mut all));
        let order: HashMap<&str, usize> = bases
            .contigs()
            .iter()
            .enumerate()
            .map(|(i, c)| (c.name.as_str(), i))
            .collect();
        all.sort_by_cached_key(|t| {
            let span = t.span();
            (
                order.get(t.contig.as_str()).copied(),
                span.start,
                span.end,
                t.accession.clone(),
            )
        });
        let mut contigs: HashMap<String, ContigIndex> = HashMap::new();
        for (number, t) in all.iter().enumerate() {
            let span = t.span();
            let index = contigs.entry(t.contig.clone()).or_default();
            index.by_start.push((span.start, span.end, number));
        }
        contigs.values_mut().for_each(ContigIndex::finish);
        // Every file must prove its build; one that could not leaves the set without a proof.
        let proven = proofs.len() == files.transcripts.len();
        proofs.dedup();
        Ok(Self {
            paths: files.transcripts.iter().map(|p| (*p).to_owned()).collect(),
            release: releases(&sources),
            sources,
            slots: all.into_iter().map(|t| OnceLock::from(Box::new(t))).collect(),
            compiled: None,
            contigs,
            genes: OnceLock::new(),
            accessions: OnceLock::new(),
            warnings,
            proof: proven.then(|| proofs.join("; ")),
        })
    }
}

fn releases(sources: &[Source]) -> Option<String> {
    let stated: Vec<&str> = sources.iter().filter_map(|s| s.release.as_deref()).collect();
    (!stated.is_empty()).then(|| stated.join("; "))
}

/// One transcript of several files: the first stays, and takes over that it is MANE or canonical. Two models under one
/// accession and version are told.
fn join(all: &mut Vec<Transcript>) -> Option<String> {
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    let (mut kept, mut twice, mut first): (Vec<Transcript>, u64, Option<String>) = (Vec::new(), 0, None);
    for t in all.drain(..) {
        let key = (t.accession.clone(), t.contig.clone());
        let Some(there) = known.get(&key).copied() else {
            known.insert(key, kept.len());
            kept.push(t);
            continue;
        };
        let old = &mut kept[there];
        if old.exons == t.exons && old.cds == t.cds && old.strand == t.strand {
            if old.mane == Mane::None {
                old.mane = t.mane;
            }
            old.canonical |= t.canonical;
            old.hgnc_id = old.hgnc_id.take().or(t.hgnc_id);
            if old.differences.is_empty() {
                old.differences = t.differences;
            }
            continue;
        }
        let apart = old.span().end <= t.span().start || t.span().end <= old.span().start;
        if apart {
            // One accession at two places of a contig, as RefSeq has it for copies of a gene.
            kept.push(t);
            continue;
        }
        twice += 1;
        first.get_or_insert(t.accession);
    }
    *all = kept;
    first.map(|accession| {
        format!(
            "{twice} transcripts were left out because another model with the same accession and version came before, \
             the first of them {accession}"
        )
    })
}

/// The place of the compiled copy and the digests that name it; `None` where no copy is kept.
fn cached(files: &Files<'_>, contigs: &Contigs, build: Build) -> Result<Option<(PathBuf, BTreeMap<PathBuf, String>)>> {
    let first = files.transcripts[0];
    let folder = match files.cache {
        Cache::None => return Ok(None),
        Cache::Folder(folder) => folder.to_owned(),
        Cache::Beside => {
            let mut size = 0;
            for path in files.transcripts {
                size += fs::size(path)?;
            }
            if size < WORTH_COMPILING {
                return Ok(None);
            }
            first.parent().map_or_else(PathBuf::new, Path::to_owned)
        }
    };
    let mut digests = BTreeMap::new();
    let mut words = format!("{}\t{build}\t{}\n", compiled::FORMAT, env!("CARGO_PKG_VERSION"));
    for path in files.transcripts.iter().copied().chain(files.sequences) {
        let digest = digest::sha256_file(path)?;
        words.push_str(&digest);
        words.push('\n');
        digests.insert(path.to_owned(), digest);
    }
    for contig in contigs {
        let _ = writeln!(words, "{}\t{}", contig.name, contig.length);
    }
    let key = digest::sha256(words.as_bytes());
    let name = first
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(Some((
        folder.join(format!("{name}.{}.transcripts", &key[..16])),
        digests,
    )))
}
