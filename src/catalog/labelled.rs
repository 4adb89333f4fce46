//! A server of the catalogue with the labels that hold.

use super::overrides::{self, Applied};
use super::{Catalog, Entry};
use crate::classify::{Classifier, Verdict};
use crate::diagnostic::Diagnostic;
use crate::manifest::Manifest;

/// A manifest and its verdicts, overrides laid over them.
#[derive(Debug)]
pub struct Labelled {
    /// The manifest with its slug set.
    pub manifest: Manifest,
    /// One for each tool, in the manifest's order.
    pub verdicts: Vec<Verdict>,
    /// Tools whose override is stale.
    pub stale: Vec<usize>,
}

/// Reads and labels one server. Diagnostics are those of the manifest and of the overrides.
pub fn label(entry: &Entry, classifier: &Classifier<'_>) -> (Option<Labelled>, Vec<Diagnostic>) {
    let loaded = Catalog::load(entry);
    let mut diagnostics = loaded.diagnostics;
    let labelled = loaded.manifest.map(|manifest| {
        let mut verdicts = classifier.server(&manifest);
        let decisions = overrides::read(&entry.dir);
        let path = entry.dir.join("overrides.toml");
        let (applied, warnings) = overrides::apply(&decisions, &manifest, &mut verdicts, &path);
        diagnostics.extend(decisions.diagnostics);
        diagnostics.extend(warnings);
        let stale = applied.into_iter().filter(|(_, a)| *a == Applied::Stale).map(|(i, _)| i).collect();
        Labelled { manifest, verdicts, stale }
    });
    (labelled, diagnostics)
}
