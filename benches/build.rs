//! Whole builds against their floor, in one run.
//!
//! The floor is a bare parallel program that reads and parses the same manifests once and writes as many files of the same
//! sizes into the same folders. Every measure is a process of its own, so that each has its own memory and time. Every round writes
//! into folders that were never used before, and nothing is deleted in between: ext4 creates files more slowly right after large
//! deletions.
//!
//! ```sh
//! cargo bench --bench build -- CATALOG [ROUNDS] [OUT]
//! ```
//!
//! `CATALOG` defaults to the bundled one, `OUT` to a new folder under the target folder. The catalogue is not touched: a copy of hard
//! links is built, in which one manifest is exchanged.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

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
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["measure-build", catalog, out] => site(Path::new(catalog), Path::new(out)),
        ["measure-floor", catalog, like, out] => floor(Path::new(catalog), Path::new(like), Path::new(out)),
        _ => table(&words),
    }
}

fn table(args: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = args.first().map_or_else(|| root.join("catalog"), PathBuf::from);
    let rounds: usize = args.get(1).map_or(3, |n| n.parse().expect("a number of rounds"));
    let fresh = format!("target/bench-build/{}", std::process::id());
    let out = args.get(2).map_or_else(|| root.join(fresh), PathBuf::from);
    let catalog = out.join("catalog");
    link(&source, &catalog);
    let beside = Config::beside(&source);
    if beside.is_file() {
        std::fs::copy(&beside, Config::beside(&catalog)).expect("copies");
    }
    println!("catalogue {}", source.display());
    for round in 0..rounds {
        let path = |name: &str| out.join(format!("{name}-{round}"));
        let built = path("build");
        let full = measure(&["measure-build", text(&catalog), text(&built)]);
        let bare = measure(&["measure-floor", text(&catalog), text(&built), text(&path("floor"))]);
        // Folders that are as new as the build are looked at file by file once.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        measure(&["measure-build", text(&catalog), text(&built)]);
        let same = measure(&["measure-build", text(&catalog), text(&built)]);
        let (servers, tools) = exchange(&catalog, round);
        let one = measure(&["measure-build", text(&catalog), text(&built)]);
        println!("round {}: {servers} servers, {tools} tools, {} files", round + 1, files(&built).len());
        println!("  floor                {bare}");
        println!("  full build           {full}, {:.2} × the floor", full.wall / bare.wall);
        println!("                       {:.0} µs of user CPU a tool", full.user * 1e6 / tools as f64);
        println!("  nothing changed      {same}, {:.1} % of a full build", 100.0 * same.wall / full.wall);
        println!("  one server changed   {one}, {:.1} % of a full build", 100.0 * one.wall / full.wall);
    }
    println!("the folders stay: {}", out.display());
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// What a process took.
struct Taken {
    wall: f64,
    user: f64,
    system: f64,
    peak_mib: u64,
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wall, user, system, peak_mib } = self;
        write!(f, "{wall:7.2} s ({user:.2} user, {system:.2} system), {peak_mib} MiB")
    }
}

/// Runs this program in another mode; it says itself what it took, in its last line.
fn measure(args: &[&str]) -> Taken {
    let program = std::env::current_exe().expect("the program");
    let run = Command::new(program).args(args).output().expect("runs");
    let said = String::from_utf8(run.stdout).expect("text");
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [wall, user, system, peak] = numbers[..] else { panic!("{said}") };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count of MiB
    Taken { wall, user, system, peak_mib: peak as u64 }
}

/// Prints what this process took so far: seconds, seconds of user and system time, MiB at most.
fn say(began: Instant) {
    let wall = began.elapsed().as_secs_f64();
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let stat = read("/proc/self/stat");
    // Fields 14 and 15, counted behind the name in parentheses; a tick is a hundredth of a second.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks =
        |field: usize| after.split_whitespace().nth(field - 3).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
    let status = read("/proc/self/status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = peak.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
    println!("{wall} {} {} {}", ticks(14) / 100.0, ticks(15) / 100.0, kib / 1024);
}

fn site(catalog: &Path, out: &Path) {
    let began = Instant::now();
    let config = Config::find(catalog, None).expect("configuration");
    build::run(catalog, out, &config, &Quiet).expect("builds");
    say(began);
}

fn floor(catalog: &Path, like: &Path, out: &Path) {
    let shape = files(like);
    let page = vec![b'x'; shape.iter().map(|(_, n)| *n).max().unwrap_or(0)];
    let began = Instant::now();
    let catalog = Catalog::open(catalog).expect("opens");
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
    say(began);
}

/// Every published file below a folder with its size, folder by folder.
fn files(root: &Path) -> Vec<(PathBuf, usize)> {
    let all = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(|entry| entry.expect("lists"));
    let published = all.filter(|entry| entry.file_type().is_file());
    let mut files: Vec<(PathBuf, usize)> = published
        .map(|entry| {
            let size = usize::try_from(entry.metadata().expect("metadata").len()).expect("size");
            (entry.path().strip_prefix(root).expect("inside").to_path_buf(), size)
        })
        .filter(|(path, _)| !path.starts_with(".toolcard"))
        .collect();
    files.sort_by(|a, b| (a.0.parent(), &a.0).cmp(&(b.0.parent(), &b.0)));
    files
}

/// The same folder as hard links, an hour after it was made.
fn link(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(|entry| entry.expect("lists")) {
        let place = to.join(entry.path().strip_prefix(from).expect("inside"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(place).expect("folder");
        } else if std::fs::hard_link(entry.path(), &place).is_err() {
            std::fs::copy(entry.path(), place).expect("copies");
        }
    }
}

/// Gives the first tool of one server another description; returns how many servers and tools there are.
fn exchange(catalog: &Path, round: usize) -> (usize, usize) {
    let listed = Catalog::open(catalog).expect("opens");
    let tools = listed
        .servers
        .par_iter()
        .map(|entry| Catalog::load(entry).value.map_or(0, |manifest| manifest.tools.len()))
        .sum();
    let entry = &listed.servers[listed.servers.len() / 2];
    let text = std::fs::read(&entry.manifest).expect("reads");
    let mut value: serde_json::Value = serde_json::from_slice(&text).expect("parses");
    if let Some(tool) = value.pointer_mut("/tools/0") {
        tool["description"] = format!("{} Round {round}.", tool["description"].as_str().unwrap_or_default()).into();
    }
    // Another file in its place: the one that is linked stays.
    let new = entry.manifest.with_extension("new");
    std::fs::write(&new, serde_json::to_vec(&value).expect("JSON")).expect("writes");
    std::fs::rename(new, &entry.manifest).expect("renames");
    (listed.servers.len(), tools)
}
