//! Reading a store: its facts, and alleles in order or at random.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Contigs, Fault, Result, fs};
use sha2::{Digest as _, Sha256};

use super::{
    block::{self, Block, MOST},
    bytes::{Damage, Input},
    column::Unpacker,
    field::{Field, Kind},
    key::{Code, Key},
    layout::{END, Entry, FORMAT, HEAD, MAGIC, TRAILER},
    map::Bytes,
    meta::Meta,
    regions::Assessed,
};

/// A store of alleles, open for reading; may be read from many threads, each with its own [`Cursor`].
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    bytes: Bytes,
    meta: Meta,
    contigs: Contigs,
    index: Vec<Entry>,
    assessed: Assessed,
}

const AGAIN: &str = "install it or build it again";

/// Whether a file is a store, by its first bytes.
pub fn is_store(path: impl AsRef<Path>) -> Result<bool> {
    let path = path.as_ref();
    let mut start = Vec::new();
    fs::open(path)?
        .take(MAGIC.len() as u64)
        .read_to_end(&mut start)
        .map_err(|e| Fault::io("read", path, e))?;
    Ok(start == MAGIC)
}

impl Store {
    /// Opens a store and checks all of it but the blocks, which are checked when they are read.
    ///
    /// Faults (input): not a store; another format, older or newer; cut short; damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = Bytes::open(path)?;
        let fault = |what: String| Fault::input(what).at(path);
        if !bytes.starts_with(&MAGIC) {
            return Err(fault("is not a store of alleles".to_owned())
                .hint("make one from a VCF or a table: clinotype data build"));
        }
        let short = || fault("is cut short".to_owned()).hint("copy, install or build it again");
        let mut head = Input(bytes.get(MAGIC.len()..HEAD).ok_or_else(short)?);
        let format = head.u32().map_err(|_| short())?;
        if format != FORMAT {
            let (age, hint) = if format > FORMAT {
                ("newer", "update Clinotype, or build the store again with this one")
            } else {
                ("older", "build it again from its sources: clinotype data build")
            };
            return Err(fault(format!(
                "is a store of format {format}, {age} than the format {FORMAT} of this program"
            ))
            .hint(hint));
        }
        if bytes.len() < HEAD + TRAILER || !bytes.ends_with(&END) {
            return Err(short());
        }
        let damaged = |d: Damage| fault(format!("is damaged: {}", d.0)).hint(AGAIN);
        let at = bytes.len() - TRAILER;
        let trailer = &bytes[at..];
        let parts = parts(&bytes[..at], trailer).map_err(damaged)?;
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        hash.update(&trailer[..48]);
        if hash.finalize()[..] != trailer[48..80] {
            return Err(damaged(Damage("its index and facts are not those of its digest")));
        }
        let [regions, index, facts] = parts;
        let assessed = Assessed::decode(regions).map_err(damaged)?;
        let meta: Meta = serde_json::from_slice(facts)
            .map_err(|e| fault(format!("is damaged: its facts cannot be read: {e}")).hint(AGAIN))?;
        check_fields(&meta.fields).map_err(damaged)?;
        let blocks_end = (at - regions.len() - index.len() - facts.len()) as u64;
        let index = read_index(index, &meta, blocks_end).map_err(damaged)?;
        Ok(Self {
            path: path.to_owned(),
            contigs: Contigs::new(meta.contigs.clone()),
            bytes,
            meta,
            index,
            assessed,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its facts.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The contigs of the reference that it was made on.
    pub fn contigs(&self) -> &Contigs {
        &self.contigs
    }

    /// Number of a contig by name, in any dialect. Lengths (hg19's chrM) are the caller's to compare.
    pub fn contig(&self, name: &str) -> Option<u32> {
        let found = self.contigs.resolve(name)?;
        self.contigs.index_of(&found.name).map(|n| n as u32)
    }

    /// Whether any record lies on a contig.
    pub fn has_contig(&self, contig: u32) -> bool {
        self.index.binary_search_by_key(&contig, |e| e.contig).is_ok()
    }

    /// The regions that the source assessed; empty where it does not say ([`Meta::assessed`]).
    pub fn assessed(&self) -> &Assessed {
        &self.assessed
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        self.index.len()
    }

    /// A reader of alleles and of the named fields; unknown names are passed over.
    pub fn cursor(&self, fields: &[&str]) -> Result<Cursor<'_>> {
        let mut wanted: Vec<bool> = self
            .meta
            .fields
            .iter()
            .map(|f| fields.contains(&f.name.as_str()))
            .collect();
        for (number, field) in self.meta.fields.iter().enumerate() {
            if wanted[number]
                && let Some((count, of)) = field.quotient
            {
                wanted[count] = true;
                wanted[of] = true;
            }
        }
        Ok(Cursor {
            store: self,
            wanted,
            unpacker: Unpacker::new().map_err(|e| Fault::io("read", &self.path, e))?,
            block: Block::default(),
            loaded: None,
            row: 0,
        })
    }

    /// A reader of every field.
    pub fn cursor_of_all(&self) -> Result<Cursor<'_>> {
        let names: Vec<&str> = self.meta.fields.iter().map(|f| f.name.as_str()).collect();
        self.cursor(&names)
    }

    /// Reads every block and checks it; the counts must be those of the facts.
    pub fn verify(&self) -> Result<()> {
        let mut cursor = self.cursor_of_all()?;
        let (mut alleles, mut last) = (0_u64, None);
        for number in 0..self.index.len() {
            cursor.load(number)?;
            let entry = &self.index[number];
            for (position, code) in cursor.block.positions.iter().zip(&cursor.block.codes) {
                let key = Key {
                    contig: entry.contig,
                    position: *position,
                    code: *code,
                };
                if last.is_some_and(|last| last > key) {
                    return Err(self.damaged(number, Damage("its records are not sorted")));
                }
                last = Some(key);
                alleles += u64::from(!code.is_site());
            }
        }
        if alleles == self.meta.counts.kept {
            return Ok(());
        }
        Err(Fault::input(format!(
            "is damaged: it holds {alleles} alleles, its facts say {}",
            self.meta.counts.kept
        ))
        .at(&self.path)
        .hint(AGAIN))
    }

    fn damaged(&self, number: usize, damage: Damage) -> Fault {
        let entry = &self.index[number];
        let contig = self.meta.contigs.get(entry.contig as usize);
        Fault::input(format!("block {} is damaged: {}", number + 1, damage.0))
            .at(&self.path)
            .locus(contig.map_or("", |c| c.name.as_str()), u64::from(entry.first))
            .hint(AGAIN)
    }
}

/// Regions, index and facts, which stand side by side before the trailer.
fn parts<'b>(bytes: &'b [u8], trailer: &[u8]) -> Result<[&'b [u8]; 3], Damage> {
    const IMPOSSIBLE: Damage = Damage("the places of its parts are impossible");
    let mut input = Input(trailer);
    let mut parts = [&bytes[..0]; 3];
    let mut end = None;
    for part in &mut parts {
        let number = |input: &mut Input<'_>| usize::try_from(input.u64()?).map_err(|_| IMPOSSIBLE);
        let (offset, length) = (number(&mut input)?, number(&mut input)?);
        if end.is_some_and(|end| end != offset) || offset < HEAD {
            return Err(IMPOSSIBLE);
        }
        let to = offset.checked_add(length).ok_or(IMPOSSIBLE)?;
        *part = bytes.get(offset..to).ok_or(IMPOSSIBLE)?;
        end = Some(to);
    }
    if end == Some(bytes.len()) {
        Ok(parts)
    } else {
        Err(IMPOSSIBLE)
    }
}

fn check_fields(fields: &[Field]) -> Result<(), Damage> {
    let counts = |n: usize| fields.get(n).is_some_and(|f| f.kind == Kind::Integer && !f.list);
    let good = fields.iter().enumerate().all(|(number, field)| {
        field.quotient.is_none_or(|(a, b)| counts(a) && counts(b))
            && !(field.list && matches!(field.kind, Kind::Text | Kind::Flag))
            && fields[..number].iter().all(|f| f.name != field.name)
    });
    if good {
        Ok(())
    } else {
        Err(Damage("its fields contradict each other"))
    }
}

fn read_index(bytes: &[u8], meta: &Meta, blocks_end: u64) -> Result<Vec<Entry>, Damage> {
    const IMPOSSIBLE: Damage = Damage("its index is impossible");
    if !bytes.len().is_multiple_of(Entry::SIZE) {
        return Err(IMPOSSIBLE);
    }
    let mut input = Input(bytes);
    let mut index: Vec<Entry> = Vec::with_capacity(bytes.len() / Entry::SIZE);
    let mut offset = HEAD as u64;
    while !input.0.is_empty() {
        let entry = Entry::read(&mut input)?;
        let after = index
            .last()
            .is_none_or(|before| (before.contig, before.last) <= (entry.contig, entry.first));
        if !after
            || entry.offset != offset
            || entry.first > entry.last
            || entry.records == 0
            || entry.records as usize > MOST
            || entry.contig as usize >= meta.contigs.len()
        {
            return Err(IMPOSSIBLE);
        }
        offset += u64::from(entry.length);
        index.push(entry);
    }
    if offset == blocks_end {
        Ok(index)
    } else {
        Err(IMPOSSIBLE)
    }
}

/// A place in a store. Look-ups that come sorted go through each block once; any other order works, too.
pub struct Cursor<'s> {
    store: &'s Store,
    wanted: Vec<bool>,
    unpacker: Unpacker,
    block: Block,
    loaded: Option<usize>,
    row: usize,
}

impl std::fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor")
            .field("store", &self.store.path)
            .finish_non_exhaustive()
    }
}

impl Cursor<'_> {
    /// Makes a block the loaded one.
    fn load(&mut self, number: usize) -> Result<()> {
        if self.loaded == Some(number) {
            return Ok(());
        }
        self.loaded = None;
        self.row = 0;
        let store = self.store;
        let entry = &store.index[number];
        let damaged = |d| store.damaged(number, d);
        let from = usize::try_from(entry.offset).map_err(|_| damaged(Damage("its place is impossible")))?;
        let bytes = &store.bytes[from..from + entry.length as usize];
        if crc32fast::hash(bytes) != entry.crc {
            return Err(damaged(Damage("its bytes are not those of its checksum")));
        }
        let block = block::decode(bytes, &store.meta.fields, &self.wanted, &mut self.unpacker).map_err(damaged)?;
        if block.positions.len() != entry.records as usize
            || block.positions.first() != Some(&entry.first)
            || block.positions.last() != Some(&entry.last)
        {
            return Err(damaged(Damage("it is not the block of the index")));
        }
        self.block = block;
        self.loaded = Some(number);
        Ok(())
    }

    /// Goes to the first record that is not before a key; false where it lies behind the end of its contig, or far
    /// behind the key. No block is read without need.
    fn seek(&mut self, key: Key) -> Result<bool> {
        let at = (key.position, key.code);
        if let Some(number) = self.loaded
            && self.store.index[number].contig == key.contig
            && key.position <= self.store.index[number].last
            && self.row_key(0) <= at
        {
            return self.settle(number, at);
        }
        let index = &self.store.index;
        let number = index.partition_point(|e| (e.contig, e.last) < (key.contig, key.position));
        match index.get(number) {
            Some(entry) if entry.contig == key.contig && entry.first <= key.position => {
                self.load(number)?;
                self.settle(number, at)
            }
            _ => Ok(false),
        }
    }

    fn row_key(&self, row: usize) -> (u32, Code) {
        (self.block.positions[row], self.block.codes[row])
    }

    /// Finds the row in the loaded block, else in the ones after it that begin at the same position.
    fn settle(&mut self, mut number: usize, at: (u32, Code)) -> Result<bool> {
        loop {
            let rows = self.block.positions.len();
            // Sorted look-ups move forwards by little: the step doubles until it is too far.
            let mut low = if self.row < rows && self.row_key(self.row) < at {
                self.row
            } else {
                0
            };
            if self.row < rows && self.row_key(self.row) >= at && (self.row == 0 || self.row_key(self.row - 1) < at) {
                return Ok(true);
            }
            let mut step = 1;
            while low + step < rows && self.row_key(low + step) < at {
                low += step;
                step *= 2;
            }
            let mut high = (low + step).min(rows);
            while low < high {
                let middle = usize::midpoint(low, high);
                if self.row_key(middle) < at {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            self.row = low;
            if low < rows {
                return Ok(true);
            }
            number += 1;
            let next = self.store.index.get(number);
            let contig = self.store.index[number - 1].contig;
            if !next.is_some_and(|e| e.contig == contig && e.first <= at.0) {
                return Ok(false);
            }
            self.load(number)?;
        }
    }

    /// The record of an allele: contig as its number in the store, 1-based position, REF and ALT in upper case,
    /// normalised.
    pub fn find(&mut self, contig: u32, position: u32, reference: &[u8], alternate: &[u8]) -> Result<Option<Hit<'_>>> {
        let code = Code::of(reference, alternate);
        let mut more = self.seek(Key { contig, position, code })?;
        while more && self.row_key(self.row) == (position, code) {
            if !code.is_long()
                || self
                    .block
                    .bases(self.row)
                    .is_some_and(|(r, a)| r == reference && a == alternate)
            {
                return Ok(Some(Hit { cursor: self }));
            }
            more = self.advance()?;
        }
        Ok(None)
    }

    /// Whether the loaded record is followed by one on its contig.
    fn advance(&mut self) -> Result<bool> {
        let Some(number) = self.loaded else { return Ok(false) };
        if self.row + 1 < self.block.positions.len() {
            self.row += 1;
            return Ok(true);
        }
        let contig = self.store.index[number].contig;
        if self.store.index.get(number + 1).is_none_or(|e| e.contig != contig) {
            return Ok(false);
        }
        self.load(number + 1)?;
        Ok(true)
    }

    /// Gives every record at a 1-based position to `each`, sites first.
    pub fn at(&mut self, contig: u32, position: u32, mut each: impl FnMut(&Hit<'_>) -> Result<()>) -> Result<()> {
        let code = Code::SITE;
        let mut more = self.seek(Key { contig, position, code })?;
        while more && self.block.positions[self.row] == position {
            each(&Hit { cursor: self })?;
            more = self.advance()?;
        }
        Ok(())
    }
}

/// A record that was found.
#[derive(Debug)]
pub struct Hit<'c> {
    cursor: &'c Cursor<'c>,
}

impl Hit<'_> {
    /// REF and ALT; `None` for a site without an allele.
    pub fn bases(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        self.cursor.block.bases(self.cursor.row)
    }
    /// Whether normalisation took the allele away from its place in the source.
    pub fn is_moved(&self) -> bool {
        self.cursor.block.is_moved(self.cursor.row)
    }
    /// An integer (1 or 0 for a flag); `None` where it is missing, or the field is none of integers.
    pub fn integer(&self, field: usize) -> Option<i64> {
        self.cursor.block.integer(field, self.cursor.row)
    }
    /// A value as the source wrote it: integers and floats digit by digit, lists with commas, a set flag as an empty
    /// text. `None` where it is missing or was not asked for.
    pub fn text(&self, field: usize) -> Option<String> {
        self.cursor
            .block
            .text(&self.cursor.store.meta.fields, field, self.cursor.row)
    }
    /// A float.
    pub fn float(&self, field: usize) -> Option<f64> {
        self.text(field)?.parse().ok()
    }
}
