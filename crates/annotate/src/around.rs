//! The transcripts around the current position. Records come sorted, so the answer is kept while it stays the same.

use clinotype_genome::Result;

use crate::{
    bases::{Cached, Window},
    consequence::{NEARBY, terms::Terms},
    csq,
    edit::Allele,
    in_use::InUse,
    pick::PickOrder,
    stretches::{Asked, Change, Kind, Stretch, Template},
    transcripts::TranscriptSet,
};

/// A transcript within reach.
#[derive(Clone, Copy, Debug)]
struct Near {
    number: usize,
    stretch: Stretch,
    /// Of alleles in this stretch, and whether the transcript is shown for its gene; of the last allele written.
    terms: Option<Terms>,
    picked: bool,
}

/// What one thread knows of the place it is at.
pub(crate) struct Around<'a> {
    in_use: &'a InUse<'a>,
    bases: &'a Cached<'a>,
    names: bool,
    pick_order: &'a PickOrder,
    contig: &'a str,
    /// `near` holds for an allele whose bases all lie in `from..to` (0-based, half-open).
    from: u32,
    to: u32,
    near: Vec<Near>,
    /// Of the transcripts in `near`, for the allele at hand.
    templates: Vec<&'a Template>,
    window: Option<Window<'a>>,
}

/// For each transcript, with the terms of the allele on it, whether it is the one to show of its gene.
pub(crate) fn picked(set: &TranscriptSet, found: &[(usize, Terms)], order: &PickOrder) -> Vec<bool> {
    found
        .iter()
        .map(|(number, terms)| {
            let t = set.get(*number);
            found.iter().all(|(other, others)| {
                let o = set.get(*other);
                o.gene != t.gene || order.compare((t, *terms), (o, *others)).then(number.cmp(other)).is_le()
            })
        })
        .collect()
}

impl<'a> Around<'a> {
    pub(crate) fn new(in_use: &'a InUse<'a>, bases: &'a Cached<'a>, names: bool, pick_order: &'a PickOrder) -> Self {
        Self {
            in_use,
            bases,
            names,
            pick_order,
            contig: "",
            from: 0,
            to: 0,
            near: Vec::new(),
            templates: Vec::new(),
            window: None,
        }
    }

    /// Goes to a place (0-based, half-open) of a contig and gives the bases around it.
    pub(crate) fn go(&mut self, contig: &'a str, start: u32, end: u32) -> Result<&Window<'a>> {
        if self.contig != contig {
            self.contig = contig;
            self.to = 0;
            self.window = None;
        }
        let window = match self.window.take() {
            Some(window) if window.slice(start, end).is_some() => window,
            _ => Window::new(self.bases, contig, start, end)?,
        };
        Ok(self.window.insert(window))
    }

    /// Finds the transcripts that an allele at `position` (0-based) can reach, and how far they stay the same.
    fn find(&mut self, position: u32) {
        let set = self.in_use.set;
        let reach = |p: u32| p.saturating_add(NEARBY);
        let numbers = set.overlapping(self.contig, position.saturating_sub(NEARBY), reach(position + 1));
        let next = set.next_start(self.contig, reach(position + 1));
        self.from = position;
        self.to = next.map_or(u32::MAX, |start| start.saturating_sub(NEARBY));
        self.near.clear();
        for number in numbers {
            let t = set.get(number);
            self.to = self.to.min(reach(t.span().end));
            self.near.push(Near {
                number,
                stretch: Stretch::at(t, position),
                terms: None,
                picked: false,
            });
        }
    }

    /// Whether the bases `low..high` (0-based, half-open), and `margin` on either side, lie in plain stretches of every
    /// transcript around.
    pub(crate) fn is_plain(&mut self, low: u32, high: u32, margin: u32) -> bool {
        if !(self.from <= low && high <= self.to) {
            self.find(low);
            if high > self.to {
                return false;
            }
        }
        let (first, last) = (low.saturating_sub(margin), high.saturating_add(margin));
        let set = self.in_use.set;
        self.near.iter_mut().all(|near| {
            if !(near.stretch.start <= low && low < near.stretch.end) {
                near.stretch = Stretch::at(set.get(near.number), low);
            }
            near.stretch.kind != Kind::Other && near.stretch.start <= first && last <= near.stretch.end
        })
    }

    /// Appends the entries of an allele if it lies, at all its placements, in plain stretches of every transcript
    /// around; `low..high` are the bases of all its placements. Gives false, and appends nothing, where it does not.
    pub(crate) fn entries(&mut self, out: &mut String, asked: &Asked<'_>, low: u32, high: u32) -> Result<bool> {
        // An insertion lies between the bases on its sides; a base more on either side does no harm to the others.
        let margin = u32::from(matches!(asked.change, Change::Other(_)));
        if !self.is_plain(low, high, margin) {
            return Ok(false);
        }
        let comma = |out: &mut String| {
            if !out.is_empty() {
                out.push(',');
            }
        };
        if self.near.is_empty() {
            comma(out);
            csq::intergenic(out, asked.text, asked.number);
            return Ok(true);
        }
        let Some(window) = &self.window else { return Ok(false) };
        let (set, in_use) = (self.in_use.set, self.in_use);
        let mut same = true;
        self.templates.clear();
        for near in &mut self.near {
            let t = set.get(near.number);
            let template = in_use
                .templates(near.number)?
                .get(near.stretch.kind, t, window, self.names);
            let Some(template) = template else { return Ok(false) };
            same &= near.terms == Some(template.terms);
            near.terms = Some(template.terms);
            self.templates.push(template);
        }
        if !same {
            let found: Vec<(usize, Terms)> = self
                .near
                .iter()
                .map(|near| (near.number, near.terms.unwrap_or_default()))
                .collect();
            for (near, picked) in self.near.iter_mut().zip(picked(set, &found, self.pick_order)) {
                near.picked = picked;
            }
        }
        for (near, template) in self.near.iter().zip(&self.templates) {
            comma(out);
            let t = set.get(near.number);
            template.write(out, asked, near.stretch.kind, t, window, near.picked)?;
        }
        Ok(true)
    }
}

/// The bases of all placements of an allele: `low..high`, 0-based, half-open, never empty.
pub(crate) fn placements(allele: &Allele) -> (u32, u32) {
    (allele.left.start, allele.right.end.max(allele.right.start + 1))
}
