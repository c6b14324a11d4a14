//! The evidence of one allele, found by the tabix index in place of reading the file through.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use clinotype_case::evidence::AnnotatedVariant;
use clinotype_genome::{Fault, Result, VariantKey, fs, vcf_file::index_path};
use noodles::{
    bgzf,
    core::{Position, region::Interval},
    csi::{self, BinningIndex as _},
    tabix,
};

use super::{AnnotatedVcf, Header, record::each};

/// Last position that a tabix index can hold (SAM specification, section 5.1.1: bins reach 2^29).
const INDEX_END: u32 = (1 << 29) - 1;

/// An annotated VCF with its index, for reading single alleles.
pub struct IndexedVcf {
    path: PathBuf,
    header: Header,
    index: tabix::Index,
}

impl std::fmt::Debug for IndexedVcf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexedVcf")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl IndexedVcf {
    /// Opens a VCF that `clinotype annotate` wrote for `sample`, with the `.tbi` beside it.
    pub fn open(vcf: &Path, sample: &str) -> Result<Self> {
        let header = AnnotatedVcf::open(vcf)?.header;
        if header.samples != [sample] {
            return Err(Fault::input("the sample column is not named by the accession")
                .at(vcf)
                .hint("give the file that this sample's annotation wrote"));
        }
        let beside = index_path(vcf);
        let again = "annotate the variants again; the index is made with the file";
        let index = tabix::io::Reader::new(BufReader::new(fs::open(&beside)?))
            .read_index()
            .map_err(|e| Fault::io("read the index", &beside, e).hint(again))?;
        Ok(Self {
            path: vcf.to_owned(),
            header,
            index,
        })
    }

    /// The evidence of the allele with this normalised key; `None` where the file does not hold it.
    pub fn at(&self, key: &VariantKey) -> Result<Option<AnnotatedVariant>> {
        let position = key.position.get();
        let end = position.saturating_add(key.reference.len().saturating_sub(1) as u32);
        // Trimming keeps a normalised allele within its record; only shifting to the left takes it out.
        if let Some(found) = self.search(key, position, end)? {
            return Ok(Some(found));
        }
        if key.is_indel() {
            // A VCF from elsewhere may say an indel any number of repeats further right.
            return self.search(key, end.saturating_add(1), INDEX_END);
        }
        Ok(None)
    }

    /// Looks through the records that overlap `from..=to`, 1-based.
    fn search(&self, key: &VariantKey, from: u32, to: u32) -> Result<Option<AnnotatedVariant>> {
        let names = self
            .index
            .header()
            .map(csi::binning_index::index::Header::reference_sequence_names);
        let id = names.and_then(|names| {
            names
                .iter()
                .position(|name| AsRef::<[u8]>::as_ref(name) == key.contig.as_bytes())
        });
        // The index names every contig that has a record.
        let Some(id) = id else { return Ok(None) };
        let (Ok(first), Ok(last)) = (
            Position::try_from(from as usize),
            Position::try_from(to.min(INDEX_END) as usize),
        ) else {
            return Ok(None);
        };
        if first > last {
            return Ok(None);
        }
        let damaged = |e| Fault::io("read", &self.path, e).locus(&key.contig, u64::from(key.position.get()));
        let chunks = self.index.query(id, Interval::from(first..=last)).map_err(damaged)?;
        if chunks.is_empty() {
            return Ok(None);
        }
        let mut reader = bgzf::io::Reader::new(BufReader::with_capacity(1 << 16, fs::open(&self.path)?));
        // Decides nearly every record without taking it apart.
        let said = format!("{}-{}-{}", key.position, key.reference, key.alternate);
        let mut text = String::new();
        for chunk in chunks {
            reader.seek(chunk.start()).map_err(damaged)?;
            while reader.virtual_position() < chunk.end() {
                text.clear();
                if reader.read_line(&mut text).map_err(damaged)? == 0 {
                    break;
                }
                let row = text.trim_end_matches(['\n', '\r']);
                let mut columns = row.split('\t');
                let (contig, position) = (columns.next(), columns.next().and_then(|p| p.parse::<u32>().ok()));
                if contig == Some(key.contig.as_str()) && position.is_some_and(|p| p > to) {
                    // Sorted: nothing further can overlap.
                    return Ok(None);
                }
                if contig != Some(key.contig.as_str()) || !row.contains(&said) {
                    continue;
                }
                let (found, _) = each(row, &self.header, |allele| Ok(allele.whole())).map_err(|what| {
                    let locus = u64::from(position.unwrap_or_default());
                    Fault::input(what).at(&self.path).locus(&key.contig, locus)
                })?;
                if let Some(found) = found.into_iter().find(|allele| allele.key == *key) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }
}

/// The evidence of one allele, by its normalised key; `None` where the file does not hold it. To read several, keep an
/// [`IndexedVcf`].
///
/// Faults: the file is not annotated, is of another sample, is damaged, or has no index beside it.
pub fn at(vcf: &Path, sample: &str, key: &VariantKey) -> Result<Option<AnnotatedVariant>> {
    IndexedVcf::open(vcf, sample)?.at(key)
}

#[cfg(test)]
mod tests {
    use clinotype_genome::{Pos, vcf_file::VcfWriter};

    use super::*;

    const HEADER: &str = "##fileformat=VCFv4.3\n\
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Format: Allele|Consequence|SYMBOL|Feature|ALLELE_NUM\">\n\
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n";

    fn written(folder: &Path) -> PathBuf {
        let path = folder.join("a.vcf.gz");
        let mut vcf = VcfWriter::create(&path).unwrap();
        vcf.header(HEADER).unwrap();
        // Many blocks on two contigs; some indels stand to the right of their normalised place.
        for contig in ["chr1", "chr2"] {
            for n in 1_u32..3_000 {
                let position = n * 50;
                let (reference, alternate, normalised) = match n % 3 {
                    0 => ("AT", "A,C", format!("{}-GA-G,{position}-AT-C", position - 40)),
                    1 => ("A", "G,*", format!("{position}-A-G,.")),
                    _ => ("CAG", "CTG", format!("{}-A-T", position + 1)),
                };
                vcf.record(
                    &format!(
                        "{contig}\t{position}\t.\t{reference}\t{alternate}\t{n}\tPASS\tNORMALISED={normalised}\tGT\t0/1"
                    ),
                    contig,
                    position,
                    position + reference.len() as u32 - 1,
                )
                .unwrap();
            }
        }
        vcf.commit().unwrap();
        path
    }

    #[test]
    fn every_allele_is_found_as_the_whole_file_says_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path());
        let indexed = IndexedVcf::open(&path, "S1").unwrap();
        let mut all = AnnotatedVcf::open(&path).unwrap();
        let mut count = 0;
        while let Some(allele) = all.next_allele().unwrap() {
            count += 1;
            // Every one is compared near the borders of blocks and contigs, and a share of the rest.
            if count % 7 == 0 || !(50..=7_900).contains(&count) {
                assert_eq!(
                    indexed.at(&allele.key).unwrap().as_ref(),
                    Some(&allele),
                    "{}",
                    allele.key
                );
            }
        }
        assert_eq!(count, 7_996);
    }

    #[test]
    fn what_is_not_there_is_none_and_what_cannot_be_read_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path());
        let key = |contig: &str, position, reference, alternate| {
            VariantKey::new(contig, Pos::new(position).unwrap(), reference, alternate)
        };
        for absent in [
            key("chr1", 50, "A", "C"),
            key("chr1", 51, "A", "G"),
            key("chr3", 50, "A", "G"),
            key("chr2", 4_000_000_000, "AT", "A"),
        ] {
            assert_eq!(at(&path, "S1", &absent).unwrap(), None, "{absent}");
        }
        let there = key("chr1", 50, "A", "G");
        assert!(at(&path, "S1", &there).unwrap().is_some());
        assert!(at(&path, "S2", &there).is_err(), "another sample");
        let whole = fs::read(&path).unwrap();
        fs::write_atomic(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(at(&path, "S1", &key("chr2", 149_950, "A", "G")).is_err(), "cut");
        fs::write_atomic(&path, &whole).unwrap();
        let index = index_path(&path);
        fs::write_atomic(&index, b"not an index").unwrap();
        assert!(at(&path, "S1", &there).is_err());
        fs::remove_if_there(&index).unwrap();
        assert!(at(&path, "S1", &there).is_err(), "no index");
    }
}
