//! Target intervals from BED (UCSC BED v1, GA4GH BED 1.0): 0-based, half-open.

use std::{io::BufRead, path::Path};

use crate::{Contigs, Fault, Interval, Result, fs};

/// Reads targets, checks each against the contigs, and gives them sorted in the order of the reference; overlapping
/// and touching ones are merged, so that a base counts once.
///
/// Contig names are mapped to the reference's own (`1` to `chr1`). An empty file, an interval beyond its contig, a
/// line with too few or another number of fields than the first are input faults with their line.
pub fn read(path: impl AsRef<Path>, contigs: &Contigs) -> Result<Vec<Interval>> {
    let path = path.as_ref();
    let mut intervals = Vec::new();
    let mut fields_of_first = None;
    for (index, line) in fs::open_text(path)?.lines().enumerate() {
        let number = index as u64 + 1;
        let line = line.map_err(|e| Fault::io("read", path, e).line(number))?;
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() || line.starts_with('#') || line.starts_with("track") || line.starts_with("browser") {
            continue;
        }
        let wrong = |what: String| Fault::input(what).at(path).line(number);
        let fields: Vec<&str> = if line.contains('\t') {
            line.split('\t').collect()
        } else {
            line.split_whitespace().collect()
        };
        if fields.len() < 3 {
            return Err(wrong(format!(
                "a BED line needs contig, start and end; this one has {} field(s)",
                fields.len()
            )));
        }
        if *fields_of_first.get_or_insert(fields.len()) != fields.len() {
            return Err(wrong(format!(
                "this line has {} fields, the first has {}: every line of a BED file has the same number",
                fields.len(),
                fields_of_first.unwrap_or_default()
            )));
        }
        let number_of = |text: &str, name: &str| {
            text.parse::<u32>()
                .map_err(|_| wrong(format!("{name} {text:?} is not a whole number")))
        };
        let (start, end) = (number_of(fields[1], "start")?, number_of(fields[2], "end")?);
        let Some(contig) = contigs.resolve(fields[0]) else {
            return Err(wrong(format!("contig {} is not in the reference", fields[0]))
                .hint("use the BED file of the same genome build"));
        };
        if start >= end {
            return Err(wrong(format!("start {start} is not before end {end}")));
        }
        if end > contig.length {
            return Err(wrong(format!(
                "end {end} lies beyond {}, which has {} bases",
                contig.name, contig.length
            ))
            .hint("use the BED file of the same genome build"));
        }
        intervals.push(Interval::new(contig.name.clone(), start, end));
    }
    if intervals.is_empty() {
        return Err(Fault::input("holds no interval")
            .at(path)
            .hint("a target file needs at least one line: contig, start, end"));
    }
    Ok(merge(intervals, contigs))
}

/// Sorts in the order of the reference and merges intervals that overlap or touch.
pub fn merge(mut intervals: Vec<Interval>, contigs: &Contigs) -> Vec<Interval> {
    intervals.sort_by_key(|i| (contigs.index_of(&i.contig), i.start, i.end));
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match merged.last_mut() {
            Some(last) if last.contig == interval.contig && interval.start <= last.end => {
                last.end = last.end.max(interval.end);
            }
            _ => merged.push(interval),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Contig;

    fn contigs() -> Contigs {
        Contigs::new(vec![
            Contig {
                name: "chr2".into(),
                length: 50,
            },
            Contig {
                name: "chr1".into(),
                length: 100,
            },
        ])
    }

    #[test]
    fn sorts_and_merges() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.bed");
        fs::write_atomic(&path, b"#c\nchr1\t10\t20\n1\t20\t30\nchr2\t0\t50\n").unwrap();
        let got = read(&path, &contigs()).unwrap();
        assert_eq!(got, [Interval::new("chr2", 0, 50), Interval::new("chr1", 10, 30)]);
    }

    #[test]
    fn names_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.bed");
        for (text, words) in [
            ("", "holds no interval"),
            ("chr1\t1\n", "line 1: a BED line needs"),
            ("chr1\t1\t2\nchr1\t3\t4\tx\n", "line 2: this line has 4 fields"),
            ("chr1\t5\t101\n", "beyond chr1"),
            ("chr1\t5\t5\n", "not before"),
            ("chr9\t5\t6\n", "not in the reference"),
            ("chr1\tx\t6\n", "not a whole number"),
        ] {
            fs::write_atomic(&path, text.as_bytes()).unwrap();
            let fault = read(&path, &contigs()).unwrap_err().to_string();
            assert!(fault.contains(words), "{fault}");
        }
    }
}
