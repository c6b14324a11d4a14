//! What stands beside the call of a gene: missing positions, every position, other diplotypes that fit, messages and
//! cautions.

use std::collections::BTreeSet;

use clinotype_case::pgx::{
    Alternative, CallSource, DiplotypeCall, Evidence, GeneResult, MissingPosition, PositionCall,
};

use super::{
    copies::Copies,
    definitions::Gene,
    gene::Bench,
    names,
    record::{FILTERED, LOW_QUALITY},
    sample::Site,
};

impl Bench<'_> {
    pub(super) fn missing(&self, gene: &Gene, copies: &Copies<'_>) -> Vec<MissingPosition> {
        let half = copies.seats.iter().filter(|s| s.site.partial).map(|s| s.index);
        let all: BTreeSet<usize> = copies.missing.iter().copied().chain(half).collect();
        all.iter()
            .map(|index| {
                let place = &gene.positions[*index];
                let needing = gene.alleles.iter().filter(|a| !a.reference && a.base(*index).is_some());
                let mut alleles: Vec<String> = needing.map(|a| a.shown().to_owned()).collect();
                alleles.sort_by(|a, b| names::compare(a, b));
                alleles.dedup();
                let reason = self.sample.unusable.get(&(gene.symbol.clone(), *index)).cloned();
                let no_record = if copies.seat(*index).is_some() {
                    "only one of two alleles is called"
                } else {
                    "no record"
                };
                MissingPosition {
                    name: place.name(&gene.contig),
                    position: place.position,
                    alleles,
                    reason: reason.unwrap_or_else(|| no_record.to_owned()),
                    tier1: gene.tier1.contains(&place.position),
                }
            })
            .collect()
    }

    pub(super) fn positions(&self, gene: &Gene, copies: &Copies<'_>) -> Vec<PositionCall> {
        let all = gene.positions.iter().chain(&gene.extra).enumerate();
        all.map(|(index, place)| {
            let site = match copies.gene.positions.get(index) {
                Some(_) => copies.seat(index).map(|s| s.site),
                None => self.sample.site(&gene.symbol, index),
            };
            PositionCall {
                position: place.position,
                rsid: place.rsid.clone(),
                reference: place.reference.clone(),
                genotype: site.map(Site::printed),
                evidence: site.map_or(Evidence::Missing, |s| s.evidence),
                detail: match site {
                    Some(site) => site.detail.clone(),
                    None => self.sample.unusable.get(&(gene.symbol.clone(), index)).cloned(),
                },
            }
        })
        .collect()
    }

    pub(super) fn messages(
        &self,
        gene: &Gene,
        copies: &Copies<'_>,
        result: &mut GeneResult,
        own: BTreeSet<&'static str>,
    ) {
        let mut names: BTreeSet<String> = own.into_iter().map(str::to_owned).collect();
        let about = self
            .tables
            .messages
            .iter()
            .filter(|m| m.about_gene() && m.holds(result, copies));
        names.extend(about.map(|m| m.name.clone()));
        if result.source == CallSource::Matcher {
            if gene.symbol == "CYP2D6" {
                names.insert("pcat-cyp2d6-research-mode".to_owned());
                names.insert("pcat-cyp2d6-gene-note".to_owned());
            }
            let reference = gene.reference().map(|a| &a.name);
            let shows = gene.symbol != "CFTR" && gene.positions.len() > 1;
            if shows
                && result
                    .calls
                    .iter()
                    .any(|d| d.alleles.iter().any(|a| Some(a) == reference))
            {
                names.insert("reference-allele".to_owned());
            }
        }
        for name in &names {
            if let Some(message) = self.tables.messages.iter().find(|m| m.name == *name) {
                result.message_texts.insert(name.clone(), message.text.clone());
            }
        }
        result.messages = names.into_iter().collect();
    }

    /// How much of the gene was not looked at, and which alleles with a changed function could hide there.
    fn not_looked_at(&self, gene: &Gene, result: &mut GeneResult) {
        if result.missing_positions.is_empty() || result.source != CallSource::Matcher {
            return;
        }
        let changed = |allele: &&String| {
            let function = self.phenotypes().function(&gene.symbol, allele).unwrap_or_default();
            ["No function", "Decreased", "Increased", "Malignant", "Deficient"]
                .iter()
                .any(|word| function.contains(word))
        };
        let hidden: Vec<&str> = result
            .uncallable_alleles
            .iter()
            .filter(changed)
            .map(String::as_str)
            .collect();
        let among = if hidden.is_empty() {
            String::new()
        } else {
            let shown = hidden.iter().take(12).copied().collect::<Vec<_>>().join(", ");
            let more = if hidden.len() > 12 {
                format!(" and {} more", hidden.len() - 12)
            } else {
                String::new()
            };
            format!("; alleles of changed function that were not looked for: {shown}{more}")
        };
        let text = format!(
            "{} of {} positions have no genotype{among}",
            result.missing_positions.len(),
            gene.positions.len()
        );
        result.cautions.push(text);
    }

    /// Further cautions.
    pub(super) fn cautions(&self, gene: &Gene, copies: &Copies<'_>, result: &mut GeneResult) {
        self.not_looked_at(gene, result);
        let tier1: Vec<&str> = result
            .missing_positions
            .iter()
            .filter(|m| m.tier1)
            .map(|m| m.name.as_str())
            .collect();
        if !tier1.is_empty() && result.source == CallSource::Matcher {
            result.cautions.push(format!(
                "positions of AMP tier 1 alleles are missing: {}; the test does not cover what is recommended",
                tier1.join(", ")
            ));
        }
        if self.phenotypes().reconstructed(&gene.symbol) && result.reportable {
            result.cautions.push(
                "the phenotype follows from the functions of the alleles; no published table of diplotypes was used"
                    .to_owned(),
            );
        }
        let unknown: Vec<String> = copies
            .seats
            .iter()
            .filter(|s| !s.site.undocumented.is_empty())
            .map(|s| gene.positions[s.index].name(&gene.contig))
            .collect();
        if !unknown.is_empty() && result.source == CallSource::Matcher {
            let what = if gene.undocumented_is_reference {
                "it was read as REF"
            } else {
                "the gene is not called"
            };
            result.cautions.push(format!(
                "a variant without definition at {}: {what}",
                unknown.join(", ")
            ));
        }
        for start in [FILTERED, LOW_QUALITY] {
            let notes = self.sample.records.notes.iter();
            let of_gene = notes.filter(|n| n.gene == gene.symbol && n.note.starts_with(start));
            let places: Vec<String> = of_gene
                .map(|n| n.rsid.clone().unwrap_or_else(|| format!("{}:{}", n.contig, n.position)))
                .collect();
            if !places.is_empty() && result.source == CallSource::Matcher {
                result.cautions.push(format!("{start}: {}", places.join(", ")));
            }
        }
        let repeat = result.missing_positions.iter().any(|m| m.name == "rs3064744");
        if gene.symbol == "UGT1A1"
            && repeat
            && result
                .calls
                .iter()
                .any(|d| d.alleles.iter().any(|a| a.starts_with("*80")))
        {
            result.cautions.push(
                "*80 was found, but the TA repeat (rs3064744) that tells *28 and *37 is missing; *80 is nearly always \
                 on one copy with one of them"
                    .to_owned(),
            );
        }
    }
}

/// The diplotypes that fit and are not called, each with what it would change against the recommendation's.
pub(super) fn alternatives(
    all: &[DiplotypeCall],
    calls: &[DiplotypeCall],
    recommendation: &[DiplotypeCall],
) -> Vec<Alternative> {
    let phenotypes: BTreeSet<&String> = recommendation.iter().flat_map(|d| &d.phenotypes).collect();
    let scores: BTreeSet<&Option<String>> = recommendation.iter().map(|d| &d.activity_score).collect();
    let words = |d: &DiplotypeCall| match &d.activity_score {
        Some(score) => format!("{} (activity score {score})", d.phenotypes.join(", ")),
        None => d.phenotypes.join(", "),
    };
    let called: BTreeSet<String> = recommendation.iter().map(words).collect();
    let called = called.into_iter().collect::<Vec<_>>().join(" or ");
    all.iter()
        .filter(|call| !calls.iter().any(|c| c.label == call.label))
        .map(|call| {
            let other = call.phenotypes.iter().any(|p| !phenotypes.contains(p));
            let changes = other || !scores.contains(&call.activity_score);
            Alternative {
                label: call.label.clone(),
                score: call.score,
                phenotypes: call.phenotypes.clone(),
                activity_score: call.activity_score.clone(),
                difference: if changes {
                    format!("{} instead of {called}", words(call))
                } else {
                    "the same phenotype".to_owned()
                },
                changes_phenotype: changes,
            }
        })
        .collect()
}
