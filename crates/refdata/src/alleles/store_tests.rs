//! Stores written and read again, whole and damaged.

use std::collections::BTreeMap;

use clinotype_genome::{Build, Contig, FaultKind, fs};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;

fn meta(fields: Vec<Field>, kept: u64) -> Meta {
    let contig = |name: &str| Contig {
        name: name.to_owned(),
        length: 1_000_000,
    };
    Meta {
        name: "test".to_owned(),
        release: Some("1".to_owned()),
        date: None,
        licence: Some("CC0".to_owned()),
        build: Build::Grch38,
        proof: "made up".to_owned(),
        contigs: vec![contig("chr1"), contig("chr2")],
        fields,
        sources: Vec::new(),
        counts: Counts {
            kept,
            alleles: kept,
            ..Counts::default()
        },
        duplicates: "first".to_owned(),
        synthetic: false,
        assessed: false,
        made_by: "test".to_owned(),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = vec![
        Field::new("AC", Kind::Integer, "count"),
        Field::new("AN", Kind::Integer, "number"),
        Field::new("AF", Kind::Float, "frequency"),
        Field::new("SIG", Kind::Text, "significance"),
        Field::new("DB", Kind::Flag, "known"),
        Field {
            list: true,
            ..Field::new("L", Kind::Integer, "list")
        },
        Field {
            list: true,
            ..Field::new("LF", Kind::Float, "list")
        },
    ];
    find_quotients(&mut fields);
    fields
}

type Record = (u32, u32, String, String, Vec<Option<String>>);

fn sorted(records: Vec<Record>) -> Vec<Record> {
    let unique: BTreeMap<_, _> = records
        .into_iter()
        .map(|r| {
            let key = Key {
                contig: r.0,
                position: r.1,
                code: if r.2.is_empty() {
                    Code::SITE
                } else {
                    Code::of(r.2.as_bytes(), r.3.as_bytes())
                },
            };
            ((key, r.2.clone(), r.3.clone()), r)
        })
        .collect();
    unique.into_values().collect()
}

fn write(path: &std::path::Path, records: &[Record], assessed: &Assessed) {
    let mut writer = StoreWriter::create(path, &fields()).unwrap();
    let mut kept = 0;
    for (contig, position, r, a, values) in records {
        let code = if r.is_empty() {
            Code::SITE
        } else {
            kept += 1;
            Code::of(r.as_bytes(), a.as_bytes())
        };
        let key = Key {
            contig: *contig,
            position: *position,
            code,
        };
        writer
            .add(
                key,
                (r.as_bytes(), a.as_bytes()),
                position % 7 == 0,
                values.iter().map(Option::as_deref),
            )
            .unwrap();
    }
    writer.finish(&meta(fields(), kept), assessed).unwrap();
}

fn allele() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[ACGT]",
        2 => "[ACGT]{1,12}",
        1 => "[ACGTN]{14,80}",
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let number = |most: i64| proptest::option::weighted(0.8, (0..most).prop_map(|n: i64| n.to_string()));
    (
        0..2_u32,
        prop_oneof![1..40_u32, 1..900_000_u32],
        allele(),
        allele(),
        (
            number(100),
            number(10_000),
            0..4_u8,
            proptest::option::of("[a-z_,|]{0,9}"),
            any::<bool>(),
            proptest::option::of("(-?[1-9][0-9]{0,3}|\\.)(,(-?[1-9][0-9]{0,3}|\\.)){0,3}"),
            proptest::option::of("([0-9]\\.[0-9]{1,3}|\\.)(,[0-9]e-0[0-9]){0,3}"),
        ),
    )
        .prop_map(|(contig, position, r, a, (ac, an, af, sig, flag, list, floats))| {
            let quotient = ac
                .as_ref()
                .zip(an.as_ref())
                .and_then(|(c, n)| decimal::Style(0).quotient(c.parse().unwrap(), n.parse().unwrap()));
            let af = match af {
                0 => None,
                1 => Some("0.50".to_owned()),
                _ => quotient,
            };
            let values = vec![ac, an, af, sig, flag.then(String::new), list, floats];
            (contig, position, r, a, values)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn what_is_written_is_found(records in proptest::collection::vec(record(), 1..3500), order in any::<u64>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.cta");
        let records = sorted(records);
        write(&path, &records, &Assessed::default());
        let store = Store::open(&path).unwrap();
        store.verify().unwrap();
        prop_assert!(is_store(&path).unwrap());
        let mut cursor = store.cursor_of_all().unwrap();
        let mut check = |record: &Record| {
            let (contig, position, r, a, values) = record;
            let hit = cursor.find(*contig, *position, r.as_bytes(), a.as_bytes()).unwrap();
            let hit = hit.unwrap_or_else(|| panic!("{record:?}"));
            assert_eq!(hit.bases(), Some((r.clone().into_bytes(), a.clone().into_bytes())));
            assert_eq!(hit.is_moved(), position % 7 == 0);
            for (number, value) in values.iter().enumerate() {
                assert_eq!(&hit.text(number), value, "field {number} of {record:?}");
            }
        };
        records.iter().for_each(&mut check);
        // Any order: by a walk that meets every record.
        let count = records.len() as u64;
        let mut at = order % count;
        for _ in 0..count.min(300) {
            check(&records[at as usize]);
            at = (at + order % 7919 + 1) % count;
        }
        // What is not there is not found.
        let all: std::collections::HashSet<(u32, u32, &str, &str)> =
            records.iter().map(|x| (x.0, x.1, x.2.as_str(), x.3.as_str())).collect();
        for (contig, position, r, a, _) in records.iter().step_by(5) {
            for (p, r, a) in [(position + 1, r.clone(), a.clone()), (*position, format!("{r}A"), format!("{a}C"))] {
                let there = all.contains(&(*contig, p, r.as_str(), a.as_str()));
                let found = cursor.find(*contig, p, r.as_bytes(), a.as_bytes()).unwrap().is_some();
                prop_assert_eq!(found, there);
            }
        }
    }
}

fn some_records() -> Vec<Record> {
    let mut records = Vec::new();
    for n in 0..5000_u32 {
        let text = |n: u32| Some(n.to_string());
        let values = vec![
            text(n % 9),
            text(1000 + n % 3),
            None,
            Some(format!("s{}", n % 5)),
            None,
            None,
            None,
        ];
        records.push((
            n / 3000,
            1 + n % 3000 / 4,
            "A".to_owned(),
            "CGTTG"[..=n as usize % 4].to_owned(),
            values,
        ));
    }
    records.push((1, 1, String::new(), String::new(), vec![None; 7]));
    sorted(records)
}

#[test]
fn all_records_of_a_position_across_blocks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.cta");
    let records: Vec<Record> = (0..5000_u32)
        .map(|n| {
            let alternate: String = (0..13)
                .map(|i| char::from(b"ACGT"[(n >> (2 * (i % 7))) as usize % 4]))
                .collect();
            (0, 17, "A".to_owned(), alternate[..7].to_owned(), vec![None; 7])
        })
        .collect();
    let records = sorted(records);
    assert!(records.len() > 4096, "three blocks");
    write(&path, &records, &Assessed::default());
    let store = Store::open(&path).unwrap();
    let mut cursor = store.cursor(&[]).unwrap();
    let mut found = 0;
    cursor
        .at(0, 17, |hit| {
            found += usize::from(hit.bases().is_some());
            Ok(())
        })
        .unwrap();
    assert_eq!(found, records.len());
    for record in records.iter().rev().step_by(7) {
        assert!(cursor.find(0, 17, b"A", record.3.as_bytes()).unwrap().is_some());
    }
    assert!(cursor.find(1, 17, b"A", b"C").unwrap().is_none());
    assert!(!store.has_contig(1) && store.has_contig(0));
}

#[test]
fn every_damage_is_a_fault_of_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.cta");
    let records = some_records();
    let assessed = Assessed::sum(2, &[(vec![(0, 5, 50)], 4)]);
    write(&path, &records, &assessed);
    let good = fs::read(&path).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(store.assessed(), &assessed);
    assert_eq!(
        (store.contig("1"), store.contig("chr2"), store.contig("3")),
        (Some(0), Some(1), None)
    );
    store.verify().unwrap();
    drop(store);
    let bad = folder.path().join("bad.cta");
    let fault = |bytes: &[u8]| {
        fs::write_atomic(&bad, bytes).unwrap();
        let fault = Store::open(&bad).and_then(|s| s.verify()).unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Input, "{fault}");
        assert!(fault.advice().is_some(), "{fault}");
        fault.to_string()
    };
    assert!(fault(b"##fileformat=VCFv4.3\n").contains("is not a store"));
    assert!(fault(b"").contains("is not a store"));
    for cut in (8..good.len()).step_by(173).chain(good.len() - 100..good.len()) {
        let words = fault(&good[..cut]);
        assert!(words.contains("is cut short"), "{cut}: {words}");
    }
    // Every byte counts: the four after the format are the only ones that mean nothing.
    for at in (0..good.len())
        .step_by(61)
        .chain(good.len() - 90..good.len())
        .filter(|at| !(12..16).contains(at))
    {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fault(&bytes);
    }
    for (format, words) in [(0_u32, "older"), (2, "newer")] {
        let mut bytes = good.clone();
        bytes[8..12].copy_from_slice(&format.to_le_bytes());
        assert!(fault(&bytes).contains(words));
    }
    // A block whose checksum was made anew is still checked on its own.
    let mut bytes = good.clone();
    let trailer = bytes.len() - layout::TRAILER;
    let number = |bytes: &[u8], at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let index = number(&bytes, trailer + 16);
    let (offset, length) = (
        number(&bytes, index + 16),
        u32::from_le_bytes(bytes[index + 24..index + 28].try_into().unwrap()),
    );
    for at in (0..length as usize).step_by(29) {
        let mut bytes = bytes.clone();
        bytes[offset + at] ^= 0x41;
        let crc = crc32fast::hash(&bytes[offset..offset + length as usize]);
        bytes[index + 28..index + 32].copy_from_slice(&crc.to_le_bytes());
        let regions = number(&bytes, trailer);
        let mut hash = Sha256::new();
        hash.update(&bytes[regions..trailer + 48]);
        let digest = hash.finalize();
        bytes[trailer + 48..trailer + 80].copy_from_slice(&digest);
        fs::write_atomic(&bad, &bytes).unwrap();
        // It may still be a block, of other values; it must not be a panic.
        if let Err(fault) = Store::open(&bad).and_then(|s| s.verify()) {
            assert_eq!(fault.kind(), FaultKind::Input, "{fault}");
        }
    }
    bytes.clear();
}

#[test]
fn order_is_the_writers_duty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.cta");
    let mut writer = StoreWriter::create(&path, &[]).unwrap();
    let key = |position| Key {
        contig: 0,
        position,
        code: Code::of(b"A", b"C"),
    };
    writer.add(key(5), (b"A", b"C"), false, std::iter::empty()).unwrap();
    assert!(writer.add(key(5), (b"A", b"C"), false, std::iter::empty()).is_err());
    drop(writer);
    assert!(!path.exists());
}
