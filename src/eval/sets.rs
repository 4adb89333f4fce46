//! Which labels the repository holds, and where the definitions are that they speak of.

use std::path::Path;

use rayon::prelude::*;

use super::rounds::{self, Round};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;
use crate::manifest::{Manifest, read};

/// The folder of the labels, from the root of a checkout.
pub const LABELS: &str = "tests/labels";
/// The bundled catalogue.
pub const CATALOGUE: &str = "catalog";
/// Definitions of crawled servers, one server a line.
pub const CRAWLED: &str = "tests/labels/wild/definitions.jsonl";
/// First measurements of blind rounds.
pub const ROUNDS: &str = "tests/labels/rounds.toml";
/// Published access levels.
pub const IAM: &str = "tests/labels/iam.tsv";

/// Where the definitions of a set are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definitions {
    /// In [`CATALOGUE`].
    Catalogue,
    /// In [`CRAWLED`].
    Crawled,
}

/// One set of labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The stem of its file: `gold`, `wild`, `round-1`.
    pub id: String,
    /// Where the definitions are.
    pub definitions: Definitions,
    /// Whether it was a blind round once.
    pub round: bool,
}

/// The sets, in the order that they are shown in.
pub fn sets(rounds: &[Round]) -> Vec<Set> {
    let set = |id: &str, definitions, round| Set { id: id.to_owned(), definitions, round };
    let mut out = vec![set("gold", Definitions::Catalogue, false), set("wild", Definitions::Crawled, false)];
    out.extend(rounds.iter().map(|round| set(&round.id, Definitions::Crawled, true)));
    out
}

/// The first measurements of a checkout.
///
/// # Errors
/// When there is no checkout at `root`, or what is wrong with its rounds.
pub fn rounds(root: &Path) -> Result<Vec<Round>, Box<Diagnostic>> {
    let path = root.join(ROUNDS);
    match input::bytes(&path, input::MAX_WRITTEN_BYTES).and_then(input::text) {
        Ok(text) => rounds::read(&text, &path),
        Err(e) => Err(Box::new(Diagnostic::error(
            Code::NoLabelSets,
            &path,
            format!("there are no label sets of toolcard here: {e}"),
            "run it at the root of a checkout of toolcard, or give your own labels: `toolcard eval GOLD --manifests DIR`",
        ))),
    }
}

/// Every server of the bundled catalogue.
///
/// # Errors
/// Where a server is lost.
pub fn catalogue(root: &Path) -> Result<Vec<Manifest>, Vec<Diagnostic>> {
    let catalog = Catalog::open(&root.join(CATALOGUE)).map_err(|fault| vec![*fault])?;
    let read: Vec<_> = catalog.servers.par_iter().map(Catalog::load).collect();
    let mut lost = catalog.diagnostics;
    let mut manifests = Vec::with_capacity(read.len());
    for loaded in read {
        match loaded.value {
            Some(manifest) => manifests.push(manifest),
            None => lost.extend(loaded.diagnostics),
        }
    }
    if lost.is_empty() { Ok(manifests) } else { Err(lost) }
}

/// Every crawled server that a label speaks of. A tool that cannot be read is not a fault: definitions are kept as they
/// were found, and a label whose tool is lost is reported as missing.
///
/// # Errors
/// When the file cannot be read, or the lines that are not servers.
pub fn crawled(root: &Path) -> Result<Vec<Manifest>, Vec<Diagnostic>> {
    let path = root.join(CRAWLED);
    let text = input::bytes(&path, input::MAX_RECORD_BYTES).and_then(input::text).map_err(|e| {
        vec![Diagnostic::error(
            Code::UnreadableFile,
            &path,
            format!("the definitions cannot be read: {e}"),
            "make them with tests/labels/wild/make.py",
        )]
    })?;
    let lines: Vec<&str> = text.lines().collect();
    let read: Vec<_> = lines.par_iter().map(|line| read(line, &path)).collect();
    let mut lost = Vec::new();
    let mut manifests = Vec::with_capacity(read.len());
    for (line, reading) in (1..).zip(read) {
        match reading.value {
            Some(manifest) => manifests.push(manifest),
            None => lost.extend(reading.diagnostics.into_iter().map(|d| d.at(Position { line, column: 1 }))),
        }
    }
    if lost.is_empty() { Ok(manifests) } else { Err(lost) }
}
