//! One file replaced as a whole, or left alone when its bytes are the same.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use crate::input;

/// A file that is written beside the one it will replace. Dropped before
/// [`Replacement::finish`] it leaves the old file as it was.
#[derive(Debug)]
pub struct Replacement {
    path: PathBuf,
    beside: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Replacement {
    /// Begins to write; the new file lies beside the old one under a hidden name until it is done.
    ///
    /// # Errors
    /// On an I/O error.
    pub fn create(path: &Path) -> io::Result<Self> {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        remove_stale(path, &name);
        let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        // Whatever is there is from a process of this number that is gone; a link is not written through.
        let _ = fs::remove_file(&beside);
        let file = File::options().write(true).create_new(true).open(&beside)?;
        // Who could not read the old file cannot read the new one.
        if let Ok(old) = fs::metadata(path) {
            let _ = fs::set_permissions(&beside, old.permissions());
        }
        // Held until the file is closed, so that another process sees that it is not stale.
        let _ = file.try_lock();
        Ok(Self { path: path.to_path_buf(), beside, out: Some(BufWriter::new(file)) })
    }

    /// Puts the new file in the old one's place; returns whether its bytes are others.
    ///
    /// # Errors
    /// On an I/O error.
    pub fn finish(mut self) -> io::Result<bool> {
        if let Some(out) = self.out.take() {
            out.into_inner().map_err(io::IntoInnerError::into_error)?;
        }
        let changed = !same(&self.path, &self.beside)?;
        if changed {
            fs::rename(&self.beside, &self.path)?;
        }
        Ok(changed)
    }

    /// The same for a file that was read before: where it is no more what it was (`None`: not there), whoever wrote it,
    /// it stays as it is.
    ///
    /// # Errors
    /// On an I/O error, and when somebody wrote the file in between.
    pub fn finish_over(self, old: Option<&str>) -> io::Result<bool> {
        let as_it_was = match (fs::metadata(&self.path), old) {
            (Err(e), None) => e.kind() == io::ErrorKind::NotFound,
            (Ok(_), Some(old)) => input::bytes(&self.path, old.len() as u64).is_ok_and(|bytes| bytes == old.as_bytes()),
            _ => false,
        };
        if !as_it_was {
            let message = "somebody changed it in the meantime; run the command again";
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
        }
        self.finish()
    }
}

/// Waits until no other toolcard reads and then writes a file of this folder, for as long as what is returned lives. Nothing
/// where a folder cannot be locked (Windows, some network file systems).
pub fn hold(folder: &Path) -> Option<File> {
    File::open(folder).ok().filter(|folder| folder.lock().is_ok())
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.as_mut().map_or(Ok(0), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // Gone already when it was renamed.
        let _ = fs::remove_file(&self.beside);
    }
}

/// Removes what processes left that were killed while they wrote: `.risk.lock.123.new` without a lock on it.
fn remove_stale(path: &Path, name: &str) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let begins = format!(".{name}.");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = entry.file_name();
        let number = left.to_str().and_then(|n| n.strip_prefix(&begins)?.strip_suffix(".new"));
        let ours = number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if !ours || !entry.file_type().is_ok_and(|t| t.is_file()) {
            continue;
        }
        let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn same(a: &Path, b: &Path) -> io::Result<bool> {
    let Ok(mut a) = File::open(a) else { return Ok(false) };
    let mut b = File::open(b)?;
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let n = a.read(&mut left)?;
        if n == 0 {
            return Ok(true);
        }
        b.read_exact(&mut right[..n])?;
        if left[..n] != right[..n] {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_or_not_at_all() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("risk.lock");
        let write = |text: &str| {
            let mut new = Replacement::create(&path).expect("creates");
            new.write_all(text.as_bytes()).expect("writes");
            new
        };
        assert!(write("one").finish().expect("finishes"));
        assert!(!write("one").finish().expect("finishes"));
        drop(write("two"));
        assert_eq!(fs::read_to_string(&path).expect("reads"), "one");
        assert!(write("two").finish().expect("finishes"));
        assert_eq!(fs::read_dir(dir.path()).expect("lists").count(), 1);
    }

    #[test]
    fn a_file_that_somebody_changed_in_between_stays_as_it_is() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("settings.json");
        let write = |old: Option<&str>| {
            let mut new = Replacement::create(&path)?;
            new.write_all(b"ours")?;
            new.finish_over(old)
        };
        assert!(write(Some("")).is_err() && !path.exists());
        assert!(write(None).expect("writes"));
        fs::write(&path, "theirs").expect("writes");
        for old in [None, Some("ours"), Some("their"), Some("theirs!")] {
            assert_eq!(write(old).expect_err("refuses").kind(), io::ErrorKind::ResourceBusy);
        }
        assert_eq!(fs::read_to_string(&path).expect("reads"), "theirs");
        assert!(write(Some("theirs")).expect("writes"));
        assert_eq!(fs::read_dir(dir.path()).expect("lists").count(), 1);
    }

    #[test]
    fn what_a_killed_process_left_goes_with_the_next_writing_alone() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| dir.path().join(name);
        for name in [
            ".risk.lock.123.new",
            ".risk.lock.4.new",
            ".risk.lock.x.new",
            ".risk.lock..new",
            "risk.lock.5.new",
            ".other.6.new",
        ] {
            fs::write(at(name), "half").expect("writes");
        }
        let busy = File::options().write(true).open(at(".risk.lock.4.new")).expect("opens");
        busy.try_lock().expect("locks");
        let mut new = Replacement::create(&at("risk.lock")).expect("creates");
        new.write_all(b"one").expect("writes");
        assert!(new.finish().expect("finishes"));
        let mut left: Vec<String> = fs::read_dir(dir.path())
            .expect("lists")
            .map(|e| e.expect("lists").file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [".other.6.new", ".risk.lock..new", ".risk.lock.4.new", ".risk.lock.x.new", "risk.lock", "risk.lock.5.new"]
        );
    }
}
