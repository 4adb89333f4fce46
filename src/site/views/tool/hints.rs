//! Declared hints: declared, absent and default are three different things and stay apart.

use serde::Serialize;

use crate::classify::{Hinted, Verdict};
use crate::manifest::{Hint, Tool};
use crate::site::text::Html;

/// The hints of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Hints {
    /// What there is to say where nothing is declared.
    pub empty: &'static str,
    /// The four hints.
    pub rows: Vec<HintRow>,
    /// What directories lack.
    pub directories_html: Html,
}

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HintRow {
    /// `readOnlyHint`
    pub key: &'static str,
    /// `true`, `false`, or nothing.
    pub declared: &'static str,
    /// What the specification lets a client assume.
    pub default: bool,
    /// The comparison in words.
    pub against: &'static str,
    /// Whether the declaration contradicts the verdict.
    pub contradicts: bool,
}

/// The hints beside the verdict.
pub fn show(tool: &Tool, verdict: &Verdict) -> Hints {
    let annotations = &tool.annotations;
    let rows = Hint::ALL
        .map(|hint| {
            let hinted = verdict.annotations.hint(hint);
            HintRow {
                key: hint.key(),
                declared: hinted.declared.map_or("", word),
                default: hinted.default,
                against: against(hint, hinted),
                contradicts: hinted.agrees() == Some(false),
            }
        })
        .to_vec();
    Hints {
        empty: match (annotations.any_hint(), annotations.present) {
            (true, _) => "",
            (false, true) => "The server declares annotations, but none of the four hints.",
            (false, false) => {
                "The server declares no annotations. A client that follows the specification has to assume the \
                 defaults below."
            }
        },
        rows,
        directories_html: directories(tool),
    }
}

fn word(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn against(hint: Hint, hinted: Hinted) -> &'static str {
    match (hinted.declared, hinted.verdict) {
        (_, None) => "not judged",
        (None, Some(true)) => "would be true",
        (None, Some(false)) => "would be false",
        (Some(declared), Some(verdict)) if declared == verdict => "agrees",
        (Some(declared), Some(_)) if claims_less(hint, declared) => "claims less",
        _ => "claims more",
    }
}

/// Whether a declaration that contradicts the verdict makes the tool look milder than it is.
pub fn claims_less(hint: Hint, declared: bool) -> bool {
    match hint {
        Hint::ReadOnly | Hint::Idempotent => declared,
        Hint::Destructive | Hint::OpenWorld => !declared,
    }
}

/// What the connector directories ask for and a tool does not declare: Anthropic's a title and
/// `readOnlyHint: true` or an explicit `destructiveHint`; `OpenAI`'s three explicit hints.
pub fn lacks(tool: &Tool) -> (Vec<&'static str>, Vec<&'static str>) {
    let annotations = &tool.annotations;
    let titled = [&tool.title, &annotations.title].into_iter().flatten().any(|t| !t.trim().is_empty());
    let mut anthropic = Vec::new();
    if !titled {
        anthropic.push("title");
    }
    if annotations.read_only != Some(true) && annotations.destructive.is_none() {
        anthropic.push("destructiveHint");
    }
    let openai = [Hint::ReadOnly, Hint::Destructive, Hint::OpenWorld];
    let openai = openai.into_iter().filter(|h| annotations.declared(*h).is_none()).map(Hint::key).collect();
    (anthropic, openai)
}

fn directories(tool: &Tool) -> Html {
    let (anthropic, openai) = lacks(tool);
    let mut html = Html::new();
    match (anthropic.is_empty(), openai.is_empty()) {
        (true, true) => {
            html.push_markup("Ready for the directories of Anthropic and OpenAI: what they ask for is declared.");
        }
        (a, o) => {
            html.push_markup("Directories: Anthropic’s ");
            lacking(&mut html, a, &anthropic);
            html.push_markup("; OpenAI’s ");
            lacking(&mut html, o, &openai);
            html.push_markup(".");
        }
    }
    html
}

fn lacking(html: &mut Html, ready: bool, keys: &[&'static str]) {
    if ready {
        html.push_markup("has all it asks for");
        return;
    }
    html.push_markup("lacks ");
    for (i, key) in keys.iter().enumerate() {
        html.push_markup(match i {
            0 => "<code>",
            _ if i + 1 == keys.len() => "</code> and <code>",
            _ => "</code>, <code>",
        });
        html.push_markup(key);
    }
    html.push_markup("</code>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Annotations;

    #[test]
    fn absent_hints_are_no_declarations_and_directories_name_what_is_missing() {
        let mut tool = Tool::default();
        assert_eq!(
            directories(&tool).as_str(),
            "Directories: Anthropic’s lacks <code>title</code> and <code>destructiveHint</code>; OpenAI’s lacks \
             <code>readOnlyHint</code>, <code>destructiveHint</code> and <code>openWorldHint</code>."
        );
        tool.title = Some("Get".to_owned());
        tool.annotations = Annotations { read_only: Some(true), present: true, ..Annotations::default() };
        assert_eq!(lacks(&tool), (vec![], vec!["destructiveHint", "openWorldHint"]));
    }

    #[test]
    fn a_milder_claim_is_told_from_a_harsher_one() {
        let hinted = |declared, verdict| Hinted { declared, default: false, verdict };
        assert_eq!(against(Hint::ReadOnly, hinted(Some(true), Some(false))), "claims less");
        assert_eq!(against(Hint::Destructive, hinted(Some(true), Some(false))), "claims more");
        assert_eq!(against(Hint::Destructive, hinted(None, Some(false))), "would be false");
        assert_eq!(against(Hint::OpenWorld, hinted(Some(true), None)), "not judged");
    }
}
