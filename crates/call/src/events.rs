//! The variants that an alignment holds, left-aligned, as VCF writes them.

use crate::reads::Op;

/// One variant against the reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Event {
    /// 0-based position of the first base of `reference`.
    pub(crate) position: u32,
    /// Reference bases; indels have one base before them.
    pub(crate) reference: Vec<u8>,
    /// The bases in their place.
    pub(crate) alternate: Vec<u8>,
}

impl Event {
    /// 0-based base after the reference allele.
    pub(crate) fn end(&self) -> u32 {
        self.position + self.reference.len() as u32
    }
    /// Whether the two alleles differ in length.
    pub(crate) fn is_indel(&self) -> bool {
        self.reference.len() != self.alternate.len()
    }
}

/// The variants of `sequence` aligned to `reference` by `ops`. The reference begins at `start`; `from` is the offset
/// in it at which the alignment begins. Substitutions are told base by base; a gap moves left as far as the aligned
/// bases on its left are equal. Bases other than A, C, G, T make no variant.
pub(crate) fn of_alignment(
    start: u32,
    reference: &[u8],
    from: usize,
    sequence: &[u8],
    ops: impl IntoIterator<Item = (Op, u32)>,
) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let (mut r, mut s) = (from, 0usize);
    // Bases aligned one to one directly before the current operation.
    let mut run = 0usize;
    for (op, length) in ops {
        let n = length as usize;
        match op {
            Op::Match => {
                for i in 0..n.min(reference.len().saturating_sub(r)) {
                    let (a, b) = (reference[r + i], sequence[s + i]);
                    if a != b && a != b'N' && b != b'N' {
                        events.push(Event {
                            position: start + (r + i) as u32,
                            reference: vec![a],
                            alternate: vec![b],
                        });
                    }
                }
                r += n;
                s += n;
                run = n;
            }
            Op::Insert | Op::Delete => {
                let mut shift = 0;
                // One base must stay on the left to anchor the gap.
                while shift < run
                    && r - shift > 1
                    && s - shift > 1
                    && reference[r - shift - 1] == sequence[s - shift - 1]
                {
                    let (before, last) = if op == Op::Insert {
                        (sequence[s - shift - 1], sequence[s + n - shift - 1])
                    } else {
                        if r + n > reference.len() {
                            break;
                        }
                        (reference[r - shift - 1], reference[r + n - shift - 1])
                    };
                    if before != last {
                        break;
                    }
                    shift += 1;
                }
                let (at, of) = (r - shift, s - shift);
                let whole = if op == Op::Insert {
                    at <= reference.len()
                } else {
                    at + n <= reference.len()
                };
                if at > 0 && of > 0 && run > 0 && whole {
                    let (taken, put) = if op == Op::Insert { (0, n) } else { (n, 0) };
                    let event = Event {
                        position: start + at as u32 - 1,
                        reference: reference[at - 1..at + taken].to_vec(),
                        alternate: sequence[of - 1..of + put].to_vec(),
                    };
                    // A substitution of the base before the gap is told together with it.
                    if events
                        .last()
                        .is_some_and(|e| e.position == event.position && !e.is_indel())
                    {
                        events.pop();
                    }
                    if !event.reference.contains(&b'N') && !event.alternate.contains(&b'N') {
                        events.push(event);
                    }
                }
                if op == Op::Insert {
                    s += n;
                } else {
                    r += n;
                }
                run = 0;
            }
            Op::Clip => {
                s += n;
                run = 0;
            }
            Op::Skip => {
                r += n;
                run = 0;
            }
        }
    }
    events.sort();
    events
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::align;

    fn told(reference: &str, haplotype: &str) -> Vec<String> {
        let ops = align::global(reference.as_bytes(), haplotype.as_bytes());
        of_alignment(0, reference.as_bytes(), 0, haplotype.as_bytes(), ops)
            .iter()
            .map(|e| {
                format!(
                    "{}{}>{}",
                    e.position,
                    String::from_utf8_lossy(&e.reference),
                    String::from_utf8_lossy(&e.alternate)
                )
            })
            .collect()
    }

    #[test]
    fn table() {
        for (reference, haplotype, expected) in [
            ("ACGTACGT", "ACGTACGT", vec![]),
            ("ACGTACGT", "ACTTACGT", vec!["2G>T"]),
            ("ACAAAAGT", "ACAAAGT", vec!["1CA>C"]),
            ("ACAAAAGT", "ACAAAAAGT", vec!["1C>CA"]),
            ("GGCACACACAGG", "GGCACACAGG", vec!["1GCA>G"]),
            ("ACNTACGT", "ACTTACGT", vec![]),
        ] {
            assert_eq!(told(reference, haplotype), expected, "{haplotype}");
        }
    }

    proptest! {
        /// The events applied to the reference give the haplotype back.
        #[test]
        fn rebuilds_the_haplotype(reference in "A[ACG]{8,40}T", haplotype in "A[ACG]{8,40}T") {
            let ops = align::global(reference.as_bytes(), haplotype.as_bytes());
            let gaps_apart = ops.windows(2).all(|w| w[0].0 == Op::Match || w[1].0 == Op::Match);
            prop_assume!(gaps_apart);
            let events = of_alignment(0, reference.as_bytes(), 0, haplotype.as_bytes(), ops);
            let (mut out, mut at) = (Vec::<u8>::new(), 0usize);
            for event in events {
                prop_assert!(event.position as usize >= at, "{event:?}");
                out.extend(&reference.as_bytes()[at..event.position as usize]);
                out.extend(&event.alternate);
                at = event.end() as usize;
            }
            out.extend(&reference.as_bytes()[at..]);
            prop_assert_eq!(out, haplotype.as_bytes());
        }
    }
}
