//! The section on pharmacogenomics.

use super::{case, document, pages, pdf, squeezed};
use crate::model::Document;
use crate::words::{heading, pharmacogenes as said};

/// The sentences of the section, from its heading to the next.
fn section(built: &Document) -> Vec<String> {
    let all = built.sentences();
    let is_heading = |name: &str| all.iter().position(|s| s.ends_with(&format!("  {name}")));
    let (from, to) = (
        is_heading(said::HEADING).unwrap(),
        is_heading(heading::COVERAGE).unwrap(),
    );
    all[from..to].to_vec()
}

#[test]
fn current_medicines_come_first_and_the_most_urgent_first_of_them() {
    let said = section(&document(&case("pharmacogenes")).unwrap());
    let place = |words: &str| {
        said.iter()
            .position(|s| s == words)
            .unwrap_or_else(|| panic!("{words} in {said:#?}"))
    };
    let order = [
        "Clopidogrel 75 mg",
        "another medicine to be considered",
        // What holds for two populations alike stands once.
        "CPIC: Strong, CVI ACS PCI; Moderate, NVI",
        "tamoxifen",
        "not evaluated",
        "metformin",
        "no guidance under this name",
        "Results by gene",
        "Genes without a result",
        "CYP2D6: is not called from a VCF; needs an outside call, and none was given.",
        "Medicines with advice for these genotypes",
        "Medicines without a change for these genotypes",
        "capecitabine, fluorouracil",
        "Medicines whose guideline makes no recommendation for these genotypes",
        "dexlansoprazole",
        "Medicines not evaluated",
        "Not called: CYP2D6. tamoxifen.",
        "Guidelines",
        "35034351, 23698643",
        "Limits of pharmacogenomics",
    ];
    let places: Vec<usize> = order.iter().map(|words| place(words)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn missing_positions_are_counted_and_the_important_ones_named_first() {
    let said = section(&document(&case("pharmacogenes")).unwrap());
    for words in [
        "8 of 10",
        "rs90008, rs90001, rs90002, rs90003, rs90004, rs90005 and 2 more",
        "cannot be told: c.1905+1G>A (*2A)",
        "VCF: 1 genotyped, 1 reference by gVCF block, 8 missing",
        "outside call",
        "Normal Metabolizer, activity score 2.0",
        "CYP2C19: What the message says.",
        "CYP2B6: *4/*9 fits too: the phenotype would be Normal Metabolizer.",
    ] {
        assert!(said.iter().any(|s| s == words), "{words} in {said:#?}");
    }
}

#[test]
fn page_1_names_every_alert_and_says_where_no_medicines_were_stated() {
    let mut report = case("pharmacogenes");
    let front = |report: &clinotype_case::Report| {
        let bytes = pdf::render(&document(report).unwrap(), pdf::Paper::A4).unwrap();
        pages(&bytes)[0].content.clone()
    };
    let page = front(&report);
    for words in [
        "4 of 5 pharmacogenes have a result: section 3.",
        // An alert does not hide what nothing is known of.
        "Clopidogrel 75 mg (another medicine to be considered); not evaluated: tamoxifen.",
    ] {
        assert!(page.contains(&squeezed(words)), "{words} in {page}");
    }
    report.pgx.as_mut().unwrap().medications = Some(Vec::new());
    assert!(front(&report).contains(&squeezed("Current medicines: none.")));
    report.pgx.as_mut().unwrap().medications = None;
    assert!(front(&report).contains(&squeezed("Current medicines: not stated.")));
    assert!(section(&document(&report).unwrap()).contains(&said::CURRENT_NOT_STATED.to_owned()));
    // A report that was not asked for them has no section.
    report.pgx = None;
    assert!(!document(&report).unwrap().sentences().join(" ").contains(said::HEADING));
}
