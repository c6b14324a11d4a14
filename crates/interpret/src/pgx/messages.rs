//! Messages by name: warnings and footnotes that hold for a result.

use clinotype_case::pgx::{CallSource, GeneResult};

use super::{
    copies::Copies,
    tables::{list, stated},
};

/// A message and when it holds.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) name: String,
    kind: String,
    gene: Option<String>,
    called: Vec<String>,
    uncallable: Vec<String>,
    missing: Vec<String>,
    variants: Vec<String>,
    diplotype: Option<String>,
    /// Drugs whose guidance it concerns.
    pub(super) drugs: Vec<String>,
    pub(super) text: String,
}

impl Message {
    pub(super) fn of(row: &[&str]) -> Self {
        Self {
            name: row[0].to_owned(),
            kind: row[1].to_owned(),
            gene: stated(row[2]).map(str::to_owned),
            called: list(row[3], '&'),
            uncallable: list(row[4], ';'),
            missing: list(row[5], ';'),
            variants: list(row[6], ';'),
            diplotype: stated(row[7]).map(str::to_owned),
            drugs: list(row[8], ';'),
            text: row[9].to_owned(),
        }
    }

    /// Whether it holds for a gene that was called here (or not called, for the kind `non-match`).
    pub(super) fn holds(&self, result: &GeneResult, copies: &Copies<'_>) -> bool {
        if self.gene.as_deref() != Some(result.gene.as_str()) || result.source != CallSource::Matcher {
            return false;
        }
        if result.reportable == (self.kind == "non-match") {
            return false;
        }
        if self.kind == "non-match" && copies.seats.is_empty() {
            return false;
        }
        let index = |id: &str| copies.gene.positions.iter().position(|p| p.rsid.as_deref() == Some(id));
        let seat = |id: &str| index(id).and_then(|i| copies.seat(i));
        let has = |name: &String| result.recommendation.iter().any(|d| d.alleles.contains(name));
        if !self.called.iter().all(has)
            || !self.uncallable.iter().all(|a| result.uncallable_alleles.contains(a))
            || !self
                .missing
                .iter()
                .all(|id| index(id).is_some_and(|i| copies.seat(i).is_none_or(|s| s.site.partial)))
            || !self
                .variants
                .iter()
                .all(|id| seat(id).is_some() || extra(copies, result, id))
        {
            return false;
        }
        if let Some(diplotype) = &self.diplotype
            && !result.calls.iter().any(|d| d.label == *diplotype)
        {
            return false;
        }
        if self.kind == "ambiguity" {
            if self.diplotype.is_some() && result.phased {
                return false;
            }
            return self
                .variants
                .iter()
                .all(|id| seat(id).is_some_and(|s| s.site.called[0] != s.site.called[1]));
        }
        true
    }

    /// The note to a drug, if the message concerns it: one about the drug alone, one that holds for its gene, or the
    /// genotype of a position that the drug's guideline asks for.
    pub(super) fn note(&self, drug: &str, genes: &[GeneResult]) -> Option<String> {
        if !self.drugs.iter().any(|d| d == drug) {
            return None;
        }
        let Some(symbol) = &self.gene else {
            return Some(self.text.clone());
        };
        let gene = genes.iter().find(|g| g.gene == *symbol)?;
        if self.kind != "report-as-genotype" {
            return gene.messages.contains(&self.name).then(|| self.text.clone());
        }
        let id = self.variants.first()?;
        let place = gene.positions.iter().find(|p| p.rsid.as_ref() == Some(id))?;
        Some(match &place.genotype {
            Some(genotype) => format!("{id}: {}", genotype.replace('|', "/")),
            None => format!("{id}: no genotype"),
        })
    }

    /// Whether it is a remark to a gene (and not to a drug alone).
    pub(super) fn about_gene(&self) -> bool {
        self.gene.is_some() && self.kind != "report-as-genotype"
    }
}

fn extra(copies: &Copies<'_>, result: &GeneResult, id: &str) -> bool {
    copies.gene.extra.iter().any(|p| {
        p.rsid.as_deref() == Some(id)
            && result
                .positions
                .iter()
                .any(|c| c.position == p.position && c.genotype.is_some())
    })
}
