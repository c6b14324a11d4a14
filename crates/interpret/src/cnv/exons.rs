//! PVS1 of exons that are lost or doubled inside one gene (Abou Tayoun 2018, figure 1, branches C and D).

use clinotype_case::criterion::Strength;

use super::Gene;

/// How the second copy of exons lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tandem {
    /// Shown to lie beside the first in the gene.
    Proven,
    /// Not shown; most duplications lie so.
    Presumed,
    /// Elsewhere.
    No,
}

/// What the change of copy does to the gene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExonChange {
    /// Branch of the tree.
    pub rule: &'static str,
    /// Strength of PVS1; `None`: not applicable.
    pub strength: Option<Strength>,
    /// One sentence.
    pub sentence: String,
}

/// PVS1 of the coding exons (1-based numbers of the transcript) that are lost, or doubled with `doubled`. That loss of
/// function is the gene's mechanism is the caller's to know.
pub fn exon_change(gene: &Gene, exons: &[u32], doubled: Option<Tandem>) -> ExonChange {
    let made = |rule, strength, sentence: String| ExonChange {
        rule,
        strength,
        sentence,
    };
    let length = |&(_, start, end): &(u32, u32, u32)| end - start;
    let total: u32 = gene.coding.iter().map(length).sum();
    let inside: Vec<usize> = (0..gene.coding.len())
        .filter(|&i| exons.contains(&gene.coding[i].0))
        .collect();
    let (Some(&first), Some(&last)) = (inside.first(), inside.last()) else {
        return made("none", None, "No coding exon is touched.".to_owned());
    };
    let bases: u32 = inside.iter().map(|&i| length(&gene.coding[i])).sum();
    let behind = gene.coding.len() - 1 - last;
    let named = format!(
        "exon{} {} ({bases} of {total} coding bases)",
        if inside.len() == 1 { "" } else { "s" },
        if first == last {
            gene.coding[first].0.to_string()
        } else {
            format!("{} to {}", gene.coding[first].0, gene.coding[last].0)
        }
    );
    let frame_lost = !bases.is_multiple_of(3);
    if let Some(tandem) = doubled {
        // A copy with the transcript's first or last coding exon leaves one whole copy beside it.
        let within = first > 0 && behind > 0;
        return match tandem {
            _ if !within || !frame_lost => made(
                "D-none",
                None,
                format!("A second copy of {named} is not known to disturb the reading frame."),
            ),
            Tandem::No => made("D-none", None, format!("The second copy of {named} lies elsewhere.")),
            Tandem::Proven => made(
                "D1",
                Some(Strength::VeryStrong),
                format!("A second copy of {named} beside the first shifts the reading frame."),
            ),
            Tandem::Presumed => made(
                "D2",
                Some(Strength::Strong),
                format!("A second copy of {named}, presumed beside the first, would shift the reading frame."),
            ),
        };
    }
    if inside.len() == gene.coding.len() {
        return made(
            "C-whole",
            Some(Strength::VeryStrong),
            "Every coding exon is lost.".to_owned(),
        );
    }
    let share = f64::from(bases) / f64::from(total.max(1));
    // Without the start codon nothing can be said of the frame; without the last exon nothing follows that decays.
    let decays = frame_lost && first > 0 && behind >= 2;
    if decays {
        return made(
            "C1",
            Some(Strength::VeryStrong),
            format!("The loss of {named} shifts the frame; nonsense-mediated decay is expected."),
        );
    }
    let (rule, strength) = if share > 0.10 {
        ("C-large", Strength::Strong)
    } else {
        ("C-small", Strength::Moderate)
    };
    made(
        rule,
        Some(strength),
        format!(
            "The loss of {named} {}; its role was not evaluated.",
            if frame_lost {
                "shifts the frame without sure decay"
            } else {
                "keeps the frame"
            }
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coding exons 2 to 6 of 100, 99, 100, 200 and 101 bases.
    fn gene() -> Gene {
        let lengths = [100, 99, 100, 200, 101];
        Gene {
            symbol: "G".to_owned(),
            transcript: "NM_1.1".to_owned(),
            contig: "chr1".to_owned(),
            start: 0,
            end: 10_000,
            forward: true,
            coding: lengths
                .iter()
                .zip(2_u32..)
                .map(|(length, number)| (number, number * 1_000, number * 1_000 + length))
                .collect(),
        }
    }

    #[test]
    fn exons_lost_or_doubled() {
        let vs = Some(Strength::VeryStrong);
        for (exons, doubled, rule, strength) in [
            (&[2_u32, 3, 4, 5, 6][..], None, "C-whole", vs),
            (&[4], None, "C1", vs),
            (&[3], None, "C-large", Some(Strength::Strong)),
            (&[5], None, "C-large", Some(Strength::Strong)),
            (&[6], None, "C-large", Some(Strength::Strong)),
            (&[2], None, "C-large", Some(Strength::Strong)),
            (&[1], None, "none", None),
            (&[4], Some(Tandem::Proven), "D1", vs),
            (&[4], Some(Tandem::Presumed), "D2", Some(Strength::Strong)),
            (&[4], Some(Tandem::No), "D-none", None),
            (&[3], Some(Tandem::Proven), "D-none", None),
            (&[2, 3], Some(Tandem::Proven), "D-none", None),
            (&[6], Some(Tandem::Proven), "D-none", None),
        ] {
            let made = exon_change(&gene(), exons, doubled);
            assert_eq!(
                (made.rule, made.strength),
                (rule, strength),
                "{exons:?} {doubled:?}: {}",
                made.sentence
            );
        }
    }
}
