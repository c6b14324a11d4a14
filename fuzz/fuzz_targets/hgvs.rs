#![no_main]
//! HGVS names: what is read is written so that it reads back the same, and every name, read or not, gets an answer.

use std::sync::OnceLock;

use clinotype_annotate::{
    TranscriptSet,
    hgvs::{self},
    namer::{Namer, read_transcripts},
};
use clinotype_fuzz::{Place, begin, gff3, judge};
use clinotype_genome::Build;
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    [
        "NM_900001.1:c.1A>G",
        "NM_900001.1:c.10_12del",
        "NM_900001.1:c.10_11insACG",
        "NM_900001.1:c.20dup",
        "NM_900001.1:c.-5_-3delinsTT",
        "NM_900001.1:c.*3C>T",
        "NM_900001.1:c.60+1G>A",
        "NM_900001.1:c.(10_12)_(15_17)del",
        "NM_900001.1:c.10_12inv",
        "NM_900001.1:c.10GCA[5]",
        "NM_900001.1:n.7=",
        "NM_900001.1:r.(7a>g)",
        "NM_900001.1:c.[7A>G;9del](;)[12dup]",
        "NP_900001.1:p.(Arg7Ter)",
        "NP_900001.1:p.Lys2_Met3insGlnSerLys",
        "NP_900001.1:p.(Gln8fs*12)",
        "chr1:g.2071C>A",
        "chr1:g.2071_2072insNM_900001.1:c.3_9",
        "TINY1:c.7del",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// The transcripts, which are read once.
fn transcripts(place: &'static Place) -> &'static TranscriptSet {
    static SET: OnceLock<TranscriptSet> = OnceLock::new();
    SET.get_or_init(|| {
        let path = place.write("t.gff3", gff3().as_bytes());
        read_transcripts(&path, &place.reference, Some(Build::Grch38)).expect("the transcripts are read")
    })
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(name) = hgvs::parse(text) {
        let written = name.to_string();
        let again = hgvs::parse(&written).unwrap_or_else(|e| panic!("{written}: {e}"));
        assert_eq!(again, name, "{written}");
    }
    let place = Place::get();
    let set = transcripts(place);
    let namer = Namer::new(&place.reference, vec![set], Some(Build::Grch38));
    if let Some(answer) = judge(namer.name(text), &[]) {
        assert!(answer.normalized.is_some() || !answer.errors.is_empty() || !answer.notes.is_empty());
    }
});
