//! The one way to disk: write what changed, prune what is gone, leave what is not ours.
//!
//! What a build writes comes in units: the files that one job makes, below one name. A ledger under `<out>/.toolcard/`
//! has each unit with what it was made from, and every file of it with a hash of its bytes. A unit that would be made from the same
//! is kept without a look at its bytes; a file whose hash is the ledger's is not written again; a file that the ledger
//! names and the plan does not is removed; a file that the ledger does not name is not ours
//! and stays. Files are overwritten in place, the ledger is written last. New files are listed before they have a byte,
//! so that a build after one that was cut off knows what is ours; it trusts no hash and compares bytes. Links are
//! never followed.
//!
//! | file | what it does |
//! |---|---|
//! | `ledger` | what the build before wrote, and what this one does |
//! | [`mod@unit`] | writes the files of one unit |
//! | [`written`] | what a finished build left |
//! | `replace` | replaces one file as a whole |

mod ledger;
mod replace;
pub mod unit;
pub mod written;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use ledger::{Ledger, NewLedger};

use crate::input;
pub use replace::{Replacement, hold};
pub use unit::Unit;

/// Where the files of one job go: to the disk, or elsewhere.
pub trait FileSink {
    /// Makes the folder of the job's files.
    ///
    /// # Errors
    /// When a link or a file is in the way, or on an I/O error.
    fn folder(&self) -> Result<(), WriteError>;

    /// Takes one file, given relative to the output with `/`.
    ///
    /// # Errors
    /// When a file that is not ours or a link is there, or on an I/O error.
    fn file(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError>;

    /// Whether an earlier build wrote that file and it is still there: then it stays. For files whose name says what is
    /// in them.
    fn has(&mut self, path: &str) -> bool;
}

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
    private: PathBuf,
    before: Ledger,
    /// Where the path of each new file goes before its bytes.
    begun: File,
    /// Folders that are known to be folders.
    checked: Mutex<HashSet<Box<str>>>,
    state: Mutex<OutputState>,
    written: AtomicUsize,
    unchanged: AtomicUsize,
    _lock: File,
}

/// What units leave behind when they are done.
#[derive(Debug, Default)]
struct OutputState {
    now: NewLedger,
    /// Files that a unit of this name had before and has no more.
    stale: Vec<String>,
    /// Files of this build that may be among those of others before: all of them after a build that was cut off.
    own: HashSet<Box<str>>,
    /// Paths that were written, where somebody asked.
    changes: Option<Vec<PathChange>>,
}

/// A published file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathChange {
    /// It has other bytes, or is new.
    Written(Box<str>),
    /// It is gone.
    Removed(Box<str>),
}

/// A file of a unit is not there, or has other bytes.
#[derive(Debug)]
struct NotWhole;

/// How closely the files of a unit that would be kept are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// At the time of their folder, or at whether each is there.
    Quick,
    /// At every byte.
    Bytes,
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
            private,
            before,
            begun,
            checked: Mutex::default(),
            state: Mutex::default(),
            written: AtomicUsize::new(0),
            unchanged: AtomicUsize::new(0),
            _lock: lock,
        })
    }

    /// Remembers which files are written and removed, for [`Output::finish`].
    #[must_use]
    pub fn listing_changes(self) -> Self {
        self.state().changes = Some(Vec::new());
        self
    }

    fn state(&self) -> std::sync::MutexGuard<'_, OutputState> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What the build before said of itself; empty where there was none or it was cut off.
    pub fn about(&self) -> &str {
        self.before.about()
    }

    /// Whether the build before was cut off, so that nothing which it wrote is trusted.
    pub fn interrupted(&self) -> bool {
        self.before.interrupted()
    }

    /// What the unit of that name was made from; nothing where that is not known.
    pub fn inputs(&self, unit: &str) -> Option<&str> {
        let unit = self.before.unit(unit).filter(|_| !self.before.interrupted())?;
        Some(self.before.inputs(unit)).filter(|inputs| *inputs != ledger::UNKNOWN)
    }

    /// Begins a unit: `name` is what the paths of its files begin with.
    pub fn unit<'a>(&'a self, name: &str) -> Unit<'a> {
        Unit::new(self, name)
    }

    /// Whether a unit of the build before is as it was left: all its files are there, and with [`Look::Bytes`] have their
    /// bytes. Returns the time of its folder where it has one.
    fn whole(&self, name: &str, unit: &ledger::LedgerUnit, look: Look) -> Result<Option<u128>, NotWhole> {
        let time = self.folder_time(name);
        let untouched = time.is_some_and(|time| unit.folder_time() == Some(time) && self.before.is_old_enough(time));
        let mut files = self.before.files(unit);
        if name.ends_with('/') && time.is_none() && unit.files() > 0 {
            return Err(NotWhole);
        }
        let there = |file: &str, hash: u128| {
            // The time of a folder tells of every file that is made or removed in it.
            if look == Look::Quick && untouched && !file.contains('/') {
                return true;
            }
            let path = self.root.join(ledger::whole_path(name, file));
            let regular = fs::symlink_metadata(&path).is_ok_and(|there| there.is_file());
            regular && (look == Look::Quick || fs::read(&path).is_ok_and(|bytes| xxh3_128(&bytes) == hash))
        };
        if files.all(|(file, hash)| there(file, hash)) { Ok(time) } else { Err(NotWhole) }
    }

    /// Keeps a unit of the build before if all its files are there. `false` where they are not: it has to be written.
    pub fn keep_whole(&self, name: &str, look: Look) -> bool {
        let Some(unit) = self.before.unit(name).filter(|_| !self.before.interrupted()) else { return false };
        let Ok(time) = self.whole(name, unit, look) else { return false };
        self.unchanged.fetch_add(unit.files(), Ordering::Relaxed);
        self.remember_kept(name, unit, time, true);
        true
    }

    /// Keeps everything that the build before left, if it is all there and it is known what it is made from.
    pub fn keep_all(&self, look: Look) -> bool {
        if self.before.interrupted() || self.before.is_empty() {
            return false;
        }
        let all = self.before.units().map(|(name, unit)| {
            let known = self.before.inputs(unit) != ledger::UNKNOWN;
            let time = if known { self.whole(name, unit, look).ok()? } else { return None };
            Some((name, unit, time))
        });
        let Some(all) = all.collect::<Option<Vec<_>>>() else { return false };
        for (name, unit, time) in all {
            self.unchanged.fetch_add(unit.files(), Ordering::Relaxed);
            self.remember_kept(name, unit, time, true);
        }
        true
    }

    /// Keeps a unit of an earlier build as it is, whatever became of its files: its server could not be read this time.
    pub fn keep(&self, name: &str) {
        if let Some(unit) = self.before.unit(name) {
            self.remember_kept(name, unit, unit.folder_time(), false);
        }
    }

    fn remember_kept(&self, name: &str, unit: &ledger::LedgerUnit, time: Option<u128>, known: bool) {
        let mut state = self.state();
        if self.before.interrupted() {
            let files = self.before.files(unit).map(|(file, _)| ledger::whole_path(name, file).into_boxed_str());
            state.own.extend(files);
        }
        state.now.keep(name, unit, time, known);
    }

    /// When something was last made or removed in the folder of a unit; nothing where it has none, or a link is in the way.
    fn folder_time(&self, unit: &str) -> Option<u128> {
        let folder = unit.strip_suffix('/')?;
        self.no_link(folder.rsplit_once('/').map_or("", |(above, _)| above)).ok()?;
        let there = fs::symlink_metadata(self.root.join(folder)).ok().filter(fs::Metadata::is_dir)?;
        input::modified(&there)
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

    /// Removes what the plan no longer names, writes the ledger with what the build says of itself, releases the folder.
    ///
    /// # Errors
    /// On an I/O error.
    pub fn finish(self, about: &str) -> Result<Finished, WriteError> {
        let OutputState { now, stale, own, changes } = std::mem::take(&mut *self.state());
        let mut changes = changes;
        let mut pruned = 0;
        for path in stale.into_iter().chain(self.before.gone()).filter(|path| !own.contains(path.as_str())) {
            // What lies behind a link is not ours.
            if self.no_link(path.rsplit_once('/').map_or("", |(folder, _)| folder)).is_err() {
                continue;
            }
            let full = self.root.join(&path);
            match fs::remove_file(&full) {
                Ok(()) => pruned += 1,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(WriteError::Io { path: full, source: e }),
            }
            if let Some(changes) = &mut changes {
                changes.push(PathChange::Removed(path.into()));
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
        now.replace(&self.before, &self.private, about).map_err(WriteError::io(&self.private))?;
        let mut changes = changes.unwrap_or_default();
        changes.sort_unstable();
        let tally = Tally { written: self.written.into_inner(), unchanged: self.unchanged.into_inner(), pruned };
        Ok(Finished { tally, changes })
    }
}

/// What a build did, once it is done.
#[derive(Debug, Default)]
pub struct Finished {
    /// How many files.
    pub tally: Tally,
    /// Which files, sorted, where [`Output::listing_changes`] asked for it.
    pub changes: Vec<PathChange>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A build whose files are each a unit, but for those of a folder of `tools`, which are one.
    fn build(root: &Path, files: &[(&str, &str)]) -> Tally {
        let out = Output::open(root).expect("opens");
        for files in files.chunk_by(|(a, _), (b, _)| unit_of(a) == unit_of(b)) {
            let mut unit = out.unit(unit_of(files[0].0));
            for (path, text) in files {
                unit.file(path, text.as_bytes()).expect("writes");
            }
            unit.finish("made").expect("finishes");
        }
        finish(out)
    }

    fn unit_of(path: &str) -> &str {
        path.strip_prefix("tools/").and_then(|below| below.find('/')).map_or(path, |at| &path[..at + 7])
    }

    fn finish(out: Output) -> Tally {
        out.finish("about").expect("finishes").tally
    }

    /// Writes a file without an end of its unit.
    fn begin(out: &Output, path: &str, text: &str) -> Result<(), WriteError> {
        out.unit(unit_of(path)).file(path, text.as_bytes())
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
        assert!(matches!(begin(&out, "index.html", "theirs"), Err(WriteError::Foreign(_))));
        finish(out);
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
            begin(&out, "a.html", "1").expect("writes");
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
            begin(&out, "a.html", "2").expect("writes");
            begin(&out, "t/new.html", "2").expect("writes");
            assert!(matches!(begin(&out, "mine.html", "2"), Err(WriteError::Foreign(_))));
        }
        // Back to the first plan, whose hashes are those of the ledger.
        assert_eq!(counts(build(root, &[("a.html", "1"), ("t/b.html", "1")])), tally(1, 1, 1));
        assert_eq!((read("a.html"), read("t/b.html"), read("mine.html")), ("1".into(), "1".into(), "mine".into()));
        assert!(!root.join("t/new.html").exists());
    }

    #[test]
    fn a_file_is_on_the_list_before_it_is_there() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        let out = Output::open(root).expect("opens");
        // No system has names that long.
        let long = "a".repeat(300);
        assert!(begin(&out, &long, "1").is_err());
        drop(out);
        let list = fs::read_to_string(root.join(PRIVATE).join("unfinished")).expect("reads");
        assert!(list.lines().any(|line| line == long), "{list}");
        // An empty file of somebody else stays.
        fs::write(root.join("mine.html"), "").expect("writes");
        let out = Output::open(root).expect("opens");
        assert!(matches!(begin(&out, "mine.html", "2"), Err(WriteError::Foreign(_))));
    }

    #[test]
    fn what_a_cut_off_build_left_of_a_kept_server_is_written_anew() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        build(root, &[("tools/x/a.html", "1")]);
        drop(Output::open(root).map(|out| begin(&out, "tools/x/a.html", "2")));
        let out = Output::open(root).expect("opens");
        out.keep("tools/x/");
        finish(out);
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
        assert!(matches!(begin(&out, "t/a.html", "2"), Err(WriteError::Foreign(_))));
        assert!(matches!(begin(&out, "t/u/new.html", "2"), Err(WriteError::Foreign(_))));
        assert!(matches!(out.unit("t/u/").folder(), Err(WriteError::Foreign(_))));
        assert!(matches!(begin(&out, "b.html", "2"), Err(WriteError::Foreign(_))));
        finish(out);
        assert_eq!(text("a.html"), "mine");
        assert!(!elsewhere.join("u").exists());
    }

    #[test]
    fn a_unit_is_kept_while_its_files_are_there() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        build(root, &[("tools/x/a.html", "1"), ("tools/x/b.html", "1"), ("tools/y/a.html", "1")]);
        let open = || Output::open(root).expect("opens");
        let out = open();
        assert_eq!((out.about(), out.inputs("tools/x/"), out.inputs("tools/z/")), ("about", Some("made"), None));
        assert!(out.keep_whole("tools/x/", Look::Bytes) && out.keep_whole("tools/y/", Look::Quick));
        assert_eq!(counts(finish(out)), tally(0, 3, 0));
        fs::write(root.join("tools/x/b.html"), "2").expect("writes");
        fs::remove_file(root.join("tools/y/a.html")).expect("removes");
        let out = open();
        assert!(!out.keep_all(Look::Quick));
        assert!(out.keep_whole("tools/x/", Look::Quick) && !out.keep_whole("tools/y/", Look::Quick));
        assert!(!open_again(out, root).keep_whole("tools/x/", Look::Bytes));
    }

    /// The folder as the next build finds it.
    fn open_again(out: Output, root: &Path) -> Output {
        finish(out);
        Output::open(root).expect("opens")
    }

    #[test]
    fn files_of_a_unit_may_be_elsewhere_and_go_with_it() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        let out = Output::open(root).expect("opens");
        let mut unit = out.unit("tools/x/");
        unit.file("tools/x/a.html", b"1").expect("writes");
        unit.file("api/x.json", b"1").expect("writes");
        unit.finish("made").expect("finishes");
        let out = open_again(out, root);
        assert!(out.keep_whole("tools/x/", Look::Quick));
        let out = open_again(out, root);
        drop(out.unit("tools/x/").finish("made"));
        assert_eq!(counts(finish(out)), tally(0, 0, 2));
        assert!(!root.join("api").exists() && !root.join("tools").exists());
    }

    #[test]
    fn a_file_that_another_unit_has_now_stays() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let root = dir.path();
        let out = Output::open(root).expect("opens");
        let mut unit = out.unit("");
        unit.file("a.xml", b"1").expect("writes");
        unit.file("b.xml", b"1").expect("writes");
        unit.finish("made").expect("finishes");
        let out = open_again(out, root).listing_changes();
        let mut unit = out.unit("b.xml");
        unit.file("b.xml", b"2").expect("writes");
        unit.finish("made").expect("finishes");
        let finished = out.finish("about").expect("finishes");
        assert_eq!(finished.changes, [PathChange::Written("b.xml".into()), PathChange::Removed("a.xml".into())]);
    }

    #[test]
    fn a_kept_folder_survives_and_two_builds_at_once_do_not() {
        let dir = tempfile::tempdir().expect("temporary folder");
        build(dir.path(), &[("tools/x/a.html", "1"), ("tools/y/a.html", "1")]);
        let out = Output::open(dir.path()).expect("opens");
        assert!(matches!(Output::open(dir.path()), Err(WriteError::Locked(_))));
        out.keep("tools/x/");
        finish(out);
        assert!(dir.path().join("tools/x/a.html").exists());
        assert!(!dir.path().join("tools/y").exists());
    }
}
