//! Where manifests come from: a file, a folder, standard input.

use std::path::{Path, PathBuf};

use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::Unlabelled;
use toolcard::catalog::overrides::{self, Overrides};
use toolcard::catalog::source::Source;
use toolcard::diagnostic::{Code, Diagnostic, Parsed};
use toolcard::input;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{self, MAX_BYTES, Readings};

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
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        if path.as_os_str() == "-" {
            stdin(at, &mut out, &mut faults);
        } else if let Err(fault) = servers(path, at, &mut out, &mut faults) {
            faults.push(*fault);
        }
    }
    Parsed { value: out, diagnostics: faults }
}

fn servers(
    path: &Path,
    at: &At,
    out: &mut Vec<Unlabelled>,
    faults: &mut Vec<Diagnostic>,
) -> Result<(), Box<Diagnostic>> {
    let mut source = Source::path(path);
    let Parsed { value: servers, diagnostics } = source.servers()?;
    if servers.is_empty()
        && path.is_dir()
        && let Some(wrong) = Catalog::list(path)?.misplaced()
    {
        faults.push(wrong);
        return Ok(());
    }
    // A folder of manifests that is named is not a catalogue that lacks folders.
    faults.extend(diagnostics.into_iter().filter(|d| d.code != Code::NoFolder));
    for server in servers {
        let files = source.files(&server);
        let shown = Path::new(&server.shown);
        if server.own_folder {
            let overrides = overrides::of(files.overrides.as_ref(), &shown.with_file_name(overrides::FILE));
            let read = Unlabelled::read(Some(&server.slug), shown, &files.manifest, overrides);
            faults.extend(read.diagnostics);
            out.extend(read.value);
            continue;
        }
        match files.manifest {
            Ok(bytes) => {
                // What is named is read at a place; what was found in a folder, by its shape.
                let at = at.at.as_deref().filter(|_| path.is_file());
                let stem = shown.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                take(manifest::servers(&bytes, shown, at), shown, &stem, out, faults);
            }
            Err(refused) => faults.extend(manifest::refused_file(&refused, shown).diagnostics),
        }
    }
    Ok(())
}

fn stdin(at: &At, out: &mut Vec<Unlabelled>, faults: &mut Vec<Diagnostic>) {
    let path = Path::new("<stdin>");
    match input::stream(std::io::stdin().lock(), MAX_BYTES) {
        Ok(bytes) => take(manifest::servers(&bytes, path, at.at.as_deref()), path, "stdin", out, faults),
        Err(refused) => faults.extend(manifest::refused_file(&refused, path).diagnostics),
    }
}

/// Settles the slugs of a file's servers: `server.slug`, else of several the name, else the file's stem.
fn take(readings: Readings, file: &Path, stem: &str, out: &mut Vec<Unlabelled>, faults: &mut Vec<Diagnostic>) {
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
        out.push(Unlabelled { manifest, overrides: Overrides::default(), file: file.to_path_buf() });
    }
}
