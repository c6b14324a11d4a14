//! Alignments as the steps on reads need them: a sorted BAM with its index. A CRAM is unpacked for the time of the step.

use std::path::{Path, PathBuf};

use clinotype_genome::{Progress, Reference, Result, fs};

/// An indexed BAM, the one given or one made from a CRAM; what was made is removed when this is dropped.
#[derive(Debug)]
pub struct Alignments {
    bam: PathBuf,
    made_in: Option<PathBuf>,
}

impl Alignments {
    /// A BAM as it is. A CRAM 3 is unpacked into `scratch`, a folder made here: about twice the room of the CRAM, in
    /// at most `memory` bytes.
    ///
    /// Faults: see [`clinotype_reads::cram_to_bam`].
    pub fn open(
        path: &Path,
        reference: &Reference,
        scratch: &Path,
        memory: u64,
        progress: &dyn Progress,
    ) -> Result<Self> {
        if !clinotype_reads::is_cram(path)? {
            return Ok(Self {
                bam: path.to_owned(),
                made_in: None,
            });
        }
        // Before the work, so that a fault removes the folder, too.
        let made = Self::to_be_made(scratch)?;
        clinotype_reads::cram_to_bam(path, reference, &made.bam, memory, progress)?;
        Ok(made)
    }

    /// A place for a BAM that one step makes and another reads, in `scratch`, a folder made here.
    pub(crate) fn to_be_made(scratch: &Path) -> Result<Self> {
        fs::create_dir_all(scratch)?;
        Ok(Self {
            bam: scratch.join("alignments.bam"),
            made_in: Some(scratch.to_owned()),
        })
    }

    /// The BAM; its index stands beside it.
    pub fn bam(&self) -> &Path {
        &self.bam
    }
}

impl Drop for Alignments {
    fn drop(&mut self) {
        let Some(folder) = &self.made_in else { return };
        let mut index = self.bam.as_os_str().to_owned();
        index.push(".bai");
        let _ = fs::remove_if_there(&self.bam);
        let _ = fs::remove_if_there(PathBuf::from(index));
        // Fails where the caller keeps other files there, which is right.
        let _ = std::fs::remove_dir(folder);
    }
}
