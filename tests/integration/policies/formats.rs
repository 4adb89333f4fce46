//! Every format is parsed by a real parser for it, decided as its reader would, and compared with
//! `decide()`: never looser, and the same wherever no note says otherwise.

use std::str::FromStr as _;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request};
use serde_json::{Map, Value, json};
use toolcard::policy::formats::{self, Rendered, Scope, Unsupported};
use toolcard::policy::{Answer, Policy, Profile, RateLimits, decide, read_text, server_document};

use crate::catalogue::{cards, probes, servers};

/// What becomes of a call, strictest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Passes,
    Asks,
    Denied,
}

/// The name of the server in the client.
pub(super) const SERVER: &str = "files";

/// Decides one call as the reader of a format would.
pub(super) fn fate(format: &str, text: &str, tool: &str, args: &Value, nth: u64) -> Fate {
    match format {
        "policy-json" => {
            let policy = read_text(text, std::path::Path::new("p")).value.expect("a document");
            ours(&policy, tool, args, nth)
        }
        "intercept" => intercept(&serde_yaml_ng::from_str(text).expect("YAML"), tool, args, nth),
        "claude-code" => claude_code(&serde_json::from_str(text).expect("JSON"), tool),
        "codex" => codex(&text.parse().expect("TOML"), tool),
        "gemini-settings" => gemini_settings(&serde_json::from_str(text).expect("JSON"), tool),
        "gemini-policy" => gemini_policy(&text.parse().expect("TOML"), tool),
        "openai" => openai(&serde_json::from_str(text).expect("JSON"), tool),
        "anthropic" => anthropic(&serde_json::from_str(text).expect("JSON"), tool),
        "cedar-toolhive" => toolhive(text, tool, args),
        "cedar-agentcore" => agentcore(text, tool, args),
        other => panic!("no reader for {other}"),
    }
}

/// What `decide()` says.
pub(super) fn ours(policy: &Policy, tool: &str, args: &Value, nth: u64) -> Fate {
    if decide(policy, tool, args, nth).answer == Answer::Allow { Fate::Passes } else { Fate::Denied }
}

fn has(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|items| items.iter().any(|i| i == name))
}

/// Rules must all hold; a rule's conditions must all hold; `deny` never holds.
fn intercept(document: &Value, tool: &str, args: &Value, nth: u64) -> Fate {
    assert_eq!(document["version"], "1");
    if has(&document["hide"], tool) || has(&document["hide"], "*") {
        return Fate::Denied;
    }
    let tools = document["tools"].as_object().expect("`tools` is required");
    let rules_of = |name: &str| tools.get(name).map(|t| t["rules"].as_array().expect("a list of rules").clone());
    if rules_of(tool).is_none() && document["default"] == "deny" {
        return Fate::Denied;
    }
    let rules = rules_of(tool).into_iter().chain(rules_of("*")).flatten();
    let holds = |rule: &Value| {
        assert!(rule["name"].is_string(), "a rule has a name: {rule}");
        if rule["action"] == "deny" {
            return false;
        }
        if let Some(limit) = rule["rate_limit"].as_str() {
            assert_eq!(rule.as_object().map(Map::len), Some(2), "a limit stands alone: {rule}");
            let (max, window) = limit.split_once('/').expect("N/window");
            assert!(["minute", "hour", "day"].contains(&window));
            return nth <= max.parse().expect("a number");
        }
        let conditions = rule["conditions"].as_array().expect("conditions");
        assert!(!conditions.is_empty());
        conditions.iter().all(|c| {
            let path = c["path"].as_str().and_then(|p| p.strip_prefix("args.")).expect("a path");
            let found = path.split('.').try_fold(args, |v, field| v.as_object()?.get(field));
            assert_eq!(c["op"], "in");
            found.is_some_and(|f| c["value"].as_array().expect("a list").contains(f))
        })
    };
    if rules.into_iter().all(|r| holds(&r)) { Fate::Passes } else { Fate::Denied }
}

/// Deny, then ask, then allow; what no rule names is asked for.
fn claude_code(settings: &Value, tool: &str) -> Fate {
    let permissions = &settings["permissions"];
    let rules = |list: &str| permissions[list].as_array().cloned().unwrap_or_default();
    for rule in ["allow", "ask", "deny"].into_iter().flat_map(rules) {
        let rule = rule.as_str().expect("a text").to_owned();
        let mut parts = rule.splitn(3, "__");
        assert_eq!((parts.next(), parts.next()), (Some("mcp"), Some(SERVER)), "{rule}");
        assert!(rule.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'), "{rule}");
    }
    let name = format!("mcp__{SERVER}__{tool}");
    if has(&permissions["deny"], &name) {
        Fate::Denied
    } else if !has(&permissions["ask"], &name) && has(&permissions["allow"], &name) {
        Fate::Passes
    } else {
        Fate::Asks
    }
}

fn codex(config: &toml::Table, tool: &str) -> Fate {
    let server = &config["mcp_servers"][SERVER];
    let lists =
        |key: &str| server.get(key).map(|l| l.as_array().expect("a list").iter().any(|n| n.as_str() == Some(tool)));
    if lists("enabled_tools") == Some(false) || lists("disabled_tools") == Some(true) {
        return Fate::Denied;
    }
    let own = server.get("tools").and_then(|t| t.get(tool)).and_then(|t| t.get("approval_mode"));
    match own.unwrap_or(&server["default_tools_approval_mode"]).as_str() {
        Some("approve") => Fate::Passes,
        Some("prompt") => Fate::Asks,
        other => panic!("{other:?}"),
    }
}

fn gemini_settings(settings: &Value, tool: &str) -> Fate {
    let server = &settings["mcpServers"][SERVER];
    assert_eq!(server["trust"], false);
    // The client takes `name(…)` in the list for `name`.
    let lists = |key: &str| {
        server.get(key).map(|l| {
            let named = |n: &Value| n.as_str().is_some_and(|n| n == tool || n.starts_with(&format!("{tool}(")));
            l.as_array().expect("a list").iter().any(named)
        })
    };
    if lists("includeTools") == Some(false) || lists("excludeTools") == Some(true) { Fate::Denied } else { Fate::Asks }
}

fn gemini_policy(rules: &toml::Table, tool: &str) -> Fate {
    let rules = rules["rule"].as_array().expect("rules");
    let matches = |rule: &&toml::Value| {
        let server = rule["mcpName"].as_str().expect("a server");
        assert!(server == SERVER && !server.contains('_'));
        rule.get("toolName").is_none_or(|names| {
            names.as_array().expect("a list").iter().any(|n| {
                let name = n.as_str().expect("a text");
                assert!(!name.contains('*'), "a pattern");
                name == tool
            })
        })
    };
    let first = rules.iter().filter(matches).max_by_key(|r| r["priority"].as_integer()).expect("a rule for the rest");
    match first["decision"].as_str() {
        Some("allow") => Fate::Passes,
        Some("ask_user") => Fate::Asks,
        Some("deny") => Fate::Denied,
        other => panic!("{other:?}"),
    }
}

fn openai(entry: &Value, tool: &str) -> Fate {
    assert_eq!((&entry["type"], &entry["server_label"]), (&json!("mcp"), &json!(SERVER)));
    let approval = &entry["require_approval"];
    if !has(&entry["allowed_tools"], tool) {
        Fate::Denied
    } else if has(&approval["never"]["tool_names"], tool) && !has(&approval["always"]["tool_names"], tool) {
        Fate::Passes
    } else {
        Fate::Asks
    }
}

fn anthropic(entry: &Value, tool: &str) -> Fate {
    assert_eq!((&entry["type"], &entry["mcp_server_name"]), (&json!("mcp_toolset"), &json!(SERVER)));
    let enabled = entry["configs"].get(tool).unwrap_or(&entry["default_config"]);
    if enabled["enabled"] == true { Fate::Passes } else { Fate::Denied }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).expect("a type"), EntityId::new(id))
}

fn cedar(text: &str, principal: EntityUid, action: EntityUid, resource: EntityUid, context: Value) -> Fate {
    let policies = PolicySet::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let context = Context::from_json_value(context, None).expect("a context");
    let request = Request::new(principal, action, resource, context, None).expect("a request");
    let response = Authorizer::new().is_authorized(&request, &policies, &Entities::empty());
    assert_eq!(response.diagnostics().errors().count(), 0, "an error denies everything: {text}");
    if response.decision() == Decision::Allow { Fate::Passes } else { Fate::Denied }
}

/// `ToolHive` passes scalars as `arg_NAME`, of everything else only that it is there.
fn toolhive(text: &str, tool: &str, args: &Value) -> Fate {
    let context: Map<String, Value> = args
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| match value {
            Value::String(_) | Value::Bool(_) => (format!("arg_{name}"), value.clone()),
            Value::Number(n) if n.is_i64() => (format!("arg_{name}"), value.clone()),
            _ => (format!("arg_{name}_present"), json!(true)),
        })
        .collect();
    cedar(text, uid("Client", "me"), uid("Action", "call_tool"), uid("Tool", tool), Value::Object(context))
}

/// `AgentCore` passes the arguments as a record; Cedar has no null.
fn agentcore(text: &str, tool: &str, args: &Value) -> Fate {
    fn without_null(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), without_null(v))).collect()
            }
            other => other.clone(),
        }
    }
    let action = uid("AgentCore::Action", &format!("{SERVER}___{tool}"));
    let gateway = uid("AgentCore::Gateway", "arn");
    cedar(text, uid("AgentCore::OAuthUser", "me"), action, gateway, json!({"input": without_null(args)}))
}

fn compare(format: &dyn formats::Format, policy: &Policy, tool: &str, rendered: &Rendered, alone: bool) {
    let id = format.id();
    let limit = policy.tools.get(tool).and_then(|e| e.limits.first()).map_or(1, |l| l.max + 1);
    for args in probes(policy, tool) {
        let has_null = args.to_string().contains("null");
        for nth in [1, limit] {
            let (theirs, decided) = (fate(id, &rendered.text, tool, &args, nth), ours(policy, tool, &args, nth));
            // Cedar has no null: what a gateway makes of it is not ours to say.
            if id == "cedar-agentcore" && has_null {
                continue;
            }
            assert!(theirs >= decided || theirs == Fate::Asks, "{id} is looser for {tool} {args}: {}", rendered.text);
            if alone && rendered.notes.is_empty() && id != "gemini-settings" {
                assert_eq!(theirs, decided, "{id} differs for {tool} {args} without a note: {}", rendered.text);
            }
        }
    }
    let stranger = fate(id, &rendered.text, "no_such_tool_anywhere", &json!({}), 1);
    assert!(stranger > Fate::Passes, "{id}: {}", rendered.text);
}

#[test]
fn no_format_is_looser_than_the_document_of_any_tool() {
    for format in formats::all() {
        let (mut rendered, mut refused) = (0, 0);
        for (tool, _, policy) in cards() {
            match format.render(&Scope::tool(SERVER, &policy, &tool.name)) {
                Ok(one) => {
                    compare(*format, &policy, &tool.name, &one, true);
                    rendered += 1;
                }
                Err(Unsupported(reason)) => {
                    assert!(reason.ends_with('.'), "{reason}");
                    refused += 1;
                }
            }
        }
        assert!(rendered > refused * 2, "{}: {rendered} rendered, {refused} refused", format.id());
    }
}

#[test]
fn no_format_is_looser_than_the_document_of_any_server() {
    for server in servers() {
        for profile in Profile::ALL {
            let tools = server.tools();
            let policy = server_document(tools.iter().copied(), profile, &RateLimits::default());
            let scope = Scope::server(SERVER, &policy, tools.iter().map(|(t, _)| t.name.as_str()));
            for format in formats::all() {
                let Ok(rendered) = format.render(&scope) else {
                    assert_eq!(format.id(), "openai", "only an empty list is refused");
                    continue;
                };
                // The whole is parsed for each call: a sample of a large server is enough.
                for (tool, _) in tools.iter().step_by(tools.len() / 12 + 1) {
                    compare(*format, &policy, &tool.name, &rendered, false);
                }
            }
        }
    }
}

#[test]
fn what_a_limit_becomes_is_declared() {
    let server = servers().iter().find(|s| s.manifest.server.slug == "server-filesystem").expect("is bundled");
    let policy = server_document(server.tools(), Profile::Guarded, &RateLimits::default());
    let scope = Scope::tool(SERVER, &policy, "create_directory");
    let shown: Vec<String> = formats::all()
        .iter()
        .map(|format| {
            let rendered = format.render(&scope).expect("renders");
            let fate = fate(format.id(), &rendered.text, "create_directory", &json!({}), 1);
            format!("{}: {fate:?}. {}", format.id(), rendered.notes.join(" "))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn every_format_has_an_id_a_place_and_says_what_it_cannot() {
    let ids: Vec<&str> = formats::all().iter().map(|f| f.id()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    for format in formats::all() {
        assert!(formats::find(format.id()).is_some_and(|f| f.id() == format.id()));
        assert!(format.place().ends_with('.'));
        assert!(format.id() == "policy-json" || format.cannot().ends_with('.'));
        assert!(!format.filename().contains(['/', ' ']));
    }
}
