//! What people and editors add to JSON: comments, trailing commas, halves of a character.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text that is JSON after something was taken out of it. Nothing moves: what was taken out is blank now.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cleaned {
    /// The text, byte for byte as long as it was.
    pub text: String,
    /// What was taken out first, and where.
    pub first: (Oddity, usize),
    /// What else was taken out.
    pub other: Option<Oddity>,
}

/// What stands in a file and in no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    /// `// …` or `/* … */`.
    Comment,
    /// A comma before `]` or `}`.
    TrailingComma,
}

impl Oddity {
    /// With its article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Comment => "a comment",
            Self::TrailingComma => "a trailing comma",
        }
    }
}

/// The text without comments and trailing commas; `None` where it has neither.
pub(super) fn clean(text: &str) -> Option<Cleaned> {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut found: Vec<(Oddity, usize)> = Vec::new();
    // A comma after which nothing but blanks and comments has come.
    let mut comma = None;
    // The last byte that is neither blank nor comment: a comma trails what it comes after.
    let mut last = b'[';
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let step = match rest {
            [b'"', ..] => {
                comma = None;
                string(rest)
            }
            [b'/', b'/' | b'*', ..] => {
                let end = comment(rest);
                found.push((Oddity::Comment, at));
                for byte in &mut out[at..at + end] {
                    if !matches!(byte, b'\n' | b'\r') {
                        *byte = b' ';
                    }
                }
                end
            }
            [b',', ..] => {
                comma = (!matches!(last, b'[' | b'{' | b',' | b':')).then_some(at);
                1
            }
            [b']' | b'}', ..] => {
                if let Some(at) = comma.take() {
                    found.push((Oddity::TrailingComma, at));
                    out[at] = b' ';
                }
                1
            }
            [b' ' | b'\t' | b'\n' | b'\r', ..] => 1,
            _ => {
                comma = None;
                1
            }
        };
        if !matches!(rest, [b' ' | b'\t' | b'\n' | b'\r', ..] | [b'/', b'/' | b'*', ..]) {
            last = rest[0];
        }
        at += step;
    }
    let first = *found.iter().min_by_key(|(_, at)| *at)?;
    let other = found.iter().map(|(oddity, _)| *oddity).find(|oddity| *oddity != first.0);
    Some(Cleaned { text: String::from_utf8(out).ok()?, first, other })
}

/// The length of the string at the beginning, with its quotes.
fn string(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    rest.len()
}

/// The length of the comment at the beginning.
fn comment(rest: &[u8]) -> usize {
    if rest.starts_with(b"//") {
        return memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }
    memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4)
}

/// JSON whose strings hold halves of a surrogate pair (`\ud83d` alone) with `U+FFFD` in their place;
/// `None` where there is none.
pub(super) fn whole_characters(json: &str) -> Option<Cow<'_, str>> {
    let unit = |at: usize| -> Option<u16> {
        json.get(at..at + 2).filter(|s| *s == "\\u")?;
        u16::from_str_radix(json.get(at + 2..at + 6)?, 16).ok()
    };
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    while let Some(step) = memchr::memchr(b'\\', &json.as_bytes()[at..]) {
        at += step;
        let Some(first) = unit(at) else {
            // Another escape, of two bytes at least.
            at = (at + 2).min(json.len());
            continue;
        };
        let pair = (0xD800..0xDC00).contains(&first) && unit(at + 6).is_some_and(|u| (0xDC00..0xE000).contains(&u));
        if pair {
            at += 12;
        } else if (0xD800..0xE000).contains(&first) {
            let _ = write!(out, "{}\\ufffd", &json[done..at]);
            at += 6;
            done = at;
        } else {
            at += 6;
        }
    }
    (done > 0).then(|| Cow::Owned(out + &json[done..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_blanked_and_nothing_moves() {
        let text = "{ // one\n \"a\": [1, 2, /* two */ ], \"b\": \"// no /* comment */ ,]\",\n}";
        let cleaned = clean(text).expect("odd");
        assert_eq!(cleaned.text.len(), text.len());
        let value: serde_json::Value = serde_json::from_str(&cleaned.text).expect("JSON");
        assert_eq!(value, serde_json::json!({"a": [1, 2], "b": "// no /* comment */ ,]"}));
        assert_eq!((cleaned.first, cleaned.other), ((Oddity::Comment, 2), Some(Oddity::TrailingComma)));
        assert_eq!(clean("[1, \"a\\\"//\"]"), None);
        for broken in ["[,]", "{,}", "[1,,]", "{\"a\":,}"] {
            assert!(
                clean(broken).is_none_or(|c| serde_json::from_str::<serde_json::Value>(&c.text).is_err()),
                "{broken}"
            );
        }
        for cut in ["[1, /*", "[\"", "[\"\\", "//", "/"] {
            let _ = clean(cut);
        }
    }

    #[test]
    fn half_a_character_is_replaced_and_a_whole_one_stays() {
        let read = |json: &str| whole_characters(json).map(|j| serde_json::from_str::<String>(&j).expect("a string"));
        assert_eq!(read(r#""a\ud83d b""#), Some("a\u{fffd} b".to_owned()));
        assert_eq!(read(r#""\ude00\ud83d\ude00\ud83d""#), Some("\u{fffd}😀\u{fffd}".to_owned()));
        assert_eq!(read(r#""\ud83d\ude00 \\ud83d \u00e9 \n""#), None);
        for cut in ["\\", "\\u", "\\ud83", "\\ud83d", "\\ud83d\\u"] {
            let _ = whole_characters(cut);
        }
    }
}
