//! The recommended document, what it answers, and the same in other formats.

use serde::Serialize;
use serde_json::Value;

use super::{ActionRowView, Actions, OtherCall};
use crate::card::slot::CodeText;
use crate::card::{Card, Start, a_window, sentences};
use crate::policy::formats::{self, Format, FormatGroup, Guide, Rendered, Scope, Unsupported};
use crate::policy::{Answer, Claims, Decision, Policy, Selected, ServerFormats};
use crate::site::html::Html;
use crate::site::html::code;
use crate::site::views::label::{LabelView, Tab};
use crate::site::views::prose;

/// Values in the table where more are left out; the JSON has all.
const MAX_ROWS: usize = 16;
/// No fewer are left out.
const MIN_LEFT: usize = 3;

/// The recommended document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyView {
    /// What to do with the tool, in a few words.
    pub line_html: Html,
    /// The whole document, the lines that decide tinted.
    pub code_html: Html,
    /// What it does.
    pub sentence_html: Html,
    /// The whole server's document.
    pub server_href: String,
}

/// The document with what decides on the tool.
pub fn document(policy: &Policy, claims: &Claims, server_href: String) -> PolicyView {
    // Maps with text keys, texts and numbers always serialise.
    let value = serde_json::to_value(policy).unwrap_or_default();
    let deciding = deciding(&value, claims);
    let deciding: Vec<&str> = deciding.iter().map(String::as_str).collect();
    PolicyView {
        line_html: Html::sentence(&claims.line()),
        code_html: code::json(&code::narrow_value(&value), &deciding),
        sentence_html: Html::sentence(&claims.sentence()),
        server_href,
    }
}

/// JSON Pointers to the lines that decide: of a limit its number and window, of a clause its values, else the whole entry.
fn deciding(policy: &Value, claims: &Claims) -> Vec<String> {
    let first = (claims.first.answer != Answer::Allow).then_some(&claims.first);
    let narrowed = claims.selected.iter().map(|s| &s.unknown).filter(|d| d.answer != Answer::Allow);
    let limit = claims.limit.as_ref().map(|(_, _, decision)| decision);
    let mut rules: Vec<&str> = first.into_iter().chain(narrowed).chain(limit).map(|d| d.rule.as_str()).collect();
    if rules.is_empty() {
        rules.push(&claims.first.rule);
    }
    rules.dedup();
    let mut pointers = Vec::new();
    for rule in rules {
        let parts = match policy.pointer(rule) {
            Some(Value::Object(map)) if map.contains_key("max") => vec!["/window".to_owned(), "/max".to_owned()],
            Some(Value::Object(map)) => match map.get("conditions").and_then(Value::as_array) {
                Some(conditions) if conditions.is_empty() => vec!["/conditions".to_owned()],
                Some(conditions) => (0..conditions.len()).map(|i| format!("/conditions/{i}/value")).collect(),
                None => vec![String::new()],
            },
            _ => vec![String::new()],
        };
        pointers.extend(parts.iter().map(|part| format!("{rule}{part}")));
    }
    pointers
}

/// The values of the argument that selects the worst call, with what the document answers to each.
pub fn actions(card: &Card<'_>) -> Option<Actions> {
    let worst = card.actions.iter().max_by_key(|a| (a.class, a.severity))?;
    let mut shown: Vec<_> = card.actions.iter().filter(|a| a.argument == worst.argument).collect();
    let mut more = 0;
    // Where few would be left out, none is.
    if shown.len() > MAX_ROWS + MIN_LEFT {
        more = shown.len() - MAX_ROWS;
        // The worst are what a reader came for.
        shown.sort_by_key(|a| std::cmp::Reverse(a.class));
        shown.truncate(MAX_ROWS);
    }
    let rows = shown
        .into_iter()
        .map(|action| ActionRowView {
            value_html: Html::name(&action.value),
            label: LabelView::new(action.class, action.severity),
            allowed: action.decision.answer == Answer::Allow,
            words: action.words.clone(),
            worst: action.class == worst.class && action.class == card.verdict.class,
        })
        .collect();
    let selected = card.claims.selected.iter().find(|s| s.argument == worst.argument);
    let others = selected.map(|s| others(&card.claims, s)).unwrap_or_default();
    let more_html = if more > 0 { prose::html(&sentences::more_values(more.into())) } else { Html::new() };
    let caption_html = prose::html(&sentences::values(CodeText(&worst.argument)));
    Some(Actions { argument_html: Html::name(&worst.argument), caption_html, rows, others, more_html })
}

/// What the document answers to a value that is not listed, and to a call without one.
fn others(claims: &Claims, selected: &Selected) -> Vec<OtherCall> {
    let words = |decision: &Decision| match (decision.answer, &claims.limit) {
        (Answer::Allow, Some((max, window, _))) => a_window(*max, *window),
        (Answer::Allow, None) => "allowed".to_owned(),
        (Answer::Deny, _) => "denied".to_owned(),
        (Answer::Hidden, _) => "hidden".to_owned(),
    };
    let row = |call, decision: &Decision| OtherCall {
        call,
        allowed: decision.answer == Answer::Allow,
        words: words(decision),
    };
    if selected.unknown.answer == selected.absent.answer {
        return vec![row("any other, or none", &selected.unknown)];
    }
    vec![row("any other", &selected.unknown), row("none", &selected.absent)]
}

/// How a client or gateway is given the policy: a tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UseView {
    /// The format's id.
    pub id: &'static str,
    /// What the client or gateway is called: the tab's label.
    pub program: &'static str,
    /// The file that the document goes into.
    pub file: &'static str,
    /// The document; nothing where the format cannot say it.
    pub code_html: Html,
    /// What acts on it, and what it cannot say.
    pub note_html: Html,
}

/// A tool's document for the programs that most readers use; `key` is the server's name in a client.
pub fn uses(key: &str, policy: &Policy, tool: &str) -> Vec<UseView> {
    let scope = Scope::tool(key, policy, tool);
    let of = |(format, guide): (&dyn Format, Guide)| {
        let tab = tab(format, format.render(&scope), "", "");
        let mut note_html = format.acts().map(|text| Html::sentence(&text)).unwrap_or_default();
        if !tab.note_html.is_empty() {
            note_html.push_markup(" ").push(&tab.note_html);
        }
        let refused = tab.code_html.is_empty();
        UseView {
            id: format.id(),
            program: guide.program,
            file: guide.file,
            code_html: tab.code_html,
            note_html: if refused { tab.note_html } else { note_html },
        }
    };
    formats::all().iter().filter_map(|f| Some((*f, f.guide()?))).map(of).collect()
}

/// The entries with which the programs of [`uses`] start the server; nothing where no command is known.
pub fn starts(key: &str, start: &Start) -> Vec<Tab> {
    let Some((program, args)) = &start.command else { return Vec::new() };
    let of = |(id, guide): (&'static str, Guide)| {
        let mut intro_html = Html::markup("<a href=\"");
        intro_html.push_attribute(guide.start_url).push_markup("\">Documentation</a>");
        let code_html = Html::text(&(guide.start)(key, program, args));
        Tab { id, label: guide.program, group: "", chosen: false, intro_html, code_html, note_html: Html::new() }
    };
    formats::all().iter().filter_map(|f| Some((f.id(), f.guide()?))).map(of).collect()
}

/// The recommended document in every other format, with where it goes, group by group.
pub(crate) fn all_formats(documents: &ServerFormats<'_>) -> Vec<Tab> {
    let mut all: Vec<_> = formats::all().iter().copied().zip(documents.recommended()).skip(1).collect();
    let of = |(format, rendered): (&dyn Format, Result<Rendered, Unsupported>)| {
        let mut tab = tab(format, rendered, format.place(), format.cannot());
        if let Some(guide) = format.guide() {
            tab.note_html.push_markup(" <a href=\"").push_attribute(guide.file_url).push_markup("\">Documentation</a>");
        }
        tab
    };
    let mut tabs: Vec<Tab> = Vec::with_capacity(formats::all().len());
    for group in FormatGroup::ALL {
        let begin = tabs.len();
        // The first of all is the document itself, which stands above.
        tabs.extend(all.extract_if(.., |(format, _)| format.group() == group).map(of));
        if let Some(first) = tabs.get_mut(begin) {
            first.group = group.label();
        }
    }
    if let Some(first) = tabs.first_mut() {
        first.chosen = true;
    }
    tabs
}

/// One format: where it goes, and what it cannot say; `otherwise` where it says all.
fn tab(format: &dyn Format, rendered: Result<Rendered, Unsupported>, place: &str, otherwise: &str) -> Tab {
    let mut note_html = Html::sentence(place);
    let mut note = |text: &str| {
        note_html.push_markup(if note_html.is_empty() { "" } else { " " }).push_sentence(text);
    };
    let code_html = match rendered {
        Ok(rendered) => {
            for text in &rendered.notes {
                note(text);
            }
            if rendered.notes.is_empty() && !otherwise.is_empty() {
                note(otherwise);
            }
            // Without colours: there are many on a page.
            Html::text(code::dense(&rendered.text).trim_end())
        }
        Err(refusal) => {
            note_html = Html::sentence(&refusal.0);
            Html::new()
        }
    };
    Tab {
        id: format.id(),
        label: format.label(),
        group: "",
        chosen: false,
        intro_html: Html::new(),
        code_html,
        note_html,
    }
}
