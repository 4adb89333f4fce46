//! The escapers of HTML: every byte of a page that a server wrote has passed one of them.
//!
//! [`Html`] is the type of what has passed. It reaches templates as a string that is known to be
//! safe, so no template needs the filter `safe`, and none of ours has it; a test holds that. View
//! fields of this type end in `_html`.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use crate::bytes::first_byte;
use crate::neutral::is_hidden;

/// Finished HTML: escaped or sanitised, safe to print as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

/// To the template engine a string that it does not escape; to any other format a string.
impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tera::Value::safe_string(&self.0).serialize(serializer)
    }
}

impl Html {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty piece with room for `bytes`.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Markup that this program wrote.
    pub fn markup(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// Escaped text.
    pub fn text(text: &str) -> Self {
        let mut html = Self::with_capacity(text.len() + 8);
        html.push_text(text);
        html
    }

    /// A name, escaped, with places where it may break.
    pub fn name(name: &str) -> Self {
        let mut html = Self::with_capacity(name.len() + 24);
        html.push_name(name);
        html
    }

    /// A name where there is room for most: only a long one says where it would rather break.
    pub(crate) fn name_in_line(name: &str) -> Self {
        const MAX_UNBROKEN_BYTES: usize = 32;
        if name.len() > MAX_UNBROKEN_BYTES { Self::name(name) } else { Self::text(name) }
    }

    /// A sentence, as `push_sentence` appends it.
    pub fn sentence(sentence: &str) -> Self {
        let mut html = Self::with_capacity(sentence.len() + 32);
        html.push_sentence(sentence);
        html
    }

    /// A JSON value for a script element: no `<`, `>` or `&` is left in it.
    pub fn json(value: &serde_json::Value) -> Self {
        let text = value.to_string();
        let mut html = Self::with_capacity(text.len() + 16);
        for c in text.chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(html.0, "\\u{:04x}", u32::from(c));
                }
                c => html.0.push(c),
            }
        }
        html
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML, no longer known to be safe.
    pub(crate) fn into_string(self) -> String {
        self.0
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends markup that this program wrote.
    pub(crate) fn push_markup(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends finished HTML.
    pub fn push(&mut self, html: &Self) -> &mut Self {
        self.0.push_str(&html.0);
        self
    }

    /// Appends text, escaped for the content of an element.
    pub(crate) fn push_text(&mut self, text: &str) -> &mut Self {
        escape(&mut self.0, text, HtmlContext::Content);
        self
    }

    /// Appends text, escaped for an attribute in double quotes.
    pub(crate) fn push_attribute(&mut self, text: &str) -> &mut Self {
        escape(&mut self.0, text, HtmlContext::Attribute);
        self
    }

    /// Appends a name in code letters within a sentence: there it breaks anywhere where it must, so
    /// only a long one says where it would rather break.
    pub(crate) fn push_code(&mut self, name: &str) -> &mut Self {
        self.push_markup("<code>").push(&Self::name_in_line(name)).push_markup("</code>")
    }

    /// Appends a sentence of ours in which names are between backticks, as the modules above
    /// write them: what is between becomes code with its breaks, the rest is escaped.
    pub(crate) fn push_sentence(&mut self, sentence: &str) -> &mut Self {
        for (i, piece) in sentence.split('`').enumerate() {
            if i % 2 == 0 {
                self.push_text(piece);
            } else {
                self.push_code(piece);
            }
        }
        self
    }

    /// Appends a number.
    pub(crate) fn push_number(&mut self, number: usize) -> &mut Self {
        let _ = write!(self.0, "{number}");
        self
    }

    /// Appends a name, escaped, with a `wbr` wherever [`breaks`] allows one.
    pub(crate) fn push_name(&mut self, name: &str) -> &mut Self {
        let mut from = 0;
        for at in breaks(name) {
            escape(&mut self.0, &name[from..at], HtmlContext::Content);
            self.0.push_str("<wbr>");
            from = at;
        }
        escape(&mut self.0, &name[from..], HtmlContext::Content);
        self
    }

    /// What a sanitiser returned.
    pub(super) fn sanitised(html: String) -> Self {
        Self(html)
    }
}

/// Where a name may break, as byte offsets: after `_ - . / :` and between camel humps. None in a
/// name that fits the narrowest column.
pub(crate) fn breaks(name: &str) -> Vec<usize> {
    const MAX_SHORT_BYTES: usize = 14;
    if name.len() <= MAX_SHORT_BYTES {
        return Vec::new();
    }
    let mut places = Vec::new();
    let mut chars = name.char_indices().peekable();
    let (mut before, mut current): (char, char);
    (before, current) = ('\0', '\0');
    while let Some((at, c)) = chars.next() {
        let after_separator = matches!(current, '_' | '-' | '.' | '/' | ':') && c.is_alphanumeric();
        let hump = (current.is_lowercase() || current.is_ascii_digit()) && c.is_uppercase();
        let acronym = before.is_uppercase()
            && current.is_uppercase()
            && c.is_uppercase()
            && chars.peek().is_some_and(|(_, next)| next.is_lowercase());
        if at > 0 && (after_separator || hump || acronym) {
            places.push(at);
        }
        (before, current) = (current, c);
    }
    places
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HtmlContext {
    Content,
    Attribute,
}

/// Escapes for one of the two contexts. Characters that people do not see, or that turn the
/// direction of text, are spelled, e.g. `U+202E` (in a box where elements may be); joiners
/// stay, because scripts and emoji need them. A quote needs no escape in content, and code is
/// full of them.
fn escape(out: &mut String, text: &str, context: HtmlContext) {
    let stops = if context == HtmlContext::Content { &CONTENT_STOPS } else { &ATTRIBUTE_STOPS };
    let bytes = text.as_bytes();
    let (mut done, mut at) = (0, 0);
    while let Some(step) = bytes[at..].iter().position(|b| stops[usize::from(*b)]) {
        at += step;
        let Some(c) = text[at..].chars().next() else { break };
        let entity = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\r' => "",
            c if is_spelled(c) => {
                out.push_str(&text[done..at]);
                at += c.len_utf8();
                done = at;
                let code = u32::from(c);
                let _ = match context {
                    HtmlContext::Content => write!(out, "<span class=\"hidden-character\">U+{code:04X}</span>"),
                    HtmlContext::Attribute => write!(out, "U+{code:04X}"),
                };
                continue;
            }
            c => {
                at += c.len_utf8();
                continue;
            }
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        at += 1;
        done = at;
    }
    out.push_str(&text[done..]);
}

/// Bytes at which a character begins that [`escape`] must look at: those of markup, controls but for tab and
/// line feed, and all that is not ASCII.
const CONTENT_STOPS: [bool; 256] = stops(false);
const ATTRIBUTE_STOPS: [bool; 256] = stops(true);

const fn stops(attribute: bool) -> [bool; 256] {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let control = byte < 0x20 && byte != 0x09 && byte != 0x0a;
        let markup = byte == b'&' as usize || byte == b'<' as usize || byte == b'>' as usize;
        stops[byte] = control || markup || byte >= 0x7f || (attribute && byte == b'"' as usize);
        byte += 1;
    }
    stops
}

/// Plain text for an attribute, a title or JSON-LD: hidden characters are spelled `U+202E`, white
/// space is one space. The template escapes it.
pub(crate) fn visible(text: &str) -> String {
    let plain = first_byte(text.as_bytes(), |b| !matches!(b, b' '..=b'~')).is_none();
    if plain && !text.contains("  ") {
        return text.trim_ascii().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    loop {
        let run = text.as_bytes()[from..].iter().take_while(|b| b.is_ascii_graphic()).count();
        out.push_str(&text[from..from + run]);
        from += run;
        let Some(c) = text[from..].chars().next() else { break };
        from += c.len_utf8();
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_spelled(c) {
            let _ = write!(out, "U+{:04X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text in which hidden characters are spelled `U+202E` and white space stays: for what reaches a template without
/// having passed an escaper.
pub fn spelled(text: &str) -> Cow<'_, str> {
    // Nearly every text is of these alone.
    let plain = first_byte(text.as_bytes(), |b| !matches!(b, b' '..=b'~' | b'\n' | b'\t')).is_none();
    if plain || !text.chars().any(is_spelled) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c == '\r' {
        } else if is_spelled(c) {
            let _ = write!(out, "U+{:04X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The last place at or before `at` where a character begins.
pub fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// At most `limit` characters of [`visible`] text, cut at a word, with an ellipsis where it was cut.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    // Four bytes a character, and white space that falls away: enough to see whether more follows.
    let head = &text[..floor(text, limit.saturating_mul(8))];
    let text = visible(head);
    if text.len() <= limit {
        return text;
    }
    let Some((cut, _)) = text.char_indices().nth(limit) else { return text };
    let cut = text[..cut].rfind(' ').filter(|space| *space * 2 > cut).unwrap_or(cut);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', ';', ':', '.', '(']))
}

/// Whether a character is spelled out instead of printed.
fn is_spelled(c: char) -> bool {
    match c {
        // Joiners, soft hyphen and the weak direction marks shape honest text.
        '\u{200c}' | '\u{200d}' | '\u{ad}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => false,
        '\u{fdd0}'..='\u{fdef}' => true,
        c if u32::from(c) & 0xfffe == 0xfffe => true,
        c => is_hidden(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_break_after_separators_and_between_humps() {
        let name = |n: &str| Html::name(n).as_str().replace("<wbr>", "|");
        assert_eq!(name("manage_contacts_batch"), "manage_|contacts_|batch");
        assert_eq!(name("getHTTPServerStatus2Now"), "get|HTTP|Server|Status2|Now");
        assert_eq!(name("@azure-devops/mcp.server"), "@azure-|devops/|mcp.|server");
        assert_eq!(name("get_task"), "get_task");
        assert_eq!(name("____________________"), "____________________");
    }

    #[test]
    fn names_in_sentences_are_code_and_stay_escaped() {
        assert_eq!(Html::sentence("No `<b>` at all.").as_str(), "No <code>&lt;b&gt;</code> at all.");
        assert_eq!(Html::sentence("a ` b").as_str(), "a <code> b</code>");
    }

    #[test]
    fn hidden_characters_are_spelled_and_joiners_stay() {
        assert_eq!(Html::text("a\u{202e}b").as_str(), "a<span class=\"hidden-character\">U+202E</span>b");
        assert_eq!(Html::text("👩\u{200d}🔬 می\u{200c}شود").as_str(), "👩\u{200d}🔬 می\u{200c}شود");
        assert_eq!(visible(" a\r\n\tb\u{0} "), "a bU+0000");
    }

    #[test]
    fn an_excerpt_ends_at_a_word() {
        assert_eq!(excerpt("one two three", 50), "one two three");
        assert_eq!(excerpt("one two, three", 11), "one two…");
        assert_eq!(excerpt("删除所有联系人", 3), "删除所…");
        assert_eq!(excerpt(&" ".repeat(4000), 3), "");
    }

    proptest! {
        #[test]
        fn escaped_text_holds_no_markup_of_its_own(text in "\\PC{0,40}|[<>&\"'\\u{202e}a]{0,20}") {
            let html = Html::text(&text);
            let rest = html.as_str().replace("<span class=\"hidden-character\">", "").replace("</span>", "");
            prop_assert!(!rest.contains(['<', '>']), "{}", rest);
            let mut html = Html::new();
            html.push_attribute(&text);
            prop_assert!(!html.as_str().contains(['<', '>', '"']), "{}", html.as_str());
        }

        #[test]
        fn a_name_without_its_breaks_is_the_escaped_name(name in "[A-Za-z0-9_.<é名-]{0,60}") {
            let (with, without) = (Html::name(&name), Html::text(&name));
            prop_assert_eq!(with.as_str().replace("<wbr>", ""), without.as_str());
        }
    }
}
