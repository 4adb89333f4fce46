//! The catalogue folder on disk: one folder a server.
//!
//! Loading is in two steps so that memory follows the largest server: [`Catalog::open`]
//! lists the servers, [`Catalog::load`] reads one.

pub mod changes;
pub mod day;
pub mod git;
pub mod labelled;
pub mod lock;
pub mod override_file;
pub mod overrides;
pub mod source;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;

use self::labelled::Unlabelled;
use self::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic, Parsed};
use crate::input::{self, Refused};
use crate::manifest::{MAX_BYTES, Manifest};

/// The file that makes a folder a server.
pub const MANIFEST: &str = "manifest.json";

/// The servers of a catalogue, sorted by slug, and what was wrong while listing them.
#[derive(Debug)]
pub struct Catalog {
    /// The folder.
    pub dir: PathBuf,
    /// Every server that has a manifest and a URL of its own.
    pub servers: Vec<CatalogEntry>,
    /// Folders that are not servers though they should be.
    pub diagnostics: Vec<Diagnostic>,
}

/// One server's place on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogEntry {
    /// The slug: the folder's name.
    pub slug: String,
    /// The folder.
    pub dir: PathBuf,
    /// The path of its `manifest.json`.
    pub manifest: PathBuf,
}

impl Catalog {
    /// Lists the servers of a folder. Names that begin with `_` or `.` are never servers.
    ///
    /// # Errors
    /// One diagnostic when the folder itself cannot be listed.
    pub fn open(dir: &Path) -> Result<Self, Box<Diagnostic>> {
        let cannot_list = |e: std::io::Error| {
            Box::new(Diagnostic::error(
                Code::NoCatalogue,
                dir,
                format!("the catalogue cannot be listed: {e}"),
                "give the folder that holds one folder a server with `--catalog DIR`",
            ))
        };
        let mut servers = Vec::new();
        let mut diagnostics = Vec::new();
        for item in std::fs::read_dir(dir).map_err(cannot_list)? {
            let item = item.map_err(cannot_list)?;
            let path = item.path();
            let name = item.file_name();
            let Some(slug) = name.to_str() else {
                if path.is_dir() {
                    diagnostics.push(Diagnostic::error(
                        Code::FolderNameNotUtf8,
                        &path,
                        "the folder's name is not UTF-8",
                        "rename it: a server's slug is its folder's name",
                    ));
                }
                continue;
            };
            if slug.starts_with(['_', '.']) || !path.is_dir() {
                continue;
            }
            let manifest = path.join(MANIFEST);
            let there = std::fs::symlink_metadata(&manifest);
            let linked = item.file_type().is_ok_and(|t| t.is_symlink())
                || there.as_ref().is_ok_and(std::fs::Metadata::is_symlink);
            if linked && input::leaves(dir, &manifest) {
                diagnostics.push(Refused::Elsewhere.diagnostic(&manifest));
                continue;
            }
            if there.is_err() {
                diagnostics.push(Diagnostic::error(
                    Code::NoManifest,
                    &path,
                    format!("the folder `{slug}` has no {MANIFEST}"),
                    "add the server's manifest, or begin the folder's name with `_` if it is not a server",
                ));
                continue;
            }
            servers.push(CatalogEntry { slug: slug.to_owned(), dir: path, manifest });
        }
        servers.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
        diagnostics.extend(drop_collisions(&mut servers));
        diagnostics.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(Self { dir: dir.to_path_buf(), servers, diagnostics })
    }

    /// Reads one server; nothing where its file is lost. The folder's name is its slug, whatever the file says.
    pub fn load(entry: &CatalogEntry) -> Parsed<Option<Manifest>> {
        let bytes = input::bytes(&entry.manifest, MAX_BYTES);
        let overrides = Overrides { at: overrides::pointer(&entry.dir), ..Overrides::default() };
        let Parsed { value, diagnostics } = Unlabelled::read(Some(&entry.slug), &entry.manifest, &bytes, overrides);
        Parsed { value: value.map(|read| read.manifest), diagnostics }
    }

    /// The entry of a slug.
    pub fn find(&self, slug: &str) -> Option<&CatalogEntry> {
        self.servers.binary_search_by(|e| e.slug.as_str().cmp(slug)).ok().map(|i| &self.servers[i])
    }
}

/// What case and Unicode folding leave of a slug: two servers must not share it.
fn folded(slug: &str) -> String {
    slug.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Of servers that fall on one URL the first in byte order stays, unless another is spelled
/// exactly as the URL.
fn drop_collisions(servers: &mut Vec<CatalogEntry>) -> Vec<Diagnostic> {
    let mut owner: HashMap<String, usize> = HashMap::new();
    for (i, entry) in servers.iter().enumerate() {
        let key = folded(&entry.slug);
        let exact = entry.slug == key;
        owner
            .entry(key)
            .and_modify(|o| {
                if exact {
                    *o = i;
                }
            })
            .or_insert(i);
    }
    let mut diagnostics = Vec::new();
    let mut kept = Vec::with_capacity(servers.len());
    for (i, entry) in servers.iter().enumerate() {
        match owner.get(&folded(&entry.slug)) {
            Some(&o) if o != i => diagnostics.push(Diagnostic::error(
                Code::SameUrl,
                &entry.dir,
                format!("the servers `{}` and `{}` fall on one URL", servers[o].slug, entry.slug),
                format!("rename one folder; `{}` is kept", servers[o].slug),
            )),
            _ => kept.push(entry.clone()),
        }
    }
    *servers = kept;
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(folders: &[(&str, Option<&str>)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("temporary folder");
        for (name, manifest) in folders {
            std::fs::create_dir(dir.path().join(name)).expect("folder");
            if let Some(text) = manifest {
                std::fs::write(dir.path().join(name).join(MANIFEST), text).expect("file");
            }
        }
        dir
    }

    fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
        diagnostics.iter().map(|d| d.code.name()).collect()
    }

    #[test]
    fn hidden_and_editorial_folders_are_never_servers() {
        let dir = catalogue(&[("_attacks", None), (".git", None), ("a", Some("[]"))]);
        let catalog = Catalog::open(dir.path()).expect("opens");
        assert_eq!(catalog.servers.len(), 1);
        assert!(catalog.diagnostics.is_empty());
    }

    #[test]
    fn servers_that_fall_on_one_url_are_one_diagnostic_and_one_server() {
        let dir = catalogue(&[("Docs", Some("[]")), ("docs", Some("[]")), ("ﬁle", Some("[]")), ("file", Some("[]"))]);
        let catalog = Catalog::open(dir.path()).expect("opens");
        assert_eq!(catalog.servers.iter().map(|e| e.slug.as_str()).collect::<Vec<_>>(), ["docs", "file"]);
        assert_eq!(codes(&catalog.diagnostics), ["same-url", "same-url"]);
    }

    #[test]
    fn a_folder_without_a_manifest_and_another_slug_are_reported() {
        let dir = catalogue(&[("a", None), ("b", Some(r#"{"server":{"slug":"c"},"tools":[]}"#))]);
        let catalog = Catalog::open(dir.path()).expect("opens");
        assert_eq!(codes(&catalog.diagnostics), ["no-manifest"]);
        let loaded = Catalog::load(catalog.find("b").expect("listed"));
        assert_eq!(codes(&loaded.diagnostics), ["other-slug"]);
        assert_eq!(loaded.value.expect("read").server.slug, "b");
    }
}
