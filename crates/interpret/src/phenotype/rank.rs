//! Genes ranked by phenotype and variants together.
//!
//! The score of a gene is the mean of two parts between 0 and 1, as PhenIX does it (Zemojtel 2014, Sci Transl Med 6:252ra123):
//! how well the person's terms fit a disease of the gene, and how much the gene's alleles speak for that disease by
//! consequence, frequency and zygosity against its inheritance. ClinVar is shown, never scored. The best disease counts.

use std::collections::BTreeMap;

use clinotype_case::{
    Sex,
    evidence::Zygosity,
    phenotype::{DiseaseMatch, RankedAllele, RankedGene},
};
use clinotype_genome::{ContigKey, VariantKey};

use super::{
    similarity::{Query, Similarity},
    variants::{self, COMMON, Fit, Lie},
};

/// Alleles of a gene that are listed.
const LISTED: usize = 20;

/// An allele in a gene.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Symbol.
    pub gene: String,
    /// As the VCF writes it.
    pub variant: VariantKey,
    /// Most severe SO term in the gene.
    pub term: String,
    /// Zygosity in this person, sex considered.
    pub zygosity: Zygosity,
    /// Population frequency, where stated.
    pub frequency: Option<f64>,
    /// ClinVar's significance, where stated.
    pub clinvar: Option<String>,
    /// Chromosome (0 or 1) and phase set, where phased.
    pub phased: Option<(usize, u32)>,
    /// Number of the record, which tells two alternates of one record.
    pub record: u64,
}

#[derive(Debug)]
struct Kept {
    allele: RankedAllele,
    phased: Option<(usize, u32)>,
    record: u64,
}

/// Gathers alleles, and ends with the ranked genes.
#[derive(Debug)]
pub struct Ranker<'a> {
    similarity: &'a Similarity<'a>,
    query: &'a Query,
    sex: Sex,
    genes: BTreeMap<String, Vec<Kept>>,
}

impl<'a> Ranker<'a> {
    /// For one person.
    pub fn new(similarity: &'a Similarity<'a>, query: &'a Query, sex: Sex) -> Self {
        Self {
            similarity,
            query,
            sex,
            genes: BTreeMap::new(),
        }
    }

    /// Takes an allele, or says why it takes no part.
    pub fn add(&mut self, evidence: Evidence) -> Result<(), &'static str> {
        let Some(weight) = variants::consequence_weight(&evidence.term) else {
            return Err("no effect on a protein or a splice site");
        };
        if matches!(evidence.zygosity, Zygosity::Absent) {
            return Err("not in this sample");
        }
        if matches!(evidence.zygosity, Zygosity::NotCalled) {
            return Err("genotype not called");
        }
        if evidence.frequency.is_some_and(|f| f > COMMON) {
            return Err("more frequent than 1 %");
        }
        let allele = RankedAllele {
            weight: weight * variants::frequency_weight(evidence.frequency),
            variant: evidence.variant,
            consequence: evidence.term,
            zygosity: evidence.zygosity,
            frequency: evidence.frequency,
            clinvar: evidence.clinvar,
        };
        self.genes.entry(evidence.gene).or_default().push(Kept {
            allele,
            phased: evidence.phased,
            record: evidence.record,
        });
        Ok(())
    }

    /// The genes, best first; equal scores by symbol, with one rank.
    pub fn finish(self) -> Vec<RankedGene> {
        let Self {
            similarity,
            query,
            sex,
            genes,
        } = self;
        let mut ranked: Vec<RankedGene> = genes
            .into_iter()
            .map(|(gene, alleles)| one(similarity, query, sex, gene, alleles))
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.gene.cmp(&b.gene)));
        for index in 0..ranked.len() {
            let same = index > 0 && ranked[index].score.total_cmp(&ranked[index - 1].score).is_eq();
            let rank = if same { ranked[index - 1].rank } else { index as u32 + 1 };
            ranked[index].rank = rank;
            let shared = ranked
                .iter()
                .filter(|g| g.score.total_cmp(&ranked[index].score).is_eq())
                .take(2)
                .count()
                > 1;
            let start = if shared {
                format!("Rank {rank}, shared: ")
            } else {
                format!("Rank {rank}: ")
            };
            ranked[index].sentence.insert_str(0, &start);
        }
        ranked
    }
}

fn one(similarity: &Similarity<'_>, query: &Query, sex: Sex, gene: String, mut kept: Vec<Kept>) -> RankedGene {
    kept.sort_by(|a, b| {
        b.allele
            .weight
            .total_cmp(&a.allele.weight)
            .then_with(|| a.allele.variant.cmp(&b.allele.variant))
    });
    kept.truncate(LISTED);
    let alleles: Vec<RankedAllele> = kept.iter().map(|k| k.allele.clone()).collect();
    let contig = ContigKey::of(&alleles[0].variant.contig);
    let on = |name: &str| contig.as_ref().is_some_and(|c| c.as_str() == name);
    let lie = |a: usize, b: usize| match (kept[a].phased, kept[b].phased) {
        // Both alternates of one record, each once: one on each copy.
        _ if kept[a].record == kept[b].record => Lie::Trans,
        (Some((one, first)), Some((two, second))) if first == second => {
            if one == two {
                Lie::Cis
            } else {
                Lie::Trans
            }
        }
        _ => Lie::Unknown,
    };
    let fit = |inheritance: &[String]| variants::fit(&alleles, inheritance, sex, on("X"), on("MT"), lie);
    let ids = || similarity.annotations.genes.get(&gene).into_iter().flatten();
    // Annotations of some sources state no inheritance: then that of the gene's other diseases holds.
    let mut of_gene: Vec<String> = ids()
        .filter_map(|id| similarity.annotations.diseases.get(id))
        .flat_map(|d| d.inheritance.clone())
        .collect();
    of_gene.sort_unstable();
    of_gene.dedup();
    let mut best: Option<(f64, f64, &str, Fit)> = None;
    for id in ids() {
        let Some(disease) = similarity.annotations.diseases.get(id) else {
            continue;
        };
        let phenotype = similarity.score(query, disease);
        let fit = if disease.inheritance.is_empty() {
            fit(&of_gene)
        } else {
            fit(&disease.inheritance)
        };
        let score = f64::midpoint(phenotype, fit.weight);
        if best.as_ref().is_none_or(|(s, ..)| score > *s) {
            best = Some((score, phenotype, id, fit));
        }
    }
    let (disease, phenotype, fit) = match best {
        Some((_, phenotype, id, fit)) => {
            let disease = &similarity.annotations.diseases[id];
            (Some(similarity.explain(query, id, disease)), Some(phenotype), fit)
        }
        None => (None, None, fit(&[])),
    };
    let score = f64::midpoint(phenotype.unwrap_or(0.0), fit.weight);
    let sentence = sentence(&gene, disease.as_ref().zip(phenotype), &fit, &alleles);
    RankedGene {
        rank: 0,
        gene,
        score,
        phenotype,
        variant: fit.weight,
        disease,
        alleles,
        sentence,
    }
}

fn sentence(gene: &str, disease: Option<(&DiseaseMatch, f64)>, fit: &Fit, alleles: &[RankedAllele]) -> String {
    let of_phenotype = match disease {
        None => format!("{gene} has no annotated disease, so the phenotype says nothing of it"),
        Some((disease, phenotype)) => {
            let name = disease.name.as_deref().unwrap_or("a disease");
            let mut best: Vec<_> = disease.matches.iter().filter(|m| m.information > 0.0).collect();
            best.sort_by(|a, b| b.information.total_cmp(&a.information));
            let mut terms: Vec<&str> = best.iter().filter_map(|m| m.common.as_deref()).collect();
            terms.dedup();
            terms.truncate(2);
            let through = if terms.is_empty() {
                "no term in common".to_owned()
            } else {
                format!("most by {}", terms.join(" and "))
            };
            format!(
                "the phenotype fits {name} ({}) to {phenotype:.2} of 1, {through}",
                disease.id
            )
        }
    };
    let first = &alleles[0];
    let others = match alleles.len() {
        1 => String::new(),
        n => format!(", with {} more in the gene", n - 1),
    };
    let frequency = match first.frequency {
        Some(f) if f < 0.0001 => "frequency below 0.0001".to_owned(),
        Some(f) => format!("frequency {f:.4}"),
        None => "no frequency stated".to_owned(),
    };
    format!(
        "{of_phenotype}; a {} {} ({frequency}){others} {}, weight {:.2}.",
        first.zygosity.words(),
        first.consequence.replace('_', " "),
        fit.words,
        fit.weight
    )
}
