//! Whole-product tests: the real binary on real and made-up samples.

mod accuracy;
mod bad_input;
mod demo;
mod steps;
