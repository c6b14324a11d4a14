//! Scoring files of the PGS Catalog, format 2.0 (pgscatalog.org/downloads, "PGS Scoring Files").
//!
//! Lines that begin with `#` and hold `key=value` are the header; the first other line names the columns, divided by
//! tabs. Positions are 1-based. Harmonised files (`hmPOS`) carry positions of one more build in `hm_chr`, `hm_pos`;
//! the columns that stand on the target's build are used, and a file that has none is refused.

use clinotype_case::prs::About;
use clinotype_genome::{Build, Fault, Result};

use super::{
    complex::{self, Complex},
    site::contig_number,
};

/// The weights of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Model {
    /// Weight by dosage.
    Additive(f64),
    /// Weight where there is at least one copy: weight by min(dosage, 1).
    Dominant(f64),
    /// Weight where there are two copies: weight by max(dosage - 1, 0).
    Recessive(f64),
    /// A weight for 0, 1 and 2 copies.
    ByCopies([f64; 3]),
}

impl Model {
    /// What a genotype adds. `copies` are those of GT, which weights by copies need.
    pub(crate) fn value(self, dosage: f64, copies: Option<u8>) -> Option<f64> {
        Some(match self {
            Self::Additive(weight) => weight * dosage,
            Self::Dominant(weight) => weight * dosage.min(1.0),
            Self::Recessive(weight) => weight * (dosage - 1.0).max(0.0),
            Self::ByCopies(weights) => *weights.get(usize::from(copies?))?,
        })
    }
}

/// A row of one allele.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Number of the row in the file, first 1.
    pub number: u32,
    /// Chromosome number.
    pub contig: u8,
    /// 1-based position.
    pub position: u32,
    /// Effect allele, upper case.
    pub effect: Box<str>,
    /// The other allele, where the file names one.
    pub other: Option<Box<str>>,
    /// Its weights.
    pub model: Model,
}

/// Why a row cannot be matched at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unusable {
    /// No position of the build.
    NoPosition,
    /// A contig outside the chromosomes.
    OtherContig,
    /// The effect allele is no sequence of bases.
    NoBases,
    /// A haplotype or diplotype named by words (HLA).
    NamedHaplotype,
    /// An interaction, haplotype or diplotype whose parts do not fit together.
    Parts,
    /// The weight is not stated (`NA` or empty).
    NoWeight,
}

impl Unusable {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoPosition => "no position of this build in the score file",
            Self::OtherContig => "a contig outside the chromosomes",
            Self::NoBases => "the effect allele is not written as bases (HLA and the like need their own typing)",
            Self::NamedHaplotype => "a haplotype named by words, which genotypes of variants do not answer",
            Self::Parts => "an interaction or haplotype whose parts lack alleles or positions",
            Self::NoWeight => "no weight is stated",
        }
    }
}

/// A score, ready to be matched.
#[derive(Clone, Debug, Default)]
pub struct ScoreFile {
    /// What the header says.
    pub about: About,
    /// Number of rows.
    pub rows: u32,
    /// Rows of one allele, by position.
    pub(crate) simple: Vec<Row>,
    /// Interactions, haplotypes, diplotypes.
    pub(crate) complex: Vec<Complex>,
    /// Rows that cannot be matched, by number.
    pub(crate) unusable: Vec<(u32, Unusable)>,
}

/// Columns by name.
#[derive(Debug, Default)]
struct Columns {
    contig: usize,
    position: usize,
    effect: usize,
    other: Option<usize>,
    inferred: Option<usize>,
    weight: Option<usize>,
    dominant: Option<usize>,
    recessive: Option<usize>,
    interaction: Option<usize>,
    haplotype: Option<usize>,
    diplotype: Option<usize>,
    effect_type: Option<usize>,
    copies: Option<[usize; 3]>,
    /// Number of columns.
    count: usize,
    /// Cells that every row has.
    needed: usize,
}

/// Reads a score line by line.
#[derive(Debug)]
pub struct Reader {
    build: Build,
    line: u64,
    columns: Option<Columns>,
    file: ScoreFile,
    genome_build: Option<String>,
    harmonised: Option<String>,
    format_version: Option<String>,
}

/// `GRCh37` and its other names; `None` for NR and builds that are not ours.
fn known_build(text: &str) -> Option<Build> {
    match text.trim().to_ascii_lowercase().as_str() {
        "grch37" | "hg19" | "b37" => Some(Build::Grch37),
        "grch38" | "hg38" => Some(Build::Grch38),
        _ => None,
    }
}

impl Reader {
    /// For a target of this build.
    pub fn new(build: Build) -> Self {
        Self {
            build,
            line: 0,
            columns: None,
            file: ScoreFile::default(),
            genome_build: None,
            harmonised: None,
            format_version: None,
        }
    }

    /// Takes the next line of the file.
    pub fn line(&mut self, line: &str) -> Result<()> {
        self.line += 1;
        let number = self.line;
        self.take(line.trim_end_matches(['\n', '\r']))
            .map_err(|fault| fault.line(number))
    }

    fn take(&mut self, line: &str) -> Result<()> {
        if let Some(columns) = &self.columns {
            if line.is_empty() || line.starts_with('#') {
                return Ok(());
            }
            return row(columns, line, &mut self.file);
        }
        let line = if self.line == 1 {
            line.trim_start_matches('\u{feff}')
        } else {
            line
        };
        if let Some(meta) = line.strip_prefix('#') {
            self.meta(meta.trim_start_matches('#').trim_end());
            return Ok(());
        }
        if line.trim().is_empty() {
            return Ok(());
        }
        self.columns = Some(self.head(line)?);
        Ok(())
    }

    fn meta(&mut self, meta: &str) {
        let Some((key, value)) = meta.split_once('=') else {
            return;
        };
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let value = || Some(value.to_owned());
        let about = &mut self.file.about;
        match key.trim() {
            "pgs_id" | "omicspred_id" => about.id = value(),
            "pgs_name" => about.name = value(),
            "trait_reported" => about.trait_reported = value(),
            "weight_type" => about.weight_type = value(),
            "citation" => about.citation = value(),
            "license" => about.licence = value(),
            "genome_build" => self.genome_build = value(),
            "HmPOS_build" => self.harmonised = value(),
            "format_version" => self.format_version = value(),
            "variants_number" => about.variants_stated = value().and_then(|v| v.parse().ok()),
            _ => {}
        }
    }

    /// The line of columns, and which of them stand on the target's build.
    fn head(&mut self, line: &str) -> Result<Columns> {
        if let Some(version) = &self.format_version
            && version.split('.').next() != Some("2")
        {
            return Err(Fault::input("the scoring file is not of format 2")
                .hint("download the score again from the PGS Catalog: it gives format 2.0"));
        }
        let names: Vec<&str> = line.split('\t').map(str::trim).collect();
        if names.len() >= MOST {
            return Err(Fault::input(format!("the line of columns has {} columns", names.len())));
        }
        let place = |name: &str| names.iter().position(|n| *n == name);
        let Some(effect) = place("effect_allele") else {
            return Err(Fault::input("the line of columns has no effect_allele").hint(
                "a scoring file has a header of # lines, then a line of columns divided by tabs, as the PGS Catalog writes it",
            ));
        };
        for (index, name) in names.iter().enumerate() {
            if !name.is_empty() && names[..index].contains(name) {
                return Err(Fault::input(format!("two columns are called {name:?}")));
            }
        }
        let copies = match [0, 1, 2].map(|n| place(&format!("dosage_{n}_weight"))) {
            [Some(zero), Some(one), Some(two)] => Some([zero, one, two]),
            _ => None,
        };
        let weight = place("effect_weight");
        if weight.is_none() && copies.is_none() {
            return Err(Fault::input(
                "the line of columns has neither effect_weight nor dosage_0_weight, dosage_1_weight and dosage_2_weight",
            ));
        }
        let stated = self.genome_build.as_deref();
        let harmonised = self.harmonised.as_deref();
        let about = &mut self.file.about;
        about.genome_build.clone_from(&self.genome_build);
        about.harmonised_build.clone_from(&self.harmonised);
        let author = (place("chr_name"), place("chr_position"));
        let hm = (place("hm_chr"), place("hm_pos"));
        let target = self.build;
        let ((contig, position), words) = match (hm, author) {
            ((Some(contig), Some(position)), _) if harmonised.and_then(known_build) == Some(target) => {
                ((contig, position), "hm_chr, hm_pos")
            }
            (_, (Some(contig), Some(position))) if stated.and_then(known_build) == Some(target) => {
                ((contig, position), "chr_name, chr_position")
            }
            _ => {
                let has_positions = hm.1.is_some() || author.1.is_some();
                let fault = match (has_positions, stated.or(harmonised)) {
                    (false, _) => Fault::input("the score names its variants without positions (by rsID or by words)"),
                    (true, None) => Fault::input(
                        "the header states no genome build (#genome_build, #HmPOS_build): positions mean nothing",
                    ),
                    (true, Some(_)) => Fault::input(format!(
                        "the score has no positions of {target}: its own build is {}{}",
                        stated.unwrap_or("not stated"),
                        harmonised.map_or(String::new(), |b| format!(", its harmonised one {b}"))
                    )),
                };
                return Err(fault.hint(format!(
                    "download the harmonised file of the score for this build from the PGS Catalog (..._hmPOS_{target}.txt.gz)"
                )));
            }
        };
        words.clone_into(&mut about.positions);
        Ok(Columns {
            contig,
            position,
            effect,
            other: place("other_allele"),
            inferred: place("hm_inferOtherAllele"),
            weight,
            dominant: place("is_dominant"),
            recessive: place("is_recessive"),
            interaction: place("is_interaction"),
            haplotype: place("is_haplotype"),
            diplotype: place("is_diplotype"),
            effect_type: place("effect_type"),
            copies,
            count: names.len(),
            needed: effect.max(weight.or(copies.map(|c| c[2])).unwrap_or_default()) + 1,
        })
    }

    /// The score. A file without columns or rows is a fault.
    pub fn finish(mut self) -> Result<ScoreFile> {
        if self.columns.is_none() {
            return Err(Fault::input("is no scoring file: it has no line of columns")
                .hint("give a scoring file of the PGS Catalog (PGS000000.txt.gz)"));
        }
        if self.file.rows == 0 {
            return Err(Fault::input("the scoring file has no rows"));
        }
        self.file
            .simple
            .sort_by_key(|row| (row.contig, row.position, row.number));
        Ok(self.file)
    }
}

/// A cell, without spaces around; empty and `NA` are no value.
fn cell<'a>(cells: &[&'a str], place: usize) -> Option<&'a str> {
    let text = cells.get(place)?.trim();
    (!matches!(text, "" | "NA" | "." | "nan")).then_some(text)
}

fn flag(cells: &[&str], place: Option<usize>, name: &str) -> Result<bool> {
    match place.and_then(|p| cell(cells, p)) {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
        Some(_) => Err(Fault::input(format!("{name} is neither True nor False"))),
    }
}

fn number(text: &str, name: &str) -> Result<f64> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(Fault::input(format!("{name} {text:?} is not a number"))),
    }
}

/// An allele in upper case where it is written as bases.
pub(super) fn bases(text: &str) -> Option<Box<str>> {
    (!text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphabetic() && b"ACGTacgt".contains(&b)))
    .then(|| text.to_ascii_uppercase().into_boxed_str())
}

fn row(columns: &Columns, line: &str, file: &mut ScoreFile) -> Result<()> {
    // A stack buffer keeps a score of a million rows from a million allocations.
    let mut buffer = [""; MOST];
    let cells = split(line, &mut buffer);
    let too_long = cells.len() > columns.count && cells[columns.count..].iter().any(|c| !c.trim().is_empty());
    if too_long || cells.len() < columns.needed {
        return Err(Fault::input(format!(
            "the row has {} columns; the line of columns has {}",
            cells.len(),
            columns.count
        )));
    }
    file.rows += 1;
    let at = file.rows;
    let Some(effect) = cell(cells, columns.effect) else {
        return Err(Fault::input("the row has no effect allele"));
    };
    let Some(model) = model(columns, cells)? else {
        file.unusable.push((at, Unusable::NoWeight));
        return Ok(());
    };
    let contig = cell(cells, columns.contig);
    let position = cell(cells, columns.position);
    let interaction = flag(cells, columns.interaction, "is_interaction")?;
    let haplotype = flag(cells, columns.haplotype, "is_haplotype")?;
    let diplotype = flag(cells, columns.diplotype, "is_diplotype")?;
    if interaction || haplotype || diplotype {
        match complex::parts(at, contig, position, effect, model, [interaction, haplotype, diplotype]) {
            Ok(found) => file.complex.push(found),
            Err(why) => file.unusable.push((at, why)),
        }
        return Ok(());
    }
    let Some(effect) = bases(effect) else {
        file.unusable.push((at, Unusable::NoBases));
        return Ok(());
    };
    let (Some(contig), Some(position)) = (contig, position) else {
        file.unusable.push((at, Unusable::NoPosition));
        return Ok(());
    };
    let Some(contig) = contig_number(contig) else {
        file.unusable.push((at, Unusable::OtherContig));
        return Ok(());
    };
    // A spreadsheet writes 17080378.0.
    let digits = position.strip_suffix(".0").unwrap_or(position);
    let position = match digits.parse::<u32>() {
        Ok(position) if position > 0 => position,
        _ => return Err(Fault::input(format!("the position {position:?} is not a position"))),
    };
    let stated = columns.other.and_then(|p| cell(cells, p));
    // A list of candidates (`A/G`) names no other allele.
    let inferred = columns
        .inferred
        .and_then(|p| cell(cells, p))
        .filter(|t| !t.contains('/'));
    let named = stated.or(inferred);
    let other = named.and_then(bases);
    if named.is_some() && other.is_none() {
        file.unusable.push((at, Unusable::NoBases));
        return Ok(());
    }
    file.simple.push(Row {
        number: at,
        contig,
        position,
        effect,
        other,
        model,
    });
    Ok(())
}

/// Columns that a file may have.
const MOST: usize = 64;

fn split<'b, 'a>(line: &'a str, buffer: &'b mut [&'a str; MOST]) -> &'b [&'a str] {
    let mut count = 0;
    for (slot, text) in buffer.iter_mut().zip(line.split('\t')) {
        *slot = text;
        count += 1;
    }
    &buffer[..count]
}

/// The weights of the row; `None` where none is stated.
fn model(columns: &Columns, cells: &[&str]) -> Result<Option<Model>> {
    if let Some(copies) = columns.copies {
        let weights = copies.map(|place| cell(cells, place));
        if let [Some(zero), Some(one), Some(two)] = weights {
            return Ok(Some(Model::ByCopies([
                number(zero, "dosage_0_weight")?,
                number(one, "dosage_1_weight")?,
                number(two, "dosage_2_weight")?,
            ])));
        }
    }
    let Some(weight) = columns.weight.and_then(|p| cell(cells, p)) else {
        return Ok(None);
    };
    let weight = number(weight, "effect_weight")?;
    let stated = columns.effect_type.and_then(|p| cell(cells, p));
    let dominant = flag(cells, columns.dominant, "is_dominant")? || stated == Some("dominant");
    let recessive = flag(cells, columns.recessive, "is_recessive")? || stated == Some("recessive");
    match (dominant, recessive) {
        (true, true) => Err(Fault::input("the row is both dominant and recessive")),
        (true, false) => Ok(Some(Model::Dominant(weight))),
        (false, true) => Ok(Some(Model::Recessive(weight))),
        (false, false) => Ok(Some(Model::Additive(weight))),
    }
}
