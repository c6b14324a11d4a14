//! What must hold for every allele on the small transcript of `allele_tests`.

use clinotype_genome::{Pos, Strand, VariantKey};
use proptest::prelude::*;

use crate::{
    allele_tests::{Bench, sequence},
    bases::Bases as _,
    code::{GeneticCode, three_letters},
    consequence::{
        coding::{self, TranscriptEdit},
        terms::Term,
    },
    edit::{Allele, Edit},
    facts::Impact,
    spliced::Spliced,
};

/// Exons and coding stretch of the bench on the plus layout.
const EXONS: [(usize, usize); 3] = [(100, 130), (200, 240), (300, 350)];
const CODING: (usize, usize) = (110, 327);

/// Translation to the first stop, written once more for the tests.
fn protein(bases: &[u8]) -> Vec<u8> {
    let all = GeneticCode::Standard.translate(bases);
    let end = all.iter().position(|a| *a == b'*').map_or(all.len(), |i| i + 1);
    all[..end].to_vec()
}

/// The transcript from its first coding base on, with an edit inside one exon.
fn read(start: usize, removed: usize, inserted: &str) -> Vec<u8> {
    let plus = sequence();
    let mut out = Vec::new();
    for (from, to) in EXONS {
        if from <= start && start + removed <= to {
            out.extend_from_slice(&plus[from..start]);
            out.extend(inserted.bytes());
            out.extend_from_slice(&plus[start + removed..to]);
        } else {
            out.extend_from_slice(&plus[from..to]);
        }
    }
    out.split_off(CODING.0 - EXONS[0].0)
}

fn inside(start: usize, removed: usize) -> bool {
    EXONS
        .iter()
        .any(|(from, to)| *from.max(&CODING.0) < start && start + removed < *to.min(&CODING.1))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 400_000, ..ProptestConfig::default() })]

    /// However the same allele is told, on either strand of the model, its name and terms are the same.
    #[test]
    fn one_allele_one_answer(start in 101usize..345, removed in 0usize..7, inserted in "[ACGT]{0,6}", pad in 0usize..5) {
        prop_assume!(removed + inserted.len() > 0);
        let plus = sequence();
        prop_assume!(plus[start..start + removed] != *inserted.as_bytes());
        let forward = Bench::new(Strand::Forward);
        let reverse = Bench::new(Strand::Reverse);
        let given = forward.words(start, removed, &inserted);
        prop_assert_eq!(&given, &reverse.words(start, removed, &inserted));
        // The same change with unchanged bases around it.
        let padded = format!(
            "{}{inserted}{}",
            String::from_utf8_lossy(&plus[start - pad..start]),
            String::from_utf8_lossy(&plus[start + removed..start + removed + pad])
        );
        prop_assert_eq!(&given, &forward.words(start - pad, removed + 2 * pad, &padded));
    }

    /// Every placement of an allele in repeated bases has one answer.
    #[test]
    fn every_placement_one_answer(start in 101usize..345, unit in 1usize..4, insertion: bool) {
        let plus = sequence();
        let forward = Bench::new(Strand::Forward);
        let copied = String::from_utf8_lossy(&plus[start..start + unit]).into_owned();
        let (removed, inserted) = if insertion { (0, copied.as_str()) } else { (unit, "") };
        let key = VariantKey::new(
            "chr1",
            Pos::from_zero_based(start as u32 - 1),
            &String::from_utf8_lossy(&plus[start - 1..start + removed]),
            &format!("{}{inserted}", char::from(plus[start - 1])),
        );
        let moved = Edit::of(&key).shifted(&forward.slices, "chr1", Strand::Reverse, 0, 400).unwrap();
        let right = moved.shifted(&forward.slices, "chr1", Strand::Forward, 0, 400).unwrap();
        let allele = Allele { left: moved, right };
        let given = forward.words(start, removed, inserted);
        for step in 0..=allele.steps() {
            let edit = allele.at(step);
            let text = String::from_utf8_lossy(&edit.inserted).into_owned();
            prop_assert_eq!(&given, &forward.words(edit.start as usize, edit.deleted.len(), &text), "{}", step);
        }
    }

    /// The protein of the edited transcript is the translation of the edited transcript, on both strands.
    #[test]
    fn the_protein_is_the_translation(start in 111usize..327, removed in 0usize..9, inserted in "[ACGT]{0,7}") {
        prop_assume!(removed + inserted.len() > 0 && inside(start, removed));
        for strand in [Strand::Forward, Strand::Reverse] {
            let bench = Bench::new(strand);
            let spliced = Spliced::read(&bench.t, &bench.slices).unwrap();
            let offset = EXONS.iter().take_while(|(_, to)| *to < start).map(|(from, to)| to - from).sum::<usize>()
                + start - EXONS.iter().rfind(|(from, _)| *from <= start).unwrap().0;
            let change = TranscriptEdit {
                start: offset as u32,
                end: (offset + removed) as u32,
                inserted: inserted.bytes().collect(),
            };
            let effect = coding::effect(&change, &bench.t, &spliced);
            let after = protein(&read(start, removed, &inserted));
            // Bases that can as well be placed before the first codon: the frame begins behind them.
            let before_the_frame = effect.terms.has(Term::StartRetained)
                && effect.alternate.as_ref().is_some_and(|a| *a == spliced.protein);
            if before_the_frame {
                continue;
            }
            if let Some(alternate) = &effect.alternate {
                prop_assert_eq!(String::from_utf8_lossy(alternate), String::from_utf8_lossy(&after));
            } else {
                prop_assert!(effect.terms.has(Term::StartLost));
                prop_assert!(after.first() != Some(&b'M'));
            }
        }
    }

    /// Terms, impact and p. say what the comparison of the two proteins says.
    #[test]
    fn terms_agree_with_the_proteins(start in 114usize..326, removed in 0usize..9, inserted in "[ACGT]{0,7}") {
        prop_assume!(removed + inserted.len() > 0 && inside(start, removed));
        let plus = sequence();
        prop_assume!(plus[start..start + removed] != *inserted.as_bytes());
        let (effect, _) = Bench::new(Strand::Forward).effect(start, removed, &inserted);
        // Judged in a splice site, in the UTR or on an intron's bases: no protein is compared.
        let coding = effect.hgvs_p.is_some() && !effect.terms.has(Term::StartLost) && !effect.terms.has(Term::StartRetained);
        prop_assume!(coding);
        let (before, after) = (protein(&read(start, 0, "")), protein(&read(start, removed, &inserted)));
        let terms = effect.terms;
        let p = effect.hgvs_p.unwrap();
        let delta = inserted.len() as i64 - removed as i64;
        let splice = terms.has(Term::SpliceDonor) || terms.has(Term::SpliceAcceptor);
        if before == after {
            prop_assert!(p.ends_with("=)"), "{p}");
            prop_assert!(terms.impact() <= Impact::Low || splice, "{p} {terms:?}");
            prop_assert!(terms.has(Term::Synonymous) || terms.has(Term::StopRetained), "{p} {terms:?}");
            return Ok(());
        }
        prop_assert!(!p.ends_with("=)"), "{p}");
        prop_assert!(terms.impact() >= Impact::Moderate, "{p} {terms:?}");
        let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        prop_assert_eq!(terms.has(Term::Frameshift), delta % 3 != 0, "{}", p);
        if delta % 3 != 0 {
            prop_assert_eq!(terms.impact(), Impact::High);
        }
        if delta == 0 {
            let lost = before.len() - 1 < after.len() - 1 || !after.ends_with(b"*");
            prop_assert_eq!(terms.has(Term::StopGained), after.len() < before.len(), "{} {:?}", p, terms);
            prop_assert_eq!(terms.has(Term::StopLost), lost, "{} {:?}", p, terms);
            prop_assert!(terms.has(Term::Missense) || terms.impact() == Impact::High);
        }
        // The last residues removed before the reference's own stop are a deletion.
        let own_stop = delta < 0 && delta % 3 == 0 && after.len() as i64 == before.len() as i64 + delta / 3;
        if after.get(same) == Some(&b'*') && !(own_stop && p.ends_with("del)")) {
            let expected = format!("{}{}Ter)", three_letters(before[same]), same + 1);
            prop_assert!(p.ends_with(&expected), "{p} {expected}");
        }
        if terms.has(Term::StopGained) && delta % 3 == 0 {
            prop_assert!((after.len() as i64) < before.len() as i64 + delta / 3, "{p}");
        }
        if terms.has(Term::StopLost) && delta % 3 == 0 {
            prop_assert!(after.last() != Some(&b'*') || after.len() as i64 > before.len() as i64 + delta / 3, "{p}");
        }
    }

    /// Alleles of one copy, read together, give the protein of the sequence that has both.
    #[test]
    fn together_they_are_the_translation(
        start in 114usize..310,
        first in (0usize..3, "[ACGT]{0,3}"),
        gap in 1usize..6,
        second in (0usize..3, "[ACGT]{0,3}"),
    ) {
        let (a, b) = (start, start + first.0 + gap);
        prop_assume!(first.0 + first.1.len() > 0 && second.0 + second.1.len() > 0);
        prop_assume!(inside(a, b + second.0 - a));
        let bench = Bench::new(Strand::Forward);
        let spliced = Spliced::read(&bench.t, &bench.slices).unwrap();
        let exon = EXONS.iter().position(|(from, to)| (from..to).contains(&&start)).unwrap();
        let offset = |at: usize| bench.t.offsets[exon] + (at - EXONS[exon].0) as u32;
        let change = |at: usize, what: &(usize, String)| TranscriptEdit {
            start: offset(at),
            end: offset(at + what.0),
            inserted: what.1.bytes().collect(),
        };
        let (one, two) = (change(a, &first), change(b, &second));
        let merged = TranscriptEdit::merged(&[&one, &two], &spliced.bases);
        let effect = coding::effect(&merged, &bench.t, &spliced);
        let plus = bench.slices.fetch("chr1", (a + first.0) as u32, b as u32).unwrap();
        let both = format!("{}{}{}", first.1, String::from_utf8_lossy(&plus), second.1);
        let after = protein(&read(a, b + second.0 - a, &both));
        prop_assert_eq!(effect.alternate, Some(after));
    }
}
