//! The crate as its callers use it: one binary, a module per subject.

#![allow(unreachable_pub, reason = "a test binary has no outside")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bench;
mod comparators;
mod conclusion;
mod criteria;
mod erepo;
mod filters;
mod frequency;
mod mitochondrial;
mod peers;
mod people;
mod pgx;
mod pgx_copies;
mod pgx_rules;
mod properties;
mod pvs1;
mod review;
mod secondary;
mod sections;
mod specifications;
mod splice_sites;
