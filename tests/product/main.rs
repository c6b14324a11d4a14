//! Whole-product tests: the real binary on real and made-up samples.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test may fail"
)]

mod accuracy;
mod bad_input;
mod cram;
mod demo;
mod disk;
mod extreme;
mod family;
mod kill;
mod people;
mod quality;
mod relatives;
mod somatic;
mod steps;
