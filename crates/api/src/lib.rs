//! Every operation on the store, once: with its types, its permission and its errors.
//!
//! [`operations!`] is the table. From it are made [`call`] (by name, JSON in and out), a typed function per operation
//! at the root of this crate, the desktop window's commands and the UI's types ([`typescript()`]). Permissions are
//! checked in one place, [`app::App::session`], before an operation begins.

#![allow(
    clippy::wildcard_imports,
    reason = "the types of the contract are the vocabulary of every operation"
)]

mod app;
mod content;
mod errors;
mod forms;
mod further;
#[macro_use]
mod operations;
mod dispatch;
mod ops;
mod plan;
mod times;
pub mod types;
mod typescript;

mod files;
mod queue;
mod ranges;
mod record;
mod releases;

pub use app::{App, Clock, Config, Ticks};
pub use dispatch::*;
pub use files::FileView;
pub use ranges::FileAnswer;
pub use typescript::typescript;

/// `Clinotype 0.1.0`, with the build's commit where it is known.
pub fn version() -> String {
    clinotype_jobs::software()
}

/// A passphrase of 122 random bits for a store that lives as long as a demonstration.
pub fn random_words() -> String {
    let text = uuid::Uuid::new_v4().simple().to_string();
    let (first, second) = text.split_at(text.len() / 2);
    format!("{first} {second}")
}
