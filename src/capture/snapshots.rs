//! A folder of snapshots, one file a tool (`*.snap`), as servers keep them beside their code: together one server.

use std::path::{Path, PathBuf};

use super::Capture;
use crate::catalog::overrides::Overrides;
use crate::diagnostic::{self, Code, Diagnostic, Parsed};
use crate::input;
use crate::manifest::{self, Gap, MAX_BYTES, Manifest};
use crate::neutral;

/// The folder in which GitHub's server keeps its own.
const FOLDER: &str = "__toolsnaps__";

/// The snapshots of a folder in byte order, or those of its folder `__toolsnaps__`; `None` where there is none.
pub(super) fn files(dir: &Path) -> Option<Vec<PathBuf>> {
    let of = |dir: &Path| {
        let items = std::fs::read_dir(dir).ok()?;
        let mut paths: Vec<PathBuf> = items
            .flatten()
            .map(|item| item.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
            .collect();
        paths.sort_unstable();
        (!paths.is_empty()).then_some(paths)
    };
    of(dir).or_else(|| of(&dir.join(FOLDER)))
}

/// Reads the snapshots of a folder. One that is no tool makes the listing a part.
pub(super) fn read(dir: &Path, files: &[PathBuf]) -> Parsed<Option<Capture>> {
    let mut manifest = Manifest::default();
    let mut diagnostics = Vec::new();
    for file in files {
        let read = match input::bytes(file, MAX_BYTES) {
            Ok(bytes) => manifest::read_bytes(&bytes, file),
            Err(refused) => manifest::refused_file(&refused, file),
        };
        diagnostics.extend(read.diagnostics);
        match read.value {
            Some(one) if !one.is_partial() => {
                for tool in one.tools {
                    manifest.add(tool, file, &mut diagnostics);
                }
            }
            _ => manifest.listing.gaps = vec![Gap::Unread],
        }
    }
    let diagnostics = diagnostic::fewer(diagnostics);
    if manifest.tools.is_empty() {
        return Parsed { value: None, diagnostics };
    }
    let whole = std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf());
    let named = if whole.ends_with(FOLDER) { whole.parent().unwrap_or(&whole) } else { &whole };
    let name = named.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let from = dir.to_string_lossy().replace('\\', "/");
    Parsed {
        value: Some(Capture {
            name,
            from,
            client_name: None,
            source: None,
            manifest,
            overrides: Overrides::default(),
            diagnostics,
        }),
        diagnostics: Vec::new(),
    }
}

impl Manifest {
    /// Adds the tool of a file; another of its name is kept with the first.
    fn add(&mut self, tool: manifest::Tool, file: &Path, diagnostics: &mut Vec<Diagnostic>) {
        let Some(first) = self.tools.iter_mut().find(|first| first.name == tool.name) else {
            self.tools.push(tool);
            return;
        };
        let message = format!("two snapshots are named {}", neutral::quoted(&tool.name));
        let help = "remove one; the label and the policy are the worse of both";
        diagnostics.push(Diagnostic::error(Code::DuplicateTool, file, message, help));
        first.others.push(tool);
    }
}
