//! The promise: the chapters on labels and on the lexicon, and the schemas, say what the code says.
//! `TOOLCARD_BLESS=1 cargo test --test integration book::` writes the generated parts anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toolcard::classify::{CLAIMS, Classifier, FindingId, ServerFindingId, server_findings};
use toolcard::config::Config;
use toolcard::diagnostic::Code;
use toolcard::lexicon::{ArgumentEffect, FacetFor, Function, GroupRole, Lexicon, Noun, PhraseRole, VerbRole};
use toolcard::manifest::Tool;
use toolcard::risk::{Class, Facet, Severity};
use toolcard::site::build::{self, progress::Quiet};

use crate::catalogue;

const DATA: &str = concat!(include_str!("../../src/lexicon/data.rs"), include_str!("../../src/lexicon/function.rs"));
const TYPES: &str = include_str!("../../src/classify/types/mod.rs");
const DRAFT: &str = include_str!("../../src/classify/draft.rs");

const COMMAND: &str = "TOOLCARD_BLESS=1 cargo test --test integration book::";

/// Rules that are neither claim nor restriction: what acted on gives a facet, and what holds where nothing else does.
const OTHER_RULES: [&str; 4] = ["thing", "hint", "silence", "override"];

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn file(name: &str) -> String {
    std::fs::read_to_string(path(name)).expect("the file is there").replace("\r\n", "\n")
}

/// Compares the generated parts of a chapter, or writes them. A part is between two comments that name it.
fn compare(chapter: &str, parts: &[(&str, String)]) {
    let mut book = file(chapter);
    for (id, text) in parts {
        let (begin, end) = (format!("<!-- {id}: written by `{COMMAND}` -->\n"), format!("<!-- {id}: end -->\n"));
        let from = book.find(&begin).unwrap_or_else(|| panic!("{chapter} lacks the line {begin}")) + begin.len();
        let to = from + book[from..].find(&end).unwrap_or_else(|| panic!("{chapter} lacks the line {end}"));
        let wanted = format!("\n{}\n\n", text.trim());
        if book[from..to] == wanted {
            continue;
        }
        assert!(std::env::var_os("TOOLCARD_BLESS").is_some(), "`{id}` of {chapter} is stale: run {COMMAND}");
        book.replace_range(from..to, &wanted);
        std::fs::write(path(chapter), &book).expect("written");
    }
}

/// One item of the code, as it is serialised, with what its comment says.
struct Item {
    name: String,
    doc: String,
}

/// The variants of an enum or the fields of a struct, read from its source.
fn items(source: &str, declaration: &str) -> Vec<Item> {
    let (_, body) = source.split_once(&format!("pub {declaration} {{\n")).unwrap_or_else(|| panic!("{declaration}"));
    let (body, _) = body.split_once("\n}\n").expect("it ends");
    let (mut out, mut doc, mut renamed, mut skipped) = (Vec::new(), String::new(), None, false);
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            let gap = if doc.is_empty() { "" } else { " " };
            let _ = write!(doc, "{gap}{}", text.trim());
        } else if let Some(name) = line.strip_prefix("#[serde(rename = \"") {
            renamed = name.split('"').next().map(str::to_owned);
        } else if line == "#[serde(skip)]" {
            // No row has it.
            skipped = true;
        } else if !line.starts_with(['#', '/']) && std::mem::take(&mut skipped) {
            doc.clear();
        } else if !line.is_empty() && !line.starts_with(['#', '/']) {
            let name: String = line.trim_start_matches("pub ").split([':', ',', ' ']).next().unwrap_or_default().into();
            out.push(Item { name: renamed.take().unwrap_or_else(|| kebab(&name)), doc: std::mem::take(&mut doc) });
        }
    }
    assert!(!out.is_empty() && out.iter().all(|item| !item.doc.is_empty()), "{declaration} has comments");
    out
}

/// `FileOut` → `file-out`; a field's name stays.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The variants of an enum of the lexicon; each is a spelling that a row may have.
fn spellings<T: DeserializeOwned>(name: &str) -> Vec<Item> {
    let found = items(DATA, &format!("enum {name}"));
    for item in &found {
        assert!(serde_json::from_value::<T>(item.name.as_str().into()).is_ok(), "{name} has no `{}`", item.name);
    }
    found
}

fn table(head: &str, items: &[Item]) -> String {
    let mut out = format!("| {head} | meaning |\n|---|---|\n");
    for Item { name, doc } in items {
        let _ = writeln!(out, "| `{name}` | {} |", doc.trim_end_matches('.').replace('|', "\\|"));
    }
    out
}

/// The part of a chapter below a heading, up to the next heading of its level or above.
fn section<'a>(book: &'a str, heading: &str) -> &'a str {
    let (_, rest) = book.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no `{heading}`"));
    let level = heading.split(' ').next().map_or(0, str::len);
    let mut end = rest.len();
    for depth in 1..=level {
        end = end.min(rest.find(&format!("\n{} ", "#".repeat(depth))).unwrap_or(end));
    }
    &rest[..end]
}

/// What is in backticks at the beginning of the rows of the tables of a section.
fn rows(section: &str) -> Vec<&str> {
    section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}

fn names(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

#[test]
fn the_chapter_on_labels_lists_every_rule() {
    let told = |restricts: bool| {
        let mut out = String::new();
        for rule in CLAIMS.iter().filter(|rule| rule.restricts == restricts) {
            let _ = write!(out, "#### `{}`\n\n{}\n\n", rule.id, rule.text);
        }
        out
    };
    compare("docs/labels.md", &[("claims", told(false)), ("restrictions", told(true))]);
    let book = file("docs/labels.md");
    for id in OTHER_RULES {
        assert!(book.contains(&format!("`{id}`")), "`{id}` is not in docs/labels.md");
    }
}

#[test]
fn a_rule_has_one_id_everywhere() {
    for rule in CLAIMS {
        assert_eq!(serde_json::to_value(rule.rule).unwrap(), rule.id);
    }
    let known: Vec<&str> = CLAIMS.iter().map(|rule| rule.id).chain(OTHER_RULES).collect();
    let rules = items(TYPES, "enum RuleFamily");
    assert_eq!(names(&rules).into_iter().collect::<BTreeSet<_>>(), known.iter().copied().collect());
    assert_eq!(rules.len(), known.len(), "a rule has one row in CLAIMS");
}

#[test]
fn the_chapter_on_labels_has_every_class_facet_and_finding() {
    let book = file("docs/labels.md");
    assert_eq!(rows(section(&book, "### Facets")), Facet::ALL.map(Facet::name));
    assert_eq!(rows(section(&book, "## Findings")), FindingId::ALL.map(FindingId::name));
    let classifier = Classifier::new(Lexicon::embedded());
    for (facet, row) in
        Facet::ALL.iter().zip(section(&book, "### Facets").lines().filter(|line| line.starts_with("| `")))
    {
        let name = row.rsplit('`').nth(1).expect("a tool without it").to_owned();
        let verdict = classifier.tool(&Tool { name: name.into(), ..Tool::default() });
        assert!(!verdict.facets.has(*facet), "the counter-example of {facet} has it");
    }
    for word in Class::ALL.map(Class::name).iter().chain(&Severity::ALL.map(Severity::name)) {
        assert!(book.contains(word), "{word}");
    }
    let (_, rest) = DRAFT.split_once("const FIRM: f32 = ").expect("the weight of a firm claim");
    let firm = rest.split(';').next().unwrap_or_default();
    for chapter in ["docs/labels.md", "docs/lexicon.md"] {
        assert!(file(chapter).contains(&format!("from a weight of {firm}")), "{chapter} does not say {firm}");
    }
}

#[test]
fn the_chapter_on_the_lexicon_lists_every_role_and_function() {
    let parts = [
        ("verb roles", table("role", &spellings::<VerbRole>("VerbRole"))),
        ("group roles", table("role", &spellings::<GroupRole>("GroupRole"))),
        ("phrase roles", table("role", &spellings::<PhraseRole>("PhraseRole"))),
        ("functions", table("function", &spellings::<Function>("Function"))),
    ];
    compare("docs/lexicon.md", &parts);
    let book = file("docs/lexicon.md");
    for (heading, known) in [
        ("### What an argument does", spellings::<ArgumentEffect>("ArgumentEffect")),
        ("### When a group gives its facet", spellings::<FacetFor>("FacetFor")),
        ("### How often a verb is a noun", spellings::<Noun>("Noun")),
    ] {
        assert_eq!(rows(section(&book, heading)), names(&known), "{heading}");
    }
}

#[test]
fn the_chapter_on_the_lexicon_lists_every_key_of_every_row() {
    let book = file("docs/lexicon.md");
    for (heading, row) in [
        ("## Verbs", "Verb"),
        ("### Objects that decide otherwise", "When"),
        ("## Groups", "Group"),
        ("## Compounds", "Compound"),
        ("## Modifiers", "Modifier"),
        ("## Phrases", "Phrase"),
        ("## Arguments", "ArgumentSignal"),
        ("## Functions", "Functions"),
        ("## Text aimed at a model", "ModelDirected"),
        ("## Sources", "LexiconSource"),
    ] {
        let told = rows(section(&book, heading));
        let keys = items(DATA, &format!("struct {row}"));
        // Every row says why and cites its sources; the chapter says that once.
        let own = keys.iter().map(|key| key.name.as_str()).filter(|key| !matches!(*key, "why" | "sources"));
        let missing: Vec<&str> = own.filter(|key| !told.contains(key)).collect();
        assert!(missing.is_empty(), "`{heading}` of docs/lexicon.md does not tell {missing:?}");
    }
    for item in items(DATA, "struct Signals") {
        assert!(book.contains(&format!("`[[{}]]`", item.name)) || item.name == "sources", "{}", item.name);
    }
}

#[test]
fn the_published_schemas_know_every_rule_and_finding() {
    let rules = items(TYPES, "enum RuleFamily");
    let json = |name: &str| serde_json::from_str::<Value>(&file(name)).expect("JSON");
    let (classify, api, review) =
        (json("schemas/classify.schema.json"), json("schemas/api.schema.json"), json("schemas/review.schema.json"));
    for (name, by) in [
        ("classify", &classify["$defs"]["tool"]["properties"]["evidence"]["items"]["properties"]["by"]),
        ("api", &api["$defs"]["card"]["properties"]["evidence"]["items"]["properties"]["by"]),
        ("review", &review["$defs"]["evidence"]["oneOf"][0]["properties"]["by"]),
    ] {
        assert_eq!(by["enum"], serde_json::json!(names(&rules)), "`by` in schemas/{name}.schema.json");
    }
    let findings = &classify["$defs"]["tool"]["properties"]["findings"]["items"]["properties"]["id"]["enum"];
    assert_eq!(*findings, serde_json::json!(FindingId::ALL.map(FindingId::name)));
}

#[test]
fn the_glossary_of_the_book_is_the_table_of_the_pages() {
    let terms = toolcard::site::glossary::terms();
    let mut text = String::new();
    for term in &terms {
        let (chapter, anchor) = term.chapter.split_once('#').unwrap_or((term.chapter, ""));
        let book = file(&format!("docs/{chapter}"));
        let anchors: BTreeSet<String> = book
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| {
                line.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-").replace([':', '’', '`', ','], "")
            })
            .collect();
        assert!(anchor.is_empty() || anchors.contains(anchor), "{}: {}", term.term, term.chapter);
        let _ = writeln!(text, "- **[{}]({})**: {}", term.term, term.chapter, term.text);
    }
    compare("docs/glossary.md", &[("terms", text)]);
}

#[test]
fn every_page_that_the_glossary_leads_to_has_the_anchor() {
    let config = toolcard::config::Config::default();
    let view = toolcard::site::views::glossary::glossary(&config);
    let site = toolcard::site::site_view::SiteView::new(&config);
    let renderer = toolcard::site::render::Renderer::new(&site, None).expect("the templates parse");
    let mut pages = std::collections::BTreeMap::new();
    for (kind, view) in toolcard::site::theme_check::views() {
        let mut out = Vec::new();
        renderer.render(kind, &view, &mut out).expect("renders");
        pages.insert(kind.template(), String::from_utf8(out).expect("text"));
    }
    let mut asked = 0;
    for term in &view.terms {
        let Some((page, anchor)) = term.href.split_once('#') else { continue };
        assert!(pages[page].contains(&format!(" id=\"{anchor}\"")), "{}: {}", term.term, term.href);
        asked += 1;
    }
    assert!(asked > 10);
}

#[test]
fn the_chapter_on_diagnostics_has_every_code_and_the_code_uses_each() {
    let mut table = String::from("| code | meaning |\n|---|---|\n");
    for code in Code::ALL {
        let _ = writeln!(table, "| `{}` | {} |", code.name(), code.meaning());
    }
    compare("docs/diagnostics.md", &[("codes", table)]);

    let sources = walkdir::WalkDir::new(path("src")).into_iter().filter_map(Result::ok);
    let sources = sources.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    let sources: String = sources.filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect();
    for code in Code::ALL {
        assert!(sources.contains(&format!("Code::{code:?}")), "`{}` is never printed", code.name());
    }
}

#[test]
fn the_chapter_on_the_code_lists_the_modules_in_the_order_that_is_held() {
    let source = file("src/lib.rs");
    let (_, order) = source.split_once("const ORDER: &[&str] = &[").expect("the order");
    let (order, _) = order.split_once("];").expect("it ends");
    let order: Vec<&str> = order.split('"').skip(1).step_by(2).collect();
    let chapter = file("docs/architecture.md");
    let listed = rows(section(&chapter, "## Modules"));
    assert_eq!(listed, order);
}

#[test]
fn the_chapter_of_commands_prints_the_help_of_each() {
    compare("docs/commands.md", &[("commands", crate::text::chapter())]);
}

#[test]
fn every_example_of_a_finding_has_that_finding() {
    let book = file("docs/findings.md");
    let sections: Vec<(&str, &str)> =
        book.split("\n### `").skip(1).map(|section| section.split_once("`\n").expect("an id")).collect();
    let ids: Vec<&str> = sections.iter().map(|(id, _)| *id).collect();
    let all = FindingId::ALL.map(FindingId::name).into_iter().chain(ServerFindingId::ALL.map(ServerFindingId::name));
    assert_eq!(ids, all.collect::<Vec<_>>(), "a section for each, in the order of the code");
    let classifier = Classifier::new(Lexicon::embedded());
    for (id, section) in sections {
        let example = section.split("```json\n").nth(1).and_then(|rest| rest.split("\n```").next());
        let mut example: Value = serde_json::from_str(example.expect("an example")).expect("JSON");
        if example.get("tools").is_none() {
            let tools = if example.is_array() { example } else { serde_json::json!([example]) };
            example = serde_json::json!({"tools": tools});
        }
        let read = toolcard::manifest::read_at(example.to_string().as_bytes(), std::path::Path::new(id), None);
        let manifest = read.value.unwrap_or_else(|| panic!("{id}: {:?}", read.diagnostics));
        let verdicts = classifier.server(&manifest);
        let of_tools = verdicts.iter().flat_map(|verdict| &verdict.findings).map(|finding| finding.id.name());
        let of_server = server_findings(&manifest, &verdicts).into_iter().map(|finding| finding.id.name());
        let found: BTreeSet<&str> = of_tools.chain(of_server).collect();
        assert!(found.contains(id), "the example of `{id}` has {found:?}");
        assert!(section.contains("\n**What to do.** "), "{id}");
    }
}

#[test]
fn every_path_that_the_guide_for_contributors_names_is_there() {
    let guide = file("CONTRIBUTING.md");
    // Of code in a line every second part is between back-ticks; a block of commands is none.
    let text: String = guide.split("```").step_by(2).collect();
    let is_path = |code: &&str| code.contains('/') && !code.contains([' ', ':']) && !code.starts_with("target/");
    let mut seen = 0;
    for named in text.split('`').skip(1).step_by(2).filter(is_path) {
        // What is installed is not of the tree.
        if named.contains("node_modules") {
            continue;
        }
        seen += 1;
        let (folder, last) = named.rsplit_once('/').expect("a path");
        let there = match last.split_once('*') {
            Some((begin, end)) => std::fs::read_dir(path(folder)).is_ok_and(|items| {
                items.flatten().any(|item| {
                    let name = item.file_name().to_string_lossy().into_owned();
                    name.starts_with(begin) && name.ends_with(end)
                })
            }),
            None => path(named).exists(),
        };
        assert!(there, "CONTRIBUTING.md names `{named}`, which is not there");
    }
    assert!(seen > 40, "only {seen} paths were found");
}

#[test]
fn the_chapters_tell_the_size_of_the_bundled_catalogue() {
    let catalogue = catalogue::servers();
    let (servers, tools) = (catalogue.len(), catalogue.iter().map(|s| s.manifest.tools.len()).sum::<usize>());
    let out = tempfile::tempdir().expect("a folder");
    let config = Config::default();
    build::run(&path("catalog"), out.path(), &config, &Quiet).expect("builds");
    let private = |entry: &walkdir::DirEntry| entry.depth() == 1 && entry.file_name() == ".toolcard";
    let files = walkdir::WalkDir::new(out.path()).into_iter().filter_entry(|entry| !private(entry));
    let files = files.flatten().filter(|entry| entry.file_type().is_file()).count();
    let figure = |n: usize| format!("{},{:03}", n / 1000, n % 1000);
    let rounded = |n: usize| figure((n + 50) / 100 * 100);
    let (publishing, search) = (file("docs/publishing.md"), file("docs/search-format.md"));
    for (book, wanted) in [
        (&publishing, format!("{} tools and {servers} servers is about {} files", rounded(tools), rounded(files))),
        (&publishing, format!("| {} tools of {servers} servers, the bundled one |", figure(tools))),
        (&publishing, format!("| {} |\n| 65,000 tools", rounded(files))),
        (&search, format!("({} documents, {servers} servers)", figure(tools + servers))),
    ] {
        assert!(book.contains(&wanted), "a chapter lacks `{wanted}`");
    }
}
