//! Reading the lines of a VCF: which record gives which genotype, and why others do not.
//!
//! Lines are handed in one by one, so that a whole genome needs no memory. The rules for a record are those of
//! PharmCAT 3.1.1 where not said otherwise.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clinotype_case::{
    finding::Dropped,
    pgx::{Evidence, PositionNote},
};
use clinotype_genome::{Build, ContigKey, Fault, Result};

use super::{
    definitions::{Address, Definitions, Gene, Position},
    header::Header,
    sample::{Sample, Site},
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
        for (contig, position) in at.keys() {
            let list = spans.entry(contig.clone()).or_default();
            match list.last_mut() {
                Some((_, end)) if position - *end < 1_000_000 => *end = *position,
                _ => list.push((*position, *position)),
            }
        }
        Self {
            at: at.into_iter().collect(),
            spans,
            lifted,
        }
    }
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
        let Some(key) = self.contig.1.clone() else {
            self.drop("on a contig that is not a primary chromosome; pharmacogenes are read on those only");
            return Ok(());
        };
        let position: u32 = position.parse().map_err(|_| {
            Fault::input("POS is no number")
                .line(number)
                .hint("the file is damaged or is no VCF")
        })?;
        let spans = self.places.spans.get(&key);
        let block = self.reading.blocks.is_some();
        let near = spans.is_some_and(|list| {
            list.iter()
                .any(|(start, end)| position <= *end && (block || position >= *start))
        });
        let address = near
            .then(|| self.places.at.get(&(key.clone(), position)).cloned())
            .flatten();
        if address.is_none() && !(near && block) {
            self.sample.records.elsewhere += 1;
            return Ok(());
        }
        let record = Record::of(position, rest, column).map_err(|f| f.line(number).locus(contig, position.into()))?;
        if block && record.symbolic_only() {
            self.block(&key, &record);
            return Ok(());
        }
        match address {
            None => self.sample.records.elsewhere += 1,
            Some(address) => self
                .take(&address, &key, &record)
                .map_err(|f| f.line(number).locus(contig, position.into()))?,
        }
        Ok(())
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
            let at = &self.places.at;
            let mut places: BTreeMap<(&str, usize), (&ContigKey, u32)> = BTreeMap::new();
            for ((key, position), address) in at {
                places.insert((&address.gene, address.index), (key, *position));
            }
            let mut sample = std::mem::take(&mut self.sample);
            sample.fill(self.definitions, Evidence::GvcfBlock, |gene, start, end| {
                let index = gene
                    .positions
                    .iter()
                    .chain(&gene.extra)
                    .position(|p| p.position == start)?;
                let (key, position) = places.get(&(gene.symbol.as_str(), index))?;
                covering(blocks.get(key)?, *position, position + (end - start))
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
        at = block.end + 1;
    }
    Some(details.join("; "))
}

/// The columns of a record that matter.
struct Record<'a> {
    position: u32,
    end: u32,
    reference: &'a str,
    alternates: Vec<&'a str>,
    filter: &'a str,
    format: &'a str,
    values: &'a str,
    /// Indexes of the alleles; `None` for a dot.
    genotype: Vec<Option<usize>>,
    genotype_text: &'a str,
}

impl<'a> Record<'a> {
    fn of(position: u32, rest: &'a str, column: usize) -> Result<Self> {
        let fields: Vec<&str> = rest.split('\t').collect();
        // `rest` starts at ID, the third column.
        let (Some(values), Some(&format)) = (fields.get(column - 2), fields.get(6)) else {
            return Err(Fault::input("a record has fewer columns than the header")
                .hint("the file is cut short or its columns are not separated by tabs"));
        };
        let (reference, alternates, filter, info) = (fields[1], fields[2], fields[4], fields[5]);
        let at = format.split(':').position(|f| f == "GT");
        let text = at.and_then(|at| values.split(':').nth(at)).unwrap_or("");
        let mut genotype = Vec::new();
        if !text.is_empty() {
            for index in text.split(['/', '|']) {
                genotype.push(if index == "." {
                    None
                } else {
                    Some(
                        index
                            .parse()
                            .map_err(|_| Fault::input("GT is no list of allele numbers"))?,
                    )
                });
            }
        }
        let end = info
            .split(';')
            .find_map(|i| i.strip_prefix("END="))
            .and_then(|e| e.parse().ok())
            .unwrap_or(position + reference.len() as u32 - 1);
        Ok(Self {
            position,
            end,
            reference,
            alternates: if alternates == "." {
                Vec::new()
            } else {
                alternates.split(',').collect()
            },
            filter,
            format,
            values,
            genotype,
            genotype_text: text,
        })
    }

    fn value(&self, key: &str) -> Option<&'a str> {
        let at = self.format.split(':').position(|f| f == key)?;
        self.values.split(':').nth(at).filter(|v| *v != ".")
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.value(key)?.parse().ok()
    }

    /// A reference block: no ALT but `<NON_REF>` or `<*>`, or none and an END.
    fn symbolic_only(&self) -> bool {
        if self.alternates.is_empty() {
            return self.end > self.position + self.reference.len() as u32 - 1;
        }
        self.alternates.iter().all(|a| matches!(*a, "<NON_REF>" | "<*>"))
    }
}

/// Why a genotype cannot be used.
type Unusable = &'static str;

/// The genotype of a record: a site with remarks, or why it cannot be used. A GT that names an ALT that is not there
/// is an input fault.
fn read(
    gene: &Gene,
    place: &Position,
    key: &ContigKey,
    record: &Record<'_>,
    reading: &Reading,
    depths_usable: bool,
    lifted: bool,
) -> Result<Result<(Site, Vec<String>), Unusable>> {
    let mut notes = Vec::new();
    let called: Vec<usize> = record.genotype.iter().flatten().copied().collect();
    if let Some(index) = called.iter().find(|i| **i > record.alternates.len()) {
        return Err(Fault::input(format!(
            "GT names allele {index}, but the record has {} ALT allele(s)",
            record.alternates.len()
        ))
        .hint("the record was split or edited wrongly; make the VCF anew"));
    }
    let Some(alleles) = alleles(place, record, lifted) else {
        return Ok(Err("REF is not that of the definition (GRCh38)"));
    };
    if record.genotype_text.is_empty() {
        return Ok(Err("the record has no genotype (GT)"));
    }
    if called.is_empty() {
        return Ok(Err("the genotype is not called"));
    }
    let one_copy = matches!(key.as_str(), "Y" | "MT");
    if called.len() == 1 && record.genotype.len() > 1 && !one_copy && key.as_str() != "X" {
        if called[0] == 0 {
            return Ok(Err("only one allele is called, and it is REF"));
        }
        notes.push("only one of two alleles is called".to_owned());
    }
    let alone = record.genotype.len() == 1 && !one_copy && key.as_str() != "X";
    if alone {
        if called[0] == 0 {
            return Ok(Err("only one allele is called, and it is REF"));
        }
        notes.push("only one allele is written where two are expected".to_owned());
    }
    if called.len() > 2 || (one_copy && called.len() > 1) {
        notes.push("more alleles are written than expected: the first ones are used".to_owned());
    }
    for index in &called {
        let Some(base) = alleles.get(*index) else { continue };
        if base.starts_with('<') {
            return Ok(Err("the genotype names a structural allele"));
        }
        if base == "*" {
            return Ok(Err("the genotype names a base that another deletion removes (*)"));
        }
        if base.is_empty() || !base.bytes().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T')) {
            return Ok(Err("the genotype names an ambiguous or unknown base"));
        }
    }
    if record.number("DP") == Some(0)
        && record
            .value("AD")
            .is_none_or(|ad| ad.split(',').all(|d| matches!(d, "0" | ".")))
    {
        return Ok(Err("no reads (DP 0)"));
    }
    if !matches!(
        record.filter,
        "PASS" | "." | "" | "PCATxREF" | "PCATxALT" | "PCATxINDEL"
    ) {
        notes.push(format!("FILTER is {}; the genotype is used", record.filter));
    }
    if depths_usable && single_depth(record, &called) {
        return Ok(Err(
            "the genotype is heterozygous, but the reads (AD) have one allele only",
        ));
    }
    let mut genotype = record.genotype.clone();
    genotype.truncate(2);
    let distinct: BTreeSet<usize> = genotype.iter().flatten().copied().collect();
    let undocumented = undocumented(place, record, &alleles, &distinct, &mut notes);
    let as_reference = gene.undocumented_is_reference
        && (!reading.combinations || gene.caller == super::definitions::Caller::LowestFunction);
    if !undocumented.is_empty() && as_reference {
        notes.push("the ALT without definition is read as REF".to_owned());
    }
    let base = |slot: usize| -> Option<String> { genotype.get(slot).copied().flatten().map(|i| alleles[i].clone()) };
    let first = base(0);
    let second = if one_copy && first.is_some() { None } else { base(1) };
    let bases = [first, second];
    let matched = bases.clone().map(|b| {
        b.map(|b| {
            if as_reference && undocumented.contains(&b) {
                place.reference.clone()
            } else {
                b
            }
        })
    });
    let phased = !record.genotype_text.contains('/');
    let phase_set = if phased {
        record.value("PS").and_then(|p| p.parse().ok())
    } else {
        None
    };
    let heterozygous = distinct.len() > 1;
    Ok(Ok((
        Site {
            called: bases,
            read: matched,
            phased,
            fixed: !heterozygous || (phased && phase_set.is_none()),
            phase_set,
            partial: record.genotype.iter().take(2).any(Option::is_none) || alone,
            variant: record.genotype_text.bytes().any(|b| !matches!(b, b'|' | b'/' | b'0')),
            undocumented,
            evidence: Evidence::Record,
            detail: None,
        },
        notes,
    )))
}

/// REF and ALTs in the way the definition writes them, upper case; `None` where REF does not fit.
///
/// A record of an insertion or deletion may have a shorter REF than the definition (callers trim), which is filled up
/// with the bases that follow, or a longer one, whose common end is cut. A record without such an ALT is not changed:
/// one base of REF says nothing about the bases after it.
fn alleles(place: &Position, record: &Record<'_>, lifted: bool) -> Option<Vec<String>> {
    let reference = record.reference.to_ascii_uppercase();
    let mut all = vec![reference.clone()];
    all.extend(record.alternates.iter().map(|a| a.to_ascii_uppercase()));
    if reference == place.reference {
        return Some(all);
    }
    let plain = |a: &String| !a.is_empty() && a.bytes().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T'));
    let indel = record
        .alternates
        .iter()
        .any(|a| plain(&a.to_ascii_uppercase()) && a.len() != reference.len());
    if indel && let Some(rest) = place.reference.strip_prefix(reference.as_str()) {
        return Some(all.into_iter().map(|a| if plain(&a) { a + rest } else { a }).collect());
    }
    if indel && let Some(rest) = reference.strip_prefix(place.reference.as_str()) {
        let whole = all
            .iter()
            .all(|a| !plain(a) || (a.len() > rest.len() && a.ends_with(rest)));
        return whole.then(|| {
            all.into_iter()
                .map(|a| {
                    if plain(&a) {
                        a[..a.len() - rest.len()].to_owned()
                    } else {
                        a
                    }
                })
                .collect()
        });
    }
    // On another build REF may be one of the definition's ALTs; single bases mean the same there.
    let single = reference.len() == 1 && place.reference.len() == 1 && place.alternates.iter().all(|a| a.len() == 1);
    (lifted && single && place.alternates.contains(&reference)).then_some(all)
}

/// Whether GT is heterozygous but only one allele has reads.
fn single_depth(record: &Record<'_>, called: &[usize]) -> bool {
    let Some(depths) = record.value("AD") else { return false };
    let with_reads = depths
        .split(',')
        .filter(|d| d.parse::<u64>().is_ok_and(|d| d > 0))
        .count();
    with_reads == 1 && called.iter().collect::<BTreeSet<_>>().len() > 1
}

fn undocumented(
    place: &Position,
    record: &Record<'_>,
    alleles: &[String],
    called: &BTreeSet<usize>,
    notes: &mut Vec<String>,
) -> BTreeSet<String> {
    let long = |a: &str| !a.starts_with('<') && a.len() > 1;
    if place.alternates.iter().any(|a| long(a)) && !alleles.iter().skip(1).any(|a| long(a)) {
        if !record.alternates.is_empty() && called.iter().any(|i| *i > 0) {
            notes.push("a single base is called where the definition has an insertion or repeat".to_owned());
        }
        return BTreeSet::new();
    }
    let unknown: BTreeSet<String> = called
        .iter()
        .filter(|i| **i > 0)
        .map(|i| alleles[*i].clone())
        .filter(|a| *a != place.reference && !place.alternates.contains(a))
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "ALT {} is not in the definition, which has {}",
            unknown.iter().cloned().collect::<Vec<_>>().join(","),
            place.alternates.join(",")
        ));
    }
    unknown
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
