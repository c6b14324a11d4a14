//! `clinotype somatic`: tumour-only calls from one sample's BAM.

use std::path::Path;

use clinotype_annotate::population::{AlleleFrequency, allele_frequencies};
use clinotype_call::{Frequency, Population, SomaticOptions, SomaticSummary, call_tumor_only};
use clinotype_genome::{Build, Fault, Progress, Reference, Result, VariantKey, bed};
use clinotype_reads::bam;

use crate::{
    Machine, Watch, build,
    steps::{self, PADDING},
};

/// What to call.
#[derive(Debug)]
pub struct SomaticRequest<'a> {
    /// Sorted, indexed BAM of the tumour.
    pub bam: &'a Path,
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Targets.
    pub targets: Option<&'a Path>,
    /// Population frequencies.
    pub frequencies: Option<&'a Path>,
    /// Share of another person's DNA.
    pub contamination: Option<f64>,
    /// Asserted build.
    pub build: Option<Build>,
    /// VCF to write.
    pub out: &'a Path,
    /// Summary to write, JSON.
    pub summary: &'a Path,
}

/// A frequency file, asked by the caller.
struct FrequencyFile<'a> {
    path: &'a Path,
    reference: &'a Reference,
    build: Build,
    assert_build: bool,
}

impl Population for FrequencyFile<'_> {
    fn frequencies(&self, alleles: &[VariantKey], progress: &dyn Progress) -> Result<Vec<Frequency>> {
        let (answers, _) = allele_frequencies(
            self.path,
            self.reference,
            self.build,
            self.assert_build,
            alleles,
            progress,
        )?;
        Ok(answers
            .into_iter()
            .map(|answer| match answer {
                AlleleFrequency::Found(frequency) => Frequency::Found(frequency),
                AlleleFrequency::Absent => Frequency::Absent,
                AlleleFrequency::NotEvaluated => Frequency::NotEvaluated,
            })
            .collect())
    }
}

/// Calls a tumour without its normal and writes the VCF and the summary. The sample is the one that the BAM names.
pub fn somatic(request: &SomaticRequest<'_>, machine: &Machine, watch: &dyn Watch) -> Result<SomaticSummary> {
    let reference = Reference::open(request.reference)?;
    let sample = steps::bam_sample(request.bam)?;
    let header = bam::inspect(request.bam)?;
    bam::check_against(request.bam, &header, &reference)?;
    let contigs = reference.contigs().iter().map(|c| (c.name.as_str(), c.length));
    let build = match request.build {
        Some(_) => Some(build::of_reference(&reference, request.build)?.build),
        None => Build::of_contigs(contigs),
    };
    let population = match (request.frequencies, build) {
        (None, _) => None,
        (Some(path), Some(build)) => Some(FrequencyFile {
            path,
            reference: &reference,
            build,
            assert_build: request.build.is_some(),
        }),
        (Some(path), None) => {
            return Err(Fault::input(
                "cannot be used: the reference does not prove its build, and frequencies are those of one build",
            )
            .at(path)
            .hint("state --build if you know it, or leave the frequencies out"));
        }
    };
    let targets = request
        .targets
        .map(|path| bed::read(path, reference.contigs()).map(|t| bed::merge(t, reference.contigs())))
        .transpose()?;
    let summary = call_tumor_only(
        &SomaticOptions {
            bam: request.bam,
            reference: &reference,
            targets: targets.as_deref(),
            padding: PADDING,
            sample: sample.as_str(),
            build,
            frequencies: population.as_ref().map(|p| p as &dyn Population),
            contamination: request.contamination,
            vcf: request.out,
            memory: machine.memory(),
            source: &crate::software(),
            header: &[],
        },
        watch,
    )?;
    steps::write_json(request.summary, &summary)?;
    watch.note(&summary.statement);
    let seen = &summary.sensitivity;
    watch.note(&format!(
        "an allele fraction of 5 % is seen with 95 % power at {} of {} bases ({}); at the others no call is no negative",
        seen.bases_sufficient,
        seen.bases,
        seen.sufficient_depth
            .map_or_else(|| "at no depth".to_owned(), |depth| format!("depth {depth} or more")),
    ));
    Ok(summary)
}
