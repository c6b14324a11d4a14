//! `store_kill N`: kills a writing process N times at random moments, and proves each time that nothing it had reported
//! as committed is lost and that the audit chain verifies.

#![allow(missing_docs, unreachable_pub, reason = "a program, not a library")]

mod rounds;

use std::{path::Path, process::Command};

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut words = std::env::args().skip(1);
    match (words.next().as_deref(), words.next()) {
        (Some("--writer"), Some(folder)) => rounds::write_until_killed(Path::new(&folder)),
        (count, _) => {
            let count: u32 = count.unwrap_or("20").parse()?;
            let root = tempfile::tempdir()?;
            let folder = root.path().join("S");
            rounds::create(&folder)?;
            let mut held = 0;
            for n in 1..=count {
                let mut writer = Command::new(std::env::current_exe()?);
                writer.arg("--writer").arg(&folder);
                held += rounds::round(writer, &folder).map_err(|e| format!("kill {n}: {e}"))?;
            }
            println!("{count} kills: {held} reported commits, none lost; the audit chain verified each time");
            Ok(())
        }
    }
}
