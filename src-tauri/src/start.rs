//! Command line, folders, and the renderer's environment.

use std::{ffi::OsString, path::PathBuf};

use clinotype_api::Config;

const HELP: &str = "\
Clinotype, the desktop window.

clinotype-desktop [--store FOLDER | --demo]

  --store FOLDER   the encrypted store (default: CLINOTYPE_STORE, else clinotype/store in the user's data folder)
  --demo           open on the bundled SYNTHETIC case, in a store of its own that is removed when the window closes
  --version        print the version
  --help           print this";

/// What the command line asks for.
pub(crate) enum Asked {
    /// Open the window.
    Open(Start),
    /// Print something.
    Words(String),
}

/// How the window starts.
pub(crate) struct Start {
    /// Folders of the application.
    pub(crate) config: Config,
    /// The store of a demonstration, removed at the end.
    pub(crate) demo: Option<PathBuf>,
}

pub(crate) fn read(args: impl Iterator<Item = OsString>) -> Result<Asked, String> {
    let mut store = std::env::var_os("CLINOTYPE_STORE").map(PathBuf::from);
    let mut demo = false;
    let mut args = args;
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--help" | "-h") => return Ok(Asked::Words(HELP.to_owned())),
            Some("--version" | "-V") => return Ok(Asked::Words(clinotype_api::version())),
            Some("--store") => {
                store = Some(args.next().ok_or("--store needs a folder")?.into());
            }
            Some("--demo") => demo = true,
            _ => return Err(format!("an argument is not known\n\n{HELP}")),
        }
    }
    let home = || {
        std::env::var_os("HOME")
            .map(PathBuf::from)
            .ok_or("HOME is not set: give --store FOLDER")
    };
    let within = |variable: &str, below: &str| -> Result<PathBuf, &'static str> {
        let folder = match std::env::var_os(variable)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
        {
            Some(folder) => folder,
            None => home()?.join(below),
        };
        Ok(folder.join("clinotype"))
    };
    let cache = within("XDG_CACHE_HOME", ".cache")?;
    if demo {
        let store = cache.join(format!("demonstration-{}", std::process::id()));
        let config = Config::new(store.clone(), cache);
        return Ok(Asked::Open(Start {
            config,
            demo: Some(store),
        }));
    }
    let store = match store {
        Some(store) => std::path::absolute(store).map_err(|e| format!("the store's folder: {e}"))?,
        None => within("XDG_DATA_HOME", ".local/share")?.join("store"),
    };
    Ok(Asked::Open(Start {
        config: Config::new(store, cache),
        demo: None,
    }))
}

/// Some graphics drivers show an empty window with WebKit's DMA-BUF renderer, so it is off unless the user chose. The
/// environment of a running program is not safe to change: the program starts itself again with it.
pub(crate) fn settle_renderer() -> std::io::Result<()> {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    #[cfg(target_os = "linux")]
    if std::env::var_os(SWITCH).is_none() {
        use std::os::unix::process::CommandExt as _;
        return Err(std::process::Command::new(std::env::current_exe()?)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec());
    }
    Ok(())
}

/// The window stays on the program's own page, whatever the page is told.
#[allow(
    clippy::needless_pass_by_value,
    clippy::ptr_arg,
    reason = "the form that the builder asks for"
)]
pub(crate) fn is_our_page(url: &tauri::Url) -> bool {
    matches!(
        (url.scheme(), url.host_str()),
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_on_its_page() {
        for (url, ours) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/worklist", true),
            ("http://tauri.localhost/", true),
            ("https://example.org/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("clinofile://localhost/x", false),
        ] {
            assert_eq!(is_our_page(&tauri::Url::parse(url).unwrap()), ours, "{url}");
        }
    }

    #[test]
    fn a_wrong_argument_is_refused_without_repeating_it() {
        let Err(words) = read(std::iter::once(OsString::from("Jane Doe"))) else {
            panic!("it was taken")
        };
        assert!(words.contains("--store") && !words.contains("Jane"));
        assert!(matches!(read(std::iter::once("--help".into())), Ok(Asked::Words(_))));
    }
}
