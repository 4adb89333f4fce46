//! Where manifests come from: a file, a folder, standard input.

use std::path::{Path, PathBuf};

use toolcard::diagnostic::Diagnostic;
use toolcard::input;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{MAX_BYTES, Manifest, Reading, read_bytes, refused_file};

use super::term::Term;

/// One manifest, and the folder whose `overrides.toml` applies to it.
pub struct Source {
    /// The manifest; its slug is settled.
    pub manifest: Manifest,
    /// The folder `<server>/` that it lies in, where it lies in one.
    pub folder: Option<PathBuf>,
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
            // Named by a person: it may be a pipe.
            let reading = match input::named(path, MAX_BYTES) {
                Ok(bytes) => read_bytes(&bytes, path),
                Err(refused) => refused_file(&refused, path),
            };
            let stem = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            take(reading, &stem, None, &mut out, &mut faults);
        }
    }
    (out, faults)
}

fn stdin(out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    let path = Path::new("<stdin>");
    let reading = match input::stream(std::io::stdin().lock(), MAX_BYTES) {
        Ok(bytes) => read_bytes(&bytes, path),
        Err(refused) => refused_file(&refused, path),
    };
    take(reading, "stdin", None, out, faults);
}

fn folder(path: &Path, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    // A server's own folder.
    let manifest = path.join("manifest.json");
    if manifest.exists() {
        file(path.parent().unwrap_or(path), &manifest, Some(path), out, faults);
        return;
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) => {
            faults.push(Diagnostic::error(
                "unreadable-folder",
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
            if manifest.exists() {
                file(path, &manifest, Some(&entry), out, faults);
            }
        } else if entry.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            file(path, &entry, None, out, faults);
        }
    }
    if out.len() + faults.len() == before {
        faults.push(Diagnostic::error(
            "no-manifest",
            path,
            "the folder holds no manifest",
            "put `<server>/manifest.json` or `*.json` into it",
        ));
    }
}

/// A file of the folder `root`.
fn file(root: &Path, path: &Path, folder: Option<&Path>, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    let reading = match input::of_catalogue(root, path, MAX_BYTES) {
        Ok(bytes) => read_bytes(&bytes, path),
        Err(refused) => refused_file(&refused, path),
    };
    let name = folder.map_or_else(|| path.file_stem(), Path::file_name);
    let name = name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    take(reading, &name, folder, out, faults);
}

/// Settles the slug: a folder's name, else `server.slug`, else the file's stem.
fn take(reading: Reading, name: &str, folder: Option<&Path>, out: &mut Vec<Source>, faults: &mut Vec<Diagnostic>) {
    faults.extend(reading.diagnostics);
    if let Some(mut manifest) = reading.manifest {
        if folder.is_some() || manifest.server.slug.is_empty() {
            name.clone_into(&mut manifest.server.slug);
        }
        out.push(Source { manifest, folder: folder.map(Path::to_path_buf) });
    }
}
