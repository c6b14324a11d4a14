//! HGVS names on real data: tables of names with their sequences under `CLINOTYPE_SHARED`, and properties on made-up
//! transcripts. Where a table and the recommendations disagree, `adjudicated.tsv` says what decides.

#![allow(clippy::unwrap_used, reason = "what helpers of tests expect is what they test")]

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
