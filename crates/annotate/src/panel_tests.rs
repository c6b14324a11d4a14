//! The panel of 562 clinical genes against proteins, c. names and consequences made by independent programs.

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
    path::Path,
};

use clinotype_genome::{Build, Pos, VariantKey, fs, normalise::normalise_with};

use crate::{
    adjudicated::check,
    bases::{
        Bases, Cached,
        testing::{Slices, shared},
    },
    consequence,
    edit::Allele,
    spliced::Spliced,
    transcripts::{Transcript, TranscriptSet},
};

pub(crate) struct Panel {
    pub(crate) slices: Slices,
    pub(crate) set: TranscriptSet,
}

pub(crate) fn panel(data: &Path) -> Panel {
    let slices = Slices::read(&data.join("panel-grch38/grch38_slices.fa.gz"));
    let set = TranscriptSet::read_with(
        &data.join("panel-grch38/panel.grch38.sorted.gff3.gz"),
        &slices,
        Build::Grch38,
    )
    .unwrap();
    Panel { slices, set }
}

/// Rows of a TSV with a header, as maps.
pub(crate) fn rows(path: &Path) -> impl Iterator<Item = HashMap<String, String>> {
    let mut lines = fs::open_text(path).unwrap().lines().map(|l| l.unwrap());
    let header: Vec<String> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    lines.map(move |line| {
        header
            .iter()
            .cloned()
            .zip(line.split('\t').map(str::to_owned))
            .collect()
    })
}

fn lrg_starts(data: &Path) -> HashMap<String, (String, u32)> {
    rows(&data.join("panel-grch38/placements.tsv"))
        .map(|r| (r["lrg"].clone(), (r["chrom"].clone(), r["start"].parse().unwrap())))
        .collect()
}

fn proteins(data: &Path) -> HashMap<String, String> {
    let mut found: HashMap<String, String> = HashMap::new();
    let mut name = String::new();
    for line in fs::open_text(data.join("panel-grch38/proteins.fa.gz")).unwrap().lines() {
        let line = line.unwrap();
        if line.starts_with('>') {
            line.split_whitespace().next().unwrap()[1..].clone_into(&mut name);
        } else {
            found.entry(name.clone()).or_default().push_str(&line);
        }
    }
    found
}

#[test]
fn proteins_of_the_panel() {
    let Some(data) = shared() else { return };
    let panel = panel(&data);
    let by_accession: HashMap<&str, &Transcript> = panel.set.iter().map(|t| (t.accession.as_str(), t)).collect();
    let truth = proteins(&data);
    let (mut equal, mut differing, mut total) = (0, Vec::new(), 0);
    for row in rows(&data.join("panel-grch38/transcripts.tsv.gz")) {
        let Some(expected) = truth.get(&row["tx"].replace('t', "p")) else {
            continue;
        };
        let Some(t) = by_accession.get(row["refseq"].as_str()) else {
            continue;
        };
        total += 1;
        let spliced = Spliced::read(t, &panel.slices).unwrap();
        let protein = String::from_utf8(spliced.protein.clone()).unwrap();
        if protein.trim_end_matches('*') == expected {
            equal += 1;
        } else {
            differing.push((row["refseq"].clone(), row["genome_translation_matches"].clone()));
        }
    }
    println!("proteins equal to the panel's: {equal} of {total}; differing: {differing:?}");
    assert_eq!(total, 662);
    // The known differences between transcript and genome (DATA: transcripts.tsv `genome_translation_matches`).
    assert!(differing.iter().all(|(_, matches)| matches != "1"), "{differing:?}");
    assert_eq!(differing.len(), 29);
}

pub(crate) struct Answer {
    pub(crate) c: String,
    pub(crate) p: String,
    pub(crate) terms: Vec<&'static str>,
}

pub(crate) struct Annotator<'a> {
    set: &'a TranscriptSet,
    bases: &'a dyn Bases,
    spliced: HashMap<String, Spliced>,
    by_accession: HashMap<String, usize>,
}

impl<'a> Annotator<'a> {
    pub(crate) fn new(set: &'a TranscriptSet, bases: &'a dyn Bases) -> Self {
        let by_accession = set.iter().enumerate().map(|(i, t)| (t.accession.clone(), i)).collect();
        Self {
            set,
            bases,
            spliced: HashMap::new(),
            by_accession,
        }
    }
    pub(crate) fn answer(&mut self, key: &VariantKey, accession: &str) -> Option<Answer> {
        let t = self.set.get(*self.by_accession.get(accession)?);
        let key = normalise_with(key, |c, s, e| self.bases.fetch(c, s, e)).unwrap();
        let spliced = self
            .spliced
            .entry(accession.to_owned())
            .or_insert_with(|| Spliced::read(t, self.bases).unwrap());
        let spliced = &*spliced;
        let length = self.bases.contigs().get(&key.contig).unwrap().length;
        let allele = Allele::of(&key, self.bases, length).unwrap();
        let effect = consequence::effect(&allele, t, self.bases, || Ok(spliced)).unwrap();
        let after = |name: Option<String>| {
            name.and_then(|n| n.split_once(':').map(|(_, n)| n.to_owned()))
                .unwrap_or_default()
        };
        Some(Answer {
            c: after(effect.hgvs_c),
            p: after(effect.hgvs_p),
            terms: effect.terms.iter().map(crate::consequence::terms::Term::name).collect(),
        })
    }
}

/// The consensus table has VEP's older vocabulary: the finer splice terms count as what they refine.
fn coarse(term: &str) -> &str {
    match term {
        "splice_polypyrimidine_tract_variant" => "intron_variant",
        "splice_donor_5th_base_variant" | "splice_donor_region_variant" => "splice_region_variant",
        other => other,
    }
}

#[test]
fn names_and_consequences_of_the_panel() {
    let Some(data) = shared() else { return };
    let panel = panel(&data);
    let starts = lrg_starts(&data);
    let cached = Cached::new(&panel.slices);
    let mut annotator = Annotator::new(&panel.set, &cached);
    let (mut named, mut named_right, mut worst, mut worst_right) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut kinds: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let show: usize = std::env::var("SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(15);
    let mut shown = (0, 0, 0);
    let mut differing: BTreeMap<String, String> = BTreeMap::new();
    let (mut p_total, mut p_right) = (0, 0);
    for row in rows(&data.join("annotation/panel_consensus_open.tsv.gz")) {
        let Some((contig, start)) = starts.get(&row["lrg"]) else {
            continue;
        };
        let local: u32 = row["pos"].parse().unwrap();
        let key = VariantKey::new(
            contig.clone(),
            Pos::new(start + local - 1).unwrap(),
            &row["ref"],
            &row["alt"],
        );
        let Some(answer) = annotator.answer(&key, &row["transcript"]) else {
            continue;
        };
        if !row["oracle_c"].is_empty() {
            named += 1;
            let kind = kinds.entry(row["kind"].clone()).or_default();
            kind.1 += 1;
            if answer.c == row["oracle_c"] {
                named_right += 1;
                kind.0 += 1;
            } else if shown.0 < show {
                shown.0 += 1;
                println!("c. {key} {} {} != {}", row["transcript"], answer.c, row["oracle_c"]);
            }
        }
        if row["agree_worst"] == "1" {
            worst += 1;
            let expected = &row["worst_fastvep"];
            if answer.terms.iter().any(|t| coarse(t) == expected || t == expected)
                && answer
                    .terms
                    .first()
                    .is_some_and(|t| coarse(t) == expected || *t == expected)
            {
                worst_right += 1;
            } else {
                differing.insert(format!("{key} {}", row["transcript"]), answer.terms.join("&"));
                if shown.1 < show {
                    shown.1 += 1;
                    println!(
                        "csq {key} {} {} {:?} != {expected} [{}]",
                        row["transcript"], answer.c, answer.terms, row["fastvep_csq"]
                    );
                }
            }
        }
        if row["agree_p"] == "1" && !row["fastvep_p"].is_empty() {
            p_total += 1;
            let p = answer.p.replace(['(', ')'], "");
            if p == row["fastvep_p"] {
                p_right += 1;
            } else if shown.2 < show {
                shown.2 += 1;
                println!(
                    "p. {key} {} {} {p} != {} / {}",
                    row["transcript"], answer.c, row["fastvep_p"], row["snpeff_p"]
                );
            }
        }
    }
    println!("c. names: {named_right} of {named}; by kind {kinds:?}");
    println!("worst consequence: {worst_right} of {worst}; p. where two tools agree: {p_right} of {p_total}");
    assert_eq!(named_right, named);
    assert!(f64::from(worst_right) >= 0.999 * f64::from(worst));
    check("panel_consensus", &differing);
}

/// ClinVar's own c. names for the panel's transcripts: (g. name on GRCh38) to (c. name), shifted by an oracle.
#[test]
fn clinvar_names() {
    let Some(data) = shared() else { return };
    let panel = panel(&data);
    let cached = Cached::new(&panel.slices);
    let mut annotator = Annotator::new(&panel.set, &cached);
    let (mut right, mut total, mut unread) = (0, 0, 0);
    let (mut judged, mut shifted) = (0, 0);
    for row in rows(&data.join("annotation/clinvar_hgvs_open.tsv.gz")) {
        let Some((accession, c)) = row["c"].split_once(':') else {
            continue;
        };
        if !annotator.by_accession.contains_key(accession) {
            continue;
        }
        let Some(key) = genomic_key(&row["g38"], &cached) else {
            unread += 1;
            continue;
        };
        let Some(answer) = annotator.answer(&key, accession) else {
            continue;
        };
        total += 1;
        let oracle = row["oracle"].rsplit(':').next().unwrap_or_default();
        let plain = |name: &str| strip_bases(name);
        if !oracle.is_empty() {
            judged += 1;
            shifted += u32::from(answer.c == plain(oracle));
        }
        if answer.c == plain(c) || !oracle.is_empty() && answer.c == plain(oracle) {
            right += 1;
        } else {
            println!(
                "clinvar {} {accession} {} != {c} (oracle {oracle})",
                row["g38"], answer.c
            );
        }
    }
    println!("equal to the oracle's shifted name: {shifted} of {judged}");
    assert_eq!(shifted, judged);
    println!("ClinVar c. names: {right} of {total}; {unread} g. names of kinds this test does not read");
    assert!(total > 500);
    // The 38 others: 33 names of ClinVar's that are not shifted 3' or say ins for a dup (or lack an underscore), and
    // five on transcripts that differ from the genome (NM_032790.3, NM_001134363.1, NM_001267550.1, NM_133379.4),
    // which a GFF3 without alignments cannot tell.
    assert!(right >= 733);
}

/// `c.68_69delAG` and `c.5dupA` without the bases that HGVS no longer repeats.
fn strip_bases(name: &str) -> String {
    let mut out = name.to_owned();
    if out.contains("delins") {
        return out;
    }
    if let Some(at) = out.find("del") {
        if let Some(ins) = out.find("ins") {
            return format!("{}delins{}", &out[..at], &out[ins + 3..]);
        }
        out.truncate(at + 3);
    } else if let Some(at) = out.find("dup") {
        out.truncate(at + 3);
    }
    out
}

/// A key from a plain g. name (substitution, deletion, duplication, insertion, deletion-insertion).
fn genomic_key(name: &str, bases: &dyn Bases) -> Option<VariantKey> {
    let (accession, change) = name.split_once(":g.")?;
    let key = clinotype_genome::ContigKey::of(accession)?;
    let contig = format!("chr{key}");
    bases.contigs().get(&contig)?;
    let digits = change.find(|c: char| !c.is_ascii_digit() && c != '_')?;
    let (range, what) = change.split_at(digits);
    let (first, last) = range.split_once('_').unwrap_or((range, range));
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    let read = |from: u32, to: u32| String::from_utf8(bases.fetch(&contig, from - 1, to).unwrap()).unwrap();
    let anchor = |at: u32| read(at, at);
    let make = |at: u32, reference: String, alternate: String| {
        (!reference.contains('N'))
            .then(|| VariantKey::new(contig.clone(), Pos::new(at).unwrap(), &reference, &alternate))
    };
    if let Some((_, alternate)) = what.split_once('>') {
        return make(first, read(first, last), alternate.to_owned());
    }
    if let Some((_, inserted)) = what.split_once("ins") {
        if !inserted.bytes().all(|b| b"ACGT".contains(&b)) {
            return None;
        }
        if what.starts_with("del") {
            return make(first, read(first, last), inserted.to_owned());
        }
        return make(first, anchor(first), format!("{}{inserted}", anchor(first)));
    }
    if what.starts_with("del") {
        return make(first - 1, read(first - 1, last), anchor(first - 1));
    }
    if what.starts_with("dup") {
        return make(first - 1, anchor(first - 1), read(first - 1, last));
    }
    None
}
