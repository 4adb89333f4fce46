//! Names and sentences → words: where each stands in the original text, and its lower-case form.
//!
//! Splitting decides no meaning. A word knows its bytes in the original, so that everything
//! found in it later can be shown in the very place it stands in.

mod identifier;
mod prose;

pub use identifier::split_identifier;
pub use prose::{Break, MAX_SENTENCE_WORDS, split_prose};

use crate::counted::steps;
use crate::risk::Span;

/// One word: where it stands, and what stood before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// First byte in the original text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Where its lower-case form stands in the buffer.
    low: (u32, u32),
    /// What stood between the word and the one before it. In an identifier always [`Break::Space`].
    pub before: Break,
    /// Whether it was quoted, marked as code or is written like an identifier: named, not said.
    pub quoted: bool,
    /// Whether it begins with an upper-case letter.
    pub capital: bool,
    /// Whether a hyphen joins its parts.
    pub hyphen: bool,
}

/// What stands behind a lowered text, so that a look at the bytes of its last word may go beyond it.
const PADDING: &str = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// The words of one text. The buffers are kept from one text to the next.
#[derive(Debug, Clone, Default)]
pub struct Words {
    lower: String,
    list: Vec<Word>,
    /// Whether `lower` is the whole text, byte for byte, and [`PADDING`]: true of ASCII, which is lowered at once.
    whole: bool,
    /// Whether any word is quoted.
    quoted: bool,
}

impl Words {
    /// No words.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any word is quoted.
    pub(crate) fn has_quoted(&self) -> bool {
        self.quoted
    }

    /// The word at `i`.
    ///
    /// # Panics
    /// Never for `i < len()`; an index past the end is a bug of the caller.
    pub fn word(&self, i: usize) -> Word {
        self.list[i]
    }

    /// The lower-case form of the word at `i`, empty past the end.
    pub fn text(&self, i: usize) -> &str {
        steps(1);
        self.list.get(i).map_or("", |w| &self.lower[w.low.0 as usize..w.low.1 as usize])
    }

    /// The bytes of the word at `i` in the original text.
    pub fn span(&self, i: usize) -> Span {
        let word = self.list[i];
        Span { start: word.start as usize, end: word.end as usize }
    }

    /// All lower-case forms in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|w| &self.lower[w.low.0 as usize..w.low.1 as usize])
    }

    /// The text in which the lower-case forms stand, and each word with its range there.
    pub(crate) fn within(&self) -> (&str, impl Iterator<Item = (&Word, usize, usize)>) {
        (&self.lower, self.list.iter().map(|w| (w, w.low.0 as usize, w.low.1 as usize)))
    }

    /// Ends a sentence after so many words. What is looked for in a sentence is looked for from each of its words.
    fn end_long_sentences(&mut self, most: usize) {
        let mut begun = 0;
        for (i, word) in self.list.iter_mut().enumerate() {
            if i - begun >= most {
                word.before = word.before.max(Break::Sentence);
            }
            if word.before >= Break::Sentence {
                begun = i;
            }
        }
    }

    fn begin(&mut self, text: &str) {
        self.lower.clear();
        self.list.clear();
        self.quoted = false;
        self.whole = text.is_ascii();
        if self.whole {
            self.lower.push_str(text);
            self.lower.make_ascii_lowercase();
            self.lower.push_str(PADDING);
        }
    }

    // Every word of every text comes this way, from few places.
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as what it does")]
    #[inline(always)]
    fn push(&mut self, text: &str, (start, end): (usize, usize), before: Break, quoted: bool, hyphen: bool) {
        let (low, capital) = if self.whole {
            ((index(start), index(end)), text.as_bytes()[start].is_ascii_uppercase())
        } else {
            self.lowered(&text[start..end])
        };
        self.quoted |= quoted;
        self.list.push(Word { start: index(start), end: index(end), low, before, quoted, capital, hyphen });
    }

    /// Keeps the lower-case form of a word of a text that is not ASCII: where it stands, and whether it begins with an
    /// upper-case letter.
    fn lowered(&mut self, piece: &str) -> ((u32, u32), bool) {
        let from = self.lower.len();
        if piece.is_ascii() {
            self.lower.push_str(piece);
            self.lower[from..].make_ascii_lowercase();
        } else {
            self.lower.extend(piece.chars().flat_map(char::to_lowercase));
        }
        ((index(from), index(self.lower.len())), piece.starts_with(char::is_uppercase))
    }
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a verb of the script stands inside longer words: Han and kana are written without spaces, and Hangul
/// joins endings to its stems.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
