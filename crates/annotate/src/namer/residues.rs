//! p. names: their residues are compared with the transcript's protein.

use super::{Namer, allele::Stop, answer::Answer};
use crate::{
    code::three_letters,
    hgvs::name::{Name, Protein, ProteinChange, ReferenceId, Residue},
};

impl Namer<'_> {
    pub(super) fn protein_name(
        &self,
        name: &Name,
        reference: &ReferenceId,
        protein: &Protein,
        answer: &mut Answer,
    ) -> Result<(), Stop> {
        answer.normalized = Some(name.to_string());
        answer.p = Some(name.to_string());
        let accession = reference.selector.as_deref().unwrap_or(&reference.accession);
        let entry = self
            .proteins
            .get(accession)
            .copied()
            .or_else(|| self.accessions.get(accession).and_then(|e| e.first().copied()));
        let Some(entry) = entry else {
            answer.notes.push(format!(
                "{accession} is not among the proteins of the transcripts here: its residues were not checked"
            ));
            return Ok(());
        };
        let prepared = self.prepare(entry, false)?;
        answer.transcript = Some(prepared.accession.clone());
        let Some(coding) = prepared.coding() else {
            return Err(Stop::Said(format!("{} has no coding sequence", prepared.accession)));
        };
        let ours = coding.protein(prepared.spliced()?);
        for found in residues(protein) {
            let here = ours.get(found.position as usize - 1).copied();
            if here != Some(found.amino_acid) && here != Some(b'X') {
                let has = match here {
                    Some(aa) => format!("has {} there", three_letters(aa)),
                    None => format!("has {} residues", ours.len()),
                };
                answer.errors.push(format!(
                    "the name says {found}, the protein of {} {has}",
                    prepared.accession
                ));
            }
        }
        if !answer.errors.is_empty() {
            answer.normalized = None;
            answer.p = None;
        }
        Ok(())
    }
}

/// The residues that a protein name states.
fn residues(protein: &Protein) -> Vec<Residue> {
    let mut out = Vec::new();
    for change in protein.groups.iter().flatten() {
        if let ProteinChange::At { first, last, .. } = change {
            out.push(*first);
            out.extend(*last);
        }
    }
    out
}
