//! The commands as people run them: in a git repository, through the binary.

use serde_json::{Value, json};

use crate::support::{Project, clean, tool};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/review");
const READER: (&str, &str) = ("get_report", "Returns the report of a project.");
const LISTER: (&str, &str) = ("list_files", "Lists the files of a folder.");

#[test]
fn two_releases_of_a_real_server_are_told_apart() {
    let place = Project::with_catalog();
    let (old, new) =
        (format!("{FIXTURES}/playwright-mcp-0.0.60.json"), format!("{FIXTURES}/playwright-mcp-0.0.83.json"));
    let (_, changes, document) = place.review(&["--base", &old, "--head", &new]);
    for expected in [
        "error tool-added playwright-mcp/browser_localstorage_clear",
        "warning tool-reference-added playwright-mcp/browser_network_requests",
        "warning schema-widened playwright-mcp/browser_evaluate",
    ] {
        assert!(changes.iter().any(|c| c == expected), "{expected}: {changes:#?}");
    }
    assert_eq!(document["summary"]["tools"], 72);
    assert!(
        document["changes"]
            .as_array()
            .expect("array")
            .iter()
            .all(|c| c["location"]["line"].as_u64() > Some(1) || c["id"] == "tool-removed" || c["tool"].is_null())
    );
    // A release against itself is not a change, from a folder as well.
    let (code, changes, _) = place.review(&["--base", &new, "--head", &new, "--fail-on", "any"]);
    assert_eq!((code, changes), (0, vec![]));
}

#[test]
fn the_bundled_catalogue_against_itself_is_not_a_change() {
    let place = Project::with_catalog();
    let catalog = concat!(env!("CARGO_MANIFEST_DIR"), "/catalog");
    let ran = place.run(&["review", "--base", catalog, "--head", catalog, "--fail-on", "any"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.starts_with("no change in "));
}

#[test]
fn a_description_that_turns_a_reader_into_a_deleter_stops_the_review() {
    let place = Project::with_catalog();
    place.init();
    place.server("mail", &[("process_items", "Reads the items of a folder and returns them."), LISTER]);
    place.commit("2026-11-01");
    place.server(
        "mail",
        &[("process_items", "Permanently deletes all items of a folder. This cannot be undone."), LISTER],
    );
    let (code, changes, document) = place.review(&["--base", "HEAD"]);
    assert_eq!(code, 1);
    assert_eq!(
        changes,
        [
            "error label-raised mail/process_items",
            "error claim-added mail/process_items",
            "note policy-changed mail/process_items"
        ]
    );
    let raised = &document["changes"][0];
    assert_eq!(raised["after"]["class"], "Destructive");
    assert_eq!(raised["location"]["file"], "catalog/mail/manifest.json");
    assert!(raised["evidence"][0]["text"].as_str().expect("words").to_lowercase().contains("delete"), "{raised}");
    let words = document["changes"][1]["evidence"].as_array().expect("array").last().expect("the difference");
    assert!(words["after"].as_str().expect("words").contains("Permanently deletes"), "{words}");
}

#[test]
fn the_gate_is_what_was_asked_for_in_any_case() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[("do_it", "Permanently deletes a project."), LISTER]);
    place.commit("2026-11-01");
    place.server("a", &[("do_it", "Returns the name of a project."), LISTER]);
    for (gate, code) in [("raised", 0), ("LOWERED", 1), ("Destructive", 0), ("any", 1), ("none", 0)] {
        assert_eq!(place.review(&["--base", "HEAD", "--fail-on", gate]).0, code, "{gate}");
    }
    for (gate, code) in [("raised", 1), ("lowered", 0), ("destructive", 1), ("ANY", 1), ("none", 0)] {
        assert_eq!(place.review(&["--base", "catalog", "--head", "HEAD", "--fail-on", gate]).0, code, "{gate}");
    }
    let ran = place.run(&["review", "--base", "HEAD", "--fail-on", "rised"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("raised, lowered, destructive, any, none"), "{}", ran.stderr);
    let sarif = ["review", "--base", "catalog", "--head", "HEAD", "--format", "sarif"];
    assert_eq!(place.run(&sarif).code, 0);
    assert_eq!(place.run(&[&sarif[..], &["--fail-on", "raised"]].concat()).code, 1);
}

#[test]
fn hints_schemas_hidden_text_and_names_are_reported() {
    let place = Project::with_catalog();
    place.init();
    let schema = |properties: Value| json!({"type": "object", "properties": properties});
    place.manifest(
        "s",
        &json!([
            {"name": "delete_page", "description": "Deletes a page.", "inputSchema": schema(json!({"id": {"type": "integer"}})), "annotations": {"readOnlyHint": false}},
            {"name": "get_page", "description": "Returns a page.", "inputSchema": schema(json!({"id": {"type": "integer"}, "x": {"type": "integer"}}))},
            {"name": "get_user", "description": "Returns a user.", "inputSchema": schema(json!({"user": {"type": "integer"}}))},
            {"name": "old_name", "description": "Returns a name.", "inputSchema": schema(json!({"name": {"type": "integer"}}))},
            {"name": "get_gone", "description": "Returns what goes.", "inputSchema": schema(json!({"gone": {"type": "integer"}}))}
        ]),
    );
    place.commit("2026-11-01");
    place.manifest(
        "s",
        &json!([
            {"name": "delete_page", "description": "Deletes a page.", "inputSchema": schema(json!({"id": {"type": "integer"}})), "annotations": {"readOnlyHint": true}},
            {"name": "get_page", "description": "Returns a page.", "inputSchema": schema(json!({"x": {"type": "integer"}, "id": {"type": "integer"}, "outputPath": {"type": "string"}}))},
            {"name": "get_user", "description": "Returns \u{202e}a\u{200b} user.", "inputSchema": schema(json!({"user": {"type": "integer"}}))},
            {"name": "new_name", "description": "Returns a name.", "inputSchema": schema(json!({"name": {"type": "integer"}}))}
        ]),
    );
    let (code, changes, document) = place.review(&["--base", "HEAD"]);
    assert_eq!(code, 1);
    for expected in [
        "error annotation-flipped s/delete_page",
        "warning schema-widened s/get_page",
        "note description-changed s/get_user",
        "error hidden-text s/get_user",
        "warning tool-renamed s/new_name",
        "note tool-removed s/get_gone",
    ] {
        assert!(changes.iter().any(|c| c == expected), "{expected}: {changes:#?}");
    }
    let flipped =
        document["changes"].as_array().expect("array").iter().find(|c| c["id"] == "annotation-flipped").expect("told");
    assert_eq!(
        flipped["evidence"][0],
        json!({"where": "annotations/readOnlyHint", "before": "false", "after": "true"})
    );
}

#[test]
fn a_folder_that_is_renamed_is_the_same_server() {
    let place = Project::with_catalog();
    place.init();
    place.server("old-name", &[READER, LISTER]);
    place.commit("2026-11-01");
    place.git(&["mv", "catalog/old-name", "catalog/new-name"]);
    let (code, changes, _) = place.review(&["--base", "HEAD"]);
    assert_eq!((code, changes), (0, vec!["note server-renamed new-name/".to_owned()]));
}

#[test]
fn a_manifest_that_is_broken_on_one_side_costs_that_server_alone() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[READER]);
    place.server("b", &[LISTER]);
    place.commit("2026-11-01");
    place.file("catalog/a/manifest.json", "{\n \"tools\": [");
    let (code, changes, document) = place.review(&["--base", "HEAD"]);
    assert_eq!((code, changes), (1, vec!["error manifest-broken a/".to_owned()]));
    assert_eq!(document["changes"][0]["location"]["line"], 2);
    // Broken in the base: its tools were never reviewed, and that is said.
    place.commit("2026-11-02");
    place.server("a", &[READER]);
    let ran = place.run(&["review", "--base", "HEAD"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("in the base: "), "{}", ran.stderr);
    assert!(ran.stdout.contains("`a/get_report`: new"), "{}", ran.stdout);
}

#[test]
fn bases_that_do_not_exist_are_reported_with_what_to_do() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[READER]);
    place.commit("2026-11-01");
    for (base, message) in [
        ("nowhere", "neither a file, a folder nor a revision"),
        ("--upload-pack=x", "cannot be a revision"),
        ("", "cannot be a revision"),
        ("HEAD:catalog", "neither a file"),
    ] {
        let ran = place.run(&["review", &format!("--base={base}")]);
        assert_eq!(ran.code, 2, "{base}");
        assert!(ran.stderr.contains(message) && ran.stderr.contains("help"), "{}", ran.stderr);
    }
    let outside = Project::with_catalog();
    outside.server("a", &[READER]);
    let ran = outside.run(&["review", "--base", "main"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no git repository"), "{}", ran.stderr);
}

#[test]
fn a_shallow_clone_says_so_and_works_on_what_it_has() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[READER]);
    let first = place.commit("2026-11-01");
    place.server("a", &[READER, LISTER]);
    place.commit("2026-11-02");
    let clone = Project::with_catalog();
    std::fs::remove_dir(clone.path().join("catalog")).expect("empty");
    let from = format!("file://{}", place.path().join("").display());
    clone.git(&["clone", "-q", "--depth=1", &from, "clone"]);
    let at = |args: &[&str]| {
        let output =
            clean(env!("CARGO_BIN_EXE_toolcard"), &clone.path().join("clone")).args(args).output().expect("runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, err) = at(&["review", "--base", &first]);
    assert_eq!(code, Some(2));
    assert!(err.contains("shallow") && err.contains("git fetch"), "{err}");
    assert_eq!(at(&["review", "--base", "HEAD"]).0, Some(0));
    let (code, err) = at(&["lock", "--from-git"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("--unshallow"), "{err}");
}

#[test]
fn a_base_without_a_catalogue_is_empty_and_a_lock_that_is_not_there_is_none() {
    let place = Project::with_catalog();
    place.init();
    place.file("README.md", "x");
    place.commit("2026-11-01");
    place.server("a", &[READER]);
    let (code, changes, _) = place.review(&["--base", "HEAD"]);
    assert_eq!((code, changes.len()), (0, 2), "{changes:?}");
    for base in ["catalog/risk.lock", "nope.lock"] {
        let run = place.run(&["review", "--base", base]).exits(2);
        assert!(run.stdout.is_empty() && run.stderr.contains("no-lock") && run.stderr.contains(base), "{}", run.stderr);
    }
    assert!(place.run(&["review", "--base", "catalog/risk.lock"]).stderr.contains("toolcard lock --catalog catalog"));
}

#[test]
fn a_change_of_the_rules_shows_the_labels_that_it_moves() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[READER]);
    assert_eq!(place.run(&["lock"]).code, 0);
    // A lock that an older lexicon wrote: the same definition under another label.
    let lock = place.read("catalog/risk.lock").replace("Read Low", "Write Medium");
    place.file("catalog/risk.lock", &lock);
    place.commit("2026-11-01");
    let (_, changes, document) = place.review(&["--base", "HEAD"]);
    assert_eq!(changes[0], "warning label-lowered a/get_report");
    let said = serde_json::to_string(&document["changes"][0]["evidence"]).expect("serialises");
    assert!(said.contains("the rules moved the label"), "{said}");
}

#[test]
fn the_environment_of_a_hook_does_not_mislead() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[READER]);
    place.commit("2026-11-01");
    let mut command = clean(env!("CARGO_BIN_EXE_toolcard"), &place.path().join(""));
    command
        .args(["review", "--base", "HEAD", "--fail-on", "any"])
        .env("GIT_DIR", ".git")
        .env("GIT_INDEX_FILE", ".git/index");
    assert_eq!(command.output().expect("runs").status.code(), Some(0));
}

#[test]
fn five_thousand_changed_tools_are_reviewed() {
    let place = Project::with_catalog();
    for (round, verb) in ["Returns", "Permanently deletes"].into_iter().enumerate() {
        for server in 0..50 {
            let text = format!("{verb} an item of the store.");
            let names: Vec<String> = (0..100).map(|i| format!("item{i}_{server}")).collect();
            let tools: Vec<Value> = names.iter().map(|n| tool(n, &text)).collect();
            let text = json!({"tools": tools}).to_string();
            place.file(&format!("{}/s{server}/manifest.json", ["old", "catalog"][round]), &text);
        }
    }
    let (code, _, document) = place.review(&["--base", "old"]);
    assert_eq!(code, 1);
    assert_eq!(document["summary"]["by_id"]["claim-added"], 5_000);
    let markdown = place.run(&["review", "--base", "old", "--format", "markdown"]);
    assert!(markdown.stdout.len() <= toolcard::review::report::MAX_CHARS);
    assert!(markdown.stdout.contains("Cut to the size of a comment"));
}

#[test]
fn a_moved_label_is_a_sentence_and_counts_say_of_what() {
    let place = Project::with_catalog();
    place.server("a", &[("do_it", "Deletes a project."), LISTER]);
    place.file("old/a/manifest.json", &place.read("catalog/a/manifest.json").replace("Deletes", "Returns"));
    let shown = |base: &str, head: &str, format: &str| {
        place.run(&["review", "--base", base, "--head", head, "--format", format, "--fail-on", "none"]).exits(0).stdout
    };
    let text = shown("old", "catalog", "text");
    assert!(text.contains("`a/do_it`: rose from Read (Low) to Destructive ("), "{text}");
    assert!(shown("catalog", "old", "text").contains("`a/do_it`: fell from Destructive ("), "{text}");
    assert!(text.contains(" changes in 1 tool: 0 fail, "), "{text}");
    let by_class =
        "ll tools by class: before 2 (2 Read, 0 Write, 0 Destructive), after 2 (1 Read, 0 Write, 1 Destructive)";
    assert!(text.contains(by_class) && shown("old", "catalog", "markdown").contains(by_class), "{text}");
    // Where the label is all that moved, a comment has the sentence too.
    place.run(&["lock", "--catalog", "old"]).exits(0);
    place.file("old.lock", &place.read("old/risk.lock").replace("Read Low", "Write Medium"));
    let markdown = shown("old.lock", "old", "markdown");
    assert!(markdown.contains("| Fell from **Write** (Medium) to **Read** (Low) |"), "{markdown}");
}

#[test]
fn what_does_not_fail_is_no_error() {
    let place = Project::with_catalog();
    place.server("a", &[LISTER]);
    place.file("old/a/manifest.json", &place.read("catalog/a/manifest.json"));
    place.server("a", &[LISTER, ("purge_all", "Permanently deletes all projects.")]);
    let run = place.run(&["review", "--base", "old"]).exits(0);
    assert!(run.stdout.contains("warning[tool-added]") && !run.stdout.contains("error"), "{}", run.stdout);
    assert!(run.stdout.contains("; the recommended policy hides it"), "{}", run.stdout);
    let github = place.run(&["review", "--base", "old", "--format", "github"]).exits(0).stdout;
    assert!(github.contains("::warning title=tool-added") && !github.contains("::error"), "{github}");
    let run = place.run(&["review", "--base", "old", "--fail-on", "destructive"]).exits(1);
    assert!(run.stdout.contains("error[tool-added]"), "{}", run.stdout);
}
