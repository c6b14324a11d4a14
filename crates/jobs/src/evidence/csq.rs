//! One entry of CSQ and what it says of a transcript.

use std::collections::HashMap;

use clinotype_case::evidence::{Impact, LossOfFunction, Mane, SplicePlace, TranscriptConsequence};
use clinotype_genome::Strand;

use super::decoded;

/// One CSQ entry, its values by the names of the header.
pub(super) struct CsqRow<'a, 'f> {
    pub(super) values: Vec<&'a str>,
    pub(super) at: &'f HashMap<String, usize>,
}

impl<'a> CsqRow<'a, '_> {
    /// The value as it stands, percent-encoded where it was; empty is none.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let value = self.values.get(*self.at.get(name)?).copied()?;
        (!value.is_empty()).then_some(value)
    }
}

/// One CSQ row; rows without a transcript (intergenic) give none.
pub(super) fn consequence(fields: &CsqRow<'_, '_>) -> Option<TranscriptConsequence> {
    let get = |name: &str| fields.get(name).map(decoded);
    let number = |name: &str| fields.get(name).and_then(|v| v.parse::<u32>().ok());
    let flag = |name: &str| fields.get(name).map(|v| v == "1");
    let transcript = get("Feature")?;
    let terms: Vec<String> = fields.get("Consequence")?.split('&').map(str::to_owned).collect();
    let loss_of_function = LossOfFunction {
        nmd: flag("NMD"),
        nmd_reason: get("NMD_REASON").map(|v| v.replace('_', " ")),
        new_stop_codon: number("NEW_STOP"),
        lost_fraction: fields.get("LOST_FRACTION").and_then(|v| v.parse().ok()),
        skipped_exon: number("SKIPPED_EXON"),
        skip_keeps_frame: flag("SKIP_KEEPS_FRAME"),
        next_met_codon: number("NEXT_MET"),
    };
    let splice = SplicePlace {
        intron_offset: fields.get("INTRON_OFFSET").and_then(|v| v.parse().ok()),
        from_exon_start: number("FROM_EXON_START"),
        from_exon_end: number("FROM_EXON_END"),
    };
    Some(TranscriptConsequence {
        symbol: get("SYMBOL"),
        hgnc_id: get("HGNC_ID"),
        gene_id: get("Gene"),
        transcript,
        protein_id: get("PROTEIN_ID"),
        biotype: get("BIOTYPE"),
        terms,
        impact: match fields.get("IMPACT") {
            Some("HIGH") => Impact::High,
            Some("MODERATE") => Impact::Moderate,
            Some("LOW") => Impact::Low,
            _ => Impact::Modifier,
        },
        strand: if fields.get("STRAND") == Some("-1") {
            Strand::Reverse
        } else {
            Strand::Forward
        },
        mane: match fields.get("MANE") {
            Some("MANE_Select") => Mane::Select,
            Some("MANE_Plus_Clinical") => Mane::PlusClinical,
            _ => Mane::None,
        },
        picked: flag("PICK") == Some(true),
        exon: get("EXON"),
        intron: get("INTRON"),
        hgvs_c: get("HGVSc"),
        hgvs_p: get("HGVSp"),
        protein_position: get("Protein_position"),
        amino_acids: get("Amino_acids"),
        loss_of_function: (loss_of_function != LossOfFunction::default()).then_some(loss_of_function),
        splice: (splice != SplicePlace::default()).then_some(splice),
        warnings: get("WARNINGS").map_or_else(Vec::new, |w| w.split('&').map(|w| w.replace('_', " ")).collect()),
    })
}
