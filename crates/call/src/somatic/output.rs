//! One line of a tumour-only VCF: one alternate allele each, so that each has its own filters.

use std::fmt::Write as _;

use super::{
    evidence::{Allele, against},
    origin::{Frequency, Origin},
};
use crate::bias;

/// What is known of an allele when all are.
pub(crate) struct Told<'a> {
    pub(crate) allele: &'a Allele,
    pub(crate) filters: &'a [&'static str],
    pub(crate) frequency: Frequency,
    pub(crate) origin: Option<Origin>,
    /// Least fraction that this depth shows.
    pub(crate) least_fraction: Option<f64>,
}

impl Told<'_> {
    /// The word of INFO/GERM.
    pub(crate) fn germline(&self) -> &'static str {
        self.origin.map_or("not_evaluated", Origin::word)
    }

    pub(crate) fn line(&self, contig: &str) -> String {
        let allele = self.allele;
        let filters = if self.filters.is_empty() {
            "PASS".to_owned()
        } else {
            self.filters.join(";")
        };
        let bases = |bases: &[u8]| String::from_utf8_lossy(bases).into_owned();
        let pair = |values: [Option<u32>; 2]| {
            values
                .map(|v| v.map_or_else(|| ".".to_owned(), |v| v.to_string()))
                .join(",")
        };
        // Minus zero would read as another value.
        let plain = |value: f64| if value == 0.0 { 0.0 } else { value };
        let mut line = format!(
            "{contig}\t{}\t.\t{}\t{}\t.\t{filters}\tDP={};FS={:.3};GERM={}",
            allele.position + 1,
            bases(&allele.reference),
            bases(&allele.alternate),
            allele.depth,
            plain(bias::exact_phred(against(allele.shown.strands))),
            self.germline(),
        );
        // Writing to a String cannot fail.
        if let Some(origin) = self.origin {
            let _ = write!(line, ";GERMQ={}", origin.germq());
        }
        let _ = write!(line, ";MBQ={}", pair(allele.base_qualities));
        if let Some(least) = self.least_fraction {
            let _ = write!(line, ";MINAF={least:.4}");
        }
        let _ = write!(line, ";MMQ={}", pair(allele.mapping_qualities));
        if let Some(distance) = allele.distances[1] {
            let _ = write!(line, ";MPOS={distance}");
        }
        if let Frequency::Found(p) = self.frequency {
            let _ = write!(line, ";POPAF={:.3}", plain(-p.max(1e-9).log10()));
        }
        if let Some(slip) = allele.slip {
            let _ = write!(line, ";SLIP={slip:.2e}");
        }
        let [[reference_first, reference_second], [first, second], _] = allele.shown.pairs;
        let [[forward, reverse], [alternate_forward, alternate_reverse], _] = allele.shown.strands;
        let _ = writeln!(
            line,
            ";SOR={:.3};TLOD={:.2}\tGT:AD:AF:AFHI:AFLO:DP:F1R2:F2R1:SB\t0/1:{},{}:{:.4}:{:.4}:{:.4}:{}:{reference_first},{first}:{reference_second},{second}:{forward},{reverse},{alternate_forward},{alternate_reverse}",
            plain(bias::strand_odds_ratio(against(allele.shown.strands))),
            allele.fraction.tlod,
            allele.depths[0],
            allele.depths[1],
            allele.fraction.best,
            allele.fraction.high,
            allele.fraction.low,
            allele.depth,
        );
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::somatic::evidence::build::snv;

    #[test]
    fn a_line() {
        let allele = snv(95, 5);
        let origin = allele.origins.weigh(Frequency::Found(0.001), true);
        let told = Told {
            allele: &allele,
            filters: &["base_qual"],
            frequency: Frequency::Found(0.001),
            origin,
            least_fraction: Some(0.08),
        };
        let line = told.line("chr7");
        assert!(
            line.starts_with("chr7\t100\t.\tA\tG\t.\tbase_qual\tDP=100;FS=0.000;GERM=likely_somatic;GERMQ="),
            "{line}"
        );
        assert!(
            line.contains(";MBQ=35,35;MINAF=0.0800;MMQ=60,60;MPOS=40;POPAF=3.000;SOR="),
            "{line}"
        );
        assert!(line.contains("\t0/1:95,5:0.04"), "{line}");
        assert!(line.ends_with(":100:47,2:48,3:47,48,2,3\n"), "{line}");
        let bare = Told {
            filters: &[],
            frequency: Frequency::NotEvaluated,
            origin: None,
            least_fraction: None,
            ..told
        };
        let line = bare.line("7");
        assert!(
            line.contains("\tPASS\t") && line.contains("GERM=not_evaluated;MBQ"),
            "{line}"
        );
    }
}
