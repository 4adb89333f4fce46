//! A document's entries put into a settings file that is there: comments, order and the entries of others stay.
//!
//! A format that lives in such a file says where its entries stand ([`FileSlot`]); what is written there is read from the
//! document that it renders. Nothing is written here: the result is a text.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

mod json;
mod toml;

pub(super) use json::READ;
pub use json::read_jsonc;
pub(super) use toml::broken as broken_toml;

/// Where entries of a format stand in a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSlot {
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
    /// The file's text with the document's entries in it; TOML where `toml`, JSON with comments otherwise.
    ///
    /// # Errors
    /// Where the text is broken, or has something else where the entries belong.
    pub fn fill(&self, text: &str, toml: bool) -> Result<FilledFile, IntoRefusal> {
        if toml { self::toml::fill(text, self) } else { json::fill(text, self) }
    }

    /// What the document has in a slot.
    fn wanted(&self, slot: &FileSlot) -> Option<&Value> {
        slot.path.iter().try_fold(self.document, |at, key| at.get(key))
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
        Self { path, kind, prefix: String::new(), dots: false, shared: false }
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

    fn shown(&self, tool: &str) -> String {
        if self.dots { tool.replace('.', "_") } else { tool.to_owned() }
    }

    fn leftover(&self, entry: &str, tools: &BTreeSet<&str>) -> Leftover {
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
        let name = format!("{}{}", self.prefix, self.shown(tool));
        entry == name || self.is_wide(entry) && (Some(entry) == self.server() || glob(entry, &name))
    }

    /// Whether an entry may be for more than one tool of the server.
    pub(super) fn is_wide(&self, entry: &str) -> bool {
        Some(entry) == self.server() || entry.contains(['*', '?'])
    }

    /// The name of a tool in an entry for this server.
    pub(super) fn named<'e>(&self, entry: &'e str) -> Option<&'e str> {
        entry.strip_prefix(self.prefix.as_str()).filter(|name| !self.shared && !name.is_empty())
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
        self.path.first().is_some_and(|key| key == "mcpServers" || key == "mcp_servers")
    }
}

/// A sentence on an entry for more than one tool.
fn wide(slot: &FileSlot, entry: &str) -> String {
    format!(
        "{} in {} is for more than one tool and stays; look whether you want it",
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
