//! Threads and memory of a run. One pool, owned here and handed down.

use clinotype_genome::{Fault, Result};

/// The least memory that any step can work with, in bytes.
pub const LEAST_MEMORY: u64 = 256 << 20;

/// What a run may use.
#[derive(Debug)]
pub struct Machine {
    pool: rayon::ThreadPool,
    threads: usize,
    memory: u64,
}

impl Machine {
    /// `threads` 0 means every core; `memory` in bytes, `None` means three quarters of what is free now.
    pub fn new(threads: usize, memory: Option<u64>) -> Result<Self> {
        let threads = match threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n,
        };
        let memory = memory.unwrap_or_else(|| (available_memory() / 4 * 3).max(LEAST_MEMORY));
        if memory < LEAST_MEMORY {
            return Err(Fault::resource(format!("--memory {} MB is too small", memory >> 20))
                .hint(format!("allow at least {} MB", LEAST_MEMORY >> 20)));
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|n| format!("clinotype-{n}"))
            .build()
            .map_err(|e| Fault::resource(format!("cannot start {threads} threads")).caused_by(e))?;
        Ok(Self { pool, threads, memory })
    }

    /// How many threads.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Bytes that a step may use.
    pub fn memory(&self) -> u64 {
        self.memory
    }

    /// Runs work inside the pool, so that rayon calls below use it and no other.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }
}

fn available_memory() -> u64 {
    const WHERE_NOT_TOLD: u64 = 4 << 30;
    let Ok(mut system) = sysinfo::System::new() else {
        return WHERE_NOT_TOLD;
    };
    system.refresh_memory();
    match system.available_memory() {
        0 => WHERE_NOT_TOLD,
        bytes => bytes,
    }
}

/// Reads `8G`, `900M`, `2048M`, `1T` or plain bytes.
pub fn parse_memory(text: &str) -> Result<u64, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let shift = match unit.trim_end_matches(['B', 'b']).trim_end_matches('i') {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        "T" | "t" => 40,
        _ => return Err(format!("{text:?} is no amount of memory: write it like 8G or 900M")),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(1 << shift))
        .filter(|n| *n > 0)
        .ok_or_else(|| format!("{text:?} is no amount of memory: write it like 8G or 900M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_memory() {
        for (text, bytes) in [
            ("8G", 8 << 30),
            ("900M", 900 << 20),
            ("2GiB", 2 << 30),
            ("300000000", 300_000_000),
        ] {
            assert_eq!(parse_memory(text), Ok(bytes), "{text}");
        }
        for text in ["", "G", "8X", "-1G", "1.5G", "99999999999999999999G", "0"] {
            assert!(parse_memory(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_pool_has_the_threads_asked_for() {
        let machine = Machine::new(3, Some(1 << 30)).unwrap();
        assert_eq!(machine.install(rayon::current_num_threads), 3);
        assert!(Machine::new(1, Some(1 << 20)).is_err());
    }
}
