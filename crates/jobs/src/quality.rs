//! From figures to `ID.qc.json`: coverage by gene and target, counts over variants, and the named checks.

mod checks;
mod contamination;
mod genes;
mod histogram;
mod multiqc;
mod profile;
mod sex;
mod targets;
mod thresholds;
mod variants;

use std::{collections::BTreeSet, path::Path};

use clinotype_annotate::TranscriptSet;
use clinotype_case::{
    Order,
    quality::{ChromosomeBases, Coverage, ReadFigures, TargetFigures, ThresholdsUsed},
};
use clinotype_genome::{Build, ContigKey, Interval, Progress, Reference, Result};
use clinotype_reads::figures::Figures;

pub use checks::{Parts, assemble, not_assessed};
pub use contamination::Contamination;
pub use multiqc::{depth_section, general_statistics};
pub use profile::{ProfileRequest, profile};
pub use sex::XAlleles;
pub use thresholds::read as thresholds;
pub use variants::{Counted, variants};

use sex::SexDepths;

/// What is measured over a BAM.
#[derive(Debug)]
pub struct MeasureRequest<'a> {
    /// Sorted, indexed BAM.
    pub bam: &'a Path,
    /// Its reference.
    pub reference: &'a Reference,
    /// Genome build.
    pub build: Build,
    /// Transcripts.
    pub transcripts: &'a TranscriptSet,
    /// Symbols in scope.
    pub genes: &'a [String],
    /// Targets, as [`clinotype_genome::bed::read`] gives them.
    pub targets: Option<&'a [Interval]>,
    /// Figures over the whole BAM.
    pub reads: &'a ReadFigures,
    /// The laboratory's limits.
    pub thresholds: &'a ThresholdsUsed,
}

/// What was measured over a BAM.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Coverage of the coding exons of the genes, on the transcript that the report shows.
    pub coverage: Coverage,
    /// Coverage of the targets; `None` without targets.
    pub targets: Option<TargetFigures>,
    /// Depth of X, Y and the autosomes.
    sex: SexDepths,
}

/// Measures genes, targets and sex chromosomes.
pub fn measure(request: &MeasureRequest<'_>, progress: &dyn Progress) -> Result<Measured> {
    let (coverage, of_exons) = genes::coverage(request, progress)?;
    let (targets, of_targets) = match request.targets {
        Some(targets) => {
            let (figures, depths) = targets::coverage(request, targets, progress)?;
            (Some(figures), Some(depths))
        }
        None => (None, None),
    };
    // Depth over the whole chromosomes tells most where they were sequenced, then targets, then exons.
    let sex = match sex::whole_genome(request)?.filter(SexDepths::is_enough) {
        Some(depths) => depths,
        None => of_targets.filter(SexDepths::is_enough).unwrap_or(of_exons),
    };
    Ok(Measured { coverage, targets, sex })
}

/// The genes that coverage is measured over: those ordered that have a transcript, else every gene.
pub fn genes_in_scope(transcripts: &TranscriptSet, order: Option<&Order>) -> Vec<String> {
    let known = transcripts.genes();
    match order {
        Some(order) if !order.genes.is_empty() => {
            let ordered: BTreeSet<&String> = order.genes.iter().filter(|g| known.contains(*g)).collect();
            ordered.into_iter().cloned().collect()
        }
        _ => known.into_iter().collect(),
    }
}

/// The reads' figures in the words of the case.
pub fn reads(figures: &Figures) -> ReadFigures {
    ReadFigures {
        reads: figures.reads,
        bases: figures.bases,
        q30: (figures.bases > 0).then(|| figures.q30_bases as f64 / figures.bases as f64),
        mapped: figures.mapped,
        proper_pairs: figures.proper_pairs,
        duplicates: figures.duplicates,
        median_insert: figures.insert_median,
        insert_deviation: figures.insert_mad,
        mean_length: (figures.reads > 0).then(|| figures.bases as f64 / figures.reads as f64),
        used_bases: Some(figures.contigs.iter().map(|contig| contig.mapped_bases).sum()),
        chromosomes: figures
            .contigs
            .iter()
            .filter(|contig| ContigKey::of(&contig.name).is_some())
            .map(|contig| ChromosomeBases {
                name: contig.name.clone(),
                length: contig.length,
                used_bases: contig.mapped_bases,
            })
            .collect(),
        inserts: figures.inserts.clone(),
        qualities: figures.qualities.clone(),
        gc: figures.gc.clone(),
    }
}
