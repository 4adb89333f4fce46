//! Names: their words, and how more are joined on in the name's own style.

use std::ops::Range;

/// Verbs that are replaced or taken away: what is left when they go is an object.
const VERBS: [&str; 18] = [
    "verify", "get", "list", "search", "read", "fetch", "find", "describe", "show", "view", "retrieve", "lookup",
    "count", "create", "add", "update", "edit", "set",
];

/// How a name joins its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A separator between them.
    Separated(char),
    /// `likeThis` or `LikeThis`.
    Camel,
}

/// The style of a name; that of one lower-case word is `like_this`.
fn style(name: &str) -> Style {
    match name.chars().rev().find(|c| !c.is_alphanumeric()) {
        Some(separator @ ('_' | '-' | '.' | '/' | ' ')) => Style::Separated(separator),
        None if name.chars().any(char::is_uppercase) && name.chars().any(char::is_lowercase) => Style::Camel,
        _ => Style::Separated('_'),
    }
}

/// Where the words of a name are.
fn words(name: &str) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = name.char_indices().collect();
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, &(start, c)) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let end = start + c.len_utf8();
        let hump = at > 0 && c.is_uppercase() && {
            let before = chars[at - 1].1;
            let after = chars.get(at + 1).is_some_and(|(_, c)| c.is_lowercase());
            before.is_lowercase() || before.is_numeric() || (before.is_uppercase() && after)
        };
        match words.last_mut() {
            Some(last) if open && !hump => last.end = end,
            _ => words.push(start..end),
        }
        open = true;
    }
    words
}

/// `Word` for `word`.
fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Words given `like_this`, in a style; those of a camel name all begin with a capital.
fn spelled(wording: &str, style: Style) -> String {
    match style {
        Style::Separated(separator) => wording.replace('_', separator.encode_utf8(&mut [0; 4])),
        Style::Camel => wording.split('_').map(capitalised).collect(),
    }
}

/// The name with `wording` (words `like_this`) at its end.
pub(in super::super) fn after(name: &str, wording: &str) -> String {
    let style = style(name);
    let wording = spelled(wording, style);
    match style {
        Style::Separated(separator) => format!("{name}{separator}{wording}"),
        Style::Camel => format!("{name}{wording}"),
    }
}

/// The name with `wording` at its head.
pub(in super::super) fn before(name: &str, wording: &str) -> String {
    match style(name) {
        style @ Style::Separated(separator) => format!("{}{separator}{name}", spelled(wording, style)),
        Style::Camel => {
            let head = spelled(wording, Style::Camel);
            let lower = name.chars().next().is_some_and(char::is_lowercase);
            let head = if lower { uncapitalised(&head) } else { head };
            format!("{head}{}", capitalised(name))
        }
    }
}

fn uncapitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The word of a name that is its verb: the first that is in [`VERBS`], with an object behind
/// it or nothing before it.
fn verb(name: &str) -> Option<Range<usize>> {
    let words = words(name);
    let at = words.iter().position(|word| VERBS.contains(&name[word.clone()].to_lowercase().as_str()))?;
    (at == 0 || at + 1 < words.len()).then(|| words[at].clone())
}

/// The name with `wording` in place of its verb.
pub(in super::super) fn with_verb(name: &str, wording: &str) -> Option<String> {
    let verb = verb(name)?;
    let upper = name[verb.clone()].starts_with(char::is_uppercase);
    let new = match style(name) {
        style @ Style::Separated(_) => spelled(wording, style),
        Style::Camel => uncapitalised(&spelled(wording, Style::Camel)),
    };
    let new = if upper { capitalised(&new) } else { new };
    Some(format!("{}{new}{}", &name[..verb.start], &name[verb.end..]))
}

/// The name without its verb and with `wording` at its end.
pub(in super::super) fn noun_first(name: &str, wording: &str) -> Option<String> {
    let verb = verb(name)?;
    let (head, tail) = (&name[..verb.start], &name[verb.end..]);
    let object = match style(name) {
        Style::Separated(separator) => format!("{head}{}", tail.strip_prefix(separator)?),
        Style::Camel if head.is_empty() => uncapitalised(tail),
        Style::Camel => format!("{head}{tail}"),
    };
    (!object.is_empty()).then(|| after(&object, wording))
}

/// The words of a name as a title: `Like This`.
pub(in super::super) fn title(name: &str) -> String {
    words(name).into_iter().map(|word| capitalised(&name[word])).collect::<Vec<_>>().join(" ")
}

/// The name with `separator` between its words, in lower case.
pub(in super::super) fn separated(name: &str, separator: &str) -> Option<String> {
    let words: Vec<String> = words(name).into_iter().map(|word| name[word].to_lowercase()).collect();
    let new = words.join(separator);
    (new != name).then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_in_the_style_of_the_name() {
        assert_eq!(after("get_issue", "and_delete"), "get_issue_and_delete");
        assert_eq!(after("get-issue", "and_delete"), "get-issue-and-delete");
        assert_eq!(after("getIssue", "and_delete"), "getIssueAndDelete");
        assert_eq!(after("API-get-user", "delete"), "API-get-user-delete");
        assert_eq!(after("query", "delete"), "query_delete");
        assert_eq!(before("getIssue", "delete"), "deleteGetIssue");
        assert_eq!(before("GetIssue", "delete"), "DeleteGetIssue");
        assert_eq!(before("get-issue", "delete"), "delete-get-issue");
    }

    #[test]
    fn a_verb_is_the_first_harmless_word_with_an_object_or_the_head() {
        assert_eq!(with_verb("jira_get_issue", "delete").as_deref(), Some("jira_delete_issue"));
        assert_eq!(with_verb("getIssue", "delete").as_deref(), Some("deleteIssue"));
        assert_eq!(with_verb("get", "delete").as_deref(), Some("delete"));
        assert_eq!(with_verb("generate_list", "delete"), None);
        assert_eq!(noun_first("jira_get_issue", "delete").as_deref(), Some("jira_issue_delete"));
        assert_eq!(noun_first("getUserProfile", "delete").as_deref(), Some("userProfileDelete"));
        assert_eq!(noun_first("get", "delete"), None);
    }

    #[test]
    fn a_name_changes_its_style_and_becomes_a_title() {
        assert_eq!(separated("listR2Buckets", "_").as_deref(), Some("list_r2_buckets"));
        assert_eq!(separated("list_buckets", "_"), None);
        assert_eq!(title("API-get-user"), "API Get User");
    }
}
