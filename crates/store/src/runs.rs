//! Runs of the pipeline: queue, progress, end; their work folder and its seal.

use std::{path::PathBuf, sync::Arc};

use clinotype_case::SampleId;
use clinotype_genome::{Fault, fs, seal::Seal};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Act, CaseState, Result, RunState, Store, StoreError,
    audit::Entry,
    cases::{self, sample_at},
    tx::{Id, Tx, When, new_id},
    vault::AgeSeal,
};

/// A run to queue.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The case.
    pub case: Uuid,
    /// What the pipeline is to do.
    pub options: Value,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The case's accession.
    pub sample: SampleId,
    /// State.
    pub state: RunState,
    /// What the pipeline is to do.
    pub options: Value,
    /// Place among the queued runs, from 1.
    pub queue_position: Option<u32>,
    /// Running or last stage.
    pub stage: Option<String>,
    /// Units done of the stage.
    pub done: u64,
    /// All units of the stage; 0 where unknown.
    pub total: u64,
    /// Why it failed.
    pub error: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Queued.
    pub queued_at: Timestamp,
    /// Last started.
    pub started_at: Option<Timestamp>,
    /// Ended.
    pub ended_at: Option<Timestamp>,
    /// Variants; `None` where they were not imported.
    pub variants: Option<u64>,
    /// What [`Store::set_run_summary`] noted last.
    pub summary: Option<Value>,
    /// Whether its work folder is there, so that it can go on where it was.
    pub has_work: bool,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// Well.
    Done,
    /// With an error.
    Failed {
        /// What and where, without patient data.
        error: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Stopped by a person.
    Cancelled,
}

const SELECT: &str = "SELECT r.id, r.case_id, s.accession, r.state, r.options, \
    CASE WHEN r.state = 'queued' THEN (SELECT count(*) FROM runs q WHERE q.state = 'queued' AND \
    (q.queue_order, q.no) <= (r.queue_order, r.no)) END, \
    r.stage, r.done, r.total, r.error, r.hint, r.queued_at, r.started_at, r.ended_at, \
    CASE WHEN r.variant_state = 'imported' THEN r.variants END, r.summary \
    FROM runs r JOIN samples s ON s.case_id = r.case_id";

/// What a run is in a transaction.
pub(crate) struct RunKey {
    pub(crate) no: i64,
    pub(crate) case: Uuid,
    pub(crate) state: RunState,
}

pub(crate) fn key(connection: &Connection, run: Uuid) -> Result<RunKey> {
    connection
        .prepare_cached("SELECT no, case_id, state FROM runs WHERE id = ?")?
        .query_row([Id(run)], |row| {
            Ok(RunKey {
                no: row.get(0)?,
                case: row.get::<_, Id>(1)?.0,
                state: row.get(2)?,
            })
        })
        .optional()?
        .ok_or_else(|| StoreError::not_found("run"))
}

/// Changes a run's state and writes the audit row.
pub(crate) fn change_state(tx: &mut Tx<'_>, run: Uuid, to: RunState) -> Result<RunKey> {
    let found = key(tx, run)?;
    if !found.state.can_become(to) {
        return Err(StoreError::not_allowed(format!(
            "a run in state {} cannot become {}",
            found.state.code(),
            to.code()
        )));
    }
    tx.execute("UPDATE runs SET state = ? WHERE no = ?", params![to, found.no])?;
    tx.log(&Entry {
        kind: "run",
        object: &run.to_string(),
        case: Some(found.case),
        action: "state",
        field: "state",
        old: Some(found.state.code()),
        new: Some(to.code()),
        ..Entry::default()
    })?;
    Ok(found)
}

/// Lets the case follow its run where its state allows.
pub(crate) fn case_follows(tx: &mut Tx<'_>, case: Uuid, to: CaseState) -> Result<()> {
    if cases::state(tx, case)?.can_become(to) {
        cases::change_state(tx, case, to)?;
    }
    Ok(())
}

/// A case whose run is queued has received its sample; a case that another run or a review holds stays as it is.
fn await_run(tx: &mut Tx<'_>, case: Uuid) -> Result<()> {
    if matches!(cases::state(tx, case)?, CaseState::Ordered | CaseState::Failed) {
        cases::change_state(tx, case, CaseState::Received)?;
    }
    Ok(())
}

fn last_place(tx: &Tx<'_>) -> Result<i64> {
    Ok(tx.query_row(
        "SELECT coalesce(max(queue_order), 0) + 1 FROM runs WHERE state = 'queued'",
        [],
        |row| row.get(0),
    )?)
}

impl Store {
    fn work_folder(&self, run: Uuid) -> PathBuf {
        self.folder.join("work").join(run.to_string())
    }

    fn read_run(&self, row: &Row<'_>) -> rusqlite::Result<Run> {
        let id = row.get::<_, Id>(0)?.0;
        let options = row.get::<_, String>(4)?;
        let summary = row.get::<_, Option<String>>(15)?;
        Ok(Run {
            id,
            case: row.get::<_, Id>(1)?.0,
            sample: sample_at(row, 2)?,
            state: row.get(3)?,
            options: serde_json::from_str(&options)
                .map_err(|e| rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, Box::new(e)))?,
            queue_position: row.get(5)?,
            stage: row.get(6)?,
            done: row.get::<_, i64>(7)? as u64,
            total: row.get::<_, i64>(8)? as u64,
            error: row.get(9)?,
            hint: row.get(10)?,
            queued_at: row.get::<_, When>(11)?.0,
            started_at: row.get::<_, Option<When>>(12)?.map(|w| w.0),
            ended_at: row.get::<_, Option<When>>(13)?.map(|w| w.0),
            variants: row.get::<_, Option<i64>>(14)?.map(|n| n as u64),
            summary: summary.and_then(|text| serde_json::from_str(&text).ok()),
            has_work: self.work_folder(id).is_dir(),
        })
    }

    /// Puts a run at the end of the queue; a case in state `ordered` becomes `received`.
    pub fn queue_run(&self, act: &Act, run: &NewRun) -> Result<Run> {
        let id = new_id();
        let seal = AgeSeal::generate();
        let identity = self.protect_identity(&seal, &id.to_string())?;
        let options = serde_json::to_string(&run.options)?;
        self.write(act, |tx| {
            cases::state(tx, run.case)?;
            let (place, now) = (last_place(tx)?, tx.now());
            tx.execute(
                "INSERT INTO runs (id, case_id, state, options, identity, queue_order, queued_at) VALUES (?,?,?,?,?,?,?)",
                params![Id(id), Id(run.case), RunState::Queued, options, identity, place, now],
            )?;
            tx.log(&Entry {
                kind: "run",
                object: &id.to_string(),
                case: Some(run.case),
                action: "queue",
                field: "options",
                new: Some(&options),
                ..Entry::default()
            })?;
            await_run(tx, run.case)
        })?;
        self.run(id)
    }

    /// The run whose turn it is.
    pub fn next_queued(&self) -> Result<Option<Run>> {
        self.db.read(|connection| {
            Ok(connection
                .prepare_cached(&format!(
                    "{SELECT} WHERE r.state = 'queued' ORDER BY r.queue_order, r.no LIMIT 1"
                ))?
                .query_row([], |row| self.read_run(row))
                .optional()?)
        })
    }

    /// Gives a queued run another place, from 1.
    pub fn move_in_queue(&self, act: &Act, run: Uuid, position: u32) -> Result<()> {
        self.write(act, |tx| {
            let found = key(tx, run)?;
            if found.state != RunState::Queued {
                return Err(StoreError::not_allowed("only a queued run has a place in the queue"));
            }
            let mut queue: Vec<i64> = tx
                .prepare("SELECT no FROM runs WHERE state = 'queued' ORDER BY queue_order, no")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let old = queue.iter().position(|no| *no == found.no).unwrap_or(0);
            queue.remove(old);
            let new = (position.max(1) as usize - 1).min(queue.len());
            queue.insert(new, found.no);
            for (place, no) in queue.iter().enumerate() {
                tx.execute(
                    "UPDATE runs SET queue_order = ? WHERE no = ?",
                    params![place as i64 + 1, no],
                )?;
            }
            tx.log(&Entry {
                kind: "run",
                object: &run.to_string(),
                case: Some(found.case),
                action: "move",
                field: "queue position",
                old: Some(&(old + 1).to_string()),
                new: Some(&(new + 1).to_string()),
                ..Entry::default()
            })
        })
    }

    /// Starts a run, or goes on with one that ended early. Errors: another run of the case is running.
    pub fn start_run(&self, act: &Act, run: Uuid) -> Result<Run> {
        self.write(act, |tx| {
            let found = change_state(tx, run, RunState::Running)?;
            let now = tx.now();
            tx.execute(
                "UPDATE runs SET started_at = ?, ended_at = NULL, error = NULL, hint = NULL, stage = NULL, done = 0, \
                 total = 0 WHERE no = ?",
                params![now, found.no],
            )?;
            cases::change_state(tx, found.case, CaseState::Running)
        })?;
        self.run(run)
    }

    /// Puts a run that ended early back into the queue, at its end.
    pub fn requeue_run(&self, act: &Act, run: Uuid) -> Result<Run> {
        self.write(act, |tx| {
            let found = change_state(tx, run, RunState::Queued)?;
            let place = last_place(tx)?;
            tx.execute("UPDATE runs SET queue_order = ? WHERE no = ?", params![place, found.no])?;
            await_run(tx, found.case)
        })?;
        self.run(run)
    }

    /// Notes the progress of a run. No record changes, so nothing is audited.
    pub fn run_progress(&self, run: Uuid, stage: &str, done: u64, total: u64) -> Result<()> {
        self.db
            .writer()
            .prepare_cached("UPDATE runs SET stage = ?, done = ?, total = ? WHERE id = ? AND state = 'running'")?
            .execute(params![stage, done as i64, total as i64, Id(run)])?;
        Ok(())
    }

    /// Notes words about a run for lists: derived from records that are audited by themselves, so this is not.
    pub fn set_run_summary(&self, run: Uuid, summary: &Value) -> Result<()> {
        let text = serde_json::to_string(summary)?;
        let changed = self
            .db
            .writer()
            .prepare_cached("UPDATE runs SET summary = ? WHERE id = ?")?
            .execute(params![text, Id(run)])?;
        if changed == 0 {
            return Err(StoreError::not_found("run"));
        }
        Ok(())
    }

    /// Ends a run; the case follows: `called`, `failed`, or back to `received`.
    pub fn end_run(&self, act: &Act, run: Uuid, end: RunEnd) -> Result<Run> {
        let (to, case, error, hint) = match end {
            RunEnd::Done => (RunState::Done, CaseState::Called, None, None),
            RunEnd::Failed { error, hint } => (RunState::Failed, CaseState::Failed, Some(error), hint),
            RunEnd::Cancelled => (RunState::Cancelled, CaseState::Received, None, None),
        };
        self.write(act, |tx| {
            let found = change_state(tx, run, to)?;
            let now = tx.now();
            tx.execute(
                "UPDATE runs SET ended_at = ?, error = ?, hint = ? WHERE no = ?",
                params![now, error, hint, found.no],
            )?;
            // A queued run that is cancelled never made its case run.
            if found.state == RunState::Running {
                case_follows(tx, found.case, case)?;
            }
            Ok(())
        })?;
        self.run(run)
    }

    /// A run.
    pub fn run(&self, id: Uuid) -> Result<Run> {
        self.db.read(|connection| {
            connection
                .prepare_cached(&format!("{SELECT} WHERE r.id = ?"))?
                .query_row([Id(id)], |row| self.read_run(row))
                .optional()?
                .ok_or_else(|| StoreError::not_found("run"))
        })
    }

    /// The runs of a case, or all, newest first.
    pub fn runs(&self, case: Option<Uuid>) -> Result<Vec<Run>> {
        self.db.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE ?1 IS NULL OR r.case_id = ?1 ORDER BY r.no DESC"
            ))?;
            let runs = statement
                .query_map([case.map(Id)], |row| self.read_run(row))?
                .collect::<Result<_, _>>()?;
            Ok(runs)
        })
    }

    /// The run's work folder, made where missing. Everything in it must be written through [`Store::run_seal`].
    pub fn run_folder(&self, run: Uuid) -> Result<PathBuf> {
        self.db.read(|connection| key(connection, run))?;
        let folder = self.work_folder(run);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// What encrypts and decrypts the run's files. Errors: the run's key was destroyed.
    pub fn run_seal(&self, run: Uuid) -> Result<Arc<dyn Seal>> {
        Ok(Arc::new(self.run_age(run)?))
    }

    pub(crate) fn run_age(&self, run: Uuid) -> Result<AgeSeal> {
        let identity: Option<Vec<u8>> = self.db.read(|connection| {
            connection
                .prepare_cached("SELECT identity FROM runs WHERE id = ?")?
                .query_row([Id(run)], |row| row.get(0))
                .optional()?
                .ok_or_else(|| StoreError::not_found("run"))
        })?;
        let identity = identity.ok_or_else(|| StoreError::not_allowed("the run's key was destroyed"))?;
        self.open_identity(&identity, &run.to_string())
    }

    /// Removes the run's work folder (spills, checkpoints). What was kept lies in the vault.
    pub fn clear_run_work(&self, act: &Act, run: Uuid) -> Result<()> {
        let found = self.db.read(|connection| key(connection, run))?;
        if found.state == RunState::Running {
            return Err(StoreError::not_allowed("the run is at work in its folder"));
        }
        let folder = self.work_folder(run);
        if folder.is_dir() {
            std::fs::remove_dir_all(&folder).map_err(|e| Fault::io("remove the folder", &folder, e))?;
        }
        self.write(act, |tx| {
            tx.log(&Entry {
                kind: "run",
                object: &run.to_string(),
                case: Some(found.case),
                action: "clear work",
                ..Entry::default()
            })
        })
    }
}
