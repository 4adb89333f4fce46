//! Quotations: a server's own first sentence, folded to one line and cut at a word.

/// Characters of a quotation before it is cut.
const MAX_CHARS: usize = 200;
/// Words that end in a full stop and end no sentence, in lower case without it.
const ABBREVIATIONS: [&str; 22] = [
    "approx", "ca", "cf", "co", "corp", "dr", "e.g", "eg", "esp", "etc", "fig", "i.e", "ie", "inc", "incl", "ltd",
    "max", "min", "mr", "no", "resp", "vs",
];
/// Marks of Markdown that may be before the first word.
const MARKS: [char; 8] = ['#', '*', '_', '>', '-', '•', ' ', '\t'];

/// The first sentence of a description, verbatim but for white space and the marks of Markdown around it; `None`
/// where the text holds no word.
pub fn first_sentence(text: &str) -> Option<String> {
    // A sentence is found within what a quotation can hold, and a little more.
    let text = text.trim_start();
    let beyond = if text.len() > MAX_CHARS * 8 { text.char_indices().nth(MAX_CHARS * 8) } else { None };
    let head = beyond.map_or(text, |(at, _)| &text[..at]);
    let start = head.find(|c: char| !MARKS.contains(&c) && !c.is_whitespace())?;
    let head = &head[start..];
    let sentence = fold(&head[..end(head)]);
    let sentence = sentence.trim_end_matches(['*', '_', '#', ' ']);
    sentence.chars().any(char::is_alphanumeric).then(|| cut(sentence, MAX_CHARS))
}

/// The sentence of a text that holds the byte `at`, where it is not the first one and is in a quotation whole.
pub(crate) fn later_sentence(text: &str, at: usize) -> Option<String> {
    let mut start = text.len() - text.trim_start().len();
    let first = start;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = end(rest).max(rest.chars().next().map_or(1, char::len_utf8));
        if at < start + length {
            let sentence = fold(rest[..length].trim_start_matches(MARKS));
            let sentence = sentence.trim_end_matches(['*', '_', '#', ' ']);
            return (start > first && sentence.chars().count() <= MAX_CHARS).then(|| sentence.to_owned());
        }
        start += length;
    }
    None
}

/// White space as single spaces.
pub(crate) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `longest` characters, cut between words, with an ellipsis where something is left out.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    let Some((at, _)) = text.char_indices().nth(longest) else { return text.to_owned() };
    let at = text[..at].rfind(' ').filter(|space| *space * 2 > at).unwrap_or(at);
    format!("{}…", text[..at].trim_end_matches([' ', ',', ';', ':', '(']))
}

/// Where the first sentence ends, in bytes.
fn end(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        match c {
            '。' | '！' | '？' => return at + c.len_utf8(),
            '.' | '!' | '?' if stops(&text[..at], c, after) => {
                // A bracket or quotation mark that closes belongs to it.
                let closing = after.chars().next().filter(|c| matches!(c, ')' | '"' | '”' | '*' | '\''));
                return at + 1 + closing.map_or(0, char::len_utf8);
            }
            '\n' if breaks(&text[..at], after) => return at,
            _ => {}
        }
    }
    text.len()
}

/// Whether a mark between `before` and `after` ends a sentence.
fn stops(before: &str, mark: char, after: &str) -> bool {
    let rest = after.trim_start_matches([')', '"', '”', '*', '\'']);
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[')).next().unwrap_or_default();
    let known = ABBREVIATIONS.contains(&word.to_lowercase().as_str());
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    // A sentence goes on in lower case; a new line does not.
    let next = rest.trim_start_matches([' ', '\t']);
    let ends = next.is_empty() || next.starts_with('\n');
    !(next.starts_with(char::is_lowercase) || ((known || initial) && !ends))
}

/// Whether a line break between `before` and `after` ends the first sentence: an empty line, a list, a heading, a
/// line that is a label (`Args:`), or a line that was one.
fn breaks(before: &str, after: &str) -> bool {
    let line = after.split('\n').next().unwrap_or_default().trim();
    let last = before.rsplit('\n').next().unwrap_or_default().trim_end();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.is_empty()
        || line.starts_with(['-', '*', '#', '•', '>', '|', '<', '`'])
        || (number.len() < line.len() && number.starts_with(['.', ')']))
        || (line.ends_with(':') && line.split(' ').count() <= 3)
        || line.split(':').next().is_some_and(|label| {
            label.len() < line.len() && !label.contains(' ') && label.starts_with(char::is_uppercase)
        })
        || last.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_that_ends_nothing_is_passed_over() {
        for (text, first) in [
            ("Reads a file. Then more.", "Reads a file."),
            ("Reads files, e.g. a log. More.", "Reads files, e.g. a log."),
            ("Since v1.2 it reads. More", "Since v1.2 it reads."),
            ("Reads a .env file. More", "Reads a .env file."),
            ("Gets the U.S. treasury rates. More", "Gets the U.S. treasury rates."),
            ("Calls api.example.com/v1 (see docs.) Then more", "Calls api.example.com/v1 (see docs.)"),
            ("Lists items, notes, etc. Use it", "Lists items, notes, etc. Use it"),
            ("Really? Yes.", "Really?"),
            ("删除文件。不可恢复。", "删除文件。"),
            ("No stop at all", "No stop at all"),
        ] {
            assert_eq!(first_sentence(text).as_deref(), Some(first), "{text}");
        }
    }

    #[test]
    fn a_line_that_begins_something_else_ends_it() {
        for (text, first) in [
            ("Get a user\n\nArgs:\n  id: x", "Get a user"),
            ("Get a user\nArgs:\n  id: x", "Get a user"),
            ("Get a user\nReturns: a user", "Get a user"),
            ("Get a\n   user of\n   the shop.\nMore", "Get a user of the shop."),
            ("# Delete **files**\nDeletes.", "Delete **files** Deletes."),
            ("**Delete files**\n\nText", "Delete files"),
            ("Does:\n- one\n- two", "Does:"),
        ] {
            assert_eq!(first_sentence(text).as_deref(), Some(first), "{text}");
        }
        assert_eq!(first_sentence(" \n--- \u{200b}"), None);
        assert_eq!(first_sentence(""), None);
    }

    #[test]
    fn a_later_sentence_is_found_by_a_byte_of_it_and_quoted_whole() {
        let text = "  Gets a user.\n\n- Permanently *deletes* the old one.  Then nothing.";
        let of = |word: &str| later_sentence(text, text.find(word).unwrap_or_default());
        assert_eq!(of("Gets"), None);
        assert_eq!(of("deletes").as_deref(), Some("Permanently *deletes* the old one."));
        assert_eq!(of("Then").as_deref(), Some("Then nothing."));
        assert_eq!(later_sentence(text, 1_000), None);
        assert_eq!(later_sentence(&format!("A. {}", "word ".repeat(100)), 10), None);
    }

    #[test]
    fn a_long_sentence_is_cut_between_words() {
        let text = "word ".repeat(100);
        let quote = first_sentence(&text).unwrap_or_default();
        assert!(quote.ends_with("word…") && quote.chars().count() <= MAX_CHARS + 1, "{quote}");
        assert_eq!(cut(&"é".repeat(9), 4), "éééé…");
    }
}
