//! What a tool's arguments hand over, read from their names and types: paths, addresses,
//! programs, lists of ids, safeties that can be switched off.

use serde_json::Value;

use crate::manifest::Tool;
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
    /// What the id names, e.g. `task` for `task_id`; empty where the name does not say.
    pub thing: String,
    /// Whether a call without it is invalid.
    pub required: bool,
    /// Whether it takes a list.
    pub list: bool,
}

/// Arguments read before the rest is only counted: the largest real tool has about 60.
const READ: usize = 100;

/// The arguments of a tool in the schema's order.
pub fn read<'a>(tool: &'a Tool, words: &mut Words) -> Vec<Argument<'a>> {
    let Some(properties) = tool.input_schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
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
        let mut thing = String::new();
        if matches!(role, Some(Role::Id | Role::Ids)) {
            for i in 0..words.len() - 1 {
                if i > 0 {
                    thing.push(' ');
                }
                thing.push_str(words.text(i));
            }
        }
        Argument {
            name,
            role,
            thing,
            required: required.is_some_and(|r| r.iter().any(|v| v == name.as_str())),
            list: many,
        }
    };
    properties.iter().take(READ).map(|item| one(item, words)).collect()
}

/// How many arguments the top level declares.
pub fn declared(tool: &Tool) -> usize {
    tool.input_schema.get("properties").and_then(Value::as_object).map_or(0, serde_json::Map::len)
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
        assert_eq!(arguments[0].thing, "task");
        assert!(arguments[0].required && !arguments[1].required && arguments[1].list);
    }

    #[test]
    fn odd_schemas_have_no_arguments() {
        for schema in [Value::Null, json!(true), json!({"properties": []}), json!({"properties": {"": 3, "__": {}}})] {
            let tool = Tool { input_schema: schema, ..Tool::default() };
            assert!(read(&tool, &mut Words::new()).iter().all(|a| a.role.is_none()));
        }
    }
}
