//! A client's settings file, read: what it does with a call of a server's tool, and which of its entries says so.

use std::collections::BTreeSet;

use jsonc_parser::ast::Value as Ast;
use jsonc_parser::{CollectOptions, parse_to_ast};
use serde::Serialize;
use strum::IntoStaticStr;

use super::into::{FileSlot, IntoRefusal, READ};
use crate::classify::Verdict;
use crate::diagnostic::{Position, nearest};
use crate::manifest::Tool;
use crate::risk::Class;

/// What a client does with a call, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum ClientAnswer {
    /// It makes it without asking.
    Allow,
    /// It asks a person.
    Ask,
    /// It does not make it, or the agent does not have the tool.
    Deny,
}

/// What the entries of a slot say of the tools that they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntrySays {
    /// This.
    Answer(ClientAnswer),
    /// What their value means; a value that is not listed means what lets most pass.
    Value(&'static [(&'static str, ClientAnswer)]),
    /// Where the list is there, a tool that it does not name is denied.
    Offers,
}

/// How a client reads its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientReading {
    /// Where rules stand, and what they say.
    pub slots: Vec<(FileSlot, EntrySays)>,
    /// Whether the last rule that matches decides; otherwise the strictest does.
    pub last_wins: bool,
    /// The keys of the value for tools that no rule is for, and what it means; the rest without one.
    pub rest: (Vec<String>, &'static [(&'static str, ClientAnswer)], ClientAnswer),
}

/// One entry of a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRule {
    /// The entry as it is written.
    pub entry: String,
    /// The keys that lead to its list.
    pub place: String,
    /// Where it stands.
    pub at: Position,
    /// What it says; nothing where it only offers.
    pub answer: Option<ClientAnswer>,
    /// Which slot it stands in.
    slot: usize,
}

/// The part of a settings file that is about one server.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientSettings {
    reading: ClientReading,
    rules: Vec<SettingsRule>,
    /// The slots that are there.
    there: Vec<bool>,
    rest: ClientAnswer,
}

/// A file's data with places.
enum SettingsNode {
    Text(String),
    List(Vec<(String, usize)>),
    Map(Vec<(String, usize, SettingsNode)>),
    Other,
}

impl SettingsNode {
    fn get(&self, key: &str) -> Option<&SettingsNode> {
        // Where a key stands twice, most readers take the last.
        let Self::Map(fields) = self else { return None };
        fields.iter().rfind(|(name, ..)| name == key).map(|(.., node)| node)
    }
}

impl ClientSettings {
    /// Reads a file; TOML where `toml`, JSON with comments otherwise.
    ///
    /// # Errors
    /// Where the text is broken.
    pub fn read(text: &str, toml: bool, reading: ClientReading) -> Result<Self, IntoRefusal> {
        let top = if toml { from_toml(text)? } else { from_json(text)? };
        let find = |path: &[String]| path.iter().try_fold(&top, |at, key| at.get(key));
        let mut rules = Vec::new();
        let mut there = Vec::with_capacity(reading.slots.len());
        for (i, (slot, says)) in reading.slots.iter().enumerate() {
            let node = find(&slot.path);
            there.push(node.is_some());
            let mut rule = |entry: &str, offset: usize, answer| {
                rules.push(SettingsRule {
                    entry: entry.to_owned(),
                    place: slot.place(),
                    at: Position::of(text, offset),
                    answer,
                    slot: i,
                });
            };
            match (node, says) {
                (Some(SettingsNode::List(entries)), EntrySays::Answer(answer)) => {
                    for (entry, offset) in entries {
                        rule(entry, *offset, Some(*answer));
                    }
                }
                (Some(SettingsNode::List(entries)), EntrySays::Offers) => {
                    for (entry, offset) in entries {
                        rule(entry, *offset, None);
                    }
                }
                (Some(SettingsNode::Map(fields)), EntrySays::Value(means)) => {
                    for (entry, offset, node) in fields {
                        let value = match (node, slot.field()) {
                            (SettingsNode::Map(_), Some(field)) => node.get(field),
                            (_, Some(_)) => None,
                            (node, None) => Some(node),
                        };
                        if let Some(value) = value {
                            rule(entry, *offset, Some(meaning(value, means)));
                        }
                    }
                }
                _ => {}
            }
        }
        let (path, means, without) = &reading.rest;
        let rest = find(path).filter(|_| !path.is_empty()).map_or(*without, |node| meaning(node, means));
        Ok(Self { reading, rules, there, rest })
    }

    /// What the client does with a call of the tool, and the entry that says so.
    pub fn decide(&self, tool: &str) -> (ClientAnswer, Option<&SettingsRule>) {
        let covers = |rule: &&SettingsRule| self.reading.slots[rule.slot].0.covers(&rule.entry, tool);
        for (i, (_, says)) in self.reading.slots.iter().enumerate() {
            let offered = || self.rules.iter().any(|rule| rule.slot == i && covers(&rule));
            if *says == EntrySays::Offers && self.there[i] && !offered() {
                return (ClientAnswer::Deny, None);
            }
        }
        let mut matching = self.rules.iter().filter(covers).filter_map(|rule| Some((rule.answer?, rule)));
        let decides =
            if self.reading.last_wins { matching.next_back() } else { matching.max_by_key(|(answer, _)| *answer) };
        decides.map_or((self.rest, None), |(answer, rule)| (answer, Some(rule)))
    }

    /// What speaks against the file, in the order of its lines: see [`SettingsFinding`].
    pub fn audit(&self, tools: &[(&Tool, &Verdict)]) -> Vec<SettingsFinding> {
        let names: BTreeSet<&str> = tools.iter().map(|(tool, _)| tool.name.as_str()).collect();
        let mut found = Vec::new();
        for (tool, _) in tools.iter().filter(|(_, v)| v.class == Class::Destructive) {
            if let (ClientAnswer::Allow, rule) = self.decide(&tool.name) {
                let what = match rule {
                    Some(rule) => {
                        format!("Destructive, and {} lets it pass unasked", crate::neutral::quoted(&rule.entry))
                    }
                    None => "Destructive, no entry is for it, and what no entry is for passes unasked".to_owned(),
                };
                found.push(SettingsFinding::new("allows-destructive", true, &tool.name, rule, what));
            }
        }
        for rule in &self.rules {
            let slot = &self.reading.slots[rule.slot].0;
            let covered: Vec<&str> = names.iter().copied().filter(|name| slot.covers(&rule.entry, name)).collect();
            let passes = rule.answer == Some(ClientAnswer::Allow) || rule.answer.is_none();
            if slot.is_wide(&rule.entry) {
                if covered.is_empty() || !passes {
                    continue;
                }
                let shown: Vec<String> = covered.iter().take(5).map(|name| crate::neutral::quoted(name)).collect();
                let more = if covered.len() > 5 { format!(" and {} more", covered.len() - 5) } else { String::new() };
                let what = format!("it is for {}{more}, and for what a later version adds", shown.join(", "));
                found.push(SettingsFinding::new("wildcard", false, &rule.entry, Some(rule), what));
            } else if let Some(name) = slot.named(&rule.entry).filter(|_| covered.is_empty()) {
                let near = nearest(name, names.iter().copied())
                    .map(|near| format!("; the nearest is {}", crate::neutral::quoted(near)));
                let near = near.unwrap_or_default();
                // A denial that names nothing lets pass what it was meant for.
                let (code, level, what) = if passes {
                    ("unknown-tool", false, format!("the server has no such tool{near}"))
                } else {
                    ("unmatched-rule", true, format!("the server has no such tool, so this holds nothing back{near}"))
                };
                found.push(SettingsFinding::new(code, level, name, Some(rule), what));
            }
        }
        for (tool, verdict) in tools {
            if !self.rules.iter().any(|rule| self.reading.slots[rule.slot].0.covers(&rule.entry, &tool.name)) {
                let (answer, _) = self.decide(&tool.name);
                let does = match answer {
                    ClientAnswer::Allow => "passes unasked",
                    ClientAnswer::Ask => "is asked for",
                    ClientAnswer::Deny => "is denied",
                };
                let what = format!("{}, no entry is for it: it {does}", verdict.class);
                found.push(SettingsFinding::new("unnamed-tool", answer == ClientAnswer::Allow, &tool.name, None, what));
            }
        }
        found.sort_by_key(|f| (f.at.is_none(), f.at));
        found
    }
}

/// What an audit found in a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFinding {
    /// A stable kebab-case code.
    pub finding: &'static str,
    /// Whether it lets something pass that should not: an error, otherwise a warning.
    pub error: bool,
    /// The tool, or the entry.
    pub tool: String,
    /// Where the entry stands.
    pub at: Option<Position>,
    /// A sentence without its subject.
    pub message: String,
}

impl SettingsFinding {
    fn new(finding: &'static str, error: bool, tool: &str, rule: Option<&SettingsRule>, message: String) -> Self {
        Self { finding, error, tool: tool.to_owned(), at: rule.map(|rule| rule.at), message }
    }
}

fn meaning(node: &SettingsNode, means: &[(&str, ClientAnswer)]) -> ClientAnswer {
    let SettingsNode::Text(text) = node else { return ClientAnswer::Allow };
    means.iter().find(|(value, _)| value == text).map_or(ClientAnswer::Allow, |(_, answer)| *answer)
}

fn from_json(text: &str) -> Result<SettingsNode, IntoRefusal> {
    fn node(value: &Ast<'_>) -> SettingsNode {
        use jsonc_parser::common::Ranged as _;
        match value {
            Ast::StringLit(text) => SettingsNode::Text(text.value.to_string()),
            Ast::BooleanLit(flag) => SettingsNode::Text(flag.value.to_string()),
            Ast::Array(array) => {
                let texts = array.elements.iter().filter_map(|element| match element {
                    Ast::StringLit(text) => Some((text.value.to_string(), element.start())),
                    _ => None,
                });
                SettingsNode::List(texts.collect())
            }
            Ast::Object(object) => {
                let field =
                    |p: &jsonc_parser::ast::ObjectProp<'_>| (p.name.as_str().to_owned(), p.start(), node(&p.value));
                SettingsNode::Map(object.properties.iter().map(field).collect())
            }
            _ => SettingsNode::Other,
        }
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &READ)
        .map_err(|e| IntoRefusal::Broken(Some((e.line_display(), e.column_display())), e.kind().to_string()))?;
    Ok(parsed.value.as_ref().map_or(SettingsNode::Map(Vec::new()), node))
}

fn from_toml(text: &str) -> Result<SettingsNode, IntoRefusal> {
    fn node(item: &toml_edit::Item) -> SettingsNode {
        if let Some(table) = item.as_table_like() {
            let field = |(key, item): (&str, &toml_edit::Item)| {
                let start =
                    table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span()).map_or(0, |s| s.start);
                (key.to_owned(), start, node(item))
            };
            return SettingsNode::Map(table.iter().map(field).collect());
        }
        if let Some(array) = item.as_array() {
            let texts = array.iter().filter_map(|v| Some((v.as_str()?.to_owned(), v.span().map_or(0, |s| s.start))));
            return SettingsNode::List(texts.collect());
        }
        item.as_str().map_or(SettingsNode::Other, |text| SettingsNode::Text(text.to_owned()))
    }
    let document = toml_edit::Document::parse(text).map_err(|e| super::into::broken_toml(text, &e))?;
    Ok(node(document.as_item()))
}
