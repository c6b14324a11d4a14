//! A de Bruijn graph of the reads of one region, on the reference's path (the method of GATK's HaplotypeCaller as its
//! documentation describes it: read threading, pruning, recovery of dangling ends).

use std::collections::HashMap;

use crate::{align, hash::BuildMix, reads::Op};

/// A dangling end must be this long, and agree with the reference over this many bases at its end, to be joined.
const MIN_DANGLING: usize = 4;

/// A k-mer; it stands for its last base.
#[derive(Clone, Debug)]
pub(crate) struct Vertex {
    /// The last base.
    pub(crate) base: u8,
    /// Its offset on the reference path, if it is on it.
    reference: Option<u32>,
    /// Edges out of it.
    pub(crate) out: Vec<u32>,
    /// Edges into it.
    inn: Vec<u32>,
}

/// Two k-mers that follow each other in a read or in the reference.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// The first.
    from: u32,
    /// The second.
    pub(crate) to: u32,
    /// How many reads hold both.
    pub(crate) weight: u32,
    /// Whether the reference holds both.
    reference: bool,
    /// Whether it is still there.
    pub(crate) alive: bool,
}

/// See the module text.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    k: usize,
    /// All k-mers seen.
    pub(crate) vertices: Vec<Vertex>,
    /// All edges ever made.
    pub(crate) edges: Vec<Edge>,
    /// The reference's last k-mer.
    pub(crate) sink: u32,
}

impl Graph {
    /// Threads the reference and the reads (stretches of good bases). `None` where the reference repeats a k-mer.
    pub(crate) fn thread<'a>(k: usize, reference: &'a [u8], reads: &[&'a [u8]]) -> Option<Self> {
        if reference.len() <= k {
            return None;
        }
        let mut of_kmer: HashMap<&'a [u8], u32, BuildMix> =
            HashMap::with_capacity_and_hasher(reference.len() + reads.len() * 8, BuildMix::default());
        let mut graph = Self {
            k,
            vertices: Vec::with_capacity(reference.len() * 2),
            edges: Vec::with_capacity(reference.len() * 2),
            sink: 0,
        };
        for (offset, kmer) in reference.windows(k).enumerate() {
            let vertex = graph.add_vertex(kmer[k - 1], Some(offset as u32));
            if of_kmer.insert(kmer, vertex).is_some() {
                return None;
            }
            if vertex > 0 {
                graph.add_edge(vertex - 1, vertex, 0, true);
            }
            graph.sink = vertex;
        }
        for read in reads {
            let mut last: Option<u32> = None;
            for kmer in read.windows(k) {
                let vertex = *of_kmer
                    .entry(kmer)
                    .or_insert_with(|| graph.add_vertex(kmer[k - 1], None));
                if let Some(from) = last {
                    graph.add_edge(from, vertex, 1, false);
                }
                last = Some(vertex);
            }
        }
        Some(graph)
    }

    fn add_vertex(&mut self, base: u8, reference: Option<u32>) -> u32 {
        self.vertices.push(Vertex {
            base,
            reference,
            out: Vec::new(),
            inn: Vec::new(),
        });
        self.vertices.len() as u32 - 1
    }

    fn add_edge(&mut self, from: u32, to: u32, weight: u32, reference: bool) {
        let known = self.vertices[from as usize]
            .out
            .iter()
            .copied()
            .find(|&e| self.edges[e as usize].to == to);
        if let Some(edge) = known {
            self.edges[edge as usize].weight += weight;
            return;
        }
        let edge = self.edges.len() as u32;
        self.edges.push(Edge {
            from,
            to,
            weight,
            reference,
            alive: true,
        });
        self.vertices[from as usize].out.push(edge);
        self.vertices[to as usize].inn.push(edge);
    }

    fn alive<'a>(&'a self, edges: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        edges.iter().copied().filter(|&e| self.edges[e as usize].alive)
    }

    /// Removes chains whose every edge fewer than `floor` reads support (see [`crate::aim::Aim::graph_floor`]).
    pub(crate) fn prune(&mut self, floor: u32) {
        for vertex in 0..self.vertices.len() {
            let inner = self.vertices[vertex].reference.is_none() && self.is_link(vertex);
            if inner {
                continue;
            }
            for first in self.vertices[vertex].out.clone() {
                let chain = self.chain(first);
                let weak = chain.iter().all(|&e| {
                    let edge = &self.edges[e as usize];
                    edge.alive && !edge.reference && edge.weight < floor
                });
                if weak {
                    for edge in chain {
                        self.edges[edge as usize].alive = false;
                    }
                }
            }
        }
    }

    /// Whether exactly one edge leads in and one out.
    fn is_link(&self, vertex: usize) -> bool {
        let vertex = &self.vertices[vertex];
        vertex.inn.len() == 1 && vertex.out.len() == 1
    }

    fn chain(&self, first: u32) -> Vec<u32> {
        let mut chain = vec![first];
        let mut at = self.edges[first as usize].to as usize;
        while self.is_link(at) && self.vertices[at].reference.is_none() && chain.len() <= self.edges.len() {
            let next = self.vertices[at].out[0];
            chain.push(next);
            at = self.edges[next as usize].to as usize;
        }
        chain
    }

    /// Joins ends of read paths that do not come back to the reference, or do not come from it.
    pub(crate) fn recover(&mut self, reference: &[u8]) {
        for vertex in 0..self.vertices.len() {
            if self.vertices[vertex].reference.is_some() {
                continue;
            }
            let ins = self.alive(&self.vertices[vertex].inn).count();
            let outs = self.alive(&self.vertices[vertex].out).count();
            if outs == 0 && ins == 1 {
                self.recover_tail(vertex, reference);
            } else if ins == 0 && outs == 1 {
                self.recover_head(vertex, reference);
            }
        }
    }

    fn recover_tail(&mut self, end: usize, reference: &[u8]) {
        let mut bases = Vec::new();
        let mut at = end;
        let branch = loop {
            if let Some(offset) = self.vertices[at].reference {
                break offset as usize;
            }
            bases.push(self.vertices[at].base);
            let mut ins = self.alive(&self.vertices[at].inn);
            let (Some(only), None) = (ins.next(), ins.next()) else {
                return;
            };
            if bases.len() > self.edges.len() {
                return;
            }
            drop(ins);
            at = self.edges[only as usize].from as usize;
        };
        bases.reverse();
        let after = branch + self.k;
        if bases.len() < MIN_DANGLING || after >= reference.len() {
            return;
        }
        let Some(taken) = best_end(&reference[after..], &bases) else {
            return;
        };
        // The k-mer after the last agreeing base: it stands for the reference base that follows.
        let target = after + taken - self.k + 1;
        if taken > 0 && target < self.sink as usize + 1 && after + taken < reference.len() {
            self.add_edge(end as u32, target as u32, 1, false);
        }
    }

    fn recover_head(&mut self, end: usize, reference: &[u8]) {
        // The first k-mer's own bases are lost to the graph except the last; heads shorter than the rest of the read
        // are found again by the alleles of the pileup, so only the bases after the first k-mer are joined here.
        let mut bases = Vec::new();
        let mut at = end;
        let join = loop {
            if let Some(offset) = self.vertices[at].reference {
                break offset as usize;
            }
            bases.push(self.vertices[at].base);
            let mut outs = self.alive(&self.vertices[at].out);
            let (Some(only), None) = (outs.next(), outs.next()) else {
                return;
            };
            if bases.len() > self.edges.len() {
                return;
            }
            drop(outs);
            at = self.edges[only as usize].to as usize;
        };
        // The vertex at `join` stands for the reference base at join + k - 1.
        let before = join + self.k - 1;
        if bases.len() < MIN_DANGLING {
            return;
        }
        let turned: Vec<u8> = reference[..before].iter().rev().copied().collect();
        let bases: Vec<u8> = bases.iter().rev().copied().collect();
        let Some(taken) = best_end(&turned, &bases) else { return };
        // The reference base before the first agreeing one.
        let Some(origin) = (before - taken).checked_sub(self.k) else {
            return;
        };
        self.add_edge(origin as u32, end as u32, 1, false);
    }

    /// Whether no walk along living edges comes back to its start.
    pub(crate) fn is_acyclic(&self) -> bool {
        let mut left: Vec<usize> = self.vertices.iter().map(|v| self.alive(&v.inn).count()).collect();
        let mut open: Vec<usize> = (0..left.len()).filter(|&v| left[v] == 0).collect();
        let mut seen = 0;
        while let Some(vertex) = open.pop() {
            seen += 1;
            for edge in self.alive(&self.vertices[vertex].out) {
                let to = self.edges[edge as usize].to as usize;
                left[to] -= 1;
                if left[to] == 0 {
                    open.push(to);
                }
            }
        }
        seen == self.vertices.len()
    }

    /// For each vertex, whether the sink can be reached from it.
    pub(crate) fn reaches_sink(&self) -> Vec<bool> {
        let mut reaches = vec![false; self.vertices.len()];
        let mut open = vec![self.sink as usize];
        reaches[self.sink as usize] = true;
        while let Some(vertex) = open.pop() {
            for edge in self.alive(&self.vertices[vertex].inn) {
                let from = self.edges[edge as usize].from as usize;
                if !reaches[from] {
                    reaches[from] = true;
                    open.push(from);
                }
            }
        }
        reaches
    }
}

/// Aligns a dangling end with the reference that runs beside it; the number of reference bases it covers, if the two
/// agree at its end.
fn best_end(reference: &[u8], bases: &[u8]) -> Option<usize> {
    let longest = (bases.len() + 30).min(reference.len());
    let mut best: Option<(i64, usize)> = None;
    for taken in bases.len().saturating_sub(30).max(MIN_DANGLING)..=longest {
        let agree = reference[..taken]
            .iter()
            .rev()
            .zip(bases.iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        if agree < MIN_DANGLING {
            continue;
        }
        let mut score = 0i64;
        let (mut r, mut s) = (0, 0);
        for (op, n) in align::global(&reference[..taken], bases) {
            let n = n as usize;
            match op {
                Op::Match => {
                    let equal = reference[r..r + n]
                        .iter()
                        .zip(&bases[s..s + n])
                        .filter(|(a, b)| a == b)
                        .count();
                    score += 200 * equal as i64 - 150 * (n - equal) as i64;
                    r += n;
                    s += n;
                }
                Op::Insert => {
                    score -= 260 + 11 * n as i64;
                    s += n;
                }
                _ => {
                    score -= 260 + 11 * n as i64;
                    r += n;
                }
            }
        }
        if best.is_none_or(|b| score > b.0) {
            best = Some((score, taken));
        }
    }
    best.map(|b| b.1)
}
