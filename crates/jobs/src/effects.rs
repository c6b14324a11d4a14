//! Genes and consequences of a record's alleles, from the annotation that a VCF carries: CSQ as Clinotype and VEP write it,
//! or BCSQ as `bcftools csq` does.

use clinotype_case::evidence::Impact;
use clinotype_interpret::{inheritance::family::Effect, rules::RULES};

/// How a VCF is annotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Annotation {
    /// CSQ: places of Allele, ALLELE_NUM, SYMBOL, Consequence.
    Csq {
        allele: Option<usize>,
        number: Option<usize>,
        symbol: usize,
        consequence: usize,
    },
    /// BCSQ.
    Bcsq,
}

impl Annotation {
    /// The annotation that the header names, CSQ before BCSQ.
    pub(crate) fn of(meta: &[String]) -> Option<Self> {
        let csq = meta.iter().find(|m| m.starts_with("INFO=<ID=CSQ,")).and_then(|m| {
            let (_, format) = m.split_once("Format: ")?;
            let names: Vec<&str> = format.trim_end_matches(['"', '>']).split('|').collect();
            let place = |name: &str| names.iter().position(|n| *n == name);
            Some(Self::Csq {
                allele: place("Allele"),
                number: place("ALLELE_NUM"),
                symbol: place("SYMBOL")?,
                consequence: place("Consequence")?,
            })
        });
        csq.or_else(|| {
            meta.iter()
                .any(|m| m.starts_with("INFO=<ID=BCSQ,"))
                .then_some(Self::Bcsq)
        })
    }

    /// Effects of each alternate, the most severe one of each gene, genes by name.
    pub(crate) fn effects(&self, info: &str, reference: &str, alternates: &[&str]) -> Vec<Vec<Effect>> {
        let mut by_allele: Vec<Vec<Effect>> = vec![Vec::new(); alternates.len()];
        let field = |name: &str| info.split(';').find_map(|f| f.strip_prefix(name)?.strip_prefix('='));
        match *self {
            Self::Csq {
                allele,
                number,
                symbol,
                consequence,
            } => {
                for row in field("CSQ").unwrap_or_default().split(',').filter(|r| !r.is_empty()) {
                    let cells: Vec<&str> = row.split('|').collect();
                    let cell = |place: usize| cells.get(place).copied().filter(|c| !c.is_empty());
                    let stated = number.and_then(cell).and_then(|n| n.parse::<usize>().ok());
                    let index = match stated {
                        Some(number) => number.checked_sub(1),
                        None if alternates.len() == 1 => Some(0),
                        None => allele.and_then(cell).and_then(|a| of_allele(a, reference, alternates)),
                    };
                    if let (Some(found), Some(gene), Some(terms)) = (
                        index.and_then(|i| by_allele.get_mut(i)),
                        cell(symbol),
                        cell(consequence),
                    ) {
                        keep(found, gene, terms.split('&'));
                    }
                }
            }
            Self::Bcsq => {
                for row in field("BCSQ").unwrap_or_default().split(',') {
                    let cells: Vec<&str> = row.trim_start_matches('*').split('|').collect();
                    // `@12345` points to another record, which holds the joint consequence.
                    let (Some(terms), Some(gene)) = (cells.first(), cells.get(1).filter(|g| !g.is_empty())) else {
                        continue;
                    };
                    let terms: Vec<&str> = terms.split('&').map(so_term).collect();
                    let written = cells.get(6).and_then(|c| c.rsplit_once('>')).map(|(_, alt)| alt);
                    let only = written.and_then(|alt| alternates.iter().position(|a| *a == alt));
                    for (index, found) in by_allele.iter_mut().enumerate() {
                        if only.is_none_or(|o| o == index) {
                            keep(found, gene, terms.iter().copied());
                        }
                    }
                }
            }
        }
        for effects in &mut by_allele {
            effects.sort_by(|a, b| a.gene.cmp(&b.gene));
        }
        by_allele
    }
}

/// The alternate that VEP's Allele column means: without the first base where the record is no substitution of one.
fn of_allele(allele: &str, reference: &str, alternates: &[&str]) -> Option<usize> {
    let shortened = |alt: &str| -> String {
        let shares = alternates
            .iter()
            .chain(std::iter::once(&reference))
            .all(|a| a.as_bytes().first() == reference.as_bytes().first());
        let same_length = alternates.iter().all(|a| a.len() == reference.len());
        match alt.get(1..) {
            Some(rest) if shares && !same_length => if rest.is_empty() { "-" } else { rest }.to_owned(),
            _ => alt.to_owned(),
        }
    };
    alternates.iter().position(|alt| shortened(alt) == allele)
}

/// Keeps the most severe term of a gene.
fn keep<'a>(effects: &mut Vec<Effect>, gene: &str, terms: impl Iterator<Item = &'a str>) {
    let Some(term) = terms.min_by_key(|term| RULES.rank(term)) else {
        return;
    };
    match effects.iter_mut().find(|e| e.gene == gene) {
        Some(found) if RULES.rank(&found.term) <= RULES.rank(term) => {}
        Some(found) => {
            term.clone_into(&mut found.term);
            found.impact = impact(term);
        }
        None => effects.push(Effect {
            gene: gene.to_owned(),
            term: term.to_owned(),
            impact: impact(term),
        }),
    }
}

/// Impact of a term by our table; a term that is not there is a modifier.
pub(crate) fn impact(term: &str) -> Impact {
    RULES
        .consequences
        .iter()
        .find(|c| c.term == term)
        .map_or(Impact::Modifier, |c| c.impact)
}

/// The Sequence Ontology's word for one of `bcftools csq`.
fn so_term(word: &str) -> &str {
    match word {
        "missense" => "missense_variant",
        "synonymous" => "synonymous_variant",
        "frameshift" => "frameshift_variant",
        "splice_acceptor" => "splice_acceptor_variant",
        "splice_donor" => "splice_donor_variant",
        "splice_region" => "splice_region_variant",
        "inframe_altering" => "protein_altering_variant",
        "stop_retained" => "stop_retained_variant",
        "start_retained" => "start_retained_variant",
        "coding_sequence" => "coding_sequence_variant",
        "intron" => "intron_variant",
        "5_prime_utr" => "5_prime_UTR_variant",
        "3_prime_utr" => "3_prime_UTR_variant",
        "non_coding" => "non_coding_transcript_variant",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Annotation {
        Annotation::of(&[header.to_owned()]).unwrap()
    }

    fn words(effects: &[Vec<Effect>]) -> Vec<String> {
        effects
            .iter()
            .map(|e| {
                e.iter()
                    .map(|e| format!("{}:{}", e.gene, e.term))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    #[test]
    fn csq_by_number_and_by_allele() {
        let ours = of("INFO=<ID=CSQ,Number=.,Description=\"Format: Allele|Consequence|SYMBOL|ALLELE_NUM\">");
        let info = "DP=5;CSQ=T|missense_variant&splice_region_variant|B|1,T|intron_variant|A|1,T|stop_gained|B|1,G|stop_lost|B|2";
        assert_eq!(
            words(&ours.effects(info, "A", &["T", "G"])),
            ["A:intron_variant B:stop_gained", "B:stop_lost"]
        );
        let vep = of("INFO=<ID=CSQ,Number=.,Description=\"Format: Allele|Consequence|SYMBOL\">");
        let info = "CSQ=-|frameshift_variant|B,TT|inframe_insertion|B";
        assert_eq!(
            words(&vep.effects(info, "AT", &["A", "ATT"])),
            ["B:frameshift_variant", "B:inframe_insertion"]
        );
    }

    #[test]
    fn bcsq() {
        let annotation = of("INFO=<ID=BCSQ,Number=.,Type=String,Description=\"x\">");
        let info =
            "AC=1;BCSQ=missense|OR4F5|ENST1|protein_coding|+|141T>141A|69511A>G,@70000,*frameshift&stop_retained|Z|E";
        assert_eq!(
            words(&annotation.effects(info, "A", &["G"])),
            ["OR4F5:missense_variant Z:frameshift_variant"]
        );
        assert_eq!(Annotation::of(&[]), None);
    }
}
