//! Reading a GFF3 file: rows are collected by parent, header lines give release and build.

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
    path::Path,
};

use clinotype_genome::{Build, ContigKey, Contigs, Fault, Result, fs};

use super::{
    assemble::assemble,
    gff3::Row,
    model::Transcript,
    rows::{Match, Parent, Parts, is_gene},
};

/// What a GFF3 file gave.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) transcripts: Vec<Transcript>,
    pub(crate) release: Option<String>,
    pub(crate) warnings: Vec<String>,
    /// Whether contig lengths or accession versions in the file agree with the build.
    pub(crate) proven_by: Option<String>,
}

/// The rows of a file by what they belong to. One ID may stand on two contigs: older files give both copies of a
/// pseudo-autosomal gene the same.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) parents: HashMap<String, Vec<Parent>>,
    pub(super) parts: BTreeMap<String, Vec<Parts>>,
    /// Alignments of transcripts to the genome by accession (RefSeq, where they are not perfect).
    pub(super) matches: HashMap<String, Vec<Match>>,
    line: u64,
}

impl Rows {
    fn add(&mut self, row: &Row<'_>) -> Result<(), String> {
        match row.kind {
            "exon" | "CDS" | "stop_codon_redefined_as_selenocysteine" => {
                let mut has_parent = false;
                for parent in row.list("Parent") {
                    has_parent = true;
                    let parts = match self.parts.get_mut(parent.as_ref()) {
                        Some(parts) => parts,
                        None => self.parts.entry(parent.into_owned()).or_default(),
                    };
                    let at = parts.iter().position(|p| p.contig == row.contig).unwrap_or_else(|| {
                        parts.push(Parts::new(&row.contig, self.line));
                        parts.len() - 1
                    });
                    parts[at].add(row, self.line);
                }
                if !has_parent {
                    return Err(format!("this {} has no Parent", row.kind));
                }
            }
            "cDNA_match" | "match" => {
                if let Some((accession, found)) = Match::of(row) {
                    self.matches.entry(accession).or_default().push(found);
                }
            }
            _ => {
                if let Some(id) = row.get("ID")
                    && (row.get("Parent").is_some()
                        || is_gene(row.kind)
                        || row.get("transcript_id").is_some()
                        || row.kind.contains("RNA")
                        || row.kind.contains("transcript"))
                {
                    let there = self.parents.entry(id.into_owned()).or_default();
                    let new = Parent::of(row, self.line);
                    match there.iter_mut().find(|p| p.contig == new.contig) {
                        // A feature in several lines is one.
                        Some(old) => {
                            old.start = old.start.min(new.start);
                            old.end = old.end.max(new.end);
                        }
                        None => there.push(new),
                    }
                }
            }
        }
        Ok(())
    }

    /// The row of an ID on a contig, or the only one that there is.
    pub(super) fn parent(&self, id: &str, contig: &str) -> Option<&Parent> {
        let there = self.parents.get(id)?;
        there.iter().find(|p| p.contig == contig).or(match &there[..] {
            [one] => Some(one),
            _ => None,
        })
    }
}

/// Reads a file; positions are checked against the reference's contigs, not yet its bases.
pub(crate) fn load(path: &Path, contigs: &Contigs, build: Build) -> Result<Loaded> {
    let mut rows = Rows::default();
    let mut loaded = Loaded::default();
    let mut lengths: Vec<(String, u32)> = Vec::new();
    let mut reader = fs::open_text(path)?;
    let (mut text, mut number) = (String::new(), 0_u64);
    loop {
        text.clear();
        let read = reader
            .read_line(&mut text)
            .map_err(|e| Fault::io("read", path, e).line(number + 1))?;
        if read == 0 {
            break;
        }
        number += 1;
        let line = text.trim_end_matches(['\r', '\n']);
        if line.starts_with("##FASTA") || line.starts_with('>') {
            break;
        }
        if number == 1 && !line.starts_with('#') && line.split('\t').count() != 9 {
            return Err(Fault::input("is not a GFF3 file")
                .at(path)
                .line(1)
                .hint("give transcripts in GFF3 format"));
        }
        if let Some(comment) = line.strip_prefix('#') {
            directive(comment, &mut loaded, &mut lengths);
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let row = Row::parse(line).map_err(|what| Fault::input(what).at(path).line(number))?;
        rows.line = number;
        rows.add(&row).map_err(|what| {
            Fault::input(what)
                .at(path)
                .line(number)
                .hint("a transcript file in GFF3 names the parent of every exon and CDS")
        })?;
    }
    prove(path, &mut loaded, &lengths, build)?;
    assemble(path, contigs, rows, &mut loaded, build)?;
    Ok(loaded)
}

/// Header lines: release and contig lengths.
fn directive(comment: &str, loaded: &mut Loaded, lengths: &mut Vec<(String, u32)>) {
    let words: Vec<&str> = comment.trim_start_matches(['#', '!']).split_whitespace().collect();
    match words.as_slice() {
        ["annotation-source", rest @ ..] if !rest.is_empty() => loaded.release = Some(rest.join(" ")),
        ["genebuild-last-updated" | "annotation-date", date] if loaded.release.is_none() => {
            loaded.release = Some((*date).to_owned());
        }
        ["description:", rest @ ..] if loaded.release.is_none() => {
            if let Some(at) = rest.iter().position(|w| *w == "version")
                && let Some(version) = rest.get(at + 1)
            {
                loaded.release = Some(format!("GENCODE {}", version.trim_end_matches([',', ')'])));
            }
        }
        ["date:" | "date" | "release" | "release:", date, ..] if loaded.release.is_none() => {
            loaded.release = Some((*date).to_owned());
        }
        ["sequence-region", name, _, end] => {
            if let Ok(end) = end.parse() {
                lengths.push(((*name).to_owned(), end));
            }
        }
        _ => {}
    }
}

/// A primary contig whose stated length or accession version belongs to the other build is a fault.
fn prove(path: &Path, loaded: &mut Loaded, lengths: &[(String, u32)], build: Build) -> Result<()> {
    let mut agreeing = 0;
    for (name, length) in lengths {
        let Some(key) = ContigKey::of(name).filter(|k| k.as_str() != "MT") else {
            continue;
        };
        let other = if build == Build::Grch37 {
            Build::Grch38
        } else {
            Build::Grch37
        };
        if build.length(&key) == Some(*length) {
            agreeing += 1;
        } else if other.length(&key) == Some(*length) {
            return Err(Fault::input(format!(
                "the transcripts are those of {other}: {name} has {length} bases there; the run is on {build}"
            ))
            .at(path)
            .hint(format!("give the transcript file of {build}")));
        }
    }
    if agreeing > 0 {
        loaded.proven_by = Some(format!("length of {agreeing} contigs"));
    }
    Ok(())
}
