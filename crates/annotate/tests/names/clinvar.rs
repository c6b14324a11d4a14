//! ClinVar's names of the panel's transcripts, as biocommons hgvs collected them, with the shifted name of an oracle.

use clinotype_annotate::namer::{Namer, read_transcripts};
use clinotype_genome::Build;

use crate::{
    common::{panel, rows, shared, without_stated},
    verdicts::Verdicts,
};

#[test]
fn clinvar_names() {
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
    let mut verdicts = Verdicts::of("clinvar_hgvs");
    let (mut refused, mut shifted, mut pairs) = (0, 0, 0);
    for row in rows(&data.join("annotation/clinvar_hgvs_open.tsv.gz")) {
        if row["run"] == "needs_sequence" {
            continue;
        }
        let named = namer.name(&row["c"]).unwrap();
        if row["run"] == "lrg_panel_other_version" {
            // The transcript is here in another version: that is said, and nothing is named on it.
            assert!(named.normalized.is_none(), "{named:?}");
            assert!(
                named.errors[0].contains("is not among the transcripts here; there is"),
                "{named:?}"
            );
            refused += 1;
            continue;
        }
        let accession = row["c"].split_once(':').unwrap().0;
        let genomic = namer.name(&row["g38"]).unwrap();
        let oracle = row["oracle"].rsplit(':').next().unwrap();
        let id = row["c"].as_str();
        // The oracle shifted ClinVar's genomic name on the transcript.
        if !oracle.is_empty() {
            shifted += 1;
            let projected = if genomic.transcript.as_deref() == Some(accession) {
                genomic.c.clone()
            } else {
                let other = genomic.others.iter().find(|o| o.transcript == accession);
                other.and_then(|o| o.name.clone())
            };
            verdicts.judge(
                id,
                "oracle",
                &without_stated(&format!("{accession}:{oracle}")),
                &projected.unwrap_or_else(|| genomic.errors.join("; ")),
            );
        }
        let ours = named.normalized.clone().unwrap_or_else(|| named.errors.join("; "));
        let theirs = if oracle.is_empty() {
            without_stated(id)
        } else {
            without_stated(&format!("{accession}:{oracle}"))
        };
        verdicts.judge(id, "normalized", &theirs, &ours);
        // The genomic name of the same record is the same allele.
        let wanted = genomic.normalized.clone().unwrap_or_else(|| genomic.errors.join("; "));
        let projected = named.g.clone().unwrap_or_else(|| named.errors.join("; "));
        pairs += 1;
        verdicts.judge(id, "g", &wanted, &projected);
    }
    println!("clinvar: {shifted} with an oracle's name, {pairs} with a g. name, {refused} of another version refused");
    assert!(shifted > 500 && refused > 200);
    verdicts.finish();
}
