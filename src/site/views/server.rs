//! A server: its tools by class, what they lack, the whole policy.

use serde::Serialize;

use super::label::{Fact, Holes, Label, Share, Tab, holes};
use super::page::Page;
use super::tool::view::{overridden, said};
use super::tool::{Overridden, Said, hints, policy, provenance};
use super::{Around, prose};
use crate::card::figures::{count, list, stopped};
use crate::card::{self, Card, readiness};
use crate::classify::{Class, Facet, FindingId, Leg, Severity, Verdict};
use crate::config::Granularity;
use crate::manifest::{Manifest, Tool};
use crate::policy::formats::Scope;
use crate::policy::{Numbers, Outcome, Profile, outcomes, server_document};
use crate::site::text::{Html, excerpt};
use crate::site::{code, markdown, urls};

/// Findings that a server's page lists; its tools' pages have all.
const FINDINGS: usize = 40;
/// Tools that a leg names.
const LEG_TOOLS: usize = 4;

/// The view of `server.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServerView {
    /// Head and frame.
    pub page: Page,
    /// The slug.
    pub slug: String,
    /// The display name.
    pub name_html: Html,
    /// The facts in the margin.
    pub facts: Vec<Fact>,
    /// How many tools do what, as a sentence.
    pub lead: String,
    /// What it calls itself, what it speaks, where it comes from.
    pub by_html: Html,
    /// The text that it asks clients to show to the model, where there is one.
    pub instructions: Option<Said>,
    /// Its tools by class.
    pub share: Share,
    /// What a reader must know and no label says.
    pub findings: Vec<ServerFinding>,
    /// What stands below the findings where some are left out, or nothing.
    pub findings_more: String,
    /// The three legs of an exfiltration.
    pub legs: Vec<LegView>,
    /// Whether all three are there.
    pub legs_complete: bool,
    /// What each profile does with each class.
    pub profiles: Vec<ProfileRow>,
    /// The documents of the profiles.
    pub policies: Vec<Tab>,
    /// The guarded policy as a file.
    pub policy_href: String,
    /// Other formats of the guarded policy.
    pub formats: Vec<Tab>,
    /// From the document to a client that obeys it.
    pub steps_html: Vec<Html>,
    /// How to start it.
    pub start: Start,
    /// The matrix, most dangerous class first.
    pub groups: Vec<Group>,
    /// The tools as sections, where they have no pages of their own.
    pub sections: Vec<ToolSection>,
    /// The names of the facets, in the order of the holes.
    pub facet_names: [&'static str; 7],
    /// How many tools the directories would send back, as a sentence.
    pub directories: String,
    /// The card's foot.
    pub provenance: Vec<Fact>,
}

/// A tool's card in short, where it has no page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolSection {
    /// The anchor.
    pub anchor: String,
    /// The name.
    pub name_html: Html,
    /// Its label.
    pub label: Label,
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

/// A finding of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerFinding {
    /// Two or three words.
    pub stamp: &'static str,
    /// The tool.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// The sentence.
    pub text_html: Html,
}

/// One leg of an exfiltration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegView {
    /// `private data in`, …
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

/// What a profile does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileRow {
    /// The profile's words.
    pub name: &'static str,
    /// Whether it is the recommended one.
    pub recommended: bool,
    /// Read, Write, Destructive: what becomes of them.
    pub outcomes: [String; 3],
}

/// The tools of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The class.
    pub label: Label,
    /// `5 tools`
    pub count: String,
    /// The tools: by severity, then by name.
    pub rows: Vec<MatrixRow>,
}

/// One tool of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The name.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// Its label.
    pub label: Label,
    /// The seven holes.
    pub facets: Holes,
    /// Names of the facets that apply, with spaces between.
    pub facet_words: String,
    /// What the hints declare: `read-only`, `additive`, `destructive`, `writes`, or `nothing`.
    pub declared: &'static str,
    /// `agrees`, `understates`, `overstates`, or nothing.
    pub against: &'static str,
    /// Ids of the findings, with spaces between.
    pub findings: String,
    /// What directories lack.
    pub lacks: Vec<Lack>,
}

/// A hint or title that a directory asks for and the tool does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// `title`, `destructive`, …
    pub key: &'static str,
    /// `A`, `O` or `A O`.
    pub who: &'static str,
}

/// The view of a server's page.
pub fn view(server: &card::Server<'_>, numbers: &Numbers, around: &Around<'_>) -> ServerView {
    let (manifest, row) = (server.manifest, around.row());
    let path = row.url();
    let pairs: Vec<(&Tool, &Verdict)> = manifest.tools.iter().zip(server.verdicts).collect();
    let (findings, findings_left) = findings(&pairs, around, &path);
    let legs = legs(&pairs, around, &path);
    let guarded = server_document(pairs.iter().copied(), Profile::Guarded, numbers);
    let key = card::client_key(&manifest.server);
    let names = manifest.tools.iter().map(|t| t.name.as_str());
    let lead = lead(server.counts);
    ServerView {
        page: page(manifest, server.name(), &lead, around, &path),
        slug: manifest.server.slug.clone(),
        name_html: Html::text(manifest.server.display_name()),
        facts: facts(manifest),
        by_html: by(manifest),
        instructions: manifest.instructions.as_deref().filter(|t| !t.trim().is_empty()).map(|text| {
            let rendered = markdown::render(text, &[]);
            Said { head_html: rendered.head, rest_html: rendered.rest }
        }),
        share: Share::new(server.counts),
        findings_more: if findings_left == 0 {
            String::new()
        } else {
            format!("{} on the tools’ own pages.", count(findings_left, "more finding"))
        },
        findings,
        legs_complete: legs.iter().all(|leg| !leg.tools.is_empty()),
        legs,
        profiles: profiles(&pairs, numbers),
        policies: policies(&pairs, numbers),
        policy_href: urls::relative(&path, &urls::beside(&row.file, "policy.json"), ""),
        formats: policy::all_formats(&Scope::server(&key, &guarded, names)),
        steps_html: server.steps().iter().map(prose::html).collect(),
        start: start(server),
        groups: groups(&pairs, around, &path),
        sections: match around.config.site.granularity {
            Granularity::Tool => Vec::new(),
            Granularity::Server => {
                (0..pairs.len()).filter_map(|i| server.card(i)).map(|card| section(&card, around)).collect()
            }
        },
        facet_names: Facet::ALL.map(Facet::name),
        directories: directories(&pairs),
        provenance: provenance::facts(manifest).into_iter().chain(twins(around, &path)).collect(),
        lead,
    }
}

fn page(manifest: &Manifest, name: &str, lead: &str, around: &Around<'_>, path: &str) -> Page {
    let display = manifest.server.display_name();
    let title = format!("{display}: {}", count(manifest.tools.len(), "tool"));
    let description = format!("{lead} Labels with evidence and a policy for every tool of {name}.");
    let mut page = Page::new(around.config, path, &title, &excerpt(&description, 200))
        .within("servers")
        .crumbs(around.config, &[("Servers", urls::SERVERS), (display, path)]);
    page.picture = around.picture.map(str::to_owned);
    page.noindex = manifest.tools.is_empty();
    let file = &around.row().file;
    let twin = |name| urls::relative(path, &urls::beside(file, name), "");
    page.link("alternate", "text/markdown", twin(urls::MARKDOWN), None);
    page.link("describedby", "text/plain", twin(urls::LLMS), None);
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
    fact("Tools", Html::text(&manifest.tools.len().to_string()));
    fact("Version", Html::text(server.package_version.as_deref().unwrap_or_default()));
    fact("Registry", Html::text(provenance::registry_name(server.registry.as_deref().unwrap_or_default())));
    fact("Licence", Html::text(server.license.as_deref().unwrap_or_default()));
    fact("Captured", manifest.captured_at.as_deref().map(provenance::day).unwrap_or_default());
    facts
}

/// What the server says of itself, each claim isolated.
fn by(manifest: &Manifest) -> Html {
    let server = &manifest.server;
    let mut html = Html::new();
    if let Some(name) = &server.name {
        html.push_markup("It calls itself <q><bdi>").push_text(&excerpt(name, 80)).push_markup("</bdi></q>");
        if let Some(version) = &server.version {
            html.push_markup(" <bdi>").push_text(&excerpt(version, 40)).push_markup("</bdi>");
        }
        html.push_markup(". ");
    }
    if let Some(protocol) = &manifest.protocol_version {
        html.push_markup("It speaks protocol ").push_text(&excerpt(protocol, 20)).push_markup(". ");
    }
    if manifest.instructions.as_deref().is_none_or(|t| t.trim().is_empty()) {
        html.push_markup("It gives the model no instructions. ");
    }
    let source = provenance::source(server);
    if !source.is_empty() {
        html.push_markup("Source: ").push(&source).push_markup(".");
    }
    html
}

/// The same for programs, and the badge with the Markdown that shows it elsewhere.
fn twins(around: &Around<'_>, path: &str) -> [Fact; 2] {
    let file = &around.row().file;
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
    if let Some(base) = around.config.site.base_url.as_deref() {
        let (image, page) = (urls::absolute(base, &badge), urls::absolute(base, path));
        show.push_markup(" <code>").push_name(&format!("[![toolcard]({image})]({page})")).push_markup("</code>");
    }
    [Fact { term: "For programs", value_html: links }, Fact { term: "Badge", value_html: show }]
}

/// "27 tools read, 17 change something that can be changed back, 5 remove or spend for good."
fn lead(counts: [usize; 3]) -> String {
    let deeds = [
        ("reads", "read"),
        ("changes something that can be changed back", "change something that can be changed back"),
        ("removes or spends for good", "remove or spend for good"),
    ];
    let total: usize = counts.iter().sum();
    if total == 0 {
        return "It offers no tools.".to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    for (n, (one, many)) in counts.into_iter().zip(deeds) {
        if n > 0 {
            let noun = if parts.is_empty() { count(n, "tool") } else { n.to_string() };
            parts.push(format!("{noun} {}", if n == 1 { one } else { many }));
        }
    }
    stopped(&list(&parts, "and"))
}

/// Findings but for directory readiness, the gravest first, and how many were left out.
fn findings(pairs: &[(&Tool, &Verdict)], around: &Around<'_>, path: &str) -> (Vec<ServerFinding>, usize) {
    let mut all: Vec<(usize, &crate::classify::Finding)> = pairs
        .iter()
        .enumerate()
        .flat_map(|(i, (_, verdict))| verdict.findings.iter().map(move |f| (i, f)))
        .filter(|(_, f)| f.id != FindingId::DirectoryHintMissing)
        .collect();
    all.sort_by_key(|(i, f)| (std::cmp::Reverse(f.level), f.id, *i));
    let shown = all
        .iter()
        .take(FINDINGS)
        .map(|(i, f)| ServerFinding {
            stamp: hints::stamp(f, pairs[*i].1),
            name_html: Html::name(&pairs[*i].0.name),
            href: around.tool_href(path, *i),
            text_html: Html::sentence(&f.message),
        })
        .collect();
    (shown, all.len().saturating_sub(FINDINGS))
}

fn legs(pairs: &[(&Tool, &Verdict)], around: &Around<'_>, path: &str) -> Vec<LegView> {
    let names = [
        (Leg::PrivateData, "Private data in"),
        (Leg::UntrustedContent, "Untrusted content in"),
        (Leg::WayOut, "A way out"),
    ];
    names
        .into_iter()
        .map(|(leg, name)| {
            let having: Vec<usize> = (0..pairs.len()).filter(|i| pairs[*i].1.legs.contains(&leg)).collect();
            let link =
                |i: &usize| ServerLink { name_html: Html::name(&pairs[*i].0.name), href: around.tool_href(path, *i) };
            LegView {
                name,
                tools: having.iter().take(LEG_TOOLS).map(link).collect(),
                more: having.len().saturating_sub(LEG_TOOLS),
            }
        })
        .collect()
}

fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::ReadOnly => "Read only",
        Profile::Guarded => "Guarded",
        Profile::Open => "Open, metered",
    }
}

fn profiles(pairs: &[(&Tool, &Verdict)], numbers: &Numbers) -> Vec<ProfileRow> {
    let counted = outcomes(pairs, numbers);
    Profile::ALL
        .into_iter()
        .zip(counted)
        .map(|(profile, classes)| ProfileRow {
            name: profile_name(profile),
            recommended: profile == Profile::Guarded,
            outcomes: classes.map(|counts| {
                let some: Vec<(usize, Outcome)> =
                    counts.into_iter().zip(Outcome::ALL).filter(|(n, _)| *n > 0).collect();
                match some.as_slice() {
                    [] => "none".to_owned(),
                    [(_, outcome)] => outcome.name().to_owned(),
                    several => {
                        let words: Vec<String> = several.iter().map(|(n, o)| format!("{n} {}", o.name())).collect();
                        words.join(", ")
                    }
                }
            }),
        })
        .collect()
}

/// How to start the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Start {
    /// The client's entry; nothing where no command is known.
    pub code_html: Html,
    /// What to know.
    pub note_html: Html,
}

fn start(server: &card::Server<'_>) -> Start {
    let start = server.start();
    Start {
        code_html: start.snippet.map(|json| code::json(&code::dense(&json), &[])).unwrap_or_default(),
        note_html: prose::html(&start.words),
    }
}

fn policies(pairs: &[(&Tool, &Verdict)], numbers: &Numbers) -> Vec<Tab> {
    let intro = |profile| match profile {
        Profile::ReadOnly => "Only tools that read. Every other call is denied by default.",
        Profile::Guarded => "Every tool under the rule that its card recommends.",
        Profile::Open => {
            "Every tool can be called. What changes or removes something is metered, and nothing moves money."
        }
    };
    Profile::ALL
        .into_iter()
        .map(|profile| {
            let policy = server_document(pairs.iter().copied(), profile, numbers);
            Tab {
                id: profile.name(),
                label: profile_name(profile),
                chosen: profile == Profile::Guarded,
                intro_html: Html::markup(intro(profile)),
                code_html: code::json(&code::dense(&policy.to_json()), &[]),
                note_html: Html::text(&format!(
                    "{} named, {} hidden. Everything that the document does not name is denied.",
                    count(policy.tools.len() + policy.hide.len(), "tool"),
                    policy.hide.len()
                )),
            }
        })
        .collect()
}

/// The matrix: most dangerous class first, then by severity, then by name.
fn groups(pairs: &[(&Tool, &Verdict)], around: &Around<'_>, path: &str) -> Vec<Group> {
    Class::ALL
        .into_iter()
        .rev()
        .filter_map(|class| {
            let mut of_class: Vec<usize> = (0..pairs.len()).filter(|i| pairs[*i].1.class == class).collect();
            of_class.sort_by(|a, b| {
                let key = |i: usize| std::cmp::Reverse(pairs[i].1.severity);
                key(*a).cmp(&key(*b)).then_with(|| pairs[*a].0.name.cmp(&pairs[*b].0.name))
            });
            (!of_class.is_empty()).then(|| Group {
                label: Label::new(class, Severity::Low),
                count: count(of_class.len(), "tool"),
                rows: of_class.into_iter().map(|i| matrix_row(i, pairs[i], around, path)).collect(),
            })
        })
        .collect()
}

fn matrix_row(i: usize, (tool, verdict): (&Tool, &Verdict), around: &Around<'_>, path: &str) -> MatrixRow {
    let words = |names: Vec<&str>| names.join(" ");
    let mut findings: Vec<&str> =
        verdict.findings.iter().filter(|f| f.id != FindingId::DirectoryHintMissing).map(|f| f.id.name()).collect();
    findings.dedup();
    MatrixRow {
        name_html: Html::name(&tool.name),
        href: around.tool_href(path, i),
        label: Label::new(verdict.class, verdict.severity),
        facets: holes(verdict.facets),
        facet_words: words(verdict.facets.iter().map(Facet::name).collect()),
        declared: hints::declared_word(&tool.annotations),
        against: hints::against_word(&tool.annotations, verdict),
        findings: words(findings),
        lacks: lacks(tool),
    }
}

fn section(card: &Card<'_>, around: &Around<'_>) -> ToolSection {
    ToolSection {
        anchor: urls::tool_anchor(around.row().tool_file(card.index)),
        name_html: Html::name(&card.tool.name),
        label: Label::new(card.verdict.class, card.verdict.severity),
        facets: card.verdict.facets.iter().map(Facet::name).collect(),
        lead_html: prose::html(&card.lead()),
        overridden: overridden(card, around),
        said: said(card),
        risks_html: card.risks.iter().chain(card.findings.iter().map(|(_, prose)| prose)).map(prose::html).collect(),
    }
}

fn lacks(tool: &Tool) -> Vec<Lack> {
    let readiness = readiness(tool);
    let (anthropic, openai) = (&readiness.anthropic, &readiness.openai);
    let mut keys: Vec<&'static str> = anthropic.clone();
    keys.extend(openai.iter().filter(|key| !anthropic.contains(key)));
    keys.into_iter()
        .map(|key| Lack {
            key: key.strip_suffix("Hint").unwrap_or(key),
            who: match (anthropic.contains(&key), openai.contains(&key)) {
                (true, true) => "A O",
                (true, false) => "A",
                _ => "O",
            },
        })
        .collect()
}

fn directories(pairs: &[(&Tool, &Verdict)]) -> String {
    let lacking = |openai: bool| {
        pairs
            .iter()
            .filter(|(tool, _)| {
                let readiness = readiness(tool);
                !(if openai { readiness.openai } else { readiness.anthropic }).is_empty()
            })
            .count()
    };
    let say = |n: usize| match n {
        0 => "has all it asks for".to_owned(),
        n if n == pairs.len() => "misses something on every tool".to_owned(),
        n => format!("misses something on {}", count(n, "tool")),
    };
    format!("Anthropic’s directory {}; OpenAI’s {}.", say(lacking(false)), say(lacking(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_counts_what_tools_do() {
        assert_eq!(
            lead([27, 17, 5]),
            "27 tools read, 17 change something that can be changed back and 5 remove or spend for good."
        );
        assert_eq!(lead([1, 0, 0]), "1 tool reads.");
        assert_eq!(lead([0, 0, 1]), "1 tool removes or spends for good.");
        assert_eq!(lead([0; 3]), "It offers no tools.");
    }
}
