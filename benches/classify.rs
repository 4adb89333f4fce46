//! What classification costs on the catalogue's manifests: of parsed ones and with their reading, on all cores, as commands
//! classify a folder, and on one. The bar is 25 µs a tool.

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::ItemsCount;
use rayon::prelude::*;
use toolcard::classify::Classifier;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, read_file};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
    let mut files: Vec<_> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("manifest.json"))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn manifests() -> Vec<Manifest> {
    files().iter().filter_map(|path| read_file(path).value).collect()
}

fn tools(manifests: &[Manifest]) -> ItemsCount {
    ItemsCount::new(manifests.iter().map(|m| m.tools.len()).sum::<usize>())
}

/// Every tool of the catalogue; divan prints items a second, an item being a tool.
#[divan::bench]
fn catalogue(bencher: Bencher<'_, '_>) {
    let manifests = manifests();
    let classifier = Classifier::new(Lexicon::embedded());
    bencher
        .counter(tools(&manifests))
        .bench_local(|| manifests.par_iter().map(|m| divan::black_box(classifier.server(m)).len()).sum::<usize>());
}

/// The same on one core.
#[divan::bench]
fn catalogue_on_one_core(bencher: Bencher<'_, '_>) {
    let manifests = manifests();
    let classifier = Classifier::new(Lexicon::embedded());
    let Ok(one) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return };
    bencher.counter(tools(&manifests)).bench_local(|| {
        one.install(|| manifests.iter().map(|m| divan::black_box(classifier.server(m)).len()).sum::<usize>())
    });
}

/// From files: read and classified.
#[divan::bench]
fn catalogue_with_reading(bencher: Bencher<'_, '_>) {
    let files = files();
    let classifier = Classifier::new(Lexicon::embedded());
    bencher.counter(tools(&manifests())).bench_local(|| {
        let read = files.par_iter().filter_map(|path| read_file(path).value);
        read.map(|m| divan::black_box(classifier.server(&m)).len()).sum::<usize>()
    });
}

/// Loading and indexing the embedded lexicon, once a process.
#[divan::bench(sample_count = 10)]
fn lexicon() {
    let folder = Path::new("/nonexistent");
    divan::black_box(Lexicon::load(folder)).ok();
}
