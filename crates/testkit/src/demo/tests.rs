use std::{collections::BTreeSet, io::BufRead as _};

use clinotype_case::order::Order;
use clinotype_genome::{Build, Silent, Strand, VariantKey, normalise, sequence};

use super::*;

fn lines(path: &Path) -> Vec<String> {
    fs::open_text(path).unwrap().lines().map(|l| l.unwrap()).collect()
}

/// Builds once for the tests of this process.
fn built() -> &'static (tempfile::TempDir, DemoFiles) {
    static BUILT: std::sync::OnceLock<(tempfile::TempDir, DemoFiles)> = std::sync::OnceLock::new();
    BUILT.get_or_init(|| {
        let cache = tempfile::tempdir().unwrap();
        let files = build(cache.path(), &Silent).unwrap();
        (cache, files)
    })
}

#[test]
fn the_reference_proves_its_build_and_is_indexed_rightly() {
    let (_, files) = built();
    let reference = Reference::open(&files.reference).unwrap();
    let contigs: Vec<(&str, u32)> = reference
        .contigs()
        .iter()
        .map(|c| (c.name.as_str(), c.length))
        .collect();
    assert_eq!(Build::of_contigs(contigs.iter().copied()), Some(Build::Grch38));
    assert_eq!(contigs.len(), 4);
    let shipped = Shipped::read().unwrap();
    for (interval, bases) in &shipped.stretches {
        let around = reference
            .fetch(&interval.contig, interval.start - 1, interval.end + 1)
            .unwrap();
        assert!(around[1..around.len() - 1] == *bases, "{interval}");
        assert_eq!((around[0], around[around.len() - 1]), (b'N', b'N'), "{interval}");
    }
    // The indexes that were written are those that the reader would make from the file.
    let copy = tempfile::tempdir().unwrap();
    let path = copy.path().join("copy.fa.gz");
    fs::write_atomic(&path, &fs::read(&files.reference).unwrap()).unwrap();
    let fresh = Reference::open(&path).unwrap();
    assert_eq!(fresh.contigs(), reference.contigs());
    let beside = |path: &Path| fs::read(path.with_extension("gz.fai")).unwrap();
    assert!(beside(&path) == beside(&files.reference));
    for (interval, _) in shipped.stretches.iter().step_by(20) {
        let fetch = |r: &Reference| r.fetch(&interval.contig, interval.start, interval.end).unwrap();
        assert!(fetch(&fresh) == fetch(&reference), "{interval}");
    }
}

#[test]
fn a_second_build_finds_the_first_and_a_broken_cache_is_made_again() {
    let (cache, files) = built();
    let changed = |p: &Path| p.metadata().unwrap().modified().unwrap();
    let before = changed(&files.truth);
    assert_eq!(build(cache.path(), &Silent).unwrap(), *files);
    assert_eq!(changed(&files.truth), before);
    assert_eq!(
        std::fs::read_dir(cache.path()).unwrap().count(),
        1,
        "nothing half-made stays"
    );

    let other = tempfile::tempdir().unwrap();
    let again = build(other.path(), &Silent).unwrap();
    for (a, b) in files.all().iter().zip(again.all()) {
        assert!(fs::read(a).unwrap() == fs::read(b).unwrap(), "{} differs", b.display());
    }
    fs::remove_if_there(&again.order).unwrap();
    assert_eq!(build(other.path(), &Silent).unwrap(), again);
    assert!(again.order.is_file());
}

#[test]
fn a_stopped_build_leaves_nothing() {
    struct Stopped;
    impl Progress for Stopped {
        fn advance(&self, _: u64, _: u64) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let cache = tempfile::tempdir().unwrap();
    assert!(build(cache.path(), &Stopped).is_err());
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
}

/// The coding sequence of a transcript from the shipped bases.
fn coding_sequence(shipped: &Shipped, transcript: &shipped::Transcript) -> Vec<u8> {
    let spliced: Vec<u8> = transcript
        .coding()
        .into_iter()
        .flat_map(|(start, end)| bases(shipped, transcript.contig, start, end))
        .collect();
    match transcript.strand {
        Strand::Forward => spliced,
        Strand::Reverse => sequence::reverse_complement(&spliced),
    }
}

fn bases(shipped: &Shipped, contig: &str, start: u32, end: u32) -> Vec<u8> {
    let (interval, bases) = shipped
        .stretches
        .iter()
        .find(|(i, _)| i.contig == contig && i.start <= start && end <= i.end)
        .unwrap_or_else(|| panic!("{contig}:{start}-{end} is not shipped"));
    bases[(start - interval.start) as usize..(end - interval.start) as usize].to_vec()
}

#[test]
fn transcripts_read_from_start_to_stop_and_splice_at_consensus_sites() {
    let shipped = Shipped::read().unwrap();
    let genes: BTreeSet<&str> = shipped.transcripts.iter().map(|t| t.gene).collect();
    assert!(genes.len() >= 12);
    let (mut sites, mut canonical) = (0, 0);
    for transcript in &shipped.transcripts {
        let coding = coding_sequence(&shipped, transcript);
        let name = transcript.accession;
        assert_eq!(coding.len() % 3, 0, "{name}");
        let codons: Vec<&[u8]> = coding.chunks(3).collect();
        let is_stop = |c: &&[u8]| matches!(*c, b"TAA" | b"TAG" | b"TGA");
        assert_eq!(codons[0], b"ATG", "{name}");
        assert_eq!(codons.iter().position(is_stop), Some(codons.len() - 1), "{name}");
        for pair in transcript.exons.windows(2) {
            let intron = (pair[0].1, pair[1].0);
            let (mut left, mut right) = (
                bases(&shipped, transcript.contig, intron.0, intron.0 + 2),
                bases(&shipped, transcript.contig, intron.1 - 2, intron.1),
            );
            if transcript.strand == Strand::Reverse {
                (left, right) = (
                    sequence::reverse_complement(&right),
                    sequence::reverse_complement(&left),
                );
            }
            sites += 1;
            canonical += u32::from(left == b"GT" && right == b"AG");
        }
    }
    assert!(f64::from(canonical) > 0.97 * f64::from(sites), "{canonical} of {sites}");
}

#[test]
fn the_gff3_says_what_is_shipped() {
    let (_, files) = built();
    let shipped = Shipped::read().unwrap();
    let text = lines(&files.transcripts);
    let count = |kind: &str| text.iter().filter(|l| l.split('\t').nth(2) == Some(kind)).count();
    assert_eq!(count("gene"), 15);
    assert_eq!(count("mRNA"), shipped.transcripts.len());
    assert_eq!(
        count("exon"),
        shipped.transcripts.iter().map(|t| t.exons.len()).sum::<usize>()
    );
    assert_eq!(
        count("CDS"),
        shipped.transcripts.iter().map(|t| t.coding().len()).sum::<usize>()
    );
    // Phases: the phase of a part and the length of those before make whole codons.
    for transcript in &shipped.transcripts {
        let parent = format!("Parent=rna-{};", transcript.accession);
        let mut before = 0_u32;
        for line in text.iter().filter(|l| l.contains("\tCDS\t") && l.contains(&parent)) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!((before + fields[7].parse::<u32>().unwrap()) % 3, 0, "{line}");
            before += fields[4].parse::<u32>().unwrap() - fields[3].parse::<u32>().unwrap() + 1;
        }
        assert_eq!(before as usize, coding_sequence(&shipped, transcript).len());
    }
    assert!(
        text.iter()
            .any(|l| l.contains("HGNC:HGNC:1100") && l.contains("gene=BRCA1"))
    );
    assert!(
        !text.iter().any(|l| l.contains("MANE")),
        "the versions of 2015 are not MANE"
    );
}

#[test]
fn the_truth_is_sorted_normalised_and_agrees_with_the_reference() {
    let (_, files) = built();
    let reference = Reference::open(&files.reference).unwrap();
    let shipped = Shipped::read().unwrap();
    let order = |key: &VariantKey| (reference.contigs().index_of(&key.contig).unwrap(), key.position);
    for rows in [
        shipped.patient.iter().map(|a| &a.key).collect::<Vec<_>>(),
        shipped.clinvar.iter().map(|r| &r.key).collect(),
        shipped.frequencies.iter().map(|r| &r.key).collect(),
    ] {
        assert!(rows.windows(2).all(|w| order(w[0]) <= order(w[1])));
        for key in rows {
            let (start, end) = key.span();
            assert_eq!(
                reference.fetch(&key.contig, start, end).unwrap(),
                key.reference.as_bytes(),
                "{key}"
            );
            assert_eq!(normalise::normalise(key, &reference).unwrap(), *key);
        }
    }
    assert_eq!(
        lines(&files.truth).iter().filter(|l| !l.starts_with('#')).count(),
        shipped.patient.len()
    );
    // The special alleles are few; at least 25 others are ordinary: both zygosities, SNVs and indels.
    let of = |p: &dyn Fn(&crate::simulate::PhasedAllele) -> bool| shipped.patient.iter().filter(|a| p(a)).count();
    assert!(shipped.patient.len() >= 25 + 6);
    assert!(of(&|a| a.carried == [true, true]) >= 5);
    assert!(of(&|a| a.key.is_indel()) >= 10);
}

#[test]
fn expected_alleles_are_the_patients_and_their_names_fit_the_transcripts() {
    let (_, files) = built();
    let shipped = Shipped::read().unwrap();
    let rows: Vec<Vec<String>> = lines(&files.expected)
        .iter()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').map(str::to_owned).collect())
        .collect();
    let consequences: BTreeSet<&str> = rows.iter().map(|r| r[6].as_str()).collect();
    for wanted in [
        "frameshift_variant",
        "missense_variant",
        "stop_gained",
        "splice_acceptor_variant",
        "inframe_deletion",
        "synonymous_variant",
    ] {
        assert!(consequences.contains(wanted), "{wanted}");
    }
    for row in &rows {
        assert_eq!(row.len(), 9, "{row:?}");
        let allele = shipped.patient.iter().find(|a| a.key.to_string() == row[2]).unwrap();
        assert_eq!(row[7] == "homozygous", allele.carried == [true, true]);
        let transcript = shipped.transcripts.iter().find(|t| t.accession == row[1]).unwrap();
        assert_eq!(transcript.gene, row[0]);
        assert!(
            row[4].starts_with(&format!("{}:c.", row[1])) && row[5].starts_with(&format!("{}:p.", transcript.protein))
        );
        let accession = Build::Grch38.accession(&clinotype_genome::ContigKey::of(&allele.key.contig).unwrap());
        assert!(row[3].starts_with(&format!("{}:g.", accession.unwrap())));
        // VCF, g. and c. each say how the stretch reads with the allele: all three must say the same.
        let (stretch, reference) = shipped
            .stretches
            .iter()
            .find(|(i, _)| i.contig == allele.key.contig && i.contains(allele.key.span().0))
            .unwrap();
        let edited = |(start, end): (u32, u32), alternate: &[u8]| {
            let (from, to) = ((start - stretch.start) as usize, (end - stretch.start) as usize);
            [&reference[..from], alternate, &reference[to..]].concat()
        };
        let by_vcf = edited(allele.key.span(), allele.key.alternate.as_bytes());
        let (start, end, alternate) = named(&row[3], |position, _| position - 1);
        assert!(edited((start, end), &alternate) == by_vcf, "{}", row[3]);
        let mut coding: Vec<u32> = transcript.coding().into_iter().flat_map(|(s, e)| s..e).collect();
        let reverse = transcript.strand == Strand::Reverse;
        if reverse {
            coding.reverse();
        }
        let (mut start, mut end, mut alternate) = named(&row[4], |position, offset| {
            let at = coding[position as usize - 1];
            if reverse { at + offset } else { at - offset }
        });
        if reverse {
            (start, end) = (end - 1, start + 1);
            alternate = sequence::reverse_complement(&alternate);
        }
        assert!(edited((start, end), &alternate) == by_vcf, "{}", row[4]);
        if row[5].ends_with("p.?") {
            assert!(
                !transcript.coding().iter().any(|&(s, e)| s < end && start < e),
                "only an intron gives p.?"
            );
            continue;
        }
        // The protein, from the coding sequence with the c. change in it.
        let first = coding
            .iter()
            .position(|&p| p == if reverse { end - 1 } else { start })
            .unwrap();
        let before = coding_sequence(&shipped, transcript);
        let mut after = before.clone();
        let inserted = if reverse {
            sequence::reverse_complement(&alternate)
        } else {
            alternate
        };
        after.splice(first..first + (end - start) as usize, inserted);
        assert_eq!(
            row[5].split("p.").nth(1).unwrap(),
            format!("({})", protein_change(&before, &after)),
            "{row:?}"
        );
    }
}

/// First and after-last base (0-based) and the new bases of `..:g.5del`, `..:c.5_6del`, `..:c.7-2A>G`, on the strand of
/// the name; `place` turns a number and an offset to its left into a 0-based place.
fn named(name: &str, place: impl Fn(u32, u32) -> u32) -> (u32, u32, Vec<u8>) {
    let change = &name[name.find(":g.").or_else(|| name.find(":c.")).unwrap() + 3..];
    let at = |text: &str| {
        let (position, offset) = text.split_once('-').unwrap_or((text, "0"));
        place(position.parse().unwrap(), offset.parse().unwrap())
    };
    if let Some(range) = change.strip_suffix("del") {
        let (first, last) = range.split_once('_').unwrap_or((range, range));
        return (at(first), at(last) + 1, Vec::new());
    }
    let (left, alternate) = change.split_once('>').unwrap();
    let here = at(&left[..left.len() - 1]);
    (here, here + 1, alternate.bytes().collect())
}

/// Three-letter amino acids of a coding sequence (NCBI translation table 1).
fn translate(coding: &[u8]) -> Vec<&'static str> {
    const ACIDS: &[u8; 64] = b"KNKNTTTTRSRSIIMIQHQHPPPPRRRRLLLLEDEDAAAAGGGGVVVV*Y*YSSSS*CWCLFLF";
    const NAMES: &str = "AAla RArg NAsn DAsp CCys QGln EGlu GGly HHis IIle LLeu KLys MMet FPhe PPro SSer TThr WTrp YTyr \
                         VVal *Ter";
    let code = |base: u8| b"ACGT".iter().position(|&b| b == base).unwrap();
    coding
        .chunks_exact(3)
        .map(|c| {
            let letter = char::from(ACIDS[code(c[0]) * 16 + code(c[1]) * 4 + code(c[2])]);
            &NAMES.split_whitespace().find(|n| n.starts_with(letter)).unwrap()[1..]
        })
        .collect()
}

/// The change of protein that two coding sequences of one transcript show, as HGVS writes it, for the few kinds here.
fn protein_change(before: &[u8], after: &[u8]) -> String {
    let (old, new) = (translate(before), translate(after));
    let Some(first) = (0..new.len()).find(|&i| old[i] != new[i]) else {
        let codon = (0..before.len()).find(|&i| before[i] != after[i]).unwrap() / 3;
        return format!("{}{}=", old[codon], codon + 1);
    };
    let place = format!("{}{}", old[first], first + 1);
    match before.len() - after.len() {
        0 => format!("{place}{}", new[first]),
        lost if lost % 3 != 0 => {
            let stop = new[first..].iter().position(|a| *a == "Ter").unwrap();
            format!("{place}{}fsTer{}", new[first], stop + 1)
        }
        3 => {
            // The last of equal residues is named.
            let last = (first..old.len())
                .rev()
                .find(|&i| [&old[..i], &old[i + 1..]].concat() == new)
                .unwrap();
            format!("{}{}del", old[last], last + 1)
        }
        other => panic!("a loss of {other} bases is not among the kinds here"),
    }
}

#[test]
fn every_allele_lies_in_reads_and_targets_are_shipped_whole() {
    let shipped = Shipped::read().unwrap();
    let targets = files::target_intervals(&shipped).unwrap();
    assert!(targets.len() > 200);
    for target in &targets {
        assert!(
            shipped
                .stretches
                .iter()
                .any(|(i, _)| i.contig == target.contig && i.start + 400 <= target.start && target.end + 400 <= i.end),
            "{target} has no room for a fragment beside it"
        );
    }
}

#[test]
fn frequencies_prove_coverage_and_leave_one_special_allele_out() {
    let (_, files) = built();
    let text = lines(&files.frequencies);
    assert!(text.iter().any(|l| l.starts_with("##source=SYNTHETIC")));
    let shipped = Shipped::read().unwrap();
    for row in &shipped.frequencies {
        let number = |c: &str| row.get(c).unwrap().parse::<f64>().unwrap();
        assert!(
            number("AC") <= number("AN") && number("nhomalt") * 2.0 <= number("AC"),
            "{}",
            row.key
        );
        assert!((number("AF") - number("AC") / number("AN")).abs() < 1e-6);
        assert!(number("faf95_max") <= number("AC_grpmax") / number("AN_grpmax").max(1.0) + 1e-9);
    }
    let absent: Vec<String> = shipped
        .patient
        .iter()
        .filter(|a| !shipped.frequencies.iter().any(|r| r.key == a.key))
        .map(|a| a.key.to_string())
        .collect();
    assert_eq!(absent, ["chr19-11116928-G-A"]);
    let unseen = |key: &str| {
        let row = shipped.frequencies.iter().find(|r| r.key.to_string() == key).unwrap();
        row.get("AC") == Some("0") && row.get("AN").unwrap().parse::<u32>().unwrap() >= 2000
    };
    assert!(unseen("chr17-58709857-A-G") && unseen("chr13-32333171-GCCA-G"));
}

#[test]
fn clinvar_has_its_date_and_the_patients_pathogenic_alleles() {
    let (_, files) = built();
    let text = lines(&files.clinvar);
    assert!(text.iter().any(|l| l == "##fileDate=2026-02-26") && text.iter().any(|l| l == "##source=ClinVar"));
    for start in ["17\t43124027\t17662\tACT\tA\t", "19\t11116928\t161271\tG\tA\t"] {
        let line = text.iter().find(|l| l.starts_with(start)).unwrap();
        assert!(line.contains("CLNSIG=Pathogenic") && line.contains("CLNREVSTAT=reviewed_by_expert_panel"));
    }
    let records = text.iter().filter(|l| !l.starts_with('#')).count();
    assert!((36..100).contains(&records), "{records}");
}

#[test]
fn the_order_is_an_order_and_says_that_it_is_synthetic() {
    let (_, files) = built();
    let order = Order::from_json(&fs::read_to_string(&files.order).unwrap()).unwrap();
    assert_eq!(order.specimen.id, SAMPLE);
    assert_eq!(order.patient.name.family, "Synthetic");
    assert!(order.laboratory.name.contains("synthetic") && order.policy.list_vus);
    assert_eq!(order.consent.secondary_findings, Some(false));
    let shipped = Shipped::read().unwrap();
    let genes: BTreeSet<&str> = shipped.transcripts.iter().map(|t| t.gene).collect();
    assert_eq!(order.genes.iter().map(String::as_str).collect::<BTreeSet<_>>(), genes);
}

/// Each allele that matters is read often enough to be called, at about half of the reads.
#[test]
fn the_reads_carry_the_special_alleles() {
    let (_, files) = built();
    let reference = Reference::open(&files.reference).unwrap();
    let shipped = Shipped::read().unwrap();
    let donor = Donor::new(&reference, &shipped.intervals(), &shipped.patient).unwrap();
    let reads: Vec<String> = [&files.r1, &files.r2]
        .into_iter()
        .flat_map(|path| lines(path).into_iter().skip(1).step_by(4))
        .collect();
    assert!((50_000..800_000).contains(&reads.len()), "{}", reads.len());
    for row in lines(&files.expected).iter().filter(|l| !l.starts_with('#')) {
        let name = row.split('\t').nth(2).unwrap();
        let allele = shipped.patient.iter().find(|a| a.key.to_string() == name).unwrap();
        let (start, end) = allele.key.span();
        let interval = shipped
            .intervals()
            .into_iter()
            .find(|i| i.contig == allele.key.contig && i.contains(start))
            .unwrap();
        // Words of the reference and of the allele around the place. No other allele lies within 20 bases of these.
        let around = |from, to| reference.fetch(&interval.contig, from, to).unwrap();
        let word = |middle: &str| [around(start - 14, start), middle.into(), around(end, end + 14)].concat();
        let [plain, changed] = [&allele.key.reference, &allele.key.alternate].map(|m| word(m));
        let carrier = usize::from(allele.carried[1]);
        let held = donor.haplotype(&interval, carrier).unwrap();
        assert!(held.windows(changed.len()).any(|w| w == changed), "{name}");
        let count = |word: &[u8]| {
            let turned = String::from_utf8(sequence::reverse_complement(word)).unwrap();
            let word = std::str::from_utf8(word).unwrap();
            reads.iter().filter(|r| r.contains(word) || r.contains(&turned)).count()
        };
        let (reference, alternate) = (count(&plain), count(&changed));
        assert!(alternate >= 8 && reference >= 8, "{name}: {reference}, {alternate}");
        let share = alternate as f64 / (reference + alternate) as f64;
        assert!((0.25..0.75).contains(&share), "{name}: {share}");
    }
}
