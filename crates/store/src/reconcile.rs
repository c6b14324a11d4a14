//! What opening puts right after a kill. Nothing that was reported as done is touched.

use std::{collections::HashSet, path::Path};

use clinotype_genome::fs;
use jiff::Timestamp;
use rusqlite::params;
use uuid::Uuid;

use crate::{
    Act, CaseState, Result, RunState, Store, StoreError,
    audit::Entry,
    disk, runs,
    tx::{Id, new_id},
};

/// What had to be put right; all of it is in the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Runs that were running when the program ended.
    pub interrupted_runs: Vec<Uuid>,
    /// Variant imports that had not ended; their rows were removed.
    pub half_imports: u32,
    /// Files whose move into the vault was finished now.
    pub files_adopted: u32,
    /// Half-written files that were removed; none had been reported as kept.
    pub orphans_removed: u32,
    /// Files that belong to no record (another store's, or of a newer copy of the database): moved to `set-aside/`.
    pub set_aside: u32,
    /// Kept files that are not in the vault.
    pub missing_files: Vec<Uuid>,
    /// Unlocks that failed since the last one that worked.
    pub failed_unlocks: u32,
    /// Schema version before the migration, where there was one.
    pub migrated_from: Option<u32>,
}

struct Pending {
    id: Uuid,
    case: Uuid,
    run: Option<Uuid>,
    state: String,
    source: Option<String>,
    whole: bool,
}

fn names(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |e| StoreError::io("read the folder", folder, e);
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        out.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    out.sort();
    Ok(out)
}

impl Store {
    pub(crate) fn reconcile(&self, at: Timestamp) -> Result<Recovered> {
        for sub in ["vault", "work"] {
            fs::create_dir_all(self.folder.join(sub))?;
        }
        let act = Act::program(at).because("the program ended before this was finished");
        let mut recovered = Recovered::default();
        self.interrupt_runs(&act, &mut recovered)?;
        self.remove_half_imports(&act, &mut recovered)?;
        self.finish_files(&act, &mut recovered)?;
        self.find_missing(&act, &mut recovered)?;
        self.set_aside(&act, &mut recovered)?;
        Ok(recovered)
    }

    fn ids(&self, sql: &str) -> Result<Vec<Uuid>> {
        let writer = self.db.writer();
        let mut statement = writer.prepare(sql)?;
        let ids = statement
            .query_map([], |row| Ok(row.get::<_, Id>(0)?.0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    fn interrupt_runs(&self, act: &Act, recovered: &mut Recovered) -> Result<()> {
        for run in self.ids("SELECT id FROM runs WHERE state = 'running' ORDER BY no")? {
            self.write(act, |tx| {
                let found = runs::change_state(tx, run, RunState::Interrupted)?;
                let now = tx.now();
                tx.execute("UPDATE runs SET ended_at = ? WHERE no = ?", params![now, found.no])?;
                runs::case_follows(tx, found.case, CaseState::Received)
            })?;
            recovered.interrupted_runs.push(run);
        }
        Ok(())
    }

    fn remove_half_imports(&self, act: &Act, recovered: &mut Recovered) -> Result<()> {
        for run in self.ids("SELECT id FROM runs WHERE variant_state = 'importing' ORDER BY no")? {
            self.drop_variants(run)?;
            self.write(act, |tx| {
                let found = runs::key(tx, run)?;
                tx.log(&Entry {
                    kind: "run",
                    object: &run.to_string(),
                    case: Some(found.case),
                    action: "half import removed",
                    ..Entry::default()
                })
            })?;
            recovered.half_imports += 1;
        }
        Ok(())
    }

    fn finish_files(&self, act: &Act, recovered: &mut Recovered) -> Result<()> {
        let pending: Vec<Pending> = {
            let writer = self.db.writer();
            let mut statement = writer.prepare(
                "SELECT id, case_id, run_id, state, source, head IS NOT NULL FROM files \
                 WHERE state IN ('writing', 'moving')",
            )?;
            statement
                .query_map([], |row| {
                    Ok(Pending {
                        id: row.get::<_, Id>(0)?.0,
                        case: row.get::<_, Id>(1)?.0,
                        run: row.get::<_, Option<Id>>(2)?.map(|i| i.0),
                        state: row.get(3)?,
                        source: row.get(4)?,
                        whole: row.get(5)?,
                    })
                })?
                .collect::<Result<_, _>>()?
        };
        for file in pending {
            let target = self.vault_path(file.id);
            let source = file
                .run
                .zip(file.source.as_deref())
                .map(|(run, name)| self.folder.join("work").join(run.to_string()).join(name));
            let moving = file.state == "moving" && file.whole;
            let here = if moving && !target.exists() {
                match source.filter(|s| s.exists()) {
                    Some(source) => disk::rename(&source, &target).map(|()| true)?,
                    None => false,
                }
            } else {
                moving
            };
            if here {
                recovered.files_adopted += 1;
            } else {
                // Of a file that was being moved without its digest the bytes still lie in the work folder.
                fs::remove_if_there(&target)?;
                recovered.orphans_removed += 1;
            }
            let (state, action) = if here {
                ("kept", "keep")
            } else {
                ("abandoned", "abandon")
            };
            self.write(act, |tx| {
                tx.execute(
                    "UPDATE files SET state = ?1, source = NULL, identity = CASE ?1 WHEN 'kept' THEN identity END \
                     WHERE id = ?2",
                    params![state, Id(file.id)],
                )?;
                tx.log(&Entry {
                    kind: "file",
                    object: &file.id.to_string(),
                    case: Some(file.case),
                    action,
                    ..Entry::default()
                })
            })?;
        }
        Ok(())
    }

    fn find_missing(&self, act: &Act, recovered: &mut Recovered) -> Result<()> {
        for id in self.ids("SELECT id FROM files WHERE state IN ('kept', 'missing')")? {
            let there = self.vault_path(id).exists();
            if !there {
                recovered.missing_files.push(id);
            }
            let state = if there { "kept" } else { "missing" };
            self.write(act, |tx| {
                // Only a change is written down, or every opening would repeat it.
                if tx.execute(
                    "UPDATE files SET state = ?1 WHERE id = ?2 AND state <> ?1",
                    params![state, Id(id)],
                )? == 0
                {
                    return Ok(());
                }
                let case: Id = tx.query_row("SELECT case_id FROM files WHERE id = ?", [Id(id)], |r| r.get(0))?;
                tx.log(&Entry {
                    kind: "file",
                    object: &id.to_string(),
                    case: Some(case.0),
                    action: if there { "found again" } else { "missing" },
                    reason: Some("compared with the vault at opening"),
                    ..Entry::default()
                })
            })?;
        }
        Ok(())
    }

    fn set_aside(&self, act: &Act, recovered: &mut Recovered) -> Result<()> {
        let known: HashSet<String> = self
            .ids("SELECT id FROM files WHERE state IN ('kept', 'missing') UNION ALL SELECT id FROM runs")?
            .iter()
            .map(Uuid::to_string)
            .collect();
        for sub in ["vault", "work"] {
            let folder = self.folder.join(sub);
            for name in names(&folder)?.into_iter().filter(|n| !known.contains(n)) {
                let path = folder.join(&name);
                // Other names of kept files, left by a kill.
                if sub == "work" && name.starts_with("view-") {
                    std::fs::remove_dir_all(&path).map_err(|e| StoreError::io("remove", &path, e))?;
                    continue;
                }
                // Our own half-written output; it never had its name, so it was never reported.
                if sub == "vault" && name.starts_with('.') && name.ends_with(".partial") {
                    fs::remove_if_there(&path)?;
                    recovered.orphans_removed += 1;
                    continue;
                }
                let aside = self.folder.join("set-aside");
                fs::create_dir_all(&aside)?;
                let target = aside.join(format!("{sub}-{}", new_id()));
                disk::rename(&path, &target)?;
                let told = target.file_name().map(|n| n.to_string_lossy().into_owned());
                self.write(act, |tx| {
                    tx.log(&Entry {
                        kind: "file",
                        object: &name,
                        action: "set aside",
                        new: told.as_deref(),
                        reason: Some("no record of the store names it"),
                        ..Entry::default()
                    })
                })?;
                recovered.set_aside += 1;
            }
        }
        Ok(())
    }
}
