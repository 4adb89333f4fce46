//! Why a tool of its class deserves more care.

use super::clause::is_denied;
use super::decide::{Ledger, Readings};
use super::deed::{Deed, Object};
use super::name::names_many;
use super::types::{Action, Class, Facet, Facets, Place, Span, SpeaksFor};
use crate::lexicon::{FacetFor, GroupSet, Lexicon};
use crate::manifest::schema::walk;

/// The facets of a tool of `class`.
pub(super) fn facets(
    lexicon: &Lexicon,
    r: &Readings<'_>,
    class: Class,
    head: Option<Deed>,
    actions: &[Action],
    ledger: &mut Ledger<'_>,
) -> Facets {
    let mut out = Facets::NONE;
    for e in &ledger.list {
        if let SpeaksFor::Facet(f) = e.speaks_for {
            out.add(f);
        }
    }
    // What the deciding verbs carry, alone or with their object.
    let mut noted: Vec<(String, Place, Span, Facet, f32)> = Vec::new();
    let mut carried = |deed: &Deed, place: Place| {
        for facet in deed.facets.iter() {
            noted.push((
                format!("verb.{}", lexicon.verbs()[deed.verb as usize].lemma),
                place.clone(),
                deed.span,
                facet,
                deed.weight,
            ));
        }
    };
    if class > Class::Read {
        for deed in &r.name.deeds {
            // The same verb with its object in the sentence says it more exactly.
            let told = r.text.deeds.iter().any(|d| d.verb == deed.verb && d.by_object);
            if deed.class > Class::Read && !deed.undoes && !told {
                carried(deed, Place::Name);
            }
        }
        let named = r.name.deeds.iter().any(|d| d.class > Class::Read && d.weight >= 0.8);
        for deed in &r.text.deeds {
            let same = r.name.deeds.iter().any(|d| d.verb == deed.verb);
            if deed.class > Class::Read && (!named || same || deed.by_object) {
                carried(deed, Place::Description);
            }
        }
    }
    for (rule, place, span, facet, weight) in noted {
        let text = if place == Place::Name { &r.tool.name } else { r.description };
        ledger.note(rule, place, text, span, SpeaksFor::Facet(facet), weight);
        out.add(facet);
    }
    for action in actions {
        out = out.union(action.facets);
    }
    // What ends with the session acts not by itself.
    let object = r.name.object.any | r.text.object.any;
    if object & lexicon.index().group("recording") != 0 && object & lexicon.index().group("process") == 0 {
        out.remove(Facet::StartsProcess);
    }
    groups(lexicon, r, class, head, ledger, &mut out);
    bulk(lexicon, r, class, actions, ledger, &mut out);
    secrets(lexicon, r, ledger, &mut out);
    if class == Class::Read {
        for facet in [Facet::StartsProcess, Facet::MovesMoney, Facet::SendsOut, Facet::Permissions, Facet::Bulk] {
            out.remove(facet);
        }
    }
    out
}

/// Facets of the things that the deed is done to.
fn groups(
    lexicon: &Lexicon,
    r: &Readings<'_>,
    class: Class,
    head: Option<Deed>,
    ledger: &mut Ledger<'_>,
    out: &mut Facets,
) {
    let object: Object = r.name.object.union(r.text.object);
    let starts = head.is_some_and(|d| d.facets.has(Facet::StartsProcess))
        || r.text.deeds.iter().any(|d| d.facets.has(Facet::StartsProcess));
    for (group, i) in lexicon.signals().group.iter().zip(0..) {
        let (Some(facet), Some(of)) = (group.facet, group.facet_for) else { continue };
        let bit: GroupSet = 1 << i;
        let seen = if group.head { object.head } else { object.any | object.target };
        if seen & bit == 0 || (facet == Facet::ReadsSecrets && object.any & lexicon.index().group("public") != 0) {
            continue;
        }
        let applies = match of {
            FacetFor::Change => class > Class::Read,
            FacetFor::Read => class == Class::Read && !r.name.deeds.iter().any(|d| d.class > Class::Read),
            FacetFor::Say => class == Class::Write && r.name.worst().is_none_or(|d| d.class == Class::Write),
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
            let word = words.text(at);
            if lexicon.index().word(word).groups & bit != 0 {
                return Some(words.span(at));
            }
            if at > 0 && lexicon.index().pair(words.text(at - 1), word) & bit != 0 {
                return Some(Span { start: words.span(at - 1).start, end: words.span(at).end });
            }
            None
        });
        if let Some(span) = span {
            ledger.note(format!("object.{}", group.id), place, text, span, SpeaksFor::Facet(facet), 0.7);
            out.add(facet);
        }
    }
}

/// One call acts on many things: the name says so, or it takes a list of what its name has in the plural.
fn bulk(
    lexicon: &Lexicon,
    r: &Readings<'_>,
    class: Class,
    actions: &[Action],
    ledger: &mut Ledger<'_>,
    out: &mut Facets,
) {
    if class == Class::Read {
        return;
    }
    for seen in &r.schema.actions {
        if seen.many && actions.contains(&seen.action) {
            let Place::Pointer(pointer) = &seen.place else { continue };
            let value = &seen.action.value;
            let span = Span { start: 0, end: value.len() };
            ledger.note(
                "modifier.bulk".to_owned(),
                Place::Pointer(pointer.clone()),
                value,
                span,
                SpeaksFor::Facet(Facet::Bulk),
                0.7,
            );
            out.add(Facet::Bulk);
        }
    }
    for (rule, at, count) in &r.name.modifiers {
        let row = &lexicon.signals().modifier[*rule as usize];
        if row.facet == Some(Facet::Bulk) {
            let span = Span { start: r.words.span(*at).start, end: r.words.span(at + count - 1).end };
            ledger.note(row.id.clone(), Place::Name, &r.tool.name, span, SpeaksFor::Facet(Facet::Bulk), row.weight);
            out.add(Facet::Bulk);
        }
    }
    let fetches =
        r.name.deeds.first().is_some_and(|d| {
            matches!(lexicon.verbs()[d.verb as usize].lemma.as_str(), "download" | "export" | "generate")
        });
    if let Some((pointer, name, objects)) = &r.schema.many
        && !fetches
        && names_many(r.words, r.name, name, *objects)
    {
        let span = Span { start: 0, end: name.len() };
        let place = Place::Pointer(pointer.clone());
        ledger.note("argument.list".to_owned(), place, name, span, SpeaksFor::Facet(Facet::Bulk), 0.7);
        out.add(Facet::Bulk);
    }
    let said = r.text_words.len().min(r.text.until).checked_sub(1).map_or(0, |i| r.text_words.span(i).end);
    let firm = r.text.deeds.first().is_some_and(|d| d.weight >= 0.62);
    for &(i, start, end) in r.phrases.iter().filter(|(_, _, end)| *end <= said) {
        let row = &lexicon.signals().phrase[i as usize];
        if row.facet == Some(Facet::Bulk) && !fetches && firm {
            let span = Span { start, end };
            let speaks = SpeaksFor::Facet(Facet::Bulk);
            ledger.note(row.id.clone(), Place::Description, r.description, span, speaks, row.weight);
            out.add(Facet::Bulk);
        }
    }
}

/// A secret that the description names, or a field of the answer that is called one.
fn secrets(lexicon: &Lexicon, r: &Readings<'_>, ledger: &mut Ledger<'_>, out: &mut Facets) {
    let speaks = SpeaksFor::Facet(Facet::ReadsSecrets);
    for &(i, start, end) in r.phrases {
        let row = &lexicon.signals().phrase[i as usize];
        if row.facet == Some(Facet::ReadsSecrets) && !is_denied(r.description, start) {
            ledger.note(row.id.clone(), Place::Description, r.description, Span { start, end }, speaks, row.weight);
            out.add(Facet::ReadsSecrets);
        }
    }
    if let Some((pointer, name)) = secret_field(r.tool.output_schema.as_ref()) {
        let span = Span { start: 0, end: name.len() };
        ledger.note("answer.secret".to_owned(), Place::Pointer(pointer), &name, span, speaks, 0.7);
        out.add(Facet::ReadsSecrets);
    }
}

/// The first property of an output schema that is named like a secret: its pointer and name.
fn secret_field(schema: Option<&serde_json::Value>) -> Option<(String, String)> {
    let mut found = None;
    walk(schema?, "/outputSchema", &mut |node| {
        if found.is_none() && node.depth > 0 && node.schema.get("type").is_some_and(|t| t == "string") {
            let name = node.name;
            let ends = |end: &str| {
                name.len()
                    .checked_sub(end.len())
                    .and_then(|i| name.get(i..))
                    .is_some_and(|t| t.eq_ignore_ascii_case(end))
            };

            let secret = name.eq_ignore_ascii_case("secret")
                || [
                    "password",
                    "_secret",
                    "secretvalue",
                    "private_key",
                    "privatekey",
                    "accesstoken",
                    "access_token",
                    "clientsecret",
                ]
                .into_iter()
                .any(ends);
            if secret && node.pointer.ends_with(&node.name) {
                found = Some((node.pointer.to_owned(), node.name.to_owned()));
            }
        }
    });
    found
}
