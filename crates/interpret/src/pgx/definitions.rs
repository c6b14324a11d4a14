//! Allele definitions: which bases at which positions make which allele.

use std::collections::{BTreeMap, BTreeSet};

use clinotype_case::finding::RuleSet;
use clinotype_genome::ContigKey;

/// How a gene is called from a VCF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Star alleles by score.
    Standard,
    /// The allele of lowest function on each copy decides (DPYD, RYR1).
    LowestFunction,
    /// From outside calls only; CYP2D6 is called from a VCF where research asks for it.
    Outside,
}

/// What recommendations are looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The phenotype.
    Phenotype,
    /// The activity score.
    ActivityScore,
    /// Presence of an allele (HLA).
    Presence,
    /// Nothing: the gene is shown only.
    None,
}

/// How many copies a person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ploidy {
    /// Two.
    Two,
    /// One or two (X).
    X,
    /// One (mitochondrion).
    One,
}

/// A position of a gene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// 1-based, GRCh38.
    pub position: u32,
    /// dbSNP id.
    pub rsid: Option<String>,
    /// REF as VCF writes it.
    pub reference: String,
    /// ALTs that alleles use.
    pub alternates: Vec<String>,
    /// Genomic HGVS names, one per ALT in their order (as far as given).
    pub hgvs: Vec<String>,
}

impl Position {
    /// The dbSNP id, else `contig:position`.
    pub fn name(&self, contig: &str) -> String {
        self.rsid
            .clone()
            .unwrap_or_else(|| format!("{contig}:{}", self.position))
    }

    /// The genomic HGVS name of a VCF allele at this position; `g.123?` where the allele is not known.
    pub fn hgvs_of(&self, allele: Option<&str>) -> String {
        let Some(allele) = allele else {
            return format!("g.{}?", self.position);
        };
        if allele == self.reference {
            return format!("g.{}=", self.position);
        }
        let named = self.alternates.iter().position(|a| a == allele);
        match named.and_then(|index| self.hgvs.get(index)) {
            Some(name) => name.clone(),
            None => format!("g.{}{}>{allele}", self.position, self.reference),
        }
    }
}

/// A named allele.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allele {
    /// Name.
    pub name: String,
    /// Whether it is the reference allele, which has REF (or the base listed) at every position.
    pub reference: bool,
    /// The name that is reported instead (a sub-allele's core allele).
    pub reported_as: Option<String>,
    /// Index of the position and base (or IUPAC letter), by index.
    pub bases: Vec<(usize, String)>,
}

impl Allele {
    /// The name that is reported.
    pub fn shown(&self) -> &str {
        self.reported_as.as_deref().unwrap_or(&self.name)
    }

    /// The base at a position that this allele itself lists.
    pub fn base(&self, position: usize) -> Option<&str> {
        let at = self.bases.binary_search_by_key(&position, |(index, _)| *index).ok()?;
        Some(&self.bases[at].1)
    }
}

/// One gene.
#[derive(Clone, Debug)]
pub struct Gene {
    /// HGNC symbol.
    pub symbol: String,
    /// Contig, with `chr`.
    pub contig: String,
    /// How it is called.
    pub caller: Caller,
    /// What recommendations are looked up by.
    pub lookup: Lookup,
    /// Whether an ALT that no definition knows is read as REF (with a warning); else the gene is not called.
    pub undocumented_is_reference: bool,
    /// Copies.
    pub ploidy: Ploidy,
    /// Whether a diplotype with the reference allele is labelled by its variant.
    pub heterozygous_label: bool,
    /// Positions without which the gene is not called.
    pub required: BTreeSet<u32>,
    /// Positions of AMP tier 1 alleles.
    pub tier1: BTreeSet<u32>,
    /// By position.
    pub positions: Vec<Position>,
    /// Positions that are read and shown only.
    pub extra: Vec<Position>,
    /// The reference allele first.
    pub alleles: Vec<Allele>,
    /// Diplotypes that unphased data do not tell apart, and the one that is picked.
    pub priorities: Vec<(Vec<String>, String)>,
}

impl Gene {
    /// A gene without a definition, as outside calls may name.
    pub(super) fn outside_only(symbol: &str) -> Self {
        Self {
            symbol: symbol.to_owned(),
            contig: String::new(),
            caller: Caller::Outside,
            lookup: Lookup::Phenotype,
            undocumented_is_reference: false,
            ploidy: Ploidy::X,
            heterozygous_label: false,
            required: BTreeSet::new(),
            tier1: BTreeSet::new(),
            positions: Vec::new(),
            extra: Vec::new(),
            alleles: Vec::new(),
            priorities: Vec::new(),
        }
    }

    /// The reference allele.
    pub fn reference(&self) -> Option<&Allele> {
        self.alleles.iter().find(|allele| allele.reference)
    }

    /// Whether an allele of this name is defined.
    pub fn knows(&self, name: &str) -> bool {
        self.alleles.iter().any(|a| a.name == name || a.shown() == name)
    }

    /// The base that `allele` has at `position`: its own, else that of the reference allele. An IUPAC letter of the
    /// reference allele stands for REF in other alleles.
    pub(super) fn full_base<'a>(&'a self, allele: &'a Allele, position: usize) -> &'a str {
        if let Some(base) = allele.base(position) {
            return base;
        }
        let site = &self.positions[position];
        match self.reference().and_then(|reference| reference.base(position)) {
            Some(base) if !is_wobble(base) => base,
            _ => &site.reference,
        }
    }
}

/// Whether a base of a definition is an IUPAC letter for several bases.
pub(super) fn is_wobble(base: &str) -> bool {
    base.len() == 1
        && matches!(
            base.as_bytes()[0],
            b'R' | b'Y' | b'S' | b'W' | b'K' | b'M' | b'B' | b'D' | b'H' | b'V' | b'N'
        )
}

/// Whether the base of a definition allows the base of a sample.
pub(super) fn allows(defined: &str, sample: &str) -> bool {
    if defined == sample {
        return true;
    }
    if !is_wobble(defined) || sample.len() != 1 {
        return false;
    }
    let bases = match defined {
        "R" => "AG",
        "Y" => "CT",
        "S" => "CG",
        "W" => "AT",
        "K" => "GT",
        "M" => "AC",
        "B" => "CGT",
        "D" => "AGT",
        "H" => "ACT",
        "V" => "ACG",
        _ => "ACGT",
    };
    bases.contains(sample)
}

/// All genes.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// By symbol.
    pub genes: BTreeMap<String, Gene>,
    /// Where the definitions come from.
    pub sets: Vec<RuleSet>,
}

/// A position of the definitions as a VCF addresses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) gene: String,
    /// Index in [`Gene::positions`], or past them in [`Gene::extra`].
    pub(super) index: usize,
}

impl Definitions {
    /// Every position by contig and coordinate.
    pub(super) fn addresses(&self) -> BTreeMap<(ContigKey, u32), Address> {
        let mut all = BTreeMap::new();
        for gene in self.genes.values() {
            let Some(key) = ContigKey::of(&gene.contig) else {
                continue;
            };
            for (index, site) in gene.positions.iter().chain(&gene.extra).enumerate() {
                all.entry((key.clone(), site.position)).or_insert_with(|| Address {
                    gene: gene.symbol.clone(),
                    index,
                });
            }
        }
        all
    }
}
