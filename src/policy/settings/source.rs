//! A client's file, whatever it is written in, as data with places.

use jsonc_parser::ast::Value as Ast;
use jsonc_parser::{CollectOptions, parse_to_ast};
use serde_json::Value;

use super::super::into::{self, FileSlot, FileSyntax, IntoRefusal, READ, SlotSpot};
use super::super::yaml::{YamlKind, YamlNode};
use super::super::{cedar, commands};
use crate::diagnostic::Position;

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

/// A file as it was read.
pub(super) enum SettingsSource {
    Data(SettingsNode),
    Yaml(String, Vec<YamlNode>),
}

impl SettingsSource {
    pub(super) fn read(text: &str, syntax: FileSyntax) -> Result<Self, IntoRefusal> {
        Ok(match syntax {
            FileSyntax::Json => Self::Data(from_json(text)?),
            FileSyntax::Toml => Self::Data(from_toml(text)?),
            FileSyntax::Cedar => Self::Data(from_cedar(text)?),
            FileSyntax::Commands => Self::Data(from_commands(text)?),
            FileSyntax::Yaml => Self::Yaml(text.to_owned(), into::read_yaml(text)?),
            FileSyntax::FrontMatter => {
                let head = into::front_matter(text)?.0;
                Self::Yaml(head.to_owned(), into::read_yaml(head)?)
            }
        })
    }

    /// What stands in a slot.
    pub(super) fn find(&self, slot: &FileSlot) -> Result<Option<SettingsNode>, IntoRefusal> {
        match self {
            Self::Data(top) => Ok(slot.path.iter().try_fold(top, |at, key| at.get(key)).cloned()),
            Self::Yaml(text, found) => match into::spot(text, found, slot, true)? {
                SlotSpot::There { value, .. } => from_yaml(text, value).map(Some),
                SlotSpot::Missing { .. } => Ok(None),
            },
        }
    }

    /// What stands under keys of the whole.
    pub(super) fn at(&self, keys: &[String]) -> Option<SettingsNode> {
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

fn aliased(text: &str, node: &YamlNode) -> IntoRefusal {
    let what = "a rule is an alias or a merge, which is not followed: write out what it stands for".to_owned();
    into::refused_yaml(Position::of(text, node.start), what)
}

pub(super) fn from_json(text: &str) -> Result<SettingsNode, IntoRefusal> {
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

fn from_cedar(text: &str) -> Result<SettingsNode, IntoRefusal> {
    let statements = cedar::statements(text).map_err(|fault| super::unread(text, fault.at, fault.message))?;
    let items = statements.iter().map(|found| (found.at, SettingsNode::Text(found.text.to_owned()))).collect();
    Ok(SettingsNode::Map(vec![("statements".to_owned(), 0, SettingsNode::List(items))]))
}

fn from_commands(text: &str) -> Result<SettingsNode, IntoRefusal> {
    let switches = commands::switches(text).map_err(|(at, what)| super::unread(text, at, what))?;
    let items = switches.into_iter().map(|(at, switch)| (at, SettingsNode::Text(switch))).collect();
    Ok(SettingsNode::Map(vec![("commands".to_owned(), 0, SettingsNode::List(items))]))
}
