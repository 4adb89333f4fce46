//! `dispatch`: tools that call any other tool or endpoint.

use crate::classify::draft::{Draft, FIRM, resting_on};
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, Function, GroupRole, VerbRole};
use crate::risk::{Class, Span};
use crate::words::Break;

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let calls = |verb: u16| {
        let roles = &draft.row(verb).roles;
        roles.contains(VerbRole::Calls) || roles.contains(VerbRole::Runs)
    };
    // `Forwards a call to another tool`: what it is handed to is called.
    let passed = r.text.first.iter().find(|s| {
        draft.has_role(Some(s.verb), VerbRole::Sends)
            && (s.at + 1..r.text_words.len().min(s.at + 6))
                .any(|i| r.text_words.word(i) == "to" && is_named(draft, r.text_words, i))
    });
    let begins = |text: &Text, at: usize| text.base(r.lexicon, at).is_some_and(|(verb, _)| calls(verb));
    // `call_tool_read`: a verb at the end is that of the tools that it calls.
    let first = Some(r.name.prefix).filter(|at| begins(r.words, *at));
    let named = r.name.stated.iter().filter(|s| calls(s.verb)).map(|s| s.at).chain(first);
    if let Some(at) = named.into_iter().find(|at| is_named(draft, r.words, *at)) {
        let (place, span) = (Place::Name, r.words.span(at));
        draft.claim(resting_on(
            RuleFamily::Dispatch,
            "dispatch.tool",
            place,
            span,
            &r.tool.name,
            Class::Destructive,
            0.8,
        ));
        return;
    }
    // `Call any service of the home`: a word that mostly leads to the verb is the verb here.
    let any = (0..r.text_words.len().min(4)).find(|at| begins(r.text_words, *at) && r.text_words.word(at + 1) == "any");
    let said = r.text.first.iter().filter(|s| calls(s.verb)).map(|s| s.at).chain(any);
    let said = said.into_iter().find(|at| is_named(draft, r.text_words, *at));
    if let Some(span) = said.map(|at| r.text_words.span(at)).or(passed.map(|s| s.span)) {
        let (place, text) = (Place::Description, r.description);
        draft.claim(resting_on(RuleFamily::Dispatch, "dispatch.tool", place, span, text, Class::Destructive, 0.8));
        return;
    }
    let calls_something = r.name.stated.iter().chain(&r.text.first).any(|s| calls(s.verb));
    let gets = draft.claims.iter().any(|c| draft.has_role(c.verb, VerbRole::Gets));
    let open = draft.stated().is_none_or(|c| c == Class::Read) && !gets;
    let hands_on = r.schema.effect(ArgumentEffect::Passed).is_some();
    if let Some(seen) = r.schema.effect(ArgumentEffect::Dispatch)
        && (calls_something || open || (hands_on && !gets))
    {
        let row = &r.lexicon.signals().argument[seen.rule as usize];
        // `tool` names one that is called where its arguments are given too, and the name says nothing else.
        let doubtful = row.unless_described.iter().any(|name| seen.name.eq_ignore_ascii_case(name));
        // `name` may be that of anything: the tool must be called after nothing but the call, as `invoke` is, or after what
        // the argument names, as `run_skill` of a `skill`.
        let mut argument = Text::default();
        argument.identifier(r.lexicon, &seen.name);
        let same = |word: &str| {
            let stem = word.trim_end_matches('s');
            !matches!(stem, "name" | "id") && argument.iter().any(|own| own.trim_end_matches('s') == stem)
        };
        let bare = r.words.len() <= r.name.prefix + 1
            || r.name.stated.iter().any(|s| s.at + 1 == r.words.len() && calls(s.verb))
            || (r.name.stated.iter().all(|s| calls(s.verb)) && r.words.iter().last().is_some_and(same));
        let is_one = if row.weight < FIRM {
            calls_something && bare
        } else {
            calls_something || r.words.len() <= r.name.prefix + 2
        };
        if !doubtful || (hands_on && is_one) {
            let (place, span) = (Place::Pointer(seen.pointer.clone()), Span { start: 0, end: seen.name.len() });
            let weight = row.weight.max(0.8);
            let class = Class::Destructive;
            draft.claim(resting_on(RuleFamily::Dispatch, &row.id, place, span, &seen.name, class, weight));
            return;
        }
    }
    // `rpc` of a `method` and `params`: nothing else says what it does.
    let silent = draft.stated().is_none();
    let handed = r.name.stated.iter().chain(&r.text.first).any(|s| calls(s.verb) && s.class > Class::Read);
    if let Some((pointer, name)) = &r.schema.free_call
        && hands_on
        && !gets
        && (silent || handed)
    {
        let (place, span) = (Place::Pointer(pointer.clone()), Span { start: 0, end: name.len() });
        draft.claim(resting_on(RuleFamily::Dispatch, "dispatch.tool", place, span, name, Class::Destructive, 0.8));
    }
}

/// Whether the object of the verb at `at` is a tool or endpoint that is only named: `call_tool`, `execute any
/// other tool`, and not `run the linter tool`.
fn is_named(draft: &Draft<'_>, text: &Text, at: usize) -> bool {
    let lexicon = draft.lexicon;
    let dispatched = lexicon.index().role(GroupRole::Dispatched);
    // `Call any Home Assistant service`: whose it is stands between.
    if text.word(at + 1) == "any" {
        let ends = |i: &usize| text.before(*i) > Break::Space || text.is(*i, Function::Preposition);
        let end = (at + 3..text.len().min(at + 7)).find(ends).unwrap_or(text.len().min(at + 7));
        if text.is(end - 1, Function::Callable) {
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
                || text.is(next, Function::CalledHead);
            return ends;
        }
        // `invoke this tool`: the one that is described.
        if !text.is(i, Function::Any) || text.word(i) == "this" {
            return false;
        }
        i += 1;
    }
    false
}
