//! The findings of one state of a catalogue, without a base, in the outputs of a review.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::markdown::MAX_CHARS;
use super::{count, sarif};
use crate::catalog::labelled::Labelled;
use crate::classify::{FindingId, FindingLevel, ServerFindingId, server_findings};
use crate::neutral;
use crate::review::change::Location;

/// The chapters that describe every finding: `toolcard explain` and the rules of SARIF read them.
const BOOK: &str = include_str!("../../../docs/labels.md");
const SECTIONS: &str = include_str!("../../../docs/findings.md");

/// What the book says of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedFinding {
    /// Its id.
    pub id: &'static str,
    /// Its levels, with commas or as a span.
    pub levels: &'static str,
    /// What it says: clauses without a full stop, with Markdown's marks of code.
    pub what: &'static str,
    /// What to do about it: sentences with Markdown's marks of code.
    pub todo: String,
}

/// What the section of a finding says to do about it.
fn todo(id: &str) -> String {
    let section = SECTIONS.split_once(&format!("\n### `{id}`\n")).map_or("", |(_, rest)| rest);
    let section = section.split("\n#").next().unwrap_or_default();
    let said = section.split_once("**What to do.** ").map_or("", |(_, rest)| rest);
    said.trim_end().replace('\n', " ")
}

/// Every finding, on tools and then on servers.
pub fn described() -> Vec<DescribedFinding> {
    let section = |title: &str| {
        let rest = BOOK.split_once(&format!("\n## {title}\n")).map_or("", |(_, rest)| rest);
        rest.split_once("\n## ").map_or(rest, |(section, _)| section)
    };
    let row = |line: &'static str| {
        let mut cells = line.strip_prefix("| `")?.strip_suffix(" |")?.splitn(3, " | ");
        let id = cells.next()?.strip_suffix('`')?;
        Some(DescribedFinding { id, levels: cells.next()?, what: cells.next()?, todo: todo(id) })
    };
    let item = |text: &'static str| {
        let (id, rest) = text.strip_prefix('`')?.split_once("` (")?;
        let (levels, what) = rest.split_once("): ")?;
        Some(DescribedFinding { id, levels, what: what.trim_end().trim_end_matches('.'), todo: todo(id) })
    };
    let tools = section("Findings").lines().filter_map(row);
    tools
        .chain(section("Findings on a server").trim().trim_start_matches("- ").split("\n- ").filter_map(item))
        .collect()
}

/// One finding where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundFinding {
    /// Its id.
    pub id: &'static str,
    /// How much it matters.
    pub level: FindingLevel,
    /// The server's slug.
    pub server: String,
    /// The tool's name; `None` where the whole server is meant.
    pub tool: Option<String>,
    /// What it says.
    pub message: String,
    /// The tool in its manifest, or the file.
    pub location: Location,
}

/// The findings of a server whose manifest is in `file`, the worst first; those that only list what a connector directory
/// requires are left out.
pub fn of_server(labelled: &Labelled, file: &str) -> Vec<FoundFinding> {
    let Labelled { manifest, verdicts, .. } = labelled;
    let server = &manifest.server.slug;
    let whole = server_findings(manifest, verdicts).into_iter().map(|f| FoundFinding {
        id: f.id.name(),
        level: f.level,
        server: server.clone(),
        tool: None,
        message: f.message,
        location: Location::new(file, None),
    });
    let tools = manifest.tools.iter().zip(verdicts).flat_map(|(tool, verdict)| {
        let told = verdict.findings.iter().filter(|f| f.id != FindingId::DirectoryHintMissing);
        told.map(|f| FoundFinding {
            id: f.id.name(),
            level: f.level,
            server: server.clone(),
            tool: Some(tool.name.to_string()),
            message: f.message.clone(),
            location: Location::new(file, tool.position),
        })
    });
    let mut found: Vec<FoundFinding> = whole.chain(tools).collect();
    found.sort_by_key(|f| std::cmp::Reverse(f.level));
    found
}

impl FoundFinding {
    fn subject(&self) -> String {
        neutral::quoted(&match &self.tool {
            Some(tool) => format!("{}/{tool}", self.server),
            None => self.server.clone(),
        })
    }

    /// The sentence with its subject; the server's words in it are dead.
    fn sentence(&self) -> String {
        format!("{}: {}", self.subject(), neutral::quoted(self.message.trim_end_matches('.')))
    }
}

/// SARIF 2.1.0, for code scanning.
///
/// # Errors
/// Never: values of ours serialise.
pub fn findings_sarif(found: &[FoundFinding]) -> serde_json::Result<String> {
    let ids: Vec<&str> = FindingId::ALL
        .map(FindingId::name)
        .into_iter()
        .chain(ServerFindingId::ALL.map(ServerFindingId::name))
        .collect();
    let book = described();
    let rules: Vec<Value> = ids
        .iter()
        .map(|id| {
            let row = book.iter().find(|row| row.id == *id);
            let (what, todo) = row.map_or((*id, ""), |row| (row.what, row.todo.as_str()));
            json!({
                "id": id,
                "name": id,
                "shortDescription": {"text": neutral::sarif(what)},
                "help": {"text": neutral::sarif(todo), "markdown": todo},
                "helpUri": format!("{}/blob/main/docs/findings.md#{id}", env!("CARGO_PKG_REPOSITORY")),
                "properties": {"tags": ["security", "mcp"]},
            })
        })
        .collect();
    let mut seen = HashMap::new();
    let results: Vec<Value> = found
        .iter()
        .map(|f| {
            let index = ids.iter().position(|id| *id == f.id).unwrap_or_default();
            let parts = [f.id, &f.server, f.tool.as_deref().unwrap_or_default()];
            sarif::alert((index, f.level), parts, &f.sentence(), &f.location, &mut seen)
        })
        .collect();
    sarif::document(&rules, &results)
}

/// Annotations in the files, for the log of a GitHub workflow.
pub fn findings_github(found: &[FoundFinding]) -> String {
    let mut out = String::new();
    for f in found {
        let command = match f.level {
            FindingLevel::Error => "error",
            FindingLevel::Warning => "warning",
            FindingLevel::Note => "notice",
        };
        let Location { file, line, column } = &f.location;
        let file = neutral::command_property(&neutral::visible(file));
        let (title, message) = (neutral::command_property(f.id), neutral::command_message(&f.sentence()));
        let _ = writeln!(out, "::{command} title={title},file={file},line={line},col={column}::{message}");
    }
    let _ = writeln!(out, "toolcard classify: {}", count(found.len(), "finding"));
    out
}

/// A table with a row a finding, for a comment or a step summary.
pub fn findings_markdown(found: &[FoundFinding]) -> String {
    let mut out = format!("### Findings: {}\n\n", count(found.len(), "finding"));
    if found.is_empty() {
        return out;
    }
    out.push_str("| | Tool | Finding |\n|---|---|---|\n");
    for (i, f) in found.iter().enumerate() {
        let message = neutral::cell(&neutral::quoted(f.message.trim_end_matches('.')));
        let row = format!("| {} | {} | {}: {message} |\n", f.level.name(), neutral::cell(&f.subject()), f.id);
        if out.len() + row.len() > MAX_CHARS - 200 {
            let _ = writeln!(out, "\nCut to the size of a comment: {} more.", count(found.len() - i, "finding"));
            break;
        }
        out.push_str(&row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_describes_every_finding() {
        let told: Vec<&str> = described().iter().map(|row| row.id).collect();
        let all =
            FindingId::ALL.map(FindingId::name).into_iter().chain(ServerFindingId::ALL.map(ServerFindingId::name));
        for id in all {
            assert!(told.contains(&id), "{id} is not in docs/labels.md: {told:?}");
        }
        assert!(described().iter().all(|row| !row.what.is_empty() && !row.levels.is_empty()));
        for row in described() {
            assert!(row.todo.ends_with('.') && !row.todo.contains(['\n', '#', '*']), "{}: {}", row.id, row.todo);
        }
    }
}
