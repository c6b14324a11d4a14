//! The operations, one file per part of the window.

#![allow(
    clippy::unnecessary_wraps,
    reason = "every operation has one shape, whether it can fail or not"
)]

pub(crate) mod cases;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod intake;
pub(crate) mod session;
pub(crate) mod settings;

pub(crate) mod beside;
pub(crate) mod criteria;
pub(crate) mod decisions;
pub(crate) mod exports;
pub(crate) mod pharmacogenes;
pub(crate) mod quality;
pub(crate) mod reads;
pub(crate) mod releases;
pub(crate) mod reports;
pub(crate) mod runs;
pub(crate) mod variants;
