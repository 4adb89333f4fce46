//! YAML, changed in place: lines are put in, replaced and taken away where a parser says that entries stand. The result is
//! read again: what it has beside our entries is what was there, or nothing is changed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::yaml::{YamlKind, YamlNode, documents, front_matter};
use super::{FileSlot, FileSyntax, FilledFile, Filling, IntoRefusal, Leftover, SlotKind, object, text_of, wide};
use crate::diagnostic::Position;
use crate::neutral::quoted;

mod find;
mod lines;
#[cfg(test)]
mod tests;

pub(in crate::policy) use find::{SlotSpot, spot};
use lines::{YamlDraft, entry_lines, item_lines};

pub(super) fn fill(text: &str, filling: &Filling<'_>, syntax: FileSyntax) -> Result<FilledFile, IntoRefusal> {
    let filled = fill_once(text, filling, syntax)?;
    // What a second run would change again is not understood.
    if filled.text != text && fill_once(&filled.text, filling, syntax)?.text != filled.text {
        return Err(unsafe_to_change(&filling.slots.iter().map(FileSlot::place).collect::<Vec<_>>().join(", ")));
    }
    Ok(filled)
}

fn fill_once(text: &str, filling: &Filling<'_>, syntax: FileSyntax) -> Result<FilledFile, IntoRefusal> {
    let markdown = syntax == FileSyntax::FrontMatter;
    let (head, below) = if markdown { matter(text)? } else { (text, "") };
    let begun = markdown && head.is_empty();
    let mut filled = FilledFile::default();
    let mut now = if begun { "---\n".to_owned() } else { head.to_owned() };
    for slot in filling.slots {
        now = fill_slot(&now, slot, filling, &mut filled)?;
    }
    if begun && now == "---\n" {
        now.clear();
    } else if begun {
        now.push_str("---\n");
    }
    now.push_str(below);
    filled.text = now;
    Ok(filled)
}

/// The front matter of a text, and what stands below.
pub(in crate::policy) fn matter(text: &str) -> Result<(&str, &str), IntoRefusal> {
    let without_end = || IntoRefusal::Broken(Some((1, 1)), "what `---` begins in line 1 has no `---` below".to_owned());
    front_matter(text).ok_or_else(without_end)
}

fn fill_slot(
    text: &str,
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<String, IntoRefusal> {
    let found = read(text)?;
    let mut draft = YamlDraft::new(text);
    let wanted = filling.wanted(slot);
    match (spot(text, &found, slot, filling.begin)?, wanted) {
        (SlotSpot::Missing { .. }, None) => {}
        (SlotSpot::Missing { .. }, Some(_)) if slot.kind == SlotKind::Absent => {}
        (SlotSpot::Missing { holder, key, keys }, Some(wanted)) => {
            let Some((first, rest)) = keys.split_first() else { return Ok(text.to_owned()) };
            let nested = rest
                .iter()
                .rev()
                .fold(wanted.clone(), |value, key| Value::Object([(key.clone(), value)].into_iter().collect()));
            draft.touched.extend(names(slot, wanted));
            draft.begin(holder, key, &entry_lines(first, &nested))?;
        }
        (SlotSpot::There { key, value, holder }, wanted) => match slot.kind {
            SlotKind::Absent => {
                draft.take_entry(key, value)?;
                draft.touched.extend(key.text().map(str::to_owned));
            }
            SlotKind::Default => {
                let now = value.text().unwrap_or_default();
                if let Some(wanted) = wanted.map(text_of).filter(|wanted| wanted != now) {
                    let place = slot.place();
                    filled.looser.push(format!("{place} is {now}, the document wants {wanted}: it is not changed"));
                }
            }
            SlotKind::Own => match wanted {
                Some(wanted) if value.value().as_ref() != Some(wanted) => draft.set(holder, key, value, wanted)?,
                _ => {}
            },
            SlotKind::List => fill_list(&mut draft, (holder, key, value), slot, filling, filled)?,
            SlotKind::Rules(field) => fill_rules(&mut draft, (holder, key, value), (slot, field), filling, filled)?,
            SlotKind::Map | SlotKind::LastWins | SlotKind::Field(_) => {
                fill_map(&mut draft, (key, value), slot, filling, filled)?;
            }
        },
    }
    let (new, touched) = draft.done();
    if new != text {
        hold(text, &new, slot, filling.begin, &touched)?;
    }
    Ok(new)
}

/// The documents of a text.
pub(in crate::policy) fn read(text: &str) -> Result<Vec<YamlNode>, IntoRefusal> {
    documents(text).map_err(|fault| refused(fault.at, fault.what))
}

pub(in crate::policy) fn refused(at: Position, what: String) -> IntoRefusal {
    IntoRefusal::Broken(Some((at.line as usize, at.column as usize)), what)
}

/// An entry: what holds it, its key and its value.
type Placed<'n> = (&'n YamlNode, &'n YamlNode, &'n YamlNode);

fn fill_list(
    draft: &mut YamlDraft<'_>,
    (holder, key, value): Placed<'_>,
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let wanted = filling.wanted_keys(slot);
    let nothing = Vec::new();
    let items = match &value.kind {
        YamlKind::List(items) => items,
        _ if value.is_null() => &nothing,
        _ => return Err(draft.not(value, slot, "a list")),
    };
    let (mut seen, mut out) = (Vec::new(), Vec::new());
    for (i, item) in items.iter().enumerate() {
        let Some(entry) = item.text() else {
            if item.kind == YamlKind::Alias {
                return Err(draft.alias(item, slot));
            }
            continue;
        };
        if wanted.iter().any(|w| w == entry) {
            seen.push(entry);
            continue;
        }
        match slot.leftover(entry, filling.tools) {
            Leftover::Foreign => {}
            Leftover::Ours => out.push(i),
            Leftover::Wide => filled.looser.push(wide(slot, entry)),
            Leftover::Gone => {
                filled.gone.push(entry.to_owned());
                if filling.prune {
                    out.push(i);
                }
            }
        }
    }
    let missing: Vec<String> = wanted.iter().filter(|entry| !seen.contains(&entry.as_str())).cloned().collect();
    draft.touched.extend(out.iter().filter_map(|i| items[*i].text()).map(str::to_owned));
    draft.touched.extend(missing.iter().cloned());
    let lines: Vec<Vec<String>> = missing.iter().map(|entry| vec![lines::scalar(entry)]).collect();
    draft.change_list((holder, key, value), items, &out, &lines)
}

fn fill_map(
    draft: &mut YamlDraft<'_>,
    (key, value): (&YamlNode, &YamlNode),
    slot: &FileSlot,
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let wanted = filling.wanted(slot).map(object).unwrap_or_default();
    let nothing = Vec::new();
    let fields = match &value.kind {
        YamlKind::Map(fields) => fields,
        _ if value.is_null() => &nothing,
        _ => return Err(draft.not(value, slot, "a map")),
    };
    let mut seen = BTreeSet::new();
    for (name, entry) in fields {
        let Some(text) = name.text() else { continue };
        if let Some(own) = wanted.get(text) {
            if !seen.insert(text) {
                return Err(draft.twice(name, text));
            }
            if entry.value().as_ref() != Some(own) {
                draft.touched.insert(text.to_owned());
                draft.set(value, name, entry, own)?;
            }
            continue;
        }
        let gone = match slot.leftover(text, filling.tools) {
            Leftover::Foreign => false,
            Leftover::Ours => true,
            Leftover::Wide => {
                filled.looser.push(wide(slot, text));
                false
            }
            Leftover::Gone => {
                filled.gone.push(text.to_owned());
                filling.prune
            }
        };
        if gone {
            draft.touched.insert(text.to_owned());
            draft.take_entry(name, entry)?;
        }
    }
    let missing: Vec<(&String, &Value)> = wanted.iter().filter(|(name, _)| !seen.contains(name.as_str())).collect();
    let lines: Vec<String> = missing.iter().flat_map(|(name, own)| entry_lines(name, own)).collect();
    draft.touched.extend(missing.into_iter().map(|(name, _)| name.clone()));
    if lines.is_empty() { Ok(()) } else { draft.begin(Some(value), Some(key), &lines) }
}

/// Rules of which the first that matches wins: ours stand before any for several tools.
fn fill_rules(
    draft: &mut YamlDraft<'_>,
    (holder, key, value): Placed<'_>,
    (slot, field): (&FileSlot, &str),
    filling: &Filling<'_>,
    filled: &mut FilledFile,
) -> Result<(), IntoRefusal> {
    let nothing = Vec::new();
    let items = match &value.kind {
        YamlKind::List(items) => items,
        _ if value.is_null() => &nothing,
        _ => return Err(draft.not(value, slot, "a list")),
    };
    let rules = filling.wanted(slot).and_then(Value::as_array).cloned().unwrap_or_default();
    let of = |rule: &Value| rule.get(field).and_then(Value::as_str).map(str::to_owned);
    let wanted: Vec<(String, &Value)> = rules.iter().filter_map(|rule| Some((of(rule)?, rule))).collect();
    let (mut seen, mut out, mut first) = (BTreeSet::new(), Vec::new(), None);
    for (i, item) in items.iter().enumerate() {
        let name = item.entries(field).next().and_then(|(_, name)| name.text());
        let Some(name) = name else {
            if item.kind == YamlKind::Alias {
                return Err(draft.alias(item, slot));
            }
            continue;
        };
        let pattern = name.contains(['*', '?']);
        if let Some((_, own)) = wanted.iter().find(|(n, _)| n == name) {
            // A second rule for the tool, and one behind a pattern, would not be reached.
            if seen.contains(name) || first.is_some() && !pattern {
                draft.touched.insert(name.to_owned());
                out.push(i);
                continue;
            }
            seen.insert(name.to_owned());
            if item.value().as_ref() != Some(*own) {
                draft.touched.insert(name.to_owned());
                draft.replace_item(item, &item_lines(own))?;
            }
        } else {
            match slot.leftover(name, filling.tools) {
                Leftover::Foreign => {}
                Leftover::Ours => {
                    draft.touched.insert(name.to_owned());
                    out.push(i);
                }
                Leftover::Wide => filled.looser.push(wide(slot, name)),
                Leftover::Gone => {
                    filled.gone.push(name.to_owned());
                    if filling.prune {
                        draft.touched.insert(name.to_owned());
                        out.push(i);
                    }
                }
            }
        }
        if pattern {
            first.get_or_insert(i);
        }
    }
    let (last, before): (Vec<_>, Vec<_>) =
        wanted.iter().filter(|(name, _)| !seen.contains(name)).partition(|(name, _)| name.contains(['*', '?']));
    draft.touched.extend(last.iter().chain(&before).map(|(name, _)| name.clone()));
    let of = |rules: &[&(String, &Value)]| rules.iter().map(|(_, rule)| item_lines(rule)).collect::<Vec<_>>();
    match first {
        Some(i) if !before.is_empty() => {
            draft.put_before(&items[i], &of(&before))?;
            draft.change_list((holder, key, value), items, &out, &of(&last))
        }
        _ => draft.change_list((holder, key, value), items, &out, &of(&[before, last].concat())),
    }
}

/// The names of the entries of a value.
fn names(slot: &FileSlot, value: &Value) -> Vec<String> {
    let name = |item: &Value| match slot.kind {
        SlotKind::Rules(field) => item.get(field)?.as_str().map(str::to_owned),
        _ => item.as_str().map(str::to_owned),
    };
    match value {
        Value::Array(items) => items.iter().filter_map(name).collect(),
        Value::Object(map) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Refuses a result that says something else beside our entries, or that is not what a second run would leave.
fn hold(
    before: &str,
    after: &str,
    slot: &FileSlot,
    begin: bool,
    touched: &BTreeSet<String>,
) -> Result<(), IntoRefusal> {
    let rest = |text: &str| -> Option<Vec<Value>> {
        let found = documents(text).ok()?;
        let there = match spot(text, &found, slot, begin).ok()? {
            SlotSpot::There { key, .. } => Some(key.start),
            SlotSpot::Missing { .. } => None,
        };
        let keys: Vec<&str> = slot.under.iter().flatten().chain(&slot.path).map(String::as_str).collect();
        let rest = found.iter().map(|node| find::without(node, there, &keys, slot, touched));
        Some(rest.filter(|value| !value.is_null()).collect())
    };
    match (rest(before), rest(after)) {
        (Some(before), Some(after)) if before == after => Ok(()),
        _ => Err(unsafe_to_change(&slot.place())),
    }
}

fn unsafe_to_change(place: &str) -> IntoRefusal {
    let what = format!("{place} is written in a way that cannot be changed safely: put the lines in yourself");
    IntoRefusal::Broken(None, what)
}

/// A sentence on a place.
fn told(text: &str, node: &YamlNode, what: String) -> IntoRefusal {
    refused(Position::of(text, node.start), what)
}

impl YamlDraft<'_> {
    fn not(&self, node: &YamlNode, slot: &FileSlot, kind: &str) -> IntoRefusal {
        if node.kind == YamlKind::Alias {
            return self.alias(node, slot);
        }
        told(self.text, node, format!("{} is not {kind}", slot.place()))
    }

    fn alias(&self, node: &YamlNode, slot: &FileSlot) -> IntoRefusal {
        told(
            self.text,
            node,
            format!("{} has an alias, which is not followed: write out what it stands for", slot.place()),
        )
    }

    fn twice(&self, node: &YamlNode, key: &str) -> IntoRefusal {
        told(self.text, node, format!("{} stands twice", quoted(key)))
    }
}
