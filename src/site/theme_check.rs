//! A full and a bare view of each page kind: what a theme's templates are tried with before
//! anything is written, and what tests render.

use std::path::Path;

use serde_json::{Value, to_value};

use super::alternates::sitemap::{self, SitemapFile, SitemapIndexView};
use super::alternates::{badge, feeds, host};
use super::html::Html;
use super::html::code;
use super::index::{ListPages, ListRange, NewTool, ServerRow, SiteIndex};
use super::moved::Moved;
use super::pages::{PAGES, PageKind, SiteContext};
use super::render::Renderer;
use super::urls::{self, ListPage};
use super::views::label::{Fact, LabelView, ToolLink, facet_flags};
use super::views::page::PageView;
use super::views::tool::{
    ActionRowView, Actions, Alternate, AttackLink, FacetLink, FindingView, GatewayView, HistoryEntry, OtherCall,
    Overridden, QuestionView, Said, ToolView,
    evidence::{EvidenceRow, ProofView, RuleLink},
    hints::{HintRowView, HintsView, Lacks},
    params::{Param, Params},
    policy::{PolicyView, UseView},
};
use super::views::{PageContext, Shared, attacks, lists, moved, queue, server, tool};
use crate::card::{self, attacks::Article};
use crate::catalog::changes::{Event, EventId};
use crate::catalog::overrides::AppliedOverride;
use crate::catalog::overrides::Override;
use crate::classify::{Classifier, Verdict};
use crate::config::{Config, Granularity};
use crate::diagnostic::{Diagnostic, Position};
use crate::lexicon::Lexicon;
use crate::manifest::{self, Manifest};
use crate::policy::RateLimits;
use crate::risk::{Class, Facet, Facets, Severity};

fn config() -> Config {
    let mut config = Config::default();
    config.site.base_url = Some("https://cards.example/".to_owned());
    config.site.owner = Some("Somebody".to_owned());
    config
}

fn full_page(path: &str) -> PageView {
    let mut page = PageView::new(&config(), path, "A title", "A description.")
        .within("servers")
        .crumbs(&config(), &[("Servers", urls::SERVERS), ("here", path)]);
    page.noindex = true;
    page.link("alternate", "text/markdown", "x.md".to_owned(), Some("Markdown".to_owned()));
    page.link("describedby", "text/plain", "llms.txt".to_owned(), None);
    page
}

fn bare_page(path: &str) -> PageView {
    PageView::new(&Config::default(), path, "A title", "")
}

fn label(class: Class) -> LabelView {
    LabelView::new(class, Severity::of(class, Facets::NONE))
}

fn tool_link(class: Class) -> ToolLink {
    ToolLink {
        name_html: Html::name("delete_contact"),
        href: "delete_contact.html".to_owned(),
        label: label(class),
        note_html: Html::text("A note."),
    }
}

/// A tool with everything.
pub fn full_tool() -> ToolView {
    let facets: Facets = [Facet::Bulk].into_iter().collect();
    let policy = "{\n  \"version\": \"1\",\n  \"default\": \"deny\",\n  \"hide\": [\n    \"manage_contacts\"\n  ]\n}\n";
    ToolView {
        page: full_page("tools/workspace/manage_contacts.html"),
        name: "manage_contacts".to_owned(),
        name_html: Html::name("manage_contacts"),
        title_html: Html::text("Manage contacts"),
        label: LabelView::new(Class::Destructive, Severity::Critical),
        facets: facet_flags(facets),
        facets_on: vec![FacetLink { name: "bulk", href: "../../facets/bulk/index.html".to_owned() }],
        confidence: "high",
        overridden: Some(Overridden {
            class: "Read",
            heuristic: "Destructive",
            words_html: Html::text("J. Doe decided Read."),
        }),
        opening_html: Html::markup("<q>Manages contacts.</q>"),
        worst_html: Html::text("A call can remove or overwrite something for good."),
        said: Some(Said { head_html: Html::markup("<p>Deletes</p>"), rest_html: Html::markup("<p>and more</p>") }),
        actions: Some(Actions {
            argument_html: Html::name("action"),
            caption_html: Html::text("It decides."),
            rows: vec![ActionRowView {
                value_html: Html::name("delete"),
                label: label(Class::Destructive),
                allowed: false,
                words: "denied".to_owned(),
                worst: true,
            }],
            others: vec![OtherCall { call: "any other, or none", allowed: false, words: "denied".to_owned() }],
            more_html: Html::text("3 more values are under the parameters."),
        }),
        policy: PolicyView {
            line_html: Html::text("Hide until somebody reviews it"),
            code_html: code::json(policy, &["/hide/0"]),
            sentence_html: Html::text("Hides this tool."),
            server_href: "policy.json".to_owned(),
        },
        risks_html: vec![Html::text("Confidence is low.")],
        findings: vec![FindingView {
            id: "annotation-contradicts-verdict",
            level: "warning",
            text_html: Html::text("It declares that it only reads."),
        }],
        proof: vec![ProofView {
            name_html: Html::markup("name"),
            code: true,
            text_html: Html::name("manage_contacts"),
        }],
        evidence: vec![
            EvidenceRow {
                note: 1,
                rules: vec![RuleLink {
                    id_html: Html::name("verb.manage"),
                    href: "../../lexicon.html#verb.manage".to_owned(),
                }],
                seen_html: Html::text("name"),
                label: Some(label(Class::Destructive)),
                facets: vec![],
                weight: "decides",
                hit: "destructive",
            },
            EvidenceRow {
                note: 2,
                rules: vec![],
                seen_html: Html::text("name"),
                label: None,
                facets: vec!["bulk"],
                weight: "strong",
                hit: "",
            },
        ],
        evidence_more_html: Html::text("3 more are in the JSON."),
        uses: vec![UseView {
            id: "codex",
            program: "Codex",
            file: "~/.codex/config.toml",
            code_html: Html::text("a = \"b\""),
            note_html: Html::text("Codex does not offer a denied tool."),
        }],
        gateway: Shared::of(&gateway()),
        start_href: "index.html#start".to_owned(),
        formats_href: "index.html#other".to_owned(),
        params: Params {
            also_html: vec![Html::text("Icons declared: 2.")],
            summary: "1, required.".to_owned(),
            empty_html: Html::new(),
            rows: vec![Param {
                name_html: Html::name("action"),
                required: true,
                kind_html: Html::text("string"),
                default: "null".to_owned(),
                text_html: Html::text("What to do."),
            }],
            folded: vec![Param {
                name_html: Html::name("force"),
                required: false,
                kind_html: Html::text("boolean"),
                default: String::new(),
                text_html: Html::new(),
            }],
            described: true,
            more_html: Html::text("1 more is in the schema below."),
            schema_html: Html::text("{}"),
        },
        hints: Some(HintsView {
            rows: vec![HintRowView {
                key: "readOnlyHint",
                declared: "true",
                default: false,
                against: "disagrees",
                contradicts: true,
            }],
            directories: vec![Lacks { directory: "OpenAI", keys: vec!["openWorldHint"] }],
        }),
        provenance: Shared::of(&[Fact { term: "Package", value_html: Html::text("workspace 1.0") }]),
        fingerprint_html: Html::text("a41f"),
        attacks: vec![Shared::of(&AttackLink {
            href: "../../attacks/x.html".to_owned(),
            title: "A cleanup".to_owned(),
        })],
        related: vec![tool_link(Class::Read)],
        alike: vec![tool_link(Class::Write)],
        compare_href: "../../compare.html#a/b,c/d".to_owned(),
        faq: vec![QuestionView { id: "why", question_html: Html::text("Why?"), answer_html: Html::text("So.") }],
        history: vec![HistoryEntry {
            label: "Destructive, Critical".to_owned(),
            date: "2026-11-20".to_owned(),
            day: "20 November 2026".to_owned(),
        }],
        alternates: vec![Alternate { name: "Markdown", kind: "text/markdown", href: "manage_contacts.md".to_owned() }],
        report_href: Some("https://x.example/".to_owned()),
    }
}

fn gateway() -> GatewayView {
    GatewayView {
        name: "Your gateway".to_owned(),
        step_html: Html::text("Give it the document."),
        href: "index.html#control".to_owned(),
    }
}

/// A tool with nothing but a name.
pub(crate) fn bare_tool() -> ToolView {
    ToolView {
        page: bare_page("tools/x/y.html"),
        name: "y".to_owned(),
        name_html: Html::name("y"),
        title_html: Html::new(),
        label: label(Class::Write),
        facets: facet_flags(Facets::NONE),
        facets_on: vec![],
        confidence: "low",
        overridden: None,
        opening_html: Html::markup("<code>y</code>"),
        worst_html: Html::new(),
        said: None,
        actions: None,
        policy: PolicyView {
            line_html: Html::new(),
            code_html: Html::new(),
            sentence_html: Html::new(),
            server_href: String::new(),
        },
        risks_html: vec![],
        findings: vec![],
        proof: vec![],
        evidence: vec![],
        evidence_more_html: Html::new(),
        uses: vec![],
        gateway: Shared::of(&gateway()),
        start_href: "index.html#start".to_owned(),
        formats_href: String::new(),
        params: Params::default(),
        hints: None,
        provenance: Shared::of(&[(); 0]),
        fingerprint_html: Html::new(),
        attacks: vec![],
        related: vec![],
        alike: vec![],
        compare_href: String::new(),
        faq: vec![],
        history: vec![],
        alternates: vec![],
        report_href: None,
    }
}

/// Two tools that say something, and a server that says nothing.
const FULL: &str = r#"{
  "server": {"slug": "sample", "name": "FastMCP", "title": "Sample", "version": "2", "package": "sample-mcp",
    "registry": "npm", "package_version": "1.0.0", "license": "MIT", "repository": "https://example.org/sample"},
  "captured_at": "2026-11-20", "protocol_version": "2025-06-18", "instructions": "Be *kind*. Ask before you delete.",
  "tools": [
    {"name": "delete_items", "description": "Deletes all items.", "annotations": {"readOnlyHint": true},
     "inputSchema": {"type": "object", "properties": {"ids": {"type": "array"}}}},
    {"name": "get_secret", "description": "Gets a secret from a web page. The page is asked for once; what it answers is kept for an hour, and then asked for again.",
     "inputSchema": {"type": "object", "properties": {"url": {"type": "string"}}}}
  ]}"#;
const BARE: &str = r#"{"server": {"slug": "bare"}, "tools": []}"#;

/// What the sample's pages are made from.
struct Sample {
    config: Config,
    manifest: Manifest,
    verdicts: Vec<Verdict>,
    articles: Vec<Article>,
    index: SiteIndex,
}

impl Sample {
    fn new(config: Config, manifest: &str, articles: Vec<Article>) -> Option<Self> {
        let manifest = manifest::read(manifest, Path::new("sample.json")).value?;
        let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
        let mut sample = Self { config, manifest, verdicts, articles, index: SiteIndex::default() };
        let mut row = ServerRow::default();
        row.slug.clone_from(&sample.manifest.server.slug);
        row.file.clone_from(&row.slug);
        sample.manifest.server.display_name().clone_into(&mut row.title);
        for (tool, verdict) in sample.manifest.tools.iter().zip(&sample.verdicts) {
            row.add(&NewTool {
                name: &tool.name,
                file: &tool.name,
                verdict,
                likeness: "delete items",
                stale_override: true,
            });
        }
        sample.index = SiteIndex::new([row]);
        Some(sample)
    }

    fn server(&self) -> card::ServerCards<'_> {
        let context = card::CardContext {
            config: &self.config,
            rate_limits: RateLimits::default(),
            lexicon: Lexicon::embedded(),
            articles: &self.articles,
        };
        card::ServerCards::new(&self.manifest, &self.verdicts, context)
    }

    fn views(&self, views: &mut Vec<(PageKind, Value)>) {
        let Self { config, index, .. } = self;
        let decisions: Vec<AppliedOverride> =
            self.manifest.tools.first().map(|tool| decision(&tool.name)).into_iter().collect();
        let context = PageContext {
            config,
            index,
            place: 0,
            events: &[],
            decisions: &decisions,
            picture: Some("tools/slack/picture.1b9f0c2d.png"),
        };
        let server = self.server();
        let frame = tool::view::ServerFrame::new(&server, &context);
        let mut add = |kind, view: Result<Value, _>| views.extend(view.ok().map(|view| (kind, view)));
        for card in (0..self.manifest.tools.len()).filter_map(|i| server.card(i)) {
            add(PageKind::Tool, to_value(tool::view::view(&server, &card, &context, &frame)));
        }
        add(PageKind::Server, to_value(server::view(&server, &server.formats(), &context)));
        let moved = Moved {
            from: "tools/sample/old.html".to_owned(),
            to: "tools/sample/new.html".to_owned(),
            fragment: String::new(),
            name: "new".to_owned(),
        };
        add(PageKind::Moved, to_value(moved::moved(config, &moved)));
        let lexicon = Lexicon::embedded();
        let site = SiteContext { config, index, lexicon, articles: &self.articles };
        for row in PAGES {
            if let Some(view) = row.view.and_then(|view| view(site)) {
                add(row.kind, to_value(view));
            }
        }
        for article in &self.articles {
            add(PageKind::Attack, to_value(attacks::article(config, article)));
        }
        let all = ListRange { prefix: String::new(), servers: 0..index.servers.len(), tools: index.tools() };
        let front = ListRange { prefix: "s".to_owned(), servers: 0..0, tools: 0 };
        for ranges in [vec![all.clone()], vec![all.clone(), front.clone()]] {
            let pages = |list| ListPages { list, counts: index.counts(), ranges: ranges.clone() };
            for range in [&all, &front] {
                add(PageKind::Servers, to_value(lists::servers(config, index, &pages(ListPage::Servers), range)));
                add(PageKind::Queue, to_value(queue::queue(config, index, &pages(ListPage::Queue), range)));
                for list in [ListPage::Class(Class::Destructive), ListPage::Verb("delete".to_owned())] {
                    add(PageKind::List, to_value(lists::list(config, index, &pages(list), range)));
                }
            }
        }
    }
}

/// A person's decision about the first tool.
fn decision(tool: &str) -> AppliedOverride {
    let made = Override {
        tool: tool.to_owned(),
        class: Class::Write,
        facets: None,
        reason: "It can be undone.".to_owned(),
        by: "J. Doe".to_owned(),
        date: "2026-11-20".to_owned(),
        fingerprint: String::new(),
        expires: None,
        position: Position { line: 1, column: 1 },
    };
    AppliedOverride { tool: Some(0), made, stale: true }
}

/// A full and a bare view of every page kind.
pub fn views() -> Vec<(PageKind, Value)> {
    let mut views = Vec::new();
    for view in [full_tool(), bare_tool()] {
        views.extend(to_value(view).ok().map(|view| (PageKind::Tool, view)));
    }
    let full = Sample::new(config(), FULL, card::attacks::embedded());
    let bare = Sample::new(Config::default(), BARE, Vec::new());
    let mut whole = config();
    whole.site.granularity = Granularity::Server;
    let whole = Sample::new(whole, FULL, Vec::new());
    for sample in [full, bare, whole].into_iter().flatten() {
        sample.views(&mut views);
    }
    views
}

/// A full and a bare view of every template of [`super::render::FILES`].
pub fn files() -> Vec<(&'static str, Value)> {
    let mut files = Vec::new();
    let (full, mut bare) = (config(), Config::default());
    bare.site.base_url = Some("/".to_owned());
    let event =
        Event { date: Some("2026-11-20".to_owned()), ..Event::of_server(EventId::ServerAdded, "sample", 2, None) };
    for (config, manifest, events) in [(full, FULL, &[event][..]), (bare, BARE, &[])] {
        let Some(Sample { config, index, .. }) = Sample::new(config, manifest, Vec::new()) else { continue };
        let mut add = |template, view: Result<Value, _>| files.extend(view.ok().map(|view| (template, view)));
        for row in &index.servers {
            add("badge.svg", to_value(badge::server(row)));
            row.tools.iter().for_each(|tool| add("badge.svg", to_value(badge::tool(tool))));
        }
        add("feed.xml", to_value(feeds::feed(&config, &index, events)));
        add("opensearch.xml", to_value(host::opensearch(&config)));
        add("robots.txt", to_value(sitemap::robots(&config)));
        for part in sitemap::parts(&config, &index, 0) {
            let SitemapFile::Pages(view) = sitemap::file(&config, &index, &[], events, &part) else { continue };
            add("sitemap.xml", to_value(view));
            add("sitemap_index.xml", to_value(SitemapIndexView { parts: vec![part.path] }));
        }
    }
    let robots = sitemap::robots(&Config::default());
    files.extend(to_value(robots).ok().map(|view| ("robots.txt", view)));
    files
}

/// Renders every page kind and every other file with everything and with nothing.
///
/// # Errors
/// The first template that asks for what its view does not have, with file and line.
pub fn try_all(renderer: &Renderer) -> Result<(), Box<Diagnostic>> {
    let mut out = Vec::new();
    views().iter().try_for_each(|(kind, view)| renderer.render(*kind, view, &mut out))?;
    files().iter().try_for_each(|(template, view)| renderer.file(template, view).map(drop))?;
    Ok(())
}
