//! Titles and descriptions, and whether their words moved the label.

use super::{StateTool, between, moved_text};
use crate::classify::{FindingLevel, Place};
use crate::manifest::DefinitionPart;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;

/// Words of context that are shown on each side of what changed.
const MAX_CONTEXT_WORDS: usize = 4;

/// Returns the parts that are reported here. Where a line quotes what is new in them (`quoted`), that line
/// shows the difference, and there is no other.
pub(super) fn compare(
    slug: &str,
    before: StateTool<'_>,
    after: StateTool<'_>,
    moved: &[DefinitionPart],
    quoted: Option<usize>,
    changes: &mut Vec<Change>,
) -> Vec<DefinitionPart> {
    let reported: Vec<DefinitionPart> =
        moved.iter().copied().filter(|p| matches!(p, DefinitionPart::Title | DefinitionPart::Description)).collect();
    if reported.is_empty() {
        return reported;
    }
    if let Some(line) = quoted.and_then(|at| changes.get_mut(at)) {
        line.evidence.extend(reported.iter().map(|part| difference(*part, before, after)));
        return reported;
    }
    let (old, new) = (&before.row.label, &after.row.label);
    let deciding = new_words(before, after);
    let (level, effect) = match (deciding.is_empty(), new.risk().cmp(&old.risk())) {
        (false, std::cmp::Ordering::Greater) => (FindingLevel::Error, ", and its words raised the label"),
        (_, std::cmp::Ordering::Less) if lost_words(before, after) || !deciding.is_empty() => {
            (FindingLevel::Warning, ", and its words lowered the label")
        }
        _ => (FindingLevel::Note, ""),
    };
    let parts: Vec<&str> = reported.iter().map(|p| p.key()).collect();
    let message = format!("the {} changed{effect}", parts.join(" and the "));
    let mut change = between(slug, Kind::DescriptionChanged, before, after, message);
    change.level = level;
    for part in &reported {
        change.evidence.push(difference(*part, before, after));
    }
    change.evidence.extend(deciding);
    changes.push(change);
    reported
}

fn text(part: DefinitionPart, seen: StateTool<'_>) -> Option<&str> {
    let tool = &seen.definition?.tool;
    match part {
        DefinitionPart::Title => tool.title.as_deref(),
        _ => tool.description.as_deref(),
    }
}

fn difference(part: DefinitionPart, before: StateTool<'_>, after: StateTool<'_>) -> Proof {
    let (old, new) = (text(part, before), text(part, after));
    if before.definition.is_none() || after.definition.is_none() {
        return Proof::Said { text: format!("the lock does not hold the words of the {}", part.key()).into() };
    }
    match old.zip(new) {
        Some((old, new)) => {
            let (old, new) = window(old, new);
            moved_text(part.key(), Some(&old), Some(&new))
        }
        None => moved_text(part.key(), old, new),
    }
}

/// What differs between two texts, with a few words around it.
fn window(old: &str, new: &str) -> (String, String) {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    let cut = |words: &[&str]| {
        let (from, to) =
            (head.saturating_sub(MAX_CONTEXT_WORDS), (words.len() - tail + MAX_CONTEXT_WORDS).min(words.len()));
        let (before, after) = (if from > 0 { "… " } else { "" }, if to < words.len() { " …" } else { "" });
        format!("{before}{}{after}", words[from..to].join(" "))
    };
    (cut(&a), cut(&b))
}

/// The words of the new text that the label rests on and the old text did not have.
fn new_words(before: StateTool<'_>, after: StateTool<'_>) -> Vec<Proof> {
    let Some((old, new)) = before.definition.zip(after.definition) else { return Vec::new() };
    let in_words = |place: &Place| matches!(place, Place::Title | Place::Description);
    let known = |rule: &str, text: &str| {
        old.verdict.evidence.iter().any(|e| e.rule == rule && e.text == text && in_words(&e.place))
    };
    let fresh = new.verdict.evidence.iter().filter(|e| e.decides && in_words(&e.place) && !known(&e.rule, &e.text));
    fresh.cloned().map(Proof::Rule).collect()
}

/// Whether the old label rested on words that are gone.
fn lost_words(before: StateTool<'_>, after: StateTool<'_>) -> bool {
    !new_words(after, before).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_what_differs_with_a_few_words_around() {
        let old = "Lists all of the files in a folder and returns them to the caller as text";
        let new = "Lists all of the files in a folder, removes them for good and returns them to the caller as text";
        let (a, b) = window(old, new);
        assert_eq!(a, "… the files in a folder and returns them to …");
        assert_eq!(b, "… the files in a folder, removes them for good and returns them to …");
        assert_eq!(window("a a a", "a a"), ("a a a".to_owned(), "a a".to_owned()));
        assert_eq!(window("", "x"), (String::new(), "x".to_owned()));
    }
}
