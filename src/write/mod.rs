//! The one door to disk: write what changed, prune what is gone, leave what is not ours.
//!
//! A ledger under `<out>/.toolcard/` names every file that toolcard wrote with a hash of its
//! bytes. A file whose hash is the ledger's is not written again; a file that the ledger
//! names and the plan does not is removed; a file that the ledger does not name is not ours
//! and stays. Files are overwritten in place, the ledger is written last.

mod ledger;
mod replace;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use xxhash_rust::xxh3::xxh3_128;

use ledger::Ledger;
pub use replace::Replacement;

/// The folder that toolcard keeps for itself inside the output.
pub const PRIVATE: &str = ".toolcard";

/// What a build did to the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files whose bytes were new.
    pub written: usize,
    /// Files that already had these bytes.
    pub unchanged: usize,
    /// Files of earlier builds that were removed.
    pub pruned: usize,
    /// Bytes of all planned files.
    pub bytes: u64,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file that toolcard did not write stands where a page belongs.
    #[error("a file that toolcard did not write stands at `{}`", .0.display())]
    Foreign(PathBuf),
    /// The disk said no.
    #[error("`{}` cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another build holds the output folder.
    #[error("another build is writing to `{}`", .0.display())]
    Locked(PathBuf),
}

impl WriteError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_path_buf(), source }
    }
}

/// An output folder while a build writes to it. Shared between threads.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    before: Ledger,
    /// Hash of each file of this build.
    now: Mutex<HashMap<Box<str>, u128>>,
    written: AtomicUsize,
    unchanged: AtomicUsize,
    bytes: AtomicU64,
    _lock: File,
}

impl Output {
    /// Opens (and makes) an output folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or another build holds it.
    pub fn open(root: &Path) -> Result<Self, WriteError> {
        let private = root.join(PRIVATE);
        fs::create_dir_all(&private).map_err(WriteError::io(&private))?;
        let lock_path = private.join("lock");
        let lock = File::create(&lock_path).map_err(WriteError::io(&lock_path))?;
        if lock.try_lock().is_err() {
            return Err(WriteError::Locked(root.to_path_buf()));
        }
        let before = Ledger::read(&private).map_err(WriteError::io(&private))?;
        Ledger::begin(&private).map_err(WriteError::io(&private))?;
        Ok(Self {
            root: root.to_path_buf(),
            before,
            now: Mutex::default(),
            written: AtomicUsize::new(0),
            unchanged: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            _lock: lock,
        })
    }

    /// Makes a folder, given relative to the output.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn folder(&self, relative: &str) -> Result<(), WriteError> {
        let path = self.root.join(relative);
        fs::create_dir_all(&path).map_err(WriteError::io(&path))
    }

    /// Writes one file, given relative to the output with `/`, if its bytes changed. Its folder
    /// is made where missing.
    ///
    /// # Errors
    /// When a file that is not ours stands there, or the disk refuses.
    pub fn file(&self, relative: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let hash = xxh3_128(bytes);
        let path = self.root.join(relative);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let known = self.before.hash(relative);
        // The first build of a site: no look at what stands there, unless something does.
        if known.is_none() && self.create(&path, bytes)? {
            self.written.fetch_add(1, Ordering::Relaxed);
            self.remember(relative, hash);
            return Ok(());
        }
        let there = fs::symlink_metadata(&path).ok();
        match (&there, known) {
            (Some(meta), Some(h)) if h == hash && meta.is_file() && meta.len() == bytes.len() as u64 => {
                self.unchanged.fetch_add(1, Ordering::Relaxed);
                self.remember(relative, hash);
                return Ok(());
            }
            // Without a word in the ledger a file is foreign, unless an earlier build was cut off
            // before it could write the ledger, or the bytes are the same anyway.
            (Some(meta), None) if !self.before.interrupted() => {
                if !(meta.is_file() && fs::read(&path).is_ok_and(|old| old == bytes)) {
                    return Err(WriteError::Foreign(path));
                }
                self.unchanged.fetch_add(1, Ordering::Relaxed);
                self.remember(relative, hash);
                return Ok(());
            }
            _ => {}
        }
        match fs::write(&path, bytes) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(WriteError::io(parent))?;
                }
                fs::write(&path, bytes).map_err(WriteError::io(&path))?;
            }
            result => result.map_err(WriteError::io(&path))?,
        }
        self.written.fetch_add(1, Ordering::Relaxed);
        self.remember(relative, hash);
        Ok(())
    }

    /// Writes a file where there is none; `false` where there is something.
    fn create(&self, path: &Path, bytes: &[u8]) -> Result<bool, WriteError> {
        let open = || File::options().write(true).create_new(true).open(path);
        let file = match open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let parent = path.parent().unwrap_or(&self.root);
                fs::create_dir_all(parent).map_err(WriteError::io(parent))?;
                open()
            }
            file => file,
        };
        match file {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            file => file.and_then(|mut file| file.write_all(bytes)).map(|()| true).map_err(WriteError::io(path)),
        }
    }

    /// Whether an earlier build wrote that file and it still stands there: then this build keeps it. For files whose
    /// name says what is in them.
    pub fn has(&self, relative: &str) -> bool {
        let known = self.before.hash(relative).filter(|_| !self.before.interrupted());
        let Some(hash) = known else { return false };
        let Ok(there) = fs::symlink_metadata(self.root.join(relative)) else { return false };
        if there.is_file() {
            self.bytes.fetch_add(there.len(), Ordering::Relaxed);
            self.unchanged.fetch_add(1, Ordering::Relaxed);
            self.remember(relative, hash);
        }
        there.is_file()
    }

    /// Keeps every file of an earlier build below a folder (`tools/x/`): its server could not be
    /// read this time.
    pub fn keep(&self, folder: &str) {
        for (path, hash) in self.before.under(folder) {
            self.remember(path, hash);
        }
    }

    /// Removes what the plan no longer names, writes the ledger, releases the folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<Tally, WriteError> {
        let now = self.now.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut pruned = 0;
        for path in self.before.paths().filter(|p| !now.contains_key(*p)) {
            let full = self.root.join(path);
            match fs::remove_file(&full) {
                Ok(()) => pruned += 1,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(WriteError::Io { path: full, source: e }),
            }
            // Folders go when nothing is left in them; one that holds foreign files stays.
            let mut folder = full.parent();
            while let Some(dir) = folder.filter(|d| *d != self.root) {
                if fs::remove_dir(dir).is_err() {
                    break;
                }
                folder = dir.parent();
            }
        }
        let private = self.root.join(PRIVATE);
        self.before.replace(&private, &now).map_err(WriteError::io(&private))?;
        Ok(Tally {
            written: self.written.into_inner(),
            unchanged: self.unchanged.into_inner(),
            pruned,
            bytes: self.bytes.into_inner(),
        })
    }

    fn remember(&self, relative: &str, hash: u128) {
        let mut now = self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        now.insert(relative.into(), hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(root: &Path, files: &[(&str, &str)]) -> Tally {
        let out = Output::open(root).expect("opens");
        for (path, text) in files {
            out.file(path, text.as_bytes()).expect("writes");
        }
        out.finish().expect("finishes")
    }

    fn tally(written: usize, unchanged: usize, pruned: usize) -> (usize, usize, usize) {
        (written, unchanged, pruned)
    }

    fn counts(t: Tally) -> (usize, usize, usize) {
        (t.written, t.unchanged, t.pruned)
    }

    #[test]
    fn a_second_build_writes_nothing_and_prunes_what_is_gone() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        assert_eq!(counts(build(root, &[("a.html", "1"), ("t/b.html", "2")])), tally(2, 0, 0));
        assert_eq!(counts(build(root, &[("a.html", "1"), ("t/b.html", "2")])), tally(0, 2, 0));
        assert_eq!(counts(build(root, &[("a.html", "3")])), tally(1, 0, 1));
        assert!(!root.join("t").exists());
    }

    #[test]
    fn foreign_files_stay_and_are_never_overwritten() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        fs::write(root.join("CNAME"), "example.org").expect("writes");
        fs::write(root.join("index.html"), "mine").expect("writes");
        build(root, &[("a.html", "1")]);
        let out = Output::open(root).expect("opens");
        assert!(matches!(out.file("index.html", b"theirs"), Err(WriteError::Foreign(_))));
        out.finish().expect("finishes");
        assert_eq!(fs::read_to_string(root.join("index.html")).expect("reads"), "mine");
        assert!(root.join("CNAME").exists());
    }

    #[test]
    fn a_file_that_somebody_removed_is_written_again() {
        let dir = tempfile::tempdir().expect("temporary folder");
        build(dir.path(), &[("a.html", "1")]);
        fs::remove_file(dir.path().join("a.html")).expect("removes");
        assert_eq!(counts(build(dir.path(), &[("a.html", "1")])), tally(1, 0, 0));
    }

    #[test]
    fn a_build_that_was_cut_off_is_taken_up_again() {
        let dir = tempfile::tempdir().expect("temporary folder");
        {
            let out = Output::open(dir.path()).expect("opens");
            out.file("a.html", b"1").expect("writes");
        }
        assert_eq!(counts(build(dir.path(), &[("a.html", "2")])), tally(1, 0, 0));
        assert_eq!(counts(build(dir.path(), &[])), tally(0, 0, 1));
    }

    #[test]
    fn a_kept_folder_survives_and_two_builds_at_once_do_not() {
        let dir = tempfile::tempdir().expect("temporary folder");
        build(dir.path(), &[("tools/x/a.html", "1"), ("tools/y/a.html", "1")]);
        let out = Output::open(dir.path()).expect("opens");
        assert!(matches!(Output::open(dir.path()), Err(WriteError::Locked(_))));
        out.keep("tools/x/");
        out.finish().expect("finishes");
        assert!(dir.path().join("tools/x/a.html").exists());
        assert!(!dir.path().join("tools/y").exists());
    }
}
