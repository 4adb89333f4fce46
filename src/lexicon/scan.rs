//! Phrases in a text, in any case, where they begin a word.
//!
//! Every description and every argument's runs through three such searches. An automaton alone would look at
//! each byte through a table of megabytes; most words are told apart by how they begin.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};

/// The search for a set of phrases.
#[derive(Debug)]
pub(super) struct Scan {
    automaton: AhoCorasick,
    /// A bit for each beginning of the phrases that are shorter than [`LONG`].
    short: Option<Bits>,
    /// The same of the others.
    long: Bits,
}

/// 32,768 bits, by the hash of a beginning: 4 kB that stay in the nearest cache.
type Bits = Box<[u64; 512]>;

/// Bytes of the beginning of a short phrase.
const SHORT: usize = 3;
/// Bytes of the beginning of a long phrase.
const LONG: usize = 6;

/// The bit of the first `n` of eight bytes. Bit 5 is set in each: letters in either case are the same.
fn bit(bytes: u64, n: usize) -> usize {
    let beginning = (bytes | 0x2020_2020_2020_2020) << (64 - 8 * n);
    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    (beginning.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize
}

fn is_set(bits: &Bits, bit: usize) -> bool {
    bits[bit / 64] & (1 << (bit % 64)) != 0
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
    /// A search for `patterns`, lower case and of two bytes or more; of two that begin in one place the longer
    /// counts.
    pub fn new<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, String> {
        let patterns: Vec<P> = patterns.into_iter().collect();
        let mut long = Box::new([0; 512]);
        let mut short: Option<Bits> = None;
        for pattern in &patterns {
            let bytes = pattern.as_ref().as_bytes();
            let (bits, n) = if bytes.len() < LONG {
                (short.get_or_insert_with(|| Box::new([0; 512])), SHORT)
            } else {
                (&mut long, LONG)
            };
            let mut set = |bytes: &[u8]| {
                let bit = bit(eight(bytes), n);
                bits[bit / 64] |= 1 << (bit % 64);
            };
            match bytes {
                [] | [_] => return Err(format!("`{}` is too short for a phrase", pattern.as_ref())),
                // Whatever follows it.
                [first, second] => (0..=u8::MAX).for_each(|third| set(&[*first, *second, third])),
                _ => set(bytes),
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Anchored)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns.iter().map(AsRef::as_ref))
            .map_err(|e| e.to_string())?;
        Ok(Self { automaton, short, long })
    }

    /// The first match at or behind byte `from`: the pattern and the byte range.
    pub fn find(&self, text: &str, from: usize) -> Option<(usize, usize, usize)> {
        let bytes = text.as_bytes();
        let mut i = from;
        if i > 0 && bytes[i - 1].is_ascii_alphanumeric() {
            i += inside(&bytes[i..]);
        }
        while let Some(rest) = bytes.get(i..).filter(|rest| !rest.is_empty()) {
            let first = eight(rest);
            let begins = is_set(&self.long, bit(first, LONG))
                || self.short.as_ref().is_some_and(|short| is_set(short, bit(first, SHORT)));
            if begins {
                let input = Input::new(text).range(i..).anchored(Anchored::Yes);
                if let Some(found) = self.automaton.find(input) {
                    return Some((found.pattern().as_usize(), found.start(), found.end()));
                }
            }
            // A script without spaces has words inside words: each of its characters may begin one.
            i += inside(rest).max(1);
        }
        None
    }

    /// All matches, leftmost first, none inside another.
    pub fn find_iter(&self, text: &str) -> impl Iterator<Item = (usize, usize, usize)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.find(text, from)?;
            from = found.2;
            Some(found)
        })
    }
}

/// How many letters and digits of ASCII `bytes` begin with.
fn inside(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !WORD[usize::from(*byte)]).unwrap_or(bytes.len())
}

/// Letters and digits of ASCII.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_that_begins_a_word_is_found_in_any_case() {
        let scan = Scan::new(["read-only", "read", "删除", "yes"]).unwrap();
        let found: Vec<_> = scan.find_iter("A READ-only thread, read; 请删除 yes").collect();
        assert_eq!(found, [(0, 2, 11), (1, 20, 24), (2, 29, 35), (3, 36, 39)]);
    }

    #[test]
    fn a_phrase_of_one_letter_is_an_error_and_one_of_two_is_found() {
        assert!(Scan::new(["phrase", "r"]).is_err());
        assert_eq!(Scan::new(["rm"]).unwrap().find("rm", 0), Some((0, 0, 2)));
    }
}
