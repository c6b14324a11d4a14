//! Alleles with values from a VCF (4.1 to 4.5), plain, gzip or BGZF.

use std::{
    collections::HashMap,
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, ContigKey, Contigs, Fault, Progress, Result, fs, vcf_file};

use super::{
    super::{
        field::{Field, Kind},
        sort::Packed,
    },
    fields::{Declared, Origin, Share},
    intake::{Intake, Place},
};

/// Fields that say how many alleles of a site were looked at; where a source has one, the places of its records tell
/// where an allele is absent.
const COVERAGE: [&str; 2] = ["AN", "AN_joint"];

/// A VCF being read.
pub(super) struct Vcf {
    pub(super) path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    /// `##` lines.
    pub(super) lines: Vec<String>,
    pub(super) declared: Vec<Declared>,
    contigs: Vec<(String, u32)>,
    pub(super) samples: Vec<String>,
}

/// Value of a key in `##INFO=<ID=AC,Number=A>`, quotes removed.
fn value(line: &str, key: &str) -> Option<String> {
    let mut rest = line.split_once("=<")?.1.strip_suffix('>')?;
    while let Some((name, after)) = rest.split_once('=') {
        let (found, next) = if let Some(quoted) = after.strip_prefix('"') {
            let mut text = String::new();
            let mut characters = quoted.char_indices();
            let mut end = quoted.len();
            while let Some((at, c)) = characters.next() {
                match c {
                    '\\' => text.extend(characters.next().map(|(_, c)| c)),
                    '"' => {
                        end = at + 1;
                        break;
                    }
                    c => text.push(c),
                }
            }
            (text, quoted[end..].trim_start_matches(','))
        } else {
            let (found, next) = after.split_once(',').unwrap_or((after, ""));
            (found.to_owned(), next)
        };
        if name == key {
            return Some(found);
        }
        rest = next;
    }
    None
}

impl Vcf {
    /// Opens a file and reads its header.
    pub(super) fn open(path: &Path) -> Result<Self> {
        vcf_file::check_whole(path)?;
        let mut vcf = Self {
            path: path.to_owned(),
            reader: fs::open_text(path)?,
            line: 0,
            lines: Vec::new(),
            declared: Vec::new(),
            contigs: Vec::new(),
            samples: Vec::new(),
        };
        let mut bytes = Vec::new();
        while vcf.read(&mut bytes)? {
            let Ok(text) = std::str::from_utf8(&bytes) else {
                return Err(vcf.place().fault("this line is not UTF-8 text"));
            };
            if vcf.line == 1 && !text.starts_with("##fileformat=VCF") {
                return Err(vcf
                    .place()
                    .fault("is not a VCF file: it does not begin with ##fileformat=VCF"));
            }
            if text.starts_with("##") {
                let text = text.to_owned();
                vcf.header_line(text);
            } else if text.starts_with("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO") {
                vcf.samples = text.split('\t').skip(9).map(str::to_owned).collect();
                return Ok(vcf);
            } else {
                return Err(vcf
                    .place()
                    .fault("the column line of a VCF (#CHROM POS ID REF ALT QUAL FILTER INFO) is missing"));
            }
        }
        Err(Fault::input("ends before the column line (#CHROM ...)")
            .at(path)
            .hint("give a whole VCF file"))
    }

    fn header_line(&mut self, text: String) {
        if text.starts_with("##contig=<")
            && let (Some(name), Some(length)) = (value(&text, "ID"), value(&text, "length"))
            && let Ok(length) = length.parse()
        {
            self.contigs.push((name, length));
        }
        if text.starts_with("##INFO=<")
            && let (Some(name), Some(number), Some(kind)) =
                (value(&text, "ID"), value(&text, "Number"), value(&text, "Type"))
            && self.declared.iter().all(|d| d.name != name)
        {
            self.declared.push(Declared {
                name,
                number,
                kind,
                description: value(&text, "Description").unwrap_or_default(),
            });
        }
        self.lines.push(text);
    }

    fn place(&self) -> Place<'_> {
        Place {
            path: &self.path,
            line: self.line,
        }
    }

    /// 1-based number of the line that was read last.
    pub(super) fn line_number(&self) -> u64 {
        self.line
    }

    /// Next line without its end; false at the end of the file.
    fn read(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        bytes.clear();
        let read = self.reader.read_until(b'\n', bytes).map_err(|e| {
            Fault::io("read", &self.path, e)
                .line(self.line + 1)
                .hint("the file is damaged or cut short: copy or make it again")
        })?;
        self.line += u64::from(read > 0);
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Ok(read > 0)
    }

    /// Next record line, empty ones passed over; false at the end.
    pub(super) fn next(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        while self.read(bytes)? {
            if !bytes.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Text after one of these keys at the beginning of a header line.
    pub(super) fn stated(&self, keys: &[&str]) -> Option<String> {
        keys.iter()
            .find_map(|key| self.lines.iter().find_map(|l| l.strip_prefix(key)))
            .map(|value| value.trim().trim_matches('"').to_owned())
            .filter(|value| !value.is_empty())
    }

    /// Whether the file calls itself synthetic.
    pub(super) fn is_synthetic(&self) -> bool {
        self.lines.iter().any(|line| {
            line.starts_with("##synthetic")
                || line
                    .strip_prefix("##source=")
                    .is_some_and(|s| s.to_ascii_lowercase().contains("synthetic"))
        })
    }

    /// Compares what the header says of the build: `##reference` or `##assembly`, and contig lengths. Gives the number
    /// of contigs whose length is the reference's.
    pub(super) fn check_build(&self, contigs: &Contigs, build: Build, assert_build: bool) -> Result<u64> {
        let declared = self.lines.iter().find_map(|line| {
            let text = line
                .strip_prefix("##reference=")
                .or_else(|| line.strip_prefix("##assembly="))?;
            let names = |names: [&str; 2]| names.iter().any(|n| text.contains(n));
            match (names(["GRCh37", "hg19"]), names(["GRCh38", "hg38"])) {
                (true, false) => Some(Build::Grch37),
                (false, true) => Some(Build::Grch38),
                _ => None,
            }
        });
        if let Some(declared) = declared.filter(|d| *d != build && !assert_build) {
            return Err(
                Fault::input(format!("its header says {declared}, the reference is of {build}"))
                    .at(&self.path)
                    .hint(format!("give the file of {build}, or the reference of {declared}")),
            );
        }
        let mut agreeing = 0;
        for (name, length) in &self.contigs {
            if ContigKey::of(name).is_some_and(|k| k.as_str() == "MT") {
                continue;
            }
            let Some(ours) = contigs.resolve(name) else { continue };
            if ours.length != *length {
                return Err(Fault::input(format!(
                    "the header gives {name} {length} bases, the reference has {}: they are of different builds",
                    ours.length
                ))
                .at(&self.path)
                .hint(format!("give the file of {build}")));
            }
            agreeing += 1;
        }
        Ok(agreeing)
    }

    /// Hands every record to the intake.
    pub(super) fn take_in(
        &mut self,
        fields: &[(Field, Origin)],
        intake: &mut Intake<'_>,
        progress: &dyn Progress,
    ) -> Result<u64> {
        let keys: HashMap<&[u8], usize> = fields
            .iter()
            .enumerate()
            .filter_map(|(n, (_, from))| match from {
                Origin::Info(name, _) => Some((name.as_bytes(), n)),
                _ => None,
            })
            .collect();
        let counts_sites = fields.iter().any(|(f, _)| COVERAGE.contains(&f.name.as_str()));
        let mut bytes = Vec::new();
        let mut raw: Vec<Option<(usize, usize)>> = vec![None; fields.len()];
        let mut records = 0;
        while self.next(&mut bytes)? {
            records += 1;
            if self.line.is_multiple_of(8192) {
                progress.check()?;
            }
            let place = self.place();
            let columns = columns(&bytes).map_err(|what| place.fault(what))?;
            let [contig, position, id, reference, alternates, quality, filter, info] = columns;
            let position = number(position)
                .ok_or_else(|| place.fault(format!("POS {:?} is not a position", String::from_utf8_lossy(position))))?;
            if contig.is_empty() || reference.is_empty() || alternates.is_empty() {
                return Err(place.fault("CHROM, REF or ALT is empty"));
            }
            raw.fill(None);
            let mut at = 0;
            for entry in info.split(|b| *b == b';') {
                let key = entry.iter().position(|b| *b == b'=').unwrap_or(entry.len());
                if let Some(field) = keys.get(&entry[..key])
                    && raw[*field].is_none()
                {
                    raw[*field] = Some((at + (key + 1).min(entry.len()), at + entry.len()));
                }
                at += entry.len() + 1;
            }
            let alternates: Vec<&[u8]> = alternates.split(|b| *b == b',').collect();
            // The value of one field for one ALT; `None` is missing.
            let value = |field: usize, index: usize| -> Result<Option<&str>> {
                let (known, from) = &fields[field];
                let (bytes, share) = match from {
                    Origin::Id => (id, Share::Whole),
                    Origin::Quality => (quality, Share::Whole),
                    Origin::Filter => (filter, Share::Whole),
                    Origin::Info(_, share) => match raw[field] {
                        None => return Ok(None),
                        Some((from, to)) => (&info[from..to], *share),
                    },
                };
                let text = std::str::from_utf8(bytes).map_err(|_| place.fault("this line is not UTF-8 text"))?;
                if known.kind == Kind::Flag {
                    return Ok(Some(""));
                }
                let text = match share {
                    Share::Whole => Some(text),
                    // One value serves every ALT.
                    Share::PerAlternate if !text.contains(',') => Some(text),
                    Share::PerAlternate => text.split(',').nth(index),
                    Share::PerAllele => text.split(',').nth(index + 1),
                };
                Ok(text.filter(|t| !t.is_empty() && *t != "."))
            };
            let mut put = |index: usize, packed: &mut Packed| {
                for (number, (field, _)) in fields.iter().enumerate() {
                    let text = value(number, index)?;
                    put_checked(field, text, place, packed)?;
                }
                Ok(())
            };
            let mut site = |packed: &mut Packed| {
                for (number, (field, _)) in fields.iter().enumerate() {
                    let covers = COVERAGE.contains(&field.name.as_str());
                    let text = value(number, 0).ok().flatten();
                    packed.value(text.filter(|t| covers && field.accepts(t)));
                }
            };
            intake.record(
                place,
                (contig, position),
                (reference, &alternates),
                &mut put,
                counts_sites.then_some(&mut site as &mut dyn FnMut(&mut Packed)),
            )?;
        }
        Ok(records)
    }
}

/// Adds a value after a look at its form; a number that is none is a fault, NaN is missing.
pub(super) fn put_checked(field: &Field, text: Option<&str>, place: Place<'_>, packed: &mut Packed) -> Result<()> {
    let Some(text) = text else {
        packed.value(None);
        return Ok(());
    };
    if field.accepts(text) {
        packed.value(Some(text));
        return Ok(());
    }
    match field.kind {
        // `+5` and `007` are whole numbers, but are not written so.
        Kind::Integer
            if !field.list
                && let Ok(number) = text.parse::<i64>() =>
        {
            packed.value(Some(&number.to_string()));
            Ok(())
        }
        Kind::Float if !field.list && text.parse::<f64>().is_ok_and(f64::is_nan) => {
            packed.value(None);
            Ok(())
        }
        kind => {
            let short: String = text.chars().take(40).collect();
            let what = if kind == Kind::Integer {
                "a whole number"
            } else {
                "a number"
            };
            Err(place
                .fault(format!("{} is {short:?}, not {what}", field.name))
                .hint("leave the field out, or name it as text, if it is meant to be so"))
        }
    }
}

/// The first eight columns.
fn columns(line: &[u8]) -> Result<[&[u8]; 8], String> {
    let mut columns = [&line[..0]; 8];
    let mut parts = line.split(|b| *b == b'\t');
    for (number, column) in columns.iter_mut().enumerate() {
        *column = parts
            .next()
            .ok_or_else(|| format!("a VCF line needs at least 8 columns separated by tabs; this one has {number}"))?;
    }
    Ok(columns)
}

pub(super) fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 10 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = text.iter().fold(0_u64, |n, b| n * 10 + u64::from(b - b'0'));
    u32::try_from(number).ok().filter(|n| *n < i32::MAX as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values() {
        let line = r#"##INFO=<ID=X,Number=.,Type=String,Description="a, \"b\" <c>",Source="s">"#;
        assert_eq!(value(line, "Description").as_deref(), Some("a, \"b\" <c>"));
        assert_eq!(value(line, "Source").as_deref(), Some("s"));
        assert_eq!(value(line, "Number").as_deref(), Some("."));
        assert_eq!(value(line, "Version"), None);
    }

    #[test]
    fn positions() {
        for (text, expected) in [
            ("0", Some(0)),
            ("17", Some(17)),
            ("", None),
            ("-1", None),
            ("4294967296", None),
        ] {
            assert_eq!(number(text.as_bytes()), expected);
        }
    }
}
