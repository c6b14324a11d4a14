//! The program opens no socket to anywhere: not while it starts, not while it takes the demonstration case from reads to
//! report, not while its window draws.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use clinotype_tests::webdriver::{Display, desktop};

/// This process and all below it.
fn family(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|e| e.file_name().to_str()?.parse().ok())
        .filter_map(|pid: u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name in brackets may hold spaces.
            let parent = stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect();
    let mut at = 0;
    while at < found.len() {
        let parent = found[at];
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    found
}

/// Internet sockets that these processes hold, as `/proc` tells them.
fn sockets(pids: &[u32]) -> BTreeSet<String> {
    let mut inet = BTreeSet::new();
    for pid in pids {
        for table in ["tcp", "tcp6", "udp", "udp6", "raw", "raw6", "icmp", "icmp6"] {
            let text = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
            for line in text.lines().skip(1) {
                if let Some(inode) = line.split_whitespace().nth(9) {
                    inet.insert(format!("socket:[{inode}]"));
                }
            }
        }
    }
    let mut held = BTreeSet::new();
    for pid in pids {
        for entry in std::fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let target = std::fs::read_link(entry.path()).unwrap_or_default();
            let target = target.to_string_lossy();
            if inet.contains(target.as_ref()) {
                held.insert(format!("process {pid} holds {target}"));
            }
        }
    }
    held
}

#[test]
fn the_search_for_sockets_finds_one() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    assert!(!sockets(&[std::process::id()]).is_empty());
    drop(listener);
}

#[test]
fn a_whole_demonstration_opens_no_socket_and_leaves_nothing() {
    let Some(program) = desktop() else { return };
    let home = tempfile::tempdir().unwrap();
    let display = Display::start(1280, 860);
    let log = home.path().join("log");
    let mut window = Command::new(program)
        .arg("--demo")
        .env("DISPLAY", &display.name)
        .env("HOME", home.path())
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env("GDK_BACKEND", "x11")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdout(std::fs::File::create(&log).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(400);
    let mut held = BTreeSet::new();
    let mut looks = 0;
    // The vault holds the report when the run has ended.
    let done = loop {
        held.extend(sockets(&family(window.id())));
        looks += 1;
        let kept = vault_files(&home.path().join("cache"));
        if kept >= 8 || window.try_wait().unwrap().is_some() || Instant::now() > until {
            break kept >= 8;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    assert!(done, "the demonstration did not end in time; it said: {said}");
    assert!(looks > 20, "looked only {looks} times");
    assert_eq!(held, BTreeSet::new());
    close(window.id());
    window.wait().unwrap();
    let left: Vec<_> = std::fs::read_dir(home.path().join("cache/clinotype"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("demonstration-"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "the demonstration's store is removed");
}

fn vault_files(cache: &Path) -> usize {
    crate::search::files(cache)
        .iter()
        .filter(|p| p.parent().is_some_and(|f| f.ends_with("vault")))
        .count()
}

/// Asks the program to end, as a desktop that shuts down does.
fn close(pid: u32) {
    Command::new("kill").arg(pid.to_string()).status().unwrap();
}
