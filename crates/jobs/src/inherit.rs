//! Inheritance in a family, from a multi-sample VCF: `clinotype inherit`.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use clinotype_case::{
    inheritance::{Confidence, FamilyInheritance, SCHEMA, Settings},
    pedigree::Pedigree,
};
use clinotype_genome::{Build, ContigKey, Fault, Pos, Result, fs};
use clinotype_interpret::inheritance::family::{Alternate, Analysis, Call, Place, Record};

use crate::{Watch, effects::Annotation, vcf_lines::VcfLines};

/// Reads a pedigree: a PED file, or a Phenopacket (one person) or Family of GA4GH's Phenopackets, told by its content.
pub fn pedigree(path: &Path) -> Result<Pedigree> {
    let text = fs::read_to_string(path)?;
    let read = if text.trim_start().starts_with('{') {
        clinotype_case::phenopacket::pedigree(&text)
    } else {
        Pedigree::parse(&text)
    };
    read.map_err(|fault| fault.at(path))
}

/// Asks the modes of inheritance of every allele of a VCF.
pub fn inherit(
    vcf: &Path,
    pedigree: &Pedigree,
    build: Option<Build>,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<FamilyInheritance> {
    let mut file = VcfLines::open(vcf)?;
    if file.samples.is_empty() {
        return Err(Fault::input("has no sample column: there are no genotypes").at(vcf));
    }
    let strangers = file.samples.iter().filter(|s| pedigree.get(s).is_none()).count();
    if strangers == file.samples.len() {
        return Err(Fault::input("none of its samples is in the pedigree")
            .at(vcf)
            .hint("the persons of the pedigree have the names of the VCF's sample columns"));
    }
    // Without a build X and Y are not evaluated; a contradiction is a fault all the same.
    let build = match file.build(build) {
        Ok(known) => Some(known.build),
        Err(fault) if build.is_some() => return Err(fault),
        Err(_) => None,
    };
    let annotation = Annotation::of(&file.meta);
    let mut analysis = Analysis::new(pedigree, &file.samples, settings.clone(), annotation.is_some());
    let samples = file.samples.len();
    let mut genotyped = false;
    let mut records = 0_u64;
    loop {
        let line = file.line() + 1;
        let Some(text) = file.next_line()? else { break };
        records += 1;
        if records.is_multiple_of(1 << 16) {
            watch.check()?;
        }
        let record =
            record(text, build, annotation.as_ref(), samples).map_err(|what| Fault::input(what).at(vcf).line(line))?;
        genotyped |= record.calls.iter().any(|c| !c.text.is_empty());
        analysis.add(&record);
    }
    if records > 0 && !genotyped {
        return Err(
            Fault::input("has no genotypes (GT): inheritance cannot be told from it")
                .at(vcf)
                .hint("genotype the family together (`clinotype joint`) and give that VCF"),
        );
    }
    let found = analysis.finish();
    let mut not_evaluated = found.not_evaluated;
    if build.is_none() {
        not_evaluated.push(
            "X and Y: the VCF does not prove its genome build, so the pseudo-autosomal regions are not known; state --build."
                .to_owned(),
        );
    }
    if strangers > 0 {
        not_evaluated.push(format!(
            "{strangers} samples of the VCF are not in the pedigree, and take no part."
        ));
    }
    let mut counts = BTreeMap::new();
    for candidate in &found.candidates {
        *counts.entry(candidate.mode.word().to_owned()).or_default() += 1;
    }
    Ok(FamilyInheritance {
        schema: SCHEMA.to_owned(),
        software: crate::software(),
        file: vcf
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        build,
        settings: settings.clone(),
        members: found.members,
        records: found.records,
        alleles: found.alleles,
        dropped: found.dropped,
        not_evaluated,
        counts,
        findings: found.candidates,
        violations: found.violations,
    })
}

fn place(contig: &str, position: u32, build: Option<Build>) -> Option<Place> {
    let key = ContigKey::of(contig)?;
    let sex = match key.as_str() {
        "MT" => return Some(Place::Mitochondrion),
        "X" => Place::X,
        "Y" => Place::Y,
        _ => return Some(Place::Autosome),
    };
    // 0-based, half-open.
    let inside = |(start, end): &(u32, u32)| *start < position && position <= *end;
    Some(if build?.pseudoautosomal(&key).iter().any(inside) {
        Place::Autosome
    } else {
        sex
    })
}

/// A record from its line.
pub(crate) fn record(
    line: &str,
    build: Option<Build>,
    annotation: Option<&Annotation>,
    samples: usize,
) -> std::result::Result<Record, String> {
    let columns: Vec<&str> = line.split('\t').collect();
    if columns.len() != 9 + samples {
        return Err(format!(
            "the record has {} columns; the header has {}",
            columns.len(),
            9 + samples
        ));
    }
    let position = columns[1]
        .parse()
        .ok()
        .and_then(Pos::new)
        .ok_or("POS is not a position")?;
    let reference = columns[3].to_ascii_uppercase();
    let alternates: Vec<&str> = columns[4].split(',').filter(|a| *a != ".").collect();
    let effects = annotation.map(|a| a.effects(columns[7], &reference, &alternates));
    let frequencies: Vec<&str> = columns[7]
        .split(';')
        .find_map(|f| f.strip_prefix("FREQ_AF="))
        .map(|v| v.split(',').collect())
        .unwrap_or_default();
    let keys: Vec<&str> = columns[8].split(':').collect();
    let places = ["GT", "GQ", "DP", "AD", "PS"].map(|name| keys.iter().position(|k| *k == name));
    let calls = columns[9..]
        .iter()
        .map(|column| call(column, places, alternates.len()))
        .collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(Record {
        contig: columns[0].to_owned(),
        place: place(columns[0], position.get(), build),
        position,
        reference,
        alternates: alternates
            .iter()
            .enumerate()
            .map(|(index, bases)| Alternate {
                bases: (*bases).to_owned(),
                effects: effects.as_ref().map(|e| e[index].clone()).unwrap_or_default(),
                frequency: frequencies
                    .get(index)
                    .and_then(|f| f.parse().ok())
                    .filter(|f: &f64| f.is_finite()),
            })
            .collect(),
        filtered: !matches!(columns[6], "." | "PASS" | ""),
        calls,
    })
}

fn call(column: &str, places: [Option<usize>; 5], alternates: usize) -> std::result::Result<Call, String> {
    let cells: Vec<&str> = column.split(':').collect();
    let cell = |place: usize| places[place].and_then(|p| cells.get(p)).copied().filter(|v| *v != ".");
    let Some(text) = cell(0) else {
        return Ok(Call::default());
    };
    let mut alleles = Vec::with_capacity(2);
    for allele in text.split(['/', '|']) {
        if allele == "." {
            alleles.clear();
            break;
        }
        match allele.parse::<u8>() {
            Ok(number) if usize::from(number) <= alternates => alleles.push(number),
            _ => return Err("a genotype names an allele that is not there".to_owned()),
        }
    }
    let reads: Vec<Option<u32>> = cell(3)
        .map(|v| v.split(',').map(|n| n.parse().ok()).collect())
        .unwrap_or_default();
    let summed = || {
        reads
            .iter()
            .copied()
            .collect::<Option<Vec<u32>>>()
            .filter(|r| !r.is_empty())
            .map(|r| r.iter().sum())
    };
    Ok(Call {
        text: text.to_owned(),
        alleles,
        phased: text.contains('|'),
        phase_set: cell(4).and_then(|v| v.parse().ok()),
        quality: cell(1).and_then(|v| v.parse::<f64>().ok()).map(|q| q as u32),
        depth: cell(2).and_then(|v| v.parse().ok()).or_else(summed),
        reads,
    })
}

/// The result as lines of text.
pub fn text(found: &FamilyInheritance) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} records, {} alleles asked", found.records, found.alleles);
    for dropped in &found.dropped {
        let _ = writeln!(text, "  {:>9}  not asked: {}", dropped.count, dropped.reason);
    }
    for (mode, count) in &found.counts {
        let high = found
            .findings
            .iter()
            .filter(|f| f.mode.word() == mode && f.confidence == Confidence::High)
            .count();
        let _ = writeln!(text, "  {count:>9}  {mode}, {high} of high confidence");
    }
    let violations = &found.violations;
    let _ = writeln!(
        text,
        "{} Mendelian violations in {} genotypes of child and parents",
        violations.count, violations.opportunities
    );
    for (kind, count) in &violations.by_kind {
        let _ = writeln!(text, "  {count:>9}  {kind}");
    }
    for words in &found.not_evaluated {
        let _ = writeln!(text, "not evaluated: {words}");
    }
    text
}
