//! Alleles with values from a table with a heading line: tabs or commas, plain, gzip or BGZF.

use std::{
    io::{BufRead, Read},
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, Fault, Progress, Result, fs};

use super::{
    super::{field::Field, sort::Packed},
    intake::{Intake, Place},
    vcf::{number, put_checked},
};

/// Names of the columns that hold the allele.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Contig.
    pub contig: Option<String>,
    /// 1-based position.
    pub position: Option<String>,
    /// REF.
    pub reference: Option<String>,
    /// ALT.
    pub alternate: Option<String>,
}

impl std::str::FromStr for Columns {
    type Err = String;
    /// `contig=chr,position=grch38_pos,ref=ref,alt=alt`; what is not named is found by its usual name.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut columns = Self::default();
        for part in text.split(',').filter(|p| !p.is_empty()) {
            let (key, name) = part.split_once('=').unwrap_or((part, ""));
            let place = match key {
                "contig" => &mut columns.contig,
                "position" => &mut columns.position,
                "ref" => &mut columns.reference,
                "alt" => &mut columns.alternate,
                _ => {
                    return Err(format!(
                        "{part:?}: name contig, position, ref or alt, for example ref=REF"
                    ));
                }
            };
            if name.is_empty() || place.replace(name.to_owned()).is_some() {
                return Err(format!("{part:?}: each is named once, for example ref=REF"));
            }
        }
        Ok(columns)
    }
}

/// A table being read.
pub(super) struct Table {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read + Send>>,
    /// Lines before the first row.
    before: u64,
    /// Comment lines (`##`), as they are.
    pub(super) comments: Vec<String>,
    heading: Vec<String>,
}

/// What tables write for a missing value.
fn is_missing(text: &str) -> bool {
    matches!(text, "" | "." | "-" | "NA" | "N/A" | "na" | "nan" | "NaN")
}

impl Table {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut reader = fs::open_text(path)?;
        let (mut line, mut before, mut comments) = (String::new(), 0, Vec::new());
        loop {
            line.clear();
            let read = reader.read_line(&mut line).map_err(|e| Fault::io("read", path, e))?;
            if read == 0 {
                return Err(Fault::input("holds no heading line").at(path));
            }
            before += 1;
            let text = line.trim_end_matches(['\r', '\n']);
            if text.starts_with("##") {
                comments.push(text.to_owned());
            } else if !text.is_empty() {
                break;
            }
        }
        let text = line.trim_end_matches(['\r', '\n']);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.strip_prefix('#').unwrap_or(text);
        let delimiter = if text.contains('\t') { b'\t' } else { b',' };
        let heading: Vec<String> = text
            .split(char::from(delimiter))
            .map(|t| t.trim().trim_matches('"').to_owned())
            .collect();
        if heading.len() < 4 {
            return Err(Fault::input("the heading names fewer than four columns")
                .at(path)
                .line(before)
                .hint("give a table with columns for contig, position, REF and ALT, separated by tabs or commas"));
        }
        let rest: Box<dyn Read + Send> = Box::new(reader);
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(delimiter == b',')
            .has_headers(false)
            .from_reader(rest);
        Ok(Self {
            path: path.to_owned(),
            reader,
            before,
            comments,
            heading,
        })
    }

    /// Number of a column: by the name asked for, else by one of the usual names.
    fn column(&self, what: &str, asked: Option<&String>, usual: &[&str]) -> Result<usize> {
        let found = match asked {
            Some(name) => self.heading.iter().position(|h| h == name),
            None => usual
                .iter()
                .find_map(|name| self.heading.iter().position(|h| h.eq_ignore_ascii_case(name))),
        };
        found.ok_or_else(|| {
            let named: Vec<&str> = self.heading.iter().take(20).map(String::as_str).collect();
            let asked = asked.map(|n| format!(" {n:?}")).unwrap_or_default();
            Fault::input(format!(
                "the heading has no column{asked} for {what}; it has {}",
                named.join(", ")
            ))
            .at(&self.path)
            .line(self.before)
            .hint("name it: --columns contig=NAME,position=NAME,ref=NAME,alt=NAME")
        })
    }

    /// Hands every row to the intake.
    pub(super) fn take_in(
        &mut self,
        fields: &[Field],
        columns: &Columns,
        build: Build,
        intake: &mut Intake<'_>,
        progress: &dyn Progress,
    ) -> Result<u64> {
        let of_build: &[&str] = match build {
            Build::Grch37 => &["hg19_pos", "grch37_pos", "pos(1-based)", "pos", "position"],
            Build::Grch38 => &["grch38_pos", "hg38_pos", "pos(1-based)", "pos", "position"],
        };
        let contig = self.column(
            "the contig",
            columns.contig.as_ref(),
            &["chrom", "chr", "chromosome", "contig"],
        )?;
        let position = self.column("the position", columns.position.as_ref(), of_build)?;
        let reference = self.column("REF", columns.reference.as_ref(), &["ref", "reference", "ref_allele"])?;
        let alternate = self.column("ALT", columns.alternate.as_ref(), &["alt", "alternate", "alt_allele"])?;
        let places = fields
            .iter()
            .map(|f| self.column("a field", Some(&f.name), &[]))
            .collect::<Result<Vec<usize>>>()?;
        let mut row = csv::StringRecord::new();
        let mut rows = 0_u64;
        loop {
            let before = self.before;
            let more = self.reader.read_record(&mut row).map_err(|e| {
                let line = e.position().map_or(0, csv::Position::line);
                Fault::input(format!("this row cannot be read: {e}"))
                    .at(&self.path)
                    .line(before + line)
            })?;
            if !more {
                return Ok(rows);
            }
            rows += 1;
            if rows.is_multiple_of(8192) {
                progress.check()?;
            }
            let place = Place {
                path: &self.path,
                line: before + row.position().map_or(0, csv::Position::line),
            };
            if row.len() != self.heading.len() {
                return Err(place.fault(format!(
                    "this row has {} columns, the heading names {}",
                    row.len(),
                    self.heading.len()
                )));
            }
            let text = row[position].trim();
            let at = if is_missing(text) {
                0
            } else {
                number(text.as_bytes()).ok_or_else(|| place.fault(format!("{text:?} is not a position")))?
            };
            let alternates: Vec<&[u8]> = row[alternate].split(',').map(str::as_bytes).collect();
            let mut put = |index: usize, packed: &mut Packed| {
                for (field, column) in fields.iter().zip(&places) {
                    let text = row[*column].trim();
                    // A cell with one value per ALT is split as the ALT cell is.
                    let text = if alternates.len() > 1 && text.split(',').count() == alternates.len() {
                        text.split(',').nth(index).unwrap_or_default()
                    } else {
                        text
                    };
                    put_checked(field, Some(text).filter(|t| !is_missing(t)), place, packed)?;
                }
                Ok(())
            };
            intake.record(
                place,
                (row[contig].as_bytes(), at),
                (row[reference].as_bytes(), &alternates),
                &mut put,
                None,
            )?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_name() {
        let columns: Columns = "position=grch38_pos,alt=Allele".parse().unwrap();
        assert_eq!(columns.position.as_deref(), Some("grch38_pos"));
        assert_eq!((columns.alternate.as_deref(), columns.contig), (Some("Allele"), None));
        for text in ["pos=x", "ref", "ref=a,ref=b"] {
            assert!(text.parse::<Columns>().is_err(), "{text}");
        }
    }
}
