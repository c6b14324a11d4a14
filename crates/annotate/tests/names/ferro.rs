//! Cases that ferro-hgvs collected: inversions, examples of the recommendations, and normalisation cases of mutalyzer and
//! biocommons hgvs.

use std::collections::{BTreeMap, HashMap, HashSet};

use clinotype_annotate::namer::{AlignedTranscript, Namer};
use clinotype_genome::Strand;
use serde_json::Value;

use crate::{
    common::{Pieces, archive, fasta, rows, shared},
    mutalyzer::{Bench, bare_protein},
    verdicts::Verdicts,
};

fn number(value: &Value, key: &str) -> u32 {
    value[key].as_u64().unwrap_or(0) as u32
}

/// A transcript of a windows file; its exons on the chromosome, with a difference in length set at an exon's end.
fn transcript(value: &Value) -> Option<AlignedTranscript> {
    let exons = value["exons"].as_array()?;
    let contig = value["chromosome"].as_str()?.to_owned();
    let strand = if value["strand"] == "-" {
        Strand::Reverse
    } else {
        Strand::Forward
    };
    Some(AlignedTranscript {
        accession: value["id"].as_str()?.to_owned(),
        gene: value["gene_symbol"].as_str().unwrap_or_default().to_owned(),
        protein_id: value["protein_id"].as_str().map(str::to_owned),
        contig,
        strand,
        exons: exons
            .iter()
            .map(|e| {
                let (start, end) = (number(e, "genomic_start") - 1, number(e, "genomic_end"));
                let (own, genome) = (number(e, "end") + 1 - number(e, "start"), end - start);
                let both = own.min(genome);
                let cigar = match own.cmp(&genome) {
                    std::cmp::Ordering::Equal => format!("{both}="),
                    std::cmp::Ordering::Greater => format!("{both}={}D", own - both),
                    std::cmp::Ordering::Less => format!("{both}={}I", genome - both),
                };
                (start, end, cigar)
            })
            .collect(),
        coding: value["cds_start"]
            .as_u64()
            .map(|s| (s as u32 - 1, number(value, "cds_end"))),
    })
}

#[test]
fn ferro_cases() {
    let Some(data) = shared() else { return };
    let files = archive(&data.join("annotation/refs/transcript_windows.tar.gz"));
    let mut parts: Vec<(String, u32, Vec<u8>)> = Vec::new();
    let mut lengths: HashMap<String, u32> = HashMap::new();
    let mut aligned: BTreeMap<String, AlignedTranscript> = BTreeMap::new();
    let mut whole: HashSet<String> = HashSet::new();
    for file in [
        "biocommons-normalize",
        "case-harvest",
        "inversion-sweep",
        "mutalyzer-normalize",
        "spec-worked-examples",
    ] {
        let value: Value = serde_json::from_slice(&files[&format!("{file}.windows.json")]).unwrap();
        for (name, length) in value["contig_lengths"].as_object().unwrap() {
            lengths.insert(name.clone(), length.as_u64().unwrap() as u32);
        }
        for t in value["transcripts"].as_array().unwrap() {
            let Some(model) = transcript(t) else { continue };
            let sequence = t["sequence"].as_str().unwrap_or_default();
            if !sequence.is_empty() && whole.insert(model.accession.clone()) {
                parts.push((model.accession.clone(), 0, sequence.as_bytes().to_vec()));
            }
            aligned.entry(model.accession.clone()).or_insert(model);
        }
        for window in value["genomic"].as_array().unwrap() {
            let name = window["contig"].as_str().unwrap();
            if !aligned.contains_key(name) {
                let bases = window["bases"].as_str().unwrap().as_bytes().to_vec();
                parts.push((name.to_owned(), number(window, "start"), bases));
            }
        }
    }
    let metadata: Value = serde_json::from_slice(&files["transcripts.metadata.json"]).unwrap();
    let known = metadata["transcripts"].as_object().unwrap();
    for (name, _, bases) in fasta(&files["transcripts.fna"]) {
        if whole.insert(name.clone()) {
            parts.push((name, 0, bases));
        }
    }
    // Transcripts without a place on a chromosome are described on themselves.
    for (name, about) in known {
        let length = number(about, "length");
        if aligned.contains_key(name) || length == 0 {
            continue;
        }
        aligned.insert(
            name.clone(),
            AlignedTranscript {
                accession: name.clone(),
                gene: about["gene_symbol"].as_str().unwrap_or_default().to_owned(),
                protein_id: about["protein"].as_str().map(str::to_owned),
                contig: name.clone(),
                strand: Strand::Forward,
                exons: vec![(0, length, format!("{length}="))],
                coding: about["cds_start"]
                    .as_u64()
                    .map(|s| (s as u32 - 1, number(about, "cds_end"))),
            },
        );
    }
    for model in aligned.values() {
        if !parts.iter().any(|p| p.0 == model.contig) {
            parts.push((model.contig.clone(), 0, b"N".to_vec()));
        }
    }
    let pieces = Pieces::new(parts, &lengths);
    let namer = Namer::new(&pieces, Vec::new(), None).with_aligned(aligned.into_values().collect());
    let bench = Bench::new(&data);
    let genes = bench.namer();
    let mut verdicts = Verdicts::of("ferro_fixtures");
    let (mut other_shift, mut silent, mut refused) = (0, 0, 0);
    for row in rows(&data.join("annotation/ferro_fixtures_open.tsv.gz")) {
        if row["run"] != "windows_in_repo" || row["to_test"] == "False" {
            continue;
        }
        // Shifting 5' is an option of the upstream program; HGVS has only the 3' rule.
        if row["shuffle"] == "5prime" {
            other_shift += 1;
            continue;
        }
        let input = row["input"].as_str();
        // Whether upstream moves changes over the ends of exons and of the coding sequence is part of its answer.
        let id = if row["cross"].is_empty() {
            input.to_owned()
        } else {
            format!("{input} cross={}", row["cross"])
        };
        // Gene records are those of mutalyzer; the windows hold only parts of them.
        let on_gene = input.starts_with("NG_") && bench.sequences_have(input);
        let answer = if on_gene { genes.name(input) } else { namer.name(input) }.unwrap();
        let ours = answer.normalized.clone().unwrap_or_else(|| answer.errors.join("; "));
        let expected = row["expected"].as_str();
        if expected.is_empty() {
            refused += 1;
        } else {
            verdicts.judge(&id, "normalized", expected, &ours);
        }
        let protein = bare_protein(&row["protein"]);
        if !protein.is_empty() {
            let p = answer.p.clone().unwrap_or_default();
            if protein.ends_with("p.(=)") && p.ends_with("=)") {
                silent += 1;
            } else {
                verdicts.judge(&id, "protein", &protein, &p);
            }
        }
    }
    println!("ferro: {other_shift} rows of 5' shifting left out, {refused} without an expected name, {silent} silent");
    verdicts.finish();
}

impl Bench {
    fn sequences_have(&self, input: &str) -> bool {
        let accession = input.split(['(', ':']).next().unwrap_or_default();
        clinotype_annotate::Bases::contigs(&self.sequences)
            .get(accession)
            .is_some()
    }
}
