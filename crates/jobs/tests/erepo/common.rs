//! Loss-of-function alleles that are common in the population, by exon of the panel's genes.

use clinotype_genome::{Build, fs};
use clinotype_interpret::Comparators;
use clinotype_jobs::{
    comparators::{self, ComparatorsRequest},
    steps::PickOrder,
    watch::Nobody,
};
use clinotype_tests::shared;

use crate::panel::Panel;

/// BRCA2 c.9976A>T (p.Lys3326Ter) is the known example; beside it a rare stop and common changes that are none.
#[test]
fn common_loss_of_function_is_kept_by_exon() {
    let Some(data) = shared("data") else { return };
    let folder = tempfile::tempdir().unwrap();
    let panel = Panel::write(&data, folder.path());
    let mut rows = Vec::new();
    for (position, change, info) in [
        (32_398_489, "A\tT", "AC=10400;AN=1600000;AF=0.0065"),
        (32_398_437, "C\tG", "AC=16;AN=1600000;AF=0.00001"),
        // A missense change of BRCA2 and a silent or missense one beside the stop, whatever their frequency.
        (32_332_343, "A\tC", "AC=160000;AN=1600000;AF=0.1"),
        (32_398_490, "A\tG", "AC=160000;AN=1600000;AF=0.1"),
    ] {
        let (piece, at) = panel.find("chr13", position).unwrap();
        rows.push((piece, at, format!("s{piece}\t{at}\t.\t{change}\t.\tPASS\t{info}\n")));
    }
    rows.sort();
    let lines: String = rows.into_iter().map(|row| row.2).collect();
    let text = format!(
        "{}##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Alleles\">\n\
         ##INFO=<ID=AN,Number=1,Type=Integer,Description=\"All\">\n\
         ##INFO=<ID=AF,Number=A,Type=Float,Description=\"Share\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{lines}",
        panel.header()
    );
    let frequencies = folder.path().join("population.vcf");
    fs::write_atomic(&frequencies, text.as_bytes()).unwrap();
    let scratch = folder.path().join("scratch");
    let made = comparators::build(
        &ComparatorsRequest {
            clinvar: &panel.clinvar,
            reference: &panel.reference,
            transcripts: &[&panel.transcripts],
            build: Some(Build::Grch38),
            frequencies: Some(&frequencies),
            pick_order: PickOrder::default(),
            scratch: &scratch,
        },
        &Nobody,
    )
    .unwrap();
    let kept: Vec<(&str, u16, &str)> = made
        .genes
        .iter()
        .flat_map(|(gene, records)| {
            records
                .common
                .iter()
                .map(move |c| (gene.as_str(), c.exon, c.name.as_str()))
        })
        .collect();
    assert_eq!(kept, [("BRCA2", 27, "c.9976A>T")]);
    assert!(
        made.population
            .as_deref()
            .is_some_and(|source| source.contains("population.vcf"))
    );
    assert!(made.population_contigs.iter().all(|contig| contig.starts_with('s')));
    assert!(!made.population_contigs.is_empty());
    assert_eq!(Comparators::parse(&made.to_text()).unwrap().to_text(), made.to_text());
    assert!(!scratch.exists());
}
