//! The targets of the fuzzer on its seeds, on real definitions and on mutations of both: the same ones in every run.

#[path = "../../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::bundled;

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n.max(1)
    }
}

/// What means something to a reader or to who sees its output.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "'",
    "`",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "#",
    "##[",
    "::error::",
    "<",
    ">",
    "&",
    "<script>",
    "<img src=x onerror=alert(1)>",
    "](javascript:alert(1))",
    "![x](data:,)",
    "> ",
    "- ",
    "1. ",
    "```",
    "| a |\n|---|\n",
    "&#x6a;",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{e0041}",
    "é",
    "e\u{301}",
    "删除",
    "👩\u{200d}🔬",
    "\u{10ffff}",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "0.1",
    "\"\\ud800\"",
    "tools",
    "name",
    "description",
    "inputSchema",
    "properties",
    "enum",
    "const",
    "oneOf",
    "$ref",
    "#/properties/a",
    "annotations",
    "readOnlyHint",
    "delete_all",
    "get_item",
    "action",
    "It also deletes every file.",
    "read-only",
    "- {",
    "---\n",
    "...\n",
    "&a",
    "*a",
    "!!tag",
    "|\n",
    ">-\n",
    "[[",
    "]]",
    "= ",
    "\"\"\"",
    "'''",
    "tool = ",
    "class = \"Read\"",
    "hide",
    "require",
    "deny_if",
    "conditions",
    "args.a",
    "regex",
    "(a+)+$",
    "limits",
    "permissions",
    "deny",
    "mcp__server__get_it",
    "mcpServers",
    "server",
    "disabled",
];

/// One input changed a little, or joined with another.
fn mutated(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(24)).min(bytes.len());
        match random.below(8) {
            0 => drop(bytes.drain(at..end)),
            1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            2 => bytes.truncate(at),
            3 => {
                let part = bytes[at..end].repeat(1 + random.below(40));
                bytes.splice(at..at, part);
            }
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                let to = (from + random.below(200)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())].repeat(if random.below(12) == 0 { 50 } else { 1 });
                bytes.splice(at..if random.below(2) == 0 { at } else { end }, token.into_bytes());
            }
        }
    }
    bytes
}

/// The seeds of a target, and for those that read definitions some real ones.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder).expect("seeds").map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut seeds: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(!seeds.is_empty(), "{target} has no seed");
    if matches!(target, "manifest" | "words" | "classify" | "markdown" | "neutral") {
        let manifest = fs::read(bundled().join("server-filesystem/manifest.json")).unwrap();
        let tools: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        for tool in tools["tools"].as_array().unwrap() {
            seeds.push(match target {
                "manifest" => serde_json::json!({"tools": [tool]}).to_string().into_bytes(),
                _ => tool["description"].as_str().unwrap_or_default().as_bytes().to_vec(),
            });
        }
    }
    seeds
}

/// Runs a target; what it does not survive is told with the input.
fn run(name: &str, target: fn(&[u8]), bytes: &[u8]) {
    let begun = Instant::now();
    let survived = catch_unwind(AssertUnwindSafe(|| target(bytes))).is_ok();
    assert!(survived, "{name} does not survive b\"{}\"", bytes.escape_ascii());
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{name} takes {:?} for b\"{}\"",
        begun.elapsed(),
        bytes.escape_ascii()
    );
}

#[test]
fn every_target_of_the_fuzzer_survives_seeds_and_mutations() {
    for (name, target) in targets::ALL {
        let seeds = seeds(name);
        for seed in &seeds {
            run(name, target, seed);
        }
        let mut random = Random(19);
        for _ in 0..60 {
            run(name, target, &mutated(&mut random, &seeds));
        }
    }
}

/// `TOOLCARD_FUZZ=policy TOOLCARD_FUZZ_SECONDS=120 cargo test --release --test integration fuzz:: -- --ignored --nocapture`
#[test]
#[ignore = "the long run: as long as asked"]
fn mutations_of_one_target_for_as_long_as_asked() {
    let wanted = |key: &str| std::env::var(key).ok();
    let seconds = wanted("TOOLCARD_FUZZ_SECONDS").map_or(60, |n| n.parse().expect("a number"));
    let only = wanted("TOOLCARD_FUZZ");
    for (name, target) in targets::ALL.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name))
    {
        let (mut seeds, begun, mut runs) = (seeds(name), Instant::now(), 0_u64);
        let mut random = Random(u64::from(std::process::id()));
        while begun.elapsed() < Duration::from_secs(seconds) {
            let bytes = mutated(&mut random, &seeds);
            run(name, target, &bytes);
            runs += 1;
            // Some stay, so that changes add up.
            if seeds.len() < 400 && bytes.len() < 4_000 && random.below(20) == 0 {
                seeds.push(bytes);
            }
        }
        println!("{name}: {runs} inputs in {} s", begun.elapsed().as_secs());
    }
}
