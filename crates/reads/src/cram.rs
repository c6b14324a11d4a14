//! CRAM 3.0 and 3.1 coming in: the same lines that a BAM would give (decoded by noodles, with the bases of the
//! reference that the run was given).

use std::{
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use clinotype_genome::{Fault, Reference, Result, fs, isolate::isolated};
use noodles::{
    bam,
    cram::{self, io::reader::Container},
    fasta,
    sam::{
        self,
        alignment::{RecordBuf, io::Write as _, record::MappingQuality, record_buf::QualityScores},
    },
};

use crate::bam::{BamHeader, check_line, header_of};

/// Reads a CRAM line by line. One container is held decoded, and the contig that it lies on.
pub(crate) struct CramReader {
    pub(crate) header: BamHeader,
    sam: sam::Header,
    reader: cram::io::Reader<fs::Source>,
    sequences: fasta::Repository,
    container: Container,
    /// Lines of the container as BAM has them, each after its size.
    lines: bam::io::Writer<Vec<u8>>,
    /// Where the next of them begins.
    at: usize,
    path: PathBuf,
    /// Lines given so far.
    pub(crate) count: u64,
    /// Bytes of the file before the next container.
    pub(crate) position: u64,
}

/// Whether a file begins as a CRAM does.
pub fn is_cram(path: &Path) -> Result<bool> {
    let mut start = [0; 4];
    let read = io::Read::read(&mut fs::open(path)?, &mut start).map_err(|e| Fault::io("read", path, e))?;
    Ok(&start[..read] == b"CRAM")
}

/// Bytes that decoding takes beside the sorters: the contig left, the one come to and its copy, and a container.
pub(crate) fn working(reference: &Reference) -> u64 {
    let longest = reference.contigs().iter().map(|c| c.length).max().unwrap_or(0);
    3 * u64::from(longest) + (64 << 20)
}

/// The header of a CRAM, without its reference.
pub(crate) fn header(path: &Path) -> Result<BamHeader> {
    let mut reader = cram::io::Reader::new(fs::open(path)?);
    let sam = reader.read_header().map_err(|e| damage(path, &e))?;
    to_header(&sam, path)
}

fn to_header(sam: &sam::Header, path: &Path) -> Result<BamHeader> {
    let mut text = Vec::new();
    sam::io::Writer::new(&mut text)
        .write_header(sam)
        .map_err(|e| damage(path, &e))?;
    let text =
        String::from_utf8(text).map_err(|_| Fault::input("damaged CRAM header: its text is not UTF-8").at(path))?;
    let contigs = sam
        .reference_sequences()
        .iter()
        .map(|(name, map)| {
            let length = u32::try_from(map.length().get())
                .map_err(|_| Fault::input("damaged CRAM header: a contig of impossible length").at(path))?;
            Ok((name.to_string(), length))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(header_of(&text, contigs))
}

impl CramReader {
    pub(crate) fn open(path: &Path, reference: &Reference) -> Result<Self> {
        let sequences = fasta::Repository::new(Contigs(Arc::new(reference.clone())));
        let mut reader = cram::io::reader::Builder::default()
            .set_reference_sequence_repository(sequences.clone())
            .build_from_reader(fs::open(path)?);
        let sam = reader.read_header().map_err(|e| damage(path, &e))?;
        let header = to_header(&sam, path)?;
        // Bases that equal the reference are not in the file: another reference of the same lengths would make others.
        // Contigs without reads may lack the proof; see `next`.
        if let Some((name, ..)) = header.contigs.first()
            && header.contigs.iter().all(|(_, _, m5)| m5.is_none())
        {
            return Err(unproven(name, path));
        }
        Ok(Self {
            header,
            sam,
            reader,
            sequences,
            container: Container::default(),
            lines: bam::io::Writer::from(Vec::new()),
            at: 0,
            path: path.to_owned(),
            count: 0,
            position: 0,
        })
    }

    /// The next line, its layout checked as a BAM's is.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        while self.at == self.lines.get_ref().len() {
            if !self.fill()? {
                return Ok(None);
            }
        }
        let wrong = |what: &str| {
            Fault::input(format!("damaged CRAM: {what}"))
                .at(&self.path)
                .record(self.count + 1)
                .hint("copy or make the file again")
        };
        let bytes = self.lines.get_ref();
        let start = self.at + 4;
        let size = bytes
            .get(self.at..start)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_le_bytes);
        let line = size
            .and_then(|size| bytes.get(start..start + size as usize))
            .ok_or_else(|| wrong("a record of impossible size"))?;
        let raw = check_line(line, &self.header).map_err(wrong)?;
        if let Ok(contig) = usize::try_from(raw.reference())
            && let (name, _, None) = &self.header.contigs[contig]
        {
            return Err(unproven(name, &self.path));
        }
        self.at = start + line.len();
        self.count += 1;
        Ok(Some(line))
    }

    /// Decodes the next container; false at the end.
    fn fill(&mut self) -> Result<bool> {
        // Sorted reads leave a contig behind for good.
        if self.sequences.len() > 1 {
            self.sequences.clear();
        }
        self.lines.get_mut().clear();
        self.at = 0;
        // The decoder trusts numbers of a file whose checksums are right; a file made wrongly must not end the program.
        match isolated(|| self.decode()) {
            Some(Ok(more)) => Ok(more),
            Some(Err(error)) => Err(damage(&self.path, &error).record(self.count + 1)),
            None => Err(Fault::input("damaged CRAM: a container does not fit together")
                .at(&self.path)
                .record(self.count + 1)
                .hint("make the file again, or convert it to BAM with the program that made it")),
        }
    }

    /// The decoder makes room for a container before it reads it: one that says it is larger than the rest of the file
    /// must not take the memory of the machine.
    fn check_size(&mut self) -> io::Result<()> {
        let file = self.reader.get_mut();
        let at = file.stream_position()?;
        let mut size = [0; 4];
        let mut got = 0;
        while got < size.len() {
            match file.read(&mut size[got..])? {
                0 => break,
                n => got += n,
            }
        }
        let left = file.len()?.saturating_sub(at);
        file.seek(SeekFrom::Start(at))?;
        match u64::try_from(i32::from_le_bytes(size)) {
            _ if got < size.len() => Ok(()),
            Ok(size) if size <= left => Ok(()),
            Ok(_) => Err(io::ErrorKind::UnexpectedEof.into()),
            Err(_) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a container of impossible size",
            )),
        }
    }

    fn decode(&mut self) -> io::Result<bool> {
        self.check_size()?;
        let read = self.reader.read_container(&mut self.container)?;
        if read == 0 {
            return Ok(false);
        }
        self.position += read as u64;
        let compression = self.container.compression_header()?;
        for slice in self.container.slices() {
            let slice = slice?;
            let (core, external) = slice.decode_blocks()?;
            let records = slice.records(self.sequences.clone(), &self.sam, &compression, &core, &external)?;
            for record in records {
                let mut record = RecordBuf::try_from_alignment_record(&self.sam, &record)?;
                // Lines without qualities come with some of 255.
                if record.quality_scores().as_ref().iter().all(|q| *q == 255) {
                    *record.quality_scores_mut() = QualityScores::default();
                }
                // CRAM keeps no mapping quality of unmapped lines; BAM has 0 there (samtools, too).
                if record.flags().is_unmapped() {
                    *record.mapping_quality_mut() = MappingQuality::new(0);
                }
                self.lines.write_alignment_record(&self.sam, &record)?;
            }
        }
        Ok(true)
    }
}

/// The reference's contigs by the names of the file (`1` and `chr1` are one).
struct Contigs(Arc<Reference>);

impl fasta::repository::Adapter for Contigs {
    fn get(&mut self, name: &[u8]) -> Option<io::Result<fasta::Record>> {
        Some(self.fetch(name))
    }
}

impl Contigs {
    fn fetch(&self, name: &[u8]) -> io::Result<fasta::Record> {
        let text = String::from_utf8_lossy(name);
        let contig = self.0.contigs().resolve(&text).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("reads are aligned to contig {text}, which the reference does not have"),
            )
        })?;
        let bases = self
            .0
            .letters(&contig.name, 0, contig.length)
            .map_err(|fault| io::Error::other(fault.to_string()))?;
        Ok(fasta::Record::new(
            fasta::record::Definition::new(name.to_vec(), None),
            bases.into(),
        ))
    }
}

fn unproven(contig: &str, path: &Path) -> Fault {
    Fault::input(format!(
        "its header does not prove the sequence of contig {contig} (no M5)"
    ))
    .at(path)
    .hint("convert it to BAM with the program and the reference that made it")
}

/// Words for what the decoder says.
fn damage(path: &Path, error: &io::Error) -> Fault {
    use io::ErrorKind as K;
    match error.kind() {
        K::NotFound => Fault::input(error.to_string())
            .at(path)
            .hint("give the reference that the reads were aligned to, or start from FASTQ"),
        K::UnexpectedEof => Fault::input("is cut short")
            .at(path)
            .hint("copy or make the file again"),
        _ => Fault::input(format!("damaged CRAM, or not CRAM 3: {error}"))
            .at(path)
            .hint("copy or make the file again"),
    }
}
