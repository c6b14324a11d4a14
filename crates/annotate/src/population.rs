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
    use std::path::PathBuf;

    use clinotype_genome::{Pos, Silent, fs};
    use clinotype_refdata::alleles::build::{BuildOptions, Columns, Inputs, build};

    use super::*;

    struct Folder(tempfile::TempDir, Reference);

    impl Folder {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let fasta = folder.path().join("r.fa");
            fs::write_atomic(&fasta, b">1\nACGTACGTTTTTACGT\n>2\nACGT\n>3\nACGTACGT\n").unwrap();
            let reference = Reference::open(&fasta).unwrap();
            Self(folder, reference)
        }

        fn file(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.path().join(name);
            fs::write_atomic(&path, text.as_bytes()).unwrap();
            path
        }

        fn vcf(&self, records: &str) -> PathBuf {
            let text = format!(
                "##fileformat=VCFv4.2\n##fileDate=2026-01-02\n\
                 ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"c\">\n\
                 ##INFO=<ID=AN,Number=1,Type=Integer,Description=\"n\">\n\
                 ##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">\n\
                 #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{records}"
            );
            self.file("f.vcf", &text)
        }

        fn store(&self, vcf: &Path, assessed: Option<(&Path, u64)>) -> Result<PathBuf> {
            let out = self.0.path().join("f.cta");
            build(
                &BuildOptions {
                    inputs: &[vcf.to_owned()],
                    kind: Inputs::Values,
                    reference: &self.1,
                    build: Build::Grch38,
                    assert_build: false,
                    name: None,
                    release: None,
                    date: None,
                    licence: None,
                    fields: &[],
                    columns: &Columns::default(),
                    duplicates: None,
                    assessed: assessed.map(|a| a.0),
                    assessed_alleles: assessed.map(|a| a.1),
                    mismatches: 0.0,
                    out: &out,
                    scratch: &self.0.path().join("scratch"),
                    memory: 1 << 20,
                    made_by: "test",
                },
                &Silent,
            )?;
            Ok(out)
        }

        fn ask(&self, file: &Path, alleles: &[VariantKey]) -> Result<(Vec<AlleleFrequency>, String)> {
            allele_frequencies(file, &self.1, Build::Grch38, false, alleles, &Silent)
        }
    }

    fn key(contig: &str, at: u32, r: &str, a: &str) -> VariantKey {
        VariantKey::new(contig, Pos::new(at).unwrap(), r, a)
    }

    use AlleleFrequency::{Absent, Found, NotEvaluated};

    #[test]
    fn found_absent_and_unknown() {
        let folder = Folder::new();
        let file = folder.vcf(
            "1\t2\t.\tC\tT\t.\t.\tAF=0.25;AC=1000;AN=4000\n\
             1\t3\t.\tG\tA\t.\t.\tAC=30;AN=3000\n\
             1\t11\t.\tTT\tT\t.\t.\tAF=0.5\n",
        );
        let alleles = [
            key("1", 2, "C", "T"),
            key("1", 3, "G", "A"),
            key("1", 2, "C", "G"),
            // Written another way in the file: the same deletion, left-aligned.
            key("1", 7, "GT", "G"),
            key("1", 5, "A", "C"),
            key("2", 2, "C", "T"),
        ];
        let (answers, proof) = folder.ask(&file, &alleles).unwrap();
        assert_eq!(
            answers,
            [Found(0.25), Found(0.01), Absent, Found(0.5), NotEvaluated, NotEvaluated]
        );
        assert!(proof.contains("REF of 3 records"), "{proof}");
        let store = folder.store(&file, None).unwrap();
        let (of_store, proof) = folder.ask(&store, &alleles).unwrap();
        assert_eq!(of_store, answers);
        assert!(proof.contains("store on contigs of the same lengths (3)"), "{proof}");
    }

    #[test]
    fn a_store_answers_as_its_vcf() {
        let folder = Folder::new();
        // Several ALTs, alleles that move, places without a usable allele, allele numbers high and low, two records of
        // one allele.
        let file = folder.vcf(
            "1\t2\t.\tCGT\tCGA,TGT,*\t.\t.\tAC=1,2,3;AN=9000;AF=0.1,0.2,0.3\n\
             1\t4\t.\tT\t<DEL>\t.\t.\tAC=1;AN=5000\n\
             1\t5\t.\tA\tC\t.\t.\tAC=0;AN=5000\n\
             1\t6\t.\tC\tA\t.\t.\tAC=0;AN=50\n\
             1\t7\t.\tG\tA\t.\t.\tAC=7;AN=700\n1\t7\t.\tG\tA\t.\t.\tAC=8;AN=8000\n\
             1\t12\t.\tTA\tTTA\t.\t.\tAC=5;AN=4000\n\
             2\t1\t.\tA\t.\t.\t.\tAN=4000\n",
        );
        let store = folder.store(&file, None).unwrap();
        let mut alleles = Vec::new();
        for (contig, sequence) in [("1", "ACGTACGTTTTTACGT"), ("2", "ACGT"), ("3", "ACGTACGT")] {
            for (at, base) in sequence.chars().enumerate() {
                let base = base.to_string();
                for other in ["A", "C", "G", "T"].into_iter().filter(|o| *o != base) {
                    alleles.push(key(contig, at as u32 + 1, &base, other));
                    alleles.push(key(contig, at as u32 + 1, &base, &format!("{base}{other}")));
                }
                alleles.push(key(contig, at as u32 + 1, &base, &format!("{base}{base}")));
            }
        }
        let (of_file, _) = folder.ask(&file, &alleles).unwrap();
        let (of_store, _) = folder.ask(&store, &alleles).unwrap();
        for ((allele, a), b) in alleles.iter().zip(&of_file).zip(&of_store) {
            assert_eq!(a, b, "{allele}");
        }
        let count = |wanted: fn(&AlleleFrequency) -> bool| of_file.iter().filter(|a| wanted(a)).count();
        assert!(
            count(|a| matches!(a, Found(_))) >= 4 && count(|a| *a == Absent) > 10 && count(|a| *a == NotEvaluated) > 10
        );
    }

    #[test]
    fn assessed_regions_tell_absent_from_unknown() {
        let folder = Folder::new();
        let file = folder.vcf("1\t2\t.\tC\tT\t.\t.\tAC=10;AN=4000\n");
        let bed = folder.file("a.bed", "1\t4\t8\n3\t0\t2\n");
        let asked = [
            key("1", 5, "A", "C"),
            key("1", 9, "T", "C"),
            key("3", 1, "A", "C"),
            key("2", 1, "A", "C"),
        ];
        for (alleles, expected) in [
            (4000, [Absent, NotEvaluated, Absent, NotEvaluated]),
            (40, [NotEvaluated; 4]),
            (0, [NotEvaluated; 4]),
        ] {
            let store = folder.store(&file, Some((&bed, alleles))).unwrap();
            assert_eq!(folder.ask(&store, &asked).unwrap().0, expected, "{alleles}");
        }
    }

    #[test]
    fn stores_of_another_genome_are_refused() {
        let folder = Folder::new();
        let store = folder
            .store(&folder.vcf("1\t2\t.\tC\tT\t.\t.\tAC=10;AN=4000\n"), None)
            .unwrap();
        let asked = [key("1", 5, "A", "C")];
        let other = |text: &str| {
            let fasta = folder.file(&format!("{}.fa", text.len()), text);
            Reference::open(&fasta).unwrap()
        };
        let told = |reference: &Reference, build, assert_build| {
            allele_frequencies(&store, reference, build, assert_build, &asked, &Silent)
                .map(|_| ())
                .unwrap_err()
                .to_string()
        };
        let words = told(&folder.1, Build::Grch37, false);
        assert!(words.contains("is a store of GRCh38, the run is of GRCh37"), "{words}");
        assert!(allele_frequencies(&store, &folder.1, Build::Grch37, true, &asked, &Silent).is_ok());
        let words = told(&other(">1\nACGTACGTACGTACGTAA\n"), Build::Grch38, true);
        assert!(words.contains("1 has 16 bases; this one's has 18"), "{words}");
        let bytes = fs::read(&store).unwrap();
        fs::write_atomic(&store, &bytes[..bytes.len() - 9]).unwrap();
        assert!(told(&folder.1, Build::Grch38, false).contains("is cut short"));
    }
}
