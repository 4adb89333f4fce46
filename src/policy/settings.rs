//! A client's settings file, read: what it does with a call of a server's tool, and which of its entries says so.

use std::collections::{BTreeMap, BTreeSet};

use jsonc_parser::ast::Value as Ast;
use jsonc_parser::{CollectOptions, parse_to_ast};
use serde::Serialize;
use serde_json::{Map, Value};
use strum::IntoStaticStr;

use super::into::{self, FileSlot, FileSyntax, IntoRefusal, READ, SlotSpot};
use super::yaml::{YamlKind, YamlNode};
use super::{Condition, Pattern};
use crate::classify::Verdict;
use crate::diagnostic::{Position, nearest};
use crate::manifest::Tool;
use crate::neutral::quoted;
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
#[derive(Debug, Clone, Copy)]
pub enum EntrySays {
    /// This.
    Answer(ClientAnswer),
    /// What their value means; a value that is not listed means what lets most pass.
    Value(&'static [(&'static str, ClientAnswer)]),
    /// Where the list is there, a tool that it does not name is denied.
    Offers,
    /// The same where the list has an entry.
    OffersIfAny,
    /// What the format reads in each: the names of entries and what they say. It is given the key, which is empty in a list.
    Rules(fn(&FileSlot, &str, &SettingsNode) -> Vec<(String, EntryRule)>),
}

/// What one entry says of a call.
#[derive(Debug, Clone)]
pub struct EntryRule {
    /// What happens.
    pub answer: ClientAnswer,
    /// What must hold of the arguments for it to be so.
    pub when: Vec<ArgumentTest>,
    /// How many calls of a window it lets pass.
    pub limit: Option<u64>,
    /// Its rank, where the highest decides.
    pub rank: i64,
}

/// One thing that must hold of the arguments of a call.
#[derive(Debug, Clone)]
pub enum ArgumentTest {
    /// These do not all hold.
    Unless(Vec<Condition>),
    /// The argument, as JavaScript writes it as text, matches, or does not.
    Text(String, Pattern, bool),
    /// The argument is one of these values.
    OneOf(String, Vec<Value>),
    /// It never holds: what is not understood and would deny.
    Never,
}

impl EntryRule {
    /// An entry that says this of every call.
    pub fn always(answer: ClientAnswer) -> Self {
        Self { answer, when: Vec::new(), limit: None, rank: 0 }
    }
}

impl ArgumentTest {
    fn holds(&self, args: &Value) -> bool {
        match self {
            Self::Unless(conditions) => !conditions.iter().all(|condition| condition.met(args)),
            Self::Text(argument, pattern, hit) => match args.get(argument) {
                None => !hit,
                Some(value) => pattern.is_match(&script_text(value)) == *hit,
            },
            Self::OneOf(argument, values) => args.get(argument).is_some_and(|value| values.contains(value)),
            Self::Never => false,
        }
    }
}

/// A value as JavaScript writes it as text.
fn script_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(script_text).collect::<Vec<_>>().join(","),
        Value::Object(_) => "[object Object]".to_owned(),
        other => other.to_string(),
    }
}

/// Which of the rules that match decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOrder {
    /// The strictest.
    Strictest,
    /// The first.
    First,
    /// The last.
    Last,
    /// That of the highest rank, of several the loosest.
    Rank,
}

/// How a client reads its file.
#[derive(Debug, Clone)]
pub struct ClientReading {
    /// Where rules stand, and what they say.
    pub slots: Vec<(FileSlot, EntrySays)>,
    /// Which rule decides.
    pub order: RuleOrder,
    /// The keys of the value for tools that no rule is for, and what it means; the rest without one.
    pub rest: (Vec<String>, &'static [(&'static str, ClientAnswer)], ClientAnswer),
    /// A key and its value where the file is only looked at: then everything passes.
    pub off: Option<(&'static str, &'static str)>,
}

impl ClientReading {
    /// Rules in these slots, the strictest of which decides; `rest` becomes of what none is for.
    pub fn strictest(slots: Vec<(FileSlot, EntrySays)>, rest: ClientAnswer) -> Self {
        Self { slots, order: RuleOrder::Strictest, rest: (Vec::new(), &[], rest), off: None }
    }
}

/// One entry of a settings file.
#[derive(Debug, Clone)]
pub struct SettingsRule {
    /// The entry as it is written.
    pub entry: String,
    /// The keys that lead to its list.
    pub place: String,
    /// Where it stands.
    pub at: Position,
    /// What it says; nothing where it only offers.
    pub says: Option<EntryRule>,
    /// Which slot it stands in.
    slot: usize,
}

/// The part of a settings file that is about one server.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    reading: ClientReading,
    rules: Vec<SettingsRule>,
    /// The slots that are there and leave out what they do not name.
    closed: Vec<bool>,
    rest: ClientAnswer,
    off: bool,
}

/// A file's data with places.
#[derive(Debug, Clone)]
pub enum SettingsNode {
    /// A text, or a flag of JSON.
    Text(String),
    /// What is no text, as it is written and as data.
    Plain(String, Value),
    /// A list, with the place of each item.
    List(Vec<(usize, SettingsNode)>),
    /// An object, with the place of each key.
    Map(Vec<(String, usize, SettingsNode)>),
    /// Anything else.
    Other,
}

impl SettingsNode {
    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<&SettingsNode> {
        // Where a key stands twice, most readers take the last.
        let Self::Map(fields) = self else { return None };
        fields.iter().rfind(|(name, ..)| name == key).map(|(.., node)| node)
    }

    /// What is written, where it is a single value.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) | Self::Plain(text, _) = self { Some(text) } else { None }
    }

    /// The value, where it is a single one.
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Text(text) => Some(Value::String(text.clone())),
            Self::Plain(_, value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> impl Iterator<Item = &SettingsNode> {
        let items = if let Self::List(items) = self { items.as_slice() } else { &[] };
        items.iter().map(|(_, node)| node)
    }

    /// The entries of an object.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &SettingsNode)> {
        let fields = if let Self::Map(fields) = self { fields.as_slice() } else { &[] };
        fields.iter().map(|(key, _, node)| (key.as_str(), node))
    }
}

impl ClientSettings {
    /// Reads a file.
    ///
    /// # Errors
    /// Where the text is broken, or where YAML has an alias on the way to a rule.
    pub fn read(text: &str, syntax: FileSyntax, reading: ClientReading) -> Result<Self, IntoRefusal> {
        let source = SettingsSource::read(text, syntax)?;
        let mut rules = Vec::new();
        let mut closed = Vec::with_capacity(reading.slots.len());
        for (i, (slot, says)) in reading.slots.iter().enumerate() {
            let node = source.find(slot)?.filter(|node| node.value() != Some(Value::Null));
            let mut rule = |entry: &str, offset: usize, says| {
                rules.push(SettingsRule {
                    entry: entry.to_owned(),
                    place: slot.place(),
                    at: Position::of(text, offset),
                    says,
                    slot: i,
                });
            };
            closed.push(match says {
                EntrySays::Offers => node.is_some(),
                EntrySays::OffersIfAny => node.as_ref().is_some_and(|node| node.items().next().is_some()),
                _ => false,
            });
            match (node, says) {
                (Some(SettingsNode::List(entries)), EntrySays::Value(_)) if !entries.is_empty() => {
                    return Err(wrong(slot, "an object"));
                }
                (Some(SettingsNode::List(entries)), says) => {
                    for (offset, node) in &entries {
                        match says {
                            EntrySays::Rules(read) => {
                                for (entry, says) in read(slot, "", node) {
                                    rule(&entry, *offset, Some(says));
                                }
                            }
                            EntrySays::Answer(answer) => {
                                let Some(entry) = node.text() else { continue };
                                rule(entry, *offset, Some(EntryRule::always(*answer)));
                            }
                            _ => {
                                // Some readers take `allow: RULE` for the rule.
                                let Some(entry) = node.text().or_else(|| node.get("allow")?.text()) else { continue };
                                rule(entry, *offset, None);
                            }
                        }
                    }
                }
                (Some(SettingsNode::Map(fields)), EntrySays::Rules(read)) => {
                    for (key, offset, node) in &fields {
                        for (entry, says) in read(slot, key, node) {
                            rule(&entry, *offset, Some(says));
                        }
                    }
                }
                (Some(SettingsNode::Map(fields)), EntrySays::Value(means)) => {
                    for (entry, offset, node) in &fields {
                        let value = match (node, slot.field()) {
                            (SettingsNode::Map(_), Some(field)) => node.get(field),
                            (_, Some(_)) => None,
                            (node, None) => Some(node),
                        };
                        if let Some(value) = value {
                            rule(entry, *offset, Some(EntryRule::always(meaning(value, means))));
                        }
                    }
                }
                (None, _) => {}
                (Some(_), EntrySays::Value(_)) => return Err(wrong(slot, "an object")),
                // What is not a list of rules cannot be told to deny anything.
                (Some(_), _) => return Err(wrong(slot, "a list")),
            }
        }
        let (path, means, without) = &reading.rest;
        let at = |keys: &[String]| source.at(keys).filter(|_| !keys.is_empty());
        // Where an object stands, its entries are the rules.
        let single = |node: &SettingsNode| !matches!(node, SettingsNode::Map(_));
        let rest = at(path).filter(single).map_or(*without, |node| meaning(&node, means));
        let off = reading
            .off
            .is_some_and(|(key, value)| at(&[key.to_owned()]).is_some_and(|node| node.text() == Some(value)));
        Ok(Self { reading, rules, closed, rest, off })
    }

    /// What the client does with the `nth` call of the tool in every window, and the entry that says so.
    pub fn decide(&self, tool: &str, args: &Value, nth: u64) -> (ClientAnswer, Option<&SettingsRule>) {
        if self.off {
            return (ClientAnswer::Allow, None);
        }
        let covers = |rule: &&SettingsRule| self.covers(rule, tool);
        for (i, closed) in self.closed.iter().enumerate() {
            if *closed && !self.rules.iter().any(|rule| rule.slot == i && covers(&rule)) {
                return (ClientAnswer::Deny, None);
            }
        }
        let mut matching = self.rules.iter().filter(covers).filter_map(|rule| {
            let says = rule.says.as_ref()?;
            let over = says.limit.is_some_and(|limit| nth > limit);
            let answer = if over { ClientAnswer::Deny } else { says.answer };
            says.when.iter().all(|test| test.holds(args)).then_some((answer, rule))
        });
        let decides = match self.reading.order {
            RuleOrder::Strictest => matching.max_by_key(|(answer, _)| *answer),
            RuleOrder::First => matching.next(),
            RuleOrder::Last => matching.next_back(),
            RuleOrder::Rank => matching
                .max_by_key(|(answer, rule)| (rule.says.as_ref().map(|says| says.rank), std::cmp::Reverse(*answer))),
        };
        decides.map_or((self.rest, None), |(answer, rule)| (answer, Some(rule)))
    }

    fn covers(&self, rule: &SettingsRule, tool: &str) -> bool {
        self.reading.slots[rule.slot].0.covers(&rule.entry, tool)
    }

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

fn meaning(node: &SettingsNode, means: &[(&str, ClientAnswer)]) -> ClientAnswer {
    means.iter().find(|(value, _)| Some(*value) == node.text()).map_or(ClientAnswer::Allow, |(_, answer)| *answer)
}

/// A file as it was read.
enum SettingsSource {
    Data(SettingsNode),
    Yaml(String, Vec<YamlNode>),
}

impl SettingsSource {
    fn read(text: &str, syntax: FileSyntax) -> Result<Self, IntoRefusal> {
        Ok(match syntax {
            FileSyntax::Json => Self::Data(from_json(text)?),
            FileSyntax::Toml => Self::Data(from_toml(text)?),
            FileSyntax::Yaml => Self::Yaml(text.to_owned(), into::read_yaml(text)?),
            FileSyntax::FrontMatter => {
                let head = into::front_matter(text)?.0;
                Self::Yaml(head.to_owned(), into::read_yaml(head)?)
            }
        })
    }

    /// What stands in a slot.
    fn find(&self, slot: &FileSlot) -> Result<Option<SettingsNode>, IntoRefusal> {
        match self {
            Self::Data(top) => Ok(slot.path.iter().try_fold(top, |at, key| at.get(key)).cloned()),
            Self::Yaml(text, found) => match into::spot(text, found, slot, true)? {
                SlotSpot::There { value, .. } => from_yaml(text, value).map(Some),
                SlotSpot::Missing { .. } => Ok(None),
            },
        }
    }

    /// What stands under keys of the whole.
    fn at(&self, keys: &[String]) -> Option<SettingsNode> {
        match self {
            Self::Data(top) => keys.iter().try_fold(top, |at, key| at.get(key)).cloned(),
            Self::Yaml(text, found) => {
                let root = found.first()?;
                let node = keys.iter().try_fold(root, |at, key| at.entries(key).last().map(|(_, value)| value))?;
                from_yaml(text, node).ok()
            }
        }
    }
}

/// A value with its places.
fn from_yaml(text: &str, node: &YamlNode) -> Result<SettingsNode, IntoRefusal> {
    Ok(match &node.kind {
        YamlKind::Text(text, plain) => match node.value() {
            Some(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) if *plain => {
                SettingsNode::Plain(text.clone(), value)
            }
            _ => SettingsNode::Text(text.clone()),
        },
        YamlKind::List(items) => {
            let item = |item: &YamlNode| Ok((item.start, from_yaml(text, item)?));
            SettingsNode::List(items.iter().map(item).collect::<Result<_, IntoRefusal>>()?)
        }
        YamlKind::Map(fields) => {
            let field = |(key, value): &(YamlNode, YamlNode)| {
                let Some(name) = key.text().filter(|_| !key.is_merge()) else { return Err(aliased(text, key)) };
                Ok((name.to_owned(), key.start, from_yaml(text, value)?))
            };
            SettingsNode::Map(fields.iter().map(field).collect::<Result<_, IntoRefusal>>()?)
        }
        YamlKind::Alias => return Err(aliased(text, node)),
    })
}

fn wrong(slot: &FileSlot, kind: &str) -> IntoRefusal {
    IntoRefusal::Broken(None, format!("{} is not {kind}", slot.place()))
}

fn aliased(text: &str, node: &YamlNode) -> IntoRefusal {
    let what = "a rule is an alias or a merge, which is not followed: write out what it stands for".to_owned();
    into::refused_yaml(Position::of(text, node.start), what)
}

fn from_json(text: &str) -> Result<SettingsNode, IntoRefusal> {
    fn node(value: &Ast<'_>) -> SettingsNode {
        use jsonc_parser::common::Ranged as _;
        match value {
            Ast::StringLit(text) => SettingsNode::Text(text.value.to_string()),
            Ast::BooleanLit(flag) => SettingsNode::Text(flag.value.to_string()),
            Ast::NumberLit(number) => serde_json::from_str(number.value)
                .map_or(SettingsNode::Other, |data| SettingsNode::Plain(number.value.to_owned(), data)),
            Ast::NullKeyword(_) => SettingsNode::Plain(String::new(), Value::Null),
            Ast::Array(array) => {
                SettingsNode::List(array.elements.iter().map(|element| (element.start(), node(element))).collect())
            }
            Ast::Object(object) => {
                let field =
                    |p: &jsonc_parser::ast::ObjectProp<'_>| (p.name.as_str().to_owned(), p.start(), node(&p.value));
                SettingsNode::Map(object.properties.iter().map(field).collect())
            }
        }
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &READ)
        .map_err(|e| IntoRefusal::Broken(Some((e.line_display(), e.column_display())), e.kind().to_string()))?;
    Ok(parsed.value.as_ref().map_or(SettingsNode::Map(Vec::new()), node))
}

fn from_toml(text: &str) -> Result<SettingsNode, IntoRefusal> {
    fn single(value: &toml_edit::Value) -> SettingsNode {
        match (value.as_str(), value.as_integer()) {
            (Some(text), _) => SettingsNode::Text(text.to_owned()),
            (_, Some(number)) => SettingsNode::Plain(number.to_string(), number.into()),
            _ => SettingsNode::Other,
        }
    }
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
            return SettingsNode::List(array.iter().map(|v| (v.span().map_or(0, |s| s.start), single(v))).collect());
        }
        if let Some(tables) = item.as_array_of_tables() {
            let node = |table: &toml_edit::Table| {
                let at = table.span().map_or(0, |span| span.start);
                (at, node(&toml_edit::Item::Table(table.clone())))
            };
            return SettingsNode::List(tables.iter().map(node).collect());
        }
        item.as_value().map_or(SettingsNode::Other, single)
    }
    let document = toml_edit::Document::parse(text).map_err(|e| into::broken_toml(text, &e))?;
    Ok(node(document.as_item()))
}
