//! The promise: whatever a running server does, its listing is captured as it was said, or there is one clear error; nothing
//! hangs, and nothing of it is left running. The servers are this binary itself, started with a mode.

mod configuration;
mod http;
mod measure;
mod raw;
mod secrets;
mod stdio;
mod update;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Project, Run};

/// Starts this binary as a server: the words before those of a mode.
fn command() -> Vec<String> {
    let me = std::env::current_exe().expect("this binary").to_string_lossy().into_owned();
    ["--exact", "servers::serves_where_it_is_asked_to", "--nocapture", "--test-threads", "1"].iter().fold(
        vec![me],
        |mut words, word| {
            words.push((*word).to_owned());
            words
        },
    )
}

/// The words that start a server of a mode. The mode is one more filter of tests, which finds none.
fn server(mode: &str) -> Vec<String> {
    let mut words = command();
    words.push(format!("mode:{mode}"));
    words
}

/// No test: what a server does, where this binary was started as one.
#[test]
fn serves_where_it_is_asked_to() {
    if let Some(mode) = std::env::args().find_map(|word| word.strip_prefix("mode:").map(str::to_owned)) {
        // The harness has begun a line with the name of this test.
        let mut out = std::io::stdout();
        std::io::Write::write_all(&mut out, b"\n").expect("writes");
        raw::serve(&mode);
        std::process::exit(0);
    }
}

/// `toolcard import --stdio`, of a server of a mode, with more arguments.
pub(crate) fn import(project: &Project, mode: &str, more: &[&str]) -> Run {
    let words = server(mode);
    let mut all = vec!["import", "--slug", "s", "--yes", "--stdio"];
    all.extend(more);
    all.push("--");
    all.extend(words.iter().map(String::as_str));
    let begun = Instant::now();
    let run = project.run(&all);
    assert!(begun.elapsed() < Duration::from_secs(60), "{mode} took {:?}\n{}", begun.elapsed(), run.stderr);
    run
}

/// What was written of it.
fn written(project: &Project) -> Value {
    serde_json::from_str(&project.read("catalog/s/manifest.json")).expect("JSON")
}

fn names(manifest: &Value) -> Vec<&str> {
    manifest["tools"].as_array().expect("tools").iter().filter_map(|tool| tool["name"].as_str()).collect()
}

/// Whether something still writes into a file.
fn is_alive(heartbeat: &Path) -> bool {
    let size = || std::fs::metadata(heartbeat).map_or(0, |m| m.len());
    let before = size();
    std::thread::sleep(Duration::from_millis(300));
    size() != before
}

fn heartbeat(project: &Project) -> PathBuf {
    project.path().join("heartbeat")
}
