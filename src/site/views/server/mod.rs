//! A server: its tools by class, what they lack, the whole policy.

mod author;
mod matrix;
mod policies;

use serde::Serialize;

use super::label::{Fact, LabelView, ShareView, Tab};
use super::page::PageView;
use super::tool::view::{overridden, said};
use super::tool::{Overridden, Said, hints, policy, provenance};
use super::{PageContext, prose};
use crate::card::{self, Card};
use crate::classify::{Finding, FindingId, Place, ServerFindingId, TrifectaLeg, Verdict, server_findings};
use crate::config::Granularity;
use crate::english::count;
use crate::manifest::{Manifest, Tool};
use crate::policy::ServerFormats;
use crate::risk::{Class, Facet};
use crate::site::html::escape::{Html, excerpt};
use crate::site::html::{code, markdown};
use crate::site::urls;

pub use author::{AuthorView, Correction, DirectoryRow};
pub use matrix::{Matrix, MatrixGroup, MatrixRow};
pub use policies::ProfileRow;

/// Findings that a server's page lists; its tools' pages have all.
const MAX_FINDINGS: usize = 40;
/// Tools that a leg names.
const MAX_LEG_TOOLS: usize = 4;

/// The view of `server.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServerView {
    /// Head and frame.
    pub page: PageView,
    /// The server's id in the catalogue.
    pub slug: String,
    /// The display name.
    pub name_html: Html,
    /// The facts in the margin.
    pub facts: Vec<Fact>,
    /// What the server says that it is: the first sentence of its instructions, or nothing.
    pub says_html: Html,
    /// How many tools have which class.
    pub lead: String,
    /// The name by which it reports itself, where it comes from.
    pub by_html: Html,
    /// The text that it asks clients to show to the model, where it says more than its first sentence.
    pub instructions: Option<Said>,
    /// Its tools by class.
    pub share: ShareView,
    /// Whether the server may have more tools than were read.
    pub partial: bool,
    /// What a reader must know and no label says: of the server first, then of its tools.
    pub findings: Vec<ServerFindingView>,
    /// What is below the findings where some are left out, or nothing.
    pub findings_more: String,
    /// The three parts of the lethal trifecta.
    pub legs: Vec<LegView>,
    /// What that is.
    pub trifecta_href: String,
    /// Whether all three are there.
    pub legs_complete: bool,
    /// What each profile does with each class; profiles with the same document are one row.
    pub profiles: Vec<ProfileRow>,
    /// The documents of the profiles, each once.
    pub policies: Vec<Tab>,
    /// What the page's script puts together documents for other choices from; nothing where there are no tools.
    pub composer: &'static str,
    /// The guarded policy as a file.
    pub policy_href: String,
    /// Other formats of the guarded policy.
    pub formats: Vec<Tab>,
    /// From the document to a client that obeys it.
    pub steps_html: Vec<Html>,
    /// How to start it.
    pub start: StartView,
    /// The matrix of tools.
    pub matrix: Matrix,
    /// The tools as sections, where they have no pages of their own.
    pub sections: Vec<ToolSection>,
    /// What its authors can do.
    pub author: AuthorView,
    /// The card's foot.
    pub provenance: Vec<Fact>,
}

/// A tool's card in short, where it has no page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolSection {
    /// The `id` of the section: what `#` leads to.
    pub anchor: String,
    /// The tool's name, the heading of the section.
    pub name_html: Html,
    /// Class and severity, drawn beside the heading.
    pub label: LabelView,
    /// Names of its facets.
    pub facets: Vec<&'static str>,
    /// The server's own first sentence, and what the worst call does.
    pub lead_html: Html,
    /// A person's decision, where there is one.
    pub overridden: Option<Overridden>,
    /// The server's description, where it says more than its first sentence.
    pub said: Option<Said>,
    /// What else a reader should know: paragraphs.
    pub risks_html: Vec<Html>,
}

/// A finding of the server, or of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerFindingView {
    /// Two or three words.
    pub stamp: &'static str,
    /// The tool; nothing where the finding is on the server.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// The sentence.
    pub text_html: Html,
}

/// One part of the lethal trifecta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegView {
    /// `Private data`, …
    pub name: &'static str,
    /// The tools that provide it: the first few.
    pub tools: Vec<ServerLink>,
    /// How many more.
    pub more: usize,
}

/// A tool of this server by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerLink {
    /// The tool.
    pub name_html: Html,
    /// Its page.
    pub href: String,
}

/// The view of a server's page; `formats` are its documents.
pub fn view(server: &card::ServerCards<'_>, formats: &ServerFormats<'_>, context: &PageContext<'_>) -> ServerView {
    let (manifest, row) = (server.manifest, context.row());
    let path = row.url();
    let pairs: Vec<(&Tool, &Verdict)> = server.tools().collect();
    let (on_tools, findings_left) = findings(&pairs, context, &path);
    let mut findings = on_server(server);
    findings.extend(on_tools);
    let legs = legs(&pairs, context, &path);
    let lead = lead(server.counts, manifest.is_partial());
    let listed = if manifest.is_partial() { Some(pairs.len()) } else { None };
    let profiles = policies::profiles(server);
    ServerView {
        page: page(manifest, server.name(), &lead, context, &path),
        slug: manifest.server.slug.clone(),
        name_html: Html::text(manifest.server.display_name()),
        facts: facts(manifest),
        says_html: says(manifest),
        by_html: by(manifest),
        instructions: instructions(manifest),
        share: ShareView::new(server.counts).at_least(if manifest.is_partial() { "at least " } else { "" }),
        partial: manifest.is_partial(),
        findings_more: if findings_left == 0 {
            String::new()
        } else {
            format!("{} on the tools’ own pages.", count(findings_left, "more finding"))
        },
        findings,
        legs_complete: legs.iter().all(|leg| !leg.tools.is_empty()),
        legs,
        trifecta_href: urls::relative(&path, urls::GLOSSARY, "lethal-trifecta"),
        policies: profiles.iter().map(|same| same.tab(manifest.is_partial())).collect(),
        profiles: profiles.into_iter().map(|same| same.row).collect(),
        composer: if pairs.is_empty() { "" } else { urls::COMPOSER },
        policy_href: urls::relative(&path, &urls::beside(&row.file, "policy.json"), ""),
        formats: policy::all_formats(formats),
        steps_html: server.steps().iter().map(prose::html).collect(),
        start: start(server),
        matrix: matrix::matrix(&pairs, listed, context, &path),
        sections: match context.config.site.granularity {
            Granularity::Tool => Vec::new(),
            Granularity::Server => {
                (0..pairs.len()).filter_map(|i| server.card(i)).map(|card| section(&card, context)).collect()
            }
        },
        author: author::author(&pairs, listed, server.lexicon(), context, &path),
        provenance: provenance::facts(manifest).into_iter().chain(alternates(context, &path)).collect(),
        lead,
    }
}

fn page(manifest: &Manifest, name: &str, lead: &str, context: &PageContext<'_>, path: &str) -> PageView {
    let display = manifest.server.display_name();
    let at_least = if manifest.is_partial() { "at least " } else { "" };
    let title = format!("{display}: {at_least}{}", count(manifest.tools.len(), "tool"));
    let every = if manifest.is_partial() { "each listed tool" } else { "every tool" };
    let description = format!("{lead} Labels with evidence and a policy for {every} of {name}.");
    let mut page = PageView::new(context.config, path, &title, &excerpt(&description, 200))
        .within("servers")
        .crumbs(context.config, &[("Servers", urls::SERVERS), (display, path)]);
    page.picture = context.picture.map(str::to_owned);
    page.noindex = manifest.tools.is_empty();
    let file = &context.row().file;
    let beside = |name| urls::relative(path, &urls::beside(file, name), "");
    page.link("alternate", "text/markdown", beside(urls::MARKDOWN), None);
    page.link("describedby", "text/plain", beside(urls::LLMS), None);
    page.link("alternate", "application/json", urls::relative(path, &urls::api_server(file), ""), None);
    page
}

fn facts(manifest: &Manifest) -> Vec<Fact> {
    let server = &manifest.server;
    let mut facts = Vec::new();
    let mut fact = |term, value_html: Html| {
        if !value_html.is_empty() {
            facts.push(Fact { term, value_html });
        }
    };
    let tools = manifest.tools.len();
    fact("Tools", Html::text(&if manifest.is_partial() { format!("at least {tools}") } else { tools.to_string() }));
    fact("Version", Html::text(server.package_version.as_deref().unwrap_or_default()));
    fact("Registry", Html::text(provenance::registry_name(server.registry.as_deref().unwrap_or_default())));
    fact("Author", Html::text(&excerpt(server.author.as_deref().unwrap_or_default(), 60)));
    fact("Licence", Html::text(server.license.as_deref().unwrap_or_default()));
    fact("Captured", manifest.captured_at.as_deref().map(provenance::day).unwrap_or_default());
    facts
}

/// The first sentence of the server's instructions, as a quotation.
fn says(manifest: &Manifest) -> Html {
    let mut html = Html::new();
    if let Some(sentence) = manifest.instructions.as_deref().and_then(card::first_sentence) {
        html.push_markup("<q>").push_text(&sentence).push_markup("</q>");
    }
    html
}

/// The instructions, where they say more than their first sentence.
fn instructions(manifest: &Manifest) -> Option<Said> {
    let text = manifest.instructions.as_deref().filter(|text| !text.trim().is_empty())?;
    let first = card::first_sentence(text).unwrap_or_default();
    if text.split_whitespace().eq(first.split(' ')) {
        return None;
    }
    let rendered = markdown::render(text, &[]);
    Some(Said { head_html: rendered.head, rest_html: rendered.rest })
}

/// The name in `serverInfo`, often a framework's, where it is another than the page's; and the source.
fn by(manifest: &Manifest) -> Html {
    let server = &manifest.server;
    let mut html = Html::new();
    if let Some(name) = server.name.as_deref().filter(|name| *name != server.display_name()) {
        html.push_markup("Reports itself as <q><bdi>").push_text(&excerpt(name, 80)).push_markup("</bdi></q>");
        if let Some(version) = &server.version {
            html.push_markup(" <bdi>").push_text(&excerpt(version, 40)).push_markup("</bdi>");
        }
        html.push_markup(". ");
    }
    let source = provenance::source(server);
    if !source.is_empty() {
        html.push_markup("Source: ").push(&source).push_markup(".");
    }
    html
}

/// The same for programs, and the badge with the Markdown that shows it elsewhere.
fn alternates(context: &PageContext<'_>, path: &str) -> [Fact; 2] {
    let file = &context.row().file;
    let mut links = Html::new();
    let json = urls::relative(path, &urls::api_server(file), "");
    for (name, href) in [("JSON", json.as_str()), ("Markdown", urls::MARKDOWN), ("llms.txt", urls::LLMS)] {
        if !links.is_empty() {
            links.push_markup(" · ");
        }
        links.push_markup("<a href=\"").push_attribute(href).push_markup("\">").push_text(name).push_markup("</a>");
    }
    let badge = urls::beside(file, urls::BADGE);
    let mut show = Html::new();
    show.push_markup("<a href=\"").push_attribute(urls::BADGE).push_markup("\">SVG</a>");
    // Elsewhere a relative address leads nowhere.
    if let Some(base) = context.config.site.base_url.as_deref() {
        let (image, page) = (urls::absolute(base, &badge), urls::absolute(base, path));
        show.push_markup(" <code>").push_name(&format!("[![toolcard]({image})]({page})")).push_markup("</code>");
    }
    [Fact { term: "For programs", value_html: links }, Fact { term: "Badge", value_html: show }]
}

/// "49 tools: 27 Read, 17 Write, 5 Destructive." Of a part of a listing: "At least 49 tools; of those listed 27 Read, …".
fn lead(counts: [usize; 3], partial: bool) -> String {
    let total: usize = counts.iter().sum();
    let parts: Vec<String> = counts
        .into_iter()
        .zip(Class::ALL)
        .filter(|(n, _)| *n > 0)
        .map(|(n, class)| if n == total { class.name().to_owned() } else { format!("{n} {class}") })
        .collect();
    match parts.as_slice() {
        [] => "It offers no tools.".to_owned(),
        [only] if partial && total == 1 => format!("At least 1 tool; the one that is listed is {only}."),
        [only] if partial => format!("At least {total} tools; of those listed all {total} are {only}."),
        several if partial => format!("At least {}; of those listed {}.", count(total, "tool"), several.join(", ")),
        [only] if total == 1 => format!("1 tool: {only}."),
        [only] => format!("{total} tools, all {only}."),
        several => format!("{}: {}.", count(total, "tool"), several.join(", ")),
    }
}

/// Findings on the server as a whole.
fn on_server(server: &card::ServerCards<'_>) -> Vec<ServerFindingView> {
    server_findings(server.manifest, server.verdicts)
        .into_iter()
        .map(|found| ServerFindingView {
            stamp: match found.id {
                ServerFindingId::PartialListing => "a part",
                ServerFindingId::PrivateListing => "one account",
                ServerFindingId::RefusedServer => "refused",
                ServerFindingId::StampedHints => "stamped hints",
                ServerFindingId::Dispatchers => "dispatchers",
            },
            name_html: Html::new(),
            href: String::new(),
            text_html: Html::sentence(&found.message),
        })
        .collect()
}

/// Findings but for directory readiness, the gravest first, and how many were left out.
fn findings(pairs: &[(&Tool, &Verdict)], context: &PageContext<'_>, path: &str) -> (Vec<ServerFindingView>, usize) {
    let mut all: Vec<(usize, &crate::classify::Finding)> =
        pairs.iter().enumerate().flat_map(|(i, (_, verdict))| verdict.told_findings().map(move |f| (i, f))).collect();
    all.sort_by_key(|(i, f)| (std::cmp::Reverse(f.level), f.id, *i));
    let shown = all
        .iter()
        .take(MAX_FINDINGS)
        .map(|(i, f)| ServerFindingView {
            stamp: hints::stamp(f, pairs[*i].1),
            name_html: Html::name(&pairs[*i].0.name),
            href: context.tool_href(path, *i),
            text_html: finding(f, pairs[*i].1),
        })
        .collect();
    (shown, all.len().saturating_sub(MAX_FINDINGS))
}

/// A finding's sentence; where a hint contradicts the class, with the words that decided.
fn finding(finding: &Finding, verdict: &Verdict) -> Html {
    let Place::Annotation(hint) = &finding.place else { return Html::sentence(&finding.message) };
    let declared = verdict.annotations.hint(*hint).declared;
    if finding.id != FindingId::AnnotationContradictsVerdict || declared.is_none() {
        return Html::sentence(&finding.message);
    }
    let mut html = Html::new();
    html.push_code(hint.key());
    html.push_markup(if declared == Some(true) { " is declared true; " } else { " is declared false; " });
    html.push(&because(verdict));
    html
}

/// "the card says Write: the name says “create”."
fn because(verdict: &Verdict) -> Html {
    let mut html = Html::markup("the card says ");
    html.push_text(verdict.class.name());
    for (i, seen) in card::deciding(verdict, 2).iter().enumerate() {
        html.push_markup(if i == 0 { ": " } else { ", " }).push(&prose::html(seen));
    }
    html.push_markup(".");
    html
}

fn legs(pairs: &[(&Tool, &Verdict)], context: &PageContext<'_>, path: &str) -> Vec<LegView> {
    let names = [
        (TrifectaLeg::PrivateData, "Private data"),
        (TrifectaLeg::UntrustedContent, "Untrusted content"),
        (TrifectaLeg::ExternalCommunication, "External communication"),
    ];
    names
        .into_iter()
        .map(|(leg, name)| {
            let having: Vec<usize> = (0..pairs.len()).filter(|i| pairs[*i].1.legs.contains(&leg)).collect();
            let link =
                |i: &usize| ServerLink { name_html: Html::name(&pairs[*i].0.name), href: context.tool_href(path, *i) };
            LegView {
                name,
                tools: having.iter().take(MAX_LEG_TOOLS).map(link).collect(),
                more: having.len().saturating_sub(MAX_LEG_TOOLS),
            }
        })
        .collect()
}

/// How to start the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartView {
    /// The entry that clients read, and the command of each program that has one; none where no command is known.
    pub tabs: Vec<Tab>,
    /// What to know.
    pub note_html: Html,
}

fn start(server: &card::ServerCards<'_>) -> StartView {
    let start = server.start();
    let entry = start.snippet.as_deref().map(|json| Tab {
        group: "",
        id: "entry",
        label: "Any client",
        chosen: true,
        intro_html: Html::new(),
        code_html: code::json(&code::dense(json), &[]),
        note_html: Html::new(),
    });
    StartView {
        tabs: entry.into_iter().chain(policy::starts(&card::client_key(&server.manifest.server), &start)).collect(),
        note_html: prose::html(&start.words),
    }
}

fn section(card: &Card<'_>, context: &PageContext<'_>) -> ToolSection {
    ToolSection {
        anchor: urls::tool_anchor(context.row().tool_file(card.index)),
        name_html: Html::name(&card.tool.name),
        label: LabelView::new(card.verdict.class, card.verdict.severity),
        facets: card.verdict.facets.iter().map(Facet::name).collect(),
        lead_html: prose::html(&card.lead()),
        overridden: overridden(card, context),
        said: said(card),
        risks_html: card.risks.iter().chain(card.findings.iter().map(|(_, prose)| prose)).map(prose::html).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_counts_classes() {
        assert_eq!(lead([2, 1, 0], true), "At least 3 tools; of those listed 2 Read, 1 Write.");
        assert_eq!(lead([3, 0, 0], true), "At least 3 tools; of those listed all 3 are Read.");
        assert_eq!(lead([1, 0, 0], true), "At least 1 tool; the one that is listed is Read.");
        let lead = |counts| lead(counts, false);
        assert_eq!(lead([27, 17, 5]), "49 tools: 27 Read, 17 Write, 5 Destructive.");
        assert_eq!(lead([14, 0, 0]), "14 tools, all Read.");
        assert_eq!(lead([0, 0, 1]), "1 tool: Destructive.");
        assert_eq!(lead([0; 3]), "It offers no tools.");
    }
}
