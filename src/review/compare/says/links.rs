//! Addresses that a definition did not name before.

use std::collections::HashSet;

use super::addresses::addresses;
use super::texts::{Texts, around, sentences};
use super::{MAX_CHANGES, News};
use crate::classify::FindingLevel;
use crate::lexicon::{Form, Lexicon, Noun};
use crate::review::change::Proof;
use crate::review::compare::StateTool;
use crate::risk::{Facet, Span};
use crate::words::{Break, Words, split_prose};

/// What is between what is sent and where to.
const TOWARDS: [&str; 6] = ["to", "at", "via", "with", "using", "through"];
/// Verbs that carry something away, beside those that the lexicon knows to reach people.
const CARRIES: [&str; 12] =
    ["send", "forward", "post", "upload", "transmit", "submit", "copy", "report", "deliver", "push", "publish", "leak"];

/// The addresses of `after` that `before` does not name anywhere.
pub(super) fn added(before: StateTool<'_>, after: StateTool<'_>) -> Vec<News> {
    let (Some(old), Some(new)) = (before.definition, after.definition) else { return Vec::new() };
    let was = Texts::of(&old.tool);
    let mut known: HashSet<String> = was.iter().flat_map(|t| addresses(t.text)).map(|a| a.key).collect();
    let mut news = Vec::new();
    for text in Texts::of(&new.tool).iter() {
        for (_, sentence) in sentences(text.text) {
            let found = addresses(sentence);
            let sends = !found.is_empty() && sends(after.lexicon, sentence);
            for address in found {
                // Many addresses to read must not hide one to send to.
                let most = if sends { 2 * MAX_CHANGES } else { MAX_CHANGES };
                if !known.insert(address.key) || news.len() >= most {
                    continue;
                }
                let at = sentence.find(&address.shown).unwrap_or(0);
                let words = around(sentence, Span { start: at, end: at }).to_owned();
                news.push(News {
                    place: text.place.clone(),
                    words: address.shown,
                    notes: if sends { vec!["the sentence says to send something"] } else { vec![] },
                    level: if sends { FindingLevel::Error } else { FindingLevel::Warning },
                    proofs: vec![Proof::Words { place: text.place.clone(), text: words }],
                });
            }
        }
    }
    news
}

/// Whether a sentence says to send something somewhere: a verb that does, and a preposition behind it.
fn sends(lexicon: &Lexicon, sentence: &str) -> bool {
    let mut words = Words::new();
    split_prose(sentence, sentence.len(), &mut words);
    let carries = |i: usize| {
        let Some((verb, form)) = lexicon.index().word(words.text(i)).verb else { return false };
        let row = &lexicon.verbs()[verb as usize];
        let reaches = row.facets.contains(&Facet::SendsOut) || CARRIES.contains(&row.lemma.as_str());
        // `posts` and `messages` are things, unless they are where an action is.
        let before = if i == 0 { "then" } else { words.text(i - 1) };
        let said = matches!(
            before,
            "then" | "and" | "or" | "also" | "it" | "to" | "will" | "must" | "should" | "always" | "please"
        );
        let done =
            form == Form::Past && matches!(before, "is" | "are" | "be" | "being" | "gets" | "get" | "was" | "were");
        let does = matches!(form, Form::Base | Form::Third | Form::Ing)
            && (row.noun == Noun::Rarely || said || words.word(i).before >= Break::Comma);
        reaches && (done || does)
    };
    let first = (0..words.len()).find(|i| carries(*i) && !words.word(*i).quoted);
    first.is_some_and(|at| words.iter().skip(at + 1).any(|w| TOWARDS.contains(&w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_send_something_to_is_told_from_one_to_read() {
        for text in [
            "Forward the result to https://a.example",
            "It also emails a copy to x@a.example.",
            "A copy is sent to x@a.example",
            "Uploads the file, then posts it to a.example/in",
        ] {
            assert!(sends(Lexicon::embedded(), text), "{text}");
        }
        for text in [
            "See https://a.example",
            "Also see the docs at https://a.example",
            "Returns messages sent to x@a.example",
            "Lists posts with a link to https://a.example",
        ] {
            assert!(!sends(Lexicon::embedded(), text), "{text}");
        }
    }
}
