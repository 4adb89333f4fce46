//! Pages: every template renders, and what it renders.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use toolcard::card::{self, attacks};
use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::read_server;
use toolcard::classify::{Classifier, Verdict};
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{self, Manifest};
use toolcard::policy::RateLimits;
use toolcard::risk::Class;
use toolcard::sentence::{PageShare, Part, parts};
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

use crate::catalogue::servers;

fn tool_view(server: &card::ServerCards<'_>, card: &card::Card<'_>, around: &PageContext<'_>) -> ToolView {
    view::view(server, card, around, &view::ServerFrame::new(server, around))
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
        let servers: Vec<(Manifest, Vec<Verdict>)> = servers()
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
        let setting = card::CardContext {
            config: &self.config,
            rate_limits: RateLimits::default(),
            lexicon: Lexicon::embedded(),
            articles: &self.articles,
        };
        card::ServerCards::new(manifest, verdicts, setting)
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

    fn around(&self, place: usize) -> PageContext<'_> {
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
fn a_term_that_is_a_heading_or_a_column_leads_to_its_entry_in_the_glossary() {
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
        let (server, around) = (bundle.server(place), bundle.around(place));
        for i in 0..bundle.servers[place].1.len() {
            let card = server.card(i).expect("a card");
            let title = tool_view(&server, &card, &around).page.title;
            assert!(title.chars().count() <= 70, "{title}");
            assert!(title.starts_with(&format!("{} on ", card.tool.name)), "{title}");
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
fn a_theme_replaces_one_template_or_one_part() {
    let theme = tempfile::tempdir().expect("a folder");
    let parts = theme.path().join("templates/parts");
    std::fs::create_dir_all(&parts).expect("made");
    let mine = "{% extends \"base.html\" %}{% block main %}<h1>Mine: {{ page.title }}</h1>{% endblock main %}";
    std::fs::write(theme.path().join("templates/search.html"), mine).expect("written");
    let site = SiteView::new(&Config::default());
    let renderer = Renderer::new(&site, Some(theme.path())).expect("loads");
    assert!(renderer.is_themed());
    theme_check::try_all(&renderer).expect("renders");
    let view = views::home::search(&Config::default(), &SiteIndex::default());
    let mut out = Vec::new();
    renderer.render(PageKind::Search, &view, &mut out).expect("renders");
    let page = String::from_utf8(out).expect("text");
    assert!(page.contains("<h1>Mine: Search · toolcard</h1>") && page.contains("class=\"foot\""), "{page}");

    let part = "parts/components.html";
    let (_, source) = render::templates().find(|(name, _)| *name == part).expect("a part");
    let changed = source.replace("<span class=\"cls ", "<span class=\"mine cls ");
    assert_ne!(changed, source);
    std::fs::write(theme.path().join("templates").join(part), changed).expect("written");
    let renderer = Renderer::new(&site, Some(theme.path())).expect("loads");
    let views = theme_check::views();
    let (kind, view) = views.iter().find(|(kind, _)| *kind == PageKind::Server).expect("a server");
    let mut out = Vec::new();
    renderer.render(*kind, view, &mut out).expect("renders");
    assert!(String::from_utf8_lossy(&out).contains("class=\"mine cls "));
}

#[test]
fn a_theme_replaces_the_template_of_a_badge_and_what_a_server_says_is_escaped_in_it() {
    let theme = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(theme.path().join("templates")).expect("made");
    std::fs::write(theme.path().join("templates/badge.svg"), "<svg>\n  <text>Mine: {{ title }}</text>\n</svg>\n")
        .expect("written");
    let site = SiteView::new(&Config::default());
    let renderer = Renderer::new(&site, Some(theme.path())).expect("loads");
    theme_check::try_all(&renderer).expect("renders");
    let badge = renderer.file("badge.svg", &serde_json::json!({"title": "<b>\u{202e}&"})).expect("renders");
    assert_eq!(badge, "<svg><text>Mine: &lt;b&gt;&lt;U+202E&gt;&amp;</text></svg>\n");

    std::fs::write(theme.path().join("templates/feed.xml"), "<feed>\n{{ titel }}</feed>").expect("written");
    let renderer = Renderer::new(&site, Some(theme.path())).expect("parses");
    let diagnostic = theme_check::try_all(&renderer).expect_err("asks for what is not there");
    assert!(diagnostic.file.ends_with("feed.xml") && diagnostic.position.map(|p| p.line) == Some(2), "{diagnostic:?}");
}

#[test]
fn a_broken_theme_is_an_error_with_file_and_line() {
    let theme = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(theme.path().join("templates")).expect("made");
    let file = theme.path().join("templates/home.html");
    let site = SiteView::new(&Config::default());

    std::fs::write(&file, "line one\n{% if page %}\n{% endfor %}").expect("written");
    let diagnostics = Renderer::new(&site, Some(theme.path())).expect_err("does not parse");
    assert_eq!(diagnostics[0].file, file);
    assert_eq!(diagnostics[0].position.map(|p| p.line), Some(3), "{diagnostics:?}");

    std::fs::write(&file, "line one\n{{ page.titel }}").expect("written");
    let renderer = Renderer::new(&site, Some(theme.path())).expect("parses");
    let diagnostic = theme_check::try_all(&renderer).expect_err("asks for what is not there");
    assert_eq!((diagnostic.file.clone(), diagnostic.position.map(|p| p.line)), (file, Some(2)), "{diagnostic:?}");
}

#[test]
fn the_book_lists_what_every_template_is_given() {
    let mut tables: BTreeMap<&str, BTreeMap<String, BTreeSet<&str>>> = BTreeMap::new();
    let pages = theme_check::views().into_iter().map(|(kind, view)| (kind.template(), view));
    for (template, view) in pages.chain(theme_check::files()) {
        describe("", &view, tables.entry(template).or_default());
    }
    let mut full = Config::default();
    full.site.base_url = Some("https://x.example/".to_owned());
    full.site.owner = Some("An owner".to_owned());
    full.site.owner_url = Some("https://x.example/".to_owned());
    let mut bare = Config::default();
    bare.output.search = false;
    for config in [full, bare] {
        let site = serde_json::to_value(SiteView::new(&config)).expect("serialises");
        describe("site", &site, tables.entry("every template").or_default());
    }
    let mut text = String::new();
    for (template, fields) in &tables {
        text += &format!("### `{template}`\n\n| field | what it is |\n|---|---|\n");
        for (field, kinds) in fields {
            let kinds: Vec<&str> = kinds.iter().copied().collect();
            text += &format!("| `{field}` | {} |\n", kinds.join(" or "));
        }
        text.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/theming.md");
    let book = std::fs::read_to_string(path).unwrap_or_default();
    let marker = "<!-- from here on written by `TOOLCARD_BLESS=1 cargo test --test integration pages::` -->\n\n";
    let (head, _) = book.split_once(marker).expect("the marker is in docs/theming.md");
    let wanted = format!("{head}{marker}{}", text.trim_end()) + "\n";
    if std::env::var_os("TOOLCARD_BLESS").is_some() {
        std::fs::write(path, &wanted).expect("written");
    } else {
        assert!(book == wanted, "docs/theming.md is stale: run TOOLCARD_BLESS=1 cargo test --test integration pages::");
    }
}

/// Every path of a view with what is there; the items of a list are `list[].field`.
fn describe(path: &str, value: &Value, out: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    let kind = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "flag",
        Value::Number(_) => "number",
        Value::String(_) if path.trim_end_matches("[]").ends_with("_html") => "HTML",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "fields",
    };
    if !path.is_empty() {
        out.entry(path.to_owned()).or_default().insert(kind);
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| describe(&format!("{path}[]"), item, out)),
        Value::Object(map) => {
            for (key, value) in map {
                describe(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, out);
            }
        }
        _ => {}
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
    let manifest = manifest::read(&text, "evil.json".as_ref()).manifest.expect("reads");
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
    let (server, around) = (bundle.server(0), bundle.around(0));
    let card = server.card(0).expect("a card");
    let servers = bundle.index.pages(ListPage::Servers);
    let list = bundle.index.pages(ListPage::Class(card.verdict.class));
    let mut pages = vec![Vec::new(); 4];
    renderer.render(PageKind::Tool, &tool_view(&server, &card, &around), &mut pages[0]).expect("renders");
    let view = views::server::view(&server, &around);
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
        let (server, around) = (bundle.server(place), bundle.around(place));
        let frame = view::ServerFrame::new(&server, &around);
        for i in 0..bundle.servers[place].1.len() {
            let card = server.card(i).expect("a card");
            renderer.render(PageKind::Tool, &view::view(&server, &card, &around, &frame), &mut out).expect("renders");
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

/// Calls `test` with each card of some servers and its page.
fn each_page(only: &[&str], mut test: impl FnMut(&card::Card<'_>, &str)) {
    let bundle = Bundle::load(only);
    let (renderer, mut out) = (renderer(&bundle.config), Vec::new());
    for place in 0..bundle.servers.len() {
        let (server, around) = (bundle.server(place), bundle.around(place));
        let frame = view::ServerFrame::new(&server, &around);
        for card in (0..bundle.servers[place].1.len()).filter_map(|i| server.card(i)) {
            renderer.render(PageKind::Tool, &view::view(&server, &card, &around, &frame), &mut out).expect("renders");
            test(&card, std::str::from_utf8(&out).expect("text"));
        }
    }
}

fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(part, _)| part)
}

const SOME: [&str; 3] = ["mongodb-mcp-server", "n8n-mcp", "server-github"];

#[test]
fn the_document_on_a_page_is_the_policy_and_marks_only_what_decides() {
    let mut seen = BTreeSet::new();
    each_page(&SOME, |card, page| {
        let code = between(page, "<pre data-copy=\"policy.json\">", "</pre>");
        let mut text = regex::Regex::new("<[^>]*>").expect("an expression").replace_all(code, "").into_owned();
        for (from, to) in [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.replace(from, to);
        }
        let read = toolcard::policy::read_text(&text, "policy.json".as_ref());
        assert_eq!(read.value.as_ref(), Some(&card.policy), "{}: {text}", card.tool.name);
        let marked = code.matches("<em>").count();
        // Two arguments and a limit have at most six.
        assert!((1..=6).contains(&marked) && marked * 2 < text.lines().count(), "{}: {code}", card.tool.name);
        let headline = between(page, "<h2 id=\"policy\">", "</h2>");
        assert!(!headline.is_empty() && !headline.ends_with('.'), "{headline}");
        seen.insert(card.claims.line_row().id);
    });
    assert!(seen.len() >= 4, "{seen:?}");
}

#[test]
fn footnotes_begin_in_reading_order_and_a_mark_has_one() {
    let (mut notes, mark) = (0, regex::Regex::new("</mark>(?:<a href=\"#e(\\d+)\">\\d+</a>)+").expect("an expression"));
    each_page(&SOME, |card, page| {
        let (proof, mut highest) = (between(page, "<dl class=\"proof\">", "</dl>"), 0);
        assert_eq!(
            proof.matches("<mark").count(),
            proof.matches("<a href=\"#e").count(),
            "{}: {proof}",
            card.tool.name
        );
        for found in mark.captures_iter(proof) {
            let note: usize = found[1].parse().expect("a number");
            assert!(note <= highest + 1, "{}: {proof}", card.tool.name);
            assert!(page.contains(&format!("<tr id=\"e{note}\"")), "{}: no row {note}", card.tool.name);
            highest = highest.max(note);
            notes += 1;
        }
        assert!(!proof.contains("inputSchema") && !between(page, "stack seen", "</table>").contains("/inputSchema"));
        assert_eq!(
            page.contains("#confidence\">Confidence</a><dd>"),
            card.verdict.confidence.band() != "high",
            "{}",
            card.tool.name
        );
    });
    assert!(notes > 300, "{notes}");
}

/// What a slot of a sentence looks like in [`blocks`], by its kind.
fn slot(kind: &str) -> &'static str {
    match kind {
        "Code" | "Quote" | "Whole" => "\u{1}",
        "Seen" => {
            "(?:(?:the name|the title|the description|a value of \u{1}|the schema of \u{1}|the schema’s title|the \
             schema) says \u{1}|it takes \u{1}|the server declares \u{1})"
        }
        "Condition" => "\u{1} is [^.;]+?",
        _ => "[^.;:?]+?",
    }
}

/// One expression for the chosen sentences, one after the other.
fn sentences(chosen: impl Fn(PageShare) -> bool) -> regex::Regex {
    let of = |s: &toolcard::sentence::Sentence| {
        let kind = |name: &str| s.slots.iter().find(|(n, _)| *n == name).map_or("", |(_, kind)| kind);
        let part = |part| match part {
            Part::Words(words) => regex::escape(words),
            Part::Slot(name) => slot(kind(name)).to_owned(),
        };
        parts(s.text).map(part).collect::<String>()
    };
    let all: Vec<String> = card::sentences().filter(|s| chosen(s.share)).map(of).collect();
    let one = format!("(?:{})", all.join("|"));
    regex::Regex::new(&format!("^{one}(?: {one})*$")).expect("an expression")
}

/// The blocks of a page's main part: what a server said, code and numbers of rules are one character.
fn blocks(page: &str) -> Vec<String> {
    let main = page.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    let replace = |text: &str, pattern: &str, with: &str| {
        regex::Regex::new(pattern).expect("an expression").replace_all(text, with).into_owned()
    };
    // The definition as published, its places, documents and headings.
    let mut text = replace(main, r#"(?s)<details class="more">.*?</details>"#, "\n");
    text = replace(&text, r#"(?s)<table class="stack (?:params|seen)">.*?</table>"#, "\n");
    text = replace(&text, r"(?s)<(?:pre|h1|h2|h3|nav)\b.*?</(?:pre|h1|h2|h3|nav)>", "\n");
    for inline in ["code", "q", "bdi", "time"] {
        text = replace(&text, &format!(r"(?s)<{inline}\b.*?</{inline}>"), "\u{1}");
    }
    text = replace(&text, r"</?(?:a|span|b|strong|small|mark|wbr)\b[^>]*>", "");
    text = replace(&text, r"<[^>]*>", "\n");
    text = text.replace("&amp;", "&").replace("&quot;", "\"");
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn every_sentence_of_a_tool_page_is_one_of_the_list() {
    let bundle = Bundle::load(&[]);
    let (renderer, list) = (renderer(&bundle.config), sentences(|_| true));
    let (mut checked, mut out, mut stray) = (0, Vec::new(), BTreeSet::new());
    let (mut pages, mut stands) = (0, BTreeMap::<String, usize>::new());
    for place in 0..bundle.servers.len() {
        let (server, around) = (bundle.server(place), bundle.around(place));
        let frame = view::ServerFrame::new(&server, &around);
        for i in 0..bundle.servers[place].1.len() {
            let card = server.card(i).expect("a card");
            renderer.render(PageKind::Tool, &view::view(&server, &card, &around, &frame), &mut out).expect("renders");
            pages += 1;
            for block in blocks(std::str::from_utf8(&out).expect("text")).into_iter().collect::<BTreeSet<String>>() {
                // A label, a cell or a link is not a sentence.
                let is_sentence = block.ends_with(['.', '?', '!']) || block.split_whitespace().count() > 6;
                if is_sentence && block != "\u{1}" && !card.attacks.iter().any(|a| a.title == block) {
                    checked += 1;
                    if !list.is_match(&block) {
                        stray.insert(block.replace('\u{1}', "`…`"));
                    }
                    *stands.entry(block).or_default() += 1;
                }
            }
        }
    }
    assert!(checked > 4_000, "{checked}");
    let own = sentences(|share| share != PageShare::Third);
    let everywhere: Vec<_> = stands.iter().filter(|(text, n)| **n * 3 > pages && !own.is_match(text)).collect();
    assert!(everywhere.is_empty(), "on more than a third of {pages} pages: {everywhere:?}");
    assert!(stray.is_empty(), "{} blocks are none of the list's sentences: {stray:#?}", stray.len());
}

#[test]
fn a_card_shows_who_decided_when_and_why_and_whether_it_still_holds() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("shop");
    std::fs::create_dir_all(&folder).expect("made");
    let text =
        r#"{"server": {"slug": "shop"}, "tools": [{"name": "delete_order", "description": "Deletes an order."}]}"#;
    std::fs::write(folder.join("manifest.json"), text).expect("written");
    let tool = &manifest::read(text, "tools.json".as_ref()).manifest.expect("reads").tools[0];
    let now = manifest::fingerprint(tool).decided();
    for (print, class, stale) in [(now, Class::Write, false), ("0".repeat(32), Class::Destructive, true)] {
        let decision = format!(
            "[[override]]\ntool = \"delete_order\"\nclass = \"Write\"\nreason = \"Orders <stay> in a bin\"\n\
             by = \"J. Doe\"\ndate = \"2026-11-20\"\nfingerprint = \"{print}\"\n"
        );
        std::fs::write(folder.join("overrides.toml"), decision).expect("written");
        let catalog = Catalog::open(dir.path()).expect("opens");
        let labelled = read_server(&catalog.servers[0], Classifier::new(Lexicon::embedded())).value.expect("labelled");
        assert_eq!(labelled.verdicts[0].class, class);
        let mut bundle = Bundle {
            config: Config::default(),
            servers: vec![(labelled.manifest, labelled.verdicts)],
            articles: Vec::new(),
            index: SiteIndex::default(),
        };
        bundle.index = SiteIndex::new([bundle.row(0)]);
        let around = PageContext { decisions: &labelled.decisions, ..bundle.around(0) };
        let server = bundle.server(0);
        let view = tool_view(&server, &server.card(0).expect("a card"), &around);
        let mut out = Vec::new();
        renderer(&bundle.config).render(PageKind::Tool, &view, &mut out).expect("renders");
        let page = String::from_utf8(out).expect("text");
        assert!(page.contains("<q>J. Doe</q> decided Write on 20 November 2026."), "{page}");
        assert!(page.contains("Reason: <q>Orders &lt;stay&gt; in a bin</q>."), "{page}");
        assert!(page.contains("the rules say Destructive"), "{page}");
        assert_eq!(page.contains("Stale: the definition changed since"), stale, "{page}");
    }
}

#[test]
fn annotations_to_declare_are_json_and_never_milder_than_the_label() {
    let bundle = Bundle::load(&[]);
    let mut proposed = 0;
    for place in 0..bundle.servers.len() {
        let (manifest, verdicts) = &bundle.servers[place];
        let view = views::server::view(&bundle.server(place), &bundle.around(place));
        for html in [&view.author.code_html, &view.author.more_html] {
            if html.is_empty() {
                continue;
            }
            let text =
                html.as_str().replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&");
            let tools: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
            for (name, tool) in tools {
                let at = manifest.tools.iter().position(|t| t.name == name).expect("a tool of the server");
                let (declared, class) = (&manifest.tools[at].annotations, verdicts[at].class);
                let hint = |key: &str| tool["annotations"][key].as_bool().expect("a flag");
                assert!(!hint("readOnlyHint") || class == Class::Read, "{name}");
                assert!(hint("destructiveHint") || class != Class::Destructive, "{name}");
                assert!(
                    !hint("readOnlyHint") || declared.read_only != Some(false),
                    "{name} is declared to change something"
                );
                assert!(hint("destructiveHint") || declared.destructive != Some(true), "{name} is declared to destroy");
                assert!(hint("openWorldHint") || declared.open_world == Some(false), "{name}");
                proposed += 1;
            }
        }
    }
    assert!(proposed > 500, "{proposed}");
}

#[test]
fn what_is_the_same_for_every_tool_has_no_column() {
    let bundle = Bundle::load(&[]);
    let mut constant = 0;
    for place in 0..bundle.servers.len() {
        let view = views::server::view(&bundle.server(place), &bundle.around(place));
        let rows: Vec<_> = view.matrix.groups.iter().flat_map(|group| &group.rows).collect();
        if rows.len() < 2 {
            continue;
        }
        let same = |of: &dyn Fn(usize) -> String| (1..rows.len()).all(|i| of(i) == of(0));
        assert_eq!(
            view.matrix.severity,
            !same(&|i| serde_json::to_value(rows[i].label).expect("serialises")["severity"].to_string())
        );
        assert_eq!(view.matrix.declared, !same(&|i| rows[i].declared.to_owned()));
        assert_eq!(view.matrix.against, !same(&|i| rows[i].against.to_owned()));
        for at in 0..view.matrix.facets.len() {
            assert!(!same(&|i| rows[i].facets[at].to_owned()), "{}", view.matrix.facets[at]);
        }
        assert_eq!(
            view.matrix.facets.len() == 7,
            !view.matrix.same_html.as_str().contains("facet") && !view.matrix.same_html.as_str().contains("No tool")
        );
        constant += usize::from(!view.matrix.same_html.is_empty());
    }
    assert!(constant > 20, "{constant}");
}

#[test]
fn the_tool_template_prints_what_its_view_holds() {
    let mut out = Vec::new();
    renderer(&Config::default()).render(PageKind::Tool, &theme_check::full_tool(), &mut out).expect("renders");
    let page = String::from_utf8(out).expect("text");
    let main = page.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    insta::assert_snapshot!("tool_main", main.replace("><", ">\n<"));
}
