//! Which of its equal placements an insertion or deletion in repeated bases is judged at: the one that its HGVS name
//! uses, the most 3' one on the transcript (as VEP does with `--shift_3prime`). So the terms do not depend on how the
//! file places the change, and they agree with the name beside them.
//!
//! An insertion at an exon's edge that repeats bases of the intron, and so is named by them (`c.21-3_21-1dup`), is
//! judged by these bases: it is a change of the acceptor, not of the exon.

use clinotype_genome::Strand;

use super::{splice, terms::Term};
use crate::{
    edit::{Allele, Edit},
    transcripts::{Transcript, model::TranscriptPlace},
};

/// Placements looked at; longer repeats keep the one of the name.
const LIMIT: u32 = 2000;

/// Whether a placement leaves donors and acceptors alone.
fn spares_sites(edit: &Edit, t: &Transcript) -> bool {
    let terms = splice::pass(edit, t).terms;
    !terms.has(Term::SpliceAcceptor) && !terms.has(Term::SpliceDonor)
}

/// Where an allele is judged.
pub(super) struct Placement {
    pub(super) edit: Edit,
    /// The bases of an intron that an insertion at an exon's edge repeats, as a deletion of them: what the splice pass
    /// looks at.
    pub(super) copied: Option<Edit>,
    /// It touches a splice site of which the resulting sequence still has both bases: an equal placement spares it.
    pub(super) spared: bool,
}

/// The placement to judge an allele at.
pub(super) fn choose(allele: &Allele, t: &Transcript) -> Placement {
    let span = t.span();
    let as_it_is = |edit: Edit| Placement {
        edit,
        copied: None,
        spared: false,
    };
    let Some(named) = allele.named_step(t.strand, span.start, span.end) else {
        return as_it_is(allele.left.clone());
    };
    let edit = allele.at(named);
    if allele.steps() == 0 {
        return as_it_is(edit);
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
    let copied = if edit.is_insertion() && available >= edit.inserted.len() as u32 {
        copied(&edit, t)
    } else {
        None
    };
    let judged = copied.as_ref().unwrap_or(&edit);
    let spared = !spares_sites(judged, t)
        && (1..=available.min(LIMIT))
            .map(placement)
            .take_while(|candidate| span.start <= candidate.start && candidate.end <= span.end)
            .any(|candidate| spares_sites(&candidate, t));
    Placement { edit, copied, spared }
}

/// The bases of an intron that an insertion at the 5' edge of an exon repeats.
fn copied(edit: &Edit, t: &Transcript) -> Option<Edit> {
    let length = edit.inserted.len() as u32;
    let (start, end, next) = match t.strand {
        Strand::Forward => (edit.start.checked_sub(length)?, edit.start, edit.start),
        Strand::Reverse => (edit.start, edit.start.checked_add(length)?, edit.start.checked_sub(1)?),
    };
    let intron = |p: u32| match t.place(p) {
        TranscriptPlace::Intronic { intron, .. } => Some(intron),
        _ => None,
    };
    let first = intron(start)?;
    (intron(end - 1) == Some(first) && intron(next).is_none()).then(|| Edit {
        start,
        end,
        deleted: edit.inserted.clone(),
        inserted: Vec::new(),
    })
}
