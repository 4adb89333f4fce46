//! Words about other tools: their names, and when to call them.

use std::collections::HashSet;

use super::texts::{Texts, around, sentences};
use super::{MAX_CHANGES, Names, News};
use crate::classify::FindingLevel;
use crate::review::change::Proof;
use crate::review::compare::StateTool;
use crate::risk::Span;
use crate::words::{Words, split_prose};

/// Words between a call and the tool that is called: `use the search tool first`.
const MAX_NEAR: usize = 5;

/// The references of `after` to other tools of its server that `before` does not have.
pub(super) fn added(before: StateTool<'_>, after: StateTool<'_>, names: &Names<'_>) -> Vec<News> {
    let (Some(old), Some(new)) = (before.definition, after.definition) else { return Vec::new() };
    let (was, texts) = (Texts::of(&old.tool), Texts::of(&new.tool));
    let known: HashSet<&str> = mentions(&was, names).map(|(name, ..)| name).collect();
    let own = [before.row.tool.as_str(), after.row.tool.as_str()];
    let mut news: Vec<News> = Vec::new();
    let mut reported: HashSet<&str> = HashSet::new();
    for (name, place, words) in mentions(&texts, names) {
        let before = names.before(name);
        if own.contains(&name) || own.contains(&before) || known.contains(name) || known.contains(before) {
            continue;
        }
        if news.len() < MAX_CHANGES && names.is_there(name) && reported.insert(name) {
            let proofs = vec![Proof::Words { place: place.to_owned(), text: words.to_owned() }];
            let notes = vec![];
            news.push(News {
                place: place.to_owned(),
                words: name.to_owned(),
                notes,
                level: FindingLevel::Warning,
                proofs,
            });
        }
    }
    for text in texts.iter().filter(|t| t.prose) {
        for (_, sentence) in sentences(text.text).filter(|(_, sentence)| !was.says(sentence)) {
            let Some((span, false)) = steers(sentence) else { continue };
            if news.len() >= MAX_CHANGES {
                break;
            }
            let words = around(sentence, span);
            // The name of the tool says it already.
            if named(words, names).iter().any(|(name, _)| reported.contains(name)) {
                continue;
            }
            let proofs = vec![Proof::Words { place: text.place.clone(), text: words.to_owned() }];
            let notes = vec!["when to call tools"];
            news.push(News {
                place: text.place.clone(),
                words: words.to_owned(),
                notes,
                level: FindingLevel::Warning,
                proofs,
            });
        }
    }
    news
}

/// Names of tools in prose, where each is and the sentence around it.
fn mentions<'a>(texts: &'a Texts<'a>, names: &'a Names<'a>) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    texts.iter().filter(|t| t.prose).flat_map(move |text| {
        sentences(text.text).flat_map(move |(_, sentence)| {
            let found = named(sentence, names).into_iter();
            found.map(move |(name, span)| (name, text.place.as_str(), around(sentence, span)))
        })
    })
}

/// Names of tools in one text: in backticks, or bare where the name is not a plain word.
fn named<'a>(text: &str, names: &Names<'a>) -> Vec<(&'a str, Span)> {
    let mut found = Vec::new();
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let Some(start) = rest.find(inside).map(|i| at + i) else { break };
        let end = text[start..].find(|c| !inside(c)).map_or(text.len(), |i| start + i);
        at = end;
        let word = text[start..end].trim_end_matches(['.', ':', '/', '-']);
        let stop = start + word.len();
        let ticked = text[..start].ends_with('`') && text[stop..].trim_start_matches("()").starts_with(['`', '(']);
        // Clients spell names with the server before them: `mcp__server__name`, `server.name`.
        let tails = word.rmatch_indices("__").map(|(i, sep)| &word[i + sep.len()..]);
        let tail = tails.chain(word.split_once(['.', '/', ':']).map(|(_, tail)| tail));
        let name = std::iter::once(word).chain(tail).find_map(|w| names.get(w));
        if let Some(name) = name.filter(|name| ticked || is_identifier(name)) {
            found.push((name, Span { start, end: stop }));
        }
    }
    found
}

/// Whether a name is recognised without marks: a separator, or a capital inside.
fn is_identifier(name: &str) -> bool {
    let inner = name.trim_matches(|c: char| !c.is_alphanumeric());
    let small = inner.find(char::is_lowercase);
    inner.contains(|c: char| !c.is_alphanumeric() && c != ' ')
        || small.is_some_and(|at| inner[at..].contains(char::is_uppercase))
}

/// Where a sentence says when tools are to be called, and whether it speaks of all of them.
fn steers(sentence: &str) -> Option<(Span, bool)> {
    let mut words = Words::new();
    split_prose(sentence, sentence.len(), &mut words);
    let order = words.iter().any(|w| matches!(w, "before" | "after" | "first" | "prior" | "instead" | "always"));
    let calls = |w: &str| {
        matches!(
            w,
            "call"
                | "calls"
                | "calling"
                | "use"
                | "using"
                | "run"
                | "running"
                | "invoke"
                | "invoking"
                | "execute"
                | "executing"
        )
    };
    if !order {
        return None;
    }
    for at in (0..words.len()).filter(|at| calls(words.text(*at))) {
        let object = (at + 1..words.len().min(at + 1 + MAX_NEAR))
            .take_while(|i| !matches!(words.text(*i), "before" | "after" | "to" | "when" | "if" | "for"));
        let tool = object.into_iter().find(|i| matches!(words.text(*i), "tool" | "tools"));
        if let Some(tool) = tool {
            // `any get_* tool` names some, `any other tool` all.
            let fills =
                |w: &str| matches!(w, "other" | "of" | "the" | "these" | "those" | "your" | "available" | "mcp");
            let before = (at + 1..tool).rev().find(|i| !fills(words.text(*i))).unwrap_or(at);
            let all = matches!(words.text(before), "any" | "every" | "all" | "each");
            return Some((Span { start: words.span(at).start, end: words.span(tool).end }, all));
        }
    }
    None
}

/// Where a sentence says when any tool at all is to be called: that speaks to a model.
pub(super) fn steers_all(sentence: &str) -> Option<Span> {
    steers(sentence).filter(|(_, all)| *all).map(|(span, _)| span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_named_in_marks_or_by_a_name_that_is_not_a_plain_word() {
        let names = Names { head: ["search", "list_files", "getPage", "a.b"].into(), ..Names::default() };
        let reported = |text: &str| named(text, &names).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(
            reported("Use `search` or `search(query)` first, then list_files."),
            ["search", "search", "list_files"]
        );
        assert_eq!(
            reported("Search for pages; search is quick. (getPage) mcp__files__list_files"),
            ["getPage", "list_files"]
        );
        assert_eq!(reported("list_files_all, `search for x`, unlisted"), [""; 0]);
        assert_eq!(reported("Files:list_files files.getPage."), ["list_files", "getPage"]);
    }

    #[test]
    fn an_order_of_calls_speaks_of_a_tool_or_of_all() {
        let all = |text: &str| steers(text).map(|(_, all)| all);
        assert_eq!(all("Call the login tool first."), Some(false));
        assert_eq!(all("Before running any of the tools, read this."), Some(true));
        assert_eq!(all("Use it before any get_* tool is called, and call any list tool first."), Some(false));
        assert_eq!(all("Always use this tool instead of every other one."), Some(false));
        assert_eq!(all("Use this before deploying a tool chain to the server."), None);
        assert_eq!(all("Returns the first tool of the box."), None);
    }
}
