//! Quality figures for MultiQC: its custom content, one plot in a file whose name ends in `_mqc.json`
//! (MultiQC documentation, "Custom content"). Figures that were not measured have no key, which MultiQC shows as an
//! empty cell.

use clinotype_case::quality::{CheckResult, Coverage, CoverageFigures, Quality, ReadFigures};
use serde_json::{Map, Value, json};

/// Group of sections in MultiQC's report.
const PARENT: &str = "clinotype";
/// Depths that the curve goes to.
const DEEPEST: usize = 200;

/// A column of the general statistics: key, title, description, its other settings, and the figure.
type Column = (&'static str, &'static str, &'static str, Value, Option<f64>);

/// The sample's row of MultiQC's general statistics, `ID.qc_mqc.json`.
pub fn general_statistics(quality: &Quality) -> Value {
    let reads = quality.reads.as_ref();
    let coverage = match &quality.coverage {
        Coverage::Assessed(figures) => Some(figures),
        Coverage::NotAssessed { .. } => None,
    };
    let targets = quality.targets.as_ref();
    let variants = quality.variants.as_ref();
    let percent = |scale: &str| json!({"min": 0, "max": 100, "suffix": "%", "scale": scale, "format": "{:,.2f}"});
    let plain = |format: &str| json!({"min": 0, "scale": "Blues", "format": format});
    let hundred = |share: Option<f64>| share.map(|share| share * 100.0);
    let checks = |result| quality.checks.iter().filter(|check| check.result == result).count() as f64;
    let columns: Vec<Column> = vec![
        (
            "fail",
            "FAIL",
            "Quality checks that failed",
            json!({"min": 0, "scale": "Reds", "format": "{:,.0f}"}),
            Some(checks(CheckResult::Fail)),
        ),
        (
            "warn",
            "WARN",
            "Quality checks to be looked at",
            json!({"min": 0, "scale": "Oranges", "format": "{:,.0f}"}),
            Some(checks(CheckResult::Warn)),
        ),
        (
            "bases",
            "Yield",
            "Bases sequenced, millions",
            json!({"min": 0, "suffix": " Mb", "scale": "Blues", "format": "{:,.1f}"}),
            reads.map(|r| r.bases as f64 / 1e6),
        ),
        (
            "q30",
            "Q30",
            "Bases with quality 30 or more",
            percent("RdYlGn"),
            hundred(reads.and_then(|r| r.q30)),
        ),
        (
            "mapped",
            "Mapped",
            "Reads that are mapped",
            percent("RdYlGn"),
            hundred(reads.and_then(ReadFigures::mapped_fraction)),
        ),
        (
            "duplicates",
            "Duplicates",
            "Mapped reads that are duplicates",
            percent("OrRd"),
            hundred(reads.and_then(ReadFigures::duplicate_fraction)),
        ),
        (
            "insert_size",
            "Insert",
            "Median insert size of proper pairs, bases",
            plain("{:,.0f}"),
            reads.and_then(|r| r.median_insert).map(f64::from),
        ),
        (
            "on_target",
            "On target",
            "Used bases that lie on a target",
            percent("RdYlGn"),
            hundred(targets.and_then(|t| t.on_target.on_share())),
        ),
        (
            "mean_depth",
            "Depth",
            "Mean depth of the coding bases",
            plain("{:,.1f}"),
            coverage.and_then(|c| c.mean_depth),
        ),
        (
            "at_least_20",
            ">= 20X",
            "Coding bases with 20 or more reads",
            percent("RdYlGn"),
            hundred(coverage.and_then(|c| c.at_least_20)),
        ),
        (
            "gaps",
            "Gaps",
            "Coding stretches below the laboratory's threshold",
            json!({"min": 0, "scale": "Reds", "format": "{:,.0f}"}),
            coverage.map(|c| c.gaps().count() as f64),
        ),
        (
            "contamination",
            "Contam.",
            "DNA of another person",
            json!({"min": 0, "suffix": "%", "scale": "Reds", "format": "{:,.2f}"}),
            hundred(quality.contamination.fraction),
        ),
        (
            "ti_tv",
            "Ti/Tv",
            "Transitions per transversion",
            plain("{:,.2f}"),
            variants.and_then(|v| v.ti_tv),
        ),
        (
            "het_hom",
            "Het/hom",
            "Heterozygous per homozygous variants",
            plain("{:,.2f}"),
            variants.and_then(|v| v.het_hom),
        ),
    ];
    let (mut headers, mut row) = (Vec::new(), Map::new());
    for (key, title, description, settings, value) in columns {
        let mut header = Map::from_iter([
            ("title".to_owned(), json!(title)),
            ("description".to_owned(), json!(description)),
            ("namespace".to_owned(), json!("Clinotype")),
        ]);
        if let Value::Object(settings) = settings {
            header.extend(settings);
        }
        // A list keeps the columns in this order.
        headers.push(json!({ (key): header }));
        if let Some(value) = value {
            row.insert(key.to_owned(), json!(value));
        }
    }
    json!({
        "id": "clinotype_general_statistics",
        "plot_type": "generalstats",
        "pconfig": headers,
        "data": { (quality.sample.as_str()): row },
    })
}

/// Share of the coding bases by least depth as a line, `ID.depth_mqc.json`; without points where it was not assessed.
pub fn depth_section(quality: &Quality) -> Value {
    let none = CoverageFigures::default();
    let figures = match &quality.coverage {
        Coverage::Assessed(figures) => figures,
        Coverage::NotAssessed { .. } => &none,
    };
    let mut reached = figures.bases;
    let points: Vec<Value> = figures
        .depths
        .iter()
        .enumerate()
        .take(DEEPEST + 1)
        .map(|(depth, bases)| {
            let share = 100.0 * reached as f64 / figures.bases as f64;
            reached = reached.saturating_sub(*bases);
            json!([depth, share])
        })
        .collect();
    let mut data = Map::new();
    if !points.is_empty() {
        data.insert(quality.sample.to_string(), Value::Array(points));
    }
    json!({
        "id": "clinotype_depth",
        "section_name": "Depth of the coding bases",
        "description": format!(
            "Share of the bases ({}) with at least so many reads that the caller uses: mapping quality 20 or more, no \
             duplicates, mates once. The laboratory's threshold is {} reads.",
            figures.over, figures.threshold
        ),
        "parent_id": PARENT,
        "parent_name": "Clinotype",
        "plot_type": "linegraph",
        "pconfig": {
            "id": "clinotype_depth_plot",
            "title": "Clinotype: depth of the coding bases",
            "xlab": "Reads, at least",
            "ylab": "Bases",
            "ysuffix": "%",
            "ymin": 0,
            "ymax": 100,
        },
        "data": data,
    })
}

#[cfg(test)]
mod tests {
    use clinotype_case::Sex;
    use clinotype_genome::Build;

    use super::*;

    fn nothing() -> Quality {
        super::super::not_assessed(
            &"S-1".parse().unwrap(),
            Build::Grch38,
            Sex::Unknown,
            "the input is a VCF",
        )
    }

    #[test]
    fn what_was_not_measured_has_no_key() {
        let made = general_statistics(&nothing());
        let row = made["data"]["S-1"].as_object().unwrap();
        assert_eq!(row.keys().collect::<Vec<_>>(), ["fail", "warn"]);
        assert_eq!(made["pconfig"].as_array().unwrap().len(), 14);
        assert_eq!(depth_section(&nothing())["data"], json!({}));
    }

    #[test]
    fn figures_are_in_percent_and_the_curve_falls() {
        let quality = Quality {
            reads: Some(ReadFigures {
                bases: 1_500_000,
                q30: Some(0.9),
                ..ReadFigures::default()
            }),
            coverage: Coverage::Assessed(CoverageFigures {
                over: "coding exons of 1 gene(s)".to_owned(),
                threshold: 20,
                bases: 10,
                depths: vec![1, 0, 4, 5],
                ..CoverageFigures::default()
            }),
            ..nothing()
        };
        let row = &general_statistics(&quality)["data"]["S-1"];
        assert_eq!(
            (&row["q30"], &row["bases"], &row["gaps"]),
            (&json!(90.0), &json!(1.5), &json!(0.0))
        );
        let section = depth_section(&quality);
        assert_eq!(
            section["data"]["S-1"],
            json!([[0, 100.0], [1, 90.0], [2, 90.0], [3, 50.0]])
        );
    }
}
