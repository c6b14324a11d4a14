//! The ontology's annotations: `phenotype.hpoa` (diseases, their features with frequencies, modes of inheritance) and
//! `genes_to_phenotype.txt` (which gene is linked with which disease). Columns by hpo.jax.org, "Annotations".

use std::collections::{BTreeMap, HashMap};

use clinotype_genome::{Fault, Result};

use super::ontology::{Ontology, TermNumber};

/// Frequency of a feature where the annotation states none: most annotations without one name features that are typical.
const UNSTATED: f64 = 0.5;

/// A disease.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiseaseTerms {
    /// Name.
    pub name: Option<String>,
    /// Features, each once, with their frequency, 0 to 1.
    pub(crate) features: Vec<(TermNumber, f64)>,
    /// Features that the disease is stated not to have.
    pub(crate) absent: Vec<TermNumber>,
    /// Modes of inheritance by HPO id.
    pub inheritance: Vec<String>,
}

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) rows: u64,
    /// Rows of a term that the ontology does not know.
    pub(crate) unknown: u64,
}

/// Diseases and genes.
#[derive(Debug, Default)]
pub struct Annotations {
    /// As the file states it.
    pub release: Option<String>,
    pub(crate) diseases: BTreeMap<String, DiseaseTerms>,
    /// Diseases of a gene, by symbol.
    pub(crate) genes: BTreeMap<String, Vec<String>>,
    pub(crate) counts: Counts,
}

/// A frequency: `3/7`, `45%`, or one of HPO's terms for it (the middle of the band that its definition states).
fn frequency(text: &str) -> Option<f64> {
    if let Some((seen, of)) = text.split_once('/') {
        let (seen, of): (f64, f64) = (seen.trim().parse().ok()?, of.trim().parse().ok()?);
        return (of > 0.0 && seen <= of).then(|| seen / of);
    }
    if let Some(share) = text.strip_suffix('%') {
        return share.trim().parse::<f64>().ok().map(|s| (s / 100.0).clamp(0.0, 1.0));
    }
    match text {
        "HP:0040280" => Some(1.0),
        "HP:0040281" => Some(0.9),
        "HP:0040282" => Some(0.545),
        "HP:0040283" => Some(0.17),
        "HP:0040284" => Some(0.025),
        "HP:0040285" => Some(0.0),
        _ => None,
    }
}

/// Places of the columns by name; a file without a line of names has the places of its documented format.
fn columns<'a, const N: usize>(line: &str, names: [&'a [&'a str]; N]) -> Option<[usize; N]> {
    let cells: Vec<&str> = line.trim_start_matches('#').split('\t').map(str::trim).collect();
    let mut places = [0; N];
    for (place, names) in places.iter_mut().zip(names) {
        *place = cells
            .iter()
            .position(|c| names.iter().any(|n| c.eq_ignore_ascii_case(n)))?;
    }
    Some(places)
}

impl Annotations {
    /// Reads both texts. Terms that the ontology does not know are counted and left out.
    pub fn parse(ontology: &Ontology, diseases: &str, genes: &str) -> Result<Self> {
        let mut found = Self::default();
        found.read_diseases(ontology, diseases)?;
        found.read_genes(ontology, genes)?;
        Ok(found)
    }

    fn read_diseases(&mut self, ontology: &Ontology, text: &str) -> Result<()> {
        let mut places = None;
        // Features by disease, with the greatest frequency of a term stated more than once.
        let mut features: HashMap<String, BTreeMap<TermNumber, f64>> = HashMap::new();
        for (number, line) in text.lines().enumerate() {
            let number = number as u64 + 1;
            let Some(at) = places else {
                for release in ["#date:", "#version:"] {
                    if let Some(value) = line.strip_prefix(release) {
                        self.release = Some(value.trim().to_owned());
                    }
                }
                places = columns(
                    line,
                    [
                        &["database_id", "DatabaseID"],
                        &["disease_name", "DiseaseName"],
                        &["qualifier"],
                        &["hpo_id"],
                        &["frequency"],
                        &["aspect"],
                    ],
                );
                if places.is_none() && !line.starts_with('#') {
                    return Err(
                        Fault::input("the line of columns is missing or not that of phenotype.hpoa")
                            .line(number)
                            .hint("give phenotype.hpoa as the HPO publishes it"),
                    );
                }
                continue;
            };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let cells: Vec<&str> = line.split('\t').collect();
            let [
                Some(id),
                Some(name),
                Some(qualifier),
                Some(term),
                Some(stated),
                Some(aspect),
            ] = at.map(|place| cells.get(place).map(|c| c.trim()))
            else {
                return Err(Fault::input(format!("the row has {} columns", cells.len())).line(number));
            };
            self.counts.rows += 1;
            let disease = self.diseases.entry(id.to_owned()).or_default();
            if disease.name.is_none() && !name.is_empty() {
                disease.name = Some(name.to_owned());
            }
            match aspect {
                "I" if !disease.inheritance.iter().any(|i| i == term) => disease.inheritance.push(term.to_owned()),
                "P" => match ontology.number(term) {
                    None => self.counts.unknown += 1,
                    Some(term) if qualifier == "NOT" => disease.absent.push(term),
                    Some(term) => {
                        let share = frequency(stated).unwrap_or(UNSTATED);
                        // Excluded in every case that was looked at.
                        if share == 0.0 {
                            disease.absent.push(term);
                            continue;
                        }
                        let kept = features.entry(id.to_owned()).or_default().entry(term).or_insert(0.0);
                        *kept = kept.max(share);
                    }
                },
                _ => {}
            }
        }
        for (id, terms) in features {
            if let Some(disease) = self.diseases.get_mut(&id) {
                disease.features = terms.into_iter().collect();
            }
        }
        if self.diseases.is_empty() {
            return Err(Fault::input("holds no annotated disease").hint("give phenotype.hpoa as the HPO publishes it"));
        }
        Ok(())
    }

    fn read_genes(&mut self, ontology: &Ontology, text: &str) -> Result<()> {
        const SHAPE: &str = "give genes_to_phenotype.txt as the HPO publishes it";
        let mut places: Option<[usize; 3]> = None;
        let mut links: BTreeMap<String, BTreeMap<String, Vec<TermNumber>>> = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let number = number as u64 + 1;
            if line.is_empty() {
                continue;
            }
            let Some(at) = places else {
                // Until 2023: `#Format: entrez-gene-id<tab>entrez-gene-symbol<tab>...`, nine columns, the disease last.
                places = if line.starts_with("#Format:") {
                    Some([1, 2, 8])
                } else {
                    columns(line, [&["gene_symbol"], &["hpo_id"], &["disease_id"]])
                };
                if places.is_none() && !line.starts_with('#') {
                    return Err(
                        Fault::input("the line of columns is missing or not that of genes_to_phenotype.txt")
                            .line(number)
                            .hint(SHAPE),
                    );
                }
                continue;
            };
            if line.starts_with('#') {
                continue;
            }
            let cells: Vec<&str> = line.split('\t').collect();
            let [Some(gene), Some(term), Some(disease)] = at.map(|place| cells.get(place).map(|c| c.trim())) else {
                return Err(Fault::input(format!("the row has {} columns", cells.len()))
                    .line(number)
                    .hint(SHAPE));
            };
            let terms = links
                .entry(gene.to_owned())
                .or_default()
                .entry(disease.to_owned())
                .or_default();
            match ontology.number(term) {
                Some(term) if ontology.is_phenotypic(term) => terms.push(term),
                Some(_) => {}
                None => self.counts.unknown += 1,
            }
        }
        for (gene, diseases) in links {
            for (id, mut terms) in diseases {
                // A disease that phenotype.hpoa does not know has the features of this file.
                let disease = self.diseases.entry(id.clone()).or_default();
                if disease.features.is_empty() {
                    terms.sort_unstable();
                    terms.dedup();
                    disease.features = terms.into_iter().map(|t| (t, UNSTATED)).collect();
                }
                self.genes.entry(gene.clone()).or_default().push(id);
            }
        }
        if self.genes.is_empty() {
            return Err(Fault::input("links no gene with a disease").hint(SHAPE));
        }
        Ok(())
    }

    /// Symbols of the genes with a disease.
    pub fn genes(&self) -> impl Iterator<Item = &str> {
        self.genes.keys().map(String::as_str)
    }

    /// Rows of terms that the ontology does not know.
    pub fn unknown_rows(&self) -> u64 {
        self.counts.unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies() {
        for (text, expected) in [
            ("3/4", Some(0.75)),
            ("45%", Some(0.45)),
            ("HP:0040281", Some(0.9)),
            ("0/3", Some(0.0)),
            ("4/3", None),
            ("", None),
        ] {
            assert_eq!(frequency(text), expected, "{text}");
        }
    }
}
