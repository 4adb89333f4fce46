//! Joins the parts of a site that were built apart.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::inputs;
use super::options::Shard;
use super::rows;
use crate::input;
use crate::write::{FileSink as _, Finished, Look, Output, PRIVATE, WriteError, written};

/// Why parts cannot be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A folder is not a part of a site.
    #[error("`{}` is not a finished part of a site: {why}", folder.display())]
    NotPart {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Two parts were made from other things.
    #[error("`{}` and `{}` are not parts of one site: they were built from other manifests or settings", .0.display(), .1.display())]
    Differ(PathBuf, PathBuf),
    /// Two folders are the same part.
    #[error("`{}` and `{}` are the same part", .0.display(), .1.display())]
    Twice(PathBuf, PathBuf),
    /// Parts that no folder has.
    #[error("these parts are missing: {0}")]
    Missing(String),
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A part of a site.
struct SitePart<'a> {
    folder: &'a Path,
    shard: Shard,
    /// What it was made from, but for which part it is.
    about: String,
    units: Vec<written::WrittenUnit>,
}

impl<'a> SitePart<'a> {
    fn read(folder: &'a Path) -> Result<Self, MergeError> {
        let wrong = |why: String| MergeError::NotPart { folder: folder.to_path_buf(), why };
        let written = written::read(folder).map_err(|e| wrong(e.to_string()))?;
        let (shard, about) = inputs::part_of(&written.about).ok_or_else(|| wrong("it is a whole site".to_owned()))?;
        Ok(Self { folder, shard, about, units: written.units })
    }
}

/// Writes the files of all parts into one folder, as one build of the whole would have left it. What is there already and the
/// same stays.
///
/// # Errors
/// When the folders are not all the parts of one site, or on an I/O error.
pub fn merge(folders: &[PathBuf], out: &Path) -> Result<Finished, MergeError> {
    let mut parts = folders.iter().map(|folder| SitePart::read(folder)).collect::<Result<Vec<_>, _>>()?;
    parts.sort_by_key(|part| part.shard.number);
    for pair in parts.windows(2) {
        if pair[0].about != pair[1].about || pair[0].shard.of != pair[1].shard.of {
            return Err(MergeError::Differ(pair[0].folder.to_path_buf(), pair[1].folder.to_path_buf()));
        }
        if pair[0].shard == pair[1].shard {
            return Err(MergeError::Twice(pair[0].folder.to_path_buf(), pair[1].folder.to_path_buf()));
        }
    }
    let Some(first) = parts.first() else { return Err(MergeError::Missing("all of them".to_owned())) };
    let missing: Vec<String> = (1..=first.shard.of)
        .map(|number| Shard { number, ..first.shard })
        .filter(|shard| parts.iter().all(|part| part.shard != *shard))
        .map(|shard| shard.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(MergeError::Missing(missing.join(", ")));
    }
    let output = Output::open(out)?;
    let about = inputs::whole_of(&first.about);
    let units: Vec<(&Path, &written::WrittenUnit)> =
        parts.iter().flat_map(|part| part.units.iter().map(|unit| (part.folder, unit))).collect();
    units.par_iter().try_for_each(|(folder, unit)| {
        let known = unit
            .inputs
            .as_deref()
            .filter(|inputs| output.about() == about && output.inputs(&unit.name) == Some(*inputs));
        if known.is_some() && output.keep_whole(&unit.name, Look::Quick) {
            return Ok(());
        }
        let mut joined = output.unit(&unit.name);
        for file in &unit.files {
            let from = folder.join(file);
            let read = input::bytes(&from, input::MAX_RECORD_BYTES).map_err(|e| io::Error::other(e.to_string()));
            let bytes = read.map_err(|source| WriteError::Io { path: from, source })?;
            joined.file(file, &bytes)?;
        }
        joined.finish(unit.inputs.as_deref().unwrap_or_default())
    })?;
    // A build goes on from what any of the parts knows of the servers.
    rows::copy(&first.folder.join(PRIVATE), &out.join(PRIVATE))
        .map_err(|source| WriteError::Io { path: out.join(PRIVATE), source })?;
    Ok(output.finish(&about)?)
}
