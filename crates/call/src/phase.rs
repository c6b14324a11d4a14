//! Which alternates stand on the same chromosome, where reads reach from one site to the next.

use std::collections::HashMap;

use crate::{allele::Site, genotype::Genotype, hash::BuildMix};

/// Fragments that must agree to join two sites.
const MIN_LINKS: usize = 3;
/// Of ten fragments, so many may disagree.
const MAX_WRONG_OF_TEN: usize = 1;

/// The phase of a record: the 1-based position of the first record of its set, and whether its alternate stands on
/// the first chromosome.
pub(crate) type Phase = Option<(u32, bool)>;

/// Phases heterozygous sites with one alternate, each with the one before it. Sites are sorted.
pub(crate) fn phase(sites: &[(Site, Genotype)]) -> Vec<Phase> {
    let mut phases: Vec<Phase> = vec![None; sites.len()];
    let mut before: Option<usize> = None;
    for (at, (site, genotype)) in sites.iter().enumerate() {
        if genotype.alleles != [0, 1] {
            continue;
        }
        if let Some(last) = before
            && let Some(same) = linked(&sites[last].0, site)
        {
            let (set, first) = *phases[last].get_or_insert((sites[last].0.position + 1, false));
            phases[at] = Some((set, first == same));
        }
        before = Some(at);
    }
    phases
}

/// Whether the alternates of two sites stand on one chromosome; `None` where too few fragments tell.
fn linked(first: &Site, second: &Site) -> Option<bool> {
    let told: HashMap<u64, usize, BuildMix> = first
        .observations
        .iter()
        .filter_map(|o| Some((o.fragment, o.best?)))
        .collect();
    let (mut same, mut opposite) = (0, 0);
    for observation in &second.observations {
        if let (Some(a), Some(b)) = (told.get(&observation.fragment), observation.best) {
            if *a == b {
                same += 1;
            } else {
                opposite += 1;
            }
        }
    }
    let (more, fewer) = if same > opposite {
        (same, opposite)
    } else {
        (opposite, same)
    };
    (more >= MIN_LINKS && fewer * 10 <= (more + fewer) * MAX_WRONG_OF_TEN).then_some(same > opposite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allele::Observation;

    fn site(position: u32, reads: &[(u64, usize)]) -> (Site, Genotype) {
        let observations = reads
            .iter()
            .map(|&(fragment, best)| Observation {
                reverse: false,
                mapq: 60,
                from_end: 9,
                fragment,
                best: Some(best),
            })
            .collect();
        let site = Site {
            position,
            alleles: vec![b"A".to_vec(), b"C".to_vec()],
            observations,
            likelihoods: Vec::new(),
        };
        let genotype = Genotype {
            alleles: vec![0, 1],
            gq: 99,
            pl: Vec::new(),
            qual: 99.0,
        };
        (site, genotype)
    }

    #[test]
    fn reads_link_sites() {
        let first = site(10, &[(1, 0), (2, 0), (3, 1), (4, 1)]);
        let same = site(20, &[(1, 0), (2, 0), (3, 1), (4, 1), (5, 0), (6, 0), (7, 1)]);
        let opposite = site(30, &[(5, 1), (6, 1), (7, 0)]);
        let far = site(40, &[(8, 0), (9, 1)]);
        assert_eq!(
            phase(&[first, same, opposite, far]),
            [Some((11, false)), Some((11, false)), Some((11, true)), None]
        );
        let torn = site(50, &[(1, 1), (2, 0), (3, 1), (4, 1)]);
        assert_eq!(
            phase(&[site(45, &[(1, 0), (2, 0), (3, 1), (4, 1)]), torn]),
            [None, None]
        );
    }
}
