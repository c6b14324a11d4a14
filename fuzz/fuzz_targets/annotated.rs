#![no_main]
//! An annotated VCF to interpretation, rank, inheritance and the class of a tumour's calls; the bytes after the first 0xff
//! are an evidence file. Every text ends in a result that accounts for each allele, or in a fault of the input.

use std::{collections::BTreeSet, path::Path, sync::OnceLock};

use clinotype_case::{SampleId, Sex, pedigree::Pedigree};
use clinotype_fuzz::{Place, begin, judge};
use clinotype_genome::{Build, fs};
use clinotype_jobs::{Settings, inherit, people, quality, rank, somatic_class, steps, watch::Nobody};
use libfuzzer_sys::fuzz_target;

const HEAD: &str = "##fileformat=VCFv4.3\n\
    ##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|Protein_position|Amino_acids|STRAND|PICK|MANE|ALLELE_NUM|NMD|NMD_REASON|NEW_STOP|LOST_FRACTION|SKIPPED_EXON|SKIP_KEEPS_FRAME|NEXT_MET|INTRON_OFFSET|FROM_EXON_START|FROM_EXON_END|HGNC_ID|PROTEIN_ID|WARNINGS\">\n\
    ##clinotype_build=<ID=GRCh38,Proof=\"contig lengths\">\n\
    ##clinotype_data=<ID=ClinVar,Release=\"2026-02-26\",File=\"c.vcf.gz\",Sha256=\"ab\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n";

fn seeds() -> Vec<Vec<u8>> {
    let records = [
        "chr17\t43124027\t.\tACT\tA,ACTCT\t50\tPASS\tCSQ=-|frameshift_variant|HIGH|BRCA1|672|NM_007294.4|protein_coding|2/23||NM_007294.4:c.68_69del|NP_009225.1:p.(Glu23ValfsTer17)|23|E/X|-1|1|MANE_Select|1|1|new_stop_in_exon_2_of_23|39|0.98||||||||HGNC:1100|NP_009225.1|,CT|intron_variant|MODIFIER|BRCA1|672|NM_007294.4|protein_coding||2/22|||||-1|||2||||||||7||||||;NORMALISED=43124027-ACT-A,43124027-A-ACT;CLINVAR_STATE=found,absent;CLINVAR_ID=17662,.;CLINVAR_SIG=Pathogenic,.;CLINVAR_REVSTAT=reviewed_by_expert_panel,.;FREQ_STATE=found,not_evaluated;FREQ_AF=0.0001,.;FREQ_AN=1000,.;FREQ_AC=1,.;REVEL=0.9,.;SpliceAI=A|BRCA1|0.9|0|0|0|1|2|3|4\tGT:AD:DP:GQ:PS\t0|1:9,9,0:18:99:5\n",
        "chr17\t43045705\t.\tC\tT\t99\tPASS\tCSQ=T|missense_variant&splice_region_variant|MODERATE|BRCA1|672|NM_007294.4|protein_coding|23/23||NM_007294.4:c.5566G>A|NP_009225.1:p.(Ala1856Thr)|1856|A/T|-1|1|MANE_Select|1||||||||||1|HGNC:1100|NP_009225.1|w_1;NORMALISED=43045705-C-T;CLINVAR_STATE=absent;FREQ_STATE=absent\tGT:DP:GQ\t1/1:20:60\n",
        "chrX\t100\t.\tG\t*,<DEL>,A\t.\tq10\tNORMALISED=.,.,100-G-A\tGT\t1/.\n",
    ]
    .concat();
    let evidence = r#"{"schema":"clinotype-evidence/1","build":"GRCh38","variants":[{"allele":{"contig":"chr17","position":43045705,"reference":"C","alternate":"T"},"evidence":[{"kind":"assay","source":"PMID 1","odds":20.5}],"decisions":[{"code":"PS3","setting":{"met":"strong"},"reason":"r","by":"b"}]},{"hgvs":"NM_007294.4:c.68_69del","evidence":[{"kind":"segregation","source":"x","families":1,"meioses":3}]}]}"#;
    vec![
        format!("{HEAD}{records}").into_bytes(),
        [format!("{HEAD}{records}").as_bytes(), &[0xff], evidence.as_bytes()].concat(),
    ]
}

fn hpo(place: &Place) -> &'static rank::Hpo {
    static HPO: OnceLock<rank::Hpo> = OnceLock::new();
    HPO.get_or_init(|| {
        let folder = place.path("hpo");
        fs::create_dir_all(&folder).expect("a writable folder");
        let files = [
            ("hp.obo", "format-version: 1.2\ndata-version: releases/2026-01-01\n\n[Term]\nid: HP:0000001\nname: All\n\n[Term]\nid: HP:0000118\nname: Phenotypic abnormality\nis_a: HP:0000001 ! All\n\n[Term]\nid: HP:0000005\nname: b\nis_a: HP:0000118\n"),
            ("phenotype.hpoa", "#description: x\ndatabase_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration\nOMIM:1\tD\t\tHP:0000005\tx\tPCS\t\t\t\t\tP\tx\n"),
            ("genes_to_phenotype.txt", "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n672\tBRCA1\tHP:0000005\tb\t-\tOMIM:1\n"),
        ];
        for (name, text) in files {
            fs::write_atomic(folder.join(name), text.as_bytes()).expect("a writable folder");
        }
        rank::Hpo::open(&folder).expect("the ontology is good")
    })
}

fn interpret(vcf: &Path, evidence: Option<&people::Evidence>, table: &Path) {
    let sample: SampleId = "S1".parse().expect("an accession");
    let genes: BTreeSet<String> = ["BRCA1".to_owned()].into();
    let quality = quality::not_assessed(&sample, Build::Grch38, Sex::Female, "none");
    let made = steps::interpret(&steps::InterpretRequest {
        vcf,
        sample: &sample,
        input_sample: None,
        sex: Sex::Female,
        order: None,
        genes: &genes,
        quality: &quality,
        build: Some((Build::Grch38, "asserted".to_owned())),
        settings: &Settings::default(),
        comparators: None,
        evidence,
        family: None,
        table: Some(table),
    });
    let Some(made) = judge(made, &[table]) else { return };
    for step in &made.funnel {
        let dropped: u64 = step.dropped.iter().map(|d| d.count).sum();
        assert_eq!(step.input, step.kept + dropped, "{}", step.name);
    }
    for pair in made.funnel.windows(2) {
        assert_eq!(pair[0].kept, pair[1].input, "{}", pair[1].name);
    }
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let place = Place::get();
    let cut = data.iter().position(|b| *b == 0xff).unwrap_or(data.len());
    let vcf = place.write("annotated.vcf", &data[..cut]);
    let evidence = data.get(cut + 1..).and_then(|bytes| {
        let path = place.write("evidence.json", bytes);
        judge(people::Evidence::read(&path), &[])
    });
    let table = place.path("alleles.tsv");
    fs::remove_if_there(&table).expect("a writable folder");
    interpret(&vcf, evidence.as_ref(), &table);
    let terms = ["HP:0000005".to_owned()];
    let ranked = rank::rank(
        &rank::RankRequest {
            vcf: &vcf,
            sample: None,
            build: None,
            sex: Sex::Male,
            hpo: hpo(place),
            present: &terms,
            excluded: &[],
            genes: None,
        },
        &Nobody,
    );
    judge(ranked, &[]);
    let tumour = somatic_class::SomaticClassRequest {
        vcf: &vcf,
        tumours: &[],
        roles: None,
        hotspots: None,
        known: None,
        statements: None,
        entered: None,
        missense_tool: None,
    };
    judge(somatic_class::classes(&tumour, &Nobody), &[]);
    let family = Pedigree::parse("F\tS1\t0\t0\t2\t2\n").expect("a pedigree");
    judge(inherit::inherit(&vcf, &family, None, &clinotype_case::inheritance::Settings::default(), &Nobody), &[]);
});
