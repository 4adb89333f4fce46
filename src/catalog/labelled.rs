//! A server of the catalogue with the labels that hold.

use super::overrides::{self, Applied, Override};
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
    /// What people decided, in the file's order.
    pub decisions: Vec<Decision>,
}

/// A person's decision about a tool of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The tool's place in the manifest.
    pub tool: usize,
    /// The decision as written down.
    pub made: Override,
    /// Whether the definition changed since: then the worse of both classes holds.
    pub stale: bool,
}

impl Labelled {
    /// Whether the tool at this place has a stale decision.
    pub fn is_stale(&self, tool: usize) -> bool {
        self.decisions.iter().any(|d| d.tool == tool && d.stale)
    }
}

/// Reads and labels one server. Diagnostics are those of the manifest and of the overrides.
pub fn label(entry: &Entry, classifier: &Classifier<'_>) -> (Option<Labelled>, Vec<Diagnostic>) {
    let loaded = Catalog::load(entry);
    let mut diagnostics = loaded.diagnostics;
    let labelled = loaded.manifest.map(|manifest| {
        let mut verdicts = classifier.server(&manifest);
        let read = overrides::read(&entry.dir);
        let path = entry.dir.join("overrides.toml");
        let (applied, warnings) = overrides::apply(&read, &manifest, &mut verdicts, &path);
        let made = |tool: usize| read.list.iter().find(|o| o.tool == manifest.tools[tool].name).cloned();
        let decisions = applied
            .into_iter()
            .filter_map(|(tool, a)| Some(Decision { tool, made: made(tool)?, stale: a == Applied::Stale }))
            .collect();
        diagnostics.extend(read.diagnostics);
        diagnostics.extend(warnings);
        Labelled { manifest, verdicts, decisions }
    });
    (labelled, diagnostics)
}
