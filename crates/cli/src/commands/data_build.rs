//! `clinotype data build` and `clinotype data genes`.

use std::fmt::Write as _;

use clinotype_genome::{Fault, Reference, Result};
use clinotype_jobs::build::of_reference;
use clinotype_refdata::{
    alleles::{
        Meta,
        build::{BuildOptions, Columns, Inputs, build as build_store},
    },
    genes::{GeneFacts, Release},
};
use serde::Serialize;
use serde_json::json;

use super::{
    engine::{scratch, step},
    store::print,
};
use crate::args::{DataBuild, DataGenes, GenesImport, GenesPanel, GenesShow};

pub(crate) fn build(call: &DataBuild) -> Result<()> {
    if !(0.0..=1.0).contains(&call.max_mismatches) {
        return Err(Fault::usage("--max-mismatches is a share between 0 and 1"));
    }
    if call.inputs.contains(&call.out) {
        return Err(Fault::usage("--out names one of the inputs").at(&call.out));
    }
    let mut made = None;
    step(&call.machine, "Build the store", |machine, watch| {
        let reference = Reference::open(&call.reference)?;
        let known = of_reference(&reference, call.build)?;
        let columns = call.columns.clone().unwrap_or_default();
        let columns: &Columns = &columns;
        made = Some(build_store(
            &BuildOptions {
                inputs: &call.inputs,
                kind: if call.from_vcfs {
                    Inputs::Genotypes
                } else {
                    Inputs::Values
                },
                reference: &reference,
                build: known.build,
                assert_build: known.asserted,
                name: call.name.as_deref(),
                release: call.release.as_deref(),
                date: call.date.as_deref(),
                licence: call.licence.as_deref(),
                fields: &call.fields,
                columns,
                duplicates: call.duplicates.clone(),
                assessed: call.assessed.as_deref(),
                assessed_alleles: call.assessed_alleles,
                mismatches: call.max_mismatches,
                out: &call.out,
                scratch: &scratch(&call.out),
                // Records in memory, their places, and what sorting them takes.
                memory: usize::try_from(machine.memory() / 2).unwrap_or(usize::MAX).min(2 << 30),
                made_by: &clinotype_jobs::software(),
            },
            watch,
        )?);
        Ok(())
    })?;
    match made {
        Some(meta) => print(summary(&meta).trim_end()),
        None => Err(Fault::internal("a store was built without its facts")),
    }
}

/// What became of the records.
fn summary(meta: &Meta) -> String {
    let c = &meta.counts;
    let stated = |value: &Option<String>| value.clone().unwrap_or_else(|| "not stated".to_owned());
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}, release {}, licence {}, {} ({})",
        meta.name,
        stated(&meta.release),
        stated(&meta.licence),
        meta.build,
        meta.proof
    );
    let _ = writeln!(
        text,
        "{} records with {} alleles: {} kept ({} moved by normalisation, {} where the reference is N), {} sites without \
         an allele",
        c.records, c.alleles, c.kept, c.moved, c.unproven, c.sites
    );
    for (reason, count) in &c.dropped {
        let _ = writeln!(text, "{count} left out: {reason}");
    }
    text
}

fn show(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Fault::internal("the answer cannot be written").caused_by(e))?;
    print(&text)
}

pub(crate) fn genes(call: DataGenes) -> Result<()> {
    match call {
        DataGenes::Import(call) => import(call),
        DataGenes::Show(call) => gene(&call),
        DataGenes::List(call) => {
            let facts = GeneFacts::open(&call.database)?;
            show(&json!({"tables": facts.sources()?, "panels": facts.panels()?}))
        }
        DataGenes::Panel(call) => panel(&call),
    }
}

fn import(call: GenesImport) -> Result<()> {
    let mut facts = if call.database.exists() {
        GeneFacts::open_for_import(&call.database)?
    } else {
        GeneFacts::create(&call.database)?
    };
    let release = Release {
        release: call.release,
        date: call.date,
        licence: call.licence,
        panel: call.panel,
    };
    let made = facts.import(call.table, &call.file, &release)?;
    print(&format!("{} records: {} kept", made.records, made.kept))?;
    made.dropped
        .iter()
        .try_for_each(|(reason, count)| print(&format!("{count} left out: {reason}")))
}

fn gene(call: &GenesShow) -> Result<()> {
    let facts = GeneFacts::open(&call.database)?;
    let found = facts.resolve(&call.gene)?;
    let id = &found.hgnc_id;
    show(&json!({
        "gene": facts.gene(id)?,
        "known_by": found.known.words(),
        "also_a_name_of": found.also,
        "validity": facts.validity(id)?,
        "inheritance": facts.inheritance(id)?,
        "dosage": facts.dosage(id)?,
        "constraint": facts.constraint(id)?,
    }))
}

pub(super) fn panel(call: &GenesPanel) -> Result<()> {
    let facts = GeneFacts::open(&call.database)?;
    let panel = facts.panel(&call.panel, call.panel_version.as_deref())?;
    match &call.since {
        None => show(&panel),
        Some(since) => show(&json!({
            "panel": panel.name,
            "before": since,
            "after": panel.version,
            "changes": facts.panel_diff(&call.panel, since, &panel.version)?,
        })),
    }
}
