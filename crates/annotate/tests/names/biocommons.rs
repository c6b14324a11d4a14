//! Pairs of genomic and transcript names of biocommons hgvs, projected both ways through the alignments that UTA gives
//! (transcripts with bases more or less than the genome among them), and the protein names beside them.

use std::collections::{BTreeMap, HashMap};

use clinotype_annotate::{
    hgvs::{
        self,
        name::{Anchor, Bound, Description, Edit, Stated},
    },
    namer::{AlignedTranscript, Answer, Namer},
};
use clinotype_genome::Strand;
use serde_json::Value;

use crate::{
    common::{Pieces, after, archive, rows, shared, without_stated},
    verdicts::Verdicts,
};

fn transcripts(files: &BTreeMap<String, Vec<u8>>, proteins: &HashMap<String, String>) -> Vec<AlignedTranscript> {
    let exons: BTreeMap<String, Value> = serde_json::from_slice(&files["tx_exons.json"]).unwrap();
    let info: BTreeMap<String, Value> = serde_json::from_slice(&files["tx_info.json"]).unwrap();
    let mut out = Vec::new();
    for (key, list) in &exons {
        let contig = key.split('|').nth(1).unwrap();
        if !contig.starts_with("NC_") {
            continue;
        }
        let mut list: Vec<&Value> = list.as_array().unwrap().iter().collect();
        list.sort_by_key(|e| e["ord"].as_i64());
        let accession = list[0]["tx_ac"].as_str().unwrap().to_owned();
        let strand = if list[0]["alt_strand"].as_i64() == Some(-1) {
            Strand::Reverse
        } else {
            Strand::Forward
        };
        let number = |e: &Value, k: &str| e[k].as_u64().unwrap() as u32;
        let about = info
            .get(&format!("get_tx_identity_info|{accession}"))
            .or_else(|| info.get(&format!("get_tx_info|{key}")));
        let coding = about.and_then(|i| Some((i["cds_start_i"].as_u64()? as u32, i["cds_end_i"].as_u64()? as u32)));
        out.push(AlignedTranscript {
            gene: list[0]["hgnc"].as_str().unwrap_or_default().to_owned(),
            protein_id: proteins.get(&accession).cloned(),
            contig: contig.to_owned(),
            strand,
            exons: list
                .iter()
                .map(|e| {
                    let cigar = e["cigar"].as_str().unwrap();
                    (
                        number(e, "alt_start_i"),
                        number(e, "alt_end_i"),
                        // Exon alignments of UTA run in the direction of the transcript.
                        cigar.to_owned(),
                    )
                })
                .collect(),
            coding,
            accession,
        });
    }
    out
}

/// Contig, 0-based place and bases that a name states.
fn stated(name: &str) -> Option<(String, u32, Vec<u8>)> {
    let name = hgvs::parse(name).ok()?;
    let Description::Nucleic(nucleic) = name.description else {
        return None;
    };
    let change = &nucleic.groups[0][0];
    let Bound::Exact(first) = change.location?.first else {
        return None;
    };
    let Anchor::Base(at) = first.anchor else { return None };
    let bases = match &change.edit {
        Edit::Substitution { reference, .. } => reference,
        Edit::Deletion(Stated::Bases(bases)) | Edit::DeletionInsertion(Stated::Bases(bases), _) => bases,
        _ => return None,
    };
    Some((
        name.reference?.accession,
        u32::try_from(at - 1).ok()?,
        bases.clone().into_bytes(),
    ))
}

fn of(answer: &Answer, accession: &str) -> (String, String) {
    let of_protein = |p: &Option<String>| p.as_deref().map(|p| after(p).to_owned()).unwrap_or_default();
    if answer.transcript.as_deref() == Some(accession) {
        let name = answer.c.clone().or_else(|| answer.n.clone());
        return (name.unwrap_or_default(), of_protein(&answer.p));
    }
    answer
        .others
        .iter()
        .find(|o| o.transcript == accession)
        .map(|o| (o.name.clone().unwrap_or_default(), of_protein(&o.p)))
        .unwrap_or_else(|| (answer.errors.join("; "), String::new()))
}

#[test]
fn biocommons_pairs() {
    let Some(data) = shared() else { return };
    let files = archive(&data.join("annotation/refs/transcript_windows.tar.gz"));
    let full: BTreeMap<String, String> = serde_json::from_slice(&files["full_seqs.json"]).unwrap();
    let fragments: Vec<((String, u32, u32), String)> = serde_json::from_slice(&files["seq_fragments.json"]).unwrap();
    let table: Vec<_> = rows(&data.join("annotation/biocommons_gcp_open.tsv.gz"))
        .into_iter()
        .filter(|r| r["run"] == "hdp_cache")
        .collect();
    let proteins: HashMap<String, String> = table
        .iter()
        .filter_map(|r| {
            Some((
                r["c"].split_once(':')?.0.to_owned(),
                r["p"].split_once(':')?.0.to_owned(),
            ))
        })
        .collect();
    let aligned = transcripts(&files, &proteins);
    let mut lengths: HashMap<String, u32> = HashMap::new();
    for t in &aligned {
        let length: u32 = t
            .exons
            .iter()
            .map(|e| {
                let mut number = 0;
                let mut sum = 0;
                for c in e.2.chars() {
                    match c.to_digit(10) {
                        Some(d) => number = number * 10 + d,
                        None => {
                            sum += if c == 'I' { 0 } else { number };
                            number = 0;
                        }
                    }
                }
                sum
            })
            .sum();
        lengths.insert(t.accession.clone(), length);
    }
    let mut parts: Vec<(String, u32, Vec<u8>)> = full
        .into_iter()
        .filter(|(name, _)| !name.starts_with("NP_"))
        .map(|(name, bases)| (name, 0, bases.into_bytes()))
        .collect();
    parts.extend(
        fragments
            .into_iter()
            .filter(|((name, ..), _)| !name.starts_with("NP_"))
            .map(|((name, start, _), bases)| (name, start, bases.into_bytes())),
    );
    // What a genomic name states of the bases it changes is the sequence there; most of it is in no fragment.
    parts.extend(table.iter().filter_map(|r| stated(&r["g"])));
    for t in &aligned {
        if !parts.iter().any(|p| p.0 == t.contig) {
            parts.push((t.contig.clone(), 0, b"N".to_vec()));
        }
    }
    let pieces = Pieces::new(parts, &lengths);
    let namer = Namer::new(&pieces, Vec::new(), None).with_aligned(aligned);
    let mut verdicts = Verdicts::of("biocommons_gcp");
    let (mut silent, mut predicted, mut short) = (0, 0, 0);
    for row in &table {
        let accession = row["c"].split_once(':').unwrap().0;
        let from_g = namer.name(&row["g"]).unwrap();
        let from_c = namer.name(&row["c"]).unwrap();
        let (c, p) = of(&from_g, accession);
        let id = format!("{} {}", row["g"], row["c"]);
        let is_substitution = row["c"].contains('>');
        // A substitution's names stand in the table as they are to come out; of the others the table's two names are
        // those of one allele, which both ways then give one name.
        let wanted_c = if is_substitution {
            row["c"].clone()
        } else {
            from_c.normalized.clone().unwrap_or_else(|| without_stated(&row["c"]))
        };
        verdicts.judge(&id, "c", &wanted_c, &c);
        let wanted_g = if is_substitution && row["g"].contains('>') {
            row["g"].clone()
        } else {
            from_g.normalized.clone().unwrap_or_else(|| without_stated(&row["g"]))
        };
        let g = from_c.g.clone().unwrap_or_else(|| from_c.errors.join("; "));
        verdicts.judge(&id, "g", &wanted_g, &g);
        if row["p"].is_empty() {
            continue;
        }
        let theirs = after(&row["p"]).replace('*', "Ter");
        let theirs = theirs.as_str();
        let theirs = if theirs.contains('(') || theirs == "p.?" {
            theirs.to_owned()
        } else {
            predicted += 1;
            format!("p.({})", &theirs[2..])
        };
        // The short form of a frame shift leaves out where it ends.
        if theirs.ends_with("fs)") && p.starts_with(&theirs[..theirs.len() - 1]) {
            short += 1;
            continue;
        }
        // Recommendation on protein substitutions: a silent change names its residue, `p.Cys188=`; `p.(=)` is the whole protein.
        if theirs == "p.(=)" && p.ends_with("=)") {
            silent += 1;
            continue;
        }
        verdicts.judge(&id, "p", &theirs, &p);
    }
    println!(
        "biocommons: {} rows, {silent} silent changes named with their residue, {predicted} p. without parentheses, {short} short frame shifts",
        table.len()
    );
    verdicts.finish();
}
