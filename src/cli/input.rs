//! Where manifests come from: a file, a folder, standard input.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use toolcard::catalog::labelled::{Labelled, label};
use toolcard::catalog::overrides::{self, Overrides};
use toolcard::classify::Classifier;
use toolcard::diagnostic::{Code, Diagnostic};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{self, MAX_BYTES, Manifest, Readings};

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

/// Where the tools stand in a file of no known shape.
#[derive(Debug, Default, clap::Args)]
pub struct At {
    /// JSON Pointer to the tools in a file of no known shape, e.g. `/metadata/server/tools`
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    at: Option<String>,
}

fn pointer(text: &str) -> Result<String, String> {
    if text.starts_with('/') { Ok(text.to_owned()) } else { Err("a JSON Pointer begins with `/`".to_owned()) }
}

/// Reads every manifest behind `paths`. A bad file costs that server.
pub fn sources(paths: &[PathBuf]) -> (Vec<Source>, Vec<Diagnostic>) {
    sources_at(paths, &At::default())
}

/// Reads every manifest behind `paths`; of files that are named, the tools at a place.
pub fn sources_at(paths: &[PathBuf], at: &At) -> (Vec<Source>, Vec<Diagnostic>) {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        if path.as_os_str() == "-" {
            stdin(at, &mut out, &mut faults);
        } else if path.is_dir() {
            folder(path, &mut out, &mut faults);
        } else {
            let readings = manifest::read_servers(path, at.at.as_deref());
            let name = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            take(readings, &name, &mut out, &mut faults);
        }
    }
    (out, faults)
}

fn stdin(at: &At, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    let path = Path::new("<stdin>");
    let mut bytes = Vec::new();
    match std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes) {
        Ok(_) => take(manifest::servers(&bytes, path, at.at.as_deref()), "stdin", out, faults),
        Err(e) => faults.push(Diagnostic::error(
            Code::UnreadableFile,
            path,
            format!("standard input cannot be read: {e}"),
            "give a manifest in JSON",
        )),
    }
}

fn folder(path: &Path, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    // A server's own folder.
    if path.join("manifest.json").is_file() {
        of_folder(&path.join("manifest.json"), path, out, faults);
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
                of_folder(&manifest, &entry, out, faults);
            }
        } else if entry.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            let stem = entry.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            take(manifest::read_servers(&entry, None), &stem, out, faults);
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

/// Reads `<server>/manifest.json`: one server, whose slug is the folder's name.
fn of_folder(path: &Path, folder: &Path, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    let reading = manifest::read_file(path);
    faults.extend(reading.diagnostics);
    if let Some(mut manifest) = reading.manifest {
        manifest.server.slug = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        out.push(Source { manifest, overrides: overrides::read(folder) });
    }
}

/// Settles the slugs of a file's servers: `server.slug`, else of several the name, else the file's stem.
fn take(readings: Readings, stem: &str, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    faults.extend(readings.diagnostics);
    let several = readings.manifests.len() > 1;
    let mut taken: Vec<String> = Vec::new();
    for mut manifest in readings.manifests {
        let server = &mut manifest.server;
        if server.slug.is_empty() {
            let name = server.name.as_deref().map(str::trim).filter(|name| several && !name.is_empty());
            name.unwrap_or(stem).clone_into(&mut server.slug);
        }
        let slug = server.slug.clone();
        let mut number = 1;
        while taken.contains(&server.slug) {
            number += 1;
            server.slug = format!("{slug}-{number}");
        }
        taken.push(server.slug.clone());
        out.push(Source { manifest, overrides: Overrides::default() });
    }
}
