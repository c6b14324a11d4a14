//! A VCF from one build to another: every record is in the output or, with its reason, among the refused ones.

use std::{
    collections::HashMap,
    io::BufRead as _,
    path::{Path, PathBuf},
};

use super::{
    Chains, Counts, Lifter, Refusal,
    header::Header,
    info,
    sorted::{Place, Sorted},
};
use crate::{ContigKey, Contigs, Fault, Progress, Reference, Result, digest, fs, vcf_file};

/// What to lift.
#[derive(Clone, Debug)]
pub struct LiftFile<'a> {
    /// The VCF, plain, gzip or BGZF, sorted or not.
    pub vcf: &'a Path,
    /// The chain file; it may lead from the old build to the new one or the other way round.
    pub chain: &'a Path,
    /// Reference of the VCF.
    pub from_reference: &'a Path,
    /// Reference of the new build.
    pub reference: &'a Path,
    /// Lifted records (.vcf.gz), sorted in the order of the new reference.
    pub out: &'a Path,
    /// Refused records (.vcf.gz) as they were, each with `LiftRefused`, sorted in the order of the old reference.
    pub rejected: &'a Path,
    /// Who writes, for the header: `clinotype 0.1.0`.
    pub source: &'a str,
}

/// What became of the records. `records` is `lifted` and `refused.total()`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiftSummary {
    /// Records read.
    pub records: u64,
    /// Records lifted.
    pub lifted: u64,
    /// Of the lifted, those whose strand turned.
    pub reversed: u64,
    /// Of the lifted, those that are on another chromosome now.
    pub moved: u64,
    /// Of the lifted, those whose annotations (CSQ, ANN, BCSQ, EFF) were left out.
    pub stripped: u64,
    /// Refused records by reason.
    pub refused: Counts,
    /// Whether the chain file was used from its new build to its old one.
    pub inverted: bool,
}

/// Lifts a VCF.
///
/// Faults: a file that cannot be read or written, a line that is no VCF record (with its line), a VCF or a chain file of
/// other builds than the references, a VCF without header.
pub fn lift_vcf(request: &LiftFile<'_>, progress: &dyn Progress) -> Result<LiftSummary> {
    if request.out == request.rejected {
        return Err(Fault::usage("lifted and refused records cannot go to the same file").at(request.out));
    }
    vcf_file::check_whole(request.vcf)?;
    let (from, to) = (
        Reference::open(request.from_reference)?,
        Reference::open(request.reference)?,
    );
    let (chains, inverted) = towards(super::read_chains(request.chain)?, from.contigs(), to.contigs())
        .map_err(|fault| fault.at(request.chain))?;
    let note = format!(
        "##clinotypeLiftover=<Version=\"{}\",Chain=\"{}\",ChainSHA256={},From=\"{}\",To=\"{}\">\n",
        request.source,
        name(request.chain),
        digest::sha256_file(request.chain)?,
        name(request.from_reference),
        name(request.reference),
    );
    let mut work = Work {
        path: request.vcf,
        header: Header::default(),
        lifter: Lifter::new(chains, from, to)?,
        lifted: Sorted::new(request.out),
        refused: Sorted::new(request.rejected),
        old_order: HashMap::new(),
        old_names: Vec::new(),
        summary: LiftSummary {
            inverted,
            ..LiftSummary::default()
        },
    };
    work.read(progress)?;
    work.write(request, &note, progress)
}

/// Largest POS that is read (VCF 4.3, 1.3: a 32-bit integer).
const LARGEST: u32 = i32::MAX as u32;
/// Last position that a tabix index can hold.
const LAST_INDEXED: u32 = (1 << 29) - 1;

/// A file's name without its folder.
fn name(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    name.unwrap_or_default().replace(['"', '\n'], "_")
}

/// The chains in the direction in which they lead from one reference to the other, and whether that is against the file.
fn towards(chains: Chains, from: &Contigs, to: &Contigs) -> Result<(Chains, bool)> {
    let agree = |chains: &Chains, contigs: &Contigs| {
        let same = |c: &&crate::Contig| contigs.resolve(&c.name).is_some_and(|found| found.length == c.length);
        chains.contigs().filter(same).count()
    };
    let inverse = chains.inverted();
    // A direction holds where contigs of both references are known with their lengths.
    let forward = agree(&chains, from).min(agree(&inverse, to));
    let backward = agree(&inverse, from).min(agree(&chains, to));
    if forward.max(backward) > 0 {
        return Ok(if forward >= backward {
            (chains, false)
        } else {
            (inverse, true)
        });
    }
    let known = from
        .iter()
        .find_map(|contig| Some((contig, chains.contig(&contig.name)?.length)));
    let what = match known {
        Some((contig, length)) => format!(
            "leads between other builds than those of the references: it gives {} {length} bases, --from-reference has {}",
            contig.name, contig.length
        ),
        None => "leads between other builds than those of the references: no contig is the same".to_owned(),
    };
    Err(Fault::input(what).hint("give the chain file between the builds of --from-reference and --reference"))
}

struct Work<'a> {
    path: &'a Path,
    header: Header,
    lifter: Lifter,
    lifted: Sorted,
    refused: Sorted,
    /// Place of an old contig's name in the output of refused records.
    old_order: HashMap<String, u32>,
    /// Names by that place.
    old_names: Vec<String>,
    summary: LiftSummary,
}

impl Work<'_> {
    fn read(&mut self, progress: &dyn Progress) -> Result<()> {
        let names: Vec<String> = self.lifter.from().contigs().iter().map(|c| c.name.clone()).collect();
        for name in names {
            self.old(&name);
        }
        let path = self.path;
        let mut in_header = true;
        for (index, line) in fs::open_text(path)?.lines().enumerate() {
            let number = index as u64 + 1;
            let line = line.map_err(|e| Fault::io("read", path, e).line(number))?;
            let line = line.trim_end_matches('\r');
            if in_header {
                if !line.starts_with('#') {
                    return Err(Fault::input("is not a VCF: the #CHROM line is missing")
                        .at(path)
                        .line(number));
                }
                if self.header.take(line) {
                    in_header = false;
                    if self.header.columns() < 8 {
                        return Err(Fault::input("the #CHROM line has fewer than 8 columns")
                            .at(path)
                            .line(number));
                    }
                    self.header
                        .check_build(self.lifter.from().contigs())
                        .map_err(|fault| fault.at(path))?;
                }
                continue;
            }
            if line.is_empty() {
                continue;
            }
            self.record(line).map_err(|fault| match fault.place().path {
                None => fault.at(path).line(number),
                Some(_) => fault,
            })?;
            if self.summary.records.is_multiple_of(1024) {
                progress.advance(self.summary.records, 0);
                progress.check()?;
            }
        }
        if in_header {
            return Err(Fault::input("is not a VCF: the #CHROM line is missing").at(path));
        }
        Ok(())
    }

    /// The place of an old contig among the refused records: as the old reference has it, others after it as they come.
    fn old(&mut self, name: &str) -> u32 {
        if let Some(&place) = self.old_order.get(name) {
            return place;
        }
        let place = self.old_names.len() as u32;
        self.old_names.push(name.to_owned());
        self.old_order.insert(name.to_owned(), place);
        place
    }

    fn record(&mut self, line: &str) -> Result<()> {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() != self.header.columns() {
            return Err(Fault::input(format!(
                "the record has {} columns, the header {}",
                fields.len(),
                self.header.columns()
            )));
        }
        let [contig, position, _, reference, alternates, _, _, information] = fields[..8] else {
            return Err(Fault::internal("a record of eight columns has fewer"));
        };
        let position: u32 = position
            .parse()
            .ok()
            .filter(|p| *p <= LARGEST)
            .ok_or_else(|| Fault::input(format!("POS {position:?} is not a position")))?;
        if contig.is_empty() || reference.is_empty() || alternates.is_empty() {
            return Err(Fault::input("CHROM, REF or ALT is empty"));
        }
        self.summary.records += 1;
        let alleles: Vec<&str> = alternates.split(',').collect();
        // END without a sequence beside it is a block or a structural variant, whose other end may lie anywhere.
        let is_block = info::has(information, "END") && alleles.iter().all(|a| a.starts_with('<') || *a == ".");
        let result = if is_block {
            Err(Refusal::NotASmallVariant)
        } else {
            self.lifter.lift(contig, position, reference, &alleles)?
        };
        match result {
            Err(reason) => self.refuse(&fields, position, reason),
            Ok(new) => {
                let index = self.lifter.to().contigs().index_of(&new.contig);
                let index = index.ok_or_else(|| Fault::internal("a record was lifted to an unknown contig"))?;
                let place = Place {
                    contig: index as u32,
                    position: new.position.get(),
                    number: self.summary.records,
                    end: new.position.get() + new.reference.len() as u32 - 1,
                };
                let origin = format!(
                    "{}={contig}:{position}:{reference}:{}",
                    info::ORIGIN,
                    alternates.replace(',', "|")
                );
                let mut changed = info::with(&info::moved(information, place.end), &origin);
                if new.reverse {
                    changed = info::with(&changed, info::TURNED);
                    self.summary.reversed += 1;
                }
                self.summary.lifted += 1;
                self.summary.moved += u64::from(ContigKey::of(contig) != ContigKey::of(&new.contig));
                self.summary.stripped += u64::from(info::STALE.iter().any(|key| info::has(information, key)));
                let mut columns: Vec<&str> = fields.clone();
                let (position, alternates) = (new.position.to_string(), new.alternates.join(","));
                columns[0] = &new.contig;
                columns[1] = &position;
                columns[3] = &new.reference;
                columns[4] = &alternates;
                columns[7] = &changed;
                self.lifted.push(place, columns.join("\t"))
            }
        }
    }

    fn refuse(&mut self, fields: &[&str], position: u32, reason: Refusal) -> Result<()> {
        self.summary.refused.add(reason);
        // The index ends at 2^29; a record beyond it, which no contig has, is filed under its last base.
        let position = position.min(LAST_INDEXED);
        let end = position.saturating_add(fields[3].len() as u32).saturating_sub(1);
        let place = Place {
            contig: self.old(fields[0]),
            position,
            number: self.summary.records,
            end: end.clamp(1, LAST_INDEXED),
        };
        let changed = info::with(fields[7], &format!("{}={reason}", info::REFUSED));
        let mut columns = fields.to_vec();
        columns[7] = &changed;
        self.refused.push(place, columns.join("\t"))
    }

    fn write(self, request: &LiftFile<'_>, note: &str, progress: &dyn Progress) -> Result<LiftSummary> {
        let contigs = self.lifter.to().contigs();
        let names: Vec<String> = contigs.iter().map(|c| c.name.clone()).collect();
        let lifted = write_one(
            request.out,
            &self.header.lifted(contigs, &name(request.reference), note),
            self.lifted,
            &names,
            progress,
        )?;
        let refused = write_one(
            request.rejected,
            &self.header.refused(note),
            self.refused,
            &self.old_names,
            progress,
        )?;
        refused.commit()?;
        lifted.commit()?;
        Ok(self.summary)
    }
}

/// Writes one output, not yet under its name.
fn write_one(
    path: &Path,
    header: &str,
    records: Sorted,
    names: &[String],
    progress: &dyn Progress,
) -> Result<vcf_file::VcfWriter> {
    let mut writer = vcf_file::VcfWriter::create(PathBuf::from(path))?;
    writer.header(header)?;
    let mut written = 0_u64;
    records.drain(|place, line| {
        written += 1;
        if written.is_multiple_of(1024) {
            progress.check()?;
        }
        writer.record(line, &names[place.contig as usize], place.position, place.end)
    })?;
    Ok(writer)
}
