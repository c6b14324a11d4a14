//! Copy-number events of a VCF scored by Riggs 2020.

use std::{io::BufRead as _, path::Path};

use clinotype_annotate::{Cache, Files, TranscriptSet};
use clinotype_genome::{Build, Fault, Result, Strand, fs};
use clinotype_interpret::cnv::{Dosage, Event, Gene, Scored, score};
use serde::{Deserialize, Serialize};

use crate::{Watch, steps};

/// The schema of the written file.
pub const SCHEMA: &str = "clinotype-cnv-classes/1";

/// What to score.
#[derive(Debug)]
pub struct CnvClassRequest<'a> {
    /// Events: a VCF with `<DEL>` and `<DUP>`, as `clinotype cnv` writes it.
    pub vcf: &'a Path,
    /// Reference FASTA.
    pub reference: &'a Path,
    /// Transcripts.
    pub transcripts: &'a Path,
    /// Lists of ClinGen's dosage curations, genes and regions.
    pub dosage: &'a [&'a Path],
    /// Asserted build.
    pub build: Option<Build>,
}

/// Every event with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CnvClasses {
    /// [`SCHEMA`].
    pub schema: String,
    /// Build of the coordinates (0-based, half-open).
    pub build: Build,
    /// Paper.
    pub source: String,
    /// Files of dosage curations, without folders; empty: none was given.
    pub dosage: Vec<String>,
    /// Events in the order of the file.
    pub events: Vec<Scored>,
    /// Records that are no losses or gains, counted; they are not scored.
    pub others: u64,
}

/// Scores the events.
pub fn classes(request: &CnvClassRequest<'_>, watch: &dyn Watch) -> Result<CnvClasses> {
    let files = Files {
        transcripts: &[request.transcripts],
        sequences: None,
        cache: Cache::None,
    };
    let (known, transcripts, _) = steps::references_of(request.reference, &files, request.build, watch)?;
    let genes = genes(&transcripts);
    let mut dosage = Dosage::default();
    for path in request.dosage {
        dosage.add(&fs::read_to_string(path)?).map_err(|fault| fault.at(path))?;
    }
    let dosage_given = (!request.dosage.is_empty()).then_some(&dosage);
    let (events, others) = events(request.vcf)?;
    let name = |path: &&Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
    Ok(CnvClasses {
        schema: SCHEMA.to_owned(),
        build: known.build,
        source: "Riggs 2020 GIM 22:245, sections 1 to 3; Abou Tayoun 2018 inside one gene".to_owned(),
        dosage: request.dosage.iter().filter_map(name).collect(),
        events: events
            .iter()
            .map(|(event, filter)| {
                let mut scored = score(event, &genes, dosage_given);
                if let Some(filter) = filter {
                    scored
                        .notes
                        .push(format!("The event failed a filter of its caller: {filter}."));
                }
                scored
            })
            .collect(),
        others,
    })
}

/// Each gene by the transcript that a report shows.
fn genes(set: &TranscriptSet) -> Vec<Gene> {
    let symbols = set.genes();
    symbols
        .iter()
        .filter_map(|symbol| set.pick(symbol))
        .map(|t| {
            let span = t.span();
            Gene {
                symbol: t.gene.clone(),
                transcript: t.accession.clone(),
                contig: t.contig.clone(),
                start: span.start,
                end: span.end,
                forward: t.strand == Strand::Forward,
                coding: t
                    .coding_exons()
                    .into_iter()
                    .map(|(number, interval)| (number, interval.start, interval.end))
                    .collect(),
            }
        })
        .collect()
}

type Filtered = (Event, Option<String>);

/// Losses and gains of the VCF with the filters that they failed, and how many records are neither.
fn events(path: &Path) -> Result<(Vec<Filtered>, u64)> {
    let (mut events, mut others, mut has_header) = (Vec::new(), 0, false);
    for (number, line) in fs::open_text(path)?.lines().enumerate() {
        let line = line.map_err(|e| Fault::io("read", path, e))?;
        let wrong = |what: &str| Fault::input(what).at(path).line(number as u64 + 1);
        if line.starts_with('#') {
            has_header |= line.starts_with("#CHROM\t");
            continue;
        }
        if !has_header {
            return Err(wrong("is not a VCF file: it has no #CHROM line before its records"));
        }
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 8 {
            return Err(wrong("has fewer than 8 columns"));
        }
        let loss = match fields[4] {
            alt if alt.starts_with("<DEL") => true,
            alt if alt.starts_with("<DUP") => false,
            _ => {
                others += 1;
                continue;
            }
        };
        let end = fields[7].split(';').find_map(|entry| entry.strip_prefix("END="));
        let position: u32 = fields[1].parse().map_err(|_| wrong("POS is not a number"))?;
        let end: u32 = end
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| wrong("states no END, so the event has no extent"))?;
        if end <= position {
            return Err(wrong("END does not lie behind POS"));
        }
        let filter = (!matches!(fields[6], "PASS" | ".")).then(|| fields[6].to_owned());
        events.push((
            Event {
                loss,
                contig: fields[0].to_owned(),
                // POS of a symbolic allele is the base before the event (VCF 4.3, section 3).
                start: position,
                end,
            },
            filter,
        ));
    }
    if !has_header {
        return Err(Fault::input("is not a VCF file: it has no #CHROM line").at(path));
    }
    Ok((events, others))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(Vec<Filtered>, u64)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cnv.vcf");
        fs::write_atomic(&path, body.as_bytes()).unwrap();
        events(&path)
    }

    #[test]
    fn losses_and_gains_are_read_and_others_counted() {
        let head = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
        let (found, others) = read(&format!(
            "{head}chr1\t100\t.\tN\t<DEL>\t9\tPASS\tSVTYPE=DEL;END=200\nchr1\t300\t.\tN\t<DUP>\t9\tLowQual\tEND=400\nchr1\t5\t.\tA\tC\t9\tPASS\t.\n"
        ))
        .unwrap();
        assert_eq!((found.len(), others), (2, 1));
        assert_eq!((found[0].0.loss, found[0].0.start, found[0].0.end), (true, 100, 200));
        assert_eq!((found[1].0.loss, found[1].1.as_deref()), (false, Some("LowQual")));
        for (body, words) in [
            ("chr1\t1\n".to_owned(), "no #CHROM line"),
            (
                format!("{head}chr1\t100\t.\tN\t<DEL>\t9\tPASS\tSVTYPE=DEL\n"),
                "states no END",
            ),
            (
                format!("{head}chr1\t100\t.\tN\t<DEL>\t9\tPASS\tEND=100\n"),
                "END does not lie behind POS",
            ),
            (format!("{head}chr1\t100\n"), "fewer than 8 columns"),
        ] {
            assert!(read(&body).unwrap_err().to_string().contains(words), "{body}");
        }
    }
}
