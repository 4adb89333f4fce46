//! What a build reads → word of each change. The system says which file changed; where it cannot, or says nothing, as of
//! a folder that another machine shares, names, sizes and times are asked for again and again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_64;

/// How long an editor may take to write several files before a build begins.
const SETTLE_TIMEOUT: Duration = Duration::from_millis(10);
/// How long it waits between two looks; longer where looking alone takes long, so that it takes at most a fifth of a core.
const MIN_PAUSE: Duration = Duration::from_millis(50);
/// The same where the system tells of changes: then a look is there for what it missed.
const MIN_PAUSE_WHEN_TOLD: Duration = Duration::from_secs(1);

/// Files and folders under watch.
#[derive(Debug)]
pub struct Watch {
    paths: Vec<PathBuf>,
    /// What the last look saw; nothing after a change that the system told of.
    seen: Option<u64>,
    told: Receiver<FileEvent>,
    /// Tells of changes while it lives; nothing where the system does not.
    watcher: Option<RecommendedWatcher>,
}

/// What the system tells.
#[derive(Debug)]
enum FileEvent {
    /// These changed; whether who writes them said that this is all.
    Paths(Vec<PathBuf>, bool),
    /// Something may have changed: it lost count.
    Anything,
}

impl Watch {
    /// Watches files, and folders with all that is in them; what does not exist may come later.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let (watcher, told) = watcher(&paths);
        let mut watch = Self { paths, seen: None, told, watcher };
        watch.seen = Some(watch.look());
        watch
    }

    /// Watches other files and folders from now on; returns at once where they are the same.
    pub fn turn_to(&mut self, paths: Vec<PathBuf>) {
        if self.paths != paths {
            *self = Self::new(paths);
        }
    }

    /// Waits until something changed and settled. Returns the paths that changed; none where that is not known.
    pub fn wait(&mut self) -> BTreeSet<PathBuf> {
        let mut pause = self.pause(Duration::ZERO);
        loop {
            match self.told.recv_timeout(pause) {
                Ok(FileEvent::Paths(paths, done)) => {
                    self.seen = None;
                    return self.settled(paths, done);
                }
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(pause),
                // There is no look before it to compare with.
                Ok(FileEvent::Anything) if self.seen.is_none() => return BTreeSet::new(),
                Ok(FileEvent::Anything) | Err(RecvTimeoutError::Timeout) => {}
            }
            let begun = Instant::now();
            let mut now = self.look();
            pause = self.pause(begun.elapsed());
            if self.seen.replace(now).is_none_or(|seen| seen == now) {
                continue;
            }
            loop {
                std::thread::sleep(SETTLE_TIMEOUT);
                let settled = self.look();
                if settled == now {
                    break;
                }
                now = settled;
            }
            self.seen = Some(now);
            return BTreeSet::new();
        }
    }

    /// Everything that changes until nothing does for a moment.
    fn settled(&self, paths: Vec<PathBuf>, mut done: bool) -> BTreeSet<PathBuf> {
        let mut all = BTreeSet::from_iter(paths);
        let mut known = true;
        while let Ok(told) = self.told.recv_timeout(if done { Duration::ZERO } else { SETTLE_TIMEOUT }) {
            match told {
                FileEvent::Paths(paths, ends) => {
                    all.extend(paths);
                    done = ends;
                }
                FileEvent::Anything => known = false,
            }
        }
        if known { all } else { BTreeSet::new() }
    }

    fn pause(&self, look: Duration) -> Duration {
        let (least, share) = if self.watcher.is_some() { (MIN_PAUSE_WHEN_TOLD, 100) } else { (MIN_PAUSE, 4) };
        least.max(look * share)
    }

    /// Names, sizes and times of everything, whatever the order in which a folder lists them.
    fn look(&self) -> u64 {
        let files = self.paths.iter().flat_map(|path| WalkDir::new(path).into_iter().filter_map(Result::ok));
        files.fold(0, |sum, entry| {
            let (size, time) = entry.metadata().map_or((0, 0), |m| {
                let time = m.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
                // A folder's own size and time change with what a build never reads.
                if m.is_dir() { (0, 0) } else { (m.len(), time.map_or(0, |t| t.as_nanos())) }
            });
            let line = format!("{}\0{size}\0{time}", entry.path().display());
            sum.wrapping_add(xxh3_64(line.as_bytes()))
        })
    }
}

/// Asks the system to tell of changes; nothing where it cannot, or has no room for so many folders.
fn watcher(paths: &[PathBuf]) -> (Option<RecommendedWatcher>, Receiver<FileEvent>) {
    let (tell, told) = mpsc::channel();
    let asked = paths.to_vec();
    let handle = move |event: notify::Result<Event>| {
        let told = match event {
            Ok(event) if event.need_rescan() => FileEvent::Anything,
            Ok(event) if is_change(event.kind) => {
                let paths: Vec<PathBuf> = event.paths.into_iter().filter(|path| is_watched(&asked, path)).collect();
                if paths.is_empty() {
                    return;
                }
                FileEvent::Paths(paths, is_end(event.kind))
            }
            Ok(_) => return,
            Err(_) => FileEvent::Anything,
        };
        // Nobody listens any more where other paths are watched by now.
        let _ = tell.send(told);
    };
    // A link may lead anywhere.
    let config = notify::Config::default().with_follow_symlinks(false);
    let start = || {
        let mut watcher = RecommendedWatcher::new(handle, config)?;
        for path in paths {
            if path.is_dir() {
                watcher.watch(path, RecursiveMode::Recursive)?;
            } else {
                // An editor may put another file in the place of a file.
                watcher.watch(&folder_of(path), RecursiveMode::NonRecursive)?;
            }
        }
        notify::Result::Ok(watcher)
    };
    (start().ok(), told)
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// Whether an event is of one of these files, or of something in one of these folders.
fn is_watched(watched: &[PathBuf], path: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let of = |watched: &PathBuf| {
        path.starts_with(watched)
            || whole(watched).is_ok_and(|watched| whole(path).is_ok_and(|p| p.starts_with(watched)))
    };
    watched.iter().any(of)
}

/// Whether something is there that was not: a build that reads files changes nothing.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// Whether a file was closed after it was written, or put in its place as a whole. What goes may come back: an editor moves the old
/// file away first.
fn is_end(kind: EventKind) -> bool {
    let moved = |mode| matches!(mode, RenameMode::To | RenameMode::Both);
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        EventKind::Modify(ModifyKind::Name(mode)) => moved(mode),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn new_changed_and_removed_files_change_the_number() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/manifest.json");
        let watch = Watch::new(vec![folder.path().to_path_buf(), folder.path().join("none.toml")]);
        let empty = watch.look();
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(&file, "1").unwrap();
        let one = watch.look();
        fs::write(&file, "22").unwrap();
        let two = watch.look();
        fs::remove_dir_all(folder.path().join("a")).unwrap();
        assert!(empty != one && one != two && watch.look() == empty);
    }

    #[test]
    fn waiting_ends_with_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(vec![folder.path().to_path_buf()]);
        fs::write(folder.path().join("x"), "1").unwrap();
        watch.wait();
        assert!(watch.seen.is_none_or(|seen| seen == watch.look()));
    }

    #[test]
    fn the_system_names_what_changed_and_says_nothing_of_what_is_only_read() {
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (folder.path().join("catalog/a/manifest.json"), folder.path().join("other.toml"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "1").unwrap();
        let settings = folder.path().join("toolcard.toml");
        let mut watch = Watch::new(vec![folder.path().join("catalog"), settings.clone()]);
        // Without word of the system a change still counts, but not which.
        let told = watch.watcher.is_some();
        let known = |path: &Path| if told { BTreeSet::from([path.to_path_buf()]) } else { BTreeSet::new() };
        fs::read(&file).unwrap();
        fs::write(&other, "not watched").unwrap();
        fs::write(&file, "2").unwrap();
        assert_eq!(watch.wait(), known(&file));
        // What comes later is watched too, and a file in the place of another.
        fs::write(&other, "x").unwrap();
        fs::rename(&other, &settings).unwrap();
        assert!(watch.wait().is_subset(&known(&settings)));
    }

    #[test]
    fn without_word_of_the_system_a_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(vec![folder.path().to_path_buf()]);
        watch.watcher = None;
        watch.told = mpsc::channel().1;
        fs::write(folder.path().join("x"), "1").unwrap();
        assert_eq!(watch.wait(), BTreeSet::new());
    }
}
