//! Numbers, blocks and containers of CRAM 3.0 (CRAM format specification 3.0, sections 2.3, 7 and 8).

use std::io::Write as _;

use clinotype_genome::{Fault, Result};
use flate2::{Compression, GzBuilder};

/// gzip level of the blocks, as samtools uses.
const LEVEL: u32 = 6;

/// Kinds of blocks.
pub(super) const FILE_HEADER: u8 = 0;
pub(super) const COMPRESSION_HEADER: u8 = 1;
pub(super) const SLICE_HEADER: u8 = 2;
pub(super) const EXTERNAL: u8 = 4;
pub(super) const CORE: u8 = 5;

/// The container that ends every CRAM 3 (section 9).
pub(super) const END_OF_FILE: [u8; 38] = [
    0x0f, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0xe0, 0x45, 0x4f, 0x46, 0, 0, 0, 0, 1, 0, 5, 0xbd, 0xd9, 0x4f, 0, 1,
    0, 6, 6, 1, 0, 1, 0, 1, 0, 0xee, 0x63, 1, 0x4b,
];

/// ITF8: a 32-bit number in one to five bytes, the number of further bytes told by the leading ones.
pub(super) fn itf8(value: i32, out: &mut Vec<u8>) {
    let n = value as u32;
    match n {
        0..0x80 => out.push(n as u8),
        0x80..0x4000 => out.extend_from_slice(&[(n >> 8) as u8 | 0x80, n as u8]),
        0x4000..0x20_0000 => out.extend_from_slice(&[(n >> 16) as u8 | 0xc0, (n >> 8) as u8, n as u8]),
        0x20_0000..0x1000_0000 => {
            out.extend_from_slice(&[(n >> 24) as u8 | 0xe0, (n >> 16) as u8, (n >> 8) as u8, n as u8]);
        }
        _ => out.extend_from_slice(&[
            (n >> 28) as u8 | 0xf0,
            (n >> 20) as u8,
            (n >> 12) as u8,
            (n >> 4) as u8,
            n as u8 & 15,
        ]),
    }
}

/// LTF8: the same for 64 bits, in one to nine bytes.
pub(super) fn ltf8(value: u64, out: &mut Vec<u8>) {
    // With k further bytes, 7 - k bits are left in the first one.
    let further = (0..8).find(|k| *k == 8 || value < 1 << (7 * (k + 1))).unwrap_or(8);
    let first = !(0xff_u32 >> further) as u8;
    let high = if further < 8 { (value >> (8 * further)) as u8 } else { 0 };
    out.push(first | high);
    for k in (0..further).rev() {
        out.push((value >> (8 * k)) as u8);
    }
}

/// Appends a block with its checksum; gzip where that makes it smaller.
pub(super) fn block(kind: u8, id: i32, bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let packed = if bytes.len() > 64 && kind == EXTERNAL || kind == FILE_HEADER {
        // The time of a gzip header stays zero, so that the same lines give the same bytes.
        let mut writer = GzBuilder::new().write(Vec::new(), Compression::new(LEVEL));
        writer
            .write_all(bytes)
            .and_then(|()| writer.finish())
            .ok()
            .filter(|packed| packed.len() < bytes.len())
    } else {
        None
    };
    let content = packed.as_deref().unwrap_or(bytes);
    let start = out.len();
    out.extend_from_slice(&[u8::from(packed.is_some()), kind]);
    itf8(id, out);
    for size in [content.len(), bytes.len()] {
        itf8(
            i32::try_from(size).map_err(|_| Fault::internal("a block of a CRAM is too large"))?,
            out,
        );
    }
    out.extend_from_slice(content);
    let checksum = crc32fast::hash(&out[start..]);
    out.extend_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// What the header of a container says.
#[derive(Default)]
pub(super) struct ContainerHeader {
    /// Contig, -1 for lines without a place.
    pub(super) contig: i32,
    /// 1-based first position, and number of positions.
    pub(super) start: i32,
    pub(super) span: i32,
    pub(super) lines: i32,
    /// Lines of the file before this container.
    pub(super) before: u64,
    pub(super) bases: u64,
    pub(super) blocks: i32,
    /// Where the slices begin, after this header.
    pub(super) landmarks: Vec<i32>,
}

/// Appends a container of these blocks.
pub(super) fn container(header: &ContainerHeader, blocks: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let size = i32::try_from(blocks.len()).map_err(|_| Fault::internal("a container of a CRAM is too large"))?;
    let start = out.len();
    out.extend_from_slice(&size.to_le_bytes());
    for value in [header.contig, header.start, header.span, header.lines] {
        itf8(value, out);
    }
    ltf8(header.before, out);
    ltf8(header.bases, out);
    itf8(header.blocks, out);
    itf8(header.landmarks.len() as i32, out);
    for landmark in &header.landmarks {
        itf8(*landmark, out);
    }
    let checksum = crc32fast::hash(&out[start..]);
    out.extend_from_slice(&checksum.to_le_bytes());
    out.extend_from_slice(blocks);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_specification() {
        for (value, bytes) in [
            (0, &[0][..]),
            (127, &[0x7f]),
            (128, &[0x80, 0x80]),
            (0x3fff, &[0xbf, 0xff]),
            (0x4000, &[0xc0, 0x40, 0]),
            (0x1f_ffff, &[0xdf, 0xff, 0xff]),
            (0x0fff_ffff, &[0xef, 0xff, 0xff, 0xff]),
            (0x1000_0000, &[0xf1, 0, 0, 0, 0]),
            (-1, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            let mut out = Vec::new();
            itf8(value, &mut out);
            assert_eq!(out, bytes, "{value}");
        }
        for (value, bytes) in [
            (0, &[0][..]),
            (127, &[0x7f]),
            (128, &[0x80, 0x80]),
            (1 << 14, &[0xc0, 0x40, 0]),
            ((1 << 49) - 1, &[0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            (1 << 49, &[0xfe, 2, 0, 0, 0, 0, 0, 0]),
            (1 << 56, &[0xff, 1, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            let mut out = Vec::new();
            ltf8(value, &mut out);
            assert_eq!(out, bytes, "{value}");
        }
    }
}
