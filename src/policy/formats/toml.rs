//! The few pieces of TOML that we write. Texts are always basic strings: the literal ones of a
//! general writer cannot hold the escapes that make a hidden character visible.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{DocumentPart, PartList, quoted};

/// A text as a basic string, hidden characters escaped (TOML 1.0.0, "String").
pub(super) fn string(text: &str) -> String {
    quoted(text, |out, code| {
        let _ = write!(out, "\\U{code:08x}");
    })
}

/// A text as one step of a key: bare where TOML allows it.
pub(super) fn key(text: &str) -> Cow<'_, str> {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { Cow::Borrowed(text) } else { Cow::Owned(string(text)) }
}

/// `name = […]` between `before` and `after`, one text a line where there are several; `texts` are strings.
pub(super) fn list(before: &str, name: &str, texts: Vec<DocumentPart>, after: &str) -> PartList {
    PartList::new(format!("{before}{name} = [\n  "), ",\n  ", format!(",\n]\n{after}"), texts)
        .single(format!("{before}{name} = ["), format!("]\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_text_is_read_back(text in "(\\PC|[\u{0}-\u{a0}\u{2028}\u{feff}\u{e0001}\"\\\\']){0,30}") {
            let row = || DocumentPart::Row(0, string(&text));
            let both = [vec![row(), row()], vec![row()], vec![]].map(|rows| list("", "list", rows, "").text());
            proptest::prop_assert!(both[2].is_empty());
            let one: ::toml::Table = both[1].parse().expect("parses");
            proptest::prop_assert_eq!(one["list"][0].as_str(), Some(text.as_str()));
            let out = format!("{} = {}\n{}", key(&text), string(&text), both[0]);
            let table: ::toml::Table = out.parse().expect("parses");
            proptest::prop_assert_eq!(table["list"].as_array().map(Vec::len), Some(2));
            proptest::prop_assert_eq!(table["list"][1].as_str(), Some(text.as_str()));
            proptest::prop_assert!(text == "list" || table[&text].as_str() == Some(&text));
        }
    }
}
