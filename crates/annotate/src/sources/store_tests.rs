//! ClinVar and scores from a store, against the same from the VCF that it was built from.

use std::path::{Path, PathBuf};

use clinotype_genome::{Build, Pos, Reference, Silent, VariantKey, fs};
use clinotype_refdata::alleles::build::{BuildOptions, Columns, Inputs, build};

use super::{Request, Sites, clinvar::Clinvar, join, scores::Scores};

const SEQUENCE: &str = "ACGTACGTTTTTACGT";
const VCF: &str = "##fileformat=VCFv4.1\n##fileDate=2026-02-26\n##source=ClinVar\n##reference=GRCh38\n\
    ##INFO=<ID=CLNSIG,Number=.,Type=String,Description=\"s\">\n##INFO=<ID=CLNREVSTAT,Number=.,Type=String,Description=\"r\">\n\
    ##INFO=<ID=CLNDN,Number=.,Type=String,Description=\"d\">\n##INFO=<ID=RS,Number=.,Type=String,Description=\"rs\">\n\
    ##INFO=<ID=AF_EXAC,Number=1,Type=Float,Description=\"a \\\"b\\\"\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
    1\t2\t20\tC\tT\t.\t.\tCLNSIG=Pathogenic;CLNREVSTAT=criteria_provided,_single_submitter;CLNDN=A,_b|C;AF_EXAC=0.00010;RS=7\n\
    1\t2\t10\tC\tT\t.\t.\tCLNSIG=Benign;CLNREVSTAT=no_assertion_criteria_provided\n\
    1\t3\t30\tG\tA\t.\t.\tCLNDN=not_provided\n\
    1\t12\t40\tTA\tTTA\t.\t.\tCLNSIG=Benign|drug_response;CLNREVSTAT=practice_guideline;AF_EXAC=1e-5\n\
    1\t14\t50\tC\t.\t.\t.\tCLNSIG=Benign\n";

fn store(folder: &Path, reference: &Reference, vcf: &Path, name: &str, fields: &[&str]) -> PathBuf {
    let out = folder.join(format!("{name}.cta"));
    let fields: Vec<String> = fields.iter().map(|f| (*f).to_owned()).collect();
    build(
        &BuildOptions {
            inputs: &[vcf.to_owned()],
            kind: Inputs::Values,
            reference,
            build: Build::Grch38,
            assert_build: false,
            name: Some(name),
            release: None,
            date: None,
            licence: Some("public domain"),
            fields: &fields,
            columns: &Columns::default(),
            duplicates: None,
            assessed: None,
            assessed_alleles: None,
            mismatches: 0.0,
            out: &out,
            scratch: &folder.join("scratch"),
            memory: 1 << 20,
            made_by: "test",
        },
        &Silent,
    )
    .unwrap();
    out
}

fn key(at: u32, r: &str, a: &str) -> VariantKey {
    VariantKey::new("1", Pos::new(at).unwrap(), r, a)
}

#[test]
fn clinvar_and_scores() {
    let folder = tempfile::tempdir().unwrap();
    let fasta = folder.path().join("r.fa");
    fs::write_atomic(&fasta, format!(">1\n{SEQUENCE}\n").as_bytes()).unwrap();
    let reference = Reference::open(&fasta).unwrap();
    let vcf = folder.path().join("clinvar.vcf");
    fs::write_atomic(&vcf, VCF.as_bytes()).unwrap();
    let mut sites = Sites::new(1);
    for at in 1..=SEQUENCE.len() as u32 {
        sites.add(0, at);
    }
    sites.finish();
    let of_vcf = Request {
        path: &vcf,
        role: "ClinVar",
        bases: &reference,
        build: Build::Grch38,
        assert_build: false,
        sites: &sites,
    };
    let built = store(folder.path(), &reference, &vcf, "ClinVar", &[]);
    let of_store = Request { path: &built, ..of_vcf };
    let a = join(&of_vcf, &mut Clinvar, &Silent).unwrap();
    let b = join(&of_store, &mut Clinvar, &Silent).unwrap();
    assert_eq!(
        (&a.release, a.synthetic, a.disagreeing),
        (&b.release, b.synthetic, b.disagreeing)
    );
    assert_eq!((a.has_contig(0), b.has_contig(0)), (true, true));
    let mut found = 0;
    for (at, base) in SEQUENCE.chars().enumerate() {
        let base = base.to_string();
        for other in ["A", "C", "G", "T"] {
            for alternate in [other.to_owned(), format!("{base}{other}")] {
                let key = key(at as u32 + 1, &base, &alternate);
                assert_eq!(a.get(0, &key), b.get(0, &key), "{key}");
                found += usize::from(b.get(0, &key).is_some());
            }
        }
    }
    assert_eq!(found, 3);
    let record = b.get(0, &key(2, "C", "T")).unwrap();
    assert_eq!(
        (record.id.as_str(), record.significance.as_deref()),
        ("20", Some("Pathogenic"))
    );
    assert_eq!(record.conditions.as_deref(), Some("A,_b|C"));
    assert_eq!(b.get(0, &key(7, "G", "GT")).unwrap().id, "40", "left-aligned");

    let lab = store(folder.path(), &reference, &vcf, "my lab", &["AF_EXAC", "CLNDN", "ID"]);
    let request = Request { path: &lab, ..of_vcf };
    let scores = Scores::join(&request, &[], &Silent).unwrap();
    let mut info = "X".to_owned();
    scores.info(
        &mut info,
        0,
        &[
            Some(key(2, "C", "T")),
            None,
            Some(key(3, "G", "A")),
            Some(key(5, "A", "C")),
        ],
    );
    assert_eq!(
        info,
        "X;my_lab_STATE=found,.,found,not_evaluated;my_lab_AF_EXAC=0.00010,.,.,.;my_lab_CLNDN=A%2C_b|C,.,not_provided,.;\
         my_lab_CLNSIG=Pathogenic,.,.,.;my_lab_CLNREVSTAT=criteria_provided%2C_single_submitter,.,.,."
    );
    let header = scores.header();
    assert!(
        header[0].starts_with("##INFO=<ID=my_lab_STATE,Number=A,Type=String,"),
        "{header:?}"
    );
    assert_eq!(
        header[1],
        "##INFO=<ID=my_lab_AF_EXAC,Number=A,Type=Float,Description=\"AF_EXAC of my lab, release 2026-02-26, licence public domain. a \\\"b\\\"\">"
    );
    let again = Scores::join(&request, std::slice::from_ref(&scores), &Silent).unwrap_err();
    assert!(
        again.to_string().contains("my_lab_AF_EXAC would be written twice"),
        "{again}"
    );
    let none = Scores::join(&of_vcf, &[], &Silent).unwrap_err();
    assert!(none.to_string().contains("is not a store of alleles"), "{none}");
}
