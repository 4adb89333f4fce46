//! The words of the lexicon and what is known of each.
//!
//! Every word of every definition is looked up here. Most are short: such a word is its own key, in two numbers, and
//! is found without a look at letters elsewhere. Many words are in the same groups, so those stand once and stay in
//! the nearest cache.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::forms::Form;
use super::index::{GroupSet, WordEntry};

/// What is known of each word.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    short: HashMap<WordKey, Known, FixedState>,
    long: HashMap<Box<str>, Known, FixedState>,
    kinds: Vec<(GroupSet, u64)>,
}

/// An entry: its verb, and the place of its groups and functions among those of all words.
#[derive(Debug, Clone, Copy)]
struct Known {
    verb: Option<(u16, Form)>,
    kind: u16,
}

/// A word of at most [`MAX_SHORT`] bytes: its bytes, zeros behind them, and its length in the last byte.
type WordKey = (u64, u64);

/// Bytes of the longest word that is its own key.
const MAX_SHORT: usize = 15;

fn key(word: &str) -> Option<WordKey> {
    let bytes = word.as_bytes();
    let length = bytes.len();
    let (first, last) = if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        // Both chunks overlap; what stands in the first is shifted out of the last.
        let shift = 8 * 16_usize.checked_sub(length)?;
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last).checked_shr(u32::try_from(shift).ok()?).unwrap_or(0))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let last = u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4));
        (u64::from(u32::from_le_bytes(*first)) | last, 0)
    } else {
        (bytes.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte)), 0)
    };
    (length <= MAX_SHORT).then_some((first, last | (length as u64) << 56))
}

impl Vocabulary {
    /// The vocabulary of these words.
    ///
    /// # Errors
    /// When more sets of groups and functions are in use than fit.
    pub(super) fn new(words: impl IntoIterator<Item = (Box<str>, WordEntry)>) -> Result<Self, String> {
        let mut vocabulary = Self::default();
        let mut known = HashMap::new();
        for (word, WordEntry { verb, groups, functions }) in words {
            let next = vocabulary.kinds.len();
            let kind = *known.entry((groups, functions)).or_insert(next);
            if kind == next {
                vocabulary.kinds.push((groups, functions));
            }
            let kind = u16::try_from(kind).map_err(|_| "the words are in too many different groups".to_owned())?;
            let row = Known { verb, kind };
            match key(&word) {
                Some(key) => vocabulary.short.insert(key, row),
                None => vocabulary.long.insert(word, row),
            };
        }
        Ok(vocabulary)
    }

    /// What is known of the lower-case `word`: nothing where it is not here.
    #[inline]
    pub(super) fn get(&self, word: &str) -> WordEntry {
        let row = match key(word) {
            Some(key) => self.short.get(&key),
            None => self.long.get(word),
        };
        let Some(row) = row else { return WordEntry::default() };
        let (groups, functions) = self.kinds[usize::from(row.kind)];
        WordEntry { verb: row.verb, groups, functions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn two_words_have_one_key_only_if_they_are_the_same(a in "[a-b\0]{0,15}", b in "[a-b\0]{0,15}") {
            prop_assert_eq!(key(&a) == key(&b), a == b);
        }

        #[test]
        fn every_word_is_known_for_what_was_said_of_it(words in proptest::collection::btree_set("[a-c]{0,20}", 0..50)) {
            let entry = |word: &str| WordEntry { groups: 1 << word.len(), ..WordEntry::default() };
            let vocabulary = Vocabulary::new(words.iter().map(|w| (w.as_str().into(), entry(w)))).unwrap();
            for word in &words {
                prop_assert_eq!(vocabulary.get(word), entry(word));
            }
            prop_assert!(vocabulary.get("d").is_unknown());
            prop_assert!(vocabulary.get("dddddddddddddddd").is_unknown());
            prop_assert!(vocabulary.kinds.len() <= 21);
        }
    }
}
