//! The targets that fragments are counted over: exons as the design's BED states them, long ones cut into windows.

use std::{io::BufRead as _, path::Path};

use clinotype_genome::{Fault, Interval, Reference, Result, bed, fs};

/// Targets longer than this are cut, so that a deletion within a long exon is seen (as CLAMMS does: Packer 2016,
/// Bioinformatics 32:133).
const LONGEST: u32 = 1000;
/// Bases on either side of a target that its G and C are measured over too: the fragments over a target, whose G and C
/// decide how well they are amplified, reach about so far beyond it.
const AROUND: u32 = 100;

/// One target.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Where, 0-based, half-open; contig as the reference names it.
    pub interval: Interval,
    /// Names that the fourth column of the BED gives, each once, with commas between; `None` without.
    pub name: Option<String>,
    /// Share of G and C among the A, C, G and T of the target and 100 bases on either side; `None` where there are none.
    pub gc: Option<f64>,
}

/// Reads the targets of a BED, sorted in the order of the reference. Overlapping and touching ones become one, and
/// those above 1,000 bases are cut into equal windows of 500 to 1,000.
pub fn read(path: &Path, reference: &Reference) -> Result<Vec<Target>> {
    let merged = bed::read(path, reference.contigs())?;
    let mut names = names(path, reference)?;
    names.sort();
    let mut targets = Vec::with_capacity(merged.len());
    for whole in merged {
        let pieces = whole.len().div_ceil(LONGEST).max(1);
        let bound = |piece: u32| whole.start + (u64::from(whole.len()) * u64::from(piece) / u64::from(pieces)) as u32;
        for piece in 0..pieces {
            let interval = Interval::new(whole.contig.clone(), bound(piece), bound(piece + 1));
            targets.push(Target {
                gc: gc(reference, &interval)?,
                name: name_of(&names, &interval),
                interval,
            });
        }
    }
    Ok(targets)
}

/// The fourth column with its interval. The lines have been checked before; one without that column has no name.
fn names(path: &Path, reference: &Reference) -> Result<Vec<(Interval, String)>> {
    let mut names = Vec::new();
    for line in fs::open_text(path)?.lines() {
        let line = line.map_err(|e| Fault::io("read", path, e))?;
        if line.starts_with('#') || line.starts_with("track") || line.starts_with("browser") {
            continue;
        }
        let fields: Vec<&str> = if line.contains('\t') {
            line.trim_end().split('\t').collect()
        } else {
            line.split_whitespace().collect()
        };
        let [contig, start, end, name, ..] = fields[..] else {
            continue;
        };
        let (Some(contig), Ok(start), Ok(end)) = (reference.contigs().resolve(contig), start.parse(), end.parse())
        else {
            continue;
        };
        if !matches!(name, "" | ".") {
            names.push((Interval::new(contig.name.clone(), start, end), clean(name)));
        }
    }
    Ok(names)
}

/// A name that stands in INFO of a VCF, where some letters have a meaning, and in a column of text.
fn clean(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            ' ' | ';' | '=' | ',' | ':' | '%' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect()
}

fn name_of(names: &[(Interval, String)], target: &Interval) -> Option<String> {
    // Sorted by contig and start; the few before that reach into the target lie close.
    let end = names.partition_point(|(i, _)| (&i.contig, i.start) < (&target.contig, target.end));
    let begin = names.partition_point(|(i, _)| i.contig < target.contig);
    let mut found: Vec<&str> = Vec::new();
    for (_, name) in names[begin..end].iter().filter(|(i, _)| i.overlaps(target)) {
        if !found.contains(&name.as_str()) {
            found.push(name);
        }
    }
    (!found.is_empty()).then(|| found.join(","))
}

fn gc(reference: &Reference, target: &Interval) -> Result<Option<f64>> {
    let start = target.start.saturating_sub(AROUND);
    let length = reference.contigs().get(&target.contig).map_or(0, |c| c.length);
    let end = target.end.saturating_add(AROUND).min(length);
    let bases = reference.fetch(&target.contig, start, end)?;
    let count = |set: &[u8]| bases.iter().filter(|b| set.contains(b)).count();
    let known = count(b"ACGT");
    // Rounded as the file of counts has it, so that a figure read back is the figure measured.
    Ok((known > 0).then(|| (count(b"GC") as f64 / known as f64 * 1e4).round() / 1e4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_targets_are_cut_and_names_kept() {
        let folder = tempfile::tempdir().unwrap();
        let fasta = folder.path().join("g.fa");
        let text = format!(">chr1\n{}\n>chr2\n{}\n", "AC".repeat(2000), "N".repeat(500));
        fs::write_atomic(&fasta, text.as_bytes()).unwrap();
        let reference = Reference::open(&fasta).unwrap();
        let bed = folder.path().join("t.bed");
        fs::write_atomic(
            &bed,
            b"chr2\t100\t200\t.\nchr1\t1000\t3100\tG1\n1\t3100\t3200\tG 2\nchr1\t10\t20\tG0\n",
        )
        .unwrap();
        let got = read(&bed, &reference).unwrap();
        let seen: Vec<_> = got
            .iter()
            .map(|t| (t.interval.to_string(), t.name.as_deref(), t.gc))
            .collect();
        assert_eq!(
            seen,
            [
                ("chr1:11-20".into(), Some("G0"), Some(0.5)),
                ("chr1:1001-1733".into(), Some("G1"), Some(0.4995)),
                ("chr1:1734-2466".into(), Some("G1"), Some(0.5005)),
                ("chr1:2467-3200".into(), Some("G1,G_2"), Some(0.5)),
                ("chr2:101-200".into(), None, None),
            ]
        );
    }
}
