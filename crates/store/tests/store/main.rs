//! The store from outside: keys, faults, audit, vault, runs, variants, kills.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod criteria;
mod faults;
mod keys;
mod kills;
mod records;
mod support;
mod variants;
mod vault;
