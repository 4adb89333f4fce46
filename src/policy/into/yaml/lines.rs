//! Lines of YAML put in, replaced and taken away.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::super::super::formats::yaml;
use super::super::super::yaml::{YamlKind, YamlNode};
use super::super::IntoRefusal;
use super::{Placed, told};
use crate::neutral::is_hidden;

/// A text and what is to become of it.
pub(super) struct YamlDraft<'t> {
    pub text: &'t str,
    /// The names of entries that are put in, changed or taken away.
    pub touched: BTreeSet<String>,
    edits: Vec<(Range<usize>, String)>,
}

/// A text as a scalar: in single quotes where it holds double ones.
pub(super) fn scalar(text: &str) -> String {
    let single =
        text.contains('"') && !text.contains(['\n', '\t']) && !text.contains(is_hidden) && !text.contains("##");
    if single { format!("'{}'", text.replace('\'', "''")) } else { yaml::text(text).into_owned() }
}

/// A key: a word that no version of YAML reads as anything else stands without quotes.
fn key_text(key: &str) -> String {
    const TAKEN: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "y"];
    let word = key.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && key.len() > 1
        && !TAKEN.contains(&key.to_ascii_lowercase().as_str());
    if word { key.to_owned() } else { scalar(key) }
}

/// `key: value`, on as many lines as it needs.
pub(super) fn entry_lines(key: &str, value: &Value) -> Vec<String> {
    let key = key_text(key);
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().flat_map(item_lines_dashed);
            [format!("{key}:")].into_iter().chain(items.map(|line| format!("  {line}"))).collect()
        }
        Value::Object(map) if !map.is_empty() => {
            let entries = map.iter().flat_map(|(key, value)| entry_lines(key, value));
            [format!("{key}:")].into_iter().chain(entries.map(|line| format!("  {line}"))).collect()
        }
        Value::Object(_) => vec![format!("{key}: {{}}")],
        Value::String(text) => vec![format!("{key}: {}", scalar(text))],
        other => vec![format!("{key}: {}", yaml::value(other))],
    }
}

/// An item of a list, without its dash.
pub(super) fn item_lines(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) if !map.is_empty() => map.iter().flat_map(|(key, value)| entry_lines(key, value)).collect(),
        Value::Object(_) => vec!["{}".to_owned()],
        Value::String(text) => vec![scalar(text)],
        other => vec![yaml::value(other)],
    }
}

fn item_lines_dashed(value: &Value) -> Vec<String> {
    dashed(&item_lines(value)).collect()
}

fn dashed(lines: &[String]) -> impl Iterator<Item = String> {
    lines.iter().enumerate().map(|(i, line)| format!("{}{line}", if i == 0 { "- " } else { "  " }))
}

impl<'t> YamlDraft<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, touched: BTreeSet::new(), edits: Vec::new() }
    }

    /// The new text, and the names that were touched.
    pub(super) fn done(mut self) -> (String, BTreeSet<String>) {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = self.text.to_owned();
        // What overlaps is caught when the result is read again.
        for (range, with) in self.edits.iter().rev() {
            if out.is_char_boundary(range.start) && out.is_char_boundary(range.end) && range.end <= out.len() {
                out.replace_range(range.clone(), with);
            }
        }
        (out, self.touched)
    }

    fn eol(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |i| i + 1)
    }

    /// The first byte of the next line.
    fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |i| at + i + 1)
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }

    fn is_first(&self, at: usize) -> bool {
        self.text[self.line_start(at)..at].bytes().all(|b| b == b' ')
    }

    /// The byte behind the colon of a key.
    fn behind_colon(&self, key: &YamlNode) -> usize {
        self.text[key.end..].find(':').map_or(key.end, |i| key.end + i + 1)
    }

    fn end_of(&self, key: &YamlNode, value: &YamlNode) -> usize {
        value.end.max(self.behind_colon(key))
    }

    fn flow(&self, node: &YamlNode) -> IntoRefusal {
        let what = "it stands in braces, where nothing is put in: write it on lines of its own";
        told(self.text, node, what.to_owned())
    }

    fn indented(&self, lines: &[String], indent: usize) -> String {
        lines.iter().flat_map(|line| [" ".repeat(indent), line.clone(), self.eol().to_owned()]).collect()
    }

    /// Lines behind the line of a place.
    fn put_behind(&mut self, at: usize, lines: &[String], indent: usize) {
        let to = self.next_line(at);
        let open = to == self.text.len() && !self.text.is_empty() && !self.text.ends_with('\n');
        let begin = if open { self.eol() } else { "" };
        self.edits.push((to..to, format!("{begin}{}", self.indented(lines, indent))));
    }

    /// Entries into a map, which may be empty or not be there.
    pub(super) fn begin(
        &mut self,
        holder: Option<&YamlNode>,
        key: Option<&YamlNode>,
        lines: &[String],
    ) -> Result<(), IntoRefusal> {
        match (holder, key) {
            (Some(map), _) if matches!(&map.kind, YamlKind::Map(fields) if !fields.is_empty()) => {
                if map.flow {
                    return Err(self.flow(map));
                }
                let YamlKind::Map(fields) = &map.kind else { return Ok(()) };
                let indent = fields.first().map_or(0, |(key, _)| self.column(key.start));
                let end = fields.last().map_or(map.end, |(key, value)| self.end_of(key, value));
                self.put_behind(end, lines, indent);
            }
            (Some(empty), Some(key)) => {
                let end = self.empty(key, empty);
                self.put_behind(end, lines, self.column(key.start) + 2);
            }
            // The document is empty: comments at its head stay there.
            _ => self.put_behind(self.text.len(), lines, 0),
        }
        Ok(())
    }

    /// Takes away what stands for nothing behind a key; the place behind which lines go.
    fn empty(&mut self, key: &YamlNode, value: &YamlNode) -> usize {
        let colon = self.behind_colon(key);
        if value.end > colon {
            self.edits.push((colon..value.end, String::new()));
        }
        value.end.max(colon)
    }

    /// Another value for a key.
    pub(super) fn set(
        &mut self,
        holder: &YamlNode,
        key: &YamlNode,
        value: &YamlNode,
        new: &Value,
    ) -> Result<(), IntoRefusal> {
        let name = key.text().unwrap_or_default();
        if value.marked || key.marked {
            return Err(told(self.text, key, "it has an anchor or a tag: write it without".to_owned()));
        }
        if holder.flow {
            return Err(self.flow(holder));
        }
        let lines = entry_lines(name, new);
        let end = self.end_of(key, value);
        self.replace(key.start..end, &lines, self.column(key.start));
        Ok(())
    }

    /// Other lines in a place; comments on lines of their own stay, below the first.
    fn replace(&mut self, range: Range<usize>, lines: &[String], indent: usize) {
        let below = self.text[range.clone()].lines().skip(1).map(str::trim);
        let comments: Vec<String> = below.filter(|line| line.starts_with('#')).map(str::to_owned).collect();
        let deeper = if lines.get(1).is_some_and(|line| line.starts_with(' ')) { "  " } else { "" };
        let comments = comments.iter().map(|line| format!("{deeper}{line}"));
        let (first, rest) = lines.split_at(lines.len().min(1));
        let all: Vec<String> = first.iter().cloned().chain(comments).chain(rest.iter().cloned()).collect();
        let between = format!("{}{:indent$}", self.eol(), "");
        self.edits.push((range, all.join(&between)));
    }

    /// Takes an entry of a map away, with its lines.
    pub(super) fn take_entry(&mut self, key: &YamlNode, value: &YamlNode) -> Result<(), IntoRefusal> {
        if !self.is_first(key.start) {
            let what = "it does not stand on a line of its own: take it away yourself";
            return Err(told(self.text, key, what.to_owned()));
        }
        let end = self.end_of(key, value);
        self.edits.push((self.line_start(key.start)..self.next_line(end), String::new()));
        Ok(())
    }

    /// Where the dash of an item stands, which has to be first on its line.
    fn dash(&self, item: &YamlNode) -> Result<usize, IntoRefusal> {
        let start = self.line_start(item.start);
        let before = self.text[start..item.start].trim_end_matches(' ');
        match before.strip_suffix('-') {
            Some(indent) if indent.bytes().all(|b| b == b' ') => Ok(start + indent.len()),
            _ => {
                let what = "its dash does not stand on a line of its own: write it so";
                Err(told(self.text, item, what.to_owned()))
            }
        }
    }

    /// Another item in the place of one.
    pub(super) fn replace_item(&mut self, item: &YamlNode, lines: &[String]) -> Result<(), IntoRefusal> {
        if item.marked {
            return Err(told(self.text, item, "it has an anchor or a tag: write it without".to_owned()));
        }
        if item.flow {
            // `- {…}` on its line.
            self.dash(item)?;
        }
        self.replace(item.start..item.end, lines, self.column(item.start));
        Ok(())
    }

    /// Items before another.
    pub(super) fn put_before(&mut self, item: &YamlNode, new: &[Vec<String>]) -> Result<(), IntoRefusal> {
        let dash = self.dash(item)?;
        let lines: Vec<String> = new.iter().flat_map(|lines| dashed(lines)).collect();
        let to = self.line_start(dash);
        self.edits.push((to..to, self.indented(&lines, dash - to)));
        Ok(())
    }

    /// Takes items out of a list and puts others to its end.
    pub(super) fn change_list(
        &mut self,
        (holder, key, value): Placed<'_>,
        items: &[YamlNode],
        out: &[usize],
        new: &[Vec<String>],
    ) -> Result<(), IntoRefusal> {
        if out.is_empty() && new.is_empty() {
            return Ok(());
        }
        if value.marked {
            return Err(told(self.text, value, "it has an anchor or a tag: write it without".to_owned()));
        }
        let lines: Vec<String> = new.iter().flat_map(|lines| dashed(lines)).collect();
        if items.is_empty() {
            if holder.flow {
                return Err(self.flow(holder));
            }
            let end = self.empty(key, value);
            self.put_behind(end, &lines, self.column(key.start) + 2);
            return Ok(());
        }
        if value.flow {
            return self.change_flow(value, items, out, new);
        }
        if out.len() == items.len() && new.is_empty() && self.edits.is_empty() {
            let end = self.end_of(key, value);
            self.edits.push((self.behind_colon(key)..end, " []".to_owned()));
            return Ok(());
        }
        for i in out {
            let start = self.line_start(self.dash(&items[*i])?);
            self.edits.push((start..self.next_line(items[*i].end), String::new()));
        }
        if let (Some(last), false) = (items.last(), lines.is_empty()) {
            let indent = self.column(self.dash(last)?);
            self.put_behind(last.end, &lines, indent);
        }
        Ok(())
    }

    /// The same for a list in brackets.
    fn change_flow(
        &mut self,
        value: &YamlNode,
        items: &[YamlNode],
        out: &[usize],
        new: &[Vec<String>],
    ) -> Result<(), IntoRefusal> {
        let several = new.iter().any(|lines| lines.len() != 1);
        let comment = self.text[value.start..value.end].lines().any(|line| line.contains('#'));
        if several || (comment && !out.is_empty()) {
            return Err(told(self.text, value, "it stands in brackets: write it on lines of its own".to_owned()));
        }
        let kept: Vec<usize> = (0..items.len()).filter(|i| !out.contains(i)).collect();
        let Some(last) = kept.last().map(|i| &items[*i]) else {
            let new: Vec<&str> = new.iter().flatten().map(String::as_str).collect();
            self.edits.push((value.start..value.end, format!("[{}]", new.join(", "))));
            return Ok(());
        };
        for i in out {
            // Up to the next one, or from the one before.
            let range = match (items.get(i + 1), kept.iter().rfind(|k| **k < *i)) {
                (_, Some(_)) if items[*i].start > last.start => items[i - 1].end..items[*i].end,
                (Some(next), _) => items[*i].start..next.start,
                _ => items[i - 1].end..items[*i].end,
            };
            self.edits.push((range, String::new()));
        }
        // A list on several lines goes on so.
        let line = self.line_start(last.start);
        let apart = if line > value.start && self.is_first(last.start) {
            format!(",{}{:indent$}", self.eol(), "", indent = last.start - line)
        } else {
            ", ".to_owned()
        };
        let more: String = new.iter().flatten().flat_map(|entry| [apart.as_str(), entry]).collect();
        self.edits.push((last.end..last.end, more));
        Ok(())
    }
}
