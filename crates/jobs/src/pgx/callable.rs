//! A BED file of callable regions, without a reference beside it.

use std::{collections::BTreeMap, io::BufRead, path::Path};

use clinotype_genome::{ContigKey, Fault, Result, fs};

/// Regions by contig, sorted, without overlaps: 0-based, half-open.
pub(super) struct Regions(BTreeMap<ContigKey, Vec<(u32, u32)>>);

impl Regions {
    /// Reads a BED file; lines on contigs outside the primary assembly are passed over.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let mut all: BTreeMap<ContigKey, Vec<(u32, u32)>> = BTreeMap::new();
        for (index, line) in fs::open_text(path)?.lines().enumerate() {
            let number = index as u64 + 1;
            let line = line.map_err(|e| Fault::io("read", path, e).line(number))?;
            let line = line.trim_end();
            if line.is_empty() || ["#", "track", "browser"].iter().any(|s| line.starts_with(s)) {
                continue;
            }
            let fields: Vec<&str> = line.split_whitespace().collect();
            let wrong = |what: &str| Fault::input(what).at(path).line(number);
            let [contig, start, end, ..] = fields[..] else {
                return Err(wrong("a BED line needs contig, start and end"));
            };
            let (Ok(start), Ok(end)) = (start.parse::<u32>(), end.parse::<u32>()) else {
                return Err(wrong("start or end is not a whole number"));
            };
            if start >= end {
                return Err(wrong("start is not before end"));
            }
            if let Some(key) = ContigKey::of(contig) {
                all.entry(key).or_default().push((start, end));
            }
        }
        if all.is_empty() {
            return Err(Fault::input("the BED file has no region on a primary chromosome").at(path));
        }
        for list in all.values_mut() {
            list.sort_unstable();
            let mut merged: Vec<(u32, u32)> = Vec::new();
            for (start, end) in list.drain(..) {
                match merged.last_mut() {
                    Some(last) if start <= last.1 => last.1 = last.1.max(end),
                    _ => merged.push((start, end)),
                }
            }
            *list = merged;
        }
        Ok(Self(all))
    }

    /// The region that covers `bases` bases from the 1-based `position` on, in words.
    pub(super) fn covering(&self, contig: &ContigKey, position: u32, bases: u32) -> Option<String> {
        let list = self.0.get(contig)?;
        let at = list.partition_point(|(start, _)| *start < position);
        let (start, end) = *list.get(at.checked_sub(1)?)?;
        (start < position && position + bases - 1 <= end).then(|| format!("region {}-{end}", start + 1))
    }
}
