//! `policy.json` → [`Policy`], or every mistake with line, column, JSON Pointer and what to write
//! instead.

mod mistakes;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path as FilePath;

use serde_json::Value;

use super::document::{EVERY_TOOL, SCOPE, VERSION};
use super::{Clause, Condition, DefaultAction, Entry, Limit, Path, Pattern, Policy, Test, Window};
use crate::diagnostic::{Code, Diagnostic, Parsed, Position};
use crate::input;
use crate::manifest::schema::escape;
use crate::raw::{self, Member, Members, Raw};
use mistakes::PolicyObject;

/// Larger files are refused: a document of 10,000 limited tools has 3 MB.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads one file: the document, unless there was an error.
pub fn read_file(file: &FilePath) -> Parsed<Option<Policy>> {
    match input::named(file, MAX_BYTES).and_then(input::text) {
        Ok(text) => read_text(&text, file),
        Err(refused) => refused.diagnostic(file).into(),
    }
}

/// Reads one document; `file` is only named in diagnostics.
pub fn read_text(text: &str, file: &FilePath) -> Parsed<Option<Policy>> {
    let text = input::without_bom(text);
    let mut reader = PolicyReader { text, file, diagnostics: Vec::new() };
    let policy = match serde_json::from_str(text) {
        Ok(root) => reader.document(root),
        Err(e) => {
            reader.broken(&e);
            None
        }
    };
    let failed = reader.diagnostics.iter().any(Diagnostic::is_error);
    Parsed { value: policy.filter(|_| !failed), diagnostics: reader.diagnostics }
}

struct PolicyReader<'a> {
    text: &'a str,
    file: &'a FilePath,
    diagnostics: Vec<Diagnostic>,
}

/// A part of the document and where it stands.
#[derive(Clone, Copy)]
struct LocatedNode<'a, 'p> {
    node: Raw<'a>,
    pointer: &'p str,
}

impl<'a> PolicyReader<'a> {
    fn broken(&mut self, e: &serde_json::Error) {
        let message = e.to_string();
        let message = message.rfind(" at line ").map_or(message.as_str(), |i| &message[..i]);
        self.diagnostics.push(
            Diagnostic::error(
                Code::BrokenJson,
                self.file,
                format!("the file is not valid JSON: {message}"),
                "repair it at this place; JSON has no comments and no comma after the last entry",
            )
            .at(e.into()),
        );
    }

    fn report(&mut self, code: Code, offset: usize, pointer: &str, message: &str, help: &str, error: bool) {
        let message = format!("`{}`: {message}", if pointer.is_empty() { "/" } else { pointer });
        let diagnostic = if error {
            Diagnostic::error(code, self.file, message, help)
        } else {
            Diagnostic::warning(code, self.file, message, help)
        };
        self.diagnostics.push(diagnostic.at(Position::of(self.text, offset)));
    }

    fn error(&mut self, code: Code, part: LocatedNode<'_, '_>, message: &str, help: &str) {
        self.report(code, raw::offset(part.node, self.text), part.pointer, message, help, true);
    }

    fn warning(&mut self, code: Code, part: LocatedNode<'_, '_>, message: &str, help: &str) {
        self.report(code, raw::offset(part.node, self.text), part.pointer, message, help, false);
    }

    /// The fields of an object, each key once, unknown keys reported.
    fn fields(&mut self, part: LocatedNode<'a, '_>, place: PolicyObject) -> Option<BTreeMap<Cow<'a, str>, Raw<'a>>> {
        let Some(fields) = Members::of(part.node) else {
            self.error(Code::WrongType, part, &format!("{} is an object", place.name()), place.example());
            return None;
        };
        let mut known = BTreeMap::new();
        for Member { key, raw_key, value } in fields {
            let pointer = format!("{}/{}", part.pointer, escape(&key));
            let at = raw::offset(raw_key, self.text);
            if !place.keys().contains(&&*key) {
                let help = place.suggest(&key);
                self.report(
                    Code::UnknownKey,
                    at,
                    &pointer,
                    &format!("{} has no key `{key}`", place.name()),
                    &help,
                    true,
                );
            } else if known.insert(key, value).is_some() {
                self.report(Code::DuplicateKey, at, &pointer, "this key is there twice", "keep one of them", true);
            }
        }
        for key in place.required() {
            if !known.contains_key(*key) {
                self.error(Code::MissingKey, part, &format!("{} needs `{key}`", place.name()), place.example());
            }
        }
        Some(known)
    }

    fn list(&mut self, part: LocatedNode<'a, '_>, help: &str) -> Vec<Raw<'a>> {
        raw::items(part.node).unwrap_or_else(|| {
            self.error(Code::WrongType, part, "this is a list", help);
            Vec::new()
        })
    }

    fn document(&mut self, node: Raw<'a>) -> Option<Policy> {
        let fields = self.fields(LocatedNode { node, pointer: "" }, PolicyObject::Document)?;
        let mut policy = Policy::deny_all();
        if let Some(&node) = fields.get("version") {
            let part = LocatedNode { node, pointer: "/version" };
            if raw::text(node).as_deref() != Some(VERSION) {
                self.error(
                    Code::UnknownVersion,
                    part,
                    "the only version is the text \"1\"",
                    "write `\"version\": \"1\"`",
                );
            }
        }
        if let Some(&node) = fields.get("default") {
            match raw::text(node).as_deref() {
                Some("deny") => {}
                Some("allow") => policy.default = DefaultAction::Allow,
                _ => self.error(
                    Code::UnknownValue,
                    LocatedNode { node, pointer: "/default" },
                    "the default is \"allow\" or \"deny\"",
                    "write `\"default\": \"deny\"`, which denies every tool that `tools` does not list",
                ),
            }
        }
        if let Some(&node) = fields.get("hide") {
            policy.hide = self.hide(node);
        }
        if let Some(&node) = fields.get("all_tools")
            && let Some(inner) = self.fields(LocatedNode { node, pointer: "/all_tools" }, PolicyObject::AllTools)
            && let Some(&limits) = inner.get("limits")
        {
            policy.all_tools = self.limits(LocatedNode { node: limits, pointer: "/all_tools/limits" });
        }
        if let Some(&node) = fields.get("tools") {
            self.tools(node, &mut policy);
        }
        Some(policy)
    }

    fn hide(&mut self, node: Raw<'a>) -> Vec<String> {
        let mut names = Vec::new();
        let items = self.list(LocatedNode { node, pointer: "/hide" }, "write `\"hide\": [\"name_of_a_tool\"]`");
        for (i, node) in items.into_iter().enumerate() {
            let pointer = format!("/hide/{i}");
            let part = LocatedNode { node, pointer: &pointer };
            match raw::text(node) {
                None => self.error(Code::WrongType, part, "this is the name of a tool", "write it as a text"),
                Some(name) if names.contains(&name) => {
                    self.warning(Code::HiddenTwice, part, "this name is hidden already", "leave it out");
                    names.push(name);
                }
                Some(name) => names.push(name),
            }
        }
        names
    }

    fn tools(&mut self, node: Raw<'a>, policy: &mut Policy) {
        let part = LocatedNode { node, pointer: "/tools" };
        let Some(fields) = Members::of(node) else {
            self.error(
                Code::WrongType,
                part,
                "`tools` is an object of entries by tool name",
                PolicyObject::Document.example(),
            );
            return;
        };
        for Member { key, raw_key, value } in fields {
            let pointer = format!("/tools/{}", escape(&key));
            let named = LocatedNode { node: raw_key, pointer: &pointer };
            if policy.hide.iter().any(|n| *n == key || n == EVERY_TOOL) {
                let help = "leave it out of one of both; hidden counts";
                self.warning(Code::HiddenEntry, named, "this tool is hidden, so its entry never decides", help);
            }
            if policy.tools.contains_key(&*key) {
                self.error(Code::DuplicateKey, named, "this tool is there twice", "put both into one entry");
                continue;
            }
            let entry = self.entry(LocatedNode { node: value, pointer: &pointer }).unwrap_or_default();
            policy.tools.insert(key.into_owned(), entry);
        }
    }

    fn entry(&mut self, part: LocatedNode<'a, '_>) -> Option<Entry> {
        let fields = self.fields(part, PolicyObject::Entry)?;
        let mut entry = Entry::default();
        for (key, &node) in &fields {
            let pointer = format!("{}/{key}", part.pointer);
            let inner = LocatedNode { node, pointer: &pointer };
            match &**key {
                "require" => entry.require = self.clauses(inner),
                "deny_if" => entry.deny_if = self.clauses(inner),
                _ => entry.limits = self.limits(inner),
            }
        }
        Some(entry)
    }

    fn clauses(&mut self, part: LocatedNode<'a, '_>) -> Vec<Clause> {
        let items = self.list(part, PolicyObject::Clause.example());
        let clauses = items.into_iter().enumerate().filter_map(|(i, node)| {
            let pointer = format!("{}/{i}", part.pointer);
            let fields = self.fields(LocatedNode { node, pointer: &pointer }, PolicyObject::Clause)?;
            let on_deny = fields.get("on_deny").and_then(|&node| {
                let at = format!("{pointer}/on_deny");
                let text = raw::text(node);
                if text.is_none() {
                    let part = LocatedNode { node, pointer: &at };
                    self.error(Code::WrongType, part, "the message is a text", "write what the agent is to do instead");
                }
                text
            });
            let at = format!("{pointer}/conditions");
            let conditions = match fields.get("conditions") {
                Some(&node) => self.list(LocatedNode { node, pointer: &at }, PolicyObject::Clause.example()),
                None => Vec::new(),
            };
            let conditions = conditions.into_iter().enumerate().filter_map(|(i, node)| {
                let pointer = format!("{at}/{i}");
                self.condition(LocatedNode { node, pointer: &pointer })
            });
            Some(Clause { conditions: conditions.collect(), on_deny })
        });
        clauses.collect()
    }

    fn condition(&mut self, part: LocatedNode<'a, '_>) -> Option<Condition> {
        let fields = self.fields(part, PolicyObject::Condition)?;
        let at = |key: &str| format!("{}/{key}", part.pointer);
        let (path_node, op_node, value_node) = (*fields.get("path")?, *fields.get("op")?, *fields.get("value")?);
        let path = raw::text(path_node).as_deref().and_then(Path::parse);
        if path.is_none() {
            let pointer = at("path");
            let named = raw::text(path_node).filter(|t| !t.starts_with(Path::ROOT)).unwrap_or_default();
            let help = format!("write `args.{}`: dotted field names below the arguments", or(&named, "field"));
            self.error(Code::BadPath, LocatedNode { node: path_node, pointer: &pointer }, "this is not a path", &help);
        }
        let op = raw::text(op_node).unwrap_or_default();
        if !Test::OPERATORS.contains(&op.as_str()) {
            let pointer = at("op");
            let help = mistakes::operator(&op);
            let message = format!("there is no operator `{op}`");
            self.error(Code::UnknownOperator, LocatedNode { node: op_node, pointer: &pointer }, &message, &help);
            return None;
        }
        let pointer = at("value");
        let value_part = LocatedNode { node: value_node, pointer: &pointer };
        let value: Value = match serde_json::from_str::<Value>(value_node.get()) {
            Ok(value) => value,
            Err(e) => {
                self.error(
                    Code::BadValue,
                    value_part,
                    &format!("this value cannot be read: {e}"),
                    "write a simpler value",
                );
                return None;
            }
        };
        let test = match test(&op, value) {
            Ok(test) => test,
            Err((message, help)) => {
                self.error(Code::BadValue, value_part, &message, help);
                return None;
            }
        };
        Some(Condition { path: path?, test })
    }

    fn limits(&mut self, part: LocatedNode<'a, '_>) -> Vec<Limit> {
        let items = self.list(part, PolicyObject::Limit.example());
        let limits = items.into_iter().enumerate().filter_map(|(i, node)| {
            let pointer = format!("{}/{i}", part.pointer);
            self.limit(LocatedNode { node, pointer: &pointer })
        });
        limits.collect()
    }

    fn limit(&mut self, part: LocatedNode<'a, '_>) -> Option<Limit> {
        let fields = self.fields(part, PolicyObject::Limit)?;
        let mut check = |key: &str, good: bool, message: &str, help: &str| {
            if let (Some(&node), false) = (fields.get(key), good) {
                let pointer = format!("{}/{key}", part.pointer);
                self.error(Code::UnknownValue, LocatedNode { node, pointer: &pointer }, message, help);
            }
        };
        let text = |key: &str| fields.get(key).and_then(|n| raw::text(*n));
        let counter = text("counter");
        check("counter", counter.is_some(), "the counter is a name", "write `\"counter\": \"name_of_a_tool_rate\"`");
        let window = text("window").as_deref().and_then(Window::parse);
        let windows = "write `\"window\": \"minute\"`; seconds cannot be given";
        check("window", window.is_some(), "the window is \"minute\", \"hour\" or \"day\"", windows);
        let max = fields.get("max").and_then(|n| whole(&serde_json::from_str::<Value>(n.get()).ok()?));
        check("max", max.is_some(), "`max` is a whole number from 0", "write the number of calls that a window allows");
        let scope = text("scope").is_some_and(|s| s == SCOPE);
        check("scope", scope, "the only scope is \"grant\"", "write `\"scope\": \"grant\"`");
        Some(Limit { counter: counter?, window: window?, max: max? })
    }
}

/// A whole number from 0, also where it is written `30.0`: JSON makes no difference.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let text = value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..1e15).contains(n))?.to_string();
        text.parse().ok()
    })
}

fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}

/// Operator and value, or what is wrong with the value and what to write.
fn test(op: &str, value: Value) -> Result<Test, (String, &'static str)> {
    let number = |value: Value| match value {
        Value::Number(n) => Ok(n),
        _ => Err((format!("`{op}` compares with a number"), "write a number without quotes")),
    };
    let list = |value: Value| match value {
        Value::Array(items) => Ok(items),
        _ => Err((format!("`{op}` takes a list"), "write the values in brackets: `[\"a\", \"b\"]`")),
    };
    Ok(match op {
        "eq" => Test::Eq(value),
        "neq" => Test::Neq(value),
        "lt" => Test::Lt(number(value)?),
        "lte" => Test::Lte(number(value)?),
        "gt" => Test::Gt(number(value)?),
        "gte" => Test::Gte(number(value)?),
        "in" => Test::In(list(value)?),
        "not_in" => Test::NotIn(list(value)?),
        "contains" => Test::Contains(value),
        "exists" => match value {
            Value::Bool(there) => Test::Exists(there),
            _ => return Err(("`exists` takes true or false".to_owned(), "write `true` or `false` without quotes")),
        },
        _ => match value.as_str().map(Pattern::new) {
            Some(Ok(pattern)) => Test::Regex(pattern),
            Some(Err(e)) => {
                let message = format!("this regular expression is not valid: {}", e.to_string().replace('\n', " "));
                return Err((message, "the syntax is that of the regex crate: no look-around, no back-references"));
            }
            None => return Err(("`regex` takes a text".to_owned(), "write the pattern as a text")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `code@line:column pointer | help` of each diagnostic.
    fn said(text: &str) -> Vec<String> {
        let reading = read_text(text, FilePath::new("policy.json"));
        let failed = reading.diagnostics.iter().any(Diagnostic::is_error);
        assert_eq!(reading.value.is_none(), failed, "{text}");
        let show = |d: &Diagnostic| {
            let place = d.position.map_or(String::new(), |p| p.to_string());
            let pointer = d.message.split('`').nth(1).unwrap_or_default();
            format!("{}@{place} {pointer} | {}", d.code, d.help)
        };
        reading.diagnostics.iter().map(show).collect()
    }

    fn entry(inner: &str) -> Vec<String> {
        said(&format!("{{\"version\":\"1\",\"default\":\"deny\",\"tools\":{{\n\"x\": {inner}}}}}"))
    }

    #[test]
    fn the_mistakes_that_others_teach_are_named_with_the_right_key() {
        let first = |inner: &str| entry(inner).remove(0);
        assert!(
            first(r#"{"rate_limit": {"window": 60, "max": 5}}"#)
                .starts_with("unknown-key@2:7 /tools/x/rate_limit | write `limits`")
        );
        let action = first(r#"{"action": "deny", "reason": "no"}"#);
        assert!(action.contains("`hide`") && action.contains("\"deny_if\""), "{action}");
        assert!(first(r#"{"reason": "no"}"#).contains("`on_deny`"));
        assert!(first(r#"{"require_approval": true}"#).contains("no approval step"));
        let limit = r#"{"limits": [{"counter": "c", "window": 60, "max": 5, "scope": "grant"}]}"#;
        assert!(
            first(limit).starts_with("unknown-value@2:45 /tools/x/limits/0/window | write `\"window\": \"minute\"`")
        );
    }

    #[test]
    fn every_mistake_is_reported_at_once_with_its_place() {
        let text = "{\n \"version\": 1,\n \"hide\": [7],\n \"tolls\": {}\n}";
        let codes: Vec<String> =
            said(text).iter().map(|s| s.split(" |").next().unwrap_or_default().to_owned()).collect();
        assert_eq!(
            codes,
            ["unknown-key@4:2 /tolls", "missing-key@1:1 /", "unknown-version@2:13 /version", "wrong-type@3:11 /hide/0"]
        );
        assert!(said(text)[0].ends_with("write `tools`"));
    }

    #[test]
    fn conditions_are_checked_by_operator() {
        let condition = |c: &str| entry(&format!(r#"{{"deny_if": [{{"conditions": [{c}]}}]}}"#)).join("\n");
        assert_eq!(condition(r#"{"path": "args.a", "op": "regex", "value": "a+"}"#), "");
        assert!(condition(r#"{"path": "args.a", "op": "regex", "value": "("}"#).starts_with("bad-value@"));
        assert!(condition(r#"{"path": "a", "op": "eq", "value": 1}"#).contains("write `args.a`"));
        assert!(condition(r#"{"path": "args.a", "op": "==", "value": 1}"#).contains("write `eq`"));
        assert!(condition(r#"{"path": "args.a", "op": "lt", "value": "1"}"#).contains("/value | write a number"));
        assert!(condition(r#"{"path": "args.a", "op": "in", "value": "1"}"#).contains("in brackets"));
        assert!(condition(r#"{"path": "args.a", "op": "exists", "value": 1}"#).contains("`true` or `false`"));
        assert!(condition(r#"{"path": "args.a", "op": "in"}"#).starts_with("missing-key@"));
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        assert!(condition(&format!(r#"{{"path": "args.a", "op": "eq", "value": {deep}}}"#)).starts_with("bad-value@"));
    }

    #[test]
    fn contradictions_are_warnings() {
        let text = r#"{"version":"1","default":"deny","hide":["a","a"],"tools":{"a":{}}}"#;
        let codes: Vec<String> =
            said(text).iter().map(|s| s.split('@').next().unwrap_or_default().to_owned()).collect();
        assert_eq!(codes, ["hidden-twice", "hidden-entry"]);
    }

    #[test]
    fn what_is_no_json_is_one_diagnostic_with_its_place() {
        assert!(said("{\n \"version\": \"1\",\n}")[0].starts_with("broken-json@3:1"));
        assert!(said("")[0].starts_with("broken-json@1:1"));
        assert!(said("[]")[0].starts_with("wrong-type@1:1"));
        assert!(said(r#"{"version":"1","default":"deny","version":"1"}"#)[0].starts_with("duplicate-key@1:33"));
    }
}
