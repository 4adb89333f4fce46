//! A whole build against its floor, in one run.
//!
//! The floor is a bare parallel program that reads and parses the same manifests once and writes
//! as many files of the same sizes into the same folders. Every round writes into folders that
//! were never used before, and nothing is deleted in between: ext4 creates files more slowly right
//! after large deletions.
//!
//! ```sh
//! cargo bench --bench build -- CATALOG [ROUNDS] [OUT]
//! ```
//!
//! `CATALOG` defaults to the bundled one, `OUT` to a new folder under the target folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use toolcard::catalog::Catalog;
use toolcard::config::Config;
use toolcard::site::build;
use toolcard::site::build::progress::Quiet;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo bench` adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let catalog = args.first().map_or_else(|| root.join("catalog"), PathBuf::from);
    let rounds: usize = args.get(1).map_or(3, |n| n.parse().expect("a number of rounds"));
    let fresh = format!("target/bench-build/{}", std::process::id());
    let out = args.get(2).map_or_else(|| root.join(fresh), PathBuf::from);

    println!("catalogue {}", catalog.display());
    let mut shape = Vec::new();
    for round in 0..rounds {
        if !shape.is_empty() {
            report("floor", floor(&catalog, &shape, &out.join(format!("floor-{round}-before"))));
        }
        let target = out.join(format!("build-{round}"));
        let first = timed(|| site(&catalog, &target));
        report("build", first);
        report("again", timed(|| site(&catalog, &target)));
        if shape.is_empty() {
            shape = files(&target);
            let bytes: u64 = shape.iter().map(|(_, n)| *n as u64).sum();
            println!("{} files, {:.1} MB", shape.len(), bytes as f64 / 1e6);
        }
        let floor = floor(&catalog, &shape, &out.join(format!("floor-{round}-after")));
        report("floor", floor);
        println!("build / floor = {:.2}", first.as_secs_f64() / floor.as_secs_f64());
    }
    println!("peak memory {} MiB", peak_memory().map_or_else(|| "?".to_owned(), |kib| (kib / 1024).to_string()));
    println!("the folders stay: {}", out.display());
}

fn site(catalog: &Path, out: &Path) {
    let config = Config::find(catalog, None).expect("configuration");
    build::run(catalog, out, &config, &Quiet).expect("builds");
}

fn floor(catalog: &Path, shape: &[(PathBuf, usize)], out: &Path) -> Duration {
    let catalog = Catalog::open(catalog).expect("opens");
    let page = vec![b'x'; shape.iter().map(|(_, n)| *n).max().unwrap_or(0)];
    timed(|| {
        catalog.servers.par_iter().for_each(|entry| {
            let text = std::fs::read(&entry.manifest).expect("reads");
            let value: serde_json::Value = serde_json::from_slice(&text).expect("parses");
            std::hint::black_box(value);
        });
        shape.par_chunk_by(|a, b| a.0.parent() == b.0.parent()).for_each(|folder| {
            std::fs::create_dir_all(out.join(folder[0].0.parent().unwrap())).expect("folder");
            for (path, bytes) in folder {
                std::fs::write(out.join(path), &page[..*bytes]).expect("writes");
            }
        });
    })
}

fn files(root: &Path) -> Vec<(PathBuf, usize)> {
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(|e| e.expect("lists"))
        .filter(|e| e.file_type().is_file())
        .map(|e| {
            let size = usize::try_from(e.metadata().expect("metadata").len()).expect("fits");
            (e.path().strip_prefix(root).expect("inside").to_path_buf(), size)
        })
        .collect()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn report(what: &str, time: Duration) {
    println!("{what:<6} {:>8.3} s", time.as_secs_f64());
}

/// The process's peak resident size in KiB, where the system says.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
