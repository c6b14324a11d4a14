//! Decimal numbers without loss of a digit: what a file writes is what comes back, `0.50` as `0.50`.
//!
//! A number is kept as its digits (a whole number) and its shape: how many stand before and after the point, and the
//! exponent as written. A source writes most of its numbers in few shapes, so the shape costs next to nothing. A
//! frequency that is the quotient of two other fields costs nothing at all: [`Style`] writes it anew.

/// Digits that a whole number of 64 bits holds for sure.
const DIGITS: usize = 18;

/// The digits of a number, and its shape: `6.57e-06` is 657 in the shape `1.2e-06`. What is no plain decimal number is
/// its own shape, marked by `=`, with no digits.
pub(super) fn split(text: &str) -> (i64, String) {
    plain(text).unwrap_or_else(|| (0, format!("={text}")))
}

fn plain(text: &str) -> Option<(i64, String)> {
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let (sign, number) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let digits = whole.len() + fraction.map_or(0, str::len);
    let all = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if digits == 0 || digits > DIGITS || !all(whole) || !fraction.is_none_or(all) {
        return None;
    }
    let value = whole
        .bytes()
        .chain(fraction.unwrap_or("").bytes())
        .fold(0_i64, |n, b| n * 10 + i64::from(b - b'0'));
    let point = if fraction.is_some() { "." } else { "" };
    let after = fraction.map_or(0, str::len);
    Some((value, format!("{sign}{}{point}{after}{exponent}", whole.len())))
}

/// The number again; `None` for digits and a shape that do not belong together.
pub(super) fn join(value: i64, shape: &str) -> Option<String> {
    if let Some(text) = shape.strip_prefix('=') {
        return (value == 0).then(|| text.to_owned());
    }
    let (sign, rest) = match shape.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", shape),
    };
    let (lengths, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (whole, fraction, point) = match lengths.split_once('.') {
        Some((whole, fraction)) => (whole, fraction, "."),
        // Without a point the shape ends in the 0 of no digits after it.
        None => (lengths.strip_suffix('0')?, "0", ""),
    };
    let (whole, fraction): (usize, usize) = (whole.parse().ok()?, fraction.parse().ok()?);
    if whole.checked_add(fraction)? > DIGITS || value < 0 {
        return None;
    }
    let width = whole + fraction;
    let digits = format!("{value:0width$}");
    let (before, after) = digits.split_at_checked(whole)?;
    (after.len() == fraction).then(|| format!("{sign}{before}{point}{after}{exponent}"))
}

/// How a program writes a quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style(pub(super) u8);

impl Style {
    /// The styles there are, by their number: C's `%.Ne`, `%.Ng` and `%.Nf`.
    const ALL: [(u8, u8); 13] = [
        (b'e', 5),
        (b'g', 6),
        (b'e', 4),
        (b'e', 3),
        (b'e', 2),
        (b'e', 6),
        (b'g', 3),
        (b'g', 4),
        (b'g', 5),
        (b'f', 6),
        (b'f', 5),
        (b'f', 4),
        (b'f', 3),
    ];

    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..Self::ALL.len() as u8).map(Self)
    }

    pub(super) const fn is_known(self) -> bool {
        (self.0 as usize) < Self::ALL.len()
    }

    /// The quotient of two counts; `None` where there is none.
    pub(super) fn quotient(self, count: i64, number: i64) -> Option<String> {
        if number <= 0 || count < 0 {
            return None;
        }
        let (kind, digits) = *Self::ALL.get(usize::from(self.0))?;
        let value = count as f64 / number as f64;
        let digits = usize::from(digits);
        Some(match kind {
            b'e' => scientific(value, digits),
            b'f' => format!("{value:.digits$}"),
            _ => general(value, digits),
        })
    }
}

/// As C's `%.Ne`: an exponent has a sign and at least two digits.
fn scientific(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$e}");
    let (number, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{number}e-{exponent:0>2}"),
        None => format!("{number}e+{exponent:0>2}"),
    }
}

/// As C's `%.Ng`: scientific below 1e-4, zeros at the end left out.
fn general(value: f64, digits: usize) -> String {
    let text = format!("{value:.*e}", digits - 1);
    let exponent: i32 = text.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if exponent < -4 || exponent >= digits as i32 {
        let text = scientific(value, digits - 1);
        let (number, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        format!("{}e{exponent}", trimmed(number))
    } else {
        trimmed(&format!("{value:.*}", (digits as i32 - 1 - exponent).max(0) as usize))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(split("6.57030e-06"), (657_030, "1.5e-06".to_owned()));
        assert_eq!(split("-0.0"), (0, "-1.1".to_owned()));
        assert_eq!(split("10"), (10, "20".to_owned()));
        assert_eq!(split("nan"), (0, "=nan".to_owned()));
        for text in [
            "0",
            "00",
            "0.",
            ".5",
            "1E5",
            "1e",
            "-3.20e+04",
            "+1",
            "1.2.3",
            "123456789012345678",
            "1234567890123456789",
            "0.12345678901234567",
            "inf",
            "",
        ] {
            let (value, shape) = split(text);
            assert_eq!(join(value, &shape).as_deref(), Some(text), "{shape}");
        }
        for (value, shape) in [(5, "=x"), (123, "1.1"), (-1, "1.1"), (1, "99.99"), (1, "x"), (1, "")] {
            assert_eq!(join(value, shape), None, "{shape}");
        }
    }

    #[test]
    fn quotients_as_c_prints_them() {
        let at = |kind, digits| Style(Style::ALL.iter().position(|s| *s == (kind, digits)).unwrap() as u8);
        for (style, count, number, expected) in [
            (at(b'e', 5), 1, 152_204, "6.57013e-06"),
            (at(b'e', 5), 0, 9, "0.00000e+00"),
            (at(b'e', 5), 9, 9, "1.00000e+00"),
            (at(b'g', 6), 1, 31_346, "3.1902e-05"),
            (at(b'g', 6), 350, 31_380, "0.0111536"),
            (at(b'g', 6), 1, 10_000, "0.0001"),
            (at(b'g', 6), 0, 10, "0"),
            (at(b'g', 6), 7, 7, "1"),
            (at(b'f', 4), 1, 3, "0.3333"),
        ] {
            assert_eq!(style.quotient(count, number).as_deref(), Some(expected));
        }
        assert_eq!(at(b'f', 4).quotient(1, 0), None);
        assert_eq!(Style(200).quotient(1, 2), None);
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "-?[0-9]{0,12}(\\.[0-9]{0,8})?([eE][-+]?[0-9]{0,3})?|[ -~]{0,12}") {
            let (value, shape) = split(&text);
            prop_assert_eq!(join(value, &shape), Some(text));
        }
        #[test]
        fn no_shape_panics(value: i64, shape in "[-=]?[0-9]{0,3}\\.?[0-9]{0,3}(e[0-9]{0,2})?") {
            let _ = join(value, &shape);
        }
    }
}
