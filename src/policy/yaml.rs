//! YAML with places: what the editing and the reading of settings files share. Aliases are seen and not followed.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Number, Value};

use crate::diagnostic::Position;

/// Deeper files are refused.
const MAX_DEPTH: usize = 64;

/// One value of a file, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct YamlNode {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
    /// Whether it is written in brackets.
    pub flow: bool,
    /// Whether an anchor or a tag stands before it.
    pub marked: bool,
    pub kind: YamlKind,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum YamlKind {
    /// A text, and whether it stands without quotes.
    Text(String, bool),
    List(Vec<YamlNode>),
    Map(Vec<(YamlNode, YamlNode)>),
    /// A reference to another value.
    Alias,
}

/// Why a text is not YAML that is read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlFault {
    /// Where.
    pub at: Position,
    /// What: a sentence without its subject.
    pub what: String,
}

impl YamlNode {
    /// The text, where it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let YamlKind::Text(text, _) = &self.kind { Some(text) } else { None }
    }

    /// Whether nothing stands there.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, YamlKind::Text(text, true) if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is the key that puts another map in.
    pub(super) fn is_merge(&self) -> bool {
        matches!(&self.kind, YamlKind::Text(text, true) if text == "<<")
    }

    /// The entries of a map of that key.
    pub(super) fn entries<'n>(&'n self, key: &str) -> impl Iterator<Item = &'n (YamlNode, YamlNode)> {
        let fields = if let YamlKind::Map(fields) = &self.kind { fields.as_slice() } else { &[] };
        fields.iter().filter(move |(name, _)| name.text() == Some(key))
    }

    /// As data: what stands without quotes by the core schema of YAML 1.2. Nothing where it has an alias.
    pub(super) fn value(&self) -> Option<Value> {
        Some(match &self.kind {
            YamlKind::Text(text, true) => plain(text),
            YamlKind::Text(text, false) => Value::String(text.clone()),
            YamlKind::List(items) => Value::Array(items.iter().map(Self::value).collect::<Option<_>>()?),
            YamlKind::Map(fields) => {
                let field = |(key, value): &(Self, Self)| Some((key.text()?.to_owned(), value.value()?));
                Value::Object(fields.iter().map(field).collect::<Option<_>>()?)
            }
            YamlKind::Alias => return None,
        })
    }
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let number = text.bytes().next().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.'));
    let whole = || text.parse::<i64>().ok().map(Number::from);
    let broken = || text.parse::<f64>().ok().and_then(Number::from_f64);
    number.then(|| whole().or_else(broken)).flatten().map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// Places of characters as places of bytes.
struct ByteOffsets(Option<Vec<usize>>);

impl ByteOffsets {
    fn of(text: &str) -> Self {
        Self((!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).chain([text.len()]).collect()))
    }

    fn at(&self, character: usize) -> usize {
        self.0.as_ref().map_or(character, |table| table.get(character).or(table.last()).copied().unwrap_or_default())
    }
}

/// What is begun and not ended.
struct OpenNode {
    node: YamlNode,
    key: Option<YamlNode>,
}

/// The documents of a text.
///
/// # Errors
/// Where it is broken, or too deep.
pub(super) fn documents(text: &str) -> Result<Vec<YamlNode>, YamlFault> {
    let offsets = ByteOffsets::of(text);
    let place = |line: usize, column: usize| {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: number(line), column: number(column + 1) }
    };
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
    let (mut found, mut open): (Vec<YamlNode>, Vec<OpenNode>) = (Vec::new(), Vec::new());
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|e| {
            let mark = e.marker();
            YamlFault { at: place(mark.line(), mark.col()), what: e.info().to_owned() }
        })?;
        let node = |span: &Span, kind, marked| {
            let (start, end) = (offsets.at(span.start.index()), offsets.at(span.end.index()));
            YamlNode { start, end, flow: false, marked, kind }
        };
        let done = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let kind = YamlKind::Text(value.into_owned(), style == ScalarStyle::Plain);
                Some(node(&span, kind, anchor > 0 || tag.is_some()))
            }
            Event::Alias(_) => Some(node(&span, YamlKind::Alias, false)),
            Event::SequenceStart(anchor, tag) => {
                let node = node(&span, YamlKind::List(Vec::new()), anchor > 0 || tag.is_some());
                open.push(OpenNode { node, key: None });
                None
            }
            Event::MappingStart(anchor, tag) => {
                let node = node(&span, YamlKind::Map(Vec::new()), anchor > 0 || tag.is_some());
                open.push(OpenNode { node, key: None });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|OpenNode { mut node, .. }| {
                let (start, end) = (offsets.at(span.start.index()), offsets.at(span.end.index()));
                // The mark of a bracket may reach over the comment behind it.
                node.flow = end > start && text.get(start..).is_some_and(|t| t.starts_with([']', '}']));
                let last = match &node.kind {
                    YamlKind::List(items) => items.last().map(|item| item.end),
                    YamlKind::Map(fields) => fields.last().map(|(key, value)| key.end.max(value.end)),
                    _ => None,
                };
                node.end = if node.flow { start + 1 } else { last.unwrap_or(node.start) };
                node
            }),
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            return Err(YamlFault { at: place(span.start.line(), span.start.col()), what: "is too deep".to_owned() });
        }
        let Some(mut done) = done else { continue };
        // The mark behind a text of several lines stands on the next line.
        let width = text.get(done.start..done.end).map_or(0, |t| t.trim_end().len());
        done.end = done.start + width;
        match open.last_mut() {
            None => found.push(done),
            Some(OpenNode { node, key }) => match (&mut node.kind, key.take()) {
                (YamlKind::List(items), _) => items.push(done),
                (YamlKind::Map(fields), Some(key)) => {
                    // What is not written is marked anywhere up to the next thing that is.
                    if done.start == done.end {
                        (done.start, done.end) = (key.end, key.end);
                    }
                    fields.push((key, done));
                }
                _ => *key = Some(done),
            },
        }
    }
    Ok(found)
}

/// The YAML at the head of a Markdown file, with its first line, and what stands below; where there is none the second is
/// all of it.
pub(super) fn front_matter(text: &str) -> Option<(&str, &str)> {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Some(("", text));
    }
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some(text.split_at(at));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<String> {
        fn walk(node: &YamlNode, text: &str, out: &mut Vec<String>) {
            match &node.kind {
                YamlKind::List(items) => items.iter().for_each(|item| walk(item, text, out)),
                YamlKind::Map(fields) => fields.iter().for_each(|(key, value)| {
                    walk(key, text, out);
                    walk(value, text, out);
                }),
                _ => {}
            }
            out.push(text[node.start..node.end].to_owned());
        }
        let mut out = Vec::new();
        documents(text).expect("YAML").iter().for_each(|node| walk(node, text, &mut out));
        out
    }

    #[test]
    fn a_place_is_the_text_that_stands_there() {
        let text = "é: [ü, 'b', ]\r\nk: # no\r\n  - \"ñ\"\r\n  - |\r\n    two\r\n    lines\r\n\r\nz: {}\n";
        let found = shape(text);
        for part in ["ü", "'b'", "[ü, 'b', ]", "\"ñ\"", "two\r\n    lines", "{}"] {
            assert!(found.iter().any(|f| f == part), "{part}: {found:?}");
        }
    }

    #[test]
    fn deep_broken_and_odd_texts_are_faults_and_never_a_panic() {
        let deep: String = (0..100).flat_map(|i| [" ".repeat(i), "a:\n".to_owned()]).collect();
        for text in [&deep, &"[".repeat(100_000), &"- ".repeat(50_000), &"{a: ".repeat(100_000), "a: [1\nb: 2\n"] {
            assert!(documents(text).is_err());
        }
        for text in [
            "",
            "# only\n",
            "---\n---\n",
            "a: &x 1\nb: *x\n",
            "? [a, b]\n: c\n",
            "\u{feff}a: 1\n",
            "%YAML 1.2\n---\na\n",
        ] {
            assert!(documents(text).is_ok(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(?s)([-:\\[\\]{},&*!|>'\"%@`#? \n\tab\u{e9}\u{1f600}]|\\PC){0,40}") {
            if let Ok(found) = documents(&text) {
                for node in found {
                    proptest::prop_assert!(text.get(node.start..node.end).is_some());
                }
            }
        }
    }
}
