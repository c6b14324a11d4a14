//! The run cut into windows: fixed by the reference, the targets and the alignment index alone, never by threads.

use clinotype_genome::{Contig, Fault, Interval, Result};

use crate::alignments::Alignments;

/// Windows begin at multiples of this.
const GRID: u32 = 1 << 17;
/// Windows whose reads take more compressed bytes than this are halved,
const MAX_BYTES: u64 = 8 << 20;
/// but not below this many bases.
const MIN_WINDOW: u32 = 1 << 12;

/// A window of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// The contig's number in the reference.
    pub(crate) contig: usize,
    /// Where to call, 0-based, half-open, sorted.
    pub(crate) spans: Vec<(u32, u32)>,
    /// Whether the alignment index knows of reads here.
    pub(crate) has_reads: bool,
}

/// The stretches to call on each contig: the targets with padding, or all of it.
pub(crate) fn spans(contigs: &[Contig], targets: Option<&[Interval]>, padding: u32) -> Result<Vec<Vec<(u32, u32)>>> {
    let Some(targets) = targets else {
        return Ok(contigs.iter().map(|c| vec![(0, c.length)]).collect());
    };
    let mut spans: Vec<Vec<(u32, u32)>> = vec![Vec::new(); contigs.len()];
    let mut last = 0;
    for target in targets {
        // Sorted targets ask for the same contig again and again.
        let same = contigs
            .get(last)
            .is_some_and(|c| c.name == target.contig)
            .then_some(last);
        let Some(at) = same.or_else(|| contigs.iter().position(|c| c.name == target.contig)) else {
            return Err(Fault::input(format!(
                "target {target} lies on a contig that the reference does not have"
            ))
            .hint("use targets of the same genome build"));
        };
        last = at;
        let start = target.start.saturating_sub(padding);
        let end = target.end.saturating_add(padding).min(contigs[at].length);
        if start < end {
            spans[at].push((start, end));
        }
    }
    for list in &mut spans {
        list.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(list.len());
        for &(start, end) in list.iter() {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        *list = merged;
    }
    Ok(spans)
}

/// The windows of the run in the order of the reference. Neighbours without reads are one window.
pub(crate) fn shards(contigs: &[Contig], spans: &[Vec<(u32, u32)>], alignments: &Alignments) -> Result<Vec<Shard>> {
    let mut shards = Vec::new();
    for (contig, spans) in spans.iter().enumerate() {
        let length = contigs.get(contig).map_or(0, |c| c.length);
        let mut start = 0;
        while start < length {
            let end = start.saturating_add(GRID).min(length);
            window(contig, start, end, spans, alignments, &mut shards)?;
            start = end;
        }
    }
    Ok(shards)
}

fn window(
    contig: usize,
    start: u32,
    end: u32,
    spans: &[(u32, u32)],
    alignments: &Alignments,
    shards: &mut Vec<Shard>,
) -> Result<()> {
    let inside: Vec<(u32, u32)> = spans[spans.partition_point(|s| s.1 <= start)..]
        .iter()
        .take_while(|s| s.0 < end)
        .map(|s| (s.0.max(start), s.1.min(end)))
        .collect();
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
        return Ok(());
    };
    let bytes = alignments.bytes(contig, first.0, last.1)?;
    if bytes > MAX_BYTES && end - start > MIN_WINDOW {
        let middle = start + (end - start) / 2;
        window(contig, start, middle, spans, alignments, shards)?;
        return window(contig, middle, end, spans, alignments, shards);
    }
    match shards.last_mut() {
        Some(before) if bytes == 0 && !before.has_reads && before.contig == contig => before.spans.extend(inside),
        _ => shards.push(Shard {
            contig,
            spans: inside,
            has_reads: bytes > 0,
        }),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_padded_and_merged() {
        let contigs = [
            Contig {
                name: "1".into(),
                length: 1000,
            },
            Contig {
                name: "2".into(),
                length: 500,
            },
        ];
        let targets = [
            Interval::new("1", 50, 60),
            Interval::new("1", 250, 300),
            Interval::new("2", 450, 500),
        ];
        assert_eq!(
            spans(&contigs, Some(&targets), 100).unwrap(),
            [vec![(0, 400)], vec![(350, 500)]]
        );
        assert_eq!(spans(&contigs, None, 100).unwrap(), [vec![(0, 1000)], vec![(0, 500)]]);
        assert!(spans(&contigs, Some(&[Interval::new("3", 1, 2)]), 0).is_err());
    }
}
