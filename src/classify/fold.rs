//! Text as people read it: full-width, mathematical and foreign letters that look like Latin ones as these, accents and
//! what people do not see left out, letters with spaces between them as words. Every byte knows where it came from.
//!
//! Plain ASCII without such spaces costs a look at its bytes.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

use crate::neutral::is_hidden;
use crate::risk::Span;

/// A text that was folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FoldedText {
    text: String,
    /// Where the character of each byte begins in the text that was folded.
    from: Vec<usize>,
}

impl FoldedText {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    fn push(&mut self, c: char, from: usize) {
        self.text.push(c);
        self.from.resize(self.text.len(), from);
    }

    /// The same, made of a text that `first` made of another: its bytes know where they stand in that one.
    fn behind(self, first: &Self) -> Self {
        let from = self.from.iter().map(|at| first.from.get(*at).copied().unwrap_or_default()).collect();
        Self { text: self.text, from }
    }

    /// The bytes of `original`, from which this was made, that stand for the bytes `start..end` here.
    pub(super) fn span(&self, original: &str, start: usize, end: usize) -> Span {
        let from = self.from.get(start).copied().unwrap_or_default();
        let last = end.checked_sub(1).and_then(|at| self.from.get(at)).copied().unwrap_or(from);
        let width = original.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Span { start: from, end: last + width }
    }
}

/// The text with its letters folded; `None` where none has to be.
pub(super) fn fold(text: &str) -> Option<FoldedText> {
    // Most texts are ASCII, which is seen many bytes at once.
    if text.is_ascii() || foreign(text).all(|(_, c)| folded(c) == Folding::Kept) {
        return None;
    }
    let mut out = FoldedText::default();
    for (at, c) in text.char_indices() {
        match folded(c) {
            Folding::Kept => out.push(c, at),
            Folding::LeftOut => {}
            Folding::Ascii(b) => {
                out.push(char::from(b), at);
            }
        }
    }
    Some(out)
}

/// Whether a letter that is not Latin is read as one that is, or something that people do not see stands behind a letter:
/// accents and typographic marks alone disguise nothing.
pub(super) fn is_disguised(text: &str) -> bool {
    !text.is_ascii()
        && foreign(text).any(|(at, c)| match folded(c) {
            Folding::Kept => false,
            Folding::LeftOut => at > 0 && text.as_bytes()[at - 1].is_ascii_alphabetic() && is_hidden(c),
            Folding::Ascii(b) => b.is_ascii_alphabetic() && u32::from(c) >= LATIN_ENDS,
        })
}

/// The text as people read it where [`is_disguised`] or [`may_be_spaced`] says that it has to be.
pub(super) fn as_read(text: &str) -> Option<FoldedText> {
    let folded = fold(text);
    let plain = folded.as_ref().map_or(text, FoldedText::as_str);
    let words = may_be_spaced(plain).then(|| joined(plain, false)).flatten();
    match (folded, words) {
        (Some(folded), Some(words)) => Some(words.behind(&folded)),
        (folded, words) => words.or(folded),
    }
}

/// The characters beyond ASCII, and where they begin.
pub(super) fn foreign(text: &str) -> impl Iterator<Item = (usize, char)> {
    /// Bytes that are passed by at once where all are ASCII.
    const AT_ONCE: usize = 32;
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let part = &bytes[at..bytes.len().min(at + AT_ONCE)];
            if part.is_ascii() {
                at += part.len();
                continue;
            }
            let begins = at + part.iter().position(|b| !b.is_ascii())?;
            let c = text[begins..].chars().next()?;
            at = begins + c.len_utf8();
            return Some((begins, c));
        }
        None
    })
}

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folding {
    Kept,
    LeftOut,
    Ascii(u8),
}

/// Letters below this are Latin, with accents or without.
const LATIN_ENDS: u32 = 0x250;

/// Characters below this are looked up: Latin, Greek, Cyrillic and their like are many in one text.
const KNOWN: u32 = 0x600;
static BELOW: LazyLock<Vec<Folding>> =
    LazyLock::new(|| (0..KNOWN).map(|c| char::from_u32(c).map_or(Folding::Kept, looked_at)).collect());

fn folded(c: char) -> Folding {
    match u32::from(c) {
        0..0x80 => Folding::Kept,
        code @ 0x80..0x600 => BELOW[code as usize],
        // Cherokee, phonetic letters, spaces, letters in circles, Lisu, full-width letters, mathematical letters.
        0x13a0..0x1400 | 0x1d00..0x2030 | 0x2060..0x2500 | 0x3000 | 0xa4d0..0xa500 | 0xfe00..0x1f200 => looked_at(c),
        // Of other writings and of symbols, nothing but what hides is looked at.
        _ if is_hidden(c) => Folding::LeftOut,
        _ => Folding::Kept,
    }
}

fn looked_at(c: char) -> Folding {
    match c {
        '\0'..='\u{7f}' => return Folding::Kept,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => return Folding::Ascii(b' '),
        '\u{2018}' | '\u{2019}' => return Folding::Ascii(b'\''),
        c if is_hidden(c) || is_combining_mark(c) => return Folding::LeftOut,
        c if !c.is_alphanumeric() && !('\u{2460}'..='\u{24ff}').contains(&c) => return Folding::Kept,
        _ => {}
    }
    // A letter with marks, or in another form: full-width, mathematical, circled.
    let mut parts = std::iter::once(c).nfkd();
    if let Some(first) = parts.next().filter(char::is_ascii)
        && parts.all(is_combining_mark)
    {
        return ascii(first);
    }
    let mut bytes = [0; 4];
    let mut like = skeleton(c.encode_utf8(&mut bytes));
    match (like.next(), like.next(), like.next()) {
        // `І` looks like `l`, and stands for `I`.
        (Some('l'), None, _) if c.is_uppercase() => Folding::Ascii(b'I'),
        (Some('r'), Some('n'), None) => Folding::Ascii(b'm'),
        (Some(first), None, _) if first.is_ascii_alphanumeric() => ascii(first),
        _ => Folding::Kept,
    }
}

fn ascii(c: char) -> Folding {
    u8::try_from(c).map_or(Folding::Kept, Folding::Ascii)
}

/// Letters of a word that is spaced out, at least.
const MIN_SPACED: usize = 5;

#[expect(clippy::needless_bitwise_bool, reason = "without branches, many bytes are looked at at once")]
fn separates(b: u8) -> bool {
    (b == b' ') | (b == b'.') | (b == b'-') | (b == b'_') | (b == b'*') | (b == b'~')
}

/// Places that are looked at side by side: without branches, and with a copy for each of the five, the compiler takes all at
/// once.
const LANES: usize = 16;

/// Whether three equal characters that are no letters stand in a row with one letter between two of them.
fn has_separated(bytes: &[u8]) -> bool {
    let is = |w: &[u8]| w[0] == w[2] && w[2] == w[4] && separated(w[0], w[1], w[2], w[3], w[4]);
    let Some(last) = bytes.last_chunk() else { return bytes.windows(5).any(is) };
    let mut seen = [0; LANES];
    let mut rest = bytes;
    while let Some(part) = rest.first_chunk() {
        look(part, &mut seen);
        rest = &rest[LANES..];
    }
    // The last places overlap those before.
    look(last, &mut seen);
    seen != [0; LANES]
}

#[inline]
fn look(bytes: &[u8; LANES + 4], seen: &mut [u8; LANES]) {
    let from = |at: usize| -> [u8; LANES] { *bytes[at..].first_chunk().unwrap_or(&[0; LANES]) };
    let (first, between, second, next, third) = (from(0), from(1), from(2), from(3), from(4));
    for i in 0..LANES {
        seen[i] |= u8::from(separated(first[i], between[i], second[i], next[i], third[i]));
    }
}

#[expect(clippy::needless_bitwise_bool, reason = "without branches, many bytes are looked at at once")]
fn separated(first: u8, between: u8, second: u8, next: u8, third: u8) -> bool {
    let letter = |b: u8| (b | 0x20).wrapping_sub(b'a') < 26;
    (first == second) & (second == third) & !letter(first) & letter(between) & letter(next)
}

/// Whether a text may hold letters with one separator between them: of five such letters, five bytes in a row lie at any
/// fourth byte. A letter beside another one is none of them: `is a list` has an article.
pub(super) fn may_be_spaced(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Few texts have that.
    if !has_separated(bytes) {
        return false;
    }
    let letters = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_alphabetic);
    let alone = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|b| !b.is_ascii_alphanumeric());
    bytes.windows(5).enumerate().step_by(4).any(|(at, b)| {
        let outside = b[0] == b[2] && b[2] == b[4] && separates(b[0]) && letters(&[b[1], b[3]]);
        let inside = || b[1] == b[3] && separates(b[1]) && letters(&[b[0], b[2], b[4]]);
        outside || (inside() && alone(at.checked_sub(1)) && alone(Some(at + 5)))
    })
}

/// The text with every word that is spaced out written as a word; `None` where there is none. More than one separator stands
/// between two words; where `whole`, nothing does.
pub(super) fn joined(text: &str, whole: bool) -> Option<FoldedText> {
    let bytes = text.as_bytes();
    let spaced = |at: usize| {
        let begins =
            bytes[at].is_ascii_alphabetic() && at.checked_sub(1).is_none_or(|i| !bytes[i].is_ascii_alphanumeric());
        if begins { spaced_letters(bytes, at) } else { Vec::new() }
    };
    // Few texts that may hold such a word do.
    if !(0..bytes.len()).any(|at| spaced(at).len() >= MIN_SPACED) {
        return None;
    }
    let mut out = FoldedText::default();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let letters = spaced(at);
        let (Some(last), true) = (letters.last(), letters.len() >= MIN_SPACED) else {
            out.push(c, at);
            continue;
        };
        for (i, letter) in letters.iter().enumerate() {
            let gap = i > 0 && letter - letters[i - 1] > 2;
            if gap && !whole {
                out.push(' ', letter - 1);
            }
            out.push(char::from(bytes[*letter]), *letter);
        }
        while chars.next_if(|(at, _)| at <= last).is_some() {}
    }
    Some(out)
}

/// Where the single letters stand that begin at `at` and have the same separator between them, up to four times.
fn spaced_letters(bytes: &[u8], at: usize) -> Vec<usize> {
    const MAX_GAP: usize = 4;
    let Some(separator) = bytes.get(at + 1).copied().filter(|b| separates(*b)) else { return Vec::new() };
    let mut letters = vec![at];
    let mut last = at;
    loop {
        let gap = bytes[last + 1..].iter().take(MAX_GAP + 1).take_while(|b| **b == separator).count();
        let next = last + 1 + gap;
        let single = |at: usize| {
            bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
                && bytes.get(at + 1).is_none_or(|b| !b.is_ascii_alphanumeric())
        };
        if gap == 0 || gap > MAX_GAP || !single(next) {
            return letters;
        }
        letters.push(next);
        last = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(folded: Option<FoldedText>) -> String {
        folded.map(|f| f.text).unwrap_or_default()
    }

    #[test]
    fn letters_in_other_forms_are_the_letters() {
        assert_eq!(text(fold("ＩＧＮＯＲＥ\u{3000}ｐｒｅｖｉｏｕｓ")), "IGNORE previous");
        assert_eq!(text(fold("𝐢𝐠𝐧𝐨𝐫𝐞 𝓶𝓮 ⓝⓞⓦ")), "ignore me now");
        assert_eq!(text(fold("Іgnоrе рrеvіоus")), "Ignore previous");
        assert_eq!(text(fold("ig\u{200b}no\u{ad}re")), "ignore");
        assert_eq!(text(fold("ïgnóre")), "ignore");
    }

    #[test]
    fn what_has_nothing_to_fold_is_not_folded() {
        for plain in ["ignore previous", "获取天气。", "a → b “c” … 😀", ""] {
            assert_eq!(fold(plain), None, "{plain}");
        }
    }

    #[test]
    fn letters_with_spaces_between_them_are_words() {
        for (spaced, words, whole) in [
            ("i g n o r e  p r e v i o u s", "ignore previous", "ignoreprevious"),
            ("Get. I-G-N-O-R-E now", "Get. IGNORE now", "Get. IGNORE now"),
            ("i g n o r e a l l", "ignoreall", "ignoreall"),
        ] {
            assert!(may_be_spaced(spaced));
            assert_eq!(text(joined(spaced, false)), words);
            assert_eq!(text(joined(spaced, true)), whole);
        }
        for plain in ["a b c d", "e.g. a - b", "A 1 B 2 C 3", "U.S.A. is big"] {
            assert_eq!(joined(plain, false), None, "{plain}");
        }
    }

    #[test]
    fn wherever_a_spaced_word_begins_it_is_seen() {
        for before in 0..8 {
            assert!(may_be_spaced(&format!("{}h e l l o", "x ".repeat(before).trim_end().to_owned() + " ")));
            assert!(may_be_spaced(&format!("{}h e l l o", "y".repeat(before) + ". ")));
        }
    }

    #[test]
    fn a_spaced_word_is_seen_at_any_place_of_a_text_of_any_length() {
        for len in 0..80 {
            for at in 0..=len {
                let text = format!("{} h.e.l.l.o {}", "y".repeat(at), "y".repeat(len - at));
                assert!(may_be_spaced(&text), "{text}");
                assert!(!may_be_spaced(&text.replace('.', "")), "{text}");
            }
        }
    }

    #[test]
    fn characters_beyond_ascii_are_found_wherever_they_stand() {
        for len in 0..70 {
            let text = format!("{}é{}—", "a".repeat(len), "b".repeat(70 - len));
            assert_eq!(foreign(&text).collect::<Vec<_>>(), [(len, 'é'), (72, '—')]);
        }
    }

    #[test]
    fn a_span_is_that_of_the_original() {
        let original = "Get it. ＩＧＮＯＲＥ this";
        let folded = fold(original).expect("folds");
        let at = folded.as_str().find("IGNORE").expect("is there");
        let span = folded.span(original, at, at + 6);
        assert_eq!(&original[span.start..span.end], "ＩＧＮＯＲＥ");
    }
}
