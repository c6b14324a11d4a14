//! Rows in which a table and the recommendations disagree: kept with what each says and the rule that decides.

use std::{collections::HashMap, io::BufRead, path::Path};

/// Counts rows and looks differences up.
pub(crate) struct Verdicts {
    suite: &'static str,
    table: HashMap<(String, String), (String, String)>,
    used: Vec<(String, String)>,
    pub(crate) equal: u32,
    pub(crate) adjudicated: u32,
    failures: Vec<String>,
}

impl Verdicts {
    pub(crate) fn of(suite: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/names/adjudicated.tsv");
        let table = clinotype_genome::fs::open_text(path)
            .unwrap()
            .lines()
            .map(|l| l.unwrap())
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .map(|l| l.split('\t').map(str::to_owned).collect::<Vec<_>>())
            .inspect(|f| assert_eq!(f.len(), 6, "{f:?}"))
            .filter(|f| f[0] == suite)
            .map(|f| ((f[1].clone(), f[2].clone()), (f[3].clone(), f[4].clone())))
            .collect();
        Self {
            suite,
            table,
            used: Vec::new(),
            equal: 0,
            adjudicated: 0,
            failures: Vec::new(),
        }
    }

    /// Compares what a table says of one field with what we say.
    pub(crate) fn judge(&mut self, id: &str, field: &str, theirs: &str, ours: &str) {
        if theirs == ours {
            self.equal += 1;
            return;
        }
        let key = (id.to_owned(), field.to_owned());
        match self.table.get(&key) {
            Some((their_kept, our_kept)) if their_kept == theirs && our_kept == ours => {
                self.adjudicated += 1;
                self.used.push(key);
            }
            _ => self
                .failures
                .push(format!("{}\t{id}\t{field}\t{theirs}\t{ours}\t", self.suite)),
        }
    }

    /// Says the figures; fails where a row is neither equal nor adjudicated, or a verdict no longer applies.
    pub(crate) fn finish(self) {
        println!(
            "{}: {} equal, {} adjudicated, {} differ",
            self.suite,
            self.equal,
            self.adjudicated,
            self.failures.len()
        );
        for failure in &self.failures {
            println!("{failure}");
        }
        let stale: Vec<_> = self.table.keys().filter(|k| !self.used.contains(k)).collect();
        assert!(self.failures.is_empty(), "{} rows differ", self.failures.len());
        assert!(stale.is_empty(), "verdicts that no longer apply: {stale:?}");
    }
}
