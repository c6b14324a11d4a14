//! Names of releases: what may be one, which of two is newer, and where a text announces one.

use std::cmp::Ordering;

use clinotype_genome::{Fault, Result};

/// Longest name of a release.
const LONGEST: usize = 64;

/// Whether a text can be the name of a release, and with it of a folder: letters, digits, `.`, `_`, `-`, not first a dot.
pub(super) fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !text.is_empty() && text.len() <= LONGEST && !text.starts_with('.') && text.chars().all(allowed)
}

/// The same as a fault.
pub(super) fn check(text: &str) -> Result<()> {
    if is_name(text) {
        return Ok(());
    }
    Err(Fault::usage(format!("{text:?} cannot be the name of a release"))
        .hint("use letters, digits, dots, dashes and underscores, at most 64"))
}

/// Whether release `a` is newer than `b`, both of one source: numbers in the names count as numbers, so `1.10` is newer
/// than `1.9`; dates are written year first.
pub fn is_newer(a: &str, b: &str) -> bool {
    compare(a, b) == Ordering::Greater
}

/// The newest of some releases of one source.
pub fn newest<'a>(releases: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    releases.into_iter().max_by(|a, b| compare(a, b))
}

fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        match (left.is_empty(), right.is_empty()) {
            // `01` and `1` are one number and two names.
            (true, true) => return a.cmp(b),
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        let (x, y) = (digits(left), digits(right));
        let order = if x > 0 && y > 0 {
            let (m, n) = (left[..x].trim_start_matches('0'), right[..y].trim_start_matches('0'));
            (left, right) = (&left[x..], &right[y..]);
            m.len().cmp(&n.len()).then_with(|| m.cmp(n))
        } else {
            let step = |text: &mut &str| {
                let mut rest = text.chars();
                let first = rest.next();
                *text = rest.as_str();
                first
            };
            step(&mut left).cmp(&step(&mut right))
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Puts a release into a path.
pub(super) fn fill(template: &str, release: &str) -> String {
    template.replace("{release}", release)
}

/// Every release that a text names by the template: `clinvar_{release}.vcf.gz` finds `20260226` in a listing.
pub(super) fn found_in<'a>(text: &'a str, template: &str) -> Vec<&'a str> {
    let Some((before, after)) = template.split_once("{release}") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (at, _) in text.match_indices(before) {
        let rest = &text[at + before.len()..];
        let word = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
            .unwrap_or(rest.len());
        // What follows the name may begin with letters that a name could have, too: the first place of it counts.
        let end = match after.chars().next() {
            None => Some(word),
            Some(_) => rest.find(after),
        };
        if let Some(name) = end.filter(|end| *end <= word).map(|end| &rest[..end])
            && is_name(name)
        {
            found.push(name);
        }
    }
    found
}

/// A release date in a release's name, as `YYYY-MM-DD`: `20260226` or `2026-02-26`.
pub(super) fn date_in(release: &str) -> Option<String> {
    let digits: String = release.chars().filter(char::is_ascii_digit).collect();
    let shape: String = release
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    if shape != "00000000" && shape != "0000-00-00" {
        return None;
    }
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    let plausible = ("1990".."2200").contains(&year) && ("01"..="12").contains(&month) && ("01"..="31").contains(&day);
    plausible.then(|| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_by_numbers() {
        for (newer, older) in [
            ("1.10", "1.9"),
            ("20260226", "20251231"),
            ("RS_2024_08", "RS_2023_10"),
            ("2026-01-02", "2025-12-31"),
            ("1.4.1", "1.4"),
            ("1.4b", "1.4a"),
            ("010", "9"),
        ] {
            assert!(is_newer(newer, older) && !is_newer(older, newer), "{newer} {older}");
        }
        assert!(!is_newer("1.4", "1.4"));
        assert_eq!(newest(["1.2", "1.10", "1.9"]), Some("1.10"));
    }

    #[test]
    fn releases_in_a_listing() {
        let listing = "<a href=\"clinvar.vcf.gz\">clinvar.vcf.gz</a> <a href=\"clinvar_20260226.vcf.gz\">\n\
                       clinvar_20260226_papu.vcf.gz.md5 clinvar_20260219.vcf.gz clinvar_../../x.vcf.gz";
        assert_eq!(
            found_in(listing, "clinvar_{release}.vcf.gz"),
            ["20260226", "20260226_papu", "20260219"]
        );
        assert_eq!(
            found_in("release_1.3/ release_1.4/", "release_{release}/"),
            ["1.3", "1.4"]
        );
        assert_eq!(
            found_in("\"date\":\"2026-01-02\",", "\"date\":\"{release}\""),
            ["2026-01-02"]
        );
        assert_eq!(found_in("version v7\n", "version v{release}"), ["7"]);
        assert!(found_in("x", "x").is_empty());
    }

    #[test]
    fn names_are_names_of_folders() {
        for bad in ["", ".x", "..", "a/b", "a b", "\u{e9}", &"x".repeat(65)] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check("GCA_000001405.15").is_ok());
    }

    #[test]
    fn dates() {
        assert_eq!(date_in("20260226").as_deref(), Some("2026-02-26"));
        assert_eq!(date_in("2026-02-26").as_deref(), Some("2026-02-26"));
        for none in ["20261326", "1.4", "RS_2024_08", "202602260"] {
            assert_eq!(date_in(none), None, "{none}");
        }
    }
}
