//! The table of ClinVar by residue: ClinVar's alleles, annotated by our own engine with the transcripts in use.

mod common;

use std::{collections::HashMap, io::BufRead as _, path::Path};

use clinotype_annotate::{AnnotateOptions, Cache, Files, PickOrder};
use clinotype_genome::{Build, Fault, Result, fs};
use clinotype_interpret::{
    Comparators,
    acmg::substitution,
    comparators::{GeneRecords, Kind, Record, Significance, site_of},
};

use crate::{Watch, evidence::stars, provenance::file_digest, steps};

/// What the table is made from.
#[derive(Debug)]
pub struct ComparatorsRequest<'a> {
    /// ClinVar's VCF.
    pub clinvar: &'a Path,
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Transcripts: those that the samples are annotated with, GFF3 or compiled.
    pub transcripts: &'a [&'a Path],
    /// Asserted build.
    pub build: Option<Build>,
    /// VCF of the frequency source, for loss-of-function alleles that are common in an exon.
    pub frequencies: Option<&'a Path>,
    /// Which transcript of a gene is picked: the same order as for the samples.
    pub pick_order: PickOrder,
    /// A folder of this step's own for the annotated copy of ClinVar, made and removed.
    pub scratch: &'a Path,
}

/// Makes the table. Alleles without a usable classification, without a gene, or far from exons are not in it.
pub fn build(request: &ComparatorsRequest<'_>, watch: &dyn Watch) -> Result<Comparators> {
    let (clinvar, transcripts_sha256) = digests(request)?;
    let files = Files {
        transcripts: request.transcripts,
        sequences: None,
        cache: Cache::None,
    };
    let (known, transcripts, reference) = steps::references_of(request.reference, &files, request.build, watch)?;
    fs::create_dir_all(request.scratch)?;
    let _gone = Scratch(request.scratch);
    let annotated = request.scratch.join("clinvar.annotated.tsv.gz");
    let summary = clinotype_annotate::annotate(
        &AnnotateOptions {
            vcf: request.clinvar,
            reference: &reference,
            build: known.build,
            assert_build: known.asserted,
            transcripts: &transcripts,
            clinvar: Some(request.clinvar),
            frequencies: None,
            scores: &[],
            sample: None,
            input_sample: None,
            // A record of ClinVar that does not fit the reference cannot be compared with; it is no reason to stop.
            mismatches: u64::MAX,
            names: false,
            tables: &[],
            out: &annotated,
            pick_order: request.pick_order.clone(),
            header: &[],
            source: &crate::software(),
        },
        watch,
    )?;
    let (mut made, unknown) = read(&annotated)?;
    // A renamed review status must be seen, not read as nothing (Scout #1777, #1857).
    if unknown > made.len() as u64 {
        return Err(Fault::input("states review statuses that are not known here")
            .at(request.clinvar)
            .hint("this release of ClinVar has other words than this version of Clinotype knows: update Clinotype"));
    }
    if unknown > 0 {
        watch.note(&format!(
            "{unknown} records of ClinVar have a review status that is not known here and are left out"
        ));
    }
    made.release = summary.clinvar_release;
    made.file = clinvar.file;
    made.sha256 = clinvar.sha256;
    made.transcripts_sha256 = transcripts_sha256;
    if made.is_empty() {
        return Err(
            Fault::input("holds no classified allele in the genes of the transcripts")
                .at(request.clinvar)
                .hint("give ClinVar's VCF of the build of the reference"),
        );
    }
    if let Some(frequencies) = request.frequencies {
        let known = (known.build, known.asserted);
        common::add(&mut made, request, frequencies, known, &transcripts, &reference, watch)?;
    }
    made.sort();
    Ok(made)
}

/// Reads a table, or makes it from ClinVar's VCF. With a cache folder what was made is kept there under the digest of
/// its sources, and read the next time.
pub fn read_or_build(request: &ComparatorsRequest<'_>, cache: Option<&Path>, watch: &dyn Watch) -> Result<Comparators> {
    let mut first = String::new();
    fs::open_text(request.clinvar)?
        .read_line(&mut first)
        .map_err(|e| Fault::io("read", request.clinvar, e))?;
    if Comparators::is_table(&first) {
        return parse(request.clinvar);
    }
    let Some(cache) = cache else {
        return build(request, watch);
    };
    let (clinvar, transcripts) = digests(request)?;
    let order = request.pick_order.to_string();
    let mut sources = format!("{}\n{transcripts}\n{order}\n", clinvar.sha256);
    if let Some(frequencies) = request.frequencies {
        sources.push_str(&file_digest(frequencies)?.sha256);
    }
    let path = cache.join(format!(
        "comparators-{}.tsv",
        &clinotype_genome::digest::sha256(sources.as_bytes())[..24]
    ));
    if path.exists() {
        return parse(&path);
    }
    let made = build(request, watch)?;
    fs::create_dir_all(cache)?;
    fs::write_atomic(&path, made.to_text().as_bytes())?;
    Ok(made)
}

fn parse(path: &Path) -> Result<Comparators> {
    Comparators::parse(&fs::read_to_string(path)?).map_err(|fault| fault.at(path))
}

fn digests(request: &ComparatorsRequest<'_>) -> Result<(clinotype_case::provenance::FileDigest, String)> {
    let mut transcripts = Vec::new();
    for path in request.transcripts {
        transcripts.push(file_digest(path)?.sha256);
    }
    Ok((file_digest(request.clinvar)?, transcripts.join(",")))
}

/// The folder of the annotated copy of ClinVar, gone when this is.
struct Scratch<'a>(&'a Path);

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        // What is left behind costs space, nothing else.
        let _ = crate::inputs::remove_folder(self.0);
    }
}

/// The picked rows of the annotated table, and how many were left out for an unknown review status.
fn read(path: &Path) -> Result<(Comparators, u64)> {
    let mut lines = fs::open_text(path)?.lines();
    let whole = |line: std::io::Result<String>| line.map_err(|e| Fault::io("read", path, e));
    let head = lines
        .next()
        .map(whole)
        .transpose()?
        .ok_or_else(|| Fault::internal("the annotated table is empty").at(path))?;
    let columns: HashMap<&str, usize> = head.split('\t').enumerate().map(|(i, name)| (name, i)).collect();
    let (mut made, mut unknown) = (Comparators::default(), 0);
    for line in lines {
        let line = whole(line)?;
        let fields: Vec<&str> = line.split('\t').collect();
        let get = |name: &str| {
            let value = columns.get(name).and_then(|i| fields.get(*i)).copied()?;
            (!value.is_empty()).then_some(value)
        };
        let Some((gene, transcript, record)) = record(get) else {
            continue;
        };
        let Some(record) = record else {
            unknown += 1;
            continue;
        };
        let contig = get("chrom").unwrap_or_default();
        let records = made.genes.entry(gene.to_owned()).or_insert_with(|| GeneRecords {
            contig: contig.to_owned(),
            transcript: transcript.to_owned(),
            ..GeneRecords::default()
        });
        // A gene may lie on two contigs (pseudoautosomal) or its alleles may pick two transcripts; the first counts.
        if records.transcript == transcript && records.contig == contig {
            records.records.push(record);
        }
    }
    Ok((made, unknown))
}

/// Gene, transcript and record of a row; `None` in the place of the record where its review status is not known.
fn record<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<(&'a str, &'a str, Option<Record>)> {
    if get("pick") != Some("1") {
        return None;
    }
    let significance = Significance::of_clinvar(get("clinvar_sig")?)?;
    let review = get("clinvar_revstat")?.replace('_', " ");
    let (gene, transcript) = (get("symbol")?, get("feature")?);
    let terms: Vec<&str> = get("consequence")?.split('&').collect();
    let kind = Kind::of(&terms);
    let number = |name: &str| get(name).and_then(|v| v.parse::<u32>().ok());
    let offset = get("intron_offset").and_then(|v| v.parse::<i32>().ok());
    let site = site_of(
        get("exon"),
        get("intron"),
        offset,
        number("from_exon_start"),
        number("from_exon_end"),
    );
    if kind == Kind::Other && site.is_none() {
        return None;
    }
    let normalised: Vec<&str> = get("normalised")?.split('-').collect();
    let [position, reference, alternate] = normalised[..] else {
        return None;
    };
    let Some(stars) = stars(&review) else {
        return Some((gene, transcript, None));
    };
    Some((
        gene,
        transcript,
        Some(Record {
            position: position.parse().ok()?,
            reference: reference.into(),
            alternate: alternate.into(),
            variation_id: get("clinvar_id")?.parse().ok()?,
            significance,
            stars,
            kind,
            codon: get("protein_position").and_then(|p| p.split(['-', '/']).next()?.parse().ok()),
            residues: get("amino_acids")
                .filter(|_| kind == Kind::Missense)
                .and_then(substitution),
            exon: get("exon").and_then(|e| e.split(['/', '-']).next()?.parse().ok()),
            site,
            offset,
        }),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "chrom\tnormalised\tclinvar_id\tclinvar_sig\tclinvar_revstat\tconsequence\tsymbol\tfeature\texon\tprotein_position\tamino_acids\tpick\n";

    fn table(rows: &[&str]) -> (Comparators, u64) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tsv");
        let rows: Vec<String> = rows.iter().map(|row| row.replace(' ', "\t")).collect();
        let text = rows.join("\n") + "\n";
        fs::write_atomic(&path, format!("{HEAD}{text}").as_bytes()).unwrap();
        read(&path).unwrap()
    }

    /// Scout #1777, #1857: a renamed review status is counted, never dropped without a word.
    #[test]
    fn rows_become_records_or_are_counted() {
        let good = "chr1 5-A-C 7 Pathogenic criteria_provided,_single_submitter missense_variant G NM_1.1 3/9 12 R/L 1";
        let (made, unknown) = table(&[
            good,
            &good
                .replace("single_submitter", "one_laboratory")
                .replace(" 5-A-C 7", " 6-A-C 8"),
            &good.replace(" 1", " ").replace(" 5-A-C 7", " 7-A-C 9"),
            &good.replace("Pathogenic", "Conflicting_classifications_of_pathogenicity"),
            &good.replace("missense_variant", "intron_variant"),
        ]);
        assert_eq!((made.len(), unknown), (1, 1));
        let record = &made.genes["G"].records[0];
        assert_eq!(
            (record.codon, record.residues, record.exon, record.stars),
            (Some(12), Some(('R', 'L')), Some(3), 1)
        );
    }
}
