//! Reads over CYP2D6 and beside it.

use std::{io::BufReader, path::Path};

use clinotype_genome::{Build, ContigKey, Fault, Result, fs};
use clinotype_interpret::pgx::{TABLES, cyp2d6::Counted};
use noodles::{
    bam::{self, bai},
    core::{Position, Region},
};

/// The reads that start in every segment of [`TABLES`], in their order, and the build of the BAM.
///
/// The BAM must be sorted, with its index beside it, and its contig lengths must prove the build.
pub(super) fn counts(path: &Path) -> Result<(Vec<Counted>, Build)> {
    let damaged = |e: std::io::Error| Fault::io("read", path, e);
    let header = clinotype_reads::bam::inspect(path)?;
    let lengths = header.contigs.iter().map(|(name, length, _)| (name.as_str(), *length));
    let build = Build::of_contigs(lengths.collect::<Vec<_>>())
        .ok_or_else(|| Fault::input("the contig lengths of the BAM prove neither GRCh37 nor GRCh38").at(path))?;
    let key = ContigKey::of("22");
    let contig = header
        .contigs
        .iter()
        .find(|(name, _, _)| ContigKey::of(name) == key)
        .ok_or_else(|| Fault::input("the BAM has no chromosome 22, where CYP2D6 lies").at(path))?;
    let mut index = path.as_os_str().to_owned();
    index.push(".bai");
    let index_path = Path::new(&index);
    if !index_path.exists() {
        return Err(Fault::input("has no index beside it")
            .at(path)
            .hint(format!("make {} (samtools index)", index_path.display())));
    }
    let index = bai::io::Reader::new(BufReader::new(fs::open(index_path)?))
        .read_index()
        .map_err(|e| Fault::input(format!("is not a whole BAM index: {e}")).at(index_path))?;
    let mut reader = bam::io::Reader::new(fs::open(path)?);
    let sam_header = reader.read_header().map_err(damaged)?;
    let mut all = Vec::new();
    for segment in &TABLES.segments {
        let (start, end) = segment.bases(build);
        let position = |n: u32| Position::new(n as usize).ok_or_else(|| Fault::internal("a position of zero"));
        let region = Region::new(contig.0.as_str(), position(start)?..=position(end)?);
        let mut counted = Counted::default();
        for record in reader.query(&sam_header, &index, &region).map_err(damaged)?.records() {
            let record = record.map_err(damaged)?;
            let flags = record.flags();
            let first = match record.alignment_start() {
                Some(first) => first.map_err(damaged)?,
                None => continue,
            };
            let used = !flags.is_unmapped()
                && !flags.is_secondary()
                && !flags.is_supplementary()
                && !flags.is_duplicate()
                && !flags.is_qc_fail();
            // A read counts once, where it starts.
            if used && first >= position(start)? && first <= position(end)? {
                counted.reads += 1;
                counted.ambiguous += u64::from(record.mapping_quality().is_none_or(|q| q.get() < 10));
            }
        }
        all.push(counted);
    }
    Ok((all, build))
}
