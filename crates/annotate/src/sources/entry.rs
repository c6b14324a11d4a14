//! What a source says of one allele, wherever it is written: a line of a VCF, or a record of a store.

use std::borrow::Cow;

use clinotype_refdata::alleles::{Hit, Meta};

use crate::vcf::line::Line;

/// The values of one ALT of a record.
pub(crate) trait Entry {
    /// ID of the record; `.` where it has none.
    fn id(&self) -> Cow<'_, str>;
    /// FILTER as written; `.` where it says nothing.
    fn filter(&self) -> Cow<'_, str>;
    /// A field's whole text; `None` where it is missing.
    fn whole(&self, key: &str) -> Option<Cow<'_, str>>;
    /// A field's value for this ALT: Number=A fields are split, single values serve every ALT.
    fn value(&self, key: &str) -> Option<Cow<'_, str>>;
    /// The fields whose names begin so, with what follows.
    fn beginning<'e>(&'e self, start: &str) -> Vec<&'e str>;
}

fn there(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty() && text != ".").then_some(Cow::Borrowed(text))
}

/// ALT number `index` (0-based) of a line.
pub(crate) struct OfLine<'a> {
    pub(crate) line: &'a Line<'a>,
    pub(crate) index: usize,
}

impl Entry for OfLine<'_> {
    fn id(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.line.head.split('\t').nth(2).unwrap_or("."))
    }
    fn filter(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.line.filter)
    }
    fn whole(&self, key: &str) -> Option<Cow<'_, str>> {
        there(self.line.info_value(key)?)
    }
    fn value(&self, key: &str) -> Option<Cow<'_, str>> {
        let text = self.line.info_value(key)?;
        there(if text.contains(',') {
            text.split(',').nth(self.index)?
        } else {
            text
        })
    }
    fn beginning<'e>(&'e self, start: &str) -> Vec<&'e str> {
        self.line
            .info
            .split(';')
            .filter_map(|entry| entry.split_once('=')?.0.strip_prefix(start))
            .collect()
    }
}

/// A record of a store.
pub(crate) struct OfStore<'a> {
    pub(crate) hit: &'a Hit<'a>,
    pub(crate) meta: &'a Meta,
}

impl Entry for OfStore<'_> {
    fn id(&self) -> Cow<'_, str> {
        self.whole("ID").unwrap_or(Cow::Borrowed("."))
    }
    fn filter(&self) -> Cow<'_, str> {
        self.whole("FILTER").unwrap_or(Cow::Borrowed("."))
    }
    fn whole(&self, key: &str) -> Option<Cow<'_, str>> {
        let text = self.hit.text(self.meta.field(key)?)?;
        (!text.is_empty()).then_some(Cow::Owned(text))
    }
    fn value(&self, key: &str) -> Option<Cow<'_, str>> {
        self.whole(key)
    }
    fn beginning<'e>(&'e self, start: &str) -> Vec<&'e str> {
        self.meta
            .fields
            .iter()
            .filter_map(|f| f.name.strip_prefix(start))
            .collect()
    }
}
