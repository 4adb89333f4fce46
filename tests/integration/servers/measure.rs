//! Measured, not held: `cargo test --test integration servers::measure -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use toolcard::connect::{AskOptions, LiveTarget, Observer, ProgramTarget, Reached, ask};

use super::server;

struct Nobody;

impl Observer for Nobody {
    fn began(&self, _: usize) {}
    fn ended(&self, _: usize, _: Option<usize>) {}
}

fn target(mode: &str) -> LiveTarget {
    let mut words = server(mode).into_iter();
    let program = words.next().unwrap();
    let program = ProgramTarget { program, args: words.collect(), typed: true, ..ProgramTarget::default() };
    LiveTarget { name: mode.to_owned(), reached: Reached::Program(program) }
}

fn taken(targets: &[LiveTarget]) -> Duration {
    let observer: Arc<dyn Observer> = Arc::new(Nobody);
    let begun = Instant::now();
    let captured = ask(targets, &AskOptions::default(), &observer);
    let taken = begun.elapsed();
    assert_eq!((captured.captures.len(), captured.errors.len()), (targets.len(), 0), "{:?}", captured.errors);
    taken
}

/// What the server itself needs: the same process, started and spoken to without waiting for anything.
fn own(mode: &str) -> Duration {
    use std::io::{BufRead as _, BufReader, Write as _};
    let words = server(mode);
    let begun = Instant::now();
    let mut child = std::process::Command::new(&words[0])
        .args(&words[1..])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for (id, method) in [(1, "server/discover"), (2, "initialize"), (3, "tools/list")] {
        writeln!(input, "{{\"jsonrpc\": \"2.0\", \"id\": {id}, \"method\": \"{method}\", \"params\": {{}}}}").unwrap();
    }
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    while !output.next().unwrap().unwrap().contains("\"id\":3") {}
    drop(input);
    child.wait().unwrap();
    begun.elapsed()
}

#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout)]
fn the_time_of_a_capture_is_the_servers_own() {
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    for mode in ["version=2025-06-18", "many=5000", "sleep=300"] {
        let (own, whole) =
            (median((0..9).map(|_| own(mode)).collect()), median((0..9).map(|_| taken(&[target(mode)])).collect()));
        println!("{mode}: the server alone {own:.1?}, its capture {whole:.1?}, {:.1?} more", whole.saturating_sub(own));
    }
    let twenty: Vec<LiveTarget> = (1..=20).map(|i| target(&format!("sleep={}", i * 100))).collect();
    println!("20 servers, the slowest of which needs 2 s: {:.1?}", taken(&twenty));
}
