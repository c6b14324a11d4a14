//! Mitochondria: hundreds of genomes in one cell, so an allele has a fraction, not a genotype.
//!
//! The model is [`crate::fraction`], as for tumours. An alternate stays where the reads are 10^[`MIN_LOD`] times
//! likelier with it than without it (the threshold of Cibulskis 2013, Nat Biotechnol 31:213), at least [`MIN_READS`]
//! reads speak for it, and a fraction of [`MIN_FRACTION`] lies within or below its credible interval: of an allele at
//! that very fraction, half of the samples show less. QUAL is ten times the log10 of the ratio, less 30 for the prior.
//! Genotype: `1` from a fraction of [`HOMOPLASMIC`] on, else `0/1` with the fraction in HF. The reads are limited to
//! 1,000 over a base, which is enough for a fraction of 3 %.
//!
//! The molecule is a ring, the reference a line: the aligner clips a read that crosses the junction of last and first
//! base, or places its longer side alone, so depth falls to about half towards both ends and an indel within some ten
//! bases of them is not seen.

use crate::{
    allele::{SPANNING, Site},
    fraction::{ratios, shares},
    record::Record,
};

const MIN_LOD: f64 = 6.3;
const MIN_READS: u32 = 3;
const MIN_FRACTION: f64 = 0.03;
const HOMOPLASMIC: f64 = 0.95;

/// The record of a site, if an alternate stays.
pub(crate) fn call(site: &Site) -> Option<Record> {
    let depths = site.depths();
    let mut kept = vec![0];
    let mut qual: f64 = 0.0;
    for (allele, &depth) in depths.iter().enumerate().skip(1) {
        if site.alleles[allele] == SPANNING || depth < MIN_READS {
            continue;
        }
        let told = ratios(site, allele).weigh();
        if told.tlod >= MIN_LOD && told.high >= MIN_FRACTION {
            kept.push(allele);
            qual = qual.max(10.0 * told.tlod - 30.0);
        }
    }
    if kept.len() < 2 {
        return None;
    }
    let site = site.subset(&kept);
    let numbers: Vec<usize> = (0..site.alleles.len()).collect();
    let shares = shares(&site, &numbers);
    let major = (1..shares.len()).find(|&a| shares[a] >= HOMOPLASMIC);
    let genotype = match major {
        Some(allele) => vec![allele],
        // The alternates seen, and the reference where it is seen.
        None if shares[0] >= MIN_FRACTION => numbers,
        None => numbers[1..].to_vec(),
    };
    let gq = qual.clamp(0.0, f64::from(crate::genotype::MAX_GQ)) as u32;
    Some(Record::mitochondrial(&site, qual, gq, genotype, shares[1..].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allele::Observation;

    fn of(reference: usize, alternate: usize) -> Option<Record> {
        let mut likelihoods = vec![vec![-0.0004, -3.5]; reference];
        likelihoods.extend(vec![vec![-3.5, -0.0004]; alternate]);
        let observations = (0..likelihoods.len())
            .map(|i| Observation {
                reverse: i % 2 == 0,
                mapq: 60,
                from_end: 20,
                fragment: 0,
                best: Some(usize::from(i >= reference)),
            })
            .collect();
        call(&Site {
            position: 99,
            alleles: vec![b"A".to_vec(), b"G".to_vec()],
            observations,
            likelihoods,
        })
    }

    #[test]
    fn fractions_and_genotypes() {
        assert!(of(200, 0).is_none());
        assert!(of(200, 2).is_none());
        assert!(of(990, 10).is_none(), "1 % is below the limit");
        let low = of(180, 20).unwrap();
        assert_eq!(low.genotype, [0, 1]);
        let mut text = String::new();
        low.write(&mut text, "chrM", false);
        assert!(text.contains("GT:AD:DP:GQ:HF\t0/1:180,20:200:99:0.0"), "{text}");
        let full = of(1, 199).unwrap();
        assert_eq!(full.genotype, [1]);
    }
}
