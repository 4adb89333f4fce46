//! Sentences of ours: each is written once, in a table, with the condition under which it is true.
//!
//! A server's words are quoted in a sentence and never become part of its grammar. What a module says of a tool
//! is a row of its table; `toolcard explain --sentences` lists all rows.

/// One sentence of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// The stable id.
    pub id: &'static str,
    /// The words; what a tool fills in is named in braces: `{quote}`.
    pub text: &'static str,
    /// When it is true.
    pub when: &'static str,
    /// What it fills in, in the order of the text: name and kind.
    pub slots: &'static [(&'static str, &'static str)],
    /// On how many pages it may appear.
    pub share: PageShare,
}

/// On how many pages a sentence may appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageShare {
    /// A question or a caption: it has no condition of its own.
    Heading,
    /// It says what the class, or the policy that follows from the class, means: all pages of that class.
    Class,
    /// It distinguishes this tool from others: never on more than a third of all pages.
    Third,
}

/// One piece of a sentence's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words of ours.
    Words(&'static str),
    /// The name of what is filled in.
    Slot(&'static str),
}

/// The pieces of a text, in order.
pub fn parts(text: &'static str) -> impl Iterator<Item = Part> {
    text.split('{').enumerate().flat_map(|(i, piece)| match piece.split_once('}') {
        Some((name, rest)) if i > 0 => [Part::Slot(name), Part::Words(rest)],
        _ => [Part::Words(piece), Part::Words("")],
    })
}

impl Sentence {
    /// The sentence with each slot filled by what `value` gives for its name.
    pub fn fill(&self, mut value: impl FnMut(&'static str) -> String) -> String {
        let mut out = String::with_capacity(self.text.len() + 32);
        for part in parts(self.text) {
            match part {
                Part::Words(words) => out.push_str(words),
                Part::Slot(name) => out.push_str(&value(name)),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_words_and_slots() {
        let shown: Vec<Part> = parts("Takes {code}, not {quote}.").filter(|p| *p != Part::Words("")).collect();
        let words = [Part::Words("Takes "), Part::Slot("code"), Part::Words(", not "), Part::Slot("quote")];
        assert_eq!(shown, [words.as_slice(), &[Part::Words(".")]].concat());
    }
}
