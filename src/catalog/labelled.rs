//! A server's definitions with the labels that hold.

use std::path::{Path, PathBuf};

use super::CatalogEntry;
use super::accepted::AppliedAcceptance;
use super::overrides::{self, AppliedDecisions, AppliedOverride, Overrides};
use crate::classify::{Classifier, Verdict};
use crate::diagnostic::{Code, Diagnostic, Parsed};
use crate::input::{self, Refused};
use crate::manifest::{self, MAX_BYTES, Manifest};
use crate::neutral;

/// A manifest and its verdicts, overrides laid over them.
#[derive(Debug)]
pub struct Labelled {
    /// The manifest with its slug set.
    pub manifest: Manifest,
    /// One for each tool, in the manifest's order.
    pub verdicts: Vec<Verdict>,
    /// What people decided, in the file's order.
    pub decisions: Vec<AppliedOverride>,
    /// The findings that people accepted, in the file's order.
    pub accepted: Vec<AppliedAcceptance>,
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

/// The definitions of one server and what was decided about them, not labelled yet.
#[derive(Debug)]
pub struct Unlabelled {
    /// The manifest; its slug is settled.
    pub manifest: Manifest,
    /// The decisions in its folder, where it lies in one of its own.
    pub overrides: Overrides,
    /// The manifest's file, as diagnostics name it.
    pub file: PathBuf,
}

impl Unlabelled {
    /// Reads one server: its decisions say where the tools are in the manifest. The name of a folder of its own is its
    /// slug, whatever the file says. Diagnostics are those of the manifest; of a lost one also those of the overrides.
    pub fn read(
        slug: Option<&str>,
        file: &Path,
        manifest: &Result<Vec<u8>, Refused>,
        overrides: Overrides,
    ) -> Parsed<Option<Self>> {
        let reading = match manifest {
            Ok(bytes) => manifest::read_at(bytes, file, overrides.at.as_deref()),
            Err(refused) => manifest::refused_file(refused, file),
        };
        let mut diagnostics = reading.diagnostics;
        let Some(mut manifest) = reading.value else {
            // What is wrong with them may be why the tools were not found.
            diagnostics.extend(overrides.diagnostics);
            return Parsed { value: None, diagnostics };
        };
        if let Some(slug) = slug {
            let own = &mut manifest.server.slug;
            if !own.is_empty() && own != slug {
                diagnostics.push(Diagnostic::warning(
                    Code::OtherSlug,
                    file,
                    format!("`server.slug` is {}, the folder is `{slug}`", neutral::quoted(own)),
                    "the folder's name counts; make both the same",
                ));
            }
            slug.clone_into(own);
        }
        Parsed { value: Some(Self { manifest, overrides, file: file.to_path_buf() }), diagnostics }
    }

    /// Reads one server of a catalogue. A file that lies alone is called after its name, a folder after its own.
    pub fn of_entry(
        entry: &CatalogEntry,
        manifest: &Result<Vec<u8>, Refused>,
        overrides: Overrides,
    ) -> Parsed<Option<Self>> {
        let folder = entry.own_folder().then_some(entry.slug.as_str());
        let mut read = Self::read(folder, &entry.manifest, manifest, overrides);
        if let Some(value) = &mut read.value {
            value.manifest.server.slug.clone_from(&entry.slug);
        }
        read
    }

    /// The labels that hold: the one place where verdicts and decisions meet. Diagnostics are those of the overrides.
    pub fn label(self, classifier: Classifier<'_>) -> Parsed<Labelled> {
        let Self { manifest, overrides, .. } = self;
        let mut verdicts = classifier.server(&manifest);
        let Parsed { value: AppliedDecisions { overrides: decisions, accepted }, diagnostics } =
            overrides::apply(overrides, &manifest, &mut verdicts);
        Parsed { value: Labelled { manifest, verdicts, decisions, accepted }, diagnostics }
    }
}

/// Reads and labels one server of a catalogue. Diagnostics are those of the manifest and of the overrides.
pub fn read_server(entry: &CatalogEntry, classifier: Classifier<'_>) -> Parsed<Option<Labelled>> {
    let bytes = input::bytes(&entry.manifest, MAX_BYTES);
    let overrides = overrides::read(&entry.dir);
    let Parsed { value, mut diagnostics } = Unlabelled::of_entry(entry, &bytes, overrides);
    let labelled = value.map(|read| read.label(classifier));
    let value = labelled.map(|labelled| {
        diagnostics.extend(labelled.diagnostics);
        labelled.value
    });
    Parsed { value, diagnostics }
}
