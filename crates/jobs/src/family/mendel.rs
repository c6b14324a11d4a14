//! Mendelian errors of a child and its parents, with the sites at which one could be seen.

use clinotype_case::{
    Sex,
    family::{MendelCounts, TrioCheck},
    pedigree::Pedigree,
    quality::CheckResult,
};

use super::sites::{Place, Site};

/// Opportunities that a verdict needs: an error rate of 2 % then shows in ten.
const LEAST: u64 = 500;
/// Up to this rate a trio passes. Genotypes of quality 20 are wrong up to once in a hundred, in each of three samples.
const PASS: f64 = 0.02;
/// Above this rate it fails. With a parent who is a stranger, each allele that only this parent could have given is an
/// error wherever the stranger lacks it: of alleles between 10 % and 50 %, more than one opportunity in twelve.
const FAIL: f64 = 0.05;

/// Every trio.
#[derive(Debug)]
pub(super) struct Trios(Vec<Counted>);

#[derive(Debug)]
struct Counted {
    /// Child, father, mother.
    samples: [usize; 3],
    names: [String; 3],
    sex: Sex,
    autosomes: MendelCounts,
    x: MendelCounts,
}

impl Trios {
    pub(super) fn new(samples: &[String], pedigree: Option<&Pedigree>) -> Self {
        let number = |id: &str| samples.iter().position(|s| s == id);
        let trios = pedigree.map(Pedigree::trios).unwrap_or_default();
        Self(
            trios
                .into_iter()
                .filter_map(|t| {
                    Some(Counted {
                        samples: [number(&t.child.id)?, number(&t.father.id)?, number(&t.mother.id)?],
                        names: [t.child.id.clone(), t.father.id.clone(), t.mother.id.clone()],
                        sex: t.child.sex,
                        autosomes: MendelCounts::default(),
                        x: MendelCounts::default(),
                    })
                })
                .collect(),
        )
    }

    pub(super) fn add(&mut self, site: &Site) {
        for trio in &mut self.0 {
            let [child, father, mother] = trio.samples.map(|s| site.genotypes[s].as_deref());
            match site.place {
                Place::Autosome => {
                    if let (Some(&[a, b]), Some(father @ &[_, _]), Some(mother @ &[_, _])) = (child, father, mother) {
                        count(&mut trio.autosomes, &[a, b], Some(father), mother);
                    }
                }
                Place::X => {
                    // A man's genotype may be written with one allele or twice the same.
                    let haploid = |g: Option<&[u8]>| match g {
                        Some(&[a]) => Some([a]),
                        Some(&[a, b]) if a == b => Some([a]),
                        _ => None,
                    };
                    let Some(mother @ &[_, _]) = mother else { continue };
                    match trio.sex {
                        Sex::Male => {
                            if let Some(own) = haploid(child) {
                                count(&mut trio.x, &own, None, mother);
                            }
                        }
                        Sex::Female => {
                            if let (Some(&[a, b]), Some(father)) = (child, haploid(father)) {
                                count(&mut trio.x, &[a, b], Some(&father), mother);
                            }
                        }
                        Sex::Unknown => {}
                    }
                }
            }
        }
    }

    pub(super) fn checks(self) -> Vec<TrioCheck> {
        self.0
            .into_iter()
            .map(|trio| {
                let [child, father, mother] = trio.names;
                let (result, reason) = verdict(&trio.autosomes, &trio.x);
                TrioCheck {
                    child,
                    father,
                    mother,
                    autosomes: trio.autosomes,
                    x: trio.x,
                    result,
                    reason,
                }
            })
            .collect()
    }
}

/// Counts one site. `father` is `None` for a son's X.
fn count(counts: &mut MendelCounts, child: &[u8], father: Option<&[u8]>, mother: &[u8]) {
    let given = |allele: u8, parent: &[u8]| parent.contains(&allele);
    let everybody = child.iter().chain(father.unwrap_or_default()).chain(mother);
    if everybody.copied().all(|a| a == 0) {
        return;
    }
    counts.opportunities += 1;
    let fits = match (child, father) {
        (&[a, b], Some(father)) => given(a, father) && given(b, mother) || given(b, father) && given(a, mother),
        (&[a], None) => given(a, mother),
        _ => return,
    };
    if !fits {
        counts.errors += 1;
        let new = |a: &u8| *a > 0 && !given(*a, mother) && !father.is_some_and(|f| given(*a, f));
        let news = child.iter().filter(|a| new(a)).count();
        counts.new_allele += u64::from(news == 1);
    }
}

fn verdict(autosomes: &MendelCounts, x: &MendelCounts) -> (CheckResult, String) {
    let x = match x.rate() {
        Some(rate) => format!("on X {} of {} ({:.2} %)", x.errors, x.opportunities, rate * 100.0),
        None => "X not assessed".to_owned(),
    };
    let Some(rate) = autosomes.rate().filter(|_| autosomes.opportunities >= LEAST) else {
        return (
            CheckResult::NotAssessed,
            format!(
                "{} Mendelian errors at {} autosomal sites; {LEAST} sites are needed; {x}",
                autosomes.errors, autosomes.opportunities
            ),
        );
    };
    let result = match rate {
        r if r <= PASS => CheckResult::Pass,
        r if r <= FAIL => CheckResult::Warn,
        _ => CheckResult::Fail,
    };
    (
        result,
        format!(
            "{} Mendelian errors at {} autosomal sites ({:.2} %, passes to {} %, fails above {} %), {} of them a new allele; {x}",
            autosomes.errors,
            autosomes.opportunities,
            rate * 100.0,
            PASS * 100.0,
            FAIL * 100.0,
            autosomes.new_allele
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_opportunities() {
        let of = |child: &[u8], father: Option<&[u8]>, mother: &[u8]| {
            let mut counts = MendelCounts::default();
            count(&mut counts, child, father, mother);
            (counts.opportunities, counts.errors, counts.new_allele)
        };
        type Row<'a> = (&'a [u8], &'a [u8], &'a [u8], (u64, u64, u64));
        let both: [Row<'_>; 9] = [
            (&[0, 0], &[0, 0], &[0, 0], (0, 0, 0)),
            (&[0, 1], &[0, 0], &[0, 1], (1, 0, 0)),
            (&[0, 1], &[0, 0], &[0, 0], (1, 1, 1)),
            (&[1, 1], &[0, 1], &[0, 0], (1, 1, 0)),
            (&[0, 0], &[1, 1], &[0, 1], (1, 1, 0)),
            (&[1, 2], &[0, 1], &[0, 2], (1, 0, 0)),
            (&[1, 2], &[1, 2], &[0, 0], (1, 1, 0)),
            (&[0, 0], &[0, 1], &[0, 1], (1, 0, 0)),
            // X of a daughter.
            (&[0, 1], &[1], &[0, 0], (1, 0, 0)),
        ];
        for (child, father, mother, expected) in both {
            assert_eq!(
                of(child, Some(father), mother),
                expected,
                "{child:?} {father:?} {mother:?}"
            );
        }
        assert_eq!(of(&[1], None, &[0, 1]), (1, 0, 0));
        assert_eq!(of(&[1], None, &[0, 0]), (1, 1, 1));
        assert_eq!(of(&[0], None, &[1, 1]), (1, 1, 0));
    }

    #[test]
    fn verdicts() {
        let counts = |opportunities, errors| MendelCounts {
            opportunities,
            errors,
            new_allele: 0,
        };
        for (opportunities, errors, expected) in [
            (499, 0, CheckResult::NotAssessed),
            (500, 0, CheckResult::Pass),
            (1000, 20, CheckResult::Pass),
            (1000, 21, CheckResult::Warn),
            (1000, 51, CheckResult::Fail),
        ] {
            assert_eq!(
                verdict(&counts(opportunities, errors), &MendelCounts::default()).0,
                expected
            );
        }
    }
}
