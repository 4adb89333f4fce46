//! Renamed tools are the same tools, and a review says which rules stop matching.

use serde_json::{Value, json};

use crate::support::Project;

/// A tool that takes one argument.
fn tool(name: &str, description: &str, argument: &str) -> Value {
    json!({"name": name, "description": description,
        "inputSchema": {"type": "object", "properties": {argument: {"type": "string"}}}})
}

/// Two bare files: the base of these tools, the head of those.
fn files(old: &Value, new: &Value) -> Project {
    let place = Project::new();
    place.file("before.json", &json!({"tools": old}).to_string());
    place.file("after.json", &json!({"tools": new}).to_string());
    place
}

fn reviewed(place: &Project) -> (i32, Vec<String>, Value) {
    place.review(&["--base", "before.json", "--head", "after.json"])
}

fn change<'v>(document: &'v Value, id: &str) -> &'v Value {
    let all = document["changes"].as_array().expect("array");
    all.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("{id}: {all:#?}"))
}

fn message(change: &Value) -> &str {
    change["message"].as_str().expect("a message")
}

fn server(prefix: &str, words: &str) -> Value {
    json!([
        tool(&format!("{prefix}queues"), &format!("List queues{words}."), "page"),
        tool(&format!("{prefix}topics"), &format!("List topics{words}."), "page"),
        tool(&format!("{prefix}send_message"), &format!("Send a message{words}."), "body"),
        tool(&format!("{prefix}delete_queue"), &format!("Delete a queue for good{words}."), "id"),
    ])
}

#[test]
fn a_prefix_that_all_tools_changed_is_one_change_and_its_rules_are_named() {
    let place = files(&server("acme_", ""), &server("corp_", ""));
    let (code, changes, document) = reviewed(&place);
    assert_eq!(code, 1, "a deny that opens stops the review");
    assert_eq!(
        changes,
        ["warning prefix-renamed after/", "error deny-unmatched after/", "warning allow-unmatched after/"]
    );
    let prefix = change(&document, "prefix-renamed");
    assert_eq!(message(prefix), "4 of 4 tools have another prefix: `acme_` is now `corp_`");
    assert_eq!(
        prefix["evidence"][0],
        json!({"where": "name", "before": "acme_delete_queue", "after": "corp_delete_queue"})
    );
    let said = serde_json::to_string(&document).expect("serialises");
    assert_eq!(said.matches("every rule that names an old name stops matching").count(), 1, "{said}");
    assert!(said.contains("fails open") && said.contains("fails closed"), "{said}");
    let deny = change(&document, "deny-unmatched");
    assert_eq!(
        message(deny),
        "rules that deny `acme_delete_queue` do not match the new name: a policy that allows what it does not name lets calls through"
    );
    // Of the documents that toolcard writes, that is not true.
    assert!(deny["evidence"].to_string().contains("under these the new name is not open"), "{deny:#}");
    let allow = change(&document, "allow-unmatched");
    assert!(message(allow).starts_with("rules that allow `acme_queues`, `acme_send_message`, `acme_topics` do not"));
    assert!(allow["evidence"].to_string().contains("a limit of calls is not kept"), "{allow:#}");
    for (gate, code) in
        [("prefix-renamed", 1), ("tool-renamed", 1), ("deny-unmatched", 1), ("allow-unmatched", 1), ("lowered", 0)]
    {
        let args = ["--base", "before.json", "--head", "after.json", "--fail-on", gate];
        assert_eq!(place.review(&args).0, code, "{gate}");
    }
}

#[test]
fn tools_behind_another_prefix_are_compared_whatever_else_changed() {
    // Schemas that are the same, and other words in each: the rest of the name tells them apart.
    let mut new = server("corp_", " of a broker");
    new[3]["inputSchema"]["properties"]["force"] = json!({"type": "boolean"});
    let (_, changes, document) = reviewed(&files(&server("acme_", ""), &new));
    assert!(!changes.iter().any(|c| c.contains("tool-added") || c.contains("tool-removed")), "{changes:#?}");
    assert!(changes.iter().any(|c| c == "note description-changed after/corp_topics"), "{changes:#?}");
    assert_eq!(change(&document, "prefix-renamed")["evidence"].as_array().expect("array").len(), 5);
    // A prefix that came or went is one as well.
    for (old, new, said) in [
        ("", "mq.", "`mq.` now comes before their names"),
        ("mq.", "", "`mq.` is gone"),
        ("mq.", "mq_", "`mq.` is now `mq_`"),
    ] {
        let (_, _, document) = reviewed(&files(&server(old, ""), &server(new, "")));
        assert!(message(change(&document, "prefix-renamed")).ends_with(said), "{document:#}");
    }
}

#[test]
fn one_tool_that_only_reads_is_a_rename_and_no_deny() {
    let other = tool("list_topics", "List topics.", "topic");
    let (code, changes, document) = reviewed(&files(
        &json!([tool("get_page", "Get a page.", "id"), other]),
        &json!([tool("fetch_page", "Get a page.", "id"), other]),
    ));
    assert_eq!(code, 0);
    assert_eq!(changes, ["warning allow-unmatched after/", "warning tool-renamed after/fetch_page"]);
    assert!(change(&document, "tool-renamed")["evidence"].to_string().contains("stops matching"), "{document:#}");
    // A tool that is gone leaves rules that match nothing, and opens none.
    let (_, changes, _) =
        reviewed(&files(&json!([tool("delete_page", "Delete a page.", "id"), other]), &json!([other])));
    assert_eq!(changes, ["note tool-removed after/delete_page"]);
}

#[test]
fn a_lock_as_base_knows_denied_tools_by_their_class() {
    let place = Project::new();
    place.manifest("mq", &server("acme_", ""));
    assert_eq!(place.run(&["lock"]).code, 0);
    place.manifest("mq", &server("corp_", ""));
    let (code, changes, document) = place.review(&["--base", "catalog/risk.lock"]);
    assert_eq!(code, 1);
    assert_eq!(changes, ["warning prefix-renamed mq/", "error deny-unmatched mq/", "warning allow-unmatched mq/"]);
    assert!(message(change(&document, "deny-unmatched")).contains("`acme_delete_queue`"));
    // The history has four renamed tools.
    assert_eq!(place.run(&["lock"]).code, 0);
    assert_eq!(place.read("catalog/_changes.json").matches("\"tool-renamed\"").count(), 4);
}

#[test]
fn a_hint_that_turned_is_an_error_whatever_the_class() {
    let with = |name: &str, hints: Value| {
        let mut tool = tool(name, "Update a page.", "id");
        tool["annotations"] = hints;
        json!([tool])
    };
    for (old, new) in [
        (json!({"destructiveHint": true}), json!({"destructiveHint": false})),
        (json!({"destructiveHint": false}), json!({"destructiveHint": true})),
        (json!({"readOnlyHint": false}), json!({"readOnlyHint": true})),
        (json!({"readOnlyHint": true}), json!({"readOnlyHint": false})),
    ] {
        let (code, changes, _) = reviewed(&files(&with("update_page", old.clone()), &with("update_page", new)));
        assert_eq!(code, 1, "{old}");
        assert!(changes.contains(&"error annotation-flipped after/update_page".to_owned()), "{old}: {changes:?}");
    }
    let (old, new) = (json!({"idempotentHint": false}), json!({"idempotentHint": true}));
    let (code, changes, _) = reviewed(&files(&with("update_page", old), &with("update_page", new)));
    assert_eq!((code, changes), (0, vec!["note annotation-flipped after/update_page".to_owned()]));
}

#[test]
fn a_release_that_drifts_is_reported_point_by_point() {
    let schema =
        |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let fetch = |text: &str, schema: Value| json!({"name": "fetch_doc", "description": text, "inputSchema": schema});
    let purge = |hint: bool| json!({"name": "purge_doc", "description": "Delete a document for good.", "annotations": {"destructiveHint": hint}, "inputSchema": schema(json!({"key": {"type": "string"}}), json!(["key"]))});
    let list = |text: &str| json!({"name": "list_docs", "description": text, "inputSchema": {"type": "object", "properties": {}}});
    let place = files(
        &json!([
            fetch("Fetch a document.", schema(json!({"key": {"type": "string"}}), json!(["key"]))),
            purge(true),
            list("List documents.")
        ]),
        &json!([
            fetch(
                "Fetch a document. See https://help.example.org/keys.",
                schema(json!({"key": {"type": "string"}, "options": {"type": "object"}}), json!(["key", "options"]))
            ),
            purge(false),
            list("List all documents of a folder.")
        ]),
    );
    let (code, changes, document) = reviewed(&place);
    assert_eq!(code, 1);
    assert_eq!(
        changes,
        [
            "warning url-added after/fetch_doc",
            "warning schema-widened after/fetch_doc",
            "warning argument-required after/fetch_doc",
            "note description-changed after/list_docs",
            "error annotation-flipped after/purge_doc",
        ]
    );
    assert_eq!(message(change(&document, "argument-required")), "breaks callers: `options` must be given now");
    assert_eq!(
        message(change(&document, "schema-widened")),
        "takes more than it did: `options` (an object of any shape)"
    );
}

#[test]
fn a_widened_schema_says_how_in_one_word_each() {
    let of = |node: Value, required: bool| {
        let required = if required { json!(["x"]) } else { json!([]) };
        json!([{"name": "get_doc", "description": "Get a document.", "inputSchema":
            {"type": "object", "properties": {"x": node}, "required": required}}])
    };
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    for (old, new, level, said) in [
        (json!({"type": "string", "enum": ["a", "b"]}), text.clone(), "warning", "free text, `enum` is gone"),
        (json!({"type": "string", "pattern": "^[a-z]$"}), text.clone(), "warning", "free text, `pattern` is gone"),
        (json!({"type": "integer", "maximum": 9}), number.clone(), "warning", "`maximum` is gone"),
        (
            json!({"type": "integer", "minimum": 1}),
            json!({"type": "integer", "minimum": 0}),
            "warning",
            "`minimum` is looser",
        ),
        (number.clone(), json!({"type": ["integer", "boolean"]}), "warning", "also the type `boolean`"),
        (number.clone(), json!({"type": "number"}), "warning", "also the type `number`"),
        (
            number.clone(),
            json!({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}),
            "warning",
            "also the type `array`",
        ),
        (
            json!({"type": "object", "properties": {}, "additionalProperties": false}),
            json!({"type": "object", "properties": {}}),
            "warning",
            "open to keys that it does not name",
        ),
        (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}), "note", "also `b`"),
    ] {
        let (_, changes, document) = reviewed(&files(&of(old.clone(), true), &of(new, true)));
        assert_eq!(
            changes.iter().filter(|c| c.contains("schema-widened")).collect::<Vec<_>>(),
            [&format!("{level} schema-widened after/get_doc")],
            "{old}"
        );
        assert_eq!(
            message(change(&document, "schema-widened")),
            format!("takes more than it did: `x` ({said})"),
            "{old}"
        );
    }
    // Required no longer, and required now.
    let (_, _, document) = reviewed(&files(&of(number.clone(), true), &of(number.clone(), false)));
    let told = change(&document, "schema-widened");
    assert_eq!((message(told), &told["level"]), ("takes more than it did: `x` (may be left out)", &json!("note")));
    let (_, changes, document) = reviewed(&files(&of(number.clone(), false), &of(number.clone(), true)));
    assert_eq!(changes, ["warning argument-required after/get_doc"]);
    assert_eq!(message(change(&document, "argument-required")), "breaks callers: `x` must be given now");
    // Narrower is not wider.
    let (_, changes, _) = reviewed(&files(&of(json!({"type": ["integer", "boolean"]}), true), &of(number, true)));
    assert_eq!(changes, ["note definition-changed after/get_doc"]);
}

#[test]
fn an_argument_with_another_name_breaks_callers_and_the_old_one_is_shown() {
    let of = |name: &str| {
        json!([{"name": "get_doc", "description": "Get a document.", "inputSchema":
        {"type": "object", "properties": {name: {"type": "integer"}}, "required": [name]}}])
    };
    let (_, changes, document) = reviewed(&files(&of("id"), &of("doc_id")));
    assert_eq!(changes, ["warning argument-required after/get_doc"]);
    let evidence = change(&document, "argument-required")["evidence"].to_string();
    assert!(evidence.contains("/inputSchema/properties/doc_id") && evidence.contains("/inputSchema/properties/id"));
}

#[test]
fn a_side_that_is_a_part_says_at_least_in_every_report() {
    let page = |names: &[&str], more: bool| {
        let tools: Vec<Value> = names.iter().map(|name| tool(name, "List.", name)).collect();
        let mut page = json!({"tools": tools});
        if more {
            page["nextCursor"] = json!("2");
        }
        page.to_string()
    };
    let place = Project::new();
    place.file("part.json", &page(&["list_a"], true));
    place.file("whole.json", &page(&["list_a", "list_b"], false));
    for (base, head, side, said, change) in [
        (
            "whole.json",
            "part.json",
            "head",
            "one that is missing need not be gone",
            "not in the part of the listing that was read",
        ),
        (
            "part.json",
            "whole.json",
            "base",
            "one that is added need not be new",
            "not in the part of the listing that the base has",
        ),
    ] {
        let (_, _, document) = place.review(&["--base", base, "--head", head]);
        let slug = head.trim_end_matches(".json");
        assert_eq!(document["summary"]["partial"], json!([{"side": side, "server": slug, "at_least": 1}]));
        for format in ["text", "markdown", "github"] {
            let ran = place.run(&["review", "--base", base, "--head", head, "--format", format]);
            let sentence = format!("he listing of `{slug}` is a part in the {side}: at least 1 tool, and {said}");
            assert!(ran.stdout.contains(&sentence) && ran.stdout.contains(change), "{format}: {}", ran.stdout);
        }
    }
    let ran = place.run(&["review", "--base", "part.json", "--head", "part.json"]);
    assert!(ran.stdout.contains("no change in 1 server and at least 1 tool"), "{}", ran.stdout);
    let ran = place.run(&["review", "--base", "whole.json", "--head", "whole.json"]);
    assert!(!ran.stdout.contains("t least"), "{}", ran.stdout);
}

#[test]
fn a_pointer_leads_to_the_tools_of_both_files() {
    let place = Project::new();
    for (file, name) in [("before.json", "get_a"), ("after.json", "delete_a")] {
        place.file(
            file,
            &json!({"dump": {"items": [{"name": name, "takes": {}}, {"name": "get_b", "takes": {}}]}}).to_string(),
        );
    }
    let (code, _, _) = reviewed(&place);
    assert_eq!(code, 1, "of no known shape");
    let (_, changes, _) = place.review(&["--base", "before.json", "--head", "after.json", "--at", "/dump/items"]);
    for told in ["error tool-added after/delete_a", "note tool-removed after/get_a"] {
        assert!(changes.iter().any(|c| c == told), "{told}: {changes:?}");
    }
}
