//! Transcripts compiled to one memory-mapped file: a start reads its header and its index, and each transcript when it
//! is first asked for.
//!
//! ```text
//! 0   CLTRANSC            magic
//! 8   u32                 format
//! 12  u32                 CRC-32 of the bytes from 16 on
//! 16  u64                 length of the whole file
//! 24  u64                 transcripts
//! 32  5 x u64             length of each section: facts, ends of strings, strings, ends of records, records
//! 72                      the sections, one after the other
//! ```
//!
//! Numbers are little-endian. Facts are lines of a key and its values, separated by tabs. A record is a row of
//! variable-length numbers (7 bits each, low ones first); its texts are numbers of strings, 0 for none.

use std::{io::Write as _, path::Path};

use clinotype_genome::{Build, Contig, Contigs, Fault, Result, fs::AtomicFile};
use flate2::Crc;

use super::{
    map::Bytes,
    model::{Span, Transcript},
    record,
};

/// What a compiled file begins with.
pub(super) const MAGIC: &[u8; 8] = b"CLTRANSC";
/// The format that this version writes and reads.
pub(super) const FORMAT: u32 = 1;
const HEADER: usize = 72;
const SECTIONS: usize = 5;

/// A file that transcripts came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name without folders.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The release that it states.
    pub release: Option<String>,
}

/// What stands in a compiled file besides the transcripts.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) build: Build,
    /// The reference's contigs that carry transcripts.
    pub(super) contigs: Vec<Contig>,
    pub(super) sources: Vec<Source>,
    pub(super) proof: Option<String>,
    pub(super) warnings: Vec<String>,
    /// Of the reference's bases under some of the transcripts.
    pub(super) fingerprint: u32,
}

fn clean(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

impl Facts {
    fn write(&self) -> String {
        let mut out = format!("build\t{}\nfingerprint\t{}\n", self.build, self.fingerprint);
        let mut line = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|w| clean(w)).collect();
            out.push_str(&words.join("\t"));
            out.push('\n');
        };
        for contig in &self.contigs {
            line(&["contig", &contig.name, &contig.length.to_string()]);
        }
        for source in &self.sources {
            line(&[
                "source",
                &source.file,
                &source.sha256,
                source.release.as_deref().unwrap_or(""),
            ]);
        }
        if let Some(proof) = &self.proof {
            line(&["proof", proof]);
        }
        for warning in &self.warnings {
            line(&["warning", warning]);
        }
        out
    }

    fn read(text: &str) -> Option<Self> {
        let (mut build, mut fingerprint) = (None, None);
        let mut facts = Self {
            build: Build::Grch38,
            contigs: Vec::new(),
            sources: Vec::new(),
            proof: None,
            warnings: Vec::new(),
            fingerprint: 0,
        };
        for line in text.lines() {
            let words: Vec<&str> = line.split('\t').collect();
            match words[..] {
                ["build", name] => build = name.parse().ok(),
                ["fingerprint", number] => fingerprint = number.parse().ok(),
                ["contig", name, length] => facts.contigs.push(Contig {
                    name: name.to_owned(),
                    length: length.parse().ok()?,
                }),
                ["source", file, sha256, release] => facts.sources.push(Source {
                    file: file.to_owned(),
                    sha256: sha256.to_owned(),
                    release: Some(release.to_owned()).filter(|r| !r.is_empty()),
                }),
                ["proof", words] => facts.proof = Some(words.to_owned()),
                ["warning", words] => facts.warnings.push(words.to_owned()),
                _ => return None,
            }
        }
        facts.build = build?;
        facts.fingerprint = fingerprint?;
        Some(facts)
    }
}

/// Writes a compiled file; it appears by rename.
pub(super) fn write<'t>(
    path: &Path,
    facts: &Facts,
    transcripts: impl ExactSizeIterator<Item = &'t Transcript>,
) -> Result<()> {
    let count = transcripts.len() as u64;
    let mut strings = record::Strings::default();
    let (mut records, mut ends) = (Vec::new(), Vec::new());
    for t in transcripts {
        let contig = facts
            .contigs
            .iter()
            .position(|c| c.name == t.contig)
            .ok_or_else(|| Fault::internal(format!("{} lies on a contig without a number", t.accession)))?;
        record::write(&mut records, t, contig as u32, &mut strings);
        ends.extend_from_slice(&(records.len() as u64).to_le_bytes());
    }
    let (texts, text_ends) = strings.finish();
    let facts = facts.write();
    let sections: [&[u8]; SECTIONS] = [facts.as_bytes(), &text_ends, texts.as_bytes(), &ends, &records];
    let total = HEADER + sections.iter().map(|s| s.len()).sum::<usize>();
    let mut tail = Vec::with_capacity(HEADER);
    tail.extend_from_slice(&(total as u64).to_le_bytes());
    tail.extend_from_slice(&count.to_le_bytes());
    for section in sections {
        tail.extend_from_slice(&(section.len() as u64).to_le_bytes());
    }
    let mut crc = Crc::new();
    crc.update(&tail);
    for section in sections {
        crc.update(section);
    }
    let mut file = AtomicFile::create(path)?;
    let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(|e| Fault::io("write", path, e));
    put(MAGIC)?;
    put(&FORMAT.to_le_bytes())?;
    put(&crc.sum().to_le_bytes())?;
    put(&tail)?;
    for section in sections {
        put(section)?;
    }
    file.commit()
}

/// A compiled file, checked whole.
#[derive(Debug)]
pub(super) struct Compiled {
    bytes: Bytes,
    /// Start and end of each section.
    sections: [(usize, usize); SECTIONS],
    pub(super) facts: Facts,
    count: usize,
}

/// Whether a file is a compiled one, of any format.
pub(super) fn is_compiled(path: &Path) -> Result<bool> {
    use std::io::Read as _;
    let mut head = Vec::new();
    clinotype_genome::fs::open(path)?
        .take(8)
        .read_to_end(&mut head)
        .map_err(|e| Fault::io("read", path, e))?;
    Ok(head == MAGIC)
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

impl Compiled {
    /// Opens a file and checks format, length, checksum and every record.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let fault = |what: String| {
            Fault::input(what)
                .at(path)
                .hint("compile the transcripts again from their GFF3 file")
        };
        let cut = || fault("is cut short: a compiled transcript file ends before its header does".to_owned());
        let bytes = Bytes::open(path)?;
        if bytes.get(..8) != Some(MAGIC) {
            return Err(fault("is not a compiled transcript file".to_owned()));
        }
        let word = |at: usize| -> Option<u32> { Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)) };
        let format = word(8).ok_or_else(cut)?;
        if format != FORMAT {
            return Err(fault(format!(
                "is a compiled transcript file of format {format}; this version reads format {FORMAT}"
            )));
        }
        if bytes.len() < HEADER {
            return Err(cut());
        }
        let total = number(&bytes, 16).ok_or_else(cut)?;
        if total != bytes.len() as u64 {
            return Err(fault(format!(
                "is cut short: it has {} bytes and was written with {total}",
                bytes.len()
            )));
        }
        let mut crc = Crc::new();
        crc.update(&bytes[16..]);
        if Some(crc.sum()) != word(12) {
            return Err(fault(
                "is damaged: its checksum is not the one it was written with".to_owned(),
            ));
        }
        let damaged = || fault("is damaged: its parts do not fit together".to_owned());
        let (mut sections, mut at) = ([(0, 0); SECTIONS], HEADER);
        for (n, section) in sections.iter_mut().enumerate() {
            let length = number(&bytes, 32 + n * 8)
                .and_then(|n| usize::try_from(n).ok())
                .ok_or_else(damaged)?;
            let end = at
                .checked_add(length)
                .filter(|e| *e <= bytes.len())
                .ok_or_else(damaged)?;
            *section = (at, end);
            at = end;
        }
        let count = number(&bytes, 24)
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| n.checked_mul(8) == Some(sections[3].1 - sections[3].0))
            .ok_or_else(damaged)?;
        let part = |n: usize| &bytes[sections[n].0..sections[n].1];
        let facts = std::str::from_utf8(part(0))
            .ok()
            .and_then(Facts::read)
            .ok_or_else(damaged)?;
        let compiled = Self {
            bytes,
            sections,
            facts,
            count,
        };
        compiled.check().ok_or_else(damaged)?;
        Ok(compiled)
    }

    fn section(&self, n: usize) -> &[u8] {
        &self.bytes[self.sections[n].0..self.sections[n].1]
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Piece `n` of a section that another one holds the ends of.
    fn piece(&self, ends: usize, data: usize, n: usize) -> Option<&[u8]> {
        let ends = self.section(ends);
        let from = match n.checked_sub(1) {
            None => 0,
            Some(before) => number(ends, before * 8)?,
        };
        let to = number(ends, n * 8)?;
        self.section(data)
            .get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }

    /// Text `n`; 0 is none.
    fn text(&self, n: u32) -> Option<&str> {
        std::str::from_utf8(self.piece(1, 2, (n as usize).checked_sub(1)?)?).ok()
    }

    /// Every string and every record can be read.
    fn check(&self) -> Option<()> {
        for n in 0..self.section(1).len() / 8 {
            std::str::from_utf8(self.piece(1, 2, n)?).ok()?;
        }
        let strings = (self.section(1).len() / 8) as u32;
        let mut exons = Vec::new();
        for n in 0..self.count {
            record::check(self.piece(3, 4, n)?, strings, &self.facts.contigs, &mut exons)?;
        }
        Some(())
    }

    /// Contig (index among the facts' contigs) and span of transcript `n`.
    pub(super) fn span(&self, n: usize) -> Option<(usize, Span)> {
        record::span(self.piece(3, 4, n)?)
    }

    /// Transcript `n`.
    pub(super) fn transcript(&self, n: usize) -> Option<Transcript> {
        record::read(self.piece(3, 4, n)?, &self.facts.contigs, |text| {
            self.text(text).map(str::to_owned)
        })
    }

    /// Whether the file was compiled for these contigs.
    pub(super) fn fits(&self, contigs: &Contigs) -> Result<(), String> {
        for contig in &self.facts.contigs {
            match contigs.get(&contig.name) {
                None => {
                    return Err(format!(
                        "was compiled for a reference with a contig {}, which this one lacks",
                        contig.name
                    ));
                }
                Some(ours) if ours.length != contig.length => {
                    return Err(format!(
                        "was compiled for a reference whose {} has {} bases; this one's has {}",
                        contig.name, contig.length, ours.length
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}
