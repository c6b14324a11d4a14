//! Contig names of a file mapped to those of the reference, explicitly and with the mitochondrion guarded.

use std::collections::HashMap;

use clinotype_genome::{ContigKey, Contigs, build::RCRS_LENGTH};

/// Remembers the answer for each name.
#[derive(Debug, Default)]
pub(crate) struct ContigNames {
    known: HashMap<String, Option<usize>>,
}

impl ContigNames {
    /// Index of the reference's contig for a name of a data file whose mitochondrial contig is the rCRS (ClinVar,
    /// gnomAD, transcripts): by exact name, else by primary contig. A mitochondrial contig of another length than the
    /// rCRS (hg19's chrM) has no counterpart.
    pub(crate) fn index(&mut self, name: &str, contigs: &Contigs) -> Option<usize> {
        if let Some(found) = self.known.get(name) {
            return *found;
        }
        let found = contigs.resolve(name).and_then(|contig| {
            let mitochondrial = ContigKey::of(name).is_some_and(|k| k.as_str() == "MT");
            (!mitochondrial || contig.length == RCRS_LENGTH)
                .then(|| contigs.index_of(&contig.name))
                .flatten()
        });
        self.known.insert(name.to_owned(), found);
        found
    }
}
