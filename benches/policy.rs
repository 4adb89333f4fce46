//! What one tool costs: its rule, its document, its claims, every format.

use std::path::Path;

use divan::{Bencher, black_box};
use toolcard::catalog::Catalog;
use toolcard::classify::{Classifier, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::Tool;
use toolcard::policy::formats::{self, Scope};
use toolcard::policy::{Claims, Policy, Profile, RateLimits, recommend, server_document, tool_document};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// Every tool of the bundled catalogue with its verdict.
fn tools() -> Vec<(Tool, Verdict)> {
    let Ok(catalog) = Catalog::open(Path::new("catalog")) else { return Vec::new() };
    let manifests = catalog.servers.iter().filter_map(|entry| Catalog::load(entry).value);
    manifests
        .flat_map(|manifest| {
            let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
            manifest.tools.into_iter().zip(verdicts)
        })
        .collect()
}

fn documents(tools: &[(Tool, Verdict)]) -> Vec<Policy> {
    tools.iter().map(|(t, v)| tool_document(&t.name, &recommend(t, v, &RateLimits::default()))).collect()
}

/// Times are for the whole catalogue where nothing else is said; the number of items is the number of tools.
#[divan::bench]
fn rules_and_documents(bencher: Bencher<'_, '_>) {
    let tools = tools();
    bencher.counter(tools.len()).bench(|| documents(black_box(&tools)));
}

#[divan::bench]
fn documents_as_text(bencher: Bencher<'_, '_>) {
    let tools = tools();
    let documents = documents(&tools);
    bencher.counter(tools.len()).bench(|| documents.iter().map(|p| p.to_json().len()).sum::<usize>());
}

#[divan::bench]
fn claims_and_sentences(bencher: Bencher<'_, '_>) {
    let tools = tools();
    let documents = documents(&tools);
    bencher.counter(tools.len()).bench(|| {
        let each = tools.iter().zip(&documents).map(|((tool, verdict), policy)| {
            let claims = Claims::of(policy, tool, verdict);
            claims.sentence().len() + claims.calls("any other tool").len()
        });
        each.sum::<usize>()
    });
}

/// The time is that of one tool: at most 25 µs.
#[divan::bench(sample_count = 1_000, sample_size = 100)]
fn every_format_of_one_tool(bencher: Bencher<'_, '_>) {
    let tools = tools();
    let documents = documents(&tools);
    let mut next = tools.iter().zip(&documents).cycle();
    bencher.bench_local(|| {
        let Some(((tool, _), policy)) = next.next() else { return 0 };
        let scope = Scope::tool("server", policy, &tool.name);
        formats::all().iter().filter_map(|f| f.render(&scope).ok()).map(|r| r.text.len()).sum::<usize>()
    });
}

#[divan::bench(args = [Profile::ReadOnly, Profile::Guarded, Profile::Open])]
fn server_documents(bencher: Bencher<'_, '_>, profile: Profile) {
    let tools = tools();
    bencher
        .counter(tools.len())
        .bench(|| server_document(tools.iter().map(|(t, v)| (t, v)), profile, &RateLimits::default()).to_json().len());
}
