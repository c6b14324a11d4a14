//! ClinGen's dosage curations, as its two lists of genes and regions state them. The laboratory supplies the files.

use std::collections::BTreeMap;

use clinotype_genome::{Fault, Result};

/// A dosage score: 0 to 3, or one of the two special ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 3: sufficient evidence.
    Sufficient,
    /// 0, 1, 2: less.
    Insufficient(u8),
    /// 30: a gene of recessive disease.
    Recessive,
    /// 40: dosage sensitivity unlikely.
    Unlikely,
    /// Not evaluated yet.
    NotYet,
}

impl Level {
    fn of(text: &str) -> Option<Self> {
        match text.trim() {
            "3" => Some(Self::Sufficient),
            "30" => Some(Self::Recessive),
            "40" | "40: Dosage sensitivity unlikely" => Some(Self::Unlikely),
            "" | "-1" | "Not yet evaluated" => Some(Self::NotYet),
            number => number.parse().ok().filter(|n| *n <= 2).map(Self::Insufficient),
        }
    }
}

/// A curated region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// Contig as the list names it.
    pub contig: String,
    /// First base, 0-based.
    pub start: u32,
    /// Base after the last.
    pub end: u32,
    /// Of its loss.
    pub haploinsufficiency: Level,
    /// Of its gain.
    pub triplosensitivity: Level,
}

/// Both lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dosage {
    /// Symbol to (haploinsufficiency, triplosensitivity).
    pub genes: BTreeMap<String, (Level, Level)>,
    /// Regions.
    pub regions: Vec<Region>,
}

impl Dosage {
    /// Reads a list of ClinGen (`ClinGen_gene_curation_list_*.tsv` or `ClinGen_region_curation_list_*.tsv`) and adds it.
    ///
    /// # Errors
    /// An input fault with the line: no header of such a list, a score that is none of ClinGen's, a location that is no
    /// `chr1:1-2`.
    pub fn add(&mut self, text: &str) -> Result<()> {
        let mut columns: Option<Columns> = None;
        for (number, line) in text.lines().enumerate() {
            let number = number as u64 + 1;
            if line.starts_with("#Gene Symbol\t") || line.starts_with("#ISCA ID\t") {
                columns = Some(Columns::of(line).map_err(|what| Fault::input(what).line(number))?);
            } else if !line.starts_with('#') && !line.trim().is_empty() {
                let columns = columns.as_ref().ok_or_else(|| {
                    Fault::input("is not a list of ClinGen's dosage curations: it has no header")
                        .line(number)
                        .hint("give ClinGen_gene_curation_list_GRCh38.tsv or ClinGen_region_curation_list_GRCh38.tsv")
                })?;
                self.take(columns, line)
                    .map_err(|what| Fault::input(what).line(number))?;
            }
        }
        if columns.is_none() {
            return Err(Fault::input(
                "is not a list of ClinGen's dosage curations: it has no header",
            ));
        }
        Ok(())
    }

    fn take(&mut self, columns: &Columns, line: &str) -> std::result::Result<(), String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or("");
        let level = |at: usize, what: &str| {
            Level::of(field(at)).ok_or_else(|| format!("{what} {:?} is not a score of ClinGen", field(at)))
        };
        let haploinsufficiency = level(columns.haploinsufficiency, "haploinsufficiency score")?;
        let triplosensitivity = level(columns.triplosensitivity, "triplosensitivity score")?;
        if !columns.regions {
            self.genes
                .insert(field(0).to_owned(), (haploinsufficiency, triplosensitivity));
            return Ok(());
        }
        let location = field(columns.location).trim();
        // A few regions have no place on this build.
        if location.is_empty() || location.eq_ignore_ascii_case("tbd") {
            return Ok(());
        }
        let (contig, start, end) = place(location).ok_or_else(|| format!("location {location:?} is not chr1:1-2"))?;
        self.regions.push(Region {
            name: field(1).to_owned(),
            contig,
            start,
            end,
            haploinsufficiency,
            triplosensitivity,
        });
        Ok(())
    }
}

struct Columns {
    regions: bool,
    location: usize,
    haploinsufficiency: usize,
    triplosensitivity: usize,
}

impl Columns {
    fn of(line: &str) -> std::result::Result<Self, String> {
        let names: Vec<&str> = line.trim_start_matches('#').split('\t').collect();
        let at = |name: &str| {
            names
                .iter()
                .position(|n| n.eq_ignore_ascii_case(name))
                .ok_or_else(|| format!("the list has no column {name}"))
        };
        Ok(Self {
            regions: names[0] == "ISCA ID",
            location: at("Genomic Location")?,
            haploinsufficiency: at("Haploinsufficiency Score")?,
            triplosensitivity: at("Triplosensitivity Score")?,
        })
    }
}

/// `chr1:1001-2000`, 1-based, as 0-based half-open.
fn place(text: &str) -> Option<(String, u32, u32)> {
    let (contig, span) = text.split_once(':')?;
    let (first, last) = span.split_once('-')?;
    let number = |text: &str| text.trim().replace(',', "").parse::<u32>().ok();
    let (first, last) = (number(first)?, number(last)?);
    (first >= 1 && first <= last).then(|| (contig.trim().to_owned(), first - 1, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_read() {
        let mut dosage = Dosage::default();
        dosage
            .add("#ClinGen Gene Curation List\n#Gene Symbol\tGene ID\tcytoBand\tGenomic Location\tHaploinsufficiency Score\tx\tTriplosensitivity Score\nBRCA1\t672\t17q21\tchr17:1-2\t3\t\t0\nCFTR\t1080\t7q\tchr7:1-2\t30\t\t-1\n")
            .unwrap();
        dosage
            .add("#ISCA ID\tISCA Region Name\tcytoBand\tGenomic Location\tHaploinsufficiency Score\tTriplosensitivity Score\nISCA-1\t1p36\t1p36\tchr1:1001-2000\t3\tNot yet evaluated\nISCA-2\tx\t-\ttbd\t40\t40\n")
            .unwrap();
        assert_eq!(dosage.genes["BRCA1"], (Level::Sufficient, Level::Insufficient(0)));
        assert_eq!(dosage.genes["CFTR"], (Level::Recessive, Level::NotYet));
        assert_eq!(
            (dosage.regions.len(), dosage.regions[0].start, dosage.regions[0].end),
            (1, 1_000, 2_000)
        );
    }

    #[test]
    fn other_files_are_refused() {
        for (text, words) in [
            ("", "no header"),
            ("BRCA1\t3\n", "no header"),
            ("#Gene Symbol\tx\n", "no column Genomic Location"),
            (
                "#Gene Symbol\tGenomic Location\tHaploinsufficiency Score\tTriplosensitivity Score\nA\t-\t7\t0\n",
                "not a score",
            ),
            (
                "#ISCA ID\tISCA Region Name\tGenomic Location\tHaploinsufficiency Score\tTriplosensitivity Score\nI\tn\tchr1\t3\t0\n",
                "is not chr1:1-2",
            ),
        ] {
            let fault = Dosage::default().add(text).unwrap_err();
            assert!(fault.what().contains(words), "{fault}");
        }
    }
}
