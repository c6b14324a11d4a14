//! Progress for people: a line with stage, percent and time left on a terminal, plain lines elsewhere.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clinotype_genome::{Fault, Progress, Result};
use clinotype_jobs::Watch;
use indicatif::{ProgressBar, ProgressStyle};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C and a polite kill stop the run at the next safe moment; a second one ends the process.
pub(crate) fn stop_on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })
    .map_err(|e| Fault::internal("cannot watch for Ctrl-C").caused_by(e))
}

/// Shows a run.
pub(crate) struct Terminal {
    quiet: bool,
    bar: Option<ProgressBar>,
    stage: Mutex<Option<Instant>>,
    tenths: AtomicU64,
}

impl Terminal {
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) =
                ProgressStyle::with_template("{prefix} {msg:32} {wide_bar} {percent:>3} %  {eta:>6} left")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self {
            quiet,
            bar,
            stage: Mutex::new(None),
            tenths: AtomicU64::new(0),
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| plain(text)),
            None if !self.quiet => plain(text),
            None => {}
        }
    }
}

fn plain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

impl Progress for Terminal {
    fn advance(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done.min(total));
        } else if let Some(tenth) = (done.min(total) * 10).checked_div(total) {
            // A plain log gets a line per tenth, and none that goes back.
            if tenth > self.tenths.fetch_max(tenth, Ordering::Relaxed) && tenth < 10 {
                self.line(&format!("    {} %", tenth * 10));
            }
        }
    }
    fn is_cancelled(&self) -> bool {
        STOPPED.load(Ordering::Relaxed)
    }
}

impl Watch for Terminal {
    fn stage(&self, name: &str, number: usize, of: usize) {
        self.tenths.store(0, Ordering::Relaxed);
        if let Ok(mut stage) = self.stage.lock() {
            *stage = Some(Instant::now());
        }
        match &self.bar {
            Some(bar) => {
                bar.reset();
                bar.set_prefix(format!("[{number}/{of}]"));
                bar.set_message(name.to_owned());
            }
            None => self.line(&format!("[{number}/{of}] {name}")),
        }
    }
    fn stage_done(&self, name: &str, resumed: bool) {
        let seconds = self
            .stage
            .lock()
            .ok()
            .and_then(|s| *s)
            .map_or(0.0, |start| start.elapsed().as_secs_f64());
        if resumed {
            self.line(&format!(
                "    {name}: already done by an earlier run, taken over after checking its files"
            ));
        } else {
            self.line(&format!("    {name}: done in {seconds:.1} s"));
        }
    }
    fn note(&self, text: &str) {
        self.line(&format!("    note: {text}"));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
