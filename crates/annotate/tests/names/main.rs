//! HGVS names on real data: tables of names with their sequences under `CLINOTYPE_SHARED`, and properties on made-up
//! transcripts. Where a table and the recommendations disagree, `adjudicated.tsv` says what decides.

#![allow(clippy::unwrap_used, reason = "what helpers of tests expect is what they test")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::map_unwrap_or,
    clippy::single_match_else,
    clippy::type_complexity,
    reason = "small texts put together for tests"
)]

mod biocommons;
mod cases;
mod clinvar;
mod common;
mod ferro;
mod grammar;
mod jannovar;
mod mutalyzer;
mod properties;
mod verdicts;
