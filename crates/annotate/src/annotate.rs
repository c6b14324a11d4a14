//! The step: VCF in, annotated VCF out.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use clinotype_genome::{Build, Pos, Progress, Reference, Result, VariantKey, digest, vcf_file::VcfWriter};
use rayon::prelude::*;

use crate::{
    bases::{Bases, Cached},
    consequence::{self, NEARBY, terms::Terms},
    csq::{self, ClinvarAnswer, Values},
    edit::Allele,
    haplotype::{self, Haplotypes},
    hgvs, mane,
    pick::PickOrder,
    sources::{
        self, Joined, Request,
        clinvar::{self, Clinvar},
        frequency::{self, Frequencies},
        normalised,
        scores::{self, Scores},
    },
    spliced::Spliced,
    survey,
    transcripts::{Transcript, TranscriptSet},
    vcf::{
        header::Header,
        input::Vcf,
        line::{Line, unusable},
        output,
    },
};

/// Records that are annotated in parallel at a time. Does not depend on the number of threads, nor does any output.
const BATCH: usize = 4096;

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
    /// Output: BGZF VCF; its index is written beside it as `.tbi`.
    pub out: &'a Path,
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
struct Sources {
    clinvar: Option<Joined<clinvar::Record>>,
    frequencies: Option<(Frequencies, Joined<frequency::Record>)>,
    scores: Vec<Scores>,
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
        },
        progress,
    )?;
    drop(vcf);
    let haplotypes = collector.combine(options.transcripts, &bases)?;
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
    let mut data = |id: &str, path: &Path, release: Option<&str>| -> Result<()> {
        let release = release
            .map(|r| format!("Release=\"{}\",", clean(r)))
            .unwrap_or_default();
        let file = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let sha = digest::sha256_file(path)?;
        let note = if summary.synthetic.iter().any(|role| role == id) {
            ",Note=\"SYNTHETIC, as the file declares\""
        } else {
            ""
        };
        lines.push(format!(
            "##clinotype_data=<ID={id},{release}File=\"{}\",Sha256=\"{sha}\"{note}>",
            clean(&file)
        ));
        Ok(())
    };
    data("transcripts", options.transcripts.path(), options.transcripts.release())?;
    if let Some(path) = options.clinvar {
        data("ClinVar", path, summary.clinvar_release.as_deref())?;
    }
    if let Some(path) = options.frequencies {
        data("frequencies", path, summary.frequencies_release.as_deref())?;
    }
    for scores in scores {
        data(&scores.name, &scores.path, scores.joined.release.as_deref())?;
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

/// Spliced sequences that are in use: made when first asked for, dropped when the input has passed them.
struct SplicedCache<'a> {
    set: &'a TranscriptSet,
    slots: Vec<OnceLock<Spliced>>,
}

impl SplicedCache<'_> {
    fn get(&self, number: usize, bases: &dyn Bases) -> Result<&Spliced> {
        let slot = &self.slots[number];
        if let Some(spliced) = slot.get() {
            return Ok(spliced);
        }
        let spliced = Spliced::read(self.set.get(number), bases)?;
        Ok(slot.get_or_init(|| spliced))
    }

    /// Drops sequences of transcripts that end before a position, or lie on another contig.
    fn pass(&mut self, contig: &str, position: u32) {
        for (number, slot) in self.slots.iter_mut().enumerate() {
            if slot.get().is_some() {
                let t = self.set.get(number);
                if t.contig != contig || t.span().end.saturating_add(NEARBY) < position {
                    slot.take();
                }
            }
        }
    }
}

/// What annotating one line needs.
struct Context<'a> {
    bases: &'a dyn Bases,
    build: Build,
    sources: &'a Sources,
    haplotypes: &'a Haplotypes,
    pick_order: &'a PickOrder,
    spliced: &'a SplicedCache<'a>,
    contigs: &'a HashMap<String, usize>,
    path: PathBuf,
}

/// One line annotated, ready to be written.
struct Ready {
    text: String,
    contig: String,
    position: u32,
    length: u32,
}

fn write(
    options: &AnnotateOptions<'_>,
    bases: &dyn Bases,
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
        !id.is_some_and(|id| made.sources.scores.iter().any(|s| s.has_key(id)))
    });
    let text = output::header(&header, options.header, options.source, facts, options.sample);
    let mut writer = VcfWriter::create(options.out)?;
    writer.header(&text)?;
    let mut vcf = Vcf::open(options.vcf)?;
    let mut cache = SplicedCache {
        set: options.transcripts,
        slots: std::iter::repeat_with(OnceLock::new)
            .take(options.transcripts.iter().len())
            .collect(),
    };
    let (mut bytes, mut done) = (Vec::new(), 0_u64);
    let mut batch = next_batch(&mut vcf, &mut bytes)?;
    let mut ready: Vec<Ready> = Vec::new();
    // While one batch is annotated, the one before it is written and the one after it is read.
    while !batch.is_empty() {
        progress.check()?;
        if let Some(line) = batch.first().and_then(|text| Line::parse(text).ok())
            && let Some(contig) = survey
                .contigs
                .get(line.contig)
                .and_then(|i| bases.contigs().iter().nth(*i))
        {
            cache.pass(&contig.name, line.position);
        }
        let context = Context {
            bases,
            build: options.build,
            sources: made.sources,
            haplotypes: made.haplotypes,
            pick_order: &options.pick_order,
            spliced: &cache,
            contigs: &survey.contigs,
            path: options.vcf.to_owned(),
        };
        let (annotated, next) = rayon::join(
            || {
                batch
                    .par_iter()
                    .map(|text| record(text, &context))
                    .collect::<Result<Vec<Ready>>>()
            },
            || {
                write_batch(&mut writer, &ready)?;
                next_batch(&mut vcf, &mut bytes)
            },
        );
        ready = annotated?;
        batch = next?;
        done += ready.len() as u64;
        progress.advance(done, survey.records);
    }
    write_batch(&mut writer, &ready)?;
    writer.commit()
}

fn next_batch(vcf: &mut Vcf, bytes: &mut Vec<u8>) -> Result<Vec<String>> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH
        && let Some((_, text)) = vcf.next(bytes)?
    {
        batch.push(text.to_owned());
    }
    Ok(batch)
}

fn write_batch(writer: &mut VcfWriter, ready: &[Ready]) -> Result<()> {
    ready.iter().try_for_each(|line| {
        let end = line.position.saturating_add(line.length.max(1) - 1);
        writer.record(&line.text, &line.contig, line.position, end)
    })
}

/// Annotates one line.
fn record(text: &str, context: &Context<'_>) -> Result<Ready> {
    let line = Line::parse(text).map_err(|what| clinotype_genome::Fault::input(what).at(&context.path))?;
    let contigs = context.bases.contigs();
    let changed = || clinotype_genome::Fault::input("the file changed while it was read").at(&context.path);
    let index = *context.contigs.get(line.contig).ok_or_else(changed)?;
    let contig = contigs.iter().nth(index).ok_or_else(changed)?;
    let start = Pos::new(line.position).ok_or_else(changed)?;
    let length = line.reference.len() as u32;
    let ours = context.bases.fetch(
        &contig.name,
        line.position - 1,
        (line.position - 1).saturating_add(length),
    )?;
    let known = !ours.contains(&b'N');
    let all: Vec<&str> = line.alternates.split(',').collect();
    let mut entries = String::new();
    let mut values: Vec<Option<Values>> = Vec::with_capacity(all.len());
    let mut keys: Vec<Option<VariantKey>> = vec![None; all.len()];
    for (number, alternate) in all.iter().enumerate() {
        if !known || unusable(alternate).is_some() || alternate.eq_ignore_ascii_case(line.reference) {
            values.push(None);
            continue;
        }
        let key = normalised(
            &VariantKey::new(&contig.name, start, line.reference, alternate),
            context.bases,
        )?;
        let variant = Allele::of(&key, context.bases, contig.length)?;
        let allele = csq::vep_allele(line.reference, alternate, &all);
        consequences(&mut entries, &allele, number + 1, &variant, &contig.name, context)?;
        let named = hgvs::dna::genomic(&variant, context.bases, &contig.name, contig.length, context.build)?;
        let clinvar = match &context.sources.clinvar {
            None => ClinvarAnswer::NotEvaluated,
            Some(joined) => match joined.get(index, &key) {
                Some(record) => ClinvarAnswer::Found(record),
                None if joined.has_contig(index) => ClinvarAnswer::Absent,
                None => ClinvarAnswer::NotEvaluated,
            },
        };
        let frequency = csq::frequency_answer(context.sources.frequencies.as_ref().map(|(f, j)| (f, j)), index, &key);
        values.push(Some(csq::values(&key, named, &clinvar, frequency)));
        keys[number] = Some(key);
    }
    let mut info = String::new();
    if !entries.is_empty() {
        info.push_str("CSQ=");
        info.push_str(&entries);
    }
    let together = context.haplotypes.of(&line, index);
    if !together.is_empty() {
        if !info.is_empty() {
            info.push(';');
        }
        info.push_str(output::HAPLOTYPE);
        info.push('=');
        info.push_str(&together);
    }
    csq::per_allele(&mut info, &values);
    let scores = &context.sources.scores;
    if keys.iter().any(Option::is_some) {
        for stored in scores {
            stored.info(&mut info, index, &keys);
        }
    }
    let mut out = String::with_capacity(text.len() + info.len() + 2);
    output::line(&mut out, &line, &info, |key| scores.iter().any(|s| s.has_key(key)));
    // A symbolic allele reaches to its END.
    let end = line
        .info_value("END")
        .and_then(|e| e.parse::<u32>().ok())
        .filter(|e| *e >= line.position);
    let length = end.map_or(length, |e| length.max(e - line.position + 1));
    Ok(Ready {
        text: out,
        contig: line.contig.to_owned(),
        position: line.position,
        length,
    })
}

/// Appends the CSQ entries of one allele: every transcript within reach, the one to show of each gene marked.
fn consequences(
    out: &mut String,
    allele: &str,
    number: usize,
    variant: &Allele,
    contig: &str,
    context: &Context<'_>,
) -> Result<()> {
    let set = context.spliced.set;
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
    let effects = near
        .iter()
        .map(|candidate| {
            let t = set.get(*candidate);
            let effect = consequence::effect(variant, t, context.bases, || {
                context.spliced.get(*candidate, context.bases)
            })?;
            Ok((*candidate, t, effect))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut best: BTreeMap<&str, (usize, &Transcript, Terms)> = BTreeMap::new();
    for (candidate, t, effect) in &effects {
        best.entry(&t.gene)
            .and_modify(|best| {
                let order = context.pick_order.compare((t, effect.terms), (best.1, best.2));
                if order.is_lt() {
                    *best = (*candidate, t, effect.terms);
                }
            })
            .or_insert((*candidate, t, effect.terms));
    }
    for (candidate, t, effect) in &effects {
        comma(out);
        let picked = best.get(t.gene.as_str()).is_some_and(|best| best.0 == *candidate);
        csq::entry(out, allele, number, t, effect, picked);
    }
    Ok(())
}
