//! What is kept of the transcripts around the current records: made when first asked for, dropped when the input has
//! passed them. Memory follows what lies side by side on the genome, not the number of transcripts or records.

use std::sync::{Mutex, OnceLock};

use clinotype_genome::{Fault, Result};

use crate::{bases::Bases, consequence::NEARBY, spliced::Spliced, stretches::Templates, transcripts::TranscriptSet};

/// Spliced sequences and entry templates of the transcripts in use, shared by all threads.
pub(crate) struct InUse<'a> {
    pub(crate) set: &'a TranscriptSet,
    slots: Vec<Slot>,
    /// Numbers of the slots that hold something.
    filled: Mutex<Vec<usize>>,
}

#[derive(Default)]
struct Slot {
    spliced: OnceLock<Box<Spliced>>,
    templates: OnceLock<Box<Templates>>,
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.spliced.get().is_none() && self.templates.get().is_none()
    }
}

impl<'a> InUse<'a> {
    pub(crate) fn new(set: &'a TranscriptSet) -> Self {
        Self {
            set,
            slots: std::iter::repeat_with(Slot::default).take(set.len()).collect(),
            filled: Mutex::default(),
        }
    }

    fn note(&self, number: usize) -> Result<()> {
        let mut filled = self
            .filled
            .lock()
            .map_err(|_| Fault::internal("another thread failed while it annotated"))?;
        filled.push(number);
        Ok(())
    }

    /// The spliced sequence of transcript `number`.
    pub(crate) fn spliced(&self, number: usize, bases: &dyn Bases) -> Result<&Spliced> {
        let slot = &self.slots[number];
        if let Some(spliced) = slot.spliced.get() {
            return Ok(spliced);
        }
        let spliced = Spliced::read(self.set.get(number), bases)?;
        if slot.is_empty() {
            self.note(number)?;
        }
        Ok(slot.spliced.get_or_init(|| Box::new(spliced)))
    }

    /// The templates of transcript `number`.
    pub(crate) fn templates(&self, number: usize) -> Result<&Templates> {
        let slot = &self.slots[number];
        if slot.is_empty() {
            self.note(number)?;
        }
        Ok(slot.templates.get_or_init(Box::default))
    }

    /// Drops what is kept of transcripts that end before a position (1-based), or lie on another contig.
    pub(crate) fn pass(&mut self, contig: &str, position: u32) {
        let (set, slots) = (self.set, &mut self.slots);
        let Ok(filled) = self.filled.get_mut() else { return };
        filled.retain(|number| {
            let t = set.get(*number);
            let needed = t.contig == contig && t.span().end.saturating_add(NEARBY) >= position;
            if !needed {
                slots[*number] = Slot::default();
            }
            needed
        });
    }
}
