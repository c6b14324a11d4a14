//! A laboratory's own counts: how many of its samples carry an allele, from their VCFs.

use std::{collections::HashMap, path::PathBuf};

use clinotype_genome::{Build, ContigKey, Fault, Progress, Result};

use super::{
    super::{
        field::{Field, Kind},
        regions::Assessed,
        sort::Packed,
    },
    intake::Intake,
    vcf::{Vcf, number},
};

const FAILED: &str = "FILTER is not PASS";
const NOT_CARRIED: &str = "no sample carries the allele";

/// The fields of a store of counts, in this order.
pub(super) fn fields() -> Vec<Field> {
    let mut fields = vec![
        Field::new("AC", Kind::Integer, "Copies of the allele in the laboratory's samples"),
        Field::new(
            "AN",
            Kind::Integer,
            "Copies of this place that were assessed; missing where the regions that were assessed are not known, and \
             on X, Y and MT, whose copies depend on sex",
        ),
        Field::new("AF", Kind::Float, "AC / AN"),
        Field::new("het", Kind::Integer, "Samples that carry it beside another allele"),
        Field::new(
            "nhomalt",
            Kind::Integer,
            "Samples in which every copy is this allele, two or more",
        ),
        Field::new(
            "hemi",
            Kind::Integer,
            "Samples with one copy of this place, which is this allele",
        ),
        Field::new(
            "missing",
            Kind::Integer,
            "Copies without a call in the records of this allele",
        ),
    ];
    super::find_quotients(&mut fields);
    fields
}

/// Numbers of fields in [`fields`].
pub(super) const AC: usize = 0;
pub(super) const AN: usize = 1;
pub(super) const AF: usize = 2;
pub(super) const MISSING: usize = 6;

/// Samples seen so far, and in which file: a sample that comes twice would be counted twice.
#[derive(Default)]
pub(super) struct Samples {
    seen: HashMap<String, PathBuf>,
}

impl Samples {
    pub(super) fn count(&self) -> u64 {
        self.seen.len() as u64
    }

    fn add(&mut self, vcf: &Vcf) -> Result<()> {
        if vcf.samples.is_empty() {
            return Err(Fault::input("has no sample column: its alleles cannot be counted")
                .at(&vcf.path)
                .hint("give VCFs with genotypes; a sites-only VCF with AC and AN is built without --from-vcfs"));
        }
        for sample in &vcf.samples {
            // The sample's name may be a person's: it is not repeated.
            if let Some(other) = self.seen.insert(sample.clone(), vcf.path.clone()) {
                return Err(Fault::input(format!(
                    "a sample of this file stands in {} as well, and would be counted twice",
                    other.display()
                ))
                .at(&vcf.path)
                .hint("give every sample once"));
            }
        }
        Ok(())
    }
}

/// What the genotypes of a record say of one allele.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    copies: u64,
    het: u64,
    hom: u64,
    hemi: u64,
    missing: u64,
}

/// Counts allele number `allele` (1 is the first ALT) over genotypes such as `0/1`, `1|1`, `1`, `./.`.
fn tally<'g>(genotypes: impl Iterator<Item = &'g str>, allele: usize) -> Tally {
    let mut all = Tally::default();
    for genotype in genotypes {
        let (mut copies, mut ours) = (0, 0);
        for part in genotype.split(['/', '|']) {
            copies += 1;
            match part.parse::<usize>() {
                Ok(n) if n == allele => ours += 1,
                Ok(_) => {}
                Err(_) => all.missing += 1,
            }
        }
        all.copies += ours;
        if ours > 0 {
            match (copies, ours == copies) {
                (1, true) => all.hemi += 1,
                (_, true) => all.hom += 1,
                (_, false) => all.het += 1,
            }
        }
    }
    all
}

/// Hands the alleles of a file to the intake; gives the number of records.
pub(super) fn take_in(
    vcf: &mut Vcf,
    samples: &mut Samples,
    intake: &mut Intake<'_>,
    progress: &dyn Progress,
) -> Result<u64> {
    samples.add(vcf)?;
    let path = vcf.path.clone();
    let columns = vcf.samples.len() + 9;
    let mut bytes = Vec::new();
    let mut records = 0_u64;
    while vcf.next(&mut bytes)? {
        records += 1;
        if records.is_multiple_of(8192) {
            progress.check()?;
        }
        let place = super::intake::Place {
            path: &path,
            line: vcf.line_number(),
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| place.fault("this line is not UTF-8 text"))?;
        let parts: Vec<&str> = text.split('\t').collect();
        if parts.len() != columns {
            return Err(place.fault(format!(
                "this line has {} columns, the header has {columns}",
                parts.len()
            )));
        }
        let position =
            number(parts[1].as_bytes()).ok_or_else(|| place.fault(format!("POS {:?} is not a position", parts[1])))?;
        if parts[..5].iter().any(|p| p.is_empty()) {
            return Err(place.fault("CHROM, REF or ALT is empty"));
        }
        let Some(genotype) = parts[8].split(':').position(|k| k == "GT") else {
            return Err(place.fault("FORMAT has no GT: the alleles cannot be counted"));
        };
        let alternates: Vec<&[u8]> = parts[4].split(',').map(str::as_bytes).collect();
        if !matches!(parts[6], "PASS" | ".") {
            intake.counts.records += 1;
            intake.leave_out(alternates.len(), FAILED);
            continue;
        }
        let tallies: Vec<Tally> = (1..=alternates.len())
            .map(|allele| {
                let genotypes = parts[9..].iter().map(|s| s.split(':').nth(genotype).unwrap_or("."));
                tally(genotypes, allele)
            })
            .collect();
        let put = |index: usize, packed: &mut Packed| {
            let t = tallies[index];
            packed.value(Some(&t.copies.to_string()));
            packed.value(None);
            packed.value(None);
            for count in [t.het, t.hom, t.hemi, t.missing] {
                packed.value(Some(&count.to_string()));
            }
            Ok(())
        };
        // Alleles that no sample carries (the record of another sample of a family, <NON_REF>) are not counted.
        let carried: Vec<&[u8]> = alternates
            .iter()
            .zip(&tallies)
            .filter(|(_, t)| t.copies > 0)
            .map(|(a, _)| *a)
            .collect();
        intake.leave_out(alternates.len() - carried.len(), NOT_CARRIED);
        let places: Vec<usize> = (0..alternates.len()).filter(|i| tallies[*i].copies > 0).collect();
        let mut of_carried = |index: usize, packed: &mut Packed| put(places[index], packed);
        intake.record(
            place,
            (parts[0].as_bytes(), position),
            (parts[3].as_bytes(), &carried),
            &mut of_carried,
            None,
        )?;
    }
    Ok(records)
}

/// Puts AN and AF into the summed values of an allele: the copies of its place in the assessed regions less those
/// without a call.
pub(super) fn complete(
    values: &mut [Option<String>],
    assessed: &Assessed,
    (contig, position): (u32, u32),
    (name, build): (&str, Build),
) {
    let diploid = ContigKey::of(name).is_some_and(|key| match key.as_str() {
        "MT" | "Y" => false,
        "X" => build
            .pseudoautosomal(&key)
            .iter()
            .any(|(start, end)| (*start..*end).contains(&position.saturating_sub(1))),
        _ => true,
    });
    let count = |values: &[Option<String>], field: usize| values[field].as_deref().and_then(|t| t.parse::<u64>().ok());
    let Some(all) = assessed.at(contig, position).filter(|n| diploid && *n > 0) else {
        return;
    };
    let number = all.saturating_sub(count(values, MISSING).unwrap_or_default());
    let Some(copies) = count(values, AC).filter(|c| *c <= number && number > 0) else {
        return;
    };
    values[AN] = Some(number.to_string());
    values[AF] = super::quotient(copies as i64, number as i64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genotypes() {
        let t = tally(["0/1", "1|1", "1", "./.", "1/2", "0", ".", "./1"].into_iter(), 1);
        assert_eq!(
            t,
            Tally {
                copies: 6,
                het: 3,
                hom: 1,
                hemi: 1,
                missing: 4,
            }
        );
        assert_eq!(tally(["1/2"].into_iter(), 2).het, 1);
        assert_eq!(tally(["0/0"].into_iter(), 1), Tally::default());
    }
}
