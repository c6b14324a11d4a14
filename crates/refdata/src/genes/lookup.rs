//! What the tables say of a gene.

use std::collections::BTreeMap;

use clinotype_genome::Result;
use rusqlite::{Params, Row};
use serde::Serialize;

use super::{GeneFacts, schema};

/// A table in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Which table, as [`super::Table::name`] says it.
    pub kind: String,
    /// Release.
    pub release: Option<String>,
    /// Date of the release.
    pub date: Option<String>,
    /// Licence or terms of use.
    pub licence: Option<String>,
    /// File that it was imported from, without folder.
    pub file: String,
    /// SHA-256 of that file.
    pub sha256: String,
    /// Records of the file.
    pub records: u64,
    /// Records in the database.
    pub kept: u64,
    /// Records left out, by reason.
    pub dropped: BTreeMap<String, u64>,
}

/// A gene of HGNC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gene {
    /// HGNC id.
    pub hgnc_id: String,
    /// Approved symbol.
    pub symbol: String,
    /// Approved name.
    pub name: Option<String>,
    /// Group of loci, for example `protein-coding gene`.
    pub locus_group: Option<String>,
    /// Band.
    pub location: Option<String>,
    /// Ensembl gene id.
    pub ensembl_id: Option<String>,
    /// NCBI gene id.
    pub entrez_id: Option<String>,
    /// MANE Select transcripts, as HGNC lists them.
    pub mane_select: Option<String>,
    /// OMIM id.
    pub omim_id: Option<String>,
    /// Symbols that it had before.
    pub previous: Vec<String>,
    /// Other names.
    pub aliases: Vec<String>,
}

/// A judgement whether a gene causes a disease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// `gencc` or `clingen-validity`.
    pub source: String,
    /// Disease, for example `MONDO:0007254`.
    pub disease_id: Option<String>,
    /// Its name.
    pub disease: Option<String>,
    /// `Definitive`, `Strong`, ... as the source writes it.
    pub classification: String,
    /// Mode of inheritance.
    pub inheritance: Option<String>,
    /// Who judged.
    pub submitter: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Where it can be read.
    pub report: Option<String>,
}

/// A mode of inheritance and who states it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Inheritance {
    /// As the source writes it.
    pub mode: String,
    /// Disease, where it is stated for one.
    pub disease: Option<String>,
    /// Table, and submitter or panel with its version.
    pub source: String,
}

/// Dosage sensitivity by ClinGen. A side that was not evaluated has no score, which differs from 0 (no evidence).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dosage {
    /// Haploinsufficiency: 0 to 3, 30 (recessive), 40 (unlikely).
    pub haplo_score: Option<i64>,
    /// In words.
    pub haplo: Option<String>,
    /// Disease.
    pub haplo_disease: Option<String>,
    /// Triplosensitivity.
    pub triplo_score: Option<i64>,
    /// In words.
    pub triplo: Option<String>,
    /// Disease.
    pub triplo_disease: Option<String>,
    /// When it was evaluated last.
    pub date: Option<String>,
}

/// Constraint of a transcript by gnomAD.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Constraint {
    /// Transcript.
    pub transcript: String,
    /// Whether it is MANE Select; `None` where the release does not say.
    pub mane_select: Option<bool>,
    /// Whether it is Ensembl's canonical one.
    pub canonical: Option<bool>,
    /// Probability of intolerance to loss of function.
    pub pli: Option<f64>,
    /// Upper bound of the 90 % interval of observed / expected loss of function.
    pub loeuf: Option<f64>,
    /// Observed / expected loss of function.
    pub lof_oe: Option<f64>,
    /// Z score of loss of function.
    pub lof_z: Option<f64>,
    /// Z score of missense.
    pub mis_z: Option<f64>,
    /// Observed / expected missense.
    pub mis_oe: Option<f64>,
    /// Upper bound of its interval.
    pub mis_oe_upper: Option<f64>,
    /// Z score of synonymous variants, which should be near 0.
    pub syn_z: Option<f64>,
    /// gnomAD's flags against the figures.
    pub flags: Option<String>,
}

impl GeneFacts {
    fn rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let all =
            || -> rusqlite::Result<Vec<T>> { self.connection.prepare_cached(sql)?.query_map(values, read)?.collect() };
        all().map_err(|e| schema::fault(&self.path, e))
    }

    /// The tables that are there, with their releases.
    pub fn sources(&self) -> Result<Vec<Source>> {
        self.rows(
            "SELECT kind, release, date, licence, file, sha256, records, kept, dropped FROM source ORDER BY id",
            [],
            |row| {
                let dropped: String = row.get(8)?;
                Ok(Source {
                    kind: row.get(0)?,
                    release: row.get(1)?,
                    date: row.get(2)?,
                    licence: row.get(3)?,
                    file: row.get(4)?,
                    sha256: row.get(5)?,
                    records: row.get::<_, i64>(6)? as u64,
                    kept: row.get::<_, i64>(7)? as u64,
                    dropped: serde_json::from_str(&dropped).unwrap_or_default(),
                })
            },
        )
    }

    /// A gene by its HGNC id.
    pub fn gene(&self, hgnc_id: &str) -> Result<Option<Gene>> {
        let names = |kind: &str| {
            self.rows(
                "SELECT name FROM name WHERE hgnc_id = ?1 AND kind = ?2 ORDER BY name",
                [hgnc_id, kind],
                |row| row.get::<_, String>(0),
            )
        };
        let (previous, aliases) = (names("previous")?, names("alias")?);
        let found = self.rows(
            "SELECT hgnc_id, symbol, name, locus_group, location, ensembl_id, entrez_id, mane_select, omim_id
             FROM gene WHERE hgnc_id = ?1",
            [hgnc_id],
            |row| {
                Ok(Gene {
                    hgnc_id: row.get(0)?,
                    symbol: row.get(1)?,
                    name: row.get(2)?,
                    locus_group: row.get(3)?,
                    location: row.get(4)?,
                    ensembl_id: row.get(5)?,
                    entrez_id: row.get(6)?,
                    mane_select: row.get(7)?,
                    omim_id: row.get(8)?,
                    previous: previous.clone(),
                    aliases: aliases.clone(),
                })
            },
        )?;
        Ok(found.into_iter().next())
    }

    /// Judgements on a gene, by disease.
    pub fn validity(&self, hgnc_id: &str) -> Result<Vec<Validity>> {
        self.rows(
            "SELECT s.kind, v.disease_id, v.disease, v.classification, v.inheritance, v.submitter, v.date, v.report
             FROM validity v JOIN source s ON s.id = v.source WHERE v.hgnc_id = ?1
             ORDER BY v.disease, v.disease_id, s.kind, v.submitter, v.rowid",
            [hgnc_id],
            |row| {
                Ok(Validity {
                    source: row.get(0)?,
                    disease_id: row.get(1)?,
                    disease: row.get(2)?,
                    classification: row.get(3)?,
                    inheritance: row.get(4)?,
                    submitter: row.get(5)?,
                    date: row.get(6)?,
                    report: row.get(7)?,
                })
            },
        )
    }

    /// Every mode of inheritance that a table states for a gene, with who states it. Sources are not weighed.
    pub fn inheritance(&self, hgnc_id: &str) -> Result<Vec<Inheritance>> {
        let mut found: Vec<Inheritance> = self
            .validity(hgnc_id)?
            .into_iter()
            .filter_map(|v| {
                Some(Inheritance {
                    mode: v.inheritance?,
                    disease: v.disease.or(v.disease_id),
                    source: v.submitter.map_or(v.source.clone(), |s| format!("{}: {s}", v.source)),
                })
            })
            .collect();
        found.extend(self.rows(
            "SELECT g.inheritance, p.origin, p.name, p.version FROM panel_gene g JOIN panel p ON p.id = g.panel
             WHERE g.hgnc_id = ?1 AND g.inheritance IS NOT NULL",
            [hgnc_id],
            |row| {
                let (origin, name, version): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(Inheritance {
                    mode: row.get(0)?,
                    disease: None,
                    source: format!("{origin}: {name} {version}"),
                })
            },
        )?);
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Dosage sensitivity; `None` where ClinGen has no curation of the gene.
    pub fn dosage(&self, hgnc_id: &str) -> Result<Option<Dosage>> {
        let found = self.rows(
            "SELECT haplo_score, haplo, haplo_disease, triplo_score, triplo, triplo_disease, date
             FROM dosage WHERE hgnc_id = ?1",
            [hgnc_id],
            |row| {
                Ok(Dosage {
                    haplo_score: row.get(0)?,
                    haplo: row.get(1)?,
                    haplo_disease: row.get(2)?,
                    triplo_score: row.get(3)?,
                    triplo: row.get(4)?,
                    triplo_disease: row.get(5)?,
                    date: row.get(6)?,
                })
            },
        )?;
        Ok(found.into_iter().next())
    }

    /// Constraint of a gene's transcripts: MANE Select first, then canonical, then by name.
    pub fn constraint(&self, hgnc_id: &str) -> Result<Vec<Constraint>> {
        self.rows(
            "SELECT transcript, mane_select, canonical, pli, loeuf, lof_oe, lof_z, mis_z, mis_oe, mis_oe_upper, syn_z,
                    flags
             FROM constraint_of WHERE hgnc_id = ?1
             ORDER BY coalesce(mane_select, 0) DESC, coalesce(canonical, 0) DESC, transcript",
            [hgnc_id],
            |row| {
                Ok(Constraint {
                    transcript: row.get(0)?,
                    mane_select: row.get(1)?,
                    canonical: row.get(2)?,
                    pli: row.get(3)?,
                    loeuf: row.get(4)?,
                    lof_oe: row.get(5)?,
                    lof_z: row.get(6)?,
                    mis_z: row.get(7)?,
                    mis_oe: row.get(8)?,
                    mis_oe_upper: row.get(9)?,
                    syn_z: row.get(10)?,
                    flags: row.get(11)?,
                })
            },
        )
    }
}
