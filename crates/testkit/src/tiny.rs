//! Small genomes for the tests of other crates.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs};

use crate::{bgzf, dice::Dice};

/// Bases in one line of FASTA.
pub(crate) const LINE: usize = 60;

/// Writes `reference.fa` into `dir` with random contigs of the given (name, number of bases), and gives its path.
/// The same seed gives the same bytes. Random sequence has no repeats longer than some twenty bases.
pub fn random_reference(dir: &Path, contigs: &[(&str, usize)], seed: u64) -> Result<PathBuf> {
    let mut dice = Dice::new(seed);
    let mut text = Vec::new();
    for (name, length) in contigs {
        text.extend(format!(">{name}\n").bytes());
        let bases: Vec<u8> = (0..*length).map(|_| dice.base()).collect();
        for line in bases.chunks(LINE) {
            text.extend(line);
            text.push(b'\n');
        }
    }
    let path = dir.join("reference.fa");
    fs::write_atomic(&path, &text)?;
    Ok(path)
}

/// Writes bytes as a whole BGZF file.
pub fn write_bgzf(path: &Path, bytes: &[u8]) -> Result<()> {
    let doing = |e| Fault::io("write", path, e);
    let mut writer = bgzf::Writer::new(fs::AtomicFile::create(path)?);
    writer.bytes(bytes).map_err(doing)?;
    let (mut file, _) = writer.finish().map_err(doing)?;
    file.flush().map_err(doing)?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Reference;

    use super::*;

    #[test]
    fn a_random_reference_opens_and_repeats() {
        let folder = tempfile::tempdir().unwrap();
        let path = random_reference(folder.path(), &[("chr1", 1001), ("b", 60)], 3).unwrap();
        let first = fs::read(&path).unwrap();
        let reference = Reference::open(&path).unwrap();
        assert_eq!(reference.contigs().get("chr1").unwrap().length, 1001);
        assert_eq!(reference.fetch("b", 0, 99).unwrap().len(), 60);
        random_reference(folder.path(), &[("chr1", 1001), ("b", 60)], 3).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first);
        let packed = folder.path().join("reference.fa.gz");
        write_bgzf(&packed, &first).unwrap();
        let again = Reference::open(&packed).unwrap();
        assert_eq!(
            again.fetch("chr1", 17, 500).unwrap(),
            reference.fetch("chr1", 17, 500).unwrap()
        );
    }
}
