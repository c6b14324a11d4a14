//! The panel's pieces of chromosome as contigs of their own, with transcripts, ClinVar and expert rows moved onto them.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_genome::fs;

/// Pieces that overlap are one: (chromosome, first base 1-based, last base, bases).
type Piece = (String, u32, u32, String);

pub(crate) struct Panel {
    pieces: Vec<Piece>,
    pub(crate) reference: PathBuf,
    pub(crate) transcripts: PathBuf,
    pub(crate) clinvar: PathBuf,
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    fs::open_text(path).unwrap().lines().map(|line| line.unwrap())
}

fn pieces(path: &Path) -> Vec<Piece> {
    let mut raw: BTreeMap<(String, u32, u32), String> = BTreeMap::new();
    let mut key = (String::new(), 0, 0);
    for line in lines(path) {
        if let Some(name) = line.strip_prefix('>') {
            let (chromosome, span) = name.split_whitespace().next().unwrap().split_once(':').unwrap();
            let (first, last) = span.split_once('-').unwrap();
            key = (chromosome.to_owned(), first.parse().unwrap(), last.parse().unwrap());
        } else {
            raw.entry(key.clone()).or_default().push_str(line.trim());
        }
    }
    let mut merged: Vec<Piece> = Vec::new();
    for ((chromosome, first, last), bases) in raw {
        match merged.last_mut() {
            Some(before) if before.0 == chromosome && first <= before.2 => {
                if last > before.2 {
                    before.3.push_str(&bases[(before.2 + 1 - first) as usize..]);
                    before.2 = last;
                }
            }
            _ => merged.push((chromosome, first, last, bases)),
        }
    }
    merged
}

impl Panel {
    pub(crate) fn write(data: &Path, folder: &Path) -> Self {
        let made = Self {
            pieces: pieces(&data.join("panel-grch38/grch38_slices.fa.gz")),
            reference: folder.join("panel.fa"),
            transcripts: folder.join("panel.gff3"),
            clinvar: folder.join("clinvar.vcf"),
        };
        let mut fasta = String::new();
        for (number, (_, _, _, bases)) in made.pieces.iter().enumerate() {
            let _ = writeln!(fasta, ">s{number}\n{bases}");
        }
        fs::write_atomic(&made.reference, fasta.as_bytes()).unwrap();
        made.move_transcripts(&data.join("panel-grch38/panel.grch38.sorted.gff3.gz"));
        made.move_clinvar(&data.join("clinvar/clinvar_10genes_2026-02-26.GRCh38.vcf.gz"));
        made
    }

    /// The piece that holds a 1-based position, and the position on it.
    pub(crate) fn find(&self, chromosome: &str, position: u32) -> Option<(usize, u32)> {
        self.pieces
            .iter()
            .position(|(name, first, last, _)| name == chromosome && (*first..=*last).contains(&position))
            .map(|piece| (piece, position - self.pieces[piece].1 + 1))
    }

    fn move_transcripts(&self, from: &Path) {
        let mut rows: Vec<(usize, u32, String)> = Vec::new();
        for line in lines(from).filter(|line| !line.starts_with('#')) {
            let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let (first, last): (u32, u32) = (fields[3].parse().unwrap(), fields[4].parse().unwrap());
            let (piece, start) = self.find(&fields[0], first).unwrap();
            fields[0] = format!("s{piece}");
            fields[3] = start.to_string();
            fields[4] = (start + last - first).to_string();
            rows.push((piece, start, fields.join("\t")));
        }
        rows.sort_by_key(|row| (row.0, row.1));
        let text = rows.iter().map(|row| row.2.as_str()).collect::<Vec<_>>().join("\n") + "\n";
        fs::write_atomic(&self.transcripts, format!("##gff-version 3\n{text}").as_bytes()).unwrap();
    }

    fn move_clinvar(&self, from: &Path) {
        let (mut head, mut rows) = (String::new(), Vec::new());
        for line in lines(from) {
            if line.starts_with("##") {
                if !line.starts_with("##contig") && !line.starts_with("##fileformat") {
                    head.push_str(&line);
                    head.push('\n');
                }
            } else if !line.starts_with('#') {
                let fields: Vec<&str> = line.splitn(3, '\t').collect();
                let place = self.find(&format!("chr{}", fields[0]), fields[1].parse().unwrap());
                if let Some((piece, position)) = place {
                    rows.push((piece, position, fields[2].to_owned()));
                }
            }
        }
        rows.sort();
        let mut text = format!("{}{head}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n", self.header());
        for (piece, position, rest) in rows {
            let _ = writeln!(text, "s{piece}\t{position}\t{rest}");
        }
        fs::write_atomic(&self.clinvar, text.as_bytes()).unwrap();
    }

    pub(crate) fn header(&self) -> String {
        let mut text = "##fileformat=VCFv4.2\n".to_owned();
        for (number, (_, first, last, _)) in self.pieces.iter().enumerate() {
            let _ = writeln!(text, "##contig=<ID=s{number},length={}>", last - first + 1);
        }
        text
    }

    /// The expert rows with an allele in the panel as one heterozygous sample; ID is the number of the row.
    pub(crate) fn write_rows(&self, rows: &[HashMap<String, String>], path: &Path) -> usize {
        let mut placed = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let Ok(position) = row["pos38"].parse() else { continue };
            if row["ref38"].is_empty() || row["alt38"].is_empty() || row["retracted"] != "0" {
                continue;
            }
            if let Some((piece, position)) = self.find(&format!("chr{}", row["chrom"]), position) {
                placed.push((piece, position, number));
            }
        }
        placed.sort_unstable();
        let mut text = self.header();
        text.push_str(
            "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n\
             #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS-000001\n",
        );
        for (piece, position, number) in &placed {
            let row = &rows[*number];
            let _ = writeln!(
                text,
                "s{piece}\t{position}\te{number}\t{}\t{}\t100\tPASS\tROW={number}\tGT\t0/1",
                row["ref38"], row["alt38"]
            );
        }
        fs::write_atomic(path, text.as_bytes()).unwrap();
        placed.len()
    }
}

/// Rows of a table with a header.
pub(crate) fn rows(path: &Path) -> Vec<HashMap<String, String>> {
    let mut lines = lines(path);
    let header: Vec<String> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    lines
        .map(|line| {
            header
                .iter()
                .cloned()
                .zip(line.split('\t').map(str::to_owned))
                .collect()
        })
        .collect()
}
