//! Descriptions: where a sentence can be put.

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 8] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "incl.", "approx.", "no."];

/// A line that is shorter than this and followed by a capital was broken by its author's will.
const MIN_WRAPPED_BYTES: usize = 60;

/// What denies or conditions the first sentence or points elsewhere: words added behind it could
/// fall into that scope.
const SCOPES: [&str; 13] = [
    "not",
    "never",
    "cannot",
    "nor",
    "neither",
    "without",
    "if",
    "when",
    "unless",
    "until",
    "instead",
    "unlike",
    "deprecated",
];

/// Where the first sentence ends, its full stop included.
fn first_end(text: &str) -> usize {
    let (mut code, mut depth) = (false, 0_u32);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let rest = &text[end..];
        match c {
            '`' => code = !code,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '\n' if at > 0 && line_ends(&text[..at], rest) => return at,
            '。' => return end,
            '.' | '!' | '?' if !code && depth == 0 && (rest.is_empty() || rest.starts_with(char::is_whitespace)) => {
                let word = text[..end].rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
                if !ABBREVIATIONS.contains(&word.as_str()) {
                    return end;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Whether the break between `before` and `rest` ends a heading, a line of a list or a paragraph
/// and does not merely wrap it.
fn line_ends(before: &str, rest: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let next = rest.split('\n').next().unwrap_or_default().trim();
    let item = next.starts_with(['-', '*', '#', '<', '|', '•']) || next.starts_with(|c: char| c.is_ascii_digit());
    next.is_empty() || item || (line.len() < MIN_WRAPPED_BYTES && next.starts_with(char::is_uppercase))
}

/// The first sentence and what follows, white space at both ends left out.
fn split_first(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (first, rest) = text.split_at(first_end(text));
    (!first.is_empty()).then_some((first, rest))
}

/// The text with a full stop, where it ends in none.
fn closed(text: &str) -> String {
    let text = text.trim_end();
    let stop = if text.ends_with(['.', '!', '?', ':', '…', '。', '|']) { "" } else { "." };
    format!("{text}{stop}")
}

/// `sentence` in place of the first one.
pub(in super::super) fn instead_of_first(text: &str, sentence: &str) -> Option<String> {
    let (_, rest) = split_first(text)?;
    (!rest.trim().is_empty()).then(|| format!("{sentence}{rest}"))
}

/// `sentence` before all others.
pub(in super::super) fn first(text: &str, sentence: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| format!("{sentence} {text}"))
}

/// `sentence` behind the first one.
pub(in super::super) fn second(text: &str, sentence: &str) -> Option<String> {
    let (first, rest) = split_first(text)?;
    Some(format!("{} {sentence}{rest}", closed(first)))
}

/// `sentence` behind all others: on their line, or as a paragraph where there are several.
pub(in super::super) fn last(text: &str, sentence: &str) -> Option<String> {
    let text = text.trim_end();
    match text {
        "" => None,
        text if text.trim_start().contains('\n') => Some(format!("{text}\n\n{sentence}")),
        text => Some(format!("{} {sentence}", closed(text))),
    }
}

/// `block` behind all others as a paragraph of its own.
pub(in super::super) fn paragraph(text: &str, block: &str) -> Option<String> {
    let text = text.trim_end();
    (!text.is_empty()).then(|| format!("{text}\n\n{block}"))
}

/// `sentence` behind a list of parameters and a note on what is returned.
pub(in super::super) fn after_parameters(text: &str, sentence: &str) -> Option<String> {
    let list =
        "Args:\n    id: The identifier of the entry.\n    verbose: Whether to say more.\n\nReturns:\n    The entry.";
    let has_one = ["Args:", "Parameters:", "Arguments:", "Returns:"].iter().any(|head| text.contains(head));
    if has_one { paragraph(text, sentence) } else { paragraph(text, &format!("{list}\n\n{sentence}")) }
}

/// The first sentence goes on with `words`, which begin with their own space or comma.
///
/// Not where it denies or conditions something or points elsewhere, breaks off within code or
/// parentheses, is a heading or introduces a list.
pub(in super::super) fn extend_first(text: &str, words: &str) -> Option<String> {
    let (first, rest) = split_first(text)?;
    let bare = first.trim_end_matches(['.', '!', '。', ' ']);
    let open = bare.matches('`').count() % 2 == 1 || bare.matches('(').count() != bare.matches(')').count();
    let scoped = bare
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .any(|word| word.ends_with("n't") || SCOPES.contains(&word.to_lowercase().as_str()));
    let broken =
        bare.is_empty() || bare.starts_with('#') || bare.contains("\n\n") || bare.ends_with([':', '?', '>', '|', '*']);
    (!open && !scoped && !broken).then(|| format!("{bare}{words}.{rest}"))
}

/// The first sentence goes on with `words`, in which `{s}` is the ending of the third person
/// where the sentence speaks in it (`Gets …`, `This tool lists …`).
pub(in super::super) fn coordinate_first(text: &str, words: &str) -> Option<String> {
    let head = text.split_whitespace().next()?;
    let third = (head.ends_with('s') && !head.ends_with("ss"))
        || ["This", "The", "It", "A", "An"].contains(&head)
        || !head.is_ascii();
    extend_first(text, &words.replace("{s}", if third { "s" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_ends_at_its_full_stop_or_before_a_list() {
        let first = |text| split_first(text).map(|(first, _)| first);
        assert_eq!(first("Get it, e.g. a page. Then stop."), Some("Get it, e.g. a page."));
        assert_eq!(first("Notion | Append\nError Responses:\n400"), Some("Notion | Append"));
        assert_eq!(first("Calls `a. b` (see c. d) now. End"), Some("Calls `a. b` (see c. d) now."));
        assert_eq!(first("  "), None);
    }

    #[test]
    fn a_sentence_is_put_where_it_is_asked_for() {
        let text = "Get a page. More.";
        assert_eq!(instead_of_first(text, "X.").as_deref(), Some("X. More."));
        assert_eq!(first(text, "X.").as_deref(), Some("X. Get a page. More."));
        assert_eq!(second(text, "X.").as_deref(), Some("Get a page. X. More."));
        assert_eq!(last("Get a page", "X.").as_deref(), Some("Get a page. X."));
        assert_eq!(last("Get a page\nof it", "X.").as_deref(), Some("Get a page\nof it\n\nX."));
        assert_eq!(extend_first(text, ", ending it").as_deref(), Some("Get a page, ending it. More."));
        assert_eq!(extend_first("Does not get it. More.", ", ending it"), None);
        assert_eq!(coordinate_first("Gets it. More.", " and end{s} it").as_deref(), Some("Gets it and ends it. More."));
        assert_eq!(coordinate_first("Get it.", " and end{s} it").as_deref(), Some("Get it and end it."));
    }
}
