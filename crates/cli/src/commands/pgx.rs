//! `clinotype pgx`.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clinotype_case::pgx::{CallSource, Pharmacogenomics};
use clinotype_genome::{Fault, FaultKind, Result, fs};
use clinotype_jobs::{
    Watch as _,
    pgx::{Input, Options, Pgx, Resources, Thresholds},
};

use crate::{
    args::{self, ReferenceFill, Research},
    terminal::Terminal,
};

pub(crate) fn run(call: &args::Pgx) -> Result<()> {
    check(call)?;
    let mut vcfs = call.vcf.clone();
    if let Some(list) = &call.vcf_list {
        let text = fs::read_to_string(list)?;
        vcfs.extend(
            text.lines()
                .map(str::trim)
                .filter(|l| !l.is_empty() && !l.starts_with('#'))
                .map(PathBuf::from),
        );
    }
    let pgx = Pgx::prepare(&Resources {
        definitions: call.definitions.as_deref(),
        guidelines: call.guidelines.as_deref(),
        chain: call.chain.as_deref(),
        callable: call.callable.as_deref(),
        blocks: (call.reference_fill == Some(ReferenceFill::Gvcf)).then_some(Thresholds {
            depth: call.block_depth,
            quality: call.block_quality,
        }),
        options: Options {
            top_only: !call.all_diplotypes,
            combinations: call.research.contains(&Research::Combinations),
            cyp2d6: call.research.contains(&Research::Cyp2d6),
        },
    })?;
    let medications = call.medications.as_deref().map(medications).transpose()?;
    let terminal = Terminal::new(call.quiet);
    let one = |vcf: Option<&Path>, out: &Path| -> Result<()> {
        let result = pgx.sample(&Input {
            vcf,
            sample: call.sample.as_deref(),
            build: call.build,
            bam: call.bam.as_deref(),
            outside: &call.outside,
            medications: medications.as_deref(),
        })?;
        terminal.note(&summary(vcf, &result));
        let mut text = serde_json::to_string_pretty(&result)
            .map_err(|e| Fault::internal(format!("the result cannot be written as JSON: {e}")))?;
        text.push('\n');
        fs::write_atomic(out, text.as_bytes())
    };
    match &vcfs[..] {
        [] if call.outside.is_empty() && call.bam.is_none() => {
            Err(Fault::usage("neither --vcf nor --outside is given").hint("give the genotypes of a sample"))
        }
        [] => one(None, &call.out),
        [vcf] if call.vcf_list.is_none() => one(Some(vcf), &call.out),
        several => {
            if !call.outside.is_empty() || call.medications.is_some() || call.bam.is_some() {
                return Err(Fault::usage(
                    "--outside, --bam and --medications belong to one sample, but there are several VCFs",
                )
                .hint("run the samples one by one"));
            }
            fs::create_dir_all(&call.out)?;
            let mut names = BTreeSet::new();
            for vcf in several {
                let name = stem(vcf);
                if !names.insert(name.clone()) {
                    return Err(Fault::usage(format!("two VCFs are named {name}"))
                        .hint("outputs are named by their VCF; rename one, or run them apart"));
                }
            }
            let mut faults = Vec::new();
            for vcf in several {
                if let Err(fault) = one(Some(vcf), &call.out.join(format!("{}.pgx.json", stem(vcf)))) {
                    // A full disk or a defect hits every file; a bad VCF only itself.
                    if fault.kind() != FaultKind::Input {
                        return Err(fault);
                    }
                    faults.push(fault);
                }
            }
            if faults.is_empty() {
                return Ok(());
            }
            let list: Vec<String> = faults.iter().map(Fault::to_string).collect();
            Err(Fault::input(format!(
                "{} of {} VCFs cannot be used; the others are written\n  {}",
                faults.len(),
                several.len(),
                list.join("\n  ")
            )))
        }
    }
}

fn check(call: &args::Pgx) -> Result<()> {
    match (call.reference_fill, &call.callable) {
        (Some(ReferenceFill::Bed), None) => {
            Err(Fault::usage("--reference-fill bed needs --callable").hint("give the BED file of callable regions"))
        }
        (Some(ReferenceFill::Gvcf) | None, Some(_)) => {
            Err(Fault::usage("--callable is used with --reference-fill bed only")
                .hint("add --reference-fill bed, or leave out --callable"))
        }
        _ => Ok(()),
    }
}

/// How many genes have a call, and which have none: the genotypes themselves stand in the result only.
fn summary(vcf: Option<&Path>, result: &Pharmacogenomics) -> String {
    let open: Vec<&str> = result
        .genes
        .iter()
        .filter(|g| !g.called)
        .map(|g| g.gene.as_str())
        .collect();
    let doubted: Vec<&str> = result
        .genes
        .iter()
        .filter(|g| g.source == CallSource::Outside && !g.cautions.is_empty())
        .map(|g| g.gene.as_str())
        .collect();
    let list = |what: &str, genes: &[&str]| match genes {
        [] => String::new(),
        genes => format!("; {what}: {}", genes.join(", ")),
    };
    format!(
        "{}{} of {} genes called{}{}{}",
        vcf.map_or_else(String::new, |vcf| format!("{}: ", vcf.display())),
        result.genes.len() - open.len(),
        result.genes.len(),
        list("no call", &open),
        list("cautions on outside calls", &doubted),
        if open.is_empty() && doubted.is_empty() {
            ""
        } else {
            " (the result says why)"
        }
    )
}

/// A file with one medicine per line, or a list.
pub(super) fn medications(text: &str) -> Result<Vec<String>> {
    let path = Path::new(text);
    let lines = |text: &str, by: char| {
        text.split(by)
            .map(|m| m.trim().to_owned())
            .filter(|m| !m.is_empty())
            .collect()
    };
    if path.is_file() {
        return Ok(lines(&fs::read_to_string(path)?, '\n'));
    }
    Ok(lines(text, ','))
}

/// The name of a VCF without its endings.
fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let endings = [".gz", ".bgz", ".vcf", ".g"];
    let mut stem = name.as_str();
    for ending in endings {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_names_genes_and_no_genotype() {
        let folder = tempfile::tempdir().unwrap();
        let calls = folder.path().join("calls.tsv");
        fs::write_atomic(&calls, b"CYP2D6\t*1/*999\nHLA-B\t*57:01/*15:02\n").unwrap();
        let pgx = Pgx::prepare(&Resources::default()).unwrap();
        let input = Input {
            outside: &[calls],
            ..Input::default()
        };
        let said = summary(None, &pgx.sample(&input).unwrap());
        assert!(said.starts_with("2 of 23 genes called; no call: ABCG2, "), "{said}");
        assert!(said.contains("; cautions on outside calls: CYP2D6"), "{said}");
        assert!(said.ends_with("(the result says why)"), "{said}");
        assert!(!said.contains('*'), "{said}");
    }
}
