//! The INFO column of a record that moves.

/// Annotations of other programs name transcripts and positions of the old build: they must be made anew.
pub(super) const STALE: [&str; 4] = ["CSQ", "ANN", "BCSQ", "EFF"];
/// Where the record stood.
pub(super) const ORIGIN: &str = "LiftedFrom";
/// That the new build has the reverse complement.
pub(super) const TURNED: &str = "LiftedReverse";
/// Why a record was refused.
pub(super) const REFUSED: &str = "LiftRefused";

/// Definitions of the lifted file's own fields.
pub(super) const LIFTED_LINES: &str = "\
##INFO=<ID=LiftedFrom,Number=1,Type=String,Description=\"Record before liftover: CHROM:POS:REF:ALT, alternates joined by |\">\n\
##INFO=<ID=LiftedReverse,Number=0,Type=Flag,Description=\"The new build has the reverse complement of the old one here\">\n";
/// Definition of the field of refused records.
pub(super) const REFUSED_LINES: &str =
    "##INFO=<ID=LiftRefused,Number=1,Type=String,Description=\"Why the record was not lifted\">\n";

/// Adds a field.
pub(super) fn with(info: &str, field: &str) -> String {
    if matches!(info, "." | "") {
        field.to_owned()
    } else {
        format!("{info};{field}")
    }
}

/// Whether INFO has a field of this name.
pub(super) fn has(info: &str, name: &str) -> bool {
    info.split(';').any(|field| key(field) == name)
}

fn key(field: &str) -> &str {
    field.split_once('=').map_or(field, |(key, _)| key)
}

/// The fields as they hold in the new build: annotations of the old one left out, END put where REF now ends (1-based),
/// an earlier liftover's fields replaced.
pub(super) fn moved(info: &str, end: u32) -> String {
    let kept: Vec<String> = info
        .split(';')
        .filter(|field| {
            let key = key(field);
            !matches!(*field, "" | ".") && !STALE.contains(&key) && key != ORIGIN && key != TURNED
        })
        .map(|field| match key(field) {
            "END" => format!("END={end}"),
            _ => field.to_owned(),
        })
        .collect();
    if kept.is_empty() {
        ".".to_owned()
    } else {
        kept.join(";")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_move() {
        assert_eq!(moved("AC=1;CSQ=T|x;END=7;DB;ANN", 20), "AC=1;END=20;DB");
        assert_eq!(moved("CSQ=T|x", 20), ".");
        assert_eq!(moved(".", 20), ".");
        assert_eq!(with(".", "A"), "A");
        assert_eq!(with("B=1", "A"), "B=1;A");
        assert!(has("AC=1;END=7", "END") && !has("ENDX=7", "END") && has("END", "END"));
    }
}
