//! Transcripts from files: dialects of GFF3, several files side by side, and compiled files with their faults.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a test may fail, and need not be fast"
)]

use std::path::{Path, PathBuf};

use clinotype_annotate::{Cache, Files, Mane, Transcript, TranscriptSet};
use clinotype_genome::{Build, Fault, Reference, fs};

struct Case {
    folder: tempfile::TempDir,
    reference: Reference,
}

/// chrX, chrY and chrM of fixed bases; start codons and splice sites are written under the models below.
fn fasta(salt: u64) -> String {
    let mut text = String::new();
    for (name, length) in [("chrX", 20_000), ("chrY", 20_000), ("chrM", 16_569)] {
        let mut state = 31_u64.wrapping_add(salt);
        let mut bases: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                b"ACGT"[(state >> 33) as usize % 4]
            })
            .collect();
        bases[5000..5003].copy_from_slice(b"ATG");
        bases[5100..5102].copy_from_slice(b"GT");
        bases[5198..5200].copy_from_slice(b"AG");
        bases[5297..5300].copy_from_slice(b"TGA");
        // The tail-completed stop of the mitochondrial gene at 3001-3010: ATG CAA CAA T.
        bases[3000..3010].copy_from_slice(b"ATGCAACAAT");
        text.push_str(&format!(">{name}\n{}\n", String::from_utf8(bases).unwrap()));
    }
    text
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.fa");
        fs::write_atomic(&path, fasta(0).as_bytes()).unwrap();
        let reference = Reference::open(&path).unwrap();
        Self { folder, reference }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        path
    }

    fn read(&self, text: &str) -> Result<TranscriptSet, Fault> {
        TranscriptSet::read(&self.file("t.gff3", text), &self.reference, Build::Grch38)
    }

    fn files(&self, files: &[&Path], cache: Cache<'_>) -> Result<TranscriptSet, Fault> {
        let files = Files {
            transcripts: files,
            sequences: None,
            cache,
        };
        TranscriptSet::read_all(&files, &self.reference, Build::Grch38)
    }
}

const ENSEMBL: &str = "##gff-version 3\n#!genebuild-last-updated 2026-01\n\
    X\tensembl\tgene\t5001\t5300\t.\t+\t.\tID=gene:ENSG01;Name=ABC1;biotype=protein_coding;description=abc [Source:HGNC Symbol%3BAcc:HGNC:77];gene_id=ENSG01;version=4\n\
    X\tensembl\tmRNA\t5001\t5300\t.\t+\t.\tID=transcript:ENST01;Parent=gene:ENSG01;Name=ABC1-201;biotype=protein_coding;tag=basic,Ensembl_canonical,MANE_Select;transcript_id=ENST01;version=7\n\
    X\tensembl\tmRNA\t5001\t5300\t.\t+\t.\tID=transcript:ENST02;Parent=gene:ENSG01;biotype=nonsense_mediated_decay;transcript_id=ENST02;version=1\n\
    X\tensembl\texon\t5001\t5100\t.\t+\t.\tParent=transcript:ENST01,transcript:ENST02;exon_id=E1\n\
    X\tensembl\texon\t5201\t5300\t.\t+\t.\tParent=transcript:ENST01,transcript:ENST02;exon_id=E2\n\
    X\tensembl\tCDS\t5001\t5100\t.\t+\t0\tID=CDS:ENSP01;Parent=transcript:ENST01;protein_id=ENSP01;version=3\n\
    X\tensembl\tCDS\t5201\t5300\t.\t+\t2\tID=CDS:ENSP01;Parent=transcript:ENST01;protein_id=ENSP01;version=3\n\
    X\tensembl\tCDS\t5001\t5100\t.\t+\t0\tID=CDS:ENSP02;Parent=transcript:ENST02;protein_id=ENSP02;version=1\n";

const REFSEQ: &str = "##gff-version 3\n#!annotation-source NCBI RefSeq GCF_000001405.40-RS_2025\n\
    NC_000023.11\tBestRefSeq\tgene\t5001\t5300\t.\t+\t.\tID=gene-ABC1;Dbxref=GeneID:9,HGNC:HGNC:77;Name=ABC1;gene=ABC1;gene_biotype=protein_coding\n\
    NC_000023.11\tBestRefSeq\tmRNA\t5001\t5300\t.\t+\t.\tID=rna-NM_000009.2;Parent=gene-ABC1;Dbxref=GeneID:9,GenBank:NM_000009.2;gene=ABC1;tag=MANE Select;transcript_id=NM_000009.2\n\
    NC_000023.11\tBestRefSeq\texon\t5001\t5100\t.\t+\t.\tID=exon-NM_000009.2-1;Parent=rna-NM_000009.2\n\
    NC_000023.11\tBestRefSeq\texon\t5201\t5300\t.\t+\t.\tID=exon-NM_000009.2-2;Parent=rna-NM_000009.2\n\
    NC_000023.11\tBestRefSeq\tCDS\t5001\t5100\t.\t+\t0\tID=cds-NP_000009.1;Parent=rna-NM_000009.2;protein_id=NP_000009.1;transl_except=(pos:5031..5033%2Caa:Sec)\n\
    NC_000023.11\tBestRefSeq\tCDS\t5201\t5300\t.\t+\t2\tID=cds-NP_000009.1;Parent=rna-NM_000009.2;protein_id=NP_000009.1\n\
    NC_000023.11\tBestRefSeq\tpseudogene\t9001\t9100\t.\t+\t.\tID=gene-ABCP1;Name=ABCP1;gene=ABCP1;gene_biotype=pseudogene\n\
    NC_000023.11\tBestRefSeq\texon\t9001\t9100\t.\t+\t.\tID=id-ABCP1;Parent=gene-ABCP1\n\
    NC_000023.11\tBestRefSeq\tlnc_RNA\t12001\t12200\t.\t-\t.\tID=rna-NR_000010.1;gene=LNC1;transcript_id=NR_000010.1\n\
    NC_000023.11\tBestRefSeq\texon\t12001\t12200\t.\t-\t.\tID=exon-NR_000010.1-1;Parent=rna-NR_000010.1\n\
    NC_000023.11\tRefSeq\tcDNA_match\t12001\t12200\t100\t-\t.\tID=aln0;Target=NR_000010.1 1 203 +;Gap=M50 I5 M100 D2 M48\n\
    NC_012920.1\tRefSeq\tgene\t3001\t3010\t.\t+\t.\tID=gene-MT-ABC;Name=MT-ABC;gene=MT-ABC;gene_biotype=protein_coding\n\
    NC_012920.1\tRefSeq\tCDS\t3001\t3010\t.\t+\t0\tID=cds-YP_1.1;Parent=gene-MT-ABC;gene=MT-ABC;protein_id=YP_1.1;transl_except=(pos:3010%2Caa:TERM);transl_table=2\n";

fn one<'s>(set: &'s TranscriptSet, accession: &str) -> &'s Transcript {
    let found: Vec<_> = set.with_accession(accession).collect();
    assert_eq!(found.len(), 1, "{accession}");
    found[0]
}

#[test]
fn ensembl_and_refseq_side_by_side() {
    let case = Case::new();
    let (ensembl, refseq) = (case.file("e.gff3", ENSEMBL), case.file("r.gff3", REFSEQ));
    let set = case.files(&[&ensembl, &refseq], Cache::None).unwrap();
    assert_eq!(set.len(), 5);
    let t = one(&set, "ENST01.7");
    assert_eq!((t.gene.as_str(), t.gene_id.as_str()), ("ABC1", "ENSG01"));
    assert_eq!(t.hgnc_id.as_deref(), Some("HGNC:77"));
    assert_eq!((t.mane, t.canonical), (Mane::Select, true));
    assert_eq!(t.protein_id.as_deref(), Some("ENSP01.3"));
    assert_eq!(t.contig, "chrX");
    // One exon row with two parents belongs to both.
    assert_eq!(one(&set, "ENST02.1").exons, t.exons);
    let n = one(&set, "NM_000009.2");
    assert_eq!((n.mane, n.hgnc_id.as_deref()), (Mane::Select, Some("HGNC:77")));
    assert_eq!((&n.exons, n.protein_id.as_deref()), (&t.exons, Some("NP_000009.1")));
    let l = one(&set, "NR_000010.1");
    assert_eq!((l.biotype.as_str(), l.gene.as_str()), ("lncRNA", "LNC1"));
    // Gap in the transcript's direction: 5 bases more after 50, 2 fewer after 150 of the genome's.
    let gaps: Vec<_> = l.differences.iter().map(|d| (d.offset, d.genome, d.length)).collect();
    assert_eq!(gaps, [(50, 0, 5), (150, 2, 0)]);
    assert_eq!(set.sources().len(), 2);
    assert_eq!(set.release(), Some("2026-01; NCBI RefSeq GCF_000001405.40-RS_2025"));
    assert_eq!(
        set.warnings(),
        ["1 genes with exons but no transcript (pseudogenes) were left out (the first: ABCP1)"]
    );
    assert!(set.pick("ABC1").is_some() && set.pick("MT-ABC").is_some());
}

#[test]
fn pseudoautosomal_copies_keep_their_accession() {
    let case = Case::new();
    // GENCODE: the copy on Y has an ending; older files: the very same IDs on both contigs.
    for (id, gene) in [("ENST01_PAR_Y", "ENSG01_PAR_Y"), ("ENST01", "ENSG01")] {
        let mut text = "##gff-version 3\n".to_owned();
        for (contig, id, gene) in [("chrX", "ENST01", "ENSG01"), ("chrY", id, gene)] {
            let version = |id: &str| id.replacen("01", "01.7", 1);
            text.push_str(&format!(
                "{contig}\tx\tgene\t5001\t5300\t.\t+\t.\tID={g};gene_id={gv};gene_name=ABC1\n\
                 {contig}\tx\ttranscript\t5001\t5300\t.\t+\t.\tID={t};Parent={g};gene_id={gv};transcript_id={tv};gene_name=ABC1;transcript_type=protein_coding\n\
                 {contig}\tx\texon\t5001\t5100\t.\t+\t.\tParent={t}\n{contig}\tx\texon\t5201\t5300\t.\t+\t.\tParent={t}\n",
                g = gene,
                gv = version(gene),
                t = id,
                tv = version(id),
            ));
        }
        let set = case.read(&text).unwrap();
        let places: Vec<&str> = set.with_accession("ENST01.7").map(|t| t.contig.as_str()).collect();
        assert_eq!(places, ["chrX", "chrY"], "{id}");
        assert!(set.iter().all(|t| t.exons.len() == 2 && t.gene_id == "ENSG01.7"));
    }
}

#[test]
fn phase_errors_are_told() {
    let case = Case::new();
    assert!(case.read(ENSEMBL).unwrap().warnings().is_empty());
    for (from, to) in [
        ("CDS\t5201\t5300\t.\t+\t2", "CDS\t5201\t5300\t.\t+\t1"),
        ("CDS\t5201\t5300\t.\t+\t2", "CDS\t5201\t5300\t.\t+\t."),
    ] {
        let set = case.read(&ENSEMBL.replace(from, to)).unwrap();
        assert_eq!(
            set.warnings(),
            [
                "1 transcripts have a CDS row whose phase does not follow from the rows before it; they are read by their \
              exons (the first: ENST01.7)"
            ]
        );
        assert_eq!(
            one(&set, "ENST01.7").warnings,
            ["the phase of a CDS row of ENST01.7 (line 9) does not follow from the rows before it"]
        );
    }
    let fault = case
        .read(&ENSEMBL.replace("CDS\t5201\t5300\t.\t+\t2", "CDS\t5201\t5300\t.\t+\t3"))
        .unwrap_err();
    assert!(
        fault.to_string().ends_with("line 9: phase \"3\" is none of 0 1 2 ."),
        "{fault}"
    );
}

#[test]
fn trans_spliced_transcripts_are_left_out_and_told() {
    let case = Case::new();
    let text = format!(
        "{ENSEMBL}X\tx\tgene\t8001\t8100\t.\t+\t.\tID=gene-T;gene=T\n\
         X\tx\tmRNA\t8001\t8100\t.\t+\t.\tID=rna-T1;Parent=gene-T;exception=trans-splicing\n\
         X\tx\texon\t8001\t8100\t.\t+\t.\tParent=rna-T1\nY\tx\texon\t8001\t8100\t.\t-\t.\tParent=rna-T1\n"
    );
    let set = case.read(&text).unwrap();
    assert_eq!(set.len(), 2);
    assert_eq!(
        set.warnings(),
        ["1 trans-spliced transcripts were left out (the first: T1)"]
    );
    let fault = case.read(&text.replace(";exception=trans-splicing", "")).unwrap_err();
    assert!(
        fault
            .to_string()
            .contains("an exon of T1 lies on Y, the transcript on X"),
        "{fault}"
    );
}

/// A compiled file gives the very transcripts that it was made from.
#[test]
fn compiled_files_hold_everything() {
    let case = Case::new();
    let (ensembl, refseq) = (case.file("e.gff3", ENSEMBL), case.file("r.gff3", REFSEQ));
    let files = Files {
        transcripts: &[&ensembl, &refseq],
        sequences: None,
        cache: Cache::None,
    };
    let out = case.path("all.transcripts");
    let made = TranscriptSet::compile(&files, &case.reference, Build::Grch38, &out).unwrap();
    let opened = TranscriptSet::read(&out, &case.reference, Build::Grch38).unwrap();
    assert_eq!(opened.len(), made.len());
    for (a, b) in made.iter().zip(&opened) {
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }
    assert_eq!(opened.sources(), made.sources());
    assert_eq!(opened.warnings(), made.warnings());
    assert_eq!((opened.proof(), opened.release()), (made.proof(), made.release()));
    assert_eq!(opened.genes(), made.genes());
    // A compiled file beside a GFF3 file: what both hold stands once.
    let both = case.files(&[&out, &refseq], Cache::None).unwrap();
    assert_eq!(both.len(), made.len());
}

#[test]
fn faults_of_compiled_files() {
    let case = Case::new();
    let gff3 = case.file("e.gff3", ENSEMBL);
    let out = case.path("a.transcripts");
    let files = Files {
        transcripts: &[&gff3],
        sequences: None,
        cache: Cache::None,
    };
    TranscriptSet::compile(&files, &case.reference, Build::Grch38, &out).unwrap();
    let good = fs::read(&out).unwrap();
    let open = |bytes: &[u8], build: Build, reference: &Reference| {
        fs::write_atomic(&out, bytes).unwrap();
        TranscriptSet::read(&out, reference, build).unwrap_err()
    };
    let fault = |bytes: &[u8]| open(bytes, Build::Grch38, &case.reference).what().to_owned();
    let mut older = good.clone();
    older[8] = 0;
    assert_eq!(
        fault(&older),
        "is a compiled transcript file of format 0; this version reads format 1"
    );
    assert_eq!(
        fault(&good[..good.len() - 7]),
        format!(
            "is cut short: it has {} bytes and was written with {}",
            good.len() - 7,
            good.len()
        )
    );
    assert_eq!(
        fault(&good[..40]),
        "is cut short: a compiled transcript file ends before its header does"
    );
    for at in [good.len() / 2, good.len() - 3, 30, 77] {
        let mut damaged = good.clone();
        damaged[at] ^= 4;
        assert_eq!(
            fault(&damaged),
            "is damaged: its checksum is not the one it was written with",
            "byte {at}"
        );
    }
    let other = open(&good, Build::Grch37, &case.reference);
    assert_eq!(other.what(), "holds transcripts of GRCh38; the run is on GRCh37");
    assert!(
        other
            .advice()
            .unwrap()
            .contains("compile the transcripts for this reference")
    );
    let short = case.file("s.fa", ">chrX\nACGT\n>chrM\nACGT\n");
    assert_eq!(
        open(&good, Build::Grch38, &Reference::open(&short).unwrap()).what(),
        "was compiled for a reference whose chrX has 20000 bases; this one's has 4"
    );
    let lacking = case.file("l.fa", ">chrM\nACGT\n");
    assert_eq!(
        open(&good, Build::Grch38, &Reference::open(&lacking).unwrap()).what(),
        "was compiled for a reference with a contig chrX, which this one lacks"
    );
    let changed = case.file("c.fa", &fasta(1));
    assert_eq!(
        open(&good, Build::Grch38, &Reference::open(&changed).unwrap()).what(),
        "was compiled for another reference: the bases under its transcripts are not these"
    );
}

#[test]
fn the_cache_is_made_once_and_made_anew_where_it_does_not_serve() {
    let case = Case::new();
    let gff3 = case.file("e.gff3", ENSEMBL);
    let folder = case.path("cache");
    fs::create_dir_all(&folder).unwrap();
    let copies = || -> Vec<PathBuf> {
        let mut found: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
        found.sort();
        found
    };
    let first = case.files(&[&gff3], Cache::Folder(&folder)).unwrap();
    let made = copies();
    assert_eq!(made.len(), 1);
    let copy = &made[0];
    let name = copy.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("e.gff3.") && name.ends_with(".transcripts"), "{name}");
    let bytes = fs::read(copy).unwrap();
    let second = case.files(&[&gff3], Cache::Folder(&folder)).unwrap();
    assert_eq!(format!("{:?}", first.get_all()), format!("{:?}", second.get_all()));
    assert_eq!(second.path(), gff3);
    // A damaged copy is replaced, and a changed file has a copy of its own.
    fs::write_atomic(copy, &bytes[..50]).unwrap();
    case.files(&[&gff3], Cache::Folder(&folder)).unwrap();
    assert!(fs::read(copy).unwrap() == bytes);
    case.file("e.gff3", &ENSEMBL.replace("ABC1", "ABC2"));
    let third = case.files(&[&gff3], Cache::Folder(&folder)).unwrap();
    assert!(third.pick("ABC2").is_some() && third.pick("ABC1").is_none());
    assert_eq!(copies().len(), 2);
    // Small files are read as fast as a copy is opened; none is left beside them.
    case.files(&[&gff3], Cache::Beside).unwrap();
    assert!(
        !std::fs::read_dir(case.folder.path()).unwrap().any(|e| e
            .unwrap()
            .path()
            .extension()
            .is_some_and(|x| x == "transcripts"))
    );
}

trait All {
    fn get_all(&self) -> Vec<&Transcript>;
}

impl All for TranscriptSet {
    fn get_all(&self) -> Vec<&Transcript> {
        self.iter().collect()
    }
}

/// Sequences of the transcripts themselves: the differences from the genome are found.
#[test]
fn sequences_give_the_differences() {
    let case = Case::new();
    let gff3 = case.file("e.gff3", ENSEMBL);
    let bases = |from: u32, to: u32| case.reference.fetch("chrX", from, to).unwrap();
    let mut own = [bases(5000, 5100), bases(5200, 5300)].concat();
    own[20] = if own[20] == b'A' { b'C' } else { b'A' };
    let changed = char::from(own[20]);
    own.extend(b"AAAAAAAAAA");
    let fasta = case.file(
        "rna.fa",
        &format!(">ENST01.7 words\n{}\n", String::from_utf8(own).unwrap()),
    );
    let files = Files {
        transcripts: &[&gff3],
        sequences: Some(&fasta),
        cache: Cache::None,
    };
    let set = TranscriptSet::read_all(&files, &case.reference, Build::Grch38).unwrap();
    let t = one(&set, "ENST01.7");
    assert_eq!(t.differences.len(), 1);
    let d = &t.differences[0];
    assert_eq!((d.offset, d.genome, d.length), (20, 1, 1));
    assert_eq!(d.transcript.as_deref(), Some(changed.to_string().as_str()));
    assert_eq!(t.warnings, ["ENST01.7 differs from the genome at 1 place"]);
}
