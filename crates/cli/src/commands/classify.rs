//! `clinotype classify`.

use std::{io::Write as _, path::Path};

use clinotype_genome::{Fault, Result, fs};
use clinotype_jobs::classify_table;

use crate::args;

pub(crate) fn run(call: &args::Classify) -> Result<()> {
    let text = fs::read_to_string(&call.codes)?;
    let table = classify_table(&text, call.lb_min_points).map_err(|fault| fault.at(&call.codes))?;
    match &call.out {
        Some(path) => fs::write_atomic(path, table.as_bytes()),
        None => std::io::stdout()
            .lock()
            .write_all(table.as_bytes())
            .map_err(|e| Fault::io("write", Path::new("standard output"), e)),
    }
}
