//! A source that was built to a store: asked for the positions of the input.

use std::collections::{HashMap, HashSet};

use clinotype_genome::{ContigKey, Fault, Progress, Result};
use clinotype_refdata::alleles::Store;

use super::{Collect, Joined, Request, entry::OfStore};

/// Numbers in the store of the reference's contigs, after a look that both are of one build.
fn contigs(store: &Store, request: &Request<'_>) -> Result<Vec<Option<u32>>> {
    let meta = store.meta();
    let hint = || format!("give the {} file of {}", request.role, request.build);
    if meta.build != request.build && !request.assert_build {
        return Err(
            Fault::input(format!("is a store of {}, the run is of {}", meta.build, request.build))
                .at(request.path)
                .hint(hint()),
        );
    }
    request
        .bases
        .contigs()
        .iter()
        .map(|ours| {
            let Some(number) = store.contig(&ours.name) else {
                return Ok(None);
            };
            let theirs = &meta.contigs[number as usize];
            if theirs.length == ours.length {
                return Ok(Some(number));
            }
            // hg19's chrM is another sequence than the rCRS: it only has no counterpart.
            if ContigKey::of(&ours.name).is_some_and(|k| k.as_str() == "MT") {
                return Ok(None);
            }
            Err(Fault::input(format!(
                "was built on a reference whose {} has {} bases; this one's has {}",
                theirs.name, theirs.length, ours.length
            ))
            .at(request.path)
            .hint(hint()))
        })
        .collect()
}

/// Asks the store for every position of the input.
pub(super) fn join<C: Collect>(
    request: &Request<'_>,
    collect: &mut C,
    progress: &dyn Progress,
) -> Result<Joined<C::Value>> {
    let store = Store::open(request.path)?;
    let meta = store.meta();
    let numbers = contigs(&store, request)?;
    let shared = numbers.iter().flatten().count();
    if shared == 0 {
        return Err(Fault::input("has no contig of the reference")
            .at(request.path)
            .hint(format!(
                "give the {} file of {}, or leave it out",
                request.role, request.build
            )));
    }
    let mut joined = Joined {
        alleles: HashMap::new(),
        contigs: HashSet::new(),
        release: meta.release.clone(),
        synthetic: meta.synthetic,
        proof: format!(
            "store on contigs of the same lengths ({shared}); its sources: {}",
            meta.proof
        ),
        disagreeing: meta.counts.disagreeing(),
    };
    let wanted: Vec<&str> = meta
        .fields
        .iter()
        .map(|f| f.name.as_str())
        .filter(|f| collect.wants(f))
        .collect();
    let mut cursor = store.cursor(&wanted)?;
    let text = |bases: Vec<u8>| {
        String::from_utf8(bases).map_err(|_| {
            Fault::input("is damaged: an allele is not written in letters")
                .at(request.path)
                .hint("install it or build it again")
        })
    };
    let mut asked = 0_u64;
    for (contig, number) in numbers.iter().enumerate() {
        let Some(number) = *number else { continue };
        if store.has_contig(number) || store.assessed().has_contig(number) {
            joined.contigs.insert(contig);
        }
        for position in request.sites.positions(contig) {
            asked += 1;
            if asked.is_multiple_of(8192) {
                progress.check()?;
            }
            if let Some(alleles) = store.assessed().at(number, *position) {
                collect.assessed(contig, *position, alleles);
            }
            cursor.at(number, *position, |hit| {
                let entry = OfStore { hit, meta };
                if !hit.is_moved() {
                    collect.site(contig, *position, &entry);
                }
                if let Some((reference, alternate)) = hit.bases()
                    && let Some(value) = collect.allele(&entry)
                {
                    let allele = (text(reference)?, text(alternate)?);
                    joined.put(contig, *position, allele, value, collect);
                }
                Ok(())
            })?;
        }
    }
    Ok(joined)
}
