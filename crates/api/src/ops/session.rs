//! Set-up, unlock, lock, the own passphrase, and the state of the application.

use std::{sync::Arc, time::Duration};

use clinotype_store::{NewUser, Opened, Recovered, Store, StoreError, StoreErrorKind, Unlock, User};

use super::settings;
use crate::{
    app::{App, Session},
    errors,
    types::*,
};

/// Failed attempts that cost no wait; a slip of the finger is not punished.
const FREE_ATTEMPTS: u32 = 2;
/// Longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Wait after the n-th failed attempt in a row: none, none, then 2, 4, 8 ... 300 seconds.
fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_ATTEMPTS + 1) {
        None => Duration::ZERO,
        Some(doublings) => Duration::from_secs(2 << doublings.min(10)).min(LONGEST_WAIT),
    }
}

/// What the store's roles may do here.
pub(crate) fn role(role: clinotype_store::Role) -> Role {
    use clinotype_store::Role as R;
    match role {
        R::Viewer | R::Auditor => Role::Viewer,
        R::Technician => Role::Technician,
        R::Analyst | R::Reviewer | R::Director => Role::Clinician,
        R::Admin => Role::Admin,
    }
}

fn view(user: &User) -> UserView {
    UserView {
        id: user.user_id.clone(),
        name: user.name.clone(),
        role: role(user.role),
    }
}

pub(crate) fn status(app: &Arc<App>, _: Nothing) -> Result<Status, ApiError> {
    let there = Store::is_store(app.folder());
    let mut warnings = app.state().warnings.clone();
    // The unlock page must come up even if the list of names does not.
    let people = match there.then(|| Store::login_names(app.folder())) {
        None => Vec::new(),
        Some(Ok(names)) => names
            .into_iter()
            .map(|n| PersonName {
                id: n.user_id,
                name: n.name,
            })
            .collect(),
        Some(Err(error)) => {
            warnings.push(error.to_string());
            Vec::new()
        }
    };
    let state = app.state();
    Ok(Status {
        gate: match (&state.session, there) {
            (Some(_), _) => Gate::Open,
            (None, true) => Gate::Locked,
            (None, false) => Gate::SetUp,
        },
        version: crate::version(),
        store: app.folder().display().to_string(),
        user: state.session.as_ref().map(|s| s.user.clone()),
        people,
        lock_minutes: state.lock_minutes,
        locked_by: state.locked_by.map(str::to_owned),
        warnings,
    })
}

pub(crate) fn set_up(app: &Arc<App>, input: SetUpInput) -> Result<SetUpOutput, ApiError> {
    let _gate = app.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    if !(1..=32).contains(&input.user.len()) || !input.user.bytes().all(allowed) {
        return Err(errors::invalid(
            "user",
            "a log-in name has 1 to 32 small letters, digits, dots, hyphens or underscores",
        ));
    }
    if input.name.trim().is_empty() {
        return Err(errors::invalid(
            "name",
            "the name is printed with everything that you do: give it",
        ));
    }
    if input.passphrase.chars().count() < 12 {
        return Err(errors::invalid("passphrase", "a passphrase has at least 12 characters"));
    }
    if Store::is_store(app.folder()) {
        return Err(errors::wrong_state("there is a store already", "unlock it"));
    }
    let first = NewUser {
        user_id: input.user,
        name: input.name.trim().to_owned(),
        // Whoever sets the workstation up looks after it.
        role: clinotype_store::Role::Admin,
    };
    let (opened, key) = Store::create(
        app.folder(),
        &first,
        &input.passphrase,
        app.config().options.clone(),
        app.now(),
    )?;
    begin(app, opened, false)?;
    Ok(SetUpOutput {
        status: status(app, Nothing {})?,
        recovery_key: key.to_string(),
    })
}

pub(crate) fn unlock(app: &Arc<App>, input: UnlockInput) -> Result<Status, ApiError> {
    let _gate = app.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !Store::is_store(app.folder()) {
        return Err(errors::error(
            ErrorCode::NoStore,
            "no store was set up yet",
            "set it up first",
        ));
    }
    let left = app.state().refuse_until.saturating_sub(app.ticks());
    if !left.is_zero() {
        return Err(errors::error(
            ErrorCode::WrongState,
            "too many attempts failed",
            &format!("try again in {} s", left.as_secs() + 1),
        ));
    }
    match attempt(app, &input) {
        Ok(()) => status(app, Nothing {}),
        Err(error) => {
            if error.code == ErrorCode::WrongPassphrase {
                let now = app.ticks();
                let mut state = app.state();
                state.failures += 1;
                state.refuse_until = now + wait_after(state.failures);
            }
            Err(error)
        }
    }
}

fn attempt(app: &Arc<App>, input: &UnlockInput) -> Result<(), ApiError> {
    if let Some(store) = app.held_store() {
        // A run keeps the store open behind the lock.
        let user = match store.check_passphrase(&input.user, &input.passphrase, app.now()) {
            Err(error) if error.kind == StoreErrorKind::WrongPassphrase && is_recovery_key(&input.passphrase) => {
                return Err(errors::wrong_state(
                    "the recovery key opens the store only while no run is at work",
                    "wait until the queue is empty, or start Clinotype again",
                ));
            }
            other => other?,
        };
        app.files.clear();
        return enter(app, store, &user, false, Vec::new());
    }
    let passphrase = Unlock::Passphrase {
        user_id: &input.user,
        passphrase: &input.passphrase,
    };
    match open(app, passphrase) {
        Err(error) if error.kind == StoreErrorKind::WrongPassphrase && is_recovery_key(&input.passphrase) => {
            let recovery = Unlock::Recovery {
                user_id: &input.user,
                key: &input.passphrase,
            };
            begin(app, open(app, recovery)?, true)
        }
        opened => begin(app, opened?, false),
    }
}

/// Opens the store. One that this process is just closing, in the thread of the last operation that used it, is waited
/// for: closing writes the log back, which is short.
fn open(app: &App, unlock: Unlock<'_>) -> Result<Opened, StoreError> {
    const TRIES: u32 = 40;
    const PAUSE: Duration = Duration::from_millis(50);
    let mut tries = if app.had_store() { TRIES } else { 1 };
    loop {
        tries -= 1;
        match Store::open(app.folder(), unlock, app.config().options.clone(), app.now()) {
            Err(error) if error.kind == StoreErrorKind::InUse && tries > 0 => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
}

/// Whether a text has the form of a recovery key: 32 letters and digits in groups, as a person types them.
fn is_recovery_key(text: &str) -> bool {
    let signs = |b: &u8| b.is_ascii_alphanumeric();
    text.bytes().filter(signs).count() == 32 && text.bytes().all(|b| signs(&b) || b"- \t\r\n".contains(&b))
}

fn begin(app: &Arc<App>, opened: Opened, recovered: bool) -> Result<(), ApiError> {
    let mut warnings = words(&opened.recovered);
    if recovered {
        warnings.push("Opened with the recovery key: set a new passphrase in the settings.".to_owned());
    }
    enter(app, Arc::new(opened.store), &opened.user, recovered, warnings)
}

fn enter(
    app: &Arc<App>,
    store: Arc<Store>,
    user: &User,
    recovered: bool,
    warnings: Vec<String>,
) -> Result<(), ApiError> {
    let lock_minutes = settings::of(&store, &user.user_id)?.lock_minutes;
    let session = Session {
        store,
        actor: user.actor(),
        user: view(user),
        recovered,
    };
    let store = Arc::clone(&session.store);
    app.begin(session, lock_minutes);
    app.state().warnings = warnings;
    app.queue.wake(app, &store)
}

/// What a person must know of what opening had to put right. Counts only.
fn words(recovered: &Recovered) -> Vec<String> {
    let mut words = Vec::new();
    let mut say = |count: usize, one: &str, many: &str| match count {
        0 => {}
        1 => words.push(one.to_owned()),
        n => words.push(many.replace("{n}", &n.to_string())),
    };
    say(
        recovered.failed_unlocks as usize,
        "An attempt to unlock the store failed since it was last open.",
        "{n} attempts to unlock the store failed since it was last open.",
    );
    say(
        recovered.interrupted_runs.len(),
        "A run was interrupted when the program ended; it can be resumed.",
        "{n} runs were interrupted when the program ended; they can be resumed.",
    );
    say(
        recovered.half_imports as usize,
        "A half-finished import of variants was removed.",
        "{n} half-finished imports of variants were removed.",
    );
    say(
        recovered.missing_files.len(),
        "A file of the store is missing: restore it from a backup.",
        "{n} files of the store are missing: restore them from a backup.",
    );
    say(
        recovered.set_aside as usize,
        "A file that no record names was set aside in the store's folder.",
        "{n} files that no record names were set aside in the store's folder.",
    );
    if recovered.migrated_from.is_some() {
        words.push("The store was brought to the form of this version.".to_owned());
    }
    words
}

pub(crate) fn lock(app: &Arc<App>, _: Nothing) -> Result<Status, ApiError> {
    app.lock("asked");
    status(app, Nothing {})
}

pub(crate) fn active(app: &Arc<App>, _: Nothing) -> Result<Status, ApiError> {
    app.seen();
    status(app, Nothing {})
}

pub(crate) fn change_passphrase(
    app: &Arc<App>,
    session: &Session,
    input: PassphraseInput,
) -> Result<Nothing, ApiError> {
    let (store, act, user) = (&session.store, session.act(app), &session.user.id);
    let changed = if session.recovered {
        // The old one is lost; the recovery key stood in for it when this session began.
        store.reset_passphrase(&act, user, &input.new)
    } else {
        store.change_passphrase(&act, user, &input.old, &input.new)
    };
    changed.map_err(|error| {
        let field = match error.kind {
            StoreErrorKind::WrongPassphrase => Some("old"),
            StoreErrorKind::PassphraseTooShort => Some("new"),
            _ => None,
        };
        let mut error = ApiError::from(error);
        error.place = field.map(str::to_owned).or(error.place);
        error
    })?;
    let mut state = app.state();
    if let Some(open) = state.session.as_mut().filter(|s| s.user.id == *user) {
        open.recovered = false;
    }
    state
        .warnings
        .retain(|w| !w.starts_with("Opened with the recovery key"));
    Ok(Nothing {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let waits: Vec<u64> = (0..12).map(|n| wait_after(n).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
