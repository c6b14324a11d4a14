//! One row of the criteria table while it is being filled.

use clinotype_case::criterion::{Code, Criterion, SetBy, State, Strength};

use super::classify::points;

/// Starts the row of one criterion; the rule id and version are those of the table that decides it.
#[derive(Clone, Debug)]
pub(super) struct Row(Criterion);

impl Row {
    pub(super) fn new(code: Code, rule: &str, version: &str, source: &str) -> Self {
        Self(Criterion {
            code,
            state: State::NotEvaluated,
            strength: None,
            points: 0,
            rule: rule.to_owned(),
            rule_version: version.to_owned(),
            compared: Vec::new(),
            source: source.to_owned(),
            sentence: String::new(),
            set_by: SetBy::Automatic,
            alone: None,
            proposal: None,
            decided: None,
        })
    }
    pub(super) fn rule(mut self, rule: &str) -> Self {
        rule.clone_into(&mut self.0.rule);
        self
    }
    pub(super) fn compared(mut self, name: &str, value: impl ToString) -> Self {
        self.0.compared.push((name.to_owned(), value.to_string()));
        self
    }
    pub(super) fn met(mut self, strength: Strength, sentence: impl Into<String>) -> Criterion {
        self.0.strength = Some(strength);
        self.0.points = points(self.0.code, strength);
        self.end(State::Met, sentence)
    }
    pub(super) fn not_met(self, sentence: impl Into<String>) -> Criterion {
        self.end(State::NotMet, sentence)
    }
    pub(super) fn not_applicable(self, sentence: impl Into<String>) -> Criterion {
        self.end(State::NotApplicable, sentence)
    }
    pub(super) fn not_evaluated(self, sentence: impl Into<String>) -> Criterion {
        self.end(State::NotEvaluated, sentence)
    }
    fn end(mut self, state: State, sentence: impl Into<String>) -> Criterion {
        self.0.state = state;
        self.0.sentence = sentence.into();
        self.0
    }
}

/// A share of alleles, short and exact enough to check: `0.0125`, `1.5e-5`, `0`.
pub(crate) fn share(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if value < 0.001 {
        format!("{value:.2e}")
    } else {
        let text = format!("{value:.5}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}
