//! The files of a theme's folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

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
