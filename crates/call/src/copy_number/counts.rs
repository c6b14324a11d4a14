//! The file of counts: fragments over each target of one sample, as text.
//!
//! ```text
//! ##clinotype-counts=1
//! ##sample=S-000123
//! ##sex=female
//! ##build=GRCh38
//! ##software=Clinotype 0.1.0
//! ##rules=mapping quality 20; no duplicates; fragments once per target
//! ##duplicates=41208
//! ##contigs=<SHA-256 of the reference's contigs>
//! ##targets=<SHA-256 of the targets>
//! ##rows=1277
//! #contig  start  end  gc  fragments  low_mapq  name
//! chr17  43044294  43045802  0.4514  412  0  BRCA1
//! ```
//!
//! Columns are separated by tabs; `start` and `end` are 0-based, half-open, as in BED; `gc` is the share of G and C
//! (`.` where unknown); `fragments` and `low_mapq` are counts; `name` is `.` where the BED had none. The digests are of
//! `name TAB length LF` of every contig, and of `contig TAB start TAB end LF` of every target: samples are compared only
//! where both agree. The number of rows tells a file that was cut.

use std::{fmt::Write as _, io::BufRead as _, path::Path};

use clinotype_genome::{Build, Contigs, Fault, Interval, Result, digest, fs};

use super::targets::Target;
use crate::Sex;

/// Which reads were counted; files that were counted otherwise are not compared.
pub const RULES: &str = "mapping quality 20; no duplicates; fragments once per target";
const FIRST_LINE: &str = "##clinotype-counts=1";
const COLUMNS: &str = "#contig\tstart\tend\tgc\tfragments\tlow_mapq\tname";

/// The fragments of one sample over its targets.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleCounts {
    /// The accession.
    pub sample: String,
    /// Sex as stated; `Unknown` where not.
    pub sex: Sex,
    /// The genome build.
    pub build: Build,
    /// The program that counted.
    pub software: String,
    /// Reads marked as duplicates.
    pub duplicates: u64,
    /// SHA-256 of the reference's contigs ([`contigs_digest`]).
    pub contigs: String,
    /// The targets, in the order of the reference.
    pub targets: Vec<Target>,
    /// Fragments over each target.
    pub fragments: Vec<u32>,
    /// Fragments over each target with a read of mapping quality below 20.
    pub low_mapping_quality: Vec<u32>,
}

/// SHA-256 of the names and lengths of contigs.
pub fn contigs_digest(contigs: &Contigs) -> String {
    let text = contigs.iter().fold(String::new(), |mut text, c| {
        let _ = writeln!(text, "{}\t{}", c.name, c.length);
        text
    });
    digest::sha256(text.as_bytes())
}

/// SHA-256 of where the targets lie.
pub fn targets_digest(targets: &[Target]) -> String {
    let text = targets.iter().fold(String::new(), |mut text, t| {
        let _ = writeln!(text, "{}\t{}\t{}", t.interval.contig, t.interval.start, t.interval.end);
        text
    });
    digest::sha256(text.as_bytes())
}

fn word(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Unknown => "unknown",
    }
}

impl SampleCounts {
    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{FIRST_LINE}\n##sample={}\n##sex={}\n##build={}\n##software={}\n##rules={RULES}\n##duplicates={}\n\
             ##contigs={}\n##targets={}\n##rows={}\n{COLUMNS}\n",
            self.sample,
            word(self.sex),
            self.build,
            self.software,
            self.duplicates,
            self.contigs,
            targets_digest(&self.targets),
            self.targets.len(),
        );
        for ((target, fragments), low) in self.targets.iter().zip(&self.fragments).zip(&self.low_mapping_quality) {
            let Interval { contig, start, end } = &target.interval;
            let gc = target.gc.map_or_else(|| ".".to_owned(), |gc| format!("{gc:.4}"));
            let name = target.name.as_deref().unwrap_or(".");
            let _ = writeln!(text, "{contig}\t{start}\t{end}\t{gc}\t{fragments}\t{low}\t{name}");
        }
        text
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) -> Result<()> {
        fs::write_atomic(path, self.to_text().as_bytes())
    }

    /// Reads the file, plain or gzip, and checks that it is whole.
    pub fn read(path: &Path) -> Result<Self> {
        let mut reading = Reading::default();
        let mut ended = 0;
        for (index, line) in fs::open_text(path)?.lines().enumerate() {
            let number = index as u64 + 1;
            ended = number;
            let line = line.map_err(|e| Fault::io("read", path, e).line(number))?;
            reading
                .line(&line, number == 1)
                .map_err(|what| Fault::input(what).at(path).line(number).hint(REMEDY))?;
        }
        reading
            .finish()
            .map_err(|what| Fault::input(what).at(path).line(ended.max(1)).hint(REMEDY))
    }
}

const REMEDY: &str = "make the file with `clinotype counts`";

/// A file on its way in.
#[derive(Default)]
struct Reading {
    fields: std::collections::BTreeMap<String, String>,
    in_rows: bool,
    targets: Vec<Target>,
    fragments: Vec<u32>,
    low: Vec<u32>,
}

impl Reading {
    fn line(&mut self, line: &str, first: bool) -> Result<(), String> {
        if first {
            return if line == FIRST_LINE {
                Ok(())
            } else {
                Err("is not a file of counts of this version".to_owned())
            };
        }
        if self.in_rows {
            return self.row(line);
        }
        if line == COLUMNS {
            self.in_rows = true;
            return Ok(());
        }
        let Some((key, value)) = line.strip_prefix("##").and_then(|l| l.split_once('=')) else {
            return Err("is neither a ##key=value line nor the line of columns".to_owned());
        };
        match self.fields.insert(key.to_owned(), value.to_owned()) {
            None => Ok(()),
            Some(_) => Err(format!("{key} is stated twice")),
        }
    }

    fn row(&mut self, line: &str) -> Result<(), String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [contig, start, end, gc, fragments, low, name] = fields[..] else {
            return Err(format!("has {} columns instead of 7", fields.len()));
        };
        let number = |text: &str, what: &str| text.parse::<u32>().map_err(|_| format!("{what} is not a whole number"));
        let interval = Interval::new(contig, number(start, "start")?, number(end, "end")?);
        if interval.is_empty() {
            return Err("start is not before end".to_owned());
        }
        if let Some(last) = self.targets.last()
            && last.interval.contig == interval.contig
            && interval.start < last.interval.end
        {
            return Err("the targets are not sorted, or overlap".to_owned());
        }
        let gc = match gc {
            "." => None,
            gc => Some(
                gc.parse::<f64>()
                    .ok()
                    .filter(|gc| (0.0..=1.0).contains(gc))
                    .ok_or("gc is not a share from 0 to 1")?,
            ),
        };
        self.targets.push(Target {
            interval,
            name: (name != ".").then(|| name.to_owned()),
            gc,
        });
        self.fragments.push(number(fragments, "fragments")?);
        self.low.push(number(low, "low_mapq")?);
        Ok(())
    }

    fn finish(self) -> Result<SampleCounts, String> {
        let field = |key: &str| self.fields.get(key).cloned().ok_or_else(|| format!("states no {key}"));
        if field("rules")? != RULES {
            return Err("was counted by other rules than those of this version".to_owned());
        }
        let rows: usize = field("rows")?.parse().map_err(|_| "rows is not a number")?;
        if rows != self.targets.len() {
            return Err(format!(
                "has {} targets where it states {rows}: it is cut short",
                self.targets.len()
            ));
        }
        if rows == 0 {
            return Err("holds no target".to_owned());
        }
        if field("targets")? != targets_digest(&self.targets) {
            return Err("its targets are not those it states: the file was changed".to_owned());
        }
        // Only an accession may stand in messages and headers: a name would be a person's.
        let sample = field("sample")?;
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !(1..=64).contains(&sample.len()) || !sample.bytes().all(allowed) {
            return Err("its sample is not an accession".to_owned());
        }
        Ok(SampleCounts {
            sample,
            sex: match field("sex")?.as_str() {
                "female" => Sex::Female,
                "male" => Sex::Male,
                "unknown" => Sex::Unknown,
                _ => return Err("sex is neither female, male nor unknown".to_owned()),
            },
            build: field("build")?.parse()?,
            software: field("software")?,
            duplicates: field("duplicates")?.parse().map_err(|_| "duplicates is not a number")?,
            contigs: field("contigs")?,
            targets: self.targets,
            fragments: self.fragments,
            low_mapping_quality: self.low,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> SampleCounts {
        let target = |start, name: Option<&str>, gc| Target {
            interval: Interval::new("chr1", start, start + 100),
            name: name.map(str::to_owned),
            gc,
        };
        SampleCounts {
            sample: "S1".into(),
            sex: Sex::Female,
            build: Build::Grch38,
            software: "test".into(),
            duplicates: 3,
            contigs: "c".into(),
            targets: vec![target(100, Some("A"), Some(0.4514)), target(300, None, None)],
            fragments: vec![7, 0],
            low_mapping_quality: vec![1, 2],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tsv");
        sample().write(&path).unwrap();
        assert_eq!(SampleCounts::read(&path).unwrap(), sample());
    }

    #[test]
    fn a_wrong_file_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tsv");
        let good = sample().to_text();
        let cut: String = good.split_inclusive('\n').take(good.lines().count() - 1).collect();
        for (text, words) in [
            (String::new(), "line 1: states no rules"),
            ("chr1\t1\t2\n".to_owned(), "line 1: is not a file of counts"),
            (cut, "line 12: has 1 targets where it states 2"),
            (
                good.replace("\t300\t", "\t150\t"),
                "line 13: the targets are not sorted",
            ),
            (
                good.replace("\t300\t", "\t301\t"),
                "line 13: its targets are not those it states",
            ),
            (good.replace("0.4514", "1.5"), "line 12: gc is not a share"),
            (
                good.replace("\t7\t", "\t-7\t"),
                "line 12: fragments is not a whole number",
            ),
            (good.replace("\t7\t", "\t"), "line 12: has 6 columns"),
            (good.replace("quality 20", "quality 10"), "other rules"),
            (good.replace("##sex=female", "##sex=f"), "sex is neither"),
            (good.replace("##build=GRCh38\n", ""), "states no build"),
            (good.replace("##sample=S1", "##sample=A B"), "not an accession"),
            (good.replace("##sex=female", "##sample=S2"), "sample is stated twice"),
        ] {
            fs::write_atomic(&path, text.as_bytes()).unwrap();
            let fault = SampleCounts::read(&path).unwrap_err();
            assert!(fault.to_string().contains(words), "{words}: {fault}");
            assert!(fault.advice().is_some());
        }
    }
}
