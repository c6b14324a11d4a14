//! Loss-of-function alleles that are common in the population, by exon, from the VCF of the frequency source: only the
//! alleles that are not rare and touch an exon or its splice sites are annotated, which are few.

use std::{
    collections::{BTreeSet, HashMap},
    io::{BufRead as _, Write as _},
    path::Path,
};

use clinotype_annotate::{AnnotateOptions, TranscriptSet};
use clinotype_genome::{Build, Fault, Reference, Result, fs, vcf_file};
use clinotype_interpret::{
    Comparators,
    comparators::{Common, GeneRecords, Kind, contig_name},
    rules::RULES,
};

use super::ComparatorsRequest;
use crate::{Watch, provenance::file_digest};

/// Alleles of the source that are looked at, and the source's release.
pub(super) fn add(
    made: &mut Comparators,
    request: &ComparatorsRequest<'_>,
    frequencies: &Path,
    known: (Build, bool),
    transcripts: &TranscriptSet,
    reference: &Reference,
    watch: &dyn Watch,
) -> Result<()> {
    let digest = file_digest(frequencies)?;
    let not_rare = request.scratch.join("frequencies.not_rare.vcf");
    // What stands behind the place where a file was cut would be missing here, and read as rare.
    vcf_file::check_whole(frequencies)?;
    let (kept, contigs) = filter(frequencies, &exons(transcripts), &not_rare)?;
    watch.note(&format!(
        "{kept} records of {} in exons are more common than {} in some group; their loss-of-function alleles are kept by \
         exon",
        digest.file,
        RULES.limit("lof_common")
    ));
    let release = if kept > 0 {
        let annotated = request.scratch.join("frequencies.annotated.tsv.gz");
        let summary = clinotype_annotate::annotate(
            &AnnotateOptions {
                vcf: &not_rare,
                reference,
                build: known.0,
                assert_build: known.1,
                transcripts,
                clinvar: None,
                frequencies: Some(&not_rare),
                scores: &[],
                sample: None,
                input_sample: None,
                mismatches: u64::MAX,
                names: true,
                tables: &[],
                out: &annotated,
                pick_order: request.pick_order.clone(),
                header: &[],
                source: &crate::software(),
            },
            watch,
        )?;
        read(&annotated, made)?;
        summary.frequencies_release
    } else {
        None
    };
    let release = release.map_or(String::new(), |release| format!(", release {release}"));
    made.population_contigs = contigs;
    made.population = Some(format!(
        "frequencies{release} ({}, sha256 {})",
        digest.file,
        &digest.sha256[..12]
    ));
    Ok(())
}

/// Exons with the two bases on each side, by contig: sorted, apart from each other, 0-based and half-open.
type Exons = HashMap<String, Vec<(u32, u32)>>;

fn exons(transcripts: &TranscriptSet) -> Exons {
    let mut exons = Exons::new();
    for transcript in transcripts.iter().filter(|t| t.cds.is_some()) {
        let spans = transcript.exons.iter();
        exons
            .entry(contig_name(&transcript.contig))
            .or_default()
            .extend(spans.map(|span| (span.start.saturating_sub(2), span.end + 2)));
    }
    for spans in exons.values_mut() {
        spans.sort_unstable();
        spans.dedup_by(|next, last| {
            let touches = next.0 <= last.1;
            if touches {
                last.1 = last.1.max(next.1);
            }
            touches
        });
    }
    exons
}

/// Copies the header and the records in exons with a figure above the limit; returns the number of these records, and the
/// contigs that have any record.
fn filter(from: &Path, exons: &Exons, to: &Path) -> Result<(u64, BTreeSet<String>)> {
    let limit = RULES.limit("lof_common");
    let mut out = fs::AtomicFile::create(to)?;
    let mut kept = 0;
    let (mut contigs, mut last) = (BTreeSet::new(), String::new());
    for (number, line) in fs::open_text(from)?.lines().enumerate() {
        let line = line.map_err(|e| Fault::io("read", from, e).line(number as u64 + 1))?;
        if number == 0 && !line.starts_with("##fileformat=VCF") {
            return Err(Fault::input("is not a VCF file: it does not begin with ##fileformat")
                .at(from)
                .line(1)
                .hint("give the VCF of the frequency source; a store of it cannot be looked through by exon"));
        }
        let is_record = !line.starts_with('#');
        let name = line.split('\t').next().unwrap_or_default();
        if is_record && name != last {
            name.clone_into(&mut last);
            contigs.insert(contig_name(name));
        }
        if is_record && !(is_in(&line, exons) && is_common(line.split('\t').nth(7).unwrap_or_default(), limit)) {
            continue;
        }
        kept += u64::from(is_record);
        writeln!(out, "{line}").map_err(|e| Fault::io("write", to, e))?;
    }
    out.commit()?;
    Ok((kept, contigs))
}

/// Whether the record's reference bases touch an exon.
fn is_in(line: &str, exons: &Exons) -> bool {
    let mut fields = line.split('\t');
    let (Some(name), Some(position)) = (fields.next(), fields.next()) else {
        return false;
    };
    let (Some(spans), Ok(position)) = (exons.get(&contig_name(name)), position.parse::<u32>()) else {
        return false;
    };
    let start = position.saturating_sub(1);
    // The anchor base of an insertion may stand before the exon.
    let end = position + fields.nth(1).map_or(0, str::len) as u32;
    let behind = spans.partition_point(|span| span.1 <= start);
    spans.get(behind).is_some_and(|span| span.0 < end)
}

/// Whether any frequency of the record, or its AC of AN, lies above the limit.
fn is_common(info: &str, limit: f64) -> bool {
    let values = |text: &str| -> Vec<f64> { text.split(',').filter_map(|v| v.parse().ok()).collect() };
    let (mut counts, mut number) = (Vec::new(), None);
    for field in info.split(';') {
        let Some((key, value)) = field.split_once('=') else {
            continue;
        };
        let lower = key.to_ascii_lowercase();
        if (lower.starts_with("af") || lower.contains("faf95")) && values(value).iter().any(|v| *v > limit) {
            return true;
        }
        match key {
            "AC" | "AC_joint" => counts.extend(values(value)),
            "AN" | "AN_joint" => number = values(value).first().copied().or(number),
            _ => {}
        }
    }
    number.is_some_and(|number| number > 0.0 && counts.iter().any(|count| count / number > limit))
}

/// The picked rows that take the gene's function away, by gene.
fn read(path: &Path, made: &mut Comparators) -> Result<()> {
    let mut lines = fs::open_text(path)?.lines();
    let whole = |line: std::io::Result<String>| line.map_err(|e| Fault::io("read", path, e));
    let head = lines
        .next()
        .map(whole)
        .transpose()?
        .ok_or_else(|| Fault::internal("the annotated table is empty").at(path))?;
    let columns: HashMap<&str, usize> = head.split('\t').enumerate().map(|(i, name)| (name, i)).collect();
    for line in lines {
        let line = whole(line)?;
        let fields: Vec<&str> = line.split('\t').collect();
        let get = |name: &str| {
            let value = columns.get(name).and_then(|i| fields.get(*i)).copied()?;
            (!value.is_empty() && value != ".").then_some(value)
        };
        let Some((gene, transcript, contig, allele)) = common(get) else {
            continue;
        };
        let records = made.genes.entry(gene.to_owned()).or_insert_with(|| GeneRecords {
            contig: contig.to_owned(),
            transcript: transcript.to_owned(),
            ..GeneRecords::default()
        });
        if records.transcript == transcript && records.contig == contig {
            records.common.push(allele);
        }
    }
    Ok(())
}

/// Gene, transcript, contig and allele of a row.
fn common<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<(&'a str, &'a str, &'a str, Common)> {
    if get("pick") != Some("1") || get("freq_state") != Some("found") || get("freq_filter").is_some() {
        return None;
    }
    let terms: Vec<&str> = get("consequence")?.split('&').collect();
    if !Kind::of(&terms).is_null() {
        return None;
    }
    let number = |name: &str| get(name).and_then(|v| v.parse::<f64>().ok());
    // A filtering frequency of no group that could be told is none; the plain one needs enough alleles.
    let enough = number("freq_an").is_some_and(|n| n >= RULES.frequency.minimum_alleles as f64);
    let frequency = number("freq_faf95").or_else(|| number("freq_af").filter(|_| enough))?;
    if frequency <= RULES.limit("lof_common") {
        return None;
    }
    let exon = get("skipped_exon").or_else(|| get("exon")?.split(['/', '-']).next())?;
    let normalised: Vec<&str> = get("normalised")?.split('-').collect();
    let [position, reference, alternate] = normalised[..] else {
        return None;
    };
    let name = get("hgvsc").and_then(|name| name.rsplit(':').next());
    Some((
        get("symbol")?,
        get("feature")?,
        get("chrom")?,
        Common {
            exon: exon.parse().ok()?,
            position: position.parse().ok()?,
            reference: reference.into(),
            alternate: alternate.into(),
            frequency,
            name: name.map_or_else(|| normalised.join("-"), str::to_owned),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_common_by_any_of_their_figures() {
        for (info, expected) in [
            ("AC=5;AN=1000;AF=0.005", true),
            ("AC=5;AN=1000", true),
            ("AC=1;AN=100000;AF=0.00001;AF_grpmax=0.002", true),
            ("AC=1,9;AN=5000;AF=0.0002,0.0018", true),
            ("AC=1;AN=100000;fafmax_faf95_max=0.0011", true),
            ("AC=1;AN=100000;AF=0.00001", false),
            ("AC=0;AN=0", false),
            (".", false),
        ] {
            assert_eq!(is_common(info, 0.001), expected, "{info}");
        }
    }

    #[test]
    fn records_outside_exons_are_passed_over() {
        let exons: Exons = [("1".to_owned(), vec![(100, 200), (300, 400)])].into();
        for (line, expected) in [
            ("1\t101\t.\tA\tC", true),
            ("chr1\t200\t.\tA\tC", true),
            ("chr1\t202\t.\tA\tC", false),
            ("chr1\t95\t.\tAAAAAAAA\tA", true),
            ("chr1\t90\t.\tAAAAAAAA\tA", false),
            ("chr1\t350\t.\tA\tC", true),
            ("chr1\t500\t.\tA\tC", false),
            ("chr2\t150\t.\tA\tC", false),
        ] {
            assert_eq!(is_in(line, &exons), expected, "{line}");
        }
    }

    #[test]
    fn rows_that_take_the_function_are_kept_by_exon() {
        let row = |changes: &[(&'static str, &'static str)]| {
            let mut row: HashMap<&str, &str> = [
                ("pick", "1"),
                ("freq_state", "found"),
                ("freq_an", "150000"),
                ("freq_af", "0.004"),
                ("consequence", "stop_gained"),
                ("exon", "27/27"),
                ("symbol", "G"),
                ("feature", "NM_1.1"),
                ("chrom", "chr1"),
                ("normalised", "5-A-T"),
                ("hgvsc", "NM_1.1:c.9A>T"),
            ]
            .into();
            row.extend(changes.iter().copied());
            common(move |name| row.get(name).copied()).map(|(_, _, _, allele)| (allele.exon, allele.frequency))
        };
        assert_eq!(row(&[]), Some((27, 0.004)));
        assert_eq!(row(&[("freq_faf95", "0.0009")]), None);
        assert_eq!(row(&[("freq_an", "1000")]), None);
        assert_eq!(row(&[("freq_filter", "AC0")]), None);
        assert_eq!(row(&[("consequence", "missense_variant")]), None);
        assert_eq!(
            row(&[
                ("consequence", "splice_donor_variant"),
                ("exon", ""),
                ("skipped_exon", "3")
            ]),
            Some((3, 0.004))
        );
    }
}
