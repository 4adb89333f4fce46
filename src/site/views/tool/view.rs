//! Card → view.

use std::collections::HashMap;

use super::{
    Alternate, AttackLink, FacetLink, FindingView, GatewayView, HistoryEntry, Overridden, QuestionView, Said, ToolView,
    evidence, hints, params, policy, provenance,
};
use crate::card::attacks::Article;
use crate::card::slot::{OwnWord, Whole};
use crate::card::{Block, Card, Inline, Prose, ServerCards, sentences};
use crate::catalog::changes::{Event, EventId};
use crate::english;
use crate::manifest::Tool;
use crate::risk::Facet;
use crate::site::html::escape::{Html, excerpt};
use crate::site::html::markdown;
use crate::site::index::IndexedTool;
use crate::site::urls::{self, ListPage};
use crate::site::views::label::{LabelView, ToolLink, facet_flags};
use crate::site::views::page::PageView;
use crate::site::views::{PageContext, Shared, compare, prose, tool_href};

/// Attack patterns on a card; the index has all.
const MAX_ATTACKS: usize = 3;
/// Tools of the same server on a card.
const MAX_RELATED: usize = 4;
/// Other servers' tools on a card.
pub(crate) const MAX_ALIKE: usize = 3;
/// Entries of a label's history on a card.
const MAX_HISTORY: usize = 8;

/// What is the same on all tool pages of a server: they lie in one folder, so links are too.
#[derive(Debug, Clone)]
pub struct ServerFrame {
    gateway: Shared,
    provenance: Shared,
    /// By slug.
    attacks: HashMap<String, Shared>,
    client_key: String,
}

impl ServerFrame {
    /// Made once, for all tool pages of a server.
    pub fn new(server: &ServerCards<'_>, context: &PageContext<'_>) -> Self {
        let path = context.row().url();
        let attack = |article: &Article| AttackLink {
            href: urls::relative(&path, &urls::attack(&article.slug), ""),
            title: article.title.clone(),
        };
        Self {
            gateway: Shared::of(&gateway(server, context, &path)),
            provenance: Shared::of(&provenance::facts_of_tool(server.manifest)),
            attacks: server.articles().iter().map(|a| (a.slug.clone(), Shared::of(&attack(a)))).collect(),
            client_key: crate::card::client_key(&server.manifest.server),
        }
    }
}

/// The view of a tool's page.
pub fn view(server: &ServerCards<'_>, card: &Card<'_>, context: &PageContext<'_>, frame: &ServerFrame) -> ToolView {
    let (tool, verdict, row) = (card.tool, card.verdict, context.row());
    let path = row.tool_url(card.index);
    let html = prose::html;
    let alikes = context.index.alike(&row.tools[card.index], context.place, MAX_ALIKE);
    let shown = evidence::show(tool, verdict, &path);
    ToolView {
        page: page(card, context, &path, server.name()),
        name: tool.name.to_string(),
        name_html: Html::name(&tool.name),
        title_html: title_of(tool),
        label: LabelView::new(verdict.class, verdict.severity),
        facets: facet_flags(verdict.facets),
        facets_on: verdict.facets.iter().map(|facet| facet_link(facet, &path)).collect(),
        confidence: verdict.confidence.band(),
        overridden: overridden(card, context),
        opening_html: html(&Prose::from(card.opening.clone())),
        worst_html: html(&card.worst),
        said: said(card),
        actions: policy::actions(card),
        policy: policy::document(
            &card.policy,
            &card.claims,
            urls::relative(&path, &urls::beside(&row.file, "policy.json"), ""),
        ),
        risks_html: card.risks.iter().map(html).collect(),
        findings: findings(card),
        evidence_more_html: match shown.more {
            0 => Html::new(),
            n => html(&sentences::more_evidence(n.into())),
        },
        proof: shown.proof,
        evidence: shown.rows,
        uses: policy::uses(&frame.client_key, &card.policy, &tool.name),
        gateway: frame.gateway.clone(),
        start_href: urls::relative(&path, &row.url(), "start"),
        formats_href: urls::relative(&path, &row.url(), "other"),
        params: params::show(tool, card.arguments_note.as_ref()),
        hints: hints::show(&card.annotations),
        provenance: frame.provenance.clone(),
        fingerprint_html: provenance::short_fingerprint(card.fingerprint()),
        attacks: card.attacks.iter().take(MAX_ATTACKS).filter_map(|a| frame.attacks.get(&a.slug).cloned()).collect(),
        related: card
            .related
            .iter()
            .take(MAX_RELATED)
            .map(|related| {
                let label = &row.tools[related.index];
                ToolLink {
                    name_html: Html::name_in_line(row.name(related.index)),
                    href: context.tool_href(&path, related.index),
                    label: LabelView::new(label.class, label.severity),
                    note_html: html(&related.reason),
                }
            })
            .collect(),
        alike: alikes.iter().map(|found| alike(found, context, &path)).collect(),
        compare_href: compare_href(card, &alikes, context, &path),
        faq: card.questions.iter().map(|q| question(q, card)).collect(),
        history: history(&tool.name, context.events),
        alternates: alternates(card, context, &path),
        report_href: card.report_url.clone(),
    }
}

fn facet_link(facet: Facet, path: &str) -> FacetLink {
    FacetLink { name: facet.name(), href: urls::relative(path, &urls::list(&ListPage::Facet(facet), ""), "") }
}

fn gateway(server: &ServerCards<'_>, context: &PageContext<'_>, path: &str) -> GatewayView {
    let name = &context.config.gateway.name;
    GatewayView {
        name: english::capital(name),
        step_html: server.steps().get(1).map(prose::html).unwrap_or_default(),
        href: urls::relative(path, path, "control"),
    }
}

/// The card in the forms that this build writes.
fn alternates(card: &Card<'_>, context: &PageContext<'_>, path: &str) -> Vec<Alternate> {
    let row = context.row();
    let output = &context.config.output;
    let forms =
        [("JSON", "", urls::CARD, output.json_tools), ("Markdown", "text/markdown", "md", output.markdown_tools)];
    forms
        .into_iter()
        .filter(|(_, _, _, written)| *written)
        .map(|(name, kind, extension, _)| Alternate {
            name,
            kind,
            href: urls::relative(path, &urls::tool_alternate(&row.file, row.tool_file(card.index), extension), ""),
        })
        .collect()
}

fn page(card: &Card<'_>, context: &PageContext<'_>, path: &str, server_name: &str) -> PageView {
    let (tool, verdict, row) = (card.tool, card.verdict, context.row());
    // Name and server stay whole words; the server's aside in brackets goes after the severity, then the class.
    let bare = server_name.split(" (").next().unwrap_or(server_name);
    let name = tool.name.as_str();
    let titles = [
        format!("{name} on {server_name}: {}, {}", verdict.class, verdict.severity),
        format!("{name} on {server_name}: {}", verdict.class),
        format!("{name} on {bare}: {}", verdict.class),
        format!("{name} on {bare}"),
    ];
    let description = format!("{}, {}. {}", verdict.class, verdict.severity, card.lead().spoken());
    let server_path = row.url();
    let steps = [("Servers", urls::SERVERS), (row.title.as_str(), &server_path), (&tool.name, path)];
    let mut page =
        PageView::titled(context.config, path, &titles.each_ref().map(String::as_str), &excerpt(&description, 160))
            .within("servers")
            .crumbs(context.config, &steps);
    page.picture = context.picture.map(str::to_owned);
    page.noindex = tool.description().is_empty();
    page
}

/// The declared title where it says more than the name in other letters.
fn title_of(tool: &Tool) -> Html {
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let title = tool.display_name();
    if letters(title) == letters(&tool.name) { Html::new() } else { Html::text(title) }
}

/// The server's description with its marks, where it says more than the card's opening.
pub fn said(card: &Card<'_>) -> Option<Said> {
    let text = card.tool.description.as_deref().unwrap_or_default();
    let whole =
        matches!(&card.opening, Inline::Quote { text: quoted } if text.split_whitespace().eq(quoted.split(' ')));
    if whole || card.tool.description().is_empty() {
        return None;
    }
    let rendered = markdown::render(text, &evidence::description_marks(card.tool, card.verdict));
    Some(Said { head_html: rendered.head, rest_html: rendered.rest })
}

/// A person's decision about the card's class, where there is one.
pub fn overridden(card: &Card<'_>, context: &PageContext<'_>) -> Option<Overridden> {
    let decision = context.decision(card.index)?;
    let made = &decision.made;
    let day = OwnWord(english::date(&made.date).into());
    let words = sentences::decided(Whole(&made.by), made.class.into(), day, Whole(&made.reason));
    let words = if decision.stale { words.then(sentences::stale()) } else { words };
    Some(Overridden {
        class: made.class.name(),
        heuristic: card.verdict.heuristic_class.name(),
        words_html: prose::html(&words),
    })
}

/// The findings but for directory readiness, which the annotations show.
fn findings(card: &Card<'_>) -> Vec<FindingView> {
    let found = card.verdict.told_findings();
    found
        .zip(&card.findings)
        .map(|(f, (_, sentence))| FindingView {
            id: f.id.name(),
            level: f.level.name(),
            text_html: prose::html(sentence),
        })
        .collect()
}

/// This card beside those like it elsewhere; nothing where there are none, or no JSON of tools to read them from.
fn compare_href(card: &Card<'_>, alikes: &[IndexedTool<'_>], context: &PageContext<'_>, path: &str) -> String {
    if alikes.is_empty() || !compare::is_written(context.config) {
        return String::new();
    }
    let row = context.row();
    let others = alikes.iter().map(|found| (found.server.file.as_str(), found.server.tool_file(found.at)));
    urls::compare(path, std::iter::once((row.file.as_str(), row.tool_file(card.index))).chain(others))
}

fn alike(found: &IndexedTool<'_>, context: &PageContext<'_>, path: &str) -> ToolLink {
    let tool = found.tool();
    let mut note_html = Html::markup("<bdi>");
    note_html.push_text(&found.server.title).push_markup("</bdi>");
    ToolLink {
        name_html: Html::name_in_line(found.name()),
        href: tool_href(context.config, path, found.server, found.at),
        label: LabelView::new(tool.class, tool.severity),
        note_html,
    }
}

fn question(question: &crate::card::Question, card: &Card<'_>) -> QuestionView {
    let mut answer_html = Html::with_capacity(512);
    for block in &question.answer {
        match block {
            Block::Paragraph { prose: words } => {
                answer_html.push_markup("<p>").push(&prose::html(words)).push_markup("</p>");
            }
            Block::Policy { policy } if *policy == card.policy => {
                answer_html.push_markup("<p><a href=\"#policy\">The document at the top of this card</a></p>");
            }
            Block::Policy { policy } => prose::document(&mut answer_html, policy),
        }
    }
    QuestionView { id: question.id, question_html: prose::html(&question.question), answer_html }
}

/// What became of one tool's label, newest first.
fn history(tool: &str, events: &[Event]) -> Vec<HistoryEntry> {
    let of_tool = events.iter().rev().filter(|e| e.tool.as_deref() == Some(tool));
    of_tool
        .take(MAX_HISTORY)
        .map(|event| {
            let words = |mark: &crate::catalog::changes::HistoryLabel| format!("{}, {}", mark.class, mark.severity);
            let label = match (&event.before, &event.after) {
                (Some(before), Some(after)) => format!("{} → {}", words(before), words(after)),
                (None, Some(after)) => format!("new: {}", words(after)),
                _ if event.id == EventId::ToolRenamed => {
                    format!("renamed from {}", event.from.as_deref().unwrap_or_default())
                }
                _ => "seen".to_owned(),
            };
            let date = event.date.clone().unwrap_or_default();
            HistoryEntry { label, day: english::date(&date), date }
        })
        .collect()
}
