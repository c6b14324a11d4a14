//! A CRAM as the BAM that it stands for, for steps that need an indexed BAM.

use std::path::Path;

use clinotype_genome::{Fault, Progress, Reference, Result};

use crate::{
    align::size,
    bam::{self, ContigMap},
    cram::{self, CramReader},
    write::{BAI_LIMIT, BamWriter},
};

/// Buffers of the writer, and its index.
const WRITING: u64 = 96 << 20;

/// Writes the lines of a coordinate-sorted CRAM 3, none changed and none left out, with its header, as BAM and BAI,
/// which appear only when everything is done. One container and the contig that it lies on are in memory.
///
/// Faults: the header does not prove the sequence of a contig (`M5`), or proves another than the reference's; the file
/// is damaged or not sorted; reads lie on a contig that the reference does not have; `memory` (bytes) does not hold
/// the longest contig.
pub fn cram_to_bam(path: &Path, reference: &Reference, out: &Path, memory: u64, progress: &dyn Progress) -> Result<()> {
    let needed = cram::working(reference) + WRITING;
    if memory < needed {
        return Err(Fault::resource(format!(
            "reading a CRAM of this reference needs {} of memory, the limit is {}",
            size(needed.next_multiple_of(1_000_000)),
            size(memory)
        ))
        .at(path)
        .hint("raise the memory limit, or convert it to BAM"));
    }
    let mut reader = CramReader::open(path, reference)?;
    let header = reader.header.clone();
    bam::check_digests(path, &header, reference)?;
    let map = ContigMap::new(&header, reference.contigs());
    let contigs: Vec<(String, u32)> = header.contigs.iter().map(|(n, l, _)| (n.clone(), *l)).collect();
    if let Some((name, length)) = contigs.iter().find(|(_, length)| *length > BAI_LIMIT) {
        return Err(Fault::input(format!(
            "contig {name} has {length} bases; a BAM index (BAI) holds at most {BAI_LIMIT}"
        ))
        .at(path));
    }
    let mut text = header.lines.join("\n");
    text.push('\n');
    let mut writer = BamWriter::create(out, &text, &contigs)?;
    let total = clinotype_genome::fs::size(path)?;
    // -1, no place, becomes the largest number: such lines come last.
    let mut last = (0, 0);
    let mut count = 0_u64;
    while let Some(line) = reader.next()? {
        let raw = crate::raw::Raw::trusted(line);
        let contig = raw.reference();
        if contig >= 0 && map.places[contig as usize].is_none() {
            return Err(map.fault(contig as usize, path));
        }
        let place = (contig as u32, raw.position() as u32);
        if place < last {
            let fault = Fault::input("is not sorted by coordinate")
                .at(path)
                .hint("sort it: samtools sort -O cram; or use `clinotype run`, which takes any order");
            return Err(match contigs.get(contig as usize) {
                Some((name, _)) => fault.locus(name, u64::from(place.1) + 1),
                None => fault,
            });
        }
        last = place;
        writer.push(line, raw.flags())?;
        count += 1;
        if count.is_multiple_of(1 << 14) {
            progress.check()?;
            progress.advance(reader.position, total);
        }
    }
    if count == 0 {
        return Err(Fault::input("holds no reads")
            .at(path)
            .hint("check that this is the right file"));
    }
    progress.check()?;
    writer.finish()
}
