//! What is wrong with an input, where, and what to do about it.
//!
//! A diagnostic is a value; the command line renders it (`cli::term`). Nothing in the
//! library prints.

mod code;

pub use code::Code;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::counted::steps;

/// What came of reading something where reading goes on after a mistake. What is read as a whole or not at all is a
/// `Result`: with one diagnostic where the first mistake ends it, with several where all are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed<T> {
    /// What could be read.
    pub value: T,
    /// Everything that was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> From<Diagnostic> for Parsed<Option<T>> {
    fn from(fault: Diagnostic) -> Self {
        Self { value: None, diagnostics: vec![fault] }
    }
}

/// A place in a text file, counted from 1 as editors count; `column` counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The position of the byte `offset` in `text`; an offset past the end is the end.
    pub fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        steps(before.len());
        let line_start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |i| i + 1);
        let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        Self {
            line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
            column: u32::try_from(before[line_start..].chars().count() + 1).unwrap_or(u32::MAX),
        }
    }
}

impl From<&serde_json::Error> for Position {
    /// Where JSON stops to be read.
    fn from(e: &serde_json::Error) -> Self {
        let number = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
        Self { line: number(e.line()), column: number(e.column()) }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How much a diagnostic costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Nothing is lost; exit 0.
    Warning,
    /// A tool, a server or a file is lost; exit 1.
    Error,
}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub level: Level,
    /// What kind of thing is wrong.
    pub code: Code,
    /// The file or folder.
    pub file: PathBuf,
    /// Where in the file, when it could be read that far.
    pub position: Option<Position>,
    /// What is wrong, a sentence without a full stop. May hold server text: the
    /// renderer neutralises it.
    pub message: String,
    /// What to do, a sentence without a full stop.
    pub help: String,
}

impl Diagnostic {
    /// An error in `file`.
    pub fn error(code: Code, file: &Path, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            code,
            file: file.to_path_buf(),
            position: None,
            message: message.into(),
            help: help.into(),
        }
    }

    /// A warning about `file`.
    pub fn warning(code: Code, file: &Path, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(code, file, message, help) }
    }

    /// The same diagnostic at a position.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Whether the diagnostic makes the command exit with 1.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}

/// Diagnostics of one code and one file that are shown one by one; of the rest, how many there are.
pub const MAX_ALIKE: usize = 20;

/// The same diagnostics with at most [`MAX_ALIKE`] of each code, and one more that counts the others.
pub fn fewer(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if diagnostics.len() <= MAX_ALIKE {
        return diagnostics;
    }
    let mut kept: Vec<Diagnostic> = Vec::new();
    // How many of each code there are, and the first that is not shown.
    let mut counts: Vec<(Code, usize, Option<Diagnostic>)> = Vec::new();
    for diagnostic in diagnostics {
        let at = counts.iter().position(|(code, ..)| *code == diagnostic.code).unwrap_or_else(|| {
            counts.push((diagnostic.code, 0, None));
            counts.len() - 1
        });
        let (_, count, first) = &mut counts[at];
        *count += 1;
        if *count <= MAX_ALIKE {
            kept.push(diagnostic);
        } else {
            // The worst level stands for all.
            match first {
                Some(first) => first.level = first.level.max(diagnostic.level),
                None => *first = Some(diagnostic),
            }
        }
    }
    kept.extend(counts.into_iter().filter_map(|(_, count, first)| {
        let more = count - MAX_ALIKE.min(count);
        first.map(|first| Diagnostic { message: format!("… and {more} more like these"), ..first })
    }));
    kept
}

/// How like two words are that differ by one letter, or by two in each other's place.
const LIKENESS_OF_A_SLIP: f64 = 0.9;

/// The candidate most like `word`, if any is like it at all: Jaro-Winkler above 0.75, or one slip (optimal string alignment).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = (0.75, None);
    for candidate in candidates {
        let (word, other) = (word.to_lowercase(), candidate.to_lowercase());
        // One slip of a short word leaves little of it in its place.
        let slip = word.len() > 2 && strsim::osa_distance(&word, &other) == 1;
        let likeness = strsim::jaro_winkler(&word, &other).max(if slip { LIKENESS_OF_A_SLIP } else { 0.0 });
        if likeness > best.0 {
            best = (likeness, Some(candidate));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_word_has_a_nearest_and_another_word_has_none() {
        assert_eq!(nearest("list_taks", ["list_tasks", "get_task"]), Some("list_tasks"));
        assert_eq!(nearest("zebra", ["list_tasks", "get_task"]), None);
        assert_eq!(nearest("cmr", ["erp", "crm"]), Some("crm"));
        assert_eq!(nearest("id", ["as", "is"]), None);
    }

    #[test]
    fn of_many_that_are_alike_twenty_are_shown_and_the_rest_is_counted() {
        let one = |code, level| Diagnostic { level, ..Diagnostic::error(code, Path::new("f"), "m", "h") };
        let many = |n| {
            (0..n).map(|i| one(Code::BadTool, if i == 30 { Level::Error } else { Level::Warning })).collect::<Vec<_>>()
        };
        assert_eq!(fewer(many(MAX_ALIKE)).len(), MAX_ALIKE);
        let mut mixed = many(40_000);
        mixed.push(one(Code::NoTools, Level::Error));
        let told = fewer(mixed);
        assert_eq!(told.len(), MAX_ALIKE + 2);
        let last = told.last().unwrap();
        assert_eq!((last.message.as_str(), last.is_error()), ("… and 39980 more like these", true));
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "a\né€x\n";
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, 2), Position { line: 2, column: 1 });
        assert_eq!(Position::of(text, 7), Position { line: 2, column: 3 });
        assert_eq!(Position::of(text, 3), Position { line: 2, column: 1 });
        assert_eq!(Position::of(text, 999), Position { line: 3, column: 1 });
    }
}
