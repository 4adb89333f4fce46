//! Where servers come from: a folder, one manifest, a revision, a lock.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::catalog::git::{Blob, Objects, Repository};
use crate::catalog::lock::{self, Lock};
use crate::catalog::{Catalog, MANIFEST, is_lone, lone_slug, overrides};
use crate::diagnostic::{Code, Diagnostic, Parsed};
use crate::input::{self, Refused};
use crate::lexicon::Lexicon;
use crate::manifest::MAX_BYTES;
use crate::neutral;

/// Where servers come from.
#[derive(Debug)]
pub enum Source {
    /// A catalogue on disk, or a folder of manifests (`*.json`).
    Folder(PathBuf),
    /// The folder of one server.
    Server(PathBuf),
    /// One manifest on disk.
    Manifest(PathBuf),
    /// A catalogue in a commit.
    Revision(Box<Revision>),
    /// Labels and fingerprints alone.
    Lock(Lock),
    /// Some servers of a catalogue, as they are or as they would be written.
    Held(PathBuf, Vec<HeldServer>),
}

/// One server of a catalogue that is in memory.
#[derive(Debug, Clone)]
pub struct HeldServer {
    /// The name of its folder.
    pub slug: String,
    /// The bytes of its manifest.
    pub manifest: Vec<u8>,
    /// The bytes of its decisions, where it has any.
    pub overrides: Option<Vec<u8>>,
}

/// A catalogue in a commit.
#[derive(Debug)]
pub struct Revision {
    /// The catalogue's folder from the root of the repository, with a `/` at the end unless empty.
    prefix: String,
    /// Files in byte order of their paths.
    files: Vec<Blob>,
    objects: Objects,
}

/// One server of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerRef {
    /// The server's key.
    pub slug: String,
    /// The manifest as locations show it, with `/`.
    pub shown: String,
    /// Whether the folder that it lies in is its own: then the folder's name is its slug and the file is one server.
    pub own_folder: bool,
    manifest: String,
    overrides: Option<String>,
}

/// The bytes of one server.
#[derive(Debug)]
pub struct Files {
    /// The manifest, or why it cannot be read.
    pub manifest: Result<Vec<u8>, Refused>,
    /// The overrides, where there are any, or why they cannot be read.
    pub overrides: Option<Result<Vec<u8>, Refused>>,
}

/// The rows of the lexicon that lie beside the servers of a source.
#[derive(Debug)]
pub struct OwnLexicon {
    /// The texts of [`Lexicon::FILES`], empty where there is none.
    pub texts: [String; 2],
    /// The rows laid over the embedded ones, `None` where there are none of its own, or all that is wrong with them.
    pub lexicon: Result<Option<Lexicon>, Vec<Diagnostic>>,
}

impl Files {
    /// Whether both were read and have the same bytes.
    pub fn is_same(&self, other: &Self) -> bool {
        let overrides = match (&self.overrides, &other.overrides) {
            (None, None) => true,
            (Some(Ok(a)), Some(Ok(b))) => a == b,
            _ => false,
        };
        overrides && matches!((&self.manifest, &other.manifest), (Ok(a), Ok(b)) if a == b)
    }
}

impl Source {
    /// What `--base` or `--head` names: a path where there is one, else a revision.
    ///
    /// # Errors
    /// When it is neither, or cannot be read.
    pub fn open(name: &str, catalog: &Path) -> Result<Self, Box<Diagnostic>> {
        let path = Path::new(name);
        if path.is_dir() {
            return Ok(Self::folder(path));
        }
        // Anything else there is not a lock that is still to be written.
        if std::fs::symlink_metadata(path).is_ok() {
            let bytes = input::bytes(path, input::MAX_RECORD_BYTES).map_err(|refused| refused.diagnostic(path))?;
            return match String::from_utf8(bytes) {
                Ok(text) if Lock::looks_like(&text) || named_lock(path) => Lock::parse(text, path).map(Self::Lock),
                _ => Ok(Self::Manifest(path.to_path_buf())),
            };
        }
        if named_lock(path) {
            let help = match path.parent() {
                Some(folder) if path.ends_with(lock::FILE) && folder.is_dir() => {
                    format!(
                        "write it with `toolcard lock --catalog {}`, or compare with a git revision",
                        folder.display()
                    )
                }
                _ => "give a lock that is there, a folder or a git revision".to_owned(),
            };
            return Err(Box::new(Diagnostic::error(Code::NoLock, path, "there is no such lock", help)));
        }
        let repository = Repository::of(catalog)?;
        let commit = repository.resolve(name)?;
        let files = repository.files(&commit)?;
        let prefix = if repository.folder.is_empty() { String::new() } else { format!("{}/", repository.folder) };
        let objects = repository.objects()?;
        Ok(Self::Revision(Box::new(Revision { prefix, files, objects })))
    }

    /// A folder: that of one server where a manifest lies in it.
    fn folder(path: &Path) -> Self {
        let path = path.to_path_buf();
        if path.join(MANIFEST).is_file() { Self::Server(path) } else { Self::Folder(path) }
    }

    /// A path on disk: a folder, or else a manifest.
    pub fn path(path: &Path) -> Self {
        if path.is_dir() { Self::folder(path) } else { Self::Manifest(path.to_path_buf()) }
    }

    /// The servers, in byte order of their slugs, and what was wrong while listing them.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn servers(&mut self) -> Result<Parsed<Vec<ServerRef>>, Box<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let mut servers = match self {
            Self::Lock(lock) => {
                let shown = slashed(lock.path());
                lock.slugs()
                    .map(|s| ServerRef { slug: s.to_owned(), shown: shown.clone(), ..ServerRef::default() })
                    .collect()
            }
            Self::Manifest(path) => vec![lone(path, input::bytes(path, MAX_BYTES).ok().as_deref())],
            Self::Server(dir) => {
                // `.` has a name only once it is whole.
                let whole = std::fs::canonicalize(&*dir).unwrap_or_else(|_| dir.clone());
                let slug = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                vec![in_folder(slug, dir)]
            }
            Self::Folder(dir) => {
                let catalog = Catalog::list(dir)?;
                diagnostics = catalog.diagnostics;
                let servers = catalog.servers.into_iter();
                servers
                    .map(|entry| {
                        if entry.own_folder() {
                            return in_folder(entry.slug, &entry.dir);
                        }
                        ServerRef { slug: entry.slug, ..lone(&entry.manifest, None) }
                    })
                    .collect()
            }
            Self::Revision(revision) => revision.servers(),
            Self::Held(dir, servers) => {
                servers.iter().map(|held| in_folder(held.slug.clone(), &dir.join(&held.slug))).collect()
            }
        };
        // Folders come before lone files, files in byte order: the first of one slug stays.
        let mut seen = HashSet::new();
        servers.retain(|server| {
            let first = seen.insert(server.slug.clone());
            if !first {
                diagnostics.push(Diagnostic::warning(
                    Code::SameSlug,
                    Path::new(&server.shown),
                    format!(
                        "another manifest is the server {} too; this one is left out",
                        neutral::quoted(&server.slug)
                    ),
                    "give each its own `server.slug`, or compare two files with `--base FILE --head FILE`",
                ));
            }
            first
        });
        servers.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(Parsed { value: servers, diagnostics })
    }

    /// The bytes of one server.
    pub fn files(&mut self, server: &ServerRef) -> Files {
        if let Self::Held(_, servers) = self {
            let held = servers.iter().find(|held| held.slug == server.slug);
            let overrides = held.and_then(|held| held.overrides.clone()).map(Ok);
            let missing = || Refused::Io(io::ErrorKind::NotFound.into());
            return Files { manifest: held.map(|held| held.manifest.clone()).ok_or_else(missing), overrides };
        }
        let missing = || Err(Refused::Io(io::ErrorKind::NotFound.into()));
        let manifest = self.read(&server.manifest, MAX_BYTES).unwrap_or_else(missing);
        let overrides = server.overrides.as_ref().and_then(|place| self.read(place, input::MAX_WRITTEN_BYTES));
        Files { manifest, overrides }
    }

    /// A file of at most `limit` bytes beside the servers, e.g. `risk.lock`; `None` where there is none.
    pub fn beside(&mut self, name: &str, limit: u64) -> Option<Result<Vec<u8>, Refused>> {
        let place = match self {
            Self::Folder(dir) | Self::Held(dir, _) => dir.join(name).to_string_lossy().into_owned(),
            Self::Revision(_) => name.to_owned(),
            Self::Server(_) | Self::Manifest(_) | Self::Lock(_) => return None,
        };
        self.read(&place, limit)
    }

    /// The lexicon of this source; `dir` is only named in diagnostics of rows.
    pub fn lexicon(&mut self, dir: &Path) -> OwnLexicon {
        let mut faults = Vec::new();
        let texts = Lexicon::FILES.map(|file| match self.beside(file, input::MAX_WRITTEN_BYTES) {
            None => String::new(),
            Some(read) => read.and_then(input::text).unwrap_or_else(|refused| {
                faults.push(refused.diagnostic(Path::new(&self.shown(file))));
                String::new()
            }),
        });
        let plain = texts.iter().all(|text| text.trim().is_empty());
        let lexicon = match &texts {
            _ if !faults.is_empty() => Err(faults),
            _ if plain => Ok(None),
            [verbs, signals] => Lexicon::overlaid(verbs, signals, dir).map(Some),
        };
        OwnLexicon { texts, lexicon }
    }

    /// A file beside the servers as locations show it.
    pub fn shown(&self, name: &str) -> String {
        match self {
            Self::Folder(dir) | Self::Held(dir, _) => slashed(&dir.join(name)),
            Self::Revision(revision) => format!("{}{name}", revision.prefix),
            Self::Server(_) | Self::Manifest(_) | Self::Lock(_) => name.to_owned(),
        }
    }

    /// The bytes at a place of this source; `None` where nothing is there.
    fn read(&mut self, place: &str, limit: u64) -> Option<Result<Vec<u8>, Refused>> {
        let there =
            |read: Result<_, Refused>| if read.as_ref().is_err_and(Refused::is_missing) { None } else { Some(read) };
        match self {
            Self::Folder(dir) | Self::Held(dir, _) => there(input::of_catalogue(dir, Path::new(place), limit)),
            Self::Server(dir) => there(input::of_catalogue(dir.parent().unwrap_or(dir), Path::new(place), limit)),
            // Named by a person: it may be a pipe.
            Self::Manifest(_) => there(input::named(Path::new(place), limit)),
            Self::Revision(revision) => {
                let i = revision.files.binary_search_by(|f| f.path.as_str().cmp(place)).ok()?;
                let id = revision.files[i].id.clone();
                Some(revision.objects.read(&id, limit))
            }
            Self::Lock(_) => None,
        }
    }
}

impl Revision {
    fn servers(&mut self) -> Vec<ServerRef> {
        let has = |path: &str| self.files.binary_search_by(|f| f.path.as_str().cmp(path)).is_ok();
        let mut servers = Vec::new();
        let mut lone_files = Vec::new();
        for Blob { path, id } in &self.files {
            let shown = format!("{}{path}", self.prefix);
            match path.split_once('/') {
                Some((slug, MANIFEST)) if !slug.starts_with(['_', '.']) => {
                    let beside = format!("{slug}/{}", overrides::FILE);
                    let overrides = has(&beside).then_some(beside);
                    servers.push(ServerRef {
                        slug: slug.to_owned(),
                        shown,
                        own_folder: true,
                        manifest: path.clone(),
                        overrides,
                    });
                }
                None if is_lone(Path::new(path)) => lone_files.push((path.clone(), id.clone(), shown)),
                _ => {}
            }
        }
        for (path, id, shown) in lone_files {
            let bytes = self.objects.read(&id, MAX_BYTES).ok();
            servers.push(ServerRef { shown, ..lone(Path::new(&path), bytes.as_deref()) });
        }
        servers
    }
}

/// Whether a path is named as a lock.
fn named_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n == lock::FILE) || path.extension().is_some_and(|e| e == "lock")
}

/// A server in a folder of its own.
fn in_folder(slug: String, dir: &Path) -> ServerRef {
    let (manifest, beside) = (dir.join(MANIFEST), dir.join(overrides::FILE));
    ServerRef {
        slug,
        shown: slashed(&manifest),
        own_folder: true,
        manifest: manifest.to_string_lossy().into_owned(),
        overrides: std::fs::symlink_metadata(&beside).is_ok().then(|| beside.to_string_lossy().into_owned()),
    }
}

/// A manifest without a folder of its own: its slug is `server.slug`, else the file's stem.
fn lone(path: &Path, bytes: Option<&[u8]>) -> ServerRef {
    ServerRef {
        slug: lone_slug(path, bytes),
        shown: slashed(path),
        manifest: path.to_string_lossy().into_owned(),
        ..ServerRef::default()
    }
}

/// A path with `/`, without a leading `./`.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}
