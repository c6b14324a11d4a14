//! Reads over CYP2D6 and CYP2D7 and beside them.

use std::{io::BufReader, path::Path};

use clinotype_genome::{Build, ContigKey, Fault, Result, fs};
use clinotype_interpret::pgx::{
    TABLES,
    cyp2d6::{
        Counted,
        paralogs::{self, Votes, Words},
    },
};
use noodles::{
    bam::{self, bai},
    core::{Position, Region},
};

/// What the reads of a BAM say of CYP2D6.
pub(super) struct Reads {
    /// Reads that start in every segment of [`TABLES`], in their order.
    pub(super) counts: Vec<Counted>,
    /// Reads of the two genes.
    pub(super) votes: Votes,
    /// Build of the BAM.
    pub(super) build: Build,
}

/// Reads what a BAM says of CYP2D6.
///
/// The BAM must be sorted, with its index beside it, and its contig lengths must prove the build.
pub(super) fn reads(path: &Path) -> Result<Reads> {
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
    let position = |n: u32| Position::new(n as usize).ok_or_else(|| Fault::internal("a position of zero"));
    let mut all = Vec::new();
    for segment in &TABLES.segments {
        let (start, end) = segment.bases(build);
        let region = Region::new(contig.0.as_str(), position(start)?..=position(end)?);
        let mut counted = Counted::default();
        for record in reader.query(&sam_header, &index, &region).map_err(damaged)?.records() {
            let record = record.map_err(damaged)?;
            let Some(first) = used(&record).map_err(damaged)? else {
                continue;
            };
            // A read counts once, where it starts.
            if first >= position(start)? && first <= position(end)? {
                counted.reads += 1;
                counted.ambiguous += u64::from(record.mapping_quality().is_none_or(|q| q.get() < 10));
            }
        }
        all.push(counted);
    }
    let words = Words::of(&TABLES.paralogs);
    let mut votes = Votes::none(&TABLES.paralogs);
    for (start, end) in paralogs::windows(build) {
        let region = Region::new(contig.0.as_str(), position(start)?..=position(end)?);
        for record in reader.query(&sam_header, &index, &region).map_err(damaged)?.records() {
            let record = record.map_err(damaged)?;
            let Some(first) = used(&record).map_err(damaged)? else {
                continue;
            };
            votes.starts += u64::from(first >= position(start)? && first <= position(end)?);
            // Whichever of the two genes it was mapped to.
            let bases: Vec<u8> = record.sequence().iter().collect();
            votes.read(&words, &bases);
        }
    }
    Ok(Reads {
        counts: all,
        votes,
        build,
    })
}

/// Where a read starts that is a primary alignment, no duplicate and not refused by the machine; `None` for others.
fn used(record: &bam::Record) -> std::io::Result<Option<Position>> {
    let flags = record.flags();
    let refused = flags.is_unmapped()
        || flags.is_secondary()
        || flags.is_supplementary()
        || flags.is_duplicate()
        || flags.is_qc_fail();
    if refused {
        return Ok(None);
    }
    record.alignment_start().transpose()
}
