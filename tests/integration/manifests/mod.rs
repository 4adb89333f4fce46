//! The promise: every definition that is out there can be read, and a part is never reported as the whole.

mod findings;
mod kept;
mod reading;

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::Project;
use serde_json::Value;
use toolcard::manifest::{Manifest, Readings, servers};

const BOOK: &str = include_str!("../../../docs/manifests.md");

fn readings(text: &str) -> Readings {
    servers(text.as_bytes(), Path::new("m.json"), None)
}

fn read(text: &str) -> Manifest {
    let mut readings = readings(text);
    assert_eq!(readings.manifests.len(), 1, "{text}: {:?}", readings.diagnostics);
    readings.manifests.remove(0)
}

fn names(manifest: &Manifest) -> Vec<&str> {
    manifest.tools.iter().map(|t| t.name.as_str()).collect()
}

fn codes(readings: &Readings) -> Vec<&str> {
    readings.diagnostics.iter().map(|d| d.code.name()).collect()
}

/// The examples of the book by the headings above them.
fn examples() -> BTreeMap<&'static str, &'static str> {
    let mut out = BTreeMap::new();
    for section in BOOK.split("\n### `").skip(1) {
        let (id, rest) = section.split_once('`').expect("a heading");
        if let Some((_, rest)) = rest.split_once("```json\n") {
            out.insert(id, rest.split_once("```").expect("it ends").0);
        }
    }
    out
}

/// How many properties are anywhere in a value.
fn properties(value: &Value) -> usize {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let own = if key == "properties" { value.as_object().map_or(0, serde_json::Map::len) } else { 0 };
                own + properties(value)
            })
            .sum(),
        Value::Array(items) => items.iter().map(properties).sum(),
        _ => 0,
    }
}

/// `classify --format json` of one file: the server, and its tools by name.
fn classified(text: &str) -> (Value, BTreeMap<String, Value>) {
    let project = Project::new();
    project.file("m.json", text);
    let run = project.run(&["classify", "m.json", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let server = document["servers"][0].clone();
    let tools = server["tools"].as_array().unwrap().iter().map(|t| (t["name"].as_str().unwrap().to_owned(), t.clone()));
    (server.clone(), tools.collect())
}

/// The findings of a server or a tool, but for descriptions and directories.
fn found(of: &Value) -> Vec<&str> {
    let words = ["directory-hint-missing", "directory-refusal", "name-only-description", "missing-description"];
    of["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["id"].as_str().unwrap())
        .filter(|id| !words.contains(id))
        .collect()
}

/// The message of a finding.
fn message<'v>(of: &'v Value, id: &str) -> &'v str {
    let found = of["findings"].as_array().unwrap().iter().find(|f| f["id"] == id);
    found.unwrap_or_else(|| panic!("no {id}: {of}"))["message"].as_str().unwrap()
}

const OBJECT: &str = r#""inputSchema": {"type": "object", "properties": {}}"#;

/// A built site with one server, `s`.
fn site(text: &str) -> Project {
    let project = Project::new();
    project.file("catalog/s/manifest.json", text);
    project.run(&["build"]);
    project
}
