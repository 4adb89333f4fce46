//! A requested path → a file of the output folder, and never another.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::http::Response;
use crate::input;
use crate::site::build::live::ServerFiles;
use crate::site::urls;

/// The response to a path: what `shown` has for it instead of a file, its file, or the site's page for what is not there.
pub(crate) fn response(root: &Path, shown: impl Fn(&str) -> Option<Vec<u8>>, path: &str) -> Response {
    if let Some(relative) = relative(path) {
        let index = [relative.trim_end_matches('/'), "index.html"].join("/");
        for name in [relative.as_str(), &index] {
            if let Some(bytes) = shown(name) {
                return Response::new(200, kind(Path::new(name)), bytes);
            }
        }
        if let Some(file) = find(root, &relative)
            && let Ok(bytes) = input::bytes(&file, input::MAX_RECORD_BYTES)
        {
            let response = Response::new(200, kind(&file), bytes);
            return if relative.starts_with(urls::STATIC) { response.kept() } else { response };
        }
    }
    match input::bytes(&root.join(urls::NOT_FOUND), input::MAX_RECORD_BYTES) {
        Ok(page) => Response::new(404, HTML, page),
        // Before the first build that succeeds there is no page at all; this one waits for it.
        Err(_) => Response::new(404, HTML, WAITING.as_bytes().to_vec()),
    }
}

/// Whether a build wrote the same files that were shown before.
pub(crate) fn are_built(root: &Path, shown: &ServerFiles) -> bool {
    shown.files.iter().all(|(path, bytes)| {
        let built = relative(&format!("/{path}")).and_then(|path| find(root, &path));
        built.is_some_and(|file| input::bytes(&file, input::MAX_RECORD_BYTES).is_ok_and(|built| built == *bytes))
    })
}

const HTML: &str = "text/html; charset=utf-8";
const WAITING: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No such page</title></head>\
     <body><p>There is no such page. When the next build makes it, it appears here.</p></body></html>";

/// A requested path as one below the site; `None` for what is hidden or lies outside.
fn relative(path: &str) -> Option<String> {
    let decoded = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
    let plain = Path::new(&*decoded).components().all(|step| match step {
        Component::Normal(name) => name.to_str().is_some_and(|n| !n.starts_with('.') && !n.contains(['\\', '\0', ':'])),
        _ => false,
    });
    (plain && !decoded.starts_with('/')).then(|| decoded.into_owned())
}

/// The file of a path below the site; `None` for what is not there, or lies outside through a link.
fn find(root: &Path, relative: &str) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let mut file = root.join(relative);
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(&root) && file.is_file()).then_some(file)
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "xml" => "application/xml",
        "md" => "text/markdown; charset=utf-8",
        "png" => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use proptest::prelude::*;

    /// The file of a requested path.
    fn find(root: &Path, path: &str) -> Option<PathBuf> {
        super::find(root, &relative(path)?)
    }

    #[test]
    fn a_folder_is_its_index_and_an_encoded_name_its_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a b")).unwrap();
        fs::write(folder.path().join("a b/index.html"), "x").unwrap();
        assert!(find(folder.path(), "/a%20b/").is_some());
        assert!(find(folder.path(), "/a%20b/index.html").is_some());
        assert!(find(folder.path(), "/a%20b/none.html").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_outside_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::NamedTempFile::new().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("x.html")).unwrap();
        assert!(find(folder.path(), "/x.html").is_none());
    }

    proptest! {
        #[test]
        fn no_path_leaves_the_folder(path in "/[./%2efx\\\\~]{0,24}") {
            let folder = tempfile::tempdir().unwrap();
            if let Some(file) = find(folder.path(), &path) {
                prop_assert!(file.starts_with(folder.path().canonicalize().unwrap()));
            }
        }
    }
}
