//! How Cedar decides a call, in both gateways that have it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::str::FromStr as _;
use std::sync::LazyLock;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request};
use regex::Regex;
use serde_json::{Map, Value, json};

use super::{Fate, SERVER};

pub(in crate::policies) fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).expect("a type"), EntityId::new(id))
}

thread_local! {
    /// The last text and what it says: many calls in a row are decided by one.
    static PARSED: RefCell<(String, PolicySet)> = RefCell::default();
    /// Files whose texts were looked at.
    static CHECKED: RefCell<HashSet<String>> = RefCell::default();
}

/// The statements of a text.
fn parsed(text: &str) -> PolicySet {
    PARSED.with_borrow_mut(|(last, policies)| {
        if last != text {
            *policies = PolicySet::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            text.clone_into(last);
        }
        policies.clone()
    })
}

pub(in crate::policies) fn cedar(
    text: &str,
    principal: EntityUid,
    action: EntityUid,
    resource: EntityUid,
    context: Value,
) -> Fate {
    let policies = parsed(text);
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
pub(in crate::policies) fn toolhive(config: &Value, tool: &str, args: &Value) -> Fate {
    assert_eq!((&config["version"], &config["type"]), (&json!("1.0"), &json!("cedarv1")));
    assert_eq!(config["cedar"]["entities_json"], "[]");
    let policies = config["cedar"]["policies"].as_array().expect("a list");
    assert!(!policies.is_empty(), "without a policy the file is refused");
    let texts: Vec<&str> = policies.iter().map(|p| p.as_str().expect("a text")).collect();
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
    let text = texts.join("\n");
    if CHECKED.with_borrow_mut(|checked| checked.insert(text.clone())) {
        for text in &texts {
            assert_eq!(PolicySet::from_str(text).expect("Cedar").policies().count(), 1, "one statement a text: {text}");
        }
    }
    cedar(&text, uid("Client", "me"), action, resource, Value::Object(context))
}

/// The conditions on a session's history that we write: the seconds, the action that is counted, the limit.
static TEMPORAL: LazyLock<Regex> = LazyLock::new(|| {
    let parts = [
        r" when temporal \{ exists \(issued: Long\)\. ",
        r"\(\(count for \(t: Timepoint\)\. where \(formerly within (\d+)s \(",
        r#"(AgentCore::Action::"(?:[^"\\]|\\.)*")::request\{\} && tp\(t\)\)\)\) == issued && issued <= (\d+)\) \}"#,
    ];
    Regex::new(&parts.concat()).expect("an expression")
});

/// The text without those conditions, where they hold for the `nth` call of a session; statements whose condition does
/// not hold are left out.
pub(in crate::policies) fn remembered(text: &str, nth: u64) -> String {
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
pub(in crate::policies) fn agentcore(text: &str, tool: &str, args: &Value, nth: u64) -> Fate {
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
