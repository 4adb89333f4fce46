//! A document's entries put into a settings file that is there: comments, order and the entries of others stay.
//!
//! A format that lives in such a file says where its entries stand ([`FileSlot`]); what is written there is read from the
//! document that it renders. Nothing is written here: the result is a text.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Pattern;

mod json;
mod toml;
mod yaml;

pub(super) use json::READ;
pub use json::{read_jsonc, trailing_comma};
pub(super) use toml::broken as broken_toml;
pub(super) use yaml::{SlotSpot, matter as front_matter, read as read_yaml, refused as refused_yaml, spot};

/// How a settings file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSyntax {
    /// JSON, which may have comments and trailing commas.
    Json,
    /// TOML
    Toml,
    /// YAML
    Yaml,
    /// Markdown with YAML at its head.
    FrontMatter,
    /// Statements of Cedar.
    Cedar,
    /// Commands of a shell.
    Commands,
}

/// What an entry of a list is for, where it is more than a name.
#[derive(Debug, Clone)]
pub enum EntryFor {
    /// Tools of the server.
    Tools(Vec<String>),
    /// Tools of these names, on every server.
    Anywhere(Vec<String>),
    /// The tools whose names match.
    Matching(Pattern),
    /// Any tool, as far as can be told.
    Every,
    /// No tool of the server.
    Nothing,
}

/// Where entries of a format stand in a settings file.
#[derive(Debug, Clone)]
pub struct FileSlot {
    /// Where `path` begins, in YAML: the ways there, of which a file has one. Where a way comes to a list, it goes on in the
    /// item in which something has the server's name.
    pub under: Vec<Vec<String>>,
    /// The server's name, where `under` is given.
    pub server: String,
    /// The keys that lead there.
    pub path: Vec<String>,
    /// What stands there.
    pub kind: SlotKind,
    /// What an entry begins with, before the tool's name.
    pub prefix: String,
    /// Whether a dot in a tool's name is `_` there.
    pub dots: bool,
    /// Whether nothing in an entry tells the server that it is for: then none is taken away.
    pub shared: bool,
    /// What tells for which tools an entry is, where it is more than a name behind `prefix`.
    pub reads: Option<fn(&FileSlot, &str) -> EntryFor>,
}

/// What stands in a [`FileSlot`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A list of names.
    List,
    /// An object whose keys are names.
    Map,
    /// The same, where the last pattern that matches wins: the entry for the rest stands before the others, and all of
    /// them behind the patterns of others.
    LastWins,
    /// An object whose keys are names, each with an object of which this key is ours.
    Field(&'static str),
    /// One value of the server's own.
    Own,
    /// One value that holds for other servers too: written where there is none, never changed.
    Default,
    /// A list of objects, each for what this key of it names; the first that matches wins.
    Rules(&'static str),
    /// What may not stand beside the document: it is taken away.
    Absent,
}

/// A settings file with the entries of a document in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledFile {
    /// The file's new text.
    pub text: String,
    /// Entries for tools that the server does not have.
    pub gone: Vec<String>,
    /// What stands in the way of the document: sentences.
    pub looser: Vec<String>,
}

/// Why nothing can be put into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntoRefusal {
    /// It is not what it should be; the place where that is known, from 1, and a sentence.
    Broken(Option<(usize, usize)>, String),
    /// It has no entry for the server; the servers that it has entries for.
    NoServer(Vec<String>),
}

/// What is put into a file.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// Where the entries stand.
    pub slots: &'a [FileSlot],
    /// The document as the format renders it, as data.
    pub document: &'a Value,
    /// The names of the server's tools.
    pub tools: &'a BTreeSet<&'a str>,
    /// Whether entries for tools that are gone are taken away.
    pub prune: bool,
    /// Whether a server's entry is begun where there is none: for a document that is printed.
    pub begin: bool,
}

impl Filling<'_> {
    /// The file's text with the document's entries in it.
    ///
    /// # Errors
    /// Where the text is broken, has something else where the entries belong, or is written so that they cannot be put in
    /// without touching what others wrote.
    pub fn fill(&self, text: &str, syntax: FileSyntax) -> Result<FilledFile, IntoRefusal> {
        let body = crate::input::without_bom(text);
        let mark = &text[..text.len() - body.len()];
        // Writers end lines in one way; the file's comes back.
        let carriage = matches!(syntax, FileSyntax::Json | FileSyntax::Toml)
            && body.contains("\r\n")
            && !body.replace("\r\n", "").contains('\n');
        let mut filled =
            if carriage { self.fill_body(&body.replace("\r\n", "\n"), syntax) } else { self.fill_body(body, syntax) }?;
        if carriage {
            filled.text = filled.text.replace('\n', "\r\n");
        }
        filled.text.insert_str(0, mark);
        Ok(filled)
    }

    fn fill_body(&self, text: &str, syntax: FileSyntax) -> Result<FilledFile, IntoRefusal> {
        match syntax {
            FileSyntax::Toml => self::toml::fill(text, self),
            FileSyntax::Json => json::fill(text, self).map_err(|refusal| json::placed(refusal, text, self)),
            FileSyntax::Yaml | FileSyntax::FrontMatter => yaml::fill(text, self, syntax),
            FileSyntax::Cedar | FileSyntax::Commands => {
                Err(IntoRefusal::Broken(None, "nothing is put between statements or commands".to_owned()))
            }
        }
    }

    /// What the document has in a slot.
    fn wanted(&self, slot: &FileSlot) -> Option<&Value> {
        // A document of one server has one item in each list on the way; a fragment begins behind it.
        fn step<'v>(at: &'v Value, key: &String) -> Option<&'v Value> {
            if let Value::Array(items) = at { items.first()?.get(key) } else { at.get(key) }
        }
        let whole = slot.under.iter().map(|way| [way, slot.path.as_slice()].concat());
        whole.chain(slot.fragments().map(<[String]>::to_vec)).find_map(|keys| keys.iter().try_fold(self.document, step))
    }

    /// The entries of a slot that the document has.
    fn wanted_keys(&self, slot: &FileSlot) -> Vec<String> {
        match self.wanted(slot) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::Object(map)) => map.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }
}

/// A document as a format renders it, as data.
pub fn document_value(text: &str, syntax: FileSyntax) -> Option<Value> {
    match syntax {
        FileSyntax::Json => serde_json::from_str(text).ok(),
        FileSyntax::Toml => ::toml::from_str(text).ok(),
        FileSyntax::Yaml => yaml::read(text).ok()?.first()?.value(),
        FileSyntax::FrontMatter => yaml::read(yaml::matter(text).ok()?.0).ok()?.first()?.value(),
        FileSyntax::Cedar | FileSyntax::Commands => None,
    }
}

/// What becomes of an entry that the document does not have.
enum Leftover {
    /// It is somebody else's.
    Foreign,
    /// It is for a tool that the document treats otherwise.
    Ours,
    /// It is for a tool that the server does not have.
    Gone,
    /// It is for more than one tool.
    Wide,
}

impl FileSlot {
    /// A slot of the given kind, whose entries are names alone.
    pub fn new(path: &[&str], kind: SlotKind) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        let (under, server) = (Vec::new(), String::new());
        Self { under, server, path, kind, prefix: String::new(), dots: false, shared: false, reads: None }
    }

    /// The same slot below one of several ways, which lead to what is of the server.
    #[must_use]
    pub fn under(mut self, ways: &[&[&str]], server: &str) -> Self {
        self.under = ways.iter().map(|way| way.iter().map(|key| (*key).to_owned()).collect()).collect();
        server.clone_into(&mut self.server);
        self
    }

    /// The same slot, which knows the server's name.
    #[must_use]
    pub fn for_server(mut self, server: &str) -> Self {
        server.clone_into(&mut self.server);
        self
    }

    /// The same slot whose entries are read by the format.
    #[must_use]
    pub fn read_by(mut self, reads: fn(&FileSlot, &str) -> EntryFor) -> Self {
        self.reads = Some(reads);
        self
    }

    /// The same slot whose entries begin with `prefix`.
    #[must_use]
    pub fn of(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The same slot where a dot in a tool's name is `_`.
    #[must_use]
    pub fn dotless(mut self) -> Self {
        self.dots = true;
        self
    }

    /// The same slot whose entries do not tell the server.
    #[must_use]
    pub fn common(mut self) -> Self {
        self.shared = true;
        self
    }

    /// The keys that lead to it in a document that stands alone.
    fn fragments(&self) -> impl Iterator<Item = &[String]> {
        let short = self.path.get(1..).filter(|keys| !self.under.is_empty() && !keys.is_empty());
        [self.path.as_slice()].into_iter().chain(short)
    }

    fn shown(&self, tool: &str) -> String {
        if self.dots { tool.replace('.', "_") } else { tool.to_owned() }
    }

    fn leftover(&self, entry: &str, tools: &BTreeSet<&str>) -> Leftover {
        if let Some(reads) = self.reads {
            return match reads(self, entry) {
                EntryFor::Every | EntryFor::Matching(_) => Leftover::Wide,
                EntryFor::Tools(names) if names.iter().any(|name| tools.contains(name.as_str())) => Leftover::Ours,
                EntryFor::Tools(_) => Leftover::Gone,
                EntryFor::Anywhere(names) if names.iter().any(|name| tools.contains(name.as_str())) => Leftover::Wide,
                EntryFor::Anywhere(_) | EntryFor::Nothing => Leftover::Foreign,
            };
        }
        // The server alone, and any pattern, stand for several tools.
        if Some(entry) == self.server() || entry == "*" {
            return Leftover::Wide;
        }
        let Some(name) = entry.strip_prefix(self.prefix.as_str()) else { return Leftover::Foreign };
        if tools.iter().any(|tool| self.shown(tool) == name) {
            return if self.shared { Leftover::Foreign } else { Leftover::Ours };
        }
        match name {
            _ if self.shared => Leftover::Foreign,
            _ if name.contains(['*', '?']) => Leftover::Wide,
            _ => Leftover::Gone,
        }
    }

    /// Whether an entry is for the tool.
    pub(super) fn covers(&self, entry: &str, tool: &str) -> bool {
        match self.reads.map(|reads| reads(self, entry)) {
            Some(EntryFor::Tools(names) | EntryFor::Anywhere(names)) => names.iter().any(|name| name == tool),
            Some(EntryFor::Matching(pattern)) => pattern.is_match(tool),
            Some(EntryFor::Every) => true,
            Some(EntryFor::Nothing) => false,
            None => {
                let name = format!("{}{}", self.prefix, self.shown(tool));
                entry == name || self.is_wide(entry) && (Some(entry) == self.server() || glob(entry, &name))
            }
        }
    }

    /// Whether an entry may be for more than the tools that it names.
    pub(super) fn is_wide(&self, entry: &str) -> bool {
        match self.reads.map(|reads| reads(self, entry)) {
            Some(read) => matches!(read, EntryFor::Matching(_) | EntryFor::Every),
            None => Some(entry) == self.server() || entry.contains(['*', '?']),
        }
    }

    /// The names of tools in an entry for this server.
    pub(super) fn names(&self, entry: &str) -> Vec<String> {
        match self.reads.map(|reads| reads(self, entry)) {
            Some(EntryFor::Tools(names)) => names,
            Some(_) => Vec::new(),
            None => {
                let name = entry.strip_prefix(self.prefix.as_str()).filter(|name| !self.shared && !name.is_empty());
                name.map(str::to_owned).into_iter().collect()
            }
        }
    }

    /// Whether a tool's name is the one in an entry.
    pub(super) fn covers_name(&self, tool: &str, name: &str) -> bool {
        self.shown(tool) == name || tool == name
    }

    /// The key of an entry's value that is ours.
    pub(super) fn field(&self) -> Option<&'static str> {
        if let SlotKind::Field(field) = self.kind { Some(field) } else { None }
    }

    /// The entry that stands for the whole server.
    fn server(&self) -> Option<&str> {
        let begins = self.prefix.starts_with("mcp__") || self.prefix.starts_with('@');
        begins.then(|| self.prefix.trim_end_matches(['_', '/']))
    }

    /// `permissions.allow`
    pub(super) fn place(&self) -> String {
        self.path.join(".")
    }

    /// Whether it stands in a server's own entry, which has to be there.
    pub fn is_server_entry(&self) -> bool {
        !self.under.is_empty() || self.path.first().is_some_and(|key| key == "mcpServers" || key == "mcp_servers")
    }
}

/// A sentence on an entry for more than one tool.
fn wide(slot: &FileSlot, entry: &str) -> String {
    format!(
        "{} in {} is for more than one tool or server and stays; look whether you want it",
        crate::neutral::quoted(entry),
        slot.place()
    )
}

/// Whether a pattern matches: `*` is any text, `?` one character.
fn glob(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            // Lets the last star take one character more.
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
