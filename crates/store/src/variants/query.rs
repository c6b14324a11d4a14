//! Filter, count, sort and page.

use std::str::FromStr;

use clinotype_case::evidence::Zygosity;
use clinotype_genome::{Pos, VariantKey};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{
    Clinvar, FindingMark, Variant, VariantRow,
    columns::Column,
    facets::{
        Cell, ClassFacet, ClinvarBucket, Effect, FrequencyState, FrequencyStep, Kind, Quality, Region, ZYGOSITIES,
        class_from, zygosity_code,
    },
    index::{Counted, Order, RunIndex, number, word},
    row::mane_from,
    search::{self, Matches},
};
use crate::{Result, Store, StoreError};

/// Order of the window. Missing values stand last in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VariantSort {
    /// What a reviewer should see first.
    #[default]
    Priority,
    /// Contig and position.
    Position,
    /// Gene symbol.
    Gene,
    /// Population frequency; absent is the lowest.
    Frequency,
    /// DP.
    Depth,
    /// QUAL.
    Quality,
    /// Class, from pathogenic to benign.
    Class,
}

/// What to show; `None` restricts nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VariantFilters {
    /// Trust in the call.
    pub quality: Option<Vec<Quality>>,
    /// Ordered genes.
    pub region: Option<Vec<Region>>,
    /// Impact.
    pub effect: Option<Vec<Effect>>,
    /// SO terms.
    pub terms: Option<Vec<String>>,
    /// Population frequency.
    pub frequency: Option<Vec<FrequencyStep>>,
    /// `ClinVar`.
    pub clinvar: Option<Vec<ClinvarBucket>>,
    /// Zygosity.
    pub zygosity: Option<Vec<Zygosity>>,
    /// Kind of change.
    pub kind: Option<Vec<Kind>>,
    /// Class.
    pub class: Option<Vec<ClassFacet>>,
    /// Whether a person asserted a class.
    pub reviewed: Option<bool>,
    /// Beginning of a gene symbol, `chr17:43,000,000-44,000,000`, `c.68_69del`, `p.Glu23ValfsTer17`, with or without
    /// accession, or several of these; names must be whole. Case does not matter.
    pub search: Option<String>,
    /// Alleles that `ClinVar` lists as (likely) pathogenic pass the filters for effect, terms and frequency.
    pub keep_clinvar_pathogenic: bool,
}

/// What to show, in which order, from where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VariantQuery {
    /// Filters.
    pub filters: VariantFilters,
    /// Order.
    pub sort: VariantSort,
    /// Turned round.
    pub descending: bool,
    /// Rows to skip.
    pub offset: u64,
    /// Rows to give.
    pub limit: u32,
}

/// How many were dropped for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedFor {
    /// Code of the facet's value.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// One filter at work: `input` = `kept` + the sum of `dropped`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelStep {
    /// `search`, `quality`, `region`, `effect`, `terms`, `frequency`, `clinvar`, `zygosity`, `kind`, `class`, `reviewed`.
    pub step: &'static str,
    /// In.
    pub input: u64,
    /// Kept.
    pub kept: u64,
    /// Dropped, by reason, most first.
    pub dropped: Vec<DroppedFor>,
    /// Among the dropped: listed as (likely) pathogenic by `ClinVar`.
    pub dropped_clinvar_pathogenic: u64,
}

/// How many variants have a value, with every other filter applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    /// As [`FunnelStep::step`].
    pub facet: &'static str,
    /// Code of the value.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// A window of a run's variants, and the account of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantPage {
    /// The window.
    pub rows: Vec<Variant>,
    /// All that pass.
    pub total: u64,
    /// All of the run.
    pub all: u64,
    /// The filters in use, in order; each one's input is what the one before kept.
    pub funnel: Vec<FunnelStep>,
    /// Counts beside each value, without those of 0.
    pub facets: Vec<FacetCount>,
}

/// The facets in the order of the funnel.
const STEPS: [&str; 10] = [
    "quality",
    "region",
    "effect",
    "terms",
    "frequency",
    "clinvar",
    "zygosity",
    "kind",
    "class",
    "reviewed",
];

/// The code of a cell's value in one step.
fn value<'a>(cell: &Cell, step: usize, index: &'a RunIndex) -> &'a str {
    match step {
        0 => cell.quality.code(),
        1 => cell.region.code(),
        2 => cell.effect.code(),
        3 => cell
            .term
            .and_then(|t| index.terms.get(&t))
            .map_or("not_annotated", String::as_str),
        4 => cell.frequency.code(),
        5 => cell.clinvar.code(),
        6 => ZYGOSITIES
            .get(usize::from(cell.zygosity))
            .copied()
            .map_or("not_called", zygosity_code),
        7 => cell.kind.code(),
        8 => cell.class.code(),
        _ if cell.reviewed => "yes",
        _ => "no",
    }
}

impl VariantFilters {
    /// Whether a step is in use.
    fn uses(&self, step: usize) -> bool {
        match step {
            0 => self.quality.is_some(),
            1 => self.region.is_some(),
            2 => self.effect.is_some(),
            3 => self.terms.is_some(),
            4 => self.frequency.is_some(),
            5 => self.clinvar.is_some(),
            6 => self.zygosity.is_some(),
            7 => self.kind.is_some(),
            8 => self.class.is_some(),
            _ => self.reviewed.is_some(),
        }
    }

    /// Whether a cell passes a step.
    fn passes(&self, cell: &Cell, step: usize, index: &RunIndex) -> bool {
        fn within<T: PartialEq>(wanted: Option<&Vec<T>>, value: &T) -> bool {
            wanted.is_none_or(|w| w.contains(value))
        }
        if self.keep_clinvar_pathogenic && cell.clinvar == ClinvarBucket::Pathogenic && (2..=4).contains(&step) {
            return true;
        }
        match step {
            0 => within(self.quality.as_ref(), &cell.quality),
            1 => within(self.region.as_ref(), &cell.region),
            2 => within(self.effect.as_ref(), &cell.effect),
            3 => {
                let term = value(cell, step, index);
                self.terms.as_ref().is_none_or(|w| w.iter().any(|t| t == term))
            }
            4 => within(self.frequency.as_ref(), &cell.frequency),
            5 => within(self.clinvar.as_ref(), &cell.clinvar),
            6 => {
                let zygosity = ZYGOSITIES[usize::from(cell.zygosity).min(ZYGOSITIES.len() - 1)];
                within(self.zygosity.as_ref(), &zygosity)
            }
            7 => within(self.kind.as_ref(), &cell.kind),
            8 => within(self.class.as_ref(), &cell.class),
            _ => self.reviewed.is_none_or(|w| w == cell.reviewed),
        }
    }
}

/// Counts and the cells that pass.
struct Account {
    passing: Vec<bool>,
    total: u64,
    funnel: Vec<FunnelStep>,
    facets: Vec<FacetCount>,
}

/// The number of a cell's value in one step; equal where [`value`] is.
fn value_number(cell: &Cell, step: usize) -> u32 {
    match step {
        0 => cell.quality as u32,
        1 => cell.region as u32,
        2 => cell.effect as u32,
        3 => cell.term.unwrap_or(0),
        4 => cell.frequency as u32,
        5 => cell.clinvar as u32,
        6 => u32::from(cell.zygosity),
        7 => cell.kind as u32,
        8 => cell.class as u32,
        _ => u32::from(cell.reviewed),
    }
}

/// Sums by value, with the code of each.
fn tally<'a>(
    index: &'a RunIndex,
    step: usize,
    counted: impl Iterator<Item = (&'a Counted, u64)>,
) -> Vec<(&'a str, u64)> {
    let mut out: Vec<(u32, &Cell, u64)> = Vec::new();
    for (c, n) in counted.filter(|(_, n)| *n > 0) {
        let number = value_number(&c.cell, step);
        match out.iter_mut().find(|(v, ..)| *v == number) {
            Some((.., sum)) => *sum += n,
            None => out.push((number, &c.cell, n)),
        }
    }
    out.into_iter()
        .map(|(_, cell, n)| (value(cell, step, index), n))
        .collect()
}

fn account(index: &RunIndex, filters: &VariantFilters, matches: Option<&Matches>) -> Account {
    let counted = &index.counted;
    let mut funnel = Vec::new();
    // Under a search the combinations are counted afresh among what it found.
    let counts: Vec<u64> = match matches {
        None => counted.iter().map(|c| c.n).collect(),
        Some(matches) => {
            let mut counts = vec![0; counted.len()];
            for (ordinal, cell) in index.cells.iter().enumerate() {
                counts[*cell as usize] += u64::from(matches.has(ordinal));
            }
            let (input, kept): (u64, u64) = (counted.iter().map(|c| c.n).sum(), counts.iter().sum());
            let pathogenic = counted
                .iter()
                .zip(&counts)
                .filter(|(c, _)| c.cell.clinvar == ClinvarBucket::Pathogenic)
                .map(|(c, n)| c.n - n)
                .sum();
            funnel.push(FunnelStep {
                step: "search",
                input,
                kept,
                dropped: vec![DroppedFor {
                    reason: "not_found".to_owned(),
                    count: input - kept,
                }],
                dropped_clinvar_pathogenic: pathogenic,
            });
            counts
        }
    };
    // Bit n: the cell passes step n.
    let passed: Vec<u16> = counted
        .iter()
        .map(|c| (0..STEPS.len()).fold(0, |bits, s| bits | u16::from(filters.passes(&c.cell, s, index)) << s))
        .collect();
    let each = || counted.iter().zip(&counts).zip(&passed);
    for (step, name) in STEPS.iter().enumerate().filter(|(s, _)| filters.uses(*s)) {
        let before = (1u16 << step) - 1;
        let reached = || each().filter(move |(_, p)| **p & before == before);
        let lost = || reached().filter(move |(_, p)| **p >> step & 1 == 0).map(|(c, _)| c);
        let input: u64 = reached().map(|((_, n), _)| n).sum();
        let mut dropped: Vec<DroppedFor> = tally(index, step, lost().map(|(c, n)| (c, *n)))
            .into_iter()
            .map(|(reason, count)| DroppedFor {
                reason: reason.to_owned(),
                count,
            })
            .collect();
        dropped.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(&b.reason)));
        funnel.push(FunnelStep {
            step: name,
            input,
            kept: input - dropped.iter().map(|d| d.count).sum::<u64>(),
            dropped,
            dropped_clinvar_pathogenic: lost()
                .filter(|(c, _)| c.cell.clinvar == ClinvarBucket::Pathogenic)
                .map(|(_, n)| n)
                .sum(),
        });
    }
    let every = (1u16 << STEPS.len()) - 1;
    let mut facets = Vec::new();
    for (step, facet) in STEPS.iter().enumerate() {
        let others = every & !(1 << step);
        let fitting = each().filter(|(_, p)| **p & others == others);
        facets.extend(
            tally(index, step, fitting.map(|((c, n), _)| (c, *n)))
                .into_iter()
                .map(|(value, count)| FacetCount {
                    facet,
                    value: value.to_owned(),
                    count,
                }),
        );
    }
    Account {
        total: each().filter(|(_, p)| **p == every).map(|((_, n), _)| n).sum(),
        passing: passed.iter().map(|p| *p == every).collect(),
        funnel,
        facets,
    }
}

/// Ordinals of the window.
fn window(order: &Order, passing: &[bool], matches: Option<&Matches>, query: &VariantQuery) -> Vec<u32> {
    let ordinal = |place: usize| order.ordinals.as_ref().map_or(place as u32, |o| o[place]);
    let fits = |place: &usize| {
        passing[order.cells[*place] as usize] && matches.is_none_or(|m| m.has(ordinal(*place) as usize))
    };
    let (skip, take) = (
        usize::try_from(query.offset).unwrap_or(usize::MAX),
        query.limit as usize,
    );
    let all = 0..order.cells.len();
    if query.descending {
        let turned = (0..order.missing_from).rev().chain(order.missing_from..all.end);
        turned.filter(fits).skip(skip).take(take).map(ordinal).collect()
    } else {
        all.filter(fits).skip(skip).take(take).map(ordinal).collect()
    }
}

const SELECT: &str = "SELECT v.contig, v.pos, v.ref, v.alt, v.cell, v.gt, v.filters, v.qual, v.dp, v.ad, v.gq, v.gene, \
     v.transcript, v.hgvs_c, v.hgvs_p, v.mane, v.clnsig, v.stars, v.clnid, v.af, f.finding, coalesce(f.class_set, f.class), \
     coalesce(f.points_set, f.points) \
     FROM variants v LEFT JOIN findings f ON f.run_no = (v.id >> 32) AND f.variant = (v.id & 4294967295) WHERE v.id = ?";

fn read_variant(connection: &Connection, index: &RunIndex, ordinal: u32) -> Result<Variant> {
    let text = |number: Option<u32>| number.map(|n| word(connection, n)).transpose();
    let mut statement = connection.prepare_cached(SELECT)?;
    let mut rows = statement.query([index.run_no << 32 | i64::from(ordinal)])?;
    let row: &Row<'_> = rows.next()?.ok_or_else(|| StoreError::not_found("variant"))?;
    let cell = index
        .counted
        .get(row.get::<_, u32>(4)? as usize)
        .ok_or_else(StoreError::damaged)?
        .cell;
    let finding = match row.get::<_, Option<String>>(20)? {
        None => None,
        Some(finding) => Some(FindingMark {
            finding,
            class: class_from(&row.get::<_, String>(21)?).ok_or_else(StoreError::damaged)?,
            points: row.get(22)?,
        }),
    };
    Ok(Variant {
        ordinal,
        reviewed: cell.reviewed,
        class: cell.class.class(),
        row: VariantRow {
            key: VariantKey {
                contig: word(connection, row.get(0)?)?,
                position: Pos::new(row.get(1)?).ok_or_else(StoreError::damaged)?,
                reference: row.get(2)?,
                alternate: row.get(3)?,
            },
            zygosity: *ZYGOSITIES
                .get(usize::from(cell.zygosity))
                .ok_or_else(StoreError::damaged)?,
            genotype: word(connection, row.get(5)?)?,
            quality: cell.quality,
            filters: text(row.get(6)?)?
                .map(|f| f.split(';').map(str::to_owned).collect())
                .unwrap_or_default(),
            qual: row.get(7)?,
            depth: row.get(8)?,
            alternate_depth: row.get(9)?,
            genotype_quality: row.get(10)?,
            gene: text(row.get(11)?)?,
            transcript: text(row.get(12)?)?,
            hgvs_c: row.get(13)?,
            hgvs_p: row.get(14)?,
            term: cell.term.and_then(|t| index.terms.get(&t)).cloned(),
            effect: cell.effect,
            mane: mane_from(row.get(15)?),
            clinvar: Clinvar {
                bucket: cell.clinvar,
                significance: text(row.get(16)?)?,
                stars: row.get(17)?,
                variation_id: row.get::<_, Option<i64>>(18)?.map(|n| n as u64),
            },
            frequency: match (cell.frequency, row.get::<_, Option<f64>>(19)?) {
                (FrequencyStep::NotEvaluated, _) => FrequencyState::NotEvaluated,
                (FrequencyStep::Absent, _) => FrequencyState::Absent,
                (_, Some(f)) => FrequencyState::Found(f),
                (_, None) => return Err(StoreError::damaged()),
            },
            region: cell.region,
            finding,
        },
    })
}

/// The ordinal of an allele in a run.
pub(crate) fn ordinal_of(connection: &Connection, index: &RunIndex, key: &VariantKey) -> Result<Option<u32>> {
    let Some(contig) = number(connection, &key.contig)? else {
        return Ok(None);
    };
    let contigs = index.column(connection, Column::Contig)?;
    let positions = index.column(connection, Column::Position)?;
    let mut statement = connection.prepare_cached("SELECT ref, alt FROM variants WHERE id = ?")?;
    for (ordinal, position) in positions.iter().enumerate() {
        if *position != key.position.get() || contigs[ordinal] != contig {
            continue;
        }
        let same = statement
            .query_row(params![index.run_no << 32 | ordinal as i64], |row| {
                Ok(row.get::<_, String>(0)? == key.reference && row.get::<_, String>(1)? == key.alternate)
            })
            .optional()?;
        if same == Some(true) {
            return Ok(Some(ordinal as u32));
        }
    }
    Ok(None)
}

impl Store {
    /// A window of a run's variants with exact totals and the account of what each filter dropped.
    pub fn query_variants(&self, run: Uuid, query: &VariantQuery) -> Result<VariantPage> {
        self.db.read(|connection| {
            let index = self.index(connection, run)?;
            let search = search::parse(query.filters.search.as_deref().unwrap_or_default());
            let matches = search::matches(connection, &index, &search)?;
            let account = account(&index, &query.filters, matches.as_ref());
            let rows = if query.offset < account.total && query.limit > 0 {
                let order = index.order(connection, query.sort)?;
                window(&order, &account.passing, matches.as_ref(), query)
                    .into_iter()
                    .map(|ordinal| read_variant(connection, &index, ordinal))
                    .collect::<Result<_>>()?
            } else {
                Vec::new()
            };
            Ok(VariantPage {
                rows,
                total: account.total,
                all: index.cells.len() as u64,
                funnel: account.funnel,
                facets: account.facets,
            })
        })
    }

    /// A variant by its ordinal.
    pub fn variant(&self, run: Uuid, ordinal: u32) -> Result<Variant> {
        self.db.read(|connection| {
            let index = self.index(connection, run)?;
            read_variant(connection, &index, ordinal)
        })
    }

    /// A variant by its allele, as the run's file names contig and position.
    pub fn variant_by_key(&self, run: Uuid, key: &VariantKey) -> Result<Option<Variant>> {
        self.db.read(|connection| {
            let index = self.index(connection, run)?;
            ordinal_of(connection, &index, key)?
                .map(|ordinal| read_variant(connection, &index, ordinal))
                .transpose()
        })
    }
}

impl FromStr for VariantSort {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "priority" => Self::Priority,
            "position" => Self::Position,
            "gene" => Self::Gene,
            "frequency" => Self::Frequency,
            "depth" => Self::Depth,
            "quality" => Self::Quality,
            "class" => Self::Class,
            _ => return Err("no such order of variants".to_owned()),
        })
    }
}
