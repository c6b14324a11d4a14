//! Reading along a name, byte by byte (names are ASCII: a byte is a column).

use super::NameError;

/// Where reading stands.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What a character of a word processor stood for.
pub(super) fn lookalike(odd: char) -> &'static str {
    match odd {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "; a minus is '-'",
        '\u{a0}' | '\u{2009}' | '\u{202f}' => "; it is a space",
        '\u{ff1e}' | '\u{203a}' | '\u{2192}' => "; a substitution is written '>'",
        _ => "",
    }
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
    pub(super) fn position(&self) -> usize {
        self.at
    }
    /// A copy that stands elsewhere.
    pub(super) fn at(&self, at: usize) -> Self {
        Self { bytes: self.bytes, at }
    }
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }
    pub(super) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }
    pub(super) fn advance(&mut self, by: usize) {
        self.at = (self.at + by).min(self.bytes.len());
    }
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }
    pub(super) fn take_all(&mut self, word: &[u8]) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }
    pub(super) fn expect(&mut self, byte: u8, what: &str) -> Result<(), NameError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.expected(what))
        }
    }
    /// The longest run of bytes that fit.
    pub(super) fn run(&mut self, fits: impl Fn(u8) -> bool) -> &'a str {
        let length = self.rest().iter().take_while(|b| fits(**b)).count();
        let start = self.at;
        self.at += length;
        self.since(start)
    }
    /// The text from a place up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default()
    }
    /// A whole number from 1 that fits 32 bits.
    pub(super) fn number(&mut self, what: &str) -> Result<u32, NameError> {
        let start = self.at;
        let digits = self.run(|b| b.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.expected(what));
        }
        match digits.parse::<u32>() {
            Ok(0) => Err(self.at(start).error("there is no position 0")),
            Ok(n) if n < i32::MAX as u32 => Ok(n),
            _ => Err(self.at(start).error(format!("{digits} is beyond any sequence"))),
        }
    }
    /// A count, which may be 0.
    pub(super) fn count(&mut self, what: &str) -> Result<u32, NameError> {
        let start = self.at;
        let digits = self.run(|b| b.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.expected(what));
        }
        digits
            .parse::<u32>()
            .ok()
            .filter(|n| *n < i32::MAX as u32)
            .ok_or_else(|| self.at(start).error(format!("{digits} is too many")))
    }
    pub(super) fn error(&self, what: impl Into<String>) -> NameError {
        NameError {
            column: self.at + 1,
            what: what.into(),
        }
    }
    pub(super) fn expected(&self, what: &str) -> NameError {
        let found = match self.rest() {
            [] => "the name ends here".to_owned(),
            rest => {
                let shown: String = rest.iter().take(12).map(|b| char::from(*b)).collect();
                format!("found {shown:?}{}", if rest.len() > 12 { " ..." } else { "" })
            }
        };
        self.error(format!("expected {what}; {found}"))
    }
}
