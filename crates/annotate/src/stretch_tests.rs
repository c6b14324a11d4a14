//! The short way of plain records gives the very text of the general way, for every kind of allele, everywhere.
#![allow(clippy::format_push_string, reason = "a test need not be fast")]

use std::{collections::HashMap, path::Path};

use clinotype_genome::{Build, ContigKey, fs};

use crate::{
    annotate::{self, Context, Sources},
    bases::{
        Bases, Cached,
        testing::{Slices, shared},
    },
    haplotype::Haplotypes,
    in_use::InUse,
    panel_tests::panel,
    pick::PickOrder,
    records::Annotator,
    transcripts::TranscriptSet,
    vcf::line::Line,
};

/// Compares both ways over lines; gives how many of them went the short way.
fn compare(set: &TranscriptSet, slices: &Slices, lines: &[String], names: bool) -> usize {
    let bases = Cached::new(slices);
    let sources = Sources::default();
    let (haplotypes, pick_order) = (Haplotypes::default(), PickOrder::default());
    let in_use = InUse::new(set);
    let contigs: HashMap<String, usize> = slices
        .contigs()
        .iter()
        .enumerate()
        .map(|(i, c)| (c.name.clone(), i))
        .collect();
    let context = Context {
        bases: &bases,
        build: Build::Grch38,
        names,
        sources: &sources,
        haplotypes: &haplotypes,
        pick_order: &pick_order,
        in_use: &in_use,
        contigs: &contigs,
        path: Path::new("in.vcf"),
    };
    let mut annotator = Annotator::new(&context);
    let mut short = 0;
    for text in lines {
        let line = Line::parse(text).unwrap();
        let index = contigs[line.contig];
        let contig = slices.contigs().iter().nth(index).unwrap();
        let (mut ours, mut expected) = (String::new(), String::new());
        annotate::record(&mut expected, &line, index, contig, &bases, &context).unwrap();
        short += usize::from(annotator.short(&mut ours, &line).unwrap());
        if !ours.is_empty() {
            assert_eq!(ours, expected);
        }
    }
    short
}

/// Lines of every kind of allele at a 1-based position.
fn kinds(slices: &Slices, contig: &str, position: u32, out: &mut Vec<String>) {
    let bases = slices.fetch(contig, position - 1, position + 7).unwrap();
    if bases.len() < 8 || bases.contains(&b'N') {
        return;
    }
    let text = |n: usize| String::from_utf8_lossy(&bases[..n]).into_owned();
    let other = |n: usize| -> String { bases[..n].iter().map(|b| if *b == b'A' { 'C' } else { 'A' }).collect() };
    let third = if matches!(bases[0], b'G' | b'A') { "T" } else { "G" };
    for (reference, alternate) in [
        (text(1), other(1)),
        (text(1).to_lowercase(), format!("{},{third}", other(1).to_lowercase())),
        (text(1), format!("{},*", other(1))),
        (text(2), text(1)),
        (text(5), text(1)),
        (text(1), format!("{}{}", text(1), &text(3)[1..])),
        (text(1), format!("{}TTTT", text(1))),
        (text(3), other(3)),
        (text(2), format!("{},{}", other(1), other(2))),
        (text(4), format!("{}GG,<DEL>", text(1))),
    ] {
        out.push(format!(
            "{contig}\t{position}\t.\t{reference}\t{alternate}\t50\tPASS\tDP=30;CSQ=old\tGT\t0/1"
        ));
    }
}

#[test]
fn both_ways_agree_on_the_panel() {
    let Some(data) = shared() else { return };
    let panel = panel(&data);
    let mut lines = Vec::new();
    for t in panel.set.iter().step_by(12) {
        let span = t.span();
        // Both sides of the edges of stretches, and places in between.
        let mut places = vec![span.start.saturating_sub(300), span.start, span.end + 1, span.end + 300];
        for index in 0..t.exons.len() - 1 {
            let intron = t.intron(index).unwrap();
            for by in [-3_i64, 1, 9, 20, 36, 41, 42, 46, 60] {
                let low = (i64::from(intron.start) + by) as u32;
                let high = (i64::from(intron.end) - by) as u32;
                if index < 4 {
                    places.extend([low, high]);
                }
            }
            places.push(intron.start.midpoint(intron.end));
        }
        places.sort_unstable();
        for place in places {
            kinds(&panel.slices, &t.contig, place, &mut lines);
        }
    }
    for names in [true, false] {
        let short = compare(&panel.set, &panel.slices, &lines, names);
        println!("{short} of {} records went the short way", lines.len());
        assert!(short * 10 > lines.len() * 3, "{short} of {}", lines.len());
    }
}

/// Overlapping genes of both strands, one without names, one without a coding sequence, and the open genome around.
#[test]
fn both_ways_agree_where_genes_overlap() {
    let mut state = 99_u64;
    let bases: Vec<u8> = (0..60_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b"ACGT"[(state >> 33) as usize % 4]
        })
        .collect();
    let slices = Slices::new(vec![("chr2".into(), 0, bases)]);
    let mut gff3 = String::from("##gff-version 3\n");
    for (name, strand, kind, exons, coding) in [
        (
            "A",
            '+',
            "mRNA",
            vec![(20_000, 20_200), (21_000, 21_300), (23_000, 23_100)],
            true,
        ),
        (
            "B",
            '-',
            "mRNA",
            vec![(20_500, 20_700), (20_780, 22_000), (25_000, 25_500)],
            true,
        ),
        ("C", '+', "lnc_RNA", vec![(19_000, 19_100), (26_000, 26_100)], false),
        ("D", '-', "lnc_RNA", vec![(33_000, 33_100)], false),
    ] {
        let (start, end) = (exons[0].0 + 1, exons[exons.len() - 1].1);
        gff3.push_str(&format!(
            "chr2\tx\tgene\t{start}\t{end}\t.\t{strand}\t.\tID=gene:{name};Name={name}\n\
             chr2\tx\t{kind}\t{start}\t{end}\t.\t{strand}\t.\tID=transcript:T{name};Parent=gene:{name};version=1\n"
        ));
        for (a, b) in exons {
            gff3.push_str(&format!(
                "chr2\tx\texon\t{}\t{b}\t.\t{strand}\t.\tParent=transcript:T{name}\n",
                a + 1
            ));
            if coding {
                gff3.push_str(&format!(
                    "chr2\tx\tCDS\t{}\t{b}\t.\t{strand}\t0\tParent=transcript:T{name}\n",
                    a + 1
                ));
            }
        }
    }
    // Splice sites of these models are not in random bases, so the bases under the sites must be unknown to the check.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.gff3");
    fs::write_atomic(&path, gff3.as_bytes()).unwrap();
    let unknown = Slices::new(vec![("chr2".into(), 0, vec![b'N'])]);
    let set = TranscriptSet::read_with(&path, &unknown, Build::Grch38).unwrap();
    assert_eq!(set.len(), 4);
    assert!(ContigKey::of("chr2").is_some());
    let mut lines = Vec::new();
    for position in (10_000..45_000).step_by(37) {
        kinds(&slices, "chr2", position, &mut lines);
    }
    for names in [true, false] {
        let short = compare(&set, &slices, &lines, names);
        assert!(short * 10 > lines.len() * 6, "{short} of {}", lines.len());
    }
}
