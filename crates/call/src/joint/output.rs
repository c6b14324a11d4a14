//! The VCF of all samples.

use std::fmt::Write as _;

use clinotype_genome::{Contig, Fault, Result};

use super::{
    JointOptions, JointSummary,
    denovo::Confidence,
    model::{Called, DE_NOVO, Genotype},
    unify::{Evidence, Site},
};
use crate::filter;

/// The header lines and the column line. As in the caller's own files there is no folder and no date.
pub(super) fn header(options: &JointOptions<'_>, samples: &[String], contigs: &[Contig]) -> Result<String> {
    let mut out = String::from("##fileformat=VCFv4.3\n");
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("##source={}", options.source));
    let name = options.reference.path().file_name().unwrap_or_default();
    line(&format!("##reference={}", name.to_string_lossy()));
    for extra in options.header {
        if !extra.starts_with("##") || extra.contains(['\n', '\r']) {
            return Err(Fault::usage(format!(
                "{extra:?} is not a header line: it must begin with ## and be one line"
            )));
        }
        line(extra);
    }
    line("##FILTER=<ID=PASS,Description=\"All filters passed\">");
    for (id, words) in filter::ALL {
        line(&format!("##FILTER=<ID={id},Description=\"{words}\">"));
    }
    for (id, number, kind, words) in [
        ("AC", "A", "Integer", "Chromosomes with each alternate allele"),
        (
            "AF",
            "A",
            "Float",
            "Share of the called chromosomes with each alternate allele",
        ),
        ("AN", "1", "Integer", "Chromosomes called"),
        ("DP", "1", "Integer", "Fragments over the site, all samples together"),
        (
            "hiConfDeNovo",
            ".",
            "String",
            "Children with a de novo candidate of high confidence: genotype qualities of child and parents in their own gVCFs at least 20, no filter",
        ),
        (
            "loConfDeNovo",
            ".",
            "String",
            "Children with another de novo candidate: genotype quality of the child at least 10, of the parents above 0",
        ),
    ] {
        line(&format!(
            "##INFO=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        ));
    }
    let posterior = format!(
        "Posterior that the child's genotype needs a mutation, with a prior of {DE_NOVO:e} per transmitted allele"
    );
    for (id, number, kind, words) in [
        ("GT", "1", "String", "Genotype; missing where there is no evidence"),
        ("AD", "R", "Integer", "Fragments that speak for each allele"),
        (
            "DP",
            "1",
            "Integer",
            "Fragments over the site; of a reference block the mean",
        ),
        (
            "GQ",
            "1",
            "Integer",
            "Phred-scaled posterior that the genotype is another; of a reference genotype no more than its likelihoods give",
        ),
        (
            "PL",
            "G",
            "Integer",
            "Phred-scaled likelihoods of the sample's own reads, without any prior",
        ),
        (
            "LGT",
            "1",
            "String",
            "Genotype in the sample's own gVCF, without the family",
        ),
        (
            "PP",
            "G",
            "Integer",
            "Phred-scaled posteriors with the prior of the whole family, at most 999",
        ),
        ("DN", "1", "String", "De novo candidate: hiConfDeNovo or loConfDeNovo"),
        ("DNP", "1", "Float", &posterior),
        ("FT", "1", "String", "Filters of the sample's own record"),
        (
            "HF",
            "A",
            "String",
            "Fraction of each alternate allele (mitochondria); . where none was measured",
        ),
        ("PS", "1", "Integer", "Phase set: position of its first record"),
    ] {
        line(&format!(
            "##FORMAT=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        ));
    }
    for contig in contigs {
        let assembly = options.build.map_or_else(String::new, |b| format!(",assembly={b}"));
        line(&format!(
            "##contig=<ID={},length={}{assembly}>",
            contig.name, contig.length
        ));
    }
    let _ = writeln!(
        out,
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}",
        samples.join("\t")
    );
    Ok(out)
}

/// A site passes where the record of one sample that has an alternate passes; else it has the filters of all of them.
fn filters(site: &Site, qual: Option<f64>) -> Vec<String> {
    let own: Vec<&Vec<String>> = site.samples.iter().filter_map(|s| s.filters.as_ref()).collect();
    let mut failed: Vec<String> = Vec::new();
    if own.iter().all(|filters| !filters.is_empty()) {
        for filter in own.into_iter().flatten() {
            if !failed.contains(filter) {
                failed.push(filter.clone());
            }
        }
    }
    let low = filter::ALL[0].0;
    if qual.is_some_and(|q| q < filter::LOW_QUAL) && !failed.iter().any(|f| f == low) {
        failed.push(low.to_owned());
    }
    failed.sort();
    failed
}

/// Appends a site's line and counts it.
pub(super) fn record(
    out: &mut String,
    contig: &str,
    site: &Site,
    called: &Called,
    samples: &[String],
    summary: &mut JointSummary,
) {
    let text = |bases: &Vec<u8>| String::from_utf8_lossy(bases).into_owned();
    let qual = called.qual.map(|q| (q.min(99_999.0) * 100.0).round() / 100.0);
    let failed = filters(site, qual);
    summary.sites += 1;
    summary.filtered += u64::from(!failed.is_empty());
    if site.alleles.iter().all(|a| a.len() == 1) {
        summary.snvs += 1;
    } else {
        summary.indels += 1;
    }
    let held: Vec<usize> = called
        .genotypes
        .iter()
        .flat_map(|g| g.alleles.iter().flatten().copied())
        .collect();
    let counts: Vec<usize> = (1..site.alleles.len())
        .map(|a| held.iter().filter(|h| **h == a).count())
        .collect();
    let share = |count: &usize| {
        if held.is_empty() {
            ".".to_owned()
        } else {
            format!("{:.3}", *count as f64 / held.len() as f64)
        }
    };
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{contig}\t{}\t.\t{}\t{}\t{}\t{}\tAC={};AF={};AN={};DP={}",
        site.position + 1,
        text(&site.alleles[0]),
        site.alleles[1..].iter().map(text).collect::<Vec<_>>().join(","),
        qual.map_or_else(|| ".".to_owned(), |q| format!("{q:.2}")),
        if failed.is_empty() {
            "PASS".to_owned()
        } else {
            failed.join(";")
        },
        join(&counts),
        counts.iter().map(share).collect::<Vec<_>>().join(","),
        held.len(),
        site.samples.iter().filter_map(|s| s.dp).sum::<u32>(),
    );
    for confidence in [Confidence::High, Confidence::Low] {
        let children: Vec<&str> = called
            .genotypes
            .iter()
            .zip(samples)
            .filter(|(g, _)| g.de_novo.as_ref().is_some_and(|d| d.confidence == confidence))
            .map(|(_, sample)| sample.as_str())
            .collect();
        match confidence {
            Confidence::High => summary.high_de_novo += children.len() as u64,
            Confidence::Low => summary.low_de_novo += children.len() as u64,
        }
        if !children.is_empty() {
            let _ = write!(out, ";{}={}", confidence.word(), children.join(","));
        }
    }
    let any = |has: fn(&Evidence) -> bool| site.samples.iter().any(has);
    let fields = Fields {
        pl: !called.as_stated && any(|s| !s.pl.is_empty()),
        de_novo: called.genotypes.iter().any(|g| g.de_novo.is_some()),
        filters: any(|s| s.filters.as_ref().is_some_and(|f| !f.is_empty())),
        fractions: any(|s| !s.fractions.is_empty()),
        phase: called.genotypes.iter().any(|g| g.phased),
    };
    out.push_str("\tGT:AD:DP:GQ");
    for (named, keys) in [
        (fields.pl, ":PL"),
        (true, ":LGT"),
        (fields.pl, ":PP"),
        (fields.de_novo, ":DN:DNP"),
        (fields.filters, ":FT"),
        (fields.fractions, ":HF"),
        (fields.phase, ":PS"),
    ] {
        if named {
            out.push_str(keys);
        }
    }
    for (evidence, genotype) in site.samples.iter().zip(&called.genotypes) {
        out.push('\t');
        sample(out, evidence, genotype, &fields);
        let changed = sorted(&genotype.alleles) != sorted(&evidence.genotype);
        let missing = genotype.alleles.iter().any(Option::is_none) || genotype.alleles.is_empty();
        summary.missing += u64::from(missing);
        summary.changed += u64::from(changed && !missing);
    }
}

/// Which optional fields a record has.
struct Fields {
    pl: bool,
    de_novo: bool,
    filters: bool,
    fractions: bool,
    phase: bool,
}

fn sample(out: &mut String, evidence: &Evidence, genotype: &Genotype, fields: &Fields) {
    let number = |value: Option<u32>| value.map_or_else(|| ".".to_owned(), |v| v.to_string());
    let list = |values: &[u32]| {
        if values.is_empty() {
            ".".to_owned()
        } else {
            join(values)
        }
    };
    let mut parts = vec![
        written(&genotype.alleles, genotype.phased),
        list(&evidence.ad),
        number(evidence.dp),
        number(genotype.gq),
    ];
    if fields.pl {
        parts.push(list(&evidence.pl));
    }
    parts.push(written(&sorted(&evidence.genotype), false));
    if fields.pl {
        parts.push(list(&genotype.pp));
    }
    if fields.de_novo {
        let found = genotype.de_novo.as_ref();
        parts.push(found.map_or(".", |d| d.confidence.word()).to_owned());
        let posterior = found.and_then(|d| d.posterior);
        parts.push(posterior.map_or_else(|| ".".to_owned(), |p| format!("{p:.4}")));
    }
    if fields.filters {
        parts.push(match &evidence.filters {
            None => ".".to_owned(),
            Some(none) if none.is_empty() => "PASS".to_owned(),
            Some(failed) => failed.join(";"),
        });
    }
    if fields.fractions {
        let each: Vec<&str> = evidence.fractions.iter().map(|f| f.as_deref().unwrap_or(".")).collect();
        parts.push(if each.is_empty() {
            ".".to_owned()
        } else {
            each.join(",")
        });
    }
    if fields.phase {
        parts.push(number(evidence.phase_set.filter(|_| genotype.phased)));
    }
    out.push_str(&parts.join(":"));
}

fn sorted(alleles: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut alleles = alleles.to_vec();
    alleles.sort_unstable();
    alleles
}

/// `0/1`; without any entry `./.`.
fn written(alleles: &[Option<usize>], phased: bool) -> String {
    if alleles.is_empty() {
        return "./.".to_owned();
    }
    alleles
        .iter()
        .map(|a| a.map_or_else(|| ".".to_owned(), |a| a.to_string()))
        .collect::<Vec<_>>()
        .join(if phased { "|" } else { "/" })
}

fn join<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
