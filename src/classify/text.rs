//! Words with what the lexicon knows of each, looked up once and read by every rule.

use crate::counted::steps;
use crate::lexicon::{Form, Function, GroupSet, Lexicon, Noun, Verb, VerbRole, WordEntry};
use crate::risk::{Class, Span};
use crate::words::{Break, Words, split_identifier, split_prose};

/// A name or a text in words.
#[derive(Debug, Default)]
pub(super) struct Text {
    words: Words,
    entries: Vec<WordEntry>,
}

impl Text {
    /// Reads a name or a title.
    pub(super) fn identifier(&mut self, lexicon: &Lexicon, text: &str) {
        split_identifier(text, &mut self.words);
        self.look_up(lexicon);
    }

    /// Reads at most `limit` bytes of sentences.
    pub(super) fn prose(&mut self, lexicon: &Lexicon, text: &str, limit: usize) {
        split_prose(text, limit, &mut self.words);
        self.look_up(lexicon);
    }

    fn look_up(&mut self, lexicon: &Lexicon) {
        let index = lexicon.index();
        self.entries.clear();
        let (lower, words) = self.words.within();
        self.entries.extend(words.map(|(place, start, end)| {
            let entry = index.word_within(lower, start, end);
            // `hard-deletes`: a verb that destroys or sends, with a prefix that only says how.
            if !entry.is_unknown() {
                return entry;
            }
            let word = &lower[start..end];
            if !place.hyphen {
                // `l'efface`, `m’envoie`: an object of one letter.
                let elided = match word.as_bytes() {
                    [_, b'\'', ..] => word.get(2..),
                    [_, 0xe2, 0x80, 0x99, ..] => word.get(4..),
                    _ => None,
                };
                return elided
                    .map(|rest| index.word(rest))
                    .filter(|e| e.verb.is_some())
                    .map_or(entry, |e| entry.replaced_by(e));
            }
            let tail = word.rsplit_once('-').map(|(_, tail)| index.word(tail));
            let destroys = |e: &WordEntry| {
                e.verb.is_some_and(|(v, _)| {
                    let row = &lexicon.verbs()[v as usize];
                    row.class == Class::Destructive || row.roles.contains(VerbRole::Sends)
                })
            };
            // `exclui-os`: the object stands behind the verb.
            let head = || word.split_once('-').map(|(head, _)| index.word(head));
            tail.filter(destroys).or_else(|| head().filter(destroys)).map_or(entry, |other| entry.replaced_by(other))
        }));
    }

    /// How many words.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no word.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The lower-case word at `i`, empty past the end.
    pub(super) fn word(&self, i: usize) -> &str {
        self.words.text(i)
    }

    /// What the word at `i` is; nothing past the end.
    pub(super) fn entry(&self, i: usize) -> WordEntry {
        self.entries.get(i).copied().unwrap_or_default()
    }

    /// Whether the word at `i` has that function.
    #[inline]
    pub(super) fn is(&self, i: usize, function: Function) -> bool {
        steps(1);
        self.entries.get(i).is_some_and(|e| e.is(function))
    }

    /// Whether a clause beside the main one may state with the word at `i` that something is changed.
    pub(super) fn changes(&self, i: usize) -> bool {
        self.entries.get(i).is_some_and(|e| e.changes())
    }

    /// The verb at `i`, in whatever form; who does it (`deleter`) is not a verb.
    pub(super) fn verb<'l>(&self, lexicon: &'l Lexicon, i: usize) -> Option<(u16, Form, &'l Verb)> {
        let (verb, form) = self.entries.get(i)?.verb?;
        (form != Form::Agent).then(|| (verb, form, &lexicon.verbs()[verb as usize]))
    }

    /// The verb of a word like `deleter`.
    pub(super) fn agent<'l>(&self, lexicon: &'l Lexicon, i: usize) -> Option<(u16, &'l Verb)> {
        let (verb, form) = self.entries.get(i)?.verb?;
        (form == Form::Agent).then(|| (verb, &lexicon.verbs()[verb as usize]))
    }

    /// The verb at `i` in its base form.
    pub(super) fn base<'l>(&self, lexicon: &'l Lexicon, i: usize) -> Option<(u16, &'l Verb)> {
        self.verb(lexicon, i).filter(|(_, form, _)| *form == Form::Base).map(|(verb, _, row)| (verb, row))
    }

    /// Whether the base form at `i` is hardly ever a noun.
    pub(super) fn is_only_verb(&self, lexicon: &Lexicon, i: usize) -> bool {
        self.base(lexicon, i).is_some_and(|(_, row)| row.noun == Noun::Rarely)
    }

    /// Groups of the word at `i`, and of the noun that it makes with the word before it.
    pub(super) fn groups(&self, lexicon: &Lexicon, from: usize, i: usize) -> GroupSet {
        let own = self.entry(i);
        if i > from && own.may_be_second() {
            own.groups | lexicon.index().pair(self.word(i - 1), self.word(i))
        } else {
            own.groups
        }
    }

    /// What stood before the word at `i`.
    pub(super) fn before(&self, i: usize) -> Break {
        self.words.word(i).before
    }

    /// Whether the word at `i` is quoted or written as code.
    pub(super) fn quoted(&self, i: usize) -> bool {
        self.words.word(i).quoted
    }

    /// Whether any word is quoted or written as code.
    pub(super) fn has_quoted(&self) -> bool {
        self.words.has_quoted()
    }

    /// Whether the word at `i` begins with a capital.
    pub(super) fn capital(&self, i: usize) -> bool {
        self.words.word(i).capital
    }

    /// The bytes of the word at `i`.
    pub(super) fn span(&self, i: usize) -> Span {
        self.words.span(i)
    }

    /// Whether the words at `i` and behind it are one noun, the first being no verb there.
    pub(super) fn compound(&self, lexicon: &Lexicon, i: usize) -> bool {
        self.entry(i + 1).may_end_compound() && lexicon.index().compound(self.word(i), self.word(i + 1))
    }

    /// Whether the word at `i` looks like a plural.
    pub(super) fn plural(&self, i: usize) -> bool {
        let word = self.word(i);
        word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !word.ends_with("us")
            && !word.ends_with("is")
            && !self.is(i, Function::Singular)
    }

    /// All lower-case words.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter()
    }
}
