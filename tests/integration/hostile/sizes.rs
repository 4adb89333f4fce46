//! What is twice as large costs twice as much: counted in bytes that a build writes, never in seconds.

use serde_json::{Value, json};

use crate::support::Project;

/// Bytes of all that a build writes for a server, its standard output and what it says of mistakes.
fn bytes(manifest: &Value) -> usize {
    let project = Project::new();
    project.file("catalog/s/manifest.json", &manifest.to_string());
    let run = project.run(&["build"]);
    let said = run.stdout.len() + run.stderr.len();
    let classified = project.run(&["classify", "--format", "json", "catalog"]).stdout.len();
    project.tree("dist").iter().map(|(_, bytes)| bytes.len()).sum::<usize>() + said + classified
}

fn tool(keys: &Value) -> Value {
    let mut tool = json!({"name": "manage_x"});
    tool.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    json!({"tools": [tool]})
}

fn properties(n: usize, one: impl Fn(usize) -> (String, Value)) -> Value {
    json!({"inputSchema": {"properties": (0..n).map(one).collect::<serde_json::Map<_, _>>()}})
}

/// Every way to make a server larger, and a size at which it shows.
#[allow(clippy::type_complexity)]
const SHAPES: &[(&str, usize, fn(usize) -> Value)] = &[
    ("values", 800, |n| {
        let values: Vec<String> = (0..n).map(|i| format!("delete_thing_{i}")).collect();
        tool(&json!({"inputSchema": {"properties": {"action": {"enum": values}}}}))
    }),
    ("constants", 400, |n| {
        let values: Vec<Value> = (0..n).map(|i| json!({"const": format!("list_thing_{i}")})).collect();
        tool(&json!({"inputSchema": {"properties": {"action": {"oneOf": values}}}}))
    }),
    ("arguments", 400, |n| tool(&properties(n, |i| (format!("delete_{i}"), json!({"type": "boolean"}))))),
    ("arguments that select", 200, |n| {
        tool(&properties(n, |i| (format!("action_{i}"), json!({"enum": ["list_things", "delete_things"]}))))
    }),
    ("sentences", 800, |n| {
        tool(
            &json!({"description": (0..n).map(|i| format!("It also deletes thing {i}.")).collect::<Vec<_>>().join(" ")}),
        )
    }),
    ("quotations", 4_000, |n| tool(&json!({"description": "> ".repeat(n)}))),
    (
        "tools",
        60,
        |n| json!({"tools": (0..n).map(|i| json!({"name": format!("get_thing_{i}"), "description": "Gets a thing."})).collect::<Vec<_>>()}),
    ),
    ("mistakes", 2_000, |n| json!({"tools": vec![json!({"name": 1}); n]})),
    (
        "wrong types",
        60,
        |n| json!({"tools": (0..n).map(|i| json!({"name": format!("get_{i}"), "title": 1, "annotations": 2})).collect::<Vec<_>>()}),
    ),
    ("odd names", 60, |n| json!({"tools": (0..n).map(|i| json!({"name": format!("../{i}")})).collect::<Vec<_>>()})),
];

#[test]
fn a_server_that_is_twice_as_large_makes_at_most_twice_the_bytes() {
    let floor = bytes(&json!({"tools": []}));
    for (what, size, shape) in SHAPES {
        let [small, large] = [*size, 2 * size].map(|n| bytes(&shape(n)).saturating_sub(floor));
        assert!(large <= small * 5 / 2, "{what}: {size} make {small} bytes, twice as many {large}");
    }
}

#[test]
fn each_limit_is_reported_once_and_the_rest_of_the_catalogue_is_built() {
    let nested = (0..60).fold(json!({}), |inner, _| json!({"items": inner}));
    let broken = [
        ("description", tool(&json!({"description": "x".repeat(300 * 1024)}))),
        ("values", tool(&json!({"inputSchema": {"properties": {"a": {"enum": vec![1; 10_001]}}}}))),
        ("arguments", tool(&properties(20_001, |i| (format!("a{i}"), json!({}))))),
        ("deep", tool(&json!({"inputSchema": nested}))),
        ("tools", json!({"tools": (0..20_001).map(|i| json!({"name": format!("a{i}")})).collect::<Vec<_>>()})),
    ];
    for (what, manifest) in broken {
        let project = Project::new();
        project
            .file("catalog/s/manifest.json", &manifest.to_string())
            .file("catalog/fine/manifest.json", r#"{"tools": [{"name": "get_x"}]}"#);
        let run = project.run(&["build"]).exits(1);
        assert_eq!(run.stderr.matches("error[").count(), 1, "{what}: {}", run.stderr);
        assert!(run.stderr.contains("error[too"), "{what}: {}", run.stderr);
        assert!(project.exists("dist/tools/fine/get_x.html"), "{what}");
        assert!(!project.exists("dist/tools/s/manage_x.html"), "{what}: a part is shown as the whole");
    }
}

/// A schema of two ways down at each of forty steps.
fn doubling(key: &str) -> String {
    let both = |i: usize| json!({"$ref": format!("#/$defs/d{i}")});
    let steps = (0..40).map(|i| (format!("d{i}"), json!({key: [both(i + 1), both(i + 1)]})));
    json!({key: [both(0)], "$defs": steps.collect::<serde_json::Map<_, _>>()}).to_string()
}

#[test]
fn what_is_absurdly_large_or_deep_is_one_line() {
    let long = "a".repeat(1 << 20);
    let schema = |schema: &str| format!(r#"{{"tools":[{{"name":"x","inputSchema":{schema}}}]}}"#);
    let texts = [
        (format!(r#"{{"tools":[{{"name":"{long}"}}]}}"#), "tool-too-large"),
        (format!(r#"{{"tools":[{{"name":"x","title":"{long}"}}]}}"#), "tool-too-large"),
        (format!(r#"{{"tools":[{{"name":"x","description":"{}"}}]}}"#, "a ".repeat(5 << 20)), "tool-too-large"),
        (schema(&format!(r#"{{"properties":{{"{long}":{{}}}}}}"#)), "tool-too-large"),
        (schema(&format!(r#"{{"properties":{{"a":{{"enum":["{long}"]}}}}}}"#)), "tool-too-large"),
        (schema(&format!(r#"{{"properties":{{"a":{{"description":"{long}"}}}}}}"#)), "tool-too-large"),
        (schema(&doubling("allOf")), "tool-too-large"),
        (schema(&doubling("anyOf")), "tool-too-large"),
        (schema(&format!("{}{{}}{}", r#"{"items":"#.repeat(10_000), "}".repeat(10_000))), "bad-tool"),
        (format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)), "not-a-manifest"),
        (format!("[{}]", " ".repeat(100 << 20)), "file-too-large"),
    ];
    let project = Project::new();
    project.file("catalog/fine/manifest.json", r#"{"tools": [{"name": "get_x"}]}"#);
    for (text, code) in texts {
        project.file("catalog/s/manifest.json", &text);
        let run = project.run(&["build"]).exits(1);
        let begins: String = text.chars().take(60).collect();
        assert_eq!(run.stderr.matches("error[").count(), 1, "{begins}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("error[{code}]")) && run.stderr.len() < 1_000, "{begins}: {}", run.stderr);
        assert!(project.exists("dist/tools/fine/get_x.html") && !project.exists("dist/tools/s/x.html"), "{begins}");
    }
}

#[test]
fn forty_thousand_mistakes_are_twenty_lines_and_a_count() {
    let project = Project::new();
    project.file("catalog/s/manifest.json", &json!({"tools": vec![json!({"name": 1}); 40_000]}).to_string());
    let run = project.run(&["classify", "catalog"]).exits(1);
    assert_eq!(run.stderr.matches("error[tool-without-name]").count(), 21, "{}", run.stderr);
    assert!(run.stderr.contains("… and 39980 more like these"), "{}", run.stderr);
}
