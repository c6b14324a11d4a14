//! From the rows of a GFF3 file to transcripts, with every coordinate checked.

use std::{collections::BTreeMap, path::Path};

use clinotype_genome::{Build, ContigKey, Contigs, Fault, Result, Strand, build::RCRS_LENGTH};

use super::{
    build::{Loaded, Rows},
    model::{Difference, Span, Transcript, TranscriptPlace},
    rows::{Match, Parent, Parts, is_gene, without_prefix},
};
use crate::{code::GeneticCode, consequence::MATURE_MIRNA, mane};

pub(super) fn assemble(
    path: &Path,
    contigs: &Contigs,
    mut rows: Rows,
    loaded: &mut Loaded,
    build: Build,
) -> Result<()> {
    let mut skipped: BTreeMap<String, u64> = BTreeMap::new();
    let mut phases = Counted::default();
    let (mut pseudogenes, mut trans_spliced) = (Counted::default(), Counted::default());
    let mut total = 0_u64;
    let mut assembled = Vec::new();
    let parts = std::mem::take(&mut rows.parts);
    for (id, parts) in parts {
        // A transcript that is put together from several places has no exons of one order on one contig.
        let first = parts.first().map_or("", |p| p.contig.as_str());
        if rows.parent(&id, first).is_some_and(|p| p.trans_spliced) {
            trans_spliced.add(without_prefix(&id));
            total += 1;
            continue;
        }
        for part in parts {
            total += 1;
            let Some(parent) = rows.parent(&id, &part.contig) else {
                return Err(
                    Fault::input(format!("the parent {id} of this feature is not in the file"))
                        .at(path)
                        .line(part.line)
                        .hint("use the complete file of the provider; filtered files must keep transcripts and genes"),
                );
            };
            let Some(contig) = resolve(contigs, &parent.contig, build, path, parent.line)? else {
                *skipped.entry(parent.contig.clone()).or_default() += 1;
                continue;
            };
            if part.contig != parent.contig {
                return Err(Fault::input(format!(
                    "an exon of {} lies on {}, the transcript on {}",
                    without_prefix(&id),
                    part.contig,
                    parent.contig
                ))
                .at(path)
                .line(part.line));
            }
            let is_gene = is_gene(&parent.kind);
            if is_gene && part.coding.is_empty() {
                // Exons straight under a gene (pseudogenes of RefSeq): no transcript to name.
                pseudogenes.add(parent.symbol.as_deref().unwrap_or(without_prefix(&id)));
                continue;
            }
            let gene = match &parent.under {
                Some(gene_id) if !is_gene => Some(rows.parent(gene_id, &parent.contig).ok_or_else(|| {
                    Fault::input(format!("the gene {gene_id} of transcript {id} is not in the file"))
                        .at(path)
                        .line(parent.line)
                        .hint("use the complete file of the provider")
                })?),
                _ => None,
            };
            // A mature microRNA hangs under its primary transcript, and that under the gene.
            let mature = parent.kind == "miRNA" && gene.is_some_and(|g| !super::rows::is_gene(&g.kind));
            let gene = match gene {
                Some(primary) if mature => primary
                    .under
                    .as_ref()
                    .and_then(|id| rows.parent(id, &parent.contig))
                    .or(gene),
                _ => gene,
            };
            let mut transcript = transcript(path, &id, parent, gene, part, contig.0, contig.1)?;
            if mature {
                MATURE_MIRNA.clone_into(&mut transcript.biotype);
            }
            if transcript.warnings.iter().any(|w| w.contains("phase")) {
                phases.add(&transcript.accession);
            }
            if let Some(matches) = rows.matches.get(&transcript.accession) {
                transcript.differences = aligned(&transcript, &parent.contig, matches);
            }
            assembled.push(transcript);
        }
    }
    loaded.transcripts.append(&mut assembled);
    for (counted, words) in [
        (
            &pseudogenes,
            "genes with exons but no transcript (pseudogenes) were left out",
        ),
        (&trans_spliced, "trans-spliced transcripts were left out"),
        (
            &phases,
            "transcripts have a CDS row whose phase does not follow from the rows before it; they are read by their exons",
        ),
    ] {
        loaded.warnings.extend(counted.words(words));
    }
    if !skipped.is_empty() {
        let count: u64 = skipped.values().sum();
        loaded.warnings.push(format!(
            "{count} transcripts on {} contigs that the reference lacks were left out ({})",
            skipped.len(),
            skipped.keys().take(5).cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    if loaded.transcripts.is_empty() {
        let what = if total == 0 {
            "holds no transcript: no exon or CDS has a parent"
        } else {
            "no transcript lies on a contig of the reference"
        };
        return Err(Fault::input(what)
            .at(path)
            .hint("give the transcript file (GFF3) that belongs to this reference"));
    }
    Ok(())
}

/// How often something was met, and the first.
#[derive(Default)]
struct Counted {
    count: u64,
    first: String,
}

impl Counted {
    fn add(&mut self, name: &str) {
        if self.count == 0 {
            name.clone_into(&mut self.first);
        }
        self.count += 1;
    }
    fn words(&self, words: &str) -> Option<String> {
        (self.count > 0).then(|| format!("{} {words} (the first: {})", self.count, self.first))
    }
}

/// The gaps of a transcript's alignment. Their bases are not known from it, nor where single bases differ.
fn aligned(t: &Transcript, contig: &str, matches: &[Match]) -> Vec<Difference> {
    let span = t.span();
    let mut rows: Vec<&Match> = matches
        .iter()
        .filter(|m| m.contig == contig && m.span.start < span.end && span.start < m.span.end)
        .filter(|m| m.strand.is_none_or(|s| s == t.strand))
        .collect();
    rows.sort_by_key(|m| (m.target.start, m.target.end));
    let mut found = Vec::new();
    let mut push = |offset: u32, genome: u32, length: u32| {
        found.push(Difference {
            offset,
            genome,
            length,
            transcript: None,
        });
    };
    let mut target = rows.first().map_or(0, |m| m.target.start);
    for row in rows {
        let first = match t.strand {
            Strand::Forward => row.span.start,
            Strand::Reverse => row.span.end - 1,
        };
        let TranscriptPlace::Exonic(mut offset) = t.place(first) else {
            // Aligned where the file's own exons are not: nothing that can be told from it.
            return Vec::new();
        };
        if row.target.start > target {
            push(offset, 0, row.target.start - target);
        }
        for (operation, bases) in &row.gap {
            match operation {
                b'I' => push(offset, 0, *bases),
                b'D' => {
                    push(offset, *bases, 0);
                    offset += bases;
                }
                _ => offset += bases,
            }
        }
        target = row.target.end;
    }
    let length = t.length();
    found.retain(|d| d.offset.checked_add(d.genome).is_some_and(|end| end <= length));
    found
}

/// The reference's contig for a name of the file: exact, else by primary contig. The rCRS is never mapped to a
/// mitochondrial contig of another length.
fn resolve<'a>(
    contigs: &'a Contigs,
    name: &str,
    build: Build,
    path: &Path,
    line: u64,
) -> Result<Option<(&'a str, u32)>> {
    let Some(found) = contigs.resolve(name) else {
        return Ok(None);
    };
    if let Some(key) = ContigKey::of(name) {
        if key.as_str() == "MT" && found.length != RCRS_LENGTH {
            return Ok(None);
        }
        if name.starts_with("NC_") && build.accession(&key).is_some_and(|a| a != name) {
            return Err(
                Fault::input(format!("{name} is not the sequence of chromosome {key} on {build}"))
                    .at(path)
                    .line(line)
                    .hint(format!("give the transcript file of {build}")),
            );
        }
    }
    Ok(Some((&found.name, found.length)))
}

#[allow(clippy::too_many_arguments)]
fn transcript(
    path: &Path,
    id: &str,
    parent: &Parent,
    gene: Option<&Parent>,
    mut part: Parts,
    contig: &str,
    length: u32,
) -> Result<Transcript> {
    let at = |what: String, line: u64| Fault::input(what).at(path).line(line);
    let accession = parent
        .accession
        .clone()
        .unwrap_or_else(|| without_prefix(id).to_owned());
    if part.exons.is_empty() {
        part.exons = part.coding.iter().map(|(s, _, l)| (*s, *l)).collect();
    }
    part.exons.sort_by_key(|(s, _)| (s.start, s.end));
    part.exons.dedup_by_key(|(s, _)| *s);
    for (span, line) in &part.exons {
        if span.end > length {
            return Err(at(
                format!(
                    "an exon of {accession} ends at {}, beyond {contig}, which has {length} bases",
                    span.end
                ),
                *line,
            )
            .hint("the transcripts belong to another genome build"));
        }
    }
    for pair in part.exons.windows(2) {
        if pair[1].0.start < pair[0].0.end {
            return Err(at(format!("two exons of {accession} overlap"), pair[1].1));
        }
    }
    // Exons of a transcript described on its own record leave no gap, and its CDS is one row over them.
    let mut blocks: Vec<Span> = Vec::with_capacity(part.exons.len());
    for (exon, _) in &part.exons {
        match blocks.last_mut() {
            Some(last) if last.end == exon.start => last.end = exon.end,
            _ => blocks.push(*exon),
        }
    }
    for (span, _, line) in &part.coding {
        if !blocks.iter().any(|e| e.start <= span.start && span.end <= e.end) {
            return Err(at(
                format!(
                    "this CDS of {accession} ({}-{}) lies outside its exons",
                    span.start + 1,
                    span.end
                ),
                *line,
            ));
        }
    }
    let Some(strand) = parent.strand.or(part.strand) else {
        return Err(at(format!("transcript {accession} has no strand"), parent.line));
    };
    if parent.start > part.exons[0].0.start || parent.end < part.exons[part.exons.len() - 1].0.end {
        return Err(at(
            format!("exons of {accession} reach beyond the transcript's own line"),
            parent.line,
        ));
    }
    let mut exons: Vec<Span> = part.exons.iter().map(|(s, _)| *s).collect();
    part.coding.sort_by_key(|(s, _, _)| s.start);
    let cds = part.coding.first().zip(part.coding.last()).map(|(a, b)| Span {
        start: a.0.start,
        end: b.0.end,
    });
    let first = match strand {
        Strand::Forward => part.coding.first(),
        Strand::Reverse => part.coding.last(),
    };
    let phase = first.and_then(|(_, p, _)| *p).unwrap_or(0);
    if strand == Strand::Reverse {
        exons.reverse();
    }
    let gene = gene.unwrap_or(parent);
    let gene_id = gene
        .gene_id
        .clone()
        .or_else(|| parent.gene_id.clone())
        .unwrap_or_else(|| {
            parent
                .under
                .as_deref()
                .map_or(accession.as_str(), without_prefix)
                .to_owned()
        });
    let mut warnings = Vec::new();
    if parent.differs {
        warnings.push(format!("{accession} differs from the genome"));
    }
    let code = match part.table {
        Some(2) => GeneticCode::Mitochondrial,
        None if ContigKey::of(contig).is_some_and(|k| k.as_str() == "MT") => GeneticCode::Mitochondrial,
        _ => GeneticCode::Standard,
    };
    let mut transcript = Transcript {
        mane: mane::state(&accession, parent.select),
        gene: gene
            .symbol
            .clone()
            .or_else(|| parent.symbol.clone())
            .unwrap_or_else(|| gene_id.clone()),
        hgnc_id: gene.hgnc.clone().or_else(|| parent.hgnc.clone()),
        gene_id,
        biotype: parent
            .biotype
            .clone()
            .unwrap_or_else(|| biotype_of(&parent.kind, cds.is_some())),
        strand,
        contig: contig.to_owned(),
        exons,
        cds,
        protein_id: part.protein_id,
        canonical: parent.canonical,
        warnings,
        offsets: Vec::new(),
        coding: None,
        phase,
        has_start: !part.start_missing && !parent.start_missing && phase == 0,
        has_accession: !is_gene(&parent.kind),
        code,
        differences: Vec::new(),
        tail_stop: part.tail_stop,
        selenocysteine: Vec::new(),
        accession,
    };
    finish(&mut transcript).map_err(|what| at(what, part.line))?;
    let covered: u32 = part.coding.iter().map(|(s, _, _)| s.len()).sum();
    if cds.is_some() && covered != transcript.coding_length() {
        transcript.warnings.push(format!(
            "the coding sequence of {} is not read straight through its exons (ribosomal slippage)",
            transcript.accession
        ));
    }
    if covered == transcript.coding_length()
        && let Some(line) = phase_error(&part.coding, strand)
    {
        transcript.warnings.push(format!(
            "the phase of a CDS row of {} (line {line}) does not follow from the rows before it",
            transcript.accession
        ));
    }
    for position in part.selenocysteine {
        let place = match strand {
            Strand::Forward => position - 1,
            // The file gives the codon's lowest base; its first base in the transcript is the highest.
            Strand::Reverse => position + 1,
        };
        if let (TranscriptPlace::Exonic(offset), Some(coding)) = (transcript.place(place), transcript.coding)
            && offset >= coding.start
        {
            transcript
                .selenocysteine
                .push((offset - coding.start + transcript.padding()) / 3);
        }
    }
    Ok(transcript)
}

/// The line of the first CDS row (sorted by start) whose phase is missing or does not follow from the rows before it.
fn phase_error(coding: &[(Span, Option<u8>, u64)], strand: Strand) -> Option<u64> {
    let mut rows: Vec<_> = coding.iter().collect();
    if strand == Strand::Reverse {
        rows.reverse();
    }
    let mut expected: Option<u32> = None;
    for (span, phase, line) in rows {
        let Some(phase) = phase.map(u32::from) else {
            return Some(*line);
        };
        if expected.is_some_and(|expected| expected != phase) {
            return Some(*line);
        }
        // Bases of the last codon that stand in the next row.
        expected = Some((3 - (span.len() + 3 - phase) % 3) % 3);
    }
    None
}

/// The biotype where the file states none (RefSeq): from the row's type.
fn biotype_of(kind: &str, coding: bool) -> String {
    match kind {
        _ if coding => "protein_coding".to_owned(),
        "lnc_RNA" => "lncRNA".to_owned(),
        other => other.to_owned(),
    }
}

/// Fills the derived coordinates.
pub(crate) fn finish(transcript: &mut Transcript) -> Result<(), String> {
    let mut offset = 0_u32;
    transcript.offsets.clear();
    for exon in &transcript.exons {
        transcript.offsets.push(offset);
        offset = offset
            .checked_add(exon.len())
            .ok_or_else(|| format!("{} is longer than any transcript can be", transcript.accession))?;
    }
    if let Some(cds) = transcript.cds {
        let (first, last) = match transcript.strand {
            Strand::Forward => (cds.start, cds.end - 1),
            Strand::Reverse => (cds.end - 1, cds.start),
        };
        let (TranscriptPlace::Exonic(start), TranscriptPlace::Exonic(end)) =
            (transcript.place(first), transcript.place(last))
        else {
            return Err(format!(
                "the coding sequence of {} lies outside its exons",
                transcript.accession
            ));
        };
        transcript.coding = Some(Span { start, end: end + 1 });
    }
    Ok(())
}
