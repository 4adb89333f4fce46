//! Pages of tools: every word is one of ours or a quotation, and every mark leads to its rule.

use std::collections::{BTreeMap, BTreeSet};

use toolcard::card;
use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::read_server;
use toolcard::classify::Classifier;
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest;
use toolcard::risk::Class;
use toolcard::sentence::{PageShare, Part, parts};
use toolcard::site::index::SiteIndex;
use toolcard::site::pages::PageKind;
use toolcard::site::views::{PageContext, tool::view};

use super::{Bundle, renderer, tool_view};

/// Calls `test` with each card of some servers and its page.
fn each_page(only: &[&str], mut test: impl FnMut(&card::Card<'_>, &str)) {
    let bundle = Bundle::load(only);
    let (renderer, mut out) = (renderer(&bundle.config), Vec::new());
    for place in 0..bundle.servers.len() {
        let (server, context) = (bundle.server(place), bundle.context(place));
        let frame = view::ServerFrame::new(&server, &context);
        for card in (0..bundle.servers[place].1.len()).filter_map(|i| server.card(i)) {
            renderer.render(PageKind::Tool, &view::view(&server, &card, &context, &frame), &mut out).expect("renders");
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
        assert_eq!(read.value.as_ref(), Some(&card.policy), "{}: {text}", card.tool.name.as_str());
        let marked = code.matches("<em>").count();
        // Two arguments and a limit have at most six.
        assert!((1..=6).contains(&marked) && marked * 2 < text.lines().count(), "{}: {code}", card.tool.name.as_str());
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
            card.tool.name.as_str()
        );
        for found in mark.captures_iter(proof) {
            let note: usize = found[1].parse().expect("a number");
            assert!(note <= highest + 1, "{}: {proof}", card.tool.name.as_str());
            assert!(page.contains(&format!("<tr id=\"e{note}\"")), "{}: no row {note}", card.tool.name.as_str());
            highest = highest.max(note);
            notes += 1;
        }
        assert!(!proof.contains("inputSchema") && !between(page, "stack seen", "</table>").contains("/inputSchema"));
        assert_eq!(
            page.contains("#confidence\">Confidence</a><dd>"),
            card.verdict.confidence.band() != "high",
            "{}",
            card.tool.name.as_str()
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
        let (server, context) = (bundle.server(place), bundle.context(place));
        let frame = view::ServerFrame::new(&server, &context);
        for i in 0..bundle.servers[place].1.len() {
            let card = server.card(i).expect("a card");
            renderer.render(PageKind::Tool, &view::view(&server, &card, &context, &frame), &mut out).expect("renders");
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
    let tool = &manifest::read(text, "tools.json".as_ref()).value.expect("reads").tools[0];
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
        let context = PageContext { decisions: &labelled.decisions, ..bundle.context(0) };
        let server = bundle.server(0);
        let view = tool_view(&server, &server.card(0).expect("a card"), &context);
        let mut out = Vec::new();
        renderer(&bundle.config).render(PageKind::Tool, &view, &mut out).expect("renders");
        let page = String::from_utf8(out).expect("text");
        assert!(page.contains("<q>J. Doe</q> decided Write on 20 November 2026."), "{page}");
        assert!(page.contains("Reason: <q>Orders &lt;stay&gt; in a bin</q>."), "{page}");
        assert!(page.contains("the rules say Destructive"), "{page}");
        assert_eq!(page.contains("Stale: the definition changed since"), stale, "{page}");
    }
}
