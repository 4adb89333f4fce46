//! A server's definitions with the labels that hold.

use super::overrides::{self, Applied, Override, Overrides};
use super::{Catalog, CatalogEntry};
use crate::classify::{Classifier, Verdict};
use crate::diagnostic::Parsed;
use crate::manifest::Manifest;

/// A manifest and its verdicts, overrides laid over them.
#[derive(Debug)]
pub struct Labelled {
    /// The manifest with its slug set.
    pub manifest: Manifest,
    /// One for each tool, in the manifest's order.
    pub verdicts: Vec<Verdict>,
    /// What people decided, in the file's order.
    pub decisions: Vec<AppliedOverride>,
}

/// A person's decision about a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedOverride {
    /// The tool's place in the manifest, where it has that tool.
    pub tool: Option<usize>,
    /// The decision as written down.
    pub made: Override,
    /// Whether the definition changed since: then the worse of both classes holds.
    pub stale: bool,
}

impl Labelled {
    /// Whether somebody decided about the tool at this place.
    pub fn is_decided(&self, tool: usize) -> bool {
        self.decisions.iter().any(|d| d.tool == Some(tool))
    }

    /// Whether the tool at this place has a stale decision.
    pub fn is_stale(&self, tool: usize) -> bool {
        self.decisions.iter().any(|d| d.tool == Some(tool) && d.stale)
    }
}

/// Labels the tools of one server: the one place where verdicts and decisions meet. Diagnostics are those of the
/// overrides.
pub fn label(manifest: Manifest, overrides: Overrides, classifier: Classifier<'_>) -> Parsed<Labelled> {
    let mut verdicts = classifier.server(&manifest);
    let (applied, warnings) = overrides::apply(&overrides, &manifest, &mut verdicts);
    let Overrides { list, mut diagnostics, .. } = overrides;
    diagnostics.extend(warnings);
    let decisions = list.into_iter().map(|made| {
        let at = applied.iter().find(|(tool, _)| manifest.tools[*tool].name == made.tool);
        AppliedOverride { tool: at.map(|(tool, _)| *tool), stale: at.is_some_and(|(_, a)| *a == Applied::Stale), made }
    });
    let decisions = decisions.collect();
    Parsed { value: Labelled { manifest, verdicts, decisions }, diagnostics }
}

/// Reads and labels one server of a catalogue. Diagnostics are those of the manifest and of the overrides.
pub fn read_server(entry: &CatalogEntry, classifier: Classifier<'_>) -> Parsed<Option<Labelled>> {
    let overrides = overrides::read(&entry.dir);
    let loaded = Catalog::load_at(entry, overrides.at.as_deref());
    let mut diagnostics = loaded.diagnostics;
    let Some(manifest) = loaded.value else {
        // What is wrong with them may be why the tools were not found.
        diagnostics.extend(overrides.diagnostics);
        return Parsed { value: None, diagnostics };
    };
    let labelled = label(manifest, overrides, classifier);
    diagnostics.extend(labelled.diagnostics);
    Parsed { value: Some(labelled.value), diagnostics }
}
