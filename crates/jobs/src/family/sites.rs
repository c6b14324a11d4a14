//! The genotypes of a multi-sample VCF, for the checks.

use std::{
    collections::BTreeMap,
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_case::finding::Dropped;
use clinotype_genome::{Build, ContigKey, Fault, Result, fs, vcf_file};
use noodles::vcf;

/// Genotypes of a lower quality are as good as missing.
const LEAST_GQ: u32 = 20;

/// A genotype: allele numbers, one per chromosome; `None` where missing or uncertain.
pub(super) type Genotype = Option<Vec<u8>>;

/// Where a site lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On an autosome.
    Autosome,
    /// On X outside the pseudo-autosomal regions.
    X,
}

/// A site that the checks may use.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Where.
    pub(super) place: Place,
    /// Whether it has one alternate, and both alleles are one base.
    pub(super) simple: bool,
    /// One per sample.
    pub(super) genotypes: Vec<Genotype>,
}

/// A VCF being read.
pub(super) struct Sites {
    path: PathBuf,
    reader: vcf::io::Reader<Box<dyn BufRead + Send>>,
    record: vcf::Record,
    samples: Vec<String>,
    build: Option<Build>,
    read: u64,
    used: u64,
    dropped: BTreeMap<&'static str, u64>,
}

impl std::fmt::Debug for Sites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sites")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Sites {
    /// Opens a VCF. The build is that given, or the one that the header's contig lengths prove.
    pub(super) fn open(path: &Path, build: Option<Build>) -> Result<Self> {
        vcf_file::check_whole(path)?;
        let mut reader = vcf::io::Reader::new(fs::open_text(path)? as Box<dyn BufRead + Send>);
        let header = reader
            .read_header()
            .map_err(|e| Fault::input(format!("has no header of a VCF file: {e}")).at(path))?;
        let contigs: Vec<(&str, u32)> = header
            .contigs()
            .iter()
            .filter_map(|(name, map)| Some((name.as_str(), u32::try_from(map.length()?).ok()?)))
            .collect();
        Ok(Self {
            path: path.to_owned(),
            samples: header.sample_names().iter().cloned().collect(),
            build: build.or_else(|| Build::of_contigs(contigs.iter().copied())),
            reader,
            record: vcf::Record::default(),
            read: 0,
            used: 0,
            dropped: BTreeMap::new(),
        })
    }

    /// Names of the samples.
    pub(super) fn samples(&self) -> &[String] {
        &self.samples
    }

    /// Records read so far.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// Records used so far.
    pub(super) fn used(&self) -> u64 {
        self.used
    }

    /// Records not used, by reason.
    pub(super) fn dropped(&self) -> Vec<Dropped> {
        self.dropped
            .iter()
            .map(|(reason, count)| Dropped {
                reason: (*reason).to_owned(),
                count: *count,
            })
            .collect()
    }

    /// The next site that can be used.
    pub(super) fn next_site(&mut self) -> Result<Option<Site>> {
        loop {
            let got = self
                .reader
                .read_record(&mut self.record)
                .map_err(|e| Fault::io("read", &self.path, e).record(self.read + 1))?;
            if got == 0 {
                return Ok(None);
            }
            self.read += 1;
            match self.site()? {
                Ok(site) => {
                    self.used += 1;
                    return Ok(Some(site));
                }
                Err(reason) => *self.dropped.entry(reason).or_default() += 1,
            }
        }
    }

    /// The site of the record, or why it is not used.
    fn site(&self) -> Result<Result<Site, &'static str>> {
        let record = &self.record;
        let fault = |what: String| Fault::input(what).at(&self.path).record(self.read);
        let filters = record.filters();
        if !matches!(filters.as_ref(), "" | "." | "PASS") {
            return Ok(Err("failed a filter"));
        }
        let Some(key) = ContigKey::of(record.reference_sequence_name()) else {
            return Ok(Err("outside the chromosomes"));
        };
        let place = match (key.as_str(), self.build) {
            ("MT", _) => return Ok(Err("on the mitochondria")),
            ("Y", _) => return Ok(Err("on Y")),
            ("X", None) => return Ok(Err("on X, of an unknown genome build")),
            ("X", Some(build)) => {
                let position = match record.variant_start() {
                    Some(Ok(position)) => position.get() as u64,
                    _ => return Err(fault("POS is not a position".to_owned())),
                };
                let inside = |(start, end): &(u32, u32)| u64::from(*start) < position && position <= u64::from(*end);
                if build.pseudoautosomal(&key).iter().any(inside) {
                    return Ok(Err("in a pseudo-autosomal region"));
                }
                Place::X
            }
            _ => Place::Autosome,
        };
        let alternates = record.alternate_bases();
        let alternates: Vec<&str> = alternates.as_ref().split(',').collect();
        let bases = |text: &&str| text.bytes().all(|b| b"ACGTNacgtn".contains(&b));
        if !alternates.iter().all(bases) {
            return Ok(Err("an alternate that is not written as bases (`*`, symbolic or none)"));
        }
        let samples = record.samples();
        let keys: Vec<&str> = samples.keys().iter().collect();
        if !keys.contains(&"GT") {
            return Ok(Err("no genotypes"));
        }
        let genotypes: Vec<Genotype> = samples
            .iter()
            .map(|sample| genotype(&keys, sample.as_ref(), alternates.len()))
            .collect::<Result<_, _>>()
            .map_err(fault)?;
        if genotypes.len() != self.samples.len() {
            return Err(fault(format!(
                "has {} sample columns; the header has {}",
                genotypes.len(),
                self.samples.len()
            )));
        }
        Ok(Ok(Site {
            place,
            simple: alternates.len() == 1 && alternates[0].len() == 1 && record.reference_bases().len() == 1,
            genotypes,
        }))
    }
}

/// The genotype that the checks use: that of the sample's own reads (`LGT`) where the file has it, because a genotype
/// that leans on the family cannot testify to the family. Its quality is then that of the likelihoods.
fn genotype(keys: &[&str], sample: &str, alternates: usize) -> Result<Genotype, String> {
    let field = |name: &str| {
        let at = keys.iter().position(|k| *k == name)?;
        sample.split(':').nth(at).filter(|value| *value != ".")
    };
    let own = keys.contains(&"LGT");
    let Some(text) = field(if own { "LGT" } else { "GT" }) else {
        return Ok(None);
    };
    let mut alleles = Vec::with_capacity(2);
    for allele in text.split(['/', '|']) {
        if allele == "." {
            return Ok(None);
        }
        match allele.parse::<u8>() {
            Ok(number) if usize::from(number) <= alternates => alleles.push(number),
            _ => return Err("a genotype names an allele that is not there".to_owned()),
        }
    }
    alleles.sort_unstable();
    let quality = match field("GQ").map(str::parse::<f64>) {
        _ if own => Some(f64::from(gap(field("PL").unwrap_or_default()))),
        None => None,
        Some(Ok(quality)) => Some(quality),
        Some(Err(_)) => return Err("GQ is not a number".to_owned()),
    };
    // A file without qualities is taken at its word.
    Ok(quality.is_none_or(|q| q >= f64::from(LEAST_GQ)).then_some(alleles))
}

/// How far the second best likelihood lies from the best.
fn gap(pl: &str) -> u32 {
    let mut values: Vec<u32> = pl.split(',').filter_map(|v| v.parse().ok()).collect();
    values.sort_unstable();
    match values[..] {
        [best, second, ..] => second - best,
        _ => 0,
    }
}
