//! What a file is, told by its content, never by its name; names only pair FASTQ files and propose an accession.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, Read},
    path::{Path, PathBuf},
};

use clinotype_case::{Order, SampleId};
use clinotype_genome::{Fault, FaultKind, Result, fs};

use crate::{
    forms::form_of,
    types::{InputFile, InputKind, InspectOutput, Problem},
};

/// Files of one folder that are looked at; a folder with more was dropped by mistake.
const MOST_FILES: usize = 2000;
/// An order is a small text.
const LONGEST_ORDER: u64 = 1 << 20;
/// Longest text header of a BAM.
const LONGEST_HEADER: u32 = 256 << 20;

/// Kind of a file, or why it has none.
enum Told {
    Kind(InputKind),
    /// An index or note that travels with a file; not of use by itself, and no problem.
    Beside,
    Refused(&'static str),
}

/// The first four bytes of a file, or fewer.
fn magic(path: &Path) -> Result<Vec<u8>> {
    let mut raw = [0; 4];
    let read = read_full(&mut fs::open(path)?, &mut raw, path)?;
    Ok(raw[..read].to_vec())
}

fn is_cram(path: &Path) -> Result<bool> {
    Ok(magic(path)? == b"CRAM")
}

fn tell(path: &Path) -> Result<Told> {
    let raw = magic(path)?;
    if raw == b"CRAM" {
        return Ok(Told::Kind(InputKind::Bam));
    }
    // The index of a CRAM is gzip text without a mark of its own.
    if path.extension().is_some_and(|e| e == "crai") {
        return Ok(Told::Beside);
    }
    if matches!(&raw[..], b"BAI\x01" | b"CSI\x01") {
        return Ok(Told::Beside);
    }
    let mut start = vec![0; 4096];
    let mut text = fs::open_text(path)?;
    let read = match read_full(&mut text, &mut start, path) {
        Ok(read) => read,
        Err(fault) if fault.kind() == FaultKind::Input => {
            return Ok(Told::Refused("its compression is damaged: copy the file again"));
        }
        Err(fault) => return Err(fault),
    };
    start.truncate(read);
    Ok(match &start[..] {
        [] => Told::Refused("is empty"),
        [b'B', b'A', b'M', 1, ..] => Told::Kind(InputKind::Bam),
        [b'T', b'B', b'I', 1, ..] | [b'C', b'S', b'I', 1, ..] => Told::Beside,
        s if s.starts_with(b"##fileformat=VCF") => Told::Kind(InputKind::Vcf),
        [b'@', ..] if is_fastq(&start) => Told::Kind(InputKind::Fastq),
        [b'@', b'H' | b'S' | b'R' | b'P' | b'C', ..] => Told::Refused("is SAM text: convert it to BAM first"),
        s if s.trim_ascii_start().starts_with(b"{") => Told::Kind(InputKind::Order),
        [b'>', ..] => Told::Refused("is FASTA, which has no base qualities: give FASTQ, BAM or VCF"),
        _ => Told::Refused("is neither FASTQ, BAM, VCF nor an order"),
    })
}

/// Reads as much as there is.
fn read_full(source: &mut dyn Read, buffer: &mut [u8], path: &Path) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(Fault::io("read", path, e)),
        }
    }
    Ok(filled)
}

/// Whether four lines look like a read: `@name`, bases, `+`, as many qualities. A long read may reach beyond the start.
fn is_fastq(start: &[u8]) -> bool {
    let mut lines = start.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let (Some(_), Some(bases)) = (lines.next(), lines.next()) else {
        return false;
    };
    let are_bases = !bases.is_empty()
        && bases
            .iter()
            .all(|b| b.is_ascii_alphabetic() || *b == b'.' || *b == b'-');
    match (lines.next(), lines.next()) {
        (Some(plus), Some(qualities)) => {
            let cut = lines.next().is_none();
            are_bases && plus.starts_with(b"+") && (cut || qualities.len() == bases.len())
        }
        (Some(plus), None) => are_bases && (plus.is_empty() || plus.starts_with(b"+")),
        (None, _) => are_bases,
    }
}

/// Kind of a file. What cannot be used is `unknown`.
pub(crate) fn kind(path: &Path) -> Result<InputKind> {
    Ok(match tell(path)? {
        Told::Kind(kind) => kind,
        Told::Beside | Told::Refused(_) => InputKind::Unknown,
    })
}

/// Sample names that a BAM or CRAM (`@RG SM`, each once) or a VCF (its columns) states; none for other kinds.
pub(crate) fn samples(path: &Path, kind: InputKind) -> Result<Vec<String>> {
    let mut names = Vec::new();
    match kind {
        InputKind::Bam if is_cram(path)? => names = clinotype_jobs::steps::alignment_samples(path)?,
        InputKind::Bam => {
            for line in bam_header(path)?.lines().filter(|line| line.starts_with("@RG\t")) {
                if let Some(name) = line.split('\t').find_map(|field| field.strip_prefix("SM:"))
                    && !names.iter().any(|n| n == name)
                {
                    names.push(name.to_owned());
                }
            }
        }
        InputKind::Vcf => {
            for line in fs::open_text(path)?.lines() {
                let line = line.map_err(|e| Fault::io("read", path, e))?;
                if line.starts_with("#CHROM") {
                    names = line.split('\t').skip(9).map(|n| n.trim_end().to_owned()).collect();
                }
                if !line.starts_with("##") {
                    break;
                }
            }
        }
        InputKind::Fastq | InputKind::Order | InputKind::Unknown => {}
    }
    Ok(names)
}

/// The text header of a BAM (SAM specification, section 4.2).
fn bam_header(path: &Path) -> Result<String> {
    let cut = || {
        Fault::input("is cut short in its header")
            .at(path)
            .hint("copy the file again")
    };
    let mut reader = fs::open_text(path)?;
    let mut fixed = [0; 8];
    reader.read_exact(&mut fixed).map_err(|_| cut())?;
    let length = u32::from_le_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]);
    if length > LONGEST_HEADER {
        return Err(Fault::input("its header states an impossible length").at(path));
    }
    let mut text = Vec::new();
    reader
        .take(u64::from(length))
        .read_to_end(&mut text)
        .map_err(|e| Fault::io("read", path, e))?;
    if text.len() != length as usize {
        return Err(cut());
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Everything that a person dropped, sorted out. Folders stand for the files directly in them.
pub(crate) fn paths(given: &[String]) -> InspectOutput {
    let mut sorted = Sorted::default();
    let mut seen = BTreeSet::new();
    for text in given {
        let path = Path::new(text);
        if !path.is_absolute() {
            sorted.problem(path, "the whole path is needed, beginning with /");
        } else if path.is_dir() {
            match files_of(path) {
                Ok(files) => {
                    for file in files.into_iter().filter(|f| seen.insert(f.clone())) {
                        // What else lies in a folder was not chosen, and is no problem.
                        if kind(&file).is_ok_and(|kind| kind != InputKind::Unknown) {
                            sorted.take(&file);
                        }
                    }
                }
                Err(fault) => sorted.fault(path, &fault),
            }
        } else if seen.insert(path.to_owned()) {
            sorted.take(path);
        }
    }
    sorted.finish()
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Fault::io("read the folder", folder, e))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect();
    if files.len() > MOST_FILES {
        return Err(Fault::input(format!("holds more than {MOST_FILES} files")).at(folder));
    }
    files.sort();
    Ok(files)
}

#[derive(Default)]
struct Sorted {
    out: InspectOutputParts,
    fastq: Vec<PathBuf>,
}

#[derive(Default)]
struct InspectOutputParts {
    files: Vec<InputFile>,
    samples: Vec<String>,
    order: Option<crate::types::OrderForm>,
    problems: Vec<Problem>,
}

impl Sorted {
    fn problem(&mut self, path: &Path, words: &str) {
        self.out.problems.push(Problem {
            place: path.display().to_string(),
            words: words.to_owned(),
        });
    }

    fn fault(&mut self, path: &Path, fault: &Fault) {
        let words = match fault.advice() {
            Some(hint) => format!("{}: {hint}", fault.what()),
            None => fault.what().to_owned(),
        };
        self.problem(path, &words);
    }

    fn file(&mut self, path: &Path, kind: InputKind) {
        self.out.files.push(InputFile {
            path: path.display().to_string(),
            kind,
            mate: None,
            pair: None,
            bytes: fs::size(path).ok(),
        });
    }

    fn take(&mut self, path: &Path) {
        match tell(path) {
            Err(fault) => self.fault(path, &fault),
            Ok(Told::Beside) => {}
            Ok(Told::Refused(words)) => {
                self.file(path, InputKind::Unknown);
                self.problem(path, words);
            }
            Ok(Told::Kind(InputKind::Fastq)) => self.fastq.push(path.to_owned()),
            Ok(Told::Kind(InputKind::Order)) => self.order(path),
            Ok(Told::Kind(kind)) => {
                self.file(path, kind);
                match samples(path, kind) {
                    Ok(names) => {
                        for name in names {
                            if !self.out.samples.contains(&name) {
                                self.out.samples.push(name);
                            }
                        }
                    }
                    Err(fault) => self.fault(path, &fault),
                }
            }
        }
    }

    fn order(&mut self, path: &Path) {
        let order = fs::size(path).and_then(|size| {
            if size > LONGEST_ORDER {
                return Err(Fault::input("is too long for an order").at(path));
            }
            // `Order` names fields in its words, never values.
            Order::from_json(&fs::read_to_string(path)?)
                .map_err(|e| Fault::input(format!("is no order that can be used: {e}")).at(path))
        });
        match order {
            Err(fault) => {
                self.file(path, InputKind::Unknown);
                self.fault(path, &fault);
            }
            Ok(_) if self.out.order.is_some() => self.problem(path, "there is another order among the files"),
            Ok(order) => {
                self.file(path, InputKind::Order);
                self.out.order = Some(form_of(&order));
            }
        }
    }

    fn finish(mut self) -> InspectOutput {
        let stems = self.pair();
        let mut usable = self.out.files.iter().map(|f| f.kind).filter(|k| is_input(*k));
        let first = usable.next();
        if usable.any(|kind| Some(kind) != first) {
            self.out.problems.push(Problem {
                place: "files".to_owned(),
                words: "the files are of more than one kind: a case starts from FASTQ pairs, or one BAM, or one VCF"
                    .to_owned(),
            });
        }
        let accession = accession(&self.out.samples, &stems, &self.out.files);
        let InspectOutputParts {
            files,
            samples,
            order,
            problems,
        } = self.out;
        InspectOutput {
            files,
            samples,
            accession,
            order,
            problems,
        }
    }

    /// Puts FASTQ files into pairs by their names; gives back the names without lane, mate and ending.
    fn pair(&mut self) -> BTreeSet<String> {
        let mut pairs: BTreeMap<(PathBuf, String), [Option<PathBuf>; 2]> = BTreeMap::new();
        let mut alone = Vec::new();
        for path in std::mem::take(&mut self.fastq) {
            let name = path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            match mate_of(&name) {
                Some((mate, key)) => pairs.entry((folder, key)).or_default()[mate - 1] = Some(path),
                None => alone.push((
                    path,
                    "its name does not say whether it is R1 or R2: name it like x_R1.fastq.gz",
                )),
            }
        }
        let mut stems = BTreeSet::new();
        let mut number = 0;
        for ((_, key), mates) in pairs {
            match mates {
                [Some(r1), Some(r2)] => {
                    number += 1;
                    stems.insert(stem(&key));
                    for (mate, path) in [(1, r1), (2, r2)] {
                        self.out.files.push(InputFile {
                            bytes: fs::size(&path).ok(),
                            path: path.display().to_string(),
                            kind: InputKind::Fastq,
                            mate: Some(mate),
                            pair: Some(number),
                        });
                    }
                }
                [Some(r1), None] => alone.push((r1, "its R2 is missing: give both files of the pair")),
                [None, Some(r2)] => alone.push((r2, "its R1 is missing: give both files of the pair")),
                [None, None] => {}
            }
        }
        for (path, words) in alone {
            self.file(&path, InputKind::Fastq);
            self.problem(&path, words);
        }
        stems
    }
}

fn is_input(kind: InputKind) -> bool {
    matches!(kind, InputKind::Fastq | InputKind::Bam | InputKind::Vcf)
}

/// Which mate a FASTQ file's name says it is, and the name with the mate taken out: `S1_L001_R1_001.fastq.gz`,
/// `S1.R2.fq`, `S1_1.fastq.gz`. The last such mark counts, because sample names may hold others.
fn mate_of(name: &str) -> Option<(usize, String)> {
    let bytes = name.as_bytes();
    let ends = |at: usize| matches!(bytes.get(at), Some(b'_' | b'.' | b'-'));
    // An R and the digit, or the digit alone, up to a separator.
    let mark = |from: usize| -> Option<(usize, usize)> {
        let (digit, length) = match bytes.get(from)? {
            b'R' | b'r' => (*bytes.get(from + 1)?, 2),
            digit => (*digit, 1),
        };
        let mate = usize::from(digit.checked_sub(b'0')?);
        (matches!(mate, 1 | 2) && ends(from + length)).then_some((mate, length))
    };
    let found = |with_r: bool| {
        (0..bytes.len())
            .rev()
            .filter(|at| (*at == 0 && with_r) || (*at > 0 && ends(at - 1)))
            .find_map(|at| {
                mark(at)
                    .filter(|(_, length)| (*length == 2) == with_r)
                    .map(|(m, l)| (at, m, l))
            })
    };
    let (at, mate, length) = found(true).or_else(|| found(false))?;
    let key = format!("{}{}", name.get(..at.saturating_sub(1))?, name.get(at + length..)?);
    Some((mate, key))
}

/// `S1_S3_L001_001.fastq.gz` -> `S1`.
fn stem(key: &str) -> String {
    let mut stem = key;
    for ending in [".gz", ".fastq", ".fq"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    let numbered = |part: &str, letter: &str, least: usize| {
        part.strip_prefix(letter)
            .is_some_and(|n| n.len() >= least && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut parts: Vec<&str> = stem.split('_').collect();
    if parts.len() > 1 && parts.last().is_some_and(|p| *p == "001") {
        parts.pop();
    }
    if parts.len() > 1 && parts.last().is_some_and(|p| numbered(p, "L", 3)) {
        parts.pop();
    }
    if parts.len() > 1 && parts.last().is_some_and(|p| numbered(p, "S", 1)) {
        parts.pop();
    }
    parts.join("_")
}

/// The accession to propose: the one sample that the files name, else the one stem of their names.
fn accession(samples: &[String], stems: &BTreeSet<String>, files: &[InputFile]) -> Option<String> {
    let valid = |text: &str| text.parse::<SampleId>().ok().map(|id| id.to_string());
    let mut stems: BTreeSet<String> = stems.clone();
    if let [one] = samples
        && stems.is_empty()
    {
        return valid(one);
    }
    for file in files
        .iter()
        .filter(|f| matches!(f.kind, InputKind::Bam | InputKind::Vcf))
    {
        let name = Path::new(&file.path)
            .file_name()
            .map(|n| n.to_string_lossy().into_owned());
        stems.extend(name.and_then(|n| n.split('.').next().map(str::to_owned)));
    }
    match stems.len() {
        1 => stems.first().and_then(|stem| valid(stem)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let paths = files
            .iter()
            .map(|(name, bytes)| {
                let path = folder.path().join(name);
                fs::write_atomic(&path, bytes).unwrap();
                path.display().to_string()
            })
            .collect();
        (folder, paths)
    }

    const READ: &[u8] = b"@r1\nACGT\n+\nIIII\n@r2\nAC\n+\nII\n";

    #[test]
    fn mates_by_their_names() {
        for (name, mate, key) in [
            ("S1_S3_L001_R1_001.fastq.gz", 1, "S1_S3_L001_001.fastq.gz"),
            ("S1_S3_L001_R2_001.fastq.gz", 2, "S1_S3_L001_001.fastq.gz"),
            ("x_2.fq", 2, "x.fq"),
            ("A_1_B_R2.fastq", 2, "A_1_B.fastq"),
            ("a.R1.fastq.gz", 1, "a.fastq.gz"),
            ("R2.fastq", 2, ".fastq"),
        ] {
            assert_eq!(mate_of(name), Some((mate, key.to_owned())), "{name}");
        }
        for name in ["reads.fastq.gz", "1.fastq", "x_3.fq", "S12.fastq"] {
            assert_eq!(mate_of(name), None, "{name}");
        }
        for (key, expected) in [
            ("S1_S3_L001_001.fastq.gz", "S1"),
            ("DEMO-01.fastq.gz", "DEMO-01"),
            ("A_B.fq", "A_B"),
            ("S1.fq.gz", "S1"),
        ] {
            assert_eq!(stem(key), expected, "{key}");
        }
    }

    #[test]
    fn lanes_come_in_pairs_and_propose_one_accession() {
        let (_folder, paths_) = folder_with(&[
            ("S-9_S1_L002_R2_001.fastq", READ),
            ("S-9_S1_L001_R1_001.fastq", READ),
            ("S-9_S1_L002_R1_001.fastq", READ),
            ("S-9_S1_L001_R2_001.fastq", READ),
        ]);
        let found = paths(&paths_);
        let order: Vec<_> = found.files.iter().map(|f| (f.pair, f.mate)).collect();
        assert_eq!(
            order,
            [
                (Some(1), Some(1)),
                (Some(1), Some(2)),
                (Some(2), Some(1)),
                (Some(2), Some(2))
            ]
        );
        assert!(found.files[0].path.contains("L001_R1"));
        assert_eq!(found.accession.as_deref(), Some("S-9"));
        assert!(found.problems.is_empty(), "{:?}", found.problems);
    }

    #[test]
    fn kinds_by_content_whatever_the_name() {
        let vcf = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA1\tNA2\n";
        let (folder, given) = folder_with(&[
            ("reads.txt", READ),
            ("lies.bam", vcf),
            ("photo.jpg", b"\xff\xd8\xff"),
            ("x.cram", b"CRAM\x03\x00"),
            ("s.sam", b"@HD\tVN:1.6\nr\t0\tchr1\n"),
            ("genome.fa", b">chr1\nACGT\n"),
            ("nothing.fq", b""),
            ("order.json", b"{\"patient\": {\"Jane Doe\": 1}}"),
            ("x.bam.bai", b"BAI\x01\0\0\0\0"),
        ]);
        let kinds: Vec<_> = given.iter().map(|p| kind(Path::new(p)).unwrap()).collect();
        use InputKind::{Bam, Fastq, Order, Unknown, Vcf};
        assert_eq!(
            kinds,
            [Fastq, Vcf, Unknown, Bam, Unknown, Unknown, Unknown, Order, Unknown]
        );
        let found = paths(&given);
        assert_eq!(found.samples, ["NA1", "NA2"]);
        assert!(found.order.is_none());
        let places: Vec<&str> = found
            .problems
            .iter()
            .map(|p| p.place.rsplit('/').next().unwrap())
            .collect();
        for name in [
            "photo.jpg",
            "x.cram",
            "s.sam",
            "genome.fa",
            "nothing.fq",
            "order.json",
            "reads.txt",
            "files",
        ] {
            assert!(places.contains(&name), "{name}: {places:?}");
        }
        assert!(!places.contains(&"x.bam.bai"));
        assert!(!format!("{:?}", found.problems).contains("Jane"));
        // A folder stands for what can be used in it.
        let whole = paths(&[folder.path().display().to_string()]);
        assert_eq!(whole.samples, ["NA1", "NA2"]);
        assert!(!format!("{:?}", whole.problems).contains("photo.jpg"));
        let relative = paths(&["x.fq".to_owned(), "/nowhere/x.fq".to_owned()]);
        assert_eq!(relative.problems.len(), 2);
    }

    #[test]
    fn a_bam_names_its_samples() {
        use std::io::Write as _;
        let text = b"@HD\tVN:1.6\n@RG\tID:a\tSM:NA7\n@RG\tID:b\tSM:NA7\n@RG\tID:c\tSM:NA8\n";
        let mut bytes = b"BAM\x01".to_vec();
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(text);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.dat");
        clinotype_testkit::tiny::write_bgzf(&path, &bytes).unwrap();
        assert_eq!(kind(&path).unwrap(), InputKind::Bam);
        assert_eq!(samples(&path, InputKind::Bam).unwrap(), ["NA7", "NA8"]);
        let mut file = fs::AtomicFile::create(folder.path().join("cut.bam")).unwrap();
        file.write_all(&bytes[..20]).unwrap();
        file.commit().unwrap();
        assert!(samples(&folder.path().join("cut.bam"), InputKind::Bam).is_err());
    }
}
