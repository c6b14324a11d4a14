//! Criteria that people set, row by row: a table in, the same table with classes out.

use std::fmt::Write as _;

use clinotype_case::{criterion::Class, finding::Classification};
use clinotype_genome::{Fault, Result};

use super::{classify_codes, codes, tier};

/// The column that holds the criteria that are met.
pub const CODES: &str = "codes_met";

/// The columns that [`classify`] adds, in this order.
pub const ADDED: [&str; 6] = ["class", "points", "class_2015", "posterior", "tier", "notes"];

/// Adds the class of each row to a tab-separated table with a header that has a column [`CODES`].
///
/// Every column stays as it is; an input column that has the name of an added one is called `input_` and its name. The
/// added columns: `class` by points and `class_2015` by the combining rules, each P, LP, VUS, LB or B; `points`, their
/// sum; `posterior` at a prior of 0.10; `tier` of a VUS (hot, warm, cold), else empty; `notes`: what a person must look
/// at, separated by `; `. An empty field of codes has no criteria: 0 points. Empty lines and lines that begin with `##`
/// are passed over.
///
/// # Errors
/// An input fault with the line, and the column where one field is wrong: no header or no such column, a row of another
/// number of columns, a code that is not a criterion, is retired or is given twice.
pub fn classify(text: &str, lb_min_points: i32) -> Result<String> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index as u64 + 1, line.trim_end_matches('\r')))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with("##"));
    let (head_line, head) = lines
        .next()
        .ok_or_else(|| Fault::input("is empty: a header with the column codes_met is needed"))?;
    let head = head.trim_start_matches('\u{feff}');
    let names: Vec<&str> = head.split('\t').collect();
    let column = names
        .iter()
        .position(|name| name.trim().trim_start_matches('#') == CODES)
        .ok_or_else(|| {
            Fault::input(format!("has no column {CODES}"))
                .line(head_line)
                .hint("name the columns in the first line, separated by tabs")
        })?;
    let mut out = String::with_capacity(text.len() * 2);
    for name in &names {
        let clash = ADDED.contains(&name.trim());
        let _ = write!(out, "{}{name}\t", if clash { "input_" } else { "" });
    }
    out.push_str(&ADDED.join("\t"));
    out.push('\n');
    for (number, line) in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() != names.len() {
            return Err(Fault::input(format!(
                "has {} columns where the header has {}",
                fields.len(),
                names.len()
            ))
            .line(number));
        }
        let met = codes::parse(fields[column]).map_err(|fault| {
            let what = format!("column {} ({CODES}): {}", column + 1, fault.what());
            let fault_here = Fault::input(what).line(number);
            match fault.advice() {
                Some(advice) => fault_here.hint(advice.to_owned()),
                None => fault_here,
            }
        })?;
        let made = classify_codes(&met, lb_min_points);
        row(&mut out, line, &made);
    }
    Ok(out)
}

fn row(out: &mut String, line: &str, made: &Classification) {
    let _ = writeln!(
        out,
        "{line}\t{}\t{}\t{}\t{:.4}\t{}\t{}",
        short(made.class),
        made.points,
        short(made.class_2015),
        made.posterior,
        tier(made).map_or("", super::Tier::word),
        made.flags.join("; ")
    );
}

/// A class as tables write it: P, LP, VUS, LB, B.
pub const fn short(class: Class) -> &'static str {
    match class {
        Class::Pathogenic => "P",
        Class::LikelyPathogenic => "LP",
        Class::Uncertain => "VUS",
        Class::LikelyBenign => "LB",
        Class::Benign => "B",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_columns_and_get_their_class() {
        let table = "id\tcodes_met\tpoints\r\nv1\tPVS1,PM2_Supporting,PP4\t9\r\n\nv2\tBP4\t\nv3\t\t\n";
        let made = classify(table, -1).unwrap();
        assert_eq!(
            made,
            "id\tcodes_met\tinput_points\tclass\tpoints\tclass_2015\tposterior\ttier\tnotes\n\
             v1\tPVS1,PM2_Supporting,PP4\t9\tP\t10\tP\t0.9941\t\t\n\
             v2\tBP4\t\tLB\t-1\tVUS\t0.0507\t\tthe points give Likely benign, the combining rules of 2015 give Uncertain \
             significance; a single supporting benign criterion decides\n\
             v3\t\t\tVUS\t0\tVUS\t0.1000\tcold\t\n"
        );
        assert!(classify(table, -2).unwrap().contains("v2\tBP4\t\tVUS\t-1\tVUS\t"));
    }

    #[test]
    fn faults_name_line_and_column() {
        for (table, words, line) in [
            ("", "is empty", None),
            ("a\tb\nPVS1\t\n", "no column codes_met", Some(1)),
            (
                "a\tcodes_met\n1\tPM2\n2\tPVS7\n",
                "column 2 (codes_met): \"pvs7\"",
                Some(3),
            ),
            (
                "codes_met\tx\nPP5\t\n",
                "column 1 (codes_met): criterion PP5 is retired",
                Some(2),
            ),
            ("codes_met\tx\nPM2\n", "has 1 columns where the header has 2", Some(2)),
        ] {
            let fault = classify(table, -1).unwrap_err();
            assert!(fault.what().contains(words), "{table}: {fault}");
            assert_eq!(fault.place().line, line, "{table}");
        }
    }
}
