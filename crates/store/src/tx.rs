//! Writing: one transaction with its audit rows, then the anchor.

use std::{
    ops::Deref,
    sync::{MutexGuard, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use rusqlite::{
    OptionalExtension, Transaction, TransactionBehavior, params,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};
use uuid::Uuid;

use crate::{
    Act, Result, Store, StoreError,
    act::stamp,
    audit::{self, Entry, Head, MISMATCH, Setting, anchor},
};

/// What is anchored and what waits for it.
#[derive(Debug)]
pub(crate) struct Anchors {
    /// Committed, not yet anchored.
    pub(crate) waiting: Option<Head>,
    /// The last that was anchored.
    pub(crate) written: Instant,
    /// The anchor did not match at opening: it is evidence now and stays as it is.
    pub(crate) kept: bool,
}

/// A writing transaction and the chain that it extends.
pub(crate) struct Tx<'a> {
    transaction: Transaction<'a>,
    setting: &'a Setting,
    pub(crate) act: &'a Act,
    head: Option<Head>,
}

/// The tables of what was taken back: id, time, account, printed name, reason.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Withdrawals {
    Assertion,
    Criterion,
    Evidence,
    Waiver,
}

impl Withdrawals {
    const fn name(self) -> &'static str {
        match self {
            Self::Assertion => "withdrawals",
            Self::Criterion => "criterion_withdrawals",
            Self::Evidence => "evidence_withdrawals",
            Self::Waiver => "waiver_withdrawals",
        }
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = Transaction<'a>;
    fn deref(&self) -> &Transaction<'a> {
        &self.transaction
    }
}

impl Tx<'_> {
    /// Appends an audit row to this transaction.
    pub(crate) fn log(&mut self, entry: &Entry<'_>) -> Result<()> {
        self.head = Some(audit::append(
            &self.transaction,
            self.setting,
            self.act,
            self.head,
            entry,
        )?);
        Ok(())
    }
    /// Puts what is recorded append-only among its table of withdrawals. `what` names it where that was done before.
    pub(crate) fn take_back(&self, table: Withdrawals, id: Uuid, why: &str, what: &str) -> Result<()> {
        let actor = &self.act.actor;
        let new = self.execute(
            &format!("INSERT OR IGNORE INTO {} VALUES (?,?,?,?,?)", table.name()),
            params![Id(id), self.now(), actor.user_id, actor.name, why],
        )?;
        match new {
            0 => Err(StoreError::not_allowed(format!("{what} was taken back already"))),
            _ => Ok(()),
        }
    }
    /// The act's time as it stands in the database.
    pub(crate) fn now(&self) -> String {
        stamp(self.act.at)
    }
}

/// A time column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When(pub(crate) Timestamp);

impl FromSql for When {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map(Self)
            .map_err(|_| FromSqlError::Other("a time of the store cannot be read".into()))
    }
}

/// An id column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) Uuid);

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Uuid::try_parse(value.as_str()?)
            .map(Self)
            .map_err(|_| FromSqlError::Other("an id of the store cannot be read".into()))
    }
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

pub(crate) fn new_id() -> Uuid {
    Uuid::new_v4()
}

impl Store {
    /// A tail that was cut off while the store was closed must not be covered by a new anchor: the mismatch is written
    /// down as the first row after the cut, and the anchor is kept as evidence.
    pub(crate) fn check_anchor(&self, at: Timestamp) -> Result<()> {
        let found = anchor::read(&self.folder, self.id, &self.setting.key)?;
        let told = {
            let writer = self.db.writer();
            let told = match found {
                anchor::Anchored::Missing => Some("the anchor is missing".to_owned()),
                anchor::Anchored::Damaged => Some("the anchor cannot be read".to_owned()),
                anchor::Anchored::At(head) => {
                    let hash: Option<Vec<u8>> = writer
                        .query_row("SELECT hash FROM audit WHERE seq = ?", [head.seq as i64], |r| r.get(0))
                        .optional()?;
                    (hash.as_deref() != Some(head.hash.as_slice())).then(|| audit::mismatch(head.seq))
                }
            };
            let Some(told) = told else { return Ok(()) };
            let known: bool = writer.query_row(
                "SELECT EXISTS (SELECT 1 FROM audit WHERE action = ?1 AND new = ?2)",
                [MISMATCH, &told],
                |r| r.get(0),
            )?;
            (!known).then_some(told)
        };
        self.anchors().kept = true;
        let Some(told) = told else { return Ok(()) };
        self.write(&Act::program(at), |tx| {
            tx.log(&Entry {
                kind: "audit",
                object: "audit",
                action: MISMATCH,
                new: Some(&told),
                ..Entry::default()
            })
        })
    }

    /// Anchors the chain anew after a mismatch was looked into. The mismatch stays in the trail.
    pub fn accept_anchor(&self, act: &Act) -> Result<()> {
        self.anchors().kept = false;
        self.write(act, |tx| {
            tx.log(&Entry {
                kind: "audit",
                object: "audit",
                action: "anchor anew",
                ..Entry::default()
            })
        })
    }

    /// The one way to change something: one transaction, its audit rows, then the anchor.
    pub(crate) fn write<T>(&self, act: &Act, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let (value, head) = self.transact(act, work)?;
        if let Some(head) = head {
            self.anchor(head)?;
        }
        Ok(value)
    }

    fn transact<T>(&self, act: &Act, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<(T, Option<Head>)> {
        let mut writer = self.db.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = audit::head(&transaction)?;
        let mut tx = Tx {
            transaction,
            setting: &self.setting,
            act,
            head: before,
        };
        let value = work(&mut tx)?;
        let head = tx.head.filter(|h| Some(*h) != before);
        tx.transaction.commit()?;
        Ok((value, head))
    }

    fn anchors(&self) -> MutexGuard<'_, Anchors> {
        self.anchors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn anchor(&self, head: Head) -> Result<()> {
        let mut anchors = self.anchors();
        // Threads may arrive here in another order than that of their commits.
        let newest = anchors.waiting.filter(|w| w.seq > head.seq).unwrap_or(head);
        anchors.waiting = Some(newest);
        if !anchors.kept {
            anchor::write(&self.folder, self.id, &self.setting.key, newest)?;
        }
        anchors.written = Instant::now();
        Ok(())
    }

    /// Logs that somebody looked; its anchor may wait (see [`anchor`]).
    pub(crate) fn saw(&self, act: &Act, entry: &Entry<'_>) -> Result<()> {
        let ((), head) = self.transact(act, |tx| tx.log(entry))?;
        let Some(head) = head else { return Ok(()) };
        let due = {
            let mut anchors = self.anchors();
            let newest = anchors.waiting.filter(|w| w.seq > head.seq).unwrap_or(head);
            anchors.waiting = Some(newest);
            anchors.written.elapsed() >= anchor::VIEWS_WAIT
        };
        if due { self.anchor(head) } else { Ok(()) }
    }

    /// Anchors what waits. Only what this process committed itself is anchored: a row that others put in is for
    /// verification to find.
    pub(crate) fn settle_anchor(&self) -> Result<()> {
        let waiting = self.anchors().waiting;
        match (waiting, anchor::read(&self.folder, self.id, &self.setting.key)?) {
            (Some(waiting), anchor::Anchored::At(anchored)) if anchored.seq < waiting.seq => self.anchor(waiting),
            _ => Ok(()),
        }
    }
}
