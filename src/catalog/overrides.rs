//! `catalog/<server>/overrides.toml`: reviewed decisions, read strictly.
//!
//! ```toml
//! at = "/metadata/items"          # optional: where the tools are in a manifest of no known shape
//!
//! [[override]]
//! tool = "query"
//! class = "Read"
//! facets = ["runs_code"]          # optional
//! reason = "The server opens a read-only transaction."
//! by = "J. Doe"
//! date = "2026-11-21"
//! fingerprint = "0123456789abcdef0123456789abcdef"
//! expires = "2027-11-21"          # optional; judged by `review` and `lock --check` alone
//! ```
//!
//! `[[accept]]` is in [`super::accepted`].

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::accepted::{self, AcceptedFinding, AppliedAcceptance};
use super::day::Day;
use crate::classify::{FindingId, Verdict, apply_override};
use crate::diagnostic::{Code, Diagnostic, Parsed, Position};
use crate::input::{self, Refused};
use crate::manifest::{Manifest, fingerprint};
use crate::risk::{Class, Facet, Facets};

/// The file's name in a server's folder.
pub const FILE: &str = "overrides.toml";

/// One reviewed decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The tool's name.
    pub tool: String,
    /// The class that it decides.
    pub class: Class,
    /// The facets, where it decides them.
    pub facets: Option<Facets>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When, `YYYY-MM-DD`.
    pub date: String,
    /// `Fingerprint::decided()` of the definition that was judged: 32 hexadecimal digits.
    pub fingerprint: String,
    /// The last day on which it holds, `YYYY-MM-DD`, where it has one.
    pub expires: Option<String>,
    /// Where it is in the file.
    pub position: Position,
}

/// The decisions of one server, and what was wrong with its file.
#[derive(Debug, Default)]
pub struct Overrides {
    /// The file that they are in.
    pub path: PathBuf,
    /// The decisions that could be read.
    pub list: Vec<Override>,
    /// The findings that are accepted.
    pub accepted: Vec<AcceptedFinding>,
    /// JSON Pointer to the tools in the manifest, where a person has given one.
    pub at: Option<String>,
    /// Everything that was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// A person's decision about a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedOverride {
    /// The tool's place in the manifest, where it has that tool.
    pub tool: Option<usize>,
    /// The decision as written down.
    pub made: Override,
    /// Whether the definition changed since: then the worse of both classes holds.
    pub stale: bool,
}

/// What people decided about a server's tools.
#[derive(Debug, Default)]
pub struct AppliedDecisions {
    /// The classes that replace a verdict's, in the file's order.
    pub overrides: Vec<AppliedOverride>,
    /// The findings that are accepted, in the file's order.
    pub accepted: Vec<AppliedAcceptance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverridesFile {
    #[serde(default)]
    at: Option<Spanned<String>>,
    #[serde(default, rename = "override")]
    list: Vec<Spanned<OverrideRow>>,
    #[serde(default)]
    accept: Vec<Spanned<AcceptRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptRow {
    tool: Spanned<String>,
    finding: FindingId,
    reason: Spanned<String>,
    by: Spanned<String>,
    date: Spanned<String>,
    fingerprint: Spanned<String>,
    #[serde(default)]
    expires: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideRow {
    tool: Spanned<String>,
    class: Class,
    #[serde(default)]
    facets: Option<Vec<Facet>>,
    reason: Spanned<String>,
    by: Spanned<String>,
    date: Spanned<String>,
    fingerprint: Spanned<String>,
    #[serde(default)]
    expires: Option<Spanned<String>>,
}

/// Reads `folder/overrides.toml`; a folder without one has no decisions.
pub fn read(folder: &Path) -> Overrides {
    let path = folder.join(FILE);
    match text(folder) {
        Ok(text) => parse(&text, &path),
        Err(refused) if refused.is_missing() => of(None, &path),
        Err(refused) => of(Some(&Err(refused)), &path),
    }
}

/// Where `folder/overrides.toml` says that the tools are in the manifest, if it does. What is wrong with the file,
/// [`read`] reports.
pub fn pointer(folder: &Path) -> Option<String> {
    text(folder).ok().and_then(|text| parse(&text, &folder.join(FILE)).at)
}

/// The text of `folder/overrides.toml`.
///
/// # Errors
/// When it is not there, is not a regular file of the catalogue, is too large or no text.
pub fn text(folder: &Path) -> Result<String, Refused> {
    bytes(folder).and_then(input::text)
}

/// The bytes of `folder/overrides.toml`.
///
/// # Errors
/// As [`text`].
pub(crate) fn bytes(folder: &Path) -> Result<Vec<u8>, Refused> {
    let catalog = folder.parent().unwrap_or(folder);
    input::of_catalogue(catalog, &folder.join(FILE), input::MAX_WRITTEN_BYTES)
}

/// The decisions of a file that may be there; `path` is where it would lie.
pub fn of(found: Option<&Result<Vec<u8>, Refused>>, path: &Path) -> Overrides {
    let with = |diagnostics| Overrides { path: path.to_path_buf(), diagnostics, ..Overrides::default() };
    let unread = |refused: &Refused| with(vec![refused.diagnostic(path)]);
    match found {
        None => with(Vec::new()),
        Some(Ok(bytes)) => match input::text(bytes.clone()) {
            Ok(text) => parse(&text, path),
            Err(refused) => unread(&refused),
        },
        Some(Err(refused)) => unread(refused),
    }
}

/// Reads the text of an `overrides.toml`; `path` is where it lies.
pub fn parse(text: &str, path: &Path) -> Overrides {
    let mut out = Overrides { path: path.to_path_buf(), ..Overrides::default() };
    let file: OverridesFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(e) => {
            let mut fault = Diagnostic::error(
                Code::BadOverride,
                path,
                e.message().to_owned(),
                "an override has tool, class, reason, by, date, fingerprint and, where it decides them, facets; an accepted finding has `finding` in place of `class`",
            );
            if let Some(span) = e.span() {
                fault = fault.at(Position::of(text, span.start));
            }
            out.diagnostics.push(fault);
            return out;
        }
    };
    if let Some(at) = file.at {
        let (span, pointer) = (at.span(), at.into_inner());
        // An empty one means the whole file.
        if pointer.is_empty() || pointer.starts_with('/') {
            out.at = Some(pointer);
        } else {
            let message = "`at` is not a JSON Pointer";
            let help = "begin it with `/`: at = \"/metadata/items\"";
            let fault = Diagnostic::error(Code::BadOverride, path, message, help);
            out.diagnostics.push(fault.at(Position::of(text, span.start)));
        }
    }
    for row in file.list {
        out.overridden(row, text);
    }
    for row in file.accept {
        out.accepted(row, text);
    }
    out
}

impl Overrides {
    /// Adds a decision on a class, or what is wrong with it.
    fn overridden(&mut self, row: Spanned<OverrideRow>, text: &str) {
        let (span, row) = (row.span(), row.into_inner());
        let OverrideRow { tool, class, facets, reason, by, date, fingerprint, expires } = row;
        let mut faults = Faults { text, path: &self.path, found: Vec::new() };
        faults.of_decision([&reason, &by, &tool], &date, expires.as_ref(), &fingerprint);
        if self.list.iter().any(|o| o.tool == *tool.get_ref()) {
            faults.push(tool.span(), format!("`{}` is overridden twice", tool.get_ref()), "keep one of both");
        }
        let found = faults.found;
        if found.is_empty() {
            self.list.push(Override {
                tool: tool.into_inner(),
                class,
                facets: facets.map(|f| f.into_iter().collect()),
                reason: reason.into_inner(),
                by: by.into_inner(),
                date: date.into_inner(),
                fingerprint: fingerprint.into_inner().to_ascii_lowercase(),
                expires: expires.map(Spanned::into_inner),
                position: Position::of(text, span.start),
            });
        }
        self.diagnostics.extend(found);
    }

    /// Adds an accepted finding, or what is wrong with it.
    fn accepted(&mut self, row: Spanned<AcceptRow>, text: &str) {
        let (span, row) = (row.span(), row.into_inner());
        let AcceptRow { tool, finding, reason, by, date, fingerprint, expires } = row;
        let mut faults = Faults { text, path: &self.path, found: Vec::new() };
        faults.of_decision([&reason, &by, &tool], &date, expires.as_ref(), &fingerprint);
        if self.accepted.iter().any(|a| a.tool == *tool.get_ref() && a.finding == finding) {
            let message = format!("`{}` of `{}` is accepted twice", finding.name(), tool.get_ref());
            faults.push(tool.span(), message, "keep one of both");
        }
        let found = faults.found;
        if found.is_empty() {
            self.accepted.push(AcceptedFinding {
                tool: tool.into_inner(),
                finding,
                reason: reason.into_inner(),
                by: by.into_inner(),
                date: date.into_inner(),
                fingerprint: fingerprint.into_inner().to_ascii_lowercase(),
                expires: expires.map(Spanned::into_inner),
                position: Position::of(text, span.start),
            });
        }
        self.diagnostics.extend(found);
    }
}

/// What is wrong with one row, each in its line.
struct Faults<'a> {
    text: &'a str,
    path: &'a Path,
    found: Vec<Diagnostic>,
}

impl Faults<'_> {
    fn push(&mut self, span: Range<usize>, message: String, help: &str) {
        let fault = Diagnostic::error(Code::BadOverride, self.path, message, help);
        self.found.push(fault.at(Position::of(self.text, span.start)));
    }

    /// Of what every decision has: a reason, a person and a tool, days, and the definition that was judged.
    fn of_decision(
        &mut self,
        words: [&Spanned<String>; 3],
        date: &Spanned<String>,
        expires: Option<&Spanned<String>>,
        fingerprint: &Spanned<String>,
    ) {
        for (field, what) in words.into_iter().zip(["reason", "by", "tool"]) {
            if field.get_ref().trim().is_empty() {
                let help = "a decision without a reason and a name is not accepted";
                self.push(field.span(), format!("`{what}` is empty"), help);
            }
        }
        self.of_dates(date, expires);
        self.of_fingerprint(fingerprint);
    }

    fn of_dates(&mut self, date: &Spanned<String>, expires: Option<&Spanned<String>>) {
        let fields = [(Some(date), "date"), (expires, "expires")];
        for (field, what) in fields.into_iter().filter_map(|(field, what)| Some((field?, what))) {
            if Day::parse(field.get_ref()).is_none() {
                self.push(field.span(), format!("`{what}` is not a date"), "write it as YYYY-MM-DD");
            }
        }
    }

    fn of_fingerprint(&mut self, field: &Spanned<String>) {
        let print = field.get_ref();
        if print.len() != 32 || !print.bytes().all(|b| b.is_ascii_hexdigit()) {
            let help = "take it from `toolcard explain SERVER/TOOL`: 32 hexadecimal digits";
            self.push(field.span(), "`fingerprint` is none".to_owned(), help);
        }
    }
}

/// Lays the decisions over a server's verdicts, which are in the manifest's order. Diagnostics are those of the file, and
/// warnings: a stale decision, one for a tool that is not there.
pub fn apply(overrides: Overrides, manifest: &Manifest, verdicts: &mut [Verdict]) -> Parsed<AppliedDecisions> {
    let Overrides { path, list, accepted, mut diagnostics, .. } = overrides;
    let mut applied = Vec::with_capacity(list.len());
    for made in list {
        let tool = manifest.tools.iter().position(|t| t.name == made.tool);
        let mut stale = false;
        if let Some(at) = tool {
            stale = fingerprint(&manifest.tools[at]).decided() != made.fingerprint;
            if stale {
                let message = format!(
                    "the definition of `{}` changed since it was reviewed; the worse of both classes holds",
                    made.tool
                );
                let command = made.renewal(&manifest.server.slug, &path, made.expires.as_deref());
                let help = format!("look at it again; where the decision still holds, run `{command}`");
                diagnostics.push(Diagnostic::warning(Code::StaleOverride, &path, message, help).at(made.position));
            }
            if let Some(verdict) = verdicts.get_mut(at) {
                apply_override(verdict, made.class, made.facets, stale);
            }
        } else {
            let message = format!("`{}` is overridden, and the manifest has no such tool", made.tool);
            let help = "remove the override, or correct its `tool`";
            diagnostics.push(Diagnostic::warning(Code::OverrideWithoutTool, &path, message, help).at(made.position));
        }
        applied.push(AppliedOverride { tool, made, stale });
    }
    // After the classes, which findings are about.
    let accepted = accepted::apply(accepted, &path, manifest, verdicts, &mut diagnostics);
    Parsed { value: AppliedDecisions { overrides: applied, accepted }, diagnostics }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::lexicon::Lexicon;
    use crate::manifest::Tool;

    fn text(class: &str, print: &str) -> String {
        format!(
            "[[override]]\ntool = \"query\"\nclass = \"{class}\"\nreason = \"r\"\nby = \"b\"\ndate = \"2026-11-21\"\nfingerprint = \"{print}\"\n"
        )
    }

    fn overridden(overrides: &str) -> (Verdict, Vec<Diagnostic>) {
        let tool =
            Tool { name: "query".into(), description: Some("Execute any SQL statement.".into()), ..Tool::default() };
        let manifest = Manifest { tools: vec![tool], ..Manifest::default() };
        let mut verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
        let overrides = overrides.replace("NOW", &fingerprint(&manifest.tools[0]).decided());
        let read = parse(&overrides, Path::new("o.toml"));
        assert_eq!(read.diagnostics, []);
        let warnings = apply(read, &manifest, &mut verdicts).diagnostics;
        (verdicts.remove(0), warnings)
    }

    #[test]
    fn a_current_decision_replaces_the_class_and_keeps_what_the_rules_say() {
        let (verdict, warnings) = overridden(&text("Read", "NOW"));
        assert_eq!((verdict.class, verdict.heuristic_class), (Class::Read, Class::Destructive));
        assert_eq!(warnings, []);
    }

    #[test]
    fn a_stale_decision_is_reported_and_the_worse_class_holds() {
        let (verdict, warnings) = overridden(&text("Read", &"0".repeat(32)));
        assert_eq!(verdict.class, Class::Destructive);
        assert_eq!(warnings[0].code, Code::StaleOverride);
    }

    #[test]
    fn mistakes_are_reported_in_their_line() {
        let read = parse(&text("Reed", "NOW"), Path::new("o.toml"));
        assert_eq!(read.diagnostics[0].position.unwrap().line, 3);
        let read = parse(&text("Read", "xyz").replace("\"b\"", "\"\""), Path::new("o.toml"));
        let lines: Vec<u32> = read.diagnostics.iter().map(|d| d.position.unwrap().line).collect();
        assert_eq!(lines, [5, 7]);
        assert!(read.list.is_empty());
    }

    #[test]
    fn decisions_that_are_not_text_are_reported_and_not_guessed() {
        let found = of(Some(&Ok(b"[[override]]\ntool = \"\xff\"".to_vec())), Path::new("o.toml"));
        assert!(found.list.is_empty());
        assert_eq!(found.diagnostics[0].code, Code::NotUtf8);
    }
}
