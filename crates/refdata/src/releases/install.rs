//! Installing a release: from the network or from a folder, with the same checks, whole or not at all.

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Result, fs};
use url::Url;

use super::{
    Announcement, Catalogue, Manifest, Options, ReleaseFile, Settings, Source, SourceFile,
    announce::{LONGEST_TEXT, choose, date_of},
    checksum::{self, Sums},
    download::{self, Meter},
    folder::{self, Held},
    http::{Client, failed},
    manifest::{self, Packed},
    names,
};

/// Where the files come from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The source's base address.
    Network(&'a Options),
    /// A folder or a file.
    Folder(&'a Path),
}

/// What to install.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The data folder; made if it is not there.
    pub data: &'a Path,
    /// The table of sources.
    pub catalogue: &'a Catalogue,
    /// Mirrors and the proxy.
    pub settings: &'a Settings,
    /// Id of the source.
    pub source: &'a str,
    /// The release; the newest that the source or the folder names, if not stated.
    pub release: Option<&'a str>,
    /// Where from.
    pub origin: Origin<'a>,
    /// Now, RFC 3339.
    pub now: &'a str,
    /// The software with its version.
    pub software: &'a str,
}

/// How an install ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The release is there now.
    Installed(Manifest),
    /// The release was there before; nothing was changed.
    Already(Manifest),
}

/// Installs a release.
///
/// Progress counts bytes. Faults: an unknown source or release, files that are missing, do not arrive or do not have the
/// digests that the source states, a full disk, another install at work in the folder, a stop. Whatever came so far is
/// kept for the next try, except for bytes that were proven wrong.
pub fn install(request: &Request<'_>, progress: &dyn Progress) -> Result<Done> {
    let source = request.catalogue.source(request.source)?;
    if let Some(release) = request.release {
        names::check(release)?;
    }
    fs::create_dir_all(request.data)?;
    let _lock = Lock::take(request.data)?;
    match request.origin {
        Origin::Network(options) => {
            let client = Client::new(options.clone());
            let base = request.settings.base(source)?.to_owned();
            let (release, date) = choose(&client, source, &base, request.release, progress)?;
            let bring = Bring::Network { client, base };
            Work::start(request, source, bring, release, date)?.run(&source.files, progress)
        }
        Origin::Folder(from) => from_folder(request, source, from, progress),
    }
}

fn from_folder(request: &Request<'_>, source: &Source, from: &Path, progress: &dyn Progress) -> Result<Done> {
    if from.is_file() {
        let release = folder::release(from.parent().unwrap_or(Path::new(".")), source, request.release)?;
        let name = from
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let parent = from.parent().unwrap_or(Path::new("."));
        let files = match &source.files[..] {
            [] => folder::everything(parent)?
                .into_iter()
                .filter(|f| f.path == name)
                .collect(),
            [one] if one.upstream_name(&release) == name => vec![one.clone()],
            _ => {
                return Err(
                    Fault::usage(format!("{} is not a single file of this name", source.name))
                        .at(from)
                        .hint("name the folder that holds its files"),
                );
            }
        };
        let bring = Bring::Folder(parent.to_owned());
        return Work::start(request, source, bring, release, None)?.run(&files, progress);
    }
    if !from.is_dir() {
        return Err(Fault::io("open the folder", from, std::io::ErrorKind::NotFound.into()));
    }
    match folder::look(from, source, request.release)? {
        Held::Release(folder, found) => {
            let (release, date) = (found.release.clone(), found.release_date.clone());
            let bring = Bring::Release(folder, found);
            Work::start(request, source, bring, release, date)?.run(&[], progress)
        }
        Held::Files => {
            let release = folder::release(from, source, request.release)?;
            let files = match &source.files[..] {
                [] => folder::everything(from)?,
                files => files.to_vec(),
            };
            let bring = Bring::Folder(from.to_owned());
            Work::start(request, source, bring, release, None)?.run(&files, progress)
        }
    }
}

/// Keeps others from installing into the same folder; ends with the value, or with the process.
pub(super) struct Lock {
    _file: std::fs::File,
}

impl Lock {
    pub(super) fn take(data: &Path) -> Result<Self> {
        let path = data.join(".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|e| Fault::io("write", &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => {
                Err(Fault::usage("another Clinotype is changing this data folder")
                    .at(data)
                    .hint("wait until it has ended"))
            }
            Err(std::fs::TryLockError::Error(e)) => Err(Fault::io("lock", &path, e)),
        }
    }
}

/// How a file gets to its partial place.
enum Bring {
    Network {
        client: Client,
        base: String,
    },
    Folder(PathBuf),
    /// A release that was installed elsewhere.
    Release(PathBuf, Box<Manifest>),
}

/// What came.
struct Came {
    sums: Sums,
    origin: String,
    modified: Option<String>,
}

/// A release on its way.
struct Work<'a> {
    request: &'a Request<'a>,
    source: &'a Source,
    bring: Bring,
    release: String,
    date: Option<String>,
    /// Where it is gathered.
    place: PathBuf,
}

impl<'a> Work<'a> {
    fn start(
        request: &'a Request<'a>,
        source: &'a Source,
        bring: Bring,
        release: String,
        date: Option<String>,
    ) -> Result<Self> {
        names::check(&release)?;
        let date = date.or_else(|| match &source.release {
            Announcement::Fixed { release: fixed, date } if *fixed == release => date.clone(),
            _ => names::date_in(&release),
        });
        Ok(Self {
            request,
            source,
            bring,
            place: request
                .data
                .join(manifest::PARTIAL)
                .join(format!("{}-{release}", source.id)),
            release,
            date,
        })
    }

    fn run(mut self, files: &[SourceFile], progress: &dyn Progress) -> Result<Done> {
        let target = manifest::folder(self.request.data, &self.source.id, &self.release);
        if target.exists() {
            return manifest::manifest_of(self.request.data, &self.source.id, &self.release).map(Done::Already);
        }
        fs::create_dir_all(&self.place)?;
        let mut entries = Vec::new();
        let mut before = 0;
        if let Bring::Release(folder, found) = &self.bring {
            for file in &found.files {
                let entry = self.carried(folder, file, before, progress)?;
                before += entry.size;
                entries.push(entry);
            }
        } else {
            for file in files {
                let entry = self.file(file, before, progress)?;
                before += entry.packed.as_ref().map_or(entry.size, |p| p.size);
                entries.push(entry);
            }
        }
        if self.date.is_none() {
            self.date = entries.first().and_then(|e| date_of(e.modified.as_deref()?));
        }
        progress.check()?;
        let made = self.manifest(entries);
        self.finish(&target, &made)?;
        Ok(Done::Installed(made))
    }

    /// A file of a release that was installed elsewhere: it must be the very file that its manifest names.
    fn carried(&self, folder: &Path, file: &ReleaseFile, before: u64, progress: &dyn Progress) -> Result<ReleaseFile> {
        let path = folder.join(&file.name);
        let sums = folder::copy(&path, &self.place.join(&file.name), progress)?;
        progress.advance(before + sums.size, 0);
        if (sums.size, &sums.sha256) != (file.size, &file.sha256) {
            fs::remove_if_there(self.place.join(&file.name))?;
            return Err(wrong_digest("SHA-256", &file.sha256, &sums.sha256).at(&path));
        }
        Ok(file.clone())
    }

    fn file(&self, file: &SourceFile, before: u64, progress: &dyn Progress) -> Result<ReleaseFile> {
        let local = file.local_name(&self.release);
        let (target, part) = (self.place.join(&local), self.place.join(format!("{local}.part")));
        let noted = self.place.join(format!("{local}.entry"));
        // A file of an earlier try that came whole.
        if let Ok(bytes) = fs::read(&noted)
            && let Ok(entry) = serde_json::from_slice::<ReleaseFile>(&bytes)
            && target.is_file()
            && checksum::of_file(&target, progress)?.sha256 == entry.sha256
        {
            return Ok(entry);
        }
        let md5 = file
            .md5
            .as_ref()
            .map(|list| self.md5(list, file, progress))
            .transpose()?;
        let network = matches!(self.bring, Bring::Network { .. });
        let came = match self.checked(file, &part, md5.as_deref(), before, progress) {
            // Bytes of an earlier try may be what is wrong: once more from the beginning.
            Err(Wrong::Bytes(_)) if network => self.checked(file, &part, md5.as_deref(), before, progress),
            other => other,
        };
        let came = came.map_err(|wrong| match wrong {
            Wrong::Bytes(fault) | Wrong::Other(fault) => fault,
        })?;
        let (sums, packed) = if file.unpack {
            let packed = Packed {
                size: came.sums.size,
                sha256: came.sums.sha256.clone(),
            };
            (unpack(&part, &target, progress)?, Some(packed))
        } else {
            std::fs::rename(&part, &target).map_err(|e| Fault::io("write", &target, e))?;
            (came.sums, None)
        };
        let entry = ReleaseFile {
            name: local,
            size: sums.size,
            sha256: sums.sha256,
            origin: came.origin,
            packed,
            md5,
            modified: came.modified,
        };
        fs::write_atomic(&noted, &json(&entry)?)?;
        Ok(entry)
    }

    /// The MD5 that the source states of a file.
    fn md5(&self, list: &str, file: &SourceFile, progress: &dyn Progress) -> Result<String> {
        let path = names::fill(list, &self.release);
        let (text, place) = match &self.bring {
            Bring::Network { client, base } => {
                let url = Source::address(base, &path)?;
                (client.text(&url, LONGEST_TEXT, progress)?, url.to_string())
            }
            Bring::Folder(from) | Bring::Release(from, _) => {
                let found = folder::need(from, &path)?;
                (fs::read_to_string(&found)?, found.display().to_string())
            }
        };
        let name = file.upstream_name(&self.release);
        checksum::md5_in(&text, &name).ok_or_else(|| Fault::input(format!("states no MD5 of {name}")).at(place))
    }

    /// Brings a file to its partial place and proves it.
    fn checked(
        &self,
        file: &SourceFile,
        part: &Path,
        md5: Option<&str>,
        before: u64,
        progress: &dyn Progress,
    ) -> Result<Came, Wrong> {
        let came = self.bring(file, part, before, progress)?;
        let proof = || -> Result<()> {
            for (what, stated, found) in [
                ("MD5", md5, &came.sums.md5),
                ("SHA-256", file.sha256.as_deref(), &came.sums.sha256),
            ] {
                if let Some(stated) = stated.filter(|stated| !stated.eq_ignore_ascii_case(found)) {
                    return Err(wrong_digest(what, stated, found).at(&came.origin));
                }
            }
            let unproven = md5.is_none() && file.sha256.is_none();
            let name = file.upstream_name(&self.release);
            if unproven && [".gz", ".tbi"].iter().any(|ending| name.ends_with(ending)) && !file.unpack {
                // The source states no digest: gzip's own sums must hold at least.
                checksum::check_gzip(part, progress).map_err(|fault| match fault.kind() {
                    clinotype_genome::FaultKind::Input => Fault::input(format!("is damaged: {}", fault.what()))
                        .at(&came.origin)
                        .hint("the source states no digest of this file: try again later"),
                    _ => fault,
                })?;
            }
            self.still_announced(file, part)
        };
        match proof() {
            Ok(()) => Ok(came),
            Err(fault) if fault.kind() == clinotype_genome::FaultKind::Input => {
                download::forget(part)?;
                Err(Wrong::Bytes(fault))
            }
            Err(fault) => Err(Wrong::Other(fault)),
        }
    }

    /// Where a file itself names its release, it must be the one that was meant.
    fn still_announced(&self, file: &SourceFile, part: &Path) -> Result<()> {
        let Announcement::Text { path, template, .. } = &self.source.release else {
            return Ok(());
        };
        if *path != file.path {
            return Ok(());
        }
        let text = fs::read_to_string(part)?;
        if names::found_in(&text, template).contains(&&*self.release) {
            return Ok(());
        }
        Err(Fault::input(format!("does not name the release {}", self.release))
            .at(part)
            .hint("the source has changed meanwhile: run the same command again"))
    }

    fn bring(&self, file: &SourceFile, part: &Path, before: u64, progress: &dyn Progress) -> Result<Came> {
        match &self.bring {
            Bring::Network { client, base } => {
                let url: Url = Source::address(base, &names::fill(&file.path, &self.release))?;
                let got = download::download(client, &url, part, &Meter { progress, before })?;
                if self.source.release == Announcement::Modified
                    && let Some(date) = got.modified.as_deref().and_then(date_of)
                    && file.path == self.source.files[0].path
                    && date != self.release
                {
                    download::forget(part)?;
                    return Err(failed(&url, "the file has changed meanwhile").hint("run the same command again"));
                }
                let sums = checksum::of_file(part, progress)?;
                download::unmark(part)?;
                Ok(Came {
                    sums,
                    origin: url.to_string(),
                    modified: got.modified,
                })
            }
            Bring::Folder(from) | Bring::Release(from, _) => {
                let path = folder::file(from, file, &self.release)?;
                let sums = folder::copy(&path, part, progress)?;
                progress.advance(before + sums.size, 0);
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
                Ok(Came {
                    sums,
                    origin: name.unwrap_or_default(),
                    modified: None,
                })
            }
        }
    }

    fn manifest(&self, mut files: Vec<ReleaseFile>) -> Manifest {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Manifest {
            schema: manifest::SCHEMA.to_owned(),
            source: self.source.id.clone(),
            name: self.source.name.clone(),
            build: self.source.build,
            release: self.release.clone(),
            release_date: self.date.clone(),
            licence: self.source.licence.clone(),
            origin: match &self.bring {
                Bring::Network { base, .. } => base.clone(),
                Bring::Folder(from) | Bring::Release(from, _) => from.display().to_string(),
            },
            catalogue: self.request.catalogue.version.clone(),
            digest: Manifest::digest_of(&files),
            files,
            installed_at: self.request.now.to_owned(),
            installed_by: self.request.software.to_owned(),
        }
    }

    /// Writes the manifest and gives the release its place.
    fn finish(&self, target: &Path, made: &Manifest) -> Result<()> {
        fs::write_atomic(self.place.join(manifest::FILE), &json(made)?)?;
        let failed = |path: &Path, e| Fault::io("write", path, e);
        for entry in std::fs::read_dir(&self.place).map_err(|e| failed(&self.place, e))? {
            let path = entry.map_err(|e| failed(&self.place, e))?.path();
            let name = path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            let belongs = name == manifest::FILE || made.files.iter().any(|f| f.name == name);
            if !belongs {
                fs::remove_if_there(&path)?;
                continue;
            }
            // Nobody writes into a release by mistake.
            let mut permissions = path.metadata().map_err(|e| failed(&path, e))?.permissions();
            permissions.set_readonly(true);
            std::fs::set_permissions(&path, permissions).map_err(|e| failed(&path, e))?;
        }
        let parent = self.request.data.join(&self.source.id);
        fs::create_dir_all(&parent)?;
        std::fs::rename(&self.place, target).map_err(|e| failed(target, e))?;
        // The rename itself must outlive a power failure; not every file system lets a folder be synced.
        if let Ok(folder) = OpenOptions::new().read(true).open(&parent) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Bytes that were proven wrong are told from what else went wrong.
enum Wrong {
    Bytes(Fault),
    Other(Fault),
}

impl std::convert::From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self::Other(fault)
    }
}

fn wrong_digest(what: &str, stated: &str, found: &str) -> Fault {
    Fault::input(format!("has the {what} {found}; its source states {stated}"))
        .hint("the file was damaged or changed on its way: try again, or copy it again")
}

/// Unpacks gzip to its final name.
fn unpack(part: &Path, target: &Path, progress: &dyn Progress) -> Result<Sums> {
    let packed = std::io::BufReader::with_capacity(1 << 17, fs::open(part)?);
    let mut out = fs::AtomicFile::create(target)?;
    let sums = checksum::copy(flate2::bufread::MultiGzDecoder::new(packed), part, &mut out, progress)?;
    out.commit()?;
    fs::remove_if_there(part)?;
    Ok(sums)
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| Fault::internal("a manifest cannot be written").caused_by(e))?;
    text.push(b'\n');
    Ok(text)
}
