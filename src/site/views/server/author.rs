//! For the people who wrote the server: the hints to declare, and what directories still lack.

use std::fmt::Write as _;

use serde::Serialize;

use super::because;
use crate::card::{proposal, readiness};
use crate::classify::Verdict;
use crate::english::{count, list};
use crate::lexicon::Lexicon;
use crate::manifest::Tool;
use crate::neutral;
use crate::site::html::Html;
use crate::site::views::PageContext;

/// Tools whose annotations are seen at once.
const MAX_SHOWN: usize = 12;
/// Names that a sentence lists.
const MAX_NAMES: usize = 12;

/// What the authors of a server can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorView {
    /// The annotations to declare, tool by tool, as JSON; nothing where none are missing or wrong.
    pub code_html: Html,
    /// The rest of them.
    pub more_html: Html,
    /// How many tools the rest is.
    pub more: usize,
    /// Tools with a declared hint that is milder than the label.
    pub corrections: Vec<Correction>,
    /// How many more there are.
    pub corrections_more: usize,
    /// Tools that are left out since their labels are not sure, as a sentence, or nothing.
    pub unsure_html: Html,
    /// What each directory still lacks.
    pub directories: Vec<DirectoryRow>,
}

/// A tool with declared hints that are milder than the label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The tool.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// The hints as they are declared, and the words that speak against them.
    pub text_html: Html,
}

/// A connector directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DirectoryRow {
    /// `Anthropic`
    pub name: &'static str,
    /// What it lacks, as a sentence.
    pub words: String,
}

/// The view; `part` is how many tools are listed where there may be more.
pub(super) fn author(
    pairs: &[(&Tool, &Verdict)],
    part: Option<usize>,
    lexicon: &Lexicon,
    context: &PageContext<'_>,
    path: &str,
) -> AuthorView {
    let (mut lines, mut corrections, mut unsure) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (tool, verdict)) in pairs.iter().enumerate() {
        let Some(hints) = proposal(tool, verdict) else { continue };
        if !hints.is_sure(verdict) {
            unsure.push(i);
            continue;
        }
        lines.push(line(&tool.name, &hints.declare));
        let mut text_html = Html::new();
        for (at, (hint, declared)) in hints.milder.iter().enumerate() {
            text_html.push_markup(if at == 0 { "" } else { ", " }).push_code(hint.key());
            text_html.push_markup(if *declared { " is true" } else { " is false" });
        }
        if !text_html.is_empty() {
            text_html.push_markup("; ").push(&because(verdict));
            corrections.push(Correction {
                name_html: Html::name(&tool.name),
                href: context.tool_href(path, i),
                text_html,
            });
        }
    }
    let rest = lines.split_off(lines.len().min(MAX_SHOWN));
    let corrections_more = corrections.len().saturating_sub(MAX_SHOWN);
    corrections.truncate(MAX_SHOWN);
    AuthorView {
        code_html: object(&lines),
        more: rest.len(),
        more_html: object(&rest),
        corrections,
        corrections_more,
        unsure_html: left_out(&unsure.iter().map(|i| pairs[*i].0).collect::<Vec<_>>()),
        directories: vec![
            directory("Anthropic", pairs, part, |tool, verdict| readiness(tool, verdict, lexicon).anthropic),
            directory("OpenAI", pairs, part, |tool, verdict| readiness(tool, verdict, lexicon).openai),
        ],
    }
}

/// `"delete_file": { "annotations": { "readOnlyHint": false } }`
fn line(name: &str, declare: &[(crate::manifest::Hint, bool)]) -> String {
    // A text always serialises.
    let mut out = neutral::json_line(name).unwrap_or_default();
    out.push_str(": { \"annotations\": { ");
    for (i, (hint, value)) in declare.iter().enumerate() {
        let _ = write!(out, "{}\"{}\": {value}", if i == 0 { "" } else { ", " }, hint.key());
    }
    out + " } }"
}

fn object(lines: &[String]) -> Html {
    if lines.is_empty() { Html::new() } else { Html::text(&format!("{{\n  {}\n}}", lines.join(",\n  "))) }
}

fn left_out(tools: &[&Tool]) -> Html {
    let mut html = Html::new();
    if tools.is_empty() {
        return html;
    }
    html.push_markup("Left out, because the label is not sure: ");
    for (i, tool) in tools.iter().take(MAX_NAMES).enumerate() {
        html.push_markup(if i == 0 { "" } else { ", " }).push_code(&tool.name);
    }
    if tools.len() > MAX_NAMES {
        html.push_markup(" and ").push_number(tools.len() - MAX_NAMES).push_markup(" more");
    }
    html.push_markup(".");
    html
}

/// What a directory asks for and the tools do not declare.
fn directory(
    name: &'static str,
    pairs: &[(&Tool, &Verdict)],
    part: Option<usize>,
    missing: impl Fn(&Tool, &Verdict) -> Vec<&'static str>,
) -> DirectoryRow {
    let (mut titles, mut hints, mut others, mut tools) = (0, 0, 0, 0);
    for (tool, verdict) in pairs {
        let keys = missing(tool, verdict);
        tools += usize::from(!keys.is_empty());
        for key in keys {
            match key {
                "title" => titles += 1,
                hint if hint.ends_with("Hint") => hints += 1,
                _ => others += 1,
            }
        }
    }
    let all = [(hints, "hint"), (titles, "title"), (others, "other point")];
    let parts: Vec<String> = all.into_iter().filter(|(n, _)| *n > 0).map(|(n, of)| count(n, of)).collect();
    let words = match (parts.is_empty(), part) {
        (true, None) => "Every tool declares what it asks for.".to_owned(),
        (true, Some(n)) => format!("Each of the {n} listed declares what it asks for."),
        (false, None) => format!("{} away, on {} of {}.", list(&parts, "and"), tools, count(pairs.len(), "tool")),
        (false, Some(n)) => format!("At least {} away, on {} of the {n} listed.", list(&parts, "and"), tools),
    };
    DirectoryRow { name, words }
}
