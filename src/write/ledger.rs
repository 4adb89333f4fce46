//! The ledger: every file that a build wrote, with a hash of its bytes.
//!
//! Text, one file a line, sorted: 32 hexadecimal digits of xxh3-128, a space, the path. While a
//! build runs an `unfinished` file stands beside it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

const LEDGER: &str = "ledger";
const UNFINISHED: &str = "unfinished";

/// The ledger of the build before.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: HashMap<Box<str>, u128>,
    interrupted: bool,
}

impl Ledger {
    /// Reads the ledger in a private folder; none is an empty one. A line that does not parse is
    /// as good as absent: its file is then foreign.
    pub fn read(private: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(private.join(LEDGER)) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(e),
        };
        let entries = text
            .lines()
            .filter_map(|line| {
                let (hash, path) = line.split_once(' ')?;
                is_inside(path).then_some(())?;
                Some((path.into(), u128::from_str_radix(hash, 16).ok()?))
            })
            .collect();
        Ok(Self { entries, interrupted: private.join(UNFINISHED).exists() })
    }

    /// Marks that a build is under way.
    pub fn begin(private: &Path) -> io::Result<()> {
        fs::write(private.join(UNFINISHED), "")
    }

    /// Whether the build before was cut off: files that it wrote may be missing here.
    pub fn interrupted(&self) -> bool {
        self.interrupted
    }

    /// The hash of a file.
    pub fn hash(&self, path: &str) -> Option<u128> {
        self.entries.get(path).copied()
    }

    /// Every path.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(AsRef::as_ref)
    }

    /// Every file below a folder.
    pub fn under(&self, folder: &str) -> impl Iterator<Item = (&str, u128)> {
        self.entries.iter().filter(move |(p, _)| p.starts_with(folder)).map(|(p, h)| (p.as_ref(), *h))
    }

    /// Writes the ledger of this build in place of the old one, unless they are the same.
    pub fn replace(&self, private: &Path, now: &HashMap<Box<str>, u128>) -> io::Result<()> {
        if *now != self.entries {
            let mut paths: Vec<&str> = now.keys().map(AsRef::as_ref).collect();
            paths.sort_unstable();
            let mut text = String::with_capacity(paths.len() * 80);
            for path in paths {
                let _ = writeln!(text, "{:032x} {path}", now[path]);
            }
            let temporary = private.join("ledger.new");
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
