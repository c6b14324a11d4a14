#![no_main]
//! Texts that interpretation reads: criteria, scoring files, pedigrees, Phenopackets, ontologies, what a laboratory says of
//! tumours and dosage. The first byte chooses the reader.

use clinotype_case::{pedigree::Pedigree, phenopacket};
use clinotype_fuzz::{begin, judge};
use clinotype_genome::Build;
use clinotype_interpret::{
    Comparators, acmg,
    cnv::Dosage,
    phenotype::{Annotations, Ontology, Similarity},
    prs::score_file,
    somatic::{Hotspots, Known, Roles, Statements, entered, oncogenicity},
};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    [
        "0codes_met\nPVS1,PM2_Supporting\nBA1\nPS4_Moderate;PP3|BP4\n",
        "1###PGS CATALOG SCORING FILE\n#format_version=2.0\n#pgs_id=X\n#genome_build=GRCh38\nchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\tis_recessive\n1\t5\tA\tC\t0.5\tTrue\n",
        "1#format_version=2.0\n#genome_build=GRCh38\nrsID\tchr_name\tchr_position\teffect_allele\tother_allele\tdosage_0_weight\tdosage_1_weight\tdosage_2_weight\n.\tX\t5\tA\tC\t0\t1e-3\t2\n",
        "2F\tC\tD\tM\t1\t2\nF\tD\t0\t0\t1\t1\nF\tM\t0\t0\t2\t1\n",
        "3{\"id\":\"p\",\"subject\":{\"id\":\"C\",\"sex\":\"MALE\"},\"phenotypicFeatures\":[{\"type\":{\"id\":\"HP:0001250\",\"label\":\"x\"},\"excluded\":true}]}",
        "4format-version: 1.2\ndata-version: releases/2026-01-01\n\n[Term]\nid: HP:0000001\nname: All\n\n[Term]\nid: HP:0000118\nname: Phenotypic abnormality\nis_a: HP:0000001 ! All\n\n[Term]\nid: HP:0000005\nname: b\nis_a: HP:0000118\nis_obsolete: false\nalt_id: HP:0000009\n\u{1}#description\ndatabase_id\tdisease_name\tqualifier\thpo_id\nOMIM:1\tD\t\tHP:0000005\n\u{1}ncbi_gene_id\tgene_symbol\thpo_id\n1\tG\tHP:0000005\n",
        "5gene\tchange\tlevel\ttumour\twords\tsource\nBRAF\tV600E\tA\tMelanoma\tx\ty\n",
        "6gene\tchange\ttumours\nKRAS\tG12D\t40\n",
        "7gene\tchange\tsource\nKRAS\tG12D\tx\n",
        "8gene\trole\nTP53\tTSG\n",
        "9contig\tpos\tref\talt\tcodes\treason\tby\n1\t5\tA\tC\tOS2, OM1_Strong\tx\ty\n",
        "a#ClinGen Gene Curation List\n#Gene Symbol\tGene ID\tHaploinsufficiency Score\nX\t1\t3\n",
        "b##clinotype_comparators=1\n##file=x\n",
        "cOVS1 + OM4_Supporting, SBP1",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(text) = text.get(1..) else { return };
    match data[0] {
        b'0' => {
            if let Some(table) = judge(acmg::table::classify(text, -1), &[]) {
                // What was written is a table again, with the columns renamed that stand for the same.
                judge(acmg::table::classify(&table, -1), &[]).expect("our own table reads");
            }
        }
        b'1' => {
            let mut reader = score_file::Reader::new(Build::Grch38);
            for line in text.lines() {
                if judge(reader.line(line), &[]).is_none() {
                    return;
                }
            }
            judge(reader.finish(), &[]);
        }
        b'2' => {
            judge(Pedigree::parse(text), &[]);
        }
        b'3' => {
            judge(phenopacket::phenopacket(text), &[]);
            judge(phenopacket::pedigree(text), &[]);
        }
        b'4' => {
            let mut parts = text.split('\u{1}');
            let Some(ontology) = judge(Ontology::parse(parts.next().unwrap_or_default()), &[]) else { return };
            let (diseases, genes) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            if let Some(annotations) = judge(Annotations::parse(&ontology, diseases, genes), &[]) {
                Similarity::new(&ontology, &annotations);
            }
        }
        b'5' => {
            if let Some(read) = judge(Statements::parse(text), &[]) {
                assert!(read.left_out.values().sum::<u64>() <= read.rows);
            }
        }
        b'6' => {
            judge(Hotspots::parse(text), &[]);
        }
        b'7' => {
            judge(Known::parse(text), &[]);
        }
        b'8' => {
            judge(Roles::parse(text), &[]);
        }
        b'9' => {
            judge(entered(text), &[]);
        }
        b'a' => {
            judge(Dosage::default().add(text), &[]);
        }
        b'b' => {
            if let Some(table) = judge(Comparators::parse(text), &[]) {
                assert_eq!(judge(Comparators::parse(&table.to_text()), &[]), Some(table));
            }
        }
        _ => {
            judge(oncogenicity(text), &[]);
        }
    }
});
