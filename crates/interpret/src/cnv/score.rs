//! Sections 1 to 3 of Riggs 2020, tables 1 (loss) and 2 (gain).

use clinotype_case::criterion::Strength;
use clinotype_genome::ContigKey;

use super::{Dosage, Event, Gene, Item, Level, Region, Scored, Tandem, class, exon_change, of_pvs1};
use crate::{inheritance::Mode, rules::RULES};

/// Scores an event against the genes of its contig. `dosage`: ClinGen's curations; without them section 2 is evaluated
/// only for changes inside one gene whose mechanism is known.
pub fn score(event: &Event, genes: &[Gene], dosage: Option<&Dosage>) -> Scored {
    let mut touched: Vec<&Gene> = genes
        .iter()
        .filter(|g| same_contig(&g.contig, &event.contig) && event.overlaps(g.start, g.end) && !g.coding.is_empty())
        .collect();
    touched.sort_by(|a, b| (&a.symbol, a.start).cmp(&(&b.symbol, b.start)));
    let mut notes = Vec::new();
    let mut items = vec![content(&touched)];
    items.push(overlap(event, &touched, dosage, &mut notes));
    items.push(gene_count(event.loss, touched.len()));
    notes.push("Sections 4 and 5 (cases, inheritance) were not evaluated: a person adds them.".to_owned());
    let hundredths = items.iter().filter_map(|item| item.hundredths).sum();
    Scored {
        event: event.clone(),
        genes: touched.iter().map(|g| g.symbol.clone()).collect(),
        items,
        hundredths,
        class: class(hundredths),
        notes,
    }
}

fn same_contig(a: &str, b: &str) -> bool {
    match (ContigKey::of(a), ContigKey::of(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

fn item(rule: &str, hundredths: i32, sentence: impl Into<String>) -> Item {
    Item {
        rule: rule.to_owned(),
        hundredths: Some(hundredths),
        sentence: sentence.into(),
    }
}

fn content(touched: &[&Gene]) -> Item {
    if touched.is_empty() {
        item("1B", -60, "No protein-coding gene of the transcripts lies in it.")
    } else {
        item(
            "1A",
            0,
            format!("{} protein-coding gene(s) lie in it at least in part.", touched.len()),
        )
    }
}

fn gene_count(loss: bool, count: usize) -> Item {
    let (some, many) = if loss { (25, 35) } else { (35, 50) };
    let (rule, points) = if count >= many {
        ("3C", 90)
    } else if count >= some {
        ("3B", 45)
    } else {
        ("3A", 0)
    };
    item(rule, points, format!("{count} protein-coding gene(s)."))
}

/// Section 2: the rule with the most points of those that hold; a benign region only where nothing else does.
fn overlap(event: &Event, touched: &[&Gene], dosage: Option<&Dosage>, notes: &mut Vec<String>) -> Item {
    let mut found: Vec<Item> = touched.iter().filter_map(|g| by_gene(event, g, dosage)).collect();
    if let Some(dosage) = dosage {
        found.extend(dosage.regions.iter().filter_map(|r| by_region(event, r)));
    } else {
        notes.push(
            "ClinGen's dosage curations were not given: only genes of the own table were looked up for section 2."
                .to_owned(),
        );
    }
    found.sort_by(|a, b| (b.hundredths, &a.rule, &a.sentence).cmp(&(a.hundredths, &b.rule, &b.sentence)));
    let positive = found.iter().find(|item| item.hundredths > Some(0)).cloned();
    let benign = found.iter().find(|item| item.hundredths < Some(0)).cloned();
    match (positive, benign) {
        (Some(item), Some(_)) => {
            notes.push("An established benign region overlaps too: a person must look at it.".to_owned());
            item
        }
        (Some(item), None) | (None, Some(item)) => item,
        (None, None) => found.into_iter().next().unwrap_or_else(|| {
            if dosage.is_some() {
                item(
                    "2",
                    0,
                    "No gene or region of established dosage sensitivity, and no benign region, overlaps.",
                )
            } else {
                Item {
                    rule: "2".to_owned(),
                    hundredths: None,
                    sentence: "Section 2 was not evaluated: no dosage curations were given.".to_owned(),
                }
            }
        }),
    }
}

/// Whether loss of function is the gene's mechanism, by its panel or our table.
fn loses_function(symbol: &str) -> Option<bool> {
    RULES
        .specifications
        .get(symbol)
        .and_then(|panel| panel.says("pvs1"))
        .or_else(|| RULES.genes.get(symbol)?.loss_of_function)
}

fn is_dominant_by_loss(symbol: &str) -> bool {
    RULES.genes.get(symbol).is_some_and(|facts| {
        facts.loss_of_function == Some(true)
            && facts.validity.as_deref() == Some("Definitive")
            && matches!(Mode::of(Some(facts)), Mode::Dominant)
    })
}

fn by_gene(event: &Event, gene: &Gene, dosage: Option<&Dosage>) -> Option<Item> {
    let levels = dosage.and_then(|d| d.genes.get(&gene.symbol));
    // Without a curation our own gene table answers where it is sure: a dominant disease of Definitive validity by loss
    // of function is haploinsufficiency.
    let by_table = levels.is_none() && is_dominant_by_loss(&gene.symbol);
    let haploinsufficient = by_table || levels.map(|l| l.0) == Some(Level::Sufficient);
    let triplosensitive = levels.map(|l| l.1) == Some(Level::Sufficient);
    let symbol = &gene.symbol;
    let whole = event.contains(gene.start, gene.end);
    let inside = event.start > gene.start && event.end < gene.end;
    if inside {
        let known = haploinsufficient || loses_function(symbol) == Some(true);
        return known.then(|| within(event, gene));
    }
    if event.loss && haploinsufficient {
        return Some(if whole {
            item(
                "2A",
                100,
                format!("{symbol}, established as haploinsufficient, is lost as a whole."),
            )
        } else {
            partial_loss(event, gene)
        });
    }
    if !event.loss && whole && triplosensitive {
        return Some(item(
            "2A",
            100,
            format!("{symbol}, established as triplosensitive, is doubled as a whole."),
        ));
    }
    if !event.loss && haploinsufficient {
        return Some(if whole {
            item("2H", 0, format!("{symbol}, haploinsufficient, is doubled as a whole."))
        } else {
            item(
                "2J",
                0,
                format!("One end of the gain lies in {symbol}; the patient's phenotype decides (2K)."),
            )
        });
    }
    None
}

/// Both ends in one gene: 2E of a loss, 2I of a gain.
fn within(event: &Event, gene: &Gene) -> Item {
    let exons: Vec<u32> = gene
        .coding
        .iter()
        .filter(|(_, start, end)| event.overlaps(*start, *end))
        .map(|(number, ..)| *number)
        .collect();
    let doubled = (!event.loss).then_some(Tandem::Presumed);
    let change = exon_change(gene, &exons, doubled);
    let label = change
        .strength
        .map_or("PVS1 not applicable".to_owned(), |strength| match strength {
            Strength::VeryStrong => "PVS1".to_owned(),
            other => format!("PVS1_{}", other.suffix()),
        });
    item(
        if event.loss { "2E" } else { "2I" },
        of_pvs1(change.strength),
        format!(
            "Inside {}: {} ({label}, {}).",
            gene.symbol,
            change.sentence.trim_end_matches('.'),
            change.rule
        ),
    )
}

/// One end of the loss lies in a haploinsufficient gene.
fn partial_loss(event: &Event, gene: &Gene) -> Item {
    let symbol = &gene.symbol;
    let lost: Vec<usize> = (0..gene.coding.len())
        .filter(|&i| event.overlaps(gene.coding[i].1, gene.coding[i].2))
        .collect();
    let five_prime = if gene.forward {
        event.start <= gene.start
    } else {
        event.end >= gene.end
    };
    match (five_prime, lost.is_empty()) {
        (true, false) => item(
            "2C-1",
            90,
            format!("The 5' end of {symbol} with coding sequence is lost."),
        ),
        (true, true) => item(
            "2C-2",
            0,
            format!("Only the 5' untranslated region of {symbol} is lost."),
        ),
        (false, true) => item(
            "2D-1",
            0,
            format!("Only the 3' untranslated region of {symbol} is lost."),
        ),
        (false, false) if lost == [gene.coding.len() - 1] => item(
            "2D-3",
            30,
            format!(
                "Only the last coding exon of {symbol} is lost; pathogenic variants there (2D-2) were not looked for."
            ),
        ),
        (false, false) => item(
            "2D-4",
            90,
            format!("The 3' end of {symbol} with several exons is lost."),
        ),
    }
}

fn by_region(event: &Event, region: &Region) -> Option<Item> {
    if !same_contig(&region.contig, &event.contig) || !event.overlaps(region.start, region.end) {
        return None;
    }
    let level = if event.loss {
        region.haploinsufficiency
    } else {
        region.triplosensitivity
    };
    let name = &region.name;
    let holds_region = event.contains(region.start, region.end);
    let lies_in_region = region.start <= event.start && event.end <= region.end;
    match level {
        Level::Sufficient if holds_region => Some(item(
            "2A",
            100,
            format!("The established region {name} lies in it as a whole."),
        )),
        Level::Sufficient => Some(item(
            "2B",
            0,
            format!("It holds part of the established region {name}."),
        )),
        Level::Unlikely if lies_in_region => Some(item(
            if event.loss { "2F" } else { "2C" },
            -100,
            format!("It lies in {name}, established as benign."),
        )),
        Level::Unlikely => Some(item(
            "2G",
            0,
            format!("It overlaps {name}, established as benign, and holds more."),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clinotype_case::criterion::Class;

    use super::*;

    fn gene(symbol: &str, start: u32, forward: bool) -> Gene {
        Gene {
            symbol: symbol.to_owned(),
            transcript: "NM_1.1".to_owned(),
            contig: "chr1".to_owned(),
            start,
            end: start + 1_000,
            forward,
            coding: {
                let mut exons: Vec<_> = (0..4).map(|i| (start + 100 + i * 200, start + 200 + i * 200)).collect();
                if !forward {
                    exons.reverse();
                }
                exons.into_iter().zip(1_u32..).map(|((s, e), n)| (n, s, e)).collect()
            },
        }
    }

    fn dosage() -> Dosage {
        let mut made = Dosage::default();
        made.genes.insert("HI".to_owned(), (Level::Sufficient, Level::NotYet));
        made.genes.insert("TS".to_owned(), (Level::NotYet, Level::Sufficient));
        made.regions.push(Region {
            name: "benign".to_owned(),
            contig: "1".to_owned(),
            start: 50_000,
            end: 60_000,
            haploinsufficiency: Level::Unlikely,
            triplosensitivity: Level::Unlikely,
        });
        made
    }

    fn of(loss: bool, start: u32, end: u32, genes: &[Gene]) -> (String, i32, Class) {
        let event = Event {
            loss,
            contig: "chr1".to_owned(),
            start,
            end,
        };
        let made = score(&event, genes, Some(&dosage()));
        (made.items[1].rule.clone(), made.hundredths, made.class)
    }

    #[test]
    fn losses() {
        let hi = [gene("HI", 10_000, true)];
        let back = [gene("HI", 10_000, false)];
        for (start, end, genes, rule, points, class) in [
            (9_000, 12_000, &hi[..], "2A", 100, Class::Pathogenic),
            (9_000, 10_350, &hi, "2C-1", 90, Class::LikelyPathogenic),
            (9_000, 10_050, &hi, "2C-2", 0, Class::Uncertain),
            (10_750, 12_000, &hi, "2D-3", 30, Class::Uncertain),
            (10_450, 12_000, &hi, "2D-4", 90, Class::LikelyPathogenic),
            (10_950, 12_000, &hi, "2D-1", 0, Class::Uncertain),
            (9_000, 10_350, &back, "2D-4", 90, Class::LikelyPathogenic),
            (10_750, 12_000, &back, "2C-1", 90, Class::LikelyPathogenic),
            // Exon 2 of 100 bases: the frame shifts, two exons follow.
            (10_250, 10_450, &hi, "2E", 90, Class::LikelyPathogenic),
            (20_000, 21_000, &hi, "2", -60, Class::Uncertain),
            (51_000, 52_000, &hi, "2F", -160, Class::Benign),
            (49_000, 52_000, &hi, "2G", -60, Class::Uncertain),
        ] {
            let expected = (rule.to_owned(), points, class);
            assert_eq!(of(true, start, end, genes), expected, "{start}-{end}");
        }
    }

    #[test]
    fn without_curations_the_gene_table_answers_where_it_is_sure() {
        let lost = |symbol: &str| {
            let event = Event {
                loss: true,
                contig: "chr1".to_owned(),
                start: 9_000,
                end: 12_000,
            };
            score(&event, &[gene(symbol, 10_000, true)], None).items[1].clone()
        };
        assert_eq!(lost("BRCA1").hundredths, Some(100));
        // Recessive, and a gene without facts.
        assert_eq!(lost("MUTYH").hundredths, None);
        assert_eq!(lost("NOVEL1").hundredths, None);
    }

    #[test]
    fn gains() {
        let genes = [gene("HI", 10_000, true), gene("TS", 30_000, true)];
        for (start, end, rule, points, class) in [
            (29_000, 32_000, "2A", 100, Class::Pathogenic),
            (9_000, 12_000, "2H", 0, Class::Uncertain),
            (10_250, 12_000, "2J", 0, Class::Uncertain),
            (10_250, 10_450, "2I", 45, Class::Uncertain),
            (51_000, 52_000, "2C", -160, Class::Benign),
        ] {
            let expected = (rule.to_owned(), points, class);
            assert_eq!(of(false, start, end, &genes), expected, "{start}-{end}");
        }
    }

    #[test]
    fn many_genes_and_what_people_add() {
        let genes: Vec<Gene> = (0..35).map(|i| gene(&format!("G{i}"), i * 2_000, true)).collect();
        for (loss, count, rule, points) in [
            (true, 24, "3A", 0),
            (true, 25, "3B", 45),
            (true, 35, "3C", 90),
            (false, 34, "3A", 0),
            (false, 35, "3B", 45),
        ] {
            let event = Event {
                loss,
                contig: "1".to_owned(),
                start: 0,
                end: count * 2_000,
            };
            let made = score(&event, &genes, None);
            assert_eq!(
                (made.items[2].rule.as_str(), made.hundredths),
                (rule, points),
                "{loss} {count}"
            );
            assert_eq!(
                made.items[1].hundredths, None,
                "section 2 without curations is not zero"
            );
        }
        let event = Event {
            loss: true,
            contig: "chr1".to_owned(),
            start: 0,
            end: 50_000,
        };
        let made = score(&event, &genes, None).with(&[super::super::Added {
            rule: "5A".to_owned(),
            hundredths: 45,
            reason: "new in the child, parents confirmed".to_owned(),
        }]);
        assert_eq!((made.hundredths, made.class), (90, Class::LikelyPathogenic));
    }
}
