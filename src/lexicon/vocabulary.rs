//! The words of the lexicon and what is known of each.
//!
//! Every word of every definition is looked up here. Most are short: such a word is its own key, in one number or two,
//! and is found without a look at letters elsewhere. Many words are in the same groups, so those stand once and stay in
//! the nearest cache.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::data::Function;
use super::forms::Form;

/// A set of groups, one bit each, in the order of `signals.toml`.
pub type GroupSet = u128;

/// What a word is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordEntry {
    /// Verb and form, where it is one.
    pub verb: Option<(u16, Form)>,
    /// Groups that the word alone is in.
    pub groups: GroupSet,
    /// Its functions, one bit each, and [`SECOND`], [`COMPOUND`] and [`CHANGES`].
    pub(super) functions: u64,
}

/// The word is the second of a noun of two words.
pub(super) const SECOND: u64 = 1 << 63;
/// The word is the second of two words of which the first is not a verb there.
pub(super) const COMPOUND: u64 = 1 << 62;
/// A clause beside the main one may state a change with the word.
pub(super) const CHANGES: u64 = 1 << 61;
const _: () = assert!((Function::Costs as u32) < 61, "a function is a bit below those");

impl WordEntry {
    /// Whether the word has that function.
    pub fn is(self, function: Function) -> bool {
        self.functions & (1 << function as u32) != 0
    }

    /// Whether nothing is known of the word alone.
    pub fn is_unknown(self) -> bool {
        self.verb.is_none() && self.groups == 0 && self.functions & !(SECOND | COMPOUND | CHANGES) == 0
    }

    /// Whether some word before it makes a noun with it: most words need no further look.
    pub fn may_be_second(self) -> bool {
        self.functions & SECOND != 0
    }

    /// Whether it is the second word of a compound.
    pub fn may_end_compound(self) -> bool {
        self.functions & COMPOUND != 0
    }

    /// Whether a clause beside the main one may state with it that something is changed: it is a verb, not a noun
    /// mostly, and changes or destroys alone or with some object.
    pub fn changes(self) -> bool {
        self.functions & CHANGES != 0
    }

    /// What is known of `other`, with what this word may be behind another one.
    #[must_use]
    pub fn replaced_by(self, other: Self) -> Self {
        let behind = self.functions & (SECOND | COMPOUND);
        Self { functions: other.functions & !(SECOND | COMPOUND) | behind, ..other }
    }
}

/// What is known of each word.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Most words of a text, in a table that is small enough to stay near.
    tiny: Slots<u64>,
    short: Slots<(u64, u64)>,
    long: HashMap<Box<str>, Known, FixedState>,
    kinds: Vec<(GroupSet, u64)>,
}

/// A table of words by their keys: each stands at the place that its key says, or at the next that was free. Half of the
/// places are free, so that most looks end at the first one.
#[derive(Debug, Default)]
struct Slots<K> {
    /// A power of two of them, or none. No word has the key of a free one.
    rows: Box<[(K, Known)]>,
}

/// The key of a short word, as one number that tells most of them apart.
trait SlotKey: Copy + Default + PartialEq {
    fn mixed(self) -> u64;
}

impl SlotKey for u64 {
    fn mixed(self) -> u64 {
        self
    }
}

impl SlotKey for (u64, u64) {
    fn mixed(self) -> u64 {
        self.0 ^ self.1.rotate_left(29)
    }
}

impl<K: SlotKey> Slots<K> {
    fn new(words: &[(K, Known)]) -> Self {
        let places = if words.is_empty() { 0 } else { (2 * words.len()).next_power_of_two() };
        let mut slots = Self { rows: vec![(K::default(), Known::default()); places].into() };
        for (key, known) in words {
            let mut at = slots.place(*key);
            while slots.rows[at].0 != K::default() && slots.rows[at].0 != *key {
                at = (at + 1) & (places - 1);
            }
            slots.rows[at] = (*key, *known);
        }
        slots
    }

    /// Where the search for a key begins: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    #[inline]
    fn place(&self, key: K) -> usize {
        let hash = key.mixed().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 32) as usize & self.rows.len().wrapping_sub(1)
    }

    #[inline]
    fn get(&self, key: K) -> Option<Known> {
        let mut at = self.place(key);
        loop {
            let (known, row) = self.rows.get(at)?;
            if *known == K::default() {
                return None;
            }
            if *known == key {
                return Some(*row);
            }
            at = (at + 1) & (self.rows.len() - 1);
        }
    }
}

/// An entry: its verb, and the place of its groups and functions among those of all words.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    verb: Option<(u16, Form)>,
    kind: u16,
}

/// Bytes of the longest word that is its own key: up to seven in one number, beyond in two.
const MAX_SHORT: usize = 15;

/// What a word is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordKey<'a> {
    /// Its bytes, zeros behind them, and in the last byte one more than their number.
    Tiny(u64),
    /// The same in two numbers.
    Short((u64, u64)),
    Long(&'a str),
}

impl<'a> WordKey<'a> {
    #[inline]
    fn of(word: &'a str) -> Self {
        let bytes = word.as_bytes();
        let length = bytes.len();
        // One more than it has, so that no key is nothing but zeros: that is a free place.
        let size = (length as u64 + 1) << 56;
        if length > MAX_SHORT {
            return Self::Long(word);
        }
        if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            // Both chunks overlap; what stands in the first is shifted out of the last.
            let shift = 8 * (16 - length);
            let last = u64::from_le_bytes(*last).checked_shr(u32::try_from(shift).unwrap_or(u32::MAX));
            return Self::Short((u64::from_le_bytes(*first), last.unwrap_or(0) | size));
        }
        let letters = if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4))
        } else {
            // Of one to three bytes the first, the one in the middle and the last are all.
            let byte = |at: usize| bytes.get(at).map_or(0, |byte| u64::from(*byte) << (8 * at));
            byte(0) | byte(length / 2) | byte(length.saturating_sub(1))
        };
        Self::Tiny(letters | size)
    }
}

impl Vocabulary {
    /// The vocabulary of these words.
    ///
    /// # Errors
    /// When more sets of groups and functions are in use than fit.
    pub(super) fn new(words: impl IntoIterator<Item = (Box<str>, WordEntry)>) -> Result<Self, String> {
        let mut vocabulary = Self::default();
        let mut known = HashMap::new();
        let (mut tiny, mut short) = (Vec::new(), Vec::new());
        for (word, WordEntry { verb, groups, functions }) in words {
            let next = vocabulary.kinds.len();
            let kind = *known.entry((groups, functions)).or_insert(next);
            if kind == next {
                vocabulary.kinds.push((groups, functions));
            }
            let kind = u16::try_from(kind).map_err(|_| "the words are in too many different groups".to_owned())?;
            let row = Known { verb, kind };
            match WordKey::of(&word) {
                WordKey::Tiny(key) => tiny.push((key, row)),
                WordKey::Short(key) => short.push((key, row)),
                WordKey::Long(_) => {
                    vocabulary.long.insert(word, row);
                }
            }
        }
        (vocabulary.tiny, vocabulary.short) = (Slots::new(&tiny), Slots::new(&short));
        Ok(vocabulary)
    }

    /// Few words are that long: what they are looked up in is kept apart from the way of all others.
    #[cold]
    fn long(&self, word: &str) -> Option<Known> {
        self.long.get(word).copied()
    }

    /// What is known of the lower-case `word`: nothing where it is not here.
    #[inline]
    pub(super) fn get(&self, word: &str) -> WordEntry {
        let row = match WordKey::of(word) {
            WordKey::Tiny(key) => self.tiny.get(key),
            WordKey::Short(key) => self.short.get(key),
            WordKey::Long(word) => self.long(word),
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
            prop_assert_eq!(WordKey::of(&a) == WordKey::of(&b), a == b);
        }

        #[test]
        fn every_word_is_known_for_what_was_said_of_it(words in proptest::collection::btree_set("[a-c]{1,20}", 0..50)) {
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
