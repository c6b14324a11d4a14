//! VCF text: reading with checks, lossless lines, and the annotated output.

pub(crate) mod header;
pub(crate) mod input;
pub(crate) mod line;
pub(crate) mod output;
pub(crate) mod writer;
