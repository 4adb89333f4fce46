//! What connector directories ask of a tool.

use serde::Serialize;

use super::refused::finding;
use super::types::{Finding, FindingId, FindingLevel, Place, RuleFamily, Verdict};
use crate::lexicon::{ArgumentEffect, Lexicon};
use crate::manifest::{Hint, Tool};
use crate::risk::{Class, Span};

/// The longest text on what is not declared.
const MAX_UNDECLARED_BYTES: usize = 160;

/// What connector directories require of every tool and this one does not declare: Anthropic asks for a title and
/// `readOnlyHint: true` or an explicit `destructiveHint`, `OpenAI` for three explicit hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undeclared {
    /// Whether it has no title.
    pub title: bool,
    /// Whether no hint says to Anthropic's directory what it does: neither `readOnlyHint: true` nor a `destructiveHint`.
    pub safety: bool,
    hints: [Option<Hint>; 3],
}

impl Undeclared {
    /// What is not declared of a tool.
    pub fn of(tool: &Tool) -> Self {
        let a = &tool.annotations;
        let titled = [&tool.title, &a.title].into_iter().flatten().any(|t| !t.trim().is_empty());
        let hints = [Hint::ReadOnly, Hint::Destructive, Hint::OpenWorld].map(Some);
        Self {
            title: !titled,
            safety: a.read_only != Some(true) && a.destructive.is_none(),
            hints: hints.map(|hint| hint.filter(|hint| a.declared(*hint).is_none())),
        }
    }

    /// The hints that `OpenAI` asks for and that are not explicit.
    pub fn hints(self) -> impl Iterator<Item = Hint> {
        self.hints.into_iter().flatten()
    }
}

/// The note on what is not declared.
pub(super) fn undeclared(tool: &Tool) -> Option<Finding> {
    let undeclared = Undeclared::of(tool);
    let missing = undeclared.hints().count() + usize::from(undeclared.title);
    if missing == 0 {
        return None;
    }
    let first = undeclared.hints().next();
    let place = first.map_or(Place::Title, Place::Annotation);
    let who = match (undeclared.title || undeclared.safety, first.is_none()) {
        (true, false) => "the connector directories of Anthropic and OpenAI require",
        (true, true) => "the connector directory of Anthropic requires",
        (false, _) => "the connector directory of OpenAI requires",
    };
    // Nearly every tool has this note: it is written in one piece.
    let mut message = String::with_capacity(MAX_UNDECLARED_BYTES);
    let title = undeclared.title.then_some("a title");
    message.extend(["Not declared, and ", who, " it: "]);
    for (i, what) in title.into_iter().chain(undeclared.hints().map(Hint::key)).enumerate() {
        let comma = match i {
            0 => "",
            _ if i + 1 == missing => " and ",
            _ => ", ",
        };
        let tick = if Some(what) == title { "" } else { "`" };
        message.extend([comma, tick, what, tick]);
    }
    message.push('.');
    let (id, level) = (FindingId::DirectoryHintMissing, FindingLevel::Note);
    Some(Finding { id, level, place, span: Span { start: 0, end: 0 }, message, accepted: None })
}

/// Why Anthropic's connector directory refuses a tool, whatever it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DirectoryRefusal {
    /// One argument has values that read and values that change.
    MixedValues,
    /// A text tells a model how to behave.
    ModelDirectedText,
    /// A free query, and no link to the API that it asks.
    UnnamedApi,
}

impl DirectoryRefusal {
    /// The kebab-case id.
    pub fn name(self) -> &'static str {
        match self {
            Self::MixedValues => "mixed-values",
            Self::ModelDirectedText => "model-directed-text",
            Self::UnnamedApi => "unnamed-api",
        }
    }

    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::MixedValues => "one tool has values that read and values that change: split it",
            Self::ModelDirectedText => "a text tells a model how to behave",
            Self::UnnamedApi => "a free query comes without a link to the API that it asks",
        }
    }
}

/// Why Anthropic's connector directory refuses the tool; `findings` are those on its texts.
pub fn refusals(tool: &Tool, verdict: &Verdict, findings: &[Finding], lexicon: &Lexicon) -> Vec<DirectoryRefusal> {
    let mut out = Vec::new();
    // A switch is one call with more or less of it.
    let values = || verdict.actions.iter().filter(|a| !matches!(a.value.as_str(), "true" | "false"));
    let changes = |argument: &str| values().any(|a| a.argument == argument && a.class > Class::Read);
    if values().any(|a| a.class == Class::Read && changes(&a.argument)) {
        out.push(DirectoryRefusal::MixedValues);
    }
    if findings.iter().any(|f| f.id == FindingId::ModelDirectedText) {
        out.push(DirectoryRefusal::ModelDirectedText);
    }
    let rows = lexicon.signals().argument.iter();
    let is_query = |rule: &str| rows.clone().any(|row| row.id == rule && row.effect == ArgumentEffect::Query);
    let asks =
        |by: RuleFamily, rule: &str| matches!(by, RuleFamily::Method) || (by == RuleFamily::Program && is_query(rule));
    let linked = || tool.description.as_deref().unwrap_or_default().contains("://");
    if verdict.evidence.iter().any(|e| !e.restricts && asks(e.by, &e.rule)) && !linked() {
        out.push(DirectoryRefusal::UnnamedApi);
    }
    out
}

/// One note on why Anthropic's connector directory refuses a tool.
pub(super) fn refused(tool: &Tool, verdict: &Verdict, findings: &[Finding], lexicon: &Lexicon) -> Option<Finding> {
    let reasons: Vec<&str> =
        refusals(tool, verdict, findings, lexicon).into_iter().map(DirectoryRefusal::text).collect();
    if reasons.is_empty() {
        return None;
    }
    let message = format!("The connector directory of Anthropic refuses such a tool: {}.", reasons.join("; "));
    Some(finding(FindingId::DirectoryRefusal, FindingLevel::Note, Place::Name, tool.name.len(), message))
}
