//! Why a tool of its class deserves more care.

use serde_json::Value;

use super::draft::{Claim, Draft};
use super::name::names_many;
use super::phrases::{is_about_others, is_behind, is_denied, is_needed};
use super::stated::Object;
use super::types::{Action, Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, FacetFor, GroupRole, GroupSet, VerbRole};
use crate::manifest::schema::{SchemaType, walk};
use crate::risk::{Class, Facet, Facets, Span};

/// The facets of a tool of `class`.
pub(super) fn facets(draft: &mut Draft<'_>, class: Class, actions: &[Action]) -> Facets {
    let mut out = Facets::NONE;
    carried(draft, class, &mut out);
    for action in actions {
        out = out.union(action.facets);
    }
    // What ends with the session acts not by itself.
    let r = draft.r;
    let index = r.lexicon.index();
    let object = r.name.object.any | r.text.object.any;
    if object & index.role(GroupRole::Recording) != 0 && object & index.role(GroupRole::Process) == 0 {
        out.remove(Facet::StartsProcess);
    }
    groups(draft, class, &mut out);
    permits(draft, class, &mut out);
    told(draft, class, &mut out);
    bulk(draft, class, actions, &mut out);
    secrets(draft, &mut out);
    if class == Class::Read {
        for facet in [Facet::StartsProcess, Facet::MovesMoney, Facet::SendsOut, Facet::Permissions, Facet::Bulk] {
            out.remove(facet);
        }
    }
    out
}

/// What the claims carry, alone or with their object.
fn carried(draft: &mut Draft<'_>, class: Class, out: &mut Facets) {
    let named = draft.claims.iter().any(|c| c.rule == RuleFamily::Name && c.counts() && c.class > Class::Read);
    let name_verbs: Vec<u16> =
        draft.claims.iter().filter(|c| c.rule == RuleFamily::Name).filter_map(|c| c.verb).collect();
    // The same verb with its object in the sentence says it more exactly.
    let told: Vec<u16> = draft
        .claims
        .iter()
        .filter(|c| c.rule == RuleFamily::FirstSentence && c.by_object)
        .filter_map(|c| c.verb)
        .collect();
    // What runs a program or calls a tool is told by that; it starts nothing besides.
    let runs =
        draft.claims.iter().any(|c| c.counts() && (c.facets.has(Facet::RunsCode) || c.rule == RuleFamily::Dispatch));
    let gives = |c: &Claim| {
        if c.lifted || c.facets.is_empty() || (c.class == Class::Read && c.rule != RuleFamily::Program) {
            return false;
        }
        let verb_in = |list: &[u16]| c.verb.is_some_and(|v| list.contains(&v));
        match c.rule {
            RuleFamily::Title if verb_in(&name_verbs) => false,
            RuleFamily::Name => class > Class::Read && (!verb_in(&told) || c.by_object),
            RuleFamily::FirstSentence => class > Class::Read && (!named || verb_in(&name_verbs) || c.by_object),
            _ => true,
        }
    };
    let noted: Vec<(usize, Facets)> = draft
        .claims
        .iter()
        .enumerate()
        .filter(|(_, c)| gives(c))
        .map(|(i, c)| {
            let mut facets = c.facets;
            let aside = matches!(c.rule, RuleFamily::LaterSentence | RuleFamily::Switch);
            if ((c.open || aside) && runs) || (c.open && class == Class::Destructive) {
                facets.remove(Facet::StartsProcess);
            }
            (i, facets)
        })
        .collect();
    for (claim, facets) in noted {
        for facet in facets.iter() {
            draft.facet_of(claim, facet);
            out.add(facet);
        }
    }
}

/// Facets of the things that a call acts on.
fn groups(draft: &mut Draft<'_>, class: Class, out: &mut Facets) {
    let r = draft.r;
    let lexicon = r.lexicon;
    let object: Object = r.name.object.union(r.text.object);
    let runs =
        draft.claims.iter().any(|c| c.counts() && (c.facets.has(Facet::RunsCode) || c.rule == RuleFamily::Dispatch));
    let starts = draft.claims.iter().any(|c| !c.lifted && c.facets.has(Facet::StartsProcess) && !(c.open && runs));
    let mints = draft.claims.iter().any(|c| !c.lifted && draft.has_role(c.verb, VerbRole::Mints));
    let says = draft.claims.iter().any(|c| !c.lifted && c.verb.is_some() && c.class > Class::Read);
    let public = lexicon.index().role(GroupRole::Public);
    for (group, i) in lexicon.signals().group.iter().zip(0..) {
        let (Some(facet), Some(of)) = (group.facet, group.facet_for) else { continue };
        let bit: GroupSet = 1 << i;
        let seen = if group.head { object.head } else { object.any | object.target };
        if seen & bit == 0 || (facet == Facet::ReadsSecrets && object.any & public != 0) {
            continue;
        }
        let applies = match of {
            FacetFor::Change => class > Class::Read,
            FacetFor::Read => {
                let reads = class == Class::Read && !r.name.stated.iter().any(|d| d.class > Class::Read);
                reads || (class == Class::Write && mints)
            }
            FacetFor::Say => class == Class::Write && says && r.name.worst().is_none_or(|d| d.class == Class::Write),
            FacetFor::Start => class > Class::Read && starts,
        };
        if !applies {
            continue;
        }
        let (place, text, words) = if (r.name.object.any | r.name.object.target) & bit != 0 {
            (Place::Name, r.tool.name.as_str(), r.words)
        } else {
            (Place::Description, r.description, r.text_words)
        };
        let span = (0..words.len()).find_map(|at| {
            if words.entry(at).groups & bit != 0 {
                return Some(words.span(at));
            }
            let pair = at > 0 && lexicon.index().pair(words.word(at - 1), words.word(at)) & bit != 0;
            pair.then(|| Span { start: words.span(at - 1).start, end: words.span(at).end })
        });
        if let Some(span) = span {
            draft.facet(RuleFamily::Thing, format!("object.{}", group.id), place, text, span, facet, 0.7);
            out.add(facet);
        }
    }
}

/// An argument with which it is chosen who may do what.
fn permits(draft: &mut Draft<'_>, class: Class, out: &mut Facets) {
    let r = draft.r;
    if class == Class::Read {
        return;
    }
    if let Some(seen) = r.schema.effect(ArgumentEffect::Permits) {
        let row = &r.lexicon.signals().argument[seen.rule as usize];
        let span = Span { start: 0, end: seen.name.len() };
        let place = Place::Pointer(seen.pointer.clone());
        draft.facet(RuleFamily::Thing, row.id.clone(), place, &seen.name, span, Facet::Permissions, row.weight);
        out.add(Facet::Permissions);
    }
}

/// What phrases say besides: it goes on in the background; the public can read it.
fn told(draft: &mut Draft<'_>, class: Class, out: &mut Facets) {
    let r = draft.r;
    if class == Class::Read {
        return;
    }
    let publishes = draft.claims.iter().any(|c| !c.lifted && draft.has_role(c.verb, VerbRole::Publishes));
    for &(i, start, end) in r.phrases {
        let row = &r.lexicon.signals().phrase[i as usize];
        let facet = match row.facet {
            Some(Facet::SendsOut) if publishes => Facet::SendsOut,
            Some(Facet::StartsProcess) => Facet::StartsProcess,
            _ => continue,
        };
        if !is_denied(r, start) && !is_about_others(r, start) {
            let span = Span { start, end };
            draft.facet(RuleFamily::Phrase, row.id.clone(), Place::Description, r.description, span, facet, row.weight);
            out.add(facet);
        }
    }
}

/// One call acts on many things: the name says so, or it takes a list of what its name has in the plural.
fn bulk(draft: &mut Draft<'_>, class: Class, actions: &[Action], out: &mut Facets) {
    let r = draft.r;
    let lexicon = r.lexicon;
    if class == Class::Read {
        return;
    }
    // Those that count stand in the order in which they were seen.
    let mut counted = actions.iter().peekable();
    for seen in &r.schema.actions {
        if counted.next_if(|a| a.argument == seen.action.argument && a.value == seen.action.value).is_some()
            && seen.many
        {
            let value = &seen.action.value;
            let span = Span { start: 0, end: value.len() };
            let id = "modifier.bulk".to_owned();
            draft.facet(RuleFamily::Value, id, seen.place.clone(), value, span, Facet::Bulk, 0.7);
            out.add(Facet::Bulk);
        }
    }
    let changes = r.name.stated.first().is_none_or(|s| s.class > Class::Read);
    for (rule, at, count) in r.name.modifiers.iter().filter(|_| changes) {
        let row = &lexicon.signals().modifier[*rule as usize];
        if row.facet == Some(Facet::Bulk) {
            let span = Span { start: r.words.span(*at).start, end: r.words.span(at + count - 1).end };
            draft.facet(RuleFamily::Name, row.id.clone(), Place::Name, &r.tool.name, span, Facet::Bulk, row.weight);
            out.add(Facet::Bulk);
        }
    }
    let fetches =
        r.name.stated.first().is_some_and(|d| lexicon.verbs()[d.verb as usize].roles.contains(VerbRole::Fetches));
    let many = |(i, (_, name, objects)): &(usize, &(String, String, bool))| {
        names_many(r.words, r.name, name, *objects && *i == 0)
            // `move_browser` of `userIds`: "Moves browsers".
            || (r.text.object.plural && name.to_ascii_lowercase().ends_with("ids"))
    };
    if let Some((_, (pointer, name, _))) = r.schema.many.iter().enumerate().find(many)
        && !fetches
    {
        let span = Span { start: 0, end: name.len() };
        let place = Place::Pointer(pointer.clone());
        draft.facet(RuleFamily::Thing, "argument.list".to_owned(), place, name, span, Facet::Bulk, 0.7);
        out.add(Facet::Bulk);
    }
    // `delete_documents`: several things go in one call.
    if let Some(head) =
        r.name.stated.first().filter(|h| {
            h.class == Class::Destructive && !h.facets.has(Facet::RunsCode) && !h.facets.has(Facet::MovesMoney)
        })
        && r.name.object.plural
        && r.words.plural(r.words.len() - 1)
        && r.words.len() > head.at + 1
    {
        let span = r.words.span(r.words.len() - 1);
        let id = "modifier.bulk".to_owned();
        draft.facet(RuleFamily::Name, id, Place::Name, &r.tool.name, span, Facet::Bulk, 0.6);
        out.add(Facet::Bulk);
    }
    // `Loads all default prompts`: the verb is done to all of them.
    if let Some(head) = r.text.first.first().filter(|h| h.class > Class::Read)
        && matches!(r.text_words.word(head.at + 1), "all" | "every")
    {
        let span = r.text_words.span(head.at + 1);
        let id = "modifier.bulk".to_owned();
        draft.facet(RuleFamily::FirstSentence, id, Place::Description, r.description, span, Facet::Bulk, 0.6);
        out.add(Facet::Bulk);
    }
    let said = r.text_words.len().min(r.text.until).checked_sub(1).map_or(0, |i| r.text_words.span(i).end);
    let firm = r.text.first.first().is_some_and(|d| d.weight >= 0.62);
    for &(i, start, end) in r.phrases.iter().filter(|(_, _, end)| *end <= said) {
        let row = &lexicon.signals().phrase[i as usize];
        // `One or multiple files`: it may be one.
        let maybe = is_behind(r.description, start, "or ");
        if row.facet == Some(Facet::Bulk) && !fetches && firm && !maybe {
            let span = Span { start, end };
            let place = Place::Description;
            draft.facet(RuleFamily::Phrase, row.id.clone(), place, r.description, span, Facet::Bulk, row.weight);
            out.add(Facet::Bulk);
        }
    }
}

/// A secret that the description names, or a field of the answer that is called one.
fn secrets(draft: &mut Draft<'_>, out: &mut Facets) {
    let r = draft.r;
    let facet = Facet::ReadsSecrets;
    for &(i, start, end) in r.phrases {
        let row = &r.lexicon.signals().phrase[i as usize];
        if row.facet == Some(facet) && !is_denied(r, start) && !is_about_others(r, start) && !is_needed(r, start) {
            let span = Span { start, end };
            draft.facet(RuleFamily::Phrase, row.id.clone(), Place::Description, r.description, span, facet, row.weight);
            out.add(facet);
        }
    }
    if let Some((pointer, name)) = secret_field(r.tool.output_schema.as_ref()) {
        let span = Span { start: 0, end: name.len() };
        draft.facet(RuleFamily::Thing, "answer.secret".to_owned(), Place::Pointer(pointer), &name, span, facet, 0.7);
        out.add(facet);
    }
}

/// Whether a field of an answer is named like a secret.
fn is_secret(name: &str) -> bool {
    const ENDS: [&str; 8] = [
        "password",
        "_secret",
        "secretvalue",
        "private_key",
        "privatekey",
        "accesstoken",
        "access_token",
        "clientsecret",
    ];
    let ends = |end: &&str| {
        let tail = name.len().checked_sub(end.len()).and_then(|i| name.get(i..));
        tail.is_some_and(|t| t.eq_ignore_ascii_case(end))
    };
    // Their last letters: most names end with another one.
    name.len() >= "secret".len()
        && matches!(name.as_bytes()[name.len() - 1] | 0x20, b'd' | b't' | b'e' | b'y' | b'n')
        && (name.eq_ignore_ascii_case("secret") || ENDS.iter().any(ends))
}

/// Whether a key anywhere in a schema is named like a secret.
fn has_secret_key(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| is_secret(key) || has_secret_key(value)),
        Value::Array(list) => list.iter().any(has_secret_key),
        _ => false,
    }
}

/// The first property of an output schema that is named like a secret: its pointer and name.
fn secret_field(schema: Option<&Value>) -> Option<(String, String)> {
    // Few schemas have one: the others are not walked.
    let schema = schema.filter(|schema| has_secret_key(schema))?;
    let mut found = None;
    walk(schema, "/outputSchema", &mut |node| {
        let is_first = found.is_none() && node.depth > 0 && node.keys.is_type(SchemaType::String);
        if is_first && is_secret(node.name) && node.pointer.ends_with(node.name) {
            found = Some((node.pointer.to_owned(), node.name.to_owned()));
        }
    });
    found
}
