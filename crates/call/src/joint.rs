//! Joint genotyping: the gVCFs of a family (or of unrelated samples) in, one VCF with a column for each out.
//!
//! All inputs are read side by side in the order of the reference ([`input`]); what is held at any time is what overlaps
//! one place ([`stream`]). The alleles of the samples are put on one REF ([`unify`]): an allele is taken apart into
//! substitutions and one insertion or deletion, each at its own position, so that a SNV that one sample has alone and
//! another inside a deletion's record is one allele; a deletion that spans a site is `*` there. What a sample's record
//! says of `<NON_REF>` stands for every allele that the sample does not name. Genotypes come from the likelihoods under
//! one prior for the whole family ([`model`]); de novo candidates are told from each sample's own evidence, before the
//! family has a say ([`denovo`]). Mitochondria have fractions, not likelihoods: their genotypes are those of the inputs.
//!
//! A sample without evidence at a site has the genotype `./.`, never `0/0`.

mod denovo;
mod entry;
mod family;
mod input;
mod model;
mod output;
mod stream;
mod unify;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, Contig, ContigKey, Fault, Progress, Reference, Result, vcf_file::VcfWriter};

use crate::Sex;
use family::Family;
use input::Input;
use stream::Stream;

/// What to genotype jointly, and where to.
#[derive(Clone, Copy, Debug)]
pub struct JointOptions<'a> {
    /// The gVCFs, one sample each, in the order of the columns to write.
    pub gvcfs: &'a [PathBuf],
    /// The genome the samples were called on.
    pub reference: &'a Reference,
    /// The build, if proven; without it no pseudo-autosomal region is known.
    pub build: Option<Build>,
    /// How the samples are related; empty where nothing is known. Members without a gVCF are passed over.
    pub relatives: &'a [Relative],
    /// The VCF to write: BGZF; the tabix index gets the same name and `.tbi`.
    pub out: &'a Path,
    /// The text of `##source`.
    pub source: &'a str,
    /// More header lines, each beginning with `##`.
    pub header: &'a [String],
}

/// A declared member of the family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relative {
    /// The sample's name in its gVCF.
    pub sample: String,
    /// The father's sample name.
    pub father: Option<String>,
    /// The mother's sample name.
    pub mother: Option<String>,
    /// Declared sex.
    pub sex: Sex,
}

/// What became of one input. `records` equals `merged` and all of `dropped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputCounts {
    /// The sample.
    pub sample: String,
    /// Reference blocks read.
    pub blocks: u64,
    /// Variant records read.
    pub records: u64,
    /// Variant records of which every alternate stands in the output.
    pub merged: u64,
    /// The other variant records, by reason.
    pub dropped: BTreeMap<&'static str, u64>,
}

/// What a joint run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JointSummary {
    /// By input, in order.
    pub inputs: Vec<InputCounts>,
    /// Records written.
    pub sites: u64,
    /// Records whose alleles are all single bases.
    pub snvs: u64,
    /// The other records.
    pub indels: u64,
    /// Records with a filter other than PASS.
    pub filtered: u64,
    /// Genotypes that differ from those of the sample's own evidence.
    pub changed: u64,
    /// Genotypes that are missing for want of evidence.
    pub missing: u64,
    /// De novo candidates of high confidence, counted by child and site.
    pub high_de_novo: u64,
    /// The other de novo candidates.
    pub low_de_novo: u64,
    /// Sites at which the family's prior could not be used, by reason and child.
    pub without_family: BTreeMap<&'static str, u64>,
    /// Every number that shaped the genotypes, by name.
    pub parameters: BTreeMap<String, String>,
}

/// Genotypes the samples of all inputs together. See [`JointOptions`].
pub fn joint(options: &JointOptions<'_>, progress: &dyn Progress) -> Result<JointSummary> {
    progress.check()?;
    let contigs: Vec<Contig> = options.reference.contigs().iter().cloned().collect();
    if options.gvcfs.is_empty() {
        return Err(Fault::usage("no gVCF was given"));
    }
    let inputs: Vec<Input> = options
        .gvcfs
        .iter()
        .map(|path| Input::open(path, &contigs))
        .collect::<Result<_>>()?;
    let samples: Vec<String> = inputs.iter().map(|input| input.sample().to_owned()).collect();
    let mut seen = BTreeSet::new();
    for (sample, path) in samples.iter().zip(options.gvcfs) {
        if !seen.insert(sample) {
            return Err(Fault::input("holds a sample that another of the gVCFs holds, too")
                .at(path)
                .hint("give each sample once"));
        }
    }
    let family = Family::new(options, &samples)?;
    let mut writer = VcfWriter::create(options.out)?;
    writer.header(&output::header(options, &samples, &contigs)?)?;
    let mut summary = JointSummary {
        parameters: model::parameters(),
        ..JointSummary::default()
    };
    let total: u64 = contigs.iter().map(|c| u64::from(c.length)).sum();
    let mut stream = Stream::new(inputs, &contigs, options.reference);
    let mut before: u64 = 0;
    let mut text = String::new();
    for (number, contig) in contigs.iter().enumerate() {
        let key = ContigKey::of(&contig.name);
        while let Some(locus) = stream.next(number)? {
            progress.check()?;
            let site = unify::site(&locus, samples.len()).map_err(|fault| {
                fault
                    .locus(&contig.name, u64::from(locus.position) + 1)
                    .hint("give gVCFs that were called on one reference")
            })?;
            let called = if key.as_ref().is_some_and(|k| k.as_str() == "MT") {
                model::as_stated(&site)
            } else {
                let rate = indel_rate(options.reference, contig, &site)?;
                family.call(&site, key.as_ref(), rate, &mut summary)
            };
            text.clear();
            output::record(&mut text, &contig.name, &site, &called, &samples, &mut summary);
            writer.record(&text, &contig.name, site.position + 1, site.end())?;
            progress.advance(before + u64::from(locus.position), total);
        }
        before += u64::from(contig.length);
    }
    summary.inputs = stream.finish();
    writer.commit()?;
    progress.advance(total, total);
    Ok(summary)
}

/// Rate of heterozygous indels at a site: that of the repeat it stands in, as the caller has it. Sites without an
/// indel do not look at the reference.
fn indel_rate(reference: &Reference, contig: &Contig, site: &unify::Site) -> Result<f64> {
    /// A tract that reaches further is long enough for the highest rate.
    const AROUND: u32 = 100;
    if site.alleles.iter().all(|a| a.len() == site.alleles[0].len()) {
        return Ok(crate::options::INDEL_PRIOR);
    }
    let start = site.position.saturating_sub(AROUND);
    let bases = reference.fetch(&contig.name, start, site.end().saturating_add(AROUND))?;
    let (from, to) = (site.position - start, site.end() - start + 1);
    Ok(crate::repeats::tracts(&bases)
        .iter()
        .filter(|t| t.start < to && from < t.end)
        .map(|t| crate::slippage::indel_prior(t.len(), t.unit))
        .fold(crate::options::INDEL_PRIOR, f64::max))
}
