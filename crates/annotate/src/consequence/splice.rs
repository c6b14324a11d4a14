//! Splice terms: a pass of its own over the introns that a change touches.
//!
//! Windows, counted in the transcript's direction (Ensembl VEP, "Calculated consequences"): donor +1,+2; acceptor
//! -2,-1; donor 5th base +5; donor region +3..+6; polypyrimidine tract -3..-17; splice region 1-3 bases of the exon
//! and 3-8 bases of the intron.

use clinotype_genome::Strand;

use super::terms::{Term, Terms};
use crate::{edit::Edit, transcripts::Transcript};

/// Introns this short are gaps of an alignment, not introns, and have no splice sites.
const SHORTEST_INTRON: u32 = 13;

/// What the splice pass found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Splice {
    pub(crate) terms: Terms,
    /// 1-based number of the first intron touched.
    pub(crate) first_intron: Option<u32>,
    /// And of the last.
    pub(crate) last_intron: Option<u32>,
    /// 1-based number of the exon that loses its acceptor or donor.
    pub(crate) exon_at_risk: Option<u32>,
}

impl Splice {
    /// Whether the one broken site is a donor, else an acceptor; `None` where none or both kinds are broken.
    pub(crate) fn broken_donor(&self) -> Option<bool> {
        let (donor, acceptor) = (self.terms.has(Term::SpliceDonor), self.terms.has(Term::SpliceAcceptor));
        (donor != acceptor).then_some(donor)
    }
}

/// 1-based, closed coordinates in the transcript's direction; an insertion has `start == end + 1`.
#[derive(Clone, Copy)]
struct Oriented {
    start: i64,
    end: i64,
}

impl Oriented {
    fn of(start: u32, end: u32, strand: Strand) -> Self {
        let (start, end) = (i64::from(start) + 1, i64::from(end));
        match strand {
            Strand::Forward => Self { start, end },
            Strand::Reverse => Self {
                start: -end,
                end: -start,
            },
        }
    }
    const fn meets(self, from: i64, to: i64) -> bool {
        self.end >= from && self.start <= to
    }
}

/// Introns around a change and the splice windows it touches.
pub(crate) fn pass(edit: &Edit, t: &Transcript) -> Splice {
    let mut found = Splice::default();
    let introns = t.exons.len() - 1;
    if introns == 0 {
        return found;
    }
    let change = Oriented::of(edit.start, edit.end, t.strand);
    let insertion = edit.is_insertion();
    // The first intron that can be near: the one before the exon that holds the change's 5' end.
    let five_prime = match t.strand {
        Strand::Forward => edit.start.saturating_sub(4),
        Strand::Reverse => edit.end.saturating_add(3),
    };
    let from = t.exon_at_or_before(five_prime).map_or(0, |i| i.saturating_sub(1));
    for index in from..introns {
        let Some(span) = t.intron(index) else { break };
        let intron = Oriented::of(span.start, span.end, t.strand);
        let (first, last) = (intron.start, intron.end);
        if change.end < first - 3 {
            break;
        }
        if change.start > last + 3 {
            continue;
        }
        let inside = change.meets(first, last);
        if inside {
            let number = index as u32 + 1;
            found.first_intron.get_or_insert(number);
            found.last_intron = Some(number);
        }
        let terms = &mut found.terms;
        if span.len() < SHORTEST_INTRON {
            terms.add_if(inside, Term::Intron);
            continue;
        }
        let donor = change.meets(first, first + 1);
        let acceptor = change.meets(last - 1, last);
        terms.add_if(donor, Term::SpliceDonor);
        terms.add_if(acceptor, Term::SpliceAcceptor);
        if donor {
            found.exon_at_risk.get_or_insert(index as u32 + 1);
        } else if acceptor {
            found.exon_at_risk.get_or_insert(index as u32 + 2);
        }
        let deep =
            change.meets(first + 2, last - 2) || insertion && (change.start == first + 2 || change.end == last - 2);
        terms.add_if(deep, Term::Intron);
        let fifth = !donor && change.meets(first + 4, first + 4);
        let donor_region = !donor && !fifth && change.meets(first + 2, first + 5);
        terms.add_if(fifth, Term::SpliceDonor5thBase);
        terms.add_if(donor_region, Term::SpliceDonorRegion);
        terms.add_if(
            !acceptor && change.meets(last - 16, last - 2),
            Term::SplicePolypyrimidineTract,
        );
        let region = change.meets(first - 3, first - 1)
            || change.meets(first + 2, first + 7)
            || change.meets(last - 7, last - 2)
            || change.meets(last + 1, last + 3)
            || insertion
                && (change.start == first || change.end == last || change.start == first + 2 || change.end == last - 2);
        terms.add_if(
            region && !donor && !acceptor && !fifth && !donor_region,
            Term::SpliceRegion,
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcripts::model::tests::model;

    fn terms(strand: Strand, start: u32, end: u32, inserted: &str) -> String {
        let t = model(strand, &[(100, 200), (300, 400)], Some((120, 380)));
        let edit = Edit {
            start,
            end,
            deleted: vec![b'A'; (end - start) as usize],
            inserted: inserted.as_bytes().to_vec(),
        };
        pass(&edit, &t)
            .terms
            .iter()
            .map(Term::name)
            .collect::<Vec<_>>()
            .join("&")
    }

    #[test]
    fn windows_on_both_strands() {
        // (distance into the intron from its 5' end, 0-based; length 100)
        for (into, expected) in [
            (0, "splice_donor_variant"),
            (1, "splice_donor_variant"),
            (2, "splice_donor_region_variant&intron_variant"),
            (4, "splice_donor_5th_base_variant&intron_variant"),
            (5, "splice_donor_region_variant&intron_variant"),
            (6, "splice_region_variant&intron_variant"),
            (7, "splice_region_variant&intron_variant"),
            (8, "intron_variant"),
            (82, "intron_variant"),
            (83, "splice_polypyrimidine_tract_variant&intron_variant"),
            (
                92,
                "splice_region_variant&splice_polypyrimidine_tract_variant&intron_variant",
            ),
            (
                97,
                "splice_region_variant&splice_polypyrimidine_tract_variant&intron_variant",
            ),
            (98, "splice_acceptor_variant"),
            (99, "splice_acceptor_variant"),
            (-3, "splice_region_variant"),
            (-4, ""),
            (102, "splice_region_variant"),
            (103, ""),
        ] {
            let forward = u32::try_from(200 + into).unwrap();
            let reverse = u32::try_from(299 - into).unwrap();
            assert_eq!(terms(Strand::Forward, forward, forward + 1, "C"), expected, "+{into}");
            assert_eq!(terms(Strand::Reverse, reverse, reverse + 1, "C"), expected, "-{into}");
        }
        assert_eq!(terms(Strand::Forward, 201, 201, "C"), "splice_donor_variant");
        assert_eq!(
            terms(Strand::Forward, 195, 203, ""),
            "splice_donor_variant&intron_variant"
        );
    }
}
