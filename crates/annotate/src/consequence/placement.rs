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
    if allele.steps() == 0 {
        return (edit, false);
    }
    // Towards the transcript's 5' end, away from the named one.
    let available = match t.strand {
        Strand::Forward => named,
        Strand::Reverse => allele.steps() - named,
    };
    let placement = |n: u32| match t.strand {
        Strand::Forward => allele.at(named - n),
        Strand::Reverse => allele.at(named + n),
    };
    let copied = edit.inserted.len() as u32;
    if edit.is_insertion() && available >= copied {
        // A duplication. Where the copied bases hold a whole donor or acceptor, there are two of it afterwards; which
        // one is used cannot be told, so the change counts as one of the site.
        let doubled = (1..copied.min(LIMIT)).map(placement).find(|p| !spares_sites(p, t));
        if let Some(doubled) = doubled {
            return (doubled, false);
        }
    }
    if spares_sites(&edit, t) {
        return (edit, false);
    }
    (1..=available.min(LIMIT))
        .map(placement)
        .take_while(|candidate| span.start <= candidate.start && candidate.end <= span.end)
        .find(|candidate| spares_sites(candidate, t))
        .map_or((edit, false), |spared| (spared, true))
}
