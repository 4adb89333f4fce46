//! Pages: every template renders, and what it renders.

mod servers;
mod themes;
mod tools;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use toolcard::card::{self, attacks};
use toolcard::classify::{Classifier, Verdict};
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{self, Manifest};
use toolcard::policy::RateLimits;
use toolcard::site::index::{NewTool, ServerRow, SiteIndex};
use toolcard::site::pages::{PAGES, PageKind};
use toolcard::site::render::{self, Renderer};
use toolcard::site::site_view::SiteView;
use toolcard::site::theme_check;
use toolcard::site::urls::{self, ListPage};
use toolcard::site::views::{
    self, PageContext,
    tool::{ToolView, view},
};

use crate::catalogue;

fn tool_view(server: &card::ServerCards<'_>, card: &card::Card<'_>, context: &PageContext<'_>) -> ToolView {
    view::view(server, card, context, &view::ServerFrame::new(server, context))
}

fn renderer(config: &Config) -> Renderer {
    Renderer::new(&SiteView::new(config), None).expect("the embedded templates parse")
}

/// The bundled catalogue, or a part of it.
struct Bundle {
    config: Config,
    servers: Vec<(Manifest, Vec<Verdict>)>,
    articles: Vec<attacks::Article>,
    index: SiteIndex,
}

impl Bundle {
    fn load(only: &[&str]) -> Self {
        let servers: Vec<(Manifest, Vec<Verdict>)> = catalogue::servers()
            .iter()
            .filter(|server| only.is_empty() || only.contains(&server.manifest.server.slug.as_str()))
            .map(|server| (server.manifest.clone(), server.verdicts.clone()))
            .collect();
        let mut bundle =
            Self { config: Config::default(), servers, articles: attacks::embedded(), index: SiteIndex::default() };
        let rows: Vec<ServerRow> = (0..bundle.servers.len()).map(|i| bundle.row(i)).collect();
        bundle.index = SiteIndex::new(rows);
        bundle
    }

    fn server(&self, i: usize) -> card::ServerCards<'_> {
        let (manifest, verdicts) = &self.servers[i];
        let context = card::CardContext {
            config: &self.config,
            rate_limits: RateLimits::default(),
            lexicon: Lexicon::embedded(),
            articles: &self.articles,
        };
        card::ServerCards::new(manifest, verdicts, context)
    }

    fn row(&self, i: usize) -> ServerRow {
        let (manifest, verdicts) = &self.servers[i];
        let identity = &manifest.server;
        let mut row = ServerRow::default();
        row.slug.clone_from(&identity.slug);
        row.file = urls::server_file(&identity.slug);
        identity.display_name().clone_into(&mut row.title);
        let version = identity.package_version.as_deref().unwrap_or_default();
        row.package = format!("{} {version}", identity.package.as_deref().unwrap_or_default());
        let likenesses = card::likenesses(manifest, verdicts, Lexicon::embedded());
        let names: Vec<&str> = manifest.tools.iter().map(|t| t.name.as_str()).collect();
        let files = urls::tool_files(&names);
        for (t, verdict) in verdicts.iter().enumerate() {
            let likeness = &likenesses[t];
            row.add(&NewTool { name: names[t], file: &files[t], verdict, likeness, stale_override: false });
        }
        row
    }

    fn context(&self, place: usize) -> PageContext<'_> {
        PageContext { config: &self.config, index: &self.index, place, events: &[], decisions: &[], picture: None }
    }
}

#[test]
fn every_template_renders_with_everything_and_with_nothing() {
    theme_check::try_all(&renderer(&Config::default())).expect("renders");
    let tried = theme_check::views();
    for kind in PAGES.iter().map(|row| row.kind) {
        let of_kind = tried.iter().filter(|(k, _)| *k == kind).count();
        assert!(of_kind >= if kind == PageKind::Attack { 1 } else { 2 }, "{kind:?}");
    }
}

/// What is in each of these elements of a page, as markup.
fn inside<'a>(page: &'a str, element: &str) -> Vec<&'a str> {
    let open = format!("<{element}");
    let starts = page.match_indices(&open).map(|(at, _)| &page[at + open.len()..]);
    let named = starts.filter(|rest| rest.starts_with(['>', ' ']));
    // End tags of terms and cells are optional.
    let ends = [format!("</{element}>"), "<dd".to_owned(), "<td".to_owned(), "<th>".to_owned(), "</tr>".to_owned()];
    named
        .filter_map(|rest| {
            let rest = &rest[rest.find('>')? + 1..];
            let end = ends.iter().filter_map(|end| rest.find(end.as_str())).min()?;
            Some(&rest[..end])
        })
        .collect()
}

#[test]
fn a_term_as_heading_or_column_leads_to_its_entry_in_the_glossary() {
    let known: BTreeMap<String, String> =
        toolcard::site::glossary::terms().into_iter().map(|term| (term.term.to_lowercase(), term.id)).collect();
    let renderer = renderer(&Config::default());
    let (mut linked, mut lost): (HashSet<PageKind>, BTreeSet<String>) = Default::default();
    for (kind, view) in theme_check::views() {
        // The glossary itself; the method page, which explains each at length.
        if matches!(kind, PageKind::Glossary | PageKind::Method) {
            continue;
        }
        let mut out = Vec::new();
        renderer.render(kind, &view, &mut out).expect("renders");
        let page = String::from_utf8(out).expect("text");
        for element in ["h2", "h3", "dt", "th"] {
            for markup in inside(&page, element) {
                let text: String = markup
                    .split('<')
                    .enumerate()
                    .map(|(i, piece)| if i == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) })
                    .collect();
                let word = text.trim().to_lowercase();
                let singular = word.strip_suffix("es").or(word.strip_suffix('s')).unwrap_or(&word);
                let forms = [word.as_str(), word.strip_suffix('s').unwrap_or(&word), singular];
                let Some(id) = forms.iter().find_map(|form| known.get(*form)) else { continue };
                // A class, a severity or a facet may lead to its list, which begins with its meaning.
                let explained = markup.contains(&format!("glossary.html#{id}\""))
                    || ["classes/", "severity/", "facets/", "attacks/"].iter().any(|list| markup.contains(list))
                    || markup.contains("class=\"cls")
                    || markup.contains("<code>");
                if explained {
                    linked.insert(kind);
                } else {
                    lost.insert(format!("{kind:?}: {markup}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "these lead nowhere: {lost:#?}");
    let expected = [PageKind::Tool, PageKind::Server, PageKind::List, PageKind::Queue, PageKind::Lexicon];
    assert!(expected.iter().all(|kind| linked.contains(kind)), "{linked:?}");
}

#[test]
fn no_title_is_longer_than_what_is_shown_unless_name_and_server_are() {
    let bundle = Bundle::load(&[]);
    let mut titles: BTreeSet<String> = BTreeSet::new();
    let mut tools = 0;
    for place in 0..bundle.servers.len() {
        let (server, context) = (bundle.server(place), bundle.context(place));
        for i in 0..bundle.servers[place].1.len() {
            let card = server.card(i).expect("a card");
            let title = tool_view(&server, &card, &context).page.title;
            assert!(title.chars().count() <= 70, "{title}");
            assert!(title.starts_with(&format!("{} on ", card.tool.name.as_str())), "{title}");
            titles.insert(title);
            tools += 1;
        }
    }
    assert!(tools > 1000 && titles.len() == tools, "{} titles of {tools} tools", titles.len());
}

#[test]
fn no_template_turns_escaping_off() {
    for (name, source) in render::templates() {
        let mut filters = source.split('|').skip(1).map(str::trim_start);
        assert!(filters.all(|filter| !filter.starts_with("safe")), "{name} uses the filter `safe`");
    }
}

#[test]
fn every_rule_that_speaks_has_its_anchor() {
    let bundle = Bundle::load(&[]);
    let renderer = renderer(&bundle.config);
    let (mut method, mut lexicon) = (Vec::new(), Vec::new());
    let view = views::method::method(&bundle.config, Lexicon::embedded());
    renderer.render(PageKind::Method, &view, &mut method).expect("renders");
    let view = views::lexicon::lexicon(&bundle.config, Lexicon::embedded());
    renderer.render(PageKind::Lexicon, &view, &mut lexicon).expect("renders");
    let (method, page) = (String::from_utf8(method).expect("text"), String::from_utf8(lexicon).expect("text"));
    assert!(method.len() < 60_000, "the method page has {} bytes", method.len());
    let evidence = bundle.servers.iter().flat_map(|(_, verdicts)| verdicts).flat_map(|v| &v.evidence);
    let rules: BTreeSet<&str> = evidence.map(|e| e.rule.as_ref()).collect();
    assert!(rules.len() > 50);
    let known = toolcard::classify::rules(Lexicon::embedded()).into_iter().map(|rule| rule.id);
    for rule in toolcard::classify::CLAIMS {
        assert!(method.contains(&format!(" id=\"by.{}\"", rule.id)), "{}", rule.id);
    }
    let anchors = rules.into_iter().map(str::to_owned).chain(known);
    let missing: Vec<String> = anchors.filter(|id| !page.contains(&format!(" id=\"{id}\""))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_unique_ids(&page);
    assert_unique_ids(&method);
}

#[test]
fn nothing_a_server_says_becomes_markup() {
    const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=y>{{ site }}{% raw %}'\u{202e}<!--";
    let json = |text: &str| serde_json::to_string(text).expect("serialises");
    let evil = json(EVIL);
    let text = format!(
        r#"{{"server": {{"slug": "evil", "name": {evil}, "title": {evil}, "version": {evil}, "package": {evil},
        "registry": {evil}, "package_version": {evil}, "license": {evil}, "repository": {evil}}},
        "captured_at": {evil}, "protocol_version": {evil}, "instructions": {evil},
        "tools": [{{"name": {name}, "title": {evil}, "description": {markdown}, "annotations": {{"readOnlyHint": true}},
        "inputSchema": {{"type": "object", {evil}: 1, "properties": {{
          {evil}: {{"type": {evil}, "description": {evil}, "default": {evil}}},
          "action": {{"enum": ["delete", {evil}], "description": {evil}}}}}}}}}]}}"#,
        name = json(&format!("delete_{EVIL}")),
        markdown = json(&format!("Deletes *{EVIL}* [x](javascript:alert(1)) {EVIL}\n\n# {EVIL}\n\n```\n{EVIL}\n```")),
    );
    let manifest = manifest::read(&text, "evil.json".as_ref()).value.expect("reads");
    let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
    let mut bundle = Bundle {
        config: Config::default(),
        servers: vec![(manifest, verdicts)],
        articles: attacks::embedded(),
        index: SiteIndex::default(),
    };
    bundle.config.site.base_url = Some("https://x.example/".to_owned());
    bundle.config.site.report_url = Some("https://x.example/report".to_owned());
    bundle.index = SiteIndex::new([bundle.row(0)]);
    let renderer = renderer(&bundle.config);
    let (server, context) = (bundle.server(0), bundle.context(0));
    let card = server.card(0).expect("a card");
    let servers = bundle.index.pages(ListPage::Servers);
    let list = bundle.index.pages(ListPage::Class(card.verdict.class));
    let mut pages = vec![Vec::new(); 4];
    renderer.render(PageKind::Tool, &tool_view(&server, &card, &context), &mut pages[0]).expect("renders");
    let view = views::server::view(&server, &server.formats(), &context);
    renderer.render(PageKind::Server, &view, &mut pages[1]).expect("renders");
    let view = views::lists::servers(&bundle.config, &bundle.index, &servers, &servers.ranges[0]);
    renderer.render(PageKind::Servers, &view, &mut pages[2]).expect("renders");
    let view = views::lists::list(&bundle.config, &bundle.index, &list, &list.ranges[0]);
    renderer.render(PageKind::List, &view, &mut pages[3]).expect("renders");
    for (i, page) in pages.into_iter().enumerate() {
        let page = String::from_utf8(page).expect("text");
        // The page's own data, its script and that of the colour scheme; on a tool's page the script of the tabs too, on a
        // server's those of the composer and of the filter, on a list's that of the filter.
        assert_eq!(page.matches("<script").count(), [4, 5, 3, 4][i], "{page}");
        for bad in ["<img", "<!--", "javascript:alert(1)\"", "onerror=y>", "\u{202e}"] {
            assert!(!page.contains(bad), "{bad} in {page}");
        }
        assert_unique_ids(&page);
    }
}

fn assert_unique_ids(page: &str) {
    let mut seen = BTreeSet::new();
    for (_, rest) in page.match_indices(" id=\"").map(|(i, m)| (i, &page[i + m.len()..])) {
        let id = rest.split('"').next().unwrap_or_default();
        assert!(seen.insert(id), "two elements have the id {id}");
    }
}

#[test]
fn pages_keep_their_budget_and_the_content_security_policy() {
    let mut bundle = Bundle::load(&[]);
    bundle.config.site.base_url = Some("https://example.org/".to_owned());
    let renderer = renderer(&bundle.config);
    let (mut sizes, mut out) = (Vec::new(), Vec::new());
    for place in 0..bundle.servers.len() {
        let (server, context) = (bundle.server(place), bundle.context(place));
        let frame = view::ServerFrame::new(&server, &context);
        for i in 0..bundle.servers[place].1.len() {
            let card = server.card(i).expect("a card");
            renderer.render(PageKind::Tool, &view::view(&server, &card, &context, &frame), &mut out).expect("renders");
            sizes.push(out.len());
            let page = std::str::from_utf8(&out).expect("text");
            assert_unique_ids(page);
            assert_eq!(page.matches("<h1").count(), 1);
            assert!(page.contains("<head><meta http-equiv=\"Content-Security-Policy\""));
            assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains("<script>"), "{page}");
        }
    }
    sizes.sort_unstable();
    assert!(sizes[sizes.len() / 2] <= 11_800, "the median page has {} bytes", sizes[sizes.len() / 2]);
}

#[test]
fn the_tool_template_prints_what_its_view_holds() {
    let mut out = Vec::new();
    renderer(&Config::default()).render(PageKind::Tool, &theme_check::full_tool(), &mut out).expect("renders");
    let page = String::from_utf8(out).expect("text");
    let main = page.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    insta::assert_snapshot!("tool_main", main.replace("><", ">\n<"));
}
