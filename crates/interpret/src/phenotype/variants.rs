//! How much the alleles of a gene speak for a disease of this mode of inheritance.

use std::{collections::BTreeMap, sync::LazyLock};

use clinotype_case::{Sex, evidence::Zygosity, phenotype::RankedAllele};

/// `rules/rank_consequences.tsv`.
static WEIGHTS: LazyLock<BTreeMap<&'static str, f64>> = LazyLock::new(|| {
    include_str!("../../rules/rank_consequences.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .skip(1)
        .filter_map(|line| {
            let (term, weight) = line.split_once('\t')?;
            Some((term, weight.parse().ok()?))
        })
        .collect()
});

/// Weight of a consequence by its SO term; `None`: it takes no part.
pub fn consequence_weight(term: &str) -> Option<f64> {
    WEIGHTS.get(term).copied()
}

/// Above this population frequency an allele takes no part.
pub(crate) const COMMON: f64 = 0.01;
/// Above this frequency an allele does not speak for a dominant disease.
const DOMINANT: f64 = 0.001;
/// Of a carrier of one allele of a recessive disease.
const CARRIER: f64 = 0.2;
/// Of two alleles whose phase is not known.
const UNPHASED: f64 = 0.8;

/// Weight of an allele by its population frequency. An allele without a stated frequency is taken as it is.
pub(crate) fn frequency_weight(frequency: Option<f64>) -> f64 {
    match frequency {
        Some(f) if f > COMMON => 0.0,
        Some(f) if f > DOMINANT => 0.6,
        Some(f) if f > 0.0001 => 0.9,
        _ => 1.0,
    }
}

/// Where two alleles of a gene lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    Trans,
    Cis,
    Unknown,
}

/// Modes that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Dominant,
    Recessive,
    XDominant,
    XRecessive,
    Mitochondrial,
}

/// HPO's terms of inheritance: dominant and semidominant, recessive, X-linked (with its two kinds), mitochondrial.
fn mode(id: &str) -> &'static [Mode] {
    match id {
        "HP:0000006" | "HP:0012275" | "HP:0025352" | "HP:0012274" | "HP:0001444" | "HP:0001475" | "HP:0001452" => {
            &[Mode::Dominant]
        }
        "HP:0032113" => &[Mode::Dominant, Mode::Recessive],
        "HP:0000007" => &[Mode::Recessive],
        "HP:0001417" => &[Mode::XDominant, Mode::XRecessive],
        "HP:0001423" => &[Mode::XDominant],
        "HP:0001419" => &[Mode::XRecessive],
        "HP:0001427" => &[Mode::Mitochondrial],
        _ => &[],
    }
}

/// What the alleles say for a disease.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) weight: f64,
    pub(crate) words: String,
}

/// The best fit of a gene's alleles, most weighty first, with a disease's modes of inheritance. `on_x`, `on_mt`: where the
/// gene lies. `lie` tells where two alleles lie, by their places in the list.
pub(crate) fn fit(
    alleles: &[RankedAllele],
    inheritance: &[String],
    sex: Sex,
    on_x: bool,
    on_mt: bool,
    lie: impl Fn(usize, usize) -> Lie,
) -> Fit {
    let mut modes: Vec<Mode> = inheritance.iter().flat_map(|id| mode(id)).copied().collect();
    let stated = !modes.is_empty();
    if !stated {
        modes = if on_mt {
            vec![Mode::Mitochondrial]
        } else if on_x {
            vec![Mode::XDominant, Mode::XRecessive]
        } else {
            vec![Mode::Dominant, Mode::Recessive]
        };
    }
    let of = |m: Mode| of_mode(alleles, m, sex, &lie);
    let best = modes
        .into_iter()
        .map(of)
        .fold(None, |best: Option<Fit>, one| match best {
            Some(best) if best.weight >= one.weight => Some(best),
            _ => Some(one),
        });
    let mut best = best.unwrap_or(Fit {
        weight: 0.0,
        words: String::new(),
    });
    if !stated {
        best.words.push_str(" (the annotations state no inheritance)");
    }
    best
}

fn of_mode(alleles: &[RankedAllele], mode: Mode, sex: Sex, lie: &impl Fn(usize, usize) -> Lie) -> Fit {
    let best = |usable: &dyn Fn(&RankedAllele) -> bool| {
        alleles
            .iter()
            .filter(|a| usable(a))
            .map(|a| a.weight)
            .fold(0.0, f64::max)
    };
    let made = |weight: f64, words: &str| Fit {
        weight,
        words: words.to_owned(),
    };
    let two_copies = |a: &RankedAllele| matches!(a.zygosity, Zygosity::Homozygous | Zygosity::Hemizygous);
    match mode {
        Mode::Dominant | Mode::XDominant => {
            let words = if mode == Mode::Dominant {
                "fits dominant inheritance"
            } else {
                "fits X-linked inheritance"
            };
            let weight = best(&|a| a.frequency.is_none_or(|f| f <= DOMINANT));
            if weight > 0.0 {
                made(weight, words)
            } else {
                made(0.0, "is too frequent for dominant inheritance")
            }
        }
        Mode::Mitochondrial => made(
            best(&|a| matches!(a.zygosity, Zygosity::Homoplasmic | Zygosity::Heteroplasmic)),
            "fits mitochondrial inheritance",
        ),
        Mode::XRecessive => {
            let full = best(&two_copies);
            let carrier = best(&|_| true) * CARRIER;
            if full >= carrier && full > 0.0 {
                made(full, "fits X-linked recessive inheritance")
            } else if sex == Sex::Male {
                made(carrier, "is heterozygous on the X of a male, which contradicts the sex")
            } else {
                made(carrier, "makes a carrier of an X-linked recessive disease")
            }
        }
        Mode::Recessive => {
            let mut fits = vec![made(best(&two_copies), "fits recessive inheritance, homozygous")];
            let heterozygous: Vec<usize> = (0..alleles.len())
                .filter(|i| alleles[*i].zygosity == Zygosity::Heterozygous)
                .collect();
            for (place, &a) in heterozygous.iter().enumerate() {
                for &b in &heterozygous[place + 1..] {
                    // The weaker of the two decides.
                    let weaker = alleles[a].weight.min(alleles[b].weight);
                    match lie(a, b) {
                        Lie::Trans => fits.push(made(
                            weaker,
                            "fits recessive inheritance, two alleles on different copies",
                        )),
                        Lie::Unknown => fits.push(made(
                            weaker * UNPHASED,
                            "fits recessive inheritance if the two alleles lie on different copies, which is not known",
                        )),
                        Lie::Cis => {}
                    }
                }
            }
            fits.push(made(
                best(&|_| true) * CARRIER,
                "makes a carrier of a recessive disease",
            ));
            fits.into_iter()
                .reduce(|a, b| if b.weight > a.weight { b } else { a })
                .unwrap_or_else(|| made(0.0, "does not fit"))
        }
    }
}
