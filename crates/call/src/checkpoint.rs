//! What a killed run had finished: every window that was called is kept as a file of its own, so that going on costs
//! only the windows that were in work.
//!
//! A kept window holds the text of its records and its reference blocks, which is all that [`crate::run`] writes. It is
//! taken over only if a digest over its bytes, the window's bounds and the run's key agrees; whatever does not agree,
//! or cannot be read, is called again. That makes it safe to give a file its name without waiting for the disk: one
//! that a power failure emptied proves to be none.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, digest, fs};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Deserialize, Serialize};

use crate::{CallOptions, alignments::Tally, gvcf::Block, plan::Shard, shard::Called, slippage::Slippage};

/// Where a run keeps its finished windows, and what makes them its own.
#[derive(Clone, Copy, Debug)]
pub struct Keep<'a> {
    /// A folder for nothing else, made where missing. Its removal, when the outputs stand, is the caller's.
    pub folder: &'a Path,
    /// Everything outside [`CallOptions`] that decides the calls: digests of BAM and reference, version of the
    /// software. Windows kept under another key are not taken over and are removed.
    pub key: &'a str,
}

/// A called window as it is written and kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finished {
    /// Sorted by position.
    pub(crate) lines: Vec<Line>,
    /// Sorted; empty where no gVCF is written.
    pub(crate) blocks: Vec<Block>,
    /// Reads used and not used.
    pub(crate) tally: Tally,
    /// Regions looked at.
    pub(crate) active: u64,
}

/// A record in its final words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// 0-based position of the first base of REF.
    pub(crate) position: u32,
    /// 0-based base after REF.
    pub(crate) end: u32,
    /// Whether any allele is not a single base.
    pub(crate) indel: bool,
    /// Whether it fails a filter.
    pub(crate) filtered: bool,
    /// Its line in the VCF.
    pub(crate) vcf: String,
    /// Its line in the gVCF, where one is written.
    pub(crate) gvcf: Option<String>,
}

impl Finished {
    /// The words of a window on this contig.
    pub(crate) fn of(called: Called, contig: &str, gvcf: bool) -> Self {
        let text = |record: &crate::record::Record, gvcf| {
            let mut text = String::new();
            record.write(&mut text, contig, gvcf);
            text
        };
        Self {
            lines: called
                .records
                .iter()
                .map(|record| Line {
                    position: record.position,
                    end: record.end(),
                    indel: record.is_indel(),
                    filtered: !record.filters.is_empty(),
                    vcf: text(record, false),
                    gvcf: gvcf.then(|| text(record, true)),
                })
                .collect(),
            blocks: called.blocks,
            tally: called.tally,
            active: called.active,
        }
    }
}

/// The kept windows of one run.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    folder: PathBuf,
    /// Digest of everything that the windows have in common.
    key: String,
}

impl Checkpoint {
    /// Opens the folder and removes what another key, or a kill in the middle of writing, left there.
    pub(crate) fn open(keep: &Keep<'_>, options: &CallOptions<'_>, slippage: &Slippage) -> Result<Self> {
        let what = format!(
            "{} {:?}",
            env!("CARGO_PKG_VERSION"),
            (
                (keep.key, options.sample, options.sex, options.build),
                (options.targets, options.padding, options.gvcf.is_some()),
                slippage,
            )
        );
        let made = Self {
            folder: keep.folder.to_owned(),
            key: digest::sha256(what.as_bytes()),
        };
        fs::create_dir_all(&made.folder)?;
        let entries = std::fs::read_dir(&made.folder).map_err(|e| Fault::io("read the folder", &made.folder, e))?;
        for entry in entries {
            let entry = entry.map_err(|e| Fault::io("read the folder", &made.folder, e))?;
            let mine = entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with(made.prefix()));
            if !mine {
                fs::remove_if_there(entry.path())?;
            }
        }
        Ok(made)
    }

    fn prefix(&self) -> &str {
        &self.key[..16]
    }

    fn path(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{}-{number:07}", self.prefix()))
    }

    /// What proves a window's bytes to be those of this window under this key.
    fn proof(&self, number: usize, shard: &Shard, bytes: &[u8]) -> String {
        let what = format!("{} {number} {shard:?} {}", self.key, digest::sha256(bytes));
        digest::sha256(what.as_bytes())
    }

    /// The window with this number in the plan, if it is kept whole.
    pub(crate) fn take(&self, number: usize, shard: &Shard) -> Option<Finished> {
        let path = self.path(number);
        if !path.is_file() {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let (proof, packed) = bytes.split_at_checked(PROOF)?;
        if proof != self.proof(number, shard, packed).as_bytes() {
            return None;
        }
        let mut json = Vec::new();
        ZlibDecoder::new(packed).read_to_end(&mut json).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Keeps a window.
    pub(crate) fn put(&self, number: usize, shard: &Shard, finished: &Finished) -> Result<()> {
        let path = self.path(number);
        let failed = |e| Fault::io("write", &path, e);
        let json = serde_json::to_vec(finished)
            .map_err(|e| Fault::internal("a finished window cannot be written").caused_by(e))?;
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(&json).and_then(|()| packer.finish()).map_err(failed)?;
        let mut file = fs::AtomicFile::create(&path)?;
        file.write_all(self.proof(number, shard, &packed).as_bytes())
            .and_then(|()| file.write_all(&packed))
            .map_err(failed)?;
        file.commit_unsynced()
    }
}

/// Bytes of the proof in front of a window: SHA-256 in hexadecimal.
const PROOF: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: u32) -> Shard {
        Shard {
            contig: 0,
            spans: vec![(start, start + 100)],
            has_reads: true,
        }
    }

    fn finished() -> Finished {
        Finished {
            lines: vec![Line {
                position: 4,
                end: 5,
                indel: false,
                filtered: true,
                vcf: "1\t5\n".into(),
                gvcf: Some("1\t5\t.\n".into()),
            }],
            blocks: vec![Block::empty(5, 100, 2)],
            active: 3,
            ..Finished::default()
        }
    }

    #[test]
    fn a_window_is_taken_over_only_whole_and_under_its_own_key_and_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let here = |key: &str| Checkpoint {
            folder: folder.path().to_owned(),
            key: digest::sha256(key.as_bytes()),
        };
        let kept = here("a");
        kept.put(7, &window(0), &finished()).unwrap();
        assert_eq!(kept.take(7, &window(0)), Some(finished()));
        assert_eq!(kept.take(7, &window(1)), None, "other bounds");
        assert_eq!(kept.take(8, &window(0)), None, "another number");
        // Even under the other key's name.
        std::fs::copy(kept.path(7), here("b").path(7)).unwrap();
        assert_eq!(here("b").take(7, &window(0)), None, "another key");
        let whole = fs::read(kept.path(7)).unwrap();
        for length in [0, 10, PROOF, whole.len() - 1] {
            fs::write_atomic(kept.path(7), &whole[..length]).unwrap();
            assert_eq!(kept.take(7, &window(0)), None, "cut to {length}");
        }
        for at in 0..whole.len() {
            let mut spoilt = whole.clone();
            spoilt[at] ^= 1;
            fs::write_atomic(kept.path(7), &spoilt).unwrap();
            assert_eq!(kept.take(7, &window(0)), None, "byte {at} changed");
        }
    }
}
