//! JSON of any known shape → manifests, or diagnostics with line and column.
//!
//! What a document is, one of [`SHAPES`](super::shapes::SHAPES) knows; here is what they share. A bad tool costs that
//! tool, a bad file that server.

use std::path::Path;

use super::entry::without_position;
use super::reader::Reader;
use super::shapes::{self, Root, lines};
use super::{Gap, Manifest, Server, ahead, encoding, lenient, unknown};
use crate::diagnostic::{self, Code, Diagnostic, Parsed, Position};
use crate::input::{self, Refused};
use crate::neutral;
use crate::raw::{Members, Raw, at, items, string};

/// Files above this size are refused: the largest manifest known has 2.9 MB.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What came of reading a file that may hold several servers.
#[derive(Debug, Default)]
pub struct Readings {
    /// The servers, in the order of the file.
    pub manifests: Vec<Manifest>,
    /// Everything that was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The id of the shape that the file has, where it has one.
    pub shape: Option<&'static str>,
    /// Who the server is, where the file says that and lists no tools.
    pub identity: Option<Server>,
}

impl Readings {
    fn lost(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic], ..Self::default() }
    }

    /// The one server of the file. Several are an error: a part of a file is not the file.
    fn single(mut self, path: &Path) -> Parsed<Option<Manifest>> {
        if self.manifests.len() > 1 {
            let names: Vec<String> =
                self.manifests.iter().take(3).map(|m| neutral::quoted(m.server.display_name())).collect();
            let more = if self.manifests.len() > names.len() { ", …" } else { "" };
            let message = format!("the file lists {} servers: {}{more}", self.manifests.len(), names.join(", "));
            let help = "write each into a file of its own: in a catalogue, `<folder>-<name>/manifest.json`";
            self.diagnostics.push(Diagnostic::error(Code::SeveralServers, path, message, help));
            self.manifests.clear();
        }
        Parsed { value: self.manifests.pop(), diagnostics: self.diagnostics }
    }
}

/// Read and parse one manifest file; nothing where the whole file is lost.
pub fn read_file(path: &Path) -> Parsed<Option<Manifest>> {
    match input::bytes(path, MAX_BYTES) {
        Ok(bytes) => read_at(&bytes, path, None),
        Err(refused) => refused_file(&refused, path),
    }
}

/// What comes of a manifest that was not read.
pub fn refused_file(refused: &Refused, path: &Path) -> Parsed<Option<Manifest>> {
    let mut diagnostic = refused.diagnostic(path);
    if let Refused::TooLarge(_) = refused {
        "a manifest is one server's tools/list; split the file".clone_into(&mut diagnostic.help);
    }
    diagnostic.into()
}

/// Parse one manifest that was read from wherever; `path` is only named in diagnostics.
pub fn read_bytes(bytes: &[u8], path: &Path) -> Parsed<Option<Manifest>> {
    read_at(bytes, path, None)
}

/// The same of the value that a JSON Pointer leads to, where there is one.
pub fn read_at(bytes: &[u8], path: &Path, pointer: Option<&str>) -> Parsed<Option<Manifest>> {
    servers(bytes, path, pointer).single(path)
}

/// Parse what may be several servers; `path` is only named in diagnostics.
pub fn servers(bytes: &[u8], path: &Path, pointer: Option<&str>) -> Readings {
    if bytes.len() as u64 > MAX_BYTES {
        let diagnostics = refused_file(&Refused::TooLarge(MAX_BYTES), path).diagnostics;
        return Readings { diagnostics, ..Readings::default() };
    }
    match encoding::decode(bytes) {
        Ok(text) => text_of(&text, path, pointer),
        Err(e) => Readings::lost(
            Diagnostic::error(
                Code::NotUtf8,
                path,
                format!("the file is not {}", e.encoding),
                "save it as UTF-8, which JSON requires (RFC 8259 §8.1)",
            )
            .at(e.position),
        ),
    }
}

/// Parse one manifest; `path` is only named in diagnostics. The slug is left empty where
/// the file does not give one: identity is the catalogue's decision.
pub fn read(text: &str, path: &Path) -> Parsed<Option<Manifest>> {
    text_of(input::without_bom(text), path, None).single(path)
}

/// Reads the text; where it is JSON but for comments and trailing commas, what is left without them.
fn text_of(text: &str, path: &Path, pointer: Option<&str>) -> Readings {
    let e = match Reader::new(text, path).document(pointer) {
        Ok(readings) => return readings,
        Err(e) => e,
    };
    if let Some(values) = lines::values(text) {
        return Reader::new(text, path).lines(values, pointer);
    }
    let Some(cleaned) = lenient::clean(text) else { return Readings::lost(broken(text, &e, path)) };
    let (oddity, offset) = cleaned.first;
    let position = Position::of(text, offset);
    let several = |e| match lines::values(&cleaned.text) {
        Some(values) => Ok(Reader::new(&cleaned.text, path).lines(values, pointer)),
        None => Err(e),
    };
    match Reader::new(&cleaned.text, path).document(pointer).or_else(several) {
        Ok(mut readings) => {
            let other = cleaned.other.map_or(String::new(), |other| format!(" and {}", other.name()));
            let message = format!("the file has {}{other}, which JSON does not; it is read without", oddity.name());
            let help = "take it out: other programs refuse the file";
            let warning = Diagnostic::warning(Code::NotStrictJson, path, message, help).at(position);
            readings.diagnostics.insert(0, warning);
            readings
        }
        Err(e) => Readings::lost(broken(text, &e, path)),
    }
}

fn broken(text: &str, e: &serde_json::Error, path: &Path) -> Diagnostic {
    if let Some((message, help)) = unknown::no_json(text) {
        return Diagnostic::error(Code::BrokenJson, path, message, help).at(Position { line: 1, column: 1 });
    }
    Diagnostic::error(
        Code::BrokenJson,
        path,
        format!("the file is not valid JSON: {}", without_position(e)),
        if e.is_eof() {
            "it ends too early: capture the manifest again"
        } else {
            "capture the manifest again or repair it by hand"
        },
    )
    .at(e.into())
}

impl<'a> Reader<'a> {
    /// Reads the document, or the value that a pointer leads to.
    ///
    /// # Errors
    /// Where the text is not JSON.
    fn document(mut self, pointer: Option<&str>) -> serde_json::Result<Readings> {
        let Some(pointer) = pointer else {
            if let Some((members, tools)) = ahead::object(self.text) {
                self.ahead = tools;
                return Ok(self.shaped(Some(&Root::Object(members)), None));
            }
            let root = Root::parse(self.text)?;
            return Ok(self.shaped(root.as_ref(), None));
        };
        let raw: Raw<'_> = serde_json::from_str(self.text)?;
        let Some(target) = at(raw, pointer) else {
            self.error(Code::NoTools, 0, format!("there is nothing at `{pointer}`"), unknown::describe(self.text).1);
            return Ok(self.finish(None));
        };
        Ok(self.shaped(Root::of(target).as_ref(), Some(pointer)))
    }

    /// Reads one value after the other; the first step of a pointer is the number of one.
    fn lines(mut self, values: Vec<Raw<'a>>, pointer: Option<&str>) -> Readings {
        let Some(pointer) = pointer.filter(|pointer| !pointer.is_empty()) else {
            return self.shaped(Some(&Root::Lines(values)), pointer);
        };
        let steps = pointer.strip_prefix('/').unwrap_or_default();
        let (first, rest) = steps.split_at(steps.find('/').unwrap_or(steps.len()));
        let target = first.parse().ok().and_then(|i: usize| values.get(i)).and_then(|value| at(*value, rest));
        self.value = target;
        if let Some(target) = target {
            return self.shaped(Root::of(target).as_ref(), Some(pointer));
        }
        let help = "the first step is the number of the value, from 0";
        self.error(Code::NoTools, 0, format!("there is nothing at `{pointer}`"), help);
        self.finish(None)
    }

    /// Reads a value as the shape that it has; `pointer` leads to it where a person has said that it is the tools.
    fn shaped(mut self, root: Option<&Root<'a>>, pointer: Option<&str>) -> Readings {
        pointer.unwrap_or_default().clone_into(&mut self.pointer);
        let shape = root.and_then(|root| shapes::SHAPES.iter().find(|shape| (shape.fits)(root)));
        if let (Some(root), Some(shape)) = (root, shape) {
            (shape.read)(root, &mut self);
        } else if let (Some(root), Some(_)) = (root, pointer) {
            match root {
                Root::Array(list) | Root::Lines(list) => list.iter().for_each(|item| self.tool(*item, None)),
                Root::Object(members) => {
                    let offset = self.target().map_or(0, |raw| self.offset(raw));
                    self.by_name(members, offset);
                }
            }
        } else {
            self.unknown(self.target());
        }
        self.finish(shape.map(|shape| shape.id))
    }

    fn finish(mut self, shape: Option<&'static str>) -> Readings {
        self.next_server();
        // Of a server whose tools could not be read, nobody says that it has none.
        let unread = |m: &Manifest| m.tools.is_empty() && m.is_partial();
        let failed = self.diagnostics.iter().any(Diagnostic::is_error);
        if !failed && self.done.iter().all(unread) {
            self.error(Code::NoTools, 0, "no tool of the server is listed", "start the server and save its tools/list");
        }
        self.done.retain(|m| !(unread(m) || failed && m.tools.is_empty()));
        Readings {
            manifests: self.done,
            diagnostics: diagnostic::fewer(self.diagnostics),
            shape,
            identity: self.identity_only,
        }
    }

    /// The tools of an object that has `tools`, its cursor, and what it says of the listing and the server.
    pub(super) fn listing(&mut self, fields: &Members<'a>) {
        self.identity(fields);
        let Some(raw) = fields.get("tools") else { return };
        self.tools(raw);
        self.open = None;
        self.beside(fields, "tools");
        if fields.text("cacheScope").is_some_and(|scope| scope == "private") {
            self.manifest.listing.private = true;
        }
        // Written where the listing was imported from one that has none.
        if fields.get("without_schemas").is_some_and(|raw| raw.get() == "true") {
            self.manifest.listing.without_schemas = true;
        }
    }

    /// The tools behind a key: a list, or an object that names them.
    pub(super) fn tools(&mut self, raw: Raw<'a>) {
        const DYNAMIC: &str = "\"dynamic\"";
        if let Some(parsed) = self.ahead.take_if(|parsed| std::ptr::eq(parsed.list.get(), raw.get())) {
            for (json, members) in parsed.objects {
                self.defined(json, Some(members), None);
            }
        } else if raw.get().starts_with('[') {
            let Some(done) = self.objects(raw.get()) else { return };
            for item in items(raw).unwrap_or_default().into_iter().skip(done) {
                if item.get() == DYNAMIC {
                    self.gap(Gap::Dynamic);
                } else if let Some(name) = string(item) {
                    // A name and nothing else.
                    self.manifest.listing.without_schemas = true;
                    self.named(&name, item);
                } else {
                    self.tool(item, None);
                }
            }
        } else if let Some(named) = Members::of(raw) {
            let offset = self.offset(raw);
            self.by_name(&named, offset);
        } else if raw.get() == DYNAMIC {
            self.gap(Gap::Dynamic);
        } else {
            self.lost += 1;
            let offset = self.offset(raw);
            let help = "give the answer to tools/list, an array of tools";
            self.error(Code::NoTools, offset, "`tools` is not an array", help);
        }
    }

    /// The tools of an object that names them, which stands at `offset`.
    fn by_name(&mut self, named: &Members<'a>, offset: usize) {
        if !named.iter().any(|(_, value)| value.get().starts_with(['{', '['])) {
            self.lost += 1;
            let message = "`tools` is an object that defines no tool, as in the capabilities of a server";
            let help = "give the answer to tools/list, an array of tools";
            return self.error(Code::NoTools, offset, message, help);
        }
        for (name, value) in named.iter() {
            self.group(name, value);
        }
    }

    /// A member of an object of tools: a tool, a list of tools, or a listing.
    pub(super) fn group(&mut self, name: &str, value: Raw<'a>) {
        match Members::of(value) {
            Some(inner) if inner.has("tools") => self.listing(&inner),
            Some(_) => self.tool(value, Some(name)),
            None if items(value).is_some() => self.tools(value),
            None => {}
        }
    }

    /// Says what stands in a document of no known shape; what is not understood begins at `raw`.
    pub(super) fn unknown(&mut self, raw: Option<Raw<'a>>) {
        let offset = raw.map_or(0, |raw| self.offset(raw));
        let (message, help) = unknown::describe(self.text);
        self.error(Code::NotAManifest, offset, message, help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(json: &str) -> (Vec<String>, Vec<String>) {
        let reading = read(json, Path::new("m.json"));
        let tools = reading.value.map(|m| m.tools.into_iter().map(|t| t.name.to_string()).collect());
        let codes = reading
            .diagnostics
            .iter()
            .map(|d| format!("{}@{}", d.code, d.position.map_or(String::new(), |p| p.to_string())))
            .collect();
        (tools.unwrap_or_default(), codes)
    }

    #[test]
    fn every_answer_of_the_protocol_is_read() {
        for json in [
            r#"{"tools":[{"name":"a"}]}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}}"#,
            r#"[{"name":"a"}]"#,
            r#"[{"tools":[{"name":"a"}],"nextCursor":"x"},{"tools":[]}]"#,
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
        let manifest = read(json, Path::new("m.json")).value.expect("read");
        assert_eq!(manifest.listing.gaps, [Gap::Unread]);
        assert_eq!(manifest.tools[0].others.len(), 1);
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
    fn a_file_without_a_readable_tool_is_no_server_and_an_empty_listing_is_one() {
        assert!(read(r#"{"tools":[3]}"#, Path::new("m.json")).value.is_none());
        assert!(read(r#"{"tools":[]}"#, Path::new("m.json")).value.is_some());
        assert!(read("[]", Path::new("m.json")).value.is_some());
    }

    #[test]
    fn wrong_types_are_warnings_and_unknown_keys_are_kept() {
        let json = r#"{"tools":[{"name":"a","description":3,"icons":[],"annotations":{"readOnlyHint":"yes","x":1}}]}"#;
        let reading = read(json, Path::new("m.json"));
        assert!(reading.diagnostics.iter().all(|d| !d.is_error()));
        assert_eq!(reading.diagnostics.len(), 1);
        let tool = &reading.value.expect("read").tools[0];
        assert!(tool.extra.contains_key("icons"));
        assert_eq!(tool.annotations.read_only, None);
        assert!(tool.annotations.extra.contains_key("x") && tool.annotations.extra.contains_key("readOnlyHint"));
    }

    #[test]
    fn deep_nesting_costs_one_tool_and_names_it() {
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        let json = format!(r#"[{{"name":"a","inputSchema":{deep}}},{{"name":"b"}}]"#);
        let reading = read(&json, Path::new("m.json"));
        assert_eq!(reading.diagnostics[0].message, "the tool `a` nests deeper than 127 levels and is not read");
        assert_eq!(names(&json).0, ["b"]);
    }
}
