//! Variants: what goes in comes out, and every filter, order and page agrees with a plain list.

#[path = "../../examples/store_figures/rows.rs"]
#[allow(unreachable_pub, reason = "shared with a program")]
pub(crate) mod rows;

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU32, Ordering},
};

use clinotype_case::{criterion::Class, evidence::Zygosity};
use clinotype_genome::{Fault, Progress, Silent};
use clinotype_store::{
    ClassFacet, ClinvarBucket, Effect, FrequencyState, FrequencyStep, Kind, NewAssertion, NewFinding, Quality, Region,
    StoreErrorKind, VariantFilters, VariantQuery, VariantRow, VariantSort,
};
use rows::Dice;
use uuid::Uuid;

use crate::support::Fixture;

/// More than one block.
const COUNT: u64 = 70_000;

fn imported(count: u64) -> (Fixture, Uuid, Uuid, Vec<VariantRow>) {
    let fixture = Fixture::new();
    let case = fixture.case("S-1");
    let run = fixture.run(&case).id;
    let all: Vec<_> = rows::rows(count, 3).map(Result::unwrap).collect();
    let mut given = all.clone().into_iter().map(Ok);
    let done = fixture
        .store()
        .import_variants(&fixture.act(), run, &mut given, count, &Silent)
        .unwrap();
    assert_eq!(done.variants, count);
    (fixture, case.id, run, all)
}

fn some<T: Copy>(dice: &mut Dice, all: &[T]) -> Option<Vec<T>> {
    (dice.below(4) == 0).then(|| all.iter().copied().filter(|_| dice.below(3) > 0).collect())
}

fn filters(dice: &mut Dice) -> VariantFilters {
    VariantFilters {
        quality: some(dice, Quality::ALL),
        region: some(dice, Region::ALL),
        effect: some(dice, Effect::ALL),
        terms: some(dice, &["missense_variant", "intron_variant", "stop_gained"])
            .map(|t| t.into_iter().map(str::to_owned).collect()),
        frequency: some(dice, FrequencyStep::ALL),
        clinvar: some(dice, ClinvarBucket::ALL),
        zygosity: some(
            dice,
            &[Zygosity::Heterozygous, Zygosity::Homozygous, Zygosity::NotCalled],
        ),
        kind: some(dice, Kind::ALL),
        class: some(dice, ClassFacet::ALL),
        reviewed: (dice.below(6) == 0).then(|| dice.below(2) == 0),
        search: match dice.below(5) {
            0 => Some(format!("gene{}", dice.below(90))),
            1 => Some(format!("{}:1-{}", 1 + dice.below(20), dice.below(90_000_000) + 1)),
            _ => None,
        },
        keep_clinvar_pathogenic: dice.below(2) == 0,
    }
}

/// The filters, told again in the plainest way.
fn passes(f: &VariantFilters, r: &VariantRow) -> bool {
    let kept = f.keep_clinvar_pathogenic && r.clinvar.bucket == ClinvarBucket::Pathogenic;
    let search = f.search.as_deref().is_none_or(|s| match s.split_once(":1-") {
        Some((contig, end)) => r.key.contig == format!("chr{contig}") && r.key.position.get() <= end.parse().unwrap(),
        None => r.gene.as_ref().is_some_and(|g| g.to_lowercase().starts_with(s)),
    });
    search
        && f.quality.as_ref().is_none_or(|w| w.contains(&r.quality))
        && f.region.as_ref().is_none_or(|w| w.contains(&r.region))
        && (kept || f.effect.as_ref().is_none_or(|w| w.contains(&r.effect)))
        && (kept
            || f.terms
                .as_ref()
                .is_none_or(|w| r.term.as_ref().is_some_and(|t| w.contains(t))))
        && (kept || f.frequency.as_ref().is_none_or(|w| w.contains(&r.frequency.step())))
        && f.clinvar.as_ref().is_none_or(|w| w.contains(&r.clinvar.bucket))
        && f.zygosity.as_ref().is_none_or(|w| w.contains(&r.zygosity))
        && f.kind.as_ref().is_none_or(|w| w.contains(&r.kind()))
        && f.class.as_ref().is_none_or(|w| w.contains(&ClassFacet::NotClassified))
        && f.reviewed.is_none_or(|w| !w)
}

/// Sort key, `None` last.
fn key(sort: VariantSort, r: &VariantRow) -> Option<(u64, String)> {
    let number = |n: u64| Some((n, String::new()));
    match sort {
        VariantSort::Gene => r.gene.clone().map(|g| (0, g)),
        VariantSort::Frequency => match r.frequency {
            FrequencyState::NotEvaluated => None,
            FrequencyState::Absent => number(0),
            FrequencyState::Found(f) => number(1 + u64::from((f as f32).to_bits())),
        },
        VariantSort::Depth => r.depth.and_then(|d| number(d.into())),
        VariantSort::Quality => r.qual.and_then(|q| number((q * 10.0).round() as u64)),
        _ => number(0),
    }
}

#[test]
fn every_filter_order_and_page_agrees_with_a_plain_list() {
    let (mut fixture, _, run, all) = imported(COUNT);
    fixture.reopen();
    let sorts = [
        VariantSort::Priority,
        VariantSort::Position,
        VariantSort::Gene,
        VariantSort::Frequency,
        VariantSort::Depth,
        VariantSort::Quality,
        VariantSort::Class,
    ];
    // Contigs stand in the order of their first variant.
    let mut contigs = HashMap::new();
    for row in &all {
        let next = contigs.len();
        contigs.entry(row.key.contig.clone()).or_insert(next);
    }
    let mut dice = Dice(11);
    for n in 0..90 {
        let filters = filters(&mut dice);
        let expected: Vec<usize> = (0..all.len()).filter(|o| passes(&filters, &all[*o])).collect();
        let (sort, descending) = (sorts[n % 7], dice.below(2) == 0);
        let query = VariantQuery {
            filters: filters.clone(),
            sort,
            descending,
            offset: 0,
            limit: 40,
        };
        let page = fixture.store().query_variants(run, &query).unwrap();
        assert_eq!((page.total, page.all), (expected.len() as u64, COUNT), "{filters:?}");
        for variant in &page.rows {
            assert_eq!(variant.row, all[variant.ordinal as usize]);
        }
        // The funnel accounts for every one.
        let mut input = COUNT;
        for step in &page.funnel {
            assert_eq!(step.input, input, "{}", step.step);
            assert_eq!(
                step.input,
                step.kept + step.dropped.iter().map(|d| d.count).sum::<u64>()
            );
            input = step.kept;
        }
        assert_eq!(input, page.total);
        // The whole order, against the standard library's.
        let mut sorted = expected.clone();
        match sort {
            VariantSort::Priority | VariantSort::Class => {}
            VariantSort::Position => sorted.sort_by_key(|o| (contigs[&all[*o].key.contig], all[*o].key.position)),
            _ => sorted.sort_by(|a, b| match (key(sort, &all[*a]), key(sort, &all[*b])) {
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            }),
        }
        let deep = VariantQuery {
            offset: page.total.saturating_sub(25),
            limit: 100,
            ..query.clone()
        };
        let tail = fixture.store().query_variants(run, &deep).unwrap();
        assert_eq!(tail.rows.len() as u64, page.total.min(25));
        if !matches!(sort, VariantSort::Priority | VariantSort::Class) {
            if descending {
                let present = sorted.iter().filter(|o| key(sort, &all[**o]).is_some()).count();
                sorted[..present].reverse();
            }
            let ordinals =
                |rows: &[clinotype_store::Variant]| rows.iter().map(|v| v.ordinal as usize).collect::<Vec<_>>();
            assert_eq!(
                ordinals(&page.rows),
                sorted[..sorted.len().min(40)],
                "{sort:?} {descending}"
            );
            assert_eq!(
                ordinals(&tail.rows),
                sorted[sorted.len().saturating_sub(25)..],
                "{sort:?} {descending}"
            );
        }
    }
}

#[test]
fn facet_counts_leave_out_their_own_filter() {
    let (fixture, _, run, all) = imported(5_000);
    let query = VariantQuery {
        filters: VariantFilters {
            effect: Some(vec![Effect::Moderate]),
            quality: Some(vec![Quality::Pass]),
            ..VariantFilters::default()
        },
        limit: 1,
        ..VariantQuery::default()
    };
    let page = fixture.store().query_variants(run, &query).unwrap();
    for effect in Effect::ALL {
        let expected = all
            .iter()
            .filter(|r| r.quality == Quality::Pass && r.effect == *effect)
            .count() as u64;
        let told = page
            .facets
            .iter()
            .find(|f| f.facet == "effect" && f.value == effect.code())
            .map_or(0, |f| f.count);
        assert_eq!(told, expected, "{effect:?}");
    }
    assert_eq!(
        page.funnel.iter().map(|s| s.step).collect::<Vec<_>>(),
        ["quality", "effect"]
    );
}

#[test]
fn names_and_places_are_found() {
    let (fixture, _, run, all) = imported(5_000);
    let find = |search: String| {
        let filters = VariantFilters {
            search: Some(search),
            ..VariantFilters::default()
        };
        let query = VariantQuery {
            filters,
            limit: 500,
            ..VariantQuery::default()
        };
        let page = fixture.store().query_variants(run, &query).unwrap();
        assert_eq!(page.total as usize, page.rows.len().max(page.total.min(500) as usize));
        page.rows.iter().map(|v| v.ordinal).collect::<Vec<_>>()
    };
    let (n, row) = all.iter().enumerate().find(|(_, r)| r.hgvs_p.is_some()).unwrap();
    let n = n as u32;
    let coding = row.hgvs_c.clone().unwrap();
    assert!(find(coding.clone()).contains(&n));
    assert!(find(format!("NM_1.2:{}", coding.to_uppercase().replace("C.", "c."))).contains(&n));
    assert_eq!(find(format!("{} {coding}", row.gene.as_deref().unwrap())), [n]);
    assert!(find(row.hgvs_p.clone().unwrap().replace(['(', ')'], "")).contains(&n));
    assert_eq!(find(format!("{}:{}", row.key.contig, row.key.position)).len(), 1);
    assert_eq!(find("c.999999A>G".to_owned()), Vec::<u32>::new());
    let found = fixture.store().variant_by_key(run, &row.key).unwrap().unwrap();
    assert_eq!(found.ordinal, n);
    let mut other = row.key.clone();
    other.alternate.push('A');
    assert_eq!(fixture.store().variant_by_key(run, &other).unwrap(), None);
}

#[test]
fn findings_and_assertions_move_the_class_and_can_be_undone() {
    for before in [false, true] {
        let fixture = Fixture::new();
        let case = fixture.case("S-1").id;
        let run = fixture.run(&fixture.store().peek_case(case).unwrap()).id;
        let (store, act) = (fixture.store(), fixture.act());
        let all: Vec<_> = rows::rows(2_000, 3).map(Result::unwrap).collect();
        let finding = NewFinding {
            finding: "V1".to_owned(),
            key: all[1234].key.clone(),
            gene: Some("GENE".to_owned()),
            section: "primary".to_owned(),
            class: Class::LikelyPathogenic,
            points: 7,
            json: "{}".to_owned(),
        };
        let import = || {
            let mut given = all.clone().into_iter().map(Ok);
            store.import_variants(&act, run, &mut given, 0, &Silent).unwrap();
        };
        if before {
            store.save_findings(&act, run, std::slice::from_ref(&finding)).unwrap();
            import();
        } else {
            import();
            store.save_findings(&act, run, std::slice::from_ref(&finding)).unwrap();
        }
        let count = |class, reviewed| {
            let filters = VariantFilters {
                class: Some(vec![class]),
                reviewed: Some(reviewed),
                ..VariantFilters::default()
            };
            let query = VariantQuery {
                filters,
                limit: 3,
                ..VariantQuery::default()
            };
            let page = store.query_variants(run, &query).unwrap();
            assert_eq!(page.rows.len() as u64, page.total.min(3));
            page.total
        };
        let first = store
            .query_variants(
                run,
                &VariantQuery {
                    limit: 1,
                    ..VariantQuery::default()
                },
            )
            .unwrap();
        assert_eq!(
            (first.rows[0].ordinal, first.rows[0].class),
            (1234, Some(Class::LikelyPathogenic))
        );
        assert_eq!(first.rows[0].row.finding.as_ref().unwrap().points, 7);
        assert_eq!(store.findings(run).unwrap()[0].variant, Some(1234));
        assert_eq!(count(ClassFacet::LikelyPathogenic, false), 1);
        let assert = |class, reason: &str| {
            let new = NewAssertion {
                case,
                run,
                variant: 1234,
                class,
                reason: reason.to_owned(),
            };
            store.assert_class(&act, &new)
        };
        assert_eq!(assert(Class::Benign, " ").unwrap_err().kind, StoreErrorKind::Input);
        let one = assert(Class::Uncertain, "phase unknown").unwrap();
        assert_eq!(one.proposed, Some(Class::LikelyPathogenic));
        let two = assert(Class::Benign, "common here").unwrap();
        assert_eq!(
            (
                count(ClassFacet::Benign, true),
                count(ClassFacet::LikelyPathogenic, false)
            ),
            (1, 0)
        );
        assert_eq!(store.assertions_of(&finding.key).unwrap().len(), 2);
        store.withdraw_assertion(&act, two.id, "wrong key").unwrap();
        assert_eq!(
            (count(ClassFacet::Uncertain, true), count(ClassFacet::Benign, true)),
            (1, 0)
        );
        let twice = store.withdraw_assertion(&act, two.id, "again").unwrap_err();
        assert_eq!(twice.kind, StoreErrorKind::NotAllowed);
        store.withdraw_assertion(&act, one.id, "undo").unwrap();
        assert_eq!(
            (
                count(ClassFacet::LikelyPathogenic, false),
                count(ClassFacet::Uncertain, true)
            ),
            (1, 0)
        );
        let told: Vec<_> = store
            .assertions(case)
            .unwrap()
            .into_iter()
            .map(|a| a.withdrawn.unwrap().reason)
            .collect();
        assert_eq!(told, ["wrong key", "undo"]);
        store.save_findings(&act, run, &[]).unwrap();
        assert_eq!(count(ClassFacet::NotClassified, false), 2_000);
        assert_eq!(
            store.remove_variants(&act, run).unwrap_err().kind,
            StoreErrorKind::NotAllowed
        );
        assert!(store.verify_audit().unwrap().is_sound());
    }
}

/// Stops at the second look.
struct Stop(AtomicU32);

impl Progress for Stop {
    fn advance(&self, _: u64, _: u64) {}
    fn is_cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) > 0
    }
}

#[test]
fn an_import_is_all_or_nothing() {
    let fixture = Fixture::new();
    let case = fixture.case("S-1");
    let run = fixture.run(&case).id;
    let (store, act) = (fixture.store(), fixture.act());
    let nothing = || {
        let error = store.query_variants(run, &VariantQuery::default()).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::NotFound);
        assert_eq!(store.run(run).unwrap().variants, None);
    };
    nothing();
    let mut broken = rows::rows(COUNT, 3).chain([Err(Fault::input("bad line"))]);
    let error = store.import_variants(&act, run, &mut broken, 0, &Silent).unwrap_err();
    assert!(error.to_string().contains("bad line"));
    nothing();
    let stop = Stop(AtomicU32::new(0));
    let error = store
        .import_variants(&act, run, &mut rows::rows(COUNT, 3), 0, &stop)
        .unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Cancelled);
    nothing();
    store
        .import_variants(&act, run, &mut std::iter::empty(), 0, &Silent)
        .unwrap();
    let page = store
        .query_variants(
            run,
            &VariantQuery {
                limit: 9,
                ..VariantQuery::default()
            },
        )
        .unwrap();
    assert_eq!((page.total, page.all, page.rows.len()), (0, 0, 0));
    let again = store
        .import_variants(&act, run, &mut rows::rows(5, 3), 0, &Silent)
        .unwrap_err();
    assert_eq!(again.kind, StoreErrorKind::NotAllowed);
    store.remove_variants(&act, run).unwrap();
    store
        .import_variants(&act, run, &mut rows::rows(5, 3), 0, &Silent)
        .unwrap();
    assert_eq!(store.run(run).unwrap().variants, Some(5));
}

#[test]
fn readers_see_whole_states_while_classes_change() {
    let (fixture, case, run, _) = imported(3_000);
    let (store, act) = (fixture.store(), fixture.act());
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let query = VariantQuery {
                        limit: 60,
                        ..VariantQuery::default()
                    };
                    let page = store.query_variants(run, &query).unwrap();
                    let classed: u64 = page
                        .facets
                        .iter()
                        .filter(|f| f.facet == "class" && f.value != "not_classified")
                        .map(|f| f.count)
                        .sum();
                    // What is classified stands first, and the counts are of the same moment as the rows.
                    assert_eq!(page.rows.iter().filter(|v| v.class.is_some()).count() as u64, classed);
                    assert_eq!(page.total, 3_000);
                }
            });
        }
        for n in 0..40 {
            let class = [Class::Pathogenic, Class::LikelyPathogenic][n as usize % 2];
            let new = NewAssertion {
                case,
                run,
                variant: n * 7,
                class,
                reason: "tried".to_owned(),
            };
            store.assert_class(&act, &new).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
}
