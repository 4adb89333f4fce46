//! The configurations of clients: which servers they start or connect to, and how.

mod entry;
mod expand;
mod places;
mod read;

use std::path::Path;

use super::target::LiveTarget;
use crate::capture::CaptureError;

pub use places::ClientPlaces;

/// What a client's configuration names.
#[derive(Debug, Default)]
pub struct Configured {
    /// The servers that can be asked, in the order of the file.
    pub targets: Vec<LiveTarget>,
    /// The servers that cannot, and why; a file that cannot be read.
    pub errors: Vec<CaptureError>,
    /// Every name in the files, also of servers that are switched off, sorted.
    pub names: Vec<String>,
    /// Whether the file has no table of servers at all.
    without_table: bool,
}

impl Configured {
    fn extend(&mut self, other: Self) {
        for mut target in other.targets {
            // One server in the files of several clients is asked once; another one of the same name has another name.
            let same =
                |known: &&LiveTarget| known.name == target.name || known.name.starts_with(&format!("{}-", target.name));
            let known: Vec<&LiveTarget> = self.targets.iter().filter(same).collect();
            if known.iter().any(|known| entry::is_same(known, &target)) {
                continue;
            }
            if known.iter().any(|known| known.name == target.name) {
                let number = 1 + known.len();
                target.name = format!("{}-{number}", target.name);
            }
            self.targets.push(target);
        }
        self.errors.extend(other.errors);
        self.names.extend(other.names);
    }

    fn finish(mut self) -> Self {
        self.names.sort();
        self.names.dedup();
        self
    }
}

/// The servers of configuration files, `only` those of these names where there are any.
pub fn configuration(
    files: &[impl AsRef<Path>],
    only: &[String],
    places: &ClientPlaces,
    allow_private: bool,
) -> Configured {
    let mut all = Configured::default();
    for file in files {
        all.extend(read::file(file.as_ref(), only, places, allow_private));
    }
    all.finish()
}

/// The servers of every client's configuration that is in its usual place, and the files that were found there.
pub fn discover(places: &ClientPlaces, only: &[String], allow_private: bool) -> (Configured, Vec<std::path::PathBuf>) {
    let files = places.existing();
    let mut all = Configured::default();
    for file in &files {
        let mut found = read::file(file, only, places, allow_private);
        // The settings of an editor that has no servers are no mistake.
        if found.without_table {
            found.errors.clear();
        }
        all.extend(found);
    }
    (all.finish(), files)
}
