//! Sentences → words, with what separates them: a sentence is understood clause by clause.

use super::{Words, is_unspaced};

/// What stood between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Break {
    /// White space, or nothing.
    #[default]
    Space,
    /// A slash or a bar: `get/update`.
    Slash,
    /// A comma.
    Comma,
    /// An opening or closing bracket.
    Bracket,
    /// A semicolon, colon or dash.
    Clause,
    /// The end of a sentence, a list item or a line that is a heading.
    Sentence,
    /// An empty line.
    Paragraph,
}

/// Words of a sentence: what goes on is read as another one.
pub const MAX_SENTENCE_WORDS: usize = 500;
/// Bytes of a word in a script without spaces.
const MAX_WORD_BYTES: usize = 1024;

/// Splits prose into `words`, reading at most `limit` bytes. A word holds letters, digits,
/// apostrophes, and the inner hyphens, dots and underscores of an identifier. Markdown marks are
/// no words; text in backticks or double quotes is marked as quoted, and so is an identifier.
pub fn split_prose(text: &str, limit: usize, words: &mut Words) {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    words.begin(text);
    let bytes = text.as_bytes();
    let mut before = Break::Sentence;
    let mut ticks = false;
    let mut quote = false;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        // The most frequent mark, and no break.
        if byte == b' ' {
            at += 1;
            continue;
        }
        // Most words are letters before a space.
        let plain = if byte.is_ascii_lowercase() || byte.is_ascii_digit() { plain_end(bytes, at) } else { at };
        if plain > at && bytes.get(plain) == Some(&b' ') {
            words.push(text, (at, plain), before, ticks || quote, false);
            before = Break::Space;
            at = plain + 1;
            continue;
        }
        if byte.is_ascii_alphanumeric() || byte >= 0x80 {
            let c = if byte < 0x80 { char::from(byte) } else { text[at..].chars().next().unwrap_or(' ') };
            if byte >= 0x80 && !c.is_alphanumeric() {
                match c {
                    '“' => quote = closes(text, at + c.len_utf8(), "”"),
                    '”' => quote = false,
                    _ => {}
                }
                before = before.max(match c {
                    '。' | '！' | '？' | '•' | '…' => Break::Sentence,
                    '；' | '：' | '—' | '–' | '→' => Break::Clause,
                    '，' | '、' => Break::Comma,
                    '（' | '）' => Break::Bracket,
                    _ => Break::Space,
                });
                at += c.len_utf8();
                continue;
            }
            let WordEnd { at: stop, identifier, hyphen } = word_end(text, at, plain);
            words.push(text, (at, stop), before, ticks || quote || identifier, hyphen);
            before = Break::Space;
            at = stop;
            continue;
        }
        let next = bytes.get(at + 1).copied();
        before = before.max(match byte {
            b'!' | b'?' => Break::Sentence,
            b'.' if next
                .is_none_or(|n| n.is_ascii_whitespace() || matches!(n, b'"' | b'\'' | b')' | b'*' | b'`' | b'<'))
                && !abbreviation(words)
                // `(format: key_...), …`: in brackets, dots leave something out.
                && !(next == Some(b')') && at > 0 && bytes[at - 1] == b'.') =>
            {
                Break::Sentence
            }
            b'\n' if is_blank_line(text, at) => Break::Paragraph,
            b'\n' if line_ends(text, at) => Break::Sentence,
            b'<' | b'>' | b';' | b':' => Break::Clause,
            b'-' if next == Some(b' ') && at > 0 && bytes[at - 1] == b' ' => Break::Clause,
            b',' => Break::Comma,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' => Break::Bracket,
            b'/' | b'|' | b'&' => Break::Slash,
            _ => Break::Space,
        });
        match byte {
            b'`' => ticks = !ticks && closes(text, at + 1, "`"),
            b'"' => quote = !quote && closes(text, at + 1, "\""),
            b'\n' => quote = false,
            _ => {}
        }
        at += 1;
    }
    if words.len() > MAX_SENTENCE_WORDS {
        words.end_long_sentences(MAX_SENTENCE_WORDS);
    }
}

/// Where a word ends, whether it is written like an identifier, and whether a hyphen joins its parts.
struct WordEnd {
    at: usize,
    identifier: bool,
    hyphen: bool,
}

/// The end of the word at `start`, of which the lower-case letters and digits at its beginning end at `at`.
#[inline]
fn word_end(text: &str, start: usize, mut at: usize) -> WordEnd {
    let bytes = text.as_bytes();
    let (mut identifier, mut hyphen) = (false, false);
    let mut unspaced = None;
    while let Some(byte) = bytes.get(at).copied() {
        if byte.is_ascii_uppercase() {
            identifier |= at > start && bytes[at - 1].is_ascii_lowercase();
            at += 1;
        } else if byte >= 0x80 {
            let c = text[at..].chars().next().unwrap_or(' ');
            if c == '’' {
                at = plain_end(bytes, at + c.len_utf8());
                continue;
            }
            let cjk = is_unspaced(c);
            if !c.is_alphanumeric() || unspaced.is_some_and(|u| u != cjk) || at - start >= MAX_WORD_BYTES {
                break;
            }
            unspaced = Some(cjk);
            at += c.len_utf8();
        } else {
            let joins = match byte {
                b'_' => {
                    identifier = true;
                    true
                }
                b'-' | b'\'' | b'.' => true,
                _ => false,
            };
            // A joint needs a letter on its other side; a dot before white space ends a sentence.
            if !joins || !bytes.get(at + 1).is_some_and(|n| n.is_ascii_alphanumeric() || *n == b'_') {
                break;
            }
            identifier |= byte == b'.';
            hyphen |= byte == b'-';
            at += 1;
        }
        // Most of a word, without a look at what its letters mean.
        at = plain_end(bytes, at);
    }
    WordEnd { at, identifier, hyphen }
}

/// Where the lower-case letters of ASCII and the digits from `at` on end, seen eight bytes at once: in each byte the
/// highest bit says whether it is at least the first and beyond the last of a range.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    while let Some(chunk) = bytes[at..].first_chunk() {
        let chunk = u64::from_le_bytes(*chunk);
        let low = chunk & !HIGH;
        let from = |byte: u8| low + u64::from(0x80 - byte) * ONES;
        let letter = from(b'a') & !from(b'z' + 1);
        let digit = from(b'0') & !from(b'9' + 1);
        let others = !((letter | digit) & !chunk) & HIGH;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        at += 1;
    }
    at
}

/// A dot after `e.g`, `i.e`, `etc`, `vs` ends no sentence.
fn abbreviation(words: &Words) -> bool {
    words.len().checked_sub(1).is_some_and(|i| matches!(words.text(i), "e.g" | "i.e" | "vs" | "eg" | "ie" | "approx"))
}

/// Bytes in which a quote must close: what is longer is an apostrophe or an inch.
const MAX_QUOTED: usize = 160;

/// Whether a quote that opens before `at` is closed by `mark` on the same line, not far behind.
fn closes(text: &str, at: usize, mark: &str) -> bool {
    let mut end = text.len().min(at + MAX_QUOTED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let rest = &text[at..end];
    let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest, |i| &rest[..i]);
    match mark.as_bytes() {
        [b] => memchr::memchr(*b, line.as_bytes()).is_some(),
        _ => line.contains(mark),
    }
}

/// Whether an empty line follows the line break at `at`.
fn is_blank_line(text: &str, at: usize) -> bool {
    text[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

/// Whether the line break at `at` ends what stands before it: an empty line follows, or the next
/// line is a list item, a heading or a label.
fn line_ends(text: &str, at: usize) -> bool {
    let rest = text[at + 1..].trim_start_matches([' ', '\t', '\r']);
    let Some(first) = rest.chars().next() else { return true };
    if matches!(first, '\n' | '-' | '*' | '#' | '|' | '>' | '`' | '<' | '•') || first.is_ascii_digit() {
        return true;
    }
    let before = text[..at].trim_end();
    if before.ends_with([':', '.', '!', '?', ';', '*']) {
        return true;
    }
    // A line that begins with a capital is a new sentence in a text without full stops.
    first.is_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sentences(text: &str) -> Vec<String> {
        let mut words = Words::new();
        split_prose(text, 4000, &mut words);
        let mut out: Vec<String> = Vec::new();
        for i in 0..words.len() {
            if words.word(i).before >= Break::Sentence {
                out.push(String::new());
            }
            if let Some(last) = out.last_mut() {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(words.text(i));
            }
        }
        out
    }

    #[test]
    fn sentences_end_at_full_stops_lists_and_blank_lines_and_not_at_abbreviations() {
        assert_eq!(sentences("Get it, e.g. v1.2. Then stop!"), ["get it e.g v1.2", "then stop"]);
        assert_eq!(sentences("List files\n\n- name\n- size"), ["list files", "name", "size"]);
        assert_eq!(sentences("Runs over\ntwo lines"), ["runs over two lines"]);
        assert_eq!(sentences("删除用户。不可恢复"), ["删除用户", "不可恢复"]);
    }

    #[test]
    fn what_goes_on_and_on_is_several_sentences_and_words() {
        let most = MAX_SENTENCE_WORDS;
        assert_eq!(sentences(&"a ".repeat(most)).len(), 1);
        let lengths: Vec<usize> = sentences(&format!("b. {}", "a ".repeat(most + 1))).iter().map(String::len).collect();
        assert_eq!(lengths, [1, 2 * most - 1, 1]);
        let mut words = Words::new();
        split_prose(&"删".repeat(1_000), 4000, &mut words);
        assert!(words.len() == 3 && words.iter().all(|word| word.len() < MAX_WORD_BYTES + 3));
    }

    #[test]
    fn code_and_identifiers_are_quoted_and_words_are_not() {
        let mut words = Words::new();
        split_prose("Use `delete` or get_user, never dryRun; read-only", 4000, &mut words);
        let quoted: Vec<&str> = (0..words.len()).filter(|i| words.word(*i).quoted).map(|i| words.text(i)).collect();
        assert_eq!(quoted, ["delete", "get_user", "dryrun"]);
    }

    proptest! {
        #[test]
        fn plain_letters_end_where_the_first_other_byte_stands(text in "[a-z0-9]{0,12}[`{/:@\\x00-\\x7fé]?[a-z0-9]{0,12}", at in 0..4_usize) {
            let bytes = text.as_bytes();
            let at = at.min(bytes.len());
            let end = bytes[at..].iter().position(|b| !b.is_ascii_lowercase() && !b.is_ascii_digit());
            prop_assert_eq!(plain_end(bytes, at), end.map_or(bytes.len(), |end| at + end));
        }

        #[test]
        fn spans_are_the_words(text in "\\PC{0,80}") {
            let mut words = Words::new();
            split_prose(&text, 4000, &mut words);
            for i in 0..words.len() {
                let span = words.span(i);
                let piece: String = text[span.start..span.end].chars().flat_map(char::to_lowercase).collect();
                prop_assert_eq!(piece, words.text(i));
            }
        }
    }
}
