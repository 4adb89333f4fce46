//! Names and values that are hostile to a format are escaped or refused with a reason, never
//! emitted broken.

use serde_json::json;
use toolcard::neutral::is_hidden;
use toolcard::policy::formats::{self, Scope, Unsupported};
use toolcard::policy::{Clause, Condition, Entry, Limit, Path, Policy, Rule, Test, Window, tool_document};

use super::fates::{Fate, SERVER, fate, ours};
use super::formats::{ALWAYS_ASK, NEEDS_OFFER, NEVER_DENY};

pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "plain_name",
        "",
        " ",
        "a b",
        "\"",
        "'",
        "`",
        "\"\"\"",
        "'''",
        "a\"b",
        "a\\b",
        "a\\",
        "a\nb",
        "\n",
        "\r\n",
        "\t",
        "a\r",
        "__",
        "a__b",
        "_a",
        "a_",
        "a___b",
        "mcp__other__x",
        ".",
        "a.b",
        "..",
        "*",
        "a*",
        "?",
        "[a]",
        "{a}",
        "(",
        "a(b)",
        "a)",
        "mcp_files_x",
        "~",
        "null",
        "true",
        "no",
        "123",
        "1e3",
        "-",
        "- a",
        "a: b",
        "#",
        "a #b",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "|",
        ">",
        "<<",
        "=",
        ",",
        "a,b",
        "//",
        "/* */",
        "/",
        "a/b~c",
        "${x}",
        "$(x)",
        ";",
        "permit(principal,action,resource);",
        "x\";\npermit(principal, action, resource);//",
        "]]\n[mcp_servers.other]",
        "\u{0}",
        "\u{7}",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{202e}abc",
        "\u{2028}",
        "\u{feff}",
        "\u{fffe}",
        "\u{e0041}",
        "名前",
        "ñ",
        "e\u{301}",
        "🙂",
        "toolName",
        "tools",
        "rules",
        "__proto__",
        "constructor",
        "allow",
        "deny",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("a".repeat(10_000));
    names.push("é".repeat(10_000));
    names.push("a".repeat(64));
    names
}

/// Every kind of rule, with hostile values and messages.
fn rules(hostile: &str) -> Vec<Rule> {
    let entry = |deny_if: Vec<Clause>, limits: Vec<Limit>| Rule::Entry(Entry { deny_if, limits, ..Entry::default() });
    let limit = Limit { counter: hostile.to_owned(), window: Window::Minute, max: 3 };
    let path = Path::parse("args.action").expect("a path");
    let values = vec![json!(hostile), json!("b"), json!(3), json!(true)];
    let on_deny = Some(hostile.to_owned());
    let not_in = Condition { path: path.clone(), test: Test::NotIn(values.clone()) };
    let texts = Condition { path: path.clone(), test: Test::NotIn(values[..2].to_vec()) };
    let exists = Condition { path, test: Test::Exists(true) };
    let odd = Condition { path: Path::parse("args.é.\"x\"").expect("a path"), test: Test::NotIn(values) };
    let clause = |conditions| Clause { conditions, on_deny: on_deny.clone() };
    vec![
        Rule::Hide,
        entry(vec![], vec![]),
        entry(vec![], vec![limit.clone()]),
        entry(vec![], vec![Limit { max: 0, ..limit.clone() }]),
        entry(vec![clause(vec![])], vec![]),
        entry(vec![clause(vec![not_in.clone()])], vec![limit]),
        entry(vec![clause(vec![texts.clone()])], vec![]),
        entry(vec![clause(vec![texts, exists.clone()])], vec![]),
        entry(vec![clause(vec![odd])], vec![]),
        entry(vec![clause(vec![exists.clone()])], vec![]),
        Rule::Entry(Entry { require: vec![clause(vec![not_in, exists])], ..Entry::default() }),
    ]
}

fn assert_safe(id: &str, text: &str) {
    assert!(!text.chars().any(is_hidden), "{id} shows a hidden character: {text:?}");
    assert!(text.ends_with('\n'));
}

#[test]
fn a_hostile_name_is_escaped_or_refused_in_every_format() {
    for name in names() {
        for rule in rules(&name) {
            let policy = tool_document(&name, &rule);
            for format in formats::all() {
                let id = format.id();
                let short: String = name.chars().take(30).collect();
                match format.render(&Scope::tool(SERVER, &policy, &name)) {
                    Err(Unsupported(reason)) => {
                        assert!(reason.ends_with('.') && !reason.chars().any(is_hidden), "{id} {short:?}: {reason}");
                        assert!(id != "policy-json", "the document itself holds every name");
                        assert!(name != "plain_name" || NEEDS_OFFER.contains(&id), "{id}: {reason}");
                    }
                    Ok(rendered) => {
                        assert_safe(id, &rendered.text);
                        for args in [
                            json!({}),
                            json!({"action": name}),
                            json!({"action": "b"}),
                            json!({"action": "other"}),
                            json!({"action": 3}),
                        ] {
                            let (theirs, decided) =
                                (fate(id, &rendered.text, &name, &args, 1), ours(&policy, &name, &args, 1));
                            let asks = theirs == Fate::Asks && NEVER_DENY.contains(&id);
                            assert!(
                                theirs >= decided || asks,
                                "{id} is looser for {short:?} {args}: {}",
                                rendered.text
                            );
                        }
                        // What is said of this name is said of no other.
                        for other in ["plain_name_2", "a", "b", "x", "*", "other"] {
                            if other != name {
                                let theirs = fate(id, &rendered.text, other, &json!({}), 1);
                                assert!(theirs > Fate::Passes, "{id} lets {other} pass because of {short:?}");
                            }
                        }
                        // An empty entry must reach the name itself, or the note says why not.
                        if rule == Rule::Entry(Entry::default()) && !ALWAYS_ASK.contains(&id) {
                            assert_eq!(fate(id, &rendered.text, &name, &json!({}), 1), Fate::Passes, "{id} {short:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn hostile_names_beside_others_leave_the_others_as_they_are() {
    let names = names();
    let mut policy = Policy::deny_all();
    for (i, name) in names.iter().enumerate() {
        let entry = Entry::default();
        match i % 3 {
            0 => policy.hide.push(name.clone()),
            _ => drop(policy.tools.insert(name.clone(), entry)),
        }
    }
    // `*` would hide everything.
    policy.hide.retain(|n| n != "*");
    policy.hide.push("gone".to_owned());
    policy.tools.insert("fine".to_owned(), Entry::default());
    let all = names.iter().map(String::as_str).chain(["fine", "gone"]);
    let scope = Scope::server(SERVER, &policy, all);
    for format in formats::all() {
        let id = format.id();
        let rendered = format.render(&scope).expect("renders");
        assert_safe(id, &rendered.text);
        assert!(rendered.notes.iter().all(|n| !n.chars().any(is_hidden) && n.chars().count() < 1_500));
        let fine = fate(id, &rendered.text, "fine", &json!({}), 1);
        assert_eq!(fine, if ALWAYS_ASK.contains(&id) { Fate::Asks } else { Fate::Passes }, "{id}");
        let gone = if NEVER_DENY.contains(&id) { Fate::Asks } else { Fate::Denied };
        assert_eq!(fate(id, &rendered.text, "gone", &json!({}), 1), gone, "{id}");
        for name in &names {
            let theirs = fate(id, &rendered.text, name, &json!({}), 1);
            let decided = ours(&policy, name, &json!({}), 1);
            assert!(theirs >= decided || theirs == Fate::Asks, "{id} is looser for {name:?}");
        }
    }
}

#[test]
fn a_hostile_server_name_is_escaped_or_refused() {
    let policy = tool_document("t", &Rule::Entry(Entry::default()));
    for server in names() {
        for format in formats::all() {
            if let Ok(rendered) = format.render(&Scope::tool(&server, &policy, "t")) {
                assert_safe(format.id(), &rendered.text);
                match format.id() {
                    "codex" => {
                        let table: toml::Table = rendered.text.parse().expect("TOML");
                        assert!(table["mcp_servers"].as_table().is_some_and(|t| t.keys().eq([&server])));
                    }
                    "gemini-policy" => {
                        let table: toml::Table = rendered.text.parse().expect("TOML");
                        assert!(
                            table["rule"]
                                .as_array()
                                .expect("rules")
                                .iter()
                                .all(|r| r["mcpName"].as_str() == Some(&server))
                        );
                    }
                    "cedar-agentcore" => {
                        let policies: cedar_policy::PolicySet = rendered.text.parse().expect("Cedar");
                        assert_eq!(policies.policies().count(), 1);
                    }
                    "intercept" | "agt" | "litellm" | "envoy-mcproute" | "vscode-agent" => {
                        let text = rendered.text.trim_start_matches("---\n").trim_end_matches("---\n");
                        drop(serde_yaml_ng::from_str::<serde_json::Value>(text).expect("YAML"));
                    }
                    "agentgateway" => {
                        let document: serde_json::Value = serde_yaml_ng::from_str(&rendered.text).expect("YAML");
                        let rule = document["mcpAuthorization"]["rules"][0].as_str().expect("a rule").to_owned();
                        drop(cel::Program::compile(&rule).expect("CEL"));
                    }
                    "docker-profile" => {
                        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                        assert!(!server.is_empty() && server.bytes().all(plain), "{server:?}");
                    }
                    _ => drop(serde_json::from_str::<serde_json::Value>(&rendered.text).expect("JSON")),
                }
            }
        }
    }
}
