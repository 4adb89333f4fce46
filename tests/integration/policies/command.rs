//! `toolcard policy`, through the binary.

use std::path::Path;
use std::process::{Command, Output};

use toolcard::policy::formats;

fn toolcard(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().output().expect("runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn file(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, text).expect("writes");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_servers_document_is_valid_and_nothing_speaks_against_it() {
    let dir = tempfile::tempdir().expect("a folder");
    for profile in ["read-only", "guarded"] {
        let printed = toolcard(&["policy", "clearml-mcp", "--profile", profile]);
        assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
        let path = file(dir.path(), "policy.json", &out(&printed));
        assert_eq!(toolcard(&["policy", "check", &path]).status.code(), Some(0));
        let audit = toolcard(&["policy", "audit", &path, "--server", "clearml-mcp"]);
        assert_eq!((audit.status.code(), out(&audit)), (Some(0), String::new()));
    }
}

#[test]
fn every_format_is_printed_and_the_default_is_policy_json() {
    let default = out(&toolcard(&["policy", "clearml-mcp/get_task_artifacts"]));
    for format in formats::all() {
        let printed = toolcard(&["policy", "clearml-mcp/get_task_artifacts", "--format", format.id()]);
        assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
        // It lists what may never pass unasked, and this may.
        assert_eq!(out(&printed).contains("get_task_artifacts"), format.id() != "vscode-settings", "{}", format.id());
        assert_eq!(out(&printed) == default, format.id() == "policy-json");
    }
}

#[test]
fn unknown_names_suggest_the_nearest_and_nothing_is_printed() {
    for (args, near) in [
        (vec!["policy", "clearml"], "`clearml-mcp`"),
        (vec!["policy", "clearml-mcp/get_task_artifact"], "`clearml-mcp/get_task_artifacts`"),
    ] {
        let output = toolcard(&args);
        assert_eq!((output.status.code(), out(&output)), (Some(2), String::new()));
        assert!(err(&output).contains(near), "{}", err(&output));
    }
    assert_eq!(toolcard(&["policy", "clearml-mcp", "--format", "jason"]).status.code(), Some(2));
    assert_eq!(toolcard(&["policy"]).status.code(), Some(2));
}

#[test]
fn a_server_named_like_a_subcommand_goes_after_dashes() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = dir.path().join("catalog/merge");
    std::fs::create_dir_all(&server).expect("creates");
    file(&server, "manifest.json", r#"{"tools": [{"name": "list_a"}]}"#);
    let catalog = dir.path().join("catalog");
    let catalog = catalog.to_str().expect("UTF-8");
    let printed = toolcard(&["policy", "--catalog", catalog, "--", "merge"]);
    assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
    assert!(out(&printed).contains("\"list_a\": {}"));
}

#[test]
fn the_numbers_come_from_the_configuration() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = dir.path().join("catalog/s");
    std::fs::create_dir_all(&server).expect("creates");
    file(&server, "manifest.json", r#"{"tools": [{"name": "create_a"}]}"#);
    file(dir.path(), "toolcard.toml", "[limits]\nwrite = 7\nwrite_high = 7\n");
    let catalog = dir.path().join("catalog");
    let printed = toolcard(&["policy", "s", "--catalog", catalog.to_str().expect("UTF-8")]);
    assert!(out(&printed).contains("\"max\": 7"), "{}{}", out(&printed), err(&printed));
}

#[test]
fn check_names_every_mistake_with_its_place_and_exits_with_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "{\n  \"version\": \"1\",\n  \"default\": \"deny\",\n  \"tools\": {\"x\": {\"rate_limit\": 3, \"action\": \"deny\"}}\n}\n";
    let output = toolcard(&["policy", "check", &file(dir.path(), "p.json", text)]);
    assert_eq!(output.status.code(), Some(1));
    let said = err(&output);
    for part in ["p.json:4:19", "/tools/x/rate_limit", "write `limits`", "/tools/x/action", "`hide`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(toolcard(&["policy", "check", "no-such-file.json"]).status.code(), Some(2));
}

#[test]
fn decide_answers_in_json() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = r#"{"version":"1","default":"deny","hide":["h"],"tools":{
        "x":{"deny_if":[{"conditions":[{"path":"args.a","op":"eq","value":1}],"on_deny":"No."}],
             "limits":[{"counter":"x_rate","window":"minute","max":2,"scope":"grant"}]}}}"#;
    let path = file(dir.path(), "p.json", text);
    let decide = |more: &[&str]| {
        let mut args = vec!["policy", "decide", path.as_str(), "--tool"];
        args.extend(more);
        let output = toolcard(&args);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    };
    assert_eq!(decide(&["x"]), "{\"decision\":\"allow\",\"rule\":\"/tools/x\",\"message\":null}\n");
    assert_eq!(
        decide(&["x", "--args", "{\"a\": 1}"]),
        "{\"decision\":\"deny\",\"rule\":\"/tools/x/deny_if/0\",\"message\":\"No.\"}\n"
    );
    assert_eq!(
        decide(&["x", "--calls", "3"]),
        "{\"decision\":\"deny\",\"rule\":\"/tools/x/limits/0\",\"message\":null}\n"
    );
    assert_eq!(decide(&["h"]), "{\"decision\":\"hidden\",\"rule\":\"/hide/0\",\"message\":null}\n");
    assert_eq!(decide(&["y"]), "{\"decision\":\"deny\",\"rule\":\"/default\",\"message\":null}\n");
    assert_eq!(toolcard(&["policy", "decide", &path, "--tool", "x", "--args", "[1]"]).status.code(), Some(2));
}

#[test]
fn audit_names_what_is_allowed_gone_and_new() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = r#"{"version":"1","default":"deny","tools":{"write_file":{},"read_fil":{}}}"#;
    let path = file(dir.path(), "p.json", text);
    let output = toolcard(&["policy", "audit", &path, "--server", "server-filesystem"]);
    assert_eq!(output.status.code(), Some(1));
    let said = out(&output);
    for part in [
        "error[allows-destructive]: write_file",
        "error[unknown-tool]: read_fil",
        "read_file",
        "warning[unnamed-tool]: list_directory",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn merge_prints_the_union_and_warns_where_documents_differ() {
    let dir = tempfile::tempdir().expect("a folder");
    let a = file(dir.path(), "a.json", r#"{"version":"1","default":"deny","hide":["h"],"tools":{"x":{}}}"#);
    let b = file(
        dir.path(),
        "b.json",
        r#"{"version":"1","default":"deny","tools":{"y":{},"x":{"deny_if":[{"conditions":[]}]}}}"#,
    );
    let output = toolcard(&["policy", "merge", &a, &b]);
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).contains("/tools/x"));
    let merged = file(dir.path(), "c.json", &out(&output));
    assert_eq!(toolcard(&["policy", "check", &merged]).status.code(), Some(0));
    let broken = file(dir.path(), "d.json", "{");
    let output = toolcard(&["policy", "merge", &a, &broken]);
    assert_eq!((output.status.code(), out(&output)), (Some(1), String::new()));
}
