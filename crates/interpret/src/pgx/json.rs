//! Definitions and guidelines that a laboratory brings, in the JSON layout of PharmCAT.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_genome::{ContigKey, Fault, Result};
use serde::Deserialize;

use super::{
    definitions::{Allele, Caller, Definitions, Gene, Lookup, Ploidy, Position},
    guidance::{Advice, Guideline},
    names,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DefinitionFile {
    gene: String,
    chromosome: String,
    genome_build: String,
    #[serde(default)]
    version: Option<String>,
    variants: Vec<Variant>,
    named_alleles: Vec<NamedAllele>,
    #[serde(default)]
    suballeles_map: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variant {
    position: u32,
    #[serde(default)]
    rsid: Option<String>,
    #[serde(default)]
    chromosome_hgvs_name: Option<String>,
    #[serde(rename = "ref")]
    reference: String,
    alts: Vec<String>,
}

#[derive(Deserialize)]
struct NamedAllele {
    name: String,
    alleles: Vec<Option<String>>,
    #[serde(default)]
    reference: bool,
}

/// Reads one definition file and puts it in the place of the gene's own definition; a new gene is called like any
/// other. Gives the gene's symbol and the version that the file states.
///
/// Another build than GRCh38, an allele with more or fewer bases than there are positions, no or several reference
/// alleles, names given twice and bases that are neither REF nor ALT of their position are input faults.
pub fn definition(text: &str, definitions: &mut Definitions) -> Result<(String, Option<String>)> {
    let file: DefinitionFile = serde_json::from_str(text).map_err(|error| {
        Fault::input(format!("is no allele definition: {error}"))
            .hint("give the JSON files of a PharmCAT definition folder (GENE_translation.json)")
    })?;
    if !file.genome_build.starts_with("GRCh38") {
        return Err(Fault::input(format!(
            "{} is defined on {}, not on GRCh38",
            file.gene, file.genome_build
        ))
        .hint("give definitions on GRCh38"));
    }
    if ContigKey::of(&file.chromosome).is_none() {
        return Err(Fault::input(format!(
            "{} lies on {:?}, which is no primary chromosome",
            file.gene, file.chromosome
        )));
    }
    let plain = |base: &String| !base.is_empty() && base.bytes().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T'));
    for variant in &file.variants {
        if variant.position == 0 || !plain(&variant.reference) || !variant.alts.iter().all(plain) {
            return Err(Fault::input(format!(
                "{}: position {} needs a coordinate, REF and ALT of the bases A, C, G and T",
                file.gene, variant.position
            )));
        }
    }
    let mut order: Vec<usize> = (0..file.variants.len()).collect();
    order.sort_by_key(|i| file.variants[*i].position);
    let positions: Vec<Position> = order.iter().map(|i| position(&file.variants[*i])).collect();
    if let Some(pair) = positions.windows(2).find(|w| w[0].position == w[1].position) {
        return Err(Fault::input(format!(
            "{}: position {} is given twice",
            file.gene, pair[0].position
        )));
    }
    let mut place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new;
    }
    let reported = file.suballeles_map.unwrap_or_default();
    let mut names = BTreeSet::new();
    let mut alleles = Vec::new();
    for named in &file.named_alleles {
        if !names.insert(named.name.clone()) {
            return Err(Fault::input(format!(
                "{}: allele {} is given twice",
                file.gene, named.name
            )));
        }
        alleles.push(allele(&file.gene, named, &place, &positions, &reported)?);
    }
    match alleles.iter().filter(|a| a.reference).count() {
        1 => alleles.sort_by_key(|a| !a.reference),
        n => {
            return Err(Fault::input(format!(
                "{} has {n} reference alleles, it needs one",
                file.gene
            )));
        }
    }
    let symbol = file.gene.clone();
    let gene = definitions.genes.entry(symbol.clone()).or_insert_with(|| Gene {
        symbol: file.gene,
        contig: file.chromosome.clone(),
        caller: Caller::Standard,
        lookup: Lookup::None,
        undocumented_is_reference: false,
        ploidy: Ploidy::Two,
        heterozygous_label: false,
        required: BTreeSet::new(),
        tier1: BTreeSet::new(),
        positions: Vec::new(),
        extra: Vec::new(),
        alleles: Vec::new(),
        priorities: Vec::new(),
    });
    gene.contig = if file.chromosome.starts_with("chr") {
        file.chromosome
    } else {
        format!("chr{}", file.chromosome)
    };
    gene.positions = positions;
    gene.alleles = alleles;
    gene.required
        .retain(|p| gene.positions.iter().any(|q| q.position == *p));
    gene.tier1.retain(|p| gene.positions.iter().any(|q| q.position == *p));
    Ok((symbol, file.version))
}

fn position(variant: &Variant) -> Position {
    let names = variant.chromosome_hgvs_name.as_deref().unwrap_or_default();
    Position {
        position: variant.position,
        rsid: variant.rsid.clone(),
        reference: variant.reference.clone(),
        alternates: variant.alts.clone(),
        hgvs: names
            .split(';')
            .map(|n| n.trim().to_owned())
            .filter(|n| !n.is_empty())
            .collect(),
    }
}

fn allele(
    gene: &str,
    named: &NamedAllele,
    place: &[usize],
    positions: &[Position],
    reported: &BTreeMap<String, String>,
) -> Result<Allele> {
    if named.alleles.len() != positions.len() {
        return Err(Fault::input(format!(
            "{gene} {}: {} bases for {} positions",
            named.name,
            named.alleles.len(),
            positions.len()
        )));
    }
    let mut bases = Vec::new();
    for (old, base) in named.alleles.iter().enumerate() {
        let Some(base) = base else { continue };
        let index = place[old];
        let site = &positions[index];
        if *base != site.reference && !site.alternates.contains(base) && !super::definitions::is_wobble(base) {
            return Err(Fault::input(format!(
                "{gene} {}: {base} at {} is neither REF nor ALT of the position",
                named.name, site.position
            )));
        }
        // The reference allele has REF where nothing is listed.
        if !(named.reference && *base == site.reference) {
            bases.push((index, base.clone()));
        }
    }
    bases.sort();
    if bases.is_empty() && !named.reference {
        return Err(Fault::input(format!("{gene} {} has no base of its own", named.name)));
    }
    Ok(Allele {
        name: named.name.clone(),
        reference: named.reference,
        reported_as: reported.get(&named.name).cloned(),
        bases,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GuidelineFile {
    guideline: GuidelineHead,
    #[serde(default)]
    recommendations: Vec<GuidelineAdvice>,
    #[serde(default)]
    citations: Vec<Citation>,
    #[serde(default)]
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GuidelineHead {
    id: String,
    name: String,
    source: String,
    #[serde(default)]
    related_chemicals: Vec<Named>,
    #[serde(default)]
    related_genes: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    symbol: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GuidelineAdvice {
    #[serde(default)]
    population: Option<String>,
    #[serde(default)]
    classification: Option<Term>,
    #[serde(default)]
    related_chemicals: Vec<Named>,
    #[serde(default)]
    text: Option<Markup>,
    #[serde(default)]
    implications: Vec<String>,
    #[serde(default)]
    lookup_key: Option<LookupKeys>,
    #[serde(default)]
    dosing_information: bool,
    #[serde(default)]
    alternate_drug_available: bool,
    #[serde(default)]
    other_prescribing_guidance: bool,
}

#[derive(Deserialize)]
struct Term {
    term: String,
}

#[derive(Deserialize)]
struct Markup {
    html: String,
}

#[derive(Deserialize)]
struct Citation {
    #[serde(default)]
    pmid: Option<String>,
}

/// One map, or several of which one must hold.
#[derive(Deserialize)]
#[serde(untagged)]
enum LookupKeys {
    One(BTreeMap<String, LookupValue>),
    Several(Vec<BTreeMap<String, LookupValue>>),
}

/// A phenotype or activity score, or a diplotype as counts of its alleles.
#[derive(Deserialize)]
#[serde(untagged)]
enum LookupValue {
    Words(String),
    Alleles(BTreeMap<String, f64>),
}

impl LookupValue {
    /// In words; a diplotype as it is printed.
    fn words(self) -> String {
        match self {
            Self::Words(words) => words,
            Self::Alleles(counts) => {
                let all = counts
                    .iter()
                    .flat_map(|(name, n)| std::iter::repeat_n(name.as_str(), n.round() as usize));
                match all.collect::<Vec<_>>()[..] {
                    [first, second] => names::pair(first, second),
                    ref other => other.join("/"),
                }
            }
        }
    }
}

/// Reads one guideline file.
pub fn guideline(text: &str) -> Result<Guideline> {
    let file: GuidelineFile = serde_json::from_str(text).map_err(|error| {
        Fault::input(format!("is no guideline: {error}"))
            .hint("give the JSON files of guideline annotations as ClinPGx and PharmCAT write them")
    })?;
    let head = file.guideline;
    let advice = file.recommendations.into_iter().map(|r| {
        let drugs: Vec<String> = r.related_chemicals.iter().map(|c| c.name.to_lowercase()).collect();
        Advice {
            lookups: match r.lookup_key {
                None => Vec::new(),
                Some(LookupKeys::One(map)) => vec![in_words(map)],
                Some(LookupKeys::Several(maps)) => maps.into_iter().map(in_words).collect(),
            },
            drugs: (!drugs.is_empty()).then_some(drugs),
            population: r.population.unwrap_or_else(|| "general".to_owned()),
            strength: r.classification.map_or_else(|| "not stated".to_owned(), |c| c.term),
            text: plain(r.text.as_ref().map_or("", |t| &t.html)),
            implications: r.implications.iter().map(|i| plain(i)).collect(),
            flags: [
                r.dosing_information,
                r.alternate_drug_available,
                r.other_prescribing_guidance,
            ],
        }
    });
    Ok(Guideline {
        id: head.id,
        name: head.name,
        source: head.source,
        genes: head
            .related_genes
            .into_iter()
            .map(|g| g.symbol.unwrap_or(g.name))
            .collect(),
        drugs: head.related_chemicals.iter().map(|c| c.name.to_lowercase()).collect(),
        date: file
            .version
            .map_or_else(|| "not stated".to_owned(), |v| v.chars().take(10).collect()),
        references: file.citations.into_iter().filter_map(|c| c.pmid).collect(),
        advice: advice.collect(),
    })
}

fn in_words(map: BTreeMap<String, LookupValue>) -> BTreeMap<String, String> {
    map.into_iter().map(|(gene, value)| (gene, value.words())).collect()
}

/// Text without HTML tags; a heading ends in a colon, and the common entities are read.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut tag: Option<String> = None;
    for c in html.chars() {
        match (&mut tag, c) {
            (None, '<') => tag = Some(String::new()),
            (None, c) => text.push(c),
            (Some(name), '>') => {
                if name.starts_with("/h") {
                    text.truncate(text.trim_end().len());
                    text.push(':');
                }
                text.push(' ');
                tag = None;
            }
            (Some(name), c) => name.push(c),
        }
    }
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, c);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
