//! The sample's accession and sex.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An accession: `[A-Za-z0-9._-]{1,64}`. It is a laboratory number, never a person's name, because it becomes part
/// of file names. `.` and `..` are refused for the same reason, and so is a leading `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SampleId(String);

impl SampleId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SampleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SampleId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if (1..=64).contains(&text.len())
            && text.bytes().all(allowed)
            && !matches!(text, "." | "..")
            && !text.starts_with('-')
        {
            Ok(Self(text.to_owned()))
        } else {
            // The text itself is not repeated: somebody may have typed a name.
            Err("the sample must be an accession of 1 to 64 letters, digits, dots, underscores or hyphens, never a name".to_owned())
        }
    }
}

impl TryFrom<String> for SampleId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<SampleId> for String {
    fn from(id: SampleId) -> Self {
        id.0
    }
}

/// Sex as declared, or as the reads suggest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// XX.
    Female,
    /// XY.
    Male,
    /// Not stated, or not told by the data.
    #[default]
    Unknown,
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Unknown => "unknown",
        })
    }
}

impl FromStr for Sex {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "female" => Ok(Self::Female),
            "male" => Ok(Self::Male),
            "unknown" => Ok(Self::Unknown),
            _ => Err("sex is female, male or unknown".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accessions() {
        for good in ["S-000123", "a", "NA12878.2", &"x".repeat(64)] {
            assert!(good.parse::<SampleId>().is_ok(), "{good}");
        }
        for bad in ["", "Jane Doe", "a/b", "..", "-x", "é", &"x".repeat(65)] {
            let message = bad.parse::<SampleId>().unwrap_err();
            assert!(bad.len() < 3 || !message.contains(bad), "{bad}");
        }
    }
}
