//! Jannovar's own cases: UCSC known genes with their mRNA, alleles of hg19, c. and p. names.

use std::collections::{BTreeMap, HashMap};

use clinotype_annotate::namer::{AlignedTranscript, Namer};
use clinotype_genome::{Build, ContigKey, Strand, sequence::reverse_complement};
use serde_json::Value;

use crate::{
    common::{Pieces, after, rows, shared, without_stated},
    verdicts::Verdicts,
};

/// One transcript, and its mRNA cut along the exons as pieces of the chromosome.
fn transcript(accession: &str, value: &Value) -> Option<(AlignedTranscript, Vec<(u32, Vec<u8>)>)> {
    let fields: Vec<&str> = value["known_gene"].as_str()?.split('\t').collect();
    let list = |text: &str| -> Vec<u32> { text.split(',').filter_map(|n| n.parse().ok()).collect() };
    let strand = if fields[2] == "-" {
        Strand::Reverse
    } else {
        Strand::Forward
    };
    let (starts, ends) = (list(fields[8]), list(fields[9]));
    let (coding_start, coding_end): (u32, u32) = (fields[5].parse().ok()?, fields[6].parse().ok()?);
    let mut exons: Vec<(u32, u32)> = starts.into_iter().zip(ends).collect();
    if strand == Strand::Reverse {
        exons.reverse();
    }
    let mrna = value["mrna"].as_str()?.to_ascii_uppercase().into_bytes();
    let length: u32 = exons.iter().map(|(s, e)| e - s).sum();
    if (mrna.len() as u32) < length {
        return None;
    }
    let mut pieces = Vec::new();
    let mut offset = 0;
    let (mut first, mut last) = (None, 0);
    for (s, e) in &exons {
        let part = &mrna[offset as usize..(offset + e - s) as usize];
        pieces.push((
            *s,
            if strand == Strand::Reverse {
                reverse_complement(part)
            } else {
                part.to_vec()
            },
        ));
        let (a, b) = ((*s).max(coding_start), (*e).min(coding_end));
        if a < b {
            let (from, to) = match strand {
                Strand::Forward => (offset + a - s, offset + b - s),
                Strand::Reverse => (offset + e - b, offset + e - a),
            };
            first.get_or_insert(from);
            last = to;
        }
        offset += e - s;
    }
    // The mRNA may go on after its last exon (poly-A).
    let tail = mrna.len() as u32 - length;
    let count = exons.len();
    Some((
        AlignedTranscript {
            accession: accession.to_owned(),
            gene: value["symbol"].as_str().unwrap_or_default().to_owned(),
            protein_id: None,
            contig: fields[1].to_owned(),
            strand,
            exons: exons
                .iter()
                .enumerate()
                .map(|(i, (s, e))| {
                    let tail = if i + 1 == count && tail > 0 {
                        format!("{tail}D")
                    } else {
                        String::new()
                    };
                    (*s, *e, format!("{}={tail}", e - s))
                })
                .collect(),
            coding: first.map(|first| (first, last)),
        },
        pieces,
    ))
}

#[test]
fn jannovar_cases() {
    let Some(data) = shared() else { return };
    let mut text = Vec::new();
    std::io::Read::read_to_end(
        &mut clinotype_genome::fs::open_text(data.join("annotation/refs/jannovar_transcripts.json.gz")).unwrap(),
        &mut text,
    )
    .unwrap();
    let known: BTreeMap<String, Value> = serde_json::from_slice(&text).unwrap();
    let mut verdicts = Verdicts::of("jannovar");
    let (mut intronic, mut silent) = (0, 0);
    let mut unread = 0;
    for row in rows(&data.join("annotation/jannovar_open.tsv.gz")) {
        if row["c"].is_empty() && row["p"].is_empty() {
            continue;
        }
        let Some((model, pieces)) = known
            .get(&row["transcript"])
            .and_then(|v| transcript(&row["transcript"], v))
        else {
            unread += 1;
            continue;
        };
        let contig = model.contig.clone();
        let length = Build::Grch37.length(&ContigKey::of(&contig).unwrap()).unwrap();
        let coding = model.coding.is_some();
        let start: u32 = row["pos0"].parse().unwrap();
        let mut parts: Vec<(String, u32, Vec<u8>)> = pieces
            .into_iter()
            .map(|(at, bases)| (contig.clone(), at, bases))
            .collect();
        // Where the test changes intronic bases, those of its REF are the only ones known.
        if !row["ref"].is_empty() {
            parts.insert(0, (contig.clone(), start, row["ref"].clone().into_bytes()));
        }
        let mrna = known[&row["transcript"]]["mrna"].as_str().unwrap().to_ascii_uppercase();
        parts.push((row["transcript"].clone(), 0, mrna.into_bytes()));
        let lengths = HashMap::from([(contig.clone(), length)]);
        let bases = Pieces::new(parts, &lengths);
        let namer = Namer::new(&bases, Vec::new(), Some(Build::Grch37)).with_aligned(vec![model]);
        let system = if coding { "c" } else { "n" };
        let (reference, alternate) = (&row["ref"], &row["alt"]);
        let accession = Build::Grch37.accession(&ContigKey::of(&contig).unwrap()).unwrap();
        let g = match (reference.is_empty(), alternate.is_empty()) {
            (true, _) => format!("{accession}:g.{start}_{}ins{alternate}", start + 1),
            (_, true) => format!("{accession}:g.{}_{}del", start + 1, start + reference.len() as u32),
            _ => format!(
                "{accession}:g.{}_{}delins{alternate}",
                start + 1,
                start + reference.len() as u32
            ),
        };
        let answer = namer.name(&g).unwrap();
        let id = format!("{} {} {g}", row["test"], row["transcript"]);
        let name = answer
            .c
            .clone()
            .or_else(|| answer.n.clone())
            .unwrap_or_else(|| answer.errors.join("; "));
        if !row["c"].is_empty() {
            let theirs = without_stated(&format!(
                "x:{system}.{}",
                row["c"].replace("delGins", "delins").replace("Gins", "ins")
            ));
            verdicts.judge(&id, "c", after(&theirs), after(&name));
        }
        if row["p"].is_empty() {
            continue;
        }
        let theirs = format!("p.{}", row["p"]).replace('*', "Ter");
        let ours = answer.p.clone().unwrap_or_default();
        // No p. name is made for changes of introns away from the splice sites; a silent change names its residue.
        if ours.is_empty() && (name.contains('+') || name.contains('-')) && theirs == "p.(=)" {
            intronic += 1;
        } else if theirs == "p.(=)" && ours.ends_with("=)") {
            silent += 1;
        } else {
            verdicts.judge(&id, "p", &theirs, &ours);
        }
    }
    println!("jannovar: {intronic} intronic without p., {silent} silent with their residue, {unread} without mRNA");
    verdicts.finish();
}
