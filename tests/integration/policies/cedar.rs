//! Cedar and commands that are there, read: decided as the engine decides them, and what is not understood is said.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample;
use serde_json::{Value, json};
use toolcard::policy::formats::{self, Format, Scope};
use toolcard::policy::{ClientAnswer, ClientSettings, Entry, Rule, tool_document};

use super::fates::{Fate, SERVER, fate};
use super::hostile::names;
use crate::catalogue::{cards, probes};

const CEDAR: [&str; 2] = ["cedar-agentcore", "cedar-toolhive"];

fn format(id: &str) -> &'static dyn Format {
    formats::find(id).expect("a format")
}

fn read(id: &str, text: &str) -> ClientSettings {
    let reading = format(id).reading(SERVER).expect("is read");
    ClientSettings::read(text, format(id).syntax(), reading).unwrap_or_else(|e| panic!("{id}: {e:?}: {text}"))
}

fn same(id: &str, text: &str, tool: &str, args: &Value, nth: u64) {
    let engine = if fate(id, text, tool, args, nth) == Fate::Passes { ClientAnswer::Allow } else { ClientAnswer::Deny };
    assert_eq!(read(id, text).decide(tool, args, nth).0, engine, "{id} {tool:?} {args} {nth}: {text}");
}

#[test]
fn every_tools_statement_is_decided_as_the_engine_decides_it() {
    let mut asked = 0;
    for (tool, _, policy) in cards() {
        for id in CEDAR.into_iter().chain(["docker-profile"]) {
            let Ok(rendered) = format(id).render(&Scope::tool(SERVER, &policy, &tool.name)) else { continue };
            let limit = policy.tools.get(tool.name.as_str()).and_then(|e| e.limits.first()).map_or(1, |l| l.max + 1);
            for args in probes(&policy, &tool.name) {
                for nth in [1, limit] {
                    same(id, &rendered.text, &tool.name, &args, nth);
                    asked += 1;
                }
            }
            same(id, &rendered.text, "no_such_tool_anywhere", &json!({}), 1);
        }
    }
    assert!(asked > 3_000, "{asked}");
}

#[test]
fn hostile_names_are_read_back_for_the_tool_that_they_are() {
    for id in CEDAR {
        for name in names().iter().filter(|name| !name.is_empty() && name.as_str() != "*") {
            let policy = tool_document(name, &Rule::Entry(Entry::default()));
            // One that is longer than a policy may be is refused.
            let Ok(rendered) = format(id).render(&Scope::tool(SERVER, &policy, name)) else { continue };
            let text = rendered.text;
            for tool in names() {
                let allowed = read(id, &text).decide(&tool, &json!({}), 1).0 == ClientAnswer::Allow;
                assert_eq!(allowed, tool == *name, "{id} {tool:?}: {text}");
            }
        }
    }
}

/// Conditions as people write them, each understood or said not to be.
#[test]
fn what_people_write_is_decided_as_the_engine_decides_it() {
    let conditions = [
        "",
        "when { true }",
        "unless { context.input has force && context.input.force }",
        "when { context.input has a.b && context.input.a.b == \"x\" }",
        "when { context.input.n == 3 || context.input has \"a\" }",
        "when { !([\"x\", 3, true].contains(context.input[\"n\"])) }",
        "when { context.input has n } when { context.input.n != 4 }",
        "when { context.input.a != context.input.n }",
        "when { !!(context.input has n) && (true || context.missing) }",
        "when { \"x\" }",
    ];
    let calls = [
        json!({}),
        json!({"n": 3}),
        json!({"n": 4}),
        json!({"n": "x", "force": true}),
        json!({"n": true, "force": false}),
        json!({"n": ["x"], "a": {"b": "x"}}),
        json!({"n": null, "a": {"b": "y", "c": null}}),
        json!({"a": "x", "force": "yes"}),
    ];
    let scopes = [
        "action == AgentCore::Action::\"files___t\", resource",
        "action in [AgentCore::Action::\"files___t\", AgentCore::Action::\"files___u\"], resource is AgentCore::Gateway",
        "action, resource",
        "action == AgentCore::Action::\"other___t\", resource",
        "action == Action::\"files___t\", resource",
        "action == AgentCore::Action::\"files___t\", resource is AgentCore::Target",
    ];
    for scope in scopes {
        for condition in conditions {
            let text = format!("// ours\n@id(\"x\") permit(principal, {scope})\n{condition};\n");
            for args in &calls {
                for tool in ["t", "u", "v"] {
                    same("cedar-agentcore", &text, tool, args, 1);
                }
            }
        }
    }
    let both = "permit(principal, action, resource);\nforbid(principal, action == AgentCore::Action::\"files___u\", resource);\n";
    for tool in ["t", "u"] {
        same("cedar-agentcore", both, tool, &json!({}), 1);
    }
}

const PARTS: [&str; 20] = [
    "context.input has a",
    "context.input has \"a\"",
    "context.input has a.b",
    "context.input.a",
    "context.input[\"a\"].b",
    "context.input.a has b",
    "context has input",
    "true",
    "false",
    "-1",
    "\"x\"",
    "context.input.n == 1",
    "context.input.n != \"x\"",
    "context.input.a == context.input.n",
    "[1, \"x\", true].contains(context.input.n)",
    "[].contains(context.input.n)",
    "!context.input.t",
    "!!context.input.t",
    "context.input == context.input",
    "context.input.l == context.input.l",
];

fn expressions() -> impl Strategy<Value = String> {
    let part = sample::select(&PARTS).prop_map(str::to_owned);
    part.prop_recursive(3, 16, 4, |inner| {
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            two().prop_map(|(a, b)| format!("({a}) && ({b})")),
            two().prop_map(|(a, b)| format!("{a} && {b}")),
            two().prop_map(|(a, b)| format!("{a} || {b}")),
            two().prop_map(|(a, b)| format!("({a}) == ({b})")),
            two().prop_map(|(a, b)| format!("(if {a} then {b} else true)")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

proptest::proptest! {
    #[test]
    fn any_condition_is_decided_as_the_engine_decides_it(condition in expressions(), when in proptest::bool::ANY) {
        let when = if when { "when" } else { "unless" };
        let text = format!("permit(principal, action, resource) {when} {{ {condition} }};\n");
        for args in [
            json!({}),
            json!({"a": {"b": "x"}}),
            json!({"a": {}, "n": "x", "t": true}),
            json!({"a": "x", "n": 1, "t": false}),
            json!({"n": true, "l": ["x", "y", "x"], "t": "x"}),
        ] {
            same("cedar-agentcore", &text, "t", &args, 1);
        }
        proptest::prop_assert_eq!(read("cedar-agentcore", &text).unread("t").count(), 0, "{}", text);
    }
}

fn toolcard(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().stdin(Stdio::null()).output().expect("runs")
}

fn told(dir: &Path, name: &str, text: &str, id: &str, tool: &str) -> (Value, String, Option<i32>) {
    let path = dir.join(name);
    std::fs::write(&path, text).expect("writes");
    let path = path.to_str().expect("UTF-8");
    let output = toolcard(&["policy", "decide", path, "--format", id, "--server-name", SERVER, "--tool", tool]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    (serde_json::from_slice(&output.stdout).unwrap_or_default(), said, output.status.code())
}

#[test]
fn what_is_not_understood_counts_as_the_looser_and_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "permit(principal in Group::\"ops\", action == AgentCore::Action::\"files___a\", resource);\n\
                permit(principal, action, resource);\n\
                forbid(principal, action == AgentCore::Action::\"files___b\", resource) when { context.input.x like \"*\" };\n";
    let (answer, said, code) = told(dir.path(), "p.cedar", text, "cedar-agentcore", "a");
    assert_eq!((&answer["decision"], code), (&json!("allow"), Some(0)), "{said}");
    assert!(said.contains("p.cedar:1:1") && said.contains("not understood"), "{said}");
    let (answer, said, _) = told(dir.path(), "p.cedar", text, "cedar-agentcore", "b");
    assert_eq!((&answer["decision"], &answer["at"]["line"]), (&json!("allow"), &json!(2)), "{said}");
    assert!(said.contains("p.cedar:3:1"), "{said}");
    let (_, said, _) = told(dir.path(), "p.cedar", text, "cedar-agentcore", "c");
    assert!(!said.contains("not understood"), "{said}");
    let more = text.replace("files___b", "files___write_file");
    let path = dir.path().join("p.cedar");
    std::fs::write(&path, more).expect("writes");
    let path = path.to_str().expect("UTF-8");
    let args = ["policy", "audit", path, "--server", "server-filesystem", "--server-name", SERVER];
    let output = toolcard(&[&args[..], &["--policy-format", "cedar-agentcore"]].concat());
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in [
        "p.cedar:1:1: warning[unknown-tool]: a: the server has no such tool",
        "p.cedar:2:1: warning[wildcard]: every tool: it is for",
        "p.cedar:3:1: warning[unread-condition]: AgentCore::Action::\"files___write_file\": ",
        "p.cedar:2:1: error[allows-destructive]: write_file",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn what_is_no_statement_or_command_is_told_by_line_and_column() {
    let dir = tempfile::tempdir().expect("a folder");
    for (id, name, text, place) in [
        ("cedar-agentcore", "p.cedar", "permit(principal, action, resource);\nallow me;\n", "p.cedar:2:1"),
        ("cedar-agentcore", "p.cedar", "permit(principal, action, resource)", "p.cedar:1:36"),
        ("cedar-toolhive", "p.json", "{\"cedar\": {\n  \"policies\": [\"permit(all);\"]}}", "p.json:2:16"),
        ("cedar-toolhive", "p.json", "{\"cedar\": {\"policies\": {}}}", "cedar.policies is not a list"),
        ("docker-profile", "p.sh", "set -e\nrm -r /\n", "p.sh:2:1"),
        ("docker-profile", "p.sh", "docker mcp profile tools p --enable files.a && true", "p.sh:1:45"),
    ] {
        let (answer, said, code) = told(dir.path(), name, text, id, "a");
        assert_eq!((answer, code), (Value::Null, Some(1)), "{said}");
        assert!(said.contains(place), "{place}: {said}");
    }
}

#[test]
fn commands_switch_tools_one_after_the_other() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "docker mcp profile tools p --disable-all files --enable files.a\ndocker mcp profile tools p --disable other.a --enable files.b.c\n";
    for (tool, decision, line) in [("a", "allow", 1), ("b.c", "allow", 2), ("d", "deny", 1)] {
        let (answer, said, _) = told(dir.path(), "p.sh", text, "docker-profile", tool);
        assert_eq!((&answer["decision"], &answer["at"]["line"]), (&json!(decision), &json!(line)), "{said}");
    }
    let (answer, ..) =
        told(dir.path(), "p.sh", "docker mcp profile tools p --disable-all other\n", "docker-profile", "a");
    assert_eq!(answer["decision"], "allow", "what no command switches is on");
}
