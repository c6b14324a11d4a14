//! The step: VCF in, annotated VCF out.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, Contig, Pos, Progress, Reference, Result, VariantKey, digest};
use clinotype_refdata::releases::manifest_beside;
use rayon::prelude::*;

use crate::{
    around,
    bases::{Bases, Cached},
    consequence::{self, NEARBY},
    csq::{self, ClinvarAnswer, Values},
    edit::Allele,
    haplotype::{self, Haplotypes},
    hgvs,
    in_use::InUse,
    mane,
    pick::PickOrder,
    records,
    sources::{
        self, Joined, Request,
        clinvar::{self, Clinvar},
        frequency::{self, Frequencies},
        normalised,
        scores::{self, Scores},
    },
    survey,
    transcripts::TranscriptSet,
    vcf::{
        header::Header,
        input::{Batch, Vcf},
        line::{Line, unusable},
        output,
        writer::{Outputs, Piece},
    },
};

/// What to annotate, with what.
#[derive(Debug)]
pub struct AnnotateOptions<'a> {
    /// Variants of one sample: VCF text, plain, gzip or BGZF; sorted.
    pub vcf: &'a Path,
    /// The reference the variants were called on.
    pub reference: &'a Reference,
    /// Its build.
    pub build: Build,
    /// The user stated the build: files need not prove it.
    pub assert_build: bool,
    /// Transcripts.
    pub transcripts: &'a TranscriptSet,
    /// ClinVar's VCF, or a store of it.
    pub clinvar: Option<&'a Path>,
    /// Population frequencies: VCF with gnomAD's field names, or a store.
    pub frequencies: Option<&'a Path>,
    /// Stores whose values are carried to INFO: scores, a laboratory's own counts.
    pub scores: &'a [PathBuf],
    /// Accession of the sample; becomes the name of the output's sample column. `None`: the file may have one sample
    /// column of any name, which stays, or none at all.
    pub sample: Option<&'a str>,
    /// Name of the sample column in the input where it differs.
    pub input_sample: Option<&'a str>,
    /// Records whose REF may differ from the reference: they are written without annotation and counted; one more is a
    /// fault. 0 refuses the first.
    pub mismatches: u64,
    /// Whether HGVS names are written. Without them HGVSc, HGVSp and HGVSG are empty.
    pub names: bool,
    /// Output: VCF, as BGZF with its index beside it (`.tbi`) where the name ends in `.gz`; a table where it ends in
    /// `.jsonl` or `.tsv` (or that and `.gz`), see [`crate::tables`].
    pub out: &'a Path,
    /// Tables to write beside it, by their endings.
    pub tables: &'a [&'a Path],
    /// Which transcript of a gene is marked `PICK`.
    pub pick_order: PickOrder,
    /// Further header lines.
    pub header: &'a [String],
    /// Program and version, for the header.
    pub source: &'a str,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotateSummary {
    /// Records read and written.
    pub records: u64,
    /// Alternate alleles annotated.
    pub alleles: u64,
    /// (reason, count) of alternate alleles that got no annotation; their records are written all the same.
    pub dropped: Vec<(String, u64)>,
    /// Release of ClinVar as its file states it.
    pub clinvar_release: Option<String>,
    /// Release of the frequencies as their file states it.
    pub frequencies_release: Option<String>,
    /// Roles of the sources whose header calls them synthetic (`##synthetic` or `##source`).
    pub synthetic: Vec<String>,
    /// (role of the file, how it proved its build).
    pub build_proofs: Vec<(String, String)>,
    /// Parameters in effect.
    pub parameters: BTreeMap<String, String>,
}

/// A source with its collected records.
#[derive(Default)]
pub(crate) struct Sources {
    clinvar: Option<Joined<clinvar::Record>>,
    frequencies: Option<(Frequencies, Joined<frequency::Record>)>,
    scores: Vec<Scores>,
}

impl Sources {
    /// Whether an INFO key is one of a store's values.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.scores.iter().any(|s| s.has_key(key))
    }
}

/// Annotates one sample's VCF. The output appears only when it is whole; its bytes do not depend on the threads.
pub fn annotate(options: &AnnotateOptions<'_>, progress: &dyn Progress) -> Result<AnnotateSummary> {
    run(options, options.reference, progress)
}

/// As [`annotate`], with bases from anywhere.
pub(crate) fn run(
    options: &AnnotateOptions<'_>,
    bases: &dyn Bases,
    progress: &dyn Progress,
) -> Result<AnnotateSummary> {
    let bases = Cached::new(bases);
    let mut vcf = Vcf::open(options.vcf)?;
    let header = vcf.header.clone();
    let mut collector = haplotype::Collector::new(options.transcripts, bases.contigs());
    let survey = survey::run(
        &mut vcf,
        &mut collector,
        &survey::Terms {
            bases: &bases,
            build: options.build,
            assert_build: options.assert_build,
            sample: options.sample,
            input_sample: options.input_sample,
            mismatches: options.mismatches,
            sites: options.clinvar.is_some() || options.frequencies.is_some() || !options.scores.is_empty(),
        },
        progress,
    )?;
    drop(vcf);
    let haplotypes = collector.combine(&bases, options.names)?;
    let request = |path, role| Request {
        path,
        role,
        bases: &bases,
        build: options.build,
        assert_build: options.assert_build,
        sites: &survey.sites,
    };
    let clinvar = match options.clinvar {
        Some(path) => Some(sources::join(&request(path, "ClinVar"), &mut Clinvar, progress)?),
        None => None,
    };
    let frequencies = match options.frequencies {
        Some(path) => {
            let mut collect = Frequencies::default();
            let joined = sources::join(&request(path, "frequencies"), &mut collect, progress)?;
            Some((collect, joined))
        }
        None => None,
    };
    let scores = scores::join_all(options.scores, &request(Path::new(""), "scores"), progress)?;
    let found = Sources {
        clinvar,
        frequencies,
        scores,
    };
    let mut summary = AnnotateSummary {
        records: survey.records,
        alleles: survey.alleles,
        dropped: survey.dropped.clone().into_iter().collect(),
        ..AnnotateSummary::default()
    };
    summary.build_proofs.push(("variants".to_owned(), survey.proof.clone()));
    let unproven = if options.assert_build {
        "asserted by --build"
    } else {
        "not proven: the reference is N under all transcripts"
    };
    summary.build_proofs.push((
        "transcripts".to_owned(),
        options.transcripts.proof().unwrap_or(unproven).to_owned(),
    ));
    if let Some(joined) = &found.clinvar {
        summary.build_proofs.push(("ClinVar".to_owned(), joined.proof.clone()));
        summary.clinvar_release.clone_from(&joined.release);
        summary.synthetic.extend(joined.synthetic.then(|| "ClinVar".to_owned()));
    }
    if let Some((_, joined)) = &found.frequencies {
        summary
            .build_proofs
            .push(("frequencies".to_owned(), joined.proof.clone()));
        summary.frequencies_release.clone_from(&joined.release);
        summary
            .synthetic
            .extend(joined.synthetic.then(|| "frequencies".to_owned()));
    }
    for scores in &found.scores {
        let (name, joined) = (scores.name.clone(), &scores.joined);
        summary.build_proofs.push((name.clone(), joined.proof.clone()));
        summary.synthetic.extend(joined.synthetic.then_some(name));
    }
    parameters(&mut summary, &found, &options.pick_order);
    let mut facts = facts(options, &summary, &found.scores)?;
    facts.extend(found.scores.iter().flat_map(Scores::header));
    facts.extend(missing_contigs(&header, &survey, &bases));
    let made = Made {
        sources: &found,
        survey: &survey,
        haplotypes: &haplotypes,
    };
    write(options, &bases, &header, &facts, &made, progress)?;
    Ok(summary)
}

/// What was made before the lines are annotated.
struct Made<'a> {
    sources: &'a Sources,
    survey: &'a survey::Survey,
    haplotypes: &'a Haplotypes,
}

fn parameters(summary: &mut AnnotateSummary, found: &Sources, pick_order: &PickOrder) {
    let mut set = |key: &str, value: String| {
        summary.parameters.insert(key.to_owned(), value);
    };
    set("nearby_bases", NEARBY.to_string());
    set(
        "nmd_rule",
        "new stop more than 50 nt before the last exon junction".to_owned(),
    );
    set(
        "terms_left_out",
        "regulatory features and structural variants".to_owned(),
    );
    set("frequency_absent_needs_an", frequency::ENOUGH_ALLELES.to_string());
    set("mane_table", mane::TABLE_RELEASE.to_owned());
    set("pick_order", format!("{pick_order}, then by accession"));
    set(
        "combined_readings",
        "alleles known to be on one copy that share a codon, or read in a frame that one of them has shifted"
            .to_owned(),
    );
    if let Some(joined) = &found.clinvar {
        set(
            "clinvar_records_disagreeing_with_reference",
            joined.disagreeing.to_string(),
        );
    }
    if let Some((_, joined)) = &found.frequencies {
        set(
            "frequency_records_disagreeing_with_reference",
            joined.disagreeing.to_string(),
        );
    }
}

/// Header lines on the data behind the annotation.
fn facts(options: &AnnotateOptions<'_>, summary: &AnnotateSummary, scores: &[Scores]) -> Result<Vec<String>> {
    let clean = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut lines = Vec::new();
    let mut data = |id: &str, file: &str, sha: &str, release: Option<&str>, licence: Option<&str>| {
        let release = release
            .map(|r| format!("Release=\"{}\",", clean(r)))
            .unwrap_or_default();
        let licence = licence
            .map(|l| format!(",Licence=\"{}\"", clean(l)))
            .unwrap_or_default();
        let note = if summary.synthetic.iter().any(|role| role == id) {
            ",Note=\"SYNTHETIC, as the file declares\""
        } else {
            ""
        };
        lines.push(format!(
            "##clinotype_data=<ID={id},{release}File=\"{}\",Sha256=\"{sha}\"{licence}{note}>",
            clean(file)
        ));
    };
    for (n, source) in options.transcripts.sources().iter().enumerate() {
        let id = match n {
            0 => "transcripts".to_owned(),
            n => format!("transcripts_{}", n + 1),
        };
        data(&id, &source.file, &source.sha256, source.release.as_deref(), None);
    }
    let mut of_file = |id: &str, path: &Path, release: Option<&str>| -> Result<()> {
        let sha = digest::sha256_file(path)?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        // A file that does not state its release may belong to one that is installed.
        let manifest = manifest_beside(path, &sha);
        let installed = manifest.as_ref();
        let release = release.or_else(|| installed.map(|m| m.release.as_str()));
        let licence = installed.map(|m| m.licence.name.as_str());
        data(id, &name.unwrap_or_default(), &sha, release, licence);
        Ok(())
    };
    if let Some(path) = options.clinvar {
        of_file("ClinVar", path, summary.clinvar_release.as_deref())?;
    }
    if let Some(path) = options.frequencies {
        of_file("frequencies", path, summary.frequencies_release.as_deref())?;
    }
    for scores in scores {
        of_file(&scores.name, &scores.path, scores.joined.release.as_deref())?;
    }
    let proofs: Vec<String> = summary
        .build_proofs
        .iter()
        .map(|(role, how)| format!("{role}: {how}"))
        .collect();
    lines.push(format!(
        "##clinotype_build=<ID={},Proof=\"{}\">",
        options.build,
        clean(&proofs.join("; "))
    ));
    lines.push(format!("##clinotype_annotate={}", options.source));
    Ok(lines)
}

/// `##contig` lines for contigs that carry records and that the input's header does not name.
fn missing_contigs(header: &Header, survey: &survey::Survey, bases: &dyn Bases) -> Vec<String> {
    let mut missing: Vec<(usize, &String)> = survey
        .contigs
        .iter()
        .filter(|(name, _)| !header.contigs.iter().any(|(n, _)| n == *name))
        .map(|(name, index)| (*index, name))
        .collect();
    missing.sort_unstable();
    missing
        .into_iter()
        .filter_map(|(index, name)| {
            let contig = bases.contigs().iter().nth(index)?;
            Some(format!("##contig=<ID={name},length={}>", contig.length))
        })
        .collect()
}

/// What annotating one line needs.
pub(crate) struct Context<'a> {
    pub(crate) bases: &'a Cached<'a>,
    pub(crate) build: Build,
    pub(crate) names: bool,
    pub(crate) sources: &'a Sources,
    pub(crate) haplotypes: &'a Haplotypes,
    pub(crate) pick_order: &'a PickOrder,
    pub(crate) in_use: &'a InUse<'a>,
    pub(crate) contigs: &'a HashMap<String, usize>,
    pub(crate) path: &'a Path,
}

/// Records that one thread annotates in a row.
pub(crate) const ROW: usize = 512;

fn write(
    options: &AnnotateOptions<'_>,
    bases: &Cached<'_>,
    header: &Header,
    facts: &[String],
    made: &Made<'_>,
    progress: &dyn Progress,
) -> Result<()> {
    let survey = made.survey;
    let mut header = header.clone();
    // Lines of an earlier annotation with the same scores.
    header.lines.retain(|line| {
        let id = line
            .strip_prefix("##INFO=<ID=")
            .and_then(|l| l.split([',', '>']).next());
        !id.is_some_and(|id| made.sources.has_key(id))
    });
    let text = output::header(&header, options.header, options.source, facts, options.sample);
    let mut outputs = Outputs::create(options, &text, &made.sources.scores)?;
    let wanted = outputs.wanted();
    let names: Vec<&str> = bases.contigs().iter().map(|c| c.name.as_str()).collect();
    let mut vcf = Vcf::open(options.vcf)?;
    let mut in_use = InUse::new(options.transcripts);
    let (mut batch, mut spare) = (Batch::default(), Batch::default());
    let mut more = vcf.fill(&mut batch)?;
    let (mut ready, mut done): (Vec<Vec<Piece>>, u64) = (Vec::new(), 0);
    // While one batch is annotated, the one before it is written and the one after it is read.
    while more {
        progress.check()?;
        if let Ok(line) = Line::parse(batch.line(0))
            && let Some(index) = survey.contigs.get(line.contig)
        {
            in_use.pass(names[*index], line.position);
        }
        let context = Context {
            bases,
            build: options.build,
            names: options.names,
            sources: made.sources,
            haplotypes: made.haplotypes,
            pick_order: &options.pick_order,
            in_use: &in_use,
            contigs: &survey.contigs,
            path: options.vcf,
        };
        let rows: Vec<Range<usize>> = (0..batch.len())
            .step_by(ROW)
            .map(|from| from..batch.len().min(from + ROW))
            .collect();
        let (annotated, next) = rayon::join(
            || {
                rows.into_par_iter()
                    .map(|row| records::annotate(&batch, row, &wanted, &context))
                    .collect::<Result<Vec<Vec<Piece>>>>()
            },
            || {
                outputs.write(&ready, &names)?;
                vcf.fill(&mut spare)
            },
        );
        ready = annotated?;
        more = next?;
        done += batch.len() as u64;
        std::mem::swap(&mut batch, &mut spare);
        progress.advance(done, survey.records);
    }
    outputs.write(&ready, &names)?;
    outputs.commit()
}

/// What the sources say of an allele.
pub(crate) fn values(context: &Context<'_>, index: usize, key: &VariantKey, named: Option<String>) -> Values {
    let clinvar = match &context.sources.clinvar {
        None => ClinvarAnswer::NotEvaluated,
        Some(joined) => match joined.get(index, key) {
            Some(record) => ClinvarAnswer::Found(record),
            None if joined.has_contig(index) => ClinvarAnswer::Absent,
            None => ClinvarAnswer::NotEvaluated,
        },
    };
    let frequency = csq::frequency_answer(context.sources.frequencies.as_ref().map(|(f, j)| (f, j)), index, key);
    csq::values(key, named, &clinvar, frequency)
}

impl Context<'_> {
    /// Whether a source is asked about every allele.
    pub(crate) fn asks(&self) -> bool {
        self.sources.clinvar.is_some() || self.sources.frequencies.is_some() || !self.sources.scores.is_empty()
    }
}

/// Appends one annotated line, made the general way.
pub(crate) fn record(
    out: &mut String,
    line: &Line<'_>,
    index: usize,
    contig: &Contig,
    bases: &dyn Bases,
    context: &Context<'_>,
) -> Result<()> {
    let changed = || clinotype_genome::Fault::input("the file changed while it was read").at(context.path);
    let start = Pos::new(line.position).ok_or_else(changed)?;
    let length = line.reference.len() as u32;
    let ours = bases.fetch(
        &contig.name,
        line.position - 1,
        (line.position - 1).saturating_add(length),
    )?;
    let known = ours.eq_ignore_ascii_case(line.reference.as_bytes()) && !ours.contains(&b'N');
    let all: Vec<&str> = line.alternates.split(',').collect();
    let mut entries = String::new();
    let mut found: Vec<Option<Values>> = Vec::with_capacity(all.len());
    let mut keys: Vec<Option<VariantKey>> = vec![None; all.len()];
    for (number, alternate) in all.iter().enumerate() {
        if !known || unusable(alternate).is_some() || alternate.eq_ignore_ascii_case(line.reference) {
            found.push(None);
            continue;
        }
        let key = normalised(&VariantKey::new(&contig.name, start, line.reference, alternate), bases)?;
        let variant = Allele::of(&key, bases, contig.length)?;
        let allele = csq::vep_allele(line.reference, alternate, &all);
        consequences(
            &mut entries,
            &allele,
            number + 1,
            &variant,
            &contig.name,
            bases,
            context,
        )?;
        let named = if context.names {
            hgvs::dna::genomic(&variant, bases, &contig.name, contig.length, context.build)?
        } else {
            None
        };
        found.push(Some(values(context, index, &key, named)));
        keys[number] = Some(key);
    }
    finish(out, line, index, &entries, &found, &keys, context);
    Ok(())
}

/// Appends the line with its INFO: the entries, the combined readings, the sources' values and the stores' (`values` and
/// `keys`: for each ALT that is annotated).
pub(crate) fn finish(
    out: &mut String,
    line: &Line<'_>,
    index: usize,
    entries: &str,
    values: &[Option<Values>],
    keys: &[Option<VariantKey>],
    context: &Context<'_>,
) {
    let mut info = String::with_capacity(entries.len() + 200);
    if !entries.is_empty() {
        info.push_str("CSQ=");
        info.push_str(entries);
    }
    let together = context.haplotypes.of(line, index);
    if !together.is_empty() {
        if !info.is_empty() {
            info.push(';');
        }
        info.push_str(output::HAPLOTYPE);
        info.push('=');
        info.push_str(&together);
    }
    csq::per_allele(&mut info, values);
    if keys.iter().any(Option::is_some) {
        for stored in &context.sources.scores {
            stored.info(&mut info, index, keys);
        }
    }
    output::line(out, line, &info, |key| context.sources.has_key(key));
}

/// Appends the CSQ entries of one allele: every transcript within reach, the one to show of each gene marked.
pub(crate) fn consequences(
    out: &mut String,
    allele: &str,
    number: usize,
    variant: &Allele,
    contig: &str,
    bases: &dyn Bases,
    context: &Context<'_>,
) -> Result<()> {
    let set = context.in_use.set;
    let near = set.overlapping(
        contig,
        variant.left.start.saturating_sub(NEARBY),
        variant.right.end.max(variant.right.start + 1).saturating_add(NEARBY),
    );
    let comma = |out: &mut String| {
        if !out.is_empty() {
            out.push(',');
        }
    };
    if near.is_empty() {
        comma(out);
        csq::intergenic(out, allele, number);
        return Ok(());
    }
    let mut effects = Vec::with_capacity(near.len());
    for candidate in &near {
        let t = set.get(*candidate);
        let mut effect = consequence::effect(variant, t, bases, || context.in_use.spliced(*candidate, bases))?;
        if !context.names {
            effect.hgvs_c = None;
            effect.hgvs_p = None;
        }
        effects.push(effect);
    }
    let found: Vec<_> = near
        .iter()
        .zip(&effects)
        .map(|(n, effect)| (*n, effect.terms))
        .collect();
    for ((candidate, effect), picked) in near
        .iter()
        .zip(&effects)
        .zip(around::picked(set, &found, context.pick_order))
    {
        comma(out);
        csq::entry(out, allele, number, set.get(*candidate), effect, picked);
    }
    Ok(())
}
