//! Population frequencies of alleles that no VCF holds yet: what the tumour-only caller asks before it writes.

use std::path::Path;

use clinotype_genome::{Build, Fault, Progress, Reference, Result, VariantKey};

use crate::{
    bases::Cached,
    sources::{
        self, Request, Sites,
        frequency::{Answer, Frequencies},
        normalised,
    },
};

/// What a frequency file says of one allele.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AlleleFrequency {
    /// Seen, with its frequency (0 to 1).
    Found(f64),
    /// Not seen, at a site with enough alleles to say so.
    Absent,
    /// The file does not say.
    NotEvaluated,
}

/// The frequencies of `alleles` in the file, in their order, and how the file proves that it is of `build`. The file is
/// read through once; it is checked as `annotate` checks it.
pub fn allele_frequencies(
    file: &Path,
    reference: &Reference,
    build: Build,
    assert_build: bool,
    alleles: &[VariantKey],
    progress: &dyn Progress,
) -> Result<(Vec<AlleleFrequency>, String)> {
    let bases = Cached::new(reference);
    let contigs = reference.contigs();
    let mut sites = Sites::new(contigs.len());
    let mut keys = Vec::with_capacity(alleles.len());
    for allele in alleles {
        let contig = contigs
            .index_of(&allele.contig)
            .ok_or_else(|| Fault::internal("an allele lies on a contig that the reference does not have"))?;
        let key = normalised(allele, &bases)?;
        sites.add(contig, key.position.get());
        keys.push((contig, key));
    }
    sites.finish();
    let request = Request {
        path: file,
        role: "frequencies",
        bases: &bases,
        build,
        assert_build,
        sites: &sites,
    };
    let mut collect = Frequencies::default();
    let joined = sources::join(&request, &mut collect, progress)?;
    let answers = keys
        .iter()
        .map(|(contig, key)| {
            let answer = collect.answer(
                joined.get(*contig, key),
                *contig,
                key.position.get(),
                joined.has_contig(*contig),
            );
            match answer {
                Answer::Found(record) => {
                    let stated = record.frequency.as_ref().and_then(|f| f.parse().ok());
                    let counted = match (record.count, record.number) {
                        (Some(count), Some(number)) if number > 0 => Some(count as f64 / number as f64),
                        _ => None,
                    };
                    stated
                        .or(counted)
                        .filter(|f| (0.0..=1.0).contains(f))
                        .map_or(AlleleFrequency::NotEvaluated, AlleleFrequency::Found)
                }
                Answer::Absent(_) => AlleleFrequency::Absent,
                Answer::NotEvaluated(_) => AlleleFrequency::NotEvaluated,
            }
        })
        .collect();
    Ok((answers, joined.proof))
}

#[cfg(test)]
mod tests {
    use clinotype_genome::{Pos, Silent, fs};

    use super::*;

    #[test]
    fn found_absent_and_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let fasta = folder.path().join("r.fa");
        fs::write_atomic(&fasta, b">1\nACGTACGTTTTTACGT\n>2\nACGT\n").unwrap();
        let reference = Reference::open(&fasta).unwrap();
        let file = folder.path().join("f.vcf");
        fs::write_atomic(
            &file,
            b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
              1\t2\t.\tC\tT\t.\t.\tAF=0.25;AC=1000;AN=4000\n\
              1\t3\t.\tG\tA\t.\t.\tAC=30;AN=3000\n\
              1\t11\t.\tTT\tT\t.\t.\tAF=0.5\n",
        )
        .unwrap();
        let key = |contig: &str, at, r, a| VariantKey::new(contig, Pos::new(at).unwrap(), r, a);
        let alleles = [
            key("1", 2, "C", "T"),
            key("1", 3, "G", "A"),
            key("1", 2, "C", "G"),
            // Written another way in the file: the same deletion, left-aligned.
            key("1", 7, "GT", "G"),
            key("1", 5, "A", "C"),
            key("2", 2, "C", "T"),
        ];
        let (answers, proof) = allele_frequencies(&file, &reference, Build::Grch38, false, &alleles, &Silent).unwrap();
        use AlleleFrequency::{Absent, Found, NotEvaluated};
        assert_eq!(
            answers,
            [Found(0.25), Found(0.01), Absent, Found(0.5), NotEvaluated, NotEvaluated]
        );
        assert!(proof.contains("REF of 3 records"), "{proof}");
    }
}
