//! What a tool's arguments hand over, read from their names and types: paths, addresses,
//! programs, lists of ids, safeties that can be switched off.

use serde_json::Value;

use super::{Prose, sentences};
use crate::manifest::{Tool, schema};
use crate::words::{Words, split_identifier};

/// What an argument is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Names one thing.
    Id,
    /// Names many things.
    Ids,
    /// A path in a file system.
    Path,
    /// An address that is fetched or called.
    Url,
    /// A program: code, a command, a query.
    Program,
    /// Switches a safety off or widens what is hit.
    Force,
    /// Who receives something.
    Recipient,
    /// How much money or how many pieces.
    Amount,
    /// Text that others will read or that is stored.
    Text,
    /// Previews or asks for a confirmation.
    Safety,
}

/// A row a role: the words that say so, and whether they have to be the last of the name.
const ROLES: &[(Role, bool, &[&str])] = &[
    (Role::Safety, false, &["dry", "dryrun", "confirm", "confirmed", "confirmation", "preview", "simulate"]),
    (
        Role::Force,
        false,
        &["force", "forced", "overwrite", "recursive", "cascade", "permanent", "permanently", "hard", "purge"],
    ),
    (
        Role::Program,
        true,
        &[
            "sql",
            "code",
            "script",
            "command",
            "expression",
            "cypher",
            "statement",
            "program",
            "javascript",
            "cmd",
            "query",
            "function",
            "pipeline",
            "commands",
        ],
    ),
    (
        Role::Path,
        true,
        &[
            "path",
            "paths",
            "file",
            "files",
            "filename",
            "filepath",
            "filepaths",
            "dir",
            "directory",
            "destination",
            "cwd",
        ],
    ),
    (Role::Url, true, &["url", "urls", "uri", "uris", "link", "endpoint", "href", "webhook"]),
    (Role::Ids, true, &["ids", "keys", "uuids", "uids", "iids"]),
    (Role::Id, true, &["id", "key", "uuid", "uid", "iid", "sha", "arn", "number"]),
    (Role::Recipient, true, &["to", "cc", "bcc", "recipient", "recipients", "channel", "phone", "attendees"]),
    (Role::Amount, true, &["amount", "price", "quantity", "cost", "total"]),
    (Role::Text, true, &["body", "message", "content", "contents", "text", "html", "comment", "prompt", "markdown"]),
];

/// One argument of the top level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument<'a> {
    /// Its name as declared.
    pub name: &'a str,
    /// What it is for, where its name says so.
    pub role: Option<Role>,
    /// Whether a call without it is invalid.
    pub required: bool,
    /// Whether it takes text, or a list.
    pub text: bool,
}

/// Arguments read before the rest is only counted: the largest real tool has about 60.
const MAX_READ: usize = 100;

/// The arguments of a tool in the schema's order.
pub(crate) fn read<'a>(tool: &'a Tool, words: &mut Words) -> Vec<Argument<'a>> {
    let required = tool.input_schema.get("required").and_then(Value::as_array);
    let one = |(name, schema): (&'a String, &Value), words: &mut Words| {
        split_identifier(name, words);
        let many = is(schema, "array");
        let last = words.len().checked_sub(1).map_or("", |i| words.text(i));
        let mut role = ROLES
            .iter()
            .find(|(_, at_end, any)| if *at_end { any.contains(&last) } else { words.iter().any(|w| any.contains(&w)) })
            .map(|(role, ..)| *role);
        role = match role {
            Some(Role::Force | Role::Safety) if !is(schema, "boolean") => None,
            Some(Role::Id | Role::Recipient | Role::Path) if is(schema, "boolean") => None,
            Some(Role::Id) if many => Some(Role::Ids),
            other => other,
        };
        Argument {
            name,
            role,
            required: required.is_some_and(|r| r.iter().any(|v| v == name.as_str())),
            text: many || is(schema, "string"),
        }
    };
    schema::arguments(&tool.input_schema).take(MAX_READ).map(|item| one(item, words)).collect()
}

/// What is to be said where no argument can be listed.
pub(crate) fn note(tool: &Tool, without_schemas: bool) -> Option<Prose> {
    const ELSEWHERE: [&str; 9] =
        ["$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "patternProperties", "dependentSchemas"];
    let schema = &tool.input_schema;
    if !schema.is_object() {
        return Some(if without_schemas { sentences::without_schemas() } else { sentences::no_schema() });
    }
    let mut listed = false;
    schema::walk(schema, "", &mut |node| listed |= node.depth == 1);
    if listed {
        return None;
    }
    let elsewhere = ELSEWHERE.iter().any(|key| schema.get(key).is_some())
        || schema.get("properties").is_some_and(|p| !p.as_object().is_some_and(serde_json::Map::is_empty))
        || schema.get("additionalProperties").is_some_and(Value::is_object)
        || schema.as_object().is_some_and(schema::is_unread);
    Some(if elsewhere { sentences::arguments_unread() } else { sentences::no_arguments() })
}

/// Whether a schema allows a type, also inside `anyOf` and `oneOf`.
fn is(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(t)) => return t == name,
        Some(Value::Array(types)) => return types.iter().any(|t| t == name),
        _ => {}
    }
    ["anyOf", "oneOf"].into_iter().any(|key| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .is_some_and(|items| items.iter().any(|i| i.get("type").is_some_and(|t| t == name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_and_types_say_what_arguments_are_for() {
        let tool = Tool {
            input_schema: json!({"required": ["task_id"], "properties": {
                "task_id": {"type": "string"},
                "contactIds": {"anyOf": [{"type": "array"}, {"type": "null"}]},
                "force": {"type": "boolean"},
                "workforce": {"type": "string"},
                "outputPath": {"type": "string"},
                "sql": {"type": "string"},
                "dry_run": {"type": "boolean"},
                "nurl": true
            }}),
            ..Tool::default()
        };
        let arguments = read(&tool, &mut Words::new());
        let roles: Vec<_> = arguments.iter().map(|a| (a.name, a.role)).collect();
        assert_eq!(
            roles,
            [
                ("task_id", Some(Role::Id)),
                ("contactIds", Some(Role::Ids)),
                ("force", Some(Role::Force)),
                ("workforce", None),
                ("outputPath", Some(Role::Path)),
                ("sql", Some(Role::Program)),
                ("dry_run", Some(Role::Safety)),
                ("nurl", None),
            ]
        );
        assert!(arguments[0].required && !arguments[1].required);
        assert!(arguments[0].text && arguments[1].text && !arguments[2].text);
    }

    #[test]
    fn odd_schemas_have_no_arguments() {
        for schema in [Value::Null, json!(true), json!({"properties": []}), json!({"properties": {"": 3, "__": {}}})] {
            let tool = Tool { input_schema: schema, ..Tool::default() };
            assert!(read(&tool, &mut Words::new()).iter().all(|a| a.role.is_none()));
        }
    }

    #[test]
    fn no_argument_is_denied_only_where_a_schema_was_published_and_is_empty() {
        let ids = |schema: Value| {
            note(&Tool { input_schema: schema, ..Tool::default() }, false).map(|p| p.ids()[0]).unwrap_or_default()
        };
        for none in [Value::Null, json!(true), json!([])] {
            assert_eq!(ids(none), "no_schema");
        }
        for empty in [json!({}), json!({"type": "object", "properties": {}, "$defs": {"a": {}}})] {
            assert_eq!(ids(empty), "no_arguments");
        }
        for unread in [
            json!({"$ref": "https://x"}),
            json!({"patternProperties": {"a": {}}}),
            json!({"properties": 1}),
            json!({"path": "string"}),
            json!({"type": "object", "shape": {"path": {"_def": {}}}}),
        ] {
            assert_eq!(ids(unread), "arguments_unread");
        }
        for listed in [
            json!({"properties": {"a": {}}}),
            json!({"anyOf": [{"properties": {"a": {}}}]}),
            json!({"path": {"type": "string"}}),
        ] {
            assert_eq!(ids(listed), "");
        }
    }
}
