//! LOINC answer codes (lists named in the guide; codes as in its examples or as expanded by LOINC 2.82).

use clinotype_case::{criterion::Class, evidence::Zygosity, finding::Outcome};
use clinotype_genome::{Build, ContigKey};

/// A code and LOINC's word for it.
pub(crate) type Answer = (&'static str, &'static str);

/// LL5323-2: both ends of a range are numbered bases, the first base is 1.
pub(crate) const ONE_BASED: Answer = ("LA30102-0", "1-based character counting");
/// LL378-1.
pub(crate) const GERMLINE: Answer = ("LA6683-2", "Germline");
/// LL378-1.
pub(crate) const UNKNOWN_ORIGIN: Answer = ("LA18197-6", "Unknown genomic origin");
/// LL4048-6.
pub(crate) const SEQUENCING: Answer = ("LA26398-0", "Sequencing");
/// LL4050-2.
pub(crate) const DIRECTLY_MEASURED: Answer = ("LA26426-9", "Directly measured");

/// LL1971-2: whether the sample has the allele.
pub(crate) const fn presence(zygosity: Zygosity) -> Answer {
    match zygosity {
        Zygosity::Absent => ("LA9634-2", "Absent"),
        Zygosity::NotCalled => ("LA18198-4", "No call"),
        _ => ("LA9633-4", "Present"),
    }
}

/// LL381-5; none where the genotype is not called or the allele is absent.
pub(crate) const fn allelic_state(zygosity: Zygosity) -> Option<Answer> {
    match zygosity {
        Zygosity::Heterozygous => Some(("LA6706-1", "Heterozygous")),
        Zygosity::Homozygous => Some(("LA6705-3", "Homozygous")),
        Zygosity::Hemizygous => Some(("LA6707-9", "Hemizygous")),
        Zygosity::Homoplasmic => Some(("LA6704-6", "Homoplasmic")),
        Zygosity::Heteroplasmic => Some(("LA6703-8", "Heteroplasmic")),
        Zygosity::Absent | Zygosity::NotCalled => None,
    }
}

/// LL4034-6.
pub(crate) const fn significance(class: Class) -> Answer {
    match class {
        Class::Pathogenic => ("LA6668-3", "Pathogenic"),
        Class::LikelyPathogenic => ("LA26332-9", "Likely pathogenic"),
        Class::Uncertain => ("LA26333-7", "Uncertain significance"),
        Class::LikelyBenign => ("LA26334-5", "Likely benign"),
        Class::Benign => ("LA6675-8", "Benign"),
    }
}

/// LL541-4, overall interpretation. It has no answer for a carrier or for uncertain findings alone: words only.
pub(crate) const fn overall(outcome: Outcome) -> Option<Answer> {
    match outcome {
        Outcome::Positive => Some(("LA6576-8", "Positive")),
        Outcome::Negative => Some(("LA6577-6", "Negative")),
        Outcome::Inconclusive => Some(("LA9663-1", "Inconclusive")),
        Outcome::Carrier | Outcome::Uncertain => None,
    }
}

/// LL1040-6.
pub(crate) const fn assembly(build: Build) -> Answer {
    match build {
        Build::Grch37 => ("LA14029-5", "GRCh37"),
        Build::Grch38 => ("LA26806-2", "GRCh38"),
    }
}

/// LL2938-0: chromosomes 1 to 22, X and Y. The mitochondrion has no answer, and the binding is required: none.
pub(crate) fn chromosome(contig: &ContigKey) -> Option<(String, String)> {
    // LOINC numbered them in a row, from LA21254-0 for chromosome 1; the digit after the hyphen is its check digit.
    const CHECK: [u8; 24] = [0, 7, 5, 3, 1, 9, 7, 5, 3, 1, 9, 6, 4, 2, 0, 8, 6, 4, 2, 0, 8, 5, 3, 1];
    let name = contig.as_str();
    let index: usize = match name {
        "X" => 22,
        "Y" => 23,
        number => number.parse::<usize>().ok().filter(|n| (1..=22).contains(n))? - 1,
    };
    Some((
        format!("LA{}-{}", 21254 + index, CHECK[index]),
        format!("Chromosome {name}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromosomes_as_loinc_lists_them() {
        for (contig, code) in [
            ("1", "LA21254-0"),
            ("chr2", "LA21255-7"),
            ("7", "LA21260-7"),
            ("10", "LA21263-1"),
            ("chr11", "LA21264-9"),
            ("12", "LA21265-6"),
            ("13", "LA21266-4"),
            ("17", "LA21270-6"),
            ("19", "LA21272-2"),
            ("20", "LA21273-0"),
            ("21", "LA21274-8"),
            ("22", "LA21275-5"),
            ("chrX", "LA21276-3"),
            ("Y", "LA21277-1"),
        ] {
            assert_eq!(chromosome(&ContigKey::of(contig).unwrap()).unwrap().0, code, "{contig}");
        }
        assert_eq!(chromosome(&ContigKey::of("chrM").unwrap()), None);
    }
}
