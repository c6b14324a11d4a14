//! What a run was asked to do, kept with it: a reference set that is changed later does not change a waiting run.

use clinotype_jobs::{FastqPair, run::Input};
use clinotype_refdata::releases::Pin;
use clinotype_store::{Act, Actor};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    errors,
    plan::Plan,
    types::{ApiError, InputKind, ReferenceSet},
};

/// Who asked for the run; the trail names this person for what the run does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Person {
    user_id: String,
    name: String,
    /// Code of the store's role.
    role: String,
    zone: String,
}

impl Person {
    pub(crate) fn of(act: &Act) -> Self {
        Self {
            user_id: act.actor.user_id.clone(),
            name: act.actor.name.clone(),
            role: act.actor.role.code().to_owned(),
            zone: act.zone.clone(),
        }
    }

    /// An act of this person at `at`.
    pub(crate) fn act(&self, at: Timestamp) -> Result<Act, ApiError> {
        let role = self
            .role
            .parse()
            .map_err(|_| errors::internal("who asked for the run cannot be read back"))?;
        let actor = Actor {
            user_id: self.user_id.clone(),
            name: self.name.clone(),
            role,
        };
        Ok(Act::new(&actor, at).zone(&self.zone))
    }
}

/// The whole request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) by: Person,
    pub(crate) plan: Plan,
    pub(crate) set: ReferenceSet,
    /// The releases of the set's files, which the run needs with these very bytes.
    #[serde(default)]
    pub(crate) pins: Vec<Pin>,
    /// 0: all.
    pub(crate) threads: u32,
    pub(crate) memory_mb: Option<u32>,
    /// What must be said of the whole report.
    pub(crate) notices: Vec<String>,
}

impl Request {
    pub(crate) fn read(value: &serde_json::Value) -> Result<Self, ApiError> {
        Self::deserialize(value).map_err(|_| errors::internal("what the run was asked to do cannot be read back"))
    }

    /// Where the engine starts: pairs of FASTQ in their order, or one BAM, or one VCF.
    pub(crate) fn input(&self) -> Result<Input, ApiError> {
        let files = &self.plan.files;
        let of = |kind: InputKind| files.iter().filter(move |f| f.kind == kind);
        let (bams, vcfs): (Vec<_>, Vec<_>) = (of(InputKind::Bam).collect(), of(InputKind::Vcf).collect());
        let reads: Vec<_> = of(InputKind::Fastq).collect();
        match (&reads[..], &bams[..], &vcfs[..]) {
            ([], [bam], []) => Ok(Input::Bam((&bam.path).into())),
            ([], [], [vcf]) => Ok(Input::Vcf((&vcf.path).into())),
            (reads, [], []) if !reads.is_empty() => Ok(Input::Reads(pairs(reads)?)),
            _ => Err(errors::invalid(
                "files",
                "a run starts from pairs of FASTQ files, from one BAM or from one VCF",
            )),
        }
    }
}

fn pairs(files: &[&crate::types::InputFile]) -> Result<Vec<FastqPair>, ApiError> {
    let mut numbers: Vec<u32> = files.iter().filter_map(|f| f.pair).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mate = |pair: u32, mate: u32| {
        let mut found = files.iter().filter(|f| f.pair == Some(pair) && f.mate == Some(mate));
        match (found.next(), found.next()) {
            (Some(file), None) => Ok((&file.path).into()),
            _ => Err(errors::invalid(
                "files",
                format!("pair {pair} of the FASTQ files needs one file for each mate"),
            )),
        }
    };
    let pairs: Vec<FastqPair> = numbers
        .into_iter()
        .map(|pair| {
            Ok(FastqPair {
                r1: mate(pair, 1)?,
                r2: mate(pair, 2)?,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    if pairs.len() * 2 == files.len() {
        Ok(pairs)
    } else {
        Err(errors::invalid("files", "every FASTQ file needs its mate"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::InputFile;

    fn file(path: &str, kind: InputKind, pair: Option<u32>, mate: Option<u32>) -> InputFile {
        InputFile {
            path: path.to_owned(),
            kind,
            mate,
            pair,
            bytes: None,
        }
    }

    fn request(files: Vec<InputFile>) -> Request {
        Request {
            by: Person {
                user_id: "a".into(),
                name: "A".into(),
                role: "technician".into(),
                zone: "UTC".into(),
            },
            plan: Plan {
                files,
                ..Plan::default()
            },
            set: ReferenceSet {
                id: None,
                name: String::new(),
                reference: String::new(),
                transcripts: String::new(),
                clinvar: None,
                frequencies: None,
                targets: None,
                thresholds: None,
                comparators: None,
                scores: Vec::new(),
                missense_tool: None,
                build: None,
                synthetic: false,
            },
            pins: Vec::new(),
            threads: 0,
            memory_mb: None,
            notices: Vec::new(),
        }
    }

    #[test]
    fn inputs() {
        use InputKind::{Bam, Fastq, Vcf};
        let reads = |pair, mate| file(&format!("{pair}_{mate}.fq"), Fastq, Some(pair), Some(mate));
        let input = request(vec![reads(2, 2), reads(1, 1), reads(2, 1), reads(1, 2)])
            .input()
            .unwrap();
        let Input::Reads(pairs) = input else { panic!("reads") };
        assert_eq!(pairs.len(), 2);
        assert!(pairs[0].r1.ends_with("1_1.fq") && pairs[1].r2.ends_with("2_2.fq"));
        assert!(matches!(
            request(vec![file("a", Bam, None, None)]).input(),
            Ok(Input::Bam(_))
        ));
        assert!(matches!(
            request(vec![file("a", Vcf, None, None)]).input(),
            Ok(Input::Vcf(_))
        ));
        for wrong in [
            vec![],
            vec![reads(1, 1)],
            vec![reads(1, 1), reads(1, 1)],
            vec![reads(1, 1), reads(1, 2), file("x", Fastq, None, None)],
            vec![file("a", Bam, None, None), file("b", Bam, None, None)],
            vec![file("a", Bam, None, None), file("b", Vcf, None, None)],
        ] {
            assert!(request(wrong.clone()).input().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_request_reads_back() {
        let made = request(vec![file("a", InputKind::Bam, None, None)]);
        assert_eq!(Request::read(&serde_json::to_value(&made).unwrap()).unwrap(), made);
        assert!(Request::read(&serde_json::json!({"by": 1})).is_err());
    }
}
