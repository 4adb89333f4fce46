//! Values of an argument that select what a call does: an enum, constants of branches, or a list in prose.

use std::collections::HashMap;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::{ArgumentText, SchemaReading, SeenAction, contains};
use crate::classify::draft::FIRM;
use crate::classify::name::read_name;
use crate::classify::stated::{Stated, object};
use crate::classify::text::Text;
use crate::classify::types::{Action, Place};
use crate::counted::steps;
use crate::lexicon::{Form, Function, Lexicon, Noun, VerbRole};
use crate::manifest::schema::{Keys, Node};
use crate::risk::{Class, Facet, Facets, Span};
use crate::words::{Break, is_unspaced};

/// Methods of HTTP that change something.
const CHANGES: [&str; 4] = ["DELETE", "POST", "PUT", "PATCH"];

/// Whether methods that change something are listed or named.
pub(super) fn names_changes(keys: &Keys<'_>, said: ArgumentText<'_>) -> bool {
    let listed = |v: &str| CHANGES.iter().any(|method| v.eq_ignore_ascii_case(method));
    let values = keys.values.and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).any(listed)
        || CHANGES.iter().any(|method| said.text.contains(method))
}

/// Whether an argument is a free method of HTTP.
pub(super) fn is_http(keys: &Keys<'_>, said: ArgumentText<'_>) -> bool {
    if keys.values.is_some_and(Value::is_array) {
        return names_changes(keys, ArgumentText { text: "", base: None });
    }
    let low = said.text.to_ascii_lowercase();
    let named = CHANGES.iter().filter(|method| said.text.contains(**method)).count();
    let default = keys.default.and_then(Value::as_str);
    let is_method = default.is_some_and(|d| d == "GET" || CHANGES.contains(&d));
    is_method
        || low.contains("http verb")
        || low.contains("http method")
        || (named > 0 && (named > 1 || said.text.contains("GET") || low.contains("http")))
}

/// One argument whose values are listed.
pub(super) struct ListedArgument<'a> {
    path: &'a str,
    name: &'a str,
    about: &'a str,
    strong: bool,
    in_array: bool,
    default: Option<&'a str>,
}

/// Constants of several branches that are values of one argument.
pub(super) struct Constants<'a> {
    path: String,
    name: &'a str,
    about: &'a str,
    strong: bool,
    in_array: bool,
    /// The pointer of each branch, and its value.
    list: Vec<(String, &'a str)>,
}

impl Constants<'_> {
    /// What they do.
    pub(super) fn read(&self, lexicon: &Lexicon, text: &mut Text, out: &mut SchemaReading) {
        let Self { path, name, about, strong, in_array, list } = self;
        let argument = ListedArgument { path, name, about, strong: *strong, in_array: *in_array, default: None };
        let values: Vec<(Listed<'_>, &str)> = list.iter().map(|(at, value)| (Listed::Const(at), *value)).collect();
        read_list(lexicon, &argument, &values, text, out);
    }
}

/// Where a value is listed: the node, and its place in the enum.
#[derive(Clone, Copy)]
enum Listed<'a> {
    Enum(&'a str, usize),
    Const(&'a str),
    Example(&'a str, usize),
    /// What a call has that leaves it out.
    Default(&'a str),
    /// The names that the keys of an object may have.
    Key(&'a str, usize),
    /// An alternative of a pattern, and where it begins there.
    Pattern(&'a str, usize),
}

impl Listed<'_> {
    fn place(self) -> Place {
        Place::Pointer(match self {
            Self::Enum(node, i) => format!("{node}/enum/{i}"),
            Self::Const(node) => format!("{node}/const"),
            Self::Default(node) => format!("{node}/default"),
            Self::Example(node, i) => format!("{node}/examples/{i}"),
            Self::Key(node, i) => format!("{node}/propertyNames/enum/{i}"),
            Self::Pattern(node, _) => format!("{node}/pattern"),
        })
    }

    /// Where the value begins in the string at the place.
    fn begins(self) -> usize {
        if let Self::Pattern(_, at) = self { at } else { 0 }
    }
}

/// Keeps a constant beside the others of its argument.
pub(super) fn constant<'a>(
    node: &Node<'a, '_>,
    said: ArgumentText<'a>,
    value: &'a str,
    strong: bool,
    all: &mut Vec<Constants<'a>>,
    places: &mut HashMap<String, usize>,
) {
    let entry = (node.pointer.to_owned(), value);
    if let Some(known) = places.get(node.path).and_then(|at| all.get_mut(*at)) {
        known.list.push(entry);
        return;
    }
    places.insert(node.path.to_owned(), all.len());
    all.push(Constants {
        path: node.path.to_owned(),
        name: node.name,
        about: said.text,
        strong,
        in_array: node.in_array(),
        list: vec![entry],
    });
}

/// What an argument's values do, of which `about` is said. A `strong` argument is one whose name says that it selects.
pub(super) fn read(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    said: ArgumentText<'_>,
    about: &str,
    strong: bool,
    text: &mut Text,
    out: &mut SchemaReading,
) {
    let keys = node.keys;
    let values = keys.values.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let list: Vec<(Listed<'_>, &str)> =
        values.iter().enumerate().filter_map(|(i, v)| Some((Listed::Enum(node.pointer, i), v.as_str()?))).collect();
    let mut list = if list.is_empty() && strong { elsewhere(node) } else { list };
    let default = keys.default.and_then(Value::as_str);
    if list.is_empty() {
        if strong && keys.reference.is_none() && keys.any_of.is_none() {
            prose(lexicon, node, said, text, out);
        }
        // What a call does that leaves the argument out. A default method leaves the others free.
        let Some(default) = default.filter(|_| strong && !is_of_http(node.name)) else { return };
        list.push((Listed::Default(node.pointer), default));
    }
    let argument =
        ListedArgument { path: node.path, name: node.name, about, strong, in_array: node.in_array(), default };
    read_list(lexicon, &argument, &list, text, out);
}

/// Whether an argument is called after methods of HTTP.
fn is_of_http(name: &str) -> bool {
    ["method", "verb"].iter().any(|end| name.to_ascii_lowercase().ends_with(end))
}

/// Values of an argument that selects, where a schema lists them in another way: as examples, as names of keys, as the
/// alternatives of a pattern.
fn elsewhere<'a>(node: &'a Node<'_, '_>) -> Vec<(Listed<'a>, &'a str)> {
    type PlaceOf<'a> = fn(&'a str, usize) -> Listed<'a>;
    let strings = |list: Option<&'a Value>, place: PlaceOf<'a>| -> Vec<(Listed<'a>, &'a str)> {
        let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().filter_map(|(i, v)| Some((place(node.pointer, i), v.as_str()?))).collect()
    };
    let names = node.schema.get("propertyNames").and_then(|names| names.get("enum"));
    let mut list = strings(names, Listed::Key);
    list.extend(strings(node.schema.get("examples"), Listed::Example));
    let pattern = node.schema.get("pattern").and_then(Value::as_str).unwrap_or_default();
    let inner = pattern.trim_start_matches(['^', '(', '?', ':', 'i']).trim_end_matches(['$', ')']);
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-. ".contains(&b));
    if inner.contains('|') && inner.split('|').all(is_word) {
        let mut at = pattern.len() - pattern.trim_start_matches(['^', '(', '?', ':', 'i']).len();
        for word in inner.split('|') {
            list.push((Listed::Pattern(node.pointer, at), word));
            at += word.len() + 1;
        }
    }
    list
}

/// Whether values are what is done besides, or nothing: `none` and `shred`, `keep` and `expunge`.
fn spares(lexicon: &Lexicon, list: &[(Listed<'_>, &str)]) -> bool {
    let nothing =
        |v: &str| ["none", "nothing", "keep", "leave", "off", "never"].iter().any(|n| v.eq_ignore_ascii_case(n));
    let takes = |v: &str| {
        let first = v.split(['_', '-', ' ']).next().unwrap_or_default().to_ascii_lowercase();
        lexicon.index().word(&first).verb.is_some_and(|(verb, form)| {
            let row = &lexicon.verbs()[verb as usize];
            form == Form::Base
                && row.class == Class::Destructive
                && row.weight >= 0.85
                && row.noun == Noun::Rarely
                && !row.roles.contains(VerbRole::Cuts)
        })
    };
    list.iter().any(|(_, v)| nothing(v)) && list.iter().any(|(_, v)| takes(v))
}

/// Whether an argument is described as a filter of what is read.
pub(super) fn is_filter(about: &str, lexicon: &Lexicon) -> bool {
    let mut words = about.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(4);
    // `Kind of entry to look for`
    let sought = || ["to look for", "to search for", "to filter"].iter().any(|told| contains(about, told));
    words.any(|w| lexicon.index().word(&w.to_ascii_lowercase()).is(Function::Filters)) || sought()
}

/// What the values of one argument do.
fn read_list(
    lexicon: &Lexicon,
    argument: &ListedArgument<'_>,
    list: &[(Listed<'_>, &str)],
    text: &mut Text,
    out: &mut SchemaReading,
) {
    let ListedArgument { path, name, about, strong, in_array, default } = *argument;
    let spares = spares(lexicon, list);
    // Methods of HTTP are data, with WebDAV's beside them or not: a stored request is not made.
    let is_method = |v: &str| v.len() < 8 && lexicon.index().word(&v.to_ascii_lowercase()).is(Function::Method);
    let methods = list.iter().filter(|(_, v)| is_method(v)).count();
    let upper = list.iter().all(|(_, v)| !v.bytes().any(|b| b.is_ascii_lowercase()));
    let called_method = is_of_http(name);
    if ((upper && !strong && !spares) || called_method) && (methods >= 3 || (methods > 1 && methods == list.len())) {
        return;
    }
    // `string`, `list`, `set`, `hash`: types of data.
    let of_type =
        |v: &str| ["string", "integer", "number", "boolean", "hash", "array"].iter().any(|t| v.eq_ignore_ascii_case(t));
    if !strong && list.iter().filter(|(_, v)| of_type(v)).count() > 1 {
        return;
    }
    text.identifier(lexicon, name);
    let about_name = object(lexicon, text, 0, text.len(), usize::MAX);
    let kinds = (0..text.len()).any(|i| text.is(i, Function::Kind));
    let only_kind = (0..text.len()).all(|i| !text.is(i, Function::Kind) || matches!(text.word(i), "kind" | "type"));
    let mut readings = Vec::with_capacity(list.len());
    let (mut acts, mut single, mut changes) = (false, false, 0);
    for (_, value) in list {
        text.identifier(lexicon, value);
        let mut reading = read_name(lexicon, text, 0);
        // A bare verb is done to what the argument is called after: `reviewerAction: remove`.
        if text.len() == 1
            && let Some(one) = reading.stated.first_mut()
        {
            *one = one.with(lexicon, about_name);
        }
        let stated = reading.worst().copied();
        // `validate_submit`: what is examined is not done.
        let examines = text.base(lexicon, 0).filter(|(_, row)| row.roles.contains(VerbRole::Examines));
        let joined = (1..text.len()).any(|i| text.is(i, Function::And));
        let stated = match (examines, stated) {
            (Some((verb, row)), Some(stated)) if stated.at > 0 && !joined && stated.class > row.class => {
                Some(Stated::new(lexicon, verb, text, 0, 0.9))
            }
            (_, stated) => stated,
        };
        let bulk = |(rule, at, _): &(u16, usize, usize)| {
            lexicon.signals().modifier[*rule as usize].facet.is_some() && text.word(*at) != "all"
        };
        acts |= stated.is_some_and(|d| {
            let row = &lexicon.verbs()[d.verb as usize];
            // Not one that only a part of a word is like: `markdown`.
            let whole = text.word(d.at).contains(is_unspaced) || d.span.end - d.span.start >= text.word(d.at).len();
            let base = whole && !d.misspelled && text.verb(lexicon, d.at).is_none_or(|(_, form, _)| form == Form::Base);
            let runs = text.len() == 1 && row.facets.contains(&Facet::StartsProcess) && row.noun == Noun::Often;
            let firm = (row.noun == Noun::Rarely || runs) && row.weight >= 0.85 && d.weight >= FIRM;
            let destroys = d.class == Class::Destructive && !(row.roles.contains(VerbRole::Cuts) && text.len() == 1);
            // `drop_all`, `notify_owner`: a verb with its object.
            let told = text.len() > 1 && d.at == 0 && !text.is(1, Function::And) && !text.word(1).ends_with("ly");
            let speaks = destroys || d.by_object || (!d.facets.is_empty() && text.is(1, Function::Trailing));
            let certain = firm || (told && row.weight >= 0.75 && speaks);
            let change = base && certain && d.class > Class::Read;
            changes += usize::from(change);
            single |= change && text.len() == 1 && !(destroys || told);
            change && (destroys || told)
        });
        readings.push((stated, reading.answer.is_some(), reading.modifiers.iter().any(bulk)));
    }
    // `status`, `enable`, `disable`: what changes something beside what is read.
    let looks = readings.iter().any(|(stated, answers, _)| {
        *answers || stated.as_ref().is_some_and(|d| d.class == Class::Read && d.weight >= FIRM)
    });
    acts |= single && looks && changes < list.len();
    // One value that removes something is done, unless the argument is called after kinds or filters what is read; `kind` and
    // `type` may be said of what is done, where most values are things.
    let any_kind = kinds && only_kind && !in_array && changes * 2 <= list.len() + 1 && changes < list.len();
    let strong = strong || spares || (acts && (!kinds || any_kind) && !is_filter(about, lexicon));
    // Values of `type` and the like are things more often than verbs.
    for (stated, ..) in readings.iter_mut().filter(|_| !strong) {
        *stated = stated.filter(|d| {
            let row = &lexicon.verbs()[d.verb as usize];
            (row.noun == Noun::Rarely || row.roles.contains(VerbRole::Gets)) && d.weight >= FIRM * row.weight
        });
    }
    // `append` or `replace`: what was there is kept or gone. Steps in a list edit parts of one thing.
    let begins = |d: &Stated, lemma: &str| d.at == 0 && lexicon.verbs()[d.verb as usize].lemma == lemma;
    if !in_array && readings.iter().any(|(stated, ..)| stated.as_ref().is_some_and(|d| begins(d, "append"))) {
        for one in readings.iter_mut().filter_map(|(stated, ..)| stated.as_mut()) {
            if begins(one, "replace") {
                one.class = Class::Destructive;
            }
        }
    }
    let verbs = readings.iter().filter(|(stated, ..)| stated.is_some()).count();
    let enough = if strong { verbs > 0 } else { verbs >= 2 && verbs * 2 >= list.len() };
    if !enough {
        return;
    }
    text.prose(lexicon, about, 160);
    let told = (0..text.len()).any(|i| text.is(i, Function::Selects))
        || (0..text.len().min(4)).any(|i| text.is(i, Function::Proceeds));
    let filters = is_filter(about, lexicon);
    let mut seen: Vec<SeenAction> = Vec::with_capacity(list.len());
    for ((at, value), (stated, answers, many)) in list.iter().zip(readings) {
        let class = stated.map_or(Class::Read, |d| d.class);
        seen.push(SeenAction {
            action: Action {
                argument: path.to_owned(),
                class,
                facets: stated.map_or(Facets::NONE, |d| action_facets(d.class, d.facets)),
                default: default == Some(*value),
                value: (*value).to_owned(),
            },
            known: stated.is_some() || answers,
            verb: stated.map(|d| d.verb),
            span: {
                let own = stated.map_or(Span { start: 0, end: value.len() }, |d| d.span);
                Span { start: at.begins() + own.start, end: at.begins() + own.end }
            },
            place: at.place(),
            many: class > Class::Read && many,
            listed: true,
            filters,
        });
    }
    // RFC 6902 and its like: a list of steps that edit parts of one thing.
    if in_array && is_patch(&seen) && (name == "op" || seen.len() > 1) {
        for action in &mut seen {
            action.action.class = action.action.class.min(Class::Write);
        }
    }
    let changes = seen.iter().any(|s| s.known && s.action.class > Class::Read);
    let reads = seen.iter().any(|s| s.verb.is_some() && s.action.class == Class::Read);
    // Verbs that read beside verbs that change are what a call can do, whatever the argument is called;
    // with objects of their own (`DELETE_ITEM`) even where it is called after a kind.
    let apart = |value: &str| {
        let inner = value.as_bytes().windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
        inner || value.contains(['_', '-', ' '])
    };
    let objects = list.iter().zip(&seen).all(|((at, value), s)| apart(value) && s.span.start == at.begins());
    let mixed = verbs == seen.len() && reads && changes && (!kinds || objects);
    // `operations[].type`: create, update, delete.
    let listed = in_array
        && path
            .split('[')
            .next()
            .is_some_and(|list| ["operations", "changes", "ops"].iter().any(|o| list.ends_with(o)))
        && verbs == seen.len()
        && seen.iter().all(|s| s.action.value.bytes().all(|b| b.is_ascii_alphabetic()));
    for action in &mut seen {
        action.filters |= !(strong || told || mixed || listed);
        if !action.known && changes {
            action.action.class = Class::Write;
        }
    }
    // The same argument of several branches of a schema is listed once a value.
    for action in seen {
        if out.listed.insert(key(&action.action.argument, &action.action.value)) {
            out.actions.push(action);
        }
    }
}

/// What tells one value of one argument from every other.
pub(super) fn key(argument: &str, value: &str) -> (u128, u128) {
    steps(1);
    (xxh3_128(argument.as_bytes()), xxh3_128(value.as_bytes()))
}

/// The operations of RFC 6902 and nothing else.
fn is_patch(seen: &[SeenAction]) -> bool {
    const PATCH: [&str; 12] =
        ["add", "remove", "replace", "move", "copy", "test", "set", "unset", "insert", "append", "prepend", "update"];
    let patches = |s: &SeenAction| PATCH.iter().any(|p| s.action.value.eq_ignore_ascii_case(p));
    seen.iter().filter(|s| patches(s)).count() > 1
        && seen.iter().all(|s| s.action.class < Class::Destructive || patches(s))
}

fn action_facets(class: Class, facets: Facets) -> Facets {
    let mut out = facets;
    if class == Class::Read {
        out.remove(Facet::StartsProcess);
        out.remove(Facet::SendsOut);
    }
    out
}

/// Values that only the argument's description lists.
fn prose(lexicon: &Lexicon, node: &Node<'_, '_>, said: ArgumentText<'_>, text: &mut Text, out: &mut SchemaReading) {
    let described = said.text;
    text.prose(lexicon, described, 400);
    let mut found: Vec<(u16, Span, String)> = Vec::new();
    let mut parts = Text::default();
    for i in 0..text.len() {
        let ticked = described[..text.span(i).start].ends_with(['\'', '"', '`', '‘', '“']);
        let separated = text.before(i) >= Break::Slash || (i > 0 && matches!(text.word(i - 1), "or" | "and"));
        // `patch: Update specific fields`: what goes on is a sentence about a value.
        let ends =
            i + 1 == text.len() || text.before(i + 1) > Break::Space || matches!(text.word(i + 1), "or" | "and" | "to");
        let value = text.quoted(i) || ticked || (separated && ends);
        if !value {
            continue;
        }
        let span = text.span(i);
        let value = &described[span.start..span.end];
        if let Some((verb, row)) = text.base(lexicon, i)
            && row.noun != Noun::Mostly
            && row.weight >= 0.7
        {
            found.push((verb, span, value.to_owned()));
        } else if value.contains(['_', '-']) {
            // `delete_all`: a value of several words.
            parts.identifier(lexicon, value);
            let reading = read_name(lexicon, &parts, 0);
            if let Some(stated) = reading.worst().filter(|s| s.weight >= 0.7) {
                found.push((stated.verb, span, value.to_owned()));
            }
        }
    }
    let worst = found.iter().any(|(verb, ..)| {
        let row = &lexicon.verbs()[*verb as usize];
        row.class == Class::Destructive && row.weight >= 0.9 && row.noun == Noun::Rarely
    });
    if found.len() < if worst { 1 } else { 2 } {
        return;
    }
    let filters = (0..text.len().min(4)).any(|i| text.is(i, Function::Filters));
    for (verb, span, value) in found {
        let row = &lexicon.verbs()[verb as usize];
        if !out.listed.insert(key(node.path, &value)) {
            continue;
        }
        let (place, span) = said.place(node.pointer, span);
        out.actions.push(SeenAction {
            action: Action {
                argument: node.path.to_owned(),
                value,
                class: row.class,
                facets: action_facets(row.class, row.facets.iter().copied().collect()),
                default: false,
            },
            known: true,
            verb: Some(verb),
            place,
            span,
            many: false,
            listed: false,
            filters,
        });
    }
}
