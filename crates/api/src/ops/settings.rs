//! Settings of the person and the workstation, reference sets, and the check of the audit trail.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};

use clinotype_genome::{Build, Fault, bed, fs};
use clinotype_jobs::{steps, watch::Nobody};
use clinotype_refdata::alleles::is_store;
use clinotype_store::{AnchorState, Store};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    app::{App, KnownGenes, LOCK_MINUTES, Session},
    errors,
    types::*,
};

/// Settings that everybody at this workstation shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Workstation {
    lock_minutes: u32,
    threads: u32,
    memory_mb: Option<u32>,
}

/// Settings of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Person {
    theme: Theme,
    single_keys: bool,
}

const WORKSTATION: &str = "workstation";
const SETS: &str = "reference_sets";

fn person(user: &str) -> String {
    format!("person/{user}")
}

fn read<T: DeserializeOwned>(store: &Store, key: &str) -> Result<Option<T>, ApiError> {
    let Some(text) = store.setting(key)? else {
        return Ok(None);
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| errors::internal(format!("the setting {key} cannot be read back")))
}

fn write<T: Serialize>(app: &App, session: &Session, key: &str, value: &T) -> Result<(), ApiError> {
    let text = serde_json::to_string(value).map_err(|_| errors::internal("a setting cannot be written"))?;
    Ok(session.store.set_setting(&session.act(app), key, &text)?)
}

/// The settings in effect for a person.
pub(crate) fn of(store: &Store, user: &str) -> Result<Settings, ApiError> {
    let workstation = read(store, WORKSTATION)?.unwrap_or(Workstation {
        lock_minutes: LOCK_MINUTES,
        threads: 0,
        memory_mb: None,
    });
    let person = read(store, &person(user))?.unwrap_or(Person {
        theme: Theme::System,
        single_keys: true,
    });
    Ok(Settings {
        theme: person.theme,
        single_keys: person.single_keys,
        lock_minutes: workstation.lock_minutes,
        threads: workstation.threads,
        memory_mb: workstation.memory_mb,
    })
}

pub(crate) fn settings(_: &Arc<App>, session: &Session, _: Nothing) -> Result<Settings, ApiError> {
    of(&session.store, &session.user.id)
}

pub(crate) fn set_settings(app: &Arc<App>, session: &Session, input: Settings) -> Result<Settings, ApiError> {
    if !(1..=120).contains(&input.lock_minutes) {
        return Err(errors::invalid("lock_minutes", "choose 1 to 120 minutes"));
    }
    if input.threads > 1024 {
        return Err(errors::invalid("threads", "choose 0 (all) to 1024 threads"));
    }
    let least = (clinotype_jobs::machine::LEAST_MEMORY >> 20) as u32;
    if input.memory_mb.is_some_and(|mb| mb < least) {
        return Err(errors::invalid("memory_mb", format!("a run needs at least {least} MB")));
    }
    let before = of(&session.store, &session.user.id)?;
    let shared = |s: &Settings| Workstation {
        lock_minutes: s.lock_minutes,
        threads: s.threads,
        memory_mb: s.memory_mb,
    };
    let own = |s: &Settings| Person {
        theme: s.theme,
        single_keys: s.single_keys,
    };
    if shared(&input) != shared(&before) {
        if session.user.role != Role::Admin {
            return Err(errors::error(
                ErrorCode::NotAllowed,
                "the time to the lock, threads and memory belong to the workstation",
                "ask a person who looks after the workstation",
            ));
        }
        write(app, session, WORKSTATION, &shared(&input))?;
        app.state().lock_minutes = input.lock_minutes;
    }
    if own(&input) != own(&before) {
        write(app, session, &person(&session.user.id), &own(&input))?;
    }
    of(&session.store, &session.user.id)
}

/// A file as it was when it was checked: bytes, and the change time in whole seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    path: String,
    bytes: u64,
    changed: Option<u64>,
}

/// A reference set as kept, with what was found when it was saved. Reading a genome's files takes too long to be done
/// at every look.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    set: ReferenceSet,
    build: Option<String>,
    problems: Vec<String>,
    stamps: Vec<Stamp>,
}

fn paths(set: &ReferenceSet) -> Vec<&str> {
    let mut paths = vec![set.reference.as_str(), set.transcripts.as_str()];
    paths.extend(
        [
            &set.clinvar,
            &set.frequencies,
            &set.targets,
            &set.thresholds,
            &set.comparators,
        ]
        .into_iter()
        .flatten()
        .chain(&set.scores)
        .map(String::as_str),
    );
    paths
}

fn stamps(set: &ReferenceSet) -> Vec<Stamp> {
    let stamp = |path: &str| {
        let metadata = std::fs::metadata(path).ok()?;
        let changed = metadata
            .modified()
            .ok()
            .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
            .map(|d| d.as_secs());
        Some(Stamp {
            path: path.to_owned(),
            bytes: metadata.len(),
            changed,
        })
    };
    paths(set).into_iter().filter_map(stamp).collect()
}

impl Kept {
    /// What is wrong now: what was wrong then, files that are gone, files that changed.
    fn view(self) -> ReferenceSetView {
        let mut problems = self.problems;
        for path in paths(&self.set) {
            if let Err(fault) = fs::open(path)
                && !problems.iter().any(|p| p.contains(path))
            {
                problems.push(fault.to_string());
            }
        }
        if problems.is_empty() && stamps(&self.set) != self.stamps {
            problems.push("its files have changed since they were checked: save the set again".to_owned());
        }
        ReferenceSetView {
            set: self.set,
            build: self.build,
            problems,
        }
    }
}

fn kept(store: &Store) -> Result<Vec<Kept>, ApiError> {
    Ok(read(store, SETS)?.unwrap_or_default())
}

/// A reference set by its identifier, with its problems now.
pub(crate) fn set_view(store: &Store, id: &str) -> Result<ReferenceSetView, ApiError> {
    kept(store)?
        .into_iter()
        .find(|kept| kept.set.id.as_deref() == Some(id))
        .map(Kept::view)
        .ok_or_else(|| errors::not_found("reference set"))
}

/// Threads (0: all) and memory in MB (none: three quarters of what is free) that a run may use.
pub(crate) fn machine(app: &App, store: &Store) -> Result<(u32, Option<u32>), ApiError> {
    if let Some(stated) = app.config().machine {
        return Ok(stated);
    }
    let workstation: Option<Workstation> = read(store, WORKSTATION)?;
    Ok(workstation.map_or((0, None), |w| (w.threads, w.memory_mb)))
}

/// A reference set by its identifier.
pub(crate) fn find_set(store: &Store, id: &str) -> Result<ReferenceSet, ApiError> {
    set_view(store, id).map(|view| view.set)
}

pub(crate) fn reference_sets(_: &Arc<App>, session: &Session, _: Nothing) -> Result<ReferenceSets, ApiError> {
    let mut sets: Vec<_> = kept(&session.store)?.into_iter().map(Kept::view).collect();
    sets.sort_by_key(|view| view.set.name.to_lowercase());
    let missense_tools = clinotype_jobs::missense_tools();
    Ok(ReferenceSets { sets, missense_tools })
}

pub(crate) fn save_reference_set(
    app: &Arc<App>,
    session: &Session,
    mut input: ReferenceSet,
) -> Result<ReferenceSetView, ApiError> {
    let name = input.name.trim().to_owned();
    if name.is_empty() {
        return Err(errors::invalid("name", "give the set a name"));
    }
    input.name = name;
    for optional in [
        &mut input.clinvar,
        &mut input.frequencies,
        &mut input.targets,
        &mut input.thresholds,
        &mut input.comparators,
        &mut input.missense_tool,
        &mut input.build,
    ] {
        if optional.as_ref().is_some_and(|text| text.trim().is_empty()) {
            *optional = None;
        }
    }
    input.scores.retain(|path| !path.trim().is_empty());
    if input.scores.iter().any(|path| !Path::new(path).is_absolute()) {
        return Err(errors::invalid("scores", "choose a file: its whole path is needed"));
    }
    if let Some(tool) = &input.missense_tool
        && clinotype_jobs::missense_tool(tool).is_err()
    {
        return Err(errors::invalid(
            "missense_tool",
            "no calibrated bands of this predictor are known",
        ));
    }
    for (field, path) in [
        ("reference", Some(&input.reference)),
        ("transcripts", Some(&input.transcripts)),
        ("clinvar", input.clinvar.as_ref()),
        ("frequencies", input.frequencies.as_ref()),
        ("targets", input.targets.as_ref()),
        ("thresholds", input.thresholds.as_ref()),
        ("comparators", input.comparators.as_ref()),
    ] {
        if path.is_some_and(|path| !Path::new(path).is_absolute()) {
            return Err(errors::invalid(field, "choose a file: its whole path is needed"));
        }
    }
    if let Some(build) = &input.build
        && build.parse::<Build>().is_err()
    {
        return Err(errors::invalid("build", "a build is GRCh37 or GRCh38"));
    }
    keep(app, session, input)
}

/// Checks a set and keeps it under its identifier, or under a new one.
pub(crate) fn keep(app: &Arc<App>, session: &Session, mut set: ReferenceSet) -> Result<ReferenceSetView, ApiError> {
    let stamps = stamps(&set);
    let (build, problems) = check(app, &set);
    // Two people cannot save at once: the list is one setting.
    let _gate = app.gate.lock().unwrap_or_else(PoisonError::into_inner);
    let mut sets = kept(&session.store)?;
    if sets
        .iter()
        .any(|k| k.set.id != set.id && k.set.name.eq_ignore_ascii_case(&set.name))
    {
        return Err(errors::invalid("name", "another set has this name"));
    }
    let id = set.id.get_or_insert_with(|| uuid::Uuid::new_v4().to_string()).clone();
    let place = sets.iter().position(|k| k.set.id.as_deref() == Some(&id));
    // What is invented stays marked as invented.
    set.synthetic |= place.is_some_and(|place| sets[place].set.synthetic);
    let made = Kept {
        set,
        build,
        problems,
        stamps,
    };
    match place {
        Some(place) => sets[place] = made.clone(),
        None => sets.push(made.clone()),
    }
    write(app, session, SETS, &sets)?;
    Ok(made.view())
}

/// Opens every file of a set: build that is proven, and what is wrong.
fn check(app: &App, set: &ReferenceSet) -> (Option<String>, Vec<String>) {
    let mut problems = Vec::new();
    let mut say = |fault: &Fault| {
        let text = match fault.advice() {
            Some(hint) => format!("{fault}: {hint}"),
            None => fault.to_string(),
        };
        problems.push(text);
    };
    let asserted = set.build.as_deref().and_then(|b| b.parse().ok());
    let opened = steps::references(
        Path::new(&set.reference),
        Path::new(&set.transcripts),
        asserted,
        &Nobody,
    );
    let build = match opened {
        Err(fault) => {
            say(&fault);
            None
        }
        Ok((known, transcripts, reference)) => {
            let symbols = Arc::new(transcripts.genes());
            *app.genes.lock().unwrap_or_else(PoisonError::into_inner) = Some(KnownGenes { of: key(set), symbols });
            if let Some(targets) = &set.targets
                && let Err(fault) = bed::read(Path::new(targets), reference.contigs())
            {
                say(&fault);
            }
            Some(known.build.to_string())
        }
    };
    if let Err(fault) = clinotype_jobs::quality::thresholds(set.thresholds.as_deref().map(Path::new)) {
        say(&fault);
    }
    for path in [&set.clinvar, &set.frequencies].into_iter().flatten() {
        if let Err(fault) = is_vcf_or_store(Path::new(path)) {
            say(&fault);
        }
    }
    for path in &set.scores {
        match is_store(path) {
            Ok(true) => {}
            Ok(false) => say(&Fault::input("is not a store of alleles")
                .at(path)
                .hint("make one from the scores with `clinotype data build`")),
            Err(fault) => say(&fault),
        }
    }
    (build, problems)
}

fn is_vcf_or_store(path: &Path) -> Result<(), Fault> {
    if is_store(path)? {
        return Ok(());
    }
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::Read::take(fs::open_text(path)?, 4096), &mut line)
        .map_err(|e| Fault::io("read", path, e))?;
    if line.starts_with("##fileformat=VCF") {
        return Ok(());
    }
    Err(Fault::input("is neither a VCF file nor a store of alleles").at(path))
}

/// Names the transcripts as they are now.
fn key(set: &ReferenceSet) -> String {
    format!("{:?} {:?}", set.build, stamps(set))
}

/// Gene symbols of the transcripts of a set.
pub(crate) fn genes(app: &App, set: &ReferenceSet) -> Result<Arc<BTreeSet<String>>, ApiError> {
    let of = key(set);
    if let Some(known) = &*app.genes.lock().unwrap_or_else(PoisonError::into_inner)
        && known.of == of
    {
        return Ok(Arc::clone(&known.symbols));
    }
    let asserted = set.build.as_deref().and_then(|b| b.parse().ok());
    let (reference, transcripts) = (PathBuf::from(&set.reference), PathBuf::from(&set.transcripts));
    let (_, transcripts, _) = steps::references(&reference, &transcripts, asserted, &Nobody)?;
    let symbols = Arc::new(transcripts.genes());
    *app.genes.lock().unwrap_or_else(PoisonError::into_inner) = Some(KnownGenes {
        of,
        symbols: Arc::clone(&symbols),
    });
    Ok(symbols)
}

pub(crate) fn verify_audit(_: &Arc<App>, session: &Session, _: Nothing) -> Result<AuditVerdict, ApiError> {
    let verdict = session.store.verify_audit()?;
    let words = match (&verdict.first_bad, &verdict.anchor) {
        (Some(bad), _) => format!("Row {} is the first that does not fit: {}.", bad.seq, bad.why),
        (None, AnchorState::Matches) => {
            format!(
                "{} rows form one whole chain, and it ends where the anchor says.",
                verdict.rows
            )
        }
        (None, AnchorState::Behind { anchored }) => format!(
            "{} rows form one whole chain. The anchor names row {anchored}: the program ended before it was renewed.",
            verdict.rows
        ),
        (None, AnchorState::Ahead { anchored }) => format!(
            "The trail ends at row {}, but the anchor names row {anchored}: rows were cut from its end.",
            verdict.rows
        ),
        (None, AnchorState::Differs { anchored }) => {
            format!("Row {anchored} is not the one that the anchor names: the trail was exchanged.")
        }
        (None, AnchorState::Missing) => {
            "The anchor is missing: whether rows were cut from the end cannot be told.".to_owned()
        }
        (None, AnchorState::Damaged) => {
            "The anchor cannot be read: whether rows were cut from the end cannot be told.".to_owned()
        }
    };
    Ok(AuditVerdict {
        intact: verdict.is_sound(),
        rows: verdict.rows,
        first_bad: verdict.first_bad.as_ref().map(|bad| bad.seq),
        words,
    })
}
