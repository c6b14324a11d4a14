//! Writes the bundles of synthetic reports to a folder, for a look or for a validator:
//! `cargo run -p clinotype-fhir --example bundle_sample -- FOLDER`.

#[path = "../tests/samples/mod.rs"]
#[allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "shared with the tests"
)]
mod samples;

use std::path::PathBuf;

use clinotype_genome::{Fault, Result, fs};

fn main() -> Result<()> {
    let folder = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or_else(|| Fault::usage("give the folder to write to"))?;
    fs::create_dir_all(&folder)?;
    for (name, report) in samples::all() {
        // Two reports go with their PDF; a few bytes stand in for it here.
        let pdf: Option<&[u8]> = matches!(name, "positive" | "negative").then_some(b"%PDF-1.7\n%%EOF\n");
        let path = folder.join(format!("{name}.json"));
        fs::write_atomic(&path, clinotype_fhir::bundle(&report, pdf)?.as_bytes())?;
    }
    Ok(())
}
