//! The texts of a definition: what is where, sentence by sentence, and which sentences are new.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::classify::Place;
use crate::manifest::schema::escape;
use crate::manifest::{DefinitionPart, Tool};
use crate::risk::Span;

/// Nesting of a schema that is searched for texts.
const MAX_DEPTH: usize = 48;
/// Characters that are shown of a sentence.
const MAX_SHOWN_CHARS: usize = 150;
/// Keys of a JSON Schema whose strings nobody reads as words.
const SILENT: [&str; 8] = ["$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "pattern", "format"];

/// Every text of a definition but its name.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    list: Vec<Passage<'a>>,
    /// Its sentences, for comparing.
    known: HashSet<String>,
}

/// A text of a definition that a model reads, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Passage<'a> {
    /// Where it is, as evidence and findings spell it.
    pub place: String,
    /// What it says.
    pub text: &'a str,
    /// Whether people write sentences there: a title, a description, and not a value.
    pub prose: bool,
}

impl<'a> Texts<'a> {
    /// The texts of a tool.
    pub(super) fn of(tool: &'a Tool) -> Self {
        let mut list = Vec::new();
        let heads = [
            ("title", &tool.title),
            ("description", &tool.description),
            ("/annotations/title", &tool.annotations.title),
        ];
        for (place, text) in heads {
            if let Some(text) = text {
                list.push(Passage { place: place.to_owned(), text, prose: true });
            }
        }
        strings(&tool.input_schema, &mut "/inputSchema".to_owned(), false, 0, &mut list);
        if let Some(schema) = &tool.output_schema {
            strings(schema, &mut "/outputSchema".to_owned(), false, 0, &mut list);
        }
        let known = list.iter().flat_map(|t| sentences(t.text)).map(|(_, sentence)| normal(sentence)).collect();
        Self { list, known }
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Passage<'a>> {
        self.list.iter()
    }

    /// Whether a sentence is somewhere in these texts, whatever its case, spaces and marks.
    pub(super) fn says(&self, sentence: &str) -> bool {
        self.known.contains(&normal(sentence))
    }

    /// The text at a place.
    pub(super) fn at(&self, place: &str) -> Option<&'a str> {
        self.list.iter().find(|t| t.place == place).map(|t| t.text)
    }
}

/// Collects the strings below a node of a schema.
fn strings<'a>(node: &'a Value, pointer: &mut String, prose: bool, depth: usize, out: &mut Vec<Passage<'a>>) {
    if depth > MAX_DEPTH {
        return;
    }
    let here = pointer.len();
    match node {
        Value::String(text) => out.push(Passage { place: pointer.clone(), text, prose }),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let _ = write!(pointer, "/{i}");
                strings(item, pointer, false, depth + 1, out);
                pointer.truncate(here);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                if item.is_string() && SILENT.contains(&key.as_str()) {
                    continue;
                }
                pointer.push('/');
                pointer.push_str(&escape(key));
                strings(item, pointer, matches!(key.as_str(), "description" | "title"), depth + 1, out);
                pointer.truncate(here);
            }
        }
        _ => {}
    }
}

/// The part of a definition that a place lies in.
pub(super) fn part_of(place: &str) -> DefinitionPart {
    match place {
        "name" => DefinitionPart::Name,
        "title" => DefinitionPart::Title,
        "description" => DefinitionPart::Description,
        _ if place.starts_with("/inputSchema") => DefinitionPart::InputSchema,
        _ if place.starts_with("/outputSchema") => DefinitionPart::OutputSchema,
        _ => DefinitionPart::Annotations,
    }
}

/// The sentences of a text and where each begins. A line break alone ends none: texts are wrapped.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        while start < text.len() {
            let rest = &text[start..];
            let end = sentence_end(rest);
            let from = start + (rest.len() - rest.trim_start().len());
            start += end;
            let sentence = rest[..end].trim();
            if !sentence.is_empty() {
                return Some((from, sentence));
            }
        }
        None
    })
}

/// How long the first sentence is.
fn sentence_end(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        let behind = &text[at + c.len_utf8()..];
        let ends = match c {
            '。' | '！' | '？' => true,
            // `e.g. a page` goes on.
            '.' | '!' | '?' => {
                behind.starts_with(char::is_whitespace)
                    && !behind.trim_start().starts_with(|c: char| c.is_ascii_lowercase())
            }
            '\n' => {
                let next = behind.trim_start_matches([' ', '\t', '\r']);
                next.starts_with(['\n', '-', '*', '•', '#', '<'])
            }
            _ => false,
        };
        if ends {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// A text for comparing: its letters and digits in lower case, one space between the words.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The sentence of `text` that holds the bytes of `span`, cut around them where it is long.
pub(super) fn around(text: &str, span: Span) -> &str {
    let Some((start, sentence)) = sentences(text)
        .find(|(start, sentence)| span.start < start + sentence.len())
        .filter(|(at, _)| *at <= span.start)
    else {
        return text.get(span.start..span.end).unwrap_or(text);
    };
    let at = span.start - start;
    if !sentence.is_char_boundary(at) {
        return sentence.get(..MAX_SHOWN_CHARS).unwrap_or_default();
    }
    if sentence.chars().count() <= MAX_SHOWN_CHARS {
        return sentence;
    }
    // Whole words from a third of the room before the span on.
    let back = sentence[..at].char_indices().rev().nth(MAX_SHOWN_CHARS / 3).map_or(0, |(i, _)| i);
    let from = if back == 0 { 0 } else { sentence[back..at].find(' ').map_or(at, |i| back + i + 1) };
    let cut = sentence[from..].char_indices().nth(MAX_SHOWN_CHARS).map_or(sentence.len(), |(i, _)| from + i);
    let to = if cut == sentence.len() { cut } else { sentence[at..cut].rfind(' ').map_or(cut, |i| at + i) };
    &sentence[from..to]
}

/// The text that is at a place of evidence or a finding.
pub(super) fn at<'a>(tool: &'a Tool, texts: &Texts<'a>, place: &Place) -> Option<&'a str> {
    match place {
        Place::Name => Some(&tool.name),
        Place::Title => tool.title.as_deref(),
        Place::Description => tool.description.as_deref(),
        Place::Annotation(_) => None,
        Place::Pointer(pointer) => texts.at(pointer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sentences_end_at_marks_blanks_and_bullets_not_at_wrapped_lines() {
        let text = "Reads a page, e.g. the\n  first. Then stops!\n\nArgs:\n - url: https://a.example/x.html\n - other";
        let got: Vec<&str> = sentences(text).map(|(_, s)| s).collect();
        assert_eq!(
            got,
            ["Reads a page, e.g. the\n  first.", "Then stops!", "Args:", "- url: https://a.example/x.html", "- other"]
        );
        assert!(sentences(text).all(|(at, s)| text[at..].starts_with(s)));
        assert_eq!(sentences("读取页面。删除。").count(), 2);
        assert_eq!(sentences(" \n ").count(), 0);
    }

    #[test]
    fn a_sentence_is_known_again_in_another_case_wrapping_and_place() {
        let tool = Tool {
            description: Some("Reads a page.\nIt never\nwrites.".into()),
            input_schema: json!({"properties": {"a/b": {"description": "The **key**", "pattern": "^no$"}}}),
            ..Tool::default()
        };
        let texts = Texts::of(&tool);
        assert!(texts.says("it never writes") && texts.says("the key!") && !texts.says("never") && !texts.says("no"));
        assert_eq!(texts.at("/inputSchema/properties/a~1b/description"), Some("The **key**"));
    }

    #[test]
    fn a_long_sentence_is_cut_around_what_matters() {
        let text = format!("First. {} deletes {} end.", "word ".repeat(60), "more ".repeat(60));
        let at = text.find("deletes").expect("there");
        let shown = around(&text, Span { start: at, end: at + 7 });
        assert!(shown.contains(" deletes more") && shown.chars().count() <= MAX_SHOWN_CHARS, "{shown}");
        assert_eq!(around("Reads. Deletes a page. Ends.", Span { start: 7, end: 14 }), "Deletes a page.");
        assert_eq!(around("é", Span { start: 0, end: 2 }), "é");
        let unbroken = "é".repeat(400);
        assert!(around(&unbroken, Span { start: 300, end: 302 }).chars().count() <= MAX_SHOWN_CHARS);
    }
}
