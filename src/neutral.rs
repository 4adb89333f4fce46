//! Sanitizers of hostile text: each makes a server's words harmless for one kind of output.
//! HTML and Markdown pages have theirs in `site`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use rayon::prelude::*;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::bytes::first_byte;

/// Whether a character is invisible, turns the direction of text or steers a terminal.
///
/// Every control, format, line separator and paragraph separator (general categories Cc, Cf, Zl, Zp) and every other
/// code point that fonts leave out (`Default_Ignorable_Code_Point`; Unicode 16), but for tab, newline and the two
/// selectors that choose between the text and the picture of an emoji.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\t' | '\n' | ' '..='~' | '\u{fe0e}' | '\u{fe0f}' => false,
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'
        | '\u{891}'
        | '\u{8e2}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0d}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}'
        | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

/// Characters of a quotation before it is cut with `…`.
pub const MAX_QUOTED_CHARS: usize = 160;

/// Server text as a quotation on one line, for every sentence of ours: between backticks, no
/// backtick inside, nothing hidden, at most [`MAX_QUOTED_CHARS`] characters.
///
/// In Markdown it is a code span, where mentions, links, images, HTML and comments are dead;
/// everywhere else it reads as a quotation. The markers of workflow commands that log
/// viewers obey in the middle of a line (`##[`, `##vso[`) are broken.
pub fn quoted(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    // No character takes less than a byte.
    let beyond = if text.len() > MAX_QUOTED_CHARS { text.char_indices().nth(MAX_QUOTED_CHARS) } else { None };
    let cut = beyond.map_or(text, |(at, _)| &text[..at]);
    let mut out = String::with_capacity(cut.len() + 8);
    out.push('`');
    push_visible(&mut out, cut);
    out.push_str(if beyond.is_some() { "…`" } else { "`" });
    out
}

/// Server text on one line without delimiters: hidden characters are spelled `<U+202E>`,
/// white space is a space, a backtick is an apostrophe.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push_visible(&mut out, text);
    out
}

/// Appends what [`visible`] makes of a text.
pub(crate) fn push_visible(out: &mut String, text: &str) {
    // Nearly every text is of these alone.
    if first_byte(text.as_bytes(), |b| !matches!(b, b' '..=b'~') || b == b'`' || b == b'#').is_none() {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '`' => out.push('\''),
            '\n' | '\r' | '\t' => out.push(' '),
            // `##[` and `##vso[` become `# #[` and `# #vso[`.
            '#' if out.ends_with('#') => out.push_str(" #"),
            c if is_hidden(c) => {
                let _ = write!(out, "<U+{:04X}>", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

/// Text as one word of a command that a person copies into a shell: as it is where it means nothing there, else quoted.
/// `None` where it holds what nobody sees, or a backtick, which would end the command in a sentence of ours.
pub fn shell_word(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | ':' | '=' | ',' | '+');
    if text.contains(|c: char| c == '`' || c == '\n' || c == '\t' || is_hidden(c)) {
        return None;
    }
    if !text.is_empty() && text.chars().all(plain) {
        return Some(text.to_owned());
    }
    // Double quotes are read by shells of Windows too.
    if text.contains(['"', '$', '\\', '!', '%']) {
        Some(format!("'{}'", text.replace('\'', "'\\''")))
    } else {
        Some(format!("\"{text}\""))
    }
}

/// A sentence as a cell of a Markdown table.
pub fn cell(sentence: &str) -> String {
    sentence.replace('|', "\\|")
}

/// Text as the message of a GitHub workflow command.
pub(crate) fn command_message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as a property of a GitHub workflow command.
pub(crate) fn command_property(text: &str) -> String {
    command_message(text).replace(':', "%3A").replace(',', "%2C")
}

/// A sentence as a SARIF message: brackets would make links (SARIF 2.1.0 §3.11.6).
pub fn sarif(sentence: &str) -> String {
    sentence.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// Text as XML character data or attribute value; what XML 1.0 cannot hold is spelled.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            '#' if out.ends_with('#') => out.push_str("&#35;"),
            c if is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "&lt;U+{:04X}&gt;", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A JSON value as text, indented by two spaces and ended by a newline, with every hidden
/// character as an escape: the value is exact and `cat` is safe.
///
/// # Errors
/// When the value cannot be serialised.
pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut text = escape_json(Cow::Owned(serde_json::to_string_pretty(value)?)).into_owned();
    text.push('\n');
    Ok(text)
}

/// A JSON value on one line, escaped like [`json`].
///
/// # Errors
/// When the value cannot be serialised.
pub fn json_line<T: serde::Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    Ok(escape_json(Cow::Owned(serde_json::to_string(value)?)).into_owned())
}

/// Writes a JSON value as [`json`] makes it, part by part: a document of any size is never held.
///
/// # Errors
/// When the value cannot be serialised or the writer refuses.
pub fn write_json<T: serde::Serialize + ?Sized>(mut out: impl io::Write, value: &T) -> io::Result<()> {
    let mut escaping = Escaping { out: &mut out, held: Vec::with_capacity(2 * PART_BYTES) };
    serde_json::to_writer_pretty(&mut escaping, value)?;
    escaping.pass_on()?;
    writeln!(out)
}

/// Writes a JSON object as [`write_json`] does, with `items` in its one list, which is empty in `frame`. The items are made on
/// all cores, some at a time.
///
/// # Errors
/// When a value cannot be serialised, the frame has no empty list, or the writer refuses.
pub fn write_json_list<F, T>(mut out: impl io::Write, frame: &F, items: &[T]) -> io::Result<()>
where
    F: serde::Serialize + ?Sized,
    T: serde::Serialize + Sync,
{
    const EMPTY: &str = "[]";
    let frame = json(frame)?;
    let (head, tail) = frame.split_once(EMPTY).ok_or(io::ErrorKind::InvalidInput)?;
    out.write_all(head.as_bytes())?;
    let mut before = "[\n    ";
    for items in items.chunks(ITEMS_TOGETHER) {
        let texts: io::Result<Vec<String>> = items.par_iter().map(json_item).collect();
        for text in texts? {
            out.write_all(before.as_bytes())?;
            out.write_all(text.as_bytes())?;
            before = ",\n    ";
        }
    }
    out.write_all(if items.is_empty() { EMPTY } else { "\n  ]" }.as_bytes())?;
    out.write_all(tail.as_bytes())
}

/// Items of a list that are in memory as text at once.
const ITEMS_TOGETHER: usize = 256;

/// A value as it stands in a list of the outermost object.
fn json_item<T: serde::Serialize>(value: &T) -> io::Result<String> {
    let mut inside = PrettyFormatter::new();
    inside.begin_object(&mut io::sink())?;
    inside.begin_array(&mut io::sink())?;
    let mut text = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, inside))?;
    let text = String::from_utf8(text).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
    Ok(escape_json(Cow::Owned(text)).into_owned())
}

/// Bytes of JSON that are escaped at once.
const PART_BYTES: usize = 64 * 1024;

/// Escapes JSON on its way. The serialiser hands over whole pieces of strings, so none ends inside a character; what it
/// escapes itself is never between two `#`.
struct Escaping<W> {
    out: W,
    /// Pieces that are not escaped yet: most have a few bytes.
    held: Vec<u8>,
}

impl<W: io::Write> io::Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PART_BYTES && !self.held.ends_with(b"#") {
            self.pass_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }
}

impl<W: io::Write> Escaping<W> {
    /// Escapes and writes what is held.
    fn pass_on(&mut self) -> io::Result<()> {
        let text = std::str::from_utf8(&self.held).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
        self.out.write_all(escape_json(Cow::Borrowed(text)).as_bytes())?;
        self.held.clear();
        Ok(())
    }
}

fn escape_json(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    // Line breaks between the values stay; serde_json has escaped those inside. So what is hidden is DEL or
    // outside ASCII.
    let mut out = String::new();
    let (mut done, mut from) = (0, 0);
    while let Some(at) = next_odd(bytes, from) {
        if bytes[at] == b'#' {
            if bytes.get(at + 1) != Some(&b'#') {
                from = at + 1;
                continue;
            }
            out.push_str(&text[done..=at]);
            out.push_str("\\u0023");
            from = at + 2;
            done = from;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        from = at + c.len_utf8();
        if is_hidden(c) {
            out.push_str(&text[done..at]);
            done = from;
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    if done == 0 {
        return text;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The next `#`, DEL or byte outside ASCII.
fn next_odd(bytes: &[u8], from: usize) -> Option<usize> {
    first_byte(bytes.get(from..)?, |b| b >= 0x7f || b == b'#').map(|at| from + at)
}

/// Appends a string as JSON, with its quotes.
pub(crate) fn push_json(out: &mut String, text: &str) {
    out.push('"');
    let (bytes, mut done) = (text.as_bytes(), 0);
    while let Some(at) = first_byte(&bytes[done..], |b| b < 0x20 || b == b'"' || b == b'\\') {
        let at = done + at;
        out.push_str(&text[done..at]);
        done = at + 1;
        match bytes[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            byte => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(&text[done..]);
    out.push('"');
}

/// Text for a terminal on one line: hidden characters and line breaks are spelled `\u{202e}`, and
/// so is what would make a workflow command in a log (`::` where a line begins, `##[` and `##vso[` anywhere).
pub fn terminal(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c == '\n' || c == '\t' || is_hidden(c);
    // Runners trim a line before they look.
    let command = text.trim_start().starts_with("::").then(|| text.len() - text.trim_start().len());
    if command.is_none() && !text.contains("##") && !text.chars().any(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (i, c) in text.char_indices() {
        match c {
            ':' if command == Some(i) => out.push_str("\\u{3a}"),
            '#' if out.ends_with('#') && text[i + 1..].starts_with(['[', 'v', 'V']) => out.push_str("\\u{23}"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_is_what_unicode_calls_a_control_a_format_or_ignorable() {
        let class = regex::Regex::new(r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$").unwrap();
        let mut buffer = [0; 4];
        let wrong: Vec<char> = ('\0'..=char::MAX)
            .filter(|c| {
                let shown = matches!(c, '\t' | '\n' | '\u{fe0e}' | '\u{fe0f}');
                is_hidden(*c) != (class.is_match(c.encode_utf8(&mut buffer)) && !shown)
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn a_terminal_never_sees_a_control_or_a_direction_mark() {
        assert_eq!(terminal("a\x1b[31mb\u{202e}c\n"), "a\\u{1b}[31mb\\u{202e}c\\n");
        assert_eq!(terminal("## a ##[error]b ###vso[c]"), "## a #\\u{23}[error]b ##\\u{23}vso[c]");
        assert_eq!(terminal("::error::a::b"), "\\u{3a}:error::a::b");
        assert_eq!(terminal(" \u{3000}::x"), " \u{3000}\\u{3a}:x");
        assert!(matches!(terminal("über 名前 🙂 a::b"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_quotation_is_one_code_span_that_nothing_inside_can_leave() {
        assert_eq!(quoted("a`b``\n@all"), "`a'b'' @all`");
        assert_eq!(quoted("x\u{202e}y##[add-mask]z"), "`x<U+202E>y# #[add-mask]z`");
        assert_eq!(quoted(" \n"), "(empty)");
        assert_eq!(quoted(&"é".repeat(500)).chars().count(), MAX_QUOTED_CHARS + 3);
    }

    #[test]
    fn a_workflow_command_ends_where_it_should() {
        assert_eq!(command_property("a%b:c,d\r\n"), "a%25b%3Ac%2Cd%0D%0A");
        assert_eq!(command_message("::set-output\n::error::x"), "::set-output%0A::error::x");
    }

    proptest! {
        #[test]
        fn json_is_the_same_however_it_is_written(items in proptest::collection::vec("[#a\u{202e}é\\n\"]{0,9}", 0..9), n in 1..70_000_usize) {
            let items: Vec<_> = items.iter().map(|text| serde_json::json!({"text": text, "list": [text, []]})).collect();
            let document = |servers: &[serde_json::Value]| serde_json::json!({"long": "##".repeat(n), "servers": servers});
            let whole = json(&document(&items)).unwrap();
            let (mut streamed, mut filled) = (Vec::new(), Vec::new());
            write_json(&mut streamed, &document(&items)).unwrap();
            write_json_list(&mut filled, &document(&[]), &items).unwrap();
            prop_assert_eq!(String::from_utf8(streamed).unwrap(), whole.as_str());
            prop_assert_eq!(String::from_utf8(filled).unwrap(), whole.as_str());
        }
    }

    #[test]
    fn json_keeps_the_value_and_hides_nothing() {
        let value = "a\u{202e}\u{e0041}\u{1b}##[x]";
        let text = json(&value).expect("serialises");
        assert_eq!(text, "\"a\\u202e\\udb40\\udc41\\u001b#\\u0023[x]\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).expect("parses"), value);
        let document = serde_json::json!({"###": [value, "\n#\n##", {"\u{9b}": "#"}], "#": "##"});
        let mut written = Vec::new();
        write_json(&mut written, &document).expect("writes");
        assert_eq!(String::from_utf8(written).expect("UTF-8"), json(&document).expect("serialises"));
    }

    proptest::proptest! {
        #[test]
        fn json_of_any_text_hides_nothing_and_is_what_serde_reads_back(text in "[ #\u{7f}\u{ad}aé\u{202e}\"\\\\\n\u{1}]{0,90}|.{0,90}") {
            let whole = json_line(&text).expect("serialises");
            proptest::prop_assert!(!whole.chars().any(is_hidden) && !whole.contains("##"), "{whole}");
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&whole).expect("parses"), text.as_str());
            let mut pushed = String::new();
            push_json(&mut pushed, &text);
            proptest::prop_assert_eq!(pushed, serde_json::to_string(&text).expect("serialises"));
        }

        #[test]
        fn no_sanitizer_lets_a_hidden_character_or_a_second_line_through(text in "(::| ::|##v|##\\[)?\\PC{0,20}[\u{0}-\u{20}`#@<>|\u{202a}-\u{202e}]{0,20}.{0,20}") {
            for out in [quoted(&text), visible(&text), command_property(&quoted(&text)), xml(&text), sarif(&quoted(&text))] {
                proptest::prop_assert!(!out.chars().any(is_hidden), "{out:?}");
                proptest::prop_assert!(!out.contains('\n'));
                proptest::prop_assert!(!out.contains("##["));
            }
            let line = terminal(&text);
            proptest::prop_assert!(!line.contains(['\n', '\t']) && !line.chars().any(is_hidden), "{line:?}");
            proptest::prop_assert!(!line.contains("##[") && !line.contains("##v") && !line.trim_start().starts_with("::"));
            let inside = quoted(&text);
            proptest::prop_assert!(inside == "(empty)" || inside.matches('`').count() == 2);
        }
    }
}
