//! From the annotated VCF to the evidence that interpretation reads, one value per alternate allele.
//!
//! The annotated VCF (written by `annotate`, see its documentation for the fields) is the interface between the
//! steps, so that `clinotype interpret` can start from the file alone.

mod csq;
mod gains;
mod header;
mod indexed;

use std::{collections::HashMap, io::BufRead, path::Path, sync::LazyLock};

use clinotype_case::evidence::{AnnotatedVariant, ClinvarRecord, Frequency, Genotype, Lookup, TranscriptConsequence};
use clinotype_genome::{DataRelease, Fault, Pos, Result, VariantKey, fs};
use rayon::prelude::*;

use csq::{CsqRow, consequence};
pub use header::Header;
pub use indexed::{IndexedVcf, at};

/// INFO keys that carry scores which interpretation reads.
static SCORE_KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let rules = &clinotype_interpret::rules::RULES;
    let tools = rules.predictors.values().map(|tool| &tool.keys);
    tools
        .chain(rules.mitochondrial.tools.iter().map(|tool| &tool.keys))
        .flat_map(|keys| keys.iter().cloned())
        .chain(["REPEAT".to_owned()])
        .collect()
});

/// Records that are read at a time.
const BATCH: usize = 4_096;

/// An annotated VCF, read allele by allele.
pub struct AnnotatedVcf {
    path: std::path::PathBuf,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    header: Header,
    pending: std::collections::VecDeque<AnnotatedVariant>,
    /// What is wrong behind the pending alleles.
    fault: Option<Fault>,
    is_at_end: bool,
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
            pending: std::collections::VecDeque::new(),
            fault: None,
            is_at_end: false,
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
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.is_at_end {
                return Ok(None);
            }
            self.read_batch();
        }
    }

    /// Reads the next records; inside a pool they are parsed side by side. The order is that of the file.
    fn read_batch(&mut self) {
        let mut rows: Vec<(u64, String)> = Vec::with_capacity(BATCH);
        while rows.len() < BATCH && !self.is_at_end {
            let mut text = String::new();
            self.line += 1;
            let read = self.reader.read_line(&mut text);
            match read {
                Ok(0) => self.is_at_end = true,
                Ok(_) => {
                    text.truncate(text.trim_end_matches(['\n', '\r']).len());
                    if !text.is_empty() {
                        rows.push((self.line, text));
                    }
                }
                Err(e) => {
                    self.fault = Some(Fault::io("read", &self.path, e).line(self.line));
                    self.is_at_end = true;
                }
            }
        }
        let parse = |(line, row): &(u64, String)| {
            alleles(row, &self.header).map_err(|what| Fault::input(what).at(&self.path).line(*line))
        };
        // Outside a pool of ours rayon would use its global one, which nothing here may.
        let parsed: Vec<Result<(Vec<AnnotatedVariant>, u64)>> = if rayon::current_thread_index().is_some() {
            rows.par_iter().with_min_len(64).map(parse).collect()
        } else {
            rows.iter().map(parse).collect()
        };
        for one in parsed {
            match one {
                Ok((found, without)) => {
                    self.pending.extend(found);
                    self.not_annotated += without;
                }
                Err(fault) => {
                    self.fault = Some(fault);
                    self.is_at_end = true;
                    break;
                }
            }
        }
    }
}

/// The annotated alleles of one record, and the number of its alleles without annotation.
fn alleles(row: &str, header: &Header) -> Parse<(Vec<AnnotatedVariant>, u64)> {
    let record = Record::parse(row)?;
    let csq = record.consequences(header);
    let clinvar = header.data.iter().find(|d| d.name == "ClinVar");
    let (mut found, mut without) = (Vec::new(), 0);
    for number in 1..=record.alternates.len() {
        match record.allele(number, &csq, clinvar)? {
            Some(allele) => found.push(allele),
            None => without += 1,
        }
    }
    Ok((found, without))
}

struct Record<'a> {
    contig: &'a str,
    position: &'a str,
    alternates: Vec<&'a str>,
    quality: Option<f64>,
    filters: Option<Vec<String>>,
    info: Fields<'a>,
    sample: Fields<'a>,
}

/// Names with values, a few of them: looking through costs less than a table of hashes for each record.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    /// The value of a name, the last where a name stands twice.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }
}

/// The state, reason and value of one look-up, from its Number=A fields.
type Parse<T> = std::result::Result<T, String>;

impl<'a> Record<'a> {
    fn parse(row: &'a str) -> Parse<Self> {
        let columns: Vec<&str> = row.split('\t').collect();
        let [
            contig,
            position,
            _,
            _,
            alternates,
            quality,
            filter,
            info,
            format,
            sample,
        ] = columns[..]
        else {
            return Err(format!(
                "a record of one sample has 10 columns; this one has {}",
                columns.len()
            ));
        };
        let quality = match quality {
            "." => None,
            text => Some(text.parse().map_err(|_| format!("QUAL {text:?} is not a number"))?),
        };
        let filters = match filter {
            "." => None,
            "PASS" => Some(Vec::new()),
            text => Some(text.split(';').map(str::to_owned).collect()),
        };
        Ok(Self {
            contig,
            position,
            alternates: alternates.split(',').collect(),
            quality,
            filters,
            info: Fields(
                info.split(';')
                    .map(|field| field.split_once('=').unwrap_or((field, "")))
                    .collect(),
            ),
            sample: Fields(format.split(':').zip(sample.split(':')).collect()),
        })
    }

    /// CSQ rows by ALT number.
    fn consequences<'f>(&self, header: &'f Header) -> HashMap<usize, Vec<CsqRow<'a, 'f>>> {
        let mut by_allele: HashMap<usize, Vec<_>> = HashMap::new();
        for row in self.info.get("CSQ").unwrap_or("").split(',').filter(|r| !r.is_empty()) {
            let row = CsqRow {
                values: row.split('|').collect(),
                at: &header.csq_at,
            };
            let number = row.get(csq::ALLELE_NUM).and_then(|n| n.parse().ok()).unwrap_or(1);
            by_allele.entry(number).or_default().push(row);
        }
        by_allele
    }

    /// The value of a Number=A INFO field for ALT `number` (1-based).
    fn of(&self, field: &str, number: usize) -> Option<String> {
        let value = self.info.get(field)?.split(',').nth(number - 1)?;
        (value != "." && !value.is_empty()).then(|| decoded(value))
    }

    fn allele(
        &self,
        number: usize,
        csq: &HashMap<usize, Vec<CsqRow<'_, '_>>>,
        clinvar: Option<&DataRelease>,
    ) -> Parse<Option<AnnotatedVariant>> {
        let alternate = self.alternates[number - 1];
        if !alternate.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Ok(None);
        }
        let written = self
            .of("NORMALISED", number)
            .ok_or("the field NORMALISED is missing: was this annotated by clinotype?")?;
        let parts: Vec<&str> = written.split('-').collect();
        let [position, reference, normal] = parts[..] else {
            return Err(format!("NORMALISED {written:?} is not position-ref-alt"));
        };
        let position = position
            .parse()
            .ok()
            .and_then(Pos::new)
            .ok_or_else(|| format!("NORMALISED {written:?} has no position"))?;
        let rows = csq.get(&number).map_or(&[][..], Vec::as_slice);
        let mut consequences: Vec<TranscriptConsequence> = rows.iter().filter_map(consequence).collect();
        if self.genotype_is_half_missing() {
            for consequence in &mut consequences {
                consequence.warnings.push(
                    "the genotype is partly missing: the other allele was not called, so zygosity is not certain"
                        .to_owned(),
                );
            }
        }
        Ok(Some(AnnotatedVariant {
            key: VariantKey::new(self.contig, position, reference, normal),
            filters: self.filters.clone(),
            quality: self.quality,
            genotype: self.genotype(number),
            hgvs_g: self.of("HGVSG", number),
            consequences,
            clinvar: self.clinvar(number, clinvar),
            frequency: self.frequency(number),
            splice_delta: self.splice_delta(alternate),
            splice_gains: gains::of(self.info.get("SpliceAI"), alternate, self.position),
            phylop: self.number_of("phyloP100way", number),
            scores: self.scores(number),
        }))
    }

    /// Whether GT calls some alleles and leaves others open, as `./1` does.
    fn genotype_is_half_missing(&self) -> bool {
        let alleles: Vec<&str> = self
            .sample
            .get("GT")
            .map_or_else(Vec::new, |gt| gt.split(['/', '|']).collect());
        alleles.contains(&".") && alleles.iter().any(|a| *a != ".")
    }

    fn genotype(&self, number: usize) -> Genotype {
        let value = |name: &str| self.sample.get(name).filter(|v| *v != ".");
        let text = self.sample.get("GT").unwrap_or(".");
        let alleles: Vec<&str> = text.split(['/', '|']).collect();
        let wanted = number.to_string();
        let called: Vec<&&str> = alleles.iter().filter(|a| **a != ".").collect();
        let carried = called.iter().filter(|a| ***a == wanted).count() as u8;
        // A half-missing GT still proves the copies that it shows, but not that the other allele is reference.
        let copies = (called.len() == alleles.len() || carried > 0).then_some(carried);
        let depths: Vec<Option<u32>> =
            value("AD").map_or_else(Vec::new, |ad| ad.split(',').map(|d| d.parse().ok()).collect());
        Genotype {
            text: text.to_owned(),
            copies,
            ploidy: if called.is_empty() { 0 } else { alleles.len() as u8 },
            phased: text.contains('|'),
            phase_set: value("PS").and_then(|v| v.parse().ok()),
            depth: value("DP").and_then(|v| v.parse().ok()),
            reference_depth: depths.first().copied().flatten(),
            alternate_depth: depths.get(number).copied().flatten(),
            quality: value("GQ").and_then(|v| v.parse::<f64>().ok()).map(|q| q as u32),
        }
    }

    fn clinvar(&self, number: usize, release: Option<&DataRelease>) -> Lookup<ClinvarRecord> {
        match self.of("CLINVAR_STATE", number).as_deref() {
            Some("absent") => Lookup::Absent,
            Some("found") => {
                let words = |field: &str| self.of(field, number).map(|v| v.replace('_', " "));
                let review_status = words("CLINVAR_REVSTAT").unwrap_or_else(|| "not stated".to_owned());
                Lookup::Found(ClinvarRecord {
                    variation_id: self.of("CLINVAR_ID", number).unwrap_or_default(),
                    significance: words("CLINVAR_SIG").unwrap_or_else(|| "not stated".to_owned()),
                    stars: stars(&review_status),
                    review_status,
                    conflicts: words("CLINVAR_CONFLICTS"),
                    conditions: words("CLINVAR_CONDITIONS")
                        .map_or_else(Vec::new, |c| c.split('|').map(str::to_owned).collect()),
                })
            }
            _ => Lookup::NotEvaluated(match release {
                Some(release) => format!("{} holds no record on {}", release.file, self.contig),
                None => "no ClinVar release was given".to_owned(),
            }),
        }
    }

    fn frequency(&self, number: usize) -> Lookup<Frequency> {
        let float = |field: &str| {
            self.of(field, number)
                .and_then(|v| v.parse::<f64>().ok())
                .filter(|v| v.is_finite())
        };
        let count = |field: &str| self.of(field, number).and_then(|v| v.parse::<u64>().ok());
        match self.of("FREQ_STATE", number).as_deref() {
            Some("absent") => Lookup::Absent,
            Some("found") => Lookup::Found(Frequency {
                allele_count: count("FREQ_AC"),
                allele_number: count("FREQ_AN"),
                frequency: float("FREQ_AF"),
                homozygotes: count("FREQ_HOM"),
                filtering_frequency: float("FREQ_FAF95"),
                group: self.of("FREQ_GROUP", number),
                group_allele_number: count("FREQ_GROUP_AN"),
                filters: self
                    .of("FREQ_FILTER", number)
                    .filter(|f| f != "PASS")
                    .map_or_else(Vec::new, |f| f.split(['&', ';', '|']).map(str::to_owned).collect()),
            }),
            _ => Lookup::NotEvaluated(
                self.of("FREQ_REASON", number)
                    .unwrap_or_else(|| "no population frequencies were given".to_owned()),
            ),
        }
    }

    /// A number that the input VCF carried for the allele, such as a conservation score.
    fn number_of(&self, field: &str, number: usize) -> Lookup<f64> {
        match self
            .of(field, number)
            .and_then(|v| v.parse::<f64>().ok())
            .filter(|v| v.is_finite())
        {
            Some(value) => Lookup::Found(value),
            None => Lookup::NotEvaluated(format!("the input carries no {field}")),
        }
    }

    /// Scores of the predictors that have calibrated bands, and marks of repeats, sorted by INFO key.
    fn scores(&self, number: usize) -> Vec<(String, f64)> {
        let mut scores: Vec<(String, f64)> = SCORE_KEYS
            .iter()
            .filter(|key| self.info.get(key).is_some())
            .filter_map(|key| Some((key.clone(), *self.number_of(key, number).found()?)))
            .collect();
        scores.sort_by(|a, b| a.0.cmp(&b.0));
        scores
    }

    /// SpliceAI's INFO field as its authors document it: `ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|...`; the highest delta.
    fn splice_delta(&self, alternate: &str) -> Lookup<f64> {
        let highest = self
            .info
            .get("SpliceAI")
            .into_iter()
            .flat_map(|v| v.split(','))
            // A store carries the whole list of an allele as one value, its commas encoded.
            .map(decoded)
            .flat_map(|v| v.split(',').map(str::to_owned).collect::<Vec<_>>())
            .filter_map(|entry| {
                let fields: Vec<&str> = entry.split('|').collect();
                let deltas: Vec<f64> = fields.get(2..6)?.iter().filter_map(|d| d.parse().ok()).collect();
                (fields[0] == alternate && deltas.len() == 4).then(|| deltas.into_iter().fold(0.0, f64::max))
            });
        match highest.fold(None, |best: Option<f64>, d| Some(best.map_or(d, |b| b.max(d)))) {
            Some(delta) => Lookup::Found(delta),
            None => Lookup::NotEvaluated("the input carries no splice prediction (INFO/SpliceAI)".to_owned()),
        }
    }
}

/// Stars of ClinVar's review status (ClinVar documentation, "Review status"); `None` for words unknown to us, so that
/// a renamed status is seen and not read as zero stars.
pub(crate) fn stars(review_status: &str) -> Option<u8> {
    match review_status {
        "practice guideline" => Some(4),
        "reviewed by expert panel" => Some(3),
        "criteria provided, multiple submitters, no conflicts" => Some(2),
        "criteria provided, conflicting classifications"
        | "criteria provided, conflicting interpretations"
        | "criteria provided, single submitter" => Some(1),
        "no assertion criteria provided"
        | "no assertion provided"
        | "no classification provided"
        | "no classification for the single variant"
        | "no classifications from unflagged records"
        | "no interpretation for the single variant" => Some(0),
        _ => None,
    }
}

/// Percent-decoding of VCF 4.3, section 1.2.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let value = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use clinotype_case::evidence::Zygosity;
    use clinotype_genome::Build;

    use super::*;

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
}
