//! Published causal variants: the genomic allele, its g. name, and names on transcripts of the panel.

use clinotype_annotate::namer::{Namer, read_transcripts};
use clinotype_genome::Build;

use crate::{
    common::{after, panel, rows, shared, without_stated},
    verdicts::Verdicts,
};

#[test]
fn causal_variants() {
    let Some(data) = shared() else { return };
    let build = Some(Build::Grch38);
    let folder = tempfile::tempdir().unwrap();
    let sequences = panel(&data, folder.path());
    let set = read_transcripts(
        &data.join("panel-grch38/panel.grch38.sorted.gff3.gz"),
        &sequences,
        build,
    )
    .unwrap();
    let namer = Namer::new(&sequences, vec![&set], build);
    let mut verdicts = Verdicts::of("causal_variants");
    let (mut outside, mut silent, mut seen) = (0, 0, 0);
    let mut done = std::collections::HashSet::new();
    for row in rows(&data.join("cases-real/causal_variants_open.tsv")) {
        if row["assembly"] != "hg38" || !done.insert((row["pos"].clone(), row["hgvs"].clone())) {
            continue;
        }
        let allele = format!("{}-{}-{}-{}", row["chrom"], row["pos"], row["ref"], row["alt"]);
        let answer = namer.name(&allele).unwrap();
        if !answer.errors.is_empty() {
            // The panel has no sequence there (N), or the case gives no bases.
            outside += 1;
            continue;
        }
        seen += 1;
        let id = format!("{} {allele}", row["gene"]);
        for name in row["hgvs"].split(';') {
            let Some((accession, _)) = name.split_once(':') else {
                continue;
            };
            if name.contains(":g.") {
                verdicts.judge(&id, "g", name, answer.g.as_deref().unwrap_or_default());
                let back = namer.name(name).unwrap();
                assert_eq!(back.vcf, answer.vcf, "{name}");
            } else if set.iter().any(|t| t.accession == accession) {
                let direct = namer.name(name).unwrap();
                verdicts.judge(
                    &id,
                    name,
                    &without_stated(name),
                    direct.normalized.as_deref().unwrap_or(&direct.errors.join("; ")),
                );
                assert_eq!(direct.vcf, answer.vcf, "{name} {direct:?}");
                let p = direct.p.clone().unwrap_or_default();
                if let Some(theirs) = row["hgvs"].split(';').find(|n| n.contains(":p.")) {
                    if after(theirs) == "p.(=)" && p.ends_with("=)") {
                        silent += 1;
                    } else {
                        verdicts.judge(&id, "p", after(theirs), after(&p));
                    }
                }
            }
        }
    }
    println!("causal variants: {seen} on the panel's sequence, {outside} elsewhere, {silent} silent");
    assert!(seen > 100);
    verdicts.finish();
}
