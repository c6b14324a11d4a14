//! The steps alone give what the run gives; the run goes on where it was; threads do not change bytes.

use std::{fs, path::Path};

use clinotype_tests::{ORDER, READS, TinyCase, clinotype, errors, final_names, lines};
use serde_json::Value;

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

const OUTPUTS: [&str; 16] = [
    "T-1.annotated.vcf.gz",
    "T-1.annotated.vcf.gz.tbi",
    "T-1.bam",
    "T-1.bam.bai",
    "T-1.depth_mqc.json",
    "T-1.fhir.json",
    "T-1.g.vcf.gz",
    "T-1.g.vcf.gz.tbi",
    "T-1.interpretation.json",
    "T-1.qc.json",
    "T-1.qc_mqc.json",
    "T-1.report.html",
    "T-1.report.pdf",
    "T-1.vcf.gz",
    "T-1.vcf.gz.tbi",
    "provenance.json",
];

/// Asked for, the pharmacogenes are called in the same run; what the reads do not cover is missing, never reference.
#[test]
fn a_run_calls_the_pharmacogenes_where_asked() {
    let case = TinyCase::new();
    case.write("outside.tsv", "CYP2D6\t*1/*4\n");
    case.succeeds(
        &READS,
        &["--pgx", "--pgx-outside", "outside.tsv", "--medications", "codeine"],
    );
    let made = json(&case.path("out/T-1.pgx.json"));
    let genes = made["genes"].as_array().unwrap();
    let gene = |name: &str| genes.iter().find(|g| g["gene"] == name).unwrap();
    assert_eq!(gene("CYP2D6")["diplotypes"], serde_json::json!(["*1/*4"]));
    let uncovered = gene("CYP2C19");
    assert!(
        !uncovered["missing_positions"].as_array().unwrap().is_empty(),
        "{uncovered}"
    );
    assert_eq!(
        made["medications"][0]["medication"], "codeine",
        "{}",
        made["medications"]
    );
    let provenance = std::fs::read_to_string(case.path("out/provenance.json")).unwrap();
    assert!(provenance.contains("\"pgx\"") && !provenance.contains("codeine"));
    // Taken over by the next run of the same; a change of what it rests on makes it anew.
    let before = fs::metadata(case.path("out/T-1.pgx.json")).unwrap().modified().unwrap();
    case.succeeds(
        &READS,
        &["--pgx", "--pgx-outside", "outside.tsv", "--medications", "codeine"],
    );
    assert_eq!(
        fs::metadata(case.path("out/T-1.pgx.json")).unwrap().modified().unwrap(),
        before
    );
    let refused = case.telling(&READS, &["--medications", "codeine"]).output().unwrap();
    assert!(!refused.status.success() && errors(&refused).contains("--pgx"));
}

/// Asked for, the same run ranks the ordered genes by the order's terms and sums scores; neither names the patient's terms
/// in the record of steps.
#[test]
fn a_run_ranks_genes_and_sums_scores_where_asked() {
    let case = TinyCase::new();
    fs::create_dir(case.path("hpo")).unwrap();
    case.write(
        "hpo/hp.obo",
        "format-version: 1.2\ndata-version: releases/2026-01-01\n\n[Term]\nid: HP:0000001\nname: All\n\n\
         [Term]\nid: HP:0000118\nname: Phenotypic abnormality\nis_a: HP:0000001 ! All\n\n\
         [Term]\nid: HP:0003002\nname: Breast carcinoma\nis_a: HP:0000118 ! Phenotypic abnormality\n\n\
         [Term]\nid: HP:0000505\nname: Visual impairment\nis_a: HP:0000118 ! Phenotypic abnormality\n",
    );
    case.write(
        "hpo/phenotype.hpoa",
        "#version: 2026-01-01\ndatabase_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration\n\
         OMIM:1\tTiny disease\t\tHP:0003002\tPMID:1\tPCS\t\t\t\t\tP\tx\nOMIM:2\tOther\t\tHP:0000505\tPMID:1\tPCS\t\t\t\t\tP\tx\n",
    );
    case.write(
        "hpo/genes_to_phenotype.txt",
        "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n1\tTINY1\tHP:0003002\tx\t-\tOMIM:1\n\
         2\tOTHER\tHP:0000505\tx\t-\tOMIM:2\n",
    );
    let key = case.variant();
    case.write(
        "score.txt",
        &format!(
            "###PGS CATALOG SCORING FILE\n#format_version=2.0\n#pgs_id=TINY\n#genome_build=GRCh38\nchr_name\tchr_position\t\
             effect_allele\tother_allele\teffect_weight\n1\t{}\t{}\t{}\t0.5\n",
            key.position, key.alternate, key.reference
        ),
    );
    case.write(
        "order.json",
        &ORDER.replace(
            "\"a made-up question\"",
            "\"a made-up question\", \"hpo\": [\"HP:0003002\"]",
        ),
    );
    let more = ["--order", "order.json", "--hpo", "hpo", "--prs", "score.txt"];
    case.succeeds(&READS, &more);
    let rank = json(&case.path("out/T-1.rank.json"));
    assert_eq!(rank["schema"], "clinotype-rank/1");
    let genes = rank["genes"].as_array().unwrap();
    assert_eq!(genes.len(), 1, "{rank}");
    assert_eq!(
        (&genes[0]["gene"], &genes[0]["disease"]["id"]),
        (&"TINY1".into(), &"OMIM:1".into())
    );
    let scores = json(&case.path("out/T-1.prs.json"));
    let copies = if genes[0]["alleles"][0]["zygosity"] == "homozygous" {
        1.0
    } else {
        0.5
    };
    assert_eq!(scores["scores"][0]["samples"][0]["sum"], copies, "{scores}");
    let provenance = fs::read_to_string(case.path("out/provenance.json")).unwrap();
    assert!(provenance.contains("\"rank\"") && provenance.contains("\"prs\"") && !provenance.contains("HP:0003002"));
    let refused = case.telling(&READS, &["--hpo", "hpo"]).output().unwrap();
    assert!(
        !refused.status.success() && errors(&refused).contains("indication.hpo"),
        "{}",
        errors(&refused)
    );
}

/// The table beside an interpretation holds what is listed and what is not, each with the class of the rules.
#[test]
fn the_table_of_an_interpretation_holds_every_allele_in_scope() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--order", "order.json"]);
    let run = |more: &[&str]| {
        let words = [
            "interpret",
            "--quiet",
            "--vcf",
            "out/T-1.annotated.vcf.gz",
            "--reference",
            "reference.fa",
            "--transcripts",
            "transcripts.gff3",
            "--out",
            "i.json",
            "--table",
            "t.tsv",
        ];
        let mut command = clinotype();
        command.current_dir(case.folder()).args(words).args(more);
        command.output().unwrap()
    };
    let interpret = |more: &[&str]| {
        let output = run(more);
        assert!(output.status.success(), "{}", errors(&output));
        let text = fs::read_to_string(case.path("t.tsv")).unwrap();
        let rows: Vec<Vec<String>> = text
            .lines()
            .map(|l| l.split('\t').map(str::to_owned).collect())
            .collect();
        (json(&case.path("i.json")), rows)
    };
    let (made, rows) = interpret(&[]);
    let column = |name: &str| rows[0].iter().position(|c| c == name).unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let listed = made["findings"].as_array().unwrap();
    assert_eq!(rows[1][column("filter")].is_empty(), listed.len() == 1, "{rows:?}");
    assert_eq!(rows[1][column("gene")], "TINY1");
    assert_eq!(rows[1][column("pos")], case.variant().position.to_string());
    let named: usize = [
        "codes_met",
        "codes_not_met",
        "codes_not_applicable",
        "codes_not_evaluated",
    ]
    .iter()
    .map(|name| rows[1][column(name)].split(',').filter(|c| !c.is_empty()).count())
    .sum();
    assert_eq!(named, 26, "each criterion has one state: {rows:?}");
    // Of a gene that was not ordered nothing is displayed.
    case.write("other.json", &ORDER.replace("TINY1", "BRCA1"));
    let (_, rows) = interpret(&["--order", "other.json"]);
    assert_eq!(rows.len(), 1, "{rows:?}");
    // Beside an interpretation that is refused no table is left.
    fs::remove_file(case.path("t.tsv")).unwrap();
    let evidence = r#"{"schema": "clinotype-evidence/1", "build": "GRCh37", "variants": []}"#;
    case.write("evidence.json", evidence);
    let refused = run(&["--evidence", "evidence.json"]);
    assert!(
        errors(&refused).contains("names alleles of GRCh37"),
        "{}",
        errors(&refused)
    );
    assert!(!case.path("t.tsv").exists());
}

#[test]
fn a_run_writes_every_file_and_finds_the_variant() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--order", "order.json"]);
    assert_eq!(final_names(&case.path("out")), OUTPUTS);
    let key = case.variant();
    let wanted = format!(
        "{}\t{}\t.\t{}\t{}\t",
        key.contig, key.position, key.reference, key.alternate
    );
    let records: Vec<String> = lines(&case.path("out/T-1.vcf.gz"))
        .into_iter()
        .filter(|l| !l.starts_with('#'))
        .collect();
    assert!(
        records
            .iter()
            .any(|r| r.starts_with(&wanted) && r.contains("\t0/1:") || r.contains("\t0|1:")),
        "{records:?}"
    );
    let interpretation = json(&case.path("out/T-1.interpretation.json"));
    for step in interpretation["funnel"].as_array().unwrap() {
        let dropped: u64 = step["dropped"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["count"].as_u64().unwrap())
            .sum();
        assert_eq!(
            step["input"].as_u64().unwrap(),
            step["kept"].as_u64().unwrap() + dropped,
            "{step}"
        );
    }
    let provenance = json(&case.path("out/provenance.json"));
    let names: Vec<&str> = provenance["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["align", "call", "annotate", "coverage", "interpret", "report", "fhir"]
    );
    for step in provenance["steps"].as_array().unwrap() {
        assert!(
            step["outputs"]
                .as_array()
                .unwrap()
                .iter()
                .all(|o| o["sha256"].as_str().unwrap().len() == 64)
        );
    }
}

#[test]
fn a_second_run_takes_over_what_is_done_and_the_bytes_do_not_depend_on_threads() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--threads", "1", "--out", "one"]);
    case.succeeds(&READS, &["--threads", "3", "--out", "three"]);
    for name in [
        "T-1.bam",
        "T-1.bam.bai",
        "T-1.vcf.gz",
        "T-1.g.vcf.gz",
        "T-1.annotated.vcf.gz",
        "T-1.interpretation.json",
    ] {
        let (one, three) = (
            fs::read(case.path(&format!("one/{name}"))),
            fs::read(case.path(&format!("three/{name}"))),
        );
        assert!(one.unwrap() == three.unwrap(), "{name} differs between 1 and 3 threads");
    }
    fs::remove_file(case.path("one/T-1.annotated.vcf.gz")).unwrap();
    case.succeeds(&READS, &["--threads", "1", "--out", "one"]);
    let provenance = json(&case.path("one/provenance.json"));
    let resumed: Vec<bool> = provenance["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["resumed"].as_bool().unwrap())
        .collect();
    assert_eq!(resumed[..3], [true, true, false]);
    let (one, three) = (
        case.path("one/T-1.annotated.vcf.gz"),
        case.path("three/T-1.annotated.vcf.gz"),
    );
    assert!(fs::read(one).unwrap() == fs::read(three).unwrap());
}

fn step(case: &TinyCase, words: &[&str]) {
    let output = clinotype().current_dir(case.folder()).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", errors(&output));
}

#[test]
fn the_steps_alone_give_what_the_run_gives() {
    let case = TinyCase::new();
    case.succeeds(&READS, &["--order", "order.json"]);
    fs::create_dir(case.path("alone")).unwrap();
    let (reference, build) = (["--reference", "reference.fa"], ["--build", "GRCh38"]);
    let call = |words: &[&str], more: &[&[&str]]| step(&case, &[words, &more.concat()].concat());
    call(
        &[
            "align",
            "-q",
            "--reads",
            "R1.fastq.gz",
            "R2.fastq.gz",
            "--sample",
            "T-1",
            "--out",
            "alone/T-1.bam",
        ],
        &[&reference],
    );
    call(
        &[
            "call",
            "-q",
            "--bam",
            "alone/T-1.bam",
            "--sex",
            "female",
            "--out",
            "alone/T-1.vcf.gz",
            "--gvcf",
            "alone/T-1.g.vcf.gz",
        ],
        &[&reference, &build],
    );
    let transcripts = ["--transcripts", "transcripts.gff3"];
    call(
        &[
            "annotate",
            "-q",
            "--vcf",
            "alone/T-1.vcf.gz",
            "--out",
            "alone/T-1.annotated.vcf.gz",
        ],
        &[&reference, &build, &transcripts],
    );
    let annotated = ["--vcf", "alone/T-1.annotated.vcf.gz"];
    let order = ["--order", "order.json"];
    call(
        &["coverage", "-q", "--bam", "alone/T-1.bam", "--out", "alone/T-1.qc.json"],
        &[&reference, &build, &transcripts, &order, &annotated],
    );
    call(
        &[
            "interpret",
            "-q",
            "--qc",
            "alone/T-1.qc.json",
            "--out",
            "alone/T-1.interpretation.json",
        ],
        &[&reference, &transcripts, &order, &annotated],
    );
    let parts = [
        "--interpretation",
        "alone/T-1.interpretation.json",
        "--qc",
        "alone/T-1.qc.json",
    ];
    call(
        &[
            "report",
            "--pdf",
            "alone/T-1.report.pdf",
            "--html",
            "alone/T-1.report.html",
        ],
        &[&parts, &order],
    );
    call(
        &["fhir", "--pdf", "alone/T-1.report.pdf", "--out", "alone/T-1.fhir.json"],
        &[&parts, &order],
    );
    for name in ["T-1.vcf.gz", "T-1.g.vcf.gz", "T-1.annotated.vcf.gz", "T-1.qc.json"] {
        let (run, alone) = (
            fs::read(case.path(&format!("out/{name}"))),
            fs::read(case.path(&format!("alone/{name}"))),
        );
        assert!(
            run.unwrap() == alone.unwrap(),
            "{name} differs between the run and the step alone"
        );
    }
    let (run, alone) = (
        json(&case.path("out/T-1.interpretation.json")),
        json(&case.path("alone/T-1.interpretation.json")),
    );
    for field in ["findings", "funnel", "conclusion", "scope", "clinvar_listed", "rules"] {
        assert_eq!(run[field], alone[field], "{field}");
    }
}

#[test]
fn a_vcf_alone_is_never_negative_and_writes_no_reads() {
    let case = TinyCase::new();
    case.write("in.vcf", "##fileformat=VCFv4.3\n##contig=<ID=chr1,length=6000>\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"GT\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tLAB-7\n");
    case.succeeds(
        &["--vcf", "in.vcf"],
        &["--input-sample", "LAB-7", "--order", "order.json"],
    );
    let names = final_names(&case.path("out"));
    assert!(
        !names.iter().any(|n| n.ends_with(".bam") || n.contains(".g.vcf")),
        "{names:?}"
    );
    let quality = json(&case.path("out/T-1.qc.json"));
    assert_eq!(quality["coverage"]["state"], "not_assessed");
    let interpretation = json(&case.path("out/T-1.interpretation.json"));
    assert_eq!(interpretation["conclusion"]["outcome"], "inconclusive");
    assert_eq!(interpretation["input_sample"], "LAB-7");
}

#[test]
fn a_bam_gives_the_calls_that_its_reads_give() {
    let case = TinyCase::new();
    case.succeeds(&READS, &[]);
    fs::copy(case.path("out/T-1.bam"), case.path("in.bam")).unwrap();
    case.succeeds(&["--bam", "in.bam"], &["--out", "bam"]);
    let calls = |folder: &str| -> Vec<String> {
        lines(&case.path(folder).join("T-1.vcf.gz"))
            .into_iter()
            .filter(|l| !l.starts_with('#'))
            .collect()
    };
    assert_eq!(calls("out"), calls("bam"));
    // The same BAM under another accession is refused unless its name is stated.
    let other = ["--out", "other", "--sample", "T-2"];
    let refused = case.run(&["--bam", "in.bam"], &other).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", errors(&refused));
    assert!(errors(&refused).contains("--input-sample"), "{}", errors(&refused));
    case.succeeds(&["--bam", "in.bam", "--input-sample", "T-1"], &other);
    assert_eq!(json(&case.path("other/T-2.interpretation.json"))["input_sample"], "T-1");
}

#[test]
fn a_cram_gives_the_calls_of_its_bam_and_a_damaged_one_is_refused() {
    let case = TinyCase::new();
    case.succeeds(&READS, &[]);
    let made = std::process::Command::new("samtools")
        .current_dir(case.folder())
        .args(["view", "-C", "-T", "reference.fa", "-o", "in.cram", "out/T-1.bam"])
        .output()
        .expect("samtools is installed (cargo xtask test installs it)");
    assert!(made.status.success(), "{}", errors(&made));
    case.succeeds(&["--bam", "in.cram"], &["--out", "cram"]);
    let calls = |folder: &str| -> Vec<String> {
        lines(&case.path(folder).join("T-1.vcf.gz"))
            .into_iter()
            .filter(|l| !l.starts_with('#'))
            .collect()
    };
    assert!(!calls("out").is_empty());
    assert_eq!(calls("out"), calls("cram"));

    let good = fs::read(case.path("in.cram")).unwrap();
    for (name, bytes) in [
        ("cut.cram", good[..good.len() * 2 / 3].to_vec()),
        // The end-of-file container of CRAM 3 has 38 bytes; without it whole containers may be missing.
        ("endless.cram", good[..good.len() - 38].to_vec()),
        ("flipped.cram", {
            let mut bytes = good.clone();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            bytes
        }),
    ] {
        fs::write(case.path(name), &bytes).unwrap();
        let refused = case.run(&["--bam", name], &["--out", "damaged"]).output().unwrap();
        assert_eq!(refused.status.code(), Some(3), "{name}: {}", errors(&refused));
        assert!(errors(&refused).contains(name), "{}", errors(&refused));
        assert!(!errors(&refused).contains("panicked"), "{}", errors(&refused));
    }
}

#[test]
fn without_an_order_nothing_about_the_patient_is_invented() {
    let case = TinyCase::new();
    case.succeeds(&READS, &[]);
    let html = fs::read_to_string(case.path("out/T-1.report.html")).unwrap();
    assert!(html.contains("UNIDENTIFIED") && html.contains("DRAFT - NOT REVIEWED"));
    let bundle = fs::read_to_string(case.path("out/T-1.fhir.json")).unwrap();
    for word in ["birthDate", "\"gender\"", "\"family\""] {
        assert!(!bundle.contains(word), "{word}");
    }
}

#[test]
fn file_names_and_messages_hold_no_patient_data() {
    let case = TinyCase::new();
    let mut command = case.run(&READS, &["--order", "order.json"]);
    let output = command.output().unwrap();
    assert!(output.status.success());
    let said = errors(&output) + &String::from_utf8_lossy(&output.stdout);
    for secret in ["Synthetic", "ZZ-4471", "ZZ-000123", "1970-01-01"] {
        assert!(ORDER.contains(secret));
        assert!(!said.contains(secret), "{secret} was printed");
        assert!(!final_names(&case.path("out")).iter().any(|n| n.contains(secret)));
        let provenance = fs::read_to_string(case.path("out/provenance.json")).unwrap();
        assert!(!provenance.contains(secret), "{secret} stands in provenance.json");
    }
}

#[test]
fn a_vcf_of_sites_can_be_annotated_but_not_interpreted() {
    let case = TinyCase::new();
    let key = case.variant();
    case.write(
        "sites.vcf",
        &format!(
            "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t{}\t.\t{}\t{}\t.\t.\t.\n",
            key.position, key.reference, key.alternate
        ),
    );
    let common = ["--reference", "reference.fa", "--transcripts", "transcripts.gff3"];
    let annotate = [
        "annotate",
        "-q",
        "--build",
        "GRCh38",
        "--vcf",
        "sites.vcf",
        "--out",
        "sites.annotated.vcf.gz",
    ];
    step(&case, &[&annotate[..], &common].concat());
    let records: Vec<String> = lines(&case.path("sites.annotated.vcf.gz"))
        .into_iter()
        .filter(|l| !l.starts_with('#'))
        .collect();
    assert!(records[0].contains("NM_900001.1:c."), "{records:?}");
    let interpret = ["interpret", "-q", "--vcf", "sites.annotated.vcf.gz", "--out", "i.json"];
    let output = clinotype()
        .current_dir(case.folder())
        .args([&interpret[..], &common].concat())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    assert!(!case.path("i.json").exists());
}
