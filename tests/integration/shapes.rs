//! The promise: answers in pieces are read, and what is not a listing is reported as what it is.

use std::path::Path;

use serde_json::{Value, json};
use toolcard::manifest::{Gap, Readings, servers};

use crate::support::Project;

fn readings(text: &str) -> Readings {
    servers(text.as_bytes(), Path::new("m.json"), None)
}

fn names(found: &Readings) -> Vec<Vec<&str>> {
    found.manifests.iter().map(|m| m.tools.iter().map(|t| t.name.as_str()).collect()).collect()
}

fn codes(found: &Readings) -> Vec<&str> {
    found.diagnostics.iter().map(|d| d.code.name()).collect()
}

/// What is wrong with a text that is not a listing: code, message and help.
fn told(text: &str) -> (String, String, String) {
    let mut found = readings(text);
    assert!(found.manifests.is_empty() && found.diagnostics.len() == 1, "{text}: {:?}", found.diagnostics);
    let told = found.diagnostics.remove(0);
    (told.code.name().to_owned(), told.message, told.help)
}

fn answer(name: &str, cursor: Option<&str>) -> Value {
    let mut result = json!({"tools": [{"name": name, "inputSchema": {"type": "object"}}]});
    if let Some(cursor) = cursor {
        result["nextCursor"] = json!(cursor);
    }
    json!({"jsonrpc": "2.0", "id": 1, "result": result})
}

#[test]
fn values_on_lines_are_tools_pages_answers_or_servers() {
    let tools = "{\"name\": \"get_a\", \"inputSchema\": {}}\n{\"name\": \"get_b\", \"inputSchema\": {}}\n";
    let found = readings(tools);
    assert_eq!((found.shape, names(&found), codes(&found)), (Some("lines"), vec![vec!["get_a", "get_b"]], vec![]));
    // The position of a tool is its place in the file.
    let second = found.manifests[0].tools[1].position.unwrap();
    assert_eq!((second.line, second.column), (2, 1));
    let pages =
        "{\"tools\": [{\"name\": \"get_a\"}], \"nextCursor\": \"2\"}\r\n\r\n{\"tools\": [{\"name\": \"get_b\"}]}";
    assert_eq!(names(&readings(pages)), [["get_a", "get_b"]]);
    let several = "{\"name\": \"one\", \"tools\": [{\"name\": \"get_a\"}]}\n{\"name\": \"two\", \"tools\": [{\"name\": \"get_b\"}]}";
    let found = readings(several);
    assert_eq!(names(&found), [["get_a"], ["get_b"]]);
    assert_eq!(found.manifests[1].server.name.as_deref(), Some("two"));
    // Written over several lines each, and with a comment.
    let pretty = "// saved by hand\n{\n \"name\": \"get_a\",\n \"inputSchema\": {}\n}\n{\"name\": \"get_b\", \"inputSchema\": {}}";
    let cleaned = readings(pretty);
    assert_eq!(names(&cleaned), [["get_a", "get_b"]]);
    assert_eq!(codes(&cleaned), ["not-strict-json"]);
    // A line that is cut costs the file, and its place is reported.
    let cut = readings(&format!("{tools}{{\"name\": \"get_c\", "));
    assert_eq!((names(&cut).len(), codes(&cut)), (0, vec!["broken-json"]));
}

#[test]
fn answers_in_pages_are_one_listing_and_a_last_cursor_makes_a_part() {
    let log = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let hello = json!({"jsonrpc": "2.0", "id": 0, "result": {"protocolVersion": "2025-11-25", "serverInfo": {"name": "notes", "version": "2.0"}}});
    let ask = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let note = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let (first, last) = (answer("get_a", Some("2")), answer("get_b", None));
    let session = [ask.clone(), hello, note, ask, first.clone(), last.clone()];
    for text in [log(&session), Value::from(session.to_vec()).to_string()] {
        let found = readings(&text);
        assert_eq!((names(&found), codes(&found)), (vec![vec!["get_a", "get_b"]], vec![]), "{text}");
        let server = &found.manifests[0].server;
        assert_eq!((server.name.as_deref(), server.version.as_deref()), (Some("notes"), Some("2.0")));
    }
    let found = readings(&log(&[answer("get_a", None), answer("get_b", Some("3"))]));
    assert_eq!(
        (&found.manifests[0].listing.gaps[..], codes(&found)),
        (&[Gap::NextCursor][..], vec!["partial-listing"])
    );
    // A stream of events, as a server over HTTP answers.
    let events = format!("event: message\ndata: {first}\n\nevent: message\ndata: {last}\n\n");
    assert_eq!(names(&readings(&events)), [["get_a", "get_b"]]);
    // A request of another kind that was refused does not make the listing a part, and is reported.
    let refused = json!({"jsonrpc": "2.0", "id": 9, "error": {"code": -32601, "message": "No prompts here"}});
    let found = readings(&log(&[refused, answer("get_a", None)]));
    assert_eq!((names(&found), codes(&found)), (vec![vec!["get_a"]], vec!["no-tools"]));
    assert!(!found.diagnostics[0].is_error() && found.diagnostics[0].message.contains("`No prompts here`"));
}

#[test]
fn an_error_that_a_server_answered_with_is_quoted() {
    let error = |message: &str| json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32001, "message": message}});
    let (code, message, help) = told(&error("Sign in first: https://example.org/login").to_string());
    assert_eq!(code, "no-tools");
    assert_eq!(
        message,
        "the server answered with the JSON-RPC error -32001: `Sign in first: https://example.org/login`"
    );
    assert!(help.contains("save tools/list again"), "{help}");
    // What the server says stays on its line and acts on nothing.
    let (_, message, _) = told(&error("a`b\n\u{202e}c").to_string());
    assert!(message.ends_with("`a'b <U+202E>c`") || !message.contains('\n'), "{message}");
    // The same in an array, and without a message.
    let found = readings(&json!([error("Not now")]).to_string());
    assert_eq!((found.manifests.len(), codes(&found)), (0, vec!["no-tools"]));
    let (_, message, _) = told(r#"{"jsonrpc": "2.0", "id": null, "error": null}"#);
    assert_eq!(message, "the server answered with the JSON-RPC error");
    // What a crawler wrote down instead of an answer.
    assert_eq!(told(r#"{"error": "timed out", "url": "x"}"#).1, "the server answered with an error: `timed out`");
    let odd = readings(r#"{"error": "none", "tools": [{"name": "get_a"}]}"#);
    assert_eq!((names(&odd), codes(&odd)), (vec![vec!["get_a"]], vec![]));
}

#[test]
fn an_empty_file_and_a_web_page_are_reported_with_what_to_do() {
    let (code, message, help) = told("");
    assert_eq!((code.as_str(), message.as_str()), ("broken-json", "the file is empty"));
    assert!(help.contains("tools/list"), "{help}");
    assert_eq!(told(" \n").1, "the file has blanks alone");
    let page = "<!DOCTYPE html>\n<html><head><TITLE>Sign in · Example</TITLE></head><body>{}</body></html>";
    let (code, message, help) = told(page);
    assert_eq!(code, "broken-json");
    assert_eq!(message, "the file is an HTML page with the title `Sign in · Example`, not JSON");
    assert!(help.contains("check the address, or sign in"), "{help}");
    assert_eq!(told("<html></html>").1, "the file is an HTML page, not JSON");
    assert_eq!(told("<?xml version=\"1.0\"?><a/>").1, "the file is XML or HTML, not JSON");
    // Other text is broken JSON with its place.
    assert!(told("tools:\n  - name: a").1.starts_with("the file is not valid JSON"));
    let project = Project::new();
    project.file("catalog/page/manifest.json", page).file("catalog/none/manifest.json", "");
    project.file("catalog/good/manifest.json", r#"[{"name": "get_a"}]"#);
    let run = project.run(&["build"]).exits(1);
    assert!(run.stderr.contains("an HTML page") && run.stderr.contains("the file is empty"), "{}", run.stderr);
    assert!(project.exists("dist/tools/good/index.html") && !project.exists("dist/tools/page/index.html"));
}

#[test]
fn a_pointer_in_the_decisions_of_a_server_reads_it_in_every_command() {
    let project = Project::new();
    let dump = json!({"dump": {"items": [{"name": "delete_note", "takes": {}}, {"name": "list_notes", "takes": {}}]}});
    project.file("catalog/notes/manifest.json", &dump.to_string());
    let run = project.run(&["build"]).exits(1);
    assert!(run.stderr.contains("2 objects with a `name` at /dump/items"), "{}", run.stderr);
    assert!(run.stderr.contains("`at = \"/dump/items\"` in overrides.toml"), "{}", run.stderr);
    project.file("catalog/notes/overrides.toml", "at = \"/dump/items\"\n");
    project.run(&["build"]).exits(0);
    assert!(project.exists("dist/tools/notes/delete_note.html"));
    let run = project.run(&["classify", "catalog"]).exits(0);
    assert!(run.stdout.contains("delete_note") && run.stdout.contains("Destructive"), "{}", run.stdout);
    project.run(&["lock"]).exits(0);
    project.run(&["lock", "--check"]).exits(0);
    assert!(project.read("catalog/risk.lock").contains("tool delete_note"));
    let run = project.run(&["policy", "notes"]).exits(0);
    assert!(run.stdout.contains("\"hide\": [\n    \"delete_note\"\n  ]"), "{}", run.stdout);
    project.run(&["review", "--base", "catalog", "--head", "catalog", "--fail-on", "any"]).exits(0);
    // A decision is written beside it, and it stays.
    let decide =
        ["override", "notes/delete_note", "--class", "Write", "--reason", "r", "--by", "b", "--date", "2026-11-01"];
    project.run(&decide).exits(0);
    let text = project.read("catalog/notes/overrides.toml");
    assert!(text.starts_with("at = \"/dump/items\"\n") && text.contains("[[override]]"), "{text}");
    // A pointer that leads nowhere, and one that is none.
    project.file("catalog/notes/overrides.toml", "at = \"/dump/nothing\"\n");
    let run = project.run(&["build"]).exits(1);
    assert!(run.stderr.contains("there is nothing at `/dump/nothing`"), "{}", run.stderr);
    project.file("catalog/notes/overrides.toml", "at = \"dump\"\n");
    let run = project.run(&["build"]).exits(1);
    assert!(
        run.stderr.contains("catalog/notes/overrides.toml:1:6") && run.stderr.contains("JSON Pointer"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_pointer_into_values_on_lines_begins_with_the_number_of_one() {
    let project = Project::new();
    project.file("m.jsonl", "{\"a\": {}}\n{\"items\": [{\"name\": \"get_a\", \"takes\": {}}]}\n");
    let run = project.run(&["classify", "m.jsonl"]).exits(1);
    assert!(run.stderr.contains("1 object with a `name` at /1/items"), "{}", run.stderr);
    let run = project.run(&["classify", "m.jsonl", "--at", "/1/items"]).exits(0);
    assert!(run.stdout.contains("get_a"), "{}", run.stdout);
    let run = project.run(&["classify", "m.jsonl", "--at", "/7"]).exits(1);
    assert!(run.stderr.contains("there is nothing at `/7`"), "{}", run.stderr);
}

/// `classify --format json` of a listing: its tools by name.
fn classified(text: &str) -> serde_json::Map<String, Value> {
    let project = Project::new();
    project.file("m.json", text);
    let run = project.run(&["classify", "m.json", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let tools = document["servers"][0]["tools"].as_array().unwrap();
    tools.iter().map(|tool| (tool["name"].as_str().unwrap().to_owned(), tool.clone())).collect()
}

fn built(text: &str) -> Project {
    let project = Project::new();
    project.file("catalog/s/manifest.json", text);
    project.run(&["build"]);
    project
}

#[test]
fn each_way_to_break_a_header_is_reported_with_its_cause() {
    let tool = |name: &str, properties: Value| json!({"name": name, "description": "Get a bill.", "inputSchema": {"type": "object", "properties": properties}});
    let header = |kind: &str, header: &str| json!({"type": kind, "x-mcp-header": header});
    let tools = json!([
        tool("get_fraction", json!({"share": header("number", "Share")})),
        tool("get_pair", json!({"one": header("string", "Account"), "two": header("string", "ACCOUNT")})),
        tool("get_spaced", json!({"one": header("string", "two words")})),
        tool("get_plain", json!({"zone": header("string", "Zone")})),
        tool("get_token", json!({"access_token": header("string", "Access")})),
    ]);
    let found = classified(&tools.to_string());
    let of = |name: &str, id: &str| {
        let all = found[name]["findings"].as_array().unwrap();
        all.iter().find(|f| f["id"] == id).map(|f| f["message"].as_str().unwrap().to_owned())
    };
    for (name, cause) in [
        ("get_fraction", "not a string, integer or boolean"),
        ("get_pair", "stands twice"),
        ("get_spaced", "not a name that a header can have"),
    ] {
        let message = of(name, "broken-header").unwrap_or_else(|| panic!("{name}"));
        assert!(message.starts_with("Clients must drop this tool") && message.contains(cause), "{message}");
    }
    assert_eq!(of("get_plain", "broken-header"), None);
    assert!(of("get_token", "secret-in-header").unwrap().contains("where proxies log it"));
}

#[test]
fn a_tool_of_the_widget_is_allowed_in_no_format_and_its_page_says_why() {
    let text = json!([
        {"name": "show_map", "description": "Show a map.", "inputSchema": {"type": "object"}, "_meta": {"ui": {"visibility": ["model", "app"]}}},
        {"name": "drop_pin", "description": "Drop a pin.", "inputSchema": {"type": "object"}, "_meta": {"ui": {"visibility": ["app"]}}},
        {"name": "buy_map", "description": "Pay for the map.", "inputSchema": {"type": "object"}, "_meta": {"openai/widgetAccessible": true}},
    ])
    .to_string();
    let project = built(&text);
    let page = project.read("dist/tools/s/drop_pin.html");
    assert!(page.contains("widget calls it: hosts must not offer it to an agent"), "{page}");
    assert!(!page.contains("How do I allow"), "{page}");
    for format in toolcard::policy::formats::all() {
        for profile in ["read-only", "guarded", "open"] {
            let run = project.run(&["policy", "s", "--profile", profile, "--format", format.id()]);
            if run.code != 0 || !run.stdout.contains("drop_pin") {
                continue;
            }
            let denied = match format.id() {
                "gemini-policy" => {
                    let mut rules = run.stdout.split("[[rule]]").filter(|rule| rule.contains("drop_pin"));
                    rules.all(|rule| rule.contains("decision = \"deny\""))
                }
                // What cannot deny asks each time.
                "vscode-settings" => run.stdout.contains("\"drop_pin\": false"),
                "opencode" | "zed" | "opa-data" => {
                    let mut lines = run.stdout.lines().filter(|line| line.contains("drop_pin"));
                    lines.all(|line| line.contains("\"deny\"") || line.contains("\"hide\""))
                }
                "agt" => run.stdout.contains("- tool: drop_pin\n    action: deny\n"),
                "policy-json" | "claude-code" | "codex" | "gemini-settings" | "intercept" | "kiro-mcp" | "roo" => {
                    // The key of the list that the name is in.
                    let before = run.stdout.split_once("drop_pin").unwrap().0;
                    let key = before.lines().rev().find(|l| l.contains('[') || l.ends_with(':')).unwrap_or_default();
                    ["deny", "hide", "disabled_tools", "excludeTools", "disabledTools"]
                        .iter()
                        .any(|word| key.contains(word))
                }
                _ => false,
            };
            assert!(denied, "{} {profile}: {}", format.id(), run.stdout);
        }
    }
    let tools = classified(&text);
    assert_eq!(tools["buy_map"]["class"], "Destructive");
    assert!(tools["buy_map"]["facets"].to_string().contains("moves_money"));
    assert!(tools["buy_map"]["findings"].to_string().contains("old-keys"));
}

#[test]
fn a_bundle_is_one_server_with_its_identity_and_says_that_there_is_more() {
    let text = json!({
        "manifest_version": "0.3", "name": "farm-ops", "display_name": "Farm Ops", "version": "2.1.0", "author": {"name": "Farm Ltd"},
        "server": {"type": "python", "entry_point": "main.py"}, "tools_generated": true,
        "tools": [{"name": "list_pumps", "description": "List pumps."}, {"name": "restart_pump", "description": "Restart a pump."}, {"name": "delete_pump", "description": "Delete a pump."}]
    })
    .to_string();
    let tools = classified(&text);
    let class = |name: &str| tools[name]["class"].as_str().unwrap();
    assert_eq!((class("list_pumps"), class("restart_pump"), class("delete_pump")), ("Read", "Write", "Destructive"));
    assert!(tools.values().all(|tool| !tool["findings"].to_string().contains("no-input-schema")));
    let project = built(&text);
    let api: Value = serde_json::from_str(&project.read("dist/api/v1/servers/s.json")).unwrap();
    let server = &api["server"];
    assert_eq!(
        (&server["name"], &server["title"], &server["version"], &server["author"], &api["complete"]),
        (&json!("farm-ops"), &json!("Farm Ops"), &json!("2.1.0"), &json!("Farm Ltd"), &json!(false))
    );
    let page = project.read("dist/tools/s/index.html");
    assert!(page.contains("At least 3 tools") && page.contains("makes more tools when it runs"), "{page}");
    assert!(!project.read("dist/tools/s/list_pumps.html").contains("declares no arguments"));
}

#[test]
fn an_empty_pointer_is_the_whole_file_everywhere() {
    let old = json!({"drain": {"about": "x"}, "refill": {"about": "y"}}).to_string();
    let new = json!({"drain": {"about": "x"}}).to_string();
    let project = Project::new();
    project.file("old.json", &old).file("new.json", &new);
    project.run(&["classify", "old.json"]).exits(1);
    let run = project.run(&["classify", "old.json", "--at", ""]).exits(0);
    assert!(run.stdout.contains("drain") && run.stdout.contains("refill"), "{}", run.stdout);
    let run = project.run(&["review", "--base", "old.json", "--head", "new.json", "--at", ""]);
    assert!(run.stdout.contains("refill") && !run.stdout.contains("drain"), "{}{}", run.stdout, run.stderr);
    project.file("catalog/s/manifest.json", &old).file("catalog/s/overrides.toml", "at = \"\"\n");
    project.run(&["build"]).exits(0);
    assert!(project.exists("dist/tools/s/drain.html"));
    let lines = "{\"name\": \"a\"}\n{\"name\": \"b\"}\n";
    let run = project.run_with(&["classify", "-", "--at", ""], lines).exits(0);
    assert!(run.stdout.contains('a') && run.stdout.contains('b'), "{}", run.stdout);
    project.run(&["classify", "old.json", "--at", "tools"]).exits(2);
}

#[test]
fn a_dump_of_an_sdk_keeps_the_arguments_that_make_a_call_worse() {
    let text = json!([
        {"name": "run_job", "description": "Run a job.", "input_schema": {"type": "object", "properties": {"shell_command": {"type": "string"}}, "required": ["shell_command"]}},
        {"type": "function", "function": {"name": "list_jobs", "description": "List jobs.", "parameters": {"type": "object", "properties": {"state": {"type": "string"}}}}},
    ])
    .to_string();
    let project = built(&text);
    for (tool, argument) in [("run_job", "shell_command"), ("list_jobs", "state")] {
        let page = project.read(&format!("dist/tools/s/{tool}.html"));
        assert!(page.contains(argument) && !page.contains("no arguments"), "{tool}");
        assert!(!page.contains("publishes no input schema"), "{tool}");
    }
    assert_eq!(classified(&text)["run_job"]["class"], "Destructive");
}

#[test]
fn an_answer_for_one_account_is_identified_and_its_risk_is_shown() {
    let text = json!({"jsonrpc": "2.0", "id": 7, "result": {
        "resultType": "complete", "ttlMs": 60000, "cacheScope": "private",
        "tools": [{"name": "close_ticket", "description": "Close a ticket.", "inputSchema": {"type": "object"}, "_meta": {"org.example/risk": "harmless"}}],
        "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "desk", "title": "Desk", "version": "0.9"}}
    }})
    .to_string();
    let project = built(&text);
    let api: Value = serde_json::from_str(&project.read("dist/api/v1/servers/s.json")).unwrap();
    assert_eq!(
        (&api["server"]["name"], &api["server"]["title"], &api["server"]["version"], &api["private"]),
        (&json!("desk"), &json!("Desk"), &json!("0.9"), &json!(true))
    );
    assert!(project.read("dist/tools/s/index.html").contains("The listing is that of one account"));
    let page = project.read("dist/tools/s/close_ticket.html");
    assert!(page.contains("org.example/risk") && page.contains("harmless"), "{page}");
    assert_eq!(classified(&text)["close_ticket"]["class"], "Write");
}

#[test]
fn the_words_of_a_server_are_on_its_page_as_they_were_published() {
    let long = "Finds rows in a table that is named by the caller. ".repeat(400);
    let odd = "Tag <a|b> for ${{ x }} and {{ y }}.\n\n| k | v |\n|---|---|\n| `p|q` | <script>no()</script> |\n\n[//]: # (read the keys)";
    let text = json!([
        {"name": "find_rows", "description": format!("Find rows. {long}"), "inputSchema": {"type": "object"}},
        {"name": "tag_commit", "description": odd, "inputSchema": {"type": "object", "properties": {"since": {"type": "string", "description": "One of <hours|days>"}}}},
    ]);
    let project = built(&text.to_string());
    let page = project.read("dist/tools/s/tag_commit.html");
    for kept in [
        "Tag &lt;a|b&gt; for ${{ x }} and {{ y }}.",
        "| `p|q` | &lt;script&gt;no()&lt;/script&gt; |",
        "[//]: # (read the keys)",
        "One of &lt;hours|days&gt;",
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert!(!page.contains("<script>no"));
    // The long one is folded and whole.
    let page = project.read("dist/tools/s/find_rows.html");
    let fold = page.split_once("<summary>The whole description</summary>").expect("folded").1;
    assert_eq!(fold.split_once("</details>").unwrap().0.matches("Finds rows in a table").count(), 400);
    let card: Value = serde_json::from_str(&project.read("dist/tools/s/tag_commit.card.json")).unwrap();
    assert_eq!(card["card"]["description"], odd);
}

/// The gaps of the one server of a text, its tools, and what was reported.
fn gaps(text: &str) -> (Vec<Gap>, usize, String) {
    let found = readings(text);
    assert_eq!(found.manifests.len(), 1, "{text}: {:?}", found.diagnostics);
    let told: Vec<&str> = found.diagnostics.iter().map(|d| d.message.as_str()).collect();
    (found.manifests[0].listing.gaps.clone(), found.manifests[0].tools.len(), told.join("; "))
}

#[test]
fn a_cursor_that_is_left_is_seen_wherever_it_is() {
    for text in [
        r#"{"tools": [{"name": "a"}], "nextCursor": 5}"#,
        r#"{"tools": [{"name": "a"}], "nextCursor": {"page": 2}}"#,
        r#"{"tools": [{"name": "a"}], "next_cursor": "x"}"#,
        r#"{"tools": [{"name": "a"}], "nextCursor": null, "next_cursor": "x"}"#,
        r#"{"result": {"tools": [{"name": "a"}]}, "nextCursor": "x"}"#,
        r#"{"result": {"nextCursor": "x"}, "tools": [{"name": "a"}]}"#,
        r#"{"nextCursor": "x", "result": {"nextCursor": "x", "tools": [{"name": "a"}]}}"#,
        r#"[{"result": {"tools": [{"name": "a"}]}, "next_cursor": "x"}]"#,
        r#"{"dump": {"cursor": {}, "nextCursor": "x", "answer": {"tools": [{"name": "a", "description": "A."}]}}}"#,
    ] {
        let (gaps, tools, told) = gaps(text);
        assert_eq!((&gaps[..], tools), (&[Gap::NextCursor][..], 1), "{text}");
        assert_eq!(told.matches("the listing is a part").count(), 1, "{text}: {told}");
    }
    for text in [
        r#"{"tools": [{"name": "a"}], "nextCursor": ""}"#,
        r#"{"tools": [{"name": "a"}], "next_cursor": null}"#,
        r#"{"tools": [{"name": "a"}], "resources": {"resources": [], "nextCursor": "x"}}"#,
        r#"{"tools": [{"name": "a"}], "listed": {"prompts": [], "nextCursor": "x"}}"#,
    ] {
        assert_eq!(gaps(text), (vec![], 1, String::new()), "{text}");
    }
}

#[test]
fn tools_that_are_generated_are_reported_in_every_spelling() {
    let text = |mark: &str| {
        format!(r#"{{"manifest_version": "0.3", "name": "a", "tools_generated": {mark}, "tools": [{{"name": "a"}}]}}"#)
    };
    for mark in ["true", "\"true\"", "\"True\"", "1"] {
        assert_eq!(gaps(&text(mark)).0, [Gap::Generated], "{mark}");
    }
    for mark in ["false", "\"false\"", "null"] {
        assert_eq!(gaps(&text(mark)).0, [], "{mark}");
    }
    assert_eq!(gaps(r#"{"tools": [{"name": "a"}], "tools_generated": true}"#).0, [Gap::Generated]);
}

#[test]
fn the_capabilities_of_a_server_are_not_a_listing() {
    for text in [
        r#"{"tools": {"listChanged": true}}"#,
        r#"{"tools": {}}"#,
        r#"{"tools": {}, "resources": {"subscribe": true}}"#,
        r#"{"capabilities": {"tools": {"listChanged": true}}}"#,
        r#"{"result": {"tools": {}}}"#,
    ] {
        let (code, message, help) = told(text);
        assert_eq!(code, "no-tools", "{text}");
        assert!(message.contains("defines no tool") && help.contains("tools/list"), "{text}: {message}");
    }
    let project = built(r#"{"tools": {"listChanged": true}}"#);
    assert!(!project.exists("dist/tools/s/index.html"));
    assert_eq!(gaps(r#"{"tools": []}"#), (vec![], 0, String::new()));
}

#[test]
fn definitions_beside_a_listing_make_it_a_part_and_are_located() {
    let two = r#"[{"name": "b", "description": "B."}, {"name": "c", "inputSchema": {}}]"#;
    let named = r#"{"x": {"name": "b", "inputSchema": {}}, "y": {"name": "c", "description": "C."}}"#;
    for (beside, place) in [
        (format!(r#""modules": {two}"#), "2 definitions beside the listing are not read: at `/modules`"),
        (format!(r#""modules": {named}"#), "at `/modules`"),
        (format!(r#""toolsets": [{{"name": "t", "description": "T.", "tools": {two}}}]"#), "at `/toolsets/0/tools`"),
        (format!(r#""app_tools": {two}"#), "at `/app_tools`"),
        (format!(r#""server": {{"name": "s", "tools": {two}}}"#), "at `/server/tools`"),
        (format!(r#""result": {{"tools": {two}}}"#), "at `/result/tools`"),
        (format!(r#""functions": {two}"#), "at `/functions`"),
        (format!(r#""tools": {two}"#), "`tools` appears 2 times"),
    ] {
        let text = format!(r#"{{{beside}, "tools": [{{"name": "a", "description": "A."}}]}}"#);
        let (gaps, tools, told) = gaps(&text);
        assert_eq!((&gaps[..], tools), (&[Gap::Unread][..], 1), "{text}");
        assert!(told.contains(place) && !told.contains(';'), "{text}: {told}");
    }
    // The same in other shapes, and in an entry that is a group.
    for (text, place) in [
        (format!(r#"{{"result": {{"tools": [{{"name": "a"}}]}}, "more": {two}}}"#), "at `/more`"),
        (
            format!(r#"{{"dump": {{"more": {two}, "x": {{"tools": [{{"name": "a", "description": "A."}}]}}}}}}"#),
            "at `/dump/more`",
        ),
        (format!(r#"{{"functions": [{{"name": "a"}}], "tool_definitions": {two}}}"#), "at `/tool_definitions`"),
        (format!(r#"{{"modules": [{{"tools": [{{"name": "a"}}], "more": {two}}}]}}"#), "at `/modules/0/more`"),
        (format!(r#"{{"tools": [{{"name": "a", "tools": {two}}}]}}"#), "at `/tools/0/tools`"),
    ] {
        let (gaps, tools, told) = gaps(&text);
        assert_eq!((&gaps[..], tools), (&[Gap::Unread][..], 1), "{text}");
        assert!(told.contains(place) && !told.contains(';'), "{text}: {told}");
    }
}

#[test]
fn what_is_not_a_tool_beside_a_listing_leaves_it_whole() {
    let two = r#"[{"name": "b", "description": "B."}, {"name": "c", "description": "C."}]"#;
    for beside in [
        format!(r#""resources": {two}, "prompts": {two}, "resourceTemplates": {two}"#),
        format!(r#""listed": {{"prompts": {two}}}"#),
        format!(r#""packages": [{{"identifier": "p", "environmentVariables": {two}}}]"#),
        format!(r#""categories": {two}"#),
        r#""server": {"name": "s", "description": "S.", "author": {"name": "A", "description": "B."}}"#.to_owned(),
        r#""toolsets": [{"name": "t", "tools": ["a"]}], "capabilities": {"tools": {"listChanged": true}}"#.to_owned(),
    ] {
        let text = format!(r#"{{{beside}, "tools": [{{"name": "a", "description": "A."}}]}}"#);
        assert_eq!(gaps(&text), (vec![], 1, String::new()), "{text}");
    }
}

#[test]
fn servers_without_tools_beside_others_are_named_in_one_warning() {
    let without = r#""a": {"command": "x"}"#;
    let with = r#""b": {"tools": [{"name": "get_b"}]}"#;
    for text in [
        format!(r#"{{"mcpServers": {{{without}, {with}}}}}"#),
        format!(r#"{{"mcpServers": {{{with}, {without}}}}}"#),
        r#"{"servers": [{"name": "a", "server": {"x": 1}}, {"name": "b", "tools": [{"name": "get_b"}]}]}"#.to_owned(),
    ] {
        let found = readings(&text);
        assert_eq!((names(&found), codes(&found)), (vec![vec!["get_b"]], vec!["no-tools"]), "{text}");
        assert_eq!(found.manifests[0].server.name.as_deref(), Some("b"), "{text}");
        let told = &found.diagnostics[0];
        assert_eq!(told.message, "1 server lists no tools and is left out: `a`");
        assert!(!told.is_error());
    }
    let found = readings(&format!(r#"{{"mcpServers": {{{without}, "c": {{}}, {with}}}}}"#));
    assert_eq!(found.diagnostics[0].message, "2 servers list no tools and are left out: `a`, `c`");
}

#[test]
fn of_unknown_places_the_one_most_like_tools_is_proposed() {
    let people = json!((0..5).map(|i| json!({"name": format!("p{i}")})).collect::<Vec<_>>());
    let tools = json!([{"name": "get_a", "description": "A.", "takes": {}}, {"name": "get_b", "description": "B."}]);
    let (_, message, help) = told(&json!({"people": people, "x": {"items": tools}}).to_string());
    assert!(help.contains("`--at /x/items`"), "{help}");
    assert!(message.contains("2 objects with a `name` at /x/items, 5 objects with a `name` at /people"), "{message}");
    // Resources and prompts are not tools, and what is at the root has no pointer to give.
    let (_, _, help) = told(&json!({"x": {"resources": tools, "prompts": tools}, "people": people}).to_string());
    assert!(help.contains("`--at /people`"), "{help}");
    let (_, _, help) = told(&json!({"x": {"resources": tools}, "y": 1}).to_string());
    assert!(!help.contains("--at"), "{help}");
    let (_, message, help) = told(r#"{"a": {"name": "get_a"}, "b": {"name": "get_b"}}"#);
    assert!(message.contains("2 objects with a `name` at the root"), "{message}");
    assert_eq!(help, "put these under `tools`");
}
