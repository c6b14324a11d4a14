//! Running commands, and where things are.

use std::{
    ffi::OsStr,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};

/// Prints a line.
pub(crate) fn say(text: &str) {
    // A closed pipe is no reason to stop a build.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The shared data: `CLINOTYPE_SHARED`, else `../shared` from the workspace.
pub(crate) fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("CLINOTYPE_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    path.is_dir().then_some(path)
}

/// The target folder that cargo uses.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command in the workspace's folder.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Cargo itself.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Says what is done, does it, and says how long it took.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    say(&format!("==> {what}"));
    let start = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{what}: failed ({status})");
    }
    say(&format!("    done in {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}
