//! What restricted a tool and is gone or no longer holds.

use super::News;
use super::texts::{Texts, around, at, part_of};
use crate::classify::{Evidence, FindingLevel, Place, SpeaksFor, is_app_only};
use crate::manifest::{DefinitionPart, Tool};
use crate::review::change::Proof;
use crate::review::compare::schema::{defaults, guards};
use crate::review::compare::{StateTool, moved_text};

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
        // Where the tool is no worse than that without it, there was nothing left to restrict.
        let needless = matches!(restriction.speaks_for, SpeaksFor::Class(restricted) if class <= restricted);
        if stands && needless || news.iter().any(|n| n.words == words) {
            continue;
        }
        news.push(News {
            notes: vec![if stands { "no longer holds" } else { "is gone" }],
            words: words.to_owned(),
            level: FindingLevel::Warning,
            proofs: vec![Proof::Rule(restriction.clone())],
            place,
        });
    }
    if moved.contains(&part_of("/inputSchema")) {
        let (before, now) = (&old.tool.input_schema, &new.tool.input_schema);
        let held = guards::lost(after.lexicon, before, now);
        let harm = defaults::worse(after.lexicon, (before, &old.verdict), (now, &new.verdict));
        for guard in held.into_iter().chain(harm) {
            news.push(News {
                place: guard.pointer,
                words: guard.path,
                notes: vec![guard.what],
                level: guard.level,
                proofs: vec![guard.proof],
            });
        }
    }
    news.extend(shown_to_model(&old.tool, &new.tool));
    news
}

/// The visibility that kept a tool from the model and no longer does.
fn shown_to_model(old: &Tool, new: &Tool) -> Option<News> {
    if !is_app_only(old) || is_app_only(new) {
        return None;
    }
    let text = |tool: &Tool, pointer: &str| {
        let value = tool.extra.get("_meta").and_then(|meta| meta.pointer(pointer));
        value.map(serde_json::Value::to_string)
    };
    let of_ui = text(old, "/ui/visibility").is_some();
    let (pointer, words) = if of_ui {
        ("/ui/visibility", "_meta.ui.visibility")
    } else {
        ("/openai~1visibility", "_meta.openai/visibility")
    };
    let place = format!("/_meta{pointer}");
    let proof = moved_text(&place, text(old, pointer).as_deref(), text(new, pointer).as_deref());
    Some(News {
        place,
        words: words.to_owned(),
        notes: vec!["kept it from the model and no longer does"],
        level: FindingLevel::Warning,
        proofs: vec![proof],
    })
}
