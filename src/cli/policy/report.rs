//! What `toolcard policy audit` found: as text, JSON, Markdown and SARIF, and whether it fails.

use std::io::{self, Write as _};
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Value, json};

use toolcard::neutral;
use toolcard::policy::SettingsFinding;
use toolcard::review::report::sarif_document;

use crate::cli::Versioned;
use crate::cli::term::Terminal;

/// What was held against the catalogue, and what was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct AuditReport<'a> {
    /// The file.
    pub(super) file: &'a Path,
    /// What it is.
    pub(super) policy_format: &'a str,
    /// The server of the catalogue.
    pub(super) server: &'a str,
    /// The findings.
    pub(super) rows: &'a [SettingsFinding],
}

impl AuditReport<'_> {
    /// How many findings are errors.
    pub(super) fn errors(self) -> usize {
        self.rows.iter().filter(|row| row.error).count()
    }

    /// One line that says how much was found.
    pub(super) fn summary(self) -> String {
        let (file, errors) = (self.file.display(), self.errors());
        let number = |n: usize, what| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        match self.rows.len() {
            0 => format!("{file}: no problems found for `{}`", self.server),
            all => format!("{file}: {}, {}", number(errors, "error"), number(all - errors, "warning")),
        }
    }
}

/// The same for programs.
#[derive(Debug, Serialize)]
struct AuditDocument<'a> {
    file: String,
    policy_format: &'a str,
    server: &'a str,
    errors: usize,
    warnings: usize,
    findings: Vec<Value>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AuditFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a comment on a pull request
    Markdown,
    /// For code scanning
    Sarif,
}

/// Which findings make the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AuditGate {
    /// Those that let something pass
    Error,
    /// All
    Warning,
    /// None
    None,
}

impl AuditGate {
    /// Whether the findings fail.
    pub(super) fn fails(self, rows: &[SettingsFinding]) -> bool {
        match self {
            Self::Error => rows.iter().any(|row| row.error),
            Self::Warning => !rows.is_empty(),
            Self::None => false,
        }
    }
}

/// Prints the findings.
pub(super) fn print(report: AuditReport<'_>, format: AuditFormat, term: Terminal) -> io::Result<()> {
    let mut out = term.out();
    let AuditReport { file, policy_format, server, rows } = report;
    match format {
        AuditFormat::Json => {
            let document = AuditDocument {
                file: file.display().to_string(),
                policy_format,
                server,
                errors: report.errors(),
                warnings: rows.len() - report.errors(),
                findings: rows.iter().map(row).collect(),
            };
            out.write_all(neutral::json(&Versioned::new(document))?.as_bytes())?;
        }
        AuditFormat::Sarif => out.write_all(sarif(rows, file)?.as_bytes())?,
        AuditFormat::Text => {
            let name = neutral::terminal(&file.display().to_string()).into_owned();
            for row in rows {
                let (tool, message) = (neutral::terminal(&row.tool), neutral::terminal(&row.message));
                // The form that editors and terminals make a link of.
                let at = row.at.map(|at| format!(":{at}")).unwrap_or_default();
                writeln!(out, "{name}{at}: {}[{}]: {tool}: {message}", level(row), row.finding)?;
            }
        }
        AuditFormat::Markdown => {
            writeln!(out, "{}\n", neutral::cell(&report.summary()))?;
            writeln!(out, "| level | finding | tool | line | |\n|---|---|---|---|---|")?;
            for row in rows {
                let line = row.at.map(|at| at.line.to_string()).unwrap_or_default();
                let (tool, message) = (neutral::cell(&neutral::quoted(&row.tool)), neutral::cell(&row.message));
                writeln!(out, "| {} | {} | {tool} | {line} | {message} |", level(row), row.finding)?;
            }
        }
    }
    out.flush()
}

fn level(row: &SettingsFinding) -> &'static str {
    if row.error { "error" } else { "warning" }
}

fn row(found: &SettingsFinding) -> Value {
    let mut row = json!({
        "finding": found.finding,
        "level": level(found),
        "tool": found.tool,
        "message": found.message,
    });
    if let Some(at) = found.at {
        row["line"] = at.line.into();
        row["column"] = at.column.into();
    }
    row
}

/// SARIF 2.1.0.
fn sarif(rows: &[SettingsFinding], file: &Path) -> serde_json::Result<String> {
    let uri = file.to_string_lossy().replace('\\', "/");
    let mut ids: Vec<&str> = rows.iter().map(|row| row.finding).collect();
    ids.sort_unstable();
    ids.dedup();
    let result = |row: &SettingsFinding| {
        let (line, column) = row.at.map_or((1, 1), |at| (at.line, at.column));
        json!({
            "ruleId": row.finding,
            "level": level(row),
            "message": {"text": neutral::sarif(&format!("{}: {}", neutral::quoted(&row.tool), row.message))},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": uri},
                "region": {"startLine": line, "startColumn": column},
            }}],
        })
    };
    let rules: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
    sarif_document(&rules, &rows.iter().map(result).collect::<Vec<_>>())
}
