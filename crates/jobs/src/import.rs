//! A VCF from elsewhere becomes the run's own: BGZF, indexed, its sample column named by the accession.

use std::{io::BufRead, path::Path};

use clinotype_case::SampleId;
use clinotype_genome::{Fault, Progress, Reference, Result, fs, vcf_file::VcfWriter};

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Records.
    pub records: u64,
    /// The name that the column had.
    pub column: String,
}

/// Copies `vcf` (plain, gzip or BGZF) to `out`, lines unchanged but for the name of the sample column.
///
/// Faults: no header, several samples, a sample that is neither `sample` nor the stated `input_sample`, a record that
/// is unsorted, has another number of columns or lies on a contig that the reference lacks.
pub fn vcf(
    vcf: &Path,
    reference: &Reference,
    sample: &SampleId,
    input_sample: Option<&str>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Imported> {
    let mut reader = fs::open_text(vcf)?;
    let size = fs::size(vcf)?;
    let mut writer = VcfWriter::create(out)?;
    let (mut text, mut line, mut column, mut records, mut read) = (String::new(), 0_u64, None, 0_u64, 0_u64);
    loop {
        text.clear();
        line += 1;
        let n = reader
            .read_line(&mut text)
            .map_err(|e| Fault::io("read", vcf, e).line(line))?;
        read += n as u64;
        let row = text.trim_end_matches(['\n', '\r']);
        let wrong = |what: String| Fault::input(what).at(vcf).line(line);
        if n == 0 {
            break;
        }
        if line == 1 && !row.starts_with("##fileformat=VCFv4") {
            return Err(wrong(
                "is not a VCF file: it does not begin with ##fileformat=VCFv4".to_owned(),
            ));
        }
        if column.is_none() {
            if row.starts_with(clinotype_call::TUMOR_ONLY) {
                return Err(crate::evidence::tumor_only(vcf, line));
            }
            if row.starts_with("##") {
                writer.header(&format!("{row}\n"))?;
                continue;
            }
            let Some(columns) = row.strip_prefix("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t") else {
                return Err(if row.starts_with("#CHROM") {
                    wrong("has no sample column: there are no genotypes to interpret".to_owned())
                } else {
                    wrong("the VCF header ends without a #CHROM line".to_owned())
                });
            };
            check_sample(columns, sample, input_sample).map_err(|f| f.at(vcf).line(line))?;
            writer.header(&format!(
                "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}\n"
            ))?;
            column = Some(columns.to_owned());
            continue;
        }
        if row.is_empty() {
            continue;
        }
        let mut fields = row.split('\t');
        let (contig, position) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let reference_bases = fields.nth(1).unwrap_or_default();
        if fields.count() != 6 {
            return Err(wrong(format!(
                "a record of one sample has 10 columns; this one has {}",
                row.split('\t').count()
            )));
        }
        let position: u32 = position
            .parse()
            .map_err(|_| wrong(format!("POS {position:?} is not a position")))?;
        if reference.contigs().resolve(contig).is_none() {
            return Err(
                wrong(format!("contig {contig} carries variants, but is not in the reference"))
                    .locus(contig, u64::from(position))
                    .hint("give the reference that the variants were called on"),
            );
        }
        writer
            .record(
                row,
                contig,
                position,
                position.saturating_add(reference_bases.len().saturating_sub(1) as u32),
            )
            .map_err(|f| {
                if f.place().path.is_none() {
                    f.at(vcf).line(line)
                } else {
                    f
                }
            })?;
        records += 1;
        if records.is_multiple_of(10_000) {
            progress.check()?;
            progress.advance(read.min(size), size);
        }
    }
    let Some(column) = column else {
        return Err(Fault::input("is not a VCF file: it has no #CHROM line").at(vcf));
    };
    writer.commit()?;
    Ok(Imported { records, column })
}

fn check_sample(columns: &str, sample: &SampleId, input_sample: Option<&str>) -> Result<()> {
    let names: Vec<&str> = columns.split('\t').collect();
    if names.len() != 1 {
        return Err(
            Fault::input(format!("holds {} samples; one run reads one sample", names.len()))
                .hint("take one out first, for example with `bcftools view -s NAME`"),
        );
    }
    let expected = input_sample.unwrap_or(sample.as_str());
    // The name in the file is not repeated: it may be a person's.
    if names[0] != expected {
        return Err(Fault::input(format!("the sample column is not named {expected}"))
            .hint("check that this is the right file; if it is, state its sample name with --input-sample"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_must_be_the_one_ordered() {
        let sample: SampleId = "S1".parse().unwrap();
        assert!(check_sample("S1", &sample, None).is_ok());
        assert!(check_sample("Jane", &sample, Some("Jane")).is_ok());
        for (columns, stated) in [("Jane Doe", None), ("S1", Some("S2")), ("S1\tS2", None)] {
            let fault = check_sample(columns, &sample, stated).unwrap_err();
            assert!(
                !fault.to_string().contains("Jane") && fault.advice().is_some(),
                "{fault}"
            );
        }
    }
}
