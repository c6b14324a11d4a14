//! The shared tables and sequences, read as they lie.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead, Read},
    path::{Path, PathBuf},
};

use clinotype_annotate::{Bases, namer::Sequences};
use clinotype_genome::{Build, Contig, ContigKey, Contigs, Fault, Reference, Result, fs};

/// The folder of shared test data; `None` (after saying so) where it is missing outside CI.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("CLINOTYPE_SHARED")
        .map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        )
        .join("data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the shared test data is missing");
    eprintln!("skipped: no shared test data at {}", folder.display());
    None
}

pub(crate) type Row = HashMap<String, String>;

/// Rows of a TSV with a header line.
pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let mut lines = fs::open_text(path).unwrap().lines().map(|l| l.unwrap());
    let header: Vec<String> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    lines
        .map(|line| {
            header
                .iter()
                .cloned()
                .zip(line.split('\t').map(str::to_owned))
                .collect()
        })
        .collect()
}

/// Files of a gzipped tar archive by name.
pub(crate) fn archive(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::io::BufReader::new(fs::open(path).unwrap()))
        .read_to_end(&mut bytes)
        .unwrap();
    let mut files = BTreeMap::new();
    let mut at = 0;
    while at + 512 <= bytes.len() && bytes[at] != 0 {
        let field = |from: usize, to: usize| {
            let raw = &bytes[at + from..at + to];
            let end = raw.iter().position(|b| *b == 0).unwrap_or(raw.len());
            String::from_utf8_lossy(&raw[..end]).trim().to_owned()
        };
        let size = usize::from_str_radix(&field(124, 136), 8).unwrap();
        let name = field(0, 100);
        if bytes[at + 156] == b'0' {
            files.insert(
                name.rsplit('/').next().unwrap().to_owned(),
                bytes[at + 512..at + 512 + size].to_vec(),
            );
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    files
}

/// Records of a FASTA text: name, description, bases in upper case.
pub(crate) fn fasta(text: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let mut out: Vec<(String, String, Vec<u8>)> = Vec::new();
    for line in String::from_utf8_lossy(text).lines() {
        if let Some(header) = line.strip_prefix('>') {
            let (name, words) = header.split_once(' ').unwrap_or((header, ""));
            out.push((name.to_owned(), words.to_owned(), Vec::new()));
        } else if let Some(record) = out.last_mut() {
            record.2.extend(line.trim().to_ascii_uppercase().bytes());
        }
    }
    out
}

/// Pieces of sequences in memory at their places; N elsewhere.
#[derive(Default)]
pub(crate) struct Pieces {
    contigs: Contigs,
    pieces: HashMap<String, Vec<(u32, Vec<u8>)>>,
}

impl Pieces {
    /// `lengths`: of contigs that are only here in part.
    pub(crate) fn new(parts: Vec<(String, u32, Vec<u8>)>, lengths: &HashMap<String, u32>) -> Self {
        let mut pieces: HashMap<String, Vec<(u32, Vec<u8>)>> = HashMap::new();
        for (name, start, bases) in parts {
            pieces.entry(name).or_default().push((start, bases));
        }
        let mut names: Vec<&String> = pieces.keys().collect();
        names.sort();
        let contigs = names
            .into_iter()
            .map(|name| {
                let reach = pieces[name].iter().map(|(s, b)| s + b.len() as u32).max().unwrap();
                let by_build = || {
                    let key = ContigKey::of(name)?;
                    [Build::Grch37, Build::Grch38]
                        .into_iter()
                        .find(|b| b.accession(&key).as_deref() == Some(name))
                        .and_then(|b| b.length(&key))
                };
                let length = lengths.get(name).copied().or_else(by_build).unwrap_or(reach).max(reach);
                Contig {
                    name: name.clone(),
                    length,
                }
            })
            .collect();
        Self {
            contigs: Contigs::new(contigs),
            pieces,
        }
    }
}

impl Bases for Pieces {
    fn contigs(&self) -> &Contigs {
        &self.contigs
    }
    fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        let Some(found) = self.contigs.get(contig) else {
            return Err(Fault::input(format!("no sequence {contig}")));
        };
        let end = end.min(found.length);
        let mut out = vec![b'N'; end.saturating_sub(start) as usize];
        for (at, bases) in &self.pieces[contig] {
            let (from, to) = (start.max(*at), end.min(at + bases.len() as u32));
            if from < to {
                out[(from - start) as usize..(to - start) as usize]
                    .copy_from_slice(&bases[(from - at) as usize..(to - at) as usize]);
            }
        }
        Ok(out)
    }
}

/// The panel's genome slices together with the records of its transcripts, named by accession.
pub(crate) fn panel(data: &Path, folder: &Path) -> Sequences {
    let path = folder.join("transcripts.fa");
    let mut out = String::new();
    for line in fs::open_text(data.join("panel-grch38/transcripts.cdna.fa.gz"))
        .unwrap()
        .lines()
    {
        let line = line.unwrap();
        match line.strip_prefix('>') {
            Some(header) => {
                out.push('>');
                out.push_str(header.split_whitespace().nth(1).unwrap());
            }
            None => out.push_str(&line),
        }
        out.push('\n');
    }
    fs::write_atomic(&path, out.as_bytes()).unwrap();
    let files = [data.join("panel-grch38/grch38_slices.fa.gz"), path];
    let references = files.iter().map(|f| Reference::open(f).unwrap()).collect();
    Sequences::of(references, Some(Build::Grch38)).unwrap()
}

/// A name without the bases that HGVS no longer repeats: `c.68_69delAG` is `c.68_69del`.
pub(crate) fn without_stated(name: &str) -> String {
    let Some((reference, description)) = name.split_once(':') else {
        return name.to_owned();
    };
    let cut = |at: usize, word: usize| description[..at + word].to_owned();
    let short = if let Some(at) = description.find("del") {
        match description[at..].find("ins") {
            Some(ins) => format!("{}delins{}", &description[..at], &description[at + ins + 3..]),
            None => cut(at, 3),
        }
    } else if let Some(at) = description.find("dup") {
        cut(at, 3)
    } else if let Some(at) = description.find("inv") {
        cut(at, 3)
    } else if let Some(named) = description.strip_suffix('=') {
        format!("{}=", named.trim_end_matches(|c: char| c.is_ascii_uppercase()))
    } else {
        description.to_owned()
    };
    format!("{reference}:{short}")
}

/// The description after the colon.
pub(crate) fn after(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, d)| d)
}
