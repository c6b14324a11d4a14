//! Classes that people assert. Append-only: taking one back is a row of its own.

use clinotype_case::criterion::Class;
use clinotype_genome::VariantKey;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::{
    Act, Result, Role, Store, StoreError,
    audit::Entry,
    findings::{class_at, key_at},
    runs,
    tx::{Id, Tx, When, Withdrawals, new_id},
    variants::{ClassFacet, class_code, class_from, import::change_cell},
};

/// A class to assert.
#[derive(Clone, Debug)]
pub struct NewAssertion {
    /// The case.
    pub case: Uuid,
    /// The run.
    pub run: Uuid,
    /// Ordinal of the variant in the run.
    pub variant: u32,
    /// The class.
    pub class: Class,
    /// Why; may be empty only where the class is the one that was proposed.
    pub reason: String,
}

/// An asserted class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// The run.
    pub run: Uuid,
    /// Ordinal of the variant in the run.
    pub variant: u32,
    /// The allele.
    pub key: VariantKey,
    /// HGNC symbol shown.
    pub gene: Option<String>,
    /// Class that was proposed then.
    pub proposed: Option<Class>,
    /// Class asserted.
    pub class: Class,
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

/// How an assertion was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: Timestamp,
    /// By this account.
    pub user_id: String,
    /// Printed name.
    pub name: String,
    /// Why.
    pub reason: String,
}

const SELECT: &str = "SELECT a.id, a.case_id, a.run_id, a.variant, a.contig, a.pos, a.ref, a.alt, a.gene, a.proposed, \
     a.class, a.reason, a.at, a.user_id, a.name, a.role, w.at, w.user_id, w.name, w.reason \
     FROM assertions a LEFT JOIN withdrawals w ON w.assertion_id = a.id";

fn read(row: &Row<'_>) -> rusqlite::Result<Assertion> {
    let withdrawn = match row.get::<_, Option<When>>(16)? {
        None => None,
        Some(at) => Some(Withdrawal {
            at: at.0,
            user_id: row.get(17)?,
            name: row.get(18)?,
            reason: row.get(19)?,
        }),
    };
    Ok(Assertion {
        id: row.get::<_, Id>(0)?.0,
        case: row.get::<_, Id>(1)?.0,
        run: row.get::<_, Id>(2)?.0,
        variant: row.get(3)?,
        key: key_at(row, 4)?,
        gene: row.get(8)?,
        proposed: row.get::<_, Option<String>>(9)?.and_then(|c| class_from(&c)),
        class: class_at(row, 10)?,
        reason: row.get(11)?,
        at: row.get::<_, When>(12)?.0,
        user_id: row.get(13)?,
        name: row.get(14)?,
        role: row.get(15)?,
        withdrawn,
    })
}

fn list(connection: &Connection, wher: &str, values: impl rusqlite::Params) -> Result<Vec<Assertion>> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE {wher} ORDER BY a.no DESC"))?;
    let all = statement.query_map(values, read)?.collect::<Result<_, _>>()?;
    Ok(all)
}

/// The assertion that holds for a variant.
fn standing(connection: &Connection, run: Uuid, variant: u32) -> Result<Option<Class>> {
    Ok(connection
        .prepare_cached(
            "SELECT class FROM assertions a WHERE run_id = ? AND variant = ? AND NOT EXISTS \
             (SELECT 1 FROM withdrawals w WHERE w.assertion_id = a.id) ORDER BY no DESC LIMIT 1",
        )?
        .query_row(params![Id(run), variant], |row| class_at(row, 0))
        .optional()?)
}

/// Gives a variant its class: the asserted one where there is one, else `proposed`.
pub(crate) fn set_class(tx: &Tx<'_>, run: Uuid, run_no: i64, variant: u32, proposed: Option<Class>) -> Result<()> {
    let asserted = standing(tx, run, variant)?;
    change_cell(tx, run_no, variant, |cell| {
        cell.class = ClassFacet::from(asserted.or(proposed));
        cell.reviewed = asserted.is_some();
    })
}

/// The class that the criteria give: those of the rules with those that people set.
fn proposed(connection: &Connection, run_no: i64, variant: u32) -> Result<Option<Class>> {
    Ok(connection
        .query_row(
            "SELECT coalesce(class_set, class) FROM findings WHERE run_no = ? AND variant = ?",
            params![run_no, variant],
            |row| class_at(row, 0),
        )
        .optional()?)
}

fn reason(text: &str) -> Result<&str> {
    match text.trim() {
        "" => Err(StoreError::input("a reason is needed")),
        text => Ok(text),
    }
}

impl Store {
    /// Asserts a class. The latest that was not taken back is the variant's class.
    pub fn assert_class(&self, act: &Act, assertion: &NewAssertion) -> Result<Assertion> {
        let NewAssertion {
            case,
            run,
            variant,
            class,
            ..
        } = *assertion;
        let why = assertion.reason.trim();
        let found = self.variant(run, variant)?;
        let id = new_id();
        let done = self.write(act, |tx| {
            let key = runs::key(tx, run)?;
            if key.case != case {
                return Err(StoreError::input("the run belongs to another case"));
            }
            let proposed = proposed(tx, key.no, variant)?;
            if proposed != Some(class) {
                reason(why)?;
            }
            let before = standing(tx, run, variant)?;
            let now = tx.now();
            tx.execute(
                "INSERT INTO assertions (id, case_id, run_id, variant, contig, pos, ref, alt, gene, proposed, class, \
                 reason, at, user_id, name, role) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                params![
                    Id(id),
                    Id(case),
                    Id(run),
                    variant,
                    found.row.key.contig,
                    found.row.key.position.get(),
                    found.row.key.reference,
                    found.row.key.alternate,
                    found.row.gene,
                    proposed.map(class_code),
                    class_code(class),
                    why,
                    now,
                    tx.act.actor.user_id,
                    tx.act.actor.name,
                    tx.act.actor.role
                ],
            )?;
            set_class(tx, run, key.no, variant, proposed)?;
            tx.log(&Entry {
                kind: "assertion",
                object: &id.to_string(),
                case: Some(case),
                action: "assert",
                field: &format!("class of variant {variant}"),
                old: before.or(proposed).map(class_code),
                new: Some(class_code(class)),
                reason: Some(why),
            })?;
            Ok(tx.query_row(&format!("{SELECT} WHERE a.id = ?"), [Id(id)], read)?)
        });
        self.forget_index(run);
        done
    }

    /// Takes an assertion back; the one before it holds again, or what was proposed.
    pub fn withdraw_assertion(&self, act: &Act, id: Uuid, why: &str) -> Result<Assertion> {
        let why = reason(why)?;
        let before = self
            .db
            .read(|connection| list(connection, "a.id = ?", [Id(id)]))?
            .pop()
            .ok_or_else(|| StoreError::not_found("assertion"))?;
        let done = self.write(act, |tx| {
            tx.take_back(Withdrawals::Assertion, id, why, "the assertion")?;
            let key = runs::key(tx, before.run)?;
            let proposed = proposed(tx, key.no, before.variant)?;
            set_class(tx, before.run, key.no, before.variant, proposed)?;
            let now_class = standing(tx, before.run, before.variant)?.or(proposed);
            tx.log(&Entry {
                kind: "assertion",
                object: &id.to_string(),
                case: Some(before.case),
                action: "withdraw",
                field: &format!("class of variant {}", before.variant),
                old: Some(class_code(before.class)),
                new: now_class.map(class_code),
                reason: Some(why),
            })?;
            Ok(tx.query_row(&format!("{SELECT} WHERE a.id = ?"), [Id(id)], read)?)
        });
        self.forget_index(before.run);
        done
    }

    /// Every assertion of a case, newest first, also those taken back.
    pub fn assertions(&self, case: Uuid) -> Result<Vec<Assertion>> {
        self.db.read(|connection| list(connection, "a.case_id = ?", [Id(case)]))
    }

    /// Every assertion of an allele in any case, newest first: the laboratory's memory.
    pub fn assertions_of(&self, key: &VariantKey) -> Result<Vec<Assertion>> {
        self.db.read(|connection| {
            list(
                connection,
                "a.contig = ? AND a.pos = ? AND a.ref = ? AND a.alt = ?",
                params![key.contig, key.position.get(), key.reference, key.alternate],
            )
        })
    }
}
