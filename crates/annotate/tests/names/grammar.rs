//! The grammar cases of biocommons hgvs: each piece of a name set into a whole one.

use clinotype_annotate::hgvs::{self, name::Description};

use crate::common::{rows, shared};

/// A whole name around a piece that one rule of the upstream grammar reads.
fn whole(rule: &str, piece: &str) -> String {
    let system = rule
        .trim_start_matches("uncertain_")
        .trim_start_matches("def_")
        .chars()
        .next()
        .unwrap_or('g');
    match rule {
        "accn" => format!("{piece}:g.1A>T"),
        "aa13" | "aat13" => format!("NP_1.1:p.{piece}1del"),
        "aa13_ext" | "nnum" => format!("NP_1.1:p.Met1ext{piece}"),
        "aa13_fs" => format!("NP_1.1:p.Arg97Profs{piece}"),
        "aa13_seq" | "aa1_seq" | "aa3_seq" | "aat13_seq" | "aat1_seq" | "aat3_seq" => {
            format!("NP_1.1:p.Ala1_Gly2delins{piece}")
        }
        "base" => format!("NM_1.1:c.{piece}A>T"),
        "dna_seq" => format!("NM_1.1:c.1_2ins{piece}"),
        "rna_seq" | "rna_iupac" => format!("NM_1.1:r.1_2ins{piece}"),
        "ext" => format!("NP_1.1:p.Met1{piece}"),
        "fsext_offset" => format!("NP_1.1:p.Arg97ProfsTer{piece}"),
        "num" => format!("NM_1.1:c.1_2insN[{piece}]"),
        "pm" => format!("NM_1.1:c.1{piece}5A>T"),
        "snum" => format!("NM_1.1:c.1{piece}A>T"),
        "term1" | "term13" | "term3" => format!("NP_1.1:p.Arg5{piece}"),
        "gene_symbol" => format!("NM_1.1({piece}):c.1A>T"),
        "def_p_pos" | "def_p_interval" => format!("NP_1.1:p.{piece}del"),
        "p_posedit" | "p_posedit_special" => format!("NP_1.1:p.{piece}"),
        _ if rule.starts_with("pro_") => {
            let first = if piece.starts_with("ins") { "Ala1_Gly2" } else { "Ala1" };
            format!("NP_1.1:p.{first}{piece}")
        }
        _ if rule.starts_with("dna_") => format!("NM_1.1:c.1_2{piece}"),
        _ if rule.starts_with("rna_") => format!("NM_1.1:r.1_2{piece}"),
        // A position alone, so that a range is none.
        _ if rule.ends_with("_pos") => format!("NM_1.1:{system}.{piece}_20del"),
        _ if rule.ends_with("_interval") => format!("NM_1.1:{system}.{piece}del"),
        _ if rule.ends_with("_typed_posedit") => format!("NM_1.1:{piece}"),
        _ if rule.ends_with("_posedit") => format!("NM_1.1:{system}.{piece}"),
        // A place of a protein names no change; it is read with one.
        _ if rule.ends_with("hgvs_position") && piece.contains(":p.") => format!("{piece}="),
        _ => piece.to_owned(),
    }
}

/// The letter that a rule is for, where its name says it.
fn wanted_letter(rule: &str) -> Option<char> {
    let first = rule.chars().next()?;
    let wanted = matches!(first, 'g' | 'm' | 'c' | 'n' | 'r' | 'p');
    let whole = rule[1..].starts_with("_hgvs_position") || rule[1..].starts_with("_variant");
    (wanted && whole).then_some(first)
}

#[test]
fn grammar_cases() {
    let Some(data) = shared() else { return };
    let (mut right, mut total) = (0, 0);
    let mut wrong = Vec::new();
    for row in rows(&data.join("annotation/hgvs_grammar_open.tsv.gz")) {
        let valid = row["valid"].eq_ignore_ascii_case("true");
        let pieces: Vec<String> = match row["intype"].as_str() {
            "list" => row["test"].split('|').map(str::to_owned).collect(),
            // Every letter by itself.
            "string" if row["suite"] == "biocommons_grammar" => row["test"].chars().map(String::from).collect(),
            _ => vec![row["test"].clone()],
        };
        for piece in pieces {
            total += 1;
            let name = whole(&row["func"], &piece);
            let read = hgvs::parse(&name);
            let letter_fits = |name: &hgvs::Name| {
                let letter = match &name.description {
                    Description::Nucleic(n) => n.system.map(hgvs::name::System::letter),
                    Description::Protein(_) => Some('p'),
                };
                wanted_letter(&row["func"]).is_none_or(|w| letter == Some(w))
            };
            let ok = read.as_ref().is_ok_and(letter_fits);
            // Upstream knows no pyrrolysine; IUPAC's O is an amino acid of HGVS's table.
            if piece == "O" && row["func"] == "aa13" {
                assert!(ok);
                right += 1;
                continue;
            }
            if ok == valid {
                right += 1;
                if let Ok(read) = read {
                    assert_eq!(hgvs::parse(&read.to_string()).as_ref(), Ok(&read), "{name}");
                }
            } else {
                wrong.push(format!("{} {piece:?} as {name}: valid {valid}, {read:?}", row["func"]));
            }
        }
    }
    println!("grammar: {right} of {total}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Names of the recommendations themselves, kind by kind, read and written back as they stand.
#[test]
fn examples_are_written_as_read() {
    for name in [
        "NC_000023.10:g.33038255C>A",
        "NM_004006.2:c.-128354C>T",
        "LRG_199t1:c.79_80delinsTT",
        "NG_012232.1(NM_004006.2):c.93+1G>T",
        "NM_000077.4(CDKN2A):c.9_32dup",
        "LRG_199t1:c.[54G>A;54=]",
        "NC_000023.11:g.33344591del",
        "NM_004006.2:c.(4071+1_4072-1)_(5145+1_5146-1)del",
        "NC_000023.11:g.(?_31120496)_(33339477_?)del",
        "NM_004006.2:c.849_850ins858_895",
        "NC_000002.11:g.47643464_47643465ins[NC_000022.10:g.35788169_35788352]",
        "NM_004006.2:c.419_420ins[T;401_419]",
        "LRG_199t1:c.940_941ins[885_940inv;A;851_883inv]",
        "NM_004006.2:c.(222_226)insG",
        "NC_000004.11:g.(3076562_3076732)insN[12]",
        "NC_000023.10:g.32717298_32717299insN[(80_120)]",
        "NC_000023.10:g.32717298_32717299insN[?]",
        "NM_004006.2:c.5657_5660inv",
        "NC_000014.8:g.101179660_101179695TG[14]",
        "NC_000012.11:g.112036755_112036823CTG[9]TTG[1]CTG[13]",
        "NM_000492.3:c.1210-33_1210-6GT[11]T[6]",
        "NM_002024.5:c.-128_-69GGC[10]GGA[1]GGC[9]GGA[1]GGC[10]",
        "NC_000001.11:g.[123G>A;345del]",
        "NC_000001.11:g.[123G>A];[345del]",
        "NC_000001.11:g.123G>A(;)345del",
        "NM_004006.2:c.2376=",
        "NM_004006.2:c.=",
        "NC_012920.1:m.3243A>G",
        "J01749.1:o.4344dup",
        "NR_002196.1:n.601G>T",
        "NM_004006.3:r.(76a>u)",
        "NM_004006.3:r.76_77insuag",
        "NM_004006.3:r.?",
        "NM_004006.3:r.0",
        "NM_004006.3:r.spl",
        "NM_004006.3:r.(spl?)",
        "NM_024312.4:r.-6_-3g[6]",
        "NP_003997.1:p.Trp24Cys",
        "NP_003997.1:p.(Trp24Ter)",
        "NP_003997.1:p.Cys188=",
        "LRG_199p1:p.0",
        "LRG_199p1:p.0?",
        "LRG_199p1:p.?",
        "LRG_199p1:p.(Met1?)",
        "NP_003997.2:p.Val7del",
        "NP_003997.2:p.Lys23_Val25del",
        "NP_003997.2:p.Lys23_Val25dup",
        "NP_003997.2:p.His4_Gln5insAla",
        "NP_003997.2:p.(Met3_His4insGlyTer)",
        "NP_003997.2:p.Arg78_Gly79insXaa[23]",
        "NP_003997.2:p.Cys28delinsTrpVal",
        "NP_003997.2:p.Arg97ProfsTer23",
        "NP_003997.2:p.Arg97fs",
        "NP_003997.2:p.(Ile327ArgfsTer?)",
        "NP_003997.2:p.Met1ext-5",
        "NP_003997.2:p.Ter110GlnextTer17",
        "NP_003997.2:p.(Ter327ArgextTer?)",
        "NP_002102.4:p.(Gln18)",
        "NP_003997.1:p.[Ser68Arg;Asn594del]",
    ] {
        // The parentheses around a single residue are those of a repeat that is predicted: not read.
        if name == "NP_002102.4:p.(Gln18)" {
            assert!(hgvs::parse(name).is_err());
            continue;
        }
        let read = hgvs::parse(name).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read.to_string(), name);
    }
    for (older, written) in [
        ("NP_1.1:p.R97Pfs*23", "NP_1.1:p.Arg97ProfsTer23"),
        ("NP_1.1:p.W24X", "NP_1.1:p.Trp24Ter"),
        ("NP_1.1:p.*110Qext*17", "NP_1.1:p.Ter110GlnextTer17"),
        ("NM_1.1:c.5a>g", "NM_1.1:c.5A>G"),
        ("NM_1.1:c.2557_2694copy2", "NM_1.1:c.2557_2694[2]"),
        ("c.76A>C", "c.76A>C"),
    ] {
        assert_eq!(hgvs::parse(older).unwrap().to_string(), written);
    }
}

/// Errors name the column and what stands there.
#[test]
fn errors_say_where() {
    for (name, column, words) in [
        ("NM_1.1:c.", 10, "expected a position; the name ends here"),
        ("NM_1.1:c.0A>T", 10, "there is no position 0"),
        (
            "NM_1.1:c.76A<T",
            13,
            "expected '>', '=' or '[' after the bases; found \"<T\"",
        ),
        ("NM_1.1:c.12-14del", 0, ""),
        ("NC_1.1:g.12-14del", 12, "a range is written with '_'"),
        ("NC_1.1:g.-5A>T", 10, "'-' does not belong in g. positions"),
        ("NM_1.1:q.5A>T", 8, "expected one of g. o. m. c. n. r. p."),
        ("NM_1.1:c.5delU", 14, "'u' is RNA"),
        ("NM_1.1:r.5delt", 14, "'t' is DNA"),
        ("NM_1.1:c.5_6ins24", 16, "the inserted bases are not given"),
        ("NM_1.1:c.5_6dupinsA", 16, "'dupins' is not HGVS"),
        ("NM_1.1:c.76\u{2013}2A>T", 12, "a minus is '-'"),
        ("NM_1.1:c.76A>T ", 15, "expected the end of the name"),
        ("NP_1.1:p.Ala3", 14, "expected a change"),
        ("NP_1.1:p.Aln3Gly", 10, "expected an amino acid"),
        ("NP_1.1:p.Ala3insGly", 17, "an insertion lies between two residues"),
        ("NC_1.1:g.99999999999del", 10, "is beyond any sequence"),
        ("NC_1.1::g.5del", 7, "a fusion"),
        ("NC_1.1:g.5=/del", 12, "a mosaic"),
    ] {
        let read = hgvs::parse(name);
        if column == 0 {
            assert!(read.is_ok(), "{name}");
            continue;
        }
        let error = read.expect_err(name);
        assert_eq!(error.column, column, "{name}: {error}");
        assert!(error.what.contains(words), "{name}: {error}");
    }
}
