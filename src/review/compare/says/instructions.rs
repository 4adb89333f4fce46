//! Texts that instruct a model and did not before.

use super::references::steers_all;
use super::texts::{Passage, Texts, around, at, normal, part_of, sentences};
use super::{MAX_CHANGES, News};
use crate::classify::{Finding, FindingId, FindingLevel, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::{DefinitionPart, Tool};
use crate::neutral;
use crate::review::change::Proof;
use crate::review::compare::StateTool;
use crate::risk::Span;

/// The instructions of `after`. Of a tool that was there before those that are new; where its words
/// are not known (a lock), those in a part that moved.
pub(in crate::review::compare) fn added(
    before: Option<(StateTool<'_>, &[DefinitionPart])>,
    after: StateTool<'_>,
) -> Vec<News> {
    let Some(new) = after.definition else { return Vec::new() };
    let texts = Texts::of(&new.tool);
    let old = before.and_then(|(seen, _)| seen.definition).map(|d| Texts::of(&d.tool));
    let fresh = |place: &str, sentence: &str| match (&old, before) {
        (Some(old), _) => !old.says(sentence),
        (None, Some((_, moved))) => moved.contains(&part_of(place)),
        (None, None) => true,
    };
    let mut news: Vec<News> = Vec::new();
    let mut tell = |place: &str, words: &str, why: Option<&Finding>| {
        if news.len() >= MAX_CHANGES {
            return;
        }
        let same = normal(words);
        if fresh(place, words)
            && !news.iter().any(|n| normal(&n.words).contains(&same) || same.contains(&normal(&n.words)))
        {
            let mut proofs = vec![Proof::Words { place: place.to_owned(), text: words.to_owned() }];
            proofs.extend(why.map(|f| Proof::Said { text: neutral::visible(f.message.trim_end_matches('.')).into() }));
            news.push(News {
                place: place.to_owned(),
                words: words.to_owned(),
                notes: vec![],
                level: FindingLevel::Error,
                proofs,
            });
        }
    };
    for finding in directed(&new.verdict) {
        let place = finding.place.to_string();
        if let Some(text) = at(&new.tool, &texts, &finding.place) {
            tell(&place, around(text, finding.span), Some(finding));
        }
    }
    // A finding is the first of its text: what was said there before must not hide what is said behind it.
    for text in texts.iter() {
        for (sentence, span) in orders(text, after.lexicon) {
            tell(&text.place, around(sentence, span), None);
        }
    }
    news
}

/// Whether a text of the tool instructs a model: what a person may accept, since a review reports it.
pub fn instructs(tool: &Tool, verdict: &Verdict, lexicon: &Lexicon) -> bool {
    let found = directed(verdict).next().is_some();
    found || Texts::of(tool).iter().any(|text| orders(text, lexicon).next().is_some())
}

fn directed(verdict: &Verdict) -> impl Iterator<Item = &Finding> {
    verdict.findings.iter().filter(|f| f.id == FindingId::ModelDirectedText)
}

/// The sentences of a text that instruct a model, and where in them.
fn orders<'a>(text: &Passage<'a>, lexicon: &Lexicon) -> impl Iterator<Item = (&'a str, Span)> {
    let (index, prose) = (lexicon.index(), text.prose);
    sentences(text.text).filter_map(move |(_, sentence)| {
        let hit = index.model_directed(sentence).hit.map(|(_, start, end)| Span { start, end });
        let span = hit.or_else(|| prose.then(|| steers_all(sentence)).flatten())?;
        Some((sentence, span))
    })
}
