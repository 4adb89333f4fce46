//! How agents and editors decide a call from their files.

use regex::Regex;
use serde_json::{Value, json};

use super::{Fate, SERVER, has};

/// Deny, then ask, then allow; what no rule names is asked for.
pub(in crate::policies) fn claude_code(settings: &Value, tool: &str) -> Fate {
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

pub(in crate::policies) fn codex(config: &toml::Table, tool: &str) -> Fate {
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

pub(in crate::policies) fn gemini_settings(settings: &Value, tool: &str) -> Fate {
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

pub(in crate::policies) fn gemini_policy(rules: &toml::Table, tool: &str) -> Fate {
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

/// VS Code asks for every tool; for those that are `false` here it never offers to stop.
pub(in crate::policies) fn vscode_settings(settings: &Value) -> Fate {
    let listed = settings["chat.tools.eligibleForAutoApproval"].as_object().expect("an object");
    assert!(listed.values().all(|v| v == &json!(false)));
    Fate::Asks
}

/// The tools of an agent file; a dot in a name is `_`.
pub(in crate::policies) fn vscode_agent(text: &str, tool: &str) -> Fate {
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
pub(in crate::policies) fn opencode(config: &Value, tool: &str) -> Fate {
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

pub(in crate::policies) fn kiro(agent: &Value, tool: &str) -> Fate {
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
pub(in crate::policies) fn server_lists(settings: &Value, passing: &str, tool: &str) -> Fate {
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

pub(in crate::policies) fn zed(settings: &Value, tool: &str) -> Fate {
    let permissions = &settings["agent"]["tool_permissions"];
    let own = permissions["tools"].get(format!("mcp:{SERVER}:{tool}")).map(|t| &t["default"]);
    match own.unwrap_or(&permissions["default"]).as_str() {
        Some("allow") => Fate::Passes,
        Some("confirm") => Fate::Asks,
        Some("deny") => Fate::Denied,
        other => panic!("{other:?}"),
    }
}
