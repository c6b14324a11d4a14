//! The header of a VCF that moves to another build.

use std::fmt::Write as _;

use super::info;
use crate::{Contigs, Fault, Result};

/// A VCF's header.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Lines that begin with `##`, with their newline.
    meta: String,
    /// The `#CHROM` line, with its newline.
    columns: String,
}

impl Header {
    /// Takes a line, without its newline; true where it was the last of the header.
    pub(super) fn take(&mut self, line: &str) -> bool {
        let to = if line.starts_with("##") {
            &mut self.meta
        } else {
            &mut self.columns
        };
        to.push_str(line);
        to.push('\n');
        !line.starts_with("##")
    }

    /// Number of columns of a record.
    pub(super) fn columns(&self) -> usize {
        self.columns.trim_end().split('\t').count()
    }

    /// A contig line of another length than the old reference's proves another build.
    pub(super) fn check_build(&self, from: &Contigs) -> Result<()> {
        for line in self.meta.lines() {
            let Some(fields) = line.strip_prefix("##contig=<") else {
                continue;
            };
            let value = |key: &str| {
                fields
                    .trim_end_matches('>')
                    .split(',')
                    .find_map(|field| field.strip_prefix(key)?.strip_prefix('='))
            };
            let (Some(name), Some(length)) = (value("ID"), value("length")) else {
                continue;
            };
            let Some(contig) = from.resolve(name) else { continue };
            if length.parse() != Ok(contig.length) {
                return Err(Fault::input(format!(
                    "the VCF is not of the build of --from-reference: its header gives {name} {length} bases, the \
                     reference has {}",
                    contig.length
                ))
                .hint("give the reference that the VCF was made with"));
            }
        }
        Ok(())
    }

    /// The header in the new build: its contigs, no definition of annotations that were left out.
    pub(super) fn lifted(&self, to: &Contigs, reference: &str, note: &str) -> String {
        let mut text = String::new();
        for line in self.meta.split_inclusive('\n') {
            let definition = line
                .strip_prefix("##INFO=<ID=")
                .and_then(|rest| rest.split([',', '>']).next());
            let left_out =
                definition.is_some_and(|id| info::STALE.contains(&id) || id == info::ORIGIN || id == info::TURNED);
            if !left_out && !line.starts_with("##contig=") && !line.starts_with("##reference=") {
                text.push_str(line);
            }
        }
        let _ = writeln!(text, "##reference={reference}");
        for contig in to {
            let _ = writeln!(text, "##contig=<ID={},length={}>", contig.name, contig.length);
        }
        text + note + info::LIFTED_LINES + &self.columns
    }

    /// The header of the records that stay.
    pub(super) fn refused(&self, note: &str) -> String {
        let refused = format!("##INFO=<ID={},", info::REFUSED);
        let kept = self
            .meta
            .split_inclusive('\n')
            .filter(|line| !line.starts_with(&refused));
        kept.collect::<String>() + note + info::REFUSED_LINES + &self.columns
    }
}
