//! The first pass over the input: every check, and the positions that the sources are asked for.

use std::collections::{BTreeMap, HashMap, HashSet};

use clinotype_genome::{
    Build, ContigKey, Contigs, Fault, Pos, Progress, Result, VariantKey,
    build::{HG19_CHRM_LENGTH, RCRS_LENGTH},
};

use crate::{
    bases::{Bases, Cached, Window},
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
    /// Records whose REF differs from the reference, within what is allowed.
    pub(crate) mismatches: u64,
    pub(crate) sites: Sites,
    pub(crate) proof: String,
    /// Index of the reference's contig for every contig of the input.
    pub(crate) contigs: HashMap<String, usize>,
}

impl Survey {
    fn leave_out(&mut self, reason: &str) {
        if let Some(count) = self.dropped.get_mut(reason) {
            *count += 1;
        } else {
            self.dropped.insert(reason.to_owned(), 1);
        }
    }
}

/// The words for a contig that comes up again, under its own name or another of the same contig.
fn again(name: &str, index: usize, known: &HashMap<String, usize>) -> String {
    match known.iter().find(|(n, i)| **i == index && *n != name) {
        Some((other, _)) => format!("{name} and {other} are one contig of the reference: its names are mixed"),
        None => format!("the file is not sorted: {name} comes up again"),
    }
}

pub(crate) struct Terms<'a> {
    pub(crate) bases: &'a Cached<'a>,
    pub(crate) build: Build,
    pub(crate) assert_build: bool,
    /// Accession of the run.
    pub(crate) sample: Option<&'a str>,
    /// Name of the sample in the file where it differs.
    pub(crate) input_sample: Option<&'a str>,
    /// Records whose REF may differ from the reference; one more is a fault.
    pub(crate) mismatches: u64,
    /// Whether the places of alleles are asked for: without a source they are not kept.
    pub(crate) sites: bool,
}

/// The reason under which alleles count whose reference bases are unknown.
pub(crate) const REFERENCE_UNKNOWN: &str = "the reference is N here";
/// And those of a record whose REF is not the reference's.
pub(crate) const REFERENCE_DIFFERS: &str = "REF differs from the reference";
/// And those of a record whose REF does not say which base it is.
pub(crate) const AMBIGUOUS: &str = "REF with other letters than A, C, G, T";

/// Index of the reference's contig for a contig of the input.
fn contig_of(name: &str, contigs: &Contigs) -> Option<usize> {
    contigs.resolve(name).and_then(|c| contigs.index_of(&c.name))
}

/// Reads the whole file and checks it; `haplotypes` sees every record whose reference bases are known.
pub(crate) fn run(
    vcf: &mut Vcf,
    haplotypes: &mut Collector<'_>,
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
        mismatches: 0,
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
    let mut name = "";
    let mut window: Option<Window<'_>> = None;
    let mut done: HashSet<usize> = HashSet::new();
    let (mut agreeing, mut differing) = (0_u64, 0_u64);
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
                return Err(wrong(again(line.contig, found, &survey.contigs))
                    .hint("sort it: bcftools sort -O z -o sorted.vcf.gz FILE"));
            }
            line.contig.clone_into(&mut current);
            survey.contigs.insert(current.clone(), found);
            index = found;
            name = contigs.iter().nth(index).map_or("", |c| c.name.as_str());
            window = None;
        } else if line.position < position {
            return Err(wrong(format!(
                "the file is not sorted: {}:{} comes after {}:{position}",
                line.contig, line.position, line.contig
            ))
            .hint("sort it: bcftools sort -O z -o sorted.vcf.gz FILE"));
        }
        position = line.position;
        let from = start.zero_based();
        let to = from.saturating_add(line.reference.len() as u32);
        let at_hand = match window.take() {
            Some(window) if window.slice(from, to).is_some() => window,
            _ => Window::new(terms.bases, name, from, to)?,
        };
        let at_hand = window.insert(at_hand);
        let left_out = match compare(&line, name, at_hand)? {
            Reading::Agrees => {
                agreeing += 1;
                haplotypes.see(&line, index);
                None
            }
            Reading::Unknown(reason) => Some(reason),
            Reading::Differs(what) => {
                differing += 1;
                if differing > terms.mismatches {
                    let counted = if differing > 1 {
                        format!(
                            "; with this one {differing} records differ, and {} may",
                            terms.mismatches
                        )
                    } else {
                        String::new()
                    };
                    return Err(wrong(format!("{what}{counted}"))
                        .locus(line.contig, u64::from(line.position))
                        .hint(format!(
                            "use the reference ({}) that the variants were called on",
                            terms.build
                        )));
                }
                Some(REFERENCE_DIFFERS)
            }
        };
        survey.records += 1;
        for alternate in line.alternates.split(',') {
            let reason = unusable(alternate)
                .or_else(|| {
                    alternate
                        .eq_ignore_ascii_case(line.reference)
                        .then_some("ALT equals REF")
                })
                .or(left_out);
            if let Some(reason) = reason {
                survey.leave_out(reason);
                continue;
            }
            survey.alleles += 1;
            if terms.sites {
                let key = normalised(&VariantKey::new(name, start, line.reference, alternate), at_hand)?;
                survey.sites.add(index, key.position.get());
            }
        }
    }
    survey.mismatches = differing;
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

/// How REF compares with the reference.
enum Reading {
    Agrees,
    /// It cannot be compared, for this reason.
    Unknown(&'static str),
    /// How it differs, in words.
    Differs(String),
}

/// Whether REF is what the reference has. An ambiguous letter that allows for the reference's base is no difference.
fn compare(line: &Line<'_>, contig: &str, window: &Window<'_>) -> Result<Reading> {
    let start = line.position - 1;
    let end = start.saturating_add(line.reference.len() as u32);
    let fetched;
    let ours = if let Some(ours) = window.slice(start, end) {
        ours
    } else {
        fetched = window.fetch(contig, start, end)?;
        &fetched
    };
    if ours.len() != line.reference.len() {
        return Ok(Reading::Differs(format!("REF reaches beyond the end of {contig}")));
    }
    if ours.eq_ignore_ascii_case(line.reference.as_bytes()) && !ours.contains(&b'N') {
        return Ok(Reading::Agrees);
    }
    if ours.contains(&b'N') {
        return Ok(Reading::Unknown(REFERENCE_UNKNOWN));
    }
    if line
        .reference
        .bytes()
        .zip(ours)
        .all(|(letter, base)| allows(letter.to_ascii_uppercase(), *base))
    {
        return Ok(Reading::Unknown(AMBIGUOUS));
    }
    Ok(Reading::Differs(format!(
        "REF is {}, the reference has {}",
        shortened(line.reference),
        shortened(&String::from_utf8_lossy(ours))
    )))
}

/// Whether an IUPAC letter (NC-IUB 1984) allows for a base.
fn allows(letter: u8, base: u8) -> bool {
    let bases: &[u8] = match letter {
        b'R' => b"AG",
        b'Y' => b"CT",
        b'S' => b"CG",
        b'W' => b"AT",
        b'K' => b"GT",
        b'M' => b"AC",
        b'B' => b"CGT",
        b'D' => b"AGT",
        b'H' => b"ACT",
        b'V' => b"ACG",
        b'N' => b"ACGT",
        _ => return letter == base,
    };
    bases.contains(&base)
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
