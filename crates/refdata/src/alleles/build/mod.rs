//! `clinotype data build`: a store from ClinVar's or gnomAD's VCF, any VCF or table with named fields, or the genotypes
//! of a laboratory's own VCFs.
//!
//! Every allele is left-aligned and trimmed, its REF compared with the reference; records are sorted in bounded memory;
//! of several records of one allele a stated rule keeps one. What is left out is counted by its reason.

mod counts;
mod duplicates;
mod fields;
mod intake;
mod table;
mod vcf;
mod window;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, Fault, Progress, Reference, Result, digest, fs};

use self::{
    counts::Samples,
    fields::{Dialect, Origin},
    intake::Intake,
    vcf::Vcf,
};
use super::{
    block::MOVED,
    decimal::Style,
    field::{Field, find_quotients},
    key::Key,
    meta::{Counts, Meta, SourceFile},
    regions::Assessed,
    sort::{Packed, Sorter},
    write::StoreWriter,
};

pub use duplicates::{Duplicates, clinvar_rank};
pub use table::Columns;

/// What the inputs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// A VCF whose INFO holds the values, or a table; told by the first bytes.
    Values,
    /// VCFs of samples whose genotypes are counted.
    Genotypes,
}

/// What to build, from what.
#[derive(Debug)]
pub struct BuildOptions<'a> {
    /// Files, in the order in which the first of two records is the earlier.
    pub inputs: &'a [PathBuf],
    /// What they are.
    pub kind: Inputs,
    /// The reference of their build.
    pub reference: &'a Reference,
    /// Its build.
    pub build: Build,
    /// The user stated the build: the files need not prove it.
    pub assert_build: bool,
    /// What the store is called; by default what the header suggests, else the file's name.
    pub name: Option<&'a str>,
    /// Release, by default as the header states it.
    pub release: Option<&'a str>,
    /// Date of the release.
    pub date: Option<&'a str>,
    /// Licence, by default as the header states it.
    pub licence: Option<&'a str>,
    /// Fields by name; none: what the source suggests. Of a table: `NAME`, `NAME:integer`, `NAME:float`, `NAME:text`.
    pub fields: &'a [String],
    /// Columns of a table.
    pub columns: &'a Columns,
    /// The rule for several records of one allele; by default the source's own.
    pub duplicates: Option<Duplicates>,
    /// BED of the regions that the source assessed.
    pub assessed: Option<&'a Path>,
    /// Alleles (AN) that were looked at in these regions; for genotypes it is counted.
    pub assessed_alleles: Option<u64>,
    /// Share (0 to 1) of records whose REF may differ from the reference.
    pub mismatches: f64,
    /// The store to write.
    pub out: &'a Path,
    /// A folder for what does not fit into memory; removed afterwards.
    pub scratch: &'a Path,
    /// Bytes of memory for sorting.
    pub memory: usize,
    /// Program and version, for the store's facts.
    pub made_by: &'a str,
}

/// Share of records whose REF may differ from the reference, unless another is stated.
pub const MISMATCHES: f64 = 0.01;

/// The quotient of two counts as this program writes it.
fn quotient(count: i64, number: i64) -> Option<String> {
    Style::all().next()?.quotient(count, number)
}

/// What the first input decides for all.
struct Plan {
    fields: Vec<Field>,
    from: Vec<Origin>,
    duplicates: Duplicates,
    name: Option<String>,
}

/// The folder of spilled runs, gone when this is dropped.
struct Scratch<'a>(&'a Path);

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0);
    }
}

/// Whether a file is VCF text, compressed or not.
fn is_vcf(path: &Path) -> Result<bool> {
    let mut start = Vec::new();
    fs::open_text(path)?
        .take(16)
        .read_to_end(&mut start)
        .map_err(|e| Fault::io("read", path, e))?;
    Ok(start.starts_with(b"##fileformat=VCF"))
}

/// Builds a store; gives its facts. The store appears only when it is whole.
///
/// Faults (input): a file that is no VCF or table, of another build, damaged; a number that is none; more REF
/// mismatches than allowed.
pub fn build(options: &BuildOptions<'_>, progress: &dyn Progress) -> Result<Meta> {
    let contigs = options.reference.contigs();
    let Some(first) = options.inputs.first() else {
        return Err(Fault::usage("no input was named"));
    };
    // A BED with a fault is told before the long work.
    let stated = options
        .assessed
        .map(|bed| Assessed::read(bed, contigs, options.assessed_alleles.unwrap_or_default()))
        .transpose()?;
    let plan = plan(options, first)?;
    let counts_alleles = plan.fields.iter().any(|f| f.name == "AN" || f.name == "AN_joint");
    if let (Inputs::Values, Some(bed), None, true) =
        (options.kind, options.assessed, options.assessed_alleles, counts_alleles)
    {
        return Err(
            Fault::usage("how many alleles were looked at in the assessed regions is not stated")
                .at(bed)
                .hint("state it by --assessed-alleles: without it absence there means nothing"),
        );
    }
    let _scratch = Scratch(options.scratch);
    let sorter = Sorter::new(options.scratch, options.memory);
    let mut intake = Intake::new(options.reference, sorter, options.mismatches);
    let mut facts = Facts::default();
    let mut samples = Samples::default();
    let mut sources = Vec::new();
    for (number, path) in options.inputs.iter().enumerate() {
        progress.advance(number as u64, options.inputs.len() as u64 + 1);
        let records = take_in(options, path, &plan, &mut intake, &mut samples, &mut facts, progress)?;
        sources.push(SourceFile {
            file: path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default(),
            sha256: digest::sha256_file(path)?,
            records,
        });
    }
    let (sorter, counts, agreeing) = intake.finish()?;
    let proof = proof(options, &counts, facts.lengths, agreeing)?;
    let assessed = match (options.kind, stated) {
        // Two copies of every place of every sample; places with fewer are left out when AN is made.
        (Inputs::Genotypes, Some(_)) => {
            let bed = options.assessed.unwrap_or(Path::new(""));
            Assessed::read(bed, contigs, 2 * samples.count())?
        }
        (_, stated) => stated.unwrap_or_default(),
    };
    let mut meta = Meta {
        name: options
            .name
            .map(str::to_owned)
            .or(plan.name)
            .unwrap_or_else(|| stem(first)),
        release: options.release.map(str::to_owned).or(facts.release),
        date: options.date.map(str::to_owned),
        licence: options.licence.map(str::to_owned).or(facts.licence),
        build: options.build,
        proof,
        contigs: contigs.iter().cloned().collect(),
        fields: plan.fields,
        sources,
        counts,
        duplicates: plan.duplicates.words(),
        synthetic: facts.synthetic,
        assessed: !assessed.is_empty(),
        made_by: options.made_by.to_owned(),
    };
    write(options, &plan.duplicates, &mut meta, sorter, &assessed, progress)?;
    Ok(meta)
}

/// What the headers say.
#[derive(Default)]
struct Facts {
    release: Option<String>,
    licence: Option<String>,
    synthetic: bool,
    /// Contigs whose length is the reference's.
    lengths: u64,
}

fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn plan(options: &BuildOptions<'_>, first: &Path) -> Result<Plan> {
    let stated = options.duplicates.clone();
    if options.kind == Inputs::Genotypes {
        return Ok(Plan {
            fields: counts::fields(),
            from: Vec::new(),
            duplicates: Duplicates::Sum,
            name: Some("own counts".to_owned()),
        });
    }
    let plan = if is_vcf(first)? {
        let vcf = Vcf::open(first)?;
        let dialect = Dialect::of(&vcf.lines, &vcf.declared);
        let mut asked = options.fields.to_vec();
        if !asked.is_empty() && dialect == Dialect::Clinvar && matches!(stated, None | Some(Duplicates::Clinvar)) {
            // What ClinVar's rule looks at must be in the store.
            for name in ["ID", "CLNSIG", "CLNREVSTAT"] {
                if asked.iter().all(|a| a != name) {
                    asked.push(name.to_owned());
                }
            }
        }
        let found = fields::of_vcf(&vcf.declared, dialect, &asked)?;
        let (mut fields, from): (Vec<Field>, Vec<Origin>) = found.into_iter().unzip();
        find_quotients(&mut fields);
        let has = |name: &str| fields.iter().any(|f| f.name == name);
        let highest = ["AN", "AN_joint"].into_iter().find(|n| has(n));
        Plan {
            duplicates: stated.unwrap_or_else(|| match (dialect, highest) {
                (Dialect::Clinvar, _) => Duplicates::Clinvar,
                // Exomes and genomes in one file: the one with more alleles counts.
                (_, Some(field)) => Duplicates::Highest(field.to_owned()),
                (_, None) => Duplicates::First,
            }),
            name: match dialect {
                Dialect::Clinvar => Some("ClinVar".to_owned()),
                Dialect::Gnomad => Some("gnomAD".to_owned()),
                Dialect::Other => None,
            },
            fields,
            from,
        }
    } else {
        if options.fields.is_empty() {
            return Err(Fault::usage("a table needs --fields: the columns that hold values")
                .at(first)
                .hint("for example --fields REVEL or --fields AC:integer,AN:integer,AF:float"));
        }
        let mut fields = options
            .fields
            .iter()
            .map(|f| fields::of_table(f))
            .collect::<Result<Vec<Field>>>()?;
        find_quotients(&mut fields);
        Plan {
            fields,
            from: Vec::new(),
            duplicates: stated.unwrap_or(Duplicates::First),
            name: None,
        }
    };
    for (number, field) in plan.fields.iter().enumerate() {
        if plan.fields[..number].iter().any(|f| f.name == field.name) {
            return Err(Fault::usage(format!("the field {} is named twice", field.name)));
        }
    }
    if plan.duplicates == Duplicates::Clinvar && plan.fields.iter().all(|f| f.name != "CLNREVSTAT") {
        return Err(Fault::usage(
            "the rule of ClinVar needs the fields ID, CLNSIG and CLNREVSTAT",
        ));
    }
    if let Duplicates::Highest(name) = &plan.duplicates
        && plan.fields.iter().all(|f| f.name != *name)
    {
        return Err(Fault::usage(format!(
            "the store has no field {name} to choose the highest of"
        )));
    }
    Ok(plan)
}

fn take_in(
    options: &BuildOptions<'_>,
    path: &Path,
    plan: &Plan,
    intake: &mut Intake<'_>,
    samples: &mut Samples,
    facts: &mut Facts,
    progress: &dyn Progress,
) -> Result<u64> {
    let contigs = options.reference.contigs();
    if options.kind == Inputs::Values && !is_vcf(path)? {
        if plan.fields.len() == plan.from.len() {
            return Err(Fault::input("is not a VCF as the first input is").at(path));
        }
        let mut table = table::Table::open(path)?;
        facts.licence = facts.licence.take().or_else(|| {
            table
                .comments
                .iter()
                .find_map(|c| c.strip_prefix("##license=").or_else(|| c.strip_prefix("##licence=")))
                .map(|t| t.trim().to_owned())
        });
        return table.take_in(&plan.fields, options.columns, options.build, intake, progress);
    }
    let mut vcf = Vcf::open(path)?;
    facts.lengths += vcf.check_build(contigs, options.build, options.assert_build)?;
    facts.release = facts.release.take().or_else(|| {
        vcf.stated(&[
            "##fileDate=",
            "##clinotype_release=",
            "##release=",
            "##VERSION=",
            "##dbSNP_BUILD_ID=",
            "##gnomad_version=",
        ])
    });
    facts.licence = facts
        .licence
        .take()
        .or_else(|| vcf.stated(&["##license=", "##licence="]));
    facts.synthetic |= vcf.is_synthetic();
    if options.kind == Inputs::Genotypes {
        return counts::take_in(&mut vcf, samples, intake, progress);
    }
    let fields: Vec<(Field, Origin)> = plan.fields.iter().cloned().zip(plan.from.iter().cloned()).collect();
    if fields.len() != plan.fields.len() {
        return Err(Fault::input("is not a table as the first input is").at(path));
    }
    vcf.take_in(&fields, intake, progress)
}

fn proof(options: &BuildOptions<'_>, counts: &Counts, lengths: u64, agreeing: u64) -> Result<String> {
    if lengths > 0 {
        return Ok(format!(
            "length of {lengths} contigs in the header, REF of {agreeing} records"
        ));
    }
    if agreeing > 0 {
        return Ok(format!("REF of {agreeing} records agrees with the reference"));
    }
    if options.assert_build {
        return Ok("asserted by --build".to_owned());
    }
    let what = if counts.records == 0 {
        "holds no record".to_owned()
    } else {
        format!("none of {} records can be compared with the reference", counts.records)
    };
    Err(Fault::input(format!(
        "{what}: the file does not prove that it belongs to {}",
        options.build
    ))
    .at(options.inputs.first().map_or(Path::new(""), PathBuf::as_path))
    .hint("state --build if you know the build of this file"))
}

/// A record that waits for others of the same allele.
struct Waiting {
    key: Key,
    reference: Vec<u8>,
    alternate: Vec<u8>,
    marks: u8,
    values: Vec<Option<String>>,
}

const SAME: &str = "another record of the same allele, with the same values";
const OTHER: &str = "another record of the same allele, with other values";
const SUMMED: &str = "added to another record of the same allele";

fn write(
    options: &BuildOptions<'_>,
    rule: &Duplicates,
    meta: &mut Meta,
    sorter: Sorter,
    assessed: &Assessed,
    progress: &dyn Progress,
) -> Result<()> {
    let mut writer = StoreWriter::create(options.out, &meta.fields)?;
    let mut merge = sorter.finish()?;
    let mut packed = Packed::default();
    let mut waiting: Option<Waiting> = None;
    let mut done = 0_u64;
    let mut sites = 0_u64;
    let mut counts = std::mem::take(&mut meta.counts);
    counts.kept = 0;
    let genotypes = options.kind == Inputs::Genotypes;
    let mut put = |writer: &mut StoreWriter, mut record: Waiting, counts: &mut Counts| -> Result<()> {
        if record.key.code.is_site() {
            sites += 1;
        } else {
            counts.kept += 1;
        }
        if genotypes {
            let name = meta
                .contigs
                .get(record.key.contig as usize)
                .map_or("", |c| c.name.as_str());
            let place = (record.key.contig, record.key.position);
            counts::complete(&mut record.values, assessed, place, (name, options.build));
        }
        writer.add(
            record.key,
            (&record.reference, &record.alternate),
            record.marks & MOVED != 0,
            record.values.iter().map(Option::as_deref),
        )
    };
    while let Some(key) = merge.next(&mut packed)? {
        done += 1;
        if done.is_multiple_of(8192) {
            progress.check()?;
        }
        let (reference, alternate, marks, values) = packed.open()?;
        if let Some(old) = &mut waiting
            && old.key == key
            && old.reference == reference
            && old.alternate == alternate
        {
            again(rule, &meta.fields, old, marks, &values, &mut counts, options)?;
            continue;
        }
        let next = Waiting {
            key,
            reference: reference.to_vec(),
            alternate: alternate.to_vec(),
            marks,
            values: values.into_iter().map(|v| v.map(str::to_owned)).collect(),
        };
        if let Some(record) = waiting.replace(next) {
            put(&mut writer, record, &mut counts)?;
        }
    }
    if let Some(record) = waiting {
        put(&mut writer, record, &mut counts)?;
    }
    counts.sites = sites;
    meta.counts = counts;
    if !meta.counts.add_up() {
        return Err(Fault::internal("alleles were lost on their way into the store").at(options.out));
    }
    writer.finish(meta, assessed)
}

/// Another record of one allele.
fn again(
    rule: &Duplicates,
    fields: &[Field],
    old: &mut Waiting,
    marks: u8,
    new: &[Option<&str>],
    counts: &mut Counts,
    options: &BuildOptions<'_>,
) -> Result<()> {
    let theirs: Vec<Option<&str>> = old.values.iter().map(Option::as_deref).collect();
    if old.key.code.is_site() {
        // The most alleles that were looked at.
        let most = |values: &[Option<&str>]| values.iter().flatten().filter_map(|t| t.parse::<u64>().ok()).max();
        if most(new) > most(&theirs) {
            old.values = new.iter().map(|v| v.map(str::to_owned)).collect();
        }
        return Ok(());
    }
    if *rule == Duplicates::Refuse {
        let contig = options.reference.contigs().iter().nth(old.key.contig as usize);
        return Err(Fault::input("two records have the same allele")
            .locus(contig.map_or("", |c| c.name.as_str()), u64::from(old.key.position))
            .hint("choose which one counts: --duplicates"));
    }
    if *rule == Duplicates::Sum {
        for (field, (value, new)) in fields.iter().zip(old.values.iter_mut().zip(new)) {
            if field.kind == super::Kind::Integer && !field.list {
                let number = |t: Option<&str>| t.and_then(|t| t.parse::<i64>().ok());
                let sum = match (number(value.as_deref()), number(*new)) {
                    (Some(a), Some(b)) => Some(a.saturating_add(b)),
                    (a, b) => a.or(b),
                };
                *value = sum.map(|n| n.to_string());
            }
        }
        counts.drop_one(SUMMED);
        return Ok(());
    }
    counts.drop_one(if theirs == new { SAME } else { OTHER });
    if rule.replaces(fields, &theirs, new) {
        old.values = new.iter().map(|v| v.map(str::to_owned)).collect();
        old.marks = marks;
    } else {
        // A place where any of the records stood was assessed.
        old.marks &= marks;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
