//! Reference bases behind a small trait, and a block cache for look-ups that come sorted by position.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, RwLock},
};

use clinotype_genome::{Contigs, Fault, Reference, Result};

/// Where reference bases come from: a FASTA file in production, slices at chromosome coordinates in tests.
pub trait Bases: Sync {
    /// The contigs in the reference's order.
    fn contigs(&self) -> &Contigs;
    /// Upper-case A, C, G, T, N of `start..end` (0-based, half-open), cut at the contig's end.
    fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>>;
}

impl Bases for Reference {
    fn contigs(&self) -> &Contigs {
        Self::contigs(self)
    }
    fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        Self::fetch(self, contig, start, end)
    }
}

/// Bases per cached block.
const BLOCK: u32 = 1 << 16;
/// Blocks kept: 32 MB.
const KEPT: usize = 512;

type BlockKey = (usize, u32);

/// Keeps the blocks that were read last, shared by all threads.
pub(crate) struct Cached<'a> {
    source: &'a dyn Bases,
    index: HashMap<String, usize>,
    blocks: RwLock<HashMap<BlockKey, Arc<Vec<u8>>>>,
    order: Mutex<VecDeque<BlockKey>>,
}

impl<'a> Cached<'a> {
    pub(crate) fn new(source: &'a dyn Bases) -> Self {
        let index = source
            .contigs()
            .iter()
            .enumerate()
            .map(|(i, c)| (c.name.clone(), i))
            .collect();
        Self {
            source,
            index,
            blocks: RwLock::default(),
            order: Mutex::default(),
        }
    }

    fn block(&self, contig: &str, key: BlockKey) -> Result<Arc<Vec<u8>>> {
        let poisoned = || Fault::internal("another thread failed while it read the reference");
        if let Some(block) = self.blocks.read().map_err(|_| poisoned())?.get(&key) {
            return Ok(Arc::clone(block));
        }
        let start = key.1.saturating_mul(BLOCK);
        let block = Arc::new(self.source.fetch(contig, start, start.saturating_add(BLOCK))?);
        let mut order = self.order.lock().map_err(|_| poisoned())?;
        let mut blocks = self.blocks.write().map_err(|_| poisoned())?;
        if blocks.insert(key, Arc::clone(&block)).is_none() {
            order.push_back(key);
        }
        while order.len() > KEPT {
            if let Some(oldest) = order.pop_front() {
                blocks.remove(&oldest);
            }
        }
        Ok(block)
    }
}

impl Bases for Cached<'_> {
    fn contigs(&self) -> &Contigs {
        self.source.contigs()
    }
    fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        let Some(&index) = self.index.get(contig) else {
            return Err(Fault::input(format!("the reference has no contig {contig}")));
        };
        if start >= end {
            return Ok(Vec::new());
        }
        let mut out = Vec::with_capacity((end - start) as usize);
        for number in start / BLOCK..=(end - 1) / BLOCK {
            let block = self.block(contig, (index, number))?;
            let origin = number * BLOCK;
            let from = (start.saturating_sub(origin) as usize).min(block.len());
            let to = ((end - origin) as usize).min(block.len());
            out.extend_from_slice(&block[from..to.max(from)]);
        }
        Ok(out)
    }
}

/// Blocks that a [`Window`] may hold: 4 MB.
const WINDOW: u32 = 64;

/// The blocks under a run of neighbouring records, at hand without a lock; what lies outside comes from the cache.
pub(crate) struct Window<'a> {
    cache: &'a Cached<'a>,
    contig: &'a str,
    first: u32,
    blocks: Vec<Arc<Vec<u8>>>,
}

impl<'a> Window<'a> {
    /// The blocks of `start..end` (0-based, half-open) and a thousand bases on either side; none where that is too wide.
    pub(crate) fn new(cache: &'a Cached<'a>, contig: &'a str, start: u32, end: u32) -> Result<Self> {
        let mut window = Self {
            cache,
            contig,
            first: start.saturating_sub(1 << 10) / BLOCK,
            blocks: Vec::new(),
        };
        let length = cache.contigs().get(contig).map_or(0, |c| c.length);
        let last = end.saturating_add(1 << 10).min(length.max(1)) / BLOCK;
        if let Some(&index) = cache.index.get(contig)
            && last.saturating_sub(window.first) < WINDOW
        {
            for number in window.first..=last {
                window.blocks.push(cache.block(contig, (index, number))?);
            }
        }
        Ok(window)
    }

    /// The bases of `start..end` where they lie within one block of the window; whole, not cut at the contig's end.
    #[inline]
    pub(crate) fn slice(&self, start: u32, end: u32) -> Option<&[u8]> {
        let block = self.blocks.get((start / BLOCK).checked_sub(self.first)? as usize)?;
        let from = (start % BLOCK) as usize;
        block.get(from..from + end.checked_sub(start)? as usize)
    }
}

impl Bases for Window<'_> {
    fn contigs(&self) -> &Contigs {
        self.cache.contigs()
    }
    fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
        if contig == self.contig
            && let Some(bases) = self.slice(start, end)
        {
            return Ok(bases.to_vec());
        }
        self.cache.fetch(contig, start, end)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use std::{collections::BTreeMap, io::BufRead, path::PathBuf};

    use clinotype_genome::{Build, Contig, ContigKey, fs};

    use super::*;

    /// Sequence slices at chromosome coordinates; N elsewhere.
    pub(crate) struct Slices {
        contigs: Contigs,
        slices: BTreeMap<(String, u32), Vec<u8>>,
    }

    impl Slices {
        /// (contig, 0-based start, bases) on contigs of GRCh38's lengths.
        pub(crate) fn new(parts: Vec<(String, u32, Vec<u8>)>) -> Self {
            let mut names: Vec<&str> = parts.iter().map(|p| p.0.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let length = |name: &str| {
                ContigKey::of(name)
                    .and_then(|key| Build::Grch38.length(&key))
                    .unwrap_or(1_000_000)
            };
            let contigs = names
                .iter()
                .map(|name| Contig {
                    name: (*name).to_owned(),
                    length: length(name),
                })
                .collect();
            Self {
                contigs: Contigs::new(contigs),
                slices: parts.into_iter().map(|(c, s, b)| ((c, s), b)).collect(),
            }
        }

        /// From FASTA records named `chr17:43024295-43217981` (1-based, closed).
        pub(crate) fn read(path: &std::path::Path) -> Self {
            let mut parts: Vec<(String, u32, Vec<u8>)> = Vec::new();
            for line in fs::open_text(path).unwrap().lines() {
                let line = line.unwrap();
                if let Some(name) = line.strip_prefix('>') {
                    let name = name.split_whitespace().next().unwrap();
                    let (contig, span) = name.split_once(':').unwrap();
                    let start: u32 = span.split_once('-').unwrap().0.parse().unwrap();
                    parts.push((contig.to_owned(), start - 1, Vec::new()));
                } else {
                    parts.last_mut().unwrap().2.extend(line.to_ascii_uppercase().bytes());
                }
            }
            Self::new(parts)
        }
    }

    impl Bases for Slices {
        fn contigs(&self) -> &Contigs {
            &self.contigs
        }
        fn fetch(&self, contig: &str, start: u32, end: u32) -> Result<Vec<u8>> {
            let length = self.contigs.get(contig).map_or(0, |c| c.length);
            let end = end.min(length);
            let mut out = vec![b'N'; end.saturating_sub(start) as usize];
            for ((_, at), bases) in self.slices.range((contig.to_owned(), 0)..(contig.to_owned(), end)) {
                let (from, to) = ((*at).max(start), (*at + bases.len() as u32).min(end));
                if from < to {
                    out[(from - start) as usize..(to - start) as usize]
                        .copy_from_slice(&bases[(from - at) as usize..(to - at) as usize]);
                }
            }
            Ok(out)
        }
    }

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

    #[test]
    fn the_cache_gives_the_same_bases() {
        let bases: Vec<u8> = (0..200_000_u32)
            .map(|i| b"ACGT"[(i * 7 + i / 5) as usize % 4])
            .collect();
        let slices = Slices::new(vec![("chr1".into(), 1000, bases)]);
        let cached = Cached::new(&slices);
        for (s, e) in [
            (0, 10),
            (65_530, 65_540),
            (60_000, 200_000),
            (990, 1010),
            (201_000, 201_001),
        ] {
            assert_eq!(cached.fetch("chr1", s, e).unwrap(), slices.fetch("chr1", s, e).unwrap());
        }
        assert!(cached.fetch("chr9", 0, 1).is_err());
    }

    #[test]
    fn a_window_gives_the_same_bases() {
        let bases: Vec<u8> = (0..300_000_u32)
            .map(|i| b"ACGT"[(i * 11 + i / 7) as usize % 4])
            .collect();
        let slices = Slices::new(vec![("chr1".into(), 0, bases)]);
        let cached = Cached::new(&slices);
        let window = Window::new(&cached, "chr1", 70_000, 140_000).unwrap();
        for (s, e) in [
            (70_000, 70_001),
            (65_530, 65_540),
            (131_070, 131_080),
            (0, 3),
            (250_000, 299_999),
            (299_990, 300_010),
        ] {
            assert_eq!(window.fetch("chr1", s, e).unwrap(), slices.fetch("chr1", s, e).unwrap());
        }
        assert!(window.slice(131_071, 131_073).is_none());
        let whole = Window::new(&cached, "chr1", 0, 240_000_000).unwrap();
        assert!(whole.blocks.is_empty());
        assert_eq!(whole.fetch("chr1", 5, 9).unwrap(), slices.fetch("chr1", 5, 9).unwrap());
    }
}
