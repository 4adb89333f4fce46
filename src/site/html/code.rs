//! Code as it is printed: JSON with its keys, strings and the entry that decides; other formats
//! with their strings.
//!
//! The base colour of a code box is that of punctuation, so only keys (`b`) and values (`i`) carry
//! an element: seven bytes each. `em` is the entry that decides.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::escape::Html;
use super::layout::{Laid, NARROW, WIDE};
use crate::bytes::first_byte;

/// Highlights a JSON document. The members and elements at the JSON Pointers of `decisive` are
/// tinted. Text that is not JSON is escaped and otherwise left alone.
pub(crate) fn json(text: &str, decisive: &[&str]) -> Html {
    let text = text.trim_ascii();
    let mut html = Html::with_capacity(text.len() * 2);
    let mut scanner = Scanner { text, at: 0, html: &mut html, decisive, pointer: String::new(), tinted: false };
    scanner.value(0);
    let rest = scanner.at;
    html.push_text(text.get(rest..).unwrap_or_default());
    html
}

/// The same JSON with fewer lines: an object or array that fits on one line is on one. Text that
/// is not JSON comes back as it is.
pub(crate) fn dense(text: &str) -> Cow<'_, str> {
    let is_json = text.starts_with(['{', '[']);
    let parsed = is_json.then(|| serde_json::from_str::<Laid<'_>>(text).ok()).flatten();
    parsed.map_or(Cow::Borrowed(text), |laid| Cow::Owned(laid.within(WIDE)))
}

/// A value with fewer lines, as [`dense`] lays it out.
pub(crate) fn dense_value(value: &serde_json::Value) -> String {
    Laid::of(value).within(WIDE)
}

/// The same for a narrow column, where a list of texts or numbers is on one line, however long.
pub(crate) fn narrow_value(value: &serde_json::Value) -> String {
    Laid::of(value).within(NARROW)
}

/// One past the closing quote of a string whose opening quote has been read.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// Deeper JSON than this is printed without colours.
const MAX_DEPTH: usize = 128;

struct Scanner<'a, 'h> {
    text: &'a str,
    at: usize,
    html: &'h mut Html,
    decisive: &'a [&'a str],
    pointer: String,
    /// Whether an entry that decides is open.
    tinted: bool,
}

impl Scanner<'_, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn upto(&mut self, end: usize) -> &str {
        let from = std::mem::replace(&mut self.at, end);
        self.text.get(from..end).unwrap_or_default()
    }

    fn space(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let end = self.at + rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let from = std::mem::replace(&mut self.at, end);
        let space = &self.text[from..end];
        // Each line is tinted for itself, so that its indentation is not.
        let split = self.tinted && space.contains('\n');
        self.html.push_markup(if split { "</em>" } else { "" }).push_text(space);
        self.html.push_markup(if split { "<em>" } else { "" });
    }

    fn is_decisive(&self) -> bool {
        self.decisive.iter().any(|d| *d == self.pointer)
    }

    fn value(&mut self, depth: usize) {
        match self.peek() {
            Some(b'{') if depth < MAX_DEPTH => self.members(depth, b'}'),
            Some(b'[') if depth < MAX_DEPTH => self.members(depth, b']'),
            Some(b'"') => {
                let end = self.string_end();
                self.wrapped("<i>", "</i>", end);
            }
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let rest = &self.text.as_bytes()[self.at..];
                let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
                self.wrapped("<i>", "</i>", self.at + length);
            }
            _ => {}
        }
    }

    fn wrapped(&mut self, open: &'static str, close: &'static str, end: usize) {
        let from = std::mem::replace(&mut self.at, end);
        self.html.push_markup(open).push_text(&self.text[from..end]).push_markup(close);
    }

    fn string_end(&self) -> usize {
        let after = self.at + 1;
        closing_quote(&self.text[after..]).map_or(self.text.len(), |n| after + n)
    }

    /// The members of an object or the elements of an array, with their brackets.
    fn members(&mut self, depth: usize, close: u8) {
        let opened = self.at + 1;
        self.upto(opened);
        self.html.push_markup(if close == b'}' { "{" } else { "[" });
        let mut index = 0usize;
        loop {
            self.space();
            match self.peek() {
                None => return,
                Some(byte) if byte == close => break,
                Some(b',') => {
                    let end = self.at + 1;
                    self.upto(end);
                    self.html.push_markup(",");
                    continue;
                }
                // No JSON: what is left is printed by the caller.
                Some(byte) if close == b'}' && byte != b'"' => return,
                _ => {}
            }
            let before = self.at;
            let parent = self.pointer.len();
            let key_end = if close == b'}' { self.string_end() } else { self.at };
            self.step(if close == b'}' { Err(key_end) } else { Ok(index) });
            let decisive = !self.tinted && self.is_decisive();
            if decisive {
                self.html.push_markup("<em>");
                self.tinted = true;
            }
            if close == b'}' {
                self.wrapped("<b>", "</b>", key_end);
                if self.peek() == Some(b':') {
                    let end = self.at + 1;
                    self.upto(end);
                    self.html.push_markup(":");
                }
                self.space();
            }
            self.value(depth + 1);
            if decisive {
                self.html.push_markup("</em>");
                self.tinted = false;
            }
            self.pointer.truncate(parent);
            index += 1;
            if self.at == before {
                return;
            }
        }
        let end = self.at + 1;
        self.upto(end);
        self.html.push_markup(if close == b'}' { "}" } else { "]" });
    }

    /// Goes one step down: to an element, or to the member whose quoted key ends at a byte.
    fn step(&mut self, to: Result<usize, usize>) {
        match to {
            Ok(index) => {
                let _ = write!(self.pointer, "/{index}");
            }
            Err(key_end) => {
                let quoted = self.text.get(self.at..key_end).unwrap_or_default();
                let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let plain =
                    |key: &&str| first_byte(key.as_bytes(), |b| b < 0x20 || matches!(b, b'"' | b'\\')).is_none();
                let key: Cow<'_, str> = match inside.filter(plain) {
                    Some(key) => key.into(),
                    None => serde_json::from_str::<String>(quoted).unwrap_or_default().into(),
                };
                self.pointer.push('/');
                self.pointer.push_str(&crate::manifest::schema::escape(&key));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(html: &Html) -> String {
        let mut out = html.as_str().to_owned();
        for tag in ["<b>", "</b>", "<i>", "</i>", "<em>", "</em>"] {
            out = out.replace(tag, "");
        }
        out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    #[test]
    fn the_deciding_entry_is_tinted_wherever_it_is() {
        let doc = "{\n  \"hide\": [\"a/b\"],\n  \"tools\": {\"x/y\": {}}\n}\n";
        assert_eq!(
            json(doc, &["/hide/0", "/tools/x~1y"]).as_str(),
            "{\n  <b>\"hide\"</b>: [<em><i>\"a/b\"</i></em>],\n  \
             <b>\"tools\"</b>: {<em><b>\"x/y\"</b>: {}</em>}\n}"
        );
    }

    #[test]
    fn an_entry_of_several_lines_is_tinted_line_by_line() {
        assert_eq!(
            json("{\n  \"a\": {\n    \"b\": 1\n  }\n}", &["/a"]).as_str(),
            "{\n  <em><b>\"a\"</b>: {</em>\n    <em><b>\"b\"</b>: <i>1</i></em>\n  <em>}</em>\n}"
        );
    }

    #[test]
    fn broken_json_is_escaped_and_ends() {
        for bad in ["{", "[1,", "{\"a\" 1}", "{\"a\":}", "\"", "{{", "[}", "<b>", "{a}", "[,,]"] {
            assert_eq!(text(&json(bad, &[])), bad);
        }
    }

    proptest! {
        #[test]
        fn colours_change_no_character(keys in prop::collection::vec("[a-z\"\\\\<&]{0,6}", 0..5), n in any::<i32>()) {
            let value: serde_json::Value = keys.iter().map(|k| (k.clone(), serde_json::json!([k, n, {"x": null}]))).collect::<serde_json::Map<_, _>>().into();
            let doc = serde_json::to_string_pretty(&value).unwrap_or_default();
            prop_assert_eq!(text(&json(&doc, &["/a", "/0"])), doc);
        }

        #[test]
        fn fewer_lines_are_the_same_value(keys in prop::collection::vec("[a-z\"\\\\é]{0,40}", 0..5), n in any::<i32>()) {
            let value = serde_json::json!({"k": keys, "o": {"n": [n, {}, [], {"long": "x".repeat(90)}]}});
            let text = dense_value(&value);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
            prop_assert!(text.lines().all(|l| l.chars().count() <= 150), "{}", text);
        }

        #[test]
        fn no_text_makes_the_scanner_fail(doc in "[\\[\\]{}\",:a0 \\\\é]{0,40}") {
            prop_assert_eq!(text(&json(&doc, &[])), doc.trim_ascii());
        }
    }
}
