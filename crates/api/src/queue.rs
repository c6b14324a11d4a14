//! The queue: one thread that runs one sample after the other. What waits, works and ended is kept in the store, so that
//! a closed window or a killed program loses nothing but the stage that was at work.

mod live;
mod request;
mod work;

use std::{
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak},
    thread::JoinHandle,
};

use clinotype_store::{Act, RunEnd, RunState, Store};
use uuid::Uuid;

use crate::{
    app::{App, Clock},
    errors,
    types::{ApiError, ErrorCode, StageView},
};

use live::Live;
pub(crate) use live::Stage;
pub(crate) use request::{Person, Request};

/// The runs of the workstation. It lives as long as the application; its thread starts with the first [`Queue::wake`].
#[derive(Default)]
pub(crate) struct Queue {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    /// Held only while something works or may wait, so that a locked window can close the store.
    store: Option<Arc<Store>>,
    /// Somebody put a run into the queue, or opened a store, since the thread looked last.
    woken: bool,
    busy: bool,
    stop: bool,
    live: Option<Arc<Live>>,
    thread: Option<JoinHandle<()>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic of a run is caught before it could leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Looks for waiting runs, now and after each run that ends.
    ///
    /// Errors: `resource` where the thread cannot be started.
    pub(crate) fn wake(&self, app: &Arc<App>, store: &Arc<Store>) -> Result<(), ApiError> {
        let mut state = self.shared.lock();
        state.store = Some(Arc::clone(store));
        state.woken = true;
        state.stop = false;
        if state.thread.is_none() {
            let (shared, app, clock, data) = (
                Arc::clone(&self.shared),
                Arc::downgrade(app),
                Arc::clone(&app.config().clock),
                app.config().data.clone(),
            );
            let thread = std::thread::Builder::new()
                .name("clinotype-queue".to_owned())
                .spawn(move || serve(&shared, &app, &clock, &data))
                .map_err(|_| {
                    errors::error(
                        ErrorCode::Resource,
                        "the thread of the queue cannot be started",
                        "close other programs",
                    )
                })?;
            state.thread = Some(thread);
        }
        drop(state);
        self.shared.wake.notify_all();
        Ok(())
    }

    /// Whether a run works, or the thread has not yet looked whether one waits.
    pub(crate) fn is_busy(&self) -> bool {
        let state = self.shared.lock();
        state.busy || state.woken || state.live.is_some()
    }

    /// Stops the run at work, which can be resumed later, and ends the thread.
    pub(crate) fn stop(&self) {
        let thread = {
            let mut state = self.shared.lock();
            state.stop = true;
            state.woken = false;
            if let Some(live) = &state.live {
                live.interrupt();
            }
            state.thread.take()
        };
        self.shared.wake.notify_all();
        // The last owner of the application may be this very thread.
        if let Some(thread) = thread.filter(|t| t.thread().id() != std::thread::current().id()) {
            let _ = thread.join();
        }
        self.shared.lock().store = None;
    }

    /// Cancels a run: at work within a second or so, waiting at once.
    ///
    /// Errors: `wrong_state` where it has ended.
    pub(crate) fn cancel(&self, store: &Store, act: &Act, run: Uuid) -> Result<(), ApiError> {
        // Held over the look and the change, so that the thread cannot begin the run in between.
        let state = self.shared.lock();
        if let Some(live) = state.live.as_ref().filter(|live| live.run == run) {
            live.cancel();
            return Ok(());
        }
        match store.run(run)?.state {
            RunState::Queued | RunState::Running => {
                store.end_run(act, run, RunEnd::Cancelled)?;
                Ok(())
            }
            _ => Err(errors::wrong_state(
                "this run has ended already",
                "look at its state again",
            )),
        }
    }

    /// Stages of the run at work, as they stand now; `None` for any other run.
    pub(crate) fn stages(&self, run: Uuid) -> Option<(Vec<StageView>, Vec<String>)> {
        let live = self.live(run)?;
        Some((live.views(), live.notes()))
    }

    /// Percent of the run at work; `None` for any other run.
    pub(crate) fn percent(&self, run: Uuid) -> Option<u32> {
        Some(self.live(run)?.percent())
    }

    fn live(&self, run: Uuid) -> Option<Arc<Live>> {
        self.shared.lock().live.as_ref().filter(|live| live.run == run).cloned()
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The thread: waits to be woken, works until nothing waits, lets go of the store.
fn serve(shared: &Shared, app: &Weak<App>, clock: &Clock, data: &Path) {
    loop {
        let store = {
            let mut state = shared.lock();
            loop {
                if state.stop {
                    return;
                }
                if state.woken
                    && let Some(store) = state.store.clone()
                {
                    state.woken = false;
                    state.busy = true;
                    break store;
                }
                state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        };
        // A run that can be neither begun nor ended must not be tried for ever.
        let mut tried = None;
        while let Ok(Some(run)) = store.next_queued() {
            if shared.lock().stop || tried == Some(run.id) {
                break;
            }
            tried = Some(run.id);
            one(shared, &store, run.id, clock, data);
        }
        drop(store);
        {
            let mut state = shared.lock();
            state.busy = false;
            if !state.woken {
                state.store = None;
            }
        }
        if let Some(app) = app.upgrade() {
            app.queue_is_idle();
        }
    }
}

/// Begins a run if it still waits, works on it, ends it.
fn one(shared: &Shared, store: &Arc<Store>, run: Uuid, clock: &Clock, data: &Path) {
    let begun = {
        let mut state = shared.lock();
        work::begin(store, run, clock, data).inspect(|job| state.live = Some(Arc::clone(&job.live)))
    };
    if let Some(job) = begun {
        job.work();
    }
    shared.lock().live = None;
}
