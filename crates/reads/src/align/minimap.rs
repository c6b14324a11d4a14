//! minimap2 (Li 2018, Bioinformatics 34:3094; MIT) through its C interface: the one module of this crate with
//! `unsafe` code.
//!
//! The safe crate `minimap2` 0.1.31 is not used: its index loader reads a freed structure (`idx_reader` after
//! `mm_idx_reader_close`), `map_pair` keeps a pointer to an allocator that `mm_map_frag` may have replaced, and the
//! `proper_frag` bit and several scores are not passed on.
#![allow(unsafe_code, reason = "minimap2 is a C library; each use says why it is sound")]

use std::{
    collections::BTreeMap,
    ffi::{CStr, CString, c_char, c_int, c_void},
    mem::MaybeUninit,
    path::Path,
    ptr,
    sync::Once,
};

use clinotype_genome::{Fault, Progress, Result, sequence::reverse_complement};
use minimap2_sys as mm;

use super::{
    Aligner, Hit, HitKind,
    placing::{self, Place},
};

/// The preset for short reads.
const PRESET: &CStr = c"sr";

/// Lower qualities of [`placing`] stay minimap2's.
const LEAST_RAISED: u8 = 10;

/// Version of the library, as its header states it.
pub(super) fn version() -> String {
    mm::MM_VERSION.to_string_lossy().into_owned()
}

fn options() -> Result<(mm::mm_idxopt_t, mm::mm_mapopt_t)> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        // SAFETY: minimap2 only reads this global, and no call into it has happened before: every one goes through
        // `options` first. 1 lets it print errors only.
        unsafe { mm::mm_verbose = 1 }
    });
    let mut index = MaybeUninit::<mm::mm_idxopt_t>::zeroed();
    let mut map = MaybeUninit::<mm::mm_mapopt_t>::zeroed();
    // SAFETY: both structures are plain C data for which all-zero is valid; `mm_set_opt` with a null preset writes the
    // defaults into them, with a preset it changes them, and it keeps no pointer.
    let (mut index, mut map, known) = unsafe {
        mm::mm_set_opt(ptr::null(), index.as_mut_ptr(), map.as_mut_ptr());
        let known = mm::mm_set_opt(PRESET.as_ptr(), index.as_mut_ptr(), map.as_mut_ptr());
        (index.assume_init(), map.assume_init(), known)
    };
    if known != 0 {
        return Err(Fault::internal("minimap2 does not know its preset sr"));
    }
    // The whole reference in one part: MAPQ over parts would not be comparable.
    index.batch_size = u64::MAX >> 1;
    map.flag |= i64::from(mm::MM_F_CIGAR) | i64::from(mm::MM_F_OUT_SAM);
    // SAFETY: both are initialised; the call only reads them.
    if unsafe { mm::mm_check_opt(&raw const index, &raw const map) } != 0 {
        return Err(Fault::internal("minimap2 refuses its own preset"));
    }
    Ok((index, map))
}

fn c_path(path: &Path) -> Result<CString> {
    CString::new(path.as_os_str().as_encoded_bytes()).map_err(|_| Fault::usage("a path holds a zero byte").at(path))
}

/// An index in memory, never changed after it is made.
pub(super) struct Index(*mut mm::mm_idx_t);

// SAFETY: minimap2 documents `mm_idx_t` as shared between mapping threads; after construction it is only read.
unsafe impl Send for Index {}
// SAFETY: as above.
unsafe impl Sync for Index {}

impl Drop for Index {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `mm_idx_reader_read`, is not null, and nothing else owns it.
        unsafe { mm::mm_idx_destroy(self.0) }
    }
}

impl Index {
    /// Builds an index from FASTA, plain or gzip.
    ///
    /// minimap2 cannot be interrupted, so it reads from a pipe: when the user stops the run the pipe ends, and
    /// minimap2 with it after it has sorted what it had read.
    #[cfg(unix)]
    pub(super) fn build(path: &Path, threads: usize, progress: &dyn Progress) -> Result<Self> {
        use std::os::fd::AsRawFd as _;
        let failed = |e| Fault::io("read the reference", path, e);
        let mut source = clinotype_genome::fs::open(path)?;
        let (reader, mut writer) = std::io::pipe().map_err(failed)?;
        let name = format!("/dev/fd/{}", reader.as_raw_fd());
        std::thread::scope(|scope| {
            let feeder = scope.spawn(move || -> Result<()> {
                let mut bytes = vec![0; 1 << 20];
                loop {
                    progress.check()?;
                    let n = std::io::Read::read(&mut source, &mut bytes).map_err(failed)?;
                    if n == 0 {
                        return Ok(());
                    }
                    match std::io::Write::write_all(&mut writer, &bytes[..n]) {
                        // minimap2 stopped at what it does not take for FASTA; the contigs are compared afterwards.
                        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
                        other => other.map_err(failed)?,
                    }
                }
            });
            let index = Self::open(Path::new(&name), path, threads);
            drop(reader);
            let fed = feeder
                .join()
                .unwrap_or_else(|_| Err(Fault::internal("reading the reference ended early").at(path)));
            fed.and(index)
        })
    }

    /// Builds an index from FASTA, plain or gzip.
    #[cfg(not(unix))]
    pub(super) fn build(path: &Path, threads: usize, _: &dyn Progress) -> Result<Self> {
        Self::open(path, path, threads)
    }

    /// Loads an index that [`Index::write`] wrote. minimap2 ends the process on a damaged one, so the caller proves
    /// its content first.
    pub(super) fn load(path: &Path) -> Result<Self> {
        Self::open(path, path, 1)
    }

    /// `said` is the path that the user knows.
    fn open(path: &Path, said: &Path, threads: usize) -> Result<Self> {
        let (options, _) = options()?;
        let name = c_path(path)?;
        // SAFETY: `name` and `options` live over the call; the reader copies the options.
        let reader = unsafe { mm::mm_idx_reader_open(name.as_ptr(), &raw const options, ptr::null()) };
        if reader.is_null() {
            return Err(Fault::input("cannot be opened by the aligner").at(said));
        }
        // SAFETY: `reader` is not null; it is closed exactly once and not used afterwards.
        let index = unsafe {
            let index = mm::mm_idx_reader_read(reader, threads as c_int);
            mm::mm_idx_reader_close(reader);
            index
        };
        if index.is_null() {
            return Err(Fault::input("holds no sequence that the aligner can index").at(said));
        }
        Ok(Self(index))
    }

    /// Writes the index to an existing, empty file.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let name = c_path(path)?;
        // SAFETY: both strings end with a zero byte and live over the call.
        let file = unsafe { mm::fopen(name.as_ptr(), c"wb".as_ptr()) };
        if file.is_null() {
            return Err(Fault::io("write the index", path, std::io::Error::last_os_error()));
        }
        // SAFETY: `file` is an open stream, closed once; `mm_idx_dump` writes with fwrite and does not end the
        // process; ferror tells whether any of its writes failed.
        let (failed, error) = unsafe {
            mm::mm_idx_dump(file, self.0);
            let failed = mm::ferror(file) != 0;
            let error = std::io::Error::last_os_error();
            (mm::fclose(file) != 0 || failed, error)
        };
        if failed {
            return Err(Fault::io("write the index", path, error));
        }
        Ok(())
    }

    /// Name and length of every sequence, in order.
    pub(super) fn sequences(&self) -> Vec<(String, u32)> {
        // SAFETY: `seq` points to `n_seq` entries that live as long as the index; each name is null or a C string.
        unsafe {
            let index = &*self.0;
            (0..index.n_seq as usize)
                .map(|i| {
                    let entry = &*index.seq.add(i);
                    let name = if entry.name.is_null() {
                        String::new()
                    } else {
                        CStr::from_ptr(entry.name).to_string_lossy().into_owned()
                    };
                    (name, entry.len)
                })
                .collect()
        }
    }

    /// Bases of `start..end` of a sequence: 0 to 3 for A, C, G, T, 4 for others.
    fn bases(&self, sequence: u32, start: u32, end: u32, out: &mut Vec<u8>) {
        out.clear();
        out.resize((end - start) as usize, 4);
        // SAFETY: `out` has room for end - start bytes, and minimap2 writes no more than that: it cuts `end` at the
        // length of the sequence and writes nothing for an unknown one.
        unsafe {
            mm::mm_idx_getseq(self.0, sequence, start, end, out.as_mut_ptr());
        }
    }
}

/// The aligner: an index and the options.
pub(super) struct Minimap {
    index: Index,
    options: mm::mm_mapopt_t,
}

// SAFETY: the options are plain numbers but for `split_prefix`, which is null; they are only read.
unsafe impl Sync for Minimap {}
// SAFETY: as above.
unsafe impl Send for Minimap {}

impl Minimap {
    pub(super) fn new(index: Index) -> Result<Self> {
        let (_, mut options) = options()?;
        // SAFETY: both point to initialised structures; the call writes only the options.
        unsafe { mm::mm_mapopt_update(&raw mut options, index.0) }
        Ok(Self { index, options })
    }
}

/// minimap2's working memory of one thread.
pub(super) struct Workspace {
    buffer: *mut mm::mm_tbuf_t,
    reference: Vec<u8>,
}

// SAFETY: the buffer belongs to whoever owns the workspace; minimap2 ties it to no thread.
unsafe impl Send for Workspace {}

impl Drop for Workspace {
    fn drop(&mut self) {
        // SAFETY: made by `mm_tbuf_init`, destroyed once.
        unsafe { mm::mm_tbuf_destroy(self.buffer) }
    }
}

impl Aligner for Minimap {
    type Workspace = Workspace;

    fn name(&self) -> String {
        format!("minimap2 {}", version())
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        // SAFETY: the index lives as long as `self`.
        let (k, w) = unsafe { ((*self.index.0).k, (*self.index.0).w) };
        let o = &self.options;
        [
            ("preset", "sr".to_owned()),
            ("k", k.to_string()),
            ("w", w.to_string()),
            ("match", o.a.to_string()),
            ("mismatch", o.b.to_string()),
            ("gap_open", format!("{},{}", o.q, o.q2)),
            ("gap_extend", format!("{},{}", o.e, o.e2)),
            ("max_fragment", o.max_frag_len.to_string()),
            ("best_n", o.best_n.to_string()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    fn workspace(&self) -> Workspace {
        Workspace {
            // SAFETY: no arguments; aborts where memory is out.
            buffer: unsafe { mm::mm_tbuf_init() },
            reference: Vec::new(),
        }
    }

    fn map(&self, workspace: &mut Workspace, name: &[u8], reads: [&[u8]; 2]) -> Result<[Vec<Hit>; 2]> {
        let name = CString::new(name).map_err(|_| Fault::internal("a read name holds a zero byte"))?;
        // The preset's orientation FR means: map the second mate reverse-complemented, turn its hits back afterwards
        // (as minimap2's own `worker_for` does).
        let turned = [(self.options.pe_ori >> 1) & 1 != 0, self.options.pe_ori & 1 != 0];
        let sequences: [Vec<u8>; 2] = [0, 1].map(|i| {
            if turned[i] {
                reverse_complement(reads[i])
            } else {
                reads[i].to_vec()
            }
        });
        let lengths = [0, 1].map(|i| sequences[i].len() as c_int);
        let mut pointers = [0, 1].map(|i| sequences[i].as_ptr().cast::<c_char>());
        let mut counts: [c_int; 2] = [0; 2];
        let mut found: [*mut mm::mm_reg1_t; 2] = [ptr::null_mut(); 2];
        // SAFETY: lengths and pointers describe two live buffers; counts and found have room for two; the buffer is
        // used by this call alone, as `workspace` is borrowed mutably; index and options are initialised.
        unsafe {
            mm::mm_map_frag(
                self.index.0,
                2,
                lengths.as_ptr(),
                pointers.as_mut_ptr(),
                counts.as_mut_ptr(),
                found.as_mut_ptr(),
                workspace.buffer,
                &raw const self.options,
                name.as_ptr(),
            );
        }
        // SAFETY: the buffer is live, and no call writes to it now.
        let frequent = unsafe { (*workspace.buffer).rep_len };
        let mut hits = [Vec::new(), Vec::new()];
        let mut places = [Vec::new(), Vec::new()];
        for i in 0..2 {
            for n in 0..counts[i].max(0) as usize {
                // SAFETY: minimap2 gives `counts[i]` elements at `found[i]`; `p` is null or a malloc'ed structure with
                // `n_cigar` operations behind it, owned by us and freed here once.
                unsafe {
                    let region = &*found[i].add(n);
                    if let Some(extra) = region.p.as_ref() {
                        // From the raw pointer: the operations lie behind the structure.
                        let first = (&raw const (*region.p).cigar).cast::<u32>();
                        let cigar = std::slice::from_raw_parts(first, extra.n_cigar as usize);
                        let kind = match (region.parent == region.id, region.sam_pri() != 0) {
                            (true, true) => Some(HitKind::Primary),
                            (true, false) => Some(HitKind::Supplementary),
                            // Another place for the same bases: the preset does not print these.
                            (false, _) => None,
                        };
                        places[i].push(Place {
                            contig: region.rid as u32,
                            start: region.rs as u32,
                            end: region.re as u32,
                            reverse: (region.rev() != 0) != turned[i],
                            score: extra.dp_max,
                            seeds: region.cnt.max(0) as u32,
                            told: kind == Some(HitKind::Primary),
                        });
                        if let Some(kind) = kind {
                            let hit = self.hit(
                                region,
                                extra.dp_score,
                                cigar,
                                kind,
                                &sequences[i],
                                turned[i],
                                &mut workspace.reference,
                            );
                            hits[i].push(hit);
                        }
                    }
                    mm::free(region.p.cast::<c_void>());
                }
            }
            // SAFETY: allocated by minimap2 with malloc, or null; not used afterwards.
            unsafe { mm::free(found[i].cast::<c_void>()) }
        }
        self.raise(&mut hits, [&places[0], &places[1]], frequent, lengths);
        Ok(hits)
    }
}

impl Minimap {
    /// Raises the mapping qualities of the primary hits to what both mates together tell; see [`placing`]. `frequent` is
    /// the number of bases whose seeds minimap2 did not look up, of both mates.
    fn raise(&self, hits: &mut [Vec<Hit>; 2], places: [&[Place]; 2], frequent: c_int, lengths: [c_int; 2]) {
        // A list at its limit may lack places.
        let limit = self.options.best_n.max(1) as usize;
        if places.iter().any(|p| p.len() > limit) {
            return;
        }
        let unique = 1.0 - f64::from(frequent.max(0)) / f64::from(lengths[0] + lengths[1]).max(1.0);
        let longest = self.options.max_frag_len.max(0) as u32;
        let Some(qualities) = placing::qualities(places, longest, unique) else {
            return;
        };
        for (hits, quality) in hits.iter_mut().zip(qualities) {
            // Of two places as good as each other neither is sure: minimap2's 0 says so.
            if let Some(hit) = hits.iter_mut().find(|h| h.kind == HitKind::Primary)
                && quality >= LEAST_RAISED
            {
                hit.mapping_quality = hit.mapping_quality.max(quality);
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one C structure")]
    fn hit(
        &self,
        region: &mm::mm_reg1_t,
        score: i32,
        cigar: &[u32],
        kind: HitKind,
        mapped: &[u8],
        turned: bool,
        reference: &mut Vec<u8>,
    ) -> Hit {
        let length = mapped.len() as u32;
        let (start, end) = (region.rs as u32, region.re as u32);
        self.index.bases(region.rid as u32, start, end, reference);
        // Bases of the read as the reference strand reads them.
        let (query_start, query_end) = (region.qs as u32, region.qe as u32);
        let aligned: Vec<u8> = if region.rev() != 0 {
            reverse_complement(&mapped[query_start as usize..query_end as usize])
        } else {
            mapped[query_start as usize..query_end as usize].to_vec()
        };
        let cigar: Vec<(u32, u8)> = cigar.iter().map(|op| (op >> 4, (op & 15) as u8)).collect();
        let (edits, md) = super::records::edits(&cigar, &aligned, reference);
        // Clips in the direction of the reference do not change when the read is turned.
        let (before, after) = if region.rev() != 0 {
            (length - query_end, query_start)
        } else {
            (query_start, length - query_end)
        };
        Hit {
            contig: region.rid as u32,
            start,
            end,
            reverse: (region.rev() != 0) != turned,
            clips: (before, after),
            mapping_quality: region.mapq() as u8,
            score,
            edits,
            cigar,
            md,
            kind,
        }
    }
}
