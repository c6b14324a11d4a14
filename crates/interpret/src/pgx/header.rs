//! What the header of a VCF says.

use clinotype_genome::{Build, Fault, Result};

/// The header lines that matter.
#[derive(Debug, Default)]
pub(super) struct Header {
    contigs: Vec<(String, u32)>,
    pub(super) stated: Option<Build>,
    /// Number of FORMAT/AD, where it is declared.
    depths: Option<String>,
}

impl Header {
    pub(super) fn line(&mut self, line: &str) {
        if let Some(contig) = line.strip_prefix("##contig=<") {
            let id = field(contig, "ID");
            if let (Some(id), Some(length)) = (id, field(contig, "length").and_then(|l| l.parse().ok())) {
                self.contigs.push((id.to_owned(), length));
            }
            if let Some(build) = field(contig, "assembly").and_then(build_in_words) {
                self.stated.get_or_insert(build);
            }
        } else if let Some(reference) = line.strip_prefix("##reference=") {
            if let Some(build) = build_in_words(reference) {
                self.stated.get_or_insert(build);
            }
        } else if line.starts_with("##FORMAT=<") && line.contains("ID=AD,") {
            self.depths = field(line, "Number").map(str::to_owned);
        }
    }

    /// The build that the contig lengths prove.
    pub(super) fn lengths(&self) -> Option<Build> {
        Build::of_contigs(self.contigs.iter().map(|(name, length)| (name.as_str(), *length)))
    }

    /// Whether AD lists one depth per allele: declared so, or not declared.
    pub(super) fn depths_usable(&self) -> bool {
        self.depths.as_deref().is_none_or(|number| number == "R")
    }

    /// The column of the sample, from 0. Names of samples are not repeated in a fault.
    pub(super) fn column(line: &str, sample: Option<&str>) -> Result<usize> {
        let columns: Vec<&str> = line.split('\t').collect();
        let samples = columns.get(9..).unwrap_or_default();
        match (samples, sample) {
            ([], _) => Err(Fault::input("the VCF has no sample column, so it holds no genotypes")
                .hint("give a VCF with GT, not a list of sites")),
            (_, Some(name)) => samples.iter().position(|s| *s == name).map(|at| at + 9).ok_or_else(|| {
                Fault::input("the sample of --sample is not in the VCF").hint("see the line #CHROM for the names")
            }),
            ([_], None) => Ok(9),
            (several, None) => {
                Err(Fault::input(format!("the VCF has {} samples", several.len())).hint("name one with --sample"))
            }
        }
    }
}

/// The value of a key in `<ID=..,length=..>`.
fn field<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(at) = line[from..].find(key) {
        let start = from + at;
        let before = start == 0 || matches!(line.as_bytes()[start - 1], b',' | b'<');
        if before && let Some(value) = line[start + key.len()..].strip_prefix('=') {
            let end = value.find([',', '>']).unwrap_or(value.len());
            return Some(value[..end].trim_matches('"'));
        }
        from = start + key.len();
    }
    None
}

/// A build named in words: `GRCh38.p14`, `hg19`, a path with `b37` ...
fn build_in_words(text: &str) -> Option<Build> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    match (has(&["grch38", "hg38", "b38"]), has(&["grch37", "hg19", "b37", "hs37"])) {
        (true, false) => Some(Build::Grch38),
        (false, true) => Some(Build::Grch37),
        _ => None,
    }
}
