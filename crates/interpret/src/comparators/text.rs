//! The table as text: a head of `##name=value` lines, a header, one row per record, separated by tabs.

use std::{collections::BTreeMap, fmt::Write as _, str::FromStr};

use clinotype_genome::{Fault, Result};

use super::{Common, Comparators, GeneRecords, Kind, Record, Significance, Site};

/// First line of the file; the number is raised when a reader would misread an older table.
const FORMAT: &str = "##clinotype_comparators=1";
/// Class of a row that is no record of ClinVar but an allele of the population that takes the gene's function; its
/// kind is its frequency, its residues are its name.
const COMMON: &str = "common_lof";
const COLUMNS: &str = "gene\ttranscript\tcontig\tposition\tref\talt\tvariation_id\tclass\tstars\tkind\tcodon\tresidues\texon\tsite\toffset";

const KINDS: [(Kind, &str); 8] = [
    (Kind::Missense, "missense"),
    (Kind::Synonymous, "synonymous"),
    (Kind::Truncating, "truncating"),
    (Kind::Splice, "splice"),
    (Kind::StartLost, "start_lost"),
    (Kind::StopLost, "stop_lost"),
    (Kind::InFrame, "in_frame"),
    (Kind::Other, "other"),
];

impl Comparators {
    /// Whether a text is such a table, by its first line.
    pub fn is_table(first_line: &str) -> bool {
        first_line.starts_with("##clinotype_comparators=")
    }

    /// Writes the table; the same records give the same bytes.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(200 + self.len() * 90);
        let _ = writeln!(out, "{FORMAT}");
        if let Some(release) = &self.release {
            let _ = writeln!(out, "##release={release}");
        }
        if let Some(population) = &self.population {
            let contigs: Vec<&str> = self.population_contigs.iter().map(String::as_str).collect();
            let _ = writeln!(
                out,
                "##population={population}\n##population_contigs={}",
                contigs.join(",")
            );
        }
        let _ = writeln!(
            out,
            "##file={}\n##sha256={}\n##transcripts_sha256={}\n{COLUMNS}",
            self.file, self.sha256, self.transcripts_sha256
        );
        for (symbol, gene) in &self.genes {
            for record in &gene.records {
                row(&mut out, symbol, gene, record);
            }
            for allele in &gene.common {
                common_row(&mut out, symbol, gene, allele);
            }
        }
        out
    }

    /// Reads what [`Comparators::to_text`] wrote.
    ///
    /// # Errors
    /// An input fault with the line: another kind of file or another version of the format, a row of another number of
    /// columns, a value that cannot be.
    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines().enumerate().map(|(i, line)| (i as u64 + 1, line));
        match lines.next() {
            Some((_, FORMAT)) => {}
            Some((_, first)) if Self::is_table(first) => {
                return Err(Fault::input("is a table of comparators of another version")
                    .line(1)
                    .hint("make it anew from ClinVar's VCF: clinotype comparators"));
            }
            _ => {
                return Err(Fault::input("is not a table of comparators")
                    .line(1)
                    .hint("make one from ClinVar's VCF: clinotype comparators"));
            }
        }
        let mut made = Self::default();
        let mut head: BTreeMap<&str, &str> = BTreeMap::new();
        let mut has_header = false;
        for (number, line) in lines {
            if let Some(entry) = line.strip_prefix("##") {
                head.extend(entry.split_once('='));
            } else if !has_header {
                if line != COLUMNS {
                    return Err(Fault::input("has other columns than a table of comparators").line(number));
                }
                has_header = true;
            } else {
                made.take(line).map_err(|what| Fault::input(what).line(number))?;
            }
        }
        if !has_header {
            return Err(Fault::input("ends before its header: it is not whole"));
        }
        let stated = |key: &str| head.get(key).map(|v| (*v).to_owned());
        made.release = stated("release");
        made.file = stated("file").unwrap_or_default();
        made.sha256 = stated("sha256").unwrap_or_default();
        made.transcripts_sha256 = stated("transcripts_sha256").unwrap_or_default();
        made.population = stated("population");
        let contigs = stated("population_contigs").unwrap_or_default();
        made.population_contigs = contigs
            .split(',')
            .filter(|c| !c.is_empty())
            .map(str::to_owned)
            .collect();
        made.sort();
        Ok(made)
    }

    fn take(&mut self, line: &str) -> std::result::Result<(), String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [
            gene,
            transcript,
            contig,
            position,
            reference,
            alternate,
            id,
            class,
            stars,
            kind,
            codon,
            residues,
            exon,
            site,
            offset,
        ] = fields[..]
        else {
            return Err(format!("has {} columns where 15 are needed", fields.len()));
        };
        let records = self.genes.entry(gene.to_owned()).or_insert_with(|| GeneRecords {
            contig: contig.to_owned(),
            transcript: transcript.to_owned(),
            ..GeneRecords::default()
        });
        if records.transcript != transcript || records.contig != contig {
            return Err(format!("{gene} stands on more than one transcript"));
        }
        if class == COMMON {
            records.common.push(Common {
                exon: number("exon", exon)?,
                position: number("position", position)?,
                reference: reference.into(),
                alternate: alternate.into(),
                frequency: number("frequency", kind)?,
                name: residues.to_owned(),
            });
            return Ok(());
        }
        records.records.push(Record {
            position: number("position", position)?,
            reference: reference.into(),
            alternate: alternate.into(),
            variation_id: number("variation_id", id)?,
            significance: significance(class)?,
            stars: number("stars", stars)?,
            kind: KINDS
                .iter()
                .find(|(_, word)| *word == kind)
                .map(|(kind, _)| *kind)
                .ok_or_else(|| format!("kind {kind:?} is not known"))?,
            codon: optional("codon", codon)?,
            residues: pair(residues)?,
            exon: optional("exon", exon)?,
            site: parse_site(site)?,
            offset: optional("offset", offset)?,
        });
        Ok(())
    }
}

fn row(out: &mut String, symbol: &str, gene: &GeneRecords, r: &Record) {
    let kind = KINDS
        .iter()
        .find(|(kind, _)| *kind == r.kind)
        .map_or("other", |(_, w)| w);
    let _ = write!(
        out,
        "{symbol}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{kind}",
        gene.transcript,
        gene.contig,
        r.position,
        r.reference,
        r.alternate,
        r.variation_id,
        r.significance.short(),
        r.stars
    );
    let mut put = |value: Option<String>| {
        out.push('\t');
        out.push_str(value.as_deref().unwrap_or("."));
    };
    put(r.codon.map(|n| n.to_string()));
    put(r.residues.map(|(from, to)| format!("{from}/{to}")));
    put(r.exon.map(|n| n.to_string()));
    put(r
        .site
        .map(|s| format!("{}{}", s.intron, if s.donor { 'd' } else { 'a' })));
    put(r.offset.map(|n| n.to_string()));
    out.push('\n');
}

fn common_row(out: &mut String, symbol: &str, gene: &GeneRecords, c: &Common) {
    let _ = writeln!(
        out,
        "{symbol}\t{}\t{}\t{}\t{}\t{}\t.\t{COMMON}\t.\t{}\t.\t{}\t{}\t.\t.",
        gene.transcript, gene.contig, c.position, c.reference, c.alternate, c.frequency, c.name, c.exon
    );
}

fn number<T: FromStr>(name: &str, text: &str) -> std::result::Result<T, String> {
    text.parse().map_err(|_| format!("{name} {text:?} is not a number"))
}

fn optional<T: FromStr>(name: &str, text: &str) -> std::result::Result<Option<T>, String> {
    (text != ".").then(|| number(name, text)).transpose()
}

fn significance(text: &str) -> std::result::Result<Significance, String> {
    [
        Significance::Benign,
        Significance::LikelyBenign,
        Significance::Uncertain,
        Significance::LikelyPathogenic,
        Significance::Pathogenic,
    ]
    .into_iter()
    .find(|s| s.short() == text)
    .ok_or_else(|| format!("class {text:?} is not known"))
}

fn pair(text: &str) -> std::result::Result<Option<(char, char)>, String> {
    if text == "." {
        return Ok(None);
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next(), letters.next(), letters.next()) {
        (Some(from), Some('/'), Some(to), None) => Ok(Some((from, to))),
        _ => Err(format!("residues {text:?} are not X/Y")),
    }
}

fn parse_site(text: &str) -> std::result::Result<Option<Site>, String> {
    if text == "." {
        return Ok(None);
    }
    let wrong = || format!("site {text:?} is not a number with d or a");
    let (intron, side) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let donor = match side {
        "d" => true,
        "a" => false,
        _ => return Err(wrong()),
    };
    Ok(Some(Site {
        intron: intron.parse().map_err(|_| wrong())?,
        donor,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> String {
        format!(
            "{FORMAT}\n##release=2026-02-26\n##file=c.vcf.gz\n##sha256=ab\n##transcripts_sha256=cd\n{COLUMNS}\n{rows}"
        )
    }

    #[test]
    fn a_table_survives_writing_and_reading() {
        let text = table(
            "TP53\tNM_000546.6\tchr17\t7674220\tC\tT\t12356\tP\t3\tmissense\t248\tR/Q\t7\t.\t.\n\
             TP53\tNM_000546.6\tchr17\t7674180\tC\tT\t9\tLB\t1\tother\t.\t.\t.\t7d\t5\n",
        );
        let made = Comparators::parse(&text).unwrap();
        assert_eq!(made.to_text(), text);
        assert_eq!((made.len(), made.release.as_deref()), (2, Some("2026-02-26")));
        assert_eq!(made.genes["TP53"].records[0].cited(), "VCV000012356 R248Q P (3 stars)");
    }

    /// A table with frequencies says so, and one without does not read as "none is common".
    #[test]
    fn common_alleles_stand_behind_the_records() {
        let plain = table("G\tT.1\t1\t5\tA\tC\t7\tP\t2\tmissense\t3\tR/Q\t1\t.\t.\n");
        assert_eq!(Comparators::parse(&plain).unwrap().population, None);
        let text = plain.replace(
            "##file",
            "##population=frequencies, release 4.1 (g.vcf.gz)\n##population_contigs=17,X\n##file",
        ) + "G\tT.1\t1\t9\tA\tAT\t.\tcommon_lof\t.\t0.0042\t.\tc.9dup\t2\t.\t.\n";
        let made = Comparators::parse(&text).unwrap();
        assert_eq!(made.to_text(), text);
        let allele = &made.genes["G"].common[0];
        assert_eq!(
            (allele.exon, allele.frequency, allele.name.as_str()),
            (2, 0.0042, "c.9dup")
        );
        assert!(made.population.unwrap().contains("4.1"));
    }

    #[test]
    fn broken_tables_say_where() {
        let good = "G\tT.1\t1\t5\tA\tC\t7\tP\t2\tmissense\t3\tR/Q\t1\t.\t.\n";
        for (text, words, line) in [
            (String::new(), "not a table of comparators", Some(1)),
            ("##clinotype_comparators=9\n".to_owned(), "another version", Some(1)),
            (FORMAT.to_owned(), "ends before its header", None),
            (table(&good.replace("\tP\t", "\tX\t")), "class \"X\"", Some(7)),
            (table(&good.replace("R/Q", "RQ")), "residues", Some(7)),
            (table(&good.replace("\t5\t", "\tfive\t")), "position", Some(7)),
            (table("G\tT.1\n"), "has 2 columns", Some(7)),
            (
                table(&(good.to_owned() + &good.replace("T.1", "T.2"))),
                "more than one transcript",
                Some(8),
            ),
        ] {
            let fault = Comparators::parse(&text).unwrap_err();
            assert!(fault.what().contains(words), "{text}: {fault}");
            assert_eq!(fault.place().line, line, "{text}");
        }
    }
}
