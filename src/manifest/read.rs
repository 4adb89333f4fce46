//! JSON of any known shape → [`Manifest`], or diagnostics with line and column.
//!
//! Accepted shapes: a capture (`{server, tools, …}`), a listing (`{tools}`), a JSON-RPC
//! answer (`{result: {tools}}`), an array of tools, an array of pages, one tool alone.
//! A bad tool costs that tool, a bad file that server.

use std::collections::HashMap;
use std::path::Path;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Annotations, Manifest, Server, Tool, limits};
use crate::diagnostic::{self, Diagnostic, Position};
use crate::input::{self, Refused};

/// Files above this size are refused: the largest manifest known has 2.9 MB.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What came of reading one manifest.
#[derive(Debug, Default)]
pub struct Reading {
    /// The manifest, unless the whole file was lost.
    pub manifest: Option<Manifest>,
    /// Everything that was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Read and parse one manifest file.
pub fn read_file(path: &Path) -> Reading {
    match input::bytes(path, MAX_BYTES) {
        Ok(bytes) => read_bytes(&bytes, path),
        Err(refused) => refused_file(&refused, path),
    }
}

/// What comes of a manifest that was not read.
pub fn refused_file(refused: &Refused, path: &Path) -> Reading {
    let mut diagnostic = refused.diagnostic(path);
    if let Refused::TooLarge(_) = refused {
        "a manifest is one server's tools/list; split the file".clone_into(&mut diagnostic.help);
    }
    Reading { manifest: None, diagnostics: vec![diagnostic] }
}

/// Parse one manifest that was read from wherever; `path` is only named in diagnostics.
pub fn read_bytes(bytes: &[u8], path: &Path) -> Reading {
    let lost = |diagnostic| Reading { manifest: None, diagnostics: vec![diagnostic] };
    if bytes.len() as u64 > MAX_BYTES {
        return refused_file(&Refused::TooLarge(MAX_BYTES), path);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, path),
        Err(e) => {
            let valid = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
            lost(
                Diagnostic::error(
                    "not-utf8",
                    path,
                    "the file is not UTF-8",
                    "save it as UTF-8, which JSON requires (RFC 8259 §8.1)",
                )
                .at(Position::of(&valid, valid.len())),
            )
        }
    }
}

type Fields<'a> = HashMap<String, &'a RawValue>;

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
    diagnostics: Vec<Diagnostic>,
    tools: Vec<Tool>,
    /// Name → index in `tools`.
    seen: HashMap<String, usize>,
    /// Whether there are more tools than a server may have.
    tools_beyond: bool,
    /// The last tool's offset and position: offsets ascend, so lines are counted once.
    cursor: (usize, Position),
}

/// Parse one manifest; `path` is only named in diagnostics. The slug is left empty where
/// the file does not give one: identity is the catalogue's decision.
pub fn read(text: &str, path: &Path) -> Reading {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        text,
        path,
        diagnostics: Vec::new(),
        tools: Vec::new(),
        seen: HashMap::new(),
        tools_beyond: false,
        cursor: (0, Position { line: 1, column: 1 }),
    };
    let mut manifest = reader.document();
    if reader.tools_beyond {
        let message = format!("the server has more than {} tools", limits::TOOLS);
        let help = "a manifest is one server's tools/list; docs/security.md lists the limits";
        reader.diagnostics.push(Diagnostic::error("too-many-tools", path, message, help));
        manifest = None;
    }
    Reading { manifest, diagnostics: diagnostic::fewer(reader.diagnostics) }
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Option<Manifest> {
        match self.text.trim_ascii_start().bytes().next() {
            Some(b'{') => {
                let fields = self.parse()?;
                self.object(&fields)
            }
            Some(b'[') => {
                for item in self.parse::<Vec<&'a RawValue>>()? {
                    self.advance(self.offset(item));
                    match object(item) {
                        Some(fields) if fields.contains_key("tools") || fields.contains_key("result") => {
                            self.listing(&fields);
                        }
                        _ => self.tool(item),
                    }
                }
                Some(self.finish(Manifest::default()))
            }
            _ => {
                let root = self.parse()?;
                self.not_a_manifest(root);
                None
            }
        }
    }

    /// The whole file; where it is no JSON, that is told.
    fn parse<T: serde::Deserialize<'a>>(&mut self) -> Option<T> {
        serde_json::from_str(self.text).inspect_err(|e| self.broken(e)).ok()
    }

    /// A capture, a listing, an answer, or one tool alone.
    fn object(&mut self, fields: &Fields<'a>) -> Option<Manifest> {
        let manifest = Manifest {
            server: self.server(fields),
            captured_at: self.string(fields, "captured_at"),
            protocol_version: self.string(fields, "protocolVersion"),
            instructions: self.string(fields, "instructions"),
            tools: Vec::new(),
        };
        if fields.contains_key("tools") || fields.contains_key("result") {
            if !self.listing(fields) {
                return None;
            }
        } else if fields.contains_key("name")
            && (fields.contains_key("inputSchema") || fields.contains_key("description"))
        {
            let root = self.parse()?;
            self.tool(root);
        } else {
            let root = self.parse()?;
            self.not_a_manifest(root);
            return None;
        }
        Some(self.finish(manifest))
    }

    fn finish(&mut self, manifest: Manifest) -> Manifest {
        Manifest { tools: std::mem::take(&mut self.tools), ..manifest }
    }

    /// The tools of `{tools}` or `{result: {tools}}`.
    fn listing(&mut self, fields: &Fields<'a>) -> bool {
        let inner;
        let fields = match fields.get("result") {
            Some(result) if !fields.contains_key("tools") => {
                let Some(f) = object(result) else {
                    self.not_a_manifest(result);
                    return false;
                };
                inner = f;
                &inner
            }
            _ => fields,
        };
        let Some(raw) = fields.get("tools") else {
            self.error("no-tools", 0, "`result` has no `tools`", "give the answer to tools/list");
            return false;
        };
        let Ok(items) = serde_json::from_str::<Vec<&'a RawValue>>(raw.get()) else {
            self.error(
                "no-tools",
                self.offset(raw),
                "`tools` is not an array",
                "give the answer to tools/list, an array of tools",
            );
            return false;
        };
        for item in items {
            self.tool(item);
        }
        true
    }

    fn tool(&mut self, raw: &'a RawValue) {
        if self.tools.len() == limits::TOOLS {
            self.tools_beyond = true;
            return;
        }
        let offset = self.offset(raw);
        let position = self.advance(offset);
        let mut map: Map<String, Value> = match serde_json::from_str(raw.get()) {
            Ok(map) => map,
            Err(e) => {
                let message = if raw.get().starts_with('{') {
                    format!("a tool cannot be read: {}", without_position(&e))
                } else {
                    "a tool is not an object".to_owned()
                };
                self.error("bad-tool", offset, message, "remove the entry or make it an object with a `name`");
                return;
            }
        };
        let name = match map.shift_remove("name") {
            Some(Value::String(name)) if !name.trim().is_empty() => name,
            other => {
                let message = match other {
                    None => "a tool has no name",
                    Some(Value::String(_)) => "a tool has an empty name",
                    Some(_) => "a tool's name is not a string",
                };
                self.error("tool-without-name", offset, message, "give the tool a `name`: agents call it by that");
                return;
            }
        };
        if let Some(first) = self.seen.get(&name) {
            let first = self.tools[*first].position;
            let message = format!(
                "two tools are named `{name}`{}",
                first.map_or(String::new(), |p| format!("; the first stands at line {}", p.line))
            );
            self.error("duplicate-tool", offset, message, "rename or remove one; the first is kept");
            return;
        }
        let mut text_of = |key: &'static str| match map.shift_remove(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(s)) => Some(s),
            Some(_) => {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "wrong-type",
                        self.path,
                        format!("`{key}` of the tool `{name}` is not a string; it is ignored"),
                        format!("make `{key}` a string or remove it"),
                    )
                    .at(position),
                );
                None
            }
        };
        let title = text_of("title");
        let description = text_of("description");
        let annotations = map.shift_remove("annotations");
        let tool = Tool {
            title,
            description,
            input_schema: map.shift_remove("inputSchema").unwrap_or(Value::Null),
            output_schema: map.shift_remove("outputSchema").filter(|v| !v.is_null()),
            annotations: self.annotations(&name, annotations, position),
            extra: map,
            position: Some(position),
            name,
        };
        if let Some(message) = limits::passed(raw.get(), &tool) {
            let help = "correct the definition, or leave the tool out; docs/security.md lists the limits";
            self.error("tool-too-large", offset, message, help);
            return;
        }
        self.seen.insert(tool.name.clone(), self.tools.len());
        self.tools.push(tool);
    }

    /// The position of `offset`, which lies at or after the last one.
    fn advance(&mut self, offset: usize) -> Position {
        let position = self.position(offset);
        self.cursor = (offset, position);
        position
    }

    /// The position of `offset`, counted from the last tool where it lies behind it: many mistakes in a row cost one look
    /// over the file.
    fn position(&self, offset: usize) -> Position {
        let (from, last) = self.cursor;
        let Some(ahead) = offset.checked_sub(from) else { return Position::of(self.text, offset) };
        let step = Position::of(self.text.get(from..).unwrap_or_default(), ahead);
        if step.line == 1 {
            Position { line: last.line, column: last.column + step.column - 1 }
        } else {
            Position { line: last.line + step.line - 1, column: step.column }
        }
    }

    fn annotations(&mut self, tool: &str, value: Option<Value>, position: Position) -> Annotations {
        let mut map = match value {
            None | Some(Value::Null) => return Annotations::default(),
            Some(Value::Object(map)) => map,
            Some(_) => {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "wrong-type",
                        self.path,
                        format!("`annotations` of the tool `{tool}` is not an object; it is ignored"),
                        "make it an object or remove it",
                    )
                    .at(position),
                );
                return Annotations::default();
            }
        };
        let mut flag = |key: &str| match map.shift_remove(key) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(b)) => Some(b),
            Some(_) => {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "wrong-type",
                        self.path,
                        format!("`{key}` of the tool `{tool}` is neither true nor false; it counts as absent"),
                        "make it a boolean or remove it",
                    )
                    .at(position),
                );
                None
            }
        };
        let (read_only, destructive) = (flag("readOnlyHint"), flag("destructiveHint"));
        let (idempotent, open_world) = (flag("idempotentHint"), flag("openWorldHint"));
        let title = match map.get("title") {
            Some(Value::String(_)) => map.shift_remove("title").and_then(|v| match v {
                Value::String(s) => Some(s),
                _ => None,
            }),
            _ => None,
        };
        Annotations { present: true, title, read_only, destructive, idempotent, open_world, extra: map }
    }

    fn server(&mut self, fields: &Fields<'a>) -> Server {
        let Some(raw) = fields.get("server").or_else(|| fields.get("serverInfo")) else {
            return Server::default();
        };
        if raw.get() == "null" {
            return Server::default();
        }
        let Some(fields) = object(raw) else {
            self.warn("wrong-type", self.offset(raw), "`server` is not an object; it is ignored", "make it an object");
            return Server::default();
        };
        Server {
            slug: self.string(&fields, "slug").unwrap_or_default(),
            name: self.string(&fields, "name"),
            title: self.string(&fields, "title"),
            version: self.string(&fields, "version"),
            package: self.string(&fields, "package"),
            registry: self.string(&fields, "registry"),
            package_version: self.string(&fields, "package_version"),
            license: self.string(&fields, "license"),
            repository: self.string(&fields, "repository"),
        }
    }

    fn string(&mut self, fields: &Fields<'a>, key: &str) -> Option<String> {
        let raw = fields.get(key)?;
        let Ok(value) = serde_json::from_str::<Option<String>>(raw.get()) else {
            let message = format!("`{key}` is not a string; it is ignored");
            self.warn("wrong-type", self.offset(raw), message, "make it a string or remove it");
            return None;
        };
        value.filter(|s| !s.trim().is_empty())
    }

    fn offset(&self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn error(&mut self, code: &'static str, offset: usize, message: impl Into<String>, help: impl Into<String>) {
        let position = self.position(offset);
        self.diagnostics.push(Diagnostic::error(code, self.path, message, help).at(position));
    }

    fn warn(&mut self, code: &'static str, offset: usize, message: impl Into<String>, help: impl Into<String>) {
        let position = self.position(offset);
        self.diagnostics.push(Diagnostic::warning(code, self.path, message, help).at(position));
    }

    fn broken(&mut self, e: &serde_json::Error) {
        let position = Position {
            line: u32::try_from(e.line().max(1)).unwrap_or(u32::MAX),
            column: u32::try_from(e.column().max(1)).unwrap_or(u32::MAX),
        };
        self.diagnostics.push(
            Diagnostic::error(
                "broken-json",
                self.path,
                format!("the file is not valid JSON: {}", without_position(e)),
                "capture the manifest again or repair it by hand",
            )
            .at(position),
        );
    }

    fn not_a_manifest(&mut self, raw: &RawValue) {
        self.error(
            "not-a-manifest",
            self.offset(raw),
            "this is JSON, but no manifest",
            "give a capture, the answer to tools/list, or an array of tools",
        );
    }
}

fn object(raw: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(raw.get()).ok()
}

/// `serde_json` ends its messages with its own position, which is relative here.
fn without_position(e: &serde_json::Error) -> String {
    let text = e.to_string();
    match text.rfind(" at line ") {
        Some(i) => text[..i].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(json: &str) -> (Vec<String>, Vec<String>) {
        let reading = read(json, Path::new("m.json"));
        let tools = reading.manifest.map(|m| m.tools.into_iter().map(|t| t.name).collect());
        let codes = reading
            .diagnostics
            .iter()
            .map(|d| format!("{}@{}", d.code, d.position.map_or(String::new(), |p| p.to_string())))
            .collect();
        (tools.unwrap_or_default(), codes)
    }

    #[test]
    fn every_known_shape_is_read() {
        for json in [
            r#"{"tools":[{"name":"a"}]}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}],"nextCursor":"x"}}"#,
            r#"[{"name":"a"}]"#,
            r#"[{"tools":[{"name":"a"}],"nextCursor":"x"}]"#,
            r#"[{"result":{"tools":[{"name":"a"}]}}]"#,
            r#"{"name":"a","inputSchema":{}}"#,
            "\u{feff}[{\"name\":\"a\"}]",
        ] {
            assert_eq!(names(json), (vec!["a".to_owned()], vec![]), "{json}");
        }
    }

    #[test]
    fn a_bad_tool_costs_that_tool_and_is_placed() {
        let json = "{\"tools\": [\n {\"name\": \"a\"},\n {\"title\": \"x\"},\n {\"name\": \"a\"},\n 7,\n {\"name\": \"b\"}\n]}";
        let (tools, codes) = names(json);
        assert_eq!(tools, ["a", "b"]);
        assert_eq!(codes, ["tool-without-name@3:2", "duplicate-tool@4:2", "bad-tool@5:2"]);
    }

    #[test]
    fn a_broken_file_is_one_diagnostic_with_its_place() {
        assert_eq!(names("{\n \"tools\": [").1, ["broken-json@2:11"]);
        assert_eq!(names("3").1, ["not-a-manifest@1:1"]);
        assert_eq!(names("{}").1, ["not-a-manifest@1:1"]);
        assert_eq!(names("{\"tools\": 3}").1, ["no-tools@1:11"]);
        assert_eq!(names("").1, ["broken-json@1:1"]);
    }

    #[test]
    fn wrong_types_are_warnings_and_unknown_keys_are_kept() {
        let json = r#"{"tools":[{"name":"a","description":3,"icons":[],"annotations":{"readOnlyHint":"yes","x":1}}]}"#;
        let reading = read(json, Path::new("m.json"));
        assert!(reading.diagnostics.iter().all(|d| !d.is_error()));
        assert_eq!(reading.diagnostics.len(), 2);
        let tool = &reading.manifest.expect("read").tools[0];
        assert!(tool.extra.contains_key("icons"));
        assert_eq!(tool.annotations.read_only, None);
        assert!(tool.annotations.extra.contains_key("x"));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let json = format!("[{{\"name\":\"a\",\"inputSchema\":{}{}}}]", "[".repeat(5000), "]".repeat(5000));
        let (tools, codes) = names(&json);
        assert!(tools.is_empty());
        assert_eq!(codes.len(), 1);
    }
}
