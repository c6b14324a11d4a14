//! System packages of Debian and Ubuntu, installed only where missing.

use anyhow::{Context, Result, bail};

use crate::shell;

/// What building needs: a C compiler, zlib's headers for minimap2, and perl and make for OpenSSL under SQLCipher.
pub(crate) const BUILD: &[&str] = &["build-essential", "pkg-config", "perl", "make", "zlib1g-dev"];
/// What the window needs to be built and shown.
pub(crate) const WINDOW: &[&str] = &["libwebkit2gtk-4.1-dev", "fonts-dejavu-core"];
/// What the tests need besides: the scorer is Python, `bcftools` reads our CSQ, `pdftotext` and `pdftoppm` our pages,
/// the page runs in Chromium, and the window under Xvfb and WebKit's driver.
pub(crate) const TEST: &[&str] = &[
    "python3",
    "bcftools",
    "samtools",
    "poppler-utils",
    "chromium",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "imagemagick",
];

/// Installs those of `wanted` that are missing; names them first.
pub(crate) fn install(wanted: &[&str]) -> Result<()> {
    let installed = |name: &&&str| {
        shell::command("dpkg-query")
            .args(["-W", "-f=${Status}", name])
            .output()
            .is_ok_and(|o| o.status.success() && o.stdout.ends_with(b"ok installed"))
    };
    let missing: Vec<&str> = wanted.iter().filter(|name| !installed(name)).copied().collect();
    if missing.is_empty() {
        shell::say(&format!("==> System packages: all there ({})", wanted.join(", ")));
        return Ok(());
    }
    shell::say(&format!("==> System packages to install: {}", missing.join(", ")));
    if shell::command("apt-get").arg("--version").output().is_err() {
        bail!("this is not Debian or Ubuntu: install the packages named above by hand, then run this again");
    }
    let root = shell::command("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"0\n"));
    let apt = |words: &[&str]| {
        let mut command = shell::command(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        command
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    // Old lists name packages that are gone; new ones are fetched first.
    shell::run(
        "apt-get update",
        apt(&["update", "-qq"]).stdout(std::process::Stdio::null()),
    )?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(&missing);
    shell::run("apt-get install", apt(&words).stdout(std::process::Stdio::null()))
}

/// Node.js 20.19 or newer, for the UI and the FHIR profile validator; a clear word where it is missing.
pub(crate) fn node() -> Result<()> {
    let output = shell::command("node").arg("--version").output().context(
        "Node.js is missing: install 20.19 or newer (https://nodejs.org; Debian 12's own is too old) and run this again",
    )?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = text
        .trim_start_matches('v')
        .split('.')
        .map(|n| n.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < (20, 19) {
        bail!("Node.js {text} is too old: 20.19 or newer is needed");
    }
    Ok(())
}
