//! What tests and the demonstration need: a seeded read simulator, tiny genomes, and one synthetic case.
//!
//! Nothing here is used on a patient's data. The demonstration sample is a made-up person whose files look like any
//! laboratory's, so that the pipeline cannot tell; see [`demo::NOTICE`].

mod bgzf;
pub mod demo;
pub mod depth;
mod dice;
pub mod simulate;
pub mod tiny;

pub use dice::Dice;
