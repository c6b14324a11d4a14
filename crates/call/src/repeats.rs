//! Short tandem repeats of a sequence: units of 1 to 6 bases.

/// A stretch of one repeated unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tract {
    /// 0-based first base.
    pub(crate) start: u32,
    /// 0-based base after the last.
    pub(crate) end: u32,
    /// Length of the unit in bases.
    pub(crate) unit: u32,
}

impl Tract {
    /// Its length in bases.
    pub(crate) const fn len(&self) -> u32 {
        self.end - self.start
    }
}

/// Longest unit looked for.
const LONGEST_UNIT: usize = 6;

/// All maximal tracts: homopolymers of 2 bases or more, other units of 3 copies or more. A run of one base is not
/// also told as a repeat of longer units. Sorted by start.
pub(crate) fn tracts(bases: &[u8]) -> Vec<Tract> {
    let mut found: Vec<Tract> = Vec::new();
    for unit in 1..=LONGEST_UNIT {
        let mut at = unit;
        while at < bases.len() {
            let begin = at;
            while at < bases.len() && bases[at] == bases[at - unit] && bases[at] != b'N' {
                at += 1;
            }
            let length = at - begin + unit;
            let wanted = if unit == 1 { 2 } else { 3 * unit };
            let start = begin - unit;
            if at > begin && length >= wanted && is_primitive(&bases[start..start + unit]) {
                found.push(Tract {
                    start: start as u32,
                    end: at as u32,
                    unit: unit as u32,
                });
            }
            at = at.max(begin) + 1;
        }
    }
    found.sort_by_key(|t| (t.start, t.unit));
    found
}

/// Whether a unit is not itself a repeat of a shorter one.
fn is_primitive(unit: &[u8]) -> bool {
    (1..unit.len())
        .filter(|shorter| unit.len().is_multiple_of(*shorter))
        .all(|shorter| (shorter..unit.len()).any(|i| unit[i] != unit[i - shorter]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracts_of_sequences() {
        let of = |s: &str| -> Vec<(u32, u32, u32)> {
            tracts(s.as_bytes()).iter().map(|t| (t.start, t.end, t.unit)).collect()
        };
        assert_eq!(of("ACGT"), []);
        assert_eq!(of("CAAAAC"), [(1, 5, 1)]);
        assert_eq!(of("TCACACACG"), [(1, 8, 2)]);
        assert_eq!(of("GATTATTATTC"), [(1, 10, 3), (2, 4, 1), (5, 7, 1), (8, 10, 1)]);
        assert_eq!(of("NNNNNNN"), []);
        assert_eq!(of("A"), []);
        assert_eq!(of(""), []);
    }
}
