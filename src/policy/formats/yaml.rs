//! The few pieces of YAML that we write: texts in double quotes unless they are plain beyond doubt.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

/// Keys on one line may have 1,024 characters (YAML 1.2.2 §8.2.2); escapes count.
pub(super) const MAX_KEY: usize = 1_000;

/// A text as a scalar. Lower-case words of letters, digits, `_`, `.` and `-` that no YAML version
/// reads as anything else stand bare.
pub(in crate::policy) fn text(text: &str) -> Cow<'_, str> {
    const TAKEN: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let bare = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-'))
        && !TAKEN.contains(&text);
    if bare { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

/// A text in double quotes, hidden characters escaped (YAML 1.2.2 §5.1 and §5.7).
pub(super) fn quoted(text: &str) -> String {
    super::quoted(text, |out, code| {
        let _ = match code {
            0..=0xff => write!(out, "\\x{code:02x}"),
            0x100..=0xffff => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    })
}

/// A JSON value in flow style: what is not text or list is the same in JSON and YAML.
pub(in crate::policy) fn value(value: &Value) -> String {
    match value {
        Value::String(s) => text(s).into_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_text_is_read_back(text in "(\\PC|[\u{0}-\u{a0}\u{2028}\u{2029}\u{feff}\u{e0001}]){0,30}") {
            for out in [super::text(&text).into_owned(), quoted(&text)] {
                let line = format!("{out}: {out}\n");
                let map: std::collections::BTreeMap<String, String> =
                    serde_yaml_ng::from_str(&line).expect("parses");
                proptest::prop_assert_eq!(map.get(&text), Some(&text));
                proptest::prop_assert!(!out.contains('\n'));
            }
        }
    }

    #[test]
    fn words_that_yaml_reads_as_something_else_are_quoted() {
        for word in ["yes", "no", "on", "off", "y", "true", "null", "1e3", "0x1", "-", "~", "a: b", "*", "", "1.5", "="]
        {
            assert_eq!(text(word), format!("\"{word}\""));
        }
        assert_eq!(text("list_items"), "list_items");
    }
}
