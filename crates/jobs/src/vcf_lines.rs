//! A VCF as lines of text, for the steps that read few of its columns: header, contigs, build, samples, then records.

use std::{
    io::BufRead,
    path::{Path, PathBuf},
};

use clinotype_genome::{Build, Fault, Result, fs, vcf_file};

use crate::build::KnownBuild;

/// A VCF being read.
pub(crate) struct VcfLines {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    text: Vec<u8>,
    line: u64,
    /// Lines that begin with `##`, without it.
    pub(crate) meta: Vec<String>,
    /// Names of the samples.
    pub(crate) samples: Vec<String>,
    /// Contigs of the header with their lengths.
    pub(crate) contigs: Vec<(String, u32)>,
}

impl VcfLines {
    /// Opens a VCF, plain, gzip or BGZF. A file that is cut short or has no header is a fault.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        vcf_file::check_whole(path)?;
        let mut file = Self {
            path: path.to_owned(),
            reader: fs::open_text(path)?,
            text: Vec::new(),
            line: 0,
            meta: Vec::new(),
            samples: Vec::new(),
            contigs: Vec::new(),
        };
        loop {
            let line = file.line;
            let Some(text) = file.next_line()? else {
                return Err(Fault::input("is not a VCF file: it has no #CHROM line").at(path));
            };
            if line == 0 && !text.starts_with("##fileformat=VCF") {
                return Err(Fault::input("is not a VCF file: it does not begin with ##fileformat")
                    .at(path)
                    .line(1));
            }
            if text.starts_with(clinotype_call::TUMOR_ONLY) {
                return Err(crate::evidence::tumor_only(path, line + 1));
            }
            if let Some(meta) = text.strip_prefix("##") {
                let meta = meta.to_owned();
                if let Some(contig) = meta.strip_prefix("contig=<") {
                    file.contigs.extend(contig_length(contig));
                }
                file.meta.push(meta);
            } else if text.starts_with("#CHROM\t") {
                file.samples = text.split('\t').skip(9).map(str::to_owned).collect();
                return Ok(file);
            } else {
                return Err(Fault::input("the VCF header ends without a #CHROM line")
                    .at(path)
                    .line(line + 1));
            }
        }
    }

    /// Number of the line that was read last.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next line, without its end; empty lines are passed over.
    pub(crate) fn next_line(&mut self) -> Result<Option<&str>> {
        loop {
            self.text.clear();
            self.line += 1;
            let got = self
                .reader
                .read_until(b'\n', &mut self.text)
                .map_err(|e| Fault::io("read", &self.path, e).line(self.line))?;
            if got == 0 {
                return Ok(None);
            }
            while matches!(self.text.last(), Some(b'\n' | b'\r')) {
                self.text.pop();
            }
            if !self.text.is_empty() {
                break;
            }
        }
        match std::str::from_utf8(&self.text) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Fault::input("is not UTF-8 text").at(&self.path).line(self.line)),
        }
    }

    /// The build that the contig lengths prove, or an annotated VCF's header states, or the one asserted. An assertion
    /// against a proof, and neither, are faults.
    pub(crate) fn build(&self, asserted: Option<Build>) -> Result<KnownBuild> {
        let lengths = self.contigs.iter().map(|(name, length)| (name.as_str(), *length));
        let stated = || {
            let meta = self.meta.iter().find_map(|m| m.strip_prefix("clinotype_build=<ID="))?;
            meta.split([',', '>']).next()?.parse::<Build>().ok()
        };
        let proven = match Build::of_contigs(lengths) {
            Some(build) => Some((build, "contig lengths of the VCF")),
            None => stated().map(|build| (build, "stated by the header of the annotated VCF")),
        };
        match (proven, asserted) {
            (Some((proven, proof)), Some(asserted)) if proven != asserted => Err(Fault::input(format!(
                "is on {proven} ({proof}), but --build says {asserted}"
            ))
            .at(&self.path)
            .hint("leave out --build, or give the VCF of that build")),
            (Some((build, proof)), _) => Ok(KnownBuild {
                build,
                proof: proof.to_owned(),
                asserted: asserted.is_some(),
            }),
            (None, Some(build)) => Ok(KnownBuild {
                build,
                proof: "asserted by --build; the contig lengths of the VCF do not prove it".to_owned(),
                asserted: true,
            }),
            (None, None) => Err(Fault::input("the contig lengths prove neither GRCh37 nor GRCh38")
                .at(&self.path)
                .hint("if you know the build of this VCF, state it with --build")),
        }
    }
}

/// Name and length of `ID=1,length=249250621>`.
fn contig_length(fields: &str) -> Option<(String, u32)> {
    let field = |name: &str| {
        fields
            .trim_end_matches('>')
            .split(',')
            .find_map(|f| f.strip_prefix(name))
    };
    Some((field("ID=")?.to_owned(), field("length=")?.parse().ok()?))
}
