//! The real chain files: against each other, ClinVar's pairs of names, and the placements of genes on both builds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    io::BufRead as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{
    fs,
    liftover::{Refusal, read_chains},
    sequence::complement,
};

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

/// Every base of the old build that is mapped maps back to itself by the inverted file, and by UCSC's file of the other
/// direction wherever that accepts it.
#[test]
fn positions_come_home_through_the_real_chains() {
    let Some(data) = shared() else { return };
    let there = read_chains(data.join("sites/hg19ToHg38.over.chain.gz")).unwrap();
    let other = read_chains(data.join("sites/hg38ToHg19.over.chain.gz")).unwrap();
    let inverse = there.inverted();
    let (mut accepted, mut same, mut elsewhere, mut refused) = (0_u64, 0_u64, 0_u64, BTreeMap::new());
    for contig in there.contigs() {
        if clinotype_genome::ContigKey::of(&contig.name).is_none() {
            continue;
        }
        for start in (0..contig.length - 1).step_by(10_007) {
            let mapped = match there.map(&contig.name, start, start + 1) {
                Ok(mapped) => mapped,
                Err(reason) => {
                    *refused.entry(reason).or_insert(0_u64) += 1;
                    continue;
                }
            };
            accepted += 1;
            let home = match inverse.map(&mapped.contig, mapped.start, mapped.end) {
                Ok(home) => home,
                // Alternate haplotypes count where the place itself is on no primary contig.
                Err(Refusal::SeveralChains) if clinotype_genome::ContigKey::of(&mapped.contig).is_none() => continue,
                Err(reason) => panic!("{}:{start} does not come home: {reason}", contig.name),
            };
            assert_eq!(
                (&home.contig, home.start, home.reverse),
                (&contig.name, start, mapped.reverse)
            );
            match other.map(&mapped.contig, mapped.start, mapped.end) {
                Ok(home) if (&home.contig, home.start) == (&contig.name, start) => same += 1,
                Ok(_) => elsewhere += 1,
                Err(_) => {}
            }
        }
    }
    println!("{accepted} accepted, {same} the same by the other file, {elsewhere} elsewhere; refused {refused:?}");
    assert!(accepted > 280_000);
    // Segmental duplications: the two files pair their copies differently in a few places.
    assert!(elsewhere * 1_000 < accepted, "{elsewhere} of {accepted}");
}

/// `NC_000012.12:g.9079672T>C` as contig number, 1-based position, REF and ALT.
fn substitution(name: &str, version_of: clinotype_genome::Build) -> Option<(String, u32, u8, u8)> {
    let (accession, change) = name.split_once(":g.")?;
    let contig = clinotype_genome::ContigKey::of(accession)?;
    if version_of.accession(&contig)? != accession {
        return None;
    }
    let digits = change.find(|c: char| !c.is_ascii_digit())?;
    let [reference, b'>', alternate] = change.as_bytes()[digits..] else {
        return None;
    };
    Some((contig.to_string(), change[..digits].parse().ok()?, reference, alternate))
}

#[test]
fn agrees_with_the_pairs_of_clinvar() {
    use clinotype_genome::Build::{Grch37, Grch38};
    let Some(data) = shared() else { return };
    let there = read_chains(data.join("sites/hg19ToHg38.over.chain.gz")).unwrap();
    let other = read_chains(data.join("sites/hg38ToHg19.over.chain.gz")).unwrap();
    for (chains, from, to) in [
        (&there, Grch37, Grch38),
        (&there.inverted(), Grch38, Grch37),
        (&other, Grch38, Grch37),
    ] {
        let (mut pairs, mut agree, mut differ, mut refused) = (0, 0, Vec::new(), BTreeMap::new());
        let mut seen = std::collections::BTreeSet::new();
        for line in fs::open_text(data.join("annotation/clinvar_hgvs_open.tsv.gz"))
            .unwrap()
            .lines()
            .skip(1)
        {
            let line = line.unwrap();
            let fields: Vec<&str> = line.split('\t').collect();
            let (old, new) = if from == Grch37 {
                (fields[4], fields[3])
            } else {
                (fields[3], fields[4])
            };
            let (Some(a), Some(b)) = (substitution(old, from), substitution(new, to)) else {
                continue;
            };
            if !seen.insert(old.to_owned()) {
                continue;
            }
            pairs += 1;
            match chains.map(&a.0, a.1 - 1, a.1) {
                Err(reason) => *refused.entry(reason).or_insert(0) += 1,
                Ok(mapped) => {
                    let turn = |base| if mapped.reverse { complement(base) } else { base };
                    let got = (
                        mapped.contig.trim_start_matches("chr").to_owned(),
                        mapped.end,
                        turn(a.2),
                        turn(a.3),
                    );
                    if got == b {
                        agree += 1;
                    } else {
                        differ.push(format!("{old} {new}: {got:?}"));
                    }
                }
            }
        }
        println!(
            "{from} to {to}: {pairs} pairs, {agree} agree, {} differ {differ:#?}, refused {refused:?}",
            differ.len()
        );
        assert!(pairs > 2_000, "{pairs}");
        assert!(differ.is_empty());
    }
}

/// `NC_000017.10:48259457-48284000:-` as contig, 0-based start, end, whether it is reversed.
fn placement(text: &str) -> Option<(String, u32, u32, bool)> {
    let (accession, rest) = text.split_once(':')?;
    let (span, strand) = rest.split_once(':')?;
    let (start, end) = span.split_once('-')?;
    let contig = clinotype_genome::ContigKey::of(accession)?;
    Some((
        contig.to_string(),
        start.parse::<u32>().ok()? - 1,
        end.parse().ok()?,
        strand == "-",
    ))
}

/// NCBI and EBI placed the genes of the panel on both builds; where both placements are without any difference, every base
/// is known on both.
#[test]
fn agrees_with_the_placements_of_genes() {
    let Some(data) = shared() else { return };
    let there = read_chains(data.join("sites/hg19ToHg38.over.chain.gz")).unwrap();
    let (mut genes, mut agree, mut refused) = (0, 0_u64, BTreeMap::new());
    for line in fs::open_text(data.join("panel-grch38/placements.tsv"))
        .unwrap()
        .lines()
        .skip(1)
    {
        let line = line.unwrap();
        let f: Vec<&str> = line.split('\t').collect();
        if (f[11], f[12], f[14], f[15]) != ("1", "0", "1", "0") {
            continue;
        }
        let (Some(old), Some(new)) = (placement(f[13]), placement(f[10])) else {
            continue;
        };
        // Genes of a pseudo-autosomal region may be placed on X in one build and on Y in the other.
        if old.0 != new.0 {
            continue;
        }
        genes += 1;
        for offset in (0..old.2 - old.1).step_by(211) {
            let expected = if old.3 == new.3 {
                new.1 + offset
            } else {
                new.2 - 1 - offset
            };
            match there.map(&old.0, old.1 + offset, old.1 + offset + 1) {
                Ok(mapped) => {
                    let got = (mapped.contig.trim_start_matches("chr"), mapped.start, mapped.reverse);
                    assert_eq!(got, (&*new.0, expected, old.3 != new.3), "{} {offset}", f[1]);
                    agree += 1;
                }
                Err(reason) => *refused.entry((f[1].to_owned(), reason)).or_insert(0) += 1,
            }
        }
    }
    println!("{genes} genes, {agree} positions agree, refused {refused:?}");
    assert!(genes > 300 && agree > 50_000, "{genes} genes, {agree} positions");
}
