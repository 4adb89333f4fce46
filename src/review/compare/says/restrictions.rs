//! What restricted a tool and is gone or no longer holds.

use super::News;
use super::texts::{Texts, around, at, part_of};
use crate::classify::{Evidence, FindingLevel as Level, Place, SpeaksFor};
use crate::manifest::DefinitionPart;
use crate::review::change::Proof;
use crate::review::compare::StateTool;
use crate::review::compare::schema::guards;

/// The restrictions of `before` that `after` has lost: words, then arguments.
pub(super) fn lost(before: StateTool<'_>, after: StateTool<'_>, moved: &[DefinitionPart]) -> Vec<News> {
    let (Some(old), Some(new)) = (before.definition, after.definition) else { return Vec::new() };
    let (was, texts) = (Texts::of(&old.tool), Texts::of(&new.tool));
    let class = after.row.label.class;
    let holds = |e: &Evidence| {
        new.verdict.evidence.iter().any(|n| n.restricts && n.rule == e.rule && n.speaks_for == e.speaks_for)
    };
    let mut news: Vec<News> = Vec::new();
    for restriction in old.verdict.evidence.iter().filter(|e| e.restricts && !holds(e)) {
        let place = restriction.place.to_string();
        let Some(text) = at(&old.tool, &was, &restriction.place) else { continue };
        let words = if restriction.place == Place::Name { text } else { around(text, restriction.span) };
        let stands = if restriction.place == Place::Name { new.tool.name == text } else { texts.says(words) };
        // Where the tool is no worse than that without it, nothing was there to restrict any more.
        let needless = matches!(restriction.speaks_for, SpeaksFor::Class(restricted) if class <= restricted);
        if stands && needless || news.iter().any(|n| n.words == words) {
            continue;
        }
        news.push(News {
            notes: vec![if stands { "no longer holds" } else { "is gone" }],
            words: words.to_owned(),
            level: Level::Warning,
            proofs: vec![Proof::Rule(restriction.clone())],
            place,
        });
    }
    if moved.contains(&part_of("/inputSchema")) {
        for guard in guards::lost(after.lexicon, &old.tool.input_schema, &new.tool.input_schema) {
            news.push(News {
                place: guard.pointer,
                words: guard.path,
                notes: vec![guard.what],
                level: Level::Warning,
                proofs: vec![guard.proof],
            });
        }
    }
    news
}
