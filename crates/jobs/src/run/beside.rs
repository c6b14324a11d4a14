//! What a run makes beside report and bundle where it was asked for: the gene rank by phenotype and the polygenic scores.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clinotype_case::{
    Order,
    phenotype::{self, GeneRank},
    prs::{self as prs_file, PolygenicScores, Settings},
};
use clinotype_genome::{Fault, Result, digest};

use super::{Input, Running};
use crate::{
    provenance::Done,
    prs::{self, PrsRequest},
    rank::{self, Hpo, RankRequest},
    steps,
};

/// What else a run makes.
#[derive(Clone, Debug, Default)]
pub struct BesideOptions {
    /// Folder of HPO's files: ranks the genes by the order's terms, in `ID.rank.json`.
    pub hpo: Option<PathBuf>,
    /// Scoring files of the PGS Catalog: sums in `ID.prs.json`.
    pub scores: Vec<PathBuf>,
    /// The reference of people that scores are compared with.
    pub people: Option<PathBuf>,
}

impl BesideOptions {
    /// A rank needs terms, which only an order gives, and HPO's files.
    pub(super) fn check(&self, order: Option<&Order>) -> Result<()> {
        if self.hpo.is_some() && order.is_none_or(|order| order.indication.hpo.is_empty()) {
            return Err(
                Fault::usage("genes are ranked by the terms of the order's indication, and there is none")
                    .hint("state indication.hpo in order.json, or leave --hpo out"),
            );
        }
        if let Some(folder) = &self.hpo {
            Hpo::files(folder)?;
        }
        Ok(())
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.scores.iter().chain(&self.people).map(PathBuf::as_path)
    }
}

impl Running<'_> {
    /// Writes `ID.rank.json`, of the ordered genes only where the order names genes.
    pub(super) fn rank(&mut self, annotated: &Path) -> Result<Option<GeneRank>> {
        let (Some(folder), Some(order)) = (&self.options.beside.hpo, &self.prepared.order) else {
            return Ok(None);
        };
        let terms = &order.indication.hpo;
        let genes: BTreeSet<&str> = order.genes.iter().map(String::as_str).collect();
        let (build, sex, watch) = (self.prepared.build.build, self.prepared.sex, self.watch);
        let files = Hpo::files(folder)?;
        let mut inputs: Vec<&Path> = vec![annotated];
        inputs.extend(files.iter().map(PathBuf::as_path));
        // Terms are the patient's: the record of steps holds only their digest.
        let key = BTreeMap::from([
            ("terms".to_owned(), digest::sha256(terms.join(",").as_bytes())),
            ("sex".to_owned(), sex.to_string()),
            ("genes".to_owned(), genes.iter().copied().collect::<Vec<_>>().join(",")),
        ]);
        let out = self.folder.file("rank.json");
        self.step((5, "rank", "Rank genes by phenotype"), &key, &inputs, &[&out], || {
            let hpo = Hpo::open(folder)?;
            let made = rank::rank(
                &RankRequest {
                    vcf: annotated,
                    sample: None,
                    build: Some(build),
                    sex,
                    hpo: &hpo,
                    present: terms,
                    excluded: &[],
                    genes: (!genes.is_empty()).then_some(&genes),
                },
                watch,
            )?;
            steps::write_json(&out, &made)?;
            let release = |stated: &Option<String>| stated.clone().unwrap_or_else(|| "not stated".to_owned());
            let parameters = BTreeMap::from([
                ("ontology".to_owned(), release(&made.ontology)),
                ("annotations".to_owned(), release(&made.annotations)),
            ]);
            Ok((
                Done {
                    version: crate::software(),
                    parameters,
                },
                serde_json::Value::Null,
            ))
        })?;
        steps::read_json(&out, phenotype::SCHEMA).map(Some)
    }

    /// Writes `ID.prs.json`. From reads the blocks of the run's gVCF fill sites as reference; a VCF that was given fills
    /// nothing.
    pub(super) fn scores(&mut self, vcf: &Path) -> Result<Option<PolygenicScores>> {
        let (options, watch) = (self.options, self.watch);
        let asked = &options.beside;
        if asked.scores.is_empty() {
            return Ok(None);
        }
        let gvcf = self.folder.file("g.vcf.gz");
        let from_reads = !matches!(options.input, Input::Vcf(_));
        let target = if from_reads { gvcf.as_path() } else { vcf };
        let build = self.prepared.build.build;
        let mut inputs: Vec<&Path> = vec![target, &options.reference];
        inputs.extend(asked.files());
        let key = BTreeMap::from([("build".to_owned(), build.to_string())]);
        let out = self.folder.file("prs.json");
        self.step((5, "prs", "Sum polygenic scores"), &key, &inputs, &[&out], || {
            let settings = Settings::default();
            let made = prs::score(
                &PrsRequest {
                    target,
                    gvcf: from_reads,
                    scores: &asked.scores,
                    build: Some(build),
                    fasta: from_reads.then_some(options.reference.as_path()),
                    reference: asked.people.as_deref(),
                    settings: &settings,
                    audit: None,
                },
                watch,
            )?;
            steps::write_json(&out, &made)?;
            Ok((
                Done {
                    version: crate::software(),
                    ..Done::default()
                },
                serde_json::Value::Null,
            ))
        })?;
        steps::read_json(&out, prs_file::SCHEMA).map(Some)
    }
}
