//! Which of its equal placements an insertion or deletion in repeated bases is judged at.
//!
//! `AG|G` to `AG` at an acceptor can be told as the loss of the intron's last base or of the exon's first one; the
//! sequence that results is the same, and its acceptor is whole. So the placement that spares the essential splice
//! dinucleotides is taken where there is one, and among those the one that the HGVS name uses or lies nearest to.

use clinotype_genome::Strand;

use super::{splice, terms::Term};
use crate::{
    edit::{Allele, Edit},
    transcripts::Transcript,
};

/// Placements looked at; longer repeats keep the one of the name.
const LIMIT: u32 = 2000;

/// Whether a placement leaves donors and acceptors alone.
fn spares_sites(edit: &Edit, t: &Transcript) -> bool {
    let terms = splice::pass(edit, t).terms;
    !terms.has(Term::SpliceAcceptor) && !terms.has(Term::SpliceDonor)
}

/// The placement to judge an allele at, and whether the named one was left because it touches a splice site that the
/// resulting sequence still has.
pub(super) fn choose(allele: &Allele, t: &Transcript) -> (Edit, bool) {
    let span = t.span();
    let Some(named) = allele.named_step(t.strand, span.start, span.end) else {
        return (allele.left.clone(), false);
    };
    let edit = allele.at(named);
    if allele.steps() == 0 || spares_sites(&edit, t) {
        return (edit, false);
    }
    // Towards the transcript's 5' end, away from the named one.
    (1..=LIMIT)
        .map_while(|n| match t.strand {
            Strand::Forward => named.checked_sub(n),
            Strand::Reverse => named.checked_add(n).filter(|s| *s <= allele.steps()),
        })
        .map(|step| allele.at(step))
        .take_while(|candidate| span.start <= candidate.start && candidate.end <= span.end)
        .find(|candidate| spares_sites(candidate, t))
        .map_or((edit, false), |spared| (spared, true))
}
