//! Who watches a run: a terminal, a log, the window.

use clinotype_genome::Progress;

/// Receives the stages of a run, and through [`Progress`] how far the running one is.
pub trait Watch: Progress {
    /// Stage `number` of `of` begins.
    fn stage(&self, name: &str, number: usize, of: usize);
    /// The stage ended; `resumed`: an earlier run had already done it.
    fn stage_done(&self, name: &str, resumed: bool);
    /// Something that the user should read, for example a warning of an input file. Never patient data.
    fn note(&self, text: &str);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Progress for Nobody {
    fn advance(&self, _done: u64, _total: u64) {}
}

impl Watch for Nobody {
    fn stage(&self, _name: &str, _number: usize, _of: usize) {}
    fn stage_done(&self, _name: &str, _resumed: bool) {}
    fn note(&self, _text: &str) {}
}
