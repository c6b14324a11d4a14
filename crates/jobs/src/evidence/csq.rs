//! One entry of CSQ and what it says of a transcript.

use clinotype_case::evidence::{CrypticSite, Impact, LossOfFunction, Mane, SplicePlace, TranscriptConsequence};
use clinotype_genome::Strand;

use super::record::decoded;

/// The fields that are read, by number: a genome has millions of entries, and a name is looked up once per file.
const NAMES: [&str; 30] = [
    "ALLELE_NUM",
    "Feature",
    "Consequence",
    "NMD",
    "NMD_REASON",
    "NEW_STOP",
    "LOST_FRACTION",
    "SKIPPED_EXON",
    "SKIP_KEEPS_FRAME",
    "NEXT_MET",
    "INTRON_OFFSET",
    "FROM_EXON_START",
    "FROM_EXON_END",
    "SYMBOL",
    "HGNC_ID",
    "Gene",
    "PROTEIN_ID",
    "BIOTYPE",
    "IMPACT",
    "STRAND",
    "MANE",
    "PICK",
    "EXON",
    "INTRON",
    "HGVSc",
    "HGVSp",
    "Protein_position",
    "Amino_acids",
    "WARNINGS",
    "CRYPTIC_SITES",
];

pub(super) const ALLELE_NUM: usize = 0;
pub(super) const FEATURE: usize = 1;
pub(super) const CONSEQUENCE: usize = 2;
pub(super) const NMD: usize = 3;
pub(super) const NMD_REASON: usize = 4;
pub(super) const NEW_STOP: usize = 5;
pub(super) const LOST_FRACTION: usize = 6;
pub(super) const SKIPPED_EXON: usize = 7;
pub(super) const SKIP_KEEPS_FRAME: usize = 8;
pub(super) const NEXT_MET: usize = 9;
pub(super) const INTRON_OFFSET: usize = 10;
pub(super) const FROM_EXON_START: usize = 11;
pub(super) const FROM_EXON_END: usize = 12;
pub(super) const SYMBOL: usize = 13;
pub(super) const HGNC_ID: usize = 14;
pub(super) const GENE: usize = 15;
pub(super) const PROTEIN_ID: usize = 16;
pub(super) const BIOTYPE: usize = 17;
pub(super) const IMPACT: usize = 18;
pub(super) const STRAND: usize = 19;
pub(super) const MANE: usize = 20;
pub(super) const PICK: usize = 21;
pub(super) const EXON: usize = 22;
pub(super) const INTRON: usize = 23;
pub(super) const HGVS_C: usize = 24;
pub(super) const HGVS_P: usize = 25;
pub(super) const PROTEIN_POSITION: usize = 26;
pub(super) const AMINO_ACIDS: usize = 27;
pub(super) const WARNINGS: usize = 28;
pub(super) const CRYPTIC_SITES: usize = 29;

/// Where each field of [`NAMES`] stands in an entry.
#[derive(Clone, Debug, Default)]
pub(super) struct CsqColumns {
    at: [Option<usize>; NAMES.len()],
    /// Number of fields of an entry.
    count: usize,
    /// By column, up to the last one that is needed: which field of a [`Glance`] it is.
    glance: Vec<Option<usize>>,
}

impl CsqColumns {
    pub(super) fn of(header: &[String]) -> Self {
        let at = NAMES.map(|name| header.iter().position(|field| field == name));
        let columns = GLANCE.map(|field| at[field]);
        let needed = columns.iter().flatten().max().map_or(0, |last| last + 1);
        Self {
            at,
            count: header.len(),
            glance: (0..needed)
                .map(|column| columns.iter().position(|c| *c == Some(column)))
                .collect(),
        }
    }
}

/// One CSQ entry, its values by the names of the header.
pub(super) struct CsqRow<'a, 'f> {
    values: Vec<&'a str>,
    at: &'f CsqColumns,
}

impl<'a, 'f> CsqRow<'a, 'f> {
    pub(super) fn of(entry: &'a str, at: &'f CsqColumns) -> Self {
        let mut values = Vec::with_capacity(at.count);
        values.extend(entry.split('|'));
        Self { values, at }
    }

    /// The value as it stands, percent-encoded where it was; empty is none. `field`: its number among [`NAMES`].
    pub(super) fn get(&self, field: usize) -> Option<&'a str> {
        let value = self.values.get(self.at.at[field]?).copied()?;
        (!value.is_empty()).then_some(value)
    }
}

/// The fields that the filters ask for, of an entry that is not taken apart otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glance<'a> {
    pub(super) symbol: Option<&'a str>,
    pub(super) has_gene: bool,
    pub(super) impact: Option<&'a str>,
    pub(super) terms: &'a str,
}

/// Fields of a [`Glance`].
const GLANCE: [usize; 6] = [ALLELE_NUM, FEATURE, CONSEQUENCE, SYMBOL, GENE, IMPACT];

impl CsqColumns {
    /// Looks at an entry; `None` where it is of another allele, or of no transcript.
    pub(super) fn glance<'a>(&self, entry: &'a str, number: usize) -> Option<Glance<'a>> {
        let mut values = [""; GLANCE.len()];
        let (mut start, mut column) = (0, 0);
        // Most entries of a genome are looked at once and dropped: searching bytes is twice as fast as splitting text.
        for end in memchr::memchr_iter(b'|', entry.as_bytes()).chain([entry.len()]) {
            if let Some(slot) = self.glance.get(column).copied().flatten() {
                values[slot] = entry.get(start..end).unwrap_or("");
            }
            column += 1;
            if column >= self.glance.len() {
                break;
            }
            start = end + 1;
        }
        let [of, feature, terms, symbol, gene, impact] = values.map(|value| (!value.is_empty()).then_some(value));
        let of = of.and_then(|n| n.parse().ok()).unwrap_or(1);
        (of == number && feature.is_some()).then_some(())?;
        Some(Glance {
            symbol,
            has_gene: gene.is_some(),
            impact,
            terms: terms?,
        })
    }
}

/// VEP's impact by its word.
pub(super) fn impact(word: Option<&str>) -> Impact {
    match word {
        Some("HIGH") => Impact::High,
        Some("MODERATE") => Impact::Moderate,
        Some("LOW") => Impact::Low,
        _ => Impact::Modifier,
    }
}

/// One CSQ row; rows without a transcript (intergenic) give none.
pub(super) fn consequence(fields: &CsqRow<'_, '_>) -> Option<TranscriptConsequence> {
    let get = |name: usize| fields.get(name).map(|value| decoded(value).into_owned());
    let number = |name: usize| fields.get(name).and_then(|v| v.parse::<u32>().ok());
    let flag = |name: usize| fields.get(name).map(|v| v == "1");
    let transcript = get(FEATURE)?;
    let terms: Vec<String> = fields.get(CONSEQUENCE)?.split('&').map(str::to_owned).collect();
    let loss_of_function = LossOfFunction {
        nmd: flag(NMD),
        nmd_reason: get(NMD_REASON).map(|v| v.replace('_', " ")),
        new_stop_codon: number(NEW_STOP),
        lost_fraction: fields.get(LOST_FRACTION).and_then(|v| v.parse().ok()),
        skipped_exon: number(SKIPPED_EXON),
        skip_keeps_frame: flag(SKIP_KEEPS_FRAME),
        next_met_codon: number(NEXT_MET),
        cryptic_sites: fields.get(CRYPTIC_SITES).and_then(cryptic_sites),
    };
    let splice = SplicePlace {
        intron_offset: fields.get(INTRON_OFFSET).and_then(|v| v.parse().ok()),
        from_exon_start: number(FROM_EXON_START),
        from_exon_end: number(FROM_EXON_END),
    };
    Some(TranscriptConsequence {
        symbol: get(SYMBOL),
        hgnc_id: get(HGNC_ID),
        gene_id: get(GENE),
        transcript,
        protein_id: get(PROTEIN_ID),
        biotype: get(BIOTYPE),
        terms,
        impact: impact(fields.get(IMPACT)),
        strand: if fields.get(STRAND) == Some("-1") {
            Strand::Reverse
        } else {
            Strand::Forward
        },
        mane: match fields.get(MANE) {
            Some("MANE_Select") => Mane::Select,
            Some("MANE_Plus_Clinical") => Mane::PlusClinical,
            _ => Mane::None,
        },
        picked: flag(PICK) == Some(true),
        exon: get(EXON),
        intron: get(INTRON),
        hgvs_c: get(HGVS_C),
        hgvs_p: get(HGVS_P),
        protein_position: get(PROTEIN_POSITION),
        amino_acids: get(AMINO_ACIDS),
        loss_of_function: (loss_of_function != LossOfFunction::default()).then_some(loss_of_function),
        splice: (splice != SplicePlace::default()).then_some(splice),
        warnings: get(WARNINGS).map_or_else(Vec::new, |w| w.split('&').map(|w| w.replace('_', " ")).collect()),
    })
}

/// `position:distance:keeps_frame:nmd:new_stop:lost_fraction`, joined by `&`; `none` where no site is there. What cannot
/// be read is none that was looked for.
fn cryptic_sites(text: &str) -> Option<Vec<CrypticSite>> {
    if text == "none" {
        return Some(Vec::new());
    }
    let flag = |text: &str| match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    };
    text.split('&')
        .map(|site| {
            let [position, distance, keeps, nmd, stop, lost] = site.split(':').collect::<Vec<_>>()[..] else {
                return None;
            };
            Some(CrypticSite {
                position: position.parse().ok()?,
                distance: distance.parse().ok()?,
                keeps_frame: flag(keeps),
                nmd: flag(nmd),
                new_stop_codon: stop.parse().ok(),
                lost_fraction: lost.parse().ok(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cryptic_sites_are_read_or_not_known() {
        assert_eq!(cryptic_sites("none"), Some(Vec::new()));
        assert_eq!(cryptic_sites("12:+4:0"), None);
        let sites = cryptic_sites("34:+4:0:1:52:0.7959&27:-3:1:0::0.0204").unwrap();
        assert_eq!(
            (sites[0].position, sites[0].distance, sites[0].nmd),
            (34, 4, Some(true))
        );
        assert_eq!(sites[0].new_stop_codon, Some(52));
        assert_eq!(
            (sites[1].distance, sites[1].keeps_frame, sites[1].new_stop_codon),
            (-3, Some(true), None)
        );
    }

    #[test]
    fn every_number_is_that_of_its_name() {
        for (number, name) in [
            (ALLELE_NUM, "ALLELE_NUM"),
            (FEATURE, "Feature"),
            (CONSEQUENCE, "Consequence"),
            (NMD, "NMD"),
            (NMD_REASON, "NMD_REASON"),
            (NEW_STOP, "NEW_STOP"),
            (LOST_FRACTION, "LOST_FRACTION"),
            (SKIPPED_EXON, "SKIPPED_EXON"),
            (SKIP_KEEPS_FRAME, "SKIP_KEEPS_FRAME"),
            (NEXT_MET, "NEXT_MET"),
            (INTRON_OFFSET, "INTRON_OFFSET"),
            (FROM_EXON_START, "FROM_EXON_START"),
            (FROM_EXON_END, "FROM_EXON_END"),
            (SYMBOL, "SYMBOL"),
            (HGNC_ID, "HGNC_ID"),
            (GENE, "Gene"),
            (PROTEIN_ID, "PROTEIN_ID"),
            (BIOTYPE, "BIOTYPE"),
            (IMPACT, "IMPACT"),
            (STRAND, "STRAND"),
            (MANE, "MANE"),
            (PICK, "PICK"),
            (EXON, "EXON"),
            (INTRON, "INTRON"),
            (HGVS_C, "HGVSc"),
            (HGVS_P, "HGVSp"),
            (PROTEIN_POSITION, "Protein_position"),
            (AMINO_ACIDS, "Amino_acids"),
            (WARNINGS, "WARNINGS"),
            (CRYPTIC_SITES, "CRYPTIC_SITES"),
        ] {
            assert_eq!(NAMES[number], name);
        }
    }
}
