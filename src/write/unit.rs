//! Writes the files of one unit.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::Ordering;

use xxhash_rust::xxh3::xxh3_128;

use super::{FileSink, Output, PathChange, WriteError, ledger};

/// The files of one job while they are written. What is not finished is as a build that was cut off.
#[derive(Debug)]
pub struct Unit<'a> {
    output: &'a Output,
    name: Box<str>,
    /// Its files of the build before, those that it has now taken out.
    before: HashMap<&'a str, u128>,
    /// Its files now, as the ledger has them.
    lines: String,
    /// Files that other units had before, or that must be told from those.
    own: Vec<Box<str>>,
    changed: Vec<Box<str>>,
    /// Whether something that is not ours is in the way of a file.
    obstructed: bool,
}

impl FileSink for Unit<'_> {
    fn folder(&self) -> Result<(), WriteError> {
        let relative = self.name.trim_end_matches('/');
        self.output.no_link(relative)?;
        let path = self.output.root.join(relative);
        fs::create_dir_all(&path).map_err(WriteError::io(&path))
    }

    fn file(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let hash = xxh3_128(bytes);
        let written = self.write(path, bytes, hash);
        self.obstructed |= matches!(written, Err(WriteError::Foreign(_)));
        let written = written?;
        let count = if written { &self.output.written } else { &self.output.unchanged };
        count.fetch_add(1, Ordering::Relaxed);
        if written {
            self.changed.push(path.into());
        }
        self.remember(path, hash);
        Ok(())
    }

    fn has(&mut self, path: &str) -> bool {
        let known = self.hash(path).filter(|_| !self.output.before.interrupted());
        let Some(hash) = known else { return false };
        let there = fs::symlink_metadata(self.output.root.join(path)).is_ok_and(|there| there.is_file());
        if there {
            self.output.unchanged.fetch_add(1, Ordering::Relaxed);
            self.remember(path, hash);
        }
        there
    }
}

impl<'a> Unit<'a> {
    pub(super) fn new(output: &'a Output, name: &str) -> Self {
        let unit = output.before.unit(name);
        if let Some(unit) = unit {
            unit.see();
        }
        Self {
            output,
            name: name.into(),
            before: unit.map(|unit| output.before.files(unit).collect()).unwrap_or_default(),
            lines: String::new(),
            own: Vec::new(),
            changed: Vec::new(),
            obstructed: false,
        }
    }

    /// Whether its bytes had to be written.
    fn write(&self, relative: &str, bytes: &[u8], hash: u128) -> Result<bool, WriteError> {
        let output = self.output;
        let path = output.root.join(relative);
        output.no_link(relative.rsplit_once('/').map_or("", |(folder, _)| folder))?;
        let known = self.hash(relative);
        // The first build of a site: no look at what is there, unless something does.
        if known.is_none() && self.create(relative, &path, bytes)? {
            return Ok(true);
        }
        if let Ok(there) = fs::symlink_metadata(&path) {
            if !there.is_file() {
                return Err(WriteError::Foreign(path));
            }
            let interrupted = output.before.interrupted();
            let as_long = there.len() == bytes.len() as u64;
            let same = match known {
                // A build that was cut off may have written what the ledger does not know.
                Some(known) if !interrupted => known == hash && as_long,
                _ => as_long && fs::read(&path).is_ok_and(|old| old == bytes),
            };
            if same {
                return Ok(false);
            }
            // What a build made before it was cut off is on the list.
            let ours = known.is_some() || (interrupted && output.before.has_begun(relative));
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
        Ok(true)
    }

    /// Writes a file where there is none; `false` where there is something. It is on the list of what this build
    /// began before it is there: what is cut off in between is found by the next build.
    fn create(&self, relative: &str, path: &Path, bytes: &[u8]) -> Result<bool, WriteError> {
        // What was there before is never on the list, by which it would count as ours.
        if fs::symlink_metadata(path).is_ok() {
            return Ok(false);
        }
        // One call, so that lines of two threads never mix.
        (&self.output.begun)
            .write_all(format!("{relative}\n").as_bytes())
            .map_err(WriteError::io(&self.output.private))?;
        let open = || File::options().write(true).create_new(true).open(path);
        let file = match open() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let parent = path.parent().unwrap_or(&self.output.root);
                fs::create_dir_all(parent).map_err(WriteError::io(parent))?;
                open()
            }
            file => file,
        };
        let mut file = match file {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            file => file.map_err(WriteError::io(path))?,
        };
        file.write_all(bytes).map_err(WriteError::io(path))?;
        Ok(true)
    }

    /// The hash that an earlier build left of a file.
    fn hash(&self, path: &str) -> Option<u128> {
        let own = self.before.get(&*ledger::path_in(&self.name, path)).copied();
        own.or_else(|| if self.output.before.is_empty() { None } else { self.output.before.hash(path) })
    }

    fn remember(&mut self, path: &str, hash: u128) {
        let below = ledger::path_in(&self.name, path);
        let _ = writeln!(self.lines, "{hash:032x} {below}");
        let before = &self.output.before;
        // What another unit had is not gone with it. After an interruption nobody knows which unit had what.
        if self.before.remove(&*below).is_none() && !before.is_empty() || before.interrupted() {
            self.own.push(path.into());
        }
    }

    /// Leaves the unit as the build before left it, because nothing is known of what it would be. Not for one that has
    /// written anything.
    pub fn give_up(self) {
        self.output.keep(&self.name);
    }

    /// Hands the unit to the ledger, with what it was made from: one word, by which a later build knows whether it would be
    /// the same. Where something is in the way of a file it counts as unknown.
    ///
    /// # Errors
    /// On an I/O error.
    pub fn finish(self, inputs: &str) -> Result<(), WriteError> {
        let Self { output, name, before, lines, own, changed, obstructed } = self;
        let time = output.folder_time(&name);
        let inputs = if obstructed || inputs.is_empty() { ledger::UNKNOWN } else { inputs };
        let mut state = output.state();
        state.stale.extend(before.into_keys().map(|below| ledger::whole_path(&name, below)));
        state.own.extend(own);
        if let Some(changes) = &mut state.changes {
            changes.extend(changed.into_iter().map(PathChange::Written));
        }
        state.now.add(&output.private, &name, inputs, time, &lines).map_err(WriteError::io(&output.private))
    }
}
