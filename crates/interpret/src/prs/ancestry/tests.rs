use clinotype_case::prs::{ReferencePerson, ReferenceScore, ReferenceSite};
use clinotype_genome::Build;

use super::*;
use crate::prs::Call;

/// A fixed sequence of numbers between 0 and 1.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
    /// Near normal: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.roll()).sum::<f64>() - 6.0
    }
}

/// Two populations apart on the first component; the sum depends on it in mean and variance.
fn panel() -> ReferencePanel {
    let mut dice = Dice(7);
    let sites: Vec<ReferenceSite> = (0..40)
        .map(|n| ReferenceSite {
            chr: "1".to_owned(),
            pos: 100 + n,
            allele: "G".to_owned(),
            other: "A".to_owned(),
            frequency: 0.1 + 0.8 * dice.roll(),
            loadings: vec![dice.normal() / 6.0, dice.normal() / 6.0],
        })
        .collect();
    let (mut people, mut sums) = (Vec::new(), Vec::new());
    for number in 0..400 {
        let first = number % 2 == 0;
        let shift = if first { -3.0 } else { 3.0 };
        let components = vec![shift + dice.normal(), dice.normal()];
        let spread = (0.2 * components[0]).exp();
        sums.push(5.0 + 0.7 * components[0] + spread * dice.normal());
        people.push(ReferencePerson {
            population: if first { "P1" } else { "P2" }.to_owned(),
            components,
        });
    }
    ReferencePanel {
        schema: SCHEMA.to_owned(),
        name: "made up".to_owned(),
        build: Build::Grch38,
        sites,
        people,
        scores: [(
            "S".to_owned(),
            ReferenceScore {
                rows: (1..=10).collect(),
                sums,
            },
        )]
        .into(),
    }
}

/// Genotypes whose least-squares components are those asked for: dosages may be any number here.
fn genotypes(panel: &Panel, components: &[f64], leave_out: usize) -> Projection {
    let mut projections = [panel.projection()];
    for (number, site) in panel.reference.sites.iter().enumerate().skip(leave_out) {
        let f = site.frequency;
        let dosage = 2.0 * f + dot(&site.loadings, components) * (2.0 * f * (1.0 - f)).sqrt();
        projections[0].dosages[number] = Some(dosage);
    }
    let [projection] = projections;
    projection
}

#[test]
fn a_sample_is_placed_and_compared() {
    let panel = Panel::new(panel()).unwrap();
    let rows: Vec<u32> = (1..=10).collect();
    // With and without an eighth of the sites the components are the same.
    for leave_out in [0, 5] {
        let standing = panel.standing(&genotypes(&panel, &[-3.1, 0.2], leave_out), Some("S"), Some(2.9), &rows);
        assert_eq!(standing.refused, None);
        assert_eq!(standing.population.as_deref(), Some("P1"));
        assert!((standing.components[0] + 3.1).abs() < 1e-9 && (standing.components[1] - 0.2).abs() < 1e-9);
        // The mean at -3.1 is 2.83, the deviation 0.54: near the middle by either measure.
        assert!(standing.z_norm2.unwrap().abs() < 0.4, "{standing:?}");
        assert!((standing.percentile.unwrap() - 50.0).abs() < 15.0);
        assert!((standing.percentile_norm2.unwrap() - 50.0).abs() < 15.0);
    }
    // Two of a deviation of 0.54 above the mean: the mean-only adjustment, which knows one deviation, misses it.
    let high = panel.standing(&genotypes(&panel, &[-3.1, 0.2], 0), Some("S"), Some(2.83 + 1.08), &rows);
    assert!((high.z_norm2.unwrap() - 2.0).abs() < 0.35, "{high:?}");
    assert!(high.z_norm1.unwrap() < 1.3);
}

#[test]
fn the_fit_is_the_maximum_of_the_likelihood() {
    let panel = Panel::new(panel()).unwrap();
    let sums = &panel.reference.scores["S"].sums;
    let x: Vec<Vec<f64>> = panel
        .reference
        .people
        .iter()
        .map(|p| with_intercept(&panel.standardised(&p.components)))
        .collect();
    let fit = Fit::new(&x, sums).unwrap();
    // Both gradients of the likelihood are zero there.
    for k in 0..3 {
        let (mut mean, mut variance) = (0.0, 0.0);
        for (x, y) in x.iter().zip(sums) {
            let z = fit.z_norm2(x, *y);
            mean += x[k] * z / (dot(x, &fit.log_variance).exp()).sqrt();
            variance += x[k] * (z * z - 1.0);
        }
        assert!(mean.abs() < 1e-6 && variance.abs() < 1e-6, "{k}: {mean} {variance}");
    }
    // Standardised by it the reference has mean 0 and variance 1.
    let z: Vec<f64> = x.iter().zip(sums).map(|(x, y)| fit.z_norm2(x, *y)).collect();
    let (mean, deviation) = moments(&z);
    assert!(
        mean.abs() < 0.05 && (deviation - 1.0).abs() < 0.01,
        "{mean} {deviation}"
    );
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let panel = Panel::new(panel()).unwrap();
    let rows: Vec<u32> = (1..=10).collect();
    let near = [-3.0, 0.0];
    for (components, leave_out, score, sum, rows, words) in [
        (near, 10, "S", Some(1.0), &rows[..], "30 of 40 sites"),
        (
            [0.0, 12.0],
            0,
            "S",
            Some(1.0),
            &rows[..],
            "none of the reference's populations",
        ),
        (near, 0, "S", None, &rows[..], "no sum"),
        (near, 0, "T", Some(1.0), &rows[..], "no sums of this score"),
        (near, 0, "S", Some(1.0), &rows[..9], "they share 9"),
    ] {
        let standing = panel.standing(&genotypes(&panel, &components, leave_out), Some(score), sum, rows);
        let refused = standing.refused.unwrap();
        assert!(refused.contains(words), "{refused}");
        assert_eq!((standing.percentile, standing.z_norm2), (None, None), "{words}");
    }
    let mut few = panel.reference.clone();
    few.people.truncate(60);
    few.scores.get_mut("S").unwrap().sums.truncate(60);
    let few = Panel::new(few).unwrap();
    let refused = few
        .standing(&genotypes(&few, &near, 0), Some("S"), Some(1.0), &rows)
        .refused
        .unwrap();
    assert!(refused.contains("30 people"), "{refused}");
}

#[test]
fn a_broken_reference_is_a_fault() {
    type Break = fn(&mut ReferencePanel);
    let breaks: [(Break, &str); 6] = [
        (|p| p.schema = "x".to_owned(), "schema"),
        (|p| p.people.clear(), "no people"),
        (|p| p.sites[3].loadings.clear(), "numbers of components differ"),
        (|p| p.sites[3].frequency = 1.0, "frequency"),
        (|p| p.sites[3].chr = "scaffold".to_owned(), "outside the chromosomes"),
        (
            |p| p.scores.get_mut("S").unwrap().sums.truncate(3),
            "one for each person",
        ),
    ];
    for (broken, words) in breaks {
        let mut reference = panel();
        broken(&mut reference);
        let fault = Panel::new(reference).unwrap_err();
        assert!(fault.what().contains(words), "{fault}");
    }
}

#[test]
fn sites_are_read_by_their_alleles() {
    let panel = Panel::new(panel()).unwrap();
    let site = |reference: &str, alternates: &[&str]| Site {
        contig: 1,
        position: 100,
        reference: reference.to_owned(),
        alternates: alternates.iter().map(|a| (*a).to_owned()).collect(),
        filtered: false,
        calls: vec![Call {
            alleles: [0, 0],
            ..Call::REFERENCE
        }],
    };
    for (reference, alternates, expected) in [
        ("A", &["G"][..], Some(0.0)),
        ("G", &["A"], Some(2.0)),
        ("A", &[], Some(0.0)),
        ("G", &[], Some(2.0)),
        ("A", &["C"], None),
        ("A", &["G", "C"], None),
    ] {
        let mut projections = [panel.projection()];
        panel.add(&mut projections, &site(reference, alternates));
        assert_eq!(projections[0].dosages[0], expected, "{reference} {alternates:?}");
    }
}
