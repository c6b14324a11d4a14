//! Killed at random moments: nothing that was reported is lost. `examples/store_kill` does more rounds.

#[path = "../../examples/store_kill/rounds.rs"]
#[allow(unreachable_pub, reason = "shared with a program")]
mod rounds;

use std::{path::Path, process::Command};

/// Set in the process that is to be killed.
const WRITER: &str = "CLINOTYPE_TEST_KILLED_WRITER";

#[test]
fn killed_three_times_nothing_is_lost() {
    if let Ok(folder) = std::env::var(WRITER) {
        rounds::write_until_killed(Path::new(&folder)).unwrap();
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("S");
    rounds::create(&folder).unwrap();
    for _ in 0..3 {
        let mut writer = Command::new(std::env::current_exe().unwrap());
        writer
            .args(["kills::killed_three_times_nothing_is_lost", "--exact", "--nocapture"])
            .env(WRITER, &folder);
        rounds::round(writer, &folder).unwrap();
    }
}
