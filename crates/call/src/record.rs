//! One VCF record, and how it is written.

use std::fmt::Write as _;

use crate::{
    allele::Site,
    bias::{self, Bias},
    filter,
    genotype::{self, Genotype},
    phase::Phase,
};

/// The symbolic allele of the gVCF: anything else.
pub(crate) const NON_REF: &str = "<NON_REF>";

/// A called site.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// 0-based position of the first base of REF.
    pub(crate) position: u32,
    /// REF, then ALT.
    pub(crate) alleles: Vec<Vec<u8>>,
    /// QUAL.
    pub(crate) qual: f64,
    /// The filters it fails.
    pub(crate) filters: Vec<&'static str>,
    /// Informative reads by allele.
    depths: Vec<u32>,
    /// Fragments over the site.
    depth: u32,
    /// Allele numbers, one per chromosome.
    pub(crate) genotype: Vec<usize>,
    gq: u32,
    /// Phred-scaled likelihoods; none for mitochondria.
    pl: Vec<u32>,
    /// The same with one more allele, [`NON_REF`]; empty where no gVCF is written.
    pl_non_ref: Vec<u32>,
    /// Allele fractions of the alternates, for mitochondria.
    fractions: Vec<f64>,
    bias: Bias,
    /// Quality by depth.
    qd: Option<f64>,
    /// Its phase with the records before and after, where reads tell.
    phase: Phase,
}

impl Record {
    /// A nuclear record from a site that holds the called alleles only.
    pub(crate) fn nuclear(site: &Site, called: Genotype, phase: Phase, ploidy: usize, gvcf: bool) -> Self {
        let mut record = Self::shared(site, called.qual);
        record.phase = phase;
        record.pl_non_ref = if gvcf { with_non_ref(site, ploidy) } else { Vec::new() };
        let informative: u32 = record.depths.iter().sum();
        record.qd = (informative > 0).then(|| record.qual / f64::from(informative));
        record.genotype = called.alleles;
        record.gq = called.gq;
        record.pl = called.pl;
        record.filters = filter::failed(record.qual, record.qd, &record.bias, record.is_indel());
        record
    }

    /// A mitochondrial record with the fraction of each alternate. Quality by depth is left out: a low fraction in a
    /// deep pileup is not an artefact by itself.
    pub(crate) fn mitochondrial(site: &Site, qual: f64, gq: u32, genotype: Vec<usize>, fractions: Vec<f64>) -> Self {
        let mut record = Self::shared(site, qual);
        record.genotype = genotype;
        record.gq = gq;
        record.fractions = fractions;
        record.filters = filter::failed(record.qual, None, &record.bias, record.is_indel());
        record
    }

    fn shared(site: &Site, qual: f64) -> Self {
        Self {
            position: site.position,
            alleles: site.alleles.clone(),
            qual: (qual.min(99_999.0) * 100.0).round() / 100.0,
            filters: Vec::new(),
            depths: site.depths(),
            depth: site.observations.len() as u32,
            genotype: Vec::new(),
            gq: 0,
            pl: Vec::new(),
            pl_non_ref: Vec::new(),
            fractions: Vec::new(),
            bias: bias::measure(site),
            qd: None,
            phase: None,
        }
    }

    /// 0-based base after REF.
    pub(crate) fn end(&self) -> u32 {
        self.position + self.alleles[0].len() as u32
    }

    /// Whether any allele is not a single base.
    pub(crate) fn is_indel(&self) -> bool {
        self.alleles.iter().any(|a| a.len() != 1)
    }

    /// Appends the record as a line. The gVCF's has [`NON_REF`] as its last alternate.
    pub(crate) fn write(&self, out: &mut String, contig: &str, gvcf: bool) {
        let mut alternates: Vec<&str> = self.alleles[1..]
            .iter()
            .map(|a| std::str::from_utf8(a).unwrap_or("N"))
            .collect();
        if gvcf {
            alternates.push(NON_REF);
        }
        let filters = if self.filters.is_empty() {
            "PASS".to_owned()
        } else {
            self.filters.join(";")
        };
        let counts: Vec<usize> = (1..=alternates.len())
            .map(|a| self.genotype.iter().filter(|g| **g == a).count())
            .collect();
        let total = self.genotype.len();
        let frequencies = counts
            .iter()
            .map(|c| format!("{:.3}", *c as f64 / total as f64))
            .collect::<Vec<_>>();
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{contig}\t{}\t.\t{}\t{}\t{:.2}\t{filters}\tAC={};AF={};AN={total};DP={}",
            self.position + 1,
            String::from_utf8_lossy(&self.alleles[0]),
            alternates.join(","),
            self.qual,
            join(&counts),
            frequencies.join(","),
            self.depth,
        );
        for (name, value, digits) in [
            ("FS", self.bias.fs, 3),
            ("MQ", self.bias.mq, 2),
            ("MQRankSum", self.bias.mq_rank_sum, 3),
            ("QD", self.qd, 2),
            ("ReadPosRankSum", self.bias.read_pos_rank_sum, 3),
            ("SOR", self.bias.sor, 3),
        ] {
            if let Some(value) = value {
                // Minus zero would read as another value.
                let _ = write!(out, ";{name}={:.digits$}", if value == 0.0 { 0.0 } else { value });
            }
        }
        let mut depths = self.depths.clone();
        if gvcf {
            depths.push(0);
        }
        let pl = if gvcf { &self.pl_non_ref } else { &self.pl };
        let mut genotype: Vec<String> = self.genotype.iter().map(ToString::to_string).collect();
        let mut separator = "/";
        if let Some((_, first)) = self.phase {
            separator = "|";
            if first {
                genotype.reverse();
            }
        }
        let _ = write!(
            out,
            "\tGT:AD:DP:GQ{}{}{}\t{}:{}:{}:{}",
            if pl.is_empty() { "" } else { ":PL" },
            if self.fractions.is_empty() { "" } else { ":HF" },
            if self.phase.is_some() { ":PS" } else { "" },
            genotype.join(separator),
            join(&depths),
            self.depth,
            self.gq,
        );
        if !pl.is_empty() {
            let _ = write!(out, ":{}", join(pl));
        }
        if !self.fractions.is_empty() {
            let mut fractions: Vec<String> = self.fractions.iter().map(|f| format!("{f:.4}")).collect();
            if gvcf {
                fractions.push("0.0000".to_owned());
            }
            let _ = write!(out, ":{}", fractions.join(","));
        }
        if let Some((set, _)) = self.phase {
            let _ = write!(out, ":{set}");
        }
        out.push('\n');
    }
}

/// Likelihoods with an allele that stands for everything else: no read likes it better than its worst known allele.
fn with_non_ref(site: &Site, ploidy: usize) -> Vec<u32> {
    let rows: Vec<Vec<f64>> = site
        .likelihoods
        .iter()
        .map(|row| {
            let least = row.iter().copied().fold(f64::INFINITY, f64::min);
            row.iter().copied().chain(std::iter::once(least)).collect()
        })
        .collect();
    genotype::phred_scaled(&genotype::likelihoods(&rows, site.alleles.len() + 1, ploidy))
}

fn join<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
