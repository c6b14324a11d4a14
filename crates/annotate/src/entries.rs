//! Entries of variants that a caller holds in memory, without a file.

use std::collections::HashMap;

use clinotype_genome::{Build, Fault, Pos, Reference, Result};

use crate::{
    annotate::{Context, ROW, Sources},
    bases::{Bases, Cached},
    haplotype::Haplotypes,
    in_use::InUse,
    pick::PickOrder,
    records,
    transcripts::TranscriptSet,
};

/// The entries (CSQ without its key) of variants in memory, one alternate allele each, for a caller that has its own
/// records. The variants come sorted, by contigs of the reference, in upper case, REF as the reference has it; `each`
/// receives the text of each in turn.
pub fn entries_of<'v>(
    reference: &Reference,
    build: Build,
    transcripts: &TranscriptSet,
    names: bool,
    variants: impl IntoIterator<Item = (&'v str, Pos, &'v str, &'v str)>,
    mut each: impl FnMut(&str),
) -> Result<()> {
    let bases = Cached::new(reference);
    let none = Sources::default();
    let (known, haplotypes, pick_order) = (HashMap::new(), Haplotypes::default(), PickOrder::default());
    let mut variants = variants.into_iter().peekable();
    let mut in_use = InUse::new(transcripts);
    let mut text = String::new();
    while let Some((contig, ..)) = variants.peek().copied() {
        let Some(found) = bases.contigs().get(contig) else {
            return Err(Fault::input(format!("the reference has no contig {contig}")));
        };
        let context = Context {
            bases: &bases,
            build,
            names,
            sources: &none,
            haplotypes: &haplotypes,
            pick_order: &pick_order,
            in_use: &in_use,
            contigs: &known,
            path: reference.path(),
        };
        let mut annotator = records::Annotator::new(&context);
        let mut last = None;
        for _ in 0..ROW {
            let Some((_, position, r, a)) = variants.next_if(|v| v.0 == contig) else {
                break;
            };
            text.clear();
            annotator.describe(&mut text, found, position, r, a)?;
            each(&text);
            last = Some(position);
        }
        if let Some(position) = last {
            in_use.pass(&found.name, position.get());
        }
    }
    Ok(())
}
