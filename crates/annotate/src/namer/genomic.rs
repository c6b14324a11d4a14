//! Alleles of the genome: their g. name, and their names on every transcript they lie on.

use clinotype_genome::Result;

use super::{
    Entry, Namer,
    allele::Stop,
    answer::{Answer, OtherTranscript},
    compose::{plain, write},
    prepare::Prepared,
    target::Record,
};
use crate::{
    hgvs::{
        describe::{Strip, StripEdit},
        name::{Phase, System},
    },
    transcripts::compare,
};

impl Namer<'_> {
    /// The names of a genomic allele on the transcripts it lies on: the preferred one, then the others.
    pub(super) fn on_transcripts(
        &self,
        record: &Record<'_>,
        edits: &[StripEdit],
        answer: &mut Answer,
    ) -> Result<(), Stop> {
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else {
            return Ok(());
        };
        for entry in self.over(&record.contig, first.start, last.end.max(first.start + 1)) {
            let prepared = self.prepare(entry, false)?;
            let mut made = Vec::new();
            for edit in edits {
                let edit = normal_on(record, edit)?;
                if let Some(edit) = prepared.locus.of_genome(&edit)? {
                    made.push(edit);
                }
            }
            let (low, high) = prepared.locus.span();
            if made.len() != edits.len() || made.iter().any(|e| e.end < low || e.start > high) {
                continue;
            }
            made.sort_by_key(|e| (e.start, e.end));
            let Some(moved) = prepared.placed_inside(made)? else {
                continue;
            };
            let normal = prepared.normalised(&moved)?;
            let system = prepared.system();
            let Some(changes) = prepared.changes(&normal, system)? else {
                continue;
            };
            let name = Some(write(
                plain(&prepared.accession),
                system,
                vec![changes],
                Phase::Cis,
                false,
            ));
            let p = prepared.protein(&normal)?;
            if answer.transcript.is_some() {
                answer.others.push(OtherTranscript {
                    transcript: prepared.accession.clone(),
                    name,
                    p,
                });
                continue;
            }
            answer.transcript = Some(prepared.accession.clone());
            answer.notes.extend(prepared.notes.iter().cloned());
            answer.n = prepared.changes(&normal, System::NonCoding)?.map(|changes| {
                write(
                    plain(&prepared.accession),
                    System::NonCoding,
                    vec![changes],
                    Phase::Cis,
                    false,
                )
            });
            if system == System::Coding {
                answer.c = name;
            }
            answer.r = prepared.rna(&normal)?;
            answer.p = p;
        }
        Ok(())
    }

    /// Transcripts over a stretch, the preferred first.
    fn over(&self, contig: &str, start: u32, end: u32) -> Vec<Entry> {
        let mut found: Vec<Entry> = Vec::new();
        for (set, transcripts) in self.sets.iter().enumerate() {
            let mut here = transcripts.overlapping(contig, start.saturating_sub(1), end + 1);
            here.retain(|n| transcripts.get(*n).has_accession);
            here.sort_by(|a, b| compare(transcripts.get(*a), transcripts.get(*b)));
            found.extend(here.into_iter().map(|n| Entry::Set(set, n)));
        }
        found.extend(self.aligned.iter().enumerate().filter_map(|(n, t)| {
            let low = t.exons.iter().map(|e| e.0).min()?;
            let high = t.exons.iter().map(|e| e.1).max()?;
            (t.contig == contig && low <= end && start <= high).then_some(Entry::Aligned(n))
        }));
        found
    }

    /// `chr17-43057062-C-T`.
    pub(super) fn allele(
        &self,
        chrom: &str,
        position: &str,
        reference: &str,
        alternate: &str,
        answer: &mut Answer,
    ) -> Result<(), Stop> {
        let contig = self
            .contig(chrom)?
            .ok_or_else(|| format!("{chrom} is not among the sequences here"))?;
        let record = self.record(contig);
        let start = position
            .parse::<u32>()
            .ok()
            .and_then(|p| p.checked_sub(1))
            .filter(|p| *p < record.length)
            .ok_or_else(|| {
                format!(
                    "position {position} lies outside {chrom}, which has {} bases",
                    record.length
                )
            })?;
        let bare = |bases: &str| {
            if bases == "-" || bases == "." {
                String::new()
            } else {
                bases.to_ascii_uppercase()
            }
        };
        let (reference, alternate) = (bare(reference), bare(alternate));
        let end = start + reference.len() as u32;
        let ours = String::from_utf8_lossy(&self.bases.fetch(&record.contig, start, end)?).into_owned();
        if ours != reference {
            return Err(Stop::Said(format!(
                "the reference has {ours} at {chrom}:{position}, the input says {reference}"
            )));
        }
        let edit = StripEdit {
            start,
            end,
            inserted: alternate.into_bytes(),
        };
        if ours.as_bytes() == edit.inserted {
            return Err(Stop::Said("the new bases are those of the reference".to_owned()));
        }
        answer.vcf = self.vcf(&record, &edit)?;
        answer.g = self.genomic(&record, std::slice::from_ref(&edit))?;
        answer.normalized.clone_from(&answer.g);
        self.on_transcripts(&record, &[edit], answer)
    }
}

/// A genomic edit without the bases it leaves as they are, so that it is placed by what it changes.
fn normal_on(record: &Record<'_>, edit: &StripEdit) -> Result<StripEdit> {
    let made = edit.normalised(record, record.length)?;
    if made.start == made.end && made.inserted.is_empty() {
        Ok(edit.clone())
    } else {
        Ok(made)
    }
}

impl Prepared<'_> {
    /// Placements of edits inside the transcript, where equal ones reach over its edge; `None` where none is inside.
    fn placed_inside(&self, edits: Vec<StripEdit>) -> Result<Option<Vec<StripEdit>>> {
        let (low, high) = self.locus.span();
        let mut out = Vec::with_capacity(edits.len());
        for edit in edits {
            let mut edit = edit.normalised(&self.locus, self.locus.length())?;
            let inner = u32::from(edit.start == edit.end);
            // The most 3' placement may lie beyond the transcript's end: step back as long as the bases allow it.
            while edit.end + inner > high
                && edit.start > low
                && (edit.inserted.is_empty() || edit.start == edit.end)
                && !(edit.inserted.is_empty() && edit.start == edit.end)
            {
                let before = self.locus.fetch(edit.start - 1, edit.start)?;
                let leaving = if edit.inserted.is_empty() {
                    self.locus.fetch(edit.end - 1, edit.end)?
                } else {
                    edit.inserted[edit.inserted.len() - 1..].to_vec()
                };
                if before != leaving || before == b"N" {
                    break;
                }
                edit.start -= 1;
                edit.end -= 1;
                if !edit.inserted.is_empty() {
                    edit.inserted.rotate_right(1);
                }
            }
            if edit.start < low + inner || edit.end + inner > high {
                return Ok(None);
            }
            out.push(edit);
        }
        Ok(Some(out))
    }
}
