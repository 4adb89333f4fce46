//! The ledger: every unit of a site with what it was made from, and every file with a hash of its bytes.
//!
//! ```text
//! @ <inputs> <time of the folder, or `-`> <unit>
//! <32 hexadecimal digits of xxh3-128> <path below the unit, or behind a `/` one that is elsewhere>
//! …
//! toolcard 2 <when it was finished, nanoseconds since 1970> <about>
//! ```
//!
//! A unit is the files that one job writes; its name is what most of their paths begin with, a folder or a whole path. The last
//! line says that the ledger is whole. While a build runs an `unfinished` file is beside the ledger, with the path of each
//! file that is new, one a line.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::input;

const LEDGER: &str = "ledger";
const UNFINISHED: &str = "unfinished";
const TEMPORARY: &str = "ledger.new";
/// What lies in the private folder: each is a regular file or not there.
pub(super) const FILES: [&str; 8] = ["lock", LEDGER, UNFINISHED, TEMPORARY, "rows", "rows.new", "words", "words.new"];

/// The beginning of the last line of a ledger, with the number of its form.
const FORM: &str = "toolcard 2 ";
/// The ledger of the build before.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    text: String,
    units: HashMap<Box<str>, LedgerUnit>,
    begun: HashSet<Box<str>>,
    interrupted: bool,
    finished: u128,
    about: String,
}

/// A unit of the build before, as places in the text.
#[derive(Debug)]
pub(super) struct LedgerUnit {
    inputs: (usize, usize),
    lines: (usize, usize),
    files: usize,
    folder_time: Option<u128>,
    seen: AtomicBool,
}

impl LedgerUnit {
    /// How many files it has.
    pub(super) fn files(&self) -> usize {
        self.files
    }

    /// The time of its folder when it was written.
    pub(super) fn folder_time(&self) -> Option<u128> {
        self.folder_time
    }

    /// Marks that this build has the unit, kept or written.
    pub(super) fn see(&self) {
        self.seen.store(true, Ordering::Relaxed);
    }

    fn is_seen(&self) -> bool {
        self.seen.load(Ordering::Relaxed)
    }
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
        let mut ledger = Self { begun, interrupted, ..Self::default() };
        let Some(last) = text.trim_end().rsplit('\n').next().and_then(|line| line.strip_prefix(FORM)) else {
            // Of an earlier form, a hash and a path a line, or cut: its files are ours, and nothing more is known of them.
            ledger.begun.extend(paths_of_any_form(&text).filter(|path| is_inside(path)).map(String::into_boxed_str));
            ledger.interrupted |= !text.is_empty();
            return Ok(ledger);
        };
        let (finished, about) = last.split_once(' ').unwrap_or((last, ""));
        ledger.finished = finished.parse().unwrap_or(0);
        about.clone_into(&mut ledger.about);
        ledger.index(&text[..text.len() - last.len() - FORM.len() - 1]);
        ledger.text = text;
        Ok(ledger)
    }

    /// Finds the units.
    fn index(&mut self, text: &str) {
        let mut at = 0;
        let mut open: Option<(Box<str>, LedgerUnit)> = None;
        while at < text.len() {
            let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
            let line = &text[at..end];
            if let Some(head) = line.strip_prefix("@ ") {
                self.units.extend(open.take());
                let mut words = head.splitn(3, ' ');
                if let (Some(inputs), Some(time), Some(name)) = (words.next(), words.next(), words.next()) {
                    let unit = LedgerUnit {
                        inputs: (at + 2, at + 2 + inputs.len()),
                        lines: (end + 1, end + 1),
                        files: 0,
                        folder_time: time.parse().ok(),
                        seen: AtomicBool::new(false),
                    };
                    open = Some((name.into(), unit));
                }
            } else if let Some((_, unit)) = &mut open {
                unit.files += 1;
                unit.lines.1 = (end + 1).min(text.len());
            }
            at = end + 1;
        }
        self.units.extend(open);
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

    /// What the build before said of itself; empty where it was cut off.
    pub(super) fn about(&self) -> &str {
        if self.interrupted { "" } else { &self.about }
    }

    /// Whether there is a build before.
    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Whether a build that was cut off made that file.
    pub(super) fn has_begun(&self, path: &str) -> bool {
        self.begun.contains(path)
    }

    /// The unit of that name.
    pub(super) fn unit(&self, name: &str) -> Option<&LedgerUnit> {
        self.units.get(name)
    }

    /// What the files of a unit were made from.
    pub(super) fn inputs(&self, unit: &LedgerUnit) -> &str {
        &self.text[unit.inputs.0..unit.inputs.1]
    }

    /// Whether the folder of a unit has not been touched since, as far as its time can tell.
    pub(super) fn is_old_enough(&self, folder_time: u128) -> bool {
        folder_time + input::MIN_AGE_NANOS < self.finished
    }

    /// The files of a unit: the path as the ledger has it, and the hash.
    pub(super) fn files<'a>(&'a self, unit: &LedgerUnit) -> impl Iterator<Item = (&'a str, u128)> + use<'a> {
        self.text[unit.lines.0..unit.lines.1].lines().filter_map(|line| {
            let (hash, path) = line.split_once(' ')?;
            Some((path, u128::from_str_radix(hash, 16).ok()?))
        })
    }

    /// The hash of a file, whichever unit has it.
    pub(super) fn hash(&self, path: &str) -> Option<u128> {
        let folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
        std::iter::once("").chain(folders).chain(std::iter::once(path)).find_map(|name| {
            let below = &path[name.len()..];
            self.files(self.unit(name)?).find(|(file, _)| *file == below).map(|(_, hash)| hash)
        })
    }

    /// Every file of the units that this build does not have, and of builds that were cut off.
    pub(super) fn gone(&self) -> impl Iterator<Item = String> {
        let gone = self.units.iter().filter(|(_, unit)| !unit.is_seen());
        let files = gone.flat_map(|(name, unit)| self.files(unit).map(move |(file, _)| whole_path(name, file)));
        files.filter(|path| is_inside(path)).chain(self.begun.iter().map(ToString::to_string))
    }

    /// Every unit with its name, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &LedgerUnit)> {
        self.units.iter().map(|(name, unit)| (&**name, unit))
    }

    /// Every unit with its name.
    pub(super) fn units(&self) -> impl ParallelIterator<Item = (&str, &LedgerUnit)> {
        self.units.par_iter().map(|(name, unit)| (&**name, unit))
    }

    /// Whether this build has every unit.
    fn is_whole(&self) -> bool {
        self.units.values().all(LedgerUnit::is_seen)
    }
}

/// The ledger of this build, written while its units are.
#[derive(Debug, Default)]
pub(super) struct NewLedger {
    out: Option<BufWriter<File>>,
    /// Units that stay, with the time of their folders, and whether it is known that they are what they would be.
    kept: Vec<(Box<str>, Option<u128>, bool)>,
    /// Whether one of them has another time than before, or is known no more.
    touched: bool,
}

impl NewLedger {
    /// Adds a unit that was written: `lines` are its files.
    pub(super) fn add(
        &mut self,
        private: &Path,
        name: &str,
        inputs: &str,
        folder_time: Option<u128>,
        lines: &str,
    ) -> io::Result<()> {
        let out = match &mut self.out {
            Some(out) => out,
            None => self.out.insert(BufWriter::with_capacity(1 << 18, File::create(private.join(TEMPORARY))?)),
        };
        head(out, inputs, folder_time, name)?;
        out.write_all(lines.as_bytes())
    }

    /// Adds a unit that stays as it is; `known` says whether it is what this build would make.
    pub(super) fn keep(&mut self, name: &str, unit: &LedgerUnit, folder_time: Option<u128>, known: bool) {
        unit.see();
        self.touched |= unit.folder_time != folder_time || !known;
        self.kept.push((name.into(), folder_time, known));
    }

    /// Puts this ledger in the place of the one before, unless they are the same.
    pub(super) fn replace(mut self, before: &Ledger, private: &Path, about: &str) -> io::Result<()> {
        let same =
            self.out.is_none() && !self.touched && before.is_whole() && !before.interrupted && !before.is_empty();
        if !same || before.about != about {
            let units = self.out.take();
            let path = private.join(TEMPORARY);
            let mut out = match units {
                Some(out) => out,
                None => BufWriter::new(File::create(&path)?),
            };
            for (name, time, known) in &self.kept {
                let Some(unit) = before.unit(name) else { continue };
                let inputs = if *known && !before.interrupted { before.inputs(unit) } else { UNKNOWN };
                head(&mut out, inputs, *time, name)?;
                if before.interrupted {
                    before.files(unit).try_for_each(|(file, _)| writeln!(out, "{:032x} {file}", 0))?;
                } else {
                    out.write_all(&before.text.as_bytes()[unit.lines.0..unit.lines.1])?;
                }
            }
            writeln!(out, "{FORM}{} {about}", input::now())?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?;
            fs::rename(path, private.join(LEDGER))?;
        }
        fs::remove_file(private.join(UNFINISHED))
    }
}

/// The inputs of a unit of which nobody knows what it is made from.
pub(super) const UNKNOWN: &str = "-";

fn head(out: &mut impl io::Write, inputs: &str, folder_time: Option<u128>, name: &str) -> io::Result<()> {
    match folder_time {
        Some(time) => writeln!(out, "@ {inputs} {time} {name}"),
        None => writeln!(out, "@ {inputs} - {name}"),
    }
}

/// The path of a file of a unit, relative to the output.
pub(super) fn whole_path(unit: &str, file: &str) -> String {
    file.strip_prefix('/').map_or_else(|| format!("{unit}{file}"), str::to_owned)
}

/// The path of a file as the ledger of a unit has it.
pub(super) fn path_in<'a>(unit: &str, path: &'a str) -> Cow<'a, str> {
    path.strip_prefix(unit).map_or_else(|| Cow::Owned(format!("/{path}")), Cow::Borrowed)
}

/// The paths of a ledger that is not whole or of an earlier form.
fn paths_of_any_form(text: &str) -> impl Iterator<Item = String> {
    let mut unit = "";
    text.lines().filter_map(move |line| {
        if let Some(head) = line.strip_prefix("@ ") {
            unit = head.splitn(3, ' ').nth(2).unwrap_or_default();
            return None;
        }
        line.split_once(' ').map(|(_, path)| whole_path(unit, path))
    })
}

/// Whether a path from a file stays inside the output: pruning must never leave it.
pub(super) fn is_inside(path: &str) -> bool {
    !path.is_empty() && !path.contains('\\') && path.split('/').all(|step| !matches!(step, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(text: &str) -> Ledger {
        let dir = tempfile::tempdir().expect("temporary folder");
        fs::write(dir.path().join(LEDGER), text).expect("writes");
        Ledger::read(dir.path()).expect("reads")
    }

    fn gone(text: &str) -> Vec<String> {
        let mut gone: Vec<String> = ledger(text).gone().collect();
        gone.sort();
        gone
    }

    #[test]
    fn a_ledger_never_points_outside() {
        let lines = format!("{0:032x} ../a\n{0:032x} //etc/x\n{0:032x} /../y\n{0:032x} a/b.html\nrubbish\n", 1);
        for text in [lines.clone(), format!("@ x - \n{lines}toolcard 2 5 about\n")] {
            assert_eq!(gone(&text), ["a/b.html"], "{text}");
        }
        let text = format!("@ x - ../\n{0:032x} a\n@ x - tools/x/\n{0:032x} ../../y\ntoolcard 2 5 about\n", 1);
        assert!(gone(&text).is_empty());
    }

    #[test]
    fn a_ledger_that_is_cut_or_of_an_earlier_form_names_its_files_and_is_not_trusted() {
        let old = ledger(&format!("{:032x} a/b.html\n", 1));
        assert!(old.interrupted() && old.has_begun("a/b.html"));
        let cut = ledger(&format!("@ x - tools/x/\n{:032x} a.html\n", 1));
        assert!(cut.interrupted() && cut.has_begun("tools/x/a.html") && cut.unit("tools/x/").is_none());
        let whole = ledger(&format!("@ x 7 tools/x/\n{:032x} a.html\ntoolcard 2 5 about it\n", 1));
        let unit = whole.unit("tools/x/").expect("there");
        assert!(!whole.interrupted() && whole.about() == "about it" && whole.hash("tools/x/a.html") == Some(1));
        assert_eq!((whole.inputs(unit), unit.files(), unit.folder_time()), ("x", 1, Some(7)));
    }
}
