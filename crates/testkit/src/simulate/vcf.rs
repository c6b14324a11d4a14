//! The alleles of a made-up person, from and to VCF text.

use std::{collections::BTreeMap, fmt::Write as _, io::BufRead as _, path::Path};

use clinotype_genome::{Contigs, Fault, Pos, Result, VariantKey, fs};

use super::PhasedAllele;
use crate::Dice;

/// Reads the alleles that the first sample carries. `0|1` says which haplotype; with `0/1` it is drawn from the seed.
/// Records without an alternate that is carried are passed over.
///
/// Input faults, with the line: no sample, no GT, a genotype that is missing or not of two alleles, an alternate that is
/// not written as bases, a contig that the reference does not have.
pub fn read_alleles(path: &Path, contigs: &Contigs, seed: u64) -> Result<Vec<PhasedAllele>> {
    let mut dice = Dice::new(seed);
    let mut alleles = Vec::new();
    let reader = fs::open_text(path)?;
    for (number, text) in reader.lines().enumerate() {
        let line = number as u64 + 1;
        let text = text.map_err(|e| Fault::io("read", path, e).line(line))?;
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let of_line = record(&text, contigs, &mut dice).map_err(|what| Fault::input(what).at(path).line(line))?;
        alleles.extend(of_line);
    }
    Ok(alleles)
}

fn record(text: &str, contigs: &Contigs, dice: &mut Dice) -> std::result::Result<Vec<PhasedAllele>, String> {
    let fields: Vec<&str> = text.trim_end().split('\t').collect();
    let [contig, position, _, reference, alternates, _, _, _, format, sample, ..] = fields[..] else {
        return Err(format!(
            "has {} columns; ten are needed, with FORMAT and a sample",
            fields.len()
        ));
    };
    let contig = contigs
        .resolve(contig)
        .ok_or("lies on a contig that the reference does not have")?;
    let position = position
        .parse()
        .ok()
        .filter(|p| *p <= contig.length)
        .and_then(Pos::new)
        .ok_or("POS is not a position of its contig")?;
    let at = format.split(':').position(|name| name == "GT").ok_or("has no GT")?;
    let genotype = sample.split(':').nth(at).unwrap_or_default();
    let phased = genotype.contains('|');
    let carried: Vec<usize> = genotype
        .split(['|', '/'])
        .map(str::parse)
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| "its genotype is missing or not a number")?;
    let &[mut first, mut second] = &carried[..] else {
        return Err(format!("its genotype has {} allele(s); two are needed", carried.len()));
    };
    if !phased && dice.below(2) == 1 {
        std::mem::swap(&mut first, &mut second);
    }
    let mut found = Vec::new();
    for (number, alternate) in alternates.split(',').enumerate() {
        let copies = [first == number + 1, second == number + 1];
        if copies == [false, false] {
            continue;
        }
        if alternate.is_empty() || !alternate.bytes().all(|b| b"ACGTacgt".contains(&b)) {
            return Err("its alternate is not written as bases".to_owned());
        }
        found.push(PhasedAllele {
            key: VariantKey::new(&contig.name, position, reference, alternate),
            carried: copies,
        });
    }
    if first.max(second) > alternates.split(',').count() {
        return Err("its genotype names an alternate that is not there".to_owned());
    }
    Ok(found)
}

/// Writes the alleles as VCF 4.3 text in the order of the reference; alleles of one position on different haplotypes
/// share a record where they have one REF.
pub fn write_alleles(path: &Path, contigs: &Contigs, alleles: &[PhasedAllele]) -> Result<()> {
    let mut text = String::from("##fileformat=VCFv4.3\n##source=clinotype simulate\n");
    for contig in contigs {
        let _ = writeln!(text, "##contig=<ID={},length={}>", contig.name, contig.length);
    }
    text += "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n";
    text += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tSIMULATED\n";
    let mut rows: BTreeMap<_, Vec<&PhasedAllele>> = BTreeMap::new();
    for allele in alleles {
        let at = (
            contigs.index_of(&allele.key.contig),
            allele.key.position,
            &allele.key.reference,
        );
        rows.entry(at).or_default().push(allele);
    }
    for ((_, position, reference), row) in rows {
        let alternates: Vec<&str> = row.iter().map(|a| a.key.alternate.as_str()).collect();
        let number = |haplotype: usize| row.iter().position(|a| a.carried[haplotype]).map_or(0, |at| at + 1);
        let _ = writeln!(
            text,
            "{}\t{position}\t.\t{reference}\t{}\t.\t.\t.\tGT\t{}|{}",
            row[0].key.contig,
            alternates.join(","),
            number(0),
            number(1)
        );
    }
    fs::write_atomic(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use clinotype_genome::Contig;

    use super::*;

    fn contigs() -> Contigs {
        Contigs::new(vec![Contig {
            name: "chr1".into(),
            length: 1000,
        }])
    }

    #[test]
    fn alleles_come_back_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf");
        let allele = |position, reference: &str, alternate: &str, carried| PhasedAllele {
            key: VariantKey::new("chr1", Pos::new(position).unwrap(), reference, alternate),
            carried,
        };
        let alleles = [
            allele(5, "A", "G", [true, false]),
            allele(5, "A", "T", [false, true]),
            allele(9, "CT", "C", [true, true]),
            allele(20, "G", "GAAA", [false, true]),
        ];
        write_alleles(&path, &contigs(), &alleles).unwrap();
        assert_eq!(read_alleles(&path, &contigs(), 1).unwrap(), alleles);
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf");
        for (row, words) in [
            ("chr1\t5\t.\tA\tG\t.\t.\t.\tGT", "columns"),
            ("chr2\t5\t.\tA\tG\t.\t.\t.\tGT\t0|1", "contig"),
            ("chr1\t0\t.\tA\tG\t.\t.\t.\tGT\t0|1", "POS"),
            ("chr1\t5\t.\tA\tG\t.\t.\t.\tDP\t7", "no GT"),
            ("chr1\t5\t.\tA\tG\t.\t.\t.\tGT\t./.", "missing"),
            ("chr1\t5\t.\tA\tG\t.\t.\t.\tGT\t1", "two are needed"),
            ("chr1\t5\t.\tA\tG\t.\t.\t.\tGT\t0|2", "not there"),
            ("chr1\t5\t.\tA\t<DEL>\t.\t.\t.\tGT\t0|1", "bases"),
        ] {
            fs::write_atomic(&path, format!("##fileformat=VCFv4.3\n{row}\n").as_bytes()).unwrap();
            let fault = read_alleles(&path, &contigs(), 1).unwrap_err().to_string();
            assert!(fault.contains(words) && fault.contains('2'), "{row}: {fault}");
        }
    }
}
