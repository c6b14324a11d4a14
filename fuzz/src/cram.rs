//! CRAM guards its parts with checksums, so that changed bytes rarely get past them. A fuzz target mends the checksums
//! first: what is tried is a file that was made wrongly, not one that was damaged on its way (CRAM 3.0, sections 7, 8).

/// Mends every checksum that can be found.
pub fn mend(bytes: &mut [u8]) {
    let mut at = DEFINITION;
    while let Some(next) = container(bytes, at) {
        at = next;
    }
}

/// Bytes of the file definition: magic, version, file id.
const DEFINITION: usize = 26;

/// The end of the container that begins at `at`, its checksums mended.
fn container(bytes: &mut [u8], at: usize) -> Option<usize> {
    let length = i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
    let mut end = at + 4;
    for _ in 0..4 {
        end = itf8(bytes, end)?.1;
    }
    for _ in 0..2 {
        end = ltf8(bytes, end)?;
    }
    let (blocks, after) = itf8(bytes, end)?;
    let (landmarks, after) = itf8(bytes, after)?;
    end = after;
    for _ in 0..landmarks {
        end = itf8(bytes, end)?.1;
    }
    checksum(bytes, at, end)?;
    let data = end + 4;
    let mut place = data;
    for _ in 0..blocks {
        match block(bytes, place) {
            Some(next) => place = next,
            None => break,
        }
    }
    data.checked_add(usize::try_from(length).ok()?)
        .filter(|next| *next > at)
}

fn block(bytes: &mut [u8], at: usize) -> Option<usize> {
    let (_, end) = itf8(bytes, at + 2)?;
    let (size, end) = itf8(bytes, end)?;
    let (_, end) = itf8(bytes, end)?;
    let end = end.checked_add(usize::try_from(size).ok()?)?;
    checksum(bytes, at, end)?;
    Some(end + 4)
}

fn checksum(bytes: &mut [u8], from: usize, to: usize) -> Option<()> {
    let sum = crc32fast::hash(bytes.get(from..to)?).to_le_bytes();
    bytes.get_mut(to..to + 4)?.copy_from_slice(&sum);
    Some(())
}

/// A number of one to five bytes: as many more bytes as the first has leading ones.
fn itf8(bytes: &[u8], at: usize) -> Option<(i32, usize)> {
    let first = u32::from(*bytes.get(at)?);
    let more = (first as u8).leading_ones().min(4) as usize;
    let rest = bytes.get(at + 1..=at + more)?;
    let value = if more == 4 {
        rest[..3].iter().fold(first & 0x0f, |n, b| n << 8 | u32::from(*b)) << 4 | u32::from(rest[3] & 0x0f)
    } else {
        rest.iter().fold(first & (0x7f >> more), |n, b| n << 8 | u32::from(*b))
    };
    Some((value as i32, at + 1 + more))
}

/// The end of a number of one to nine bytes.
fn ltf8(bytes: &[u8], at: usize) -> Option<usize> {
    Some(at + 1 + bytes.get(at)?.leading_ones() as usize)
}
