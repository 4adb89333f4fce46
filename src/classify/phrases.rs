//! What stands around a phrase: denied, said of another tool, refused, or to be switched off.

use super::draft::ToolReadings;
use super::sentence::is_elsewhere;
use super::text::Text;
use crate::lexicon::{Form, Function, GroupSet};
use crate::words::Break;

/// The word at or behind byte `at`.
fn word_at(text: &Text, at: usize) -> usize {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if text.span(middle).start < at { low = middle + 1 } else { high = middle }
    }
    low
}

fn begins(text: &Text, i: usize, least: Break) -> usize {
    (1..=i.min(text.len().saturating_sub(1))).rev().find(|k| text.before(*k) >= least).unwrap_or(0)
}

fn ends(text: &Text, i: usize) -> usize {
    (i + 1..text.len()).find(|k| text.before(*k) >= Break::Sentence).unwrap_or(text.len())
}

/// Whether a phrase at byte `at` is denied, conditional or only possible.
pub(super) fn is_denied(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    let from = begins(text, i, Break::Clause).max(i.saturating_sub(8));
    (from..i).any(|k| text.is(k, Function::Denies) || text.is(k, Function::Hypothetical))
}

/// Whether a phrase at byte `at` says what happens: a participle needs an auxiliary before it ("is saved to"
/// beside "the data previously saved to").
pub(super) fn is_said(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    let participle = text.verb(r.lexicon, i).is_some_and(|(_, form, _)| form == Form::Past);
    let near = i.saturating_sub(3)..i;
    !participle
        || (near.clone().any(|k| text.is(k, Function::Happens))
            && !near.clone().any(|k| text.is(k, Function::Normative)))
}

/// Whether an auxiliary of what happens stands right before byte `at`: "is permanently deleted".
pub(super) fn is_happening(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    (i.saturating_sub(2)..i).any(|k| text.is(k, Function::Happens))
}

/// Whether the sentence around byte `at` sends the reader to another tool.
pub(super) fn is_about_others(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    if i >= text.len() {
        return false;
    }
    let from = begins(text, i, Break::Sentence);
    is_elsewhere(r.lexicon, text, r.description, from, ends(text, i)) || matches!(text.word(from), "choose" | "prefer")
}

/// Whether the clause around byte `at` holds under a condition, or not always.
pub(super) fn is_conditional(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    let from = begins(text, i, Break::Clause);
    (from..i).any(|k| {
        text.is(k, Function::Condition)
            || text.is(k, Function::Epistemic)
            || matches!(text.word(k), "mostly" | "usually")
    })
}

/// Whether what is named at byte `at` is what a call needs: "requires the private key".
pub(super) fn is_needed(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    (i.saturating_sub(3)..i).any(|k| text.is(k, Function::Requires))
}

/// Whether the sentence around byte `at` has a word of `groups`.
pub(super) fn sentence_names(r: &ToolReadings<'_>, at: usize, groups: GroupSet) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    i < text.len() && (begins(text, i, Break::Sentence)..ends(text, i)).any(|k| text.entry(k).groups & groups != 0)
}

/// Whether what ends at byte `at` is named only to be refused: "DROP TABLE is not allowed".
pub(super) fn is_refused(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    (i..ends(text, i).min(i + 14)).any(|k| {
        let positive = text.is(k, Function::Allowed);
        text.is(k, Function::Refuses) && (!positive || (i..k).any(|m| text.is(m, Function::Denies)))
    })
}

/// Whether a restriction that ends at byte `at` can be switched off: "read-only by default".
pub(super) fn is_switchable(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    (i..ends(text, i).min(i + 8)).any(|k| text.is(k, Function::Switchable))
}

/// Whether the word at `i` is a verb that changes something: `read-only and writing statements`.
fn is_change(r: &ToolReadings<'_>, i: usize) -> bool {
    r.text_words.verb(r.lexicon, i).is_some_and(|(_, _, row)| row.class > crate::risk::Class::Read)
}

/// Whether what is said not to change, up to byte `at`, is all that there is: "does not modify data", and not
/// "does not change the connection".
pub(super) fn is_of_all(r: &ToolReadings<'_>, at: usize) -> bool {
    let text = r.text_words;
    let next = word_at(text, at);
    if next >= text.len() || text.before(next) > Break::Space || text.is(next, Function::Preposition) {
        return true;
    }
    let until = (next + 1..text.len())
        .find(|k| text.before(*k) > Break::Space || text.is(*k, Function::Preposition))
        .unwrap_or(text.len());
    (next..until).any(|k| text.is(k, Function::Whole))
}

/// Whether `text` has `words`, which are ASCII, in any case right before byte `at`. Only as many bytes are looked at.
pub(super) fn is_behind(text: &str, at: usize, words: &str) -> bool {
    let bytes = at.checked_sub(words.len()).and_then(|from| text.as_bytes().get(from..at));
    bytes.is_some_and(|bytes| bytes.eq_ignore_ascii_case(words.as_bytes()))
}

/// The same right behind byte `at`.
fn is_before(text: &str, at: usize, words: &str) -> bool {
    text.as_bytes().get(at..at + words.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(words.as_bytes()))
}

/// Whether a restriction at byte `at` is denied (`not only SELECT`), advice (`use only read-only queries`) or
/// speaks of a part (`for SELECT queries only …`).
pub(super) fn is_no_restriction(r: &ToolReadings<'_>, at: usize, to: usize) -> bool {
    let text = r.text_words;
    let i = word_at(text, at);
    // `Read-only properties are refused`: what is read-only is something else.
    let next = word_at(text, to);
    let noun = next < text.len()
        && text.before(next) == Break::Space
        && !text.is(next, Function::Restricted)
        && !text.is(next, Function::Happens);
    let said = r.description[at..to].to_ascii_lowercase();
    if noun && said.starts_with("read") {
        return true;
    }
    // `non-read-only`, `no longer read-only`, `used to be read-only`, `Read-only: false`, `read-only or not`
    let denied = ["non-", "non ", "not ", "no longer ", "not always ", "used to be ", "was ", "were "];
    let undone =
        ["** false", ": false", "=false", " = false", ":** false", " or not", " and ddl", " or on the primary"];
    let partly = [" in the free", " in the trial", " unless", " until", " for most", " in most", " by default"];
    if denied.iter().any(|word| is_behind(r.description, at, word))
        || undone.iter().chain(&partly).any(|words| is_before(r.description, to, words))
    {
        return true;
    }
    let until = (i + 1..text.len()).find(|k| text.before(*k) >= Break::Comma).unwrap_or(text.len());
    let read_mode = next < text.len() && text.word(next) == "mode";
    let joined = next + 1 < text.len() && text.is(next, Function::And) && is_change(r, next + 1);
    // `Only SELECT queries return rows`, `SELECT queries only the first rows of …`: a clause of its own.
    let states = |f| !text.is(next, f);
    let verb = text.verb(r.lexicon, next).is_some() && states(Function::Restricted) && states(Function::Happens);
    let follows = next < until && text.before(next) == Break::Space && (verb || text.is(next, Function::Any));
    let clause = follows && !said.starts_with("read") && said.contains("select");
    // `The read-only replica is not used`.
    let unused = (next..until.min(next + 8)).any(|k| {
        text.is(k, Function::Denies)
            && (k + 1..until.min(k + 3))
                .any(|m| text.is(m, Function::Refuses) || text.is(m, Function::Switchable) || text.word(m) == "used")
    });
    // `In read-only mode, changes are refused`: a mode that may be off.
    let sentence = begins(text, i, Break::Sentence);
    let moded = read_mode && text.word(sentence) == "in" && until < text.len() && text.before(until) == Break::Comma;
    if joined || clause || unused || moded {
        return true;
    }
    let from = begins(text, i, Break::Clause).max(i.saturating_sub(6));
    // `optionally read-only`
    let optional = (i.saturating_sub(2)..i).any(|k| text.is(k, Function::Switchable));
    optional
        || (from..i).any(|k| {
            let denied = text.is(k, Function::Unrestricted);
            let doing = text.word(k) == "not" && k > 0 && matches!(text.word(k - 1), "does" | "do" | "will");
            let advice = matches!(text.word(k), "use" | "using") && (k == from || text.is(k - 1, Function::Reader));
            (denied && !doing) || advice
        })
}
