//! The alleles of one sample that may matter for the rank.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use clinotype_case::{Sex, evidence::Zygosity};
use clinotype_genome::{Build, ContigKey, Fault, Pos, Result, VariantKey};
use clinotype_interpret::phenotype::Evidence;
use memchr::memmem::Finder;

use crate::{Watch, effects::Annotation, vcf_lines::VcfLines};

/// What was read.
pub(crate) struct Scan {
    pub(crate) sample: String,
    pub(crate) alleles: u64,
    pub(crate) dropped: BTreeMap<&'static str, u64>,
    /// Alleles taken that have no stated population frequency.
    pub(crate) without_frequency: u64,
}

/// Gives every allele in each of its genes to `take`, which says why it does not take one.
pub(crate) fn scan(
    vcf: &Path,
    sample: Option<&str>,
    build: Option<Build>,
    sex: Sex,
    watch: &dyn Watch,
    mut take: impl FnMut(Evidence) -> std::result::Result<(), &'static str>,
) -> Result<Scan> {
    let mut file = VcfLines::open(vcf)?;
    let at = |fault: Fault| fault.at(vcf);
    let Some(annotation) = Annotation::of(&file.meta) else {
        return Err(at(Fault::input(
            "has no annotation (CSQ or BCSQ): its genes are not known",
        )
        .hint("run `clinotype annotate` on it first")));
    };
    let column = match (sample, file.samples.as_slice()) {
        (_, []) => return Err(at(Fault::input("has no sample column: there are no genotypes"))),
        (Some(name), samples) => samples
            .iter()
            .position(|s| s == name)
            .ok_or_else(|| at(Fault::input("has no sample of the name that --sample gives")))?,
        (None, [_]) => 0,
        (None, samples) => {
            return Err(at(
                Fault::input(format!("holds {} samples", samples.len())).hint("choose one with --sample")
            ));
        }
    };
    let known = match file.build(build) {
        Ok(known) => Some(known.build),
        Err(fault) if build.is_some() => return Err(fault),
        Err(_) => None,
    };
    let name = file.samples[column].clone();
    let mut dropped: BTreeMap<&'static str, u64> = BTreeMap::new();
    let (mut records, mut alleles, mut genotyped) = (0_u64, 0_u64, false);
    let mut without_frequency = 0_u64;
    loop {
        let line = file.line() + 1;
        let Some(text) = file.next_line()? else { break };
        records += 1;
        if records.is_multiple_of(1 << 16) {
            watch.check()?;
        }
        let fault = |what: &str| Fault::input(what).at(vcf).line(line);
        let record = Record::parse(text).ok_or_else(|| fault("the record is not one of a VCF"))?;
        let count = record.alternates.split(',').count() as u64;
        alleles += count;
        let mut drop_all = |reason: &'static str| *dropped.entry(reason).or_default() += count;
        if !matches!(record.filter, "." | "PASS" | "") {
            genotyped = true;
            drop_all("failed a filter");
            continue;
        }
        // Most records of a genome change no protein; they are not taken apart.
        if !may_matter(record.info) {
            genotyped |= record.format.split(':').next() == Some("GT");
            drop_all("no effect on a protein or a splice site");
            continue;
        }
        let call = match record.call(column) {
            Ok(Some(call)) => call,
            Ok(None) => {
                drop_all("no genotype (GT)");
                continue;
            }
            Err(what) => return Err(fault(what)),
        };
        genotyped = true;
        let alternates: Vec<&str> = record.alternates.split(',').collect();
        let effects = annotation.effects(record.info, record.reference, &alternates);
        let position = record
            .position
            .parse()
            .ok()
            .and_then(Pos::new)
            .ok_or_else(|| fault("POS is not a position"))?;
        for (index, (alternate, effects)) in alternates.iter().zip(effects).enumerate() {
            let zygosity = zygosity(&call, index as u8 + 1, record.contig, position.get(), known, sex);
            let of = |field: &str| value(record.info, field, index);
            let frequency = of("FREQ_AF")
                .and_then(|f| f.parse::<f64>().ok())
                .filter(|f| f.is_finite());
            let clinvar = of("CLINVAR_SIG").map(|s| s.replace('_', " "));
            let mut why = "no effect on a protein or a splice site";
            let mut taken = false;
            for effect in effects {
                let evidence = Evidence {
                    gene: effect.gene,
                    variant: VariantKey::new(record.contig, position, record.reference, alternate),
                    term: effect.term,
                    zygosity,
                    frequency,
                    clinvar: clinvar.clone(),
                    phased: call.phased(index as u8 + 1),
                    record: records,
                };
                match take(evidence) {
                    Ok(()) => taken = true,
                    Err(reason) => why = reason,
                }
            }
            if taken {
                without_frequency += u64::from(frequency.is_none());
            } else {
                *dropped.entry(why).or_default() += 1;
            }
        }
    }
    if records > 0 && !genotyped {
        return Err(at(
            Fault::input("has no genotypes (GT): zygosity is not known").hint("give a VCF with genotypes")
        ));
    }
    Ok(Scan {
        sample: name,
        alleles,
        dropped,
        without_frequency,
    })
}

/// Words of which each consequence with a weight has one; both annotations write them.
const WORDS: [&str; 8] = [
    "missense",
    "frameshift",
    "stop_",
    "splice",
    "inframe",
    "start_lost",
    "ablation",
    "protein_altering",
];

static FINDERS: LazyLock<[Finder<'static>; 8]> = LazyLock::new(|| WORDS.map(Finder::new));

/// Whether the annotation names a consequence that has a weight.
fn may_matter(info: &str) -> bool {
    FINDERS.iter().any(|word| word.find(info.as_bytes()).is_some())
}

/// The columns of a record that the rank reads.
struct Record<'a> {
    contig: &'a str,
    position: &'a str,
    reference: &'a str,
    alternates: &'a str,
    filter: &'a str,
    info: &'a str,
    format: &'a str,
    samples: &'a str,
}

/// A genotype.
struct Called {
    alleles: Vec<u8>,
    is_phased: bool,
    phase_set: Option<u32>,
}

impl<'a> Record<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut columns = line.splitn(10, '\t');
        let mut next = || columns.next();
        let (contig, position) = (next()?, next()?);
        let _ = next()?;
        let (reference, alternates) = (next()?, next()?);
        let _ = next()?;
        Some(Self {
            contig,
            position,
            reference,
            alternates,
            filter: next()?,
            info: next()?,
            format: next()?,
            samples: next()?,
        })
    }

    /// The genotype of a sample; `None` where there is no GT or it is missing, also in part.
    fn call(&self, column: usize) -> std::result::Result<Option<Called>, &'static str> {
        let sample = self
            .samples
            .split('\t')
            .nth(column)
            .ok_or("the record has too few sample columns")?;
        let of = |key: &str| {
            let place = self.format.split(':').position(|k| k == key)?;
            sample.split(':').nth(place).filter(|v| *v != ".")
        };
        let Some(text) = of("GT") else { return Ok(None) };
        let mut alleles = Vec::with_capacity(2);
        for allele in text.split(['/', '|']) {
            if allele == "." {
                return Ok(None);
            }
            alleles.push(
                allele
                    .parse()
                    .map_err(|_| "a genotype names an allele that is not there")?,
            );
        }
        Ok(Some(Called {
            alleles,
            is_phased: text.contains('|'),
            phase_set: of("PS").and_then(|v| v.parse().ok()),
        }))
    }
}

impl Called {
    fn phased(&self, allele: u8) -> Option<(usize, u32)> {
        let set = self.phase_set.filter(|_| self.is_phased)?;
        Some((self.alleles.iter().position(|a| *a == allele)?, set))
    }
}

/// The value of a Number=A field for an alternate.
fn value(info: &str, field: &str, index: usize) -> Option<String> {
    let values = info.split(';').find_map(|f| f.strip_prefix(field)?.strip_prefix('='))?;
    values
        .split(',')
        .nth(index)
        .filter(|v| !v.is_empty() && *v != ".")
        .map(str::to_owned)
}

/// Zygosity by genotype, contig and sex: two copies on the X of a male are one.
fn zygosity(call: &Called, allele: u8, contig: &str, position: u32, build: Option<Build>, sex: Sex) -> Zygosity {
    let copies: usize = call.alleles.iter().map(|a| usize::from(*a == allele)).sum();
    if copies == 0 {
        return Zygosity::Absent;
    }
    let all = copies == call.alleles.len();
    let Some(key) = ContigKey::of(contig) else {
        return if all {
            Zygosity::Homozygous
        } else {
            Zygosity::Heterozygous
        };
    };
    match key.as_str() {
        "MT" if all => return Zygosity::Homoplasmic,
        "MT" => return Zygosity::Heteroplasmic,
        _ => {}
    }
    let inside = |(start, end): &(u32, u32)| *start < position && position <= *end;
    let pseudoautosomal = build.is_some_and(|b| b.pseudoautosomal(&key).iter().any(inside));
    let single = matches!(key.as_str(), "X" | "Y") && sex == Sex::Male && !pseudoautosomal;
    match (call.alleles.len(), all) {
        (1, _) => Zygosity::Hemizygous,
        (_, true) if single => Zygosity::Hemizygous,
        (_, true) => Zygosity::Homozygous,
        (_, false) => Zygosity::Heterozygous,
    }
}

#[cfg(test)]
mod tests {
    use clinotype_interpret::phenotype::consequence_weight;

    use super::*;

    #[test]
    fn no_consequence_with_a_weight_is_passed_over() {
        for rule in &clinotype_interpret::rules::RULES.consequences {
            if consequence_weight(&rule.term).is_some() {
                assert!(may_matter(&format!("CSQ=A|{}|G", rule.term)), "{}", rule.term);
            }
        }
        assert!(may_matter("BCSQ=splice_acceptor|G") && may_matter("BCSQ=inframe_altering|G"));
        assert!(!may_matter("CSQ=A|intron_variant|G"));
    }
}
