//! Alleles that are read together: neighbours on one haplotype that share a codon, or of which one is read in the frame
//! that the other has shifted.
//!
//! Two substitutions of one codon are told as two amino acids by their single readings, and the protein has a third.
//! So the combined reading is written beside the single ones, in a field of its own; CSQ stays as it is.
//!
//! Alleles are in cis where both are on every copy (homozygous or haploid), where one is and the other is on any copy,
//! or where the genotypes are phased to the same copy of one phase set. Two unphased heterozygous neighbours are never
//! combined: which copies they are on is not known.

mod genotype;
mod group;

use std::collections::{BTreeMap, HashMap};

use clinotype_genome::{Contigs, Pos, Result, VariantKey};
use rayon::prelude::*;

use self::genotype::Carriers;
use crate::{
    bases::Bases,
    consequence::{self, coding::TranscriptEdit},
    csq,
    edit::{Allele, Edit},
    sources::normalised,
    spliced::Spliced,
    transcripts::{Transcript, TranscriptSet},
    vcf::line::{Line, unusable},
};

/// An allele of the sample in or beside a coding sequence.
#[derive(Clone, Debug)]
struct Member {
    /// Index of the reference's contig.
    contig: usize,
    /// As the record gives it: 1-based.
    position: u32,
    reference: String,
    alternate: String,
    /// 1-based number of the ALT.
    number: usize,
    /// Where the record places it: moving it along a repeat could carry it over a neighbour.
    edit: Edit,
    carriers: Carriers,
}

/// The stretches of a contig that code in any transcript, 0-based, half-open, sorted and apart.
type Stretches = Vec<(u32, u32)>;

/// Gathers the sample's coding alleles while the file is read for the first time.
#[derive(Debug)]
pub(crate) struct Collector<'a> {
    set: &'a TranscriptSet,
    contigs: &'a Contigs,
    /// By contig, made when its first record is seen.
    coding: HashMap<usize, Stretches>,
    members: Vec<Member>,
}

/// The coding stretches of a contig.
fn coding(set: &TranscriptSet, contig: &str) -> Stretches {
    let mut stretches: Stretches = Vec::new();
    for number in set.overlapping(contig, 0, u32::MAX) {
        let t = set.get(number);
        let Some(cds) = t.cds else { continue };
        for exon in &t.exons {
            let (start, end) = (exon.start.max(cds.start), exon.end.min(cds.end));
            if start < end {
                stretches.push((start, end));
            }
        }
    }
    stretches.sort_unstable();
    let mut merged: Stretches = Vec::new();
    for (start, end) in stretches {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

impl<'a> Collector<'a> {
    /// For a set of transcripts on the reference's contigs.
    pub(crate) fn new(set: &'a TranscriptSet, contigs: &'a Contigs) -> Self {
        Self {
            set,
            contigs,
            coding: HashMap::new(),
            members: Vec::new(),
        }
    }

    /// Looks at a record. `contig`: index of the reference's contig.
    pub(crate) fn see(&mut self, line: &Line<'_>, contig: usize) {
        if line.tail.is_empty() {
            return;
        }
        let stretches = self.coding.entry(contig).or_insert_with(|| {
            let name = self.contigs.iter().nth(contig).map_or("", |c| c.name.as_str());
            coding(self.set, name)
        });
        let start = line.position.saturating_sub(1);
        let end = start.saturating_add(line.reference.len() as u32);
        let next = stretches.partition_point(|s| s.1 < start);
        if stretches.get(next).is_none_or(|s| s.0 > end) {
            return;
        }
        let Some(position) = Pos::new(line.position) else {
            return;
        };
        for (alternate, number) in line.alternates.split(',').zip(1..) {
            if unusable(alternate).is_some() || alternate.eq_ignore_ascii_case(line.reference) {
                continue;
            }
            let Some(carriers) = genotype::carriers(line.tail, number) else {
                continue;
            };
            let key = VariantKey::new(
                line.contig,
                position,
                &line.reference.to_ascii_uppercase(),
                &alternate.to_ascii_uppercase(),
            );
            self.members.push(Member {
                contig,
                position: line.position,
                reference: line.reference.to_owned(),
                alternate: alternate.to_owned(),
                number,
                edit: Edit::of(&key),
                carriers,
            });
        }
    }

    /// Finds the groups of every coding transcript and reads each as one change; with HGVS names only where `names`.
    pub(crate) fn combine(self, bases: &dyn Bases, names: bool) -> Result<Haplotypes> {
        let mut by_contig: HashMap<usize, Vec<Member>> = HashMap::new();
        for member in self.members {
            by_contig.entry(member.contig).or_default().push(member);
        }
        by_contig.retain(|_, members| members.len() > 1);
        for members in by_contig.values_mut() {
            members.sort_by_key(|m| m.edit.start);
        }
        let mut transcripts: Vec<&Transcript> = Vec::new();
        for (number, contig) in self.contigs.iter().enumerate() {
            if by_contig.contains_key(&number) {
                let here = self.set.overlapping(&contig.name, 0, u32::MAX);
                transcripts.extend(here.into_iter().map(|n| self.set.get(n)).filter(|t| t.coding.is_some()));
            }
        }
        let found: Vec<Vec<(Site, String)>> = transcripts
            .par_iter()
            .map(|t| {
                bases
                    .contigs()
                    .index_of(&t.contig)
                    .and_then(|contig| by_contig.get(&contig))
                    .map_or_else(|| Ok(Vec::new()), |members| on_transcript(members, t, bases, names))
            })
            .collect::<Result<_>>()?;
        let mut haplotypes = Haplotypes::default();
        for ((contig, position, reference, alternate), entry) in found.into_iter().flatten() {
            let here = haplotypes.entries.entry((contig, position)).or_default();
            let reading = (reference, alternate, entry);
            if !here.contains(&reading) {
                here.push(reading);
            }
        }
        Ok(haplotypes)
    }
}

/// A record's allele: contig, position (1-based), REF and ALT as the file has them.
type Site = (usize, u32, String, String);

/// REF and ALT of an allele as its record has them, and a combined reading that it takes part in.
type Reading = (String, String, String);

/// The combined readings, by contig and position (1-based) of the records that take part.
#[derive(Debug, Default)]
pub(crate) struct Haplotypes {
    entries: HashMap<(usize, u32), Vec<Reading>>,
}

impl Haplotypes {
    /// Whether a record of the contig at this position (1-based) may take part in a combined reading.
    pub(crate) fn has(&self, contig: usize, position: u32) -> bool {
        !self.entries.is_empty() && self.entries.contains_key(&(contig, position))
    }

    /// The value of the field for a record; empty where no allele of it is read together with another.
    pub(crate) fn of(&self, line: &Line<'_>, contig: usize) -> String {
        let Some(here) = self.entries.get(&(contig, line.position)) else {
            return String::new();
        };
        let mut out = String::new();
        for wanted in line.alternates.split(',') {
            for (reference, alternate, entry) in here {
                if reference == line.reference && alternate == wanted {
                    if !out.is_empty() {
                        out.push(',');
                    }
                    out.push_str(entry);
                }
            }
        }
        out
    }
}

/// How far from an unphased allele homozygous ones are looked at, in transcript bases. A shifted frame seldom stays open
/// for so long.
const REACH: u32 = 3000;

/// Whose copies a group lies on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Copy {
    Every,
    Phased(String, usize),
    /// One unphased allele (index of the member) beside alleles that are on every copy.
    Unphased(usize),
}

impl Copy {
    fn words(&self) -> String {
        match self {
            Self::Every => "every_copy".to_owned(),
            Self::Phased(set, copy) if set.is_empty() => format!("phased:copy_{}", copy + 1),
            Self::Phased(set, copy) => format!("phase_set_{set}:copy_{}", copy + 1),
            Self::Unphased(_) => "with_homozygous".to_owned(),
        }
    }
}

fn on_transcript(members: &[Member], t: &Transcript, bases: &dyn Bases, names: bool) -> Result<Vec<(Site, String)>> {
    let span = t.span();
    let from = members.partition_point(|m| m.edit.start < span.start);
    let placed: Vec<(usize, TranscriptEdit)> = members[from..]
        .iter()
        .zip(from..)
        .take_while(|(m, _)| m.edit.start <= span.end)
        .filter_map(|(m, i)| TranscriptEdit::of(&m.edit, t).map(|change| (i, change)))
        .filter(|(_, change)| group::codes(change, t))
        .collect();
    if placed.len() < 2 {
        return Ok(Vec::new());
    }
    let on_every = |i: usize| members[i].carriers == Carriers::Every;
    let mut every: Vec<&(usize, TranscriptEdit)> = placed.iter().filter(|(i, _)| on_every(*i)).collect();
    every.sort_by_key(|(_, change)| change.start);
    let mut copies: BTreeMap<Copy, Vec<&(usize, TranscriptEdit)>> = BTreeMap::from([(Copy::Every, Vec::new())]);
    for own in &placed {
        match &members[own.0].carriers {
            Carriers::Every => {}
            Carriers::Phased { set, copies: on } => {
                for copy in on {
                    copies.entry(Copy::Phased(set.clone(), *copy)).or_default().push(own);
                }
            }
            Carriers::Unphased => {
                copies.insert(Copy::Unphased(own.0), vec![own]);
            }
        }
    }
    let spliced = std::cell::OnceCell::new();
    let read = || -> Result<&Spliced> {
        if let Some(spliced) = spliced.get() {
            return Ok(spliced);
        }
        let made = Spliced::read(t, bases)?;
        Ok(spliced.get_or_init(|| made))
    };
    let mut found = Vec::new();
    for (copy, own) in copies {
        let near = match (&copy, own.first()) {
            (Copy::Unphased(_), Some((_, change))) => {
                let from = every.partition_point(|(_, e)| e.start.saturating_add(REACH) < change.start);
                let to = every.partition_point(|(_, e)| e.start <= change.end + REACH);
                &every[from..to.max(from)]
            }
            _ => &every[..],
        };
        let here: Vec<&(usize, TranscriptEdit)> = near.iter().chain(&own).copied().collect();
        if here.len() < 2 {
            continue;
        }
        for group in group::groups(&here, t, &read)? {
            if copy == Copy::Every || group.iter().any(|(i, _)| !on_every(*i)) {
                let read_as_one = Group {
                    of: &group,
                    copy: &copy,
                    t,
                    names,
                };
                entries(&mut found, &read_as_one, members, bases, read()?)?;
            }
        }
    }
    Ok(found)
}

/// Alleles that are read as one change of a transcript.
struct Group<'a> {
    of: &'a [&'a (usize, TranscriptEdit)],
    copy: &'a Copy,
    t: &'a Transcript,
    /// Whether HGVS names are written.
    names: bool,
}

/// One entry for each allele of a group.
fn entries(
    found: &mut Vec<(Site, String)>,
    group: &Group<'_>,
    members: &[Member],
    bases: &dyn Bases,
    spliced: &Spliced,
) -> Result<()> {
    let (t, copy) = (group.t, group.copy);
    let length = bases.contigs().get(&t.contig).map_or(u32::MAX, |c| c.length);
    let mut parts = Vec::with_capacity(group.of.len());
    let mut keys = Vec::with_capacity(group.of.len());
    for (i, change) in group.of {
        let member = &members[*i];
        let Some(position) = Pos::new(member.position) else {
            return Ok(());
        };
        let key = normalised(
            &VariantKey::new(&t.contig, position, &member.reference, &member.alternate),
            bases,
        )?;
        parts.push(consequence::Part {
            edit: member.edit.clone(),
            allele: Allele::of(&key, bases, length)?,
            change: change.clone(),
        });
        keys.push(format!("{}-{}-{}", key.position, key.reference, key.alternate));
    }
    let mut effect = consequence::combined(&parts, t, bases, spliced)?;
    if !group.names {
        effect.hgvs_c = None;
        effect.hgvs_p = None;
    }
    for (i, _) in group.of {
        let member = &members[*i];
        let site = (
            member.contig,
            member.position,
            member.reference.clone(),
            member.alternate.clone(),
        );
        let entry = csq::haplotype(member.number, &keys, &copy.words(), t, &effect);
        found.push((site, entry));
    }
    Ok(())
}
