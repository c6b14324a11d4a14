//! Events as VCF 4.3, targets as a table.

use std::{fmt::Write as _, path::Path};

use clinotype_genome::{Contigs, Fault, Interval, Reference, Result, fs, vcf_file::VcfWriter};

use super::{CopyNumber, Event, LEAST_QUALITY, RULES, State, TargetCall};

/// An exon that events are named by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exon {
    /// Where, 0-based, half-open.
    pub interval: Interval,
    /// Gene symbol.
    pub gene: String,
    /// Accession of the transcript.
    pub transcript: String,
    /// Number of the exon, the first of the transcript being 1.
    pub number: u32,
    /// Exons of the transcript.
    pub of: u32,
}

/// What a VCF of events needs besides them.
#[derive(Clone, Copy, Debug)]
pub struct VcfOptions<'a> {
    /// The genome, for contigs and the base before each event.
    pub reference: &'a Reference,
    /// Its build, as the header names it.
    pub build: clinotype_genome::Build,
    /// Exons, in any order; may be empty.
    pub exons: &'a [Exon],
    /// The text of `##source`.
    pub source: &'a str,
}

/// Writes the events as BGZF with a tabix index.
///
/// POS is the base before the first affected target, END the last base of the last one. The breakpoints lie somewhere
/// between these targets and the next unaffected ones (CIPOS, CIEND); they may also lie inside the outermost targets.
pub fn write_vcf(path: &Path, called: &CopyNumber, options: &VcfOptions<'_>) -> Result<()> {
    let contigs = options.reference.contigs();
    let mut vcf = VcfWriter::create(path)?;
    vcf.header(&header(called, options))?;
    for event in &called.events {
        let length = contigs.get(&event.interval.contig).map(|c| c.length).ok_or_else(|| {
            Fault::input(format!("the reference has no contig {}", event.interval.contig))
                .at(options.reference.path())
                .hint("give the reference that the fragments were counted on")
        })?;
        // An event that begins with the contig has no base before it; its own first base stands for that.
        let position = event.interval.start.max(1);
        let base = options
            .reference
            .fetch(&event.interval.contig, position - 1, position)?;
        let base = char::from(base.first().copied().unwrap_or(b'N'));
        let line = record(called, event, options.exons, position, base, length);
        vcf.record(&line, &event.interval.contig, position, event.interval.end)?;
    }
    vcf.commit()
}

fn header(called: &CopyNumber, options: &VcfOptions<'_>) -> String {
    let mut text = format!("##fileformat=VCFv4.3\n##source={}\n", options.source);
    let name = options.reference.path().file_name().unwrap_or_default();
    let _ = writeln!(text, "##reference={}", name.to_string_lossy());
    let _ = writeln!(text, "##clinotype_targets=sha256:{}", called.targets_digest);
    let _ = writeln!(text, "##clinotype_counted={RULES}");
    let _ = writeln!(text, "##clinotype_normals={}", called.quality.normals.len());
    text.push_str("##FILTER=<ID=PASS,Description=\"All filters passed\">\n");
    for (id, words) in [
        ("LowQual", format!("Quality below {LEAST_QUALITY}")),
        ("SampleQuality", "The sample as a whole cannot be called".to_owned()),
        (
            "SexDepth",
            "On X or Y, whose depth does not fit the stated sex".to_owned(),
        ),
    ] {
        let _ = writeln!(text, "##FILTER=<ID={id},Description=\"{words}\">");
    }
    text.push_str("##ALT=<ID=DEL,Description=\"Deletion\">\n##ALT=<ID=DUP,Description=\"Duplication\">\n");
    for (id, number, kind, words) in [
        (
            "IMPRECISE",
            "0",
            "Flag",
            "Breakpoints lie between targets and are not known",
        ),
        ("SVTYPE", "1", "String", "DEL or DUP"),
        ("END", "1", "Integer", "Last base of the last affected target"),
        (
            "SVLEN",
            ".",
            "Integer",
            "Bases from the first to the last affected target; negative for deletions",
        ),
        ("CIPOS", "2", "Integer", "Where the left breakpoint may lie, about POS"),
        ("CIEND", "2", "Integer", "Where the right breakpoint may lie, about END"),
        ("TARGETS", "1", "Integer", "Affected targets that were assessed"),
        ("NAMES", ".", "String", "Names of the affected targets in the BED"),
        ("GENES", ".", "String", "Genes with an affected exon"),
        (
            "EXONS",
            ".",
            "String",
            "Gene:transcript:affected exons/exons of the transcript, for exons with an affected target",
        ),
    ] {
        let _ = writeln!(
            text,
            "##INFO=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        );
    }
    for (id, kind, words) in [
        ("GT", "String", "Genotype; which allele is duplicated cannot be told"),
        ("CN", "Integer", "Copies"),
        (
            "CNQ",
            "Float",
            "Phred-scaled probability that not all targets have exactly these copies",
        ),
        ("CNE", "Integer", "Copies expected by sex"),
        ("RR", "Float", "Fragments counted over those expected"),
    ] {
        let _ = writeln!(text, "##FORMAT=<ID={id},Number=1,Type={kind},Description=\"{words}\">");
    }
    for contig in options.reference.contigs() {
        let _ = writeln!(
            text,
            "##contig=<ID={},length={},assembly={}>",
            contig.name, contig.length, options.build
        );
    }
    let _ = writeln!(
        text,
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}",
        called.sample
    );
    text
}

fn record(called: &CopyNumber, event: &Event, exons: &[Exon], position: u32, base: char, length: u32) -> String {
    let Interval { contig, start, end } = &event.interval;
    let deletion = event.is_deletion();
    let kind = if deletion { "DEL" } else { "DUP" };
    let span = i64::from(end - start);
    let affected = &called.targets[event.first..=event.last];
    // From the base after the last unaffected one; inside the outermost targets as far as these reach.
    let (first, last) = (&affected[0].interval, &affected[affected.len() - 1].interval);
    let left = (
        i64::from(event.earliest_start) - i64::from(*start),
        i64::from(first.len()) - 1,
    );
    let right = (
        1 - i64::from(last.len()),
        i64::from(event.latest_end.unwrap_or(length)) - i64::from(*end),
    );
    let mut info = format!(
        "IMPRECISE;SVTYPE={kind};END={end};SVLEN={};CIPOS={},{};CIEND={},{};TARGETS={}",
        if deletion { -span } else { span },
        left.0,
        left.1,
        right.0,
        right.1,
        event.targets
    );
    let mut names: Vec<&str> = Vec::new();
    for name in affected
        .iter()
        .filter_map(|t| t.name.as_deref())
        .flat_map(|n| n.split(','))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        let _ = write!(info, ";NAMES={}", names.join(","));
    }
    let hit = exons_hit(affected, exons);
    if !hit.is_empty() {
        let mut genes: Vec<&str> = hit.iter().map(|h| h.gene).collect();
        genes.dedup();
        let words: Vec<String> = hit.iter().map(ToString::to_string).collect();
        let _ = write!(info, ";GENES={};EXONS={}", genes.join(","), words.join(","));
    }
    let filter = if event.filters.is_empty() {
        "PASS".to_owned()
    } else {
        event.filters.join(";")
    };
    format!(
        "{contig}\t{position}\t{kind}_{contig}_{}_{end}\t{base}\t<{kind}>\t{:.1}\t{filter}\t{info}\tGT:CN:CNQ:CNE:RR\t{}:{}:{:.1}:{}:{:.3}",
        start + 1,
        event.quality,
        genotype(event),
        event.copies,
        event.copies_quality,
        event.expected_copies,
        event.ratio
    )
}

/// One copy more or less is one allele; more may lie on one allele or on both.
fn genotype(event: &Event) -> &'static str {
    match (event.expected_copies, event.copies) {
        (1, _) => "1",
        (_, 0) => "1/1",
        (_, 1 | 3) => "0/1",
        _ => "./1",
    }
}

/// Affected exons of one transcript.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hit<'a> {
    gene: &'a str,
    transcript: &'a str,
    exons: Vec<u32>,
    of: u32,
}

impl std::fmt::Display for Hit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:", self.gene, self.transcript)?;
        let mut at = 0;
        while at < self.exons.len() {
            let run = (at..self.exons.len())
                .take_while(|i| self.exons[*i] - self.exons[at] == (*i - at) as u32)
                .count();
            let (from, to) = (self.exons[at], self.exons[at + run - 1]);
            f.write_str(if at > 0 { "+" } else { "" })?;
            if from == to {
                write!(f, "{from}")?;
            } else {
                write!(f, "{from}-{to}")?;
            }
            at += run;
        }
        write!(f, "/{}", self.of)
    }
}

/// Exons that share a base with a target that is said to be deleted or duplicated (or lies in an event that is filtered).
fn exons_hit<'a>(affected: &[TargetCall], exons: &'a [Exon]) -> Vec<Hit<'a>> {
    use super::Reason;
    let counts = |t: &&TargetCall| {
        matches!(t.state, State::Deleted | State::Duplicated)
            || matches!(t.reason, Some(Reason::LowQuality | Reason::SampleQuality))
    };
    let affected: Vec<&Interval> = affected.iter().filter(counts).map(|t| &t.interval).collect();
    let (Some(first), Some(last)) = (affected.first(), affected.last()) else {
        return Vec::new();
    };
    let whole = Interval::new(first.contig.clone(), first.start, last.end);
    let mut found: Vec<&Exon> = exons
        .iter()
        .filter(|e| e.interval.overlaps(&whole) && affected.iter().any(|t| t.overlaps(&e.interval)))
        .collect();
    found.sort_by(|a, b| (&a.gene, &a.transcript, a.number).cmp(&(&b.gene, &b.transcript, b.number)));
    let mut hits: Vec<Hit<'a>> = Vec::new();
    for exon in found {
        match hits.last_mut() {
            Some(hit) if hit.gene == exon.gene && hit.transcript == exon.transcript => hit.exons.push(exon.number),
            _ => hits.push(Hit {
                gene: &exon.gene,
                transcript: &exon.transcript,
                exons: vec![exon.number],
                of: exon.of,
            }),
        }
    }
    hits
}

/// Every target as a table: columns separated by tabs, `.` where there is no value; `start` and `end` are 0-based,
/// half-open.
fn table(called: &CopyNumber, exons: &[Exon], contigs: &Contigs) -> String {
    let mut text = format!(
        "##sample={}\n##verdict={}\n",
        called.sample,
        called.quality.verdict.as_str()
    );
    for reason in &called.quality.reasons {
        let _ = writeln!(text, "##reason={reason}");
    }
    text.push_str(
        "#contig\tstart\tend\tname\texons\tstate\treason\tcopies\texpected_copies\tquality\tfragments\t\
         expected_fragments\tdeletion_seen_from\tduplication_seen_from\tgc\tspread\n",
    );
    let mut by_contig: Vec<Vec<&Exon>> = vec![Vec::new(); contigs.len()];
    for exon in exons {
        if let Some(at) = contigs.index_of(&exon.interval.contig) {
            by_contig[at].push(exon);
        }
    }
    for list in &mut by_contig {
        list.sort_by_key(|e| (e.interval.start, e.interval.end));
    }
    let longest = exons.iter().map(|e| e.interval.len()).max().unwrap_or(0);
    for target in &called.targets {
        let interval = &target.interval;
        let near = contigs
            .index_of(&interval.contig)
            .map_or(&[][..], |at| &by_contig[at][..]);
        let end = near.partition_point(|e| e.interval.start < interval.end);
        let begin = near.partition_point(|e| e.interval.start.saturating_add(longest) <= interval.start);
        let words: Vec<String> = near[begin..end]
            .iter()
            .filter(|e| e.interval.overlaps(interval))
            .map(|e| format!("{}:{}:{}/{}", e.gene, e.transcript, e.number, e.of))
            .collect();
        let exons = if words.is_empty() {
            ".".to_owned()
        } else {
            words.join(",")
        };
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{}\t{exons}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            interval.contig,
            interval.start,
            interval.end,
            target.name.as_deref().unwrap_or("."),
            target.state.as_str(),
            target.reason.map_or(".", super::Reason::as_str),
            shown(target.copies),
            shown(target.expected_copies),
            shown(target.quality),
            target.fragments,
            shown(target.expected_fragments),
            shown(target.deletion_seen_from),
            shown(target.duplication_seen_from),
            shown(target.gc),
            shown(target.spread),
        );
    }
    text
}

fn shown(value: Option<impl std::fmt::Display>) -> String {
    value.map_or_else(|| ".".to_owned(), |v| v.to_string())
}

/// Writes the table.
pub fn write_table(path: &Path, called: &CopyNumber, exons: &[Exon], contigs: &Contigs) -> Result<()> {
    fs::write_atomic(path, table(called, exons, contigs).as_bytes())
}
