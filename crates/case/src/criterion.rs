//! ACMG/AMP criteria and the contract of their evaluation (Richards 2015; Tavtigian 2018, 2020).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::entered::{Decision, Setting};

macro_rules! codes {
    ($($code:ident),* $(,)?) => {
        /// A criterion of Richards 2015. PP5 and BP6 are retired (Biesecker & Harrison 2018) and not here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the names are the definitions")]
        pub enum Code { $($code),* }
        impl Code {
            /// Every code, pathogenic first.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];
            /// As papers write it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),* }
            }
        }
    };
}
codes!(
    PVS1, PS1, PS2, PS3, PS4, PM1, PM2, PM3, PM4, PM5, PM6, PP1, PP2, PP3, PP4, BA1, BS1, BS2, BS3, BS4, BP1, BP2, BP3,
    BP4, BP5, BP7
);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which way a criterion points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Towards pathogenic.
    Pathogenic,
    /// Towards benign.
    Benign,
}

/// Strength of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// 1 point.
    Supporting,
    /// 2 points.
    Moderate,
    /// 4 points.
    Strong,
    /// 8 points.
    VeryStrong,
    /// BA1: benign whatever the sum.
    StandAlone,
}

impl Code {
    /// Which way it points.
    pub fn side(self) -> Side {
        if self.as_str().starts_with('P') {
            Side::Pathogenic
        } else {
            Side::Benign
        }
    }
    /// Its strength where nothing changes it.
    pub fn default_strength(self) -> Strength {
        match &self.as_str()[..2] {
            "PV" => Strength::VeryStrong,
            "PS" | "BS" => Strength::Strong,
            "PM" => Strength::Moderate,
            "BA" => Strength::StandAlone,
            _ => Strength::Supporting,
        }
    }
}

impl Strength {
    /// Points without sign (Tavtigian 2020). Stand-alone counts as very strong in a sum.
    pub const fn points(self) -> i32 {
        match self {
            Self::Supporting => 1,
            Self::Moderate => 2,
            Self::Strong => 4,
            Self::VeryStrong | Self::StandAlone => 8,
        }
    }
    /// As a suffix: `PM2_Supporting`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Supporting => "Supporting",
            Self::Moderate => "Moderate",
            Self::Strong => "Strong",
            Self::VeryStrong => "VeryStrong",
            Self::StandAlone => "StandAlone",
        }
    }
}

/// What came of evaluating a criterion. The four are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The evidence is there.
    Met,
    /// The data were there and say no.
    NotMet,
    /// The criterion does not concern this kind of variant.
    NotApplicable,
    /// Data are missing, or the rule is not automated.
    NotEvaluated,
}

/// Who set the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBy {
    /// The rules.
    Automatic,
    /// A person.
    User,
}

/// One criterion on one variant, with its trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Which.
    pub code: Code,
    /// What came of it.
    pub state: State,
    /// Strength applied where met; `None` otherwise.
    pub strength: Option<Strength>,
    /// Signed points: positive pathogenic, negative benign, 0 unless met.
    pub points: i32,
    /// The rule, for example `clinotype.pvs1.A1`.
    pub rule: String,
    /// Version of the rule table.
    pub rule_version: String,
    /// The numbers that were compared, in order, as name and value with unit.
    pub compared: Vec<(String, String)>,
    /// Data source with release, or what is missing.
    pub source: String,
    /// One sentence that a clinician can check.
    pub sentence: String,
    /// Who set it.
    pub set_by: SetBy,
    /// What the rule says by itself, where another criterion changed what counts; `None`: none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Box<Said>>,
    /// What evidence from people and families proposes. It counts nothing until a person confirms it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Box<Proposal>>,
    /// Where a person set it: the decision, and what the rules say beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Box<Decided>>,
}

/// A value of a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// State.
    pub state: State,
    /// Strength where met.
    pub strength: Option<Strength>,
    /// The sentence to it.
    pub sentence: String,
}

/// A person's decision with what the rules say now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The decision.
    pub decision: Decision,
    /// What the rules say without any person's decision.
    pub automatic: Said,
}

impl Decided {
    /// Whether the rules said something else when it was decided; `None`: not recorded.
    pub fn has_changed(&self) -> Option<bool> {
        let seen = self.decision.seen?;
        Some(seen.state != self.automatic.state || seen.strength != self.automatic.strength)
    }
}

/// What rules propose from entered or observed evidence. Not a criterion until a person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which criterion.
    pub code: Code,
    /// The strength that the evidence reaches; `None`: not enough for any.
    pub strength: Option<Strength>,
    /// The rule, for example `clinotype.ps2`.
    pub rule: String,
    /// Version of the rule table.
    pub rule_version: String,
    /// What was counted, in order, as name and value.
    pub compared: Vec<(String, String)>,
    /// One sentence that a clinician can check.
    pub sentence: String,
}

impl Proposal {
    /// With one more value that was counted.
    #[must_use]
    pub fn compared(mut self, name: &str, value: impl ToString) -> Self {
        self.compared.push((name.to_owned(), value.to_string()));
        self
    }

    /// `proposed as PS2_Moderate`, or `not proposed`.
    pub fn words(&self) -> String {
        match self.strength {
            Some(strength) => format!("proposed as {}", label(self.code, Some(strength))),
            None => "not proposed".to_owned(),
        }
    }

    /// The decision by which a person takes the proposal over; `None` where nothing is proposed. Without a reason of
    /// the person's own, the proposal's sentence is the reason.
    pub fn confirmed(&self, by: &str, reason: &str) -> Option<Decision> {
        Some(Decision {
            code: self.code,
            setting: Setting::Met(self.strength?),
            reason: if reason.trim().is_empty() {
                self.sentence.clone()
            } else {
                format!("{} ({})", reason.trim(), self.sentence.trim_end_matches('.'))
            },
            by: by.to_owned(),
            role: None,
            at: None,
            seen: None,
        })
    }
}

/// As printed: `PVS1`, `PM2_Supporting`.
fn label(code: Code, strength: Option<Strength>) -> String {
    match strength {
        Some(strength) if strength != code.default_strength() => format!("{code}_{}", strength.suffix()),
        _ => code.to_string(),
    }
}

impl Criterion {
    /// As printed: `PVS1`, `PM2_Supporting`.
    pub fn label(&self) -> String {
        label(self.code, self.strength)
    }
    /// What it says now.
    pub fn said(&self) -> Said {
        Said {
            state: self.state,
            strength: self.strength,
            sentence: self.sentence.clone(),
        }
    }
}

impl Said {
    /// In words: `met as PM2_Supporting`, `not met` ...
    pub fn words(&self, code: Code) -> String {
        said(code, self.state, self.strength)
    }
}

/// A state in words: `met as PM2_Supporting`, `not met` ...
pub fn said(code: Code, state: State, strength: Option<Strength>) -> String {
    match state {
        State::Met => format!("met as {}", label(code, strength)),
        State::NotMet => "not met".to_owned(),
        State::NotApplicable => "not applicable".to_owned(),
        State::NotEvaluated => "not evaluated".to_owned(),
    }
}

/// The five classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Benign.
    Benign,
    /// Likely benign.
    LikelyBenign,
    /// Variant of uncertain significance.
    Uncertain,
    /// Likely pathogenic.
    LikelyPathogenic,
    /// Pathogenic.
    Pathogenic,
}

impl Class {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Benign => "Benign",
            Self::LikelyBenign => "Likely benign",
            Self::Uncertain => "Uncertain significance",
            Self::LikelyPathogenic => "Likely pathogenic",
            Self::Pathogenic => "Pathogenic",
        }
    }
    /// Whether P or LP.
    pub const fn is_pathogenic(self) -> bool {
        matches!(self, Self::LikelyPathogenic | Self::Pathogenic)
    }
}
