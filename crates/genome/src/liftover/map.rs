//! Chains as intervals that are looked up from either side.

use std::collections::HashMap;

use super::Refusal;
use crate::{Contig, ContigKey};

/// What all stretches of a chain share: indices of its contigs, and whether it turns the strand.
pub(super) struct Head {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) reverse: bool,
}

/// A stretch without gaps: 0-based starts on the `+` strand of either side.
pub(super) struct Stretch {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) length: u32,
}

/// A stretch as one side sees it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    start: u32,
    end: u32,
    /// Largest end of this and every stretch before it: how far a look to the left must go.
    reach: u32,
    /// Lowest base on the other side.
    other: u32,
    chain: u32,
}

/// One build's side of the chains.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    contigs: Vec<Contig>,
    by_name: HashMap<String, usize>,
    by_key: HashMap<ContigKey, usize>,
    stretches: Vec<Vec<Seen>>,
}

impl Side {
    /// The index of a contig; the error is for people: a contig has one size.
    pub(super) fn contig(&mut self, name: &str, size: u32) -> Result<usize, String> {
        if let Some(&index) = self.by_name.get(name) {
            let known = self.contigs[index].length;
            if known != size {
                return Err(format!("contig {name} has {size} bases here and {known} before"));
            }
            return Ok(index);
        }
        let index = self.contigs.len();
        self.contigs.push(Contig {
            name: name.to_owned(),
            length: size,
        });
        self.by_name.insert(name.to_owned(), index);
        if let Some(key) = ContigKey::of(name) {
            self.by_key.entry(key).or_insert(index);
        }
        self.stretches.push(Vec::new());
        Ok(index)
    }

    fn resolve(&self, name: &str) -> Option<usize> {
        self.by_name
            .get(name)
            .or_else(|| self.by_key.get(&ContigKey::of(name)?))
            .copied()
    }

    fn is_primary(&self, contig: usize) -> bool {
        ContigKey::of(&self.contigs[contig].name).is_some()
    }

    fn finish(&mut self) {
        for stretches in &mut self.stretches {
            stretches.sort_by_key(|s| (s.start, s.end, s.chain));
            let mut reach = 0;
            for stretch in stretches {
                reach = reach.max(stretch.end);
                stretch.reach = reach;
            }
        }
    }

    /// Stretches that share a base with `start..end`, last first.
    fn overlapping(&self, contig: usize, start: u32, end: u32) -> impl Iterator<Item = &Seen> {
        let stretches = &self.stretches[contig];
        let before = stretches.partition_point(|s| s.start < end);
        stretches[..before]
            .iter()
            .rev()
            .take_while(move |s| s.reach > start)
            .filter(move |s| s.end > start)
    }
}

/// A chain as a whole.
#[derive(Clone, Copy, Debug)]
struct Chain {
    from: u32,
    to: u32,
    reverse: bool,
    /// Extent on the two sides, 0-based, half-open, gaps included.
    from_extent: (u32, u32),
    to_extent: (u32, u32),
    /// 1-based line of its header: its name while the file is read.
    line: u64,
}

/// The chains of a file. Made by [`super::read_chains`]; [`Chains::inverted`] turns them round.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    pub(super) from: Side,
    pub(super) to: Side,
    list: Vec<Chain>,
}

/// Where an interval stands in the new build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The contig as the chain file names it.
    pub contig: String,
    /// Number of bases that the chain file gives the contig.
    pub length: u32,
    /// 0-based first base on the `+` strand.
    pub start: u32,
    /// 0-based base after the last.
    pub end: u32,
    /// Whether the new build has the reverse complement.
    pub reverse: bool,
}

impl Chains {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn stretch(&mut self, head: &Head, line: u64, stretch: Stretch) {
        let (from, to) = (
            (stretch.from, stretch.from + stretch.length),
            (stretch.to, stretch.to + stretch.length),
        );
        match self.list.last_mut() {
            Some(chain) if chain.line == line => {
                chain.from_extent = join(chain.from_extent, from);
                chain.to_extent = join(chain.to_extent, to);
            }
            _ => self.list.push(Chain {
                from: head.from as u32,
                to: head.to as u32,
                reverse: head.reverse,
                from_extent: from,
                to_extent: to,
                line,
            }),
        }
        let chain = (self.list.len() - 1) as u32;
        for (side, contig, here, other) in [
            (&mut self.from, head.from, from, to.0),
            (&mut self.to, head.to, to, from.0),
        ] {
            side.stretches[contig].push(Seen {
                start: here.0,
                end: here.1,
                reach: 0,
                other,
                chain,
            });
        }
    }

    pub(super) fn finish(&mut self) {
        self.from.finish();
        self.to.finish();
    }

    /// The same chains from the new build to the old one.
    pub fn inverted(&self) -> Self {
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            list: self
                .list
                .iter()
                .map(|chain| Chain {
                    from: chain.to,
                    to: chain.from,
                    from_extent: chain.to_extent,
                    to_extent: chain.from_extent,
                    ..*chain
                })
                .collect(),
        }
    }

    /// Contigs of the old build, as the file names them, in the order of the file.
    pub fn contigs(&self) -> impl Iterator<Item = &Contig> {
        self.from.contigs.iter()
    }

    /// The contig of the old build that a name means: the name itself, else its primary contig (`1` finds `chr1`).
    pub fn contig(&self, name: &str) -> Option<&Contig> {
        self.from.resolve(name).map(|index| &self.from.contigs[index])
    }

    /// Where `start..end` (0-based, half-open, not empty) of a contig of the old build stands in the new one: as one
    /// stretch of one chain, and as the only place of the old build that leads there.
    ///
    /// Contigs outside the primary assembly do not make a place of a primary contig ambiguous, neither as where it leads
    /// to nor as what else leads there: an alternate haplotype is a second copy by its nature.
    pub fn map(&self, contig: &str, start: u32, end: u32) -> Result<Mapped, Refusal> {
        let from = self.from.resolve(contig).ok_or(Refusal::ContigWithoutChain)?;
        let primary = self.from.is_primary(from);
        let mut found: Vec<&Seen> = self.from.overlapping(from, start, end).collect();
        let leads_to_primary = |s: &&Seen| self.to.is_primary(self.list[s.chain as usize].to as usize);
        if primary && found.iter().any(leads_to_primary) {
            found.retain(leads_to_primary);
        }
        let stretch = match found[..] {
            [] => return Err(self.without_stretch(from, start, end)),
            [stretch] => stretch,
            [first, ..] if found.iter().any(|s| s.chain != first.chain) => return Err(Refusal::SeveralChains),
            _ => return Err(Refusal::Gap),
        };
        let chain = &self.list[stretch.chain as usize];
        if start < stretch.start || end > stretch.end {
            let inside = start >= chain.from_extent.0 && end <= chain.from_extent.1;
            return Err(if inside { Refusal::Gap } else { Refusal::Partial });
        }
        let to_start = if chain.reverse {
            stretch.other + (stretch.end - end)
        } else {
            stretch.other + (start - stretch.start)
        };
        let to_end = to_start + (end - start);
        let to = chain.to as usize;
        let also = self.to.overlapping(to, to_start, to_end).any(|other| {
            other.chain != stretch.chain
                && (!primary || self.from.is_primary(self.list[other.chain as usize].from as usize))
        });
        if also {
            return Err(Refusal::SeveralChains);
        }
        Ok(Mapped {
            contig: self.to.contigs[to].name.clone(),
            length: self.to.contigs[to].length,
            start: to_start,
            end: to_end,
            reverse: chain.reverse,
        })
    }

    /// Inside a chain's gap, or outside of every chain.
    fn without_stretch(&self, from: usize, start: u32, end: u32) -> Refusal {
        let inside = self
            .list
            .iter()
            .any(|chain| chain.from as usize == from && chain.from_extent.0 <= start && end <= chain.from_extent.1);
        if inside { Refusal::Gap } else { Refusal::Unmapped }
    }
}

fn join(a: (u32, u32), b: (u32, u32)) -> (u32, u32) {
    (a.0.min(b.0), a.1.max(b.1))
}

#[cfg(test)]
mod tests {
    use super::{super::read_chains, *};
    use crate::fs;

    fn chains(text: &str) -> Chains {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.chain");
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        read_chains(&path).unwrap()
    }

    /// chr1: 0-10 to chr1 5-15, gap of 2 in the old build, 12-20 to 15-23; 30-40 to chr2 reversed;
    /// 50-60 to the place of 12-20.
    const TEXT: &str = "\
chain 9 chr1 100 + 0 20 chr1 90 + 5 23 1
10 2 0
8

chain 8 chr1 100 + 30 40 chr2 80 - 10 20 2
10

chain 7 chr1 100 + 50 60 chr1 90 + 16 26 3
10

chain 6 chr1_alt 10 + 0 10 chr2 80 - 10 20 4
10
";

    #[test]
    fn one_stretch_of_one_chain() {
        let chains = chains(TEXT);
        let mapped = |contig, start, end| {
            chains
                .map(contig, start, end)
                .map(|m| {
                    format!(
                        "{}:{}-{}{}",
                        m.contig,
                        m.start,
                        m.end,
                        if m.reverse { "-" } else { "+" }
                    )
                })
                .map_err(Refusal::code)
        };
        for (start, end, expected) in [
            (0, 10, Ok("chr1:5-15+")),
            (3, 4, Ok("chr1:8-9+")),
            (9, 11, Err("gap")),
            (9, 13, Err("gap")),
            (10, 12, Err("gap")),
            (11, 13, Err("gap")),
            (12, 13, Ok("chr1:15-16+")),
            (13, 14, Err("several_chains")),
            (19, 21, Err("partial")),
            (19, 31, Err("several_chains")),
            (20, 30, Err("unmapped")),
            (30, 40, Ok("chr2:60-70-")),
            (30, 31, Ok("chr2:69-70-")),
            (29, 31, Err("partial")),
        ] {
            assert_eq!(mapped("chr1", start, end), expected.map(str::to_owned), "{start}-{end}");
        }
        assert_eq!(mapped("1", 0, 1), Ok("chr1:5-6+".to_owned()));
        // The primary contig leads there, too.
        assert_eq!(mapped("chr1_alt", 0, 1), Err("several_chains"));
        assert_eq!(mapped("chr9", 0, 1), Err("contig_without_chain"));
    }

    #[test]
    fn the_other_way_round() {
        let back = chains(TEXT).inverted();
        let mapped = |contig, start, end| {
            back.map(contig, start, end)
                .map(|m| (m.contig, m.start, m.end, m.reverse))
        };
        assert_eq!(mapped("chr1", 5, 15), Ok(("chr1".to_owned(), 0, 10, false)));
        assert_eq!(mapped("chr1", 14, 16), Err(Refusal::Gap));
        assert_eq!(mapped("chr1", 17, 18), Err(Refusal::SeveralChains));
        assert_eq!(mapped("chr1", 25, 26), Ok(("chr1".to_owned(), 59, 60, false)));
        // Both chr1 and chr1_alt lead here; the primary contig counts.
        assert_eq!(mapped("chr2", 60, 61), Ok(("chr1".to_owned(), 39, 40, true)));
    }
}
