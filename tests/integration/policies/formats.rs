//! Every format is parsed by a real parser for it, decided as its reader would, and compared with
//! `decide()`: never looser, and the same wherever no note says otherwise.

use std::process::Command;
use std::str::FromStr as _;
use std::sync::LazyLock;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request};
use regex::Regex;
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
        "cedar-toolhive" => toolhive(&serde_json::from_str(text).expect("JSON"), tool, args),
        "cedar-agentcore" => agentcore(text, tool, args, nth),
        "vscode-settings" => vscode_settings(&serde_json::from_str(text).expect("JSON")),
        "vscode-agent" => vscode_agent(text, tool),
        "opencode" => opencode(&serde_json::from_str(text).expect("JSON"), tool),
        "kiro" => kiro(&serde_json::from_str(text).expect("JSON"), tool),
        "kiro-mcp" | "cline" => server_lists(&serde_json::from_str(text).expect("JSON"), "autoApprove", tool),
        "roo" => server_lists(&serde_json::from_str(text).expect("JSON"), "alwaysAllow", tool),
        "zed" => zed(&serde_json::from_str(text).expect("JSON"), tool),
        "anthropic-managed" => anthropic_managed(&serde_json::from_str(text).expect("JSON"), tool),
        "agt" => agt(&serde_yaml_ng::from_str(text).expect("YAML"), tool, args, nth),
        "litellm" => litellm(&serde_yaml_ng::from_str(text).expect("YAML"), tool),
        "docker-profile" => docker_profile(text, tool),
        "agentgateway" => agentgateway(&serde_yaml_ng::from_str(text).expect("YAML"), tool),
        "envoy-mcproute" => envoy_mcproute(&serde_yaml_ng::from_str(text).expect("YAML"), tool),
        "opa-data" => opa_data(text, tool, args),
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
    // The client shows a dot as `_`.
    let name = format!("mcp__{SERVER}__{}", tool.replace('.', "_"));
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
    if response.diagnostics().errors().count() > 0 {
        // A statement with an error does not apply: what permits then denies, what forbids would open.
        assert!(!text.contains("forbid"), "an error opens what is forbidden: {text}");
        return Fate::Denied;
    }
    if response.decision() == Decision::Allow { Fate::Passes } else { Fate::Denied }
}

/// The statements stand in JSON. `ToolHive` passes scalars as `arg_NAME`, of everything else only that it is there.
fn toolhive(config: &Value, tool: &str, args: &Value) -> Fate {
    assert_eq!((&config["version"], &config["type"]), (&json!("1.0"), &json!("cedarv1")));
    assert_eq!(config["cedar"]["entities_json"], "[]");
    let policies = config["cedar"]["policies"].as_array().expect("a list");
    assert!(!policies.is_empty(), "without a policy the file is refused");
    let texts: Vec<&str> = policies.iter().map(|p| p.as_str().expect("a text")).collect();
    for text in &texts {
        assert_eq!(PolicySet::from_str(text).expect("Cedar").policies().count(), 1, "one statement a text: {text}");
    }
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
    let (action, resource) = (uid("Action", "call_tool"), uid("Tool", tool));
    cedar(&texts.join("\n"), uid("Client", "me"), action, resource, Value::Object(context))
}

/// The conditions on a session's history that we write: the seconds, the action that is counted, the limit.
static TEMPORAL: LazyLock<Regex> = LazyLock::new(|| {
    let parts = [
        r" when temporal \{ exists \(issued: Long\)\. ",
        r"\(\(count for \(t: Timepoint\)\. where \(formerly within (\d+)s \(",
        r#"(AgentCore::Action::"(?:[^"\\]|\\.)*")::request\{\} && tp\(t\)\)\)\) == issued && issued < (\d+)\) \}"#,
    ];
    Regex::new(&parts.concat()).expect("an expression")
});

/// The text without those conditions, where they hold for the `nth` call of a session; statements whose condition does
/// not hold are left out.
fn remembered(text: &str, nth: u64) -> String {
    let holds = |line: &&str| {
        TEMPORAL.captures_iter(line).all(|found| {
            assert!(line.starts_with("permit (") && line.contains(&format!("action == {},", &found[2])), "{line}");
            assert!(["60", "3600", "86400"].contains(&&found[1]), "{line}");
            nth <= found[3].parse::<u64>().expect("a number")
        })
    };
    let kept: Vec<_> = text.lines().filter(holds).map(|line| TEMPORAL.replace_all(line, "")).collect();
    kept.join("\n")
}

/// `AgentCore` passes the arguments as a record; Cedar has no null.
fn agentcore(text: &str, tool: &str, args: &Value, nth: u64) -> Fate {
    fn without_null(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), without_null(v))).collect()
            }
            other => other.clone(),
        }
    }
    let text = &remembered(text, nth);
    assert!(!text.contains("temporal"), "{text}");
    let action = uid("AgentCore::Action", &format!("{SERVER}___{tool}"));
    let gateway = uid("AgentCore::Gateway", "arn");
    cedar(text, uid("AgentCore::OAuthUser", "me"), action, gateway, json!({"input": without_null(args)}))
}

/// VS Code asks for every tool; for those that are `false` here it never offers to stop.
fn vscode_settings(settings: &Value) -> Fate {
    let listed = settings["chat.tools.eligibleForAutoApproval"].as_object().expect("an object");
    assert!(listed.values().all(|v| v == &json!(false)));
    Fate::Asks
}

/// The tools of an agent file; a dot in a name is `_`.
fn vscode_agent(text: &str, tool: &str) -> Fate {
    let matter = text.strip_prefix("---\n").and_then(|t| t.split_once("---\n")).expect("front matter").0;
    let matter: Value = serde_yaml_ng::from_str(matter).expect("YAML");
    for name in matter["tools"].as_array().expect("without the list an agent has every tool") {
        let (server, tool) = name.as_str().and_then(|n| n.split_once('/')).expect("server/tool");
        assert!(server == SERVER && !tool.contains(['*', '/', '.']), "{name}");
    }
    let name = format!("{SERVER}/{}", tool.replace('.', "_"));
    if has(&matter["tools"], &name) { Fate::Passes } else { Fate::Denied }
}

/// `*` is any text, `?` one character; the last pattern that matches wins. The client replaces what is not a letter, a
/// digit, `_` or `-`.
fn opencode(config: &Value, tool: &str) -> Fate {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = format!("{SERVER}_{tool}").chars().map(plain).collect();
    let matches = |pattern: &str| {
        let text = regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", ".");
        Regex::new(&format!("(?s)^{text}$")).expect("an expression").is_match(&name)
    };
    let rules = config["permission"].as_object().expect("rules");
    assert!(rules.keys().next().is_some_and(|first| first == &format!("{SERVER}_*")), "the rest comes first");
    match rules.iter().rfind(|(pattern, _)| matches(pattern)).and_then(|(_, action)| action.as_str()) {
        Some("allow") => Fate::Passes,
        Some("ask") => Fate::Asks,
        Some("deny") => Fate::Denied,
        other => panic!("{other:?}"),
    }
}

fn kiro(agent: &Value, tool: &str) -> Fate {
    let name = format!("@{SERVER}/{tool}");
    for list in ["tools", "allowedTools"] {
        for entry in agent[list].as_array().expect("without the list an agent has every tool") {
            let (server, tool) = entry.as_str().and_then(|e| e.split_once('/')).expect("@server/tool");
            assert!(server == format!("@{SERVER}") && !tool.contains(['*', '?', '/']), "{entry}");
        }
    }
    match (has(&agent["tools"], &name), has(&agent["allowedTools"], &name)) {
        (false, _) => Fate::Denied,
        (true, true) => Fate::Passes,
        (true, false) => Fate::Asks,
    }
}

/// What a client does that keeps lists in a server's entry.
fn server_lists(settings: &Value, passing: &str, tool: &str) -> Fate {
    let server = settings["mcpServers"][SERVER].as_object().expect("an entry");
    assert!(server.keys().all(|key| [passing, "disabledTools", "command"].contains(&key.as_str())), "{server:?}");
    assert!(!has(&server[passing], "*"), "every tool");
    if server.get("disabledTools").is_some_and(|list| has(list, tool)) {
        Fate::Denied
    } else if has(&server[passing], tool) {
        Fate::Passes
    } else {
        Fate::Asks
    }
}

fn zed(settings: &Value, tool: &str) -> Fate {
    let permissions = &settings["agent"]["tool_permissions"];
    let own = permissions["tools"].get(format!("mcp:{SERVER}:{tool}")).map(|t| &t["default"]);
    match own.unwrap_or(&permissions["default"]).as_str() {
        Some("allow") => Fate::Passes,
        Some("confirm") => Fate::Asks,
        Some("deny") => Fate::Denied,
        other => panic!("{other:?}"),
    }
}

fn anthropic_managed(entry: &Value, tool: &str) -> Fate {
    assert_eq!((&entry["type"], &entry["mcp_server_name"]), (&json!("mcp_toolset"), &json!(SERVER)));
    let configs = entry["configs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let own = configs.iter().find(|c| c["name"] == tool);
    let of = |key: &str| own.and_then(|c| c.get(key)).unwrap_or(&entry["default_config"][key]);
    match (of("enabled").as_bool(), of("permission_policy")["type"].as_str()) {
        (Some(false), _) => Fate::Denied,
        (Some(true), Some("always_allow")) => Fate::Passes,
        (Some(true), Some("always_ask")) => Fate::Asks,
        other => panic!("{other:?}"),
    }
}

/// The first rule that matches wins; one whose conditions do not hold does not match. Values are compared as the texts
/// that JavaScript makes of them.
fn agt(policy: &Value, tool: &str, args: &Value, nth: u64) -> Fate {
    fn text(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
            Value::Object(_) => "[object Object]".to_owned(),
            other => other.to_string(),
        }
    }
    assert_eq!((&policy["version"], &policy["mode"]), (&json!("1.0"), &json!("enforce")));
    for rule in policy["rules"].as_array().expect("rules") {
        let name = rule["tool"].as_str().filter(|t| !t.is_empty()).expect("a rule names a tool");
        assert!(name == "*" || !name.contains('*'), "a pattern");
        let holds = rule["conditions"].as_array().into_iter().flatten().all(|condition| {
            let conditions = condition["argument_matches"].as_object().expect("a condition");
            conditions.iter().all(|(key, pattern)| {
                let pattern = pattern.as_str().expect("an expression");
                assert!(pattern.starts_with("^(?:") && pattern.ends_with(")$"), "{pattern}");
                let pattern = Regex::new(pattern).expect("an expression");
                args.get(key).is_some_and(|value| pattern.is_match(&text(value)))
            })
        });
        if (name == "*" || name == tool) && holds {
            let limit = &rule["rate_limit"];
            if rule["action"] != "allow" {
                return Fate::Denied;
            }
            assert!(limit.is_null() || ["minute", "hour"].iter().any(|w| limit["per"] == *w), "{limit}");
            let left = limit["requests"].as_u64().is_none_or(|max| nth <= max);
            return if left { Fate::Passes } else { Fate::Denied };
        }
    }
    Fate::Denied
}

fn litellm(config: &Value, tool: &str) -> Fate {
    let allowed = config["mcp_servers"][SERVER]["allowed_tools"].as_array().expect("an absent list passes all on");
    assert!(!allowed.is_empty(), "an empty list passes all on");
    if allowed.iter().any(|n| n == tool) { Fate::Passes } else { Fate::Denied }
}

/// What the commands switch on.
fn docker_profile(text: &str, tool: &str) -> Fate {
    let text = text.replace(" \\\n  ", " ");
    let mut lines = text.lines();
    let head = "docker mcp profile tools \"$PROFILE\"";
    assert_eq!(lines.next(), Some(&*format!("{head} --disable-all {SERVER}")));
    let on = lines.next().map(|line| line.strip_prefix(head).expect("the second command")).unwrap_or_default();
    assert_eq!(lines.next(), None);
    let words: Vec<&str> = on.split_whitespace().collect();
    assert!(words.chunks(2).all(|pair| pair[0] == "--enable" && pair.len() == 2), "{words:?}");
    let name = format!("{SERVER}.{tool}");
    if words.chunks(2).any(|pair| pair[1] == name) { Fate::Passes } else { Fate::Denied }
}

/// A call passes that one of the rules allows, and none does where one of them cannot be evaluated.
fn agentgateway(policies: &Value, tool: &str) -> Fate {
    let rules = policies["mcpAuthorization"]["rules"].as_array().expect("rules");
    assert!(!rules.is_empty());
    let passes = rules.iter().any(|rule| {
        let rule = rule.as_str().expect("a text");
        let program = cel::Program::compile(rule).unwrap_or_else(|e| panic!("{e}: {rule}"));
        let mut context = cel::Context::default();
        let call = json!({"tool": {"target": SERVER, "name": tool}});
        context.add_variable("mcp", call).expect("a variable");
        program.execute(&context).unwrap_or_else(|e| panic!("{e}: {rule}")) == cel::Value::Bool(true)
    });
    if passes { Fate::Passes } else { Fate::Denied }
}

fn envoy_mcproute(route: &Value, tool: &str) -> Fate {
    assert_eq!(
        (&route["apiVersion"], &route["kind"]),
        (&json!("aigateway.envoyproxy.io/v1alpha1"), &json!("MCPRoute"))
    );
    let [backend] = route["spec"]["backendRefs"].as_array().expect("backends").as_slice() else { panic!("{route}") };
    assert_eq!(backend["name"], SERVER);
    let selector = backend["toolSelector"].as_object().expect("a selector");
    assert_eq!(selector.keys().collect::<Vec<_>>(), ["includeRegex"], "exactly one of the two lists");
    let patterns = selector["includeRegex"].as_array().expect("a list");
    assert!((1..=32).contains(&patterns.len()));
    let matches = |p: &Value| Regex::new(p.as_str().expect("a text")).expect("an expression").is_match(tool);
    if patterns.iter().any(matches) { Fate::Passes } else { Fate::Denied }
}

/// The Rego that goes with the document, evaluated.
fn opa_data(text: &str, tool: &str, args: &Value) -> Fate {
    thread_local! {
        static RULES: regorus::Engine = {
            let (language, rules) = formats::find("opa-data").and_then(formats::Format::companion).expect("Rego");
            assert_eq!(language, "rego");
            let mut engine = regorus::Engine::new();
            engine.add_policy("mcp.rego".to_owned(), rules.to_owned()).expect("Rego");
            engine
        };
    }
    let mut engine = RULES.with(Clone::clone);
    engine.add_data_json(text).expect("data");
    let input = json!({"server": SERVER, "tool": tool, "args": args});
    engine.set_input_json(&input.to_string()).expect("an input");
    match engine.eval_rule("data.mcp.allow".to_owned()).expect("a decision") {
        regorus::Value::Bool(true) => Fate::Passes,
        regorus::Value::Bool(false) => Fate::Denied,
        other => panic!("{other:?}"),
    }
}

/// Formats that never let a call of this program pass unasked.
pub(super) const ALWAYS_ASK: [&str; 2] = ["gemini-settings", "vscode-settings"];
/// Formats that ask where the document denies.
pub(super) const NEVER_DENY: [&str; 2] = ["vscode-settings", "cline"];
/// Formats that say what is offered, and refuse a document that offers nothing.
pub(super) const NEEDS_OFFER: [&str; 3] = ["openai", "litellm", "envoy-mcproute"];

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
            if alone && rendered.notes.is_empty() && !ALWAYS_ASK.contains(&id) {
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
        let offers = NEEDS_OFFER.contains(&format.id());
        let enough = if offers { refused * 2 < rendered * 3 } else { rendered > refused * 2 };
        assert!(enough, "{}: {rendered} rendered, {refused} refused", format.id());
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
                    assert!(NEEDS_OFFER.contains(&format.id()), "{}: only an empty list is refused", format.id());
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
            let rendered = match format.render(&scope) {
                Ok(rendered) => rendered,
                Err(Unsupported(reason)) => return format!("{}: {reason}", format.id()),
            };
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
    for group in formats::FormatGroup::ALL {
        assert!(formats::all().iter().any(|f| f.group() == group), "{}", group.label());
    }
}

fn sample() -> Policy {
    let text = r#"{"version": "1", "default": "deny", "hide": ["wipe.all"], "tools": {
        "look.up": {}, "look_again": {}, "tidy": {"deny_if": [
            {"conditions": [{"path": "args.how", "op": "not_in", "value": ["dry run", "a.b"]}], "on_deny": "No."}]}}}"#;
    read_text(text, std::path::Path::new("p")).value.expect("valid")
}

#[test]
fn the_editor_is_told_never_to_stop_asking_for_all_that_is_not_free() {
    for (tool, _, policy) in cards() {
        let scope = Scope::tool(SERVER, &policy, &tool.name);
        let free = scope.tools[0].stance == formats::ToolEffect::Allow;
        let rendered = formats::find("vscode-settings").expect("a format").render(&scope).expect("renders");
        let settings: Value = serde_json::from_str(&rendered.text).expect("JSON");
        let listed = settings["chat.tools.eligibleForAutoApproval"].as_object().expect("an object");
        assert_eq!(listed.get(&tool.name.replace('.', "_")).is_none(), free, "{}", tool.name);
    }
}

#[test]
fn a_dot_is_an_underscore_where_the_client_makes_it_one() {
    let policy = sample();
    let scope = Scope::server(SERVER, &policy, ["look.up", "look_again", "tidy", "wipe.all"]);
    let text = |id: &str| formats::find(id).expect("a format").render(&scope).expect("renders").text;
    assert!(
        text("claude-code").contains("\"mcp__files__look_up\"") && text("claude-code").contains("files__wipe_all\"")
    );
    assert!(text("vscode-settings").contains("\"wipe_all\": false"));
    assert!(text("vscode-agent").contains("\"files/look_up\""));
}

#[test]
fn the_commands_are_what_a_shell_reads() {
    let policy = sample();
    let scope = Scope::server(SERVER, &policy, ["look.up", "look_again", "tidy", "wipe.all"]);
    let text = formats::find("docker-profile").expect("a format").render(&scope).expect("renders").text;
    let script = format!("docker() {{ printf '%s|' \"$@\"; echo; }}; PROFILE='my tools'\n{text}");
    let output = Command::new("sh").args(["-eu", "-c", &script]).output().expect("a shell");
    let expected =
        "mcp|profile|tools|my tools|--disable-all|files|\nmcp|profile|tools|my tools|--enable|files.look_again|\n";
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), expected);
}

#[test]
fn statements_name_the_gateway_where_it_is_known() {
    let policy = sample();
    let arn = "arn:aws:bedrock-agentcore:eu-west-1:1:gateway/x";
    let scope = Scope { gateway: Some(arn), ..Scope::server(SERVER, &policy, ["look_again", "tidy"]) };
    let text = formats::find("cedar-agentcore").expect("a format").render(&scope).expect("renders").text;
    let set = PolicySet::from_str(&text).expect("Cedar");
    let (action, gateway) = (uid("AgentCore::Action", "files___look_again"), uid("AgentCore::Gateway", arn));
    assert_eq!(set.policies().count(), 2);
    let context = json!({"input": {}});
    let me = uid("AgentCore::OAuthUser", "me");
    assert_eq!(cedar(&text, me.clone(), action.clone(), gateway, context.clone()), Fate::Passes);
    assert_eq!(cedar(&text, me, action, uid("AgentCore::Gateway", "other"), context), Fate::Denied);
}
