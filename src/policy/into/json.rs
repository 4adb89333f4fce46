//! JSON with comments and trailing commas, changed in place.

use jsonc_parser::ast::{ObjectProp, Value as Ast};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstObjectProp, CstRootNode};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use super::{FileSlot, FilledFile, Filling, IntoRefusal, Leftover, SlotKind, object, text_of, wide};
use crate::diagnostic::Position;
use crate::neutral::quoted;

/// Comments and trailing commas are what clients accept; nothing else is.
pub(in crate::policy) const READ: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn fill(text: &str, filling: &Filling<'_>) -> Result<FilledFile, IntoRefusal> {
    let root = CstRootNode::parse(text, &READ)
        .map_err(|e| IntoRefusal::Broken(Some((e.line_display(), e.column_display())), format!("{}", e.kind())))?;
    let top = match root.value() {
        None => root.object_value_or_set(),
        Some(node) => node.as_object().ok_or_else(|| not("the file", "an object"))?,
    };
    let mut filled = FilledFile::default();
    for slot in filling.slots {
        if slot.is_server_entry() && !filling.begin {
            has_server(&top, slot)?;
        }
        fill_slot(&top, slot, filling, &mut filled)?;
    }
    filled.text = root.to_string();
    if !filled.text.ends_with('\n') {
        filled.text.push('\n');
    }
    Ok(filled)
}

/// The refusal with the place of what is in the way: the first that stands twice, or is something else, on the way to a slot.
pub(super) fn placed(refusal: IntoRefusal, text: &str, filling: &Filling<'_>) -> IntoRefusal {
    let IntoRefusal::Broken(None, message) = refusal else { return refusal };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &READ).ok().and_then(|parsed| parsed.value);
    let offset = parsed.and_then(|top| filling.slots.iter().find_map(|slot| in_the_way(&top, slot)));
    let at = offset.map(|offset| Position::of(text, offset));
    IntoRefusal::Broken(at.map(|at| (at.line as usize, at.column as usize)), message)
}

fn in_the_way(top: &Ast<'_>, slot: &FileSlot) -> Option<usize> {
    let mut at = top;
    for key in &slot.path {
        let Ast::Object(object) = at else { return Some(at.start()) };
        let mut found = object.properties.iter().filter(|p| p.name.as_str() == key);
        let first = found.next()?;
        if let Some(second) = found.next() {
            return Some(second.start());
        }
        at = &first.value;
    }
    match (slot.kind, at) {
        (SlotKind::Own | SlotKind::Default | SlotKind::Absent, _)
        | (SlotKind::List | SlotKind::Rules(_), Ast::Array(_)) => None,
        (SlotKind::Map | SlotKind::LastWins | SlotKind::Field(_), Ast::Object(object)) => {
            let twice =
                |i: usize| object.properties[..i].iter().any(|p| p.name.as_str() == object.properties[i].name.as_str());
            let second = (0..object.properties.len()).find(|i| twice(*i)).map(|i| object.properties[i].start());
            let odd = |p: &&ObjectProp<'_>| slot.field().is_some() && !matches!(p.value, Ast::Object(_));
            second.or_else(|| object.properties.iter().find(odd).map(|p| p.value.start()))
        }
        (_, other) => Some(other.start()),
    }
}

/// JSON with comments as data.
///
/// # Errors
/// Where the text is broken.
pub fn read_jsonc(text: &str) -> Result<Value, IntoRefusal> {
    let root = CstRootNode::parse(text, &READ)
        .map_err(|e| IntoRefusal::Broken(Some((e.line_display(), e.column_display())), format!("{}", e.kind())))?;
    Ok(root.value().as_ref().and_then(value).unwrap_or_default())
}

/// Where the first comma before a closing bracket is: some clients refuse a file that has one.
pub fn trailing_comma(text: &str) -> Option<Position> {
    let strict = ParseOptions { allow_trailing_commas: false, ..READ };
    let refused = parse_to_ast(text, &CollectOptions::default(), &strict).err()?;
    let comma = matches!(refused.kind(), ParseErrorKind::TrailingCommasNotAllowed);
    comma.then(|| Position::of(text, refused.range().start))
}

fn not(what: &str, kind: &str) -> IntoRefusal {
    IntoRefusal::Broken(None, format!("{what} is not {kind}"))
}

/// The property of that name. One that stands twice is read by clients in different ways.
fn get(object: &CstObject, key: &str, place: &str) -> Result<Option<CstObjectProp>, IntoRefusal> {
    let mut found = object.properties().into_iter().filter(|p| p.decoded_name().as_deref() == Some(key));
    let first = found.next();
    if found.next().is_some() {
        return Err(IntoRefusal::Broken(None, format!("{} stands twice in {place}", quoted(key))));
    }
    Ok(first)
}

/// An entry for the server has to be there: lists alone do not start one.
fn has_server(top: &CstObject, slot: &FileSlot) -> Result<(), IntoRefusal> {
    let [list, server, ..] = slot.path.as_slice() else { return Ok(()) };
    let servers = get(top, list, "the file")?.and_then(|p| p.value()).and_then(|v| v.as_object());
    let names: Vec<String> =
        servers.map(|s| s.properties().iter().filter_map(CstObjectProp::decoded_name).collect()).unwrap_or_default();
    if names.contains(server) { Ok(()) } else { Err(IntoRefusal::NoServer(names)) }
}

fn fill_slot(
    top: &CstObject,
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let wanted = filling.wanted(slot);
    let Some((key, parents)) = slot.path.split_last() else { return Ok(()) };
    let mut at = top.clone();
    let mut holder = "the file".to_owned();
    for (i, parent) in parents.iter().enumerate() {
        let place = slot.path[..=i].join(".");
        let there = get(&at, parent, &holder)?;
        holder.clone_from(&place);
        at = match there {
            Some(prop) => prop.value().and_then(|v| v.as_object()).ok_or_else(|| not(&place, "an object"))?,
            None if wanted.is_none() => return Ok(()),
            None => at.object_value_or_set(parent),
        };
    }
    let place = slot.place();
    let there = get(&at, key, &holder)?;
    match slot.kind {
        SlotKind::Own | SlotKind::Default => {
            let Some(wanted) = wanted else { return Ok(()) };
            let now = there.as_ref().and_then(data);
            match there {
                Some(_) if now.as_ref() == Some(wanted) => {}
                Some(prop) if slot.kind == SlotKind::Own => prop.set_value(input(wanted)),
                Some(_) => filled.looser.push(format!(
                    "{place} is {}, the document wants {}: it holds for other servers too and stays",
                    now.as_ref().map(text_of).unwrap_or_default(),
                    text_of(wanted)
                )),
                None => drop(at.append(key, input(wanted))),
            }
        }
        SlotKind::Absent | SlotKind::Rules(_) => {}
        SlotKind::List => {
            let list = match there {
                Some(prop) => prop.value().and_then(|v| v.as_array()).ok_or_else(|| not(&place, "a list"))?,
                None if wanted.is_none() => return Ok(()),
                None => at.array_value_or_set(key),
            };
            fill_list(&list, slot, filling, filled);
        }
        SlotKind::Map | SlotKind::LastWins | SlotKind::Field(_) => {
            let map = match there {
                Some(prop) => prop.value().and_then(|v| v.as_object()).ok_or_else(|| not(&place, "an object"))?,
                None if wanted.is_none() => return Ok(()),
                None => at.object_value_or_set(key),
            };
            fill_map(&map, slot, filling, filled)?;
        }
    }
    Ok(())
}

fn fill_list(list: &CstArray, slot: &FileSlot, filling: &Filling<'_>, filled: &mut FilledFile) {
    let wanted = filling.wanted_keys(slot);
    let text = |node: &CstNode| node.as_string_lit().and_then(|lit| lit.decoded_value().ok());
    let mut seen = Vec::new();
    for node in list.elements() {
        let Some(entry) = text(&node) else { continue };
        if wanted.contains(&entry) {
            // Twice is once too often, and not ours to clean up.
            seen.push(entry);
            continue;
        }
        match slot.leftover(&entry, filling.tools) {
            Leftover::Foreign => {}
            Leftover::Ours => node.remove(),
            Leftover::Wide => filled.looser.push(wide(slot, &entry)),
            Leftover::Gone => {
                filled.gone.push(entry);
                if filling.prune {
                    node.remove();
                }
            }
        }
    }
    let missing: Vec<String> = wanted.into_iter().filter(|entry| !seen.contains(entry)).collect();
    if !missing.is_empty() {
        list.ensure_multiline();
    }
    for entry in missing {
        list.append(entry.into());
    }
}

fn fill_map(
    map: &CstObject,
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let wanted = filling.wanted(slot).map(object).unwrap_or_default();
    for prop in map.properties() {
        let Some(key) = prop.decoded_name() else { continue };
        if wanted.contains_key(&key) {
            get(map, &key, &slot.place())?;
            continue;
        }
        match slot.leftover(&key, filling.tools) {
            Leftover::Foreign => {}
            Leftover::Ours => remove(prop, slot),
            Leftover::Wide => filled.looser.push(wide(slot, &key)),
            Leftover::Gone => {
                filled.gone.push(key);
                if filling.prune {
                    remove(prop, slot);
                }
            }
        }
    }
    if slot.kind == SlotKind::LastWins && !in_order(map, &wanted) {
        for key in wanted.keys() {
            if let Some(prop) = map.get(key) {
                prop.remove();
            }
        }
    }
    for (key, value) in &wanted {
        match (map.get(key), slot.kind) {
            (None, _) => drop(map.append(key, input(value))),
            (Some(prop), SlotKind::Field(field)) => {
                let place = format!("{}.{key}", slot.place());
                let entry = prop.value().and_then(|v| v.as_object()).ok_or_else(|| not(&place, "an object"))?;
                let own = value.get(field).cloned().unwrap_or_default();
                match get(&entry, field, &place)? {
                    Some(prop) if data(&prop).as_ref() == Some(&own) => {}
                    Some(prop) => prop.set_value(input(&own)),
                    None => drop(entry.append(field, input(&own))),
                }
            }
            (Some(prop), _) if data(&prop).as_ref() == Some(value) => {}
            (Some(prop), _) => prop.set_value(input(value)),
        }
    }
    Ok(())
}

/// Whether ours stand behind every pattern of others that matches them, the one for the rest before the others.
fn in_order(map: &CstObject, wanted: &serde_json::Map<String, Value>) -> bool {
    let keys: Vec<String> = map.properties().iter().filter_map(CstObjectProp::decoded_name).collect();
    let first = keys.iter().position(|key| wanted.contains_key(key));
    let Some(first) = first else { return true };
    let rest = wanted.keys().next();
    let beats = |key: &String| !wanted.contains_key(key) && wanted.keys().any(|own| super::glob(key, own));
    Some(&keys[first]) == rest && !keys[first + 1..].iter().any(beats)
}

/// Takes away what is ours of an entry.
fn remove(prop: CstObjectProp, slot: &FileSlot) {
    let entry = prop.value().and_then(|v| v.as_object());
    match (slot.kind, entry) {
        (SlotKind::Field(field), Some(entry)) if entry.properties().len() > 1 => {
            if let Some(own) = entry.get(field) {
                own.remove();
            }
        }
        _ => prop.remove(),
    }
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(flag) => CstInputValue::Bool(*flag),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Value::Object(map) => CstInputValue::Object(map.iter().map(|(k, v)| (k.clone(), input(v))).collect()),
    }
}

/// A node as data.
fn value(node: &CstNode) -> Option<Value> {
    if let Some(text) = node.as_string_lit() {
        return text.decoded_value().ok().map(Value::String);
    }
    if let Some(flag) = node.as_boolean_lit() {
        return Some(Value::Bool(flag.value()));
    }
    if let Some(object) = node.as_object() {
        let field = |p: CstObjectProp| Some((p.decoded_name()?, data(&p)?));
        return object.properties().into_iter().map(field).collect::<Option<_>>().map(Value::Object);
    }
    if let Some(array) = node.as_array() {
        return array.elements().iter().map(value).collect::<Option<_>>().map(Value::Array);
    }
    // Numbers and null: as they are spelled.
    serde_json::from_str(&node.to_string()).ok()
}

/// A property's value as data.
fn data(property: &CstObjectProp) -> Option<Value> {
    property.value().as_ref().and_then(value)
}
