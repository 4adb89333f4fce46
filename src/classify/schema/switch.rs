//! Booleans that state something for the worse: `delete_after`, `wipeVolumes`, `analyze: executes the statement`.

use serde_json::Value;

use super::{ArgumentText, SchemaReading, Scratch, SeenSwitch, SwitchArgument, is_boolean};
use crate::classify::sentence::{MAX_READ_BYTES, read_note};
use crate::classify::stated::{Stated, noun_phrase, object, object_and_target};
use crate::classify::text::Text;
use crate::classify::types::Place;
use crate::lexicon::{Form, Function, GroupRole, GroupSet, Lexicon, Noun, PhraseRole, VerbRole};
use crate::manifest::schema::{Keys, Node, SchemaType};
use crate::risk::{Class, Facet, Span};
use crate::words::Break;

/// From this weight on a verb in a switch's name needs no description beside it.
const CLEAR: f32 = 0.75;
/// The same of a verb that a boolean's description begins with.
const LEADING: f32 = 0.69;
/// From this weight on a description says that a value changes something.
const CERTAIN: f32 = 0.72;

pub(super) fn read(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    said: ArgumentText<'_>,
    scratch: &mut Scratch,
    out: &mut SchemaReading,
) {
    let (keys, name, text) = (node.keys, &scratch.name, &mut scratch.text);
    let boolean = is_one(keys, said.text);
    if boolean && keys.constant.is_some_and(|v| v == false) {
        return;
    }
    let inert = name.is(0, Function::Inert);
    let listed =
        !boolean && (keys.has_type(SchemaType::Array) || keys.has_type(SchemaType::String)) && keys.values.is_none();
    if !inert
        && (boolean || listed)
        && let Some(stated) = by_name(lexicon, name, boolean)
    {
        out.switches.push(SeenSwitch {
            stated,
            place: Place::Pointer(node.pointer.to_owned()),
            text: node.name.to_owned(),
            argument: argument(lexicon, node, said, text),
        });
        return;
    }
    let described = said.text;
    if !boolean {
        written(lexicon, node, said, &scratch.matches.phrases, out);
    }
    if described.is_empty() || (!boolean && !scratch.matches.dangerous) {
        return;
    }
    let milder = name.is(0, Function::Milder);
    let harmless = ["dry", "preview", "confirm"].iter().any(|word| name.iter().any(|w| w == *word));
    text.prose(lexicon, described, MAX_READ_BYTES);
    let filters = (0..text.len().min(2)).any(|i| text.is(i, Function::Filters));
    let stated = if filters {
        None
    } else {
        let number = if is_number(keys) { numbered(lexicon, text, described) } else { None };
        number.or_else(|| read_note(lexicon, text, described, boolean, !boolean && !node.in_array()))
    };
    if let Some(stated) = stated
        && (stated.facets.has(Facet::SendsOut)
            || (!boolean && stated.class == Class::Write && stated.weight >= CERTAIN)
            || (boolean
                && stated.class == Class::Write
                && (stated.weight >= 0.85 || (stated.weight >= LEADING && (is_told(lexicon, text, &stated) || (stated.at == 0 && text.word(1) == "the"))))
                && is_kept(lexicon, text, &stated))
            || (stated.class == Class::Destructive
                // `Replaces the entire block`: the old value of the argument itself.
                && (lexicon.verbs()[stated.verb as usize].class == Class::Destructive
                    || !stated.facets.is_empty()
                    || (boolean && stated.by_object))))
        && stated.weight >= 0.65
        // `dry_run: When false, duplicates are deleted`
        && (!harmless || is_done_off(text, stated.at) || text.iter().any(|w| matches!(w, "actually" | "really")))
    {
        let (place, span) = said.place(node.pointer, stated.span);
        let off = milder || is_done_off(text, stated.at);
        let argument = if off { None } else { argument(lexicon, node, said, text) };
        let text = if place == Place::Description { String::new() } else { described.to_owned() };
        out.switches.push(SeenSwitch {
            stated: Stated { weight: stated.weight.max(0.75), span, ..stated },
            place,
            text,
            argument,
        });
    }
}

/// What the values of an argument do that its branches explain: `{"const": 2, "title": "Removes the record"}`.
pub(super) fn explained(lexicon: &Lexicon, node: &Node<'_, '_>, text: &mut Text, out: &mut SchemaReading) {
    for (key, branches) in [("anyOf", node.keys.any_of), ("oneOf", node.keys.one_of)] {
        let branches = branches.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (i, branch) in branches.iter().enumerate() {
            let Value::Object(map) = branch else { continue };
            let is_value = map.iter().any(|(key, value)| {
                key == "const" || (key == "enum" && value.as_array().is_some_and(|list| list.len() == 1))
            });
            // `Delete the bucket`, with the arguments that it takes
            let is_form = !is_value && map.contains_key("properties");
            if !is_value && !is_form {
                continue;
            }
            for (name, said) in map.iter().filter(|(key, _)| matches!(key.as_str(), "title" | "description")) {
                let Some(said) = said.as_str() else { continue };
                text.prose(lexicon, said, MAX_READ_BYTES);
                let stated = read_note(lexicon, text, said, true, false);
                let least = if is_form { Class::Write } else { Class::Read };
                let certain =
                    |s: &Stated| s.class == Class::Destructive || (s.weight >= CERTAIN && is_kept(lexicon, text, s));
                if let Some(stated) = stated.filter(|s| s.class > least && s.weight >= 0.65 && certain(s)) {
                    out.switches.push(SeenSwitch {
                        stated: Stated { weight: stated.weight.max(0.75), ..stated },
                        place: Place::Pointer(format!("{}/{key}/{i}/{name}", node.pointer)),
                        text: said.to_owned(),
                        argument: None,
                    });
                }
            }
        }
    }
}

/// What is said of all further keys of an object: `New value to store in the field of the record`.
pub(super) fn others(lexicon: &Lexicon, node: &Node<'_, '_>, scratch: &mut Scratch, out: &mut SchemaReading) {
    let further = node.schema.get("additionalProperties").and_then(|schema| schema.get("description"));
    let Some(said) = further.and_then(Value::as_str) else { return };
    lexicon.index().search(said, &mut scratch.matches);
    if !scratch.matches.dangerous {
        return;
    }
    scratch.text.prose(lexicon, said, MAX_READ_BYTES);
    let stated = read_note(lexicon, &scratch.text, said, false, false);
    if let Some(stated) = stated.filter(|s| s.class > Class::Read && s.weight >= 0.65) {
        out.switches.push(SeenSwitch {
            stated: Stated { weight: stated.weight.max(0.75), ..stated },
            place: Place::Pointer(format!("{}/additionalProperties/description", node.pointer)),
            text: said.to_owned(),
            argument: None,
        });
    }
}

/// What an argument holds that is written somewhere: `Content to write to the note`.
fn written(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    said: ArgumentText<'_>,
    phrases: &[(u16, usize, usize)],
    out: &mut SchemaReading,
) {
    let is_written = |row: u16| lexicon.signals().phrase[row as usize].role == Some(PhraseRole::Written);
    let Some(&(_, start, end)) = phrases.iter().find(|(row, ..)| is_written(*row)) else { return };
    let Some((verb, _)) = lexicon.index().word("write").verb else { return };
    let (place, span) = said.place(node.pointer, Span { start, end });
    let text = if place == Place::Description { String::new() } else { said.text.to_owned() };
    let stated = Stated { class: Class::Write, weight: 0.7, span, ..Stated::bare(lexicon, verb) };
    out.switches.push(SeenSwitch { stated, place, text, argument: None });
}

/// Whether an argument is a number, or may be one.
fn is_number(keys: &Keys<'_>) -> bool {
    keys.kind.is_none() || keys.has_type(SchemaType::Integer) || keys.has_type(SchemaType::Number)
}

/// What a number does that a description explains: `0: read the sheet; 1: clear the sheet`.
fn numbered(lexicon: &Lexicon, text: &Text, raw: &str) -> Option<Stated> {
    (1..text.len()).find_map(|i| {
        let number = text.word(i - 1).bytes().all(|b| b.is_ascii_digit());
        let between = || raw.get(text.span(i - 1).end..text.span(i).start).unwrap_or_default();
        if !number || !between().contains([':', '=', '-', '–', ')']) {
            return None;
        }
        let (verb, form, row) = text.verb(lexicon, i)?;
        let object = object(lexicon, text, i + 1, noun_phrase(text, i + 1, text.len()), usize::MAX);
        let stated = Stated::new(lexicon, verb, text, i, 0.9).with(lexicon, object);
        (matches!(form, Form::Base | Form::Third)
            && row.class == Class::Destructive
            && row.noun != Noun::Mostly
            && stated.class == Class::Destructive)
            .then_some(Stated { weight: stated.weight.max(0.75), ..stated })
    })
}

/// Whether an argument is switched on and off: a boolean, or two values that are written for one (`"true"` and `"false"`, 0
/// and 1).
pub(super) fn is_one(keys: &Keys<'_>, said: &str) -> bool {
    if is_boolean(keys) || keys.constant.is_some_and(Value::is_boolean) {
        return true;
    }
    let state = |v: &Value| match v {
        Value::Bool(_) | Value::Null => true,
        Value::Number(n) => n.as_u64().is_some_and(|n| n < 2),
        Value::String(s) => {
            ["true", "false", "yes", "no", "on", "off", "0", "1"].iter().any(|v| s.eq_ignore_ascii_case(v))
        }
        _ => false,
    };
    if let Some(values) = keys.values.and_then(Value::as_array) {
        return !values.is_empty() && values.iter().all(state);
    }
    // `true or false`, `1 = yes`
    let whole = || keys.has_type(SchemaType::Integer) || keys.has_type(SchemaType::Number);
    let said_to_be = |on: &str, off: &str| {
        let has = |word: &str| said.split(|c: char| !c.is_alphanumeric()).any(|w| w.eq_ignore_ascii_case(word));
        // Few descriptions have a byte with which what is off can begin, and that word behind it.
        let (b, bytes) = (off.as_bytes()[0], said.as_bytes());
        memchr::memchr2_iter(b, b.to_ascii_uppercase(), bytes)
            .any(|at| bytes[at..].get(..off.len()).is_some_and(|w| w.eq_ignore_ascii_case(off.as_bytes())))
            && has(on)
            && has(off)
    };
    (keys.is_type(SchemaType::String) && said_to_be("true", "false")) || (whole() && said_to_be("0", "1"))
}

/// The argument of a switch, where it is a boolean outside lists. What is said of it is read into `text`.
pub(super) fn argument(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    said: ArgumentText<'_>,
    text: &mut Text,
) -> Option<SwitchArgument> {
    if !is_boolean(node.keys) || node.in_array() {
        return None;
    }
    let on = match node.keys.default {
        Some(Value::Bool(on)) => *on,
        Some(Value::Null) | None => {
            text.prose(lexicon, said.text, MAX_READ_BYTES);
            is_on_by_default(text)
        }
        // What a default of another type means is not known.
        Some(_) => true,
    };
    Some(SwitchArgument { path: node.path.to_owned(), on })
}

/// `Defaults to true`, `(default: true)`, `enabled by default`.
fn is_on_by_default(text: &Text) -> bool {
    (0..text.len()).any(|i| {
        let behind = || (i + 1..text.len().min(i + 4)).find(|k| is_state(text, *k));
        let before = || (i.saturating_sub(3)..i).rev().find(|k| is_state(text, *k) || text.word(*k) == "on");
        let by = i > 0 && text.word(i - 1) == "by";
        let state = match text.word(i) {
            "default" if by => before().or_else(behind),
            "default" | "defaults" => behind(),
            _ => None,
        };
        state.is_some_and(|k| text.is(k, Function::SwitchedOn) || text.word(k) == "on")
    })
}

fn is_state(text: &Text, i: usize) -> bool {
    text.is(i, Function::SwitchedOn) || text.is(i, Function::SwitchedOff)
}

/// Whether what the verb at `at` states is done where the switch is off: `If false, deletes …`, `Deletes … unless set`,
/// `add (true) or remove (false)`.
fn is_done_off(text: &Text, at: usize) -> bool {
    let begins = (1..=at).rev().find(|i| text.before(*i) >= Break::Sentence).unwrap_or(0);
    let ends = (at + 1..text.len()).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(text.len());
    // `…; if false, they are kept` is another clause.
    let clause = (at + 1..ends).find(|i| text.before(*i) >= Break::Clause).unwrap_or(ends);
    let before = (begins..at).rev().find(|i| is_state(text, *i));
    let states = |i: &usize| is_state(text, *i) && !matches!(text.word(i - 1), "default" | "defaults" | "to");
    let after = (at + 1..clause).find(states);
    let nearest = match (before, after) {
        (Some(before), Some(after)) if after - at < at - before => Some(after),
        (before, after) => before.or(after),
    };
    nearest.is_some_and(|i| text.is(i, Function::SwitchedOff))
}

/// Whether a switch's description says that something happens: it was looked at where the clause was read.
fn is_told(lexicon: &Lexicon, text: &Text, stated: &Stated) -> bool {
    text.verb(lexicon, stated.at).is_some_and(|(_, form, _)| form == Form::Past)
}

/// Whether what is created, set or started is something that is kept or runs, and not a part of the answer:
/// `Store the answer as a new note`, `If true, acknowledges the alert`, not `Add timestamps`.
fn is_kept(lexicon: &Lexicon, text: &Text, stated: &Stated) -> bool {
    let row = &lexicon.verbs()[stated.verb as usize];
    if is_told(lexicon, text, stated) {
        return true;
    }
    let answers = [VerbRole::Produces, VerbRole::Arithmetic, VerbRole::Fetches];
    // `Start an incremental read`: something of the call's own.
    let next = stated.at + 1;
    let new = (text.is(next, Function::Indefinite) || text.word(next) == "one")
        && !row.facets.contains(&Facet::StartsProcess);
    let determined = text.word(next) == "the" || text.is(next, Function::ObjectPronoun) || new;
    let added = !stated.by_object && row.roles.contains(VerbRole::Adds);
    // `Update the stored profile`: what is as often a noun is a verb before what is somebody's.
    let kept = lexicon.index().role(GroupRole::Private);
    let end = noun_phrase(text, stated.at + 1, text.len());
    let first = stated.at == 0 && matches!(text.word(1), "the");
    let verb =
        row.noun == Noun::Rarely || first || object(lexicon, text, stated.at + 1, end, usize::MAX).head & kept != 0;
    // `Create the record if it does not exist`
    let head = object(lexicon, text, stated.at + 1, end, usize::MAX).head;
    let stored = head & (kept | lexicon.index().role(GroupRole::Stored)) != 0;
    // `Write the fixes back to the files`
    let whole = object_and_target(lexicon, text, stated.at + 1, end, text.len(), usize::MAX);
    let stored = stored || whole.target & (kept | lexicon.index().role(GroupRole::Stored)) != 0;
    let makes = row.roles.contains(VerbRole::Produces) && stored && !row.roles.contains(VerbRole::Fetches);
    determined && !added && verb && (makes || !answers.iter().any(|role| row.roles.contains(*role)))
}

/// What lasts behind a call: what is stored, who may do what, what runs.
fn lasting(lexicon: &Lexicon) -> GroupSet {
    let roles = [GroupRole::Stored, GroupRole::Private, GroupRole::Permission, GroupRole::Process];
    roles.into_iter().fold(0, |set, role| set | lexicon.index().role(role))
}

/// The destructive verb that the name of a switch states.
fn by_name(lexicon: &Lexicon, text: &Text, boolean: bool) -> Option<Stated> {
    let n = text.len();
    // `autoApprove`: it is done without being asked for.
    let first = usize::from(n > 1 && matches!(text.word(0), "auto" | "also" | "then"));
    (0..n).find_map(|i| {
        // What is listed for it: `delete_ids`, `paths_to_delete`; not `deleted_by`.
        if !boolean
            && !((i == 0 && n > 1 && (text.plural(n - 1) || text.word(n - 1) == "ids"))
                || (i + 1 == n && i > 1 && text.word(i - 1) == "to"))
        {
            return None;
        }
        let (verb, form, row) = text.verb(lexicon, i)?;
        // `publish`, `send_email`, `notifyTeam`: with it the result goes to others.
        if boolean && i == 0 && form == Form::Base && row.roles.contains(VerbRole::Sends) {
            let mut stated = Stated::new(lexicon, verb, text, i, 0.9);
            stated.class = Class::Write;
            stated.weight = 0.7;
            stated.facets.add(Facet::SendsOut);
            return Some(stated);
        }
        // `create_if_missing`, `mark_as_read`
        let changes = boolean
            && i == first
            && form == Form::Base
            && row.class == Class::Write
            && row.weight >= 0.85
            && (row.noun == Noun::Rarely
                || (row.noun == Noun::Often && (first == 1 || matches!(text.word(i + 1), "after" | "afterwards"))))
            && (text.is(i + 1, Function::SwitchTail)
                || (first == 1 && n == 2)
                || (i + 1 < n && text.entry(n - 1).groups & lasting(lexicon) != 0));
        if changes {
            let mut stated = Stated::new(lexicon, verb, text, i, 0.9);
            stated.weight = 0.7;
            return Some(stated);
        }
        let object = object(lexicon, text, i + 1, n, usize::MAX);
        let stated = Stated::new(lexicon, verb, text, i, 0.9).with(lexicon, object);
        // `forcePush`
        if boolean && row.roles.contains(VerbRole::Forces) && i > 0 && text.is(i - 1, Function::Forced) {
            return Some(Stated { class: Class::Destructive, weight: 0.75, ..stated });
        }
        // `reset_database`: its object settles what the verb alone leaves open.
        let settled = boolean && i == 0 && stated.by_object && row.weight >= 0.65;
        let pays = boolean && i == 0 && stated.by_object && stated.facets.has(Facet::MovesMoney);
        let settled = settled || pays;
        // `remove_labels` of a list: what is only detached is changed.
        if !boolean && i == 0 && form == Form::Base && row.class == Class::Destructive && stated.class == Class::Write {
            return (row.noun == Noun::Rarely).then_some(Stated { weight: 0.7, ..stated });
        }
        if !matches!(form, Form::Base | Form::Third)
            || (row.class != Class::Destructive && !pays)
            || stated.class != Class::Destructive
            || !(settled || row.weight >= if boolean { CLEAR } else { 0.85 })
            || row.noun == Noun::Mostly
            || (row.noun == Noun::Often && i + 1 == n && n > 1 && text.word(i.wrapping_sub(1)) != "to")
            || text.word(i + 1) == "protection"
        {
            return None;
        }
        // `dropTarget` and not `discardFromPreviousVersions`: what is cut away must be stored.
        let index = lexicon.index();
        let stored = index.role(GroupRole::Stored) | index.role(GroupRole::Private);
        let named = i + 1 < n && !matches!(text.word(i + 1), "first" | "all" | "before");
        let cuts = row.roles.contains(VerbRole::Cuts) && named && object.any & stored == 0;
        (!cuts).then_some(stated)
    })
}
