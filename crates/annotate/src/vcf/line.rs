//! One data line of a VCF, kept as its bytes (VCF 4.3, section 1.6).

use std::fmt::Write as _;

/// The fixed columns of a line, borrowed; nothing is copied, so that what is not understood is not lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) contig: &'a str,
    /// 1-based.
    pub(crate) position: u32,
    pub(crate) reference: &'a str,
    pub(crate) alternates: &'a str,
    pub(crate) filter: &'a str,
    pub(crate) info: &'a str,
    /// Columns up to and with FILTER, tabs included.
    pub(crate) head: &'a str,
    /// FORMAT and samples, with their leading tab; empty where there are none.
    pub(crate) tail: &'a str,
    /// Number of columns.
    pub(crate) columns: usize,
}

impl<'a> Line<'a> {
    /// Splits a line; the error says what is wrong with it.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        let mut tabs = [0_usize; 8];
        let mut found = 0;
        let mut all = memchr::memchr_iter(b'\t', text.as_bytes());
        for at in all.by_ref().take(8) {
            tabs[found] = at;
            found += 1;
        }
        if found < 7 {
            return Err(format!(
                "a VCF line needs at least 8 columns separated by tabs; this one has {}",
                found + 1
            ));
        }
        let end = if found == 8 { tabs[7] } else { text.len() };
        let position = &text[tabs[0] + 1..tabs[1]];
        let position = position
            .parse::<u32>()
            .ok()
            .filter(|n| *n < i32::MAX as u32)
            .ok_or_else(|| format!("POS {position:?} is not a position"))?;
        let (reference, alternates) = (&text[tabs[2] + 1..tabs[3]], &text[tabs[3] + 1..tabs[4]]);
        let contig = &text[..tabs[0]];
        if contig.is_empty() || reference.is_empty() || alternates.is_empty() {
            return Err("CHROM, REF or ALT is empty".to_owned());
        }
        if !reference.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(format!(
                "REF {:?} holds something that is not a base",
                shortened(reference)
            ));
        }
        Ok(Self {
            contig,
            position,
            reference,
            alternates,
            filter: &text[tabs[5] + 1..tabs[6]],
            info: &text[tabs[6] + 1..end],
            head: &text[..tabs[6]],
            tail: &text[end..],
            columns: if found == 8 { 9 + all.count() } else { 8 },
        })
    }

    /// The value of an INFO key; an empty text for a flag.
    pub(crate) fn info_value(&self, key: &str) -> Option<&'a str> {
        self.info.split(';').find_map(|entry| match entry.split_once('=') {
            Some((k, v)) if k == key => Some(v),
            None if entry == key => Some(""),
            _ => None,
        })
    }
}

/// The first bases of a long allele, for messages.
pub(crate) fn shortened(bases: &str) -> String {
    if bases.len() <= 20 {
        bases.to_owned()
    } else {
        format!("{}... ({} bases)", &bases[..20], bases.len())
    }
}

/// Why an ALT entry has no consequence; `None` for plain bases.
pub(crate) fn unusable(alternate: &str) -> Option<&'static str> {
    match alternate {
        "*" => Some("overlapping deletion (*)"),
        "." => Some("no alternate allele (.)"),
        "<*>" | "<NON_REF>" => Some("any other allele (<*>, <NON_REF>)"),
        a if a.starts_with('<') => Some("symbolic allele"),
        a if a.contains(['[', ']']) || a.starts_with('.') || a.ends_with('.') => Some("breakend"),
        a if a
            .bytes()
            .all(|b| matches!(b.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T')) =>
        {
            None
        }
        _ => Some("ALT with other letters than A, C, G, T"),
    }
}

/// Percent-encodes what INFO values must not hold (VCF 4.3, section 1.2) and the separators of CSQ.
pub(crate) fn encode(out: &mut String, value: &str, also: &[u8]) {
    let plain =
        |byte: u8| byte > b' ' && byte < 0x7f && !matches!(byte, b',' | b';' | b'=' | b'%') && !also.contains(&byte);
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|b| !plain(b)) {
        out.push_str(&rest[..at]);
        let special = rest[at..].chars().next().map_or(1, char::len_utf8);
        for byte in rest[at..at + special].bytes() {
            let _ = write!(out, "%{byte:02X}");
        }
        rest = &rest[at + special..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_without_loss() {
        for text in [
            "1\t5\t.\ta\tC,*\t.\tPASS\tDP=3;X;AF=0.1",
            "1\t5\t.\tA\tC\t9\t.\t.\tGT:AD\t0/1:1,2",
        ] {
            let line = Line::parse(text).unwrap();
            assert_eq!(format!("{}\t{}{}", line.head, line.info, line.tail), text);
            assert_eq!(line.columns, text.split('\t').count());
        }
        let line = Line::parse("1\t5\t.\tA\tC\t.\tPASS\tDP=3;X;AF=0.1").unwrap();
        assert_eq!(
            (line.info_value("DP"), line.info_value("X"), line.info_value("P")),
            (Some("3"), Some(""), None)
        );
        for (text, words) in [
            ("chr4\tBAD\t350.73\tPASS", "this one has 4"),
            ("chr4\tx\t.\tA\tC\t.\t.\t.", "POS \"x\""),
            ("chr4\t1\t.\tA1\tC\t.\t.\t.", "not a base"),
            ("chr4\t1\t.\tA\t\t.\t.\t.", "is empty"),
        ] {
            assert!(Line::parse(text).unwrap_err().contains(words));
        }
    }

    #[test]
    fn encodes_and_sorts_out() {
        let mut out = String::new();
        encode(&mut out, "p.(Leu5=) a,b|c%", b"|");
        assert_eq!(out, "p.(Leu5%3D)%20a%2Cb%7Cc%25");
        assert!(unusable("ACg").is_none());
        for alternate in ["*", ".", "<DEL>", "<*>", "A[chr2:5[", "A.", "ARC"] {
            assert!(unusable(alternate).is_some(), "{alternate}");
        }
    }
}
