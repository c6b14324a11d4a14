//! Writes the shipped data in the formats that laboratories use.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, Contig, ContigKey, Contigs, Fault, Interval, Result, Strand, bed, fs};
use noodles::bgzf::gzi;

use super::{
    NOTICE, SAMPLE,
    shipped::{CONTIGS, Shipped, Transcript},
};
use crate::{
    bgzf,
    tiny::{LINE, write_bgzf},
};

/// Coding exons are targeted with this many bases on either side.
const PADDING: u32 = 20;

/// The contigs with their true lengths.
pub(super) fn contigs() -> Result<Contigs> {
    CONTIGS
        .iter()
        .map(|name| {
            let length = ContigKey::of(name).and_then(|key| Build::Grch38.length(&key));
            Ok(Contig {
                name: (*name).to_owned(),
                length: length.ok_or_else(|| Fault::internal(format!("{name} is no contig of GRCh38")))?,
            })
        })
        .collect::<Result<_>>()
        .map(Contigs::new)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The FASTA, its `.fai` and its `.gzi`. Blocks of whole lines that are all N are compressed once and written again.
pub(super) fn reference(path: &Path, shipped: &Shipped) -> Result<()> {
    let doing = |e| Fault::io("write", path, e);
    let mut writer = bgzf::Writer::new(fs::AtomicFile::create(path)?);
    let mut index = String::new();
    for contig in &contigs()? {
        writer.bytes(format!(">{}\n", contig.name).as_bytes()).map_err(doing)?;
        let _ = writeln!(
            index,
            "{}\t{}\t{}\t{LINE}\t{}",
            contig.name,
            contig.length,
            writer.uncompressed(),
            LINE + 1
        );
        bases(&mut writer, contig, shipped).map_err(doing)?;
    }
    let (file, blocks) = writer.finish().map_err(doing)?;
    file.commit()?;
    // The indexes come after the file, because an older index counts as stale.
    fs::write_atomic(beside(path, ".fai"), index.as_bytes())?;
    let gzi_path = beside(path, ".gzi");
    let mut gzi_file = gzi::io::Writer::new(fs::AtomicFile::create(&gzi_path)?);
    gzi_file
        .write_index(&blocks)
        .map_err(|e| Fault::io("write", &gzi_path, e))?;
    gzi_file.into_inner().commit()
}

fn bases<W: io::Write>(writer: &mut bgzf::Writer<W>, contig: &Contig, shipped: &Shipped) -> io::Result<()> {
    /// Bases of one block.
    const CHUNK: u32 = (bgzf::BLOCK / (LINE + 1) * LINE) as u32;
    let lines = |bases: &[u8]| -> Vec<u8> { bases.chunks(LINE).flat_map(|l| [l, b"\n"].concat()).collect() };
    let unknown = bgzf::Block::new(&lines(&vec![b'N'; CHUNK as usize]))?;
    for start in (0..contig.length).step_by(CHUNK as usize) {
        let chunk = Interval::new(contig.name.clone(), start, (start + CHUNK).min(contig.length));
        let known: Vec<_> = shipped.stretches.iter().filter(|(i, _)| i.overlaps(&chunk)).collect();
        if known.is_empty() && chunk.len() == CHUNK {
            writer.block(&unknown)?;
            continue;
        }
        let mut text = vec![b'N'; chunk.len() as usize];
        for (interval, bases) in known {
            let (from, to) = (interval.start.max(start), interval.end.min(chunk.end));
            text[(from - start) as usize..(to - start) as usize]
                .copy_from_slice(&bases[(from - interval.start) as usize..(to - interval.start) as usize]);
        }
        writer.block(&bgzf::Block::new(&lines(&text))?)?;
    }
    Ok(())
}

/// GFF3 as RefSeq writes it, on the reference's contig names. Coordinates 1-based, closed.
pub(super) fn transcripts(path: &Path, shipped: &Shipped) -> Result<()> {
    let mut text = String::from(
        "##gff-version 3\n#!genome-build GRCh38\n\
         #!annotation-source Locus Reference Genomic transcripts of 2015, placed on GRCh38 (excerpt)\n",
    );
    for contig in &contigs()? {
        let _ = writeln!(text, "##sequence-region {} 1 {}", contig.name, contig.length);
    }
    for transcripts in shipped.transcripts.chunk_by(|a, b| a.gene == b.gene) {
        gene(&mut text, transcripts);
    }
    write_bgzf(path, text.as_bytes())
}

fn gene(text: &mut String, transcripts: &[Transcript]) {
    let one = &transcripts[0];
    let (gene, strand) = (one.gene, one.strand);
    let references = format!("GeneID:{},HGNC:{}", one.ncbi_gene, one.hgnc);
    let mut line = |kind: &str, (start, end): (u32, u32), phase: &str, attributes: String| {
        let start = start + 1;
        let _ = writeln!(
            text,
            "{}\tLRG\t{kind}\t{start}\t{end}\t.\t{strand}\t{phase}\t{attributes}",
            one.contig
        );
    };
    let span = |t: &Transcript| (t.exons.first().map_or(0, |e| e.0), t.exons.last().map_or(0, |e| e.1));
    let whole = transcripts
        .iter()
        .map(span)
        .fold((u32::MAX, 0), |(a, b), (start, end)| (a.min(start), b.max(end)));
    let attributes =
        format!("ID=gene-{gene};Dbxref={references};Name={gene};gbkey=Gene;gene={gene};gene_biotype=protein_coding");
    line("gene", whole, ".", attributes);
    for transcript in transcripts {
        let (rna, protein) = (transcript.accession, transcript.protein);
        let attributes = format!(
            "ID=rna-{rna};Parent=gene-{gene};Dbxref={references},GenBank:{rna},LRG:{};Name={rna};gbkey=mRNA;gene={gene};\
             transcript_id={rna}",
            transcript.lrg
        );
        line("mRNA", span(transcript), ".", attributes);
        let mut exons = transcript.exons.clone();
        let mut coding = transcript.coding();
        if strand == Strand::Reverse {
            exons.reverse();
            coding.reverse();
        }
        for (number, exon) in exons.into_iter().enumerate() {
            let attributes = format!(
                "ID=exon-{rna}-{};Parent=rna-{rna};Dbxref={references},GenBank:{rna};gbkey=mRNA;gene={gene};\
                 transcript_id={rna}",
                number + 1
            );
            line("exon", exon, ".", attributes);
        }
        let mut before = 0;
        for (start, end) in coding {
            // Phase: bases to skip to the next codon's first base (GFF3 specification, column 8).
            let phase = ((3 - before % 3) % 3).to_string();
            before += end - start;
            let attributes = format!(
                "ID=cds-{protein};Parent=rna-{rna};Dbxref={references},GenBank:{protein};Name={protein};gbkey=CDS;\
                 gene={gene};protein_id={protein}"
            );
            line("CDS", (start, end), &phase, attributes);
        }
    }
}

/// The targets.
pub(super) fn targets(path: &Path, shipped: &Shipped) -> Result<()> {
    let mut text = String::new();
    for interval in target_intervals(shipped)? {
        let _ = writeln!(text, "{}\t{}\t{}", interval.contig, interval.start, interval.end);
    }
    fs::write_atomic(path, text.as_bytes())
}

pub(super) fn target_intervals(shipped: &Shipped) -> Result<Vec<Interval>> {
    let padded = shipped.transcripts.iter().flat_map(|transcript| {
        transcript
            .coding()
            .into_iter()
            .map(|(start, end)| Interval::new(transcript.contig, start - PADDING, end + PADDING))
    });
    Ok(bed::merge(padded.collect(), &contigs()?))
}

/// ClinVar's own header lines for the fields that the excerpt has.
const CLINVAR_FIELDS: [(&str, &str, &str, &str); 11] = [
    ("ALLELEID", "1", "Integer", "the ClinVar Allele ID"),
    (
        "CLNDN",
        ".",
        "String",
        "ClinVar's preferred disease name for the concept specified by disease identifiers in CLNDISDB",
    ),
    (
        "CLNREVSTAT",
        ".",
        "String",
        "ClinVar review status of germline classification for the Variation ID",
    ),
    (
        "CLNSIG",
        ".",
        "String",
        "Aggregate germline classification for this single variant; multiple values are separated by a vertical bar",
    ),
    (
        "CLNSIGCONF",
        ".",
        "String",
        "Conflicting germline classification for this single variant; multiple values are separated by a vertical bar",
    ),
    ("CLNVC", "1", "String", "Variant type"),
    ("CLNVCSO", "1", "String", "Sequence Ontology id for variant type"),
    (
        "GENEINFO",
        "1",
        "String",
        "Gene(s) for the variant reported as gene symbol:gene id. The gene symbol and id are delimited by a colon (:) \
         and each pair is delimited by a vertical bar (|)",
    ),
    (
        "MC",
        ".",
        "String",
        "comma separated list of molecular consequence in the form of Sequence Ontology ID|molecular_consequence",
    ),
    (
        "ORIGIN",
        ".",
        "String",
        "Allele origin. One or more of the following values may be added: 0 - unknown; 1 - germline; 2 - somatic; \
         4 - inherited; 8 - paternal; 16 - maternal; 32 - de-novo; 64 - biparental; 128 - uniparental; \
         256 - not-tested; 512 - tested-inconclusive; 1073741824 - other",
    ),
    ("RS", ".", "String", "dbSNP ID (i.e. rs number)"),
];

/// The ClinVar excerpt, with ClinVar's header and contig names.
pub(super) fn clinvar(path: &Path, shipped: &Shipped) -> Result<()> {
    let mut text = String::from(
        "##fileformat=VCFv4.1\n##fileDate=2026-02-26\n##source=ClinVar\n##reference=GRCh38\n\
         ##excerpt=a few dozen records of the release of 2026-02-26 for a demonstration; most alleles of ClinVar are \
         not here, so absence from this file says nothing\n\
         ##ID=<Description=\"ClinVar Variation ID\">\n",
    );
    for (id, number, kind, words) in CLINVAR_FIELDS {
        let _ = writeln!(
            text,
            "##INFO=<ID={id},Number={number},Type={kind},Description=\"{words}\">"
        );
    }
    text.push_str("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
    for row in &shipped.clinvar {
        let info: Vec<String> = CLINVAR_FIELDS
            .iter()
            .filter_map(|(id, ..)| Some(format!("{id}={}", row.get(id)?)))
            .collect();
        let key = &row.key;
        let contig = key.contig.strip_prefix("chr").unwrap_or(&key.contig);
        let _ = writeln!(
            text,
            "{contig}\t{}\t{}\t{}\t{}\t.\t.\t{}",
            key.position,
            row.get("id").unwrap_or("."),
            key.reference,
            key.alternate,
            info.join(";")
        );
    }
    write_bgzf(path, text.as_bytes())
}

/// gnomAD's names of the fields, and the columns that hold them.
const FREQUENCY_FIELDS: [(&str, &str, &str, &str, &str); 9] = [
    ("AC", "AC", "A", "Integer", "Alternate allele count"),
    ("AN", "AN", "1", "Integer", "Total number of alleles"),
    ("AF", "AF", "A", "Float", "Alternate allele frequency"),
    ("nhomalt", "nhomalt", "A", "Integer", "Count of homozygous individuals"),
    (
        "grpmax",
        "grpmax",
        "A",
        "String",
        "Genetic ancestry group with the maximum allele frequency",
    ),
    (
        "AC_grpmax",
        "AC_grpmax",
        "A",
        "Integer",
        "Allele count in the genetic ancestry group with the maximum allele frequency",
    ),
    (
        "AN_grpmax",
        "AN_grpmax",
        "A",
        "Integer",
        "Total number of alleles in the genetic ancestry group with the maximum allele frequency",
    ),
    (
        "fafmax_faf95_max",
        "faf95_max",
        "A",
        "Float",
        "Maximum filtering allele frequency (using Poisson 95% CI) across genetic ancestry groups",
    ),
    (
        "fafmax_faf95_max_gen_anc",
        "grpmax",
        "A",
        "String",
        "Genetic ancestry group with the maximum filtering allele frequency",
    ),
];

fn contig_lines(text: &mut String) -> Result<()> {
    for contig in &contigs()? {
        let _ = writeln!(
            text,
            "##contig=<ID={},length={},assembly=GRCh38>",
            contig.name, contig.length
        );
    }
    Ok(())
}

/// The invented frequencies, in gnomAD's form.
pub(super) fn frequencies(path: &Path, shipped: &Shipped) -> Result<()> {
    let mut text = String::from(
        "##fileformat=VCFv4.2\n##fileDate=20260226\n##source=SYNTHETIC frequencies of the Clinotype demonstration\n\
         ##synthetic=every number in this file is invented; it describes no population and must not be used for \
         patients\n##reference=GRCh38\n\
         ##FILTER=<ID=PASS,Description=\"Passed all variant filters\">\n\
         ##FILTER=<ID=AC0,Description=\"Allele count is zero after filtering out low-confidence genotypes\">\n",
    );
    for (id, _, number, kind, words) in FREQUENCY_FIELDS {
        let _ = writeln!(
            text,
            "##INFO=<ID={id},Number={number},Type={kind},Description=\"{words} (SYNTHETIC)\">"
        );
    }
    contig_lines(&mut text)?;
    text.push_str("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
    for row in &shipped.frequencies {
        let info: Vec<String> = FREQUENCY_FIELDS
            .iter()
            .filter_map(|(id, column, ..)| Some(format!("{id}={}", row.get(column)?)))
            .collect();
        let key = &row.key;
        let _ = writeln!(
            text,
            "{}\t{}\t.\t{}\t{}\t.\t{}\t{}",
            key.contig,
            key.position,
            key.reference,
            key.alternate,
            row.get("filter").unwrap_or("."),
            info.join(";")
        );
    }
    write_bgzf(path, text.as_bytes())
}

/// Every allele of the person, phased.
pub(super) fn truth(path: &Path, shipped: &Shipped) -> Result<()> {
    let mut text = format!(
        "##fileformat=VCFv4.3\n##source=clinotype-testkit\n##synthetic={NOTICE}\n##reference=GRCh38\n\
         ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n"
    );
    contig_lines(&mut text)?;
    let _ = writeln!(text, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{SAMPLE}");
    for allele in &shipped.patient {
        let key = &allele.key;
        let [first, second] = allele.carried.map(u8::from);
        let _ = writeln!(
            text,
            "{}\t{}\t.\t{}\t{}\t.\tPASS\t.\tGT\t{first}|{second}",
            key.contig, key.position, key.reference, key.alternate
        );
    }
    let mut file = fs::AtomicFile::create(path)?;
    file.write_all(text.as_bytes())
        .map_err(|e| Fault::io("write", path, e))?;
    file.commit()
}
