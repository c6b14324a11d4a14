//! One allele on one small transcript: names and terms typed by hand from the HGVS recommendations, and properties that
//! must hold for every allele.

use std::path::Path;

use clinotype_genome::{Build, Pos, Strand, VariantKey, fs, normalise::normalise_with, sequence::reverse_complement};

use crate::{
    bases::{Bases, testing::Slices},
    consequence::{Effect, effect, terms::Term},
    edit::Allele,
    hgvs,
    spliced::Spliced,
    transcripts::{Transcript, TranscriptSet, model::tests::model},
};

/// A sequence of 400 bases with exons 100..130 (5' UTR 10), 200..240 and 300..350 (3' UTR 23), 0-based; coding 110..327.
///
/// Codons: exon 1 ATG GCA AGA TGC AAA GTA CT, exon 2 T GGT CAA CAA CAA TGT TAC GAA ATG CTG TCA CGA AAA TGG,
/// exon 3 CAA TGG ATG CTT CTT AAC CTG ACT TAG.
pub(crate) fn sequence() -> Vec<u8> {
    let mut s: Vec<u8> = b"CTAACTGACT".iter().copied().cycle().take(400).collect();
    s[100..110].copy_from_slice(b"CCTTGGCCAA");
    s[110..130].copy_from_slice(b"ATGGCAAGATGCAAAGTACT");
    s[130..136].copy_from_slice(b"GTAAGT");
    s[198..200].copy_from_slice(b"AG");
    s[200..240].copy_from_slice(b"TGGTCAACAACAATGTTACGAAATGCTGTCACGAAAATGG");
    s[240..246].copy_from_slice(b"GTGAGT");
    s[298..300].copy_from_slice(b"AG");
    s[300..318].copy_from_slice(b"CAATGGATGCTTCTTAAC");
    s[318..350].copy_from_slice(b"CTGACTTAGCCCATTTAGGGCATCCATACCTT");
    s
}

pub(crate) struct Bench {
    pub(crate) slices: Slices,
    pub(crate) t: Transcript,
}

impl Bench {
    pub(crate) fn new(strand: Strand) -> Self {
        let mut bases = sequence();
        let (mut exons, mut cds) = (vec![(100, 130), (200, 240), (300, 350)], (110, 327));
        if strand == Strand::Reverse {
            bases = reverse_complement(&bases);
            exons = exons.into_iter().rev().map(|(a, b)| (400 - b, 400 - a)).collect();
            cds = (400 - cds.1, 400 - cds.0);
        }
        Self {
            slices: Slices::new(vec![("chr1".into(), 0, bases)]),
            t: model(strand, &exons, Some(cds)),
        }
    }

    /// An edit given on the plus-strand layout: 0-based start, bases removed, bases put in.
    pub(crate) fn effect(&self, start: usize, removed: usize, inserted: &str) -> (Effect, VariantKey) {
        let plus = sequence();
        let anchor = start - 1;
        let (reference, alternate) = (
            plus[anchor..start + removed].to_vec(),
            [&plus[anchor..start], inserted.as_bytes()].concat(),
        );
        let key = if self.t.strand == Strand::Forward {
            key(anchor as u32, &reference, &alternate)
        } else {
            let (r, a) = (reverse_complement(&reference), reverse_complement(&alternate));
            key((400 - start - removed) as u32, &r, &a)
        };
        let key = normalise_with(&key, |c, s, e| self.slices.fetch(c, s, e)).unwrap();
        let spliced = Spliced::read(&self.t, &self.slices).unwrap();
        let allele = Allele::of(&key, &self.slices, 1_000_000).unwrap();
        (effect(&allele, &self.t, &self.slices, || Ok(&spliced)).unwrap(), key)
    }

    pub(crate) fn words(&self, start: usize, removed: usize, inserted: &str) -> (String, String, String) {
        let (e, _) = self.effect(start, removed, inserted);
        let after = |n: &Option<String>| n.as_deref().map_or("", |n| n.split_once(':').unwrap().1).to_owned();
        let terms: Vec<_> = e.terms.iter().map(Term::name).collect();
        (after(&e.hgvs_c), after(&e.hgvs_p), terms.join("&"))
    }
}

fn key(start: u32, reference: &[u8], alternate: &[u8]) -> VariantKey {
    let text = |b: &[u8]| String::from_utf8(b.to_vec()).unwrap();
    VariantKey::new("chr1", Pos::from_zero_based(start), &text(reference), &text(alternate))
}

#[test]
fn the_bench_is_what_it_says() {
    for strand in [Strand::Forward, Strand::Reverse] {
        let bench = Bench::new(strand);
        let spliced = Spliced::read(&bench.t, &bench.slices).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&spliced.protein),
            "MARCKVLGQQQCYEMLSRKWQWMLLNLT*",
            "{strand}"
        );
    }
}

#[test]
fn names_and_terms() {
    for strand in [Strand::Forward, Strand::Reverse] {
        let bench = Bench::new(strand);
        for (start, removed, inserted, c, p, terms) in TABLE {
            let got = bench.words(*start, *removed, inserted);
            assert_eq!(
                (got.0.as_str(), got.1.as_str(), got.2.as_str()),
                (*c, *p, *terms),
                "{start} -{removed} +{inserted} on {strand}"
            );
        }
    }
}

type Row = (usize, usize, &'static str, &'static str, &'static str, &'static str);

/// (0-based start on the plus layout, bases removed, bases put in, c., p., terms)
const TABLE: &[Row] = &[
    (114, 1, "A", "c.5C>A", "p.(Ala2Glu)", "missense_variant"),
    (115, 1, "G", "c.6A>G", "p.(Ala2=)", "synonymous_variant"),
    (121, 1, "A", "c.12C>A", "p.(Cys4Ter)", "stop_gained"),
    (110, 1, "G", "c.1A>G", "p.(Met1?)", "start_lost"),
    (105, 1, "A", "c.-5G>A", "", "5_prime_UTR_variant"),
    (204, 3, "", "c.31_33del", "p.(Gln11del)", "inframe_deletion"),
    (204, 0, "CAA", "c.31_33dup", "p.(Gln11dup)", "inframe_insertion"),
    (
        207,
        0,
        "GGA",
        "c.27_28insGGA",
        "p.(Gln9_Gln10insGly)",
        "inframe_insertion",
    ),
    (
        207,
        0,
        "TAA",
        "c.27_28insTAA",
        "p.(Gln10Ter)",
        "stop_gained&inframe_insertion",
    ),
    (217, 1, "", "c.38del", "p.(Tyr13SerfsTer15)", "frameshift_variant"),
    (219, 0, "G", "c.40dup", "p.(Glu14GlyfsTer13)", "frameshift_variant"),
    (121, 1, "", "c.12del", "p.(Cys4Ter)", "frameshift_variant"),
    (324, 1, "C", "c.85T>C", "p.(Ter29GlnextTer3)", "stop_lost"),
    (326, 1, "A", "c.87G>A", "p.(Ter29=)", "stop_retained_variant"),
    (330, 1, "G", "c.*4A>G", "", "3_prime_UTR_variant"),
    (119, 3, "GCA", "c.10_12inv", "p.(Cys4Ala)", "missense_variant"),
    (
        118,
        2,
        "CC",
        "c.9_10delinsCC",
        "p.(Arg3_Cys4delinsSerArg)",
        "missense_variant",
    ),
    (
        219,
        3,
        "TTTCCC",
        "c.40_42delinsTTTCCC",
        "p.(Glu14delinsPhePro)",
        "protein_altering_variant",
    ),
    (220, 3, "", "c.41_43del", "p.(Glu14_Met15delinsVal)", "inframe_deletion"),
    (130, 1, "C", "c.20+1G>C", "", "splice_donor_variant"),
    (
        132,
        1,
        "G",
        "c.20+3A>G",
        "",
        "splice_donor_region_variant&intron_variant",
    ),
    (
        134,
        1,
        "A",
        "c.20+5G>A",
        "",
        "splice_donor_5th_base_variant&intron_variant",
    ),
    (199, 1, "C", "c.21-1G>C", "", "splice_acceptor_variant"),
    (150, 1, "G", "c.20+21C>G", "", "intron_variant"),
    (
        128,
        4,
        "",
        "c.19_20+2del",
        "",
        "splice_donor_variant&coding_sequence_variant",
    ),
    (90, 1, "G", "", "", "upstream_gene_variant"),
    (380, 1, "G", "", "", "downstream_gene_variant"),
];

/// Facts for PVS1 on the same transcript: its last junction lies at transcript offset 70.
#[test]
fn loss_of_function() {
    for strand in [Strand::Forward, Strand::Reverse] {
        let bench = Bench::new(strand);
        let facts = |start, removed, inserted: &str| bench.effect(start, removed, inserted).0.loss_of_function;
        // Stop at codon 4: ends at transcript offset 22, 48 nt before the last junction.
        let stop = facts(121, 1, "A").unwrap();
        assert_eq!((stop.nmd, stop.new_stop_codon), (Some(false), Some(4)));
        assert!((stop.lost_fraction.unwrap() - 25.0 / 28.0).abs() < 1e-9);
        // Stop at codon 3 (AGA to TGA): ends at 19, 51 nt before it.
        let stop = facts(116, 1, "T").unwrap();
        assert_eq!((stop.nmd, stop.new_stop_codon), (Some(true), Some(3)));
        assert!(
            stop.nmd_reason
                .unwrap()
                .starts_with("new stop in exon 1 of 3, 51 nt before")
        );
        // Frameshift that ends in the last exon.
        let shifted = facts(217, 1, "").unwrap();
        assert_eq!((shifted.nmd, shifted.new_stop_codon), (Some(false), Some(27)));
        // Exon 2 has 40 bases: skipping it breaks the frame.
        for (start, inserted) in [(199, "C"), (240, "C")] {
            let skip = facts(start, 1, inserted).unwrap();
            assert_eq!((skip.skipped_exon, skip.skip_keeps_frame), (Some(2), Some(false)));
            assert!(skip.nmd_reason.unwrap().starts_with("after skipping exon 2"));
        }
        let lost = facts(110, 1, "G").unwrap();
        assert_eq!(lost.next_met_codon, Some(15));
        assert!(facts(114, 1, "A").is_none());
    }
}

#[test]
fn distances_to_splice_sites() {
    for strand in [Strand::Forward, Strand::Reverse] {
        let bench = Bench::new(strand);
        let place = |start, removed, inserted: &str| {
            let e = bench.effect(start, removed, inserted).0;
            (e.exon, e.intron, e.intron_offset, e.from_exon_start, e.from_exon_end)
        };
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(place(115, 1, "G"), (text("1/3"), None, None, None, Some(15)));
        assert_eq!(place(199, 1, "C"), (None, text("1/2"), Some(-1), None, None));
        assert_eq!(place(204, 1, "A"), (text("2/3"), None, None, Some(5), Some(36)));
        assert_eq!(place(330, 1, "G"), (text("3/3"), None, None, Some(31), None));
    }
}

/// The mitochondrial names and code: m.3243A>G and a coding change typed from MITOMAP.
#[test]
fn names_on_the_genome() {
    let slices = Slices::new(vec![
        ("chrM".into(), 3230, b"TTAAGATGGCAGAGCCCGGTAATCGCATAA".to_vec()),
        ("chr17".into(), 100, b"ACCCGT".to_vec()),
        ("chrUn".into(), 100, b"ACCCGT".to_vec()),
    ]);
    let name = |contig: &str, position, reference: &str, alternate: &str| {
        let key = VariantKey::new(contig, Pos::new(position).unwrap(), reference, alternate);
        let length = slices.contigs().get(contig).unwrap().length;
        let allele = Allele::of(&key, &slices, length).unwrap();
        hgvs::dna::genomic(&allele, &slices, contig, length, Build::Grch38).unwrap()
    };
    assert_eq!(name("chrM", 3243, "A", "G").unwrap(), "NC_012920.1:m.3243A>G");
    assert_eq!(name("chr17", 101, "AC", "A").unwrap(), "NC_000017.11:g.104del");
    assert_eq!(name("chr17", 101, "A", "AC").unwrap(), "NC_000017.11:g.104dup");
    assert_eq!(name("chrUn", 101, "AC", "A"), None);
    // hg19's chrM is not the rCRS.
    let key = VariantKey::new("chrM", Pos::new(3243).unwrap(), "A", "G");
    let allele = Allele::of(&key, &slices, 16_571).unwrap();
    assert_eq!(
        hgvs::dna::genomic(&allele, &slices, "chrM", 16_571, Build::Grch37).unwrap(),
        None
    );
}

/// The same gene in the dialects of RefSeq and MANE/GENCODE gives the same transcript.
#[test]
fn dialects() {
    let bench = Bench::new(Strand::Forward);
    let folder = tempfile::tempdir().unwrap();
    let rows = |contig: &str, gene: &str, transcript: &str, exon: &str, cds: &str| {
        format!(
            "##gff-version 3\n#!annotation-source NCBI RefSeq GCF_000001405.40-RS_2024_08\n\
             {contig}\tB\tgene\t101\t350\t.\t+\t.\t{gene}\n{contig}\tB\tmRNA\t101\t350\t.\t+\t.\t{transcript}\n\
             {contig}\tB\texon\t101\t130\t.\t+\t.\t{exon}\n{contig}\tB\texon\t201\t240\t.\t+\t.\t{exon}\n\
             {contig}\tB\texon\t301\t350\t.\t+\t.\t{exon}\n{contig}\tB\tCDS\t111\t130\t.\t+\t0\t{cds}\n\
             {contig}\tB\tCDS\t201\t240\t.\t+\t1\t{cds}\n{contig}\tB\tCDS\t301\t327\t.\t+\t0\t{cds}\n"
        )
    };
    for (text, accession, hgnc) in [
        (
            rows(
                "NC_000001.11",
                "ID=gene-AB1;Dbxref=GeneID:9,HGNC:HGNC:77;Name=AB1;gbkey=Gene;gene=AB1;gene_biotype=protein_coding",
                "ID=rna-NM_000009.4;Parent=gene-AB1;Dbxref=GeneID:9,HGNC:HGNC:77;Name=NM_000009.4;gene=AB1;tag=MANE Select;transcript_id=NM_000009.4",
                "ID=exon-NM_000009.4-1;Parent=rna-NM_000009.4;gene=AB1;transcript_id=NM_000009.4",
                "ID=cds-NP_000009.1;Parent=rna-NM_000009.4;gene=AB1;protein_id=NP_000009.1",
            ),
            "NM_000009.4",
            "HGNC:77",
        ),
        (
            rows(
                "chr1",
                "ID=ENSG00000000009.3;gene_id=ENSG00000000009.3;gene_type=protein_coding;gene_name=AB1;hgnc_id=HGNC:77",
                "ID=ENST00000000009.2;Parent=ENSG00000000009.3;gene_id=ENSG00000000009.3;transcript_id=ENST00000000009.2;gene_name=AB1;transcript_type=protein_coding;tag=basic,MANE_Select",
                "ID=exon:1;Parent=ENST00000000009.2",
                "ID=CDS:1;Parent=ENST00000000009.2;protein_id=ENSP00000000009.1",
            ),
            "ENST00000000009.2",
            "HGNC:77",
        ),
        (
            rows(
                "1",
                "ID=gene:ENSG00000000009;Name=AB1;biotype=protein_coding;description=a b [Source:HGNC Symbol%3BAcc:HGNC:77];gene_id=ENSG00000000009;version=3",
                "ID=transcript:ENST00000000009;Parent=gene:ENSG00000000009;Name=AB1-201;biotype=protein_coding;tag=basic,Ensembl_canonical,MANE_Select;transcript_id=ENST00000000009;version=2",
                "Parent=transcript:ENST00000000009;rank=1",
                "ID=CDS:ENSP00000000009;Parent=transcript:ENST00000000009;protein_id=ENSP00000000009;version=1",
            ),
            "ENST00000000009.2",
            "HGNC:77",
        ),
    ] {
        let path = folder.path().join("t.gff3");
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        let set = TranscriptSet::read_with(Path::new(&path), &bench.slices, Build::Grch38).unwrap();
        let t = set.pick("AB1").unwrap();
        assert_eq!((t.accession.as_str(), t.hgnc_id.as_deref()), (accession, Some(hgnc)));
        assert_eq!((t.contig.as_str(), t.exons.len(), t.coding_length()), ("chr1", 3, 87));
        assert_eq!(t.mane, crate::facts::Mane::Select);
        assert!(t.protein_id.as_deref().unwrap().ends_with("09.1"), "{:?}", t.protein_id);
        assert_eq!(set.release(), Some("NCBI RefSeq GCF_000001405.40-RS_2024_08"));
    }
    let wrong = rows("NC_000001.10", "ID=g", "ID=t;Parent=g", "Parent=t", "Parent=t");
    let path = folder.path().join("t.gff3");
    fs::write_atomic(&path, wrong.as_bytes()).unwrap();
    let fault = TranscriptSet::read_with(&path, &bench.slices, Build::Grch38).unwrap_err();
    assert!(
        fault
            .to_string()
            .contains("NC_000001.10 is not the sequence of chromosome 1 on GRCh38")
    );
}

/// RefSeq's mitochondrion: the gene carries the coding sequence; code 2; no c. name.
#[test]
fn a_mitochondrial_gene() {
    // ATA (Met) TGA (Trp) GCC TAA at 3306..3318, 0-based.
    let slices = Slices::new(vec![("chrM".into(), 3300, b"CCCAAAATATGAGCCTAACCC".to_vec())]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gff3");
    let text = "##gff-version 3\n\
        NC_012920.1\tRefSeq\tgene\t3307\t3318\t.\t+\t.\tID=gene-ND1;Dbxref=GeneID:4535,HGNC:HGNC:7455;Name=MT-ND1;gene=MT-ND1;gene_biotype=protein_coding\n\
        NC_012920.1\tRefSeq\tCDS\t3307\t3318\t.\t+\t0\tID=cds-YP_1.1;Parent=gene-ND1;gene=MT-ND1;protein_id=YP_1.1;transl_table=2\n";
    fs::write_atomic(&path, text.as_bytes()).unwrap();
    let set = TranscriptSet::read_with(&path, &slices, Build::Grch38).unwrap();
    let t = set.pick("MT-ND1").unwrap();
    let spliced = Spliced::read(t, &slices).unwrap();
    assert_eq!(String::from_utf8_lossy(&spliced.protein), "MWA*");
    let key = VariantKey::new("chrM", Pos::new(3312).unwrap(), "A", "G");
    let allele = Allele::of(&key, &slices, 16_569).unwrap();
    let effect = effect(&allele, t, &slices, || Ok(&spliced)).unwrap();
    assert_eq!(effect.hgvs_c, None);
    assert_eq!(effect.hgvs_p.as_deref(), Some("YP_1.1:p.(Trp2=)"));
}

/// RefSeq has mature microRNAs as features under their primary transcript.
#[test]
fn a_mature_micro_rna() {
    let slices = Slices::new(vec![("chr1".into(), 0, vec![b'C'; 500])]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gff3");
    let row = |kind: &str, start: u32, end: u32, attributes: &str| {
        format!("NC_000001.11\tBestRefSeq\t{kind}\t{start}\t{end}\t.\t+\t.\t{attributes}\n")
    };
    let text = [
        "##gff-version 3\n".to_owned(),
        row(
            "gene",
            101,
            180,
            "ID=gene-MIR9;Dbxref=GeneID:7,HGNC:HGNC:31;Name=MIR9;gene=MIR9;gene_biotype=miRNA",
        ),
        row(
            "primary_transcript",
            101,
            180,
            "ID=rna-NR_000009.1;Parent=gene-MIR9;gene=MIR9;transcript_id=NR_000009.1",
        ),
        row("exon", 101, 180, "ID=exon-NR_000009.1-1;Parent=rna-NR_000009.1"),
        row(
            "miRNA",
            111,
            132,
            "ID=rna-MIR9;Parent=rna-NR_000009.1;gene=MIR9;product=hsa-miR-9-5p",
        ),
        row("exon", 111, 132, "ID=exon-MIR9-1;Parent=rna-MIR9"),
    ]
    .concat();
    fs::write_atomic(&path, text.as_bytes()).unwrap();
    let set = TranscriptSet::read_with(&path, &slices, Build::Grch38).unwrap();
    let terms = |position: u32| -> Vec<String> {
        let key = VariantKey::new("chr1", Pos::new(position).unwrap(), "C", "G");
        let allele = Allele::of(&key, &slices, 1_000_000).unwrap();
        set.iter()
            .map(|t| {
                assert_eq!((t.gene.as_str(), t.hgnc_id.as_deref()), ("MIR9", Some("HGNC:31")));
                let spliced = Spliced::read(t, &slices).unwrap();
                let effect = effect(&allele, t, &slices, || Ok(&spliced)).unwrap();
                let names: Vec<_> = effect.terms.iter().map(Term::name).collect();
                format!("{} {}", t.biotype, names.join("&"))
            })
            .collect()
    };
    assert_eq!(
        terms(112),
        [
            "primary_transcript non_coding_transcript_exon_variant",
            "mature_miRNA mature_miRNA_variant"
        ]
    );
    assert_eq!(terms(140)[1], "mature_miRNA downstream_gene_variant");
}
