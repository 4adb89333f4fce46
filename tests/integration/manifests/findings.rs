//! What a definition lacks, hides or contradicts is a finding, and every output says so.

use super::{OBJECT, classified, examples, found, message, read, site};
use crate::support::Project;
use serde_json::{Value, json};
use toolcard::manifest;

#[test]
fn a_part_of_a_listing_says_at_least_on_every_output() {
    let text = format!(r#"{{"tools": [{{"name": "list_a", "description": "List A.", {OBJECT}}}], "nextCursor": "x"}}"#);
    let (server, _) = classified(&text);
    assert_eq!((found(&server), &server["complete"]), (vec!["partial-listing"], &json!(false)));
    let project = site(&text);
    let page = project.read("dist/tools/s/index.html");
    assert!(
        page.contains("At least 1 tool; the one that is listed is Read.") && page.contains("s: at least 1 tool"),
        "{page}"
    );
    assert!(page.contains("there may be more, and worse"), "{page}");
    assert!(project.read("dist/tools/s/index.md").contains("with at least 1 tools"));
    assert!(project.read("dist/tools/s/badge.svg").contains("1+ Read"));
    let api: Value = serde_json::from_str(&project.read("dist/api/v1/servers/s.json")).unwrap();
    assert_eq!((&api["complete"], &api["gaps"]), (&json!(false), &json!(["next-cursor"])));
    assert!(project.read("dist/servers/index.html").contains("1 server with at least 1 tool."));
    // The whole of it says none of this.
    let whole = site(&text.replace(r#", "nextCursor": "x""#, ""));
    assert!(!whole.read("dist/tools/s/index.html").contains("t least"));
}

/// What people read in a page: its text without tags, and what attributes say.
fn text_of(page: &str) -> String {
    let attributes = regex::Regex::new(r#"(?:content|aria-label|title)="([^"]*)""#).unwrap();
    let said: Vec<String> = attributes.captures_iter(page).map(|c| c[1].to_owned()).collect();
    let tags = regex::Regex::new(r"(?s)<(?:script|style).*?</(?:script|style)>|<[^>]*>").unwrap();
    said.join("\n") + "\n" + &tags.replace_all(page, "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_that_is_said_of_a_part_is_said_of_all_tools() {
    // What the catalogue says of itself, and what a document does with tools that it does not name.
    const OF_ALL: [&str; 5] = [
        "A card for every tool that an MCP server offers",
        "Every tool by class",
        "every other tool",
        "No tool was called",
        "it asks before each call of every tool",
    ];
    let hints = json!({"title": "T", "readOnlyHint": true, "destructiveHint": false, "openWorldHint": true});
    let tools: Vec<Value> = ["list_a", "list_b", "get_c", "get_d"]
        .iter()
        .map(|name| {
            let text = format!("Reads the {}.", &name[name.len() - 1..]);
            json!({"name": name, "title": name, "description": text, "annotations": hints, "inputSchema": {"type": "object"}})
        })
        .collect();
    let part = json!({"captured_at": "2026-11-20", "tools": tools, "nextCursor": "x"});
    let project = Project::new();
    project.init();
    project.file("toolcard.toml", "[site]\nbase_url = \"https://example.org/\"\n");
    project.commit("2026-11-19");
    project.file("catalog/s/manifest.json", &part.to_string());
    project.run(&["lock"]).exits(0);
    project.commit("2026-11-20");
    project.run(&["build"]);
    // What speaks of all tools, of none, or counts them without saying that there may be more.
    let all = regex::Regex::new(
        r"(?i)\b(?:(?:all|every|each|no)(?: of)?(?: its| the| these)?(?: \d+)? tools?\b|none of its|all read\b|offers no)",
    )
    .unwrap();
    let counted = regex::Regex::new(r"(?i)(.{0,60})\b4\+? (?:tools|read)\b").unwrap();
    let (mut seen, mut faults) = (0, Vec::new());
    for (path, bytes) in project.tree("dist") {
        let name = path.as_str();
        let about = name.starts_with("tools/s/")
            || name.starts_with("lists/")
            || ["index.html", "servers/index.html", "llms.txt", "feed.xml", "api/v1/servers/s.json"].contains(&name);
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if !about || name.ends_with("policy.json") {
            continue;
        }
        seen += 1;
        let mut text = if name.ends_with(".html") || name.ends_with(".svg") { text_of(&text) } else { text };
        for said in OF_ALL {
            text = text.replace(said, "");
        }
        for found in all.find_iter(&text) {
            let from = text.floor_char_boundary(found.start().saturating_sub(60));
            let around = &text[from..text.ceil_char_boundary(found.end() + 60)];
            faults.push(format!("{name}: {around}"));
        }
        for found in counted.captures_iter(&text) {
            let before = found[1].to_lowercase();
            let end = found.get(0).map_or(0, |all| all.end());
            // What a document names is what is listed.
            if text[end..].starts_with(" named") {
                continue;
            }
            let more = before.contains("least ") || before.contains("listed ") || found[0].contains("4+");
            if !more {
                faults.push(format!("{name}: {}", &found[0]));
            }
        }
    }
    assert!(seen > 12, "{seen}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for format in ["text", "json"] {
        let run = project.run(&["classify", "catalog/s/manifest.json", "--format", format]);
        assert!(run.stdout.contains("at least 4 tools"), "{}", run.stdout);
    }
}

#[test]
fn a_review_of_a_part_does_not_say_that_a_tool_is_gone() {
    let tools = r#""tools": [{"name": "list_a"}, {"name": "delete_b"}]"#;
    let project = Project::new();
    project.file("old.json", &format!("{{{tools}}}"));
    project.file("new.json", r#"{"tools": [{"name": "list_a"}], "nextCursor": "2"}"#);
    for format in ["text", "markdown", "json"] {
        let run = project.run(&["review", "--base", "old.json", "--head", "new.json", "--format", format]);
        assert!(format == "json" || run.stdout.contains("he listing of `new` is a part in the head"), "{}", run.stdout);
        assert!(run.stdout.contains("not in the part of the listing"), "{}", run.stdout);
    }
    let run = project.run(&["review", "--base", "new.json", "--head", "old.json"]);
    assert!(!run.stdout.contains("in the head"), "{}", run.stdout);
}

#[test]
fn an_answer_for_one_account_is_reported_as_one() {
    let (server, _) = classified(examples()["answer"]);
    assert_eq!(found(&server), ["private-listing"]);
    assert!(site(examples()["answer"]).read("dist/tools/s/index.html").contains("The listing is that of one account"));
}

#[test]
fn of_two_tools_of_one_name_the_worse_one_counts() {
    let text = format!(
        "{{\"tools\": [\n{{\"name\": \"sync\", \"description\": \"Show whether the mirror is up to date.\", {OBJECT}}},\n{{\"name\": \"sync\", \"description\": \"Overwrite the remote with the local copy and delete what is not there.\", {OBJECT}}}]}}"
    );
    let (server, tools) = classified(&text);
    let sync = &tools["sync"];
    assert_eq!(sync["class"], "Destructive");
    assert!(message(sync, "duplicate-name").contains("at 2:1 and 3:1"), "{sync}");
    let decides = sync["evidence"].as_array().unwrap().iter().find(|e| e["decides"] == true).unwrap();
    assert_eq!(decides["where"], "/definitions/2/description");
    assert!(message(&server, "refused-server").contains("two tools of one name"));
    let project = site(&text);
    let policy: Value = serde_json::from_str(&project.read("dist/tools/s/policy.json")).unwrap();
    assert!(policy.to_string().contains(r#""hide":["sync"]"#), "{policy}");
    let page = project.read("dist/tools/s/sync.html");
    assert!(page.contains("The server lists 2 tools of this name") && page.contains("other description"), "{page}");
    let told = project.run(&["explain", "--sentences"]).stdout;
    assert!(!told.contains("wrong: "), "{told}");
    // A change of either definition is a change of the tool.
    let prints = |text: &str| manifest::fingerprint(&read(text).tools[0]).whole();
    assert_ne!(prints(&text), prints(&text.replace("remote", "other side")));
    // The order does not matter, and the harmless twice is harmless.
    let (first, second) = text.split_once(",\n{").unwrap();
    let turned =
        format!("{{\"tools\": [\n{{{}, \n{}]}}", second.trim_end_matches("]}"), &first[first.find("\n{").unwrap()..]);
    assert_eq!(classified(&turned).1["sync"]["class"], "Destructive");
    let twice = format!(r#"[{{"name": "get", {OBJECT}}}, {{"name": "get", {OBJECT}}}]"#);
    assert_eq!(classified(&twice).1["get"]["class"], "Read");
}

#[test]
fn names_that_a_client_makes_equal_are_found_and_neither_is_allowed() {
    let text = format!(
        r#"{{"tools": [{{"name": "db.drop", "description": "Drop the database.", {OBJECT}}}, {{"name": "db_drop", "description": "Show what a drop would remove, without removing.", {OBJECT}}}, {{"name": "list_a", {OBJECT}}}]}}"#
    );
    let (_, tools) = classified(&text);
    for (name, other, class) in [("db.drop", "db_drop", "Destructive"), ("db_drop", "db.drop", "Read")] {
        assert_eq!(tools[name]["class"], class);
        assert!(message(&tools[name], "name-collision").contains(&format!("`{other}`")));
    }
    assert_eq!(found(&tools["list_a"]), Vec::<&str>::new());
    let project = site(&text);
    for profile in ["read-only", "guarded", "open"] {
        for format in ["claude-code", "codex", "openai", "gemini-settings", "anthropic", "policy-json"] {
            let run = project.run(&["policy", "s", "--profile", profile, "--format", format]);
            if run.code != 0 {
                continue;
            }
            let allows = run.stdout.split("deny").next().unwrap_or_default();
            assert!(!allows.contains("mcp__s__db_drop\""), "{profile} {format}: {}", run.stdout);
        }
    }
    assert!(project.exists("dist/tools/s/db.drop.html") && project.exists("dist/tools/s/db_drop.html"));
}

#[test]
fn names_beyond_the_rule_are_findings_in_classify_and_build() {
    let text = format!(
        r#"[{{"name": "get status", {OBJECT}}}, {{"name": "files/read", {OBJECT}}}, {{"name": "db.read", {OBJECT}}}, {{"name": "{}", {OBJECT}}}]"#,
        "a".repeat(65)
    );
    let (server, tools) = classified(&text);
    assert!(message(&tools["get status"], "odd-name").contains("spaces"));
    assert!(message(&tools["files/read"], "odd-name").contains("slash"));
    assert_eq!(found(&tools["db.read"]), Vec::<&str>::new());
    assert!(message(&server, "refused-server").contains("`get status`"));
    assert!(server["findings"][0]["clients"].as_array().unwrap().contains(&json!("Claude Desktop")));
    let project = Project::new();
    project.file("catalog/s/manifest.json", &text);
    let run = project.run(&["build"]).exits(0);
    assert_eq!(run.stderr.matches("warning[odd-name]").count(), 3, "{}", run.stderr);
    assert!(!run.stderr.contains("file name"), "{}", run.stderr);
}

#[test]
fn a_schema_that_is_not_there_is_not_an_empty_one() {
    let text = r#"[{"name": "ping", "description": "Ping.", "inputSchema": null}, {"name": "get_version", "description": "Get it."}, {"name": "list_odd", "description": "List.", "inputSchema": true}, {"name": "list_none", "description": "List none.", "inputSchema": {"type": "object"}}]"#;
    let (_, tools) = classified(text);
    let project = site(text);
    for name in ["ping", "get_version", "list_odd"] {
        assert!(message(&tools[name], "no-input-schema").starts_with("The server publishes no input schema"));
        let page = project.read(&format!("dist/tools/s/{name}.html"));
        assert!(page.contains("publishes no input schema") && !page.contains("declares no arguments"), "{name}");
    }
    assert_eq!(found(&tools["list_none"]), Vec::<&str>::new());
    assert!(project.read("dist/tools/s/list_none.html").contains("The schema declares no arguments."));
    // A bundle never has schemas: that is not a finding of its tools.
    let (_, tools) = classified(examples()["bundle"]);
    assert_eq!(found(&tools["add_note"]), Vec::<&str>::new());
    let page = site(examples()["bundle"]).read("dist/tools/s/add_note.html");
    assert!(page.contains("names and descriptions, and no schemas"), "{page}");
}

#[test]
fn schemas_that_clients_refuse_name_the_clients_and_lose_no_tool() {
    let text = r##"[
        {"name": "store_value", "description": "Store a value.", "inputSchema": {"type": "object", "properties": {"key": {"type": "string"}, "value": true, "no": false}, "required": ["key", "value"]}},
        {"name": "find_customer", "description": "Find a customer.", "inputSchema": {"anyOf": [{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}, {"type": "object", "properties": {"email": {"type": "string"}}, "required": ["email"]}]}},
        {"name": "list_offices", "description": "List offices.", "inputSchema": {"type": "object", "properties": {}, "required": null}},
        {"name": "set_style", "description": "Set it.", "inputSchema": {"type": "object", "properties": {"style": {"$ref": "#/$defs/Nowhere"}}}}
    ]"##;
    let (server, tools) = classified(text);
    for (name, client) in [
        ("store_value", "OpenCode"),
        ("find_customer", "Claude Code"),
        ("list_offices", "Cursor"),
        ("set_style", "OpenCode"),
    ] {
        assert!(message(&tools[name], "refused-schema").contains(client), "{name}");
    }
    assert_eq!(found(&server), ["refused-server"]);
    assert_eq!(server["findings"][0]["tools"].as_array().unwrap().len(), 4);
    let project = site(text);
    let page = |name: &str| project.read(&format!("dist/tools/s/{name}.html"));
    assert!(page("store_value").contains("nothing is allowed"));
    assert!(page("find_customer").contains("2 optional") && !page("find_customer").contains("no arguments"));
    assert!(page("set_style").contains("unknown type"));
}

#[test]
fn arguments_inside_one_object_are_on_the_page() {
    let text = r##"[{"name": "run_report", "description": "Run a report.", "inputSchema": {"type": "object", "properties": {"params": {"$ref": "#/$defs/Q"}}, "$defs": {"Q": {"type": "object", "properties": {"sql": {"type": "string"}}}}}}]"##;
    assert!(site(text).read("dist/tools/s/run_report.html").contains("params.sql"));
}

#[test]
fn hints_that_exclude_one_another_are_a_finding_and_no_evidence() {
    let text = format!(
        r#"[{{"name": "frobnicate", {OBJECT}, "annotations": {{"readOnlyHint": true, "destructiveHint": true}}}}, {{"name": "list_tags", {OBJECT}, "annotations": {{"readOnlyHint": true, "idempotentHint": false}}}}]"#
    );
    let (_, tools) = classified(&text);
    assert!(found(&tools["frobnicate"]).contains(&"contradicting-hints"));
    assert!(!tools["frobnicate"]["evidence"].to_string().contains("annotation."));
    assert_eq!(tools["frobnicate"]["class"], "Write");
    assert_eq!(found(&tools["list_tags"]), Vec::<&str>::new());
}

#[test]
fn hints_that_are_stamped_on_every_tool_are_one_note_on_the_server() {
    let stamp = r#""annotations": {"readOnlyHint": false, "destructiveHint": true, "openWorldHint": true}"#;
    let tool = |name: &str| format!(r#"{{"name": "{name}", {OBJECT}, {stamp}}}"#);
    let all = ["search_graph", "list_projects", "get_architecture", "delete_project"].map(tool).join(",");
    let (server, tools) = classified(&format!("[{all}]"));
    assert!(message(&server, "stamped-hints").contains("all 4 tools"));
    assert!(tools.values().all(|t| found(t).is_empty()), "{tools:?}");
    // A stamp that makes a tool look milder than it is keeps its error.
    let (server, tools) = classified(&format!(
        "[{}]",
        all.replace(stamp, r#""annotations": {"readOnlyHint": true}"#).replace("list_projects", "update_projects")
    ));
    assert_eq!(found(&server), ["stamped-hints"]);
    assert_eq!(found(&tools["delete_project"]), ["annotation-contradicts-verdict"]);
}

#[test]
fn a_tool_of_the_widget_is_in_no_allowlist() {
    let text = format!(
        r#"[{{"name": "show_cart", {OBJECT}, "_meta": {{"ui": {{"visibility": ["model", "app"]}}}}}}, {{"name": "remove_item", {OBJECT}, "_meta": {{"ui": {{"visibility": ["app"]}}}}}}, {{"name": "get_price", {OBJECT}, "_meta": {{"ui/resourceUri": "ui://old", "openai/widgetAccessible": true}}}}]"#
    );
    let (_, tools) = classified(&text);
    assert_eq!(found(&tools["remove_item"]), ["app-only"]);
    assert_eq!(found(&tools["show_cart"]), Vec::<&str>::new());
    assert!(message(&tools["get_price"], "old-keys").contains("`ui/resourceUri` is now `_meta.ui.resourceUri`"));
    let project = site(&text);
    for profile in ["guarded", "open"] {
        let run = project.run(&["policy", "s", "--profile", profile, "--format", "openai"]).exits(0);
        assert!(run.stdout.contains("show_cart") && !run.stdout.contains("remove_item"), "{}", run.stdout);
    }
}

#[test]
fn a_tool_that_calls_others_by_name_is_reported_on_every_output() {
    let text = r#"[{"name": "list_rows", "description": "Lists rows.", "inputSchema": {"type": "object"}},
        {"name": "run_tool", "description": "Runs a tool by its name.", "inputSchema": {"type": "object", "properties": {"tool": {"type": "string"}, "args": {"type": "object"}}}}]"#;
    let (server, tools) = classified(text);
    assert_eq!((found(&server), found(&tools["run_tool"])), (vec!["dispatchers"], vec!["dispatcher"]));
    assert_eq!(server["findings"][0]["tools"], json!(["run_tool"]));
    let project = site(text);
    let said = "calls other tools or endpoints by name";
    for path in [
        "tools/s/index.html",
        "tools/s/index.md",
        "api/v1/servers/s.json",
        "tools/s/run_tool.html",
        "tools/s/run_tool.md",
    ] {
        assert!(project.read(&format!("dist/{path}")).contains(said), "{path}");
    }
    assert!(!project.read("dist/tools/s/list_rows.html").contains(said));
    let told = project.run(&["explain", "--sentences"]).stdout;
    assert!(!told.contains("wrong: "), "{told}");
}

#[test]
fn a_page_says_why_a_hint_is_not_the_class_and_what_a_directory_refuses() {
    let text = format!(
        r#"[{{"name": "update_report", "description": "Updates a report.", {OBJECT}, "annotations": {{"readOnlyHint": false, "destructiveHint": true}}}}, {{"name": "dns", "description": "All about records.", "inputSchema": {{"type": "object", "properties": {{"action": {{"enum": ["list", "remove"]}}}}}}}}]"#
    );
    let project = site(&text);
    let page = project.read("dist/tools/s/update_report.html");
    assert!(page.contains("fits an update"), "{page}");
    let page = project.read("dist/tools/s/index.html");
    assert!(
        page.contains(
            "counts as true; by the specification’s words it is false only where a call does no more than add"
        )
    );
    let page = project.read("dist/tools/s/dns.html");
    assert!(page.contains("refuses a tool with values that read and values that change: split it"), "{page}");
    let api: Value = serde_json::from_str(&project.read("dist/api/v1/servers/s.json")).unwrap();
    assert_eq!(api["cards"][1]["directories"]["anthropic"], json!(["title", "destructiveHint", "mixed-values"]));
}

#[test]
fn a_switch_has_its_rows_in_the_table_of_values() {
    let text = r#"[{"name": "put_part", "description": "Uploads a part.", "inputSchema": {"type": "object", "properties": {"overwrite": {"type": "boolean"}}}}]"#;
    let project = site(text);
    let page = project.read("dist/tools/s/put_part.html");
    assert!(page.contains("<code>overwrite</code> decides") && page.contains("30 a minute"), "{page}");
    let told = project.run(&["explain", "--sentences"]).stdout;
    assert!(!told.contains("wrong: "), "{told}");
}

#[test]
fn what_an_author_says_of_the_risk_is_shown_and_moves_nothing() {
    let text = format!(
        r#"[{{"name": "droplet-delete", "description": "Delete a droplet.", {OBJECT}, "_meta": {{"com.example/risk": "low", "com.example/operation": "read"}}}}]"#
    );
    let (_, tools) = classified(&text);
    assert_eq!(tools["droplet-delete"]["class"], "Destructive");
    assert!(message(&tools["droplet-delete"], "author-risk").contains("`com.example/risk`: `low`"));
    let project = site(&text);
    let page = project.read("dist/tools/s/droplet-delete.html");
    assert!(page.contains("com.example") && page.contains("low"), "{page}");
    let told = project.run(&["explain", "--sentences"]).stdout;
    assert!(!told.contains("wrong: "), "{told}");
}

#[test]
fn an_argument_that_travels_in_a_header_is_reported() {
    let text = r#"[{"name": "get_ok", "description": "Get.", "inputSchema": {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}},
        {"name": "get_secret", "description": "Get.", "inputSchema": {"type": "object", "properties": {"api_key": {"type": "string", "x-mcp-header": "Api-Key"}}}}]"#;
    let (_, tools) = classified(text);
    assert_eq!(found(&tools["get_ok"]), Vec::<&str>::new());
    assert_eq!(found(&tools["get_secret"]), ["secret-in-header"]);
    assert!(site(text).read("dist/tools/s/get_ok.html").contains("sent as the header Mcp-Param-Region"));
}

#[test]
fn tasks_icons_and_answers_of_any_type_are_shown() {
    let text = format!(
        r#"[{{"name": "get_a", "description": "Get a thing.", {OBJECT}, "outputSchema": {{"type": "array"}}, "icons": [{{"src": "a.png"}}], "execution": {{"taskSupport": "optional"}}}}]"#
    );
    let project = site(&text);
    let page = project.read("dist/tools/s/get_a.html");
    assert!(
        page.contains("A call can go on as a task")
            && page.contains("of the type <code>array</code>")
            && page.contains("Icons declared: 1."),
        "{page}"
    );
    let api: Value = serde_json::from_str(&project.read("dist/api/v1/servers/s.json")).unwrap();
    assert_eq!(api["cards"][0]["extra"]["execution"]["taskSupport"], "optional");
}

#[test]
fn the_hints_to_declare_are_explicit_and_never_milder_than_the_label() {
    let listing = json!({"tools": [
        {"name": "delete_file", "description": "Deletes a file.", "inputSchema": {"type": "object"}},
        {"name": "create_file", "description": "Creates a file.", "inputSchema": {"type": "object"}},
        {"name": "update_file", "description": "Updates a file.", "inputSchema": {"type": "object"},
         "annotations": {"readOnlyHint": true}},
        {"name": "list_files", "description": "Lists files.", "inputSchema": {"type": "object"},
         "annotations": {"readOnlyHint": true, "destructiveHint": false, "openWorldHint": false}},
    ]});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("files.json");
    std::fs::write(&file, listing.to_string()).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(["classify", "--format", "hints"])
        .arg(&file)
        .env_clear()
        .output()
        .unwrap();
    let hints: Value = serde_json::from_slice(&run.stdout).unwrap();
    let declared = |read, destructive| json!({"annotations": {"readOnlyHint": read, "destructiveHint": destructive, "openWorldHint": true}});
    let expected = json!({"files": {"delete_file": declared(false, true), "create_file": declared(false, false), "update_file": declared(false, true)}});
    assert_eq!(hints, expected);
    // An update does more than add: the convention is named.
    assert!(
        String::from_utf8_lossy(&run.stderr).contains("false where a call only adds, true where it updates or removes")
    );
}
