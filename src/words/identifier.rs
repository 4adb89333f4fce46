//! Identifiers → words: snake, kebab, camel, Pascal, dots, slashes, spaces, mixtures,
//! acronyms, digits and versions.

use super::{Break, Words};

#[derive(Clone, Copy, PartialEq, Eq)]
enum CharKind {
    Upper,
    Lower,
    Digit,
    Other,
}

#[inline]
fn kind(c: char) -> CharKind {
    if c.is_ascii() {
        return match c {
            'A'..='Z' => CharKind::Upper,
            'a'..='z' => CharKind::Lower,
            '0'..='9' => CharKind::Digit,
            _ => CharKind::Other,
        };
    }
    if c.is_uppercase() {
        CharKind::Upper
    } else if c.is_numeric() {
        CharKind::Digit
    } else if c.is_alphanumeric() || is_mark(c) {
        CharKind::Lower
    } else {
        CharKind::Other
    }
}

/// Combining marks belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Splits `text` into `words`. Digits stay with the letters before them (`s3`, `v2`, `k8s`); an
/// upper-case run ends before the letter that begins a word (`HTTPSession`), and keeps a plural
/// `s` (`listURLs`).
pub fn split_identifier(text: &str, words: &mut Words) {
    words.begin(text);
    // Nearly every name is ASCII: its characters are its bytes. Most have no capital: only a mark ends a word.
    if text.is_ascii() {
        if text.bytes().fold(false, |seen, b| seen | b.is_ascii_uppercase()) {
            split(text, text.bytes().map(char::from).enumerate(), words);
        } else {
            split_at_marks(text, words);
        }
    } else {
        split(text, text.char_indices(), words);
    }
}

/// Splits a name of lower-case letters of ASCII, digits and marks.
fn split_at_marks(text: &str, words: &mut Words) {
    let mut at = 0;
    for piece in text.as_bytes().split(|b| !b.is_ascii_alphanumeric()) {
        if !piece.is_empty() {
            words.push(text, (at, at + piece.len()), Break::Space, false, false);
        }
        at += piece.len() + 1;
    }
}

#[inline]
fn split(text: &str, chars: impl Iterator<Item = (usize, char)>, words: &mut Words) {
    let mut start: Option<usize> = None;
    let mut previous = CharKind::Other;
    // Where the previous character began, and whether the one before it was upper-case too.
    let mut previous_at = 0;
    let mut run = 0_u32;
    let mut chars = chars.peekable();
    while let Some((at, c)) = chars.next() {
        let now = kind(c);
        if now == CharKind::Other {
            if let Some(from) = start.take() {
                words.push(text, (from, at), Break::Space, false, false);
            }
            previous = now;
            run = 0;
            continue;
        }
        let Some(from) = start else {
            start = Some(at);
            previous = now;
            previous_at = at;
            run = u32::from(now == CharKind::Upper);
            continue;
        };
        let cut = match (previous, now) {
            (CharKind::Lower | CharKind::Digit, CharKind::Upper) => Some(at),
            // `HTTPSession`: the last upper-case letter begins the word, unless what follows is
            // only the plural of an acronym (`URLs`).
            (CharKind::Upper, CharKind::Lower) if run > 1 => {
                let ends = chars.peek().is_none_or(|(_, next)| kind(*next) != CharKind::Lower);
                (!(c == 's' && ends)).then_some(previous_at)
            }
            _ => None,
        };
        if let Some(cut) = cut {
            words.push(text, (from, cut), Break::Space, false, false);
            start = Some(cut);
        }
        run = if now == CharKind::Upper { run + 1 } else { 0 };
        if cut == Some(at) {
            run = 1;
        }
        previous = now;
        previous_at = at;
    }
    if let Some(from) = start {
        words.push(text, (from, text.len()), Break::Space, false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<String> {
        let mut words = Words::new();
        split_identifier(text, &mut words);
        words.iter().map(str::to_owned).collect()
    }

    #[test]
    fn every_way_of_writing_a_name_falls_into_the_same_words() {
        for name in [
            "list_open_issues",
            "list-open-issues",
            "listOpenIssues",
            "ListOpenIssues",
            "list.open/issues",
            "List Open Issues",
            "LIST_OPEN_ISSUES",
        ] {
            assert_eq!(split(name), ["list", "open", "issues"], "{name}");
        }
    }

    #[test]
    fn acronyms_digits_and_versions_stay_whole() {
        assert_eq!(split("deleteUserHTTPSession"), ["delete", "user", "http", "session"]);
        assert_eq!(split("listS3Buckets"), ["list", "s3", "buckets"]);
        assert_eq!(split("getHTTPResponse"), ["get", "http", "response"]);
        assert_eq!(split("DATA_EXPORT_v2"), ["data", "export", "v2"]);
        assert_eq!(split("fetchURLs"), ["fetch", "urls"]);
        assert_eq!(split("d1_database_delete"), ["d1", "database", "delete"]);
        assert_eq!(split("getEC2Instances"), ["get", "ec2", "instances"]);
        assert_eq!(split("getAWSAccountID"), ["get", "aws", "account", "id"]);
    }

    #[test]
    fn letters_of_any_script_are_letters() {
        assert_eq!(split("añadir_usuario"), ["añadir", "usuario"]);
        assert_eq!(split("删除_用户"), ["删除", "用户"]);
        assert_eq!(split("ÉlémentSupprimer"), ["élément", "supprimer"]);
        assert!(split("— … ✓").is_empty());
    }

    proptest! {
        #[test]
        fn words_stand_in_order_and_within_the_text(text in "\\PC{0,60}") {
            let mut words = Words::new();
            split_identifier(&text, &mut words);
            let mut last = 0;
            for i in 0..words.len() {
                let span = words.span(i);
                prop_assert!(span.start >= last && span.start < span.end);
                let piece: String = text[span.start..span.end].chars().flat_map(char::to_lowercase).collect();
                prop_assert_eq!(piece, words.text(i));
                last = span.end;
            }
        }
    }
}
