use clinotype_case::prs::{Missing, Settings};
use clinotype_genome::{Build, Fault};
use proptest::prelude::*;

use super::{score_file::Reader, *};

fn read(text: &str, build: Build) -> Result<ScoreFile, Fault> {
    let mut reader = Reader::new(build);
    text.lines().try_for_each(|line| reader.line(line))?;
    reader.finish()
}

const HEAD: &str =
    "#pgs_id=T\n#genome_build=GRCh38\nchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight";

fn score(rows: &str) -> ScoreFile {
    read(&format!("{HEAD}\n{rows}"), Build::Grch38).unwrap()
}

fn call(text: &str) -> Call {
    Call::parse(text, [Some(0), Some(1), Some(2)])
}

fn site(contig: u8, position: u32, reference: &str, alternates: &str, calls: &[&str]) -> Site {
    Site {
        contig,
        position,
        reference: reference.to_owned(),
        alternates: alternates
            .split(',')
            .filter(|a| !a.is_empty())
            .map(str::to_owned)
            .collect(),
        filtered: false,
        calls: calls.iter().map(|c| call(c)).collect(),
    }
}

/// Scores the sites; rows by outcome, as words.
fn run(score: ScoreFile, settings: Settings, sites: Vec<Site>) -> (Vec<Sums>, Vec<String>) {
    let samples = sites[0].calls.len();
    let mut scorer = Scorer::new(score, settings, samples, true);
    for site in sites {
        scorer.add(site);
    }
    let (matching, sums, audit, used) = scorer.finish();
    let total = |map: &std::collections::BTreeMap<String, u64>| map.values().sum::<u64>();
    assert_eq!(
        matching.rows,
        matching.matched + total(&matching.excluded) + total(&matching.unmatched)
    );
    assert_eq!(matching.matched, total(&matching.by));
    assert_eq!(audit.len() as u64, matching.rows, "every row is accounted for");
    assert_eq!(used.len() as u64, matching.matched);
    let words = audit.into_iter().map(|a| match a.outcome {
        Outcome::Matched(how, _) => how.to_owned(),
        Outcome::Excluded(why) => format!("excluded: {why}"),
        Outcome::Unmatched(why) => format!("unmatched: {why}"),
    });
    (sums, words.collect())
}

#[test]
fn models_and_dosages() {
    let text = "#genome_build=GRCh38\nchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\tis_dominant\tis_recessive\n\
                1\t10\tG\tA\t1\tFalse\tFalse\n1\t20\tG\tA\t10\tTrue\tFalse\n1\t30\tG\tA\t100\tFALSE\tTRUE\n";
    let sites = [10, 20, 30].map(|p| site(1, p, "A", "G", &["0/0", "0/1", "1/1", "./.", "0/1:1.5"]));
    let (sums, how) = run(read(text, Build::Grch38).unwrap(), Settings::default(), sites.to_vec());
    assert_eq!(how, ["altref", "altref", "altref"]);
    let totals: Vec<f64> = sums.iter().map(|s| s.sum).collect();
    assert_eq!(totals, [0.0, 11.0, 112.0, 0.0, 1.5 + 10.0 + 50.0]);
    assert_eq!((sums[3].scored, sums[3].missing), (0, 3));
    let text = "#genome_build=hg38\nchr_name\tchr_position\teffect_allele\tother_allele\tdosage_0_weight\tdosage_1_weight\tdosage_2_weight\n\
                1\t10\tA\tG\t-0.5\t2\t7\n";
    let (sums, _) = run(
        read(text, Build::Grch38).unwrap(),
        Settings::default(),
        vec![sites[0].clone()],
    );
    let totals: Vec<f64> = sums.iter().map(|s| s.sum).collect();
    assert_eq!(
        totals,
        [7.0, 2.0, -0.5, 0.0, 2.0],
        "copies of the effect allele, here REF"
    );
    assert_eq!(sums[3].missing, 1);
}

#[test]
fn what_is_left_out_is_said() {
    let rows = "1\t10\tA\tT\t1\n1\t20\tG\tA\t1\n1\t30\tG\tA\t1\n1\t30\tA\tG\t1\n1\t40\tG\tA\t1\n1\t50\tC\tA\t1\n1\t60\tC\tT\t1\n\
                1\t70\tG\tA\t1\nchrX\t5\tG\tA\t1\n6\t9\tDRB1\tA\t1\nscaffold\t9\tA\tG\t1\n1\t\tA\tG\t1\n1\t80\tA\tG\tNA\n1\t90\tI\tD\t1";
    let mut filtered = site(1, 20, "A", "G", &["0/1"]);
    filtered.filtered = true;
    let sites = vec![
        site(1, 10, "A", "T", &["0/1"]),
        filtered,
        site(1, 30, "A", "G", &["0/1"]),
        site(1, 40, "A", "C,G", &["1/2"]),
        site(1, 50, "A", "G", &["0/1"]),
        site(1, 60, "A", "G", &["0/1"]),
    ];
    let (sums, how) = run(score(rows), Settings::default(), sites.clone());
    assert_eq!(
        how,
        [
            "excluded: strand ambiguous: the alleles are A and T, or C and G",
            "excluded: the record failed a filter",
            "excluded: several rows match one record",
            "excluded: several rows match one record",
            "excluded: the record has several alternates",
            "unmatched: the record has other alleles",
            "altref_flip",
            "unmatched: no record at the position",
            "unmatched: no record at the position",
            "unmatched: the effect allele is not written as bases (HLA and the like need their own typing)",
            "unmatched: a contig outside the chromosomes",
            "unmatched: no position of this build in the score file",
            "unmatched: no weight is stated",
            "unmatched: the effect allele is not written as bases (HLA and the like need their own typing)",
        ]
    );
    assert_eq!(sums[0].sum, 1.0);
    let kept = Settings {
        keep_ambiguous: true,
        keep_multiallelic: true,
        keep_first_match: true,
        skip_flips: true,
        ..Settings::default()
    };
    let (sums, how) = run(score(rows), kept, sites);
    assert_eq!(how[0], "refalt");
    assert_eq!(
        (how[2].as_str(), how[3].as_str()),
        ("altref", "excluded: several rows match one record")
    );
    assert_eq!(how[4], "altref");
    assert_eq!(how[6], "excluded: matches by the other strand only");
    assert_eq!(sums[0].sum, 3.0);
}

#[test]
fn of_several_records_the_best_counts() {
    // The row matches the second record as it is, the first only on the other strand.
    let sites = vec![site(1, 10, "T", "C", &["0/1"]), site(1, 10, "A", "G", &["1/1"])];
    let (sums, how) = run(score("1\t10\tG\tA\t1"), Settings::default(), sites);
    assert_eq!((how[0].as_str(), sums[0].sum), ("altref", 2.0));
}

#[test]
fn contigs_in_any_order() {
    let sites = vec![
        site(10, 5, "A", "G", &["0/1"]),
        site(2, 5, "A", "G", &["0/1"]),
        site(23, 5, "A", "G", &["1"]),
    ];
    let (sums, how) = run(
        score("2\t5\tG\tA\t1\n10\t5\tG\tA\t10\nX\t5\tG\tA\t100\n3\t1\tG\tA\t1"),
        Settings::default(),
        sites,
    );
    assert_eq!(sums[0].sum, 111.0);
    assert_eq!(how[3], "unmatched: no record at the position");
}

#[test]
fn missing_genotypes_by_the_mean_of_the_file() {
    let settings = Settings {
        missing: Missing::CohortMean,
        ..Settings::default()
    };
    let (sums, _) = run(
        score("1\t10\tG\tA\t4"),
        settings,
        vec![site(1, 10, "A", "G", &["0/1", "1/1", "./."])],
    );
    assert_eq!(sums[2].sum, 6.0);
    assert_eq!((sums[2].scored, sums[2].missing), (0, 1));
}

#[test]
fn reference_blocks_fill_with_proof_only() {
    let rows = "1\t10\tG\tA\t1\n1\t11\tA\tG\t1\n1\t12\tC\tG\t1\n1\t13\tG\tC\t1\n1\t14\tAT\tA\t1\n1\t20\tA\tG\t1\n1\t31\tA\tG\t1\n1\t41\tA\tG\t1";
    let block = |start, end, certain| Block {
        contig: 1,
        start,
        end,
        certain,
        ploidy: 2,
    };
    let mut scorer = Scorer::new(score(rows), Settings::default(), 1, true);
    assert_eq!(scorer.next_position(1, 1), Some(10));
    scorer.fill(&block(5, 20, true), |position, length| {
        let from = position as usize - 10;
        Some("AACCACCCCCA"[from..from + length as usize].to_owned())
    });
    scorer.fill(&block(30, 35, false), |_, _| Some("A".to_owned()));
    scorer.fill(&block(40, 45, true), |_, _| None);
    assert_eq!(scorer.next_position(1, 46), None);
    let (matching, sums, audit, _) = scorer.finish();
    let how: Vec<String> = audit
        .iter()
        .map(|a| match &a.outcome {
            Outcome::Matched(how, _) => (*how).to_owned(),
            Outcome::Excluded(why) | Outcome::Unmatched(why) => why.chars().take(40).collect(),
        })
        .collect();
    assert_eq!(
        how,
        [
            "reference_block",
            "reference_block",
            "strand ambiguous: the alleles are A and ",
            "strand ambiguous: the alleles are A and ",
            "reference_block",
            "reference_block",
            "in a reference block below the quality t",
            "in a reference block, and no reference F",
        ]
    );
    // The effect allele is the reference at 11 and 20.
    assert_eq!((sums[0].sum, sums[0].filled, matching.matched), (4.0, 4, 4));
}

#[test]
fn interactions_and_haplotypes() {
    let text = "#genome_build=GRCh38\nchr_name\tchr_position\teffect_allele\teffect_weight\tis_interaction\tis_haplotype\tis_diplotype\n\
                1_x_2\t10_x_20\tG_x_C\t1\tTrue\tFalse\tFalse\n\
                1\t10;12\tG;T\t10\tFalse\tTrue\tFalse\n\
                1\t10;12/10;12\tG;T/A;T\t100\tFalse\tFalse\tTrue\n\
                \t\tHLA-A*24\t1\tFalse\tTrue\tFalse\n\
                1_x_2\t10_x_20_x_3\tG_x_C\t1\tTrue\tFalse\tFalse\n\
                1_x_2\t10_x_99\tG_x_C\t1\tTrue\tFalse\tFalse\n";
    // Samples: haplotypes G-T and A-T; G-A and A-T in phase; the same unphased; G-T twice.
    let sites = vec![
        site(1, 10, "A", "G", &["1|0:.:7", "1|0:.:7", "0/1", "1/1"]),
        site(1, 12, "A", "T", &["1|1:.:7", "0|1:.:7", "0/1", "1/1"]),
        site(2, 20, "T", "C", &["0/1", "1/1", "0/0", "./."]),
    ];
    let (sums, how) = run(read(text, Build::Grch38).unwrap(), Settings::default(), sites);
    assert_eq!(
        how,
        [
            "interaction",
            "haplotype",
            "diplotype",
            "unmatched: a haplotype named by words, which genotypes of variants do not answer",
            "unmatched: an interaction or haplotype whose parts lack alleles or positions",
            "unmatched: a part of the interaction or haplotype has no record with its allele",
        ]
    );
    let totals: Vec<f64> = sums.iter().map(|s| s.sum).collect();
    assert_eq!(totals, [1.0 + 10.0 + 100.0, 2.0, 0.0, 20.0]);
    let missing: Vec<u64> = sums.iter().map(|s| s.missing).collect();
    assert_eq!(missing, [0, 0, 2, 1], "a phase that is not known is missing");
}

#[test]
fn which_columns_hold_the_positions() {
    let columns = "rsID\tchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\thm_chr\thm_pos";
    let of = |head: &str, build| read(&format!("{head}{columns}\nrs1\t1\t100\tA\tG\t1\t1\t200\n"), build);
    let harmonised = "#genome_build=GRCh37\n#HmPOS_build=GRCh38\n";
    assert_eq!(of(harmonised, Build::Grch38).unwrap().simple[0].position, 200);
    assert_eq!(of(harmonised, Build::Grch37).unwrap().simple[0].position, 100);
    assert_eq!(
        of("#genome_build=hg19\n", Build::Grch37).unwrap().simple[0].position,
        100
    );
    let fault = of("#genome_build=NR\n#HmPOS_build=GRCh37\n", Build::Grch38).unwrap_err();
    assert!(
        fault
            .what()
            .contains("no positions of GRCh38: its own build is NR, its harmonised one GRCh37"),
        "{fault}"
    );
    let fault = of("", Build::Grch38).unwrap_err();
    assert!(fault.what().contains("states no genome build"), "{fault}");
}

#[test]
fn broken_files_are_faults_with_their_line() {
    let head = "#genome_build=GRCh38\n";
    for (text, line, words) in [
        (String::new(), None, "no line of columns"),
        (format!("{HEAD}\n"), None, "no rows"),
        (format!("{head}1\t10\tA\tG\t1\n"), Some(2), "no effect_allele"),
        (
            format!("{head}chr_name\tchr_position\teffect_allele\n1\t1\tA\n"),
            Some(2),
            "neither effect_weight",
        ),
        (
            format!("{head}chr_name\tchr_name\teffect_allele\teffect_weight\n"),
            Some(2),
            "two columns are called \"chr_name\"",
        ),
        (
            format!("{head}rsID\teffect_allele\teffect_weight\nrs1\tA\t1\n"),
            Some(2),
            "without positions",
        ),
        (
            "#format_version=3.0\nchr_name\tchr_position\teffect_allele\teffect_weight\n".to_owned(),
            Some(2),
            "not of format 2",
        ),
        (format!("{HEAD}\n1\t10\tA\tG\n"), Some(4), "the row has 4 columns"),
        (format!("{HEAD}\n1\t10\tA\tG\t1\t7\n"), Some(4), "the row has 6 columns"),
        (
            format!("{HEAD}\n1\t10\tA\tG\tlots\n"),
            Some(4),
            "\"lots\" is not a number",
        ),
        (
            format!("{HEAD}\n1\tten\tA\tG\t1\n"),
            Some(4),
            "\"ten\" is not a position",
        ),
        (format!("{HEAD}\n1\t10\t\tG\t1\n"), Some(4), "no effect allele"),
        (
            format!("{HEAD}\tis_dominant\n1\t10\tA\tG\t1\tmaybe\n"),
            Some(4),
            "neither True nor False",
        ),
        (
            format!("{HEAD}\tis_dominant\tis_recessive\n1\t10\tA\tG\t1\tTrue\tTrue\n"),
            Some(4),
            "both dominant and recessive",
        ),
    ] {
        let fault = read(&text, Build::Grch38).unwrap_err();
        assert!(fault.what().contains(words), "{text:?}: {fault}");
        assert_eq!(fault.place().line, line, "{text:?}: {fault}");
    }
}

proptest! {
    /// Swapping the alleles of a row and its sign moves the sum by a constant: twice the weight for each genotype.
    #[test]
    fn the_other_allele_counts_the_rest(weight in -5.0..5.0_f64, genotype in 0_usize..3, flip: bool) {
        let text = ["0/0", "0/1", "1/1"][genotype];
        let (effect, other) = if flip { ("C", "T") } else { ("G", "A") };
        let sum = |effect: &str, other: &str, weight: f64| {
            let rows = format!("1\t10\t{effect}\t{other}\t{weight}");
            run(score(&rows), Settings::default(), vec![site(1, 10, "A", "G", &[text])]).0[0].sum
        };
        let together = sum(effect, other, weight) + sum(other, effect, weight);
        prop_assert!((together - 2.0 * weight).abs() < 1e-12);
    }

    /// No text makes the reader panic.
    #[test]
    fn any_text_is_read_or_refused(text in "[#=\\tA-Za-z0-9_\\n.-]{0,200}") {
        let _ = read(&text, Build::Grch37);
        let _ = read(&format!("{HEAD}\n{text}"), Build::Grch38);
    }
}
