//! ACMG/AMP criteria of one variant in one gene: evaluated, explained, classified.

mod bp7;
pub mod cases;
mod classify;
pub mod codes;
mod combining;
mod frequency;
mod healthy;
mod interactions;
mod length;
mod mitochondrial;
pub mod overrides;
mod prediction;
mod pvs1;
mod region;
mod residue;
mod row;
pub mod table;

use clinotype_case::{
    criterion::{Code, Criterion},
    evidence::{AnnotatedVariant, TranscriptConsequence},
    finding::GeneFacts,
};
use clinotype_genome::{Build, DataRelease};

pub use classify::{Tier, class_of_points, classify, classify_codes, posterior, tier};
pub use combining::class as class_2015;
pub(crate) use interactions::flags as interaction_flags;
pub use interactions::settle;
pub(crate) use row::share;

use crate::{
    Comparators, Settings,
    comparators::{Kind, Record, Site, site_of},
    rules::{Pvs1Gene, RULES, Specification},
};
use row::Row;

/// What [`evaluate`] is asked: one variant, on the transcript that the report shows for one gene.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The evidence.
    pub variant: &'a AnnotatedVariant,
    /// The transcript that the report shows.
    pub shown: &'a TranscriptConsequence,
    /// The gene's facts, where the table has them.
    pub gene: Option<&'a GeneFacts>,
    /// Build of the variant's coordinates.
    pub build: Build,
    /// Data releases in use; they name the source of each criterion.
    pub data: &'a [DataRelease],
    /// The laboratory's settings.
    pub settings: &'a Settings,
    /// What ClinVar says of other variants of the gene.
    pub comparators: Option<&'a Comparators>,
    /// The suspected diseases by id, as the order names them; they choose among the specifications of a gene.
    pub diseases: &'a [String],
}

/// Every criterion of [`Code::ALL`] in that order, interactions settled (section 10 of the rules).
pub fn evaluate(question: &Question<'_>) -> Vec<Criterion> {
    let [ba1, bs1, pm2] = frequency::evaluate(question);
    let [pp3, bp4] = prediction::evaluate(question);
    let [pm4, bp3] = length::evaluate(question);
    let pvs1 = pvs1::evaluate(question);
    let ps1 = residue::ps1(question, &pvs1);
    let pm1 = region::pm1(question);
    let pp2 = region::pp2(question, &pm2, &pp3);
    let bp1 = region::bp1(question);
    let mut criteria: Vec<Criterion> = Code::ALL
        .iter()
        .map(|&code| match code {
            Code::PVS1 => pvs1.clone(),
            Code::PS1 => ps1.clone(),
            Code::PM1 => pm1.clone(),
            Code::PM4 => pm4.clone(),
            Code::PM5 => residue::pm5(question, &pp3),
            Code::PP2 => pp2.clone(),
            Code::PP3 => pp3.clone(),
            Code::BA1 => ba1.clone(),
            Code::BS1 => bs1.clone(),
            Code::BS2 => healthy::bs2(question),
            Code::PM2 => pm2.clone(),
            Code::BP1 => bp1.clone(),
            Code::BP3 => bp3.clone(),
            Code::BP4 => bp4.clone(),
            Code::BP7 => bp7::evaluate(question),
            _ => not_automated(code),
        })
        .collect();
    if mitochondrial::is(question) {
        mitochondrial::apply(question, &mut criteria);
    }
    let one_of = overrides::one_of_region_and_residue(question.shown.symbol.as_deref());
    interactions::settle_with(&mut criteria, one_of);
    criteria
}

fn not_automated(code: Code) -> Criterion {
    let reason = RULES
        .not_automated
        .get(&code)
        .expect("the table holds every criterion that is not evaluated, a test reads it");
    let id = format!("clinotype.{}", code.as_str().to_ascii_lowercase());
    Row::new(code, &id, &RULES.version("criteria that need"), "no data source")
        .not_evaluated(format!("{code} was not evaluated: {reason}."))
}

impl Question<'_> {
    /// The release behind a source, as a report prints it: `frequencies, release 4.1 (file.vcf.gz; synthetic)`.
    fn source(&self, name: &str) -> String {
        describe(self.data, name)
    }
    /// The gene's symbol, for sentences.
    fn symbol(&self) -> &str {
        self.shown.symbol.as_deref().unwrap_or("the gene")
    }
    /// What an expert panel lays down for the gene and the suspected diseases.
    fn specification(&self) -> Option<&'static Specification> {
        let symbol = self.shown.symbol.as_deref()?;
        if self.diseases.is_empty() {
            // The usual case, asked for many times.
            return RULES.specifications.get(symbol);
        }
        RULES.choose(symbol, self.diseases)?.specification
    }
    /// The gene's rows of PVS1, those of the specification that applies.
    fn pvs1_rules(&self) -> Option<&'static Pvs1Gene> {
        RULES.pvs1.get(&self.specification()?.key)
    }
    /// What a reader must know of the specification that was chosen, or not.
    pub fn choice_note(&self) -> Option<String> {
        RULES.choose(self.shown.symbol.as_deref()?, self.diseases)?.note
    }
    /// What the change does to the shown transcript; `Other` where that is no coding one.
    fn kind(&self) -> Kind {
        let coding = self
            .shown
            .biotype
            .as_deref()
            .is_none_or(|b| b.contains("protein_coding") || b == "mRNA");
        // Beside the gene is not in it, whatever another term says (auto-acmg #235).
        let outside = self.has_term(&["upstream_gene_variant", "downstream_gene_variant", "intergenic_variant"]);
        if coding && !outside {
            Kind::of(&self.shown.terms)
        } else {
            Kind::Other
        }
    }
    /// First residue that the change touches, 1-based.
    fn residue(&self) -> Option<u32> {
        let text = self.shown.protein_position.as_deref()?;
        text.split(['-', '/']).next()?.parse().ok()
    }
    /// The residue in the numbers of the gene's panel; `None` where the panel counts on another transcript.
    fn panel_residue(&self, panel: &Specification) -> Option<u32> {
        let residue = self.residue()?;
        let Some(theirs) = panel.text("residues_on") else {
            return Some(residue);
        };
        let shown = self.shown.transcript.split('.').next()?;
        if shown == theirs {
            return Some(residue);
        }
        let (other, shift) = panel.text("residues_shift")?.split_once(':')?;
        (shown == other)
            .then(|| residue.checked_sub(shift.parse().ok()?))
            .flatten()
    }
    /// One residue for another, in one-letter codes.
    fn substitution(&self) -> Option<(char, char)> {
        substitution(self.shown.amino_acids.as_deref()?)
    }
    /// Where the variant lies to the splice sites.
    fn site(&self) -> Option<Site> {
        let splice = self.shown.splice.as_ref()?;
        site_of(
            self.shown.exon.as_deref(),
            self.shown.intron.as_deref(),
            splice.intron_offset,
            splice.from_exon_start,
            splice.from_exon_end,
        )
    }
    /// ClinVar's records of other variants of the gene, or why there are none to look at.
    fn others(&self) -> Result<impl Iterator<Item = &Record> + Clone, String> {
        let table = self.comparators.ok_or("no table of ClinVar by residue was given")?;
        let gene = self
            .shown
            .symbol
            .as_deref()
            .and_then(|symbol| table.genes.get(symbol))
            .filter(|gene| !gene.records.is_empty())
            .ok_or_else(|| format!("the table of ClinVar by residue holds no record of {}", self.symbol()))?;
        if gene.transcript != self.shown.transcript {
            return Err(format!(
                "the table of ClinVar by residue is on transcript {}, this variant is shown on {}",
                gene.transcript, self.shown.transcript
            ));
        }
        let own = self.variant.clinvar.found().and_then(|r| r.variation_id.parse().ok());
        Ok(gene.others(&self.variant.key, own))
    }
    /// The source of [`Question::others`].
    fn comparator_source(&self) -> String {
        self.comparators
            .map_or_else(|| "ClinVar by residue: not given".to_owned(), Comparators::source)
    }
    /// A row that rests on the table of ClinVar by residue.
    fn comparator_row(&self, code: Code, rule: &str) -> Row {
        Row::new(
            code,
            rule,
            &RULES.version("Limits of the criteria"),
            &self.comparator_source(),
        )
    }
    fn has_term(&self, terms: &[&str]) -> bool {
        self.shown.terms.iter().any(|term| terms.contains(&term.as_str()))
    }
}

/// `E/K` as two letters.
pub fn substitution(amino_acids: &str) -> Option<(char, char)> {
    let mut letters = amino_acids.chars();
    match (letters.next(), letters.next(), letters.next(), letters.next()) {
        (Some(from), Some('/'), Some(to), None) if from.is_ascii_uppercase() && to.is_ascii_uppercase() => {
            Some((from, to))
        }
        _ => None,
    }
}

/// The records that a criterion cites, at most this many and the rest counted.
fn cite<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    const CITED: usize = 6;
    let all: Vec<String> = records.into_iter().map(Record::cited).collect();
    match all.len().saturating_sub(CITED) {
        0 => all.join("; "),
        more => format!("{}; and {more} more", all[..CITED].join("; ")),
    }
}

/// `not applicable` where the gene's expert panel declines the criterion.
fn declined(question: &Question<'_>, rule: &str, row: &Row, code: Code) -> Option<Criterion> {
    let panel = question.specification()?;
    (panel.says(rule) == Some(false)).then(|| {
        row.clone()
            .rule(&format!("clinotype.{rule}.panel"))
            .compared("specification", panel.cited())
            .not_applicable(format!(
                "{code} is not applied to {}: {}.",
                question.symbol(),
                panel.cited()
            ))
    })
}

/// `NAME, release R (file; note)`, or that no such data was given.
pub(crate) fn describe(data: &[DataRelease], name: &str) -> String {
    let Some(release) = data.iter().find(|d| d.name.eq_ignore_ascii_case(name)) else {
        return format!("{name}: not given");
    };
    let number = release
        .release
        .as_deref()
        .map_or("release not stated".to_owned(), |r| format!("release {r}"));
    let note = release.note.as_deref().map_or(String::new(), |n| format!("; {n}"));
    format!("{}, {number} ({}{note})", release.name, release.file)
}
