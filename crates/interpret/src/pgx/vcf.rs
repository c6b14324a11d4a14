//! Reading the lines of a VCF: which record gives which genotype, and why others do not.
//!
//! Lines are handed in one by one, so that a whole genome needs no memory. The rules for a record are those of
//! PharmCAT 3.1.1 where not said otherwise.

use std::collections::{BTreeMap, HashMap};

use clinotype_case::{
    finding::Dropped,
    pgx::{Evidence, PositionNote},
};
use clinotype_genome::{Build, ContigKey, Fault, Result};

use super::{
    definitions::{Address, Definitions, Gene, Position},
    header::Header,
    record::{Record, read},
    sample::Sample,
};

/// How a VCF is read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The sample; needed where the VCF has several.
    pub sample: Option<String>,
    /// Keep undocumented ALTs as they are also where a gene reads them as REF (not for the lowest-function genes).
    pub combinations: bool,
    /// Collect reference blocks: least depth (reads) and genotype quality (phred).
    pub blocks: Option<Thresholds>,
}

/// When a reference block of a gVCF is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Least MIN_DP (or DP), reads.
    pub depth: u32,
    /// Least GQ, phred.
    pub quality: u32,
}

impl Default for Thresholds {
    /// 10 reads, GQ 20.
    fn default() -> Self {
        Self { depth: 10, quality: 20 }
    }
}

/// A reference block that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    start: u32,
    end: u32,
    detail: String,
}

/// Where the positions of the definitions lie in the build of the VCF.
#[derive(Clone, Debug)]
pub struct Places {
    at: HashMap<(ContigKey, u32), Address>,
    /// First and last position by contig, so that most records are passed by without a look-up.
    spans: BTreeMap<ContigKey, Vec<(u32, u32)>>,
    /// Positions by contig, in order.
    sorted: BTreeMap<ContigKey, Vec<(u32, Address)>>,
    /// Where each position lies, by gene and index.
    by_gene: HashMap<(String, usize), (ContigKey, u32)>,
    /// Whether the coordinates were lifted, so that REF may be another base.
    lifted: bool,
}

impl Places {
    /// The positions as they are, on GRCh38.
    pub fn native(definitions: &Definitions) -> Self {
        Self::of(definitions.addresses(), false)
    }

    /// The positions on another build: `lift` gives contig and 1-based position, or `None` where it cannot.
    pub fn lifted(definitions: &Definitions, lift: impl Fn(&Gene, &Position) -> Option<(ContigKey, u32)>) -> Self {
        let mut at = BTreeMap::new();
        for ((_, _), address) in definitions.addresses() {
            let gene = &definitions.genes[&address.gene];
            let Some(position) = gene.positions.iter().chain(&gene.extra).nth(address.index) else {
                continue;
            };
            if let Some(key) = lift(gene, position) {
                at.insert(key, address);
            }
        }
        Self::of(at, true)
    }

    /// Contig and 1-based position of a position of a gene (by index; extra positions follow the others).
    pub fn place(&self, gene: &str, index: usize) -> Option<&(ContigKey, u32)> {
        self.by_gene.get(&(gene.to_owned(), index))
    }

    /// How many positions there are.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    fn of(at: BTreeMap<(ContigKey, u32), Address>, lifted: bool) -> Self {
        let mut spans: BTreeMap<ContigKey, Vec<(u32, u32)>> = BTreeMap::new();
        let mut sorted: BTreeMap<ContigKey, Vec<(u32, Address)>> = BTreeMap::new();
        for ((contig, position), address) in &at {
            sorted
                .entry(contig.clone())
                .or_default()
                .push((*position, address.clone()));
            let list = spans.entry(contig.clone()).or_default();
            match list.last_mut() {
                Some((_, end)) if position - *end < 1_000_000 => *end = *position,
                _ => list.push((*position, *position)),
            }
        }
        Self {
            by_gene: at
                .iter()
                .map(|(key, a)| ((a.gene.clone(), a.index), key.clone()))
                .collect(),
            at: at.into_iter().collect(),
            spans,
            sorted,
            lifted,
        }
    }
}

/// How far before the positions of a gene a change may start that reaches them, bases.
const REACH: u32 = 100_000;

/// The same for reference blocks; what a longer one covers stays missing.
const BLOCK_REACH: u32 = 5_000_000;

/// Whether a record has more than one base of REF or a symbolic ALT. `rest` starts at ID.
fn may_cover(rest: &str) -> bool {
    let mut fields = rest.split('\t').skip(1);
    let (reference, alternates) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
    reference.len() > 1 || alternates.contains('<')
}

/// Reads one sample of a VCF.
pub struct Reader<'a> {
    definitions: &'a Definitions,
    places: &'a Places,
    reading: &'a Reading,
    header: Header,
    column: Option<usize>,
    contig: (String, Option<ContigKey>),
    sample: Sample,
    dropped: BTreeMap<&'static str, u64>,
    blocks: BTreeMap<ContigKey, Vec<Block>>,
}

impl<'a> Reader<'a> {
    /// Starts.
    pub fn new(definitions: &'a Definitions, places: &'a Places, reading: &'a Reading) -> Self {
        Self {
            definitions,
            places,
            reading,
            header: Header::default(),
            column: None,
            contig: (String::new(), None),
            sample: Sample::default(),
            dropped: BTreeMap::new(),
            blocks: BTreeMap::new(),
        }
    }

    /// Takes the next line, without its end; `number` is 1-based.
    pub fn line(&mut self, number: u64, line: &str) -> Result<()> {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.starts_with("##") {
            self.header.line(line);
            return Ok(());
        }
        if line.starts_with("#CHROM") {
            let column = Header::column(line, self.reading.sample.as_deref()).map_err(|f| f.line(number))?;
            self.sample.name = line.split('\t').nth(column).map(str::to_owned);
            self.column = Some(column);
            return Ok(());
        }
        // Some tools leave remarks between the records.
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let Some(column) = self.column else {
            return Err(Fault::input("a record comes before the line #CHROM")
                .line(number)
                .hint("the file has no VCF header; make it anew with the caller"));
        };
        self.sample.records.read += 1;
        let mut fields = line.splitn(3, '\t');
        let (Some(contig), Some(position), Some(rest)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(Fault::input("a record has fewer than ten columns").line(number));
        };
        if contig != self.contig.0 {
            self.contig = (contig.to_owned(), ContigKey::of(contig));
        }
        let Some(key) = &self.contig.1 else {
            self.drop("on a contig that is not a primary chromosome; pharmacogenes are read on those only");
            return Ok(());
        };
        let position: u32 = position.parse().map_err(|_| {
            Fault::input("POS is no number")
                .line(number)
                .hint("the file is damaged or is no VCF")
        })?;
        let block = self.reading.blocks.is_some();
        let reach = if block { BLOCK_REACH } else { REACH };
        let near = self.places.spans.get(key).is_some_and(|list| {
            list.iter()
                .any(|(start, end)| position <= *end && position.saturating_add(reach) >= *start)
        });
        if !near {
            self.sample.records.elsewhere += 1;
            return Ok(());
        }
        let key = key.clone();
        let address = self.places.at.get(&(key.clone(), position)).cloned();
        if address.is_none() && !block && !may_cover(rest) {
            self.sample.records.elsewhere += 1;
            return Ok(());
        }
        let record = Record::of(position, rest, column).map_err(|f| f.line(number).locus(contig, position.into()))?;
        if block && record.symbolic_only() {
            self.block(&key, &record);
            return Ok(());
        }
        self.cover(&key, &record);
        match address {
            None => self.sample.records.elsewhere += 1,
            Some(address) => self
                .take(&address, &key, &record)
                .map_err(|f| f.line(number).locus(contig, position.into()))?,
        }
        Ok(())
    }

    /// Positions inside a deletion or another longer change that starts before them are not reference, whatever covers
    /// them; their own record, if one comes, decides.
    fn cover(&mut self, key: &ContigKey, record: &Record<'_>) {
        if record.end <= record.position || !record.genotype.iter().flatten().any(|index| *index > 0) {
            return;
        }
        let list = self.places.sorted.get(key).map_or(&[][..], Vec::as_slice);
        let from = list.partition_point(|(position, _)| *position <= record.position);
        for (_, address) in list[from..].iter().take_while(|(position, _)| *position <= record.end) {
            let place = (address.gene.clone(), address.index);
            if self.sample.site(&place.0, place.1).is_none() {
                let reason = "a change that starts at another position covers it";
                self.sample.unusable.entry(place).or_insert_with(|| reason.to_owned());
            }
        }
    }

    /// Ends; fails where there was no header with a sample.
    pub fn finish(mut self) -> Result<Sample> {
        if self.column.is_none() {
            return Err(Fault::input("the VCF has no line #CHROM").hint("the file is empty, cut short or no VCF"));
        }
        self.sample.build.lengths = self.header.lengths();
        self.sample.build.stated = self.header.stated;
        if self.reading.blocks.is_some() {
            let blocks = std::mem::take(&mut self.blocks);
            let places = self.places;
            let mut sample = std::mem::take(&mut self.sample);
            sample.fill(self.definitions, Evidence::GvcfBlock, |gene, index, bases| {
                let (key, position) = places.place(&gene.symbol, index)?;
                covering(blocks.get(key)?, *position, position + bases - 1)
            });
            self.sample = sample;
        }
        self.sample.records.dropped = self
            .dropped
            .into_iter()
            .map(|(reason, count)| Dropped {
                reason: reason.to_owned(),
                count,
            })
            .collect();
        self.sample.records.notes.sort();
        Ok(self.sample)
    }

    fn drop(&mut self, reason: &'static str) {
        *self.dropped.entry(reason).or_default() += 1;
    }

    fn block(&mut self, key: &ContigKey, record: &Record<'_>) {
        let thresholds = self.reading.blocks.unwrap_or_default();
        let depth = record.number("MIN_DP").or_else(|| record.number("DP"));
        let quality = record.number("GQ").or_else(|| record.number("RGQ"));
        let reference = !record.genotype.is_empty() && record.genotype.iter().all(|g| *g == Some(0));
        if !reference {
            return self.drop("reference block without a reference genotype");
        }
        if depth.is_none_or(|d| d < thresholds.depth) || quality.is_none_or(|q| q < thresholds.quality) {
            return self.drop("reference block below the depth or quality that was asked for");
        }
        let detail = format!(
            "block {}-{}, depth {}, GQ {}",
            record.position,
            record.end,
            depth.unwrap_or_default(),
            quality.unwrap_or_default()
        );
        self.sample.records.used += 1;
        self.blocks.entry(key.clone()).or_default().push(Block {
            start: record.position,
            end: record.end,
            detail,
        });
    }

    fn take(&mut self, address: &Address, key: &ContigKey, record: &Record<'_>) -> Result<()> {
        let gene = &self.definitions.genes[&address.gene];
        let Some(place) = gene.positions.iter().chain(&gene.extra).nth(address.index) else {
            return Err(Fault::internal("an address has no position"));
        };
        let sites = self.sample.sites.entry(gene.symbol.clone()).or_default();
        if sites.contains_key(&address.index) {
            self.note(
                gene,
                place,
                "several records at this position: the first usable one is used",
            );
            self.drop("another record at this position was used already");
            return Ok(());
        }
        match read(
            gene,
            place,
            key,
            record,
            self.reading,
            self.header.depths_usable(),
            self.places.lifted,
        )? {
            Ok((site, notes)) => {
                self.count_reference(place, record);
                self.sample.unusable.remove(&(gene.symbol.clone(), address.index));
                self.sample
                    .sites
                    .entry(gene.symbol.clone())
                    .or_default()
                    .insert(address.index, site);
                self.sample.records.used += 1;
                for note in notes {
                    self.note(gene, place, &note);
                }
            }
            Err(reason) => {
                self.count_reference(place, record);
                self.note(gene, place, reason);
                self.sample
                    .unusable
                    .insert((gene.symbol.clone(), address.index), reason.to_owned());
                self.drop(reason);
            }
        }
        Ok(())
    }

    fn count_reference(&mut self, place: &Position, record: &Record<'_>) {
        let same = place.reference.as_bytes().first().map(u8::to_ascii_uppercase)
            == record.reference.as_bytes().first().map(u8::to_ascii_uppercase);
        if same {
            self.sample.build.agreeing += 1;
        } else {
            self.sample.build.differing += 1;
        }
    }

    fn note(&mut self, gene: &Gene, place: &Position, note: &str) {
        self.sample.records.notes.push(PositionNote {
            contig: gene.contig.clone(),
            position: place.position,
            gene: gene.symbol.clone(),
            rsid: place.rsid.clone(),
            note: note.to_owned(),
        });
    }
}

/// The detail of the blocks that cover the bases without a gap.
fn covering(blocks: &[Block], start: u32, end: u32) -> Option<String> {
    let mut at = start;
    let mut details: Vec<&str> = Vec::new();
    while at <= end {
        let block = blocks.iter().find(|b| b.start <= at && at <= b.end)?;
        details.push(&block.detail);
        at = block.end.saturating_add(1);
    }
    Some(details.join("; "))
}

/// The build of a VCF for pharmacogenes, and how it is known.
///
/// Contig lengths prove it; else the words of the header together with REF bases; else twenty REF bases and not one
/// that differs; else `asserted`.
pub fn prove_build(sample: &Sample, asserted: Option<Build>) -> Result<(Build, String)> {
    let evidence = &sample.build;
    let (agreeing, differing) = (evidence.agreeing, evidence.differing);
    let known = match (evidence.lengths, evidence.stated) {
        (Some(build), _) => Some((build, "contig lengths of the VCF".to_owned())),
        (None, Some(build)) => Some((build, "stated in the header of the VCF".to_owned())),
        (None, None) if agreeing >= 20 && differing == 0 => Some((
            Build::Grch38,
            format!("all {agreeing} REF bases at the positions are those of GRCh38"),
        )),
        (None, None) => None,
    };
    match (known, asserted) {
        (Some((build, proof)), Some(asserted)) if build != asserted => Err(Fault::input(format!(
            "the VCF is of {build} ({proof}), but --build says {asserted}"
        ))
        .hint("leave out --build, or give the VCF of that build")),
        (Some((Build::Grch38, _)), _) | (None, Some(Build::Grch38)) if differing > 3 && differing > agreeing => {
            Err(Fault::input(format!(
                "{differing} of {} REF bases at the positions are not those of GRCh38",
                agreeing + differing
            ))
            .hint("the VCF is of another build; give the chain file with --chain if it is GRCh37"))
        }
        (Some(known), _) => Ok(known),
        (None, Some(build)) => Ok((build, "asserted by --build; the VCF does not prove it".to_owned())),
        (None, None) => Err(Fault::input("the VCF does not prove its build")
            .hint("its header has no contig lengths and no assembly; if you know the build, state it with --build")),
    }
}
