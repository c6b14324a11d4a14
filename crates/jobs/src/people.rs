//! Evidence and decisions of people, from a file and from the family, onto an interpretation.

mod family;

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clinotype_case::{
    Order,
    entered::{Entry, EvidenceFile, NamedVariant, NotUsed, OnVariant, same_allele},
    evidence::{AnnotatedVariant, Zygosity},
    finding::{Finding, Interpretation},
    quality::Quality,
};
use clinotype_genome::{Fault, Result, VariantKey, fs};
use clinotype_interpret::Judgements;

use crate::evidence::Allele;

pub use family::{FamilyRequest, observe};

/// An evidence file that was read.
#[derive(Debug)]
pub struct Evidence {
    /// Where it lies.
    pub path: PathBuf,
    /// What it holds.
    pub file: EvidenceFile,
}

impl Evidence {
    /// Reads a `clinotype-evidence/1` file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)?;
        Ok(Self {
            path: path.to_owned(),
            file: EvidenceFile::parse(&text).map_err(|fault| fault.at(path))?,
        })
    }
}

/// What the sample's VCF shows of the variants that an evidence file names, taken while the file is read through.
#[derive(Debug, Default)]
pub struct Seen {
    /// By position; contigs are compared afterwards.
    alleles: HashMap<u32, Vec<(usize, VariantKey)>>,
    names: HashMap<String, usize>,
    carried: BTreeSet<usize>,
    present: BTreeSet<usize>,
}

impl Seen {
    /// Looks for the variants of this file.
    pub fn of(file: &EvidenceFile) -> Self {
        let mut seen = Self::default();
        for (number, variant) in file.variants.iter().enumerate() {
            if let Some(allele) = &variant.allele {
                let here = seen.alleles.entry(allele.position.get()).or_default();
                here.push((number, allele.clone()));
            }
            if let Some(name) = &variant.hgvs {
                seen.names.insert(name.trim().to_owned(), number);
            }
        }
        seen
    }

    /// The variants of the file that an allele of the sample is, by number, and whether the sample carries it.
    pub(crate) fn look(&self, allele: &Allele<'_>) -> Vec<(usize, bool)> {
        let here = self.alleles.get(&allele.position().get());
        if here.is_none() && self.names.is_empty() {
            return Vec::new();
        }
        let variant = allele.whole();
        let mut found: Vec<usize> = Vec::new();
        if let Some(here) = here {
            let same = here.iter().filter(|(_, key)| same_allele(key, &variant.key));
            found.extend(same.map(|(number, _)| *number));
        }
        if !self.names.is_empty() {
            found.extend(names(&variant).filter_map(|name| self.names.get(name)));
        }
        let carried = !matches!(variant.genotype.zygosity(), Zygosity::Absent | Zygosity::NotCalled);
        found.into_iter().map(|number| (number, carried)).collect()
    }

    /// Takes what was found of one allele.
    pub(crate) fn take(&mut self, found: &[(usize, bool)]) {
        for (number, carried) in found {
            self.present.insert(*number);
            if *carried {
                self.carried.insert(*number);
            }
        }
    }

    fn why_not(&self, number: usize) -> &'static str {
        if self.carried.contains(&number) {
            "the sample carries it, but it has no criteria: its gene is not in scope, or a filter set it aside"
        } else if self.present.contains(&number) {
            "the sample does not carry it, or it is not called"
        } else {
            "the sample does not have it"
        }
    }
}

/// Every HGVS name of a variant.
fn names(variant: &AnnotatedVariant) -> impl Iterator<Item = &str> {
    let of_transcripts = variant.consequences.iter().filter_map(|c| c.hgvs_c.as_deref());
    variant.hgvs_g.as_deref().into_iter().chain(of_transcripts)
}

/// What the family's genotypes say of variants, beside what people entered.
pub type Observed = Vec<(VariantKey, Vec<Entry>)>;

/// Puts evidence and decisions on an interpretation. `seen` has taken every allele of the sample.
///
/// # Errors
/// An input fault where the file is of another build, where two of its variants are one, or where what is entered on a
/// variant contradicts itself or the family's genotypes.
pub fn put(
    made: &Interpretation,
    evidence: Option<(&Evidence, &Seen)>,
    observed: &(Observed, Vec<NotUsed>),
    order: Option<&Order>,
    quality: &Quality,
) -> Result<Interpretation> {
    let (observed, not_used) = observed;
    let mut not_used = not_used.clone();
    let mut people: Vec<(Option<usize>, OnVariant)> = Vec::new();
    if let Some((evidence, seen)) = evidence {
        if evidence.file.build != made.build {
            return Err(Fault::input(format!(
                "names alleles of {}, the variants are of {}",
                evidence.file.build, made.build
            ))
            .at(&evidence.path)
            .hint("name the alleles by the build of the run"));
        }
        for (number, variant) in evidence.file.variants.iter().enumerate() {
            let Some(finding) = made.variants().find(|finding| names_it(variant, finding)) else {
                not_used.push(NotUsed {
                    name: match (&variant.allele, &variant.hgvs) {
                        (Some(allele), _) => allele.to_string(),
                        (None, name) => name.clone().unwrap_or_default(),
                    },
                    reason: seen.why_not(number).to_owned(),
                });
                continue;
            };
            let key = &finding.variant.key;
            if let Some((Some(other), _)) = people.iter().find(|(_, one)| one.key == *key) {
                return Err(Fault::input(format!(
                    "variants {} and {} of the evidence are one",
                    other + 1,
                    number + 1
                ))
                .at(&evidence.path)
                .hint("put all evidence on a variant in one place"));
            }
            people.push((
                Some(number),
                OnVariant {
                    key: key.clone(),
                    evidence: variant.evidence.clone(),
                    decisions: variant.decisions.clone(),
                },
            ));
        }
    }
    for (key, entries) in observed {
        match people.iter_mut().find(|(_, one)| one.key == *key) {
            Some((_, one)) => one.evidence.extend(entries.iter().cloned()),
            None => people.push((
                None,
                OnVariant {
                    key: key.clone(),
                    evidence: entries.clone(),
                    decisions: Vec::new(),
                },
            )),
        }
    }
    for (number, one) in &people {
        let Some(finding) = made.variants().find(|finding| finding.variant.key == one.key) else {
            continue;
        };
        let found = clinotype_interpret::contradictions(one, finding, made.variants());
        if let (Some(number), Some((evidence, _)), Some(what)) = (number, evidence, found.first()) {
            return Err(Fault::input(format!(
                "variant {} of the evidence contradicts itself: {what}",
                number + 1
            ))
            .at(&evidence.path)
            .hint("leave out what does not hold"));
        }
    }
    let people: Vec<OnVariant> = people.into_iter().map(|(_, one)| one).collect();
    let judgements = Judgements {
        classes: &[],
        people: &people,
        not_used: &not_used,
    };
    clinotype_interpret::judge(made, &judgements, order, quality)
}

/// Whether a variant of the file is this one.
fn names_it(named: &NamedVariant, finding: &Finding) -> bool {
    match (&named.allele, &named.hgvs) {
        (Some(allele), _) => same_allele(allele, &finding.variant.key),
        (None, Some(name)) => {
            let name = name.trim();
            names(&finding.variant).any(|one| one == name) || finding.shown.hgvs_c.as_deref() == Some(name)
        }
        (None, None) => false,
    }
}

/// What happened to an evidence file, in a line for the terminal. It names no variant.
pub fn account(made: &Interpretation) -> Option<String> {
    let people = made.people.as_ref()?;
    let (mut entries, mut decisions) = (0, 0);
    for one in &people.variants {
        entries += one.evidence.len();
        decisions += one.decisions.len();
    }
    let proposed = made
        .variants()
        .flat_map(|finding| &finding.criteria)
        .filter(|row| row.decided.is_none() && row.proposal.as_ref().is_some_and(|p| p.strength.is_some()))
        .count();
    let mut text = format!(
        "evidence: {entries} pieces and {decisions} decisions on {} variants; {proposed} criteria proposed and not counted \
         until a person confirms them",
        people.variants.len()
    );
    if !people.not_used.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "; {} parts of the evidence were not used, the interpretation and the report name them and say why",
            people.not_used.len()
        );
    }
    Some(text)
}
