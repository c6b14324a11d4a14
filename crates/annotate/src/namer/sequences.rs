//! The FASTA that names are made on, with the blocks that were read last kept.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, RwLock},
};

use clinotype_genome::{Build, Contig, ContigKey, Contigs, Fault, Reference, Result};

use crate::bases::Bases;

/// Bases per kept block.
const BLOCK: u32 = 1 << 14;
/// Blocks kept: 64 MB.
const KEPT: usize = 4096;

/// A record's place on a contig.
#[derive(Clone, Copy, Debug)]
struct Part {
    record: usize,
    start: u32,
    length: u32,
}

type BlockKey = (usize, u32);

/// Records of an indexed FASTA, plain or BGZF.
///
/// Records named `chr17:43024295-43217981` (1-based, closed, as `samtools faidx` writes them) are pieces of a contig:
/// they are read at their place, and what lies between them is N.
pub struct Sequences {
    references: Vec<Reference>,
    /// File and name of every record.
    records: Vec<(usize, String)>,
    contigs: Contigs,
    parts: HashMap<String, Vec<Part>>,
    blocks: RwLock<HashMap<BlockKey, Arc<Vec<u8>>>>,
}

impl std::fmt::Debug for Sequences {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sequences")
            .field("references", &self.references)
            .finish_non_exhaustive()
    }
}

/// Contig, 0-based start and length of a record named as a piece of a contig.
fn piece(name: &str, length: u32) -> Option<(&str, u32)> {
    let (contig, span) = name.rsplit_once(':')?;
    let (start, end) = span.split_once('-')?;
    let (start, end): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
    (start > 0 && end.checked_sub(start)? + 1 == length).then(|| (contig, start - 1))
}

impl Sequences {
    /// Opens a FASTA; its index is made where it is missing. `build` gives the length of contigs that are here in
    /// pieces.
    pub fn open(path: &Path, build: Option<Build>) -> Result<Self> {
        Self::of(vec![Reference::open(path)?], build)
    }

    /// From open files, for example a genome and the records of its transcripts. A name in two of them is a fault.
    pub fn of(references: Vec<Reference>, build: Option<Build>) -> Result<Self> {
        let mut parts: HashMap<String, Vec<Part>> = HashMap::new();
        let mut order: Vec<String> = Vec::new();
        let mut records = Vec::new();
        let mut files: HashMap<&str, usize> = HashMap::new();
        let all = references
            .iter()
            .enumerate()
            .flat_map(|(file, reference)| reference.contigs().iter().map(move |contig| (file, contig)));
        for (record, (file, contig)) in all.enumerate() {
            let known = files.entry(&contig.name).or_insert(file);
            if *known != file {
                return Err(
                    Fault::input(format!("the sequence {} stands in two files", contig.name))
                        .at(references[file].path())
                        .hint("leave one of them out"),
                );
            }
            records.push((file, contig.name.clone()));
            let (name, start) = piece(&contig.name, contig.length).unwrap_or((&contig.name, 0));
            if !parts.contains_key(name) {
                order.push(name.to_owned());
            }
            parts.entry(name.to_owned()).or_default().push(Part {
                record,
                start,
                length: contig.length,
            });
        }
        let contigs = order
            .into_iter()
            .map(|name| {
                let list = parts.entry(name.clone()).or_default();
                list.sort_by_key(|p| p.start);
                let reach = list.iter().map(|p| p.start + p.length).max().unwrap_or(0);
                let in_pieces = list.iter().any(|p| records[p.record].1 != name);
                let stated = build
                    .or(in_pieces.then_some(Build::Grch38))
                    .and_then(|build| build.length(&ContigKey::of(&name)?))
                    .filter(|length| in_pieces && *length >= reach);
                Contig {
                    length: stated.unwrap_or(reach),
                    name,
                }
            })
            .collect();
        Ok(Self {
            references,
            records,
            contigs: Contigs::new(contigs),
            parts,
            blocks: RwLock::default(),
        })
    }

    fn block(&self, record: usize, number: u32) -> Result<Arc<Vec<u8>>> {
        let poisoned = || Fault::internal("another thread failed while it read the reference");
        let key = (record, number);
        if let Some(block) = self.blocks.read().map_err(|_| poisoned())?.get(&key) {
            return Ok(Arc::clone(block));
        }
        let start = number.saturating_mul(BLOCK);
        let (file, name) = &self.records[record];
        let block = Arc::new(self.references[*file].fetch(name, start, start.saturating_add(BLOCK))?);
        let mut blocks = self.blocks.write().map_err(|_| poisoned())?;
        if blocks.len() >= KEPT {
            // Names come in no order: nothing tells which block is asked for next.
            blocks.clear();
        }
        blocks.insert(key, Arc::clone(&block));
        Ok(block)
    }
}

impl Bases for Sequences {
    fn contigs(&self) -> &Contigs {
        &self.contigs
    }

    fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        let Some(parts) = self.parts.get(contig) else {
            return Err(Fault::input(format!("the reference has no sequence {contig}")));
        };
        let reach = parts.iter().map(|p| p.start + p.length).max().unwrap_or(0);
        let length = if parts.len() == 1 && parts[0].start == 0 {
            reach
        } else {
            self.contigs.get(contig).map_or(reach, |c| c.length)
        };
        let end = end.min(length);
        if start >= end {
            return Ok(Vec::new());
        }
        let mut out = vec![b'N'; (end - start) as usize];
        for part in parts {
            let (from, to) = (start.max(part.start), end.min(part.start + part.length));
            if from >= to {
                continue;
            }
            let (first, last) = (from - part.start, to - part.start);
            for number in first / BLOCK..=(last - 1) / BLOCK {
                let block = self.block(part.record, number)?;
                let origin = number * BLOCK;
                let (a, b) = (first.max(origin), last.min(origin + block.len() as u32));
                if a < b {
                    let target = (part.start + a - start) as usize;
                    out[target..target + (b - a) as usize]
                        .copy_from_slice(&block[(a - origin) as usize..(b - origin) as usize]);
                }
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lie_at_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.fa");
        let long = "ACGT".repeat(10_000);
        clinotype_genome::fs::write_atomic(
            &path,
            format!(">chr17:11-18\nACGTACGT\n>NM_1.1 x\nGGG\n>chr17:31-32\nTT\n>long\n{long}\n").as_bytes(),
        )
        .unwrap();
        let sequences = Sequences::open(&path, None).unwrap();
        let names: Vec<_> = sequences
            .contigs()
            .iter()
            .map(|c| (c.name.as_str(), c.length))
            .collect();
        assert_eq!(names, [("chr17", 83_257_441), ("NM_1.1", 3), ("long", 40_000)]);
        assert_eq!(sequences.fetch("chr17", 8, 20).unwrap(), b"NNACGTACGTNN");
        assert_eq!(sequences.fetch("chr17", 29, 33).unwrap(), b"NTTN");
        assert_eq!(sequences.fetch("NM_1.1", 1, 9).unwrap(), b"GG");
        assert_eq!(sequences.fetch("long", 16_380, 16_390).unwrap(), b"ACGTACGTAC");
        assert!(sequences.fetch("chr9", 0, 1).is_err());
    }
}
