//! `cargo xtask test`: everything that CI runs.

use anyhow::{Context, Result, bail};

use crate::{packages, shell, tidy, ui};

/// The window shows the built UI, the browser tests have their server, and tables are written as Parquet, too.
const FEATURES: [&str; 2] = [
    "--features",
    "clinotype-desktop/custom-protocol,clinotype-api/loopback,clinotype-cli/parquet",
];

pub(crate) fn run() -> Result<()> {
    shell::say("Clinotype tests: installs what is missing, checks the layout, then runs every test of the workspace.");
    packages::install(packages::BUILD)?;
    packages::install(packages::WINDOW)?;
    packages::install(packages::TEST)?;
    tidy::run()?;
    shell::run("Formatting", shell::cargo().args(["fmt", "--all", "--check"]))?;
    fhir_validator()?;
    ui::install()?;
    ui::check()?;
    ui::build()?;
    // The whole-product tests start the real binary; building it first keeps its time out of theirs.
    shell::run(
        "Build",
        shell::cargo()
            .args(["build", "--workspace", "--all-targets"])
            .args(FEATURES),
    )?;
    let modules = shell::target().join("fhir-validator/node_modules");
    shell::run(
        "Tests",
        shell::cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(FEATURES)
            .env("CLINOTYPE_BUILT", "1")
            .env("CLINOTYPE_FHIR_NM", modules),
    )?;
    ui::browser()?;
    shell::run(
        "Lints",
        shell::cargo()
            .args(["clippy", "--workspace", "--all-targets"])
            .args(FEATURES)
            .args(["--", "-D", "warnings"]),
    )
}

/// Installs the FHIR profile validator of the shared folder into the target folder, from its own package.json.
fn fhir_validator() -> Result<()> {
    let Some(shared) = shell::shared() else {
        if std::env::var_os("CI").is_some() {
            bail!("the shared data are missing: set CLINOTYPE_SHARED to their folder");
        }
        shell::say("==> FHIR validator: skipped, the shared data are not here (CLINOTYPE_SHARED)");
        return Ok(());
    };
    packages::node()?;
    let folder = shell::target().join("fhir-validator");
    if folder.join("node_modules/.package-lock.json").exists() {
        shell::say("==> FHIR validator: already installed");
        return Ok(());
    }
    std::fs::create_dir_all(&folder).context("cannot make the validator's folder")?;
    std::fs::copy(
        shared.join("tools/fhir-validator/package.json"),
        folder.join("package.json"),
    )
    .context("cannot read the validator's package.json")?;
    shell::run(
        "Install the FHIR validator (npm)",
        shell::command("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .current_dir(&folder),
    )
}
