//! The web UI: its packages, checks and build.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{packages, shell};

pub(crate) fn folder() -> PathBuf {
    shell::root().join("ui")
}

fn npm(words: &[&str]) -> Command {
    let mut npm = shell::command("npm");
    npm.args(words).current_dir(folder());
    npm
}

/// Installs the packages of the lock file, once per lock file.
pub(crate) fn install() -> Result<()> {
    packages::node()?;
    let lock = std::fs::read(folder().join("package-lock.json")).context("ui/package-lock.json cannot be read")?;
    let marker = folder().join("node_modules/.clinotype-lock");
    if std::fs::read(&marker).is_ok_and(|installed| installed == lock) {
        shell::say("==> UI packages: already installed");
        return Ok(());
    }
    shell::run(
        "Install the UI's packages (npm ci)",
        // Browsers come from Debian; the installer would fetch its own.
        npm(&["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    std::fs::write(&marker, lock).context("cannot note that the UI's packages are installed")
}

/// Types, formatting, lints and unit tests.
pub(crate) fn check() -> Result<()> {
    shell::run("UI: types, formatting, lints", &mut npm(&["run", "check"]))?;
    shell::run("UI: unit tests", &mut npm(&["test"]))
}

/// `ui/dist`, which the window has built in.
pub(crate) fn build() -> Result<()> {
    shell::run("UI: build", &mut npm(&["run", "build"]))
}

/// Browser tests with accessibility checks, against the operations served on loopback.
pub(crate) fn browser() -> Result<()> {
    let server = shell::target().join("debug/clinotype-loopback");
    if !server.is_file() {
        bail!("{} is missing: build the workspace first", server.display());
    }
    shell::run(
        "UI: browser tests",
        npm(&["run", "e2e"]).env("CLINOTYPE_LOOPBACK", server),
    )
}

/// Writes `ui/src/api/types.ts` from the Rust types.
pub(crate) fn gen_types() -> Result<()> {
    shell::run(
        "Generate ui/src/api/types.ts",
        shell::cargo()
            .args(["test", "--quiet", "-p", "clinotype-api", "--lib", "the_file_of_the_ui"])
            .env("CLINOTYPE_GEN_TYPES", "1"),
    )
}
