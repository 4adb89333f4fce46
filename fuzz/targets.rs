//! What fuzzers run: each target takes bytes that a stranger may have written and checks what must hold of any. The tests of
//! the crate run the same on the seeds and on mutations of them (`tests/integration/hostile/fuzz.rs`).

use std::collections::BTreeSet;
use std::path::Path;

use toolcard::capture::{self, files};
use toolcard::card::attacks;
use toolcard::catalog::lock::Lock;
use toolcard::catalog::{changes, overrides};
use toolcard::classify::Classifier;
use toolcard::config::Config;
use toolcard::connect::{ClientPlaces, KeptSource, Reached, configuration_text};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool, fingerprint, read_bytes, servers};
use toolcard::neutral;
use toolcard::policy::formats::{self, Scope};
use toolcard::policy::{
    Answer, ClientSettings, Filling, Policy, Profile, RateLimits, audit, decide, document_value, merge, read_text,
    server_document,
};
use toolcard::site::html::{Html, markdown};
use toolcard::words::{Words, split_identifier, split_prose};

/// A name and what is run.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target, by name.
pub(crate) const ALL: [Target; 13] = [
    ("manifest", manifest),
    ("words", words),
    ("classify", classify),
    ("markdown", markdown_of),
    ("policy", policy),
    ("settings", settings),
    ("lock", lock),
    ("configuration", configuration),
    ("neutral", neutral_of),
    ("capture", capture),
    ("clients", clients),
    ("source", source),
    ("lexicon", lexicon),
];

const FILE: &str = "input";

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// What holds of every manifest that is read: labels, policies and pages of its texts.
fn of_manifest(manifest: &Manifest) {
    let verdicts = Classifier::new(Lexicon::embedded()).server(manifest);
    assert_eq!(verdicts.len(), manifest.tools.len());
    let tools: Vec<_> = manifest.tools.iter().zip(&verdicts).collect();
    for (tool, verdict) in &tools {
        assert!(verdict.class >= verdict.actions.iter().map(|a| a.class).max().unwrap_or(verdict.base_class));
        for evidence in &verdict.evidence {
            assert!(evidence.span.start <= evidence.span.end && evidence.weight.is_finite());
        }
        assert_eq!(fingerprint(tool), fingerprint(tool));
        let shown = markdown::render(tool.description(), &[]);
        is_inert(shown.head.as_str());
        is_inert(shown.rest.as_str());
    }
    let document = server_document(tools.iter().copied(), Profile::Guarded, &RateLimits::default());
    let again = read_text(&document.to_json(), Path::new(FILE)).value.expect("our own document is valid");
    assert_eq!(again, document);
    assert!(audit(&document, &tools).iter().all(|found| found.kind.code() != "allows-destructive"));
    for format in formats::all() {
        let names = manifest.tools.iter().map(|tool| tool.name.as_str());
        // What a format cannot say it refuses.
        let _ = format.render(&Scope::server("server", &document, names));
    }
}

/// Every reader of manifests, whichever shape the bytes have.
fn manifest(bytes: &[u8]) {
    if let Some(manifest) = read_bytes(bytes, Path::new(FILE)).value {
        of_manifest(&manifest);
    }
    let readings = servers(bytes, Path::new(FILE), None);
    assert!(readings.manifests.is_empty() || readings.shape.is_some());
    let _ = servers(bytes, Path::new(FILE), Some("/tools"));
}

/// Words lie in the text that they are of, one behind the other.
fn words(bytes: &[u8]) {
    let text = text(bytes);
    for split in
        [split_identifier as fn(&str, &mut Words), |text: &str, words: &mut Words| split_prose(text, 4096, words)]
    {
        let mut words = Words::new();
        split(&text, &mut words);
        for i in 0..words.len() {
            let span = words.span(i);
            assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
        }
    }
}

/// A text in every place of a definition; a place more never lowers the label.
fn classify(bytes: &[u8]) {
    let text = text(bytes).into_owned();
    let schema = serde_json::json!({"type": "object", "properties": {
        "action": {"enum": [text, "list"], "description": text}, text.as_str(): {"type": "boolean", "default": text},
    }});
    let plain = Tool { name: "list_things".into(), description: Some(text.clone().into()), ..Tool::default() };
    let full = Tool { input_schema: schema, ..plain.clone() };
    let named = Tool { name: text.clone().into(), title: Some(text.into()), ..full.clone() };
    for tool in [plain, full, named] {
        of_manifest(&Manifest { tools: vec![tool], ..Manifest::default() });
    }
}

/// No tag but those of Markdown, no attribute that runs or loads.
fn is_inert(html: &str) {
    let lower = html.to_ascii_lowercase();
    for tag in lower.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or(tag);
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let known = [
            "a",
            "blockquote",
            "br",
            "code",
            "dd",
            "del",
            "details",
            "div",
            "dl",
            "dt",
            "em",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "input",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "span",
            "strong",
            "sub",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
            "wbr",
        ];
        assert!(known.contains(&name.as_str()), "<{tag}> in {html}");
        for attribute in tag.split_ascii_whitespace().skip(1) {
            assert!(
                !attribute.starts_with("on") && !attribute.starts_with("style") && !attribute.starts_with("src"),
                "<{tag}>"
            );
        }
        if let Some(target) = tag.split("href=\"").nth(1) {
            // A scheme is letters, digits and `+-.`; anything else before a colon is a path.
            let scheme = target.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
                !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            });
            assert!(matches!(scheme, None | Some("http" | "https" | "mailto")), "<{tag}>");
        }
    }
}

/// A description, an article, a text and a name as HTML.
fn markdown_of(bytes: &[u8]) {
    let text = text(bytes);
    let shown = markdown::render(&text, &[]);
    for html in
        [shown.head, shown.rest, markdown::article(&text), Html::text(&text), Html::name(&text), Html::sentence(&text)]
    {
        is_inert(html.as_str());
    }
}

/// A document that is read is written and read back, decides calls, and twice in a union is itself.
fn policy(bytes: &[u8]) {
    let Some(policy) = read_text(&text(bytes), Path::new(FILE)).value else { return };
    let again = read_text(&policy.to_json(), Path::new(FILE)).value.expect("what is written is read");
    assert_eq!(again, policy);
    let once = merge(std::slice::from_ref(&policy)).policy;
    assert_eq!(merge(&[once.clone(), once.clone()]).policy, once);
    let names: BTreeSet<&str> = policy.tools.keys().chain(&policy.hide).map(String::as_str).chain(["other"]).collect();
    for name in names {
        for args in
            [serde_json::json!({}), serde_json::json!({"action": "list", "x": [1, {"y": null}]}), serde_json::json!(3)]
        {
            let first = decide(&policy, name, &args, 1);
            let later = decide(&policy, name, &args, u64::MAX);
            assert!(later.answer != Answer::Allow || first.answer == Answer::Allow, "{name}");
        }
    }
}

/// Every format's settings: what is filled is read again, and filled again it is the same.
fn settings(bytes: &[u8]) {
    let text = text(bytes);
    let mut document = Policy::deny_all();
    document.hide = vec!["drop_it".to_owned()];
    document.tools.insert("get_it".to_owned(), toolcard::policy::Entry::default());
    let tools = BTreeSet::from(["drop_it", "get_it"]);
    for format in formats::all() {
        let slots = format.slots("server");
        if let Some(reading) = format.reading("server") {
            let _ = ClientSettings::read(&text, format.syntax(), reading);
        }
        let Ok(rendered) = format.render(&Scope::server("server", &document, tools.iter().copied())) else { continue };
        let Some(value) = document_value(&rendered.text, format.syntax()) else { continue };
        for prune in [false, true] {
            let filling = Filling { slots: &slots, document: &value, tools: &tools, prune, begin: true };
            let Ok(filled) = filling.fill(&text, format.syntax()) else { continue };
            let again = filling.fill(&filled.text, format.syntax());
            let again = again.unwrap_or_else(|_| panic!("{}: what is filled is read: {:?}", format.id(), filled.text));
            assert_eq!(again.text, filled.text, "{}", format.id());
        }
    }
}

/// A lock and each of its rows, and a history.
fn lock(bytes: &[u8]) {
    let text = text(bytes).into_owned();
    if let Ok(events) = changes::parse(&text, Path::new(changes::FILE)) {
        let written = changes::text(&events).expect("what is read is written");
        let again = changes::parse(&written, Path::new(changes::FILE)).expect("what is written is read");
        assert_eq!(changes::text(&again).expect("what is read is written"), written);
    }
    let _ = Lock::looks_like(&text);
    let Ok(lock) = Lock::parse(text, Path::new(FILE)) else { return };
    for slug in lock.slugs() {
        let _ = lock.rows(slug);
    }
}

/// `toolcard.toml`, `overrides.toml` and an article.
fn configuration(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(config) = Config::parse(&text, Path::new("toolcard.toml")) {
        let again = config.to_toml().expect("what is read is written");
        Config::parse(&again, Path::new("toolcard.toml")).expect("what is written is read");
    }
    let _ = overrides::parse(&text, Path::new(overrides::FILE));
    let _ = attacks::parse(Path::new("article.md"), &text);
}

/// Sanitizers leave nothing that the reader of their output obeys.
fn neutral_of(bytes: &[u8]) {
    let text = text(bytes);
    let line = neutral::terminal(&text);
    for text in [line.as_ref(), &neutral::quoted(&text), &neutral::json(text.as_ref()).expect("a text")] {
        assert!(!text.contains(neutral::is_hidden), "{text:?}");
        assert!(!text.contains("##[") && !text.contains("##vso["), "{text:?}");
    }
    let back: String = serde_json::from_str(&neutral::json(text.as_ref()).expect("a text")).expect("JSON");
    assert_eq!(back, text);
    assert!(!neutral::xml(&text).contains(['<', '"']));
}

/// What is pasted, a bundle too: each server has a name of its own, and what a catalogue keeps of it is read as the same.
fn capture(bytes: &[u8]) {
    let captured = files::pasted(bytes);
    let mut names = BTreeSet::new();
    for one in &captured.captures {
        assert!(names.insert(one.name.as_str()), "{} twice", one.name);
        let document = capture::canonical(&capture::document(&one.manifest));
        let again = read_bytes(document.as_bytes(), Path::new(FILE)).value.expect("what is kept is read");
        assert_eq!(capture::canonical(&capture::document(&again)), document);
        let _ = capture::slug(&one.manifest, None, &one.name);
    }
}

/// A client's configuration, whichever client's: no server twice, nothing shown that a terminal obeys, and no secret where
/// the way to a server is kept.
fn clients(bytes: &[u8]) {
    const PLANTED: &str = "sk-Planted0123456789abcd";
    let text = text(bytes).replace("SECRET", PLANTED);
    let places = ClientPlaces::default();
    for file in ["mcp.json", ".gemini/settings.json", "config.toml"] {
        let found = configuration_text(&text, Path::new(file), &places);
        let names: BTreeSet<&str> = found.targets.iter().map(|target| target.name.as_str()).collect();
        assert_eq!(names.len(), found.targets.len());
        for error in &found.errors {
            let said = error.to_string();
            assert!(!said.contains(neutral::is_hidden) && !said.contains('\n'), "{said:?}");
        }
        for target in &found.targets {
            let shown = target.shown();
            assert!(!shown.contains(neutral::is_hidden) && !shown.contains('\n'), "{shown:?}");
            if let Ok(kept) = KeptSource::of(target) {
                assert_eq!(KeptSource::parse(&kept.text()).as_ref(), Ok(&kept));
                let is_planted = match &target.reached {
                    Reached::Program(program) => program.args.iter().any(|argument| argument == PLANTED),
                    Reached::Http(address) => address.headers.iter().any(|header| header.value.contains(PLANTED)),
                };
                assert!(!is_planted, "{}", kept.text());
            }
        }
    }
}

/// `source.toml`: what is read is written as the same.
fn source(bytes: &[u8]) {
    let Ok(kept) = KeptSource::parse(&text(bytes)) else { return };
    assert_eq!(KeptSource::parse(&kept.text()).as_ref(), Ok(&kept));
    if let Ok(target) = kept.target("server") {
        assert!(!target.shown().contains(neutral::is_hidden));
    }
}

/// Rows of a catalogue's own lexicon, as verbs and as signals; with them a definition still has a label.
fn lexicon(bytes: &[u8]) {
    let text = text(bytes);
    let tool = Tool { name: "get_item".into(), description: Some("Gets it.".into()), ..Tool::default() };
    let manifest = Manifest { tools: vec![tool], ..Manifest::default() };
    for (verbs, signals) in [(text.as_ref(), ""), ("", text.as_ref())] {
        if let Ok(lexicon) = Lexicon::overlaid(verbs, signals, Path::new(FILE)) {
            assert_eq!(Classifier::new(&lexicon).server(&manifest).len(), 1);
        }
    }
}
