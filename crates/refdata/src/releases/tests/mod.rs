//! Installing against a server on loopback that misbehaves, and from folders.

mod local;
mod network;
mod server;
mod sources;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use clinotype_genome::{Fault, Progress, Result, Silent, digest, fs};
use md5::Digest as _;

use super::*;

/// A table with a source of each kind.
const TABLE: &str = r#"{
  "schema": "clinotype/catalogue/1", "version": "test",
  "sources": [
    { "id": "one", "name": "One", "what": "x", "licence": { "name": "L", "url": "u" }, "base": "https://one.example/",
      "release": { "fixed": { "release": "1", "date": "2020-01-02" } },
      "files": [{ "path": "d/one.bin", "md5": "d/md5.txt" }] },
    { "id": "listed", "name": "Listed", "what": "x", "build": "GRCh38", "licence": { "name": "L", "url": "u" },
      "base": "https://listed.example/",
      "release": { "text": { "path": "", "template": "l_{release}.gz", "like": "00000000" } },
      "files": [{ "path": "l_{release}.gz" }, { "path": "l_{release}.txt" }] },
    { "id": "dated", "name": "Dated", "what": "x", "licence": { "name": "L", "url": "u" }, "base": "https://d.example/",
      "release": "modified", "files": [{ "path": "export?kind=tsv", "name": "dated.tsv" }] },
    { "id": "self", "name": "Self", "what": "x", "licence": { "name": "L", "url": "u" }, "base": "https://s.example/",
      "release": { "text": { "path": "self.csv", "template": "CREATED {release};" } },
      "files": [{ "path": "self.csv" }] },
    { "id": "packed", "name": "Packed", "what": "x", "licence": { "name": "L", "url": "u" }, "base": "https://p.example/",
      "release": { "fixed": { "release": "9", "date": null } },
      "files": [{ "path": "p.fa.gz", "name": "p.fa", "unpack": true, "md5": "p.fa.gz.md5" }] },
    { "id": "mine", "name": "Mine", "what": "x", "licence": { "name": "ask", "url": "u" }, "release": "stated" }
  ]
}"#;

const NOW: &str = "2026-11-30T00:00:00Z";

/// A data folder with its settings.
struct Laboratory {
    folder: tempfile::TempDir,
    catalogue: Catalogue,
    settings: Settings,
    options: Options,
}

impl Laboratory {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            catalogue: Catalogue::parse(TABLE).unwrap(),
            settings: Settings::default(),
            options: Options {
                proxy: ProxyChoice::Direct,
                stall: Duration::from_secs(20),
                connect: Duration::from_secs(20),
                attempts: 3,
                first_wait: Duration::from_millis(1),
                environment: |_| None,
                ..Options::default()
            },
        }
    }

    /// The same, with a server in the place of a source.
    fn at(server: &server::Server, source: &str) -> Self {
        let mut made = Self::new();
        made.settings.bases.insert(source.to_owned(), server.base());
        made
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn watched(&self, source: &str, release: Option<&str>, origin: Origin<'_>, watch: &dyn Progress) -> Result<Done> {
        install(
            &Request {
                data: &self.data(),
                catalogue: &self.catalogue,
                settings: &self.settings,
                source,
                release,
                origin,
                now: NOW,
                software: "clinotype test",
            },
            watch,
        )
    }

    fn install(&self, source: &str) -> Result<Done> {
        self.watched(source, None, Origin::Network(&self.options), &Silent)
    }

    fn from(&self, source: &str, release: Option<&str>, folder: &Path) -> Result<Done> {
        self.watched(source, release, Origin::Folder(folder), &Silent)
    }

    /// Every file below the data folder but the lock, by its path there.
    fn files(&self) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, root, found);
                } else if !path.ends_with(".lock") {
                    found.push(path.strip_prefix(root).unwrap().display().to_string());
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.data(), &self.data(), &mut found);
        found.sort();
        found
    }

    fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.data().join(path)).unwrap()
    }
}

fn manifest(done: Result<Done>) -> Manifest {
    match done.unwrap() {
        Done::Installed(manifest) => manifest,
        Done::Already(manifest) => panic!("was there before: {manifest:?}"),
    }
}

fn words(result: Result<Done>) -> String {
    let fault: Fault = result.unwrap_err();
    fault.to_string()
}

fn md5(bytes: &[u8]) -> String {
    digest::hex(&md5::Md5::digest(bytes))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that look like nothing.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}

/// Stops when this many bytes are done.
struct StopAt {
    limit: u64,
    seen: AtomicU64,
}

impl StopAt {
    fn new(limit: u64) -> Self {
        Self {
            limit,
            seen: AtomicU64::new(0),
        }
    }
}

impl Progress for StopAt {
    fn advance(&self, done: u64, total: u64) {
        assert!(total == 0 || done <= total, "{done} of {total}");
        self.seen.fetch_max(done, Ordering::Relaxed);
    }
    fn is_cancelled(&self) -> bool {
        self.seen.load(Ordering::Relaxed) >= self.limit
    }
}
