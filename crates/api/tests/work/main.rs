//! Runs, variants, decisions, reports and exports on a tiny case, through the operations as the window calls them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what helpers of tests expect is what they test"
)]

mod common;
mod criteria;
mod files;
mod further;
mod releases;
mod review;
mod runs;
mod waivers;
