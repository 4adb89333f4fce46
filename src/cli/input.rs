//! Where manifests come from: a file, a folder, standard input.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use toolcard::catalog::labelled::{Labelled, label};
use toolcard::catalog::overrides::{self, Overrides};
use toolcard::classify::Classifier;
use toolcard::diagnostic::{Code, Diagnostic};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{MAX_BYTES, Manifest, Reading, read, read_file};

use super::term::Term;

/// One manifest with its slug, and what was decided about its tools.
pub struct Source {
    /// The manifest; its slug is settled.
    pub manifest: Manifest,
    /// The decisions in its folder, where it lies in one of its own.
    overrides: Overrides,
}

impl Source {
    /// The labels that hold, and what is wrong with the decisions.
    pub fn label(self, classifier: Classifier<'_>) -> (Labelled, Vec<Diagnostic>) {
        label(self.manifest, self.overrides, classifier)
    }
}

/// The lexicon in `dir`, or else that of the catalogue, kept in `own`; the embedded one where neither has rows of its
/// own. `None` where it has faults; those are told.
pub fn lexicon<'l>(
    dir: Option<&Path>,
    catalog: Option<&Path>,
    own: &'l mut Option<Lexicon>,
    term: Term,
) -> Option<&'l Lexicon> {
    let has_rows = |catalog: &&Path| Lexicon::FILES.iter().any(|file| catalog.join(file).exists());
    let Some(dir) = dir.or(catalog.filter(has_rows)) else { return Some(Lexicon::embedded()) };
    match Lexicon::load(dir) {
        Ok(lexicon) => Some(own.insert(lexicon)),
        Err(faults) => {
            term.diagnostics(&faults);
            None
        }
    }
}

/// Reads every manifest behind `paths`. A bad file costs that server.
pub fn sources(paths: &[PathBuf]) -> (Vec<Source>, Vec<Diagnostic>) {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        if path.as_os_str() == "-" {
            stdin(&mut out, &mut faults);
        } else if path.is_dir() {
            folder(path, &mut out, &mut faults);
        } else {
            file(path, None, &mut out, &mut faults);
        }
    }
    (out, faults)
}

fn stdin(out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    let path = Path::new("<stdin>");
    let mut text = String::new();
    match std::io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text) {
        Ok(_) => take(read(&text, path), "stdin", None, out, faults),
        Err(e) => faults.push(Diagnostic::error(
            Code::UnreadableFile,
            path,
            format!("standard input cannot be read: {e}"),
            "give a manifest in JSON as UTF-8 text",
        )),
    }
}

fn folder(path: &Path, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    // A server's own folder.
    if path.join("manifest.json").is_file() {
        file(&path.join("manifest.json"), Some(path), out, faults);
        return;
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) => {
            faults.push(Diagnostic::error(
                Code::UnreadableFolder,
                path,
                format!("the folder cannot be read: {e}"),
                "check that you may read it",
            ));
            return;
        }
    };
    let mut names: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    names.sort();
    let before = out.len() + faults.len();
    for entry in names {
        let name = entry.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(['_', '.']) {
            continue;
        }
        if entry.is_dir() {
            let manifest = entry.join("manifest.json");
            if manifest.is_file() {
                file(&manifest, Some(&entry), out, faults);
            }
        } else if entry.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            file(&entry, None, out, faults);
        }
    }
    if out.len() + faults.len() == before {
        faults.push(Diagnostic::error(
            Code::NoManifest,
            path,
            "the folder holds no manifest",
            "put `<server>/manifest.json` or `*.json` into it",
        ));
    }
}

fn file(path: &Path, folder: Option<&Path>, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    let name = folder.map_or_else(|| path.file_stem(), Path::file_name);
    let name = name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    take(read_file(path), &name, folder, out, faults);
}

/// Settles the slug: a folder's name, else `server.slug`, else the file's stem.
fn take(reading: Reading, name: &str, folder: Option<&Path>, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    faults.extend(reading.diagnostics);
    if let Some(mut manifest) = reading.manifest {
        if folder.is_some() || manifest.server.slug.is_empty() {
            name.clone_into(&mut manifest.server.slug);
        }
        out.push(Source { manifest, overrides: folder.map(overrides::read).unwrap_or_default() });
    }
}
