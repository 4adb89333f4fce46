//! Where manifests come from: a file, a folder, standard input.

use std::path::{Path, PathBuf};

use toolcard::capture::{Capture, Captured, files};
use toolcard::catalog::labelled::Unlabelled;
use toolcard::catalog::source::Source;
use toolcard::diagnostic::{Code, Diagnostic, Parsed};
use toolcard::lexicon::Lexicon;

use super::Exit;
use super::term::Terminal;

/// The lexicon in `dir`, or else that of the catalogue, kept in `own`; the embedded one where neither has rows of its
/// own. `None` where it has faults; those are reported.
pub(super) fn lexicon<'l>(
    dir: Option<&Path>,
    catalog: Option<&Path>,
    own: &'l mut Option<Lexicon>,
    term: Terminal,
) -> Option<&'l Lexicon> {
    let Some(dir) = dir.or(catalog) else { return Some(Lexicon::embedded()) };
    // A single manifest has no rows beside it.
    let mut source = if dir.is_dir() { Source::Folder(dir.to_path_buf()) } else { Source::Manifest(dir.to_path_buf()) };
    match source.lexicon(dir).lexicon {
        Ok(None) => Some(Lexicon::embedded()),
        Ok(Some(lexicon)) => Some(own.insert(lexicon)),
        Err(faults) => {
            term.diagnostics(&faults);
            None
        }
    }
}

/// What a command comes to that could read nothing: what was named is not there, or it is broken.
pub(super) fn nothing_read(faults: &[Diagnostic]) -> Exit {
    let place = |d: &Diagnostic| {
        matches!(d.code, Code::UnreadableFile | Code::NoCatalogue | Code::NoManifest | Code::LinkLeavesCatalogue)
    };
    if faults.iter().any(|d| d.is_error() && place(d)) { Exit::Usage } else { Exit::Failed }
}

/// Where the tools are in a file of no known shape.
#[derive(Debug, Default, clap::Args)]
pub(super) struct At {
    /// JSON Pointer to the tools in a file of no known shape, e.g. `/metadata/server/tools`; empty for the whole file
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    pub at: Option<String>,
}

fn pointer(text: &str) -> Result<String, String> {
    let said = text.is_empty() || text.starts_with('/');
    if said {
        Ok(text.to_owned())
    } else {
        Err("a JSON Pointer begins with `/`, or is empty for the whole file".to_owned())
    }
}

/// Reads every manifest behind `paths`. A bad file costs that server.
pub(super) fn sources(paths: &[PathBuf]) -> Parsed<Vec<Unlabelled>> {
    sources_at(paths, &At::default())
}

/// Reads every manifest behind `paths`; of files that are named, the tools at a place.
pub(super) fn sources_at(paths: &[PathBuf], at: &At) -> Parsed<Vec<Unlabelled>> {
    let Captured { captures, mut diagnostics, identities, .. } = files::read(paths, at.at.as_deref());
    diagnostics.extend(identities.into_iter().flat_map(|identity| identity.diagnostics));
    let mut value = Vec::new();
    for capture in captures {
        let (unlabelled, wrong) = unlabelled(capture);
        value.push(unlabelled);
        diagnostics.extend(wrong);
    }
    Parsed { value, diagnostics }
}

/// A capture with its slug settled: `server.slug`, else what the source calls it.
pub(super) fn unlabelled(capture: Capture) -> (Unlabelled, Vec<Diagnostic>) {
    let Capture { name, from, mut manifest, overrides, diagnostics, .. } = capture;
    if manifest.server.slug.is_empty() {
        manifest.server.slug = name;
    }
    (Unlabelled { manifest, overrides, file: from.into() }, diagnostics)
}
