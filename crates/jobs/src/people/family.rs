//! What the family's genotypes say of the classified variants, read from a joint VCF.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use clinotype_case::{
    entered::{NotUsed, ParentCall},
    family::FamilyChecks,
    finding::Interpretation,
    pedigree::Pedigree,
    quality::CheckResult,
};
use clinotype_genome::{ContigKey, Fault, Reference, Result, VariantKey, normalise::normalise};
use clinotype_interpret::inheritance::{
    family::Call,
    observed::{self, Calls, Family},
};

use super::Observed;
use crate::{Watch, family, inherit, vcf_lines::VcfLines};

/// How far a VCF that is not left-aligned may write an allele from its normalised place, in bases.
const SHIFT: u32 = 1_000;

/// The family of the tested person.
#[derive(Clone, Copy)]
pub struct FamilyRequest<'a> {
    /// VCF of the family, genotyped together, with the tested person among its samples.
    pub vcf: &'a Path,
    /// Who is whose child.
    pub pedigree: &'a Pedigree,
    /// The reference, to normalise alleles.
    pub reference: &'a Reference,
    /// Who looks on.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for FamilyRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FamilyRequest")
            .field("vcf", &self.vcf)
            .finish_non_exhaustive()
    }
}

/// What the family's genotypes say; where kinship fails, that they were not used.
pub fn observe(made: &Interpretation, request: &FamilyRequest<'_>) -> Result<(Observed, Vec<NotUsed>)> {
    let mut file = VcfLines::open(request.vcf)?;
    let name = request
        .vcf
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let known = |name: &&str| file.samples.iter().any(|sample| sample == name) && request.pedigree.get(name).is_some();
    let names = [Some(made.sample.as_str()), made.input_sample.as_deref()];
    let patient = names
        .into_iter()
        .flatten()
        .find(known)
        .map(str::to_owned)
        .ok_or_else(|| {
            Fault::input("the tested person is not among the samples of the family and in its pedigree")
                .at(request.vcf)
                .hint("the person has the name of the sample, or the one that --input-sample states, in both")
        })?;
    file.build(Some(made.build))?;
    let checks = family::checks(request.vcf, Some(request.pedigree), Some(made.build), request.watch)?;
    let kinship_confirmed = match kinship(&checks, request.pedigree, &patient) {
        Ok(confirmed) => confirmed,
        Err(reason) => return Ok((Vec::new(), vec![NotUsed { name, reason }])),
    };
    let calls = read(made, request, &mut file)?;
    let source = format!("genotypes of the family ({name})");
    let asked = Family {
        pedigree: request.pedigree,
        patient: &patient,
        kinship_confirmed,
        source: &source,
    };
    let not_counted = observed::segregation_not_counted(made, &asked, &calls)
        .into_iter()
        .map(|(key, why)| NotUsed {
            name: format!("segregation of {key} in the family"),
            reason: format!("PP1 and BS4 are not evaluated: {why}, and meioses are counted for dominant genes alone"),
        });
    Ok((observed::observed(made, &asked, &calls), not_counted.collect()))
}

/// Whether genotypes show both parents to be the parents.
///
/// # Errors
/// In words, where they show that one is not.
fn kinship(checks: &FamilyChecks, pedigree: &Pedigree, patient: &str) -> std::result::Result<bool, String> {
    let Some(member) = pedigree.get(patient) else {
        return Ok(false);
    };
    let mut confirmed = true;
    for parent in [&member.father, &member.mother] {
        let Some(parent) = parent else {
            confirmed = false;
            continue;
        };
        let pair = checks.pairs.iter().find(|pair| {
            let both = [pair.first.as_str(), pair.second.as_str()];
            both.contains(&patient) && both.contains(&parent.as_str())
        });
        match pair.map(|pair| pair.result) {
            Some(CheckResult::Fail) => {
                return Err("its genotypes do not show the declared parents to be the parents".to_owned());
            }
            Some(CheckResult::Pass) => {}
            _ => confirmed = false,
        }
    }
    let trio = checks.trios.iter().find(|trio| trio.child == patient);
    if trio.is_some_and(|trio| trio.result == CheckResult::Fail) {
        return Err("too many of its genotypes contradict the declared parents".to_owned());
    }
    Ok(confirmed)
}

/// The calls of every member at each classified variant that the family's VCF holds.
fn read(
    made: &Interpretation,
    request: &FamilyRequest<'_>,
    file: &mut VcfLines,
) -> Result<BTreeMap<VariantKey, Calls>> {
    let contig = |name: &str| ContigKey::of(name).map_or_else(|| name.to_owned(), |key| key.as_str().to_owned());
    let mut wanted: BTreeMap<(String, u32, String, String), VariantKey> = BTreeMap::new();
    let mut places: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for finding in made.variants() {
        let key = &finding.variant.key;
        let name = contig(&key.contig);
        places.entry(name.clone()).or_default().insert(key.position.get());
        wanted.insert(
            (name, key.position.get(), key.reference.clone(), key.alternate.clone()),
            key.clone(),
        );
    }
    let names = file.samples.clone();
    let mut found: BTreeMap<VariantKey, Calls> = BTreeMap::new();
    let mut lines = 0_u64;
    loop {
        let line = file.line() + 1;
        let Some(text) = file.next_line()? else { break };
        lines += 1;
        if lines.is_multiple_of(1 << 16) {
            request.watch.check()?;
        }
        let mut columns = text.split('\t');
        let (name, position) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let name = contig(name);
        let near = places.get(&name).zip(position.parse::<u32>().ok());
        let is_near = near.is_some_and(|(places, at)| {
            places
                .range(at.saturating_sub(SHIFT)..=at.saturating_add(SHIFT))
                .next()
                .is_some()
        });
        if !is_near {
            continue;
        }
        let record = inherit::record(text, Some(made.build), None, names.len())
            .map_err(|what| Fault::input(what).at(request.vcf).line(line))?;
        for (number, alternate) in (1_u8..=u8::MAX).zip(&record.alternates) {
            let written = VariantKey::new(
                record.contig.clone(),
                record.position,
                &record.reference,
                &alternate.bases,
            );
            if !written.alternate.bytes().all(|base| b"ACGTN".contains(&base)) {
                continue;
            }
            // The reference's own name of the contig, which normalising looks up.
            let named = request.reference.contigs().iter().find(|c| contig(&c.name) == name);
            let Some(named) = named else { continue };
            let start = written.position.zero_based();
            let there = request
                .reference
                .fetch(&named.name, start, start + written.reference.len() as u32)?;
            let differ = |(a, b): (&u8, u8)| *a != b'N' && b != b'N' && *a != b;
            if there.iter().zip(written.reference.bytes()).any(differ) {
                return Err(Fault::input("REF is not what the reference holds here")
                    .at(request.vcf)
                    .line(line)
                    .hint("give the family's VCF on the same reference"));
            }
            let key = normalise(
                &VariantKey {
                    contig: named.name.clone(),
                    ..written
                },
                request.reference,
            )
            .map_err(|fault| fault.at(request.vcf).line(line))?;
            let place = (name.clone(), key.position.get(), key.reference, key.alternate);
            if let Some(key) = wanted.get(&place) {
                let calls = names
                    .iter()
                    .cloned()
                    .zip(&record.calls)
                    .map(|(name, call)| (name, of(call, number)));
                // Of two records of one allele the first counts, as for the sample.
                found.entry(key.clone()).or_insert_with(|| calls.collect());
            }
        }
    }
    Ok(found)
}

fn of(call: &Call, allele: u8) -> ParentCall {
    ParentCall {
        copies: (!call.alleles.is_empty()).then(|| call.alleles.iter().map(|a| u8::from(*a == allele)).sum()),
        depth: call.depth,
        alternate_reads: call.reads.get(usize::from(allele)).copied().flatten(),
        quality: call.quality,
    }
}
