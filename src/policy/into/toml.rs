//! TOML, changed in place.

use toml_edit::{Array, Document, DocumentMut, Item, Table, TableLike, value};

use super::{FileSlot, FilledFile, Filling, IntoRefusal, Leftover, SlotKind, object, text_of, wide};
use crate::diagnostic::Position;

pub(super) fn fill(text: &str, filling: &Filling<'_>) -> Result<FilledFile, IntoRefusal> {
    let mut document: DocumentMut = text.parse().map_err(|e| broken(text, &e))?;
    // What the writer would make of them is not what others wrote.
    if text.contains('\r') && document.to_string() != text {
        return Err(IntoRefusal::Broken(None, "its lines end in two ways: let all of them end in one".to_owned()));
    }
    let mut filled = FilledFile::default();
    for slot in filling.slots {
        fill_slot(document.as_table_mut(), slot, filling, &mut filled)
            .map_err(|refusal| placed(refusal, text, slot))?;
    }
    filled.text = document.to_string();
    Ok(filled)
}

/// The refusal with the place of what is in the way: the value on the way to the slot that is no table, or the slot's own.
fn placed(refusal: IntoRefusal, text: &str, slot: &FileSlot) -> IntoRefusal {
    let IntoRefusal::Broken(None, message) = refusal else { return refusal };
    let document = Document::parse(text);
    let mut at = document.as_ref().ok().map(Document::as_item);
    for key in &slot.path {
        let next = at.and_then(Item::as_table_like).map(|table| table.get(key));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    let at = at.and_then(Item::span).map(|span| Position::of(text, span.start));
    IntoRefusal::Broken(at.map(|at| (at.line as usize, at.column as usize)), message)
}

/// An error with its place.
pub(in crate::policy) fn broken(text: &str, error: &toml_edit::TomlError) -> IntoRefusal {
    let at = error.span().map(|span| Position::of(text, span.start));
    let place = at.map(|p| (p.line as usize, p.column as usize));
    IntoRefusal::Broken(place, error.message().trim().replace('\n', ", "))
}

fn not(what: &str, kind: &str) -> IntoRefusal {
    IntoRefusal::Broken(None, format!("{what} is not {kind}"))
}

fn fill_slot(
    top: &mut Table,
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let wanted = filling.wanted(slot);
    let Some((own, parents)) = slot.path.split_last() else { return Ok(()) };
    let mut at: &mut dyn TableLike = top;
    for (i, key) in parents.iter().enumerate() {
        let place = slot.path[..=i].join(".");
        if !at.contains_key(key) {
            // An entry for the server has to be there: lists alone do not start one.
            if slot.is_server_entry() && !filling.begin {
                let servers = if i == 0 { Vec::new() } else { at.iter().map(|(k, _)| k.to_owned()).collect() };
                return Err(IntoRefusal::NoServer(servers));
            }
            let mut table = Table::new();
            table.set_implicit(true);
            at.insert(key, Item::Table(table));
        }
        at = at.get_mut(key).and_then(Item::as_table_like_mut).ok_or_else(|| not(&place, "a table"))?;
    }
    let place = slot.place();
    match slot.kind {
        SlotKind::Own | SlotKind::Default => {
            let Some(wanted) = wanted.map(text_of) else { return Ok(()) };
            match at.get(own).and_then(Item::as_str) {
                Some(now) if now == wanted => {}
                Some(now) if slot.kind == SlotKind::Default => {
                    filled.looser.push(format!("{place} is {now}, the document wants {wanted}"));
                }
                _ => set(at, own, value(wanted)),
            }
        }
        SlotKind::Absent | SlotKind::Rules(_) => {}
        SlotKind::List => {
            if !at.contains_key(own) {
                if wanted.is_none() {
                    return Ok(());
                }
                at.insert(own, value(Array::new()));
            }
            let list = at.get_mut(own).and_then(Item::as_array_mut).ok_or_else(|| not(&place, "a list"))?;
            fill_list(list, slot, filling, filled);
        }
        SlotKind::Map | SlotKind::LastWins | SlotKind::Field(_) => {
            let SlotKind::Field(field) = slot.kind else { return Ok(()) };
            if !at.contains_key(own) {
                if wanted.is_none() {
                    return Ok(());
                }
                let mut table = Table::new();
                table.set_implicit(true);
                at.insert(own, Item::Table(table));
            }
            let map = at.get_mut(own).and_then(Item::as_table_like_mut).ok_or_else(|| not(&place, "a table"))?;
            fill_map(map, field, slot, filling, filled)?;
        }
    }
    Ok(())
}

/// Sets a value and keeps what stands around the old one.
fn set(at: &mut dyn TableLike, key: &str, mut new: Item) {
    if let (Some(old), Some(new)) = (at.get(key).and_then(Item::as_value), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    match at.get_mut(key) {
        Some(item) => *item = new,
        None => drop(at.insert(key, new)),
    }
}

fn fill_list(list: &mut Array, slot: &FileSlot, filling: &Filling<'_>, filled: &mut FilledFile) {
    let wanted = filling.wanted_keys(slot);
    let mut seen = Vec::new();
    let mut remove = Vec::new();
    for (i, entry) in list.iter().enumerate().filter_map(|(i, v)| Some((i, v.as_str()?.to_owned()))) {
        if wanted.contains(&entry) {
            seen.push(entry);
            continue;
        }
        match slot.leftover(&entry, filling.tools) {
            Leftover::Foreign => {}
            Leftover::Ours => remove.push(i),
            Leftover::Wide => filled.looser.push(wide(slot, &entry)),
            Leftover::Gone => {
                filled.gone.push(entry);
                if filling.prune {
                    remove.push(i);
                }
            }
        }
    }
    for i in remove.into_iter().rev() {
        list.remove(i);
    }
    // A list that was written on several lines goes on so.
    let lines = list.iter().any(|v| v.decor().prefix().and_then(|p| p.as_str()).is_some_and(|p| p.contains('\n')));
    let fresh = list.is_empty() && wanted.len() > 1;
    for entry in wanted.into_iter().filter(|entry| !seen.contains(entry)) {
        let mut item = toml_edit::Value::from(entry);
        if lines || fresh {
            item.decor_mut().set_prefix("\n  ");
        } else if !list.is_empty() {
            item.decor_mut().set_prefix(" ");
        }
        list.push_formatted(item);
    }
    if fresh {
        list.set_trailing("\n");
        list.set_trailing_comma(true);
    }
}

fn fill_map(
    map: &mut dyn TableLike,
    field: &'static str,
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let wanted = filling.wanted(slot).map(object).unwrap_or_default();
    let keys: Vec<String> = map.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys.into_iter().filter(|key| !wanted.contains_key(key)) {
        match slot.leftover(&key, filling.tools) {
            Leftover::Foreign => {}
            Leftover::Ours => remove(map, &key, field),
            Leftover::Wide => filled.looser.push(wide(slot, &key)),
            Leftover::Gone => {
                filled.gone.push(key.clone());
                if filling.prune {
                    remove(map, &key, field);
                }
            }
        }
    }
    for (key, entry) in &wanted {
        let own = entry.get(field).map(text_of).unwrap_or_default();
        match map.get_mut(key) {
            None => {
                let mut table = Table::new();
                table.insert(field, value(own));
                map.insert(key, Item::Table(table));
            }
            Some(item) => {
                let place = format!("{}.{key}", slot.place());
                let table = item.as_table_like_mut().ok_or_else(|| not(&place, "a table"))?;
                if table.get(field).and_then(Item::as_str) != Some(&own) {
                    set(table, field, value(own));
                }
            }
        }
    }
    Ok(())
}

/// Takes away what is ours of an entry, and the entry where nothing else is in it.
fn remove(map: &mut dyn TableLike, key: &str, field: &str) {
    let Some(table) = map.get_mut(key).and_then(Item::as_table_like_mut) else { return };
    table.remove(field);
    if table.is_empty() {
        map.remove(key);
    }
}
