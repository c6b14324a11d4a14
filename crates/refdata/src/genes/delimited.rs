//! Tables as they are published: a heading somewhere near the beginning, tabs or commas, quotes, compressed or not.

use std::{
    io::{BufRead, Read},
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Result, fs};

/// Lines before the heading that are looked at.
const PREAMBLE: usize = 200;

/// Rows of a table, by the names of their columns.
pub(super) struct Rows {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read>>,
    heading: Vec<String>,
    /// Lines up to and with the heading.
    before: u64,
    /// Lines before the heading, as they are.
    pub(super) preamble: Vec<String>,
    row: csv::StringRecord,
}

fn cells(line: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .from_reader(line.as_bytes());
    let mut row = csv::StringRecord::new();
    match reader.read_record(&mut row) {
        Ok(true) => row.iter().map(|c| c.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

impl Rows {
    /// Opens a table whose heading has all of these columns; `what` names it in messages.
    pub(super) fn open(path: &Path, what: &str, needed: &[&str]) -> Result<Self> {
        let mut reader = fs::open_text(path)?;
        let (mut before, mut preamble) = (0, Vec::new());
        loop {
            let mut line = String::new();
            let read = reader.read_line(&mut line).map_err(|e| Fault::io("read", path, e))?;
            if read == 0 || preamble.len() == PREAMBLE {
                return Err(Fault::input(format!(
                    "is not a table of {what}: no heading names the columns {}",
                    needed.join(", ")
                ))
                .at(path)
                .hint("give the file as it is published"));
            }
            before += 1;
            let text = line.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}');
            let bare = text.trim_start_matches('#');
            let delimiter = if bare.contains('\t') { b'\t' } else { b',' };
            let heading = cells(bare, delimiter);
            if needed.iter().all(|n| heading.iter().any(|h| h == n)) {
                let rest: Box<dyn Read> = Box::new(reader);
                return Ok(Self {
                    path: path.to_owned(),
                    reader: csv::ReaderBuilder::new()
                        .delimiter(delimiter)
                        .has_headers(false)
                        .flexible(true)
                        .from_reader(rest),
                    heading,
                    before,
                    preamble,
                    row: csv::StringRecord::new(),
                });
            }
            preamble.push(text.to_owned());
        }
    }

    /// Number of the column with the first of these names that is there.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|n| self.heading.iter().position(|h| h == n))
    }

    /// The same where the table is useless without it.
    pub(super) fn needed(&self, names: &[&str]) -> Result<usize> {
        self.column(names).ok_or_else(|| {
            Fault::input(format!("has no column {}", names.join(" or ")))
                .at(&self.path)
                .line(self.before)
        })
    }

    /// Goes to the next row; false at the end. Rulers (`+++`) and empty rows are passed over.
    pub(super) fn next(&mut self) -> Result<bool> {
        loop {
            let more = self.reader.read_record(&mut self.row).map_err(|e| {
                let line = e.position().map_or(0, csv::Position::line);
                Fault::input(format!("this row cannot be read: {e}"))
                    .at(&self.path)
                    .line(self.before + line)
            })?;
            if !more {
                return Ok(false);
            }
            if self.row.iter().all(|c| c.bytes().all(|b| b == b'+')) {
                continue;
            }
            if self.row.len() != self.heading.len() {
                return Err(self.fault(format!(
                    "this row has {} columns, the heading names {}",
                    self.row.len(),
                    self.heading.len()
                )));
            }
            return Ok(true);
        }
    }

    /// A cell; `None` where it is empty or says that nothing is known.
    pub(super) fn get(&self, column: Option<usize>) -> Option<&str> {
        let text = self.row.get(column?)?.trim();
        (!matches!(text, "" | "NA" | "NaN" | "nan" | "-" | "." | "None" | "null")).then_some(text)
    }

    /// A number in a cell; a text that is none is a fault.
    pub(super) fn number(&self, column: Option<usize>) -> Result<Option<f64>> {
        let Some(text) = self.get(column) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => {
                let name = column.and_then(|c| self.heading.get(c)).map_or("", String::as_str);
                let short: String = text.chars().take(40).collect();
                Err(self.fault(format!("{name} is {short:?}, not a number")))
            }
        }
    }

    /// A fault of this row.
    pub(super) fn fault(&self, what: impl Into<String>) -> Fault {
        let line = self.row.position().map_or(0, csv::Position::line);
        Fault::input(what).at(&self.path).line(self.before + line)
    }
}
