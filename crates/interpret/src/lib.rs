//! From evidence to conclusion: criteria, classes, findings, the answer. No I/O, no clock, no randomness.
//!
//! [`interpret`] takes the annotated alleles of one sample as a stream and keeps only what may be reported, and every
//! classified variant of the ordered genes, so a whole genome needs no more memory than these. [`review`] draws the
//! conclusion anew from what people decided. The same input in any order gives the same result. Thresholds,
//! gene facts and exceptions are tables in `rules/` ([`rules`]); every result names the version that it came from.

pub mod acmg;
mod blosum62;
pub mod cnv;
pub mod comparators;
mod conclusion;
mod consequence;
pub mod every;
mod findings;
mod funnel;
mod grantham;
pub mod inheritance;
mod limits;
mod outline;
pub mod pgx;
pub mod phenotype;
mod poisson;
pub mod prs;
mod review;
pub mod rules;
mod scope;
mod secondary;
mod sentences;
pub mod somatic;
mod triage;

use std::collections::BTreeSet;

use clinotype_case::{
    Order, SampleId, Sex,
    evidence::AnnotatedVariant,
    finding::{FunnelStep, Interpretation, RuleSet, SCHEMA, Scope, SecondaryFindings},
    quality::{Check, Coverage},
};
use clinotype_genome::{Build, DataRelease};

pub use acmg::codes;
pub use comparators::Comparators;
pub use outline::{Outline, Touched};
pub use review::{Judgements, contradictions, judge, review};
use rules::Predictor;

/// Everything about the sample and the run that is not a variant.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The sample.
    pub sample: &'a SampleId,
    /// The name that the input file gave it, where it differs.
    pub input_sample: Option<&'a str>,
    /// Sex as declared.
    pub sex: Sex,
    /// Build of every coordinate.
    pub build: Build,
    /// How the build is known.
    pub build_proof: &'a str,
    /// The order; `None`: nothing was asked, every gene of the transcripts is in scope.
    pub order: Option<&'a Order>,
    /// HGNC symbols of the genes that the transcripts cover.
    pub transcript_genes: &'a BTreeSet<String>,
    /// Coverage of the genes in scope, or why there is none.
    pub coverage: &'a Coverage,
    /// Every named check of the run.
    pub checks: &'a [Check],
    /// Data releases in use; names as [`DataRelease::name`] lists them.
    pub data: &'a [DataRelease],
    /// What annotation already dropped; goes first in the funnel.
    pub before: &'a [FunnelStep],
    /// Thresholds of the filters and of the classes.
    pub settings: &'a Settings,
    /// What ClinVar says of other variants of the genes; `None`: no table was given, and what needs it is not evaluated.
    pub comparators: Option<&'a Comparators>,
}

/// Thresholds that a laboratory may set. A value that the input does not state never drops an allele; the finding
/// says that it is not stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Highest sum of points that is Likely benign: -1 as published (Tavtigian 2020), -2 to let no single supporting
    /// criterion decide.
    pub lb_min_points: i32,
    /// Least QUAL, phred.
    pub minimum_quality: f64,
    /// Least GQ, phred.
    pub minimum_genotype_quality: u32,
    /// Least DP of the sample, reads.
    pub minimum_depth: u32,
    /// Splice delta from which an allele is reviewed wherever it lies (Walker 2023: 0.20).
    pub review_splice_delta: f64,
    /// The one missense predictor whose bands make PP3 and BP4, chosen before looking; `None`: neither is evaluated for
    /// missense changes.
    pub missense_tool: Option<&'static Predictor>,
}

impl Default for Settings {
    /// -1 point, QUAL 20, GQ 20, DP 8, splice delta 0.20, no missense predictor.
    fn default() -> Self {
        Self {
            lb_min_points: -1,
            minimum_quality: 20.0,
            minimum_genotype_quality: 20,
            minimum_depth: 8,
            review_splice_delta: 0.20,
            missense_tool: None,
        }
    }
}

impl Settings {
    /// The settings as a conclusion carries them.
    fn rule_set(&self) -> RuleSet {
        let tool = self.missense_tool.map_or("none", |tool| tool.name.as_str());
        RuleSet {
            name: "settings of the laboratory".to_owned(),
            version: format!(
                "Likely benign from {} points down; missense predictor {tool}",
                self.lb_min_points
            ),
            source: "the laboratory".to_owned(),
        }
    }
}

/// What one allele becomes; made by [`Sieve::sift`], taken by [`Account::take`].
#[derive(Debug)]
pub struct Sifted {
    main: triage::Sifted,
    /// By the genes of secondary findings, where it touches one of them.
    beside: Option<triage::Sifted>,
}

/// The filters and the criteria, which look at each allele by itself, so that alleles may be sifted side by side.
#[derive(Debug)]
pub struct Sieve<'a> {
    context: &'a Context<'a>,
    scope: Scope,
    genes: BTreeSet<String>,
    beside: Option<secondary::Beside>,
}

/// Interprets one sample.
///
/// Each allele passes the filters of the funnel once. What is left gets its section by inheritance and zygosity, and
/// the conclusion is drawn from the findings, the coverage, the checks and what was dropped.
pub fn interpret(context: &Context<'_>, variants: impl IntoIterator<Item = AnnotatedVariant>) -> Interpretation {
    let sieve = Sieve::new(context);
    let mut account = sieve.account();
    for variant in variants {
        account.take(sieve.whole(&variant));
    }
    account.conclude()
}

impl<'a> Sieve<'a> {
    /// By the order's genes, or by all of the transcripts.
    pub fn new(context: &'a Context<'a>) -> Self {
        let scope = scope::scope(context.order, context.transcript_genes);
        let genes = scope.genes.iter().cloned().collect();
        let beside = secondary::genes(context.order, &scope, context.transcript_genes);
        Self {
            context,
            scope,
            genes,
            beside,
        }
    }

    /// Sifts an allele. `whole` gives all of it, and is called only where the outline does not decide.
    pub fn sift(&self, outline: &Outline<'_>, whole: impl Fn() -> AnnotatedVariant) -> Sifted {
        Sifted {
            main: triage::sift(self.context, &self.genes, outline, &whole),
            beside: self
                .beside
                .as_ref()
                .and_then(|beside| beside.sift(self.context, outline, &whole)),
        }
    }

    /// Sifts a whole allele.
    pub fn whole(&self, variant: &AnnotatedVariant) -> Sifted {
        self.sift(&Outline::of(variant), || variant.clone())
    }

    /// An account that takes what was sifted.
    pub fn account(&self) -> Account<'_> {
        Account {
            triage: triage::Triage::new(self.context, &self.scope),
            looking: self
                .beside
                .as_ref()
                .map(|beside| secondary::Looking::new(self.context, beside, &self.scope)),
            sieve: self,
        }
    }
}

/// The account of every allele of a sample.
pub struct Account<'s> {
    sieve: &'s Sieve<'s>,
    triage: triage::Triage<'s>,
    looking: Option<secondary::Looking<'s>>,
}

impl std::fmt::Debug for Account<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").finish_non_exhaustive()
    }
}

impl Account<'_> {
    /// Counts one allele, and keeps what may be reported.
    pub fn take(&mut self, one: Sifted) {
        if let (Some(looking), Some(beside)) = (&mut self.looking, one.beside) {
            looking.take(beside);
        }
        self.triage.take(one.main);
    }

    /// Draws the conclusion.
    pub fn conclude(self) -> Interpretation {
        let secondary = self.looking.map(secondary::Looking::finish);
        drawn(
            self.sieve.context,
            self.sieve.scope.clone(),
            self.triage.finish(),
            secondary,
        )
    }
}

/// Sections, sentences and the answer.
fn drawn(
    context: &Context<'_>,
    scope: Scope,
    result: triage::Triaged,
    secondary: Option<SecondaryFindings>,
) -> Interpretation {
    let list_vus = context.order.is_some_and(|order| order.policy.list_vus);
    let pool = result.candidates.into_iter().chain(result.classified);
    let pool: Vec<_> = pool.map(|candidate| findings::finding(context, candidate)).collect();
    let findings::Arranged { findings, others } = findings::arrange(pool, context.sex, context.build, list_vus);
    let conclusion = conclusion::conclude(&conclusion::Facts {
        context,
        scope: &scope,
        findings: &findings,
        clinvar_listed: &result.clinvar_listed,
        set_aside: &result.set_aside,
        reviewed_not_reported: 0,
        outside: result.outside,
        secondary: secondary.as_ref(),
    });
    Interpretation {
        schema: SCHEMA.to_owned(),
        sample: context.sample.clone(),
        input_sample: context.input_sample.map(str::to_owned),
        sex: context.sex,
        build: context.build,
        build_proof: context.build_proof.to_owned(),
        rules: rules::RULES
            .sets
            .iter()
            .cloned()
            .chain([context.settings.rule_set()])
            .collect(),
        data: context
            .data
            .iter()
            .cloned()
            .chain(context.comparators.map(Comparators::data_release))
            .collect(),
        scope,
        funnel: result.funnel,
        findings,
        classified: others,
        set_aside: Some(result.set_aside),
        clinvar_listed: result.clinvar_listed,
        secondary,
        people: None,
        lb_min_points: context.settings.lb_min_points,
        conclusion,
    }
}
