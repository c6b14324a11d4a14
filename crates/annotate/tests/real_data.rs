//! The step on real data: ClinVar's own alleles on chromosome 17 as a sample's VCF, the panel's transcripts, and a
//! FASTA of the true contig length with N outside the panel's slices.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
    path::{Path, PathBuf},
    process::Command,
};

use clinotype_annotate::{AnnotateOptions, AnnotateSummary, TranscriptSet, annotate};
use clinotype_genome::{Build, Reference, Silent, fs};
use clinotype_refdata::alleles::build::{BuildOptions, Columns, Inputs, build};

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("CLINOTYPE_SHARED")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        )
        .join("data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the shared test data is missing");
    eprintln!("skipped: no shared test data at {}", folder.display());
    None
}

/// A FASTA of chr17 at its true length: the panel's slices, N elsewhere.
fn chromosome_17(data: &Path, folder: &Path) -> Reference {
    let length = 83_257_441;
    let mut bases = vec![b'N'; length];
    let mut at: Option<usize> = None;
    for line in fs::open_text(data.join("panel-grch38/grch38_slices.fa.gz"))
        .unwrap()
        .lines()
    {
        let line = line.unwrap();
        if let Some(name) = line.strip_prefix('>') {
            at = name
                .strip_prefix("chr17:")
                .map(|span| span.split('-').next().unwrap().parse::<usize>().unwrap() - 1);
        } else if let Some(start) = &mut at {
            bases[*start..*start + line.len()].copy_from_slice(line.to_ascii_uppercase().as_bytes());
            *start += line.len();
        }
    }
    let path = folder.join("chr17.fa");
    let mut file = fs::AtomicFile::create(&path).unwrap();
    file.write_all(b">chr17\n").unwrap();
    for chunk in bases.chunks(10_000) {
        file.write_all(chunk).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.commit().unwrap();
    Reference::open(&path).unwrap()
}

/// ClinVar's chr17 alleles as one sample's VCF, contig names with `chr`.
fn sample_vcf(data: &Path, folder: &Path) -> (PathBuf, u64) {
    let mut text = String::from(
        "##fileformat=VCFv4.3\n##FILTER=<ID=PASS,Description=\"p\">\n##INFO=<ID=DP,Number=1,Type=Integer,Description=\"d\">\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n",
    );
    let mut count = 0;
    for line in fs::open_text(data.join("clinvar/clinvar_10genes_2026-02-26.GRCh38.vcf.gz"))
        .unwrap()
        .lines()
    {
        let line = line.unwrap();
        let columns: Vec<&str> = line.split('\t').collect();
        if columns[0] != "17" || columns[4] == "." {
            continue;
        }
        let line = format!(
            "chr17\t{}\t{}\t{}\t{}\t50\tPASS\tDP=30\tGT\t0/1\n",
            columns[1], columns[2], columns[3], columns[4]
        );
        text.push_str(&line);
        count += 1;
    }
    let path = folder.join("in.vcf");
    fs::write_atomic(&path, text.as_bytes()).unwrap();
    (path, count)
}

/// The files that a run asks beside the transcripts.
#[derive(Clone, Copy)]
struct Sources<'a> {
    clinvar: &'a Path,
    frequencies: Option<&'a Path>,
    scores: &'a [PathBuf],
}

fn run(
    data: &Path,
    folder: &Path,
    reference: &Reference,
    vcf: &Path,
    out: &str,
    threads: usize,
) -> (PathBuf, AnnotateSummary) {
    let clinvar = data.join("clinvar/clinvar_10genes_2026-02-26.GRCh38.vcf.gz");
    let sources = Sources {
        clinvar: &clinvar,
        frequencies: None,
        scores: &[],
    };
    run_with(sources, data, folder, reference, vcf, out, threads)
}

fn run_with(
    sources: Sources<'_>,
    data: &Path,
    folder: &Path,
    reference: &Reference,
    vcf: &Path,
    out: &str,
    threads: usize,
) -> (PathBuf, AnnotateSummary) {
    let gff3 = data.join("panel-grch38/panel.grch38.sorted.gff3.gz");
    let out = folder.join(out);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let summary = pool.install(|| {
        let transcripts = TranscriptSet::read(&gff3, reference, Build::Grch38).unwrap();
        let started = std::time::Instant::now();
        let summary = annotate(
            &AnnotateOptions {
                vcf,
                reference,
                build: Build::Grch38,
                assert_build: false,
                transcripts: &transcripts,
                clinvar: Some(sources.clinvar),
                frequencies: sources.frequencies,
                scores: sources.scores,
                sample: Some("S1"),
                input_sample: None,
                mismatches: 0,
                names: true,
                tables: &[],
                out: &out,
                pick_order: clinotype_annotate::PickOrder::default(),
                header: &[],
                source: "clinotype test",
            },
            &Silent,
        )
        .unwrap();
        println!(
            "{} records in {:.2} s, {threads} threads",
            summary.records,
            started.elapsed().as_secs_f64()
        );
        summary
    });
    (out, summary)
}

/// INFO as a map.
fn info(line: &str) -> BTreeMap<String, String> {
    line.split('\t')
        .nth(7)
        .unwrap()
        .split(';')
        .map(|e| e.split_once('=').unwrap_or((e, "")))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}

#[test]
fn clinvar_on_chromosome_17() {
    let Some(data) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let reference = chromosome_17(&data, folder.path());
    let (vcf, count) = sample_vcf(&data, folder.path());
    let (out, summary) = run(&data, folder.path(), &reference, &vcf, "a.vcf.gz", 1);
    let (again, other) = run(&data, folder.path(), &reference, &vcf, "b.vcf.gz", 2);
    assert_eq!(summary, other);
    assert_eq!(
        fs::read(&out).unwrap(),
        fs::read(&again).unwrap(),
        "bytes differ between 1 and 2 threads"
    );
    assert_eq!(summary.records, count);
    assert!(
        summary.build_proofs[0].1.starts_with("REF of "),
        "the input states no contig length"
    );
    assert_eq!(summary.clinvar_release.as_deref(), Some("2026-02-26"));
    let dropped: u64 = summary.dropped.iter().map(|d| d.1).sum();
    assert_eq!(
        summary.alleles + dropped,
        count,
        "one ALT in each record: {:?}",
        summary.dropped
    );
    println!("{summary:?}");

    let lines: Vec<String> = fs::open_text(&out).unwrap().lines().map(Result::unwrap).collect();
    let records: Vec<&String> = lines.iter().filter(|l| !l.starts_with('#')).collect();
    assert_eq!(records.len() as u64, count);
    // Names typed from ClinVar and the literature (BIC 185delAG, 5382insC): (variation id, c., p., term).
    for (id, c, p, term) in [
        (
            "17662",
            "NM_007294.3:c.68_69del",
            "NP_009225.1:p.(Glu23ValfsTer17)",
            "frameshift_variant",
        ),
        (
            "17677",
            "NM_007294.3:c.5266dup",
            "NP_009225.1:p.(Gln1756ProfsTer74)",
            "frameshift_variant",
        ),
        (
            "17661",
            "NM_007294.3:c.181T>G",
            "NP_009225.1:p.(Cys61Gly)",
            "missense_variant",
        ),
        (
            "12356",
            "NM_000546.5:c.743G>A",
            "NP_000537.3:p.(Arg248Gln)",
            "missense_variant",
        ),
    ] {
        let line = records
            .iter()
            .find(|l| l.split('\t').nth(2) == Some(id))
            .unwrap_or_else(|| panic!("{id}"));
        let info = info(line);
        let entry = info["CSQ"]
            .split(',')
            .find(|e| e.contains(c))
            .unwrap_or_else(|| panic!("{id}: {}", info["CSQ"]));
        let fields: Vec<&str> = entry.split('|').collect();
        assert_eq!((fields[10], fields[11]), (c, p), "{id}");
        assert!(fields[1].split('&').any(|t| t == term), "{entry}");
        assert_eq!(info["CLINVAR_ID"], id);
        assert_eq!(info["CLINVAR_STATE"], "found");
        assert_eq!(info["DP"], "30");
        assert!(line.ends_with("\tGT\t0/1"));
        println!("{entry}");
    }
    // Every usable allele finds its own ClinVar record again.
    let found = records
        .iter()
        .filter(|l| info(l).get("CLINVAR_STATE").is_some_and(|s| s == "found"))
        .count() as u64;
    assert_eq!(found, summary.alleles);

    // NCBI's own g. names of the same alleles.
    let theirs: BTreeMap<String, (String, String)> =
        fs::open_text(data.join("clinvar/clinvar_10genes_2026-02-26.GRCh38.vcf.gz"))
            .unwrap()
            .lines()
            .map(Result::unwrap)
            .filter(|l| l.starts_with("17\t"))
            .map(|l| {
                let i = info(&l);
                let get = |k: &str| i.get(k).cloned().unwrap_or_default();
                (l.split('\t').nth(2).unwrap().to_owned(), (get("CLNHGVS"), get("MC")))
            })
            .collect();
    let (mut named, mut equal, mut judged, mut agreeing) = (0, 0, 0, 0);
    for line in &records {
        let info = info(line);
        let Some(ours) = info.get("HGVSG") else { continue };
        let (name, consequence) = &theirs[line.split('\t').nth(2).unwrap()];
        named += 1;
        // NCBI writes some repeats as `TC[1]`; those are other words for the same change.
        if ours == name || name.contains('[') {
            equal += 1;
        } else if named - equal < 25 {
            println!(
                "g. {ours} != {name} {}",
                line.split('\t').take(5).collect::<Vec<_>>().join(" ")
            );
        }
        // `SO:0001583|missense_variant`; NCBI's `nonsense` is SO's stop_gained, `initiator_codon_variant` start_lost.
        let terms: Vec<&str> = consequence
            .split(',')
            .filter_map(|m| m.split('|').nth(1))
            .map(|m| match m {
                "nonsense" => "stop_gained",
                "initiator_codon_variant" | "initiatior_codon_variant" => "start_lost",
                "genic_upstream_transcript_variant" => "upstream_gene_variant",
                "genic_downstream_transcript_variant" => "downstream_gene_variant",
                other => other,
            })
            .filter(|m| {
                [
                    "missense_variant",
                    "stop_gained",
                    "synonymous_variant",
                    "frameshift_variant",
                    "splice_donor_variant",
                    "splice_acceptor_variant",
                    "inframe_deletion",
                    "inframe_insertion",
                    "start_lost",
                    "stop_lost",
                ]
                .contains(m)
            })
            .collect();
        if !terms.is_empty() {
            judged += 1;
            if terms.iter().any(|t| info["CSQ"].contains(t)) {
                agreeing += 1;
            } else if judged - agreeing < 25 {
                println!(
                    "MC {terms:?} {ours} {}",
                    info["CSQ"]
                        .split(',')
                        .map(|e| e.split('|').take(12).collect::<Vec<_>>().join("|"))
                        .next()
                        .unwrap()
                );
            }
        }
    }
    println!("g. names as NCBI's: {equal} of {named}; a consequence of NCBI's among ours: {agreeing} of {judged}");
    assert_eq!(equal, named);
    // NCBI calls frameshifts with an immediate stop `nonsense`, and knows transcripts that the panel lacks.
    assert!(f64::from(agreeing) >= 0.985 * f64::from(judged));

    for arguments in [
        vec!["view", "-H", "-r", "chr17:43124027"],
        vec!["+split-vep", "-f", "%POS %Consequence %HGVSc %NMD\n", "-s", "worst"],
    ] {
        let Ok(result) = Command::new("bcftools").args(&arguments).arg(&out).output() else {
            eprintln!("skipped: bcftools is not installed");
            return;
        };
        assert!(result.status.success(), "{}", String::from_utf8_lossy(&result.stderr));
        assert!(result.stderr.is_empty(), "{}", String::from_utf8_lossy(&result.stderr));
        let text = String::from_utf8_lossy(&result.stdout);
        assert!(!text.is_empty());
        println!("{}", text.lines().take(2).collect::<Vec<_>>().join("\n"));
    }
}

fn store(inputs: &[PathBuf], reference: &Reference, fields: &[&str], name: &str, out: PathBuf) -> PathBuf {
    let fields: Vec<String> = fields.iter().map(|f| (*f).to_owned()).collect();
    build(
        &BuildOptions {
            inputs,
            kind: Inputs::Values,
            reference,
            build: Build::Grch38,
            assert_build: false,
            name: Some(name),
            release: None,
            date: None,
            licence: Some("public domain"),
            fields: &fields,
            columns: &Columns::default(),
            duplicates: None,
            assessed: None,
            assessed_alleles: None,
            mismatches: 0.0,
            out: &out,
            scratch: &out.with_extension("scratch"),
            memory: 4 << 20,
            made_by: "test",
        },
        &Silent,
    )
    .unwrap();
    out
}

/// A store gives the very lines that its VCF gives, for ClinVar and for frequencies (those that ClinVar carries).
#[test]
fn stores_on_chromosome_17() {
    let Some(data) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let reference = chromosome_17(&data, folder.path());
    let (vcf, _) = sample_vcf(&data, folder.path());
    let clinvar = data.join("clinvar/clinvar_10genes_2026-02-26.GRCh38.vcf.gz");
    // ClinVar's ExAC frequencies as a frequency file, with an AN that lets some places prove absence.
    let mut text = String::from(
        "##fileformat=VCFv4.2\n##fileDate=2026-02-26\n##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">\n\
         ##INFO=<ID=AN,Number=1,Type=Integer,Description=\"n\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
    );
    for line in fs::open_text(&clinvar).unwrap().lines() {
        let line = line.unwrap();
        let columns: Vec<&str> = line.split('\t').collect();
        if columns[0] == "17"
            && let Some(frequency) = columns[7].split(';').find_map(|e| e.strip_prefix("AF_EXAC="))
        {
            let record = format!(
                "17\t{}\t.\t{}\t{}\t.\tPASS\tAF={frequency};AN={}\n",
                columns[1],
                columns[3],
                columns[4],
                columns[1].len() * 300
            );
            text.push_str(&record);
        }
    }
    let frequencies = folder.path().join("exac.vcf");
    fs::write_atomic(&frequencies, text.as_bytes()).unwrap();
    let of_vcf = Sources {
        clinvar: &clinvar,
        frequencies: Some(&frequencies),
        scores: &[],
    };
    let built = store(
        std::slice::from_ref(&clinvar),
        &reference,
        &[],
        "ClinVar",
        folder.path().join("clinvar.cta"),
    );
    let counted = store(
        std::slice::from_ref(&frequencies),
        &reference,
        &[],
        "ExAC",
        folder.path().join("exac.cta"),
    );
    let scores = [store(
        std::slice::from_ref(&clinvar),
        &reference,
        &["AF_EXAC", "RS", "CLNVC"],
        "Lab",
        folder.path().join("lab.cta"),
    )];
    let of_stores = Sources {
        clinvar: &built,
        frequencies: Some(&counted),
        scores: &scores,
    };
    let (a, first) = run_with(of_vcf, &data, folder.path(), &reference, &vcf, "v.vcf.gz", 2);
    let (b, second) = run_with(of_stores, &data, folder.path(), &reference, &vcf, "s.vcf.gz", 2);
    assert_eq!(first.clinvar_release, second.clinvar_release);
    assert_eq!(second.frequencies_release.as_deref(), Some("2026-02-26"));
    let lines = |path: &Path| -> Vec<String> { fs::open_text(path).unwrap().lines().map(Result::unwrap).collect() };
    let (a, b) = (lines(&a), lines(&b));
    assert!(
        b.iter()
            .any(|l| l.starts_with("##INFO=<ID=Lab_AF_EXAC,Number=A,Type=Float,") && l.contains("release 2026-02-26"))
    );
    assert!(
        b.iter()
            .any(|l| l.starts_with("##clinotype_data=<ID=Lab,Release=\"2026-02-26\""))
    );
    let records = |lines: Vec<String>| -> Vec<String> { lines.into_iter().filter(|l| !l.starts_with('#')).collect() };
    let (a, b) = (records(a), records(b));
    assert_eq!(a.len(), b.len());
    let (mut found, mut absent, mut carried) = (0, 0, 0);
    for (a, b) in a.iter().zip(&b) {
        // The scores are the only difference, and they say what ClinVar's own line says.
        let Some((head, rest)) = b.split_once(";Lab_STATE=") else {
            // A record without annotation has neither.
            assert!(a == b && !b.contains("CSQ="), "{b}");
            continue;
        };
        let (scores, tail) = rest.split_once('\t').unwrap();
        assert_eq!(*a, format!("{head}\t{tail}"));
        found += usize::from(a.contains("FREQ_STATE=found"));
        absent += usize::from(a.contains("FREQ_STATE=absent"));
        // A frequency of 0 says that the allele was not seen.
        let frequency = scores.split(';').find_map(|e| e.strip_prefix("Lab_AF_EXAC="));
        carried += usize::from(frequency.is_some_and(|f| f.parse::<f64>().unwrap() > 0.0));
    }
    println!(
        "{} records: frequency found {found}, absent {absent}; AF_EXAC carried {carried}",
        a.len()
    );
    assert!(
        found > 500 && absent > 100 && carried == found,
        "{found} {absent} {carried}"
    );
}
