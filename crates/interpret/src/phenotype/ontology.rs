//! The Human Phenotype Ontology from its OBO file (format 1.2 or 1.4): terms, `is_a`, alternative identifiers, obsolete
//! terms with what replaces them.

use std::collections::HashMap;

use clinotype_genome::{Fault, Result};

/// A term's number in the ontology.
pub(crate) type TermNumber = u32;

/// The root of what is a phenotypic abnormality.
const PHENOTYPES: &str = "HP:0000118";

/// The ontology. Parents have smaller numbers than their children.
#[derive(Debug, Default)]
pub struct Ontology {
    /// As the file states it.
    pub release: Option<String>,
    pub(crate) ids: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) parents: Vec<Vec<TermNumber>>,
    /// Whether it lies below "Phenotypic abnormality".
    pub(crate) phenotypic: Vec<bool>,
    by_id: HashMap<String, TermNumber>,
    alternative: HashMap<String, String>,
    /// Obsolete terms, with what the file names in their place.
    obsolete: HashMap<String, Option<String>>,
}

/// What an identifier means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A term as it stands.
    Term(u32),
    /// Another identifier stands for it now.
    Mapped(u32),
    /// Obsolete, and nothing replaces it.
    Obsolete,
    /// Not in this release.
    Unknown,
}

#[derive(Default)]
struct Stanza {
    id: String,
    name: String,
    parents: Vec<String>,
    alternative: Vec<String>,
    replaced: Option<String>,
    consider: Vec<String>,
    obsolete: bool,
}

impl Ontology {
    /// Reads the text of an OBO file. Faults (input): no terms of HPO, a parent that is not there, a circle.
    pub fn parse(text: &str) -> Result<Self> {
        let mut ontology = Self::default();
        let mut stanzas: Vec<Stanza> = Vec::new();
        let mut inside = false;
        for line in text.lines() {
            let line = line.trim_end();
            if line.starts_with('[') {
                inside = line == "[Term]";
                if inside {
                    stanzas.push(Stanza::default());
                }
                continue;
            }
            let Some((tag, value)) = line.split_once(": ") else {
                continue;
            };
            if !inside {
                if tag == "data-version" && stanzas.is_empty() {
                    ontology.release = Some(value.trim().to_owned());
                }
                continue;
            }
            let Some(stanza) = stanzas.last_mut() else { continue };
            // What follows ` ! ` is a comment, and `{` begins qualifiers.
            let word = value
                .split(" ! ")
                .next()
                .unwrap_or(value)
                .split(" {")
                .next()
                .unwrap_or(value)
                .trim()
                .to_owned();
            match tag {
                "id" => stanza.id = word,
                "name" => value.trim().clone_into(&mut stanza.name),
                "is_a" => stanza.parents.push(word),
                "alt_id" => stanza.alternative.push(word),
                "replaced_by" => stanza.replaced = Some(word),
                "consider" => stanza.consider.push(word),
                "is_obsolete" => stanza.obsolete = word == "true",
                _ => {}
            }
        }
        stanzas.retain(|s| s.id.starts_with("HP:"));
        if stanzas.is_empty() {
            return Err(Fault::input("holds no terms of the Human Phenotype Ontology")
                .hint("give the ontology's hp.obo (human-phenotype-ontology.org)"));
        }
        ontology.fill(stanzas)?;
        Ok(ontology)
    }

    fn fill(&mut self, stanzas: Vec<Stanza>) -> Result<()> {
        let mut waiting: Vec<Stanza> = Vec::new();
        for stanza in stanzas {
            for other in &stanza.alternative {
                self.alternative.insert(other.clone(), stanza.id.clone());
            }
            if stanza.obsolete {
                // `consider` of one term is a replacement; of several, a person must choose.
                let one = (stanza.consider.len() == 1).then(|| stanza.consider[0].clone());
                self.obsolete.insert(stanza.id, stanza.replaced.or(one));
            } else {
                waiting.push(stanza);
            }
        }
        let known: std::collections::HashSet<String> = waiting.iter().map(|s| s.id.clone()).collect();
        for stanza in &waiting {
            if let Some(parent) = stanza.parents.iter().find(|p| !known.contains(*p)) {
                return Err(Fault::input(format!(
                    "the term {} has the parent {parent}, which is not there",
                    stanza.id
                ))
                .hint("the file may be cut short: get it again"));
            }
        }
        // Parents first: a term is numbered once all its parents are.
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for stanza in waiting {
                let parents: Option<Vec<TermNumber>> =
                    stanza.parents.iter().map(|p| self.by_id.get(p).copied()).collect();
                match parents {
                    Some(parents) => {
                        let number = self.ids.len() as TermNumber;
                        let phenotypic =
                            stanza.id == PHENOTYPES || parents.iter().any(|p| self.phenotypic[*p as usize]);
                        self.by_id.insert(stanza.id.clone(), number);
                        self.ids.push(stanza.id);
                        self.names.push(stanza.name);
                        self.parents.push(parents);
                        self.phenotypic.push(phenotypic);
                    }
                    None => later.push(stanza),
                }
            }
            if later.len() == before {
                return Err(Fault::input(format!("the term {} is its own ancestor", later[0].id)));
            }
            waiting = later;
        }
        Ok(())
    }

    /// Number of terms that are not obsolete.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What an identifier means. Replacements are followed to their end.
    pub fn resolve(&self, id: &str) -> Resolved {
        if let Some(number) = self.by_id.get(id) {
            return Resolved::Term(*number);
        }
        let mut at = id.to_owned();
        // A chain of replacements is short; a circle ends here.
        for _ in 0..8 {
            let next = match (self.alternative.get(&at), self.obsolete.get(&at)) {
                (Some(next), _) | (None, Some(Some(next))) => next.clone(),
                (None, Some(None)) => return Resolved::Obsolete,
                (None, None) => return Resolved::Unknown,
            };
            if let Some(number) = self.by_id.get(&next) {
                return Resolved::Mapped(*number);
            }
            at = next;
        }
        Resolved::Obsolete
    }

    /// The term's number, mapped or not.
    pub(crate) fn number(&self, id: &str) -> Option<TermNumber> {
        match self.resolve(id) {
            Resolved::Term(number) | Resolved::Mapped(number) => Some(number),
            _ => None,
        }
    }

    /// `HP:0001250`.
    pub fn id(&self, number: u32) -> &str {
        &self.ids[number as usize]
    }

    /// Name of a term.
    pub fn name(&self, number: u32) -> &str {
        &self.names[number as usize]
    }

    /// Whether the term is a phenotypic abnormality.
    pub fn is_phenotypic(&self, number: u32) -> bool {
        self.phenotypic[number as usize]
    }

    /// Marks a term and its ancestors.
    pub(crate) fn mark(&self, number: TermNumber, marks: &mut [bool]) {
        let mut waiting = vec![number];
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut marks[at as usize], true) {
                waiting.extend(&self.parents[at as usize]);
            }
        }
    }
}
