//! How a long step tells where it is, and learns that it should stop.

use crate::{Fault, Result};

/// Receives progress; implemented by `jobs` for terminals, plain logs and the window.
pub trait Progress: Sync {
    /// `done` of `total` units of the running stage; `total` 0 where it cannot be known.
    fn advance(&self, done: u64, total: u64);
    /// Whether the user asked to stop. Long loops look at it often enough that a stop takes under a second.
    fn is_cancelled(&self) -> bool {
        false
    }
    /// [`Fault::cancelled`] where the user asked to stop.
    fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            Err(Fault::cancelled())
        } else {
            Ok(())
        }
    }
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _done: u64, _total: u64) {}
}
