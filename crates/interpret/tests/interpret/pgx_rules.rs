//! Rules of calling on made-up genotypes at the positions of the real definitions.

use std::fmt::Write as _;

use clinotype_case::pgx::{AlertLevel, Evidence, GeneResult};
use clinotype_genome::Build;
use clinotype_interpret::pgx::{self, Guidance, Options, OutsideCall, Sample, TABLES, medications, vcf};
use proptest::prelude::*;

/// A genotype that is not REF: rsid, ALT column (`-` for that of the definition), sample column.
type Change<'a> = (&'a str, &'a str, &'a str);

/// A VCF with every position of the gene as `0/0` (or `0|0`), but the changed ones, and without those in `missing`.
fn text(gene: &str, changes: &[Change<'_>], missing: &[&str], phased: bool) -> String {
    let gene = &TABLES.definitions.genes[gene];
    let mut text = String::from(
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,assembly=GRCh38>\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n",
    );
    for place in gene.positions.iter().chain(&gene.extra) {
        let id = place.rsid.clone().unwrap_or_else(|| place.position.to_string());
        if missing.contains(&id.as_str()) {
            continue;
        }
        let change = changes.iter().find(|c| c.0 == id);
        let alts = change
            .filter(|c| c.1 != "-")
            .map_or_else(|| place.alternates.join(","), |c| c.1.to_owned());
        let genotype = change.map_or(if phased { "0|0" } else { "0/0" }, |c| c.2);
        let format = if genotype.contains(':') { "GT:PS" } else { "GT" };
        let _ = writeln!(
            text,
            "{}\t{}\t{id}\t{}\t{alts}\t.\tPASS\t.\t{format}\t{genotype}",
            gene.contig, place.position, place.reference
        );
    }
    text
}

fn read(text: &str) -> Sample {
    super::pgx::read(text, &vcf::Reading::default()).unwrap()
}

fn call(gene: &str, changes: &[Change<'_>], missing: &[&str], phased: bool, options: Options) -> GeneResult {
    let reading = vcf::Reading {
        combinations: options.combinations,
        ..vcf::Reading::default()
    };
    let sample = super::pgx::read(&text(gene, changes, missing, phased), &reading).unwrap();
    of(pgx::interpret(&TABLES.definitions, &sample, &[], &options), gene)
}

fn of(genes: Vec<GeneResult>, gene: &str) -> GeneResult {
    genes.into_iter().find(|g| g.gene == gene).unwrap()
}

fn combinations() -> Options {
    Options {
        combinations: true,
        ..Options::default()
    }
}

#[test]
fn combinations_and_partial_alleles_are_named() {
    let both = call(
        "CYP2B6",
        &[("rs8192709", "-", "1/1"), ("rs3211371", "A,T", "2/2")],
        &[],
        false,
        combinations(),
    );
    assert_eq!(both.diplotypes, ["[*2 + *5]/[*2 + *5]"]);
    assert!(both.messages.contains(&"pcat-combo-naming".to_owned()));
    let set = |id: &'static str, gt: &'static str| (id, "-", gt);
    let sets = [
        set("rs34883432", "0|1:1"),
        set("rs8192709", "0|1:1"),
        set("rs35773040", "1|0:2"),
        set("rs3745274", "0|1:3"),
    ];
    let phased = call("CYP2B6", &sets, &[], true, combinations());
    assert_eq!(
        phased.diplotypes,
        [
            "*1/[*9 + *10 + *14]",
            "*9/[*10 + *14]",
            "*10/[*9 + *14]",
            "*14/[*9 + *10]"
        ]
    );
    let partial = [
        ("rs12248560", "-", "1|0"),
        ("rs12769205", "-", "0|1"),
        ("rs4244285", "-", "1|1"),
        ("rs3758581", "-", "1|1"),
    ];
    let partial = call("CYP2C19", &partial, &[], true, combinations());
    assert_eq!(partial.diplotypes, ["*2/[*17 + g.94781859G>A]"]);
    let unknown = [("rs33973337", "-", "0/1"), ("rs45482602", "A,T", "0/2")];
    let unknown = call("CYP2B6", &unknown, &[], false, combinations());
    assert_eq!(
        unknown.diplotypes,
        ["*1/[g.40991381A>T + g.41009350C>T]", "g.40991381A>T/g.41009350C>T"]
    );
    // A larger allele takes the place of those that it contains.
    let shell = [
        ("rs35773040", "-", "0|1"),
        ("rs3745274", "-", "1|1"),
        ("rs2279343", "-", "1|1"),
        ("rs12721655", "-", "1|0"),
    ];
    assert_eq!(
        call("CYP2B6", &shell, &[], true, combinations()).diplotypes,
        ["*13/[*6 + *14]"]
    );
}

#[test]
fn an_unknown_variant_is_no_call_or_reference_by_gene() {
    let result = call("CYP3A5", &[("rs776746", "T,G", "0/2")], &[], false, Options::default());
    assert!(!result.called);
    assert!(
        result
            .cautions
            .iter()
            .any(|c| c.contains("without definition at rs776746"))
    );
    let result = call("TPMT", &[("rs1800462", "G,A", "0/2")], &[], false, Options::default());
    assert_eq!(result.diplotypes, ["*1/*1"]);
    assert!(result.cautions.iter().any(|c| c.contains("read as REF")));
}

#[test]
fn missing_is_never_reference() {
    let one = call("DPYD", &[], &["rs3918290"], false, Options::default());
    assert_eq!(one.missing_positions.len(), 1);
    assert!(one.missing_positions[0].tier1);
    assert_eq!(one.uncallable_alleles, ["c.1905+1G>A (*2A)"]);
    assert!(
        one.cautions
            .iter()
            .any(|c| c.contains("not looked for: c.1905+1G>A (*2A)")),
        "{:?}",
        one.cautions
    );
    let position = one
        .positions
        .iter()
        .find(|p| p.rsid.as_deref() == Some("rs3918290"))
        .unwrap();
    assert_eq!((position.evidence, &position.genotype), (Evidence::Missing, &None));
    let none = of(
        pgx::interpret(&TABLES.definitions, &Sample::none(), &[], &Options::default()),
        "CYP2C19",
    );
    assert!(!none.called && none.phenotypes == ["No Result"]);
}

#[test]
fn reference_blocks_fill_only_above_the_thresholds() {
    let head = "##fileformat=VCFv4.2\n##contig=<ID=chr16,assembly=GRCh38>\n\
                #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n";
    let block = |depth: u32, gq: u32, gt: &str| {
        format!("{head}chr16\t31096000\t.\tA\t<NON_REF>\t.\t.\tEND=31097000\tGT:DP:GQ:MIN_DP\t{gt}:40:{gq}:{depth}\n")
    };
    let call = |text: &str, blocks: Option<vcf::Thresholds>| {
        let reading = vcf::Reading {
            blocks,
            ..vcf::Reading::default()
        };
        let sample = super::pgx::read(text, &reading).unwrap();
        let filled = sample.records.filled;
        (
            of(
                pgx::interpret(&TABLES.definitions, &sample, &[], &Options::default()),
                "VKORC1",
            ),
            filled,
        )
    };
    let (without, filled) = call(&block(30, 50, "0/0"), None);
    assert!(
        !without.called && filled == 0,
        "a block is no genotype unless asked for"
    );
    let (with, filled) = call(&block(30, 50, "0/0"), Some(vcf::Thresholds::default()));
    assert_eq!((with.phenotypes.join(""), filled), ("-1639 GG".to_owned(), 1));
    assert_eq!(with.positions[0].evidence, Evidence::GvcfBlock);
    assert_eq!(
        with.positions[0].detail.as_deref(),
        Some("block 31096000-31097000, depth 30, GQ 50")
    );
    for (depth, gq, gt) in [(9, 50, "0/0"), (30, 19, "0/0"), (30, 50, "./.")] {
        assert!(!call(&block(depth, gq, gt), Some(vcf::Thresholds::default())).0.called);
    }
    // No-coverage records of a gVCF that are written as 0/0.
    let empty = format!("{head}chr16\t31096368\t.\tC\t<NON_REF>\t.\t.\t.\tGT:DP:GQ\t0/0:0:0\n");
    assert!(!call(&empty, None).0.called);
}

#[test]
fn a_position_inside_another_change_is_not_filled() {
    let head = "##fileformat=VCFv4.2\n##contig=<ID=chr16,assembly=GRCh38>\n\
                #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n";
    for (row, filled) in [
        ("chr16\t31096366\t.\tGACG\tG\t.\t.\t.\tGT\t0/1\n", 0),
        ("chr16\t31090000\t.\tG\t<DEL>\t.\t.\tEND=31099000\tGT\t0/1\n", 0),
        ("chr16\t31096366\t.\tGACG\tG\t.\t.\t.\tGT\t0/0\n", 1),
        ("chr16\t31096366\t.\tG\tA\t.\t.\t.\tGT\t0/1\n", 1),
    ] {
        let mut sample = read(&format!("{head}{row}"));
        sample.fill(&TABLES.definitions, Evidence::CallableRegion, |gene, _, _| {
            (gene.symbol == "VKORC1").then(|| "all".to_owned())
        });
        assert_eq!(sample.records.filled, filled, "{row}");
        assert_eq!(sample.records.elsewhere, 1);
    }
}

#[test]
fn shorter_ref_of_an_insertion_is_filled_up() {
    // UGT1A1: callers write the TA repeat with the first base only.
    let short = text("UGT1A1", &[], &["rs3064744"], false) + "chr2\t233760233\t.\tC\tCAT\t.\tPASS\t.\tGT\t0/1\n";
    let result = of(
        pgx::interpret(&TABLES.definitions, &read(&short), &[], &Options::default()),
        "UGT1A1",
    );
    assert_eq!(result.diplotypes, ["*1/*28"]);
    // REF of one base without an insertion says nothing of the repeat.
    let plain = text("UGT1A1", &[], &["rs3064744"], false) + "chr2\t233760233\t.\tC\t.\t.\tPASS\t.\tGT\t0/0\n";
    let result = of(
        pgx::interpret(&TABLES.definitions, &read(&plain), &[], &Options::default()),
        "UGT1A1",
    );
    assert!(result.missing_positions.iter().any(|m| m.name == "rs3064744"));
}

#[test]
fn every_record_is_accounted_for() {
    let text = text("CYP3A5", &[("rs776746", "-", "./.")], &[], false)
        + "chr7\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\n"
        + "chr7_KI270803v1_alt\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\n"
        + "7\t99665212\t.\tC\tT\t.\t.\t.\tGT\t0/1\n";
    let sample = read(&text);
    let records = &sample.records;
    let dropped: u64 = records.dropped.iter().map(|d| d.count).sum();
    assert_eq!(records.read, 8);
    assert_eq!(records.read, records.used + records.elsewhere + dropped);
    assert_eq!((records.used, records.elsewhere, dropped), (4, 1, 3));
    assert!(records.dropped.iter().any(|d| d.reason.contains("primary chromosome")));
}

#[test]
fn bad_files_have_one_clear_fault() {
    let fault = |text: &str| {
        super::pgx::read(text, &vcf::Reading::default())
            .unwrap_err()
            .to_string()
    };
    let head = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n";
    assert!(fault("").contains("no line #CHROM"));
    assert!(fault("chr7\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\n").contains("before the line #CHROM"));
    assert!(fault("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n").contains("no sample column"));
    assert!(fault("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n").contains("2 samples"));
    assert!(fault(&format!("{head}chr7\tx\t.\tA\tC\t.\t.\t.\tGT\t0/1\n")).contains("POS is no number"));
    assert!(fault(&format!("{head}chr7\t99672916\t.\tT\tC\t.\t.\t.\tGT\n")).contains("fewer columns"));
    assert!(fault(&format!("{head}chr7\t99672916\t.\tT\tC\t.\t.\t.\tGT\t0/2\n")).contains("names allele 2"));
    assert!(fault(&format!("{head}chr7\t99672916\t.\tT\tC\t.\t.\t.\tGT\t0/a\n")).contains("no list of allele numbers"));
    // Without GT: missing, with the reason, not a fault.
    let sample = read(&format!("{head}chr7\t99672916\t.\tT\tC\t.\t.\t.\tDP\t30\n"));
    let result = of(
        pgx::interpret(&TABLES.definitions, &sample, &[], &Options::default()),
        "CYP3A5",
    );
    let missing = result.missing_positions.iter().find(|m| m.name == "rs776746").unwrap();
    assert_eq!(missing.reason, "the record has no genotype (GT)");
}

#[test]
fn a_vcf_proves_its_build_or_is_refused() {
    let head = |contig: &str| {
        format!("##fileformat=VCFv4.2\n{contig}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n")
    };
    let build = |text: &str, asserted| vcf::prove_build(&read(text), asserted);
    assert!(build(&head(""), None).is_err());
    assert!(build(&head(""), Some(Build::Grch38)).unwrap().1.contains("asserted"));
    assert_eq!(
        build(&head("##contig=<ID=chr7,length=159345973>\n"), None).unwrap().0,
        Build::Grch38
    );
    assert_eq!(
        build(&head("##contig=<ID=7,length=159138663>\n"), None).unwrap().0,
        Build::Grch37
    );
    assert!(build(&head("##contig=<ID=7,length=159138663>\n"), Some(Build::Grch38)).is_err());
    let bare = text("CYP2C9", &[], &[], false).replace("##contig=<ID=chr1,assembly=GRCh38>\n", "");
    assert!(build(&bare, None).unwrap().1.contains("REF bases"));
    let other: String = bare
        .lines()
        .map(|l| {
            let mut f: Vec<String> = l.split('\t').map(str::to_owned).collect();
            if !l.starts_with('#') {
                f[3] = f[3].bytes().map(|b| if b == b'A' { 'C' } else { 'A' }).collect();
            }
            f.join("\t") + "\n"
        })
        .collect();
    assert!(
        build(&other, Some(Build::Grch38))
            .unwrap_err()
            .to_string()
            .contains("not those of GRCh38")
    );
}

fn outside(text: &str) -> clinotype_genome::Result<Vec<OutsideCall>> {
    pgx::outside::parse(text, &TABLES.definitions, &TABLES.phenotypes)
}

#[test]
fn outside_calls_are_checked() {
    let bad = [
        ("CYP2D6", "fewer than two"),
        ("cyp 2d6\t*1/*1", "no gene symbol"),
        ("CYP2D6\t", "says nothing"),
        ("CYP2D6\t*1", "one allele"),
        ("CYP2D6\t*1/*2/*3", "3 alleles"),
        ("CYP2D6\t*1/", "empty allele"),
        ("MT-RNR1\tm.1555A>G/Reference", "2 alleles"),
        ("HLA-B\tfoo", "no allele"),
        ("CYP2D6\t\t\tmany", "no number"),
    ];
    for (line, words) in bad {
        let fault = outside(&format!("#head\n{line}\n")).unwrap_err();
        assert!(fault.to_string().contains(words), "{line}: {fault}");
        assert_eq!(fault.place().line, Some(2));
    }
    let good = |line: &str| outside(line).unwrap().remove(0);
    assert_eq!(good("CYP2D6\tCYP2D6*1/CYP2D6*4.001").alleles, ["*1", "*4"]);
    assert_eq!(good("HLA-B\tB*15:02:01/*57:01").alleles, ["*15:02", "*57:01"]);
    assert_eq!(good("MT-RNR1\t1555A>G").alleles, ["m.1555A>G"]);
    assert_eq!(good("CYP2D6\t[*36+*10]/*1").alleles, ["*36 + *10", "*1"]);
    assert_eq!(good("CYP2D6\t\tPM").phenotype.as_deref(), Some("Poor Metabolizer"));
    assert_eq!(good("CYP2D6\t\t\t>3").activity_score.as_deref(), Some("≥3.0"));
    let other = good("F5\trs6025 C/rs6025 T\tFactor V Leiden heterozygous");
    let result = of(
        pgx::interpret(&TABLES.definitions, &Sample::none(), &[other], &Options::default()),
        "F5",
    );
    assert_eq!(
        (result.phenotypes.join(""), result.called),
        ("Factor V Leiden heterozygous".to_owned(), true)
    );
    assert!(result.cautions[0].contains("no tables for this gene"));
    let unknown = good("CYP2D6\t*1/*999");
    assert!(unknown.cautions[0].contains("*999 is not in the allele tables"));
    let result = of(
        pgx::interpret(&TABLES.definitions, &Sample::none(), &[unknown], &Options::default()),
        "CYP2D6",
    );
    assert_eq!(
        (result.phenotypes.join(""), result.activity_scores),
        ("Indeterminate".to_owned(), vec![Some("n/a".to_owned())])
    );
    let contradiction = good("CYP2D6\t*4/*4\tNormal Metabolizer");
    let result = of(
        pgx::interpret(
            &TABLES.definitions,
            &Sample::none(),
            &[contradiction],
            &Options::default(),
        ),
        "CYP2D6",
    );
    assert!(
        result
            .cautions
            .iter()
            .any(|c| c.contains("its alleles have Poor Metabolizer"))
    );
}

#[test]
fn copies_of_cyp2d6_are_counted() {
    let label = |text: &str| {
        let calls = outside(text).unwrap();
        let result = of(
            pgx::interpret(&TABLES.definitions, &Sample::none(), &calls, &Options::default()),
            "CYP2D6",
        );
        (
            result.recommendation_diplotypes.join(""),
            result.activity_scores[0].clone().unwrap(),
        )
    };
    assert_eq!(label("CYP2D6\t*1/*2x3"), ("*1/*2x≥3".to_owned(), "≥4.0".to_owned()));
    assert_eq!(label("CYP2D6\t*1/*2x2"), ("*1/*2x2".to_owned(), "3.0".to_owned()));
    assert_eq!(label("CYP2D6\t*1/*4x2").1, "1.0");
}

#[test]
fn medicines_raise_alerts() {
    let calls = outside("CYP2C19\t*2/*2\nCYP2D6\t*1/*1\n").unwrap();
    let genes = pgx::interpret(&TABLES.definitions, &Sample::none(), &calls, &Options::default());
    let drugs = pgx::recommend(&genes, &Guidance::default());
    let list = ["Clopidogrel 75 mg", "codeine", "efavirenz", "Placebo"].map(str::to_owned);
    let levels: Vec<AlertLevel> = medications::alerts(&list, &drugs).iter().map(|a| a.level).collect();
    use AlertLevel as L;
    assert_eq!(levels[0], L::AlternateDrug);
    assert_eq!((levels[2], levels[3]), (L::NotEvaluated, L::Unknown));
    assert!(matches!(levels[1], L::NoChange | L::Advice));
}

#[test]
fn definitions_and_guidelines_of_a_laboratory_are_read() {
    let mut definitions = TABLES.definitions.clone();
    let good = r#"{"gene":"VKORC1","chromosome":"chr16","genomeBuild":"GRCh38.p14","version":"lab 1",
        "variants":[{"position":31096368,"rsid":"rs9923231","ref":"C","alts":["T"],"chromosomeHgvsName":"g.31096368C>T"}],
        "namedAlleles":[{"name":"wild","alleles":["C"],"reference":true},{"name":"AA","alleles":["T"]}]}"#;
    let read_one = pgx::json::definition(good, &mut definitions).unwrap();
    assert_eq!(read_one, ("VKORC1".to_owned(), Some("lab 1".to_owned())));
    let sample = read(&text("VKORC1", &[("rs9923231", "-", "0/1")], &[], false));
    let result = of(
        pgx::interpret(&definitions, &sample, &[], &Options::default()),
        "VKORC1",
    );
    assert_eq!(
        (result.diplotypes.join(""), result.phenotypes.join("")),
        ("AA/wild".to_owned(), "n/a".to_owned())
    );
    for (from, to, words) in [
        ("GRCh38.p14", "GRCh37", "not on GRCh38"),
        ("[\"T\"]}", "[\"T\",\"A\"]}", "2 bases for 1 positions"),
        ("\"reference\":true", "\"reference\":false", "0 reference alleles"),
        (
            "{\"name\":\"AA\",\"alleles\":[\"T\"]}",
            "{\"name\":\"AA\",\"alleles\":[\"G\"]}",
            "neither REF nor ALT",
        ),
        ("\"AA\"", "\"wild\"", "given twice"),
        ("\"gene\"", "\"gen\"", "no allele definition"),
        ("31096368,", "0,", "needs a coordinate"),
        ("\"ref\":\"C\"", "\"ref\":\"\"", "needs a coordinate"),
    ] {
        let fault = pgx::json::definition(&good.replace(from, to), &mut definitions).unwrap_err();
        assert!(fault.to_string().contains(words), "{words}: {fault}");
    }
    let guideline = r#"{"guideline":{"id":"L1","name":"lab rule","source":"LAB","relatedChemicals":[{"name":"Warfarin"}],
        "relatedGenes":[{"name":"x","symbol":"VKORC1"}]},"version":"2026-01-01T0",
        "recommendations":[{"population":"general","classification":{"term":"Strong"},"text":{"html":"<p>Half &amp; slow</p>"},
        "lookupKey":{"VKORC1":"-1639 AG"},"dosingInformation":true}],"citations":[{"pmid":"1"}]}"#;
    let further = Guidance {
        guidelines: vec![pgx::json::guideline(guideline).unwrap()],
    };
    let genes = pgx::interpret(&TABLES.definitions, &sample, &[], &Options::default());
    let drugs = pgx::recommend(&genes, &further);
    let warfarin = drugs.iter().find(|d| d.drug == "warfarin").unwrap();
    let own = warfarin.guidelines.iter().find(|g| g.source == "LAB").unwrap();
    assert_eq!(own.recommendations[0].text, "Half & slow");
    let pair = guideline.replace(
        "\"-1639 AG\"",
        r#"{"rs9923231 reference (C)": 1.0, "rs9923231 variant (T)": 1.0}"#,
    );
    let further = Guidance {
        guidelines: vec![pgx::json::guideline(&pair).unwrap()],
    };
    let drugs = pgx::recommend(&genes, &further);
    let own = drugs
        .iter()
        .flat_map(|d| &d.guidelines)
        .find(|g| g.source == "LAB")
        .unwrap();
    assert_eq!(own.recommendations.len(), 1, "a diplotype as lookup");
    assert!(pgx::json::guideline("{}").is_err());
}

#[test]
fn alternatives_say_what_they_would_change() {
    let result = call(
        "CYP2B6",
        &[("rs3745274", "-", "0/1"), ("rs2279343", "-", "0/1")],
        &[],
        false,
        Options::default(),
    );
    assert_eq!(result.diplotypes, ["*1/*6"]);
    let other = &result.alternatives[0];
    assert_eq!(other.label, "*4/*9");
    assert!(other.changes_phenotype != result.phenotypes.contains(&other.phenotypes[0]));
    assert!(!other.difference.is_empty());
    // DPYD without phase: two decreased alleles on one copy leave more activity than one on each.
    let dpyd = call(
        "DPYD",
        &[("rs3918290", "-", "0/1"), ("rs67376798", "-", "0/1")],
        &[],
        false,
        Options::default(),
    );
    assert_eq!(dpyd.activity_scores, [Some("0.5".to_owned())]);
    let of = |label: &str| dpyd.alternatives.iter().find(|a| a.label == label).unwrap();
    let together = of("[c.1905+1G>A (*2A) + c.2846A>T] (heterozygous)");
    assert_eq!(
        (together.activity_score.as_deref(), together.changes_phenotype),
        (Some("1.0"), true)
    );
    assert!(!of("c.1905+1G>A (*2A)/c.2846A>T").changes_phenotype);
}

#[test]
fn genotypes_of_low_quality_are_used_and_said() {
    let head = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n";
    let sample = read(&format!(
        "{head}chr16\t31096368\t.\tC\tT\t.\tLowQual\t.\tGT:GQ:DP\t0/1:5:3\n"
    ));
    let result = of(
        pgx::interpret(&TABLES.definitions, &sample, &[], &Options::default()),
        "VKORC1",
    );
    assert_eq!(result.phenotypes, ["-1639 AG"]);
    assert!(
        result
            .cautions
            .contains(&"the record did not pass its filters: rs9923231".to_owned())
    );
    assert!(result.cautions.contains(&"low quality: rs9923231".to_owned()));
}

proptest! {
    /// No line breaks the reader: it gives a genotype, a reason or a fault.
    #[test]
    fn any_line_is_survived(position in prop::sample::select(vec!["31096368", "97573863", "233760233", "0", "4294967295", "x"]),
        contig in prop::sample::select(vec!["chr16", "1", "chr2", "chrX", "chrM", "alt"]),
        reference in "[ACGTN<*]{0,4}", alternate in "[ACGT<>,*.]{0,6}", info in "(END=[0-9]{0,11})?",
        format in prop::sample::select(vec!["GT", "GT:AD", "GT:PS", "DP", "", "AD:GT"]), values in "[0-3./|:,]{0,9}") {
        let head = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n";
        let text = format!("{head}{contig}\t{position}\t.\t{reference}\t{alternate}\t.\t.\t{info}\t{format}\t{values}\n");
        for blocks in [None, Some(vcf::Thresholds { depth: 0, quality: 0 })] {
            let reading = vcf::Reading { blocks, ..vcf::Reading::default() };
            if let Ok(sample) = super::pgx::read(&text, &reading) {
                let options = Options { combinations: true, cyp2d6: true, ..Options::default() };
                let genes = pgx::interpret(&TABLES.definitions, &sample, &[], &options);
                prop_assert!(genes.iter().all(|g| !g.diplotypes.is_empty()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Any two star alleles of a gene, unphased, are among the diplotypes that fit their genotypes; phased in either
    /// order they give the same calls.
    #[test]
    fn two_alleles_are_found_again(gene in prop::sample::select(vec!["CYP2C9", "CYP2B6", "TPMT", "NUDT15", "CYP3A4", "CYP2C19"]), a in 0_usize..200, b in 0_usize..200) {
        let definition = &TABLES.definitions.genes[gene];
        let (a, b) = (&definition.alleles[a % definition.alleles.len()], &definition.alleles[b % definition.alleles.len()]);
        let letter = |base: &str| base.len() == 1 && !"ACGT".contains(base);
        prop_assume!(!a.bases.iter().chain(&b.bases).any(|(_, base)| letter(base)));
        let genotypes = |first: &pgx::definitions::Allele, second: &pgx::definitions::Allele, sep: char| -> Vec<(String, String)> {
            (0..definition.positions.len()).map(|i| {
                let place = &definition.positions[i];
                let index = |x: &pgx::definitions::Allele| x.base(i).map_or(0, |base| place.alternates.iter().position(|alt| alt == base).map_or(0, |p| p + 1));
                (place.rsid.clone().unwrap_or_else(|| place.position.to_string()), format!("{}{sep}{}", index(first), index(second)))
            }).collect()
        };
        let run = |list: Vec<(String, String)>, top_only: bool| {
            let changes: Vec<Change<'_>> = list.iter().map(|(id, gt)| (id.as_str(), "-", gt.as_str())).collect();
            call(gene, &changes, &[], false, Options { top_only, ..Options::default() })
        };
        let label = pgx::names::pair(a.shown(), b.shown());
        let all = run(genotypes(a, b, '/'), false);
        prop_assert!(all.diplotypes.contains(&label), "{label} not in {:?}", all.diplotypes);
        let one = run(genotypes(a, b, '|'), true);
        let other = run(genotypes(b, a, '|'), true);
        prop_assert_eq!(&one.diplotypes, &other.diplotypes);
        prop_assert!(one.diplotypes.contains(&label));
    }
}
