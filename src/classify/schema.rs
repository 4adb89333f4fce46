//! What the arguments say: deeds behind an enum, programs, files, switches, many things at once.

use serde_json::Value;

use super::name::read_name;
use super::types::{Action, Class, Facet, Facets, Place, Span};
use crate::lexicon::{Effect, Form, Lexicon, Noun};
use crate::manifest::schema::{Node, escape, walk};
use crate::words::{Break, Words, split_identifier, split_prose};

/// One argument that speaks by its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    /// Index into `signals.argument`.
    pub rule: u16,
    /// What it does.
    pub effect: Effect,
    /// The property.
    pub pointer: String,
    /// Its name.
    pub name: String,
}

/// One deed that an argument's value selects, and where it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenAction {
    /// The action.
    pub action: Action,
    /// Whether a verb is known in the value.
    pub known: bool,
    /// The verb, where it is known.
    pub verb: Option<u16>,
    /// Where the value stands.
    pub place: Place,
    /// Its bytes there.
    pub span: Span,
    /// Whether the schema lists it (and prose does not merely mention it).
    pub listed: bool,
    /// Whether the deed is done to many things (`update_batch`).
    pub many: bool,
    /// Whether the argument is described as what the call performs.
    pub performs: bool,
}

/// What a schema says.
#[derive(Debug, Clone, Default)]
pub(super) struct SchemaReading {
    /// Arguments that speak by name.
    pub seen: Vec<Seen>,
    /// Deeds behind an argument.
    pub actions: Vec<SeenAction>,
    /// A required top-level list: pointer, name, whether its items are objects.
    pub many: Option<(String, String, bool)>,
    /// A switch named like a deed: pointer, name, verb.
    pub switch: Option<(String, String, u16)>,
    /// A free HTTP method beside a path: the call may do anything.
    pub http: Option<(String, String)>,
    /// An argument that takes an address.
    pub url: bool,
    /// How many arguments stand at the top level.
    pub arguments: usize,
}

impl SchemaReading {
    /// The first argument with that effect.
    pub fn effect(&self, effect: Effect) -> Option<&Seen> {
        self.seen.iter().find(|s| s.effect == effect)
    }
}

/// Buffers that are kept from one tool to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    reduced: String,
    words: Words,
}

/// Reads an input schema.
pub(super) fn read_schema(lexicon: &Lexicon, schema: &Value, scratch: &mut Scratch) -> SchemaReading {
    let mut out = SchemaReading::default();
    if !schema.is_object() {
        return out;
    }
    let mut path_beside = false;
    walk(schema, "/inputSchema", &mut |node| {
        if node.depth == 0 {
            return;
        }
        property(lexicon, node, scratch, &mut out, &mut path_beside);
    });
    if !path_beside {
        out.http = None;
    }
    out
}

fn property(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    scratch: &mut Scratch,
    out: &mut SchemaReading,
    path_beside: &mut bool,
) {
    let Value::Object(map) = node.schema else { return };
    let declares = property_of(node.pointer, node.name);
    if node.depth == 1 && declares {
        out.arguments += 1;
    }
    scratch.reduced.clear();
    scratch
        .reduced
        .extend(node.name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())));
    let reduced = scratch.reduced.as_str();
    if node.depth == 1 && matches!(reduced, "path" | "url" | "endpoint" | "uri") {
        *path_beside = true;
    }
    if declares && (reduced == "url" || reduced == "urls" || reduced == "uri" || reduced == "webhookurl") {
        out.url = true;
    }
    if declares && node.depth == 1 && out.many.is_none() && node.required && is_list(map) {
        let objects = map.get("items").is_some_and(|i| i.get("properties").is_some() || i.get("$ref").is_some());
        out.many = Some((node.pointer.to_owned(), node.name.to_owned(), objects));
    }
    if declares
        && node.depth == 1
        && map.get("type").is_some_and(|t| t == "boolean")
        && let Some((verb, Form::Base)) = lexicon.index().word(node.name).verb
        && lexicon.verbs()[verb as usize].class == Class::Destructive
        && lexicon.verbs()[verb as usize].weight >= 0.9
    {
        out.switch = Some((node.pointer.to_owned(), node.name.to_owned(), verb));
    }
    let Some(rule) = lexicon.index().argument(reduced) else { return };
    let row = &lexicon.signals().argument[rule as usize];
    let deed = row.effect == Effect::Deed || reduced == "command" || reduced == "cmd";
    if deed {
        let strong = matches!(
            reduced,
            "action"
                | "operation"
                | "op"
                | "subcommand"
                | "verb"
                | "operationtype"
                | "actiontype"
                | "method"
                | "command"
                | "cmd"
        );
        let before = out.actions.len();
        values(lexicon, node, map, strong, &mut scratch.words, out);
        // A method that prose mentions and no schema lists is free, as is the path beside it.
        let free = out.actions[before..].iter().all(|a| !a.listed);
        if reduced == "method" && node.depth == 1 && declares && free && is_http(map) {
            out.actions.truncate(before);
            out.http = Some((node.pointer.to_owned(), node.name.to_owned()));
        }
        if out.actions.len() > before || row.effect == Effect::Deed {
            return;
        }
    }
    if !declares || map.contains_key("enum") || map.contains_key("const") {
        return;
    }
    if fits(row.effect, map, reduced) {
        out.seen.push(Seen { rule, effect: row.effect, pointer: node.pointer.to_owned(), name: node.name.to_owned() });
    }
}

/// Whether the last step of `pointer` is the property `name`.
fn property_of(pointer: &str, name: &str) -> bool {
    pointer.strip_suffix(&*escape(name)).is_some_and(|parent| parent.ends_with("/properties/"))
}

/// Whether an argument's type and description bear out what its name says.
fn fits(effect: Effect, map: &serde_json::Map<String, Value>, reduced: &str) -> bool {
    let described = map.get("description").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
    match effect {
        Effect::Confirm | Effect::Force | Effect::Overwrite => true,
        Effect::FileOut => {
            let clear = reduced.contains("save") || reduced.contains("output") || reduced.contains("download");
            clear || ["save", "write", "output", "download"].iter().any(|w| described.contains(w))
        }
        Effect::Query => {
            let plain =
                matches!(reduced, "query" | "queries" | "statement" | "statements" | "querystring" | "querytext");
            let named = ["sql", "cypher", "sparql", "gremlin"].iter().any(|w| described.contains(w));
            !matches!(kind, "object" | "boolean" | "number" | "integer") && (!plain || named)
        }
        Effect::Code | Effect::Shell => {
            if matches!(kind, "object" | "boolean" | "number" | "integer") {
                return false;
            }
            let clear = !matches!(
                reduced,
                "code" | "expression" | "function" | "command" | "commands" | "cmd" | "script" | "shell"
            );
            clear
                || [
                    "javascript",
                    "python",
                    "code to",
                    "script",
                    "shell",
                    "execute",
                    "typescript",
                    "program",
                    "command for",
                    "to run",
                    "bash",
                    "source code",
                    "evaluate",
                ]
                .iter()
                .any(|w| described.contains(w))
                || described.is_empty()
        }
        Effect::Deed => false,
    }
}

fn is_list(map: &serde_json::Map<String, Value>) -> bool {
    let array = |v: &Value| match v {
        Value::String(s) => s == "array",
        Value::Array(list) => list.iter().any(|v| v == "array"),
        _ => false,
    };
    let direct = map.get("type").is_some_and(array);
    let nested = ["anyOf", "oneOf"].iter().any(|k| {
        map.get(*k).and_then(Value::as_array).is_some_and(|l| l.iter().any(|v| v.get("type").is_some_and(array)))
    });
    direct || nested
}

const HTTP: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

fn is_http(map: &serde_json::Map<String, Value>) -> bool {
    match map.get("enum").and_then(Value::as_array) {
        Some(list) => list.iter().filter_map(Value::as_str).any(|v| v.eq_ignore_ascii_case("DELETE")),
        None => map
            .get("description")
            .and_then(Value::as_str)
            .is_some_and(|d| d.to_ascii_lowercase().contains("http method") || d.contains("DELETE")),
    }
}

/// The deeds among the values of an argument.
fn values(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    map: &serde_json::Map<String, Value>,
    strong: bool,
    words: &mut Words,
    out: &mut SchemaReading,
) {
    let default = map.get("default").and_then(Value::as_str);
    let performs =
        map.get("description").and_then(Value::as_str).is_some_and(|d| d.to_ascii_lowercase().contains("perform"));
    let mut list: Vec<(String, &str)> = Vec::new();
    if let Some(Value::Array(items)) = map.get("enum") {
        list.extend(
            items.iter().enumerate().filter_map(|(i, v)| Some((format!("{}/enum/{i}", node.pointer), v.as_str()?))),
        );
    } else if let Some(Value::String(value)) = map.get("const") {
        list.push((format!("{}/const", node.pointer), value));
    }
    if list.is_empty() {
        if strong && !map.contains_key("$ref") && !map.contains_key("anyOf") {
            prose(lexicon, node, map, words, out);
        }
        return;
    }
    // Methods of HTTP are data, with WebDAV's beside them or not: a stored request is not made.
    let methods = list.iter().filter(|(_, v)| HTTP.iter().any(|h| h.eq_ignore_ascii_case(v))).count();
    if methods >= 3 || (methods > 1 && methods == list.len()) {
        return;
    }
    let mut seen = Vec::new();
    for (pointer, value) in list {
        split_identifier(value, words);
        let reading = read_name(lexicon, words, 0);
        // Values of `type` and the like are things more often than deeds.
        let deed = reading.worst().copied().filter(|d| strong || lexicon.verbs()[d.verb as usize].noun == Noun::Rarely);
        let known = deed.is_some() || reading.answer.is_some();
        let class = deed.map_or(Class::Read, |d| d.class);
        let facets = deed.map_or(Facets::NONE, |d| action_facets(d.class, d.facets));
        seen.push(SeenAction {
            action: Action {
                argument: node.path.to_owned(),
                value: value.to_owned(),
                class,
                facets,
                default: default == Some(value),
            },
            known,
            verb: deed.map(|d| d.verb),
            span: deed.map_or(Span { start: 0, end: value.len() }, |d| d.span),
            place: Place::Pointer(pointer),
            many: class > Class::Read
                && reading
                    .modifiers
                    .iter()
                    .any(|(rule, _, _)| lexicon.signals().modifier[*rule as usize].facet.is_some()),
            listed: true,
            performs,
        });
    }
    // RFC 6902 and its like: `op` inside a list edits parts of one thing.
    if node.name == "op" && node.depth > 1 {
        for action in &mut seen {
            action.action.class = action.action.class.min(Class::Write);
        }
    }
    let verbs = seen.iter().filter(|s| s.verb.is_some()).count();
    let changes = seen.iter().any(|s| s.known && s.action.class > Class::Read);
    let constant = map.contains_key("const");
    let enough = if strong { verbs > 0 } else { verbs >= 2 && verbs * 2 >= seen.len() };
    // `type` and the like inside a list are options, not what the call is for.
    if !enough || (!strong && (constant || node.depth > 1)) {
        return;
    }
    for action in &mut seen {
        if !action.known && changes {
            action.action.class = Class::Write;
        }
    }
    // The same argument of several branches of a schema is listed once a value.
    for action in seen {
        if !out
            .actions
            .iter()
            .any(|a| a.action.argument == action.action.argument && a.action.value == action.action.value)
        {
            out.actions.push(action);
        }
    }
}

fn action_facets(class: Class, facets: Facets) -> Facets {
    let mut out = facets;
    if class == Class::Read {
        out.remove(Facet::StartsProcess);
        out.remove(Facet::SendsOut);
    }
    out
}

/// Deeds that only the argument's description lists.
fn prose(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    map: &serde_json::Map<String, Value>,
    words: &mut Words,
    out: &mut SchemaReading,
) {
    let Some(described) = map.get("description").and_then(Value::as_str) else { return };
    split_prose(described, 400, words);
    let mut found: Vec<(u16, Span, String)> = Vec::new();
    for i in 0..words.len() {
        let word = words.text(i);
        let separated = words.word(i).before >= Break::Slash || (i > 0 && matches!(words.text(i - 1), "or" | "and"));
        if !separated && !words.word(i).quoted {
            continue;
        }
        if let Some((verb, Form::Base)) = lexicon.index().word(word).verb {
            let row = &lexicon.verbs()[verb as usize];
            if row.noun != Noun::Mostly && row.weight >= 0.7 {
                found.push((verb, words.span(i), described[words.span(i).start..words.span(i).end].to_owned()));
            }
        }
    }
    if found.len() < 2 {
        return;
    }
    for (verb, span, value) in found {
        let row = &lexicon.verbs()[verb as usize];
        if out.actions.iter().any(|a| a.action.value == value && a.action.argument == node.path) {
            continue;
        }
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
            place: Place::Pointer(format!("{}/description", node.pointer)),
            span,
            many: false,
            listed: false,
            performs: false,
        });
    }
}
