//! Sequence Ontology terms of small variants, with VEP's order of severity and impact
//! (Ensembl VEP, "Calculated consequences"; Apache-2.0, public documentation).

use crate::facts::Impact;

/// Most severe first, so that the discriminant is the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Term {
    TranscriptAblation,
    SpliceAcceptor,
    SpliceDonor,
    StopGained,
    Frameshift,
    StopLost,
    StartLost,
    InframeInsertion,
    InframeDeletion,
    Missense,
    ProteinAltering,
    SpliceDonor5thBase,
    SpliceRegion,
    SpliceDonorRegion,
    SplicePolypyrimidineTract,
    IncompleteTerminalCodon,
    StartRetained,
    StopRetained,
    Synonymous,
    CodingSequence,
    MatureMirna,
    FivePrimeUtr,
    ThreePrimeUtr,
    NonCodingTranscriptExon,
    Intron,
    NmdTranscript,
    NonCodingTranscript,
    CodingTranscript,
    Upstream,
    Downstream,
    Intergenic,
}

const ALL: [Term; 31] = [
    Term::TranscriptAblation,
    Term::SpliceAcceptor,
    Term::SpliceDonor,
    Term::StopGained,
    Term::Frameshift,
    Term::StopLost,
    Term::StartLost,
    Term::InframeInsertion,
    Term::InframeDeletion,
    Term::Missense,
    Term::ProteinAltering,
    Term::SpliceDonor5thBase,
    Term::SpliceRegion,
    Term::SpliceDonorRegion,
    Term::SplicePolypyrimidineTract,
    Term::IncompleteTerminalCodon,
    Term::StartRetained,
    Term::StopRetained,
    Term::Synonymous,
    Term::CodingSequence,
    Term::MatureMirna,
    Term::FivePrimeUtr,
    Term::ThreePrimeUtr,
    Term::NonCodingTranscriptExon,
    Term::Intron,
    Term::NmdTranscript,
    Term::NonCodingTranscript,
    Term::CodingTranscript,
    Term::Upstream,
    Term::Downstream,
    Term::Intergenic,
];

impl Term {
    /// As the Sequence Ontology writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::TranscriptAblation => "transcript_ablation",
            Self::SpliceAcceptor => "splice_acceptor_variant",
            Self::SpliceDonor => "splice_donor_variant",
            Self::StopGained => "stop_gained",
            Self::Frameshift => "frameshift_variant",
            Self::StopLost => "stop_lost",
            Self::StartLost => "start_lost",
            Self::InframeInsertion => "inframe_insertion",
            Self::InframeDeletion => "inframe_deletion",
            Self::Missense => "missense_variant",
            Self::ProteinAltering => "protein_altering_variant",
            Self::SpliceDonor5thBase => "splice_donor_5th_base_variant",
            Self::SpliceRegion => "splice_region_variant",
            Self::SpliceDonorRegion => "splice_donor_region_variant",
            Self::SplicePolypyrimidineTract => "splice_polypyrimidine_tract_variant",
            Self::IncompleteTerminalCodon => "incomplete_terminal_codon_variant",
            Self::StartRetained => "start_retained_variant",
            Self::StopRetained => "stop_retained_variant",
            Self::Synonymous => "synonymous_variant",
            Self::CodingSequence => "coding_sequence_variant",
            Self::MatureMirna => "mature_miRNA_variant",
            Self::FivePrimeUtr => "5_prime_UTR_variant",
            Self::ThreePrimeUtr => "3_prime_UTR_variant",
            Self::NonCodingTranscriptExon => "non_coding_transcript_exon_variant",
            Self::Intron => "intron_variant",
            Self::NmdTranscript => "NMD_transcript_variant",
            Self::NonCodingTranscript => "non_coding_transcript_variant",
            Self::CodingTranscript => "coding_transcript_variant",
            Self::Upstream => "upstream_gene_variant",
            Self::Downstream => "downstream_gene_variant",
            Self::Intergenic => "intergenic_variant",
        }
    }

    /// VEP's impact.
    pub(crate) const fn impact(self) -> Impact {
        match self {
            Self::TranscriptAblation
            | Self::SpliceAcceptor
            | Self::SpliceDonor
            | Self::StopGained
            | Self::Frameshift
            | Self::StopLost
            | Self::StartLost => Impact::High,
            Self::InframeInsertion | Self::InframeDeletion | Self::Missense | Self::ProteinAltering => Impact::Moderate,
            Self::SpliceDonor5thBase
            | Self::SpliceRegion
            | Self::SpliceDonorRegion
            | Self::SplicePolypyrimidineTract
            | Self::IncompleteTerminalCodon
            | Self::StartRetained
            | Self::StopRetained
            | Self::Synonymous => Impact::Low,
            _ => Impact::Modifier,
        }
    }
}

/// A set of terms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms(u32);

impl Terms {
    pub(crate) fn add(&mut self, term: Term) {
        self.0 |= 1 << term as u32;
    }
    pub(crate) fn add_if(&mut self, condition: bool, term: Term) {
        if condition {
            self.add(term);
        }
    }
    pub(crate) const fn has(self, term: Term) -> bool {
        self.0 & (1 << term as u32) != 0
    }
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Most severe first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Term> {
        ALL.into_iter().filter(move |t| self.has(*t))
    }
    /// Impact of the most severe term.
    pub(crate) fn impact(self) -> Impact {
        self.iter().next().map_or(Impact::Modifier, Term::impact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_names() {
        assert!(ALL.windows(2).all(|w| w[0] < w[1]));
        assert!(ALL.iter().enumerate().all(|(i, t)| *t as usize == i));
        let mut terms = Terms::default();
        terms.add(Term::Intron);
        terms.add(Term::SpliceRegion);
        let names: Vec<_> = terms.iter().map(Term::name).collect();
        assert_eq!(names, ["splice_region_variant", "intron_variant"]);
        assert_eq!(terms.impact(), Impact::Low);
        let mut names: Vec<_> = ALL.iter().map(|t| t.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
