//! `dispatch`: tools that call any other tool or endpoint.

use crate::classify::draft::{Draft, resting_on};
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, Function, GroupRole, VerbRole};
use crate::risk::{Class, Facets, Span};
use crate::words::Break;

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let calls = |verb: u16| {
        let roles = &draft.row(verb).roles;
        roles.contains(&VerbRole::Calls) || roles.contains(&VerbRole::Runs)
    };
    // `Forwards a call to another tool`: what it is handed to is called.
    let passed = r.text.first.iter().find(|s| {
        draft.has_role(Some(s.verb), VerbRole::Sends)
            && (s.at + 1..r.text_words.len().min(s.at + 6))
                .any(|i| r.text_words.word(i) == "to" && is_named(draft, r.text_words, i))
    });
    let named = r.name.stated.iter().find(|s| calls(s.verb) && is_named(draft, r.words, s.at));
    if let Some(stated) = named.copied() {
        let text = &r.tool.name;
        draft.claim(resting_on(
            RuleFamily::Dispatch,
            "dispatch.tool",
            Place::Name,
            stated.span,
            text,
            Class::Destructive,
            0.8,
        ));
        return;
    }
    let said = r.text.first.iter().find(|s| calls(s.verb) && is_named(draft, r.text_words, s.at)).or(passed);
    if let Some(stated) = said.copied() {
        let place = Place::Description;
        let made = resting_on(
            RuleFamily::Dispatch,
            "dispatch.tool",
            place,
            stated.span,
            r.description,
            Class::Destructive,
            0.8,
        );
        draft.claim(made);
        return;
    }
    let calls_something = r.name.stated.iter().chain(&r.text.first).any(|s| calls(s.verb));
    let gets = draft.claims.iter().any(|c| draft.has_role(c.verb, VerbRole::Gets));
    let open = draft.stated().is_none_or(|c| c == Class::Read) && !gets;
    if let Some(seen) = r.schema.effect(ArgumentEffect::Dispatch)
        && (calls_something || open)
    {
        let row = &r.lexicon.signals().argument[seen.rule as usize];
        let span = Span { start: 0, end: seen.name.len() };
        let mut made = resting_on(
            RuleFamily::Dispatch,
            &row.id,
            Place::Pointer(seen.pointer.clone()),
            span,
            &seen.name,
            Class::Destructive,
            row.weight,
        );
        made.facets = Facets::NONE;
        draft.claim(made);
    }
}

/// Whether the object of the verb at `at` is a tool or endpoint that is only named: `call_tool`, `execute any
/// other tool`, and not `run the linter tool`.
fn is_named(draft: &Draft<'_>, text: &Text, at: usize) -> bool {
    let lexicon = draft.lexicon;
    let dispatched = lexicon.index().role(GroupRole::Dispatched);
    // `Call any Home Assistant service`: whose it is stands between.
    if text.word(at + 1) == "any"
        && let Some(i) =
            (at + 2..text.len().min(at + 6)).find(|i| text.before(*i) > Break::Space || *i + 1 == text.len())
    {
        let last = if text.before(i) > Break::Space { i - 1 } else { i };
        if matches!(text.word(last), "service" | "services" | "tool" | "endpoint" | "function" | "method") {
            return true;
        }
    }
    let mut i = at + 1;
    while i < text.len() && i < at + 5 && text.before(i) == Break::Space {
        if text.entry(i).groups & dispatched != 0
            || text.groups(lexicon, at + 1, i + 1) & dispatched & !text.entry(i + 1).groups != 0
        {
            // The tool is the object itself, not what describes it: `run tool tests`.
            let next = i + 1;
            let ends = next >= text.len()
                || text.before(next) > Break::Space
                || text.is(next, Function::Preposition)
                || text.is(next, Function::And)
                || text.entry(next).groups & dispatched != 0
                || matches!(
                    text.word(next),
                    "calls"
                        | "call"
                        | "method"
                        | "methods"
                        | "request"
                        | "requests"
                        | "read"
                        | "write"
                        | "destructive"
                        | "operation"
                );
            return ends;
        }
        if !text.is(i, Function::Any) {
            return false;
        }
        i += 1;
    }
    false
}
