//! A client's settings file, read: what it does with a call of a server's tool, and which of its entries says so.

mod audit;
mod rules;
mod source;

use serde_json::Value;

use super::into::{FileSlot, FileSyntax, IntoRefusal};
use crate::diagnostic::Position;

pub use audit::{SettingsFinding, places_of_names};
pub use rules::{ArgumentTest, ClientAnswer, ClientReading, EntryRule, EntryRules, EntrySays, RuleOrder};
pub use source::SettingsNode;

use source::SettingsSource;

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

impl ClientSettings {
    /// Reads a file.
    ///
    /// # Errors
    /// Where the text is broken, or where YAML has an alias on the way to a rule.
    pub fn read(text: &str, syntax: FileSyntax, reading: ClientReading) -> Result<Self, IntoRefusal> {
        let text = crate::input::without_bom(text);
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
                            EntrySays::Statements(read) => {
                                for (entry, says) in read(node).map_err(|what| unread(text, *offset, what))? {
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
            if over && self.reading.order == RuleOrder::Applying {
                return None;
            }
            let answer = if over { ClientAnswer::Deny } else { says.answer };
            says.when.iter().all(|test| test.holds(args)).then_some((answer, rule))
        });
        let decides = match self.reading.order {
            RuleOrder::Strictest | RuleOrder::Applying => matching.max_by_key(|(answer, _)| *answer),
            RuleOrder::First => matching.next(),
            RuleOrder::Last => matching.next_back(),
            RuleOrder::Rank => matching
                .max_by_key(|(answer, rule)| (rule.says.as_ref().map(|says| says.rank), std::cmp::Reverse(*answer))),
        };
        decides.map_or((self.rest, None), |(answer, rule)| (answer, Some(rule)))
    }

    /// The entries for the tool of which a part is not understood.
    pub fn unread(&self, tool: &str) -> impl Iterator<Item = &SettingsRule> {
        self.rules.iter().filter(move |rule| rule.is_unread() && self.covers(rule, tool))
    }

    fn covers(&self, rule: &SettingsRule, tool: &str) -> bool {
        self.reading.slots[rule.slot].0.covers(&rule.entry, tool)
    }
}

impl SettingsRule {
    fn is_unread(&self) -> bool {
        let unread = |test: &ArgumentTest| matches!(test, ArgumentTest::Unread(_));
        self.says.as_ref().is_some_and(|says| says.when.iter().any(unread))
    }
}

fn meaning(node: &SettingsNode, means: &[(&str, ClientAnswer)]) -> ClientAnswer {
    means.iter().find(|(value, _)| Some(*value) == node.text()).map_or(ClientAnswer::Allow, |(_, answer)| *answer)
}

fn wrong(slot: &FileSlot, kind: &str) -> IntoRefusal {
    IntoRefusal::Broken(None, format!("{} is not {kind}", slot.place()))
}

fn unread(text: &str, offset: usize, what: String) -> IntoRefusal {
    let at = Position::of(text, offset);
    IntoRefusal::Broken(Some((at.line as usize, at.column as usize)), what)
}
