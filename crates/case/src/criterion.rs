//! ACMG/AMP criteria and the contract of their evaluation (Richards 2015; Tavtigian 2018, 2020).

use std::fmt;

use serde::{Deserialize, Serialize};

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
}

impl Criterion {
    /// As printed: `PVS1`, `PM2_Supporting`.
    pub fn label(&self) -> String {
        match self.strength {
            Some(strength) if strength != self.code.default_strength() => {
                format!("{}_{}", self.code, strength.suffix())
            }
            _ => self.code.to_string(),
        }
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
