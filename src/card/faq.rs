//! Questions that a reader asks of one tool. Every document in an answer is a `Policy` value, and
//! what the answer says of it is what `decide()` returns.

use serde::Serialize;
use serde_json::{Value, json};

use super::policy::ordinal;
use super::slot::{CodeText, OwnWord};
use super::view::{ProfileDocument, View};
use super::{Prose, Role, sentences};
use crate::policy::{
    self, Answer, Clause, Condition, Entry, Limit, Outcome, Path, Policy, Rule, Selected, Test, Window,
};
use crate::risk::{Class, Facet};

/// One piece of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// Sentences.
    Paragraph {
        /// The sentences.
        prose: Prose,
    },
    /// A whole document: print it with `Policy::to_json`.
    Policy {
        /// The document.
        policy: Policy,
    },
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Stable id, an anchor on the page.
    pub id: &'static str,
    /// The question, with its question mark.
    pub question: Prose,
    /// Paragraphs and documents in the order in which the page shows them.
    pub answer: Vec<Block>,
}

impl Question {
    fn new(id: &'static str, question: Prose) -> Self {
        Self { id, question, answer: Vec::new() }
    }

    fn say(mut self, prose: Prose) -> Self {
        if !prose.is_empty() {
            self.answer.push(Block::Paragraph { prose });
        }
        self
    }

    fn show(mut self, policy: Policy) -> Self {
        self.answer.push(Block::Policy { policy });
        self
    }
}

/// The questions that this tool raises and neither the lead nor the policy's sentence answers.
pub(crate) fn questions(view: &View<'_>, document: &ProfileDocument) -> Vec<Question> {
    let outcome = document.claims.outcome();
    let asked = [allow(view, document, outcome), per_call(view, document, outcome), later(document, outcome)];
    asked.into_iter().flatten().collect()
}

fn limited(name: &str, max: u64) -> Entry {
    Entry { limits: vec![Limit { counter: format!("{name}_rate"), window: Window::Minute, max }], ..Entry::default() }
}

fn document_of(view: &View<'_>, entry: Entry) -> Policy {
    policy::tool_document(&view.tool.name, &Rule::Entry(entry))
}

/// How to let through what the recommendation stops.
fn allow(view: &View<'_>, document: &ProfileDocument, outcome: Outcome) -> Option<Question> {
    let rate_limits = view.context.rate_limits;
    let name = &view.tool.name;
    match outcome {
        // No document is to offer these.
        Outcome::Hidden | Outcome::Denied if policy::is_no_agents(view.verdict) => None,
        Outcome::Hidden | Outcome::Denied => {
            let next = rate_limits.destructive.checked_add(1)?;
            let open = document_of(view, limited(name, rate_limits.destructive));
            let answers = |nth| policy::decide(&open, name, &Value::Null, nth).answer;
            if (answers(1), answers(next)) != (Answer::Allow, Answer::Deny) {
                return None;
            }
            let answer = if outcome == Outcome::Hidden {
                sentences::unhide(CodeText("hide"), CodeText("tools"), OwnWord(ordinal(next).into()))
            } else {
                sentences::undeny(CodeText("deny_if"), OwnWord(ordinal(next).into()))
            };
            let question = Question::new("allow", sentences::ask_allow(CodeText(name)));
            Some(question.say(sentences::account().then(answer)).show(open))
        }
        Outcome::Narrowed => {
            let (argument, value, wider) = widened(view, document)?;
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            // `true` alone says nothing.
            let asked = if value.is_boolean() { &argument } else { &shown };
            let question = Question::new("allow", sentences::ask_allow(CodeText(asked)));
            Some(question.say(sentences::add_value(CodeText(&shown), CodeText(&argument))).show(wider))
        }
        Outcome::Allowed | Outcome::Limited => None,
    }
}

/// The document with one more value of an argument, the first that it denies.
fn widened(view: &View<'_>, document: &ProfileDocument) -> Option<(String, Value, Policy)> {
    let name = &view.tool.name;
    let mut wider = document.policy.tools.get(name.as_str())?.clone();
    let (argument, value) = wider.deny_if.iter_mut().find_map(|clause| {
        let (path, next, message) = clause.conditions.iter_mut().find_map(|condition| {
            let Test::NotIn(kept) = &mut condition.test else { return None };
            let path = condition.path.as_str().strip_prefix(Path::ROOT)?.to_owned();
            let denied = document.claims.selected.iter().find(|s| s.argument == path)?;
            let (next, _) = denied.values.iter().find(|(_, d)| d.answer != Answer::Allow)?;
            kept.push(next.clone());
            let message = policy::narrowed_message(&path, kept);
            Some((path, next.clone(), message))
        })?;
        // An agent that is denied reads which values are left.
        clause.on_deny = Some(message);
        Some((path, next))
    })?;
    let wider = document_of(view, wider);
    let passes = policy::decide(&wider, name, &json!({ argument.as_str(): value.clone() }), 1).answer == Answer::Allow;
    passes.then_some((argument, value, wider))
}

/// Whether the number of objects in one call can be limited.
fn per_call(view: &View<'_>, document: &ProfileDocument, outcome: Outcome) -> Option<Question> {
    let name = &view.tool.name;
    let ids = view.arguments().iter().find(|a| a.role == Some(Role::Ids));
    if view.class() == Class::Read || (ids.is_none() && !view.verdict.facets.has(Facet::Bulk)) {
        return None;
    }
    let question = Question::new("per-call", sentences::ask_per_call(CodeText(name)));
    let Some(ids) = ids else { return Some(question.say(sentences::no_count())) };
    let no = sentences::no_count_of(CodeText(ids.name));
    if ids.required || !matches!(outcome, Outcome::Allowed | Outcome::Limited) {
        return Some(question.say(no));
    }
    let mut stricter = document.policy.tools.get(name.as_str())?.clone();
    stricter.deny_if.push(Clause {
        conditions: vec![Condition { path: Path::of_argument(ids.name)?, test: Test::Exists(true) }],
        on_deny: Some("One at a time: lists are switched off.".to_owned()),
    });
    let stricter = document_of(view, stricter);
    let denied = policy::decide(&stricter, name, &json!({ ids.name: ["a"] }), 1).answer == Answer::Deny;
    let passes = policy::decide(&stricter, name, &json!({}), 1).answer == Answer::Allow;
    if !(denied && passes) {
        return Some(question.say(no));
    }
    Some(question.say(no.then(sentences::without_list(CodeText(ids.name)))).show(stricter))
}

/// What happens to a value that a later version adds, where the document looks at values.
fn later(document: &ProfileDocument, outcome: Outcome) -> Option<Question> {
    // A switch has two values and gets no more.
    let is_switch = |s: &Selected| s.values.iter().all(|(value, _)| value.is_boolean());
    let selected = document.claims.selected.iter().find(|s| s.unknown.answer != Answer::Allow && !is_switch(s))?;
    (outcome == Outcome::Narrowed).then(|| {
        Question::new("later-version", sentences::ask_later(CodeText(&selected.argument)))
            .say(sentences::later_denied(CodeText(&selected.unknown.rule)))
    })
}
