//! One record from the old build to the new one.

use super::{
    Chains, Mapped, Refusal,
    allele::{normalise, window},
    bases::Bases,
};
use crate::{Build, ContigKey, Pos, Reference, Result, build::RCRS_LENGTH, sequence::reverse_complement};

/// A record in the new build, left-aligned and trimmed. The alleles keep their order, and with it the meaning of genotypes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifted {
    /// The contig as the new reference names it.
    pub contig: String,
    /// 1-based position of the first base of `reference`.
    pub position: Pos,
    /// REF.
    pub reference: String,
    /// Every ALT, in the order of the old record.
    pub alternates: Vec<String>,
    /// Whether the new build has the reverse complement.
    pub reverse: bool,
}

/// Lifts records from one reference to another. Sorted records are fastest.
#[derive(Debug)]
pub struct Lifter {
    chains: Chains,
    from: Bases,
    to: Bases,
    /// Whether both references hold the same mitochondrial sequence of 16,569 bases: the rCRS needs no chain.
    same_mitochondrion: bool,
    /// The new build, where its reference's lengths prove it.
    to_build: Option<Build>,
}

impl Lifter {
    /// `chains` must lead from `from` to `to`.
    pub fn new(chains: Chains, from: Reference, to: Reference) -> Result<Self> {
        let same_mitochondrion = match [&from, &to].map(mitochondrion) {
            [Some(a), Some(b)] => from.letters(&a, 0, RCRS_LENGTH)? == to.letters(&b, 0, RCRS_LENGTH)?,
            _ => false,
        };
        let contigs: Vec<(&str, u32)> = to.contigs().iter().map(|c| (&*c.name, c.length)).collect();
        let to_build = Build::of_contigs(contigs);
        Ok(Self {
            chains,
            to_build,
            from: Bases::new(from),
            to: Bases::new(to),
            same_mitochondrion,
        })
    }

    /// The old build's reference.
    pub fn from(&self) -> &Reference {
        self.from.reference()
    }

    /// The new build's reference.
    pub fn to(&self) -> &Reference {
        self.to.reference()
    }

    /// Lifts a record: contig by any of its names, 1-based position, REF, every ALT as VCF writes it.
    ///
    /// `*` and the `<*>` or `<NON_REF>` of a gVCF come along where a sequence stands beside them; a single `.` (no
    /// alternate allele was seen) comes along where REF holds. The outer result is a fault of the files, the inner one
    /// the refusal.
    pub fn lift(
        &mut self,
        contig: &str,
        position: u32,
        reference: &str,
        alternates: &[&str],
    ) -> Result<Result<Lifted, Refusal>> {
        let mut alleles = vec![reference.to_ascii_uppercase().into_bytes()];
        let mut sequences = Vec::new();
        for (index, alternate) in alternates.iter().enumerate() {
            match *alternate {
                "." if alternates.len() == 1 => {}
                "*" | "<*>" | "<NON_REF>" => {}
                text if text.bytes().any(|b| matches!(b, b'<' | b'[' | b']' | b'.' | b'*')) || text.is_empty() => {
                    return Ok(Err(Refusal::NotASmallVariant));
                }
                text => {
                    sequences.push(index);
                    alleles.push(text.to_ascii_uppercase().into_bytes());
                }
            }
        }
        if alternates.is_empty() || (sequences.is_empty() && alternates != ["."]) {
            return Ok(Err(Refusal::NotASmallVariant));
        }
        let is_base = |b: &u8| matches!(b, b'A' | b'C' | b'G' | b'T');
        if !alleles.iter().all(|a| !a.is_empty() && a.iter().all(is_base)) {
            return Ok(Err(Refusal::NotBases));
        }
        let spanning = alternates.contains(&"*");
        let (contig, position, reverse) = match self.place(contig, position, &mut alleles, spanning)? {
            Ok(placed) => placed,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut texts = alleles
            .into_iter()
            .map(|a| a.into_iter().map(char::from).collect::<String>());
        let reference = texts.next().unwrap_or_default();
        let mut new: Vec<String> = alternates.iter().map(|a| (*a).to_owned()).collect();
        for (index, text) in sequences.into_iter().zip(texts) {
            new[index] = text;
        }
        Ok(Ok(Lifted {
            contig,
            position: Pos::from_zero_based(position),
            reference,
            alternates: new,
            reverse,
        }))
    }

    /// Puts the alleles (REF first) on the new build: contig, 0-based start, strand.
    fn place(
        &mut self,
        contig: &str,
        position: u32,
        alleles: &mut [Vec<u8>],
        spanning: bool,
    ) -> Result<Result<(String, u32, bool), Refusal>> {
        let Some(found) = self.from().contigs().resolve(contig).cloned() else {
            return Ok(Err(Refusal::ContigWithoutChain));
        };
        let (name, length) = (found.name, found.length);
        let spans = alleles[0].len() as u32;
        let Some(at) = position
            .checked_sub(1)
            .filter(|at| u64::from(*at) + u64::from(spans) <= u64::from(length))
        else {
            return Ok(Err(Refusal::OutsideContig));
        };
        if self.from.get(&name, at, at + spans)? != &alleles[0][..] {
            return Ok(Err(Refusal::RefNotInSource));
        }
        let mut span = (at, at + spans);
        for alternate in &alleles[1..] {
            let (start, end) = window(&mut self.from, &name, at, &alleles[0], alternate)?;
            span = (span.0.min(start), span.1.max(end));
        }
        let mapped = match self.map(&name, length, span) {
            Ok(mapped) => mapped,
            Err(Refusal::Gap) => return self.gap(&name, length, span, at, alleles).map(Err),
            Err(reason) => return Ok(Err(reason)),
        };
        let Some(target) = self.target(&mapped) else {
            return Ok(Err(Refusal::ContigNotInTarget));
        };
        let old = self.from.get(&name, span.0, span.1)?.to_vec();
        let new = self.stranded(&target, mapped.start, mapped.end, mapped.reverse)?;
        if old != new {
            return Ok(Err(swapped(&old, &new, at - span.0, alleles)));
        }
        let mut start = if mapped.reverse {
            for allele in &mut *alleles {
                *allele = reverse_complement(allele);
            }
            mapped.start + (span.1 - (at + spans))
        } else {
            mapped.start + (at - span.0)
        };
        // `*` says that a deletion which began before spans this very place, so the place must not move.
        if spanning {
            if mapped.reverse && alleles.iter().any(|a| a.len() != spans as usize) {
                return Ok(Err(Refusal::NotASmallVariant));
            }
        } else if alleles[1..].iter().any(|a| *a != alleles[0]) {
            start = normalise(&mut self.to, &target, start, alleles)?;
        }
        Ok(Ok((target, start, mapped.reverse)))
    }

    fn map(&self, name: &str, length: u32, (start, end): (u32, u32)) -> Result<Mapped, Refusal> {
        if self.same_mitochondrion && mitochondrion(self.from()).is_some_and(|m| m == name) {
            return Ok(Mapped {
                contig: mitochondrion(self.to()).unwrap_or_default(),
                length: RCRS_LENGTH,
                start,
                end,
                reverse: false,
            });
        }
        let mut mapped = match self.chains.contig(name) {
            Some(contig) if contig.length == length => self.chains.map(name, start, end)?,
            _ => return Err(Refusal::ContigWithoutChain),
        };
        // In the pseudo-autosomal regions some chains lead from X to Y or back, where the very same bases are on the same
        // chromosome, too: it stays the one that it was.
        if let (Some(build), Some(key), Some(found)) =
            (self.to_build, ContigKey::of(name), ContigKey::of(&mapped.contig))
            && found != key
            && let Some((twin, start, end)) = twin(build, &found, mapped.start, mapped.end)
            && twin == key
        {
            mapped.length = build.length(&twin).unwrap_or_default();
            mapped.contig = twin.to_string();
            (mapped.start, mapped.end) = (start, end);
        }
        Ok(mapped)
    }

    /// The new reference's name of a contig, where it has the chain's length.
    fn target(&self, mapped: &Mapped) -> Option<String> {
        let contig = self.to().contigs().resolve(&mapped.contig)?;
        (contig.length == mapped.length).then(|| contig.name.clone())
    }

    /// Bases of the new build as the old build's strand reads them.
    fn stranded(&mut self, contig: &str, start: u32, end: u32, reverse: bool) -> Result<Vec<u8>> {
        let bases = self.to.get(contig, start, end)?;
        Ok(if reverse {
            reverse_complement(bases)
        } else {
            bases.to_vec()
        })
    }

    /// Tells whether a gap of the chain is the allele itself: the new build has between the ends of the place what the
    /// record calls its alternate.
    fn gap(&mut self, name: &str, length: u32, span: (u32, u32), at: u32, alleles: &[Vec<u8>]) -> Result<Refusal> {
        let ends = (
            self.map(name, length, (span.0, span.0 + 1)),
            self.map(name, length, (span.1 - 1, span.1)),
        );
        let (Ok(first), Ok(last)) = ends else {
            return Ok(Refusal::Gap);
        };
        if first.contig != last.contig || first.reverse != last.reverse {
            return Ok(Refusal::Gap);
        }
        let (start, end) = (first.start.min(last.start), first.end.max(last.end));
        let longest = alleles.iter().map(Vec::len).max().unwrap_or_default() as u32;
        let Some(target) = self.target(&first).filter(|_| end - start <= span.1 - span.0 + longest) else {
            return Ok(Refusal::Gap);
        };
        let old = self.from.get(name, span.0, span.1)?.to_vec();
        let new = self.stranded(&target, start, end, first.reverse)?;
        Ok(match swapped(&old, &new, at - span.0, alleles) {
            Refusal::RefAltSwapped => Refusal::RefAltSwapped,
            _ => Refusal::Gap,
        })
    }
}

/// The other copy of an interval (0-based, half-open) that lies in a pseudo-autosomal region: the assemblies hold the same
/// sequence on X and Y there, base by base.
fn twin(build: Build, key: &ContigKey, start: u32, end: u32) -> Option<(ContigKey, u32, u32)> {
    let other = ContigKey::of(match key.as_str() {
        "X" => "Y",
        "Y" => "X",
        _ => return None,
    })?;
    let (own, theirs) = (build.pseudoautosomal(key), build.pseudoautosomal(&other));
    own.iter().zip(theirs).find_map(|(own, theirs)| {
        (own.0 <= start && end <= own.1).then(|| (other.clone(), theirs.0 + (start - own.0), theirs.0 + (end - own.0)))
    })
}

/// Whether the new bases are the old ones with one of the alternates in place of REF, which begins at `offset`.
fn swapped(old: &[u8], new: &[u8], offset: u32, alleles: &[Vec<u8>]) -> Refusal {
    let (before, rest) = old.split_at(offset as usize);
    let after = &rest[alleles[0].len()..];
    let is = |alternate: &Vec<u8>| [before, alternate, after].concat() == new;
    if alleles[1..].iter().any(is) {
        Refusal::RefAltSwapped
    } else {
        Refusal::RefMismatch
    }
}

/// The name of a mitochondrial contig of the rCRS's length.
fn mitochondrion(reference: &Reference) -> Option<String> {
    let is = |name: &str| ContigKey::of(name).is_some_and(|key| key.as_str() == "MT");
    let contig = reference.contigs().iter().find(|c| is(&c.name))?;
    (contig.length == RCRS_LENGTH).then(|| contig.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_copy_of_a_pseudoautosomal_region() {
        let of = |build, key: &str, start, end| {
            twin(build, &ContigKey::of(key).unwrap(), start, end).map(|(k, s, e)| (k.to_string(), s, e))
        };
        use Build::{Grch37, Grch38};
        assert_eq!(of(Grch37, "X", 60_000, 60_001), Some(("Y".to_owned(), 10_000, 10_001)));
        assert_eq!(
            of(Grch37, "Y", 59_363_565, 59_363_566),
            Some(("X".to_owned(), 155_260_559, 155_260_560))
        );
        assert_eq!(
            of(Grch38, "X", 1_263_799, 1_263_800),
            Some(("Y".to_owned(), 1_263_799, 1_263_800))
        );
        for (key, start, end) in [("X", 2_781_478, 2_781_480), ("X", 9_999, 10_001), ("1", 20_000, 20_001)] {
            assert_eq!(of(Grch38, key, start, end), None, "{key} {start}");
        }
        // Both copies have the same length in either build.
        for build in [Grch37, Grch38] {
            let [x, y] = ["X", "Y"].map(|k| build.pseudoautosomal(&ContigKey::of(k).unwrap()));
            assert!(x.iter().zip(y).all(|(x, y)| x.1 - x.0 == y.1 - y.0));
        }
    }
}
