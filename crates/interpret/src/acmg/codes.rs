//! Criteria as people write them: `PVS1, PM2_Supporting, PP4_Moderate`.

use clinotype_case::criterion::{Code, Side, Strength};
use clinotype_genome::{Fault, Result};

/// Reads codes separated by commas, semicolons, plus signs or white space, in any case of letters. `PM2` has its
/// default strength, `PM2_Supporting` (also `PM2-Supporting`, `PVS1_Very Strong`) its own.
///
/// An unknown code, an unknown strength, a stand-alone pathogenic code and a code given twice are input faults. PP5
/// and BP6 are refused with the reason that they are retired (Biesecker & Harrison 2018). An empty text has no codes.
pub fn parse(text: &str) -> Result<Vec<(Code, Strength)>> {
    let text = text
        .to_ascii_lowercase()
        .replace("very strong", "verystrong")
        .replace("stand alone", "standalone");
    let mut codes: Vec<(Code, Strength)> = Vec::new();
    for word in text.split(|c: char| matches!(c, ',' | ';' | '+' | '|') || c.is_whitespace()) {
        if word.is_empty() {
            continue;
        }
        let pair = parse_one(word)?;
        if codes.iter().any(|(code, _)| *code == pair.0) {
            return Err(Fault::input(format!("criterion {} is given twice", pair.0))
                .hint("name each criterion once, with the strength that holds"));
        }
        codes.push(pair);
    }
    Ok(codes)
}

fn parse_one(word: &str) -> Result<(Code, Strength)> {
    let (name, suffix) = word
        .split_once(['_', '-'])
        .map_or((word, None), |(name, rest)| (name, Some(rest)));
    if matches!(name, "pp5" | "bp6") {
        return Err(
            Fault::input(format!("criterion {} is retired", name.to_ascii_uppercase()))
                .hint("a reputable source is shown beside the evidence, never scored (Biesecker & Harrison 2018)"),
        );
    }
    let code = code(name).ok_or_else(|| {
        Fault::input(format!("{word:?} is not an ACMG/AMP criterion"))
            .hint("write for example PVS1, PM2_Supporting, BP4; separate them by commas")
    })?;
    let Some(suffix) = suffix else {
        return Ok((code, code.default_strength()));
    };
    let strength = strength(suffix).ok_or_else(|| {
        Fault::input(format!("{suffix:?} after {code} is not a strength"))
            .hint("use Supporting, Moderate, Strong, VeryStrong or, for benign criteria, StandAlone")
    })?;
    if strength == Strength::StandAlone && code.side() == Side::Pathogenic {
        return Err(Fault::input(format!(
            "{code} points to pathogenic and cannot stand alone"
        )));
    }
    Ok((code, strength))
}

/// One code without suffix, in any case of letters.
pub fn code(name: &str) -> Option<Code> {
    Code::ALL
        .iter()
        .copied()
        .find(|code| code.as_str().eq_ignore_ascii_case(name))
}

/// One strength as its suffix is written, `VeryStrong` or `Very_Strong`, in any case of letters.
pub fn strength(text: &str) -> Option<Strength> {
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    [
        Strength::Supporting,
        Strength::Moderate,
        Strength::Strong,
        Strength::VeryStrong,
        Strength::StandAlone,
    ]
    .into_iter()
    .find(|strength| strength.suffix().eq_ignore_ascii_case(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, expected) in [
            ("", vec![]),
            ("PVS1", vec![(Code::PVS1, Strength::VeryStrong)]),
            (
                "PVS1,PM2_Supporting",
                vec![(Code::PVS1, Strength::VeryStrong), (Code::PM2, Strength::Supporting)],
            ),
            (
                "pm3_verystrong + BA1",
                vec![(Code::PM3, Strength::VeryStrong), (Code::BA1, Strength::StandAlone)],
            ),
            (
                "PS2_Very Strong; bp4",
                vec![(Code::PS2, Strength::VeryStrong), (Code::BP4, Strength::Supporting)],
            ),
            ("BS2_StandAlone", vec![(Code::BS2, Strength::StandAlone)]),
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for (text, words) in [
            ("PVS2", "not an ACMG/AMP criterion"),
            ("PM2_Weak", "not a strength"),
            ("PP5", "retired"),
            ("BP6_Strong", "retired"),
            ("PM2,PM2_Supporting", "given twice"),
            ("PM2_StandAlone", "cannot stand alone"),
        ] {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(words), "{text}: {message}");
        }
    }
}
