//! Polygenic scores of a VCF or gVCF: `clinotype prs`.

mod target;

use std::{
    fmt::Write as _,
    io::{BufRead as _, Write as _},
    path::{Path, PathBuf},
};

use clinotype_case::prs::{Missing, PolygenicScores, ReferencePanel, SCHEMA, SampleScore, Score, Settings};
use clinotype_genome::{Build, Fault, Reference, Result, digest, fs};
use clinotype_interpret::prs::{Audit, Outcome, Panel, Projection, ScoreFile, Scorer, Site, Sums, score_file};

use self::target::{Bases, Head, Order};
use crate::Watch;

/// plink2 asks for as many samples before it takes their mean for a missing genotype.
const LEAST_COHORT: usize = 50;

/// `clinotype prs`.
#[derive(Debug)]
pub struct PrsRequest<'a> {
    /// VCF, or gVCF of one sample; sorted.
    pub target: &'a Path,
    /// Whether the target is a gVCF, whose reference blocks count.
    pub gvcf: bool,
    /// Scoring files.
    pub scores: &'a [PathBuf],
    /// Asserted build.
    pub build: Option<Build>,
    /// Reference FASTA, which tells the reference allele inside of blocks.
    pub fasta: Option<&'a Path>,
    /// The reference of people (`clinotype-prs-reference/1`).
    pub reference: Option<&'a Path>,
    /// Settings.
    pub settings: &'a Settings,
    /// Where to write what became of every row.
    pub audit: Option<&'a Path>,
}

/// Gives the lines of a file to `take`, until it says that it has enough.
fn each_line(path: &Path, mut take: impl FnMut(&str) -> Result<bool>) -> Result<()> {
    let mut file = fs::open_text(path)?;
    let (mut text, mut line) = (String::new(), 0_u64);
    loop {
        text.clear();
        line += 1;
        let got = file
            .read_line(&mut text)
            .map_err(|e| Fault::io("read", path, e).line(line))?;
        if got == 0 || !take(&text).map_err(|fault| fault.at(path))? {
            return Ok(());
        }
    }
}

/// Reads a scoring file.
pub fn score_file(path: &Path, build: Build) -> Result<ScoreFile> {
    let mut reader = score_file::Reader::new(build);
    each_line(path, |text| reader.line(text).map(|()| true))?;
    let mut score = reader.finish().map_err(|fault| fault.at(path))?;
    score.about.file = name(path);
    score.about.sha256 = digest::sha256_file(path)?;
    Ok(score)
}

/// Whether a file is a scoring file whose columns stand on the build, or on either where it is not known. Its rows are not
/// looked at.
///
/// # Errors
/// What the head would be refused for.
pub fn check_file(path: &Path, build: Option<Build>) -> Result<()> {
    let head = |build: Build| -> Result<()> {
        let mut reader = score_file::Reader::new(build);
        let mut has_columns = false;
        each_line(path, |text| {
            reader.line(text)?;
            has_columns = !text.trim().is_empty() && !text.trim_start_matches('\u{feff}').starts_with('#');
            Ok(!has_columns)
        })?;
        if has_columns {
            return Ok(());
        }
        Err(Fault::input("is no scoring file: it ends before its line of columns").at(path))
    };
    match build {
        Some(build) => head(build),
        None => head(Build::Grch38).or_else(|fault| head(Build::Grch37).map_err(|_| fault)),
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Reads a reference of people; its build must be the target's.
fn panel(path: &Path, build: Build) -> Result<Panel> {
    let text = read_all(path)?;
    let reference: ReferencePanel = serde_json::from_str(&text).map_err(|e| {
        Fault::input(format!("is not a reference of polygenic scores: {e}"))
            .at(path)
            .hint("its format is described in the README under \"Polygenic scores\"")
    })?;
    if reference.build != build {
        return Err(
            Fault::input(format!("the reference is on {}, the VCF on {build}", reference.build))
                .at(path)
                .hint("give a reference of the VCF's build"),
        );
    }
    Panel::new(reference).map_err(|fault| fault.at(path))
}

fn read_all(path: &Path) -> Result<String> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut fs::open_text(path)?, &mut text).map_err(|e| Fault::io("read", path, e))?;
    Ok(text)
}

/// The components' side of a run: sites of the panel, in the order of the target.
struct Ancestry {
    panel: Panel,
    places: Vec<(u8, u32)>,
    projections: Vec<Projection>,
}

impl Ancestry {
    fn fill(&mut self, block: &clinotype_interpret::prs::Block, base: &mut impl FnMut(u32, u32) -> Option<String>) {
        if !block.certain {
            return;
        }
        let from = self.places.partition_point(|p| *p < (block.contig, block.start));
        for &(contig, position) in self.places[from..]
            .iter()
            .take_while(|p| **p <= (block.contig, block.end))
        {
            let Some(reference) = base(position, 1) else { continue };
            let mut call = clinotype_interpret::prs::Call::REFERENCE;
            call.ploidy = block.ploidy;
            let site = Site {
                contig,
                position,
                reference,
                alternates: Vec::new(),
                filtered: false,
                calls: vec![call],
            };
            self.panel.add(&mut self.projections, &site);
        }
    }
}

/// Scores the samples of the target.
pub fn score(request: &PrsRequest<'_>, watch: &dyn Watch) -> Result<PolygenicScores> {
    let mut file = target::open(request.target, request.gvcf)?;
    let known = file.build(request.build)?;
    let samples = file.samples.clone();
    if request.settings.missing == Missing::CohortMean && samples.len() < LEAST_COHORT {
        return Err(Fault::input(format!(
            "holds {} samples: a mean dosage needs {LEAST_COHORT} (plink2's rule)",
            samples.len()
        ))
        .at(request.target)
        .hint("leave out --missing mean"));
    }
    let reference = request.fasta.map(Reference::open).transpose()?;
    if let Some(reference) = &reference {
        crate::build::of_reference(reference, Some(known.build))?;
    }
    let bases = Bases::new(reference.as_ref());
    let mut ancestry = request
        .reference
        .map(|path| {
            let panel = panel(path, known.build)?;
            Ok::<_, Fault>(Ancestry {
                places: panel.places(),
                projections: vec![panel.projection(); samples.len()],
                panel,
            })
        })
        .transpose()?;
    let mut scorers = Vec::new();
    for path in request.scores {
        let score = score_file(path, known.build)?;
        watch.note(&format!("{}: {} rows", name(path), score.rows));
        scorers.push(Scorer::new(
            score,
            request.settings.clone(),
            samples.len(),
            request.audit.is_some(),
        ));
    }
    let mut order = Order::default();
    // The next position of each scorer on the contig at hand.
    let mut wanted: Vec<Option<u32>> = vec![None; scorers.len()];
    let mut at = None;
    let mut records = 0_u64;
    let mut genotyped = false;
    loop {
        let line = file.line() + 1;
        let Some(text) = file.next_line()? else { break };
        records += 1;
        if records.is_multiple_of(1 << 16) {
            watch.check()?;
        }
        let fault = |what: String| Fault::input(what).at(request.target).line(line);
        let head = Head::parse(text).ok_or_else(|| fault("the record is not one of a VCF".to_owned()))?;
        let contig = order.step(&head).map_err(|what| {
            fault(what.to_owned())
                .locus(head.contig, u64::from(head.position))
                .hint("sort the VCF (bcftools sort) and give it again")
        })?;
        let Some(contig) = contig else { continue };
        if at != Some(contig) {
            at = Some(contig);
            for (want, scorer) in wanted.iter_mut().zip(&scorers) {
                *want = scorer.next_position(contig, 1);
            }
        }
        if request.gvcf && head.is_reference() {
            let block = target::block(&head, contig, request.settings.min_block_quality).map_err(fault)?;
            let mut failed = None;
            let first = head.reference.to_ascii_uppercase();
            let mut base = |position: u32, length: u32| {
                if position == block.start && first.len() >= length as usize && !first.starts_with('N') {
                    return Some(first[..length as usize].to_owned());
                }
                bases.at(contig, position, length).unwrap_or_else(|e| {
                    failed = Some(e);
                    None
                })
            };
            for (want, scorer) in wanted.iter_mut().zip(&mut scorers) {
                if want.is_some_and(|w| w < block.start) {
                    *want = scorer.next_position(contig, block.start);
                }
                if want.is_some_and(|w| w <= block.end) {
                    scorer.fill(&block, &mut base);
                    *want = scorer.next_position(contig, block.end + 1);
                }
            }
            if let Some(ancestry) = &mut ancestry {
                ancestry.fill(&block, &mut base);
            }
            if let Some(fault) = failed {
                return Err(fault);
            }
            genotyped = true;
            continue;
        }
        let mut site = None;
        for (want, scorer) in wanted.iter_mut().zip(&mut scorers) {
            if want.is_some_and(|w| w < head.position) {
                *want = scorer.next_position(contig, head.position);
            }
            if *want == Some(head.position) {
                if site.is_none() {
                    site = Some(target::site(&head, contig, samples.len()).map_err(fault)?);
                }
                scorer.add(site.clone().ok_or_else(|| Fault::internal("a record was lost"))?);
            }
        }
        if let Some(ancestry) = &mut ancestry
            && ancestry.panel.wants(contig, head.position)
        {
            let site = match site.take() {
                Some(site) => site,
                None => target::site(&head, contig, samples.len()).map_err(fault)?,
            };
            ancestry.panel.add(&mut ancestry.projections, &site);
        }
        genotyped = true;
    }
    if !genotyped {
        return Err(Fault::input("holds no record on the chromosomes").at(request.target));
    }
    let mut audits = Vec::new();
    let mut scores = Vec::new();
    for scorer in scorers {
        let about = scorer.score().about.clone();
        let (matching, sums, audit, used) = scorer.finish();
        audits.push((about.file.clone(), audit));
        let score_id = about.id.clone().or_else(|| about.name.clone());
        let samples = samples.iter().zip(&sums).enumerate().map(|(number, (sample, sums))| {
            let mut one = sample_score(sample, sums, &matching, request.settings);
            one.standing = ancestry.as_ref().map(|a| {
                // Rows whose genotype is missing in this sample are not in its sum: then the reference's sums differ.
                let rows: &[u32] = if sums.missing == 0 { &used } else { &[] };
                let mut standing = a.panel.standing(&a.projections[number], score_id.as_deref(), one.sum, rows);
                if sums.missing > 0 && one.sum.is_some() && standing.refused.is_some() && standing.population.is_some() {
                    standing.refused = Some(format!(
                        "{} matched rows have no genotype in this sample: its sum is not comparable with the reference's",
                        sums.missing
                    ));
                }
                standing
            });
            one
        });
        scores.push(Score {
            samples: samples.collect(),
            about,
            matching,
        });
    }
    if let Some(path) = request.audit {
        write_audit(path, &audits)?;
    }
    Ok(PolygenicScores {
        schema: SCHEMA.to_owned(),
        software: crate::software(),
        file: name(request.target),
        build: known.build,
        build_proof: known.proof,
        reference_fill: request.gvcf,
        records,
        settings: request.settings.clone(),
        scores,
    })
}

fn sample_score(
    sample: &str,
    sums: &Sums,
    matching: &clinotype_case::prs::Matching,
    settings: &Settings,
) -> SampleScore {
    let coverage = sums.scored as f64 / matching.rows.max(1) as f64;
    let least = settings.min_overlap;
    let refused = if !matching.passes {
        Some(format!(
            "{} of {} rows are matched ({:.1} %); {:.0} % are needed",
            matching.matched,
            matching.rows,
            matching.rate * 100.0,
            least * 100.0
        ))
    } else if coverage < least {
        Some(format!(
            "{} of {} rows have a genotype in this sample ({:.1} %); {:.0} % are needed",
            sums.scored,
            matching.rows,
            coverage * 100.0,
            least * 100.0
        ))
    } else {
        None
    };
    let in_sum = match settings.missing {
        Missing::Skip => sums.scored,
        Missing::CohortMean => sums.scored + sums.missing,
    };
    let sum = refused.is_none().then_some(sums.sum);
    SampleScore {
        sample: sample.to_owned(),
        sum,
        average: sum.filter(|_| in_sum > 0).map(|s| s / (2 * in_sum) as f64),
        scored: sums.scored,
        missing: sums.missing,
        filled: sums.filled,
        coverage,
        effect_dosage: sums.effect_dosage,
        refused,
        standing: None,
    }
}

/// Columns: score file, row, contig, position, state, how or why, record.
fn write_audit(path: &Path, audits: &[(String, Vec<Audit>)]) -> Result<()> {
    let mut file = fs::AtomicFile::create(path)?;
    let failed = |e| Fault::io("write", path, e);
    writeln!(file, "score\trow\tchr\tpos\tstate\treason\trecord").map_err(failed)?;
    for (score, rows) in audits {
        for audit in rows {
            let (contig, position) = match &audit.place {
                Some((contig, position)) => (contig.as_str(), position.to_string()),
                None => (".", ".".to_owned()),
            };
            let (state, reason, record) = match &audit.outcome {
                Outcome::Matched(how, record) => ("matched", *how, record.as_str()),
                Outcome::Excluded(why) => ("excluded", *why, ""),
                Outcome::Unmatched(why) => ("unmatched", *why, ""),
            };
            let record = if record.is_empty() { "." } else { record };
            writeln!(
                file,
                "{score}\t{}\t{contig}\t{position}\t{state}\t{reason}\t{record}",
                audit.row
            )
            .map_err(failed)?;
        }
    }
    file.commit()
}

/// The scores as lines of text: sums of the first samples, and what became of the rows.
pub fn text(scores: &PolygenicScores) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    for score in &scores.scores {
        let matching = &score.matching;
        let _ = writeln!(
            text,
            "{}: {} of {} rows matched ({:.1} %)",
            score
                .about
                .id
                .as_deref()
                .or(score.about.name.as_deref())
                .unwrap_or(&score.about.file),
            matching.matched,
            matching.rows,
            matching.rate * 100.0
        );
        for (how, count) in &matching.by {
            let _ = writeln!(text, "  {count:>9}  {how}");
        }
        for (state, map) in [("excluded", &matching.excluded), ("unmatched", &matching.unmatched)] {
            for (why, count) in map {
                let _ = writeln!(text, "  {count:>9}  {state}, {why}");
            }
        }
        for sample in score.samples.iter().take(10) {
            let _ = match (&sample.sum, &sample.refused) {
                (Some(sum), _) => writeln!(text, "  {}: {sum:.6}", sample.sample),
                (None, refused) => writeln!(
                    text,
                    "  {}: no sum, {}",
                    sample.sample,
                    refused.as_deref().unwrap_or("")
                ),
            };
            if let Some(standing) = &sample.standing {
                let _ = match (&standing.refused, standing.percentile, standing.z_norm2) {
                    (None, Some(percentile), Some(z)) => writeln!(
                        text,
                        "    percentile {percentile:.1} of {} ({}); Z_norm2 {z:.3}",
                        standing.population.as_deref().unwrap_or(""),
                        standing.reference
                    ),
                    (refused, ..) => writeln!(text, "    no percentile: {}", refused.as_deref().unwrap_or("")),
                };
            }
        }
        if score.samples.len() > 10 {
            let _ = writeln!(text, "  and {} more samples", score.samples.len() - 10);
        }
    }
    text
}
