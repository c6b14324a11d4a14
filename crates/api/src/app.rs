//! The application behind a window, a test server or a command: folders, the opened store, who works, the idle lock.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use clinotype_store::{Act, Actor, Store, StoreOptions};
use jiff::Timestamp;

use crate::{
    dispatch::Need,
    errors,
    files::{FileView, Files},
    queue::Queue,
    releases::Data,
    types::*,
};

/// Tells the time of day.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Tells time that only goes on, from any beginning.
pub type Ticks = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Where the application keeps things, and what it asks for the time.
#[derive(Clone)]
pub struct Config {
    /// Folder of the encrypted store; it need not exist.
    pub store: PathBuf,
    /// Folder for what can be made again: the demonstration's files.
    pub cache: PathBuf,
    /// Folder of the data releases; it need not exist.
    pub data: PathBuf,
    /// Time of day.
    pub clock: Clock,
    /// Time that a changed clock does not change; measures idleness and delays.
    pub ticks: Ticks,
    /// Threads (0: all) and memory in MB (none: three quarters of what is free) of a run, where the laboratory's
    /// settings do not count.
    pub machine: Option<(u32, Option<u32>)>,
    /// How the store is opened: version, host, key derivation.
    pub options: StoreOptions,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("store", &self.store)
            .field("cache", &self.cache)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// With the machine's own clocks, and data releases in `releases` beside the store. The audit trail names the host as
    /// the system does.
    pub fn new(store: PathBuf, cache: PathBuf) -> Self {
        let begin = Instant::now();
        Self {
            data: store.with_file_name("releases"),
            store,
            cache,
            clock: Arc::new(Timestamp::now),
            ticks: Arc::new(move || begin.elapsed()),
            machine: None,
            options: StoreOptions {
                app_version: crate::version(),
                ..StoreOptions::default()
            },
        }
    }
}

/// Who works, for one operation. Cheap to clone; the store stays open as long as one lives.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) store: Arc<Store>,
    pub(crate) actor: Actor,
    pub(crate) user: UserView,
    /// Unlocked with the recovery key: a new passphrase may be set without the old one.
    pub(crate) recovered: bool,
}

impl Session {
    /// An act of this person now, for the audit trail.
    pub(crate) fn act(&self, app: &App) -> Act {
        Act::new(&self.actor, app.now()).zone(&app.zone)
    }
}

/// When a person was last seen, by both clocks: a clock that is set does not lock or keep open, and a machine that
/// slept (when ticks stand still on some systems) has been idle.
#[derive(Clone, Copy)]
struct Seen {
    ticks: Duration,
    at: Timestamp,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) session: Option<Session>,
    /// While a session lives, or a run works or waits.
    store: Option<Arc<Store>>,
    /// The store may still be held by an operation that began before the lock.
    held: Option<Weak<Store>>,
    seen: Option<Seen>,
    pub(crate) lock_minutes: u32,
    pub(crate) locked_by: Option<&'static str>,
    pub(crate) warnings: Vec<String>,
    pub(crate) failures: u32,
    pub(crate) refuse_until: Duration,
}

/// The application. See the module text.
pub struct App {
    config: Config,
    zone: String,
    state: Mutex<State>,
    /// Set-up and unlock take seconds; one at a time.
    pub(crate) gate: Mutex<()>,
    pub(crate) queue: Queue,
    pub(crate) files: Files,
    pub(crate) data: Data,
    /// Gene symbols of the transcripts read last.
    pub(crate) genes: Mutex<Option<KnownGenes>>,
}

/// Gene symbols of a transcript file, by the file as it was.
pub(crate) struct KnownGenes {
    pub(crate) of: String,
    pub(crate) symbols: Arc<BTreeSet<String>>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// Minutes without key or pointer after which the window locks, until the laboratory sets its own.
pub(crate) const LOCK_MINUTES: u32 = 15;
/// How often the idle clock looks.
const LOOK: Duration = Duration::from_millis(500);

impl App {
    /// Makes the application. A store need not exist yet; none is opened.
    ///
    /// Errors: `io` where the cache folder cannot be made or the clock's thread cannot be started.
    pub fn new(config: Config) -> Result<Arc<Self>, ApiError> {
        clinotype_genome::fs::create_dir_all(&config.cache)?;
        let app = Arc::new(Self {
            config,
            zone: zone(),
            state: Mutex::new(State {
                lock_minutes: LOCK_MINUTES,
                ..State::default()
            }),
            gate: Mutex::new(()),
            queue: Queue::default(),
            files: Files::default(),
            data: Data::default(),
            genes: Mutex::new(None),
        });
        let weak = Arc::downgrade(&app);
        std::thread::Builder::new()
            .name("clinotype-idle".to_owned())
            .spawn(move || {
                while let Some(app) = weak.upgrade() {
                    app.lock_if_idle();
                    drop(app);
                    std::thread::sleep(LOOK);
                }
            })
            .map_err(|_| {
                errors::error(
                    ErrorCode::Resource,
                    "a thread cannot be started",
                    "close other programs",
                )
            })?;
        Ok(app)
    }

    /// Ends the session, interrupts a run so that it goes on at the next start, and closes the store.
    pub fn close(&self) {
        self.data.stop();
        self.queue.stop();
        self.lock("asked");
        self.state().store = None;
    }

    /// Length and type of the file behind a token of this session; none where there is no such token.
    pub fn file(&self, token: &str) -> Option<FileView> {
        self.lock_if_idle();
        self.files.view(self, token)
    }

    /// Plain bytes of the file behind a token, from `offset`; fewer at the end of the file, at most 8 MiB.
    ///
    /// Errors: `not_found` for an unknown token, `damaged` where the kept bytes were changed.
    pub fn read_file(&self, token: &str, offset: u64, length: u64) -> Result<Vec<u8>, ApiError> {
        self.lock_if_idle();
        self.files.read(self, token, offset, length)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.config.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.config.clock)()
    }

    pub(crate) fn ticks(&self) -> Duration {
        (self.config.ticks)()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person at work, if the role covers the need. This is where permissions are checked.
    ///
    /// Errors: `no_store`, `locked`, `not_allowed`.
    pub(crate) fn session(&self, need: Need) -> Result<Session, ApiError> {
        self.lock_if_idle();
        let Some(session) = self.state().session.clone() else {
            return Err(if Store::is_store(self.folder()) {
                errors::error(ErrorCode::Locked, "the store is locked", "unlock it")
            } else {
                errors::error(ErrorCode::NoStore, "no store was set up yet", "set it up first")
            });
        };
        if !need.is_met_by(session.user.role) {
            return Err(errors::error(
                ErrorCode::NotAllowed,
                "your role does not allow this",
                "ask a person whose role does",
            ));
        }
        Ok(session)
    }

    /// The store if any part of this process still has it open: only one may.
    pub(crate) fn held_store(&self) -> Option<Arc<Store>> {
        self.state().held.as_ref().and_then(Weak::upgrade)
    }

    /// Whether this process ever had the store open, so that it may still be closing it.
    pub(crate) fn had_store(&self) -> bool {
        self.state().held.is_some()
    }

    /// A person begins to work.
    pub(crate) fn begin(&self, session: Session, lock_minutes: u32) {
        let seen = Seen {
            ticks: self.ticks(),
            at: self.now(),
        };
        let mut state = self.state();
        state.held = Some(Arc::downgrade(&session.store));
        state.store = Some(Arc::clone(&session.store));
        state.session = Some(session);
        state.seen = Some(seen);
        state.lock_minutes = lock_minutes;
        state.locked_by = None;
        state.failures = 0;
        state.refuse_until = Duration::ZERO;
    }

    /// A key or the pointer was used.
    pub(crate) fn seen(&self) {
        self.lock_if_idle();
        let seen = Seen {
            ticks: self.ticks(),
            at: self.now(),
        };
        let mut state = self.state();
        if state.session.is_some() {
            state.seen = Some(seen);
        }
    }

    fn lock_if_idle(&self) {
        let (ticks, now) = (self.ticks(), self.now());
        let idle = {
            let state = self.state();
            let Some(seen) = state.seen.filter(|_| state.session.is_some()) else {
                return;
            };
            let allowed = Duration::from_secs(u64::from(state.lock_minutes) * 60);
            let slept = Duration::try_from(now.duration_since(seen.at)).unwrap_or_default();
            ticks.saturating_sub(seen.ticks).max(slept) >= allowed
        };
        if idle {
            self.lock("idle");
        }
    }

    /// Ends the session: tokens go, and with them every decrypted byte that waits. Keys go, too, unless a run needs them.
    pub(crate) fn lock(&self, by: &'static str) {
        let Some(session) = self.state().session.take() else {
            return;
        };
        self.files.clear();
        // A store that cannot write its trail any more is closed all the same.
        let _ = session
            .store
            .record(&session.act(self), "session", &session.user.id, "lock", None, Some(by));
        {
            let mut state = self.state();
            state.seen = None;
            state.locked_by = Some(by);
            state.warnings.clear();
        }
        drop(session);
        self.queue_is_idle();
    }

    /// Called when nothing works or waits any more: a locked window then holds no keys.
    pub(crate) fn queue_is_idle(&self) {
        if self.queue.is_busy() {
            return;
        }
        let closed = {
            let mut state = self.state();
            if state.session.is_some() {
                None
            } else {
                state.store.take()
            }
        };
        // Closing writes the log back; that need not hold the state.
        drop(closed);
    }
}

/// Name of the time zone of this machine, as the audit trail notes it: `TZ`, else what `/etc/localtime` points at.
fn zone() -> String {
    let named = std::env::var("TZ")
        .ok()
        .filter(|zone| zone.contains('/') && !zone.starts_with(['/', ':']));
    let linked = || {
        let link = std::fs::read_link("/etc/localtime").ok()?;
        Some(link.to_str()?.split_once("zoneinfo/")?.1.to_owned())
    };
    named.or_else(linked).unwrap_or_else(|| "UTC".to_owned())
}
