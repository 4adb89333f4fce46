//! Labels that annotators gave.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;
use crate::risk::{Class, Facet};

/// One labelled tool: a line of a gold file.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Gold {
    /// The server's slug.
    pub server: String,
    /// The tool's name.
    pub tool: String,
    /// The class that annotators gave.
    pub label: Class,
    /// Classes that are acceptable too.
    #[serde(default)]
    pub also_ok: Vec<Class>,
    /// Facets that all annotators gave.
    #[serde(default)]
    pub facets: Vec<Facet>,
    /// Facets that some gave: they count neither way.
    #[serde(default)]
    pub maybe_facets: Vec<Facet>,
}

impl Gold {
    /// Whether `class` is the label or acceptable.
    pub fn accepts(&self, class: Class) -> bool {
        class == self.label || self.also_ok.contains(&class)
    }
}

/// Reads a gold file, one JSON object a line; empty lines are skipped.
///
/// # Errors
/// The first line that is none, from 1, and why.
pub fn read_gold(text: &str) -> Result<Vec<Gold>, (usize, String)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(i, line)| serde_json::from_str(line).map_err(|e| (i + 1, e.to_string()))).collect()
}

/// Reads the gold file at `path`.
///
/// # Errors
/// When the file cannot be read, or the first line that is not a label.
pub fn read_gold_file(path: &Path) -> Result<Vec<Gold>, Box<Diagnostic>> {
    let text = input::named(path, input::MAX_RECORD_BYTES).and_then(input::text).map_err(|e| {
        Diagnostic::error(
            Code::UnreadableFile,
            path,
            format!("the labels cannot be read: {e}"),
            "check that the file exists",
        )
    })?;
    let gold = read_gold(&text).map_err(|(line, why)| {
        Diagnostic::error(
            Code::BadLabel,
            path,
            format!("this line is not a label: {why}"),
            "a line is {\"server\", \"tool\", \"label\", \"also_ok\", \"facets\", \"maybe_facets\"}",
        )
        .at(Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 })
    })?;
    Ok(gold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_not_a_label_is_named() {
        let good = r#"{"server": "s", "tool": "t", "label": "Read"}"#;
        assert_eq!(read_gold(good).unwrap().len(), 1);
        assert_eq!(read_gold(&format!("{good}\n{{\"server\": 1}}")).unwrap_err().0, 2);
    }

    #[test]
    fn a_label_accepts_itself_and_what_is_defensible_too() {
        let gold = &read_gold(r#"{"server": "s", "tool": "t", "label": "Write", "also_ok": ["Read"]}"#).unwrap()[0];
        assert_eq!(Class::ALL.map(|class| gold.accepts(class)), [true, true, false]);
    }
}
