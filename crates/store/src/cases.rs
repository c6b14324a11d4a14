//! Cases: the sample, its orders, its states.

use clinotype_case::{Order, SampleId, Sex};
use clinotype_genome::Fault;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::{
    Act, CaseState, Result, Store, StoreError, StoreErrorKind,
    audit::Entry,
    tx::{Id, Tx, When, new_id},
};

/// A case to make.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// The sample's accession, unique in the store.
    pub sample: SampleId,
    /// Sex as declared.
    pub sex: Sex,
    /// The order, where it is known already.
    pub order: Option<Order>,
    /// Synthetic data for trying out.
    pub demo: bool,
    /// Free text.
    pub notes: String,
}

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Id.
    pub id: Uuid,
    /// Accession.
    pub sample: SampleId,
    /// Sex as declared.
    pub sex: Sex,
    /// State.
    pub state: CaseState,
    /// Synthetic data.
    pub demo: bool,
    /// Free text.
    pub notes: String,
    /// The newest order.
    pub order: Option<Order>,
    /// Its version, from 1; 0 where there is none.
    pub order_version: u32,
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub changed_at: Timestamp,
    /// The newest run.
    pub latest_run: Option<Uuid>,
}

/// One step in a case's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// When.
    pub at: Timestamp,
    /// From; `None` at the beginning.
    pub from: Option<CaseState>,
    /// To.
    pub to: CaseState,
    /// Account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// Reason given.
    pub reason: Option<String>,
}

/// One version of an order.
#[derive(Clone, Debug)]
pub struct OrderVersion {
    /// From 1.
    pub version: u32,
    /// Entered.
    pub at: Timestamp,
    /// By this account.
    pub user_id: String,
    /// The order.
    pub order: Order,
}

const fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Unknown => "unknown",
    }
}

fn sex_from(text: &str) -> Sex {
    match text {
        "female" => Sex::Female,
        "male" => Sex::Male,
        _ => Sex::Unknown,
    }
}

/// A sample column.
pub(crate) fn sample_at(row: &Row<'_>, column: usize) -> rusqlite::Result<SampleId> {
    row.get::<_, String>(column)?
        .parse()
        .map_err(|e: String| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, e.into()))
}

fn order_from(text: Option<String>) -> Result<Option<Order>> {
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(Into::into)
}

fn load(connection: &Connection, id: Uuid) -> Result<Case> {
    let found = connection
        .prepare_cached(
            "SELECT c.state, c.demo, c.notes, c.created_at, c.changed_at, c.order_version, s.accession, s.sex, \
             (SELECT content FROM orders o WHERE o.case_id = c.id AND o.version = c.order_version), \
             (SELECT id FROM runs r WHERE r.case_id = c.id ORDER BY no DESC LIMIT 1) \
             FROM cases c JOIN samples s ON s.case_id = c.id WHERE c.id = ?",
        )?
        .query_row([Id(id)], |row| {
            let case = Case {
                id,
                sample: sample_at(row, 6)?,
                sex: sex_from(&row.get::<_, String>(7)?),
                state: row.get(0)?,
                demo: row.get(1)?,
                notes: row.get(2)?,
                order: None,
                order_version: row.get(5)?,
                created_at: row.get::<_, When>(3)?.0,
                changed_at: row.get::<_, When>(4)?.0,
                latest_run: row.get::<_, Option<Id>>(9)?.map(|i| i.0),
            };
            Ok((case, row.get::<_, Option<String>>(8)?))
        })
        .optional()?;
    let (mut case, order) = found.ok_or_else(|| StoreError::not_found("case"))?;
    case.order = order_from(order)?;
    Ok(case)
}

/// The state of a case in this transaction.
pub(crate) fn state(connection: &Connection, case: Uuid) -> Result<CaseState> {
    connection
        .prepare_cached("SELECT state FROM cases WHERE id = ?")?
        .query_row([Id(case)], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::not_found("case"))
}

/// Changes a case's state, with its history and its audit row.
pub(crate) fn change_state(tx: &mut Tx<'_>, case: Uuid, to: CaseState) -> Result<()> {
    let from = state(tx, case)?;
    if !from.can_become(to) {
        return Err(StoreError::not_allowed(format!(
            "a case in state {} cannot become {}",
            from.code(),
            to.code()
        )));
    }
    note_state(tx, case, Some(from), to)
}

fn note_state(tx: &mut Tx<'_>, case: Uuid, from: Option<CaseState>, to: CaseState) -> Result<()> {
    let now = tx.now();
    tx.prepare_cached("UPDATE cases SET state = ?, changed_at = ? WHERE id = ?")?
        .execute(params![to, now, Id(case)])?;
    tx.prepare_cached(
        "INSERT INTO case_states (case_id, at, from_state, to_state, user_id, name, reason) VALUES (?,?,?,?,?,?,?)",
    )?
    .execute(params![
        Id(case),
        now,
        from,
        to,
        tx.act.actor.user_id,
        tx.act.actor.name,
        tx.act.reason
    ])?;
    tx.log(&Entry {
        kind: "case",
        object: &case.to_string(),
        case: Some(case),
        action: "state",
        field: "state",
        old: from.map(CaseState::code),
        new: Some(to.code()),
        ..Entry::default()
    })
}

fn put_order(tx: &mut Tx<'_>, case: Uuid, order: &Order) -> Result<u32> {
    order.check().map_err(|e| StoreError::input(e.to_string()))?;
    let old: Option<(u32, Option<String>)> = tx
        .query_row(
            "SELECT c.order_version, o.content FROM cases c LEFT JOIN orders o \
             ON o.case_id = c.id AND o.version = c.order_version WHERE c.id = ?",
            [Id(case)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (old_version, old_content) = old.ok_or_else(|| StoreError::not_found("case"))?;
    let (version, content, now) = (old_version + 1, serde_json::to_string(order)?, tx.now());
    tx.execute(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
        params![Id(case), version, now, tx.act.actor.user_id, content],
    )?;
    let identifiers: Vec<&str> = order.patient.identifiers.iter().map(|i| i.value.as_str()).collect();
    tx.execute(
        "UPDATE cases SET order_version = ?, changed_at = ?, patient = ?, identifiers = ?, test = ?, order_id = ?, \
         indication = ?, genes = ? WHERE id = ?",
        params![
            version,
            now,
            order.patient.name.family_first(),
            identifiers.join("\n"),
            order.order.test,
            order.order.id,
            order.indication.text,
            order.genes.join("\n"),
            Id(case)
        ],
    )?;
    tx.log(&Entry {
        kind: "case",
        object: &case.to_string(),
        case: Some(case),
        action: "order",
        field: "order",
        old: old_content.as_deref(),
        new: Some(&content),
        ..Entry::default()
    })?;
    Ok(version)
}

impl Store {
    /// Makes a case in state `ordered`. Errors: a case with this accession exists.
    pub fn create_case(&self, act: &Act, case: &NewCase) -> Result<Case> {
        let id = new_id();
        self.write(act, |tx| {
            let taken: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM samples WHERE accession = ?)",
                [case.sample.as_str()],
                |row| row.get(0),
            )?;
            if taken {
                return Err(StoreError::new(
                    StoreErrorKind::AlreadyExists,
                    Fault::usage("the store holds a case with this accession").hint("open that case, or enter another"),
                ));
            }
            let now = tx.now();
            tx.execute(
                "INSERT INTO cases (id, state, demo, notes, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                params![Id(id), CaseState::Ordered, case.demo, case.notes, now],
            )?;
            tx.execute(
                "INSERT INTO samples (case_id, accession, sex) VALUES (?, ?, ?)",
                params![Id(id), case.sample.as_str(), sex_code(case.sex)],
            )?;
            tx.log(&Entry {
                kind: "case",
                object: &id.to_string(),
                case: Some(id),
                action: "create",
                field: "sample",
                new: Some(case.sample.as_str()),
                ..Entry::default()
            })?;
            note_state(tx, id, None, CaseState::Ordered)?;
            if let Some(order) = &case.order {
                put_order(tx, id, order)?;
            }
            load(tx, id)
        })
    }

    /// A case, for a person to see: the look is audited.
    pub fn case(&self, act: &Act, id: Uuid) -> Result<Case> {
        let case = self.peek_case(id)?;
        self.saw(
            act,
            &Entry {
                kind: "case",
                object: &id.to_string(),
                case: Some(id),
                action: "view",
                ..Entry::default()
            },
        )?;
        Ok(case)
    }

    /// A case, for the program's own work; never for display.
    pub fn peek_case(&self, id: Uuid) -> Result<Case> {
        self.db.read(|connection| load(connection, id))
    }

    /// Enters a new version of the order; the earlier ones stay.
    pub fn set_order(&self, act: &Act, case: Uuid, order: &Order) -> Result<u32> {
        self.write(act, |tx| put_order(tx, case, order))
    }

    /// Every version of the order, oldest first. The look is audited.
    pub fn orders(&self, act: &Act, case: Uuid) -> Result<Vec<OrderVersion>> {
        let rows = self.db.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT version, at, user_id, content FROM orders WHERE case_id = ? ORDER BY version",
            )?;
            let rows = statement
                .query_map([Id(case)], |row| {
                    Ok((
                        row.get(0)?,
                        row.get::<_, When>(1)?.0,
                        row.get(2)?,
                        row.get::<_, String>(3)?,
                    ))
                })?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(rows)
        })?;
        self.saw(
            act,
            &Entry {
                kind: "case",
                object: &case.to_string(),
                case: Some(case),
                action: "view orders",
                ..Entry::default()
            },
        )?;
        rows.into_iter()
            .map(|(version, at, user_id, content)| {
                Ok(OrderVersion {
                    version,
                    at,
                    user_id,
                    order: serde_json::from_str(&content)?,
                })
            })
            .collect()
    }

    /// Sets the free text.
    pub fn set_notes(&self, act: &Act, case: Uuid, notes: &str) -> Result<()> {
        self.write(act, |tx| {
            let old: Option<String> = tx
                .query_row("SELECT notes FROM cases WHERE id = ?", [Id(case)], |row| row.get(0))
                .optional()?;
            let old = old.ok_or_else(|| StoreError::not_found("case"))?;
            let now = tx.now();
            tx.execute(
                "UPDATE cases SET notes = ?, changed_at = ? WHERE id = ?",
                params![notes, now, Id(case)],
            )?;
            tx.log(&Entry {
                kind: "case",
                object: &case.to_string(),
                case: Some(case),
                action: "notes",
                field: "notes",
                old: Some(&old),
                new: Some(notes),
                ..Entry::default()
            })
        })
    }

    /// Changes the state. Errors: the state cannot follow ([`CaseState::next`]).
    pub fn set_case_state(&self, act: &Act, case: Uuid, to: CaseState) -> Result<()> {
        self.write(act, |tx| change_state(tx, case, to))
    }

    /// Every state the case was in, oldest first.
    pub fn case_history(&self, case: Uuid) -> Result<Vec<StateChange>> {
        self.db.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at, from_state, to_state, user_id, name, reason FROM case_states WHERE case_id = ? ORDER BY id",
            )?;
            let changes = statement
                .query_map([Id(case)], |row| {
                    Ok(StateChange {
                        at: row.get::<_, When>(0)?.0,
                        from: row.get(1)?,
                        to: row.get(2)?,
                        user_id: row.get(3)?,
                        name: row.get(4)?,
                        reason: row.get(5)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
            Ok(changes)
        })
    }
}
