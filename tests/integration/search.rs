//! The promise: the writer's bytes and the reader in the browser agree.
//!
//! `input.json` holds documents, texts and queries. This test makes the words of each text and the
//! index from it and compares them with `words.json` and `index/`; `reader.test.mjs` runs
//! `static/js/search/` on the same files and compares with `words.json` and `results.json`.
//! `TOOLCARD_BLESS=1 cargo test --test integration search::` writes what the test would compare.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::Value;
use toolcard::classify::{AnnotationAudit, Confidence, Finding, FindingId, FindingLevel, Hinted, Place, Verdict};
use toolcard::manifest::{Annotations, Manifest, Server, Tool};
use toolcard::risk::{Class, Facet, Facets, Severity, Span};
use toolcard::site::search::{Builder, Encoded, Limits, Posting, encode, words};
use toolcard::site::urls;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search")
}

fn input() -> Value {
    serde_json::from_slice(&std::fs::read(folder().join("input.json")).unwrap()).unwrap()
}

fn expect(path: &Path, bytes: &[u8]) {
    if std::env::var_os("TOOLCARD_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let expected = std::fs::read(path).unwrap_or_default();
    assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&expected), "{}", path.display());
}

/// The documents of the input, in the given order.
fn files(documents: &[Value]) -> BTreeMap<String, Vec<u8>> {
    let mut entries = Vec::new();
    let mut servers: Vec<&str> = documents.iter().map(|d| d["server"].as_str().unwrap()).collect();
    servers.sort_unstable();
    servers.dedup();
    let identity = |slug: &str| {
        let title = Some(format!("{} server", slug.to_uppercase()).into());
        Server { slug: slug.to_owned(), title, ..Server::default() }
    };
    for slug in servers {
        let manifest = Manifest { server: identity(slug), ..Manifest::default() };
        entries.push(Posting::server(&urls::server(&urls::server_file(slug)), &manifest).prepare());
    }
    for document in documents {
        let text = |key: &str| document[key].as_str().map(str::to_owned);
        let server = text("server").unwrap();
        let tool = Tool {
            name: text("name").unwrap().into(),
            title: text("title").map(Into::into),
            description: text("description").map(Into::into),
            annotations: Annotations {
                read_only: document["hints"]["readOnlyHint"].as_bool(),
                destructive: document["hints"]["destructiveHint"].as_bool(),
                ..Annotations::default()
            },
            ..Tool::default()
        };
        let facets = document["facets"].as_array().unwrap().iter().filter_map(|f| Facet::parse(f.as_str()?)).collect();
        let verdict = verdict(Class::parse(&text("class").unwrap()).unwrap(), facets, text("verb"), &tool);
        let file = &urls::tool_files(&[&tool.name])[0];
        let url = urls::tool(&urls::server_file(&server), file);
        entries.push(Posting::tool(&url, &identity(&server), &tool, &verdict).prepare());
    }
    let mut files = BTreeMap::new();
    let limits = Limits { block: 4, shard_bytes: 300, caps: [6, 12, 4], common_words: 60 };
    let mut keep = |path: &str, bytes: &[u8]| {
        files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    };
    let bytes = encode(&entries).unwrap();
    let mut builder = Builder::default();
    builder.add(&Encoded::read(&bytes, 0).unwrap());
    builder.write(&mut Cursor::new(&bytes), limits, &mut keep).unwrap();
    files
}

fn verdict(class: Class, facets: Facets, verb: Option<String>, tool: &Tool) -> Verdict {
    let hinted = Hinted { declared: None, default: false, verdict: None };
    let missing = tool.description().is_empty().then(|| Finding {
        id: FindingId::MissingDescription,
        level: FindingLevel::Warning,
        place: Place::Description,
        span: Span { start: 0, end: 0 },
        message: String::new(),
        accepted: None,
    });
    Verdict {
        class,
        heuristic_class: class,
        base_class: class,
        severity: Severity::of(class, facets),
        facets,
        confidence: Confidence(1.0),
        verb: verb.map(Into::into),
        evidence: Vec::new(),
        runner_up: None,
        findings: missing.into_iter().collect(),
        actions: Vec::new(),
        annotations: AnnotationAudit { read_only: hinted, destructive: hinted, idempotent: hinted, open_world: hinted },
        legs: Vec::new(),
    }
}

#[test]
fn words_are_those_that_the_browser_makes() {
    let made: Vec<(String, Vec<String>)> = input()["words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| (text.as_str().unwrap().to_owned(), words(text.as_str().unwrap())))
        .collect();
    expect(&folder().join("words.json"), format!("{}\n", serde_json::to_string_pretty(&made).unwrap()).as_bytes());
}

#[test]
fn the_index_is_the_published_one() {
    let documents = input()["documents"].as_array().unwrap().clone();
    for (path, bytes) in files(&documents) {
        expect(&folder().join("index").join(path), &bytes);
    }
}

#[test]
fn no_file_of_the_index_is_left_over() {
    let documents = input()["documents"].as_array().unwrap().clone();
    let files = files(&documents);
    let index = folder().join("index");
    for entry in walkdir::WalkDir::new(&index).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file()) {
        let path = entry.path().strip_prefix(&index).unwrap().to_string_lossy().replace('\\', "/");
        assert!(files.contains_key(&path), "{path} is no longer written");
    }
}
