//! A theme's files take the place of ours, and the book lists what each template is given.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toolcard::config::Config;
use toolcard::site::index::SiteIndex;
use toolcard::site::pages::PageKind;
use toolcard::site::render::{self, Renderer};
use toolcard::site::site_view::SiteView;
use toolcard::site::theme_check;
use toolcard::site::views;

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
fn a_theme_replaces_the_badge_and_a_servers_words_are_escaped_in_it() {
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
    // Every page has the same `page`: it is told once.
    let mut page: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for fields in tables.values_mut() {
        let is_of_page = |field: &str| field == "page" || field.starts_with("page.");
        for (field, kinds) in fields.iter().filter(|(field, _)| is_of_page(field)) {
            page.entry(field.clone()).or_default().extend(kinds);
        }
        fields.retain(|field, _| !is_of_page(field));
    }
    tables.insert("every page", page);
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
