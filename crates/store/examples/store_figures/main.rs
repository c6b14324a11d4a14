//! `store_figures N [folder]`: figures of a store with N made-up variants. Build it with `--release`.

#![allow(missing_docs, unreachable_pub, reason = "a program, not a library")]

mod rows;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use clinotype_case::{Sex, evidence::Zygosity};
use clinotype_genome::Silent;
use clinotype_store::{
    Act, ClinvarBucket, Effect, FrequencyStep, Kind, NewCase, NewRun, NewUser, Opened, Quality, Region, Role, Store,
    StoreOptions, Unlock, VariantFilters, VariantQuery, VariantSort,
};
use jiff::Timestamp;
use rows::Dice;
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const PASSPHRASE: &str = "figures of a store";

fn open(folder: &Path, cache_mib: u32) -> Result<(Opened, Duration), Failure> {
    let options = StoreOptions {
        cache_mib,
        ..StoreOptions::default()
    };
    let start = Instant::now();
    let unlock = Unlock::Passphrase {
        user_id: "ada",
        passphrase: PASSPHRASE,
    };
    let opened = Store::open(folder, unlock, options, Timestamp::UNIX_EPOCH)?;
    Ok((opened, start.elapsed()))
}

fn some<T: Copy>(dice: &mut Dice, all: &[T], often: u64) -> Option<Vec<T>> {
    if dice.below(often) != 0 {
        return None;
    }
    let picked: Vec<T> = all.iter().copied().filter(|_| dice.below(2) == 0).collect();
    (!picked.is_empty()).then_some(picked)
}

fn filters(dice: &mut Dice) -> VariantFilters {
    VariantFilters {
        quality: some(dice, Quality::ALL, 2),
        region: some(dice, Region::ALL, 3),
        effect: some(dice, Effect::ALL, 2),
        frequency: some(dice, FrequencyStep::ALL, 2),
        clinvar: some(dice, ClinvarBucket::ALL, 4),
        zygosity: some(dice, &[Zygosity::Heterozygous, Zygosity::Homozygous], 4),
        kind: some(dice, Kind::ALL, 4),
        search: match dice.below(8) {
            0 => Some(format!("GENE{}", dice.below(2000))),
            1 => Some(format!(
                "chr{}:1,000,000-{}",
                1 + dice.below(22),
                2_000_000 + dice.below(90_000_000)
            )),
            2 => Some(format!("c.{}+{}A>G", dice.below(6000), dice.below(40_000))),
            _ => None,
        },
        keep_clinvar_pathogenic: dice.below(2) == 0,
        ..VariantFilters::default()
    }
}

const SORTS: [VariantSort; 7] = [
    VariantSort::Priority,
    VariantSort::Position,
    VariantSort::Gene,
    VariantSort::Frequency,
    VariantSort::Depth,
    VariantSort::Quality,
    VariantSort::Class,
];

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    format!(
        "p50 {:.1} ms, p95 {:.1} ms, max {:.1} ms (n = {})",
        at(0.5),
        at(0.95),
        at(1.0),
        times.len()
    )
}

/// Filter changes in one order until it is changed now and then, as a person does.
fn measure(store: &Store, run: Uuid, count: usize, seed: u64, deep: bool) -> Result<Vec<Duration>, Failure> {
    let mut dice = Dice(seed);
    let mut sort = VariantSort::Priority;
    let mut times = Vec::with_capacity(count);
    for n in 0..count {
        if n % 10 == 9 {
            sort = SORTS[dice.below(7) as usize];
        }
        let mut query = VariantQuery {
            sort,
            descending: dice.below(3) == 0,
            limit: 100,
            ..VariantQuery::default()
        };
        if deep {
            query.filters.quality = Some(vec![Quality::Pass]);
            query.offset = dice.below(4_500_000);
        } else {
            query.filters = filters(&mut dice);
        }
        let start = Instant::now();
        store.query_variants(run, &query)?;
        times.push(start.elapsed());
    }
    Ok(times)
}

fn folder_bytes(folder: &Path) -> Result<u64, Failure> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let meta = entry?.metadata()?;
        sum += if meta.is_file() { meta.len() } else { 0 };
    }
    Ok(sum)
}

/// The same rows, plain: what encryption and the columns cost.
fn plain_insert(folder: &Path, count: u64) -> Result<f64, Failure> {
    let connection = rusqlite::Connection::open(folder.join("plain.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE v (id INTEGER PRIMARY KEY, contig TEXT, \
         pos INTEGER, ref TEXT, alt TEXT, gt TEXT, qual REAL, dp INTEGER, ad INTEGER, gq INTEGER, gene TEXT, tx TEXT, \
         c TEXT, p TEXT, term TEXT, af REAL) STRICT;",
    )?;
    let start = Instant::now();
    let mut rows = rows::rows(count, 7).peekable();
    while rows.peek().is_some() {
        connection.execute_batch("BEGIN")?;
        let mut insert = connection.prepare_cached(
            "INSERT INTO v (contig, pos, ref, alt, gt, qual, dp, ad, gq, gene, tx, c, p, term) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        )?;
        for row in rows.by_ref().take(65_536) {
            let row = row?;
            insert.execute(rusqlite::params![
                row.key.contig,
                row.key.position.get(),
                row.key.reference,
                row.key.alternate,
                row.genotype,
                row.qual,
                row.depth,
                row.alternate_depth,
                row.genotype_quality,
                row.gene,
                row.transcript,
                row.hgvs_c,
                row.hgvs_p,
                row.term
            ])?;
        }
        drop(insert);
        connection.execute_batch("COMMIT")?;
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let count: u64 = words.next().as_deref().unwrap_or("100000").parse()?;
    let root = tempfile::tempdir()?;
    let folder = words.next().map_or_else(|| root.path().join("S"), Into::into);
    let first = NewUser {
        user_id: "ada".to_owned(),
        name: "Ada".to_owned(),
        role: Role::Admin,
    };
    let (opened, _) = Store::create(
        &folder,
        &first,
        PASSPHRASE,
        StoreOptions::default(),
        Timestamp::UNIX_EPOCH,
    )?;
    let (store, act) = (opened.store, Act::new(&opened.user.actor(), Timestamp::UNIX_EPOCH));
    let new = NewCase {
        sample: "S-1".parse()?,
        sex: Sex::Female,
        order: None,
        demo: false,
        notes: String::new(),
    };
    let case = store.create_case(&act, &new)?.id;
    let run = store
        .queue_run(
            &act,
            &NewRun {
                case,
                options: serde_json::Value::Null,
            },
        )?
        .id;

    let start = Instant::now();
    rows::rows(count, 7).for_each(drop);
    let making = start.elapsed();
    let start = Instant::now();
    let imported = store.import_variants(&act, run, &mut rows::rows(count, 7), count, &Silent)?;
    let took = start.elapsed().saturating_sub(making).as_secs_f64();
    println!(
        "insert: {:.0} variants/s ({took:.1} s), {} combinations of facets",
        count as f64 / took,
        imported.cells
    );
    println!(
        "plain SQLite, one table, no columns: {:.0} variants/s (making the rows included)",
        plain_insert(root.path(), count)?
    );
    store.close()?;
    println!(
        "bytes per variant, everything included: {:.1}",
        folder_bytes(&folder)? as f64 / count as f64
    );

    for cache in [2, 64, 256] {
        let (opened, unlock) = open(&folder, cache)?;
        let store = opened.store;
        let start = Instant::now();
        store.case(&act, case)?;
        store.files(case)?;
        store.findings(run)?;
        let records = start.elapsed();
        let start = Instant::now();
        store.query_variants(
            run,
            &VariantQuery {
                limit: 100,
                ..VariantQuery::default()
            },
        )?;
        let window = start.elapsed();
        println!(
            "cache {cache} MiB: unlock {:.0} ms; open case {:.1} ms + first window {:.1} ms",
            unlock.as_secs_f64() * 1e3,
            records.as_secs_f64() * 1e3,
            window.as_secs_f64() * 1e3
        );
        println!(
            "  filter change to first rows, cold: {}",
            spread(measure(&store, run, 300, 1, false)?)
        );
        println!(
            "  filter change to first rows, warm: {}",
            spread(measure(&store, run, 300, 1, false)?)
        );
        println!("  deep scroll: {}", spread(measure(&store, run, 200, 2, true)?));
        store.close()?;
    }
    let (opened, _) = open(&folder, 64)?;
    let start = Instant::now();
    let verdict = opened.store.verify_audit()?;
    println!(
        "audit verify: {} rows in {:.1} ms, sound: {}",
        verdict.rows,
        start.elapsed().as_secs_f64() * 1e3,
        verdict.is_sound()
    );
    let start = Instant::now();
    opened.store.remove_variants(&act, run)?;
    println!("remove the run's variants: {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
