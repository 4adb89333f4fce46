//! How gateways decide a call from their files.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::{Fate, SERVER, has};

/// Rules must all hold; a rule's conditions must all hold; `deny` never holds.
pub(in crate::policies) fn intercept(document: &Value, tool: &str, args: &Value, nth: u64) -> Fate {
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

/// The first rule that matches wins; one whose conditions do not hold does not match. Values are compared as the texts
/// that JavaScript makes of them.
pub(in crate::policies) fn agt(policy: &Value, tool: &str, args: &Value, nth: u64) -> Fate {
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

pub(in crate::policies) fn litellm(config: &Value, tool: &str) -> Fate {
    let allowed = config["mcp_servers"][SERVER]["allowed_tools"].as_array().expect("an absent list passes all on");
    assert!(!allowed.is_empty(), "an empty list passes all on");
    if allowed.iter().any(|n| n == tool) { Fate::Passes } else { Fate::Denied }
}

/// What the commands switch on.
pub(in crate::policies) fn docker_profile(text: &str, tool: &str) -> Fate {
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

thread_local! {
    /// Rules that were compiled: each decides many calls.
    static PROGRAMS: RefCell<HashMap<String, cel::Program>> = RefCell::default();
}

/// A call passes that one of the rules allows, and none does where one of them cannot be evaluated.
pub(in crate::policies) fn agentgateway(policies: &Value, tool: &str) -> Fate {
    let rules = policies["mcpAuthorization"]["rules"].as_array().expect("rules");
    assert!(!rules.is_empty());
    let passes = rules.iter().any(|rule| {
        let rule = rule.as_str().expect("a text");
        let mut context = cel::Context::default();
        let call = json!({"tool": {"target": SERVER, "name": tool}});
        context.add_variable("mcp", call).expect("a variable");
        PROGRAMS.with_borrow_mut(|programs| {
            let program = programs
                .entry(rule.to_owned())
                .or_insert_with(|| cel::Program::compile(rule).unwrap_or_else(|e| panic!("{e}: {rule}")));
            program.execute(&context).unwrap_or_else(|e| panic!("{e}: {rule}")) == cel::Value::Bool(true)
        })
    });
    if passes { Fate::Passes } else { Fate::Denied }
}

pub(in crate::policies) fn envoy_mcproute(route: &Value, tool: &str) -> Fate {
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
