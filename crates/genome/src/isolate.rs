//! Work of a library that trusts numbers of the file it reads, and panics where they do not fit together: it ends the
//! file, never the program.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static ISOLATED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread does such work.
pub fn is_isolated() -> bool {
    ISOLATED.get()
}

/// Does the work; `None` where it panicked. What it was at work on must not be used afterwards. The work must stay on
/// this thread.
pub fn isolated<T>(work: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    // The panic is told as a fault of the file; the program's own hook, if it has one, is for defects of the program.
    QUIET.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_isolated() {
                told(info);
            }
        }));
    });
    let outer = ISOLATED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    ISOLATED.set(outer);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_stays_inside() {
        assert_eq!(isolated(|| 7), Some(7));
        assert_eq!(isolated(|| [1][std::hint::black_box(3)]), None::<i32>);
        assert_eq!(
            isolated(|| isolated(|| panic!("inner")).is_none() && is_isolated()),
            Some(true)
        );
        assert!(!is_isolated());
    }
}
