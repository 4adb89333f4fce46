//! Settings files of clients, read: they are decided as their clients would, and audited against the catalogue.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use toolcard::policy::formats::{self, Scope};
use toolcard::policy::{ClientAnswer, ClientSettings, Profile, RateLimits, server_document};

use super::fates::{Fate, SERVER, fate};
use super::formats::NEEDS_OFFER;
use crate::catalogue::{probes, servers};

fn toolcard(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().output().expect("runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn file(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, text).expect("writes");
    path
}

#[test]
fn what_is_written_is_read_as_its_client_reads_it() {
    let mut read = 0;
    for server in servers() {
        let document = server_document(server.tools(), Profile::Guarded, &RateLimits::default());
        let names: Vec<&str> = server.manifest.tools.iter().map(|t| t.name.as_str()).collect();
        let scope = Scope::server(SERVER, &document, names.iter().copied());
        for format in formats::all() {
            let Some(reading) = format.reading(SERVER) else {
                assert_eq!(format.id(), "policy-json", "every other format that is written is read");
                continue;
            };
            let Ok(rendered) = format.render(&scope) else {
                assert!(NEEDS_OFFER.contains(&format.id()), "{}", format.id());
                continue;
            };
            let text = rendered.text;
            let settings = ClientSettings::read(&text, format.syntax(), reading).expect("reads");
            for name in names.iter().step_by(names.len() / 12 + 1).chain(&["no_such_tool_anywhere"]) {
                let limit = document.tools.get(*name).and_then(|e| e.limits.first()).map_or(1, |l| l.max + 1);
                for (args, nth) in
                    probes(&document, name).into_iter().flat_map(|args| [(args.clone(), 1), (args, limit)])
                {
                    let theirs = match fate(format.id(), &text, name, &args, nth) {
                        Fate::Passes => ClientAnswer::Allow,
                        Fate::Asks => ClientAnswer::Ask,
                        Fate::Denied => ClientAnswer::Deny,
                    };
                    let answer = settings.decide(name, &args, nth).0;
                    assert_eq!(answer, theirs, "{} {name} {args} {nth}: {text}", format.id());
                    read += 1;
                }
            }
        }
    }
    assert!(read > 3_000, "{read}");
}

const LOOSE: &str = r#"{
  "permissions": {
    "allow": ["mcp__files__move_file", "mcp__files__read_*", "mcp__other__move_file"],
    "deny": ["mcp__files__write_fil"]
  }
}
"#;

fn audit(path: &Path, more: &[&str]) -> Output {
    let path = path.to_str().expect("UTF-8");
    let mut args = vec!["policy", "audit", path, "--server", "server-filesystem", "--server-name", SERVER];
    args.extend(["--policy-format", "claude-code"]);
    args.extend(more);
    toolcard(&args)
}

#[test]
fn an_audit_names_what_passes_what_is_gone_and_what_a_pattern_covers() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "settings.json", LOOSE);
    let output = audit(&path, &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = out(&output);
    for part in [
        "settings.json:3:40: warning[wildcard]: mcp__files__read_*: it is for",
        "`read_file`",
        "settings.json:4:14: error[unmatched-rule]: write_fil: the server has no such tool, so this holds nothing back; the nearest is `write_file`",
        "settings.json: warning[unnamed-tool]: create_directory: Write, no entry is for it: it is asked for",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let server = servers().iter().find(|s| s.manifest.server.slug == "server-filesystem").expect("is bundled");
    let worst = server.tools().into_iter().find(|(t, _)| t.name == "move_file").expect("a tool").1.class;
    assert_eq!(
        said.contains("error[allows-destructive]: move_file"),
        worst == toolcard::risk::Class::Destructive,
        "{said}"
    );
    assert!(!said.contains("mcp__other"), "{said}");
    assert_eq!(audit(&path, &["--fail-on", "none"]).status.code(), Some(0));
    assert_eq!(audit(&path, &["--fail-on", "warning"]).status.code(), Some(1));
}

#[test]
fn an_audit_is_printed_for_code_scanning_for_comments_and_for_programs() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "settings.json", LOOSE);
    let document: Value = serde_json::from_str(&out(&audit(&path, &["--format", "json"]))).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/audit.schema.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
    assert_eq!(wrong, [""; 0], "{document}");
    let rows = document["findings"].as_array().expect("rows");
    let errors = rows.iter().filter(|row| row["level"] == "error").count();
    assert_eq!((&document["errors"], &document["warnings"]), (&json!(errors), &json!(rows.len() - errors)));
    assert_eq!((&document["server"], &document["policy_format"]), (&json!("server-filesystem"), &json!("claude-code")));
    let gone = rows.iter().find(|row| row["finding"] == "unmatched-rule").expect("a row");
    assert_eq!((&gone["level"], &gone["line"], &gone["tool"]), (&json!("error"), &json!(4), &json!("write_fil")));
    let sarif: Value = serde_json::from_str(&out(&audit(&path, &["--format", "sarif"]))).expect("JSON");
    let mut schema: Value =
        serde_json::from_str(include_str!("../../review/sarif-schema-2.1.0.json")).expect("the schema is JSON");
    // The one pattern of the official file that is not a valid ECMA expression; we write no language.
    for of in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{of}/properties/language")).expect("in the schema");
        language.as_object_mut().expect("an object").remove("pattern").expect("there");
    }
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    assert!(schema.is_valid(&sarif), "{sarif}");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(rows.len()));
    let markdown = out(&audit(&path, &["--format", "markdown"]));
    assert!(markdown.contains("| error | unmatched-rule | `write_fil` | 4 |"), "{markdown}");
}

#[test]
fn what_the_document_writes_has_no_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let args = ["policy", "server-filesystem", "--server-name", SERVER, "--format", "claude-code"];
    let path = file(dir.path(), "settings.json", &out(&toolcard(&args)));
    let output = audit(&path, &[]);
    assert_eq!((output.status.code(), out(&output)), (Some(0), String::new()));
}

#[test]
fn decide_says_what_a_settings_file_does_with_a_call() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "settings.json", LOOSE);
    let path = path.to_str().expect("UTF-8");
    let ask = |tool: &str, more: &[&str]| {
        let mut args =
            vec!["policy", "decide", path, "--format", "claude-code", "--server-name", SERVER, "--tool", tool];
        args.extend(more);
        toolcard(&args)
    };
    let allowed = ask("read_text_file", &["--exit-code"]);
    assert_eq!(allowed.status.code(), Some(0));
    let said: Value = serde_json::from_str(&out(&allowed)).expect("JSON");
    assert_eq!((&said["decision"], &said["rule"]), (&json!("allow"), &json!("mcp__files__read_*")));
    assert_eq!((&said["place"], &said["at"]["line"]), (&json!("permissions.allow"), &json!(3)));
    assert_eq!(ask("write_file", &["--exit-code"]).status.code(), Some(1));
    assert!(out(&ask("write_file", &[])).contains("\"decision\":\"ask\""));
    let unnamed = toolcard(&["policy", "decide", path, "--format", "claude-code", "--tool", "a"]);
    assert_eq!(unnamed.status.code(), Some(2), "the server's name is needed");
    let broken = file(dir.path(), "broken.json", "{\"permissions\": [}");
    let broken = broken.to_str().expect("UTF-8");
    let output =
        toolcard(&["policy", "decide", broken, "--format", "claude-code", "--server-name", "a", "--tool", "a"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("broken.json:1:18"), "{output:?}");
}

#[test]
fn a_document_that_denies_ends_with_one_where_that_is_asked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "p.json", r#"{"version":"1","default":"deny","tools":{"a":{}}}"#);
    let path = path.to_str().expect("UTF-8");
    let code = |tool: &str, more: &[&str]| {
        let mut args = vec!["policy", "decide", path, "--tool", tool];
        args.extend(more);
        toolcard(&args).status.code()
    };
    assert_eq!([code("a", &["--exit-code"]), code("b", &[]), code("b", &["--exit-code"])], [Some(0), Some(0), Some(1)]);
}
