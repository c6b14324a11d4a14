//! Which fields of a source a store gets.

use clinotype_genome::{Fault, Result};

use crate::alleles::field::{Field, Kind};

/// How the values of a VCF's INFO field belong to the alternate alleles of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// One for each ALT (Number=A), or one for all.
    PerAlternate,
    /// One for REF and each ALT (Number=R).
    PerAllele,
    /// The whole text belongs to every ALT.
    Whole,
}

/// Where the values of a field come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Id,
    Quality,
    Filter,
    Info(String, Share),
}

/// An INFO line of a VCF header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) kind: String,
    pub(super) description: String,
}

/// A field and its origin; `None` for Number=G, which has no one value for an allele.
pub(super) fn of_declared(info: &Declared) -> Option<(Field, Origin)> {
    let kind = match info.kind.as_str() {
        "Integer" => Kind::Integer,
        "Float" => Kind::Float,
        "Flag" => Kind::Flag,
        _ => Kind::Text,
    };
    let numeric = matches!(kind, Kind::Integer | Kind::Float);
    let (share, list) = match info.number.as_str() {
        "G" => return None,
        "A" => (Share::PerAlternate, false),
        "R" => (Share::PerAllele, false),
        // Older writers declare per-allele numbers as one.
        "0" | "1" if numeric => (Share::PerAlternate, false),
        "0" | "1" => (Share::Whole, false),
        _ => (Share::Whole, numeric),
    };
    let field = Field {
        list,
        ..Field::new(&info.name, kind, &info.description)
    };
    Some((field, Origin::Info(info.name.clone(), share)))
}

/// The fields of gnomAD that a frequency answer is made of; the hundreds of others (histograms, counts by sex, and the
/// scores of other parties embedded in it, whose licences differ) are left out unless they are asked for.
fn of_gnomad(name: &str) -> bool {
    const WHOLE: [&str; 16] = [
        "AC",
        "AN",
        "AF",
        "nhomalt",
        "grpmax",
        "popmax",
        "fafmax_faf95_max",
        "fafmax_faf95_max_gen_anc",
        "faf95",
        "faf95_max",
        "faf95_max_gen_anc",
        "faf95_popmax",
        "faf95_grpmax",
        "AN_grpmax",
        "AN_popmax",
        "non_par",
    ];
    const GROUPS: [&str; 11] = [
        "afr",
        "ami",
        "amr",
        "asj",
        "eas",
        "fin",
        "mid",
        "nfe",
        "sas",
        "oth",
        "remaining",
    ];
    let bare = name.strip_suffix("_joint").unwrap_or(name);
    let of_group = |name: &str| {
        ["AN_joint_", "AN_", "faf95_joint_", "faf95_"]
            .iter()
            .find_map(|start| name.strip_prefix(start))
            .is_some_and(|group| GROUPS.contains(&group))
    };
    WHOLE.contains(&bare) || of_group(name)
}

/// What a source is taken for, by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Clinvar,
    Gnomad,
    Other,
}

impl Dialect {
    pub(super) fn of(lines: &[String], declared: &[Declared]) -> Self {
        let has = |name: &str| declared.iter().any(|d| d.name == name);
        if lines.iter().any(|l| l.eq_ignore_ascii_case("##source=ClinVar")) || has("CLNSIG") && has("CLNREVSTAT") {
            Self::Clinvar
        } else if has("nhomalt") || has("nhomalt_joint") {
            Self::Gnomad
        } else {
            Self::Other
        }
    }
}

/// The fields of a VCF: those asked for, in that order, else what its dialect suggests.
pub(super) fn of_vcf(declared: &[Declared], dialect: Dialect, asked: &[String]) -> Result<Vec<(Field, Origin)>> {
    let column = |name: &str| match name {
        "ID" => Some((Field::new("ID", Kind::Text, "ID of the record"), Origin::Id)),
        "QUAL" => Some((Field::new("QUAL", Kind::Float, "QUAL of the record"), Origin::Quality)),
        "FILTER" => Some((Field::new("FILTER", Kind::Text, "FILTER of the record"), Origin::Filter)),
        _ => None,
    };
    if !asked.is_empty() {
        return asked
            .iter()
            .map(|name| {
                if let Some(found) = column(name) {
                    return Ok(found);
                }
                let found = declared.iter().find(|d| d.name == *name).ok_or_else(|| {
                    Fault::usage(format!("the header declares no INFO field {name}"))
                        .hint("name fields as the header of the VCF does; ID, QUAL and FILTER can be named, too")
                })?;
                of_declared(found).ok_or_else(|| {
                    Fault::usage(format!(
                        "{name} has one value per genotype (Number=G): there is no one value for an allele"
                    ))
                })
            })
            .collect();
    }
    let mut fields: Vec<(Field, Origin)> = column("ID")
        .filter(|_| dialect == Dialect::Clinvar)
        .into_iter()
        .chain(column("FILTER"))
        .collect();
    let columns = ["ID", "FILTER"];
    fields.extend(
        declared
            .iter()
            .filter(|d| dialect != Dialect::Gnomad || of_gnomad(&d.name))
            .filter(|d| !columns.contains(&d.name.as_str()))
            .filter_map(of_declared),
    );
    Ok(fields)
}

/// A field of a table: `NAME`, or `NAME:integer`, `NAME:float`, `NAME:text`.
pub(super) fn of_table(asked: &str) -> Result<Field> {
    let (name, kind) = match asked.rsplit_once(':') {
        Some((name, "integer")) => (name, Kind::Integer),
        Some((name, "float")) => (name, Kind::Float),
        Some((name, "text")) => (name, Kind::Text),
        _ => (asked, Kind::Float),
    };
    if name.is_empty() {
        return Err(Fault::usage(format!("{asked:?} names no column")));
    }
    Ok(Field::new(name, kind, String::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(name: &str, number: &str, kind: &str) -> Declared {
        Declared {
            name: name.to_owned(),
            number: number.to_owned(),
            kind: kind.to_owned(),
            description: "d".to_owned(),
        }
    }

    #[test]
    fn gnomad_without_its_hundreds() {
        let all = [
            declared("AC", "A", "Integer"),
            declared("AN", "1", "Integer"),
            declared("AC_XX", "A", "Integer"),
            declared("nhomalt_joint", "A", "Integer"),
            declared("AN_joint_afr", "1", "Integer"),
            declared("AN_joint_afr_XX", "1", "Integer"),
            declared("fafmax_faf95_max_gen_anc_joint", "A", "String"),
            declared("spliceai_ds_max", "1", "Float"),
            declared("vep", ".", "String"),
        ];
        let dialect = Dialect::of(&[], &all);
        assert_eq!(dialect, Dialect::Gnomad);
        let names = |asked: &[String]| -> Vec<String> {
            let fields = of_vcf(&all, dialect, asked).unwrap();
            fields.into_iter().map(|(f, _)| f.name).collect()
        };
        assert_eq!(
            names(&[]),
            [
                "FILTER",
                "AC",
                "AN",
                "nhomalt_joint",
                "AN_joint_afr",
                "fafmax_faf95_max_gen_anc_joint"
            ]
        );
        assert_eq!(names(&["vep".to_owned(), "ID".to_owned()]), ["vep", "ID"]);
        assert!(of_vcf(&all, dialect, &["REVEL".to_owned()]).is_err());
        assert!(of_vcf(&[declared("PL", "G", "Integer")], Dialect::Other, &["PL".to_owned()]).is_err());
    }

    #[test]
    fn kinds() {
        let kind = |number, kind| of_declared(&declared("X", number, kind)).map(|(f, from)| (f.kind, f.list, from));
        let info = |share| Origin::Info("X".to_owned(), share);
        assert_eq!(
            kind("A", "Float"),
            Some((Kind::Float, false, info(Share::PerAlternate)))
        );
        assert_eq!(
            kind("R", "Integer"),
            Some((Kind::Integer, false, info(Share::PerAllele)))
        );
        assert_eq!(kind(".", "Integer"), Some((Kind::Integer, true, info(Share::Whole))));
        assert_eq!(kind(".", "String"), Some((Kind::Text, false, info(Share::Whole))));
        assert_eq!(kind("0", "Flag"), Some((Kind::Flag, false, info(Share::Whole))));
        assert_eq!(kind("G", "Integer"), None);
        let table = |t| of_table(t).map(|f| (f.name, f.kind)).unwrap();
        assert_eq!(table("REVEL"), ("REVEL".to_owned(), Kind::Float));
        assert_eq!(table("AC:integer"), ("AC".to_owned(), Kind::Integer));
        assert_eq!(table("a:b"), ("a:b".to_owned(), Kind::Float));
        assert!(of_table(":text").is_err());
    }
}
