//! Writes the made-up reports of the tests as PDF and HTML into a folder: `cargo run --example sample -- FOLDER`.

use std::io::Write as _;
use std::path::PathBuf;

use clinotype_genome::{Fault, Result, fs::AtomicFile};

#[path = "../src/tests/sample/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::assigning_clones,
    reason = "shared with the tests"
)]
mod sample;

fn main() -> Result<()> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .ok_or_else(|| Fault::usage("the first argument is a folder"))?,
    );
    for (name, report) in sample::all() {
        for (end, bytes) in [
            ("pdf", clinotype_reports::pdf(&report)?),
            ("html", clinotype_reports::html(&report)?.into_bytes()),
        ] {
            let path = folder.join(format!("{name}.{end}"));
            let mut file = AtomicFile::create(&path)?;
            file.write_all(&bytes).map_err(|e| Fault::io("write", &path, e))?;
            file.commit()?;
        }
    }
    Ok(())
}
