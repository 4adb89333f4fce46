//! YAML that people keep: hostile names in it, what an audit says of it, and what it decides.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use toolcard::policy::formats::{self, Format, Scope};
use toolcard::policy::{
    ClientAnswer, ClientSettings, Entry, FileSyntax, FilledFile, Filling, IntoRefusal, Policy, document_value,
};

use super::formats::SERVER;
use super::hostile::names;
use super::into::begun;

fn format(id: &str) -> &'static dyn Format {
    formats::find(id).expect("a format")
}

/// A document that lets the first tools pass and denies the others.
fn document(allowed: &[&str], denied: &[&str]) -> Policy {
    let mut policy = Policy::deny_all();
    policy.tools = allowed.iter().map(|name| ((*name).to_owned(), Entry::default())).collect();
    policy.hide = denied.iter().map(|name| (*name).to_owned()).collect();
    policy
}

/// Puts a document into a text, without taking anything away that is gone.
fn fill(id: &str, text: &str, policy: &Policy, prune: bool) -> Result<FilledFile, IntoRefusal> {
    let tools: Vec<&str> = policy.tools.keys().chain(&policy.hide).map(String::as_str).collect();
    let scope = Scope::server(SERVER, policy, tools.iter().copied());
    let rendered = format(id).render(&scope).unwrap_or_else(|e| panic!("{id}: {e:?}")).text;
    let document = document_value(&rendered, format(id).syntax()).expect("is read back");
    let tools: BTreeSet<&str> = tools.into_iter().collect();
    let slots = format(id).slots(SERVER);
    Filling { slots: &slots, document: &document, tools: &tools, prune, begin: false }.fill(text, format(id).syntax())
}

#[test]
fn hostile_names_are_put_in_read_back_and_taken_away_again() {
    let names = names();
    // What hides every tool leaves nothing to offer.
    let all: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != "*").collect();
    let mut read = 0;
    for format in formats::all() {
        let id = format.id();
        if !matches!(format.syntax(), FileSyntax::Yaml | FileSyntax::FrontMatter) {
            continue;
        }
        let text = begun(id).expect("is put into a file");
        let policy = document(&all, &[]);
        let filled = fill(id, &text, &policy, false).unwrap_or_else(|e| panic!("{id}: {e:?}")).text;
        assert_eq!(fill(id, &filled, &policy, false).expect("filled").text, filled, "{id}");
        let scope = Scope::server(SERVER, &policy, all.iter().copied());
        let whole = format.render(&scope).expect("renders").text;
        let reading = || format.reading(SERVER).expect("is read");
        let of = |text: &str| {
            ClientSettings::read(text, format.syntax(), reading()).unwrap_or_else(|e| panic!("{id}: {e:?}"))
        };
        let (one, other) = (of(&filled), of(&whole));
        for name in &all {
            let answer = |settings: &ClientSettings| settings.decide(name, &json!({}), 1).0;
            assert_eq!(answer(&one), answer(&other), "{id} {name:?}: {filled}");
            read += usize::from(answer(&one) == ClientAnswer::Allow);
        }
        let denied = document(&["kept"], &all);
        let tight = fill(id, &filled, &denied, true).unwrap_or_else(|e| panic!("{id}: {e:?}")).text;
        for name in all.iter().filter(|name| !name.contains('*')) {
            assert_ne!(of(&tight).decide(name, &json!({}), 1).0, ClientAnswer::Allow, "{id} {name:?}: {tight}");
        }
    }
    assert!(read > 100, "{read}");
}

fn toolcard(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().stdin(Stdio::null()).output().expect("runs")
}

fn audit(dir: &Path, id: &str, text: &str) -> Vec<(String, String, u64)> {
    let path = dir.join("file");
    std::fs::write(&path, text).expect("writes");
    let path = path.to_str().expect("UTF-8");
    let args =
        ["policy", "audit", path, "--server", "server-filesystem", "--server-name", SERVER, "--policy-format", id];
    let output = toolcard(&[&args[..], &["--format", "json", "--fail-on", "none"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    let row = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        (text("finding"), text("tool"), row["line"].as_u64().unwrap_or_default())
    };
    document["findings"].as_array().expect("findings").iter().map(row).collect()
}

#[test]
fn an_audit_names_the_lines_of_yaml() {
    let dir = tempfile::tempdir().expect("a folder");
    let has = |id: &str, text: &str, wanted: &[(&str, &str, u64)]| {
        let found = audit(dir.path(), id, text);
        for (finding, entry, line) in wanted {
            let row = ((*finding).to_owned(), (*entry).to_owned(), *line);
            assert!(found.contains(&row), "{id} {row:?}: {found:?}");
        }
    };
    has(
        "litellm",
        "mcp_servers:\n  files:\n    allowed_tools:\n      - read_file\n      - read_fil\n    disallowed_tools: [old_tool]\n",
        &[("unknown-tool", "read_fil", 5), ("unmatched-rule", "old_tool", 6), ("unnamed-tool", "write_file", 0)],
    );
    has("vscode-agent", "---\ntools: [read, 'files/*']\n---\n", &[("wildcard", "files/*", 2)]);
    has(
        "agt",
        "version: \"1.0\"\nmode: shadow\nrules:\n  - tool: write_fil\n    action: deny\n  - tool: \"*\"\n    action: allow\n",
        &[("not-enforced", "mode", 0), ("unmatched-rule", "write_fil", 4), ("wildcard", "*", 6)],
    );
    has(
        "intercept",
        "version: \"1\"\ndefault: deny\nhide: [write_fil]\ntools:\n  read_fil:\n    rules: []\n",
        &[("unmatched-rule", "write_fil", 3), ("unknown-tool", "read_fil", 5), ("unnamed-tool", "read_file", 0)],
    );
    has(
        "agentgateway",
        "mcp:\n  targets:\n  - name: files\n  policies:\n    mcpAuthorization:\n      rules:\n      - mcp.tool.name.startsWith(\"read\")\n      - 'mcp.tool.name == \"read_fil\"'\n      - 'mcp.tool.target == \"files\" && mcp.tool.name == \"read_fil\"'\n",
        &[("wildcard", "mcp.tool.name.startsWith(\"read\")", 7), ("unknown-tool", "read_fil", 9)],
    );
    has(
        "envoy-mcproute",
        "spec:\n  backendRefs:\n  - name: files\n    toolSelector:\n      includeRegex:\n      - ^read_\n      - ^(?:read_file|read_fil)$\n",
        &[("wildcard", "^read_", 6), ("unknown-tool", "read_fil", 7)],
    );
}

#[test]
fn decide_looks_at_the_arguments_and_at_the_number_of_the_call() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("policy.yaml");
    let decide = |id: &str, text: &str, more: &[&str]| -> String {
        std::fs::write(&path, text).expect("writes");
        let path = path.to_str().expect("UTF-8");
        let output = toolcard(&[&["policy", "decide", path, "--format", id][..], more].concat());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
        format!("{} {}", answer["decision"].as_str().unwrap_or_default(), answer["at"]["line"])
    };
    let agt = "version: \"1.0\"\nmode: enforce\nrules:\n  - tool: query\n    action: allow\n    conditions:\n      - argument_not_matches: {q: \"(?i)drop\"}\n    rate_limit: {requests: 2, per: minute}\n  - {tool: \"*\", action: deny}\n";
    assert_eq!(decide("agt", agt, &["--tool", "query", "--args", "{\"q\": \"select\"}"]), "allow 4");
    assert_eq!(decide("agt", agt, &["--tool", "query", "--args", "{\"q\": \"DROP\"}"]), "deny 9");
    assert_eq!(decide("agt", agt, &["--tool", "query", "--calls", "3"]), "deny 4");
    let intercept = "version: \"1\"\ndefault: deny\ntools:\n  query:\n    rules:\n      - name: few\n        conditions:\n          - {path: args.n, op: lte, value: 10}\n";
    assert_eq!(decide("intercept", intercept, &["--tool", "query", "--args", "{\"n\": 10}"]), "allow 4");
    assert_eq!(decide("intercept", intercept, &["--tool", "query", "--args", "{\"n\": 11}"]), "deny 4");
    assert_eq!(decide("intercept", intercept, &["--tool", "other"]), "deny null");
    let unread = "version: \"1.0\"\nrules:\n  - tool: a\n    action: deny\n    conditions: [{path_starts_with: /x}]\n  - tool: b\n    action: allow\n    conditions: [{path_starts_with: /x}]\n";
    assert_eq!(decide("agt", unread, &["--tool", "b"]), "allow 6", "what is not understood holds where it allows");
    assert_eq!(decide("agt", unread, &["--tool", "a"]), "deny null", "and does not where it denies");
}
