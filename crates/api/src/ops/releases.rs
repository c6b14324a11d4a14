//! Data releases: what is installed, install, verify, remove, ask for newer ones.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use clinotype_refdata::releases::{
    self as data, Announcement, Catalogue, Difference, Done, Manifest, Origin, Pin, Request as Install,
};
use clinotype_store::Store;

use crate::{
    app::{App, Session},
    errors,
    queue::Request,
    releases,
    types::*,
};

/// Cases by the release that one of their runs used.
fn users(store: &Store) -> Result<BTreeMap<Pin, BTreeSet<uuid::Uuid>>, ApiError> {
    let mut users: BTreeMap<Pin, BTreeSet<uuid::Uuid>> = BTreeMap::new();
    for run in store.runs(None)? {
        // A run whose request cannot be read back names no release; it says so where it is shown.
        for pin in Request::read(&run.options).map(|r| r.pins).unwrap_or_default() {
            users.entry(pin).or_default().insert(run.case);
        }
    }
    Ok(users)
}

fn view(app: &App, session: &Session) -> Result<ReleasesView, ApiError> {
    let folder = &app.config().data;
    let users = users(&session.store)?;
    let there = data::installed(folder)?;
    let newest = app.data.newest();
    let installed = |id: &str| {
        let of = there.iter().rev().filter(|(source, _, _)| source == id);
        of.map(|(_, release, manifest)| match manifest {
            Ok(manifest) => whole(folder, manifest, &users),
            Err(fault) => InstalledRelease {
                release: release.clone(),
                released: None,
                installed: None,
                origin: None,
                digest: None,
                files: Vec::new(),
                cases: 0,
                damaged: Some(fault.to_string()),
            },
        })
        .collect()
    };
    let catalogue = Catalogue::shipped()?;
    let known = catalogue.sources.iter().map(|source| DataSource {
        id: source.id.clone(),
        name: source.name.clone(),
        what: source.what.clone(),
        build: source.build.map(|b| b.to_string()),
        licence: source.licence.name.clone(),
        licence_url: source.licence.url.clone(),
        fetched: !matches!(source.release, Announcement::Stated),
        newest: newest.get(&source.id).cloned(),
        installed: installed(&source.id),
    });
    Ok(ReleasesView {
        folder: folder.display().to_string(),
        sources: known.collect(),
        task: app.data.view(),
    })
}

fn whole(folder: &Path, manifest: &Manifest, users: &BTreeMap<Pin, BTreeSet<uuid::Uuid>>) -> InstalledRelease {
    InstalledRelease {
        release: manifest.release.clone(),
        released: manifest.release_date.clone(),
        installed: Some(manifest.installed_at.clone()),
        origin: Some(manifest.origin.clone()),
        digest: Some(manifest.digest.clone()),
        files: releases::paths(folder, manifest)
            .map(|(path, file)| InstalledFile {
                path: path.display().to_string(),
                bytes: file.size,
                sha256: file.sha256.clone(),
            })
            .collect(),
        cases: users.get(&manifest.pin()).map_or(0, |cases| cases.len() as u32),
        damaged: None,
    }
}

pub(crate) fn data_releases(app: &Arc<App>, session: &Session, _: Nothing) -> Result<ReleasesView, ApiError> {
    view(app, session)
}

/// Notes in the trail who asked for a change of the data folder.
fn note(app: &App, session: &Session, object: &str, action: &str, text: &str) -> Result<(), ApiError> {
    Ok(session
        .store
        .record(&session.act(app), "data release", object, action, None, Some(text))?)
}

pub(crate) fn install_release(
    app: &Arc<App>,
    session: &Session,
    input: InstallInput,
) -> Result<ReleasesView, ApiError> {
    let catalogue = Catalogue::shipped()?;
    let source = catalogue.source(&input.source);
    let source = source
        .map_err(|_| errors::invalid("source", "there is no such source"))?
        .clone();
    let stated = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let (release, from) = (stated(input.release), stated(input.from).map(PathBuf::from));
    if let Some(from) = &from
        && !(from.is_absolute() && from.exists())
    {
        return Err(errors::invalid(
            "from",
            "there is no such folder or file: its whole path is needed",
        ));
    }
    let folder = app.config().data.clone();
    let (settings, options) = releases::network(&folder)?;
    if from.is_none() {
        settings.base(&source)?;
    }
    let origin = match &from {
        Some(from) => from.display().to_string(),
        None => "network".to_owned(),
    };
    let asked = release.clone().unwrap_or_else(|| "newest".to_owned());
    note(app, session, &format!("{}@{asked}", source.id), "install", &origin)?;
    let clock = Arc::clone(&app.config().clock);
    let software = crate::version();
    app.data.begin(format!("Install {}", source.name), move |work| {
        let now = clock().to_string();
        let done = data::install(
            &Install {
                data: &folder,
                catalogue: &catalogue,
                settings: &settings,
                source: &source.id,
                release: release.as_deref(),
                origin: match &from {
                    Some(from) => Origin::Folder(from),
                    None => Origin::Network(&options),
                },
                now: &now,
                software: &software,
            },
            work,
        )?;
        match done {
            Done::Installed(m) => work.say(true, format!("{} {} is installed", m.name, m.release)),
            Done::Already(m) => work.say(true, format!("{} {} was installed before", m.name, m.release)),
        }
        Ok(())
    })?;
    view(app, session)
}

fn words(difference: &Difference) -> String {
    match difference {
        Difference::Missing { file } => format!("{file} is missing"),
        Difference::Size { file, expected, found } => format!("{file} has {found} bytes, not {expected}"),
        Difference::Bytes { file, .. } => format!("{file} has other bytes than were installed"),
        Difference::Unreadable { file, what } => format!("{file}: {what}"),
    }
}

pub(crate) fn verify_releases(
    app: &Arc<App>,
    session: &Session,
    input: ReleasesInput,
) -> Result<ReleasesView, ApiError> {
    let folder = app.config().data.clone();
    let fits = |source: &str, release: &str| {
        input.source.as_deref().is_none_or(|s| s == source) && input.release.as_deref().is_none_or(|r| r == release)
    };
    let wanted: Vec<(String, String)> = data::installed(&folder)?
        .into_iter()
        .filter(|(source, release, _)| fits(source, release))
        .map(|(source, release, _)| (source, release))
        .collect();
    if wanted.is_empty() {
        return Err(errors::invalid("source", "no such release is installed"));
    }
    app.data.begin("Verify the installed files".to_owned(), move |work| {
        for (source, release) in &wanted {
            let verdict = match data::verify(&folder, source, release, work) {
                Ok(verdict) => verdict,
                Err(fault) if releases::is_finding(fault.kind()) => {
                    work.say(false, format!("{source} {release}: {fault}"));
                    continue;
                }
                Err(fault) => return Err(fault.into()),
            };
            if verdict.differences.is_empty() {
                work.say(true, format!("{source} {release}: every file is as it was installed"));
            }
            for difference in &verdict.differences {
                work.say(false, format!("{source} {release}: {}", words(difference)));
            }
        }
        Ok(())
    })?;
    view(app, session)
}

pub(crate) fn remove_release(app: &Arc<App>, session: &Session, input: ReleaseInput) -> Result<ReleasesView, ApiError> {
    let folder = &app.config().data;
    let pins: Vec<Pin> = users(&session.store)?
        .into_iter()
        .flat_map(|(pin, cases)| std::iter::repeat_n(pin, cases.len()))
        .collect();
    data::remove(folder, &input.source, &input.release, &pins, false)?;
    let object = format!("{}@{}", input.source, input.release);
    note(app, session, &object, "remove", &folder.display().to_string())?;
    view(app, session)
}

pub(crate) fn check_for_newer(app: &Arc<App>, session: &Session, _: Nothing) -> Result<ReleasesView, ApiError> {
    let folder = app.config().data.clone();
    let catalogue = Catalogue::shipped()?;
    let (settings, options) = releases::network(&folder)?;
    let own: BTreeMap<String, Manifest> = releases::newest_installed(&folder)?;
    if own.is_empty() {
        return Err(errors::wrong_state("no release is installed", "install one first"));
    }
    let weak = Arc::downgrade(app);
    app.data
        .begin("Ask the sources for newer releases".to_owned(), move |work| {
            for (id, manifest) in &own {
                // A source that a later version of the table no longer names cannot be asked.
                let Ok(source) = catalogue.source(id) else {
                    work.say(false, format!("{id}: is not in this version's table of sources"));
                    continue;
                };
                match data::announced(source, &settings, &options, work) {
                    Err(fault) if fault.kind() == clinotype_genome::FaultKind::Cancelled => return Err(fault.into()),
                    Err(fault) => work.say(false, format!("{}: {fault}", source.name)),
                    Ok(None) => work.say(true, format!("{}: your own copy; ask its source", source.name)),
                    Ok(Some(newest)) => {
                        let is_newer = data::is_newer(&newest, &manifest.release);
                        work.say(
                            !is_newer,
                            if is_newer {
                                format!("{}: {newest} is out; {} is installed", source.name, manifest.release)
                            } else {
                                format!("{}: {} is the newest", source.name, manifest.release)
                            },
                        );
                        if let Some(app) = weak.upgrade() {
                            app.data.learn_newest(id, newest);
                        }
                    }
                }
            }
            Ok(())
        })?;
    view(app, session)
}

pub(crate) fn stop_data_task(app: &Arc<App>, session: &Session, _: Nothing) -> Result<ReleasesView, ApiError> {
    app.data.stop();
    view(app, session)
}
