//! A requested path → a file of the output folder, and never another.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::http::Response;
use crate::input;
use crate::site::urls;

/// The response to a path: its file, or the site's page for what is not there.
pub(crate) fn response(root: &Path, path: &str) -> Response {
    if let Some(file) = find(root, path)
        && let Ok(bytes) = input::bytes(&file, input::MAX_RECORD_BYTES)
    {
        return Response::new(200, kind(&file), bytes);
    }
    match input::bytes(&root.join(urls::NOT_FOUND), input::MAX_RECORD_BYTES) {
        Ok(page) => Response::new(404, HTML, page),
        // Before the first build that succeeds there is no page at all; this one waits for it.
        Err(_) => Response::new(404, HTML, WAITING.as_bytes().to_vec()),
    }
}

const HTML: &str = "text/html; charset=utf-8";
const WAITING: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No such page</title></head>\
     <body><p>There is no such page. When the next build makes it, it appears here.</p></body></html>";

/// The file of a path; `None` for what is not there, is hidden, or lies outside even through a link.
fn find(root: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
    let relative = Path::new(&*decoded);
    let plain = relative.components().all(|step| match step {
        Component::Normal(name) => name.to_str().is_some_and(|n| !n.starts_with('.') && !n.contains(['\\', '\0', ':'])),
        _ => false,
    });
    if !plain || decoded.starts_with('/') {
        return None;
    }
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
