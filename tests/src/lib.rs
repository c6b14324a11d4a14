//! What the whole-product tests share: the real binary, the shared data, and a tiny case to break.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

mod tiny_case;
pub mod webdriver;

pub use tiny_case::{ORDER, READS, TinyCase};

/// The `clinotype` binary of this build, built once if it is not there yet.
///
/// # Panics
/// Where it cannot be built.
pub fn clinotype() -> Command {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let binary = BINARY.get_or_init(|| {
        // Built alone it would have other features than in the workspace, and every dependency would be built again:
        // `cargo xtask test` builds the workspace first and says so.
        if std::env::var_os("CLINOTYPE_BUILT").is_none() {
            let status = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "-p", "clinotype-cli"])
                .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
                .status()
                .expect("cargo runs, as it runs this test");
            assert!(status.success(), "clinotype does not build");
        }
        // Tests live in <target>/<profile>/deps; the binary two levels up from there.
        let this = std::env::current_exe().expect("a running test has a path");
        this.ancestors()
            .nth(2)
            .expect("tests lie in target/<profile>/deps")
            .join("clinotype")
    });
    let mut command = Command::new(binary);
    command.env_remove("SOURCE_DATE_EPOCH");
    command
}

/// A folder of the shared data, or `None` after saying that the test is skipped. With `CI` set its absence fails.
///
/// # Panics
/// With `CI` set and no shared data.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CLINOTYPE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{folder} of the shared data is missing: set CLINOTYPE_SHARED"
    );
    eprintln!("skipped: {folder} of the shared data is not here (CLINOTYPE_SHARED)");
    None
}

/// What a command printed on standard error.
pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Names of the files in a folder that have a final name, sorted; hidden ones left out.
///
/// # Panics
/// Where the folder cannot be read.
pub fn final_names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|e| e.expect("a readable folder").file_name().to_string_lossy().into_owned())
        .collect();
    names.retain(|n| !n.starts_with('.'));
    names.sort();
    names
}

/// The lines of a text file that may be compressed.
///
/// # Panics
/// Where it cannot be read.
pub fn lines(path: &Path) -> Vec<String> {
    use std::io::BufRead as _;
    clinotype_genome::fs::open_text(path)
        .expect("the file opens")
        .lines()
        .map(|l| l.expect("the file is text"))
        .collect()
}
