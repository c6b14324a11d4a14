//! What every record goes through on its way into the store: contig, REF, one form of each allele, counts.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use clinotype_genome::{ContigKey, Contigs, Fault, Reference, Result, build::RCRS_LENGTH};

use super::{
    super::{
        block::MOVED,
        key::{Code, Key},
        meta::{Counts, DIFFERS},
        sort::{Packed, Sorter},
        write::LARGEST,
    },
    window::{Agreement, Window},
};

/// Alleles compared before the share of disagreeing ones is looked at for the first time.
const FIRST_LOOK: u64 = 1000;

pub(super) const NO_CONTIG: &str = "the contig is not in the reference";
pub(super) const NO_POSITION: &str = "no position on this build";
const NOT_BASES: &str = "REF with other letters than A, C, G, T, N";

/// Where a record stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) path: &'p Path,
    pub(super) line: u64,
}

impl Place<'_> {
    pub(super) fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::input(what).at(self.path).line(self.line)
    }
}

/// Why an ALT is no allele; `None` for plain bases in upper case.
fn unusable(alternate: &[u8]) -> Option<&'static str> {
    match alternate {
        b"*" => Some("overlapping deletion (*)"),
        b"." | b"" | b"-" => Some("no alternate allele"),
        b"<*>" | b"<NON_REF>" => Some("any other allele (<*>, <NON_REF>)"),
        [b'<', ..] => Some("symbolic allele"),
        [b'.', ..] | [.., b'.'] => Some("breakend"),
        a if a.iter().any(|b| matches!(b, b'[' | b']')) => Some("breakend"),
        a if a.iter().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T')) => None,
        _ => Some("ALT with other letters than A, C, G, T"),
    }
}

/// The first record whose REF differs: file, line, contig, position and what differs.
type Differing = (PathBuf, u64, String, u64, String);

/// Takes records in and hands them to the sorter.
pub(super) struct Intake<'a> {
    contigs: &'a Contigs,
    known: HashMap<Vec<u8>, Option<usize>>,
    last: Option<(Vec<u8>, Option<usize>)>,
    window: Window<'a>,
    sorter: Sorter,
    pub(super) counts: Counts,
    limit: f64,
    /// Records whose REF agrees with the reference, and does not.
    agreeing: u64,
    differing: u64,
    first: Option<Box<Differing>>,
    packed: Packed,
    upper: (Vec<u8>, Vec<u8>),
}

impl<'a> Intake<'a> {
    pub(super) fn new(reference: &'a Reference, sorter: Sorter, limit: f64) -> Self {
        Self {
            contigs: reference.contigs(),
            known: HashMap::new(),
            last: None,
            window: Window::new(reference),
            sorter,
            counts: Counts::default(),
            limit,
            agreeing: 0,
            differing: 0,
            first: None,
            packed: Packed::default(),
            upper: (Vec::new(), Vec::new()),
        }
    }

    /// Number of the reference's contig; the mitochondrion of a source is the rCRS, so that hg19's has no counterpart.
    fn contig(&mut self, name: &[u8]) -> Option<usize> {
        if let Some((last, found)) = &self.last
            && last == name
        {
            return *found;
        }
        let contigs = self.contigs;
        let found = *self.known.entry(name.to_vec()).or_insert_with(|| {
            let name = std::str::from_utf8(name).ok()?;
            let contig = contigs.resolve(name)?;
            let mitochondrial = ContigKey::of(name).is_some_and(|k| k.as_str() == "MT");
            (!mitochondrial || contig.length == RCRS_LENGTH)
                .then(|| contigs.index_of(&contig.name))
                .flatten()
        });
        self.last = Some((name.to_vec(), found));
        found
    }

    /// Counts alleles of a record that never come in; the record itself is not counted if others of it do.
    pub(super) fn leave_out(&mut self, alleles: usize, reason: &str) {
        self.counts.alleles += alleles as u64;
        for _ in 0..alleles {
            self.counts.drop_one(reason);
        }
    }

    /// Takes one record. `values` fills in one value per field for ALT number `index` (0-based), and is asked only for
    /// alleles that are kept; `site` does so for a record whose place must be kept although no allele of it stands
    /// there, and is `None` where places mean nothing.
    pub(super) fn record(
        &mut self,
        place: Place<'_>,
        (contig, position): (&[u8], u32),
        (reference, alternates): (&[u8], &[&[u8]]),
        values: &mut dyn FnMut(usize, &mut Packed) -> Result<()>,
        site: Option<&mut dyn FnMut(&mut Packed)>,
    ) -> Result<()> {
        self.counts.records += 1;
        self.counts.alleles += alternates.len() as u64;
        let number = self.contig(contig);
        let known = match number {
            None => Err(NO_CONTIG),
            Some(_) if position == 0 => Err(NO_POSITION),
            Some(number) => self.known_reference(place, number, contig, position, reference)?,
        };
        let (Some(number), Ok(proven)) = (number, known) else {
            let reason = known.err().unwrap_or(NO_CONTIG);
            for _ in alternates {
                self.counts.drop_one(reason);
            }
            return Ok(());
        };
        let mut stands = false;
        let reference = std::mem::take(&mut self.upper.0);
        let mut alternate = std::mem::take(&mut self.upper.1);
        for (index, written) in alternates.iter().enumerate() {
            alternate.clear();
            alternate.extend(written.iter().map(u8::to_ascii_uppercase));
            if let Some(reason) = unusable(&alternate) {
                self.counts.drop_one(reason);
                continue;
            }
            if alternate == reference {
                self.counts.drop_one("ALT is REF");
                continue;
            }
            let snv = reference.len() == 1 && alternate.len() == 1;
            let moved = if snv {
                self.push(number, position, &reference, &alternate, 0, index, values)?;
                false
            } else {
                let normal = self.window.normal(number, position, &reference, &alternate)?;
                let moved = normal.position != position;
                let marks = if moved { MOVED } else { 0 };
                self.push(
                    number,
                    normal.position,
                    &normal.reference,
                    &normal.alternate,
                    marks,
                    index,
                    values,
                )?;
                moved
            };
            stands |= !moved;
            self.counts.moved += u64::from(moved);
            self.counts.unproven += u64::from(!proven);
        }
        self.upper = (reference, alternate);
        if !stands && let Some(site) = site {
            self.packed.begin(Code::SITE, b"", b"", 0);
            site(&mut self.packed);
            self.counts.sites += 1;
            let key = Key {
                contig: number as u32,
                position,
                code: Code::SITE,
            };
            self.sorter.push(key, &self.packed)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one allele")]
    fn push(
        &mut self,
        contig: usize,
        position: u32,
        reference: &[u8],
        alternate: &[u8],
        marks: u8,
        index: usize,
        values: &mut dyn FnMut(usize, &mut Packed) -> Result<()>,
    ) -> Result<()> {
        let code = Code::of(reference, alternate);
        self.packed.begin(code, reference, alternate, marks);
        values(index, &mut self.packed)?;
        if self.packed.len() > LARGEST {
            let name = self.contigs.iter().nth(contig).map_or("", |c| c.name.as_str());
            return Err(Fault::input("an allele with its values has more than a million bytes")
                .locus(name, u64::from(position))
                .hint("leave out its largest field: name the others by --fields"));
        }
        let key = Key {
            contig: contig as u32,
            position,
            code,
        };
        self.sorter.push(key, &self.packed)
    }

    /// Whether REF is proven; the error is the reason for leaving the record out. REF in upper case stays in `upper`.
    fn known_reference(
        &mut self,
        place: Place<'_>,
        number: usize,
        contig: &[u8],
        position: u32,
        reference: &[u8],
    ) -> Result<Result<bool, &'static str>> {
        let upper = &mut self.upper.0;
        upper.clear();
        upper.extend(reference.iter().map(u8::to_ascii_uppercase));
        if upper.is_empty() || !upper.iter().all(|b| matches!(b, b'A' | b'C' | b'G' | b'T' | b'N')) {
            return Ok(Err(NOT_BASES));
        }
        match self.window.compare(number, position, upper)? {
            Agreement::Agrees if !upper.contains(&b'N') => {
                self.agreeing += 1;
                self.look(self.agreeing + self.differing == FIRST_LOOK)?;
                Ok(Ok(true))
            }
            Agreement::Agrees | Agreement::Unknown => Ok(Ok(false)),
            Agreement::Differs(ours) => {
                self.differing += 1;
                if self.first.is_none() {
                    let short = |bases: &[u8]| {
                        let text = String::from_utf8_lossy(&bases[..bases.len().min(20)]).into_owned();
                        if bases.len() > 20 {
                            format!("{text}... ({} bases)", bases.len())
                        } else {
                            text
                        }
                    };
                    let what = format!("REF is {}, the reference has {}", short(&self.upper.0), short(&ours));
                    let name = String::from_utf8_lossy(contig).into_owned();
                    self.first = Some(Box::new((
                        place.path.to_owned(),
                        place.line,
                        name,
                        u64::from(position),
                        what,
                    )));
                }
                self.look(self.agreeing + self.differing == FIRST_LOOK)?;
                Ok(Err(DIFFERS))
            }
        }
    }

    /// A fault where more records differ from the reference than the limit allows.
    fn look(&self, now: bool) -> Result<()> {
        let all = self.agreeing + self.differing;
        if !now || self.differing as f64 <= self.limit * all as f64 {
            return Ok(());
        }
        let Some(first) = &self.first else { return Ok(()) };
        let (path, line, contig, position, what) = &**first;
        Err(Fault::input(format!(
            "{what}; so do {} of {all} records, more than {} % of them",
            self.differing,
            self.limit * 100.0
        ))
        .at(path)
        .line(*line)
        .locus(contig, *position)
        .hint(
            "use the reference of the build that the file is of; if this share is expected, allow it by \
             --max-mismatches",
        ))
    }

    /// All records, what became of them, and how many agree with the reference.
    pub(super) fn finish(self) -> Result<(Sorter, Counts, u64)> {
        self.look(true)?;
        Ok((self.sorter, self.counts, self.agreeing))
    }
}
