//! Made-up variants with the shape of a genome's: positions ascending, long stretches of one gene, mostly common and
//! intronic, few of anything interesting. Nothing in them is a clinical fact.

use clinotype_case::evidence::{Mane, Zygosity};
use clinotype_genome::{Fault, Pos, VariantKey};
use clinotype_store::{Clinvar, ClinvarBucket, Effect, FrequencyState, Quality, Region, VariantRow};

/// A small generator of numbers; the same seed gives the same genome.
#[derive(Clone, Copy)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    /// The place of a throw in weights.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut throw = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if throw < *weight {
                return place;
            }
            throw -= weight;
        }
        0
    }
}

const TERMS: [(&str, Effect, u64); 20] = [
    ("intron_variant", Effect::Modifier, 500_000),
    ("upstream_gene_variant", Effect::Modifier, 60_000),
    ("downstream_gene_variant", Effect::Modifier, 60_000),
    ("non_coding_transcript_exon_variant", Effect::Modifier, 12_000),
    ("3_prime_UTR_variant", Effect::Modifier, 9_000),
    ("5_prime_UTR_variant", Effect::Modifier, 2_500),
    ("synonymous_variant", Effect::Low, 2_600),
    ("missense_variant", Effect::Moderate, 2_500),
    ("splice_region_variant", Effect::Low, 700),
    ("splice_polypyrimidine_tract_variant", Effect::Low, 900),
    ("splice_donor_region_variant", Effect::Low, 90),
    ("inframe_deletion", Effect::Moderate, 60),
    ("inframe_insertion", Effect::Moderate, 50),
    ("frameshift_variant", Effect::High, 60),
    ("stop_gained", Effect::High, 30),
    ("splice_donor_variant", Effect::High, 20),
    ("splice_acceptor_variant", Effect::High, 18),
    ("start_lost", Effect::High, 8),
    ("stop_lost", Effect::High, 6),
    ("protein_altering_variant", Effect::Moderate, 3),
];

fn frequency(dice: &mut Dice) -> FrequencyState {
    let unit = dice.below(1_000_000) as f64 / 1e6;
    match dice.weighted(&[30, 25, 6, 8, 14, 40, 60, 700]) {
        0 => FrequencyState::NotEvaluated,
        1 => FrequencyState::Absent,
        2 => FrequencyState::Found(unit * 1e-5),
        3 => FrequencyState::Found(1e-5 + unit * 9e-5),
        4 => FrequencyState::Found(1e-4 + unit * 9e-4),
        5 => FrequencyState::Found(1e-3 + unit * 9e-3),
        6 => FrequencyState::Found(0.01 + unit * 0.04),
        _ => FrequencyState::Found(0.05 + unit * 0.95),
    }
}

fn clinvar(dice: &mut Dice, coding: bool) -> Clinvar {
    let weights: [u64; 6] = if coding {
        [4_000, 4, 20, 60, 900, 5]
    } else {
        [40_000, 1, 4, 30, 600, 4]
    };
    let (bucket, words) = [
        (ClinvarBucket::None, None),
        (ClinvarBucket::Pathogenic, Some("Pathogenic")),
        (
            ClinvarBucket::Conflicting,
            Some("Conflicting classifications of pathogenicity"),
        ),
        (ClinvarBucket::Uncertain, Some("Uncertain significance")),
        (ClinvarBucket::Benign, Some("Benign")),
        (ClinvarBucket::Other, Some("drug response")),
    ][dice.weighted(&weights)];
    Clinvar {
        bucket,
        significance: words.map(str::to_owned),
        stars: words.map(|_| dice.below(4) as u8),
        variation_id: words.map(|_| 1_000 + dice.below(3_000_000)),
    }
}

/// `count` rows.
pub fn rows(count: u64, seed: u64) -> impl Iterator<Item = Result<VariantRow, Fault>> {
    let mut dice = Dice(seed);
    let step = (3_100_000_000 / count.max(1)).max(2);
    let mut at = 0u64;
    (0..count).map(move |_| {
        at += 1 + dice.below(2 * step - 1);
        let (contig, position) = (at / 135_000_000 % 24, at % 135_000_000);
        // 20,000 genes in stretches; half of the genome lies in none.
        let place = at / 77_500;
        let gene = place.is_multiple_of(2).then_some(place / 2);
        let ordered = gene.is_some_and(|g| g % 170 == 3);
        let (term, effect) = if gene.is_none() {
            ("intergenic_variant", Effect::Modifier)
        } else {
            let throw = dice.weighted(&TERMS.map(|t| t.2));
            (TERMS[throw].0, TERMS[throw].1)
        };
        let bases = ["A", "C", "G", "T"];
        let base = dice.below(4) as usize;
        let other = bases[(base + 1 + dice.below(3) as usize) % 4];
        let (reference, alternate) = match dice.weighted(&[85, 7, 7, 1]) {
            0 => (bases[base].to_owned(), other.to_owned()),
            1 => (
                bases[base].to_owned(),
                format!("{}{}", bases[base], "TA".repeat(1 + dice.below(4) as usize)),
            ),
            2 => (
                format!("{}{}", bases[base], "CAG".repeat(1 + dice.below(3) as usize)),
                bases[base].to_owned(),
            ),
            _ => ("ACG".to_owned(), "TTT".to_owned()),
        };
        let depth = 12 + dice.below(50) as u32;
        let coding = matches!(effect, Effect::High | Effect::Moderate | Effect::Low);
        let zygosity = [
            Zygosity::Heterozygous,
            Zygosity::Homozygous,
            Zygosity::Hemizygous,
            Zygosity::NotCalled,
        ][dice.weighted(&[620, 350, 25, 5])];
        let quality = [
            Quality::Pass,
            Quality::CallerFilter,
            Quality::LowQuality,
            Quality::LowGenotypeQuality,
            Quality::LowDepth,
        ][dice.weighted(&[920, 40, 15, 15, 10])];
        Ok(VariantRow {
            key: VariantKey::new(
                format!("chr{}", contig + 1),
                Pos::from_zero_based(position as u32),
                &reference,
                &alternate,
            ),
            zygosity,
            genotype: match zygosity {
                Zygosity::Heterozygous => "0/1",
                Zygosity::Homozygous => "1/1",
                Zygosity::Hemizygous => "1",
                _ => "./.",
            }
            .to_owned(),
            quality,
            filters: if quality == Quality::CallerFilter {
                vec!["strand".to_owned()]
            } else {
                Vec::new()
            },
            qual: Some(dice.below(20_000) as f32 / 10.0),
            depth: Some(depth),
            alternate_depth: Some(depth / 2),
            genotype_quality: Some(dice.below(100) as u32),
            gene: gene.map(|g| format!("GENE{g}")),
            transcript: gene.map(|g| format!("NM_{:06}.{}", g, 1 + g % 5)),
            hgvs_c: gene.map(|_| format!("c.{}+{}{reference}>{alternate}", dice.below(6000), dice.below(40_000))),
            hgvs_p: (effect == Effect::Moderate || effect == Effect::High)
                .then(|| format!("p.(Arg{}Gly)", dice.below(2000))),
            term: Some(term.to_owned()),
            effect,
            mane: if gene.is_some() { Mane::Select } else { Mane::None },
            clinvar: clinvar(&mut dice, coding),
            frequency: frequency(&mut dice),
            region: match gene {
                None => Region::NoGene,
                Some(_) if ordered => Region::OrderedGenes,
                Some(_) => Region::OtherGenes,
            },
            finding: None,
        })
    })
}
