#![no_main]
//! A store of alleles. The checksums of the input are made anew, so that the decoders behind them are reached; every
//! third input is taken as it is.

use clinotype_fuzz::{Place, begin, judge};
use clinotype_genome::Build;
use clinotype_refdata::alleles::{
    Assessed, Code, Counts, Field, Key, Kind, Meta, Store, StoreWriter, find_quotients,
};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

const TRAILER: usize = 88;
/// Bytes of an entry of the index; its offset, length and checksum stand at 16, 24 and 28.
const ENTRY: usize = 36;

fn seed(records: u32) -> Vec<u8> {
    let place = Place::get();
    let path = place.path("seed.cta");
    let mut fields = vec![
        Field::new("AC", Kind::Integer, "c"),
        Field::new("AN", Kind::Integer, "n"),
        Field::new("AF", Kind::Float, "f"),
        Field::new("SIG", Kind::Text, "s"),
        Field::new("DB", Kind::Flag, "d"),
        Field {
            list: true,
            ..Field::new("L", Kind::Integer, "l")
        },
    ];
    find_quotients(&mut fields);
    let mut writer = StoreWriter::create(&path, &fields).expect("a writable folder");
    let long = "ACGT".repeat(9);
    for number in 0..records {
        let alternate = if number % 7 == 3 { long.as_str() } else { "C" };
        let key = Key {
            contig: number / (records / 2 + 1),
            position: 10 + number,
            code: Code::of(b"A", alternate.as_bytes()),
        };
        let (count, frequency) = (number % 5, format!("{:.5e}", f64::from(number % 5) / 10.0));
        let (count, frequency) = (count.to_string(), frequency.replace("e-1", "e-01").replace("e0", "e+00"));
        let values = [
            Some(count.as_str()),
            (number % 3 > 0).then_some("10"),
            Some(frequency.as_str()),
            (number % 2 > 0).then_some("Benign"),
            (number % 4 > 0).then_some(""),
            Some("1,.,3"),
        ];
        writer
            .add(key, (b"A", alternate.as_bytes()), number % 6 == 0, values.into_iter())
            .expect("the records are sorted");
    }
    let meta = Meta {
        name: "seed".to_owned(),
        release: None,
        date: None,
        licence: None,
        build: Build::Grch38,
        proof: String::new(),
        contigs: place.reference.contigs().iter().cloned().collect(),
        fields,
        sources: Vec::new(),
        counts: Counts {
            alleles: u64::from(records),
            kept: u64::from(records),
            ..Counts::default()
        },
        duplicates: String::new(),
        synthetic: true,
        assessed: true,
        made_by: String::new(),
    };
    let assessed = Assessed::sum(2, &[(vec![(0, 5, 50), (1, 3, 9)], 4)]);
    writer.finish(&meta, &assessed).expect("a writable folder");
    std::fs::read(&path).expect("the store stands")
}

/// Makes the checksums of blocks, index and facts anew where their places are possible.
fn mend(bytes: &mut [u8]) -> Option<()> {
    let at = bytes.len().checked_sub(TRAILER)?;
    let number = |bytes: &[u8], at: usize| -> Option<usize> {
        let bytes: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    };
    let (index, length) = (number(bytes, at + 16)?, number(bytes, at + 24)?);
    let end = index.checked_add(length).filter(|end| *end <= at)?;
    for entry in (index..end).step_by(ENTRY).filter(|e| e + ENTRY <= end) {
        let offset = number(bytes, entry + 16)?;
        let length = u32::from_le_bytes(bytes[entry + 24..entry + 28].try_into().ok()?) as usize;
        let Some(block) = offset.checked_add(length).and_then(|to| bytes.get(offset..to)) else {
            continue;
        };
        let checksum = crc32fast::hash(block);
        bytes[entry + 28..entry + 32].copy_from_slice(&checksum.to_le_bytes());
    }
    let regions = number(bytes, at).filter(|r| *r <= at)?;
    let digest = Sha256::digest(&bytes[regions..at + 48]);
    bytes[at + 48..at + 80].copy_from_slice(&digest);
    Some(())
}

fuzz_target!(init: begin(|| vec![seed(40), seed(3), seed(0)]), |data: &[u8]| {
    let place = Place::get();
    let mut bytes = data.to_vec();
    if bytes.len() % 3 > 0 {
        mend(&mut bytes);
    }
    let path = place.write("s.cta", &bytes);
    let Some(store) = judge(Store::open(&path), &[]) else { return };
    judge(store.verify(), &[]);
    let Some(mut cursor) = judge(store.cursor_of_all(), &[]) else { return };
    for contig in 0..3 {
        for position in [0, 10, 11, 13, 30, u32::MAX] {
            for alternate in ["C", "ACGTACGTACGTACGTACGTACGTACGTACGTACGT"] {
                if let Some(Some(hit)) = judge(cursor.find(contig, position, b"A", alternate.as_bytes()), &[]) {
                    assert_eq!(hit.bases(), Some((b"A".to_vec(), alternate.as_bytes().to_vec())));
                    for field in 0..store.meta().fields.len() {
                        let _ = (hit.text(field), hit.integer(field));
                    }
                }
            }
            judge(cursor.at(contig, position, |hit| {
                let _ = hit.bases();
                Ok(())
            }), &[]);
            let _ = store.assessed().at(contig, position);
        }
    }
});
