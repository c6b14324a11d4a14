//! The worklist: search, filter, sort and page over cases.

use clinotype_case::SampleId;
use jiff::Timestamp;
use rusqlite::{Row, ToSql, params_from_iter};
use uuid::Uuid;

use crate::{
    Act, CaseState, Result, RunState, Store,
    audit::Entry,
    cases::sample_at,
    tx::{Id, When},
};

/// One line of the worklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Id.
    pub id: Uuid,
    /// Accession.
    pub sample: SampleId,
    /// State.
    pub state: CaseState,
    /// Synthetic data.
    pub demo: bool,
    /// `Family, Given`; `None` without an order.
    pub patient_name: Option<String>,
    /// Patient identifiers, as ordered.
    pub identifiers: Vec<String>,
    /// The test ordered.
    pub test: Option<String>,
    /// The order's id.
    pub order_id: Option<String>,
    /// Made.
    pub created_at: Timestamp,
    /// Last changed.
    pub changed_at: Timestamp,
    /// The indication of the order.
    pub indication: Option<String>,
    /// The newest run.
    pub latest_run: Option<RunBrief>,
    /// The newest run that is done.
    pub latest_done: Option<RunBrief>,
    /// Findings of the newest run; `None` where none were saved.
    pub findings: Option<u32>,
}

/// A run in few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunBrief {
    /// Id.
    pub id: Uuid,
    /// State.
    pub state: RunState,
    /// Running stage.
    pub stage: Option<String>,
    /// Units done of the stage.
    pub done: u64,
    /// All units of the stage; 0 where unknown.
    pub total: u64,
    /// What [`Store::set_run_summary`] noted last.
    pub summary: Option<serde_json::Value>,
}

/// Order of the worklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseSort {
    /// Last changed.
    #[default]
    Changed,
    /// Made.
    Created,
    /// Accession.
    Sample,
    /// State, in the order of the work.
    State,
    /// Patient's name; cases without an order last.
    Patient,
}

/// What the worklist is to show.
#[derive(Clone, Debug, Default)]
pub struct CaseQuery {
    /// Part of accession, patient name, identifier, order id, test, indication or gene; ASCII case does not matter.
    pub search: Option<String>,
    /// States; empty means all.
    pub states: Vec<CaseState>,
    /// State of the case with the state of its newest run (`None`: no run); empty means all.
    pub pairs: Vec<(CaseState, Option<RunState>)>,
    /// Order.
    pub sort: CaseSort,
    /// From the end.
    pub descending: bool,
    /// Lines to skip.
    pub offset: u64,
    /// Lines to give.
    pub limit: u32,
}

/// A window of the worklist.
#[derive(Clone, Debug)]
pub struct CasePage {
    /// Lines.
    pub rows: Vec<CaseRow>,
    /// All that match.
    pub total: u64,
    /// Under the search, whatever the states asked for; in the order of [`CaseState::ALL`].
    pub by_state: Vec<(CaseState, u64)>,
    /// The same by the state of the case and of its newest run; only pairs that occur.
    pub by_pair: Vec<(CaseState, Option<RunState>, u64)>,
}

/// `LIKE` with every sign standing for itself.
fn like(text: &str) -> String {
    let mut out = String::from("%");
    for sign in text.trim().chars() {
        if matches!(sign, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(sign);
    }
    out.push('%');
    out
}

/// A run in six columns from `first`, where there is one.
fn brief(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<RunBrief>> {
    let Some(id) = row.get::<_, Option<Id>>(first)? else {
        return Ok(None);
    };
    let summary = row.get::<_, Option<String>>(first + 5)?;
    Ok(Some(RunBrief {
        id: id.0,
        state: row.get(first + 1)?,
        stage: row.get(first + 2)?,
        done: row.get::<_, i64>(first + 3)? as u64,
        total: row.get::<_, i64>(first + 4)? as u64,
        summary: summary.and_then(|text| serde_json::from_str(&text).ok()),
    }))
}

fn read(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok(CaseRow {
        id: row.get::<_, Id>(0)?.0,
        sample: sample_at(row, 1)?,
        state: row.get(2)?,
        demo: row.get(3)?,
        patient_name: row.get(4)?,
        identifiers: row
            .get::<_, Option<String>>(5)?
            .map(|text| text.split('\n').map(str::to_owned).collect())
            .unwrap_or_default(),
        test: row.get(6)?,
        order_id: row.get(7)?,
        created_at: row.get::<_, When>(8)?.0,
        changed_at: row.get::<_, When>(9)?.0,
        indication: row.get(10)?,
        findings: row.get(11)?,
        latest_run: brief(row, 12)?,
        latest_done: brief(row, 18)?,
    })
}

const MATCHES: &str = "(?1 = '' OR s.accession LIKE ?1 ESCAPE '\\' OR c.patient LIKE ?1 ESCAPE '\\' \
                       OR c.identifiers LIKE ?1 ESCAPE '\\' OR c.order_id LIKE ?1 ESCAPE '\\' OR c.test LIKE ?1 ESCAPE '\\' \
                       OR c.indication LIKE ?1 ESCAPE '\\' OR c.genes LIKE ?1 ESCAPE '\\')";

/// A case with its newest run.
const FROM: &str = "FROM cases c JOIN samples s ON s.case_id = c.id \
                    LEFT JOIN runs r ON r.no = (SELECT max(no) FROM runs WHERE case_id = c.id)";

impl Store {
    /// A window of the worklist. A search is audited with its words.
    pub fn cases(&self, act: &Act, query: &CaseQuery) -> Result<CasePage> {
        let search = query.search.as_deref().map(str::trim).filter(|s| !s.is_empty());
        let pattern = search.map(like).unwrap_or_default();
        let page = self.db.read(|connection| {
            let mut counts = connection.prepare_cached(&format!(
                "SELECT c.state, r.state, count(*) {FROM} WHERE {MATCHES} GROUP BY 1, 2"
            ))?;
            let by_pair = counts
                .query_map([&pattern], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)? as u64)))?
                .collect::<rusqlite::Result<Vec<(CaseState, Option<RunState>, u64)>>>()?;
            let count = |state: CaseState| by_pair.iter().filter(|(s, ..)| *s == state).map(|(.., n)| n).sum::<u64>();
            let by_state: Vec<_> = CaseState::ALL.iter().map(|s| (*s, count(*s))).collect();
            let asked = |case: CaseState, run: Option<RunState>| {
                (query.states.is_empty() || query.states.contains(&case))
                    && (query.pairs.is_empty() || query.pairs.contains(&(case, run)))
            };
            let total = by_pair.iter().filter(|(case, run, _)| asked(*case, *run)).map(|(.., n)| n).sum();

            let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(pattern.clone())];
            let states = if query.states.is_empty() {
                "1".to_owned()
            } else {
                let marks: Vec<String> = query
                    .states
                    .iter()
                    .map(|state| {
                        values.push(Box::new(*state));
                        format!("?{}", values.len())
                    })
                    .collect();
                format!("c.state IN ({})", marks.join(","))
            };
            let pairs = if query.pairs.is_empty() {
                "1".to_owned()
            } else {
                // `IS` finds the cases without a run, too.
                let marks: Vec<String> = query
                    .pairs
                    .iter()
                    .map(|(case, run)| {
                        values.push(Box::new(*case));
                        values.push(Box::new(*run));
                        format!("(c.state = ?{} AND r.state IS ?{})", values.len() - 1, values.len())
                    })
                    .collect();
                format!("({})", marks.join(" OR "))
            };
            let way = if query.descending { "DESC" } else { "ASC" };
            let by_work = CaseState::ALL
                .iter()
                .enumerate()
                .map(|(n, s)| format!("WHEN '{}' THEN {n}", s.code()))
                .collect::<Vec<_>>()
                .join(" ");
            let order = match query.sort {
                CaseSort::Changed => format!("c.changed_at {way}"),
                CaseSort::Created => format!("c.created_at {way}"),
                CaseSort::Sample => format!("s.accession COLLATE NOCASE {way}"),
                CaseSort::State => format!("CASE c.state {by_work} END {way}, c.changed_at DESC"),
                CaseSort::Patient => format!("c.patient IS NULL, c.patient COLLATE NOCASE {way}"),
            };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT c.id, s.accession, c.state, c.demo, c.patient, c.identifiers, c.test, c.order_id, c.created_at, \
                 c.changed_at, c.indication, \
                 CASE WHEN r.findings_saved THEN (SELECT count(*) FROM findings f WHERE f.run_no = r.no) END, \
                 r.id, r.state, r.stage, r.done, r.total, r.summary, d.id, d.state, d.stage, d.done, d.total, d.summary \
                 {FROM} LEFT JOIN runs d ON d.no = (SELECT max(no) FROM runs WHERE case_id = c.id AND state = 'done') \
                 WHERE {MATCHES} AND {states} AND {pairs} ORDER BY {order}, s.accession LIMIT {} OFFSET {}",
                query.limit, query.offset
            ))?;
            let rows = statement
                .query_map(params_from_iter(values.iter()), read)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(CasePage {
                rows,
                total,
                by_state,
                by_pair,
            })
        })?;
        if let Some(words) = search {
            self.saw(
                act,
                &Entry {
                    kind: "case",
                    object: "worklist",
                    action: "search",
                    new: Some(words),
                    ..Entry::default()
                },
            )?;
        }
        Ok(page)
    }
}
