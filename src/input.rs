//! How files are opened: regular files only, bounded, never waiting.
//!
//! A catalogue comes from pull requests. A pipe in it would make a build wait for ever, a device or a file of many
//! gigabytes would take all memory, a link would publish what lies elsewhere on the machine. So every file is opened
//! here, with the number of bytes that its kind may have.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::diagnostic::{Code, Diagnostic, Position};

/// Bytes in a mebibyte.
const MIB: u64 = 1024 * 1024;

/// Bytes that a file written by people may have: configuration, decisions, rows of a lexicon, a template.
pub const MAX_WRITTEN_BYTES: u64 = 4 * MIB;
/// Bytes that a file may have which toolcard writes itself, one entry a tool: the lock, the history, the ledger.
pub const MAX_RECORD_BYTES: u64 = 1024 * MIB;

/// Why a file was not read.
#[derive(Debug)]
pub enum Refused {
    /// The system refused it.
    Io(io::Error),
    /// It is a folder, a pipe, a socket or a device.
    NotRegular,
    /// It is a link, and what it leads to lies outside of the catalogue.
    Elsewhere,
    /// It has more than so many bytes.
    TooLarge(u64),
    /// It is not text: where it stops to be one.
    NotUtf8(Position),
}

impl Refused {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(e) if e.kind() == io::ErrorKind::NotFound)
    }

    /// The same for people: an error about `file`.
    pub fn diagnostic(&self, file: &Path) -> Diagnostic {
        let (code, message, help) = match self {
            Self::Io(_) => (
                Code::UnreadableFile,
                format!("the file cannot be read: {self}"),
                "check that it exists and that you may read it",
            ),
            Self::NotRegular => {
                (Code::UnreadableFile, format!("the file cannot be read: {self}"), "put a regular file in its place")
            }
            Self::Elsewhere => (
                Code::LinkLeavesCatalogue,
                self.to_string(),
                "put a copy in its place: what a link leads to would be published",
            ),
            Self::TooLarge(_) => {
                (Code::FileTooLarge, self.to_string(), "make it smaller; docs/security.md lists the limits")
            }
            Self::NotUtf8(_) => (Code::NotUtf8, self.to_string(), "save it as UTF-8"),
        };
        let diagnostic = Diagnostic::error(code, file, message, help);
        if let Self::NotUtf8(place) = self { diagnostic.at(*place) } else { diagnostic }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(e) => e.fmt(f),
            Self::NotRegular => f.write_str("it is not a regular file"),
            Self::Elsewhere => f.write_str("the link leads out of the catalogue"),
            Self::TooLarge(limit) if limit % MIB == 0 => write!(f, "the file is larger than {} MiB", limit / MIB),
            Self::TooLarge(limit) => write!(f, "the file is larger than {} KiB", limit / 1024),
            Self::NotUtf8(_) => f.write_str("the file is not UTF-8"),
        }
    }
}

/// The bytes of a regular file, at most `limit`.
///
/// # Errors
/// When it is none, has more, or cannot be read.
pub fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    // Opening a pipe waits for its writer, so what it is comes first.
    if !fs::metadata(path).map_err(Refused::Io)?.is_file() {
        return Err(Refused::NotRegular);
    }
    take(path, limit)
}

/// A regular file that is read in places, of at most `limit` bytes.
///
/// # Errors
/// When it is none, has more, or cannot be opened.
pub fn open(path: &Path, limit: u64) -> Result<File, Refused> {
    if !fs::metadata(path).map_err(Refused::Io)?.is_file() {
        return Err(Refused::NotRegular);
    }
    let file = File::open(path).map_err(Refused::Io)?;
    let size = file.metadata().map_err(Refused::Io)?.len();
    if size > limit { Err(Refused::TooLarge(limit)) } else { Ok(file) }
}

/// The bytes of a file that belongs to the catalogue `root`: links on the way may lead to other files of it, and nowhere
/// else.
///
/// # Errors
/// When [`bytes`] would, or a link leads elsewhere.
pub fn of_catalogue(root: &Path, path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    if !fs::metadata(path).map_err(Refused::Io)?.is_file() {
        return Err(Refused::NotRegular);
    }
    if leaves(root, path) {
        return Err(Refused::Elsewhere);
    }
    take(path, limit)
}

/// The bytes of what a person named on the command line, which may be a pipe (`<(command)`).
///
/// # Errors
/// When it is a folder, has more than `limit` bytes, or cannot be read.
pub fn named(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    if fs::metadata(path).map_err(Refused::Io)?.is_dir() {
        return Err(Refused::NotRegular);
    }
    take(path, limit)
}

/// At most `limit` bytes of a stream, e.g. standard input.
///
/// # Errors
/// When it has more or cannot be read.
pub fn stream(from: impl io::Read, limit: u64) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes).map_err(Refused::Io)?;
    if bytes.len() as u64 > limit { Err(Refused::TooLarge(limit)) } else { Ok(bytes) }
}

fn take(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    let file = File::open(path).map_err(Refused::Io)?;
    // A file that says that it is too large is not read; one that lies is cut off.
    let size = file.metadata().map_or(0, |m| m.len());
    if size > limit {
        return Err(Refused::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(Refused::Io)?;
    if bytes.len() as u64 > limit { Err(Refused::TooLarge(limit)) } else { Ok(bytes) }
}

/// Bytes as text.
///
/// # Errors
/// When they are not UTF-8.
pub fn text(bytes: Vec<u8>) -> Result<String, Refused> {
    String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&e.as_bytes()[..valid]);
        Refused::NotUtf8(Position::of(&before, before.len()))
    })
}

/// A text without the byte order mark that some editors write before it.
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Whether a link puts `path` outside of `root`.
pub fn leaves(root: &Path, path: &Path) -> bool {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    match (root.canonicalize(), path.canonicalize()) {
        (Ok(root), Ok(target)) => !target.starts_with(root),
        // What leads to nothing is read as what it is: not there.
        _ => false,
    }
}

/// What was changed this shortly before it was looked at may have been changed again within the same tick of the clock.
pub(crate) const MIN_AGE_NANOS: u128 = 2_000_000_000;

/// Nanoseconds since 1970.
pub(crate) fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

/// When a file or a folder was modified, in nanoseconds since 1970, where the system says so.
pub(crate) fn modified(found: &Metadata) -> Option<u128> {
    Some(found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(result: Result<Vec<u8>, Refused>) -> String {
        result.map_or_else(|e| e.to_string(), |bytes| format!("{} bytes", bytes.len()))
    }

    #[test]
    fn nothing_else_opens_a_file_to_read_it() {
        // The writer compares what it is about to replace.
        const OTHERS: [&str; 4] = ["input.rs", "write/mod.rs", "write/unit.rs", "write/replace.rs"];
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut seen = 0;
        for entry in walkdir::WalkDir::new(&source).into_iter().map(Result::unwrap) {
            let inside = entry.path().strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
            if entry.path().extension().is_none_or(|e| e != "rs")
                || OTHERS.iter().any(|other| inside.starts_with(other))
            {
                continue;
            }
            let text = fs::read_to_string(entry.path()).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in ["File::open(", "fs::read(", "fs::read_to_string(", "io::read_to_string("] {
                assert!(!code.contains(call), "{inside} calls {call}…) and not crate::input");
            }
            seen += 1;
        }
        assert!(seen > 200, "{seen}");
    }

    #[test]
    fn a_file_is_read_up_to_its_limit_and_never_in_part() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f");
        fs::write(&file, vec![b'x'; 2048]).unwrap();
        assert_eq!(said(bytes(&file, 2048)), "2048 bytes");
        assert_eq!(said(bytes(&file, 2047)), "the file is larger than 1 KiB");
        assert_eq!(said(stream(&[0; 10][..], 9)), "the file is larger than 0 KiB");
        assert_eq!(said(bytes(dir.path(), 1)), "it is not a regular file");
        assert_eq!(said(named(dir.path(), 1)), "it is not a regular file");
        assert!(bytes(&dir.path().join("none"), 1).unwrap_err().is_missing());
        assert!(matches!(text(b"a\n\xff".to_vec()), Err(Refused::NotUtf8(Position { line: 2, column: 1 }))));
    }

    #[test]
    fn a_file_that_grows_while_it_is_read_is_cut_off() {
        // It says that it has no bytes, and has some.
        let endless = Path::new("/proc/self/maps");
        if endless.exists() {
            assert_eq!(said(bytes(endless, 16)), "the file is larger than 0 KiB");
        }
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&*pipe, Path::new("/dev/zero"), Path::new("/dev/null")] {
            assert_eq!(said(bytes(path, 1)), "it is not a regular file", "{}", path.display());
        }
        assert_eq!(said(named(Path::new("/dev/zero"), 4096)), "the file is larger than 4 KiB");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_may_lead_within_the_catalogue_and_not_out_of_it() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("catalog");
        fs::create_dir_all(root.join("a")).unwrap();
        fs::write(root.join("a/manifest.json"), "[]").unwrap();
        fs::write(dir.path().join("secret.json"), "{}").unwrap();
        symlink("a", root.join("b")).unwrap();
        symlink("../secret.json", root.join("c")).unwrap();
        symlink("..", root.join("d")).unwrap();
        symlink("gone", root.join("e")).unwrap();
        assert_eq!(said(of_catalogue(&root, &root.join("b/manifest.json"), 9)), "2 bytes");
        assert!(!leaves(&root, &root.join("b")) && !leaves(&root, &root.join("e")));
        assert_eq!(said(of_catalogue(&root, &root.join("c"), 9)), "the link leads out of the catalogue");
        assert!(leaves(&root, &root.join("d")));
        assert!(of_catalogue(&root, &root.join("e"), 9).unwrap_err().is_missing());
        // The catalogue itself may be a link.
        symlink("catalog", dir.path().join("link")).unwrap();
        assert_eq!(
            said(of_catalogue(&dir.path().join("link"), &dir.path().join("link/a/manifest.json"), 9)),
            "2 bytes"
        );
    }
}
