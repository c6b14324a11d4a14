//! Small tables of our own making, in the published formats.

use std::path::PathBuf;

use clinotype_genome::{FaultKind, fs};

use super::*;

const HGNC: &str = "hgnc_id\tsymbol\tname\tlocus_group\tstatus\tlocation\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id\tomim_id\tmane_select\n\
    HGNC:1\tGENA\tgene A\tprotein-coding gene\tApproved\t1p1\t\"AL1|SHARED\"\tOLDA\t101\tENSG01\t600001\t\"ENST1.1|NM_1.1\"\n\
    HGNC:2\tGENB\tgene B\tprotein-coding gene\tApproved\t2q2\tSHARED|GENA\tOLDB\t102\tENSG02\t\t\n\
    HGNC:3\tC9orf99\topen frame\tprotein-coding gene\tApproved\t9q\t\tSHARED\t103\tENSG03\t\t\n\
    HGNC:4\tGONE\twithdrawn\twithdrawn\tEntry Withdrawn\t\t\t\t\t\t\t\n";

struct Case {
    folder: tempfile::TempDir,
    facts: GeneFacts,
}

impl Case {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let facts = GeneFacts::create(folder.path().join("genes.db")).unwrap();
        Self { folder, facts }
    }

    fn new() -> Self {
        let mut case = Self::empty();
        case.import(Table::Hgnc, HGNC, &Release::default()).unwrap();
        case
    }

    fn file(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("table");
        fs::write_atomic(&path, text.as_bytes()).unwrap();
        path
    }

    fn import(&mut self, table: Table, text: &str, release: &Release) -> Result<Imported> {
        let path = self.file(text);
        self.facts.import(table, &path, release)
    }

    fn fault(&mut self, table: Table, text: &str, words: &str) {
        let before = self.facts.sources().unwrap();
        let fault = self.import(table, text, &Release::default()).unwrap_err();
        assert!(matches!(fault.kind(), FaultKind::Input | FaultKind::Usage), "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
        assert_eq!(self.facts.sources().unwrap(), before, "half an import stayed");
    }
}

#[test]
fn names_of_genes() {
    let mut case = Case::new();
    let of = |case: &Case, name: &str| case.facts.resolve(name).map(|r| (r.symbol, r.known, r.also));
    for (name, symbol, known, also) in [
        ("GENA", "GENA", Known::Symbol, vec!["GENB".to_owned()]),
        ("gena", "GENA", Known::Symbol, vec!["GENB".to_owned()]),
        ("AL1", "GENA", Known::Alias, vec![]),
        ("OLDB", "GENB", Known::Previous, vec![]),
        ("C9ORF99", "C9orf99", Known::Symbol, vec![]),
        (" HGNC:2 ", "GENB", Known::Id, vec![]),
    ] {
        assert_eq!(of(&case, name).unwrap(), (symbol.to_owned(), known, also), "{name}");
    }
    let fault = case.facts.resolve("SHARED").unwrap_err().to_string();
    assert!(
        fault.contains("C9orf99 (previous symbol) or GENA (alias) or GENB (alias)"),
        "{fault}"
    );
    for name in ["GONE", "HGNC:9", "", "x'; DROP TABLE gene"] {
        assert!(case.facts.resolve(name).is_err(), "{name}");
    }
    let gene = case.facts.gene("HGNC:1").unwrap().unwrap();
    assert_eq!(
        (gene.aliases, gene.previous),
        (vec!["AL1".to_owned(), "SHARED".to_owned()], vec!["OLDA".to_owned()])
    );
    assert_eq!(gene.mane_select.as_deref(), Some("ENST1.1|NM_1.1"));
    assert!(case.facts.gene("HGNC:4").unwrap().is_none());
    let sources = case.facts.sources().unwrap();
    assert_eq!((sources[0].records, sources[0].kept), (4, 3));
    assert_eq!(sources[0].dropped.values().sum::<u64>(), 1);
    // A later release takes the place of the earlier one.
    let later = HGNC
        .replace("GENB\tgene B", "NEWB\tgene B")
        .replace("OLDB", "OLDB|GENB");
    let release = Release {
        release: Some("2026-10".to_owned()),
        licence: Some("CC0".to_owned()),
        ..Release::default()
    };
    case.import(Table::Hgnc, &later, &release).unwrap();
    assert_eq!(of(&case, "GENB").unwrap(), ("NEWB".to_owned(), Known::Previous, vec![]));
    let sources = case.facts.sources().unwrap();
    assert_eq!(
        (
            sources.len(),
            sources[0].release.as_deref(),
            sources[0].licence.as_deref()
        ),
        (1, Some("2026-10"), Some("CC0"))
    );
}

const GENCC: &str = "\"uuid\"\t\"gene_curie\"\t\"gene_symbol\"\t\"disease_curie\"\t\"disease_title\"\t\"classification_title\"\t\"moi_title\"\t\"submitter_title\"\t\"submitted_as_date\"\t\"submitted_as_notes\"\t\"submitted_run_date\"\n\
    \"u1\"\t\"HGNC:1\"\t\"GENA\"\t\"MONDO:1\"\t\"disease one\"\t\"Definitive\"\t\"Autosomal dominant\"\t\"Lab\"\t\"2020-01-01\"\t\"a note\nof two lines\"\t\"2024-05-06\"\n\
    \"u2\"\t\"HGNC:77\"\t\"NOPE\"\t\"MONDO:2\"\t\"other\"\t\"Limited\"\t\"\"\t\"Lab\"\t\"\"\t\"\"\t\"2024-05-07\"\n";

const VALIDITY: &str = "\"CLINGEN GENE DISEASE VALIDITY CURATIONS\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n\
    \"FILE CREATED: 2026-01-02\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n\
    \"+++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\"\n\
    \"GENE SYMBOL\",\"GENE ID (HGNC)\",\"DISEASE LABEL\",\"DISEASE ID (MONDO)\",\"MOI\",\"SOP\",\"CLASSIFICATION\",\"ONLINE REPORT\",\"CLASSIFICATION DATE\",\"GCEP\"\n\
    \"+++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\",\"++\"\n\
    \"GENA\",\"HGNC:1\",\"disease one, \"\"type 2\"\"\",\"MONDO:3\",\"AR\",\"SOP9\",\"Moderate\",\"https://example.org/1\",\"2021-01-01T00:00:00.000Z\",\"Panel X\"\n";

#[test]
fn validity_and_inheritance() {
    let mut case = Case::new();
    let made = case.import(Table::Gencc, GENCC, &Release::default()).unwrap();
    assert_eq!(
        (made.records, made.kept, made.date.as_deref()),
        (2, 1, Some("2024-05-07"))
    );
    let made = case
        .import(Table::ClingenValidity, VALIDITY, &Release::default())
        .unwrap();
    assert_eq!(
        (made.records, made.kept, made.date.as_deref()),
        (1, 1, Some("2026-01-02"))
    );
    let found = case.facts.validity("HGNC:1").unwrap();
    let short: Vec<_> = found
        .iter()
        .map(|v| {
            (
                v.source.as_str(),
                v.classification.as_str(),
                v.disease.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        short,
        [
            ("gencc", "Definitive", "disease one"),
            ("clingen-validity", "Moderate", "disease one, \"type 2\""),
        ]
    );
    let modes: Vec<_> = case
        .facts
        .inheritance("HGNC:1")
        .unwrap()
        .into_iter()
        .map(|i| (i.mode, i.source))
        .collect();
    assert_eq!(
        modes,
        [
            ("Autosomal dominant".to_owned(), "gencc: Lab".to_owned()),
            (
                "Autosomal recessive".to_owned(),
                "clingen-validity: ClinGen (Panel X)".to_owned()
            ),
        ]
    );
    assert!(case.facts.validity("HGNC:2").unwrap().is_empty());
    // A new release of one table leaves the other.
    case.import(
        Table::Gencc,
        &GENCC.replace("Definitive", "Strong"),
        &Release::default(),
    )
    .unwrap();
    assert_eq!(case.facts.validity("HGNC:1").unwrap().len(), 2);
    assert_eq!(case.facts.sources().unwrap().len(), 3);
}

const DOSAGE: &str = "#ClinGen Gene Curation List\n#02 Jan,2026\n#Genomic Locations are reported on GRCh38\n\
    #Gene Symbol\tGene ID\tcytoBand\tGenomic Location\tHaploinsufficiency Score\tHaploinsufficiency Description\tTriplosensitivity Score\tTriplosensitivity Description\tDate Last Evaluated\tHaploinsufficiency Disease ID\tTriplosensitivity Disease ID\n\
    GENA\t101\t1p1\tchr1:1-2\t3\tSufficient\tNot yet evaluated\tNot yet\t2020-02-02\tMONDO:1\t\n\
    OLDB\t999\t2q2\ttbd\t0\tNo evidence\t40\tUnlikely\t2020-02-03\t\t\n";

const CONSTRAINT_4: &str = "gene\tgene_id\ttranscript\tcanonical\tmane_select\tlof.pLI\tlof.oe\tlof.oe_ci.upper\tlof.z_score\tmis.z_score\tsyn.z_score\tconstraint_flags\n\
    GENA\tENSG01\tENST1\ttrue\tfalse\t0.5\t0.4\t0.7\t1.5\t0.1\tNA\t[]\n\
    GENA\t101\tNM_1\tfalse\ttrue\t1.0000e+00\t0.1\t0.2\t5.5\t2.1\t0.3\t[\"outlier_syn\"]\n\
    GENZ\tENSG99\tENST9\ttrue\ttrue\t0\t1\t1.2\t0\t0\t0\t[]\n\
    GENB\tENSG02\tENST2\ttrue\ttrue\tNA\tNA\tNA\tNA\tNA\tNA\t[\"no_exp_lof\"]\n";

#[test]
fn dosage_and_constraint() {
    let mut case = Case::new();
    let made = case.import(Table::ClingenDosage, DOSAGE, &Release::default()).unwrap();
    assert_eq!((made.kept, made.date.as_deref()), (2, Some("02 Jan,2026")));
    let a = case.facts.dosage("HGNC:1").unwrap().unwrap();
    assert_eq!(
        (a.haplo_score, a.triplo_score, a.haplo_disease.as_deref()),
        (Some(3), None, Some("MONDO:1"))
    );
    let b = case.facts.dosage("HGNC:2").unwrap().unwrap();
    assert_eq!(
        (b.haplo_score, b.triplo_score),
        (Some(0), Some(40)),
        "0 is not `not evaluated`"
    );
    assert!(case.facts.dosage("HGNC:3").unwrap().is_none());
    let made = case
        .import(Table::GnomadConstraint, CONSTRAINT_4, &Release::default())
        .unwrap();
    assert_eq!((made.records, made.kept, made.dropped.len()), (4, 2, 2));
    let found = case.facts.constraint("HGNC:1").unwrap();
    assert_eq!(
        (found[0].transcript.as_str(), found[0].loeuf, found[0].pli),
        ("NM_1", Some(0.2), Some(1.0))
    );
    assert_eq!((found[1].syn_z, found[1].flags.as_deref()), (None, None));
    let older = "gene\ttranscript\toe_lof_upper\tpLI\toe_lof\tmis_z\nOLDA\tENST1\t0.35\t0.99\t0.2\t1.1\n";
    case.import(Table::GnomadConstraint, older, &Release::default())
        .unwrap();
    let found = case.facts.constraint("HGNC:1").unwrap();
    assert_eq!(
        (found.len(), found[0].loeuf, found[0].mane_select),
        (1, Some(0.35), None)
    );
}

fn panelapp(version: &str, genes: &str) -> String {
    format!(
        r#"{{"id": 7, "hash_id": null, "name": "Hearing", "version": "{version}", "version_created": "2026-01-0{}",
            "genes": [{genes}], "strs": [], "regions": [{{"entity_name": "r"}}]}}"#,
        &version[..1]
    )
}

fn entry(name: &str, id: &str, level: u8, moi: &str) -> String {
    format!(
        r#"{{"gene_data": {{"hgnc_id": "{id}", "gene_symbol": "{name}"}}, "entity_type": "gene", "entity_name": "{name}",
            "confidence_level": "{level}", "mode_of_inheritance": "{moi}", "phenotypes": ["p 1", "p 2"], "evidence": []}}"#
    )
}

#[test]
fn panels_have_versions() {
    let mut case = Case::new();
    let first = panelapp(
        "1.0",
        &[entry("GENA", "HGNC:1", 3, "AD"), entry("OLDB", "HGNC:2", 1, "")].join(","),
    );
    let made = case.import(Table::PanelApp, &first, &Release::default()).unwrap();
    assert_eq!((made.records, made.kept, made.release.as_deref()), (3, 2, Some("1.0")));
    let second = panelapp(
        "2.3",
        &[entry("GENA", "HGNC:1", 2, "AD"), entry("C9orf99", "HGNC:3", 3, "AR")].join(","),
    );
    case.import(Table::PanelApp, &second, &Release::default()).unwrap();
    case.fault(Table::PanelApp, &second, "is there already");
    let panel = case.facts.panel("Hearing", None).unwrap();
    assert_eq!((panel.version.as_str(), panel.genes.len()), ("2.3", 2));
    assert_eq!(
        case.facts.panel("7", Some("1.0")).unwrap().genes[1].symbol,
        "GENB",
        "today's symbol"
    );
    let diff = case.facts.panel_diff("Hearing", "1.0", "2.3").unwrap();
    assert_eq!(
        (diff.added, diff.removed),
        (vec!["C9orf99".to_owned()], vec!["GENB".to_owned()])
    );
    assert_eq!(
        diff.changed,
        [Change {
            symbol: "GENA".to_owned(),
            what: "confidence",
            before: Some("3".to_owned()),
            after: Some("2".to_owned()),
        }]
    );
    let fault = case.facts.panel("Hearing", Some("9")).unwrap_err().to_string();
    assert!(fault.contains("no version 9, but 1.0, 2.3"), "{fault}");
    let release = Release {
        release: Some("3".to_owned()),
        panel: Some("Own".to_owned()),
        ..Release::default()
    };
    let made = case
        .import(Table::PanelList, "# ours\nGENA\nOLDB # old\nHGNC:1\n\n", &release)
        .unwrap();
    assert_eq!((made.records, made.kept), (3, 2));
    assert_eq!(case.facts.panel("Own", Some("3")).unwrap().genes.len(), 2);
    for (text, words) in [
        ("GENA\nSHARED\n", "line 2: \"SHARED\" may be"),
        ("NOPE\n", "line 1: \"NOPE\" is no gene"),
    ] {
        let release = Release {
            release: Some("4".to_owned()),
            ..release.clone()
        };
        let fault = case.import(Table::PanelList, text, &release).unwrap_err().to_string();
        assert!(fault.contains(words), "{fault}");
    }
    case.fault(Table::PanelList, "GENA\n", "needs a name and a version");
    let modes: Vec<String> = case
        .facts
        .inheritance("HGNC:1")
        .unwrap()
        .into_iter()
        .map(|i| i.source)
        .collect();
    assert_eq!(modes, ["PanelApp: Hearing 1.0", "PanelApp: Hearing 2.3"]);
}

#[test]
fn faults_leave_the_database_as_it_was() {
    let mut case = Case::empty();
    case.fault(Table::Gencc, GENCC, "HGNC are not there yet");
    case.fault(Table::Hgnc, "a\tb\n1\t2\n", "is not a table of HGNC genes");
    case.fault(
        Table::Hgnc,
        &HGNC.replace("HGNC:2", "HGNC:1"),
        "line 3: the gene HGNC:1 or the symbol GENB stands twice",
    );
    case.fault(Table::Hgnc, &HGNC.replace("HGNC:2", "2"), "line 3: \"2\" is no HGNC id");
    case.fault(
        Table::Hgnc,
        HGNC.split_once("HGNC:1").unwrap().0,
        "no record that can be used",
    );
    let mut case = Case::new();
    case.fault(
        Table::ClingenDosage,
        &DOSAGE.replace("\t3\tS", "\t7\tS"),
        "line 5: \"7\" is no dosage score",
    );
    case.fault(
        Table::GnomadConstraint,
        &CONSTRAINT_4.replace("\t0.7\t", "\tx\t"),
        "line 2: lof.oe_ci.upper is \"x\"",
    );
    case.fault(
        Table::Gencc,
        &GENCC.replace("\"u2\"\t", ""),
        "columns, the heading names 11",
    );
    case.fault(Table::PanelApp, "{\"id\": 1}", "is not a panel of PanelApp");
    let path = case.file("not a database at all, but long enough to be looked at");
    assert!(GeneFacts::open(&path).is_err());
    assert!(GeneFacts::open(case.folder.path().join("none")).is_err());
    assert!(case.facts.path().is_file());
    let read = GeneFacts::open(case.facts.path()).unwrap();
    assert_eq!(read.resolve("GENA").unwrap().hgnc_id, "HGNC:1");
}
