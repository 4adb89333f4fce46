//! The cost of classification alone, on the catalogue's parsed manifests: on all cores, as commands classify, and on one. The
//! bar is 25 µs a tool.

use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use toolcard::classify::Classifier;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, read_file};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn manifests() -> Vec<Manifest> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
    let mut files: Vec<_> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("manifest.json"))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.iter().filter_map(|path| read_file(path).value).collect()
}

/// Every tool of the catalogue; divan prints items a second, an item being a tool.
#[divan::bench]
fn catalogue(bencher: Bencher<'_, '_>) {
    let manifests = manifests();
    let tools: usize = manifests.iter().map(|m| m.tools.len()).sum();
    let classifier = Classifier::new(Lexicon::embedded());
    bencher
        .counter(ItemsCount::new(tools))
        .bench_local(|| manifests.iter().map(|m| divan::black_box(classifier.server(m)).len()).sum::<usize>());
}

/// The same on one core.
#[divan::bench]
fn catalogue_on_one_core(bencher: Bencher<'_, '_>) {
    let manifests = manifests();
    let tools: usize = manifests.iter().map(|m| m.tools.len()).sum();
    let classifier = Classifier::new(Lexicon::embedded());
    let Ok(one) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return };
    bencher.counter(ItemsCount::new(tools)).bench_local(|| {
        one.install(|| manifests.iter().map(|m| divan::black_box(classifier.server(m)).len()).sum::<usize>())
    });
}

/// Loading and indexing the embedded lexicon, once a process.
#[divan::bench(sample_count = 10)]
fn lexicon() {
    let folder = Path::new("/nonexistent");
    divan::black_box(Lexicon::load(folder)).ok();
}
