//! The real window, driven as a person would, under a display of its own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may fail"
)]

mod journey;
mod offline;
mod search;
