//! Reading a UCSC chain file, plain or gzip.
//!
//! A chain is a header line `chain score tName tSize tStrand tStart tEnd qName qSize qStrand qStart qEnd id`, lines
//! `size dt dq` (a stretch without gaps, then the gap on either side), and a last line with the size alone. Starts are
//! 0-based; those of a `-` strand count from the end of the contig.

use std::{io::BufRead, path::Path};

use super::map::{Chains, Head, Stretch};
use crate::{Fault, Result, fs};

/// Largest number that is read, so that no sum of two overflows.
const LARGEST: u32 = i32::MAX as u32;

/// One contig's side of a header line.
struct Half {
    name: String,
    size: u32,
    reverse: bool,
    start: u32,
    end: u32,
}

/// The chain being read.
struct Open {
    head: Head,
    /// Where the next stretch begins, on the `+` strand of the old build and on the chain's own strand of the new one.
    from: u32,
    to: u32,
    from_end: u32,
    to_end: u32,
    to_size: u32,
    /// 1-based line of the header.
    line: u64,
    /// Whether the last stretch, the one without a gap behind it, was there.
    closed: bool,
}

/// Reads a chain file. The old build is the file's `t` side, the new one its `q` side.
///
/// Faults name the line: fields that are missing or no numbers, starts, ends and sizes that do not fit together, stretches
/// that do not add up to the chain, a contig with two sizes, a chain that is cut, a file without any chain.
pub fn read(path: impl AsRef<Path>) -> Result<Chains> {
    let path = path.as_ref();
    let mut chains = Chains::default();
    let mut open: Option<Open> = None;
    let mut bytes = Vec::new();
    let mut reader = fs::open_text(path)?;
    let mut number = 0;
    loop {
        bytes.clear();
        number += 1;
        let wrong = |what: String| Fault::input(what).at(path).line(number);
        if reader
            .read_until(b'\n', &mut bytes)
            .map_err(|e| Fault::io("read", path, e).line(number))?
            == 0
        {
            break;
        }
        let line = std::str::from_utf8(&bytes)
            .map_err(|_| wrong("is not a chain file: the line is not text".to_owned()))?
            .trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split_ascii_whitespace().take(14).collect();
        if fields[0] == "chain" {
            if let Some(before) = open.take().filter(|o| !o.closed) {
                return Err(cut(path, before.line));
            }
            open = Some(header(&fields, number, &mut chains).map_err(wrong)?);
        } else {
            let Some(chain) = open.as_mut().filter(|o| !o.closed) else {
                return Err(wrong("a line of a chain stands outside of any chain".to_owned())
                    .hint("give a UCSC chain file, such as hg19ToHg38.over.chain.gz"));
            };
            stretch(&fields, chain, &mut chains).map_err(wrong)?;
        }
    }
    if let Some(before) = open.filter(|o| !o.closed) {
        return Err(cut(path, before.line));
    }
    if chains.is_empty() {
        return Err(Fault::input("holds no chain")
            .at(path)
            .hint("give a UCSC chain file, such as hg19ToHg38.over.chain.gz"));
    }
    chains.finish();
    Ok(chains)
}

fn cut(path: &Path, line: u64) -> Fault {
    Fault::input("this chain is cut: its last stretch is missing")
        .at(path)
        .line(line)
        .hint("copy the file again")
}

fn number(text: &str, name: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|n| *n <= LARGEST)
        .ok_or_else(|| format!("{name} {text:?} is not a whole number below 2^31"))
}

fn half(fields: &[&str]) -> Result<Half, String> {
    let half = Half {
        name: fields[0].to_owned(),
        size: number(fields[1], "contig size")?,
        reverse: match fields[2] {
            "+" => false,
            "-" => true,
            other => return Err(format!("strand {other:?} is neither + nor -")),
        },
        start: number(fields[3], "start")?,
        end: number(fields[4], "end")?,
    };
    if half.start >= half.end || half.end > half.size {
        return Err(format!(
            "{}-{} is no interval of {}, which has {} bases",
            half.start, half.end, half.name, half.size
        ));
    }
    Ok(half)
}

fn header(fields: &[&str], line: u64, chains: &mut Chains) -> Result<Open, String> {
    // The id is left out by some programs.
    if !(12..=13).contains(&fields.len()) {
        return Err(format!(
            "the header of a chain has 13 fields, this one has {}",
            fields.len()
        ));
    }
    let score: f64 = fields[1]
        .parse()
        .map_err(|_| format!("score {:?} is not a number", fields[1]))?;
    if !score.is_finite() {
        return Err(format!("score {:?} is not a number", fields[1]));
    }
    let (from, to) = (half(&fields[2..7])?, half(&fields[7..12])?);
    if from.reverse {
        return Err("the first strand of a chain must be +".to_owned());
    }
    let head = Head {
        from: chains.from.contig(&from.name, from.size)?,
        to: chains.to.contig(&to.name, to.size)?,
        reverse: to.reverse,
    };
    Ok(Open {
        head,
        from: from.start,
        to: to.start,
        from_end: from.end,
        to_end: to.end,
        to_size: to.size,
        line,
        closed: false,
    })
}

fn stretch(fields: &[&str], open: &mut Open, chains: &mut Chains) -> Result<(), String> {
    if !matches!(fields.len(), 1 | 3) {
        return Err(format!(
            "a line of a chain has 3 fields, the last one 1; this one has {}",
            fields.len()
        ));
    }
    let size = number(fields[0], "size")?;
    let beyond = || "the stretches go beyond the end of the chain".to_owned();
    // No sum overflows: each is at most two numbers below 2^31.
    let (from, to) = (open.from + size, open.to + size);
    if from > open.from_end || to > open.to_end {
        return Err(beyond());
    }
    if size > 0 {
        let to_start = if open.head.reverse { open.to_size - to } else { open.to };
        chains.stretch(
            &open.head,
            open.line,
            Stretch {
                from: open.from,
                to: to_start,
                length: size,
            },
        );
    }
    if fields.len() == 1 {
        if (from, to) != (open.from_end, open.to_end) {
            return Err("the stretches do not add up to the chain".to_owned());
        }
        open.closed = true;
        return Ok(());
    }
    let (gap_from, gap_to) = (number(fields[1], "gap")?, number(fields[2], "gap")?);
    open.from = from + gap_from;
    open.to = to + gap_to;
    if open.from > open.from_end || open.to > open.to_end {
        return Err(beyond());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.chain");
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        read(&path).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let head = "chain 100 a 50 + 0 20 b 60 + 5 26 1\n";
        for (text, words) in [
            (String::new(), "holds no chain"),
            ("#x\n\n".to_owned(), "holds no chain"),
            ("ACGT\n".to_owned(), "line 1: a line of a chain stands outside"),
            (head.to_owned(), "line 1: this chain is cut"),
            (format!("{head}10 0 1\n\n{head}"), "line 1: this chain is cut"),
            (format!("{head}10 0 1\n9\n"), "line 3: the stretches do not add up"),
            (format!("{head}10 0 1\n11\n"), "line 3: the stretches go beyond"),
            (format!("{head}10 0 99\n"), "line 2: the stretches go beyond"),
            (format!("{head}10 0\n"), "line 2: a line of a chain has 3 fields"),
            (format!("{head}-1 0 1\n"), "line 2: size \"-1\" is not a whole number"),
            (
                format!("{head}10 0 1\n10\n5\n"),
                "line 4: a line of a chain stands outside",
            ),
            ("chain 1 a 50 + 0\n".to_owned(), "line 1: the header of a chain has 13"),
            ("chain x a 50 + 0 20 b 60 + 5 26 1\n".to_owned(), "score \"x\""),
            ("chain 1 a 50 - 0 20 b 60 + 5 26 1\n".to_owned(), "first strand"),
            ("chain 1 a 50 + 0 20 b 60 * 5 26 1\n".to_owned(), "strand \"*\""),
            (
                "chain 1 a 50 + 0 51 b 60 + 5 26 1\n".to_owned(),
                "0-51 is no interval of a",
            ),
            ("chain 1 a 50 + 9 9 b 60 + 5 26 1\n".to_owned(), "9-9 is no interval"),
            (
                "chain 1 a 5000000000 + 0 1 b 60 + 5 6 1\n".to_owned(),
                "contig size \"5000000000\"",
            ),
            (
                format!("{head}10 0 1\n10\n\nchain 1 a 51 + 0 1 b 60 + 0 1 2\n1\n"),
                "line 5: contig a has 51 bases here and 50 before",
            ),
        ] {
            let said = fault(&text);
            assert!(said.contains(words), "{text:?}: {said}");
        }
        assert!(fault("chain\u{0}").contains("outside of any chain"));
    }

    #[test]
    fn gzip_is_read_as_plain_text_is() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let text = "chain 100 a 50 + 0 20 b 60 - 5 26\n10 0 1\n10\n";
        let (plain, packed) = (folder.path().join("c.chain"), folder.path().join("c.chain.gz"));
        fs::write_atomic(&plain, text.as_bytes()).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        fs::write_atomic(&packed, &encoder.finish().unwrap()).unwrap();
        for path in [plain, packed] {
            let chains = read(path).unwrap();
            let mapped = chains.map("a", 0, 10).unwrap();
            // On the reverse strand 5..15 of 60 is 45..55 from the front.
            assert_eq!((mapped.start, mapped.end, mapped.reverse), (45, 55, true));
        }
    }
}
