//! The order of allele names, and how diplotypes are labelled. `*2` comes before `*10`, `c.85T>C` before `c.1627A>G`,
//! combinations `[a + b]` last.

use std::cmp::Ordering;

/// What joins the parts of a combination on one copy.
pub const JOINER: &str = " + ";

/// Whether a name is a combination in brackets.
pub fn is_combination(name: &str) -> bool {
    name.starts_with('[') && name.ends_with(']') && name.contains(JOINER)
}

/// The parts of a combination, or the name itself.
pub fn parts(name: &str) -> Vec<&str> {
    if is_combination(name) {
        name[1..name.len() - 1].split(JOINER).map(str::trim).collect()
    } else {
        vec![name]
    }
}

/// Parts as one name.
pub fn join(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        _ => format!("[{}]", parts.join(JOINER)),
    }
}

/// The order in which alleles are printed.
pub fn compare(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    match (is_combination(a), is_combination(b)) {
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (true, true) => {
            let (x, y) = (parts(a), parts(b));
            let mut order = x.len().cmp(&y.len());
            for (left, right) in x.iter().zip(&y) {
                order = order.then_with(|| single(left, right));
            }
            return order;
        }
        (false, false) => {}
    }
    single(a, b)
}

fn single(a: &str, b: &str) -> Ordering {
    if let (Some(x), Some(y)) = (hgvs_position(a), hgvs_position(b)) {
        return x.cmp(&y).then_with(|| a.cmp(b));
    }
    let rank = |name: &str| match name {
        "Any" | "All" | "Reference" => 0,
        "Other" | "Unknown" => 2,
        _ => 1,
    };
    rank(a).cmp(&rank(b)).then_with(|| natural(a, b))
}

/// The first number of an HGVS name: `c.1129-5923C>G` gives 1129.
fn hgvs_position(name: &str) -> Option<u64> {
    let rest = name.rsplit_once(':').map_or(name, |(_, rest)| rest);
    let mut chars = rest.chars();
    let kind = chars.next()?;
    if !matches!(kind, 'c' | 'g' | 'n' | 'm' | 'o' | 'p' | 'r') || chars.next()? != '.' {
        return None;
    }
    let digits: String = chars.take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Runs of digits compare as numbers, and come before letters.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (runs(a).into_iter(), runs(b).into_iter());
    loop {
        let order = match (x.next(), y.next()) {
            (None, None) => return Ordering::Equal,
            (Some((m, Some(i))), Some((n, Some(j)))) => i.cmp(&j).then_with(|| m.len().cmp(&n.len())),
            (None, Some(_)) | (Some((_, Some(_))), Some((_, None))) => return Ordering::Less,
            (Some(_), None) | (Some((_, None)), Some((_, Some(_)))) => return Ordering::Greater,
            (Some((m, None)), Some((n, None))) => m.cmp(n),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn runs(text: &str) -> Vec<(&str, Option<u64>)> {
    let mut all = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for at in 1..=bytes.len() {
        if at == bytes.len() || bytes[at].is_ascii_digit() != bytes[start].is_ascii_digit() {
            let run = &text[start..at];
            all.push((run, run.parse().ok()));
            start = at;
        }
    }
    all
}

/// Two alleles as they are printed, in order: `*1/*2`.
pub fn pair(a: &str, b: &str) -> String {
    if compare(a, b) == Ordering::Greater {
        format!("{b}/{a}")
    } else {
        format!("{a}/{b}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers() {
        let mut names = vec![
            "[*1 + *2]",
            "*10",
            "*2",
            "*1x2",
            "*1",
            "Unknown",
            "*80+*28",
            "*3A",
            "Reference",
        ];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(
            names,
            [
                "Reference",
                "*1",
                "*1x2",
                "*2",
                "*3A",
                "*10",
                "*80+*28",
                "Unknown",
                "[*1 + *2]"
            ]
        );
        assert_eq!(compare("c.1627A>G (*5)", "c.85T>C (*9A)"), Ordering::Greater);
        assert_eq!(
            compare("c.1129-5923C>G", "c.1129-5923C>G, c.1236G>A (HapB3)"),
            Ordering::Less
        );
        assert_eq!(pair("*2", "*1"), "*1/*2");
        assert_eq!(parts("[*1 + g.5A>G]"), ["*1", "g.5A>G"]);
        assert_eq!(parts("*80+*28"), ["*80+*28"]);
    }
}
