//! The steps, each reading and writing the formats of a run, so that a workflow engine can call them one by one.

mod paper;
mod table;

use std::{
    collections::BTreeSet,
    io::BufRead as _,
    path::{Path, PathBuf},
};

use clinotype_annotate::{AnnotateOptions, AnnotateSummary, Files, TranscriptSet};
pub use clinotype_annotate::{Cache, PickOrder};
use clinotype_call::{CallOptions, CallSummary};
use clinotype_case::{
    Order, SampleId, Sex,
    finding::{Dropped, FunnelStep, Interpretation},
    provenance::FileDigest,
    quality::Quality,
};
use clinotype_genome::{Build, Fault, Progress, Reference, Result, bed, fs};
use clinotype_reads::{
    align::{self, AlignOptions},
    bam,
    fastq::FastqPair,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Alignments, Machine, Watch,
    build::{self, KnownBuild},
    evidence::AnnotatedVcf,
    inputs, people,
    provenance::file_digest,
};

use table::Table;

pub(crate) use paper::waived;
pub use paper::{Besides, ReportRequest, WaiverRequest, draft, report, waivers, withheld};

/// Bases called on either side of a target.
pub const PADDING: u32 = 100;

/// Opens what most steps need: the reference with its build, and the transcripts.
pub fn references(
    reference: &Path,
    gff3: &Path,
    build: Option<Build>,
    watch: &dyn Watch,
) -> Result<(KnownBuild, TranscriptSet, Reference)> {
    let files = Files {
        transcripts: &[gff3],
        sequences: None,
        cache: Cache::None,
    };
    references_of(reference, &files, build, watch)
}

/// The same with transcripts from several files.
pub fn references_of(
    reference: &Path,
    files: &Files<'_>,
    build: Option<Build>,
    watch: &dyn Watch,
) -> Result<(KnownBuild, TranscriptSet, Reference)> {
    let reference = Reference::open(reference)?;
    let known = build::of_reference(&reference, build)?;
    let transcripts = TranscriptSet::read_all(files, &reference, known.build)?;
    for warning in transcripts.warnings() {
        watch.note(warning);
    }
    if transcripts.proof().is_none() && !known.asserted {
        return Err(Fault::input(format!(
            "does not prove that it is of {}: the reference has no bases at its start codons and splice sites",
            known.build
        ))
        .at(transcripts.path())
        .hint("give the transcripts of the same build; if you know that they are, state --build"));
    }
    Ok((known, transcripts, reference))
}

/// The header line that carries the reference, with the proof of its build, to every later step.
pub fn reference_line(known: &KnownBuild, reference: &FileDigest) -> String {
    let clean = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "##clinotype_data=<ID=reference,Release=\"{}\",File=\"{}\",Sha256=\"{}\",Note=\"{}\">",
        known.build,
        clean(&reference.file),
        reference.sha256,
        clean(&known.proof)
    )
}

/// `clinotype align`.
#[derive(Debug)]
pub struct AlignRequest<'a> {
    /// Pairs of FASTQ files.
    pub pairs: &'a [FastqPair],
    /// Names of their libraries: none, one for all, or one for each pair.
    pub libraries: &'a [String],
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Accession.
    pub sample: &'a SampleId,
    /// BAM to write, or CRAM where its name ends in `.cram`.
    pub out: &'a Path,
    /// Folder for spill files.
    pub scratch: &'a Path,
}

/// Aligns reads.
pub fn align(request: &AlignRequest<'_>, machine: &Machine, watch: &dyn Watch) -> Result<()> {
    let index = inputs::index_places(request.reference);
    if let Some(note) = &index.note {
        watch.note(note);
    }
    let reference = Reference::open(request.reference)?;
    let as_cram = request.out.extension().is_some_and(|e| e == "cram");
    let made = as_cram.then(|| Alignments::to_be_made(request.scratch)).transpose()?;
    let bam = made.as_ref().map_or(request.out, Alignments::bam);
    align::align(
        &AlignOptions {
            pairs: request.pairs,
            reference: &reference,
            sample: request.sample.as_str(),
            out: bam,
            memory: machine.memory(),
            scratch: request.scratch,
            libraries: request.libraries,
            index_folders: &index.folders,
            program: env!("CARGO_PKG_VERSION"),
            command_line: "clinotype align",
        },
        watch,
    )?;
    match &made {
        Some(made) => clinotype_reads::bam_to_cram(made.bam(), &reference, request.out, machine.memory(), watch),
        None => Ok(()),
    }
}

/// `clinotype call`.
#[derive(Debug)]
pub struct CallRequest<'a> {
    /// Sorted, indexed BAM, or sorted CRAM 3 of the reference.
    pub bam: &'a Path,
    /// Folder for what a CRAM is unpacked into, made where needed and removed at the end.
    pub scratch: &'a Path,
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Targets.
    pub targets: Option<&'a Path>,
    /// Declared sex.
    pub sex: Sex,
    /// Asserted build.
    pub build: Option<Build>,
    /// VCF to write.
    pub out: &'a Path,
    /// gVCF to write.
    pub gvcf: Option<&'a Path>,
}

/// Calls variants; the sample is the one that the BAM names.
pub fn call(request: &CallRequest<'_>, machine: &Machine, progress: &dyn Progress) -> Result<CallSummary> {
    let reference = Reference::open(request.reference)?;
    let sample = bam_sample(request.bam)?;
    let alignments = Alignments::open(request.bam, &reference, request.scratch, machine.memory(), progress)?;
    let header = bam::inspect(alignments.bam())?;
    bam::check_against(alignments.bam(), &header, &reference)?;
    let contigs = reference.contigs().iter().map(|c| (c.name.as_str(), c.length));
    let build = match request.build {
        Some(_) => Some(build::of_reference(&reference, request.build)?.build),
        None => Build::of_contigs(contigs),
    };
    let targets = request
        .targets
        .map(|path| bed::read(path, reference.contigs()))
        .transpose()?;
    clinotype_call::call(
        &CallOptions {
            bam: alignments.bam(),
            reference: &reference,
            targets: targets.as_deref(),
            padding: PADDING,
            sample: sample.as_str(),
            sex: caller_sex(request.sex),
            build,
            vcf: request.out,
            gvcf: request.gvcf,
            memory: machine.memory(),
            source: &crate::software(),
            header: &[],
        },
        progress,
    )
}

/// Sex in the words of the caller.
pub fn caller_sex(sex: Sex) -> clinotype_call::Sex {
    match sex {
        Sex::Female => clinotype_call::Sex::Female,
        Sex::Male => clinotype_call::Sex::Male,
        Sex::Unknown => clinotype_call::Sex::Unknown,
    }
}

/// `clinotype annotate`.
#[derive(Debug)]
pub struct AnnotateRequest<'a> {
    /// Variants.
    pub vcf: &'a Path,
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Transcripts: GFF3 or compiled files, side by side.
    pub transcripts: &'a [&'a Path],
    /// The transcripts' own sequences, FASTA.
    pub sequences: Option<&'a Path>,
    /// Where compiled copies of the GFF3 files are kept.
    pub cache: Cache<'a>,
    /// ClinVar.
    pub clinvar: Option<&'a Path>,
    /// Frequencies.
    pub frequencies: Option<&'a Path>,
    /// Stores whose values are carried to INFO.
    pub scores: &'a [PathBuf],
    /// Asserted build.
    pub build: Option<Build>,
    /// Which transcript of a gene is marked `PICK`.
    pub pick_order: PickOrder,
    /// Records whose REF may differ from the reference.
    pub mismatches: u64,
    /// Whether HGVS names are written.
    pub names: bool,
    /// VCF or table to write.
    pub out: &'a Path,
    /// Further tables.
    pub tables: &'a [&'a Path],
}

/// Annotates a VCF of one sample, or of sites without samples.
pub fn annotate(request: &AnnotateRequest<'_>, watch: &dyn Watch) -> Result<AnnotateSummary> {
    let files = Files {
        transcripts: request.transcripts,
        sequences: request.sequences,
        cache: request.cache,
    };
    let (known, transcripts, reference) = references_of(request.reference, &files, request.build, watch)?;
    let digest = file_digest(request.reference)?;
    clinotype_annotate::annotate(
        &AnnotateOptions {
            vcf: request.vcf,
            reference: &reference,
            build: known.build,
            assert_build: known.asserted,
            transcripts: &transcripts,
            clinvar: request.clinvar,
            frequencies: request.frequencies,
            scores: request.scores,
            sample: None,
            input_sample: None,
            mismatches: request.mismatches,
            names: request.names,
            tables: request.tables,
            out: request.out,
            pick_order: request.pick_order.clone(),
            header: &[reference_line(&known, &digest)],
            source: &crate::software(),
        },
        watch,
    )
}

/// Sample names that a BAM or CRAM states (`@RG SM`), each once, sorted.
pub fn alignment_samples(path: &Path) -> Result<Vec<String>> {
    Ok(bam::inspect_any(path)?.samples)
}

/// The one sample that a BAM or CRAM names, as an accession.
pub fn bam_sample(path: &Path) -> Result<SampleId> {
    let header = bam::inspect_any(path)?;
    match &header.samples[..] {
        [one] => one
            .parse()
            .map_err(|what: String| Fault::input(format!("@RG SM: {what}")).at(path)),
        [] => Err(Fault::input("has no @RG line with a sample (SM)")
            .at(path)
            .hint("use `clinotype run --bam F --input-sample NAME`")),
        many => Err(Fault::input(format!("holds {} samples; one step reads one sample", many.len())).at(path)),
    }
}

/// The name of the one sample column of a VCF.
fn vcf_column(path: &Path) -> Result<String> {
    for line in fs::open_text(path)?.lines() {
        let line = line.map_err(|e| Fault::io("read", path, e))?;
        if line.starts_with("##") {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        return match &columns[..] {
            ["#CHROM", _, _, _, _, _, _, _, "FORMAT", one] => Ok((*one).to_owned()),
            ["#CHROM", _, _, _, _, _, _, _, "FORMAT", rest @ ..] => Err(Fault::input(format!(
                "holds {} samples; one step reads one sample",
                rest.len()
            ))
            .at(path)
            .hint("take one out first, for example with `bcftools view -s NAME`")),
            ["#CHROM", ..] => Err(Fault::input("has no sample column").at(path)),
            _ => Err(Fault::input("is not a VCF file: it has no #CHROM line").at(path)),
        };
    }
    Err(Fault::input("is not a VCF file: it has no #CHROM line").at(path))
}

/// The one sample of a VCF, as an accession.
pub fn vcf_sample(path: &Path) -> Result<SampleId> {
    vcf_column(path)?
        .parse()
        .map_err(|what: String| Fault::input(format!("sample column: {what}")).at(path))
}

/// The build that an annotated VCF states.
pub fn annotated_build(path: &Path) -> Result<Build> {
    let vcf = AnnotatedVcf::open(path)?;
    vcf.header().build.as_ref().map(|b| b.0).ok_or_else(|| {
        Fault::input("states no genome build")
            .at(path)
            .hint("annotate it with `clinotype annotate`")
    })
}

/// What must be said of a whole report, from what the data say of themselves.
pub fn notices(interpretation: &Interpretation) -> Vec<String> {
    let mut notices: Vec<String> = interpretation
        .data
        .iter()
        .filter(|d| {
            d.note
                .as_deref()
                .is_some_and(|n| n.to_ascii_uppercase().contains("SYNTHETIC"))
        })
        .map(|d| {
            format!(
                "SYNTHETIC data: {}, as their file declares. Not for clinical use.",
                d.name
            )
        })
        .collect();
    let proofs = interpretation
        .data
        .iter()
        .filter(|d| d.name == "reference")
        .filter_map(|d| d.note.as_deref());
    if let Some(asserted) = proofs
        .chain([interpretation.build_proof.as_str()])
        .find(|p| p.contains("asserted"))
    {
        notices.push(format!("Genome build {}: {asserted}", interpretation.build));
    }
    notices
}

/// What the interpretation step reads besides the annotated VCF.
#[derive(Debug)]
pub struct InterpretRequest<'a> {
    /// The annotated VCF.
    pub vcf: &'a Path,
    /// The accession.
    pub sample: &'a SampleId,
    /// The name that the input gave the sample, where it differs.
    pub input_sample: Option<&'a str>,
    /// Sex as declared.
    pub sex: Sex,
    /// The order.
    pub order: Option<&'a Order>,
    /// Symbols of every gene that the transcripts hold.
    pub genes: &'a BTreeSet<String>,
    /// Quality of the run.
    pub quality: &'a Quality,
    /// Build where the header does not state it.
    pub build: Option<(Build, String)>,
    /// The laboratory's settings.
    pub settings: &'a clinotype_interpret::Settings,
    /// What ClinVar says of other variants of the genes.
    pub comparators: Option<&'a clinotype_interpret::Comparators>,
    /// Evidence and decisions of people.
    pub evidence: Option<&'a people::Evidence>,
    /// The family's genotypes.
    pub family: Option<people::FamilyRequest<'a>>,
    /// Where to write the table of every allele in scope with its class by the rules alone (TSV), if anywhere.
    pub table: Option<&'a Path>,
}

/// Interprets an annotated VCF.
pub fn interpret(request: &InterpretRequest<'_>) -> Result<Interpretation> {
    let mut vcf = AnnotatedVcf::open(request.vcf)?;
    if vcf.header().samples != [request.sample.as_str()] {
        return Err(Fault::input("the sample column is not named by the accession")
            .at(request.vcf)
            .hint("give the file that this sample's annotation wrote"));
    }
    let (build, build_proof) = vcf
        .header()
        .build
        .clone()
        .or_else(|| request.build.clone())
        .ok_or_else(|| {
            Fault::input("states no genome build")
                .at(request.vcf)
                .hint("annotate it with `clinotype annotate`")
        })?;
    let data = vcf.header().data.clone();
    // Its numbers are known when the file has been read, once.
    let before = [FunnelStep {
        name: "Alleles of the VCF that can be annotated".to_owned(),
        rule: "clinotype.annotate/1".to_owned(),
        input: 0,
        kept: 0,
        dropped: vec![Dropped {
            reason: "symbolic, missing or overlapping-deletion allele".to_owned(),
            count: 0,
        }],
    }];
    let context = clinotype_interpret::Context {
        sample: request.sample,
        input_sample: request.input_sample,
        sex: request.sex,
        build,
        build_proof: &build_proof,
        order: request.order,
        transcript_genes: request.genes,
        coverage: &request.quality.coverage,
        checks: &request.quality.checks,
        data: &data,
        before: &before,
        settings: request.settings,
        comparators: request.comparators,
    };
    let mut table = request.table.map(Table::create).transpose()?;
    let every = table.as_ref().map(|_| clinotype_interpret::every::Every::new(&context));
    let mut seen = request.evidence.map(|evidence| people::Seen::of(&evidence.file));
    let mut alleles = 0;
    let sieve = clinotype_interpret::Sieve::new(&context);
    let mut account = sieve.account();
    loop {
        // Alleles are looked at side by side, and counted in the order of the file.
        let batch = vcf.next_batch(|allele| {
            let row = every.as_ref().and_then(|every| every.row(&allele.whole()));
            let named = seen.as_ref().map_or_else(Vec::new, |seen| seen.look(allele));
            let sifted = sieve.sift(&allele.outline(), || allele.whole());
            Ok((row, named, sifted))
        })?;
        let Some(batch) = batch else { break };
        for (row, named, sifted) in batch {
            alleles += 1;
            if let (Some(table), Some(row)) = (&mut table, row) {
                table.line(&row)?;
            }
            if let Some(seen) = &mut seen {
                seen.take(&named);
            }
            account.take(sifted);
        }
    }
    let mut interpretation = account.conclude();
    if let Some(first) = interpretation.funnel.first_mut() {
        (first.input, first.kept) = (alleles + vcf.not_annotated, alleles);
        for dropped in &mut first.dropped {
            dropped.count = vcf.not_annotated;
        }
    }
    let evidence = request.evidence.zip(seen.as_ref());
    if evidence.is_some() || request.family.is_some() {
        let observed = match &request.family {
            Some(family) => people::observe(&interpretation, family)?,
            None => Default::default(),
        };
        interpretation = people::put(&interpretation, evidence, &observed, request.order, request.quality)?;
    }
    // A table beside an interpretation that was refused would look like a result.
    if let Some(table) = table {
        table.finish()?;
    }
    Ok(interpretation)
}

/// Reads a JSON file of ours, telling a wrong schema from a broken file.
pub fn read_json<T: DeserializeOwned>(path: &Path, schema: &str) -> Result<T> {
    let bytes = fs::read(path)?;
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|e| Fault::input(format!("is not JSON: line {}", e.line())).at(path))?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(found) if found == schema => {}
        Some(_) => {
            return Err(Fault::input(format!("is not of schema {schema}"))
                .at(path)
                .hint("give the file that this version wrote"));
        }
        None => return Err(Fault::input(format!("states no schema; {schema} is needed")).at(path)),
    }
    // The error text of serde repeats values, which may be a patient's; only its place is kept.
    serde_json::from_value(value).map_err(|_| Fault::input(format!("does not follow the schema {schema}")).at(path))
}

/// Writes a JSON file of ours.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|e| Fault::internal("cannot be written as JSON").at(path).caused_by(e))?;
    bytes.push(b'\n');
    fs::write_atomic(path, &bytes)
}
