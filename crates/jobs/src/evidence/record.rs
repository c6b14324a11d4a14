//! One record of an annotated VCF: an allele in outline, and whole where it is asked for.

use std::{borrow::Cow, sync::LazyLock};

use clinotype_case::evidence::{AnnotatedVariant, ClinvarRecord, Frequency, Genotype, Lookup, TranscriptConsequence};
use clinotype_genome::{DataRelease, Pos, VariantKey};
use clinotype_interpret::{Outline, Touched};

use super::{
    Header,
    csq::{self, CsqRow, consequence},
    gains,
};

/// INFO keys that carry scores which interpretation reads.
static SCORE_KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let rules = &clinotype_interpret::rules::RULES;
    let tools = rules.predictors.values().map(|tool| &tool.keys);
    tools
        .chain(rules.mitochondrial.tools.iter().map(|tool| &tool.keys))
        .flat_map(|keys| keys.iter().cloned())
        .chain(["REPEAT".to_owned()])
        .collect()
});

/// One annotated alternate allele of a record.
#[derive(Debug)]
pub(crate) struct Allele<'r> {
    record: &'r Record<'r>,
    header: &'r Header,
    /// Number of the ALT, from 1.
    number: usize,
    /// The normalised allele: its position, and `position-ref-alt` as it is written.
    normalised: (Pos, Cow<'r, str>),
}

/// What `make` gives for each annotated allele of one record, and the number of its alleles without annotation.
pub(super) fn each<T>(
    row: &str,
    header: &Header,
    mut make: impl FnMut(&Allele<'_>) -> Parse<T>,
) -> Parse<(Vec<T>, u64)> {
    let record = Record::parse(row)?;
    let (mut found, mut without) = (Vec::with_capacity(1), 0);
    for number in 1..=record.alternates.len() {
        match Allele::of(&record, header, number)? {
            Some(allele) => found.push(make(&allele)?),
            None => without += 1,
        }
    }
    Ok((found, without))
}

impl<'r> Allele<'r> {
    /// `None` for an allele that no annotation can be of: `*`, symbolic, missing.
    fn of(record: &'r Record<'r>, header: &'r Header, number: usize) -> Parse<Option<Self>> {
        if !record.alternates[number - 1].bytes().all(|b| b.is_ascii_alphabetic()) {
            return Ok(None);
        }
        let written = record
            .raw("NORMALISED", number)
            .map(decoded)
            .ok_or("the field NORMALISED is missing: was this annotated by clinotype?")?;
        let Some((position, _)) = written
            .split_once('-')
            .filter(|(_, bases)| bases.bytes().filter(|b| *b == b'-').count() == 1)
        else {
            return Err(format!("NORMALISED {written:?} is not position-ref-alt"));
        };
        let position = position
            .parse()
            .ok()
            .and_then(Pos::new)
            .ok_or_else(|| format!("NORMALISED {written:?} has no position"))?;
        Ok(Some(Self {
            record,
            header,
            number,
            normalised: (position, written),
        }))
    }

    /// The normalised allele.
    pub(crate) fn key(&self) -> VariantKey {
        let (position, written) = &self.normalised;
        let mut bases = written.split('-').skip(1);
        let mut next = || bases.next().unwrap_or_default();
        let (reference, alternate) = (next(), next());
        VariantKey::new(self.record.contig, *position, reference, alternate)
    }

    /// Its normalised position.
    pub(crate) fn position(&self) -> Pos {
        self.normalised.0
    }

    /// CSQ entries of the record.
    fn entries(&self) -> impl Iterator<Item = &'r str> {
        let all = self.record.info.get("CSQ").unwrap_or("");
        all.split(',').filter(|entry| !entry.is_empty())
    }

    /// Those of this allele.
    fn rows(&self) -> impl Iterator<Item = CsqRow<'r, 'r>> {
        let number = self.number;
        self.entries()
            .map(|entry| CsqRow::of(entry, &self.header.csq_at))
            .filter(move |row| row.get(csq::ALLELE_NUM).and_then(|n| n.parse().ok()).unwrap_or(1) == number)
    }

    /// What the filters ask.
    pub(crate) fn outline(&self) -> Outline<'r> {
        let record = self.record;
        let value = |name: &str| record.sample.get(name).filter(|v| *v != ".");
        let (copies, ploidy) = record.copies(self.number);
        let genotype = Genotype {
            copies,
            ploidy,
            ..Genotype::default()
        };
        let mut consequences: Vec<Touched<'r>> = Vec::new();
        let mut last = None;
        for entry in self.entries() {
            let Some(seen) = self.header.csq_at.glance(entry, self.number) else {
                continue;
            };
            // Most transcripts of a gene say the same, and the filters ask only whether any of them says it.
            if last.replace(seen) == Some(seen) {
                continue;
            }
            let symbol = seen.symbol.map(decoded);
            let terms = seen.terms.split('&');
            consequences.push(Touched::new(symbol, seen.has_gene, csq::impact(seen.impact), terms));
        }
        Outline {
            zygosity: genotype.zygosity(),
            is_filtered: record.filters().is_some_and(|mut filters| filters.next().is_some()),
            quality: record.quality,
            genotype_quality: value("GQ").and_then(genotype_quality),
            depth: value("DP").and_then(|v| v.parse().ok()),
            is_listed_pathogenic: record.raw("CLINVAR_STATE", self.number) == Some("found")
                && self.clinvar().found().is_some_and(ClinvarRecord::is_pathogenic),
            splice_delta: record.splice_delta(record.alternates[self.number - 1]).found().copied(),
            consequences,
        }
    }

    /// All that the record says of the allele.
    pub(crate) fn whole(&self) -> AnnotatedVariant {
        let mut consequences: Vec<TranscriptConsequence> = self.rows().filter_map(|row| consequence(&row)).collect();
        if self.record.genotype_is_half_missing() {
            for consequence in &mut consequences {
                consequence.warnings.push(
                    "the genotype is partly missing: the other allele was not called, so zygosity is not certain"
                        .to_owned(),
                );
            }
        }
        AnnotatedVariant {
            consequences,
            ..self.without_consequences()
        }
    }

    /// The same without its consequences, for who only counts.
    pub(crate) fn without_consequences(&self) -> AnnotatedVariant {
        let (record, number) = (self.record, self.number);
        AnnotatedVariant {
            key: self.key(),
            filters: record.filters().map(|filters| filters.map(str::to_owned).collect()),
            quality: record.quality,
            genotype: record.genotype(number),
            hgvs_g: record.of("HGVSG", number),
            consequences: Vec::new(),
            clinvar: self.clinvar(),
            frequency: record.frequency(number),
            splice_delta: record.splice_delta(record.alternates[number - 1]),
            splice_gains: gains::of(
                record.info.get("SpliceAI"),
                record.alternates[number - 1],
                record.position,
            ),
            phylop: record.number_of("phyloP100way", number),
            scores: record.scores(number),
        }
    }

    fn clinvar(&self) -> Lookup<ClinvarRecord> {
        let release = self.header.data.iter().find(|d| d.name == "ClinVar");
        self.record.clinvar(self.number, release)
    }
}

#[derive(Debug)]
pub(super) struct Record<'a> {
    contig: &'a str,
    position: &'a str,
    alternates: Vec<&'a str>,
    quality: Option<f64>,
    filter: &'a str,
    info: Fields<'a>,
    sample: Fields<'a>,
}

/// Names with values, a few of them: looking through costs less than a table of hashes for each record.
#[derive(Debug)]
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    /// The value of a name, the last where a name stands twice.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }
}

/// The state, reason and value of one look-up, from its Number=A fields.
pub(super) type Parse<T> = std::result::Result<T, String>;

impl<'a> Record<'a> {
    pub(super) fn parse(row: &'a str) -> Parse<Self> {
        let mut columns = [""; 10];
        let mut count = 0;
        for column in row.split('\t') {
            if let Some(place) = columns.get_mut(count) {
                *place = column;
            }
            count += 1;
        }
        if count != columns.len() {
            return Err(format!("a record of one sample has 10 columns; this one has {count}"));
        }
        let [
            contig,
            position,
            _,
            _,
            alternates,
            quality,
            filter,
            info,
            format,
            sample,
        ] = columns;
        let quality = match quality {
            "." => None,
            text => Some(text.parse().map_err(|_| format!("QUAL {text:?} is not a number"))?),
        };
        Ok(Self {
            contig,
            position,
            alternates: alternates.split(',').collect(),
            quality,
            filter,
            info: Fields(
                info.split(';')
                    .map(|field| field.split_once('=').unwrap_or((field, "")))
                    .collect(),
            ),
            sample: Fields(format.split(':').zip(sample.split(':')).collect()),
        })
    }

    /// FILTER entries other than PASS; `None` where no filter was applied.
    fn filters(&self) -> Option<impl Iterator<Item = &'a str>> {
        (self.filter != ".").then(|| self.filter.split(';').filter(|_| self.filter != "PASS"))
    }

    /// The value of a Number=A INFO field for ALT `number` (1-based), as it stands.
    fn raw(&self, field: &str, number: usize) -> Option<&'a str> {
        let value = self.info.get(field)?.split(',').nth(number - 1)?;
        (value != "." && !value.is_empty()).then_some(value)
    }

    /// The value of a Number=A INFO field for ALT `number` (1-based).
    fn of(&self, field: &str, number: usize) -> Option<String> {
        self.raw(field, number).map(|value| decoded(value).into_owned())
    }

    /// Whether GT calls some alleles and leaves others open, as `./1` does.
    pub(super) fn genotype_is_half_missing(&self) -> bool {
        let alleles: Vec<&str> = self
            .sample
            .get("GT")
            .map_or_else(Vec::new, |gt| gt.split(['/', '|']).collect());
        alleles.contains(&".") && alleles.iter().any(|a| *a != ".")
    }

    /// Copies of the allele, `None` where they are not called, and the number of alleles in GT, 0 where it is missing.
    fn copies(&self, number: usize) -> (Option<u8>, u8) {
        let (mut all, mut called, mut carried) = (0_u8, 0_u8, 0_u8);
        for allele in self.sample.get("GT").unwrap_or(".").split(['/', '|']) {
            all = all.saturating_add(1);
            called = called.saturating_add(u8::from(allele != "."));
            carried = carried.saturating_add(u8::from(allele.parse() == Ok(number)));
        }
        // A half-missing GT still proves the copies that it shows, but not that the other allele is reference.
        let copies = (called == all || carried > 0).then_some(carried);
        (copies, if called == 0 { 0 } else { all })
    }

    pub(super) fn genotype(&self, number: usize) -> Genotype {
        let value = |name: &str| self.sample.get(name).filter(|v| *v != ".");
        let text = self.sample.get("GT").unwrap_or(".");
        let (copies, ploidy) = self.copies(number);
        let depths: Vec<Option<u32>> =
            value("AD").map_or_else(Vec::new, |ad| ad.split(',').map(|d| d.parse().ok()).collect());
        Genotype {
            text: text.to_owned(),
            copies,
            ploidy,
            phased: text.contains('|'),
            phase_set: value("PS").and_then(|v| v.parse().ok()),
            depth: value("DP").and_then(|v| v.parse().ok()),
            reference_depth: depths.first().copied().flatten(),
            alternate_depth: depths.get(number).copied().flatten(),
            quality: value("GQ").and_then(genotype_quality),
        }
    }

    fn clinvar(&self, number: usize, release: Option<&DataRelease>) -> Lookup<ClinvarRecord> {
        match self.of("CLINVAR_STATE", number).as_deref() {
            Some("absent") => Lookup::Absent,
            Some("found") => {
                let words = |field: &str| self.of(field, number).map(|v| v.replace('_', " "));
                let review_status = words("CLINVAR_REVSTAT").unwrap_or_else(|| "not stated".to_owned());
                Lookup::Found(ClinvarRecord {
                    variation_id: self.of("CLINVAR_ID", number).unwrap_or_default(),
                    significance: words("CLINVAR_SIG").unwrap_or_else(|| "not stated".to_owned()),
                    stars: stars(&review_status),
                    review_status,
                    conflicts: words("CLINVAR_CONFLICTS"),
                    conditions: words("CLINVAR_CONDITIONS")
                        .map_or_else(Vec::new, |c| c.split('|').map(str::to_owned).collect()),
                })
            }
            _ => Lookup::NotEvaluated(match release {
                Some(release) => format!("{} holds no record on {}", release.file, self.contig),
                None => "no ClinVar release was given".to_owned(),
            }),
        }
    }

    fn frequency(&self, number: usize) -> Lookup<Frequency> {
        let float = |field: &str| {
            self.of(field, number)
                .and_then(|v| v.parse::<f64>().ok())
                .filter(|v| v.is_finite())
        };
        let count = |field: &str| self.of(field, number).and_then(|v| v.parse::<u64>().ok());
        match self.of("FREQ_STATE", number).as_deref() {
            Some("absent") => Lookup::Absent,
            Some("found") => Lookup::Found(Frequency {
                allele_count: count("FREQ_AC"),
                allele_number: count("FREQ_AN"),
                frequency: float("FREQ_AF"),
                homozygotes: count("FREQ_HOM"),
                filtering_frequency: float("FREQ_FAF95"),
                group: self.of("FREQ_GROUP", number),
                group_allele_number: count("FREQ_GROUP_AN"),
                filters: self
                    .of("FREQ_FILTER", number)
                    .filter(|f| f != "PASS")
                    .map_or_else(Vec::new, |f| f.split(['&', ';', '|']).map(str::to_owned).collect()),
            }),
            _ => Lookup::NotEvaluated(
                self.of("FREQ_REASON", number)
                    .unwrap_or_else(|| "no population frequencies were given".to_owned()),
            ),
        }
    }

    /// A number that the input VCF carried for the allele, such as a conservation score.
    fn number_of(&self, field: &str, number: usize) -> Lookup<f64> {
        match self
            .of(field, number)
            .and_then(|v| v.parse::<f64>().ok())
            .filter(|v| v.is_finite())
        {
            Some(value) => Lookup::Found(value),
            None => Lookup::NotEvaluated(format!("the input carries no {field}")),
        }
    }

    /// Scores of the predictors that have calibrated bands, and marks of repeats, sorted by INFO key.
    fn scores(&self, number: usize) -> Vec<(String, f64)> {
        let mut scores: Vec<(String, f64)> = SCORE_KEYS
            .iter()
            .filter(|key| self.info.get(key).is_some())
            .filter_map(|key| Some((key.clone(), *self.number_of(key, number).found()?)))
            .collect();
        scores.sort_by(|a, b| a.0.cmp(&b.0));
        scores
    }

    /// SpliceAI's INFO field as its authors document it: `ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|...`; the highest delta.
    fn splice_delta(&self, alternate: &str) -> Lookup<f64> {
        let highest = self
            .info
            .get("SpliceAI")
            .into_iter()
            .flat_map(|v| v.split(','))
            // A store carries the whole list of an allele as one value, its commas encoded.
            .map(decoded)
            .flat_map(|v| v.split(',').map(str::to_owned).collect::<Vec<_>>())
            .filter_map(|entry| {
                let fields: Vec<&str> = entry.split('|').collect();
                let deltas: Vec<f64> = fields.get(2..6)?.iter().filter_map(|d| d.parse().ok()).collect();
                (fields[0] == alternate && deltas.len() == 4).then(|| deltas.into_iter().fold(0.0, f64::max))
            });
        match highest.fold(None, |best: Option<f64>, d| Some(best.map_or(d, |b| b.max(d)))) {
            Some(delta) => Lookup::Found(delta),
            None => Lookup::NotEvaluated("the input carries no splice prediction (INFO/SpliceAI)".to_owned()),
        }
    }
}

/// Stars of ClinVar's review status (ClinVar documentation, "Review status"); `None` for words unknown to us, so that
/// a renamed status is seen and not read as zero stars.
pub(crate) fn stars(review_status: &str) -> Option<u8> {
    match review_status {
        "practice guideline" => Some(4),
        "reviewed by expert panel" => Some(3),
        "criteria provided, multiple submitters, no conflicts" => Some(2),
        "criteria provided, conflicting classifications"
        | "criteria provided, conflicting interpretations"
        | "criteria provided, single submitter" => Some(1),
        "no assertion criteria provided"
        | "no assertion provided"
        | "no classification provided"
        | "no classification for the single variant"
        | "no classifications from unflagged records"
        | "no interpretation for the single variant" => Some(0),
        _ => None,
    }
}

/// GQ, which some callers write with decimals.
fn genotype_quality(text: &str) -> Option<u32> {
    text.parse::<f64>().ok().map(|q| q as u32)
}

/// Percent-decoding of VCF 4.3, section 1.2.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let value = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}
