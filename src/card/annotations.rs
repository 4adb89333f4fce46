//! Declared hints beside the verdict, and what connector directories still ask for.

use serde::Serialize;

use super::Prose;
use crate::classify::{Hinted, Verdict};
use crate::manifest::{Hint, Tool};

/// One hint of the four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HintRow {
    /// The key in `annotations`.
    pub hint: &'static str,
    /// What the server declares; `None` is absent.
    pub declared: Option<bool>,
    /// What a client has to assume where it is absent.
    pub default: bool,
    /// What the verdict says; `None` where we do not judge.
    pub verdict: Option<bool>,
    /// Whether the declaration agrees with the verdict; `None` where one is missing.
    pub agrees: Option<bool>,
    /// The comparison in words, without a full stop.
    pub words: Prose,
}

/// All that a card says about annotations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnotationNotes {
    /// The four hints in the order of the specification.
    pub rows: Vec<HintRow>,
    /// What the declarations amount to.
    pub summary: Prose,
    /// Directory readiness.
    pub readiness: Readiness,
}

/// What the two large connector directories still ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Missing for Anthropic's directory: a title, and `readOnlyHint: true` or an explicit `destructiveHint`.
    pub anthropic: Vec<&'static str>,
    /// Missing for `OpenAI`'s portal: all three of `readOnlyHint`, `destructiveHint`, `openWorldHint` explicit.
    pub openai: Vec<&'static str>,
    /// The same in words.
    pub words: Prose,
}

/// Compares a tool's declarations with its verdict.
pub fn notes(tool: &Tool, verdict: &Verdict) -> AnnotationNotes {
    let rows: Vec<HintRow> = Hint::ALL.into_iter().map(|hint| row(hint, verdict.annotations.hint(hint))).collect();
    AnnotationNotes { summary: summary(tool, &rows), rows, readiness: readiness(tool) }
}

fn row(hint: Hint, hinted: Hinted) -> HintRow {
    let agrees = hinted.agrees();
    let mut words = Prose::new();
    match (hinted.declared, hinted.verdict, agrees) {
        (Some(_), _, Some(true)) => words.say("agrees"),
        (Some(_), Some(verdict), Some(false)) => words.say("disagrees: the verdict says ").code(verdict.to_string()),
        (None, Some(verdict), _) if verdict == hinted.default => {
            words.say("would be ").code(verdict.to_string()).say(", as the default")
        }
        (None, Some(verdict), _) => words.say("would be ").code(verdict.to_string()).say(", against the default"),
        _ => words.say("not judged"),
    };
    HintRow {
        hint: hint.key(),
        declared: hinted.declared,
        default: hinted.default,
        verdict: hinted.verdict,
        agrees,
        words,
    }
}

fn summary(tool: &Tool, rows: &[HintRow]) -> Prose {
    let mut prose = Prose::new();
    let declared: Vec<&str> = rows.iter().filter(|r| r.declared.is_some()).map(|r| r.hint).collect();
    let wrong: Vec<&str> = rows.iter().filter(|r| r.agrees == Some(false)).map(|r| r.hint).collect();
    let absent_against: Vec<&str> = rows
        .iter()
        .filter(|r| r.declared.is_none() && r.verdict.is_some_and(|v| v != r.default))
        .map(|r| r.hint)
        .collect();
    match (declared.len(), tool.annotations.present) {
        (0, false) => prose.say("The server declares no annotations."),
        (0, true) => prose.say("The server sends annotations, but none of the four hints."),
        (4, _) => prose.say("The server declares all four hints."),
        _ => prose.say("The server declares ").codes(&declared, 4, "and").say("."),
    };
    if !wrong.is_empty() {
        prose.say(" ").codes(&wrong, 4, "and").say(if wrong.len() == 1 {
            " is not what the definition shows."
        } else {
            " are not what the definition shows."
        });
    }
    if !absent_against.is_empty() {
        prose.say(" Where ").codes(&absent_against, 4, "and").say(if absent_against.len() == 1 {
            " is"
        } else {
            " are"
        });
        prose.say(" absent, a client that follows the specification has to assume the default, which the definition does not bear out.");
    }
    prose
}

/// What the two large directories still ask a tool for.
pub fn readiness(tool: &Tool) -> Readiness {
    let a = &tool.annotations;
    let titled = [&tool.title, &a.title].into_iter().flatten().any(|t| !t.trim().is_empty());
    let mut anthropic = Vec::new();
    if !titled {
        anthropic.push("title");
    }
    if a.read_only != Some(true) && a.destructive.is_none() {
        anthropic.push("destructiveHint");
    }
    let openai: Vec<&'static str> = [Hint::ReadOnly, Hint::Destructive, Hint::OpenWorld]
        .into_iter()
        .filter(|h| a.declared(*h).is_none())
        .map(Hint::key)
        .collect();
    let mut words = Prose::new();
    let ask = |words: &mut Prose, missing: &[&'static str]| {
        if missing.contains(&"title") {
            words.say("a title");
            if missing.len() > 1 {
                words.say(" and ").code("readOnlyHint: true").say(" or an explicit ").code("destructiveHint");
            }
        } else {
            words.code("readOnlyHint: true").say(" or an explicit ").code("destructiveHint");
        }
    };
    match (anthropic.is_empty(), openai.is_empty()) {
        (true, true) => {
            words.say("Ready for both directories: what Anthropic's and OpenAI's ask for is written down.");
        }
        (true, false) => {
            words
                .say("Ready for Anthropic's directory; OpenAI's also asks for an explicit ")
                .codes(&openai, 3, "and")
                .say(".");
        }
        (false, true) => {
            words.say("Ready for OpenAI's directory; Anthropic's also asks for ");
            ask(&mut words, &anthropic);
            words.say(".");
        }
        (false, false) => {
            words.say("Not ready for either directory: Anthropic's asks for ");
            ask(&mut words, &anthropic);
            words.say(", OpenAI's for an explicit ").codes(&openai, 3, "and").say(".");
        }
    }
    Readiness { anthropic, openai, words }
}
