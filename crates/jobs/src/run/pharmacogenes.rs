//! The pharmacogenes of a run, where they were asked for: from the gVCF that it called, or from the VCF it was given.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_case::pgx::{Pharmacogenomics, SCHEMA};
use clinotype_genome::{Build, ContigKey, Fault, Result};

use super::{Input, Running};
use crate::{
    pgx::{self, Pgx, Resources, Thresholds},
    provenance::Done,
    steps,
};

/// What a run is to know for its pharmacogenes.
#[derive(Clone, Debug, Default)]
pub struct PgxOptions {
    /// Files of outside calls (CYP2D6, HLA, MT-RNR1 ...).
    pub outside: Vec<PathBuf>,
    /// Medicines that the person takes; `None`: not stated.
    pub medications: Option<Vec<String>>,
    /// UCSC chain file from GRCh37 to GRCh38, which a run on GRCh37 needs.
    pub chain: Option<PathBuf>,
}

impl PgxOptions {
    /// Whether pharmacogenes can be called on this build: asked before the long work begins.
    pub(super) fn check(&self, build: Build) -> Result<()> {
        if build == Build::Grch38 || self.chain.is_some() {
            return Ok(());
        }
        Err(
            Fault::usage("the alleles of the pharmacogenes are defined on GRCh38; this run is on GRCh37")
                .hint("give the chain file from GRCh37 to GRCh38, or leave the pharmacogenes out"),
        )
    }
}

impl Running<'_> {
    /// Whether depth can tell copies of CYP2D6: reads of the whole chromosome 22, which a kit's targets do not give.
    fn counts_copies(&self) -> bool {
        let build = self.prepared.build.build;
        let length = ContigKey::of("22").and_then(|key| build.length(&key));
        let mut contigs = self.prepared.reference.contigs().iter();
        let whole = contigs.any(|c| ContigKey::of(&c.name) == ContigKey::of("22") && Some(c.length) == length);
        whole && self.options.targets.is_none()
    }

    /// What the order states, then what was given besides, each once; `None` where neither was stated.
    fn medications(&self, asked: &PgxOptions) -> Option<Vec<String>> {
        let ordered = self
            .prepared
            .order
            .as_ref()
            .and_then(|order| order.medications.as_ref());
        let stated: Vec<&Vec<String>> = ordered.into_iter().chain(&asked.medications).collect();
        let mut all: Vec<String> = Vec::new();
        for name in stated.iter().flat_map(|list| list.iter()) {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
        (!stated.is_empty()).then_some(all)
    }

    /// Writes `ID.pgx.json`. `vcf` is the run's own. Blocks of the run's gVCF fill positions as reference from the depth
    /// and quality of [`Thresholds`] on; a VCF that was given fills nothing.
    pub(super) fn pharmacogenes(&mut self, vcf: &Path) -> Result<Option<Pharmacogenomics>> {
        let Some(asked) = &self.options.pgx else {
            return Ok(None);
        };
        let build = self.prepared.build.build;
        let (gvcf, bam) = (self.folder.file("g.vcf.gz"), self.folder.file("bam"));
        let from_reads = !matches!(self.options.input, Input::Vcf(_));
        let source = if from_reads { gvcf.as_path() } else { vcf };
        let mut inputs: Vec<&Path> = vec![source];
        let bam = (from_reads && self.counts_copies()).then_some(bam.as_path());
        inputs.extend(bam);
        inputs.extend(asked.outside.iter().map(PathBuf::as_path));
        inputs.extend(asked.chain.as_deref());
        let mut key = BTreeMap::from([("fill".to_owned(), if from_reads { "gvcf" } else { "none" }.to_owned())]);
        let medications = self.medications(asked);
        if let Some(list) = &medications {
            // The list is the patient's: the record of steps holds only its digest.
            let digest = clinotype_genome::digest::sha256(list.join("\n").as_bytes());
            key.insert("medications".to_owned(), digest);
        }
        let out = self.folder.file("pgx.json");
        self.step((5, "pgx", "Call pharmacogenes"), &key, &inputs, &[&out], || {
            let ready = Pgx::prepare(&Resources {
                chain: asked.chain.as_deref(),
                blocks: from_reads.then(Thresholds::default),
                ..Resources::default()
            })?;
            let made = ready.sample(&pgx::Input {
                vcf: Some(source),
                sample: None,
                build: Some(build),
                bam,
                outside: &asked.outside,
                medications: medications.as_deref(),
            })?;
            steps::write_json(&out, &made)?;
            let parameters = made
                .rules
                .iter()
                .map(|r| (format!("rules {}", r.name), r.version.clone()));
            Ok((
                Done {
                    version: crate::software(),
                    parameters: parameters.collect(),
                },
                serde_json::Value::Null,
            ))
        })?;
        steps::read_json(&out, SCHEMA).map(Some)
    }
}
