//! Allele-keyed sources (ClinVar, population frequencies) joined to the alleles of the input.
//!
//! A source is streamed once; only records at positions of the input stay in memory, so a source of any size needs
//! memory for the overlap alone. A source that was built to a store is asked for the positions of the input only, and
//! answers as its VCF does.

pub(crate) mod clinvar;
pub(crate) mod entry;
pub(crate) mod frequency;
pub(crate) mod scores;
mod store;
#[cfg(test)]
mod store_tests;

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use clinotype_genome::{Build, ContigKey, Fault, Pos, Progress, Result, VariantKey, normalise::normalise_with};

use clinotype_refdata::alleles::is_store;

use self::entry::{Entry, OfLine};
use crate::{
    bases::Bases,
    contigs::ContigNames,
    vcf::{
        header::Header,
        input::Vcf,
        line::{Line, shortened, unusable},
    },
};

/// Records whose REF must agree before later disagreements are only left out and counted.
const PROOF: u64 = 1000;

/// Positions of the input's normalised alleles: per contig of the reference, sorted, 1-based.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    by_contig: Vec<Vec<u32>>,
}

impl Sites {
    pub(crate) fn new(contigs: usize) -> Self {
        Self {
            by_contig: vec![Vec::new(); contigs],
        }
    }
    pub(crate) fn add(&mut self, contig: usize, position: u32) {
        self.by_contig[contig].push(position);
    }
    /// Sorts; to be called once before look-ups.
    pub(crate) fn finish(&mut self) {
        for positions in &mut self.by_contig {
            positions.sort_unstable();
            positions.dedup();
            positions.shrink_to_fit();
        }
    }
    fn has_contig(&self, contig: usize) -> bool {
        !self.by_contig[contig].is_empty()
    }
    /// The 1-based positions on a contig, sorted.
    fn positions(&self, contig: usize) -> &[u32] {
        &self.by_contig[contig]
    }
    fn has(&self, contig: usize, position: u32) -> bool {
        self.by_contig[contig].binary_search(&position).is_ok()
    }
}

/// What is asked of one source.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) path: &'a Path,
    /// In words for messages: `ClinVar`, `frequencies`, the name of a score.
    pub(crate) role: &'a str,
    pub(crate) bases: &'a dyn Bases,
    pub(crate) build: Build,
    pub(crate) assert_build: bool,
    pub(crate) sites: &'a Sites,
}

/// REF, ALT (normalised) and the value of an allele.
type Keyed<T> = (String, String, T);

/// The records of a source that meet the input.
#[derive(Debug)]
pub(crate) struct Joined<T> {
    /// By contig and position: REF, ALT and the record.
    alleles: HashMap<(usize, u32), Vec<Keyed<T>>>,
    contigs: HashSet<usize>,
    /// Release as the file states it.
    pub(crate) release: Option<String>,
    /// Whether the file calls itself synthetic.
    pub(crate) synthetic: bool,
    /// How the file proved its build.
    pub(crate) proof: String,
    /// Records left out because their REF differs from the reference.
    pub(crate) disagreeing: u64,
}

impl<T> Joined<T> {
    /// The record of a normalised allele.
    pub(crate) fn get(&self, contig: usize, key: &VariantKey) -> Option<&T> {
        self.alleles
            .get(&(contig, key.position.get()))?
            .iter()
            .find(|(r, a, _)| *r == key.reference && *a == key.alternate)
            .map(|(_, _, value)| value)
    }
    /// Whether the source has any record on a contig.
    pub(crate) fn has_contig(&self, contig: usize) -> bool {
        self.contigs.contains(&contig)
    }
}

impl<T> Joined<T> {
    /// Keeps an allele, or the better one of two records of it.
    fn put<C: Collect<Value = T>>(
        &mut self,
        contig: usize,
        position: u32,
        (reference, alternate): (String, String),
        value: T,
        collect: &C,
    ) {
        let there = self.alleles.entry((contig, position)).or_default();
        match there.iter_mut().find(|(r, a, _)| *r == reference && *a == alternate) {
            Some((_, _, old)) => {
                if collect.replaces(old, &value) {
                    *old = value;
                }
            }
            None => there.push((reference, alternate, value)),
        }
    }
}

/// Receives what a source's scan meets.
pub(crate) trait Collect {
    /// The value kept for an allele.
    type Value;
    /// Whether a field of a store is asked for.
    fn wants(&self, field: &str) -> bool;
    /// A record at a 1-based position of the input, whatever its alleles.
    fn site(&mut self, _contig: usize, _position: u32, _entry: &dyn Entry) {}
    /// The source looked at so many alleles at a 1-based position of the input.
    fn assessed(&mut self, _contig: usize, _position: u32, _alleles: u64) {}
    /// The value of an ALT; `None` to leave it out.
    fn allele(&mut self, entry: &dyn Entry) -> Option<Self::Value>;
    /// Whether `new` replaces `old` where one allele has two records.
    fn replaces(&self, old: &Self::Value, new: &Self::Value) -> bool;
}

/// Keeps what meets the input: a VCF is streamed, a store is asked.
pub(crate) fn join<C: Collect>(
    request: &Request<'_>,
    collect: &mut C,
    progress: &dyn Progress,
) -> Result<Joined<C::Value>> {
    if is_store(request.path)? {
        return store::join(request, collect, progress);
    }
    let contigs = request.bases.contigs();
    let mut vcf = Vcf::open(request.path)?;
    let mut names = ContigNames::default();
    let mut proof = Proof::new(request, &vcf.header)?;
    let mut joined = Joined {
        alleles: HashMap::new(),
        contigs: HashSet::new(),
        release: vcf.header.release(),
        synthetic: vcf.header.is_synthetic(),
        proof: String::new(),
        disagreeing: 0,
    };
    let mut bytes = Vec::new();
    while let Some((number, text)) = vcf.next(&mut bytes)? {
        if number.is_multiple_of(8192) {
            progress.check()?;
        }
        let line = Line::parse(text).map_err(|what| Fault::input(what).at(request.path).line(number))?;
        let Some(contig) = names.index(line.contig, contigs) else {
            continue;
        };
        joined.contigs.insert(contig);
        let wanted = request.sites.has_contig(contig);
        if !wanted && proof.is_enough() {
            continue;
        }
        let Some(start) = Pos::new(line.position) else { continue };
        let name = contigs.iter().nth(contig).map_or("", |c| c.name.as_str());
        if !proof.check(request, &line, name, number)? {
            joined.disagreeing += 1;
            continue;
        }
        if !wanted {
            continue;
        }
        if request.sites.has(contig, line.position) {
            collect.site(contig, line.position, &OfLine { line: &line, index: 0 });
        }
        for (index, alternate) in line.alternates.split(',').enumerate() {
            if unusable(alternate).is_some() || alternate.eq_ignore_ascii_case(line.reference) {
                continue;
            }
            let key = VariantKey::new(name, start, line.reference, alternate);
            let key = normalised(&key, request.bases)?;
            if !request.sites.has(contig, key.position.get()) {
                continue;
            }
            let Some(value) = collect.allele(&OfLine { line: &line, index }) else {
                continue;
            };
            joined.put(
                contig,
                key.position.get(),
                (key.reference, key.alternate),
                value,
                collect,
            );
        }
    }
    joined.proof = proof.words(request)?;
    Ok(joined)
}

/// Left-aligned and trimmed, without a look at the reference where the key shows that it already is.
pub(crate) fn normalised(key: &VariantKey, bases: &dyn Bases) -> Result<VariantKey> {
    let (r, a) = (key.reference.as_bytes(), key.alternate.as_bytes());
    let ends_differ = r.last() != a.last();
    let starts_differ = r.first() != a.first();
    if ends_differ && (starts_differ || r.len() == 1 || a.len() == 1) {
        return Ok(key.clone());
    }
    normalise_with(key, |contig, start, end| bases.fetch(contig, start, end))
}

/// The build that `##reference` or `##assembly` names, as ClinVar's header does.
fn declared(header: &Header) -> Option<Build> {
    let named = |line: &String| {
        let text = line
            .strip_prefix("##reference=")
            .or_else(|| line.strip_prefix("##assembly="))?;
        match (
            text.contains("GRCh37") || text.contains("hg19"),
            text.contains("GRCh38") || text.contains("hg38"),
        ) {
            (true, false) => Some(Build::Grch37),
            (false, true) => Some(Build::Grch38),
            _ => None,
        }
    };
    header.lines.iter().find_map(named)
}

/// The evidence that a file belongs to the run's build.
struct Proof {
    lengths: u64,
    agreeing: u64,
    unknown: u64,
}

impl Proof {
    fn new(request: &Request<'_>, header: &Header) -> Result<Self> {
        if let Some(other) = declared(header).filter(|declared| *declared != request.build)
            && !request.assert_build
        {
            return Err(
                Fault::input(format!("its header says {other}, the run is of {}", request.build))
                    .at(request.path)
                    .hint(format!("give the {} file of {}", request.role, request.build)),
            );
        }
        let mut lengths = 0;
        for (name, length) in &header.contigs {
            let (Some(length), Some(key)) = (length, ContigKey::of(name)) else {
                continue;
            };
            if key.as_str() == "MT" {
                continue;
            }
            let Some(ours) = request.bases.contigs().resolve(name) else {
                continue;
            };
            if ours.length != *length {
                return Err(Fault::input(format!(
                    "the header gives {name} {length} bases, the reference has {}",
                    ours.length
                ))
                .at(request.path)
                .hint(format!("give the {} file of {}", request.role, request.build)));
            }
            lengths += 1;
        }
        Ok(Self {
            lengths,
            agreeing: 0,
            unknown: 0,
        })
    }

    const fn is_enough(&self) -> bool {
        self.agreeing >= PROOF
    }

    /// Whether REF agrees with the reference (or cannot be compared because the reference is N there).
    fn check(&mut self, request: &Request<'_>, line: &Line<'_>, contig: &str, number: u64) -> Result<bool> {
        let start = line.position.saturating_sub(1);
        let ours = request
            .bases
            .fetch(contig, start, start.saturating_add(line.reference.len() as u32))?;
        if ours.contains(&b'N') {
            self.unknown += 1;
            return Ok(true);
        }
        if ours.eq_ignore_ascii_case(line.reference.as_bytes()) {
            self.agreeing += 1;
            return Ok(true);
        }
        if self.is_enough() || request.assert_build {
            return Ok(false);
        }
        Err(Fault::input(format!(
            "REF is {}, the reference has {}: the file does not prove that it belongs to {}",
            shortened(line.reference),
            shortened(&String::from_utf8_lossy(&ours)),
            request.build
        ))
        .at(request.path)
        .line(number)
        .locus(line.contig, u64::from(line.position))
        .hint(format!(
            "give the {} file of {}, or state --build if you know that it is",
            request.role, request.build
        )))
    }

    fn words(&self, request: &Request<'_>) -> Result<String> {
        if self.lengths > 0 && self.agreeing == 0 {
            return Ok(format!("length of {} contigs", self.lengths));
        }
        if self.agreeing > 0 {
            return Ok(format!("REF of {} records agrees with the reference", self.agreeing));
        }
        if request.assert_build {
            return Ok("asserted by --build".to_owned());
        }
        if self.unknown == 0 {
            return Err(Fault::input(format!(
                "holds no record on a contig of the reference: the file does not prove that it belongs to {}",
                request.build
            ))
            .at(request.path)
            .hint(format!(
                "give the {} file of {}, or leave it out",
                request.role, request.build
            )));
        }
        Err(Fault::input(format!(
            "none of {} records can be compared with the reference (it is N there), and the header gives no contig \
             length: the file does not prove that it belongs to {}",
            self.unknown, request.build
        ))
        .at(request.path)
        .hint("state --build if you know the build of this file"))
    }
}
