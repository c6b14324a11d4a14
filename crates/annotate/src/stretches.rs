//! Entries of CSQ where one text serves a whole stretch of a transcript but for a few columns: upstream, downstream, and
//! deep in an intron. Nine of ten variants of a genome lie only in such stretches.
//!
//! No rule of annotation stands here. A template is cut from an entry that the general way made for a probe, and is used
//! only if it gives, for other probes at the far ends of what it is to serve, the very text that the general way gives;
//! a transcript whose entries do not repeat has no template, and its variants go the general way.

use std::sync::{LazyLock, OnceLock};

use clinotype_genome::{Pos, Result, Strand, VariantKey};

use crate::{
    bases::Bases,
    consequence::{self, NEARBY, terms::Terms},
    csq,
    edit::{Allele, Edit},
    hgvs,
    transcripts::{Transcript, model::TranscriptPlace},
    vcf::output::CSQ_FORMAT,
};

/// Bases from an exon where an intron becomes deep. Every splice window ends before (the widest, the polypyrimidine
/// tract, reaches 17 bases in).
const DEEP: u32 = 40;

/// What differs between two entries of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Allele,
    Intron,
    /// What follows `NM_1.1:c.` in HGVSc.
    Change,
    Pick,
    IntronOffset,
    AlleleNumber,
}

/// Columns by their place in CSQ.
static COLUMNS: LazyLock<Vec<Option<Column>>> = LazyLock::new(|| {
    CSQ_FORMAT
        .split('|')
        .map(|name| match name {
            "Allele" => Some(Column::Allele),
            "INTRON" => Some(Column::Intron),
            "HGVSc" => Some(Column::Change),
            "PICK" => Some(Column::Pick),
            "INTRON_OFFSET" => Some(Column::IntronOffset),
            "ALLELE_NUM" => Some(Column::AlleleNumber),
            _ => None,
        })
        .collect()
});

/// An entry in pieces: text, then the column that follows it.
#[derive(Debug)]
pub(crate) struct Template {
    pieces: Vec<(String, Column)>,
    rest: String,
    /// Whether HGVSc is written.
    named: bool,
    pub(crate) terms: Terms,
}

impl Template {
    /// Cut from an entry. In an intron three more columns differ than on its outside.
    fn cut(entry: &str, intron: bool, terms: Terms) -> Option<Self> {
        let (mut pieces, mut text, mut named) = (Vec::new(), String::new(), false);
        let columns: Vec<&str> = entry.split('|').collect();
        if columns.len() != COLUMNS.len() {
            return None;
        }
        for (number, (value, column)) in columns.iter().zip(COLUMNS.iter()).enumerate() {
            if number > 0 {
                text.push('|');
            }
            match *column {
                Some(column @ (Column::Allele | Column::Pick | Column::AlleleNumber)) => {
                    pieces.push((std::mem::take(&mut text), column));
                }
                Some(column @ (Column::Intron | Column::IntronOffset)) if intron => {
                    pieces.push((std::mem::take(&mut text), column));
                }
                Some(Column::Change) if intron && !value.is_empty() => {
                    let (accession, change) = value.split_once(':')?;
                    let kind = change.get(..2)?;
                    text.push_str(accession);
                    text.push(':');
                    text.push_str(kind);
                    named = true;
                    pieces.push((std::mem::take(&mut text), Column::Change));
                }
                _ => text.push_str(value),
            }
        }
        Some(Self {
            pieces,
            rest: text,
            named,
            terms,
        })
    }
}

/// The templates of one transcript, each made when first asked for; `None` where its entries do not repeat.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    before: OnceLock<Option<Template>>,
    after: OnceLock<Option<Template>>,
    intron: OnceLock<Option<Template>>,
}

/// A part of the genome as one transcript sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// On the genome before the transcript.
    Before,
    /// On the genome behind it.
    After,
    /// Deep in this intron (0-based, transcript order).
    Intron(usize),
    /// Anywhere else.
    Other,
}

/// A stretch of one kind: `start..end`, 0-based, half-open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Stretch {
    /// The stretch around a 0-based position.
    pub(crate) fn at(t: &Transcript, position: u32) -> Self {
        let span = t.span();
        let (kind, start, end) = if position < span.start {
            (Kind::Before, 0, span.start)
        } else if position >= span.end {
            (Kind::After, span.end, u32::MAX)
        } else {
            let exon = t.exon_at_or_before(position).unwrap_or(0);
            let Some(intron) = t.intron(exon).filter(|i| i.start <= position && position < i.end) else {
                let exon = t.exons[exon];
                return Self {
                    kind: Kind::Other,
                    start: exon.start,
                    end: exon.end,
                };
            };
            let (low, high) = (intron.start.saturating_add(DEEP), intron.end.saturating_sub(DEEP));
            if low <= position && position < high {
                (Kind::Intron(exon), low, high)
            } else if position < low {
                (Kind::Other, intron.start, low.min(intron.end))
            } else {
                (Kind::Other, high.max(intron.start), intron.end)
            }
        };
        Self { kind, start, end }
    }
}

/// One allele, as the entries need it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// As VEP writes it.
    pub(crate) text: &'a str,
    /// 1-based number of the ALT.
    pub(crate) number: usize,
    pub(crate) change: Change<'a>,
}

/// What changes on the genome.
#[derive(Clone, Copy)]
pub(crate) enum Change<'a> {
    /// A substitution of one base: 0-based position, REF, ALT.
    Base(u32, u8, u8),
    /// Anything else.
    Other(&'a Allele),
}

/// The entry of the general way.
fn general(
    out: &mut String,
    asked: &Asked<'_>,
    allele: &Allele,
    t: &Transcript,
    bases: &dyn Bases,
    names: bool,
) -> Result<Terms> {
    let mut effect = consequence::effect(allele, t, bases, || {
        Err(clinotype_genome::Fault::internal(
            "a probe outside the exons asked for the sequence",
        ))
    })?;
    if !names {
        effect.hgvs_c = None;
        effect.hgvs_p = None;
    }
    csq::entry(out, asked.text, asked.number, t, &effect, false);
    Ok(effect.terms)
}

impl Templates {
    /// The template of a kind.
    pub(crate) fn get(&self, kind: Kind, t: &Transcript, bases: &dyn Bases, names: bool) -> Option<&Template> {
        let span = t.span();
        let (slot, places): (_, Vec<u32>) = match kind {
            Kind::Before => (
                &self.before,
                vec![
                    span.start.saturating_sub(2),
                    span.start.saturating_sub(NEARBY),
                    span.start.saturating_sub(NEARBY / 2),
                ],
            ),
            Kind::After => (
                &self.after,
                vec![span.end + 1, span.end.saturating_add(NEARBY - 2), span.end + NEARBY / 2],
            ),
            Kind::Intron(_) => (&self.intron, Vec::new()),
            Kind::Other => return None,
        };
        if let Some(found) = slot.get() {
            return found.as_ref();
        }
        let places = if places.is_empty() { deep_places(t) } else { places };
        slot.get_or_init(|| proven(kind, t, &places, bases, names)).as_ref()
    }
}

/// Places deep in the first and the last intron that is long enough: both ends of each, and its middle.
fn deep_places(t: &Transcript) -> Vec<u32> {
    let deep = |index: &usize| {
        t.intron(*index)
            .map(|i| (i.start.saturating_add(DEEP + 2), i.end.saturating_sub(DEEP + 3)))
            .filter(|(low, high)| low < high)
    };
    let introns = 0..t.exons.len().saturating_sub(1);
    let (first, last) = (
        introns.clone().find_map(|i| deep(&i)),
        introns.rev().find_map(|i| deep(&i)),
    );
    first
        .into_iter()
        .chain(last)
        .flat_map(|(low, high)| [low, low.midpoint(high), high])
        .collect()
}

/// A template from the first place, proven at every place for a substitution, a deletion and a deletion-insertion.
fn proven(kind: Kind, t: &Transcript, places: &[u32], bases: &dyn Bases, names: bool) -> Option<Template> {
    let mut template: Option<Template> = None;
    for (n, place) in places.iter().enumerate() {
        let probes: [(&str, &str); 3] = [("A", "C"), ("CTA", ""), ("AC", "GCG")];
        for (number, (deleted, inserted)) in probes.into_iter().enumerate() {
            let place = match kind {
                // A deletion before the transcript must end there, too.
                Kind::Before => place.saturating_sub(deleted.len() as u32 - 1),
                Kind::Intron(_) if n > 0 => place.saturating_sub(deleted.len() as u32 - 1),
                _ => *place,
            };
            let edit = Edit {
                start: place,
                end: place + deleted.len() as u32,
                deleted: deleted.as_bytes().to_vec(),
                inserted: inserted.as_bytes().to_vec(),
            };
            let allele = Allele {
                left: edit.clone(),
                right: edit,
            };
            let asked = Asked {
                text: "T",
                number: number + 1,
                change: match (deleted.as_bytes(), inserted.as_bytes()) {
                    ([r], [a]) => Change::Base(place, *r, *a),
                    _ => Change::Other(&allele),
                },
            };
            let mut expected = String::new();
            let terms = general(&mut expected, &asked, &allele, t, bases, names).ok()?;
            let intron = matches!(kind, Kind::Intron(_));
            let template = match &mut template {
                Some(template) => template,
                none => none.insert(Template::cut(&expected, intron, terms)?),
            };
            let kind = if intron { Stretch::at(t, place).kind } else { kind };
            let mut ours = String::new();
            template.write(&mut ours, &asked, kind, t, bases, false).ok()?;
            if ours != expected || terms != template.terms {
                return None;
            }
        }
    }
    template
}

impl Template {
    /// Writes the entry of an allele that lies, at all its placements, in a stretch of this template's kind.
    pub(crate) fn write(
        &self,
        out: &mut String,
        asked: &Asked<'_>,
        kind: Kind,
        t: &Transcript,
        bases: &dyn Bases,
        picked: bool,
    ) -> Result<()> {
        for (text, column) in &self.pieces {
            out.push_str(text);
            match column {
                Column::Allele => out.push_str(asked.text),
                Column::AlleleNumber => decimal(out, asked.number as u32),
                Column::Pick => out.push_str(if picked { "1" } else { "" }),
                Column::Intron => {
                    if let Kind::Intron(index) = kind {
                        decimal(out, index as u32 + 1);
                        out.push('/');
                        decimal(out, t.exons.len() as u32 - 1);
                    }
                }
                Column::IntronOffset => offset(out, asked.change, t),
                Column::Change if self.named => match asked.change {
                    Change::Base(position, reference, alternate) => {
                        t.write_hgvs_position(out, t.place(position));
                        let (reference, alternate) = match t.strand {
                            Strand::Forward => (reference, alternate),
                            Strand::Reverse => (
                                clinotype_genome::sequence::complement(reference),
                                clinotype_genome::sequence::complement(alternate),
                            ),
                        };
                        out.push(char::from(reference));
                        out.push('>');
                        out.push(char::from(alternate));
                    }
                    Change::Other(allele) => {
                        if let Some(name) = hgvs::dna::transcript(allele, bases, t)? {
                            // The template's own text ends after `c.`.
                            out.push_str(name.split_once(':').and_then(|(_, n)| n.get(2..)).unwrap_or_default());
                        }
                    }
                },
                Column::Change => {}
            }
        }
        out.push_str(&self.rest);
        Ok(())
    }
}

/// The distance to the nearer exon, of the changed base that is nearer to one.
fn offset(out: &mut String, change: Change<'_>, t: &Transcript) {
    let at = |position: u32| match t.place(position) {
        TranscriptPlace::Intronic { offset, .. } => offset,
        _ => 0,
    };
    let (first, last) = match change {
        Change::Base(position, ..) => (position, position),
        Change::Other(allele) => {
            let span = t.span();
            let edit = allele
                .named_step(t.strand, span.start, span.end)
                .map_or_else(|| allele.left.clone(), |step| allele.at(step));
            if edit.is_insertion() {
                (edit.start.saturating_sub(1), edit.start)
            } else {
                (edit.start, edit.end - 1)
            }
        }
    };
    let (a, b) = (at(first), at(last));
    let nearer = if b.abs() < a.abs() { b } else { a };
    if nearer < 0 {
        out.push('-');
    }
    decimal(out, nearer.unsigned_abs());
}

/// Appends a number; the general formatter takes four times as long.
pub(crate) fn decimal(out: &mut String, mut number: u32) {
    let mut digits = [b'0'; 10];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).expect("decimal digits are text"));
}

/// The INFO values of an allele that no source is asked about: one text but for the g. name and the normalised allele.
#[derive(Debug)]
pub(crate) struct Unasked {
    /// `NC_000017.11:g.` where names are written and the contig has an accession.
    accession: Option<String>,
    /// (key, value) of the fields in their order; the value is empty where it differs.
    fields: Vec<(String, String)>,
}

impl Unasked {
    /// Cut from the general way's values of a probe: a substitution of the contig's first base.
    pub(crate) fn cut(text: &str, probe: &VariantKey) -> Option<Self> {
        let mut unasked = Self {
            accession: None,
            fields: Vec::new(),
        };
        for field in text.split(';') {
            let (key, value) = field.split_once('=')?;
            let value = match key {
                "HGVSG" => {
                    let tail = format!("{}{}>{}", probe.position, probe.reference, probe.alternate);
                    unasked.accession = Some(value.strip_suffix(&tail)?.to_owned());
                    ""
                }
                "NORMALISED" => {
                    if value != format!("{}-{}-{}", probe.position, probe.reference, probe.alternate) {
                        return None;
                    }
                    ""
                }
                _ => value,
            };
            unasked.fields.push((key.to_owned(), value.to_owned()));
        }
        Some(unasked)
    }

    /// Appends the fields of alleles: the key, and the g. name where there is one and it is no substitution.
    pub(crate) fn write(&self, out: &mut String, position: Pos, reference: u8, alternates: &[u8]) {
        for (key, value) in &self.fields {
            out.push(';');
            out.push_str(key);
            for (n, alternate) in alternates.iter().enumerate() {
                out.push(if n == 0 { '=' } else { ',' });
                match key.as_str() {
                    "HGVSG" => {
                        out.push_str(self.accession.as_deref().unwrap_or_default());
                        decimal(out, position.get());
                        out.push(char::from(reference));
                        out.push('>');
                        out.push(char::from(*alternate));
                    }
                    "NORMALISED" => {
                        decimal(out, position.get());
                        out.push('-');
                        out.push(char::from(reference));
                        out.push('-');
                        out.push(char::from(*alternate));
                    }
                    _ => out.push_str(value),
                }
            }
        }
    }
}
