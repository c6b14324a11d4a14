// The table of operations: name, input, output, what it needs, and the function that does it.
//
// Shell, loopback server, dispatch and the UI's types are all made from this one table.

/// The table of operations: hands each line to another macro: `name: Input => Output [Need, path::of::function];`
#[macro_export]
macro_rules! operations {
    ($with:ident) => {
        $with! {
            // Gate and settings.
            status: Nothing => Status [Anyone, session::status];
            set_up: SetUpInput => SetUpOutput [Anyone, session::set_up];
            unlock: UnlockInput => Status [Anyone, session::unlock];
            lock: Nothing => Status [Anyone, session::lock];
            active: Nothing => Status [Anyone, session::active];
            change_passphrase: PassphraseInput => Nothing [Read, session::change_passphrase];
            settings: Nothing => Settings [Read, settings::settings];
            set_settings: Settings => Settings [Read, settings::set_settings];
            reference_sets: Nothing => ReferenceSets [Read, settings::reference_sets];
            save_reference_set: ReferenceSet => ReferenceSetView [Administer, settings::save_reference_set];
            verify_audit: Nothing => AuditVerdict [Read, settings::verify_audit];
            // Data releases.
            data_releases: Nothing => ReleasesView [Read, releases::data_releases];
            install_release: InstallInput => ReleasesView [Administer, releases::install_release];
            verify_releases: ReleasesInput => ReleasesView [Administer, releases::verify_releases];
            remove_release: ReleaseInput => ReleasesView [Administer, releases::remove_release];
            check_for_newer: Nothing => ReleasesView [Administer, releases::check_for_newer];
            stop_data_task: Nothing => ReleasesView [Administer, releases::stop_data_task];
            // Cases.
            cases: CasesInput => CasesOutput [Read, cases::cases];
            case: CaseInput => CaseView [Read, cases::case];
            history: CaseInput => HistoryOutput [Read, cases::history];
            inspect: InspectInput => InspectOutput [Work, intake::inspect];
            check_order: OrderForm => Problems [Work, intake::check_order];
            genes: GenesInput => GenesOutput [Work, intake::genes];
            new_case: NewCaseInput => CaseInput [Work, intake::new_case];
            change_order: OrderInput => CaseView [Work, intake::change_order];
            demo_case: Nothing => CaseInput [Work, demo::demo_case];
            // Runs.
            queue: Nothing => QueueView [Read, runs::queue];
            start_run: StartInput => RunView [Work, runs::start_run];
            cancel_run: RunInput => RunView [Work, runs::cancel_run];
            resume_run: RunInput => RunView [Work, runs::resume_run];
            move_run: MoveInput => QueueView [Work, runs::move_run];
            compare_runs: CompareInput => RunsDiff [Read, compare::compare_runs];
            // Quality.
            quality: CaseInput => QualityView [Read, quality::quality];
            coverage_profile: GeneInput => ProfileView [Read, quality::coverage_profile];
            waive: WaiveInput => QualityView [Decide, quality::waive];
            withdraw_waiver: WithdrawWaiverInput => QualityView [Decide, quality::withdraw_waiver];
            // Pharmacogenes.
            pharmacogenes: CaseInput => PharmacogenesView [Read, pharmacogenes::pharmacogenes];
            // Gene rank and polygenic scores.
            beside: CaseInput => BesideView [Read, beside::beside];
            // Variants.
            presets: CaseInput => PresetsOutput [Read, variants::presets];
            variants: VariantsInput => VariantsOutput [Read, variants::variants];
            variant: VariantInput => VariantView [Read, variants::variant];
            reads: CaseInput => ReadsView [Read, reads::reads];
            decide: DecideInput => VariantView [Decide, decisions::decide];
            withdraw: WithdrawInput => VariantView [Decide, decisions::withdraw];
            set_criterion: SetCriterionInput => VariantView [Decide, criteria::set];
            withdraw_criterion: WithdrawCriterionInput => VariantView [Decide, criteria::withdraw];
            enter_evidence: EnterEvidenceInput => VariantView [Decide, criteria::enter];
            withdraw_evidence: WithdrawEvidenceInput => VariantView [Decide, criteria::withdraw_evidence];
            // Reports.
            reports: CaseInput => ReportsOutput [Read, reports::reports];
            make_report: CaseInput => ReportVersion [Decide, reports::make_report];
            preview: ReportInput => PreviewView [Read, reports::preview];
            export: ExportInput => ExportOutput [Decide, exports::export];
            exports: CaseInput => ExportsOutput [Read, exports::exports];
        }
    };
}
