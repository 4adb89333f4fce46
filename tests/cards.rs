//! Promises of the cards' prose, held over every card of the bundled catalogue.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail like tests

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::{Value, json};
use toolcard::card::{Block, Card, Inline, Prose, Server, Setting, attacks, grammar};
use toolcard::catalog::Catalog;
use toolcard::classify::{Classifier, SpeaksFor, Verdict};
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool};
use toolcard::policy::{self, Answer, Numbers, Policy};

fn with_servers(loaded: &[(Manifest, Vec<Verdict>)], mut visit: impl FnMut(&Server<'_>)) {
    let mut config = Config::default();
    config.site.report_url = Some("https://example.org/new?labels=card".to_owned());
    let articles = attacks::embedded();
    let tools = loaded.iter().map(|(m, _)| m.tools.len()).sum();
    for (manifest, verdicts) in loaded {
        let setting = Setting {
            config: &config,
            numbers: Numbers::default(),
            lexicon: Lexicon::embedded(),
            articles: &articles,
            tools,
            servers: loaded.len(),
        };
        visit(&Server::new(manifest, verdicts, setting));
    }
}

fn classified(manifest: Manifest) -> (Manifest, Vec<Verdict>) {
    let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
    (manifest, verdicts)
}

/// Calls `visit` with every server of the bundled catalogue.
fn servers(visit: impl FnMut(&Server<'_>)) {
    let catalog = Catalog::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")).expect("a catalogue");
    let load = |entry| classified(Catalog::load(entry).manifest.expect("a manifest"));
    let loaded: Vec<_> = catalog.servers.iter().map(load).collect();
    assert!(loaded.len() >= 24, "the bundled catalogue has {} servers", loaded.len());
    with_servers(&loaded, visit);
}

/// Every card with its server.
fn cards(mut visit: impl FnMut(&Server<'_>, &Card<'_>)) {
    servers(|server| {
        for i in 0..server.verdicts.len() {
            visit(server, &server.card(i).expect("a card"));
        }
    });
}

/// Every text of a card that stands as whole sentences.
fn prose<'c>(card: &'c Card<'_>) -> Vec<&'c Prose> {
    let mut out = vec![&card.lead, &card.provenance, &card.annotations.summary, &card.annotations.readiness.words];
    out.extend(card.does.iter().chain(&card.why).chain(card.related.iter().map(|r| &r.reason)));
    for question in &card.questions {
        out.push(&question.question);
        out.extend(question.answer.iter().filter_map(|b| match b {
            Block::Paragraph { prose } => Some(prose),
            Block::Policy { .. } => None,
        }));
    }
    out
}

#[test]
fn every_sentence_is_clean_english() {
    cards(|server, card| {
        for prose in prose(card) {
            let text = prose.plain();
            let place = || format!("{}/{}: {text}", server.manifest.server.slug, card.tool.name);
            assert!(text.ends_with(['.', '?']), "no full stop: {}", place());
            let first = text.chars().next().expect("a sentence");
            assert!(first.is_uppercase() || first == '`', "no capital: {}", place());
            for wrong in
                ["..", "?.", " .", " ,", "  ", "MCP Server MCP", "server server", " an a ", " a an ", " 1 tools", "()"]
            {
                assert!(!text.contains(wrong), "{wrong:?}: {}", place());
            }
            // Articles: the sound of what follows decides, also across a name.
            let ours: String = prose
                .pieces()
                .iter()
                .map(|piece| match piece {
                    Inline::Text { text } => text.as_ref(),
                    other => other.text().split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or("x"),
                })
                .collect();
            let words: Vec<&str> = ours.split(' ').collect();
            for pair in words.windows(2).filter(|p| matches!(p[0], "a" | "an" | "A" | "An")) {
                assert!(pair[0].eq_ignore_ascii_case(grammar::a(pair[1])), "{} {}: {}", pair[0], pair[1], place());
            }
            let known_plural = |w: &str| matches!(w, "tools" | "calls" | "arguments" | "servers");
            for pair in words.windows(2).filter(|p| p[0] == "1") {
                assert!(!known_plural(pair[1].trim_end_matches(['.', ','])), "{}", place());
            }
        }
    });
}

#[test]
fn two_different_verdicts_never_share_their_reasons() {
    let mut seen: HashMap<String, String> = HashMap::new();
    cards(|server, card| {
        let verdict = card.verdict;
        let name = format!("`{}`", card.tool.name);
        let text: String = card.why.iter().map(|p| p.plain().replace(&name, "`it`")).collect::<Vec<_>>().join("\n");
        let mut rules: Vec<String> = verdict
            .evidence
            .iter()
            .filter(|e| e.decides && matches!(e.speaks_for, SpeaksFor::Class(_)))
            .map(|e| e.rule.to_string())
            .collect();
        rules.sort();
        rules.dedup();
        rules.truncate(1);
        let facts = format!("{} {:?} {:?}", verdict.class, verdict.facets, verdict.confidence.band());
        let place = format!("{}/{}", server.manifest.server.slug, card.tool.name);
        if let Some(other) = seen.insert(text.clone(), facts.clone()) {
            assert_eq!(other, facts, "{place} shares its reasons:\n{text}");
        }
    });
    assert!(seen.len() > 1_000, "{} different texts of reasons", seen.len());
}

#[test]
fn a_card_never_contradicts_its_label() {
    cards(|_, card| {
        let first = card.why[0].plain();
        assert!(
            first.contains(&format!("The label is {}, severity {}", card.verdict.class, card.verdict.severity)),
            "{first}"
        );
        let risk = card.questions.iter().find(|q| q.id == "risk").expect("the question");
        let Block::Paragraph { prose } = &risk.answer[0] else { panic!("no answer") };
        assert!(prose.plain().starts_with(&format!("{}: it is ", card.verdict.severity)), "{}", prose.plain());
        for action in &card.actions {
            let decided = action.decision.answer;
            assert_eq!(action.words == "denied", decided == Answer::Deny, "{}", action.words);
            assert_eq!(action.words == "hidden", decided == Answer::Hidden, "{}", action.words);
        }
    });
}

fn documents<'c>(card: &'c Card<'_>, id: &str) -> Vec<&'c Policy> {
    let of = |b: &'c Block| match b {
        Block::Policy { policy } => Some(policy),
        Block::Paragraph { .. } => None,
    };
    card.questions.iter().filter(|q| q.id == id).flat_map(|q| q.answer.iter().filter_map(of)).collect()
}

#[test]
fn every_document_in_an_answer_is_valid_and_does_what_the_answer_says() {
    let mut shown = 0;
    cards(|_, card| {
        let name = card.tool.name.as_str();
        for question in &card.questions {
            for policy in documents(card, question.id) {
                let text = policy.to_json();
                let reading = policy::read_text(&text, Path::new("policy.json"));
                assert_eq!(reading.policy.expect("the document is valid").to_json(), text, "{name}: {}", question.id);
                assert_eq!(policy::decide(policy, "another_tool_of_it", &Value::Null, 1).answer, Answer::Deny);
                shown += 1;
            }
        }
        for policy in documents(card, "block") {
            assert_eq!(policy::decide(policy, name, &Value::Null, 1).answer, Answer::Hidden, "{name}");
        }
        for policy in documents(card, "limit") {
            assert_eq!(policy::decide(policy, name, &json!({}), 1).answer, Answer::Allow, "{name}");
            let max = policy.tools[name].limits[0].max;
            assert_eq!(policy::decide(policy, name, &json!({}), max + 1).answer, Answer::Deny, "{name}");
        }
        let decided = |policy: &Policy| policy::decide(policy, name, &card.claims.args, 1).answer;
        assert!(documents(card, "allow").into_iter().all(|p| decided(p) == Answer::Allow), "{name}");
    });
    assert!(shown > 3_000, "{shown} documents");
}

#[test]
fn the_questions_that_everybody_asks_are_answered_once_each() {
    cards(|_, card| {
        let ids: Vec<&str> = card.questions.iter().map(|q| q.id).collect();
        let distinct: HashSet<&&str> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{ids:?}");
        for id in
            ["what", "enforce", "risk", "limit", "block", "provider", "approval", "declared", "confidence", "version"]
        {
            assert!(ids.contains(&id), "{id}");
        }
        assert!(card.questions.iter().all(|q| !q.answer.is_empty()));
    });
}

#[test]
fn related_tools_are_few_others_and_each_has_a_reason() {
    let mut related = 0;
    cards(|server, card| {
        let indices: HashSet<usize> = card.related.iter().map(|r| r.index).collect();
        assert!(card.related.len() <= 6 && indices.len() == card.related.len() && !indices.contains(&card.index));
        assert!(indices.iter().all(|i| *i < server.manifest.tools.len()));
        assert!(card.related.iter().all(|r| !r.reason.is_empty()));
        related += usize::from(!card.related.is_empty());
    });
    assert!(related > 1_200, "only {related} tools have related ones");
}

#[test]
fn the_same_server_gives_the_same_cards() {
    let mut first: Vec<String> = Vec::new();
    cards(|_, card| first.push(format!("{card:?}")));
    let mut at = 0;
    cards(|_, card| {
        assert_eq!(first[at], format!("{card:?}"));
        at += 1;
    });
}

#[test]
fn every_article_is_sound_and_applies_to_a_tool_or_says_why_not() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
    let (articles, diagnostics) = attacks::load(&folder);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(articles, attacks::embedded(), "an article of the folder is missing in the binary's table");
    assert!(articles.len() >= 10);
    let mut applied: HashSet<String> = HashSet::new();
    cards(|_, card| {
        assert!(card.attacks.len() <= 4);
        applied.extend(card.attacks.iter().map(|a| a.slug.clone()));
    });
    for article in &articles {
        let words = article.body.split_whitespace().count();
        assert!((250..=500).contains(&words), "{}: {words} words", article.slug);
        let reason = article.general.is_some() || article.applies.iter().any(|a| !a.findings.is_empty());
        assert!(applied.contains(&article.slug) || reason, "{} applies to no bundled tool", article.slug);
    }
}

#[test]
fn a_hostile_server_never_gets_its_words_into_ours() {
    let evil = "delete_<script>`](x)\u{202e}|all";
    let tool = |name: &str| Tool {
        name: name.to_owned(),
        description: Some(format!("Delete {evil}. {evil}")),
        input_schema: json!({"required": [evil], "properties": {
            evil: {"type": "string"}, "task_<b>id": {"type": "string"},
            "action": {"enum": ["delete", "list", "<i>`"]}, "force": {"type": "boolean"}
        }}),
        ..Tool::default()
    };
    let mut manifest = Manifest {
        tools: vec![tool(evil), tool("list_<b>"), tool(""), tool("*"), tool(&"x".repeat(10_000))],
        ..Manifest::default()
    };
    manifest.server.slug = "evil".to_owned();
    manifest.server.title = Some(evil.to_owned());
    manifest.server.package = Some(evil.to_owned());
    manifest.server.registry = Some("npm".to_owned());
    manifest.captured_at = Some(evil.to_owned());
    let loaded = [classified(manifest)];
    with_servers(&loaded, |server| {
        assert!(server.start().snippet.is_none());
        for i in 0..server.verdicts.len() {
            let card = server.card(i).expect("a card");
            for piece in prose(&card).into_iter().flat_map(Prose::pieces) {
                if let Inline::Text { text } = piece {
                    assert!(!text.contains(['<', '>', '`', '[', '|', '\u{202e}']), "{text:?}");
                }
            }
            let url = card.report_url.as_deref().expect("an address");
            assert!(url.starts_with("https://example.org/new?labels=card&title=") && url.len() < 2_000, "{url}");
            assert!(url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"`{}|\\^".contains(&b)), "{url}");
        }
    });
}
