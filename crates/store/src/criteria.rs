//! What people decide on single criteria, and the evidence that they enter. By allele and case, so that both outlive
//! every run. Append-only: taking one back is a row of its own.

use clinotype_case::{
    criterion::{Class, Code, State, Strength},
    entered::{Entry as Evidence, Seen, Setting},
};
use clinotype_genome::{Build, VariantKey};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    Act, Result, Role, Store, StoreError, Withdrawal,
    assertions::set_class,
    audit::Entry,
    findings::key_at,
    runs,
    tx::{Id, Tx, When, Withdrawals, new_id},
    variants::class_code,
};

/// A decision to keep.
#[derive(Clone, Debug)]
pub struct NewCriterionDecision {
    /// The case.
    pub case: Uuid,
    /// The run whose criteria the person saw.
    pub run: Uuid,
    /// Build of the allele.
    pub build: Build,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol shown.
    pub gene: Option<String>,
    /// Which criterion.
    pub code: Code,
    /// What it is set to.
    pub setting: Setting,
    /// What the rules say.
    pub seen: Seen,
    /// Why.
    pub reason: String,
    /// Class and points of the run's variant with this decision in place.
    pub made: (Class, i32),
}

/// A decision that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionDecision {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The run whose criteria the person saw.
    pub run: Uuid,
    /// Build of the allele.
    pub build: Build,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol shown.
    pub gene: Option<String>,
    /// Which criterion.
    pub code: Code,
    /// What it was set to.
    pub setting: Setting,
    /// What the rules said then.
    pub seen: Seen,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By this account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// What the person was then.
    pub role: Role,
    /// Taken back.
    pub withdrawn: Option<Withdrawal>,
}

/// Evidence to keep.
#[derive(Clone, Debug)]
pub struct NewEvidence {
    /// The case.
    pub case: Uuid,
    /// Build of the allele.
    pub build: Build,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol shown.
    pub gene: Option<String>,
    /// What is entered.
    pub entry: Evidence,
}

/// Evidence that was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseEvidence {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// Build of the allele.
    pub build: Build,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol shown.
    pub gene: Option<String>,
    /// What was entered.
    pub entry: Evidence,
    /// When.
    pub at: Timestamp,
    /// By this account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// What the person was then.
    pub role: Role,
    /// Taken back.
    pub withdrawn: Option<Withdrawal>,
}

/// A closed word, as JSON and the schema write it.
fn word(value: impl serde::Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::input("this has no word in the store")),
    }
}

fn unword<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    read_json(column, serde_json::Value::String(text))
}

fn unword_maybe<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| read_json(column, serde_json::Value::String(text)))
        .transpose()
}

fn read_json<T: DeserializeOwned>(column: usize, value: serde_json::Value) -> rusqlite::Result<T> {
    serde_json::from_value(value).map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            "not a word of this version".into(),
        )
    })
}

fn withdrawal(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Withdrawal>> {
    let Some(at) = row.get::<_, Option<When>>(column)? else {
        return Ok(None);
    };
    Ok(Some(Withdrawal {
        at: at.0,
        user_id: row.get(column + 1)?,
        name: row.get(column + 2)?,
        reason: row.get(column + 3)?,
    }))
}

const DECISIONS: &str = "SELECT a.id, a.case_id, a.run_id, a.build, a.contig, a.pos, a.ref, a.alt, a.gene, a.code, \
     a.state, a.strength, a.seen_state, a.seen_strength, a.reason, a.at, a.user_id, a.name, a.role, w.at, w.user_id, \
     w.name, w.reason FROM criterion_decisions a LEFT JOIN criterion_withdrawals w ON w.decision_id = a.id";

fn decision(row: &Row<'_>) -> rusqlite::Result<CriterionDecision> {
    let strength: Option<Strength> = unword_maybe(row, 11)?;
    let setting = match (unword::<State>(row, 10)?, strength) {
        (State::Met, Some(strength)) => Setting::Met(strength),
        (State::NotMet, None) => Setting::NotMet,
        (State::NotApplicable, None) => Setting::NotApplicable,
        _ => {
            return Err(rusqlite::Error::FromSqlConversionFailure(
                10,
                rusqlite::types::Type::Text,
                "no such setting".into(),
            ));
        }
    };
    Ok(CriterionDecision {
        id: row.get::<_, Id>(0)?.0,
        case: row.get::<_, Id>(1)?.0,
        run: row.get::<_, Id>(2)?.0,
        build: unword(row, 3)?,
        key: key_at(row, 4)?,
        gene: row.get(8)?,
        code: unword(row, 9)?,
        setting,
        seen: Seen {
            state: unword(row, 12)?,
            strength: unword_maybe(row, 13)?,
        },
        reason: row.get(14)?,
        at: row.get::<_, When>(15)?.0,
        user_id: row.get(16)?,
        name: row.get(17)?,
        role: row.get(18)?,
        withdrawn: withdrawal(row, 19)?,
    })
}

fn decisions(connection: &Connection, wher: &str, id: Uuid) -> Result<Vec<CriterionDecision>> {
    let mut statement = connection.prepare_cached(&format!("{DECISIONS} WHERE {wher} = ? ORDER BY a.no DESC"))?;
    let all = statement.query_map([Id(id)], decision)?.collect::<Result<_, _>>()?;
    Ok(all)
}

const EVIDENCE: &str = "SELECT a.id, a.case_id, a.build, a.contig, a.pos, a.ref, a.alt, a.gene, a.content, a.at, \
     a.user_id, a.name, a.role, w.at, w.user_id, w.name, w.reason \
     FROM case_evidence a LEFT JOIN evidence_withdrawals w ON w.evidence_id = a.id";

fn evidence(row: &Row<'_>) -> rusqlite::Result<CaseEvidence> {
    let content: String = row.get(8)?;
    Ok(CaseEvidence {
        id: row.get::<_, Id>(0)?.0,
        case: row.get::<_, Id>(1)?.0,
        build: unword(row, 2)?,
        key: key_at(row, 3)?,
        gene: row.get(7)?,
        entry: read_json(8, serde_json::from_str(&content).unwrap_or_default())?,
        at: row.get::<_, When>(9)?.0,
        user_id: row.get(10)?,
        name: row.get(11)?,
        role: row.get(12)?,
        withdrawn: withdrawal(row, 13)?,
    })
}

fn all_evidence(connection: &Connection, wher: &str, id: Uuid) -> Result<Vec<CaseEvidence>> {
    let mut statement = connection.prepare_cached(&format!("{EVIDENCE} WHERE {wher} = ? ORDER BY a.no DESC"))?;
    let all = statement.query_map([Id(id)], evidence)?.collect::<Result<_, _>>()?;
    Ok(all)
}

/// `met as strong`, for the audit trail.
fn told(state: State, strength: Option<Strength>) -> Result<String> {
    let state = word(state)?;
    Ok(match strength {
        Some(strength) => format!("{state}: {}", word(strength)?),
        None => state,
    })
}

fn named(key: &VariantKey, gene: Option<&str>) -> String {
    format!("{} {key}", gene.unwrap_or("-"))
}

/// Class and points of a run's variant by the criteria that people set; its class in the table follows.
fn set_made(tx: &Tx<'_>, run: Uuid, run_no: i64, key: &VariantKey, made: (Class, i32)) -> Result<()> {
    let place = params![
        run_no,
        key.contig,
        key.position.get(),
        key.reference,
        key.alternate,
        class_code(made.0),
        made.1
    ];
    tx.execute(
        "UPDATE findings SET class_set = ?6, points_set = ?7 \
         WHERE run_no = ?1 AND contig = ?2 AND pos = ?3 AND ref = ?4 AND alt = ?5",
        place,
    )?;
    let ordinal: Option<Option<u32>> = tx
        .query_row(
            "SELECT variant FROM findings WHERE run_no = ? AND contig = ? AND pos = ? AND ref = ? AND alt = ?",
            params![run_no, key.contig, key.position.get(), key.reference, key.alternate],
            |row| row.get(0),
        )
        .optional()?;
    match ordinal.flatten() {
        Some(ordinal) => set_class(tx, run, run_no, ordinal, Some(made.0)),
        None => Ok(()),
    }
}

fn reason(text: &str) -> Result<&str> {
    match text.trim() {
        "" => Err(StoreError::input("a reason is needed")),
        text => Ok(text),
    }
}

impl Store {
    /// Sets a criterion. The latest decision that was not taken back stands, in this run and in every later one.
    pub fn decide_criterion(&self, act: &Act, new: &NewCriterionDecision) -> Result<CriterionDecision> {
        let why = reason(&new.reason)?;
        let id = new_id();
        let done = self.write(act, |tx| {
            let run = runs::key(tx, new.run)?;
            if run.case != new.case {
                return Err(StoreError::input("the run belongs to another case"));
            }
            let before = decisions(tx, "a.case_id", new.case)?
                .into_iter()
                .find(|one| one.withdrawn.is_none() && one.key == new.key && one.code == new.code)
                .map_or_else(
                    || told(new.seen.state, new.seen.strength),
                    |one| told(one.setting.state(), one.setting.strength()),
                )?;
            let strength = new.setting.strength().map(word).transpose()?;
            let seen_strength = new.seen.strength.map(word).transpose()?;
            let now = tx.now();
            tx.execute(
                "INSERT INTO criterion_decisions (id, case_id, run_id, build, contig, pos, ref, alt, gene, code, state, \
                 strength, seen_state, seen_strength, reason, at, user_id, name, role) \
                 VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(new.case),
                    Id(new.run),
                    word(new.build)?,
                    new.key.contig,
                    new.key.position.get(),
                    new.key.reference,
                    new.key.alternate,
                    new.gene,
                    word(new.code)?,
                    word(new.setting.state())?,
                    strength,
                    word(new.seen.state)?,
                    seen_strength,
                    why,
                    now,
                    tx.act.actor.user_id,
                    tx.act.actor.name,
                    tx.act.actor.role
                ],
            )?;
            set_made(tx, new.run, run.no, &new.key, new.made)?;
            tx.log(&Entry {
                kind: "criterion",
                object: &id.to_string(),
                case: Some(new.case),
                action: "set",
                field: &format!("{} of {}", new.code, named(&new.key, new.gene.as_deref())),
                old: Some(&before),
                new: Some(&told(new.setting.state(), new.setting.strength())?),
                reason: Some(why),
            })?;
            Ok(tx.query_row(&format!("{DECISIONS} WHERE a.id = ?"), [Id(id)], decision)?)
        });
        self.forget_index(new.run);
        done
    }

    /// Takes a decision on a criterion back; the one before it stands again, or what the rules say. `made`: class and
    /// points of the variant in this run then; `None` where the run has no criteria of it.
    pub fn withdraw_criterion(
        &self,
        act: &Act,
        id: Uuid,
        why: &str,
        run: Uuid,
        made: Option<(Class, i32)>,
    ) -> Result<CriterionDecision> {
        let why = reason(why)?;
        let done = self.write(act, |tx| {
            let before = decisions(tx, "a.id", id)?
                .pop()
                .ok_or_else(|| StoreError::not_found("decision"))?;
            let key = runs::key(tx, run)?;
            if key.case != before.case {
                return Err(StoreError::input("the run belongs to another case"));
            }
            tx.take_back(Withdrawals::Criterion, id, why, "the decision")?;
            if let Some(made) = made {
                set_made(tx, run, key.no, &before.key, made)?;
            }
            tx.log(&Entry {
                kind: "criterion",
                object: &id.to_string(),
                case: Some(before.case),
                action: "withdraw",
                field: &format!("{} of {}", before.code, named(&before.key, before.gene.as_deref())),
                old: Some(&told(before.setting.state(), before.setting.strength())?),
                new: Some("withdrawn"),
                reason: Some(why),
            })?;
            Ok(tx.query_row(&format!("{DECISIONS} WHERE a.id = ?"), [Id(id)], decision)?)
        });
        self.forget_index(run);
        done
    }

    /// Every decision on criteria of a case, newest first, also those taken back.
    pub fn criterion_decisions(&self, case: Uuid) -> Result<Vec<CriterionDecision>> {
        self.db.read(|connection| decisions(connection, "a.case_id", case))
    }

    /// Gives variants of a new run the class and points that they have with the decisions in place.
    pub fn carry_decisions(&self, act: &Act, run: Uuid, made: &[(VariantKey, Class, i32)]) -> Result<()> {
        if made.is_empty() {
            return Ok(());
        }
        let done = self.write(act, |tx| {
            let key = runs::key(tx, run)?;
            for (variant, class, points) in made {
                set_made(tx, run, key.no, variant, (*class, *points))?;
            }
            let told: Vec<String> = made
                .iter()
                .map(|(variant, class, points)| format!("{variant} {} ({points})", class_code(*class)))
                .collect();
            tx.log(&Entry {
                kind: "run",
                object: &run.to_string(),
                case: Some(key.case),
                action: "decisions",
                field: "criteria set by people",
                new: Some(&told.join("; ")),
                ..Entry::default()
            })
        });
        self.forget_index(run);
        done
    }

    /// Keeps a piece of evidence on an allele.
    pub fn enter_evidence(&self, act: &Act, new: &NewEvidence) -> Result<CaseEvidence> {
        if let Some(what) = new.entry.fault() {
            return Err(StoreError::input(format!("evidence that {what}")));
        }
        let id = new_id();
        let content =
            serde_json::to_string(&new.entry).map_err(|_| StoreError::input("the evidence cannot be written"))?;
        self.write(act, |tx| {
            let now = tx.now();
            tx.execute(
                "INSERT INTO case_evidence (id, case_id, build, contig, pos, ref, alt, gene, content, at, user_id, name, \
                 role) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(new.case),
                    word(new.build)?,
                    new.key.contig,
                    new.key.position.get(),
                    new.key.reference,
                    new.key.alternate,
                    new.gene,
                    content,
                    now,
                    tx.act.actor.user_id,
                    tx.act.actor.name,
                    tx.act.actor.role
                ],
            )?;
            tx.log(&Entry {
                kind: "evidence",
                object: &id.to_string(),
                case: Some(new.case),
                action: "enter",
                field: &format!("{} of {}", new.entry.kind(), named(&new.key, new.gene.as_deref())),
                new: Some(&content),
                ..Entry::default()
            })?;
            Ok(tx.query_row(&format!("{EVIDENCE} WHERE a.id = ?"), [Id(id)], evidence)?)
        })
    }

    /// Takes a piece of evidence back. Decisions that rest on it stay: they are a person's.
    pub fn withdraw_evidence(&self, act: &Act, id: Uuid, why: &str) -> Result<CaseEvidence> {
        let why = reason(why)?;
        self.write(act, |tx| {
            let before = all_evidence(tx, "a.id", id)?
                .pop()
                .ok_or_else(|| StoreError::not_found("evidence"))?;
            tx.take_back(Withdrawals::Evidence, id, why, "the evidence")?;
            tx.log(&Entry {
                kind: "evidence",
                object: &id.to_string(),
                case: Some(before.case),
                action: "withdraw",
                field: &format!(
                    "{} of {}",
                    before.entry.kind(),
                    named(&before.key, before.gene.as_deref())
                ),
                reason: Some(why),
                ..Entry::default()
            })?;
            Ok(tx.query_row(&format!("{EVIDENCE} WHERE a.id = ?"), [Id(id)], evidence)?)
        })
    }

    /// Every piece of evidence of a case, newest first, also those taken back.
    pub fn evidence(&self, case: Uuid) -> Result<Vec<CaseEvidence>> {
        self.db.read(|connection| all_evidence(connection, "a.case_id", case))
    }
}
