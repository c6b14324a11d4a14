//! ACMG/AMP criteria of one variant in one gene: evaluated, explained, classified.

mod bp7;
mod classify;
pub mod codes;
mod combining;
mod frequency;
mod interactions;
mod pvs1;
mod row;
pub mod table;

use clinotype_case::{
    criterion::{Code, Criterion},
    evidence::{AnnotatedVariant, TranscriptConsequence},
    finding::GeneFacts,
};
use clinotype_genome::{Build, DataRelease};

pub use classify::{Tier, class_of_points, classify, classify_codes, posterior, tier};
pub use combining::class as class_2015;
pub use interactions::settle;
pub(crate) use row::share;

use crate::rules::RULES;
use row::Row;

/// What [`evaluate`] is asked: one variant, on the transcript that the report shows for one gene.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The evidence.
    pub variant: &'a AnnotatedVariant,
    /// The transcript that the report shows.
    pub shown: &'a TranscriptConsequence,
    /// The gene's facts, where the table has them.
    pub gene: Option<&'a GeneFacts>,
    /// Build of the variant's coordinates.
    pub build: Build,
    /// Data releases in use; they name the source of each criterion.
    pub data: &'a [DataRelease],
}

/// Every criterion of [`Code::ALL`] in that order, interactions settled (section 10 of the rules).
pub fn evaluate(question: &Question<'_>) -> Vec<Criterion> {
    let [ba1, bs1, pm2] = frequency::evaluate(question);
    let mut criteria: Vec<Criterion> = Code::ALL
        .iter()
        .map(|&code| match code {
            Code::PVS1 => pvs1::evaluate(question),
            Code::BA1 => ba1.clone(),
            Code::BS1 => bs1.clone(),
            Code::PM2 => pm2.clone(),
            Code::BP7 => bp7::evaluate(question),
            _ => not_automated(code),
        })
        .collect();
    settle(&mut criteria);
    criteria
}

fn not_automated(code: Code) -> Criterion {
    let reason = RULES
        .not_automated
        .get(&code)
        .expect("the table holds every criterion that is not evaluated, a test reads it");
    let id = format!("clinotype.{}", code.as_str().to_ascii_lowercase());
    Row::new(code, &id, &RULES.version("criteria that"), "no data source")
        .not_evaluated(format!("{code} was not evaluated: {reason}."))
}

impl Question<'_> {
    /// The release behind a source, as a report prints it: `frequencies, release 4.1 (file.vcf.gz; synthetic)`.
    fn source(&self, name: &str) -> String {
        describe(self.data, name)
    }
    /// The gene's symbol, for sentences.
    fn symbol(&self) -> &str {
        self.shown.symbol.as_deref().unwrap_or("the gene")
    }
    fn has_term(&self, terms: &[&str]) -> bool {
        self.shown.terms.iter().any(|term| terms.contains(&term.as_str()))
    }
}

/// `NAME, release R (file; note)`, or that no such data was given.
pub(crate) fn describe(data: &[DataRelease], name: &str) -> String {
    let Some(release) = data.iter().find(|d| d.name.eq_ignore_ascii_case(name)) else {
        return format!("{name}: not given");
    };
    let number = release
        .release
        .as_deref()
        .map_or("release not stated".to_owned(), |r| format!("release {r}"));
    let note = release.note.as_deref().map_or(String::new(), |n| format!("; {n}"));
    format!("{}, {number} ({}{note})", release.name, release.file)
}
