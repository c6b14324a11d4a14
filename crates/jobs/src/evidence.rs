//! From the annotated VCF to the evidence that interpretation reads, one value per alternate allele.
//!
//! The annotated VCF (written by `annotate`, see its documentation for the fields) is the interface between the
//! steps, so that `clinotype interpret` can start from the file alone.

mod csq;
mod gains;
mod header;
mod indexed;
mod record;

use std::{
    collections::VecDeque,
    io::BufRead,
    ops::Range,
    path::{Path, PathBuf},
};

use clinotype_case::evidence::AnnotatedVariant;
use clinotype_genome::{Fault, Result, fs};
use rayon::prelude::*;

pub use header::Header;
pub use indexed::{IndexedVcf, at};
pub(crate) use record::Allele;
use record::Parse;
pub(crate) use record::stars;

/// Records that are read at a time.
const BATCH: usize = 4_096;

/// Records of the file as text, read but not taken apart.
#[derive(Default)]
struct Lines {
    text: Vec<u8>,
    /// Number of the line, and where it stands in the text, without its end.
    rows: Vec<(u64, Range<usize>)>,
    /// What is wrong behind them.
    fault: Option<Fault>,
    is_last: bool,
}

/// An annotated VCF, read allele by allele.
pub struct AnnotatedVcf {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    header: Header,
    pending: VecDeque<AnnotatedVariant>,
    /// Read ahead; `None` before the first record.
    ahead: Option<Lines>,
    /// What is wrong behind the alleles that were given.
    fault: Option<Fault>,
    /// Alleles that carry no annotation (`*`, symbolic), counted.
    pub not_annotated: u64,
}

impl std::fmt::Debug for AnnotatedVcf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnnotatedVcf")
            .field("path", &self.path)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// Calls of a tumour are not germline genotypes, and there is no interpretation for them yet.
pub(crate) fn tumor_only(path: &Path, line: u64) -> Fault {
    Fault::input("holds tumour-only calls: they are not genotypes, and no somatic report exists")
        .at(path)
        .line(line)
        .hint("judge a tumour's calls by `clinotype somatic-class`; interpret germline calls (`clinotype call`)")
}

impl AnnotatedVcf {
    /// Opens a VCF that `clinotype annotate` wrote. Tumour-only calls are refused: they are no germline genotypes.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_as(path, false)
    }

    /// Opens one of a tumour too; [`Header::is_tumour_only`] says whether it is.
    pub fn open_tumour(path: &Path) -> Result<Self> {
        Self::open_as(path, true)
    }

    fn open_as(path: &Path, takes_tumours: bool) -> Result<Self> {
        clinotype_genome::vcf_file::check_whole(path)?;
        let mut reader = fs::open_text(path)?;
        let mut header = Header::default();
        let (mut text, mut line) = (String::new(), 0_u64);
        loop {
            text.clear();
            line += 1;
            if reader
                .read_line(&mut text)
                .map_err(|e| Fault::io("read", path, e).line(line))?
                == 0
            {
                return Err(Fault::input("is not a VCF file: it has no #CHROM line").at(path));
            }
            let row = text.trim_end();
            if line == 1 && !row.starts_with("##fileformat=VCF") {
                return Err(Fault::input("is not a VCF file: it does not begin with ##fileformat")
                    .at(path)
                    .line(1));
            }
            if row.starts_with(clinotype_call::TUMOR_ONLY) {
                if !takes_tumours {
                    return Err(tumor_only(path, line));
                }
                header.is_tumour_only = true;
            }
            if let Some(meta) = row.strip_prefix("##") {
                header.meta(meta);
            } else if row.starts_with("#CHROM\t") {
                header.samples = row.split('\t').skip(9).map(str::to_owned).collect();
                break;
            } else {
                return Err(Fault::input("the VCF header ends without a #CHROM line")
                    .at(path)
                    .line(line));
            }
        }
        if header.csq.is_empty() {
            return Err(Fault::input("has no CSQ annotation")
                .at(path)
                .hint("run `clinotype annotate` on it first"));
        }
        if header.samples.len() != 1 {
            return Err(Fault::input(format!("holds {} samples; one is needed", header.samples.len())).at(path));
        }
        Ok(Self {
            path: path.to_owned(),
            reader,
            line,
            header,
            pending: VecDeque::new(),
            ahead: None,
            fault: None,
            not_annotated: 0,
        })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next alternate allele.
    pub fn next_allele(&mut self) -> Result<Option<AnnotatedVariant>> {
        loop {
            if let Some(allele) = self.pending.pop_front() {
                return Ok(Some(allele));
            }
            match self.next_batch(|allele| Ok(allele.whole()))? {
                Some(alleles) => self.pending.extend(alleles),
                None => return Ok(None),
            }
        }
    }

    /// What `make` gives for each of the next alleles, in the order of the file; `None` at its end. Inside a pool records
    /// are looked at side by side, while the next ones are read.
    ///
    /// # Errors
    /// A record that cannot be read, or that `make` refuses, once the alleles before it were given.
    pub(crate) fn next_batch<T: Send>(
        &mut self,
        make: impl Fn(&Allele<'_>) -> Parse<T> + Sync,
    ) -> Result<Option<Vec<T>>> {
        if let Some(fault) = self.fault.take() {
            self.ahead = Some(Lines::at_end());
            return Err(fault);
        }
        let (path, header) = (&self.path, &self.header);
        let mut source = Source {
            path,
            reader: &mut self.reader,
            line: &mut self.line,
        };
        let now = match self.ahead.take() {
            Some(ahead) => ahead,
            None => source.lines(),
        };
        let make = |(line, row): &(u64, Range<usize>)| {
            std::str::from_utf8(&now.text[row.clone()])
                .map_err(|_| "is not UTF-8 text".to_owned())
                .and_then(|row| record::each(row, header, &make))
                .map_err(|what| Fault::input(what).at(path).line(*line))
        };
        let is_last = now.is_last;
        let mut next = || if is_last { Lines::at_end() } else { source.lines() };
        // Outside a pool of ours rayon would use its global one, which nothing here may.
        let (ahead, made) = if rayon::current_thread_index().is_some() {
            rayon::join(next, || {
                now.rows.par_iter().with_min_len(64).map(make).collect::<Vec<_>>()
            })
        } else {
            let made = now.rows.iter().map(make).collect::<Vec<_>>();
            (next(), made)
        };
        let (mut given, mut fault) = (Vec::with_capacity(made.len()), now.fault);
        for one in made {
            match one {
                Ok((found, without)) => {
                    given.extend(found);
                    self.not_annotated += without;
                }
                Err(first) => {
                    fault = Some(first);
                    break;
                }
            }
        }
        let is_at_end = is_last && given.is_empty() && fault.is_none();
        self.fault = fault;
        self.ahead = Some(ahead);
        Ok((!is_at_end).then_some(given))
    }
}

/// Where the records come from.
struct Source<'a> {
    path: &'a Path,
    reader: &'a mut Box<dyn BufRead + Send>,
    line: &'a mut u64,
}

impl Source<'_> {
    /// The next records.
    fn lines(&mut self) -> Lines {
        let mut lines = Lines::default();
        while lines.rows.len() < BATCH && !lines.is_last {
            let start = lines.text.len();
            *self.line += 1;
            match self.reader.read_until(b'\n', &mut lines.text) {
                Ok(0) => lines.is_last = true,
                Ok(_) => {
                    let line = &lines.text[start..];
                    let ends = line.iter().rev().take_while(|b| matches!(b, b'\n' | b'\r')).count();
                    let end = lines.text.len() - ends;
                    if end > start {
                        lines.rows.push((*self.line, start..end));
                    }
                }
                Err(e) => {
                    lines.fault = Some(Fault::io("read", self.path, e).line(*self.line));
                    lines.is_last = true;
                }
            }
        }
        lines
    }
}

impl Lines {
    fn at_end() -> Self {
        Self {
            is_last: true,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use clinotype_case::evidence::{Lookup, Zygosity};
    use clinotype_genome::Build;
    use proptest::prelude::*;

    use super::{record::Record, *};

    const VCF: &str = "##fileformat=VCFv4.3\n\
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence. Format: Allele|Consequence|IMPACT|SYMBOL|Feature|HGVSp|STRAND|PICK|ALLELE_NUM|NMD\">\n\
##clinotype_build=<ID=GRCh38,Proof=\"contig lengths, REF bases\">\n\
##clinotype_data=<ID=ClinVar,Release=\"2026-02-26\",File=\"c.vcf.gz\",Sha256=\"ab\">\n\
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n\
chr1\t10\t.\tAT\tA,*,ATT\t50.5\tLowQual\tCSQ=-|frameshift_variant|HIGH|G1|NM_1.1|NP_1.1:p.(Thr2%3D)|-1|1|1|0,T|intron_variant|MODIFIER|G1|NM_1.1||-1||3|;NORMALISED=10-AT-A,.,10-A-AT;CLINVAR_STATE=found,.,absent;CLINVAR_ID=7,.,.;CLINVAR_SIG=Likely_pathogenic%2C_low_penetrance,.,.;CLINVAR_REVSTAT=practice_guideline,.,.;FREQ_STATE=not_evaluated,.,found;FREQ_REASON=no%20record,.,.;FREQ_AC=.,.,3\tGT:AD:DP:GQ\t1/3:4,5,0,6:15:40\n";

    #[test]
    fn every_allele_is_read_or_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf");
        fs::write_atomic(&path, VCF.as_bytes()).unwrap();
        let mut vcf = AnnotatedVcf::open(&path).unwrap();
        assert_eq!(
            vcf.header().build,
            Some((Build::Grch38, "contig lengths, REF bases".to_owned()))
        );
        assert_eq!(vcf.header().data[0].release.as_deref(), Some("2026-02-26"));
        let first = vcf.next_allele().unwrap().unwrap();
        assert_eq!(first.key.to_string(), "chr1-10-AT-A");
        assert_eq!(first.genotype.zygosity(), Zygosity::Heterozygous);
        assert_eq!(
            (first.genotype.reference_depth, first.genotype.alternate_depth),
            (Some(4), Some(5))
        );
        assert_eq!(first.consequences.len(), 1);
        assert_eq!(first.consequences[0].hgvs_p.as_deref(), Some("NP_1.1:p.(Thr2=)"));
        assert_eq!(
            first.consequences[0].loss_of_function.as_ref().unwrap().nmd,
            Some(false)
        );
        let clinvar = first.clinvar.found().unwrap();
        assert_eq!(
            (clinvar.significance.as_str(), clinvar.stars),
            ("Likely pathogenic, low penetrance", Some(4))
        );
        assert_eq!(first.frequency, Lookup::NotEvaluated("no record".to_owned()));
        let third = vcf.next_allele().unwrap().unwrap();
        assert_eq!(third.key.to_string(), "chr1-10-A-AT");
        assert_eq!(third.clinvar, Lookup::Absent);
        assert_eq!(third.frequency.found().unwrap().allele_count, Some(3));
        assert_eq!(third.frequency.found().unwrap().frequency, None);
        assert!(vcf.next_allele().unwrap().is_none());
        assert_eq!(vcf.not_annotated, 1);
    }

    #[test]
    fn a_half_missing_genotype_proves_only_what_it_shows() {
        for (gt, number, zygosity) in [
            ("0/1", 1, Zygosity::Heterozygous),
            ("./1", 1, Zygosity::Heterozygous),
            ("./1", 2, Zygosity::NotCalled),
            ("./.", 1, Zygosity::NotCalled),
            ("1", 1, Zygosity::Hemizygous),
            ("0|0", 1, Zygosity::Absent),
            ("2|2", 2, Zygosity::Homozygous),
        ] {
            let row = format!("c\t1\t.\tA\tC,G\t.\t.\t.\tGT\t{gt}");
            let half = gt.contains('.') && gt != "./.";
            assert_eq!(Record::parse(&row).unwrap().genotype_is_half_missing(), half, "{gt}");
            assert_eq!(
                Record::parse(&row).unwrap().genotype(number).zygosity(),
                zygosity,
                "{gt}"
            );
        }
    }

    #[test]
    fn a_file_that_was_cut_short_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.vcf.gz");
        let mut vcf = clinotype_genome::vcf_file::VcfWriter::create(&path).unwrap();
        let (header, record) = VCF.split_at(VCF.rfind("chr1\t").unwrap());
        vcf.header(header).unwrap();
        vcf.record(record.trim_end(), "chr1", 10, 11).unwrap();
        vcf.commit().unwrap();
        assert!(AnnotatedVcf::open(&path).is_ok());
        let whole = fs::read(&path).unwrap();
        // Without its last block every record is still there, but nothing proves that.
        fs::write_atomic(&path, &whole[..whole.len() - 28]).unwrap();
        let fault = AnnotatedVcf::open(&path).unwrap_err();
        assert!(fault.to_string().contains("cut short"), "{fault}");
    }

    /// One of some cells.
    fn one_of(choices: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
        prop::sample::select(choices)
    }

    proptest! {
        /// Whoever reads only the outline decides as who reads the whole allele.
        #[test]
        fn an_outline_is_that_of_the_whole_allele(
            entries in prop::collection::vec((
                one_of(&["intron_variant", "missense_variant&splice_region_variant", "upstream_gene_variant", "new_term", ""]),
                one_of(&["HIGH", "MODIFIER", ""]),
                one_of(&["G1", "G%2C2", ""]),
                one_of(&["NM_1.1", ""]),
                one_of(&["1", "2", "", "x"]),
            ), 0..6),
            genotype in one_of(&["0/1", "1|2", "./.", "./1", "2", "0/0", "."]),
            numbers in one_of(&["30:99", ".:.", "x:12.7", "7"]),
            filter in one_of(&["PASS", ".", "LowQual;q10"]),
            quality in one_of(&[".", "50.5", "NaN"]),
            beside in one_of(&[
                "",
                ";CLINVAR_STATE=found,found;CLINVAR_ID=7,8;CLINVAR_SIG=Benign,Pathogenic;CLINVAR_REVSTAT=x,practice_guideline",
                ";CLINVAR_STATE=absent,found;SpliceAI=A|G1|0.1|0.2|0.3|0.9|1|2|3|4,C|G1|0.5|.|0|0|1|2|3|4",
            ]),
        ) {
            let mut header = Header::default();
            header.meta("INFO=<ID=CSQ,Description=\"Format: Allele|Consequence|IMPACT|SYMBOL|Feature|ALLELE_NUM|NMD\">");
            let csq: Vec<String> = entries
                .iter()
                .map(|(terms, impact, symbol, feature, number)| format!("A|{terms}|{impact}|{symbol}|{feature}|{number}|1"))
                .collect();
            let csq = csq.join(",");
            let row = format!(
                "chr1\t9\t.\tG\tA,C\t{quality}\t{filter}\tCSQ={csq};NORMALISED=9-G-A,9-G-C{beside}\tGT:DP:GQ\t{genotype}:{numbers}"
            );
            let (looked, _) = record::each(&row, &header, |allele| {
                let whole = allele.whole();
                let (mut short, mut long) = (allele.outline(), clinotype_interpret::Outline::of(&whole));
                // NaN is not equal to itself.
                let bits = |quality: Option<f64>| quality.map(f64::to_bits);
                assert_eq!(bits(short.quality.take()), bits(long.quality.take()));
                long.consequences.dedup();
                short.consequences.dedup();
                assert_eq!(short, long);
                assert_eq!((&whole.key, whole.key.position), (&allele.key(), allele.position()));
                Ok(())
            })
            .map_err(TestCaseError::fail)?;
            prop_assert_eq!(looked.len(), 2);
        }
    }
}
