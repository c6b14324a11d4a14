//! Bases by their depth.

/// Depths from here on stand in one row.
const DEEPEST: usize = 1_000;

/// Bases by depth, and the sums that do not come from a cut-off row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Histogram {
    pub(super) bases: u64,
    pub(super) sum: u64,
    pub(super) lowest: Option<u32>,
    /// Index: reads, at most [`DEEPEST`].
    pub(super) depths: Vec<u64>,
    /// Bases that reach the laboratory's threshold, which may lie beyond the last row.
    reaching: u64,
}

impl Histogram {
    pub(super) fn of(depths: &[u32], threshold: u32) -> Self {
        let mut made = Self::default();
        for &depth in depths {
            made.bases += 1;
            made.sum += u64::from(depth);
            made.reaching += u64::from(depth >= threshold);
            let row = (depth as usize).min(DEEPEST);
            if made.depths.len() <= row {
                made.depths.resize(row + 1, 0);
            }
            made.depths[row] += 1;
        }
        made.lowest = depths.iter().copied().min();
        made
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.bases += other.bases;
        self.sum += other.sum;
        self.reaching += other.reaching;
        self.lowest = [self.lowest, other.lowest].into_iter().flatten().min();
        self.depths.resize(self.depths.len().max(other.depths.len()), 0);
        for (mine, theirs) in self.depths.iter_mut().zip(&other.depths) {
            *mine += theirs;
        }
    }

    pub(super) fn mean(&self) -> Option<f64> {
        (self.bases > 0).then(|| self.sum as f64 / self.bases as f64)
    }

    /// Share of bases with at least so many reads; at most [`DEEPEST`] can be asked for.
    pub(super) fn at_least(&self, reads: usize) -> Option<f64> {
        let reached: u64 = self.depths.get(reads..).unwrap_or_default().iter().sum();
        (self.bases > 0).then(|| reached as f64 / self.bases as f64)
    }

    /// Share of bases that reach the threshold.
    pub(super) fn at_threshold(&self) -> Option<f64> {
        (self.bases > 0).then(|| self.reaching as f64 / self.bases as f64)
    }

    /// Whether there is a base, and every one reaches the threshold.
    pub(super) fn is_complete(&self) -> bool {
        self.bases > 0 && self.reaching == self.bases
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_parts_are_the_whole() {
        let depths = [0, 9, 10, 20, 29, 30, 1500];
        let whole = Histogram::of(&depths, 1200);
        let mut parts = Histogram::of(&depths[..3], 1200);
        parts.join(&Histogram::of(&depths[3..], 1200));
        assert_eq!(parts, whole);
        let share = |n: f64| Some(n / 7.0);
        assert_eq!(
            [
                whole.at_least(10),
                whole.at_least(20),
                whole.at_least(30),
                whole.at_threshold()
            ],
            [share(5.0), share(4.0), share(2.0), share(1.0)]
        );
        assert_eq!((whole.mean(), whole.lowest), (Some(1598.0 / 7.0), Some(0)));
        assert_eq!(whole.depths.len(), DEEPEST + 1);
        assert!(!whole.is_complete() && Histogram::of(&[20, 21], 20).is_complete());
        let none = Histogram::default();
        assert_eq!(
            (none.mean(), none.at_least(10), none.is_complete()),
            (None, None, false)
        );
    }
}
