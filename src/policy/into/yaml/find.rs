//! Where the entries of a slot stand in YAML.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::super::yaml::{YamlKind, YamlNode};
use super::super::{FileSlot, IntoRefusal, SlotKind};
use super::told;
use crate::neutral::quoted;

/// Where something stands, or would.
pub(in crate::policy) enum SlotSpot<'n> {
    /// An entry of a map.
    There { key: &'n YamlNode, value: &'n YamlNode, holder: &'n YamlNode },
    /// The last that is there, its own key, and the keys that lead on.
    Missing { holder: Option<&'n YamlNode>, key: Option<&'n YamlNode>, keys: Vec<String> },
}

/// The spot of a slot. Without `begin` the server has to be there.
pub(in crate::policy) fn spot<'n>(
    text: &str,
    found: &'n [YamlNode],
    slot: &FileSlot,
    begin: bool,
) -> Result<SlotSpot<'n>, IntoRefusal> {
    if !slot.under.is_empty() {
        return below(text, found, slot);
    }
    let root = match found {
        [root] => root,
        [] if !slot.is_server_entry() || begin => {
            return Ok(SlotSpot::Missing { holder: None, key: None, keys: slot.path.clone() });
        }
        [] => return Err(IntoRefusal::NoServer(Vec::new())),
        [_, second, ..] => return Err(told(text, second, "the file holds several documents".to_owned())),
    };
    let walked = walk(text, root, &slot.path, slot)?;
    if let (SlotSpot::Missing { holder, keys, .. }, true, false) = (&walked, slot.is_server_entry(), begin)
        && slot.path.len() - keys.len() < 2
    {
        let names = |node: &YamlNode| match &node.kind {
            YamlKind::Map(fields) => fields.iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        let servers = if keys.len() == slot.path.len() { Vec::new() } else { holder.map(names).unwrap_or_default() };
        return Err(IntoRefusal::NoServer(servers));
    }
    Ok(walked)
}

/// The spot below one of the ways of a slot: of the documents that have such a way, the one that names the server.
fn below<'n>(text: &str, found: &'n [YamlNode], slot: &FileSlot) -> Result<SlotSpot<'n>, IntoRefusal> {
    let mut spots = Vec::new();
    let mut names = Vec::new();
    for root in found {
        for way in &slot.under {
            let Some(first) = way.first() else { continue };
            if root.entries(first).next().is_none() {
                continue;
            }
            match walk(text, root, way, slot) {
                Ok(SlotSpot::There { value, key, .. }) => match item(text, value, slot) {
                    Ok(Some((own, key_of))) => {
                        spots.push(walk_from(text, own, key_of.then_some(key), &slot.path, slot)?);
                    }
                    Ok(None) => named(value, &mut names),
                    Err(refusal) => return Err(refusal),
                },
                Ok(SlotSpot::Missing { .. }) => {}
                Err(IntoRefusal::NoServer(more)) => names.extend(more),
                Err(refusal) => return Err(refusal),
            }
        }
        if spots.is_empty() {
            // The document alone, as it is printed.
            for keys in slot.fragments() {
                if keys.first().is_some_and(|first| root.entries(first).next().is_some()) {
                    spots.push(walk(text, root, keys, slot)?);
                }
            }
        }
    }
    if spots.len() > 1 {
        let what = format!("{} is named in several places: put the lines in yourself", quoted(&slot.server));
        return Err(IntoRefusal::Broken(None, what));
    }
    spots.pop().ok_or(IntoRefusal::NoServer(names))
}

/// What is of the server at the end of a way, and whether it is the value itself.
fn item<'n>(text: &str, node: &'n YamlNode, slot: &FileSlot) -> Result<Option<(&'n YamlNode, bool)>, IntoRefusal> {
    match &node.kind {
        YamlKind::List(items) => Ok(chosen(text, items, slot)?.map(|own| (own, false))),
        _ => Ok(has_name(node, &slot.server).then_some((node, true))),
    }
}

fn chosen<'n>(text: &str, items: &'n [YamlNode], slot: &FileSlot) -> Result<Option<&'n YamlNode>, IntoRefusal> {
    let mut own = items.iter().filter(|item| has_name(item, &slot.server));
    let first = own.next();
    match own.next() {
        Some(second) => {
            let what = format!("{} is named in several places: put the lines in yourself", quoted(&slot.server));
            Err(told(text, second, what))
        }
        None => Ok(first),
    }
}

fn has_name(node: &YamlNode, server: &str) -> bool {
    let mut names = Vec::new();
    named(node, &mut names);
    names.iter().any(|name| name == server)
}

/// Every `name` in it.
fn named(node: &YamlNode, names: &mut Vec<String>) {
    match &node.kind {
        YamlKind::List(items) => items.iter().for_each(|item| named(item, names)),
        YamlKind::Map(fields) => {
            for (key, value) in fields {
                match value.text() {
                    Some(name) if key.text() == Some("name") => names.push(name.to_owned()),
                    _ => named(value, names),
                }
            }
        }
        _ => {}
    }
}

fn walk<'n>(text: &str, root: &'n YamlNode, keys: &[String], slot: &FileSlot) -> Result<SlotSpot<'n>, IntoRefusal> {
    walk_from(text, root, None, keys, slot)
}

fn walk_from<'n>(
    text: &str,
    root: &'n YamlNode,
    mut key_of: Option<&'n YamlNode>,
    keys: &[String],
    slot: &FileSlot,
) -> Result<SlotSpot<'n>, IntoRefusal> {
    let mut at = root;
    for (i, key) in keys.iter().enumerate() {
        if let YamlKind::List(items) = &at.kind
            && !slot.under.is_empty()
        {
            let Some(own) = chosen(text, items, slot)? else {
                let mut names = Vec::new();
                named(at, &mut names);
                return Err(IntoRefusal::NoServer(names));
            };
            (at, key_of) = (own, None);
        }
        if at.is_null() {
            return Ok(SlotSpot::Missing { holder: Some(at), key: key_of, keys: keys[i..].to_vec() });
        }
        let place = if i == 0 { "the file".to_owned() } else { keys[..i].join(".") };
        match &at.kind {
            YamlKind::Map(_) => {}
            YamlKind::Alias => return Err(alias(text, at, &place)),
            _ => return Err(told(text, at, format!("{place} is not a map"))),
        }
        let mut entries = at.entries(key);
        match (entries.next(), entries.next()) {
            (Some(_), Some((second, _))) => {
                return Err(told(text, second, format!("{} stands twice in {place}", quoted(key))));
            }
            (Some((_, value)), None) if value.kind == YamlKind::Alias => {
                return Err(alias(text, value, &keys[..=i].join(".")));
            }
            (Some((found, value)), None) if i + 1 == keys.len() => {
                return Ok(SlotSpot::There { key: found, value, holder: at });
            }
            (Some((found, value)), None) => (at, key_of) = (value, Some(found)),
            (None, _) => {
                if let Some((merge, _)) = at.entries("<<").find(|(key, _)| key.is_merge()) {
                    return Err(alias(text, merge, &place));
                }
                return Ok(SlotSpot::Missing { holder: Some(at), key: key_of, keys: keys[i..].to_vec() });
            }
        }
    }
    Ok(SlotSpot::Missing { holder: Some(at), key: key_of, keys: Vec::new() })
}

fn alias(text: &str, node: &YamlNode, place: &str) -> IntoRefusal {
    told(text, node, format!("{place} is an alias, which is not followed: write out what it stands for"))
}

/// What a document has beside the entries that were touched, with every key in its order: the slot that begins at `there`
/// without them, and no map that leads to a slot and has nothing else.
pub(super) fn without(
    node: &YamlNode,
    there: Option<usize>,
    keys: &[&str],
    slot: &FileSlot,
    touched: &BTreeSet<String>,
) -> Value {
    match &node.kind {
        YamlKind::Text(..) if node.is_null() => Value::Null,
        YamlKind::Text(text, plain) => json!(["text", text, plain]),
        YamlKind::Alias => json!(["alias"]),
        YamlKind::List(items) => {
            let items: Vec<Value> = items.iter().map(|item| without(item, there, keys, slot, touched)).collect();
            json!(["list", items])
        }
        YamlKind::Map(fields) => {
            let mut rest = Vec::new();
            for (key, value) in fields {
                let kept = if Some(key.start) == there {
                    foreign(value, slot, touched)
                } else {
                    without(value, there, keys, slot, touched)
                };
                let leads = key.text().is_some_and(|text| keys.contains(&text));
                if !(leads && kept.is_null()) {
                    rest.push(json!([without(key, None, &[], slot, touched), kept]));
                }
            }
            if rest.is_empty() { Value::Null } else { json!(["map", rest]) }
        }
    }
}

/// The entries of a slot that were not touched.
fn foreign(value: &YamlNode, slot: &FileSlot, touched: &BTreeSet<String>) -> Value {
    let all = |node: &YamlNode| without(node, None, &[], slot, touched);
    let ours = |name: Option<&str>| name.is_some_and(|name| touched.contains(name));
    let kept: Vec<Value> = match (&value.kind, slot.kind) {
        (_, SlotKind::Own | SlotKind::Default | SlotKind::Absent) => Vec::new(),
        (YamlKind::List(items), SlotKind::Rules(field)) => {
            let name = |item: &YamlNode| item.entries(field).next().is_some_and(|(_, name)| ours(name.text()));
            items.iter().filter(|item| !name(item)).map(all).collect()
        }
        (YamlKind::List(items), _) => items.iter().filter(|item| !ours(item.text())).map(all).collect(),
        (YamlKind::Map(fields), _) => {
            let kept = fields.iter().filter(|(key, _)| !ours(key.text()));
            kept.map(|(key, value)| json!([all(key), all(value)])).collect()
        }
        _ => Vec::new(),
    };
    if kept.is_empty() { Value::Null } else { Value::Array(kept) }
}
