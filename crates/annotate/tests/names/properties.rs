//! Names of random alleles on made-up transcripts, and random names.

use std::collections::HashMap;

use clinotype_annotate::{
    hgvs::{
        self, Name,
        name::{Description, NewStop, ProteinChange, ProteinEdit},
    },
    namer::{AlignedTranscript, Namer},
};
use clinotype_genome::{Build, Strand, sequence::reverse_complement};
use proptest::prelude::*;

use crate::common::{Pieces, after};

const STANDARD: &[u8; 64] = b"FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG";

/// Up to and with the first stop.
fn translate(bases: &[u8]) -> Vec<u8> {
    let index = |b: u8| b"TCAG".iter().position(|x| *x == b).unwrap();
    let mut out = Vec::new();
    for codon in bases.chunks_exact(3) {
        let aa = STANDARD[index(codon[0]) * 16 + index(codon[1]) * 4 + index(codon[2])];
        out.push(aa);
        if aa == b'*' {
            break;
        }
    }
    out
}

/// A transcript of three exons on a contig of few different bases, so that changes have many equal placements.
#[derive(Clone, Debug)]
struct World {
    genome: Vec<u8>,
    strand: Strand,
}

const EXONS: [(u32, u32); 3] = [(30, 75), (90, 141), (160, 220)];
/// Transcript offsets: 15 bases of 5' UTR, 36 codons, 33 bases of 3' UTR.
const CODING: (u32, u32) = (15, 123);

impl World {
    fn new(letters: &[u8], strand: Strand) -> Self {
        let mut world = Self {
            genome: letters.to_vec(),
            strand,
        };
        // A start, no stop before the last codon, a stop.
        world.set(CODING.0, b"ATG");
        for codon in 1..(CODING.1 - CODING.0) / 3 - 1 {
            let at = CODING.0 + codon * 3;
            let three: Vec<u8> = (0..3).map(|i| world.at(at + i)).collect();
            if translate(&three) == b"*" {
                world.set(at, b"C");
            }
        }
        world.set(CODING.1 - 3, b"TAA");
        world
    }
    /// Plus-strand place of a transcript offset.
    fn place(&self, offset: u32) -> usize {
        let mut exons = EXONS.to_vec();
        if self.strand == Strand::Reverse {
            exons.reverse();
        }
        let mut left = offset;
        for (s, e) in exons {
            if left < e - s {
                return match self.strand {
                    Strand::Forward => (s + left) as usize,
                    Strand::Reverse => (e - 1 - left) as usize,
                };
            }
            left -= e - s;
        }
        unreachable!()
    }
    fn set(&mut self, offset: u32, bases: &[u8]) {
        for (i, base) in bases.iter().enumerate() {
            let place = self.place(offset + i as u32);
            self.genome[place] = match self.strand {
                Strand::Forward => *base,
                Strand::Reverse => reverse_complement(&[*base])[0],
            };
        }
    }
    fn at(&self, offset: u32) -> u8 {
        let base = self.genome[self.place(offset)];
        match self.strand {
            Strand::Forward => base,
            Strand::Reverse => reverse_complement(&[base])[0],
        }
    }
    fn spliced(&self) -> Vec<u8> {
        (0..EXONS.iter().map(|(s, e)| e - s).sum())
            .map(|o| self.at(o))
            .collect()
    }
    fn transcript(&self) -> AlignedTranscript {
        let mut exons: Vec<(u32, u32, String)> = EXONS.iter().map(|(s, e)| (*s, *e, format!("{}=", e - s))).collect();
        if self.strand == Strand::Reverse {
            exons.reverse();
        }
        AlignedTranscript {
            accession: "NM_1.1".into(),
            gene: "G".into(),
            protein_id: Some("NP_1.1".into()),
            contig: "NG_1.1".into(),
            strand: self.strand,
            exons,
            coding: Some(CODING),
        }
    }
    fn pieces(&self) -> Pieces {
        Pieces::new(vec![("NG_1.1".into(), 0, self.genome.clone())], &HashMap::new())
    }
}

fn world() -> impl Strategy<Value = World> {
    (
        proptest::collection::vec(
            prop_oneof![3 => Just(b'A'), 3 => Just(b'C'), 1 => Just(b'G'), 1 => Just(b'T')],
            260,
        ),
        any::<bool>(),
    )
        .prop_map(|(letters, forward)| World::new(&letters, if forward { Strand::Forward } else { Strand::Reverse }))
}

fn text(bases: &[u8]) -> String {
    String::from_utf8(bases.to_vec()).unwrap()
}

/// What a p. name says happens to a protein, as far as it says it: the residues up to the end of what is named, and
/// where the new protein ends.
fn agrees(name: &str, reference: &[u8], alternate: &[u8]) -> Result<(), String> {
    let fail = |what: &str| Err(format!("{name}: {what}; {} to {}", text(reference), text(alternate)));
    let parsed: Name = name.parse().map_err(|e| format!("{name}: {e}"))?;
    let Description::Protein(protein) = &parsed.description else {
        return fail("no p. name");
    };
    let change = &protein.groups[0][0];
    let ProteinChange::At { first, last, edit } = change else {
        return match change {
            ProteinChange::Same if reference == alternate => Ok(()),
            ProteinChange::Unknown => Ok(()),
            _ => fail("says nothing of a change"),
        };
    };
    let from = first.position as usize - 1;
    let to = last.map_or(from + 1, |l| l.position as usize);
    if reference[from] != first.amino_acid || last.is_some_and(|l| reference[to - 1] != l.amino_acid) {
        return fail("names other residues");
    }
    let built = match edit {
        ProteinEdit::Same => reference.to_vec(),
        ProteinEdit::Substitution(b'*') => [&reference[..from], b"*"].concat(),
        ProteinEdit::Substitution(aa) => [&reference[..from], &[*aa], &reference[to..]].concat(),
        ProteinEdit::Deletion => [&reference[..from], &reference[to..]].concat(),
        ProteinEdit::Duplication => [&reference[..to], &reference[from..to], &reference[to..]].concat(),
        ProteinEdit::Insertion(new) | ProteinEdit::DeletionInsertion(new) => {
            let (head, tail) = if matches!(edit, ProteinEdit::Insertion(_)) {
                (from + 1, from + 1)
            } else {
                (from, to)
            };
            if new.last() == Some(&b'*') {
                [&reference[..head], new].concat()
            } else {
                [&reference[..head], new, &reference[tail..]].concat()
            }
        }
        ProteinEdit::Frameshift(Some(aa), stop) | ProteinEdit::ExtensionC(Some(aa), stop) => {
            let n = match stop {
                NewStop::At(n) => *n as usize,
                NewStop::Unknown if alternate.last() != Some(&b'*') => return Ok(()),
                _ => return fail("has no end"),
            };
            // A frame shift counts the new residues with the stop; an extension counts from the old stop on.
            let end = if matches!(edit, ProteinEdit::Frameshift(..)) {
                from + n
            } else {
                from + n + 1
            };
            return if alternate.get(from) == Some(aa)
                && alternate[..from] == reference[..from]
                && alternate.len() == end
                && alternate.last() == Some(&b'*')
            {
                Ok(())
            } else {
                fail("the new frame is another")
            };
        }
        _ => return fail("is of an unexpected kind"),
    };
    if built == alternate {
        Ok(())
    } else {
        fail(&format!("makes {}", text(&built)))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// name -> allele -> name is the identity, by genome and by transcript; an allele written with more bases on
    /// either side, or placed elsewhere in its repeat, has the same names.
    #[test]
    fn one_allele_has_one_name(
        world in world(), at in 5_usize..240, cut in 0_usize..7,
        insert in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C'), Just(b'G')], 0..6),
        before in 1_usize..5, behind in 0_usize..5,
    ) {
        let pieces = world.pieces();
        let namer = Namer::new(&pieces, Vec::new(), Some(Build::Grch38)).with_aligned(vec![world.transcript()]);
        let end = at + cut;
        prop_assume!(world.genome[at..end] != insert[..]);
        let allele = |from: usize, to: usize| {
            let reference = text(&world.genome[from..to]);
            let alternate = text(&[&world.genome[from..at], &insert[..], &world.genome[end..to]].concat());
            namer.name(&format!("NG_1.1-{}-{reference}-{alternate}", from + 1)).unwrap()
        };
        let answer = allele(at - 1, end);
        prop_assert!(answer.errors.is_empty(), "{:?}", answer);
        let wider = allele(at - before, end + behind);
        prop_assert_eq!(&wider.vcf, &answer.vcf);
        prop_assert_eq!(&wider.g, &answer.g);
        prop_assert_eq!(&wider.c, &answer.c);
        let again = namer.name(answer.g.as_ref().unwrap()).unwrap();
        prop_assert_eq!(&again.normalized, &answer.g);
        prop_assert_eq!(&again.vcf, &answer.vcf);
        prop_assert_eq!(&again.c, &answer.c);
        if let Some(c) = &answer.c {
            let back = namer.name(c).unwrap();
            prop_assert!(back.errors.is_empty(), "{:?}", back);
            prop_assert_eq!(back.normalized.as_ref(), Some(c));
            prop_assert_eq!(&back.vcf, &answer.vcf);
            prop_assert_eq!(&back.g, &answer.g);
            prop_assert_eq!(&back.p, &answer.p);
            prop_assert_eq!(&back.n, &answer.n);
            let by_n = namer.name(answer.n.as_ref().unwrap()).unwrap();
            prop_assert_eq!(&by_n.vcf, &answer.vcf);
            prop_assert_eq!(&by_n.c, &answer.c);
            let parsed: Name = c.parse().unwrap();
            prop_assert_eq!(&parsed.to_string(), c);
        }
    }

    /// p. agrees with translating the edited transcript.
    #[test]
    fn protein_names_agree_with_translation(
        world in world(), at in 18_u32..119, cut in 0_u32..8,
        insert in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C'), Just(b'G'), Just(b'T')], 0..8),
    ) {
        let pieces = world.pieces();
        let namer = Namer::new(&pieces, Vec::new(), Some(Build::Grch38)).with_aligned(vec![world.transcript()]);
        let spliced = world.spliced();
        let end = (at + cut).min(CODING.1 - 1);
        prop_assume!(spliced[at as usize..end as usize] != insert[..]);
        let c = |offset: u32| offset - CODING.0 + 1;
        let name = match (at == end, insert.is_empty()) {
            (true, false) => format!("NM_1.1:c.{}_{}ins{}", c(at) - 1, c(at), text(&insert)),
            (false, true) => format!("NM_1.1:c.{}_{}del", c(at), c(end) - 1),
            (false, false) => format!("NM_1.1:c.{}_{}delins{}", c(at), c(end) - 1, text(&insert)),
            (true, true) => return Ok(()),
        };
        let answer = namer.name(&name).unwrap();
        // An insertion at a junction has no place on the genome and is refused.
        prop_assume!(answer.errors.is_empty());
        // A change that is moved into an intron is no longer one of the coding sequence alone.
        let Some(p) = answer.p.clone() else { return Ok(()) };
        prop_assume!(!answer.c.as_ref().unwrap().contains('+') && !answer.c.as_ref().unwrap().contains(['*']));
        let edited = [&spliced[..at as usize], &insert[..], &spliced[end as usize..]].concat();
        let reference = translate(&spliced[CODING.0 as usize..]);
        let alternate = translate(&edited[CODING.0 as usize..]);
        prop_assert!(after(&p).starts_with("p."), "{}", p);
        if let Err(what) = agrees(&p, &reference, &alternate) {
            return Err(TestCaseError::fail(format!("{name} {:?}: {what}", answer.c)));
        }
    }

    /// On a transcript whose record has other bases, one more and one less than the genome, a transcript's name still
    /// gives one allele of the genome, and that allele this name.
    #[test]
    fn names_hold_where_the_record_differs(
        world in world(), other in 0_u32..150, more in 0_u32..150, less in 0_u32..150,
        at in 2_u32..145, cut in 0_u32..4,
        insert in proptest::collection::vec(prop_oneof![Just(b'A'), Just(b'C'), Just(b'T')], 0..4),
    ) {
        // A difference right at an exon's end has no one place between exon and intron.
        let inner = |o: u32| [8..37, 53..88, 104..148].iter().any(|r| r.contains(&o));
        prop_assume!(inner(more) && inner(less));
        let forward = World { strand: Strand::Forward, ..world.clone() };
        let spliced = forward.spliced();
        let mut record = spliced.clone();
        record[other as usize] = if record[other as usize] == b'G' { b'T' } else { b'G' };
        // The CIGAR of one exon: a base of the record only, and a base of the genome only.
        let (mut exons, mut offset) = (Vec::new(), 0);
        let (mut own, mut shift) = (Vec::new(), 0_i64);
        for (s, e) in EXONS {
            let mut cigar = String::new();
            let length = e - s;
            let mut run = 0;
            for i in 0..length {
                let o = offset + i;
                if o == less && o != more {
                    cigar.push_str(&if run > 0 { format!("{run}=") } else { String::new() });
                    run = 0;
                    cigar.push_str("1I");
                    shift -= 1;
                    continue;
                }
                if o == more {
                    cigar.push_str(&if run > 0 { format!("{run}=") } else { String::new() });
                    run = 0;
                    cigar.push_str("1D");
                    own.push(b'G');
                    shift += 1;
                }
                own.push(record[o as usize]);
                run += 1;
            }
            if run > 0 {
                cigar.push_str(&format!("{run}="));
            }
            exons.push((s, e, cigar));
            offset += length;
        }
        prop_assume!(shift.abs() <= 1);
        let mut model = forward.transcript();
        model.exons = exons;
        model.coding = None;
        let pieces = Pieces::new(
            vec![("NG_1.1".into(), 0, forward.genome.clone()), ("NM_1.1".into(), 0, own.clone())],
            &HashMap::new(),
        );
        let namer = Namer::new(&pieces, Vec::new(), Some(Build::Grch38)).with_aligned(vec![model]);
        let end = at + cut;
        let name = match (cut, insert.is_empty()) {
            (0, false) => format!("NM_1.1:n.{at}_{}ins{}", at + 1, text(&insert)),
            (0, true) => return Ok(()),
            (_, true) => format!("NM_1.1:n.{}_{}del", at + 1, end),
            (_, false) => format!("NM_1.1:n.{}_{}delins{}", at + 1, end, text(&insert)),
        };
        let answer = namer.name(&name).unwrap();
        prop_assume!(answer.errors.is_empty());
        // An insertion between two exons has no place on the genome, and its dup is another change there: it is noted.
        prop_assume!(answer.notes.is_empty());
        let again = namer.name(answer.normalized.as_ref().unwrap()).unwrap();
        prop_assert_eq!(&again.normalized, &answer.normalized, "{}", name);
        prop_assert_eq!(&again.vcf, &answer.vcf, "{}", name);
        if let Some(vcf) = &answer.vcf {
            let back = namer
                .name(&format!("{}-{}-{}-{}", vcf.chrom, vcf.pos, vcf.reference, vcf.alternate))
                .unwrap();
            prop_assert_eq!(&back.g, &answer.g, "{}", name);
        }
    }

    /// What is written is read as the same.
    #[test]
    fn names_are_read_as_written(text in "(NM_1\\.1|NG_2\\.3\\(NM_1\\.1\\)|LRG_1t1):c\\.(-|\\*)?[1-9][0-9]{0,4}((\\+|-)[1-9][0-9]?)?(_[1-9][0-9]{0,5}(\\+[1-9])?)?(del|dup|inv|=|delins[ACGT]{1,5}|delins\\[[ACGT]{1,3};1_5inv\\]|\\[[1-9]\\]|CAG\\[[1-9][0-9]?\\]|ins[ACGT]{1,4}|A>[CGT])") {
        let read: Name = text.parse().unwrap();
        prop_assert_eq!(read.to_string(), text.clone());
        prop_assert_eq!(hgvs::parse(&read.to_string()), Ok(read));
    }

    /// Without a kind only places tell that a text is a name.
    #[test]
    fn a_change_without_place_and_kind_is_refused(bracket: bool, what in "([?]|=|[?]\\[[?]\\])") {
        let text = if bracket { format!("[{what}]") } else { what.clone() };
        prop_assert!(hgvs::parse(&text).is_err(), "{}", text);

    }

    /// A length without bases names no sequence, however it stands in brackets.
    #[test]
    fn a_length_is_no_inserted_sequence(length in 1u32..100_000, edit in "(ins|delins)", form in 0usize..3) {
        let name = match form {
            0 => format!("NM_1.1:c.1_2{edit}{length}"),
            1 => format!("NM_1.1:c.1_2{edit}[{length}]"),
            _ => format!("NM_1.1:c.[1_2{edit}[{length}];9del]"),
        };
        let read = hgvs::parse(&name);
        prop_assert!(read.is_err(), "{} {:?}", name, read);
    }

    /// No text makes the reader panic.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        let _ = hgvs::parse(&text);
    }

    #[test]
    fn any_mixture_is_read_or_refused(text in "(NM_1\\.1:|NP_1\\.1:)?[cgnrpm]?\\.?[-*_()0-9?+=;\\[\\]ACGTacgudelinsvpNXTeryMt>:.]{0,30}") {
        if let Ok(read) = hgvs::parse(&text) {
            prop_assert_eq!(hgvs::parse(&read.to_string()), Ok(read));
        }
    }
}
