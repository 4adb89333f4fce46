//! What speaks against a client's file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::source::{SettingsNode, from_json};
use super::{ClientAnswer, ClientSettings, EntryRule, SettingsRule};
use crate::classify::Verdict;
use crate::diagnostic::{Position, nearest};
use crate::manifest::Tool;
use crate::neutral::quoted;
use crate::policy::recommend::withheld_by;
use crate::risk::Class;

impl ClientSettings {
    /// The entry that lets a call of a Destructive tool pass unasked, where one does: any, where it looks at arguments and
    /// the tool is not Destructive by the values of one alone.
    fn passes(&self, tool: &str, verdict: &Verdict) -> (bool, Option<&SettingsRule>) {
        let passes = |args: &Value| match self.decide(tool, args, 1) {
            (ClientAnswer::Allow, rule) => Some((true, rule)),
            _ => None,
        };
        let nothing = Value::Object(Map::new());
        let dangerous: Vec<_> = verdict.actions.iter().filter(|action| action.class == Class::Destructive).collect();
        let found = if verdict.base_class == Class::Destructive || dangerous.is_empty() {
            let conditional = || {
                self.rules.iter().find(|rule| {
                    let allows = |says: &EntryRule| says.answer == ClientAnswer::Allow && !says.when.is_empty();
                    self.covers(rule, tool) && rule.says.as_ref().is_some_and(allows)
                })
            };
            passes(&nothing).or_else(|| conditional().map(|rule| (true, Some(rule))))
        } else {
            dangerous.iter().find_map(|action| {
                let within = |value, field: &str| Value::Object([(field.to_owned(), value)].into_iter().collect());
                let args = action.argument.rsplit('.').fold(Value::String(action.value.clone()), within);
                passes(&args).or_else(|| passes(&nothing).filter(|_| action.default))
            })
        };
        found.unwrap_or((false, None))
    }

    /// What speaks against the file, in the order of its lines: see [`SettingsFinding`].
    pub fn audit(&self, tools: &[(&Tool, &Verdict)]) -> Vec<SettingsFinding> {
        let names: BTreeSet<&str> = tools.iter().map(|(tool, _)| tool.name.as_str()).collect();
        let mut found = Vec::new();
        if self.off {
            let (key, value) = self.reading.off.unwrap_or_default();
            let what = format!("is {}: nothing is denied", quoted(value));
            found.push(SettingsFinding::new("not-enforced", true, key, None, what));
        }
        for (tool, verdict) in tools.iter().filter(|(_, v)| v.class == Class::Destructive) {
            if let (true, rule) = self.passes(&tool.name, verdict) {
                let what = match rule {
                    Some(rule) => format!("Destructive, and {} lets it pass unasked", quoted(&rule.entry)),
                    None => "Destructive, no entry is for it, and what no entry is for passes unasked".to_owned(),
                };
                found.push(SettingsFinding::new("allows-destructive", true, &tool.name, rule, what));
            }
        }
        for (tool, verdict) in tools {
            let Some(finding) = withheld_by(verdict) else { continue };
            if let (ClientAnswer::Allow, rule) = self.decide(&tool.name, &Value::Object(Map::new()), 1) {
                let what =
                    format!("no recommended policy offers it, because of `{}`, and it passes unasked", finding.name());
                found.push(SettingsFinding::new("allows-withheld", true, &tool.name, rule, what));
            }
        }
        for rule in &self.rules {
            let slot = &self.reading.slots[rule.slot].0;
            let covered: Vec<&str> = names.iter().copied().filter(|name| slot.covers(&rule.entry, name)).collect();
            let passes = rule.says.as_ref().is_none_or(|says| says.answer == ClientAnswer::Allow);
            if slot.is_wide(&rule.entry) {
                if covered.is_empty() || !passes {
                    continue;
                }
                let shown: Vec<String> = covered.iter().take(5).map(|name| quoted(name)).collect();
                let more = if covered.len() > 5 { format!(" and {} more", covered.len() - 5) } else { String::new() };
                let what = format!("it is for {}{more}, and for what a later version adds", shown.join(", "));
                found.push(SettingsFinding::new("wildcard", false, &rule.entry, Some(rule), what));
                continue;
            }
            for name in slot.names(&rule.entry) {
                if covered.iter().any(|known| slot.covers_name(known, &name)) {
                    continue;
                }
                let near = nearest(&name, names.iter().copied())
                    .map(|near| format!("; the nearest is {}", quoted(near)))
                    .unwrap_or_default();
                // A denial that names nothing lets pass what it was meant for.
                let (code, level, what) = if passes {
                    ("unknown-tool", false, format!("the server has no such tool{near}"))
                } else {
                    ("unmatched-rule", true, format!("the server has no such tool, so this holds nothing back{near}"))
                };
                found.push(SettingsFinding::new(code, level, &name, Some(rule), what));
            }
        }
        for rule in self.rules.iter().filter(|rule| rule.is_unread()) {
            if names.iter().any(|name| self.covers(rule, name)) {
                let passes = rule.says.as_ref().is_some_and(|says| says.answer == ClientAnswer::Allow);
                let what = if passes {
                    "a condition of it is not understood, and counts as one that holds"
                } else {
                    "a condition of it is not understood, so it counts as one that holds nothing back"
                };
                found.push(SettingsFinding::new("unread-condition", false, &rule.entry, Some(rule), what.to_owned()));
            }
        }
        for (tool, verdict) in tools {
            let wide = |rule: &SettingsRule| self.reading.slots[rule.slot].0.is_wide(&rule.entry);
            let mut for_it = self.rules.iter().filter(|rule| self.covers(rule, &tool.name)).peekable();
            let none = for_it.peek().is_none();
            let (answer, _) = self.decide(&tool.name, &Value::Object(Map::new()), 1);
            // A pattern that lets it pass is named for itself.
            if none || for_it.all(wide) && answer != ClientAnswer::Allow {
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
        // An entry of several rules is one entry.
        found.dedup();
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

/// Where a `policy.json` names a tool: in `tools`, or else in `hide`.
pub fn places_of_names(text: &str) -> BTreeMap<String, Position> {
    let Ok(top) = from_json(crate::input::without_bom(text)) else { return BTreeMap::new() };
    let hidden = match top.get("hide") {
        Some(SettingsNode::List(items)) => items.as_slice(),
        _ => &[],
    };
    let hidden = hidden.iter().filter_map(|(at, node)| Some((node.text()?.to_owned(), *at)));
    let listed = match top.get("tools") {
        Some(SettingsNode::Map(fields)) => fields.as_slice(),
        _ => &[],
    };
    let listed = listed.iter().map(|(name, at, _)| (name.clone(), *at));
    hidden.chain(listed).map(|(name, at)| (name, Position::of(text, at))).collect()
}
