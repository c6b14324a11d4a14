//! The arithmetic against the ClinGen Evidence Repository: experts' codes give experts' classes (test T1).

use std::path::{Path, PathBuf};

use clinotype_case::criterion::Class;
use clinotype_interpret::{acmg, codes};

#[test]
fn experts_codes_give_experts_classes() {
    let shared = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("data/acmg/clingen_erepo_open.tsv");
    if !path.exists() {
        assert!(
            std::env::var_os("CI").is_none(),
            "the data set is missing: {}",
            path.display()
        );
        println!("skipped: {} is not there", path.display());
        return;
    }
    let text = clinotype_genome::fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (expert, met, retracted) = (column("expert_class"), column("codes_met"), column("retracted"));
    let (mut rows, mut published, mut stricter) = (0, 0, 0);
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[retracted] != "0" {
            continue;
        }
        rows += 1;
        let class = match fields[expert] {
            "P" => Class::Pathogenic,
            "LP" => Class::LikelyPathogenic,
            "VUS" => Class::Uncertain,
            "LB" => Class::LikelyBenign,
            "B" => Class::Benign,
            other => panic!("class {other}"),
        };
        let codes = codes::parse(fields[met]).unwrap();
        published += usize::from(acmg::classify_codes(&codes, -1).class == class);
        stricter += usize::from(acmg::classify_codes(&codes, -2).class == class);
    }
    println!("{published} of {rows} exact at -1, {stricter} at -2");
    assert_eq!((rows, published, stricter), (3_965, 3_741, 3_792));
}
