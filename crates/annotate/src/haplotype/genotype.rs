//! Which haplotypes of the sample carry an allele, as its genotype says (VCF 4.3, section 1.6.2: GT, PS).

/// On which copies of the sequence an allele stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Carriers {
    /// On every copy: homozygous, or the only copy (haploid call).
    Every,
    /// On these copies (0-based place in GT) of a phase set. A phased genotype without PS belongs to the one unnamed
    /// set of its contig, as the specification says.
    Phased { set: String, copies: Vec<usize> },
    /// On one copy, nobody knows which.
    Unphased,
}

/// Carriers of the `alternate`-th ALT (1-based); `None` where the genotype does not hold it or cannot be read.
///
/// `tail` is FORMAT and the sample column with their leading tabs. PGT and PID, which GATK wrote before PS, are read
/// where GT itself is not phased and the site has one ALT in its genotype.
pub(crate) fn carriers(tail: &str, alternate: usize) -> Option<Carriers> {
    let mut columns = tail.split('\t').skip(1);
    let (format, sample) = (columns.next()?, columns.next()?);
    let value = |key: &str| {
        let at = format.split(':').position(|k| k == key)?;
        sample.split(':').nth(at).filter(|v| !v.is_empty() && *v != ".")
    };
    let genotype = value("GT")?;
    let (alleles, phased) = alleles(genotype)?;
    let copies = places(&alleles, alternate);
    if copies.is_empty() {
        return None;
    }
    if copies.len() == alleles.len() {
        return Some(Carriers::Every);
    }
    if phased {
        return Some(Carriers::Phased {
            set: value("PS").unwrap_or_default().to_owned(),
            copies,
        });
    }
    let by_gatk = || -> Option<Carriers> {
        let set = value("PID")?.to_owned();
        let (local, phased) = self::alleles(value("PGT")?)?;
        let plain = alternate == 1 && alleles.iter().all(|a| matches!(a, Some(0 | 1)));
        let copies = places(&local, 1);
        (phased && plain && copies.len() == 1 && local.len() == 2).then_some(Carriers::Phased { set, copies })
    };
    Some(by_gatk().unwrap_or(Carriers::Unphased))
}

/// Allele numbers of a genotype (missing ones are `None`), and whether every separator is `|`. VCF 4.4 allows a
/// separator before the first allele.
fn alleles(genotype: &str) -> Option<(Vec<Option<usize>>, bool)> {
    let phased = !genotype.contains('/');
    let alleles = genotype
        .trim_start_matches(['|', '/'])
        .split(['|', '/'])
        .map(|a| {
            if a == "." {
                Some(None)
            } else {
                a.parse::<usize>().ok().map(Some)
            }
        })
        .collect::<Option<Vec<_>>>()?;
    Some((alleles, phased))
}

fn places(alleles: &[Option<usize>], wanted: usize) -> Vec<usize> {
    (0..alleles.len()).filter(|i| alleles[*i] == Some(wanted)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genotypes() {
        let phased = |set: &str, copies: &[usize]| {
            Some(Carriers::Phased {
                set: set.to_owned(),
                copies: copies.to_vec(),
            })
        };
        for (tail, alternate, expected) in [
            ("", 1, None),
            ("\tGT\t0/1", 1, Some(Carriers::Unphased)),
            ("\tGT\t0/0", 1, None),
            ("\tGT\t1/1", 1, Some(Carriers::Every)),
            ("\tGT\t1", 1, Some(Carriers::Every)),
            ("\tGT\t0|1", 1, phased("", &[1])),
            ("\tGT:PS\t1|0:77", 1, phased("77", &[0])),
            ("\tPS:GT\t77:1|2", 2, phased("77", &[1])),
            // A missing copy is not the reference: the allele may stand on it too.
            ("\tGT\t./1", 1, Some(Carriers::Unphased)),
            ("\tGT\t.|1", 1, phased("", &[1])),
            ("\tGT:PS\t0/1:77", 1, Some(Carriers::Unphased)),
            ("\tGT:PGT:PID\t0/1:1|0:9_A_C", 1, phased("9_A_C", &[0])),
            ("\tGT:PGT:PID\t1/2:1|0:9_A_C", 1, Some(Carriers::Unphased)),
            ("\tGT\t0|1|1", 1, phased("", &[1, 2])),
            ("\tGT\tx", 1, None),
            ("\tDP\t3", 1, None),
        ] {
            assert_eq!(carriers(tail, alternate), expected, "{tail:?}");
        }
    }
}
