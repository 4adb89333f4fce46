//! The promise: whatever a server's tools come in, the catalogue keeps one form of it, an update shows first what it
//! changes, and what a person wrote stays.

use std::path::Path;

use serde_json::{Value, json};
use toolcard::capture::{canonical, document};
use toolcard::manifest::read;

use crate::support::{Project, bundled, tool};

fn stored(project: &Project, slug: &str) -> Value {
    serde_json::from_str(&project.read(&format!("catalog/{slug}/manifest.json"))).unwrap()
}

fn listing(server: &Value, tools: &[Value]) -> String {
    json!({"server": server, "tools": tools}).to_string()
}

fn notes() -> Vec<Value> {
    vec![tool("list_notes", "List the notes."), tool("add_note", "Add a note.")]
}

#[test]
fn every_bundled_manifest_is_in_canonical_form_and_survives_it() {
    let mut seen = 0;
    for entry in std::fs::read_dir(bundled()).unwrap().map(Result::unwrap) {
        let path = entry.path().join("manifest.json");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let value: Value = serde_json::from_str(&text).unwrap();
        assert!(canonical(&value) == text, "{}", path.display());
        // Read, written and read again it is the same server.
        let mut once = read(&text, &path).value.unwrap();
        let mut twice = read(&canonical(&document(&once)), Path::new("again")).value.unwrap();
        for tool in once.tools.iter_mut().chain(&mut twice.tools) {
            tool.position = None;
        }
        assert!(once == twice, "{}", path.display());
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn importing_a_bundled_server_onto_itself_changes_nothing() {
    let slugs = ["clearml-mcp", "server-github", "awslabs-iam-mcp-server"];
    let project = Project::with_servers(&slugs);
    let before = project.tree("catalog");
    for slug in slugs {
        let file = bundled().join(slug).join("manifest.json");
        let run = project.run(&["import", file.to_str().unwrap()]).exits(0);
        assert!(run.stdout.is_empty() && run.stderr.contains("nothing changed"), "{}{}", run.stdout, run.stderr);
    }
    assert_eq!(project.tree("catalog"), before);
}

#[test]
fn another_order_of_keys_or_tools_and_another_day_are_no_change() {
    let project = Project::new();
    let schema = json!({"type": "object", "properties": {"a": {"type": "string", "minLength": 1}, "b": {"type": "integer"}}, "required": ["a", "b"]});
    let other = json!({"required": ["b", "a"], "properties": {"b": {"type": "integer"}, "a": {"minLength": 1, "type": "string"}}, "type": "object"});
    let tools =
        |schema: &Value| vec![json!({"name": "x", "description": "Get x.", "inputSchema": schema}), notes().remove(0)];
    let capture =
        |day: &str, tools: Vec<Value>| json!({"server": {"name": "n"}, "captured_at": day, "tools": tools}).to_string();
    project.file("a.json", &capture("2026-11-01", tools(&schema)));
    project.run(&["import", "a.json", "--slug", "n"]).exits(0);
    let before = project.tree("catalog");
    let mut reversed = tools(&other);
    reversed.reverse();
    project.file("b.json", &capture("2026-11-02", reversed));
    let run = project.run(&["import", "b.json", "--slug", "n"]).exits(0);
    assert!(run.stderr.contains("nothing changed"), "{}", run.stderr);
    assert_eq!(project.tree("catalog"), before);
    // A new key follows, and moves nothing else.
    let mut more = tools(&other);
    more[0]["inputSchema"]["properties"]["a"]["description"] = json!("What a is.");
    project.file("c.json", &capture("2026-11-03", more));
    project.run(&["import", "c.json", "--slug", "n"]).exits(0);
    let text = project.read("catalog/n/manifest.json");
    let old = String::from_utf8(before[0].1.clone()).unwrap();
    let line = |line: &str| line.trim_end_matches(',').to_owned();
    let old: Vec<String> = old.lines().map(line).collect();
    let added: Vec<String> = text.lines().map(line).filter(|line| !old.contains(line)).collect();
    assert!(text.contains("What a is.") && text.contains("2026-11-03"), "{text}");
    assert_eq!(added.len(), 2, "{added:#?}");
}

#[test]
fn an_update_is_reviewed_first_and_a_dry_run_stops_there() {
    let project = Project::new();
    project.file("old.json", &listing(&json!({"name": "notes", "version": "1.0"}), &notes()));
    let run = project.run(&["import", "old.json"]).exits(0);
    assert!(run.stdout.starts_with("notes  2 tools: 1 Write, 1 Read\n"), "{}", run.stdout);
    assert!(run.stderr.contains("wrote catalog/notes/manifest.json"), "{}", run.stderr);
    let before = project.tree("catalog");
    let mut worse = notes();
    worse[0]["description"] = json!("List the notes. Permanently deletes the oldest note.");
    project.file("new.json", &listing(&json!({"name": "notes", "version": "2.0"}), &worse));
    let dry = project.run(&["import", "new.json", "--slug", "notes", "--dry-run"]).exits(0);
    assert!(dry.stdout.contains("[label-raised]") && dry.stdout.contains("notes/list_notes"), "{}", dry.stdout);
    assert!(dry.stderr.contains("nothing is written"), "{}", dry.stderr);
    assert_eq!(project.tree("catalog"), before);
    let run = project.run(&["import", "new.json", "--slug", "notes"]).exits(0);
    assert_eq!(run.stdout, dry.stdout);
    let server = stored(&project, "notes");
    assert_eq!(server["server"]["version"], "2.0");
    assert!(server["tools"][0]["description"].as_str().unwrap().contains("Permanently"));
    // A first import can be looked at too.
    let dry = project.run(&["import", "new.json", "--slug", "other", "--dry-run"]).exits(0);
    assert!(dry.stdout.contains("other  2 tools") && !project.exists("catalog/other"), "{}", dry.stdout);
}

#[test]
fn what_a_person_edited_stays_and_is_named() {
    let project = Project::new();
    let says = json!({"name": "notes", "title": "notes-server", "version": "1.0", "license": "MIT"});
    project.file("notes.json", &listing(&says, &notes()));
    project.run(&["import", "notes.json"]).exits(0);
    let mut own = stored(&project, "notes");
    own["server"]["title"] = json!("Notes");
    own["server"]["license"] = json!("MIT AND Apache-2.0");
    own["server"]["homepage"] = json!("https://example.org");
    own["reviewed_by"] = json!("R. Viewer");
    project.file("catalog/notes/manifest.json", &canonical(&own));
    let mut tools = notes();
    tools.push(tool("get_note", "Get a note."));
    let mut newer = says.clone();
    newer["version"] = json!("1.1");
    project.file("notes.json", &listing(&newer, &tools));
    let run = project.run(&["import", "notes.json"]).exits(0);
    assert!(run.stderr.contains("`server.title` stays as it was edited"), "{}", run.stderr);
    let now = stored(&project, "notes");
    assert_eq!(
        now["server"],
        json!({
            "slug": "notes", "name": "notes", "title": "Notes", "version": "1.1", "license": "MIT AND Apache-2.0",
            "homepage": "https://example.org", "edited": ["title", "license"],
        })
    );
    assert_eq!((now["tools"].as_array().unwrap().len(), &now["reviewed_by"]), (3, &json!("R. Viewer")));
    // The same again changes nothing, and what is named stays whatever the server says.
    assert!(project.run(&["import", "notes.json"]).exits(0).stderr.contains("nothing changed"));
    // A person who names a package now is believed.
    project
        .run(&["import", "notes.json", "--slug", "notes", "--package", "notes-mcp@1.1.0", "--registry", "npm"])
        .exits(0);
    assert_eq!(stored(&project, "notes")["server"]["package"], "notes-mcp");
    assert_eq!(stored(&project, "notes")["server"]["package_version"], "1.1.0");
    // Another package is another server.
    let run = project.run(&["import", "notes.json", "--package", "evil-notes", "--slug", "notes"]).exits(0);
    assert!(run.stderr.is_empty() || !run.stderr.contains("error"), "{}", run.stderr);
    let other = json!({"name": "notes", "package": "third-notes"});
    project.file("other.json", &listing(&other, &notes()));
    let run = project.run(&["import", "other.json", "--slug", "notes"]).exits(1);
    assert!(run.stderr.contains("is the package `evil-notes`, and this is `third-notes`"), "{}", run.stderr);
}

#[test]
fn a_server_is_known_again_by_its_package_whatever_its_folder_is_called() {
    let project = Project::with_servers(&["supabase-mcp", "server-github"]);
    let mut text: Value = serde_json::from_str(&project.read("catalog/supabase-mcp/manifest.json")).unwrap();
    text["server"].as_object_mut().unwrap().remove("slug");
    project.file("capture.json", &text.to_string());
    let run = project.run(&["import", "capture.json"]).exits(0);
    assert!(run.stderr.contains("supabase-mcp: nothing changed"), "{}", run.stderr);
    text["server"]["registry"] = json!("oci");
    project.file("capture.json", &text.to_string());
    project.run(&["import", "capture.json"]).exits(0);
    assert!(project.exists("catalog/mcp-server-supabase/manifest.json"));
}

#[test]
fn a_version_that_a_capture_does_not_say_is_not_kept_for_other_tools() {
    let project = Project::new();
    let says = json!({"name": "notes", "version": "1.0", "package_version": "1.0"});
    project.file("a.json", &listing(&says, &notes()));
    project.run(&["import", "a.json", "--slug", "notes"]).exits(0);
    project.file("b.json", &Value::from(notes()).to_string());
    assert!(project.run(&["import", "b.json", "--slug", "notes"]).exits(0).stderr.contains("nothing changed"));
    project.file("b.json", &json!([notes()[0], tool("get_note", "Get a note.")]).to_string());
    let run = project.run(&["import", "b.json", "--slug", "notes"]).exits(0);
    assert!(run.stderr.contains("`server.version` goes"), "{}", run.stderr);
    let server = stored(&project, "notes")["server"].clone();
    assert_eq!(server, json!({"slug": "notes", "name": "notes"}));
}

#[test]
fn a_failed_import_leaves_the_catalogue_as_it_was() {
    let project = Project::new();
    project.file("notes.json", &listing(&json!({"name": "notes"}), &notes()));
    project.run(&["import", "notes.json"]).exits(0);
    let before = project.tree("catalog");
    let part = json!({"server": {"name": "notes"}, "tools": notes(), "nextCursor": "2"});
    for (name, text, code, says) in [
        ("broken.json", "{".to_owned(), 1, "broken-json"),
        ("page.html", "<!doctype html><title>Sign in</title>".to_owned(), 1, "HTML page"),
        ("part.json", part.to_string(), 1, "the listing is a part, which is not imported"),
        (
            "lost.json",
            listing(&json!({"name": "notes"}), &[json!({"title": "nameless"}), notes().remove(0)]),
            1,
            "tool-without-name",
        ),
        ("unknown.json", r#"{"things": [{"name": "a"}]}"#.to_owned(), 1, "1 object with a `name` at /things"),
        ("tools.json", Value::from(notes()).to_string(), 1, "--slug SLUG"),
    ] {
        project.file(name, &text);
        let run = project.run(&["import", name]).exits(code);
        assert!(run.stderr.contains(says), "{name}: {}", run.stderr);
        assert_eq!(project.tree("catalog"), before, "{name}");
    }
    project.run(&["import", "nowhere.json"]).exits(2);
    project.run(&["import", "notes.json", "--slug", "../up"]).exits(2);
    project.run(&["import"]).exits(2);
    assert_eq!(project.tree("catalog"), before);
    assert!(!project.exists("up"));
    // One server of several that fails does not take the others with it.
    let two = json!([{"name": "good", "tools": notes()}, {"name": "MCP", "tools": notes()}]);
    project.file("two.json", &two.to_string());
    let run = project.run(&["import", "two.json"]).exits(1);
    assert!(run.stderr.contains("wrote catalog/good/manifest.json") && run.stderr.contains("error"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_one_error_and_nothing_is_left() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new();
    project.file("notes.json", &listing(&json!({"name": "notes"}), &notes()));
    project.run(&["import", "notes.json"]).exits(0);
    let before = project.tree("catalog");
    project.file("catalog/other", "a file where a folder belongs");
    let run = project.run(&["import", "notes.json", "--slug", "other"]).exits(1);
    assert!(run.stderr.contains("cannot be written"), "{}", run.stderr);
    std::fs::remove_file(project.path().join("catalog/other")).unwrap();
    let folder = project.path().join("catalog/notes");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    project.file("notes.json", &listing(&json!({"name": "notes"}), &notes()[..1]));
    let run = project.run(&["import", "notes.json"]);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Who may do everything is not stopped.
    if run.code != 0 {
        assert_eq!(project.tree("catalog"), before);
    }
}

#[test]
fn bundles_snapshots_and_entries_of_registries_are_recognised() {
    use std::io::Write as _;
    let project = Project::new();
    // An MCPB bundle.
    let manifest = json!({
        "manifest_version": "0.3", "name": "packed", "version": "1.2.0", "license": "MIT",
        "server": {"type": "node", "entry_point": "index.js"},
        "tools": [{"name": "add_note", "description": "Add a note."}],
    });
    let file = std::fs::File::create(project.path().join("packed.mcpb")).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    zip.start_file("index.js", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"x").unwrap();
    zip.start_file("manifest.json", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(manifest.to_string().as_bytes()).unwrap();
    zip.finish().unwrap();
    project.run(&["import", "packed.mcpb"]).exits(0);
    let packed = stored(&project, "packed");
    assert_eq!((&packed["server"]["license"], &packed["without_schemas"]), (&json!("MIT"), &json!(true)));
    // A bundle lists no schemas: that is not the tools' fault, before the import and after it.
    let findings = |path: &str| project.run(&["classify", path]).exits(0).stdout.matches("no-input-schema").count();
    assert_eq!((findings("packed.mcpb"), findings("catalog/packed")), (0, 0));
    // A folder of snapshots, as GitHub's server keeps them.
    for name in ["get_issue", "delete_file"] {
        let snapshot = json!({"annotations": {"title": name, "readOnlyHint": name == "get_issue"}, "description": "x", "inputSchema": {"type": "object"}, "name": name});
        project
            .file(&format!("pkg/github/__toolsnaps__/{name}.snap"), &serde_json::to_string_pretty(&snapshot).unwrap());
    }
    project.run(&["import", "pkg/github"]).exits(0);
    project.run(&["import", "pkg/github/__toolsnaps__", "--dry-run"]).exits(0);
    let names: Vec<Value> =
        stored(&project, "github")["tools"].as_array().unwrap().iter().map(|t| t["name"].clone()).collect();
    assert_eq!(names, ["delete_file", "get_issue"]);
    project.file("pkg/github/__toolsnaps__/broken.snap", "---\nsource: x\n");
    let run = project.run(&["import", "pkg/github"]).exits(1);
    assert!(run.stderr.contains("broken.snap") && run.stderr.contains("is a part"), "{}", run.stderr);
    // Docker's catalogue.
    project.file("docker/tools.json", r#"[{"name": "add_note", "description": "Add a note.", "arguments": [{"name": "text", "type": "string", "desc": "The text"}]}]"#);
    project.run(&["import", "docker/tools.json", "--slug", "dock"]).exits(0);
    assert_eq!(
        stored(&project, "dock")["tools"][0]["inputSchema"]["properties"]["text"],
        json!({"type": "string", "description": "The text"})
    );
    // An entry of the registry says who the server is.
    let entry = json!({
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": "io.github.user/weather", "title": "Weather", "description": "d", "version": "1.0.2",
        "repository": {"url": "https://example.org/weather", "source": "github"},
        "packages": [{"registryType": "npm", "identifier": "@user/weather-mcp", "version": "1.0.2", "transport": {"type": "stdio"}}],
    });
    project.file("server.json", &entry.to_string());
    let run = project.run(&["import", "server.json"]).exits(1);
    assert!(
        run.stderr.contains("lists no tools") && run.stderr.contains("toolcard import server.json tools.json"),
        "{}",
        run.stderr
    );
    project.run(&["import", "server.json", "docker/tools.json"]).exits(0);
    assert_eq!(
        stored(&project, "weather-mcp")["server"],
        json!({
            "slug": "weather-mcp", "name": "io.github.user/weather", "title": "Weather", "version": "1.0.2",
            "package": "@user/weather-mcp", "registry": "npm", "package_version": "1.0.2",
            "repository": "https://example.org/weather",
        })
    );
    // Answers in pages, as lines, on standard input.
    let lines = [
        json!({"jsonrpc": "2.0", "id": 1, "result": {"serverInfo": {"name": "lined", "version": "3"}, "protocolVersion": "2025-11-25", "capabilities": {}}}),
        json!({"jsonrpc": "2.0", "id": 2, "result": {"tools": [notes()[0]], "nextCursor": "2"}}),
        json!({"jsonrpc": "2.0", "id": 3, "result": {"tools": [notes()[1]]}}),
    ];
    let text = lines.map(|line| line.to_string()).join("\n");
    project.run_with(&["import", "-"], &text).exits(0);
    let kept = stored(&project, "lined");
    assert_eq!((kept["tools"].as_array().unwrap().len(), &kept["protocolVersion"]), (2, &json!("2025-11-25")));
}

#[test]
fn a_new_catalogue_takes_an_import_and_builds() {
    let project = Project::new();
    project.run(&["new", "."]).exits(0);
    project.file("notes.json", &listing(&json!({"name": "notes"}), &notes()));
    project.run(&["import", "notes.json"]).exits(0);
    let built = project.run(&["build"]).exits(0);
    assert!(built.stdout.contains("2 servers, 5 tools; "), "{}", built.stdout);
    assert!(project.exists("dist/tools/notes/add_note.html"));
    project.run(&["lock"]).exits(0);
    project.run(&["lock", "--check"]).exits(0);
}

#[test]
fn two_definitions_of_one_name_and_marks_of_a_listing_are_kept() {
    let project = Project::new();
    let tools = [tool("add_note", "Add a note."), tool("add_note", "Add a note and delete the rest.")];
    let text = json!({"server": {"name": "notes"}, "cacheScope": "private", "tools_generated": true, "tools": tools});
    project.file("notes.json", &text.to_string());
    // It is an error, as everywhere, and both are kept.
    project.run(&["import", "notes.json", "--slug", "notes"]).exits(1);
    let kept = stored(&project, "notes");
    assert_eq!(kept["tools"].as_array().unwrap().len(), 2);
    assert_eq!((&kept["cacheScope"], &kept["tools_generated"]), (&json!("private"), &json!(true)));
    assert!(project.run(&["import", "notes.json", "--slug", "notes"]).exits(1).stderr.contains("nothing changed"));
}
