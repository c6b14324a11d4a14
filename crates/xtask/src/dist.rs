//! `cargo xtask dist`: the packages that a hospital installs.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{packages, shell, ui};

pub(crate) fn run() -> Result<()> {
    shell::say("Clinotype dist: installs what is missing, builds the UI and both programs, and packs .deb and .rpm.");
    packages::install(packages::BUILD)?;
    packages::install(packages::WINDOW)?;
    let made = build()?;
    shell::say("");
    for package in made {
        shell::say(&format!("Package: {}", package.display()));
    }
    Ok(())
}

fn build() -> Result<Vec<PathBuf>> {
    ui::install()?;
    ui::build()?;
    shell::run(
        "Build clinotype (release)",
        shell::cargo().args(["build", "--release", "-p", "clinotype-cli"]),
    )?;
    let bundle = shell::target().join("release/bundle");
    // Packages of an earlier version would be taken for this one's.
    if bundle.exists() {
        std::fs::remove_dir_all(&bundle).with_context(|| bundle.display().to_string())?;
    }
    shell::run(
        "Build and pack the window (release)",
        shell::command(ui::folder().join("node_modules/.bin/tauri")).args(["build", "--bundles", "deb,rpm", "--ci"]),
    )?;
    let mut made = Vec::new();
    for (kind, ending) in [("deb", "deb"), ("rpm", "rpm")] {
        let folder = bundle.join(kind);
        let found = std::fs::read_dir(&folder)
            .with_context(|| folder.display().to_string())?
            .filter_map(Result::ok)
            .map(|e| e.path())
            .find(|p| p.extension().is_some_and(|e| e == ending));
        match found {
            Some(package) => made.push(package),
            None => bail!("no .{ending} in {}", folder.display()),
        }
    }
    Ok(made)
}
