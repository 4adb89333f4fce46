//! Text → words, the same here and in `static/js/search/words.js`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters that a word keeps; what follows is dropped on both sides.
const MAX_WORD: usize = 32;

/// The words of a text in order, repeated where the text repeats them.
///
/// Compatibility forms are folded and marks dropped, camel humps are split, letters lowered, a
/// plural ending is taken off, and a run of Chinese, Japanese or Korean becomes its pairs.
///
/// ```
/// assert_eq!(toolcard::site::search::words("getTaskArtifacts"), ["get", "task", "artifact"]);
/// ```
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    first_words(text, &mut |word| {
        words.push(word);
        true
    });
    words
}

/// Gives the words of a text one by one for as long as they are wanted.
pub(super) fn first_words(text: &str, wanted: &mut dyn FnMut(String) -> bool) {
    if text.is_ascii() {
        ascii_words(text, wanted);
        return;
    }
    // No word goes across a space, so only what is between two and is not ASCII is normalised.
    for part in text.split_ascii_whitespace() {
        let more = if part.is_ascii() { ascii_words(part, wanted) } else { other_words(part, wanted) };
        if !more {
            return;
        }
    }
}

fn ascii_words(text: &str, wanted: &mut dyn FnMut(String) -> bool) -> bool {
    split(text.as_bytes(), |run| wanted(cut(singular(text[run].to_ascii_lowercase()))))
}

fn other_words(text: &str, wanted: &mut dyn FnMut(String) -> bool) -> bool {
    let chars: Vec<char> = text.nfkd().filter(|c| !is_combining_mark(*c)).nfc().collect();
    split(&chars, |run| runs(&chars[run], wanted))
}

/// A letter of a text, of whichever alphabet.
trait Letter: Copy {
    fn char(self) -> char;
}

impl Letter for char {
    fn char(self) -> char {
        self
    }
}

impl Letter for u8 {
    fn char(self) -> char {
        char::from(self)
    }
}

/// Gives the runs of letters up to the next separator or hump; `false` where one was not wanted.
fn split<L: Letter>(letters: &[L], mut wanted: impl FnMut(Range<usize>) -> bool) -> bool {
    let mut start = 0;
    for at in 0..=letters.len() {
        let separator = letters.get(at).is_none_or(|c| !c.char().is_alphanumeric());
        if separator || hump(letters, at) {
            if start < at && !wanted(start..at) {
                return false;
            }
            start = at + usize::from(separator);
        }
    }
    true
}

/// Whether a new word starts at `at` because the letters change from small to capital, or an acronym ends.
fn hump<L: Letter>(letters: &[L], at: usize) -> bool {
    let letter = |i: usize| letters.get(i).map_or(' ', |l| l.char());
    if at == 0 || !letter(at).is_uppercase() {
        return false;
    }
    let (before, next) = (letter(at - 1), letter(at + 1));
    if before.is_lowercase() || before.is_numeric() {
        return true;
    }
    // `APIs` is one word: a lone `s` after capitals is a plural.
    let plural = next == 's' && !letter(at + 2).is_lowercase();
    before.is_uppercase() && next.is_lowercase() && !plural
}

fn runs(run: &[char], wanted: &mut dyn FnMut(String) -> bool) -> bool {
    run.chunk_by(|a, b| unspaced(*a) == unspaced(*b)).all(|part| {
        if unspaced(part[0]) && part.len() > 1 {
            part.windows(2).all(|pair| wanted(pair.iter().collect()))
        } else {
            wanted(cut(singular(part.iter().collect::<String>().to_lowercase())))
        }
    })
}

fn cut(mut word: String) -> String {
    if word.len() > MAX_WORD
        && let Some((end, _)) = word.char_indices().nth(MAX_WORD)
    {
        word.truncate(end);
    }
    word
}

/// Scripts that are written without spaces between words.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

fn singular(mut word: String) -> String {
    let length = word.chars().count();
    if length > 4 && word.ends_with("ies") {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if length > 3
        && word.ends_with('s')
        && !["ss", "us"].iter().any(|end| word.ends_with(end))
        // `analysis`, but `apis`.
        && (length == 4 || !word.ends_with("is"))
    {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_split_the_same_as_a_whole_and_part_by_part(
            text in "[a-zA-Z0-9 _.s\\n-]{0,40}|[a-zé中文\u{301}\u{ad}\u{3000}A-Z —s]{0,40}|.{0,40}"
        ) {
            let mut whole = Vec::new();
            other_words(&text, &mut |word| { whole.push(word); true });
            prop_assert_eq!(words(&text), whole);
        }

        #[test]
        fn words_are_short_lower_and_split_no_further(text in ".{0,80}") {
            for word in words(&text) {
                prop_assert!(!word.is_empty() && word.chars().count() <= MAX_WORD);
                prop_assert!(word.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)), "{word}");
            }
        }
    }
}
