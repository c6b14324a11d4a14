//! Every allele of the genes in scope as a row of a table, classified by the rules alone whatever the filters say of it.
//!
//! The findings of an interpretation are what a report lists. Who compares, counts or validates needs the class of the rest,
//! too: of the uncertain and benign ones, of those that a filter dropped, and which filter that was.

use std::{collections::BTreeSet, fmt::Write as _};

use clinotype_case::{
    criterion::{Criterion, State},
    evidence::{AnnotatedVariant, Zygosity},
    finding::Scope,
};

use crate::{
    Context,
    acmg::table::short,
    funnel::Reason,
    outline::Outline,
    scope::{self, InScope},
    triage,
};

/// The columns, in this order. Positions are 1-based on the build of the VCF; codes are separated by commas.
pub const COLUMNS: [&str; 20] = [
    "contig",
    "pos",
    "ref",
    "alt",
    "gene",
    "transcript",
    "hgvs_c",
    "hgvs_p",
    "consequence",
    "zygosity",
    "class",
    "points",
    "class_2015",
    "codes_met",
    "codes_not_met",
    "codes_not_applicable",
    "codes_not_evaluated",
    "clinvar",
    "filter",
    "notes",
];

/// Classifies allele by allele.
#[derive(Debug)]
pub struct Every<'a> {
    context: &'a Context<'a>,
    scope: Scope,
    genes: BTreeSet<String>,
}

impl<'a> Every<'a> {
    /// By the order's genes, or by all of the transcripts.
    pub fn new(context: &'a Context<'a>) -> Self {
        let scope = scope::scope(context.order, context.transcript_genes);
        let genes = scope.genes.iter().cloned().collect();
        Self { context, scope, genes }
    }

    /// The row of an allele, without its line end; `None` where the sample does not carry it, where its genotype is not
    /// called, and outside the genes in scope, of which nothing is displayed. `filter` is empty for what is listed, else
    /// the reason that dropped it.
    pub fn row(&self, variant: &AnnotatedVariant) -> Option<String> {
        if matches!(variant.genotype.zygosity(), Zygosity::NotCalled | Zygosity::Absent) {
            return None;
        }
        let mut variant = variant.clone();
        if scope::restrict(&mut variant, &self.genes) != InScope::Yes {
            return None;
        }
        let settings = self.context.settings;
        let words = triage::words(settings, self.context.order, &self.scope);
        let outline = Outline::of(&variant);
        let early = triage::early_reason(&outline, settings, InScope::Yes);
        let (_, reviewed) = scope::look(&outline, &self.genes);
        let reviewed = triage::is_worth_reviewing(&outline, reviewed, settings.review_splice_delta);
        let made = triage::classify(self.context, variant)?;
        let reason = early
            .or((!reviewed).then_some(Reason::NotReviewed))
            .or_else(|| triage::late_reason(&made.criteria, made.classification.class, words.list_vus));
        let (key, shown, class) = (&made.variant.key, &made.shown, &made.classification);
        let codes = |state: State| -> String {
            let of = made.criteria.iter().filter(|c| c.state == state);
            of.map(|c| {
                if state == State::Met {
                    Criterion::label(c)
                } else {
                    c.code.to_string()
                }
            })
            .collect::<Vec<_>>()
            .join(",")
        };
        let clinvar = made.variant.clinvar.found().map_or(String::new(), |record| {
            format!(
                "{} (Variation ID {}, {})",
                record.significance, record.variation_id, record.review_status
            )
        });
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let cells: [String; COLUMNS.len()] = [
            key.contig.clone(),
            key.position.to_string(),
            key.reference.clone(),
            key.alternate.clone(),
            text(&shown.symbol),
            shown.transcript.clone(),
            text(&shown.hgvs_c),
            text(&shown.hgvs_p),
            shown.terms.join("&"),
            made.copies.zygosity.words().to_owned(),
            short(class.class).to_owned(),
            class.points.to_string(),
            short(class.class_2015).to_owned(),
            codes(State::Met),
            codes(State::NotMet),
            codes(State::NotApplicable),
            codes(State::NotEvaluated),
            clinvar,
            reason.map_or(String::new(), |reason| words.reason(reason)),
            class.flags.join("; "),
        ];
        let mut row = String::with_capacity(400);
        for (number, cell) in cells.iter().enumerate() {
            // A tab or line end inside a value would move the columns; the names come from files.
            let cell = cell.replace(['\t', '\n', '\r'], " ");
            let _ = write!(row, "{}{cell}", if number == 0 { "" } else { "\t" });
        }
        Some(row)
    }
}
