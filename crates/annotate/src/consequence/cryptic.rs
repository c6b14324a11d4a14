//! Sites that could take over from a broken splice site: every GT (donor) or AG (acceptor) of the changed sequence near
//! it, and what the protein becomes if it is used (Abou Tayoun 2018, Hum Mutat 39:1517, figure 1: cryptic sites within
//! 20 nt).
//!
//! No score is computed here: which of the sites is used is for a splice predictor or RNA to tell. That there is no GT
//! or AG at all tells by itself that no such site takes over.

use clinotype_genome::{Result, Strand, sequence::reverse_complement};

use super::lof;
use crate::{
    bases::Bases,
    edit::Edit,
    facts::CrypticSite,
    spliced::{Spliced, translate},
    transcripts::{Span, Transcript},
};

/// How far from the broken site a cryptic one is looked for, in bases of exon gained or lost.
const WINDOW: usize = 20;

/// Longer deletions are no change of a splice site alone.
const LONGEST: usize = 200;

/// The exon at risk with the intron beside its broken site, in the transcript's direction, and the change in it.
struct Local {
    /// Changed bases.
    bases: Vec<u8>,
    /// Where the change lies: bases `from..to` of the unchanged stretch became `inserted` bases.
    from: usize,
    to: usize,
    inserted: usize,
    /// Genome position (0-based) of the stretch's first base.
    origin: u32,
    strand: Strand,
}

impl Local {
    /// `None` where the change reaches out of the stretch.
    fn read(
        edit: &Edit,
        t: &Transcript,
        bases: &dyn Bases,
        exon: Span,
        donor: bool,
        flank: u32,
    ) -> Result<Option<Self>> {
        // The intron lies behind a donor and before an acceptor, in the transcript's direction.
        let grows_right = donor == (t.strand == Strand::Forward);
        let (start, end) = if grows_right {
            (exon.start, exon.end.saturating_add(flank))
        } else {
            (exon.start.saturating_sub(flank), exon.end)
        };
        if edit.start < start || edit.end > end {
            return Ok(None);
        }
        let mut plus = bases.fetch(&t.contig, start, end)?;
        if plus.len() != (end - start) as usize {
            return Ok(None);
        }
        let (a, b) = ((edit.start - start) as usize, (edit.end - start) as usize);
        let (from, to) = match t.strand {
            Strand::Forward => (a, b),
            Strand::Reverse => (plus.len() - b, plus.len() - a),
        };
        plus.splice(a..b, edit.inserted.iter().copied());
        Ok(Some(Self {
            bases: match t.strand {
                Strand::Forward => plus,
                Strand::Reverse => reverse_complement(&plus),
            },
            from,
            to,
            inserted: edit.inserted.len(),
            origin: match t.strand {
                Strand::Forward => start,
                Strand::Reverse => end - 1,
            },
            strand: t.strand,
        }))
    }

    /// 1-based genome position of a base of the changed stretch; a base that was inserted lies at the base before it.
    fn position(&self, index: usize) -> u32 {
        let reference = if index < self.from {
            index
        } else if index < self.from + self.inserted {
            self.from.saturating_sub(1)
        } else {
            index - self.inserted + (self.to - self.from)
        };
        let along = reference as u32;
        1 + match self.strand {
            Strand::Forward => self.origin + along,
            Strand::Reverse => self.origin - along,
        }
    }
}

/// The sites near the broken donor or acceptor of an exon (1-based number), by distance; `None` where the change is too
/// large to say.
pub(super) fn sites(
    edit: &Edit,
    t: &Transcript,
    bases: &dyn Bases,
    spliced: &Spliced,
    exon: u32,
    donor: bool,
) -> Result<Option<Vec<CrypticSite>>> {
    let index = exon as usize - 1;
    let intron = if donor { Some(index) } else { index.checked_sub(1) };
    let (Some(span), Some(intron)) = (t.exons.get(index), intron.and_then(|i| t.intron(i))) else {
        return Ok(None);
    };
    if edit.deleted.len() > LONGEST || edit.inserted.len() > LONGEST {
        return Ok(None);
    }
    // Bases that are deleted bring others as many nearer.
    let flank = ((WINDOW + 2 + edit.deleted.len()) as u32).min(intron.len());
    let Some(local) = Local::read(edit, t, bases, *span, donor, flank)? else {
        return Ok(None);
    };
    let old = span.len() as usize;
    let mut found = Vec::new();
    for length in old.saturating_sub(WINDOW).max(1)..=old + WINDOW {
        if length == old {
            continue;
        }
        let (is_site, kept, end) = if donor {
            let Some(next) = local.bases.get(length..length + 2) else {
                continue;
            };
            (next == b"GT", &local.bases[..length], length - 1)
        } else {
            let Some(start) = local.bases.len().checked_sub(length).filter(|start| *start >= 2) else {
                continue;
            };
            (&local.bases[start - 2..start] == b"AG", &local.bases[start..], start)
        };
        if is_site {
            let mut site = outcome(index, kept, donor, t, spliced);
            site.position = local.position(end);
            found.push(site);
        }
    }
    Ok(Some(found))
}

/// What the transcript becomes where one exon reads `exon` instead of its own bases.
fn outcome(index: usize, exon: &[u8], donor: bool, t: &Transcript, spliced: &Spliced) -> CrypticSite {
    let (from, old) = (t.offsets[index], t.exons[index].len());
    let to = from + old;
    let distance = exon.len() as i64 - i64::from(old);
    let lost = u32::try_from(-distance).unwrap_or(0);
    let mut site = CrypticSite {
        distance: distance as i32,
        ..CrypticSite::default()
    };
    let Some(coding) = t.coding else { return site };
    // First and last bases of the old transcript that the change may touch.
    let (first, last) = if donor { (to - lost, to) } else { (from, from + lost) };
    if first >= coding.end || last <= coding.start {
        site.keeps_frame = Some(true);
        site.lost_fraction = Some(0.0);
        return site;
    }
    if first < coding.start + 3 || last > coding.end {
        // The start or the stop codon itself is at stake.
        return site;
    }
    let mut bases = spliced.bases[..from as usize].to_vec();
    bases.extend_from_slice(exon);
    bases.extend_from_slice(&spliced.bases[to as usize..]);
    let protein = translate(t, &bases[coding.start as usize..], |codon| codon);
    let stopped = protein.last() == Some(&b'*');
    let residues = lof::residues(spliced).max(1) as f64;
    if distance % 3 == 0 && protein.len() as i64 == spliced.protein.len() as i64 + distance / 3 {
        site.keeps_frame = Some(true);
        site.nmd = Some(false);
        site.lost_fraction = Some(f64::from(lost / 3) / residues);
        return site;
    }
    site.keeps_frame = Some(false);
    let same = spliced.protein.iter().zip(&protein).take_while(|(a, b)| a == b).count() as u32;
    site.lost_fraction = Some(lof::lost_from(same, spliced));
    if stopped {
        site.new_stop_codon = Some(protein.len() as u32);
        let end = i64::from(coding.start) - i64::from(t.padding()) + protein.len() as i64 * 3;
        let moved = |offset: u32| u32::try_from(i64::from(offset) + distance).unwrap_or(offset);
        let offsets: Vec<u32> = t
            .offsets
            .iter()
            .enumerate()
            .map(|(i, o)| if i > index { moved(*o) } else { *o })
            .collect();
        site.nmd = lof::decay(end, &offsets, moved(coding.end)).0;
    }
    site
}

/// As CSQ's CRYPTIC_SITES states them: `position:distance:keeps_frame:nmd:new_stop:lost_fraction`, joined by `&`, or
/// `none` where no such site is there.
pub(crate) fn text(sites: Option<&[CrypticSite]>) -> String {
    let Some(sites) = sites else { return String::new() };
    if sites.is_empty() {
        return "none".to_owned();
    }
    let flag = |value: Option<bool>| match value {
        Some(true) => "1",
        Some(false) => "0",
        None => "",
    };
    let written: Vec<String> = sites
        .iter()
        .map(|site| {
            format!(
                "{}:{:+}:{}:{}:{}:{}",
                site.position,
                site.distance,
                flag(site.keeps_frame),
                flag(site.nmd),
                site.new_stop_codon.map(|n| n.to_string()).unwrap_or_default(),
                site.lost_fraction.map(|f| format!("{f:.4}")).unwrap_or_default()
            )
        })
        .collect();
    written.join("&")
}

#[cfg(test)]
mod tests {
    use clinotype_genome::{Pos, VariantKey};

    use super::*;
    use crate::{bases::testing::Slices, transcripts::model::tests::model};

    /// Exon 1 is 0..30 (coding from 0), intron 30..130, exon 2 is 130..190, intron 190..290, exon 3 is 290..350.
    fn contig() -> Vec<u8> {
        let mut bases = Vec::new();
        bases.extend_from_slice(b"ATGGCACCAGCACCAGCACCAGCACCAGCA");
        bases.extend_from_slice(b"GTAAGTCCCCGTCC");
        bases.extend(std::iter::repeat_n(b'C', 84));
        bases.extend_from_slice(b"AG");
        bases.extend(b"GCACCA".repeat(10));
        bases.extend_from_slice(b"GTAAGT");
        bases.extend(std::iter::repeat_n(b'C', 92));
        bases.extend_from_slice(b"AG");
        bases.extend(b"GCACCA".repeat(9));
        bases.extend_from_slice(b"GCATAA");
        bases.extend(std::iter::repeat_n(b'C', 50));
        bases
    }

    fn found(strand: Strand, position: u32, reference: &str, alternate: &str, exon: u32, donor: bool) -> String {
        let plus = contig();
        let length = plus.len() as u32;
        let flip = |spans: &[(u32, u32)]| -> Vec<(u32, u32)> {
            spans.iter().rev().map(|(a, b)| (length - b, length - a)).collect()
        };
        let forward = [(0, 30), (130, 190), (290, 350)];
        let (t, bases, key) = match strand {
            Strand::Forward => (
                model(strand, &forward, Some((0, 350))),
                plus,
                VariantKey::new("chr1", Pos::new(position).unwrap(), reference, alternate),
            ),
            Strand::Reverse => {
                let spans = flip(&forward);
                let other = |text: &str| String::from_utf8(reverse_complement(text.as_bytes())).unwrap();
                let at = length + 1 - position - (reference.len() as u32 - 1);
                (
                    model(strand, &spans, Some((length - 350, length))),
                    reverse_complement(&plus),
                    VariantKey::new("chr1", Pos::new(at).unwrap(), &other(reference), &other(alternate)),
                )
            }
        };
        let slices = Slices::new(vec![("chr1".into(), 0, bases)]);
        let spliced = Spliced::read(&t, &slices).unwrap();
        let edit = Edit::of(&key);
        let sites = sites(&edit, &t, &slices, &spliced, exon, donor).unwrap();
        // Positions as on the forward contig, so that both strands can be compared.
        let sites = sites.map(|sites| {
            sites
                .into_iter()
                .map(|mut site| {
                    if strand == Strand::Reverse {
                        site.position = length + 1 - site.position;
                    }
                    site
                })
                .collect::<Vec<_>>()
        });
        text(sites.as_deref())
    }

    #[test]
    fn every_gt_or_ag_near_a_broken_site_on_both_strands() {
        for strand in [Strand::Forward, Strand::Reverse] {
            // Donor +1 of exon 1: GT at +5 (34 bases) and +11 (40 bases): one shifts the frame, no stop follows.
            let donor = found(strand, 31, "G", "A", 1, true);
            let distances: Vec<&str> = donor.split('&').map(|s| s.split(':').nth(1).unwrap()).collect();
            assert_eq!(distances, ["+4", "+10"], "{donor}");
            assert!(donor.starts_with("34:+4:0:"), "{donor}");
            // Acceptor -1 of exon 2: the exon's own AGs lie 7, 13 and 19 bases into it.
            let acceptor = found(strand, 130, "G", "C", 2, false);
            let distances: Vec<&str> = acceptor.split('&').map(|s| s.split(':').nth(1).unwrap()).collect();
            assert_eq!(distances, ["-19", "-13", "-7"], "{acceptor}");
            assert!(acceptor.contains("138:-7:0:"), "{acceptor}");
            // Acceptor -1 of exon 3 without an AG within 20 bases.
            assert_eq!(
                found(strand, 290, "GGCACCAGCACCAGCACCAGCAC", &"C".repeat(23), 3, false),
                "none"
            );
            // Both bases changed: the same sites.
            let deleted = found(strand, 31, "GT", "AC", 1, true);
            assert_eq!(deleted, donor);
        }
        // The change reaches out of the exon and the intron beside it.
        assert_eq!(found(Strand::Forward, 29, &"C".repeat(150), "C", 1, true), "");
    }

    /// 3 bases of exon 1 less, in frame: c.28_30 are lost, 1 of 49 residues.
    #[test]
    fn a_site_in_frame_loses_whole_residues() {
        let sites = found(Strand::Forward, 26, "CAGCAG", "GTGCAC", 1, true);
        let inside = sites.split('&').find(|s| s.contains(":-")).unwrap();
        // Exon ends before the new GT, at base 25: five bases less, the frame is lost.
        assert!(inside.starts_with("25:-5:0:"), "{sites}");
        let in_frame = found(Strand::Forward, 28, "GCAG", "GTAC", 1, true);
        let inside = in_frame.split('&').find(|s| s.contains(":-")).unwrap();
        assert_eq!(inside, "27:-3:1:0::0.0204", "{in_frame}");
    }
}
