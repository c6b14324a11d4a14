//! What is odd about the reads of an alternate allele: strand bias, mapping, place in the read.

use crate::allele::Site;

/// INFO values of a site; `None` where there are too few reads to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bias {
    /// Root mean square of the mapping qualities.
    pub(crate) mq: Option<f64>,
    /// Phred-scaled p of Fisher's exact test for strand.
    pub(crate) fs: Option<f64>,
    /// Strand odds ratio.
    pub(crate) sor: Option<f64>,
    /// z of the rank sum test of mapping qualities, alternate against reference.
    pub(crate) mq_rank_sum: Option<f64>,
    /// z of the rank sum test of the distance from the read's end.
    pub(crate) read_pos_rank_sum: Option<f64>,
}

/// Measures a site: reads that speak for the reference against those that speak for any alternate.
pub(crate) fn measure(site: &Site) -> Bias {
    let seen = || site.observations.iter().filter(|o| o.best.is_some());
    let count = seen().count();
    if count == 0 {
        return Bias::default();
    }
    let squares: f64 = seen().map(|o| f64::from(o.mapq).powi(2)).sum();
    // [reference forward, reference reverse, alternate forward, alternate reverse]
    let mut table = [0u32; 4];
    for observation in seen() {
        let row = usize::from(observation.best != Some(0)) * 2;
        table[row + usize::from(observation.reverse)] += 1;
    }
    let values = |alternate: bool, of: fn(&crate::allele::Observation) -> u32| -> Vec<u32> {
        seen().filter(|o| (o.best != Some(0)) == alternate).map(of).collect()
    };
    let z = |of: fn(&crate::allele::Observation) -> u32| rank_sum(&values(true, of), &values(false, of));
    Bias {
        mq: Some((squares / count as f64).sqrt()),
        fs: Some(fisher_phred(table)),
        sor: Some(strand_odds_ratio(table)),
        mq_rank_sum: z(|o| u32::from(o.mapq)),
        read_pos_rank_sum: z(|o| o.from_end),
    }
}

/// [`exact_phred`] of [a, b; c, d], for the germline's FS. Tables of more than 400 reads are scaled to 200
/// first: a deep site would find the least bias significant (as GATK does).
pub(crate) fn fisher_phred(table: [u32; 4]) -> f64 {
    let total: u32 = table.iter().sum();
    let table = if total > 400 {
        table.map(|n| (f64::from(n) * 200.0 / f64::from(total)) as u32)
    } else {
        table
    };
    exact_phred(table)
}

/// Phred-scaled two-sided p of Fisher's exact test on [a, b; c, d].
pub(crate) fn exact_phred(table: [u32; 4]) -> f64 {
    let [a, b, c, d] = table;
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    let factorials: Vec<f64> = std::iter::once(0.0)
        .chain((1..=all).scan(0.0, |sum, n| {
            *sum += f64::from(n).ln();
            Some(*sum)
        }))
        .collect();
    let choose = |n: u32, k: u32| factorials[n as usize] - factorials[k as usize] - factorials[(n - k) as usize];
    let chance = |x: u32| (choose(row, x) + choose(all - row, column - x) - choose(all, column)).exp();
    let (low, high) = (column.saturating_sub(all - row), row.min(column));
    let observed = chance(a);
    let p: f64 = (low..=high).map(chance).filter(|p| *p <= observed * (1.0 + 1e-7)).sum();
    (-10.0 * p.min(1.0).log10()).max(0.0)
}

/// Symmetric odds ratio of strand, logarithm, with a pseudocount; the formula of GATK's StrandOddsRatio documentation.
pub(crate) fn strand_odds_ratio(table: [u32; 4]) -> f64 {
    let [a, b, c, d] = table.map(|n| f64::from(n) + 1.0);
    let ratio = a * d / (b * c);
    let reference = a.min(b) / a.max(b);
    let alternate = c.min(d) / c.max(d);
    (ratio + 1.0 / ratio).ln() + reference.ln() - alternate.ln()
}

/// z of the Wilcoxon rank sum test, ties given their mean rank and the variance corrected for them.
pub(crate) fn rank_sum(first: &[u32], second: &[u32]) -> Option<f64> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let mut all: Vec<(u32, bool)> = first.iter().map(|&v| (v, true)).collect();
    all.extend(second.iter().map(|&v| (v, false)));
    all.sort_unstable();
    let (mut ranks, mut ties) = (0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let before = all.partition_point(|v| v.0 < group[0].0) as f64;
        let size = group.len() as f64;
        ranks += group.iter().filter(|v| v.1).count() as f64 * (before + f64::midpoint(size, 1.0));
        ties += size.powi(3) - size;
    }
    let (n, m) = (first.len() as f64, second.len() as f64);
    let total = n + m;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return Some(0.0);
    }
    Some((ranks - n * (total + 1.0) / 2.0) / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fisher_of_known_tables() {
        // Fisher's tea: p = 34/70.
        assert!((fisher_phred([3, 1, 1, 3]) - -10.0 * (34.0f64 / 70.0).log10()).abs() < 1e-9);
        assert!(fisher_phred([10, 10, 10, 10]) < 1e-9);
        assert!(fisher_phred([20, 0, 0, 20]) > 100.0);
        assert!(fisher_phred([0, 0, 0, 0]).abs() < 1e-9);
        assert!(fisher_phred([4000, 4000, 5000, 3000]).is_finite());
    }

    #[test]
    fn odds_ratio_of_balanced_reads() {
        assert!((strand_odds_ratio([9, 9, 9, 9]) - 2f64.ln()).abs() < 1e-12);
        assert!(strand_odds_ratio([10, 10, 0, 20]) > 3.0);
    }

    #[test]
    fn ranks() {
        assert_eq!(rank_sum(&[], &[1]), None);
        assert_eq!(rank_sum(&[60, 60], &[60, 60, 60]), Some(0.0));
        // By hand: ranks 4, 5 of 5; W = 9, mean 6, variance 3.
        let z = rank_sum(&[8, 9], &[1, 2, 3]).unwrap();
        assert!((z - 3.0 / 3f64.sqrt()).abs() < 1e-12);
    }
}
