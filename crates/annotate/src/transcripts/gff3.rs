//! One line of GFF3 (Sequence Ontology GFF3 1.26): nine columns, attributes as `key=value` with percent-encoding.

use std::borrow::Cow;

use clinotype_genome::Strand;

/// A feature line. Coordinates as in the file: 1-based, closed.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) contig: Cow<'a, str>,
    pub(crate) kind: &'a str,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) strand: Option<Strand>,
    pub(crate) phase: Option<u8>,
    attributes: &'a str,
}

impl<'a> Row<'a> {
    /// Reads a line; the error says what is wrong with it.
    pub(crate) fn parse(line: &'a str) -> Result<Self, String> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let (
            Some(contig),
            Some(_),
            Some(kind),
            Some(start),
            Some(end),
            Some(_),
            Some(strand),
            Some(phase),
            Some(attributes),
        ) = (next(), next(), next(), next(), next(), next(), next(), next(), next())
        else {
            return Err(format!(
                "a GFF3 line needs 9 columns separated by tabs; this one has {}",
                line.split('\t').count()
            ));
        };
        let coordinate = |text: &str, name: &str| {
            text.parse::<u32>()
                .ok()
                .filter(|n| *n > 0 && *n < i32::MAX as u32)
                .ok_or_else(|| format!("{name} {text:?} is not a position (a whole number from 1)"))
        };
        let (start, end) = (coordinate(start, "start")?, coordinate(end, "end")?);
        if start > end {
            return Err(format!("start {start} lies after end {end}"));
        }
        let strand = match strand {
            "+" => Some(Strand::Forward),
            "-" => Some(Strand::Reverse),
            "." | "?" => None,
            other => return Err(format!("strand {other:?} is none of + - . ?")),
        };
        let phase = match phase {
            "." => None,
            "0" => Some(0),
            "1" => Some(1),
            "2" => Some(2),
            other => return Err(format!("phase {other:?} is none of 0 1 2 .")),
        };
        Ok(Self {
            contig: decode(contig),
            kind,
            start,
            end,
            strand,
            phase,
            attributes: attributes.trim_end(),
        })
    }

    /// An attribute's value, decoded; the first where the key stands twice.
    pub(crate) fn get(&self, key: &str) -> Option<Cow<'a, str>> {
        self.raw(key).map(decode)
    }

    /// The values of an attribute that is a list, each decoded.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = Cow<'a, str>> {
        self.raw(key)
            .unwrap_or("")
            .split(',')
            .filter(|v| !v.is_empty())
            .map(decode)
    }

    fn raw(&self, key: &str) -> Option<&'a str> {
        self.attributes
            .split(';')
            .filter_map(|pair| pair.trim_start().split_once('='))
            .find(|(k, _)| *k == key)
            .map(|(_, v)| v)
    }
}

/// Decodes `%2C` and alike; what is not valid stays as written.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |b: u8| char::from(b).to_digit(16);
        match bytes.get(i..i + 3) {
            Some(&[b'%', a, b]) if hex(a).is_some() && hex(b).is_some() => {
                out.push((hex(a).unwrap_or(0) * 16 + hex(b).unwrap_or(0)) as u8);
                i += 3;
            }
            _ => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_its_faults() {
        let row = Row::parse("chr1\tx\tmRNA\t5\t9\t.\t-\t.\tID=rna-1;Dbxref=GeneID:1,HGNC:HGNC:7;Note=a%2Cb").unwrap();
        assert_eq!((row.start, row.end, row.strand), (5, 9, Some(Strand::Reverse)));
        assert_eq!(row.list("Dbxref").collect::<Vec<_>>(), ["GeneID:1", "HGNC:HGNC:7"]);
        assert_eq!(row.get("Note").unwrap(), "a,b");
        for (line, words) in [
            ("chr1\tx\tmRNA", "needs 9 columns"),
            ("chr1\tx\tmRNA\t-5\t9\t.\t-\t.\tID=1", "start \"-5\""),
            ("chr1\tx\tmRNA\t\t9\t.\t-\t.\tID=1", "start \"\""),
            ("chr1\tx\tmRNA\t10\t9\t.\t-\t.\tID=1", "lies after"),
            ("chr1\tx\tmRNA\t1\t9\t.\t*\t.\tID=1", "strand"),
            ("chr1\tx\tCDS\t1\t9\t.\t+\t3\tID=1", "phase"),
        ] {
            let error = Row::parse(line).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
