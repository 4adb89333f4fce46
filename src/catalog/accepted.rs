//! `[[accept]]` of an `overrides.toml`: a finding of one tool that a person looked at and accepts. It becomes a note that says
//! so; nothing else changes, neither label nor policy.
//!
//! ```toml
//! [[accept]]
//! tool = "query"
//! finding = "model-directed-text"
//! reason = "The order of calls is documented, and harmless."
//! by = "J. Doe"
//! date = "2026-11-21"
//! fingerprint = "0123456789abcdef0123456789abcdef"
//! expires = "2027-11-21"          # optional; judged by `review` and `lock --check` alone
//! ```

use std::path::Path;

use crate::classify::{AcceptedBy, FindingId, Verdict};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::manifest::{Manifest, fingerprint};

/// A finding that a person accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedFinding {
    /// The tool's name.
    pub tool: String,
    /// Which finding; wherever in the definition it stands.
    pub finding: FindingId,
    /// Why.
    pub reason: String,
    /// Who accepts it.
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

/// An accepted finding, and whether it still is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedAcceptance {
    /// The tool's place in the manifest, where it has that tool.
    pub tool: Option<usize>,
    /// The decision as written down.
    pub made: AcceptedFinding,
    /// Whether the definition changed since: then nothing is accepted.
    pub stale: bool,
}

/// Makes notes of the findings that are accepted. Diagnostics are warnings: of a stale acceptance, and of one without its tool or
/// its finding.
pub(super) fn apply(
    list: Vec<AcceptedFinding>,
    path: &Path,
    manifest: &Manifest,
    verdicts: &mut [Verdict],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<AppliedAcceptance> {
    let mut applied = Vec::with_capacity(list.len());
    for made in list {
        let id = made.finding.name();
        let mut warn = |code, message: String, help: String| {
            diagnostics.push(Diagnostic::warning(code, path, message, help).at(made.position));
        };
        let tool = manifest.tools.iter().position(|t| t.name == made.tool);
        let mut stale = false;
        if let Some((tool, verdict)) = tool.and_then(|at| manifest.tools.get(at).zip(verdicts.get_mut(at))) {
            stale = fingerprint(tool).decided() != made.fingerprint;
            let mut found = verdict.findings.iter_mut().filter(|f| f.id == made.finding).peekable();
            // A review finds orders beyond what the finding is about: those are accepted by its id too.
            let gone = found.peek().is_none() && made.finding != FindingId::ModelDirectedText;
            if gone {
                warn(
                    Code::OverrideWithoutTool,
                    format!("`{}` has no finding `{id}` that could be accepted", made.tool),
                    "remove the entry, or correct its `finding`".to_owned(),
                );
            } else if stale {
                let command = made.renewal(&manifest.server.slug, path, made.expires.as_deref());
                warn(
                    Code::StaleOverride,
                    format!("the definition of `{}` changed since `{id}` was accepted; it counts again", made.tool),
                    format!("look at it again; where the finding is still meant, run `{command}`"),
                );
            } else {
                let accepted = AcceptedBy { by: made.by.clone(), date: made.date.clone(), reason: made.reason.clone() };
                found.for_each(|finding| finding.accept(accepted.clone()));
            }
        } else {
            warn(
                Code::OverrideWithoutTool,
                format!("`{id}` of `{}` is accepted, and the manifest has no such tool", made.tool),
                "remove the entry, or correct its `tool`".to_owned(),
            );
        }
        applied.push(AppliedAcceptance { tool, made, stale });
    }
    applied
}
