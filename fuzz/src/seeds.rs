//! Alignments of the tiny genome, as the seeds of the targets that read them.

use std::fmt::Write as _;

use clinotype_genome::digest;
use md5::Digest as _;
use noodles::{bam, cram, fasta, sam};

use crate::contigs;

/// SAM text: contigs with or without digests, a read group, and pairs, clips, gaps, tags and a read without a place.
pub fn sam(digests: bool) -> String {
    let mut text = String::from("@HD\tVN:1.6\tSO:coordinate\n");
    for (name, bases) in contigs() {
        let _ = write!(text, "@SQ\tSN:{name}\tLN:{}", bases.len());
        if digests {
            let found = md5::Md5::digest(&bases);
            let _ = write!(text, "\tM5:{}", digest::hex(&found));
        }
        text.push('\n');
    }
    text.push_str("@RG\tID:1\tSM:S\tLB:L\n@PG\tID:maker\n");
    let [(_, bases), _] = contigs();
    let piece = |from: usize, to: usize| String::from_utf8_lossy(&bases[from..to]).into_owned();
    let mut line = |name: &str,
                    flags: u16,
                    at: usize,
                    cigar: &str,
                    mate: (&str, usize, i32),
                    bases: String,
                    tags: &str| {
        let quality = "I".repeat(bases.len());
        let (mate, mate_at, size) = mate;
        let contig = if flags & 4 == 0 { "chr1" } else { "*" };
        let mapping = if flags & 4 == 0 { 60 } else { 0 };
        let _ = writeln!(
            text,
            "{name}\t{flags}\t{contig}\t{at}\t{mapping}\t{cigar}\t{mate}\t{mate_at}\t{size}\t{bases}\t{quality}\tRG:Z:1{tags}"
        );
    };
    let none = ("*", 0, 0);
    for number in 0..12_usize {
        let at = 100 + 7 * number;
        line(
            &format!("p{number}"),
            99,
            at + 1,
            "40M",
            ("=", at + 101, 140),
            piece(at, at + 40),
            "\tNM:i:0\tMD:Z:40",
        );
    }
    for number in 0..12_usize {
        let at = 200 + 7 * number;
        line(
            &format!("p{number}"),
            147,
            at + 1,
            "40M",
            ("=", at - 99, -140),
            piece(at, at + 40),
            "",
        );
    }
    line(
        "clip",
        0,
        301,
        "5S30M5S",
        none,
        piece(295, 335),
        "\tSA:Z:chr2,10,+,20M20S,60,0;",
    );
    line(
        "gaps",
        16,
        331,
        "10M2D10M3I17M",
        none,
        piece(330, 370),
        "\tAS:i:-5\tXB:B:c,1,2",
    );
    line("u", 4, 0, "*", none, piece(0, 40), "");
    text
}

fn parsed(text: &str) -> (sam::Header, Vec<sam::alignment::RecordBuf>) {
    let mut reader = sam::io::Reader::new(text.as_bytes());
    let header = reader.read_header().expect("the header is good");
    let records = reader
        .record_bufs(&header)
        .collect::<Result<_, _>>()
        .expect("the lines are good");
    (header, records)
}

/// The bytes of a BAM before they are compressed.
pub fn bam() -> Vec<u8> {
    let (header, records) = parsed(&sam(false));
    let mut writer = bam::io::Writer::from(Vec::new());
    writer.write_header(&header).expect("memory");
    for record in records {
        sam::alignment::io::Write::write_alignment_record(&mut writer, &header, &record).expect("memory");
    }
    writer.into_inner()
}

/// The bytes of a CRAM.
pub fn cram() -> Vec<u8> {
    let (header, records) = parsed(&sam(true));
    let sequences: Vec<fasta::Record> = contigs()
        .into_iter()
        .map(|(name, bases)| fasta::Record::new(fasta::record::Definition::new(name, None), bases.into()))
        .collect();
    let mut bytes = Vec::new();
    let mut writer = cram::io::writer::Builder::default()
        .set_reference_sequence_repository(fasta::Repository::new(sequences))
        .build_from_writer(&mut bytes);
    writer.write_header(&header).expect("memory");
    for record in records {
        sam::alignment::io::Write::write_alignment_record(&mut writer, &header, &record).expect("memory");
    }
    writer.try_finish(&header).expect("memory");
    drop(writer);
    bytes
}
