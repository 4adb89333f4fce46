//! The files of a theme's folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{assets, render};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::input;

/// Every file that a theme can replace, by its path in a theme's folder, with what it holds.
pub fn builtin() -> Vec<(String, &'static [u8])> {
    let templates = render::templates().map(|(name, source)| (format!("templates/{name}"), source.as_bytes()));
    let mut files: Vec<_> = templates.chain(assets::embedded().map(|(n, b)| (format!("static/{n}"), b))).collect();
    files.sort_unstable();
    files
}

/// A warning for each file of a theme that has no effect: a template that is none of ours and that no other template of the
/// theme names, and a file of a known name in another place.
pub(super) fn unknown(theme: &Path) -> Vec<Diagnostic> {
    let known: Vec<&str> = render::templates().map(|(name, _)| name).collect();
    let warning =
        |path: &Path, message: String, help: String| Diagnostic::warning(Code::UnknownThemeFile, path, message, help);
    let templates = files(&theme.join("templates"));
    let text = |path: &Path| input::bytes(path, input::MAX_WRITTEN_BYTES).and_then(input::text).unwrap_or_default();
    let texts: Vec<String> = templates.iter().map(|(_, path)| text(path)).collect();
    let named = |name: &str| {
        texts.iter().any(|text| [format!("\"{name}\""), format!("'{name}'")].iter().any(|n| text.contains(n)))
    };
    let mut found = Vec::new();
    for (name, path) in templates.iter().filter(|(name, _)| !known.contains(&name.as_str()) && !named(name)) {
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? docs/theming.md lists every template"),
            None => "docs/theming.md lists every template".to_owned(),
        };
        found.push(warning(path, format!("there is no template `{name}`, and none of the theme includes it"), help));
    }
    let stays = assets::names();
    for (name, path) in files(theme) {
        if name.starts_with("templates/") || name.starts_with("static/") {
            continue;
        }
        let file = name.rsplit('/').next().unwrap_or(&name);
        let place = |of: &str| name == of || file == of || of.ends_with(&format!("/{file}"));
        let right = known.iter().find(|of| place(of)).map(|of| format!("templates/{of}"));
        let right = right.or_else(|| stays.iter().find(|of| place(of)).map(|of| format!("static/{of}")));
        if let Some(right) = right {
            let help = format!("move it to `{}`", theme.join(right).display());
            found.push(warning(&path, format!("`{name}` lies where a theme's files are not looked for"), help));
        }
    }
    found
}

/// The files below a folder of a theme, by their name with `/`, sorted. A folder that is not there has none.
pub(super) fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    WalkDir::new(folder)
        .max_depth(4)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() && !entry.file_name().to_string_lossy().starts_with('.'))
        .filter_map(|entry| {
            let name = entry.path().strip_prefix(folder).ok()?;
            let steps: Option<Vec<&str>> = name.iter().map(OsStr::to_str).collect();
            Some((steps?.join("/"), entry.path().to_path_buf()))
        })
        .collect()
}
