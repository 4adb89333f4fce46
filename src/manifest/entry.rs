//! One entry of a listing → [`Tool`], in the spelling of MCP, of SDKs and of model vendors.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::lenient;
use super::reader::Reader;
use super::{Annotations, ServerText, Tool, limits, schema};
use crate::diagnostic::{Code, Position};
use crate::neutral;
use crate::raw::{Members, Raw};

/// How an entry may be wrapped, and how its schemas may be spelled.
#[derive(Debug)]
pub struct Spelling {
    /// The id: its heading in the book.
    pub id: &'static str,
    /// Keys of an object that is the entry itself.
    pub wrappers: &'static [&'static str],
    /// Keys of the input schema.
    pub input: &'static [&'static str],
    /// Keys of the output schema.
    pub output: &'static [&'static str],
}

/// Every spelling; the first whose key is there counts.
pub const SPELLINGS: [Spelling; 5] = [
    Spelling { id: "mcp", wrappers: &[], input: &["inputSchema"], output: &["outputSchema"] },
    Spelling { id: "snake-case", wrappers: &[], input: &["input_schema"], output: &["output_schema"] },
    Spelling { id: "function", wrappers: &["function"], input: &["parameters", "parametersJsonSchema"], output: &[] },
    Spelling { id: "arguments", wrappers: &[], input: &[], output: &[] },
    Spelling { id: "tool-spec", wrappers: &["toolSpec"], input: &["args_schema"], output: &[] },
];

/// Keys that an entry has and little else in the world.
pub(super) const SCHEMA_KEYS: [&str; 5] =
    ["inputSchema", "input_schema", "parameters", "parametersJsonSchema", "args_schema"];

/// Whether an object is an entry of a listing: it has a name and says something of a tool, or wraps one that does.
pub(super) fn is_tool(members: &Members<'_>) -> bool {
    let own = members.text("name").is_some()
        && (members.has_any(&SCHEMA_KEYS) || members.has_any(&["description", "annotations", "outputSchema"]));
    let mut wrapped = SPELLINGS.iter().flat_map(|spelling| spelling.wrappers);
    own || wrapped.any(|key| members.object(key).is_some_and(|inner| inner.text("name").is_some()))
}

/// Whether a value is one.
pub(super) fn is_tool_value(raw: Raw<'_>) -> bool {
    Members::of(raw).is_some_and(|members| is_tool(&members))
}

/// Why an entry is not a tool.
struct Unusable {
    code: Code,
    message: String,
    help: String,
}

impl<'a> Reader<'a> {
    /// Adds a tool; `key` is its name where the listing names it.
    pub(super) fn tool(&mut self, raw: Raw<'a>, key: Option<&str>) {
        self.defined(raw.get(), None, key);
    }

    /// Adds the objects that a list begins with, each read once. Returns how many, where an item that is something else or
    /// cannot be read follows them.
    pub(super) fn objects(&mut self, list: &'a str) -> Option<usize> {
        let (bytes, mut at, mut done) = (list.as_bytes(), 1, 0);
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b',') => at += 1,
                Some(b'{') => {
                    let mut items = serde_json::Deserializer::from_str(&list[at..]).into_iter();
                    let Some(Ok(members)) = items.next() else { return Some(done) };
                    let end = at + items.byte_offset();
                    self.defined(&list[at..end], Some(members), None);
                    (at, done) = (end, done + 1);
                }
                Some(b']') => return None,
                _ => return Some(done),
            }
        }
    }

    /// Adds the tool that `json` defines; its members where they were read.
    pub(super) fn defined(&mut self, json: &'a str, members: Option<Map<String, Value>>, key: Option<&str>) {
        if self.is_full() {
            return;
        }
        let offset = self.offset_of(json);
        let position = self.advance(offset);
        let read = members.map_or_else(|| self.object_of(json, position), Ok);
        let read = read.and_then(|members| self.entry(members, key, position));
        let read = read.and_then(|tool| match limits::passed(json, &tool) {
            None => Ok(tool),
            Some(message) => {
                let help =
                    "correct the definition, or leave the tool out; docs/security.md lists the limits".to_owned();
                Err(Unusable { code: Code::ToolTooLarge, message, help })
            }
        });
        match read {
            Ok(tool) => {
                if tool.extra.contains_key("tools") {
                    self.inside(json);
                }
                self.add(tool, offset);
            }
            Err(Unusable { code, message, help }) => {
                self.lost += 1;
                self.error(code, offset, message, help);
            }
        }
    }

    /// Adds a tool of which the listing says the name alone.
    pub(super) fn named(&mut self, name: &str, raw: Raw<'a>) {
        if self.is_full() {
            return;
        }
        let offset = self.offset(raw);
        let position = Some(self.advance(offset));
        self.add(Tool { name: name.into(), position, ..Tool::default() }, offset);
    }

    /// Whether the server has as many tools as it may have: with one more it is refused.
    fn is_full(&mut self) -> bool {
        self.beyond |= self.added == limits::MAX_TOOLS;
        self.beyond
    }

    /// Adds a tool; another of its name is kept with the first.
    fn add(&mut self, tool: Tool, offset: usize) {
        self.added += 1;
        let Some(first) = self.seen.get(tool.name.as_str()) else {
            self.seen.insert(tool.name.to_string(), self.manifest.tools.len());
            self.manifest.tools.push(tool);
            return;
        };
        let Some(first) = self.manifest.tools.get_mut(*first) else { return };
        let line = first.position.map_or(0, |p| p.line);
        let message = format!("two tools are named {}; the first is at line {line}", neutral::quoted(&tool.name));
        first.others.push(tool);
        let help = "rename or remove one; the label and the policy are the worse of both";
        self.error(Code::DuplicateTool, offset, message, help);
    }

    fn entry(&mut self, mut map: Map<String, Value>, key: Option<&str>, position: Position) -> Result<Tool, Unusable> {
        for wrapper in SPELLINGS.iter().flat_map(|spelling| spelling.wrappers) {
            if !map.contains_key("name")
                && let Some(Value::Object(inner)) = map.get_mut(*wrapper)
            {
                let inner = std::mem::take(inner);
                map.shift_remove(*wrapper);
                // What stood beside the wrapper is kept, but for what the wrapped entry says itself.
                let beside = std::mem::replace(&mut map, inner);
                beside.into_iter().filter(|(key, _)| key != "type").for_each(|(key, value)| {
                    map.entry(key).or_insert(value);
                });
            }
        }
        let name = match (map.shift_remove("name"), key) {
            (Some(Value::String(name)), _) if !name.trim().is_empty() => name,
            (other, Some(key)) if !key.trim().is_empty() => {
                if let Some(other) = other {
                    map.insert("name".to_owned(), other);
                }
                key.to_owned()
            }
            (other, _) => return Err(nameless(other.as_ref(), &map)),
        };
        // A name with a schema and nothing else: `{name: schema}`.
        if key.is_some() && !SCHEMA_KEYS.iter().any(|key| map.contains_key(*key)) && is_schema(&map) {
            let description = map.get("description").and_then(Value::as_str).map(ServerText::from);
            let input_schema = Value::Object(map);
            return Ok(Tool {
                name: name.into(),
                description,
                input_schema,
                position: Some(position),
                ..Tool::default()
            });
        }
        let mut text = |key: &'static str| match map.shift_remove(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(ServerText::from(text)),
            Some(_) => {
                let message = format!("`{key}` of the tool {} is not a string; it is ignored", neutral::quoted(&name));
                self.warn_at(Code::WrongType, position, message, format!("make `{key}` a string or remove it"));
                None
            }
        };
        let (title, description) = (text("title"), text("description"));
        let annotations = Annotations::read(map.shift_remove("annotations"));
        if let Some(list) = arguments(&mut map) {
            map.insert("inputSchema".to_owned(), list);
        }
        let input_schema = take_schema(&mut map, |s| s.input).map_or(Value::Null, unwrapped);
        let output_schema = take_schema(&mut map, |s| s.output).filter(|schema| !schema.is_null());
        Ok(Tool {
            name: name.into(),
            title,
            description,
            input_schema,
            output_schema,
            annotations,
            extra: map,
            position: Some(position),
            others: Vec::new(),
        })
    }

    /// The object of an entry. Halves of characters are replaced and told.
    fn object_of(&mut self, json: &str, position: Position) -> Result<Map<String, Value>, Unusable> {
        let entry = |message: String, help: &str| Unusable { code: Code::BadTool, message, help: help.to_owned() };
        if !json.starts_with('{') {
            return Err(entry(
                "a tool is not an object".to_owned(),
                "remove the entry or make it an object with a `name`",
            ));
        }
        let e = match serde_json::from_str(json) {
            Ok(map) => return Ok(map),
            Err(e) => e,
        };
        let named = || match serde_json::from_str::<Members<'_>>(json).ok().and_then(|members| members.text("name")) {
            Some(name) => format!("the tool {}", neutral::quoted(&name)),
            None => "a tool".to_owned(),
        };
        if let Some(Cow::Owned(whole)) = lenient::whole_characters(json)
            && let Ok(map) = serde_json::from_str::<Map<String, Value>>(&whole)
        {
            let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
            let message = format!(
                "the tool {} has half a character (a lone surrogate, `\\ud800` to `\\udfff`); it is read as U+FFFD",
                neutral::quoted(name)
            );
            self.warn_at(Code::LoneSurrogate, position, message, "write the character whole, or take its escape out");
            return Ok(map);
        }
        let cause = without_position(&e);
        Err(if cause.contains("recursion limit") {
            entry(
                format!("{} nests deeper than 127 levels and is not read", named()),
                "define what repeats once, under `$defs`, and refer to it with `$ref`",
            )
        } else {
            entry(format!("{} cannot be read: {cause}", named()), "capture the listing again, or correct the entry")
        })
    }
}

impl Tool {
    /// An input schema that stands beside the one that was read, under a key of another spelling, and differs from it.
    pub fn second_schema(&self) -> Option<(&str, &Value)> {
        self.extra.iter().find_map(|(key, value)| {
            let inner = match value {
                Value::Object(map) if map.len() == 1 => {
                    map.get("json").or_else(|| map.get("jsonSchema")).unwrap_or(value)
                }
                other => other,
            };
            let map = inner.as_object()?;
            let known = SCHEMA_KEYS.contains(&key.as_str()) && (is_schema(map) || schema::is_bare(map));
            (known && *inner != self.input_schema).then_some((key.as_str(), inner))
        })
    }
}

/// The first of the spellings that is there; `null` counts where nothing else is.
fn take_schema(map: &mut Map<String, Value>, keys: impl Fn(&Spelling) -> &'static [&'static str]) -> Option<Value> {
    let mut null = None;
    for key in SPELLINGS.iter().flat_map(keys) {
        match map.get(*key) {
            None => {}
            Some(Value::Null) => null = map.shift_remove(*key),
            // `parameters` of something else than a schema is not a schema.
            Some(value) if *key == "parameters" && !value.is_object() && !value.is_boolean() => {}
            Some(_) => return map.shift_remove(*key),
        }
    }
    null
}

/// A schema behind `json` or `jsonSchema`, as vendors write it.
fn unwrapped(schema: Value) -> Value {
    match schema {
        Value::Object(map) if map.len() == 1 && (map.contains_key("json") || map.contains_key("jsonSchema")) => {
            map.into_iter().next().map(|(_, inner)| inner).unwrap_or_default()
        }
        other => other,
    }
}

/// The schema of `arguments: [{name, type, desc}]`, as catalogues of containers write it, where no other is there.
fn arguments(map: &mut Map<String, Value>) -> Option<Value> {
    let named = |item: &Value| item.get("name").is_some_and(Value::is_string);
    let is_list = map.get("arguments").and_then(Value::as_array).is_some_and(|list| list.iter().all(named));
    if !is_list || SCHEMA_KEYS.iter().any(|key| map.contains_key(*key)) {
        return None;
    }
    let Some(Value::Array(list)) = map.shift_remove("arguments") else { return None };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for item in list {
        let Value::Object(mut argument) = item else { continue };
        let Some(Value::String(name)) = argument.shift_remove("name") else { continue };
        let text = argument.shift_remove("description").or_else(|| argument.shift_remove("desc"));
        if let Some(text) = text {
            argument.insert("description".to_owned(), text);
        }
        let optional = argument.get("optional").is_some_and(|v| v == true);
        if argument.get("required").is_some_and(|v| v == true) && !optional {
            required.push(Value::String(name.clone()));
        }
        argument.retain(|key, value| key != "required" || !value.is_boolean());
        properties.insert(name, Value::Object(argument));
    }
    let mut schema =
        Map::from_iter([("type".to_owned(), "object".into()), ("properties".to_owned(), properties.into())]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    Some(Value::Object(schema))
}

/// Whether an object is a JSON Schema of arguments.
fn is_schema(map: &Map<String, Value>) -> bool {
    map.get("properties").is_some_and(Value::is_object)
        || map.get("type").is_some_and(|kind| kind == "object")
        || map.contains_key("$ref")
        || map.contains_key("$schema")
}

fn nameless(name: Option<&Value>, map: &Map<String, Value>) -> Unusable {
    let message = match name {
        None => {
            let keys: Vec<String> = map.keys().take(4).map(|key| format!("`{key}`")).collect();
            match keys.as_slice() {
                [] => "a tool has no name".to_owned(),
                keys => format!("a tool has no name; its keys are {}", keys.join(", ")),
            }
        }
        Some(Value::String(_)) => "a tool has an empty name".to_owned(),
        Some(_) => "a tool's name is not a string".to_owned(),
    };
    Unusable { code: Code::ToolWithoutName, message, help: "give the tool a `name`: agents call it by that".to_owned() }
}

/// `serde_json` ends its messages with its own position, which is relative here.
pub(super) fn without_position(e: &serde_json::Error) -> String {
    let text = e.to_string();
    match text.rfind(" at line ") {
        Some(i) => text[..i].to_owned(),
        None => text,
    }
}
