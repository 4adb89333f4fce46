//! The recommended document, what it answers, and the same in other formats.

use serde::Serialize;

use super::{ActionRow, Actions, CallView};
use crate::card::slot::Code;
use crate::card::{Card, sentences};
use crate::classify::Verdict;
use crate::policy::formats::{self, Format, Scope};
use crate::policy::{Answer, CallRow, Claims, Policy, Subject};
use crate::site::code;
use crate::site::text::Html;
use crate::site::views::label::{Label, Tab};
use crate::site::views::prose;

/// At most this many values and calls that pass; the JSON has all.
const MAX_ROWS: usize = 12;
/// The formats on a tool's page; a server's page has all.
const ON_TOOL_PAGES: [&str; 3] = ["claude-code", "codex", "gemini-settings"];

/// The recommended document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyView {
    /// The whole document, the entry that decides tinted.
    pub code_html: Html,
    /// What it does.
    pub sentence_html: Html,
    /// The whole server's document.
    pub server_href: String,
}

/// The document with the entry that restricts the tool.
pub fn document(policy: &Policy, claims: &Claims, server_href: String) -> PolicyView {
    PolicyView {
        code_html: code::json(&policy.to_json(), &[claims.rule()]),
        sentence_html: Html::sentence(&claims.sentence()),
        server_href,
    }
}

/// The values of the argument that selects the worst call.
pub fn actions(card: &Card<'_>) -> Option<Actions> {
    let worst = card.actions.iter().max_by_key(|a| (a.class, a.severity))?;
    let mut shown: Vec<_> = card.actions.iter().filter(|a| a.argument == worst.argument).collect();
    let more = shown.len().saturating_sub(MAX_ROWS);
    if more > 0 {
        // The worst are what a reader came for.
        shown.sort_by_key(|a| std::cmp::Reverse(a.class));
        shown.truncate(MAX_ROWS);
    }
    let rows = shown
        .into_iter()
        .map(|action| ActionRow {
            value_html: Html::name(&action.value),
            label: Label::new(action.class, action.severity),
            allowed: action.decision.answer == Answer::Allow,
            words: action.words.clone(),
            worst: action.class == worst.class && action.class == card.verdict.class,
        })
        .collect();
    let more_html = if more > 0 { prose::html(&sentences::more_values(more.into())) } else { Html::new() };
    let caption_html = prose::html(&sentences::values(Code(&worst.argument)));
    Some(Actions { argument_html: Html::name(&worst.argument), caption_html, rows, more_html })
}

/// The call-by-call table; a denial that a rule for this tool decides is tinted.
pub fn calls(rows: &[CallRow], tool: &str, verdict: &Verdict) -> Vec<CallView> {
    let mut allowed = 0;
    rows.iter()
        .filter(|row| {
            // Many values that pass say the same; those that do not are why the table is there.
            let pass = row.decision.answer == Answer::Allow;
            allowed += usize::from(pass);
            !pass || allowed <= MAX_ROWS
        })
        .take(MAX_ROWS * 2)
        .map(|row| {
            let decision = &row.decision;
            let own = !matches!(row.subject, Subject::Others(_) | Subject::Nth { .. });
            CallView {
                call_html: Html::sentence(&row.subject.words(tool)),
                allowed: decision.answer == Answer::Allow,
                answer: match decision.answer {
                    Answer::Allow => "Allowed",
                    Answer::Deny => "Denied",
                    Answer::Hidden => "Hidden",
                },
                rule_html: Html::text(&decision.rule),
                message: decision.message.clone().unwrap_or_default(),
                hit: if own && decision.answer != Answer::Allow { verdict.class.slug() } else { "" },
            }
        })
        .collect()
}

/// A tool's document in the formats that most readers use, with the file that it goes to.
pub fn formats(server: &str, policy: &Policy, tool: &str) -> Vec<Tab> {
    let scope = Scope::tool(server, policy, tool);
    let listed = formats::all().iter().filter(|f| ON_TOOL_PAGES.contains(&f.id()));
    // What a format does with every document stands on the server's page, beside where each goes.
    let tells = |note: &str| note != formats::ASKS_FOR_REST;
    tabs(listed.map(|f| {
        let mut tab = tab(*f, &scope, "", "", tells);
        tab.intro_html.push_code(f.filename());
        tab
    }))
}

/// A document in every other format, with where it goes.
pub fn all_formats(scope: &Scope<'_>) -> Vec<Tab> {
    tabs(formats::all().iter().skip(1).map(|f| tab(*f, scope, f.place(), f.cannot(), |_| true)))
}

fn tabs(tabs: impl Iterator<Item = Tab>) -> Vec<Tab> {
    let mut tabs: Vec<Tab> = tabs.collect();
    if let Some(first) = tabs.first_mut() {
        first.chosen = true;
    }
    tabs
}

/// One format: where it goes, and what it cannot say; `otherwise` where it says all.
fn tab(format: &dyn Format, scope: &Scope<'_>, place: &str, otherwise: &str, tells: impl Fn(&str) -> bool) -> Tab {
    let mut note_html = Html::sentence(place);
    let mut note = |text: &str| {
        note_html.push_markup(if note_html.is_empty() { "" } else { " " }).push_sentence(text);
    };
    let code_html = match format.render(scope) {
        Ok(rendered) => {
            for text in rendered.notes.iter().filter(|text| tells(text)) {
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
    Tab { id: format.id(), label: format.label(), chosen: false, intro_html: Html::new(), code_html, note_html }
}
