//! Every name, description and schema of a listing as JSON has it, beside what was read.

use serde_json::Value;
use toolcard::manifest::{self, Tool};

#[test]
fn every_tool_argument_and_description_of_the_catalogue_is_kept() {
    let mut compared = 0;
    for entry in std::fs::read_dir(crate::support::bundled()).unwrap() {
        let path = entry.unwrap().path().join("manifest.json");
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let manifest = manifest::read_file(&path).value.unwrap();
        let listed = value["tools"].as_array().unwrap();
        assert_eq!(listed.len(), manifest.tools.len(), "{}", path.display());
        for (raw, tool) in listed.iter().zip(&manifest.tools) {
            assert_eq!(raw, &as_json(tool), "{}", path.display());
            compared += 1;
        }
    }
    assert!(compared > 1000, "{compared}");
}

/// The same for a folder of files: `TOOLCARD_MANIFESTS=DIR cargo test --test integration manifests:: -- --ignored`.
#[test]
#[ignore = "needs a folder of manifests"]
fn every_tool_argument_and_description_of_a_folder_is_kept() {
    let folder = std::env::var("TOOLCARD_MANIFESTS").unwrap();
    let (mut files, mut tools) = (0, 0);
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_none_or(|e| e != "json") {
            continue;
        }
        let value: Value = serde_json::from_slice(&std::fs::read(entry.path()).unwrap()).unwrap();
        let manifest = manifest::read_file(entry.path()).value.unwrap();
        let mut read: Vec<Value> =
            manifest.tools.iter().flat_map(|t| std::iter::once(t).chain(&t.others)).map(as_json).collect();
        for raw in value["tools"].as_array().unwrap() {
            let raw = without_nulls(raw);
            let at = read.iter().position(|tool| without_nulls(tool) == raw);
            let at = at.unwrap_or_else(|| panic!("{}: {raw}", entry.path().display()));
            read.remove(at);
            tools += 1;
        }
        assert!(read.is_empty());
        files += 1;
    }
    assert!(files > 0 && tools > 0, "{files} files, {tools} tools");
}

/// An entry without members that are null: they declare nothing.
fn without_nulls(entry: &Value) -> Value {
    match entry {
        Value::Object(map) => map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect(),
        other => other.clone(),
    }
}

/// A tool as an entry of a listing.
fn as_json(tool: &Tool) -> Value {
    let mut map = tool.extra.clone();
    let mut put = |key: &str, value: Value| drop(map.insert(key.to_owned(), value));
    put("name", tool.name.as_str().into());
    tool.title.iter().for_each(|title| put("title", title.as_str().into()));
    tool.description.iter().for_each(|text| put("description", text.as_str().into()));
    if !tool.input_schema.is_null() {
        put("inputSchema", tool.input_schema.clone());
    }
    tool.output_schema.iter().for_each(|schema| put("outputSchema", schema.clone()));
    if tool.annotations.present {
        let mut annotations = tool.annotations.extra.clone();
        tool.annotations
            .title
            .iter()
            .for_each(|title| drop(annotations.insert("title".to_owned(), title.as_str().into())));
        for hint in manifest::Hint::ALL {
            tool.annotations
                .declared(hint)
                .iter()
                .for_each(|d| drop(annotations.insert(hint.key().to_owned(), (*d).into())));
        }
        put("annotations", Value::Object(annotations));
    }
    Value::Object(map)
}
