//! One sample from its input to report and bundle.

mod beside;
mod options;
mod paper;
mod pharmacogenes;
mod prepared;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clinotype_annotate::{AnnotateOptions, PickOrder, annotate};
use clinotype_call::{CallOptions, Keep, call_resumable};
use clinotype_case::{
    Report,
    finding::{self, Interpretation},
    quality::{self as case_quality, Quality, ReadFigures},
};
use clinotype_genome::{Fault, Result, vcf_file::index_path};
use clinotype_reads::{ImportOptions, Keep as KeepReads, align, import as import_bam};

use crate::{
    Machine, Watch,
    comparators::{self, ComparatorsRequest},
    import,
    inputs::{self, OutputFolder},
    people,
    provenance::{Clock, Done, Ledger},
    quality::{self, MeasureRequest},
    steps::{self, Besides, InterpretRequest},
};

pub use beside::BesideOptions;
use options::GIVEN_ORDER;
pub use options::{Input, OrderSource, RulesOptions, RunOptions};
pub use pharmacogenes::PgxOptions;
use prepared::{Prepared, prepare};

/// What a run made.
#[derive(Debug)]
pub struct Outcome {
    /// The report model.
    pub report: Report,
    /// Why no report was written: a check of identity failed, and no waiver lifts it. Everything before the report is
    /// there.
    pub withheld: Option<Fault>,
    /// Files, in the order of the README.
    pub files: Vec<PathBuf>,
}

const STAGES: usize = 7;

/// Runs one sample. Outputs appear one by one, each whole; a run that is stopped or killed goes on where it was.
pub fn run(options: &RunOptions, machine: &Machine, watch: &dyn Watch, clock: Clock<'_>) -> Result<Outcome> {
    options.check_files()?;
    let stem = options.stem()?;
    let folder = OutputFolder::take(&options.out, stem)?;
    let prepared = prepare(options, watch)?;
    let mut ledger = Ledger::open(folder.path(), stem);
    if let Some(OrderSource::Given(order)) = &options.order {
        // The fields of an order have one order in JSON, so equal orders have equal digests.
        let json = serde_json::to_vec(order).map_err(|e| Fault::internal("cannot write an order").caused_by(e))?;
        ledger.given(GIVEN_ORDER, &json);
    }
    let mut run = Running {
        options,
        machine,
        watch,
        clock,
        ledger,
        folder: &folder,
        prepared: &prepared,
        files: Vec::new(),
    };
    machine.install(|| run.all())
}

struct Running<'a> {
    options: &'a RunOptions,
    machine: &'a Machine,
    watch: &'a dyn Watch,
    clock: Clock<'a>,
    ledger: Ledger,
    folder: &'a OutputFolder,
    prepared: &'a Prepared,
    files: Vec<PathBuf>,
}

impl Running<'_> {
    fn all(&mut self) -> Result<Outcome> {
        let (reads, vcf) = match &self.options.input {
            Input::Vcf(path) => (None, self.import_vcf(path)?),
            Input::Reads(_) | Input::Bam(_) => {
                let figures = self.align()?;
                if self.options.cram {
                    self.cram()?;
                }
                (Some(figures), self.call()?)
            }
        };
        let annotated = self.annotate(&vcf)?;
        let quality = self.quality(reads, &annotated)?;
        let interpretation = self.interpret(&annotated, &quality)?;
        let pgx = self.pharmacogenes(&vcf)?;
        let rank = self.rank(&annotated)?;
        let prs = self.scores(&vcf)?;
        self.report(interpretation, quality, Besides { pgx, rank, prs })
    }

    /// Runs one step through the ledger and tells the watcher.
    fn step(
        &mut self,
        stage: (usize, &str, &str),
        key: &BTreeMap<String, String>,
        inputs: &[&Path],
        outputs: &[&Path],
        work: impl FnOnce() -> Result<(Done, serde_json::Value)>,
    ) -> Result<serde_json::Value> {
        let (number, name, words) = stage;
        self.watch.check()?;
        self.watch.stage(words, number, STAGES);
        let (memo, resumed) = self.ledger.step(name, key, inputs, outputs, self.clock, work)?;
        self.watch.stage_done(words, resumed);
        self.files.extend(outputs.iter().map(|p| (*p).to_owned()));
        Ok(memo)
    }

    fn align(&mut self) -> Result<ReadFigures> {
        let bam = self.folder.file("bam");
        let bai = self.folder.file("bam.bai");
        let scratch = self.folder.scratch();
        let (options, prepared, machine, watch) = (self.options, self.prepared, self.machine, self.watch);
        let software = crate::software();
        let mut key = BTreeMap::from([("sample".to_owned(), options.sample.to_string())]);
        if let Some(name) = &options.input_sample {
            key.insert("input_sample".to_owned(), name.clone());
        }
        let memo = match &options.input {
            Input::Reads(pairs) => {
                let mut inputs: Vec<&Path> = vec![&options.reference];
                inputs.extend(pairs.iter().flat_map(|p| [p.r1.as_path(), p.r2.as_path()]));
                let index = inputs::index_places(&options.reference);
                if let Some(note) = &index.note {
                    watch.note(note);
                }
                if !options.libraries.is_empty() {
                    key.insert("libraries".to_owned(), options.libraries.join("\t"));
                }
                let fingerprint = self.ledger.fingerprint("align", &key, &inputs, &[&bam, &bai])?;
                let kept = self.folder.kept("align");
                let memo = self.step((1, "align", "Align reads"), &key, &inputs, &[&bam, &bai], || {
                    let mut summary = align::align_resumable(
                        &align::AlignOptions {
                            pairs,
                            reference: &prepared.reference,
                            sample: options.sample.as_str(),
                            out: &bam,
                            memory: machine.memory(),
                            scratch: &scratch,
                            libraries: &options.libraries,
                            index_folders: &index.folders,
                            program: env!("CARGO_PKG_VERSION"),
                            command_line: "clinotype run",
                        },
                        Some(&KeepReads {
                            folder: &kept,
                            key: &fingerprint,
                        }),
                        watch,
                    )?;
                    if summary.pairs_taken_over > 0 {
                        let words = format!("{} of {}", summary.pairs_taken_over, summary.pairs);
                        watch.note(&format!("{words} pairs had been aligned before the run was stopped"));
                        summary
                            .parameters
                            .insert("pairs_aligned_by_a_stopped_run".to_owned(), words);
                    }
                    let done = Done {
                        version: format!("{} ({software})", summary.aligner),
                        parameters: summary.parameters,
                    };
                    Ok((done, to_memo(&quality::reads(&summary.figures))?))
                })?;
                self.folder.clear_kept("align")?;
                memo
            }
            Input::Bam(path) => self.step(
                (1, "import", "Read alignments"),
                &key,
                &[&options.reference, path],
                &[&bam, &bai],
                || {
                    let summary = import_bam(
                        &ImportOptions {
                            bam: path,
                            reference: &prepared.reference,
                            sample: options.sample.as_str(),
                            input_sample: options.input_sample.as_deref(),
                            out: &bam,
                            memory: machine.memory(),
                            scratch: &scratch,
                            program: env!("CARGO_PKG_VERSION"),
                            command_line: "clinotype run",
                        },
                        watch,
                    )?;
                    for (theirs, ours) in &summary.renamed {
                        watch.note(&format!("contig {theirs} of the BAM is {ours} of the reference"));
                    }
                    let parameters = BTreeMap::from([
                        ("records".to_owned(), summary.records.to_string()),
                        ("repeated_records_left_out".to_owned(), summary.repeats.to_string()),
                        (
                            "duplicates_marked_here".to_owned(),
                            summary.duplicates_marked.to_string(),
                        ),
                    ]);
                    let done = Done {
                        version: software,
                        parameters,
                    };
                    Ok((done, to_memo(&quality::reads(&summary.figures))?))
                },
            )?,
            Input::Vcf(_) => return Err(Fault::internal("a VCF holds no reads to align")),
        };
        from_memo(memo)
    }

    /// The alignments as CRAM, for keeping; every later step reads the BAM.
    fn cram(&mut self) -> Result<()> {
        let (options, prepared, machine, watch) = (self.options, self.prepared, self.machine, self.watch);
        let (bam, cram) = (self.folder.file("bam"), self.folder.file("cram"));
        let crai = clinotype_reads::crai_path(&cram);
        let inputs: [&Path; 2] = [&bam, &options.reference];
        self.step(
            (1, "cram", "Write CRAM"),
            &BTreeMap::new(),
            &inputs,
            &[&cram, &crai],
            || {
                clinotype_reads::bam_to_cram(&bam, &prepared.reference, &cram, machine.memory(), watch)?;
                let done = Done {
                    version: crate::software(),
                    ..Done::default()
                };
                Ok((done, serde_json::Value::Null))
            },
        )?;
        Ok(())
    }

    fn call(&mut self) -> Result<PathBuf> {
        let (options, prepared, machine, watch) = (self.options, self.prepared, self.machine, self.watch);
        let (bam, vcf, gvcf) = (
            self.folder.file("bam"),
            self.folder.file("vcf.gz"),
            self.folder.file("g.vcf.gz"),
        );
        let key = BTreeMap::from([
            ("sample".to_owned(), options.sample.to_string()),
            ("sex".to_owned(), prepared.sex.to_string()),
            ("build".to_owned(), prepared.build.build.to_string()),
        ]);
        let mut inputs: Vec<&Path> = vec![&bam, &options.reference];
        inputs.extend(options.targets.as_deref());
        let (vcf_index, gvcf_index) = (index_path(&vcf), index_path(&gvcf));
        let outputs: [&Path; 4] = [&vcf, &vcf_index, &gvcf, &gvcf_index];
        let fingerprint = self.ledger.fingerprint("call", &key, &inputs, &outputs)?;
        let kept = self.folder.kept("call");
        self.step((2, "call", "Call variants"), &key, &inputs, &outputs, || {
            let mut summary = call_resumable(
                &CallOptions {
                    bam: &bam,
                    reference: &prepared.reference,
                    targets: prepared.targets.as_deref(),
                    padding: steps::PADDING,
                    sample: options.sample.as_str(),
                    sex: steps::caller_sex(prepared.sex),
                    build: Some(prepared.build.build),
                    vcf: &vcf,
                    gvcf: Some(&gvcf),
                    memory: machine.memory(),
                    source: &crate::software(),
                    header: &[],
                },
                Some(&Keep {
                    folder: &kept,
                    key: &fingerprint,
                }),
                watch,
            )?;
            if summary.windows_taken_over > 0 {
                let words = format!("{} of {}", summary.windows_taken_over, summary.windows);
                watch.note(&format!("{words} windows had been called before the run was stopped"));
                summary
                    .parameters
                    .insert("windows_called_by_a_stopped_run".to_owned(), words);
            }
            Ok((
                Done {
                    version: crate::software(),
                    parameters: summary.parameters,
                },
                serde_json::Value::Null,
            ))
        })?;
        self.folder.clear_kept("call")?;
        Ok(vcf)
    }

    fn import_vcf(&mut self, path: &Path) -> Result<PathBuf> {
        let (options, prepared, watch) = (self.options, self.prepared, self.watch);
        let vcf = self.folder.file("vcf.gz");
        let index = index_path(&vcf);
        let mut key = BTreeMap::from([("sample".to_owned(), options.sample.to_string())]);
        if let Some(name) = &options.input_sample {
            key.insert("input_sample".to_owned(), name.clone());
        }
        self.step((2, "import", "Read variants"), &key, &[path], &[&vcf, &index], || {
            let imported = import::vcf(
                path,
                &prepared.reference,
                &options.sample,
                options.input_sample.as_deref(),
                &vcf,
                watch,
            )?;
            let parameters = BTreeMap::from([("records".to_owned(), imported.records.to_string())]);
            Ok((
                Done {
                    version: crate::software(),
                    parameters,
                },
                serde_json::Value::Null,
            ))
        })?;
        Ok(vcf)
    }

    fn annotate(&mut self, vcf: &Path) -> Result<PathBuf> {
        let (options, prepared, watch) = (self.options, self.prepared, self.watch);
        let out = self.folder.file("annotated.vcf.gz");
        let index = index_path(&out);
        let key = BTreeMap::from([
            ("build".to_owned(), prepared.build.build.to_string()),
            ("build_asserted".to_owned(), prepared.build.asserted.to_string()),
        ]);
        let mut inputs: Vec<&Path> = vec![vcf, &options.reference, &options.transcripts];
        inputs.extend(options.clinvar.as_deref());
        inputs.extend(options.frequencies.as_deref());
        inputs.extend(options.rules.scores.iter().map(PathBuf::as_path));
        let digest = self.ledger.digest(&options.reference)?;
        let reference_line = steps::reference_line(&prepared.build, &digest);
        self.step(
            (3, "annotate", "Annotate variants"),
            &key,
            &inputs,
            &[&out, &index],
            || {
                let summary = annotate(
                    &AnnotateOptions {
                        vcf,
                        reference: &prepared.reference,
                        build: prepared.build.build,
                        assert_build: prepared.build.asserted,
                        transcripts: &prepared.transcripts,
                        clinvar: options.clinvar.as_deref(),
                        frequencies: options.frequencies.as_deref(),
                        scores: &options.rules.scores,
                        sample: Some(options.sample.as_str()),
                        input_sample: None,
                        mismatches: 0,
                        names: true,
                        tables: &[],
                        out: &out,
                        pick_order: PickOrder::default(),
                        header: &[reference_line],
                        source: &crate::software(),
                    },
                    watch,
                )?;
                Ok((
                    Done {
                        version: crate::software(),
                        parameters: summary.parameters,
                    },
                    serde_json::Value::Null,
                ))
            },
        )?;
        Ok(out)
    }

    fn quality(&mut self, reads: Option<ReadFigures>, annotated: &Path) -> Result<Quality> {
        let (options, prepared, watch) = (self.options, self.prepared, self.watch);
        let (bam, out) = (self.folder.file("bam"), self.folder.file("qc.json"));
        let multiqc = [self.folder.file("qc_mqc.json"), self.folder.file("depth_mqc.json")];
        let genes = quality::genes_in_scope(&prepared.transcripts, prepared.order.as_ref());
        let key = BTreeMap::from([
            ("genes".to_owned(), genes.join(",")),
            ("sex".to_owned(), prepared.sex.to_string()),
            ("thresholds".to_owned(), prepared.thresholds.limits.name.clone()),
        ]);
        let mut inputs: Vec<&Path> = vec![annotated, &options.reference, &options.transcripts];
        inputs.extend(options.targets.as_deref());
        inputs.extend(options.thresholds.as_deref());
        if reads.is_some() {
            inputs.push(&bam);
        }
        self.step(
            (4, "coverage", "Measure coverage and quality"),
            &key,
            &inputs,
            &[&out, &multiqc[0], &multiqc[1]],
            || {
                let measured = match reads {
                    None => Err("the input is a VCF, which does not say which bases were read".to_owned()),
                    Some(figures) => {
                        let request = MeasureRequest {
                            bam: &bam,
                            reference: &prepared.reference,
                            build: prepared.build.build,
                            transcripts: &prepared.transcripts,
                            genes: &genes,
                            targets: prepared.targets.as_deref(),
                            reads: &figures,
                            thresholds: &prepared.thresholds,
                        };
                        let measured = quality::measure(&request, watch)?;
                        Ok((figures, measured))
                    }
                };
                let made = quality::assemble(quality::Parts {
                    sample: &options.sample,
                    build: prepared.build.build,
                    declared: prepared.sex,
                    reads: measured,
                    variants: Some(quality::variants(annotated)?),
                    thresholds: prepared.thresholds.clone(),
                });
                steps::write_json(&multiqc[0], &quality::general_statistics(&made))?;
                steps::write_json(&multiqc[1], &quality::depth_section(&made))?;
                steps::write_json(&out, &made)?;
                Ok((
                    Done {
                        version: crate::software(),
                        ..Done::default()
                    },
                    serde_json::Value::Null,
                ))
            },
        )?;
        steps::read_json(&out, case_quality::SCHEMA)
    }

    fn interpret(&mut self, annotated: &Path, quality: &Quality) -> Result<Interpretation> {
        let (options, prepared) = (self.options, self.prepared);
        let out = self.folder.file("interpretation.json");
        let qc = self.folder.file("qc.json");
        let mut key = BTreeMap::from([("sex".to_owned(), prepared.sex.to_string())]);
        if let Some(name) = &options.input_sample {
            key.insert("input_sample".to_owned(), name.clone());
        }
        let mut inputs: Vec<&Path> = vec![annotated, &qc, &options.transcripts, &options.reference];
        inputs.extend(options.order_path());
        inputs.extend(options.rules.comparators.as_deref());
        inputs.extend(options.rules.evidence.as_deref());
        if let Some((vcf, pedigree)) = &options.rules.family {
            inputs.extend([vcf.as_path(), pedigree.as_path()]);
        }
        let settings = &options.rules.settings;
        if *settings != clinotype_interpret::Settings::default() {
            key.insert("rules".to_owned(), format!("{settings:?}"));
        }
        let watch = self.watch;
        let scratch = self.folder.scratch();
        self.step((5, "interpret", "Interpret variants"), &key, &inputs, &[&out], || {
            let comparators = options
                .rules
                .comparators
                .as_deref()
                .map(|file| {
                    comparators::read_or_build(
                        &ComparatorsRequest {
                            clinvar: file,
                            reference: &options.reference,
                            transcripts: &[&options.transcripts],
                            build: Some(prepared.build.build),
                            frequencies: None,
                            pick_order: PickOrder::default(),
                            scratch: &scratch,
                        },
                        None,
                        watch,
                    )
                })
                .transpose()?;
            let made = steps::interpret(&InterpretRequest {
                vcf: annotated,
                sample: &options.sample,
                input_sample: options.input_sample.as_deref(),
                sex: prepared.sex,
                order: prepared.order.as_ref(),
                genes: &prepared.transcripts.genes(),
                quality,
                build: None,
                settings,
                comparators: comparators.as_ref(),
                evidence: prepared.evidence.as_ref(),
                family: prepared.family.as_ref().map(|(vcf, pedigree)| people::FamilyRequest {
                    vcf,
                    pedigree,
                    reference: &prepared.reference,
                    watch,
                }),
                table: None,
            })?;
            if let Some(account) = people::account(&made) {
                watch.note(&account);
            }
            steps::write_json(&out, &made)?;
            let parameters = made
                .rules
                .iter()
                .map(|r| (format!("rules {}", r.name), r.version.clone()))
                .collect();
            Ok((
                Done {
                    version: crate::software(),
                    parameters,
                },
                serde_json::Value::Null,
            ))
        })?;
        steps::read_json(&out, finding::SCHEMA)
    }
}

fn to_memo<T: serde::Serialize>(value: &T) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|e| Fault::internal("cannot remember a step").caused_by(e))
}

fn from_memo<T: serde::de::DeserializeOwned>(memo: serde_json::Value) -> Result<T> {
    serde_json::from_value(memo).map_err(|e| Fault::internal("the record of a step cannot be read").caused_by(e))
}
