//! The first pass over the input: every check, and the positions that the sources are asked for.

use std::collections::{BTreeMap, HashMap, HashSet};

use clinotype_genome::{
    Build, ContigKey, Contigs, Fault, Pos, Progress, Result, VariantKey,
    build::{HG19_CHRM_LENGTH, RCRS_LENGTH},
};

use crate::{
    bases::Bases,
    haplotype::Collector,
    sources::{Sites, normalised},
    vcf::{
        header::Header,
        input::Vcf,
        line::{Line, shortened, unusable},
    },
};

/// What the first pass found.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) records: u64,
    pub(crate) alleles: u64,
    pub(crate) dropped: BTreeMap<String, u64>,
    pub(crate) sites: Sites,
    pub(crate) proof: String,
    /// Index of the reference's contig for every contig of the input.
    pub(crate) contigs: HashMap<String, usize>,
}

pub(crate) struct Terms<'a> {
    pub(crate) bases: &'a dyn Bases,
    pub(crate) build: Build,
    pub(crate) assert_build: bool,
    /// Accession of the run.
    pub(crate) sample: Option<&'a str>,
    /// Name of the sample in the file where it differs.
    pub(crate) input_sample: Option<&'a str>,
}

/// The reason under which alleles count whose reference bases are unknown.
pub(crate) const REFERENCE_UNKNOWN: &str = "the reference is N here";

/// Index of the reference's contig for a contig of the input.
fn contig_of(name: &str, contigs: &Contigs) -> Option<usize> {
    contigs.resolve(name).and_then(|c| contigs.index_of(&c.name))
}

/// Reads the whole file and checks it; `haplotypes` sees every record whose reference bases are known.
pub(crate) fn run(
    vcf: &mut Vcf,
    haplotypes: &mut Collector,
    terms: &Terms<'_>,
    progress: &dyn Progress,
) -> Result<Survey> {
    let contigs = terms.bases.contigs();
    let path = vcf.path().to_owned();
    check_sample(&vcf.header, terms, &path)?;
    let lengths = check_lengths(&vcf.header, terms, &path)?;
    let mut survey = Survey {
        records: 0,
        alleles: 0,
        dropped: BTreeMap::new(),
        sites: Sites::new(contigs.len()),
        proof: String::new(),
        contigs: HashMap::new(),
    };
    let columns = vcf.header.columns;
    let stated: BTreeMap<String, u32> = vcf
        .header
        .contigs
        .iter()
        .filter_map(|(n, l)| l.map(|l| (n.clone(), l)))
        .collect();
    let (mut current, mut position, mut index) = (String::new(), 0_u32, 0_usize);
    let mut done: HashSet<usize> = HashSet::new();
    let mut agreeing = 0_u64;
    let mut bytes = Vec::new();
    while let Some((number, text)) = vcf.next(&mut bytes)? {
        if number.is_multiple_of(8192) {
            progress.check()?;
        }
        let wrong = |what: String| Fault::input(what).at(&path).line(number);
        let line = Line::parse(text).map_err(wrong)?;
        if line.columns != columns {
            return Err(wrong(format!(
                "this line has {} columns, the header has {columns}",
                line.columns
            )));
        }
        let Some(start) = Pos::new(line.position) else {
            return Err(wrong("POS 0 (before the first base) cannot be annotated".to_owned()));
        };
        if current != line.contig {
            let Some(found) = contig_of(line.contig, contigs) else {
                return Err(wrong(format!(
                    "contig {} carries variants and is not in the reference",
                    line.contig
                ))
                .hint("use the reference that the variants were called on"));
            };
            check_mitochondrion(line.contig, contigs, found, stated.get(line.contig).copied()).map_err(wrong)?;
            if !done.insert(found) {
                return Err(wrong(format!("the file is not sorted: {} comes up again", line.contig))
                    .hint("sort it: bcftools sort -O z -o sorted.vcf.gz FILE"));
            }
            line.contig.clone_into(&mut current);
            survey.contigs.insert(current.clone(), found);
            index = found;
        } else if line.position < position {
            return Err(wrong(format!(
                "the file is not sorted: {}:{} comes after {}:{position}",
                line.contig, line.position, line.contig
            ))
            .hint("sort it: bcftools sort -O z -o sorted.vcf.gz FILE"));
        }
        position = line.position;
        let name = contigs.iter().nth(index).map_or("", |c| c.name.as_str());
        let known = check_reference(&line, name, terms).map_err(|what| {
            wrong(what).locus(line.contig, u64::from(line.position)).hint(format!(
                "use the reference ({}) that the variants were called on",
                terms.build
            ))
        })??;
        agreeing += u64::from(known);
        if known {
            haplotypes.see(&line, index);
        }
        survey.records += 1;
        for alternate in line.alternates.split(',') {
            let reason = unusable(alternate)
                .or_else(|| {
                    alternate
                        .eq_ignore_ascii_case(line.reference)
                        .then_some("ALT equals REF")
                })
                .or_else(|| (!known).then_some(REFERENCE_UNKNOWN));
            if let Some(reason) = reason {
                *survey.dropped.entry(reason.to_owned()).or_default() += 1;
                continue;
            }
            survey.alleles += 1;
            let key = normalised(&VariantKey::new(name, start, line.reference, alternate), terms.bases)?;
            survey.sites.add(index, key.position.get());
        }
    }
    survey.sites.finish();
    survey.proof = proof(&survey, lengths, agreeing, terms, &path)?;
    Ok(survey)
}

fn proof(survey: &Survey, lengths: u64, agreeing: u64, terms: &Terms<'_>, path: &std::path::Path) -> Result<String> {
    if lengths > 0 {
        return Ok(format!(
            "length of {lengths} contigs in the header, REF of {agreeing} records"
        ));
    }
    if agreeing > 0 {
        return Ok(format!("REF of {agreeing} records agrees with the reference"));
    }
    if terms.assert_build {
        return Ok("asserted by --build".to_owned());
    }
    if survey.records == 0 {
        return Ok("no record".to_owned());
    }
    Err(Fault::input(format!(
        "the header gives no contig length and no REF can be compared with the reference: the file does not prove that \
         it belongs to {}",
        terms.build
    ))
    .at(path)
    .hint("state --build if you know the build of this file"))
}

fn check_sample(header: &Header, terms: &Terms<'_>, path: &std::path::Path) -> Result<()> {
    let fault = |what: String| Fault::input(what).at(path).line(header.count);
    match header.samples.as_slice() {
        [] if terms.sample.is_none() => Ok(()),
        [] => Err(fault("has no sample column".to_owned()).hint(
            "give a VCF with FORMAT and the sample's genotypes; a sites-only file cannot be reported for a patient",
        )),
        [one] => {
            let Some(expected) = terms.input_sample.or(terms.sample).filter(|expected| one != expected) else {
                return Ok(());
            };
            Err(fault(if terms.input_sample.is_some() {
                "the sample column is not the one that --input-sample names".to_owned()
            } else {
                format!("the sample column is not {expected}")
            })
            .hint("state the name in the file by --input-sample NAME if it is this sample"))
        }
        many => Err(fault(format!("holds {} samples", many.len()))
            .hint("take the one of this case out: bcftools view -s NAME -O z -o one.vcf.gz FILE")),
    }
}

/// Number of header contigs whose length is the reference's; one that differs is a fault.
fn check_lengths(header: &Header, terms: &Terms<'_>, path: &std::path::Path) -> Result<u64> {
    let mut agreeing = 0;
    for (name, length) in &header.contigs {
        let (Some(length), Some(ours)) = (length, terms.bases.contigs().resolve(name)) else {
            continue;
        };
        // hg19's chrM differs from the rCRS; it only matters where it carries variants.
        if ContigKey::of(name).is_some_and(|k| k.as_str() == "MT") {
            continue;
        }
        if ours.length != *length {
            return Err(Fault::input(format!(
                "the header gives {name} {length} bases, the reference has {}: they are of different builds",
                ours.length
            ))
            .at(path)
            .hint(format!(
                "use the reference that the variants were called on (this run is on {})",
                terms.build
            )));
        }
        agreeing += 1;
    }
    Ok(agreeing)
}

fn check_mitochondrion(name: &str, contigs: &Contigs, index: usize, stated: Option<u32>) -> Result<(), String> {
    let ours = contigs.iter().nth(index).map_or(0, |c| c.length);
    if ContigKey::of(name).is_some_and(|k| k.as_str() == "MT")
        && let Some(stated) = stated
        && stated != ours
    {
        let words = |n: u32| match n {
            RCRS_LENGTH => "the rCRS (NC_012920.1)",
            HG19_CHRM_LENGTH => "hg19's old sequence (NC_001807.4)",
            _ => "another sequence",
        };
        return Err(format!(
            "{name} has {stated} bases in the header, {}; the reference's has {ours}, {}: their positions differ",
            words(stated),
            words(ours)
        ));
    }
    Ok(())
}

/// Whether REF agrees; `Ok(Ok(false))` where the reference holds N. The outer error says how it differs.
fn check_reference(line: &Line<'_>, contig: &str, terms: &Terms<'_>) -> Result<Result<bool>, String> {
    let start = line.position - 1;
    let end = start.saturating_add(line.reference.len() as u32);
    let ours = match terms.bases.fetch(contig, start, end) {
        Ok(ours) => ours,
        Err(fault) => return Ok(Err(fault)),
    };
    if ours.len() != line.reference.len() {
        return Err(format!("REF reaches beyond the end of {contig}"));
    }
    if ours.contains(&b'N') {
        return Ok(Ok(false));
    }
    if ours.eq_ignore_ascii_case(line.reference.as_bytes()) {
        return Ok(Ok(true));
    }
    Err(format!(
        "REF is {}, the reference has {}",
        shortened(line.reference),
        shortened(&String::from_utf8_lossy(&ours))
    ))
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Contig;

    use super::*;
    use crate::contigs::ContigNames;

    fn contigs(mitochondrial: u32) -> Contigs {
        Contigs::new(vec![Contig {
            name: "chrM".into(),
            length: mitochondrial,
        }])
    }

    #[test]
    fn two_mitochondrial_sequences_are_never_mixed() {
        let (rcrs, old) = (contigs(RCRS_LENGTH), contigs(HG19_CHRM_LENGTH));
        let error = check_mitochondrion("chrM", &rcrs, 0, Some(HG19_CHRM_LENGTH)).unwrap_err();
        assert!(error.contains("hg19's old sequence"), "{error}");
        assert!(check_mitochondrion("MT", &old, 0, Some(RCRS_LENGTH)).is_err());
        assert!(check_mitochondrion("MT", &rcrs, 0, Some(RCRS_LENGTH)).is_ok());
        assert!(check_mitochondrion("chrM", &old, 0, Some(HG19_CHRM_LENGTH)).is_ok());
        // ClinVar, gnomAD and transcripts speak of the rCRS.
        assert_eq!(ContigNames::default().index("MT", &rcrs), Some(0));
        assert_eq!(ContigNames::default().index("MT", &old), None);
    }
}
