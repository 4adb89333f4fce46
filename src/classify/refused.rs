//! What of a definition clients refuse, or read in two ways: names and schemas.

use serde_json::Value;

use super::clients::{Refusal, is_type, is_wrong, refusing};
use super::types::{Finding, FindingId, FindingLevel, Place};
use crate::manifest::schema::{self, References, Step, Target, path_from, pointer};
use crate::manifest::{Listing, Tool};
use crate::risk::Span;

/// The longest name of the specification (server/tools, revision 2026-07-28), and the longest that most clients take.
const MAX_NAME_CHARS: usize = 128;
const MAX_CLIENT_NAME_CHARS: usize = 64;

/// Schemas that are looked at in one definition.
const MAX_NODES: usize = 20_000;

/// One reason to refuse a tool, and where it stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub refusal: Refusal,
    /// JSON Pointer from the definition.
    pub pointer: String,
    /// How many more there are.
    pub more: usize,
}

/// The findings of a name and its schemas; whether an argument has a header.
pub(super) fn findings(tool: &Tool, listing: &Listing, out: &mut Vec<Finding>) -> bool {
    out.extend(name(&tool.name));
    let looked = look(tool, listing);
    out.extend(looked.faults.iter().map(schema_fault));
    out.extend(arguments(tool));
    out.extend(second(tool));
    looked.headers
}

/// Arguments that stand where clients do not look for them, and what could not be read.
fn arguments(tool: &Tool) -> Option<Finding> {
    let root = tool.input_schema.as_object().filter(|root| !root.contains_key("properties"))?;
    let message = match (schema::bare(root).count(), schema::is_unread(root)) {
        (0, false) => return None,
        (0, true) => {
            "The input schema could not be read: it has no `properties`, and other keys than JSON Schema has. What the \
             tool takes is unknown."
        }
        (_, false) => {
            "The arguments stand in the input schema without `properties`: clients read it as any arguments. They are \
             read here as if they stood below it."
        }
        (_, true) => {
            "Arguments stand in the input schema without `properties`: clients read it as any arguments. Some of it \
             could not be read."
        }
    };
    let place = Place::Pointer("/inputSchema".to_owned());
    Some(finding(FindingId::BareArguments, FindingLevel::Warning, place, 0, message.to_owned()))
}

/// An input schema in another spelling beside the one that was read.
fn second(tool: &Tool) -> Option<Finding> {
    let (key, _) = tool.second_schema()?;
    let message = format!(
        "The input schema stands here twice and differs, the second under `{key}`: the label is the worst of both."
    );
    let place = Place::Pointer(format!("/{key}"));
    Some(finding(FindingId::SecondSchema, FindingLevel::Warning, place, 0, message))
}

/// A character that the specification allows in a name.
fn is_legal(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// A name beyond the rule of the specification, or beyond 64 characters.
fn name(name: &str) -> Option<Finding> {
    let odd = name.chars().find(|c| !is_legal(*c));
    if odd.is_none() && name.len() <= MAX_CLIENT_NAME_CHARS {
        return None;
    }
    let length = name.chars().count();
    let (level, said) = match odd {
        Some(' ') => (FindingLevel::Warning, "The name has spaces".to_owned()),
        Some('/') => (FindingLevel::Warning, "The name has a slash".to_owned()),
        Some(c) => (FindingLevel::Warning, format!("The name has the character U+{:04X}", u32::from(c))),
        None if length > MAX_NAME_CHARS => (FindingLevel::Warning, format!("The name has {length} characters")),
        None if length > MAX_CLIENT_NAME_CHARS => {
            let message =
                format!("The name has {length} characters: {} takes 64 at most.", refusing(Refusal::NameLength));
            return Some(finding(FindingId::OddName, FindingLevel::Note, Place::Name, name.len(), message));
        }
        None => return None,
    };
    let message = format!(
        "{said}, against the specification: 1 to 128 letters, digits, `_`, `-` and `.`. {} refuse the server.",
        refusing(Refusal::NameCharacters)
    );
    Some(finding(FindingId::OddName, level, Place::Name, name.len(), message))
}

fn schema_fault(fault: &Fault) -> Finding {
    let clients = refusing(fault.refusal);
    let refuse = match clients.as_str() {
        "clients" => "may refuse",
        clients if clients.contains(" and ") => "refuse",
        _ => "refuses",
    };
    let more = if fault.more > 0 { format!(" (and {} more)", fault.more) } else { String::new() };
    let place = format!("`{}`{more}", fault.pointer.replace('`', "'"));
    let (id, level, said) = match fault.refusal {
        Refusal::NoSchema => (
            FindingId::NoInputSchema,
            FindingLevel::Warning,
            "The server publishes no input schema: `inputSchema` is missing, null or no object. What the tool takes is unknown"
                .to_owned(),
        ),
        Refusal::BooleanSchema => {
            (FindingId::RefusedSchema, FindingLevel::Note, format!("{place} is `true` or `false` in place of a schema"))
        }
        Refusal::RootNotObject => (
            FindingId::RefusedSchema,
            FindingLevel::Warning,
            "The input schema does not declare `type: object`, which the specification requires".to_owned(),
        ),
        Refusal::RequiredNoList => {
            (FindingId::RefusedSchema, FindingLevel::Warning, format!("{place} is not a list of names"))
        }
        Refusal::UnknownType => {
            (FindingId::RefusedSchema, FindingLevel::Warning, format!("{place} names no type of JSON Schema"))
        }
        Refusal::PropertiesNoObject => {
            (FindingId::RefusedSchema, FindingLevel::Warning, format!("{place} is not an object of arguments"))
        }
        Refusal::WrongKeyword => {
            (FindingId::RefusedSchema, FindingLevel::Warning, format!("{place} has a value of the wrong type"))
        }
        _ => (FindingId::RefusedSchema, FindingLevel::Warning, format!("{place} refers to a schema that is not there")),
    };
    let message = format!("{said}; {clients} {refuse} the server for it.");
    finding(id, level, Place::Pointer(fault.pointer.clone()), 0, message)
}

pub(super) fn finding(id: FindingId, level: FindingLevel, place: Place, end: usize, message: String) -> Finding {
    Finding { id, level, place, span: Span { start: 0, end }, message, accepted: None }
}

/// What the schemas of a tool say to clients.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Why clients refuse them, each reason once.
    pub faults: Vec<Fault>,
    /// Whether an argument has a header.
    pub headers: bool,
}

/// Looks at the schemas of a tool.
pub(super) fn look(tool: &Tool, listing: &Listing) -> Looked {
    let mut walk = Walk {
        references: References::of(&tool.input_schema, "/inputSchema"),
        path: path_from("inputSchema"),
        looked: Looked::default(),
        budget: MAX_NODES,
    };
    match &tool.input_schema {
        Value::Object(map) => {
            if map.get("type").is_none_or(|kind| kind != "object") {
                walk.add(Refusal::RootNotObject);
            }
            if !schema::is_bare(map) {
                walk.node(&tool.input_schema);
            }
            for (name, schema) in schema::bare(map) {
                walk.below(Step::Key(name), |walk| walk.node(schema));
            }
        }
        Value::Null if listing.without_schemas => {}
        _ => walk.add(Refusal::NoSchema),
    }
    if let Some(output @ Value::Object(_)) = &tool.output_schema {
        walk.references = References::of(output, "/outputSchema");
        walk.path = path_from("outputSchema");
        walk.node(output);
    }
    walk.looked
}

struct Walk<'a> {
    references: References<'a, 'static>,
    /// To the schema which is looked at.
    path: Vec<Step<'a>>,
    looked: Looked,
    budget: usize,
}

impl<'a> Walk<'a> {
    fn add(&mut self, refusal: Refusal) {
        match self.looked.faults.iter_mut().find(|f| f.refusal == refusal) {
            Some(known) => known.more += 1,
            None => self.looked.faults.push(Fault { refusal, pointer: pointer(&self.path), more: 0 }),
        }
    }

    /// Does something at a step below.
    fn below(&mut self, step: Step<'a>, act: impl FnOnce(&mut Self)) {
        self.path.push(step);
        act(self);
        self.path.pop();
    }

    /// A schema and all below it. Values nest as deep as JSON is read, so this ends.
    fn node(&mut self, schema: &'a Value) {
        if self.budget == 0 {
            return;
        }
        self.budget -= 1;
        let Value::Object(map) = schema else {
            if schema.is_boolean() {
                self.add(Refusal::BooleanSchema);
            }
            return;
        };
        for (key, value) in map {
            // What nearly every schema has, and has right. By length first: most keys are told apart without a look at their
            // letters.
            match (key.len(), key.as_str()) {
                (4, "type") if is_type(value) => {}
                (4, "type") => self.below(Step::Key(key), |walk| walk.add(Refusal::UnknownType)),
                (11, "description") if value.is_string() => {}
                (5, "title") | (7, "default") => {}
                (4, "enum") | (8, "required") if value.is_array() => {}
                _ => self.keyword(key, value),
            }
        }
    }

    /// A keyword that not every schema has, or has wrong, and what lies behind it.
    fn keyword(&mut self, key: &'a str, value: &'a Value) {
        match (key, value) {
            (
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas",
                Value::Object(inner),
            ) => self.below(Step::Key(key), |walk| {
                inner.iter().for_each(|(name, schema)| walk.below(Step::Key(name), |walk| walk.node(schema)));
            }),
            ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "items", Value::Array(list)) => {
                self.below(Step::Key(key), |walk| {
                    for (i, schema) in list.iter().enumerate() {
                        walk.below(Step::Index(i), |walk| walk.node(schema));
                    }
                });
            }
            // `true` and `false` are what the last two mostly are, and clients know them there.
            ("items" | "not" | "if" | "then" | "else" | "contains", schema @ (Value::Object(_) | Value::Bool(_)))
            | ("additionalProperties" | "propertyNames", schema @ Value::Object(_)) => {
                self.below(Step::Key(key), |walk| walk.node(schema));
            }
            ("required", _) => self.below(Step::Key(key), |walk| walk.add(Refusal::RequiredNoList)),
            ("$ref" | "$dynamicRef", Value::String(reference))
                if self.references.follow(reference) == Target::Nowhere =>
            {
                self.below(Step::Key(key), |walk| walk.add(Refusal::DanglingReference));
            }
            ("properties", value) if !value.is_null() => {
                self.below(Step::Key(key), |walk| walk.add(Refusal::PropertiesNoObject));
            }
            (_, value) if is_wrong(key, value) => {
                self.below(Step::Key(key), |walk| walk.add(Refusal::WrongKeyword));
            }
            ("x-mcp-header", _) => self.looked.headers = true,
            _ => {}
        }
    }
}

/// A name as clients spell it that take letters, digits, `_` and `-` only, or fold case.
pub(super) fn normalised(name: &str) -> String {
    let one = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '_' };
    let mut out = String::with_capacity(name.len());
    out.extend(name.chars().map(one));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(input: Value, output: Option<Value>) -> Vec<(Refusal, String, usize)> {
        let tool = Tool { input_schema: input, output_schema: output, ..Tool::default() };
        look(&tool, &Listing::default()).faults.into_iter().map(|f| (f.refusal, f.pointer, f.more)).collect()
    }

    #[test]
    fn schemas_that_clients_refuse_are_found_with_their_place() {
        let booleans =
            json!({"type": "object", "properties": {"a": true, "b": {"items": false}}, "additionalProperties": false});
        assert_eq!(of(booleans, None), [(Refusal::BooleanSchema, "/inputSchema/properties/a".to_owned(), 1)]);
        let dangling = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/No"}, "b": {"$ref": "#/$defs/A%20b"}}, "$defs": {"A b": {}}});
        assert_eq!(of(dangling, None), [(Refusal::DanglingReference, "/inputSchema/properties/a/$ref".to_owned(), 0)]);
        let root = json!({"anyOf": [{"type": "object"}], "required": null});
        assert_eq!(
            of(root, None).iter().map(|f| f.0).collect::<Vec<_>>(),
            [Refusal::RootNotObject, Refusal::RequiredNoList]
        );
        for none in [Value::Null, json!([]), json!(true), json!("object")] {
            assert_eq!(of(none, None)[0].0, Refusal::NoSchema);
        }
        let output = json!({"type": "object", "properties": {"keys": true}});
        assert_eq!(of(json!({"type": "object"}), Some(output))[0].1, "/outputSchema/properties/keys");
        // A property may have any name, and an external schema is not looked up.
        let fine =
            json!({"type": "object", "properties": {"required": {"type": "boolean"}, "a": {"$ref": "https://x/y#/z"}}});
        assert_eq!(of(fine, None), []);
    }

    #[test]
    fn a_reference_is_followed_in_every_form_and_told_where_it_leads_nowhere() {
        let one = |reference: &str| {
            let rest =
                json!({"A": {"$anchor": "a"}, "B": {"$id": "https://x/b", "$defs": {"c": {}}}, "C": {"$id": "#old"}});
            let schema = json!({"type": "object", "properties": {"p": {"$ref": reference}}, "$defs": rest});
            of(schema, None).into_iter().map(|f| f.0).collect::<Vec<_>>()
        };
        for there in ["#", "#a", "#old", "#/$defs/A", "https://x/b", "https://x/b#/$defs/c", "https://elsewhere/x"] {
            assert_eq!(one(there), [], "{there}");
        }
        for nowhere in ["#b", "#/definitions/A", "A", "other.json", "https://x/b#/$defs/d"] {
            assert_eq!(one(nowhere), [Refusal::DanglingReference], "{nowhere}");
        }
        let dynamic = json!({"type": "object", "properties": {"p": {"$dynamicRef": "#n"}}});
        assert_eq!(
            of(dynamic, None)[0],
            (Refusal::DanglingReference, "/inputSchema/properties/p/$dynamicRef".to_owned(), 0)
        );
    }

    #[test]
    fn keywords_of_a_wrong_type_are_told_with_their_place() {
        for (schema, refusal, place) in [
            (json!({"properties": []}), Refusal::PropertiesNoObject, "/inputSchema/properties"),
            (json!({"properties": {"a": {"type": "strng"}}}), Refusal::UnknownType, "/inputSchema/properties/a/type"),
            (json!({"properties": {"a": {"type": []}}}), Refusal::UnknownType, "/inputSchema/properties/a/type"),
            (json!({"properties": {"a": {"enum": {}}}}), Refusal::WrongKeyword, "/inputSchema/properties/a/enum"),
            (
                json!({"properties": {"a": {"items": "string"}}}),
                Refusal::WrongKeyword,
                "/inputSchema/properties/a/items",
            ),
            (
                json!({"properties": {"a": {"required": true}}}),
                Refusal::RequiredNoList,
                "/inputSchema/properties/a/required",
            ),
        ] {
            let mut schema = schema;
            schema["type"] = json!("object");
            assert_eq!(of(schema.clone(), None), [(refusal, place.to_owned(), 0)], "{schema}");
            assert_eq!(crate::classify::clients::refusal_at(place), refusal);
        }
    }

    #[test]
    fn names_beyond_the_rule_are_found_and_dots_are_not() {
        let level = |n: &str| name(n).map(|f| f.level);
        for odd in ["get status", "!pg", "files/read", "长亭", &"a".repeat(129)] {
            assert_eq!(level(odd), Some(FindingLevel::Warning), "{odd}");
        }
        assert_eq!(level(&"a".repeat(65)), Some(FindingLevel::Note));
        for fine in ["a", "db.drop", "A-b_9", &"a".repeat(64)] {
            assert_eq!(level(fine), None, "{fine}");
        }
    }
}
