//! A document's text and the lines of it that decide.

use std::ops::Range;

use super::{Claims, Policy};
use crate::neutral;

/// A document's text and the lines that decide on a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// [`Policy::to_json`].
    pub text: String,
    /// Lines from 0, the end excluded: the clause or limit that restricts the tool, else its
    /// entry, else the line of the default.
    pub decides: Range<usize>,
}

/// Prints a document for a reader who asks about one tool.
pub fn printed(policy: &Policy, claims: &Claims) -> Printed {
    let text = policy.to_json();
    let decides = lines_of(&text, claims.rule()).unwrap_or(0..0);
    Printed { text, decides }
}

/// The lines of the value (and its key) that a JSON Pointer names in a text indented by two
/// spaces a level, as [`Policy::to_json`] writes it.
fn lines_of(text: &str, pointer: &str) -> Option<Range<usize>> {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .map(|line| {
            let rest = line.trim_start_matches(' ');
            (line.len() - rest.len(), rest)
        })
        .collect();
    let mut range = 0..lines.len();
    for (level, step) in pointer.split('/').skip(1).enumerate() {
        let indent = (level + 1) * 2;
        let mut starts = range.clone().filter(|&i| {
            let (own, rest) = lines[i];
            own == indent && !rest.starts_with(['}', ']'])
        });
        let start = if lines[range.start].1.ends_with('[') {
            starts.nth(step.parse().ok()?)?
        } else {
            let key = format!("{}:", neutral::json_line(&step.replace("~1", "/").replace("~0", "~")).ok()?);
            starts.find(|&i| lines[i].1.starts_with(&key))?
        };
        let closes = |&i: &usize| lines[i].0 == indent && lines[i].1.starts_with(['}', ']']);
        let end = if lines[start].1.ends_with(['{', '[']) { (start + 1..range.end).find(closes)? } else { start };
        range = start..end + 1;
    }
    Some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Entry, Limit, Window};

    #[test]
    fn every_pointer_finds_its_lines() {
        let mut policy = Policy::deny_all();
        policy.hide = vec!["x".into(), "y {".into()];
        policy.tools.insert("limits".into(), Entry::default());
        policy.tools.insert(
            "a/\"{".into(),
            Entry {
                limits: vec![Limit { counter: "limits".into(), window: Window::Day, max: 1 }; 2],
                ..Entry::default()
            },
        );
        let text = policy.to_json();
        let show = |pointer: &str| {
            let range = lines_of(&text, pointer).expect("is there");
            let lines: Vec<&str> = text.lines().skip(range.start).take(range.len()).map(str::trim).collect();
            (lines.len(), lines[0].to_owned())
        };
        assert_eq!(show("/default"), (1, "\"default\": \"deny\",".to_owned()));
        assert_eq!(show("/hide/1"), (1, "\"y {\"".to_owned()));
        assert_eq!(show("/tools/limits"), (1, "\"limits\": {}".to_owned()));
        assert_eq!(show("/tools/a~1\"{").0, 16);
        assert_eq!(show("/tools/a~1\"{/limits/1"), (6, "{".to_owned()));
        assert_eq!(lines_of(&text, "/tools/no"), None);
    }
}
