//! Mutalyzer's own cases on its own references: RefSeqGene, LRG, Ensembl and transcript records with their GFF3.

use std::{collections::BTreeMap, io::Write};

use clinotype_annotate::{
    TranscriptSet,
    namer::{Namer, Sequences, read_transcripts},
};

use crate::{
    common::{Row, archive, fasta, rows, shared},
    verdicts::Verdicts,
};

/// An LRG record as FASTA and GFF3: the fixed sequence and its transcripts.
pub(crate) fn lrg(name: &str, xml: &str) -> (Vec<u8>, String) {
    let between = |text: &str, open: &str, close: &str| -> Option<String> {
        let from = text.find(open)? + open.len();
        Some(text[from..from + text[from..].find(close)?].to_owned())
    };
    let fixed = &xml[..xml.find("</fixed_annotation>").unwrap()];
    let sequence = between(fixed, "<sequence>", "</sequence>").unwrap();
    let attribute = |text: &str, key: &str| between(text, &format!("{key}=\""), "\"");
    let mut gff = format!(
        "{name}\tLRG\tgene\t1\t{}\t.\t+\t.\tID=gene:{name};Name={name}\n",
        sequence.trim().len()
    );
    for part in fixed.split("<transcript name=\"").skip(1) {
        let id = format!("{name}{}", &part[..part.find('"').unwrap()]);
        let coordinates = |text: &str| -> Vec<(u32, u32, String)> {
            text.split("<coordinates ")
                .skip(1)
                .filter_map(|c| {
                    let c = &c[..c.find('>')?];
                    (attribute(c, "coord_system")? == name).then_some(())?;
                    Some((
                        attribute(c, "start")?.parse().ok()?,
                        attribute(c, "end")?.parse().ok()?,
                        attribute(c, "strand").unwrap_or_else(|| "1".into()),
                    ))
                })
                .collect()
        };
        let all = coordinates(part);
        let (start, end, strand) = all[0].clone();
        let sign = if strand == "-1" { '-' } else { '+' };
        gff.push_str(&format!(
            "{name}\tLRG\tmRNA\t{start}\t{end}\t.\t{sign}\t.\tID=rna:{id};Parent=gene:{name};transcript_id={id}\n"
        ));
        let coding = part
            .find("<coding_region>")
            .map(|at| coordinates(&part[at..])[0].clone())
            .filter(|_| part.contains("<coding_region>"));
        let mut phase = 0_u32;
        for exon in part.split("<exon ").skip(1) {
            let (s, e, _) = coordinates(exon)[0].clone();
            gff.push_str(&format!("{name}\tLRG\texon\t{s}\t{e}\t.\t{sign}\t.\tParent=rna:{id}\n"));
            if let Some((a, b, _)) = &coding {
                let (a, b) = (s.max(*a), e.min(*b));
                if a <= b {
                    gff.push_str(&format!(
                        "{name}\tLRG\tCDS\t{a}\t{b}\t.\t{sign}\t{phase}\tParent=rna:{id};protein_id={}\n",
                        id.replace('t', "p")
                    ));
                    phase = (3 - (b - a + 1 - phase) % 3) % 3;
                }
            }
        }
    }
    (sequence.trim().to_ascii_uppercase().into_bytes(), gff)
}

/// An Ensembl record cut from a chromosome: GFF3 in the record's own coordinates.
fn ensembl(name: &str, words: &str, gff: &str) -> Option<String> {
    // chromosome:GRCh38:11:112086873:112095794:1
    let fields: Vec<&str> = words.split(':').collect();
    let (contig, start, end, strand) = match fields.as_slice() {
        [_, _, contig, start, end, strand, ..] => {
            (*contig, start.parse::<u32>().ok()?, end.parse::<u32>().ok()?, *strand)
        }
        _ => return None,
    };
    let mut out = String::new();
    for line in gff.lines().filter(|l| !l.starts_with('#')) {
        let mut f: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if f.len() < 9 || f[0] != contig {
            continue;
        }
        let (a, b): (u32, u32) = (f[3].parse().ok()?, f[4].parse().ok()?);
        let gene = f[2].contains("gene") && !f[2].contains("segment");
        let (a, b) = if gene { (a.max(start), b.min(end)) } else { (a, b) };
        let (a, b) = if strand.starts_with('-') {
            (i64::from(end) - i64::from(b) + 1, i64::from(end) - i64::from(a) + 1)
        } else {
            (i64::from(a) - i64::from(start) + 1, i64::from(b) - i64::from(start) + 1)
        };
        let inside = a >= 1 && b <= i64::from(end - start + 1) && a <= b;
        name.clone_into(&mut f[0]);
        (f[3], f[4]) = (a.to_string(), b.to_string());
        if strand.starts_with('-') {
            f[6] = if f[6] == "+" { "-".into() } else { "+".into() };
        }
        if !inside {
            f[2] = "outside".into();
        }
        out.push_str(&f.join("\t"));
        out.push('\n');
    }
    // Only transcripts that lie inside whole are kept.
    let id = |line: &str, key: &str| -> Option<String> {
        line.split('\t')
            .nth(8)?
            .split(';')
            .find_map(|a| a.strip_prefix(key))
            .map(str::to_owned)
    };
    let lost: Vec<String> = out
        .lines()
        .filter(|l| l.split('\t').nth(2) == Some("outside"))
        .filter_map(|l| id(l, "ID=").or_else(|| id(l, "Parent=")))
        .collect();
    let lost_parents: Vec<String> = out
        .lines()
        .filter(|l| l.split('\t').nth(2) == Some("outside"))
        .filter_map(|l| id(l, "Parent="))
        .collect();
    Some(
        out.lines()
            .filter(|l| {
                let (own, parent) = (id(l, "ID=").unwrap_or_default(), id(l, "Parent=").unwrap_or_default());
                let is_rna = own.starts_with("transcript:");
                l.split('\t').nth(2) != Some("outside")
                    && !lost.contains(&parent)
                    && !(is_rna && (lost.contains(&own) || lost_parents.contains(&own)))
                    && !lost_parents
                        .iter()
                        .any(|p| p.starts_with("transcript:") && *p == parent)
            })
            .map(|l| format!("{l}\n"))
            .collect(),
    )
}

/// Mutalyzer's references as files in a folder.
pub(crate) struct Bench {
    _folder: tempfile::TempDir,
    pub(crate) sequences: Sequences,
    pub(crate) sets: Vec<TranscriptSet>,
}

impl Bench {
    pub(crate) fn new(data: &std::path::Path) -> Self {
        let files = archive(&data.join("annotation/refs/mutalyzer_refs.tar.gz"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refs.fa");
        let mut out = clinotype_genome::fs::AtomicFile::create(&path).unwrap();
        let mut models: BTreeMap<String, String> = BTreeMap::new();
        for (file, bytes) in &files {
            if let Some(stem) = file.strip_suffix(".fasta") {
                if stem.starts_with("NP_") || stem.starts_with("YP_") || stem == "ENST00000375549" {
                    continue;
                }
                let (_, words, bases) = fasta(bytes).remove(0);
                writeln!(out, ">{stem}\n{}", String::from_utf8(bases).unwrap()).unwrap();
                let gff = String::from_utf8_lossy(&files[&format!("{stem}.gff3")]).into_owned();
                let gff = if stem.starts_with("ENS") {
                    ensembl(stem, &words, &gff).unwrap()
                } else {
                    gff
                };
                models.insert(stem.to_owned(), gff);
            } else if file.starts_with("LRG_") {
                let (bases, gff) = lrg(file, &String::from_utf8_lossy(bytes));
                writeln!(out, ">{file}\n{}", String::from_utf8(bases).unwrap()).unwrap();
                models.insert(file.clone(), gff);
            }
        }
        out.commit().unwrap();
        let sequences = Sequences::open(&path, None).unwrap();
        let mut sets = Vec::new();
        for (name, gff) in &models {
            let file = folder.path().join(format!("{name}.gff3"));
            clinotype_genome::fs::write_atomic(&file, gff.as_bytes()).unwrap();
            match read_transcripts(&file, &sequences, None) {
                Ok(set) => sets.push(set),
                Err(fault) => println!("no transcripts from {name}: {fault}"),
            }
        }
        Self {
            _folder: folder,
            sequences,
            sets,
        }
    }

    pub(crate) fn namer(&self) -> Namer<'_> {
        Namer::new(&self.sequences, self.sets.iter().collect(), None)
    }
}

/// `NG_007485.1(NP_000068.1):p.x` as `NP_000068.1:p.x`: a protein is named on its own accession.
pub(crate) fn bare_protein(name: &str) -> String {
    match (name.find('('), name.find("):")) {
        (Some(open), Some(close)) if open < close && !name[..open].contains(':') => {
            format!("{}{}", &name[open + 1..close], &name[close + 1..])
        }
        _ => name.to_owned(),
    }
}

fn field<'a>(row: &'a Row, key: &str) -> &'a str {
    row.get(key).map_or("", |v| v.trim_matches('"'))
}

#[test]
fn mutalyzer_cases() {
    let Some(data) = shared() else { return };
    let bench = Bench::new(&data);
    let namer = bench.namer();
    let mut verdicts = Verdicts::of("mutalyzer_variants");
    let mut silent = 0;
    for row in rows(&data.join("annotation/mutalyzer_variants_open.tsv.gz")) {
        if row["run"] != "mutalyzer_refs" || row["to_test"] != "True" {
            continue;
        }
        let input = row["input"].as_str();
        let answer = namer.name(input).unwrap();
        let ours = answer.normalized.clone().unwrap_or_default();
        let said = answer.errors.join("; ");
        if field(&row, "errors").contains('E') {
            let refused = if answer.errors.is_empty() {
                ours.as_str()
            } else {
                "refused"
            };
            verdicts.judge(input, "errors", "refused", refused);
            continue;
        }
        let normalized = field(&row, "normalized");
        let or_said = |name: String| if name.is_empty() { said.clone() } else { name };
        if !normalized.is_empty() {
            verdicts.judge(input, "normalized", normalized, &or_said(ours));
        }
        let genomic = field(&row, "genomic");
        if !genomic.is_empty() {
            verdicts.judge(
                input,
                "genomic",
                genomic,
                &or_said(answer.g.clone().unwrap_or_default()),
            );
        }
        let protein = bare_protein(field(&row, "protein"));
        if !protein.is_empty() {
            let ours = answer.p.clone().unwrap_or_default();
            if protein.ends_with("p.(=)") && ours.ends_with("=)") {
                silent += 1;
            } else {
                verdicts.judge(input, "protein", &protein, &ours);
            }
        }
        let rna = field(&row, "rna");
        if !rna.is_empty() {
            let ours = answer.r.clone().unwrap_or_default();
            let theirs = bare_protein(rna);
            verdicts.judge(input, "rna", &theirs, &ours);
        }
    }
    println!("mutalyzer: {silent} silent");
    verdicts.finish();
}
