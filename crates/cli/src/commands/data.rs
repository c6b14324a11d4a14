//! `clinotype data`: the releases of a data folder.

use std::path::{Path, PathBuf};

use clinotype_genome::{Fault, Progress as _, Result, fs};
use clinotype_jobs::Watch as _;
use clinotype_refdata::releases::{
    self, Announcement, Catalogue, Difference, Done, Manifest, Options, Origin, Pin, ProxyChoice, Request, Settings,
};

use super::{data_build, store::print};
use crate::{args, clock::clock, terminal::Terminal};

pub(crate) fn run(call: args::Data) -> Result<()> {
    match call.command {
        args::DataCommand::List(call) => list(&call),
        args::DataCommand::Install(call) => install(&call),
        args::DataCommand::Verify(call) => verify(&call),
        args::DataCommand::Remove(call) => remove(&call),
        args::DataCommand::Outdated(call) => outdated(&call),
        args::DataCommand::Build(call) => data_build::build(&call),
        args::DataCommand::Genes(call) => data_build::genes(call),
    }
}

/// The data folder: as stated, else `clinotype/releases` in the user's data folder (XDG Base Directory 0.8).
fn folder(stated: &args::DataFolder) -> Result<PathBuf> {
    if let Some(stated) = &stated.data {
        return Ok(stated.clone());
    }
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    variable("XDG_DATA_HOME")
        .or_else(|| Some(variable("HOME")?.join(".local/share")))
        .map(|data| data.join("clinotype/releases"))
        .ok_or_else(|| Fault::usage("the user has no data folder").hint("name a folder with --data"))
}

/// The settings of the folder, with what the call says.
fn settings(data: &Path, network: &args::Network) -> Result<(Settings, Options)> {
    let mut settings = Settings::read(data)?;
    for text in &network.base {
        let (source, base) = text
            .split_once('=')
            .ok_or_else(|| Fault::usage(format!("--base {text:?} is not SOURCE=URL")))?;
        settings.bases.insert(source.to_owned(), base.to_owned());
    }
    let proxy = match network.proxy.as_ref().or(settings.proxy.as_ref()).map(String::as_str) {
        None => ProxyChoice::Environment,
        Some("none") => ProxyChoice::Direct,
        Some(address) => ProxyChoice::At(address.to_owned()),
    };
    let options = Options::new(proxy, network.allow_http || settings.allow_http);
    Ok((settings, options))
}

/// Every release that is installed; one whose manifest cannot be read is a fault.
fn whole(data: &Path) -> Result<Vec<Manifest>> {
    releases::installed(data)?.into_iter().map(|(_, _, m)| m).collect()
}

fn list(call: &args::DataList) -> Result<()> {
    let data = folder(&call.folder)?;
    if call.json {
        let text = serde_json::to_string_pretty(&whole(&data)?)
            .map_err(|e| Fault::internal("manifests cannot be written").caused_by(e))?;
        return print(&text);
    }
    let there = releases::installed(&data)?;
    print(&format!("{}\n", data.display()))?;
    for source in &Catalogue::shipped()?.sources {
        let kind = match (&source.release, source.default) {
            (Announcement::Stated, _) => "your own copy",
            (_, true) => "default set",
            _ => "optional",
        };
        print(&format!("{:18} {} ({kind})", source.id, source.name))?;
        print(&format!("{:18} {}", "", source.what))?;
        print(&format!("{:18} licence: {}", "", source.licence.name))?;
        for (_, release, manifest) in there.iter().filter(|(id, _, _)| *id == source.id) {
            print(&match manifest {
                Ok(m) => {
                    let bytes: u64 = m.files.iter().map(|f| f.size).sum();
                    format!(
                        "{:18} installed: {release}, released {}, {} file(s), {} MB, on {}",
                        "",
                        m.release_date.as_deref().unwrap_or("on a day that is not stated"),
                        m.files.len(),
                        bytes.div_ceil(1_000_000),
                        m.installed_at
                    )
                }
                Err(fault) => format!("{:18} DAMAGED: {release}: {fault}", ""),
            })?;
        }
    }
    Ok(())
}

fn install(call: &args::DataInstall) -> Result<()> {
    let data = folder(&call.folder)?;
    let (settings, options) = settings(&data, &call.network)?;
    let catalogue = Catalogue::shipped()?;
    let mut ids = Vec::new();
    for id in &call.sources {
        if id == "default" {
            ids.extend(catalogue.sources.iter().filter(|s| s.default).map(|s| s.id.as_str()));
        } else {
            ids.push(catalogue.source(id)?.id.as_str());
        }
    }
    if ids.len() > 1 && call.release.is_some() {
        return Err(Fault::usage("--release names the release of one source").hint("install one source at a time"));
    }
    let now = clock()?;
    let terminal = Terminal::new(call.quiet);
    for (index, id) in ids.iter().enumerate() {
        let name = format!("Install {id}");
        terminal.stage(&name, index + 1, ids.len());
        let done = releases::install(
            &Request {
                data: &data,
                catalogue: &catalogue,
                settings: &settings,
                source: id,
                release: call.release.as_deref(),
                origin: match &call.from {
                    Some(from) => Origin::Folder(from),
                    None => Origin::Network(&options),
                },
                now: &now().to_string(),
                software: concat!("clinotype ", env!("CARGO_PKG_VERSION")),
            },
            &terminal,
        )?;
        match done {
            Done::Installed(manifest) => {
                terminal.stage_done(&name, false);
                print(&format!("{}@{} {}", manifest.source, manifest.release, manifest.digest))?;
            }
            Done::Already(manifest) => {
                terminal.note("was installed before; nothing changed");
                print(&format!("{}@{} {}", manifest.source, manifest.release, manifest.digest))?;
            }
        }
    }
    Ok(())
}

/// `SOURCE@RELEASE`, or only the source.
fn named(text: &str) -> (&str, Option<&str>) {
    text.split_once('@')
        .map_or((text, None), |(id, release)| (id, Some(release)))
}

fn verify(call: &args::DataVerify) -> Result<()> {
    let data = folder(&call.folder)?;
    let there = releases::installed(&data)?;
    let mut wanted = Vec::new();
    for text in &call.releases {
        let (id, release) = named(text);
        let before = wanted.len();
        let fits = |r: &&(String, String, _)| r.0 == id && release.is_none_or(|release| r.1 == release);
        wanted.extend(there.iter().filter(fits).map(|(id, release, _)| (id, release)));
        if wanted.len() == before {
            return Err(Fault::usage(format!("{text} is not installed"))
                .at(&data)
                .hint("`clinotype data list` shows what is"));
        }
    }
    if call.releases.is_empty() {
        wanted.extend(there.iter().map(|(id, release, _)| (id, release)));
    }
    let terminal = Terminal::new(call.quiet);
    let mut wrong = 0;
    for (index, (id, release)) in wanted.iter().enumerate() {
        terminal.check()?;
        let name = format!("Verify {id} {release}");
        terminal.stage(&name, index + 1, wanted.len());
        let verdict = match releases::verify(&data, id, release, &terminal) {
            Err(fault) if fault.kind() == clinotype_genome::FaultKind::Input => {
                wrong += 1;
                print(&format!("{id}@{release}: DIFFERS: {fault}"))?;
                continue;
            }
            other => other?,
        };
        terminal.stage_done(&name, false);
        if verdict.differences.is_empty() {
            print(&format!("{id}@{release}: whole"))?;
        }
        for difference in &verdict.differences {
            print(&format!("{id}@{release}: DIFFERS: {}", words(difference)))?;
        }
        for other in &verdict.others {
            print(&format!("{id}@{release}: {other} is not of the release"))?;
        }
        wrong += usize::from(!verdict.differences.is_empty());
    }
    if wrong > 0 {
        return Err(Fault::input(format!("{wrong} release(s) are not what was installed"))
            .at(&data)
            .hint("remove and install them again; do not use them before"));
    }
    Ok(())
}

fn words(difference: &Difference) -> String {
    match difference {
        Difference::Missing { file } => format!("{file} is missing"),
        Difference::Size { file, expected, found } => format!("{file} has {found} bytes, not {expected}"),
        Difference::Bytes { file, expected, found } => format!("{file} has the SHA-256 {found}, not {expected}"),
        Difference::Unreadable { file, what } => format!("{file}: {what}"),
    }
}

fn remove(call: &args::DataRemove) -> Result<()> {
    let data = folder(&call.folder)?;
    let (id, Some(release)) = named(&call.release) else {
        return Err(Fault::usage(format!("{:?} names no release", call.release)).hint("write SOURCE@RELEASE"));
    };
    let pins: Vec<Pin> = match &call.pins {
        None => Vec::new(),
        Some(path) => serde_json::from_str(&fs::read_to_string(path)?)
            .map_err(|e| Fault::input(format!("is not a list of pins: {e}")).at(path))?,
    };
    releases::remove(&data, id, release, &pins, call.force)?;
    print(&format!("{id}@{release}: removed"))
}

fn outdated(call: &args::DataOutdated) -> Result<()> {
    let data = folder(&call.folder)?;
    let (settings, options) = settings(&data, &call.network)?;
    let catalogue = Catalogue::shipped()?;
    let there = whole(&data)?;
    let mut ids: Vec<&str> = call.sources.iter().map(String::as_str).collect();
    if ids.is_empty() {
        ids = there.iter().map(|m| m.source.as_str()).collect();
        ids.dedup();
    }
    let terminal = Terminal::new(true);
    let mut unknown = 0;
    for id in ids {
        let source = catalogue.source(id)?;
        let own = releases::newest(there.iter().filter(|m| m.source == id).map(|m| m.release.as_str()));
        let line = match (releases::announced(source, &settings, &options, &terminal), own) {
            (Err(fault), _) if fault.kind() == clinotype_genome::FaultKind::Cancelled => return Err(fault),
            (Err(fault), _) => {
                unknown += 1;
                format!("UNKNOWN: {fault}")
            }
            (Ok(None), own) => format!("{}; your own copy, ask its source", own.unwrap_or("not installed")),
            (Ok(Some(newest)), None) => format!("not installed; newest {newest}"),
            (Ok(Some(newest)), Some(own)) if releases::is_newer(&newest, own) => {
                format!("OUTDATED: {own}; newest {newest}")
            }
            (Ok(Some(_)), Some(own)) => format!("{own} is the newest"),
        };
        print(&format!("{id}: {line}"))?;
    }
    if unknown > 0 {
        return Err(Fault::io(
            "ask every source",
            &data,
            std::io::Error::other(format!("{unknown} did not answer")),
        ));
    }
    Ok(())
}
