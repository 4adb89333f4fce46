//! The catalogue folder on disk: one folder per server.
//!
//! Loading is in two steps so that memory follows the largest server: [`Catalog::open`]
//! lists the servers, [`Catalog::load`] reads one.

pub mod accepted;
pub mod changes;
pub mod day;
pub mod git;
pub mod labelled;
pub mod lock;
pub mod override_file;
pub mod overrides;
mod renewal;
pub mod source;

use std::collections::HashMap;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use self::labelled::Unlabelled;
use self::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic, Parsed};
use crate::input::{self, Refused};
use crate::manifest::{MAX_BYTES, Manifest};
use crate::neutral;

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
    /// The slug: the folder's name; of a manifest without a folder its `server.slug`, else the file's stem.
    pub slug: String,
    /// The folder; of a manifest without one, where it would be.
    pub dir: PathBuf,
    /// The path of its manifest.
    pub manifest: PathBuf,
}

impl CatalogEntry {
    /// Whether the manifest lies in a folder of its own.
    pub fn own_folder(&self) -> bool {
        self.manifest.starts_with(&self.dir)
    }
}

impl Catalog {
    /// Lists the servers of a catalogue, as [`Catalog::list`] does.
    ///
    /// # Errors
    /// One diagnostic when the folder cannot be listed or is no catalogue: it holds no server, is the folder of one, or a
    /// folder in it is the catalogue.
    pub fn open(dir: &Path) -> Result<Self, Box<Diagnostic>> {
        let catalog = Self::list(dir)?;
        match catalog.misplaced() {
            Some(wrong) => Err(Box::new(wrong)),
            None => Ok(catalog),
        }
    }

    /// What is wrong where the folder is no catalogue.
    pub fn misplaced(&self) -> Option<Diagnostic> {
        let holds_none = || {
            let place = self.dir.join("SERVER").join(MANIFEST);
            let help = format!(
                "put what each server answers to `tools/list` into `{}`, or let `toolcard import` do it",
                place.display()
            );
            Diagnostic::error(Code::NoCatalogue, &self.dir, "the catalogue holds no server", help)
        };
        let empty = self.servers.is_empty() && self.diagnostics.is_empty();
        self.elsewhere().or_else(|| empty.then(holds_none))
    }

    /// What is wrong where another folder is the catalogue: one that this folder lies in, or one that lies in it.
    pub fn elsewhere(&self) -> Option<Diagnostic> {
        let dir = &self.dir;
        let wrong = |message: String, help| Some(Diagnostic::error(Code::NoCatalogue, dir, message, help));
        if dir.join(MANIFEST).is_file() {
            let message = "this is the folder of one server, not the catalogue that holds it";
            return wrong(message.to_owned(), format!("give the folder above: `{}`", above(dir).display()));
        }
        // A file beside the catalogue (`package.json`) looks like a server without a folder.
        if self.servers.iter().any(CatalogEntry::own_folder) {
            return None;
        }
        let below = below(dir)?;
        let message = format!("no folder in it is a server, but its folder `{}` holds some", below.display());
        let whole = if dir.as_os_str() == "." { below } else { dir.join(below) };
        wrong(message, format!("give that folder: `{}`", whole.display()))
    }

    /// Lists the servers of a folder: folders with a manifest, and manifests (`*.json`) that lie in it directly. Names that
    /// begin with `_` or `.` are never servers.
    ///
    /// # Errors
    /// One diagnostic when the folder itself cannot be listed.
    pub fn list(dir: &Path) -> Result<Self, Box<Diagnostic>> {
        let items: std::io::Result<Vec<DirEntry>> = std::fs::read_dir(dir).and_then(Iterator::collect);
        let items = items.map_err(|e| Box::new(unlisted(dir, &e)))?;
        let mut servers = Vec::new();
        let mut diagnostics = Vec::new();
        let mut lone_files = Vec::new();
        // Each look may wait for the disk.
        let listed: Vec<CatalogItem> = items.par_iter().filter_map(|item| listed(dir, item)).collect();
        for item in listed {
            match item {
                CatalogItem::Server(entry) => servers.push(entry),
                CatalogItem::Lone(path, linked) => lone_files.push((path, linked)),
                CatalogItem::Wrong(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
        lone_files.sort_unstable();
        add_lone_files(dir, lone_files, &mut servers, &mut diagnostics);
        servers.sort_by(|a, b| a.slug.cmp(&b.slug));
        diagnostics.extend(drop_collisions(&mut servers));
        diagnostics.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(Self { dir: dir.to_path_buf(), servers, diagnostics })
    }

    /// Reads one server; nothing where its file is lost. The folder's name is its slug, whatever the file says.
    pub fn load(entry: &CatalogEntry) -> Parsed<Option<Manifest>> {
        let bytes = input::bytes(&entry.manifest, MAX_BYTES);
        let overrides = Overrides { at: overrides::pointer(&entry.dir), ..Overrides::default() };
        let Parsed { value, diagnostics } = Unlabelled::of_entry(entry, &bytes, overrides);
        Parsed { value: value.map(|read| read.manifest), diagnostics }
    }

    /// The entry of a slug.
    pub fn find(&self, slug: &str) -> Option<&CatalogEntry> {
        self.servers.binary_search_by(|e| e.slug.as_str().cmp(slug)).ok().map(|i| &self.servers[i])
    }
}

/// What something in a catalogue is.
enum CatalogItem {
    Server(CatalogEntry),
    /// A manifest without a folder of its own, and whether it is a link.
    Lone(PathBuf, bool),
    Wrong(Box<Diagnostic>),
}

/// Looks at one thing in a catalogue; nothing for what is no server and need not be one.
fn listed(dir: &Path, item: &DirEntry) -> Option<CatalogItem> {
    let path = item.path();
    let name = item.file_name();
    let linked = || item.file_type().is_ok_and(|t| t.is_symlink());
    let wrong = |diagnostic| Some(CatalogItem::Wrong(Box::new(diagnostic)));
    let Some(slug) = name.to_str() else {
        if !path.is_dir() {
            return None;
        }
        return wrong(Diagnostic::error(
            Code::FolderNameNotUtf8,
            &path,
            "the folder's name is not UTF-8",
            "rename it: a server's slug is its folder's name",
        ));
    };
    if !path.is_dir() {
        // A file beside the folder of one server is not another server.
        let lone = is_lone(&path) && slug != MANIFEST;
        return lone.then(|| CatalogItem::Lone(path, linked()));
    }
    if slug.starts_with(['_', '.']) {
        return None;
    }
    let manifest = path.join(MANIFEST);
    let there = std::fs::symlink_metadata(&manifest);
    if (linked() || there.as_ref().is_ok_and(std::fs::Metadata::is_symlink)) && input::leaves(dir, &manifest) {
        return wrong(Refused::Elsewhere.diagnostic(&manifest));
    }
    if there.is_err() {
        return wrong(Diagnostic::error(
            Code::NoManifest,
            &path,
            format!("the folder `{slug}` has no {MANIFEST}"),
            "add the server's manifest, or begin the folder's name with `_` if it is not a server",
        ));
    }
    Some(CatalogItem::Server(CatalogEntry { slug: slug.to_owned(), dir: path, manifest }))
}

/// Whether a file directly in a folder can be a manifest.
fn is_lone(path: &Path) -> bool {
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    json && path.file_name().and_then(|n| n.to_str()).is_some_and(|n| !n.starts_with(['_', '.']))
}

/// The slug of a manifest without a folder: `server.slug` where it could be a folder's name, else the file's stem.
fn lone_slug(path: &Path, bytes: Option<&[u8]>) -> String {
    #[derive(Deserialize)]
    struct DeclaredIdentity {
        server: Option<Identity>,
    }
    #[derive(Deserialize)]
    struct Identity {
        slug: Option<String>,
    }
    let folder = |s: &String| !s.trim().is_empty() && !s.starts_with(['_', '.']) && !s.contains(['/', '\\', '\0']);
    let declared = bytes.and_then(|b| serde_json::from_slice::<DeclaredIdentity>(b).ok()).and_then(|h| h.server?.slug);
    let stem = || path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    declared.filter(folder).unwrap_or_else(stem)
}

/// Adds the manifests that lie directly in a folder, `true` where it is a link. Of one slug the first stays, folders before files.
fn add_lone_files(
    dir: &Path,
    files: Vec<(PathBuf, bool)>,
    servers: &mut Vec<CatalogEntry>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first = None;
    let count = files.len();
    for (path, linked) in files {
        if linked && input::leaves(dir, &path) {
            diagnostics.push(Refused::Elsewhere.diagnostic(&path));
            continue;
        }
        let slug = lone_slug(&path, input::of_catalogue(dir, &path, MAX_BYTES).ok().as_deref());
        if servers.iter().any(|entry| entry.slug == slug) {
            diagnostics.push(Diagnostic::warning(
                Code::SameSlug,
                &path,
                format!("another manifest is the server {} too; this one is left out", neutral::quoted(&slug)),
                "give each its own `server.slug`, or compare two files with `--base FILE --head FILE`",
            ));
            continue;
        }
        first.get_or_insert_with(|| (path.clone(), slug.clone()));
        servers.push(CatalogEntry { dir: dir.join(&slug), slug, manifest: path });
    }
    if let Some((path, slug)) = first {
        let name = neutral::quoted(&slug);
        let message = match count {
            1 => format!("the server {name} has no folder of its own"),
            n => format!("{n} manifests have no folder of their own, {name} is the first"),
        };
        let place = dir.join(&slug).join(MANIFEST);
        let help =
            format!("it is read; move it to `{}` so that decisions about its tools can lie beside it", place.display());
        diagnostics.push(Diagnostic::warning(Code::NoFolder, &path, message, help));
    }
}

/// What is wrong with a folder that cannot be listed.
fn unlisted(dir: &Path, e: &std::io::Error) -> Diagnostic {
    let missing = e.kind() == std::io::ErrorKind::NotFound;
    let message =
        if missing { "there is no such folder".to_owned() } else { format!("the catalogue cannot be listed: {e}") };
    let help = match nearby(dir) {
        Some(found) => format!("give the one that is there with `--catalog {}`", found.display()),
        None if missing => "begin one with `toolcard new DIR` or `toolcard import`, or give the folder that holds one \
                            folder per server with `--catalog DIR`"
            .to_owned(),
        None => "give the folder that holds one folder per server with `--catalog DIR`".to_owned(),
    };
    Diagnostic::error(Code::NoCatalogue, dir, message, help)
}

/// The folder above another.
fn above(dir: &Path) -> PathBuf {
    match dir.parent() {
        Some(above) if !above.as_os_str().is_empty() && !dir.ends_with("..") => above.to_path_buf(),
        _ if dir.as_os_str() == "." || dir.ends_with("..") => dir.join(".."),
        _ => PathBuf::from("."),
    }
}

/// Where the catalogue is that somebody looked for at `dir`: a file of it was named, or it was looked for from a folder in
/// it or beside it, as far up as the repository goes.
fn nearby(dir: &Path) -> Option<PathBuf> {
    if dir.is_file() {
        let folder = above(dir);
        return [above(&folder), folder].into_iter().find(|found| holds_servers(found));
    }
    if dir.is_absolute() {
        return None;
    }
    let here = std::env::current_dir().ok()?;
    let root = here.ancestors().position(|folder| folder.join(".git").exists()).unwrap_or(0);
    // `.`, `..`, `../..`
    let up = |n: usize| if n == 0 { PathBuf::from(".") } else { vec![".."; n].iter().collect() };
    let around = (0..=root).flat_map(|n| if n == 0 { vec![up(0)] } else { vec![up(n), up(n).join(dir)] });
    // Much has a file of that name: the folder above it is a catalogue where somebody made it one.
    let own = Path::new(MANIFEST).is_file() && up(1).join(lock::FILE).is_file();
    let own = own.then(|| up(1));
    let below = below(Path::new(".")).filter(|below| below != Path::new("node_modules"));
    own.into_iter().chain(around).find(|found| holds_servers(found)).or(below)
}

/// Whether a folder holds folders of servers.
fn holds_servers(dir: &Path) -> bool {
    let items = std::fs::read_dir(dir).into_iter().flatten().flatten();
    items.map(|item| item.path()).any(|path| !is_hidden(&path) && path.join(MANIFEST).is_file())
}

/// Whether a folder is never a server.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|n| n.to_string_lossy().starts_with(['_', '.']))
}

/// The first folder in `dir` that holds folders of servers.
fn below(dir: &Path) -> Option<PathBuf> {
    let items = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = items.map(|item| item.path()).filter(|path| !is_hidden(path)).collect();
    folders.sort_unstable();
    folders.into_iter().find(|folder| holds_servers(folder))?.file_name().map(PathBuf::from)
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

    #[test]
    fn a_manifest_without_a_folder_is_a_server_with_a_slug_that_a_folder_could_have() {
        let dir = catalogue(&[("a", Some("[]"))]);
        for (name, text) in [
            ("a.json", "[]"),
            ("b.json", "[]"),
            ("c.json", r#"{"server":{"slug":"../up"},"tools":[]}"#),
            ("d.json", r#"{"server":{"slug":"named"},"tools":[]}"#),
            ("_e.json", "[]"),
        ] {
            std::fs::write(dir.path().join(name), text).expect("file");
        }
        let catalog = Catalog::open(dir.path()).expect("opens");
        assert_eq!(catalog.servers.iter().map(|e| e.slug.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "named"]);
        assert_eq!(codes(&catalog.diagnostics), ["same-slug", "no-folder"]);
        let loaded = Catalog::load(catalog.find("named").expect("listed"));
        assert_eq!((codes(&loaded.diagnostics), loaded.value.expect("read").server.slug), (vec![], "named".to_owned()));
    }

    #[test]
    fn a_folder_that_is_no_catalogue_is_refused_with_the_one_that_is() {
        let dir = catalogue(&[("redis", Some("[]"))]);
        let root = catalogue(&[("docs", None)]);
        std::fs::create_dir_all(root.path().join("mine/redis")).expect("folders");
        std::fs::write(root.path().join("mine/redis/manifest.json"), "[]").expect("file");
        let empty = catalogue(&[]);
        for (folder, help) in [
            (dir.path().join("redis"), format!("`{}`", dir.path().display())),
            (root.path().to_path_buf(), format!("`{}`", root.path().join("mine").display())),
            (empty.path().to_path_buf(), "SERVER".to_owned()),
        ] {
            let refused = Catalog::open(&folder).expect_err("no catalogue");
            assert!(refused.code == Code::NoCatalogue && refused.help.contains(&help), "{refused:?}");
            assert!(Catalog::list(&folder).is_ok());
        }
    }
}
