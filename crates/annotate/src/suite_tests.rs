//! Consequences on the tables of other programs' own tests: bcftools csq, mehari and jannovar.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::BufRead,
    path::Path,
};

use clinotype_genome::{Build, Pos, Strand, VariantKey, fs};

use crate::{
    adjudicated::check,
    bases::{
        Bases, Cached,
        testing::{Slices, shared},
    },
    consequence,
    edit::{Allele, Edit},
    panel_tests::{Annotator, panel, rows},
    spliced::Spliced,
    transcripts::{Transcript, TranscriptSet, model::tests::model},
};

/// Whole FASTA records as slices that begin at the contig's first base.
fn fasta(path: &Path) -> Slices {
    let mut parts: Vec<(String, u32, Vec<u8>)> = Vec::new();
    for line in fs::open_text(path).unwrap().lines() {
        let line = line.unwrap();
        if let Some(name) = line.strip_prefix('>') {
            parts.push((name.split_whitespace().next().unwrap().to_owned(), 0, Vec::new()));
        } else {
            parts.last_mut().unwrap().2.extend(line.to_ascii_uppercase().bytes());
        }
    }
    Slices::new(parts)
}

/// The transcripts of a window cut out of a genome. Genes that began before the window have positions below 1 there,
/// which GFF3 does not allow and we refuse; they are cut at the window's first base.
fn transcripts(path: &Path, slices: &Slices) -> TranscriptSet {
    let mut text = String::new();
    for line in fs::open_text(path).unwrap().lines() {
        let line = line.unwrap();
        // The blanks of one file's descriptions are tabs.
        let mut columns: Vec<&str> = line.splitn(9, '\t').collect();
        let attributes = columns.get(8).map(|text| text.replace('\t', " "));
        if let Some(attributes) = &attributes {
            columns[8] = attributes;
        }
        if columns.len() == 9 && columns[3].parse::<i64>().is_ok_and(|start| start < 1) {
            columns[3] = "1";
        }
        text.push_str(&columns.join("\t"));
        text.push('\n');
    }
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("cut.gff3");
    fs::write_atomic(&cut, text.as_bytes()).unwrap();
    TranscriptSet::load(&cut, slices, Build::Grch38, true).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// Our word for bcftools'. Its `non_coding` is any place of a non-coding transcript.
fn of_bcftools(term: &str) -> Vec<&str> {
    match term {
        "missense" => vec!["missense_variant"],
        "synonymous" => vec!["synonymous_variant"],
        "frameshift" => vec!["frameshift_variant"],
        "inframe_altering" => vec!["protein_altering_variant", "missense_variant"],
        "splice_acceptor" => vec!["splice_acceptor_variant"],
        "splice_donor" => vec!["splice_donor_variant"],
        "splice_region" => vec![
            "splice_region_variant",
            "splice_donor_region_variant",
            "splice_donor_5th_base_variant",
        ],
        "start_retained" => vec!["start_retained_variant"],
        "stop_retained" => vec!["stop_retained_variant"],
        "coding_sequence" => vec!["coding_sequence_variant"],
        "5_prime_utr" => vec!["5_prime_UTR_variant"],
        "3_prime_utr" => vec!["3_prime_UTR_variant"],
        "non_coding" => vec!["non_coding_transcript_exon_variant", "non_coding_transcript_variant"],
        "intron" => vec!["intron_variant"],
        "NMD_transcript" => vec!["NMD_transcript_variant"],
        other => vec![other],
    }
}

/// One consequence of bcftools: terms, gene, transcript (may be empty), biotype, strand, change of residues.
fn entry_agrees(entry: &str, set: &TranscriptSet, bases: &dyn Bases, key: &VariantKey) -> Result<(), String> {
    let fields: Vec<&str> = entry.split('|').collect();
    let field = |i: usize| fields.get(i).copied().unwrap_or_default();
    let biotype = match field(3) {
        "NMD" => "nonsense_mediated_decay",
        "IG_V" => "IG_V_gene",
        other => other,
    };
    let candidates: Vec<&Transcript> = set
        .iter()
        .filter(|t| {
            let accession = t.accession.split('.').next().unwrap_or_default();
            if field(2).is_empty() {
                t.gene == field(1) && t.biotype == biotype
            } else {
                t.accession == field(2) || accession == field(2)
            }
        })
        .collect();
    let mut seen = Vec::new();
    for t in candidates {
        let answer = Annotator::new(set, bases).answer(key, &t.accession).unwrap();
        let all = field(0)
            .trim_start_matches('*')
            .split('&')
            .all(|term| of_bcftools(term).iter().any(|words| answer.terms.contains(words)));
        if all && residues_agree(field(5), &answer.p) {
            return Ok(());
        }
        seen.push(answer.terms.join("&"));
    }
    seen.sort();
    seen.dedup();
    Err(if seen.is_empty() {
        "transcript not found".to_owned()
    } else {
        seen.join(",")
    })
}

/// `146M>146T` against `p.(Met146Thr)`; changes of several residues are left to the names' tests.
fn residues_agree(change: &str, p: &str) -> bool {
    let part = |text: &str| -> Option<(u32, u8)> {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let [residue] = text.as_bytes()[digits..] else {
            return None;
        };
        Some((text[..digits].parse().ok()?, residue))
    };
    if p.is_empty() {
        // The model has no protein accession to name a change by.
        return true;
    }
    let Some((from, to)) = change.split_once('>').and_then(|(a, b)| part(a).zip(part(b))) else {
        return true;
    };
    if from.1 == b'*' || from.1 == b'M' && from.0 == 1 {
        return p.contains(&format!("{}{}", crate::code::three_letters(from.1), from.0));
    }
    p == format!(
        "p.({}{}{})",
        crate::code::three_letters(from.1),
        from.0,
        crate::code::three_letters(to.1)
    )
}

#[test]
fn bcftools_csq_cases() {
    let Some(data) = shared() else { return };
    let mut sets: HashMap<String, (Slices, TranscriptSet)> = HashMap::new();
    let (mut right, mut total) = (0_u32, 0_u32);
    let mut differing = BTreeMap::new();
    let (mut combined, mut absent) = (0_u32, 0_u32);
    for line in fs::open_text(data.join("annotation/bcftools_csq_open.jsonl.gz"))
        .unwrap()
        .lines()
    {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let get = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let name = get("set");
        let folder = data.join("annotation/refs/bcftools_csq").join(&name);
        if !folder.is_dir() || !folder.join(format!("{name}.fa")).is_file() {
            absent += 1;
            continue;
        }
        let (slices, set) = sets.entry(name.clone()).or_insert_with(|| {
            let slices = fasta(&folder.join(format!("{name}.fa")));
            let set = transcripts(&folder.join(format!("{name}.gff")), &slices);
            (slices, set)
        });
        let expected = get("expected_haplotype");
        let expected = if expected.is_empty() {
            get("expected_local")
        } else {
            expected
        };
        if expected.is_empty() || expected.starts_with('@') {
            // Expected only as part of a haplotype: tests/haplotypes.rs.
            combined += 1;
            continue;
        }
        total += 1;
        let position = Pos::new(get("pos").parse().unwrap()).unwrap();
        let key = VariantKey::new(get("chrom"), position, &get("ref"), &get("alt"));
        let found = if expected == "." {
            // bcftools is silent outside of transcripts.
            let quiet = set.iter().all(|t| {
                let answer = Annotator::new(set, &*slices).answer(&key, &t.accession).unwrap();
                answer
                    .terms
                    .iter()
                    .all(|t| ["upstream_gene_variant", "downstream_gene_variant", "intron_variant"].contains(t))
            });
            if quiet {
                Ok(())
            } else {
                Err("inside a transcript".to_owned())
            }
        } else {
            expected
                .split(',')
                .try_for_each(|entry| entry_agrees(entry, set, &*slices, &key))
        };
        match found {
            Ok(()) => right += 1,
            Err(ours) => {
                println!("csq {name} {key} {ours} != {expected}");
                differing.insert(format!("{name} {key}"), ours);
            }
        }
    }
    println!("bcftools csq: {right} of {total}; {combined} rows without a single reading, {absent} without sequence");
    check("bcftools_csq", &differing);
}

/// The rows of that suite whose single readings stand in the outputs of its commands, not in the table: (set, GFF3, allele,
/// consequence as bcftools writes it).
const OF_COMMANDS: &[(&str, &str, &str, &str)] = &[
    (
        "ENST00000422159",
        "short",
        "3-279-TAGAGAG-TAG",
        "stop_lost&frameshift|GHRL|ENST00000422159|protein_coding",
    ),
    (
        "ENST00000422159",
        "short",
        "3-279-TAGAGAG-T",
        "inframe_deletion&stop_retained|GHRL|ENST00000422159|protein_coding",
    ),
    (
        "ENST00000422159",
        "",
        "3-279-TAGAGAG-T",
        "3_prime_utr|GHRL|ENST00000335542|protein_coding",
    ),
    (
        "ENSMUST00000121418",
        "",
        "19-25105-G-A",
        "5_prime_utr|Rab3il1|ENSMUST00000121418|protein_coding",
    ),
    (
        "ENSMUST00000121418",
        "",
        "19-25105-G-A",
        "synonymous&NMD_transcript|Rab3il1|ENSMUST00000144788|NMD|+|52E|25105G>A",
    ),
    (
        "ENSMUST00000121418",
        "",
        "19-25496-ACAAA-ACAAAGCAAA",
        "intron|Rab3il1||protein_coding",
    ),
    (
        "ENSMUST00000121418",
        "",
        "19-25500-AACAA-AACAAGACAA",
        "intron|Rab3il1||NMD",
    ),
    (
        "ENSMUST00000133836",
        "",
        "19-7367-T-A",
        "synonymous|Ccdc86|ENSMUST00000025639|protein_coding|-|162P|7367T>A",
    ),
    (
        "ENST00000269081",
        "",
        "17-46862-AAT-A",
        "stop_gained&frameshift|ABCA10|ENST00000269081|protein_coding",
    ),
    (
        "ENST00000379416",
        "",
        "2-53594-AA-AGCT",
        "frameshift|XDH|ENST00000379416|protein_coding",
    ),
    (
        "ENST00000381157",
        "",
        "X-31140-A-T",
        "missense|GYG2|ENST00000381157|protein_coding|+|76N>76Y|31140A>T",
    ),
    (
        "ENST00000381157",
        "",
        "X-31177-C-T",
        "missense|GYG2|ENST00000381157|protein_coding|+|88A>88V|31177C>T",
    ),
    (
        "ENST00000381157",
        "",
        "X-31178-G-T",
        "synonymous|GYG2|ENST00000381157|protein_coding|+|88A|31178G>T",
    ),
];

#[test]
fn bcftools_csq_commands() {
    let Some(data) = shared() else { return };
    let mut differing = BTreeMap::new();
    for (name, gff3, allele, expected) in OF_COMMANDS {
        let folder = data.join("annotation/refs/bcftools_csq").join(name);
        let slices = fasta(&folder.join(format!("{name}.fa")));
        let gff3 = if gff3.is_empty() { name } else { gff3 };
        let set = transcripts(&folder.join(format!("{gff3}.gff")), &slices);
        let parts: Vec<&str> = allele.split('-').collect();
        let position = Pos::new(parts[1].parse().unwrap()).unwrap();
        let key = VariantKey::new(parts[0], position, parts[2], parts[3]);
        if let Err(ours) = entry_agrees(expected, &set, &slices, &key) {
            println!("csq {name} {key} {ours} != {expected}");
            differing.insert(format!("{name} {key}"), ours);
        }
    }
    check("bcftools_csq commands", &differing);
}

/// mehari's list of rows where it and VEP disagree, on genes of the panel.
#[test]
fn mehari_rows() {
    let Some(data) = shared() else { return };
    let panel = panel(&data);
    let cached = Cached::new(&panel.slices);
    let mut annotator = Annotator::new(&panel.set, &cached);
    let (mut right, mut total) = (0, 0);
    let mut differing = BTreeMap::new();
    for row in rows(&data.join("annotation/mehari_vep_disagreement_open.tsv.gz")) {
        let Some(t) = panel.set.pick(&row["gene"]) else {
            continue;
        };
        let contig = format!("chr{}", row["chrom"].trim_start_matches("chr"));
        let position = Pos::new(row["pos"].parse().unwrap()).unwrap();
        let key = VariantKey::new(contig, position, &row["ref"], &row["alt"]);
        let answer = annotator.answer(&key, &t.accession).unwrap();
        total += 1;
        let wanted: BTreeSet<&str> = row["consequence"]
            .split('&')
            .map(|term| match term {
                "disruptive_inframe_deletion" | "conservative_inframe_deletion" => "inframe_deletion",
                "disruptive_inframe_insertion" | "conservative_inframe_insertion" => "inframe_insertion",
                "frameshift_truncation" | "frameshift_elongation" => "frameshift_variant",
                "3_prime_UTR_exon_variant" => "3_prime_UTR_variant",
                "5_prime_UTR_exon_variant" => "5_prime_UTR_variant",
                other => other,
            })
            .collect();
        let ours: BTreeSet<&str> = answer.terms.iter().copied().collect();
        let p = row["extra"]
            .split('|')
            .find(|f| f.starts_with("p."))
            .unwrap_or_default();
        let plain = answer.p.replace(['(', ')'], "");
        if wanted.is_subset(&ours) {
            right += 1;
        } else {
            let short = format!("{contig}:{position} {}", row["gene"], contig = key.contig);
            println!(
                "mehari {short} {} {plain} {:?} != {wanted:?} {p}",
                answer.c, answer.terms
            );
            differing.insert(short, answer.terms.join("&"));
        }
    }
    println!("mehari: {right} of {total}");
    assert!(total > 5);
    check("mehari_vep_disagreement", &differing);
}

/// Exons and mRNA of UCSC's knownGene on GRCh37, as jannovar's tests have them. Introns are unknown (N).
fn known_gene(text: &str, mrna: &str) -> (Transcript, Slices) {
    let f: Vec<&str> = text.split('\t').collect();
    let number = |text: &str| text.parse::<u32>().unwrap();
    let list = |text: &str| -> Vec<u32> { text.split(',').filter(|n| !n.is_empty()).map(number).collect() };
    let strand = if f[2] == "+" { Strand::Forward } else { Strand::Reverse };
    let exons: Vec<(u32, u32)> = list(f[8]).into_iter().zip(list(f[9])).collect();
    let (start, end) = (number(f[5]), number(f[6]));
    let mut t = model(strand, &exons, (start < end).then_some((start, end)));
    t.contig = f[1].to_owned();
    let mut parts = Vec::new();
    for (exon, offset) in t.exons.iter().zip(&t.offsets) {
        // A poly-A tail follows; a sequence that is too short belongs to another version.
        let Some(bases) = mrna.as_bytes().get(*offset as usize..(offset + exon.len()) as usize) else {
            continue;
        };
        let bases = bases.to_ascii_uppercase();
        let plus = match strand {
            Strand::Forward => bases,
            Strand::Reverse => clinotype_genome::sequence::reverse_complement(&bases),
        };
        parts.push((f[1].to_owned(), exon.start, plus));
    }
    if parts.is_empty() {
        parts.push((f[1].to_owned(), 0, b"N".to_vec()));
    }
    (t, Slices::new(parts))
}

/// jannovar's words in VEP's, without those that say how a change looks or what VEP leaves out beside another term.
fn of_jannovar(effects: &str) -> BTreeSet<&str> {
    let words: Vec<&str> = effects.split(',').filter(|e| !e.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    let splice = has("splice_donor_variant") || has("splice_acceptor_variant");
    words
        .iter()
        .filter_map(|word| {
            Some(match *word {
                "complex_substitution" | "mnv" | "direct_tandem_duplication" | "feature_truncation" => return None,
                "missense_variant" if has("start_lost") || has("stop_lost") => return None,
                "synonymous_variant" if has("stop_retained_variant") => return None,
                "coding_transcript_intron_variant"
                | "five_prime_utr_intron_variant"
                | "three_prime_utr_intron_variant"
                | "non_coding_transcript_intron_variant" => {
                    if splice {
                        return None;
                    }
                    "intron_variant"
                }
                "five_prime_utr_exon_variant" => "5_prime_UTR_variant",
                "three_prime_utr_exon_variant" => "3_prime_UTR_variant",
                "frameshift_elongation" | "frameshift_truncation" => "frameshift_variant",
                "disruptive_inframe_deletion" => "inframe_deletion",
                "disruptive_inframe_insertion" => "inframe_insertion",
                other => other,
            })
        })
        .collect()
}

#[test]
fn jannovar_effects() {
    let Some(data) = shared() else { return };
    let text =
        std::io::read_to_string(fs::open_text(data.join("annotation/refs/jannovar_transcripts.json.gz")).unwrap())
            .unwrap();
    let models: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut right, mut total, mut without) = (0, 0, 0);
    let mut differing = BTreeMap::new();
    for row in rows(&data.join("annotation/jannovar_open.tsv.gz")) {
        let wanted = of_jannovar(&row["effects"]);
        let entry = &models[&row["transcript"]];
        let (Some(gene), Some(mrna)) = (entry["known_gene"].as_str(), entry["mrna"].as_str()) else {
            without += 1;
            continue;
        };
        if wanted.is_empty() {
            without += 1;
            continue;
        }
        let (mut t, slices) = known_gene(gene, mrna);
        let spliced = Spliced::read(&t, &slices).unwrap();
        if spliced.bases.len() != t.length() as usize {
            // On a contig that is no chromosome.
            without += 1;
            continue;
        }
        let first = t.coding.map_or(0, |c| c.start as usize);
        t.has_start = spliced.bases.get(first..first + 3).is_some_and(|codon| codon == b"ATG");
        let zero: u32 = row["pos0"].parse().unwrap();
        assert_eq!(
            (row["pos_type"].as_str(), row["strand"].as_str()),
            ("ZERO_BASED", "FWD")
        );
        let key = VariantKey::new(&t.contig, Pos::from_zero_based(zero), &row["ref"], &row["alt"]);
        let given = Edit::of(&key);
        let left = given.shifted(&slices, &t.contig, Strand::Reverse, 0, u32::MAX).unwrap();
        let right_most = left.shifted(&slices, &t.contig, Strand::Forward, 0, u32::MAX).unwrap();
        let allele = Allele {
            left,
            right: right_most,
        };
        let effect = consequence::effect(&allele, &t, &slices, || Ok(&spliced)).unwrap();
        let ours: BTreeSet<&str> = effect
            .terms
            .iter()
            .map(|term| match term.name() {
                // Beyond 5 kb VEP says intergenic; the step does so where no transcript is in reach.
                "upstream_gene_variant" | "downstream_gene_variant" => "intergenic_variant",
                "splice_donor_region_variant" | "splice_donor_5th_base_variant" => "splice_region_variant",
                other => other,
            })
            .collect();
        total += 1;
        if wanted.is_subset(&ours) {
            right += 1;
        } else {
            let short = format!("{} {}", row["transcript"], row["c"]);
            let names: Vec<&str> = effect.terms.iter().map(consequence::terms::Term::name).collect();
            println!(
                "jannovar {short} {:?} {:?} {names:?} != {wanted:?} {}",
                effect.hgvs_c, effect.hgvs_p, row["p"]
            );
            differing.insert(short, names.join("&"));
        }
    }
    println!("jannovar: {right} of {total}; {without} rows without effects or model");
    assert!(total > 100);
    check("jannovar", &differing);
}
