//! Genes ranked by phenotype and variants: `clinotype rank`.

pub(crate) mod scan;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clinotype_case::{
    Sex,
    evidence::Zygosity,
    finding::Dropped,
    phenopacket::Phenopacket,
    phenotype::{GeneRank, SCHEMA, Term, Terms},
};
use clinotype_genome::{Build, Fault, Result, fs};
use clinotype_interpret::phenotype::{
    Annotations, Evidence, Ontology, Query, Ranker, Resolved, Similarity, consequence_weight,
};

use crate::Watch;

/// Reads a Phenopacket, or the proband of a Family.
pub fn phenopacket(path: &Path) -> Result<Phenopacket> {
    clinotype_case::phenopacket::phenopacket(&fs::read_to_string(path)?).map_err(|fault| fault.at(path))
}

/// The HPO's files, as the user supplies them.
#[derive(Debug)]
pub struct Hpo {
    /// The ontology.
    pub ontology: Ontology,
    /// Its annotations.
    pub annotations: Annotations,
}

impl Hpo {
    /// The three files of a folder, each plain or with `.gz`: ontology, diseases, genes.
    ///
    /// # Errors
    /// An input fault where one is missing.
    pub fn files(folder: &Path) -> Result<[PathBuf; 3]> {
        let there = |name: &str| -> Result<PathBuf> {
            let plain = folder.join(name);
            let path = if plain.exists() {
                plain
            } else {
                folder.join(format!("{name}.gz"))
            };
            if !path.exists() {
                return Err(Fault::input(format!("holds no {name}")).at(folder).hint(
                    "put hp.obo, phenotype.hpoa and genes_to_phenotype.txt of one HPO release into one folder \
                     (human-phenotype-ontology.org); they are under the HPO's licence and not part of Clinotype",
                ));
            }
            Ok(path)
        };
        Ok([
            there("hp.obo")?,
            there("phenotype.hpoa")?,
            there("genes_to_phenotype.txt")?,
        ])
    }

    /// Reads the files of [`Hpo::files`].
    pub fn open(folder: &Path) -> Result<Self> {
        let [ontology, diseases, genes] = Self::files(folder)?;
        let read = |path: PathBuf| -> Result<(PathBuf, String)> {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut fs::open_text(&path)?, &mut text)
                .map_err(|e| Fault::io("read", &path, e))?;
            Ok((path, text))
        };
        let (path, obo) = read(ontology)?;
        let ontology = Ontology::parse(&obo).map_err(|fault| fault.at(&path))?;
        let (diseases_path, diseases) = read(diseases)?;
        let (genes_path, genes) = read(genes)?;
        let annotations = Annotations::parse(&ontology, &diseases, &genes).map_err(|fault| {
            // Which of the two it was shows in the words.
            let path = if fault.what().contains("gene") {
                &genes_path
            } else {
                &diseases_path
            };
            fault.at(path)
        })?;
        Ok(Self { ontology, annotations })
    }

    /// Resolves terms: what is used, and what became of the others. Faults: text that is no identifier of HPO, and terms
    /// of which none can be used.
    pub fn terms(&self, present: &[String], excluded: &[String]) -> Result<(Terms, Vec<u32>, Vec<u32>)> {
        let mut terms = Terms::default();
        let mut of = |ids: &[String], is_excluded: bool| -> Result<Vec<u32>> {
            let mut numbers = Vec::new();
            for id in ids {
                let digits = id.strip_prefix("HP:").unwrap_or("");
                if digits.len() != 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    let short: String = id.chars().take(20).collect();
                    return Err(Fault::usage(format!("{short:?} is no term of HPO"))
                        .hint("write terms as HP: and seven digits, for example HP:0001250"));
                }
                let number = match self.ontology.resolve(id) {
                    Resolved::Term(number) => number,
                    Resolved::Mapped(number) => {
                        terms.mapped.insert(id.clone(), self.ontology.id(number).to_owned());
                        number
                    }
                    Resolved::Obsolete => {
                        terms.obsolete.push(id.clone());
                        continue;
                    }
                    Resolved::Unknown => {
                        terms.unknown.push(id.clone());
                        continue;
                    }
                };
                if !self.ontology.is_phenotypic(number) {
                    terms.not_phenotypes.push(id.clone());
                    continue;
                }
                if numbers.contains(&number) {
                    continue;
                }
                numbers.push(number);
                let list = if is_excluded {
                    &mut terms.excluded
                } else {
                    &mut terms.used
                };
                list.push(Term {
                    id: self.ontology.id(number).to_owned(),
                    name: self.ontology.name(number).to_owned(),
                });
            }
            Ok(numbers)
        };
        let (there, not_there) = (of(present, false)?, of(excluded, true)?);
        if there.is_empty() {
            let release = self.ontology.release.as_deref().unwrap_or("of no stated release");
            return Err(Fault::input(format!(
                "none of the {} terms can be used: {} are unknown to the ontology ({release}), {} obsolete without a \
                 replacement, {} no phenotypes",
                present.len(),
                terms.unknown.len(),
                terms.obsolete.len(),
                terms.not_phenotypes.len()
            ))
            .hint("give features that were seen, as terms of this release of HPO, or a newer release"));
        }
        Ok((terms, there, not_there))
    }
}

/// `clinotype rank`.
#[derive(Debug)]
pub struct RankRequest<'a> {
    /// Annotated VCF (CSQ or BCSQ).
    pub vcf: &'a Path,
    /// Which sample, where the VCF has several.
    pub sample: Option<&'a str>,
    /// Asserted build, for X of males.
    pub build: Option<Build>,
    /// Sex of the person.
    pub sex: Sex,
    /// HPO's files.
    pub hpo: &'a Hpo,
    /// Terms of features seen.
    pub present: &'a [String],
    /// Terms of features looked for and not seen.
    pub excluded: &'a [String],
    /// Only these genes (symbols) are ranked, and alleles elsewhere are counted; `None`: all.
    pub genes: Option<&'a BTreeSet<&'a str>>,
}

/// Ranks the genes of a sample.
pub fn rank(request: &RankRequest<'_>, watch: &dyn Watch) -> Result<GeneRank> {
    let (terms, present, excluded) = request.hpo.terms(request.present, request.excluded)?;
    let similarity = Similarity::new(&request.hpo.ontology, &request.hpo.annotations);
    let query = similarity.query(&present, &excluded);
    let mut found = read(request, &similarity, &query, watch)?;
    found.terms = terms;
    let unknown = request.hpo.annotations.unknown_rows();
    if unknown > 0 {
        found.not_evaluated.push(format!(
            "{unknown} annotations name terms that this release of the ontology does not know; they are left out."
        ));
    }
    let lost = found.terms.unknown.len() + found.terms.obsolete.len() + found.terms.not_phenotypes.len();
    if lost > 0 {
        found.not_evaluated.push(format!(
            "{lost} of the person's terms take no part: {} unknown to this release of the ontology, {} obsolete without one \
             replacement, {} no phenotypes.",
            found.terms.unknown.len(),
            found.terms.obsolete.len(),
            found.terms.not_phenotypes.len()
        ));
    }
    Ok(found)
}

fn rules() -> Vec<String> {
    vec![
        "Score: mean of the phenotype's and the variants' part, each 0 to 1.".to_owned(),
        "Phenotype: symmetric best-match average of the information content of common ancestors (Resnik), by the greatest that \
         the terms can reach; the best disease of the gene counts. Terms that were looked for and not seen do not change the score; \
         a disease that should have them says so."
            .to_owned(),
        "Variants: weight of the consequence (table rank_consequences, version 1) by the weight of the population frequency (1 to \
         0.0001, 0.9 to 0.001, 0.6 to 0.01, above it none), and by zygosity against the disease's inheritance: the weaker of two \
         alleles decides (0.8 where their phase is not known), one allele of a recessive disease counts 0.2."
            .to_owned(),
        "ClinVar is shown, never scored.".to_owned(),
    ]
}

/// Reads the alleles and ranks their genes.
fn read(request: &RankRequest<'_>, similarity: &Similarity<'_>, query: &Query, watch: &dyn Watch) -> Result<GeneRank> {
    let mut ranker = Ranker::new(similarity, query, request.sex);
    let scan = scan::scan(
        request.vcf,
        request.sample,
        request.build,
        request.sex,
        watch,
        |e| match request.genes {
            Some(genes) if !genes.contains(e.gene.as_str()) => Err("outside the genes that were ordered"),
            _ => ranker.add(e),
        },
    )?;
    let mut not_evaluated = Vec::new();
    if scan.without_frequency > 0 {
        not_evaluated.push(format!(
            "{} alleles that take part have no population frequency in the VCF: frequency lowers none of them.",
            scan.without_frequency
        ));
    }
    if request.sex == Sex::Unknown {
        not_evaluated.push("The sex is not stated: X is taken as the genotypes write it.".to_owned());
    }
    let hpo = request.hpo;
    Ok(GeneRank {
        schema: SCHEMA.to_owned(),
        software: crate::software(),
        file: request
            .vcf
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        sample: scan.sample,
        ontology: hpo.ontology.release.clone(),
        annotations: hpo.annotations.release.clone(),
        terms: Terms::default(),
        rules: rules(),
        alleles: scan.alleles,
        dropped: scan
            .dropped
            .into_iter()
            .map(|(reason, count)| Dropped {
                reason: reason.to_owned(),
                count,
            })
            .collect(),
        not_evaluated,
        genes: ranker.finish(),
    })
}

/// The alleles of a sample that change a protein or a splice site, as the rank takes them.
pub fn alleles(vcf: &Path, sample: &str) -> Result<Vec<Evidence>> {
    let mut found = Vec::new();
    scan::scan(
        vcf,
        Some(sample),
        None,
        Sex::Unknown,
        &crate::watch::Nobody,
        |evidence| {
            if evidence.zygosity == Zygosity::Absent || consequence_weight(&evidence.term).is_none() {
                return Err("takes no part");
            }
            found.push(evidence);
            Ok(())
        },
    )?;
    Ok(found)
}

/// The first genes as lines of text.
pub fn text(found: &GeneRank, most: usize) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{} terms used, {} mapped, {} unknown, {} obsolete; {} alleles read; {} genes ranked",
        found.terms.used.len(),
        found.terms.mapped.len(),
        found.terms.unknown.len(),
        found.terms.obsolete.len(),
        found.alleles,
        found.genes.len()
    );
    for (from, to) in &found.terms.mapped {
        let _ = writeln!(text, "  {from} is now {to}");
    }
    for gene in found.genes.iter().take(most) {
        let _ = writeln!(
            text,
            "{:>5}  {:10} {:.3}  {}",
            gene.rank, gene.gene, gene.score, gene.sentence
        );
    }
    for words in &found.not_evaluated {
        let _ = writeln!(text, "not evaluated: {words}");
    }
    text
}
