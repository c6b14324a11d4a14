//! The likeliest walks through an assembly graph.

use std::{cmp::Ordering, collections::BinaryHeap};

use crate::graph::Graph;

/// A walk so far, in a heap with the likeliest on top; older ones first among equals, so that the order is fixed.
struct Walk {
    score: f64,
    age: usize,
    vertex: u32,
    /// Its last step in the store of steps.
    step: usize,
}

impl PartialEq for Walk {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Walk {}
impl PartialOrd for Walk {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Walk {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.age.cmp(&self.age))
    }
}

/// Sequences of the `most` likeliest walks from the reference's first to its last k-mer, likeliest first, with the
/// log10 of their likelihood: the product of edge weights over the sum of weights out of each vertex. The graph must
/// be acyclic. `first` is the reference's first k-mer.
pub(crate) fn best(graph: &Graph, first: &[u8], most: usize) -> Vec<(Vec<u8>, f64)> {
    let reaches = graph.reaches_sink();
    // (step before, base)
    let mut steps: Vec<(usize, u8)> = vec![(usize::MAX, 0)];
    let mut visits = vec![0usize; graph.vertices.len()];
    let mut heap = BinaryHeap::new();
    heap.push(Walk {
        score: 0.0,
        age: 0,
        vertex: 0,
        step: 0,
    });
    let mut age = 0;
    let mut found = Vec::new();
    while let Some(walk) = heap.pop() {
        let (mut at, mut step) = (walk.vertex, walk.step);
        loop {
            if at == graph.sink {
                let mut bases: Vec<u8> = Vec::new();
                let mut back = step;
                while back != 0 {
                    bases.push(steps[back].1);
                    back = steps[back].0;
                }
                bases.extend(first.iter().rev());
                bases.reverse();
                found.push((bases, walk.score));
                break;
            }
            visits[at as usize] += 1;
            if visits[at as usize] > most {
                break;
            }
            let next: Vec<(u32, u32)> = graph.vertices[at as usize]
                .out
                .iter()
                .map(|&e| &graph.edges[e as usize])
                .filter(|e| e.alive && reaches[e.to as usize])
                .map(|e| (e.to, e.weight.max(1)))
                .collect();
            if let [(only, _)] = next[..] {
                steps.push((step, graph.vertices[only as usize].base));
                step = steps.len() - 1;
                at = only;
                continue;
            }
            let total: u32 = next.iter().map(|n| n.1).sum();
            for (to, weight) in next {
                age += 1;
                steps.push((step, graph.vertices[to as usize].base));
                heap.push(Walk {
                    score: walk.score + (f64::from(weight) / f64::from(total)).log10(),
                    age,
                    vertex: to,
                    step: steps.len() - 1,
                });
            }
            break;
        }
        if found.len() >= most {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = "ACGTCATGCATCGATTGACTAGCATCAGCATCGACTACGACTACGGACTACTACGACGATCAT";

    fn assembled(reads: &[String], k: usize) -> Vec<String> {
        let parts: Vec<&[u8]> = reads.iter().map(String::as_bytes).collect();
        let mut graph = Graph::thread(k, REFERENCE.as_bytes(), &parts).unwrap();
        graph.prune(2);
        graph.recover(REFERENCE.as_bytes());
        assert!(graph.is_acyclic());
        best(&graph, &REFERENCE.as_bytes()[..k], 16)
            .into_iter()
            .map(|(bases, _)| String::from_utf8(bases).unwrap())
            .collect()
    }

    #[test]
    fn finds_what_the_reads_hold() {
        let changed = [
            REFERENCE.replacen("TTGACTAG", "TTGCCTAG", 1),
            REFERENCE.replacen("GCATCAGCATCG", "GCATCG", 1),
            REFERENCE.replacen("AGCATCAGC", "AGCATTTACCAGC", 1),
        ];
        for haplotype in changed {
            assert_ne!(haplotype, REFERENCE);
            let mut reads = vec![haplotype.clone(); 5];
            reads.extend(vec![REFERENCE.to_owned(); 7]);
            let mut found = assembled(&reads, 10);
            assert_eq!(found[0], REFERENCE);
            found.sort();
            let mut expected = vec![haplotype, REFERENCE.to_owned()];
            expected.sort();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn one_read_is_an_error() {
        let reads = [REFERENCE.replacen("TTGACTAG", "TTGCCTAG", 1)];
        assert_eq!(assembled(&reads, 10), [REFERENCE]);
    }

    #[test]
    fn a_tail_that_stops_short_is_joined() {
        let haplotype = REFERENCE.replacen("GCATCAGCATCG", "GCATCTGCATCG", 1);
        // The reads end six bases after the change: too early for a k-mer of the reference.
        let cut = haplotype.find("GCATCTGCATCG").unwrap() + 12;
        let found = assembled(&vec![haplotype[..cut].to_owned(); 4], 12);
        assert!(found.contains(&haplotype), "{found:?}");
    }

    #[test]
    fn a_repeated_k_mer_needs_a_longer_k() {
        let reference = b"ACGTACGTACGTTTGCA";
        assert!(Graph::thread(4, reference, &[]).is_none());
        assert!(Graph::thread(10, reference, &[]).is_some());
    }
}
