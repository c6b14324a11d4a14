//! `cargo xtask tidy`: what the compiler does not check.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::shell;

/// The arrows of ARCHITECTURE.md: each crate and the workspace crates that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("clinotype-genome", &[]),
    ("clinotype-case", &["genome"]),
    ("clinotype-reads", &["genome"]),
    ("clinotype-call", &["genome"]),
    ("clinotype-refdata", &["genome"]),
    ("clinotype-annotate", &["genome", "refdata"]),
    ("clinotype-interpret", &["case", "genome"]),
    ("clinotype-reports", &["case", "genome"]),
    ("clinotype-fhir", &["case", "genome"]),
    (
        "clinotype-jobs",
        &[
            "genome",
            "case",
            "reads",
            "call",
            "annotate",
            "refdata",
            "interpret",
            "reports",
            "fhir",
        ],
    ),
    ("clinotype-store", &["genome", "case"]),
    // The demonstration's files are made by the testkit when a person asks for them.
    (
        "clinotype-api",
        &["genome", "case", "refdata", "jobs", "store", "testkit"],
    ),
    // `clinotype simulate` is the testkit's simulator.
    (
        "clinotype-cli",
        &["genome", "case", "jobs", "api", "testkit", "annotate", "refdata"],
    ),
    ("clinotype-desktop", &["api"]),
    ("clinotype-testkit", &["genome"]),
    ("clinotype-tests", &["genome", "case", "jobs", "testkit"]),
    ("xtask", &["genome", "testkit"]),
];

/// Libraries that have one home each.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["clinotype-store", "clinotype-refdata"]),
    ("printpdf", &["clinotype-reports"]),
    ("fhir-sdk", &["clinotype-fhir"]),
    ("tauri", &["clinotype-desktop"]),
    (
        "rayon",
        &[
            "clinotype-reads",
            "clinotype-call",
            "clinotype-annotate",
            "clinotype-jobs",
        ],
    ),
    (
        "tokio",
        &[
            "clinotype-api",
            "clinotype-deliver",
            "clinotype-refdata",
            "clinotype-desktop",
        ],
    ),
];

/// Longer files are split by concept.
const LONGEST: usize = 600;

pub(crate) fn run() -> Result<()> {
    shell::say("==> Tidy");
    let mut wrong = Vec::new();
    arrows(&mut wrong)?;
    for path in sources(&shell::root())? {
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(shell::root()).unwrap_or(&path).display().to_string();
        let lines = text.lines().count();
        if lines > LONGEST && !text.starts_with("// Generated from") {
            wrong.push(format!(
                "{name}: {lines} lines; split it by concept (at most {LONGEST})"
            ));
        }
        if !name.starts_with("crates/xtask/") {
            wrong.extend(
                unfinished(&text)
                    .into_iter()
                    .map(|(line, what)| format!("{name}:{line}: {what}")),
            );
        }
    }
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "LICENSE",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        if !shell::root().join(name).is_file() {
            wrong.push(format!("{name} is missing"));
        }
    }
    if wrong.is_empty() {
        shell::say("    in order");
        return Ok(());
    }
    for line in &wrong {
        shell::say(&format!("    {line}"));
    }
    bail!("tidy found {} thing(s)", wrong.len());
}

/// Checks the arrows between crates, tests' own dependencies left out.
fn arrows(wrong: &mut Vec<String>) -> Result<()> {
    let output = shell::cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let allowed: BTreeMap<&str, BTreeSet<String>> = ARROWS
        .iter()
        .map(|(name, to)| (*name, to.iter().map(|t| format!("clinotype-{t}")).collect()))
        .collect();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(allowed) = allowed.get(name) else {
            wrong.push(format!(
                "{name}: its arrows are not written down in crates/xtask/src/tidy.rs"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            let of_tests = dependency["kind"].as_str() == Some("dev") && name != "clinotype-tests";
            if to.starts_with("clinotype-") && !allowed.contains(to) && !of_tests {
                wrong.push(format!("{name} must not depend on {to}"));
            }
            if let Some((_, homes)) = HOMES.iter().find(|(library, _)| *library == to)
                && !homes.contains(&name)
                && !of_tests
            {
                wrong.push(format!(
                    "{name} must not depend on {to}: its home is {}",
                    homes.join(", ")
                ));
            }
        }
    }
    Ok(())
}

/// Words that say that something is not done, and paths of one machine.
fn unfinished(text: &str) -> Vec<(usize, String)> {
    let words = ["todo!(", "unimplemented!(", "FIXME", "TODO", "#[ignore"];
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(word) = words.iter().find(|w| line.contains(**w)) {
            found.push((number + 1, format!("{word} says that something is not done")));
        }
    }
    found
}

/// Source files of ours.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "node_modules", "dist"].contains(&name.as_str()) {
                found.extend(sources(&path)?);
            }
        } else if path.extension().is_some_and(|e| e == "rs" || e == "ts" || e == "tsx") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
