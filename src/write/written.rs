//! What a finished build left in a folder, for who reads it without writing there.

use std::io;
use std::path::Path;

use super::PRIVATE;
use super::ledger::{self, Ledger};

/// The files of a finished build.
#[derive(Debug)]
pub struct FinishedFiles {
    /// What the build said of itself.
    pub about: String,
    /// Its units.
    pub units: Vec<WrittenUnit>,
}

/// The files of one unit.
#[derive(Debug, Clone)]
pub struct WrittenUnit {
    /// Its name.
    pub name: String,
    /// What it was made from; nothing where that is not known.
    pub inputs: Option<String>,
    /// The paths of its files, relative to the folder.
    pub files: Vec<String>,
}

/// Reads what a build left.
///
/// # Errors
/// On an I/O error, and where no build was finished there.
pub fn read(folder: &Path) -> io::Result<FinishedFiles> {
    let ledger = Ledger::read(&folder.join(PRIVATE))?;
    if ledger.interrupted() || ledger.is_empty() {
        return Err(io::Error::other("no build was finished there"));
    }
    let unit = |(name, unit): (&str, &ledger::LedgerUnit)| WrittenUnit {
        name: name.to_owned(),
        inputs: Some(ledger.inputs(unit)).filter(|inputs| *inputs != ledger::UNKNOWN).map(str::to_owned),
        files: ledger
            .files(unit)
            .map(|(file, _)| ledger::whole_path(name, file))
            .filter(|p| ledger::is_inside(p))
            .collect(),
    };
    let mut units: Vec<WrittenUnit> = ledger.all().map(unit).collect();
    units.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(FinishedFiles { about: ledger.about().to_owned(), units })
}
