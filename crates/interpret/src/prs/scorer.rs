//! From the records of a sorted target to the sums of a score.

use clinotype_case::prs::{Matching, Missing, Settings};

use super::{
    complex::{self, Kept},
    matching::{self, Match},
    score_file::{Model, Row, ScoreFile},
    site::{Block, Call, Site, contig_name},
};

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Number of the row in the score file, first 1.
    pub row: u32,
    /// Contig and 1-based position, where the row has them.
    pub place: Option<(String, u32)>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In the sum; how it matched, and the record: REF, ALT, the effect allele's number.
    Matched(&'static str, String),
    /// It matched, and is left out.
    Excluded(&'static str),
    /// It did not match.
    Unmatched(&'static str),
}

/// Sums of one sample while the target is read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Sum of weights by dosages.
    pub sum: f64,
    /// Rows with a genotype.
    pub scored: u64,
    /// Matched rows without one.
    pub missing: u64,
    /// Rows that a reference block filled.
    pub filled: u64,
    /// Sum of effect-allele dosages.
    pub effect_dosage: f64,
}

const AMBIGUOUS: &str = "strand ambiguous: the alleles are A and T, or C and G";
const MULTIALLELIC: &str = "the record has several alternates";
const DUPLICATE: &str = "several rows match one record";
const FLIP: &str = "matches by the other strand only";
const FILTERED: &str = "the record failed a filter";
const ABSENT: &str = "no record at the position";
const OTHER_ALLELES: &str = "the record has other alleles";
const IN_BLOCK_UNSURE: &str = "in a reference block below the quality that fills";
const NO_BASES: &str = "in a reference block, and no reference FASTA tells which allele is the reference";
const NO_OTHER: &str = "in a reference block, and the row names no other allele to prove the reference by";
const NOT_REFERENCE: &str = "in a reference block, and neither allele is the reference, or it cannot be told which";
const COMPLEX: &str = "a part of the interaction or haplotype has no record with its allele";

/// Scores the samples of a target.
#[derive(Debug)]
pub struct Scorer {
    score: ScoreFile,
    settings: Settings,
    /// The contig being read; 0 before the first.
    contig: u8,
    /// Contigs that were read, by number.
    seen: [bool; 256],
    /// Next row of `score.simple` on the contig that has not been settled.
    next: usize,
    /// Records of the position at hand.
    here: Vec<Site>,
    sums: Vec<Sums>,
    matching: Matching,
    audit: Option<Vec<Audit>>,
    /// Places of complex rows, sorted, and the records there.
    places: Vec<(u8, u32)>,
    kept: Kept,
    /// Rows in the sums, by number, for the comparison with a reference.
    used: Vec<u32>,
}

impl Scorer {
    /// For a number of samples. `audited`: whether to keep what became of each row.
    pub fn new(score: ScoreFile, settings: Settings, samples: usize, audited: bool) -> Self {
        let mut places: Vec<(u8, u32)> = score
            .complex
            .iter()
            .flat_map(|c| c.parts().map(|p| (p.contig, p.position)))
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut scorer = Self {
            matching: Matching {
                rows: u64::from(score.rows),
                ..Matching::default()
            },
            score,
            settings,
            contig: 0,
            seen: [false; 256],
            next: 0,
            here: Vec::new(),
            sums: vec![Sums::default(); samples],
            audit: audited.then(Vec::new),
            places,
            kept: Kept::new(),
            used: Vec::new(),
        };
        for (row, why) in std::mem::take(&mut scorer.score.unusable) {
            scorer.settle_as(row, None, Outcome::Unmatched(why.words()));
        }
        scorer
    }

    /// The score.
    pub fn score(&self) -> &ScoreFile {
        &self.score
    }

    /// The first position at or behind this one of the contig at which a record matters. To be asked in the order of the
    /// target, before the record is given.
    pub fn next_position(&self, contig: u8, from: u32) -> Option<u32> {
        let at = (contig, from);
        let start = if contig == self.contig { self.next } else { 0 };
        let rows = &self.score.simple[start..];
        let row = rows
            .get(rows.partition_point(|r| (r.contig, r.position) < at))
            .map(|r| (r.contig, r.position));
        let place = self.places.get(self.places.partition_point(|p| *p < at)).copied();
        [row, place]
            .into_iter()
            .flatten()
            .filter(|p| p.0 == contig)
            .map(|p| p.1)
            .min()
    }

    /// Takes a record.
    pub fn add(&mut self, site: Site) {
        let at = (site.contig, site.position);
        if self.here.first().is_some_and(|s| (s.contig, s.position) != at) {
            self.settle_here();
        }
        self.pass_to(at);
        self.here.push(site);
    }

    /// Takes a reference block of a gVCF. `reference` gives bases from a 1-based position on, upper case, or nothing
    /// where they are not known.
    pub fn fill(&mut self, block: &Block, mut reference: impl FnMut(u32, u32) -> Option<String>) {
        self.settle_here();
        self.pass_to((block.contig, block.start));
        let end = (block.contig, block.end);
        while let Some(row) = self.score.simple.get(self.next) {
            if (row.contig, row.position) > end {
                break;
            }
            let row = row.clone();
            self.next += 1;
            self.fill_row(&row, block, &mut reference);
        }
        let from = self.places.partition_point(|p| *p < (block.contig, block.start));
        for at in self.places[from..]
            .iter()
            .copied()
            .take_while(|p| *p <= end)
            .collect::<Vec<_>>()
        {
            if block.certain
                && let Some(base) = reference(at.1, 1)
            {
                let mut call = Call::REFERENCE;
                call.ploidy = block.ploidy;
                self.kept.entry(at).or_default().push(Site {
                    contig: at.0,
                    position: at.1,
                    reference: base,
                    alternates: Vec::new(),
                    filtered: false,
                    calls: vec![call],
                });
            }
        }
    }

    fn fill_row(&mut self, row: &Row, block: &Block, reference: &mut impl FnMut(u32, u32) -> Option<String>) {
        let place = Some((row.contig, row.position));
        let longest = row.effect.len().max(row.other.as_ref().map_or(0, |o| o.len())) as u32;
        let outcome = if !block.certain {
            Err(Outcome::Unmatched(IN_BLOCK_UNSURE))
        } else if row.other.is_none() {
            Err(Outcome::Unmatched(NO_OTHER))
        } else if row.position + longest - 1 > block.end {
            // The reference allele must lie in the block whole.
            Err(Outcome::Unmatched(NOT_REFERENCE))
        } else {
            match reference(row.position, longest) {
                None => Err(Outcome::Unmatched(NO_BASES)),
                Some(bases) => match matching::at_reference(row, &bases) {
                    None => Err(Outcome::Unmatched(NOT_REFERENCE)),
                    Some((_, true)) if self.settings.skip_flips => Err(Outcome::Excluded(FLIP)),
                    Some((allele, _)) => Ok(allele),
                },
            }
        };
        let ambiguous = row
            .other
            .as_deref()
            .is_some_and(|other| matching::is_ambiguous(&row.effect, other));
        match outcome {
            Err(outcome) => self.settle_as(row.number, place, outcome),
            Ok(_) if ambiguous && !self.settings.keep_ambiguous => {
                self.settle_as(row.number, place, Outcome::Excluded(AMBIGUOUS));
            }
            Ok(allele) => {
                let mut call = Call::REFERENCE;
                call.ploidy = block.ploidy;
                self.count(row.model, allele, 1, &[call], true);
                self.used.push(row.number);
                self.settle_as(row.number, place, Outcome::Matched("reference_block", String::new()));
            }
        }
    }

    /// Rows before a place have no record. The contigs of a target come in any order, each once.
    fn pass_to(&mut self, at: (u8, u32)) {
        if at.0 != self.contig {
            self.pass_on_contig(u32::MAX);
            self.contig = at.0;
            self.seen[usize::from(at.0)] = true;
            self.next = self.score.simple.partition_point(|r| r.contig < at.0);
        }
        self.pass_on_contig(at.1);
    }

    fn pass_on_contig(&mut self, position: u32) {
        let at = (self.contig, position);
        while let Some(row) = self.score.simple.get(self.next) {
            if (row.contig, row.position) >= at {
                break;
            }
            let (number, place) = (row.number, Some((row.contig, row.position)));
            self.next += 1;
            self.settle_as(number, place, Outcome::Unmatched(ABSENT));
        }
    }

    /// Settles the rows at the position of the records at hand.
    fn settle_here(&mut self) {
        let sites = std::mem::take(&mut self.here);
        let Some(first) = sites.first() else { return };
        let at = (first.contig, first.position);
        let from = self.next;
        while self
            .score
            .simple
            .get(self.next)
            .is_some_and(|r| (r.contig, r.position) == at)
        {
            self.next += 1;
        }
        let rows: Vec<Row> = self.score.simple[from..self.next].to_vec();
        // The best record of each row; of equal ones the first.
        let best: Vec<Option<(usize, Match)>> = rows
            .iter()
            .map(|row| {
                let found = sites
                    .iter()
                    .enumerate()
                    .filter_map(|(n, s)| matching::best(row, s).map(|m| (n, m)));
                found.min_by_key(|(n, m)| (m.kind, *n))
            })
            .collect();
        for (row, found) in rows.iter().zip(&best) {
            let Some((number, found)) = found else {
                self.settle_as(row.number, Some(at), Outcome::Unmatched(OTHER_ALLELES));
                continue;
            };
            // Rows of one record in the order of the file: the first is the one with the least number.
            let mut same = rows
                .iter()
                .zip(&best)
                .filter(|(_, b)| b.is_some_and(|(n, _)| n == *number));
            let first = same.next().map(|(r, _)| r.number);
            let duplicate = same.next().is_some();
            let site = &sites[*number];
            let reason = self.exclusion(
                site,
                *found,
                duplicate && !(self.settings.keep_first_match && first == Some(row.number)),
            );
            if let Some(reason) = reason {
                self.settle_as(row.number, Some(at), Outcome::Excluded(reason));
                continue;
            }
            self.count(row.model, found.allele, site.alternates.len(), &site.calls, false);
            self.used.push(row.number);
            let record = if self.audit.is_some() {
                format!(
                    "{}>{}, effect allele {}",
                    site.reference,
                    site.alternates.join(","),
                    found.allele
                )
            } else {
                String::new()
            };
            self.settle_as(row.number, Some(at), Outcome::Matched(found.kind.word(), record));
        }
        if self.places.binary_search(&at).is_ok() {
            self.kept.entry(at).or_default().extend(sites);
        }
    }

    fn exclusion(&self, site: &Site, found: Match, duplicate: bool) -> Option<&'static str> {
        let settings = &self.settings;
        let alternate = &site.alternates[usize::from(found.alternate) - 1];
        if site.filtered {
            Some(FILTERED)
        } else if duplicate {
            Some(DUPLICATE)
        } else if !settings.keep_ambiguous && matching::is_ambiguous(&site.reference, alternate) {
            Some(AMBIGUOUS)
        } else if !settings.keep_multiallelic && site.alternates.len() > 1 {
            Some(MULTIALLELIC)
        } else if settings.skip_flips && found.kind.is_flip() {
            Some(FLIP)
        } else {
            None
        }
    }

    /// Adds a row to every sample.
    fn count(&mut self, model: Model, allele: u8, alternates: usize, calls: &[Call], filled: bool) {
        let mut absent = false;
        for (sums, call) in self.sums.iter_mut().zip(calls) {
            let value = call
                .dosage_of(allele, alternates)
                .and_then(|dosage| Some((dosage, model.value(dosage, call.copies_of(allele))?)));
            if let Some((dosage, value)) = value {
                sums.sum += value;
                sums.scored += 1;
                sums.filled += u64::from(filled);
                sums.effect_dosage += dosage;
            } else {
                sums.missing += 1;
                absent = true;
            }
        }
        if absent && self.settings.missing == Missing::CohortMean {
            let dosages: Vec<f64> = calls.iter().filter_map(|c| c.dosage_of(allele, alternates)).collect();
            if dosages.is_empty() {
                return;
            }
            let mean = dosages.iter().sum::<f64>() / dosages.len() as f64;
            for (sums, call) in self.sums.iter_mut().zip(calls) {
                if call.is_missing()
                    && let Some(value) = model.value(mean, None)
                {
                    sums.sum += value;
                }
            }
        }
    }

    fn settle_as(&mut self, row: u32, place: Option<(u8, u32)>, outcome: Outcome) {
        let (map, reason) = match &outcome {
            Outcome::Matched(how, _) => {
                self.matching.matched += 1;
                (&mut self.matching.by, *how)
            }
            Outcome::Excluded(reason) => (&mut self.matching.excluded, *reason),
            Outcome::Unmatched(reason) => (&mut self.matching.unmatched, *reason),
        };
        match map.get_mut(reason) {
            Some(count) => *count += 1,
            None => {
                map.insert(reason.to_owned(), 1);
            }
        }
        if let Some(audit) = &mut self.audit {
            audit.push(Audit {
                row,
                place: place.map(|(contig, position)| (contig_name(contig), position)),
                outcome,
            });
        }
    }

    /// Ends the target: what became of the rows, the sums, the audit by row, and the numbers of the rows in the sums.
    pub fn finish(mut self) -> (Matching, Vec<Sums>, Vec<Audit>, Vec<u32>) {
        self.settle_here();
        self.pass_on_contig(u32::MAX);
        for row in std::mem::take(&mut self.score.simple) {
            if !self.seen[usize::from(row.contig)] {
                self.settle_as(row.number, Some((row.contig, row.position)), Outcome::Unmatched(ABSENT));
            }
        }
        for complex in std::mem::take(&mut self.score.complex) {
            if !complex::is_matched(&complex, &self.kept) {
                self.settle_as(complex.number, None, Outcome::Unmatched(COMPLEX));
                continue;
            }
            for sample in 0..self.sums.len() {
                let value = complex::value(&complex, &self.kept, sample);
                let sums = &mut self.sums[sample];
                match value {
                    Some(value) => {
                        sums.sum += value;
                        sums.scored += 1;
                    }
                    None => sums.missing += 1,
                }
            }
            self.used.push(complex.number);
            self.settle_as(complex.number, None, Outcome::Matched(complex.word(), String::new()));
        }
        let mut audit = self.audit.unwrap_or_default();
        audit.sort_by_key(|a| a.row);
        self.used.sort_unstable();
        let matching = &mut self.matching;
        matching.rate = matching.matched as f64 / matching.rows.max(1) as f64;
        matching.passes = matching.rate >= self.settings.min_overlap;
        (self.matching, self.sums, audit, self.used)
    }
}
