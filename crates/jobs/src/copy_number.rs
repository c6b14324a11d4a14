//! `clinotype counts` and `clinotype cnv`: copy number of exons by depth.

use std::path::Path;

use clinotype_annotate::TranscriptSet;
pub use clinotype_call::copy_number::SampleCounts as Counts;
use clinotype_call::copy_number::{
    self, CopyNumber, Exon, SampleCounts, VcfOptions, contigs_digest, targets, write_table, write_vcf,
};
use clinotype_case::{SampleId, Sex};
use clinotype_genome::{Build, Fault, Interval, Reference, Result};
use clinotype_reads::{bam, fragments};
use rayon::prelude::*;

use crate::{Watch, build, steps};

/// What to count.
#[derive(Debug)]
pub struct CountRequest<'a> {
    /// BAM or CRAM of one sample, sorted by coordinate, duplicates marked.
    pub bam: &'a Path,
    /// Reference FASTA.
    pub reference: &'a Path,
    /// The design: BED, names in the fourth column if there is one.
    pub targets: &'a Path,
    /// Declared sex.
    pub sex: Sex,
    /// Asserted build.
    pub build: Option<Build>,
    /// The file of counts to write.
    pub out: &'a Path,
}

/// Counts the fragments of a sample over the targets; the sample is the one that the reads name.
pub fn count(request: &CountRequest<'_>, watch: &dyn Watch) -> Result<SampleCounts> {
    let reference = Reference::open(request.reference)?;
    let known = build::of_reference(&reference, request.build)?;
    let header = bam::inspect_any(request.bam)?;
    let sample: SampleId = match &header.samples[..] {
        [one] => one
            .parse()
            .map_err(|what: String| Fault::input(format!("@RG SM: {what}")).at(request.bam))?,
        [] => return Err(Fault::input("has no @RG line with a sample (SM)").at(request.bam)),
        many => {
            return Err(
                Fault::input(format!("holds {} samples; one step reads one sample", many.len())).at(request.bam),
            );
        }
    };
    let targets = targets::read(request.targets, &reference)?;
    let intervals: Vec<Interval> = targets.iter().map(|t| t.interval.clone()).collect();
    let counted = fragments::count(request.bam, &reference, &intervals, watch)?;
    if counted.duplicates == 0 {
        watch.note(
            "no read is marked as a duplicate: copies made in the laboratory are counted too, unless there are none",
        );
    }
    let counts = SampleCounts {
        sample: sample.to_string(),
        sex: steps::caller_sex(request.sex),
        build: known.build,
        software: crate::software(),
        duplicates: counted.duplicates,
        contigs: contigs_digest(reference.contigs()),
        targets,
        fragments: counted.targets.iter().map(|f| f.counted).collect(),
        low_mapping_quality: counted.targets.iter().map(|f| f.low_mapping_quality).collect(),
    };
    counts.write(request.out)?;
    Ok(counts)
}

/// What to call.
#[derive(Debug)]
pub struct CopyNumberRequest<'a, P> {
    /// Counts of the sample.
    pub counts: &'a Path,
    /// Counts of the normals.
    pub normals: &'a [P],
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Transcripts, to name genes and exons.
    pub transcripts: Option<&'a Path>,
    /// VCF to write.
    pub out: &'a Path,
    /// Sample, events and every target, as JSON.
    pub json: &'a Path,
    /// Every target as a table.
    pub table: Option<&'a Path>,
}

/// Calls copy number of a sample against normals and writes the results.
pub fn call<P: AsRef<Path> + Sync>(request: &CopyNumberRequest<'_, P>, watch: &dyn Watch) -> Result<CopyNumber> {
    let reference = Reference::open(request.reference)?;
    let sample = SampleCounts::read(request.counts)?;
    if sample.contigs != contigs_digest(reference.contigs()) {
        return Err(Fault::input("was counted on another genome than this reference")
            .at(request.counts)
            .hint("give the reference that the fragments were counted on"));
    }
    let normals = request
        .normals
        .par_iter()
        .map(|path| SampleCounts::read(path.as_ref()))
        .collect::<Result<Vec<_>>>()?;
    watch.check()?;
    let unmarked = normals.iter().filter(|n| n.duplicates == 0).count();
    if (sample.duplicates == 0) != (2 * unmarked > normals.len()) {
        watch.note("duplicates were marked in the sample and not in most normals, or the other way round");
    }
    let exons = request
        .transcripts
        .map(|gff3| -> Result<Vec<Exon>> {
            let set = TranscriptSet::read(gff3, &reference, sample.build)?;
            for warning in set.warnings() {
                watch.note(warning);
            }
            Ok(exons(&set))
        })
        .transpose()?
        .unwrap_or_default();
    let called = copy_number::call(&sample, &normals)?;
    for reason in &called.quality.reasons {
        watch.note(reason);
    }
    let options = VcfOptions {
        reference: &reference,
        build: sample.build,
        exons: &exons,
        source: &crate::software(),
    };
    write_vcf(request.out, &called, &options)?;
    steps::write_json(request.json, &called)?;
    if let Some(path) = request.table {
        write_table(path, &called, &exons, reference.contigs())?;
    }
    Ok(called)
}

/// Every exon of the transcript that a report shows for each gene.
fn exons(set: &TranscriptSet) -> Vec<Exon> {
    let shown = set.genes();
    let shown = shown.iter().filter_map(|gene| set.pick(gene));
    shown
        .flat_map(|transcript| {
            transcript.exons.iter().zip(1_u32..).map(|(exon, number)| Exon {
                interval: Interval::new(transcript.contig.clone(), exon.start, exon.end),
                gene: transcript.gene.clone(),
                transcript: transcript.accession.clone(),
                number,
                of: transcript.exons.len() as u32,
            })
        })
        .collect()
}
