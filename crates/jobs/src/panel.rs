//! A panel of genes applied to an annotated VCF: `clinotype panel apply`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use clinotype_case::{
    Sex,
    evidence::Zygosity,
    finding::Dropped,
    panel::{AppliedPanel, PanelAllele, PanelVersion, SCHEMA},
};
use clinotype_genome::{Build, Fault, Result};

use crate::{Watch, rank::scan};

/// Lists the alleles of a sample that change a protein or a splice site of a gene of the panel.
pub fn apply(
    vcf: &Path,
    sample: Option<&str>,
    build: Option<Build>,
    sex: Sex,
    panel: PanelVersion,
    watch: &dyn Watch,
) -> Result<AppliedPanel> {
    if panel.genes.is_empty() {
        return Err(
            Fault::input("no gene of the panel has the confidence that is asked for")
                .hint("lower --min-confidence, or leave it out"),
        );
    }
    let wanted: BTreeSet<&str> = panel.genes.iter().map(String::as_str).collect();
    let mut genes: BTreeMap<String, Vec<PanelAllele>> = BTreeMap::new();
    let found = scan::scan(vcf, sample, build, sex, watch, |evidence| {
        if !wanted.contains(evidence.gene.as_str()) {
            return Err("outside the genes of the panel");
        }
        match evidence.zygosity {
            Zygosity::Absent => return Err("not in this sample"),
            Zygosity::NotCalled => return Err("genotype not called"),
            _ => {}
        }
        genes.entry(evidence.gene).or_default().push(PanelAllele {
            variant: evidence.variant,
            consequence: evidence.term,
            zygosity: evidence.zygosity,
            frequency: evidence.frequency,
            clinvar: evidence.clinvar,
        });
        Ok(())
    })?;
    Ok(AppliedPanel {
        schema: SCHEMA.to_owned(),
        software: crate::software(),
        file: vcf
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        sample: found.sample,
        alleles: found.alleles,
        dropped: found
            .dropped
            .into_iter()
            .map(|(reason, count)| Dropped {
                reason: reason.to_owned(),
                count,
            })
            .collect(),
        without: panel
            .genes
            .iter()
            .filter(|g| !genes.contains_key(*g))
            .cloned()
            .collect(),
        genes,
        panel,
    })
}

/// The result as lines of text.
pub fn text(found: &AppliedPanel) -> String {
    let mut text = String::new();
    let panel = &found.panel;
    let listed: usize = found.genes.values().map(Vec::len).sum();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{} version {}: {} genes applied, {} left out; {listed} of {} alleles lie in {} of them",
        panel.name,
        panel.version,
        panel.genes.len(),
        panel.left_out.len(),
        found.alleles,
        found.genes.len()
    );
    for dropped in &found.dropped {
        let _ = writeln!(text, "  {:>9}  {}", dropped.count, dropped.reason);
    }
    text
}
