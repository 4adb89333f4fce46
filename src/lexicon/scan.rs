//! Phrases in a text, in any case, where they begin a word.
//!
//! Every description and every argument's runs through three such searches. An automaton would look at each byte
//! through a table of megabytes; most words are told apart by how they begin.

use std::collections::HashMap;
use std::ops::ControlFlow;

use foldhash::fast::FixedState;

/// The search for a set of phrases.
#[derive(Debug, Default)]
pub(super) struct Scan {
    patterns: Vec<Box<[u8]>>,
    /// Phrases of [`MIN_LONG_BYTES`] bytes and more.
    long: Beginnings,
    /// The others, where there are any.
    short: Option<Beginnings>,
}

/// Bytes of the beginning of a short phrase.
const SHORT: usize = 3;
/// Bytes of the beginning of a long phrase.
const MIN_LONG_BYTES: usize = 6;

/// How phrases begin: a bit for each beginning, and the phrases that have it, longest first.
#[derive(Debug)]
struct Beginnings {
    /// How many bytes are looked at.
    length: usize,
    /// 32,768 bits, by the hash of a beginning: 4 kB that stay in the nearest cache.
    bits: Box<[u64; 512]>,
    rows: HashMap<u64, Vec<Row>, FixedState>,
}

/// A phrase, and the eight bytes behind its beginning as far as it has them: most phrases that begin like a word go on in
/// another way.
#[derive(Debug, Clone, Copy)]
struct Row {
    pattern: u16,
    next: u64,
    mask: u64,
}

/// Bit 5 of eight bytes: set in each, letters in either case are the same.
const CASE: u64 = 0x2020_2020_2020_2020;

impl Default for Beginnings {
    fn default() -> Self {
        Self::new(MIN_LONG_BYTES)
    }
}

impl Beginnings {
    fn new(length: usize) -> Self {
        Self { length, bits: Box::new([0; 512]), rows: HashMap::default() }
    }

    /// The first bytes of eight, in either case.
    fn key(&self, bytes: u64) -> u64 {
        (bytes | CASE) << (64 - 8 * self.length)
    }

    /// The bit of a key: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    fn bit(key: u64) -> (usize, u64) {
        let bit = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    /// Adds a phrase that begins with these eight bytes; `bytes` are all of it.
    fn insert(&mut self, first: u64, bytes: &[u8], pattern: u16) {
        let key = self.key(first);
        let (word, bit) = Self::bit(key);
        self.bits[word] |= bit;
        let behind = bytes.get(self.length..).unwrap_or_default();
        let mask = if behind.len() < 8 { (1 << (8 * behind.len())) - 1 } else { u64::MAX };
        let rows = self.rows.entry(key).or_default();
        if rows.last().is_none_or(|row| row.pattern != pattern) {
            rows.push(Row { pattern, next: (eight(behind) | CASE) & mask, mask });
        }
    }

    /// Whether a phrase may begin like these eight bytes.
    #[inline]
    fn may_begin(&self, bytes: u64) -> bool {
        let (word, bit) = Self::bit(self.key(bytes));
        self.bits[word] & bit != 0
    }

    /// The phrases that begin and go on like the bytes at `start`, of which `first` are the first eight.
    fn rows<'s>(&'s self, first: u64, bytes: &[u8], start: usize) -> impl Iterator<Item = usize> + use<'s> {
        let next = eight(bytes.get(start + self.length..).unwrap_or_default()) | CASE;
        let rows = self.rows.get(&self.key(first)).map_or(&[][..], Vec::as_slice);
        rows.iter().filter(move |row| next & row.mask == row.next).map(|row| usize::from(row.pattern))
    }
}

/// The first eight bytes, zeros behind the end.
fn eight(bytes: &[u8]) -> u64 {
    let mut out = [0; 8];
    match bytes.first_chunk() {
        Some(whole) => out = *whole,
        None => out[..bytes.len()].copy_from_slice(bytes),
    }
    u64::from_le_bytes(out)
}

impl Scan {
    /// A search for `patterns`, lower case and of two bytes or more, that begin with no space; of two that begin
    /// in one place the longer counts.
    pub(super) fn new<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, String> {
        let patterns: Vec<Box<[u8]>> = patterns.into_iter().map(|p| p.as_ref().as_bytes().into()).collect();
        let (mut long, mut short) = (Beginnings::new(MIN_LONG_BYTES), None);
        let mut order: Vec<u16> = (0..patterns.len())
            .map(u16::try_from)
            .collect::<Result<_, _>>()
            .map_err(|_| format!("{} phrases are more than a set can have", patterns.len()))?;
        order.sort_by_key(|i| std::cmp::Reverse(patterns[usize::from(*i)].len()));
        for i in order {
            let bytes = &patterns[usize::from(i)];
            let beginnings = if bytes.len() < MIN_LONG_BYTES {
                short.get_or_insert_with(|| Beginnings::new(SHORT))
            } else {
                &mut long
            };
            match **bytes {
                [] | [_] | [b' ', ..] => {
                    let phrase = String::from_utf8_lossy(bytes);
                    return Err(format!("`{phrase}` is too short for a phrase, or begins with a space"));
                }
                // Whatever follows it.
                [first, second] => {
                    (0..=u8::MAX).for_each(|third| beginnings.insert(eight(&[first, second, third]), bytes, i));
                }
                _ => beginnings.insert(eight(bytes), bytes, i),
            }
        }
        Ok(Self { patterns, long, short })
    }

    /// The first match: the pattern and the byte range; of two that begin in one place the longer.
    pub(super) fn find(&self, text: &str) -> Option<(usize, usize, usize)> {
        let mut first = None;
        self.each(text, |pattern, start, end| {
            first = Some((pattern, start, end));
            ControlFlow::Break(())
        });
        first
    }

    /// Every match, also those inside others, leftmost and longest first, until `found` breaks. Returns whether the text
    /// was seen whole and is plain.
    #[inline]
    pub(super) fn each(&self, text: &str, mut found: impl FnMut(usize, usize, usize) -> ControlFlow<()>) -> bool {
        let bytes = text.as_bytes();
        let mut seen = Seen { plain: true, ..Seen::default() };
        for at in (0..bytes.len()).step_by(BLOCK) {
            let mut beginnings = begin(&bytes[at..], &mut seen);
            while beginnings != 0 {
                let start = at + beginnings.trailing_zeros() as usize;
                beginnings &= beginnings - 1;
                let first = eight(&bytes[start..]);
                // Most words begin no phrase.
                let long = Some(&self.long).filter(|long| long.may_begin(first));
                let short = self.short.as_ref().filter(|short| short.may_begin(first));
                if long.is_none() && short.is_none() {
                    continue;
                }
                for beginnings in [long, short].into_iter().flatten() {
                    for pattern in beginnings.rows(first, bytes, start) {
                        let end = start + self.patterns[pattern].len();
                        let is = |text: &[u8]| text.eq_ignore_ascii_case(&self.patterns[pattern]);
                        if bytes.get(start..end).is_some_and(is) && found(pattern, start, end).is_break() {
                            return false;
                        }
                    }
                }
            }
        }
        seen.plain
    }
}

/// Bytes that are looked at in one step.
const BLOCK: usize = 64;

/// What was seen of a text before a block of it.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Whether a letter or a digit stands before the block.
    inside: bool,
    /// Of the last two places before it, the bits of those with a letter or a digit alone.
    alone: u64,
    /// Whether all of it was printable ASCII, tabs and line ends, and no two letters or digits stood alone with one byte
    /// between them, as those of a word that is spaced out.
    plain: bool,
}

/// Where words may begin among the first [`BLOCK`] bytes, a bit each: behind a letter or a digit of ASCII none does, a
/// space is none, and each character of a script without spaces may.
#[expect(clippy::needless_bitwise_bool, reason = "without branches, many bytes are looked at at once")]
fn begin(bytes: &[u8], seen: &mut Seen) -> u64 {
    let mut last = [b' '; BLOCK];
    let block = bytes.first_chunk().unwrap_or_else(|| {
        last[..bytes.len()].copy_from_slice(bytes);
        &last
    });
    // Bit 0: a letter or a digit; bit 1: no space; bit 2: not plain. Without branches, many bytes are looked at at once.
    let mut kinds = [0_u8; BLOCK];
    for (kind, byte) in kinds.iter_mut().zip(block.iter().copied()) {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        let printable = byte.wrapping_sub(b' ') < 0x5f;
        let space = (byte == b'\n') | (byte == b'\t') | (byte == b'\r');
        *kind = u8::from(letter | digit) | (u8::from(byte != b' ') << 1) | (u8::from(!(printable | space)) << 2);
    }
    let (mut inside, mut graphic, mut odd) = (0_u64, 0_u64, 0_u64);
    for (i, kinds) in kinds.chunks_exact(8).enumerate() {
        let kinds = eight(kinds);
        // The lowest bits of eight bytes to eight neighbouring bits.
        let pack = |bits: u64| (bits & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        inside |= pack(kinds) << (8 * i);
        graphic |= pack(kinds >> 1) << (8 * i);
        odd |= kinds;
    }
    let behind = (inside << 1) | u64::from(seen.inside);
    // What stands behind the block is not known here: its last place may be alone.
    let alone = inside & !behind & !(inside >> 1);
    let spaced = alone & ((alone << 2) | seen.alone);
    seen.plain &= (odd & 0x0404_0404_0404_0404 == 0) & (spaced == 0);
    seen.inside = inside >> (BLOCK - 1) == 1;
    seen.alone = alone >> (BLOCK - 2);
    graphic & !behind
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_longest_phrase_that_begins_a_word_is_found_in_any_case() {
        let scan = Scan::new(["read-only", "read", "删除", "yes"]).unwrap();
        let text = "A READ-only thread, read; 请删除 yes";
        let mut found = Vec::new();
        scan.each(text, |pattern, start, end| {
            found.push((pattern, start, end));
            ControlFlow::Continue(())
        });
        assert_eq!(found, [(0, 2, 11), (1, 2, 6), (1, 20, 24), (2, 29, 35), (3, 36, 39)]);
        assert_eq!(scan.find(text), Some(found[0]));
    }

    #[test]
    fn a_phrase_of_one_letter_or_that_begins_with_a_space_is_an_error_and_one_of_two_is_found() {
        assert!(Scan::new(["phrase", "r"]).is_err());
        assert_eq!(Scan::new(["rm"]).unwrap().find("rm"), Some((0, 0, 2)));
        assert!(Scan::new([" phrase"]).is_err());
    }

    proptest! {
        #[test]
        fn every_word_is_looked_at_wherever_the_blocks_end(text in "[a-c \u{e9}-]{0,200}") {
            let patterns = ["abc", "ab-a", "a b a", "cab cab", "\u{e9}a", "-ab", "cc"];
            let begins = |i: usize| text.is_char_boundary(i) && (i == 0 || !text.as_bytes()[i - 1].is_ascii_alphanumeric());
            let mut expected = Vec::new();
            for i in (0..text.len()).filter(|i| begins(*i)) {
                let found = patterns.iter().enumerate().filter(|(_, p)| text[i..].starts_with(**p));
                expected.extend(found.map(|(n, p)| (n, i, i + p.len())));
            }
            let scan = Scan::new(patterns).unwrap();
            prop_assert_eq!(scan.find(&text).map(|f| f.1), expected.first().map(|f| f.1));
            let mut found = Vec::new();
            scan.each(&text, |pattern, start, end| {
                found.push((pattern, start, end));
                ControlFlow::Continue(())
            });
            found.sort_by_key(|f| (f.1, f.0));
            prop_assert_eq!(found, expected);
        }
    }
}
