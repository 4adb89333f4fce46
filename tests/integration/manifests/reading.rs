//! Every shape is read, and what cannot be read is reported with its place and cause.

use std::path::Path;

use super::{codes, examples, names, properties, read, readings};
use crate::support::Project;
use serde_json::{Value, json};
use toolcard::manifest::{Gap, SPELLINGS, Tool, read_at, servers, shapes};

#[test]
fn each_shape_reads_its_example_of_the_book() {
    let examples = examples();
    for id in shapes() {
        let example = examples.get(id).unwrap_or_else(|| panic!("docs/manifests.md has no example of `{id}`"));
        let found = readings(example);
        if id == "refusal" || id == "identity" {
            assert_eq!((found.shape, codes(&found), found.manifests.len()), (Some(id), vec!["no-tools"], 0));
            continue;
        }
        assert_eq!((found.shape, codes(&found)), (Some(id), Vec::new()), "{example}");
        // Every name of the example is a tool, and every argument is kept.
        let values = serde_json::Deserializer::from_str(example).into_iter::<Value>();
        let value: Value = values.map(Result::unwrap).collect();
        let tools: Vec<&Tool> = found.manifests.iter().flat_map(|m| &m.tools).collect();
        assert!(!tools.is_empty(), "{id}");
        let arguments: usize = tools.iter().map(|t| properties(&t.input_schema)).sum();
        assert_eq!(arguments, properties(&value), "{id}");
    }
    let known: Vec<&str> = shapes().chain(SPELLINGS.iter().map(|s| s.id)).collect();
    assert!(examples.keys().all(|id| known.contains(id)), "the book tells of a shape that there is not");
}

#[test]
fn each_spelling_of_an_entry_is_one_definition() {
    let plain = read(&format!("[{}]", examples()["mcp"])).tools.remove(0);
    for spelling in &SPELLINGS {
        let mut tool = read(&format!("[{}]", examples()[spelling.id])).tools.remove(0);
        tool.output_schema = plain.output_schema.clone();
        assert_eq!(tool, plain, "{}", spelling.id);
    }
}

#[test]
fn identity_comes_from_where_each_shape_has_it() {
    let examples = examples();
    let server = |id: &str| read(examples[id]).server;
    let answer = server("answer");
    assert_eq!(
        (answer.name.as_deref(), answer.title.as_deref(), answer.version.as_deref()),
        (Some("billing"), Some("Billing"), Some("3.1.0"))
    );
    let bundle = server("bundle");
    assert_eq!(bundle.name.as_deref(), Some("notes"));
    assert_eq!(bundle.title.as_deref(), Some("Notes"));
    assert_eq!(bundle.package_version.as_deref(), Some("1.2.0"));
    assert_eq!(bundle.license.as_deref(), Some("MIT"));
    assert_eq!(bundle.author.as_deref(), Some("Notes Ltd"));
    assert_eq!(bundle.repository.as_deref(), Some("https://example.org/notes.git"));
    let registry = server("registry");
    assert_eq!((registry.package.as_deref(), registry.registry.as_deref()), (Some("notes-mcp"), Some("npm")));
    assert_eq!(registry.repository.as_deref(), Some("https://example.org/notes"));
    assert_eq!(server("card").version.as_deref(), Some("1.2.0"));
    assert_eq!(server("parts").name.as_deref(), Some("notes"));
}

#[test]
fn several_servers_are_labelled_one_by_one_and_are_not_a_catalogue() {
    let project = Project::new();
    project.file("all.json", examples()["servers"]).file("catalog/both/manifest.json", examples()["servers"]);
    let run = project.run(&["classify", "all.json"]).exits(0);
    assert!(run.stdout.starts_with("notes\n") && run.stdout.contains("\nmail\n"), "{}", run.stdout);
    let run = project.run(&["build"]).exits(1);
    assert!(run.stderr.contains("error[several-servers]: the file lists 2 servers: `notes`, `mail`"), "{}", run.stderr);
    assert!(run.stderr.contains("`<folder>-<name>/manifest.json`"), "{}", run.stderr);
    assert!(!project.exists("dist/tools/both/index.html"));
    // No name ends its quotation.
    let text = br#"[{"name": "a` **b**", "tools": [{"name": "get_x"}]}, {"name": "c", "tools": [{"name": "get_y"}]}]"#;
    let told = read_at(text, Path::new("m.json"), None).diagnostics.remove(0);
    assert_eq!(told.message, "the file lists 2 servers: `a' **b**`, `c`");
}

#[test]
fn an_unknown_shape_says_what_was_found_and_a_pointer_reads_it() {
    let project = Project::new();
    let tools = json!((0..25).map(|i| json!({"name": format!("get_{i}"), "takes": {}})).collect::<Vec<_>>());
    project.file("dump.json", &json!({"server": {"x": 1}, "metadata": {"server": {"items": tools}}}).to_string());
    let run = project.run(&["classify", "dump.json"]).exits(1);
    assert!(run.stderr.contains("25 objects with a `name` at /metadata/server/items"), "{}", run.stderr);
    assert!(run.stderr.contains("give these with `--at /metadata/server/items`"), "{}", run.stderr);
    let run = project.run(&["classify", "dump.json", "--at", "/metadata/server/items"]).exits(0);
    assert_eq!(run.stdout.matches("Read").count(), 25, "{}", run.stdout);
    let run = project.run(&["classify", "dump.json", "--at", "/metadata/nowhere"]).exits(1);
    assert!(run.stderr.contains("there is nothing at `/metadata/nowhere`"), "{}", run.stderr);
    project.run(&["classify", "dump.json", "--at", "metadata"]).exits(2);
}

#[test]
fn names_alone_and_tools_by_key_are_read_where_they_are_said_to_be_tools() {
    let manifest = read(r#"{"name": "notes", "tools": ["add_note", "list_notes"]}"#);
    assert_eq!(names(&manifest), ["add_note", "list_notes"]);
    assert!(manifest.listing.without_schemas);
    let text = br#"{"catalog": {"a": {"name": "add_note"}, "b": {"name": "list_notes"}}}"#;
    let told = servers(text, Path::new("m.json"), None).diagnostics.remove(0);
    assert!(
        told.message.contains("2 objects with a `name` at /catalog") && told.help.contains("--at /catalog"),
        "{told:?}"
    );
    let found = servers(text, Path::new("m.json"), Some("/catalog"));
    assert_eq!(names(&found.manifests[0]), ["add_note", "list_notes"]);
    // A server that lists nothing is one, and gives its name to no other.
    let found = readings(r#"[{"name": "a", "tools": []}, {"name": "b", "tools": [{"name": "get_x"}]}]"#);
    let servers: Vec<_> = found.manifests.iter().map(|m| (m.server.name.as_deref(), m.tools.len())).collect();
    assert_eq!(servers, [(Some("a"), 0), (Some("b"), 1)]);
}

#[test]
fn what_lists_no_tools_gets_no_page_that_says_it_has_none() {
    let project = Project::new();
    for (slug, text) in [
        ("config", r#"{"mcpServers": {"a": {"command": "npx"}}}"#),
        ("entry", r#"{"name": "io.example/a", "description": "Notes.", "version": "1.0.0", "packages": []}"#),
        ("generated", r#"{"manifest_version": "0.3", "name": "a", "tools_generated": true}"#),
        ("dynamic", r#"{"serverInfo": {"name": "a"}, "transport": {}, "tools": "dynamic"}"#),
        ("error", r#"{"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}}"#),
        ("unread", r#"{"tools": [{"title": "x"}]}"#),
    ] {
        project.file(&format!("catalog/{slug}/manifest.json"), text);
    }
    project.file("catalog/none/manifest.json", r#"{"tools": []}"#);
    let run = project.run(&["build"]).exits(1);
    for slug in ["config", "entry", "generated", "dynamic", "error", "unread"] {
        assert!(run.stderr.contains(&format!("catalog/{slug}/manifest.json")), "{slug}: {}", run.stderr);
        assert!(!project.exists(&format!("dist/tools/{slug}/index.html")), "{slug}");
    }
    assert!(run.stderr.contains("Method not found"), "{}", run.stderr);
    assert!(run.stderr.contains("a tool has no name; its keys are `title`"), "{}", run.stderr);
    assert!(project.exists("dist/tools/none/index.html"));
}

#[test]
fn comments_and_trailing_commas_are_read_and_reported_with_their_place() {
    let text = "{\n  // saved by hand\n  \"tools\": [\n    {\"name\": \"list_a\"},\n  ]\n}";
    let found = readings(text);
    assert_eq!(names(&found.manifests[0]), ["list_a"]);
    let told = &found.diagnostics[0];
    assert_eq!((told.code.name(), told.position.map(|p| p.to_string()).as_deref()), ("not-strict-json", Some("2:3")));
    assert_eq!(told.message, "the file has a comment and a trailing comma, which JSON does not; it is read without");
    assert_eq!(found.manifests[0].tools[0].position.map(|p| p.line), Some(4));
    // What is broken besides is reported with its own place.
    assert_eq!(codes(&readings("{ // a\n \"tools\": [}")), ["broken-json"]);
}

#[test]
fn utf_16_is_read() {
    let text = r#"[{"name": "list_é", "description": "List."}]"#;
    let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let found = servers(&bytes, Path::new("m.json"), None);
    assert_eq!(names(&found.manifests[0]), ["list_é"]);
    assert!(found.diagnostics.is_empty());
}

#[test]
fn a_diagnostic_names_the_tool_the_place_and_the_cause() {
    let deep = format!("{}{}", r#"{"c":"#.repeat(200), "1".to_owned() + &"}".repeat(200));
    let text = format!(
        "[{{\"name\": \"list_items\"}},\n {{\"name\": \"put_tree\", \"inputSchema\": {deep}}},\n {{\"name\": \"add\", \"description\": \"x\\ud83d\"}}]"
    );
    let found = readings(&text);
    assert_eq!(names(&found.manifests[0]), ["list_items", "add"]);
    let told: Vec<String> =
        found.diagnostics.iter().map(|d| format!("{} {} {}", d.position.unwrap(), d.message, d.help)).collect();
    assert!(
        told[0].starts_with("2:2 the tool `put_tree` nests deeper than 127 levels") && told[0].contains("`$ref`"),
        "{told:?}"
    );
    assert!(told[1].starts_with("3:2 the tool `add` has half a character"), "{told:?}");
    assert_eq!(found.manifests[0].listing.gaps, [Gap::Unread]);
}

#[test]
fn what_makes_a_listing_a_part_is_reported_and_what_does_not_is_not() {
    let gaps = |text: &str| {
        let found = readings(text);
        let told = found.diagnostics.iter().filter(|d| d.code.name() == "partial-listing").count();
        let gaps = found.manifests[0].listing.gaps.clone();
        assert_eq!(told, gaps.len(), "{text}");
        gaps
    };
    let page = |cursor: &str| format!(r#"{{"tools": [{{"name": "a{cursor}"}}], "nextCursor": "{cursor}"}}"#);
    assert_eq!(gaps(&page("x")), [Gap::NextCursor]);
    assert_eq!(gaps(&format!(r#"{{"result": {}}}"#, page("x"))), [Gap::NextCursor]);
    let last = r#"{"tools": [{"name": "z"}], "nextCursor": null}"#;
    assert_eq!(gaps(&format!("[{}, {last}]", page("x"))), []);
    assert_eq!(gaps(&format!("[{}, {}, {last}]", page("x"), page("x").replace("ax", "b"))), [Gap::RepeatedCursor]);
    assert_eq!(gaps(r#"{"tools": [{"name": "a"}], "nextCursor": ""}"#), []);
    let bundle = examples()["bundle"].replace("\"tools\":", "\"tools_generated\": true, \"tools\":");
    assert_eq!(gaps(&bundle), [Gap::Generated]);
    let card = examples()["card"].replace("\"tools\": [", "\"tools\": [\"dynamic\", ");
    assert_eq!(gaps(&card), [Gap::Dynamic]);
}
