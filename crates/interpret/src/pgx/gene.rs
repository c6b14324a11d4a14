//! One gene: from genotypes or outside calls to diplotypes, phenotypes and messages.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::pgx::{CallSource, DiplotypeCall, GeneResult};

use super::{
    Options,
    combinations::{self, Without},
    copies::{Copies, TOO_MANY_GROUPS, score},
    definitions::{Caller, Gene, Ploidy},
    diplotypes::{self, Fit},
    gene_audit::alternatives,
    lowest::{self, Found, Pair},
    names,
    outside::{self, OutsideCall},
    phenotypes::{Phenotypes, UNKNOWN, is_unknown},
    sample::Sample,
    tables::Tables,
};

/// What calling a gene needs.
pub(super) struct Bench<'a> {
    pub(super) tables: &'a Tables,
    pub(super) sample: &'a Sample,
    pub(super) options: &'a Options,
}

/// Calls, not yet with messages.
#[derive(Default)]
struct Called {
    calls: Vec<DiplotypeCall>,
    recommendation: Vec<DiplotypeCall>,
    /// Every diplotype that fits; those that are called too are left out later.
    alternatives: Vec<DiplotypeCall>,
    messages: BTreeSet<&'static str>,
    cautions: Vec<String>,
}

impl Bench<'_> {
    pub(super) fn phenotypes(&self) -> &Phenotypes {
        &self.tables.phenotypes
    }

    /// The result of one gene.
    pub(super) fn gene(&self, gene: &Gene, outside: &[&OutsideCall]) -> GeneResult {
        let copies = Copies::of(gene, self.sample);
        let from_vcf = !copies.seats.is_empty() && (gene.caller != Caller::Outside || self.options.cyp2d6);
        let (source, called) = if !outside.is_empty() {
            (CallSource::Outside, self.outside(gene, outside))
        } else if from_vcf {
            (CallSource::Matcher, self.matcher(gene, &copies))
        } else {
            (CallSource::None, Called::default())
        };
        self.result(gene, &copies, source, called)
    }

    fn result(&self, gene: &Gene, copies: &Copies<'_>, source: CallSource, mut called: Called) -> GeneResult {
        let unknown = self.unknown(gene);
        if called.calls.is_empty() {
            called.calls.push(unknown.clone());
        }
        if called.recommendation.is_empty() {
            called.recommendation.push(unknown);
        }
        by_alleles(&mut called.calls);
        by_alleles(&mut called.recommendation);
        let recommendation = called.recommendation;
        let here = source == CallSource::Matcher;
        let mut result = GeneResult {
            gene: gene.symbol.clone(),
            source,
            called: !called.calls.iter().any(is_unknown),
            reportable: !recommendation.iter().any(is_unknown),
            phased: here && copies.phased,
            effectively_phased: here && copies.effectively_phased(),
            diplotypes: called.calls.iter().map(|d| d.label.clone()).collect(),
            recommendation_diplotypes: recommendation.iter().map(|d| d.label.clone()).collect(),
            phenotypes: recommendation.iter().flat_map(|d| d.phenotypes.clone()).collect(),
            activity_scores: recommendation.iter().map(|d| d.activity_score.clone()).collect(),
            missing_positions: if source == CallSource::Outside {
                Vec::new()
            } else {
                self.missing(gene, copies)
            },
            messages: Vec::new(),
            message_texts: BTreeMap::new(),
            cautions: called.cautions,
            alternatives: alternatives(&called.alternatives, &called.calls, &recommendation),
            calls: called.calls,
            recommendation,
            uncallable_alleles: if copies.seats.is_empty() {
                Vec::new()
            } else {
                (0..gene.alleles.len())
                    .filter(|i| score(copies, *i) == 0)
                    .map(|i| gene.alleles[i].shown().to_owned())
                    .collect()
            },
            positions: self.positions(gene, copies),
            related_drugs: self.tables.guidance.drugs_of(&gene.symbol),
        };
        self.messages(gene, copies, &mut result, called.messages);
        self.cautions(gene, copies, &mut result);
        result
    }

    fn unknown(&self, gene: &Gene) -> DiplotypeCall {
        let copies = if gene.ploidy == Ploidy::Two { 2 } else { 1 };
        self.phenotypes()
            .diplotype(gene, &vec![UNKNOWN.to_owned(); copies], None, None)
    }

    fn outside(&self, gene: &Gene, calls: &[&OutsideCall]) -> Called {
        let mut called = Called::default();
        called.messages.insert("pcat-outside-call");
        let has_vcf = self.sample.name.is_some();
        let calls_something = calls
            .iter()
            .any(|c| c.alleles.is_empty() || c.alleles.iter().any(|a| a != UNKNOWN));
        let callable = !gene.positions.is_empty() && (gene.caller != Caller::Outside || self.options.cyp2d6);
        if has_vcf && calls_something && callable {
            called.messages.insert("prefer-sample-data");
        }
        for call in calls {
            let derive = |alleles: &[String]| {
                self.phenotypes()
                    .diplotype(gene, alleles, call.phenotype.as_deref(), call.activity_score.as_deref())
            };
            let source = derive(&call.alleles);
            called.cautions.extend(call.cautions.iter().cloned());
            called.cautions.extend(self.contradictions(gene, call));
            let mut recommendation = source.clone();
            if gene.symbol == "CYP2D6" && call.phenotype.is_none() && call.activity_score.is_none() {
                let counted: Vec<Option<String>> = call
                    .alleles
                    .iter()
                    .map(|a| outside::copy_number(a, self.phenotypes()))
                    .collect();
                if counted.iter().any(Option::is_some) {
                    let names = call
                        .alleles
                        .iter()
                        .zip(counted)
                        .map(|(a, c)| c.unwrap_or_else(|| a.clone()));
                    recommendation = derive(&names.collect::<Vec<_>>());
                    recommendation.inferred = true;
                }
            } else if gene.caller == Caller::LowestFunction && !call.alleles.is_empty() {
                let parts = |name: &String| names::parts(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
                let lowest: Vec<String> = call
                    .alleles
                    .iter()
                    .filter_map(|a| self.lowest(gene, &parts(a)).into_iter().next())
                    .collect();
                if lowest != call.alleles {
                    recommendation = derive(&lowest);
                    recommendation.inferred = true;
                }
            }
            if !called.calls.contains(&source) {
                called.calls.push(source);
                called.recommendation.push(recommendation);
            }
        }
        called
    }

    /// Where an outside call gives alleles, phenotype and activity score that do not go together.
    fn contradictions(&self, gene: &Gene, call: &OutsideCall) -> Vec<String> {
        let mut all = Vec::new();
        let symbol = &gene.symbol;
        if call.alleles.is_empty() && call.phenotype.is_some() && call.activity_score.is_some() {
            let score = call.activity_score.as_deref().unwrap_or_default();
            let fitting = self.phenotypes().phenotypes_of(symbol, score);
            if !call.phenotype.iter().all(|p| fitting.contains(p)) {
                all.push(format!(
                    "phenotype and activity score of the outside call disagree; the score {score} is used"
                ));
            }
        }
        if !call.alleles.is_empty() {
            let derived = self.phenotypes().diplotype(gene, &call.alleles, None, None);
            if let Some(phenotype) = &call.phenotype
                && !derived.phenotypes.contains(phenotype)
            {
                all.push(format!(
                    "the outside call states {phenotype}; its alleles have {}",
                    derived.phenotypes.join(", ")
                ));
            }
            if let (Some(stated), Some(score)) = (&call.activity_score, &derived.activity_score)
                && stated != score
            {
                all.push(format!(
                    "the outside call states the activity score {stated}; its alleles have {score}"
                ));
            }
        }
        all
    }

    fn matcher(&self, gene: &Gene, copies: &Copies<'_>) -> Called {
        let mut called = Called::default();
        if copies
            .missing
            .iter()
            .any(|i| gene.required.contains(&gene.positions[*i].position))
        {
            called.messages.insert("missing-required-position");
            return called;
        }
        if copies.groups > TOO_MANY_GROUPS {
            called.cautions.push(format!(
                "not called: {} heterozygous positions without known phase are more than can be read",
                copies.groups
            ));
            return called;
        }
        if gene.caller == Caller::LowestFunction {
            self.lowest_function(gene, copies, &mut called);
        } else {
            self.standard(gene, copies, &mut called);
        }
        called
    }

    fn standard(&self, gene: &Gene, copies: &Copies<'_>, called: &mut Called) {
        let all = if copies.partial() {
            Vec::new()
        } else {
            diplotypes::fits(copies)
        };
        let open = !copies.effectively_phased() && !gene.priorities.is_empty();
        let mut chosen = if self.options.top_only && !open {
            diplotypes::best(&all)
        } else {
            all.clone()
        };
        if open && chosen.len() > 1 {
            let label = |fit: &Fit| fit.alleles.join("/");
            let has = |name: &String| chosen.iter().any(|fit| label(fit) == *name);
            if let Some((_, pick)) = gene.priorities.iter().find(|(list, _)| list.iter().all(has)) {
                chosen.retain(|fit| label(fit) == *pick);
                called.messages.insert("unphased-priority");
            }
        }
        if chosen.is_empty() && self.options.combinations {
            if combinations::too_many(copies) {
                called
                    .cautions
                    .push("too many positions without known phase to look for combinations".to_owned());
            } else {
                chosen = combinations::fits(copies, Without::default());
            }
            let joined = |fit: &Fit| {
                fit.alleles
                    .iter()
                    .any(|a| names::is_combination(a) || a.starts_with("g."))
            };
            if chosen.iter().any(joined) {
                called.messages.insert("pcat-combo-naming");
                if !copies.phased {
                    called.messages.insert("pcat-combo-unphased");
                }
            }
        }
        called.alternatives = all.iter().map(|fit| self.fit(gene, fit)).collect();
        called.calls = chosen.iter().map(|fit| self.fit(gene, fit)).collect();
        called.recommendation.clone_from(&called.calls);
        if called.calls.is_empty() && gene.symbol == "SLCO1B1" {
            called.recommendation.extend(self.single_position(gene, copies));
        }
    }

    pub(super) fn fit(&self, gene: &Gene, fit: &Fit) -> DiplotypeCall {
        let mut call = self.phenotypes().diplotype(gene, &fit.alleles, None, None);
        call.score = fit.score;
        call
    }

    /// SLCO1B1 by rs4149056 alone (T is *1, C is *5), as its guideline allows where no star alleles can be called.
    fn single_position(&self, gene: &Gene, copies: &Copies<'_>) -> Option<DiplotypeCall> {
        let index = gene
            .positions
            .iter()
            .position(|p| p.rsid.as_deref() == Some("rs4149056"))?;
        let site = copies.seat(index)?.site;
        let star = |base: &Option<String>| match base.as_deref() {
            Some("T") => Some("*1".to_owned()),
            Some("C") => Some("*5".to_owned()),
            _ => None,
        };
        let mut alleles = vec![star(&site.called[0])?, star(&site.called[1])?];
        alleles.sort();
        let mut call = self.phenotypes().diplotype(gene, &alleles, None, None);
        call.inferred = true;
        Some(call)
    }

    fn lowest_function(&self, gene: &Gene, copies: &Copies<'_>, called: &mut Called) {
        match lowest::call(copies, &mut called.messages) {
            Found::Nothing => {
                if combinations::too_many(copies) {
                    called
                        .cautions
                        .push("not called: too many positions without known phase".to_owned());
                }
            }
            Found::Pairs(pairs) => {
                for pair in &pairs {
                    let alleles: Vec<String> = pair.copies.iter().map(|(name, _)| name.clone()).collect();
                    let mut call = self.phenotypes().diplotype(gene, &alleles, None, None);
                    call.score = pair.score;
                    called.calls.push(call);
                }
                if pairs.iter().any(|p| p.unexplained) {
                    called.cautions.push(
                        "a copy carries a variant or a missing base that no allele explains; it has no part in the \
                         recommendation"
                            .to_owned(),
                    );
                }
                called.recommendation.extend(self.lowest_pair(gene, &pairs));
            }
            Found::Alleles(found) => {
                let mut seen = BTreeSet::new();
                for (name, score) in &found {
                    if seen.insert(name) {
                        let mut call = self
                            .phenotypes()
                            .diplotype(gene, std::slice::from_ref(name), None, None);
                        call.score = *score;
                        called.calls.push(call);
                    }
                }
                let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
                let mut lowest = self.lowest(gene, &names);
                lowest.truncate(2);
                if !lowest.is_empty() {
                    let mut call = self.phenotypes().diplotype(gene, &lowest, None, None);
                    call.inferred = names.len() > 2;
                    called.recommendation.push(call);
                }
                // What each phase would mean: the lowest allele of each copy.
                for pair in lowest::readings(copies) {
                    if let Some(mut call) = self.lowest_pair(gene, std::slice::from_ref(&pair)) {
                        let names: Vec<String> = pair.copies.iter().map(|(name, _)| name.clone()).collect();
                        call.label = self.phenotypes().diplotype(gene, &names, None, None).label;
                        call.score = pair.score;
                        called.alternatives.push(call);
                    }
                }
            }
        }
    }

    /// Alleles, lowest function first.
    fn lowest(&self, gene: &Gene, alleles: &[String]) -> Vec<String> {
        let mut all = alleles.to_vec();
        let symbol = &gene.symbol;
        if self.phenotypes().by_activity(symbol) {
            all.sort_by(|a, b| {
                let value = |name: &String| self.phenotypes().activity(symbol, name).unwrap_or(-1.0);
                value(a).total_cmp(&value(b)).then_with(|| names::compare(a, b))
            });
        } else {
            all.sort_by_key(|a| !self.malignant(symbol, a));
            all.sort_by(|a, b| {
                self.malignant(symbol, b)
                    .cmp(&self.malignant(symbol, a))
                    .then_with(|| names::compare(a, b))
            });
        }
        all
    }

    fn malignant(&self, gene: &str, allele: &str) -> bool {
        self.phenotypes()
            .function(gene, allele)
            .is_some_and(|f| f.contains("Malignant"))
    }

    /// The pair of lowest function: the lowest allele of each copy, and of several pairs the lowest in sum.
    fn lowest_pair(&self, gene: &Gene, pairs: &[Pair]) -> Option<DiplotypeCall> {
        let symbol = &gene.symbol;
        let mut all: Vec<(Vec<String>, bool)> = pairs
            .iter()
            .map(|pair| {
                let lowest = pair
                    .copies
                    .iter()
                    .filter_map(|(_, alleles)| self.lowest(gene, alleles).into_iter().next());
                (
                    lowest.collect(),
                    pair.copies.iter().any(|(_, alleles)| alleles.len() > 1),
                )
            })
            .collect();
        let weight = |alleles: &[String]| -> f64 {
            if self.phenotypes().by_activity(symbol) {
                alleles
                    .iter()
                    .map(|a| self.phenotypes().activity(symbol, a).unwrap_or(2.0))
                    .sum()
            } else {
                -(alleles.iter().filter(|a| self.malignant(symbol, a)).count() as f64)
            }
        };
        all.sort_by(|(a, _), (b, _)| {
            let by_name = a.iter().zip(b).map(|(x, y)| names::compare(x, y)).find(|o| o.is_ne());
            weight(a)
                .total_cmp(&weight(b))
                .then(by_name.unwrap_or(std::cmp::Ordering::Equal))
        });
        let (alleles, inferred) = all.into_iter().next()?;
        let mut call = self.phenotypes().diplotype(gene, &alleles, None, None);
        call.inferred = inferred;
        Some(call)
    }
}

/// By the names of the alleles, each label once.
fn by_alleles(calls: &mut Vec<DiplotypeCall>) {
    calls.sort_by(|a, b| {
        let by_name = a
            .alleles
            .iter()
            .zip(&b.alleles)
            .map(|(x, y)| names::compare(x, y))
            .find(|o| o.is_ne());
        by_name.unwrap_or_else(|| a.label.cmp(&b.label))
    });
    let mut seen = BTreeSet::new();
    calls.retain(|call| seen.insert((call.label.clone(), call.phenotypes.clone(), call.activity_score.clone())));
}
