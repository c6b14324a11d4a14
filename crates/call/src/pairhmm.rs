//! How likely a read is, given a haplotype: the pair hidden Markov model of Durbin 1998, chapter 4, with per-base
//! qualities and gaps that open more easily in repeats.
//!
//! The read is consumed whole, the haplotype's ends are free. States: match, insertion (a read base without a
//! haplotype base), deletion. Cells are computed along anti-diagonals, on which no cell needs another, so that the
//! compiler can use vector instructions; numbers are scaled `f32`, and a read too unlikely for that is done again in
//! `f64`.

use crate::{
    phred,
    slippage::{GAP_EXTENSION, Opening},
};

/// A number the model can be computed in.
trait Float:
    Copy + PartialOrd + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> + std::ops::Sub<Output = Self>
{
    const ZERO: Self;
    /// Every path begins with this weight, so that products stay in range.
    const SCALE: f64;
    /// Cells below this are nothing; above it no product of theirs is subnormal, which would be slow.
    const FLOOR: Self;
    /// Sums below this have lost too many paths to the floor.
    const TRUSTED: f64;
    fn of(x: f64) -> Self;
    fn into(self) -> f64;
}

impl Float for f32 {
    const ZERO: Self = 0.0;
    const SCALE: f64 = 1e30;
    const FLOOR: Self = 1e-26;
    const TRUSTED: f64 = 1e-18;
    fn of(x: f64) -> Self {
        x as Self
    }
    fn into(self) -> f64 {
        f64::from(self)
    }
}

impl Float for f64 {
    const ZERO: Self = 0.0;
    const SCALE: f64 = 1e290;
    const FLOOR: Self = 1e-280;
    const TRUSTED: f64 = 0.0;
    fn of(x: f64) -> Self {
        x
    }
    fn into(self) -> f64 {
        self
    }
}

/// Diagonals beyond those that join the corners of read and haplotype: a path may hold so many more bases in gaps.
const BAND: usize = 12;

/// Rows of the model in one kind of number: three anti-diagonals of each state.
#[derive(Default)]
struct Rows<T> {
    matched: [Vec<T>; 3],
    inserted: [Vec<T>; 3],
    deleted: [Vec<T>; 3],
    same: Vec<T>,
    other: Vec<T>,
    insert: Vec<T>,
    delete: Vec<T>,
    stay: Vec<T>,
    /// Bases as wide as the numbers, so that comparing them fills the same vector lanes.
    read: Vec<u32>,
    /// The haplotype, last base first.
    turned: Vec<u32>,
}

/// Buffers that are used again from read to read.
#[derive(Default)]
pub(crate) struct PairHmm {
    single: Rows<f32>,
    double: Rows<f64>,
}

impl PairHmm {
    /// log10 likelihood of the read. `open` are the chances of opening a gap at each haplotype base
    /// ([`crate::slippage::Slippage::gap_open`]). Empty sequences and reads beyond `f64` are negative infinity.
    pub(crate) fn log10_likelihood(
        &mut self,
        read: &[u8],
        qualities: &[u8],
        haplotype: &[u8],
        open: Opening<'_>,
    ) -> f64 {
        if read.is_empty() || haplotype.is_empty() {
            return f64::NEG_INFINITY;
        }
        forward(&mut self.single, read, qualities, haplotype, open)
            .or_else(|| forward(&mut self.double, read, qualities, haplotype, open))
            .unwrap_or(f64::NEG_INFINITY)
    }
}

fn forward<T: Float>(
    rows: &mut Rows<T>,
    read: &[u8],
    qualities: &[u8],
    haplotype: &[u8],
    open: Opening<'_>,
) -> Option<f64> {
    let (n, m) = (read.len(), haplotype.len());
    for state in [&mut rows.matched, &mut rows.inserted, &mut rows.deleted] {
        for diagonal in state {
            diagonal.clear();
            diagonal.resize(n + 1, T::ZERO);
        }
    }
    // Row 0: the read may begin at any base of the haplotype.
    let begin = T::of(T::SCALE * (1.0 / (1.0 - GAP_EXTENSION)));
    for diagonal in &mut rows.deleted {
        diagonal[0] = begin;
    }
    rows.read.clear();
    rows.read.extend(read.iter().map(|&b| u32::from(b)));
    rows.turned.clear();
    rows.turned.extend(haplotype.iter().rev().map(|&b| u32::from(b)));
    let errors = phred::errors();
    rows.same.clear();
    rows.other.clear();
    for &quality in qualities {
        let e = errors[usize::from(quality)];
        rows.same.push(T::of(1.0 - e));
        rows.other.push(T::of(e / 3.0));
    }
    rows.insert.clear();
    rows.insert.extend(open.insert.iter().rev().map(|&o| T::of(o)));
    rows.delete.clear();
    rows.delete.extend(open.delete.iter().rev().map(|&o| T::of(o)));
    rows.stay.clear();
    let both = open.insert.iter().zip(open.delete).rev();
    rows.stay.extend(both.map(|(i, d)| T::of(1.0 - i - d)));
    let (extend, close) = (T::of(GAP_EXTENSION), T::of(1.0 - GAP_EXTENSION));
    let floor = T::FLOOR;
    let keep = |x: T| if x < floor { T::ZERO } else { x };
    let mut total = T::ZERO;
    for d in 2..=n + m {
        // Cell (i, j) of diagonal d = i + j; j - 1 is base m - j of the turned haplotype.
        // Of these, the band of j - i around the paths from corner to corner.
        let low = d
            .saturating_sub(m)
            .max(1)
            .max(d.saturating_sub(m.saturating_sub(n) + BAND).div_ceil(2));
        let high = n.min(d - 1).min((d + n.saturating_sub(m) + BAND) / 2);
        let (now, last, before) = (d % 3, (d + 2) % 3, (d + 1) % 3);
        let count = high + 1 - low;
        let shift = m + low - d;
        let [m_now, m_last, m_before] = pick(&mut rows.matched, now, last, before);
        let [i_now, i_last, i_before] = pick(&mut rows.inserted, now, last, before);
        let [d_now, d_last, d_before] = pick(&mut rows.deleted, now, last, before);
        // The neighbours of the band hold old numbers; row 0 keeps its own.
        for state in [&mut *m_now, &mut *i_now, &mut *d_now] {
            if low > 1 {
                state[low - 1] = T::ZERO;
            }
            if high < n {
                state[high + 1] = T::ZERO;
            }
        }
        let m_now = &mut m_now[low..][..count];
        let i_now = &mut i_now[low..][..count];
        let d_now = &mut d_now[low..][..count];
        let m_left = &m_last[low..][..count];
        let m_up = &m_last[low - 1..][..count];
        let i_up = &i_last[low - 1..][..count];
        let d_left = &d_last[low..][..count];
        let m_corner = &m_before[low - 1..][..count];
        let i_corner = &i_before[low - 1..][..count];
        let d_corner = &d_before[low - 1..][..count];
        let bases = &rows.read[low - 1..][..count];
        let same = &rows.same[low - 1..][..count];
        let other = &rows.other[low - 1..][..count];
        let beside = &rows.turned[shift..][..count];
        let insert = &rows.insert[shift..][..count];
        let delete = &rows.delete[shift..][..count];
        let stay = &rows.stay[shift..][..count];
        for c in 0..count {
            let emission = if bases[c] == beside[c] { same[c] } else { other[c] };
            m_now[c] = keep(emission * (stay[c] * m_corner[c] + close * (i_corner[c] + d_corner[c])));
            i_now[c] = keep(insert[c] * m_up[c] + extend * i_up[c]);
            d_now[c] = keep(delete[c] * m_left[c] + extend * d_left[c]);
        }
        if high == n {
            total = total + m_now[count - 1] + i_now[count - 1];
        }
    }
    let total = total.into();
    (total > T::TRUSTED && total.is_finite()).then(|| (total / T::SCALE).log10())
}

/// Splits the three diagonals: the one to write, and the two to read.
fn pick<T>(state: &mut [Vec<T>; 3], now: usize, last: usize, before: usize) -> [&mut [T]; 3] {
    let [a, b, c] = state;
    let mut all = [Some(a.as_mut_slice()), Some(b.as_mut_slice()), Some(c.as_mut_slice())];
    [now, last, before].map(|at| all[at].take().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::slippage::GapOpen;

    /// Walks every path of the model one by one.
    fn brute(read: &[u8], qualities: &[u8], haplotype: &[u8], open: Opening<'_>) -> f64 {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            Match,
            Insert,
            Delete,
        }
        #[allow(clippy::too_many_arguments)]
        fn walk(
            i: usize,
            j: usize,
            state: State,
            weight: f64,
            read: &[u8],
            qualities: &[u8],
            haplotype: &[u8],
            open: Opening<'_>,
        ) -> f64 {
            let mut sum = if i == read.len() && state != State::Delete {
                weight
            } else {
                0.0
            };
            if i < read.len() && j < haplotype.len() {
                let e = phred::error(qualities[i]);
                let emission = if read[i] == haplotype[j] { 1.0 - e } else { e / 3.0 };
                let step = if state == State::Match {
                    1.0 - open.insert[j] - open.delete[j]
                } else {
                    1.0 - GAP_EXTENSION
                };
                sum += walk(
                    i + 1,
                    j + 1,
                    State::Match,
                    weight * emission * step,
                    read,
                    qualities,
                    haplotype,
                    open,
                );
            }
            // A gap opens at the haplotype base it stands after (insertion) or takes (deletion).
            if i < read.len() && state != State::Delete {
                let step = if state == State::Match {
                    open.insert[j - 1]
                } else {
                    GAP_EXTENSION
                };
                sum += walk(i + 1, j, State::Insert, weight * step, read, qualities, haplotype, open);
            }
            if j < haplotype.len() && state != State::Insert {
                let step = if state == State::Match {
                    open.delete[j]
                } else {
                    GAP_EXTENSION
                };
                sum += walk(i, j + 1, State::Delete, weight * step, read, qualities, haplotype, open);
            }
            sum
        }
        let mut total = 0.0;
        for begin in 0..haplotype.len() {
            let e = phred::error(qualities[0]);
            let emission = if read[0] == haplotype[begin] { 1.0 - e } else { e / 3.0 };
            total += walk(1, begin + 1, State::Match, emission, read, qualities, haplotype, open);
        }
        total.log10()
    }

    proptest! {
        #[test]
        fn equals_the_sum_over_all_paths(
            read in proptest::collection::vec(prop::sample::select(b"ACGT".to_vec()), 1..6),
            haplotype in proptest::collection::vec(prop::sample::select(b"ACGT".to_vec()), 1..7),
            seed in 0u8..40,
        ) {
            let qualities: Vec<u8> = (0..read.len()).map(|i| (seed + 7 * i as u8) % 41).collect();
            let insert: Vec<f64> = (0..haplotype.len()).map(|i| 1e-4 * (1 + i) as f64).collect();
            let delete: Vec<f64> = insert.iter().map(|o| 3e-3 - o).collect();
            let open = Opening { insert: &insert, delete: &delete };
            let expected = brute(&read, &qualities, &haplotype, open);
            let got = PairHmm::default().log10_likelihood(&read, &qualities, &haplotype, open);
            prop_assert!((got - expected).abs() < 1e-4, "{got} {expected}");
        }
    }

    #[test]
    fn unlikely_reads_fall_back_to_f64() {
        let read = [b'A'; 60];
        let haplotype = [b'C'; 80];
        let open = GapOpen::flat(1e-5, 80);
        let got = PairHmm::default().log10_likelihood(&read, &[30; 60], &haplotype, open.whole());
        // Nothing agrees: gaps at phred 10 are cheaper than mismatches at 3.5 each, as far as the band lets them.
        assert!(got < -60.0 && got > -60.0 * 3.5, "{got}");
    }

    #[test]
    fn a_slip_is_cheaper_in_a_repeat() {
        let haplotype = b"GATCGGATTTTTTTTTTCAGGCTA";
        let read = b"GATCGGATTTTTTTTTCAGGCTA";
        let slip = crate::slippage::Slippage::default();
        let open = slip.gap_open(haplotype, &crate::repeats::tracts(haplotype));
        let flat = GapOpen::flat(1.45e-5, haplotype.len());
        let mut hmm = PairHmm::default();
        let in_repeat = hmm.log10_likelihood(read, &[37; 23], haplotype, open.whole());
        let elsewhere = hmm.log10_likelihood(read, &[37; 23], haplotype, flat.whole());
        assert!(in_repeat > elsewhere + 0.5, "{in_repeat} {elsewhere}");
        // Half of the table's rate, for a deletion.
        assert!((in_repeat - (1.4e-3f64 / 2.0).log10()).abs() < 0.2, "{in_repeat}");
    }

    #[test]
    fn nothing_is_impossible() {
        let mut hmm = PairHmm::default();
        assert_eq!(
            hmm.log10_likelihood(b"", &[], b"ACGT", GapOpen::flat(1e-5, 4).whole()),
            f64::NEG_INFINITY
        );
        let n = hmm.log10_likelihood(b"NNNN", &[0; 4], b"ACGT", GapOpen::flat(1e-5, 4).whole());
        assert!(n.is_finite());
    }
}
