//! Text → words, the same here and in `static/search.js`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters that a word keeps; what follows is dropped on both sides.
const LONGEST_WORD: usize = 32;

/// The words of a text in order, repeated where the text repeats them.
///
/// Compatibility forms are folded and marks dropped, camel humps are split, letters lowered, a
/// plural ending is taken off, and a run of Chinese, Japanese or Korean becomes its pairs.
///
/// ```
/// assert_eq!(toolcard::site::search::words("getTaskArtifacts"), ["get", "task", "artifact"]);
/// ```
pub fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = if text.is_ascii() {
        text.chars().collect()
    } else {
        text.nfkd().filter(|c| !is_combining_mark(*c)).nfc().collect()
    };
    let mut words = Vec::new();
    let mut start = 0;
    for at in 0..=chars.len() {
        let ends = chars.get(at).is_none_or(|c| !c.is_alphanumeric()) || hump(&chars, at);
        if ends {
            push(&chars[start..at], &mut words);
            let separator = chars.get(at).is_some_and(|c| !c.is_alphanumeric());
            start = at + usize::from(separator);
        }
    }
    words
}

/// Whether a new word starts at `at` because the letters change from small to capital, or an acronym ends.
fn hump(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| chars[i]) else { return false };
    if !chars[at].is_uppercase() {
        return false;
    }
    if before.is_lowercase() || before.is_numeric() {
        return true;
    }
    let next = chars.get(at + 1).copied().unwrap_or(' ');
    // `APIs` is one word: a lone `s` after capitals is a plural.
    let plural = next == 's' && !chars.get(at + 2).is_some_and(|c| c.is_lowercase());
    before.is_uppercase() && next.is_lowercase() && !plural
}

fn push(run: &[char], words: &mut Vec<String>) {
    for part in run.chunk_by(|a, b| unspaced(*a) == unspaced(*b)) {
        if unspaced(part[0]) && part.len() > 1 {
            words.extend(part.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else {
            let lower = part.iter().collect::<String>().to_lowercase();
            let singular = singular(&lower);
            words.push(singular.chars().take(LONGEST_WORD).collect());
        }
    }
}

/// Scripts that are written without spaces between words.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

fn singular(word: &str) -> String {
    let length = word.chars().count();
    if length > 4
        && let Some(stem) = word.strip_suffix("ies")
    {
        return format!("{stem}y");
    }
    if length > 3
        && !["ss", "us"].iter().any(|end| word.ends_with(end))
        // `analysis`, but `apis`.
        && (length == 4 || !word.ends_with("is"))
        && let Some(stem) = word.strip_suffix('s')
    {
        return stem.to_owned();
    }
    word.to_owned()
}

/// Words of a description that say nothing of a tool. A query may hold them; they match names.
pub(super) const EMPTY_WORDS: &[&str] = &[
    "a", "all", "also", "an", "and", "any", "are", "as", "at", "be", "by", "can", "for", "from", "has", "have", "if",
    "in", "into", "is", "it", "its", "not", "of", "on", "or", "that", "the", "thi", "to", "use", "used", "using",
    "when", "which", "will", "with", "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn empty_words_are_sorted_and_as_the_splitter_makes_them() {
        assert!(EMPTY_WORDS.is_sorted());
        for word in EMPTY_WORDS.iter().filter(|w| **w != "thi") {
            assert_eq!(words(word), [*word]);
        }
    }

    proptest! {
        #[test]
        fn words_are_short_lower_and_split_no_further(text in ".{0,80}") {
            for word in words(&text) {
                prop_assert!(!word.is_empty() && word.chars().count() <= LONGEST_WORD);
                prop_assert!(word.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)), "{word}");
            }
        }
    }
}
