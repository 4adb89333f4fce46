//! An existing document against what a catalogue knows of a server.

use serde_json::Value;

use super::recommend::withheld_by;
use super::{Answer, Claims, Outcome, Policy, decide};
use crate::classify::{FindingId, Verdict};
use crate::diagnostic::nearest;
use crate::manifest::Tool;
use crate::risk::Class;

/// What an audit found of one tool.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditFinding {
    /// The tool's name.
    pub tool: String,
    /// What.
    pub kind: AuditKind,
}

/// One kind of finding.
#[derive(Debug, Clone, PartialEq)]
pub enum AuditKind {
    /// It is Destructive, and calls of it pass: all, up to a limit, or for some values.
    AllowsDestructive(Outcome),
    /// No recommended document offers it because of that finding, and calls of it pass.
    AllowsWithheld(FindingId, Outcome),
    /// The document names it and the server has no such tool; the nearest that it has.
    Unknown(Option<String>),
    /// The server has it and the document does not name it; the answer to a call of it.
    Unnamed(Class, Answer),
}

impl AuditKind {
    /// A stable kebab-case code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AllowsDestructive(_) => "allows-destructive",
            Self::AllowsWithheld(..) => "allows-withheld",
            Self::Unknown(_) => "unknown-tool",
            Self::Unnamed(..) => "unnamed-tool",
        }
    }
}

/// Everything that a document lets through which is Destructive or which no recommended document offers, names which does not
/// exist, or does not name which does: in this order, each by name. Destructive tools that the document
/// narrows to the values that the verdict knows to be harmless are not a finding.
pub fn audit(policy: &Policy, tools: &[(&Tool, &Verdict)]) -> Vec<AuditFinding> {
    let mut tools = tools.to_vec();
    tools.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    let mut found = Vec::new();
    let mut note = |tool: &str, kind| found.push(AuditFinding { tool: tool.to_owned(), kind });
    for (tool, verdict) in tools.iter().filter(|(_, v)| v.class == Class::Destructive) {
        let claims = Claims::of(policy, tool, verdict);
        if claims.first.answer == Answer::Allow && !keeps_to_harmless(&claims, verdict) {
            note(&tool.name, AuditKind::AllowsDestructive(claims.outcome()));
        }
    }
    for (tool, verdict) in &tools {
        let Some(finding) = withheld_by(verdict) else { continue };
        let claims = Claims::of(policy, tool, verdict);
        if claims.first.answer == Answer::Allow {
            note(&tool.name, AuditKind::AllowsWithheld(finding, claims.outcome()));
        }
    }
    let has = |name: &str| tools.binary_search_by(|(t, _)| t.name.as_str().cmp(name)).is_ok();
    let mut named: Vec<&str> = policy.tools.keys().chain(&policy.hide).map(String::as_str).collect();
    named.sort_unstable();
    named.dedup();
    for name in &named {
        if *name != super::document::EVERY_TOOL && !has(name) {
            let near = nearest(name, tools.iter().map(|(t, _)| t.name.as_str())).map(str::to_owned);
            note(name, AuditKind::Unknown(near));
        }
    }
    for (tool, verdict) in &tools {
        if named.binary_search(&tool.name.as_str()).is_err() {
            let answer = decide(policy, &tool.name, &Value::Null, 1).answer;
            note(&tool.name, AuditKind::Unnamed(verdict.class, answer));
        }
    }
    found
}

/// Whether every value that passes is known to be harmless, and nothing but values makes the tool
/// Destructive.
fn keeps_to_harmless(claims: &Claims, verdict: &Verdict) -> bool {
    let dangerous: Vec<_> = verdict.actions.iter().filter(|a| a.class == Class::Destructive).collect();
    verdict.base_class != Class::Destructive
        && !dangerous.is_empty()
        && dangerous.iter().all(|action| {
            claims.selected.iter().filter(|s| s.argument == action.argument).any(|s| {
                let denied = |d: &super::Decision| d.answer != Answer::Allow;
                denied(&s.unknown)
                    && (denied(&s.absent) || !action.default)
                    && s.values.iter().all(|(v, d)| denied(d) || super::recommend::text_of(v) != action.value)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{action, tool, verdict};
    use super::super::{Profile, RateLimits, recommend, server_document, tool_document};
    use super::*;
    use crate::classify::{Finding, FindingLevel, Place};
    use crate::risk::Span;
    use serde_json::json;

    fn codes(policy: &Policy, tools: &[(&Tool, &Verdict)]) -> Vec<String> {
        audit(policy, tools).iter().map(|f| format!("{} {}", f.kind.code(), f.tool)).collect()
    }

    #[test]
    fn a_recommended_document_has_no_finding_and_an_open_one_has() {
        let mut mixed = verdict(Class::Destructive, &[]);
        mixed.base_class = Class::Read;
        mixed.actions = vec![action("a", "get", Class::Read, &[]), action("a", "drop", Class::Destructive, &[])];
        let schema = json!({"properties": {"a": {"enum": ["get", "drop"]}}});
        let tools = [
            (Tool { input_schema: schema, ..tool("mixed") }, mixed),
            (tool("read"), verdict(Class::Read, &[])),
            (tool("wipe"), verdict(Class::Destructive, &[])),
        ];
        let tools: Vec<(&Tool, &Verdict)> = tools.iter().map(|(t, v)| (t, v)).collect();
        let document = |profile| server_document(tools.iter().copied(), profile, &RateLimits::default());
        assert_eq!(codes(&document(Profile::Guarded), &tools), Vec::<String>::new());
        assert_eq!(codes(&document(Profile::Open), &tools), ["allows-destructive mixed", "allows-destructive wipe"]);
        assert_eq!(codes(&document(Profile::ReadOnly), &tools), ["unnamed-tool mixed", "unnamed-tool wipe"]);
    }

    #[test]
    fn a_tool_that_no_document_offers_is_found_where_one_does() {
        let (t, mut v) = (tool("list"), verdict(Class::Read, &[]));
        let open = tool_document("list", &recommend(&t, &v, &RateLimits::default()));
        v.findings = vec![Finding {
            id: FindingId::HiddenText,
            level: FindingLevel::Warning,
            place: Place::Description,
            span: Span { start: 0, end: 0 },
            message: String::new(),
            accepted: None,
        }];
        assert_eq!(codes(&open, &[(&t, &v)]), ["allows-withheld list"]);
        let document = tool_document("list", &recommend(&t, &v, &RateLimits::default()));
        assert_eq!(codes(&document, &[(&t, &v)]), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_is_gone_comes_with_the_nearest_that_is_there() {
        let rate_limits = RateLimits::default();
        let (t, v) = (tool("list_items"), verdict(Class::Read, &[]));
        let old = tool_document("list_item", &recommend(&tool("list_item"), &v, &rate_limits));
        let found = audit(&old, &[(&t, &v)]);
        assert_eq!(found[0].kind, AuditKind::Unknown(Some("list_items".to_owned())));
        assert_eq!(found[1].kind, AuditKind::Unnamed(Class::Read, Answer::Deny));
    }
}
