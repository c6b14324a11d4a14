//! Temporary.
use clinotype_genome::{Reference, Silent};
use clinotype_reads::*;
use std::path::Path;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let reference = Reference::open(&a[2]).unwrap();
    let threads: usize = std::env::var("T").map_or(2, |t| t.parse().unwrap());
    let memory: u64 = std::env::var("M").map_or(4 << 30, |t| t.parse::<u64>().unwrap() << 20);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let t = std::time::Instant::now();
    pool.install(|| {
        if a[1] == "align" {
            let pairs: Vec<_> = a[4..]
                .chunks(2)
                .map(|c| FastqPair {
                    r1: c[0].clone().into(),
                    r2: c[1].clone().into(),
                })
                .collect();
            let r = align(
                &AlignOptions {
                    pairs: &pairs,
                    reference: &reference,
                    sample: "S",
                    out: Path::new(&a[3]),
                    memory,
                    scratch: Path::new("/tmp/rt/scratch"),
                    index_cache: std::env::var("NOCACHE").is_err().then_some(Path::new("/tmp/rt/cache")),
                    program: "0",
                    command_line: "x",
                },
                &Silent,
            );
            match r {
                Ok(s) => println!("{s:?}"),
                Err(e) => println!("FAULT {:?} {e} | {:?}", e.kind(), e.advice()),
            }
        } else {
            let r = import(
                &ImportOptions {
                    bam: Path::new(&a[4]),
                    reference: &reference,
                    sample: "S",
                    input_sample: a.get(5).map(|s| s.as_str()),
                    out: Path::new(&a[3]),
                    memory,
                    scratch: Path::new("/tmp/rt/scratch"),
                    program: "0",
                    command_line: "x",
                },
                &Silent,
            );
            match r {
                Ok(s) => println!("{s:?}"),
                Err(e) => println!("FAULT {:?} {e} | {:?}", e.kind(), e.advice()),
            }
        }
    });
    eprintln!("{:?}", t.elapsed());
}
