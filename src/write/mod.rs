//! The one way to disk: write what changed, prune what is gone, leave what is not ours.
//!
//! A ledger under `<out>/.toolcard/` names every file that toolcard wrote with a hash of its
//! bytes. A file whose hash is the ledger's is not written again; a file that the ledger
//! names and the plan does not is removed; a file that the ledger does not name is not ours
//! and stays. Files are overwritten in place, the ledger is written last. New files are listed before they have a byte,
//! so that a build after one that was cut off knows what is ours; it trusts no hash and compares bytes. Links are
//! never followed.

mod ledger;
mod replace;

use std::collections::{HashMap, HashSet};
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
    /// A file that toolcard did not write is where a page belongs.
    #[error("toolcard did not write the file or link at `{}`", .0.display())]
    Foreign(PathBuf),
    /// An I/O error.
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
    /// Where the path of each new file goes before its bytes.
    begun: File,
    /// Folders that are known to be folders.
    checked: Mutex<HashSet<Box<str>>>,
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
        if fs::symlink_metadata(&private).is_ok_and(|there| !there.is_dir()) {
            return Err(WriteError::Foreign(private));
        }
        fs::create_dir_all(&private).map_err(WriteError::io(&private))?;
        // A link there would have another file emptied or appended to, a pipe would wait for ever.
        let odd = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|there| !there.is_file());
        if let Some(foreign) = ledger::FILES.map(|name| private.join(name)).into_iter().find(odd) {
            return Err(WriteError::Foreign(foreign));
        }
        let lock_path = private.join("lock");
        let lock = File::create(&lock_path).map_err(WriteError::io(&lock_path))?;
        if lock.try_lock().is_err() {
            return Err(WriteError::Locked(root.to_path_buf()));
        }
        let before = Ledger::read(&private).map_err(WriteError::io(&private))?;
        let begun = Ledger::begin(&private).map_err(WriteError::io(&private))?;
        Ok(Self {
            root: root.to_path_buf(),
            before,
            begun,
            checked: Mutex::default(),
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
    /// When a link or a file is in the way, or on an I/O error.
    pub fn folder(&self, relative: &str) -> Result<(), WriteError> {
        let relative = relative.trim_end_matches('/');
        self.no_link(relative)?;
        let path = self.root.join(relative);
        fs::create_dir_all(&path).map_err(WriteError::io(&path))
    }

    /// Refuses a folder that a link would put elsewhere: nothing is written or removed outside of the output.
    fn no_link(&self, folder: &str) -> Result<(), WriteError> {
        let checked = || self.checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if folder.is_empty() || checked().contains(folder) {
            return Ok(());
        }
        let mut path = self.root.clone();
        for step in folder.split('/') {
            path.push(step);
            match fs::symlink_metadata(&path) {
                Ok(there) if there.is_dir() => {}
                Ok(_) => return Err(WriteError::Foreign(path)),
                // It is made by this build.
                Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(source) => return Err(WriteError::Io { path, source }),
            }
        }
        checked().insert(folder.into());
        Ok(())
    }

    /// Writes one file, given relative to the output with `/`, if its bytes changed. Its folder
    /// is made where missing.
    ///
    /// # Errors
    /// When a file that is not ours or a link is there, or on an I/O error.
    pub fn file(&self, relative: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let hash = xxh3_128(bytes);
        let path = self.root.join(relative);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.no_link(relative.rsplit_once('/').map_or("", |(folder, _)| folder))?;
        let known = self.before.hash(relative);
        // The first build of a site: no look at what is there, unless something does.
        if known.is_none() && self.create(relative, &path, bytes)? {
            self.written.fetch_add(1, Ordering::Relaxed);
            self.remember(relative, hash);
            return Ok(());
        }
        if let Ok(there) = fs::symlink_metadata(&path) {
            if !there.is_file() {
                return Err(WriteError::Foreign(path));
            }
            let interrupted = self.before.interrupted();
            let as_long = there.len() == bytes.len() as u64;
            let same = match known {
                // A build that was cut off may have written what the ledger does not know.
                Some(known) if !interrupted => known == hash && as_long,
                _ => as_long && fs::read(&path).is_ok_and(|old| old == bytes),
            };
            if same {
                self.unchanged.fetch_add(1, Ordering::Relaxed);
                self.remember(relative, hash);
                return Ok(());
            }
            // A file that a build made before it was cut off is empty, or it is on the list.
            let ours = known.is_some() || (interrupted && (there.len() == 0 || self.before.has_begun(relative)));
            if !ours {
                return Err(WriteError::Foreign(path));
            }
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

    /// Writes a file where there is none; `false` where there is something. It is on the list of what this build
    /// began before it has a byte.
    fn create(&self, relative: &str, path: &Path, bytes: &[u8]) -> Result<bool, WriteError> {
        let open = || File::options().write(true).create_new(true).open(path);
        let file = match open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let parent = path.parent().unwrap_or(&self.root);
                fs::create_dir_all(parent).map_err(WriteError::io(parent))?;
                open()
            }
            file => file,
        };
        let mut file = match file {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            file => file.map_err(WriteError::io(path))?,
        };
        // One call, so that lines of two threads never mix.
        (&self.begun)
            .write_all(format!("{relative}\n").as_bytes())
            .map_err(WriteError::io(&self.root.join(PRIVATE)))?;
        file.write_all(bytes).map_err(WriteError::io(path))?;
        Ok(true)
    }

    /// Whether an earlier build wrote that file and it is still there: then this build keeps it. For files whose
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
            // After an interruption nobody knows what its bytes are.
            self.remember(path, if self.before.interrupted() { 0 } else { hash });
        }
    }

    /// Removes what the plan no longer names, writes the ledger, releases the folder.
    ///
    /// # Errors
    /// On an I/O error.
    pub fn finish(self) -> Result<Tally, WriteError> {
        let mut pruned = 0;
        let now = std::mem::take(&mut *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        for path in self.before.paths().filter(|p| !now.contains_key(*p)) {
            // What lies behind a link is not ours.
            if self.no_link(path.rsplit_once('/').map_or("", |(folder, _)| folder)).is_err() {
                continue;
            }
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
        let twice = now.insert(relative.into(), hash).is_some();
        // Which of both stays would depend on their order.
        debug_assert!(!twice, "two jobs of one build have the file {relative}");
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
    fn after_a_build_that_was_cut_off_the_pages_are_those_of_the_plan() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        let read = |path: &str| fs::read_to_string(root.join(path)).expect("reads");
        build(root, &[("a.html", "1"), ("t/b.html", "1")]);
        fs::write(root.join("mine.html"), "mine").expect("writes");
        for _ in 0..2 {
            let out = Output::open(root).expect("opens");
            out.file("a.html", b"2").expect("writes");
            out.file("t/new.html", b"2").expect("writes");
            assert!(matches!(out.file("mine.html", b"2"), Err(WriteError::Foreign(_))));
        }
        // Back to the first plan, whose hashes are those of the ledger.
        assert_eq!(counts(build(root, &[("a.html", "1"), ("t/b.html", "1")])), tally(1, 1, 1));
        assert_eq!((read("a.html"), read("t/b.html"), read("mine.html")), ("1".into(), "1".into(), "mine".into()));
        assert!(!root.join("t/new.html").exists());
    }

    #[test]
    fn what_a_cut_off_build_left_of_a_kept_server_is_written_anew() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        build(root, &[("tools/x/a.html", "1")]);
        drop(Output::open(root).map(|out| out.file("tools/x/a.html", b"2")));
        let out = Output::open(root).expect("opens");
        out.keep("tools/x/");
        out.finish().expect("finishes");
        assert_eq!(counts(build(root, &[("tools/x/a.html", "1")])), tally(1, 0, 0));
        assert_eq!(fs::read_to_string(root.join("tools/x/a.html")).expect("reads"), "1");
    }

    #[test]
    #[cfg(unix)] // other systems make links in other ways
    fn nothing_is_written_or_removed_behind_a_link() {
        use std::os::unix::fs::symlink;
        let (dir, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let (root, elsewhere) = (dir.path(), other.path());
        let text = |path: &str| fs::read_to_string(elsewhere.join(path)).expect("reads");
        build(root, &[("t/a.html", "1"), ("b.html", "1")]);
        fs::write(elsewhere.join("a.html"), "mine").expect("writes");
        fs::remove_dir_all(root.join("t")).expect("removes");
        fs::remove_file(root.join("b.html")).expect("removes");
        symlink(elsewhere, root.join("t")).expect("links");
        symlink(elsewhere.join("a.html"), root.join("b.html")).expect("links");
        let out = Output::open(root).expect("opens");
        assert!(matches!(out.file("t/a.html", b"2"), Err(WriteError::Foreign(_))));
        assert!(matches!(out.file("t/u/new.html", b"2"), Err(WriteError::Foreign(_))));
        assert!(matches!(out.folder("t/u"), Err(WriteError::Foreign(_))));
        assert!(matches!(out.file("b.html", b"2"), Err(WriteError::Foreign(_))));
        out.finish().expect("finishes");
        assert_eq!(text("a.html"), "mine");
        assert!(!elsewhere.join("u").exists());
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
