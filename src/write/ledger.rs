//! The ledger: every file that a build wrote, with a hash of its bytes.
//!
//! Text, one file a line, sorted: 32 hexadecimal digits of xxh3-128, a space, the path. While a build runs an
//! `unfinished` file is beside it, with the path of each file that is new, one a line.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::input;

const LEDGER: &str = "ledger";
const UNFINISHED: &str = "unfinished";
const TEMPORARY: &str = "ledger.new";
/// What lies in the private folder: each is a regular file or not there.
pub(super) const FILES: [&str; 4] = ["lock", LEDGER, UNFINISHED, TEMPORARY];

/// The ledger of the build before.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: HashMap<Box<str>, u128>,
    begun: HashSet<Box<str>>,
    interrupted: bool,
}

impl Ledger {
    /// Reads the ledger in a private folder; none is an empty one. A line that does not parse is
    /// as good as absent: its file is then foreign.
    pub(super) fn read(private: &Path) -> io::Result<Self> {
        let read = |name| match input::bytes(&private.join(name), input::MAX_RECORD_BYTES).and_then(input::text) {
            Ok(text) => Ok(Some(text)),
            Err(refused) if refused.is_missing() => Ok(None),
            Err(refused) => Err(io::Error::other(refused.to_string())),
        };
        let text = read(LEDGER)?.unwrap_or_default();
        let unfinished = read(UNFINISHED)?;
        let interrupted = unfinished.is_some();
        let unfinished = unfinished.unwrap_or_default();
        let begun = unfinished.lines().filter(|path| is_inside(path)).map(Into::into).collect();
        let entries = text
            .lines()
            .filter_map(|line| {
                let (hash, path) = line.split_once(' ')?;
                is_inside(path).then_some(())?;
                Some((path.into(), u128::from_str_radix(hash, 16).ok()?))
            })
            .collect();
        Ok(Self { entries, begun, interrupted })
    }

    /// Marks that a build is under way. New files are appended to what is returned; what builds that were cut off
    /// appended stays until one finishes.
    pub(super) fn begin(private: &Path) -> io::Result<File> {
        File::options().create(true).append(true).open(private.join(UNFINISHED))
    }

    /// Whether the build before was cut off: what it wrote is not in the ledger, and no hash here is to be trusted.
    pub(super) fn interrupted(&self) -> bool {
        self.interrupted
    }

    /// Whether a build that was cut off made that file.
    pub(super) fn has_begun(&self, path: &str) -> bool {
        self.begun.contains(path)
    }

    /// The hash of a file.
    pub(super) fn hash(&self, path: &str) -> Option<u128> {
        self.entries.get(path).copied()
    }

    /// Every file that an earlier build wrote, also one that was cut off.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let begun = self.begun.iter().filter(|path| !self.entries.contains_key(*path));
        self.entries.keys().chain(begun).map(AsRef::as_ref)
    }

    /// Every file below a folder.
    pub(super) fn under(&self, folder: &str) -> impl Iterator<Item = (&str, u128)> {
        self.entries.iter().filter(move |(p, _)| p.starts_with(folder)).map(|(p, h)| (p.as_ref(), *h))
    }

    /// Writes the ledger of this build in place of the old one, unless they are the same.
    pub(super) fn replace(&self, private: &Path, now: &HashMap<Box<str>, u128>) -> io::Result<()> {
        if *now != self.entries {
            let mut paths: Vec<&str> = now.keys().map(AsRef::as_ref).collect();
            paths.sort_unstable();
            let mut text = String::with_capacity(paths.len() * 80);
            for path in paths {
                let _ = writeln!(text, "{:032x} {path}", now[path]);
            }
            let temporary = private.join(TEMPORARY);
            fs::write(&temporary, text)?;
            fs::rename(temporary, private.join(LEDGER))?;
        }
        fs::remove_file(private.join(UNFINISHED))
    }
}

/// Whether a path from a file stays inside the output: pruning must never leave it.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && !path.contains('\\') && path.split('/').all(|step| !matches!(step, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_never_points_outside() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let text = format!("{0:032x} ../a\n{0:032x} /etc/x\n{0:032x} a/b.html\nrubbish\n", 1);
        fs::write(dir.path().join(LEDGER), text).expect("writes");
        let ledger = Ledger::read(dir.path()).expect("reads");
        assert_eq!(ledger.paths().collect::<Vec<_>>(), ["a/b.html"]);
    }
}
