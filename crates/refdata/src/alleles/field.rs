//! What a store says of its fields.

use serde::{Deserialize, Serialize};

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Integer,
    /// Decimal numbers, kept digit by digit as the source writes them.
    Float,
    /// Text, kept in a dictionary.
    Text,
    /// There or not there; never missing.
    Flag,
}

/// A field of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// As the source names it.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Whether one allele has several integers or floats, separated by commas. Text with commas is one text.
    #[serde(default)]
    pub list: bool,
    /// In the words of the source.
    #[serde(default)]
    pub description: String,
    /// Numbers of the two integer fields whose quotient it mostly is; such values take no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotient: Option<(usize, usize)>,
}

impl Field {
    /// A field with one value per allele.
    pub fn new(name: impl Into<String>, kind: Kind, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind,
            list: false,
            description: description.into(),
            quotient: None,
        }
    }

    /// Whether a text is a value of this field. Missing values (`.`) are the caller's.
    pub fn accepts(&self, text: &str) -> bool {
        let one = |text: &str| match self.kind {
            Kind::Integer => text.parse::<i64>().is_ok_and(|n| n.to_string() == text),
            Kind::Float => text.parse::<f64>().is_ok_and(f64::is_finite),
            Kind::Text | Kind::Flag => true,
        };
        if self.list {
            text.split(',').all(|t| t == "." || one(t))
        } else {
            one(text)
        }
    }
}

/// Names the fields that are quotients: `AF` of `AC` and `AN`, and so with any ending (`AF_joint`, `AF_afr`).
pub fn find_quotients(fields: &mut [Field]) {
    let place = |name: &str, fields: &[Field]| {
        fields
            .iter()
            .position(|f| f.name == name && f.kind == Kind::Integer && !f.list)
    };
    for number in 0..fields.len() {
        let field = &fields[number];
        let Some(ending) = field.name.strip_prefix("AF") else {
            continue;
        };
        if field.kind != Kind::Float || field.list || !(ending.is_empty() || ending.starts_with('_')) {
            continue;
        }
        let counts = place(&format!("AC{ending}"), fields).zip(place(&format!("AN{ending}"), fields));
        fields[number].quotient = counts;
    }
}
