//! What a name refers to: a record of the FASTA, or a transcript with its place.

use std::sync::Arc;

use clinotype_genome::{ContigKey, Result};

use super::{Entry, Namer, is_transcript, prepare::Prepared, stem};
use crate::{
    bases::Bases,
    hgvs::{
        describe::Strip,
        name::{Anchor, Offset, Position, ReferenceId, System},
    },
};

/// A record of the FASTA as a sequence of its own.
pub(super) struct Record<'a> {
    pub(super) bases: &'a dyn Bases,
    pub(super) contig: String,
    pub(super) length: u32,
}

impl Strip for Record<'_> {
    fn fetch(&self, from: u32, to: u32) -> Result<Vec<u8>> {
        self.bases.fetch(&self.contig, from, to)
    }
    fn length(&self) -> u32 {
        self.length
    }
}

impl Record<'_> {
    /// 0-based place of a position; the error says what is wrong with it.
    pub(super) fn find(&self, position: Position) -> Result<u32, String> {
        match (position.anchor, position.offset) {
            (Anchor::Pter, Offset::None) => Ok(0),
            (Anchor::Qter, Offset::None) => Ok(self.length.saturating_sub(1)),
            (Anchor::Unknown, _) => Err(format!("position {position} is not known")),
            (Anchor::Base(n), Offset::None) if n > 0 => {
                u32::try_from(n - 1).ok().filter(|n| *n < self.length).ok_or_else(|| {
                    format!(
                        "position {position} lies outside {}, which has {} bases",
                        self.contig, self.length
                    )
                })
            }
            _ => Err(format!(
                "position {position} does not belong on a sequence that counts from 1"
            )),
        }
    }
}

/// What a name refers to.
pub(super) enum Target<'a> {
    /// A record, named in this system.
    Record(Record<'a>, System),
    /// A transcript, with the genomic sequence that the name gave it.
    Transcript(Arc<Prepared<'a>>, Option<String>),
}

impl Target<'_> {
    pub(super) fn strip(&self) -> &dyn Strip {
        match self {
            Self::Record(record, _) => record,
            Self::Transcript(prepared, _) => &prepared.locus,
        }
    }
    pub(super) fn find(&self, position: Position, system: System) -> Result<u32, String> {
        match self {
            Self::Record(record, _) => record.find(position),
            // Without a genomic sequence in the name, pter and qter are the transcript's own ends.
            Self::Transcript(prepared, None) if position.offset == Offset::None && position.anchor == Anchor::Pter => {
                Ok(prepared.locus.span().0)
            }
            Self::Transcript(prepared, None) if position.offset == Offset::None && position.anchor == Anchor::Qter => {
                Ok(prepared.locus.span().1.saturating_sub(1))
            }
            Self::Transcript(prepared, _) => prepared.locus.find(position, system),
        }
    }
}

impl<'a> Namer<'a> {
    /// The record of an accession or chromosome name; `Ok(None)` where there is none.
    pub(super) fn contig(&self, accession: &str) -> Result<Option<String>, String> {
        if self.lengths.contains_key(accession) {
            return Ok(Some(accession.to_owned()));
        }
        let Some(key) = ContigKey::of(accession) else {
            return Ok(None);
        };
        let Some(found) = self.bases.contigs().resolve(accession) else {
            return Ok(None);
        };
        if accession.starts_with("NC_") {
            let ours = self.genomic_accession(&found.name);
            match ours {
                Some(ours) if ours != accession => {
                    return Err(format!(
                        "{accession} is not here: chromosome {key} of this reference is {ours}"
                    ));
                }
                None => {
                    return Err(format!(
                        "it is not known whether {} of this reference is {accession}: state the build",
                        found.name
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(Some(found.name.clone()))
    }

    pub(super) fn record(&self, contig: String) -> Record<'a> {
        let length = self.lengths.get(&contig).copied().unwrap_or(0);
        Record {
            bases: self.bases,
            contig,
            length,
        }
    }

    /// Finds what a name refers to. The errors say what was found instead.
    pub(super) fn target(
        &self,
        reference: &ReferenceId,
        system: Option<System>,
        notes: &mut Vec<String>,
    ) -> Result<Target<'a>, String> {
        let accession = reference.accession.as_str();
        let contig = if is_transcript(accession) {
            None
        } else {
            self.contig(accession)?
        };
        if let Some(system) = system.filter(|s| s.is_genomic()) {
            if is_transcript(accession) || self.accessions.contains_key(accession) {
                return Err(format!(
                    "{accession} is a transcript: its positions are c. or n., not {system}"
                ));
            }
            if let Some(selector) = &reference.selector {
                return Err(format!(
                    "{system} positions count along {accession}: leave ({selector}) out"
                ));
            }
            let contig = contig.ok_or_else(|| self.missing(accession))?;
            if system == System::Mitochondrial && !Self::is_mitochondrial(&contig) {
                return Err(format!(
                    "{accession} is not a mitochondrial sequence: m. does not belong to it"
                ));
            }
            let system = if Self::is_mitochondrial(&contig) {
                System::Mitochondrial
            } else {
                system
            };
            return Ok(Target::Record(self.record(contig), system));
        }
        match (&reference.selector, contig) {
            (Some(selector), Some(contig)) => {
                let entry = self.select(accession, &contig, selector, system)?;
                Ok(Target::Transcript(
                    self.prepare(entry, true)?,
                    Some(accession.to_owned()),
                ))
            }
            (None, Some(contig)) => {
                let Some(system) = system else {
                    let system = if Self::is_mitochondrial(&contig) {
                        System::Mitochondrial
                    } else {
                        System::Genomic
                    };
                    return Ok(Target::Record(self.record(contig), system));
                };
                let options = self.on_contig(&contig, system);
                match options.as_slice() {
                    [one] => Ok(Target::Transcript(
                        self.prepare(*one, true)?,
                        Some(accession.to_owned()),
                    )),
                    [] => Err(format!("{accession} carries no transcript for {system} names here")),
                    many => Err(format!(
                        "{accession} carries {} transcripts: say which one, as {accession}({}); there are {}",
                        many.len(),
                        self.accession_of(many[0]),
                        self.list(many)
                    )),
                }
            }
            (selector, None) => {
                let (accession, entry) = self.find_transcript(accession, notes)?;
                let prepared = match entry {
                    Some(entry) => self.prepare(entry, false)?,
                    None => self.alone(&accession)?,
                };
                if let Some(selector) = selector
                    && !selector.eq_ignore_ascii_case(&prepared.transcript.gene)
                    && !prepared.transcript.gene.is_empty()
                {
                    notes.push(format!(
                        "{accession} is a transcript of {}, not of {selector}",
                        prepared.transcript.gene
                    ));
                }
                Ok(Target::Transcript(prepared, None))
            }
        }
    }

    fn missing(&self, accession: &str) -> String {
        let same: Vec<&str> = self
            .lengths
            .keys()
            .filter(|name| stem(name) == stem(accession) && stem(accession) != accession)
            .map(String::as_str)
            .collect();
        match same.as_slice() {
            [] => format!("{accession} is not among the sequences here"),
            some => {
                let mut some = some.to_vec();
                some.sort_unstable();
                format!(
                    "{accession} is not among the sequences here; there is {}",
                    some.join(", ")
                )
            }
        }
    }

    fn list(&self, entries: &[Entry]) -> String {
        let mut names: Vec<&str> = entries.iter().map(|e| self.accession_of(*e)).collect();
        names.sort_unstable();
        names.dedup();
        let more = names.len().saturating_sub(8);
        names.truncate(8);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!("{}{more}", names.join(", "))
    }

    /// Entries on a contig that a system can name on.
    fn on_contig(&self, contig: &str, system: System) -> Vec<Entry> {
        let mut found: Vec<Entry> = self
            .accessions
            .values()
            .flatten()
            .copied()
            .filter(|e| self.contig_of(*e) == contig && self.fits(*e, system))
            .collect();
        found.sort_by_key(|e| self.accession_of(*e).to_owned());
        found.dedup();
        found
    }

    /// Whether a transcript can carry names of a system: c. needs a coding sequence.
    fn fits(&self, entry: Entry, system: System) -> bool {
        let coding = match entry {
            Entry::Set(set, number) => self.sets[set].get(number).cds.is_some(),
            Entry::Aligned(number) => self.aligned[number].coding.is_some(),
        };
        system != System::Coding || coding
    }

    /// The transcript that a selector in parentheses names: an accession, a gene, or `GENE_v001` of older names where
    /// the gene has one transcript here.
    fn select(&self, parent: &str, contig: &str, selector: &str, system: Option<System>) -> Result<Entry, String> {
        let here = |entries: &Vec<Entry>| -> Vec<Entry> {
            let mut here: Vec<Entry> = entries
                .iter()
                .copied()
                .filter(|e| self.contig_of(*e) == contig)
                .collect();
            here.sort_by_key(|e| self.accession_of(*e).to_owned());
            here.dedup();
            here
        };
        if let Some(found) = self.accessions.get(selector).and_then(|e| here(e).first().copied()) {
            return Ok(found);
        }
        let gene = match selector.rsplit_once("_v") {
            Some((gene, n)) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => gene,
            _ => selector,
        };
        let wanted = system.unwrap_or(System::NonCoding);
        let of_gene: Vec<Entry> = self
            .genes
            .get(gene)
            .map(here)
            .unwrap_or_default()
            .into_iter()
            .filter(|e| self.fits(*e, wanted))
            .collect();
        match of_gene.as_slice() {
            [one] => return Ok(*one),
            [] => {}
            many => {
                return Err(format!(
                    "{selector} has {} transcripts on {parent}: say which one; there are {}",
                    many.len(),
                    self.list(many)
                ));
            }
        }
        let all = self.on_contig(contig, System::NonCoding);
        Err(if let Some(versions) = self.versions(selector) {
            format!("{selector} is not on {parent}; there is {versions}")
        } else if all.is_empty() {
            format!("{parent} carries no transcripts here, so {selector} is not known")
        } else {
            format!("{selector} is not on {parent}; there are {}", self.list(&all))
        })
    }

    /// The versions of an accession that are here, in words.
    fn versions(&self, accession: &str) -> Option<String> {
        let versions = self.stems.get(stem(accession))?;
        let mut versions = versions.clone();
        versions.sort();
        Some(versions.join(", "))
    }

    /// A transcript by accession: its full accession, and where it is placed.
    fn find_transcript(&self, accession: &str, notes: &mut Vec<String>) -> Result<(String, Option<Entry>), String> {
        let placed = |accession: &str| -> Option<Entry> {
            let entries = self.accessions.get(accession)?;
            // A place on a chromosome first, then the transcript's own record, then gene records and patches.
            entries.iter().copied().min_by_key(|e| {
                let contig = self.contig_of(*e);
                let other = !is_transcript(contig);
                (ContigKey::of(contig).is_none(), other, contig.to_owned())
            })
        };
        if let Some(entry) = placed(accession) {
            return Ok((accession.to_owned(), Some(entry)));
        }
        if self.lengths.contains_key(accession) {
            return Ok((accession.to_owned(), None));
        }
        let versions = self.stems.get(stem(accession)).cloned().unwrap_or_default();
        if stem(accession) == accession
            && let [one] = versions.as_slice()
        {
            notes.push(format!("no version is given; {one} is taken, the only one here"));
            return Ok((one.clone(), placed(one)));
        }
        Err(match self.versions(accession) {
            Some(versions) => format!("{accession} is not among the transcripts here; there is {versions}"),
            None => format!("{accession} is neither among the transcripts nor the sequences here"),
        })
    }
}
