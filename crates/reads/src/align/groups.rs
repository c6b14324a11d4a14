//! Read groups: one for each pair of files.

use clinotype_genome::Result;

use super::AlignOptions;
use crate::fastq::PairReader;

/// Fields of an `@RG` line.
pub(super) struct ReadGroup {
    pub(super) id: String,
    /// Flowcell and lane (`PU`), where the read names say them.
    pub(super) unit: Option<String>,
    /// `LB`.
    pub(super) library_name: String,
    /// Number of the library; pairs with one name have one number.
    pub(super) library: u16,
}

/// Reads looked at for flowcell and lane.
const NAMES: usize = 1000;

/// Flowcell and lane of an Illumina read name: `instrument:run:flowcell:lane:tile:x:y`.
fn unit(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let fields: Vec<&str> = name.split(':').collect();
    let stated = fields.len() >= 7 && !fields[2].is_empty() && fields[3].parse::<u32>().is_ok();
    stated.then(|| format!("{}.{}", fields[2], fields[3]))
}

/// The ID is `FLOWCELL.LANE` where the first thousand reads agree on it and no other pair has the same, else the number
/// of the pair.
pub(super) fn of(options: &AlignOptions<'_>) -> Result<Vec<ReadGroup>> {
    let mut units = Vec::new();
    for pair in options.pairs {
        let reads = PairReader::open(pair)?.batch(NAMES)?;
        let first = reads.first().and_then(|[read, _]| unit(&read.name));
        let agreed = reads.iter().all(|[read, _]| unit(&read.name) == first);
        units.push(first.filter(|_| agreed));
    }
    let mut libraries: Vec<&str> = Vec::new();
    let mut groups = Vec::new();
    for (i, unit) in units.iter().enumerate() {
        let unique = unit.is_some() && units.iter().filter(|u| *u == unit).count() == 1;
        let name = match options.libraries {
            [] => options.sample,
            [one] => one,
            many => &many[i],
        };
        let library = libraries.iter().position(|l| *l == name).unwrap_or_else(|| {
            libraries.push(name);
            libraries.len() - 1
        });
        groups.push(ReadGroup {
            id: match unit {
                Some(unit) if unique => unit.clone(),
                _ => (i + 1).to_string(),
            },
            unit: unit.clone(),
            library_name: name.to_owned(),
            library: library as u16,
        });
    }
    Ok(groups)
}
