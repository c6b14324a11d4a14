//! What the laboratory supplies about tumours' variants: roles of genes, hotspots, changes known to be oncogenic,
//! statements on drugs, diagnosis and prognosis, and what people entered. Tab-separated text with a header; nothing of it
//! ships with Clinotype.

use std::collections::BTreeMap;

use clinotype_genome::{Fault, Pos, Result, VariantKey};
use csv::StringRecord;
use serde::{Deserialize, Serialize};

use super::{
    Level, Statement,
    profile::{self, Change},
};

/// Role of a gene in tumours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Activating changes drive tumours.
    pub oncogene: bool,
    /// Losses drive tumours.
    pub suppressor: bool,
}

/// Roles by HGNC symbol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(BTreeMap<String, Role>);

impl Roles {
    /// Reads columns `gene` and `role`: `oncogene`, `tumour_suppressor` (also `tumor_suppressor`, `TSG`) or `both`.
    ///
    /// # Errors
    /// An input fault with the line: a missing column, an unknown role, a gene that stands twice with two roles.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table = Table::open(text)?;
        let (gene, role) = (table.column("gene")?, table.column("role")?);
        let mut genes = BTreeMap::new();
        while let Some((line, row)) = table.next()? {
            let is = match field(&row, role).to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
                "oncogene" => (true, false),
                "tumour_suppressor"
                | "tumor_suppressor"
                | "tumour_suppressor_gene"
                | "tumor_suppressor_gene"
                | "tsg" => (false, true),
                "both" => (true, true),
                other => {
                    return Err(Fault::input(format!("{other:?} is no role of a gene"))
                        .line(line)
                        .hint("write oncogene, tumour_suppressor or both"));
                }
            };
            let role = Role {
                oncogene: is.0,
                suppressor: is.1,
            };
            let before = genes.insert(field(&row, gene).to_owned(), role);
            if before.is_some_and(|before| before != role) {
                return Err(Fault::input(format!("{} has two roles", field(&row, gene)))
                    .line(line)
                    .hint("write both where both are meant"));
            }
        }
        Ok(Self(genes))
    }

    /// The role; `None` where the table does not hold the gene.
    pub fn of(&self, gene: &str) -> Option<Role> {
        self.0.get(gene).copied()
    }
}

/// Tumours by gene, residue and change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hotspots(BTreeMap<(String, u32), BTreeMap<char, u32>>);

impl Hotspots {
    /// Reads columns `gene`, `change` (`V600E` or `p.Val600Glu`) and `tumours` (also `tumors`): how many tumours of the
    /// source have this change. What a residue has is the sum of its rows, so all changes of a hotspot must be there.
    ///
    /// # Errors
    /// An input fault with the line: a missing column, a change that is no substitution, a number that is none, a row
    /// that stands twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table = Table::open(text)?;
        let (gene, change) = (table.column("gene")?, table.column("change")?);
        let tumours = table.column("tumours").or_else(|_| table.column("tumors"))?;
        let mut found: BTreeMap<(String, u32), BTreeMap<char, u32>> = BTreeMap::new();
        while let Some((line, row)) = table.next()? {
            let text = field(&row, change);
            let Some((_, number, to)) = profile::substitution(&profile::short(text)) else {
                return Err(Fault::input(format!("{text:?} is no substitution of a residue"))
                    .line(line)
                    .hint("write V600E"));
            };
            let count = field(&row, tumours);
            let count: u32 = count
                .parse()
                .map_err(|_| Fault::input(format!("{count:?} is no number of tumours")).line(line))?;
            let at = found.entry((field(&row, gene).to_owned(), number)).or_default();
            if at.insert(to, count).is_some() {
                return Err(Fault::input(format!("{} {text} stands twice", field(&row, gene))).line(line));
            }
        }
        Ok(Self(found))
    }

    /// Tumours with any change of the residue, and with this one; `None` where the residue is no hotspot of the table.
    pub(super) fn at(&self, gene: &str, residue: u32, to: char) -> Option<(u32, u32)> {
        let at = self.0.get(&(gene.to_owned(), residue))?;
        Some((
            at.values().fold(0, |sum: u32, n| sum.saturating_add(*n)),
            at.get(&to).copied().unwrap_or(0),
        ))
    }
}

/// Changes that were found to be oncogenic by the same standard, with their source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known(BTreeMap<String, BTreeMap<String, String>>);

impl Known {
    /// Reads columns `gene`, `change` (`V600E` or `p.Val600Glu`) and `source`. Only changes that are classed as oncogenic,
    /// not as likely oncogenic, belong here.
    ///
    /// # Errors
    /// An input fault with the line: a missing column, a change that is no protein change, no source.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table = Table::open(text)?;
        let (gene, change, source) = (table.column("gene")?, table.column("change")?, table.column("source")?);
        let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        while let Some((line, row)) = table.next()? {
            let text = field(&row, change);
            let Some(Change::Protein(name)) = profile::protein(text) else {
                return Err(Fault::input(format!("{text:?} is no change of a protein"))
                    .line(line)
                    .hint("write V600E or E746_A750del"));
            };
            let from = field(&row, source);
            if from.is_empty() {
                return Err(Fault::input("states no source")
                    .line(line)
                    .hint("say who classed the change as oncogenic, with the date"));
            }
            found
                .entry(field(&row, gene).to_owned())
                .or_default()
                .insert(name, from.to_owned());
        }
        Ok(Self(found))
    }

    pub(super) fn of(&self, gene: &str) -> impl Iterator<Item = (&str, &str)> {
        let rows = self.0.get(gene);
        rows.into_iter()
            .flatten()
            .map(|(name, source)| (name.as_str(), source.as_str()))
    }
}

/// A statement, and which variants it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    pub(super) change: Change,
    pub(super) statement: Statement,
    /// The tumour type's identifier of the Disease Ontology, digits only.
    pub(super) doid: Option<String>,
}

/// Statements by gene, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements {
    pub(super) by_gene: BTreeMap<String, Vec<About>>,
    /// Rows in the file.
    pub rows: u64,
    /// Rows that were left out, by reason.
    pub left_out: BTreeMap<String, u64>,
}

/// Level of an evidence item of CIViC in the words of Li 2017: validated (A) and clinical (B) evidence keep their letter,
/// case studies (C) and preclinical evidence (D) are D; inferences (E) are none.
fn civic_level(letter: &str) -> Option<Level> {
    match letter {
        "A" => Some(Level::A),
        "B" => Some(Level::B),
        "C" | "D" => Some(Level::D),
        _ => None,
    }
}

impl Statements {
    /// Reads CIViC's table of accepted evidence (`AcceptedClinicalEvidenceSummaries.tsv`; CC0), known by its column
    /// `molecular_profile`, or a table of the laboratory's own with columns `gene`, `change` (as in CIViC: `V600E`, `G12`,
    /// `Exon 19 Deletion`, `Mutation`), `level` (A to D of Li 2017), `tumour` (empty: every solid tumour), `words`,
    /// `source`.
    ///
    /// Of CIViC, accepted items that support a predictive, diagnostic or prognostic statement count; the rest is left out
    /// and counted.
    ///
    /// # Errors
    /// An input fault with the line: a missing column, in an own table also a change or level that is none.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table = Table::open(text)?;
        if table.column("molecular_profile").is_ok() {
            Self::civic(table)
        } else {
            Self::own(&mut table)
        }
    }

    fn own(table: &mut Table<'_>) -> Result<Self> {
        let [gene, change, level, tumour, words, source] =
            table.columns(["gene", "change", "level", "tumour", "words", "source"])?;
        let mut made = Self::default();
        while let Some((line, row)) = table.next()? {
            made.rows += 1;
            let name = format!("{} {}", field(&row, gene), field(&row, change));
            let Some((symbol, about)) = profile::parse(&name) else {
                return Err(Fault::input(format!("{name:?} names no change of a small variant"))
                    .line(line)
                    .hint("write for example V600E, G12, Exon 19 Deletion, Mutation"));
            };
            let level = match field(&row, level) {
                "A" => Level::A,
                "B" => Level::B,
                "C" => Level::C,
                "D" => Level::D,
                other => {
                    return Err(Fault::input(format!("{other:?} is no level"))
                        .line(line)
                        .hint("the levels of Li 2017 are A, B, C and D"));
                }
            };
            if field(&row, source).is_empty() {
                return Err(Fault::input("states no source").line(line));
            }
            let about = About {
                change: about,
                statement: Statement {
                    level,
                    tumor: field(&row, tumour).to_owned(),
                    words: field(&row, words).to_owned(),
                    source: field(&row, source).to_owned(),
                },
                doid: None,
            };
            made.by_gene.entry(symbol.to_owned()).or_default().push(about);
        }
        Ok(made)
    }

    fn civic(mut table: Table<'_>) -> Result<Self> {
        let names = [
            "molecular_profile",
            "disease",
            "doid",
            "therapies",
            "evidence_type",
            "evidence_direction",
            "evidence_level",
            "significance",
            "citation",
            "evidence_status",
            "evidence_id",
            "variant_origin",
        ];
        let [
            profile,
            disease,
            doid,
            therapies,
            kind,
            direction,
            level,
            significance,
            citation,
            status,
            id,
            origin,
        ] = table.columns(names)?;
        let mut made = Self::default();
        while let Some((_, row)) = table.next()? {
            made.rows += 1;
            let mut out = |reason: &str| *made.left_out.entry(reason.to_owned()).or_default() += 1;
            let get = |at: usize| field(&row, at);
            if !get(status).eq_ignore_ascii_case("accepted") {
                out("not accepted by the editors");
            } else if !matches!(get(kind), "Predictive" | "Diagnostic" | "Prognostic") {
                out("no statement on drugs, diagnosis or prognosis");
            } else if get(direction) != "Supports" {
                out("does not support its statement");
            } else if get(origin).to_ascii_lowercase().contains("germline") {
                out("about germline variants");
            } else if let Some(level) = civic_level(get(level)) {
                let Some((gene, change)) = profile::parse(get(profile)) else {
                    out("about no small variant, or about several together");
                    continue;
                };
                let drugs = if get(therapies).is_empty() {
                    "no drug named"
                } else {
                    get(therapies)
                };
                let words = match get(kind) {
                    "Predictive" => format!("{}: {drugs}", get(significance)),
                    other => format!("{other}: {}", get(significance)),
                };
                made.by_gene.entry(gene.to_owned()).or_default().push(About {
                    change,
                    statement: Statement {
                        level,
                        tumor: get(disease).to_owned(),
                        words,
                        source: format!("CIViC EID{}, {}", get(id), get(citation)),
                    },
                    doid: Some(get(doid).trim_start_matches("DOID:").to_owned()).filter(|d| !d.is_empty()),
                });
            } else {
                out("inferred only (level E)");
            }
        }
        Ok(made)
    }
}

/// Codes that a person entered for one allele.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The codes as entered, checked: `OS2, OM1_Supporting`.
    pub codes: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
}

/// Entered codes by normalised allele.
pub type EnteredByAllele = BTreeMap<VariantKey, Entered>;

/// Reads columns `contig`, `pos` (1-based), `ref`, `alt`, `codes`, `reason`, `by`.
///
/// # Errors
/// An input fault with the line: a missing column, a position that is none, codes that are none or exclude each other, no
/// reason or no person, an allele that stands twice. The fault names no person.
pub fn entered(text: &str) -> Result<EnteredByAllele> {
    let mut table = Table::open(text)?;
    let [contig, pos, reference, alternate, codes, reason, by] =
        table.columns(["contig", "pos", "ref", "alt", "codes", "reason", "by"])?;
    let mut found = BTreeMap::new();
    while let Some((line, row)) = table.next()? {
        let get = |at: usize| field(&row, at);
        let at = get(pos)
            .parse()
            .ok()
            .and_then(Pos::new)
            .ok_or_else(|| Fault::input(format!("{:?} is no position", get(pos))).line(line))?;
        super::oncogenicity(get(codes)).map_err(|fault| fault.line(line))?;
        if get(reason).is_empty() || get(by).is_empty() {
            return Err(Fault::input("an entered code has no reason or no person")
                .line(line)
                .hint("fill the columns reason and by"));
        }
        let key = VariantKey::new(get(contig), at, get(reference), get(alternate));
        let codes = Entered {
            codes: get(codes).to_owned(),
            reason: get(reason).to_owned(),
            by: get(by).to_owned(),
        };
        if found.insert(key, codes).is_some() {
            return Err(Fault::input("an allele stands twice")
                .line(line)
                .hint("write all codes of one allele into one row"));
        }
    }
    Ok(found)
}

/// A tab-separated table with a header; lines that begin with `##` are passed over.
struct Table<'a> {
    reader: csv::Reader<&'a [u8]>,
    head: StringRecord,
}

impl<'a> Table<'a> {
    fn open(text: &'a str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b'\t')
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let head = reader.headers().map_err(|e| wrong(&e))?.clone();
        if head.is_empty() {
            return Err(Fault::input("is empty: a header is needed"));
        }
        Ok(Self { reader, head })
    }

    fn column(&self, name: &str) -> Result<usize> {
        let found = self.head.iter().position(|h| h.eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            Fault::input(format!("has no column {name}"))
                .line(1)
                .hint("name the columns in the first line, separated by tabs")
        })
    }

    fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        let mut at = [0; N];
        for (place, name) in at.iter_mut().zip(names) {
            *place = self.column(name)?;
        }
        Ok(at)
    }

    fn next(&mut self) -> Result<Option<(u64, StringRecord)>> {
        let mut row = StringRecord::new();
        let is_row = self.reader.read_record(&mut row).map_err(|e| wrong(&e))?;
        let line = row.position().map_or(0, csv::Position::line);
        Ok(is_row.then_some((line, row)))
    }
}

fn field(row: &StringRecord, at: usize) -> &str {
    row.get(at).unwrap_or_default()
}

fn wrong(error: &csv::Error) -> Fault {
    let line = error.position().map(csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns where the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8 text".to_owned(),
        _ => "is no table of tab-separated columns".to_owned(),
    };
    let fault = Fault::input(what);
    match line {
        Some(line) => fault.line(line),
        None => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        let made = Roles::parse("gene\trole\nKRAS\toncogene\nTP53\tTSG\nNOTCH1\tboth\n").unwrap();
        assert!(made.of("KRAS").unwrap().oncogene && !made.of("KRAS").unwrap().suppressor);
        assert!(made.of("TP53").unwrap().suppressor);
        assert_eq!(made.of("BRCA1"), None);
    }

    #[test]
    fn hotspots_sum_by_residue() {
        let made =
            Hotspots::parse("gene\tchange\ttumours\nKRAS\tG12D\t40\nKRAS\tp.Gly12Val\t9\nKRAS\tG13D\t4\n").unwrap();
        assert_eq!(made.at("KRAS", 12, 'D'), Some((49, 40)));
        assert_eq!(made.at("KRAS", 12, 'R'), Some((49, 0)));
        assert_eq!(made.at("KRAS", 61, 'R'), None);
    }

    const CIVIC: &str = "molecular_profile\tdisease\tdoid\ttherapies\tevidence_type\tevidence_direction\tevidence_level\tsignificance\tcitation\tevidence_status\tevidence_id\tvariant_origin\n";

    #[test]
    fn civic_counts_what_it_leaves_out() {
        let row = |profile: &str, kind: &str, direction: &str, level: &str, status: &str, origin: &str| {
            format!(
                "{profile}\tMelanoma\t1909\tX\t{kind}\t{direction}\t{level}\tSensitivity/Response\tA 2020\t{status}\t7\t{origin}\n"
            )
        };
        let text = [
            CIVIC.to_owned(),
            row("BRAF V600E", "Predictive", "Supports", "A", "accepted", "Somatic"),
            row("BRAF V600E", "Predictive", "Supports", "C", "accepted", "Somatic"),
            row("BRAF V600E", "Predictive", "Supports", "E", "accepted", "Somatic"),
            row("BRAF V600E", "Oncogenic", "Supports", "B", "accepted", "Somatic"),
            row(
                "BRAF V600E",
                "Predictive",
                "Does Not Support",
                "B",
                "accepted",
                "Somatic",
            ),
            row("BRAF V600E", "Predictive", "Supports", "B", "submitted", "Somatic"),
            row(
                "BRCA1 Mutation",
                "Predictive",
                "Supports",
                "B",
                "accepted",
                "Rare Germline",
            ),
            row(
                "BRAF Amplification",
                "Predictive",
                "Supports",
                "B",
                "accepted",
                "Somatic",
            ),
        ]
        .concat();
        let made = Statements::parse(&text).unwrap();
        assert_eq!(made.rows, 8);
        assert_eq!(made.left_out.values().sum::<u64>(), 6);
        assert_eq!(made.left_out.len(), 6);
        let levels: Vec<Level> = made.by_gene["BRAF"].iter().map(|a| a.statement.level).collect();
        assert_eq!(levels, [Level::A, Level::D]);
        assert_eq!(made.by_gene["BRAF"][0].statement.source, "CIViC EID7, A 2020");
    }

    #[test]
    fn each_wrong_table_is_refused_with_its_line() {
        let own = "gene\tchange\tlevel\ttumour\twords\tsource\n";
        for (made, words, line) in [
            (Roles::parse("gene\nKRAS\n").unwrap_err(), "no column role", "1"),
            (Roles::parse("gene\trole\nKRAS\tdriver\n").unwrap_err(), "no role", "2"),
            (
                Roles::parse("gene\trole\nA\tTSG\nA\toncogene\n").unwrap_err(),
                "two roles",
                "3",
            ),
            (
                Hotspots::parse("gene\tchange\ttumours\nA\tG12del\t1\n").unwrap_err(),
                "no substitution",
                "2",
            ),
            (
                Hotspots::parse("gene\tchange\ttumours\nA\tG12D\tmany\n").unwrap_err(),
                "no number",
                "2",
            ),
            (
                Hotspots::parse("gene\tchange\ttumours\nA\tG12D\t1\nA\tG12D\t1\n").unwrap_err(),
                "twice",
                "3",
            ),
            (
                Known::parse("gene\tchange\tsource\nA\tG12\tx\n").unwrap_err(),
                "no change",
                "2",
            ),
            (
                Known::parse("gene\tchange\tsource\nA\tG12D\t\n").unwrap_err(),
                "no source",
                "2",
            ),
            (
                Statements::parse(&format!("{own}A\tfusion\tA\t\tx\ty\n")).unwrap_err(),
                "no change",
                "2",
            ),
            (
                Statements::parse(&format!("{own}A\tG12D\tE\t\tx\ty\n")).unwrap_err(),
                "no level",
                "2",
            ),
            (
                Statements::parse(&format!("{own}A\tG12D\n")).unwrap_err(),
                "2 columns",
                "2",
            ),
            (Statements::parse("").unwrap_err(), "empty", ""),
            (
                entered("contig\tpos\tref\talt\tcodes\treason\tby\n1\t0\tA\tC\tOS2\tx\ty\n").unwrap_err(),
                "no position",
                "2",
            ),
            (
                entered("contig\tpos\tref\talt\tcodes\treason\tby\n1\t5\tA\tC\tPS3\tx\ty\n").unwrap_err(),
                "no criterion",
                "2",
            ),
            (
                entered("contig\tpos\tref\talt\tcodes\treason\tby\n1\t5\tA\tC\tOS2\t\ty\n").unwrap_err(),
                "no reason",
                "2",
            ),
        ] {
            let message = made.at("f").to_string();
            assert!(
                message.contains(words) && (line.is_empty() || message.contains(&format!("f, line {line}"))),
                "{message}"
            );
        }
    }
}
