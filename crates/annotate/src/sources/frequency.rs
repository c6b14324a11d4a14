//! Population frequencies from a VCF with gnomAD's field names (v2.1, v3.1, v4), or any VCF with AC, AN and AF.

use std::collections::HashMap;

use super::{Collect, entry::Entry};

/// Fewer alleles than this do not show that an allele is absent from a population.
pub(crate) const ENOUGH_ALLELES: u64 = 2000;

/// One frequency record of an allele.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Record {
    pub(crate) count: Option<u64>,
    pub(crate) number: Option<u64>,
    /// As the file writes it.
    pub(crate) frequency: Option<String>,
    pub(crate) homozygotes: Option<u64>,
    /// As the file writes it.
    pub(crate) filtering: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) group_number: Option<u64>,
    pub(crate) filters: Vec<String>,
}

/// Collects records, and how well the file covers each position of the input.
#[derive(Debug, Default)]
pub(crate) struct Frequencies {
    /// (contig, 1-based position) to the highest AN of a record there.
    covered: HashMap<(usize, u32), u64>,
}

/// What the frequency source says of one allele.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Found(Record),
    /// With AN of the site.
    Absent(u64),
    NotEvaluated(String),
}

const FILTERING: [&str; 6] = [
    "fafmax_faf95_max",
    "faf95_max",
    "faf95_popmax",
    "faf95_grpmax",
    "fafmax_faf95_max_joint",
    "faf95_popmax_joint",
];
const FILTERING_GROUP: [&str; 3] = [
    "fafmax_faf95_max_gen_anc",
    "faf95_max_gen_anc",
    "fafmax_faf95_max_gen_anc_joint",
];
const GROUP: [&str; 4] = ["grpmax", "popmax", "grpmax_joint", "popmax_joint"];
/// Bottlenecked groups and the remainder, which gnomAD leaves out of its filtering frequency.
const NOT_FOR_FILTERING: [&str; 8] = ["asj", "fin", "ami", "mid", "oth", "remaining", "XX", "XY"];

fn whole(entry: &dyn Entry, key: &str) -> Option<u64> {
    entry.value(key)?.parse().ok()
}

impl Collect for Frequencies {
    type Value = Record;

    fn wants(&self, field: &str) -> bool {
        let known = [
            "FILTER",
            "AC",
            "AN",
            "AF",
            "AC_joint",
            "AF_joint",
            "nhomalt",
            "nhomalt_joint",
            "Hom",
            "AC_Hom",
            "faf95",
        ];
        known.contains(&field)
            || FILTERING.contains(&field)
            || FILTERING_GROUP.contains(&field)
            || GROUP.contains(&field)
            || field.starts_with("AN_")
            || field.starts_with("faf95_")
    }

    fn site(&mut self, contig: usize, position: u32, entry: &dyn Entry) {
        if let Some(number) = whole(entry, "AN").or_else(|| whole(entry, "AN_joint")) {
            self.assessed(contig, position, number);
        }
    }

    fn assessed(&mut self, contig: usize, position: u32, alleles: u64) {
        let there = self.covered.entry((contig, position)).or_default();
        *there = alleles.max(*there);
    }

    fn allele(&mut self, entry: &dyn Entry) -> Option<Record> {
        let first = |keys: &[&str]| {
            keys.iter()
                .find_map(|k| entry.value(k))
                .map(std::borrow::Cow::into_owned)
        };
        let number = |text: &String| text.parse::<f64>().is_ok_and(f64::is_finite);
        let mut record = Record {
            count: whole(entry, "AC").or_else(|| whole(entry, "AC_joint")),
            number: whole(entry, "AN").or_else(|| whole(entry, "AN_joint")),
            frequency: first(&["AF", "AF_joint"]).filter(number),
            homozygotes: ["nhomalt", "nhomalt_joint", "Hom", "AC_Hom"]
                .iter()
                .find_map(|k| whole(entry, k)),
            filtering: first(&FILTERING).filter(number),
            group: first(&FILTERING_GROUP).or_else(|| first(&GROUP)),
            group_number: None,
            filters: entry
                .filter()
                .split(';')
                .filter(|f| !matches!(*f, "PASS" | "." | ""))
                .map(str::to_owned)
                .collect(),
        };
        if record.filtering.is_none() {
            // v2.1 has one field per group and no maximum. Of equal ones the last by name counts, in whatever order
            // the record has them.
            let highest = entry
                .beginning("faf95_")
                .into_iter()
                .filter(|group| !group.contains('_') && !NOT_FOR_FILTERING.contains(group))
                .filter_map(|group| {
                    let text = entry.value(&format!("faf95_{group}"))?.into_owned();
                    let value = text.parse::<f64>().ok().filter(|v| v.is_finite())?;
                    Some((value, text, group))
                })
                .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.2.cmp(b.2)));
            if let Some((_, text, group)) = highest {
                record.filtering = Some(text);
                record.group = Some(group.to_owned());
            } else {
                record.filtering = entry.value("faf95").map(std::borrow::Cow::into_owned);
            }
        }
        if let Some(group) = &record.group {
            record.group_number = whole(entry, &format!("AN_{group}"))
                .or_else(|| whole(entry, &format!("AN_joint_{group}")))
                .or_else(|| whole(entry, "AN_grpmax"))
                .or_else(|| whole(entry, "AN_popmax"));
        }
        Some(record)
    }

    /// Of two records of one allele (exomes and genomes in one file) the one with more alleles counts.
    fn replaces(&self, old: &Record, new: &Record) -> bool {
        new.number > old.number
    }
}

impl Frequencies {
    /// The answer for an allele: a record, proven absence, or why neither can be said.
    pub(crate) fn answer(&self, record: Option<&Record>, contig: usize, position: u32, has_contig: bool) -> Answer {
        if let Some(record) = record {
            let seen = record.count.map_or_else(
                || {
                    record
                        .frequency
                        .as_ref()
                        .and_then(|f| f.parse::<f64>().ok())
                        .map(|f| f > 0.0)
                },
                |count| Some(count > 0),
            );
            return match (seen, record.number) {
                (Some(true), _) => Answer::Found(record.clone()),
                (Some(false), Some(number)) if number >= ENOUGH_ALLELES => Answer::Absent(number),
                (Some(false), Some(number)) => Answer::NotEvaluated(format!(
                    "the allele was not seen, but in {number} alleles only ({ENOUGH_ALLELES} are needed)"
                )),
                (Some(false), None) => {
                    Answer::NotEvaluated("the allele was not seen, and the record states no AN".to_owned())
                }
                (None, _) => Answer::NotEvaluated("the record states neither AC nor AF".to_owned()),
            };
        }
        if !has_contig {
            return Answer::NotEvaluated("the frequency file has no record on this contig".to_owned());
        }
        match self.covered.get(&(contig, position)) {
            Some(number) if *number >= ENOUGH_ALLELES => Answer::Absent(*number),
            Some(number) => Answer::NotEvaluated(format!(
                "another allele at this site has AN {number} only ({ENOUGH_ALLELES} are needed to call this one absent)"
            )),
            None => Answer::NotEvaluated(
                "no record at this site: the file does not prove that the site is covered".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sources::entry::OfLine, vcf::line::Line};

    fn record(info: &str, index: usize) -> Record {
        let text = format!("1\t5\t.\tA\tC,G\t.\tAC0;RF\t{info}");
        let line = Line::parse(&text).unwrap();
        Frequencies::default().allele(&OfLine { line: &line, index }).unwrap()
    }

    #[test]
    fn gnomad_dialects() {
        let v2 = record(
            "AC=1,7;AN=9000;AF=1e-4,7.8e-4;nhomalt=0,1;popmax=afr,nfe;faf95=0,1e-4;faf95_afr=0,2e-4;faf95_nfe=0,3e-4;faf95_fin=0,9e-4;AN_nfe=4000",
            1,
        );
        assert_eq!((v2.count, v2.number, v2.homozygotes), (Some(7), Some(9000), Some(1)));
        assert_eq!(
            (v2.frequency.as_deref(), v2.filtering.as_deref()),
            (Some("7.8e-4"), Some("3e-4"))
        );
        assert_eq!((v2.group.as_deref(), v2.group_number), (Some("nfe"), Some(4000)));
        assert_eq!(v2.filters, ["AC0", "RF"]);
        let v4 = record(
            "AC=1;AN=9000;AF=1e-4;grpmax=afr;fafmax_faf95_max=5e-5;fafmax_faf95_max_gen_anc=sas;AN_sas=77;AN_afr=5",
            0,
        );
        assert_eq!(
            (v4.filtering.as_deref(), v4.group.as_deref(), v4.group_number),
            (Some("5e-5"), Some("sas"), Some(77))
        );
    }

    #[test]
    fn absence_needs_proof() {
        let mut source = Frequencies::default();
        for (position, text) in [(5, "1\t5\t.\tA\tC\t.\t.\tAN=5000"), (6, "1\t6\t.\tA\tC\t.\t.\tAN=50")] {
            let line = Line::parse(text).unwrap();
            source.site(0, position, &OfLine { line: &line, index: 0 });
        }
        assert_eq!(source.answer(None, 0, 5, true), Answer::Absent(5000));
        for (position, has_contig) in [(6, true), (7, true), (5, false)] {
            let contig = usize::from(!has_contig);
            assert!(matches!(
                source.answer(None, contig, position, has_contig),
                Answer::NotEvaluated(_)
            ));
        }
        let zero = |number| Record {
            count: Some(0),
            number,
            ..Record::default()
        };
        assert_eq!(source.answer(Some(&zero(Some(2000))), 0, 9, true), Answer::Absent(2000));
        assert!(matches!(
            source.answer(Some(&zero(Some(10))), 0, 9, true),
            Answer::NotEvaluated(_)
        ));
        assert!(matches!(
            source.answer(Some(&zero(None)), 0, 9, true),
            Answer::NotEvaluated(_)
        ));
        let seen = Record {
            frequency: Some("0.1".into()),
            ..Record::default()
        };
        assert!(matches!(source.answer(Some(&seen), 0, 9, true), Answer::Found(_)));
    }
}
