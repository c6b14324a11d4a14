//! Bringing the lines of a template together by name, whatever the order of the file they came in, so that duplicates
//! are told by both ends of a fragment.

use clinotype_genome::{Progress, Result};

use crate::{
    duplicates::{End, Template},
    raw::{Raw, flag},
    scratch::Scratch,
    sort::Sorter,
    store::Store,
};

/// Brings the lines of a template together by name, whatever the order of the file.
pub(crate) struct Mates<'s> {
    sorter: Sorter<'s>,
}

/// What is kept of a line: name, zero, then these.
const KEPT: usize = 1 + 8 + 2 + 4 + 8 + 1 + 4;
/// Roles: primary line of the first or last read, any other mapped line.
const FIRST: u8 = 0;
const LAST: u8 = 1;
const FOLLOWER: u8 = 2;
/// Bits beside the strand.
const REVERSE: u8 = 1;
const MATE_MAPPED: u8 = 2;

impl<'s> Mates<'s> {
    pub(crate) fn new(scratch: &'s Scratch, memory: u64) -> Self {
        Self {
            sorter: Sorter::new(scratch, "names", memory),
        }
    }

    pub(crate) fn add(&mut self, raw: Raw<'_>, library: u16, ordinal: u64) -> Result<()> {
        if raw.has(flag::UNMAPPED) {
            return Ok(());
        }
        let role = match (raw.is_primary(), raw.has(flag::PAIRED) && raw.has(flag::LAST)) {
            (false, _) => FOLLOWER,
            (true, false) => FIRST,
            (true, true) => LAST,
        };
        let end = End::of(raw);
        let mut bits = if end.reverse { REVERSE } else { 0 };
        if raw.has(flag::PAIRED) && !raw.has(flag::MATE_UNMAPPED) {
            bits |= MATE_MAPPED;
        }
        self.sorter.push(&[
            raw.name(),
            &[0, role],
            &ordinal.to_be_bytes(),
            &library.to_be_bytes(),
            &end.reference.to_be_bytes(),
            &end.position.to_be_bytes(),
            &[bits],
            &end.score.to_be_bytes(),
        ])
    }

    /// Hands every template to the marker.
    pub(crate) fn pair(self, store: &mut Store<'_>, progress: &dyn Progress) -> Result<()> {
        let mut sorted = self.sorter.finish()?;
        let mut name: Vec<u8> = Vec::new();
        let mut lines: Vec<Kept> = Vec::new();
        let mut seen = 0_u64;
        while let Some(item) = sorted.next()? {
            seen += 1;
            if seen.is_multiple_of(1 << 16) {
                progress.check()?;
            }
            let (this, kept) = item.split_at(item.len() - KEPT);
            if this != name.as_slice() {
                hand_over(&name, &lines, store)?;
                lines.clear();
                name.clear();
                name.extend_from_slice(this);
            }
            lines.push(Kept::read(kept));
        }
        hand_over(&name, &lines, store)
    }
}

/// What [`Mates::add`] kept of a line.
struct Kept {
    role: u8,
    ordinal: u64,
    library: u16,
    end: End,
    mate_mapped: bool,
}

impl Kept {
    fn read(bytes: &[u8]) -> Self {
        fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
            let (head, rest) = bytes.split_at(N);
            *bytes = rest;
            let mut out = [0; N];
            out.copy_from_slice(head);
            out
        }
        let mut bytes = bytes;
        let [role] = take(&mut bytes);
        let ordinal = u64::from_be_bytes(take(&mut bytes));
        let library = u16::from_be_bytes(take(&mut bytes));
        let reference = u32::from_be_bytes(take(&mut bytes));
        let position = i64::from_be_bytes(take(&mut bytes));
        let [bits] = take(&mut bytes);
        let score = i32::from_be_bytes(take(&mut bytes));
        Self {
            role,
            ordinal,
            library,
            end: End {
                reference,
                position,
                reverse: bits & REVERSE != 0,
                score,
            },
            mate_mapped: bits & MATE_MAPPED != 0,
        }
    }
}

fn hand_over(name: &[u8], lines: &[Kept], store: &mut Store<'_>) -> Result<()> {
    let find = |role: u8| lines.iter().find(|l| l.role == role);
    let (first, last) = (find(FIRST), find(LAST));
    let Some(one) = first.or(last) else {
        // Only supplementary lines: the read they belong to is not in this file.
        return Ok(());
    };
    // The name ends with the zero that separates it.
    let name = &name[..name.len() - 1];
    let ordinals: Vec<u64> = lines.iter().map(|l| l.ordinal).collect();
    store.marker.add(&Template {
        library: one.library,
        name,
        ends: [first.map(|l| l.end), last.map(|l| l.end)],
        mate_elsewhere: (first.is_none() || last.is_none()) && one.mate_mapped,
        lines: &ordinals,
    })
}
