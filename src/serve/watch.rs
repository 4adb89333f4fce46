//! What a build reads → one number that changes when any of it does. Asked again and again, it works on every
//! file system and needs nothing of the kernel.

use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_64;

/// How long an editor may take to write several files before a build begins.
const SETTLE_TIMEOUT: Duration = Duration::from_millis(20);
/// How long it waits between two looks; longer where looking alone takes long, so that it takes at most a fifth of a core.
const MIN_PAUSE: Duration = Duration::from_millis(50);

/// Files and folders under watch.
#[derive(Debug)]
pub struct Watch {
    paths: Vec<PathBuf>,
    seen: u64,
}

impl Watch {
    /// Watches files, and folders with all that is in them; what does not exist may come later.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let mut watch = Self { paths, seen: 0 };
        watch.seen = watch.look();
        watch
    }

    /// Watches other files and folders from now on; returns at once where they are the same.
    pub fn turn_to(&mut self, paths: Vec<PathBuf>) {
        if self.paths != paths {
            *self = Self::new(paths);
        }
    }

    /// Waits until something changed and settled.
    pub fn wait(&mut self) {
        loop {
            let begun = std::time::Instant::now();
            let mut now = self.look();
            let pause = MIN_PAUSE.max(begun.elapsed() * 4);
            if now == self.seen {
                std::thread::sleep(pause);
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
            self.seen = now;
            return;
        }
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
        assert_eq!(watch.seen, watch.look());
    }
}
