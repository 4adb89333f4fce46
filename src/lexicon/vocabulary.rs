//! The words of the lexicon and what is known of each.
//!
//! Every word of every definition is looked up here. Most are short: such a word is its own key, in one number, and is
//! found without a look at letters elsewhere. Many words are in the same groups, so those stand once and stay in
//! the nearest cache.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::forms::Form;
use super::function::Function;

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
    /// Its functions from [`FIRST_OF_GRAMMAR`] on, one bit each.
    pub(super) grammar: u128,
}

/// The word is the second of a noun of two words.
pub(super) const SECOND: u64 = 1 << 63;
/// The word is the second of two words of which the first is not a verb there.
pub(super) const COMPOUND: u64 = 1 << 62;
/// A clause beside the main one may state a change with the word.
pub(super) const CHANGES: u64 = 1 << 61;
const _: () = assert!(FIRST_OF_GRAMMAR <= 61, "a function is a bit below those");
/// The first function that says nothing of what is done: how a sentence is built, what else a name holds.
const FIRST_OF_GRAMMAR: u32 = Function::Determiner as u32;
const _: () = assert!(Function::SecretKey as u32 - FIRST_OF_GRAMMAR < u128::BITS, "those are bits of another number");

impl WordEntry {
    /// Whether the word has that function.
    #[inline]
    pub fn is(self, function: Function) -> bool {
        match (function as u32).checked_sub(FIRST_OF_GRAMMAR) {
            Some(bit) => self.grammar & (1 << bit) != 0,
            None => self.functions & (1 << function as u32) != 0,
        }
    }

    /// Gives the word that function.
    pub(super) fn add(&mut self, function: Function) {
        match (function as u32).checked_sub(FIRST_OF_GRAMMAR) {
            Some(bit) => self.grammar |= 1 << bit,
            None => self.functions |= 1 << function as u32,
        }
    }

    /// Whether nothing is known of the word alone but what stands beside an action: it may be a verb spelled wrong.
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

    /// What is known of `other`, with what this word may be behind another one and in a sentence.
    #[must_use]
    pub fn replaced_by(self, other: Self) -> Self {
        let behind = self.functions & (SECOND | COMPOUND);
        Self { functions: other.functions & !(SECOND | COMPOUND) | behind, grammar: self.grammar, ..other }
    }
}

/// What is known of each word.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Most words.
    short: Slots,
    long: HashMap<Box<str>, Known, FixedState>,
    kinds: Vec<WordEntry>,
}

/// A table of words by their keys: each stands at the place that its key says, or at the next that was free. Half of the
/// places are free, so that most looks end at the first one.
#[derive(Debug, Default)]
struct Slots {
    /// A power of two of them, or none.
    rows: Box<[(u128, Known)]>,
    /// A byte for each: of the key, or 0 for a free one. Most words that are not known are told by their byte alone, which
    /// is in a nearer cache.
    tags: Box<[u8]>,
}

impl Slots {
    fn new(words: &[(u128, Known)]) -> Self {
        let places = if words.is_empty() { 0 } else { (2 * words.len()).next_power_of_two() };
        let mut slots = Self { rows: vec![Default::default(); places].into(), tags: vec![0; places].into() };
        for (key, known) in words {
            let (mut at, tag) = slots.place(*key);
            while slots.tags[at] != 0 && slots.rows[at].0 != *key {
                at = (at + 1) & (places - 1);
            }
            (slots.rows[at], slots.tags[at]) = ((*key, *known), tag);
        }
        slots
    }

    /// Where the search for a key begins, and its byte: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "parts of a number are taken")]
    fn place(&self, key: u128) -> (usize, u8) {
        let mixed = key as u64 ^ ((key >> 64) as u64).rotate_left(29);
        let hash = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((hash >> 32) as usize & self.tags.len().wrapping_sub(1), (hash >> 24) as u8 | 1)
    }

    #[inline]
    fn get(&self, key: u128) -> Option<Known> {
        let (mut at, tag) = self.place(key);
        loop {
            match *self.tags.get(at)? {
                0 => return None,
                known if known == tag => {
                    let (known, row) = self.rows[at];
                    if known == key {
                        return Some(row);
                    }
                }
                _ => {}
            }
            at = (at + 1) & (self.tags.len() - 1);
        }
    }
}

/// An entry: its verb, and the place of its groups and functions among those of all words.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    verb: Option<(u16, Form)>,
    kind: u16,
}

/// Bytes of the longest word that is its own key.
const MAX_SHORT: usize = 15;

/// The key of a word of at most [`MAX_SHORT`] bytes: its bytes, zeros behind them, and in the last byte their number.
fn key(word: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    bytes[..word.len()].copy_from_slice(word);
    bytes[MAX_SHORT] = u8::try_from(word.len()).unwrap_or_default();
    u128::from_le_bytes(bytes)
}

/// The same of the first `length` of sixteen bytes, whatever stands behind them.
#[inline]
fn key_of_first(bytes: [u8; 16], length: usize) -> u128 {
    let letters = u128::from_le_bytes(bytes) & ((1 << (8 * length)) - 1);
    letters | (length as u128) << (8 * MAX_SHORT)
}

impl Vocabulary {
    /// The vocabulary of these words.
    ///
    /// # Errors
    /// When more sets of groups and functions are in use than fit.
    pub(super) fn new(words: impl IntoIterator<Item = (Box<str>, WordEntry)>) -> Result<Self, String> {
        let mut vocabulary = Self::default();
        let mut known = HashMap::new();
        let mut short = Vec::new();
        for (word, entry) in words {
            let next = vocabulary.kinds.len();
            let kind = *known.entry((entry.groups, entry.functions, entry.grammar)).or_insert(next);
            if kind == next {
                vocabulary.kinds.push(WordEntry { verb: None, ..entry });
            }
            let verb = entry.verb;
            let kind = u16::try_from(kind).map_err(|_| "the words are in too many different groups".to_owned())?;
            let row = Known { verb, kind };
            if word.len() > MAX_SHORT {
                vocabulary.long.insert(word, row);
            } else {
                short.push((key(word.as_bytes()), row));
            }
        }
        vocabulary.short = Slots::new(&short);
        Ok(vocabulary)
    }

    /// Few words are that long: what they are looked up in is kept apart from the way of all others.
    #[cold]
    fn long(&self, word: &str) -> Option<Known> {
        self.long.get(word).copied()
    }

    /// What is known of the lower-case `word`: nothing where it is not here.
    pub(super) fn get(&self, word: &str) -> WordEntry {
        self.entry(if word.len() > MAX_SHORT { self.long(word) } else { self.short.get(key(word.as_bytes())) })
    }

    /// The same of the word at `start..end` of a text: the bytes behind it are read with it, which is faster.
    #[inline]
    pub(super) fn get_within(&self, text: &str, start: usize, end: usize) -> WordEntry {
        let length = end.saturating_sub(start);
        let sixteen = text.as_bytes().get(start..).and_then(|behind| behind.first_chunk());
        match sixteen {
            Some(bytes) if length <= MAX_SHORT => self.entry(self.short.get(key_of_first(*bytes, length))),
            _ => text.get(start..end).map_or_else(WordEntry::default, |word| self.get(word)),
        }
    }

    #[inline]
    fn entry(&self, row: Option<Known>) -> WordEntry {
        let Some(row) = row else { return WordEntry::default() };
        WordEntry { verb: row.verb, ..self.kinds[usize::from(row.kind)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn two_words_have_one_key_only_if_they_are_the_same(a in "[a-b\0]{0,15}", b in "[a-b\0]{0,15}") {
            prop_assert_eq!(key(a.as_bytes()) == key(b.as_bytes()), a == b);
        }

        #[test]
        fn a_word_has_one_key_whatever_stands_behind_it(word in "[a-bé\0]{0,7}", behind in "[a-z\0]{16}") {
            let text = format!("{word}{behind}");
            let bytes = text.as_bytes().first_chunk().unwrap();
            prop_assert_eq!(key_of_first(*bytes, word.len()), key(word.as_bytes()));
        }

        #[test]
        fn every_word_is_known_for_what_was_said_of_it(words in proptest::collection::btree_set("[a-c]{1,20}", 0..50)) {
            let entry = |word: &str| WordEntry { groups: 1 << word.len(), ..WordEntry::default() };
            let vocabulary = Vocabulary::new(words.iter().map(|w| (w.as_str().into(), entry(w)))).unwrap();
            for word in &words {
                prop_assert_eq!(vocabulary.get(word), entry(word));
                let text = format!("é {word} or");
                prop_assert_eq!(vocabulary.get_within(&text, 3, 3 + word.len()), entry(word));
            }
            prop_assert!(vocabulary.get("d").is_unknown());
            prop_assert!(vocabulary.get("dddddddddddddddd").is_unknown());
            prop_assert!(vocabulary.kinds.len() <= 21);
        }
    }
}
