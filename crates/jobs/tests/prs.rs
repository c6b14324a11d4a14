//! Polygenic scores: the PGS Catalog's files and plink2's sums, and made-up gVCFs.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{
    fmt::Write as _,
    io::Read as _,
    path::{Path, PathBuf},
};

use clinotype_case::prs::{Missing, PolygenicScores, ReferencePanel, Settings};
use clinotype_genome::{Build, Fault, fs};
use clinotype_jobs::{
    prs::{PrsRequest, score, score_file, text},
    watch::Nobody,
};
use clinotype_tests::shared;

fn run(target: &Path, scores: &[PathBuf], settings: &Settings) -> Result<PolygenicScores, Fault> {
    score(
        &PrsRequest {
            target,
            gvcf: false,
            scores,
            build: Some(Build::Grch37),
            fasta: None,
            reference: None,
            settings,
            audit: None,
        },
        &Nobody,
    )
}

/// Half a unit of the last digit that plink2 prints (six significant ones), and not above 1e-6 for sums below 1.
fn tolerance(value: f64) -> f64 {
    if value.abs() < 1.0 { 1e-6 } else { 5.1e-6 }
}

/// 2,504 people of the synthetic subset, 835 rows: every sum, average and count as plink2 v2.00a3.5 printed them, with and
/// without its mean imputation.
#[test]
fn the_sums_are_those_of_plink2() {
    let Some(folder) = shared("data/prs") else { return };
    let target = folder.join("target/cineca_synthetic_subset.vcf.gz");
    for (file, missing) in [
        ("PGS001229_22.sscore", Missing::Skip),
        ("plink2.sscore", Missing::CohortMean),
    ] {
        let settings = Settings {
            missing,
            ..Settings::default()
        };
        let scores = [folder.join("scorefiles/PGS001229_22.txt")];
        let found = run(&target, &scores, &settings).unwrap();
        let score = &found.scores[0];
        let expected = fs::read_to_string(folder.join("expected").join(file)).unwrap();
        let rows: Vec<Vec<&str>> = expected.lines().skip(1).map(|l| l.split('\t').collect()).collect();
        assert_eq!(rows.len(), score.samples.len());
        for (row, sample) in rows.iter().zip(&score.samples) {
            assert_eq!(sample.sample, format!("{}_{}", row[0], row[1]));
            let number = |column: usize| row[column].parse::<f64>().unwrap();
            assert_eq!(sample.scored as f64 * 2.0, number(2));
            assert_eq!(sample.effect_dosage, number(4));
            assert!((sample.average.unwrap() - number(5)).abs() < 1e-8, "{sample:?}");
            assert!(
                (sample.sum.unwrap() - number(6)).abs() <= tolerance(number(6)),
                "{sample:?}"
            );
        }
    }
}

/// The match log was made by a program of its own from the Calculator's rules.
#[test]
fn rows_match_as_the_log_says() {
    let Some(folder) = shared("data/prs") else { return };
    let audit = tempfile::tempdir().unwrap();
    let path = audit.path().join("audit.tsv");
    let found = score(
        &PrsRequest {
            target: &folder.join("target/cineca_synthetic_subset.vcf.gz"),
            gvcf: false,
            scores: &[folder.join("scorefiles/PGS001229_22.txt")],
            build: Some(Build::Grch37),
            fasta: None,
            reference: None,
            settings: &Settings::default(),
            audit: Some(&path),
        },
        &Nobody,
    )
    .unwrap();
    let matching = &found.scores[0].matching;
    assert_eq!((matching.rows, matching.matched), (835, 782));
    assert!((matching.rate - 0.9365).abs() < 5e-5);
    let log = fs::read_to_string(folder.join("expected/PGS001229_22.matchlog.tsv")).unwrap();
    let log: std::collections::HashMap<String, String> = log
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let status = columns[7].trim_start_matches("excluded_");
            (columns[0].to_owned(), status.to_owned())
        })
        .collect();
    let audit = fs::read_to_string(&path).unwrap();
    let rows: Vec<Vec<&str>> = audit.lines().skip(1).map(|l| l.split('\t').collect()).collect();
    assert_eq!(rows.len(), 835);
    let mut absent = 0;
    for row in rows {
        match log.get(&format!("{}:{}", row[2], row[3])).map(String::as_str) {
            Some("ambiguous") => assert!(row[5].starts_with("strand ambiguous"), "{row:?}"),
            Some(status) => assert_eq!((row[4], row[5]), ("matched", status), "{row:?}"),
            None => {
                assert_eq!((row[4], row[5]), ("unmatched", "no record at the position"));
                absent += 1;
            }
        }
    }
    assert_eq!(absent, 6);
}

/// What each scoring file of the fixtures gives for a target of GRCh37 on chromosome 22: rows and matches, or the fault.
#[test]
fn every_scoring_file_is_read_or_refused() {
    let Some(folder) = shared("data/prs/scorefiles") else {
        return;
    };
    let rows = |name: &str, build| score_file(&folder.join(name), build).map(|s| s.rows);
    for (name, build, expected) in [
        ("OPGS002493.txt.gz", Build::Grch37, 23),
        ("OPGS017309.txt", Build::Grch37, 697),
        ("OPGS017309_hmPOS_GRCh38.txt.gz", Build::Grch38, 697),
        ("OPGS019828.txt", Build::Grch37, 1),
        ("OPGS019828_hmPOS_GRCh38.txt.gz", Build::Grch37, 1),
        ("PGS000001_hmPOS_GRCh37.txt", Build::Grch37, 77),
        ("PGS000001_hmPOS_GRCh37.txt.gz", Build::Grch37, 77),
        ("PGS000001_hmPOS_GRCh38.txt.gz", Build::Grch38, 77),
        ("PGS000002_hmPOS_GRCh37.txt.gz", Build::Grch37, 77),
        ("PGS000802_hmPOS_GRCh37.txt", Build::Grch37, 19),
        ("PGS001229_22_duplicate.txt", Build::Grch37, 8),
        ("PGS004255_hmPOS_GRCh38.txt.gz", Build::Grch38, 30),
        ("bad_harmonised.txt", Build::Grch38, 3),
        ("custom_no_oa.txt", Build::Grch37, 1),
        ("customgrch38.txt", Build::Grch38, 2),
        ("scorefile_dominant_and_recessive.txt", Build::Grch37, 835),
    ] {
        assert_eq!(rows(name, build).unwrap(), expected, "{name}");
    }
    for (name, build, words) in [
        ("PGS000001.txt.gz", Build::Grch37, "without positions"),
        ("invalid_scorefile.txt", Build::Grch37, "without positions"),
        ("complex_variants_PGS000021.txt", Build::Grch37, "without positions"),
        ("complex_variants_PGS004239.txt", Build::Grch37, "no genome build"),
        ("PGS000001_hmPOS_GRCh38.txt", Build::Grch37, "its harmonised one GRCh38"),
        ("customgrch38.txt", Build::Grch37, "its own build is GRCh38"),
        ("multiscore.txt", Build::Grch37, "neither effect_weight"),
        ("test.scorefile", Build::Grch37, "neither effect_weight"),
    ] {
        let fault = rows(name, build).unwrap_err();
        assert!(fault.what().contains(words), "{name}: {fault}");
        assert!(fault.place().line.is_some() && fault.place().path.is_some(), "{name}");
    }
}

/// A score whose positions nobody knows matches nothing, and has no sum.
#[test]
fn coverage_below_the_threshold_is_refused() {
    let Some(folder) = shared("data/prs") else { return };
    let work = tempfile::tempdir().unwrap();
    // The rows of another build, taken for this one: the Calculator's fixture of a bad match.
    let bad = work.path().join("bad.txt");
    let mut rows = String::new();
    fs::open_text(folder.join("match_tests/bad_match_scorefile.txt.gz"))
        .unwrap()
        .read_to_string(&mut rows)
        .unwrap();
    fs::write_atomic(&bad, format!("#genome_build=GRCh37\n{rows}").as_bytes()).unwrap();
    let target = folder.join("target/cineca_synthetic_subset.vcf.gz");
    let found = run(&target, &[bad], &Settings::default()).unwrap();
    let score = &found.scores[0];
    assert!(
        !score.matching.passes && score.matching.rate < 0.01,
        "{:?}",
        score.matching
    );
    assert!(score.samples.iter().all(|s| s.sum.is_none() && s.refused.is_some()));
    assert!(text(&found).contains("75 % are needed"));
}

/// The Calculator's fixtures of good and duplicated rows, each score against a target made of its own rows.
#[test]
fn the_match_fixtures() {
    let Some(folder) = shared("data/prs/match_tests") else {
        return;
    };
    for (file, excluded) in [
        ("good_match_scorefile.txt", "PGS000002"),
        ("duplicated_scorefile.txt", ""),
    ] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let mut lines = text.lines();
        let head = lines.next().unwrap();
        let mut by_score: std::collections::BTreeMap<&str, Vec<&str>> = std::collections::BTreeMap::new();
        for line in lines {
            by_score.entry(line.split('\t').nth(7).unwrap()).or_default().push(line);
        }
        for (id, rows) in by_score {
            let work = tempfile::tempdir().unwrap();
            let (score, vcf) = (work.path().join("s.txt"), work.path().join("t.vcf"));
            fs::write_atomic(
                &score,
                format!("#pgs_id={id}\n#genome_build=GRCh37\n{head}\n{}\n", rows.join("\n")).as_bytes(),
            )
            .unwrap();
            // One record for each place: effect allele as ALT, everybody heterozygous.
            let mut places: std::collections::BTreeMap<(u32, u32), (&str, &str)> = std::collections::BTreeMap::new();
            for row in &rows {
                let c: Vec<&str> = row.split('\t').collect();
                let chromosome = if c[0] == "X" { 23 } else { c[0].parse().unwrap() };
                places
                    .entry((chromosome, c[1].parse().unwrap()))
                    .or_insert((c[3], c[2]));
            }
            let mut records =
                "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n".to_owned();
            for ((chromosome, position), (reference, alternate)) in &places {
                writeln!(
                    records,
                    "{chromosome}\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\tGT\t0/1"
                )
                .unwrap();
            }
            fs::write_atomic(&vcf, records.as_bytes()).unwrap();
            let found = run(
                &vcf,
                &[score],
                &Settings {
                    min_overlap: 0.0,
                    ..Settings::default()
                },
            )
            .unwrap();
            let matching = &found.scores[0].matching;
            assert!(matching.unmatched.is_empty(), "{id}: {matching:?}");
            let duplicates = matching.excluded.get("several rows match one record").copied();
            // C/T and T/C at one place of PGS000002 meet one record; the same pair in two scores does not count.
            assert_eq!(duplicates, (id == excluded).then_some(2), "{id}");
        }
    }
}

fn gvcf_case(work: &Path) -> (PathBuf, PathBuf, PathBuf) {
    let (vcf, score, fasta) = (work.join("s.g.vcf"), work.join("score.txt"), work.join("r.fa"));
    fs::write_atomic(
        &vcf,
        b"##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n\
          #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n\
          chr1\t1\t.\tA\t<NON_REF>\t.\t.\tEND=10\tGT:GQ\t0/0:50\n\
          chr1\t11\t.\tC\tT,<NON_REF>\t90\tPASS\t.\tGT:GQ\t0/1:90\n\
          chr1\t12\t.\tG\t<NON_REF>\t.\t.\tEND=14\tGT:GQ\t0/0:3\n\
          chr1\t15\t.\tG\t<NON_REF>\t.\t.\tEND=20\tGT:GQ\t./.:50\n\
          chr1\t21\t.\tG\t<NON_REF>\t.\t.\t.\tGT:GQ\t0/0:60\n",
    )
    .unwrap();
    // Rows: inside of a sure block (reference and alternate as effect), the variant, unsure blocks, a block of one base.
    fs::write_atomic(
        &score,
        b"#pgs_id=G\n#genome_build=GRCh38\nchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\n\
          1\t5\tA\tG\t1\n1\t6\tG\tA\t10\n1\t11\tT\tC\t100\n1\t13\tA\tG\t1000\n1\t17\tA\tG\t1000\n1\t21\tG\tA\t0.5\n",
    )
    .unwrap();
    let contig = format!(">chr1\n{}\n", "A".repeat(200));
    fs::write_atomic(&fasta, contig.as_bytes()).unwrap();
    (vcf, score, fasta)
}

#[test]
fn reference_blocks_count_where_the_reference_is_known() {
    let work = tempfile::tempdir().unwrap();
    let (vcf, score_path, fasta) = gvcf_case(work.path());
    let settings = Settings {
        min_overlap: 0.3,
        ..Settings::default()
    };
    let request = |gvcf, fasta| PrsRequest {
        target: &vcf,
        gvcf,
        scores: std::slice::from_ref(&score_path),
        build: None,
        fasta,
        reference: None,
        settings: &settings,
        audit: None,
    };
    // Without a FASTA the bases inside of a block are not known, but for its first.
    let found = score(&request(true, None), &Nobody).unwrap();
    let sample = &found.scores[0].samples[0];
    assert_eq!((sample.sum, sample.scored, sample.filled), (Some(100.0 + 1.0), 2, 1));
    // With one (A everywhere) the sure block fills both of its rows: at 5 the effect allele is the reference, at 6 not.
    let found = score(&request(true, Some(fasta.as_path())), &Nobody).unwrap();
    let sample = &found.scores[0].samples[0];
    assert_eq!(
        (sample.sum, sample.scored, sample.filled),
        (Some(2.0 + 100.0 + 1.0), 4, 3)
    );
    // Absent is not reference: as a VCF the same file has one match, and no sum.
    let found = score(&request(false, None), &Nobody).unwrap();
    let sample = &found.scores[0].samples[0];
    assert_eq!((sample.sum, sample.scored), (None, 1));
    assert_eq!(found.scores[0].matching.unmatched.values().sum::<u64>(), 5);
}

#[test]
fn faults_of_the_target_are_clear() {
    let work = tempfile::tempdir().unwrap();
    let (_, score_path, fasta) = gvcf_case(work.path());
    let vcf = work.path().join("t.vcf");
    let head =
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
    let settings = Settings::default();
    for (text, build, gvcf, words) in [
        (
            format!("{head}\nchr1\t5\t.\tA\tG\t.\t.\t.\n"),
            None,
            false,
            "no sample column",
        ),
        (
            format!("{head}\tFORMAT\tS\nchr1\t5\t.\tA\tG\t.\t.\t.\tDP\t9\n"),
            None,
            false,
            "neither genotypes (GT) nor dosages",
        ),
        (
            format!("{head}\tFORMAT\tS\nchr1\t9\t.\tA\tG\t.\t.\t.\tGT\t0/1\nchr1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\n"),
            None,
            false,
            "not sorted",
        ),
        (
            format!("{head}\tFORMAT\tS\tT\nchr1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\n"),
            None,
            false,
            "has 1 sample columns",
        ),
        (format!("{head}\tFORMAT\tS\tT\n"), None, true, "holds 2 samples"),
        (format!("{head}\tFORMAT\tS\n"), None, false, "holds no record"),
        (
            format!("{head}\tFORMAT\tS\n"),
            Some(Build::Grch37),
            false,
            "is on GRCh38",
        ),
        (
            format!("{}\tFORMAT\tS\n", head.replace("248956422", "5")),
            None,
            false,
            "prove neither",
        ),
        (format!("{head}\tFORMAT\tS\nchr1\tx\n"), None, false, "not one of a VCF"),
        ("#CHROM".to_owned(), None, false, "does not begin with ##fileformat"),
    ] {
        fs::write_atomic(&vcf, text.as_bytes()).unwrap();
        let fault = score(
            &PrsRequest {
                target: &vcf,
                gvcf,
                scores: std::slice::from_ref(&score_path),
                build,
                fasta: None,
                reference: None,
                settings: &settings,
                audit: None,
            },
            &Nobody,
        )
        .unwrap_err();
        assert!(fault.what().contains(words), "{text}: {fault}");
    }
    // A mean of one sample.
    let (target, score_path, _) = gvcf_case(work.path());
    let wrong = score(
        &PrsRequest {
            target: &target,
            gvcf: true,
            scores: std::slice::from_ref(&score_path),
            build: None,
            fasta: Some(&fasta),
            reference: None,
            settings: &Settings {
                missing: Missing::CohortMean,
                ..settings
            },
            audit: None,
        },
        &Nobody,
    )
    .unwrap_err();
    assert!(wrong.what().contains("a mean dosage needs 50"), "{wrong}");
}

/// The whole way with a reference of people: the percentile of the middle is the middle, and another ancestry is refused.
#[test]
fn a_sum_is_placed_among_people() {
    let Some(folder) = shared("data/prs") else { return };
    let work = tempfile::tempdir().unwrap();
    let target = folder.join("target/cineca_synthetic_subset.vcf.gz");
    let scores = [folder.join("scorefiles/PGS001229_22.txt")];
    let first = run(&target, &scores, &Settings::default()).unwrap();
    let complete: Vec<&_> = first.scores[0].samples.iter().filter(|s| s.missing == 0).collect();
    // One component with one site, so that projecting is plain: dosage standardised; people are the samples themselves.
    let panel = reference_of(
        &target,
        &complete
            .iter()
            .map(|s| (s.sample.as_str(), s.sum.unwrap()))
            .collect::<Vec<_>>(),
    );
    let path = work.path().join("reference.json");
    fs::write_atomic(&path, &serde_json::to_vec(&panel).unwrap()).unwrap();
    let found = score(
        &PrsRequest {
            target: &target,
            gvcf: false,
            scores: &scores,
            build: Some(Build::Grch37),
            fasta: None,
            reference: Some(&path),
            settings: &Settings::default(),
            audit: None,
        },
        &Nobody,
    )
    .unwrap();
    let samples = &found.scores[0].samples;
    let (mut placed, mut refused, mut total) = (0, 0, 0.0);
    for sample in samples {
        let standing = sample.standing.as_ref().unwrap();
        if let Some(percentile) = standing.percentile {
            placed += 1;
            total += percentile;
            assert!(standing.z_norm1.is_some() && standing.z_norm2.is_some() && standing.refused.is_none());
        } else {
            refused += 1;
            assert!(sample.missing > 0, "{sample:?}");
            let why = standing.refused.as_ref().unwrap();
            assert!(why.contains("no genotype in this sample"), "{standing:?}");
        }
    }
    assert_eq!((placed, refused), (2463, 41));
    assert!((total / f64::from(placed) - 50.0).abs() < 1e-6);
}

/// A reference of the target's own samples over the first records of the file, one component each.
fn reference_of(target: &Path, people: &[(&str, f64)]) -> ReferencePanel {
    use clinotype_case::prs::{ReferencePerson, ReferenceScore, ReferenceSite};
    let mut text = String::new();
    fs::open_text(target).unwrap().read_to_string(&mut text).unwrap();
    let names: Vec<&str> = text
        .lines()
        .find(|l| l.starts_with("#CHROM"))
        .unwrap()
        .split('\t')
        .skip(9)
        .collect();
    let mut components = vec![Vec::new(); names.len()];
    let mut sites = Vec::new();
    let rows = text.lines().filter(|l| !l.starts_with('#') && !l.contains("./."));
    for row in rows.filter(|r| r.contains("1/1")).take(2) {
        let columns: Vec<&str> = row.split('\t').collect();
        let dosages: Vec<f64> = columns[9..].iter().map(|g| g.matches('1').count() as f64).collect();
        let frequency = dosages.iter().sum::<f64>() / (2.0 * dosages.len() as f64);
        for (values, dosage) in components.iter_mut().zip(&dosages) {
            values.push((dosage - 2.0 * frequency) / (2.0 * frequency * (1.0 - frequency)).sqrt());
        }
        let mut loadings = vec![0.0, 0.0];
        loadings[sites.len()] = 1.0;
        sites.push(ReferenceSite {
            chr: columns[0].to_owned(),
            pos: columns[1].parse().unwrap(),
            allele: columns[4].to_owned(),
            other: columns[3].to_owned(),
            frequency,
            loadings,
        });
    }
    let matched: Vec<u32> = {
        let log = fs::read_to_string(shared("data/prs").unwrap().join("expected/PGS001229_22.matchlog.tsv")).unwrap();
        let used: std::collections::HashSet<String> = log
            .lines()
            .filter(|l| l.ends_with("refalt") || l.ends_with("altref"))
            .map(|l| l.split('\t').next().unwrap().to_owned())
            .collect();
        let score = fs::read_to_string(shared("data/prs").unwrap().join("scorefiles/PGS001229_22.txt")).unwrap();
        let rows = score.lines().filter(|l| !l.starts_with('#')).skip(1);
        rows.enumerate()
            .filter(|(_, l)| {
                let c: Vec<&str> = l.split('\t').collect();
                used.contains(&format!("{}:{}", c[1], c[2]))
            })
            .map(|(n, _)| n as u32 + 1)
            .collect()
    };
    ReferencePanel {
        schema: "clinotype-prs-reference/1".to_owned(),
        name: "the samples themselves".to_owned(),
        build: Build::Grch37,
        sites,
        people: people
            .iter()
            .map(|(name, _)| ReferencePerson {
                population: "ALL".to_owned(),
                components: components[names.iter().position(|n| n == name).unwrap()].clone(),
            })
            .collect(),
        scores: [(
            "PGS001229".to_owned(),
            ReferenceScore {
                rows: matched,
                sums: people.iter().map(|(_, sum)| *sum).collect(),
            },
        )]
        .into(),
    }
}
