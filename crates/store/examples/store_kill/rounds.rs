//! Kills a writer at random moments and looks for what it had reported as done.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use clinotype_case::{
    Sex,
    criterion::Class,
    evidence::{Mane, Zygosity},
};
use clinotype_genome::{Pos, Silent, VariantKey};
use clinotype_store::{
    Act, Clinvar, ClinvarBucket, Effect, FileRole, FrequencyState, KdfParams, NewAssertion, NewCase, NewFile, NewRun,
    NewUser, Opened, Quality, Region, Role, Store, StoreOptions, Unlock, VariantQuery, VariantRow,
};
use jiff::Timestamp;
use uuid::Uuid;

const PASSPHRASE: &str = "kill me if you can";
const VARIANTS: u32 = 3_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn options() -> StoreOptions {
    StoreOptions {
        cache_mib: 8,
        // The passphrase is not what is tried here.
        kdf: KdfParams {
            memory_kib: 16,
            passes: 1,
            lanes: 1,
        },
        ..StoreOptions::default()
    }
}

fn moment() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

pub fn create(folder: &Path) -> Result<(), Failure> {
    let first = NewUser {
        user_id: "ada".to_owned(),
        name: "Ada".to_owned(),
        role: Role::Admin,
    };
    Store::create(folder, &first, PASSPHRASE, options(), moment())?;
    Ok(())
}

fn open(folder: &Path) -> Result<Opened, Failure> {
    let unlock = Unlock::Passphrase {
        user_id: "ada",
        passphrase: PASSPHRASE,
    };
    Ok(Store::open(folder, unlock, options(), moment())?)
}

fn row(n: u32) -> VariantRow {
    VariantRow {
        key: VariantKey::new("chr1", Pos::from_zero_based(n * 10), "A", "G"),
        zygosity: Zygosity::Heterozygous,
        genotype: "0/1".to_owned(),
        quality: Quality::Pass,
        filters: Vec::new(),
        qual: Some(50.0),
        depth: Some(30),
        alternate_depth: Some(15),
        genotype_quality: Some(99),
        gene: Some(format!("GENE{}", n / 100)),
        transcript: None,
        hgvs_c: Some(format!("c.{n}A>G")),
        hgvs_p: None,
        term: None,
        effect: Effect::Modifier,
        mane: Mane::None,
        clinvar: Clinvar {
            bucket: ClinvarBucket::None,
            significance: None,
            stars: None,
            variation_id: None,
        },
        frequency: FrequencyState::Absent,
        region: Region::OtherGenes,
        finding: None,
    }
}

/// Writes until it is killed; each line on stdout says what is committed.
pub fn write_until_killed(folder: &Path) -> Result<(), Failure> {
    let Opened { store, user, .. } = open(folder)?;
    let act = Act::new(&user.actor(), moment());
    let told = |line: String| -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    };
    loop {
        let id = Uuid::new_v4();
        let new = NewCase {
            sample: id.to_string().parse()?,
            sex: Sex::Unknown,
            order: None,
            demo: false,
            notes: String::new(),
        };
        let case = store.create_case(&act, &new)?.id;
        told(format!("case {case}"))?;
        store.set_notes(&act, case, &id.to_string())?;
        told(format!("notes {case} {id}"))?;
        let run = store
            .queue_run(
                &act,
                &NewRun {
                    case,
                    options: serde_json::Value::Null,
                },
            )?
            .id;
        told(format!("run {run}"))?;
        let mut rows = (0..VARIANTS).map(|n| Ok(row(n)));
        store.import_variants(&act, run, &mut rows, 0, &Silent)?;
        told(format!("variants {run}"))?;
        let assertion = NewAssertion {
            case,
            run,
            variant: 7,
            class: Class::Pathogenic,
            reason: "tried".to_owned(),
        };
        let assertion = store.assert_class(&act, &assertion)?.id;
        told(format!("assertion {case} {assertion}"))?;
        let new = NewFile {
            case,
            run: Some(run),
            role: FileRole::Other,
            name: "text".to_owned(),
        };
        let file = store.add_file(&act, &new, &mut id.to_string().repeat(3000).as_bytes())?;
        told(format!("file {} {id}", file.id))?;
        let path = store.run_folder(run)?.join("made.bin");
        let seal = store.run_seal(run)?;
        let plain = std::fs::File::options().write(true).create_new(true).open(&path)?;
        let mut sealed = seal.writer(plain)?;
        sealed.write_all(id.to_string().as_bytes())?;
        sealed.finish()?.sync_all()?;
        told(format!("work {run} {id}"))?;
        let kept = store.keep_run_file(&act, run, &new, &path)?;
        told(format!("kept {run} {} {id}", kept.id))?;
    }
}

/// What one line promised.
fn check(store: &Store, line: &str, kept: &[&str]) -> Result<(), Failure> {
    let words: Vec<&str> = line.split(' ').collect();
    let lost = || Failure::from(format!("lost: {line}"));
    let read_all = |id: &str| -> Result<String, Failure> { Ok(String::from_utf8(store.read_file(id.parse()?)?)?) };
    let there = match words.as_slice() {
        ["case", case] => store.peek_case(case.parse()?).is_ok(),
        ["notes", case, notes] => store.peek_case(case.parse()?)?.notes == *notes,
        ["run", run] => store.run(run.parse()?).is_ok(),
        ["variants", run] => {
            let page = store.query_variants(
                run.parse()?,
                &VariantQuery {
                    limit: 5,
                    ..VariantQuery::default()
                },
            )?;
            page.total == u64::from(VARIANTS) && page.rows.len() == 5
        }
        ["assertion", case, id] => store.assertions(case.parse()?)?.iter().any(|a| a.id.to_string() == *id),
        ["file", id, text] => read_all(id)? == text.repeat(3000),
        ["work", run, text] => {
            // In the work folder, or moved into the vault by the step after.
            let path = store.run_folder(run.parse()?)?.join("made.bin");
            let case = store.run(run.parse()?)?.case;
            kept.contains(run)
                || path.exists()
                || store
                    .files(case)?
                    .iter()
                    .any(|f| store.read_file(f.id).is_ok_and(|b| b == text.as_bytes()))
        }
        ["kept", _, id, text] => read_all(id)? == *text,
        _ => false,
    };
    if there { Ok(()) } else { Err(lost()) }
}

/// One kill: how many lines were reported and held.
pub fn round(mut writer: Command, folder: &Path) -> Result<usize, Failure> {
    let mut child = writer.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let out = child.stdout.take().ok_or("the writer has no output")?;
    let (first, started) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut lines = Vec::new();
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let known = [
                "case ",
                "notes ",
                "run ",
                "variants ",
                "assertion ",
                "file ",
                "work ",
                "kept ",
            ];
            if known.iter().any(|k| line.starts_with(k)) {
                let _ = first.send(());
                lines.push(line);
            }
        }
        lines
    });
    let dice = Uuid::new_v4().as_u128();
    // Mostly while it writes, sometimes while it still opens the store.
    if !dice.is_multiple_of(8) {
        let _ = started.recv_timeout(Duration::from_mins(1));
    }
    std::thread::sleep(Duration::from_micros((dice >> 64) as u64 % 600_000));
    child.kill()?;
    child.wait()?;
    let mut lines = reader.join().map_err(|_| "the reader failed")?;
    // The kill may cut the last line.
    lines.retain(|l| l.split(' ').skip(1).all(|w| w.len() == 36));
    let kept: Vec<&str> = lines
        .iter()
        .filter_map(|l| l.strip_prefix("kept ")?.split(' ').next())
        .collect();
    let store = open(folder)?.store;
    let verdict = store.verify_audit()?;
    if !verdict.is_sound() {
        return Err(format!("the audit chain does not verify: {verdict:?}").into());
    }
    for line in &lines {
        check(&store, line, &kept)?;
    }
    Ok(lines.len())
}
