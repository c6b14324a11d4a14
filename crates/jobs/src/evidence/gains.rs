//! New splice sites from SpliceAI's INFO field, as its authors document it:
//! `ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|DP_AG|DP_AL|DP_DG|DP_DL`. DP is counted from POS along the genome on either
//! strand, to the exon's last base (donor) or first base (acceptor).

use clinotype_case::evidence::{LEAST_GAIN, SpliceGain};

use super::record::decoded;

/// The gains of one allele that are high enough to be kept. `position`: POS of the record.
pub(super) fn of(info: Option<&str>, alternate: &str, position: &str) -> Vec<SpliceGain> {
    let Some(info) = info else { return Vec::new() };
    let mut gains = Vec::new();
    // A store carries the whole list of an allele as one value, its commas encoded.
    let whole: Vec<String> = info.split(',').map(|value| decoded(value).into_owned()).collect();
    for entry in whole.iter().flat_map(|value| value.split(',')) {
        let fields: Vec<&str> = entry.split('|').collect();
        if fields.len() < 6 || fields[0] != alternate {
            continue;
        }
        for (donor, score, place) in [(false, 2, 6), (true, 4, 8)] {
            let Some(delta) = fields[score].parse::<f64>().ok().filter(|delta| *delta >= LEAST_GAIN) else {
                continue;
            };
            let place = fields.get(place).and_then(|along| along.parse::<i64>().ok());
            let position = position.parse::<i64>().ok();
            gains.push(SpliceGain {
                symbol: (!fields[1].is_empty()).then(|| fields[1].to_owned()),
                donor,
                delta,
                position: place
                    .zip(position)
                    .and_then(|(along, position)| u32::try_from(position + along).ok()),
            });
        }
    }
    gains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_with_their_places() {
        let info =
            "A|G1|0.31|0.00|0.05|0.99|-12|3|7|-1,C|G1|0.9|0|0|0|1|1|1|1,A%7CG2%7C0.0%7C0%7C0.55%7C0%7C1%7C1%7C4%7C2";
        let gains = of(Some(info), "A", "1000");
        assert_eq!(gains.len(), 2);
        assert_eq!(
            (gains[0].donor, gains[0].delta, gains[0].position),
            (false, 0.31, Some(988))
        );
        assert_eq!((gains[1].donor, gains[1].position), (true, Some(1004)));
        assert_eq!(gains[1].symbol.as_deref(), Some("G2"));
        // Scores without places, as some tools shorten them.
        let short = of(Some("A|G1|0.31|0.00|0.05|0.99"), "A", "1000");
        assert_eq!((short.len(), short[0].position), (1, None));
        assert!(of(None, "A", "1").is_empty() && of(Some("A|G1|.|.|.|.|.|.|.|."), "A", "1").is_empty());
    }
}
