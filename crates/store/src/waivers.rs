//! Failed checks of identity that people waive. Append-only: taking one back is a row of its own.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::{
    Act, Result, Role, Store, StoreError, Withdrawal,
    audit::Entry,
    runs,
    tx::{Id, When, Withdrawals, new_id},
};

/// A waiver to give.
#[derive(Clone, Debug)]
pub struct NewWaiver {
    /// The case.
    pub case: Uuid,
    /// The run whose check failed; a later run needs its own waiver.
    pub run: Uuid,
    /// Name of the check.
    pub check: String,
    /// What the check says.
    pub finding: String,
    /// Why the report may be made nevertheless.
    pub reason: String,
}

/// A waiver that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The run.
    pub run: Uuid,
    /// Name of the check.
    pub check: String,
    /// What the check said.
    pub finding: String,
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

const SELECT: &str = "SELECT a.id, a.case_id, a.run_id, a.check_name, a.finding, a.reason, a.at, a.user_id, a.name, \
     a.role, w.at, w.user_id, w.name, w.reason FROM waivers a LEFT JOIN waiver_withdrawals w ON w.waiver_id = a.id";

fn read(row: &Row<'_>) -> rusqlite::Result<Waiver> {
    let withdrawn = match row.get::<_, Option<When>>(10)? {
        None => None,
        Some(at) => Some(Withdrawal {
            at: at.0,
            user_id: row.get(11)?,
            name: row.get(12)?,
            reason: row.get(13)?,
        }),
    };
    Ok(Waiver {
        id: row.get::<_, Id>(0)?.0,
        case: row.get::<_, Id>(1)?.0,
        run: row.get::<_, Id>(2)?.0,
        check: row.get(3)?,
        finding: row.get(4)?,
        reason: row.get(5)?,
        at: row.get::<_, When>(6)?.0,
        user_id: row.get(7)?,
        name: row.get(8)?,
        role: row.get(9)?,
        withdrawn,
    })
}

fn list(connection: &Connection, wher: &str, values: impl rusqlite::Params) -> Result<Vec<Waiver>> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE {wher} ORDER BY a.no DESC"))?;
    let all = statement.query_map(values, read)?.collect::<Result<_, _>>()?;
    Ok(all)
}

fn stated<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    match text.trim() {
        "" => Err(StoreError::input(format!("{what} is needed"))),
        text => Ok(text),
    }
}

impl Store {
    /// Waives a failed check of a run. Whether it failed and may be waived is for the caller to know; that it is not
    /// waived twice is seen to here.
    pub fn waive(&self, act: &Act, waiver: &NewWaiver) -> Result<Waiver> {
        let (why, check) = (stated(&waiver.reason, "a reason")?, stated(&waiver.check, "a check")?);
        let id = new_id();
        self.write(act, |tx| {
            if runs::key(tx, waiver.run)?.case != waiver.case {
                return Err(StoreError::input("the run belongs to another case"));
            }
            let standing = list(tx, "a.run_id = ? AND a.check_name = ?", params![Id(waiver.run), check])?;
            if standing.iter().any(|waiver| waiver.withdrawn.is_none()) {
                return Err(StoreError::not_allowed("the check is waived already"));
            }
            let now = tx.now();
            tx.execute(
                "INSERT INTO waivers (id, case_id, run_id, check_name, finding, reason, at, user_id, name, role) \
                 VALUES (?,?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(waiver.case),
                    Id(waiver.run),
                    check,
                    waiver.finding,
                    why,
                    now,
                    tx.act.actor.user_id,
                    tx.act.actor.name,
                    tx.act.actor.role
                ],
            )?;
            tx.log(&Entry {
                kind: "waiver",
                object: &id.to_string(),
                case: Some(waiver.case),
                action: "waive",
                field: &format!("check {check}"),
                old: Some(&waiver.finding),
                new: Some("waived"),
                reason: Some(why),
            })?;
            Ok(tx.query_row(&format!("{SELECT} WHERE a.id = ?"), [Id(id)], read)?)
        })
    }

    /// Takes a waiver back; the report is withheld again.
    pub fn withdraw_waiver(&self, act: &Act, id: Uuid, why: &str) -> Result<Waiver> {
        let why = stated(why, "a reason")?;
        self.write(act, |tx| {
            let before = list(tx, "a.id = ?", [Id(id)])?
                .pop()
                .ok_or_else(|| StoreError::not_found("waiver"))?;
            tx.take_back(Withdrawals::Waiver, id, why, "the waiver")?;
            tx.log(&Entry {
                kind: "waiver",
                object: &id.to_string(),
                case: Some(before.case),
                action: "withdraw",
                field: &format!("check {}", before.check),
                old: Some("waived"),
                new: Some("not waived"),
                reason: Some(why),
            })?;
            Ok(tx.query_row(&format!("{SELECT} WHERE a.id = ?"), [Id(id)], read)?)
        })
    }

    /// Every waiver of a case, newest first, also those taken back.
    pub fn waivers(&self, case: Uuid) -> Result<Vec<Waiver>> {
        self.db.read(|connection| list(connection, "a.case_id = ?", [Id(case)]))
    }
}
